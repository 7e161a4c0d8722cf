"""The workbook handed over."""

import openpyxl
import pytest
from small import ledger_of

from arlib import Ledger
from arlib.export import write_workbook

HOSTILE = '=HYPERLINK("http://example.com")'


@pytest.fixture(scope="module", params=["en", "fr"])
def workbook(request, tmp_path_factory):
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2024-01-10 | 2024-02-09 |  100.10 |
        A        | payment | 2024-02-20 |            |  -60.00 | 1
        B        | invoice | 2024-02-10 | 2024-03-11 |   50.05 |
        """
    )
    named = ledger.customers.assign(name=[HOSTILE, "+33 1 <b>Été</b>"])
    ledger = Ledger(ledger.items, ledger.matches, named, ledger.controls, "EUR", ledger.covers)
    path = write_workbook(ledger, "2024-03-31", tmp_path_factory.mktemp("out") / "a.xlsx", language=request.param)
    return request.param, openpyxl.load_workbook(path)


def test_sheets_are_in_the_language_asked(workbook):
    language, book = workbook
    assert (
        book.sheetnames
        == {
            "en": ["Proof", "Key figures", "Aged balance", "Open items", "Findings"],
            "fr": ["Preuve", "Chiffres clés", "Balance âgée", "Pièces ouvertes", "Constats"],
        }[language]
    )
    assert (
        book.worksheets[0]["A2"].value
        == {
            "en": "As of 2024-03-31, amounts in EUR",
            "fr": "Situation au 31/03/2024, montants en EUR",
        }[language]
    )


def test_a_name_is_never_a_formula_and_every_total_is_one(workbook):
    _, book = workbook
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert HOSTILE in [cell.value for cell in cells]
    formulas = {cell.value for cell in cells if cell.data_type == "f"}
    totals = {f"=SUM({column}5:{column}6)" for column in "CDEFGHIJ"}
    proof = {"=ROUND(SUM(B5:B9),2)", *(f"=ROUND(B{row}-B14,2)" for row in range(10, 15))}
    assert formulas == totals | proof


def test_the_proof_explains_the_balance(workbook):
    """Of 100.10 and 50.05 billed, 60.00 was collected: 90.15 by every count."""
    _, book = workbook
    amounts = [row[1].value for row in book.worksheets[0].iter_rows(min_row=5, max_row=14)]
    assert amounts == [0, 150.15, 0, -60, 0, "=ROUND(SUM(B5:B9),2)", *[90.15] * 4]


def test_the_rows_under_the_totals_are_the_ledger(workbook):
    _, book = workbook
    aged = [[cell.value for cell in row] for row in book.worksheets[2].iter_rows(min_row=5, max_row=6)]
    assert [row[0] for row in aged] == ["B", "A"]
    assert [row[-1] for row in aged] == [50.05, 40.10]
    opened = [[cell.value for cell in row] for row in book.worksheets[3].iter_rows(min_row=5, max_row=6)]
    assert [row[7] for row in opened] == [51, 20]  # days overdue, the latest first
    assert sum(row[9] for row in opened) == pytest.approx(90.15)


def test_a_credit_is_not_overdue_and_a_sentence_is_read_whole(tmp_path):
    """A payment without invoice is open since 2024-01-10, unapplied for more than six months on 2024-12-31."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | payment | 2024-01-10 | 2024-01-10 | -60.00 |
        A        | invoice | 2024-01-10 | 2024-02-09 |  99.00 |
        """
    )
    book = openpyxl.load_workbook(write_workbook(ledger, "2024-12-31", tmp_path / "a.xlsx"))
    opened, findings = book["Open items"], book["Findings"]
    assert {row[3].value: row[7].value for row in opened.iter_rows(min_row=5, max_row=6)} == {
        "invoice": 326,  # 9 February to 31 December of a leap year
        "payment": None,
    }
    row = next(cell.row for cell in findings["B"] if cell.value and "six months" in str(cell.value))
    assert findings.cell(row, 2).alignment.wrap_text
    assert findings.row_dimensions[row].height >= 30  # two lines
    for cell in next(findings.iter_rows(min_row=4, max_row=4)):
        assert max(map(len, cell.value.split())) < findings.column_dimensions[cell.column_letter].width
