"""One reporting currency: what is settled in its own currency is settled, whatever the rates did meanwhile."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib import ArlibError, balance, open_items, proof, read_ledger

RATES = pd.DataFrame(
    {"date": ["2024-01-01", "2024-03-01", "2024-04-01"], "currency": "USD", "rate": [0.90, 0.85, 0.95]}
)
HEAD = "Client;Date;Pièce;Débit;Crédit;Devise;Lettrage\n"


def ledger_of(rows: str, rates: pd.DataFrame = RATES):
    return read_ledger(("export.csv", (HEAD + rows).encode()), rates=rates, currency="EUR")


def test_an_invoice_paid_in_full_in_its_currency_is_closed():
    """100 USD invoiced at 0.90 and paid at 0.85: 90.00 owed, 85.00 received, 5.00 lost by the rate."""
    ledger = ledger_of("A;2024-01-10;F1;100;;USD;X\nA;2024-03-10;R1;;100;USD;X\n")
    assert ledger.items[["kind", "amount"]].values.tolist() == [["invoice", 90.0], ["payment", -85.0], ["other", -5.0]]
    assert balance(ledger, "2024-03-09") == 90.0
    assert open_items(ledger, "2024-03-10").empty
    assert proof(ledger, "2024-03-10")["ties"].all()


def test_a_gain_by_the_rate_is_an_item_as_well():
    """100 USD invoiced at 0.90 and paid in two parts, 40 at 0.85 and 60 at 0.95: 2.00 lost, then 3.00 gained."""
    ledger = ledger_of("A;2024-01-10;F1;100;;USD;X\nA;2024-03-10;R1;;40;USD;X\nA;2024-04-10;R2;;60;USD;X\n")
    exchange = ledger.items[ledger.items["kind"] == "other"]
    assert exchange["amount"].tolist() == [-2.0, 3.0]
    assert exchange["booked_on"].dt.strftime("%Y-%m-%d").tolist() == ["2024-03-10", "2024-04-10"]
    assert open_items(ledger, "2024-03-31")["open_amount"].tolist() == [54.0]
    assert open_items(ledger, "2024-04-10").empty


def test_the_source_tells_of_the_conversion_and_of_a_table_that_ends_too_soon():
    ledger = ledger_of("A;2024-01-10;F1;100;;USD;\nA;2024-09-10;F2;100;;USD;\n")
    assert any("Rows converted to EUR" in str(note) for note in ledger.sources[0].reading)
    assert any("at a rate of 2024-04-01" in str(note) for note in ledger.sources[0].warnings)


def test_amounts_of_two_currencies_settle_nothing():
    ledger = ledger_of("A;2024-01-10;F1;100;;USD;X\nA;2024-03-10;R1;;100;EUR;X\n")
    assert ledger.matches.empty


def test_no_rate_no_sum():
    with pytest.raises(ArlibError, match="never added up"):
        read_ledger(("export.csv", (HEAD + "A;2024-01-10;F1;1;;USD;\nA;2024-01-10;F2;1;;EUR;\n").encode()))
    with pytest.raises(ArlibError, match="no rate for USD on or before 2024-01-10"):
        ledger_of("A;2024-01-10;F1;1;;USD;\n", RATES[1:])


ROWS = st.lists(
    st.tuples(
        st.sampled_from("AB"),
        st.integers(0, 150),
        st.integers(-200_000, 200_000).filter(bool),
        st.sampled_from(["EUR", "USD"]),
        st.sampled_from(["", "X", "Y"]),
    ),
    min_size=1,
    max_size=20,
)


@given(ROWS)
def test_whatever_is_lettered_at_whatever_rate_the_proof_ties(rows):
    lines = [
        f"{customer};{(pd.Timestamp('2024-01-05') + pd.Timedelta(days=day)).date()};P{place};"
        f"{max(cents, 0) / 100};{max(-cents, 0) / 100};{currency};{letter}\n"
        for place, (customer, day, cents, currency, letter) in enumerate(rows)
    ]
    ledger = ledger_of("".join(lines))
    for day in ("2024-02-15", "2024-03-15", "2024-12-31"):
        assert proof(ledger, day)["ties"].dropna().all()
    assert balance(ledger) == pytest.approx(ledger.items["amount"].sum(), abs=0.005)


def test_rows_without_a_currency_are_told_by_their_file():
    named = ("a.csv", (HEAD + "A;2024-01-10;F1;1;;USD;\n").encode())
    bare = ("b.csv", b"Client;Date;Facture;Montant\nA;2024-01-11;F2;1\nA;2024-01-12;F3;1\n")
    with pytest.raises(ArlibError, match=r"while others do \(USD\): b.csv \(2\)"):
        read_ledger([named, bare])
