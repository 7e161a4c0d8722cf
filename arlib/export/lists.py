"""A list of a page as a file that a spreadsheet opens as it is: text stays text, figures stay figures."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from arlib.export import sheets
from arlib.show.tables import Field
from arlib.words import Language, day

_SEPARATOR = {"en": ",", "fr": ";"}  # what a spreadsheet of the language expects, as the mark of decimals
_FORMULA = re.compile(r"^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")  # what spreadsheets begin a formula with
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def list_as_csv(rows: pd.DataFrame, fields: Sequence[Field], *, language: Language = "en") -> bytes:
    """Rows as CSV under the headings of their columns, in UTF-8 with its mark, so that accents stay.

    In French cells are apart by semicolons and decimals by a comma, as spreadsheets of the language read them; figures
    are not rounded beyond cents, shares stay 0 to 1. A text that a spreadsheet would take for a formula has an
    apostrophe before it, as the OWASP asks.

    Args:
        rows: one row a line, holding every field's column; a missing value is empty.
        fields: the columns.
        language: of marks and dates.
    """
    written = {place: _written(rows[field.column], field, language) for place, field in enumerate(fields)}
    target = io.StringIO()
    writer = csv.writer(target, delimiter=_SEPARATOR[language], lineterminator="\r\n")
    writer.writerow([_text(field.heading) for field in fields])
    writer.writerows(zip(*written.values(), strict=True))
    return target.getvalue().encode("utf-8-sig")


def write_list(
    rows: pd.DataFrame,
    fields: Sequence[Field],
    path: str | Path,
    *,
    key: str,
    about: str,
    as_of: pd.Timestamp,
    language: Language = "en",
) -> Path:
    """Writes rows on one sheet of an Excel workbook under the headings of their columns, and returns where.

    Args:
        rows: one row a line, holding every field's column; a missing value is empty. No text becomes a formula.
        fields: the columns.
        path: of the workbook.
        key: what the list is: the name of the sheet is the label `export.sheet.<key>`.
        about: stands under it: of what the list is.
        as_of: the day it is of.
        language: of dates and figures.

    Raises:
        ArlibError: more rows than a sheet holds, or the file cannot be written.
    """
    columns = [sheets.Field(field.column, field.heading, field.kind) for field in fields]
    with sheets.Book(path, language, as_of, about) as book:
        page = book.page(key)
        sheets.write_table(page, columns, rows)
        page.finish()
    return book.path


def _written(values: "pd.Series[Any]", field: Field, language: Language) -> list[str]:
    """A column as texts."""
    if field.kind == "text":
        return ["" if pd.isna(value) else _text(str(value)) for value in values]
    if field.kind == "date":
        return ["" if pd.isna(value) else day(value, language) for value in values]
    decimals = {"money": 2, "count": 0}.get(field.kind, 4)
    figures = ["" if pd.isna(value) else f"{round(value, decimals) + 0.0:.{decimals}f}" for value in values]
    return [figure.replace(".", ",") for figure in figures] if language == "fr" else figures


def _text(text: str) -> str:
    """A text on one line that is no formula."""
    plain = _CONTROL.sub(" ", text)
    return f"'{plain}" if _FORMULA.match(text) else plain
