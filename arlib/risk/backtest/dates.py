"""How far the expected day of payment was from the real one, and how often the announced interval held it."""

from dataclasses import dataclass

import numpy as np

from arlib.risk.backtest.forecasts import FIRST_DAY
from arlib.risk.backtest.metrics import first_reached, ranked_probability_scores
from arlib.risk.backtest.outcomes import NEVER, Outcomes
from arlib.schema import Codes, Days, Floats, sum_by_code

LAST_DAY = 150  # calendar days after the due date: later payments count as paid then
RIPE = 60  # days after the due date by which a payment must have had time to come for its date to be judged
GRID = np.arange(FIRST_DAY, LAST_DAY + 1)
LOW, MEDIAN, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True, eq=False)
class Payments:
    """The payments, among some invoices, whose dates can be judged.

    Attributes:
        row: (payments,) position among these invoices, rising.
        days: (payments,) calendar days after the due date, within the grid; of what is unpaid, as of the last day.
        seen: (payments,) days of the grid that are known.
        share: (payments,) of their invoice.
    """

    row: Codes
    days: Days
    seen: Codes
    share: Floats

    def part(self, rows: slice, first: int) -> "Payments":
        """Some payments, their rows counted from the invoice `first`."""
        return Payments(self.row[rows] - first, self.days[rows], self.seen[rows], self.share[rows])


def payments_of(outcomes: Outcomes, items: Codes) -> Payments:
    """The payments of those of these invoices that were due at least 60 days before the last day known.

    What is still unpaid counts as paid on the last day known: the error is at least that, and no later day is asked.
    """
    ripe = outcomes.judged(RIPE)[items]
    place = np.full(len(outcomes.due), -1)
    place[items[ripe]] = np.flatnonzero(ripe)
    chosen = np.flatnonzero(outcomes.counts & (place[outcomes.item] >= 0))
    chosen = chosen[np.argsort(place[outcomes.item[chosen]], kind="stable")]
    item, amount, settled = outcomes.item[chosen], outcomes.amount[chosen], outcomes.settled[chosen]
    reach, row = outcomes.last - outcomes.due[item], place[item]
    late = np.where(settled == NEVER, reach, settled - outcomes.due[item])
    return Payments(
        row=row,
        days=np.clip(late, FIRST_DAY, LAST_DAY),
        seen=np.clip(reach - FIRST_DAY + 1, 0, len(GRID)),
        share=amount / sum_by_code(row, amount, len(items))[row],
    )


def date_errors(unpaid: Floats, payments: Payments) -> Floats:
    """(payments, 3): days the median was wrong by, whether P10 to P90 held the day, ranked probability score.

    Args:
        unpaid: (invoices, days) forecast over the grid, of the invoices the payments' rows are of.
        payments: their payments.
    """
    row, days = payments.row, payments.days
    low, middle, high = (first_reached(unpaid, share)[row] + FIRST_DAY for share in (LOW, MEDIAN, HIGH))
    scores = ranked_probability_scores(unpaid, row, days - FIRST_DAY, payments.seen)
    return np.stack([np.abs(days - np.minimum(middle, LAST_DAY)), (days >= low) & (days <= high), scores], axis=1)
