"""The customer somebody asks for, and those it may mean where there is none of that name."""

from difflib import get_close_matches

import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.words import bare, say

_NEAR, _ALIKE = 5, 0.6  # customers named at most; how much of a text is alike, 0 to 1
_LONGEST = 60  # letters of a name told


def known_customer(ledger: Ledger, customer_id: str) -> "pd.Series[str]":
    """The row of `ledger.customers` of an identifier.

    Raises:
        ArlibError: no customer has it; the sentence names those whose identifier or name is near.
    """
    customers = ledger.customers
    found = customers[customers["customer_id"] == customer_id]
    if len(found):
        row: pd.Series[str] = found.iloc[0]
        return row
    asked = str(customer_id)[:_LONGEST]
    near = _near(customers, str(customer_id))
    if near:
        raise ArlibError(say("collection.customer.near", asked=asked, near=", ".join(near)))
    raise ArlibError(say("collection.customer.unknown", asked=asked, customers=len(customers)))


def _near(customers: pd.DataFrame, asked: str) -> list[str]:
    """Customers whose identifier or name holds what is asked, or is spelt nearly so; the nearest first."""
    names = customers["name"].fillna("").astype("str")
    told = (customers["customer_id"] + names.str[:_LONGEST].map(" ({})".format).mask(names == "", "")).tolist()
    wanted = _plain(asked)
    if not wanted:
        return []
    spelt = [*map(_plain, customers["customer_id"]), *map(_plain, names)]
    holding = [place for place, text in enumerate(spelt) if wanted in text]
    alike = get_close_matches(wanted, spelt, _NEAR, _ALIKE)
    places = [*holding[:_NEAR], *(spelt.index(text) for text in alike)]
    return list(dict.fromkeys(told[place % len(told)] for place in places))[:_NEAR]


def _plain(text: str) -> str:
    """A text without accents, capitals, marks and spaces."""
    return "".join(letter for letter in bare(str(text)).casefold() if letter.isalnum())
