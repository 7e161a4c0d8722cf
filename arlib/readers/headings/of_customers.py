"""Headings that mean something in a customers' file and nowhere else: addresses, telephones, contacts, languages.

In a ledger "Ville" may be that of a shop, and "Contact" names the customer or a salesperson: there, `of_customers.csv`
is not looked at.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from arlib.readers.headings import LEDGERS, meaning, plain, recognise

_TABLE = "of_customers.csv"
# Of several addresses, the one invoices go to; Xero calls it PO. "Rechnungsadresse" is one word.
_BILLING = re.compile(
    r"\b(?:(?:de |d |a |di )?(?:facturation|facturacion|fatturazione|facture)|billing|bill to|invoic(?:e|ing)|po)\b"
    r"|\brechnungs ?(?:empfangers?\b)?"
)
# Words that leave a heading of a customers' file what it is.
_OF_CUSTOMER = re.compile(
    r"\b(?:(?:du |de la |de |des |of the |del |des )?(?:client|customer|kunden?|cliente|tiers|debtor|debitor(?:en)?"
    r"|societe|company|entreprise|firmen?)|principale?|main|primary|siege(?: social)?|postale?)\b"
)
_ALSO = ("country", "email")  # fields of ledgers that belong to an address
_NAMES = ("customer_name", "entity")
NUMBERS = ("number_before", "number_after")  # of houses, in a column before or after that of their street
LINES = ("address", *NUMBERS)


@dataclass(frozen=True)
class OwnHeading:
    """What a heading of a customers' file means: a field, whether that of invoices, and its rank among those of it."""

    heading: str
    field: str
    billing: bool
    rank: int


@dataclass(frozen=True)
class CustomerHeadings:
    """The headings of a customers' file: the one of each field of ledgers, and all of its own, in the file's order."""

    found: dict[str, str]
    own: tuple[OwnHeading, ...]

    def of(self, field: str, *, billing: bool | None = None) -> list[OwnHeading]:
        """Its own headings of a field, the best first; those of the address of invoices, or of the other, if asked."""
        found = [each for each in self.own if each.field == field and billing in (None, each.billing)]
        return sorted(found, key=lambda each: (not each.billing, each.rank))

    def lines(self, *, billing: bool) -> list[OwnHeading]:
        """The headings of the lines of one address, in the file's order."""
        return [each for each in self.own if each.field in LINES and each.billing == billing]


def recognise_customers(headings: Sequence[str]) -> CustomerHeadings:
    """The headings of a customers' file.

    Where nothing else names the customer, "Contact" does, as in the software that calls its customers so.
    """
    own = {heading: each for heading in headings if (each := _own(heading))}
    found = recognise(heading for heading in headings if heading not in own)
    titles = [heading for heading in headings if _field(heading) == "party_title"]
    if titles and "customer_name" not in found:
        found["customer_name"] = titles[0]
    if not set(_NAMES) & set(found):
        contacts = {heading for heading, each in own.items() if each.field == "contact"}
        found = recognise(heading for heading in headings if heading not in own or heading in contacts)
    for heading, each in own.items():
        if each.field in _ALSO:
            found.setdefault(each.field, heading)
    used = set(found.values())
    return CustomerHeadings(found, tuple(each for heading, each in own.items() if heading not in used))


def _field(heading: str) -> str:
    found = meaning(heading, LEDGERS)
    return found[1] if found else ""


@lru_cache(maxsize=1 << 12)
def _own(heading: str) -> OwnHeading | None:
    """What a heading means in a customers' file alone, by itself or without the words that say whose it is."""
    if found := meaning(heading, _TABLE):
        return OwnHeading(heading, found[1], billing=False, rank=found[0])
    if meaning(heading, LEDGERS):
        return None
    written = plain(heading)
    bare = _without(_BILLING, written)
    for text in (bare, _without(_OF_CUSTOMER, bare)):
        if text == written or not text:
            continue
        found = meaning(text, _TABLE) or meaning(text, LEDGERS)
        if found and (found[1] in _ALSO or meaning(text, _TABLE)):
            return OwnHeading(heading, found[1], billing=bare != written, rank=found[0])
    return None


def _without(words: "re.Pattern[str]", text: str) -> str:
    return " ".join(words.sub(" ", text).split())
