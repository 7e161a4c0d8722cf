"""Promises to pay, read from a table a person keeps: who or which invoice, how much, by when."""

from collections.abc import Mapping

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.ledger import Ledger
from arlib.readers.cells import read_amounts, read_dates, texts
from arlib.readers.headings import plain, recognise
from arlib.readers.sources import Readable, gather, refuse
from arlib.readers.tables import read_table
from arlib.readers.tables.table import Table
from arlib.readers.tabular.parsed import refuse_cells
from arlib.risk.facts.identifiers import owners_of
from arlib.schema import HALF_CENT
from arlib.simulation.forecast.promises import Promises
from arlib.words import say

_TITLES = 6  # rows a title may take above the headings
_WORDS = {
    "promised_on": (
        *("promised_on", "promised on", "promised for", "pay by", "payment date", "promised date", "date promised"),
        *("promis pour le", "promis le", "date promise", "date de la promesse", "date de paiement", "date promesse"),
        *("réglera le", "paiera le", "échéance promise", "engagement"),
    ),
    "made_on": (
        *("made_on", "made on", "said on", "promise made on", "date of the call", "contacted_on", "contacted on"),
        *("promesse faite le", "faite le", "date de l'appel", "date d'appel", "contacté le", "relancé le"),
    ),
    "amount": ("amount", "amount promised", "promised", "promised amount", "montant", "montant promis", "promis"),
}
_WHOSE = ("customer_id", "reference")


def read_promises(source: Readable, ledger: Ledger) -> Promises:
    """Promises from a file: one row a promise, headings in French or English, for `forecast_cash(promises=…)`.

    Headings: the customer (code or name) or the invoice (its number); the amount; the day promised; and, where it is
    known, the day on which it was made.

    Args:
        source: a file (text, workbook, Parquet), a `(name, bytes)` or a frame.
        ledger: whose customers and invoices are meant.

    Raises:
        ArlibError: there is no such column or row, a cell is missing or cannot be used, or a row names nobody the
            ledger knows: all of them.
    """
    table, found = _table(source)
    when = [name for name in ("promised_on", "made_on") if name in found]
    dates = read_dates({name: table.cells[found[name]] for name in when})
    if dates.swapped.mixed:
        raise ArlibError(problems=[Problem(table.place(), dates.swapped.sentence() or say("read.either_order"))])
    amounts = read_amounts({"amount": table.cells[found["amount"]]}, mark=table.decimal, likely=table.likely_mark)
    amount = amounts.columns["amount"]
    wrong: dict[str, pd.Series[bool]] = {name: dates.columns[name].wrong for name in when}
    wrong["amount"] = amount.wrong
    refuse_cells(table, found, wrong)
    nothing = pd.Series(pd.NA, index=table.cells.index, dtype="str")
    rows = pd.DataFrame({name: dates.columns[name].values for name in when}).assign(amount=amount.values)
    rows = rows.assign(**{name: texts(table.cells[found[name]]) if name in found else nothing for name in _WHOSE})
    rows = rows.dropna(how="all")
    owner, item = _meant(ledger, rows)
    _refuse(table, found, rows, owner)
    kept = rows[["amount", *when]].assign(customer_id=owner, item_id=item)
    return Promises(kept.reset_index(drop=True))


def _table(source: Readable) -> tuple[Table, dict[str, str]]:
    """The table of a file and the heading of each field, its headings in one of the first rows."""
    raw = gather(source)[0]
    for row in (None,) if raw.format == "frame" else (None, *range(1, _TITLES + 1)):
        try:
            table = read_table(raw, header=row)
        except ArlibError:
            continue
        found = _headings([str(heading) for heading in table.cells])
        if {"amount", "promised_on"} <= set(found) and {*_WHOSE} & set(found) and len(table.cells):
            return table, found
    raise refuse(raw.name, "forecast.promises_file")


def _headings(headings: list[str]) -> dict[str, str]:
    """The heading of each field: those of promises first, customers and invoices as in any list."""
    meant = {plain(each): field for field, written in _WORDS.items() for each in written}
    found: dict[str, str] = {}
    for heading in headings:
        if plain(heading) in meant:
            found.setdefault(meant[plain(heading)], heading)
    others = recognise([heading for heading in headings if heading not in found.values()])
    if "customer_name" in others:  # "Client" is a heading of codes as well
        others.setdefault("customer_id", others["customer_name"])
    return found | {name: others[name] for name in _WHOSE if name in others}


def _meant(ledger: Ledger, rows: pd.DataFrame) -> "tuple[pd.Series[str], pd.Series[int]]":
    """The customer of each row, missing where nobody knows it; the invoice, where one and only one is named."""
    pairs = owners_of(rows["customer_id"], pd.Series(pd.NA, rows.index, dtype="str"), ledger.customers).pairs
    alone = pairs.drop_duplicates("row", keep=False).set_index("row")["customer_id"]
    owner = alone.reindex(rows.index)
    debits = ledger.items.loc[ledger.items["amount"] > 0, ["item_id", "customer_id", "reference"]]
    single = debits[debits["reference"].notna()].drop_duplicates("reference", keep=False).set_index("reference")
    item = rows["reference"].map(single["item_id"])
    of_item = rows["reference"].map(single["customer_id"])
    item = item.where(owner.isna() | (owner == of_item))
    return owner.fillna(of_item), item.astype("Int64")


def _refuse(table: Table, found: Mapping[str, str], rows: pd.DataFrame, owner: "pd.Series[str]") -> None:
    """Refuses rows that lack a cell, promise nothing, or name nobody."""
    problems = [
        (int(row), Problem(table.place(int(row), found[name]), say("simulation.plan.empty")))
        for name in ("amount", "promised_on")
        for row in rows.index[rows[name].isna()]
    ]
    problems += [
        (int(row), Problem(table.place(int(row), found["amount"]), say("forecast.promises_nothing")))
        for row in rows.index[rows["amount"] < HALF_CENT]
    ]
    problems += [
        (int(row), Problem(table.place(int(row)), say("forecast.promises_nobody", name=_named(rows.loc[row]))))
        for row in rows.index[owner.isna()]
    ]
    if problems or rows.empty:
        told = [problem for _, problem in sorted(problems, key=lambda pair: pair[0])]
        raise ArlibError(say("simulation.plan.no_rows") if rows.empty else None, told)


def _named(row: "pd.Series[str]") -> str:
    """Whom or what a row names, as it is written."""
    return " / ".join(str(row[name])[:80] for name in _WHOSE if pd.notna(row[name])) or "–"
