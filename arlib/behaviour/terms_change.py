"""How far the day of payment follows a change of terms, from customers whose terms did change."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from arlib.behaviour.evidence import customers_of_items
from arlib.ledger import Day, Ledger
from arlib.measures.delays.invoices import invoices_of
from arlib.measures.delays.settlements import CREDITED, PAID
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, sum_by_code
from arlib.words import Sentence, say

FEWEST_CUSTOMERS = 10  # changed, and unchanged: with fewer the interval is wider than the question
FEWEST_INVOICES = 3  # under each terms
LEAST_CHANGE = 5.0  # days, on average: less is the length of months
SETTLED_BY = 90  # days late are held to it, and what fell due since is left out: all is known of the rest
EARLIEST = -60  # days; who paid earlier than that had paid before it was asked
DRAWS = 500
CONFIDENCE = 0.95
SCENARIOS = (1.0, 0.8, 0.5, 0.0)

_CLEAR = 0.8  # of a customer's invoices that its usual terms, or one change of them, must explain
_MIXED, _STEADY, _BEFORE, _AFTER = -2, -1, 0, 1  # under which of them an invoice is


@dataclass(frozen=True)
class FollowShare:
    """What share of a change of terms the day of payment followed.

    Attributes:
        share: 1, customers stay as many days late as before; 0, they pay on the day they always did. Chance may bring
            it below 0 or above 1. nan where too few customers can be followed.
        low: 95 times of 100 it lies above this, and below `high`.
        high: its upper end.
        customers: whose terms changed once, and clearly.
        others: whose terms did not, against whom they are set.
        invoices: of the former.
        note: what was found, or why nothing was.
    """

    share: float
    low: float
    high: float
    customers: int
    others: int
    invoices: int
    note: Sentence

    @property
    def scenarios(self) -> tuple[float, ...]:
        """Shares from 0 to 1 to try: what was found and the ends of its interval; 1, 0.8, 0.5 and 0 where unknown."""
        if np.isnan(self.share):
            return SCENARIOS
        return tuple(min(max(share, 0.0), 1.0) for share in (self.high, self.share, self.low))


def estimate_follow_share(ledger: Ledger, as_of: Day | None = None, *, seed: int = 0) -> FollowShare:
    """The share of a change of terms that the day of payment followed, by difference in differences.

    Days to pay of an invoice are taken as those of its customer + ρ × days granted + an effect of the month it falls
    due in + chance. The months are learnt from customers whose terms did not change; taken off, each changed customer
    has a change of days to pay beside its change of days granted, and ρ is the slope through nought of the one on the
    other, each weighing by its invoices. Setting before against after alone would take for an answer whatever
    happened to everybody meanwhile.

    A customer changed where two terms explain four fifths of its invoices, one before a day and the other from it on,
    at least three each, and their days granted differ by five on average; it did not where one explains four fifths.
    All others are left out. Terms are those written on the invoice, else the days granted, or the months where the
    customer's invoices fall due at the end of one. Invoices due in the 90 days before `as_of` are left out, for not all
    is known of them; what is paid more than 90 days late, or never, counts as 90. The interval draws customers again,
    changed and unchanged apart, months to the first order; it is the same each time for a seed.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        seed: of the draws of customers.

    Source: handbook, risk scoring 4.7; month effects from untreated units alone as Borusyak, Jaravel and Spiess (2024).
    """
    paid = _Paid.of(ledger, as_of)
    regime = _regimes(paid)
    months = _Months.of(paid.taken(regime == _STEADY), paid.months)
    moved = (regime == _BEFORE) | (regime == _AFTER)
    used = moved & months.known[paid.month]
    changes = _Changes.of(paid.taken(used), regime[used] == _AFTER, paid.months)
    customers, others = len(changes.granted), len(months.moves)
    if min(customers, others) < FEWEST_CUSTOMERS:
        return _unknown(customers, others, int(changes.invoices.sum()))
    return _estimated(changes, months, seed)


@dataclass(frozen=True, eq=False)
class _Paid:
    """Invoices of which all is known, by customer then date of issue; aligned arrays.

    `customer` and `month` (of the due date) count from 0; `granted` and `days` (to pay) are from the date of issue.
    """

    customer: Codes
    issued: Days
    month: Codes
    granted: Floats
    days: Floats
    terms: Codes

    @property
    def months(self) -> int:
        """From the first to the last."""
        return int(self.month.max(initial=-1)) + 1

    def taken(self, chosen: Flags) -> "_Paid":
        """Some of the invoices alone, all months and customers keeping their numbers."""
        return _Paid(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @classmethod
    def of(cls, ledger: Ledger, as_of: Day | None) -> "_Paid":
        invoices = invoices_of(ledger, as_of)
        dated = (invoices.issued != NO_DAY) & (invoices.due != NO_DAY) & (invoices.state != CREDITED)
        kept = np.flatnonzero(dated & (invoices.due <= invoices.as_of - SETTLED_BY) & (invoices.due >= invoices.issued))
        customers = pd.Index(np.sort(ledger.customers["customer_id"].to_numpy(dtype=object)), dtype="str")
        owner = customers_of_items(ledger, customers)[invoices.item]
        kept = kept[np.lexsort((kept, invoices.issued[kept], owner[kept]))]
        written = ledger.items["terms"].iloc[invoices.item[kept]]
        customer = np.unique(owner[kept], return_inverse=True)[1]
        issued, due = invoices.issued[kept], invoices.due[kept]
        late = np.where(invoices.state == PAID, invoices.days_to_last_payment("due"), SETTLED_BY)[kept]
        granted, month = (due - issued).astype(np.float64), _month(due)
        return cls(
            customer=customer,
            issued=issued,
            month=month - month.min(initial=month.max(initial=0)),
            granted=granted,
            days=granted + np.clip(late, EARLIEST, SETTLED_BY),
            terms=_terms(written, customer, issued, due),
        )


def _terms(written: "pd.Series[str]", customer: Codes, issued: Days, due: Days) -> Codes:
    """A code of the terms of each invoice: as written; else the days granted, or the months for due dates at their end.

    Of customers most of whose due dates end months: by chance one in thirty does.
    """
    at_the_end = (_month(due + 1) > _month(due)).astype(np.float64)
    size = int(customer.max(initial=-1)) + 1
    by_months = sum_by_code(customer, at_the_end, size) >= _CLEAR * _count(customer, size)
    counted = np.where(by_months[customer] & (at_the_end > 0), -1 - (_month(due) - _month(issued)), due - issued)
    codes, _ = pd.factorize(written)
    terms = np.where(codes < 0, counted, counted.max(initial=0) + 1 + codes)
    return np.asarray(np.unique(terms, return_inverse=True)[1])


def _month(days: Days) -> Days:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _regimes(paid: _Paid) -> Codes:
    """(invoices,) under which of its customer's usual terms each is: the only ones, those before or after a change.

    Of the two terms a customer has most, those of later invoices on average are those after. The change is where it
    leaves the most invoices on their side.
    """
    customer, position = paid.customer, np.arange(len(paid.customer))
    size = int(customer.max(initial=-1)) + 1
    rank, after = _ranked(paid, size)
    score = np.where(rank > 1, 0, np.where(after, -1, 1))
    starts = np.searchsorted(customer, np.arange(size))
    running = np.cumsum(score)
    running -= (running[starts] - score[starts])[customer]
    at_top = np.flatnonzero(running == np.maximum.reduceat(running, starts)[customer]) if size else position
    switched = position > at_top[np.unique(customer[at_top], return_index=True)[1]][customer]
    right = (rank <= 1) & (after == switched)
    sides = [(_count(customer[right & side], size), _count(customer[side], size)) for side in (~switched, switched)]
    changed = np.all([(own >= FEWEST_INVOICES) & (own >= _CLEAR * every) for own, every in sides], axis=0)
    main = _count(customer[rank == 0], size)
    steady = ~changed & (main >= FEWEST_INVOICES) & (main >= _CLEAR * _count(customer, size))
    regime = np.where(changed[customer] & right, np.where(switched, _AFTER, _BEFORE), _MIXED)
    return np.where(steady[customer] & (rank == 0), _STEADY, regime)


def _ranked(paid: _Paid, size: int) -> tuple[Codes, Flags]:
    """Of each invoice, how usual its terms are for its customer, 0 for the most; whether, of the first two, the later.

    Of terms as usual as each other, those first issued come first.
    """
    width = int(paid.terms.max(initial=0)) + 1
    cells, first, cell = np.unique(paid.customer * width + paid.terms, return_index=True, return_inverse=True)
    owner, count = cells // width, _count(cell, len(cells))
    mean_day = sum_by_code(cell, paid.issued.astype(np.float64), len(cells)) / count
    order = np.lexsort((first, -count, owner))
    rank = np.empty(len(cells), dtype=np.intp)
    rank[order] = np.arange(len(cells)) - np.searchsorted(owner, owner)
    days = np.zeros((2, size))
    for place in range(2):
        days[place, owner[rank == place]] = mean_day[rank == place]
    later = np.where(days[1] > days[0], 1, 0)
    return rank[cell], np.asarray(rank[cell] == later[paid.customer])


def _count(codes: Codes, size: int) -> Codes:
    return np.bincount(codes, minlength=size)


@dataclass(frozen=True, eq=False)
class _Months:
    """What each month did to the days to pay of customers whose terms did not change, whatever their own level.

    Attributes:
        known: (months,) whether any of their invoices fell due in it.
        effect: (months,) days; only differences between months mean anything.
        moves: (customers, months) what one more of each customer would add to `effect`, to the first order.
    """

    known: Flags
    effect: Floats
    moves: Floats

    @classmethod
    def of(cls, steady: _Paid, months: int) -> "_Months":
        customer = np.unique(steady.customer, return_inverse=True)[1]
        size = int(customer.max(initial=-1)) + 1
        shape, cell = (size, months), customer * months + steady.month
        count = sum_by_code(cell, np.ones(len(cell)), size * months).reshape(shape)
        total = sum_by_code(cell, steady.days, size * months).reshape(shape)
        shares = count / count.sum(axis=1, keepdims=True)
        centred = total - shares * total.sum(axis=1, keepdims=True)
        inverse = np.linalg.pinv(np.diag(count.sum(axis=0)) - count.T @ shares, rcond=1e-10, hermitian=True)
        effect = inverse @ centred.sum(axis=0)
        left = centred - count * effect + shares * (count @ effect)[:, None]
        return cls(count.sum(axis=0) > 0, effect, left @ inverse)


@dataclass(frozen=True, eq=False)
class _Changes:
    """What changed for each customer whose terms did: after less before; aligned arrays.

    Attributes:
        granted: days granted; days: to pay.
        months: (customers, months) share of its invoices in each month.
        weight: 1 / (1 / invoices before + 1 / invoices after), as the variance of a difference of means goes.
        invoices: before and after.
    """

    granted: Floats
    days: Floats
    months: Floats
    weight: Floats
    invoices: Codes

    @classmethod
    def of(cls, followed: _Paid, after: Flags, months: int) -> "_Changes":
        """Of customers that still have enough invoices on both sides, and as large a change as asked."""
        size = int(followed.customer.max(initial=-1)) + 1
        side = after.astype(np.intp) * size + followed.customer
        count = _count(side, 2 * size)
        each = 1 / np.maximum(count, 1)[side]

        def gap(values: Floats) -> Floats:
            before, behind = sum_by_code(side, values * each, 2 * size).reshape(2, size)
            return behind - before

        signed = np.where(after, each, -each)
        shares = sum_by_code(followed.customer * months + followed.month, signed, size * months).reshape(size, months)
        counts = count.reshape(2, size)
        granted, days = gap(followed.granted), gap(followed.days)
        kept = (counts.min(axis=0) >= FEWEST_INVOICES) & (np.abs(granted) >= LEAST_CHANGE)
        weight = 1 / (1 / np.maximum(counts, 1)).sum(axis=0)
        return cls(granted[kept], days[kept], shares[kept], weight[kept], counts.sum(axis=0)[kept])

    def followed(self, effect: Floats, times: Floats) -> Floats:
        """(draws,) the slope of days to pay on days granted, months taken off, each customer so many times.

        Args:
            effect: (draws, months) of the months.
            times: (draws, customers).
        """
        paid = self.days - effect @ self.months.T
        weighted = times * (self.weight * self.granted)
        return np.asarray((weighted * paid).sum(axis=1) / (weighted * self.granted).sum(axis=1))


def _estimated(changes: _Changes, months: _Months, seed: int) -> FollowShare:
    rng = np.random.default_rng(seed)
    customers, others = len(changes.granted), len(months.moves)
    share = float(changes.followed(months.effect[None, :], np.ones((1, customers)))[0])
    times, of_others = (rng.multinomial(size, np.full(size, 1 / size), DRAWS) for size in (customers, others))
    drawn = changes.followed(months.effect + of_others @ months.moves, times.astype(np.float64))
    tail = (1 - CONFIDENCE) / 2
    low, high = (float(end) for end in np.quantile(drawn, [tail, 1 - tail]))
    invoices = int(changes.invoices.sum())
    values = {"customers": customers, "others": others, "invoices": invoices}
    note = say("behaviour.follow.found", share=share, low=low, high=high, **values)
    return FollowShare(share, low, high, customers, others, invoices, note)


def _unknown(customers: int, others: int, invoices: int) -> FollowShare:
    key = "behaviour.follow.few" if customers < FEWEST_CUSTOMERS else "behaviour.follow.no_others"
    note = Sentence(key, {"customers": customers, "others": others, "fewest": FEWEST_CUSTOMERS})
    return FollowShare(np.nan, np.nan, np.nan, customers, others, invoices, note)
