"""The backtest of who pays late: at past closings, with what was known then, against what happened."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, group_codes
from arlib.progress import Progress, followed, unseen
from arlib.risk.backtest.capture import HORIZON
from arlib.risk.backtest.closing import CUSTOMER, DUE_DATE, LAW, PORTFOLIO, Closing, forecasts_at, said_at
from arlib.risk.backtest.forecasts import Predictor
from arlib.risk.backtest.outcomes import Outcomes, outcomes_of
from arlib.risk.backtest.ranking import calibration, discrimination, gains, measured
from arlib.risk.backtest.resampling import CustomerDraws
from arlib.risk.backtest.result import RiskBacktest
from arlib.risk.backtest.tables import (
    capture_curve_table,
    capture_table,
    dates_table,
    judged_at,
    left_out_table,
    predictions_table,
)
from arlib.risk.backtest.windows import Windows, windows_of
from arlib.schema import Codes, Flags, to_dates
from arlib.words import say

LONGEST = 365  # days late: beyond it the laws say nothing
SNAPSHOTS = 12  # closings at most whose worklists are compared
_NOBODY: Mapping[str, Predictor] = MappingProxyType({})
_TAKEN = {LAW, PORTFOLIO, CUSTOMER, DUE_DATE, "p_late", "late", "days_overdue", "amount", "overdue_amount", "best"}


def backtest_risk(  # noqa: PLR0913 - progress is no part of the question
    ledger: Ledger,
    closings: Sequence[Day] | None = None,
    *,
    until: Day | None = None,
    days_late: Sequence[int] = (0, 30),
    draws: int = 200,
    seed: int = 1,
    predictors: Mapping[str, Predictor] = _NOBODY,
    progress: Progress = unseen,
) -> RiskBacktest:
    """What the payment laws would have said at past closings of the invoices to come, and what those became.

    Each invoice booked after a closing and before the next is predicted once, from what was in the accounts at the
    end of that closing: its own customer and due date are all that is used of the invoice itself. It is late past a
    threshold for the share of it not paid by the end of that calendar day after the due date, written-off parts
    included, credited ones left out. An outcome is judged only where it is known: the threshold's day is before the
    last day covered. So the invoices of the last weeks are left out, and counted. What is due shortly before a cut
    of the file (a list drawn from payments ends in one) is left out too: only the quickly paid are in it.

    The segment of a customer is taken as the file has it, for every closing alike.

    Args:
        ledger: the ledger.
        closings: the days predicted from; by default the last twelve month ends whose invoices can be judged.
        until: the last day whose invoices are predicted; the last one known by default.
        days_late: how many calendar days after the due date is late, from 0 to 365; several are tested apart.
        draws: how many portfolios of customers are drawn for the intervals.
        seed: of those draws.
        predictors: other models by name, each a function of the ledger and the closing; tested beside the law.
        progress: told the share done, once a closing.

    Returns:
        Empty tables, and a verdict that says so, where nothing can be tested: no invoice whose outcome is known
        follows a closing by which a payment was known.

    Raises:
        ArlibError: a threshold is out of range, or a model has the name of another.
    """
    thresholds = _thresholds(days_late)
    models = _models(predictors)
    outcomes = outcomes_of(ledger)
    windows = windows_of(ledger, outcomes, closings, until, thresholds[-1])
    said = _said(ledger, outcomes, windows, thresholds, predictors, progress=progress)
    predictions = predictions_table(ledger, outcomes, windows, thresholds, said)
    customer, customers = _customers(ledger, outcomes)
    sampled = CustomerDraws.of(customers, draws, seed)
    parts = [judged_at(predictions, customer[windows.items], days, models) for days in thresholds]
    found = [measured(part, sampled) for part in parts]
    pairs = list(zip(parts, found, strict=True))
    return RiskBacktest(
        closings=tuple(windows.days),
        thresholds=thresholds,
        predictions=predictions,
        discrimination=pd.DataFrame([row for part, one in pairs for row in discrimination(part, one, sampled)]),
        gains=pd.DataFrame([row for part, one in pairs for row in gains(part, one, sampled, LAW)]),
        calibration=pd.concat([calibration(part, sampled, LAW) for part in parts], ignore_index=True),
        dates=dates_table(said, customer, sampled),
        capture=capture_table(said, customer, sampled),
        capture_curve=capture_curve_table(said),
        left_out=left_out_table(ledger, outcomes, windows, thresholds),
        cuts=tuple(to_dates(outcomes.cuts)),
        known_until=to_dates(np.array([outcomes.last]))[0],
    )


def _thresholds(days_late: Sequence[int]) -> tuple[int, ...]:
    chosen = tuple(sorted(set(days_late)))
    wrong = [days for days in chosen if not 0 <= days <= LONGEST]
    if wrong or not chosen:
        raise ArlibError(say("risk.days_late", days=wrong[0] if wrong else "–", longest=LONGEST))
    return chosen


def _models(predictors: Mapping[str, Predictor]) -> tuple[str, ...]:
    """The models that give probabilities, the law first."""
    taken = sorted(_TAKEN & set(predictors))
    if taken:
        raise ArlibError(say("risk.backtest.name", name=", ".join(taken)))
    return LAW, PORTFOLIO, CUSTOMER, *predictors


def _customers(ledger: Ledger, outcomes: Outcomes) -> tuple[Codes, int]:
    """The customer of each item among those who ever owed a dated item, and how many they are; 0 for other items."""
    codes, groups = group_codes(ledger, "customer_id")
    owing = np.unique(codes[outcomes.item])
    place = np.zeros(len(groups), dtype=np.intp)
    place[owing] = np.arange(len(owing))
    return place[codes], len(owing)


def _said(
    ledger: Ledger,
    outcomes: Outcomes,
    windows: Windows,
    thresholds: tuple[int, ...],
    predictors: Mapping[str, Predictor],
    *,
    progress: Progress,
) -> list[Closing]:
    """Every model at every closing: one look at the accounts of each day serves all questions."""
    compared = _compared(outcomes, windows)
    said = []
    for place, day in enumerate(followed(windows.days, progress)):
        items = windows.of(place)
        forecasts, overdue = forecasts_at(ledger, day, items, thresholds[-1], predictors)
        snapshot = int(windows.closings[place]) if compared[place] else None
        said.append(said_at(outcomes, items, thresholds, forecasts, overdue, compared=snapshot))
    return said


def _compared(outcomes: Outcomes, windows: Windows) -> Flags:
    """Which closings have a worklist to compare: what came in the 90 days after is known, and no cut lies in them."""
    known = windows.closings + HORIZON < outcomes.last
    cut = np.searchsorted(outcomes.cuts, windows.closings) < np.searchsorted(
        outcomes.cuts, windows.closings + HORIZON + 1
    )
    possible = np.flatnonzero(known & ~cut)
    chosen = np.zeros(len(windows.closings), dtype=bool)
    spread = np.linspace(0, len(possible) - 1, min(SNAPSHOTS, len(possible)))
    chosen[possible[np.rint(spread).astype(np.intp)]] = True
    return chosen
