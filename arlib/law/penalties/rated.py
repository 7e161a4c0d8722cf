"""The rate of each period of lateness, by what kind of buyer owes it and what its contract fixes."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from arlib.law.dated import TO_CONFIRM
from arlib.law.penalties.accrual import Periods
from arlib.law.rates import (
    COMPANY,
    PER_INVOICE,
    PUBLIC,
    RateTables,
    below_floor_said,
    half_year_rates,
    is_below,
    rule_on,
    rules_of,
)
from arlib.schema import Codes, Days, Flags, Floats, to_dates
from arlib.words import Sentence

RULED = (COMPANY, PUBLIC)  # consumers have no such regime


@dataclass(frozen=True, eq=False)
class Late:
    """Late invoices, in an order that does not hang on that of the ledger's rows.

    Attributes:
        due: day numbers of their due dates.
        document: codes of the documents they are instalments of.
        in_money: whether something of them was late that no credit note took back.
        public: whether a public buyer owes them.
    """

    due: Days
    document: Codes
    in_money: Flags
    public: Flags


@dataclass(frozen=True, eq=False)
class Rated:
    """The rates of periods, aligned with them.

    Attributes:
        rate: a share a year; nan where none is known.
        by_contract: whether a contract fixes it; else the law does.
        below_floor: whether that contract fixes less than the law allows.
        to_confirm: whether it rests on a row that is to be confirmed, or was carried forward.
        carried: whether it rests on a reference rate of an earlier half-year.
        notes: what the rates used rest on.
    """

    rate: Floats
    by_contract: Flags
    below_floor: Flags
    to_confirm: Flags
    carried: Flags
    notes: tuple[Sentence, ...]

    def taken(self, kept: Flags | Codes) -> "Rated":
        """The rates of some of the periods, or of all in another order."""
        flags = (self.by_contract[kept], self.below_floor[kept], self.to_confirm[kept], self.carried[kept])
        return Rated(self.rate[kept], *flags, self.notes)


def rated(periods: Periods, public: Flags, contracted: Floats, country: str, tables: RateTables) -> Rated:
    """The rate of each period: the contract's where it fixes one, else that of the law in its half-year.

    Args:
        periods: the periods.
        public: (periods,) whether a public buyer owes it.
        contracted: (periods,) rate of the contract, nan where there is none.
        country: whose law holds.
        tables: the rates.
    """
    by_contract = ~np.isnan(contracted)
    size = len(contracted)
    default, floor = np.full(size, np.nan), np.full(size, np.nan)
    to_confirm, carried = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    notes: dict[str, Sentence] = {}
    for buyer, contract in product(RULED, (False, True)):
        rows = np.flatnonzero((public == (buyer == PUBLIC)) & (by_contract == contract))
        if not len(rows):
            continue
        halves, place = np.unique(periods.half[rows], return_inverse=True)
        known = half_year_rates(halves, country, buyer, tables)
        if contract:
            floor[rows] = known.table["floor_rate"].to_numpy()[place]
        else:
            default[rows] = known.table["default_rate"].to_numpy()[place]
            to_confirm[rows] = (known.table["status"] == TO_CONFIRM).to_numpy()[place]
            carried[rows] = known.table["carried"].to_numpy()[place]
        notes |= {str(note): note for note in (known.floor_notes if contract else known.notes)}
    below = by_contract & is_below(contracted, floor)
    said = (below_floor_said(contracted[below], floor[below]),) if below.any() else ()
    rate = np.where(by_contract, contracted, default)
    return Rated(rate, by_contract, below, to_confirm, carried, (*notes.values(), *said))


def fixed_sums(late: Late, country: str, tables: RateTables) -> tuple[Floats, Flags, tuple[Sentence, ...]]:
    """(late invoices,) the fixed sum for recovery costs, whether it is to be confirmed, and notes.

    That of the day lateness began; once an invoice, on its first late instalment, or for each instalment, as the
    country's rule says.
    """
    amount, doubtful = np.zeros(len(late.due)), np.zeros(len(late.due), dtype=bool)
    notes: dict[str, Sentence] = {}
    for buyer in RULED:
        rows = np.flatnonzero(late.in_money & (late.public == (buyer == PUBLIC)))
        if not len(rows):
            continue
        rules = rules_of(country, buyer, tables)
        if rules["fixed_per"].iloc[-1] == PER_INVOICE:
            rows = rows[_first_of_each(late.document[rows], late.due[rows])]
        fixed = rule_on(rules, "fixed_amount").on(to_dates(late.due[rows] + 1))
        amount[rows], doubtful[rows] = np.nan_to_num(fixed.rate), fixed.to_confirm
        notes |= {str(note): note for note in fixed.notes}
    return amount, doubtful, tuple(notes.values())


def _first_of_each(document: Codes, due: Days) -> Codes:
    """The row of each document that was due first, of one day the first given."""
    order = np.lexsort((np.arange(len(due)), due, document))
    starts = np.diff(document[order], prepend=-1) != 0
    return np.asarray(order[starts])
