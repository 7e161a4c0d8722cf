"""What every policy shares, computed once: laws, opening, sales to come, and how far payments move together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, payment_laws
from arlib.calendar import WEEK
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.dso.standing import Standing
from arlib.measures.figure import Figure
from arlib.readers.sources import Readable
from arlib.risk.facts import Facts, opinions_held
from arlib.risk.late import learnt_loss_share
from arlib.schema import Codes, Flags, Floats, sum_by_code
from arlib.simulation.covered import covered_day
from arlib.simulation.fates import too_young
from arlib.simulation.flows import Cells, gather
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.concentrated import concentration
from arlib.simulation.flows.opening import Opening, run_off
from arlib.simulation.outlook.kept import Kept
from arlib.simulation.outlook.shocks import Shocks, estimate_shocks
from arlib.simulation.policies.policy import LONGEST_ADVANCE
from arlib.simulation.sales.given import read_sales_plan
from arlib.simulation.sales.past import Past
from arlib.simulation.sales.plan import ExpectedSales, SalesPlan, known_sales, sales_plan
from arlib.simulation.sales.risk import SalesRisk, estimate_sales_risk
from arlib.terms.rule import is_whole
from arlib.words import say

if TYPE_CHECKING:
    from arlib.simulation.outlook.curves import Curve
    from arlib.simulation.outlook.expected import Expected

LONGEST_HORIZON = 3 * 366
_SELECTIONS = 8  # kept at once: each of all invoices of a million takes some ten megabytes a weekday


@dataclass(frozen=True, eq=False)
class SimulationBase:
    """A ledger on a day, ready to be simulated under any policy; built by `prepare`.

    Attributes:
        ledger: where it comes from.
        laws: each customer's payment law, disputed invoices counted: the question is when cash comes.
        horizon: the furthest day, counted from `as_of`.
        opening: what is open and its run-off.
        plan: the invoices to come.
        cells: these, by day of issue and due date.
        shocks: how far payments move together.
        sales_risk: how far sales may be from the plan.
        concentration: (horizon + 1,) variance brought by the shocks of customers one by one, as a share of what
            one such shock on all of them at once would bring, under today's terms.
        past: sales and receivable of each day up to `as_of`, for the DSOs that look back.
    """

    ledger: Ledger
    laws: PaymentLaws
    horizon: int
    opening: Opening
    plan: SalesPlan
    cells: Cells
    shocks: Shocks
    sales_risk: SalesRisk
    concentration: Floats
    past: Past

    @property
    def as_of(self) -> pd.Timestamp:
        """The day whose knowledge is used."""
        return self.laws.as_of

    @cached_property
    def customers(self) -> pd.DataFrame:
        """The customers' table, a row a customer of the laws, in their order."""
        return self.ledger.customers.set_index("customer_id", drop=False).reindex(self.laws.customers)

    @cached_property
    def loss_share(self) -> Figure:
        """What is lost of invoices not paid a year after their due date, learnt from the ledger's own."""
        return learnt_loss_share(self.ledger, self.as_of)

    @property
    def weeks(self) -> int:
        """How many weeks the plan issues invoices in."""
        return int(self.cells.issue.max(initial=0)) // WEEK + 1

    @cached_property
    def sold_by_week(self) -> Floats:
        """(weeks,) amounts of the plan."""
        return sum_by_code(self.cells.issue // WEEK, self.cells.billed, self.weeks)

    @cached_property
    def concerned(self) -> Codes:
        """Positions of the customers who owe or buy. Who else a file names may have come to it after the day."""
        return np.union1d(self.opening.customers, self.plan.customer)

    def selected(self, chosen: Flags | Floats, share: Floats | None = None) -> Cells:
        """The cells of chosen invoices of the plan, kept from one policy to the next.

        Args:
            chosen: (invoices,) whether each is, or which share of billing: other invoices of its customer are not.
            share: (invoices,) the share of each that is meant, where it is not all of it.
        """
        if share is None and chosen.dtype == bool and chosen.all():
            return self.cells
        key = (chosen.tobytes(), b"" if share is None else share.tobytes())
        return self._selections.get(key, lambda: gather(self.plan, self.laws, chosen, share))

    @cached_property
    def _selections(self) -> Kept[tuple[bytes, bytes], Cells]:
        return Kept(_SELECTIONS)

    @cached_property
    def as_today(self) -> "Kept[tuple[Cells, float | None, int], Expected]":
        """What cells bring under today's terms, by growth of sales and horizon."""
        return Kept(_SELECTIONS)

    @cached_property
    def curves_of_today(self) -> "Kept[tuple[float | None, int], Curve]":
        """The curve of today's terms, which every policy is compared with, by growth of sales and horizon."""
        return Kept(_SELECTIONS)


def prepare(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    horizon: int = 365,
    facts: Facts | None = None,
    sales: Readable | None = None,
    season: Mapping[int, float] | None = None,
) -> SimulationBase:
    """Everything about a ledger that does not depend on a policy, so that each policy takes milliseconds.

    Args:
        ledger: the ledger.
        as_of: the day asked; the ledger's last one by default.
        horizon: days to look ahead, up to three years.
        facts: from outside (`read_facts`): what an expert would expect of a customer is two invoices of its law, as
            in `score_customers` and `late_risk`.
        sales: what is expected to be sold, where it is not the year before at the level learnt since: a table
            `read_sales_plan` reads.
        season: by month of the year, 1 to 12, a factor on the sales of the year before.

    Raises:
        ArlibError: the horizon is not from 1 day to three years, the ledger does not speak for the day, no payment is
            known by it, or the sales or the season given cannot be used.
    """
    if not is_whole(horizon, 1, LONGEST_HORIZON):
        raise ArlibError(say("simulation.horizon", days=horizon, longest=LONGEST_HORIZON))
    day = covered_day(ledger, as_of)
    laws = payment_laws(ledger, day, opinions=opinions_held(ledger, day, facts))
    standing = Standing.of(ledger, laws.as_of)
    known = known_sales(standing, laws.customers)
    expected = ExpectedSales(None if sales is None else read_sales_plan(sales), season or {})
    plan = sales_plan(ledger, known, laws, horizon + LONGEST_ADVANCE, expected)
    risk = estimate_sales_risk(known.assign(again=plan.comes_back(known)), laws.as_of, plan.period)
    plan = plan if sales is not None else plan.at_level(1 + risk.carried)
    shocks = estimate_shocks(laws.evidence)
    opening = run_off(ledger, laws, horizon + shocks.reach)
    cells = gather(plan, laws, np.ones(len(plan.issue), dtype=bool))
    cells.due_on(np.arange(Agenda.of(laws).weekdays))  # kept: a policy may move due dates to any weekday
    return SimulationBase(
        ledger=ledger,
        laws=laws,
        horizon=horizon,
        opening=opening,
        plan=plan,
        cells=cells,
        shocks=shocks,
        sales_risk=risk,
        concentration=concentration(laws, plan, opening, shocks.own, horizon),
        past=Past.of(standing, plan.shortest).without_dso(too_young(laws, cells, horizon)),
    )
