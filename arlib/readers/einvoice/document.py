"""An XML invoice as elements without namespaces; all that cannot be read of it is collected, not the first alone."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

from arlib.errors import Place, Problem
from arlib.words import say

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:\d{4}(?:\d{2})?|T.*|Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_AMOUNT = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d*)?|\.\d+)", re.ASCII)
_LARGEST = Decimal(10) ** 13  # beyond, a float64 no longer counts cents
_NOTHING = Decimal(0)


class Document:
    """One invoice's elements, read by path; `problems` gathers what is missing or cannot be read.

    A path is that of ElementTree. A field is the end of a key `einvoice.field.…`.
    """

    def __init__(self, root: ET.Element, place: Place) -> None:
        self.root = root
        self.place = place
        self.problems: list[Problem] = []

    def first(self, path: str, within: ET.Element | None = None) -> ET.Element | None:
        """The first element there that holds a text; None where none does."""
        return next(self._written(path, within), None)

    def text(self, path: str, within: ET.Element | None = None) -> str | None:
        """The text of the first element there that holds any."""
        found = self.first(path, within)
        return None if found is None else text_of(found)

    def texts(self, path: str) -> tuple[str, ...]:
        """Every distinct text there, in order."""
        return tuple(dict.fromkeys(text_of(element) for element in self._written(path, None)))

    def required(self, path: str, field: str) -> str:
        """The text there; a problem, and an empty text, where there is none."""
        found = self.text(path)
        if found is None:
            self.missing(path, field)
        return found or ""

    def day(self, path: str, field: str, within: ET.Element | None = None) -> date | None:
        """The day there, as `20260131` or `2026-01-31`, whatever time follows."""
        written = self.text(path, within)
        found = _DAY.fullmatch(written) if written else None
        try:
            if found:
                return date(*map(int, found.groups()))
        except ValueError:  # the 31st of February
            pass
        if written:
            self._problem("einvoice.not_date", field, path, value=written)
        return None

    def amount(self, path: str, field: str, currency: str, within: ET.Element | None = None) -> Decimal | None:
        """The amount there, in the currency asked; None where there is none.

        An amount that names no currency is in that of the document; one in another currency is a problem.
        """
        found = list(self._written(path, within))
        fitting = [element for element in found if element.get("currencyID", currency) == currency]
        if not fitting:
            if found:
                other = found[0].get("currencyID")
                self._problem("einvoice.other_currency", field, path, value=other, currency=currency)
            return None
        written = text_of(fitting[0])
        if not _AMOUNT.fullmatch(written) or abs(Decimal(written)) >= _LARGEST:
            self._problem("einvoice.not_amount", field, path, value=written)
            return None
        return Decimal(written)

    def sum_of(self, parts: Iterable[ET.Element], path: str, field: str, currency: str) -> Decimal | None:
        """What the amounts at a path within each of these elements add up to; None where none has any."""
        amounts = [self.amount(path, field, currency, part) for part in parts]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, _NOTHING) if known else None

    def missing(self, path: str, field: str) -> None:
        """Notes that the invoice lacks a field."""
        self._problem("einvoice.missing", field, path)

    def _written(self, path: str, within: ET.Element | None) -> Iterator[ET.Element]:
        parts = (self.root if within is None else within).iterfind(path)
        return (element for element in parts if text_of(element))

    def _problem(self, key: str, field: str, path: str, **values: object) -> None:
        element = path.removesuffix("/*").rpartition("/")[2]
        what = say(key, field=say(f"einvoice.field.{field}"), element=element, **values)
        self.problems.append(Problem(self.place, what))


def text_of(element: ET.Element) -> str:
    """The text of an element without the white space around it."""
    return (element.text or "").strip()
