"""The effect of exchange rates on the receivable, counted by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import known_by, ledgers, of_items, sample_ledger, scaled, shuffled

from arlib import balance, read_ledger
from arlib.measures.currency import currency_effect

PARTS = ["quantity_effect", "rate_effect", "exchange_differences", "unquantified"]


def in_dollars(rows):
    """A ledger of rows (kind, day, amount in EUR, currency, amount in it), none of them matched."""
    names = ["kind", "issued_on", "amount", "currency", "currency_amount"]
    items = pd.DataFrame(rows, columns=names).assign(customer_id="A", due_on=pd.NaT)
    items["issued_on"] = items["booked_on"] = pd.to_datetime(items["issued_on"])
    items["item_id"] = np.arange(1, len(items) + 1)
    none = pd.DataFrame(columns=["debit_id", "credit_id", "amount", "matched_on", "method"])
    return of_items(items, none, covers=("2024-01-01", "2024-12-31"))


def test_quantity_and_rate_by_midpoint():
    """1,000 USD at 0.90 = 900, then 1,500 USD worth 1,425 (0.95): Δ 525.

    Quantity 500 × 0.925 = 462.50, rate 1,250 × 0.05 = 62.50.
    """
    ledger = in_dollars(
        [
            ("invoice", "2024-01-10", 900.00, "USD", 1000.00),
            ("invoice", "2024-05-10", 525.00, "USD", 500.00),
            ("invoice", "2024-05-10", 70.00, "EUR", np.nan),
        ]
    )
    found = currency_effect(ledger, "2024-03-31", "2024-06-30").set_index("currency")
    assert found.index.tolist() == ["EUR", "USD"]
    assert found.loc["USD", ["quantity_start", "quantity_end"]].tolist() == pytest.approx([1_000, 1_500])
    assert found.loc["USD", ["rate_start", "rate_end"]].tolist() == pytest.approx([0.90, 0.95])
    assert found.loc["USD", PARTS].tolist() == pytest.approx([462.5, 62.5, 0, 0])
    assert found.loc["EUR", PARTS].tolist() == pytest.approx([70.0, 0, 0, 0])


def test_credits_have_a_rate_of_their_own():
    """100 USD owed at 0.9 and 99 in credit at 0.8 are 10.80 for one dollar: no rate of 10.8 must come of it."""
    rows = [
        ("invoice", "2024-01-10", 90.00, "USD", 100.00),
        ("payment", "2024-01-10", -79.20, "USD", -99.00),
        ("payment", "2024-05-10", -16.00, "USD", -20.00),
    ]
    row = currency_effect(in_dollars(rows), "2024-03-31", "2024-06-30").iloc[0]
    assert (row["receivable_start"], row["change"]) == (10.8, -16.0)
    assert row[PARTS].tolist() == pytest.approx([-16.0, 0.0, 0.0, 0.0])


def test_trap_16_a_revaluation_without_an_amount_in_the_currency_stands_apart():
    ledger = in_dollars(
        [
            ("invoice", "2024-01-10", 900.00, "USD", 1000.00),
            ("other", "2024-05-31", 37.00, "USD", 0.00),
            ("other", "2024-06-30", -5.00, "USD", np.nan),
            ("invoice", "2024-06-30", 11.00, "USD", np.nan),
        ]
    )
    row = currency_effect(ledger, "2024-03-31", "2024-06-30").iloc[0]
    assert row[PARTS].tolist() == pytest.approx([0, 0, 32.0, 11.0])
    assert row["change"] == pytest.approx(43.0)
    assert row["receivable_end"] == balance(ledger, "2024-06-30")


def test_a_ledger_of_one_currency_has_one_row_without_effect():
    found = currency_effect(sample_ledger("negoce"), "2025-06-30", "2025-12-31")
    assert found["currency"].tolist() == ["EUR"]
    assert found["rate_effect"].tolist() == [0.0]
    assert found["quantity_effect"].tolist() == pytest.approx(found["change"].tolist(), abs=1e-6)


def test_effects_add_up_to_the_change_of_the_balance_on_the_sample():
    ledger = sample_ledger("groupe")
    start, end = "2024-12-31", "2025-12-31"
    found = currency_effect(ledger, start, end)
    assert found["currency"].tolist() == ["CHF", "EUR", "GBP", "USD"]
    assert found[PARTS].sum(axis=1).tolist() == pytest.approx(found["change"].tolist(), abs=1e-6)
    assert found["change"].sum() == pytest.approx(balance(ledger, end) - balance(ledger, start), abs=1e-6)
    swapped = currency_effect(ledger, end, start)
    assert swapped[PARTS].to_numpy() == pytest.approx(-found[PARTS].to_numpy())
    assert (found.set_index("currency")["rate_effect"].drop("EUR") != 0).all()


def test_exchange_differences_of_a_list_converted_at_rates():
    """1,000 USD at 0.90, half of it paid at 0.80: 400 received for 450; the difference of −50 is an item.

    Both are matched: 500 USD at 0.90 stay open, and the change is quantity alone.
    """
    rows = pd.DataFrame(
        {
            "customer": ["A"],
            "invoice": ["F1"],
            "invoice date": ["2024-01-10"],
            "due date": ["2024-02-09"],
            "amount": [500.0],
            "currency": ["USD"],
            "payment date": ["2024-05-10"],
        }
    )
    rows = pd.concat([rows, rows.assign(invoice="F2", **{"payment date": None})], ignore_index=True)
    other = rows.iloc[[1]].assign(invoice="F3", currency="EUR", **{"invoice date": "2024-06-01"})
    rates = pd.DataFrame(
        {"date": pd.to_datetime(["2024-01-01", "2024-05-01"]), "currency": ["USD"] * 2, "rate": [0.90, 0.80]}
    )
    ledger = read_ledger(pd.concat([rows, other], ignore_index=True), rates=rates, currency="EUR")
    found = currency_effect(ledger, "2024-03-31", "2024-06-30").set_index("currency")
    assert found.loc["USD", ["quantity_start", "quantity_end"]].tolist() == pytest.approx([1_000, 500])
    assert found.loc["USD", PARTS].tolist() == pytest.approx([-450.0, 0, 0, 0])


def foreign(ledger):
    """A ledger with every other item in dollars at a rate of its own."""
    places = ledger.items["item_id"].to_numpy()
    rate = 0.8 + places % 5 / 20
    usd = places % 2 == 0
    items = ledger.items.assign(
        currency=np.where(usd, "USD", None), currency_amount=np.where(usd, ledger.items["amount"] / rate, np.nan)
    )
    return replace(ledger, items=items)


@given(ledgers().map(foreign), st.integers(0, 9))
def test_order_future_scale_and_inputs(ledger, seed):
    start, end, before = "2023-06-30", "2023-12-31", ledger.items.copy()
    found = currency_effect(ledger, start, end)
    pd.testing.assert_frame_equal(ledger.items, before)
    assert found["change"].sum() == pytest.approx(balance(ledger, end) - balance(ledger, start), abs=0.01)
    assert found[PARTS].sum(axis=1).tolist() == pytest.approx(found["change"].tolist(), abs=0.01)
    for same in (shuffled(ledger, seed), known_by(ledger, end)):
        pd.testing.assert_frame_equal(currency_effect(same, start, end), found)
    more = scaled(ledger, 10)
    more = replace(more, items=more.items.assign(currency_amount=more.items["currency_amount"] * 10))
    tenfold = currency_effect(more, start, end)
    assert tenfold["change"].tolist() == pytest.approx((found["change"] * 10).tolist(), abs=0.05)
    assert tenfold["rate_effect"].tolist() == pytest.approx((found["rate_effect"] * 10).tolist(), rel=1e-3, abs=0.05)
