"""What of an invoice falls due when, to the cent."""

from datetime import date
from decimal import Decimal

from arlib.readers.einvoice.invoice import CENT, Instalment, Invoice, cents
from arlib.words import Sentence, say

Parts = list[tuple[date | None, Decimal]]


def falling_due(invoice: Invoice) -> tuple[Parts, Sentence | None]:
    """Each due date with its amount, adding up to what the invoice adds to what is owed; and what is doubtful.

    The last date takes the cents of rounding, and, where the amounts of the dates are unknown or do not add up, the
    whole: nothing is called overdue that may not be.
    """
    owed, dates = cents(invoice.totals.owed), invoice.instalments
    last = dates[-1].due_on if dates else None
    if len({each.due_on for each in dates}) < 2:  # noqa: PLR2004 - one date, or none
        return [(last, owed)], None
    amounts = _amounts(dates, owed)
    if amounts is None:
        return [(last, owed)], say("einvoice.unsplit", number=invoice.number, count=len(dates), day=last)
    parts: Parts = [(each.due_on, amount) for each, amount in zip(dates, amounts, strict=True)]
    missing = owed - sum(amounts)
    if invoice.totals.paid and abs(missing - cents(invoice.totals.paid)) < CENT:
        return [(invoice.issued_on, missing), *parts], None  # what was paid before is in no instalment
    if abs(missing) > CENT * len(parts):
        told = say(
            "einvoice.instalments", number=invoice.number, stated=float(sum(amounts)), total=float(owed), day=last
        )
        return [(last, owed)], told
    return [*parts[:-1], (last, amounts[-1] + missing)], None


def _amounts(dates: tuple[Instalment, ...], owed: Decimal) -> list[Decimal] | None:
    """The amount of each date, one that states none taking the remainder; None where several state none."""
    stated = [cents(each.amount) for each in dates if each.amount is not None]
    if len(stated) < len(dates) - 1:
        return None
    rest = owed - sum(stated)
    return [rest if each.amount is None else cents(each.amount) for each in dates]
