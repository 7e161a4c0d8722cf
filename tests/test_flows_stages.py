"""Disputes, and the days from the order to the cash, where the file has the dates."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import ledger_of, sample_ledger

from arlib import read_ledger
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.measures.flows import (
    at_risk_history,
    billing_lag,
    cohorts,
    dispute_causes,
    dispute_days,
    roll_rates,
)
from arlib.measures.flows.disputes import _mean_by_kaplan_meier

LIST = pd.DataFrame(
    {
        "Client": ["A", "A", "B", "B"],
        "N° facture": ["1", "2", "3", "4"],
        "Date facture": ["10/01/2024", "15/02/2024", "20/02/2024", "25/03/2024"],
        "Échéance": ["09/02/2024", "16/03/2024", "21/03/2024", "24/04/2024"],
        "Montant TTC": [1000.0, 3000.0, 500.0, 500.0],
        "Date règlement": ["19/02/2024", "21/03/2024", "", ""],
        "Date de commande": ["02/01/2024", "01/02/2024", "13/02/2024", ""],
        "Livré le": ["08/01/2024", "11/02/2024", "", "29/03/2024"],
        "Litige": ["", "oui", "oui", "oui"],
        "Date litige": ["", "01/03/2024", "01/03/2024", "28/03/2024"],
        "Litige clos le": ["", "11/03/2024", "", "31/03/2024"],
        "Motif du litige": ["", "Prix", "Livraison", "Prix"],
    }
)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return read_ledger(LIST)


def test_the_days_of_each_step_by_hand(ledger):
    """Ordered on the 2nd, delivered on the 8th, billed on the 10th, due 30 days later, paid 10 days late."""
    table = billing_lag(ledger, "2024-03-31").set_index("step")
    assert table.index.tolist() == ["order_to_delivery", "delivery_to_invoice", "invoice_to_due", "due_to_cash"]
    assert table["invoices"].tolist() == [2, 3, 4, 2]
    assert table["missing"].tolist() == [2, 1, 0, 2]
    # 6 and 10 days to deliver; billed 2 and 4 days after, and once 4 days before; 10 and 5 days late.
    assert table["mean_days"].tolist() == pytest.approx([8.0, 2 / 3, 30.0, 7.5])
    assert table.loc["order_to_delivery", "weighted_days"] == pytest.approx((6 * 1000 + 10 * 3000) / 4000)
    assert table.loc["delivery_to_invoice", "median_days"] == 2.0
    # The first day by which half, nine tenths, of both were paid: no day in between, as in `days_to_pay`.
    assert table.loc["due_to_cash", ["median_days", "p90_days"]].tolist() == [5.0, 10.0]


def test_lags_by_group_and_window(ledger):
    table = billing_lag(ledger, "2024-03-31", by="customer_id")
    assert table["customer_id"].tolist() == ["A"] * 4 + ["B"] * 4
    assert table["invoices"].tolist() == [2, 2, 2, 2, 0, 1, 2, 0]
    assert np.isnan(table["mean_days"].iloc[-1])
    assert billing_lag(ledger, "2024-03-31", days=45).set_index("step").loc["invoice_to_due", "invoices"] == 2


def test_a_date_the_file_does_not_have_is_passed_over():
    table = billing_lag(sample_ledger("negoce"))
    assert table["step"].tolist() == ["invoice_to_due", "due_to_cash"]
    no_order = read_ledger(LIST.drop(columns="Date de commande"))
    assert billing_lag(no_order, "2024-03-31")["step"].iloc[0] == "delivery_to_invoice"
    no_delivery = read_ledger(LIST.drop(columns="Livré le"))
    assert billing_lag(no_delivery, "2024-03-31")["step"].iloc[0] == "order_to_invoice"


def test_a_column_can_be_named():
    other = read_ledger(LIST.rename(columns={"Livré le": "Sortie quai"}))
    table = billing_lag(other, "2024-03-31", delivered="Sortie quai")
    assert table["invoices"].tolist() == [2, 3, 4, 2]
    for wrong in (lambda: billing_lag(other, delivered="Quai"), lambda: dispute_causes(other, cause="Pourquoi")):
        with pytest.raises(ArlibError, match="have no column"):
            wrong()
    with pytest.raises(ArlibError, match="window of 0 days"):
        billing_lag(other, days=0)


@pytest.mark.parametrize(
    "headings",
    [
        {"Date de commande": "Order Date", "Livré le": "Delivery Date"},
        {"Date de commande": "DATE COMMANDE", "Livré le": "Date BL"},
        {"Date de commande": "OrderDate", "Livré le": "shipped_on"},
    ],
)
def test_headings_in_both_languages(headings):
    table = billing_lag(read_ledger(LIST.rename(columns=headings)), "2024-03-31")
    assert table["invoices"].tolist() == [2, 3, 4, 2]


def test_dates_are_read_in_the_order_their_column_shows():
    """American dates: 2/13/2024 can only be 13 February, so 2/1/2024 is 1 February."""
    american = LIST.copy()
    for name in ("Date facture", "Échéance", "Date règlement", "Date de commande", "Livré le"):
        days = pd.to_datetime(LIST[name], format="%d/%m/%Y", errors="coerce")
        american[name] = [f"{day.month}/{day.day}/{day.year}" if pd.notna(day) else "" for day in days]
    american = american.drop(columns=["Date litige", "Litige clos le"])
    table = billing_lag(read_ledger(american), "2024-03-31")
    assert table["mean_days"].tolist() == pytest.approx([8.0, 2 / 3, 30.0, 7.5])


def test_a_column_without_dates_is_no_step():
    """A heading may say delivery and its cells whether it took place."""
    told = read_ledger(LIST.assign(**{"Livré le": ["oui", "oui", "non", ""]}))
    assert billing_lag(told, "2024-03-31")["step"].iloc[0] == "order_to_invoice"


def test_dates_of_a_spreadsheet():
    typed = LIST.assign(**{"Livré le": [date(2024, 1, 8), date(2024, 2, 11), None, date(2024, 3, 29)]})
    table = billing_lag(read_ledger(typed), "2024-03-31").set_index("step")
    assert table.loc["delivery_to_invoice", "mean_days"] == pytest.approx(2 / 3)


def test_steps_add_up_over_the_same_invoices(ledger):
    table = billing_lag(ledger, "2024-03-31", by="reference").set_index("reference")["mean_days"]
    # From 2 January to 19 February, and from 1 February to 21 March 2024.
    assert (table["1"].sum(), table["2"].sum()) == (48.0, 49.0)


def test_open_disputes_are_counted_as_not_ended(ledger):
    """On 31 March: ended after 10 and 3 days, one open for 30. Kaplan-Meier: 3 + 2/3 × 7 + 1/3 × 20 = 14.33 days."""
    figure = dispute_days(ledger, "2024-03-31")
    assert figure == pytest.approx(3 + 7 * 2 / 3 + 20 / 3)
    assert figure.inputs["mean_of_closed"] == 6.5
    assert (figure.inputs["ended"], figure.inputs["open"]) == (2, 1)
    assert "30 days" in str(figure.note)


def test_a_dispute_that_ends_later_is_open_on_the_day(ledger):
    """On 12 March one of two has ended, after 10 days; the other is 11 days old."""
    figure = dispute_days(ledger, "2024-03-12")
    assert (figure.inputs["ended"], figure.inputs["open"]) == (1, 1)
    assert np.isnan(dispute_days(ledger, "2024-03-05"))
    assert "2" in str(dispute_days(ledger, "2024-03-05").note)


def test_without_dates_the_length_of_disputes_is_missing_and_says_why():
    figure = dispute_days(sample_ledger("negoce"))
    assert np.isnan(figure)
    assert "Date litige" in figure.note.text("fr")


@given(st.lists(st.integers(0, 200), min_size=1, max_size=30))
def test_without_open_disputes_it_is_the_mean(lengths):
    lasted = np.array(lengths)
    assert _mean_by_kaplan_meier(lasted, np.ones(len(lasted), dtype=bool)) == pytest.approx(lasted.mean())


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=30))
def test_open_disputes_never_shorten_the_mean(pairs):
    lasted, ended = (np.array(values) for values in zip(*pairs, strict=True))
    assert _mean_by_kaplan_meier(lasted, ended) >= lasted.mean() - 1e-9


def test_causes_of_disputes(ledger):
    """On 30 March: price on invoice 4, and delivery on invoice 3; that of invoice 2 ended on the 11th."""
    table = dispute_causes(ledger, "2024-03-30")
    assert list(table) == ["cause", "items", "amount", "open_amount", "share"]
    assert table["cause"].tolist() == ["Livraison", "Prix"]
    assert table["items"].tolist() == [1, 1]
    assert table["amount"].tolist() == [500.0, 500.0]
    assert table["open_amount"].tolist() == [500.0, 500.0]
    assert table["share"].sum() == pytest.approx(1.0)


def test_an_invoice_paid_while_it_is_disputed_keeps_its_row():
    """Without the day disputes end, that of invoice 2 goes on after its payment of 21 March."""
    table = dispute_causes(read_ledger(LIST.drop(columns="Litige clos le")), "2024-03-31")
    assert table[["cause", "items", "amount", "open_amount"]].values.tolist() == [
        ["Prix", 2, 3500.0, 500.0],
        ["Livraison", 1, 500.0, 500.0],
    ]


@pytest.mark.parametrize(("day", "open_"), [("2024-03-05", 2), ("2024-03-11", 1), ("2024-03-30", 2), ("2024-03-31", 1)])
def test_causes_and_days_of_disputes_agree_on_a_past_day(ledger, day, open_):
    assert dispute_causes(ledger, day)["items"].sum() == open_
    assert dispute_days(ledger, day).inputs["open"] == open_


def test_a_dispute_counts_from_its_date(ledger):
    assert dispute_causes(ledger, "2024-03-27")["items"].sum() == 1
    assert dispute_causes(ledger, "2024-02-25").empty


def test_a_column_of_the_result_cannot_group_it():
    """A file with a column "month" or "days" is not written over in silence."""
    named = read_ledger(LIST.assign(step="1", month="1", bucket="1"))
    asked = (
        lambda: billing_lag(named, by="step"),
        lambda: cohorts(named, by=["customer_id", "month"]),
        lambda: at_risk_history(named, by="month"),
        lambda: roll_rates(named, ["2024-01-31", "2024-02-29"], by="bucket"),
    )
    for ask in asked:
        with pytest.raises(ArlibError, match="column of that name"):
            ask()


def test_causes_nobody_wrote_are_one():
    small = ledger_of(
        "customer|kind|issued|due|amount|disputed\nA|invoice|2024-01-01|2024-02-01|10|yes\nA|invoice|2024-01-01||20|"
    )
    table = dispute_causes(small)
    assert table.to_dict("list") == {
        "cause": [""],
        "items": [1],
        "amount": [10.0],
        "open_amount": [10.0],
        "share": [1.0],
    }
