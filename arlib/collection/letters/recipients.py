"""Where letters go: postal addresses and e-mails of customers, as far as anybody knows them."""

from collections.abc import Mapping

import pandas as pd

from arlib.calendar import country_code
from arlib.collection.letters.letter import clean_email, clean_line
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.readers.headings import plain
from arlib.words import say

_PARTS: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("customer_id", "customer", "code client", "client"),
    "address": ("address", "adresse", "adresse 1", "address 1", "address line 1", "rue", "voie", "street"),
    "address_2": ("address_2", "adresse 2", "address 2", "address line 2", "complement d'adresse", "complement"),
    "postal_code": ("postal_code", "code postal", "cp", "postcode", "zip", "zip code"),
    "city": ("city", "ville", "commune", "localite", "town"),
    "country": ("country", "pays"),
    "email": ("email", "e-mail", "mail", "courriel"),
}
_HOME = "FR"  # no country is written on letters within it


class Recipients:
    """The addresses of customers: of a table given, else of the customers of the ledger.

    Args:
        ledger: the ledger.
        addresses: one row a customer: customer_id, and any of address (several lines, if need be), address_2,
            postal_code, city, country, email; French headings do as well.

    Raises:
        ArlibError: the table names no customer, or no part of an address.
    """

    def __init__(self, ledger: Ledger, addresses: pd.DataFrame | None) -> None:
        self._own = _by_customer(ledger.customers)
        self._given = {} if addresses is None else _by_customer(addresses)
        if addresses is not None and not _headings(addresses).keys() >= {"customer_id"}:
            raise ArlibError(say("letters.addresses", columns=", ".join(map(str, addresses.columns))))

    def lines(self, customer_id: str) -> tuple[str, ...]:
        """The lines of the postal address under the name; none where it is not known."""
        for known in (self._given, self._own):
            parts = known.get(customer_id, {})
            street = [clean_line(line) for line in parts.get("address", "").splitlines()]
            street.append(clean_line(parts.get("address_2", "")))
            town = clean_line(f"{parts.get('postal_code', '')} {parts.get('city', '')}")
            lines = [line for line in (*street, town) if line]
            if lines:
                country = clean_line(parts.get("country", ""))
                return (*lines, *([country.upper()] if country and country_code(country) != _HOME else []))
        return ()

    def email(self, customer_id: str) -> str:
        """The e-mail of a customer, empty where none that can be one is known."""
        found = (clean_email(known.get(customer_id, {}).get("email", "")) for known in (self._given, self._own))
        return next((email for email in found if email), "")


def _headings(table: pd.DataFrame) -> dict[str, str]:
    """The column of each part."""
    there = {plain(str(name)): str(name) for name in reversed(list(table.columns))}
    found = {part: [there[plain(name)] for name in names if plain(name) in there] for part, names in _PARTS.items()}
    return {part: names[0] for part, names in found.items() if names}


def _by_customer(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The parts known of each customer, the first row of each."""
    found = _headings(table)
    if "customer_id" not in found:
        return {}
    named = table.rename(columns=str)[list(found.values())].set_axis(list(found), axis=1)
    rows = named.astype("str").drop_duplicates("customer_id").to_dict("records")
    known = ({str(part): text for part, text in row.items() if isinstance(text, str)} for row in rows)
    return {parts["customer_id"]: parts for parts in known if "customer_id" in parts}
