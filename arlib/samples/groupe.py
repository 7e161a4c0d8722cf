"""The groupe sample: the invoices of four companies in four currencies, as a business intelligence tool has them."""

import csv
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from arlib.samples.business_days import end_of_month
from arlib.samples.events import Allocation, History, Movement, Terms
from arlib.samples.sales import due_day

SEED = 20240101
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2025, 12, 31)
_SATURDAY = 5
_CUSTOMERS_AN_ENTITY, _INVOICES_A_MONTH = 30, 42
_DISPUTED, _NEVER_PAID = 0.03, 0.006
_AMBIGUOUS = Decimal("0.0001")  # euros: no converted amount is this near to half a cent

_TERMS: Mapping[str, tuple[Terms, ...]] = {
    "FR": (Terms("45 days end of month", 45, end_of_month=True), Terms("Net 30", 30), Terms("Net 60", 60)),
    "DE": (Terms("Net 14", 14), Terms("Net 30", 30)),
    "GB": (Terms("Net 30", 30), Terms("30 days end of month", 30, end_of_month=True)),
    "US": (Terms("Net 30", 30), Terms("Net 45", 45), Terms("Due on receipt", 0)),
}
# Where the customers of each company are, what they are invoiced in, and how often.
_MARKETS: Mapping[str, tuple[tuple[str, str, float], ...]] = {
    "FR": (("FR", "EUR", 7), ("BE", "EUR", 2), ("CH", "CHF", 1)),
    "DE": (("DE", "EUR", 7), ("AT", "EUR", 1), ("CH", "CHF", 2)),
    "GB": (("GB", "GBP", 8), ("IE", "EUR", 2)),
    "US": (("US", "USD", 9), ("CA", "USD", 1)),
}
_SEGMENTS = ("Industry", "Distribution", "Public sector", "Services")
_FIRST_WORDS = (
    "Albantine", "Bluefen", "Corvessa", "Dornach", "Eastmoor", "Falkenried", "Greywater", "Hollin", "Isarfeld",
    "Junivale", "Kestrelby", "Lindenau", "Marwick", "Northgill", "Ostrava Mills", "Périvent", "Quillon", "Rowanstead",
    "Silbertal", "Thornbury Vale", "Ursine", "Valmorey", "Westerloh", "Yarrowby", "Zellbach",
)  # fmt: skip
_LAST_WORDS = ("Logistics", "Components", "Trading", "Systems", "Foods", "Packaging", "Medical", "Energy", "Textiles")
_FORMS: Mapping[str, str] = {
    "FR": "SAS", "BE": "SRL", "CH": "AG", "DE": "GmbH", "AT": "GmbH", "GB": "Ltd", "IE": "Ltd", "US": "Inc.",
    "CA": "Inc.",
}  # fmt: skip
# EUR per unit at the start, and the steps of a month it wanders by: made up, of a plausible size.
_RATES: Mapping[str, tuple[float, float]] = {"CHF": (1.052, 0.006), "GBP": (1.157, 0.008), "USD": (0.921, 0.012)}

SCHEMA = pa.schema(
    [
        ("entity", pa.string()),
        ("invoice_number", pa.string()),
        ("customer_id", pa.string()),
        ("customer_name", pa.string()),
        ("country", pa.string()),
        ("segment", pa.string()),
        ("issue_date", pa.timestamp("ms")),
        ("due_date", pa.timestamp("ms")),
        ("payment_terms", pa.string()),
        ("currency", pa.string()),
        ("amount", pa.float64()),
        ("paid_date", pa.timestamp("ms")),
        ("disputed", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Rate:
    """Euros for one unit of a currency from a day on."""

    day: date
    currency: str
    euros: Decimal


@dataclass(frozen=True)
class Client:
    """A customer of one of the four companies; `late` and `spread` are days, `size` is in its currency."""

    entity: str
    code: str
    name: str
    country: str
    segment: str
    currency: str
    terms: Terms
    size: float
    late: float
    spread: float


@dataclass(frozen=True)
class Invoice:
    """A row of the list: cents of the invoice's own currency, and the day it was paid, if it was."""

    number: str
    client: Client
    issued: date
    due: date
    cents: int
    paid: date | None
    disputed: bool


@dataclass(frozen=True)
class Groupe:
    """The invoices and the rates that convert them."""

    invoices: tuple[Invoice, ...]
    rates: tuple[Rate, ...]

    @cached_property
    def history(self) -> History:
        """The list as movements in euro cents, by the rate of the day of issue: invoice, payment, allocation."""
        movements: list[Movement] = []
        allocations: list[Allocation] = []
        for invoice in self.invoices:
            cents = euro_cents(invoice.cents, invoice.client.currency, invoice.issued, self.rates)
            debit = _movement(len(movements) + 1, invoice, cents)
            movements.append(debit)
            if invoice.paid is not None:
                credit = _movement(len(movements) + 1, invoice, -cents)
                movements.append(credit)
                allocations.append(Allocation(debit.number, credit.number, cents, invoice.paid))
        return History(tuple(movements), tuple(allocations))


def make_groupe(seed: int = SEED) -> Groupe:
    """Invoices in the order of the companies and days, and monthly rates."""
    chance = Random(f"{seed} groupe")  # noqa: S311 - a sample to make again, not a secret
    rates = tuple(_draw_rates(chance))
    invoices: list[Invoice] = []
    for entity in _MARKETS:
        clients = _draw_clients(entity, chance)
        weights = [1 / rank**0.7 for rank in range(1, len(clients) + 1)]
        days = sorted(_issue_days(chance))
        drawn = chance.choices(clients, weights, k=len(days))
        for number, (day, client) in enumerate(zip(days, drawn, strict=True), start=1):
            invoices.append(_draw_invoice(f"{entity}-{number:05d}", client, day, rates, chance))
    return Groupe(tuple(invoices), rates)


def euro_cents(cents: int, currency: str, day: date, rates: Sequence[Rate]) -> int:
    """Euro cents, rounded half up, at the last rate on or before a day."""
    return int(_exact_euro_cents(cents, currency, day, rates).quantize(Decimal(1), ROUND_HALF_UP))


def _exact_euro_cents(cents: int, currency: str, day: date, rates: Sequence[Rate]) -> Decimal:
    if currency == "EUR":
        return Decimal(cents)
    dated = [rate for rate in rates if rate.currency == currency]
    return cents * dated[bisect_right([rate.day for rate in dated], day) - 1].euros


def write_groupe(path: Path, groupe: Groupe) -> None:
    """The list as Parquet: one row an invoice, dates without time, an empty paid date when open."""
    rows = [_row(invoice) for invoice in groupe.invoices]
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), path, compression="zstd", version="2.6")


def write_rates(path: Path, rates: Sequence[Rate]) -> None:
    """`date,currency,rate`: euros for one unit, in force from the date to the next one of the currency."""
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(("date", "currency", "rate"))
        writer.writerows((rate.day, rate.currency, rate.euros) for rate in rates)


def _row(invoice: Invoice) -> dict[str, object]:
    client = invoice.client
    return {
        "entity": client.entity,
        "invoice_number": invoice.number,
        "customer_id": client.code,
        "customer_name": client.name,
        "country": client.country,
        "segment": client.segment,
        "issue_date": _midnight(invoice.issued),
        "due_date": _midnight(invoice.due),
        "payment_terms": client.terms.text,
        "currency": client.currency,
        "amount": invoice.cents / 100,
        "paid_date": invoice.paid and _midnight(invoice.paid),
        "disputed": invoice.disputed,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _movement(number: int, invoice: Invoice, cents: int) -> Movement:
    """The invoice, or, of negative cents, its payment."""
    is_invoice, client = cents > 0, invoice.client
    return Movement(
        number=number,
        kind="invoice" if is_invoice else "payment",
        reference=invoice.number,
        customer=client.code,
        segment=client.segment,
        day=invoice.issued if is_invoice or invoice.paid is None else invoice.paid,
        due=invoice.due if is_invoice else None,
        cents=cents,
        disputed=invoice.disputed,
        entity=client.entity,
    )


def _draw_rates(chance: Random) -> Iterator[Rate]:
    """A rate at each month end from the eve of the first day: a walk of small steps."""
    month_ends = list(accumulate(range(24), lambda day, _: end_of_month(day + timedelta(days=1)), initial=_eve()))
    for currency, (start, step) in _RATES.items():
        steps = (chance.uniform(-step, step) for _ in month_ends)
        for day, value in zip(month_ends, accumulate(steps, initial=start), strict=False):
            yield Rate(day, currency, Decimal(f"{value:.4f}"))


def _eve() -> date:
    return FIRST_DAY - timedelta(days=1)


def _draw_clients(entity: str, chance: Random) -> list[Client]:
    names = [f"{first} {last}" for first in _FIRST_WORDS for last in _LAST_WORDS]
    markets = _MARKETS[entity]
    clients = []
    for number, name in enumerate(chance.sample(names, _CUSTOMERS_AN_ENTITY), start=1):
        country, currency, _ = chance.choices(markets, [weight for *_, weight in markets])[0]
        clients.append(
            Client(
                entity=entity,
                code=f"{entity}{number:03d}",
                name=f"{name} {_FORMS[country]}",
                country=country,
                segment=chance.choice(_SEGMENTS),
                currency=currency,
                terms=chance.choice(_TERMS[entity]),
                size=chance.lognormvariate(8.3, 0.7),
                late=chance.uniform(-2, 16),
                spread=chance.uniform(2, 10),
            )
        )
    return clients


def _issue_days(chance: Random) -> Iterator[date]:
    """A month's count of week days, the same each month but for a quieter August and December."""
    day = FIRST_DAY
    while day <= LAST_DAY:
        last = end_of_month(day)
        week_days = [day + timedelta(days=add) for add in range((last - day).days + 1)]
        week_days = [week_day for week_day in week_days if week_day.weekday() < _SATURDAY]
        quiet = day.month in {8, 12}
        yield from chance.choices(week_days, k=round(_INVOICES_A_MONTH * (0.75 if quiet else 1.05)))
        day = last + timedelta(days=1)


def _draw_invoice(number: str, client: Client, day: date, rates: Sequence[Rate], chance: Random) -> Invoice:
    cents = _unambiguous(round(client.size * 100 * chance.lognormvariate(-0.1, 0.5)), client.currency, day, rates)
    due = due_day(client.terms, day)
    disputed = chance.random() < _DISPUTED
    late = client.late + client.spread * (chance.gammavariate(4.0, 1.0) - 4.0) / 2
    late += chance.randrange(30, 150) if disputed else 0
    paid: date | None = max(due + timedelta(days=round(late)), day + timedelta(days=1))
    while paid is not None and paid.weekday() >= _SATURDAY:
        paid += timedelta(days=1)
    if paid is None or paid > LAST_DAY or chance.random() < _NEVER_PAID:
        paid = None
    return Invoice(number, client, day, due, cents, paid, disputed)


def _unambiguous(cents: int, currency: str, day: date, rates: Sequence[Rate]) -> int:
    """The amount, or a cent more, whose conversion is not at half a cent, where software differs in rounding."""
    while abs(_exact_euro_cents(cents, currency, day, rates) % 1 - Decimal("0.5")) < _AMBIGUOUS * 100:
        cents += 1
    return cents
