"""The lines of a FEC: every account, day and amount read; what could not be read named, refused or listed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.fec.accounts import Chosen, choose, no_customers
from arlib.readers.fec.fields import fields_of, squeezed
from arlib.readers.fec.ragged import realigned
from arlib.readers.fec.written import Cents, Coded, Read, by_mark, coded, days, mark_of, sign_of, signed_cents
from arlib.readers.tables.table import Table
from arlib.schema import Codes, Days, Flags
from arlib.words import Sentence, say

_NEEDED = ("EcritureDate", "CompteNum")
# Columns that nobody looks at again: those read into codes, days and cents, and those no item holds.
_READ = ("EcritureDate", "CompteNum", "Debit", "Credit", "Montant", "Sens", "DateLet", "ValidDate")
_OF_ENTRIES = ("JournalCode", "JournalLib", "EcritureNum")  # of an entry, and so of all its lines
_HEADING = {squeezed("EcritureDate"), squeezed("DateEcriture")}
_LISTED = 10  # cells or rows that are written out in a warning; all are counted


@dataclass(frozen=True, eq=False)
class Lines:
    """Every line of a FEC, as columns of one value a line.

    Attributes:
        table: the cells that are still to be read, under the names of the norm.
        chosen: the account of each line, and which accounts are customers'.
        booked: day number of the entry.
        signed: debit less credit, in cents.
        bare: whether the line states no amount at all.
        warnings: what to look at, of the table and its lines.
    """

    table: Table
    chosen: Chosen
    booked: Days
    signed: Cents
    bare: Flags
    warnings: tuple[Sentence, ...]

    @cached_property
    def places(self) -> Codes:
        """The places of the lines on customer accounts."""
        return np.flatnonzero(self.chosen.lines())

    @cached_property
    def customers(self) -> Table:
        """The cells of the lines on customer accounts."""
        return _less(self.table, _OF_ENTRIES, self.places)

    @cached_property
    def account(self) -> Coded:
        """The account of each customer's line."""
        return self.chosen.account.taken(self.places)

    @cached_property
    def journal(self) -> Coded:
        """The code of the journal of each line."""
        return _coded(self.table, "JournalCode")

    @cached_property
    def journal_name(self) -> Coded:
        """The name of the journal of each line."""
        return _coded(self.table, "JournalLib")

    def of_customers(self, name: str) -> Coded:
        """A column of the customers' lines as codes, empty where the file has none."""
        return _coded(self.customers, name)


def _less(table: Table, names: Sequence[str], places: Codes | None = None) -> Table:
    """The table without some columns, all its lines or those at some places: a big file need not be held twice."""
    cells = table.cells[[name for name in table.cells if name not in names]]
    return replace(table, cells=cells if places is None else cells.iloc[places])


def _coded(table: Table, name: str) -> Coded:
    if name in table.cells:
        return coded(table.cells[name])
    return Coded(np.zeros(len(table.cells), dtype=np.intp), np.array([""], dtype=object))


def read_lines(table: Table, asked: Sequence[str]) -> Lines:
    """The lines of a FEC.

    Raises:
        ArlibError: a column that nothing replaces is missing; a cell of a customer's line is no date or no amount;
            no line is on a customer account.
    """
    table = _under_the_norm(table)
    amounts = _amount_columns(table)
    chosen, warnings = choose(table.cells, asked), list(table.warnings)
    if table.ragged:
        table, doubts = realigned(table, chosen, amounts)
        chosen, warnings = choose(table.cells, asked), [*warnings, *doubts]
    booked = days(table.cells["EcritureDate"])
    foreign = _foreign(table, chosen, booked)
    if foreign.any():
        rows = table.cells.index[foreign]
        warnings.append(say("fec.no_line", rows=len(rows), row=first_rows(rows)))
        table = replace(table, cells=table.cells[~foreign])
        chosen, booked = choose(table.cells, asked), days(table.cells["EcritureDate"])
    if not chosen.inside.any():
        raise no_customers(table, chosen)
    signed = signed_cents(table.cells, amounts)
    wrong = booked.wrong | booked.empty | signed.wrong
    if wrong.any():
        customers = chosen.lines()
        if (wrong & customers).any():
            raise ArlibError(problems=_problems(table, wrong & customers, amounts))
        warnings += _unread(_problems(table, wrong, amounts))
    return Lines(_less(table, _READ), chosen, booked.values, signed.values, signed.empty, tuple(warnings))


def _under_the_norm(table: Table) -> Table:
    """The table with the names of the norm for headings, whatever their case or accents in the file."""
    found = fields_of(map(str, table.cells.columns))
    missing = [name for name in _NEEDED if name not in found]
    if not {"Debit", "Credit"} <= set(found) and "Montant" not in found:
        missing += [name for name in ("Debit", "Credit") if name not in found]
    elif "Montant" in found and not ({"Debit", "Credit"} <= set(found) or "Sens" in found):
        missing.append("Sens")
    if missing:
        raise ArlibError(problems=[Problem(table.place(), say("fec.missing", columns=", ".join(missing)))])
    return replace(table, cells=table.cells.rename(columns={heading: name for name, heading in found.items()}))


def _amount_columns(table: Table) -> tuple[str, str]:
    """The two columns that make an amount: Debit and Credit, else Montant and Sens."""
    return ("Debit", "Credit") if {"Debit", "Credit"} <= set(table.cells) else ("Montant", "Sens")


def _foreign(table: Table, chosen: Chosen, booked: Read) -> Flags:
    """The rows that are no line: without date and account, as totals are, or the headings once more."""
    account = chosen.account
    foreign: Flags = booked.empty & (account.values == "")[account.codes]
    places = np.flatnonzero(booked.wrong)
    if len(places):
        written = table.cells["EcritureDate"].iloc[places].astype("str")
        foreign[places] = written.map(squeezed).isin(_HEADING).to_numpy(bool)
    return foreign


def _problems(table: Table, where: Flags, names: tuple[str, str]) -> list[Problem]:
    """Every cell of these lines that is no date or no amount, by row."""
    cells = table.cells[where]
    booked = days(cells["EcritureDate"])
    found = {("EcritureDate", "read.not_date"): booked.wrong, ("EcritureDate", "read.missing_date"): booked.empty}
    mark = mark_of([table.cells[name] for name in names if name != "Sens"])
    for name in names:
        if name == "Sens":
            side = coded(cells[name])
            found[name, "fec.not_sens"] = np.array([sign_of(value) == 0 for value in side.values])[side.codes]
        else:
            found[name, "read.not_amount"] = by_mark(cells[name], mark).wrong
    problems = [
        (row, Problem(table.place(int(row), name), say(key, value=str(cells.loc[row, name]).strip())))
        for (name, key), wrong in found.items()
        for row in cells.index[wrong]
    ]
    return [problem for _, problem in sorted(problems, key=lambda pair: pair[0])]


def _unread(problems: list[Problem]) -> list[Sentence]:
    """A warning on the cells of other accounts' lines that could not be read."""
    found = "; ".join(f"{each.place.row}: {each.place.column}" for each in problems[:_LISTED])
    return [say("fec.unread", rows=len(problems), found=found)] if problems else []


def first_rows(rows: "pd.Index[int]") -> str:
    """The first rows of those a sentence is about."""
    return ", ".join(map(str, rows[:_LISTED]))
