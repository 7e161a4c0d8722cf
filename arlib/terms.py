"""Payment terms as values: read from a text, applied to a million invoices at once, printed back."""

import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import NO_DAY, Days, day_numbers, to_dates
from arlib.words import Language, Sentence, bare, say

EndOfMonth = Literal["none", "after_days", "before_days"]
_LONGEST = 366  # a term of more than a year is a misread number, not a term
_LONGEST_MONTH = 31


@dataclass(frozen=True)
class PaymentTerms:
    """When an invoice falls due, counted from its date.

    Attributes:
        days: calendar days granted, 0 for on receipt.
        end_of_month: `none`; `after_days`, the days are added and the month is then completed (the French
            "45 jours fin de mois" as most software reads it); `before_days`, the month is completed first and the
            days are added to its end. French law accepts both readings: the contract says which.
        day_of_month: the day of the month on which the customer pays, 0 for any: "30 jours fin de mois le 10" falls
            due on the 10th that follows; a month too short for it pays on its last day.

    Raises:
        ArlibError: days are negative or past a year, the reading is unknown, or no month has such a day.
    """

    days: int
    end_of_month: EndOfMonth = "none"
    day_of_month: int = 0

    def __post_init__(self) -> None:
        known = self.end_of_month in ("none", "after_days", "before_days") and 0 <= self.day_of_month <= _LONGEST_MONTH
        if not (known and 0 <= self.days <= _LONGEST):
            raise ArlibError(say("terms.impossible", days=self.days, longest=_LONGEST))

    @classmethod
    def parse(cls, text: str, *, end_of_month: EndOfMonth = "after_days") -> "PaymentTerms":
        """The terms a French or English text states: `30 jours nets`, `45J FDM`, `Net 60`, `à réception`.

        Args:
            text: the terms as written in the file.
            end_of_month: the reading given to "45 jours fin de mois", which the words alone do not settle.

        Raises:
            ArlibError: the text is not understood whole; terms are never guessed from a part of it.
        """
        plain = _plain(text)
        for pattern, reading in _PATTERNS:
            found = re.fullmatch(pattern, plain)
            if found:
                days, day = (int(found.groupdict().get(name) or 0) for name in ("days", "day"))
                return cls(days, end_of_month if reading == "as_chosen" else reading, day)
        raise ArlibError(say("terms.not_understood", text=text))

    def due_days(self, issued: Days) -> Days:
        """Due dates of day numbers (whole days since 1970-01-01); `NO_DAY` stays missing."""
        known = issued != NO_DAY
        start = np.where(known, issued, 0)
        if self.end_of_month == "before_days":
            due = _month_end(start) + self.days
        else:
            due = start + self.days
            if self.end_of_month == "after_days":
                due = _month_end(due)
        if self.day_of_month:
            due = _next_day(due + (self.end_of_month == "after_days"), self.day_of_month)
        return np.where(known, due, NO_DAY)

    def due_dates(self, issued_on: "pd.Series[Any]") -> "pd.Series[Any]":
        """Due dates of a column of invoice dates, with its index; missing stays missing."""
        return to_dates(self.due_days(day_numbers(issued_on))).set_axis(issued_on.index)

    def label(self, language: Language = "en") -> str:
        """The terms in words that `parse` reads back."""
        return self.sentence().text(language)

    def sentence(self) -> Sentence:
        """The terms as a sentence, to be put into another one."""
        if self == ON_RECEIPT:
            return say("terms.on_receipt")
        key = {"none": "terms.net", "after_days": "terms.after_days", "before_days": "terms.before_days"}
        plain = say(key[self.end_of_month], days=self.days)
        return say("terms.on_day", terms=plain, day=self.day_of_month) if self.day_of_month else plain

    def __str__(self) -> str:
        return self.label("en")


def _month_end(days: Days) -> Days:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    ends: Days = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    return ends


def _next_day(days: Days, day_of_month: int) -> Days:
    """The first such day of a month on or after each day."""
    first = days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    here = np.minimum(first + day_of_month - 1, _month_end(first))
    following = _month_end(first) + 1
    then: Days = np.minimum(following + day_of_month - 1, _month_end(following))
    return np.where(here >= days, here, then)


def _plain(text: str) -> str:
    """Lower case without accents, punctuation turned into single spaces, words and digits apart (`45JRFDM10`)."""
    spaced = re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " ", bare(text).lower())
    spaced = re.sub(r"\b(jrs?|j)(?=fdm|fm|net)", r"\1 ", spaced)
    return re.sub(r"[^a-z0-9]+", " ", spaced).strip()


_DAYS = r"(?P<days>\d{1,3}) (?:jours?|jrs?|j|days?|d)"
_MONTH_END = r"(?:a )?(?:fin (?:de |du )?mois|fdm|fm|end of (?:the )?month|eom)"
_OF_INVOICE = r"(?: date (?:de |d )?factur(?:e|ation)| (?:from|after) (?:the )?(?:date of )?invoice(?: date)?)?"
_ON_DAY = r"(?: (?:le |on the |on day )?(?P<day>[12]?\d|3[01])(?: (?:du mois(?: suivant)?|th|st|nd|rd))?)?"
_LATER_DAY = r"(?: (?:le|on the|on day) (?P<day>[12]?\d|3[01])(?: (?:du mois(?: suivant)?|th|st|nd|rd))?)?"
_AT_ONCE = (
    r"(?:payable |paiement |due |payment )?(?:a |au |up ?on |on )?"
    r"(?:reception|receipt|comptant|immediate|immediat|immediately|cash|cod|delivery|la livraison|livraison)"
    r"(?: (?:de (?:la )?)?facture| payment| of invoice)?"
)
_PATTERNS: tuple[tuple[str, EndOfMonth | Literal["as_chosen"]], ...] = (
    (_AT_ONCE, "none"),
    (rf"{_DAYS}(?: nets?)?(?: then| puis) {_MONTH_END}{_ON_DAY}", "after_days"),
    (rf"{_DAYS}(?: nets?)? {_MONTH_END}{_OF_INVOICE}{_ON_DAY}", "as_chosen"),
    (rf"(?P<days>\d{{1,3}}) {_MONTH_END}{_ON_DAY}", "as_chosen"),
    (
        rf"{_MONTH_END}(?: then| puis| plus)? (?P<days>\d{{1,3}})(?: (?:jours?|jrs?|j|days?|d))?{_LATER_DAY}",
        "before_days",
    ),
    (rf"{_DAYS} (?:apres|after) (?:la |the )?{_MONTH_END}", "before_days"),
    (_MONTH_END, "after_days"),
    (rf"{_DAYS}(?: nets?)?{_OF_INVOICE}{_LATER_DAY}", "none"),
    (r"nets? (?:a )?(?P<days>\d{1,3})(?: (?:jours?|j|days?|d))?", "none"),
    (r"(?P<days>\d{1,3}) nets?(?: days| jours)?", "none"),
)

ON_RECEIPT = PaymentTerms(0)
NET_30 = PaymentTerms(30)
NET_45 = PaymentTerms(45)
NET_60 = PaymentTerms(60)
END_OF_MONTH_45 = PaymentTerms(45, "after_days")
END_OF_MONTH_THEN_45 = PaymentTerms(45, "before_days")
