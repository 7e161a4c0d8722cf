"""The invoices to come: last year's, a year later, and how each falls due under today's terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, customers_of_items
from arlib.behaviour.open_days import calendar_of
from arlib.calendar import WEEK
from arlib.ledger import Ledger
from arlib.measures.dso.standing import Standing
from arlib.schema import Codes, Days, Flags, Floats, day_number, sum_by_code
from arlib.simulation.outlook.written import WrittenTerms
from arlib.simulation.sales.billing_days import MONTHS, BillingDays, follow_month, whole_months
from arlib.simulation.sales.dated import as_dated
from arlib.simulation.sales.fitted import Coming, fitted, seasonal
from arlib.terms.periods import day_by_day, days_of_month, first_days, months_of
from arlib.words import Sentence, say

YEAR = 364  # whole weeks, so that a Monday's invoices come back on a Monday
_SHORTEST_MONTH = 28
_SURE = 3.0  # payments that an invoice counts for: nobody is late with its date, and two on closed days are no slip
_NOTHING = 1e-9  # of the sales: less is what rounding leaves


@dataclass(frozen=True, eq=False)
class SalesPlan:
    """Invoices expected after a day; days count from that day, which is 0.

    Attributes:
        customer: (invoices,) position in the laws' customers.
        issue: (invoices,) day of issue, 1 or more.
        due: (invoices,) due date under today's terms.
        written: (invoices,) what dates each, were it issued on another day.
        amount: (invoices,) net of the share of credit notes, at the level of sales.
        invoiced: (invoices,) what the past invoice each repeats was made out for, credit notes not taken off.
        period: days after which invoices that follow the weekday come back.
        billing: which follow the day of the month, and after how many months these do.
        by_month: what these are, as a share of the past invoices that come back.
        sold: what comes back was sold for, net of credit notes.
        credited_share: credit notes as a share of its invoices.
        by_terms: share of the invoices whose due date follows from their written terms.
        without_due: share of the invoices without a due date.
        on_days: on which days invoices come back, for a person.
        notes: how a season or a plan of sales changed what comes back.
        level: what the amounts that come back were multiplied by, for sales are no longer what they were.
    """

    customer: Codes
    issue: Days
    due: Days
    written: WrittenTerms
    amount: Floats
    invoiced: Floats
    period: int
    billing: BillingDays
    by_month: float
    sold: float
    credited_share: float
    by_terms: float
    without_due: float
    on_days: tuple[Sentence, ...]
    notes: tuple[Sentence, ...] = ()
    level: float = 1.0

    @cached_property
    def order(self) -> Codes:
        """(invoices,) positions by day of issue, customer, due date and amount, whatever the order of a file's rows."""
        return np.lexsort((self.amount, self.invoiced, self.due, self.customer, self.issue))

    @property
    def shortest(self) -> int:
        """Days after which the first sales come back, at the least."""
        months = self.billing.months
        return min(self.period, YEAR if months == MONTHS else _SHORTEST_MONTH * months)

    def comes_back(self, sales: pd.DataFrame) -> Days:
        """The day, as a number, on which each of some `known_sales` comes back for the first time."""
        issued = sales["issued"].to_numpy()
        later = day_by_day(lambda days: self.billing.later(days, self.billing.months), issued)
        return np.where(self.billing.by_month[sales["customer"]], later, issued + self.period)

    def at_level(self, level: float) -> "SalesPlan":
        """The same invoices for so many times what they were, 1 being the sales that come back."""
        return replace(self, amount=self.amount / self.level * level, level=level)

    def grown(self, issue: Days, today: int, growth: float | None) -> Floats:
        """What the amounts of invoices of some days are multiplied by: 1 where they stay at their level.

        A growth a year replaces the level: it counts from the sales that come back on, once for each year ahead.
        """
        if growth is None:
            return np.ones(len(issue))
        return np.power(1 + growth, years_ahead(issue, today).astype(np.float64)) / self.level


@dataclass(frozen=True, eq=False)
class ExpectedSales:
    """What a person expects of sales beyond the year before coming back.

    Attributes:
        given: amounts a month or a day, as `read_sales_plan` reads them; what they do not name comes back.
        season: by month of the year, 1 to 12, a factor on what comes back.
    """

    given: pd.DataFrame | None = None
    season: Mapping[int, float] = field(default_factory=dict)


AS_BEFORE = ExpectedSales()


def sales_plan(
    ledger: Ledger, sales: pd.DataFrame, laws: PaymentLaws, horizon: int, expected: ExpectedSales = AS_BEFORE
) -> SalesPlan:
    """The invoices of the last year, coming back every year up to the horizon, or as a person expects them.

    Where billing follows the day of the month (`follow_month`), customer by customer, invoices come back on the same
    open day of the same month (`BillingDays.later`), so that each month keeps its own; elsewhere 364 days later, on
    the same weekday. With less history, the whole months and the whole weeks there are are repeated. Credit notes come
    off each customer's invoices in proportion. An invoice falls due by its written terms where these explain its due
    date, which keeps the end of the month right; by the days it was given otherwise; after 30 days where nothing was.

    Args:
        ledger: the ledger.
        sales: its `known_sales` on the day of the laws.
        laws: whose day, customers and calendar count.
        horizon: days to look ahead.
        expected: how the year before does not come back as it was.

    Raises:
        ArlibError: as `seasonal` and `fitted`.
    """
    day = day_number(laws.as_of)
    period = _period(sales, day)
    lately = sales[sales["issued"] >= first_days(months_of(np.array([day])) - MONTHS)[0]]
    billing = _billing_days(ledger, sales, lately, len(laws.customers), day)
    recent = lately[_comes_back(lately, billing, period, day)]
    sold = recent[recent["invoice"]]
    coming = _repeated(sold, _net_share(recent, len(laws.customers)), billing, (period, day, horizon))
    invoiced, total = float(sold["amount"].sum()), float(recent["amount"].sum())
    by_month = float(sold["amount"].to_numpy() @ billing.by_month[sold["customer"]]) / invoiced if invoiced else 0.0
    notes: list[Sentence] = []
    if expected.season:
        coming, told = seasonal(coming, expected.season, day)
        notes += told
    if expected.given is not None:
        coming, told = fitted(coming, expected.given, ledger, laws, horizon)
        notes += told
    dated = as_dated(ledger, sold)
    return SalesPlan(
        customer=coming.customer,
        issue=coming.issue,
        due=dated.due_days(coming.source, coming.issue + day) - day,
        written=dated.written[coming.source],
        amount=coming.amount,
        invoiced=sold["amount"].to_numpy()[coming.source],
        period=period,
        billing=billing,
        by_month=by_month,
        sold=total,
        credited_share=1 - total / invoiced if invoiced else 0.0,
        by_terms=_share(dated.by_terms),
        without_due=_share(dated.undated & ~dated.by_terms),
        on_days=tuple(_told(billing, by_month, period)) if invoiced else (),
        notes=tuple(notes),
    )


def known_sales(standing: Standing, customers: "pd.Index[str]") -> pd.DataFrame:
    """Sales issued and booked by the day of a ledger.

    One row an invoice or credit note: item, its position; customer, its position in `customers`; issued, a day
    number, that of the booking where the document has no date; invoice, whether it is one; amount.
    """
    sales, known = standing.sales, standing.known
    item, amount = sales.item[known], sales.amount[known]
    return pd.DataFrame(
        {
            "item": item,
            "customer": customers_of_items(standing.ledger, customers, item),
            "issued": sales.issued[known],
            "invoice": sales.invoice[known] & (amount > 0),
            "amount": amount,
        }
    )


def years_ahead(issue: Days, today: int) -> Days:
    """How many years ahead a day of issue is, 1 up to the same date next year; issue counts from the day number."""
    month, after = months_of(today + issue), np.array([today + 1])
    begun = days_of_month(today + issue) >= days_of_month(after)
    return (month - months_of(after) - ~begun) // MONTHS + 1


def _billing_days(ledger: Ledger, sales: pd.DataFrame, lately: pd.DataFrame, size: int, today: int) -> BillingDays:
    """How each customer's billing comes back, by the invoices of the last 13 calendar months."""
    first = int(sales["issued"].min()) if len(sales) else today
    sold_on = first + np.flatnonzero(np.bincount(sales["issued"].to_numpy() - first))
    invoice = lately["invoice"].to_numpy()
    customer, issued, amount = (lately[name].to_numpy()[invoice] for name in ("customer", "issued", "amount"))
    calendar = calendar_of(ledger, None, today, issued, np.full(len(issued), _SURE))
    by_month = follow_month(customer, issued, amount, size, calendar=calendar, today=today)
    return BillingDays(by_month, whole_months(sold_on, today), calendar)


def _comes_back(lately: pd.DataFrame, billing: BillingDays, period: int, today: int) -> Flags:
    """Which sales come back: those of as many months or days that end today.

    What one of the first of these months sold on days that come back after today is still to come this month.
    """
    issued = lately["issued"].to_numpy()
    since = first_days(months_of(np.array([today])) - billing.months)[0]
    by_month = (issued >= since) & (day_by_day(lambda days: billing.later(days, billing.months), issued) > today)
    return np.where(billing.by_month[lately["customer"]], by_month, issued > today - period)


def _repeated(sold: pd.DataFrame, net: Floats, billing: BillingDays, days: tuple[int, int, int]) -> Coming:
    """Invoices coming back again and again up to the horizon, net of credit notes.

    Args:
        sold: the invoices.
        net: (customers,) what is left of a customer's invoices after its credit notes.
        billing: how they come back.
        days: after how many they do where they follow the weekday; the day asked; the horizon, counted from it.
    """
    period, today, horizon = days
    issued, customer = sold["issued"].to_numpy(), sold["customer"].to_numpy()
    times = np.arange(1, -(-horizon // min(period, _SHORTEST_MONTH * billing.months)) + 1)[None, :]
    first = int(issued.min(initial=today))
    past = np.arange(first, today + 1)[:, None]
    ahead = np.stack([past + period * times, billing.later(past, billing.months * times)]) - today
    issue = ahead[billing.by_month[customer].astype(np.intp), issued - first].ravel()
    kept = issue <= horizon
    source = np.repeat(np.arange(len(sold)), times.size)[kept]
    return Coming(source, customer[source], issue[kept], (sold["amount"].to_numpy() * net[customer])[source])


def _told(billing: BillingDays, by_month: float, period: int) -> list[Sentence]:
    """On which days invoices come back."""
    told = [say("simulation.plan.by_month", share=by_month, months=billing.months)] if by_month else []
    share = 1 - by_month
    return [*told, say("simulation.plan.by_weekday", share=share, days=period)] if share > _NOTHING else told


def _period(sales: pd.DataFrame, today: int) -> int:
    """A year of whole weeks, or the whole weeks there are, one at least."""
    covered = today - int(sales["issued"].min()) + 1 if len(sales) else 0
    return min(YEAR, max(covered // WEEK * WEEK, WEEK))


def _net_share(recent: pd.DataFrame, size: int) -> Floats:
    """What is left of each customer's invoices after its credit notes, never below 0."""
    customer, amount = recent["customer"].to_numpy(), recent["amount"].to_numpy()
    invoiced = sum_by_code(customer, np.where(recent["invoice"], amount, 0.0), size)
    net = sum_by_code(customer, amount, size)
    share = np.divide(net, invoiced, out=np.zeros(size), where=invoiced > 0)
    return np.maximum(share, 0.0)


def _share(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else 0.0
