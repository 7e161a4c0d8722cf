"""Credits nobody has matched, taken as paying the oldest debts: by hand, and as ageing and reminders take them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import ledger_of, ledgers, shuffled

from arlib.law.penalties import late_penalties
from arlib.law.penalties.credits import credits_applied
from arlib.ledger import balance, open_amounts
from arlib.measures.aging.ages import Ages
from arlib.risk.provisions.exposure import exposures

PAID = """
customer | kind    | issued     | due        | amount
A        | invoice | 2024-10-31 | 2024-11-30 | 12000
A        | payment | 2024-12-01 |            | -11000
"""


def ledger(table: str):
    return ledger_of(table, covers=("2024-01-01", "2025-02-15"))


def test_interest_stops_on_the_day_of_a_payment_nobody_matched():
    """12,000 × 14.25 % × 1 day + 1,000 × (14.25 % × 30 + 13.15 % × 46) days = 4.685 + 11.712 + 16.573 = 32.970."""
    told = late_penalties(ledger(PAID), apply_credits=True)
    assert told.invoices[["interest", "indemnity", "open_amount"]].iloc[0].tolist() == [32.97, 40.0, 1000.0]
    assert told.periods["principal"].tolist() == [12000.0, 1000.0, 1000.0]
    assert told.periods["days"].tolist() == [1, 30, 46]
    assert "11,000.00 of 1 customer, count as paying the oldest debts" in " ".join(map(str, told.notes))
    assert "law.penalty.unmatched" not in {note.key for note in told.notes}


def test_matched_payments_alone_count_unless_it_is_asked():
    """J9: 344.10, and a word on the payment."""
    told = late_penalties(ledger(PAID))
    assert told.invoices["interest"].tolist() == [344.10]
    assert "law.penalty.unmatched" in {note.key for note in told.notes}


def test_the_earliest_credit_pays_the_debt_that_is_due_first():
    """300 of 5 December pay F2 (200, due 30 November) and 100 of F1; 50 of 20 December go to F1: 450 of it are open."""
    table = """
    customer | kind    | issued     | due        | amount
    A        | invoice | 2024-10-01 | 2024-12-10 | 600
    A        | invoice | 2024-10-01 | 2024-11-30 | 200
    A        | payment | 2024-12-20 |            | -50
    A        | payment | 2024-12-05 |            | -300
    B        | invoice | 2024-10-01 | 2024-11-30 | 70
    """
    made, notes = credits_applied(ledger(table), pd.Timestamp("2025-02-15"))
    rows = made.matches[["debit_id", "credit_id", "amount"]].sort_values(["credit_id", "debit_id"])
    assert rows.to_numpy().tolist() == [[1, 3, 50.0], [1, 4, 100.0], [2, 4, 200.0]]
    assert open_amounts(made, made.covers[1]).tolist() == [450.0, 0.0, 0.0, 0.0, 70.0]
    assert notes[0].values["amount"] == 350.0


def test_money_that_came_before_the_debt_leaves_only_the_rest_late():
    """1,000 × (14.25 % × 31 + 13.15 % × 46) ÷ 365 = 28.675."""
    told = late_penalties(ledger(PAID.replace("2024-12-01", "2024-06-01")), apply_credits=True)
    assert told.invoices["interest"].tolist() == [28.68]


@settings(max_examples=60, deadline=None)
@given(ledgers(), st.integers(0, 400), st.integers(0, 100))
def test_debts_are_paid_as_ageing_and_reminders_pay_them(ledger, days, seed):
    day = ledger.covers[0] + pd.Timedelta(days=days)
    made, _ = credits_applied(ledger, day)
    held = exposures(ledger, day, Ages.of("due", (365,)))
    left = open_amounts(made, day)
    expected = np.zeros(len(left))
    expected[held.item] = held.gross - held.credits
    assert left.clip(min=0) == pytest.approx(expected, abs=0.005)
    assert balance(made, day) == pytest.approx(balance(ledger, day), abs=0.005)
    again, _ = credits_applied(shuffled(ledger, seed), day)
    columns = ["debit_id", "credit_id", "amount", "matched_on"]
    one, other = (each.matches[columns].sort_values(columns, ignore_index=True) for each in (made, again))
    pd.testing.assert_frame_equal(one, other)
