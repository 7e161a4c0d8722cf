"""Whether a customer pays later than it used to, and how sure that is."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.behaviour import Evidence
from arlib.risk.chain import later_in_words, later_than
from arlib.risk.interval import probability_higher
from arlib.risk.scorecard import Scorecard
from arlib.schema import Flags, Floats, day_number, sum_by_code
from arlib.words import Language, Sentence, say

_NEVER_SURE = 0.999


class _Counts(NamedTuple):
    """Invoices of each customer: later than the threshold or never paid, and paid by it."""

    late: Floats
    on_time: Floats

    @property
    def all(self) -> Floats:
        """Invoices late or not."""
        return self.late + self.on_time


def payment_trends(evidence: Evidence, days_late: int, card: Scorecard, language: Language) -> pd.DataFrame:
    """Whether the late rate of a customer's last `card.trend_days` is above its earlier one, with the probability.

    An invoice is late or not at the end of the day `days_late` after its due date, paid by then or not: those decided
    in the last days are set against those decided before, all ages alike. What is not decided yet is left out, since
    of that the punctual part is known first.

    One row a customer, in the order of the evidence: trend_probability, that the new rate is above the old one (0.5
    where the counts do not tell, nan below `card.trend_history` invoices on either side); trend, "worse" above
    `card.trend_probability`, "better" below one less it, else empty; trend_reason, a sentence with the counts where
    there is a trend, else empty.

    The two beta posteriors have the priors least favourable to a change, so that no late invoice of ten tells nothing
    of a customer late once in thirty: steady customers wear an arrow on either side at most once in twenty. Up to
    0.95 there is none: between 0.2 and 0.8 nothing was found to follow, and from 0.8 on one steady customer in five
    would wear one. Invoices of one customer move together, which makes the probability too sure still.

    Source: Altham (1969): with these priors it is one less Fisher's exact p. On published lists, customers beyond
    0.95 did go on getting worse, and those below 0.05 getting better.
    """
    decided_on, today = evidence.due + days_late, day_number(evidence.as_of)
    decided, recent = decided_on <= today, decided_on > today - card.trend_days
    late = later_than(evidence, days_late)
    new, old = (_counts(evidence, late, decided & chosen) for chosen in (recent, ~recent))
    enough = np.minimum(new.all, old.all) >= card.trend_history
    rise, fall = _surely_above(new, old), _surely_above(old, new)
    probability = np.where(enough, np.clip(0.5, rise, 1 - fall), np.nan)
    beyond = [probability > card.trend_probability, probability < 1 - card.trend_probability]
    trend = np.select(beyond, ["worse", "better"], "")
    until = evidence.as_of - pd.Timedelta(days=days_late)
    shared = {
        "first": until - pd.Timedelta(days=card.trend_days - 1),
        "last": until,
        "later": later_in_words(days_late),
    }
    rows = zip(trend, probability, new.late, new.all, old.late, old.all, strict=True)
    told = [_reason(shared, *row).text(language) if row[0] else "" for row in rows]
    return pd.DataFrame({"trend_probability": probability, "trend": trend, "trend_reason": pd.array(told, dtype="str")})


def _reason(shared: Mapping[str, object], trend: str, probability: float, *counts: float) -> Sentence:
    """The counts of both sides, parts of invoices added up; `shared` is what late is, and the new side's due dates."""
    names = ("late", "of", "late_before", "of_before")
    sure = min(max(probability, 1 - probability), _NEVER_SURE)
    return say(f"risk.trend.{trend}", probability=sure, **dict(zip(names, map(round, counts), strict=True)), **shared)


def _counts(evidence: Evidence, late: Flags, chosen: Flags) -> _Counts:
    size = len(evidence.customers)
    sides = (chosen & late, chosen & ~late)
    return _Counts(*(sum_by_code(evidence.customer[side], evidence.weight[side], size) for side in sides))


def _surely_above(high: _Counts, low: _Counts) -> Floats:
    """The probability that one rate is above another by the priors that favour it least: Beta(0, 1), and Beta(1, 0)."""
    some = (high.late > 0) & (low.on_time > 0)  # else one is surely at its end of the scale
    counts = (high.late, high.on_time + 1), (low.late + 1, low.on_time)
    above = np.zeros(len(some))
    above[some] = probability_higher(*((late[some], on_time[some]) for late, on_time in counts))
    return above
