"""The customer lines of a FEC as items, with their customers and the file's own totals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.errors import ArlibError, Problem
from arlib.readers.fec.fields import DUE, NORM
from arlib.readers.fec.kinds import Kinds
from arlib.readers.fec.lines import Lines, first_rows
from arlib.readers.fec.written import Cents, Coded, cents, coded, days, text, trimmed
from arlib.readers.tables.table import Table
from arlib.schema import ITEMS, NO_DAY, Days, Flags, to_dates
from arlib.words import Sentence, say

HOME = "EUR"  # a FEC is kept in euros, unless the file says that it is not
_NO_LETTER = r"^[\W_0]*$"  # blank, a dash, 0; and ***, which Sage leaves where it merged the letters of closed years
_MERGED = r"^\*+$"
_RESERVED = tuple(column.name for column in ITEMS)


def customers_of(lines: Lines) -> tuple[Coded, pd.DataFrame]:
    """The customer of each customer line, and one row a customer and name it bears.

    The auxiliary account is the customer where the line has one; else the account itself is.
    """
    auxiliary = lines.of_customers("CompAuxNum")
    none = (auxiliary.values == "")[auxiliary.codes]
    customer = _either(auxiliary, lines.account, none)
    name, title = lines.of_customers("CompAuxLib"), lines.of_customers("CompteLib")
    unnamed = (name.values == "")[name.codes]
    named = _either(name, title, unnamed)
    spelling, pairs = pd.factorize(customer.codes * len(named.values) + named.codes)
    rows = np.bincount(spelling, minlength=len(pairs))
    listed = Coded(pairs // len(named.values), customer.values), Coded(pairs % len(named.values), named.values)
    return customer, pd.DataFrame({"customer_id": text(listed[0]), "name": text(listed[1]), "_rows": rows})


def _either(first: Coded, second: Coded, where: Flags) -> Coded:
    """The second column where a flag is set, the first one elsewhere; equal texts have one code."""
    values = np.concatenate([first.values, second.values])
    again, distinct = pd.factorize(values)
    return Coded(again[np.where(where, second.codes + len(first.values), first.codes)], np.asarray(distinct, object))


def items_of(lines: Lines, made: Kinds, customer: Coded, opening: Flags) -> tuple[pd.DataFrame, list[Sentence]]:
    """One row a customer line, in the order of the file, and what to warn of.

    Raises:
        ArlibError: dates of documents that are no dates.
    """
    places, table, account = lines.places, lines.customers, lines.account
    signed, letter = lines.signed[places], lines.of_customers("EcritureLet")
    issued = _issued(table, lines.booked[places])
    group = _groups(account, customer, letter, signed, opening[places])
    items = pd.DataFrame(
        {
            "customer_id": text(customer),
            "kind": text(made.kind),
            "reference": _stated(table.cells, "PieceRef"),
            "issued_on": issued,
            "booked_on": to_dates(lines.booked[places]),
            "amount": signed / 100,
            "net_amount": made.net,
            "tax_amount": made.tax,
            "label": _stated(table.cells, "EcritureLib"),
            "account": text(account),
            "journal": text(lines.journal.taken(places)),
            "letter": text(letter),
            "row": np.asarray(table.cells.index),
            "_rate_on": issued,
            "_opening": opening[places],
            "_matching": group,
            "_entry": made.entry,
            "partly_lettered": _partly(group, signed),
        }
    )
    if made.elsewhere.codes.any():
        items["moved_to"] = text(made.elsewhere)
    retained = lines.chosen.retained[account.codes]
    if retained.any():
        items["_no_due"] = retained
    doubts = _due(items, table) if DUE in table.cells else []
    return items.join(_others(table.cells, [*items, *_RESERVED])), doubts


def _stated(cells: pd.DataFrame, name: str) -> "pd.Series[Any]":
    return trimmed(cells[name]) if name in cells else pd.Series(pd.NA, range(len(cells)), dtype="str")


def _issued(table: Table, booked: Days) -> "pd.Series[Any]":
    """The day of each document: its own, else that of the entry."""
    if "PieceDate" not in table.cells:
        return to_dates(booked)
    read = days(table.cells["PieceDate"])
    if read.wrong.any():
        wrong = table.cells.loc[read.wrong, "PieceDate"]
        raise ArlibError(
            problems=[
                Problem(table.place(int(str(row)), "PieceDate"), say("read.not_date", value=str(value).strip()))
                for row, value in wrong.items()
            ]
        )
    return to_dates(np.where(read.values == NO_DAY, booked, read.values))


def _due(items: pd.DataFrame, table: Table) -> list[Sentence]:
    """Fills in the due dates of a column that the norm does not know, and warns of its cells that are no date."""
    due = days(table.cells[DUE])
    items["due_on"] = to_dates(due.values)
    rows = table.cells.index[due.wrong]
    return [say("fec.no_due_date", rows=len(rows), row=first_rows(rows))] if len(rows) else []


def _groups(account: Coded, customer: Coded, letter: Coded, signed: Cents, opening: Flags) -> "pd.Series[Any]":
    """The letter of each line within its account and customer, missing for none.

    The `***` of closed years settles opening lines with one another where they come to nothing, and no other.
    """
    owner = account.codes * len(customer.values) + customer.codes
    merged = letter.where(_MERGED)[letter.codes] & opening
    owners, names = pd.factorize(owner)
    closed = merged & (np.bincount(owners[merged], signed[merged], len(names)) == 0)[owners]
    lettered = ~letter.where(_NO_LETTER)[letter.codes] | closed
    parts = [pa.array(text(part)) for part in (account, customer, letter)]
    joined = pc.if_else(
        pa.array(lettered), pc.binary_join_element_wise(*parts, pa.scalar("\x1f", pa.large_string())), None
    )
    found: pd.Series[Any] = pa.table({"group": joined}).to_pandas()["group"]
    return found.astype("str")


def _partly(group: "pd.Series[Any]", signed: Cents) -> Flags:
    """Which lines stand in a lettered group that does not come to zero."""
    codes, names = pd.factorize(group)
    sums = np.bincount(codes[codes >= 0], signed[codes >= 0], len(names) + 1)
    partly: Flags = (sums != 0)[codes]  # the last sum, of lines without a letter, is zero
    return partly


def _others(cells: pd.DataFrame, reserved: Sequence[str]) -> pd.DataFrame:
    """The file's columns beyond the norm, as they came; and the amounts in currency where there are any."""
    foreign = [name for name in ("Montantdevise", "Idevise") if name in cells and _says_something(cells[name])]
    names = [*beyond_the_norm(cells), *foreign]
    kept = cells[names].reset_index(drop=True)
    kept = kept.astype({name: "str" for name in names if isinstance(kept[name].dtype, pd.CategoricalDtype)})
    return kept.rename(columns={name: f"{name} (file)" for name in names if name in reserved})


def _says_something(cells: "pd.Series[Any]") -> bool:
    return bool((coded(cells).values != "").any())


def beyond_the_norm(cells: pd.DataFrame) -> list[str]:
    """The headings of a FEC that no norm knows; a column without one says nothing."""
    return [str(name) for name in cells if name not in (*NORM, DUE) and not str(name).startswith("(")]


def currency_of(lines: Lines, given: str | None) -> tuple[str, list[Sentence]]:
    """The currency the accounts are kept in: the euro, unless every amount in a currency is the amount itself."""
    code, cells = lines.of_customers("Idevise"), lines.customers.cells
    used = code.values[np.unique(code.codes)]
    stated = sorted({str(value).upper() for value in used} - {""})
    if len(stated) != 1:
        return given or HOME, []
    if "Montantdevise" in cells:
        amount = cents([cells["Montantdevise"]])[0]
        same = amount.empty | amount.wrong | (np.abs(amount.values) == np.abs(lines.signed[lines.places]))
        if amount.empty.all() or not same.all():
            return given or HOME, []
    return stated[0], [say("fec.currency", currency=stated[0])] if stated[0] != HOME else []
