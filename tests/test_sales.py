"""Sales of a window, by invoice date and as known on the day."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, scaled, shuffled

from arlib import ArlibError
from arlib.measures.sales import sales_to

SALES = """
    customer | kind        | issued     | booked     | due        | amount
    A        | invoice     | 2024-03-01 |            | 2024-03-31 | 1000.00
    A        | credit_note | 2024-03-20 |            |            | -200.00
    A        | payment     | 2024-03-25 |            |            | -700.00
    B        | invoice     | 2024-03-10 | 2024-04-05 | 2024-04-09 |  500.00
    B        | opening     | 2024-03-01 |            | 2024-02-01 |  999.00
    """


def sold(ledger, dates, **options):
    return sales_to(ledger, dates, **options)[0].tolist()


def test_sales_are_invoices_less_credit_notes_of_the_window():
    """1,000 of 1 March less 200 of the 20th: payments and openings are no sales; the first day out is 30 days back."""
    ledger = ledger_of(SALES)
    assert sold(ledger, ["2024-03-30"], days=30) == [[800.0]]
    assert sold(ledger, ["2024-03-31"], days=30) == [[-200.0]]  # 2 to 31 March
    assert sold(ledger, ["2024-03-31"], days=31) == [[800.0]]


def test_a_sale_booked_after_its_date_counts_once_booked_and_on_its_date():
    """500 of 10 March booked on 5 April: not in the accounts of 31 March, in the window of 5 April, gone by the 9th."""
    ledger = ledger_of(SALES)
    assert sold(ledger, ["2024-03-31", "2024-04-04", "2024-04-05", "2024-04-08", "2024-04-09"], days=30, by=None) == [
        [-200.0, -200.0, 300.0, 300.0, -200.0]
    ]


def test_a_sale_booked_after_its_window_has_closed_is_never_in_it():
    assert sold(ledger_of(SALES), ["2024-03-20", "2024-04-05"], days=10) == [[-200.0, 0.0]]


def test_dates_in_any_order_twice_and_windows_of_their_own():
    ledger = ledger_of(SALES)
    assert sold(ledger, ["2024-04-05", "2024-03-30", "2024-04-05"], days=[36, 30, 17]) == [[1300.0, 800.0, -200.0]]
    assert sales_to(ledger, [], days=30)[0].shape == (1, 0)


def test_groups_are_rows_in_the_order_of_their_names():
    amounts, groups = sales_to(ledger_of(SALES), ["2024-04-05"], days=36, by=["kind", "customer_id"])
    rows = groups.assign(sales=amounts[:, 0])
    assert rows[rows["sales"] != 0].to_numpy().tolist() == [
        ["credit_note", "A", -200.0],
        ["invoice", "A", 1000.0],
        ["invoice", "B", 500.0],
    ]


@pytest.mark.parametrize("days", [0, -3, [30, 0]])
def test_a_window_has_days(days):
    with pytest.raises(ArlibError, match="cannot be"):
        sales_to(ledger_of(SALES), ["2024-04-05", "2024-04-06"], days=days)


@settings(max_examples=20)
@given(ledgers(), st.integers(1, 200), st.integers(0, 9))
def test_properties(ledger, days, seed):
    dates = list(pd.date_range("2023-03-31", "2024-06-30", freq="QE"))
    before = ledger.items.copy()
    whole, parts = sold(ledger, dates, days=days), sales_to(ledger, dates, days=days, by="customer_id")[0]
    pd.testing.assert_frame_equal(ledger.items, before)
    assert parts.sum(axis=0).tolist() == pytest.approx(whole[0], abs=0.01)
    assert sold(shuffled(ledger, seed), dates, days=days)[0] == pytest.approx(whole[0], abs=0.01)
    assert sold(known_by(ledger, dates[3]), dates[:4], days=days)[0] == pytest.approx(whole[0][:4], abs=0.01)
    assert sold(scaled(ledger, 10), dates, days=days)[0] == pytest.approx((10 * np.array(whole[0])).tolist(), abs=0.1)
    items = ledger.items
    kept = items["kind"].isin(["invoice", "credit_note"])
    for date, given_ in zip(dates, whole[0], strict=True):  # a filter a date, as one would by hand
        window = items["issued_on"].between(date - pd.Timedelta(days=days - 1), date) & (items["booked_on"] <= date)
        assert given_ == pytest.approx(items.loc[kept & window, "amount"].sum(), abs=0.01)
