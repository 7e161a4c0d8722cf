"""How much of what could be collected in a period was: effectiveness, the collection rates, turnover.

A period is told by two days: it begins after `start`, whose evening gives the opening balance, and ends with `end`.
The first period of a ledger begins with its eve, where openings say what was owed then.
Each definition is a function of its own, and `inputs["variant"]` names it: two of them on the same data can be
twenty points apart.
"""

from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, balance, settled_amounts
from arlib.measures.aging import NO_DUE_DATE, NOT_DUE, TOTAL, UNAPPLIED, aged_balance_history
from arlib.measures.delays.settlements import CREDITED, MOVED, PAID, pieces_of
from arlib.measures.figure import Figure
from arlib.measures.flows.billed import debits_known
from arlib.measures.flows.edges import out_of_cover, period, signed, untold
from arlib.measures.sales import sales_to
from arlib.schema import HALF_CENT, PAYMENT, SALES, Flags, day_number
from arlib.words import Sentence, say


def collection_effectiveness(ledger: Ledger, start: Day, end: Day) -> Figure:
    """The collection effectiveness index (CEI): what was collected of what could be, as a share.

    (opening receivable + sales - closing receivable) / (opening receivable + sales - closing receivable not due). Sales
    are the invoices and credit notes that entered the accounts after `start` and up to `end`: by booking, unlike those
    of a DSO, because they explain the change of the balance. The receivable is net of unapplied credits. What has no
    due date could be collected; `not_due` is what is not due yet, not what is under 30 days old. Above 1 where
    unapplied credits exceed what is overdue, below 0 where the receivable grew by more than was sold; `note` says it.
    nan, with the reason in `note`, where the period is not covered by the ledger or nothing could be collected.

    Source: gaviti.com, E1 of the worked examples (98 %). Pages that put the past due in place of the not due, or drop
    it (E3, E4), print something else.

    Raises:
        ArlibError: the period ends before it begins.
    """
    ledger, first, last = period(ledger, start, end)
    inputs = _balances(ledger, first, last) | {"variant": "whole_period"}
    return _effectiveness(ledger, inputs, say("flows.cei", **_written(inputs)), inputs["sales"])


def monthly_collection_effectiveness(ledger: Ledger, start: Day, end: Day) -> Figure:
    """The CEI with an average month's sales in the place of the period's, as a share.

    As `collection_effectiveness`, the sales divided by the months of the period: over a quarter it is far below the
    other on the same data (55.9 % beside 79.6 %), and never to be compared with it.

    Source: creditguru.com, E2 of the worked examples.

    Raises:
        ArlibError: the period ends before it begins, or is no whole number of months.
    """
    ledger, first, last = period(ledger, start, end)
    months = _months(first, last)
    inputs = _balances(ledger, first, last) | {"months": months, "variant": "monthly_average"}
    return _effectiveness(ledger, inputs, say("flows.monthly_cei", **_written(inputs)), inputs["sales"] / months)


def due_collection_rate(ledger: Ledger, start: Day, end: Day) -> Figure:
    """Cash received in the period on what was due by its end / what was due by its end, carried over included.

    What was due: debits open at `start`, or booked since, whose due date is up to `end`. Cash: payments matched with
    them in the period. What credit notes, bills and transfers settled in the period is taken out of what was due; so is
    what credits of the opening settled, of which nobody knows whether they were cash.

    Raises:
        ArlibError: the period ends before it begins.
    """
    ledger, first, last = period(ledger, start, end)
    items = ledger.items
    due = (items["due_on"] <= last).to_numpy() & (items["booked_on"] <= last).to_numpy()
    return _collected(ledger, (first, last), due, "flows.rate.due")


def opening_collection_rate(ledger: Ledger, start: Day, end: Day) -> Figure:
    """Cash received in the period on what was open at its start / what was open at its start, due or not.

    Credits are not taken off. What credit notes, bills and transfers settled in the period is taken out.

    Raises:
        ArlibError: the period ends before it begins.
    """
    ledger, first, last = period(ledger, start, end)
    return _collected(ledger, (first, last), (ledger.items["booked_on"] <= first).to_numpy(), "flows.rate.opening")


def overdue_collection_rate(ledger: Ledger, start: Day, end: Day) -> Figure:
    """Cash received in the period on what was overdue at its start / what was overdue at its start.

    Credits are not taken off. What credit notes, bills and transfers settled in the period is taken out.

    Raises:
        ArlibError: the period ends before it begins.
    """
    ledger, first, last = period(ledger, start, end)
    items = ledger.items
    overdue = (items["due_on"] < first).to_numpy() & (items["booked_on"] <= first).to_numpy()
    return _collected(ledger, (first, last), overdue, "flows.rate.overdue")


def billing_collection_rate(ledger: Ledger, start: Day, end: Day) -> Figure:
    """Cash received in the period / sales of the period by invoice date, tax included; above 1 where more came in.

    Cash is every payment booked, whatever it settles, what was paid back taken off.

    Raises:
        ArlibError: the period ends before it begins.
    """
    ledger, first, last = period(ledger, start, end)
    items = ledger.items
    received = items["booked_on"].between(first, last, inclusive="right") & (items["kind"] == PAYMENT)
    sold, _ = sales_to(ledger, [last], days=(last - first).days)
    inputs: dict[str, Any] = {
        "cash": round(-float(items.loc[received, "amount"].sum()), 2) + 0.0,
        "sales": float(sold[0, 0]),
        "start": first,
        "end": last,
        "variant": "cash_to_billing",
    }
    formula = say("flows.rate.billing", **inputs)
    return _share(ledger, inputs, formula, (inputs["cash"], inputs["sales"]))


def receivables_turnover(ledger: Ledger, start: Day, end: Day) -> Figure:
    """How many times the receivable turned over in the period: sales / mean of the opening and closing receivable.

    Sales are by invoice date, tax included, and those of the days after `start` up to `end`; the days of the period
    divided by the turnover are the average-balance DSO. Over a year, 365 / turnover is the average collection period.

    Source: A5, B1 and B3 of the worked examples.

    Raises:
        ArlibError: the period ends before it begins.
    """
    ledger, first, last = period(ledger, start, end)
    opening, closing = balance(ledger, first), balance(ledger, last)
    sold, _ = sales_to(ledger, [last], days=(last - first).days)
    inputs: dict[str, Any] = {
        "sales": float(sold[0, 0]),
        "opening": opening,
        "closing": closing,
        "average": round((opening + closing) / 2, 2),
        "start": first,
        "end": last,
    }
    return _share(ledger, inputs, say("flows.turnover", **inputs), (inputs["sales"], (opening + closing) / 2))


def _balances(ledger: Ledger, first: pd.Timestamp, last: pd.Timestamp) -> dict[str, Any]:
    opening, closing = aged_balance_history(ledger, [first, last]).to_dict("records")
    items = ledger.items
    entered = items["booked_on"].between(first, last, inclusive="right") & items["kind"].isin(SALES)
    return {
        "opening": opening[TOTAL],
        "sales": round(float(items.loc[entered, "amount"].sum()), 2) + 0.0,
        "closing": closing[TOTAL],
        "not_due": closing[NOT_DUE],
        "no_due_date": closing[NO_DUE_DATE],
        "unapplied": closing[UNAPPLIED],
        "start": first,
        "end": last,
    }


def _written(inputs: dict[str, Any]) -> dict[str, Any]:
    """The balances as the formula writes them."""
    return inputs | {name: signed(inputs[name]) for name in ("sales", "closing", "not_due")}


def _effectiveness(ledger: Ledger, inputs: dict[str, Any], formula: Sentence, sales: float) -> Figure:
    to_collect = inputs["opening"] + sales
    parts = to_collect - inputs["closing"], to_collect - inputs["not_due"]
    note = None
    if parts[0] > parts[1]:
        note = say("flows.over_collected", unapplied=-inputs["unapplied"])
    elif parts[0] < -HALF_CENT:
        note = say("flows.under_collected", amount=-parts[0])
    elif inputs["no_due_date"] >= HALF_CENT:
        note = say("flows.undated", amount=inputs["no_due_date"])
    return _share(ledger, inputs, formula, parts, note)


def _share(
    ledger: Ledger,
    inputs: dict[str, Any],
    formula: Sentence,
    parts: tuple[float, float],
    note: Sentence | None = None,
) -> Figure:
    """The ratio of two amounts, or why there is none."""
    missing = out_of_cover(ledger, inputs["start"], inputs["end"], sold="sales" in inputs)
    if missing is None and parts[1] < HALF_CENT:
        missing = say("flows.nothing", amount=parts[1])
    if missing:
        return untold(formula, inputs, missing)
    return Figure(parts[0] / parts[1], formula, inputs, note)


def _collected(ledger: Ledger, span: tuple[pd.Timestamp, pd.Timestamp], chosen: Flags, formula: str) -> Figure:
    """Cash matched in a period with chosen debits / what of them was open at its start or booked since."""
    first, last = span
    chosen = chosen & debits_known(ledger, last)
    pieces = pieces_of(ledger, last, chosen)
    since = pieces.day > day_number(first)
    paid, gone = (
        round(float(pieces.amount[since & np.isin(pieces.state, states)].sum()), 2)
        for states in ((PAID,), (CREDITED, MOVED))
    )
    to_collect = float((ledger.items["amount"].to_numpy() - settled_amounts(ledger, first))[chosen].sum())
    inputs: dict[str, Any] = {
        "cash": paid,
        "to_collect": round(to_collect - gone, 2) + 0.0,
        "cancelled": gone,
        "start": first,
        "end": last,
        "variant": formula.rpartition(".")[2],
    }
    return _share(ledger, inputs, say(formula, **inputs), (paid, inputs["to_collect"]))


def _months(first: pd.Timestamp, last: pd.Timestamp) -> int:
    """The whole months of a period, month ends to month ends or a day of the month to the same."""
    months = (last.year - first.year) * 12 + last.month - first.month
    ends = first.is_month_end and last.is_month_end
    if months < 1 or not (ends or first + pd.DateOffset(months=months) == last):
        raise ArlibError(say("flows.months", start=first, end=last))
    return months
