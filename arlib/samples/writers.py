"""The négoce history as text files: the ledger and the customers as a French ERP exports them, and the truth."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import fmean, pstdev
from typing import NamedTuple

from arlib.samples.addresses import Reach
from arlib.samples.credit_files import COURTS, CreditFact
from arlib.samples.customers import LAST_DAY
from arlib.samples.events import Customer, History, Kind, Movement
from arlib.samples.expected import open_on
from arlib.samples.orders import Order
from arlib.samples.sales import gross

HEADINGS = (
    "Date", "Journal", "Type", "N° pièce", "Code client", "Nom du client", "Libellé", "Conditions", "Échéance",
    "Montant HT", "Débit", "Crédit", "Lettrage", "Litige", "Segment", "Commercial",
)  # fmt: skip
_CUSTOMER_HEADINGS = (
    "Code client", "Raison sociale", "Segment", "Région", "Commercial", "Conditions de règlement", "Plafond", "Pays",
    "SIREN", "E-mail", "Adresse", "Complément d'adresse", "Code postal", "Ville", "Téléphone", "Contact", "Langue",
)  # fmt: skip
_TRUTH_HEADINGS = (
    "customer_id", "segment", "terms", "story", "mean_days_late_start", "mean_days_late_end", "spread_days",
    "changes_on", "insolvent_on", "pays", "invoices", "settled_invoices", "realised_mean_days_late",
    "realised_spread_days",
)  # fmt: skip
_FACT_HEADINGS = (
    "Code client", "SIREN", "Information", "Valeur", "Connu le", "Source", "Valable jusqu'au", "Quotité", "Exercice",
)  # fmt: skip
_ORDER_HEADINGS = (
    "N° commande", "Date", "Code client", "Livraison prévue", "Montant HT", "Montant TTC", "Conditions de règlement",
    "Statut",
)  # fmt: skip
_TYPES: Mapping[Kind, str] = {"invoice": "Facture", "credit_note": "Avoir", "payment": "Règlement"}
_NO_BREAK_SPACE = "\u00a0"


class LedgerLine(NamedTuple):
    """A line of the customers' ledger, in the order of `HEADINGS`; amounts in cents, None for an empty cell."""

    day: date
    journal: str
    kind: str
    reference: str
    code: str
    name: str
    label: str
    terms: str
    due: date | None
    net: int | None
    debit: int | None
    credit: int | None
    lettering: str
    disputed: str
    segment: str
    salesperson: str


def ledger_lines(history: History) -> Iterator[LedgerLine]:
    """The whole ledger, one line a movement, in chronological order."""
    customers = {customer.code: customer for customer in history.customers}
    for movement in history.movements:
        yield _line(movement, customers[movement.customer])


def _line(movement: Movement, customer: Customer) -> LedgerLine:
    is_payment = movement.kind == "payment"
    return LedgerLine(
        day=movement.day,
        journal="BQ" if is_payment else "VE",
        kind=_TYPES[movement.kind],
        reference=movement.reference,
        code=customer.code,
        name=customer.name,
        label=movement.label,
        terms=customer.terms.text if movement.kind == "invoice" else "",
        due=movement.due,
        net=None if is_payment else movement.net,
        debit=movement.cents if movement.cents > 0 else None,
        credit=-movement.cents if movement.cents < 0 else None,
        lettering=movement.lettering,
        disputed="Oui" if movement.disputed else "",
        segment=customer.segment,
        salesperson=customer.salesperson,
    )


def write_ledger_csv(path: Path, history: History) -> None:
    """The ledger as most French software exports it: semicolons, cp1252, CRLF, `1 234,56`, `31/12/2025`."""
    rows = ([_french(value) for value in line] for line in ledger_lines(history))
    _write_french(path, HEADINGS, rows)


def write_customers(path: Path, customers: Iterable[Customer], reached: Mapping[str, Reach]) -> None:
    """The customers' master file, in the same style; an empty credit limit means that none was agreed.

    `reached` has the address of each by its code.
    """
    rows = (
        (
            customer.code, customer.name, customer.segment, customer.region, customer.salesperson,
            customer.terms.text, _french(customer.credit_limit and customer.credit_limit * 100), customer.country,
            customer.siren, customer.email, *reached[customer.code],
        )
        for customer in customers
    )  # fmt: skip
    _write_french(path, _CUSTOMER_HEADINGS, rows)


def write_facts(path: Path, facts: Iterable[CreditFact]) -> None:
    """What is known of customers from elsewhere, one row a fact; those of the court by the SIREN alone."""
    rows = (
        (
            "" if fact.source == COURTS and fact.customer.siren else fact.customer.code, fact.customer.siren,
            fact.what, _french(fact.value), _french(fact.known_on), fact.source, _french(fact.ends_on), fact.quota,
            str(fact.year or ""),
        )
        for fact in facts
    )  # fmt: skip
    _write_french(path, _FACT_HEADINGS, rows)


def write_orders(path: Path, orders: Iterable[Order]) -> None:
    """The orders that are not invoiced yet, one row an order."""
    rows = (
        (
            order.reference, _french(order.day), order.customer.code, _french(order.delivery),
            _french(sum(part.net for part in order.shares)), _french(gross(order.shares)), order.customer.terms.text,
            "Livrée non facturée" if order.delivered else "À livrer",
        )
        for order in orders
    )  # fmt: skip
    _write_french(path, _ORDER_HEADINGS, rows)


def write_truth(path: Path, history: History) -> None:
    """The delay law of each customer, and what it gave: days late of the invoices settled by the last day.

    An invoice's days late run from its due date to the day of its last settlement; the mean is not weighted.
    UTF-8, commas, empty where there is nothing to say.
    """
    late = _days_late(history)
    invoices = [movement.customer for movement in history.movements if movement.kind == "invoice"]
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(_TRUTH_HEADINGS)
        for customer in history.customers:
            days = late.get(customer.code, [])
            writer.writerow(_truth(customer, invoices.count(customer.code), days))


def _truth(customer: Customer, invoices: int, late: Sequence[int]) -> tuple[object, ...]:
    law = customer.law
    return (
        customer.code, customer.segment, customer.terms.text, law.story, law.mean_start, law.mean_end, law.spread,
        law.changes_on or "", law.insolvent_on or "", customer.habit, invoices, len(late),
        f"{fmean(late):.4f}" if late else "", f"{pstdev(late):.4f}" if late else "",
    )  # fmt: skip


def _days_late(history: History) -> Mapping[str, list[int]]:
    unsettled = {movement.number for movement, _ in open_on(history, LAST_DAY)}
    last_day: dict[int, date] = {}
    for allocation in history.allocations:
        last_day[allocation.debit] = max(allocation.day, last_day.get(allocation.debit, allocation.day))
    late: dict[str, list[int]] = {}
    for number, day in sorted(last_day.items()):
        invoice = history.by_number[number]
        if number not in unsettled and invoice.due is not None:
            late.setdefault(invoice.customer, []).append((day - invoice.due).days)
    return late


def _french(value: str | date | int | None) -> str:
    """A cell as French software writes it: cents as `1 234,56`, dates as `31/12/2025`."""
    match value:
        case None:
            return ""
        case int():
            written = f"{Decimal(value) / 100:,.2f}"
            return written.replace(",", _NO_BREAK_SPACE).replace(".", ",")
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return value


def _write_french(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="cp1252", newline="") as table:
        writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
        writer.writerow(headings)
        writer.writerows(rows)
