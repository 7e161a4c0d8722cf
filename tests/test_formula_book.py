"""The formula book: each measure, each answer on risk, law, what-if and action has its section, whose examples run.

What they take and return (`Orders`, `RiskBacktest`, `Policy`, …) is named in the text of a section, between backquotes.
"""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from arlib import behaviour, collection, law, measures, risk, simulation

BOOK = Path(__file__).parents[1] / "docs" / "formula_book.md"
PREPARED = "## The ledgers of"
PUBLIC = {
    **{name: getattr(room, name) for room in (measures, risk, law, simulation, collection) for name in room.__all__},
    **{
        name: getattr(behaviour, name)
        for name in ("FollowShare", "PaymentLaws", "estimate_follow_share", "payment_laws")
    },
}
FUNCTIONS = {name for name, value in PUBLIC.items() if inspect.isfunction(value)}
VALUES = {name for name, value in PUBLIC.items() if inspect.isclass(value) and name not in measures.__all__}


@dataclass(frozen=True)
class Section:
    """A part of the book: its heading, and all that is written under it up to the next heading."""

    heading: str
    text: str

    @property
    def names(self) -> list[str]:
        return re.findall(r"`(\w+)`", self.heading) if self.heading.startswith("### ") else []

    @property
    def examples(self) -> list[str]:
        return re.findall(r"^```python\n(.*?)^```", self.text, re.DOTALL | re.MULTILINE)


def sections() -> list[Section]:
    """A line that begins with # inside an example is a comment, which stands under no heading of two or three."""
    parts = re.split(r"^(?=#{2,3} )", BOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [Section(*part.split("\n", 1)) for part in parts]


EXPLAINED = [section for section in sections() if section.names]


def test_every_function_has_its_section_and_every_section_a_function():
    named = [name for section in EXPLAINED for name in section.names]
    assert sorted(set(named) - VALUES) == sorted(FUNCTIONS)
    assert len(named) == len(set(named))
    assert len(EXPLAINED) == sum(section.heading.startswith("### ") for section in sections())


def test_every_value_beyond_the_measures_is_told_in_a_section():
    told = {name for section in EXPLAINED for name in re.findall(r"`(\w+)`", section.heading + section.text)}
    assert sorted(VALUES - told) == []


def run(section: Section, names: dict[str, Any]) -> None:
    for example in section.examples:
        exec(compile(example, f"{BOOK.name}: {section.heading}", "exec"), names)  # noqa: S102 - the book is ours


@pytest.fixture(scope="module")
def prepared() -> dict[str, Any]:
    """The ledgers prepared for all, which no function changes."""
    names: dict[str, Any] = {}
    for section in sections():
        if section.heading.startswith(PREPARED):
            run(section, names)
    return names


@pytest.mark.parametrize("section", EXPLAINED, ids=lambda section: section.names[0])
def test_every_example_is_right(section, prepared):
    """In a namespace of its own, after the ledgers prepared for all; each of its functions is called, and checked."""
    run(section, {**prepared})
    shown = "".join(section.examples)
    assert [name for name in section.names if not re.search(rf"\b{name}(\.of)?\(", shown)] == []
    assert re.search(r"^assert ", shown, re.MULTILINE)


@pytest.mark.parametrize("section", EXPLAINED, ids=lambda section: section.names[0])
def test_every_section_says_its_name_in_french_its_traps_and_its_source(section):
    assert re.fullmatch(r"### `.+` · .+ · \*.+\*", section.heading)
    for said in (r"\*\*Traps\.\*\* \S", r"\*\*No (figure|row)", r"\*\*Source\.\*\* \S"):
        assert re.search(said, section.text), said
