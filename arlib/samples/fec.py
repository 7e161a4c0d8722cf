"""The négoce ledger of one fiscal year as a FEC, the French tax administration's file of accounting entries.

Eighteen columns by article A47 A-1 of the LPF: tab separated, ISO-8859-15, CRLF, decimal comma. Customers are
account 411000 with their code as auxiliary. The opening entry has one line for each item open on the eve of the
year, with what was left of it. Purchases and wages are there in a summary way, so that the file looks like one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from arlib.samples.business_days import business_day_from, business_days, end_of_month
from arlib.samples.events import Customer, History, Movement
from arlib.samples.expected import open_on

SIREN = "999999999"  # nobody's: its check digit is wrong
COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
CUSTOMERS = "411000"
_ACCOUNTS: Mapping[str, str] = {
    "101300": "Capital social", "106100": "Réserve légale", "110000": "Report à nouveau", "164000": "Emprunts",
    "215400": "Matériel industriel", "218200": "Matériel de transport", "281800": "Amortissements",
    "370000": "Stocks de marchandises", "401000": "Fournisseurs", CUSTOMERS: "Clients",
    "421000": "Personnel - rémunérations dues", "431000": "Sécurité sociale", "445510": "TVA à décaisser",
    "445660": "TVA déductible sur autres biens et services", "445711": "TVA collectée 5,5 %",
    "445712": "TVA collectée 20 %", "512000": "Banque", "607000": "Achats de marchandises",
    "641000": "Rémunérations du personnel", "645000": "Charges de sécurité sociale",
    "707100": "Ventes 5,5 %", "707200": "Ventes 20 %",
    "707900": "Ventes hors de France", "709700": "RRR accordés",
}  # fmt: skip
_JOURNALS: Mapping[str, str] = {
    "AN": "À nouveaux", "AC": "Achats", "VE": "Ventes", "BQ": "Banque", "OD": "Opérations diverses",
}  # fmt: skip
_SALES_ACCOUNT = {0: "707900", 55: "707100", 200: "707200"}
_VAT_ACCOUNT = {55: "445711", 200: "445712"}
_FREE_CREDITS = "709700"
_FRIDAY = 4
# The rest of the opening balance sheet in whole euros, debit positive; report à nouveau balances it.
_OPENING = {
    "215400": 412_300, "218200": 286_150, "281800": -371_920, "370000": 838_400, "512000": 641_275, "101300": -500_000,
    "106100": -50_000, "164000": -318_600, "401000": -702_480, "431000": -41_350, "445510": -58_920,
}  # fmt: skip
_PURCHASES, _WAGES, _CHARGES = 610_000, 96_000, 39_500  # euros a month, before the season


@dataclass(frozen=True)
class _Line:
    """One side of an entry: signed cents, debit positive, and the customer it concerns, if any."""

    account: str
    cents: int
    label: str
    reference: str
    reference_day: date
    customer: Customer | None = None
    lettering: str = ""


@dataclass(frozen=True)
class _Entry:
    """A balanced entry of a journal."""

    journal: str
    day: date
    lines: tuple[_Line, ...]


def file_name(year: int) -> str:
    """`999999999FEC20251231.txt`: the company's number, FEC, the closing day."""
    return f"{SIREN}FEC{year}1231.txt"


def write_fec(path: Path, history: History, year: int) -> None:
    """The FEC of a fiscal year that is a calendar year."""
    entries = sorted(_entries(history, year), key=lambda entry: (entry.day, list(_JOURNALS).index(entry.journal)))
    lettered_on = _lettered_on(entries)
    rows: list[tuple[str, ...]] = [COLUMNS]
    for number, entry in enumerate(entries, start=1):
        rows += [_fields(number, entry, line, lettered_on) for line in entry.lines]
    path.write_bytes("".join("\t".join(row) + "\r\n" for row in rows).encode("iso-8859-15"))


def _entries(history: History, year: int) -> Iterator[_Entry]:
    customers = {customer.code: customer for customer in history.customers}
    yield _opening(history, customers, year)
    for movement in history.movements:
        if movement.day.year == year:
            yield _movement(movement, customers[movement.customer])
    for month in range(1, 13):
        yield from _purchases_and_wages(year, month)


def _opening(history: History, customers: Mapping[str, Customer], year: int) -> _Entry:
    """The balance sheet carried forward: the items still open one by one, the other accounts in one line each."""
    first = date(year, 1, 1)
    items = [
        _Line(
            CUSTOMERS, cents, f"À nouveau {item.reference}", item.reference, item.day, customers[item.customer],
            item.lettering,
        )
        for item, cents in open_on(history, first - timedelta(days=1))
    ]  # fmt: skip
    others = [_Line(account, euros * 100, "À nouveau", "AN", first) for account, euros in _OPENING.items()]
    carried = -sum(line.cents for line in items + others)
    return _Entry("AN", first, (*others, _Line("110000", carried, "À nouveau", "AN", first), *items))


def _movement(movement: Movement, customer: Customer) -> _Entry:
    """An invoice or credit note in the sales journal, or a payment in the bank's."""

    def line(account: str, cents: int) -> _Line:
        return _Line(account, cents, movement.label, movement.reference, movement.day)

    label, reference, day = movement.label, movement.reference, movement.day
    customer_line = _Line(CUSTOMERS, movement.cents, label, reference, day, customer, movement.lettering)
    if movement.kind == "payment":
        return _Entry("BQ", day, (line("512000", -movement.cents), customer_line))
    is_free = movement.kind == "credit_note" and not movement.linked
    sales = [line(_FREE_CREDITS if is_free else _SALES_ACCOUNT[part.rate], -part.net) for part in movement.shares]
    taxes = [line(_VAT_ACCOUNT[part.rate], -part.tax) for part in movement.shares if part.tax]
    return _Entry("VE", day, (customer_line, *sales, *taxes))


def _purchases_and_wages(year: int, month: int) -> Iterator[_Entry]:
    """One purchase, one payment of suppliers and one payroll a month, with the season of the sales."""
    days = business_days(year, month)
    last = days[-1]
    net = _PURCHASES * 100 * len(days) // 21
    tax = (net * 55 + 500) // 1000
    reference = f"{year % 100:02d}{month:02d}"

    def entry(journal: str, label: str, *sides: tuple[str, int]) -> _Entry:
        lines = (
            _Line(account, cents, f"{label} {month:02d}/{year}", f"{journal}{reference}", last)
            for account, cents in sides
        )
        return _Entry(journal, last, tuple(lines))

    yield entry("AC", "Achats", ("607000", net), ("445660", tax), ("401000", -net - tax))
    yield entry("BQ", "Règlement fournisseurs", ("401000", net + tax), ("512000", -net - tax))
    wages, charges = _WAGES * 100, _CHARGES * 100
    yield entry("OD", "Paie", ("641000", wages), ("645000", charges), ("421000", -wages), ("431000", -charges))
    yield entry("BQ", "Salaires et cotisations", ("421000", wages), ("431000", charges), ("512000", -wages - charges))


def _lettered_on(entries: Iterable[_Entry]) -> Mapping[tuple[str, str], date]:
    """When the clerk lettered each group: the Friday after its last line. A group of one line is not lettered."""
    groups: dict[tuple[str, str], list[date]] = defaultdict(list)
    for entry in entries:
        for line in entry.lines:
            if line.customer and line.lettering:
                groups[line.customer.code, line.lettering].append(entry.day)
    return {group: _friday(max(days)) for group, days in groups.items() if len(days) > 1}


def _friday(day: date) -> date:
    return day + timedelta(days=(_FRIDAY - day.weekday()) % 7)


def _fields(number: int, entry: _Entry, line: _Line, lettered_on: Mapping[tuple[str, str], date]) -> tuple[str, ...]:
    customer = line.customer
    lettered = lettered_on.get((customer.code, line.lettering)) if customer else None
    return (
        entry.journal,
        _JOURNALS[entry.journal],
        str(number),
        _compact(entry.day),
        line.account,
        _ACCOUNTS[line.account],
        customer.code if customer else "",
        customer.name if customer else "",
        line.reference,
        _compact(line.reference_day),
        line.label,
        _euros(max(line.cents, 0)),
        _euros(max(-line.cents, 0)),
        line.lettering if lettered else "",
        _compact(lettered) if lettered else "",
        _compact(business_day_from(end_of_month(entry.day) + timedelta(days=10))),
        "",
        "",
    )


def _compact(day: date) -> str:
    return f"{day:%Y%m%d}"


def _euros(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}".replace(".", ",")
