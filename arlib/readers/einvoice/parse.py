"""The elements of an invoice, at the places its syntax gives them, as a value."""

from decimal import Decimal
from xml.etree import ElementTree as ET

from arlib.readers.einvoice.document import Document, text_of
from arlib.readers.einvoice.invoice import CREDIT_CODES, PRO_FORMA, Instalment, Invoice, Party, Totals
from arlib.readers.einvoice.parties import number_of
from arlib.readers.einvoice.syntax import PartyPaths, Schedule, Syntax
from arlib.readers.sources import refuse

_NOTHING = Decimal(0)
_DETAIL = ("", "DETAIL")  # a line that counts; GROUP and INFORMATION repeat others


def invoice_of(document: Document, syntax: Syntax) -> Invoice | None:
    """The invoice a document states; None, with its `problems`, where it lacks what none can do without."""
    number = document.required(syntax.number, "number")
    issued_on = document.day(syntax.issued_on, "issued_on")
    if document.first(syntax.issued_on) is None:
        document.missing(syntax.issued_on, "issued_on")
    type_code = document.text(syntax.type_code) or ""
    if type_code == PRO_FORMA:
        document.problems += refuse(document.place.file, "einvoice.pro_forma", number=number).problems
    currency = document.required(syntax.currency, "currency")
    totals, total_stated = _totals(document, syntax, currency)
    instalments = _instalments(document, syntax, currency)
    tax_currency = document.text(syntax.tax_currency)
    accounting = tax_currency if tax_currency != currency else None
    seller, buyer = (_party(document, path, syntax.party) for path in (syntax.seller, syntax.buyer))
    if number_of(buyer) is None:
        document.missing(syntax.buyer, "buyer")
    delivered_on = document.day(syntax.delivered_on, "delivered_on")
    accounted = document.amount(syntax.tax, "tax", accounting) if accounting else None
    if document.problems or issued_on is None or totals is None:
        return None
    return Invoice(
        norm=syntax.norm,
        number=number,
        type_code=type_code,
        credit=syntax.always_credit or type_code in CREDIT_CODES,
        issued_on=issued_on,
        currency=currency,
        totals=totals,
        total_stated=total_stated,
        instalments=instalments,
        seller=seller,
        buyer=buyer,
        terms=" / ".join(document.texts(syntax.terms)) or None,
        tax_currency=accounting,
        accounted_tax=accounted,
        buyer_reference=document.text(syntax.buyer_reference),
        order=document.text(syntax.order),
        contract=document.text(syntax.contract),
        delivered_on=delivered_on,
        preceding=document.texts(syntax.preceding),
    )


def _totals(document: Document, syntax: Syntax, currency: str) -> tuple[Totals | None, bool]:
    """The totals, and whether the total with VAT is stated: where only the amount due is, it follows from it."""

    def read(path: str, field: str) -> Decimal | None:
        return document.amount(path, field, currency)

    before = len(document.problems)
    stated, due = read(syntax.total, "total"), read(syntax.due, "due")
    paid, rounding = read(syntax.paid, "paid") or _NOTHING, read(syntax.rounding, "rounding") or _NOTHING
    total = due + paid - rounding if stated is None and due is not None else stated
    counted = (
        line
        for line in document.root.iterfind(syntax.lines)
        if not syntax.line_status or (document.text(syntax.line_status, line) or "") in _DETAIL
    )
    summed = document.sum_of(counted, syntax.line_amount, "line", currency)
    parts = {
        "net": read(syntax.net, "net"),
        "tax": read(syntax.tax, "tax"),
        "lines": read(syntax.lines_total, "lines"),
    }
    allowances, charges = read(syntax.allowances, "allowances"), read(syntax.charges, "charges")
    if total is None:
        if len(document.problems) == before:
            document.missing(syntax.total, "total")
        return None, False
    made = Totals(
        total=total,
        **parts,
        paid=paid,
        rounding=rounding,
        due=due,
        summed=summed,
        allowances=allowances or _NOTHING,
        charges=charges or _NOTHING,
    )
    return made, stated is not None


def _instalments(document: Document, syntax: Syntax, currency: str) -> tuple[Instalment, ...]:
    """The due dates of the first place that gives any; those of a discount count only where there are no others."""
    found = [
        [_dated(document, schedule, currency, part) for part in document.root.iterfind(schedule.parts)]
        for schedule in syntax.schedules
    ]
    for of_discount in (False, True):
        for dated in found:
            chosen = [instalment for instalment, discounted in dated if instalment and discounted is of_discount]
            if chosen:
                return tuple(sorted(chosen, key=lambda instalment: instalment.due_on))
    return ()


def _dated(document: Document, schedule: Schedule, currency: str, part: ET.Element) -> tuple[Instalment | None, bool]:
    """What falls due by one element, and whether it is but the date of a discount."""
    days = (document.day(path, "due_on", part) for path in schedule.due_on)
    due_on = next((day for day in days if day is not None), None)
    if due_on is None:
        return None, False
    amount = document.amount(schedule.amount, "instalment", currency, part) if schedule.amount else None
    return Instalment(due_on, amount), schedule.discount is not None and part.find(schedule.discount) is not None


def _party(document: Document, path: str, paths: PartyPaths) -> Party:
    element = document.root.find(path)
    if element is None:
        return Party(None, None, (), None, None, None, None)
    registration = document.first(paths.registration, element)
    identifiers = (found for each in paths.identifiers for found in element.iterfind(each) if text_of(found))
    endpoint = document.first(paths.address, element)
    address = None if endpoint is None else _numbered(endpoint)
    electronic = address[1] if address and (address[0] == "EM" or "@" in address[1]) else None
    return Party(
        name=next((name for each in paths.name if (name := document.text(each, element))), None),
        registration=None if registration is None else _numbered(registration),
        identifiers=tuple(map(_numbered, identifiers)),
        vat=_vat(document, element, paths),
        address=address,
        email=document.text(paths.email, element) or electronic,
        country=document.text(paths.country, element),
    )


def _numbered(element: ET.Element) -> tuple[str, str]:
    """A number with the scheme it belongs to."""
    return element.get("schemeID", ""), text_of(element)


def _vat(document: Document, element: ET.Element, paths: PartyPaths) -> str | None:
    for registration in element.iterfind(paths.tax):
        number = document.first(paths.tax_number, registration)
        if number is None:
            continue
        attribute = paths.tax_scheme.removeprefix("@")
        kind = number.get(attribute) if attribute != paths.tax_scheme else document.text(attribute, registration)
        if kind == paths.vat:
            return text_of(number)
    return None
