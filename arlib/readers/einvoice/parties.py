"""One number for a party, whatever of its numbers an invoice gives: the SIREN a SIRET or a VAT number holds."""

import re

from arlib.readers.einvoice.invoice import Party

_FRENCH = ("0002", "0009", "0225")  # schemes of ISO 6523: SIREN, SIRET, the French e-invoicing address
_SIREN = re.compile(r"(\d{9})(?:\d{5})?(?:_.*)?", re.ASCII)
_NOT_A_PARTY = ("SEPA",)  # the number of a direct debit creditor


def siren_of(party: Party) -> str | None:
    """The SIREN, from the registration, a SIRET, the electronic address or the VAT number; None for none."""
    numbers = [number for number in (party.registration, *party.identifiers, party.address) if number]
    if party.country == "FR" and party.registration and not party.registration[0]:
        numbers[0] = (_FRENCH[0], party.registration[1])
    for scheme, number in numbers:
        found = _SIREN.fullmatch(re.sub(r"\s", "", number)) if scheme in _FRENCH else None
        if found:
            return found[1]
    french = re.fullmatch(r"FR[0-9A-Z]{2}(\d{9})", vat_of(party) or "", re.ASCII)
    return french[1] if french else None


def vat_of(party: Party) -> str | None:
    """The VAT number, written as one word: `FR05987654321`."""
    return re.sub(r"[\s.-]", "", party.vat).upper() or None if party.vat else None


def number_of(party: Party) -> str | None:
    """The number a party is known by: SIREN, else VAT number, else another number, else its name."""
    registered = [party.registration] if party.registration else []
    others = (number for scheme, number in (*registered, *party.identifiers) if scheme not in _NOT_A_PARTY)
    return siren_of(party) or vat_of(party) or next(others, None) or party.name
