"""How much of a shock of every customer's own is left in the sum of them all: little, unless a few are most of it."""

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import FIRST_DAY
from arlib.schema import Codes, Days, Floats, numbered, sum_by_code
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.opening import Opening
from arlib.simulation.flows.sums import weights
from arlib.simulation.outlook.shocks import NODES, between, node_variance
from arlib.simulation.sales.plan import SalesPlan

LARGEST = 512  # customers whose curves are worked out one by one; the others are taken to be paid as they are together
_WINDOW = 20  # days: about as long as payments of one due date take


def concentration(laws: PaymentLaws, plan: SalesPlan, opening: Opening, own: float, horizon: int) -> Floats:
    """(horizon + 1,) variance that shocks of the customers one by one bring, over that of one of all of them at once.

    It is Σ of the variances of each customer's expected payments by a day under its shock, over the variance of their
    sum under the same one. Others than the largest are taken to have the shape of their sum: their variances are its
    own times Σ a² / (Σ a)², their Herfindahl index, of what falls due in some weeks.

    Args:
        laws: of the customers.
        plan: the invoices to come.
        opening: what is open.
        own: standard deviation of a customer's shock, in days.
        horizon: the last day.
    """
    debts, seen = opening.debts, plan.issue <= horizon
    who = np.concatenate([debts.customer, plan.customer[seen]])
    due = np.concatenate([debts.due, plan.due[seen]])
    amount = np.concatenate([debts.amount, plan.amount[seen]])
    concerned = np.flatnonzero(np.bincount(who))  # others must not change how sums are cut, and so rounded
    ranked = concerned[np.argsort(-sum_by_code(who, amount, len(laws.customers))[concerned], kind="stable")]
    largest = np.sort(ranked[:LARGEST])
    already = debts.curves(largest)
    paid = np.vstack([already, opening.paid - already.sum(axis=0)]) + _to_come(laws, plan, largest, already.shape[1])
    curves = [between(paid, horizon, node * own, Agenda.of(laws)) for node in NODES]
    each = node_variance(curves)
    together = node_variance([curve.sum(axis=0) for curve in curves])
    small = ~np.isin(who, largest)
    sums = each[:-1].sum(axis=0) + _crowd(who[small], due[small], amount[small], horizon) * each[-1]
    return np.asarray(np.divide(sums, together, out=np.ones_like(sums), where=together > 0))


def _crowd(who: Codes, due: Days, amount: Floats, horizon: int) -> Floats:
    """(horizon + 1,) the Herfindahl index of customers in what falls due in the weeks around each day."""
    customer, customers = numbered(who)
    windows = horizon // _WINDOW + 1
    window = np.clip(due // _WINDOW, 0, windows - 1)
    owed = sum_by_code(customer * windows + window, amount, len(customers) * windows).reshape(-1, windows)
    total = owed.sum(axis=0)
    index = np.divide((owed**2).sum(axis=0), total**2, out=np.zeros(windows), where=total > 0)
    return np.asarray(np.interp(np.arange(horizon + 1), np.arange(windows) * _WINDOW + _WINDOW / 2, index))


def _to_come(laws: PaymentLaws, plan: SalesPlan, largest: Codes, days: int) -> Floats:
    """(largest + 1, days) expected payments of invoices to come, cumulated; those of the others together last.

    Due amounts are convolved with the laws of no weekday, that of the others being the mean of theirs: weekdays move an
    amount by a day or two, and shocks move all of it.
    """
    agenda, rows = Agenda.of(laws), len(largest) + 1
    place = np.full(len(laws.customers), rows - 1)
    place[largest] = np.arange(rows - 1)
    begin = agenda.rank(plan.due) + FIRST_DAY  # the first open day of each law; what falls before tomorrow falls on it
    ahead = agenda.last_rank(np.arange(days))
    seen = begin <= ahead[-1]
    if not seen.any():
        return np.zeros((rows, days))
    row, begin, amount = place[plan.customer[seen]], begin[seen], plan.amount[seen]
    first = int(begin.min())
    width = int(begin.max()) - first + 1
    billed = sum_by_code(row * width + begin - first, amount, rows * width).reshape(rows, width)
    bought = sum_by_code(plan.customer[seen], amount, len(place))
    unpaid = weights(place, np.arange(len(place)), bought, (rows, len(place))) @ laws.unpaid
    unpaid /= np.maximum(billed.sum(axis=1), 1e-9)[:, None]
    size = 1 << int(np.ceil(np.log2(width + unpaid.shape[1])))
    payments = -np.diff(unpaid, axis=1, prepend=1.0)
    by_day = np.fft.irfft(np.fft.rfft(billed, size) * np.fft.rfft(payments, size), size)
    whole = np.cumsum(by_day, axis=1)
    until = np.clip(ahead - first, -1, size - 1)
    return np.asarray(np.where(until < 0, 0.0, whole[:, until]) * (np.arange(days) > 0))
