"""What policies bring customer by customer: the same expectations, each customer's apart, adding up to the whole."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import DAYS as GRID
from arlib.behaviour.survival import FIRST_DAY
from arlib.ledger import open_items
from arlib.measures.dso import DAYS
from arlib.measures.dso.standing import Standing
from arlib.schema import HALF_CENT, Codes, Days, Floats, day_number, sum_by_code, texts_by_code
from arlib.simulation.asked import Asked
from arlib.simulation.base import SimulationBase
from arlib.simulation.figures.methods import LAST_DAYS
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.opening import Reminders
from arlib.simulation.flows.stretched import late_moved
from arlib.simulation.flows.sums import DueLaws, weights
from arlib.simulation.outlook.expected import Outlook
from arlib.simulation.outlook.parts import Part, dated_of, parts_of
from arlib.simulation.policies.policy import Policy
from arlib.simulation.policies.scope import reminders_of_opening
from arlib.simulation.sales.plan import known_sales

_CUSTOMERS = 2048  # whose laws are held at once
LEAST = 1e-100  # what is left unpaid by today at the least


def simulate_by_customer(
    base: SimulationBase,
    policies: Policy | Iterable[Policy] = (),
    *,
    horizon: int | None = None,
    sales_growth: float | None = None,
) -> pd.DataFrame:
    """What each policy brings of each customer, over the whole horizon.

    Args:
        base: what `prepare` made of a ledger.
        policies: what to compare with today's terms, which are always the first.
        horizon: days to look ahead; what was prepared by default.
        sales_growth: growth of sales a year, 0.05 for 5 %, instead of the level learnt.

    Returns:
        One row a policy and customer who owes, is owed or buys: policy, customer_id; sales; discounts; receivable_end,
        on the last day; receivable_average of all days, the day asked included; cash, received by the last day;
        cash_month, received by each of the last 30 days simulated, on average; cash_gained, cash_month beyond that of
        today's terms; dso_end, receivable_end / sales of the last 90 days × 90, nan without sales in them or where they
        begin before the ledger. Amounts add up to those of `simulate`.

    Raises:
        ArlibError: as `simulate`.
    """
    asked = Asked.of(base, policies, horizon, sales_growth)
    tried, outlook = asked.policies, Outlook(base, sales_growth, asked.horizon)
    counted = customers_counted(base)
    rows = [_by_customer(outlook, policy).iloc[counted] for policy in tried]
    names = base.laws.customers[counted]
    codes = np.repeat(np.arange(len(tried)), len(names))
    frame = pd.concat(rows, ignore_index=True)
    frame["cash_gained"] = frame["cash_month"] - np.tile(rows[0]["cash_month"].to_numpy(), len(tried))
    frame.insert(0, "policy", texts_by_code([policy.name for policy in tried], codes, frame.index))
    frame.insert(1, "customer_id", np.tile(names, len(tried)))
    return frame[[*frame.columns.drop("dso_end"), "dso_end"]]


@dataclass(frozen=True, eq=False)
class Settled:
    """Amounts by customer of the laws: by the end of the last day, and what those by the end of each day add up to.

    They are added up over all days, and over the last ones, whose mean says where a policy leads: (3, customers).

    Attributes:
        paid: what is paid.
        granted: discounts.
        billed: what is issued.
    """

    paid: Floats
    granted: Floats
    billed: Floats


def _by_customer(outlook: Outlook, policy: Policy) -> pd.DataFrame:
    base, days = outlook.base, outlook.horizon + 1
    size = len(base.laws.customers)
    paid = _opening(outlook, reminders_of_opening(base, policy))
    owed = owed_by_customer(base)
    recent = _sold_before(base, days - DAYS)
    billed, granted = np.zeros((2, 3, size))
    for addend in outlook.addends(policy):
        for part in parts_of(base, addend.treatment, outlook.growth):
            sign = 1 if addend.added else -1
            settled = _settled(outlook, part)
            paid += sign * settled.paid
            granted += sign * settled.granted
            billed += sign * settled.billed
            recent += sign * _summed(
                part, part.grown * part.kept * (part.line.issue >= days - DAYS) * (part.line.issue < days)
            )
    left = owed + (billed - granted - paid) / _days_of(outlook)[:, None]
    known = days - DAYS >= base.past.first and days - 1 <= base.past.under(policy).last
    dso = np.divide(DAYS * left[0], recent, out=np.full(size, np.nan), where=(recent > HALF_CENT) & known)
    columns = {
        "sales": billed[0],
        "discounts": granted[0],
        "receivable_end": left[0],
        "receivable_average": left[1],
        "cash": paid[0],
        "cash_month": paid[2] / _days_of(outlook)[2],
        "dso_end": dso,
    }
    return pd.DataFrame(columns)


def _days_of(outlook: Outlook) -> Days:
    """(3,) how many days there are in each of the sums of `Settled`."""
    return np.array([1, outlook.horizon + 1, min(LAST_DAYS, outlook.horizon)])


def _settled(outlook: Outlook, part: Part) -> Settled:
    """What one part bills, and what is settled of it."""
    agenda, days = Agenda.of(outlook.base.laws), outlook.horizon + 1
    billed = _summed(part, part.grown * part.kept * _until(part.line.issue, days))
    paid = _by_law(outlook, part)
    granted = np.zeros_like(paid)
    for each in dated_of(part.line, part.policy, part.paid_by, agenda):
        counts = part.grown * part.kept * each.share * _until(each.day, days)
        settled = _summed(part, counts) - (0.0 if each.kind == "deposit" else _never(part, counts))
        paid += settled * (1 - each.granted)
        granted += settled * each.granted
    return Settled(paid, granted, billed)


def _never(part: Part, value: Floats) -> Floats:
    """(3, customers) the sum by customer of what is never paid of a part × a value of each cell, (3, cells)."""
    cells = part.cells
    weekday = Agenda.of(cells.laws).weekday(cells.due)[cells.cell]
    never = cells.amount * cells.chosen * DueLaws.never_paid(cells.laws, cells.customer, weekday)
    size = len(cells.laws.customers)
    return np.stack([sum_by_code(cells.customer, never * row[cells.cell], size) for row in value])


def _by_law(outlook: Outlook, part: Part) -> Floats:
    """(3, customers) what is paid by each customer's own law, as `Settled` counts it."""
    cells, agenda, days = part.cells, Agenda.of(outlook.base.laws), outlook.horizon + 1
    whole = np.floor(part.line.counted_from).astype(np.int64)
    later = part.line.counted_from - whole
    opens = agenda.open_day(part.line.issue)
    paid = np.zeros((3, len(cells.laws.customers)))
    for due, share in ((whole, 1 - later), (whole + 1, later)):
        weight = part.grown * part.kept * part.paid_by.own_law * share * (opens < days)
        rows = np.flatnonzero(weight[cells.cell])
        kind = cells.cell[rows]
        paid += _paid(
            cells.laws,
            _Owed(cells.customer[rows], kind, cells.amount[rows] * cells.chosen[rows] * weight[kind]),
            agenda.weekday(due),
            _tables(agenda, _late(part, agenda, agenda.rank(due)), opens[:, None], days),
        )
    return paid


def _late(part: Part, agenda: Agenda, ranks: Days) -> Floats:
    """(cells, grid) the rank of each open day of the laws after due dates of some ranks, lateness moved."""
    late = late_moved(GRID, part.begins(agenda, ranks)[:, None], part.policy.lateness_factor)
    return np.asarray(ranks[:, None] + late, dtype=np.float64)


def _opening(outlook: Outlook, reminders: Reminders) -> Floats:
    """(3, customers) what is paid of what is open on the day asked, as `Settled` counts it."""
    debts, days = outlook.base.opening.debts, outlook.horizon + 1
    agenda = debts.agenda
    today = agenda.last_rank(np.zeros(1, dtype=np.int64))
    paid = np.zeros((3, len(reminders.lateness)))
    met = reminders.of(debts.customer)
    for factor, after in met.apart():
        rows = np.flatnonzero((met.lateness == factor) & (met.after == after))
        since = agenda.last_rank(np.array([after])) - today
        dates, kind = np.unique(debts.due[rows], return_inverse=True)
        ahead = (agenda.rank(dates) - today)[:, None]
        column, late = ahead + GRID, ahead + late_moved(GRID, since - ahead, factor)
        tables = _tables(agenda, late + today, np.zeros((len(dates), 1), dtype=np.int64), days) * (column > 0)
        owed = _Owed(debts.customer[rows], kind, debts.amount[rows], -ahead[kind, 0])
        paid += _paid(debts.laws, owed, agenda.weekday(dates), tables)
    return paid


@dataclass(frozen=True, eq=False)
class _Owed:
    """Amounts owed, a row each: customer, kind of due date, amount; open days since that date, where it is unpaid."""

    customer: Codes
    kind: Codes
    amount: Floats
    since: Days | None = None

    def taken(self, rows: Codes) -> "_Owed":
        """Some of the rows."""
        since = None if self.since is None else self.since[rows]
        return _Owed(self.customer[rows], self.kind[rows], self.amount[rows], since)


def _paid(laws: PaymentLaws, owed: _Owed, weekday: Days, tables: Floats) -> Floats:
    """(3, customers) the sum over amounts owed and days of what is expected on each day × what it counts for.

    Args:
        laws: of the customers.
        owed: the amounts.
        weekday: (kinds,) of the due date.
        tables: (3, kinds, grid) what a unit paid on each open day of the laws counts for.
    """
    paid = np.zeros((3, len(laws.customers)))
    order = np.lexsort((owed.customer, weekday[owed.kind]))
    block = weekday[owed.kind[order]] * len(laws.customers) + owed.customer[order] // _CUSTOMERS
    for part in np.split(order, np.flatnonzero(np.diff(block)) + 1):
        if not len(part):
            continue
        mine = owed.taken(part)
        who, place = np.unique(mine.customer, return_inverse=True)
        law = DueLaws.on(laws, int(weekday[mine.kind[0]]), who)
        payments = -np.diff(law.table, axis=1, prepend=1.0)
        amount = mine.amount
        if mine.since is not None:
            column = mine.since - FIRST_DAY
            left = np.where(column < 0, 1.0, law.at(place, np.clip(column, 0, len(GRID) - 1)))
            amount = amount / np.maximum(left, LEAST)
        matrix = weights(place, mine.kind, amount, (len(who), len(weekday)))
        for sums, table in zip(paid, tables, strict=True):
            sums[who] += ((matrix @ table) * payments).sum(axis=1)
    return paid


def _tables(agenda: Agenda, rank: Floats | Days, earliest: Days, days: int) -> Floats:
    """(3, kinds, grid) what a unit paid on an open day counts for, by rank; shared between two where it is between."""
    whole = np.floor(rank).astype(np.int64)
    part = rank - whole
    first, after = (_until(np.maximum(agenda.day(each), earliest), days) for each in (whole, whole + 1))
    return np.asarray(first * (1 - part) + after * part)


def _until(day: Days, days: int) -> Floats:
    """(3, …) of a unit on a day: whether it is within so many days; for how many of them, and of the last, it is."""
    left = np.maximum(days - day, 0)
    return np.stack([np.minimum(left, 1), left, np.minimum(left, min(LAST_DAYS, days - 1))]).astype(np.float64)


def _summed(part: Part, value: Floats) -> Floats:
    """(…, customers) the sum by customer of the amounts of a part × a value of each cell, (…, cells)."""
    cells = part.cells
    amount, size = cells.amount * cells.chosen, len(cells.laws.customers)
    rows = np.atleast_2d(value)
    sums = np.stack([sum_by_code(cells.customer, amount * row[cells.cell], size) for row in rows])
    return sums.reshape(*value.shape[:-1], size)


def owed_by_customer(base: SimulationBase) -> Floats:
    """(customers of the laws,) what each owes on the day asked, net of credits."""
    opened = open_items(base.ledger, base.as_of)
    customer = base.laws.customers.get_indexer(pd.Index(opened["customer_id"]))
    return sum_by_code(customer, opened["open_amount"].to_numpy(), len(base.laws.customers))


def customers_counted(base: SimulationBase) -> Codes:
    """Positions of the customers who owe, are owed or buy."""
    return np.asarray(np.union1d(base.concerned, np.flatnonzero(owed_by_customer(base))))


def _sold_before(base: SimulationBase, first: int) -> Floats:
    """(customers,) what each bought from a day on, counted from the day asked, and up to that day."""
    sales = known_sales(Standing.of(base.ledger, base.as_of), base.laws.customers)
    recent = sales[sales["issued"] >= day_number(base.as_of) + first]
    return sum_by_code(recent["customer"].to_numpy(), recent["amount"].to_numpy(), len(base.laws.customers))
