"""Receipts that name what they pay: the items read in the text, and how the amount goes with them."""

import numpy as np
import pandas as pd

from arlib.collection.receipts.evidence import Evidence
from arlib.collection.receipts.keys import mixed, pairs
from arlib.collection.receipts.options import REASONS, Options, all_of
from arlib.collection.receipts.references import CORE, NUMBER, SLIP, WHOLE, Hits
from arlib.collection.receipts.sums import FEW, Pools, sets
from arlib.schema import Codes, Flags, Floats

_WIDEST = 60  # numbers a range spans, at most
_AGREES, _SILENT, _DIFFERS = 0.999, 0.995, 0.99  # the payer is the customer, is not known, is another
_SLIP, _WEAK = 0.993, 0.97  # a slip; a number of an item of somebody else, of an amount that many are of
_PART, _PART_SILENT = 0.99, 0.9
_FEE, _DISCOUNT, _ROUNDING, _CREDIT, _MORE, _REST = 0.988, 0.99, 0.995, 0.993, 0.985, 0.6
_SHORT_OF_SEVERAL = 0.85


def by_reference(evidence: Evidence, left: Codes, asked: Flags) -> Options:
    """Options of the receipts asked about, from the references read in their texts.

    All that is named adds up to the amount; else one of it does, or some, or a range; else all of it but for a known
    difference; else with one more item; else part of one item. Only what the way before could not explain goes on.
    """
    hits = _alive(evidence.hits, left, asked)
    parts: list[Options] = []
    for way in (_all_named, _one_named, _range_named, _some_named, _with_difference, _with_more, _part_named):
        if not len(hits.line):
            break
        found = way(evidence, left, hits)
        parts.append(found.counted())
        done = np.zeros(len(asked), dtype=bool)
        done[found.line] = True
        hits = _alive(hits, left, ~done)
    return all_of(parts)


def _alive(hits: Hits, left: Codes, asked: Flags) -> Hits:
    kept = (left[hits.claim] > 0) & asked[hits.line]
    return Hits(hits.line[kept], hits.claim[kept], hits.quality[kept])


def _sure(evidence: Evidence, hits: Hits) -> Floats:
    """(receipts,) how sure the payer makes the references of each receipt."""
    each = _each_sure(evidence, hits)
    sure = np.ones(len(evidence.lines.day))
    np.minimum.at(sure, hits.line, each)
    return sure


def _each_sure(evidence: Evidence, hits: Hits) -> Floats:
    """(hits,) how sure each reference is: by its payer, by how much of it was read, and by how rare the amount is."""
    agree, differ = evidence.agrees(hits.line, hits.claim)
    slip, number = hits.quality == SLIP, hits.quality <= NUMBER
    # A number that only the amount confirms is one of many where many items are of that amount.
    weak = ~agree & ((slip & differ) | (evidence.heaped[hits.line] & (number | evidence.bare[hits.claim])))
    return np.select([weak, slip, agree, differ], [_WEAK, _SLIP, _AGREES, _DIFFERS], _SILENT)


def told(options: Options) -> Flags:
    """Options that the text alone decides: what is named exactly, and the amount is that, and the payer may be it."""
    return np.asarray((options.reason == REASONS.index("reference_amount")) & (options.sure >= _SILENT), dtype=bool)


def _all_named(evidence: Evidence, left: Codes, hits: Hits) -> Options:
    """Everything named, of references recognised whole, then of numbers too, then of slips too."""
    size, cents = len(evidence.lines.day), evidence.lines.cents
    parts = []
    for least in (WHOLE, CORE, NUMBER, 0):
        kept = hits.quality >= least
        level = Hits(hits.line[kept], hits.claim[kept], hits.quality[kept])
        total = np.bincount(level.line, left[level.claim], size)
        good = (total == cents) & (total > 0)
        parts.append(_wholes(level, good, left, "reference_amount", _sure(evidence, level)))
    return all_of(parts)


def _wholes(  # noqa: PLR0917 - one receipt's worth of columns
    hits: Hits, good: Flags, left: Codes, reason: str, sure: Floats, gap: Codes | None = None
) -> Options:
    """Receipts that pay all of what they name."""
    lines = np.flatnonzero(good)
    number = np.full(len(good), -1)
    number[lines] = np.arange(len(lines))
    kept = good[hits.line]
    own = number[hits.line[kept]]
    parts = own, hits.claim[kept], left[hits.claim[kept]]
    return Options.of(lines, reason, sure[lines], parts, gap=0 if gap is None else gap[lines])


def _one_named(evidence: Evidence, left: Codes, hits: Hits) -> Options:
    """The one item named that is of exactly the amount; the others were numbers of something else."""
    exact = left[hits.claim] == evidence.lines.cents[hits.line]
    best = np.full(len(evidence.lines.day), -1)
    np.maximum.at(best, hits.line[exact], hits.quality[exact])
    kept = exact & (hits.quality == best[hits.line])
    line, claim = hits.line[kept], hits.claim[kept]
    sure = _each_sure(evidence, Hits(line, claim, hits.quality[kept]))
    return Options.of(line, "reference_amount", sure, (np.arange(len(line)), claim, left[claim]))


def _range_named(evidence: Evidence, left: Codes, hits: Hits) -> Options:
    """All open items of a customer from the first to the last number named."""
    owner = evidence.claims.owner[hits.claim]
    frame = pd.DataFrame({"line": hits.line, "owner": owner, "number": evidence.number[hits.claim]})
    frame = frame[(frame["number"] >= 0).to_numpy() & (hits.quality >= NUMBER)]
    ends = frame.groupby(["line", "owner"], as_index=False)["number"].agg(["min", "max"]).reset_index()
    ends = ends[(ends["max"] > ends["min"] + 1) & (ends["max"] - ends["min"] <= _WIDEST)]
    owned, claim = pairs(ends["owner"].to_numpy(), evidence.claims.owner, most=5000)
    number = evidence.number[claim]
    inside = (number >= ends["min"].to_numpy()[owned]) & (number <= ends["max"].to_numpy()[owned])
    line = ends["line"].to_numpy()[owned]
    inside &= (left[claim] > 0) & (evidence.claims.booked[claim] <= evidence.lines.day[line])
    spanned = Hits(line[inside], claim[inside], np.full(int(inside.sum()), CORE))
    total = np.bincount(spanned.line, left[spanned.claim], len(evidence.lines.day))
    good = (total == evidence.lines.cents) & (total > 0)
    return _wholes(spanned, good, left, "reference_range", _sure(evidence, spanned))


def _some_named(evidence: Evidence, left: Codes, hits: Hits) -> Options:
    """Several of the items named, where exactly one set of them adds up."""
    pools, lines = _pools(hits, left)
    found = sets(pools, evidence.lines.cents[lines])
    sure = np.full(len(evidence.lines.day), _SILENT)
    sure[lines] = _sure(evidence, hits)[lines]
    line = lines[found.target]
    base = sure[line] / (1 + found.chance)
    return Options.of(line, "reference_some", base, (found.owner, found.claim, left[found.claim]))


def _pools(hits: Hits, left: Codes) -> tuple[Pools, Codes]:
    """The items named in each receipt, the best recognised first, at most `FEW`; receipts with two or more."""
    order = np.lexsort((hits.claim, -hits.quality, hits.line))
    line, claim = hits.line[order], hits.claim[order]
    lines, first, count = np.unique(line, return_index=True, return_counts=True)
    several = count >= 2  # noqa: PLR2004 - one item is no choice
    lines, first, count = lines[several], first[several], count[several]
    column = np.arange(FEW)[None, :]
    inside = column < count[:, None]
    place = np.minimum(first[:, None] + column, max(len(line) - 1, 0))
    chosen = np.where(inside, claim[place], -1) if len(line) else np.zeros((0, FEW), dtype=np.intp)
    return Pools(chosen, np.where(chosen >= 0, left[chosen], 0)), lines


def _with_difference(evidence: Evidence, left: Codes, hits: Hits) -> Options:
    """Everything named but for a credit of the customer, a discount, a fee or rounding."""
    lines, known = evidence.lines, evidence.tolerances
    firm = hits.quality >= _firm(hits, len(lines.day))[hits.line]
    hits = Hits(hits.line[firm], hits.claim[firm], hits.quality[firm])
    total = np.bincount(hits.line, left[hits.claim], len(lines.day)).astype(np.int64)
    gap, sure = total - lines.cents, _sure(evidence, hits)
    open_ = (total > 0) & (lines.cents > 0)
    parts = [_less_credits(evidence, left, hits, gap, sure), _less_discount(evidence, left, hits, sure)]
    for reason, limit, factor in (
        ("reference_rounding", open_ & (gap != 0) & (np.abs(gap) <= known.rounding), _ROUNDING),
        ("reference_fee", open_ & np.isin(gap, known.fees), _FEE),
    ):
        short = _wholes(hits, limit, left, reason, sure * factor, gap)
        parts.append(_last_short(evidence, short))
    return all_of(parts)


def _firm(hits: Hits, size: int) -> Codes:
    """(receipts,) the best way anything is named in a receipt: what is named less well beside it is left out."""
    best = np.full(size, -1)
    np.maximum.at(best, hits.line, hits.quality)
    return np.asarray(np.minimum(best, CORE))


def _last_short(evidence: Evidence, options: Options) -> Options:
    """What is missing is missing of the item due last; what came too much is of none."""
    short = np.maximum(options.gap, 0)
    order = np.lexsort((options.claim, evidence.claims.due[options.claim], options.option))
    last = np.zeros(len(order), dtype=bool)
    owner = options.option[order]
    last[order[np.append(owner[1:] != owner[:-1], True)[: len(order)]]] = True
    cents = options.cents - np.where(last, short[options.option], 0)
    good = np.ones(len(options.line), dtype=bool)
    good[options.option[cents <= 0]] = False
    changed = Options(options.line, options.reason, options.sure, options.ways, options.gap, options.option,
                      options.claim, cents)  # fmt: skip
    return changed.taken(good)


def _less_credits(evidence: Evidence, left: Codes, hits: Hits, gap: Codes, sure: Floats) -> Options:
    """Everything named less one credit of the same customer, of exactly the difference."""
    claims = evidence.claims
    owner = np.full(len(gap), -1)
    owner[hits.line] = claims.owner[hits.claim]
    short = np.flatnonzero((gap > 0) & (owner >= 0))
    credits_ = np.flatnonzero(left < 0)
    place, found = pairs(mixed(gap[short].astype(np.uint64), owner[short]),
                         mixed((-left[credits_]).astype(np.uint64), claims.owner[credits_]))  # fmt: skip
    line, credit = short[place], credits_[found]
    known = claims.booked[credit] <= evidence.lines.day[line]
    line, credit = line[known], credit[known]
    option, at = pairs(line, hits.line)
    whole = np.concatenate([option, np.arange(len(line))])
    claim = np.concatenate([hits.claim[at], credit])
    return Options.of(line, "reference_credit", sure[line] * _CREDIT, (whole, claim, left[claim]))


def _less_discount(evidence: Evidence, left: Codes, hits: Hits, sure: Floats) -> Options:
    """Everything named less a discount taken off each item and rounded there."""
    parts, cents = [], evidence.lines.cents
    for share in evidence.tolerances.discounts:
        paid = left[hits.claim] - np.rint(left[hits.claim] * share).astype(np.int64)
        total = np.bincount(hits.line, paid, len(cents)).astype(np.int64)
        whole = np.bincount(hits.line, left[hits.claim], len(cents)).astype(np.int64)
        good = (total == cents) & (whole > total)
        found = _wholes(hits, good, left, "reference_discount", sure * _DISCOUNT, whole - total)
        less = found.cents - np.rint(found.cents * share).astype(np.int64)
        parts.append(
            Options(found.line, found.reason, found.sure, found.ways, found.gap, found.option, found.claim, less)
        )
    return all_of(parts)


def _with_more(evidence: Evidence, left: Codes, hits: Hits) -> Options:
    """Everything named, and one more open item of the same customer, of exactly the rest."""
    claims, lines = evidence.claims, evidence.lines
    hits = Hits(*(column[hits.quality >= CORE] for column in (hits.line, hits.claim, hits.quality)))
    total = np.bincount(hits.line, left[hits.claim], len(lines.day)).astype(np.int64)
    owner = np.full(len(total), -1)
    owner[hits.line] = claims.owner[hits.claim]
    rest = np.flatnonzero((total > 0) & (lines.cents > total))
    asked = mixed((lines.cents - total)[rest].astype(np.uint64), owner[rest])
    alive = np.flatnonzero(left > 0)
    place, found = pairs(asked, mixed(left[alive].astype(np.uint64), claims.owner[alive]), most=5)
    line, claim = rest[place], alive[found]
    inside = np.isin(mixed(line.astype(np.uint64), claim), mixed(hits.line.astype(np.uint64), hits.claim))
    kept = ~inside & (claims.booked[claim] <= lines.day[line])
    line, claim = line[kept], claim[kept]
    option, at = pairs(line, hits.line)
    whole, parts = np.concatenate([option, np.arange(len(line))]), np.concatenate([hits.claim[at], claim])
    return Options.of(line, "reference_more", _sure(evidence, hits)[line] * _MORE, (whole, parts, left[parts]))


def _part_named(evidence: Evidence, left: Codes, hits: Hits) -> Options:
    """Part of what is named: of one item surely, of several the first ones due; or more than it, which is doubtful."""
    lines, claims = evidence.lines, evidence.claims
    agree, _ = evidence.agrees(hits.line, hits.claim)
    alone = np.bincount(hits.line[hits.quality >= NUMBER], minlength=len(lines.day))[hits.line] == 1
    firm = (hits.quality >= CORE) | ((hits.quality == NUMBER) & agree & alone)
    firm &= lines.cents[hits.line] > 0
    hits = Hits(hits.line[firm], hits.claim[firm], hits.quality[firm])
    order = np.lexsort((hits.claim, claims.due[hits.claim], hits.line))
    line, claim = hits.line[order], hits.claim[order]
    running = np.cumsum(left[claim])
    first = np.append(True, line[1:] != line[:-1])[: len(line)]
    before = (running - left[claim])[first].repeat(np.diff(np.append(np.flatnonzero(first), len(line))))
    paid = np.clip(lines.cents[line] - (running - left[claim] - before), 0, left[claim])
    kept = paid > 0
    named_lines = np.unique(line)
    count = np.bincount(line, minlength=len(lines.day))[named_lines]
    total = np.bincount(line, left[claim], len(lines.day)).astype(np.int64)[named_lines]
    agree, differ = evidence.agrees(line, claim)
    agreed = np.bincount(line, agree, len(lines.day))[named_lines] == count
    differs = np.bincount(line, differ, len(lines.day))[named_lines] > 0
    short = lines.cents[named_lines] < total
    sure = np.select(
        [~short | differs, (count == 1) & agreed, count == 1], [_REST, _PART, _PART_SILENT], _SHORT_OF_SEVERAL
    )
    number = np.searchsorted(named_lines, line[kept])
    options = Options.of(named_lines, "reference_part", sure, (number, claim[kept], paid[kept]))
    options.gap[:] = total - lines.cents[named_lines]
    rest = np.full(len(named_lines), options.reason[0] + 1 if len(options.reason) else 0)
    return Options(options.line, np.where(short, options.reason, rest), options.sure, options.ways, options.gap,
                   options.option, options.claim, options.cents)  # fmt: skip
