"""The backtest of the cash forecast: past closings, told only what was known, against what came in."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, payment_laws
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.progress import Progress, followed, unseen
from arlib.schema import Days, Floats, day_number, to_dates
from arlib.simulation.backtest.outcome import Actual
from arlib.simulation.forecast.baselines import with_mean_delay
from arlib.simulation.forecast.basis import Basis
from arlib.simulation.forecast.cash import Periods
from arlib.simulation.forecast.claims import open_claims
from arlib.simulation.forecast.experience import EVERY, WEEK, YOUNG, PastClosings
from arlib.simulation.forecast.forecast import MOST_WEEKS, WEEKS
from arlib.simulation.forecast.outlook import NEVER_HELD, week_ends
from arlib.simulation.forecast.promises import Agreed
from arlib.simulation.forecast.result import COLUMNS, ForecastBacktest, totals_of
from arlib.simulation.forecast.sales_ahead import sales_ahead
from arlib.words import say

LAST_CLOSINGS = 13  # by default: a year of closings four weeks apart


def backtest_forecast(
    ledger: Ledger,
    closings: Sequence[Day] | None = None,
    *,
    weeks: int = WEEKS,
    future_sales: bool = True,
    progress: Progress = unseen,
) -> ForecastBacktest:
    """What `forecast_cash` would have said at past closings, set against the cash that came in.

    At each closing the forecast is made from what was in the accounts by its end, what it learns from earlier closings
    included: it is the one `forecast_cash` gives for that day, without promises, facts or dates of disputes. Two
    calendars are set beside it, of the same open items and the same sales to come: every invoice paid on its due date,
    and every invoice paid as late as its customer's mean of the payments known then.

    Cash is what payments settled of invoices and other debits, on the day of the match; a payment matched with nothing
    is not counted. A closing is judged where a payment and 90 days of sales were known by it, and the ledger tells all
    of the weeks after it: not beyond its last day, not where sales have stopped coming in, not where the file is cut
    (of a list drawn from payments, what was unpaid at its end is missing).

    Args:
        ledger: the ledger.
        closings: the days to forecast from; by default the last thirteen that can be judged, four weeks apart.
        weeks: how many weeks after each, 1 to 52.
        future_sales: whether invoices to come count. Without them, only what was open at the closing is forecast, and
            only what was paid of it is set against it.
        progress: told the share done, once a closing.

    Returns:
        Empty tables, and a verdict that says so, where no closing can be judged.

    Raises:
        ArlibError: the weeks are out of range.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise ArlibError(say("forecast.range", weeks=weeks, months=1))
    actual = Actual.of(ledger)
    asked = _days(closings) if closings is not None else _every_day(actual, weeks)
    told = asked[(asked >= actual.told_from) & actual.whole(asked, WEEK * weeks)]
    chosen = told if closings is not None or not len(told) else told[(told[-1] - told) % EVERY == 0][-LAST_CLOSINGS:]
    past = PastClosings(ledger, actual.last, weeks)
    tables = [_closing(past, int(day), future_sales=future_sales) for day in followed(chosen, progress)]
    weekly = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    return ForecastBacktest(
        closings=tuple(to_dates(chosen)),
        weekly=weekly,
        totals=totals_of(weekly, weeks),
        left_out=tuple(to_dates(np.setdiff1d(asked, chosen))) if closings is not None else (),
        future_sales=future_sales,
        undated=actual.undated is not None,
    )


def _days(closings: Sequence[Day]) -> Days:
    return np.unique(np.array([day_number(as_day(day)) for day in closings], dtype=np.int64))


def _every_day(actual: Actual, weeks: int) -> Days:
    """All days that may be closings, once the ledger is old enough for its sales to be repeated."""
    return np.arange(day_number(actual.ledger.covers[0]) + YOUNG, actual.last - WEEK * weeks + 1)


def _closing(past: PastClosings, day: int, *, future_sales: bool) -> pd.DataFrame:
    """The weeks after one closing: what was forecast, what the calendars said, what came in."""
    ledger, weeks = past.ledger, past.weeks
    laws = payment_laws(ledger, to_dates(np.array([day]))[0])
    ends, opened = week_ends(day, weeks), open_claims(ledger, laws)
    basis = Basis(
        ledger=ledger,
        laws=laws,
        periods=Periods.ending(day, ends),
        opened=opened,
        agreed=Agreed.none(opened),
        ahead=sales_ahead(ledger, laws, WEEK * weeks) if future_sales else None,
        experience=past.before(day),
        disputed=np.zeros(len(ledger.items), dtype=bool),
        held_until=NEVER_HELD,
    )
    low, middle, high = basis.outlook.band
    said = {
        "actual": past.paid(basis.periods, None if future_sales else day),
        "expected": basis.outlook.expected,
        "p10": low,
        "p50": middle,
        "p90": high,
        "contractual": basis.contractual,
        "mean_delay": _mean_delay(basis, laws),
    }
    single = {name: values[:weeks] for name, values in said.items()}
    cumulated = {f"{name}_cumulated": np.maximum.accumulate(values[weeks:]) for name, values in said.items()}
    when = {"closing": to_dates(np.full(weeks, day)), "week": np.arange(1, weeks + 1), "ends_on": to_dates(ends)}
    return pd.DataFrame(when | single | cumulated)


def _mean_delay(basis: Basis, laws: PaymentLaws) -> Floats:
    total = with_mean_delay(laws, basis.opened, basis.periods)
    return total if basis.ahead is None else total + with_mean_delay(laws, basis.ahead.claims, basis.periods)
