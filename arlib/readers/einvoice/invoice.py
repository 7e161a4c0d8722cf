"""What an electronic invoice says of itself, whatever the syntax it is written in: the semantic model of EN 16931."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

# UNTDID 1001, of the codes EN 16931 allows: those of a credit note, those of what is owed, and what is no debt yet.
CREDIT_CODES = frozenset(("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"))
PRO_FORMA = "325"
CORRECTED = frozenset(("384", "471", "472", "473"))
INVOICE_CODES = CORRECTED | {
    *("71", "80", "82", "84", "102", "218", "219", "326", "331", "380", "382", "383", "385", "386", "387", "388"),
    *("389", "390", "393", "394", "395", "456", "457", "500", "501", "527", "553", "575", "623", "633", "751", "780"),
    *("817", "870", "875", "876", "877", "935"),
}
CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """An amount in whole cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Party:
    """The seller or the buyer, by its names and numbers.

    Attributes:
        name: registered name, else trading name.
        registration: scheme (`""` for none) and number of the legal registration.
        identifiers: scheme and number of the others.
        vat: VAT number.
        address: electronic address, scheme and address.
        email: of the contact, else the electronic address where it is one.
        country: two letters.
    """

    name: str | None
    registration: tuple[str, str] | None
    identifiers: tuple[tuple[str, str], ...]
    vat: str | None
    address: tuple[str, str] | None
    email: str | None
    country: str | None


@dataclass(frozen=True)
class Instalment:
    """A day something falls due, and how much where the invoice says it."""

    due_on: date
    amount: Decimal | None


@dataclass(frozen=True)
class Totals:
    """The totals as the document states them, in its currency; None where it does not.

    `lines` is the total of the lines as stated (BT-106), `summed` what the lines add up to.
    """

    total: Decimal
    net: Decimal | None
    tax: Decimal | None
    paid: Decimal
    rounding: Decimal
    due: Decimal | None
    lines: Decimal | None
    summed: Decimal | None
    allowances: Decimal
    charges: Decimal

    @property
    def owed(self) -> Decimal:
        """What the document adds to what is owed, before what was paid on it."""
        return self.total + self.rounding


@dataclass(frozen=True)
class Invoice:
    """One electronic invoice or credit note, amounts as written: those of a credit note are positive.

    `total_stated` is False where the total with VAT is not stated, and was taken from the amount due.
    """

    norm: str
    number: str
    type_code: str
    credit: bool
    issued_on: date
    currency: str
    totals: Totals
    total_stated: bool
    instalments: tuple[Instalment, ...]
    seller: Party
    buyer: Party
    terms: str | None
    tax_currency: str | None
    accounted_tax: Decimal | None
    buyer_reference: str | None
    order: str | None
    contract: str | None
    delivered_on: date | None
    preceding: Sequence[str]

    @property
    def negative(self) -> bool:
        """Whether it is called an invoice and owes less than nothing: a credit note under another name."""
        return not self.credit and cents(self.totals.owed) < 0
