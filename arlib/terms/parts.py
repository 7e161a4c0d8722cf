"""What an invoice is paid in: instalments by share or amount, cash discounts, exact to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from arlib.errors import ArlibError
from arlib.schema import Days, Floats
from arlib.terms.rule import DueRule
from arlib.words import say

Base = Literal["gross", "net"]
MILLION = 1_000_000  # shares are whole millionths: 33.3333 % is exact, a third is not a share anybody agrees on
_THOUSAND = 1_000  # no currency has more than three decimals
_WHOLE = 1e-6


@dataclass(frozen=True)
class Instalment:
    """A part of an invoice that falls due by a rule of its own; the balance is what the instalments leave.

    Attributes:
        due: its rule.
        share: its share of the invoice, above 0 and below 1, in whole millionths; None where an amount is given.
        amount: its amount, above 0, in whole thousandths; an invoice for less owes no more than itself.

    Raises:
        ArlibError: both or neither are given, or one is out of range.
    """

    due: DueRule
    share: float | None = None
    amount: float | None = None

    def __post_init__(self) -> None:
        check_rule(self.due)
        if (self.share is None) == (self.amount is None):
            raise ArlibError(say("terms.share_or_amount"))
        if self.share is not None:
            check_share(self.share)
        if self.amount is not None and not (self.amount > 0 and _is_whole(self.amount * _THOUSAND)):
            raise ArlibError(say("terms.impossible_value", name="amount", value=str(self.amount)))


@dataclass(frozen=True)
class Discount:
    """What an invoice costs less when it is paid early.

    Attributes:
        share: what comes off, above 0 and below 1, in whole millionths.
        until: the rule of the last day on which it is granted.
        base: `gross`, the share is of the amount with tax; `net`, of the amount without.

    Raises:
        ArlibError: the share is out of range or the base unknown.
    """

    share: float
    until: DueRule
    base: Base = "gross"

    def __post_init__(self) -> None:
        check_rule(self.until)
        check_share(self.share)
        if self.base not in get_args(Base):
            raise ArlibError(say("terms.impossible_value", name="base", value=str(self.base)))


def check_rule(rule: object) -> None:
    """Refuses what is not the rule of one date, or has parts of its own.

    Raises:
        ArlibError: it is another thing.
    """
    if type(rule) is not DueRule:
        raise ArlibError(say("terms.impossible_value", name="due", value=str(rule)))


def check_share(share: float) -> None:
    """Refuses a share that is not above 0, below 1 and in whole millionths.

    Raises:
        ArlibError: it is not.
    """
    if not (0 < share < 1 and _is_whole(share * MILLION)):
        raise ArlibError(say("terms.impossible_value", name="share", value=str(share)))


def minor_units(amounts: Floats, decimals: int) -> Days:
    """Amounts as whole cents, or as the currency has decimals; those that are missing are 0."""
    units: Days = np.rint(np.nan_to_num(amounts) * 10**decimals).astype(np.int64)
    return units


def share_of(units: Days, share: float) -> Days:
    """A share of whole amounts, halves rounded away from zero, in whole numbers throughout."""
    millionths = round(share * MILLION)
    whole, rest = np.divmod(np.abs(units), MILLION)
    part: Days = np.sign(units) * (whole * millionths + (rest * millionths + MILLION // 2) // MILLION)
    return part


def split(units: Days, instalments: Sequence[Instalment], decimals: int) -> list[Days]:
    """Whole amounts cut into instalments and, last, the balance: each rounded alone, the balance takes what is left.

    Source: Odoo's `account_payment_term`; halves are rounded away from zero, credit notes as invoices.
    """
    left = np.abs(units)
    parts = []
    for each in instalments:
        amount = 0 if each.amount is None else round(each.amount * 10**decimals)
        asked = np.full_like(left, amount) if each.share is None else share_of(np.abs(units), each.share)
        parts.append(np.minimum(asked, left))
        left = left - parts[-1]
    return [np.sign(units) * part for part in (*parts, left)]


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) <= _WHOLE
