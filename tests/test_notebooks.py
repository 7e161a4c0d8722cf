"""Every notebook runs from its first cell to its last, as a person would run it."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
MARK = "# Change this cell"
# A ledger without segments, customers' file or facts: what a notebook says of others it must not take for granted.
OTHER = {
    "language": '"fr"',
    "ledger": 'ar.read_ledger(ar.samples_folder() / "999999999FEC20251231.txt")',
    "facts": "None",
    "today": "ledger.day()",
    "closing": "ledger.day()",
}


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_and_answers_its_question(path):
    notebook = nbformat.read(path, as_version=4)
    question = notebook.cells[0].source.splitlines()[0]
    assert question.startswith("# ")
    assert question.endswith("?")
    _run(notebook)
    assert all(cell.outputs for cell in notebook.cells[2:] if cell.cell_type == "code" and not _assigns(cell.source))


@pytest.mark.parametrize("name", ["04_simulate_terms", "06_comply", "07_collect", "08_forecast"])
def test_one_cell_is_changed_for_another_file(name):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    assert [MARK in cell.source for cell in notebook.cells[:3]] == [False, True, False]
    assert not any(MARK in cell.source for cell in notebook.cells[2:])
    first = notebook.cells[1]
    for given, value in OTHER.items():
        first.source = re.sub(rf"(?m)^{given} = .*$", f"{given} = {value}", first.source)
    _run(notebook)


def _run(notebook: nbformat.NotebookNode) -> None:
    """Run every cell, in the folder of the notebooks; one that fails raises."""
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()


def _assigns(source: str) -> bool:
    """Whether a cell ends by naming something instead of showing it."""
    last = source.splitlines()[-1]
    return " = " in last and "(" not in last.split(" = ")[0]
