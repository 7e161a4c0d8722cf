"""Terms as sentences, in the words that `parsing` reads back."""

from dataclasses import replace
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

from arlib.terms.parts import Discount, Instalment
from arlib.terms.rule import DueRule, date_fields
from arlib.words import Sentence, say

if TYPE_CHECKING:
    from arlib.terms.payment import PaymentTerms


def rule_sentence(rule: DueRule) -> Sentence:
    """The rule of one due date as a sentence."""
    if rule.beyond is not None:
        until = replace(rule, cut_off=0, beyond=None)
        return say("terms.cut_off", until=rule_sentence(until), day=rule.cut_off, beyond=rule_sentence(rule.beyond))
    told = _basis(rule)
    if rule.day_of_month:
        told = say("terms.on_day", terms=told, day=rule.day_of_month)
    if rule.payment_days:
        told = say("terms.payment_days", terms=told, days=list(rule.payment_days))
    if rule.open_days != "any":
        told = say(f"terms.open.{rule.open_days}", terms=told)
    return say("terms.in_country", terms=told, country=rule.country) if rule.country else told


def terms_sentence(terms: "PaymentTerms") -> Sentence:
    """Terms as a sentence: their instalments, their balance, their discounts."""
    rule = rule_sentence(terms)
    if terms.instalments:
        return _joined([*(_instalment(each) for each in terms.instalments), say("terms.balance", terms=rule)])
    return _joined([rule, *(_discount(each) for each in terms.discounts)])


def _basis(rule: DueRule) -> Sentence:
    """What is counted, and from when."""
    counted = date_fields(rule).keys() & {"days", "months", "end_of_month", "day_of_month"}
    if rule.fixed_on is not None:
        return say("terms.fixed", day=rule.fixed_on)
    match rule.counted_from:
        case "invoice":
            return _granted(rule) if counted else say("terms.on_receipt")
        case "before_delivery":
            return say("terms.before_delivery")
        case "order" | "delivery" as event if not counted:
            return say(f"terms.at.{event}")
        case event:
            return say(f"terms.from.{event}", terms=_granted(rule))


def _granted(rule: DueRule) -> Sentence:
    """Months, days and the end of a period, in the order they are counted."""
    length = _length(rule)
    if rule.end_of_month == "none":
        return say("terms.net", length=length, days=rule.days or rule.months)
    end = say(f"terms.end_of.{rule.period}")
    if rule.end_of_month == "before_days":
        return say("terms.before_days", end=end, length=length)
    return say("terms.after_days", end=end, length=length) if rule.days or rule.months else say("terms.end", end=end)


def _length(rule: DueRule) -> Sentence:
    if not rule.months:
        return say("terms.length.days", days=rule.days)
    if not rule.days:
        return say("terms.length.months", months=rule.months)
    return say("terms.length.both", months=rule.months, days=rule.days)


def _instalment(part: Instalment) -> Sentence:
    if part.share is not None:
        return say("terms.part_share", percent=_figure(part.share, 2), terms=rule_sentence(part.due))
    return say("terms.part_amount", amount=_figure(part.amount or 0.0, 0), terms=rule_sentence(part.due))


def _discount(discount: Discount) -> Sentence:
    percent = _figure(discount.share, 2)
    return say(f"terms.discount_{discount.base}", percent=percent, terms=rule_sentence(discount.until))


def _joined(clauses: list[Sentence]) -> Sentence:
    """Clauses with semicolons between them."""
    return reduce(lambda first, second: say("terms.and", first=first, second=second), clauses)


def _figure(value: float, places: int) -> object:
    """A figure with the decimals it has, moved by some places: 0.025 by 2 is 2.5, written 2,5 in French."""
    moved = Decimal(str(round(value * 10**places, 6))).normalize()
    whole, _, fraction = f"{moved:f}".partition(".")
    return say("terms.decimal", whole=whole, fraction=fraction) if fraction else whole
