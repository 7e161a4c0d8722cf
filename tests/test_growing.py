"""Columns that grow as a text is parsed: the cells are those that Python's own codecs and `csv` make of it."""

import csv
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib.readers.cells import texts
from arlib.readers.tables.delimited import read_delimited
from arlib.readers.tables.growing import Codec, Coded, Texts

CODECS = ("utf-8", "latin-1", "cp1252", "iso8859-15")
UNDEFINED = {"cp1252": {0x81, 0x8D, 0x8F, 0x90, 0x9D}}


def as_written(cells: list[bytes]) -> pa.LargeStringArray:
    """Cells as bytes in an array that calls them text, as Arrow parses them; sliced, as a part of a column may be."""
    ends = np.cumsum([0, 2, *map(len, cells)]).astype(np.int64)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"\xe9x" + b"".join(cells))]
    return pa.Array.from_buffers(pa.large_string(), len(cells) + 1, buffers).slice(1)


@pytest.mark.parametrize("codec", CODECS)
@given(data=st.data())
def test_cells_are_what_the_codec_makes_of_them(codec, data):
    letters = (
        st.characters(codec=codec)
        if codec == "utf-8"
        else st.sampled_from(
            [bytes([byte]).decode(codec) for byte in range(256) if byte not in UNDEFINED.get(codec, ())]
        )
    )
    parts = data.draw(st.lists(st.lists(st.text(letters, max_size=6), max_size=5), max_size=4))
    for column in (Texts(1, 1), Coded()):  # room for one cell of one byte: all others need more
        for part in parts:
            column.add(as_written([cell.encode(codec) for cell in part]), Codec(codec))
        made = column.made()
        made.validate(full=True)
        assert made.to_pylist() == [cell for part in parts for cell in part]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("coded", [False, True])
def test_a_text_of_several_blocks_is_what_csv_makes_of_it(codec, coded):
    """5 MB: short cells on the first lines, by which room is made, long ones below; accents here and there."""
    rows = [["F1", "Été", "1,00", ""]] * 20_000 + [
        [f"F{number}", "Société à l'œuvre €" if number % 3 and codec != "latin-1" else "Été", f"{number},50", "x" * 60]
        for number in range(50_000)
    ]
    header = ["N° facture", "Client", "Montant", "Libellé"]
    written = io.StringIO()
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_NONE, escapechar="\\").writerows([header, *rows])
    table = read_delimited("f.csv", written.getvalue().encode(codec), coded=coded)
    expected = pd.DataFrame(rows, columns=header, index=range(2, len(rows) + 2), dtype="str")
    assert table.cells.astype("str").equals(expected)
    assert isinstance(table.cells["Client"].dtype, pd.CategoricalDtype) == coded


def test_texts_with_nothing_to_strip_stand_over_the_same_bytes():
    cells = pd.Series(["a", "", "é", "b"] * 3, dtype="str").iloc[2:]
    read, stripped = texts(cells), texts(pd.Series(["a", " ", "é ", "b"] * 3, dtype="str").iloc[2:])
    own = {pa.array(column.array).buffers()[2].address for column in (cells, read)}
    assert len(own) == 1
    assert read.dropna().tolist() == ["é", "b", "a", "é", "b", "a", "é", "b"]
    assert read.equals(stripped)
    assert read.isna().tolist() == (cells == "").tolist()
