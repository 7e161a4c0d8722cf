"""How far sales may be from those of the year before, and what that does to the receivable, the cash and the DSO."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arlib.calendar import WEEK
from arlib.measures.dso import DAYS
from arlib.schema import HALF_CENT, Days, Floats, day_number, sum_by_code
from arlib.simulation.sales.past import Flows
from arlib.simulation.sales.plan import YEAR, SalesPlan, years_ahead
from arlib.words import Sentence, say

if TYPE_CHECKING:
    from arlib.simulation.base import SimulationBase
    from arlib.simulation.outlook.by_week import ByWeek

LEAST_LEVEL = 0.05  # of sales: one year that came back as it was does not show that the next one will
LEAST_SEASON = 0.15  # of sales: the same where less than a year comes back, and so no season
FEWEST_WEEKS = 13  # that have come back, for the year before to be what they are compared with
MOST_CARRIED = (-0.5, 1.0)  # sales halved or doubled within a year: a file that begins or stops, not customers who buy
WEEKS = YEAR // WEEK
STEP = 4  # weeks: what slips from one to the next, as invoicing at a month's end does, does not add up


@dataclass(frozen=True)
class SalesRisk:
    """How far sales came from those repeated in their place, in the ledger's own past.

    Attributes:
        level: standard deviation of what all sales to come are more or less by, as a share of them.
        noise: standard deviation of a week's sales, each week by its own chance, as a share of a usual week.
        weekly: sales of a usual week now.
        weeks: that were compared.
        growth: of the sales of the latest year, or what there is of it, on the same weeks of the year before; 0 where
            no year can be compared.
        carried: what of it is expected to last, and raises the sales that come back.
    """

    level: float
    noise: float
    weekly: float
    weeks: int
    growth: float = 0.0
    carried: float = 0.0

    @property
    def unit(self) -> float:
        """The variance of what is sold by chance, for each unit sold."""
        return self.noise**2 * self.weekly


@dataclass(frozen=True, eq=False)
class SalesVariance:
    """Variances on each day that come from sales not being as planned; all (days,).

    Attributes:
        sold: of sales since the day asked.
        receivable: of what is owed.
        cash: of what is received.
        ratio: of what is owed less DSO / 90 × the sales of the last 90 days: × (90 / these)², of the DSO.
        recent: of the sales of these 90 days, as a share of their square; at most 1.
        square: the mean square of what an invoice to come is multiplied by, chance left aside: what this makes of
            variances of amounts.
    """

    sold: Floats
    receivable: Floats
    cash: Floats
    ratio: Floats
    recent: Floats
    square: float


def estimate_sales_risk(sales: pd.DataFrame, day: pd.Timestamp, period: int) -> SalesRisk:
    """The level and the chance of the errors a plan that repeats sales would have made.

    Each week is compared with the one `period` days before; with less than thirteen such weeks, the later half of the
    history with the earlier one. The level is by how much years differ, in either direction (root mean square): so few
    figures that it is never taken below 5 %, nor below 15 % where less than a year comes back and the season is not
    known. The chance of a week is half the mean square of how the difference changes from four weeks to the next four,
    a week of them: level, season and slow growth fall out of it.

    Of the growth of the latest year, the share 5 %² / (5 %² + s²) is expected to last, s being what chance alone makes
    of as many weeks: the mean of a growth of 5 % or so, up or down, once a year has told of it. Never more than a
    doubling of sales is, nor than a halving.

    By hand: 10 a week for a year, then 12, nothing else: level and growth 20 %, chance 0, all of it carried on. With a
    chance of 5 % of a year's sales, half of it would be.

    Source: the normal mean of a normal prior (Gelman et al., Bayesian Data Analysis, §2.5).

    Args:
        sales: of the ledger, as `known_sales` gives them; again, the day each comes back (`SalesPlan.comes_back`),
            `period` days later where that is not told.
        day: the day asked.
        period: days of past sales that are repeated.
    """
    issued, amount = sales["issued"].to_numpy(), sales["amount"].to_numpy()
    today = day_number(day)
    weeks = (today - int(issued.min()) + 1) // WEEK if len(issued) else 0
    week = _by_week(today - issued, amount, weeks)
    shift = period // WEEK if weeks - period // WEEK >= FEWEST_WEEKS else weeks // 2
    repeated = week[: weeks - shift] if shift else week[:0]
    if "again" in sales and shift == period // WEEK:
        repeated = _by_week(today - sales["again"].to_numpy(), amount, weeks - shift)
    usual = repeated.mean() if len(repeated) else 0.0
    weekly = float(week[-(period // WEEK) :].mean()) if weeks else 0.0
    if usual <= HALF_CENT or weekly <= HALF_CENT:
        return SalesRisk(1.0, 1.0, max(weekly, 0.0), 0)
    error = (week[shift:] - repeated) / usual
    least = LEAST_LEVEL if period >= YEAR else LEAST_SEASON
    noise = _noise(error, week / weekly)
    growth, carried = _growth(error, repeated / usual, noise) if shift == WEEKS else (0.0, 0.0)
    return SalesRisk(max(_level(error), least), noise, weekly, len(error), growth, carried)


def level_told(plan: SalesPlan, risk: SalesRisk) -> list[Sentence]:
    """How the latest sales compare with those of a year before, and what of it raises or lowers a plan."""
    if plan.level == 1:
        return []
    key = f"simulation.sales_{'rose' if risk.growth > 0 else 'fell'}"
    return [say(key, weeks=min(risk.weeks, WEEKS), growth=abs(risk.growth), carried=abs(plan.level - 1))]


def sales_variance(base: "SimulationBase", sales: "ByWeek", billed: Floats, receivable: Floats) -> SalesVariance:
    """What the uncertainty of sales adds to the variances of a policy, in closed form.

    All sales to come are more or less by one share, which counts as many times as the plan is years old; and each week
    by its own chance, whose variance is in proportion to what the plan sells in it. Of what a week sells, a part x is
    owed on a day: it makes the receivable vary by x² times as much, and the DSO by (x − DSO / 90 × the part sold in
    the last 90 days)², as more sales make more owed and are more to divide it by. What chance makes of who buys in a
    week, and so of what of it is paid by then, adds to it (`ByWeek.apart`), and of who pays in which way (`who`).
    Invoices come as by chance do those of a Poisson process, whose variance is as large.

    By hand: sales of 700 a week, chance 50 %, level 10 %. Of four weeks owed in full and two of which half is, 2,800 +
    700, chance makes 350² × (4 + 2 / 4) where each invoice is owed by half, after a deposit, and 350² × (4 + 2 / 2)
    where one invoice of two is; the level makes 350².

    Args:
        base: the ledger, prepared.
        sales: what each week to come brings under the policy.
        billed: (days,) issued on each day.
        receivable: (days,) owed at the end of each day, of the opening too.
    """
    risk, plan = base.sales_risk, base.sold_by_week
    chance = np.divide(risk.unit, plan, out=np.zeros_like(plan), where=plan > 0)
    begins = np.maximum(np.arange(len(plan)) * WEEK, 1)
    years = years_ahead(begins, day_number(base.as_of)).astype(np.float64)  # by which the plan is old
    square = 1 + risk.level**2
    who_buys = risk.unit * np.maximum(sales.apart, 0.0)

    def variance(moved: Floats, of_who: Floats) -> Floats:
        summed = chance @ moved**2 + (risk.level * (years @ moved)) ** 2 + of_who
        return np.asarray(np.maximum(summed, 0.0))

    owed = sales.billed - sales.received - sales.granted
    window = sales.billed - until_window(sales.billed)
    of_one = np.nan_to_num(Flows.of(base.past, billed, receivable).days_of_one() / DAYS)
    rate = receivable * of_one
    sold, received, left, recent, both = square * sales.who[0] + risk.unit * sales.who[1]
    return SalesVariance(
        sold=variance(sales.billed, sold),
        receivable=variance(owed, left) + who_buys,
        cash=variance(sales.received, received) + who_buys,
        ratio=variance(owed - rate * window, left - 2 * rate * both + rate**2 * recent) + who_buys,
        recent=np.minimum(variance(window, recent) * of_one**2, 1.0),
        square=square,
    )


def _level(error: Floats) -> float:
    """The root mean square of the mean error of each year, the latest last: one up and one down do not cancel out."""
    year = np.arange(len(error))[::-1] // WEEKS
    return float(np.sqrt((np.bincount(year, error) ** 2 / np.bincount(year)).sum() / len(error)))


def _growth(error: Floats, repeated: Floats, noise: float) -> tuple[float, float]:
    """The error of the latest year as a share of what was repeated, and what of it is expected to last."""
    latest, before = error[-WEEKS:], repeated[-WEEKS:].sum()
    if before <= 0:
        return 0.0, 0.0
    growth, chance = float(latest.sum() / before), noise * np.sqrt(len(latest)) / before
    lasting = growth * LEAST_LEVEL**2 / (LEAST_LEVEL**2 + chance**2)
    return growth, float(np.clip(lasting, *MOST_CARRIED))


def _by_week(back: Days, amount: Floats, weeks: int) -> Floats:
    """(weeks,) the sum of amounts of so many days back, by week up to today; of none to come."""
    week = np.clip(back // WEEK, -1, weeks)
    return sum_by_code(weeks - week, amount, weeks + 2)[1:-1]


def _noise(error: Floats, week: Floats) -> float:
    """The standard deviation of a week's error by chance; of two weeks of chance where too few were compared."""
    step = STEP if len(error) >= FEWEST_WEEKS else 1
    until = np.concatenate([[0.0], np.cumsum(error)])
    sums = until[step:] - until[:-step]
    change = sums[step:] - sums[:-step]
    if not len(change):
        return float(np.sqrt(2) * np.std(week)) if len(week) > 1 else 1.0
    return float(np.sqrt((change**2).mean() / (2 * step)))


def until_window(billed: Floats) -> Floats:
    """(weeks, days) what was billed when the window of the DSO that ends on each day began, 0 before the day asked."""
    return np.pad(billed, ((0, 0), (DAYS, 0)))[:, : billed.shape[1]]
