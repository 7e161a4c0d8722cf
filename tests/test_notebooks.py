"""Every notebook runs from its first cell to its last, as a person would run it."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_and_answers_its_question(path):
    notebook = nbformat.read(path, as_version=4)
    question = notebook.cells[0].source.splitlines()[0]
    assert question.startswith("# ")
    assert question.endswith("?")
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert all(cell.outputs for cell in notebook.cells[2:] if cell.cell_type == "code" and not _assigns(cell.source))


def _assigns(source: str) -> bool:
    """Whether a cell ends by naming something instead of showing it."""
    last = source.splitlines()[-1]
    return " = " in last and "(" not in last.split(" = ")[0]
