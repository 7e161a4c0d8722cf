"""The recognised columns of a table as dates, money and text; each cell that is none of these named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import Column, FileAmounts, FileDates, read_amounts, read_dates, texts
from arlib.readers.headings import names_suppliers
from arlib.readers.lists.settled import state_of
from arlib.readers.profiles import UNKNOWN, Profile
from arlib.readers.sources import refuse
from arlib.readers.tables.table import Table
from arlib.schema import HALF_CENT
from arlib.words import Sentence, bare, say

DATES = ("issued_on", "booked_on", "due_on", "paid_on")
AMOUNTS = ("amount", "net_amount", "tax_amount", "debit", "credit", "open_amount", "paid_amount", "line_amount")
_MONEY = (*AMOUNTS, "currency_amount", "credited_amount", "quantity", "unit_price", "discount")
_OF_CUSTOMERS = ("credit_limit", "insured_limit", "rate")
_OWED = ("amount", "net_amount", "open_amount", "line_amount")  # any of them will do
_BY_LINE = ("quantity", "unit_price")  # and both of these
_FLAGS = ("disputed", "is_open", "is_paid")
_YES = {"o", "oui", "y", "yes", "true", "vrai", "1", "1.0", "x", "litige", "disputed", "ja", "si", "s", "wahr"}
_NO = {"n", "non", "no", "false", "faux", "0", "0.0", "nein", "falsch", "falso"}
_SENSES = {
    **dict.fromkeys(("d", "dr", "debit", "s", "soll", "debe", "dare", "+", "1", "+1", "1.0"), 1.0),
    **dict.fromkeys(("c", "cr", "credit", "h", "haben", "haber", "avere", "a", "-", "-1", "-1.0"), -1.0),
}
_SUMS = (("net_amount", "tax_amount", "amount"), ("open_amount", "paid_amount", "amount"))
_A_CENT_EXACTLY = 1e-3  # of a cent: what floats lose on the way is far below
_EITHER_ORDER = r"^\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})\b"


@dataclass(frozen=True, eq=False)
class Parsed:
    """Columns named by their fields, indexed by row; what was decided on the whole file, as a profile says it."""

    rows: pd.DataFrame
    decided: Mapping[str, Any] = field(default_factory=dict)
    reading: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()


def parsed(table: Table, found: Mapping[str, str], profile: Profile = UNKNOWN, *, of_movements: bool = False) -> Parsed:
    """The columns of the fields found: dates without time, amounts as numbers, senses as 1 and -1, flags, and texts.

    Raises:
        ArlibError: cells are not what their column holds; or, `of_movements`, a movement lacks its date, its amount
            or its customer: all of them, by row and column.
    """
    cells = {name: _bare(name, table.cells[heading]) for name, heading in found.items()}
    order = None if profile.dates is None else profile.dates == "day first"
    days = read_dates({name: column for name, column in cells.items() if name in DATES}, day_first=order)
    if days.swapped.mixed:
        raise ArlibError(problems=[Problem(table.place(), days.swapped.sentence() or say("read.either_order"))])
    money = {name: column for name, column in cells.items() if name in (*_MONEY, *_OF_CUSTOMERS)}
    mark = profile.decimal or table.decimal
    amounts = read_amounts(money, mark=mark, likely=table.likely_mark, ties=_ties)
    columns = {**days.columns, **amounts.columns}
    read = {name: columns[name].values if name in columns else _text(name, column) for name, column in cells.items()}
    wrong = {name: column.wrong for name, column in columns.items()}
    if "sense" in cells:
        wrong["sense"] = read["sense"].isna() & texts(cells["sense"]).notna()
    elif "amount" in money and _has_sides(money["amount"]):
        read["sense"] = np.sign(read["amount"])
    rows = pd.DataFrame(read, index=table.cells.index, copy=False)
    refuse_cells(table, found, wrong | (_missing(rows, wrong) if of_movements else {}))
    stand_ins = sum(int(column.stand_in.sum()) for column in columns.values())
    notes = [] if days.day_first is None else [_order(days.day_first, known=order is not None)]
    notes += [say("read.stand_ins", rows=stand_ins)] if stand_ins else []
    short = days.short.sentence()
    notes += [short] if short and days.short.certain else []
    marked = amounts.decimal.sentence()
    notes += [marked] if marked and amounts.decimal.certain else []
    decided = {"decimal": amounts.decimal.mark, "dates": "month first" if days.day_first is False else "day first"}
    return Parsed(rows, decided, tuple(notes), (*_doubts(cells, days, amounts), *_rounded(rows)))


def _order(day_first: bool, *, known: bool) -> Sentence:  # noqa: FBT001 - what is said
    """Which of day and month comes first, and what decided it: the profile, or cells that allow no other order."""
    if known:
        return say("read.day_first_known" if day_first else "read.month_first_known")
    return say("read.day_first" if day_first else "read.month_first")


def _ties(columns: Mapping[str, Column]) -> int:
    """How many sums come out among columns of amounts: without VAT, VAT and with; owed, paid and left; both sides."""
    read = {name: column.values.fillna(0.0).to_numpy() for name, column in columns.items() if not column.wrong.any()}
    tied = 0
    for first, second, whole in _SUMS:
        if {first, second, whole} <= set(read):
            close = np.abs(read[first] + read[second] - read[whole]) < HALF_CENT
            tied += int((close & (read[first] != 0) & (read[second] != 0)).sum())
    sides = [read[name].sum() for name in ("debit", "credit") if name in read]
    return tied + (len(sides) > 1 and sides[0] != 0 and bool(abs(sides[0] - sides[1]) < HALF_CENT))


def _rounded(rows: pd.DataFrame) -> list[Sentence]:
    """A warning on amounts that hold more than cents: each row is rounded, and the sum with them."""
    finer = np.zeros(len(rows), dtype=bool)
    for name in [name for name in AMOUNTS if name in rows]:
        cents = rows[name].to_numpy() * 100
        cents -= np.rint(cents)
        finer |= np.abs(cents, out=cents) > _A_CENT_EXACTLY  # false where an amount is missing
    count = int(finer.sum())
    return [say("read.rounded", rows=count)] if count else []


def _doubts(cells: Mapping[str, "pd.Series[Any]"], days: FileDates, amounts: FileAmounts) -> tuple[Sentence, ...]:
    """What in dates and amounts could be read two ways with nothing to decide it, or was put right."""
    marked = None if amounts.decimal.certain else amounts.decimal.sentence()
    doubts = [] if marked is None else [marked]
    swapped = days.swapped.sentence()
    doubts += [] if swapped is None else [swapped]
    short = days.short.sentence()
    doubts += [short] if short and not days.short.certain else []
    if days.day_first is None:
        written = [
            cells[name].drop_duplicates().astype("str") for name in days.columns if cells[name].dtype.kind != "M"
        ]
        if any(column.str.contains(_EITHER_ORDER, regex=True).any() for column in written):
            doubts.append(say("read.either_order"))
    return tuple(doubts)


def _has_sides(cells: "pd.Series[Any]") -> bool:
    """Whether amounts say debit or credit in their cell (`1,200.00 Dr`): a credit is then no credit note by itself."""
    if pd.api.types.is_numeric_dtype(cells):
        return False
    return bool(cells.iloc[:1000].astype("str").str.contains(r"(?i)\d\)?\s*(?:dr|cr)\.?\s*$", regex=True).any())


def is_sense(cells: "pd.Series[Any]") -> bool:
    """Whether a column says debit or credit: D and C, S and H, Dr and Cr…; every one of its values does."""
    values = texts(cells).dropna().unique()
    return 0 < len(values) <= len(_SENSES) and all(_plain(value) in _SENSES for value in values)


def is_flag(cells: "pd.Series[Any]") -> bool:
    """Whether a column says yes and no, in words or in figures of which both stand in it, and nothing else."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        return set(cells.dropna().unique()) == {0, 1}
    for looked_at in (cells.iloc[:100], cells):  # most columns show on their first rows that they hold something else
        values = {_plain(value) for value in texts(looked_at).dropna().unique()}
        if not values or not values <= _YES | _NO:
            return False
    figures = {value for value in values if value[0].isdigit()}
    return not figures or (bool(figures & _YES) and bool(figures & _NO))


def _bare(name: str, column: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column as it came; a discount without its percent sign."""
    if name != "discount" or pd.api.types.is_numeric_dtype(column):
        return column
    return column.astype("str").str.replace("%", "")


def _text(name: str, column: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column of texts, as senses or flags where its field is one."""
    text = texts(column)
    if name == "sense":
        return text.map({value: _SENSES.get(_plain(value)) for value in text.dropna().unique()}).astype("float64")
    if name in _FLAGS:
        said = {value: _plain(value) in _YES for value in text.dropna().unique()}
        if name == "is_paid":  # or a status: "Payée", "Partially paid"
            said = {value: yes or state_of(value) == "paid" for value, yes in said.items()}
        return text.map(said)
    return text


def _plain(value: str) -> str:
    return bare(value).lower().strip().rstrip(".")


def _missing(read: pd.DataFrame, wrong: Mapping[str, "pd.Series[Any]"]) -> "dict[str, pd.Series[Any]]":
    """Cells a movement cannot do without: its date, its amount and its customer; rows not read are named already."""
    dated = [name for name in ("issued_on", "booked_on", "due_on", "paid_on") if name in read]
    dated = dated[:1] if dated[0] in ("issued_on", "booked_on") else dated
    owed = ["debit", "credit"] if {"debit", "credit"} <= set(read) else [name for name in _OWED if name in read]
    names = [name for name in ("customer_id", "customer_name") if name in read]
    unread = read.index.isin([row for where in wrong.values() for row in where.index[where]])
    worth = read[owed].notna().any(axis=1)
    if set(_BY_LINE) <= set(read):
        worth |= read[[*_BY_LINE]].notna().all(axis=1)
    return {
        f"{dated[0]} missing": read[dated].isna().all(axis=1) & ~unread,
        f"{(*owed, *_BY_LINE)[0]} missing": ~worth & ~unread,
        f"{names[0]} missing": read[names].isna().all(axis=1) & ~unread,
    }


def refuse_cells(table: Table, found: Mapping[str, str], wrong: Mapping[str, "pd.Series[Any]"]) -> None:
    """Raises one error that names every wrong cell, in the order of the rows; nothing where there is none.

    Args:
        table: the table.
        found: the heading of each field.
        wrong: by field, which rows hold something else; by field and the word "missing", which hold nothing.
    """
    problems = []
    for name, where in wrong.items():
        meant, _, missing = name.partition(" ")
        kind = "date" if meant.endswith("_on") else "sense" if meant == "sense" else "amount"
        kind = "customer" if meant in ("customer_id", "customer_name") else kind
        for row in where.index[where]:
            key = f"read.missing_{kind}" if missing else f"read.not_{kind}"
            value = str(table.cells.loc[row, found[meant]]).strip()
            problems.append((row, Problem(table.place(int(row), found[meant]), say(key, value=value))))
    if problems:
        paid = [found[name] for name in ("customer_id", "customer_name") if names_suppliers(found.get(name, ""))]
        first = say("layout.suppliers_refused", heading=paid[0]) if paid else None
        raise ArlibError(first, problems=[problem for _, problem in sorted(problems, key=lambda pair: pair[0])])


def refuse_ragged(table: Table) -> None:
    """Raises where lines hold more cells than the header: which of them is which nobody can say."""
    if table.ragged:
        row, cells = table.ragged[0]
        quotes = any(str(note.values.get("separator")) in (",", ";") for note in table.reading)
        key = "read.long_row" if quotes else "read.long_row_tab"
        raise refuse(table.name, key, row=row, cells=len(cells), width=len(table.cells.columns))
