"""The matching under way: what is left of each claim, which receipts still ask, what was granted."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from arlib.collection.receipts.evidence import Evidence
from arlib.collection.receipts.options import Options, all_of, best_of, within
from arlib.schema import Codes, Flags

Way = Callable[[Codes, Flags], Options]  # what is left of each claim, which receipts ask -> what they may pay

_CLOSE = 0.004  # two receipts that claim one item, so near in sureness, are for a person to tell apart
_TRIES = 3  # times a receipt whose proposal is taken looks for another one
_SHOWN = 5  # alternatives of a receipt


class Run:
    """What the ways to explain receipts have used so far."""

    def __init__(self, evidence: Evidence, left: Codes, asked: Flags, automatic_from: float) -> None:
        self.evidence, self.left, self.asked = evidence, left.copy(), asked.copy()
        self.automatic_from = automatic_from
        self.granted: list[Options] = []
        self.contested = np.zeros(len(asked), dtype=bool)  # receipts that ask for what another one asks for

    @property
    def automatic(self) -> Options:
        """All that was granted."""
        return all_of(self.granted)

    def settle(self, way: Way) -> None:
        """Grant what one way is sure of, and take it from what is left."""
        found = way(self.left, self.asked)
        sure = (found.sure >= self.automatic_from) & (found.ways == 1) & ~self.contested[found.line]
        chosen = found.taken(sure)
        chosen = chosen.taken(best_of(chosen))
        if not len(chosen.line):
            return
        granted = within(chosen, self.left)
        granted &= ~self._contests(chosen, granted)
        given = chosen.taken(granted)
        if len(given.line):
            self._use(given)
            self.granted.append(given)

    def review(self, ways: Sequence[Way]) -> tuple[Options, Options]:
        """(proposed, others): the best that is left for each receipt, for a person to see, and what else fits."""
        found = all_of([way(self.left, self.asked) for way in ways])
        found = replace(found, sure=np.minimum(found.sure, self.automatic_from - 0.01) / np.maximum(found.ways, 1))
        offered, rest = [], found
        for _ in range(_TRIES):
            best = rest.taken(best_of(rest) & self.asked[rest.line])
            if not len(best.line):
                break
            given = best.taken(within(best, self.left))
            self._use(given)
            offered.append(given)
            rest = rest.taken(~self._exhausted(rest))
        proposed = all_of(offered)
        return proposed, _others(found, proposed)

    def _use(self, given: Options) -> None:
        np.subtract.at(self.left, given.claim, given.cents)
        self.asked[given.line] = False

    def _exhausted(self, options: Options) -> Flags:
        """Options that ask more of a claim than is left of it."""
        beyond = np.abs(options.cents) > np.abs(self.left[options.claim])
        gone = np.zeros(len(options.line), dtype=bool)
        gone[options.option[beyond]] = True
        return gone

    def _contests(self, chosen: Options, granted: Flags) -> Flags:
        """Granted options whose claim another payer's receipt asks for as surely: both are for a person to see.

        Of two receipts alike the earlier one keeps it.
        """
        lines = self.evidence.lines
        owner = np.full(len(self.left), -1)
        winner = granted[chosen.option]
        owner[chosen.claim[winner]] = chosen.option[winner]
        lost = ~winner & (owner[chosen.claim] >= 0)
        loser, other = chosen.option[lost], owner[chosen.claim[lost]]
        alike = lines.payer[chosen.line[loser]] == lines.payer[chosen.line[other]]
        near = np.abs(chosen.sure[loser] - chosen.sure[other]) < _CLOSE
        both = ~alike & near
        contested = np.zeros(len(granted), dtype=bool)
        contested[other[both]] = True
        self.contested[chosen.line[np.concatenate([loser[both], other[both]])]] = True
        return contested


def _others(found: Options, proposed: Options) -> Options:
    """What else fits the receipts, without what is proposed, the surest ones of each."""
    taken = set(zip(proposed.line.tolist(), proposed.content().tolist(), strict=True))
    same = [pair in taken for pair in zip(found.line.tolist(), found.content().tolist(), strict=True)]
    rest = found.taken(~np.array(same, dtype=bool)) if same else found
    order = np.lexsort((rest.content(), rest.reason, -rest.sure, rest.line))
    line = rest.line[order]
    first = np.flatnonzero(np.diff(line, prepend=-1))
    rank = np.arange(len(line)) - np.repeat(first, np.diff(np.append(first, len(line))))
    kept = np.zeros(len(line), dtype=bool)
    kept[order[rank < _SHOWN]] = True
    return rest.taken(kept)
