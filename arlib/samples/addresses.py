"""Invented addresses of the négoce customers: streets, postcodes and telephones that are nobody's."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from arlib.samples.events import Customer
from arlib.samples.names import FAMILIES, PLACES

# Postcodes: of a department of the region, at the end of its numbers, where no town stands.
_DEPARTMENTS: Mapping[str, tuple[str, ...]] = {
    "Bretagne": ("22", "29", "35", "56"),
    "Pays de la Loire": ("44", "49", "53", "72", "85"),
    "Normandie": ("14", "27", "50", "61", "76"),
    "Centre-Val de Loire": ("18", "28", "36", "37", "41", "45"),
    "Nouvelle-Aquitaine": ("16", "17", "24", "33", "64", "87"),
}
_NO_TOWN, _ABROAD = ("996", "997", "998", "999"), "0999"  # Belgium, Luxembourg and Switzerland begin at 1000
# Telephone numbers that the French regulator keeps for fiction.
_FICTION, _SOUTH_WEST = "02 61 91", "05 36 49"
_STREETS = (
    "rue des Halles-Neuves", "avenue du Vieux-Port", "place du Marché-aux-Grains", "rue de l'Ancienne-Gare",
    "boulevard des Tanneurs", "chemin du Moulin-Brûlé", "quai des Gabares", "impasse du Puits-Clos",
    "rue du Docteur-{family}", "allée des Frères-{family}", "route de {place}",
)  # fmt: skip
_MORE = ("Bâtiment B", "ZA des Quatre-Vents", "Résidence Les Embruns", "Service comptabilité", "BP 12")
_FIRST_NAMES = (
    "Aurélie", "Benoît", "Claire", "Damien", "Élodie", "Fabrice", "Gaëlle", "Hervé", "Inès", "Jérôme", "Karine", "Loïc",
    "Maëlle", "Nicolas", "Océane", "Pascal",
)  # fmt: skip  # women and men in turn
_HAS_MORE, _NO_ADDRESS, _NO_PHONE, _NO_CONTACT, _IN_ENGLISH = 0.25, 0.04, 0.08, 0.3, 0.4


class Reach(NamedTuple):
    """Where and how a customer is reached, in the order of its headings; empty where the file does not say."""

    street: str
    more: str
    postcode: str
    city: str
    phone: str
    contact: str
    language: str


def draw_addresses(customers: Sequence[Customer], seed: int) -> Mapping[str, Reach]:
    """The address of each customer by its code, drawn from a chance of its own, apart from that of its invoices."""
    return {customer.code: _reach(customer, Random(f"{seed} address {customer.code}")) for customer in customers}  # noqa: S311 - a sample


def _reach(customer: Customer, chance: Random) -> Reach:
    street, more, postcode, city = _address(customer, chance)
    phone, contact, gone, silent, unnamed, english = _phone(customer, chance), _contact(chance), *_draws(chance)
    if gone < _NO_ADDRESS:
        street = more = postcode = city = ""
    return Reach(
        street=street,
        more=more,
        postcode=postcode,
        city=city,
        phone="" if silent < _NO_PHONE else phone,
        contact="" if unnamed < _NO_CONTACT else contact,
        language="EN" if customer.country != "FR" and english < _IN_ENGLISH else "FR",
    )


def _draws(chance: Random) -> tuple[float, float, float, float]:
    return chance.random(), chance.random(), chance.random(), chance.random()


def _address(customer: Customer, chance: Random) -> tuple[str, str, str, str]:
    """The place in a customer's name is its town."""
    places = [place for place in PLACES if customer.name.endswith(place.removeprefix("Les "))]
    city = chance.choice(places or PLACES)
    street = chance.choice(_STREETS).format(family=chance.choice(FAMILIES), place=chance.choice(PLACES))
    more = chance.choice(_MORE) if chance.random() < _HAS_MORE else ""
    departments = _DEPARTMENTS.get(customer.region, ())
    end = chance.choice(_NO_TOWN)
    postcode = chance.choice(departments) + end if departments else _ABROAD
    return f"{chance.randrange(1, 120)} {street}", more, postcode, city.upper()


def _phone(customer: Customer, chance: Random) -> str:
    """A number of fiction; none abroad, where none is kept for it."""
    digits = f"{chance.randrange(100):02d} {chance.randrange(100):02d}"
    if customer.country != "FR":
        return ""
    return f"{_SOUTH_WEST if customer.region == 'Nouvelle-Aquitaine' else _FICTION} {digits}"


def _contact(chance: Random) -> str:
    place = chance.randrange(len(_FIRST_NAMES))
    return f"{'M.' if place % 2 else 'Mme'} {_FIRST_NAMES[place]} {chance.choice(FAMILIES)}"
