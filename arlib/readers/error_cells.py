"""Cells of a workbook whose formula failed (#REF!, #N/A), which would otherwise read as empty."""

import io
import re
import zipfile
from collections.abc import Mapping
from html import unescape

_CHUNK = 1 << 22  # bytes of a sheet looked at at once
_LONGEST_CELL = 1 << 14  # bytes kept from one chunk to the next, since a cell may be cut in two
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?\s*<v>(#[^<]{1,20})</v>'
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")


def error_cells(content: bytes, sheet: str) -> Mapping[tuple[int, int], str]:
    """What stands in each failed cell of a sheet of an xlsx or xlsm workbook, by row and column from 0.

    Nothing for other formats, where errors are not told from empty cells.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            part = _part_of(book, sheet)
            return _failed(book, part) if part else {}
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return {}  # not that format: whoever reads the cells says what is wrong with it


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part that holds a sheet; empty where there is none."""
    sheets = _SHEET.findall(book.read("xl/workbook.xml").decode("utf-8", "replace"))
    key = next((_attribute(tag, r"\w+:id") for tag in sheets if _attribute(tag, "name") == sheet), "")
    relations = _RELATION.findall(book.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"))
    target = next((_attribute(tag, "Target") for tag in relations if _attribute(tag, "Id") == key), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else ""


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _failed(book: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    failed, kept = {}, b""
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = kept + chunk
            if b't="e"' in window:
                for column, row, value in _CELL.findall(window):
                    failed[int(row) - 1, _number(column)] = value.decode("ascii", "replace")
            kept = window[-_LONGEST_CELL:]
    return failed


def _number(column: bytes) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64  # 64 stands before A
    return number - 1
