"""Lists of invoices and lists of movements, from any table, into a reading.

Two shapes: an invoice a row, with a paid date or an amount paid where it is settled (its payment becomes a movement
of its own); or a movement a row (invoice, credit note, payment), with debit and credit or one signed amount, and a
matching code where the software has one.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import amounts, dates, day_first, is_empty, texts
from arlib.readers.headings import recognise
from arlib.readers.reading import Reading, source_of
from arlib.readers.sources import RawSource, refuse
from arlib.readers.tables import Table, read_table
from arlib.schema import BILL, CREDIT_NOTE, CUSTOMERS, HALF_CENT, INVOICE, ITEMS, OPENING, PAYMENT, WRITE_OFF
from arlib.words import Sentence, say

_DATES = ("issued_on", "booked_on", "due_on", "paid_on")
_MONEY = (
    "amount",
    "net_amount",
    "tax_amount",
    "debit",
    "credit",
    "open_amount",
    "paid_amount",
    "credit_limit",
    "insured_limit",
)
_KINDS = (
    (r"avoir|credit ?(note|memo)|refund|gutschrift|\bav\b|\bcn\b", CREDIT_NOTE),
    (r"reglement|paiement|payment|encaissement|virement|cheque|prelevement|receipt|\breg\b|\brg\b|\bpmt\b", PAYMENT),
    (r"report|nouveau|ouverture|opening|\bran\b", OPENING),
    (r"effet|traite|\blcr\b|bill of exchange", BILL),
    (r"perte|irrecouvrable|write.?off|bad debt", WRITE_OFF),
    (r"facture|invoice|\bfac?\b|\binv\b|\bft\b|vente|sale", INVOICE),
)
_YES = r"(?i)^(?:o|oui|y|yes|true|vrai|1|1\.0|x|litige|disputed)$"


def read_tabular(
    raw: RawSource, *, columns: Mapping[str, str] | None, sheet: str | None, currency: str | None
) -> Reading:
    """The movements of a table.

    Raises:
        ArlibError: no column holds a date, an amount or a customer; or cells are neither dates nor amounts: all of
            them, by row and column.
    """
    table = read_table(raw, sheet)
    found = recognise(table.cells.columns, columns)
    _require(table, found)
    table, left_out = _without_totals(table, found)
    if table.cells.empty:
        raise refuse(raw.name, "read.no_rows")
    read, reading = _parsed(table, found)
    shape, warnings = _shape(table, found)
    items = _movements(read, currency) if shape == "movements" else _invoices_and_payments(read, currency, warnings)
    kept = [str(heading) for heading in table.cells if heading not in found.values()]
    beside = {heading: f"{heading} (file)" if heading in items else heading for heading in kept}
    items = items.join(table.cells[kept].rename(columns=beside), on="row")
    notes = [*table.reading, *reading, *left_out, _understood(found, kept)]
    source = source_of(raw, "table", notes, warnings, found)
    official = shape == "invoices" or "letter" in found
    return Reading(items, customers_of(read), _controls(items, read), official, source, shape == "invoices")


def read_customers(raw: RawSource, *, sheet: str | None = None) -> pd.DataFrame:
    """A customers' file: one row a customer, with the columns of `arlib.schema.CUSTOMERS` it has."""
    table = read_table(raw, sheet)
    found = recognise(table.cells.columns)
    if "customer_id" not in found and "customer_name" not in found:
        raise refuse(raw.name, "read.no_customer", headings=", ".join(table.cells.columns))
    read, _ = _parsed(table, {field: heading for field, heading in found.items() if field not in _DATES})
    return customers_of(read)


def customers_of(read: pd.DataFrame) -> pd.DataFrame:
    """The customers of a table: for each, the first value its rows give of every customer column."""
    columns = [column.name for column in CUSTOMERS if column.name in read]
    return read[columns].dropna(subset=["customer_id"]).groupby("customer_id", sort=True).first().reset_index()


def _require(table: Table, found: Mapping[str, str]) -> None:
    headings = ", ".join(map(str, table.cells.columns))
    amount = {"amount", "net_amount", "open_amount"} & set(found) or {"debit", "credit"} <= set(found)
    for needed, key in (
        ("issued_on" in found or "booked_on" in found, "read.no_date"),
        (amount, "read.no_amount"),
        ("customer_id" in found or "customer_name" in found, "read.no_customer"),
    ):
        if not needed:
            raise ArlibError(problems=[Problem(table.place(), say(key, headings=headings))])


def _without_totals(table: Table, found: Mapping[str, str]) -> tuple[Table, list[Sentence]]:
    """The table without its total rows: an amount, no date, and no document or the word total."""
    dated = [found[field] for field in ("issued_on", "booked_on", "due_on") if field in found]
    bare = pd.concat([is_empty(table.cells[heading]) | _says_total(table.cells[heading]) for heading in dated], axis=1)
    rows = table.cells[bare.all(axis=1)]
    if rows.empty:
        return table, []
    named = rows.apply(_says_total).any(axis=1)
    keys = [found[field] for field in ("reference", "customer_id", "customer_name") if field in found]
    totals = rows.index[named | rows[keys].apply(is_empty).all(axis=1)]
    notes = [say("read.totals", rows=len(totals), row=", ".join(map(str, totals[:5])))] if len(totals) else []
    return Table(table.name, table.sheet, table.cells.drop(index=totals), table.reading), notes


def _says_total(cells: "pd.Series[Any]") -> "pd.Series[bool]":
    return cells.astype("str").str.contains(r"(?i)\btota(?:l|ux)\b", regex=True).fillna(value=False)


def _parsed(table: Table, found: Mapping[str, str]) -> tuple[pd.DataFrame, list[Sentence]]:
    """The recognised columns as dates, money and text, indexed by row; every cell that is neither is a problem."""
    cells = {field: table.cells[heading] for field, heading in found.items()}
    order = day_first([cells[field] for field in _DATES if field in cells and cells[field].dtype != "datetime64[s]"])
    read, wrong = {}, {}
    for field, column in cells.items():
        if field in _DATES:
            parsed = dates(column, day_comes_first=order is not False)
        elif field in _MONEY:
            parsed = amounts(column)
        else:
            read[field] = texts(column)
            continue
        read[field], wrong[field] = parsed.values, parsed.wrong
    frame = pd.DataFrame(read, index=table.cells.index)
    unread = {row for where in wrong.values() for row in where.index[where]}
    wrong |= {name: where & ~where.index.isin(unread) for name, where in _missing(frame).items()}
    _refuse_cells(table, found, cells, wrong)
    notes = [] if order is None else [say("read.day_first" if order else "read.month_first")]
    return _completed(frame), notes


def _missing(read: pd.DataFrame) -> "dict[str, pd.Series[bool]]":
    """Cells a movement cannot do without: its date, its amount and its customer."""
    date_field = next((field for field in ("issued_on", "booked_on") if field in read), None)
    if date_field is None:
        return {}
    missing = {f"{date_field} missing": read[date_field].isna()}
    amount = [field for field in ("amount", "debit", "credit", "net_amount", "open_amount") if field in read]
    missing[f"{amount[0]} missing"] = read[amount].isna().all(axis=1)
    names = [field for field in ("customer_id", "customer_name") if field in read]
    missing[f"{names[0]} missing"] = read[names].isna().all(axis=1)
    return missing


def _refuse_cells(
    table: Table,
    found: Mapping[str, str],
    cells: Mapping[str, "pd.Series[Any]"],
    wrong: Mapping[str, "pd.Series[bool]"],
) -> None:
    problems = []
    for name, where in wrong.items():
        field, _, missing = name.partition(" ")
        kind = "date" if field in _DATES else "amount" if field in _MONEY else "customer"
        for row in where.index[where]:
            key = f"read.missing_{kind}" if missing else f"read.not_{kind}"
            value = str(cells[field].loc[row]).strip()
            problems.append((row, Problem(table.place(int(row), found[field]), say(key, value=value))))
    if problems:
        raise ArlibError(problems=[problem for _, problem in sorted(problems, key=lambda pair: pair[0])])


def _completed(read: pd.DataFrame) -> pd.DataFrame:
    """Customer, name and dates filled in from one another where the file gives only one of them."""
    read = read.rename(columns={"customer_name": "name"})
    if "customer_id" not in read:
        read["customer_id"] = read["name"]
    elif "name" in read:
        read["customer_id"] = read["customer_id"].fillna(read["name"])
    if "issued_on" not in read and "booked_on" in read:
        read["issued_on"] = read["booked_on"]
    if "issued_on" in read:
        read["booked_on"] = read["booked_on"].fillna(read["issued_on"]) if "booked_on" in read else read["issued_on"]
    if "disputed" in read:
        read["disputed"] = read["disputed"].fillna("").str.contains(_YES, regex=True)
    return read


def _shape(table: Table, found: Mapping[str, str]) -> tuple[str, list[Sentence]]:
    """Movements or invoices, and what to warn of before using the figures."""
    if "debit" in found and "credit" in found:
        return "movements", []
    if {"letter", "kind"} & set(found) and not {"paid_on", "paid_amount", "open_amount"} & set(found):
        return "movements", []
    if not {"paid_on", "paid_amount", "open_amount"} & set(found):
        return "invoices", [say("read.nothing_paid", headings=", ".join(map(str, table.cells.columns)))]
    return "invoices", []


def _signed(read: pd.DataFrame) -> "pd.Series[Any]":
    """What each row adds to what the customer owes."""
    if "debit" in read and "credit" in read:
        return (read["debit"].fillna(0) - read["credit"].fillna(0)).round(2)
    if "amount" in read:
        return read["amount"]
    if "net_amount" in read:
        return (read["net_amount"] + (read["tax_amount"].fillna(0) if "tax_amount" in read else 0)).round(2)
    return read["open_amount"]


def _kind(read: pd.DataFrame, amount: "pd.Series[Any]") -> "pd.Series[Any]":
    """What each row is: by its type when that is understood, else by its sign."""
    other = CREDIT_NOTE if "debit" not in read else PAYMENT
    by_sign = pd.Series(np.where(amount < 0, other, INVOICE), index=read.index)
    if "kind" not in read:
        return by_sign
    named = {written: _kind_of(written) for written in read["kind"].dropna().unique()}
    kind = read["kind"].map(named).fillna(by_sign)
    return kind.where(~((kind == INVOICE) & (amount < 0)), CREDIT_NOTE)


def _kind_of(written: str) -> str | None:
    bare = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().lower()
    return next((kind for pattern, kind in _KINDS if re.search(pattern, bare)), None)


def _movements(read: pd.DataFrame, currency: str | None) -> pd.DataFrame:
    amount = _signed(read)
    kind = _kind(read, amount)
    if "debit" not in read:
        # A list with types often writes credit notes and payments as plain positive amounts.
        for reducing in (CREDIT_NOTE, PAYMENT, WRITE_OFF):
            positive = kind == reducing
            amount = amount.where(~positive, -amount) if (amount[positive] > 0).all() else amount
    items = _items(read.assign(amount=amount, kind=kind), currency)
    if "letter" in read:
        items["letter"] = read["letter"]
        items["matching"] = (read["customer_id"] + "\x1f" + read["letter"]).where(read["letter"].notna())
    else:
        items["matching"] = pd.Series(pd.NA, index=read.index, dtype="str")
    return items


def _invoices_and_payments(read: pd.DataFrame, currency: str | None, warnings: list[Sentence]) -> pd.DataFrame:
    """Each invoice, and where it is paid a payment of its own, matched with it alone."""
    amount = _signed(read)
    read = read.assign(amount=amount, kind=_kind(read, amount), matching=[f"{row}" for row in read.index])
    invoices = _items(read, currency)
    invoices["matching"] = read["matching"]
    paid = _paid(read)
    settled = paid.abs() >= HALF_CENT
    if not settled.any():
        return invoices
    paid_on = read["paid_on"] if "paid_on" in read else pd.Series(pd.NaT, index=read.index, dtype="datetime64[s]")
    last = max(read["booked_on"].max(), paid_on.max() if paid_on.notna().any() else read["booked_on"].max())
    undated = settled & paid_on.isna()
    if undated.any():
        warnings.append(say("read.undated_payments", rows=int(undated.sum()), day=last))
    when = paid_on.fillna(last)[settled]
    kept = [name for name in ("customer_id", "entity", "currency", "reference", "account", "matching") if name in read]
    payments = read.loc[settled, kept].assign(
        kind=PAYMENT, amount=-paid[settled], issued_on=when, booked_on=when, row=read.index[settled]
    )
    if "currency" not in payments:
        payments["currency"] = invoices["currency"]
    payments["rate_on"] = read["issued_on"][settled]
    return pd.concat([invoices, payments], ignore_index=True)


def _paid(read: pd.DataFrame) -> "pd.Series[Any]":
    """How much of each invoice has been paid, from whatever the file says of it."""
    nothing = pd.Series(0.0, index=read.index)
    if "paid_amount" in read:
        whole = read["amount"].where(read["paid_on"].notna(), 0.0) if "paid_on" in read else nothing
        return read["paid_amount"].fillna(whole).round(2)
    if "open_amount" in read:
        return (read["amount"] - read["open_amount"].fillna(read["amount"])).round(2)
    return read["amount"].where(read["paid_on"].notna(), 0.0) if "paid_on" in read else nothing


def _items(read: pd.DataFrame, currency: str | None) -> pd.DataFrame:
    """The rows as items of the schema: sales net amounts only, one currency column, the row they stand on."""
    items = read[[column.name for column in ITEMS if column.name in read]].copy()
    if "currency" not in items:
        items["currency"] = pd.Series(currency or pd.NA, index=read.index, dtype="str")
    if "net_amount" in items:
        items["net_amount"] = items["net_amount"].where(items["kind"].isin((INVOICE, CREDIT_NOTE)))
    if "due_on" in items:
        items["due_on"] = items["due_on"].where(items["kind"] != PAYMENT)
    items["rate_on"] = items["issued_on"]
    items["row"] = read.index
    return items


def _controls(items: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """What the file's own columns add up to, row by row: debit less credit, or the amounts and what was paid."""
    if "debit" not in read or "credit" not in read:
        return items[["booked_on", "amount", "currency", "rate_on"]].assign(account="file")
    signed = read["debit"].fillna(0) - read["credit"].fillna(0)
    return items[["booked_on", "currency", "rate_on"]].assign(account="debit - credit", amount=signed)


def _understood(found: Mapping[str, str], kept: list[str]) -> Sentence:
    pairs = ", ".join(f"{heading} → {field}" for field, heading in found.items())
    return say("read.columns_found", pairs=pairs, kept=", ".join(map(str, kept)) or "–")
