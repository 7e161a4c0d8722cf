"""Concentration and the loss of the largest debtors, counted by hand from small ledgers."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib import ArlibError, balance, dso
from arlib.measures.concentration import concentration, effective_debtors, herfindahl, loss_of_largest

FOUR = """
    customer | kind    | issued     | due        | amount  | pays
    A        | invoice | 2024-03-05 | 2024-04-04 | 4000.00 |
    B        | invoice | 2024-02-01 | 2024-03-02 | 2000.00 |
    B        | invoice | 2024-03-20 | 2024-04-19 | 1000.00 |
    C        | invoice | 2024-01-15 | 2024-02-14 | 3000.00 |
    D        | payment | 2024-03-01 |            | -500.00 |
    E        | invoice | 2024-02-10 | 2024-03-11 |  700.00 |
    E        | payment | 2024-03-11 |            | -700.00 | 6
    A        | payment | 2024-03-30 |            | -1000.00|
    """


def known(**columns):
    """The ledger of four, with columns of its customers A to E."""
    ledger = ledger_of(FOUR, covers=("2024-01-01", "2024-03-31"))
    return replace(ledger, customers=ledger.customers.assign(**columns))


def test_debtors_are_ranked_with_shares_of_what_debtors_owe():
    """A 4,000 − 1,000 = 3,000, B 3,000, C 3,000: thirds of 9,000; D is in credit by 500 and E owes nothing."""
    found = concentration(known())
    assert found.groups["customer_id"].tolist() == ["A", "B", "C"]
    assert found.groups["name"].tolist() == ["Client A", "Client B", "Client C"]
    assert found.groups["rank"].tolist() == [1, 2, 3]
    assert found.groups["share"].tolist() == pytest.approx([1 / 3] * 3)
    assert found.groups["cumulated_share"].tolist() == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert found.top["count"].tolist() == [1, 3, 5, 10]
    assert found.top["receivable"].tolist() == [3_000.0, 9_000.0, 9_000.0, 9_000.0]
    assert found.top["share"].tolist() == pytest.approx([1 / 3, 1, 1, 1])
    assert found.hhi == pytest.approx(1 / 3)
    assert found.effective_debtors == pytest.approx(3.0)
    assert str(found.effective_debtors.formula) == "1 ÷ 0.3333 (sum of squared shares)"
    assert (found.owed, found.credits) == (9_000.0, -500.0)
    assert found.owed + found.credits == balance(known())


@pytest.mark.parametrize(
    ("amounts", "index"),
    [([5.0], 1.0), ([1.0] * 10, 0.1), ([50.0, 30.0, 20.0], 0.25 + 0.09 + 0.04), ([3.0, 1.0], 9 / 16 + 1 / 16)],
)
def test_herfindahl_is_the_sum_of_squared_shares(amounts, index):
    """1 for one debtor, 1/n for n alike; 1/HHI is the number of debtors alike (metrics.md §3.3)."""
    assert herfindahl(np.array(amounts)) == pytest.approx(index)
    assert effective_debtors(np.array(amounts)) == pytest.approx(1 / index)


def test_accounts_of_one_group_are_one_debtor_and_the_others_stand_alone():
    """A and B belong to one group; C, D and E to none: missing groups are not one debtor."""
    ledger = known(group=["Holding", "Holding", None, None, None])
    found = concentration(ledger, by="group")
    assert found.groups["group"].tolist() == ["Holding", "C"]
    assert found.groups["receivable"].tolist() == [6_000.0, 3_000.0]
    assert found.hhi == pytest.approx(4 / 9 + 1 / 9)
    assert loss_of_largest(ledger, by="group")["receivable"].tolist() == [6_000.0, 9_000.0, 9_000.0, 9_000.0]


def test_a_segment_that_is_missing_is_a_group_as_elsewhere():
    ledger = known(segment=["Retail", None, None, None, None])
    assert concentration(ledger, by="segment").groups["segment"].tolist() == ["", "Retail"]


def test_the_sentence_states_the_finding():
    assert str(concentration(known()).sentence) == (
        "The largest of 3 debtors owes 33.3% of the total: as much concentration as with 3.0 debtors of equal size."
    )
    sample = concentration(sample_ledger("negoce"))
    assert str(sample.sentence).startswith(f"The 10 largest of {len(sample.groups)} debtors owe ")
    assert "plus gros des" in sample.sentence.text("fr")


def test_one_debtor_is_told_in_the_singular():
    """One debtor; then 19,000 and 1,000: 1 / (0.95² + 0.05²) = 1.105; French counts 1,1 in the singular."""
    one = """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-03-01 | 2024-03-31 | 19000.00
        """
    alone = concentration(ledger_of(one)).sentence
    assert (str(alone), alone.text("fr")) == (
        "A single debtor owes all of the total.",
        "Un seul débiteur doit la totalité.",
    )
    two = concentration(ledger_of(one + "B | invoice | 2024-03-01 | 2024-03-31 | 1000.00")).sentence
    assert str(two).endswith("as with 1.1 debtors of equal size.")
    assert two.text("fr") == (
        "Le plus gros des 2 débiteurs doit 95,0\u00a0% du total\u00a0: "
        "la même concentration qu'avec 1,1 débiteur de même taille."
    )


@pytest.mark.parametrize("name", ["rank", "receivable", "share", "cumulated_share"])
def test_a_column_of_the_result_is_no_group(name):
    with pytest.raises(ArlibError, match=f"cannot be grouped by {name}"):
        concentration(known(**{name: list("abcde")}), by=name)


def test_nobody_owing_is_said():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due | amount
        A        | payment | 2024-03-01 |     | -500.00
        """
    )
    found = concentration(ledger)
    assert found.groups.empty
    assert math.isnan(found.hhi)
    assert math.isnan(found.effective_debtors)
    assert "No debtor owes" in str(found.sentence)
    assert found.credits == -500.0
    assert loss_of_largest(ledger)["receivable"].tolist() == [0.0] * 4
    with pytest.raises(ArlibError, match="1 or more"):
        concentration(ledger, counts=(0, 3))


def test_what_losing_the_largest_costs():
    """90 days to 31 March, from 2 January: 10,700 sold, 8,500 owed. A owes 3,000 of 4,000 not due, insured for 2,500.

    Without A: 5,500 / 6,700 × 90. Of the three, overdue: B 2,000 (due 2 March) and C 3,000 (14 February).
    """
    ledger = known(insured_limit=[2_500.0, None, 5_000.0, None, None])
    lost = loss_of_largest(ledger, counts=(1, 2, 3))
    assert lost["receivable"].tolist() == [3_000.0, 6_000.0, 9_000.0]
    assert lost["overdue"].tolist() == [0.0, 2_000.0, 5_000.0]
    assert lost["insured"].tolist() == [2_500.0, 2_500.0, 5_500.0]
    assert lost["sales"].tolist() == [4_000.0, 7_000.0, 10_000.0]
    assert lost["sales_share"].tolist() == pytest.approx([4_000 / 10_700, 7_000 / 10_700, 10_000 / 10_700])
    assert lost["dso"].tolist() == pytest.approx([8_500 / 10_700 * 90] * 3)
    assert lost["dso"][0] == dso(ledger)
    after = [5_500 / 6_700 * 90, 2_500 / 3_700 * 90, -500 / 700 * 90]
    assert lost["dso_after"].tolist() == pytest.approx(after)
    assert loss_of_largest(known())["insured"].isna().all()


def test_no_dso_after_where_there_is_none_before():
    lost = loss_of_largest(known(), "2024-02-15")  # a window from November, before the ledger
    assert lost[["sales", "sales_share", "dso", "dso_after"]].isna().all(axis=None)


@given(ledgers(), st.integers(0, 9))
def test_order_future_scale_and_inputs(ledger, seed):
    day, before = "2023-12-31", ledger.items.copy()
    found, lost = concentration(ledger, day), loss_of_largest(ledger, day)
    pd.testing.assert_frame_equal(ledger.items, before)
    assert found.owed + found.credits == pytest.approx(balance(ledger, day), abs=0.005)
    assert found.groups["receivable"].sum() == pytest.approx(found.owed, abs=0.005)
    assert not len(found.groups) or found.groups["cumulated_share"].iloc[-1] == pytest.approx(1)
    for same in (shuffled(ledger, seed), known_by(ledger, day)):
        pd.testing.assert_frame_equal(concentration(same, day).groups, found.groups)
        pd.testing.assert_frame_equal(loss_of_largest(same, day), lost)
    tenfold = concentration(scaled(ledger, 10), day)
    assert tenfold.groups["receivable"].tolist() == pytest.approx((found.groups["receivable"] * 10).tolist(), abs=0.01)
    assert float(tenfold.hhi) == pytest.approx(float(found.hhi), nan_ok=True, rel=1e-6)
