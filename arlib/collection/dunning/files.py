"""Scenarios in YAML: those that ship, and anybody's own, read and written back as the same values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import yaml

from arlib.collection.dunning.scenario import CustomerClass, Level, Scenario, StopRules
from arlib.errors import ArlibError, Place, Problem
from arlib.words import say

_FOLDER = Path(__file__).parent
_LONGEST = 1_000_000  # characters; scenarios are small, and a file that is not is another one
_SHOWN = 80  # characters of a wrong value


def read_scenarios(source: str | Path = "standard") -> tuple[Scenario, ...]:
    """Scenarios from a YAML file, a text of several lines, or by the name of one that ships: standard, key_accounts.

    A list of scenarios, or one; the keys are explained in `standard.yaml`.

    Raises:
        ArlibError: there is no such file, it is no YAML, a key is twice there or unknown, a value is not what its key
            holds: all that is wrong, each with the file and the line.
    """
    inline = isinstance(source, str) and "\n" in source
    path = Path(source) if not inline else Path("YAML")
    if str(source) in _shipped():
        path = _FOLDER / f"{source}.yaml"
    text = str(source) if inline else _text(path)
    return _Reader(text, path.name).scenarios()


def scenarios_text(scenarios: Iterable[Scenario]) -> str:
    """Scenarios as a YAML text that `read_scenarios` reads back as the same values."""
    said = [_said(scenario) for scenario in scenarios]
    return str(yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120))


def write_scenarios(scenarios: Iterable[Scenario], path: str | Path) -> Path:
    """Writes scenarios to a YAML file that `read_scenarios` reads back, and returns where."""
    target = Path(path)
    target.write_text(scenarios_text(scenarios), encoding="utf-8")
    return target


def _shipped() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def _said(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a scenario or a part of one
    """What of a value differs from its defaults, as YAML holds it."""
    kept = {key: getattr(value, each.name) for key, each in _keys(type(value)).items()}
    return {key: _plain(held) for key, held in kept.items() if held != _keys(type(value))[key].default}


def _keys(kind: type[Any]) -> "dict[str, Field[Any]]":
    """The key of each field of a class of values: its name, but `for` says which customers a scenario is for."""
    return {"for" if kind is Scenario and each.name == "customers" else each.name: each for each in fields(kind)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a scenario
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return _said(value) if isinstance(value, Level | StopRules | CustomerClass) else value


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as unreadable:
        raise ArlibError(say("dunning.file.none", file=path.name, names=", ".join(_shipped()))) from unreadable


class _Reader:
    """Reads the nodes of one YAML text, which know their lines, and collects what is wrong."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []
        try:
            if len(text) > _LONGEST:
                raise ValueError  # noqa: TRY301 - as any other text that is none
            self._loader = yaml.SafeLoader(text)
            self._root = self._loader.get_single_node()
        except (yaml.YAMLError, ValueError, RecursionError) as wrong:
            mark = getattr(wrong, "problem_mark", None)
            place = Place(file, row=mark.line + 1 if mark else None)
            raise ArlibError(problems=[Problem(place, say("dunning.file.unreadable"))]) from wrong

    def scenarios(self) -> tuple[Scenario, ...]:
        root = self._root
        nodes = root.value if isinstance(root, yaml.SequenceNode) else [root] if root is not None else []
        made = [self._made(Scenario, node) for node in nodes]
        if not nodes:
            self._problems.append(Problem(Place(self._file), say("dunning.file.empty")))
        names = [each.name for each in made if each is not None]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._problems.append(Problem(Place(self._file), say("dunning.file.name_twice", name=name[:_SHOWN])))
        if self._problems:
            raise ArlibError(problems=self._problems)
        return tuple(each for each in made if each is not None)

    def _made(self, kind: Any, node: Any) -> Any:  # noqa: ANN401 - a class of values; a node of the text
        """A value of a class from a mapping; None where something is wrong, which is collected."""
        known = _keys(kind)
        held = self._mapping(node, known)
        if held is None:
            return None
        wrong = len(self._problems)
        values = {known[key].name: self._value(key, child, kind) for key, (_, child) in held.items()}
        missing = [key for key, each in known.items() if each.default is MISSING and key not in held]
        if missing:
            self._tell(node, None, say("dunning.file.missing", keys=", ".join(missing)))
        if len(self._problems) > wrong:
            return None
        try:
            return kind(**values)
        except ArlibError as error:
            name = str(error.sentence.values.get("name", "")) if error.sentence else ""
            line, key = (held[name][0], name) if name in held else (node, None)
            self._tell(line, key, error.sentence or say("dunning.file.unreadable"))
            return None

    def _mapping(self, node: Any, known: Mapping[str, Any]) -> dict[str, tuple[Any, Any]] | None:  # noqa: ANN401
        """The key and the value of each entry; those twice or unknown are told."""
        if not isinstance(node, yaml.MappingNode):
            self._tell(node, None, say("dunning.file.not_keys", keys=", ".join(known)))
            return None
        held: dict[str, tuple[Any, Any]] = {}
        for key_node, child in node.value:
            key = str(key_node.value)[:_SHOWN]
            if key in held:
                self._tell(key_node, key, say("dunning.file.twice", key=key))
            elif key not in known:
                self._tell(key_node, None, say("dunning.file.key", key=key, keys=", ".join(known)))
            else:
                held[key] = (key_node, child)
        return held

    def _value(self, key: str, node: Any, kind: Any) -> Any:  # noqa: ANN401
        read = _PARTS.get((kind, key))
        if read is not None:
            return read(self, node)
        if kind is CustomerClass and not key.startswith("owed_"):
            return self._names(key, node)
        if not isinstance(node, yaml.ScalarNode):
            self._tell(node, key, say("dunning.file.one_value", key=key))
            return None
        try:
            return self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError):  # a tag, or a day there is not
            self._tell(node, key, say("dunning.file.one_value", key=key))
            return None

    def _levels(self, node: Any) -> tuple[Any, ...]:  # noqa: ANN401
        if not isinstance(node, yaml.SequenceNode):
            self._tell(node, "levels", say("dunning.file.list", key="levels"))
            return ()
        return tuple(self._made(Level, each) for each in node.value)

    def _names(self, key: str, node: Any) -> tuple[str, ...]:  # noqa: ANN401
        """A list of texts, as they stand: 007 is a text here, and NO a country."""
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(each, yaml.ScalarNode) for each in nodes):
            self._tell(node, key, say("dunning.file.list", key=key))
            return ()
        return tuple(str(each.value) for each in nodes)

    def _tell(self, node: Any, key: str | None, what: Any) -> None:  # noqa: ANN401
        self._problems.append(Problem(Place(self._file, row=node.start_mark.line + 1, column=key), what))


_PARTS: Mapping[tuple[Any, str], Callable[[_Reader, Any], Any]] = {
    (Scenario, "levels"): _Reader._levels,  # noqa: SLF001 - the reader's own
    (Scenario, "stop"): lambda reader, node: reader._made(StopRules, node),  # noqa: SLF001
    (Scenario, "for"): lambda reader, node: reader._made(CustomerClass, node),  # noqa: SLF001
}
