"""Columns of an aged balance: which days late a heading such as `31-60`, `+ de 90 j` or `nicht fällig` stands for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from arlib.words import bare

_NOT_DUE = re.compile(
    r"(?:montant |total |solde |betrag |importe |importo )?"
    r"(?:non echue?s?|a echoir|pas echue?|not (?:yet )?due(?: yet)?|current|not overdue|courante?|a date|at date"
    r"|(?:noch )?nicht fallig|no vencid[oa]s?|por vencer|a vencer|corriente|al corriente|vigente"
    r"|a scadere|non scadut[oi]|da scadere|future)(?: (?:on|au|am|le) [\d ]+)?"
)
_LATE = re.compile(
    r"(?:montant |total |solde |betrag |importe |importo )?(?:echue?s?|en retard|overdue|past due|uberfallig|fallig"
    r"|vencid[oa]s?|scadut[oi])"
)
_OLDER = re.compile(r"older|plus anciens?|alter|alteres|anterior(?:es)?|mas antiguo|precedenti|au dela")
_DAYS = r"(?:jours?|jrs?|jr|j|days?|d|tage?n?|tg|dias?|giorni|gg|g)"
_AND = r"(?:a|au|to|bis|al|hasta|et|and|through)"
_RANGE = re.compile(rf"(\d{{1,4}})(?: ?{_DAYS})? ?(?:-|{_AND}) ?(\d{{1,4}})")
_ABOVE = re.compile(
    r"(?:>|sup(?:erieure?s?)?(?: a)?|over|above|more than|older than|beyond|plus de|\+ de|au dela de|mehr als|ue?ber"
    r"|mas de|mayor(?:es)? (?:a|de)|oltre(?: i)?|piu di) (\d{1,4})"
)
_FROM = re.compile(
    rf"(?:>=|from|ab|a partir de|des|da) (\d{{1,4}})|\+ ?(\d{{1,4}})"
    rf"|(\d{{1,4}})(?: {_DAYS})? ?(?:\+|(?:-|and|et|und|y|e|ou) ?(?:above|over|more|older|plus|mehr|mas|oltre|au dela)"
    r"|above|plus|over|et plus|or more)"
)
_UNDER = re.compile(
    r"(?:<=?|under|less than|up to|moins de|jusqu a|inf(?:erieure?s?)?(?: a)?|weniger als|bis(?: zu)?|menos de|hasta"
    r"|meno di|fino a|entro) (\d{1,4})"
)
_ALONE = re.compile(rf"(\d{{1,4}}) ?{_DAYS}|{_DAYS} ?(\d{{1,4}})")
_MONTHS = re.compile(r"(<) ?1 (?:month|mois|monat|mes|mese)|(\d{1,2}) (?:months?|mois|monate?n?|mes(?:es)?|mes[ei])")
# What may stand beside the bounds without changing them.
_AROUND = re.compile(
    r"\b(?:echue?s?|retard|retards|de|en|past|due|overdue|late|aged?|arrieres?|tranche|period|days old|uberfallig"
    r"|fallig|seit|verzug|vencid[oa]s?|scadut[oi]|da|dias|tage|jours|giorni|days|eur|euros?|montant|amount|balance|entre"
    r"|depuis|between|von|desde)\b"
)
_SHARE = re.compile(r"(?i)%|\bpct\b|percent|pourcentage|prozent|porcentaje")  # of the total, beside the amount
_LONGEST = 60  # letters of a heading
_MANY = 2  # a lone heading such as "30 jours" is a term, two are columns of an aged balance


@dataclass(frozen=True)
class AgeBand:
    """Days late of one column: from `first` to `last`, both in it; `last` None: and more. Not due: 0 and below."""

    heading: str
    first: int
    last: int | None


def age_bands(headings: Iterable[str]) -> dict[str, AgeBand]:
    """The columns of ages among headings, by heading, from the youngest; none where fewer than two are.

    Bounds written twice (`30-60`, `60-90`) belong to the younger band. One column of all that is late counts only
    where no finer one does.
    """
    read = {heading: edges for heading in dict.fromkeys(headings) if (edges := _edges(heading)) is not None}
    if len(set(read.values())) < _MANY:
        return {}
    if any(first > 0 and (first, last) != _ALL_LATE for first, last in read.values()):
        read = {heading: edges for heading, edges in read.items() if edges != _ALL_LATE}
    bands: dict[str, AgeBand] = {}
    reached = 0  # the last day of the bands so far
    for heading, (first, last) in sorted(read.items(), key=lambda each: _order(each[1])):
        start = first if last == 0 else reached + 1 if first in (_AFTER, 0) else max(first, reached + 1)
        bands[heading] = AgeBand(heading, start, last)
        reached = max(reached, last or reached)
    return bands


_AFTER = -2  # a band that starts where the one before it ends
_ALL_LATE = (1, None)


def _order(edges: tuple[int, int | None]) -> tuple[bool, int, int]:
    first, last = edges
    return last is None, last if last is not None else first, first


def _edges(heading: str) -> tuple[int, int | None] | None:
    """First and last day late a heading says, as it says it; (0, 0) for what is not due."""
    if len(heading) > _LONGEST or _SHARE.search(heading):
        return None
    text = " ".join(re.sub(r"[^a-z0-9<>=+\x00]+", " ", _dashes(heading)).replace("\x00", "-").split())
    text = re.sub(r" ?- ?", "-", text)
    if _NOT_DUE.fullmatch(text):
        return 0, 0
    if _LATE.fullmatch(text):
        return _ALL_LATE
    if _OLDER.fullmatch(text):
        return _AFTER, None
    return _numbered(text) or _numbered(" ".join(_AROUND.sub(" ", text).split()).strip("-"))


def _dashes(heading: str) -> str:
    """Lower case without accents; every dash between figures or words one mark that stays apart from the others."""
    written = re.sub("[–—−]", "-", heading).replace("≥", ">=").replace("≤", "<=")
    spaced = re.sub(r"([<>]=?)", r" \1 ", bare(written).lower())
    return re.sub(r"\s*-\s*", "\x00", re.sub(r"(?<=[a-z])-(?=[a-z])", " ", spaced))


def _numbered(text: str) -> tuple[int, int | None] | None:
    """Bounds in figures; two of them always from the smaller to the larger."""
    bare_text = re.sub(rf" ?{_DAYS}$", "", text)
    if found := _RANGE.fullmatch(bare_text):
        first, last = int(found[1]), int(found[2])
        return (first, last) if first < last else None
    for pattern, after in ((_ABOVE, 1), (_FROM, 0)):
        if found := pattern.fullmatch(text) or pattern.fullmatch(bare_text):
            return int(next(filter(None, found.groups()))) + after, None
    if found := _UNDER.fullmatch(text) or _UNDER.fullmatch(bare_text):
        return 0, int(found[1])
    if found := _MONTHS.fullmatch(text):
        months = 0 if found[1] else int(found[2])
        return _AFTER, 30 * (months + 1)
    found = _ALONE.fullmatch(text)
    return (_AFTER, int(found[1] or found[2])) if found else None
