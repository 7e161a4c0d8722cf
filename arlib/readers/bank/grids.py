"""The table of a bank in any file: where its headings stand, which separator cuts it, what each column means."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from arlib.errors import ArlibError
from arlib.readers.headings import plain
from arlib.readers.headings import recognise as recognise_ledger
from arlib.readers.sources import RawSource, refuse
from arlib.readers.tables import read_table
from arlib.readers.tables.table import LOOKED_AT, headings_of
from arlib.readers.tables.workbooks import read_grids
from arlib.words import say

Grid = Sequence[tuple[int, Sequence[Any]]]  # row number in the file, cells
Columns = Mapping[str, Sequence[str]]  # field, its headings, the best one first

_SEPARATORS = ";\t,|"
_HEAD = 65_536  # characters in which headings are looked for
_MANY = ("remittance",)  # fields that several columns may share
_OF_LEDGERS = {"customer_id", "customer_name", "reference", "due_on", "journal", "letter", "open_amount", "net_amount"}
_OF_BANKS = {"value_on", "payer_account"}
_BANK_WORDS = re.compile(r"\boperation\b|\bverwendungszweck\b|\bcounterparty\b|\btegenrekening\b|\bdate completed\b")
_OWN_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")


@dataclass(frozen=True, eq=False)
class BankTable:
    """Cells under the headings of a bank, index = row number; `above` is the text of what stands over them."""

    cells: pd.DataFrame
    columns: Columns
    header: int
    above: str
    sheet: str | None = None


@cache
def _meanings() -> Mapping[str, tuple[int, str]]:
    with Path(__file__).with_name("headings.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return MappingProxyType(
        {plain(row["heading"]): (rank, row["field"]) for rank, row in reversed(list(enumerate(rows)))}
    )


@cache
def fields() -> tuple[str, ...]:
    """Every field a heading of a bank can mean."""
    return tuple(dict.fromkeys(field for _, field in sorted(_meanings().values())))


def recognise(headings: Iterable[str], chosen: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """The headings of each field, the best one first; `chosen` says it for some of them.

    Raises:
        ArlibError: `chosen` names a field or a heading that does not exist.
    """
    written, chosen = list(headings), dict(chosen or {})
    for field, heading in chosen.items():
        if field not in fields() or heading not in written:
            values = {"fields": ", ".join(fields()), "headings": ", ".join(written)}
            raise ArlibError(say("read.columns", field=field, heading=heading, **values))
    found = [(_meanings().get(plain(each)), each) for each in written if each not in chosen.values()]
    ranked = sorted((known, each) for known, each in found if known is not None)
    columns: dict[str, list[str]] = {}
    for (_, field), heading in ranked:
        columns.setdefault(field, []).append(heading)
    for field in _MANY:  # in the order of the file, as a person reads them
        columns[field] = sorted(columns.get(field, []), key=written.index)
    columns |= {field: [heading] for field, heading in chosen.items()}
    return {field: names if field in _MANY else names[:1] for field, names in columns.items() if names}


def is_statement(columns: Columns) -> bool:
    """Whether these fields make a statement: a day, an amount, and a wording, a payer or a reference."""
    return bool(
        {"received_on", "value_on"} & set(columns)
        and {"amount", "debit", "credit"} & set(columns)
        and {"remittance", "payer", "reference"} & set(columns)
    )


def is_bank_headings(headings: Iterable[str]) -> bool:
    """Whether headings are clearly a bank's: those of a statement, one of them such as only banks write."""
    written = list(headings)
    columns = recognise(written)
    only_banks = bool(_OF_BANKS & set(columns)) or any(_BANK_WORDS.search(plain(each)) for each in written)
    return is_statement(columns) and only_banks and not of_ledger(written)


def of_ledger(headings: Iterable[str]) -> list[str]:
    """The headings that a bank has no use for and a ledger does: customers, documents, journals, due dates, letters."""
    written = list(headings)
    known = {heading for found in recognise(written).values() for heading in found}
    return [each for field, each in recognise_ledger(written).items() if field in _OF_LEDGERS and each not in known]


def head_of_text(text: str) -> list[str]:
    """The headings of a text that is a bank's table; none where no row is."""
    found = _best_separator(text[:_HEAD], None)
    return [] if found is None else headings_of(found[1])


def read_bank_table(
    raw: RawSource, text: str | None, columns: Mapping[str, str] | None, sheet: str | None
) -> BankTable:
    """The table of a bank in a text, a workbook, Parquet or a frame.

    Raises:
        ArlibError: no row holds the headings of a statement; a row has more cells than headings.
    """
    if text is not None:
        best = _best_separator(text[:_HEAD], columns)
        if best is None:
            raise refuse(raw.name, "bank.not_a_statement")
        return _table(raw.name, list(_records(text, best[0], raw.name)), columns, best[0])
    if raw.format == "workbook" and isinstance(raw.content, bytes):
        return _sheet_table(raw.name, raw.content, columns, sheet)
    table = read_table(raw, sheet)
    found = recognise(table.cells.columns, columns)
    if not is_statement(found):
        raise refuse(raw.name, "bank.no_columns", headings=", ".join(table.cells.columns))
    return BankTable(table.cells, found, 0, "")


def _sheet_table(name: str, content: bytes, chosen: Mapping[str, str] | None, sheet: str | None) -> BankTable:
    """The sheet that has the most headings of a statement, and most rows."""
    grids, _ = read_grids(name, content, sheet)
    found = []
    for title, grid in grids.items():
        rows = [(number, row) for number, row in enumerate(grid, 1) if any(map(_filled, row))]
        place = _header([row for _, row in rows[:LOOKED_AT]], chosen)
        if place is not None:
            found.append(((len(recognise(headings_of(rows[place][1]))), len(rows)), title, rows))
    if not found:
        raise refuse(name, "bank.not_a_statement")
    _, title, rows = max(found, key=lambda each: each[0])
    return replace(_table(name, rows, chosen, ""), sheet=title)


def _best_separator(head: str, chosen: Mapping[str, str] | None) -> tuple[str, Sequence[str]] | None:
    """The separator that cuts out the most headings of a statement, and the row of these headings."""
    found = []
    for separator in _SEPARATORS:
        rows = [row for _, row in islice(_records(head, separator), LOOKED_AT)]
        place = _header(rows, chosen)
        if place is not None:
            found.append((len(recognise(headings_of(rows[place]))), separator, rows[place]))
    return max(found, key=lambda each: each[0])[1:] if found else None


def _header(rows: Sequence[Sequence[Any]], chosen: Mapping[str, str] | None) -> int | None:
    """The first row whose headings make a statement."""
    for place, row in enumerate(rows):
        headings = headings_of(row)
        known = {field: each for field, each in (chosen or {}).items() if each in headings and field in fields()}
        if is_statement(recognise(headings, known)):
            return place
    return None


def _records(text: str, separator: str, name: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the number of its first line.

    Where a quotation mark swallows the rest of the text, the rows end if no `name` is given.

    Raises:
        ArlibError: a quotation mark swallows the rest of the file of that name.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for row in reader:
            if any(map(_filled, row)):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as endless:
        if name is not None:
            raise refuse(name, "read.stray_quote", row=line) from endless


def _filled(cell: Any) -> bool:  # noqa: ANN401 - any cell
    return cell is not None and str(cell).strip() != ""


def _table(name: str, rows: Grid, chosen: Mapping[str, str] | None, separator: str) -> BankTable:
    """The table of rows of which one holds the headings."""
    place = _header([row for _, row in rows[:LOOKED_AT]], chosen) or 0
    header, named = rows[place]
    headings = headings_of(named)
    width, body, numbers = len(headings), [], []
    for number, row in rows[place + 1 :]:
        if any(map(_filled, row[width:])):
            key = "read.long_row_tab" if separator == "\t" else "read.long_row"
            raise refuse(name, key, row=number, cells=len(row), width=width)
        if separator and _swallows(row, separator, width):
            raise refuse(name, "read.stray_quote", row=number)
        body.append([*row, *[""] * (width - len(row))][:width])
        numbers.append(number)
    kind = "str" if separator else "object"
    cells = pd.DataFrame(body, columns=headings, index=pd.Index(numbers, dtype="int64"), dtype=kind)
    above = "\n".join(" ".join(map(str, row)) for _, row in rows[:place])
    return BankTable(cells, recognise(headings, chosen), header, above)


def _swallows(row: Sequence[str], separator: str, width: int) -> bool:
    """Whether a cell of several lines holds one with as many separators as a row."""
    lines = (line for cell in row if "\n" in cell for line in cell.split("\n")[1:])
    return any(line.count(separator) >= width - 1 for line in lines)


def own_account(above: str) -> str | None:
    """The IBAN over the table, where there is exactly one."""
    found = {each.replace(" ", "") for each in _OWN_ACCOUNT.findall(above)}
    valid = [each for each in found if _is_iban(each)]
    return valid[0] if len(valid) == 1 else None


def _is_iban(account: str) -> bool:
    digits = "".join(str(int(letter, 36)) for letter in account[4:] + account[:4])
    return int(digits) % 97 == 1
