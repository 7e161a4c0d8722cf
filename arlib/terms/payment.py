"""Payment terms as values: read from a text, applied to a million invoices at once, printed back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import Days, Floats, day_numbers, to_dates
from arlib.terms.parsing import read
from arlib.terms.parts import MILLION, Discount, Instalment, minor_units, share_of, split
from arlib.terms.rule import DueRule, EndOfMonth, Event, date_fields
from arlib.terms.wording import terms_sentence
from arlib.words import Language, Sentence, say

_MOST_DECIMALS = 3
_GIVEN = ("order", "delivery", "reception")  # the events whose dates can be given


@dataclass(frozen=True)
class PaymentTerms(DueRule):
    """When an invoice falls due and in which parts; the fields of `DueRule` say when its balance does.

    Attributes:
        instalments: the parts that fall due by rules of their own, in order; the balance comes after them.
        discounts: what it costs less when paid early, the largest first; only where there are no instalments.

    Raises:
        ArlibError: as `DueRule`; or instalments that leave no balance, discounts beside instalments or not in order,
            or a first payment counted from the one before.
    """

    instalments: tuple[Instalment, ...] = field(default=(), kw_only=True)
    discounts: tuple[Discount, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_kinds(self)
        shares = sum(round((each.share or 0) * MILLION) for each in self.instalments)
        if shares >= MILLION:
            raise ArlibError(say("terms.shares", terms=terms_sentence(self), share=shares / MILLION))
        if self.instalments and self.discounts:
            raise ArlibError(say("terms.discount_of_parts", terms=terms_sentence(self)))
        if any(second.share >= first.share for first, second in pairwise(self.discounts)):
            raise ArlibError(say("terms.discounts_order", terms=terms_sentence(self)))
        first = self.instalments[0].due if self.instalments else self
        untils = [each.until for each in self.discounts]
        if any(_after_another(rule) for rule in (first, *untils)):
            raise ArlibError(say("terms.first_previous", terms=terms_sentence(self)))

    @property
    def one_date(self) -> bool:
        """Whether the date of an invoice alone gives its one due date: no instalments, no other event."""
        beyond = self.beyond or self
        return not self.instalments and {self.counted_from, beyond.counted_from} == {"invoice"}

    @classmethod
    def parse(cls, text: str, *, end_of_month: EndOfMonth = "after_days") -> "PaymentTerms":
        """The terms a French or English text states: `30 jours nets`, `45J FDM`, `2/10 Net 30`, `à réception`.

        Args:
            text: the terms as written in the file, or the code of a usual software: `30JRFDM10`, `D(60)`.
            end_of_month: the reading given to "45 jours fin de mois", which the words alone do not settle.

        Raises:
            ArlibError: the text is not understood whole, and which part of it is not; terms are never guessed. Or
                its shares do not add up to 100 %.
        """
        found = read(text, end_of_month)
        return cls(**date_fields(found.due), instalments=found.instalments, discounts=found.discounts)

    def due_days(self, issued: Days, dates: Mapping[Event, Days] | None = None) -> Days:
        """Due dates of day numbers (whole days since 1970-01-01): of the last part; `NO_DAY` stays missing.

        Args:
            issued: the dates of the invoices.
            dates: the dates of other events, as long as `issued`; the invoice's date where one is missing.
        """
        last: Days = np.max(self.line_days(issued, dates), axis=0)
        return last

    def due_dates(
        self, issued_on: "pd.Series[Any]", dates: "Mapping[Event, pd.Series[Any]] | None" = None
    ) -> "pd.Series[Any]":
        """Due dates of a column of invoice dates, with its index; missing stays missing; of the last instalment.

        Args:
            issued_on: the dates of the invoices.
            dates: columns of other dates (`order`, `delivery`, `reception`), row by row beside `issued_on`.

        Raises:
            ArlibError: a column of dates has another name or length.
        """
        due = self.due_days(day_numbers(issued_on), _numbered(dates, len(issued_on)))
        return to_dates(due).set_axis(issued_on.index)

    def schedule(
        self,
        issued_on: "pd.Series[Any]",
        amounts: "pd.Series[Any]",
        dates: "Mapping[Event, pd.Series[Any]] | None" = None,
        *,
        decimals: int = 2,
    ) -> pd.DataFrame:
        """What falls due when: one row a part of an invoice, which add up to it exactly.

        Columns: `invoice` (its label in the index of `issued_on`), `line` (from 1), `due_on`, `amount`. Each part is
        rounded alone, halves away from zero; the balance, last, takes what is left. An invoice without a date has
        no due date, one without an amount none either. Credit notes are cut as invoices are.

        Args:
            issued_on: the dates of the invoices.
            amounts: their amounts with tax, row by row beside `issued_on`.
            dates: columns of other dates, as for `due_dates`.
            decimals: of the currency: 2, 0 for the yen, 3 for the dinar.

        Raises:
            ArlibError: the columns differ in length, or no currency has so many decimals.
        """
        issued, amount = day_numbers(issued_on), _beside(amounts, issued_on, decimals)
        parts = split(minor_units(amount, decimals), self.instalments, decimals)
        lines = len(parts)
        due = np.stack(self.line_days(issued, _numbered(dates, len(issued))), axis=1).ravel()
        paid = _amounts(np.stack(parts, axis=1).ravel(), np.repeat(amount, lines), decimals)
        line = np.tile(np.arange(1, lines + 1), len(amount))
        invoice = issued_on.index.repeat(lines)
        return pd.DataFrame({"invoice": invoice, "line": line, "due_on": to_dates(due), "amount": paid})

    def discount_offers(
        self,
        issued_on: "pd.Series[Any]",
        amounts: "pd.Series[Any]",
        net_amounts: "pd.Series[Any] | None" = None,
        *,
        decimals: int = 2,
    ) -> pd.DataFrame:
        """What may be paid early instead: one row a discount of an invoice; no row where the terms have none.

        Columns: `invoice` (its label in the index of `issued_on`), `line` (from 1, the largest first), `until_on`,
        `discount`, `to_pay`. A discount is rounded alone; it never exceeds the invoice.

        Args:
            issued_on: the dates of the invoices.
            amounts: their amounts with tax, row by row beside `issued_on`.
            net_amounts: their amounts without tax, needed by discounts granted on these.
            decimals: of the currency.

        Raises:
            ArlibError: a discount is on amounts without tax and none are given; or as `schedule`.
        """
        if net_amounts is None and any(each.base == "net" for each in self.discounts):
            raise ArlibError(say("terms.needs_net", terms=self.sentence()))
        gross = _beside(amounts, issued_on, decimals)
        base = {"gross": gross, "net": gross if net_amounts is None else _beside(net_amounts, issued_on, decimals)}
        issued, frames = day_numbers(issued_on), []
        for line, each in enumerate(self.discounts, 1):
            off = share_of(minor_units(base[each.base], decimals), each.share)
            discount = _amounts(off, gross + base[each.base], decimals)
            to_pay = _amounts(minor_units(gross, decimals) - off, gross + base[each.base], decimals)
            columns = {"until_on": to_dates(each.until.due_days(issued)), "discount": discount, "to_pay": to_pay}
            frames.append(pd.DataFrame({"invoice": issued_on.index, "line": line} | columns))
        if not frames:
            return pd.DataFrame(columns=["invoice", "line", "until_on", "discount", "to_pay"])
        return pd.concat(frames).sort_index(kind="stable", ignore_index=True)

    def text(self, language: Language = "en") -> str:
        """The terms in words that `parse` reads back."""
        return self.sentence().text(language)

    def sentence(self) -> Sentence:
        """The terms as a sentence, to be put into another one."""
        return terms_sentence(self)

    def __str__(self) -> str:
        return self.text("en")

    def line_days(self, issued: Days, dates: Mapping[Event, Days] | None = None) -> list[Days]:
        """`due_days` of each instalment and, last, of the balance; each may count from the one before."""
        known = dict(dates or {})
        lines: list[Days] = []
        for due_days in (*(each.due.due_days for each in self.instalments), super().due_days):
            lines.append(due_days(issued, known))
            known["previous"] = lines[-1]
        return lines


def _check_kinds(terms: PaymentTerms) -> None:
    for name, kind in (("instalments", Instalment), ("discounts", Discount)):
        values = getattr(terms, name)
        if not (isinstance(values, tuple) and all(isinstance(each, kind) for each in values)):
            raise ArlibError(say("terms.impossible_value", name=name, value=str(values)))


def _after_another(rule: DueRule) -> bool:
    """Whether a rule counts from the instalment before, on either side of its cut-off."""
    return "previous" in (rule.counted_from, rule.beyond.counted_from if rule.beyond else "")


def _numbered(dates: "Mapping[Event, pd.Series[Any]] | None", rows: int) -> dict[Event, Days]:
    """Dates of other events as day numbers, as many as there are invoices."""
    for event, column in (dates or {}).items():
        if event not in _GIVEN or len(column) != rows:
            raise ArlibError(say("terms.dates", event=event, rows=len(column), invoices=rows, known=", ".join(_GIVEN)))
    return {event: day_numbers(column) for event, column in (dates or {}).items()}


def _beside(amounts: "pd.Series[Any]", issued_on: "pd.Series[Any]", decimals: int) -> Floats:
    """Amounts as floats, as many as there are dates."""
    if len(amounts) != len(issued_on):
        raise ArlibError(say("terms.lengths", amounts=len(amounts), dates=len(issued_on)))
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise ArlibError(say("terms.impossible_value", name="decimals", value=str(decimals)))
    return amounts.to_numpy(np.float64, na_value=np.nan)


def _amounts(units: Days, known: Floats, decimals: int) -> Floats:
    """Whole cents as amounts, missing where those they come from are."""
    return np.where(np.isnan(known), np.nan, units / 10**decimals)


ON_RECEIPT = PaymentTerms(0)
NET_30 = PaymentTerms(30)
NET_45 = PaymentTerms(45)
NET_60 = PaymentTerms(60)
END_OF_MONTH_45 = PaymentTerms(45, "after_days")
END_OF_MONTH_THEN_45 = PaymentTerms(45, "before_days")
