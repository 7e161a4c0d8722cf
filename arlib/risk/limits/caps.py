"""What bounds the credit of a customer: what it needs, what it can bear, what is insured, what may be lost."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, customers_of_items
from arlib.ledger import Ledger
from arlib.measures.sales import Sales, issue_days
from arlib.risk.limits.policy import LimitPolicy
from arlib.schema import INVOICE, NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code

MONTHS = 12
CAPS = ("need", "capacity", "cover", "budget")
_MONTH = 30.0  # days in a month of the rule
_YEAR = 365  # days late after which an invoice counts as not paid


@dataclass(frozen=True, eq=False)
class _Billed:
    """Sales known on a day whose invoice date is known, of the last twelve months; aligned arrays.

    `of_customer` is the place of the customer, `month` counts from 0, the eleventh before that of the day, to 11.
    """

    of_customer: Codes
    month: Days
    amount: Floats
    item: Codes


def needs(
    ledger: Ledger, day: pd.Timestamp, customers: "pd.Index[str]", laws: PaymentLaws | None, policy: LimitPolicy
) -> pd.DataFrame:
    """The credit each customer uses where it buys and pays as it does: peak ÷ 30 × (terms + delay).

    One row a customer of `customers`:

    - peak_month (its first day) and peak_billing: the best of the twelve calendar months that end with that of the
      day, invoices less credit notes, tax included; missing and 0 where nothing was billed; nan where its invoices
      of these months have no known date, or the ledger speaks of none of these months;
    - terms_days, from invoice to due date, weighted by amount, of the invoices of these months; those of all
      customers where it has none;
    - delay_days, the days late by which `policy.paid_share` is paid, by its law: `policy.longest_delay` at most,
      and where the law never gets there; negative where customers pay early; nan without laws;
    - need, nan where any of them is; 0 at least.
    """
    sales = Sales.of(ledger)
    place = customers_of_items(ledger, customers)
    billed, unplaced = _billed(ledger, sales, day, place)
    grid = sum_by_code(billed.of_customer * MONTHS + billed.month, billed.amount, len(customers) * MONTHS)
    months = grid.round(2).reshape(-1, MONTHS)
    best = MONTHS - 1 - months[:, ::-1].argmax(axis=1)  # of equal months the last
    peak = np.maximum(months[np.arange(len(customers)), best], 0.0)
    peak[unplaced] = np.nan
    if day < ledger.covers[0] or ledger.covers[1] < day.to_period("M").start_time - pd.DateOffset(months=MONTHS - 1):
        peak[:] = np.nan
    first = np.datetime64(day, "M") - (MONTHS - 1 - best)
    delay = _delays(laws, customers, policy).round(1)  # as they are told, for anybody to count again
    terms = _terms(ledger, billed, len(customers)).round(1)
    return pd.DataFrame(
        {
            "peak_month": pd.Series(first.astype("datetime64[s]")).where(peak > 0),
            "peak_billing": peak,
            "terms_days": terms,
            "delay_days": delay,
            "need": np.where(peak == 0, 0.0, peak / _MONTH * np.maximum(terms + delay, 0.0)).round(2),
        }
    )


def _billed(ledger: Ledger, sales: Sales, day: pd.Timestamp, place: Codes) -> tuple[_Billed, Codes]:
    """The sales of the last twelve months, and the customers some of whose sales have no invoice date."""
    known = sales.known <= day_number(day)
    stood_in = (issue_days(ledger) == NO_DAY) & ledger.items["issued_on"].notna().to_numpy()
    silent = known & stood_in[sales.item]
    month = sales.issued.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month += MONTHS - 1 - int(np.datetime64(day, "M").astype(np.int64))
    kept = known & ~silent & (month >= 0)
    item = sales.item[kept]
    return _Billed(place[item], month[kept], sales.amount[kept], item), np.unique(place[sales.item[silent]])


def _terms(ledger: Ledger, billed: _Billed, size: int) -> Floats:
    """Days from invoice to due date, weighted by amount; of all customers where one has no dated invoice, else nan."""
    items = ledger.items
    issued, due = day_numbers(items["issued_on"])[billed.item], day_numbers(items["due_on"])[billed.item]
    invoices = (items["kind"] == INVOICE).to_numpy()[billed.item]
    dated: Flags = invoices & (billed.amount > 0) & (issued != NO_DAY) & (due != NO_DAY)
    customer, amount = billed.of_customer[dated], billed.amount[dated]
    days = (due - issued)[dated] * amount
    weight = sum_by_code(customer, amount, size)
    usual = days.sum() / amount.sum() if dated.any() else np.nan
    return np.asarray(np.divide(sum_by_code(customer, days, size), weight, out=np.full(size, usual), where=weight > 0))


def _delays(laws: PaymentLaws | None, customers: "pd.Index[str]", policy: LimitPolicy) -> Floats:
    """Days late by which the share of the policy is paid, bounded; nan without laws."""
    if laws is None:
        return np.full(len(customers), np.nan)
    days = pd.Series(laws.quantile(policy.paid_share), laws.customers)
    bounded = days.fillna(policy.longest_delay).clip(upper=policy.longest_delay)
    return np.asarray(bounded.reindex(customers), dtype=np.float64)


def unpaid_shares(laws: PaymentLaws | None, customers: "pd.Index[str]", policy: LimitPolicy) -> Floats:
    """The share of its invoices each customer leaves unpaid a year after they are due; nan without laws.

    `policy.least_unpaid_share` at least; of a customer that only has orders, the share of all customers together.
    """
    if laws is None:
        return np.full(len(customers), np.nan)
    shares = pd.Series(laws.p_late(_YEAR), laws.customers)
    known = shares.reindex(customers).fillna(laws.portfolio_p_late(_YEAR))
    return np.asarray(known.clip(lower=policy.least_unpaid_share), dtype=np.float64)


def capacities(equity: Floats, worth: Floats, policy: LimitPolicy) -> Floats:
    """A share of the equity times what the grade is worth; nan without accounts or grade, 0 where equity is not above.

    Source: published rules of 5 to 15 % of the customer's net worth; the multiplier is a suggestion.
    """
    return np.asarray((policy.equity_share * np.maximum(equity, 0.0) * worth).round(2))


def budgets(loss_budget: float | None, unpaid: Floats, quota: Floats, policy: LimitPolicy) -> Floats:
    """What may be owed for the loss expected of it to stay within a budget; nan without one, or where all is insured.

    Budget ÷ (share unpaid a year late × what is lost of that × share that no insurer pays).
    """
    lost = unpaid * policy.loss_share * (1 - quota)
    amount = np.nan if loss_budget is None else loss_budget
    return np.asarray(np.divide(amount, lost, out=np.full(len(lost), np.nan), where=lost > 0).round(2))


def rounded_down(amounts: Floats, figures: int) -> Floats:
    """Amounts of 0 or more rounded down to that many figures: 12,345 to 12,000 with two; nan stays nan."""
    cents = np.rint(amounts * 100)  # whole cents, which floats count exactly
    size = np.floor(np.log10(np.maximum(cents, 1.0)))
    size += (np.power(10.0, size + 1) <= cents).astype(np.float64) - (np.power(10.0, size) > np.maximum(cents, 1.0))
    step = np.power(10.0, np.maximum(size - figures + 1, 0.0))
    return np.asarray(np.floor(cents / step) * step / 100)
