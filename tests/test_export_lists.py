"""A list as a file: what a spreadsheet of each language reads, and no text of a file that it would run."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from arlib.export import list_as_csv, write_list
from arlib.show.tables import Field

FIELDS = (
    Field("name", "Client"),
    Field("amount", "Encours", "money"),
    Field("on", "Le", "date"),
    Field("n", "n", "count"),
)
FORMULAS = ("=1+1", "+33 6", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1+1")


def rows() -> pd.DataFrame:
    names = [*FORMULAS, 'Café; "Le Zinc"\nParis', None]
    size = len(names)
    amounts = np.where(np.arange(size) % 2 == 0, 1234.5, -0.004)
    days = pd.Series([pd.Timestamp("2024-03-01"), *[pd.NaT] * (size - 1)])
    return pd.DataFrame({"name": names, "amount": [*amounts[:-1], np.nan], "on": days, "n": 3.0})


def read(language: str, mark: str) -> list[list[str]]:
    text = list_as_csv(rows(), FIELDS, language=language).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=mark))


@pytest.mark.parametrize(("language", "mark"), [("en", ","), ("fr", ";")])
def test_no_text_is_a_formula(language, mark):
    names = [line[0] for line in read(language, mark)[1:]]
    assert all(name.startswith("'") for name in names[: len(FORMULAS)])
    assert names[len(FORMULAS) :] == ['Café; "Le Zinc" Paris', ""]


def test_figures_and_days_are_those_of_the_language():
    english, french = read("en", ","), read("fr", ";")
    assert english[1][1:] == ["1234.50", "2024-03-01", "3"]
    assert french[1][1:] == ["1234,50", "01/03/2024", "3"]
    assert [english[2][1], english[-1][1]] == ["0.00", ""]  # less than half a cent below nothing is nothing


def test_a_list_of_nothing_has_its_headings():
    assert list_as_csv(rows().head(0), FIELDS).decode("utf-8-sig") == "Client,Encours,Le,n\r\n"


def test_the_workbook_holds_texts_and_figures(tmp_path):
    made = {"key": "customers", "about": "31/12/2025 · EUR", "as_of": pd.Timestamp("2025-12-31"), "language": "fr"}
    (sheet,) = load_workbook(write_list(rows(), FIELDS, tmp_path / "list.xlsx", **made)).worksheets
    assert sheet.title == "Clients"
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert {"=1+1", "@SUM(A1)"} <= {cell.value for cell in cells}
    assert 1234.5 in [cell.value for cell in cells]
