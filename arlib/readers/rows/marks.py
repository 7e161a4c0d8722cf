"""What each row of a list holds, before its cells are read: a date, an amount, a customer, a document."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.cells import is_empty
from arlib.readers.cells.columns import text_array
from arlib.readers.headings.ages import age_bands
from arlib.readers.rows.row_words import row_word, total_of
from arlib.readers.tables.table import Table
from arlib.schema import Flags

DATES = ("issued_on", "booked_on", "due_on", "paid_on")
MONEY = (
    *("amount", "currency_amount", "net_amount", "tax_amount", "debit", "credit", "open_amount", "paid_amount"),
    *("credit_limit", "insured_limit"),
)
NAMES = ("customer_id", "customer_name")
_DAY = r"^\s*(?:\d{1,4}[-/. ]\s?\w{1,9}\.?[-/. ]\s?\d{1,4}|[12]\d{7}\b|\d{5,6}(?:\.\d+)?\s*$)"
_MAY_BE_TOTAL = r"(?i)tota|summe|gesamt|suma|somma|cumul|kumul"
_TOTALS_BY_NUMBER = ("tota", "summe", "suma", "somma", "cumul", "kumul", "report", "riport", "bertrag")


@dataclass(frozen=True, eq=False)
class Marks:
    """Flags a row: has a date, an amount, a customer, a document's number; `sparse`, lacks some or may be a total.

    `texts` holds the cells of the sparse rows as stripped text, those of amounts left out. `denied` are rows that are
    no totals though they say so, `believed` rows with a date that are (`weigh_labels`).
    """

    dated: Flags
    priced: Flags
    named: Flags
    documented: Flags
    sparse: Flags
    texts: pd.DataFrame
    denied: Flags
    believed: Flags

    def spread(self, flags: Any) -> Flags:  # noqa: ANN401 - flags of the sparse rows, in any array
        """Flags of the sparse rows as flags of all rows."""
        spread = np.zeros(len(self.sparse), dtype=bool)
        spread[self.sparse] = np.asarray(flags, dtype=bool)
        return spread

    def says(self, word: str) -> Flags:
        """Rows one of whose cells says, as a whole, that word of `row_word`; a total not `denied`."""
        said = self.spread(_any(self.texts, lambda text: row_word(text) == word))
        return said & ~self.denied if word == "total" else said

    def cells_say(self, headings: Iterable[Any], test: Callable[[str], bool]) -> Flags:
        """Rows one of whose cells in these columns passes a test of its text."""
        return self.spread(_any(self.texts[list(headings)], test))

    @staticmethod
    def days(cells: "pd.Series[Any]") -> Flags:
        """Which cells hold what may be a date, right or wrong."""
        return _has_day(cells)

    def worded(self) -> Flags:
        """Sparse rows that hold a word beside their amounts."""
        return self.spread(_any(self.texts, lambda text: any(map(str.isalpha, text))))

    def total_of_known(self, known: set[str]) -> Flags:
        """Rows one of whose cells is the total of somebody known."""
        return self.spread(_any(self.texts, lambda text: total_of(text) in known)) & ~self.denied

    def total_of_something(self) -> Flags:
        """Rows one of whose cells is the total of something, known or not."""
        return self.spread(_any(self.texts, lambda text: total_of(text) != ""))


def money_columns(table: Table, found: Mapping[str, str]) -> list[str]:
    """The columns that hold amounts: those recognised, and those of ages."""
    recognised = [found[field] for field in MONEY if field in found]
    return list(dict.fromkeys([*recognised, *age_bands(map(str, table.cells.columns))]))


def marks_of(table: Table, found: Mapping[str, str]) -> Marks:
    """What each row of a table holds."""
    cells, money = table.cells, money_columns(table, found)
    names = [cells[found[field]] for field in NAMES if field in found]
    dated = _any_of(cells, [found[field] for field in DATES if field in found], _has_day)
    priced = _any_of(cells, money, _holds)
    named = _any_of(cells, [str(column.name) for column in names], _holds)
    documented = _any_of(cells, [found["reference"]] if "reference" in found else [], _holds)
    sparse = ~dated | ~priced | ~named
    for column in names:
        sparse |= ~documented & _each_distinct(column, lambda texts: texts.str.contains(_MAY_BE_TOTAL, regex=True))
    if "reference" in found:
        sparse |= _totals_by_number(cells[found["reference"]])
    others = [heading for heading in cells if heading not in money]
    texts = cells.loc[sparse, others].astype("str").apply(lambda column: column.str.strip()).fillna("")
    nothing = np.zeros(len(cells), dtype=bool)
    return Marks(dated, priced, named, documented, sparse, texts, nothing, nothing)


def _any_of(cells: pd.DataFrame, headings: Sequence[str], test: Callable[["pd.Series[Any]"], Flags]) -> Flags:
    """Rows where one of these columns passes; further columns are looked at only while some row has not."""
    found = np.zeros(len(cells), dtype=bool)
    for heading in headings:
        if found.all():
            break
        found |= test(cells[heading])
    return found


def _holds(cells: "pd.Series[Any]") -> Flags:
    """Which cells hold something other than white space."""
    if cells.dtype == object or not pd.api.types.is_string_dtype(cells):
        return ~is_empty(cells).to_numpy(dtype=bool)
    blank = cells.isna() | (cells == "") | cells.str.isspace()
    return ~blank.to_numpy(dtype=bool)


def _has_day(cells: "pd.Series[Any]") -> Flags:
    """Which cells hold what may be a date, right or wrong."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells.notna().to_numpy(dtype=bool)
    return _each_distinct(cells, lambda texts: texts.str.contains(_DAY, regex=True))


def _totals_by_number(cells: "pd.Series[Any]") -> Flags:
    """Which cells of a column of numbers may say a total: none is looked at where no such word stands in the column."""
    if pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells):
        return np.zeros(len(cells), dtype=bool)
    written = bytes(content).lower() if (content := text_array(cells).buffers()[2]) else b""
    if not any(word.encode() in written for word in _TOTALS_BY_NUMBER):
        return np.zeros(len(cells), dtype=bool)
    return _each_distinct(cells, lambda texts: texts.str.contains("(?i)" + "|".join(_TOTALS_BY_NUMBER), regex=True))


def _each_distinct(cells: "pd.Series[Any]", test: Callable[["pd.Series[Any]"], "pd.Series[Any]"]) -> Flags:
    """A test of texts, tried once for each distinct cell."""
    codes, distinct = pd.factorize(cells)
    passes = test(pd.Series(distinct).astype("str")).fillna(value=False).to_numpy(dtype=bool)
    return np.append(passes, False)[codes]  # code -1, a missing cell, is the last


def _any(texts: pd.DataFrame, test: Callable[[str], bool]) -> Flags:
    """Rows one of whose cells passes a test; each distinct text is tried once."""
    found = np.zeros(len(texts), dtype=bool)
    for heading in texts:
        codes, distinct = pd.factorize(texts[heading])
        found |= np.array([bool(text) and test(text) for text in distinct], dtype=bool)[codes]
    return found
