"""What the opening of a customer's procedure leaves time for."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.dated import Kind
from arlib.law.deadlines.countdown import (
    STATUSES,
    Deadlines,
    countdowns,
    days_left,
    entries_on,
    months_after,
    statuses,
)
from arlib.law.reasons import column_of, said, texts_of, written_days
from arlib.ledger import Day, Ledger
from arlib.risk.facts import Facts, facts_about
from arlib.risk.provisions.standing import check_customers, days_written
from arlib.schema import DTYPES, Codes, day_number, day_numbers, sum_by_code, texts_by_code, to_dates
from arlib.words import Language, say, word

SOON_IN_A_PROCEDURE = 30  # days before a deadline from which it is urgent
_PROCEDURE: Mapping[str, Kind] = {"deadline": "text", "creditor": "text", "months": "number", "article": "text",
                                  "en": "text", "fr": "text"}  # fmt: skip
_OPENED = ("safeguard", "reorganisation", "liquidation", "insolvency")
_RUNNING = (*_OPENED, "plan", "sale_plan")


def procedure_deadlines(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    facts: Facts | None = None,
    procedures: pd.DataFrame | None = None,
    creditor_abroad: bool = False,
    urgent: int = SOON_IN_A_PROCEDURE,
    language: Language = "en",
) -> Deadlines:
    """What the opening of a customer's procedure leaves time for: declaring claims, claiming goods, asking for relief.

    An opening is a safeguard, a reorganisation or a liquidation with none running before: converting one into another
    opens no new time for earlier debts. One row an opening and deadline; columns of `rows`:

    - customer_id, name, procedure, opened_on (the judgment, where known), published_on, from which months count;
    - deadline: declaration, retention_of_title, relief; deadline_on, days_left, status (urgent, open, unknown, passed);
    - owed_at_opening: balance of the customer's account on the day it was opened (tax included, credits taken off):
      what is to be declared; still_owed on the day asked; invoices, how many were open at the opening;
    - law_status, always to_confirm as yet; reason.

    A day that is not an open one is not moved to the next. All of it is French: procedures abroad are not told apart.

    Source: C. com. L622-24, R622-24, L622-26, L624-9; handbook, law and accounting 4.7;
    `law/data/procedure_deadlines.csv`.

    Args:
        ledger: the ledger.
        as_of: the day; what was published later is not known.
        facts: external facts (`read_facts`); the day a procedure became known is that of its publication.
        procedures: openings from elsewhere: customer_id, published_on, and perhaps opened_on and procedure.
        creditor_abroad: whether the ledger's company is outside metropolitan France.
        urgent: days left from which a deadline is urgent.
        language: of the reasons.

    Raises:
        ArlibError: an unknown customer, a table without its columns, a cell that is no date.
    """
    day = ledger.day(as_of)
    opened = pd.concat([_told(ledger, facts, day), _given(ledger, procedures, day)], ignore_index=True)
    opened = opened.drop_duplicates(["customer_id", "published_on"], keep="last")
    opened = opened.sort_values(["customer_id", "published_on"], ignore_index=True)
    opened = opened.assign(**_owed(ledger, opened, day))
    law = entries_on("procedure_deadlines", _PROCEDURE, ("deadline", "creditor"), day)
    law = law[law["creditor"].isin(("any", "abroad" if creditor_abroad else "france"))].reset_index(drop=True)
    rows = opened.loc[opened.index.repeat(len(law))].reset_index(drop=True)
    entry = np.tile(np.arange(len(law)), len(opened))
    published = day_numbers(rows["published_on"])
    ends = months_after(published, law["months"].to_numpy(dtype=np.int64)[entry])
    status = statuses(ends, day_number(day), urgent)
    names = ledger.customers.set_index("customer_id")["name"]
    rows.insert(1, "name", rows["customer_id"].map(names))
    rows = rows.assign(
        deadline=texts_by_code(list(law["deadline"].astype(str)), entry, rows.index),
        deadline_on=to_dates(ends),
        days_left=days_left(ends, day_number(day)),
        status=texts_by_code(list(STATUSES), status, rows.index),
        law_status=texts_by_code(list(law["status"].astype(str)), entry, rows.index),
    )
    rows["reason"] = _procedure_reasons(rows, law, (entry, status), day_number(day), language)
    order = np.lexsort((entry, rows["customer_id"], ends, status))
    rows = rows.take(order).reset_index(drop=True)
    notes = (say("law.procedure.note", openings=len(opened)),) if len(opened) else ()
    return Deadlines(day, rows, notes)


_OPENINGS = {"customer_id": "str", "procedure": "str", "opened_on": DTYPES["date"], "published_on": DTYPES["date"]}


def _told(ledger: Ledger, facts: Facts | None, day: pd.Timestamp) -> pd.DataFrame:
    """Openings that facts tell, each the first of its procedure."""
    known = facts_about(ledger, facts).on(day).rows
    told = known[known["fact"] == "proceeding"].sort_values("known_on", kind="stable", na_position="first")
    before = told.groupby("customer_id")["value"].shift()
    first = told[told["value"].isin(_OPENED) & ~before.isin(_RUNNING)]
    made = first[["customer_id"]].assign(procedure=first["value"], published_on=first["known_on"])
    return made.reindex(columns=list(_OPENINGS)).astype(_OPENINGS)


def _given(ledger: Ledger, procedures: pd.DataFrame | None, day: pd.Timestamp) -> pd.DataFrame:
    if procedures is None:
        return pd.DataFrame(columns=list(_OPENINGS)).astype(_OPENINGS)
    if not {"customer_id", "published_on"} <= set(procedures.columns):
        raise ArlibError(say("law.procedure.columns", columns=", ".join(map(str, procedures.columns))))
    check_customers(ledger, procedures["customer_id"].astype("str"))
    given = procedures.reindex(columns=list(_OPENINGS))
    given = given.assign(**{name: days_written(given[name]) for name in ("opened_on", "published_on")})
    given = given.astype(_OPENINGS)
    return given[~(given["published_on"] > day) & ~(given["opened_on"] > day)]


def _owed(ledger: Ledger, opened: pd.DataFrame, day: pd.Timestamp) -> dict[str, Any]:
    """What customers owed when their procedures were opened, and owe on the day: sums of what was booked by then."""
    items = ledger.items[ledger.items["customer_id"].isin(opened["customer_id"])]
    since = opened["opened_on"].fillna(opened["published_on"]).fillna(day)
    cases = pd.DataFrame({"customer_id": opened["customer_id"], "case": range(len(opened)), "since": since})
    pairs = items[["customer_id", "item_id", "booked_on", "amount"]].merge(cases, on="customer_id")
    size, amount = len(opened), pairs["amount"].to_numpy()
    owed = [
        sum_by_code(pairs.loc[kept, "case"].to_numpy(), amount[kept], size).round(2) + 0.0
        for kept in ((pairs["booked_on"] <= pairs["since"]).to_numpy(), (pairs["booked_on"] <= day).to_numpy())
    ]
    return {"owed_at_opening": owed[0], "still_owed": owed[1], "invoices": _open_then(ledger, pairs, size)}


def _open_then(ledger: Ledger, pairs: pd.DataFrame, size: int) -> Codes:
    """How many debits were still open at the end of the day each procedure was opened."""
    matches = ledger.matches[["debit_id", "amount", "matched_on"]].rename(columns={"amount": "paid"})
    debits = pairs[(pairs["booked_on"] <= pairs["since"]) & (pairs["amount"] > 0)]
    paid = debits.merge(matches, left_on="item_id", right_on="debit_id")
    paid = paid[paid["matched_on"] <= paid["since"]]
    both = pd.concat([debits[["case", "item_id", "amount"]], paid[["case", "item_id"]].assign(amount=-paid["paid"])])
    left = both.groupby(["case", "item_id"])["amount"].sum().round(2)
    cases = left.index.get_level_values("case")[(left > 0).to_numpy()]
    return np.bincount(cases.to_numpy(dtype=np.intp), minlength=size)


def _procedure_reasons(
    rows: pd.DataFrame, law: pd.DataFrame, codes: tuple[Codes, Codes], today: int, language: Language
) -> "pd.Series[str]":
    entry, status = codes
    values, names = pd.factorize(rows["procedure"])
    columns = {
        "procedure": texts_of([_procedure(str(each), language) for each in names], values),
        "published": written_days(day_numbers(rows["published_on"]), language),
        "what": texts_of(list(law[language].astype(str)), entry),
        "article": texts_of(list(law["article"].astype(str)), entry),
        "last": written_days(day_numbers(rows["deadline_on"]), language),
    }
    dated = rows["published_on"].notna().to_numpy()
    parts = [
        (dated, said("law.procedure.dated", language, dated, columns)),
        (~dated, said("law.procedure.undated", language, ~dated, columns)),
        *countdowns(day_numbers(rows["deadline_on"]), today, status, language),
    ]
    everyone = np.ones(len(rows), dtype=bool)
    parts.append((everyone, said("law.deadlines.to_confirm", language, everyone, {})))
    return column_of(parts, rows.index)


def _procedure(value: str, language: Language) -> str:
    return word(f"law.procedure.{value}", language) if value in _OPENED else value
