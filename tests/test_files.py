"""Each file to the reader of its kind, and files given together."""

import io
import zipfile

import pytest

from arlib import ArlibError, balance, open_items, proof, read_ledger

LEDGER = b"Client;Date;Facture;Montant;Devise\n7;2024-01-10;F1;100,00;USD\n8;2024-01-11;F2;50,00;EUR\n"
CUSTOMERS = b"Code client;Nom;Conditions;Plafond\n7;Durand;60 jours;1000\n8;Martin;45 jours fin de mois;500\n"
RATES = b"Date;Devise;Cours\n2024-01-01;USD;0,90\n"
STATEMENT = b":20:1\n:25:NL81ASNB9999999999\n:28C:1/1\n:60F:C200101EUR1,00\n:62F:C200101EUR1,00\n"
FILES = {"ventes.csv": LEDGER, "clients.csv": CUSTOMERS, "cours.csv": RATES}


def zipped(files: dict[str, bytes]) -> tuple[str, bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return "client.zip", packed.getvalue()


def test_a_folder_holds_the_ledger_its_customers_and_its_rates(tmp_path):
    """100 USD at 0.90 and 50 EUR; Durand has 60 days, Martin 45 end of month: 25 February, completed to the 29th."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    ledger = read_ledger(tmp_path)
    assert balance(ledger) == 140.0
    assert proof(ledger)["ties"].dropna().all()
    assert ledger.items["due_on"].dt.strftime("%Y-%m-%d").tolist() == ["2024-03-10", "2024-02-29"]
    assert ledger.items["due_source"].tolist() == ["customer", "customer"]
    assert ledger.customers[["name", "credit_limit"]].values.tolist() == [["Durand", 1000.0], ["Martin", 500.0]]


def test_a_zip_is_the_folder_it_was():
    assert balance(read_ledger(zipped(FILES))) == 140.0


def test_all_problems_of_all_files_are_told_at_once(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"Client;Date;Montant\nA;demain;10\n")
    (tmp_path / "b.csv").write_bytes(b"Client;Date;Montant\nB;2024-01-10;dix\n")
    (tmp_path / "c.sta").write_bytes(STATEMENT)
    with pytest.raises(ArlibError) as caught:
        read_ledger(tmp_path)
    told = str(caught.value)
    assert all(
        part in told for part in ('a.csv, row 2, column "Date"', 'b.csv, row 2, column "Montant"', "c.sta: This")
    )


def test_customers_and_rates_alone_are_no_ledger():
    with pytest.raises(ArlibError, match="no invoice or movement"):
        read_ledger([("clients.csv", CUSTOMERS), ("cours.csv", RATES)])


def test_a_list_with_terms_and_amounts_is_no_customers_file():
    invoices = b"Client;Conditions;Date;Montant\n7;60 jours;2024-01-10;10,00\n"
    other = b"Client;Conditions;Date;Montant\n8;30 jours;2024-01-10;20,00\n"
    assert balance(read_ledger([("a.csv", invoices), ("b.csv", other)])) == 30.0


def test_what_is_given_by_name_speaks_before_what_is_found():
    given = b"Code client;Nom;Plafond\n7;Durand et fils;2000\n"
    ledger = read_ledger(list(FILES.items()), customers=("given.csv", given))
    assert ledger.customers.loc[0, ["name", "credit_limit", "terms"]].tolist() == ["Durand et fils", 2000.0, "60 jours"]


def given(**files: str) -> list[tuple[str, bytes]]:
    return [(f"{name}.csv", content.encode()) for name, content in files.items()]


def left_open(ledger) -> dict[str, float]:
    return dict(zip(open_items(ledger)["reference"], open_items(ledger)["open_amount"], strict=True))


def keys(ledger) -> list[str]:
    return [said.key for source in ledger.sources for said in (*source.reading, *source.warnings)]


def text(ledger) -> str:
    return " ".join(str(said) for source in ledger.sources for said in (*source.reading, *source.warnings))


# Invoices named in another file ---------------------------------------------------------------------------------------

MOVES = "Pièce;Type;Client;Date;Montant;Facture réglée\n"
JANUARY = MOVES + "F1;Facture;A;13/01/2024;100;\nF2;Facture;A;14/01/2024;80;\nF2;Facture;B;15/01/2024;7;\n"
FEBRUARY = MOVES + "R1;Règlement;A;20/02/2024;50;F2\n"


def test_a_payment_settles_the_invoice_it_names_in_another_file_whatever_their_order():
    """50 of the 80 of A's F2: not the older F1, nor B's invoice of that number."""
    files = given(january=JANUARY, february=FEBRUARY)
    for order in (files, files[::-1]):
        ledger = read_ledger(order)
        assert open_items(ledger)["open_amount"].sort_values().tolist() == [7.0, 30.0, 100.0]
        assert ledger.matches["method"].tolist() == ["official"]
        assert "read.applied_to_nothing" not in keys(ledger)
        assert "read.nothing_paid" not in keys(ledger)
        assert "settle an invoice of another file: 1 (january.csv)" in text(ledger)
        assert proof(ledger)["ties"].dropna().all()


def test_invoices_need_no_column_of_what_they_settle_nor_payments_a_number():
    invoices = "Client;Date;Facture;Montant\nA;13/01/2024;F1;100\nA;14/01/2024;F2;80\n"
    payments = "Client;Date;Montant;Type;Facture réglée\nA;20/02/2024;50;Règlement;F2\n"
    assert left_open(read_ledger(given(invoices=invoices, payments=payments))) == {"F1": 100.0, "F2": 30.0}


def test_an_invoice_that_no_file_holds_is_still_told_and_stays_unapplied():
    february = FEBRUARY + "R2;Règlement;A;21/02/2024;5;F9\n"
    ledger = read_ledger(given(january=JANUARY, february=february))
    assert "does not have in any file read: 1 (first at row 3: F9)" in text(ledger)
    assert left_open(ledger)["R2"] == -5.0


def test_what_is_named_in_another_currency_is_not_settled():
    head = MOVES.replace("\n", ";Devise\n")
    january = head + "F1;Facture;A;13/01/2024;100;;USD\nF3;Facture;A;13/01/2024;1;;EUR\n"
    february = head + "R1;Règlement;A;20/02/2024;100;F1;EUR\n"
    rates = ("cours.csv", b"Date;Devise;Cours\n2024-01-01;USD;1\n")
    ledger = read_ledger(given(january=january, february=february), rates=rates)
    assert left_open(ledger) == {"F1": 100.0, "F3": 1.0, "R1": -100.0}


# Exports that overlap -------------------------------------------------------------------------------------------------

HEAD = "Client;Date;Facture;Montant;Note\n"
EARLY, SHARED, LATE = "A;13/01/2024;F1;100;x\n", "B;15/03/2024;F2;50;x\nB;16/03/2024;F3;20;x\n", "C;13/05/2024;F4;7;x\n"


def test_what_two_exports_both_hold_of_the_days_they_share_counts_once_and_is_said():
    """100 + 50 + 20 + 7 = 177; the two rows of March, 70 in all, stand in both."""
    ledger = read_ledger(given(january_march=HEAD + EARLY + SHARED, march_may=HEAD + SHARED + LATE))
    assert (balance(ledger), len(ledger.items)) == (177.0, 4)
    assert proof(ledger)["ties"].dropna().all()
    assert "(2024-03-15 to 2024-03-16): 2, for 70.00 (F2, F3). They count once" in text(ledger)
    assert all(name in text(ledger) for name in ("january_march.csv", "march_may.csv"))


def test_rows_that_differ_in_any_column_count_in_each_and_are_warned_of():
    """247 = 177 and the 70 of March again."""
    later = HEAD + SHARED.replace("F3;20;x", "F3;20;changed") + LATE
    ledger = read_ledger(given(january_march=HEAD + EARLY + SHARED, march_may=later))
    assert balance(ledger) == 247.0
    assert "(same customer, number, date and amount): 2, for 70.00" in text(ledger)


def test_a_row_that_one_file_alone_has_of_the_shared_days_keeps_both():
    later = HEAD + SHARED + "D;15/03/2024;F9;1;x\n" + LATE
    assert balance(read_ledger(given(january_march=HEAD + EARLY + SHARED, march_may=later))) == 248.0


def test_rows_alike_inside_one_file_are_never_left_out():
    one = HEAD + EARLY + SHARED + SHARED
    assert balance(read_ledger(given(one=one))) == 240.0
    assert balance(read_ledger(given(one=one, two=HEAD + LATE))) == 247.0
    assert balance(read_ledger(given(one=one, two=HEAD + SHARED + SHARED + LATE))) == 247.0


def test_a_file_that_holds_nothing_new_is_left_out_and_the_same_rows_alone_are_refused():
    ledger = read_ledger(given(year=HEAD + EARLY + SHARED + LATE, march=HEAD + SHARED))
    assert balance(ledger) == 177.0
    assert "Rows of march.csv that stand in year.csv too" in text(ledger)
    for again in (HEAD + SHARED, HEAD + SHARED + "\n"):
        with pytest.raises(ArlibError, match=r"their movements would count twice\. Give each file once"):
            read_ledger(given(one=HEAD + SHARED, two=again))


# What is dangerous, and what a file given by name is ---------------------------------------------------------------


def test_that_a_statement_may_be_dangerous_is_said_before_that_it_is_one():
    statement = b'<?xml version="1.0"?>%b<Document><BkToCstmrStmt></BkToCstmrStmt></Document>'
    with pytest.raises(ArlibError, match="bank statement"):
        read_ledger(("camt.xml", statement % b""))
    with pytest.raises(ArlibError, match="DOCTYPE"):
        read_ledger(("camt.xml", statement % b'<!DOCTYPE a [<!ENTITY x "y">]>'))


def test_a_table_of_rates_without_its_headings_is_told_what_they_are():
    with pytest.raises(ArlibError, match=r"cours\.csv: a table of rates has three columns, Date, Currency and Rate"):
        read_ledger(("ventes.csv", LEDGER), rates=("cours.csv", b"Jour;Monnaie;Valeur\n2024-01-01;USD;0,90\n"))
