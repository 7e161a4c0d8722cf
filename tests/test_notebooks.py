"""Every notebook runs from its first cell to its last, as a person would run it."""

import ast
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
MARK = "# Change this cell"
# A ledger without segments, customers' file or facts: what a notebook says of others it must not take for granted.
OTHER = {
    "language": '"fr"',
    "ledger": 'ar.read_ledger(ar.samples_folder() / "999999999FEC20251231.txt")',
    "source": '"../data_samples/999999999FEC20251231.txt"',
    "facts": "None",
    "today": "ledger.day()",
    "closing": "ledger.day()",
}
NAMES = ["04_simulate_terms", "05_share", "06_comply", "07_collect", "08_forecast", "09_client_audit"]


@pytest.fixture(scope="module")
def kernel():
    """One kernel for them all, emptied before each: to start one and to import pandas takes longer than most cells."""
    manager = KernelManager()
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_and_answers_its_question(path, kernel):
    notebook = nbformat.read(path, as_version=4)
    question = notebook.cells[0].source.splitlines()[0]
    assert question.startswith("# ")
    assert question.endswith("?")
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert ("ar.charts." in source) == ("ar.charts.offline()" in source)  # the kernel remembers it from the one before
    _run(notebook, kernel)
    assert all(cell.outputs for cell in notebook.cells[2:] if cell.cell_type == "code" and not _assigns(cell.source))


@pytest.mark.parametrize("name", NAMES)
def test_one_cell_is_changed_for_another_file(name, kernel):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    assert [MARK in cell.source for cell in notebook.cells[:3]] == [False, True, False]
    assert not any(MARK in cell.source for cell in notebook.cells[2:])
    first = notebook.cells[1]
    for given, value in OTHER.items():
        first.source = re.sub(rf"(?m)^{given} = .*$", f"{given} = {value}", first.source)
    _run(notebook, kernel)
    assert "Better reminders" not in str([cell.get("outputs") for cell in notebook.cells])  # policies have French names


def test_papermill_knows_which_cell_holds_the_client():
    """Its values come in a cell after that one: nothing in it may follow from another value of it."""
    notebook = nbformat.read(NOTEBOOKS / "09_client_audit.ipynb", as_version=4)
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    assert [MARK in cell.source for cell in tagged] == [True]
    given = ast.parse(tagged[0].source).body
    assert {each.targets[0].id for each in given} >= {"source", "as_of", "language", "client", "out"}
    assert all(isinstance(each.value, ast.Constant) for each in given)


@pytest.mark.parametrize(
    "columns",
    [
        {"Facture": ["F1", "F2"], "Date": ["2025-01-10", "2025-02-10"], "Montant TTC": [100.0, 250.5]},
        {"Invoice": ["F1"], "Invoice date": ["2025-01-10"], "Due date": ["2025-01-10"], "Amount": [-100.0]},
    ],
    ids=["nothing paid", "nothing owed"],
)
def test_the_audit_of_a_poor_file_says_what_it_cannot_tell(columns, tmp_path, kernel):
    """Where there is no payment, or no debt: a sentence in place of a figure, and all files still written."""
    pd.DataFrame({"Client": "Abeille", **columns}).to_csv(tmp_path / "client.csv", index=False)
    notebook = nbformat.read(NOTEBOOKS / "09_client_audit.ipynb", as_version=4)
    first = notebook.cells[1]
    for given, value in {"source": tmp_path / "client.csv", "out": tmp_path / "out"}.items():
        first.source = re.sub(rf"(?m)^{given} = .*$", lambda _, line=f"{given} = r'{value}'": line, first.source)
    _run(notebook, kernel)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"audit.xlsx", "audit.html"}


def _run(notebook: nbformat.NotebookNode, kernel: KernelManager) -> None:
    """Run every cell, in the folder of the notebooks and without any name of those before; one that fails raises."""
    here = {"metadata": {"path": str(NOTEBOOKS)}}
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("%reset -f")])
    for each in (empty, notebook):
        NotebookClient(each, km=kernel, timeout=300, resources=here).execute()


def _assigns(source: str) -> bool:
    """Whether a cell ends by naming something instead of showing it."""
    last = source.splitlines()[-1]
    return " = " in last and "(" not in last.split(" = ")[0]
