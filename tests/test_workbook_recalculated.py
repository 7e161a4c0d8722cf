"""The workbook calculated again by LibreOffice: each formula gives the figure of the function to the cent.

Needs `soffice` (Debian: libreoffice-calc-nogui); where there is none the tests are skipped, which fails in CI.
"""

import shutil
import subprocess

import openpyxl
import pandas as pd
import pytest

from arlib import customer_card, load_sample, payment_delay_table
from arlib.export import write_customer_card, write_delay_table, write_workbook
from arlib.export.sheets import Book, Live

CENT = 0.004
MONTH = ("proof", "aged", "open_items", "dso", "bridge")
# LibreOffice trusts the figures saved by others unless it is told to calculate.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Every workbook arlib writes, as saved and as calculated again: a pair of paths by name."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("books")
    ledger = load_sample("groupe")
    biggest = ledger.items.loc[ledger.items["amount"].idxmax(), "customer_id"]
    saved = [
        write_workbook(ledger, path=folder / "whole.xlsx", language="fr", customers=(biggest,)),
        write_workbook(ledger, "2025-11-17", folder / "month.xlsx", sections=MONTH),
        write_delay_table(payment_delay_table(ledger, "2025-12-31"), folder / "delays.xlsx"),
        write_customer_card(customer_card(ledger, biggest), path=folder / "card.xlsx"),
        false_figure(folder / "false.xlsx"),
    ]
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    own = f"-env:UserInstallation={profile.parent.as_uri()}"
    again = folder / "again"
    command = [office, own, "--headless", "--convert-to", "xlsx", "--outdir", str(again), *map(str, saved)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {path.stem: (path, again / path.name) for path in saved}


def false_figure(path):
    """A workbook whose saved figure is not that of its formula."""
    with Book(path, "en", pd.Timestamp("2024-01-01"), "") as book:
        book.page("card").line([Live("=1+1", 5.0)], ["count"])
    return path


def formulas(paths):
    """Sheet, cell, formula, the figure saved and the figure calculated, of every formula."""
    written, shown, again = (
        openpyxl.load_workbook(path, data_only=values)
        for path, values in ((paths[0], False), (paths[0], True), (paths[1], True))
    )
    for sheet in written:
        for row in sheet.iter_rows():
            for cell in (cell for cell in row if cell.data_type == "f"):
                place = cell.coordinate
                yield sheet.title, place, cell.value, shown[sheet.title][place].value, again[sheet.title][place].value


def differs(saved, calculated):
    if isinstance(saved, str) or isinstance(calculated, str):
        return saved != calculated
    return abs((saved or 0) - (calculated or 0)) > CENT


def test_it_is_calculated_again(books):
    assert [(saved, calculated) for *_, saved, calculated in formulas(books["false"])] == [(5, 2)]


@pytest.mark.filterwarnings("ignore:Unable to read chart")
@pytest.mark.parametrize(("name", "least"), [("whole", 1500), ("month", 700), ("delays", 50), ("card", 10)])
def test_every_formula_gives_the_figure_of_the_function(books, name, least):
    found = list(formulas(books[name]))
    assert len(found) > least
    assert [each for each in found if differs(*each[3:])] == []
