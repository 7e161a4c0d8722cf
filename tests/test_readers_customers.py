"""Every customer once."""

import pandas as pd

from arlib import read_ledger
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
