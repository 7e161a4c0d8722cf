"""Cohorts: the share of a month's billing paid after so many days, known or estimated."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, of_items, sample_ledger, scaled, shuffled

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.measures.flows import cohorts

MONTH = """
    customer | kind        | issued     | due        | amount  | pays
    A        | invoice     | 2024-01-05 | 2024-02-05 | 1000.00 |
    A        | invoice     | 2024-01-31 | 2024-03-01 |  600.00 |
    B        | invoice     | 2024-01-20 | 2024-02-20 |  500.00 |
    A        | payment     | 2024-02-04 |            | -700.00 | 1
    A        | payment     | 2024-02-05 |            | -300.00 | 1
    A        | credit_note | 2024-02-10 |            | -100.00 | 2
    A        | payment     | 2024-04-30 |            | -200.00 | 2
    B        | write_off   | 2024-03-01 |            | -500.00 | 3
    """
YEARS = ("2023-01-01", "2024-12-31")


def shares(table, column="paid_share"):
    return dict(zip(table["days"], table[column], strict=True))


def test_a_month_by_hand():
    """Billed 2,100 less 100 credited; 700 paid at 30 days, 300 at 31, 200 at exactly 90; 500 lost is never paid."""
    table = cohorts(ledger_of(MONTH, covers=YEARS))
    assert list(table) == ["month", "days", "billed", "cancelled", "paid_share", "low", "high", "mature"]
    assert table["month"].unique().tolist() == [pd.Timestamp("2024-01-01")]
    assert (table["billed"].unique(), table["cancelled"].unique()) == (2000.0, 100.0)
    assert shares(table) == pytest.approx({30: 0.35, 60: 0.5, 90: 0.6, 120: 0.6})
    assert table["mature"].all()
    assert table["low"].tolist() == table["high"].tolist() == table["paid_share"].tolist()


def test_the_days_count_from_the_invoice_and_a_month_is_as_old_as_its_last_day():
    """31 January and 30 days is 1 March 2024: mature on that day, not on the day before."""
    ledger = ledger_of(MONTH, covers=YEARS)
    before, after = (shares(cohorts(ledger, day), "mature") for day in ("2024-02-29", "2024-03-01"))
    assert (before[30], after[30], after[60]) == (False, True, False)


def test_a_young_month_without_history_is_bounded_by_what_is_certain():
    """On 4 February 700 of 2,000 are paid, at 30 days, the oldest age; nobody was ever watched for 60 days."""
    table = cohorts(ledger_of(MONTH, covers=YEARS), "2024-02-04").set_index("days")
    assert table.loc[30, "billed"] == 2100.0  # the credit note of 10 February is not known yet
    assert 0.7 / 2.1 < table.loc[30, "paid_share"] < 1.0
    assert (table.loc[30, "low"], table.loc[30, "high"]) == pytest.approx((0.7 / 2.1, 1.0))
    assert np.isnan(table.loc[60, "paid_share"])
    assert (table.loc[60, "low"], table.loc[60, "high"]) == pytest.approx((0.7 / 2.1, 1.0))
    assert not table["mature"].any()


def test_a_young_month_is_completed_by_kaplan_meier():
    """January: half paid at 10 days, half at 40. February, 20 days old, half paid: the rest is due at 40 days.

    Nobody who was unpaid after 20 days was paid by 30 and all were by 40: 50 % at 30 days, 100 % at 40.
    """
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2024-01-01 | 2024-02-01 |  100.00 |
        A        | invoice | 2024-01-01 | 2024-02-01 |  100.00 |
        A        | invoice | 2024-03-01 | 2024-03-01 |  100.00 |
        A        | invoice | 2024-03-01 | 2024-03-01 |  100.00 |
        A        | payment | 2024-01-11 |            | -100.00 | 1
        A        | payment | 2024-02-10 |            | -100.00 | 2
        A        | payment | 2024-03-11 |            | -100.00 | 3
        """,
        covers=YEARS,
    )
    table = cohorts(ledger, "2024-03-21", days=(10, 30, 40)).iloc[3:]
    assert shares(table) == pytest.approx({10: 0.5, 30: 0.5, 40: 1.0})


def steady(months, seed=0):
    """Thirty invoices a month of 100, paid after 20 to 70 days, two customers, whole months."""
    rng = np.random.default_rng(seed)
    issued = np.repeat(pd.date_range("2022-01-01", periods=months, freq="MS"), 30) + pd.to_timedelta(
        rng.integers(0, 28, 30 * months), unit="D"
    )
    invoices = pd.DataFrame({"customer_id": np.tile(["A", "B"], 15 * months), "issued_on": issued, "kind": "invoice"})
    invoices["amount"], invoices["due_on"] = 100.0, issued + pd.Timedelta(days=30)
    invoices["item_id"] = np.arange(1, len(invoices) + 1)
    payments = invoices.assign(kind="payment", amount=-100.0, due_on=pd.NaT, item_id=invoices["item_id"] + 10_000)
    payments["issued_on"] = issued + pd.to_timedelta(rng.integers(20, 71, len(issued)), unit="D")
    items = pd.concat([invoices, payments], ignore_index=True)
    items["booked_on"] = items["issued_on"]
    matches = pd.DataFrame(
        {
            "debit_id": invoices["item_id"],
            "credit_id": payments["item_id"],
            "amount": 100.0,
            "matched_on": payments["issued_on"],
            "method": "official",
        }
    )
    return of_items(items, matches, covers=("2022-01-01", str(items["booked_on"].max().date())))


def test_estimates_are_without_bias_and_their_band_holds_what_came():
    """On a steady ledger, 80 % bands at thirty past days hold about 80 % of what the months became."""
    ledger = steady(36)
    became = cohorts(ledger).query("mature").set_index(["month", "days"])["paid_share"]
    told = pd.concat(cohorts(ledger, day) for day in pd.date_range("2023-03-10", "2024-09-20", periods=30))
    young = told[~told["mature"]].join(became.rename("became"), on=["month", "days"])
    whole = young[young["billed"] == 3000.0]  # the month in progress is another one once it is over
    assert len(whole) > 150
    assert (whole["paid_share"] - whole["became"]).mean() == pytest.approx(0.0, abs=0.02)
    held = whole["became"].between(whole["low"] - 1e-9, whole["high"] + 1e-9)
    assert 0.7 <= held.mean() <= 0.97
    assert (whole["high"] - whole["low"]).mean() < 0.2


def test_the_band_narrows_as_a_month_ages():
    ledger = steady(24)
    days = [pd.Timestamp("2023-07-31"), pd.Timestamp("2023-08-15"), pd.Timestamp("2023-08-29")]
    tables = [cohorts(ledger, day, days=(60,)).set_index("month").loc["2023-07-01"] for day in days]
    widths = [table["high"] - table["low"] for table in tables]
    assert widths == sorted(widths, reverse=True)


def test_a_ledger_that_stops_says_nothing_after_its_last_day():
    """Asked in 2030 of a ledger that ends in 2024, a month of December 2024 is no older than on its last day."""
    ledger = steady(24)
    pd.testing.assert_frame_equal(cohorts(ledger, "2030-01-01"), cohorts(ledger))


def test_a_group_is_completed_by_its_own_past():
    """A pays after 20 days, B after 80: of their young invoices A's are expected at 30 days and B's are not."""
    rows = ["customer | kind | issued | due | amount | pays"]
    starts = pd.date_range("2023-01-01", periods=14, freq="MS")
    for month, start in enumerate(starts):
        rows += [f"{name} | invoice | {start:%Y-%m-%d} | {start:%Y-%m-%d} | 100 |" for name in "AB"]
        for place, (name, days) in enumerate({"A": 20, "B": 80}.items()):
            paid = start + pd.Timedelta(days=days)
            rows.append(f"{name} | payment | {paid:%Y-%m-%d} | | -100 | {4 * month + place + 1}")
    table = cohorts(ledger_of("\n".join(rows)), "2024-02-05", days=(30,), by="customer_id")
    last = table[table["month"] == "2024-02-01"].set_index("customer_id")["paid_share"]
    assert last["A"] > 0.8
    assert last["B"] < 0.2


def test_a_list_without_invoice_dates_has_no_cohorts(tmp_path):
    """Its reader took the due dates in their place: days from those are no days from the invoice."""
    from arlib import read_ledger  # noqa: PLC0415 - one test only

    file = tmp_path / "paid.csv"
    file.write_text(
        "customer number;invoice;due date;amount;payment date\n"
        "A;1;2024-01-31;100,00;2024-02-15\nA;2;2024-02-29;200,00;2024-03-05\nB;3;2024-03-31;50,00;2024-05-20\n",
        encoding="utf-8",
    )
    table = cohorts(read_ledger(file))
    assert table["billed"].sum() > 0
    assert table["paid_share"].isna().all()
    assert not table["mature"].any()


@pytest.mark.parametrize("days", [(), (-1, 30)])
def test_days_that_cannot_be_are_refused(days):
    with pytest.raises(ArlibError):
        cohorts(ledger_of(MONTH), days=days)


def test_before_the_ledger_there_are_no_cohorts():
    assert cohorts(ledger_of(MONTH, covers=YEARS), "2022-06-30", by="customer_id").empty


@settings(max_examples=30)
@given(ledgers())
def test_known_shares_by_hand(ledger):
    """Each match of a payment with an invoice, one at a time."""
    table = cohorts(ledger, "2024-06-30")
    items = ledger.items.set_index("item_id")
    invoices = items[(items["kind"] == "invoice") & (items["amount"] > 0)]
    for row in table[table["mature"] & (table["billed"] > 0)].itertuples():
        month = invoices[invoices["issued_on"].dt.to_period("M").dt.to_timestamp() == row.month]
        paid = gone = 0.0
        for match in ledger.matches.itertuples():
            if match.debit_id in month.index:
                age = (match.matched_on - items.loc[match.debit_id, "issued_on"]).days
                kind = items.loc[match.credit_id, "kind"]
                paid += match.amount * (kind == "payment" and age <= row.days)
                gone += match.amount * (kind == "credit_note")
        assert row.billed == pytest.approx(month["amount"].sum() - gone, abs=0.01)
        assert row.paid_share == pytest.approx(paid / row.billed, abs=1e-6)


@settings(max_examples=50)
@given(ledgers(), st.sampled_from(["2023-06-15", "2023-12-31", "2024-03-10"]))
def test_shares_are_shares_and_grow_with_the_days(ledger, day):
    table = cohorts(ledger, day)
    for column in ("paid_share", "low", "high"):
        assert table[column].dropna().between(-1e-9, 1 + 1e-9).all()
    assert (table["low"] <= table["paid_share"] + 1e-9).where(table["paid_share"].notna(), other=True).all()
    assert (table["paid_share"] <= table["high"] + 1e-9).where(table["paid_share"].notna(), other=True).all()
    growth = table.groupby("month")["paid_share"].diff()
    assert (growth.dropna() >= -1e-9).all()


@settings(max_examples=30)
@given(ledgers())
def test_known_shares_of_groups_add_up_to_the_whole(ledger):
    whole = cohorts(ledger, "2023-12-31").set_index(["month", "days"])
    parts = cohorts(ledger, "2023-12-31", by="customer_id")
    parts["paid"] = parts["paid_share"].fillna(0.0) * parts["billed"]
    summed = parts.groupby(["month", "days"])[["billed", "cancelled", "paid"]].sum()
    assert np.allclose(summed["billed"], whole["billed"], atol=0.02)
    assert np.allclose(summed["cancelled"], whole["cancelled"], atol=0.02)
    known = whole["mature"] & (whole["billed"] > 0)
    assert np.allclose(summed["paid"][known], (whole["paid_share"] * whole["billed"])[known], atol=0.02)


@settings(max_examples=20)
@given(ledgers(), st.integers(0, 9))
def test_order_future_scale_and_inputs(ledger, seed):
    day, before = "2023-09-20", ledger.items.copy()
    table = cohorts(ledger, day, by="customer_id")
    pd.testing.assert_frame_equal(cohorts(shuffled(ledger, seed), day, by="customer_id"), table)
    pd.testing.assert_frame_equal(cohorts(known_by(ledger, day), day, by="customer_id"), table)
    larger = cohorts(scaled(ledger, 4), day, by="customer_id")
    assert np.allclose(larger["billed"], table["billed"] * 4, atol=0.01)
    assert np.allclose(larger["paid_share"], table["paid_share"], equal_nan=True)
    pd.testing.assert_frame_equal(ledger.items, before)


def test_several_columns_and_a_sample():
    """The parts of a month of the sample add up to the month, by two columns at once."""
    ledger: Ledger = sample_ledger("negoce")
    parts = cohorts(ledger, by=["segment", "terms"])
    assert list(parts)[:4] == ["segment", "terms", "month", "days"]
    assert parts.equals(parts.sort_values(["segment", "terms", "month", "days"], ignore_index=True))
    whole = cohorts(ledger).set_index(["month", "days"])["billed"]
    assert np.allclose(parts.groupby(["month", "days"])["billed"].sum(), whole, atol=0.05)


def test_one_number_of_days_is_a_list_of_one():
    negoce = sample_ledger("negoce")
    pd.testing.assert_frame_equal(cohorts(negoce, days=30), cohorts(negoce, days=(30,)))
    for wrong in (30.5, "30", (30, None), -1, ()):
        with pytest.raises(ArlibError, match="whole number"):
            cohorts(negoce, days=wrong)
