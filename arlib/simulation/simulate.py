"""Expected receivable, DSO and cash by day under policies, with the band eight outcomes of ten fall in."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.measures.dso import DAYS
from arlib.schema import HALF_CENT
from arlib.simulation.assumptions import assumptions
from arlib.simulation.base import SimulationBase, prepare
from arlib.simulation.curves import Curve, policy_curves
from arlib.simulation.policy import TODAY, Policy
from arlib.words import Sentence, say

YEAR_AHEAD = 365  # days
MOST_GROWTH = 10.0  # elevenfold in a year: more is a percentage taken for a share
BAND = 1.2815515655446004  # standard deviations from the mean to the 10th and 90th percentiles of a normal


@dataclass(frozen=True, eq=False)
class Simulation:
    """What is expected under each policy, and what it rests on.

    Attributes:
        daily: one row a policy and day, "today" first: policy, day (the day asked first), receivable, dso, cash
            (received that day), cash_cumulated (since the day asked); receivable, dso and cash_cumulated also with
            _low and _high, the 10th and 90th percentiles. dso is receivable / sales of the last 90 days × 90; nan
            while these begin before the ledger or are not positive.
        summary: one row a policy: policy, sales (of the horizon), receivable_start, receivable_average,
            receivable_end, receivable_end_low, receivable_end_high, dso_start, dso_average, dso_end, dso_gained
            (days less than today's terms on the last day), cash, cash_gained (more than under today's terms by
            the last day: working capital freed).
        assumptions: what these figures rest on, and what the band does not hold.
        as_of: the day asked.
        currency: of the amounts.
    """

    daily: pd.DataFrame
    summary: pd.DataFrame
    assumptions: tuple[Sentence, ...]
    as_of: pd.Timestamp
    currency: str


def simulate(
    source: Ledger | SimulationBase,
    policies: Policy | Iterable[Policy] = (),
    as_of: Day | None = None,
    *,
    horizon: int | None = None,
    sales_growth: float = 0.0,
) -> Simulation:
    """Expected receivable, DSO and cash of each day under today's terms and under each policy.

    What is open runs off by each customer's payment law given that it is unpaid today; the invoices of the last
    twelve months come back 364 days later and are paid by the same laws, counted from the due date the policy
    gives them, on open days of the laws' calendar, and told apart by its weekday. Expectations and variances are in
    closed form: no draws, the same figures each time.

    The band adds up three independent parts: each invoice's own chance, a shift of each customer's payments and a
    shift of all payments, whose sizes come from the ledger's months (`estimate_shocks`) and last the whole
    horizon. It is normal, and does not hold the uncertainty of sales.

    Args:
        source: a ledger, or what `prepare` made of it, which makes a policy a matter of milliseconds.
        policies: what to compare with today's terms, which are always the first.
        as_of: the day asked; the ledger's last one by default; left out when `source` is prepared.
        horizon: days to look ahead, up to three years; a year, or what was prepared, where none is given.
        sales_growth: growth of sales a year, 0.05 for 5 %.

    Raises:
        ArlibError: a policy names unknown customers or segments or an earlier one's name, the horizon or growth is
            out of range, or no payment is known by the day.
    """
    if not -1 <= sales_growth <= MOST_GROWTH:
        raise ArlibError(say("simulation.growth", growth=sales_growth))
    if isinstance(source, SimulationBase):
        base, horizon = source, source.horizon if horizon is None else horizon
    else:
        horizon = YEAR_AHEAD if horizon is None else horizon
        base = prepare(source, as_of, horizon=horizon)
    policies = (policies,) if isinstance(policies, Policy) else policies
    if horizon > base.horizon or (as_of is not None and as_day(as_of) != base.as_of):
        raise ArlibError(say("simulation.prepared", day=base.as_of, days=base.horizon))
    tried = tuple(policy for policy in policies if policy != TODAY)
    names = [TODAY.name, *(policy.name for policy in tried)]
    if len(set(names)) < len(names):
        raise ArlibError(say("simulation.twice"))
    curves = policy_curves(base, tried, sales_growth, horizon)
    daily = [_daily(base, name, curve) for name, curve in zip(names, curves, strict=True)]
    return Simulation(
        daily=pd.concat(daily, ignore_index=True),
        summary=_summary(daily, curves),
        assumptions=assumptions(base, tried, sales_growth),
        as_of=base.as_of,
        currency=base.ledger.currency,
    )


def _daily(base: SimulationBase, name: str, curve: Curve) -> pd.DataFrame:
    """The rows of one policy; what is received is what was owed and billed and is owed no more."""
    start = base.opening.owed + base.opening.unapplied
    due = start + np.cumsum(curve.billed)
    half = BAND * np.sqrt(curve.variance)
    receivable = due - curve.paid
    low, high = np.maximum(receivable - half, base.opening.unapplied), np.minimum(receivable + half, due)
    days = len(receivable)
    sales = np.convolve(np.concatenate([base.past_sales, curve.billed[1:]]), np.ones(DAYS), "valid")
    ratio = np.divide(DAYS, sales, out=np.full(days, np.nan), where=sales > HALF_CENT)
    columns = {
        "day": base.as_of + pd.to_timedelta(np.arange(days), unit="D"),
        "receivable": receivable,
        "receivable_low": low,
        "receivable_high": high,
        "dso": receivable * ratio,
        "dso_low": low * ratio,
        "dso_high": high * ratio,
        "cash": np.diff(curve.paid, prepend=curve.paid[0]),
        "cash_cumulated": curve.paid,
        "cash_cumulated_low": due - high,
        "cash_cumulated_high": due - low,
    }
    return pd.DataFrame(columns).assign(policy=name)[["policy", *columns]]


def _summary(daily: list[pd.DataFrame], curves: list[Curve]) -> pd.DataFrame:
    """One row a policy, compared with the first one."""
    rows = [_figures(days, curve) for days, curve in zip(daily, curves, strict=True)]
    summary = pd.DataFrame(rows)
    summary["dso_gained"] = summary["dso_end"].iloc[0] - summary["dso_end"]
    summary["cash_gained"] = summary["cash"] - summary["cash"].iloc[0]
    return summary


def _figures(daily: pd.DataFrame, curve: Curve) -> dict[str, str | float]:
    last = daily.iloc[-1]
    return {
        "policy": last["policy"],
        "sales": float(curve.billed.sum()),
        "receivable_start": daily["receivable"].iloc[0],
        "receivable_average": daily["receivable"].mean(),
        "receivable_end": last["receivable"],
        "receivable_end_low": last["receivable_low"],
        "receivable_end_high": last["receivable_high"],
        "dso_start": daily["dso"].iloc[0],
        "dso_average": daily["dso"].mean(),
        "dso_end": last["dso"],
        "cash": last["cash_cumulated"],
    }
