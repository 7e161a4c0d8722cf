"""What each line on a customer account is, by the other accounts of its entry; its tax and its amount without tax."""

from dataclasses import dataclass

import numpy as np

from arlib.readers.fec.accounts import ADVANCE, RETENTION
from arlib.readers.fec.entries import Entries
from arlib.readers.fec.lines import Lines
from arlib.readers.fec.written import Coded
from arlib.schema import (
    BILL,
    CREDIT_NOTE,
    INVOICE,
    KINDS,
    OPENING,
    OTHER,
    PAYMENT,
    SALES,
    TRANSFER,
    WRITE_OFF,
    Codes,
    Flags,
    Floats,
)

_SMALL = 1000  # cents under which a difference posted to other income is no sale
# Accounts of the French chart (and of OHADA's, which follows it) by what they say of an entry.
_MEANINGS = {
    "sale": ("70", "71", "72", "73", "74", "751", "752", "753", "754", "755", "757", "77"),
    "income": ("7",),
    "tax": ("4457", "4458", "443"),
    "money": ("50", "511", "512", "513", "514", "515", "516", "517", "518", "52", "53", "54", "55", "56", "57", "58"),
    "bill": ("413",),
    "doubtful": ("416",),
    "loss": ("654", "6714"),
    "factor": ("467", "519"),
    "exchange": ("656", "666", "756", "766"),
    "difference": ("65", "665", "668", "678", "758", "768", "778"),
    "capital": ("1", "89"),
}
_CUSTOMERS = ("411", "413", "416", "418", "419")
_FAMILIES = ("416", "413", "467", RETENTION)  # where debts go that leave the accounts asked for

_OPENING_CODE = r"(?i)^(?:an\d*|ano|anx|and|ran|ouv)$"
_OPENING_WORDS = r"(?i)(?:a|à)[- ]?nouveau|report (?:à|a) nouveau|ouverture|balance initiale|opening"
_CARRIED = r"(?i)\b(?:a|à)[- ]?nouveau|(?:solde|balance|bilan) (?:d'ouverture|initial)|opening balance"
_SALES = r"(?i)^(?:ve|vt|vte|vten|ven|inv)\d*$|vente|sales|invoice|factur|debit note"
_MONEY = r"(?i)^(?:bq|bqe|bnk|ca|cs?h\d*)\d*$|banque|bank|caisse|\bcash|encaiss|r[eè]gl|payment"


@dataclass(frozen=True, eq=False)
class Kinds:
    """What each customer line is.

    Attributes:
        kind: its kind.
        net: its amount without tax, in euros, nan where unknown.
        tax: its tax likewise.
        entry: its entry where that moves debts from an account to another, -1 elsewhere.
        elsewhere: the family of accounts not asked for that its entry moves debts to or from, `""` for none.
    """

    kind: Coded
    net: Floats
    tax: Floats
    entry: Codes
    elsewhere: Coded


def is_opening(lines: Lines, entries: Entries) -> Flags:
    """Whether each line opens the year: by its journal's code or name, else by labels of a balance-sheet entry."""
    code, name = lines.journal, lines.journal_name
    opening: Flags = (code.where(_OPENING_CODE) | code.where(_OPENING_WORDS))[code.codes]
    opening |= name.where(_OPENING_WORDS)[name.codes]
    if opening.any() or "EcritureLib" not in lines.customers.cells:
        return opening
    label = lines.of_customers("EcritureLib")
    carried = lines.places[label.where(_CARRIED)[label.codes]]
    if not len(carried):
        return opening
    of_entry = _has(lines, entries, "capital") & ~_has(lines, entries, "income")
    opened = np.zeros(entries.size, dtype=bool)
    opened[entries.codes[carried]] = True
    result: Flags = (opened & of_entry)[entries.codes]
    return result


def kinds(lines: Lines, entries: Entries, opening: Flags) -> Kinds:
    """What the customer lines are, and what invoices and credit notes come to without tax."""
    customers = lines.places
    entry, signed = entries.codes[customers], lines.signed[customers]
    has = {name: _has(lines, entries, name)[entry] for name in _MEANINGS}
    debit = signed > 0
    total = np.abs(np.bincount(entry, signed, entries.size))[entry]
    sale = has["sale"] | (has["income"] & has["difference"] & ~has["tax"] & (total >= _SMALL) & debit)
    billed = sale | (has["tax"] & ~has["money"] & ~has["loss"])
    advance = lines.chosen.account.starts((ADVANCE,))[lines.account.codes]
    sold, paid = _by_journal(lines, customers)
    within = ~_any(lines, entries, ~(lines.chosen.account.starts(_CUSTOMERS) | lines.chosen.inside))[entry]
    rules: list[tuple[Flags, str]] = [
        (opening[customers] & ~has["sale"], OPENING),
        (advance & ~has["money"], TRANSFER),
        (advance, PAYMENT),
        (billed & debit, INVOICE),
        (has["money"], PAYMENT),
        (has["loss"], WRITE_OFF),
        (billed, CREDIT_NOTE),
        (has["bill"], BILL),
        (has["factor"] | has["doubtful"], TRANSFER),
        (has["exchange"], OTHER),
        (has["difference"], WRITE_OFF),
        (within, TRANSFER),
        (sold & debit, INVOICE),
        (sold, CREDIT_NOTE),
        (paid, PAYMENT),
    ]
    codes = [KINDS.index(name) for _, name in rules]
    kind = np.select([where for where, _ in rules], codes, KINDS.index(OTHER))
    net, tax = _net_and_tax(lines, entries, customers, np.isin(KINDS, SALES)[kind])
    moves = np.isin(kind, [KINDS.index(name) for name in (TRANSFER, BILL)]) & ~advance
    elsewhere = Coded(np.where(moves, _elsewhere(lines, entries)[entry], 0), np.array(["", *_FAMILIES], dtype=object))
    return Kinds(Coded(kind, np.array(KINDS, dtype=object)), net, tax, np.where(moves, entry, -1), elsewhere)


def _elsewhere(lines: Lines, entries: Entries) -> Codes:
    """For each entry, the first family of customer accounts not asked for that it has a line on, from 1; 0 for none."""
    chosen, found = lines.chosen, np.zeros(entries.size, dtype=np.intp)
    for place in range(len(_FAMILIES), 0, -1):
        name = _FAMILIES[place - 1]
        family = chosen.retained if name == RETENTION else chosen.account.starts((name,))
        found[_any(lines, entries, family & ~chosen.inside)] = place
    return found


def _has(lines: Lines, entries: Entries, meaning: str) -> Flags:
    """Whether each entry holds a line on an account of this meaning."""
    return _any(lines, entries, lines.chosen.account.starts(_MEANINGS[meaning]))


def _any(lines: Lines, entries: Entries, accounts: Flags) -> Flags:
    """Whether each entry holds a line on one of these accounts."""
    found = np.zeros(entries.size, dtype=bool)
    found[entries.codes[accounts[lines.chosen.account.codes]]] = True
    return found


def _by_journal(lines: Lines, customers: Codes) -> tuple[Flags, Flags]:
    """Whether each customer line stands in a journal of sales, or of money: where the accounts tell nothing."""
    code, name = (column.taken(customers) for column in (lines.journal, lines.journal_name))
    sold, paid = (code.where(words)[code.codes] | name.where(words)[name.codes] for words in (_SALES, _MONEY))
    return sold, paid


def _net_and_tax(lines: Lines, entries: Entries, customers: Codes, billed: Flags) -> tuple[Floats, Floats]:
    """Each invoice's or credit note's share of the income and of the tax accounts of its entry."""
    entry, signed = entries.codes[customers], lines.signed[customers]
    charged = np.bincount(entry[billed], signed[billed], entries.size)[entry]
    known = billed & (charged != 0) & _has(lines, entries, "income")[entry]
    share = np.divide(signed, charged, out=np.full(len(signed), np.nan), where=known)
    sums = []
    for meaning in ("income", "tax"):
        on = lines.chosen.account.starts(_MEANINGS[meaning])[lines.chosen.account.codes]
        sums.append(-np.bincount(entries.codes[on], lines.signed[on], entries.size)[entry])
    net, tax = (np.rint(total * share) / 100 for total in sums)
    return net, tax
