"""What a policy brings and costs, in a few sentences: days and cash gained, financing, costs, and the law."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.measures.dso import DAYS
from arlib.measures.dso.standing import together
from arlib.schema import HALF_CENT, Floats
from arlib.simulation.base import SimulationBase
from arlib.simulation.figures.costs import Costs
from arlib.simulation.figures.methods import LAST_DAYS
from arlib.simulation.policies.policy import Policy
from arlib.simulation.policies.scope import reaches_any
from arlib.words import Sentence, say

Row = Mapping[str, float]

_SHOWN = 0.05  # of a day: less rounds to none of the tenths a sentence shows
_HALF = 0.5  # of a unit of money: expectations have no cents
INVOICING = "faster_invoicing_days"  # the lever that moves sales and receivable alike
_PRICES = ("discounts", "action_cost", "bad_debt", "margin_lost")


def result_sentences(
    base: SimulationBase, policies: Sequence[Policy], columns: Mapping[str, Floats], horizon: int, costs: Costs
) -> list[Sentence]:
    """What each line of a summary says: the first how today's terms go on, the others what a policy changes.

    Args:
        base: what was simulated.
        policies: today's terms first.
        columns: one figure a policy: those of the summary that are told, and those of `cost_columns`.
        horizon: days simulated.
        costs: the shares given.
    """
    lines = zip(*(column.tolist() for column in columns.values()), strict=True)
    today, *others = (dict(zip(columns, line, strict=True)) for line in lines)
    told = _Told(base, horizon, costs, today)
    return [told.today(), *(told.policy(policy, row) for policy, row in zip(policies[1:], others, strict=True))]


@dataclass(frozen=True, eq=False)
class _Told:
    """The sentences of one simulation.

    Attributes:
        base: what was simulated.
        horizon: days simulated.
        costs: the shares given.
        reference: the row of today's terms.
    """

    base: SimulationBase
    horizon: int
    costs: Costs
    reference: Row

    @property
    def until(self) -> pd.Timestamp:
        """The last day."""
        return self.base.as_of + pd.Timedelta(days=self.horizon)

    @property
    def _last_days(self) -> dict[str, object]:
        """The days whose mean DSO and cash are told."""
        return {"days": min(LAST_DAYS, self.horizon), "day": self.until}

    def today(self) -> Sentence:
        """How today's terms go on."""
        row, rate = self.reference, self.costs.financing_rate
        course = say("simulation.cost.today", owed=row["receivable_average"], cash=row["cash"], day=self.until)
        financing = say("simulation.cost.financing", amount=row["financing_cost"], rate=rate)
        told = [*self._sales_of_today(), self._dso_of_today(), course, None if rate is None else financing]
        return together(*told, self._law_today()) or course

    def policy(self, policy: Policy, row: Row) -> Sentence:
        """What a policy changes against today's terms, what that costs, and what of it the law does not allow."""
        if not reaches_any(self.base, policy, self.horizon):
            nobody = say("simulation.policy.reaches_nobody", policy=policy.name, day=self.until)
            return _joined(nobody, *self._prices(row))
        cash = _either("cash", row["cash_gained"], **self._last_days)
        sooner = say("simulation.dso.invoicing") if INVOICING in policy.levers else None
        costs = (self._financing(row), *self._prices(row), *self._net(row), self._law(row))
        return _joined(self._dso(policy.name, row), sooner, cash, *costs)

    def _sales_of_today(self) -> list[Sentence]:
        """A warning where none are to come, or where those that come back are old ones."""
        past, days = self.base.past, {"days": DAYS, "asked": self.base.as_of}
        if self.reference["sales"] < HALF_CENT:
            return [say("simulation.no_sales_to_come", day=self.until)]
        silent = past.edge is None and len(past.sold) >= DAYS and not past.sold[-DAYS:].any()
        return [say("simulation.no_late_sales", **days)] if silent else []

    def _dso_of_today(self) -> Sentence:
        """The mean DSO of some days, from those before the day asked to the last ones; where it has none, the day's."""
        row, until = self.reference, self._last_days | {"asked": self.base.as_of}
        start, month, end = row["dso_start"], row["dso_month_start"], row["dso_month"]
        if np.isnan(start) or np.isnan(end):
            key = "simulation.dso.unknown" if np.isnan(end) else "simulation.dso.later"
            return say(key, **until, end=end, reason=self._no_dso())
        if np.isnan(month):
            return say("simulation.dso.course_of_day", **until, start=start, end=end)
        return say("simulation.dso.course", **until, start=month, end=end)

    def _dso(self, policy: str, row: Row) -> Sentence:
        end, gained = row["dso_month"], row["dso_gained"]
        if np.isnan(gained):
            return say("simulation.dso.no_gain", policy=policy, reason=self._no_dso())
        side = "same" if abs(gained) < _SHOWN else "gained" if gained > 0 else "lost"
        return say(f"simulation.dso.{side}", policy=policy, **self._last_days, end=end, gained=abs(gained))

    def _no_dso(self) -> Sentence:
        """Why there is no DSO on some day."""
        return self.base.past.edge or self.base.past.young or say("simulation.dso.no_window")

    def _financing(self, row: Row) -> Sentence | None:
        rate = self.costs.financing_rate
        if rate is None:
            return None
        return _either("financing", row["financing_gained"], rate=rate)

    def _prices(self, row: Row) -> list[Sentence]:
        """Which sales are lost; what costs more and less than under today's terms, as far as it is known."""
        more = {name: row[name] - self.reference[name] for name in _PRICES}
        lost = row["lost_sales"]
        told = [say("simulation.cost.lost_sales", amount=lost)] if lost >= _HALF else []
        for side, sign in (("spent", 1), ("saved", -1)):
            parts = [
                say(f"simulation.cost.{name}", amount=abs(cost)) for name, cost in more.items() if sign * cost >= _HALF
            ]
            told += [say(f"simulation.cost.{side}", costs=parts)] if parts else []
        return told

    def _net(self, row: Row) -> list[Sentence]:
        """What is gained in all; or what would have to be known to say so."""
        if not np.isnan(row["net_gained"]):
            return [_either("net", row["net_gained"])]
        never = row["never_paid"] - self.reference["never_paid"]
        missing = {
            "no_rate": self.costs.financing_rate is None,
            "no_margin": np.isnan(row["margin_lost"]),
            "no_loss": np.isnan(row["bad_debt"]) and abs(never) >= _HALF,
        }
        asked = [say(f"simulation.cost.{name}") for name, unknown in missing.items() if unknown]
        return [say("simulation.cost.net_unknown", asked=asked)]

    def _law_today(self) -> Sentence:
        """What the law allows, and what is beyond it under today's terms."""
        row = self.reference
        if np.isnan(row["illegal_invoices"]):
            return say("simulation.cost.law_unknown")
        invoices = round(row["illegal_invoices"])
        if not invoices:
            return say("simulation.cost.lawful")
        return say("simulation.cost.unlawful_today", invoices=invoices, amount=row["illegal_amount"])

    def _law(self, row: Row) -> Sentence | None:
        """What is beyond the law where a policy changes it."""
        if np.isnan(row["illegal_invoices"]):
            return None
        invoices, today = round(row["illegal_invoices"]), round(self.reference["illegal_invoices"])
        if invoices == today:
            return None
        key = f"simulation.cost.{'unlawful' if invoices else 'lawful_now'}"
        return say(key, invoices=invoices, amount=row["illegal_amount"], today=today)


def _either(what: str, gained: float, **values: object) -> Sentence:
    """Whether something is gained or lost, or neither."""
    side = "same" if abs(gained) < _HALF else "gained" if gained > 0 else "lost"
    return say(f"simulation.cost.{what}_{side}", amount=abs(gained), **values)


def _joined(first: Sentence, *others: Sentence | None) -> Sentence:
    return together(first, *others) or first
