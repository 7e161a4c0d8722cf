"""Until when a debt can be claimed in court."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.buyers import buyers_of
from arlib.law.dated import CONFIRMED, TO_CONFIRM, Kind, quoted
from arlib.law.deadlines.countdown import (
    PASSED,
    STATUSES,
    Deadlines,
    countdowns,
    days_left,
    entries_on,
    months_after,
    statuses,
)
from arlib.law.latest.whose import FRANCE, OVERSEAS, codes_of_home, countries_of
from arlib.law.moved_out import moved_out_said
from arlib.law.named import known_item_places
from arlib.law.rates import CONSUMER, PUBLIC
from arlib.law.reasons import column_of, said, texts_of, written_days
from arlib.ledger import Day, Ledger, open_amounts
from arlib.risk.provisions.standing import check_customers, days_written
from arlib.schema import NO_DAY, Codes, Days, Flags, day_number, day_numbers, texts_by_code, to_dates
from arlib.words import LANGUAGES, Language, Sentence, say

SOON = 180  # days before a debt is time-barred from which it is urgent
_YEAR = 12  # months
_LIMITATION: Mapping[str, Kind] = {"regime": "text", "years": "number", "article": "text", "en": "text", "fr": "text"}


def limitation_dates(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    recognised: pd.DataFrame | None = None,
    regimes: Mapping[str, str] | None = None,
    buyers: "Mapping[str, str] | pd.Series[Any] | None" = None,
    urgent: int = SOON,
    language: Language = "en",
) -> Deadlines:
    """Until when each open debt can be claimed in court.

    5 years between professionals from the day it was due (2 from a consumer, 1 for transport, both to be confirmed); a
    written recognition of the debt, made before they are over, starts them again; reminders do not. What public buyers
    owe is to be confirmed: it may be time-barred sooner, after four calendar years. Columns of `rows`:

    - customer_id, name, item_id, reference, issued_on, due_on, open_amount;
    - regime; counts_from, the due date, else the date of the invoice, or the last recognition; recognised_on;
    - limitation_on, the last day; days_left (negative once passed); status: urgent, open, unknown (no date at all),
      passed; law_status; reason.

    Every open debit is listed, whatever its kind. Lawsuits and claims declared in a procedure, which interrupt as
    well, are not in a ledger: give them as recognitions. Days are counted to the same day of the month, the last one
    where the month is shorter; a day that is not an open one is not moved to the next. It is French law: what customers
    not known to be in France owe is to be confirmed.

    Source: C. com. L110-4, Code civil 2228 to 2240; handbook, law and accounting 4.7; `law/data/limitation.csv`.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        recognised: recognitions known, `customer_id` or `item_id`, and recognised_on; those after the day are not
            known yet.
        regimes: of customers or segments: `{customer or segment: professional | consumer | transport}`; elsewhere as
            their kind says.
        buyers: kind of customers, as for `late_penalties`: company, public or consumer.
        urgent: days left from which a debt is urgent.
        language: of the reasons.

    Raises:
        ArlibError: a regime, a customer or a debt that is not known; a table without its columns, or with no dates.
    """
    day = ledger.day(as_of)
    today = day_number(day)
    opened = open_amounts(ledger, day)
    rows = np.flatnonzero(opened > 0)
    items = ledger.items.take(rows).reset_index(drop=True)
    due, issued = day_numbers(items["due_on"]), day_numbers(items["issued_on"])
    table = entries_on("limitation", _LIMITATION, ("regime",), day)
    kinds = buyers_of(ledger, buyers)
    regime = _regimes(ledger, rows, regimes, kinds, list(table["regime"]))
    months = (table["years"].to_numpy() * _YEAR).astype(np.int64)
    start = np.where(due == NO_DAY, issued, due)
    recognitions = _recognitions(ledger, rows, recognised, today)
    ends, last_recognised = _restarted(start, months[regime], recognitions)
    status = statuses(ends, today, urgent)
    foreign, overseas, public = (which[ledger._owners[rows]] for which in _elsewhere(ledger, kinds))  # noqa: SLF001
    doubtful = foreign | overseas | public | (table["status"] == TO_CONFIRM).to_numpy()[regime]
    made = pd.DataFrame(
        {
            "customer_id": items["customer_id"],
            "name": items["customer_id"].map(ledger.customers.set_index("customer_id")["name"]),
            "item_id": items["item_id"],
            "reference": items["reference"],
            "issued_on": items["issued_on"],
            "due_on": items["due_on"],
            "open_amount": opened[rows],
            "regime": texts_by_code(list(table["regime"].astype(str)), regime, items.index),
            "counts_from": to_dates(np.where(last_recognised == NO_DAY, start, last_recognised)),
            "recognised_on": to_dates(last_recognised),
            "limitation_on": to_dates(ends),
            "days_left": days_left(ends, today),
            "status": texts_by_code(list(STATUSES), status, items.index),
            "law_status": np.where(doubtful, TO_CONFIRM, CONFIRMED),
        }
    )
    assumed = (items["due_source"] == "default").to_numpy()
    case = np.select([ends == NO_DAY, last_recognised != NO_DAY, due == NO_DAY, assumed], [0, 1, 2, 3], 4)
    made["reason"] = _limitation_reasons(made, table, (case, status, regime), today, language)
    made = made.take(np.lexsort((items["item_id"], ends, status))).reset_index(drop=True)
    notes = [] if day <= ledger.covers[1] else [say("law.limitation.note.ends", day=ledger.covers[1], asked=day)]
    counts = {"foreign": foreign, "overseas": overseas, "public": public}
    notes += [say(f"law.limitation.note.{name}", debts=int(at.sum())) for name, at in counts.items() if at.any()]
    return Deadlines(day, made, (*notes, *_limitation_notes(made, case, table), *moved_out_said(ledger, day)))


def _elsewhere(ledger: Ledger, kinds: "pd.Series[str]") -> tuple[Flags, Flags, Flags]:
    """Which customers are not known to be in France, which are overseas, which are public buyers in France.

    The contracts of the first may be under another law, the last have one of their own.
    """
    countries = pd.Series(countries_of(ledger, None)[0], kinds.index, dtype="str")
    overseas, foreign = countries.isin(OVERSEAS), ~countries.isin(codes_of_home(FRANCE))
    return foreign.to_numpy(), overseas.to_numpy(), ((kinds == PUBLIC) & ~foreign).to_numpy()


def _regimes(
    ledger: Ledger, rows: Codes, regimes: Mapping[str, str] | None, kinds: "pd.Series[str]", known: list[str]
) -> Codes:
    """The place of each item's regime among those known: as said, else as the kind of its customer says."""
    customers = ledger.customers
    given = dict(regimes or {})
    whose = set(customers["customer_id"]) | set(customers["segment"].dropna())
    wrong = [key for key in given if key not in whose] + [each for each in given.values() if each not in known]
    if wrong:
        raise ArlibError(say("law.deadlines.regimes", names=", ".join(wrong[:20]), known=", ".join(known)))
    places = {name: known.index(regime) for name, regime in given.items()}
    usual = (kinds == CONSUMER).map({True: known.index("consumer"), False: known.index("professional")})
    of_segment = customers["segment"].map(places).fillna(usual)
    place = np.asarray(customers["customer_id"].map(places).fillna(of_segment), dtype=np.intp)
    return np.asarray(place[ledger._owners[rows]])  # noqa: SLF001 - kept by the ledger for whoever needs it


def _restarted(start: Days, months: Days, recognitions: list[Days]) -> tuple[Days, Days]:
    """The last day of each debt, and of its recognitions the last one made in time.

    Recognitions are taken in order; one made once the debt is time-barred restarts nothing.
    """
    ends = np.where(start == NO_DAY, NO_DAY, months_after(start, months))
    last = np.full(len(start), NO_DAY)
    for days in recognitions:
        counts = (days != NO_DAY) & (days >= start) & (days <= ends)
        ends = np.where(counts, months_after(days, months), ends)
        last = np.where(counts, days, last)
    return ends, last


def _recognitions(ledger: Ledger, rows: Codes, recognised: pd.DataFrame | None, today: int) -> list[Days]:
    """The first recognition of each debt, then the second, …, by day; `NO_DAY` where there is none."""
    if recognised is None or not len(recognised):
        return []
    named = {"customer_id", "item_id"} & set(recognised.columns)
    if not named or "recognised_on" not in recognised:
        raise ArlibError(say("law.deadlines.recognised", columns=", ".join(map(str, recognised.columns))))
    days = day_numbers(days_written(recognised["recognised_on"]))
    if (days == NO_DAY).any():
        raise ArlibError(say("law.deadlines.no_day", rows=", ".join(map(str, np.flatnonzero(days == NO_DAY)[:20] + 1))))
    items = ledger.items.take(rows)[["item_id", "customer_id"]].reset_index(drop=True).assign(place=range(len(rows)))
    given = recognised.reset_index(drop=True).assign(day=days)
    given = given[days <= today]
    pairs = [_named_items(ledger, given, items)] if "item_id" in named else []
    if "customer_id" in named:
        whole = given[given["item_id"].isna()] if "item_id" in named else given
        check_customers(ledger, whole["customer_id"].astype("str"))
        pairs.append(whole[["customer_id", "day"]].astype({"customer_id": "str"}).merge(items, on="customer_id"))
    both = pd.concat([each[["place", "day"]] for each in pairs]).drop_duplicates().sort_values(["place", "day"])
    rank = both.groupby("place").cumcount()
    made = []
    for each in range(int(rank.max()) + 1 if len(rank) else 0):
        column = np.full(len(rows), NO_DAY)
        chosen = both[rank == each]
        column[chosen["place"]] = chosen["day"]
        made.append(column)
    return made


def _named_items(ledger: Ledger, given: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    named = given[given["item_id"].notna()]
    places = known_item_places(ledger, named["item_id"])
    named = named.assign(item_id=ledger.items["item_id"].to_numpy()[places])
    return named[["item_id", "day"]].merge(items, on="item_id")


def _limitation_reasons(
    made: pd.DataFrame, table: pd.DataFrame, codes: tuple[Codes, Codes, Codes], today: int, language: Language
) -> "pd.Series[str]":
    case, status, regime = codes
    columns = {
        "what": texts_of(list(table[language].astype(str)), regime),
        "article": texts_of(list(table["article"].astype(str)), regime),
        "start": written_days(day_numbers(made["counts_from"]), language),
        "last": written_days(day_numbers(made["limitation_on"]), language),
    }
    names = ("undated", "recognised", "issued", "assumed", "due")
    parts = [(case == code, said(f"law.limitation.from.{name}", language, case == code, columns))
             for code, name in enumerate(names)]  # fmt: skip
    parts += countdowns(day_numbers(made["limitation_on"]), today, status, language)
    doubtful = (made["law_status"] == TO_CONFIRM).to_numpy()
    parts.append((doubtful, said("law.deadlines.to_confirm", language, doubtful, {})))
    return column_of(parts, made.index)


def _limitation_notes(made: pd.DataFrame, case: Codes, table: pd.DataFrame) -> tuple[Sentence, ...]:
    notes = []
    for code, key in ((2, "issued"), (3, "assumed")):
        count = int((case == code).sum())
        if count:
            notes.append(say(f"law.limitation.note.{key}", debts=count))
    doubtful = (made["law_status"] == TO_CONFIRM) & (made["regime"] != "professional")
    if doubtful.any():
        rules = table.set_index("regime").loc[sorted(set(made.loc[doubtful, "regime"])), list(LANGUAGES)]
        told = [quoted({str(language): text for language, text in each.items()}) for each in rules.to_dict("records")]
        notes.append(say("law.limitation.note.to_confirm", regimes=told, debts=int(doubtful.sum())))
    passed = made["status"] == PASSED
    if passed.any():
        amount = float(made.loc[passed, "open_amount"].sum())
        notes.append(say("law.limitation.note.passed", debts=int(passed.sum()), amount=amount))
    return tuple(notes)
