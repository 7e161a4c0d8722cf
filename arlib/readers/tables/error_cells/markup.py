"""Failed cells of workbooks whose sheets are XML: xlsx, xlsm, ods."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any

from arlib.readers.sources.xml import local, parse_xml

_CHUNK = 1 << 22  # bytes of a sheet looked at at once
_LONGEST_CELL = 1 << 14  # bytes kept from one chunk to the next, since a cell may be cut in two
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?\s*<v>(#[^<]{1,20})</v>'
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_SHOWN = re.compile(r"#[^\d\s][^<]{1,12}|Err ?:\d{3}")  # as a spreadsheet shows an error, in any language
_WIDEST = 1 << 14  # columns of a sheet


def errors_of_xlsx(book: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], str]:
    """The failed cells of a sheet of an xlsx."""
    sheets = _SHEET.findall(book.read("xl/workbook.xml").decode("utf-8", "replace"))
    key = next((_attribute(tag, r"\w+:id") for tag in sheets if _attribute(tag, "name") == sheet), "")
    part = part_of(book, "xl/_rels/workbook.xml.rels", key)
    failed, kept = {}, b""
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = kept + chunk
            if b't="e"' in window:
                for column, row, value in _CELL.findall(window):
                    failed[int(row) - 1, _number(column)] = value.decode("ascii", "replace")
            kept = window[-_LONGEST_CELL:]
    return failed


def part_of(book: zipfile.ZipFile, relations: str, key: str) -> str:
    """The name of the part of a workbook that a relation of this key leads to; a KeyError where none does."""
    tags = _RELATION.findall(book.read(relations).decode("utf-8", "replace"))
    target = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in tags}[key]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def errors_of_ods(book: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], str]:
    """The failed cells of a sheet of an ods: those called so, or in old files formulas that show an error."""
    content = book.read("content.xml")
    if b'"error"' not in content and not re.search(rb"<text:p>(?:#|Err ?:)", content):
        return {}
    tables = (each for each in parse_xml("content.xml", content).iter() if local(each) == "table")
    table = next(each for each in tables if _named(each, "name") == sheet)
    failed, row = {}, 0
    for each in (each for each in table.iter() if local(each) == "table-row"):
        failed.update({(row, column): error for column, error in _failed(each)})
        row += int(_named(each, "number-rows-repeated") or 1)
    return failed


def _failed(row: Any) -> Iterator[tuple[int, str]]:  # noqa: ANN401 - an element, whose type the library hides
    column = 0
    for cell in row:
        shown = "".join(cell.itertext()) if len(cell) else ""
        kind = next((value for name, value in cell.attrib.items() if "calcext" in name and name.endswith("type")), "")
        if shown and (kind == "error" or (not kind and _named(cell, "formula") and _SHOWN.fullmatch(shown))):
            yield column, shown
        column += min(int(_named(cell, "number-columns-repeated") or 1), _WIDEST)


def _named(element: Any, name: str) -> str:  # noqa: ANN401
    """An attribute of an element, whatever its namespace."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _number(column: bytes) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64  # 64 stands before A
    return number - 1
