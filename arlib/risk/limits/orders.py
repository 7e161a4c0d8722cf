"""Orders not invoiced yet, from any table: what they add to what a customer will owe."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, as_day
from arlib.readers.cells import currency_marks, is_empty, read_amounts, read_dates, texts
from arlib.readers.headings import plain, recognise
from arlib.readers.sources import Readable, gather
from arlib.readers.tables import read_table
from arlib.readers.tables.table import Table
from arlib.readers.tabular.parsed import refuse_cells
from arlib.schema import HALF_CENT, Flags, Floats
from arlib.words import Sentence, bare, say

_DATES = ("ordered_on", "deliver_on", "invoiced_on")
_MONEY = ("left_amount", "left_net_amount", "amount", "net_amount")
_OF_CUSTOMERS = ("customer_id", "customer_name")
# States of an order that is over; any other is open ("Livrée non facturée", "À livrer", "Confirmed").
_OVER = (
    r"(?:totalement |entierement |fully |completely )?(?:facturee?|livree? et facturee?|soldee?|annulee?|cloturee?"
    r"|terminee?|invoiced|billed|closed|cancell?ed|completed?|done|fakturiert|storniert|facturado|fatturato)"
)
_SHOWN = 5  # examples written out in a sentence


@dataclass(frozen=True, eq=False)
class Orders:
    """Orders to be invoiced, as one file has them.

    Attributes:
        rows: one row a line of the file: `order_id`, `customer_id` (text as the file writes it), `ordered_on`,
            `deliver_on`, `invoiced_on` (missing where the file does not say), `amount` still to be invoiced, tax
            included, `currency` (its code, missing where none is named), `row`. Orders whose state says that they are
            invoiced or cancelled are not in it.
        notes: what was understood, left out and counted.
    """

    rows: pd.DataFrame
    notes: tuple[Sentence, ...] = ()

    def on(self, day: Day) -> pd.DataFrame:
        """The rows that are open orders at the end of a day: ordered by then, not invoiced by then.

        An order without a date of order counts on any day. A file drawn up after the day lacks the orders that were
        invoiced in between, unless it tells when.
        """
        until = as_day(day)
        ordered, invoiced = self.rows["ordered_on"], self.rows["invoiced_on"]
        return self.rows[~(ordered > until) & ~(invoiced <= until)].reset_index(drop=True)


def read_orders(source: Readable, *, vat_share: float | None = None, sheet: str | None = None) -> Orders:
    """The open orders in a file (text, workbook, Parquet), a `(name, bytes)` or a frame, a row an order or a line.

    Headings are recognised in five languages: customer, amount, and where they stand order number, date of order,
    delivery, date of invoice, state, currency and what is left to invoice, which goes before the whole amount.

    Args:
        source: the file.
        vat_share: the tax of amounts the file gives without it: 0.2 for 20 %. Needed only where it gives no others,
            since what customers owe includes the tax.
        sheet: the sheet of a workbook.

    Raises:
        ArlibError: the file cannot be read, names no customer or no amount, gives amounts without tax and `vat_share`
            is missing, or holds cells that are no date or amount: all of them; `vat_share` below 0, or 1 and more.
    """
    if vat_share is not None and not 0 <= vat_share < 1:
        raise ArlibError(say("risk.provision.vat_rate", rate=vat_share))
    table = read_table(gather(source)[0], sheet)
    found = _columns(table)
    if not _named(found) or not set(_MONEY) & set(found):
        raise ArlibError(say("risk.limit.no_orders", file=table.name, headings=", ".join(map(str, table.cells))))
    dated = read_dates({name: table.cells[found[name]] for name in _DATES if name in found})
    money = read_amounts(
        {name: table.cells[found[name]] for name in _MONEY if name in found},
        mark=table.decimal,
        likely=table.likely_mark,
    )
    read = {**dated.columns, **money.columns}
    refuse_cells(table, found, {name: column.wrong for name, column in read.items()})
    rows = pd.DataFrame({name: column.values for name, column in read.items()}, index=table.cells.index)
    amounts, taxed = _to_invoice(rows, vat_share)
    made = _texts(table, found).assign(amount=amounts, **_missing_dates(rows))
    order = [] if dated.day_first is None else [say("read.day_first" if dated.day_first else "read.month_first")]
    kept, left_out = _open(table, found, made)
    return Orders(kept, (*order, *taxed, *left_out))


@cache
def _meanings() -> Mapping[str, tuple[int, str]]:
    with Path(__file__).with_name("order_headings.csv").open(encoding="utf-8", newline="") as table:
        rows = list(enumerate(csv.DictReader(table)))
    return MappingProxyType({plain(row["heading"]): (rank, row["field"]) for rank, row in reversed(rows)})


def _columns(table: Table) -> dict[str, str]:
    """The heading of each field: those of orders first, customers as in any list."""
    headings = [str(heading) for heading in table.cells]
    known = sorted((*_meanings()[plain(each)], each) for each in headings if plain(each) in _meanings())
    found: dict[str, str] = {}
    for _, field, heading in known:
        found.setdefault(field, heading)
    customers = recognise([each for each in headings if each not in found.values()])
    return found | {name: customers[name] for name in _OF_CUSTOMERS if name in customers}


def _named(found: Mapping[str, str]) -> list[str]:
    return [found[name] for name in _OF_CUSTOMERS if name in found]


def _missing_dates(rows: pd.DataFrame) -> dict[str, "pd.Series[Any]"]:
    nowhen = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    return {name: rows.get(name, nowhen) for name in _DATES}


def _texts(table: Table, found: Mapping[str, str]) -> pd.DataFrame:
    """order_id, customer_id (the name where there is no number) and currency of each row."""
    nothing = pd.Series(pd.NA, index=table.cells.index, dtype="str")
    customer = nothing
    for heading in _named(found):
        customer = customer.fillna(texts(table.cells[heading]))
    numbers = texts(table.cells[found["order_id"]]) if "order_id" in found else nothing
    currency = _currencies(table, found, nothing)
    return pd.DataFrame({"order_id": numbers, "customer_id": customer, "currency": currency, "row": table.cells.index})


def _currencies(table: Table, found: Mapping[str, str], nothing: "pd.Series[Any]") -> "pd.Series[Any]":
    """The currency of each row: what its column says, else the mark beside an amount; codes for symbols."""
    currency = nothing
    if "currency" in found:
        stated = texts(table.cells[found["currency"]])
        currency = currency_marks(stated).fillna(stated.str.upper())
    for name in _MONEY:
        if name in found:
            currency = currency.fillna(currency_marks(table.cells[found[name]]))
    return currency.astype("str")


def _to_invoice(rows: pd.DataFrame, vat_share: float | None) -> tuple[Floats, list[Sentence]]:
    """What is left to invoice, tax included: as given, else from what the order's own tax, or `vat_share`, makes it."""
    nothing = pd.Series(np.nan, index=rows.index)
    left, left_net, whole, net = (rows.get(name, nothing) for name in _MONEY)
    own = (whole / net).where((net.abs() >= HALF_CENT) & whole.notna())
    known = own if vat_share is None else own.fillna(1 + vat_share)
    amounts = left.fillna(left_net * known).fillna(whole.where(left_net.isna())).fillna(net * known)
    untaxed = amounts.isna() & (left_net.notna() | net.notna())
    if untaxed.any():
        raise ArlibError(say("risk.limit.untaxed", rows=int(untaxed.sum())))
    taxed = left.isna() & whole.isna() & amounts.notna()
    said = [say("risk.limit.taxed", rows=int(taxed.sum()), share=vat_share)] if taxed.any() and vat_share else []
    return np.asarray(amounts.round(2), dtype=np.float64), said


def _open(table: Table, found: Mapping[str, str], made: pd.DataFrame) -> tuple[pd.DataFrame, list[Sentence]]:
    """The rows of open orders; those without a customer (totals), blank or over are left out and counted."""
    blank = (made["customer_id"].isna() & made["amount"].isna()).to_numpy()
    strange = made["customer_id"].isna().to_numpy() & ~blank
    over = _over(table, found) & ~blank & ~strange
    wanting = made["amount"].isna().to_numpy() & ~blank & ~over
    if wanting.any():
        column = next(name for name in _MONEY if name in found)
        refuse_cells(table, found, {f"{column} missing": pd.Series(wanting, index=made.index)})
    kept = made[~(blank | strange | over)]
    notes = _totals(kept)
    notes += _counted("risk.limit.orders_over", made[over])
    notes += _counted("risk.limit.orders_nobody", made[strange])
    notes += _counted("risk.limit.orders_undated", kept[kept["ordered_on"].isna()])
    notes += _counted("risk.limit.orders_below_zero", kept[kept["amount"] < 0])
    notes += _counted("risk.limit.orders_twice", kept[table.cells.loc[kept.index].duplicated()])
    return kept.reset_index(drop=True), notes


def _totals(kept: pd.DataFrame) -> list[Sentence]:
    """What is left to invoice, in each currency where there are several."""
    if kept["currency"].nunique() <= 1:
        return [say("risk.limit.orders_read", rows=len(kept), amount=kept["amount"].sum())]
    parts = kept.groupby(kept["currency"].fillna("–"))["amount"]
    return [
        say("risk.limit.orders_read_in", currency=currency, rows=len(part), amount=part.sum())
        for currency, part in parts
    ]


def _over(table: Table, found: Mapping[str, str]) -> Flags:
    """Which rows say that their order is invoiced, cancelled or done."""
    if "state" not in found or is_empty(table.cells[found["state"]]).all():
        return np.zeros(len(table.cells), dtype=np.bool_)
    written = texts(table.cells[found["state"]]).fillna("")
    plainly = written.map({state: " ".join(bare(state).lower().split()) for state in written.unique()})
    return plainly.str.fullmatch(_OVER).to_numpy(dtype=np.bool_)


def _counted(key: str, rows: pd.DataFrame) -> Sequence[Sentence]:
    """The sentence of rows that are set apart: how many, how much, the first of them; none where there are none."""
    if rows.empty:
        return []
    first = ", ".join(map(str, rows["row"].head(_SHOWN)))
    return [say(key, rows=len(rows), amount=rows["amount"].sum(), first=first)]
