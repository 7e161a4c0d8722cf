"""Which accounts of a FEC are customers', and what the families of customer accounts hold at the end of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.fec.written import Cents, Coded, coded
from arlib.readers.tables.table import Table
from arlib.schema import Flags
from arlib.words import Sentence, say

RECEIVABLE = ("411",)
RETENTION = "4117"
ADVANCE = "419"
# Customers, bills, doubtful customers, retention guarantees, advances received, invoices to be issued, and the
# various debtors among which factors are kept: a longer prefix comes before the one it begins with.
FAMILIES = ("4117", "411", "413", "416", "4191", "418", "467")
_RETAINED = r"(?i)reten|garantie|\brg\b"
_CUSTOMERS = r"(?i)client|customer|receivable|debtor|d[ée]bit(?:eur|or)|kund|cr[ée]ances"
_NOT_CUSTOMERS = r"(?i)fournisseur|supplier|vendor|payable"
_CENT = 100.0


@dataclass(frozen=True, eq=False)
class Chosen:
    """The accounts of a file, and which of them are customers' by the prefixes asked.

    Attributes:
        account: the account of each line.
        inside: whether each distinct account is a customer's.
        retained: whether each distinct account holds retention guarantees.
        asked: the prefixes.
    """

    account: Coded
    inside: Flags
    retained: Flags
    asked: tuple[str, ...]

    def lines(self) -> Flags:
        """Whether each line is on a customer account."""
        return self.inside[self.account.codes]

    def takes(self, account: str) -> bool:
        """Whether an account written in a line that could not be read would be a customer's."""
        return account.strip().startswith(self.asked)


def choose(cells: pd.DataFrame, asked: Sequence[str]) -> Chosen:
    """The customer accounts by their prefixes; retention guarantees only where they are asked for.

    An account 4117 holds retention guarantees when its name says so: where each customer has an account of its own,
    411700 is one of them.
    """
    prefixes = (asked,) if isinstance(asked, str) else tuple(asked)
    account = coded(cells["CompteNum"])
    retained = account.starts((RETENTION,))
    if retained.any():
        named = np.flatnonzero(retained[account.codes])
        label = _labels(cells, named)
        says = label.where(_RETAINED)[label.codes]
        retained = np.isin(np.arange(len(account.values)), account.codes[named[says]])
    inside = account.starts(prefixes) & (~retained | any(prefix.startswith(RETENTION) for prefix in prefixes))
    return Chosen(account, inside, retained, prefixes)


def no_customers(table: Table, chosen: Chosen) -> ArlibError:
    """The error that no line is on a customer account, with the accounts that look like customers' by their name."""
    label = _labels(table.cells, np.arange(len(table.cells)))
    looks = label.where(_CUSTOMERS) & ~label.where(_NOT_CUSTOMERS)
    named = pd.DataFrame({"account": chosen.account.lines(), "label": label.lines()})[looks[label.codes]]
    found = [f"{account} ({name})" for account, name in named.drop_duplicates("account").sort_values("account").values]
    asked = ", ".join(chosen.asked)
    sentence = say("fec.other_customers", asked=asked, found=", ".join(found[:10])) if found else None
    return ArlibError(problems=[Problem(table.place(), sentence or say("fec.no_customers", asked=asked))])


def families(chosen: Chosen, signed: Cents) -> Sentence:
    """What each family of customer accounts owes at the end of the file, and whether it is in the ledger."""
    balances = np.bincount(chosen.account.codes, signed, len(chosen.account.values)) / _CENT
    accounts = zip(chosen.account.values, chosen.retained, strict=True)
    family = np.array([_family(account, chosen.asked, retained=kept) for account, kept in accounts], dtype=object)
    parts = [
        say(
            "fec.family_in" if taken else "fec.family_out",
            account=name,
            amount=float(balances[(family == name) & (chosen.inside == taken)].sum()),
        )
        for name in sorted(set(family) - {""})
        for taken in (True, False)
        if ((family == name) & (chosen.inside == taken)).any()
    ]
    return say("fec.families", families=parts)


def _family(account: str, asked: tuple[str, ...], *, retained: bool) -> str:
    """The family an account belongs to, `""` for none; a 4117 that is no retention is a customer's own 411."""
    known = FAMILIES if retained else FAMILIES[1:]
    return next((prefix for prefix in (*known, *asked) if account.startswith(prefix)), "")


def _labels(cells: pd.DataFrame, lines: "np.ndarray[Any, Any]") -> Coded:
    """The names of the accounts of some lines."""
    names = cells["CompteLib"].iloc[lines] if "CompteLib" in cells else pd.Series("", range(len(lines)), dtype="str")
    return coded(names)
