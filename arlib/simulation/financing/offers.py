"""The ways of having cash before a customer pays, each a value that knows its cost."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from arlib.errors import ArlibError
from arlib.simulation.financing.cost import FinancingCost
from arlib.terms.parts import Discount
from arlib.terms.rule import date_fields
from arlib.words import Sentence, say

BANK_YEAR = 360  # days in the year of a French bank, which makes its interest dearer than its rate says


@dataclass(frozen=True)
class _Named:
    """What all offers have: a kind, and a name where two are of the same kind."""

    KIND: ClassVar[str]
    LIMITS: ClassVar[Mapping[str, float]] = {}  # the largest value of each figure; none is below 0

    @property
    def label(self) -> Sentence | str:
        """What it is called: its own name, or that of its kind."""
        return getattr(self, "name", "") or say(f"simulation.financing.kind.{self.KIND}")

    def __post_init__(self) -> None:
        figures = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in figures.items():
            if isinstance(value, str | bool):
                continue
            largest = self.LIMITS.get(name, math.inf)
            if not (math.isfinite(value) and 0 <= value <= largest):
                raise ArlibError(say("simulation.financing.figure", offer=self.label, figure=name, value=value))


@dataclass(frozen=True)
class CashDiscount(_Named):
    """A discount a customer takes for paying early: `share` off the amount with tax, paid `within_days` of the invoice.

    Nobody lends: the customer has paid, and its failure is no longer a risk.
    """

    KIND: ClassVar[str] = "cash_discount"
    LIMITS: ClassVar[Mapping[str, float]] = {"share": 0.5, "within_days": 366}
    keeps_risk: ClassVar[bool] = False

    share: float
    within_days: float
    name: str = ""

    @classmethod
    def of(cls, discount: Discount, name: str = "") -> "CashDiscount":
        """That of payment terms, where it is a share of the amount with tax within a number of days.

        Raises:
            ArlibError: it counts otherwise: the days it gives then depend on the date of the invoice.
        """
        if discount.base != "gross" or set(date_fields(discount.until)) - {"days"}:
            raise ArlibError(say("simulation.financing.discount"))
        return cls(discount.share, discount.until.days, name)

    def cost(self, amount: float, days: float) -> FinancingCost:
        """Of an amount that would really be paid `days` after its invoice."""
        taken = amount * self.share
        return FinancingCost(cash=amount - taken, days=days - self.within_days, discount=taken)


@dataclass(frozen=True)
class BillsDiscounting(_Named):
    """A bank that pays bills before they fall due, its interest taken off at once; unpaid ones come back to the seller.

    Attributes:
        rate: interest a year of 360 days.
        endorsement_rate: commission a year, counted as the interest is.
        bank_days: days the bank adds to those of the bill.
        least_days: days it counts at least.
        fees: in money, for the bills of the amount.
        name: where there are several.
    """

    KIND: ClassVar[str] = "bills"
    LIMITS: ClassVar[Mapping[str, float]] = {"rate": 1, "endorsement_rate": 1, "bank_days": 30, "least_days": 90}
    keeps_risk: ClassVar[bool] = True

    rate: float
    endorsement_rate: float = 0.0
    bank_days: float = 0.0
    least_days: float = 0.0
    fees: float = 0.0
    name: str = ""

    def cost(self, amount: float, days: float) -> FinancingCost:
        """Of bills of an amount that fall due in `days`."""
        years = max(days + self.bank_days, self.least_days) / BANK_YEAR
        interest, commission = amount * self.rate * years, amount * self.endorsement_rate * years
        cash = amount - interest - commission - self.fees
        return FinancingCost(cash, days, interest=interest, commission=commission, fees=self.fees)


@dataclass(frozen=True)
class Factoring(_Named):
    """A factor that takes over invoices, keeps a fund as its guarantee, and lends the rest until customers pay.

    Attributes:
        commission_share: of what is ceded, tax included.
        rate: interest a year of 360 days on what is drawn, which is all that is not kept in the fund.
        retained_share: the guarantee fund, given back when the customer pays.
        least_commission: in money, of the amount ceded; where it is agreed for a year, cede a year of sales.
        fees: in money, for the amount ceded.
        avoided_share: costs of insurance and reminders that the factor now bears, of what is ceded.
        without_recourse: whether the failure of a customer is the factor's loss.
        name: where there are several.
    """

    KIND: ClassVar[str] = "factoring"
    LIMITS: ClassVar[Mapping[str, float]] = {
        "commission_share": 0.5,
        "rate": 1,
        "retained_share": 0.99,
        "avoided_share": 0.5,
    }

    commission_share: float
    rate: float
    retained_share: float = 0.1
    least_commission: float = 0.0
    fees: float = 0.0
    avoided_share: float = 0.0
    without_recourse: bool = False
    name: str = ""

    @property
    def keeps_risk(self) -> bool:
        """Whether the failure of a customer stays the seller's loss."""
        return not self.without_recourse

    def cost(self, amount: float, days: float) -> FinancingCost:
        """Of an amount ceded that is really paid `days` later; commission, interest and fees come off at once."""
        retained = amount * self.retained_share
        commission = max(amount * self.commission_share, self.least_commission)
        interest = (amount - retained) * self.rate * days / BANK_YEAR
        return FinancingCost(
            cash=amount - retained - commission - interest - self.fees,
            days=days,
            interest=interest,
            commission=commission,
            fees=self.fees,
            avoided=-amount * self.avoided_share + 0.0,
            retained=retained,
        )


@dataclass(frozen=True)
class Overdraft(_Named):
    """A bank account in the red until customers pay: interest a year of 360 days, paid afterwards, and fees."""

    KIND: ClassVar[str] = "overdraft"
    LIMITS: ClassVar[Mapping[str, float]] = {"rate": 1}
    keeps_risk: ClassVar[bool] = True

    rate: float
    fees: float = 0.0
    name: str = ""

    def cost(self, amount: float, days: float) -> FinancingCost:
        """Of an amount drawn for `days`."""
        return FinancingCost(amount, days, interest=amount * self.rate * days / BANK_YEAR, fees=self.fees)


Offer = CashDiscount | BillsDiscounting | Factoring | Overdraft
