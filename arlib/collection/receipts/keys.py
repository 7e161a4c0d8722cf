"""Texts as keys that are compared by a number: words, words run together, and what is left without one character.

A key is the polynomial hash of its characters, so that words join, and lose a character, by arithmetic on columns.
Characters that scanners take for one another are one character.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.schema import Codes, Flags

Keys = npt.NDArray[np.uint64]
Letters = npt.NDArray[np.uint8]

LONGEST = 24  # characters of a reference; what is longer is an account number or nonsense
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no power of it is lost
_ALIKE = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2", "G": "6"}
_MORE = 2  # times as many on one side of a join, from which the other side is looked up first
_DIGITS = 9  # of a number that is compared as a number


def _folded() -> Letters:
    table = np.arange(256, dtype=np.uint8)
    for letter, other in _ALIKE.items():
        table[ord(letter)] = ord(other)
    return table


_FOLD = _folded()
_POWERS = np.cumprod(np.concatenate([[np.uint64(1)], np.full(4 * LONGEST, _BASE)]), dtype=np.uint64)


@dataclass(frozen=True, eq=False)
class Words:
    """Words of texts, in order: of which text each is, its characters (n, LONGEST), how many."""

    text: Codes
    letters: Letters
    length: Codes

    def taken(self, kept: Any) -> "Words":  # noqa: ANN401 - flags or positions
        """Some of the words."""
        return Words(self.text[kept], self.letters[kept], self.length[kept])

    def without(self, texts: Flags) -> "Words":
        """The words of the other texts."""
        return self.taken(~texts[self.text])


@dataclass(frozen=True, eq=False)
class Runs:
    """Words run together: of which text, key, and the number it is (-1 where it is none)."""

    text: Codes
    key: Keys
    number: Codes
    length: Codes
    words: Codes


def capitals(texts: "pd.Series[Any]") -> Any:  # noqa: ANN401 - an arrow array
    """Texts in capitals without accents, with their signs."""
    array = pc.fill_null(pa.array(texts.astype("str"), pa.large_string(), from_pandas=True), "")
    upper = pc.utf8_upper(pc.utf8_normalize(array, form="NFKD"))
    for letter, instead in (("Œ", "OE"), ("Æ", "AE"), ("ẞ", "SS"), ("ß", "SS"), ("Ø", "O")):
        upper = pc.replace_substring(upper, letter, instead)
    return pc.replace_substring_regex(upper, r"[^\x00-\x7F]+", "")


def plain(texts: "pd.Series[Any]") -> Any:  # noqa: ANN401 - an arrow array
    """Texts in capitals without accents, all that is neither letter nor digit a single space."""
    return spaced(capitals(texts))


def spaced(capital: Any) -> Any:  # noqa: ANN401 - arrow arrays
    """Texts in capitals, all that is neither letter nor digit a single space."""
    return pc.utf8_trim(pc.replace_substring_regex(capital, "[^0-9A-Z]+", " "), " ")


def words_of(texts: Any) -> Words:  # noqa: ANN401 - an arrow array
    """The words of plain texts; those longer than `LONGEST` are left out."""
    lists = pc.split_pattern(texts, " ")
    flat, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    length = pc.binary_length(flat).to_numpy(zero_copy_only=False)
    kept = (length > 0) & (length <= LONGEST)
    flat = flat.filter(pa.array(kept))
    return Words(
        parents.to_numpy(zero_copy_only=False)[kept].astype(np.intp), letters_of(flat), length[kept].astype(np.intp)
    )


def letters_of(texts: Any) -> Letters:  # noqa: ANN401 - an arrow array of short texts
    """(n, LONGEST) the characters of texts, 0 where a text has ended."""
    if not len(texts):
        return np.zeros((0, LONGEST), dtype=np.uint8)
    whole = pc.utf8_slice_codeunits(pc.ascii_rpad(texts, LONGEST, "\0"), 0, LONGEST)
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    data = np.frombuffer(whole.buffers()[2], dtype=np.uint8)
    start = np.frombuffer(whole.buffers()[1], dtype=np.int64)[whole.offset]
    return data[start : start + len(whole) * LONGEST].reshape(len(whole), LONGEST)


def without_first_letters(words: Words) -> Words:
    """Words from their first digit on; those without a digit, or that begin with one, are left out."""
    digit = (words.letters >= ord("0")) & (words.letters <= ord("9"))
    first = digit.argmax(axis=1)
    kept = first > 0
    first, letters = first[kept], words.letters[kept]
    column = np.arange(LONGEST)[None, :] + first[:, None]
    moved = np.take_along_axis(letters, np.minimum(column, LONGEST - 1), axis=1)
    return Words(words.text[kept], np.where(column < LONGEST, moved, 0).astype(np.uint8), words.length[kept] - first)


def keys_of(words: Words) -> Keys:
    """The key of each word."""
    folded, key = _FOLD[words.letters], np.zeros(len(words.text), dtype=np.uint64)
    for column in range(int(words.length.max(initial=0))):
        inside = column < words.length
        key = np.where(inside, key * _BASE + folded[:, column], key)
    return key


def numbers_of(words: Words) -> Codes:
    """The number a word is, its letters read as the digits they resemble; -1 where it is none or too long."""
    folded, value = _FOLD[words.letters], np.zeros(len(words.text), dtype=np.int64)
    good = words.length <= _DIGITS
    for column in range(min(int(words.length.max(initial=0)), _DIGITS)):
        inside = column < words.length
        digit = folded[:, column].astype(np.int64) - ord("0")
        good &= ~inside | ((digit >= 0) & (digit <= 9))  # noqa: PLR2004 - digits
        value = np.where(inside, value * 10 + digit, value)
    seen = ((words.letters >= ord("0")) & (words.letters <= ord("9"))).any(axis=1)  # a word of letters alone is none
    return np.where(good & seen, value, -1)


def runs_of(words: Words, most: int) -> Runs:
    """Every run of up to so many words that follow one another in a text, no longer than `LONGEST` together."""
    key, number, length = keys_of(words), numbers_of(words), words.length
    text, size = words.text, words.length
    found = [Runs(text, key, number, size, np.ones(len(text), dtype=np.intp))]
    count = len(text)
    for more in range(1, most):
        here, there = np.arange(max(count - more, 0)), np.arange(more, count)
        last = found[-1]
        before_key, before_number, before_size = last.key[here], last.number[here], last.length[here]
        joined = before_key * _POWERS[np.minimum(length[there], LONGEST)] + key[there]
        both = (before_number >= 0) & (number[there] >= 0) & (before_size + length[there] <= _DIGITS)
        value = np.where(both, before_number * 10 ** np.minimum(length[there], _DIGITS) + number[there], -1)
        same = (text[here] == text[there]) & (before_size + length[there] <= LONGEST) & (before_size > 0)
        total = np.where(same, before_size + length[there], 0)
        found.append(Runs(text[here], joined, value, total, np.full(len(here), more + 1)))
    columns = (
        np.concatenate([getattr(each, name) for each in found]) for name in ("text", "key", "number", "length", "words")
    )
    whole = Runs(*columns)
    kept = whole.length > 0
    return Runs(whole.text[kept], whole.key[kept], whole.number[kept], whole.length[kept], whole.words[kept])


def slips_of(words: Words) -> tuple[Codes, Keys]:
    """(word, key): each word whole, and without each one of its characters."""
    key, folded = keys_of(words), _FOLD[words.letters]
    owners, keys = [np.arange(len(words.text))], [key]
    longest = int(words.length.max(initial=0))
    rest = np.zeros((longest + 1, len(words.text)), dtype=np.uint64)  # key of what follows a column
    for column in range(longest - 1, -1, -1):
        inside = column < words.length
        step = folded[:, column] * _POWERS[np.clip(words.length - column - 1, 0, LONGEST)]
        rest[column] = np.where(inside, rest[column + 1] + step, rest[column + 1])
    before = np.zeros(len(words.text), dtype=np.uint64)
    for column in range(longest):
        has = np.flatnonzero(column < words.length)
        lost = before[has] * _POWERS[words.length[has] - column - 1] + rest[column + 1, has]
        owners.append(has)
        keys.append(lost)
        before = before * _BASE + folded[:, column]
    return np.concatenate(owners), np.concatenate(keys)


def one_slip(left: Words, right: Words) -> Flags:
    """Whether words, pair by pair, differ by one character at most: missing, too many, another, or two exchanged."""
    one, other = _FOLD[left.letters], _FOLD[right.letters]
    begin = _same_from_start(one, other)
    end = _same_from_start(_from_the_end(one, left.length), _from_the_end(other, right.length))
    less, gap = np.minimum(left.length, right.length), np.abs(left.length - right.length)
    begin, end = np.minimum(begin, less), np.minimum(end, less)
    kept = begin + end
    at, row = np.minimum(begin, LONGEST - 2), np.arange(len(one))
    crossed = (one[row, at] == other[row, at + 1]) & (one[row, at + 1] == other[row, at])
    alike = (gap == 0) & ((kept >= less - 1) | ((kept == less - 2) & crossed))
    return np.asarray(alike | ((gap == 1) & (kept >= less)), dtype=bool)


def _same_from_start(one: Letters, other: Letters) -> Codes:
    """(pairs,) how many characters agree before the first that does not."""
    agreed: Codes = np.cumprod(one == other, axis=1, dtype=np.int64).sum(axis=1)
    return agreed


def _from_the_end(letters: Letters, length: Codes) -> Letters:
    """The characters of words backwards."""
    column = length[:, None] - 1 - np.arange(LONGEST)[None, :]
    return np.where(column >= 0, np.take_along_axis(letters, np.maximum(column, 0), axis=1), 0).astype(np.uint8)


def mixed(key: Keys, other: Codes) -> Keys:
    """One key of a key and a number."""
    return (key ^ (other.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9))) * _BASE


def pairs(left: npt.NDArray[Any], right: npt.NDArray[Any], most: int | None = None) -> tuple[Codes, Codes]:
    """Positions of equal keys on both sides; keys that more than `most` on the right share are left out."""
    order = np.arange(len(right))
    if len(right) > _MORE * len(left) > 0:  # only what the few ask for is worth sorting
        wanted = np.unique(left)
        order = np.flatnonzero(wanted[np.minimum(np.searchsorted(wanted, right), len(wanted) - 1)] == right)
    order = order[np.argsort(right[order], kind="stable")]
    ordered = right[order]
    low, high = np.searchsorted(ordered, left, "left"), np.searchsorted(ordered, left, "right")
    count = high - low
    if most is not None:
        count = np.where(count > most, 0, count)
    first = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    return first, order[np.repeat(low, count) + step]
