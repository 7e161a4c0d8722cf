"""Any file into a table: text, workbook, Parquet or frame, by what its content is."""

import io

import pandas as pd

from arlib.errors import ArlibError
from arlib.readers.sources import RawSource, refuse
from arlib.readers.tables.delimited import decode, read_delimited
from arlib.readers.tables.fixed_width import read_fixed_width
from arlib.readers.tables.table import Table, headings_of
from arlib.readers.tables.workbooks import read_workbook


def read_table(raw: RawSource, sheet: str | None = None, *, header: int | None = None) -> Table:
    """The table of a file: the whole text or frame, the sheet named, or the sheet that looks most like a ledger.

    `header` is the row of the headings, as a spreadsheet numbers it, where it is known; else it is looked for.

    Raises:
        ArlibError: no row looks like a header, the sheet does not exist, the file is damaged.
    """
    if isinstance(raw.content, pd.DataFrame):
        return _frame(raw.name, raw.content)
    if raw.format == "parquet":
        return _frame(raw.name, _parquet(raw.name, raw.content))
    if raw.format == "workbook":
        return read_workbook(raw.name, raw.content, sheet, header=header)
    if raw.format in ("pdf", "xml"):
        raise refuse(raw.name, f"read.{raw.format}")
    try:
        return read_delimited(raw.name, raw.content, header=None if header is None else _place(raw.content, header))
    except ArlibError as unread:
        if header is not None or [problem.what.key for problem in unread.problems] != ["read.no_header"]:
            raise
        printed = read_fixed_width(raw.name, raw.content)
        if printed is None:
            raise
        return printed


def _place(content: bytes, row: int) -> int:
    """The place of a row of a text among those that hold something."""
    lines = decode(content)[0].splitlines()
    return sum(bool(line.strip(' \t;,|"')) for line in lines[: row - 1])


def _frame(name: str, frame: pd.DataFrame) -> Table:
    cells = frame.set_axis(headings_of(list(frame.columns)), axis=1)
    return Table(name, None, cells.set_axis(range(1, len(cells) + 1)))


def _parquet(name: str, content: bytes) -> pd.DataFrame:
    try:
        return pd.read_parquet(io.BytesIO(content))
    except Exception as damaged:  # Arrow, or pandas over what it holds, each in its own way
        raise refuse(name, "read.damaged_parquet") from damaged
