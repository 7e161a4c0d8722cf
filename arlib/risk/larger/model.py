"""The larger model: a discrete-time hazard learnt from past closings, averaged with the payment laws."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from arlib.behaviour import payment_laws
from arlib.behaviour.survival import FIRST_DAY, LAST_DAY
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.risk.backtest.forecasts import LawForecast
from arlib.risk.larger.features import STEPS, WIDTHS, Known, step_of
from arlib.risk.larger.hazards import Hazards, require_trees
from arlib.risk.larger.learning import USUAL, Learning
from arlib.risk.larger.lessons import Window
from arlib.schema import Codes, Days, Floats, day_numbers, to_dates
from arlib.words import say

_BATCH = 8192  # invoices looked at at once, to bound memory
_SURE = 1 - 1e-9  # hazards are held below this: what is unpaid stays above 0
_SEED = 1


@dataclass(frozen=True, eq=False)
class LargerForecast:
    """The mean of the payment laws of a day and of the hazards learnt by then.

    Attributes:
        law: the laws as a forecast.
        known: what the hazards are asked with.
        hazards: what was learnt.
    """

    law: LawForecast
    known: Known
    hazards: Hazards

    def unpaid_on(self, items: Codes, on: Days) -> Floats:
        """See `arlib.risk.backtest.Forecast`."""
        learnt = np.empty(on.shape)
        for first in range(0, len(items), _BATCH):
            part = slice(first, first + _BATCH)
            learnt[part] = self._learnt(items[part], on[part])
        return (learnt + self.law.unpaid_on(items, on)) / 2

    def _learnt(self, items: Codes, on: Days) -> Floats:
        """What the hazards alone leave unpaid at the end of each day; within a step they are spread evenly."""
        followed, calendar = self.known.followed(items), self.known.laws.calendar
        invoice, step = np.indices(followed.law.shape)
        hazard = self.hazards.of(followed.rows(invoice.ravel(), step.ravel())).reshape(followed.law.shape)
        kept = np.log1p(-np.minimum(hazard, _SURE))
        before = np.cumsum(kept, axis=1) - kept
        due = day_numbers(self.known.ledger.items["due_on"].take(items))
        place = calendar.last_rank(on) - calendar.rank(due)[:, None]
        inside = np.clip(place, FIRST_DAY, LAST_DAY)
        at = step_of(inside)
        part = (inside - STEPS[at] + 1) / WIDTHS[at]
        unpaid = np.exp(np.take_along_axis(before, at, axis=1) + part * np.take_along_axis(kept, at, axis=1))
        return np.where(place < FIRST_DAY, 1.0, unpaid)


def larger_model(ledger: Ledger, day: pd.Timestamp, learning: Learning = USUAL) -> LargerForecast:
    """Learn from the invoices that followed the last nine month ends, by what was known at each and is known now.

    Each invoice is followed from step to step of open days until it is paid, or until today: an open one, and one
    written off, count as not yet paid. At each step the trees see what the customer's law of the closing before its
    booking says, the weekdays, the days of the month, the amount, the term and what the customer had overdue. The
    forecast is the plain mean of what they and the law leave unpaid. The same ledger and day give the same to the bit.

    Args:
        ledger: the ledger.
        day: the day whose knowledge is used.
        learning: the history asked for, and the effort.

    Raises:
        ArlibError: scikit-learn is not installed, or the ledger has too little history by that day.

    Source: discrete-time survival analysis (Singer and Willett, 1993) by gradient boosting.
    """
    require_trees()
    laws = payment_laws(ledger, day)
    evidence = laws.evidence
    lacking = learning.lacking(evidence)
    if lacking:
        raise ArlibError(lacking)
    ends = pd.date_range(end=laws.as_of - pd.Timedelta(days=1), periods=learning.closings, freq="ME")
    closings = learning.taught_by(evidence, day_numbers(ends.to_series()))
    rng, most = np.random.default_rng(_SEED), learning.invoices // learning.closings
    days = [*to_dates(closings), laws.as_of]
    windows = [Window.of(ledger, first, last, laws.as_of) for first, last in pairwise(days)]
    lessons = [part for window in windows for part in window.drawn(rng, most).lessons(ledger)]
    if sum(float((paid * weight).sum()) for _, paid, weight in lessons) < learning.least_paid:
        raise ArlibError(say("risk.larger.too_recent", day=laws.as_of, least=learning.least_paid))
    rows, paid, weight = (np.concatenate(parts) for parts in zip(*lessons, strict=True))
    hazards = Hazards.learnt(rows, paid, weight, learning.trees)
    return LargerForecast(LawForecast(ledger, laws), Known.of(ledger, laws), hazards)
