"""Every DSO made of flows, on each day of a simulation: on the day asked, each is the ledger's own of the same name.

Each function takes the `Flows` of a policy and gives one figure a day simulated, nan where the measure of its name has
none: its formula and its source are there (`arlib.measures.dso`). A DSO of the months of invoice of what is open
(`sales_weighted_dso`, `true_dso`) is not one of flows, nor is `life_to_date_dso`, which needs to know what is left of
the openings.
"""

import numpy as np

from arlib.measures.dso.balance import MONTHS
from arlib.measures.dso.countback import walk_back
from arlib.measures.dso.standing import DAYS
from arlib.schema import HALF_CENT, Codes, Days, Floats
from arlib.simulation.base import SimulationBase
from arlib.simulation.outlook.curves import Curve
from arlib.simulation.sales.past import Flows, Past

LAST_DAYS = 30  # whose mean DSO and cash say where a policy leads: the last day itself may be a special one


def methods_of(base: SimulationBase, past: Past, curve: Curve) -> dict[str, Floats]:
    """Every DSO of a policy by name, one figure a day: what `Simulation.methods` holds.

    Args:
        base: what was simulated.
        past: its past, under the policy.
        curve: of the policy.
    """
    opening = base.opening
    flows = Flows.of(past, curve.billed, curve.receivable(opening.owed + opening.unapplied))
    not_due = flows.receivable - opening.unapplied - curve.undated - curve.overdue
    return {
        "dso": dso(flows),
        "countback_dso": countback_dso(flows),
        "daily_countback_dso": daily_countback_dso(flows),
        "average_balance_dso": average_balance_dso(flows),
        "monthly_average_dso": monthly_average_dso(flows),
        "best_possible_dso": best_possible_dso(flows, not_due),
        "delinquent_dso": delinquent_dso(flows, curve.overdue),
    }


def dso(flows: Flows) -> Floats:
    """Receivable / sales of the last 90 days × 90, on each day."""
    return _not_in_credit(flows.receivable) * flows.days_of_one()


def month_mean(by_day: Floats) -> Floats:
    """The mean of the last 30 days simulated, or of all where they are fewer, the day asked left out.

    Args:
        by_day: (…, days) a figure a day, the day asked first.
    """
    return np.asarray(by_day[..., 1:][..., -LAST_DAYS:].mean(axis=-1))


def month_before(past: Past, horizon: int) -> float:
    """The mean DSO of the days up to the one asked, as many as `month_mean` takes of a horizon; nan where one has none.

    Args:
        past: the days up to the one asked.
        horizon: days simulated.
    """
    return float(dso(Flows.before(past, min(LAST_DAYS, horizon))).mean())


def best_possible_dso(flows: Flows, not_due: Floats) -> Floats:
    """What is not due yet / sales of the last 90 days × 90, on each day."""
    return not_due * _days_owed(flows)


def delinquent_dso(flows: Flows, overdue: Floats) -> Floats:
    """What is overdue / sales of the last 90 days × 90, on each day."""
    return overdue * _days_owed(flows)


def average_balance_dso(flows: Flows) -> Floats:
    """Mean of what is owed at the two ends of the last 90 days / their sales × 90, on each day."""
    mean = (flows.owed_on(flows.days - DAYS) + flows.receivable) / 2
    return _not_in_credit(mean) * flows.days_of_one()


def monthly_average_dso(flows: Flows) -> Floats:
    """Mean of what is owed at 13 month ends / sales of the twelve months between them × their days, on each day."""
    ends = np.stack([_months_before(flows, months) for months in range(MONTHS, -1, -1)])
    return _not_in_credit(flows.owed_on(ends).mean(axis=0)) * flows.days_of_one(flows.days - ends[0])


def countback_dso(flows: Flows) -> Floats:
    """Days counted back until the sales of the latest calendar months add up to the receivable, on each day."""
    newest = _month(flows.days + flows.past.today)
    oldest = int(_month(np.array([flows.start + flows.past.today]))[0])

    def sales_of_month(back: int, cells: Codes) -> tuple[Floats, Floats]:
        begins, next_begins = (_begins(flows, newest[cells] - back + later) for later in (0, 1))
        upper = np.maximum(np.minimum(next_begins - 1, flows.days[cells]), flows.start - 1)
        lower = np.maximum(begins, flows.start) - 1
        return (flows.sold_by(upper) - flows.sold_by(lower)).round(2), (upper - lower).astype(np.float64)

    in_progress = _begins(flows, newest + 1) - 1 > flows.days
    found, _, _ = walk_back(flows.receivable, in_progress, int(newest.max()) - oldest + 1, sales_of_month)
    return _counted(flows, found)


def daily_countback_dso(flows: Flows) -> Floats:
    """Days counted back, one by one, until their sales reach the receivable, on each day.

    The last day up to which sales have not exceeded what had been sold by now less the receivable is the first one not
    counted. The least that is ever sold by a later day rises with the days even where credit notes exceed invoices.
    """
    least = np.minimum.accumulate(flows.sold[::-1])[::-1]
    uncounted = flows.sold_by(flows.days) - flows.receivable + HALF_CENT
    place = np.searchsorted(least, uncounted, side="right") - 1
    counted = np.where(place >= 0, flows.days - flows.start + 1 - place, np.nan)
    counted = np.where(np.abs(flows.receivable) <= HALF_CENT, 0.0, counted)
    return _counted(flows, np.where(flows.receivable < -HALF_CENT, np.nan, counted))


def _counted(flows: Flows, found: Floats) -> Floats:
    """Days counted back, from a day of which sales are told."""
    return np.where(flows.told(flows.days), found, np.nan)


def _days_owed(flows: Flows) -> Floats:
    """`days_of_one`, where customers owe more than they hold in credits."""
    return np.where(flows.receivable < -HALF_CENT, np.nan, flows.days_of_one())


def _not_in_credit(owed: Floats) -> Floats:
    return np.where(owed < -HALF_CENT, np.nan, owed)


def _month(day: Days) -> Days:
    """The month of day numbers, counted from January 1970."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _begins(flows: Flows, month: Days) -> Days:
    """The first day of months, counted from the day asked."""
    return month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - flows.past.today


def _months_before(flows: Flows, months: int) -> Days:
    """The same day of the month, some months before each day: the last where that one, or the month, has no such day.

    From the last day of a month, that of the other.
    """
    month = _month(flows.days + flows.past.today)
    begins, then = _begins(flows, month), _begins(flows, month - months)
    ends, then_ends = _begins(flows, month + 1) - 1, _begins(flows, month - months + 1) - 1
    same = np.minimum(then + flows.days - begins, then_ends)
    return np.where(flows.days == ends, then_ends, same)
