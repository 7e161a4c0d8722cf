"""What a simulation answers: day by day, in one line a policy, and what it rests on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.schema import Floats, texts_by_code
from arlib.simulation.assumptions import assumptions
from arlib.simulation.base import SimulationBase
from arlib.simulation.figures.costs import Costs, cost_columns
from arlib.simulation.figures.methods import dso, methods_of, month_before, month_mean
from arlib.simulation.figures.sentences import result_sentences
from arlib.simulation.outlook.curves import Curve
from arlib.simulation.policies.policy import Policy
from arlib.simulation.sales.past import Flows, Past
from arlib.words import Sentence

BAND = 1.2815515655446004  # standard deviations from the mean to the 10th and 90th percentiles of a normal


@dataclass(frozen=True, eq=False)
class Simulation:
    """What is expected under each policy, and what it rests on.

    Attributes:
        base: what was simulated.
        policies: today's terms, then what was tried.
        curves: theirs.
        growth: of sales, a year; None where they stay at their learnt level.
        costs: what money, losses and sales are worth.
    """

    base: SimulationBase
    policies: tuple[Policy, ...]
    curves: tuple[Curve, ...]
    growth: float | None
    costs: Costs

    @property
    def as_of(self) -> pd.Timestamp:
        """The day asked."""
        return self.base.as_of

    @property
    def currency(self) -> str:
        """Of the amounts."""
        return self.base.ledger.currency

    @cached_property
    def daily(self) -> pd.DataFrame:
        """One row a policy and day, "today" and the day asked first.

        Columns: policy, day; sales, issued that day; receivable, at its end; overdue, what of it is past due; dso,
        receivable / sales of the last 90 days × 90, nan while these begin before the ledger or are not positive; cash,
        received that day; cash_cumulated, since the day asked; discounts, granted that day. receivable, dso and
        cash_cumulated also with _low and _high, the 10th and 90th percentiles. Credits not matched yet come off the
        receivable and not off what is overdue.
        """
        return self._by_day(self._days)

    @cached_property
    def methods(self) -> pd.DataFrame:
        """Every DSO made of flows, one row a policy and day as `daily`.

        Columns: policy, day, and by the names of their measures dso, countback_dso, daily_countback_dso,
        average_balance_dso, monthly_average_dso, best_possible_dso, delinquent_dso. On the day asked each is the
        ledger's own, nan where that is.
        """
        return self._by_day(
            [methods_of(self.base, past, curve) for past, curve in zip(self._pasts, self.curves, strict=True)]
        )

    def _by_day(self, by_policy: list[dict[str, Floats]]) -> pd.DataFrame:
        """Columns of each policy as rows of them all."""
        days = self.as_of + pd.to_timedelta(np.arange(len(self.curves[0].billed)), unit="D")
        columns = {name: np.concatenate([each[name] for each in by_policy]) for name in by_policy[0]}
        codes = np.repeat(np.arange(len(by_policy)), len(days))
        names = texts_by_code([policy.name for policy in self.policies], codes, pd.RangeIndex(len(codes)))
        return pd.DataFrame({"policy": names, "day": np.tile(days, len(by_policy)), **columns})

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a policy, today's first, over the whole horizon.

        Columns: policy; sales; receivable_start, receivable_average, receivable_end with _low and _high;
        overdue_average, overdue_end; dso_start, that of the day asked, and dso_month_start, the mean of as many days up
        to it as dso_month has; dso_average, dso_month (mean of the last 30 days simulated, or of all where they are
        fewer: the last day may be a special one; nan where one of them has none) and dso_end, both with _low and _high
        (those of dso_month are means too: the band of a mean is no wider); dso_gained (days of dso_month less than
        under today's terms); cash, received by the last day; cash_month, received by each of the days of dso_month, on
        average; cash_gained (cash_month beyond that of today's terms: working capital freed, which swings within a
        month as due dates do); the columns of `cost_columns`; sentence, what all that says.
        """
        names = [policy.name for policy in self.policies]
        figures = [_figures(days) for days in self._days]
        columns = {name: np.array([each[name] for each in figures]) for name in figures[0]}
        columns["dso_gained"] = columns["dso_month"][0] - columns["dso_month"]
        columns["cash_gained"] = columns["cash_month"] - columns["cash_month"][0]
        horizon = len(self.curves[0].billed) - 1
        columns["dso_month_start"] = np.full(len(names), month_before(self.base.past, horizon))
        columns |= cost_columns(self.base, self.policies, self.curves, self.costs)
        told = result_sentences(self.base, self.policies, columns, horizon, self.costs)
        texts = {"policy": pd.Series(names, dtype="str")}
        return pd.DataFrame({**texts, **columns, "sentence": pd.Series(told, dtype="object")})

    @cached_property
    def _days(self) -> list[dict[str, Floats]]:
        """The columns of `daily`, policy by policy."""
        return [_daily(self.base, past, curve) for past, curve in zip(self._pasts, self.curves, strict=True)]

    @property
    def _pasts(self) -> list[Past]:
        return [self.base.past.under(policy) for policy in self.policies]

    @cached_property
    def assumptions(self) -> tuple[Sentence, ...]:
        """What these figures rest on, and what the band does not hold."""
        return assumptions(self.base, self.policies[1:], self.growth, len(self.curves[0].billed) - 1)


def _daily(base: SimulationBase, past: Past, curve: Curve) -> dict[str, Floats]:
    """The columns of one policy; the credits not matched yet stay as they are, whatever the band."""
    start, unapplied = base.opening.owed + base.opening.unapplied, base.opening.unapplied
    receivable = curve.receivable(start)
    most = receivable + curve.paid + BAND * np.sqrt(curve.sold_variance)  # were nothing paid of as much sold
    owed = BAND * np.sqrt(curve.variance)
    received = BAND * np.sqrt(curve.cash_variance)
    flows = Flows.of(past, curve.billed, receivable)
    days_owed, days_of_one = dso(flows), flows.days_of_one()
    days = BAND * np.sqrt(curve.dso_variance) * days_of_one
    return {
        "sales": curve.billed,
        "receivable": receivable,
        "receivable_low": np.maximum(receivable - owed, unapplied),
        "receivable_high": np.minimum(receivable + owed, most),
        "overdue": curve.overdue,
        "dso": days_owed,
        "dso_low": np.maximum(days_owed - days, unapplied * days_of_one),
        "dso_high": days_owed + days,
        "cash": np.diff(curve.paid, prepend=curve.paid[0]),
        "cash_cumulated": curve.paid,
        "cash_cumulated_low": np.maximum(curve.paid - received, 0.0),
        "cash_cumulated_high": np.minimum(curve.paid + received, most - unapplied),
        "discounts": curve.discounts,
    }


def _figures(days: dict[str, Floats]) -> dict[str, float]:
    dso_known = days["dso"][~np.isnan(days["dso"])]
    return {
        "sales": days["sales"].sum(),
        "receivable_start": days["receivable"][0],
        "receivable_average": days["receivable"].mean(),
        "receivable_end": days["receivable"][-1],
        "receivable_end_low": days["receivable_low"][-1],
        "receivable_end_high": days["receivable_high"][-1],
        "overdue_average": days["overdue"].mean(),
        "overdue_end": days["overdue"][-1],
        "dso_start": days["dso"][0],
        "dso_average": dso_known.mean() if len(dso_known) else np.nan,
        "dso_month": float(month_mean(days["dso"])),
        "dso_month_low": float(month_mean(days["dso_low"])),
        "dso_month_high": float(month_mean(days["dso_high"])),
        "dso_end": days["dso"][-1],
        "dso_end_low": days["dso_low"][-1],
        "dso_end_high": days["dso_high"][-1],
        "cash": days["cash_cumulated"][-1],
        "cash_month": float(month_mean(days["cash_cumulated"])),
    }
