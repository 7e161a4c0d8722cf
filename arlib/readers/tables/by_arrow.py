"""The lines of a text as columns, by Arrow: cells are told apart as bytes, and only letters beyond ASCII transcoded.

A large file is parsed a piece at a time into columns that grow, so that no more than its columns is ever held.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from arlib.readers.tables.growing import Codec, Coded, Texts
from arlib.readers.tables.layout import LONGEST_LINE, Layout
from arlib.schema import Flags

_BLOCK = 1 << 20  # bytes parsed at a time, small enough for the cache of a processor
_CODED_BLOCK = 1 << 22  # larger, for fewer lists of distinct cells to bring together
_A_CELL = 1 << 14  # bytes parsed at a time for each column of a wide table
_SAMPLE = 1 << 20  # bytes by which a column shows whether its cells repeat, and how long they are
_REPEATED = 4  # times that a cell stands on average in a column that is held as codes
_RELEASED = 8  # pieces after which Arrow gives back what it parsed them in: else as much as the file at the end
_SPARE = 1.1  # room for cells longer than those of the sample
_UTF8 = "utf-8"


@dataclass(frozen=True)
class Body:
    """The lines of a text below its header, from byte `start` on, and whether cells that repeat are read as codes."""

    name: str
    lines: bytes
    start: int
    codec: str
    layout: Layout
    coded: bool

    def buffer(self, size: int | None = None) -> pa.Buffer:
        """The bytes of the lines, or of the first of them that have this size."""
        return pa.py_buffer(self.lines).slice(self.start, size)


def by_arrow(body: Body, uneven: list[tuple[int, str]]) -> pa.Table:
    """The lines as cells; those of another length go to `uneven` with their place, counted from 1.

    Raises:
        pa.ArrowInvalid: quotation marks out of place, or a line longer than any table's.
    """

    def keep(row: pyarrow.csv.InvalidRow) -> str:
        uneven.append((row.number, row.text))
        return "skip"

    try:
        return _grown(body)
    except pa.ArrowInvalid:  # some are, or are longer than a block: read one after another, their places are known
        options = _options(body, 2 * LONGEST_LINE, keep)
        return pyarrow.csv.read_csv(pa.BufferReader(body.buffer()), **options)


def _options(body: Body, block: int, keep: "pyarrow.csv.InvalidRowHandler | None" = None) -> dict[str, Any]:
    """Cells as characters; as the bytes they are where cells repeat, of which only the distinct ones are transcoded."""
    names = body.layout.names
    return {
        "read_options": pyarrow.csv.ReadOptions(
            column_names=names,
            block_size=block,
            encoding=_UTF8 if body.coded and not keep else body.codec,
            use_threads=keep is None,
        ),
        "parse_options": pyarrow.csv.ParseOptions(
            delimiter=body.layout.separator,
            quote_char='"' if body.layout.quoted else False,
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        "convert_options": pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=False
        ),
    }


def _grown(body: Body) -> pa.Table:
    """The lines as cells, each column in one piece."""
    columns, codec = _columns(body), Codec(body.codec if body.coded else _UTF8)
    block = max(_CODED_BLOCK if body.coded else _BLOCK, len(columns) * _A_CELL)
    options = _options(body, min(block, 2 * LONGEST_LINE))
    for place, batch in enumerate(pyarrow.csv.open_csv(pa.BufferReader(body.buffer()), **options)):
        for column, cells in zip(columns, batch.columns, strict=True):
            column.add(cells, codec)
        if place % _RELEASED == 0:
            pa.default_memory_pool().release_unused()
    return pa.table([column.made() for column in columns], body.layout.names)


def _columns(body: Body) -> list[Texts | Coded]:
    """Columns to be filled, by the first lines: codes where these are wanted and cells repeat, texts elsewhere."""
    size = len(body.lines) - body.start
    end = body.lines.rfind(b"\n", body.start, body.start + _SAMPLE) + 1 - body.start
    taken = end if end > 0 else size
    sample = pyarrow.csv.read_csv(pa.BufferReader(body.buffer(taken)), **_options(body, 2 * LONGEST_LINE))
    times = _SPARE * size / taken
    return [
        Coded()
        if body.coded and pc.count_distinct(cells).as_py() * _REPEATED <= len(cells)
        else Texts(int(len(cells) * times), int(pc.sum(pc.binary_length(cells)).as_py() * times))
        for cells in sample.columns
    ]


def columns_of(table: pa.Table) -> dict[str, Any]:
    """The columns as arrays of pandas: of texts, or of categories with one list of distinct cells for all parts."""
    return {name: _column(cells) for name, cells in zip(table.column_names, table.columns, strict=True)}


def _column(cells: pa.ChunkedArray) -> Any:  # noqa: ANN401 - an array of pandas
    if not pa.types.is_dictionary(cells.type):
        return pd.array(cells, dtype="str")
    whole = cells.combine_chunks()
    return pd.Categorical.from_codes(whole.indices.to_numpy(), pd.Index(whole.dictionary, dtype="str"), validate=False)


def blank_rows(table: pa.Table) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Where no cell holds anything."""
    places = np.arange(table.num_rows)
    for name in table.column_names:
        if not len(places):
            break
        cells = table[name] if len(places) == table.num_rows else table[name].take(places)
        places = places[_blank(cells)]
    return places


def _blank(cells: pa.ChunkedArray) -> Flags:
    if pa.types.is_dictionary(cells.type):
        parts = (_blank(pa.chunked_array([part.dictionary]))[part.indices.to_numpy()] for part in cells.chunks)
        return np.concatenate([*parts, np.zeros(0, dtype=bool)])
    blank: Flags = pc.or_(pc.equal(pc.binary_length(cells), 0), pc.utf8_is_space(cells)).to_numpy()
    return blank
