"""What a closing, knowing nothing later, expects of the periods after it, and between which bounds."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.schema import Codes, Days, Flags, Floats, day_number
from arlib.simulation.forecast.cash import Cash, Periods, Shares, paced
from arlib.simulation.forecast.claims import Claims, paid_by
from arlib.simulation.forecast.experience import WEEK, Experience
from arlib.simulation.forecast.quantiles import cash_quantile, student_factor

NEVER_HELD = np.iinfo(np.int64).min  # before any day: nothing is held back
_SHARES = (0.1, 0.5, 0.9)  # of outcomes, below each percentile of the band
PRIOR_FREEDOM = 8.0  # degrees of freedom of a band that no closing has tested; each closing adds one


@dataclass(frozen=True, eq=False)
class Outlook:
    """Cash expected by period of what is open and of what is to come, and its percentiles.

    Attributes:
        periods: the periods, in pairs of rows: single ones, then those since the closing (`Periods.ending`).
        opened: what is open.
        ahead: what is to come.
        experience: what earlier closings taught.
        doubt: the standard deviation of the level of what is to come, as a share of it.
        never: what is open and never expected, as a share of what is open and expected some day.
        most: what no period can bring more than.
    """

    periods: Periods
    opened: Cash
    ahead: Cash
    experience: Experience
    doubt: float
    never: float
    most: float

    @cached_property
    def expected(self) -> Floats:
        """(periods,) mean."""
        return self.opened.expected + self.ahead.expected

    @cached_property
    def band(self) -> tuple[Floats, Floats, Floats]:
        """(periods,) the 10th, the 50th and the 90th percentile."""
        low, middle, high = (
            np.minimum(cash_quantile(self.expected, self.deviation, share), self.most) for share in _SHARES
        )
        return low, middle, high

    @cached_property
    def deviation(self) -> Floats:
        """(periods,) the computed spread, times what errors were in spreads at earlier closings; and three doubts.

        A week counts as that week after them, several weeks as totals of as many; beyond the weeks asked, as the last.
        Beside it come the doubt about the level of sales, of which closings that were told the sales knew nothing, and
        the doubt about what is never paid: all of it where no closing was old enough to tell, half after one, a third
        after two. The fewer closings told, the less the spread itself is known: a Student law takes it further out.
        """
        learnt, longest = self.experience, len(self.experience.pace)
        week = np.minimum(weeks_of(self.periods)[self.periods.end - 1], longest - 1)
        lasts = np.minimum(-(-self.periods.days // WEEK), longest)
        inflation = np.where(lasts == 1, learnt.week_spread[week], learnt.total_spread[lasts - 1])
        told = learnt.told[np.maximum(week, lasts - 1)]
        chance = (self.opened + self.ahead).spread * inflation
        level = self.doubt * self.ahead.expected
        never = self.never / (1 + told) * self.opened.expected
        doubted = np.sqrt(chance**2 + level**2 + never**2)
        return np.asarray(doubted * student_factor(PRIOR_FREEDOM + told))


def by_law(
    laws: PaymentLaws, periods: Periods, experience: Experience, held: Flags | None = None, until: int = NEVER_HELD
) -> Shares:
    """The shares of claims paid by each cut: each customer's law, at the pace learnt.

    Args:
        laws: the laws.
        periods: the periods.
        experience: the pace.
        held: (items,) whether an item is held back.
        until: the day number before which nothing comes in of what is held back.
    """
    pace, today = pace_of(periods, experience), day_number(laws.as_of)

    def shares(claims: Claims) -> Floats:
        paid = paced(paid_by(laws, claims, today, periods.cuts), pace)
        if held is None:
            return paid
        return np.where(held[claims.item][:, None] & (periods.cuts < until), 0.0, paid)

    return shares


def promised_shares(periods: Periods, kept: float) -> Shares:
    """The shares of promises paid by each cut: the kept share, from the promised day on."""
    return lambda claims: np.where(periods.cuts >= claims.due[:, None], kept, 0.0)


def weeks_of(periods: Periods) -> Codes:
    """(cuts,) the week each stretch ends in, 0 for the first one."""
    return np.asarray((periods.cuts - periods.closing - 1) // WEEK)


def pace_of(periods: Periods, experience: Experience) -> Floats:
    """(cuts,) the pace of each stretch; 1 after the last week that closings tell of."""
    weeks = len(experience.pace)
    return np.append(experience.pace, 1.0)[np.minimum(weeks_of(periods), weeks)]


def week_ends(closing: int, weeks: int) -> Days:
    """The last days of the weeks that follow a closing, as day numbers."""
    return closing + WEEK * (np.arange(weeks) + 1)
