"""Which open items a text names: whole references, what follows their prefix, bare numbers, slips of a character."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.collection.receipts.claims import Claims
from arlib.collection.receipts.keys import (
    LONGEST,
    Keys,
    Runs,
    Words,
    keys_of,
    letters_of,
    mixed,
    numbers_of,
    one_slip,
    pairs,
    plain,
    runs_of,
    slips_of,
    without_first_letters,
    words_of,
)
from arlib.collection.receipts.lines import Lines
from arlib.collection.receipts.payers import Whose
from arlib.ledger import Ledger
from arlib.schema import Codes, Flags

SLIP, NUMBER, CORE, WHOLE = 0, 1, 2, 3  # how much of a reference was recognised
_JOINED = 4  # words of a reference that a space or a line end may have cut
_LEAST_WHOLE, _LEAST_CORE, _LEAST_NUMBER, _LEAST_SLIP = 5, 5, 10, 4  # characters; of a number, its value
_SPELLED = 14  # characters of a word in which a slip is sought
_SHARED = 50  # items that bear one reference, at most


@dataclass(frozen=True, eq=False)
class Named:
    """References of claims as keys: the whole, without its first letters, and the number it ends with.

    `bare`: whether a reference is digits alone.
    """

    whole: Words
    core: Words
    tail: Words
    number: Codes
    bare: Flags


@dataclass(frozen=True, eq=False)
class Hits:
    """Claims that the text of a receipt names: position of the receipt, of the claim, and how it is named."""

    line: Codes
    claim: Codes
    quality: Codes

    def taken(self, kept: Flags) -> "Hits":
        """Some of them."""
        return Hits(self.line[kept], self.claim[kept], self.quality[kept])


def named_of(ledger: Ledger, claims: Claims) -> Named:
    """The references of claims; where an item has none, the document it belongs to."""
    items = ledger.items.iloc[claims.item]
    written = items["reference"].fillna(items["document_id"])
    texts = pc.replace_substring(plain(written), " ", "")
    place = pa.array(np.arange(len(claims.item)))
    core = pc.replace_substring_regex(texts, "^[A-Z]+", "")
    tail = pc.replace_substring_regex(plain(written), "^.*?([0-9]*)[^0-9]*$", r"\1")
    whole, cores, tails = (_words(each, place) for each in (texts, core, tail))
    number = np.full(len(claims.item), -1)
    number[tails.text] = numbers_of(tails)
    bare = np.ones(len(claims.item), dtype=bool)
    bare[whole.text] = ((whole.letters < ord("A")) | (whole.letters > ord("Z"))).all(axis=1)
    return Named(whole, cores, tails, number, bare)


def _words(texts: Any, place: Any) -> Words:  # noqa: ANN401 - arrow arrays
    length = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    return Words(place.to_numpy(), letters_of(texts), np.minimum(length, LONGEST).astype(np.intp)).taken(
        (length > 0) & (length <= LONGEST)
    )


@dataclass(frozen=True, eq=False)
class Written:
    """What receipts say, prepared once.

    Attributes:
        words: all words of theirs; `undated`: those that are of no date; `dates`: each date as one word.
        runs: undated words run together; `bare`: without their first letters.
    """

    words: Words
    undated: Words
    dates: Words
    runs: Runs
    bare: Words


def written_of(lines: Lines) -> Written:
    """The words of receipts."""
    rest = words_of(lines.undated)
    return Written(
        words=words_of(lines.text),
        undated=rest,
        dates=words_of(lines.dates),
        runs=runs_of(rest, _JOINED),
        bare=without_first_letters(rest),
    )


def hits_of(lines: Lines, claims: Claims, named: Named, written: Written, whose: Whose) -> Hits:
    """The claims named in receipts of their currency that came once they were booked, the best way each.

    Bare numbers count for items of a customer in question, or of exactly the amount. A date is read as a reference
    only where all of the reference is written so.
    """
    keys, texts = keys_of(written.dates), written.dates.text
    dated, date = pairs(keys, keys_of(named.whole), most=_SHARED)
    parts = [
        (texts[dated], named.whole.text[date], np.full(len(date), WHOLE)),
        _read(written, named.whole, (WHOLE, _LEAST_WHOLE)),
        _read(written, named.core, (CORE, _LEAST_CORE)),
    ]
    values = _values(written.runs, written.bare)
    parts += _numbered(lines, claims, named, values, whose)
    return _best(lines, claims, parts)


def _read(written: Written, known: Words, asked: tuple[int, int]) -> tuple[Codes, Codes, Codes]:
    """(text, claim, quality): words run together, or without their first letters, that are a key of a reference."""
    (quality, least), runs, bare = asked, written.runs, written.bare
    texts = np.concatenate([runs.text, bare.text])
    keys, length = np.concatenate([runs.key, keys_of(bare)]), np.concatenate([runs.length, bare.length])
    long, of = np.flatnonzero(length >= least), np.flatnonzero(known.length >= least)
    place, found = pairs(keys[long], keys_of(known)[of], most=_SHARED)
    return texts[long[place]], known.text[of[found]], np.full(len(place), quality)


def slips_found(lines: Lines, claims: Claims, named: Named, words: Words, whose: Whose) -> Hits:
    """Claims whose reference stands in a text but for one character: missing, too many, another, or two exchanged.

    Of a customer in question, or of exactly the amount: numbers that follow one another are all one slip apart.
    """
    runs = _spelled(words)
    asked = np.zeros(len(lines.day), dtype=bool)
    asked[runs.text] = True
    customers = asked[whose.line]
    owners = claims.owners_of(whose.customer[customers], lines.currency[whose.line[customers]])
    near = np.isin(claims.owner, owners) | np.isin(claims.cents, lines.cents[asked])
    owner, lost = slips_of(runs)
    parts = []
    for known in (named.core, named.tail):
        kept = known.taken(near[known.text] & (known.length >= _LEAST_SLIP))
        place, slipped = slips_of(kept)
        kept_claim = kept.text[place]
        for at, asked_key, of_claim in _confirmed(lines, claims, whose, runs.text[owner], lost):
            left, right = pairs(asked_key, mixed(slipped, of_claim[kept_claim]), most=4 * _SHARED)
            one, other = owner[at[left]], place[right]
            near_ = one_slip(runs.taken(one), kept.taken(other))  # words that lose one each may be two slips apart
            one, other = one[near_], other[near_]
            parts.append((runs.text[one], kept.text[other], np.full(len(one), SLIP)))
    return _best(lines, claims, parts)


def best_named(hits: Hits, lines: int) -> Codes:
    """(receipts,) how well each names anything, -1 where it names nothing."""
    best = np.full(lines, -1)
    np.maximum.at(best, hits.line, hits.quality)
    return best


def together(first: Hits, second: Hits) -> Hits:
    """Both, the best way each claim is named."""
    line, claim, quality = (
        np.concatenate([getattr(first, name), getattr(second, name)]) for name in ("line", "claim", "quality")
    )
    return _unique(line, claim, quality)


def _spelled(words: Words) -> Words:
    """Words with a digit, without their first letters, and each joined with the next one."""
    digit = np.asarray(((words.letters >= ord("0")) & (words.letters <= ord("9"))).any(axis=1))
    bare, count = without_first_letters(words), len(words.text)
    here = np.arange(max(count - 1, 0))
    there = here + 1
    fits = (
        (words.text[here] == words.text[there]) & (words.length[here] + words.length[there] <= _SPELLED) & digit[there]
    )
    here, there = here[fits], there[fits]
    column = np.arange(words.letters.shape[1])[None, :] - words.length[here][:, None]
    second = np.take_along_axis(words.letters[there], np.clip(column, 0, None), axis=1)
    joined = np.where(column < 0, words.letters[here], second).astype(np.uint8)
    both = Words(words.text[here], joined, words.length[here] + words.length[there])
    joined_bare, plain_ = without_first_letters(both), words.taken(digit)
    parts = [
        part.taken((part.length >= _LEAST_SLIP) & (part.length <= _SPELLED))
        for part in (plain_, bare, both, joined_bare)
    ]
    return Words(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("text", "letters", "length")))


def _values(runs: Runs, bare: Words) -> tuple[Codes, Codes]:
    """(text, number) of the numbers in texts, of one word or two."""
    short = runs.words <= 2  # noqa: PLR2004 - a number is cut in two at most
    text = np.concatenate([runs.text[short], bare.text])
    number = np.concatenate([runs.number[short], numbers_of(bare)])
    kept = number >= _LEAST_NUMBER
    frame = pd.DataFrame({"text": text[kept], "number": number[kept]}).drop_duplicates()
    return frame["text"].to_numpy(), frame["number"].to_numpy()


def _numbered(
    lines: Lines, claims: Claims, named: Named, values: tuple[Codes, Codes], whose: Whose
) -> list[tuple[Codes, Codes, Codes]]:
    text, number = values
    parts = []
    for at, asked_key, of_claim in _confirmed(lines, claims, whose, text, number.astype(np.uint64)):
        known = mixed(named.number.astype(np.uint64), of_claim)
        place, found = pairs(asked_key, known, most=_SHARED)
        parts.append((text[at[place]], found, np.full(len(place), NUMBER)))
    return parts


def _confirmed(lines: Lines, claims: Claims, whose: Whose, text: Codes, key: Keys) -> list[tuple[Codes, Keys, Codes]]:
    """Keys of texts joined with what confirms them: a customer in question, then the amount; and that of each claim.

    Each with the places of its keys among those given.
    """
    place, at = pairs(text, whose.line)
    owner = claims.owners_of(whose.customer[at], lines.currency[text[place]])
    by_owner = (place, mixed(key[place], owner), claims.owner)
    return [by_owner, (np.arange(len(text)), mixed(key, lines.cents[text]), claims.cents)]


def _best(lines: Lines, claims: Claims, parts: list[tuple[Codes, Codes, Codes]]) -> Hits:
    line, claim, quality = (np.concatenate([part[place] for part in parts]).astype(np.intp) for place in range(3))
    same_money = claims.owner[claim] % claims.currencies == lines.currency[line]
    kept = same_money & (claims.booked[claim] <= lines.day[line]) & (claims.cents[claim] > 0)
    return _unique(line[kept], claim[kept], quality[kept])


def _unique(line: Codes, claim: Codes, quality: Codes) -> Hits:
    order = np.lexsort((-quality, claim, line))
    line, claim, quality = line[order], claim[order], quality[order]
    first = np.ones(len(line), dtype=bool)
    first[1:] = (line[1:] != line[:-1]) | (claim[1:] != claim[:-1])
    return Hits(line[first], claim[first], quality[first])
