"""Every customer once."""

import pandas as pd

from arlib import open_items, read_ledger
from arlib.readers.customers import one_row_each

LIST = """Code client;Nom client;Date;N° facture;Montant TTC
0200706844;WINC co;2024-01-10;F1;10,00
0200706844;WINC llc;2024-01-11;F2;20,00
0200706844;WINC llc;2024-01-12;F3;30,00
7;Durand;2024-01-13;F4;40,00
"""


def test_spellings_under_one_number_are_one_customer_and_are_listed():
    spelled = pd.DataFrame(
        {"customer_id": ["1", "1", "2"], "name": ["WINC co", "WINC llc", "Durand"], "_rows": [1, 5, 1]}
    )
    known, doubts = one_row_each([spelled], [])
    assert known[["customer_id", "name"]].values.tolist() == [["1", "WINC llc"], ["2", "Durand"]]
    assert known["spellings"].fillna("").tolist() == ["WINC llc | WINC co", ""]
    assert "1: WINC llc | WINC co" in str(doubts[0])


def test_the_same_customer_in_two_files_is_one():
    one = pd.DataFrame({"customer_id": ["1"], "name": ["ACME"]})
    other = pd.DataFrame({"customer_id": ["1"], "name": ["Acme SA"]})
    known, doubts = one_row_each([one, other], [])
    assert len(known) == 1
    assert len(doubts) == 1


def test_the_customers_file_speaks_first():
    given = pd.DataFrame({"customer_id": ["1"], "name": ["ACME SAS"], "terms": ["45 jours"]})
    known, doubts = one_row_each([pd.DataFrame({"customer_id": ["1"], "name": ["acme"]})], [given])
    assert known[["name", "terms"]].values.tolist() == [["ACME SAS", "45 jours"]]
    assert doubts == []


def test_a_list_with_several_spellings_counts_one_customer():
    ledger = read_ledger(("liste.csv", LIST.encode()))
    assert ledger.customers["customer_id"].tolist() == ["0200706844", "7"]
    assert ledger.items.groupby("customer_id")["amount"].sum().tolist() == [60.0, 40.0]


HEADINGS = "Code client;Nom;Date;N° facture;Montant TTC\n"


def files(*rows: str):
    return read_ledger([(f"{place}.csv", (HEADINGS + row).encode()) for place, row in enumerate(rows)])


def keys(ledger) -> list[str]:
    return [each.key for source in ledger.sources for each in source.warnings]


def test_zeros_lost_in_one_of_two_files_make_no_second_customer():
    ledger = files("00123;Durand;13/01/2024;F1;10\n", "123;DURAND SA;14/01/2024;F2;20\n")
    assert ledger.customers["customer_id"].tolist() == ["00123"]
    assert set(ledger.items["customer_id"]) == {"00123"}
    told = [each for source in ledger.sources for each in source.warnings if each.key == "read.same_number"]
    assert ["00123 = 123" in str(each) for each in told] == [True]


def test_names_that_differ_keep_two_customers_apart():
    ledger = files("00123;Durand;13/01/2024;F1;10\n", "123;Martin & Fils;14/01/2024;F2;20\n")
    assert ledger.customers["customer_id"].tolist() == ["00123", "123"]
    assert "read.numbers_apart" in keys(ledger)
    assert "read.same_number" not in keys(ledger)


def test_capitals_and_spaces_make_no_second_customer():
    rows = "C001;Zed;13/01/2024;F1;10\nc001;Zed;14/01/2024;F2;20\nC001 ;Zed;15/01/2024;F3;30\nC002;Al;15/01/2024;F4;1\n"
    ledger = files(rows, "c 001;Zed;16/01/2024;F5;40\n")
    assert ledger.items.groupby("customer_id")["amount"].sum().to_dict() == {"C001": 100.0, "C002": 1.0}


def test_letters_hold_over_writings_of_one_number():
    lettered = "Code client;Date;N° facture;Montant;Lettrage\nc001;13/01/2024;F1;10;A\nC001;14/01/2024;R1;-10;A\n"
    ledger = read_ledger(("liste.csv", (lettered + "C001;15/01/2024;F2;7;\n").encode()))
    assert ledger.matches["amount"].tolist() == [10.0]
    assert ledger.customers["customer_id"].tolist() == ["C001"]


def test_the_terms_of_a_customers_file_find_a_number_with_zeros():
    listed = pd.DataFrame({"Code client": ["123"], "Nom": ["Durand"], "Délai de paiement": ["60 jours"]})
    rows = (HEADINGS + "00123;Durand;13/01/2024;F1;10\n").encode()
    ledger = read_ledger(("a.csv", rows), customers=listed)
    assert ledger.items["due_on"].tolist() == [pd.Timestamp("2024-03-13")]  # 13 January + 60 days


def test_two_writings_in_a_list_of_paid_invoices_are_one_customer():
    """Its groups of movements are numbered by row, and name no customer to write otherwise."""
    rows = "Client,Invoice,Date,Due,Amount,Paid on\nC001,F1,2024-01-10,2024-02-10,100,2024-02-12\n"
    ledger = read_ledger(("list.csv", (rows + "c001,F2,2024-01-11,2024-02-11,50,\n").encode()))
    assert ledger.customers["customer_id"].tolist() == ["C001"]
    assert open_items(ledger, "2024-03-01")["open_amount"].tolist() == [50.0]
