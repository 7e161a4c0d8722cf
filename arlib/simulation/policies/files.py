"""Policies as small JSON or YAML, written and read back as the same values."""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml

from arlib.errors import ArlibError, Place, Problem
from arlib.ledger import as_day
from arlib.simulation.policies.policy import Policy, field_name, given
from arlib.terms import PaymentTerms
from arlib.words import say

Kind = Literal["json", "yaml"]
_ENDINGS: Mapping[str, Kind] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
_SHOWN = 80  # characters of a wrong value
_LONGEST = 1_000_000  # characters; policies are small, and a file that is not is another one


def read_policies(source: str | Path) -> tuple[Policy, ...]:
    """Policies from a JSON or YAML file, or from such a text itself: a list of them, or one.

    Each has the keys of `Policy` it sets and no others: `terms` as a text `PaymentTerms.parse` reads, days as
    `2026-01-31`, names as texts ("007" between quotes), `parts` as a list. What has a line break or bracket is a text.

    Raises:
        ArlibError: there is no such file, it is neither JSON nor YAML, a key is twice there or is not one of a policy,
            or a value is not what its key holds: all that is wrong with all policies, with the name of the file.
    """
    inline = isinstance(source, str) and any(mark in source for mark in "\n{[")
    text = str(source) if inline else _text(Path(source))
    place = Place("JSON" if _is_json(text) else "YAML") if inline else Place(Path(source).name)
    said = _loaded(text, place)
    return _policies(said if isinstance(said, list) else [said], place)


def policies_text(policies: Iterable[Policy], kind: Kind = "json") -> str:
    """Policies as a text that `read_policies` reads back: of each, what differs from a policy that changes nothing.

    Raises:
        ArlibError: the kind is neither "json" nor "yaml".
    """
    listed = [_said(policy) for policy in policies]
    if kind == "json":
        return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"
    if kind == "yaml":
        return str(yaml.safe_dump(listed, allow_unicode=True, sort_keys=False, width=100))
    raise ArlibError(say("simulation.policy.kind", kind=kind))


def write_policies(policies: Iterable[Policy], path: str | Path) -> None:
    """Writes policies to a file that `read_policies` reads back, as its name ends: .json, .yaml or .yml.

    Raises:
        ArlibError: the name ends otherwise.
    """
    ending = Path(path).suffix.lower()
    if ending not in _ENDINGS:
        raise ArlibError(say("simulation.policy.kind", kind=Path(path).name))
    Path(path).write_text(policies_text(policies, _ENDINGS[ending]), encoding="utf-8")


def _said(policy: Policy) -> dict[str, Any]:
    return {name: _WRITTEN.get(name, _plain)(value) for name, value in given(policy).items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a policy
    """A value as JSON and YAML hold it, numbers as Python's own whatever library they came from."""
    if isinstance(value, Mapping):
        return {str(name): float(share) for name, share in value.items()}
    if isinstance(value, tuple):
        return [str(name) for name in value]
    return value.item() if isinstance(value, np.generic) else value


_WRITTEN: Mapping[str, Callable[[Any], Any]] = {
    "terms": lambda terms: terms.text("en"),
    "invoices_from": lambda day: day.date().isoformat(),
    "parts": lambda parts: [_said(part) for part in parts],
}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as unreadable:
        raise ArlibError(say("simulation.policy.no_file", file=path.name)) from unreadable


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in {"[", "{"}


def _loaded(text: str, place: Place) -> Any:  # noqa: ANN401 - whatever the text holds
    unreadable = ArlibError(problems=[Problem(place, say("simulation.policy.unreadable"))])
    if len(text) > _LONGEST:
        raise unreadable
    try:
        if _is_json(text):
            return json.loads(text, object_pairs_hook=_once)
        return yaml.load(text, Loader=_OnceLoader)  # noqa: S506 - it is a SafeLoader
    except _TwiceError as twice:
        key = str(twice.args[0])
        raise ArlibError(problems=[Problem(place, say("simulation.policy.key_twice", key=key))]) from twice
    except (TypeError, ValueError, yaml.YAMLError, RecursionError) as wrong:
        raise unreadable from wrong


class _TwiceError(ValueError):
    """A key that stands twice in one place, of which the first would be lost; its argument is the key."""


def _once(pairs: Iterable[tuple[Hashable, Any]]) -> dict[Hashable, Any]:
    made: dict[Hashable, Any] = {}
    for key, value in pairs:
        if key in made:
            raise _TwiceError(key)
        made[key] = value
    return made


class _OnceLoader(yaml.SafeLoader):  # type: ignore[misc]  # the library has no types
    """YAML of plain values only, no key twice and no aliases, by which a small text can be a huge value."""

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as the parent class
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:  # noqa: ANN401, ARG002, FBT001, FBT002 - as the parent class
        return _once([(self.construct_object(key), self.construct_object(held, deep=True)) for key, held in node.value])


def _policies(listed: list[Any], place: Place) -> tuple[Policy, ...]:
    """Each as a policy; or what is wrong with any of them, all of it."""
    policies, problems = [], []
    for rank, said in enumerate(listed, 1):
        try:
            policies.append(_policy(said, rank, place))
        except ArlibError as wrong:
            problems += _problems(wrong, place)
    if problems:
        raise ArlibError(problems=problems)
    return tuple(policies)


def _policy(said: object, rank: int, place: Place) -> Policy:
    if not isinstance(said, dict):
        raise ArlibError(say("simulation.policy.not_one", rank=rank))
    label = str(said.get("name", rank))
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in said.items():
        try:
            values[key] = _read(key, label)(value) if key != "parts" else _policies(_a(list, value), place)
        except _OtherKindError:
            told = say("simulation.policy.value", policy=label, name=field_name(key), value=str(value)[:_SHOWN])
            problems.append(Problem(place, told))
        except ArlibError as wrong:
            problems += _problems(wrong, place)
    if problems:
        raise ArlibError(problems=problems)
    return Policy(**({"name": ""} | values))


def _read(key: str, label: str) -> Callable[[Any], Any]:
    """How the value of a key is read; the policy itself looks at numbers and flags."""
    known = [each.name for each in fields(Policy)]
    if key not in known:
        raise ArlibError(say("simulation.policy.key", policy=label, key=str(key), keys=", ".join(known)))
    return _READ.get(key, lambda value: value)


def _problems(wrong: ArlibError, place: Place) -> list[Problem]:
    """What an error says, at a place."""
    return [Problem(place, wrong.sentence)] if wrong.sentence else list(wrong.problems)


class _OtherKindError(TypeError):
    """A value is not of the kind its key holds."""


def _a(kind: Any, value: Any) -> Any:  # noqa: ANN401 - a kind or several; whatever the file holds
    if not isinstance(value, kind):
        raise _OtherKindError
    return value


def _names(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever the file holds
    return tuple(_a(str, name) for name in _a(list, value))


def _shares(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    return {_a(str, name): share for name, share in value.items()} if isinstance(value, dict) else value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "name": lambda value: _a(str, value),
    "terms": lambda value: PaymentTerms.parse(_a(str, value)),
    "customers": _names,
    "segments": _names,
    "countries": _names,
    "invoices_from": lambda value: as_day(_a(date | str, value)),
    "discount_adoption": _shares,
}
