"""The statutory table of payment delays: every cell by hand, its list, its proof, its sheets."""

import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled
from test_tables import HOSTILE, Reader

from arlib.errors import ArlibError
from arlib.export import write_delay_table
from arlib.law.delay_table import payment_delay_table
from arlib.ledger import Ledger, balance
from arlib.show.tables import late_delays_table, unpaid_delays_table

YEAR = ("2024-01-01", "2024-12-31")
CLOSING = "2024-12-31"
FRAMES = (
    *("unpaid", "unpaid_excluded", "unpaid_reference", "late", "late_excluded", "late_reference"),
    *("invoices", "late_invoices", "apart", "proof"),
)


def of(ledger: Ledger, **customers) -> Ledger:
    """The ledger with columns of its customers."""
    named = ledger.customers.assign(**customers)
    return Ledger(ledger.items, ledger.matches, named, ledger.controls, ledger.currency, ledger.covers)


def with_items(ledger: Ledger, **columns) -> Ledger:
    items = ledger.items.assign(**columns)
    return Ledger(items, ledger.matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)


@pytest.fixture(scope="module")
def ledger():
    """Due 0, 1, 30, 31, 60, 61, 90 and 91 days before 31/12/2024; a part payment and a credit note on two of them."""
    return ledger_of(
        """
        customer | kind        | issued     | due        | amount | pays | disputed
        A        | invoice     | 2024-09-01 | 2024-12-31 |   100  |      |
        A        | invoice     | 2024-09-01 | 2024-12-30 |   200  |      |
        A        | invoice     | 2024-09-01 | 2024-12-01 |   300  |      |
        B        | invoice     | 2024-09-01 | 2024-11-30 |   400  |      |
        B        | invoice     | 2024-09-01 | 2024-11-01 |   500  |      |
        B        | invoice     | 2024-09-01 | 2024-10-31 |   600  |      |
        C        | invoice     | 2024-09-01 | 2024-10-02 |   700  |      |
        C        | invoice     | 2024-09-01 | 2024-10-01 |   800  |      |
        C        | invoice     | 2024-12-01 | 2025-01-30 |   900  |      |
        C        | invoice     | 2024-09-01 | 2024-10-01 |  1000  |      | yes
        A        | payment     | 2024-12-15 |            |   -50  | 3    |
        B        | credit_note | 2024-12-15 |            |  -100  | 4    |
        C        | payment     | 2025-01-10 |            |  -800  | 8    |
        C        | credit_note | 2024-12-20 |            |   -30  |      |
        A        | payment     | 2024-12-21 |            |   -20  |      |
        A        | invoice     | 2024-01-05 | 2024-02-04 |  1000  |      |
        A        | payment     | 2024-03-05 |            | -1000  | 16   |
        A        | invoice     | 2024-06-01 | 2024-07-01 |   500  |      |
        A        | payment     | 2024-07-01 |            |  -500  | 18   |
        """,
        covers=("2024-01-01", "2025-06-30"),
    )


@pytest.fixture(scope="module")
def table(ledger):
    return payment_delay_table(ledger, CLOSING)


def test_table_1_by_hand(table):
    """Trap 9: bounds inclusive. 300 less 50 paid, 400 less 100 credited, 800 still owed though paid in January.

    Turnover: invoices 3,600 + 900 + 1,000 + 1,000 + 500 = 7,000, less credit notes of 130.
    """
    assert table.unpaid["band"].tolist() == ["0", "1-30", "31-60", "61-90", "91+", "total"]
    assert table.unpaid["number"].tolist() == [1, 2, 2, 2, 1, 7]
    assert table.unpaid["amount"].tolist() == [100, 450, 800, 1300, 800, 3350]
    assert table.turnover == 6870
    assert table.unpaid["turnover_share"].tolist() == [each / 6870 for each in (100, 450, 800, 1300, 800, 3350)]
    assert table.unpaid_excluded.to_numpy().tolist() == [
        ["disputed", 1, 1000],
        ["not_accounted", 0, 0],
        ["total", 1, 1000],
    ]


def test_table_2_by_hand(table):
    """Paid 30 days late (1,000), on the due date (500), 14 days late (50 of 300); what was credited is not late."""
    assert table.late["number"].tolist() == [2, 3, 2, 2, 1, 8]
    assert table.late["amount"].tolist() == [600, 1500, 800, 1300, 800, 4400]
    assert (table.issued_number, table.issued_amount) == (12, 6900)
    assert table.late["number_share"].iloc[-1] == 8 / 12
    assert table.late["amount_share"].iloc[-1] == 4400 / 6900
    assert table.late_excluded["amount"].tolist() == [1000, 0, 1000]


def test_the_proof_by_hand(table, ledger):
    lines = table.proof.set_index("line")["amount"].to_dict()
    assert [lines[name] for name in ("late", "zero_day", "disputed", "not_due", "credit_note", "payment")] == [
        3350, 100, 1000, 900, -30, -20,
    ]  # fmt: skip
    assert lines["open_items"] == lines["items"] == lines["accounts"] == balance(ledger, CLOSING) == 5300
    assert table.proof["ties"].dropna().all()


def test_every_cell_is_its_invoices(table):
    assert table.invoices["reference"].tolist() == ["F8", "F7", "F6", "F5", "F4", "F3", "F2", "F1", "F10"]
    assert table.invoices["days_late"].tolist() == [91, 90, 61, 60, 31, 30, 1, 0, 91]
    assert table.invoices["why"].tolist() == [*["late"] * 7, "zero_day", "disputed"]
    for shown, rows in ((table.unpaid, table.invoices), (table.late, table.late_invoices)):
        counted = rows[rows["part"] == "A"].groupby("band")[["number", "counted"]].sum()
        assert counted["counted"].tolist() == shown["amount"].tolist()[:5]
        assert counted["number"].tolist() == shown["number"].tolist()[:5]
    assert table.apart["why"].value_counts().to_dict() == {"not_due": 1, "credit_note": 1, "payment": 1}


def test_an_earlier_and_a_later_closing(ledger):
    """On 31/10/2024 what fell due on 1 and 2 October is 30 and 29 days late; on 31/01/2025 the 800 are paid.

    Then 900 is due 1 day, 100 and 200 31 and 32, 250 and 300 61 and 62, 500, 600 and 700 91 and more.
    """
    then = payment_delay_table(ledger, "2024-10-31", opening="2024-01-01")
    assert then.unpaid["amount"].tolist() == [600, 1500, 0, 0, 0, 1500]
    later = payment_delay_table(ledger, "2025-01-31")
    assert later.unpaid["amount"].tolist() == [0, 900, 300, 550, 1800, 3550]


def test_net_amounts_and_a_net_turnover(ledger):
    """VAT 20 % on what A and B owe, none abroad (C): 450 / 1.2 = 375…; turnover of the same basis."""
    rate = ledger.items["customer_id"].map({"A": 1.2, "B": 1.2, "C": 1.0})
    net = with_items(ledger, net_amount=ledger.items["amount"] / rate)
    table = payment_delay_table(net, CLOSING, basis="net")
    assert table.unpaid["amount"].tolist() == pytest.approx([83.33, 375, 666.66, 1200, 800, 3041.66], abs=0.02)
    assert table.turnover == pytest.approx((100 + 200 + 300 + 1500 + 1500 - 100) / 1.2 + 3400 - 30, abs=0.05)
    assert table.proof.set_index("line").loc["late", "amount"] == 3350  # the proof is with tax


def test_net_and_gross_are_never_mixed(ledger):
    net = with_items(ledger, net_amount=(ledger.items["amount"] / 1.2).where(ledger.items["item_id"] != 5))
    with pytest.raises(ArlibError, match=r"1 item \(500\.00 tax included\)"):
        payment_delay_table(net, CLOSING, basis="net")
    table = payment_delay_table(net, CLOSING, basis="net", vat_rate=0.25)
    assert table.invoices.set_index("reference").loc["F5", "counted"] == 400
    assert any("VAT of 25" in str(note) for note in table.notes)


def test_instalments_of_one_invoice_count_as_one(ledger):
    """F6 (61 days) and F8 (91 days) become instalments of two: the number in the latest band, amounts in each."""
    owner = ledger.items["customer_id"].mask(ledger.items["item_id"] == 6, "C")
    document = pd.Series(np.where(ledger.items["item_id"].isin([6, 8]), "D1", None), dtype="str")
    table = payment_delay_table(with_items(ledger, customer_id=owner, document_id=document), CLOSING)
    assert table.unpaid["number"].tolist() == [1, 2, 2, 1, 1, 6]
    assert table.unpaid["amount"].tolist() == [100, 450, 800, 1300, 800, 3350]
    assert table.issued_number == 11


def test_customers_abroad_on_a_line_of_their_own(ledger):
    table = payment_delay_table(of(ledger, country=["France", None, "Belgique"]), CLOSING, home_country="FR")
    assert table.unpaid["foreign_number"].tolist() == [0, 0, 0, 1, 1, 2]
    assert table.unpaid["foreign_amount"].tolist() == [0, 0, 0, 700, 800, 1500]


@pytest.mark.parametrize("home", ["FR", "RE"])
def test_overseas_departments_are_in_france(ledger, home):
    """Files name them as countries; New Caledonia (NC) has its own commercial law and stays abroad."""
    table = payment_delay_table(of(ledger, country=["RE", "France", "GP"]), CLOSING, home_country=home)
    assert table.unpaid["foreign_number"].tolist() == [0] * 6
    other = payment_delay_table(of(ledger, country=["RE", "France", "NC"]), CLOSING, home_country=home)
    assert other.unpaid["foreign_number"].tolist() == [0, 0, 0, 1, 1, 2]
    assert table.unpaid["amount"].iloc[-1] == 3350  # of which, not besides


def test_invoices_not_accounted_for_are_in_b(ledger, table):
    given = pd.DataFrame({"reference": ["X1", "X2"], "amount": [70.0, "30"], "due_on": ["2024-10-01", None]})
    told = payment_delay_table(ledger, CLOSING, unaccounted=given)
    assert told.unpaid_excluded["amount"].tolist() == [1000, 100, 1100]
    assert told.unpaid_excluded["number"].tolist() == [1, 2, 3]
    pd.testing.assert_frame_equal(told.proof, table.proof)  # they are in no account
    for wrong in (given.drop(columns="amount"), given.assign(amount=-1), given.assign(amount="?")):
        with pytest.raises(ArlibError):
            payment_delay_table(ledger, CLOSING, unaccounted=wrong)


def test_terms_are_those_agreed_else_the_laws(ledger):
    """No due date: 30 days after 1 September, 91 days late. One the reader says never falls due stays out."""
    dues = ledger.items["due_on"].mask(ledger.items["item_id"].isin([2, 3]))
    source = pd.Series(np.where(ledger.items["item_id"] == 3, "none", "file"), dtype="str")
    table = payment_delay_table(with_items(ledger, due_on=dues, due_source=source), CLOSING)
    assert table.unpaid["amount"].tolist() == [100, 0, 800, 1300, 1000, 3100]
    assert table.unpaid_reference["due_dates"].tolist() == [7 + 1 - 1, 1]
    assert table.proof.set_index("line").loc["no_due_date", "amount"] == 250
    assert table.proof["ties"].dropna().all()
    assert any("L441-10" in str(note) for note in table.notes)


def test_what_stands_for_invoices_and_what_does_not():
    """An opening, an unpaid bill and a debt moved to 416 are unpaid invoices; a payment taken back is none."""
    ledger = ledger_of(
        """
        customer | kind     | issued     | due        | amount | pays
        A        | opening  | 2023-11-01 | 2023-12-01 |  100   |
        A        | bill     | 2024-05-01 | 2024-12-01 |  200   |
        A        | transfer | 2024-05-01 | 2024-06-01 |  300   |
        A        | payment  | 2024-05-01 |            |   40   |
        A        | other    | 2024-05-01 | 2024-06-01 |    5   |
        A        | payment  | 2024-05-02 |            |   -7   |
        """,
        covers=YEAR,
    )
    table = payment_delay_table(ledger, CLOSING, turnover=6000)
    assert table.unpaid["amount"].tolist() == [0, 200, 0, 0, 400, 600]
    assert table.unpaid["turnover_share"].iloc[-1] == 0.1
    assert table.proof.set_index("line").loc["not_an_invoice", "amount"] == 45
    assert table.proof["ties"].dropna().all()
    told = " ".join(map(str, table.notes))
    assert "100.00 tax included brought forward" in told
    assert "2 debits that are no invoice, 45.00" in told


@pytest.mark.parametrize(
    ("closing", "why"), [("2025-11-30", "ends on 2025-06-30"), ("2024-06-30", "begins on 2024-01-01")]
)
def test_no_percentage_of_a_year_the_file_does_not_hold(ledger, closing, why):
    table = payment_delay_table(ledger, closing)
    assert table.unpaid["turnover_share"].isna().all()
    assert why in " ".join(map(str, table.notes))
    assert payment_delay_table(ledger, closing, turnover=1000.0).unpaid["turnover_share"].notna().all()


def test_the_layout_is_said_to_be_confirmed(table):
    assert "annex 4-1" in str(table.notes[0])
    assert "à confirmer" in table.notes[0].text("fr")


def test_a_closing_after_the_ledger_ends_is_told():
    """Also where the turnover is given, which the ledger then need not tell."""
    short = ledger_of("customer|kind|issued|due|amount\nA|invoice|2024-09-01|2024-10-01|100", covers=YEAR)
    for closing, told in ((CLOSING, False), ("2025-12-31", True)):
        notes = [note.key for note in payment_delay_table(short, closing, turnover=1000.0).notes]
        assert ("law.delay.unpaid_since" in notes) == told


@pytest.mark.parametrize(
    "wrong",
    [
        {"opening": "2025-01-01"},
        {"turnover": 0.0},
        {"turnover": float("nan")},
        {"basis": "ht"},
        {"home_country": "Atlantis"},
        {"basis": "net", "vat_rate": 20},
    ],
)
def test_what_cannot_be_asked_is_refused(ledger, wrong):
    with pytest.raises(ArlibError):
        payment_delay_table(ledger, CLOSING, **wrong)


def alike(one, other):
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert one.notes == other.notes
    np.testing.assert_array_equal([one.turnover, one.issued_amount], [other.turnover, other.issued_amount])


def ties(ledger, table):
    assert table.proof.set_index("line").loc["open_items", "amount"] == pytest.approx(balance(ledger, table.closing))
    owed = table.invoices["open_amount"].sum() + table.apart["open_amount"].sum()
    assert owed == pytest.approx(balance(ledger, table.closing), abs=0.01)
    for bands in (table.unpaid, table.late):
        assert bands["amount"].iloc[1:5].sum() == pytest.approx(bands["amount"].iloc[5], abs=0.005)
        assert bands["number"].iloc[1:5].sum() == bands["number"].iloc[5]


@settings(max_examples=15, deadline=None)
@given(ledgers(), st.sampled_from(["2023-06-30", "2023-12-31", "2024-06-30"]))
def test_parts_add_up_and_neither_the_future_nor_the_order_matters(ledger, day):
    table = payment_delay_table(ledger, day)
    ties(ledger, table)
    alike(table, payment_delay_table(known_by(ledger, day), day))
    alike(table, payment_delay_table(shuffled(ledger, 5), day))


def test_a_longer_past():
    ledger, day = from_frame(random_invoices(3)), "2025-06-30"
    before = ledger.items.copy(deep=True)
    table = payment_delay_table(ledger, day)
    pd.testing.assert_frame_equal(ledger.items, before)
    ties(ledger, table)
    for same in (future_changed(ledger, day), known_by(ledger, day), shuffled(ledger, 2)):
        alike(table, payment_delay_table(same, day))
    twice = payment_delay_table(scaled(ledger, 2.0), day)
    assert twice.unpaid["amount"].tolist() == pytest.approx((2 * table.unpaid["amount"]).tolist())
    assert twice.unpaid["number"].tolist() == table.unpaid["number"].tolist()


@pytest.mark.parametrize("closing", ["2023-12-31", "2024-12-31", "2025-12-31"])
def test_the_sample_ties(closing):
    ledger = sample_ledger("negoce")
    for basis in ("gross", "net"):
        ties(ledger, payment_delay_table(ledger, closing, basis=basis))


class Sheets:
    """The cells of a workbook with its sums calculated, as a spreadsheet would."""

    def __init__(self, path):
        self.book = openpyxl.load_workbook(path)

    def line(self, sheet, label):
        page = self.book[sheet]
        row = next(row for row in page.iter_rows() if row[0].value and str(row[0].value).startswith(label))
        return [self.value(page, cell.value) for cell in row[1:7] if cell.value is not None]

    def value(self, page, value):
        if not isinstance(value, str) or not value.startswith("="):
            return value
        if value.startswith("=SUMIFS"):
            return self.sum_if(re.findall(r"'([^']+)'!\$(\w+)\$(\d+):\$\w+\$(\d+)(?:,(\"[^\"]*\"|\d+))?", value))
        if found := re.fullmatch(r"=SUM\(C(\d+):F\1\)", value):
            return sum(self.value(page, page[f"{column}{found[1]}"].value) for column in "CDEF")
        if found := re.fullmatch(r"=IF\(N\(\$G\$(\d+)\)>0,(\w+)/\$G\$\1,\"–\"\)", value):
            return self.value(page, page[found[2]].value) / page[f"G{found[1]}"].value
        return self.value(page, page[value[1:]].value)

    def sum_if(self, ranges):
        columns = [
            ([row[0].value for row in self.book[sheet][f"{column}{first}:{column}{last}"]], test.strip('"'))
            for sheet, column, first, last, test in ranges
        ]
        (amounts, _), *tests = columns
        return sum(
            amount or 0
            for place, amount in enumerate(amounts)
            if all(self.meets(cells[place], test) for cells, test in tests)
        )

    @staticmethod
    def meets(cell, test):
        if test[:2] in (">=", "<="):
            return cell is not None and (cell >= int(test[2:]) if test[0] == ">" else cell <= int(test[2:]))
        return str(cell) == test


def test_the_sheets_calculate_what_the_table_says(ledger, tmp_path):
    abroad = of(ledger, country=["FR", "FR", "BE"], name=[HOSTILE, '=HYPERLINK("http://x")', "a\x0bb" + "é" * 300])
    table = payment_delay_table(abroad, CLOSING, home_country="FR")
    sheets = Sheets(write_delay_table(table, tmp_path / "t.xlsx"))
    assert sheets.book.sheetnames == [
        "Tableau I", "Tableau II", "Factures du tableau I", "Factures du tableau II",
        "Preuve des tableaux",
    ]  # fmt: skip
    for sheet, bands in (("Tableau I", table.unpaid), ("Tableau II", table.late)):
        assert sheets.line(sheet, "Nombre de factures concernées") == [*bands["number"].iloc[[0, 5]]]
        assert sheets.line(sheet, "Montant total des factures c") == bands["amount"].tolist()
        assert sheets.line(sheet, "Pour information") == bands["number"].tolist()
        assert sheets.line(sheet, "Dont clients étrangers\u00a0: montant") == bands["foreign_amount"].tolist()
    assert sheets.line("Tableau I", "Pourcentage du chiffre") == table.unpaid["turnover_share"].tolist()
    assert sheets.line("Tableau II", "Pourcentage du nombre") == table.late["number_share"].tolist()
    assert sheets.line("Tableau I", "Montant total des factures exclues") == [1000]
    page = sheets.book["Tableau I"]
    assert (page.page_setup.orientation, page.page_setup.fitToHeight, page.page_setup.paperSize) in (
        ("landscape", 1, 9),
        ("landscape", None, 9),  # where nothing is said, one
    )
    assert page.sheet_properties.pageSetUpPr.fitToPage
    cells = [cell for name in sheets.book for row in name.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("☒") for cell in cells)
    assert {cell.data_type for cell in cells if str(cell.value).startswith("=HYPERLINK")} == {"s"}


def test_a_table_without_any_invoice_is_written(tmp_path):
    ledger = ledger_of("customer|kind|issued|due|amount\nA|payment|2024-02-01||-5", covers=YEAR)
    table = payment_delay_table(ledger, CLOSING)
    sheets = Sheets(write_delay_table(table, tmp_path / "t.xlsx", "en"))
    assert sheets.line("Table I", "Total amount of these") == [0] * 6
    assert "☒" not in {str(cell.value)[:1] for row in sheets.book["Table I"].iter_rows() for cell in row}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_the_same(ledger, language):
    table = payment_delay_table(of(ledger, name=[HOSTILE] * 3), CLOSING)
    for html, total in ((unpaid_delays_table(table, language=language), 3350), (late_delays_table(table), 4400)):
        assert "script" not in Reader(html).tags
        assert all(sum(bool(cell.strip()) for cell in row) for row in Reader(html).rows)
        assert html.count('scope="col"') == 6
        assert html.count("<th ") == html.count("scope=")
        assert re.search(rf"{total // 1000}\D?{total % 1000}[.,]00", html)
    assert "☒" in unpaid_delays_table(table)
