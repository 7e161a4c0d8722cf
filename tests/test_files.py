"""Each file to the reader of its kind, and files given together."""

import io
import zipfile

import pytest

from arlib import ArlibError, balance, proof, read_ledger

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
