"""How the clerks of customers, and their banks, write a payment: names, references, slips, and what is cut off.

Drawn from what is seen on statements, without a look at what any matching undoes: a clerk keeps one style, types from
a paper invoice or has it scanned, abbreviates, forgets; a bank drops accents, cuts names and breaks lines.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

_STYLES: Mapping[str, float] = {
    "whole": 22, "joined": 12, "spaced": 9, "year": 10, "year_joined": 6, "number": 7, "short": 4, "lower": 6,
    "none": 24,
}  # fmt: skip
_FORGETS = 0.07  # of payments whose payer usually gives a reference
_MISTYPED, _SCANNED, _CITES_ANOTHER = 0.025, 0.03, 0.004  # of references
_OFTEN_SCANNED = 0.08  # of payers: all their references come from a scanner
_SAME_PREFIX_ONCE = 0.35  # of lists: only the first number is written whole
_A_RANGE = 0.5  # of lists without a gap
_OWN_NUMBER = 0.25  # of texts: an order or a payment run of the payer's own
_BEFORE = ("FACT", "FACTURE", "FACT.", "FACTURES N", "REGLT FACTURE", "RGT FAC", "VOTRE FACTURE", "PAIEMENT", "FC",
           "INV", "")  # fmt: skip
_WITHOUT = ("REGLEMENT", "VIREMENT", "PAIEMENT FOURNISSEUR", "VOTRE RELEVE", "RELEVE {month}", "FACTURES {month}",
            "POUR SOLDE", "REGLEMENT {month} {year}", "", "VIR {name}", "ECHEANCE {due}",
            "FOURNISSEUR BREVAILLES")  # fmt: skip
_MONTHS = ("JANVIER", "FEVRIER", "MARS", "AVRIL", "MAI", "JUIN", "JUILLET", "AOUT", "SEPTEMBRE", "OCTOBRE",
           "NOVEMBRE", "DECEMBRE")  # fmt: skip
_SHORTER = (
    ("RESTAURANT", "REST"), ("BOULANGERIE", "BOUL"), ("SAINT-", "ST "), ("SAINTE-", "STE "), ("BRASSERIE", "BRASS"),
    ("CENTRE HOSPITALIER", "CH"), ("COMMUNE DE", "MAIRIE DE"), ("SUPERETTE", "SUP"), ("BOUCHERIE", "BOUCH"),
    ("ET ASSOCIES", "ASSOC"), ("EPICERIE", "EPIC"), ("FROMAGERIE", "FROM"), ("LOGISTICS", "LOG"), ("SYSTEMS", "SYS"),
    ("COMPONENTS", "COMP"), ("PACKAGING", "PACK"), ("TRADING", "TRDG"),
)  # fmt: skip
_FORMS = ("SARL", "SAS", "EURL", "STE", "ETS")
_OWN_FORMS = (" SAS", " SRL", " AG", " GMBH", " LTD", " INC.", " INC")
_CUTS = ((27, 3), (32, 2), (35, 4), (70, 3), (140, 4))
_SCANS = {"0": "O", "1": "lI", "5": "S", "8": "B", "2": "Z", "6": "G", "O": "0", "I": "1", "B": "8", "S": "5"}
_LONGEST = 140  # characters of a remittance
_LINES = (31, 35, 140)  # characters of a line, by bank

_JOINS_NAMES, _ABBREVIATES, _ADDS_FORM, _DROPS_FORM, _ONLY_LAST_WORDS = 0.5, 0.3, 0.15, 0.3, 0.06
_SEES_A_SPACE, _BEFORE_IT, _IN_CAPITALS = 0.2, 0.5, 0.8
_A_LIST = 3  # references from which a range is worth writing

Slip = Callable[[str, Random], str]


@dataclass(frozen=True)
class Clerk:
    """Who writes the payments of a payer: name as its bank gives it, account, and the habits that stay."""

    name: str
    account: str
    style: str
    before: str
    between: str
    without: str
    scanned: float
    line: int


def hire(name: str, chance: Random) -> Clerk:
    """The clerk of a payer."""
    style = chance.choices(list(_STYLES), list(_STYLES.values()))[0]
    return Clerk(
        name=bank_name(name, chance),
        account=_account(chance),
        style=style,
        before=chance.choice(_BEFORE),
        between=chance.choice((" ", " ", ", ", "/", " + ", " - ", " ET ", ";")),
        without=chance.choice(_WITHOUT),
        scanned=1.0 if chance.random() < _OFTEN_SCANNED else _SCANNED,
        line=chance.choice(_LINES),
    )


def bank_name(name: str, chance: Random) -> str:
    """A name as it arrives: capitals without accents, shortened by the payer, cut by the bank."""
    plain = bare(name).upper()
    for mark, instead in (
        ("&", " ET " if chance.random() < _JOINS_NAMES else " "),
        ("'", " "),
        ('"', ""),
        ("=", ""),
        (";", ""),
    ):
        plain = plain.replace(mark, instead)
    if chance.random() < _ABBREVIATES:
        for long, short in _SHORTER:
            plain = plain.replace(long, short)
    if chance.random() < _ADDS_FORM:
        plain = f"{chance.choice(_FORMS)} {plain}"
    if chance.random() < _DROPS_FORM:
        for form in _OWN_FORMS:
            plain = plain.removesuffix(form)
    if chance.random() < _ONLY_LAST_WORDS:  # only the word the owner is known by
        plain = " ".join(plain.split()[-2:])
    cut = chance.choices([size for size, _ in _CUTS], [weight for _, weight in _CUTS])[0]
    return " ".join(plain.split())[:cut].strip()


def bare(text: str) -> str:
    """A text in the letters of a bank's network."""
    joined = text.replace("œ", "oe").replace("Œ", "OE")
    return unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode()


@dataclass(frozen=True)
class Written:
    """What a clerk wrote of a payment: the text, and whether a reference is in it, intact or not."""

    text: str
    how: str


def write(clerk: Clerk, cited: Sequence[str], day: date, others: Sequence[str], chance: Random) -> Written:
    """The remittance of a payment of these references; `others` are references it might take one for."""
    if clerk.style == "none" or not cited or chance.random() < _FORGETS:
        return Written(_broken(_extra(_without(clerk, day), chance), clerk, chance), "none")
    typed, slips = [], 0
    for reference in cited:
        meant = chance.choice(others) if others and chance.random() < _CITES_ANOTHER else reference
        text = _slipped(_styled(meant, clerk.style), clerk, chance)
        slips += text != _styled(reference, clerk.style)
        typed.append(text)
    listed = _listed(typed, cited, clerk, chance) if not slips else clerk.between.join(typed)
    before = clerk.before.lower() if clerk.style == "lower" else clerk.before
    text = _extra(f"{before} {listed}".strip(), chance)
    return Written(_broken(text, clerk, chance), "slip" if slips else "reference")


def _styled(reference: str, style: str) -> str:
    """A reference such as FA25-00123 as a payer writes it."""
    head, _, number = reference.partition("-")
    year = "".join(letter for letter in head if letter.isdigit())
    written = {
        "joined": head + number,
        "spaced": f"{head[:2]} {head[2:]} {number}".replace("  ", " "),
        "year": f"{year}-{number}" if year else number,
        "year_joined": year + number,
        "number": number,
        "short": number.lstrip("0"),
        "lower": reference.lower(),
    }
    return written.get(style, reference)


def _listed(typed: Sequence[str], cited: Sequence[str], clerk: Clerk, chance: Random) -> str:
    """Several references: a range where there is no gap, the first one whole and the ends of the others, or all."""
    numbers = [int(reference.rpartition("-")[2]) for reference in cited]
    unbroken = len(typed) >= _A_LIST and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if unbroken and chance.random() < _A_RANGE:
        return f"{typed[0]} {chance.choice(('A', 'AU', '-', 'à'))} {typed[-1]}"
    if len(typed) > 1 and chance.random() < _SAME_PREFIX_ONCE:
        ends = [reference.rpartition("-")[2].lstrip("0") for reference in cited[1:]]
        return clerk.between.join([typed[0], *ends])
    return clerk.between.join(typed)


def _slipped(text: str, clerk: Clerk, chance: Random) -> str:
    if chance.random() < clerk.scanned:
        text = _scan(text, chance)
    if chance.random() < _MISTYPED:
        text = chance.choice((_swap, _drop, _double, _mistype))(text, chance)
    return text


def _scan(text: str, chance: Random) -> str:
    """A scanner takes one or two characters for others of the same shape, or sees a space that is not there."""
    places = [place for place, letter in enumerate(text) if letter in _SCANS]
    letters = list(text)
    for place in chance.sample(places, min(len(places), chance.choice((1, 1, 2)))):
        letters[place] = chance.choice(_SCANS[letters[place]])
    if chance.random() < _SEES_A_SPACE:
        letters.insert(chance.randrange(1, len(letters)), " ")
    return "".join(letters)


def _digits(text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if letter.isdigit()]


def _swap(text: str, chance: Random) -> str:
    pairs = [at for at in _digits(text)[:-1] if text[at + 1].isdigit() and text[at + 1] != text[at]]
    if not pairs:
        return text
    at = chance.choice(pairs)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _drop(text: str, chance: Random) -> str:
    at = chance.choice(_digits(text))
    return text[:at] + text[at + 1 :]


def _double(text: str, chance: Random) -> str:
    at = chance.choice(_digits(text))
    return text[:at] + text[at] + text[at:]


def _mistype(text: str, chance: Random) -> str:
    """The key beside the one that was meant."""
    at = chance.choice(_digits(text))
    keys = "0123456789"
    return text[:at] + keys[(int(text[at]) + chance.choice((-1, 1, -3, 3))) % 10] + text[at + 1 :]


def _without(clerk: Clerk, day: date) -> str:
    month = day.month - 2 or 12
    values = {"month": _MONTHS[month - 1], "year": day.year, "name": clerk.name, "due": f"{day:%d/%m/%y}"}
    return clerk.without.format(**values)


def _extra(text: str, chance: Random) -> str:
    """Numbers of the payer's own, before or after."""
    if chance.random() >= _OWN_NUMBER:
        return text
    own = chance.choice(
        (
            f"CDE {chance.randrange(10**5, 10**6)}",
            f"RUN{chance.randrange(1000, 9999)}",
            f"N/REF {chance.randrange(100, 9999)}",
            f"MANDAT {chance.randrange(100, 4000)} BORD {chance.randrange(10, 300)}",
            f"F{chance.randrange(10**4, 10**5)}",
        )
    )
    return f"{own} {text}".strip() if chance.random() < _BEFORE_IT else f"{text} {own}".strip()


def _broken(text: str, clerk: Clerk, chance: Random) -> str:
    """What is left of a text: cut at its longest, and broken into lines that a bank joins with spaces."""
    whole = bare(text).upper() if chance.random() < _IN_CAPITALS else bare(text)
    cut = whole[:_LONGEST].strip()
    return " ".join(cut[at : at + clerk.line].strip() for at in range(0, len(cut), clerk.line))


def _account(chance: Random) -> str:
    """An account that cannot exist: its check digits are 00."""
    return "FR00" + "".join(str(chance.randrange(10)) for _ in range(23))
