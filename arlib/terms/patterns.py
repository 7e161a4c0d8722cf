"""The texts that state the rule of one due date, in French, in English and in the codes of usual software."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from arlib.errors import ArlibError
from arlib.terms.rule import DueRule, EndOfMonth
from arlib.words import bare

_Reading = EndOfMonth | Literal["as_chosen"]

_DAY_WORD = r"(?:jours?|jrs?|j|days?|d)"
_MONTH_WORD = r"(?:mois|months?)"
_SOME_MONTHS = rf"(?:(?P<months>\d{{1,2}}) {_MONTH_WORD}(?:(?: et| and| plus)? (?=\d))?)?"
_LENGTH = rf"(?=\d){_SOME_MONTHS}(?:(?P<days>\d{{1,3}}) {_DAY_WORD})?"
_BARE_LENGTH = rf"(?=\d){_SOME_MONTHS}(?:(?P<days>\d{{1,3}})(?: {_DAY_WORD})?)?"
_PERIOD = r"(?P<period>mois|month|decade|ten day period|quinzaine|fortnight|half month|semaine|week|trimestre|quarter)"
_END = rf"(?:a )?(?:la )?(?:(?:fin|end) (?:de (?:la )?|du |of (?:the )?)?{_PERIOD}|fdm|fm|eom)"
_OF_INVOICE = (
    r"(?: date (?:de |d )?(?:factur(?:e|ation)|emission)"
    r"| (?:from|after) (?:the )?(?:date of )?invoice(?: date)?)?"
)
_DAY = r"(?P<day>[12]?\d|3[01])"
_ORDINAL = r"(?: (?:th|st|nd|rd|er))?"
_AFTER_DAY = r"(?: (?:du mois(?: suivant)?|th|st|nd|rd))?"
_ON_DAY = rf"(?: (?:le |on the |on day )?{_DAY}{_AFTER_DAY})?"
_LATER_DAY = rf"(?: (?:le|on the|on day) {_DAY}{_AFTER_DAY})?"
_PAID = r"(?:payable |paiement |due |payment )?"
_AT_ONCE = (
    rf"{_PAID}(?:a |au |up ?on |on )?(?:reception|receipt|recep|comptant|immediate|immediat|immediately|cash|arfact)"
    r"(?: (?:de (?:la )?)?facture| payment| of (?:the )?invoice)?"
)
_ON_DELIVERY = rf"{_PAID}(?:cod|(?:cash |comptant )?(?:on |upon |a )?(?:delivery|la livraison|livraison))"
_ON_ORDER = rf"{_PAID}(?:cwo|(?:cash |comptant )?(?:with |on |upon |a )?(?:order|la commande|commande))"
_IN_ADVANCE = (
    rf"{_PAID}(?:(?:before|avant) (?:the |la |l )?(?:delivery|shipment|livraison|expedition)"
    r"|(?:cash |payment )?in advance|cia|cash before delivery|cbd|prepayment|prepaid|d avance|a l avance|pro ?forma)"
)
_NTH = r"(?:(?P<nth>[1-9]) (?:eme|e|er|nd|rd|th|st) )?"
_OF_NEXT = rf"(?:(?:of (?:the )?|du ){_NTH}(?:(?:next|following) month|mois (?:suivant|prochain))|(?:of )?prox(?:imo)?)"

# Read in this order, each against the whole text.
_RULES: tuple[tuple[str, _Reading, dict[str, Any]], ...] = (
    (_AT_ONCE, "none", {}),
    (_ON_DELIVERY, "none", {"counted_from": "delivery"}),
    (_ON_ORDER, "none", {"counted_from": "order"}),
    (_IN_ADVANCE, "none", {"counted_from": "before_delivery"}),
    (rf"(?:net )?(?:le |on the |the )?{_DAY}{_ORDINAL} {_OF_NEXT}", "after_days", {}),
    (rf"{_LENGTH}(?: nets?)?(?: then| puis) {_END}{_ON_DAY}", "after_days", {}),
    (rf"{_LENGTH}(?: nets?)? {_END}{_OF_INVOICE}{_ON_DAY}", "as_chosen", {}),
    (rf"(?P<days>\d{{1,3}}) {_END}{_ON_DAY}", "as_chosen", {}),
    (rf"{_END}(?: then| puis| plus)? {_BARE_LENGTH}{_LATER_DAY}", "before_days", {}),
    (rf"{_LENGTH} (?:apres|after) (?:la |the )?{_END}{_LATER_DAY}", "before_days", {}),
    (rf"{_END}{_LATER_DAY}", "after_days", {}),
    (rf"{_LENGTH}(?: nets?)?{_OF_INVOICE}{_LATER_DAY}", "none", {}),
    (rf"(?:nets?|n|nt) (?:a |in )?{_BARE_LENGTH}", "none", {}),
    (rf"(?:nets?|n|nt) {_BARE_LENGTH} {_END}{_ON_DAY}", "as_chosen", {}),
    (r"(?P<days>\d{1,3}) nets?(?: days| jours)?", "none", {}),
    (r"d (?P<days>\d{1,3})", "none", {}),
)
_PERIODS: dict[str, Any] = {
    **dict.fromkeys(("semaine", "week"), "week"),
    **dict.fromkeys(("decade", "ten day period"), "decade"),
    **dict.fromkeys(("quinzaine", "fortnight", "half month"), "fortnight"),
    **dict.fromkeys(("trimestre", "quarter"), "quarter"),
}
_EVENTS: dict[str, Any] = {
    **dict.fromkeys(("order", "commande"), "order"),
    **dict.fromkeys(("delivery", "livraison", "shipment", "expedition"), "delivery"),
    **dict.fromkeys(("reception", "receipt"), "reception"),
    **dict.fromkeys(("instalment before", "echeance precedente"), "previous"),
}
_EVENT = (
    r"(?:(?:counted )?(?:from|after)|a (?:compter|partir) de|apres|date(?: de)?|de|of) (?:the |la |l )?"
    rf"(?:date (?:of |de )(?:the |la )?)?(?P<event>{'|'.join(_EVENTS)})"
    r"(?: (?:of |de |des |de la )?(?:the )?(?:goods|invoice|marchandises?|facture))?"
)
_FOLLOWING = (
    r"(?:moved to the next open day|(?:or )?next (?:business|working) day|(?:reporte )?(?:au )?jour ouvre suivant)"
)
_PRECEDING = (
    r"(?:moved to the last open day before|(?:or )?(?:previous|preceding) (?:business|working) day"
    r"|(?:avance )?(?:au )?jour ouvre precedent)"
)
_PAYMENT_DAYS = r"(?:payment days|jours de paiement|(?:paye|paiement|payable) les|paid on the)"
_CUT_OFF = rf"(?:cut off|date limite|arrete)(?: day| on)?(?: the| le)? (?P<day>\d{{1,2}}){_ORDINAL}"

_TWO_WINDOWS = (
    r"(?P<rest>.+?) (?:for invoices until day|pour les factures jusqu au) (?P<day>\d{1,2}) "
    r"(?P<beyond>.+) (?:for later ones|pour les suivantes)"
)


def plain_text(text: str) -> str:
    """Lower case without accents, punctuation turned into single spaces, words and digits apart (`45JRFDM10`).

    The decimal mark becomes a point; the percent sign, the slash and the semicolon stay, as words.
    """
    spelled = bare(text.replace("’", "'").replace("€", " eur ").replace("_", " ")).lower()
    marked = re.sub(r"(?<=\d)[.,](?=\d)", ".", spelled)
    spaced = re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)|(?=[%/;])|(?<=[%/;])", " ", marked)
    spaced = re.sub(r"\b(jrs?|j|mois|d)(?=fdm|fm|net|endmonth)", r"\1 ", spaced)
    spaced = spaced.replace("endmonth", "end month").replace("pour cent", "%")
    return re.sub(r"[^a-z0-9.%/;]+|(?<!\d)\.|\.(?!\d)", " ", spaced).strip().replace("  ", " ")


def rule_of(plain: str, end_of_month: EndOfMonth) -> DueRule | None:
    """The rule a plain text states, all of it; None where it states none."""
    for pattern, read in _MODIFIERS:
        found = re.fullmatch(pattern, plain)
        rule = found and read(found, end_of_month)
        if rule:
            return rule
    return _basis(plain, end_of_month)


def _basis(plain: str, end_of_month: EndOfMonth) -> DueRule | None:
    """The rule of a text without modifiers."""
    shorter = re.sub(r"^(?:a|in|within|sous|at) (?=\d)", "", plain)
    for pattern, reading, more in _RULES:
        found = re.fullmatch(pattern, shorter)
        if found:
            named = found.groupdict()
            numbers = {name: int(named.get(name) or 0) for name in ("days", "months", "day", "nth")}
            return DueRule(
                numbers["days"],
                _chosen(named, reading, end_of_month),
                numbers["day"],
                months=numbers["months"] + max(numbers["nth"] - 1, 0),
                period=_PERIODS.get(named.get("period") or "", "month"),
                **more,
            )
    return None


def _chosen(named: dict[str, str | Any], reading: _Reading, end_of_month: EndOfMonth) -> EndOfMonth:
    """The reading of an end of period; only the month has two: "30 jours fin de décade" counts from its end."""
    if reading != "as_chosen":
        return reading
    return end_of_month if named.get("period") in (None, "mois", "month") else "before_days"


def _within(found: re.Match[str], end_of_month: EndOfMonth, **more: Any) -> DueRule | None:  # noqa: ANN401 - any fields
    """The rule of the text before a modifier, with what the modifier says; None where they contradict each other."""
    rule = rule_of(found["rest"], end_of_month)
    if rule is None:
        return None
    try:
        return replace(rule, **more)
    except ArlibError:
        return None


def _moved(direction: str) -> Callable[[re.Match[str], EndOfMonth], DueRule | None]:
    def read(found: re.Match[str], end_of_month: EndOfMonth) -> DueRule | None:
        return _within(found, end_of_month, open_days=direction, country=(found["country"] or "").upper())

    return read


def _on_payment_days(found: re.Match[str], end_of_month: EndOfMonth) -> DueRule | None:
    days = tuple(sorted({int(day) for day in re.findall(r"\d+", found["days"])}))
    return _within(found, end_of_month, payment_days=days)


def _from_event(found: re.Match[str], end_of_month: EndOfMonth) -> DueRule | None:
    rule = rule_of(found["rest"] + (found["later"] or ""), end_of_month)
    return None if rule is None else replace(rule, counted_from=_EVENTS[found["event"]])


def _cut_off(found: re.Match[str], end_of_month: EndOfMonth) -> DueRule | None:
    """One month more for invoices after the cut-off."""
    rule = rule_of(found["rest"], end_of_month)
    if rule is None or rule.beyond is not None:
        return None
    return replace(rule, cut_off=int(found["day"]), beyond=replace(rule, months=rule.months + 1))


def _two_windows(found: re.Match[str], end_of_month: EndOfMonth) -> DueRule | None:
    beyond = rule_of(found["beyond"], end_of_month)
    return None if beyond is None else _within(found, end_of_month, cut_off=int(found["day"]), beyond=beyond)


def _fixed(found: re.Match[str], _end_of_month: EndOfMonth) -> DueRule | None:
    try:
        return DueRule(fixed_on=date(int(found["year"]), int(found["month"]), int(found["day"])))
    except ValueError:
        return None


# Each around the rule of the text within it, the outermost first.
_MODIFIERS: tuple[tuple[str, Callable[[re.Match[str], EndOfMonth], DueRule | None]], ...] = (
    (_TWO_WINDOWS, _two_windows),
    (rf"(?P<rest>.+?) {_CUT_OFF}", _cut_off),
    (rf"(?P<rest>.+?) {_FOLLOWING}(?: (?:in|en) (?P<country>[a-z]{{2}}))?", _moved("following")),
    (rf"(?P<rest>.+?) {_PRECEDING}(?: (?:in|en) (?P<country>[a-z]{{2}}))?", _moved("preceding")),
    (rf"(?P<rest>.+?) {_PAYMENT_DAYS} (?P<days>\d{{1,2}}(?:(?: et| and)? \d{{1,2}})*)", _on_payment_days),
    (rf"(?P<rest>.+?) {_EVENT}(?P<later> (?:on day|on the|le) \d{{1,2}})?", _from_event),
    (r"(?:on|le) (?P<year>\d{4}) (?P<month>\d\d) (?P<day>\d\d)", _fixed),
    (r"le (?P<day>\d\d?) / (?P<month>\d\d?) / (?P<year>\d{4})", _fixed),
)
