"""Sentences as columns: one a row, of a million rows, from one label and columns of texts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.schema import Codes, Days, Flags, Floats, no_texts, to_dates
from arlib.words import Language, day, money, word

_MARK = "\x00"  # no label holds it: it shows where a value stands


class Texts(NamedTuple):
    """A column of texts as codes into distinct ones, the last of which is empty: a text is written where it is said."""

    names: pa.LargeStringArray
    codes: Codes

    def at(self, rows: Codes) -> pa.LargeStringArray:
        """The texts of some rows."""
        return self.names.take(pa.array(self.codes[rows]))


def texts_of(names: Sequence[str], codes: Codes) -> Texts:
    """The texts that codes stand for; empty where a code is below 0."""
    return Texts(pa.array([*names, ""], pa.large_string()), np.where(codes < 0, len(names), codes))


def written_days(days: Days, language: Language) -> Texts:
    """Day numbers as a reader of the language writes them; a dash where there is none."""
    distinct, codes = np.unique(days, return_inverse=True)
    return texts_of([day(each, language) for each in to_dates(distinct)], codes)


def written_counts(counts: Days) -> Texts:
    """Whole numbers as texts."""
    distinct, codes = np.unique(counts, return_inverse=True)
    return texts_of([str(each) for each in distinct.tolist()], codes)


def written_lengths(days: Days, language: Language) -> Texts:
    """Whole numbers of days with their word: `1 day`, `15 days`."""
    distinct, codes = np.unique(days, return_inverse=True)
    return texts_of([word("law.days", language, days=each) for each in distinct.tolist()], codes)


def written_money(amounts: Floats, language: Language, currency: str) -> Texts:
    """Amounts with their currency as a reader of the language writes them."""
    distinct, codes = np.unique(np.round(amounts, 2), return_inverse=True)
    return texts_of([money(each, language, currency) for each in distinct.tolist()], codes)


def said(key: str, language: Language, chosen: Flags, columns: Mapping[str, Texts]) -> pa.LargeStringArray:
    """A sentence a row chosen: the label, in whose braces stands what the row has in the columns of that name."""
    rows = np.flatnonzero(chosen)
    if not len(rows):
        return pa.array([], pa.large_string())
    template = word(key, language, **{name: f"{_MARK}{name}{_MARK}" for name in columns})
    parts = [
        columns[part].at(rows) if place % 2 else pa.scalar(part, pa.large_string())
        for place, part in enumerate(template.split(_MARK))
    ]
    if len(parts) == 1:
        return pa.repeat(parts[0], len(rows))
    return pc.binary_join_element_wise(*parts, pa.scalar("", pa.large_string()))


def column_of(parts: list[tuple[Flags, pa.LargeStringArray]], index: "pd.Index[Any]") -> "pd.Series[str]":
    """Sentences of rows put one after the other, a space between: each part says of which rows it is."""
    column = None
    for layer in _layers(parts, len(index)):
        if column is None:
            column = layer
            continue
        both = pc.and_(pc.not_equal(column, ""), pc.not_equal(layer, ""))
        between = pc.if_else(both, pa.scalar(" ", pa.large_string()), pa.scalar("", pa.large_string()))
        column = pc.binary_join_element_wise(column, layer, between)
    return no_texts(index) if column is None else pd.Series(pd.array(column, dtype="str"), index)


def _layers(parts: list[tuple[Flags, pa.LargeStringArray]], size: int) -> Iterator[pa.LargeStringArray]:
    """Parts joined into columns while no row is of two of them, so that a million rows are written few times."""
    empty = pa.array([""], pa.large_string())
    joined, places, length = [empty], np.zeros(size, dtype=np.int64), 1
    for chosen, sentences in parts:
        if not len(sentences):
            continue
        if places[chosen].any():
            yield pa.concat_arrays(joined).take(pa.array(places))
            joined, places, length = [empty], np.zeros(size, dtype=np.int64), 1
        places[chosen] = length + np.arange(len(sentences))
        joined.append(sentences)
        length += len(sentences)
    if len(joined) > 1:
        yield pa.concat_arrays(joined).take(pa.array(places))
