"""DSO at many dates and of many groups at once: each cell is what the function of its name gives."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib import ArlibError
from arlib.ledger import Ledger
from arlib.measures.dso import (
    best_possible_dso,
    countback_dso,
    delinquent_dso,
    dso,
    dso_contributions,
    dso_history,
    month_ends,
)

MEASURES = {
    "dso": dso,
    "countback_dso": countback_dso,
    "best_possible_dso": best_possible_dso,
    "delinquent_dso": delinquent_dso,
}
DATES = ["2023-05-31", "2023-08-17", "2023-12-31", "2024-02-29", "2024-06-30"]


def only(ledger, customer):
    """The ledger of one customer."""
    items = ledger.items[ledger.items["customer_id"] == customer]
    matches = ledger.matches[ledger.matches["debit_id"].isin(items["item_id"])]
    return Ledger(items, matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)


def same(row, ledger):
    """Whether a row of a history is what each function gives, where the edge of the whole is that of the part."""
    for name, measure in MEASURES.items():
        figure = measure(ledger, row.as_of)
        if figure.note is None or not figure.note.key.startswith("dso.edge"):
            assert getattr(row, name) == pytest.approx(float(figure), rel=1e-9, abs=1e-9, nan_ok=True), name


@settings(max_examples=15)
@given(ledgers())
def test_a_history_is_the_functions_day_by_day_and_group_by_group(ledger):
    for row in dso_history(ledger, DATES).itertuples():
        same(row, ledger)
    history = dso_history(ledger, DATES, by="customer_id")
    for customer, rows in history.groupby("customer_id"):
        alone = only(ledger, customer)
        for row in rows.itertuples():
            same(row, alone)


@pytest.mark.parametrize("sample", ["negoce", "groupe"])
def test_the_samples_month_by_month(sample):
    ledger = sample_ledger(sample)
    for row in dso_history(ledger, month_ends(ledger, months=5)).itertuples():
        same(row, ledger)


def test_groups_by_several_columns_and_their_receivables_add_up():
    ledger = sample_ledger("negoce")
    dates = month_ends(ledger, months=6)
    whole, parts = dso_history(ledger, dates), dso_history(ledger, dates, by=["segment", "country"])
    assert list(parts)[:3] == ["segment", "country", "as_of"]
    assert parts.equals(parts.sort_values(["segment", "country", "as_of"], ignore_index=True))
    sums = parts.groupby("as_of")[["receivable", "sales"]].sum()
    assert sums["receivable"].tolist() == pytest.approx(whole["receivable"].tolist())
    assert sums["sales"].tolist() == pytest.approx(whole["sales"].tolist())


def test_the_count_backs_of_customers_do_not_add_up():
    """A owes a month of its sales and B three of its own: their mean is not the company's."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-04-10 | 2024-05-10 |  1000  |
        A        | payment | 2024-05-05 |            | -1000  | 1
        A        | invoice | 2024-05-10 | 2024-06-09 |  1000  |
        A        | payment | 2024-06-05 |            | -1000  | 3
        A        | invoice | 2024-06-10 | 2024-07-10 |  1000  |
        B        | invoice | 2024-04-10 | 2024-05-10 |   100  |
        B        | invoice | 2024-05-10 | 2024-06-09 |   100  |
        B        | invoice | 2024-06-10 | 2024-07-10 |   100  |
        """,
        covers=("2024-01-01", "2024-06-30"),
    )
    days = dso_history(ledger, ["2024-06-30"], by="customer_id")["countback_dso"].tolist()
    assert days == [30.0, 91.0]
    assert countback_dso(ledger) == pytest.approx(30 + 200 / 1_100 * 31)


def test_a_sale_not_booked_yet_is_in_no_month_of_the_past():
    """500 of 10 March, booked on 5 April: unknown at the end of March, in March at the end of April."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | booked     | due        | amount
        A        | invoice | 2024-03-01 |            | 2024-03-31 | 1000.00
        A        | invoice | 2024-03-10 | 2024-04-05 | 2024-04-09 |  500.00
        A        | invoice | 2024-04-10 |            | 2024-05-10 |  600.00
        """,
        covers=("2024-01-01", "2024-04-30"),
    )
    history = dso_history(ledger, ["2024-03-31", "2024-04-30"])
    assert history["sales"].tolist() == [1_000.0, 2_100.0]
    assert history["countback_dso"].tolist() == pytest.approx([31.0, 61.0])


def test_dates_twice_in_any_order_and_none():
    ledger = sample_ledger("groupe")
    history = dso_history(ledger, ["2025-06-30", "2025-03-31", "2025-06-30"])
    assert history["as_of"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-31", "2025-06-30"]
    assert dso_history(ledger, []).empty
    assert list(dso_history(ledger, [], by="entity")) == ["entity", *history]
    with pytest.raises(ArlibError, match="window of 0 days"):
        dso_history(ledger, ["2025-06-30"], days=0)


@settings(max_examples=20)
@given(ledgers(), st.integers(0, 9), st.sampled_from([None, "customer_id"]))
def test_order_future_scale_and_inputs(ledger, seed, by):
    days, before = month_ends(ledger, "2024-06-30"), ledger.items.copy()
    history = dso_history(ledger, days, by=by)
    pd.testing.assert_frame_equal(ledger.items, before)
    pd.testing.assert_frame_equal(dso_history(shuffled(ledger, seed), days, by=by), history)
    known = dso_history(known_by(ledger, days[8]), days[:9], by=by)
    past = history[history["as_of"] <= days[8]]
    if by:
        past = past[past["customer_id"].isin(known["customer_id"])]
    pd.testing.assert_frame_equal(known, past.reset_index(drop=True))
    tenfold = dso_history(scaled(ledger, 10), days, by=by)
    for name in history.select_dtypes("number"):
        expected = (history[name] * (10 if name in {"receivable", "sales"} else 1)).tolist()
        assert tenfold[name].tolist() == pytest.approx(expected, rel=1e-6, abs=0.01, nan_ok=True)


def test_a_column_of_the_result_is_no_group():
    ledger = sample_ledger("negoce")
    same_name = Ledger(
        ledger.items.assign(sales="x"),
        ledger.matches,
        ledger.customers,
        ledger.controls,
        ledger.currency,
        ledger.covers,
    )
    for measure in (
        lambda: dso_history(same_name, DATES, by="sales"),
        lambda: dso_contributions(same_name, by="sales"),
    ):
        with pytest.raises(ArlibError, match="cannot be grouped by sales"):
            measure()


def test_a_history_says_nothing_before_the_window_is_full():
    history = dso_history(sample_ledger("negoce"), ["2023-03-31", "2023-04-30"])
    assert [math.isnan(value) for value in history["dso"]] == [True, False]
