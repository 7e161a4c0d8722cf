"""The invoices to come: last year's, a year later to the weekday, and how each falls due under today's terms."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import customers_of_items
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.schema import INVOICE, NO_DAY, SALES, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code
from arlib.terms import NET_30, PaymentTerms

YEAR = 364  # whole weeks, so that a Monday's invoices come back on a Monday
LEGAL_DAYS = NET_30.days  # the term French law gives where none was agreed (Code de commerce, L441-10)


@dataclass(frozen=True, eq=False)
class SalesPlan:
    """Invoices expected after a day; days count from that day, which is 0.

    Attributes:
        customer: (invoices,) position in the laws' customers.
        issue: (invoices,) day of issue, 1 or more.
        due: (invoices,) due date under today's terms.
        amount: (invoices,) net of the share of credit notes, growth not included.
        period: days of past sales that are repeated.
        sold: what was sold in that period, net of credit notes.
        credited_share: credit notes as a share of its invoices.
        by_terms: share of the invoices whose due date follows from their written terms.
        without_due: share of the invoices without a due date.
    """

    customer: Codes
    issue: Days
    due: Days
    amount: Floats
    period: int
    sold: float
    credited_share: float
    by_terms: float
    without_due: float


def sales_plan(ledger: Ledger, sales: pd.DataFrame, day: pd.Timestamp, customers: int, horizon: int) -> SalesPlan:
    """The invoices of the last 364 days, repeated every 364 days up to the horizon.

    Credit notes come off each customer's invoices in proportion. With less history, the whole weeks there are
    are repeated. An invoice falls due by its written terms where these explain its due date, which keeps the end
    of the month right; by the days it was given otherwise; after 30 days where nothing was.

    Args:
        ledger: the ledger.
        sales: its `known_sales` on the day.
        day: the day.
        customers: how many there are.
        horizon: days to look ahead.
    """
    period = _period(sales, day_number(day))
    recent = sales[sales["issued"] > day_number(day) - period]
    sold = recent[recent["invoice"]]
    net = _net_share(recent, customers)
    repeats = np.arange(1, -(-horizon // period) + 1)
    issue = (sold["issued"].to_numpy()[:, None] - day_number(day) + period * repeats[None, :]).ravel()
    kept = issue <= horizon
    source = np.repeat(np.arange(len(sold)), len(repeats))[kept]
    due, by_terms, without_due = _due_days(ledger, sold, source, issue[kept] + day_number(day))
    customer = sold["customer"].to_numpy()
    invoiced = float(sold["amount"].sum())
    total = float(recent["amount"].sum())
    return SalesPlan(
        customer=customer[source],
        issue=issue[kept],
        due=due - day_number(day),
        amount=(sold["amount"].to_numpy() * net[customer])[source],
        period=period,
        sold=total,
        credited_share=1 - total / invoiced if invoiced else 0.0,
        by_terms=by_terms,
        without_due=without_due,
    )


def known_sales(ledger: Ledger, day: pd.Timestamp, customers: "pd.Index[str]") -> pd.DataFrame:
    """Sales issued and booked by the day, as `measures.dso` counts them.

    One row an invoice or credit note: item, its position; customer, its position in `customers`; issued, a day
    number, that of the booking where the document has no date; invoice, whether it is one; amount.
    """
    items = ledger.items
    booked = day_numbers(items["booked_on"])
    issued = day_numbers(items["issued_on"])
    issued = np.where(issued == NO_DAY, booked, issued)
    known = (booked <= day_number(day)) & (issued <= day_number(day))
    kept = known & items["kind"].isin(SALES).to_numpy()
    sales = pd.DataFrame(
        {
            "item": np.arange(len(items)),
            "customer": customers_of_items(ledger, customers),
            "issued": issued,
            "invoice": ((items["kind"] == INVOICE) & (items["amount"] > 0)).to_numpy(),
            "amount": items["amount"].to_numpy(),
        }
    )
    return sales[kept]


def years_ahead(issue: Days) -> Days:
    """How many years ahead a day of issue is, 1 for the first year."""
    return (issue - 1) // YEAR + 1


def _period(sales: pd.DataFrame, today: int) -> int:
    """A year of whole weeks, or the whole weeks there are, one at least."""
    covered = today - int(sales["issued"].min()) + 1 if len(sales) else 0
    return min(YEAR, max(covered // 7 * 7, 7))


def _net_share(recent: pd.DataFrame, size: int) -> Floats:
    """What is left of each customer's invoices after its credit notes, never below 0."""
    customer, amount = recent["customer"].to_numpy(), recent["amount"].to_numpy()
    invoiced = sum_by_code(customer, np.where(recent["invoice"], amount, 0.0), size)
    net = sum_by_code(customer, amount, size)
    share = np.divide(net, invoiced, out=np.zeros(size), where=invoiced > 0)
    return np.maximum(share, 0.0)


def _due_days(ledger: Ledger, sold: pd.DataFrame, source: Codes, issued: Days) -> tuple[Days, float, float]:
    """Due dates of repeated invoices, share of invoices explained by their terms, share without a due date."""
    past_issued = sold["issued"].to_numpy()
    past_due = day_numbers(ledger.items["due_on"])[sold["item"]]
    undated = past_due == NO_DAY
    gap = np.where(undated, LEGAL_DAYS, past_due - past_issued)
    due = issued + gap[source]
    codes, texts = _written_terms(ledger, sold)
    explained = np.zeros(len(sold), dtype=bool)
    for code, text in enumerate(texts):
        terms = _understood(text)
        if terms is None:
            continue
        theirs = codes == code
        explained |= theirs & (undated | (terms.due_days(past_issued) == past_due))
        due = np.where((explained & theirs)[source], terms.due_days(issued), due)
    return due, _share(explained), _share(undated & ~explained)


def _written_terms(ledger: Ledger, sold: pd.DataFrame) -> tuple[Codes, "pd.Index[str]"]:
    """The terms of each invoice, its customer's where it has none, as codes of distinct texts."""
    items = ledger.items.iloc[sold["item"]]
    agreed = items["customer_id"].map(ledger.customers.set_index("customer_id")["terms"])
    codes, texts = pd.factorize(items["terms"].fillna(agreed))
    return codes, pd.Index(texts, dtype="str")


def _understood(text: str) -> PaymentTerms | None:
    try:
        return PaymentTerms.parse(text)
    except ArlibError:
        return None


def _share(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else 0.0
