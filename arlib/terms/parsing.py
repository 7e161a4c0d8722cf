"""A text of payment terms into their parts: one rule, instalments and a balance, discounts. Never a part of it."""

import re
from dataclasses import dataclass

from arlib.errors import ArlibError
from arlib.terms.parts import MILLION, Base, Discount, Instalment
from arlib.terms.patterns import plain_text, rule_of
from arlib.terms.rule import DueRule, EndOfMonth
from arlib.words import say

_LONGEST, _SHOWN = 1_000, 80  # characters of a text that is read; of one that is too long, shown
_NEGATIVE = re.compile(r"(?<!\S)[-\u2212]\d")  # "-30 days"; in "Net-30" and "- 30 jours" the dash is none
_NUMBER = r"\d+(?:\.\d+)?"
_MEANS = (
    r"(?:(?:par|by|en) )?(?:virement|cheque|check|lcr|bor|traite|prelevement|carte|bank transfer|wire transfer"
    r"|direct debit)(?: (?:sepa|bancaire|sur facture))?"
)
_OPENING = (
    r"(?:(?:implicit|payment terms|terms of payment|conditions? de (?:paiement|reglement)|reglement|paiement|payment"
    r"|cr|pt) )"
)
_DAYS = r"(?P<days>\d{1,3})(?: (?:days?|jours?|j|d))?"
_BEFORE_NET = r"(?=\d{1,3} (?:(?:days?|jours?|j|d) )?nets? \d{1,3}(?! ?[%.\d]))"  # "2 % 10 net 30", no instalment
_SHORT_DISCOUNT = re.compile(
    rf"(?P<share>{_NUMBER}) (?:(?:% )?/ |% (?:{_BEFORE_NET}|(?:discount|d escompte|escompte) "
    rf"(?:if paid |si paye )?(?:within |in |sous |a )?)){_DAYS} (?:otherwise |sinon |puis |or )?"
)
_DISCOUNT = (
    rf"(?:; )?(?:(?:discount|escompte) (?:of |de )?(?P<first>{_NUMBER}) %"
    rf"|(?P<second>{_NUMBER}) % (?:discount|d escompte))"
    r"(?P<net> before tax| hors taxe| ht)?(?: (?:if paid|si paye))?(?: (?:by|a|within|in|sous))?(?: |$)"
)
_THEN_DUE = re.compile(  # after a discount that comes first: its days, then the rule, never the end of its own
    rf"{_DAYS} (?P<due>(?:(?:otherwise|sinon|puis|or) .+|(?:nets? |a |sous |in |within )?\d.*))"
)
_PART = (
    rf"(?:; |et |and |puis |then )?(?:(?P<deposit>(?:acompte|deposit|arrhes)(?: (?:of|de))?) )?"
    rf"(?:(?P<percent>{_NUMBER}) %|(?:amount |montant )(?P<amount>{_NUMBER})(?: eur)?|(?P<euros>{_NUMBER}) eur"
    r"|(?:le |the )?(?P<balance>solde|balance|remainder|reste|remaining))"
    r"(?P<paid_first> (?:d )?(?:acompte|deposit|arrhes))?(?: |$)"
)


@dataclass(frozen=True)
class Understood:
    """What a text states: the rule of its balance, or of all of it; its instalments; its discounts."""

    due: DueRule
    instalments: tuple[Instalment, ...] = ()
    discounts: tuple[Discount, ...] = ()


def read(text: str, end_of_month: EndOfMonth) -> Understood:
    """What a text states.

    Raises:
        ArlibError: it is not understood whole, and because of which part; or its shares do not add up to 100 %.
    """
    if len(text) > _LONGEST:
        raise ArlibError(say("terms.not_understood", text=text[:_SHOWN] + "…"))
    if _NEGATIVE.search(text):
        raise ArlibError(say("terms.not_understood", text=text))
    plain = _stripped(plain_text(text))
    rule = rule_of(plain, end_of_month)
    if rule is not None:
        return Understood(rule)
    return _Compound(text, end_of_month).read(plain)


def _stripped(plain: str) -> str:
    """A plain text without what does not change a date: "conditions de paiement", means of payment."""
    plain = re.sub(r"^dep (\d+) pctdel$", r"\1 % on order balance on delivery", plain)
    for unsaid in (rf"^{_OPENING}(?=\S)", rf"^{_MEANS} (?:a )?(?=\S)", rf"(?<=\S) {_MEANS}$"):
        plain = re.sub(unsaid, "", plain)
    return plain


@dataclass(frozen=True)
class _Compound:
    """The reading of one text that states more than a rule."""

    text: str
    end_of_month: EndOfMonth

    def read(self, plain: str) -> Understood:
        discounts, rest = _short_discounts(plain)
        if discounts:
            return Understood(self._rule(rest), discounts=discounts)
        offers = list(re.finditer(rf"(?<!\S){_DISCOUNT}", plain))
        if offers:
            return self._discounted(plain, offers)
        parts = list(re.finditer(rf"(?<!\S){_PART}", plain))
        if not parts:
            raise ArlibError(say("terms.not_understood", text=self.text))
        if parts[0].start():
            raise self._not_understood(plain[: parts[0].start()])
        return self._in_parts(plain, parts)

    def _discounted(self, plain: str, offers: list[re.Match[str]]) -> Understood:
        before, last = plain[: offers[0].start()], offers[-1].end()
        first = None if before.strip() else _THEN_DUE.fullmatch(plain, last)
        if first:
            due = self._rule(re.sub(r"^(?:otherwise|sinon|puis|or) ", "", first["due"]))
            plain = plain[: first.start("due")]
        else:
            due = self._rule(before)
        discounts = []
        for each, rule in zip(offers, self._rules(plain, offers), strict=True):
            base: Base = "net" if each["net"] else "gross"
            discounts.append(Discount(_share(each["first"] or each["second"]), rule, base))
        return Understood(due, discounts=tuple(discounts))

    def _in_parts(self, plain: str, parts: list[re.Match[str]]) -> Understood:
        rules = self._rules(plain, parts)
        *before, last = parts
        early = next((each for each in before if each["balance"]), None)
        if early is not None:  # the balance is what is left at the end
            raise self._not_understood(plain[early.start() :])
        shares = sum(round(_share(each["percent"]) * MILLION) for each in parts if each["percent"])
        whole = shares < MILLION if last["balance"] else shares == MILLION and bool(last["percent"])
        if not whole:
            raise ArlibError(say("terms.not_whole", text=self.text, share=shares / MILLION))
        instalments = tuple(_instalment(each, rule) for each, rule in zip(before, rules[:-1], strict=True))
        return Understood(rules[-1], instalments)

    def _rules(self, plain: str, heads: list[re.Match[str]]) -> list[DueRule]:
        """The rule after each head, up to the next."""
        ends = [*(head.start() for head in heads[1:]), len(plain)]
        return [self._after(head, plain[head.end() : end]) for head, end in zip(heads, ends, strict=True)]

    def _after(self, head: re.Match[str], body: str) -> DueRule:
        named = head.groupdict()
        if not body.strip() and (named.get("deposit") or named.get("paid_first")):
            return DueRule(counted_from="order")
        return self._rule(body) if body.strip() else self._rule(head.group())

    def _rule(self, plain: str) -> DueRule:
        kept = re.sub(r"^[; ]+|[; ]+$", "", plain)
        rule = rule_of(kept, self.end_of_month)
        if rule is None:
            raise self._not_understood(kept)
        return rule

    def _not_understood(self, part: str) -> ArlibError:
        if not part.strip():
            return ArlibError(say("terms.not_understood", text=self.text))
        return ArlibError(say("terms.part_not_understood", text=self.text, part=part.strip()))


def _short_discounts(plain: str) -> tuple[tuple[Discount, ...], str]:
    """The discounts a text begins with, as in "3/10 2/20 net 30", and what follows them."""
    discounts, at = [], 0
    while found := _SHORT_DISCOUNT.match(plain, at):
        discounts.append(Discount(_share(found["share"]), DueRule(int(found["days"]))))
        at = found.end()
    return tuple(discounts), re.sub(r"^n / ", "net ", plain[at:])


def _share(percent: str) -> float:
    """A percentage as a share, exact to the millionth."""
    return round(float(percent) * MILLION / 100) / MILLION


def _instalment(found: re.Match[str], due: DueRule) -> Instalment:
    if found["percent"]:
        return Instalment(due, share=_share(found["percent"]))
    return Instalment(due, amount=float(found["amount"] or found["euros"]))
