"""What a receipt may pay: options with their parts, how sure and why, and the choice that uses nothing twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from arlib.collection.receipts.keys import Keys, mixed
from arlib.schema import Codes, Flags, Floats

# Why an option is one, in the order in which they are trusted.
REASONS = (
    "reference_amount", "reference_range", "reference_some", "reference_credit", "reference_discount", "reference_fee",
    "reference_rounding", "reference_more", "reference_part", "reference_rest", "amount_one", "amount_run",
    "amount_credit", "amount_discount", "amount_fee", "amount_set", "amount_alone", "habit_oldest",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Options:
    """Sets of claims that receipts may pay.

    Attributes:
        line: position of the receipt of each option; reason: place in `REASONS`; sure: 0 to 1.
        ways: how many options of this kind fit the receipt; gap: cents owed more than came, of the set.
        option, claim, cents: the parts, one row each: which option, which claim, how much of it (a credit: negative).
    """

    line: Codes
    reason: Codes
    sure: Floats
    ways: Codes
    gap: Codes
    option: Codes
    claim: Codes
    cents: Codes

    @classmethod
    def of(cls, line: Codes, reason: str, sure: Any, parts: tuple[Codes, Codes, Codes], *, gap: Any = 0) -> "Options":  # noqa: ANN401 - a number or an array
        """Options of one reason, one way each until `counted`."""
        size = len(line)
        return cls(
            line=line,
            reason=np.full(size, REASONS.index(reason)),
            sure=np.broadcast_to(np.asarray(sure, dtype=np.float64), size).copy(),
            ways=np.ones(size, dtype=np.intp),
            gap=np.broadcast_to(np.asarray(gap, dtype=np.int64), size).copy(),
            option=parts[0],
            claim=parts[1],
            cents=parts[2],
        )

    def taken(self, kept: Flags) -> "Options":
        """Some of the options, numbered again."""
        number = np.cumsum(kept) - 1
        parts = kept[self.option]
        heads = {name: getattr(self, name)[kept] for name in ("line", "reason", "sure", "ways", "gap")}
        return Options(**heads, option=number[self.option[parts]], claim=self.claim[parts], cents=self.cents[parts])

    def content(self) -> Keys:
        """A key of the parts of each option, whatever their order."""
        each = mixed(mixed(self.claim.astype(np.uint64), self.cents), self.claim)
        key = np.zeros(len(self.line), dtype=np.uint64)
        np.add.at(key, self.option, each)
        return key

    def ranked(self) -> Codes:
        """The options by receipt, the surest first; of those alike the one that pays what fell due first.

        Claims stand by owner and then by due date, so that the lowest place is the oldest debt.
        """
        oldest = np.full(len(self.line), np.iinfo(np.int64).max)
        np.minimum.at(oldest, self.option, self.claim)
        return np.lexsort((self.content(), oldest, self.reason, -self.sure, self.line))

    def counted(self) -> "Options":
        """Each set of claims once a receipt, the surest, and how many different ones each receipt has."""
        key = mixed(self.content(), self.line)
        order = np.lexsort((self.reason, -self.sure, key))
        first = np.ones(len(order), dtype=bool)
        first[1:] = key[order][1:] != key[order][:-1]
        kept = np.zeros(len(order), dtype=bool)
        kept[order[first]] = True
        once = self.taken(kept)
        size = int(once.line.max(initial=-1)) + 1
        return replace(once, ways=np.maximum(np.bincount(once.line, minlength=size)[once.line], once.ways))


def all_of(parts: Sequence[Options]) -> Options:
    """Options of several kinds together."""
    before = np.cumsum([0, *(len(part.line) for part in parts)])
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) if parts else np.zeros(0, dtype=np.int64)
        for name in ("line", "reason", "sure", "ways", "gap", "claim", "cents")
    }
    numbered = [part.option + offset for part, offset in zip(parts, before, strict=False)]
    option = np.concatenate(numbered) if numbered else np.zeros(0, dtype=np.int64)
    return Options(**columns, option=option)


def best_of(options: Options) -> Flags:
    """The surest option of each receipt."""
    order = options.ranked()
    line = options.line[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = line[1:] != line[:-1]
    kept = np.zeros(len(order), dtype=bool)
    kept[order[first]] = True
    return kept


def within(options: Options, left: Codes) -> Flags:
    """Which options can be granted together, the surest and earliest first, without a claim paid beyond what is left.

    One option a receipt is given, receipts being in the order of their days.
    """
    granted = np.ones(len(options.line), dtype=bool)
    rank = np.lexsort((options.line, -options.sure))
    place = np.empty(len(rank), dtype=np.intp)
    place[rank] = np.arange(len(rank))
    order = np.lexsort((place[options.option], options.claim))
    claim, option = options.claim[order], options.option[order]
    amount, most = np.abs(options.cents[order]), np.abs(left)[claim]
    while True:
        running = np.cumsum(np.where(granted[option], amount, 0))
        starts = np.flatnonzero(np.diff(claim, prepend=-1))
        before = np.concatenate([[0], running])[starts]
        begin = np.repeat(before, np.diff(np.append(starts, len(claim))))
        beyond = (running - begin > most) & granted[option]
        if not beyond.any():
            return granted
        # Of each claim the first that asks too much is refused; the others may fit once it is.
        first = np.zeros(len(claim), dtype=bool)
        where = np.flatnonzero(beyond)
        first[where[np.diff(claim[where], prepend=-1) != 0]] = True
        granted[option[first]] = False
