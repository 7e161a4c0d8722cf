"""Statements as tables (CSV, workbooks, Parquet, frames), whichever bank drew them, in five languages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Place, Problem
from arlib.ledger import Source
from arlib.readers.bank.extract import TEXTS, Extract, account_of, reference_of
from arlib.readers.bank.grids import BankTable, of_ledger, own_account, read_bank_table
from arlib.readers.cells import (
    Column,
    amounts,
    currency_marks,
    dates,
    day_first,
    decimal_mark,
    is_empty,
    texts,
    written_only,
)
from arlib.readers.sources import RawSource, refuse
from arlib.schema import HALF_CENT
from arlib.words import Sentence, bare, say

_DATES, _MONEY = ("received_on", "value_on"), ("amount", "debit", "credit", "balance", "fee")
_PLAIN = ("payer", "payer_account", "reference", "transaction_code", "status", "currency", "bank_account", "direction")
# What states a balance or a total; "solde facture 12", "saldo fattura 12" and TOTAL ENERGIES are payments.
_BALANCE = (
    r"(?:(?:ancien|nouveau|precedent) )?solde(?: (?:initial|final|precedent|crediteur|debiteur|anterieur))?"
    r"(?: (?:au|le|du) .*)?"
    r"|(?:opening|closing|previous|new|starting|ending) balance(?: .*)?|balance (?:brought|carried) forward.*"
    r"|(?:anfangs|end|alter |neuer )saldo(?: .*)?|kontostand(?: .*)?"
    r"|saldo(?: (?:iniziale|finale|precedente|contabile|inicial|final|anterior))?(?: (?:vom|per|am|al) .*)?"
    r"|(?:sous )?tota(?:l|ux)(?: (?:general|debits?|credits?|mouvements|operations|des .*))*|summe"
)
_BOOKED = "completed|settled|executed?e?|booked|posted|comptabilisee?|reglee?|gebucht|termine"
_NOT_BOOKED = (
    "pending|processing|declined|reverted|failed|cancell?ed|rejected|created|vorgemerkt|en attente|en cours|refusee?"
    "|annulee?|a venir|rejetee?|echouee?"
)
_IN, _OUT = "c|h|s?crdt|credit|haben|bij|\\+|in|cr", "d|s|dbit|debit|soll|af|-|out|dr"
_EITHER_ORDER = r"^\s*\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})\b"


def read_bank_tabular(
    raw: RawSource, text: str | None, columns: Mapping[str, str] | None, sheet: str | None
) -> Extract:
    """The statement in a table: one a bank account and currency.

    Raises:
        ArlibError: no row holds the headings of a statement, or they are a ledger's and `columns` says nothing of it;
            cells that are neither dates nor amounts, all of them.
    """
    table = read_bank_table(raw, text, columns, sheet)
    strange = [] if columns else of_ledger(table.cells.columns)
    if strange:
        raise refuse(raw.name, "bank.is_a_ledger", headings=", ".join(strange))
    kept, aside = _without_balances(table)
    read, order, doubts = _parsed(raw.name, table, kept)
    booked, unknown = _booked(read)
    read["amount"], signs = _effects(raw.name, table, read, booked)
    movements, statements = _movements(read, booked), _statements(read, booked)
    notes = [say("bank.table", row=table.header, columns=_understood(table)), *order, *aside, *signs]
    source = Source(raw.name, raw.sha256, "table", tuple(notes), (*doubts, *unknown), _named(table))
    return Extract(source, statements, movements)


def _column(table: BankTable, cells: pd.DataFrame, field: str) -> "pd.Series[Any] | None":
    return cells[table.columns[field][0]] if field in table.columns else None


def _named(table: BankTable) -> dict[str, str]:
    return {field: ", ".join(headings) for field, headings in table.columns.items()}


def _understood(table: BankTable) -> list[Sentence]:
    return [say("read.pair", heading=each, field=say(f"bank.field.{field}")) for field, each in _named(table).items()]


def _without_balances(table: BankTable) -> tuple[pd.DataFrame, list[Sentence]]:
    """The rows of movements, each with the wording of the rows that continue it.

    Rows without a date, and those that state a balance or a total, are left out and said.
    """
    cells, wordings = table.cells, table.columns.get("remittance", [])
    dates_, money = (
        [cells[table.columns[field][0]] for field in kind if field in table.columns] for kind in (_DATES, _MONEY)
    )
    dateless = pd.concat([is_empty(each) for each in dates_], axis=1).all(axis=1)
    unpriced = pd.concat([is_empty(each) for each in money], axis=1).all(axis=1)
    balance = pd.concat([_states_a_balance(each) for each in dates_], axis=1).any(axis=1)
    if wordings:  # a payment whose detail is only "SOLDE" says elsewhere what it is
        stated = np.array([_states_a_balance(cells[heading]) for heading in wordings])
        silent = np.array([is_empty(cells[heading]) for heading in wordings])
        balance |= stated.any(axis=0) & (stated | silent).all(axis=0)
    left_out = balance | (dateless & ~unpriced)
    continuing = dateless & ~left_out & (~left_out & ~dateless).cumsum().gt(0)
    left_out |= dateless & ~continuing
    rows = list(cells.index[left_out])
    notes = [say("bank.rows_left_out", rows=len(rows), row=", ".join(map(str, rows[:5])))] if rows else []
    return _continued(cells[~left_out], wordings, continuing[~left_out]), notes


def _states_a_balance(cells: "pd.Series[Any]") -> "pd.Series[bool]":
    plain = cells.astype("str").map(lambda cell: " ".join(bare(cell).lower().split()), na_action="ignore")
    stated: pd.Series[bool] = plain.str.fullmatch(_BALANCE).fillna(value=False).astype(bool)
    return stated


def _continued(cells: pd.DataFrame, wordings: Sequence[str], continuing: "pd.Series[bool]") -> pd.DataFrame:
    """Rows with the wording of those below that continue them, which are no rows of their own."""
    if not continuing.any():
        return cells
    owner = (~continuing).cumsum()
    concerned = owner.isin(owner[continuing])
    heads = concerned & ~continuing
    joined = cells.astype(dict.fromkeys(wordings, "str"))
    for heading in wordings:
        whole = texts(cells.loc[concerned, heading]).fillna("").groupby(owner[concerned]).agg(" ".join)
        joined.loc[heads, heading] = owner[heads].map(whole)
    return joined[~continuing]


def _parsed(name: str, table: BankTable, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Sentence], list[Sentence]]:
    """The recognised columns as dates, money and text, notes and doubts; every cell that is not so is a problem."""
    columns = {field: found for field in table.columns if (found := _column(table, cells, field)) is not None}
    written = [columns[field] for field in _DATES if field in columns]
    order, (marks, doubts) = day_first(written), _marks({field: columns[field] for field in _MONEY if field in columns})
    if order is None and any(each.astype("str").str.contains(_EITHER_ORDER, regex=True).any() for each in written):
        doubts.append(say("read.either_order"))
    read: dict[str, pd.Series[Any]] = {}
    parsed: dict[str, Column] = {}
    for field, column in columns.items():
        if field in _PLAIN:
            read[field] = texts(column)
        elif field in _DATES:
            parsed[field] = dates(column, day_comes_first=order is not False)
        elif field in _MONEY:
            parsed[field] = amounts(column, mark=marks[field])
    problems = [
        (row, Problem(_place(name, table, row, field), say(key, value=str(columns[field][row]).strip())))
        for fields, key in ((_DATES, "read.not_date"), (_MONEY, "read.not_amount"))
        for field in fields
        if field in parsed
        for row in parsed[field].wrong.index[parsed[field].wrong]
    ]
    if problems:
        raise ArlibError(problems=[problem for _, problem in sorted(problems, key=lambda pair: pair[0])])
    notes = [] if order is None else [say("read.day_first" if order else "read.month_first")]
    read |= {field: column.values for field, column in parsed.items()}
    return _completed(pd.DataFrame(read, index=cells.index), table, cells), notes, doubts


def _place(name: str, table: BankTable, row: int, field: str) -> Place:
    return Place(name, table.sheet, int(row), table.columns[field][0])


def _completed(read: pd.DataFrame, table: BankTable, cells: pd.DataFrame) -> pd.DataFrame:
    """Rows with wording, currency and account, from wherever the file gives them."""
    absent = pd.Series(pd.NA, index=read.index, dtype="str")
    for field in ("received_on", "value_on"):
        other = "value_on" if field == "received_on" else "received_on"
        read[field] = (
            read[field].fillna(read[other]) if {field, other} <= set(read) else read.get(field, read.get(other))
        )
    wording = pd.Series("", index=read.index, dtype="str")
    for heading in table.columns.get("remittance", []):
        wording += " " + texts(cells[heading]).fillna("")
    wording = wording.str.replace(r"\s+", " ", regex=True).str.strip()
    read["remittance"] = wording.where(wording != "").fillna(read.get("reference", absent))
    amount_heading = next(table.columns[field][0] for field in ("amount", "credit", "debit") if field in table.columns)
    marked = currency_marks(pd.concat([pd.Series([amount_heading]), cells[amount_heading].astype("str")])).dropna()
    marked = marked.iloc[:1] if marked.nunique() == 1 else marked.iloc[:0]
    read["currency"] = read.get("currency", absent).fillna(marked.iloc[0] if len(marked) else pd.NA).str.upper()
    accounts = _mapped(read.get("bank_account", absent), account_of)
    read["bank_account"] = accounts.fillna(own_account(table.above) or pd.NA)
    return read


def _mapped(cells: "pd.Series[Any]", meaning: Callable[[str], str | None]) -> "pd.Series[Any]":
    """What each text means, by its distinct values; missing ones stay so."""
    known = {cell: meaning(cell) for cell in cells.dropna().unique()}
    return cells.map(known).astype("str")


def _marks(columns: Mapping[str, "pd.Series[Any]"]) -> tuple[dict[str, str], list[Sentence]]:
    """The decimal mark of each column, and a doubt where `1.234` can be read two ways.

    Some banks write the balance with a point and the amount with a comma: a column that says its own mark has it.
    """
    mark = decimal_mark(list(columns.values()))
    doubts = []
    if mark is None:
        written = [written_only(cells) for cells in columns.values()]
        points, commas = (
            any(c.str.contains(rf"\d{m}\d{{3}}", regex=True).any() for c in written) for m in (r"\.", ",")
        )
        doubts = [say("read.either_mark", mark="." if points else ",")] if points or commas else []
        mark = "," if points else "."
    return {field: decimal_mark([cells]) or mark for field, cells in columns.items()}, doubts


def _effects(
    name: str, table: BankTable, read: pd.DataFrame, booked: "pd.Series[bool]"
) -> "tuple[pd.Series[Any], list[Sentence]]":
    """What each row does to the account: signed amount, amount with a direction, or credit less debit."""
    nothing = pd.Series(0.0, index=read.index)
    if "amount" not in read:
        debit, credit = read.get("debit", nothing).fillna(0.0), read.get("credit", nothing).fillna(0.0)
        as_negative = bool((debit <= 0).all() and (debit < 0).any())
        effect = credit + debit if as_negative else credit - debit
        return effect, [say("bank.negative_debits")] if as_negative else []
    effect = read["amount"]
    missing = effect.isna() & booked
    if missing.any():
        places = [_place(name, table, row, "amount") for row in read.index[missing]]
        raise ArlibError(problems=[Problem(place, say("read.missing_amount")) for place in places])
    if "direction" in read:
        effect = _directed(name, table, read, effect)
    if "fee" in read and not table.columns["amount"][0].lower().startswith(("total", "montant total")):
        effect = effect - read["fee"].fillna(0.0).abs()
    return effect.fillna(0.0), []


def _directed(name: str, table: BankTable, read: pd.DataFrame, amount: "pd.Series[Any]") -> "pd.Series[Any]":
    """Amounts with the sign that their column of directions gives them."""
    said = read["direction"].map(lambda cell: bare(cell).lower().strip(), na_action="ignore")
    ins, outs = said.str.fullmatch(_IN).fillna(value=False), said.str.fullmatch(_OUT).fillna(value=False)
    unknown = ~ins & ~outs
    if unknown.any():
        problems = [
            Problem(_place(name, table, row, "direction"), say("bank.direction", value=str(read["direction"][row])))
            for row in read.index[unknown]
        ]
        raise ArlibError(problems=problems)
    if (amount < 0).any():  # the sign is there already
        return amount
    return amount.where(ins, -amount)


def _booked(read: pd.DataFrame) -> "tuple[pd.Series[bool], list[Sentence]]":
    """Which rows the bank has booked, by their status; a status nobody knows counts as booked, and is a doubt."""
    everything = pd.Series(data=True, index=read.index)
    if "status" not in read:
        return everything, []
    said = read["status"].map(lambda cell: bare(cell).lower().strip(), na_action="ignore")
    pending = said.str.fullmatch(_NOT_BOOKED).fillna(value=False)
    unknown = said[said.notna() & ~pending & ~said.str.fullmatch(_BOOKED).fillna(value=False)]
    doubts = [say("bank.status", rows=len(unknown), states=", ".join(sorted(set(unknown))))] if len(unknown) else []
    return ~pending, doubts


def _movements(read: pd.DataFrame, booked: "pd.Series[bool]") -> pd.DataFrame:
    absent = pd.Series(pd.NA, index=read.index, dtype="str")
    made = {field: read.get(field, absent) for field in TEXTS} | {
        "statement": _groups(read, booked)[0],
        "row": read.index,
        "received_on": read["received_on"],
        "value_on": read["value_on"],
        "amount": read["amount"],
        "reversal": False,
        "booked": booked,
    }
    frame = pd.DataFrame(made).reset_index(drop=True)
    frame["reference"] = _mapped(frame["reference"], reference_of)
    frame["payer_account"] = _mapped(frame["payer_account"], account_of)
    return frame.astype(dict.fromkeys(TEXTS, "str"))


def _groups(read: pd.DataFrame, booked: "pd.Series[bool]") -> tuple[Any, list[tuple[str, str]]]:
    """A code for each bank account and currency, and what they are; rows that are not booked make none of their own."""
    keys = pd.MultiIndex.from_frame(read[["bank_account", "currency"]].astype("str").fillna(""))
    found = list(dict.fromkeys(keys[booked.to_numpy()])) or [("", "")]
    return np.maximum(pd.MultiIndex.from_tuples(found).get_indexer(keys), 0), found


def _statements(read: pd.DataFrame, booked: "pd.Series[bool]") -> pd.DataFrame:
    """One row a bank account and currency, with the balances its rows show."""
    codes, found = _groups(read, booked)
    rows = []
    for code, (account, currency) in enumerate(found):
        part = read[(codes == code) & booked.to_numpy()]
        first, last = part["received_on"].min(), part["received_on"].max()
        opening, closing = _balances(part)
        rows.append((pd.NA, account or pd.NA, currency or pd.NA, first, opening, last, closing))
    names = ["number", "bank_account", "currency", "opened_on", "opening", "closed_on", "closing"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({"number": "str", "bank_account": "str", "currency": "str"})


def _balances(part: pd.DataFrame) -> tuple[float, float]:
    """The balance before the first movement and after the last one; rows stand oldest first or newest first.

    The order is the one in which each balance follows from the one before it.
    """
    if "balance" not in part or part["balance"].notna().sum() == 0:
        return np.nan, np.nan
    orders = (part, part.iloc[::-1])
    followed = [_follows(each) for each in orders]
    ascending = bool(part["received_on"].iloc[0] <= part["received_on"].iloc[-1])
    best = orders[0] if followed[0] > followed[1] or (followed[0] == followed[1] and ascending) else orders[1]
    running = best["amount"].cumsum()
    known = best["balance"].notna().to_numpy()
    first, last = int(np.flatnonzero(known)[0]), int(np.flatnonzero(known)[-1])
    after = float(running.iloc[-1] - running.iloc[last])
    return float(best["balance"].iloc[first] - running.iloc[first]), float(best["balance"].iloc[last] + after)


def _follows(part: pd.DataFrame) -> int:
    step = part["balance"] - part["balance"].shift()
    return int(((step - part["amount"]).abs() < HALF_CENT).sum())
