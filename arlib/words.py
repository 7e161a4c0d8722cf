"""What a person reads, in French and English: one table of labels, and sentences made from it.

Errors, reading notes, findings and reasons are all `Sentence` values: a key of `labels.csv` and the values put
into it. A program reads the key, a person reads `sentence.text("fr")`.
"""

import csv
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal, get_args

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_NARROW_SPACE = "\u202f"  # French thousands; a line never breaks inside a number
_NO_BREAK_SPACE = "\u00a0"  # before the percent sign and the currency, in French
_DECIMALS = {"money": 2, "days": 1, "count": 0, "index": 4}
MONTHS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        "fr": (
            *("janvier", "février", "mars", "avril", "mai", "juin"),
            *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        ),
    }
)
_MINUS = "\u2212"  # a hyphen is too short beside figures


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    with Path(__file__).with_name("labels.csv").open(encoding="utf-8", newline="") as table:
        return MappingProxyType({row["key"]: row for row in csv.DictReader(table)})


def word(key: str, language: Language = "en", /, **values: object) -> str:
    """The label `key` in a language, with `values` put into its braces.

    Braces name a value and how it is written: `{amount:money}`, `{share:percent}`, `{days:days}`, `{day:date}`,
    `{day:month}`, `{rows:count}`, `{hhi:index}`, or a bare `{name}` for text as it came. `{gap:+days}` writes the
    sign of a difference; `{rows:invoice|invoices}` the word that goes with a count.

    Raises:
        KeyError: `labels.csv` has no such key.
    """
    if not values:
        return _labels()[key][language]
    return "".join(
        text if name is None else text + as_written(values[name], how, language)
        for text, name, how in word_parts(key, language)
    )


@cache
def word_parts(key: str, language: Language) -> tuple[tuple[str, str | None, str], ...]:
    """A label taken apart once: texts, each with the name of the value after it, if any, and how that is written."""
    return tuple((text, name, how or "") for text, name, how, _ in Formatter().parse(_labels()[key][language]))


def has_word(key: str) -> bool:
    """Whether `labels.csv` knows this key."""
    return key in _labels()


def label_keys() -> tuple[str, ...]:
    """Every key of the labels table, in its order."""
    return tuple(_labels())


@dataclass(frozen=True)
class Sentence:
    """Something to tell a person: a key of the labels table and the values put into it."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: Language = "en") -> str:
        """The sentence in a language; a value that is itself a sentence is written in the same one."""
        return word(self.key, language, **{name: _within(value, language) for name, value in self.values.items()})

    def __str__(self) -> str:
        return self.text("en")


def _within(value: Any, language: Language) -> Any:  # noqa: ANN401 - any value of a sentence
    """A value as a sentence of that language holds it: other sentences, or a list of them, are written out."""
    if isinstance(value, Sentence):
        return value.text(language)
    if isinstance(value, list):
        return ", ".join(str(_within(each, language)) for each in value)
    return value


def say(key: str, /, **values: object) -> Sentence:
    """A sentence from a key of the labels table and its values."""
    return Sentence(key, values)


def bare(text: str) -> str:
    """A text without its accents and other marks, to compare words by."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def number(value: float, language: Language = "en", decimals: int = 2) -> str:
    """A figure as a reader of the language writes it: `1,234.56` or `1 234,56`; a dash when there is none."""
    if value is None or math.isnan(value):
        return "–"
    rounded = round(float(value), decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
    written = f"{abs(rounded):,.{decimals}f}"
    if language == "fr":
        written = written.replace(",", _NARROW_SPACE).replace(".", ",")
    return (_MINUS if rounded < 0 else "") + written


def money(value: float, language: Language = "en", currency: str = "", decimals: int = 2) -> str:
    """An amount with its currency where the language puts it: `EUR 1,234.56`, `1 234,56 €`."""
    written = number(value, language, decimals)
    if not currency or written == "–":
        return written
    if language == "fr":
        return written + _NO_BREAK_SPACE + {"EUR": "€", "USD": "$US", "GBP": "£"}.get(currency, currency)
    return currency + _NO_BREAK_SPACE + written


def percent(value: float, language: Language = "en", decimals: int = 1) -> str:
    """A share from 0 to 1 as a percentage: `12.5%`, `12,5 %`."""
    written = number(value * 100, language, decimals)
    if written == "–":
        return written
    return written + (_NO_BREAK_SPACE + "%" if language == "fr" else "%")


def day(value: date | None, language: Language = "en") -> str:
    """A day: `2012-12-31`, which no reader of English takes for another, or `31/12/2012`."""
    if value is None or value != value:  # noqa: PLR0124 - NaT is the only day unequal to itself
        return "–"
    return value.strftime("%d/%m/%Y") if language == "fr" else value.strftime("%Y-%m-%d")


def month(value: date, language: Language = "en") -> str:
    """The month of a day: `July 2025`, `juillet 2025`."""
    return f"{MONTHS[language][value.month - 1]} {value.year}"


def _signed(written: str, *, always: bool) -> str:
    """A figure with its sign, also above zero where a difference is written."""
    return (
        "+" + written if always and any(digit in written for digit in "123456789") and written[0] != _MINUS else written
    )


def _is_plural(count: float, language: Language) -> bool:
    """Whether the word beside a count is plural: in English beside all but 1, in French from 2 on."""
    return bool(abs(count) >= 2 if language == "fr" else abs(count) != 1)  # noqa: PLR2004 - the grammar


def as_written(value: Any, how: str, language: Language) -> str:  # noqa: ANN401 - any value of a sentence
    """A value as the braces of a label say, by the conventions of one language."""
    if "|" in how:
        return how.split("|")[_is_plural(value, language)]
    figures = how.removeprefix("+")
    if figures in _DECIMALS:
        return _signed(number(value, language, _DECIMALS[figures]), always=figures != how)
    match how:
        case "percent":
            return percent(value, language)
        case "date":
            return day(value, language)
        case "month":
            return month(value, language)
        case _:
            plain = format(value, how)
            return plain.replace(".", ",") if language == "fr" and isinstance(value, float) else plain
