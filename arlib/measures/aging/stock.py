"""What is open of each age at many days: sums over the movements of a ledger, in one pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arlib.ledger import Movements, Portions
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats

_BLOCK = 1 << 16  # portions summed at a time: what is made of them stays in the processor's cache, and memory small
_BEGINNING = -1_000_000  # a day number before any date of a file


@dataclass(frozen=True, eq=False)
class Clock:
    """The part each item stands in on each asked day, by look-ups in small tables instead of searches.

    The parts of what is owed are the age buckets, youngest first, then what has no date to age from, then what stands
    apart whatever its age.

    Attributes:
        days: day numbers asked, increasing, one at least.
        firsts: the day past its date on which an item enters each bucket but the youngest.
        basis: `due` or `issued`, the date items age from.
        apart: whether each item stands apart; none does where it is None.
    """

    days: Days
    firsts: Days
    basis: str
    apart: Flags | None

    @cached_property
    def told(self) -> Days:
        """The dates that tell ages apart: earlier ones are as old, later ones as young, on every asked day."""
        oldest = max(int(self.days[0] - self.firsts[-1]), _BEGINNING)
        return np.arange(oldest, max(oldest, int(self.days[-1] - self.firsts[0]) + 1) + 1)

    def slots(self, block: "_Block") -> Codes:
        """The place of the dates of portions among `told`; after the last stand no date, then apart."""
        slots: Codes = np.clip(block.dates, self.told[0], self.told[-1]) - self.told[0]
        slots[block.dates == NO_DAY] = len(self.told)
        if self.apart is not None:
            slots[self.apart.take(block.item)] = len(self.told) + 1
        return slots

    @property
    def parts(self) -> int:
        """How many parts what is owed has."""
        return len(self.firsts) + 3

    def place(self, day: Days) -> Codes:
        """The place of the first asked day on or after a day; their number where there is none."""
        first = self.days[0]
        places: Codes = self._places.take(np.clip(day, first, self.days[-1] + 1) - first)
        return places

    @cached_property
    def _places(self) -> Codes:
        return np.searchsorted(self.days, np.arange(self.days[0], self.days[-1] + 2))

    def parts_on(self, day: int) -> Codes:
        """The part each slot stands in on a day."""
        ages = np.searchsorted(self.firsts, day - self.told, side="right")
        return np.append(ages, [self.parts - 2, self.parts - 1])

    def entered(self) -> list[Codes]:
        """For each part after the youngest, the place of the first asked day that finds a slot in it or past it."""
        buckets = np.searchsorted(self.days, self.told + self.firsts[:, None])
        never = np.full(len(self.told) + 2, len(self.days))
        tables = [np.append(bucket, never[:2]) for bucket in buckets]
        for slot in (-2, -1):
            table = never.copy()
            table[slot] = 0
            tables.append(table)
        return tables


def stock(moved: Movements, clock: Clock, shares: Floats | None = None) -> Floats:
    """What is open by (part, day, group): the parts of the clock, then credits nobody has applied.

    Args:
        moved: the movements.
        clock: where each item stands on each asked day.
        shares: what to count of each item's amount; all of it where none are given.
    """
    few = len(clock.days) <= len(clock.firsts)  # then a sum a day costs less than a sum a bucket
    return (_by_day if few else _by_part)(moved, clock, shares)


def _by_day(moved: Movements, clock: Clock, shares: Floats | None) -> Floats:
    """One sum a day: every portion open on it into the part its item is in."""
    held = np.zeros((len(clock.days), clock.parts + 1, len(moved.groups)))
    tables = [clock.parts_on(int(day)) for day in clock.days]
    for portions, owed in ((moved.debits, True), (moved.credits, False)):
        for block in _blocks(portions, clock, shares):
            for place, table in enumerate(tables):
                opened = block.where((block.first <= place) & (place < block.end))
                part = table.take(clock.slots(opened)) if owed else np.full(len(opened.item), clock.parts)
                opened.add(held[place], part, opened.group, opened.amount)
    return held.transpose(1, 0, 2)


def _by_part(moved: Movements, clock: Clock, shares: Floats | None) -> Floats:
    """One sum a part: every portion from the day that finds it open and its item in the part or past, added up by day.

    What is in a bucket is what is in it or past less what is past.
    """
    held = np.zeros((clock.parts + 1, len(clock.days) + 1, len(moved.groups)))
    tables = clock.entered()
    for block in _blocks(moved.debits, clock, shares):
        slots = clock.slots(block)
        block.add_between(held[0], block.first)
        for part, table in enumerate(tables, 1):
            entered = np.maximum(table.take(slots), block.first)
            reached = entered < block.end
            if reached.any():
                block.where(reached).add_between(held[part], entered[reached])
    for block in _blocks(moved.credits, clock, shares):
        block.add_between(held[-1], block.first)
    for place in range(1, len(clock.days)):  # a running sum along the middle of three axes, ten times as fast as cumsum
        held[:, place] += held[:, place - 1]
    held[0] -= held[-3] + held[-2]
    for part in range(clock.parts - 3):
        held[part] -= held[part + 1]
    return held[:, :-1]


@dataclass(frozen=True, eq=False)
class _Block:
    """Some portions that follow one another, open on an asked day: from the place of the first such day to the end."""

    item: Codes
    group: Codes  # after the first of the block
    first: Codes
    end: Codes
    dates: Days  # they age from
    amount: Floats
    groups: slice  # those of the block

    def where(self, chosen: Flags) -> "_Block":
        """The portions flagged."""
        item, group, first, end = (column[chosen] for column in (self.item, self.group, self.first, self.end))
        return _Block(item, group, first, end, self.dates[chosen], self.amount[chosen], self.groups)

    def add(self, sums: Floats, row: Codes, group: Codes, amount: Floats) -> None:
        """Add amounts to sums, each to its row and to the column of its group."""
        width = self.groups.stop - self.groups.start
        added = np.bincount(row * width + group, amount, len(sums) * width)
        sums[:, self.groups] += added.reshape(len(sums), width)

    def add_between(self, changes: Floats, row: Codes) -> None:
        """Add each portion to a row, and take it from the one where it is settled."""
        rows, group = np.concatenate([row, self.end]), np.concatenate([self.group, self.group])
        self.add(changes, rows, group, np.concatenate([self.amount, -self.amount]))


def _blocks(portions: Portions, clock: Clock, shares: Floats | None) -> Iterator[_Block]:
    dates = portions.due if clock.basis == "due" else portions.issued
    for start in range(0, len(portions.item), _BLOCK):
        of = slice(start, start + _BLOCK)
        first, end = clock.place(portions.since[of]), clock.place(portions.until[of])
        seen = first < end  # the others are settled before an asked day finds them
        item, group, amount = portions.item[of][seen], portions.group[of], portions.amount[of][seen]
        groups = slice(int(group[0]), int(group[-1]) + 1)
        counted = amount if shares is None else amount * shares.take(item)
        yield _Block(item, group[seen] - groups.start, first[seen], end[seen], dates[of][seen], counted, groups)
