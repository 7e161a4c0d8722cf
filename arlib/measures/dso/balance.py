"""DSOs of what is owed in all: on the day, on average over the window or the year, and since the first invoice."""

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger
from arlib.measures.dso.standing import DAYS, UNPLACED, Standing, simple_days, together
from arlib.measures.figure import Figure
from arlib.measures.opening import known_from
from arlib.schema import HALF_CENT, OPENING, Days, day_number, to_dates
from arlib.words import Sentence, say

MONTHS = 12


def dso(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> Figure:
    """Receivable / sales of the last `days` days × `days`: the simple, or balance-sheet, DSO, in days.

    The window is the `days` calendar days up to and including the day, and the sales are always those of the window:
    their period cannot differ from the number of days (trap 2). Both sides are made of the same items, so that the tax
    is in both or, where a file only has amounts without it, in neither (trap 1). nan, with the reason in `note`, when
    the window holds no sales or begins before the ledger does, where credits exceed what is owed, in a list without the
    dates of its invoices, and beyond the file's edge (see `Edge`). `note` warns of a file without any payment (a list
    of what is open only has the sales still open, and overstates every DSO), of sales that have been silent as never
    before, and of a receivable above the sales of the window, part of which must be older than it.

    Source of the formula: finance-technique.com, divalto (both sides tax included).
    """
    return simple(Standing.of(ledger, as_of, days))


def average_balance_dso(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> Figure:
    """Mean of what is owed at the two ends of the window / its sales × `days`, in days.

    The opening balance is that of the eve of the window; where the window begins with the ledger, it is what the
    ledger opens with. nan as `dso`, and where the ledger does not say what was owed on the eve.

    Source of the formula: average collection period of the turnover ratio (365 / turnover).
    """
    return average_balance(Standing.of(ledger, as_of, days))


def monthly_average_dso(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """Mean of what is owed at 13 month ends / sales of the twelve months between them × their days, in days.

    The 13 balances are those of the day and of the same day of the twelve months before (of the last day of each where
    the day ends a month), so that the closing of one year end weighs a thirteenth. nan as `average_balance_dso`.
    """
    return monthly_average(Standing.of(ledger, as_of))


def life_to_date_dso(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """Receivable / all sales since the first invoice × days since it: the DSO of a partner in Odoo, in days.

    The longer the history, the less today's payments move it: not a sign of risk. nan without sales, where the first
    invoice is of the day itself, where more than a tenth of what is owed was brought forward from before the ledger
    (the sales it came from are not in it; `note` tells a smaller part), in credit, and beyond the file's edge.
    """
    return life_to_date(Standing.of(ledger, as_of))


def simple(standing: Standing) -> Figure:
    """`dso` of a standing."""
    formula = say("dso.formula", receivable=standing.receivable, sales=standing.sold, window=standing.days)
    return standing.ratio(standing.receivable, formula, {})


def average_balance(standing: Standing) -> Figure:
    """`average_balance_dso` of a standing."""
    return _mean_over(standing, np.array([standing.until - standing.days, standing.until]), "average")


def monthly_average(standing: Standing) -> Figure:
    """`monthly_average_dso` of a standing."""
    day = standing.day
    back = pd.offsets.MonthEnd if day.is_month_end else lambda months: pd.DateOffset(months=months)
    ends = [day_number(day - back(months)) for months in range(MONTHS, 0, -1)]
    return _mean_over(standing, np.array([*ends, standing.until]), "monthly")


def life_to_date(standing: Standing) -> Figure:
    """`life_to_date_dso` of a standing."""
    issued = standing.sales.issued[standing.known]
    first = int(issued.min(initial=standing.until))
    days = standing.until - first
    sold = float(standing.sales.amount[standing.known].sum().round(2))
    inputs = {"receivable": standing.receivable, "sales": sold, "days": days, "as_of": standing.day}
    since = to_dates(np.array([first]))[0]
    formula = say("dso.life.formula", receivable=standing.receivable, sales=sold, first=since, window=days)
    no_sales = None if sold > HALF_CENT and days else say("dso.life.no_sales", first=since)
    note = standing.edge or no_sales or standing.in_credit(standing.receivable)
    opened = _brought_forward(standing)
    brought = say("dso.life.opened", opened=opened) if abs(opened) >= HALF_CENT else None
    if note is None and abs(opened) > standing.receivable * UNPLACED:
        note = brought
    if note:
        return Figure.missing(formula, inputs | {"opened": opened}, note)
    days_owed = simple_days(standing.receivable, sold, days)
    return Figure(days_owed, formula, inputs | {"opened": opened}, together(brought, standing.caution))


def _brought_forward(standing: Standing) -> float:
    """What of the openings is still open, credits taken off."""
    opened = standing.opened
    return round(float(opened.loc[opened["kind"] == OPENING, "open_amount"].sum()), 2) + 0.0


def _mean_over(standing: Standing, ends: Days, method: str) -> Figure:
    """The mean of balances, the first on the eve of the window, in days of the window's sales."""
    days = int(ends[-1] - ends[0])
    balances, sold = standing.owed_on(ends), standing.sold_over(days)
    mean = float(balances.mean())
    inputs = {"balances": balances.tolist(), "mean": mean, "sales": sold, "days": days, "as_of": standing.day}
    note = standing.missing(days, sold) or _eve_unknown(standing, int(ends[0])) or standing.in_credit(mean)
    if note:
        return Figure.missing(say(f"dso.{method}.unknown", window=days), inputs, note)
    closing = say("dso.plus" if balances[-1] >= 0 else "dso.minus", amount=abs(balances[-1]))
    values = {"opening": balances[0], "closing": closing, "mean": mean, "balances": len(ends)}
    formula = say(f"dso.{method}.formula", **values, sales=sold, window=days)
    return Figure(simple_days(mean, sold, days), formula, inputs, standing.caution)


def _eve_unknown(standing: Standing, eve: int) -> Sentence | None:
    """Whether nothing says what was owed on the day a window opens."""
    if day_number(known_from(standing.ledger)) <= eve:
        return None
    return say("dso.no_opening", first=standing.ledger.covers[0])
