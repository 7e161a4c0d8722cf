"""A ledger as it stood on a past day."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from paid_invoices import from_text
from small import known_by as known_by_oracle
from small import ledgers

from arlib.ledger import balance, known_by, open_items

PAID_LATER = """customer_id issued_on due_on amount paid_on
A 2025-01-10 2025-02-10 100 2025-03-01
B 2025-02-20 2025-03-20 50 -
"""


def test_what_came_later_is_gone():
    """On 15 February only the first invoice is booked, not yet paid; the second came on the 20th."""
    known = known_by(from_text(PAID_LATER), "2025-02-15")
    assert known.items["amount"].tolist() == [100]
    assert known.matches.empty
    assert known.covers == (pd.Timestamp("2025-01-10"), pd.Timestamp("2025-02-15"))


def test_all_of_it_on_its_last_day_or_later():
    ledger = from_text(PAID_LATER)
    for day in (None, "2030-01-01"):
        pd.testing.assert_frame_equal(known_by(ledger, day).items, ledger.items)
        assert known_by(ledger, day).covers == ledger.covers
    assert known_by(ledger, "2024-01-01").items.empty


@given(ledgers(), st.integers(-20, 500))
def test_the_accounts_of_the_day_are_the_same(ledger, days):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)
    known, expected = known_by(ledger, day), known_by_oracle(ledger, day)
    assert balance(known, day) == balance(ledger, day)
    pd.testing.assert_frame_equal(open_items(known, day), open_items(ledger, day))
    for name in ("items", "matches"):
        pd.testing.assert_frame_equal(getattr(known, name), getattr(expected, name).reset_index(drop=True))
