"""Files laid out as other people's software lays them out: the sheet, the headings, the rows that are movements."""

import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layouts import column, movements, said, text, warned, workbook
from old_books import ods, xls, xlsb

from arlib import balance, proof, read_ledger
from arlib.errors import ArlibError
from arlib.readers.cells import amounts, decimal_mark
from arlib.readers.headings import recognise
from arlib.readers.rows import movement_rows
from arlib.readers.sources import gather
from arlib.readers.tables import read_table
from arlib.readers.tables.error_cells import error_cells
from arlib.readers.tables.stated import as_of_stated
from arlib.readers.tables.table import Table

DAY = datetime(2024, 1, 10)  # noqa: DTZ001 - as a cell of a workbook holds it


def added_up(table: Table, found: dict[str, str], field: str) -> float:
    cells = table.cells[found[field]]
    return round(float(amounts(cells, mark=decimal_mark([cells]) or ".").values.sum()), 2)


# Each file: what it is, its name and its bytes; field that holds the amounts and their total, added up by hand;
# the customers of its rows.
SAGE = [
    "Date",
    "C.j",
    "N° pièce",
    "Libellé écriture",
    "Lettr.",
    "Mouvement débit",
    "Mouvement crédit",
    "Solde progressif",
]
LEDGER = [["Facture", "Client", "Date facture", "Échéance", "Montant TTC"]]
ONE = [*LEDGER, ["F1", "A", DAY, DAY, 1]]
MANY = [*LEDGER, *[["F1", "A", DAY, DAY, 1]] * 9]
FILES = {
    "sage, grand livre des tiers": (
        "gl.csv",
        text(
            [
                ["SARL EXEMPLE", "", "", "", "", "", "", ""],
                ["Grand-livre des tiers", "", "", "", "Période du 01/01/2024", "", "", ""],
                ["", "", "", "", "au 31/12/2024", "", "", ""],
                SAGE,
                ["411DUP", "", "", "DUPONT SA", "", "", "", ""],
                ["", "", "", "Solde antérieur", "", "1 000,00", "", "1 000,00"],
                ["15/01/2024", "VE", "F1", "Facture F1", "A", "1 200,00", "", "2 200,00"],
                ["20/02/2024", "BQ", "R1", "Virement", "A", "", "1 200,00", "1 000,00"],
                ["Total du tiers", "", "", "", "", "2 200,00", "1 200,00", "1 000,00"],
                ["411MAR", "", "", "MARTIN & FILS", "", "", "", ""],
                ["01/03/2024", "VE", "F2", "Facture F2", "", "600,00", "", "600,00"],
                ["SARL EXEMPLE", "", "", "", "", "", "", ""],
                ["Grand-livre des tiers", "", "", "", "", "", "", ""],
                SAGE,
                ["05/03/2024", "VE", "A2", "Avoir", "", "", "50,00", "550,00"],
                ["Total du tiers", "", "", "", "", "600,00", "50,00", "550,00"],
                ["Total général", "", "", "", "", "2 800,00", "1 250,00", "1 550,00"],
            ]
        ),
        "debit", 2800.00, ["411DUP", "411DUP", "411DUP", "411MAR", "411MAR"],
    ),
    "grand livre, compte and name in one cell": (
        "gl.xlsx",
        workbook({"Grand livre": [
            ["GRAND LIVRE AUXILIAIRE"], [],
            ["Date", "Journal", "Pièce", "Libellé", "Débit", "Crédit", "Solde"],
            ["Compte 411DUP - DUPONT SA"],
            [DAY, "VT", "F1", "Facture", 100.0, None, 100.0],
            [DAY, "BQ", "R1", "Règlement", None, 40.0, 60.0],
            ["Total 411DUP", None, None, None, 100.0, 40.0, 60.0],
            ["Compte 411ZOE - ZOE SARL"],
            [DAY, "VT", "F2", "Facture", 10.0, None, 10.0],
            ["Total 411ZOE", None, None, None, 10.0, None, 10.0],
            ["Totaux", None, None, None, 110.0, 40.0, 70.0],
        ]}),
        "debit", 110.00, ["411DUP", "411DUP", "411ZOE"],
    ),
    "quickbooks, aging detail by customer": (
        "qb.csv",
        text([
            ["Apex Services"], ["A/R Aging Detail"], ["As of December 31, 2025"],
            ["", "Date", "Transaction Type", "Num", "Due Date", "Amount", "Open Balance"],
            ["Alvarez, Dana", "", "", "", "", "", ""],
            ["", "11/18/2025", "Invoice", "1041", "12/18/2025", "1,284.50", "1,284.50"],
            ["Total for Alvarez, Dana", "", "", "", "", "$1,284.50", "$1,284.50"],
            ["Total Energies", "", "", "", "", "", ""],
            ["", "12/14/2025", "Invoice", "1063", "01/13/2026", "4,180.75", "2,180.75"],
            ["Total for Total Energies", "", "", "", "", "$4,180.75", "$2,180.75"],
            ["TOTAL", "", "", "", "", "$5,465.25", "$3,465.25"],
        ], ","),
        "open_amount", 3465.25, ["Alvarez, Dana", "Total Energies"],
    ),
    "tally, two rows of headings, the party on its own row": (
        "bills.xlsx",
        workbook({"Sundry Debtors": [
            ["Group :", "Sundry Debtors", None, "1-Apr-26 to 16-Apr-26"], [],
            ["Date", "Ref. No.", "Party's Name", "Opening", "Pending", "Due on", "Overdue"],
            [None, None, None, "Amount", "Amount", None, "by days"],
            [None, None, "Alpha Ltd"],
            [DAY, "I-1", None, 5000, 4000, DAY],
            [DAY, "I-2", None, 700, 700, DAY],
            [None, None, "Beta Ltd"],
            [DAY, "I-3", None, 50, 50, DAY],
        ]}),
        "open_amount", 4750.00, ["Alpha Ltd", "Alpha Ltd", "Beta Ltd"],
    ),
    "merged headings: HT, TVA and TTC under Montant": (
        "factures.xlsx",
        workbook({"Feuil1": [
            ["Facture", None, "Client", "Montant"],
            ["N°", "Date", None, "HT", "TVA", "TTC"],
            ["F1", DAY, "Durand", 100, 20, 120],
            ["F2", DAY, "Martin", 50, 10, 60],
        ]}),
        "amount", 180.00, ["Durand", "Martin"],
    ),
    "data that begin at column D, blank rows and columns": (
        "d.xlsx",
        workbook({"Feuil1": [[], [], [None, None, None, *LEDGER[0]], [],
                             [None, None, None, "F1", "Durand", DAY, DAY, 120.5], [],
                             [None, None, None, "F2", "Martin", DAY, DAY, 79.5]]}),
        "amount", 200.00, ["Durand", "Martin"],
    ),
    "headings repeated at each page": (
        "pages.csv",
        text([*LEDGER, ["F1", "A", "01/02/2024", "", "10,00"], *LEDGER, ["F2", "B", "02/02/2024", "", "5,5"], *LEDGER]),
        "amount", 15.50, ["A", "B"],
    ),
    "customers named once for several rows": (
        "outline.xlsx",
        workbook({"Encours": [["Client", "Facture", "Date", "Montant"], ["Durand", "F1", DAY, 1],
                              [None, "F2", DAY, 2], [None, "F3", DAY, 4], ["Martin", "F4", DAY, 8]]}),
        "amount", 15.00, ["Durand", "Durand", "Durand", "Martin"],
    ),
    "german open items with sums": (
        "op.csv",
        text([["OP-Liste Debitoren", "", "", "", ""], ["Stichtag: 31.12.2024", "", "", "", ""],
              ["Kunde", "Belegnummer", "Belegdatum", "Fälligkeit", "Offener Betrag"],
              ["Müller GmbH", "R1", "01.12.2024", "31.12.2024", "1.190,00"],
              ["Müller GmbH", "R2", "05.12.2024", "04.01.2025", "10,50"],
              ["Zwischensumme", "", "", "", "1.200,50"],
              ["Summe AG", "R3", "06.12.2024", "", "99,50"],
              ["Gesamtsumme", "", "", "", "1.300,00"]]),
        "open_amount", 1300.00, ["Müller GmbH", "Müller GmbH", "Summe AG"],
    ),
    "spanish ledger of customers": (
        "mayor.csv",
        text([["Fecha", "Documento", "Concepto", "Debe", "Haber", "Saldo"],
              ["Cliente: 430001 ACME SL", "", "", "", "", ""],
              ["", "", "Saldo anterior", "100,00", "", "100,00"],
              ["15/01/2024", "F-1", "Factura", "1.210,00", "", "1.310,00"],
              ["Suma", "", "", "1.310,00", "", ""],
              ["Cliente: 430002 Zeta SA", "", "", "", "", ""],
              ["16/01/2024", "F-2", "Factura", "121,00", "", "121,00"],
              ["Total Zeta SA", "", "", "121,00", "", ""],
              ["Suma total", "", "", "1.431,00", "", ""]]),
        "debit", 1431.00, ["430001", "430001", "430002"],
    ),
    "italian schedule of due dates": (
        "scadenzario.xlsx",
        workbook({"Scadenzario": [["SCADENZARIO CLIENTI al 31/12/2024"], [],
                                  ["Ragione sociale", "N. fattura", "Data fattura", "Scadenza", "Importo", "Residuo"],
                                  ["Rossi S.r.l.", "1/24", DAY, DAY, 122, 22],
                                  ["Totale Rossi S.r.l.", None, None, None, 122, 22],
                                  ["Bianchi", "2/24", DAY, DAY, 61, 61], ["Totale Bianchi", None, None, None, 61, 61],
                                  ["Totale generale", None, None, None, 183, 83]]}),
        "open_amount", 83.00, ["Rossi S.r.l.", "Bianchi"],
    ),
    "english list with subtotals by suffix and a page's carry-over": (
        "list.csv",
        text([["Customer", "Invoice No", "Invoice Date", "Amount"], ["Smith", "1", "13/01/2024", "100.00"],
              ["Smith Total", "", "", "100.00"], ["Carried forward", "", "", "100.00"],
              ["Brown", "2", "14/01/2024", "1.00"],
              ["Brown Total", "", "", "1.00"], ["Grand Total", "", "", "101.00"]], ","),
        "amount", 101.00, ["Smith", "Brown"],
    ),
    "the totals of a customer on its own row, above its invoices": (
        "sap.xlsx",
        workbook({"Export": [["Debitor", "Belegnummer", "Belegdatum", "Betrag in Hauswährung"],
                             ["Alpha AG", None, None, 30.0], [None, "1", DAY, 10.0], [None, "2", DAY, 20.0],
                             ["Beta AG", None, None, 5.0], [None, "3", DAY, 5.0]]}),
        "amount", 35.00, ["Alpha AG", "Alpha AG", "Beta AG"],
    ),
    "the account below its movements, as SAP exports do": (
        "gl_sap.xlsx",
        workbook({"Sheet1": [["N° pièce", "Type de pièce", "Date de la pièce", "Montant en devise interne"],
                             ["1", "DR", DAY, 10.0], ["2", "DR", DAY, 20.0], ["Compte 1001", None, None, 30.0],
                             ["3", "DR", DAY, 5.0], ["Compte 1002", None, None, 5.0]]}),
        "amount", 35.00, ["1001", "1001", "1002"],
    ),
    "headings over merged cells, values further right": (
        "merged.xlsx",
        workbook({"GL": [["Client", "Date", "Pièce", None, "Montant"], ["A", DAY, None, "F1", None, 7.5],
                         ["B", DAY, None, "F2", None, 2.5]]}),
        "amount", 10.00, ["A", "B"],
    ),
    "invoices with ages and no amount": (
        "detail.csv",
        text([["Customer", "Invoice", "Invoice Date", "Current", "1-30", "31-60", "Over 60"],
              ["A", "1", "2024-01-31", "10.00", "", "", ""], ["B", "2", "2024-02-29", "", "", "5.25", ""]], ","),
        "open_amount", 15.25, ["A", "B"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "field", "total", "customers"), FILES.values(), ids=FILES)
def test_the_movements_of_a_file(name, content, field, total, customers):
    table, found = movements((name, content))
    assert added_up(table, found, field) == total
    party = "customer_id" if "customer_id" in found else "customer_name"
    assert column(table, found, party) == customers
    assert warned(table) == ""


def test_what_was_left_out_carried_and_dated_is_said():
    table, found = movements(FILES["sage, grand livre des tiers"][:2])
    assert table.stated_on == pd.Timestamp("2024-12-31")
    assert column(table, found, "customer_name")[0] == "DUPONT SA"
    assert column(table, found, "issued_on")[0] == "2024-01-15"  # the opening balance, on the first day
    for words in (
        "repeated further down",
        "Opening balances without a date: 1",
        "Total rows left out: 3 (row 9, 16, 17)",
    ):
        assert words in said(table)
    table, _ = movements(FILES["headings over merged cells, values further right"][:2])
    assert "Headings over merged cells" in said(table)
    assert "named once for several rows" in said(movements(FILES["customers named once for several rows"][:2])[0])


def test_totals_that_disagree_are_told_with_both_figures():
    rows = [*LEDGER, ["F1", "A", "01/02/2024", "", "10,00"], ["F2", "B", "02/02/2024", "", "5,50"]]
    table, _ = movements(("a.csv", text([*rows, ["Total", "", "", "", "16,00"]])))
    assert 'row 4, column "Montant TTC": 16.00 written, 15.50 added up' in warned(table)
    for total in ("15,50", "15,51"):  # a cent may be rounding
        assert warned(movements(("a.csv", text([*rows, ["Total", "", "", "", total]])))[0]) == ""


@pytest.mark.parametrize("customer", ["TOTAL ENERGIES", "Totaline SA", "Report SARL", "Summe AG", "Solde & Cie"])
def test_customers_named_like_totals_stay(customer):
    rows = [*LEDGER, ["F1", customer, "01/02/2024", "", "10,00"], ["F2", "B", "02/02/2024", "", "5,50"]]
    table, found = movements(("a.csv", text(rows)))
    assert column(table, found, "customer_name") == [customer, "B"]


def test_a_missing_customer_in_a_full_list_is_not_made_up():
    rows = [["Client", "Date", "Montant"], *[["A", "01/02/2024", "1"]] * 9, ["", "02/02/2024", "5"]]
    table, found = movements(("a.csv", text(rows)))
    assert column(table, found, "customer_name")[-1] == ""


def test_rows_without_anything_are_left_out_and_counted():
    rows = [*LEDGER, ["→ à compléter"], ["F1", "A", DAY, None, 5.0], *[[number] for number in range(2, 8)]]
    table, found = movements(("template.xlsx", workbook({"Factures": rows})))
    assert column(table, found, "customer_name") == ["A"]
    assert "neither date nor amount left out: 7 (row 2, 4, 5, 6, 7)" in said(table)


@pytest.mark.parametrize(
    ("sheets", "hidden", "chosen"),
    [
        ({"Aide": [["Client", "Date"]], "Factures": ONE}, (), "Factures"),
        ({"Relances": MANY, "Liste": ONE}, (), "Liste"),
        ({"Old": MANY, "Liste": ONE}, ("Old",), "Liste"),
        ({"Notes": [["lire"]], "Caché": ONE}, ("Caché",), "Caché"),
        ({"Pivot": [["Étiquettes de lignes", "Somme de Montant"], ["A", 5]], "Base": ONE}, (), "Base"),
        ({"Fournisseurs": [["Fournisseur", "Date", "Montant"], *[["Z", DAY, 1]] * 9], "Clients": ONE}, (), "Clients"),
        ({"Vue": [["Client", "Total"], ["A", 1]], "BA": [["Client", "Non échu", "1-30"], ["A", 1, 2]]}, (), "BA"),
    ],
    ids=["help", "reminders", "hidden", "only hidden", "pivot", "suppliers", "aged balance"],
)  # fmt: skip
def test_the_sheet_that_is_a_ledger(sheets, hidden, chosen):
    table = read_table(gather(("a.xlsx", workbook(sheets, hidden)))[0])
    assert table.sheet == chosen
    assert ("is hidden" in said(table)) == (chosen in hidden)


def test_tables_beside_and_below_are_named_and_not_read():
    rows = [
        ["Client", "Date", "Montant", None, "Client", "Montant"],
        ["A", DAY, 1, None, "A", 3],
        ["B", DAY, 2, None, None, None],
        [],
        ["Fournisseur", "Date", "Montant TTC"],
        ["Z", DAY, 100],
    ]
    table, found = movements(("two.xlsx", workbook({"S": rows})))
    assert added_up(table, found, "amount") == 3.0
    assert "Another table stands beside" in warned(table)
    assert "Another table begins on row 5: Fournisseur, Date, Montant TTC" in warned(table)


def test_suppliers_are_read_with_a_warning_and_thousands_are_refused():
    table, found = movements(("ap.csv", b"Vendor,Invoice Date,Amount\nZ,2024-01-31,5\n"))
    assert column(table, found, "customer_name") == ["Z"]
    assert "look like suppliers" in warned(table)
    with pytest.raises(ArlibError, match=r'column "Solde \(k€\)": amounts are in thousands'):
        movements(("k.csv", "Client;Date;Solde (k€)\nA;01/01/2024;5\n".encode()))


def test_a_running_balance_is_no_amount_left():
    rows = [["Date", "Customer", "Amount", "Balance"], ["2024-01-01", "A", "100", "100"],
            ["2024-01-02", "A", "50", "150"], ["2024-01-03", "A", "-20", "130"]]  # fmt: skip
    table, found = movements(("statement.csv", text(rows, ",")))
    assert "open_amount" not in found
    assert "running balance" in said(table)
    left = [*rows[:2], ["2024-01-02", "A", "50", "20"], ["2024-01-03", "A", "60", "60"]]
    assert movements(("list.csv", text(left, ",")))[1]["open_amount"] == "Balance"


def test_cells_of_every_type_come_through():
    rows = [
        ["Client", "Date", "Montant", "Actif", "Heure", "Durée"],
        ["A", date(2024, 1, 31), 5, True, time(9, 30), timedelta(days=2)],
    ]
    table, _ = movements(("types.xlsx", workbook({"S": rows})))
    assert table.cells.iloc[0].tolist()[3:] == [True, time(9, 30), timedelta(days=2)]


def failed_formulas() -> bytes:
    """A workbook whose amount and due date failed, as Excel saves it."""
    book = workbook({"S & Co": [*LEDGER, ["F1", "A", DAY, "DUE", "AMOUNT"]]})
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            if part == "xl/worksheets/sheet1.xml":
                for cell, error in ((b"D2", b"#N/A"), (b"E2", b"#REF!")):
                    start = content.index(b'<c r="' + cell)
                    end = content.index(b"</c>", start) + 4
                    made = b'<c r="' + cell + b'" t="e"><f>X1/0</f><v>' + error + b"</v></c>"
                    content = content[:start] + made + content[end:]
            after.writestr(part, content)
    return out.getvalue()


def test_formulas_that_failed_are_not_taken_for_empty_cells():
    content = failed_formulas()
    assert error_cells(content, "S & Co") == {(1, 3): "#N/A", (1, 4): "#REF!"}
    table, found = movements(("errors.xlsx", content))
    assert column(table, found, "due_on") + column(table, found, "amount") == ["#N/A", "#REF!"]
    assert error_cells(b"no workbook", "S") == {}


@pytest.mark.parametrize(
    ("title", "name", "day"),
    [
        (["As of 31 December 2025"], "a.csv", "2025-12-31"),
        (["Balance âgée", "Arrêté au 31/12/2024", "Imprimé le 05/01/2025"], "x", "2024-12-31"),
        (["Stichtag: 31.12.2024"], "x", "2024-12-31"),
        (["Antigüedad de saldos a fecha de 31 de diciembre de 2024"], "x", "2024-12-31"),
        (["Scadenzario al 31/12/2024"], "x", "2024-12-31"),
        (["1-Apr-26 to 16-Apr-26"], "x", "2026-04-16"),
        (["Situation au 1er mars 2024"], "x", "2024-03-01"),
        (["As of 12/31/2025"], "x", "2025-12-31"),
        (["Du 01/01/2024 au 31/12/2024", "Edité le 15/11/2024"], "x", "2024-11-15"),  # the year was not over
        (["Edité le 12/01/2025 à 10:32"], "liste.csv", None),
        (["Tél. 01.02.03.04.05", "SIRET 123 456 789 00012"], "facture 12.csv", None),
        ([], "balance_agee_2024-12-31.xlsx", "2024-12-31"),
        ([], "100000009FEC20220831.txt", "2022-08-31"),
        ([], "aged 31.12.2024.xlsx", "2024-12-31"),
        ([], "list v1.2.24.csv", None),
        (["As of 2024-12-31"], "export_2025-01-05.csv", "2024-12-31"),
    ],
)
def test_the_day_a_list_is_of(title, name, day):
    assert as_of_stated([[text] for text in title], name) == (None if day is None else pd.Timestamp(day))


def test_a_day_that_reads_two_ways_is_read_as_the_dates_of_the_list():
    american, french = pd.Series(["12/25/2024"]), pd.Series(["25/12/2024"])
    assert as_of_stated([["As of 04/05/2025"]], "x", [american]) == pd.Timestamp("2025-04-05")
    assert as_of_stated([["Au 04/05/2025"]], "x", [french]) == pd.Timestamp("2025-05-04")
    assert as_of_stated([["Stichtag:", DAY]], "x") == pd.Timestamp("2024-01-10")


NAMES = st.sampled_from(
    ["", "A", "Total", "Total A", "Total énergies", "Report", "Solde", "Client : 1 B", "x y", "Date"]
)
CELLS = st.tuples(
    NAMES, st.sampled_from(["", "01/02/2024", "Date", "n/a"]), st.sampled_from(["", "1,00", "-2,50", "x", "Montant"])
)


@given(rows=st.lists(CELLS, max_size=12), named=st.booleans())
def test_no_row_is_lost_without_being_counted(rows, named):
    """Every row is kept or counted: totals, parties, blank rows, repeated headings, or another table below."""
    head = ["Client" if named else "Texte", "Date", "Montant"]
    frame = pd.DataFrame(rows, columns=head, index=range(2, 2 + len(rows)), dtype="str")
    before = frame.copy()
    table = movement_rows(Table("t.csv", None, frame), recognise(head))
    pd.testing.assert_frame_equal(frame, before)
    counted = 0
    for note in (*table.reading, *table.warnings):
        if note.key in ("read.totals", "layout.blank", "layout.repeated", "layout.parties"):
            counted += note.values["rows"]
        if note.key == "layout.below":
            counted += note.values["rows"] + 1
    assert len(table.cells) + counted >= len(rows)
    assert set(table.cells.index) <= set(frame.index)


def test_the_real_files(shared_data):
    table, found = movements(shared_data / "muruli_ap_ageing" / "Ageing Report.xlsx")
    assert (table.sheet, column(table, found, "customer_name")[0]) == ("Vendor data", "Techforge Solutions")
    assert "look like suppliers" in warned(table)
    table, found = movements(shared_data / "saket_ar_workbook" / "Accounts-Receivable.xlsx")
    assert (table.sheet, len(table.cells)) == ("DATASET", 900)
    assert added_up(table, found, "amount") == 3598262.29  # the workbook's own pivot
    assert added_up(table, found, "open_amount") == 2385725.73
    table, _ = movements(shared_data / "finsights_fr" / "tracker-dso.xlsx")
    assert (table.sheet, len(table.cells)) == ("Factures Clients", 0)
    table, found = movements(shared_data / "layout_snippets" / "tally_pending_bills.xlsx")
    assert column(table, found, "customer_name") == ["AlphaClient Ltd"]
    assert table.stated_on == pd.Timestamp("2026-04-16")
    table, found = movements(shared_data / "layout_snippets" / "quickbooks_ar_aging_detail.csv")
    assert added_up(table, found, "open_amount") == 4917.25  # 1284.50 + 642 + 2180.75 + 310 + 500, by hand
    assert table.stated_on == pd.Timestamp("2025-12-31")


@pytest.mark.parametrize(("name", "content"), [each[:2] for each in FILES.values()], ids=FILES)
def test_the_ledger_of_a_file_ties(name, content):
    ledger = read_ledger((name, content))
    assert proof(ledger)["ties"].all()


def test_the_real_files_are_read_or_refused_with_the_sheet_and_the_rows(shared_data):
    with pytest.raises(ArlibError, match="sheet Factures Clients: There are headings but no row below them"):
        read_ledger(shared_data / "finsights_fr" / "tracker-dso.xlsx")
    with pytest.raises(ArlibError) as caught:  # two amounts are empty in the file itself
        read_ledger(shared_data / "muruli_ap_ageing" / "Ageing Report.xlsx")
    assert [problem.place.row for problem in caught.value.problems] == [43, 48]
    assert balance(read_ledger(shared_data / "layout_snippets" / "quickbooks_ar_aging_detail.csv")) == 4917.25
    assert balance(read_ledger(shared_data / "layout_snippets" / "tally_pending_bills.xlsx")) == 5000.0


def test_a_line_without_its_date_is_no_total_unless_it_adds_up():
    rows = [
        ["Date", "Compte", "Pièce", "Libellé", "Débit", "Crédit"],
        ["01/02/2024", "411A", "F1", "Facture", "10,00", ""],
    ]
    table, _ = movements(("gl.csv", text([*rows, ["", "", "", "suite de la facture", "7,00", ""]])))
    assert len(table.cells) == 2  # and its missing date is then named
    table, _ = movements(("gl.csv", text([*rows, ["", "", "", "Ensemble des clients", "10,00", ""]])))
    assert "Total rows left out: 1 (row 3)" in said(table)


INTERROGATION = ["Date", "Jnl", "Pièce", "Libellé", "Lettre", "Débit", "Crédit", "Solde"]
LINES = [
    ["05/02/2024", "VT", "F77", "Facture 77", "", "480,00", "", "480,00"],
    ["28/02/2024", "BQ", "R9", "Virement", "", "", "180,00", "300,00"],
]


@pytest.mark.parametrize(
    ("title", "account", "name"),
    [
        ([["Compte tiers", "9MARTIN", "MARTIN ET CIE"]], "9MARTIN", "MARTIN ET CIE"),
        ([["Client : 40117 - MARTIN ET CIE"], ["Devise : EUR"]], "40117", "MARTIN ET CIE"),
        ([["Statement of account"], ["Bill To"], ["Martin & Co"]], "Martin & Co", "Martin & Co"),
        ([["Kundennummer", 40117.0], ["Kundenname", "Martin GmbH"]], "40117", "Martin GmbH"),
    ],
)
def test_the_customer_of_a_whole_list_stands_in_its_title(title, account, name):
    total = ["", "", "", "Totaux", "", "480,00", "180,00", "300,00"]
    source = ("x.xlsx", workbook({"Extrait": [*title, [], INTERROGATION, *LINES, total]}))
    ledger = read_ledger(source)
    assert balance(ledger) == 300.00
    assert ledger.customers[["customer_id", "name"]].to_numpy().tolist() == [[account, name]]
    assert f"names one customer, above its headings: {name}" in notes(ledger).replace(f"{account} ", "")


@pytest.mark.parametrize(
    "title",
    [
        [["Clients", "Édité le 03/01/2025"]],
        [["Client : tous"]],
        [["Compte client", "de 411A", "à 411Z"]],
        [["Client : A1 ALPHA"], ["Client : B2 BETA"]],
        [["Nom", "SARL EXEMPLE"], ["Contact", "Mme Durand"]],
    ],
)
def test_a_title_that_names_no_single_customer_gives_none(title):
    with pytest.raises(ArlibError, match="No column holds the customer"):
        read_ledger(("x.xlsx", workbook({"Extrait": [*title, INTERROGATION, *LINES]})))


def notes(ledger) -> str:
    return " ".join(str(note) for source in ledger.sources for note in (*source.reading, *source.warnings))


def test_documents_under_their_customer_in_a_first_column_without_heading():
    """As Odoo prints an aged receivable: partner, its documents, its total, and amounts in the ages alone."""
    head = ["", "Invoice Date", "Account", "At Date", "1-30", "31-60", "Older", "Total"]
    rows = [
        ["Receivable, aged"],
        ["As of 06/30/2024"],
        head,
        ["Ferme du Lac", "", "", 0, 70.5, 0, 900, 970.5],
        ["   INV/24/0007", datetime(2024, 1, 9), "411000 Customers", "", "", "", 900, ""],  # noqa: DTZ001
        ["   INV/24/0031", datetime(2024, 5, 2), "411000 Customers", "", 70.5, "", "", ""],  # noqa: DTZ001
        ["Total Ferme du Lac", "", "", 0, 70.5, 0, 900, 970.5],
        ["Zinc & Co", "", "", -20, 0, 0, 0, -20],
        ["   RINV/24/0002", datetime(2024, 6, 9), "411000 Customers", -20, "", "", "", ""],  # noqa: DTZ001
        ["Total Zinc & Co", "", "", -20, 0, 0, 0, -20],
        ["Total Aged Receivable", "", "", -20, 70.5, 0, 900, 950.5],
    ]
    ledger = read_ledger(("aged.xlsx", workbook({"Aged Receivable": rows})))
    items = ledger.items
    assert balance(ledger) == 950.50  # the report's own total
    assert items["reference"].tolist() == ["INV/24/0007", "INV/24/0031", "RINV/24/0002"]
    assert items["customer_id"].tolist() == ["Ferme du Lac", "Ferme du Lac", "Zinc & Co"]
    assert "is of 2024-06-30" in notes(ledger)
    assert "disagree" not in notes(ledger)
    assert "taken for notes" not in notes(ledger)


SUBTOTALS = [
    ["Debitor", "Name", "Belegnr.", "Belegdatum", "Betrag", "Währung"],
    ["D1", "Anna AG", "9001", DAY, 40, "CHF"],
    ["D1", "Anna AG", "9002", DAY, -15, "CHF"],
    ["D1", "", "", "", 25, "CHF"],
    ["D2", "Bruno AG", "9003", DAY, 60, "CHF"],
    ["D2", "", "", "", 60, "CHF"],
    ["", "", "", "", 85, "CHF"],
]


def test_sums_beside_a_customer_are_totals_where_they_add_up():
    table, found = movements(("list.xlsx", workbook({"S": SUBTOTALS})))
    assert added_up(table, found, "amount") == 85.00
    assert "Total rows left out: 3 (row 4, 6, 7)" in said(table)
    wrong = [*SUBTOTALS[:3], ["D1", "", "", "", 26, "CHF"], *SUBTOTALS[4:5]]
    with pytest.raises(ArlibError, match=r"row 4.*the date is missing"):
        read_ledger(("list.xlsx", workbook({"S": wrong})))


CLERK = [["Facture", "Client", "Date facture", "Reste dû"], ["F1", "A", DAY, 10], ["F2", "B", DAY, 20]]


def test_notes_with_a_figure_below_the_total_are_named_and_left_out():
    rows = [*CLERK, ["", "TOTAL", "", 30], [], ["", "dont bloqué", "", 20]]
    table, found = movements(("suivi.xlsx", workbook({"S": rows})))
    assert added_up(table, found, "open_amount") == 30.00
    assert "below the last total, taken for notes and left out: 1. row 6: dont bloqué | 20" in warned(table)


@pytest.mark.parametrize(
    "rows",
    [
        [*CLERK, ["F3", "C", "", 5], ["", "TOTAL", "", 35]],  # in the middle, its date is missing
        [*CLERK, ["", "TOTAL", "", 30], ["F3", "C", "", 5]],  # below the total, and a document
        [*CLERK, ["", "C", "", 5]],  # below no total
    ],
)
def test_a_row_without_its_date_is_no_note(rows):
    with pytest.raises(ArlibError, match="the date is missing"):
        read_ledger(("suivi.xlsx", workbook({"S": rows})))


def test_a_list_printed_with_borders_is_refused_with_what_to_do_and_plain_borders_are_read():
    block = "  Debitor     {0}\n\n{rule}\n|Belegnr. |Belegdatum|   Betrag|\n{rule}\n"
    block += "|{1}     |10.01.2024|    40,00|\n{rule}\n"
    printed = "".join(block.format(*each, rule="-" * 33) for each in (("D1", "9001"), ("D2", "9002")))
    with pytest.raises(ArlibError, match="Export it again as a spreadsheet"):
        read_ledger(("list.txt", printed.encode()))
    plain = "| Customer | Date | Amount |\n|----------|------------|--------|\n| A | 2024-01-10 | 40.00 |\n"
    plain += "| B | 2024-01-13 | 2.50 |\n|----------|------------|--------|\n"
    ledger = read_ledger(("list.txt", plain.encode()))
    assert balance(ledger) == 42.50


def test_balances_brought_forward_are_openings_and_no_sales():
    head = ["Date", "Compte", "Intitulé", "Libellé", "Débit", "Crédit"]
    rows = [
        ["01/01/2024", "411A", "ALPHA", "Report solde 2023", "75,00", ""],
        ["01/01/2024", "411B", "BETA", "Saldo anterior", "", "12,00"],
        ["03/01/2024", "411A", "ALPHA", "Facture solde chantier", "8,00", ""],
    ]
    ledger = read_ledger(("gl.csv", text([head, *rows])))
    assert ledger.items["kind"].tolist() == ["opening", "opening", "invoice"]
    assert balance(ledger) == 71.00


def test_suppliers_whose_rows_lack_something_are_told_of_first():
    rows = [["Vendor", "Bill no", "Bill date", "Amount"], ["Acme", "B1", DAY, 10], ["Acme", "B2", DAY, ""]]
    with pytest.raises(ArlibError) as refused:
        read_ledger(("ap.xlsx", workbook({"S": rows})))
    assert "look like suppliers" in str(refused.value)
    assert "row 3" in str(refused.value)


def test_blocks_under_their_own_headings_keep_their_customer():
    """A report that prints title, customer and headings again for each of them, on a page of its own."""
    head = ["Date", "Pièce", "Débit", "Crédit"]
    pages = [
        [
            ["Extrait de comptes"],
            ["Client", "C14"],
            ["Nom", "ALPHA"],
            ["Ville", "Lyon"],
            head,
            ["05/02/2024", "F1", "70", ""],
        ],
        [
            ["Extrait de comptes"],
            ["Client", "C15"],
            ["Nom", "BETA"],
            ["Ville", "Dax"],
            head,
            ["06/02/2024", "F2", "8", ""],
        ],
        [
            ["Extrait de comptes"],
            ["Client", "C16"],
            ["Nom", "GAMMA"],
            ["Ville", "Lyon"],
            head,
            ["07/02/2024", "F3", "9", ""],
        ],
    ]
    ledger = read_ledger(("x.xlsx", workbook({"Extrait": [row for page in pages for row in page]})))
    owed = ledger.items.set_index("reference")["customer_id"].to_dict()
    assert owed == {"F1": "C14", "F2": "C15", "F3": "C16"}
    assert ledger.customers["name"].tolist() == ["ALPHA", "BETA", "GAMMA"]


OLD = [
    ["Grand livre clients", "", "", "", ""],
    ["Client", "N° facture", "Date facture", "Montant TTC", "Observation"],
    ["Ébénisterie & Cie", "F1", "10/01/2024", 12.5, ""],
    ["Zinc", "F2", "13/01/2024", 30.0, ""],
    ["TOTAL", "", "", 42.5, ""],
]
FAILED = [*OLD[:3], ["Zinc", "F2", "13/01/2024", "#REF!", ""], ["Zinc", "F3", "14/01/2024", 8.0, "#DIV/0!"]]
OLD_BOOKS = {
    "xls": lambda rows: xls({"Aide": [["Lisez-moi"]], "Suivi": rows}),
    "xls, small": lambda rows: xls({"Suivi": rows}, small=True),
    "xlsb": lambda rows: xlsb("Suivi", rows),
    "ods": lambda rows: ods({"Suivi": rows, "Aide": [["Lisez-moi"]]}),
    "ods of OpenOffice": lambda rows: ods({"Suivi": rows}, old=True),
}


@pytest.mark.parametrize("made", OLD_BOOKS.values(), ids=OLD_BOOKS)
def test_books_of_every_format_are_read_alike(made):
    ledger = read_ledger(("suivi.x", made(OLD)))
    assert balance(ledger) == 42.50
    assert ledger.customers["customer_id"].tolist() == ["Zinc", "Ébénisterie & Cie"]
    assert "Total rows left out: 1 (row 5)" in notes(ledger)


@pytest.mark.parametrize("made", OLD_BOOKS.values(), ids=OLD_BOOKS)
def test_formulas_that_failed_are_named_in_every_format(made):
    assert error_cells(made(FAILED), "Suivi") == {(3, 3): "#REF!", (4, 4): "#DIV/0!"}
    with pytest.raises(ArlibError) as refused:
        read_ledger(("suivi.x", made(FAILED)))
    assert [(problem.place.row, problem.place.column) for problem in refused.value.problems] == [(4, "Montant TTC")]
    assert "#REF!" in str(refused.value)


@given(st.sampled_from(list(OLD_BOOKS)), st.data())
def test_damaged_books_give_no_error_but_ours(kind, data):
    content = bytearray(OLD_BOOKS[kind](FAILED))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    error_cells(bytes(content[: data.draw(st.integers(8, len(content)))]), "Suivi")


# Rows labelled as totals: what each file is, its rows, the sum of its movements added up by hand, its customers, and
# how many rows so labelled were kept.
PLAIN = ["Client", "Date", "Montant TTC"]
DUE = ["Client", "Date", "Échéance", "N° facture", "Montant TTC"]
NUMBERED = ["N° facture", "Date", "Client", "Montant TTC"]
LABELLED = {
    "a customer called Total, with its due date": (
        [DUE, ["Durand", "13/01/2024", "31/01/2024", "F1", "100"], ["Total", "14/01/2024", "01/02/2024", "", "100"],
         ["Total", "", "", "", "200"]],
        200.0, {"Durand", "Total"}, 1,
    ),
    "a customer called Totaux, whose amounts total nothing": (
        [PLAIN, ["Durand", "13/01/2024", "100"], ["Totaux", "14/01/2024", "70,50"], ["Martin", "15/01/2024", "30"],
         ["Totaux", "31/01/2024", "200,50"]],
        200.5, {"Durand", "Totaux", "Martin"}, 1,
    ),
    "a dated total that adds up": (
        [PLAIN, ["Durand", "13/01/2024", "100"], ["Martin", "14/01/2024", "30"], ["Total", "31/01/2024", "130"]],
        130.0, {"Durand", "Martin"}, 0,
    ),
    "two invoices of one price are no total": (
        [PLAIN, ["Durand", "13/01/2024", "100"], ["Total", "14/01/2024", "100"], ["Martin", "15/01/2024", "30"]],
        230.0, {"Durand", "Total", "Martin"}, 1,
    ),
    "a payment labelled Total, of a customer": (
        [["Client", "Date", "Libellé", "Montant TTC"], ["TotalEnergies", "13/01/2024", "Total", "100"],
         ["Durand", "14/01/2024", "x", "1"], ["TotalEnergies", "15/01/2024", "Total", "70"]],
        171.0, {"TotalEnergies", "Durand"}, 2,
    ),
    "sub-totals of months in the column of numbers": (
        [NUMBERED, ["F1", "13/01/2024", "Durand", "100"], ["F2", "14/01/2024", "Martin", "50"],
         ["Cumul janvier", "31/01/2024", "Divers", "150"], ["F3", "01/02/2024", "Durand", "20"],
         ["Sous-total 02/2024", "29/02/2024", "Divers", "20"], ["Report", "29/02/2024", "Divers", "170"],
         ["F4", "01/03/2024", "Durand", "1"], ["Total mois", "31/03/2024", "", "1"]],
        171.0, {"Durand", "Martin"}, 0,
    ),
    "a sub-total that does not add up, an opening, and a number that begins with TOTAL": (
        [NUMBERED, ["F1", "13/01/2024", "Durand", "100"], ["F2", "14/01/2024", "Martin", "50"],
         ["Cumul janvier", "31/01/2024", "Divers", "151"], ["TOTAL-001", "01/02/2024", "Durand", "20"],
         ["À nouveau", "01/02/2024", "Durand", "5"]],
        326.0, {"Durand", "Martin", "Divers"}, 1,
    ),
    "a customer called Total on a row of its own": (
        [["Date", "Pièce", "Libellé", "Débit", "Crédit"], ["411TOT", "", "TOTAL", "", ""],
         ["13/01/2024", "F1", "Facture", "100", ""], ["", "", "Total TOTAL", "100", ""], ["411ZED", "", "ZED", "", ""],
         ["14/01/2024", "F2", "Facture", "7", ""], ["", "", "Total ZED", "7", ""],
         ["", "", "Total général", "107", ""]],
        107.0, {"411TOT", "411ZED"}, 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "added", "customers", "kept"), LABELLED.values(), ids=LABELLED)
def test_a_row_labelled_total_is_one_where_it_adds_up(rows, added, customers, kept):
    ledger = read_ledger(("liste.csv", text(rows)))
    assert balance(ledger) == added
    assert set(ledger.customers["customer_id"]) == customers
    told = [each for each in ledger.sources[0].warnings if each.key == "layout.not_totals"]
    assert [each.values["rows"] for each in told] == ([kept] if kept else [])


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=8), st.integers(2, 10**7))
def test_a_dated_total_is_left_out_and_any_other_amount_is_kept(cents, off):
    rows = [["Durand", "13/01/2024", f"{each / 100:.2f}".replace(".", ",")] for each in cents]
    for last in (sum(cents), sum(cents) + off):
        row = ["Total", "31/01/2024", f"{last / 100:.2f}".replace(".", ",")]
        table, found = movements(("liste.csv", text([PLAIN, *rows, row])))
        kept = len(cents) + (last != sum(cents))
        assert len(column(table, found, "customer_name")) == kept
