"""For each invoice the last day the law allows, the rule that gives it, and whether the due date is within it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.law.dated import CONFIRMED, TO_CONFIRM
from arlib.law.latest.agreed import agreements
from arlib.law.latest.limits import CASE, NEVER, Asked, Limits, limits
from arlib.law.latest.sentences import noted, reasons
from arlib.law.latest.terms_in_law import GENERAL, law_of_terms
from arlib.law.latest.whose import FRANCE, Sectors, countries_of, event_days, sectors_of
from arlib.law.rates import COMPANY, CONSUMER, RateTables
from arlib.ledger import Day, Ledger
from arlib.measures.delays.settlements import OPEN, pieces_of
from arlib.readers.sources import Readable
from arlib.schema import INVOICE, NO_DAY, Codes, Days, Floats, day_numbers, sum_by_code, texts_by_code, to_dates
from arlib.words import LANGUAGES, Language, Sentence, word

WITHIN, BEYOND, UNKNOWN = "within", "beyond", "unknown"
STATUSES = (WITHIN, BEYOND, UNKNOWN)
_READINGS = ("after_days", "before_days", "either")
_RULED = [CASE[name] for name in ("union", "overseas", "consumer")]  # by law, though by no row of the table
_UNNAMED = {  # the rules that are in no table of terms, by case
    CASE["undated"]: "no_invoice_date",
    CASE["early"]: "before_the_law",
    CASE["nowhere"]: "country_unknown",
    CASE["abroad"]: "abroad",
    CASE["overseas"]: "overseas",
    CASE["union"]: "european_union",
    CASE["consumer"]: CONSUMER,
}


@dataclass(frozen=True, eq=False)
class LegalDueDates:
    """The longest terms the law allows, invoice by invoice.

    Attributes:
        as_of: the day asked.
        invoices: one row an invoice issued by then, in the order of the ledger, see `legal_due_dates`.
        by_rule: rule, rule_text, law_status; invoices and amount; and of those beyond and of those unknown, how many
            and their amount (invoices_beyond, amount_beyond, invoices_unknown, amount_unknown).
        by_customer: customer_id, name, the same figures, and days_above: the mean of days beyond the law of those that
            are, weighted by amount; nan where none is.
        notes: what was assumed, what could not be judged and why, and what is to be confirmed.
    """

    as_of: pd.Timestamp
    invoices: pd.DataFrame
    by_rule: pd.DataFrame
    by_customer: pd.DataFrame
    notes: tuple[Sentence, ...]


def legal_due_dates(  # noqa: PLR0913 - what contracts and a person say of customers, most of it left as it is
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    sectors: Sectors = None,
    buyers: "Mapping[str, str] | pd.Series[Any] | None" = None,
    clauses: pd.DataFrame | None = None,
    country: str | None = None,
    law: Readable | None = None,
    language: Language = "en",
) -> LegalDueDates:
    """For each invoice issued by a day: the last due date the law allows, why, and whether its own is within it.

    Of invoices to customers in France, by the terms agreed:

    - written terms: 60 days after the invoice; where they are end of month, 45 days end of month if that is later, in
      the reading the terms or the clauses say;
    - nothing agreed: 30 days after delivery;
    - periodic invoices: 45 days; trades of `sectors`: their own terms;
    - public buyers: 30 days after reception (hospitals 50), to be confirmed; consumers: no such limit, to be confirmed.

    What is missing is never held against an invoice, nor taken for it: its limit then lies between two days, up to the
    first of which a due date is within, beyond the second of which it is beyond, and between which it is `unknown`. So
    it is where no reading of an end of month is told, where no terms are known (30 days after delivery if nothing was
    agreed, 60 or the longest of all readings if it was), where terms are not understood, and for toys invoiced from
    October to December. Where a limit counts from a delivery of which there is no date, nothing is within. A due date
    that the reader assumed is not judged. Customers in another country of the Union are within for what the directive
    allows in any case, else unknown, as are all those farther away and, to be confirmed, those overseas (Guadeloupe,
    French Guiana, Martinique, Réunion, Mayotte).

    Columns of `invoices`:

    - item_id, customer_id, reference, issued_on, due_on, terms (as written, the clauses' before the file's);
    - rule, its code, and reading, of an end of month: after_days, before_days, or either;
    - earliest_on, latest_on: the limit, or the days between which it lies, where a reading or a fact is missing; empty
      where nothing is known on that side;
    - days_above: of due_on above latest_on, 0 within, nan where it is unknown;
    - amount, open_amount on the day, settled (nothing is open);
    - status: within, beyond, unknown; law_status: confirmed, to_confirm; reason.

    Credit notes, openings and movements other than invoices are left out. The dates of delivery and reception, and
    which invoices are periodic, are read in the file's other columns, by their headings.

    Source: Code de commerce, L441-10 I and L441-11; DGCCRF for the two readings; Directive 2011/7/EU; handbook, law
    and accounting 4.1. The rules are dated data: `law/data/sector_terms.csv`, with the source and status of each.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        sectors: the trade of invoices, as the rules name it (`perishable_food`, `road_freight`, …; `consumer`: no
            limit): `{customer or segment: sector}`, or the column of items or customers that holds it.
        buyers: kind of customers, as for `late_penalties`: company, public or consumer; where `sectors` say nothing.
        clauses: what contracts say, a row a customer: `customer_id` and terms (`none`: nothing was agreed), reading
            (after_days, before_days), periodic (yes or no); empty cells say nothing.
        country: of customers whose country is not known; by default that of most others, else of the currency, the
            euro's being France.
        law: a table of rules of your own, with the columns of `sector_terms.csv`, which completes it.
        language: of the texts.

    Raises:
        ArlibError: sectors, customers, readings or columns that are not known, or a table that cannot be read.
    """
    day = ledger.day(as_of)
    rows, asked, rules, assumed = _asked(ledger, day, (sectors, buyers), clauses, (country, law))
    found = limits(asked, rules, _union())
    due = day_numbers(ledger.items["due_on"])[rows]
    unsure = ledger.items["due_source"].iloc[rows].eq("default").to_numpy() | (due == NO_DAY)
    status = np.where(due <= found.low, 0, np.where(due > found.high, 1, 2))
    status[unsure] = 2
    table = _table(ledger, day, rows, asked)
    said = reasons(asked, found, rules, (due, status, unsure), language)
    table = table.assign(**_found(found, rules, due, status), reason=said)
    table = table[_COLUMNS]
    texts = {each: _rule_texts(rules, each) for each in LANGUAGES}
    notes = noted(table, asked, found, assumed[rows], texts)
    return LegalDueDates(day, table, _by_rule(table, texts[language]), _by_customer(ledger, table), notes)


_COLUMNS = [
    *("item_id", "customer_id", "reference", "issued_on", "due_on", "terms", "rule", "reading", "earliest_on"),
    *("latest_on", "days_above", "amount", "open_amount", "settled", "status", "law_status", "reason"),
]


def _asked(
    ledger: Ledger, day: pd.Timestamp, whose: tuple[Sectors, Any], clauses: pd.DataFrame | None, given: tuple[Any, Any]
) -> tuple[Codes, Asked, pd.DataFrame, "Any"]:
    """Where the invoices of the day stand in the ledger, what is asked of each, the rules, whose country is assumed."""
    country, law = given
    rules = law_of_terms(law)
    items = ledger.items
    booked = (items["booked_on"] <= day) & ~(items["issued_on"] > day)
    rows = np.flatnonzero((booked & items["kind"].eq(INVOICE) & (items["amount"] > 0)).to_numpy())
    names = [*sorted(set(rules.loc[rules["sector"] != GENERAL, "sector"])), CONSUMER]
    countries, assumed = countries_of(ledger, country)
    codes, distinct = pd.factorize(np.array(countries, dtype=object))
    owner = ledger._owners  # noqa: SLF001 - kept by the ledger for whoever needs it
    events = event_days(ledger, rows)
    asked = Asked(
        issued=day_numbers(items["issued_on"])[rows],
        delivery=events["delivery"],
        reception=events["reception"],
        sector=sectors_of(ledger, rows, *whose, names),
        sectors=names,
        terms=agreements(ledger, rows, clauses),
        country=codes[owner[rows]].astype(np.intp),
        countries=[str(each) for each in distinct],
    )
    return rows, asked, rules, assumed.to_numpy()[owner]


def _union() -> pd.DataFrame:
    """Companies of the European Union outside France."""
    countries = RateTables().countries
    return countries[(countries["buyer"] == COMPANY) & (countries["country"] != FRANCE)]


def _table(ledger: Ledger, day: pd.Timestamp, rows: Codes, asked: Asked) -> pd.DataFrame:
    names = ["item_id", "customer_id", "reference", "issued_on", "due_on", "amount"]
    table = ledger.items[names].take(rows).reset_index(drop=True)
    chosen = np.isin(np.arange(len(ledger.items)), rows)
    pieces = pieces_of(ledger, day, chosen)  # follows an invoice to the account it was moved to
    still = pieces.state == OPEN
    opened = sum_by_code(pieces.item[still], pieces.amount[still], len(chosen))[rows].round(2)
    terms = texts_by_code(asked.terms.texts, asked.terms.code, table.index)
    return table.assign(terms=terms, open_amount=opened, settled=opened == 0)


def _found(found: Limits, rules: pd.DataFrame, due: Days, status: Codes) -> dict[str, Any]:
    """What was found of each invoice, as columns."""
    index = pd.RangeIndex(len(due))
    unnamed = [_UNNAMED.get(case, "") for case in range(len(CASE))]
    names = [*rules["rule"].astype(str), *unnamed]
    code = np.where(found.rule >= 0, found.rule, len(rules) + found.case)
    early = np.where(found.low == NO_DAY, NO_DAY, found.early)
    latest = np.where(found.high == NEVER, NO_DAY, found.high)
    above = np.select([status == 0, status == 1], [0.0, (due - np.where(status == 1, found.high, due)) * 1.0], np.nan)
    law_status = texts_by_code([CONFIRMED, TO_CONFIRM], found.to_confirm.astype(np.intp), index)
    return {
        "rule": texts_by_code(names, code, index),
        "reading": texts_by_code(list(_READINGS), found.reading - 1, index),
        "earliest_on": to_dates(early),
        "latest_on": to_dates(latest),
        "days_above": above,
        "status": texts_by_code(list(STATUSES), status, index),
        "law_status": law_status.where((found.rule >= 0) | np.isin(found.case, _RULED)),
    }


def _rule_texts(rules: pd.DataFrame, language: Language) -> "pd.Series[str]":
    """Each rule in words, by its code."""
    tabled = rules.drop_duplicates("rule", keep="last").set_index("rule")[language]
    others = {name: word(f"law.latest.rule.{name}", language) for name in _UNNAMED.values()}
    return pd.Series(tabled.to_dict() | others, dtype="str")


def _by_rule(table: pd.DataFrame, texts: "pd.Series[str]") -> pd.DataFrame:
    key = table["rule"].fillna("") + "|" + table["law_status"].fillna("")
    codes, keys = pd.factorize(key, sort=True)
    told = pd.Series(keys, dtype="str").str.split("|", n=1, expand=True).reindex(columns=[0, 1])
    counted = pd.DataFrame({"rule": told[0].astype("str"), "law_status": told[1].astype("str")})
    counted.insert(1, "rule_text", counted["rule"].map(texts).astype("str"))
    return counted.assign(**_counted(table, codes, len(counted)))


def _by_customer(ledger: Ledger, table: pd.DataFrame) -> pd.DataFrame:
    codes, ids = pd.factorize(table["customer_id"], sort=True)
    names = ledger.customers.set_index("customer_id")["name"]
    counted = pd.DataFrame({"customer_id": pd.Series(ids, dtype="str")})
    counted["name"] = counted["customer_id"].map(names)
    counted = counted.assign(**_counted(table, codes, len(counted)))
    cents = np.rint(100 * table["amount"].to_numpy())  # their sums are exact in any order
    weight = np.where(table["status"] == BEYOND, cents, 0.0)
    days = sum_by_code(codes, weight * table["days_above"].fillna(0.0).to_numpy(), len(counted))
    total = sum_by_code(codes, weight, len(counted))
    return counted.assign(days_above=np.divide(days, total, out=np.full(len(total), np.nan), where=total > 0))


def _counted(table: pd.DataFrame, codes: Codes, size: int) -> dict[str, Any]:
    """Invoices and amounts by code: all, beyond, unknown."""
    amount = table["amount"].to_numpy()
    status = table["status"].to_numpy(dtype=object)

    def of(chosen: Any) -> tuple[Codes, Floats]:  # noqa: ANN401 - an array of flags
        kept = codes[chosen]
        return np.bincount(kept, minlength=size), sum_by_code(kept, amount[chosen], size).round(2)

    invoices, total = of(np.ones(len(codes), dtype=bool))
    columns: dict[str, Any] = {"invoices": invoices, "amount": total}
    for name in (BEYOND, UNKNOWN):
        columns[f"invoices_{name}"], columns[f"amount_{name}"] = of(status == name)
    return columns
