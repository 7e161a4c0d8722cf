"""The workbook handed over: what is on its sheets, what is a formula and what never is."""

import re
import zipfile
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import ledger_of

from arlib import ArlibError, Ledger, Policy, load_sample, open_items
from arlib.export import workbook as room
from arlib.export import write_workbook
from arlib.export.sheets import Book, Live, rows, table
from arlib.export.sheets.texts import sheet_name, visible
from arlib.export.workbook import SECTIONS, standing
from arlib.words import label_keys, word

HOSTILE = '=HYPERLINK("http://example.com")'
NAMES = {
    "A": HOSTILE,
    "B": "+33 1 <b>Été</b>",
    "C": "<r><t>x</t></r>",  # what XlsxWriter takes for formatted text
    "D": "\x07\u202eשלום _x0041_",
    "E": "é" * 300,
}
CUSTOMER = "DE001"
BOOKS = """
customer | kind    | issued     | due        | amount  | pays
A        | invoice | 2024-01-10 | 2024-02-09 |  100.10 |
A        | payment | 2024-02-20 |            |  -60.00 | 1
B        | invoice | 2024-02-10 | 2024-03-11 |   50.05 |
C        | invoice | 2024-03-10 | 2024-04-11 |   10.00 |
D        | payment | 2024-03-10 |            |  -30.00 |
E        | invoice | 2024-03-20 | 2024-03-31 |    1.00 |
"""


def small_ledger() -> Ledger:
    ledger = ledger_of(BOOKS)
    names = ledger.customers["customer_id"].map(NAMES).astype("object")
    named = ledger.customers.astype({"name": "object"}).assign(name=names)
    return Ledger(ledger.items, ledger.matches, named, ledger.controls, "EUR", ledger.covers)


def written(path, **options):
    """A workbook of the small ledger, opened again."""
    return openpyxl.load_workbook(write_workbook(small_ledger(), "2024-03-31", path / "a.xlsx", **options))


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Where the whole workbook of the small ledger is, by language."""
    folder = tmp_path_factory.mktemp("small")
    return {
        language: write_workbook(small_ledger(), "2024-03-31", folder / f"{language}.xlsx", language=language)
        for language in ("en", "fr")
    }


@pytest.fixture(scope="module", params=["en", "fr"])
def workbook(request, places):
    return request.param, openpyxl.load_workbook(places[request.param])


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The whole workbook of a sample in French with a customer: where it is, and opened."""
    path = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_workbook(load_sample("groupe"), path=path, language="fr", customers=(CUSTOMER,), company="=Groupe")
    return path, openpyxl.load_workbook(path)


def cells(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_sheets_are_in_the_language_asked(workbook):
    language, book = workbook
    first = {
        "en": ["Cover", "Key figures", "Proof", "Aged balance", "Open items", "DSO"],
        "fr": ["Couverture", "Chiffres clés", "Preuve", "Balance âgée", "Pièces ouvertes", "DSO"],
    }
    assert book.sheetnames[:6] == first[language]
    about = {"en": "As of 2024-03-31, amounts in EUR", "fr": "Situation au 31/03/2024, montants en EUR"}
    assert {sheet["A2"].value for sheet in book if not sheet.title.startswith("Tabl")} == {about[language]}


def test_a_name_is_never_a_formula(workbook):
    """Every formula is one of ours: made of functions and names of the book, of no text of the file."""
    _, book = workbook
    names = "receivable|dso_|not_due|no_due_date|sales_|unapplied"
    functions = "SUM|SUMIFS|COUNT|COUNTIF|ROUND|MIN|MAX|IF"
    ours = rf"=(\(?({names})|({functions})\(|\$?[A-Z]+\d+\b)"
    formulas = [cell.value for cell in cells(book) if cell.data_type == "f"]
    assert len(formulas) > 50
    assert [formula for formula in formulas if not re.match(ours, formula)] == []
    assert not any("HYPERLINK" in formula for formula in formulas)
    hostile = [cell for cell in cells(book) if cell.value == HOSTILE]
    assert hostile
    assert {cell.data_type for cell in hostile} == {"s"}
    assert all(cell.quotePrefix for cell in hostile)  # a person who edits it makes no formula of it


def test_hostile_names_are_seen_and_inert(workbook):
    _, book = workbook
    seen = texts(book.worksheets[3])
    assert "<r><t>x</t></r> " in seen
    assert "␇\u202eשלום _x005F_x0041_" in seen  # as Excel asks for what looks like one of its escapes
    assert "é" * 300 in seen


def test_the_proof_explains_the_balance(workbook):
    """Of 161.15 billed, 90.00 was collected: 71.15 by every count."""
    _, book = workbook
    proof = book.worksheets[2]
    amounts = [row[1].value for row in proof.iter_rows(min_row=6, max_row=15)]
    assert amounts[:5] == [0, 161.15, 0, -90, 0]
    assert amounts[5] == "=ROUND(SUM(B6:B10),2)"
    assert amounts[7:9] == ["=ROUND(SUM(items_open),2)", "=ROUND(receivable,2)"]
    assert amounts[6] == amounts[9] == pytest.approx(71.15)
    assert [row[2].value for row in proof.iter_rows(min_row=11, max_row=15)] == [
        f"=ROUND(B{row}-B15,2)" for row in range(11, 16)
    ]


def test_figures_are_saved_with_their_formulas(places):
    """Before anything is calculated: 50.05 + 40.10 + 10 + 1 − 30 = 71.15, of which 90.15 is overdue."""
    book = openpyxl.load_workbook(places["en"], data_only=True)
    aged = [[cell.value for cell in row] for row in book["Aged balance"].iter_rows(min_row=6, max_row=11)]
    assert [row[1] for row in aged[:5]] == ["B", "A", "C", "E", "D"]
    assert [row[-1] for row in aged] == [50.05, 40.1, 10, 1, -30, pytest.approx(71.15)]
    figures = {row[0].value: row[1].value for row in book["Key figures"].iter_rows(min_row=6, max_row=30)}
    assert figures["Receivable"] == pytest.approx(71.15)
    assert figures["Overdue"] == pytest.approx(90.15)
    assert figures["Open items"] == 5


def test_the_cells_of_the_aged_balance_add_up_items_by_customer_and_bucket(workbook):
    _, book = workbook
    aged = book.worksheets[3]
    assert aged["E7"].value == "=SUMIFS(items_open,items_no,$A7,items_bucket,E$5)"
    assert aged["E11"].value == "=SUM(E6:E10)"
    opened = book.worksheets[4]
    headings = [cell.value for cell in aged[5]]
    buckets = {row[9].value for row in opened.iter_rows(min_row=6, max_row=10)}
    assert {bucket.lower() for bucket in buckets} <= {str(heading).lower() for heading in headings}


def test_names_lead_to_the_cells_they_name(sample):
    _, book = sample
    last = 5 + len(open_items(load_sample("groupe")))
    for name, column in (("items_no", "A"), ("items_open", "M"), ("items_bucket", "J")):
        assert book.defined_names[name].attr_text == f"'Pièces ouvertes'!${column}$6:${column}${last}"
    sheet, cell = book.defined_names["receivable"].attr_text.replace("'", "").replace("$", "").split("!")
    assert book[sheet][cell].value == f"=SUM({cell[0]}6:{cell[0]}{int(cell[1:]) - 1})"
    assert {"sales_90", "dso_simple", "provision", "forecast_expected", "penalties_due"} <= set(book.defined_names)


def test_a_credit_is_not_overdue_and_a_sentence_is_read_whole(tmp_path):
    """A payment without invoice is open since 2024-01-10, unapplied for more than six months on 2024-12-31."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | payment | 2024-01-10 | 2024-01-10 | -60.00 |
        A        | invoice | 2024-01-10 | 2024-02-09 |  99.00 |
        """
    )
    path = write_workbook(ledger, "2024-12-31", tmp_path / "a.xlsx", sections=("open_items", "findings"))
    book = openpyxl.load_workbook(path)
    opened, findings = book["Open items"], book["Findings one by one"]
    assert {row[4].value: row[8].value for row in opened.iter_rows(min_row=6, max_row=7)} == {
        "invoice": 326,  # 9 February to 31 December of a leap year
        "payment": None,
    }
    row = next(cell.row for cell in findings["C"] if cell.value and "six months" in str(cell.value))
    assert findings.cell(row, 3).alignment.wrap_text
    assert findings.row_dimensions[row].height >= 30  # two lines
    for cell in findings[5]:
        assert max(map(len, cell.value.split())) < findings.column_dimensions[cell.column_letter].width


def test_what_cannot_be_given_is_said_on_its_sheet_and_on_the_cover(tmp_path):
    ledger = ledger_of("customer|kind|issued|due|amount\nA|invoice|2024-01-10|2024-02-09|100.00")
    asked = ("cover", "scores", "simulation", "forecast", "doubtful")
    book = openpyxl.load_workbook(write_workbook(ledger, "2024-03-31", tmp_path / "a.xlsx", sections=asked))
    for sheet in ("Risk", "Simulation", "Cash forecast", "Doubtful debts"):
        (said,) = texts(book[sheet])[2:]
        assert said.endswith("."), sheet
        assert said in texts(book["Cover"]), sheet


def test_a_ledger_without_anything_open_is_written(tmp_path):
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-01-10 | 2024-02-09 |  99.00 |
        A        | payment | 2024-01-20 |            | -99.00 | 1
        """
    )
    path = write_workbook(ledger, "2024-12-31", tmp_path / "a.xlsx", language="fr", customers="A")
    assert len(openpyxl.load_workbook(path).sheetnames) > len(SECTIONS)


def test_only_the_sections_asked_for(tmp_path):
    """Without the open items there is nothing to add up: the aged balance is figures, its totals are sums."""
    book = written(tmp_path, sections=("findings", "aged"))
    assert book.sheetnames == ["Aged balance", "Findings", "Findings one by one"]
    assert book["Aged balance"]["D6"].value == pytest.approx(0)
    assert book["Aged balance"]["K6"].value == "=SUM(D6:J6)"


@pytest.mark.parametrize("asked", ["aged", ("aged", "nothing"), ()])
def test_sections_that_are_none(asked, tmp_path):
    with pytest.raises(ArlibError, match="Its sections are: cover, figures") as error:
        written(tmp_path, sections=asked)
    assert "Ses parties sont" in error.value.text("fr")
    assert not list(tmp_path.iterdir())


def test_a_customer_nobody_knows(tmp_path):
    with pytest.raises(ArlibError, match="No such customer in the ledger: Z"):
        written(tmp_path, customers=("A", "Z"))


def test_customers_have_a_card_and_a_statement(sample):
    _, book = sample
    assert book.sheetnames[-2:] == [f"Fiche {CUSTOMER}", f"Relevé {CUSTOMER}"]
    assert any(text.startswith(f"{CUSTOMER} · ") for text in texts(book[f"Fiche {CUSTOMER}"]))


def test_policies_given_take_the_place_of_the_examples(tmp_path):
    ledger = load_sample("groupe")
    for policies, examples in (((), True), (Policy("Reminders =1+1", lateness_factor=0.5), False)):
        options = {"sections": ("cover", "simulation"), "policies": policies}
        book = openpyxl.load_workbook(write_workbook(ledger, path=tmp_path / "a.xlsx", **options))
        heads = [cell.value for cell in book["Simulation"][5]][1:]
        assert (
            heads == ["today's terms", "Everybody at 30 days", "Everybody at 60 days", "Better reminders"]
        ) is examples
        assert any("They are examples" in text for text in texts(book["Cover"])) is examples


def test_the_same_bytes_twice_and_nobody_s_name_in_them(places, tmp_path):
    again = write_workbook(small_ledger(), "2024-03-31", tmp_path / "a.xlsx")
    assert again.read_bytes() == places["en"].read_bytes()
    with zipfile.ZipFile(again) as parts:
        core = ET.fromstring(parts.read("docProps/core.xml"))  # noqa: S314 - our own
    told = {part.tag.rpartition("}")[2]: part.text for part in core}
    assert not told.get("creator")
    assert not told.get("lastModifiedBy")
    assert told["created"] == told["modified"] == "2024-03-31T00:00:00Z"


def test_every_part_is_wellformed_and_has_its_charts(sample):
    with zipfile.ZipFile(sample[0]) as parts:
        names = parts.namelist()
        for name in (name for name in names if name.endswith((".xml", ".rels"))):
            ET.fromstring(parts.read(name))  # noqa: S314 - our own
        drawn = [parts.read(name) for name in names if name.startswith("xl/charts/chart")]
        assert not any(name.startswith("xl/externalLinks") for name in names)
    # Key figures (3), DSO by month, its bridge, simulation (2), forecast.
    assert len(drawn) == 8


def test_sheets_are_ready_to_print(sample):
    _, book = sample
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area
        assert "&P" in sheet.oddFooter.right.text
    opened = book["Pièces ouvertes"]
    assert (opened.freeze_panes, opened.auto_filter.ref, opened.print_title_rows) == (
        "C6",
        f"A5:M{opened.max_row - 1}",
        "$1:$5",
    )
    assert opened["F6"].number_format == "dd/mm/yyyy"


def test_nothing_is_left_in_the_other_language(sample):
    """No cell of the French workbook is an English label that French has another word for."""
    french = {word(key, "fr").lower() for key in label_keys()}
    english = {word(key, "en") for key in label_keys()} - {""}
    _, book = sample
    names = set(book.defined_names)
    found = {
        str(cell.value)
        for cell in cells(book)
        if cell.data_type == "s" and cell.value in english and str(cell.value).lower() not in french
    }
    assert found - names == set()


def test_no_code_is_left_in_a_cell(sample):
    _, book = sample
    names = set(book.defined_names)
    codes = {
        str(cell.value)
        for cell in cells(book)
        if cell.data_type == "s" and re.fullmatch(r"[a-z]+(_[a-z]+)+", str(cell.value))
    }
    assert codes - names == set()


def test_too_many_items_for_a_sheet_are_told_and_the_rest_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 9)
    book = written(tmp_path, sections=("aged", "open_items", "proof"))
    assert any("a sheet of Excel holds 9" in text for text in texts(book["Open items"]))
    assert any("a sheet of Excel holds 9" in text for text in texts(book["Aged balance"]))


def test_beyond_what_a_spreadsheet_adds_up_in_seconds_the_items_are_added_up_once(tmp_path, monkeypatch):
    monkeypatch.setattr(standing, "_MOST_SUMS", 0)
    aged = written(tmp_path, sections=("aged", "open_items"))["Aged balance"]
    assert aged["D8"].value == 10
    assert [aged["D12"].value, aged["K12"].value] == ["=SUMIFS(items_open,items_bucket,D$5)", "=SUM(items_open)"]


def test_an_error_leaves_the_old_workbook_and_nothing_else(tmp_path, monkeypatch):
    place = tmp_path / "a.xlsx"
    place.write_bytes(b"old")

    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(room, "_write", fail)
    with pytest.raises(ZeroDivisionError):
        write_workbook(small_ledger(), "2024-03-31", place)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.xlsx", b"old")]


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(ArlibError, match="cannot be written") as error:
        written(tmp_path / "none", sections=("aged",))
    assert "Impossible d'écrire" in error.value.text("fr")


def test_progress_goes_from_nothing_to_all(tmp_path):
    seen = []
    written(tmp_path, progress=seen.append, sections=("aged", "open_items", "proof", "figures"))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1], len(seen)) == (0, 1, 5)


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_makes_a_cell_and_a_name_of_a_sheet(text, taken):
    shown = visible(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", shown)
    assert visible(shown) == shown
    assert len(shown) <= 32_767
    lower = {name.lower() for name in taken}
    name = sheet_name(text, lower)
    assert 1 <= len(name) <= 31
    assert name.lower() not in lower
    assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)


def test_a_formula_is_only_what_is_said_to_be_one(tmp_path):
    with Book(tmp_path / "a.xlsx", "en", pd.Timestamp("2024-01-01"), "=1") as book:
        page = book.page("card", "=1+1")
        page.line(["=1+1", Live("=1+1", 2.0)], ["text", "count"])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [(cell.value, cell.data_type) for cell in sheet[1]] == [("=1+1", "s"), ("=1+1", "f")]


ROWS = pd.DataFrame(
    {
        "name": ["a & <b>", "only", " kept ", "=1+1", "_x0041_", None],
        "on": pd.to_datetime(["2024-02-29", None, "1900-03-01", "2024-01-01", "2024-01-01", "2024-01-01"]),
        "amount": [0.1 + 0.2, np.nan, -0.0, 1e15, -1234.565, 1 / 3],
        "twice": [0.6, np.nan, 0.0, 2e15, -2469.13, 2 / 3],
        "known": [True, True, False, True, True, True],
    }
)


def test_rows_written_together_are_those_the_library_writes_one_by_one(tmp_path):
    """The file of the sheet is the same to the byte, whether a table or `Page.line` writes it."""
    fields = [
        table.Field("name", "name"),
        table.Field("on", "on", "date"),
        table.Field("amount", "amount", "money"),
        table.Field("twice", "twice", "money", formula="=IF(C{row}<>0,C{row}*2,C{above})", where="known"),
    ]
    kinds = [field.kind for field in fields]
    with Book(tmp_path / "rows.xlsx", "en", pd.Timestamp("2024-01-01"), "") as book:
        table.write_table(book.page("card"), fields, ROWS, filtered=False)
    with Book(tmp_path / "cells.xlsx", "en", pd.Timestamp("2024-01-01"), "") as book:
        page = book.page("card")
        table.write_table(page, fields, ROWS.iloc[:0], filtered=False)
        page.widths([cell.width or 9 for cell in fields])
        for name, on, amount, twice, known in ROWS.itertuples(index=False):
            row = page.row + 1
            formula = f"=IF(C{row}<>0,C{row}*2,C{row - 1})"
            last = Live(formula, twice) if known and not pd.isna(twice) else twice
            page.line([name, on, amount + 0.0, last], kinds)
    one, other = (data_of(tmp_path / name) for name in ("rows.xlsx", "cells.xlsx"))
    assert one == other
    assert one.count("<f>") == 4


def data_of(path):
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    return sheet[sheet.index("<sheetData>") : sheet.index("</sheetData>")]


def test_rows_more_than_are_written_at_once(tmp_path):
    """Rows after a batch, a row without a cell, tall rows, and what stands below them."""
    count = 2 * rows._TOGETHER + 3
    words = pd.Series(["x"] * count, dtype="object").where(np.arange(count) % 2 == 0)
    words.iloc[-1] = "long " * 30  # 150 characters on lines of 59: three
    with Book(tmp_path / "a.xlsx", "en", pd.Timestamp("2024-01-01"), "") as book:
        page = book.page("card")
        table.write_table(page, [table.Field("words", "words", "prose", width=60)], pd.DataFrame({"words": words}))
        page.line(["below"])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [cell.value for cell in sheet["A"][5:]] == [*words.where(words.notna(), None), "below"]
    assert sheet.row_dimensions[5 + count].height == 45


def test_a_figure_without_end_is_refused(tmp_path):
    with (
        pytest.raises(ValueError, match="inf"),
        Book(tmp_path / "a.xlsx", "en", pd.Timestamp("2024-01-01"), "") as book,
    ):
        table.write_table(book.page("card"), [table.Field("a", "a", "money")], pd.DataFrame({"a": [np.inf]}))
    assert not list(tmp_path.iterdir())


def test_a_text_longer_than_a_cell_holds_is_cut_where_excel_counts():
    """Excel counts 32,767 units of UTF-16, of which a smiling face takes two."""
    shown = visible("\U0001f600" * 20_000)
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767
    assert shown == "\U0001f600" * 16_383 + "…"


def test_a_customer_in_credit_is_no_debtor_in_the_headline(tmp_path):
    """A owes 300 and B 100; C holds 50: two debtors owe 400, as the concentration and the key figures count."""
    ledger = ledger_of("""
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-01 | 2024-01-31 | 300.00
        B        | invoice | 2024-01-01 | 2024-01-31 | 100.00
        C        | payment | 2024-01-01 |            | -50.00
        """)
    book = openpyxl.load_workbook(write_workbook(ledger, path=tmp_path / "credit.xlsx", sections=("figures",)))
    told = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert any(text.startswith("400.00 is owed by 2 customers; the 2 largest owe 100.0% of it") for text in told)
