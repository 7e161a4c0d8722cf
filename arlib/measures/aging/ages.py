"""Age buckets: their names and bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from arlib.errors import ArlibError
from arlib.measures.aging.asked import are_whole, several
from arlib.words import say

BOUNDS = (30, 60, 90)
NOT_DUE = "not_due"


@dataclass(frozen=True)
class Ages:
    """The buckets of an aged balance.

    Attributes:
        basis: `due` or `issued`, the date an item ages from.
        names: of the buckets, youngest first.
        firsts: the day past that date on which each bucket begins; the youngest has no beginning.
    """

    basis: str
    names: tuple[str, ...]
    firsts: tuple[int, ...]

    @classmethod
    def of(cls, basis: str, bounds: Sequence[int] | int) -> "Ages":
        """The buckets between bounds, each the last day of one; the oldest is open. One bound makes two.

        Raises:
            ArlibError: bounds are no whole numbers or do not increase, or the basis is neither `due` nor `issued`.
        """
        asked = several(bounds)
        if basis not in ("due", "issued") or not asked or not are_whole(asked) or (np.diff([0, *asked]) <= 0).any():
            raise ArlibError(say("aging.bounds", bounds=", ".join(map(str, asked)), basis=basis))
        edges = [0, *map(int, asked)]
        late = [f"{first + 1}-{last}" for first, last in pairwise(edges)]
        late.append(f"{edges[-1] + 1}+")
        if basis == "due":
            return cls(basis, (NOT_DUE, *late), tuple(edge + 1 for edge in edges))
        return cls(basis, (f"0-{edges[1]}", *late[1:]), tuple(edge + 1 for edge in edges[1:]))
