"""What every policy shares, computed once: laws, opening, sales to come, and how far payments move together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, payment_laws
from arlib.behaviour.survival import FIRST_DAY
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.dso import DAYS
from arlib.risk.facts import Facts, opinions_held
from arlib.schema import Codes, Floats, day_number, sum_by_code
from arlib.simulation.agenda import Agenda
from arlib.simulation.flows import Cells, gather
from arlib.simulation.opening import Opening, run_off
from arlib.simulation.plan import SalesPlan, known_sales, sales_plan
from arlib.simulation.policy import LONGEST_ADVANCE
from arlib.simulation.shocks import NODES, Shocks, estimate_shocks, node_variance
from arlib.words import say

LONGEST_HORIZON = 3 * 366
_CHUNK = 512  # customers convolved at once


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
        concentration: (horizon + 1,) variance brought by the shocks of customers one by one, as a share of what
            one such shock on all of them at once would bring, under today's terms.
        past_sales: sales of each day of the DSO's window, the day itself last; nan before the ledger begins.
    """

    ledger: Ledger
    laws: PaymentLaws
    horizon: int
    opening: Opening
    plan: SalesPlan
    cells: Cells
    shocks: Shocks
    concentration: Floats
    past_sales: Floats

    @property
    def as_of(self) -> pd.Timestamp:
        """The day whose knowledge is used."""
        return self.laws.as_of

    @cached_property
    def concerned(self) -> Codes:
        """Positions of the customers who owe or buy. Who else a file names may have come to it after the day."""
        return _concerned(self.opening, self.plan)


def prepare(
    ledger: Ledger, as_of: Day | None = None, *, horizon: int = 365, facts: Facts | None = None
) -> SimulationBase:
    """Everything about a ledger that does not depend on a policy, so that each policy takes milliseconds.

    Args:
        ledger: the ledger.
        as_of: the day asked; the ledger's last one by default.
        horizon: days to look ahead, up to three years.
        facts: from outside (`read_facts`): what an expert would expect of a customer is two invoices of its law, as
            in `score_customers` and `late_risk`.

    Raises:
        ArlibError: the horizon is not from 1 day to three years, or no payment is known by then.
    """
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ArlibError(say("simulation.horizon", days=horizon, longest=LONGEST_HORIZON))
    laws = payment_laws(ledger, as_of, opinions=opinions_held(ledger, ledger.day(as_of), facts))
    sales = known_sales(ledger, laws.as_of, laws.customers)
    plan = sales_plan(ledger, sales, laws.as_of, len(laws.customers), horizon + LONGEST_ADVANCE)
    shocks = estimate_shocks(laws.evidence)
    opening = run_off(ledger, laws, horizon + shocks.reach)
    cells = gather(plan, laws, np.ones(len(plan.issue), dtype=bool))
    seen = np.flatnonzero(cells.issue <= horizon)
    cells.due_on(seen, Agenda.of(laws).weekday(cells.due[seen]))  # kept: every policy is set against today's terms
    return SimulationBase(
        ledger=ledger,
        laws=laws,
        horizon=horizon,
        opening=opening,
        plan=plan,
        cells=cells,
        shocks=shocks,
        concentration=_concentration(laws, plan, opening, shocks, horizon),
        past_sales=_past_sales(sales, laws.as_of, ledger.covers[0]),
    )


def between(curve: Floats, days: int, shift: float) -> Floats:
    """(…, days + 1) a cumulated curve that starts on day 0, every payment moved by `shift` days, none to day 0."""
    moved = np.clip(np.arange(days + 1) - shift, 0, curve.shape[-1] - 1)
    low = np.floor(moved).astype(np.int64)
    part = moved - low
    line = curve[..., low] * (1 - part) + curve[..., np.minimum(low + 1, curve.shape[-1] - 1)] * part
    line[..., 0] = curve[..., 0]
    return np.asarray(line)


def _concentration(laws: PaymentLaws, plan: SalesPlan, opening: Opening, shocks: Shocks, horizon: int) -> Floats:
    """Σ over customers of the variance of each one's own curve, over the variance of the sum of the curves."""
    each, total = np.zeros(horizon + 1), [np.zeros(horizon + 1) for _ in NODES]
    concerned = _concerned(opening, plan)  # others must not change how sums are cut, and so rounded
    for first in range(0, len(concerned), _CHUNK):
        part = concerned[first : first + _CHUNK]
        paid = opening.by_customer[part] + _future(laws, plan, part, opening.by_customer.shape[1])
        curves = [between(paid, horizon, node * shocks.own) for node in NODES]
        each += node_variance(curves).sum(axis=0)
        total = [line + curve.sum(axis=0) for line, curve in zip(total, curves, strict=True)]
    together = node_variance(total)
    return np.asarray(np.divide(each, together, out=np.ones_like(each), where=together > 0))


def _concerned(opening: Opening, plan: SalesPlan) -> Codes:
    return np.union1d(opening.customers, plan.customer)


def _future(laws: PaymentLaws, plan: SalesPlan, part: Codes, days: int) -> Floats:
    """(customers, days) expected payments of invoices to come, cumulated: due amounts convolved with the laws.

    On no particular weekdays: these move an amount by a day or two, and shocks move all of it.
    """
    unpaid, agenda = laws.unpaid[part], Agenda.of(laws)
    place = np.minimum(np.searchsorted(part, plan.customer), len(part) - 1)
    begin = agenda.rank(plan.due) + FIRST_DAY  # the first open day of each law; what falls before tomorrow falls on it
    ahead = agenda.last_rank(np.arange(days))
    mine = (part[place] == plan.customer) & (begin <= ahead[-1])
    if not mine.any():
        return np.zeros((len(part), days))
    first = int(begin[mine].min())
    width = int(begin[mine].max()) - first + 1
    billed = sum_by_code(place[mine] * width + begin[mine] - first, plan.amount[mine], len(part) * width)
    size = 1 << int(np.ceil(np.log2(width + unpaid.shape[1])))
    payments = -np.diff(unpaid, axis=1, prepend=1.0)
    by_day = np.fft.irfft(np.fft.rfft(billed.reshape(-1, width), size) * np.fft.rfft(payments, size), size)
    whole = np.cumsum(by_day, axis=1)
    seen = np.clip(ahead - first, -1, size - 1)
    return np.asarray(np.where(seen < 0, 0.0, whole[:, seen]) * (np.arange(days) > 0))


def _past_sales(sales: pd.DataFrame, day: pd.Timestamp, first: pd.Timestamp) -> Floats:
    """Sales by day of issue over the window of the DSO; nan before the ledger's first day."""
    begin = day_number(day) - DAYS + 1
    within = sales[sales["issued"] >= begin]
    by_day = sum_by_code(within["issued"].to_numpy() - begin, within["amount"].to_numpy(), DAYS)
    by_day[: max(day_number(first) - begin, 0)] = np.nan
    return by_day
