"""The French accounting export (FEC, art. A47 A-1 LPF): entries of every account into movements of customers.

A FEC has no due dates, no terms and no invoice list: what a line on a customer account is follows from the other
accounts of its entry. Letters say what settles what, inside one customer and one file, and never when.
"""

import re
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.ledger import Source
from arlib.readers.cells import amounts, dates, decimal_mark, texts
from arlib.readers.delimited import decode, read_delimited
from arlib.readers.headings import plain
from arlib.readers.reading import Reading
from arlib.readers.sources import RawSource
from arlib.readers.table import Table
from arlib.schema import BILL, CREDIT_NOTE, HALF_CENT, INVOICE, OPENING, OTHER, PAYMENT, TRANSFER, WRITE_OFF
from arlib.words import Sentence, say

RECEIVABLE = ("411",)
_OPENING = r"(?i)^(?:an|ano|anx|ran|ouv)\s|(?:a|à)[- ]?nouveau|report (?:à|a) nouveau|ouverture"
_NEEDED = ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum", "Debit", "Credit")
_ENTRY_KEYS = (
    ["JournalCode", "EcritureNum", "EcritureDate", "PieceRef"],
    ["JournalCode", "EcritureNum", "EcritureDate"],
    ["JournalCode", "EcritureNum"],
    ["JournalCode", "EcritureDate"],
)
_BALANCED = 0.995  # share of lines that stand in balanced entries, for a key to be that of the entries


def is_fec(raw: RawSource) -> bool:
    """Whether a text begins with the field names of a FEC."""
    if raw.format != "text" or not isinstance(raw.content, bytes):
        return False
    first = next((line for line in decode(raw.content[:4096])[0].splitlines() if line.strip()), "")
    names = {plain(name) for name in re.split(r"[\t|;,]", first)}
    return {plain("JournalCode"), plain("EcritureDate"), plain("CompteNum")} <= names


def read_fec(raw: RawSource) -> Reading:
    """The movements on customer accounts (411) of a FEC.

    Raises:
        ArlibError: a column of the norm is missing, a cell is no date or amount, or no line is on account 411.
    """
    table = read_delimited(raw.name, raw.content if isinstance(raw.content, bytes) else b"", header=0)
    lines, notes = _lines(table)
    entries, entry_note = _entries(lines)
    third = lines["CompteNum"].str.startswith(RECEIVABLE)
    if not third.any():
        raise ArlibError(problems=[Problem(table.place(), say("fec.no_customers"))])
    items = _items(lines[third], entries, lines)
    controls = lines.loc[third, ["CompteNum", "EcritureDate"]].set_axis(["account", "booked_on"], axis=1)
    controls["amount"] = lines["Debit"] - lines["Credit"]
    lettered = int(items["_matching"].notna().sum())
    said = say("fec.read", lines=len(lines), rows=len(items), lettered=lettered)
    source = Source(raw.name, raw.sha256, "fec", (*table.reading, *notes, entry_note, said), _doubts(lines))
    customers = _customers(lines[third], items)
    return Reading(source, items, customers, controls, official=lettered > 0, period=_period(lines))


def _period(lines: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The fiscal year as its entries show it: from its opening, whose detail may bear older dates, to its last day."""
    opening, booked = _is_opening(lines), lines["EcritureDate"]
    first = booked[~opening].min() if (~opening).any() else booked.min()
    return (min(first, booked[opening].max()) if opening.any() else first), booked.max()


def _is_opening(lines: pd.DataFrame) -> "pd.Series[bool]":
    """Whether a line stands in an opening journal, by its code or its name."""
    journal = lines["JournalCode"].fillna("") + " " + lines["JournalLib"].fillna("")
    return journal.str.contains(_OPENING, regex=True)


def _lines(table: Table) -> tuple[pd.DataFrame, list[Sentence]]:
    """Every line with dates and amounts read, under the names of the norm, whatever their case in the file."""
    norm = {plain(name): name for name in _NAMES}
    cells = table.cells.rename(
        columns={heading: norm.get(plain(str(heading)), str(heading)) for heading in table.cells}
    )
    missing = [name for name in _NEEDED if name not in cells]
    if missing:
        raise ArlibError(problems=[Problem(table.place(), say("fec.missing", columns=", ".join(missing)))])
    lines = pd.DataFrame(
        {name: texts(cells[name]) if name in cells else pd.Series(pd.NA, cells.index, dtype="str") for name in _NAMES}
    )
    wrong: dict[str, pd.Series[bool]] = {}
    for name in ("EcritureDate", "PieceDate"):
        parsed = dates(lines[name], day_comes_first=True)
        lines[name], wrong[name] = parsed.values, parsed.wrong
    wrong["EcritureDate"] = wrong["EcritureDate"] | lines["EcritureDate"].isna()
    mark = decimal_mark([lines["Debit"], lines["Credit"]]) or ","  # of the norm
    for name in ("Debit", "Credit"):
        amount = amounts(lines[name], mark=mark)
        lines[name], wrong[name] = amount.values.fillna(0.0), amount.wrong
    problems = [
        Problem(
            table.place(int(row), name),
            say("read.not_date" if "Date" in name else "read.not_amount", value=str(cells.loc[row, name])),
        )
        for name, where in wrong.items()
        for row in where.index[where]
    ]
    if problems:
        raise ArlibError(problems=problems)
    lines["CompteNum"] = lines["CompteNum"].fillna("")
    lines["signed"] = (lines["Debit"] - lines["Credit"]).round(2)
    kept = [str(heading) for heading in cells if heading not in _NAMES and not str(heading).startswith("(")]
    return lines.join(cells[kept]), [say("fec.kept", columns=", ".join(kept))] if kept else []


def _entries(lines: pd.DataFrame) -> tuple["pd.Series[Any]", Sentence]:
    """The entry each line belongs to: the finest key under which entries balance.

    Drafts carry one number for all entries, and some software restarts its numbers each day: the key is tried, not
    trusted.
    """
    best: tuple[float, pd.Series[Any], list[str]] | None = None
    for key in _ENTRY_KEYS:
        entry = lines.groupby(key, dropna=False, sort=False).ngroup()
        off = lines["signed"].groupby(entry).sum().abs() >= HALF_CENT
        share = 1 - float(entry.map(off).mean())
        if best is None or share > best[0]:
            best = (share, entry, key)
        if share >= _BALANCED:
            break
    if best is None:
        raise ValueError(_ENTRY_KEYS)
    return best[1], say("fec.entries", key=" + ".join(best[2]), share=best[0])


def _items(third: pd.DataFrame, entries: "pd.Series[Any]", lines: pd.DataFrame) -> pd.DataFrame:
    account = third["CompAuxNum"].fillna(third["CompteNum"])
    letter = third["EcritureLet"].where(~third["EcritureLet"].fillna("").str.fullmatch(r"\*+"))
    kind = _kinds(third, entries, lines)
    items = pd.DataFrame(
        {
            "customer_id": account,
            "kind": kind,
            "reference": third["PieceRef"],
            "issued_on": third["PieceDate"].fillna(third["EcritureDate"]),
            "booked_on": third["EcritureDate"],
            "amount": third["signed"],
            "net_amount": _net(third, kind, entries, lines),
            "currency": "EUR",
            "label": third["EcritureLib"],
            "account": third["CompteNum"],
            "journal": third["JournalCode"],
            "letter": letter,
            "row": third.index,
        }
    )
    items["_rate_on"] = items["issued_on"]
    items["_matching"] = (third["CompteNum"] + "\x1f" + account + "\x1f" + letter).where(letter.notna())
    others = [name for name in third if name not in (*_NAMES, "signed")]
    return items.join(third[others]) if others else items


def _kinds(third: pd.DataFrame, entries: "pd.Series[Any]", lines: pd.DataFrame) -> "pd.Series[Any]":
    """What each line on a customer account is, by the other accounts of its entry; openings by their journal."""
    debit = third["signed"] > 0
    has = {
        prefix: entries.loc[third.index].map(lines["CompteNum"].str.startswith(prefix).groupby(entries).any())
        for prefix in ("70", "4457", "5", "413", "416", "654")
    }
    sale = has["70"] | has["4457"]
    # An opening entry carries every balance of the year before, tax accounts too, but never a sale; a write-off
    # takes the tax back as a credit note does.
    opening = _is_opening(third) & ~has["70"]
    conditions = [opening, sale & debit, has["5"], has["654"], sale, has["413"], has["416"]]
    names = [OPENING, INVOICE, PAYMENT, WRITE_OFF, CREDIT_NOTE, BILL, TRANSFER]
    return pd.Series(np.select(conditions, names, OTHER), index=third.index)


def _net(
    third: pd.DataFrame, kind: "pd.Series[Any]", entries: "pd.Series[Any]", lines: pd.DataFrame
) -> "pd.Series[Any]":
    """Tax-free amount of invoices and credit notes: their share of the sales accounts of the entry."""
    entry = entries.loc[third.index]
    sold = -lines["signed"].where(lines["CompteNum"].str.startswith("7"), 0.0).groupby(entries).sum()
    charged = third["signed"].where(kind.isin((INVOICE, CREDIT_NOTE)), 0.0).groupby(entry).sum()
    share = third["signed"] / entry.map(charged.where(charged.abs() >= HALF_CENT))
    return (entry.map(sold) * share).where(kind.isin((INVOICE, CREDIT_NOTE))).round(2)


def _customers(third: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    named = pd.DataFrame({"customer_id": items["customer_id"], "name": third["CompAuxLib"].fillna(third["CompteLib"])})
    return named.groupby("customer_id", sort=True).first().reset_index()


def _doubts(lines: pd.DataFrame) -> tuple[Sentence, ...]:
    """What to look at first: a file that does not balance, or whose debits and credits look exchanged."""
    difference = round(float(lines["signed"].sum()), 2)
    sales = float(lines.loc[lines["CompteNum"].str.startswith("70"), "signed"].sum())
    doubts = [say("fec.unbalanced", difference=difference)] if abs(difference) >= HALF_CENT else []
    return (*doubts, *([say("fec.sales_in_debit", amount=sales)] if sales >= HALF_CENT else []))


_NAMES = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate"),
    *("Montantdevise", "Idevise"),
)
