"""The formula book: every measure has its section, and every example of it runs and is right."""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from arlib import measures

BOOK = Path(__file__).parents[1] / "docs" / "formula_book.md"
PREPARED = "## The ledgers of the examples"


@dataclass(frozen=True)
class Section:
    """A part of the book: its heading, and all that is written under it up to the next heading."""

    heading: str
    text: str

    @property
    def measures(self) -> list[str]:
        return re.findall(r"`(\w+)`", self.heading) if self.heading.startswith("### ") else []

    @property
    def examples(self) -> list[str]:
        return re.findall(r"^```python\n(.*?)^```", self.text, re.DOTALL | re.MULTILINE)


def sections() -> list[Section]:
    """A line that begins with # inside an example is a comment, which stands under no heading of two or three."""
    parts = re.split(r"^(?=#{2,3} )", BOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [Section(*part.split("\n", 1)) for part in parts]


MEASURED = [section for section in sections() if section.measures]


def test_every_measure_has_its_section_and_every_section_a_measure():
    functions = sorted(name for name in measures.__all__ if inspect.isfunction(getattr(measures, name)))
    assert sorted(name for section in MEASURED for name in section.measures) == functions
    assert len(MEASURED) == sum(section.heading.startswith("### ") for section in sections())


@pytest.mark.parametrize("section", MEASURED, ids=lambda section: section.measures[0])
def test_every_example_is_right(section):
    """In a namespace of its own, after the ledgers prepared for all; each of its measures is called, and checked."""
    (prepared,) = (each for each in sections() if each.heading.startswith(PREPARED))
    namespace = {}
    for example in (*prepared.examples, *section.examples):
        exec(compile(example, f"{BOOK.name}: {section.heading}", "exec"), namespace)  # noqa: S102 - the book is ours
    shown = "".join(section.examples)
    assert [name for name in section.measures if not re.search(rf"\b{name}\(", shown)] == []
    assert re.search(r"^assert ", shown, re.MULTILINE)


@pytest.mark.parametrize("section", MEASURED, ids=lambda section: section.measures[0])
def test_every_section_says_its_name_in_french_its_traps_and_its_source(section):
    assert re.fullmatch(r"### `.+` · .+ · \*.+\*", section.heading)
    for said in (r"\*\*Traps\.\*\* \S", r"\*\*No (figure|row)", r"\*\*Source\.\*\* \S"):
        assert re.search(said, section.text), said
