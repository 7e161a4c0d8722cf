"""Rows of a list that are no receivables: documents cancelled or never sent, and expenses. Counted and named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from arlib.readers.lists.kinds import shapes
from arlib.readers.profiles import UNKNOWN, Profile
from arlib.words import Sentence, bare, say

_VOID = r"(?:annul|anulad|cancel|void|brouillon|draft|entwurf|borrador|bozza|delet|supprim|storn)"
_EXPENSE = r"\b(?:expenses?|depenses?|charges?|achats?|purchases?|outflow|sortie|decaissement|aufwand|gastos?|costi)\b"
_SPENDING = (
    r"\b(?:achats?|loyers?|salaires?|fournisseurs?|frais|charges|assurances?|urssaf|impots?|taxes?|abonnements?"
    r"|purchases?|expenses?|rent|salar(?:y|ies)|wages|payroll|suppliers?|vendors?|insurance|miete|gehalt)\b"
)
_ENOUGH = 1 / 3  # of the rows of parties never invoiced speak of spending: the list is a journal of cash in and out


@dataclass(frozen=True, eq=False)
class Receivables:
    """The rows that are receivables, and what was left out."""

    read: pd.DataFrame
    warnings: list[Sentence]
    decided: Mapping[str, str] = field(default_factory=dict)


def receivables(
    read: pd.DataFrame, amount: "pd.Series[Any]", profile: Profile = UNKNOWN, *, both_ways: bool
) -> Receivables:
    """The rows without cancelled documents, drafts and expenses.

    An expense says so in its type. In a list without types, a negative row of a party that was never invoiced
    cannot be a credit note of that list; where such rows speak of rent, salaries or purchases, the list is a journal
    of income and expenses, and all of them are left out. Other negative rows remain credit notes. The profile may
    say that there are expenses, or none.
    """
    void = _speaks(read, "paid_status", _VOID)
    warnings = _said("read.void", read, amount, void, "paid_status") if void.any() else []
    read = read[~void]
    expense = _speaks(read, "kind", _EXPENSE)
    decided: dict[str, str] = {}
    if not expense.any() and "kind" not in read and not both_ways:
        doubtful = _never_invoiced(read, amount[read.index])
        if doubtful.any():
            said = profile.expenses or ("left out" if _speaks_of_spending(read[doubtful]) else "none")
            decided = {"expenses": said}
            expense = doubtful & (said == "left out")
    if expense.any():
        warnings += _said("read.expenses", read, amount, expense, "name" if "name" in read else "customer_id")
    return Receivables(read[~expense], warnings, decided)


def _speaks(read: pd.DataFrame, name: str, words: str) -> "pd.Series[bool]":
    """Rows whose cell of a column holds one of the words; each distinct cell is looked at once."""
    if name not in read:
        return pd.Series(data=False, index=read.index)
    known = {text: bool(re.search(words, bare(text).lower())) for text in read[name].dropna().unique()}
    spoken: pd.Series[bool] = read[name].map(known).fillna(value=False).astype(bool)
    return spoken


def _never_invoiced(read: pd.DataFrame, amount: "pd.Series[Any]") -> "pd.Series[bool]":
    """Negative rows of parties that no row invoices, in a list that invoices others."""
    below = amount < 0
    if not below.any():
        return below
    invoiced = read.loc[amount > 0, "customer_id"].unique()
    return below & ~read["customer_id"].isin(invoiced) & bool(len(invoiced))


def _speaks_of_spending(rows: pd.DataFrame) -> bool:
    """Whether enough rows speak of rent, salaries or purchases in their label, segment or party."""
    spending = pd.Series(data=False, index=rows.index)
    for name in [name for name in ("label", "segment", "customer_id") if name in rows]:
        shaped = shapes(rows[name])
        known = {text: bool(re.search(_SPENDING, bare(text).lower())) for text in shaped.dropna().unique()}
        spending |= shaped.map(known).fillna(value=False).astype(bool)
    return bool(spending.mean() >= _ENOUGH)


def _said(key: str, read: pd.DataFrame, amount: "pd.Series[Any]", out: "pd.Series[bool]", name: str) -> list[Sentence]:
    """How many rows were left out, for how much, and the most frequent of their values of a column."""
    counts = read.loc[out, name].value_counts()
    shown = ", ".join(f"{text} ({count})" for text, count in counts.head(8).items())
    more = "…" if len(counts) > 8 else ""  # noqa: PLR2004 - those shown
    total = float(amount[read.index[out]].sum())
    return [say(key, rows=int(out.sum()), amount=total, values=shown + more, row=int(read.index[out][0]))]
