"""Orders not invoiced yet, from a table: what counts, what is left out, and on which day."""

import pandas as pd
import pytest

from arlib.errors import ArlibError
from arlib.risk.limits import read_orders

FRENCH = """N° commande;Date;Code client;Livraison prévue;Montant HT;Montant TTC;Conditions de règlement;Statut
BC1;05/01/2025;C1;20/01/2025;1 000,00;1 200,00;30 jours nets;À livrer
BC1;05/01/2025;C1;13/02/2025;100,00;120,00;30 jours nets;Livrée non facturée
BC2;10/01/2025;0C2;;50,50;60,60;30 jours nets;Facturée
BC3;10/01/2025;C9;;500,00;600,00;30 jours nets;Annulée
BC4;31/01/2025;C2;;200,00;240,00;30 jours nets;
Total;;;;1 850,50;2 220,60;;
"""


def keys(orders):
    return [note.key for note in orders.notes]


def test_a_list_of_open_orders():
    """1,200 + 120 + 240 are open; 60.60 + 600 are over; the total is no order."""
    orders = read_orders(("orders.csv", FRENCH.encode("cp1252")))
    assert orders.rows["order_id"].tolist() == ["BC1", "BC1", "BC4"]
    assert orders.rows["customer_id"].tolist() == ["C1", "C1", "C2"]
    assert orders.rows["amount"].tolist() == [1200.0, 120.0, 240.0]
    assert orders.rows["ordered_on"].tolist() == list(pd.to_datetime(["2025-01-05", "2025-01-05", "2025-01-31"]))
    assert orders.rows["deliver_on"].tolist()[:2] == list(pd.to_datetime(["2025-01-20", "2025-02-13"]))
    notes = {note.key: note.values for note in orders.notes}
    assert notes["risk.limit.orders_read"] == {"rows": 3, "amount": 1560.0}
    assert notes["risk.limit.orders_over"]["rows"] == 2
    assert notes["risk.limit.orders_over"]["amount"] == pytest.approx(660.6)


def test_a_total_is_counted_and_named():
    frame = pd.DataFrame({"Client": ["C1", None], "Montant TTC": [10.0, 10.0], "Commande": ["1", "Total"]})
    orders = read_orders(frame)
    (nobody,) = [note for note in orders.notes if note.key == "risk.limit.orders_nobody"]
    assert (nobody.values["rows"], nobody.values["amount"], len(orders.rows)) == (1, 10.0, 1)


def test_only_what_was_known_on_the_day():
    """Ordered by the day, and not invoiced by then; an order without a date counts on any day, and is said to."""
    frame = pd.DataFrame(
        {
            "Order": ["1", "2", "3", "4"],
            "Customer": ["A", "A", "A", "A"],
            "Order date": ["2025-01-10", "2025-01-11", None, "2025-01-01"],
            "Invoiced on": [None, None, None, "2025-01-10"],
            "Amount": [1.0, 2.0, 4.0, 8.0],
        }
    )
    orders = read_orders(frame)
    assert orders.on("2025-01-09")["amount"].sum() == 12.0  # 4 undated, 8 not invoiced yet
    assert orders.on("2025-01-10")["amount"].sum() == 5.0
    assert orders.on("2025-01-11")["amount"].sum() == 7.0
    assert "risk.limit.orders_undated" in keys(orders)


def test_what_is_left_to_invoice_goes_before_the_whole_order():
    """An order of 1,200 of which 300 is left; without tax, 250 left of 1,000 at the order's own 20 %: 300."""
    frame = pd.DataFrame({"Client": ["A"], "Montant TTC": [1200.0], "Reste à facturer TTC": [300.0]})
    assert read_orders(frame).rows["amount"].tolist() == [300.0]
    frame = pd.DataFrame(
        {"Client": ["A"], "Montant HT": [1000.0], "Montant TTC": [1200.0], "Reste à facturer HT": [250.0]}
    )
    assert read_orders(frame).rows["amount"].tolist() == [300.0]


def test_amounts_without_tax_are_never_added_to_what_is_owed_with_it():
    frame = pd.DataFrame({"Client": ["A", "B"], "Commande": ["1", "2"], "Montant HT": [100.0, 50.0]})
    with pytest.raises(ArlibError, match="include"):
        read_orders(frame)
    orders = read_orders(frame, vat_share=0.2)
    assert orders.rows["amount"].tolist() == [120.0, 60.0]
    assert "risk.limit.taxed" in keys(orders)


@pytest.mark.parametrize("column", ["Date commande", "Montant TTC"])
def test_every_cell_that_is_none_is_named(column):
    frame = pd.DataFrame(
        {"Client": ["A", "B", "C"], "Date commande": ["05/01/2025"] * 3, "Montant TTC": ["10,00", "20,00", "30,00"]}
    )
    frame.loc[[0, 2], column] = ["31/02/2025", "perdu"]
    with pytest.raises(ArlibError) as wrong:
        read_orders(frame)
    assert [(problem.place.row, problem.place.column) for problem in wrong.value.problems] == [(1, column), (3, column)]


def test_an_order_without_an_amount_is_a_problem_not_zero():
    frame = pd.DataFrame({"Client": ["A", "B"], "Commande": ["1", "2"], "Montant TTC": [10.0, None]})
    with pytest.raises(ArlibError):
        read_orders(frame)


def test_a_table_that_holds_no_orders_says_so():
    with pytest.raises(ArlibError, match="Headings found"):
        read_orders(pd.DataFrame({"Client": ["A"], "Commande": ["1"]}))


def test_customers_by_name_where_there_is_no_number():
    frame = pd.DataFrame({"Nom client": ["Alpha SARL"], "Montant TTC": [10.0]})
    assert read_orders(frame).rows["customer_id"].tolist() == ["Alpha SARL"]


def test_no_row_at_all():
    orders = read_orders(pd.DataFrame({"Client": pd.Series(dtype="str"), "Montant TTC": pd.Series(dtype="float64")}))
    assert orders.on("2025-01-01").empty


@pytest.mark.parametrize("share", [20, 1.0, -0.2])
def test_a_tax_rate_written_in_percents_is_refused(share):
    frame = pd.DataFrame({"Client": ["A"], "Commande": ["1"], "Montant HT": [100.0]})
    with pytest.raises(ArlibError, match=r"0\.2 for 20%"):
        read_orders(frame, vat_share=share)


def test_a_cell_of_a_date_is_said_to_be_no_date():
    frame = pd.DataFrame({"Client": ["A"], "Date commande": ["31/02/2025"], "Montant TTC": [10.0]})
    with pytest.raises(ArlibError, match='"31/02/2025" is not a date'):
        read_orders(frame)


def test_currencies_have_their_codes_and_are_counted_apart():
    frame = pd.DataFrame(
        {"Client": ["A", "B", "C"], "Montant TTC": ["10 €", "20 €", "5"], "Devise": ["€", "usd", None]}
    )
    orders = read_orders(frame)
    assert orders.rows["currency"].fillna("").tolist() == ["EUR", "USD", ""]
    told = {note.values["currency"]: note.values["amount"] for note in orders.notes if "currency" in note.values}
    assert told == {"EUR": 10.0, "USD": 20.0, "–": 5.0}


def test_rows_that_stand_twice_and_rows_below_zero_are_said():
    """1,200 twice, and 500 taken back: 1,900; nothing is dropped."""
    frame = pd.DataFrame(
        {"Commande": ["1", "1", "2"], "Client": ["A", "A", "B"], "Montant TTC": [1200.0, 1200.0, -500.0]}
    )
    orders = read_orders(frame)
    notes = {note.key: note for note in orders.notes}
    assert orders.rows["amount"].sum() == 1900
    assert notes["risk.limit.orders_twice"].values["amount"] == 1200
    assert notes["risk.limit.orders_below_zero"].values["amount"] == -500
    assert "la ligne" in notes["risk.limit.orders_twice"].text("fr")
