"""Profiles read from YAML: those that ship, and anybody's own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from arlib.errors import ArlibError
from arlib.readers.headings import fields as headings_fields
from arlib.readers.headings import plain
from arlib.readers.profiles.profile import Profile
from arlib.schema import KINDS
from arlib.terms import PaymentTerms
from arlib.words import say

_FOLDER = Path(__file__).parent
_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times faster, where it was compiled
_ORDERS = ("day first", "month first")
_MARKS = (",", ".")
_TAXES, _SENSES, _EXPENSES = ("rates", "amounts"), ("signed", "unsigned"), ("left out", "none")


@cache
def shipped() -> Mapping[str, Profile]:
    """Every profile that ships, by name."""
    return {path.stem: _from_file(path) for path in sorted(_FOLDER.glob("*.yaml"))}


def find_profile(headings: Iterable[str]) -> Profile | None:
    """The shipped profile whose signature these headings hold, the longest where several do; else none."""
    there = {plain(heading) for heading in headings}
    found = [profile for profile in shipped().values() if profile.matches(there)]
    return max(found, key=lambda profile: len(profile.signature), default=None)


def read_profile(path_or_name: str | Path) -> Profile:
    """A profile that ships, by its name ("sage"), or a YAML file's.

    Raises:
        ArlibError: no profile and no file of this name; or the file has a key, a field or a value that no profile
            has, named with the file.
    """
    if str(path_or_name) in shipped():
        return shipped()[str(path_or_name)]
    if not Path(path_or_name).is_file():
        raise ArlibError(say("profile.unknown", name=str(path_or_name), names=", ".join(shipped())))
    return _from_file(Path(path_or_name))


def _from_file(path: Path) -> Profile:
    try:
        said = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_SAFE)  # noqa: S506 - both are safe
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as unreadable:
        raise ArlibError(say("profile.not_yaml", file=path.name)) from unreadable
    if not isinstance(said, dict):
        raise ArlibError(say("profile.not_yaml", file=path.name))
    known = [each.name for each in fields(Profile)]
    for key in said:
        if key not in known:
            raise ArlibError(say("profile.unknown_key", file=path.name, key=str(key), keys=", ".join(known)))
    made = {key: _value(path.name, key, value) for key, value in said.items() if value is not None}
    return Profile(**({"name": path.stem} | made))


def _value(file: str, key: str, value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    read, expected = _KEYS[key]
    try:
        return read(value)
    except (TypeError, ValueError, ArlibError) as wrong:
        shown = wrong.args[0] if isinstance(wrong, _UnknownValueError) else value
        raise ArlibError(
            say("profile.wrong_value", file=file, key=key, value=str(shown), expected=say(f"profile.{expected}"))
        ) from wrong


class _UnknownValueError(ValueError):
    """A part of a value that is not one of those known; its argument is the part."""


def _text(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    if not isinstance(value, str):
        raise TypeError
    return value


def _row(value: Any) -> int:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TypeError
    return value


def _day(value: Any) -> date:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, str):
        return date.fromisoformat(value)
    if not isinstance(value, date):
        raise TypeError
    return date(value.year, value.month, value.day)


def _known(allowed: Callable[[], Iterable[str]]) -> Callable[[Any], str]:
    def read(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
        if value not in list(allowed()):
            raise _UnknownValueError(value)
        return str(value)

    return read


def _terms(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    PaymentTerms.parse(_text(value))
    return _text(value)


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever YAML holds
    """One text, or a list of them, as a tuple that holds at least one."""
    texts = tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)
    if not texts:
        raise TypeError
    return texts


def _several(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def every(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - whatever YAML holds
        if not isinstance(value, list):
            raise TypeError
        return tuple(map(read, value))

    return every


def _mapping(key: Callable[[Any], str], value: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    def each(said: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever YAML holds
        if not isinstance(said, dict):
            raise TypeError
        return {key(name): value(held) for name, held in said.items()}

    return each


_FIELD, _KIND = _known(headings_fields), _known(lambda: KINDS)
_KEYS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "name": (_text, "a_text"),
    "software": (_text, "a_text"),
    "signature": (_several(_texts), "headings"),
    "columns": (_mapping(_FIELD, _texts), "fields"),
    "optional": (_several(_FIELD), "field_list"),
    "sheet": (_text, "a_text"),
    "header": (_row, "a_row"),
    "stated_on": (_day, "a_day"),
    "decimal": (_known(lambda: _MARKS), "a_mark"),
    "dates": (_known(lambda: _ORDERS), "an_order"),
    "kinds": (_mapping(_text, _KIND), "codes"),
    "positive": (_several(_KIND), "kind_list"),
    "signed": (_several(_KIND), "kind_list"),
    "ignore": (_mapping(_text, _texts), "values"),
    "terms": (_mapping(_text, _terms), "terms"),
    "currency": (_text, "a_text"),
    "accounts": (_several(_text), "a_list"),
    "tax": (_known(lambda: _TAXES), "a_tax"),
    "sense": (_known(lambda: _SENSES), "a_sense"),
    "expenses": (_known(lambda: _EXPENSES), "an_expense"),
}
