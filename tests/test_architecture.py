"""The shape of the house: rooms in order, small modules, nothing that reads the clock, every word in two languages."""

import ast
import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "arlib"

# The walk of ARCHITECTURE.md: a room imports only from rooms before it. Measures come before checks because the
# proof adds up the buckets of the aged balance; law after risk because VAT on bad debts and deadlines follow from
# procedures, and the statutory table from turnover; samples before apps because the app opens them.
ROOMS = (
    *("progress", "words", "errors", "schema", "calendar", "terms", "ledger", "readers", "measures", "checks"),
    *("behaviour", "risk", "law", "simulation", "collection", "show", "export", "samples", "apps", "cli"),
)
LONGEST_MODULE = 400  # lines
PUBLIC_NAMES = PACKAGE / "__init__.py"  # a list, a name a line
HOMELESS = {"utils", "helpers", "common", "misc", "tools"}

CLOCKS = {"today", "now", "utcnow", "fromtimestamp", "time", "time_ns"}
CLOCK_OWNERS = {"date", "datetime", "Timestamp", "time"}

MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))


def name_of(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def room_of(module: Path) -> str | None:
    """The room a file belongs to; `arlib/__init__.py` and `__main__.py` only hand names out and have none."""
    first = module.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return None if first.startswith("__") else first


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), filename=str(module))


def imported_rooms(module: Path) -> Iterator[tuple[int, str]]:
    """Line and room of every import from arlib, those inside functions too."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            paths = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "arlib":
            paths = [f"arlib.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            paths = [node.module or ""]
        else:
            continue
        for path in paths:
            package, _, rest = path.partition(".")
            if package == "arlib":
                yield node.lineno, rest.split(".")[0]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_room_imports_only_from_rooms_before_it(module: Path) -> None:
    room = room_of(module)
    if room is None:
        return
    assert room in ROOMS, f"{room} is not in the walk: add it to ROOMS and to ARCHITECTURE.md"
    before = set(ROOMS[: ROOMS.index(room) + 1])
    wrong = [f"line {line}: {found or 'arlib itself'}" for line, found in imported_rooms(module) if found not in before]
    assert wrong == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_is_small_and_has_a_home(module: Path) -> None:
    if module != PUBLIC_NAMES:
        assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    assert not HOMELESS & set(module.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_nothing_prints_or_reads_the_clock(module: Path) -> None:
    wrong = []
    for node in ast.walk(tree_of(module)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id == "print":
            wrong.append(f"line {node.lineno}: print")
        if isinstance(called, ast.Attribute) and called.attr in CLOCKS and _owner(called) in CLOCK_OWNERS:
            wrong.append(f"line {node.lineno}: {_owner(called)}.{called.attr}")
    assert wrong == []


def _owner(called: ast.Attribute) -> str:
    """`Timestamp` of `pd.Timestamp.now`, `date` of `date.today`."""
    owner = called.value
    return owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_thin_and_has_no_outputs(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    if notebook.parent.name != "apps":  # what Voilà serves is a page, which has a title of its own
        assert cells[0]["cell_type"] == "markdown", "a notebook opens with the question it answers"
    assert [cell["outputs"] for cell in code if cell["outputs"]] == []
    assert [cell["execution_count"] for cell in code if cell["execution_count"] is not None] == []
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    trees = [ast.parse("".join(cell["source"])) for cell in code]
    assert [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, defined)] == []


@cache
def labels() -> dict[str, tuple[str, str]]:
    with (PACKAGE / "labels.csv").open(encoding="utf-8", newline="") as table:
        return {row["key"]: (row["en"], row["fr"]) for row in csv.DictReader(table)}


def braces(template: str) -> set[tuple[str, str]]:
    """The values a label asks for, and how each is written; a word that goes with a count is its language's own."""
    parts = [(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name is not None]
    return {(name, spec) for name, spec in parts if "|" not in spec}


def test_every_label_is_once_and_in_both_languages() -> None:
    with (PACKAGE / "labels.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.reader(table))
    assert rows[0] == ["key", "en", "fr"]
    assert [row for row in rows if len(row) != 3 or not all(cell.strip() for cell in row)] == []
    keys = [row[0] for row in rows]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_both_languages_of_a_label_ask_for_the_same_values() -> None:
    assert {key: pair for key, pair in labels().items() if braces(pair[0]) != braces(pair[1])} == {}


def said(module: Path) -> Iterator[tuple[int, str, set[str] | None]]:
    """Line, key and names of the values of every `word("…")` and `say("…")`; no names where they come as `**values`."""
    for node in ast.walk(tree_of(module)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"word", "say"}):
            continue
        if node.args and isinstance(node.args[0], ast.Constant):
            names = {keyword.arg for keyword in node.keywords if keyword.arg}
            yield node.lineno, str(node.args[0].value), names if len(names) == len(node.keywords) else None


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_word_said_is_in_the_labels(module: Path) -> None:
    assert [f"line {line}: {key}" for line, key, _ in said(module) if key not in labels()] == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_sentence_is_given_the_values_its_label_asks_for(module: Path) -> None:
    wrong = []
    for line, key, given in said(module):
        if given is not None and key in labels():
            asked = {name for name, _ in braces(labels()[key][0])}
            wrong += [f"line {line}: {key} needs {name}" for name in sorted(asked - given)]
    assert wrong == []
