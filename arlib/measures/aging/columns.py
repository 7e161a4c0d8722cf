"""The columns of an aged balance: the parts of what is owed, treated as asked, which add up to the total."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.ledger import Ledger, Movements, movements
from arlib.measures.aging.ages import Ages
from arlib.measures.aging.netting import PURSES, net_of_credits
from arlib.measures.aging.stock import Clock, stock
from arlib.measures.aging.worth import document_currency_shares, tax_shares
from arlib.schema import HALF_CENT, Codes, Days, Floats

NO_DUE_DATE, DISPUTED, UNAPPLIED = "no_due_date", "disputed", "unapplied"
TAX, TOTAL, TAX_UNKNOWN = "tax", "total", "tax_unknown"


@dataclass(frozen=True)
class Shown:
    """How an aged balance is shown; the choices are those of `aged_balance_history`."""

    ages: Ages
    net_credits: bool
    net_of_tax: bool
    disputed_apart: bool
    document_currency: bool

    @property
    def parts(self) -> list[str]:
        """What the total is made of, in the order in which `stock` gives it."""
        return [*self.ages.names, NO_DUE_DATE, DISPUTED, UNAPPLIED]

    @property
    def columns(self) -> list[str]:
        """The columns of amounts, in the order of the result."""
        parts = [name for name in self.parts if name != DISPUTED or self.disputed_apart]
        return [*parts, TAX, TOTAL, TAX_UNKNOWN] if self.net_of_tax else [*parts, TOTAL]


def columns_of(
    ledger: Ledger, days: Days, names: Sequence[str], shown: Shown
) -> tuple[dict[str, Floats], pd.DataFrame]:
    """The columns of amounts, a row a day and a group, and the groups, a row each."""
    purses = [name for name in PURSES if shown.net_credits and name not in names]
    by = [*names, *purses]
    moved = movements(ledger, by=by[0] if len(by) == 1 else by)
    first, groups = _groups(moved.groups, names)
    if not (len(days) and len(moved.groups)):
        return {name: np.zeros(len(days) * len(groups)) for name in shown.columns}, groups
    held = _held(ledger, moved, days, shown)
    if purses:
        held = [np.add.reduceat(part, first, axis=2) for part in held]
    columns = _columns(held, shown)
    return {name: columns[name].reshape(-1) for name in shown.columns}, groups


def _groups(found: pd.DataFrame, names: Sequence[str]) -> tuple[Codes, pd.DataFrame]:
    """Where each group by the first columns begins among groups by more, and those groups."""
    if not names:
        return np.zeros(1, dtype=np.intp), pd.DataFrame(index=pd.RangeIndex(1))
    first = np.flatnonzero(~found.duplicated(list(names)))
    return first, found[list(names)].take(first).reset_index(drop=True)


def _columns(held: Sequence[Floats], shown: Shown) -> dict[str, Floats]:
    """Each column in cents, by day and group, from `_held`, which is written over: it may be large."""
    gross, *taxes = held
    net = gross - taxes[0] if taxes else gross
    total = _cents(_cents(gross).sum(axis=0))
    columns = {**dict(zip(shown.parts, _cents(net), strict=True)), TOTAL: total}
    if taxes:
        columns[TAX] = _cents(total - net.sum(axis=0))
        columns[TAX_UNKNOWN] = _cents(np.abs(taxes[1]).sum(axis=0))
    return columns


def _cents(amounts: Floats) -> Floats:
    """The same amounts, rounded in place, without zeros below zero."""
    np.round(amounts, 2, out=amounts)
    amounts += 0.0
    return amounts


def _held(ledger: Ledger, moved: Movements, days: Days, shown: Shown) -> list[Floats]:
    """What is open by (part, day, group); net of tax, also the tax in it, and how much of it bears no known tax."""
    clock = _clock(ledger, days, shown)
    worth = document_currency_shares(ledger) if shown.document_currency else None
    gross = stock(moved, clock, worth)
    held = [gross]
    if shown.net_of_tax:
        taxed = [shares if worth is None else shares * worth for shares in tax_shares(ledger)]
        held += [stock(moved, clock, shares) for shares in taxed]
    if not shown.net_credits:
        return held
    netted = net_of_credits(gross, shown.ages)
    left = np.divide(netted, gross, out=np.zeros_like(gross), where=np.abs(gross) >= HALF_CENT)
    return [netted, *(part * left for part in held[1:])]


def _clock(ledger: Ledger, days: Days, shown: Shown) -> Clock:
    apart = ledger.items["disputed"].to_numpy() if shown.disputed_apart else None
    return Clock(days, np.asarray(shown.ages.firsts, dtype=np.int64), shown.ages.basis, apart)
