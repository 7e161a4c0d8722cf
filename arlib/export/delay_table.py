"""The table of payment delays as the order lays it out, each cell a formula over the list of its invoices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.export.proof import write_proof_lines
from arlib.export.sheets import Book, Field, Live, Placed, write_table
from arlib.export.sheets.table import MOST_ROWS
from arlib.law.delay_table import PaymentDelayTable
from arlib.words import Language, Sentence, say, word

DELAY_SHEETS = ("delay_unpaid", "delay_late", "delay_invoices", "delay_late_invoices", "delay_proof")
_LIST = (
    *("customer_id", "name", "country", "reference", "kind", "issued_on", "due_on", "terms", "part", "why"),
    *("days_late", "amount", "open_amount", "counted", "number", "foreign"),
)
_KINDS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("issued_on", "due_on"), "date")
    | dict.fromkeys(("days_late", "number", "foreign"), "count")
    | dict.fromkeys(("amount", "open_amount", "counted"), "money")
)
_ADDED = frozenset({"amount", "open_amount", "counted", "number"})
# Days late of each column of the order's model; text criteria such as 1-30 would be read as dates.
_DAYS = ((0, 0), (1, 30), (31, 60), (61, 90), (91, None), (1, None))
_BANDS = "BCDEFG"  # their columns; the last one is the total
_WIDTHS = (58.0, *[17.0] * 6)


def write_delay_table(
    table: PaymentDelayTable, path: str | Path = "payment_delays.xlsx", language: Language = "fr"
) -> Path:
    """Writes a table of payment delays as the order lays it out, and returns where; in French unless asked otherwise.

    Sheets: table I and table II, each on one landscape A4 page, the invoices behind either, the proof. Numbers and
    amounts are formulas over the lists (SUMIFS by part and days late), percentages over these, saved with the figures
    of the table, so that whoever checks re-performs them. Text is written as text whatever it begins with.

    Raises:
        ArlibError: more invoices than a sheet of Excel holds, or a file that cannot be written.
    """
    about = word("export.about", language, day=table.closing, currency=table.currency or "–")
    with Book(path, language, table.closing, about) as book:
        for key in DELAY_SHEETS:
            book.page(key)
        delay_sheets(book, table)
        for page in book.pages.values():
            page.finish()
    return book.path


def delay_sheets(book: Book, table: PaymentDelayTable) -> None:
    """The tables, their invoices and their proof on five sheets of a book, `DELAY_SHEETS`.

    Raises:
        ArlibError: more invoices than a sheet of Excel holds.
    """
    for rows in (table.invoices, table.late_invoices):
        if len(rows) + 10 > MOST_ROWS:
            raise ArlibError(say("law.delay.too_many", rows=len(rows)))
    unpaid, late = _unpaid(table), _late(table)
    listed = {which.key: _listed(book, which) for which in (unpaid, late)}
    for which in (unpaid, late):
        _Model(book, table, which, listed[which.key]).write()
    _proof(book, table, listed["unpaid"])


@dataclass(frozen=True, eq=False)
class _Which:
    """One of the two tables: its words, the lists its cells add up, what its percentages are of.

    Attributes:
        key: `unpaid` or `late`.
        rows: the invoices behind it.
        bands: its figures, a row a band of days late.
        excluded: number and amount of what is left out of it.
        reference: what its delays are counted from.
        wholes: label, value and kind of what percentages are of.
        shares: label of a percentage, the line it is of (number or amount), the place of its whole in `wholes`, and
            its column of `bands`.
        notes: what to write under it.
    """

    key: str
    rows: pd.DataFrame
    bands: pd.DataFrame
    excluded: pd.DataFrame
    reference: pd.DataFrame
    wholes: Sequence[tuple[str, float, str]]
    shares: Sequence[tuple[str, str, int, str]]
    notes: Sequence[Sentence]


def _unpaid(table: PaymentDelayTable) -> _Which:
    sold = "law.delay.of_year_given" if table.turnover_given else "law.delay.of_year"
    return _Which(
        key="unpaid",
        rows=table.invoices,
        bands=table.unpaid,
        excluded=table.unpaid_excluded,
        reference=table.unpaid_reference,
        wholes=((sold, table.turnover, "money"),),
        shares=(("law.delay.turnover_share", "amount", 0, "turnover_share"),),
        notes=table.notes,
    )


def _late(table: PaymentDelayTable) -> _Which:
    issued = ("law.delay.issued_number", table.issued_number, "count")
    return _Which(
        key="late",
        rows=table.late_invoices,
        bands=table.late,
        excluded=table.late_excluded,
        reference=table.late_reference,
        wholes=(issued, ("law.delay.issued_amount", table.issued_amount, "money")),
        shares=(
            ("law.delay.number_share", "number", 0, "number_share"),
            ("law.delay.amount_share", "amount", 1, "amount_share"),
        ),
        notes=(say("law.delay.choices_late"), *table.notes[:2]),
    )


class _Model:
    """The order's model on a sheet, line by line."""

    def __init__(self, book: Book, table: PaymentDelayTable, which: _Which, listed: Placed) -> None:
        self._book, self._table, self._which, self._listed = book, table, which, listed
        self._page = book.pages[f"delay_{which.key}"]
        self._page.one_page()
        self._page.sheet.center_horizontally()
        self._page.widths(_WIDTHS)

    def write(self) -> None:
        """All of it, from the title to the notes."""
        page = self._page
        page.across(self._say("law.delay.title", closing=self._table.closing), "title", height=1.5)
        page.across(f"{self._book.about}, {self._say(f'law.delay.basis.{self._table.basis}')}", "note")
        page.row += 1
        wholes = [self._whole(*whole) for whole in self._which.wholes]
        page.row += 1
        self._across(self._say(f"law.delay.{self._which.key}"), "head", "boxed")
        self._part_a(wholes)
        self._part_b()
        self._part_c()
        page.notes(self._which.notes)

    def _part_a(self, wholes: Sequence[int]) -> None:
        names = [self._say(f"law.delay.band.{band}") for band in self._table.unpaid["band"]]
        self._page.line(["", *names], roles=("boxed", "strong", "centred"), height=2)
        self._across(self._say("law.delay.part_a"), "part", "boxed")
        amount = self._page.row + 2  # the line of numbers is above it
        by_band, bands = amount + len(self._which.shares) + 1, self._which.bands
        numbers = self._live([f"=B{by_band}", *[None] * 4, f"=G{by_band}"], bands["number"])
        self._line("law.delay.number", numbers, "count")
        summed = [*self._sums("counted")[:5], f"=SUM(C{amount}:F{amount})"]
        self._line("law.delay.amount", self._live(summed, bands["amount"]), "money")
        for label, line, whole, share in self._which.shares:
            row, of = by_band if line == "number" else amount, f"$G${wholes[whole]}"
            parts = [f'=IF(N({of})>0,{band}{row}/{of},"–")' for band in _BANDS]
            self._line(label, self._live(parts, bands[share]), "rate")
        self._line("law.delay.number_by_band", self._live(self._sums("number"), bands["number"]), "count")
        if "foreign_number" in bands:
            for name, column, kind in (("number", "number", "count"), ("amount", "counted", "money")):
                abroad = self._live(self._sums(column, abroad=True), bands[f"foreign_{name}"])
                self._line(f"law.delay.foreign_{name}", abroad, kind)

    def _part_b(self) -> None:
        self._across(self._say("law.delay.part_b"), "part", "boxed")
        excluded = dict(self._which.excluded.set_index("why").loc["total"])
        for label, column, kind in (("number", "number", "count"), ("amount", "counted", "money")):
            total = f'=SUMIFS({self._listed.cells(column)},{self._listed.cells("part")},"B")'
            self._line(f"law.delay.excluded_{label}", [Live(total, float(excluded[label]))], kind)

    def _part_c(self) -> None:
        self._across(self._say("law.delay.part_c"), "part", "boxed")
        for terms, due_dates in self._which.reference[["terms", "due_dates"]].itertuples(index=False):
            box = "☒" if due_dates else "☐"
            self._across(f"{box}  {self._say(f'law.delay.terms.{terms}', due_dates=due_dates)}", "boxed")

    def _whole(self, label: str, value: float, kind: str) -> int:
        """A line with what percentages are of; its row, as Excel counts it."""
        name = self._say(label, opening=self._table.opening, closing=self._table.closing)
        self._page.put(0, name, "text")
        self._page.put(len(_BANDS), "–" if np.isnan(value) else float(value), kind, "strong")
        self._page.row += 1
        return self._page.row

    def _line(self, label: str, values: Sequence[Live | None], kind: str) -> None:
        """A line of the model: a label and a cell a band; a cell without a value is greyed."""
        self._page.sheet.set_row(self._page.row, 20)
        self._page.put(0, self._say(label), "text", "boxed", "wrapped")
        for column, value in enumerate(values, 1):
            self._page.put(column, value, kind, "boxed", *(("greyed",) if value is None else ()))
        self._page.row += 1

    @staticmethod
    def _live(formulas: Sequence[str | None], figures: "pd.Series[Any]") -> list[Live | None]:
        """Formulas with the figures they give; a dash where there is none."""
        return [
            None if formula is None else Live(formula, "–" if pd.isna(figure) else float(figure))
            for formula, figure in zip(formulas, figures, strict=True)
        ]

    def _sums(self, column: str, *, abroad: bool = False) -> list[str]:
        """The sums of a column over part A of the list, by days late: a formula a band."""
        days, part = self._listed.cells("days_late"), self._listed.cells("part")
        bounds = (f'{days},">={first}"' + ("" if last is None else f',{days},"<={last}"') for first, last in _DAYS)
        only = f",{self._listed.cells('foreign')},1" if abroad else ""
        return [f'=SUMIFS({self._listed.cells(column)},{part},"A",{bound}{only})' for bound in bounds]

    def _across(self, text: str, *roles: str) -> None:
        self._page.across(text, *roles, height=1.3)

    def _say(self, key: str, **values: object) -> str:
        language = self._book.language
        return word(key, language, **{"basis": word(f"law.delay.basis.{self._table.basis}", language)} | values)


def _listed(book: Book, which: _Which) -> Placed:
    """The invoices behind a table, with words for the codes of their due dates and reasons."""
    language = book.language
    words = {
        name: which.rows[name].map(lambda code, name=name: word(f"law.delay.{name}.{code}.short", language), "ignore")
        for name in ("terms", "why")
    }
    fields = [
        Field(name, word(f"export.column.{name}", language), _KINDS.get(name, "text"), total=name in _ADDED)
        for name in _LIST
    ]
    key = "delay_invoices" if which.key == "unpaid" else "delay_late_invoices"
    return write_table(
        book.pages[key], fields, which.rows.assign(**words, foreign=which.rows["foreign"].astype("int64"))
    )


def _proof(book: Book, table: PaymentDelayTable, listed: Placed) -> None:
    """What is in the table and what is not, against the accounts; what is in it adds up the list again."""
    owed, part, days = (listed.cells(name) for name in ("open_amount", "part", "days_late"))
    formulas = {
        "late": f'=SUMIFS({owed},{part},"A",{days},">=1")',
        "zero_day": f'=SUMIFS({owed},{part},"A",{days},0)',
        "disputed": f'=SUMIFS({owed},{part},"B")',
    }
    write_proof_lines(book, "delay_proof", table.proof, formulas, summed="open_items")
