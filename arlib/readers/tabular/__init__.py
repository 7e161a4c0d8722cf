"""Any table with headings into a reading: a list of invoices or of movements, a customers' file, a table of rates."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.ledger import Source
from arlib.readers.cells import currency_marks, is_empty, read_amounts, texts
from arlib.readers.headings import recognise
from arlib.readers.lists import movements_of
from arlib.readers.numbers import writings_of
from arlib.readers.profiles import UNKNOWN, Profile
from arlib.readers.reading import Reading
from arlib.readers.rows import movement_rows
from arlib.readers.rows.buckets import is_aged_balance, read_aged_balance
from arlib.readers.sources import RawSource, refuse
from arlib.readers.tables.table import Table
from arlib.readers.tabular.columns import columns_of, require, speaks_of_payment, without_blank_columns
from arlib.readers.tabular.customers import customers_of, named
from arlib.readers.tabular.customers_file import customers_in
from arlib.readers.tabular.paid_columns import paid_columns
from arlib.readers.tabular.parsed import AMOUNTS, parsed, refuse_cells, refuse_ragged
from arlib.schema import ITEMS, places_of
from arlib.words import Sentence, say

__all__ = ["customers_in", "rates_in", "read_tabular"]

_OWN = {*(column.name for column in ITEMS), "letter"}  # names a file's other columns must not take


def read_tabular(
    raw: RawSource,
    table: Table,
    *,
    profile: Profile = UNKNOWN,
    columns: Mapping[str, str] | None = None,
    currency: str | None = None,
    accounts: tuple[str, ...],
) -> Reading:
    """The movements of a table.

    A list with a due date and no date of its documents is read, with a warning: each invoice counts from the first
    day the list proves it, its due date or its payment if that came before. Days late are then right; what was owed
    before that day, DSO and days to pay are not, and the warning says so. Such lists are drawn to see who pays late,
    and to refuse them would keep that from their user.

    Args:
        raw: the file.
        table: the table in it.
        profile: what is known of it; else what ships for its software, where its headings are known, else nothing.
        columns: the heading of a field, where the reader's own choice is wrong.
        currency: that of amounts that name none.
        accounts: beginnings of the accounts of customers, in a list that holds other accounts as well.

    Raises:
        ArlibError: no column holds a date, an amount or a customer; or cells are not what their column holds: all of
            them, by row and column.
    """
    refuse_ragged(table)
    known = columns_of(table, profile, columns)
    given, table = table, replace(table, decimal=known.profile.decimal)
    whole = table if profile.stated_on is None else replace(table, stated_on=pd.Timestamp(profile.stated_on))
    table = _not_ignored(movement_rows(whole, known.found), known.profile)
    if table.cells.empty:
        require(whole, known)  # a column that is missing says more than that no row is left
        raise ArlibError(problems=[Problem(table.place(), say("read.no_rows"))])
    known = columns_of(table, profile, columns)  # a customer on a row of its own has made a column
    if is_aged_balance(table, known.found):
        return read_aged_balance(raw, table, known.found, currency=currency or known.profile.currency)
    require(table, known)
    table = _of_customers(table, known.found, known.profile.accounts or accounts)
    if table.cells.empty:
        raise refuse(raw.name, "read.no_rows")
    paid = paid_columns(table, known.found, firm=bool(known.profile.columns or columns))
    known = replace(known, found=paid.without(known.found))
    read = parsed(table, known.found, known.profile, of_movements=True)
    rows, doubts = _completed(read.rows, table, known.found, known.profile, currency)
    rows, payments, about_payments = paid.added(rows, table, read.decided)
    customers = customers_of(rows)
    writings = writings_of([customers])
    if writings.usual:
        rows = writings.of(rows)
        customers, doubts = customers_of(rows), [*doubts, *replace(writings, apart=()).sentences()]
    kept = _kept(table, known.found)
    unread = [*_unread(table, kept.drop(columns=paid.used()), known.found), *paid.warnings()]
    for each in (given, whole, table):
        each.let_go()
    made = movements_of(rows, known.profile, table.stated_on, payments)
    said = (
        *table.reading,
        *known.reading,
        *read.reading,
        *about_payments,
        *made.reading,
        _understood(known.found, list(kept)),
    )
    warned = (*table.warnings, *known.warnings, *read.warnings, *doubts, *made.warnings, *unread)
    decided = _decided(table, known.profile, known.found, {**read.decided, **made.decided})
    source = Source(raw.name, raw.sha256, "table", said, warned, known.found, decided)
    beside = kept.iloc[places_of(kept.index.to_series(), made.items["row"])].reset_index(drop=True)
    customers = customers[customers["customer_id"].isin(made.items["customer_id"].unique())]
    period = None if table.stated_on is None else (made.items["booked_on"].min(), table.stated_on)
    items = pd.concat([made.items, beside], axis=1)
    situation = table.stated_on is not None and any(each.key == "read.only_open" for each in made.warnings)
    return Reading(source, items, customers, made.controls, made.official, made.invoice_list, period, situation)


def _unread(table: Table, kept: pd.DataFrame, found: Mapping[str, str]) -> list[Sentence]:
    """A warning on columns that were not used and could change the figures: other payments, a second column of a name.

    Columns of payments beside the one that was read, or of which nobody can say which is meant.
    """
    paid = {} if "open_amount" in found else _of_payments(kept)  # what is left of each row is what counts
    money = {name: column.wrong for name, column in read_amounts(paid).columns.items()}
    unused = [name for name, wrong in money.items() if not wrong.any()]
    doubts = [say("read.unused_payments", columns=", ".join(unused))] if unused else []
    for name in map(str, kept):
        base = re.fullmatch(r"(.+) \(\d+\)", name)
        if base and base[1] in found.values():
            differ = int((texts(table.cells[base[1]]).fillna("") != texts(kept[name]).fillna("")).sum())
            doubts += [say("read.heading_twice", heading=base[1], rows=differ)] if differ else []
    return doubts


def _of_payments(kept: pd.DataFrame) -> dict[str, "pd.Series[Any]"]:
    """The columns kept that speak of money paid and hold something."""
    return {
        str(name): kept[name] for name in kept if speaks_of_payment(str(name)) and not bool(is_empty(kept[name]).all())
    }


def rates_in(table: Table) -> pd.DataFrame:
    """A table of rates: `date, currency, rate`, under their French or English headings.

    Raises:
        ArlibError: a column is missing, or a cell is no date or no rate above zero.
    """
    refuse_ragged(table)
    found = recognise(table.cells.columns)
    if not {"issued_on", "currency", "rate"} <= set(found):
        raise ArlibError(say("rates.columns", file=table.name))
    read = parsed(table, {name: found[name] for name in ("issued_on", "currency", "rate")}).rows
    refuse_cells(table, found, {"issued_on missing": read["issued_on"].isna(), "rate": ~(read["rate"] > 0)})
    return pd.DataFrame(
        {"date": read["issued_on"], "currency": read["currency"].str.upper(), "rate": read["rate"]}
    ).reset_index(drop=True)


def _not_ignored(table: Table, profile: Profile) -> Table:
    """The table without the rows that its profile leaves out, which are counted; "" stands for an empty cell."""
    for heading in [heading for heading in profile.ignore if heading in table.cells]:
        values = {value.casefold() for value in profile.ignore[heading]}
        out = texts(table.cells[heading]).fillna("").str.casefold().isin(values)
        if out.any():
            shown = ", ".join(value or "–" for value in profile.ignore[heading])
            note = say("read.ignored", rows=int(out.sum()), heading=heading, values=shown)
            table = replace(table, cells=table.cells[~out], reading=(*table.reading, note))
    return table


def _of_customers(table: Table, found: Mapping[str, str], accounts: tuple[str, ...]) -> Table:
    """The lines of customer accounts, in a list of all accounts; every other list as it is."""
    if "account" not in found:
        return table
    account = texts(table.cells[found["account"]])
    of_customers = account.str.startswith(accounts).fillna(value=False).astype(bool)
    if not of_customers.any() or of_customers.all():
        return table
    others = sorted(account[~of_customers].dropna().str[:3].unique())
    note = say("read.accounts", rows=int((~of_customers).sum()), accounts=", ".join(accounts), others=", ".join(others))
    return replace(table, cells=table.cells[of_customers], reading=(*table.reading, note))


def _completed(
    read: pd.DataFrame, table: Table, found: Mapping[str, str], profile: Profile, currency: str | None
) -> tuple[pd.DataFrame, list[Sentence]]:
    """Customer, dates, terms and currency filled in from one another, or from the profile; and what to warn of."""
    read, doubts = named(read), []
    if "issued_on" not in read and "booked_on" not in read:
        dated = [name for name in ("due_on", "paid_on") if name in read]
        read["issued_on"] = read[dated].min(axis=1)
        doubts = [say("read.no_issue_date", heading=found["due_on"])]
    elif "issued_on" not in read:
        read["issued_on"] = read["booked_on"]
    read["booked_on"] = read["booked_on"].fillna(read["issued_on"]) if "booked_on" in read else read["issued_on"]
    if "disputed" in read:
        read["disputed"] = read["disputed"].fillna(value=False).astype(bool)
    if "terms" in read and profile.terms:
        meant = {text: profile.terms.get(text, text) for text in read["terms"].dropna().unique()}
        read["terms"] = read["terms"].map(meant).astype("str")
    return read.assign(currency=_currency(read, table, found, currency or profile.currency)), doubts


def _currency(read: pd.DataFrame, table: Table, found: Mapping[str, str], currency: str | None) -> "pd.Series[Any]":
    """The currency of each row: its column's, else the mark beside its amount or in the heading, else the one given."""
    if "currency" in read:
        stated = read["currency"].str.upper().fillna(currency or pd.NA)
        return stated.astype("str")
    heading = next((found[name] for name in AMOUNTS if name in found), found.get("unit_price", ""))
    marks = currency_marks(table.cells[heading])
    marks = marks.fillna(currency_marks(pd.Series([heading]))[0])
    if marks.notna().any() and marks.nunique() == 1:
        return marks.fillna(marks.dropna().iloc[0])
    return marks.fillna(currency or pd.NA).astype("str")


def _kept(table: Table, found: Mapping[str, str]) -> pd.DataFrame:
    """The columns that stand for no field, under names that no column of the ledger has."""
    spare = without_blank_columns(table.cells, [name for name in table.cells if name not in found.values()])
    return table.cells[spare].rename(columns={name: f"{name} (file)" for name in spare if name in _OWN})


def _decided(table: Table, profile: Profile, found: Mapping[str, str], written: Mapping[str, Any]) -> dict[str, Any]:
    """How the table was read, as a profile says it: the same file, and the next of its kind, are read alike."""
    told = {name: tuple(written.get(name, ())) for name in ("positive", "signed")}
    return {
        "name": profile.name,
        "software": profile.software,
        "columns": {name: (heading,) for name, heading in found.items()},
        "sheet": table.sheet,
        "header": table.header,
        "decimal": written["decimal"],
        "dates": written["dates"],
        "kinds": dict(profile.kinds),
        "positive": tuple(dict.fromkeys((*profile.positive, *told["positive"]))),
        "signed": tuple(dict.fromkeys((*profile.signed, *told["signed"]))),
        "ignore": dict(profile.ignore),
        "terms": dict(profile.terms),
        "currency": profile.currency,
        "accounts": profile.accounts,
        **{name: getattr(profile, name) or written.get(name) for name in ("tax", "sense", "expenses")},
    }


def _understood(found: Mapping[str, str], kept: list[Any]) -> Sentence:
    pairs = [say("read.pair", heading=heading, field=say(f"field.{name}")) for name, heading in found.items()]
    return say("read.columns_found", pairs=pairs, kept=", ".join(map(str, kept)) or "–")
