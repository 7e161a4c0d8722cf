"""What became of scores since a closing, and of grades from one day to another."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by, sample_ledger

from arlib.errors import ArlibError
from arlib.ledger import balance
from arlib.risk.changes import grade_migration
from arlib.risk.facts import read_facts
from arlib.risk.score import score_customers

HEADING = "customer_id issued_on due_on amount paid_on\n"


def punctual(customer, months=range(1, 13)):
    return "\n".join(f"{customer} 2025-{month:02}-01 2025-{month:02}-19 100 2025-{month:02}-19" for month in months)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_the_change_is_the_difference_of_two_scores(seed):
    ledger = from_frame(random_invoices(seed, invoices=120))
    now = score_customers(ledger, "2025-09-30", before="2025-06-15", days_late=30).set_index("customer_id")
    then = score_customers(ledger, "2025-06-15", days_late=30).set_index("customer_id").reindex(now.index)
    known = now["score_before"].notna()
    booked = ledger.items.loc[ledger.items["booked_on"] <= "2025-06-15", "customer_id"]
    assert known.equals(pd.Series(now.index.isin(booked), now.index))
    assert (now["score_before"] == then["score"])[known].all()
    assert (now["grade_before"] == then["grade"])[known].all()
    assert (now["change"] == now["score"] - then["score"])[known].all()
    assert now.loc[~known, ["grade_before", "change"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("day", "before"), [("2025-12-31", "2025-11-30"), ("2025-12-30", "2025-11-30"), ("2025-12-01", "2025-11-30")]
)
def test_the_last_closing_is_the_end_of_the_month_before(day, before):
    told = score_customers(from_text(HEADING + punctual("A") + "\n" + punctual("B")), day)["change_reason"]
    assert told.str.contains(before).all()


def test_what_moved_a_score_most_is_said():
    """A leaves two invoices overdue since November; B has not changed; C is new; D is always 36 days late."""
    always = "\n".join(f"D 2024-{month:02}-01 2024-{month:02}-15 100 2024-{month + 1:02}-20" for month in range(1, 12))
    late = "A 2025-10-01 2025-11-20 100 -\nA 2025-10-02 2025-11-21 100 -\nC 2025-12-05 2026-01-15 100 -"
    ledger = from_text(HEADING + punctual("A") + "\n" + punctual("B") + "\n" + always + "\n" + late)
    scores = score_customers(ledger, "2025-12-31", before="2025-11-18").set_index("customer_id")
    a, new = scores.loc["A"], scores.loc["C"]
    assert a["change"] == a["score"] - a["score_before"] < -5
    assert f"{a['score']} ({a['grade']}) now" in a["change_reason"]
    assert "most of it from what it has open (" in a["change_reason"]
    assert pd.isna(new["change"])
    assert new["change_reason"] == "Nothing to compare with on 2025-11-18."
    french = score_customers(ledger, "2025-12-31", before="2025-11-18", language="fr").set_index("customer_id")
    assert "surtout par ses factures ouvertes (" in french.loc["A", "change_reason"]


def test_a_fact_learnt_since_is_the_change():
    ledger = from_text(HEADING + punctual("A") + "\n" + punctual("B"))
    told = {"customer_id": ["A"], "fact": ["procédure"], "value": ["liquidation"], "known_on": ["2025-12-10"]}
    facts = read_facts(pd.DataFrame(told), customers=ledger.customers)
    a = score_customers(ledger, "2025-12-31", facts=facts).set_index("customer_id").loc["A"]
    assert a["grade_before"] == "A"
    assert a["grade"] == "E"
    assert "most of it from external facts (" in a["change_reason"]


def test_before_anybody_paid_there_is_nothing_to_compare_with():
    ledger = from_text(HEADING + punctual("A"))
    scores = score_customers(ledger, "2025-12-31", before="2024-12-31")
    assert scores["change"].isna().all()
    assert scores["score"].notna().all()
    with pytest.raises(ArlibError, match="2025-12-31 is not before 2025-12-31"):
        score_customers(ledger, "2025-12-31", before="2025-12-31")


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_migrations_add_up_and_the_future_is_unknown(seed):
    ledger, start, end = from_frame(random_invoices(seed, invoices=120)), "2025-03-31", "2025-09-30"
    moved = grade_migration(ledger, start, end)
    assert len(moved) == 6 * 5
    items = ledger.items
    assert moved["customers"].sum() == items.loc[items["booked_on"] <= end, "customer_id"].nunique()
    known = moved[moved["grade_start"] != ""]
    assert known["customers"].sum() == items.loc[items["booked_on"] <= start, "customer_id"].nunique()
    assert moved["exposure_end"].sum() == pytest.approx(balance(ledger, end), abs=0.05)
    assert moved["exposure_start"].sum() == pytest.approx(balance(ledger, start), abs=0.05)
    assert not moved.loc[moved["grade_start"] == "", "exposure_start"].any()
    for changed in (future_changed(ledger, end), known_by(ledger, end)):
        pd.testing.assert_frame_equal(moved, grade_migration(changed, start, end), check_exact=True)


def test_migrations_are_those_of_the_scores():
    """Négoce, over a year: the counts of each pair of grades as the scores of both days have them."""
    ledger = sample_ledger("negoce")
    then, now = (score_customers(ledger, day, days_late=30).set_index("customer_id") for day in ("2024-12-31", None))
    known = ledger.items.loc[ledger.items["booked_on"] <= "2024-12-31", "customer_id"]
    first = then["grade"].where(then.index.isin(known), "")
    now = now[now.index.isin(ledger.items["customer_id"])]
    expected = pd.crosstab(first.reindex(now.index), now["grade"])
    moved = grade_migration(ledger, "2024-12-31", days_late=30)
    found = moved.pivot_table(index="grade_start", columns="grade_end", values="customers", aggfunc="sum")
    pairs = found.stack()
    assert (pairs == expected.stack().reindex(pairs.index, fill_value=0)).all()
    assert moved["grade_start"].tolist() == list(np.repeat(["A", "B", "C", "D", "E", ""], 5))
    with pytest.raises(ArlibError, match="is not before"):
        grade_migration(ledger, "2025-12-31")
