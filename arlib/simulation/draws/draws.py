"""Draws of what is to come, for what no closed form gives: the peak, a ratio, who owes most."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import HALF_CENT, Floats
from arlib.simulation.asked import Asked
from arlib.simulation.base import SimulationBase
from arlib.simulation.draws.compressed import Compressed
from arlib.simulation.draws.drawn import Chances, Drawn, Shared, drawn
from arlib.simulation.figures.methods import dso
from arlib.simulation.outlook.by_customer import customers_counted, owed_by_customer
from arlib.simulation.policies.policy import Policy
from arlib.simulation.sales.past import Flows
from arlib.terms.rule import is_whole
from arlib.words import Sentence, say

EXACT = 2_000  # invoices open and to come that are drawn one by one; of more, the largest only
LARGEST = 10
_BATCH = 2_000_000  # invoices times draws held at once


@dataclass(frozen=True, eq=False)
class Exact:
    """Draws of all invoices of a ledger, one by one.

    Attributes:
        base: the ledger.
        asked: the policies.
        rows: invoices open and to come.
    """

    base: SimulationBase
    asked: Asked
    rows: int

    @property
    def told(self) -> Sentence:
        """How this was drawn, and what that holds."""
        return say("simulation.engine.exact", invoices=self.rows)

    def drawn(self, draws: int, rng: np.random.Generator) -> list[Drawn]:
        """What each policy comes to in so many draws."""
        base = self.base
        shared = Shared.of(base, base.concerned, draws, rng)
        chances = Chances.of(base, shared, rng)
        start, counted = base.opening.owed + base.opening.unapplied, customers_counted(base)
        made = []
        for policy in self.asked.policies:
            outcome = drawn(base, policy, self.asked, chances)
            owed = np.tile(owed_by_customer(base)[counted], (draws, 1))
            owed[:, np.searchsorted(counted, base.concerned)] += outcome.owed
            made.append(Drawn(start + np.cumsum(outcome.changes, axis=1), outcome.billed, owed, np.zeros(draws)))
        return made


@dataclass(frozen=True, eq=False)
class Draws:
    """What was drawn under each policy.

    Attributes:
        receivable: (policies, draws, days) what is owed at the end of each day, the day asked first.
        dso: the same of receivable / sales of the last 90 days × 90; nan where `Simulation.daily` has none.
        largest: (policies, draws) share of what is owed on the last day that the ten largest customers owe.
        policies: their names, today's terms first.
        as_of: the day asked.
        note: which way they were drawn, and what that holds.
    """

    receivable: Floats
    dso: Floats
    largest: Floats
    policies: tuple[str, ...]
    as_of: pd.Timestamp
    note: Sentence

    @property
    def summary(self) -> pd.DataFrame:
        """One row a policy and quantity, with what is expected of it and eight draws of ten.

        Columns: policy; quantity: receivable_peak, peak_day (days after the day asked), receivable_end, dso_end,
        largest_share (of the ten largest customers on the last day); mean, low and high, the 10th and 90th percentiles.
        """
        quantities = {
            "receivable_peak": self.receivable.max(axis=2),
            "peak_day": self.receivable.argmax(axis=2).astype(np.float64),
            "receivable_end": self.receivable[:, :, -1],
            "dso_end": self.dso[:, :, -1],
            "largest_share": self.largest,
        }
        rows = [
            {"policy": policy, "quantity": name, "mean": values.mean()}
            | dict(zip(("low", "high"), np.quantile(values, (0.1, 0.9)), strict=True))
            for name, drawn in quantities.items()
            for policy, values in zip(self.policies, drawn, strict=True)
        ]
        return pd.DataFrame(rows)


def draw_simulation(
    base: SimulationBase,
    policies: Policy | Iterable[Policy] = (),
    *,
    draws: int = 1000,
    seed: int = 0,
    horizon: int | None = None,
    sales_growth: float | None = None,
) -> Draws:
    """Draws of the day each invoice is paid, of the shifts payments share, and of how far sales are off their plan.

    The laws, dates and levers of `simulate`; payments are on open days only, as there. Bands come out the same, but for
    what chance leaves. Means do over a week, not on each day: `simulate` expects payments that are not shifted, and
    shifts spread over the days around it what falls due on one, at a month's end above all (over a year of two samples,
    0.3 % of the receivable apart on average and 1 to 2 % on the worst day, of which chance is a part). Up to 2,000
    invoices open and to come, each is drawn, and who takes a discount, pays by direct debit or is lost too. Of more,
    the 200 largest are, and the others together: a normal law of each day, with the variance of the closed form and the
    correlation from day to day of their payments; what each of the 1,000 customers with most at stake owes on the last
    day is normal too. Shifts and sales are drawn in the same way for all. The same draws meet each policy, so that
    policies differ by what they change alone.

    Args:
        base: what `prepare` made of a ledger.
        policies: what to compare with today's terms, which are always the first.
        draws: how many, 1 or more.
        seed: of the random numbers: the same one gives the same draws.
        horizon: days to look ahead; what was prepared by default.
        sales_growth: growth of sales a year, 0.05 for 5 %, instead of the level learnt.

    Raises:
        ArlibError: as `simulate`; or there are no draws.
    """
    asked = Asked.of(base, policies, horizon, sales_growth)
    if not is_whole(draws, 1, 10**9):
        raise ArlibError(say("simulation.engine.draws", draws=draws))
    invoices = len(base.opening.debts.amount) + int(np.count_nonzero(base.plan.issue <= asked.horizon))
    way = Exact(base, asked, invoices) if invoices <= EXACT else Compressed.of(base, asked)
    batch = max(_BATCH // max(way.rows, 1), 1)
    sizes = [min(batch, draws - first) for first in range(0, draws, batch)]
    batches = [
        [_quantities(base, each) for each in way.drawn(size, rng)]
        for size, rng in zip(sizes, np.random.default_rng(seed).spawn(len(sizes)), strict=True)
    ]
    receivable, ratio, largest = (
        np.stack([np.concatenate([batch[policy][kind] for batch in batches]) for policy in range(len(asked.policies))])
        for kind in range(3)
    )
    return Draws(receivable, ratio, largest, tuple(policy.name for policy in asked.policies), base.as_of, way.told)


def _quantities(base: SimulationBase, found: Drawn) -> tuple[Floats, Floats, Floats]:
    """What is owed on each day, the DSO of each, and the share of the ten largest on the last, of each draw."""
    ratio = np.stack([dso(Flows.of(base.past, *each)) for each in zip(found.billed, found.receivable, strict=True)])
    owed = np.maximum(found.owed, 0.0)
    largest = np.sort(owed, axis=1)[:, -LARGEST:].sum(axis=1)
    whole = owed.sum(axis=1) + np.maximum(found.others, 0.0)
    share = np.divide(largest, whole, out=np.full(len(whole), np.nan), where=whole > HALF_CENT)
    return found.receivable, ratio, share
