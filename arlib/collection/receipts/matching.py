"""Receipts matched with open items: evidence gathered once, then ways to explain a receipt in the order of trust."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from arlib.collection.receipts.apart import set_apart
from arlib.collection.receipts.by_amount import (
    amount_alone,
    heaped_amounts,
    oldest_first,
    one_item,
    several_items,
    some_items,
    with_credits,
    with_differences,
)
from arlib.collection.receipts.by_reference import by_reference
from arlib.collection.receipts.claims import Claims, claims_of, settled_claims
from arlib.collection.receipts.evidence import Evidence, Tolerances
from arlib.collection.receipts.keys import mixed
from arlib.collection.receipts.lines import Lines, lines_of, rows_of
from arlib.collection.receipts.payers import (
    by_learnt,
    known_payers,
    learnt_payers,
    name_likeness,
    numbers_written,
    whose_of,
)
from arlib.collection.receipts.references import (
    CORE,
    NUMBER,
    Hits,
    hits_of,
    named_of,
    slips_found,
    together,
    written_of,
)
from arlib.collection.receipts.results import Found, ReceiptMatching, Texts, matching_of
from arlib.collection.receipts.run import Run, Way
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day, known_by
from arlib.readers import Receipts
from arlib.schema import Codes, Flags
from arlib.words import say

AUTOMATIC = 0.98  # how sure a proposal is that nobody need look at
DISCOUNTS = (0.005, 0.01, 0.015, 0.02, 0.025, 0.03)  # cash discounts that are usual
_LEAST_SEEN = 3  # times a difference is seen beside references before it is a fee
_LARGEST_FEE = 50_00
_ROUNDS = 6
_AHEAD = 366  # days a statement runs ahead of the books, at most, where no day is asked
_ALIKE_WITHIN, _REPEATED_WITHIN = 60, 15  # days between receipts alike, and in which one is told or paid again
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

    Steps in the order of trust: references read in the text, with the slips of clerks and scanners; what amounts tell
    of the payer's items: one of exactly the amount, several that add up, a credit deducted, a known fee or discount,
    few that add up in one way only; an amount that is nobody else's; what is due first. Everything is compared in
    whole cents of one currency; an item counts from the day it is booked. An item open on `as_of` is never given more
    than what is open of it, a receipt never pays more than came.

    Never automatic is what fits in several ways, of whatever steps, such as one of two items of the same amount that
    no text tells apart (that customers pay the oldest first is a habit, and no proof); an amount that fits without an
    item the text names; a text that names what is settled already; a receipt like one of a few days before; one whose
    amount is that of a payment booked to somebody else; and an amount alone that is of whole tens or that several
    items were of. A receipt is in the books where one payment of them is it, or several of one document or wording
    are, or it is part of one, or what it names was settled by a payment of its amount not long after.

    Args:
        ledger: the ledger, without the payments the receipts are, or with some of them.
        receipts: what `read_receipts` gives, or a frame with the columns of `arlib.schema.RECEIPTS`, of which
            `received_on`, `amount` and `remittance` (or `reference`) are needed.
        as_of: the day whose accounts count; receipts after it are counted in the notes and nowhere else. The later of
            the ledger's last day and the last receipt where none is given: statements run ahead of the books, by a
            year at most, so that a year mistyped moves nothing.
        fees: amounts a bank keeps of a payment; those seen three times beside references are found without.
        discounts: shares, 0 to 1, customers may deduct.
        rounding: the largest difference a payer makes by rounding.
        payers: who paid before for whom: `customer_id` and `payer`, `payer_account` or both, such as the `payers` of an
            earlier matching.
        booked_within: days between a receipt and a payment in the books that is the same.
        automatic_from: how sure a proposal is, 0 to 1, for nobody to look at it.

    Raises:
        ArlibError: columns are missing, cells cannot be used, or an option means nothing.
    """
    fees, discounts = tuple(fees), tuple(discounts)
    _refuse_options(fees, discounts, rounding=rounding, booked_within=booked_within, automatic_from=automatic_from)
    rows = rows_of(receipts)
    day = _last_day(ledger, rows) if as_of is None else as_day(as_of)
    books = known_by(ledger, day)
    lines = lines_of(books, rows, day)
    claims, settled, written = claims_of(books, lines, day), settled_claims(books, lines, day), written_of(lines)
    likeness, numbered = name_likeness(books, lines), numbers_written(books, written.words)
    known = known_payers(books, lines, payers)
    whose = whose_of(lines, likeness, numbered, by_learnt(lines, known))
    named = named_of(books, claims)
    hits = hits_of(lines, claims, named, written, whose)
    old = hits_of(lines, settled, named_of(books, settled), written, whose)
    apart = set_apart(books, lines, claims, whose, _items_named((claims, hits), (settled, old)), booked_within)
    left = claims.cents.copy()
    left[apart.credit[apart.credit >= 0]] = 0  # a credit that is this money itself deducts nothing
    evidence = Evidence(
        lines=lines,
        claims=claims,
        whose=whose,
        hits=hits,
        number=named.number,
        bare=named.bare,
        tolerances=_tolerances((fees, discounts, rounding), lines, hits, left),
        old=settled,
        named_old=old,
        heaped=heaped_amounts(books, lines),
        elsewhere=(apart.booked_item >= 0) & (apart.why == "") & (apart.credit < 0),
        repeated=_earlier(lines, told=False, within=_REPEATED_WITHIN) >= 0,
        retold=_earlier(lines, told=True, within=_REPEATED_WITHIN) >= 0,
        on_account=_says(lines, _PREPAID),
        says_discount=_says(lines, _DISCOUNTED),
    )
    run = Run(evidence, left, apart.why == "", automatic_from)
    run.settle_named(partial(by_reference, evidence), _amounts(evidence))
    silent = ~run.asked | (run.names_settled()[0] >= 0)  # whoever names a settled item exactly made no slip
    slips = slips_found(lines, claims, named, written.undated.without(silent), whose)
    run.evidence = evidence = replace(evidence, hits=together(hits, slips))
    run.settle_named(partial(by_reference, evidence), _amounts(evidence))
    learnt = pd.concat([known, _payers_found(evidence, run)]).drop_duplicates(ignore_index=True)
    run.evidence = evidence = replace(evidence, whose=whose_of(lines, likeness, numbered, by_learnt(lines, learnt)))
    _settle_all(run, evidence)
    automatic = run.automatic
    learnt = pd.concat([learnt, _payers_found(evidence, run)]).drop_duplicates(ignore_index=True)
    alike = _earlier(lines, told=True, within=_ALIKE_WITHIN, among=automatic.line)
    run.asked &= alike < 0
    doubts = _doubts(run)
    reviewed, others = run.review(_all_ways(evidence, doubts))
    return matching_of(
        books, day, evidence, apart, Found(automatic, reviewed, others, run.contested, alike, learnt, *doubts)
    )


def _last_day(ledger: Ledger, rows: pd.DataFrame) -> pd.Timestamp:
    """The later of the ledger's last day and the last receipt; a receipt of years later is a slip of the pen."""
    last = ledger.covers[1]
    near = rows.loc[rows["received_on"] <= last + pd.Timedelta(days=_AHEAD), "received_on"]
    return max(last, near.max()) if len(near) else last


def _items_named(*read: tuple[Claims, Hits]) -> tuple[Codes, Codes]:
    """(receipt, position in `ledger.items`) of what texts name, open or settled."""
    line = np.concatenate([hits.line for _, hits in read])
    return line, np.concatenate([claims.item[hits.claim] for claims, hits in read])


def _settle_all(run: Run, evidence: Evidence) -> None:
    """Every way in turn, and again while anything is granted: what is taken leaves fewer ways to the others."""
    for _ in range(_ROUNDS):
        before = len(run.granted)
        run.settle_named(partial(by_reference, evidence), _amounts(evidence))
        run.settle_amounts(_amounts(evidence))
        run.settle_amounts([partial(amount_alone, evidence)])
        if len(run.granted) == before:
            break


def _amounts(evidence: Evidence) -> Sequence[Way]:
    """What of its payer's items an amount may pay."""
    ways = (one_item, several_items, with_credits, with_differences, some_items)
    return [partial(way, evidence) for way in ways]


def _all_ways(evidence: Evidence, doubts: tuple[Texts, Codes]) -> Sequence[Way]:
    """What a receipt may pay, for a person to see; who names what is settled does not pay the oldest debt by habit."""
    sure = doubts[0] != "settled_named"
    last: Way = lambda left, asked: oldest_first(evidence, left, asked & sure)  # noqa: E731 - a way like the others
    return [partial(by_reference, evidence), *_amounts(evidence), partial(amount_alone, evidence), last]


def _doubts(run: Run) -> tuple[Texts, Codes]:
    """(receipts,) code of why what fits needs a person, "" for none; and the settled item named, -1 for none."""
    evidence, hits, old = run.evidence, run.evidence.hits, run.evidence.named_old
    quality, open_ = run.names_settled()
    item, gone = np.full(len(quality), -1), (run.left[hits.claim] == 0) & (hits.quality >= NUMBER)
    item[hits.line[gone]] = evidence.claims.item[hits.claim[gone]]
    item[old.line] = evidence.old.item[old.claim]
    again = (quality >= 0) & (quality >= open_)
    codes = np.select([again, evidence.elsewhere], ["settled_named", "booked_elsewhere"], "").astype(object)
    return codes, np.where(again, item, -1)


def _refuse_options(fees: Iterable[float], discounts: Iterable[float], **numbers: float) -> None:
    """Options that mean nothing are refused by name.

    Raises:
        ArlibError: an amount below 0, a share beyond 0 to 1, or what is no number.
    """
    least = {"rounding": 0.0, "booked_within": 0.0, "automatic_from": 1e-9}
    wrong = [("fees", fee) for fee in fees if not 0 < fee < np.inf]
    wrong += [("discounts", share) for share in discounts if not 0 < share < 1]
    wrong += [(name, value) for name, value in numbers.items() if not least[name] <= value < np.inf]
    wrong += [("automatic_from", numbers["automatic_from"])] * (numbers["automatic_from"] > 1)
    if wrong:
        raise ArlibError(say("receipts.option", name=wrong[0][0], value=str(wrong[0][1])))


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
    return Tolerances(tuple(sorted(known)), tuple(sorted(set(discounts))), round(rounding * 100))


def _says(lines: Lines, words: str) -> Flags:
    text = pd.Series(lines.text.to_pandas(), dtype="str")
    return np.asarray(text.str.contains(words, regex=True), dtype=bool)


def _payers_found(evidence: Evidence, run: Run) -> pd.DataFrame:
    """Who pays for whom, by what was matched so far."""
    options = run.automatic
    first = pd.DataFrame({"option": options.option, "customer": evidence.claims.customer[options.claim]})
    each = first.drop_duplicates()
    return learnt_payers(evidence.lines, options.line[each["option"].to_numpy()], each["customer"].to_numpy())


def _earlier(lines: Lines, *, told: bool, within: int, among: Codes | None = None) -> Codes:
    """(receipts,) the latest earlier receipt of the same payer, amount and, where asked, text, so many days before; -1.

    `among`: the receipts that count as earlier ones; all where none are given.
    """
    text = pd.factorize(pd.Series(lines.text.to_pandas(), dtype="str"))[0] if told else np.zeros(len(lines.day), int)
    key = mixed(mixed(lines.cents.astype(np.uint64), lines.currency * 1_000_003 + lines.payer), text)
    known = np.arange(len(key)) if among is None else np.sort(among)
    code = np.unique(key, return_inverse=True)[1]
    asked = np.flatnonzero((lines.cents > 0) & (told | (lines.payer >= 0)))
    place = code[known] * len(key) + known  # receipts stand in the order of their days
    order = np.sort(place)
    before = np.searchsorted(order, code[asked] * len(key) + asked, "left") - 1
    found = order[np.maximum(before, 0)] if len(order) else np.zeros(len(asked), int)
    earlier = found % len(key)
    kept = (before >= 0) & (found // len(key) == code[asked]) if len(order) else np.zeros(len(asked), bool)
    kept &= lines.day[asked] - lines.day[earlier] <= within
    other = np.full(len(key), -1)
    other[asked[kept]] = earlier[kept]
    return other
