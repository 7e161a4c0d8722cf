"""Absorbing Markov chains of receivables: what of each age will be paid, what lost, and after how many months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.aging.ages import BOUNDS, Ages
from arlib.measures.delays.settlements import LOST, OPEN, PAID, Pieces, pieces_of
from arlib.measures.flows.billed import debits_known
from arlib.measures.flows.edges import told_from
from arlib.measures.opening import known_from
from arlib.risk.provisions.rates import LOST_AFTER, MONTHS
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code
from arlib.words import say

ENDS = ("paid", "lost", "unknown")  # unknown: what reached a state the past says nothing of
_EXACT = 1e-6  # within which probabilities add up to 1


@dataclass(frozen=True, eq=False)
class MarkovChain:
    """An absorbing chain by month: from each age to another, or to an end that is final.

    Source: Cyert, Davidson and Thompson (1962); handbook, risk scoring 6.3.

    Attributes:
        states: names of the ages, each passed through.
        steps: (states, states) share of each that is in another a month later.
        ends: (states, 1 to 3) share of each that is `paid`, `lost` or, the past not telling, `unknown`.
        balances: (states,) what stands in each, 0 where nothing was said.

    Raises:
        ArlibError: shapes do not fit, shares are below 0 or do not add up to 1, or a state never comes to an end.
    """

    states: tuple[str, ...]
    steps: Floats
    ends: Floats
    balances: Floats

    def __post_init__(self) -> None:
        size = len(self.states)
        shapes = (self.steps.shape, len(self.ends), self.ends.ndim, self.balances.shape)
        if shapes != ((size, size), size, 2, (size,)) or not 1 <= self.ends.shape[1] <= len(ENDS):
            raise ArlibError(say("risk.provision.chain_shape", states=size))
        shares = np.hstack([self.steps, self.ends])
        if not (shares >= 0).all() or not (np.abs(shares.sum(axis=1) - 1) < _EXACT).all():
            raise ArlibError(say("risk.provision.chain_shares"))
        endless = [
            state for state, stays in zip(self.states, endless_states(self.steps, self.ends), strict=True) if stays
        ]
        if endless:
            raise ArlibError(say("risk.provision.chain_endless", states=", ".join(endless)))

    @classmethod
    def of(
        cls, steps: Sequence[Sequence[float]], ends: Sequence[Sequence[float]], balances: Mapping[str, float]
    ) -> "MarkovChain":
        """A chain of given shares: from each state, in the order of `balances`, to each; and to paid and lost.

        Raises:
            ArlibError: as for the chain itself, or rows are of different lengths.
        """
        try:
            shares = np.array(steps, dtype=np.float64), np.array(ends, dtype=np.float64)
        except ValueError as ragged:
            raise ArlibError(say("risk.provision.chain_shape", states=len(balances))) from ragged
        return cls(tuple(balances), *shares, np.array([*balances.values()], dtype=np.float64))

    @cached_property
    def months_in(self) -> Floats:
        """(states, states) months a euro of each spends in another before its end: N = (I - Q)⁻¹."""
        return np.asarray(np.linalg.inv(np.eye(len(self.states)) - self.steps))

    @property
    def months_to_end(self) -> Floats:
        """(states,) months before a euro of each state comes to its end."""
        return np.asarray(self.months_in.sum(axis=1))

    @property
    def outcomes(self) -> Floats:
        """(states, ends) share of each state that ends so: A = N R."""
        return np.asarray(self.months_in @ self.ends)

    @property
    def expected(self) -> pd.DataFrame:
        """What is expected of the balances.

        One row a state: `state`, `balance`, `paid_share`, `lost_share`, `unknown_share` (0 to 1), `paid`, `lost`,
        `unknown` (amounts, adding up to the balance), `months` to the end.
        """
        shares = np.zeros((len(self.states), len(ENDS)))
        shares[:, : self.ends.shape[1]] = self.outcomes
        table = pd.DataFrame({"state": pd.Series(self.states, dtype="str"), "balance": self.balances})
        table[[f"{end}_share" for end in ENDS]] = shares
        table[list(ENDS)] = shares * self.balances[:, None]
        return table.assign(months=self.months_to_end)


def endless_states(steps: Floats, ends: Floats) -> Flags:
    """Which states never come to an end: none can be reached from them."""
    ending = (ends > 0).any(axis=1)
    for _ in range(len(steps)):  # as many steps as the longest way there is
        ending = ending | ((steps > 0) & ending).any(axis=1)
    return np.asarray(~ending)


def markov_chain(
    ledger: Ledger, as_of: Day | None = None, *, months: int = MONTHS, bounds: Sequence[int] | int = BOUNDS
) -> MarkovChain:
    """The chain of the last months, each euro in the bucket of its own due date (partial balance).

    States are the buckets of the ageing; a month is one before the same day of the next. Of what was open at the start
    of each month, by amount: paid, lost (written off, or unpaid for 365 days past its due date), or the bucket
    it is in at the end. What a credit note, a bill or a transfer settled in the month is left out of it. Balances are
    those of the day; what has then been unpaid for longer is in the state `366+`, which ends lost. Debts without a due
    date and credits not matched are in none. A state nothing passed through ends as unknown.

    Raises:
        ArlibError: fewer than one month, or the ledger does not know one before the day; bounds that do not increase.
    """
    return _chain(ledger, ledger.day(as_of), months, Ages.of("due", bounds), by_account=False)


def account_markov_chain(
    ledger: Ledger, as_of: Day | None = None, *, months: int = MONTHS, bounds: Sequence[int] | int = BOUNDS
) -> MarkovChain:
    """As `markov_chain`, but all a customer owes is in the bucket of its oldest debt (total balance).

    The original rule of Cyert, Davidson and Thompson: a customer who pays its oldest debt makes all others younger.
    Debts unpaid for 365 days are lost and age the others no more. An old debt weighs little in the balance of its
    customer, so that fewer losses are expected than by each debt's own age.
    """
    return _chain(ledger, ledger.day(as_of), months, Ages.of("due", bounds), by_account=True)


def _chain(ledger: Ledger, day: pd.Timestamp, months: int, ages: Ages, *, by_account: bool) -> MarkovChain:
    if months < 1 or ages.firsts[-1] > LOST_AFTER:
        raise ArlibError(say("risk.provision.chain_asked", months=months, lost_after=LOST_AFTER))
    end, first = min(day, ledger.covers[1]), known_from(ledger)
    days = [end - pd.DateOffset(months=count) for count in range(months, -1, -1)]
    days = [each for each in days if each >= first]
    if len(days) <= 1:
        raise ArlibError(say("risk.provision.chain_short", first=first, day=day))
    told = told_from(ledger, days[0])
    followed = _Followed.of(told, end, ages, by_account=by_account)
    names = Ages.of("due", [*(first - 1 for first in ages.firsts[1:]), LOST_AFTER]).names
    months_of = (followed.flows(day_number(since), day_number(until), len(names)) for since, until in pairwise(days))
    return _of_flows(names, np.sum([*months_of], axis=0), followed.stock(day_number(end), len(names)))


def _of_flows(names: tuple[str, ...], flows: Floats, stock: Floats) -> MarkovChain:
    """The chain of amounts that went from each bucket to each, the last being lost, then to paid."""
    size = len(names) - 1
    flows = np.append(flows[:size], np.zeros((size, 1)), axis=1)
    total = flows.sum(axis=1, keepdims=True)
    shares = np.divide(flows, total, out=np.zeros_like(flows), where=total > 0)
    steps, ends = shares[:, :size], shares[:, [size + 1, size, size + 2]]
    unseen = endless_states(steps, ends)  # nothing passed through, or nothing came out
    steps[unseen], ends[unseen] = 0.0, (0.0, 0.0, 1.0)
    steps, ends = np.pad(steps, (0, 1)), np.vstack([ends, [0.0, 1.0, 0.0]])
    return MarkovChain(names, steps, ends, stock)


@dataclass(frozen=True, eq=False)
class _Followed:
    """The pieces of debts with a due date, and how they are aged."""

    ages: Ages
    account: Codes | None  # of each piece, where debts are aged by the oldest of their account
    due: Days
    booked: Days
    until: Days  # the day each piece was settled; never for what is open
    state: Codes
    amount: Floats

    @classmethod
    def of(cls, ledger: Ledger, day: pd.Timestamp, ages: Ages, *, by_account: bool) -> "_Followed":
        pieces = _dated(pieces_of(ledger, day, debits_known(ledger, day)), ledger)
        names = ledger.items["customer_id"]
        account = pd.factorize(names)[0][pieces.item] if by_account else None
        return cls(
            ages=ages,
            account=account,
            due=day_numbers(ledger.items["due_on"])[pieces.item],
            booked=day_numbers(ledger.items["booked_on"])[pieces.item],
            until=np.where(pieces.state == OPEN, np.iinfo(np.int64).max, pieces.day),
            state=pieces.state.astype(np.intp),
            amount=pieces.amount,
        )

    def flows(self, start: int, end: int, size: int) -> Floats:
        """(size, size + 1): from each bucket at the end of a day to each at the end of another, then to paid."""
        opened = (self.booked <= start) & (self.until > start)
        settled = self.until <= end
        kept = opened & (~settled | (self.state == PAID) | (self.state == LOST))
        where = np.where(settled, np.where(self.state == PAID, size, size - 1), self._places(end, ~settled & opened))
        cell = self._places(start, opened)[kept] * (size + 1) + where[kept]
        return sum_by_code(cell, self.amount[kept], size * (size + 1)).reshape(size, size + 1)

    def stock(self, day: int, size: int) -> Floats:
        """What stands in each bucket, then what is lost, at the end of a day."""
        opened = (self.booked <= day) & (self.until > day)
        return sum_by_code(self._places(day, opened)[opened], self.amount[opened], size).round(2) + 0.0

    def _places(self, day: int, opened: Flags) -> Codes:
        """The bucket of each piece at the end of a day, or after the last one, where it is lost."""
        late = day - self.due
        lost = late > LOST_AFTER
        if self.account is not None:
            oldest = np.full(int(self.account.max(initial=-1)) + 1, np.iinfo(np.int64).min)
            counted = opened & ~lost
            np.maximum.at(oldest, self.account[counted], late[counted])
            late = oldest[self.account]
        place: Codes = np.searchsorted(self.ages.firsts, late, side="right")
        return np.where(lost, len(self.ages.names), place)


def _dated(pieces: Pieces, ledger: Ledger) -> Pieces:
    kept = (day_numbers(ledger.items["due_on"]) != NO_DAY)[pieces.item]
    return Pieces(pieces.item[kept], pieces.state[kept], pieces.amount[kept], pieces.day[kept])
