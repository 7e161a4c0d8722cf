"""How far payments move together: a shock common to all customers, and one of each customer's own, in days."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import Evidence
from arlib.behaviour.survival import FIRST_DAY, HALF_LIFE, PRIOR_INVOICES
from arlib.schema import Codes, Floats, day_number, numbered, sum_by_code
from arlib.simulation.flows.agenda import Agenda
from arlib.terms.periods import day_by_day, months_of

SETTLED_BY = 90  # lateness is held to this many days and months younger than it are left out: all is known of the rest
LEAST_SHOCK = 1.0  # days; a band without shocks is far too narrow, and too few months cannot show that there are none
FEWEST_MONTHS = 6
_CLOSED = 2  # days: what a shift of open days may go beyond that of as many days
LEAST_FREEDOM = 0.5  # invoices of a customer beyond one a month, under which its own noise is not known
WINDOW = 91  # days of due dates over which the laws of a day are held against what came: a horizon of a quarter

NODES = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)])  # Gauss-Hermite for a normal shock, in standard deviations
NODE_WEIGHTS = np.array([1 / 6, 2 / 3, 1 / 6])


@dataclass(frozen=True)
class Shocks:
    """Standard deviations, in days, of normal shifts of the day of payment.

    Attributes:
        common: of a shift of everybody together.
        own: of a shift of all the payments of one customer.
        months: months of due dates they were estimated from; below 6, both are the least shock of one day.
        missed: by how many days the laws missed the mean lateness of a quarter to come, at earlier closings, chance
            taken off (`law_error`); nan where no quarter tells. The common shift is no smaller.
        quarters: quarters that tell it.
    """

    common: float
    own: float
    months: int
    missed: float = np.nan
    quarters: int = 0

    @property
    def reach(self) -> int:
        """Whole days that no shift used in computing a variance moves a payment beyond."""
        return int(np.ceil(NODES[-1] * (self.common + self.own))) + _CLOSED + 1


def estimate_shocks(evidence: Evidence) -> Shocks:
    """The spread of monthly mean lateness, beyond what chance explains, in common and by customer.

    Lateness x of a piece of customer c due in month m is taken as μ_c + u_m + v_cm + ε, ε having a variance of
    each customer's own. With V = var(u) + var(v), the squares between each customer's months give V once its own
    noise, known from the squares within them, is taken off (one-way analysis of variance, unequal sizes); the
    squares of the months over all customers give var(u) the same way. Customers with one invoice a month at most
    do not tell. Never below one day; the common one not below what the laws have missed (`law_error`) either.
    """
    settled = evidence.due <= day_number(evidence.as_of) - SETTLED_BY
    missed, quarters = law_error(evidence)
    least = max(float(np.nan_to_num(missed)), LEAST_SHOCK)
    month = day_by_day(months_of, evidence.due[settled])
    months = len(pd.unique(month))
    if months < FEWEST_MONTHS:
        return Shocks(least, LEAST_SHOCK, months, missed, quarters)
    late = np.clip(evidence.days_late[settled], FIRST_DAY, SETTLED_BY).astype(np.float64)
    customer, _ = numbered(evidence.customer[settled])  # others must not change how sums round
    both, common = _components(late, evidence.weight[settled], customer, month - month.min())
    own = np.sqrt(max(both - common, 0.0))
    return Shocks(max(float(np.sqrt(common)), least), max(float(own), LEAST_SHOCK), months, missed, quarters)


def law_error(evidence: Evidence) -> tuple[float, int]:
    """How far the laws of earlier closings were from the mean lateness of the quarter that followed, beyond chance.

    Closings are a quarter apart, back from the day before which all is known, and none comes before a whole quarter is
    known. At each, a customer is expected to be as late as on average so far, older due dates counting less and two
    invoices of the mean of all added, as its law is. The error e of a quarter is the mean over the money due in it;
    its chance b, that of a mean over customers drawn as blocks: Σ (a customer's own error, in money × days, beyond e)²
    / money². The variance of the laws' error is Σ w (e² − b) / Σ w, w being 1 / (b + 1 day²), never negative.

    By hand: three quarters of one customer, 10 days late, then one of 13: errors 0 and 3, chance 0 as one customer is
    all there is; √(9 / 2) = 2.1 days.

    Source: the moment estimator of DerSimonian and Laird (1986); chance by clusters (Liang and Zeger, 1986).

    Returns:
        Standard deviation in days, nan where no quarter tells; how many do.
    """
    known = day_number(evidence.as_of) - SETTLED_BY
    settled = evidence.due <= known
    back = (known - evidence.due[settled]) // WINDOW
    size = len(evidence.customers), int(back.max(initial=0)) + 1
    late = np.clip(evidence.days_late[settled], FIRST_DAY, SETTLED_BY)
    cell = evidence.customer[settled] * size[1] + size[1] - 1 - back

    def by_quarter(value: Floats) -> Floats:
        return sum_by_code(cell, value, size[0] * size[1]).reshape(size)

    weight, amount = evidence.weight[settled], evidence.amount[settled]
    young = np.exp2(np.arange(size[1]) * WINDOW / HALF_LIFE)
    invoices, days = (np.cumsum(by_quarter(each) * young, axis=1) / young for each in (weight, weight * late))
    everybody = _ratio(days.sum(axis=0), invoices.sum(axis=0))
    expected = (days + PRIOR_INVOICES * everybody) / (invoices + PRIOR_INVOICES)
    told = slice(1, -1)  # the first quarter is seldom whole
    owed, off = by_quarter(amount)[:, 2:], by_quarter(amount * late)[:, 2:]
    off -= owed * expected[:, told]
    money = owed.sum(axis=0)
    error = _ratio(off.sum(axis=0), money)
    chance = _ratio(((off - owed * error) ** 2).sum(axis=0), money**2)
    tells = 1 / (chance + LEAST_SHOCK**2) * (money > 0)
    if not tells.any():
        return np.nan, 0
    return float(np.sqrt(_variance(float(tells @ (error**2 - chance)), float(tells.sum())))), int((money > 0).sum())


def node_mean(curves: list[Floats]) -> Floats:
    """The mean over the nodes of a shock of the curve at each node."""
    return np.asarray(sum(weight * curve for weight, curve in zip(NODE_WEIGHTS, curves, strict=True)))


def node_variance(curves: list[Floats]) -> Floats:
    """The variance over the nodes of a shock of the curve at each node."""
    mean = node_mean(curves)
    return node_mean([(curve - mean) ** 2 for curve in curves])


def between(curve: Floats, days: int, shift: float, agenda: Agenda) -> Floats:
    """(…, days + 1) a cumulated curve that starts on day 0, every payment moved by `shift` days, none to day 0.

    Payments move by as many open days as there are in these (`Agenda.open_days`), in proportion between two.
    """
    rank, moved = agenda.last_rank(np.arange(days + 1)), agenda.open_days(shift)
    whole = int(np.floor(moved))
    part = moved - whole
    first, after = (np.clip(agenda.day(rank - each), 0, curve.shape[-1] - 1) for each in (whole, whole + 1))
    line = curve[..., first] * (1 - part) + curve[..., after] * part
    line[..., rank == rank[0]] = curve[..., :1]  # until the first open day after it
    return np.asarray(line)


def _components(late: Floats, weight: Floats, customer: Codes, month: Codes) -> tuple[float, float]:
    """Variance of the shocks together, and of the common one alone; neither negative."""
    size, width = int(customer.max()) + 1, int(month.max()) + 1
    cell, cells = numbered(customer * width + month)
    owner, when = cells // width, cells % width
    invoices, mean = _means(customer, late, weight, size)
    apart = late - mean[customer]
    in_cell, cell_mean = _means(cell, apart, weight, len(cells))
    within = sum_by_code(customer, weight * (apart - cell_mean[cell]) ** 2, size)
    seen = np.bincount(owner, minlength=size)
    freedom = invoices - seen
    telling = (freedom > LEAST_FREEDOM) & (seen > 1)
    noise = np.where(telling, _ratio(within, freedom), 0.0)
    kept = telling[owner]
    owner, when, in_cell, cell_mean = owner[kept], when[kept], in_cell[kept], cell_mean[kept]
    lost = _ratio(sum_by_code(owner, in_cell**2, size), invoices)
    between = float((in_cell * cell_mean**2).sum()) - float(((seen - 1) * noise).sum())
    both = _variance(between, float((invoices - lost)[telling].sum()))
    in_month, month_mean = _means(when, cell_mean, in_cell, width)
    crowd = _ratio(sum_by_code(when, in_cell**2, width), in_month**2)
    chance = _ratio(sum_by_code(when, in_cell * noise[owner], width), in_month**2)
    square = in_month * (month_mean**2 - both * crowd - chance)
    common = _variance(float(square.sum()), float((in_month * (1 - crowd)).sum()))
    return both, min(common, both)


def _means(codes: Codes, values: Floats, weight: Floats, size: int) -> tuple[Floats, Floats]:
    total = sum_by_code(codes, weight, size)
    return total, _ratio(sum_by_code(codes, weight * values, size), total)


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))


def _variance(squares: float, freedom: float) -> float:
    """A variance from its sum and its degrees of freedom: never negative, 0 without freedom."""
    return max(squares / freedom, 0.0) if freedom > 0 else 0.0
