"""Which way each row of a list counts, and how much, from whatever columns say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.profiles import UNKNOWN, Profile
from arlib.schema import HALF_CENT
from arlib.words import Sentence, say

_TAX_RATES = {0, 2.1, 5, 5.5, 6, 7, 8.5, 9, 10, 13, 19, 19.6, 20, 21, 22}  # percent; a tax column may hold rates


_LOOKED_AT = 1000  # rows on which a column of amounts shows that it holds no rates


@dataclass(frozen=True, eq=False)
class Signed:
    """What each row adds to what is owed, before its kind is known.

    `both_ways` says whether columns give the sign (debit and credit, or an amount and its sense): a negative row is
    then a payment like any other, and not a document written as negative. `decided` is what was decided on the whole
    file, as a profile says it.
    """

    amount: "pd.Series[Any]"
    both_ways: bool
    warnings: list[Sentence]
    decided: Mapping[str, str] = field(default_factory=dict)


def signed_amounts(read: pd.DataFrame, profile: Profile = UNKNOWN) -> Signed:
    """Debit less credit; or an amount with its sense; or one amount, tax included where the list has it.

    Whether amounts beside a sense have their sign already, and whether a column of tax holds rates, is decided on
    the whole file, unless the profile says it.
    """
    if {"debit", "credit"} <= set(read):
        return Signed(_by_sides(read), both_ways=True, warnings=[])
    tax = _tax(read, profile)
    decided = {} if tax is None else {"tax": tax}
    amount, warnings = _unsigned(read, tax)
    if "sense" not in read:
        return Signed(amount, both_ways=False, warnings=warnings, decided=decided)
    credits_ = amount[read["sense"] < 0]
    signed = bool((credits_ <= 0).all() and (credits_ < 0).any())
    sense = profile.sense or ("signed" if signed else "unsigned")
    amount = amount if sense == "signed" else amount * read["sense"].fillna(1)
    return Signed(amount, both_ways=True, warnings=warnings, decided={**decided, "sense": sense})


def _tax(read: pd.DataFrame, profile: Profile) -> str | None:
    """Whether a column of tax holds rates or amounts, where amounts are made with it."""
    if not {"net_amount", "tax_amount"} <= set(read) or ("amount" in read and read["amount"].notna().all()):
        return None
    tax = read["tax_amount"].fillna(0)
    rates = all(set(some.unique()) <= _TAX_RATES for some in (tax.iloc[:_LOOKED_AT], tax))
    return profile.tax or ("rates" if rates else "amounts")


def _by_sides(read: pd.DataFrame) -> "pd.Series[Any]":
    """Debit less credit; where what is left of a row is exactly that, the side it is left of: the other settled it."""
    debit, credit = read["debit"].fillna(0), read["credit"].fillna(0)
    moved = (debit - credit).round(2)
    if "open_amount" not in read:
        return moved
    partly = (debit != 0) & (credit != 0) & ((read["open_amount"] - moved).abs() < HALF_CENT)
    return moved.mask(partly, debit.where(moved >= 0, -credit)) if partly.any() else moved


def line_amounts(read: pd.DataFrame) -> "pd.Series[Any] | None":
    """What each row is worth by its own columns of a line: its amount, or quantity × unit price less a discount."""
    if "line_amount" in read:
        return read["line_amount"]
    if not {"quantity", "unit_price"} <= set(read):
        return None
    kept = 1 - read["discount"].fillna(0) / 100 if "discount" in read else 1
    return (read["quantity"] * read["unit_price"] * kept).round(2)


def _unsigned(read: pd.DataFrame, tax: str | None) -> tuple["pd.Series[Any]", list[Sentence]]:
    """The amount of each row, by the best column the list has; where its cell is empty, by the next one."""
    worth, warnings = _worth(read, tax)
    if "open_amount" not in read:
        return worth, warnings
    # An unapplied receipt of a report of open items has no invoiced amount, only what is left of it.
    return worth.where(worth.fillna(0) != 0, read["open_amount"].fillna(worth)), warnings


def _worth(read: pd.DataFrame, tax: str | None) -> tuple["pd.Series[Any]", list[Sentence]]:
    if "amount" in read and read["amount"].notna().all():
        return read["amount"], []
    amount = read["amount"] if "amount" in read else pd.Series(np.nan, index=read.index)
    lines = line_amounts(read)
    if "net_amount" in read:
        net, warnings = _with_tax(read, tax)
        filled = amount.fillna(net) if lines is None else amount.fillna(net).fillna(lines)
        return filled, [] if "amount" in read else warnings
    if lines is None:
        return amount, []
    return amount.fillna(lines), [] if "amount" in read else [say("read.net_lines")]


def _with_tax(read: pd.DataFrame, tax: str | None) -> tuple["pd.Series[Any]", list[Sentence]]:
    if "tax_amount" not in read:
        return read["net_amount"], [say("read.net_only")]
    added = read["tax_amount"].fillna(0)
    if tax == "rates":
        added = read["net_amount"] * added / 100
    return (read["net_amount"] + added).round(2), []
