"""The matching under way: what is left of each claim, which receipts still ask, what was granted."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from arlib.collection.receipts.by_amount import exchangeable
from arlib.collection.receipts.by_reference import told
from arlib.collection.receipts.evidence import Evidence
from arlib.collection.receipts.keys import mixed
from arlib.collection.receipts.options import REASONS, Options, all_of, best_of, within
from arlib.collection.receipts.references import SLIP, Hits, best_named
from arlib.schema import Codes, Flags

Way = Callable[[Codes, Flags], Options]  # what is left of each claim, which receipts ask -> what they may pay

_SOME = REASONS.index("reference_some")  # takes but a part of what is named, by its nature
_CLOSE = 0.0095  # two receipts that claim one item, so near in sureness, are for a person to tell apart
_RIVAL = 0.95  # how sure something else that fits a receipt must be to keep a proposal from being automatic
_TRIES = 3  # times a receipt whose proposal is taken looks for another one
_SHOWN = 5  # alternatives of a receipt


class Run:
    """What the ways to explain receipts have used so far."""

    def __init__(self, evidence: Evidence, left: Codes, asked: Flags, automatic_from: float) -> None:
        self.evidence, self.first, self.left, self.asked = evidence, left, left.copy(), asked.copy()
        self.automatic_from = automatic_from
        self.granted: list[Options] = []
        self.contested = np.zeros(len(asked), dtype=bool)  # receipts that ask for what another one asks for
        self.stopped = np.zeros(len(asked), dtype=bool)  # receipts whose text says much, but not surely what

    @property
    def automatic(self) -> Options:
        """All that was granted."""
        return all_of(self.granted)

    def settle_named(self, way: Way, amounts: Sequence[Way]) -> None:
        """Grant what the texts are sure of; where text and amount do not decide alone, no amount may fit elsewhere."""
        found = way(self.left, self.asked)
        best = self._best(found)
        unsure = np.zeros(len(self.asked), dtype=bool)
        unsure[best.line[~told(best)]] = True
        rivals = all_of([other(self.left, self.asked & unsure) for other in amounts])
        decided = told(best) | (best.reason == _SOME) | self._holds_named(best)
        self._grant(best.taken(decided & ~self._rivalled(best, rivals) & ~self._named_otherwise(best)))
        self.stopped[:] = False
        self.stopped[found.line[found.sure >= self.automatic_from]] = True

    def settle_amounts(self, ways: Sequence[Way]) -> None:
        """Grant what amounts are sure of: what fits in one way only, and does not disagree with the text."""
        found = all_of([way(self.left, self.asked) for way in ways])
        best = self._best(found)
        best = best.taken(~self.stopped[best.line])
        best = best.taken(~self._rivalled(best, found) & ~exchangeable(self.evidence, self.left, best))
        self._grant(best.taken(self._holds_named(best) & ~self._named_otherwise(best)))

    def _best(self, found: Options) -> Options:
        """The surest of what is sure enough and fits in one way."""
        sure = found.taken((found.sure >= self.automatic_from) & (found.ways == 1) & ~self.contested[found.line])
        return sure.taken(best_of(sure))

    def _grant(self, chosen: Options) -> None:
        """Take from what is left what is granted to each receipt."""
        if not len(chosen.line):
            return
        granted = within(chosen, self.left)
        granted &= ~self._contests(chosen, granted)
        given = chosen.taken(granted)
        if len(given.line):
            self._use(given)
            self.granted.append(given)

    def _rivalled(self, best: Options, others: Options) -> Flags:
        """Which options something else that fits the same receipt speaks against."""
        strong = others.taken(others.sure >= _RIVAL)
        keys, first = np.unique(mixed(strong.content(), strong.line), return_index=True)
        count = np.bincount(strong.line[first], minlength=len(self.asked))[best.line]
        own = np.isin(mixed(best.content(), best.line), keys)
        return np.asarray(count > own, dtype=bool)

    def _exact(self) -> Hits:
        """What texts name without a slip and not by chance."""
        return self.evidence.hits.taken(self.evidence.credible(self.evidence.claims, self.evidence.hits))

    def names_settled(self) -> tuple[Codes, Codes]:
        """(receipts,) how well each names what is settled or was just taken, and what it names that is open; -1."""
        hits, old = self._exact(), self.evidence.named_old
        settled = best_named(old.taken(self.evidence.credible(self.evidence.old, old)), len(self.asked))
        open_ = np.full(len(self.asked), -1)
        alive = self.left[hits.claim] != 0
        taken = ~alive & (self.first[hits.claim] != 0)
        np.maximum.at(open_, hits.line[alive], hits.quality[alive])
        np.maximum.at(settled, hits.line[taken], hits.quality[taken])
        return settled, open_

    def _named_otherwise(self, options: Options) -> Flags:
        """Options of receipts that name what is settled, repeat another one, or may be booked to somebody else."""
        settled, open_ = (each[options.line] for each in self.names_settled())
        exact = told(options)
        again = (settled >= 0) & (settled >= open_ + exact)
        elsewhere = self.evidence.elsewhere[options.line] & ~(exact & self.evidence.heaped[options.line])
        twice = self.evidence.retold[options.line] | (self.evidence.repeated[options.line] & ~exact)
        return np.asarray(again | elsewhere | twice, dtype=bool)

    def _holds_named(self, options: Options) -> Flags:
        """Options with every open item that the text of their receipt names, with a slip too if the amount is its."""
        hits, cents = self.evidence.hits, self.evidence.lines.cents
        slipped = (hits.quality == SLIP) & (self.left[hits.claim] == cents[hits.line])
        hits = hits.taken(slipped | self.evidence.credible(self.evidence.claims, hits))
        alive = self.left[hits.claim] != 0
        named = mixed(hits.line[alive].astype(np.uint64), hits.claim[alive])
        parts = mixed(options.line[options.option].astype(np.uint64), options.claim)
        held = np.bincount(options.option, np.isin(parts, named), len(options.line))
        return np.asarray(held == np.bincount(hits.line[alive], minlength=len(self.asked))[options.line], dtype=bool)

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
    rest = (found.taken(~np.array(same, dtype=bool)) if same else found).counted()  # each set once, by its surest way
    order = rest.ranked()
    line = rest.line[order]
    first = np.flatnonzero(np.diff(line, prepend=-1))
    rank = np.arange(len(line)) - np.repeat(first, np.diff(np.append(first, len(line))))
    kept = np.zeros(len(line), dtype=bool)
    kept[order[rank < _SHOWN]] = True
    return rest.taken(kept)
