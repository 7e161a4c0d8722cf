"""The fields of a FEC (art. A47 A-1 LPF), recognised whatever their case, accents, spaces or small liberties."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from arlib.words import bare

NORM = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate"),
    *("Montantdevise", "Idevise", "Montant", "Sens"),
)
DUE = "DateEcheance"  # of no norm: some exports add it, under many names
ENOUGH = 3  # fields of the norm that no other export has, for a header to be that of a FEC

_ALIASES = {
    "EcritureNum": ("NumEcriture", "NumeroEcriture", "EcritureNumero"),
    "EcritureDate": ("DateEcriture",),
    "JournalCode": ("CodeJournal", "Journal"),
    "JournalLib": ("JournalLibelle", "LibelleJournal"),
    "CompteNum": ("NumCompte", "NumeroCompte", "CompteNumero", "Compte"),
    "CompteLib": ("CompteLibelle", "LibelleCompte"),
    "CompAuxNum": ("CompteAuxNum", "NumCompteAux", "CompteAuxiliaire", "CompAux"),
    "CompAuxLib": ("CompteAuxLib", "CompAuxLibelle"),
    "PieceRef": ("RefPiece", "PieceReference", "NumPiece"),
    "PieceDate": ("DatePiece",),
    "EcritureLib": ("EcritureLibelle", "LibelleEcriture"),
    "EcritureLet": ("EcritureLettrage", "Lettrage"),
    "DateLet": ("DateLettrage",),
    "ValidDate": ("DateValid", "DateValidation"),
    "Montantdevise": ("MontantEnDevise",),
    "Idevise": ("IdDevise", "Devise", "CodeDevise"),
    DUE: ("EcheanceDate", "DateEch", "EchDate", "Echeance", "DateDEcheance", "EcritureDateEcheance", "DueDate"),
}
_OWN = frozenset(NORM) - {"Debit", "Credit", "Montant", "Sens"}


def squeezed(heading: str) -> str:
    """A heading for comparison: `Écriture Num`, `ECRITURE_NUM` and `EcritureNum` are one."""
    return re.sub(r"[^a-z0-9]", "", bare(heading).lower())


_NORM = MappingProxyType({squeezed(name): name for name in NORM})
_FIELDS: Mapping[str, str] = MappingProxyType(
    {squeezed(name): field for field, names in _ALIASES.items() for name in (field, *names)} | _NORM
)


def fields_of(headings: Iterable[str]) -> dict[str, str]:
    """The heading of each field, `{field: heading}`; the name of the norm wins over another one for the same field."""
    found: dict[str, str] = {}
    for heading in sorted(headings, key=lambda each: squeezed(each) not in _NORM):
        field = _FIELDS.get(squeezed(heading))
        if field is not None:
            found.setdefault(field, heading)
    return found


def is_header(cells: Iterable[str]) -> bool:
    """Whether these cells are the field names of a FEC: names of the norm, which no other export uses."""
    names = {_NORM.get(squeezed(cell)) for cell in cells}
    return len(names & _OWN) >= ENOUGH
