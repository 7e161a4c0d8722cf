"""What policies bring segment by segment, day by day: the same expectations, adding up to the whole."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from arlib.measures.dso.standing import Standing
from arlib.schema import Codes, Flags, Floats, day_number, sum_by_code, texts_by_code
from arlib.simulation.asked import Asked
from arlib.simulation.base import SimulationBase
from arlib.simulation.figures.methods import dso
from arlib.simulation.outlook.by_customer import customers_counted, owed_by_customer
from arlib.simulation.outlook.expected import Outlook
from arlib.simulation.policies.policy import Policy
from arlib.simulation.policies.scope import reminders_of_opening
from arlib.simulation.sales.past import Flows, Past
from arlib.simulation.sales.plan import known_sales


def simulate_by_segment(
    base: SimulationBase,
    policies: Policy | Iterable[Policy] = (),
    *,
    horizon: int | None = None,
    sales_growth: float | None = None,
) -> pd.DataFrame:
    """What each policy brings of each segment of customers, on each day.

    Args:
        base: what `prepare` made of a ledger.
        policies: what to compare with today's terms, which are always the first.
        horizon: days to look ahead; what was prepared by default.
        sales_growth: growth of sales a year, 0.05 for 5 %, instead of the level learnt.

    Returns:
        One row a policy, segment and day, the day asked first: policy, segment (missing for customers without one),
        day; sales, receivable, overdue, cash, dso, each as in `Simulation.daily`. Amounts add up to those there.

    Raises:
        ArlibError: as `simulate`.
    """
    asked = Asked.of(base, policies, horizon, sales_growth)
    codes, segments = _segments(base)
    pasts = [_past(base, codes == segment) for segment in range(len(segments))]
    rows = [
        _segment(Outlook(base, sales_growth, asked.horizon, within=mine[base.plan.customer]), policy, mine, past)
        for policy in asked.policies
        for mine, past in zip((codes == segment for segment in range(len(segments))), pasts, strict=True)
    ]
    size = asked.horizon + 1
    index = pd.RangeIndex(size * len(rows))
    place = np.repeat(np.arange(len(rows)), size)
    names = [policy.name for policy in asked.policies]
    frame = pd.DataFrame({name: np.concatenate([row[name] for row in rows]) for name in rows[0]})
    frame.insert(0, "policy", texts_by_code(names, place // len(segments), index))
    frame.insert(1, "segment", pd.Series(segments.take(place % len(segments)), index))
    frame.insert(2, "day", np.tile(base.as_of + pd.to_timedelta(np.arange(size), unit="D"), len(rows)))
    return frame


def _segments(base: SimulationBase) -> "tuple[Codes, pd.Index[str]]":
    """The segment of each customer of the laws, as a code of those of who counts; -1 for the others."""
    counted = customers_counted(base)
    theirs = base.ledger.customers.set_index("customer_id")["segment"].reindex(base.laws.customers[counted])
    codes = np.full(len(base.laws.customers), -1, dtype=np.intp)
    codes[counted], segments = pd.factorize(theirs, sort=True, use_na_sentinel=False)
    return codes, pd.Index(segments, dtype="str")


def _past(base: SimulationBase, mine: Flags) -> Past:
    """The past of the whole with the sales of some customers."""
    past = base.past
    sales = known_sales(Standing.of(base.ledger, base.as_of), base.laws.customers)
    day = sales["issued"].to_numpy() - day_number(base.as_of) + len(past.sold) - 1
    seen = mine[sales["customer"]] & (day >= 0)
    return replace(past, sold=sum_by_code(day[seen], sales["amount"].to_numpy()[seen], len(past.sold)))


def _segment(outlook: Outlook, policy: Policy, mine: Flags, past: Past) -> dict[str, Floats]:
    """The columns of one policy and segment."""
    base, days = outlook.base, outlook.horizon + 1
    expected = outlook.under(policy)
    open_ = base.opening.parts(reminders_of_opening(base, policy), mine)
    paid = expected.sales.paid() + np.cumsum(expected.dated) + sum(each.paid[:days] for each in open_)
    owed = owed_by_customer(base)[mine].sum()
    receivable = owed + np.cumsum(expected.billed - expected.discounts) - paid
    return {
        "sales": expected.billed,
        "receivable": receivable,
        "overdue": expected.overdue + sum(each.overdue[:days] for each in open_),
        "cash": np.diff(paid, prepend=paid[0]),
        "dso": dso(Flows.of(past.under(policy), expected.billed, receivable)),
    }
