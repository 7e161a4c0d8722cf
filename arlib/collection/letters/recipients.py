"""Where letters go: postal addresses, contacts and e-mails of customers, as far as anybody knows them."""

import re

import pandas as pd

from arlib.calendar import country_code
from arlib.collection.letters.letter import clean_email, clean_line
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.readers.headings.of_customers import recognise_customers
from arlib.readers.sources import gather
from arlib.readers.tables import read_table
from arlib.readers.tabular import customers_in
from arlib.words import Language, say, word

_PARTS = ("address", "postcode", "city", "country", "email", "contact")
_HOME = "FR"  # no country is written on letters within it
_NO_NAME = re.compile(r"[@\d]")  # in a contact: an e-mail or a telephone, and nobody's name


class Recipients:
    """The addresses of customers: of a table given, else of the customers of the ledger.

    Args:
        ledger: the ledger.
        addresses: one row a customer: its code, and any of address (several lines or columns, if need be), postcode,
            city, country, email, contact, under the headings that a customers' file may have.

    Raises:
        ArlibError: the table names no customer.
    """

    def __init__(self, ledger: Ledger, addresses: pd.DataFrame | None) -> None:
        self._own = _by_customer(ledger.customers)
        self._given = {} if addresses is None else _by_customer(_read(addresses))

    def lines(self, customer_id: str) -> tuple[str, ...]:
        """The lines of the postal address under the name; none where it is not known."""
        for known in (self._given, self._own):
            parts = known.get(customer_id, {})
            lines = [clean_line(line) for line in parts.get("address", "").splitlines()]
            town = clean_line(f"{parts.get('postcode', '')} {parts.get('city', '')}")
            if lines and town and lines[-1].casefold().endswith(town.casefold()):  # the whole address in one cell
                town = ""
            lines = [line for line in (*lines, town) if line]
            if lines:
                country = clean_line(self._part(customer_id, "country"))
                return (*lines, *([country.upper()] if country and country_code(country) != _HOME else []))
        return ()

    def attention(self, customer_id: str, language: Language) -> tuple[str, ...]:
        """The line that names the contact; none where nobody's name is known."""
        name = clean_line(self._part(customer_id, "contact"))
        return (word("letters.attention", language, name=name),) if name and not _NO_NAME.search(name) else ()

    def email(self, customer_id: str) -> str:
        """The e-mail of a customer, empty where none that can be one is known."""
        found = (clean_email(known.get(customer_id, {}).get("email", "")) for known in (self._given, self._own))
        return next((email for email in found if email), "")

    def _part(self, customer_id: str, part: str) -> str:
        """What the table given says of a customer, else the ledger; empty where neither does."""
        found = (known.get(customer_id, {}).get(part, "") for known in (self._given, self._own))
        return next((text for text in found if text), "")


def _read(addresses: pd.DataFrame) -> pd.DataFrame:
    """A table of addresses, read as a customers' file is."""
    table = read_table(gather(addresses)[0])
    headings = list(map(str, table.cells))
    if not {"customer_id", "customer_name"} & set(recognise_customers(headings).found):
        raise ArlibError(say("letters.addresses", columns=", ".join(headings)))
    return customers_in(table)


def _by_customer(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The parts known of each customer."""
    parts = table[["customer_id", *(part for part in _PARTS if part in table)]]
    rows = parts.astype("str").drop_duplicates("customer_id").to_dict("records")
    return {
        row["customer_id"]: {str(part): text for part, text in row.items() if isinstance(text, str)} for row in rows
    }
