"""DSOs that set what is open against the sales of the very month it was invoiced in."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from arlib.ledger import Day, Ledger, origins
from arlib.measures.dso.standing import UNPLACED, Standing, together
from arlib.measures.figure import Figure
from arlib.schema import HALF_CENT, SALES, Codes, Days, Floats, day_numbers, places_of, sum_by_code
from arlib.words import Sentence, say


def sales_weighted_dso(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """Sum over the months of invoice of: what is open of the month / its sales × its days.

    The days of a month are its calendar days, as in the count-back: the month in progress counts up to the day, that in
    which the ledger begins from its first day covered. The published formula has months of 30 days. Credit notes still
    open reduce their month. What no month's sales stand for (openings, receipts not applied, invoices older than the
    ledger or of a month whose credit notes exceed its invoices) cannot be weighed and is `inputs["outside"]`, told in
    `note`. nan where more than a tenth of what is owed is so, in credit, and beyond the file's edge.
    """
    return sales_weighted(Standing.of(ledger, as_of))


def true_dso(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """Sum over open invoices of: days since the invoice × open amount / sales of the month of the invoice.

    Source: the true DSO of Oracle Receivables. What is open is as in `sales_weighted_dso`, nan where that is. Every
    invoice weighs with its age: three months left wholly unpaid are some 135 days by it, not 90.
    """
    return true(Standing.of(ledger, as_of))


@dataclass(frozen=True, eq=False)
class _Open:
    """Open sales with the sales of their month.

    Attributes:
        back: months back from the day.
        age: days since the invoice.
        amount: what is open.
        sold: sales of its month.
        length: days of its month.
        outside: what is owed and in no month.
    """

    back: Codes
    age: Days
    amount: Floats
    sold: Floats
    length: Days
    outside: float

    @classmethod
    def of(cls, standing: Standing) -> "_Open":
        sold, length = standing.sold_by_month()
        items = standing.ledger.items
        place = origins(standing.ledger)[places_of(items["item_id"], standing.opened["item_id"])]
        opened = standing.opened[items["kind"].take(place).isin(SALES).to_numpy()]
        issued = opened["issued_on"].fillna(opened["booked_on"])
        back = (np.datetime64(standing.day, "M") - issued.to_numpy("datetime64[M]")).astype(np.int64)
        placed = (day_numbers(issued) >= standing.first) & (back >= 0) & (back < len(sold))
        placed[placed] = sold[back[placed]] > HALF_CENT
        amount, back = opened["open_amount"].to_numpy()[placed], back[placed]
        outside = round(standing.receivable - float(amount.sum()), 2) + 0.0
        age = standing.until - day_numbers(issued)[placed]
        return cls(back, age, amount, sold[back], length[back], outside)


def sales_weighted(standing: Standing) -> Figure:
    """`sales_weighted_dso` of a standing."""
    open_ = _Open.of(standing)
    months = int(open_.back.max(initial=-1)) + 1
    amounts = sum_by_code(open_.back, open_.amount, months)
    shares = sum_by_code(open_.back, open_.amount / open_.sold, months)
    days = float(np.dot(open_.amount / open_.sold, open_.length))
    formula = say("dso.weighted.formula", placed=float(open_.amount.sum()), months=int((shares != 0).sum()))
    return _figure(standing, open_, days, formula, {"open_by_month": (amounts.round(2) + 0.0).tolist()})


def true(standing: Standing) -> Figure:
    """`true_dso` of a standing."""
    open_ = _Open.of(standing)
    days = float(np.dot(open_.amount / open_.sold, open_.age))
    formula = say("dso.true.formula", placed=float(open_.amount.sum()), invoices=len(open_.amount))
    return _figure(standing, open_, days, formula, {"invoices": len(open_.amount)})


def _figure(standing: Standing, open_: _Open, days: float, formula: Sentence, inputs: dict[str, Any]) -> Figure:
    inputs = {"receivable": standing.receivable, "outside": open_.outside, "as_of": standing.day} | inputs
    outside = say("dso.outside", outside=open_.outside) if abs(open_.outside) >= HALF_CENT else None
    note = standing.edge or standing.in_credit(standing.receivable)
    if note is None and abs(open_.outside) > max(standing.receivable * UNPLACED, HALF_CENT):
        note = outside
    if note:
        return Figure.missing(formula, inputs, note)
    return Figure(days, formula, inputs, together(outside, standing.caution))
