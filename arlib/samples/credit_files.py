"""What is known of customers of the négoce sample from elsewhere: registry, ratings, credit insurance, accounts."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from arlib.samples.business_days import business_day_from
from arlib.samples.customers import FIRST_DAY, LAST_DAY
from arlib.samples.events import Customer

_PRIVATE = ("GMS", "Restauration", "Détaillants")  # nobody insures or rates a town hall
_FOLLOWED = 60_000.0  # euros of sales a year, without tax, from which on a customer is followed
_ARRIVED_LATELY = date(2025, 7, 1)
# Of a company's own purchases what it buys here, (lowest, highest) share of its sales, and how often its trade fails.
_BOUGHT_HERE = {"GMS": (0.01, 0.03), "Restauration": (0.12, 0.25), "Détaillants": (0.10, 0.22)}
_FAILURES = {"GMS": "0,9 %", "Restauration": "3,1 %", "Détaillants": "1,7 %"}
_HEALTH = {"steady": (0.45, 0.95), "improving": (0.5, 0.7), "worsening": (0.3, 0.5), "insolvent": (0.1, 0.25)}
_LOSES_A_YEAR = {"worsening": 0.12, "insolvent": 0.1}
_CODES = ("6-", "6", "6+", "5-", "5", "5+", "4-", "4", "4+", "3-", "3", "3+", "2-", "2", "2+")
COURTS, _REGISTRY, _CENTRAL_BANK, _INSURER = "BODACC", "Greffe", "Banque de France", "Assureur-crédit"
_CONTRACTS = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 6, 30), date(2026, 12, 31))
_RENEWED_ON, _REDUCED_ON = date(2024, 12, 16), date(2025, 3, 17)
_WEAK = 0.5  # of health, below which an insurer may refuse
_REFUSED, _REDUCED, _WITHDRAWN = 0.3, 0.85, 0.5  # of a draw: below, above, above among those that worsen
_PUBLISH = 0.4  # of companies: the others keep their accounts confidential
_MAY_REDRESS = 0.6  # of failing companies, whom the court first gives a chance


class CreditFact(NamedTuple):
    """One thing known of a customer, from a day on; `value` in cents where it is money."""

    customer: Customer
    what: str
    value: str | int | date
    known_on: date
    source: str
    ends_on: date | None = None
    quota: str = ""
    year: int | None = None


def draw_facts(customers: Sequence[Customer], seed: int) -> list[CreditFact]:
    """What a careful credit manager has collected by the last day, in the order of the days it became known.

    Of the failing companies, the judgment; of the larger private customers, of those that change and of those that
    arrived lately, the whole file. Each customer draws from a chance of its own, apart from that of its invoices.
    """
    found = [fact for customer in customers for fact in _of(customer, Random(f"{seed} facts {customer.code}"))]  # noqa: S311 - a sample
    return sorted(
        (fact for fact in found if fact.known_on <= LAST_DAY), key=lambda fact: (fact.known_on, fact.customer.code)
    )


def _of(customer: Customer, chance: Random) -> Iterator[CreditFact]:
    if customer.law.story == "insolvent":
        yield from _proceedings(customer, chance)
    followed = customer.invoices_a_year * customer.net_of_an_invoice >= _FOLLOWED or customer.law.story != "steady"
    new = customer.first_day >= _ARRIVED_LATELY
    if customer.segment in _PRIVATE and customer.country == "FR" and (followed or new):
        health = chance.uniform(*_HEALTH[customer.law.story])
        yield from _standing(customer, chance)
        yield from _ratings(customer, health, chance)
        yield from _accounts(customer, health, chance)
        yield from _insurance(customer, health, chance)


def _proceedings(customer: Customer, chance: Random) -> Iterator[CreditFact]:
    """The judgment comes three to eight weeks after the last payment; a reorganisation may fail in turn."""
    stopped = customer.law.insolvent_on or LAST_DAY
    opened = business_day_from(stopped + timedelta(days=chance.randrange(21, 53)))
    reorganised = chance.random() < _MAY_REDRESS
    judgment = "redressement judiciaire" if reorganised else "liquidation judiciaire"
    yield CreditFact(
        customer, "Procédure collective", f"Jugement d'ouverture d'une procédure de {judgment}", opened, COURTS
    )
    ends = business_day_from(opened + timedelta(days=chance.randrange(100, 260)))
    if reorganised:
        yield CreditFact(
            customer, "Procédure collective", "Conversion du redressement en liquidation judiciaire", ends, COURTS
        )


def _standing(customer: Customer, chance: Random) -> Iterator[CreditFact]:
    asked = _asked_on(customer)
    age = chance.randrange(1, 4) if customer.first_day >= _ARRIVED_LATELY else chance.randrange(4, 45)
    founded = date(customer.first_day.year - age, chance.randrange(1, 13), chance.randrange(1, 29))
    yield CreditFact(customer, "Statut au registre", "Active", asked, _REGISTRY)
    yield CreditFact(customer, "Date de création", founded, asked, _REGISTRY)
    yield CreditFact(customer, "Taux de défaillance du secteur", _FAILURES[customer.segment], asked, _CENTRAL_BANK)
    yield CreditFact(customer, "Moyen de paiement", customer.means, asked, "Commercial")


def _ratings(customer: Customer, health: float, chance: Random) -> Iterator[CreditFact]:
    """One a year, in autumn, while the customer is there."""
    for year in range(_asked_on(customer).year, LAST_DAY.year + 1):
        known_on = business_day_from(date(year, 9, chance.randrange(5, 28)))
        if known_on <= min(customer.last_day, LAST_DAY):
            code = _CODES[round(_health(customer, health, year) * (len(_CODES) - 1))]
            yield CreditFact(customer, "Cotation Banque de France", code, known_on, _CENTRAL_BANK)


def _accounts(customer: Customer, health: float, chance: Random) -> Iterator[CreditFact]:
    """Of two years, published in the summer that follows while the customer is there."""
    if chance.random() > _PUBLISH:
        return
    bought = customer.invoices_a_year * customer.net_of_an_invoice
    sales = bought / chance.uniform(*_BOUGHT_HERE[customer.segment])
    assets = chance.uniform(0.35, 0.6)  # of sales
    for year in (2023, 2024):
        known_on = business_day_from(date(year + 1, 7, chance.randrange(1, 29)))
        sales *= chance.uniform(0.97, 1.06)
        if known_on <= customer.last_day:
            lines = _lines(sales, assets, _health(customer, health, year))
            for name, euros in lines.items():
                yield CreditFact(customer, name, round(euros / 100) * 10_000, known_on, _REGISTRY, year=year)


def _lines(sales: float, assets_share: float, health: float) -> dict[str, float]:
    assets, added = sales * assets_share, sales * 0.3
    equity = assets * (0.05 + 0.45 * health)
    permanent, surplus = equity + 0.2 * assets, sales * (0.12 * health - 0.02)
    return {
        "Chiffre d'affaires": sales,
        "Valeur ajoutée": added,
        "Charges de personnel": added * (0.98 - 0.3 * health),
        "Excédent brut d'exploitation": surplus,
        "Résultat d'exploitation": surplus - 0.02 * sales,
        "Charges financières": sales * (0.03 - 0.025 * health),
        "Total actif": assets,
        "Total des dettes": assets - equity,
        "Capitaux propres": equity,
        "Capitaux permanents": permanent,
        "Réalisable et disponible": assets * (0.2 + 0.3 * health),
        "Fonds de roulement": permanent - 0.45 * assets,
        "Réserves et report à nouveau": 0.6 * equity,
    }


def _insurance(customer: Customer, health: float, chance: Random) -> Iterator[CreditFact]:
    """A decision when the customer is first asked about, renewed at the end of 2024; withdrawn from some."""
    asked, gone = _asked_on(customer), customer.law.insolvent_on
    limit = max(1, round((customer.credit_limit or 4000) * chance.uniform(0.5, 1.1) / 1000)) * 100_000
    ends, drawn = chance.choice(_CONTRACTS), chance.random()
    if drawn < _REFUSED and health < _WEAK:
        yield _decision(customer, "Refusé", asked)
        return
    if asked < _RENEWED_ON:
        yield _decision(customer, limit, asked, date(_RENEWED_ON.year, 12, 31))
    if gone is None or gone > _RENEWED_ON:
        yield _decision(customer, limit, max(asked, _RENEWED_ON), ends)
    if gone is not None:
        yield _decision(customer, "Retiré", business_day_from(gone + timedelta(days=20)))
    elif customer.law.story == "worsening" and drawn > _WITHDRAWN:
        yield _decision(customer, "Retiré", business_day_from(date(2025, chance.randrange(3, 11), 10)))
    elif drawn > _REDUCED and asked < _REDUCED_ON:
        yield _decision(customer, max(1, round(limit / 200_000)) * 100_000, _REDUCED_ON, ends)


def _decision(customer: Customer, value: str | int, known_on: date, ends_on: date | None = None) -> CreditFact:
    return CreditFact(customer, "Assurance-crédit", value, known_on, _INSURER, ends_on, "90 %" if ends_on else "")


def _asked_on(customer: Customer) -> date:
    """The day the file was opened: with the software, or when the customer arrived."""
    return business_day_from(max(customer.first_day, FIRST_DAY) + timedelta(days=14))


def _health(customer: Customer, health: float, year: int) -> float:
    """From 0 to 1, worse each year for those who get worse."""
    lost = _LOSES_A_YEAR.get(customer.law.story, 0.0) * (year - FIRST_DAY.year)
    return min(max(health - lost, 0.0), 1.0)
