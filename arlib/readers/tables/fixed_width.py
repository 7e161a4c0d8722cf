"""A printed list, its columns aligned by spaces: they are parted where every line of the body is blank."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from arlib.readers.headings import header_rows, recognise
from arlib.readers.sources.encodings import recognise_encoding
from arlib.readers.tables.stated import as_of_stated
from arlib.readers.tables.table import LOOKED_AT, Table, headings_of, title_of
from arlib.schema import Flags
from arlib.words import say

_WIDEST = 512  # letters of a printed line
_MOST_CELLS = 1 << 26  # letters of a list: what is printed is small
_FEWEST = 3  # headings recognised, of columns that nothing but blanks parts
_RULE = re.compile(r"[-─━═=_+|\s]*")  # a line drawn, or none


def read_fixed_width(name: str, content: bytes) -> Table | None:
    """The table of a text whose columns are character positions; None where no line of headings stands over any.

    A column is what stands between positions that are blank in the headings and in every line below them, lines drawn
    with dashes left out; a heading over nothing goes to the column on its left. None, too, where a heading that spaces
    part from its neighbours is no longer recognised: a line below runs over the columns, and they cannot be told.
    """
    text = recognise_encoding(content)
    lines = [line.expandtabs() for line in text.content.decode(text.codec, errors="replace").splitlines()]
    if not lines or max(map(len, lines)) > _WIDEST or len(lines) * max(map(len, lines)) > _MOST_CELLS:
        return None
    held = [place for place, line in enumerate(lines) if not _RULE.fullmatch(line)]
    top = [re.split(r" {2,}", lines[place].strip()) for place in held[:LOOKED_AT]]
    header = header_rows(top)
    if header is None or header[0] != header[1] or len(recognise(top[header[0]])) < _FEWEST:
        return None
    cells = _cut([lines[place] for place in held[header[0] :]], held[header[0] :])
    if len(cells) < 2 or not set(recognise(top[header[0]])) <= set(recognise(headings_of(list(cells.iloc[0])))):  # noqa: PLR2004 - headings and a row
        return None
    body = cells.iloc[1:].set_axis(headings_of(list(cells.iloc[0])), axis=1)
    note = say("read.fixed_width", encoding=text.encoding, row=held[header[0]] + 1, columns=", ".join(body.columns))
    found = recognise(body.columns)
    dated = [body[found[field]] for field in ("issued_on", "booked_on", "due_on") if field in found]
    title = top[: header[0]]
    stated_on = as_of_stated(title, name, dated)
    return Table(name, None, body, (note,), text.warnings, (), stated_on, title_of(title), held[header[0]] + 1)


def _cut(lines: Sequence[str], places: Sequence[int]) -> pd.DataFrame:
    """The cells of lines, the headings first, by their number in the file."""
    width = max(map(len, lines))
    written = pd.Series([line.ljust(width) for line in lines], index=np.array(places) + 1, dtype="str")
    letters = np.array(written.to_list(), dtype=f"U{width}").view("U1").reshape(len(lines), width)
    blank: Flags = np.asarray(np.char.isspace(letters))
    between: Flags = np.asarray(blank.all(axis=0))
    starts = np.flatnonzero(~between & np.append(True, between[:-1]))
    below = ~blank[1:]
    kept = [start for start, end in pairwise([*starts, width]) if below[:, start:end].any()]
    first = [0, *kept[1:]]
    columns = [written.str.slice(start, end).str.strip() for start, end in pairwise([*first, width])]
    cells = pd.concat(columns, axis=1, ignore_index=True)
    return cells.replace(r"\s{2,}", " ", regex=True)
