"""The backtest of the simulation: today's terms simulated from past closings, against what came."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.measures.dso import DAYS
from arlib.progress import Progress, followed, unseen
from arlib.schema import Days, Floats, day_number, to_dates
from arlib.simulation.backtest.naive import NAIVE, naive_receivables
from arlib.simulation.backtest.outcome import Actual
from arlib.simulation.backtest.result import MEASURES, SimulationBacktest
from arlib.simulation.base import LONGEST_HORIZON, prepare
from arlib.simulation.results import BAND, Simulation
from arlib.simulation.sales.past import Flows
from arlib.simulation.simulate import simulate
from arlib.terms.rule import is_whole
from arlib.words import say

LAST_CLOSINGS = 12  # by default: a year, and no longer to compute the more years a ledger holds
_WEEK = 7
_COLUMNS = ("closing", "measure", "days", "day", "expected", "low", "high", "actual", *NAIVE)


def backtest_simulation(
    ledger: Ledger,
    closings: Sequence[Day] | None = None,
    *,
    horizon: int = 91,
    progress: Progress = unseen,
) -> SimulationBacktest:
    """Today's terms simulated from past closings, told only what was known then, held against what came.

    Sales are not told: the year before comes back, as in `simulate`. Each closing is compared at the end of every week
    up to the horizon. A closing is tested where a payment and 90 days of sales were known by then, and where the
    ledger tells everything up to the horizon: it has not ended, and no cut of the file (a list drawn from payments ends
    in one) leaves out what was issued. None is where the file does not date its invoices: what was owed is not known.

    Args:
        ledger: the ledger.
        closings: the days simulated from; by default the last twelve month ends that can be tested.
        horizon: days to look ahead, up to three years.
        progress: told the share done, once a closing.

    Returns:
        Empty tables, and a verdict that says so, where no closing can be tested.

    Raises:
        ArlibError: the horizon is not from 1 day to three years.
    """
    if not is_whole(horizon, 1, LONGEST_HORIZON):
        raise ArlibError(say("simulation.horizon", days=horizon, longest=LONGEST_HORIZON))
    actual = Actual.of(ledger)
    asked = _asked(ledger, closings)
    early = asked < actual.told_from
    tested = asked[~early & actual.whole(asked, horizon) & (actual.undated is None)]
    left_out = {"early": int(early.sum()), "unknown": int(len(asked) - early.sum() - len(tested))}
    days = to_dates(tested if closings is not None else tested[-LAST_CLOSINGS:])
    steps = np.append(np.arange(_WEEK, horizon, _WEEK), horizon)
    rows = [
        _from_closing(actual, simulate(prepare(ledger, day, horizon=horizon)), steps)
        for day in followed(days, progress)
    ]
    predictions = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=_COLUMNS)
    left_out = left_out if closings is not None else {}
    return SimulationBacktest(tuple(days), horizon, predictions, left_out, undated=actual.undated is not None)


def _asked(ledger: Ledger, closings: Sequence[Day] | None) -> Days:
    chosen = pd.date_range(*ledger.covers, freq="ME") if closings is None else map(as_day, closings)
    return np.unique(np.array([day_number(day) for day in chosen], dtype=np.int64))


def _from_closing(actual: Actual, simulation: Simulation, steps: Days) -> pd.DataFrame:
    """The rows of one closing: expected with its band, actual, and the naive ways, by measure."""
    today = day_number(simulation.as_of)
    came = actual.on(today + np.append(0, steps))
    expected = _expected(simulation)
    naive = _naive(simulation)
    tables = []
    for measure in MEASURES:
        columns = {name: curve[steps] for name, curve in {**expected[measure], **naive[measure]}.items()}
        tables.append(pd.DataFrame({"measure": measure, "days": steps, **columns, "actual": came[measure][1:]}))
    rows = pd.concat(tables, ignore_index=True)
    rows["closing"] = simulation.as_of
    rows["day"] = simulation.as_of + pd.to_timedelta(rows["days"], unit="D")
    return rows[list(_COLUMNS)]


def _expected(simulation: Simulation) -> dict[str, dict[str, Floats]]:
    """By measure, what is expected on each day, and the band."""
    daily, curve = simulation.daily, simulation.curves[0]
    sold, half = np.cumsum(curve.billed), BAND * np.sqrt(curve.sold_variance)
    ends = {"expected": "", "low": "_low", "high": "_high"}
    found = {
        measure: {name: daily[column + end].to_numpy() for name, end in ends.items()}
        for measure, column in (("receivable", "receivable"), ("dso", "dso"), ("cash", "cash_cumulated"))
    }
    return {"sales": {"expected": sold, "low": sold - half, "high": sold + half}, **found}


def _naive(simulation: Simulation) -> dict[str, dict[str, Floats]]:
    """By measure, what each naive way expects on each day; of sales it is what is planned, as everywhere."""
    base, billed = simulation.base, simulation.curves[0].billed
    receivable = simulation.daily["receivable"].to_numpy()
    of_one = Flows.of(base.past, billed, receivable).days_of_one()
    owed, sold = naive_receivables(base, billed, DAYS / of_one), np.cumsum(billed)
    return {
        "sales": dict.fromkeys(NAIVE, sold),
        "receivable": {name: owed[name] for name in NAIVE},
        "dso": {name: owed[name] * of_one for name in NAIVE},
        "cash": {name: receivable[0] + sold - owed[name] for name in NAIVE},
    }
