"""Which open items add up to an amount: in whole cents, exactly, within bounds, and how many ways there are.

Runs of items in the order of their due dates are sought first: whoever pays several items seldom leaves one out. Then
any set of at most `FEW` items. More would be no use: of twenty items there are a million sets, and chance alone makes
some of them fit any amount.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arlib.collection.receipts.claims import Claims
from arlib.schema import Codes, Floats

MANY, FEW = 96, 14  # items a run, and a set, is sought in: those due first
_WIDTHS = (8, 16, 32, MANY)  # pools of like size are looked at together
_CELLS = 4_000_000  # numbers held at a time


@dataclass(frozen=True, eq=False)
class Pools:
    """(targets, width) positions of claims in the order of their due dates, -1 where there are no more; their cents."""

    claim: Codes
    cents: Codes

    def taken(self, targets: Codes, width: int) -> "Pools":
        """The first so many claims of some targets."""
        return Pools(self.claim[targets, :width], self.cents[targets, :width])


@dataclass(frozen=True, eq=False)
class Found:
    """Sets of claims that add up: the target of each, how many chance makes fit one, and its members.

    `target` and `chance` are a row a set; `owner` is the set of each `claim`.
    """

    target: Codes
    chance: Floats
    owner: Codes
    claim: Codes


def pools_of(claims: Claims, left: Codes, owner: Codes, day: Codes, width: int) -> Pools:
    """What is left open to each owner on a day, the first so many claims due; credits are not among them."""
    alive = np.flatnonzero(left > 0)
    owners = claims.owner[alive]
    start, stop = np.searchsorted(owners, owner, "left"), np.searchsorted(owners, owner, "right")
    place = start[:, None] + np.arange(width)[None, :]
    inside = place < stop[:, None]
    claim = np.where(inside, alive[np.minimum(place, max(len(alive) - 1, 0))] if len(alive) else -1, -1)
    known = (claim >= 0) & (claims.booked[claim] <= day[:, None])
    order = np.argsort(~known, axis=1, kind="stable")
    claim = np.take_along_axis(np.where(known, claim, -1), order, axis=1)
    used = int(known.sum(axis=1).max(initial=0))
    claim = claim[:, :used]
    return Pools(claim, np.where(claim >= 0, left[claim], 0))


def runs(pools: Pools, target: Codes) -> Found:
    """Two or more items due one after the other that add up to the target."""
    size, least, parts = (pools.claim >= 0).sum(axis=1), 1, list[Found]()
    for width in _WIDTHS:
        own = np.flatnonzero((size > least) & (size <= width))
        parts += [_runs(pools.taken(at, width), target[at], at) for at in _batches(own, (width + 1) ** 2)]
        least = width
    return _joined(parts)


def couples(pools: Pools, target: Codes) -> Found:
    """Any two items that add up to the target."""
    width = pools.claim.shape[1]
    everything = np.arange(len(target))
    return _joined([_couples(pools.taken(at, width), target[at], at) for at in _batches(everything, width**2)])


def sets(pools: Pools, target: Codes) -> Found:
    """Any items that add up to the target, of pools of at most `FEW`."""
    size, parts = (pools.claim >= 0).sum(axis=1), list[Found]()
    for width in range(2, FEW + 1):
        own = np.flatnonzero(size == width)
        parts += [_sets(pools.taken(at, width), target[at], at) for at in _batches(own, 2**width)]
    return _joined(parts)


def _batches(places: Codes, cells: int) -> Iterator[Codes]:
    """Targets that are looked at together, each of so many numbers."""
    step = max(1, _CELLS // max(cells, 1))
    return (places[begin : begin + step] for begin in range(0, len(places), step))


def _couples(pools: Pools, target: Codes, places: Codes) -> Found:
    cents, size = pools.cents, (pools.claim >= 0).sum(axis=1)
    both = cents[:, :, None] + cents[:, None, :] == target[:, None, None]
    row, first, second = np.nonzero(both & (cents[:, :, None] > 0) & (cents[:, None, :] > 0))
    kept = first < second
    row, first, second = row[kept], first[kept], second[kept]
    chance = size * (size - 1) / 2 / np.maximum(cents.max(axis=1, initial=1), 1)
    claim = np.stack([pools.claim[row, first], pools.claim[row, second]], axis=1).ravel()
    return Found(places[row], chance[row], np.repeat(np.arange(len(row)), 2), claim)


def _runs(pools: Pools, target: Codes, places: Codes) -> Found:
    total = np.concatenate([np.zeros((len(target), 1), dtype=np.int64), np.cumsum(pools.cents, axis=1)], axis=1)
    size = (pools.claim >= 0).sum(axis=1)
    row, begin, end = np.nonzero(total[:, None, :] - total[:, :, None] == target[:, None, None])
    kept = (end >= begin + 2) & (end <= size[row])
    row, begin, end = row[kept], begin[kept], end[kept]
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.where(size > 1, size * (size - 1) / 2 / np.maximum(total[:, -1], 1), 0.0)
    return _found(pools, places, chance, (row, begin, end))


def _found(pools: Pools, places: Codes, chance: Floats, spans: tuple[Codes, Codes, Codes]) -> Found:
    row, begin, end = spans
    length = end - begin
    owner = np.repeat(np.arange(len(row)), length)
    column = np.repeat(begin, length) + np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    return Found(places[row], chance[row], owner, pools.claim[row[owner], column])


def _sets(pools: Pools, target: Codes, places: Codes) -> Found:
    count = pools.cents.shape[1]
    totals = np.zeros((len(target), 1), dtype=np.int64)
    for column in range(count):
        totals = np.concatenate([totals, totals + pools.cents[:, column, None]], axis=1)
    row, mask = np.nonzero(totals == target[:, None])
    several = (mask & (mask - 1)) != 0
    row, mask = row[several], mask[several]
    spread = np.sqrt((pools.cents.astype(np.float64) ** 2).sum(axis=1)) / 2  # of the sum of a set drawn by chance
    chance = 2.0**count / np.maximum(spread * np.sqrt(2 * np.pi), 1.0)
    owner, place = np.nonzero((mask[:, None] >> np.arange(count)[None, :]) & 1)
    return Found(places[row], chance[row], owner, pools.claim[row[owner], place])


def _joined(parts: list[Found]) -> Found:
    before = np.cumsum([0, *(len(part.target) for part in parts)])
    none = np.zeros(0, dtype=np.intp)
    owner = np.concatenate([none, *(part.owner + offset for part, offset in zip(parts, before, strict=False))])
    target, claim = (np.concatenate([none, *(getattr(part, name) for part in parts)]) for name in ("target", "claim"))
    return Found(target, np.concatenate([np.zeros(0), *(part.chance for part in parts)]), owner, claim)
