"""Lines of a statement that no customer's invoice has anything to do with, and what a line is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from arlib.samples.bank_payments import Part
from arlib.samples.business_days import business_day_from


@dataclass(frozen=True)
class Line:
    """A line of a statement with what it truly is: `kind`, how it was `written`, and the parts it settles."""

    day: date
    value: date
    cents: int
    currency: str
    label: str
    text: str
    payer: str
    account: str
    reference: str
    kind: str
    written: str = "none"
    parts: tuple[Part, ...] = ()

    @property
    def order(self) -> tuple[str, int, str]:
        """Among the lines of a day: as a bank sorts them, by kind of operation."""
        return self.label, self.cents, self.text


# label, text, payer, lowest and highest cents, how many in the quarter; negative ones are debits
_OTHERS = (
    ("VIR SEPA RECU", "REMBOURSEMENT CREDIT TVA 3T25", "DGFIP", 380_000, 1_900_000, 1),
    ("VIR SEPA RECU", "VIREMENT INTERNE", "COMPTOIRS BREVAILLES", 1_000_000, 5_000_000, 3),
    ("INTERETS CREDITEURS", "COMPTE A TERME 4T25", "", 900, 24_000, 2),
    ("VIR SEPA RECU", "INDEMNITES JOURNALIERES 2510", "CPAM LOIRE ATLANTIQUE", 30_000, 160_000, 3),
    ("VIR SEPA RECU", "SINISTRE 2025118841 VEHICULE", "ASSURANCES MUTUALIA", 90_000, 400_000, 1),
    ("VIR SEPA RECU", "TROP PERCU CONTRAT 100448", "ENERGIES DU PONANT", 4_000, 40_000, 2),
    ("VIR SEPA RECU", "AVOIR 88123 RETOUR PALETTES", "LOGIPAL", 8_000, 90_000, 3),
    ("VIR SEPA EMIS", "REGLEMENT FOURNISSEURS", "", -9_000_000, -2_000_000, 26),
    ("PRLV SEPA", "URSSAF", "", -4_800_000, -3_900_000, 3),
    ("COTISATION", "FRAIS DE TENUE DE COMPTE", "", -9_000, -3_000, 3),
    ("COMMISSION", "FRAIS SUR IMPAYE", "", -2_000, -1_200, 8),
)


def other_lines(first: date, last: date, chance: Random) -> Iterator[Line]:
    """Tax refunds, own transfers, interest, insurers, suppliers' refunds, and what the company pays."""
    for label, text, payer, lowest, highest, count in _OTHERS:
        for _ in range(count):
            day = business_day_from(first + timedelta(days=chance.randrange((last - first).days)))
            cents = chance.randint(lowest, highest)
            yield Line(day, day, cents, "EUR", label, text, payer, "", "", "unrelated" if cents > 0 else "debit")
