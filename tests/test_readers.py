"""Files in, one ledger out: text, workbooks, Parquet and frames; what cannot be read is a sentence."""

import io

import openpyxl
import pandas as pd
import pytest

from arlib import ArlibError, balance, open_items, proof, read_ledger
from arlib.readers import lists

ENGLISH = """Invoice No,Customer,Invoice Date,Due Date,Amount,Paid Date,Region
F1,Durand,2024-01-10,2024-02-09,1000.00,2024-02-20,North
F2,Durand,2024-02-01,2024-03-02,250.50,,South
F3,Martin,2024-02-05,2024-03-06,-40.00,,South
"""


def csv(text: str, name: str = "list.csv") -> tuple[str, bytes]:
    return name, text.encode()


def warnings(ledger) -> str:
    return " ".join(map(str, ledger.sources[0].warnings))


def test_an_invoice_with_a_paid_date_becomes_an_invoice_and_a_payment():
    ledger = read_ledger(csv(ENGLISH))
    assert ledger.items["kind"].tolist() == ["invoice", "invoice", "credit_note", "payment"]
    assert balance(ledger, "2024-02-19") == 1210.50
    assert balance(ledger, "2024-02-20") == 210.50
    assert len(open_items(ledger, "2024-02-19")) == 3
    assert proof(ledger)["ties"].all()


def test_columns_not_recognised_are_kept_and_said():
    ledger = read_ledger(csv(ENGLISH))
    assert ledger.items["Region"].tolist()[:3] == ["North", "South", "South"]
    assert "Kept as they are: Region" in " ".join(map(str, ledger.sources[0].reading))


FRENCH = (
    "Date;Type;N° pièce;Code client;Nom du client;Échéance;Débit;Crédit;Lettrage;Litige\r\n"
    "15/01/2024;Facture;F1;C1;Société Générale d'Été;14/02/2024;1\u00a0234,56;;A;\r\n"
    "20/02/2024;Règlement;R1;C1;Société Générale d'Été;;;1\u00a0000,00;A;\r\n"
    "01/03/2024;Avoir;A1;C1;Société Générale d'Été;;;34,56;;oui\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso8859-15", "utf-16"])
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r\r\n"])
def test_a_french_movement_list_in_any_usual_encoding(encoding, ends):
    ledger = read_ledger(("grand livre.txt", FRENCH.replace("\r\n", ends).encode(encoding)))
    assert ledger.items["kind"].tolist() == ["invoice", "payment", "credit_note"]
    assert ledger.customers["name"].tolist() == ["Société Générale d'Été"]
    assert ledger.matches["amount"].tolist() == [1000.0]
    assert balance(ledger) == 200.0
    assert open_items(ledger)["open_amount"].tolist() == [234.56, -34.56]
    assert ledger.items["disputed"].tolist() == [False, False, True]


def test_a_credit_in_the_same_group_settles_by_letters_of_the_same_customer_only():
    other = FRENCH + "05/03/2024;Facture;F9;C2;Autre;;50,00;;A;\r\n"
    assert read_ledger(csv(other)).matches["amount"].tolist() == [1000.0]


def workbook(rows: list[list[object]], title: str = "Feuil1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_a_title_block_above_and_totals_below():
    rows = [
        ["SARL Exemple"],
        ["Factures au 31/03/2024"],
        [],
        ["Facture", "Client", "Date facture", "Échéance", "Montant TTC"],
        ["F1", "Durand", pd.Timestamp("2024-01-10").to_pydatetime(), pd.Timestamp("2024-02-09").to_pydatetime(), 120.5],
        ["F2", "Martin", pd.Timestamp("2024-01-11").to_pydatetime(), None, 79.5],
        ["Total général", None, None, None, 200],
    ]
    ledger = read_ledger(("factures.xlsx", workbook(rows)))
    assert balance(ledger) == 200.0
    assert ledger.items["row"].tolist() == [5, 6]
    assert ledger.items["due_source"].tolist() == ["file", "default"]
    said = " ".join(map(str, ledger.sources[0].reading))
    assert "Total rows left out: 1 (row 7)" in said
    assert "headings on row 4" in said
    assert "every invoice counts as still open" in warnings(ledger)


def test_the_sheet_can_be_named():
    book = workbook([["Client", "Date", "Montant"], ["A", "2024-01-01", 5]], "Ventes")
    assert balance(read_ledger(("a.xlsx", book), sheet="Ventes")) == 5.0
    with pytest.raises(ArlibError, match="no sheet"):
        read_ledger(("a.xlsx", book), sheet="Achats")


def test_a_frame_and_parquet_read_like_the_file(tmp_path):
    frame = pd.read_csv(io.StringIO(ENGLISH), parse_dates=["Invoice Date", "Due Date", "Paid Date"])
    frame.to_parquet(tmp_path / "list.parquet")
    by_frame, by_parquet = read_ledger(frame), read_ledger(tmp_path / "list.parquet")
    opened = [open_items(ledger, "2024-02-19").drop(columns="file") for ledger in (by_frame, by_parquet)]
    pd.testing.assert_frame_equal(*opened)
    assert balance(by_frame, "2024-02-19") == 1210.50
    assert len(frame.columns) == 7  # what was given is not written to


def test_a_heading_can_be_chosen():
    text = "Partei,Zeit,Wert\nA,2024-01-01,5\n"
    with pytest.raises(ArlibError, match="No row looks like a header"):
        read_ledger(csv(text))
    mixed = "Client,Date,Amount,Solde facture\nA,2024-01-01,5,7\n"
    assert balance(read_ledger(csv(mixed), columns={"amount": "Solde facture"})) == 7.0
    with pytest.raises(ArlibError, match="does not exist"):
        read_ledger(csv(mixed), columns={"amount": "Solde"})


def test_due_dates_come_from_the_file_the_row_the_customer_or_the_default_and_say_so():
    text = (
        "Client;Date;Échéance;Conditions;Montant\n"
        "A;10/01/2024;20/01/2024;;1\nA;10/01/2024;;60 jours nets;2\nB;10/01/2024;;;3\nC;10/01/2024;;;4\n"
    )
    customers = pd.DataFrame({"Client": ["B"], "Conditions": ["45 jours fin de mois"]})
    items = read_ledger(csv(text), customers=customers, terms="à réception").items
    assert items["due_source"].tolist() == ["file", "terms", "customer", "default"]
    expected = ["2024-01-20", "2024-03-10", "2024-02-29", "2024-01-10"]
    assert items["due_on"].dt.strftime("%Y-%m-%d").tolist() == expected


def test_terms_not_understood_are_named():
    text = "Client;Date;Conditions;Montant\nA;10/01/2024;NAA8;1\n"
    ledger = read_ledger(csv(text))
    assert ledger.items["due_source"].tolist() == ["default"]
    assert '"NAA8" are not understood' in " ".join(map(str, ledger.sources[0].reading))


def test_several_currencies_are_never_added_up_without_rates():
    text = "Client,Date,Currency,Amount\nA,2024-01-10,EUR,100\nB,2024-03-10,USD,100\n"
    with pytest.raises(ArlibError, match="several currencies"):
        read_ledger(csv(text))
    rates = pd.DataFrame(
        {"date": ["2024-01-01", "2024-03-01", "2024-04-01"], "currency": "USD", "rate": [0.9, 0.8, 0.7]}
    )
    ledger = read_ledger(csv(text), rates=rates)
    assert (balance(ledger), ledger.currency) == (180.0, "EUR")
    assert ledger.items["currency_amount"].tolist() == [100.0, 100.0]
    assert proof(ledger)["ties"].all()
    with pytest.raises(ArlibError, match="no rate for USD on or before 2024-03-10"):
        read_ledger(csv(text), rates=rates[2:])


def test_amounts_paid_without_a_date_are_dated_at_the_end_and_said():
    text = "Facture;Client;Date;Montant TTC;Montant payé;Reste à payer\nF1;A;15/01/2024;1200,00;200,00;1000,00\n"
    ledger = read_ledger(csv(text))
    assert balance(ledger) == 1000.0
    assert "Payments without a date: 1" in warnings(ledger)


def test_receipts_without_any_reference_settle_the_oldest_debts_and_it_is_said():
    text = (
        "Client;Date;Type;Débit;Crédit\n"
        "A;01/01/2024;Facture;100;\nA;01/02/2024;Facture;50;\nA;15/02/2024;Règlement;;120\n"
    )
    ledger = read_ledger(csv(text))
    assert open_items(ledger)["open_amount"].tolist() == [30.0]
    assert set(ledger.matches["method"]) == {"derived"}
    assert "oldest debts" in warnings(ledger)


def test_a_list_of_paid_invoices_speaks_until_its_last_invoice():
    text = "Client,Date,Amount,Paid date\nA,2024-01-01,10,2024-01-20\nA,2024-01-31,10,2024-02-20\n"
    ledger = read_ledger(csv(text))
    assert ledger.covers[1] == pd.Timestamp("2024-01-31")
    assert "Every item of this list is settled" in warnings(ledger)


def test_several_files_and_folders(tmp_path):
    (tmp_path / "a.csv").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "b.csv").write_text(ENGLISH.replace("Durand", "Petit"), encoding="utf-8")
    ledger = read_ledger(tmp_path)
    assert balance(ledger) == 421.0
    assert [source.name for source in ledger.sources] == ["a.csv", "b.csv"]
    with pytest.raises(ArlibError, match="would count twice"):
        read_ledger([tmp_path / "a.csv", csv(ENGLISH)])


DAMAGED = (
    "Client;Facture;Date;Échéance;Montant\n"
    "A;F1;15/01/2024;31/02/2024;10,00\nB;F2;31/02/2024;;douze\nC;F3;;31/01/2024;5\n;F4;01/02/2024;;7\n"
    "D;F5;01/02/2024;;\nE;F6;01/02/2024;;1\nE;F7;01/02/2024;;1\n"
)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_bad_cells_are_named_by_row_and_column_at_once(language):
    with pytest.raises(ArlibError) as caught:
        read_ledger(csv(DAMAGED, "clients.csv"))
    lines = caught.value.text(language).splitlines()
    assert [(p.place.row, p.place.column) for p in caught.value.problems] == [
        (2, "Échéance"),
        (3, "Date"),
        (3, "Montant"),
        (4, "Date"),
        (5, "Client"),
        (6, "Montant"),
    ]
    first = {
        "en": 'clients.csv, row 2, column "Échéance": "31/02/2024" is not a date. Correct the cell or leave it empty.',
        "fr": "clients.csv, ligne 2, "
        "colonne «\u00a0Échéance\u00a0»\u00a0: «\u00a031/02/2024\u00a0» n'est pas une date. "
        "Corrigez la cellule ou laissez-la vide.",
    }[language]
    assert lines[0] == first


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "The file is empty"),
        ("blank.csv", b" \r\n \r\n", "The file is empty"),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture, whatever its name says"),
        ("report.csv", b"%PDF-1.7 ...", "The PDF is cut off or damaged"),
        ("data.csv", b"\x01\x00\x02\x00binary", "neither text nor a workbook"),
        ("a.csv", b"Client;Montant\nA;10\n", "No column holds the date"),
        ("a.csv", b"Client;Date\nA;01/01/2024\n", "No column holds an amount"),
        ("a.csv", b"Date;Montant\n01/01/2024;10\n", "No column holds the customer"),
        ("a.csv", b"Client;Date;Montant\n", "no row below them"),
        ("a.csv", b"bonjour tout le monde\n", "No row looks like a header"),
        ("a.csv", b"Client;Date;Montant\nA;01/01/2024;5;7\n", "Row 2 has 4 cells where the header has 3"),
        ("a.xlsx", b"PK\x03\x04damaged", "cannot be opened"),
        ("a.parquet", b"PAR1damaged", "cannot be opened"),
    ],
)
def test_a_file_that_cannot_be_read_says_which_and_what_to_do(name, content, says):
    with pytest.raises(ArlibError, match=says) as caught:
        read_ledger((name, content))
    assert str(caught.value).startswith(name)
    assert caught.value.text("fr").startswith(name)
    assert caught.value.text("fr") != str(caught.value)


def test_a_sheet_without_a_header_names_the_sheet():
    with pytest.raises(ArlibError, match='Sheet "Ventes" has no row that looks like a header'):
        read_ledger(("a.xlsx", workbook([[1, 2, 3], ["A", 3, "x"]], "Ventes")))


def test_what_does_not_exist_is_said(tmp_path):
    with pytest.raises(ArlibError, match="no file of this name"):
        read_ledger(tmp_path / "nothing.csv")
    with pytest.raises(ArlibError, match="holds no file"):
        read_ledger(tmp_path)
    with pytest.raises(ArlibError, match="nothing to read"):
        read_ledger([])


HEAD = "Client;Date facture;N° facture;Type;Montant TTC\n"


def totals(text: str) -> tuple[float, list[str]]:
    """What a list adds up to once everything in it has happened, and its kinds."""
    ledger = read_ledger(csv(text))
    assert proof(ledger, "2099-12-31")["ties"].all()
    return balance(ledger, "2099-12-31"), ledger.items["kind"].tolist()


@pytest.mark.parametrize(
    ("written", "kind", "effect"),
    [
        ("Avoir;200", "credit_note", -200),
        ("Avoir;-200", "credit_note", -200),
        ("Note de crédit;200", "credit_note", -200),
        ("Facture d'avoir;200", "credit_note", -200),
        ("Règlement;200", "payment", -200),
        ("RGLT;200", "payment", -200),
        ("VIR;200", "payment", -200),
        ("Chèque;-200", "payment", -200),
        ("Payment;200", "payment", -200),
        ("Rejet de prélèvement;200", "payment", 200),
        ("Chèque impayé;200", "payment", 200),
        ("Refund;200", "payment", 200),
        ("Facture d'acompte;200", "invoice", 200),
        ("credit_note;200", "credit_note", -200),
        ("Perte;200", "write_off", -200),
    ],
)
def test_types_in_use_say_which_way_a_row_counts(written, kind, effect):
    owed, kinds = totals(HEAD + f"A;15/01/2024;F1;Facture;1000\nA;20/02/2024;X;{written}\n")
    assert (owed, kinds[1]) == (1000 + effect, kind)


def test_a_zero_or_a_reversal_among_positive_payments_does_not_turn_them_into_debts():
    rows = "A;15/01/2024;F1;Facture;1000\nA;20/02/2024;R1;Règlement;400\nA;21/02/2024;R2;Règlement;0\n"
    assert totals(HEAD + rows)[0] == 600
    assert totals(HEAD + rows + "A;22/02/2024;R3;Règlement;300\nA;25/02/2024;R4;Règlement;-100\n")[0] == 400


def test_a_type_that_is_not_understood_is_said():
    ledger = read_ledger(csv(HEAD + "A;15/01/2024;F1;Facture;1000\nA;20/02/2024;R1;Zébulon;400\n"))
    assert "not understood: Zébulon (1)" in warnings(ledger)


@pytest.mark.parametrize(
    ("columns", "row", "owed"),
    [
        ("Montant TTC;Reste dû;Date de règlement", "1000;;20/02/2024", 0),
        ("Montant TTC;Montant réglé;Reste dû", "1000;;0", 0),
        ("Montant TTC;Montant réglé;Reste dû", "1000;700;300", 300),
        ("Montant TTC;Montant réglé;Date de règlement", "1000;400;20/02/2024", 600),
        ("Montant TTC;Montant réglé;Date de règlement", "1000;;20/02/2024", 0),
        ("Montant TTC;Reste dû;Type", "200;200;Avoir", -200),
        ("Montant TTC;Montant réglé", "-100;100", 0),
        ("Montant TTC;Statut", "1000;Payée", 0),
        ("Montant TTC;Statut", "1000;Envoyée", 1000),
        ("Montant TTC;Statut", "1000;Non payée", 1000),
        ("Montant HT;TVA (%)", "1000;20", 1000),
        ("Montant HT;TVA", "1000;20", 1200),
        ("Montant HT;TVA", "1000;200", 1200),
        ("Montant (HT);Montant (TTC)", "1000;1200", 1200),
    ],
)
def test_what_is_paid_and_left_from_whatever_the_list_says(columns, row, owed):
    assert totals(f"Client;Date facture;{columns}\nA;15/01/2024;{row}\n")[0] == owed


def test_amounts_paid_and_left_that_do_not_add_up_are_said():
    text = "Client;Date facture;Montant TTC;Montant réglé;Reste dû\nA;15/01/2024;1000;0;300\n"
    assert totals(text)[0] == 300
    assert "do not add up: 1 (first at row 2)" in warnings(read_ledger(csv(text)))


def test_amounts_without_tax_are_said():
    assert "without tax" in warnings(read_ledger(csv("Client;Date facture;Montant HT\nA;15/01/2024;1000\n")))


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [(("1234.500", "250.000"), 1484.5), (("1.234,50", "250"), 1484.5), (("1,234.50", "250"), 1484.5)],
)
def test_the_decimal_mark_is_that_of_the_file(amounts, expected):
    rows = "".join(f"A;15/01/2024;F{place};Facture;{amount}\n" for place, amount in enumerate(amounts))
    assert totals(HEAD + rows)[0] == expected


def test_what_cannot_be_decided_is_said():
    ledger = read_ledger(csv("Client;Date facture;Montant TTC\nA;02/01/2024;1.234\n"))
    assert "day first is assumed" in warnings(ledger)
    assert "1.234 could be 1,234.00 or 1.23, and nothing in the file proves it" in warnings(ledger)


def test_a_currency_beside_the_amounts_is_the_ledgers():
    head = "Client;Date facture;Montant TTC\n"
    assert read_ledger(csv(head + "A;15/01/2024;100 €\nA;16/01/2024;5\n")).currency == "EUR"
    with pytest.raises(ArlibError, match="several currencies"):
        read_ledger(csv(head + "A;15/01/2024;100 €\nB;16/01/2024;$100\n"))
    with pytest.raises(ArlibError, match=r"name no currency while others do .USD.: .* .1."):
        read_ledger(csv("Client,Date,Currency,Amount\nA,2024-01-10,USD,1\nB,2024-01-10,,1\n"))
    assert read_ledger(csv("Client,Date,Currency,Amount\nA,2024-01-10,eur,1\nB,2024-01-11,EUR,1\n")).currency == "EUR"


@pytest.mark.parametrize(
    ("row", "owed"),
    [
        (";;;Total général;160", 160),
        ("Total A;20/01/2024;;;160", 160),
        ("Sous-total;20/01/2024;;;160", 160),
        (";;;;160", 160),
        ("TOTAL ENERGIES;20/01/2024;F9;Facture;160", 320),
        ("TOTAL;20/01/2024;F9;Facture;160", 320),
    ],
)
def test_total_rows_are_left_out_and_customers_called_total_are_not(row, owed):
    assert totals(HEAD + f"A;15/01/2024;F1;Facture;100\nA;16/01/2024;F2;Facture;60\n{row}\n")[0] == owed


@pytest.mark.parametrize("letter", ["-", "0", "Non", "***", "."])
def test_what_software_writes_where_nothing_is_matched_is_no_letter(letter):
    rows = f"A;01/01/2024;Facture;100;;{letter}\nA;02/01/2024;Règlement;;100;{letter}\n"
    text = f"Client;Date;Type;Débit;Crédit;Lettrage\n{rows}"
    assert read_ledger(csv(text)).matches.empty


def test_quotation_marks_line_ends_and_blank_lines_keep_row_numbers_true():
    text = 'Client;Date;Montant\n"Durand; fils";01/01/2024;5\n\n"Petit\nGrand";02/01/2024;6\nC;31/02/2024;7\n'
    with pytest.raises(ArlibError, match="row 6"):
        read_ledger(csv(text))
    assert read_ledger(csv(text.replace("31/02", "03/01"))).customers["customer_id"].tolist() == [
        "C",
        "Durand; fils",
        "Petit\nGrand",
    ]
    with pytest.raises(ArlibError, match="opens a quotation mark"):
        read_ledger(csv('Client;Date;Montant\n"Dupont;01/01/2024;5\nB;02/01/2024;6\n"Durand;03/01/2024;7\n'))


def test_the_sheet_with_a_date_an_amount_and_a_customer_is_read_and_its_like_are_named():
    book = openpyxl.Workbook()
    for title, rows in (("Clients", 40), ("2023", 2), ("2024", 3)):
        sheet = book.create_sheet(title)
        sheet.append(["Client", "Date", "Montant"] if title != "Clients" else ["Code client", "Nom du client", "Ville"])
        for row in range(rows):
            sheet.append([f"C{row}", "2024-01-01", 5] if title != "Clients" else [f"C{row}", "Nom", "Lyon"])
    out = io.BytesIO()
    book.save(out)
    ledger = read_ledger(("a.xlsx", out.getvalue()))
    assert balance(ledger) == 15.0
    assert "were not: 2023" in warnings(ledger)


def test_letters_that_span_two_files_of_one_list_settle_across_them():
    head = "Client;Date;Type;Débit;Crédit;Lettrage\n"
    first = csv(
        head + "A;01/12/2023;Facture;100;;AA\nA;05/12/2023;Facture;50;;AB\nA;06/12/2023;Règlement;;50;AB\n", "1.csv"
    )
    second = csv(head + "A;05/01/2024;Règlement;;100;AA\nA;06/01/2024;Facture;70;;AB\n", "2.csv")
    opened = open_items(read_ledger([first, second]))
    assert opened["open_amount"].tolist() == [70.0]


def test_payments_derived_from_nothing_never_look_ahead():
    """The receipt of 15 January settles what was owed that day; a later invoice, due earlier, changes nothing of it."""
    head = "Client;Date;Échéance;Type;Débit;Crédit\n"
    early = "A;01/01/2024;31/03/2024;Facture;100;\nA;15/01/2024;;Règlement;;100\n"
    later = early + "A;01/02/2024;01/02/2024;Facture;60;\n"
    for day in ("2024-01-14", "2024-01-20"):
        known = open_items(read_ledger(csv(head + early)), day)["open_amount"].tolist()
        assert open_items(read_ledger(csv(head + later)), day)["open_amount"].tolist() == known


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"Libellé": ["x", float("nan")], "Client": "A", "Date": "2024-01-01", "Montant": [1, 2]}),
        pd.DataFrame([["A", "2024-01-01", 1, 2]], columns=["Client", "Date", "Montant", "Montant"]),
        pd.DataFrame({"Client": ["A"], "Date": [pd.Timestamp("2024-01-01", tz="Europe/Paris")], "Montant": [1.5]}),
        pd.DataFrame({"Client": pd.Categorical(["A"]), "Date": ["2024-01-01"], "Montant": [2], "tags": [["a", "b"]]}),
        pd.DataFrame({"file": ["kept"], "rate_on": ["too"], "Client": ["A"], "Date": ["2024-01-01"], "Montant": [2]}),
    ],
)
def test_frames_of_every_making(frame):
    ledger = read_ledger(frame)
    assert balance(ledger) > 0
    kept = {name for name in ("file", "rate_on") if name in frame}
    assert kept <= set(ledger.items)


@pytest.mark.parametrize(
    ("rates", "says"),
    [
        ("Date;Devise;Taux\n13/03/2024;USD;0,9\n01/02/2024;USD;0,8\n", None),
        ("date,currency,rate\n2024-01-01,USD,-0.9\n", '"-0.9" is not an amount'),
        ("date,currency,rate\n,USD,0.9\n", "the date is missing"),
        ("a,b\n1,2\n", "a table of rates has three columns"),
    ],
)
def test_a_table_of_rates_is_read_as_carefully(rates, says):
    text = "Client,Date,Currency,Amount\nA,2024-02-10,EUR,100\nB,2024-03-10,USD,100\n"
    if says is None:
        assert balance(read_ledger(csv(text), rates=csv(rates, "rates.csv"))) == 180.0
    else:
        with pytest.raises(ArlibError, match=says):
            read_ledger(csv(text), rates=csv(rates, "rates.csv"))


def test_a_customers_file_of_other_accounts_is_said():
    customers = pd.DataFrame({"Code client": [42], "Conditions": ["60 jours nets"]})
    ledger = read_ledger(csv("Code client;Date;Montant\n043;15/01/2024;5\n"), customers=customers)
    assert "missing from the customers' file: 1 of 1" in warnings(ledger)


def test_the_accounts_of_the_proof_are_not_made_from_the_items(monkeypatch):
    """A reader that doubled every amount would not tie with the file's own columns."""
    sound = lists._items
    monkeypatch.setattr(lists, "_items", lambda read: sound(read.assign(amount=read["amount"] * 2)))
    assert not proof(read_ledger(csv(ENGLISH)), "2024-02-19")["ties"].all()


def test_reading_says_how_far_it_is_and_never_goes_back(tmp_path):
    """By bytes: of two files of one size, the first is half of what comes before they are put together."""
    for name, number in (("a.csv", 1), ("b.csv", 2)):
        (tmp_path / name).write_text(
            f"Client;Facture;Date facture;Montant\nAlba;F{number};0{number}/01/2024;10,00\n", encoding="utf-8"
        )
    told: list[float] = []
    read_ledger(tmp_path, progress=told.append)
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1
    assert pytest.approx(0.35) in told
