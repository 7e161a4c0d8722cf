"""Any table with headings into a reading: a list of invoices or of movements, a customers' file, a table of rates."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.ledger import Source
from arlib.readers.cells import amounts, currency_marks, dates, day_first, decimal_mark, is_empty, texts, written_only
from arlib.readers.headings import recognise
from arlib.readers.lists import movements_of
from arlib.readers.reading import Reading
from arlib.readers.sources import RawSource, refuse
from arlib.readers.table import Table
from arlib.readers.tables import read_table
from arlib.schema import CUSTOMERS, ITEMS
from arlib.words import Sentence, say

_DATES = ("issued_on", "booked_on", "due_on", "paid_on")
_AMOUNTS = ("amount", "net_amount", "tax_amount", "debit", "credit", "open_amount", "paid_amount")
_MONEY = (*_AMOUNTS, "credit_limit", "insured_limit", "rate")
_YES = r"(?i)^(?:o|oui|y|yes|true|vrai|1|1\.0|x|litige|disputed)$"
_EITHER_ORDER = r"^\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})\b"
_TOTAL = r"(?i)^\s*(?:sous[- ]?tota(?:l|ux)|grand total|total g[ée]n[ée]ral|total|totaux)\s*:?\s*$"


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
    table = _without_totals(table, found)
    if table.cells.empty:
        raise refuse(raw.name, "read.no_rows")
    read, notes, doubts = _parsed(table, found, of_movements=True)
    made = movements_of(_completed(read, table, found, currency))
    kept = [heading for heading in table.cells if heading not in found.values()]
    columns_read = {name: f"{name} (file)" if name in _OWN else name for name in kept}
    items = made.items.join(table.cells[kept].rename(columns=columns_read), on="row")
    said = (*table.reading, *notes, _understood(found, kept))
    source = Source(raw.name, raw.sha256, "table", said, (*table.warnings, *doubts, *made.warnings), found)
    return Reading(source, items, _customers(read), made.controls, made.official, made.invoice_list)


def read_customers(raw: RawSource, *, sheet: str | None = None) -> pd.DataFrame:
    """A customers' file: one row a customer, with the columns of `arlib.schema.CUSTOMERS` it has."""
    table = read_table(raw, sheet)
    found = recognise(table.cells.columns)
    if "customer_id" not in found and "customer_name" not in found:
        raise refuse(raw.name, "read.no_customer", headings=", ".join(table.cells.columns))
    read, *_ = _parsed(table, {field: heading for field, heading in found.items() if field not in _DATES})
    return _customers(read)


def read_rates(raw: RawSource) -> pd.DataFrame:
    """A table of rates: `date, currency, rate`, under their French or English headings.

    Raises:
        ArlibError: a column is missing, or a cell is no date or no rate above zero.
    """
    table = read_table(raw)
    found = recognise(table.cells.columns)
    if not {"issued_on", "currency", "rate"} <= set(found):
        raise ArlibError(say("rates.columns", file=raw.name))
    read, *_ = _parsed(table, {field: found[field] for field in ("issued_on", "currency", "rate")})
    wrong = {"issued_on missing": read["issued_on"].isna(), "rate": ~(read["rate"] > 0)}
    _refuse_cells(table, found, wrong)
    return pd.DataFrame(
        {"date": read["issued_on"], "currency": read["currency"].str.upper(), "rate": read["rate"]}
    ).reset_index(drop=True)


_OWN = {*(column.name for column in ITEMS), "letter"}  # names a file's other columns must not take


def _customers(read: pd.DataFrame) -> pd.DataFrame:
    """The customers of a table: for each, the first value its rows give of every customer column."""
    read = _named(read)
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


def _without_totals(table: Table, found: Mapping[str, str]) -> Table:
    """The table without its total rows: those that say so and name no document, and a bare amount."""
    cells = table.cells
    dated = [found[field] for field in ("issued_on", "booked_on", "due_on") if field in found]
    keys = [found[field] for field in ("customer_id", "customer_name", "reference") if field in found]
    names = [found[field] for field in ("customer_id", "customer_name") if field in found]
    says = cells[[*keys, *dated]].apply(_says_total).any(axis=1) | _totals_of_customers(cells, names)
    if "reference" in found:
        reference = cells[found["reference"]]
        says &= is_empty(reference) | _says_total(reference)
    bare = cells[[*keys, *dated]].apply(is_empty).all(axis=1)
    totals = cells.index[says | bare]
    if not len(totals):
        return table
    note = say("read.totals", rows=len(totals), row=", ".join(map(str, totals[:5])))
    return Table(table.name, table.sheet, cells.drop(index=totals), (*table.reading, note), table.warnings)


def _says_total(cells: "pd.Series[Any]") -> "pd.Series[bool]":
    says = pd.Series(data=False, index=cells.index)
    candidates = _speaking_of_totals(cells)
    says[candidates.index] = candidates.str.contains(_TOTAL, regex=True)
    return says


def _totals_of_customers(cells: pd.DataFrame, names: list[str]) -> "pd.Series[bool]":
    """Rows headed "Total Durand", where Durand is a customer of the table: TOTAL ENERGIES is a customer itself."""
    totals = pd.Series(data=False, index=cells.index)
    known = {name.lower() for heading in names for name in texts(cells[heading]).dropna().unique()}
    for heading in names:
        candidates = _speaking_of_totals(cells[heading]).str.strip().str.lower()
        after = candidates.str.replace(r"^(?:sous[- ]?)?total(?:\s+client|\s+compte)?\s*:?\s+", "", regex=True)
        totals[candidates.index] |= (after != candidates) & after.isin(known)
    return totals


def _speaking_of_totals(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The few cells that hold the word, found fast; what they mean is looked at one by one."""
    written = cells.astype("str")
    return written[written.str.contains("[Tt][Oo][Tt][Aa]", regex=True).fillna(value=False)]


def _parsed(
    table: Table, found: Mapping[str, str], *, of_movements: bool = False
) -> tuple[pd.DataFrame, list[Sentence], list[Sentence]]:
    """The recognised columns as dates, money and text, indexed by row; notes and doubts.

    Every cell that is neither date nor amount where it should be is a problem, and so is, `of_movements`, one that
    a movement cannot do without.
    """
    cells = {field: table.cells[heading] for field, heading in found.items()}
    written = [cells[field] for field in _DATES if field in cells and cells[field].dtype.kind != "M"]
    order, (mark, doubts) = day_first(written), _mark([cells[field] for field in _MONEY if field in cells])
    read, wrong = {}, {}
    for field, column in cells.items():
        if field in _DATES:
            parsed = dates(column, day_comes_first=order is not False)
        elif field in _MONEY:
            parsed = amounts(column, mark=mark)
        else:
            read[field] = texts(column)
            continue
        read[field], wrong[field] = parsed.values, parsed.wrong
    rows = pd.DataFrame(read, index=table.cells.index)
    _refuse_cells(table, found, wrong | (_missing(rows, wrong) if of_movements else {}))
    if order is None and any(column.astype("str").str.contains(_EITHER_ORDER).any() for column in written):
        doubts.append(say("read.either_order"))
    return rows, [] if order is None else [say("read.day_first" if order else "read.month_first")], doubts


def _mark(columns: list["pd.Series[Any]"]) -> tuple[str, list[Sentence]]:
    """The decimal mark of the file, and a doubt where `1.234` can be read two ways."""
    mark = decimal_mark(columns)
    if mark is not None:
        return mark, []
    written = [written_only(cells) for cells in columns]
    points, commas = (any(c.str.contains(rf"\d{m}\d{{3}}").any() for c in written) for m in (r"\.", ","))
    doubts = [say("read.either_mark", mark="." if points else ",")] if points or commas else []
    return "," if points else ".", doubts


def _missing(read: pd.DataFrame, wrong: Mapping[str, "pd.Series[bool]"]) -> "dict[str, pd.Series[bool]]":
    """Cells a movement cannot do without: its date, its amount and its customer; rows not read are named already."""
    date_field = "issued_on" if "issued_on" in read else "booked_on"
    amount = [field for field in _AMOUNTS if field in read and field not in ("tax_amount", "paid_amount")]
    names = [field for field in ("customer_id", "customer_name") if field in read]
    unread = read.index.isin([row for where in wrong.values() for row in where.index[where]])
    return {
        f"{date_field} missing": read[date_field].isna() & ~unread,
        f"{amount[0]} missing": read[amount].isna().all(axis=1) & ~unread,
        f"{names[0]} missing": read[names].isna().all(axis=1) & ~unread,
    }


def _refuse_cells(table: Table, found: Mapping[str, str], wrong: Mapping[str, "pd.Series[bool]"]) -> None:
    problems = []
    for name, where in wrong.items():
        field, _, missing = name.partition(" ")
        kind = "date" if field in _DATES else "amount" if field in _MONEY else "customer"
        for row in where.index[where]:
            key = f"read.missing_{kind}" if missing else f"read.not_{kind}"
            value = str(table.cells.loc[row, found[field]]).strip()
            problems.append((row, Problem(table.place(int(row), found[field]), say(key, value=value))))
    if problems:
        raise ArlibError(problems=[problem for _, problem in sorted(problems, key=lambda pair: pair[0])])


def _named(read: pd.DataFrame) -> pd.DataFrame:
    """The customer's account and name, each from the other where the file gives only one."""
    read = read.rename(columns={"customer_name": "name"})
    if "customer_id" not in read:
        return read.assign(customer_id=read["name"])
    return read.assign(customer_id=read["customer_id"].fillna(read["name"])) if "name" in read else read


def _completed(read: pd.DataFrame, table: Table, found: Mapping[str, str], currency: str | None) -> pd.DataFrame:
    """Customer, dates and currency filled in from one another where the file gives only one of them."""
    read = _named(read)
    if "issued_on" not in read:
        read["issued_on"] = read["booked_on"]
    read["booked_on"] = read["booked_on"].fillna(read["issued_on"]) if "booked_on" in read else read["issued_on"]
    if "disputed" in read:
        read["disputed"] = read["disputed"].fillna("").str.contains(_YES, regex=True)
    return read.assign(currency=_currency(read, table, found, currency))


def _currency(read: pd.DataFrame, table: Table, found: Mapping[str, str], currency: str | None) -> "pd.Series[Any]":
    """The currency of each row: its column's, else the mark beside its amount or in the heading, else the one given."""
    if "currency" in read:
        stated = read["currency"].str.upper().fillna(currency or pd.NA)
        return stated.astype("str")
    heading = next(found[field] for field in _AMOUNTS if field in found)
    marks = currency_marks(table.cells[heading])
    marks = marks.fillna(currency_marks(pd.Series([heading]))[0])
    if marks.notna().any() and marks.nunique() == 1:
        return marks.fillna(marks.dropna().iloc[0])
    return marks.fillna(currency or pd.NA).astype("str")


def _understood(found: Mapping[str, str], kept: list[Any]) -> Sentence:
    pairs = [say("read.pair", heading=heading, field=say(f"field.{field}")) for field, heading in found.items()]
    return say("read.columns_found", pairs=pairs, kept=", ".join(map(str, kept)) or "–")
