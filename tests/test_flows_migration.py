"""The migration matrix and the roll rates: worked examples H1 and H3, and the ageing on both sides."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.measures.aging import aged_balance_history
from arlib.measures.flows import migration_matrix, roll_rates

YEARS = ("2023-01-01", "2025-12-31")
OPEN = ["disputed", "not_due", "1-30", "31-60", "61-90", "91+", "no_due_date", "unapplied"]
MOVED = """
    customer | kind        | issued     | due        | amount   | pays  | disputed
    A        | invoice     | 2024-01-01 | 2024-01-31 |  1000.00 |       |
    A        | invoice     | 2024-01-01 | 2024-01-31 |   800.00 |       |
    A        | invoice     | 2024-01-01 | 2024-04-30 |   500.00 |       | yes
    A        | invoice     | 2024-01-01 |            |   250.00 |       |
    B        | invoice     | 2023-10-01 | 2023-10-31 |   400.00 |       |
    B        | payment     | 2024-01-15 |            |   -90.00 |       |
    A        | payment     | 2024-03-10 |            |  -600.00 | 1     |
    A        | credit_note | 2024-03-11 |            |  -100.00 | 2     |
    B        | write_off   | 2024-03-12 |            |  -150.00 | 5     |
    B        | invoice     | 2024-03-20 | 2024-03-30 |    70.00 |       |
    B        | transfer    | 2024-03-25 |            |   -50.00 | 5     |
    A        | payment     | 2024-03-28 |            |   -30.00 |       |
    """


def test_where_each_bucket_went_by_hand():
    """From 29 February to 31 March 2024: both invoices due on 31 January go from 1-30 to 31-60."""
    ledger = ledger_of(MOVED, covers=YEARS)
    matrix = migration_matrix(ledger, "2024-02-29", "2024-03-31").set_index("at_start")
    late = matrix.loc["1-30"]
    assert (late["paid"], late["credited"], late["31-60"], late["total"]) == (600.0, 100.0, 1100.0, 1800.0)
    oldest = matrix.loc["91+"]
    assert (oldest["written_off"], oldest["moved"], oldest["91+"]) == (150.0, 50.0, 200.0)
    assert matrix.loc["not_due", "disputed"] == 500.0
    assert matrix.loc["no_due_date", "no_due_date"] == 250.0
    assert matrix.loc["unapplied", "unapplied"] == -90.0
    assert (matrix.loc["new", "1-30"], matrix.loc["new", "unapplied"]) == (70.0, -30.0)


def test_a_credit_of_the_start_that_was_matched_since_is_applied():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | payment | 2024-01-15 |            | -100.00 | 2
        A        | invoice | 2024-03-10 | 2024-04-10 |   60.00 |
        """,
        covers=YEARS,
    )
    matrix = migration_matrix(ledger, "2024-02-29", "2024-03-31").set_index("at_start")
    assert (matrix.loc["unapplied", "applied"], matrix.loc["unapplied", "unapplied"]) == (-60.0, -40.0)
    assert matrix.loc["new", "paid"] == 60.0


@pytest.mark.parametrize(("late", "bucket"), [(0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (91, "91+")])
def test_bounds_are_those_of_the_aged_balance(late, bucket):
    """Trap 9: inclusive on both sides."""
    ledger = ledger_of("customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-01-31|10", covers=YEARS)
    start = pd.Timestamp("2024-01-31") + pd.Timedelta(days=late)
    matrix = migration_matrix(ledger, start, start + pd.Timedelta(days=1)).set_index("at_start")
    assert matrix.loc[bucket, "total"] == 10.0


@given(ledgers(), st.booleans(), st.sampled_from([(30, 60, 90), (15,), (10, 45)]))
def test_rows_are_the_ageing_at_the_start_and_columns_at_the_end(ledger, disputes, bounds):
    if disputes:
        items = ledger.items.assign(disputed=ledger.items["item_id"] % 2 == 0)
        ledger = Ledger(items, ledger.matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)
    start, end = pd.Timestamp("2023-06-30"), pd.Timestamp("2023-10-31")
    matrix = migration_matrix(ledger, start, end, bounds=bounds).set_index("at_start")
    first = aged_balance_history(ledger, [start], bounds=bounds).iloc[0]
    last = aged_balance_history(ledger, [end], bounds=bounds, disputed_apart=True).iloc[0]
    rows = [name for name in matrix.index if name != "new"]
    columns = [name for name in matrix if name in last and name != "total"]
    assert len(columns) == len(bounds) + 5
    assert matrix.loc[rows, "total"].tolist() == pytest.approx(first[rows].tolist(), abs=0.02)
    assert matrix[columns].sum().tolist() == pytest.approx(last[columns].tolist(), abs=0.02)
    assert matrix.drop(columns="total").sum(axis=1).tolist() == pytest.approx(matrix["total"].tolist(), abs=0.02)


def test_the_sample_moves_from_its_ageing_to_its_ageing():
    ledger = sample_ledger("negoce")
    matrix = migration_matrix(ledger, "2024-12-31", "2025-01-31").set_index("at_start")
    last = aged_balance_history(ledger, ["2025-01-31"], disputed_apart=True).iloc[0]
    assert matrix[OPEN].sum().tolist() == pytest.approx(last[OPEN].tolist(), abs=0.05)
    assert matrix["paid"].sum() > 0


@settings(max_examples=20)
@given(ledgers(), st.integers(0, 9))
def test_matrix_order_future_and_scale(ledger, seed):
    days = "2023-06-30", "2023-10-31"
    matrix = migration_matrix(ledger, *days)
    pd.testing.assert_frame_equal(migration_matrix(shuffled(ledger, seed), *days), matrix)
    pd.testing.assert_frame_equal(migration_matrix(known_by(ledger, days[1]), *days), matrix)
    numbers = matrix.select_dtypes("number")
    larger = migration_matrix(scaled(ledger, 4), *days).select_dtypes("number")
    assert np.allclose(larger, numbers * 4, atol=0.01)


def test_a_period_must_go_forward_and_bounds_increase():
    ledger = ledger_of(MOVED, covers=YEARS)
    with pytest.raises(ArlibError, match="ends before it begins"):
        migration_matrix(ledger, "2024-03-31", "2024-03-31")
    with pytest.raises(ArlibError, match="increasing bounds"):
        migration_matrix(ledger, "2024-02-29", "2024-03-31", bounds=(60, 30))
    with pytest.raises(ArlibError, match="two dates or more"):
        roll_rates(ledger, ["2024-03-31"])


PROVISION = """
    customer | kind    | issued     | due        | amount     | pays
    A        | invoice | 2024-01-01 | 2024-01-31 | 100000.00  |
    A        | payment | 2024-01-31 |            | -50000.00  | 1
    A        | payment | 2024-03-01 |            | -27000.00  | 1
    A        | payment | 2024-03-02 |            | -15000.00  | 1
    A        | payment | 2024-04-30 |            |  -6000.00  | 1
    """


def test_the_roll_rates_of_a_provision_matrix():
    """H1 and H3: 100,000 sold, 50,000 unpaid when due, then 23,000, 8,000 and 2,000 reach the later buckets.

    Paid on 1 March, 30 days late: the 27,000 never reached 31-60; the 15,000 of 2 March, 31 days late, did.
    """
    table = roll_rates(ledger_of(PROVISION, covers=YEARS), ["2023-12-31", "2024-12-31"])
    assert list(table) == ["start", "end", "bucket", "balance", "reached", "roll_rate", "loss_rate"]
    assert table["bucket"].tolist() == ["not_due", "1-30", "31-60", "61-90"]
    assert table["balance"].tolist() == [100_000, 50_000, 23_000, 8_000]
    assert table["roll_rate"].tolist() == pytest.approx([0.50, 0.46, 0.347826, 0.25], abs=1e-6)
    assert table["loss_rate"].tolist() == pytest.approx([0.02, 0.04, 0.086957, 0.25], abs=1e-6)
    assert table["roll_rate"].prod() == pytest.approx(0.02)


def test_each_balance_counts_once_whatever_the_length_of_the_months():
    """By month, by week or over the year, the same balances left their buckets."""
    ledger = sample_ledger("negoce")
    spans = [pd.date_range("2024-01-01", "2024-12-29", freq=freq) for freq in ("52W-MON", "W-SUN")]
    ends = [pd.Timestamp("2023-12-31"), pd.Timestamp("2024-12-29")]
    whole = roll_rates(ledger, ends).set_index("bucket")
    weeks = roll_rates(ledger, [ends[0], *spans[1], ends[1]]).groupby("bucket")[["balance", "reached"]].sum()
    for column in ("balance", "reached"):  # a credit note of a later week takes back what an earlier one had counted
        assert weeks[column].to_dict() == pytest.approx(whole[column].to_dict(), rel=0.02)


@pytest.mark.parametrize(
    ("kind", "balance", "rate"),
    [("write_off", 1000.0, 1.0), ("credit_note", 400.0, 1.0), ("transfer", 400.0, 1.0), ("payment", 1000.0, 0.4)],
)
def test_what_settles_a_balance_is_not_always_a_payment(kind, balance, rate):
    """A write-off of 600 rolls on as unpaid; a credit note or a transfer (trap 19) leaves both sides; cash stops it."""
    ledger = ledger_of(
        f"""
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2024-01-01 | 2024-01-31 | 1000.00 |
        A        | {kind}  | 2024-02-10 |            | -600.00 | 1
        """,
        covers=YEARS,
    )
    row = roll_rates(ledger, ["2024-01-31", "2024-12-31"]).set_index("bucket").loc["1-30"]
    assert (row["balance"], row["roll_rate"]) == (balance, pytest.approx(rate))


def test_what_would_roll_after_the_ledger_ends_is_not_counted():
    """A file that stops on 15 March 2024 does not say who paid in April."""
    ledger = ledger_of(PROVISION, covers=("2024-01-01", "2024-03-15"))
    table = roll_rates(ledger, ["2024-01-01", "2024-12-31"]).set_index("bucket")
    assert table["balance"].to_dict() == {"not_due": 100_000, "1-30": 50_000, "31-60": 0, "61-90": 0}
    assert table["loss_rate"].isna().all()


def test_a_bucket_that_lets_nothing_through_loses_nothing():
    """All paid within 30 days of due: nothing reached 31-60, which has no rate; the loss of 1-30 is 0 all the same."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2024-01-01 | 2024-01-31 | 1000.00 |
        A        | payment | 2024-02-10 |            | -1000.00 | 1
        """,
        covers=YEARS,
    )
    table = roll_rates(ledger, ["2023-12-31", "2024-12-31"]).set_index("bucket")
    assert table["roll_rate"].to_dict() == pytest.approx(
        {"not_due": 1.0, "1-30": 0.0, "31-60": np.nan, "61-90": np.nan}, nan_ok=True
    )
    assert table["loss_rate"].tolist()[:2] == [0.0, 0.0]


@settings(max_examples=20)
@given(ledgers(), st.integers(0, 9))
def test_rates_are_shares_parts_add_up_and_the_future_changes_nothing(ledger, seed):
    days = pd.date_range("2023-01-31", "2023-12-31", freq="ME")
    parts, whole = roll_rates(ledger, days, by="customer_id"), roll_rates(ledger, days)
    assert list(parts)[:4] == ["customer_id", "start", "end", "bucket"]
    summed = parts.groupby(["start", "end", "bucket"], sort=False)[["balance", "reached"]].sum()
    assert np.allclose(summed, whole[["balance", "reached"]], atol=0.02)
    assert whole["roll_rate"].dropna().between(0, 1 + 1e-9).all()
    pd.testing.assert_frame_equal(roll_rates(shuffled(ledger, seed), days), whole)
    pd.testing.assert_frame_equal(roll_rates(known_by(ledger, days[-1]), days), whole)
    past = whole[whole["end"] <= days[5]].reset_index(drop=True)
    pd.testing.assert_frame_equal(roll_rates(ledger, days[:6]), past)
    larger = roll_rates(scaled(ledger, 4), days)
    assert np.allclose(larger["balance"], whole["balance"] * 4, atol=0.01)
    assert np.allclose(larger["roll_rate"], whole["roll_rate"], equal_nan=True)
