"""The eve of a ledger: a year of accounts told from its first day on, by what it opens with."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from small import ledger_of, ledgers

from arlib.errors import ArlibError
from arlib.measures.dso import average_balance_dso
from arlib.measures.flows import (
    billing_collection_rate,
    collection_effectiveness,
    due_collection_rate,
    migration_matrix,
    monthly_collection_effectiveness,
    opening_collection_rate,
    overdue_collection_rate,
    receivables_turnover,
    roll_rates,
)
from arlib.measures.opening import from_the_eve, known_from
from arlib.measures.working_capital import receivables_growth

EVE, FIRST, QUARTER, END = "2024-12-31", "2025-01-01", "2025-03-31", "2025-12-31"
YEAR = """
    customer | kind    | issued     | booked     | due        | amount   | pays
    A        | opening | 2024-11-10 | 2025-01-01 | 2024-12-10 |  1000.00 |
    A        | opening | 2024-12-15 | 2025-01-01 | 2025-01-14 |   600.00 |
    B        | opening | 2024-12-20 | 2025-01-01 |            |  -100.00 |
    A        | payment | 2025-01-10 | 2025-01-10 |            |  -900.00 | 1
    A        | payment | 2025-01-20 | 2025-01-20 |            |  -600.00 | 2
    B        | invoice | 2025-02-01 | 2025-02-01 | 2025-03-03 |  2000.00 |
    B        | payment | 2025-03-10 | 2025-03-10 |            | -1500.00 | 6
    B        | invoice | 2025-03-20 | 2025-03-20 | 2025-04-19 |   500.00 |
    B        | payment | 2025-11-30 | 2025-11-30 |            |  -400.00 | 8
    B        | invoice | 2025-12-31 | 2025-12-31 | 2026-01-30 |   300.00 |
    """


def year(table=YEAR):
    return ledger_of(table, covers=(FIRST, END))


@pytest.mark.parametrize(
    ("measure", "quarter", "whole"),
    [
        # 1,500 owed on the eve; 2,500 sold, 1,000 owed and 500 not due on 31 March: 3,000 of 3,500.
        # Over the year 2,800 sold, 900 owed and 300 not due: 3,400 of 4,000.
        (collection_effectiveness, 3000 / 3500, 3400 / 4000),
        # The sales of a month: 833.33 of the quarter, 233.33 of the year.
        (
            monthly_collection_effectiveness,
            (500 + 2500 / 3) / (1000 + 2500 / 3),
            (600 + 2800 / 12) / (1200 + 2800 / 12),
        ),
        # Due by then: 1,000, 600 and 2,000, paid 900, 600 and 1,500; over the year 500 more, 400 of them paid.
        (due_collection_rate, 3000 / 3600, 3400 / 4100),
        (opening_collection_rate, 1500 / 1600, 1500 / 1600),
        (overdue_collection_rate, 900 / 1000, 900 / 1000),
        (billing_collection_rate, 3000 / 2500, 3400 / 2800),
        (receivables_turnover, 2500 / 1250, 2800 / 1200),
        (receivables_growth, 1000 / 1500 - 1, 900 / 1500 - 1),
    ],
)
def test_the_first_quarter_and_the_whole_of_a_year_by_hand(measure, quarter, whole):
    """1,000 + 600 − 100 owed on the eve, of which 1,000 overdue."""
    assert measure(year(), EVE, QUARTER) == pytest.approx(quarter)
    assert measure(year(), EVE, END) == pytest.approx(whole)
    before = measure(year(), "2024-11-30", QUARTER)
    assert np.isnan(before)
    assert "begins on 2025-01-01" in str(before.note)


def test_a_list_without_openings_does_not_say_what_was_owed_on_its_eve():
    silent = year(YEAR.replace("opening", "invoice", 2).replace("opening", "payment"))
    for measure in (collection_effectiveness, opening_collection_rate, receivables_turnover, receivables_growth):
        assert np.isnan(measure(silent, EVE, QUARTER)), measure
        assert not np.isnan(measure(silent, FIRST, QUARTER)), measure


def test_the_turnover_of_a_period_is_its_average_balance_dso():
    """90 days ÷ 2 = 45: both take the balance of the eve from one place."""
    assert average_balance_dso(year(), QUARTER) == pytest.approx(45)
    assert 90 / receivables_turnover(year(), EVE, QUARTER) == pytest.approx(45)


def test_growth_from_the_eve_has_no_sales_to_be_compared_with():
    growth = receivables_growth(year(), EVE, QUARTER)
    assert np.isnan(growth.inputs["sales_growth"])
    assert "Sales cannot be compared. The ledger begins on 2025-01-01" in str(growth.note)


def test_openings_stand_in_their_buckets_on_the_eve():
    """Due on 10 December: 21 days late on the eve. What was sold since is new, and nothing else."""
    matrix = migration_matrix(year(), EVE, QUARTER).set_index("at_start")
    assert (matrix.loc["1-30", "paid"], matrix.loc["1-30", "91+"]) == (900.0, 100.0)
    assert (matrix.loc["not_due", "paid"], matrix.loc["not_due", "total"]) == (600.0, 600.0)
    assert matrix.loc["unapplied", "unapplied"] == -100.0
    assert matrix.loc["new", "total"] == 2500.0


def test_openings_roll_from_the_buckets_they_enter_under_our_eyes():
    """Due on 10 December, 1,000 was in 1-30 on the eve: what had been paid before is not known, and it is not counted.

    It entered 31-60 on 10 January, 31 days late, and 900 was paid on that very day: 100 left it on 9 February. The 600
    were in not_due on the eve; they entered 1-30 on 15 January, and nothing of them was left on 14 February.
    """
    table = roll_rates(year(), [EVE, "2025-02-28"]).set_index("bucket")
    assert table["balance"].to_dict() == {"not_due": 0, "1-30": 600, "31-60": 1000, "61-90": 0}
    assert table["reached"].to_dict() == {"not_due": 0, "1-30": 0, "31-60": 100, "61-90": 0}
    later = roll_rates(year(), [FIRST, "2025-02-28"]).set_index("bucket")
    assert later["balance"].to_dict() == table["balance"].to_dict()


@pytest.mark.parametrize("start", ["2024-06-30", "2024-12-30"])
def test_tables_that_begin_before_anything_is_known_are_refused(start):
    for ask in (lambda: migration_matrix(year(), start, QUARTER), lambda: roll_rates(year(), [start, FIRST, QUARTER])):
        with pytest.raises(ArlibError, match=f"what was owed on {start} is not known"):
            ask()


@pytest.mark.parametrize(
    ("opened", "covers", "known"),
    [
        ("2025-01-01", FIRST, "2024-12-31"),  # on the first day
        ("2024-12-31", "2025-01-03", "2024-12-30"),  # before the first movement: nothing moved in between
        ("2025-01-02", FIRST, FIRST),  # something may have moved before it
    ],
)
def test_where_the_eve_is(opened, covers, known):
    rows = f"customer | kind | issued | due | amount\nA | opening | {opened} | | 100\nA | invoice | 2025-01-03 | | 50"
    ledger = ledger_of(rows, covers=(covers, END))
    assert known_from(ledger) == pd.Timestamp(known)
    told = from_the_eve(ledger, pd.Timestamp(known))
    assert told.covers == (pd.Timestamp(known), pd.Timestamp(END))
    assert (told is ledger) == (known == covers)


def test_the_ledger_itself_is_not_written_and_other_days_leave_it():
    ledger = year()
    before = ledger.items.copy()
    from_the_eve(ledger, pd.Timestamp(EVE))
    pd.testing.assert_frame_equal(ledger.items, before)
    for day in ("2024-12-30", FIRST, QUARTER):
        assert from_the_eve(ledger, pd.Timestamp(day)) is ledger


@given(ledgers())
def test_without_openings_nothing_is_known_before_the_first_day(ledger):
    assert known_from(ledger) == ledger.covers[0]
    assert from_the_eve(ledger, ledger.covers[0] - pd.Timedelta(days=1)) is ledger
