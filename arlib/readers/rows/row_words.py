"""What words say of a row of a list: a total, its percentages, a closing or opening balance, a carry-over, a party."""

import re
from functools import lru_cache
from typing import Literal

from arlib.words import bare

RowWord = Literal["total", "closing", "page", "opening", "share", ""]

_OF = (
    r"(?:du|de la|de l|des|de|del|della|per|for|this|fur|pro|the)"
    r"|tiers|comptes?|clients?|pages?|customers?|part(?:y|ies)|accounts?|konto|konten|kunden?|clientes?|clienti|cuentas?"
    r"|cont[oi]|periode?|exercice|general|generale|report|mouvements?|ecritures?|factures?|debiteurs?|debitoren|debtors?"
    r"|receivables?|invoices?|due|dus?|eur|euros?|usd|gbp|balance|solde|saldo|open|ouvert|facturas?|fatture|complessivo"
    r"|outstanding|auxiliaires?|lettrage|net|lignes?|rows?|tota(?:ls?|ux|le|li)"
)
_MONTH = (
    r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|januar|februar|marz|maerz|juni|juli|oktober|dezember|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto"
    r"|settembre|ottobre|dicembre|enero|febrero|abril|mayo|junio|julio|septiembre|setiembre|octubre|noviembre|diciembre"
    r"|jan|janv|feb|fev|fevr|mar|apr|avr|jun|jul|juil|aug|sep|sept|oct|okt|nov|dec|dez"
)
# What a sub-total may be of, so that no number of an invoice (TOTAL-00123) passes for one.
_PERIOD = (
    rf"(?:{_MONTH}|mois|months?|monate?s?|mese|mes|trimestres?|quarters?|quartals?|trimestre|semestres?|weeks?|semaines?"
    r"|jahr|years?|annee|anno|ano|ytd|a ce jour|to date|[qts][1-4]|(?:0?[1-9]|1[0-2]) (?:19|20)\d\d"
    r"|(?:19|20)\d\d(?: (?:0?[1-9]|1[0-2]))?)"
)
_CUMUL = r"cumul(?:s|e|es|ative|ated)?|kumuliert|cumulativo|acumulado"
_TOTAL = re.compile(
    rf"(?:(?:sous|sub) ?)?tota(?:ls?|ux|le|li)(?: (?:{_OF}|{_PERIOD}|cumules?))*(?: \d+)?"
    rf"|(?:grand|overall|report|net|balance|running|cumulative|{_MONTH}) totals?"
    rf"|(?:{_CUMUL}|zwischensummen?|(?:end)?summen?|sumas?|somma)(?: (?:{_OF}|{_PERIOD}))*"
    r"|gesamt(?:summe|total|betrag)?|sumas? tota(?:l|les)"
)
_SOMEBODY = re.compile(r"tota(?:ls?|ux|le|li)|summen?|sumas?|somma")
_CLOSING = re.compile(
    r"soldes?(?: (?:debiteur|crediteur|final|general|periode|de cloture|de fin|actuel|cumule|du compte|du tiers"
    r"|client|au) ?.*)?|(?:closing|ending) balance.*|balance(?: (?:at|as at|as of|c d|carried down|due) ?.*)?|endsaldo"
    r"|schluss?saldo|saldo(?: (?:final|finale|actual|attuale|al|a fecha|per|am|del) ?.*)?"
)
_PAGE = re.compile(
    r"reports?|a reporter|total a reporter|report (?:page|de page|de la page).*|carried forward|carry forward|ubertrag"
    r"|suma y sigue|sumas? (?:anterior(?:es)?|y siguen)|riporto|a riportare|da riportare|page \d+.*"
)
_OPENING = re.compile(
    r"(?:report |report des )?soldes? (?:anterieurs?|initia(?:l|ux)|precedents?|d ouverture|au debut|de depart|reporte"
    r"|a nouveau).*|(?:report )?(?:a|an) nouveaux?.*|report (?:solde|anterieur).*|ouverture"
    r"|(?:opening|beginning|starting|previous) balance.*|(?:balance )?(?:brought forward|b f|b d|bf|bd)"
    r"|saldo (?:anterior|inicial|iniziale|precedente|di apertura|de apertura).*|asiento de apertura|apertura"
    r"|saldovortrag.*|eb wert.*|anfangs(?:saldo|bestand).*|vortrag"
)
_PERCENT = r"(?:pct|percent(?:ages?)?|pourcentages?|prozent(?:satz|anteil)?|porcentajes?|percentual[ei])"
_SHARE = re.compile(
    rf"(?:(?:in|en|as|total|share|part|anteil|ratio) )*{_PERCENT}(?: (?:{_OF}|of|in|am|an|vom|von|sur|sul|sobre|en"
    r"|gesamt\w*|tota(?:l|ls|le|aux)|ar|a r|aged?|overall|grand))*"
    r"|(?:share|part|quote part|anteil|cuota) (?:of|du|de la|am|vom|del) (?:total|gesamt\w*|totale)"
)
_BEFORE = re.compile(
    rf"(?:(?:sous|sub) ?)?(?:total|totale|totaux|summe|zwischensumme|gesamt|suma|somma)(?: (?:{_OF}))* (?P<rest>.+)"
)
_AFTER = re.compile(
    r"(?P<rest>.+?) (?:(?:sous|sub) ?)?(?:total|totale|summe|gesamt(?:summe)?|zwischensumme|result|resultat|ergebnis)"
)
_PARTY = re.compile(
    r"(?i)\s*(?:compte(?: client| tiers| auxiliaire)?|client|customer|account|konto|kunde|debitor|cuenta|cliente|conto"
    r"|tiers|party|débiteur|debtor)(?![^\W\d_])\s*(?:n[°ºo]?\.?\s*)?(?P<mark>[:–-]?)\s*(?P<rest>\S.*)"
)
_CODE = re.compile(r"(?P<code>[A-Za-z0-9./_-]*\d[A-Za-z0-9./_-]*)(?:\s*[:–-]\s+|\s*[:–]\s*|\s+)(?P<name>\S*[^\W\d_].*)")


_WORDS = (("opening", _OPENING), ("page", _PAGE), ("total", _TOTAL), ("closing", _CLOSING), ("share", _SHARE))


def words_of(text: str) -> str:
    """A text for comparison: lower case, no accents, no marks."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare(text).lower()).split())


@lru_cache(maxsize=1 << 14)
def row_word(text: str) -> RowWord:
    """What the whole text of a cell says its row is: a total, percentages, an opening or closing balance."""
    said = words_of(text.replace("%", " pct "))
    for word, pattern in _WORDS:
        if pattern.fullmatch(said):
            return word  # type: ignore[return-value]
    return ""


@lru_cache(maxsize=1 << 14)
def names_somebody(text: str) -> bool:
    """Whether a text that says a total says nothing else, and so may be a customer's name: Total, Suma."""
    return _SOMEBODY.fullmatch(words_of(text)) is not None


@lru_cache(maxsize=1 << 14)
def total_of(text: str) -> str:
    """Whose total a text says it is, for comparison: "durand" of "Total Durand" or "Durand Total"; else empty."""
    found = _BEFORE.fullmatch(words_of(text)) or _AFTER.fullmatch(words_of(text))
    return found["rest"] if found else ""


def party_of(text: str) -> tuple[str, str, bool]:
    """The account and the name in the text of a party's own row, and whether it says that it is one.

    "Compte 411DUP - DUPONT SA" gives 411DUP, DUPONT SA; a text without an account gives an empty one.
    """
    text = " ".join(text.split())
    announced = _PARTY.fullmatch(text)
    if announced and not (announced["mark"] or re.match(r"\S*\d", announced["rest"])):
        announced = None
    inner = announced["rest"] if announced else text
    found = _CODE.fullmatch(inner)
    return (found["code"], found["name"], announced is not None) if found else ("", inner, announced is not None)
