"""Receipts matched with open items: evidence gathered once, then ways to explain a receipt in the order of trust."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from arlib.collection.receipts.apart import set_apart
from arlib.collection.receipts.by_amount import (
    amount_alone,
    oldest_first,
    one_item,
    several_items,
    some_items,
    with_credits,
    with_differences,
)
from arlib.collection.receipts.by_reference import by_reference
from arlib.collection.receipts.claims import claims_of
from arlib.collection.receipts.evidence import Evidence, Tolerances
from arlib.collection.receipts.keys import mixed, pairs, words_of
from arlib.collection.receipts.lines import Lines, lines_of, rows_of
from arlib.collection.receipts.options import Options
from arlib.collection.receipts.payers import (
    by_learnt,
    known_payers,
    learnt_payers,
    name_likeness,
    numbers_written,
    whose_of,
)
from arlib.collection.receipts.references import CORE, Hits, hits_of, named_of, slips_found, together
from arlib.collection.receipts.results import Found, ReceiptMatching, matching_of
from arlib.collection.receipts.run import Run, Way
from arlib.ledger import Day, Ledger, as_day, known_by
from arlib.readers import Receipts
from arlib.schema import Codes, Flags

AUTOMATIC = 0.98  # how sure a proposal is that nobody need look at
DISCOUNTS = (0.005, 0.01, 0.015, 0.02, 0.025, 0.03)  # cash discounts that are usual
_LEAST_SEEN = 3  # times a difference is seen beside references before it is a fee
_LARGEST_FEE = 50_00
_ROUNDS = 4
_MOST_ALIKE, _ALIKE_WITHIN = 20, 60  # receipts alike looked at, and days between them
_DISCOUNTED = r"\b(?:ESCOMPTE|ESCPTE|ESC|REMISE DEDUITE|DISCOUNT|SKONTO|SCONTO)\b"
_PREPAID = r"\b(?:ACOMPTE|ACPTE|AVANCE|PROVISION|ARRHES|DEPOSIT|PREPAYMENT|ADVANCE|ANZAHLUNG|VORKASSE|ANTICIPO)\b"


def match_receipts(  # noqa: PLR0913 - options of one question, each with its default
    ledger: Ledger,
    receipts: Receipts | pd.DataFrame,
    as_of: Day | None = None,
    *,
    fees: Iterable[float] = (),
    discounts: Iterable[float] = DISCOUNTS,
    rounding: float = 1.0,
    payers: pd.DataFrame | None = None,
    booked_within: int = 7,
    automatic_from: float = AUTOMATIC,
) -> ReceiptMatching:
    """Which receipt pays which open items: proposals, alternatives, and what stays unmatched, with why.

    Steps in the order of trust: references read in the text, with the slips of clerks and scanners; one item of the
    payer of exactly the amount; several that add up; a credit deducted; a known fee or discount; few items that add up
    in one way only; an amount that is nobody else's; what is due first. Everything is compared in whole cents of one
    currency; an item counts from the day it is booked. An item open on `as_of` is never given more than what is open
    of it, a receipt never pays more than came. What fits in several ways is never automatic.

    Args:
        ledger: the ledger, without the payments the receipts are, or with some of them.
        receipts: what `read_receipts` gives, or a frame with the columns of `arlib.schema.RECEIPTS`, of which
            `received_on`, `amount` and `remittance` (or `reference`) are needed.
        as_of: the day whose accounts count; receipts after it are counted in the notes and nowhere else. The later of
            the ledger's last day and the last receipt where none is given: statements run ahead of the books.
        fees: amounts a bank keeps of a payment; those seen three times beside references are found without.
        discounts: shares, 0 to 1, customers may deduct.
        rounding: the largest difference a payer makes by rounding.
        payers: who paid before for whom: `customer_id` and `payer`, `payer_account` or both, such as the `payers` of an
            earlier matching.
        booked_within: days between a receipt and a payment in the books that is the same.
        automatic_from: how sure a proposal is, 0 to 1, for nobody to look at it.

    Raises:
        ArlibError: columns are missing, or cells cannot be used.
    """
    rows = rows_of(receipts)
    latest = rows["received_on"].max() if len(rows) else ledger.covers[1]
    day = max(ledger.covers[1], latest) if as_of is None else as_day(as_of)
    books = known_by(ledger, day)
    lines = lines_of(books, rows, day)
    claims, words = claims_of(books, lines, day), words_of(lines.text)
    likeness, numbered = name_likeness(books, lines), numbers_written(books, words)
    known = known_payers(books, lines, payers)
    whose = whose_of(lines, likeness, numbered, by_learnt(lines, known))
    apart = set_apart(books, lines, claims, whose, booked_within)
    named = named_of(books, claims)
    hits = hits_of(lines, claims, named, words, whose)
    left = claims.cents.copy()
    left[apart.credit[apart.credit >= 0]] = 0  # a credit that is this money itself deducts nothing
    tolerances = _tolerances((fees, discounts, rounding), lines, hits, left)
    evidence = Evidence(
        lines, claims, whose, hits, named.number, tolerances, _says(lines, _PREPAID), _says(lines, _DISCOUNTED)
    )
    run = Run(evidence, left, apart.why == "", automatic_from)
    run.settle(partial(by_reference, evidence))
    slips = slips_found(lines, claims, named, words.without(~run.asked), whose)
    evidence = replace(evidence, hits=together(hits, slips))
    run.settle(partial(by_reference, evidence))
    learnt = pd.concat([known, _payers_found(evidence, run)]).drop_duplicates(ignore_index=True)
    evidence = replace(evidence, whose=whose_of(lines, likeness, numbered, by_learnt(lines, learnt)))
    _settle_all(run, _ways(evidence))
    automatic = run.automatic
    learnt = pd.concat([learnt, _payers_found(evidence, run)]).drop_duplicates(ignore_index=True)
    alike = _alike(evidence, automatic)
    run.asked &= alike < 0
    reviewed, others = run.review([*_ways(evidence), partial(oldest_first, evidence)])
    return matching_of(books, day, evidence, apart, Found(automatic, reviewed, others, run.contested, alike, learnt))


def _settle_all(run: Run, ways: Sequence[Way]) -> None:
    """Every way in turn, and again while anything is granted: what is taken leaves fewer ways to the others."""
    for _ in range(_ROUNDS):
        before = len(run.granted)
        for way in ways:
            run.settle(way)
        if len(run.granted) == before:
            break


def _ways(evidence: Evidence) -> Sequence[Way]:
    """What a receipt may pay, in the order of trust."""
    ways = (by_reference, one_item, several_items, with_credits, with_differences, some_items, amount_alone)
    return [partial(way, evidence) for way in ways]


def _tolerances(
    given: tuple[Iterable[float], Iterable[float], float], lines: Lines, hits: Hits, left: Codes
) -> Tolerances:
    """Known differences: fees given, and those seen several times between what is named and what came."""
    fees, discounts, rounding = given
    firm = hits.quality >= CORE
    total = np.bincount(hits.line[firm], left[hits.claim[firm]], len(lines.day)).astype(np.int64)
    gap = total - lines.cents
    seen, count = np.unique(gap[(total > 0) & (gap > 0) & (gap <= _LARGEST_FEE)], return_counts=True)
    known = {round(fee * 100) for fee in fees} | set(seen[count >= _LEAST_SEEN].tolist())
    shares = tuple(sorted({share for share in discounts if 0 < share < 1}))
    return Tolerances(tuple(sorted(known)), shares, round(rounding * 100))


def _says(lines: Lines, words: str) -> Flags:
    text = pd.Series(lines.text.to_pandas(), dtype="str")
    return np.asarray(text.str.contains(words, regex=True), dtype=bool)


def _payers_found(evidence: Evidence, run: Run) -> pd.DataFrame:
    """Who pays for whom, by what was matched so far."""
    options = run.automatic
    first = pd.DataFrame({"option": options.option, "customer": evidence.claims.customer[options.claim]})
    each = first.drop_duplicates()
    return learnt_payers(evidence.lines, options.line[each["option"].to_numpy()], each["customer"].to_numpy())


def _alike(evidence: Evidence, automatic: Options) -> Codes:
    """(receipts,) an earlier matched receipt of the same payer, amount and text: paid twice, or told twice; -1."""
    lines = evidence.lines
    text = pd.factorize(pd.Series(lines.text.to_pandas(), dtype="str"))[0]
    key = mixed(mixed(lines.cents.astype(np.uint64), lines.currency * 1_000_003 + lines.payer), text)
    done = np.sort(automatic.line)
    place, found = pairs(key, key[done], most=_MOST_ALIKE)
    earlier, later = done[found], place
    kept = (earlier < later) & (lines.day[later] - lines.day[earlier] <= _ALIKE_WITHIN)
    other = np.full(len(key), -1)
    other[later[kept]] = earlier[kept]
    return other
