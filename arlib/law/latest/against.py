"""Terms as invoiced, against those agreed with the customer and those the law allows, and the cash favours cost."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.latest.dates import BEYOND, UNKNOWN, LegalDueDates, legal_due_dates
from arlib.law.reasons import column_of, said, texts_of, written_counts, written_lengths, written_money
from arlib.ledger import Day, Ledger
from arlib.measures.working_capital import YEAR, yearly_cost
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_numbers, places_of, sum_by_code
from arlib.terms import PaymentTerms
from arlib.words import Language, Sentence, say

_NEAR = 3  # days: a due date moved off a weekend, and 30 days written for a month of 31, are no favour
_SIDES = ("agreed", "law")


@dataclass(frozen=True, eq=False)
class TermsAgainstLaw:
    """What customers are granted beyond their terms and beyond the law, and what it costs.

    Attributes:
        as_of: the last day of invoices looked at.
        days: how many days of invoices those are.
        customers: one row a customer invoiced, the most expensive first, see `terms_against_law`.
        cash_beyond_agreed: cash tied up on average by days beyond agreed terms, in money.
        cash_beyond_law: by days beyond the law.
        notes: what was assumed and what is to be confirmed.
    """

    as_of: pd.Timestamp
    days: int
    customers: pd.DataFrame
    cash_beyond_agreed: float
    cash_beyond_law: float
    notes: tuple[Sentence, ...]


def terms_against_law(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    days: int = YEAR,
    rate: float | None = None,
    clauses: pd.DataFrame | None = None,
    legal: LegalDueDates | None = None,
    language: Language = "en",
) -> TermsAgainstLaw:
    """By customer: the terms on its invoices, those agreed with it, those the law allows, and what favours cost.

    Of the invoices of the last `days` days whose due date somebody stated. A day beyond is a day of the due date after
    the one that the agreed terms (the clauses', else the customer file's; an end of month in its later reading) give,
    if there are more than three of them; or after the last one the law allows. Due dates only: that customers pay late
    is told elsewhere. Without a customer file, the terms agreed are those of the customer's first invoice, as the
    reader took them: a change of terms then looks like a favour, and is told. Columns of `customers`:

    - customer_id, name; terms_invoiced, those of most of its amount, and other_terms, how many others there are;
      terms_agreed; rule, the legal one of most of its amount;
    - invoices, amount (tax included); days_granted, days_agreed, days_allowed: means from the invoice, weighted by
      amount, nan where they are not known of any invoice;
    - beyond what was agreed: invoices_beyond_agreed, amount_beyond_agreed, days_beyond_agreed (their weighted mean),
      cash_beyond_agreed = sum of amount × days beyond / days of the window, the cash tied up on average, and
      cost_beyond_agreed = that × rate, money a year; the same beyond the law: …_beyond_law;
    - invoices_unknown: which the law may or may not allow; law_status: to_confirm where a rule of any of its invoices
      is; reason.

    Source: C. com. L441-10; handbook, law and accounting 4.1; cash and cost as `value_of_a_day` and `financing_cost`.

    Args:
        ledger: the ledger.
        as_of: the last day; the ledger's last one by default.
        days: of the window; those before the ledger begins are not counted.
        rate: what a year of financing costs, as a share; without it costs are nan.
        clauses: what contracts say, as for `legal_due_dates`.
        legal: the legal dates of the same ledger and day, where sectors or rules of your own were given for them.
        language: of the texts.

    Raises:
        ArlibError: the rate is no share; no day in the window; legal dates of another day; or as `legal_due_dates`.
    """
    if days < 1:
        raise ArlibError(say("law.against.days", days=days))
    if legal is None:
        legal = legal_due_dates(ledger, as_of, clauses=clauses, language=language)
    if legal.as_of != ledger.day(as_of):
        raise ArlibError(say("law.against.other_day", day=ledger.day(as_of), legal=legal.as_of))
    window = max(min(days, (legal.as_of - ledger.covers[0]).days + 1), 1)
    invoices = _looked_at(ledger, legal, window)
    customers = _customers(ledger, invoices, _agreed(ledger, invoices, clauses), _Price(window, rate))
    customers = customers.assign(reason=_reasons(ledger, customers, language))
    order = ["cash_beyond_law", "cash_beyond_agreed", "customer_id"]
    customers = customers.sort_values(order, ascending=[False, False, True], ignore_index=True)
    cash = [round(float(customers[f"cash_beyond_{side}"].sum()), 2) + 0.0 for side in _SIDES]
    notes = [say("law.against.window", window=window, days=days)] if window < days else []
    changed = int(((customers["invoices_beyond_agreed"] > 0) & (customers["other_terms"] > 0)).sum())
    if changed:
        notes.append(say("law.against.changed", customers=changed))
    return TermsAgainstLaw(legal.as_of, window, customers, cash[0], cash[1], (*notes, *legal.notes))


class _Price(NamedTuple):
    """The days of the window, and what a year of financing costs, a share."""

    window: int
    rate: float | None


def _looked_at(ledger: Ledger, legal: LegalDueDates, window: int) -> pd.DataFrame:
    """The invoices of the window whose due date somebody stated."""
    invoices = legal.invoices
    items = ledger.items.take(places_of(ledger.items["item_id"], invoices["item_id"]))
    written = items["terms"].reset_index(drop=True)  # where clauses are given, `legal` has theirs instead
    invoices = invoices.assign(terms=written.fillna(invoices["terms"]))
    recent = invoices["issued_on"] > legal.as_of - pd.Timedelta(days=window)
    kept = recent & invoices["due_on"].notna() & (items["due_source"] != "default").to_numpy()
    return invoices[kept].reset_index(drop=True)


def _agreed(ledger: Ledger, invoices: pd.DataFrame, clauses: pd.DataFrame | None) -> tuple[Days, "pd.Series[str]"]:
    """The due date that agreed terms give each invoice, `NO_DAY` where not known; and the terms by customer."""
    terms = ledger.customers.set_index("customer_id")["terms"]
    if clauses is not None and "terms" in clauses:
        said_so = clauses.dropna(subset=["terms"]).set_index("customer_id")["terms"].astype("str")
        terms = said_so.reindex(terms.index).fillna(terms)
    issued = day_numbers(invoices["issued_on"])
    due = np.full(len(invoices), NO_DAY)
    texts = invoices["customer_id"].map(terms)
    for text, rows in texts.groupby(texts, sort=False).indices.items():
        due[rows] = _due_by(str(text), issued[rows])
    return due, terms


def _due_by(text: str, issued: Days) -> Days:
    """The later reading of terms; none where they are not understood or do not count from the invoice alone."""
    try:
        readings = [PaymentTerms.parse(text, end_of_month=reading) for reading in ("after_days", "before_days")]
    except ArlibError:
        return np.full(len(issued), NO_DAY)
    if not readings[0].one_date:
        return np.full(len(issued), NO_DAY)
    return np.asarray(np.max([terms.due_days(issued) for terms in readings], axis=0))


def _customers(
    ledger: Ledger, invoices: pd.DataFrame, agreements: tuple[Days, "pd.Series[str]"], price: _Price
) -> pd.DataFrame:
    agreed, texts = agreements
    codes, ids = pd.factorize(invoices["customer_id"], sort=True)
    size, amount = len(ids), invoices["amount"].to_numpy()
    issued, due, latest = (day_numbers(invoices[name]) for name in ("issued_on", "due_on", "latest_on"))
    over = np.where((agreed != NO_DAY) & (due - agreed > _NEAR), due - agreed, 0)
    above = np.where((invoices["status"] == BEYOND).to_numpy(), invoices["days_above"].fillna(0.0), 0.0)
    table = pd.DataFrame({"customer_id": pd.Series(ids, dtype="str")})
    table["name"] = table["customer_id"].map(ledger.customers.set_index("customer_id")["name"])
    table["terms_invoiced"], table["other_terms"] = _most(invoices["terms"], codes, amount, size)
    table["terms_agreed"] = table["customer_id"].map(texts)
    table["rule"], _ = _most(invoices["rule"], codes, amount, size)
    table["invoices"] = np.bincount(codes, minlength=size)
    table["amount"] = sum_by_code(codes, amount, size).round(2)
    for name, day in (("granted", due), ("agreed", agreed), ("allowed", latest)):
        known = (day != NO_DAY) & (issued != NO_DAY)
        table[f"days_{name}"] = _mean(codes, np.where(known, day - issued, 0), amount, known, size)
    for side, beyond in zip(_SIDES, (over.astype(np.float64), above), strict=True):
        table = table.assign(**_beyond(side, (codes, amount, beyond), size, price))
    unknown = (invoices["status"] == UNKNOWN).to_numpy()
    table["invoices_unknown"] = np.bincount(codes[unknown], minlength=size)
    doubtful = (invoices["law_status"] == "to_confirm").to_numpy()
    table["law_status"] = np.where(np.bincount(codes[doubtful], minlength=size) > 0, "to_confirm", "confirmed")
    return table


def _beyond(side: str, invoices: tuple[Codes, Floats, Floats], size: int, price: _Price) -> dict[str, Any]:
    """Invoices beyond a limit by customer: how many, their amount, mean days, the cash tied up and its yearly cost."""
    codes, amount, days = invoices
    chosen = days > 0
    total = sum_by_code(codes[chosen], amount[chosen], size)
    cash = sum_by_code(codes, np.rint(amount * 100) * days, size) / 100 / price.window
    return {
        f"invoices_beyond_{side}": np.bincount(codes[chosen], minlength=size),
        f"amount_beyond_{side}": total.round(2),
        f"days_beyond_{side}": _mean(codes, days, amount, chosen, size),
        f"cash_beyond_{side}": cash.round(2),
        f"cost_beyond_{side}": np.full(size, np.nan) if price.rate is None else cash * yearly_cost(1.0, price.rate),
    }


def _mean(codes: Codes, days: Any, amount: Floats, chosen: Flags, size: int) -> Floats:  # noqa: ANN401 - an array
    weight = np.where(chosen, np.rint(amount * 100), 0.0)  # whole cents, whose sums are exact in any order
    total = sum_by_code(codes, weight, size)
    return _ratio(sum_by_code(codes, weight * days, size), total)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Parts by wholes, nan where there is none."""
    ratio: Floats = np.full(len(whole), np.nan)
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio


def _most(texts: "pd.Series[str]", codes: Codes, amount: Floats, size: int) -> tuple["pd.Series[str]", Codes]:
    """The text of most of each customer's amount, the first in order of equal ones; and how many others there are."""
    named, names = pd.factorize(texts, sort=True)
    known = named >= 0
    cell, place = np.unique(codes[known] * max(len(names), 1) + named[known], return_inverse=True)
    owner, text = np.divmod(cell, max(len(names), 1))
    weight = sum_by_code(place, amount[known], len(cell)).round(2)
    order = np.lexsort((text, -weight, owner))
    first = order[np.unique(owner[order], return_index=True)[1]]
    chosen = np.full(size, -1)
    chosen[owner[first]] = text[first]
    told = pd.Series([None if each < 0 else str(names[each]) for each in chosen], dtype="str")
    return told, np.maximum(np.bincount(owner, minlength=size) - 1, 0)


def _reasons(ledger: Ledger, table: pd.DataFrame, language: Language) -> "pd.Series[str]":
    """What each customer is granted, in a sentence or two."""
    currency = ledger.currency
    written = {
        "invoices": written_counts(table["invoices"].to_numpy(dtype=np.int64)),
        "terms": texts_of(*_coded(table["terms_agreed"])),
    }
    agreed, law = (table[f"invoices_beyond_{side}"].to_numpy() > 0 for side in _SIDES)
    parts = [(~agreed & ~law, said("law.against.none", language, ~agreed & ~law, written))]
    for side, chosen in zip(_SIDES, (agreed, law), strict=True):
        columns = written | {
            "beyond": written_counts(table[f"invoices_beyond_{side}"].to_numpy(dtype=np.int64)),
            "amount": written_money(table[f"amount_beyond_{side}"].to_numpy(), language, currency),
            "days": written_lengths(
                np.rint(table[f"days_beyond_{side}"].fillna(0).to_numpy()).astype(np.int64), language
            ),
            "cash": written_money(table[f"cash_beyond_{side}"].to_numpy(), language, currency),
        }
        parts.append((chosen, said(f"law.against.beyond_{side}", language, chosen, columns)))
    unjudged = table["invoices_unknown"].to_numpy() > 0
    columns = {"unknown": written_counts(table["invoices_unknown"].to_numpy(dtype=np.int64))}
    parts.append((unjudged, said("law.against.unknown", language, unjudged, columns)))
    return column_of(parts, table.index)


def _coded(texts: "pd.Series[str]") -> tuple[list[str], Codes]:
    codes, names = pd.factorize(texts)
    return [str(each) for each in names], codes
