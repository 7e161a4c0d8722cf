"""One sentence for many rows at once: what is written alike is written once, and put together in columns."""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.schema import Flags, Floats
from arlib.words import Language, Sentence, as_written, word_parts

Texts: TypeAlias = pa.Array  # of texts, missing in the rows that a sentence is not told of

_TENTHS = 1000  # of a percent in one
_NEAR = 1e-6  # a tenth of a percent nearer than this to the middle between two is rounded by its own last digits


def told(key: str, language: Language, chosen: Flags, /, **values: Any) -> Texts:  # noqa: ANN401 - as for a sentence
    """(rows,) what `say(key, …).text(language)` is of each row chosen; missing in the others.

    Args:
        key: of the labels table.
        language: of the texts.
        chosen: (rows,) the rows that the sentence is told of.
        values: by name (rows,) numbers or texts, or one `Sentence` for all rows.
    """
    pieces: list[Any] = []
    for text, name, how in word_parts(key, language):
        pieces.append(_text(text))
        if name is not None:
            pieces.append(_column(values[name], chosen, how, language))
    size, place = int(chosen.sum()), np.cumsum(chosen) - 1
    first = pa.nulls(size, pa.large_string()).fill_null("")  # as long as the rows, also where no value is a column
    texts: Texts = pc.binary_join_element_wise(first, *pieces, _text("")).take(pa.array(place, mask=~chosen))
    return texts


def joined(sentences: list[Texts]) -> Texts:
    """(rows,) the sentences that are told of each row, a space between two; empty where none is."""
    # Arrow's own way of skipping what is missing leaves out the rows of which nothing is told
    spaced = [pc.binary_join_element_wise(_text(" "), each, _text("")).fill_null("") for each in sentences]
    texts: Texts = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*spaced, _text("")), 1)
    return texts


def text_column(texts: Texts) -> "pd.Series[str]":
    """Texts as a column of a frame."""
    return pd.Series(pd.array(texts, dtype="str"))


def _text(text: str) -> Any:  # noqa: ANN401 - the same for all rows
    return pa.scalar(text, pa.large_string())


def _column(values: Any, chosen: Flags, how: str, language: Language) -> Any:  # noqa: ANN401 - of numbers or texts
    """(rows chosen,) values as the braces of a label say; one text where it is the same for all."""
    if isinstance(values, Sentence):
        return _text(values.text(language))
    own = np.asarray(values)[chosen]
    code, distinct = pd.factorize(_written_alike(own) if how == "percent" else own)
    texts = pa.array([as_written(each, how, language) for each in distinct.tolist()], pa.large_string())
    return texts.take(pa.array(code))


def _written_alike(shares: Floats) -> Floats:
    """Shares for which those written alike, to a tenth of a percent, stand: few, where shares are many."""
    tenths = shares * _TENTHS
    middle = np.abs(tenths - np.floor(tenths) - 0.5) < _NEAR
    return np.where(middle, shares, np.rint(tenths) / _TENTHS)
