"""Printed lists, their columns aligned by spaces."""

import pytest

from arlib import balance, read_ledger
from arlib.errors import ArlibError
from arlib.readers.tables.fixed_width import read_fixed_width

PRINTED = """SARL EXEMPLE                                      Page 1
Liste des factures

Client        N° facture  Date        Echéance    Montant TTC
------------  ----------  ----------  ----------  -----------
Dupont SA     F1          13/01/2024  12/02/2024     1 200,50
Martin        F2          14/01/2024  13/02/2024        99,50
Zed & Fils    F3          15/01/2024                    -0,50
                                                  -----------
Total                                                1 299,50
"""


def test_a_printed_list_is_read_by_the_positions_of_its_columns():
    """1,200.50 + 99.50 - 0.50, as the total says."""
    ledger = read_ledger(("liste.prn", PRINTED.encode("cp1252")))
    assert balance(ledger) == 1299.5
    assert ledger.customers["customer_id"].tolist() == ["Dupont SA", "Martin", "Zed & Fils"]
    assert ledger.items["reference"].tolist() == ["F1", "F2", "F3"]
    assert ledger.items["row"].tolist() == [6, 7, 8]
    told = [each.key for each in ledger.sources[0].reading]
    assert "read.fixed_width" in told
    assert "read.totals" in told


def test_a_heading_wider_than_what_stands_below_it_is_one():
    table = read_fixed_width(
        "a.txt", b"Client  No facture  Date        Montant\nA       F1          2024-01-13       5\n"
    )
    assert table is not None
    assert list(table.cells.columns) == ["Client", "No facture", "Date", "Montant"]
    assert table.cells.iloc[0].tolist() == ["A", "F1", "2024-01-13", "5"]


@pytest.mark.parametrize(
    "text",
    [
        PRINTED.replace("Martin        F2  ", "Martin et ses deux fils F2"),  # runs over a column
        "Bonjour,\nvoici la liste   demandée.\nCordialement\n",
        "a " * 400 + "\n",
        "",
    ],
)
def test_what_is_no_printed_list_is_refused_as_before(text):
    assert read_fixed_width("a.txt", text.encode()) is None
    with pytest.raises(ArlibError):
        read_ledger(("a.txt", text.encode()))
