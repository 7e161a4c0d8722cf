"""A first column without heading, as reports print it: their customers, or documents under the name of each."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import is_empty, texts
from arlib.readers.headings import meaning
from arlib.readers.headings.ages import age_bands
from arlib.readers.rows.marks import DATES, NAMES
from arlib.readers.tables.table import Table
from arlib.words import say

CUSTOMER, DOCUMENT = "Customer", "Document number"  # headings of the columns made
_UNNAMED = re.compile(r"\(\d+\)")
_LETTERS = r"[^\W\d_]"
_MOST = 0.5  # share of rows that must hold a name or a number
_LOOKED_AT = 200  # rows among which such a line shows
_RULE = r"[-─━═=_+|\s]{3,}"  # a line drawn with dashes


def with_first_column(table: Table, found: Mapping[str, str]) -> tuple[Table, dict[str, str]]:
    """The table with headings over its first column, where it has none, and what they mean.

    In an aged balance it holds the customers. In a list of documents it may hold the number of each, under a row of
    the customer's name (Odoo): it becomes two columns. Lines drawn with dashes are left out.

    Raises:
        ArlibError: a list printed with borders names its customers between them, in no column.
    """
    table, found = _without_rules(table, found), dict(found)
    first = str(table.cells.columns[0]) if len(table.cells.columns) else ""
    if not _UNNAMED.fullmatch(first) or table.cells.empty or _names_customers(found):
        return table, found
    written = texts(table.cells[first]).fillna("")
    dated = [found[field] for field in DATES if field in found]
    if not dated:
        worded = written.str.contains(_LETTERS, regex=True).mean() >= _MOST
        if not worded or not age_bands(map(str, table.cells.columns)):
            return table, found
        cells = table.cells.rename(columns={first: CUSTOMER})
        note = say("layout.first_column", heading=CUSTOMER)
        return replace(table, cells=cells, reading=(*table.reading, note)), _with(found, customer_name=CUSTOMER)
    document = ~table.cells[dated].apply(is_empty).all(axis=1)
    if "reference" in found or not _is_outline(written, document):
        return table, found
    cells = table.cells.drop(columns=first)
    cells.insert(0, DOCUMENT, written.where(document, "").to_numpy())
    cells.insert(0, CUSTOMER, written.where(~document, "").to_numpy())
    note = say("layout.documents_under_customers", row=int(cells.index[document.to_numpy()][0]))
    table = replace(table, cells=cells, reading=(*table.reading, note))
    return table, _with(found, customer_name=CUSTOMER, reference=DOCUMENT)


def _with(found: Mapping[str, str], **made: str) -> dict[str, str]:
    return {field: heading for field, heading in found.items() if field not in NAMES} | made


def _names_customers(found: Mapping[str, str]) -> bool:
    """Whether a heading names customers by itself; "Account" does so only where nothing else can."""
    return any((meaning(found[field]) or (0, field))[1] in (*NAMES, "party") for field in NAMES if field in found)


def _is_outline(written: "pd.Series[Any]", document: "pd.Series[Any]") -> bool:
    """Whether a column holds something on most rows of documents, and names on rows between them."""
    numbers, names = written[document], written[~document]
    return len(numbers) > 0 and (numbers != "").mean() >= _MOST and bool(names.str.contains(_LETTERS, regex=True).any())


def _rules(cells: pd.DataFrame) -> "pd.Series[bool]":
    """Rows that hold a line drawn with dashes, and nothing else."""
    drawn = cells.iloc[:, 0].astype("str").str.fullmatch(_RULE)
    others = cells[drawn].astype("str").apply(lambda column: column.str.fullmatch(rf"(?:{_RULE})?|\s*"))
    drawn[drawn] = others.all(axis=1)
    return drawn


def _without_rules(table: Table, found: Mapping[str, str]) -> Table:
    """The table without the lines drawn between its rows; refused where texts between borders name the customers."""
    if table.cells.empty or not _rules(table.cells.iloc[:_LOOKED_AT]).any():
        return table
    rules, first = _rules(table.cells), str(table.cells.columns[0])
    written = table.cells.loc[~rules, first].astype("str")
    beside = written[written.str.contains(_LETTERS, regex=True)]
    if _UNNAMED.fullmatch(first) and len(beside) and not _names_customers(found):
        raise ArlibError(problems=[Problem(table.place(int(beside.index[0])), say("layout.framed"))])
    note = say("layout.rules", rows=int(rules.sum()))
    return replace(table, cells=table.cells[~rules], reading=(*table.reading, note))
