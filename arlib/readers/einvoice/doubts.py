"""What an invoice says twice and not alike: its totals are taken as stated, and the difference told."""

from collections.abc import Iterator
from decimal import Decimal

from arlib.readers.einvoice.invoice import CENT, CORRECTED, CREDIT_CODES, INVOICE_CODES, Invoice
from arlib.words import Sentence, say


def doubts_of(invoice: Invoice) -> Iterator[Sentence]:
    """What a person should look at in one invoice before using its figures."""
    number, totals = invoice.number, invoice.totals
    if not invoice.total_stated:
        yield say("einvoice.total_from_due", number=number, total=float(totals.total))
    for key, stated, computed in _sums(invoice):
        if stated is not None and computed is not None and abs(stated - computed) >= CENT:
            yield say(f"einvoice.differs.{key}", number=number, stated=float(stated), computed=float(computed))
    if invoice.credit and totals.owed < 0:
        yield say("einvoice.negative_credit", number=number, amount=float(totals.owed))
    yield from _about_its_kind(invoice)


def _about_its_kind(invoice: Invoice) -> Iterator[Sentence]:
    """What its type code leaves in doubt, and what it was taken for."""
    number = invoice.number
    if invoice.negative:
        yield _negative(invoice)
    elif invoice.type_code in CORRECTED:
        preceding = ", ".join(invoice.preceding) or "–"
        yield say("einvoice.corrected", number=number, code=invoice.type_code, preceding=preceding)
    elif invoice.type_code and invoice.type_code not in CREDIT_CODES | INVOICE_CODES:
        yield say("einvoice.unusual_type", number=number, code=invoice.type_code)
    elif not invoice.type_code and invoice.norm == "CII":
        yield say("einvoice.no_type", number=number)


def _negative(invoice: Invoice) -> Sentence:
    """What an invoice with a negative total was taken for, and which invoice it takes its amount off."""
    named = len(invoice.preceding) == 1
    key = "einvoice.negative_invoice_of" if named else "einvoice.negative_invoice"
    values = {"preceding": invoice.preceding[0]} if named else {}
    code = invoice.type_code or "–"
    return say(key, number=invoice.number, code=code, amount=float(invoice.totals.owed), **values)


def _sums(invoice: Invoice) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """Each total that others make up: what it is, as stated, as computed."""
    totals = invoice.totals
    taxed = None if totals.net is None or totals.tax is None else totals.net + totals.tax
    basis = None if totals.lines is None else totals.lines - totals.allowances + totals.charges
    return [
        ("due", totals.due, totals.owed - totals.paid),
        ("total", totals.total, taxed),
        ("net", totals.net, basis),
        ("lines", totals.lines, totals.summed),
    ]
