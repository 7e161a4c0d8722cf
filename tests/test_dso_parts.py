"""What a DSO is made of: by due date, dispute, customer and invoice (worked_examples.md, D, F5 and M1)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import ledger_of, ledgers, sample_ledger, shuffled

from arlib.measures.dso import (
    best_possible_dso,
    delinquent_dso,
    disputed_dso,
    dso,
    dso_contributions,
    dso_split,
    extended_dso,
    sales_weighted_dso,
    true_dso,
)

JUNE = """
    customer | kind    | issued     | due        | amount | disputed
    A        | invoice | 2024-06-10 | 2024-07-10 |  4000  |
    A        | invoice | 2024-06-05 | 2024-06-20 |  6000  | yes
    B        | invoice | 2024-04-05 | 2024-05-05 |  5000  |
    """
COVERS = ("2024-01-01", "2024-06-30")


def june():
    return ledger_of(JUNE, covers=COVERS)


def test_not_due_and_overdue_days():
    """D1, creditguru: 15,000 owed, 4,000 not due, 10,000 sold over 30 days: 45 days, of which 12 and 33."""
    ledger = june()
    assert dso(ledger, "2024-06-30", days=30) == 45.0
    assert best_possible_dso(ledger, "2024-06-30", days=30) == 12.0
    assert delinquent_dso(ledger, "2024-06-30", days=30) == 33.0


def test_more_owed_than_sold_in_the_window_is_told():
    """15,000 owed and 10,000 sold in 30 days: 45 days over a window of 30, part of them from before it."""
    paid = JUNE + "B | payment | 2024-06-29 | | -1000 |"
    assert "older than the window" in str(dso(ledger_of(paid, covers=COVERS), days=30).note)
    assert best_possible_dso(ledger_of(paid, covers=COVERS), days=30).note is None


def test_an_invoice_of_the_month_may_be_overdue():
    """Trap 8: 10,000 are less than 30 days old, which are 30 days; 4,000 are not due. Due on the day is not due."""
    ledger = june()
    assert best_possible_dso(ledger, "2024-06-30", days=30).inputs["not_due"] == 4_000.0
    assert best_possible_dso(ledger, "2024-06-20", days=30).inputs["not_due"] == 10_000.0
    assert best_possible_dso(ledger, "2024-06-21", days=30).inputs["not_due"] == 4_000.0


def test_days_granted_beyond_the_terms():
    """D3: 12 days not due less terms of (4,000 × 30 + 6,000 × 15) / 10,000 = 21 days: -9; delinquent = DSO - 12."""
    figure = extended_dso(june(), "2024-06-30", days=30)
    assert figure == pytest.approx(-9.0)
    assert figure.inputs["terms"] == pytest.approx(21.0)
    assert dso(june(), days=30) - best_possible_dso(june(), days=30) == delinquent_dso(june(), days=30)


def test_terms_without_a_due_date_are_counted_and_told():
    table = """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-06-10 |            |  4000
        """
    figure = extended_dso(ledger_of(table, covers=COVERS), days=30)
    assert math.isnan(figure)
    assert figure.inputs["undated"] == 4_000.0
    assert "due date" in str(figure.note)


def test_disputed_days_lie_within_the_others():
    """6,000 of 10,000 sold over 30 days: 18 days, all overdue."""
    figure = disputed_dso(june(), days=30)
    assert (figure, figure.inputs["not_due"], figure.inputs["overdue"]) == (18.0, 0.0, 6_000.0)
    assert dso_split(june(), days=30)["disputed_days"].tolist() == [0.0, 18.0, 0.0, 0.0]


def test_the_parts_name_what_has_no_due_date_and_what_is_not_applied():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-06-10 | 2024-07-10 |  4000
        A        | invoice | 2024-06-11 |            |  1000
        A        | payment | 2024-06-20 |            |  -500
        """,
        covers=COVERS,
    )
    split = dso_split(ledger, days=30).set_index("part")["days"]
    assert split.to_dict() == {"not_due": 24.0, "overdue": 0.0, "no_due_date": 6.0, "unapplied": -3.0}
    assert split.sum() == dso(ledger, days=30) == 27.0


def test_true_dso_weighs_every_open_invoice_by_its_age():
    """F5: 20 × 4,000/10,000 + 25 × 6,000/10,000 + 86 × 5,000/5,000 = 8 + 15 + 86 = 109."""
    assert true_dso(june(), "2024-06-30") == pytest.approx(109.0)


def test_sales_weighted_dso_counts_the_days_of_the_months_that_are_open():
    """June and April wholly open: 30 + 30 days; on 15 June the month in progress has 15."""
    assert sales_weighted_dso(june(), "2024-06-30") == pytest.approx(60.0)
    assert sales_weighted_dso(june(), "2024-06-15") == pytest.approx(45.0)


@pytest.mark.parametrize("measure", [true_dso, sales_weighted_dso])
def test_what_no_month_stands_for_is_told(measure):
    """An opening of 700 and a receipt of 200 not applied are in no month of sales."""
    extra = "A | opening | 2024-01-01 | | 700 |\n B | payment | 2024-06-29 | | -200 |"
    figure = measure(ledger_of(JUNE + extra, covers=COVERS), "2024-06-30")
    assert figure == pytest.approx(float(measure(june(), "2024-06-30")))
    assert figure.inputs["outside"] == 500.0
    assert "500.00 owed cannot be set against" in str(figure.note)
    only = ledger_of("customer | kind | issued | due | amount\n A | opening | 2024-01-01 | | 700", covers=COVERS)
    assert math.isnan(measure(only, "2024-01-02"))


def test_an_invoice_of_a_month_whose_credit_notes_exceed_it_cannot_be_weighed():
    ledger = ledger_of(
        """
        customer | kind        | issued     | due        | amount
        A        | invoice     | 2024-05-10 | 2024-06-09 |  400
        B        | credit_note | 2024-05-11 |            | -900
        A        | invoice     | 2024-06-10 | 2024-07-10 | 9300
        """,
        covers=COVERS,
    )
    figure = sales_weighted_dso(ledger, "2024-06-30")
    assert (figure, figure.inputs["outside"]) == (30.0, -500.0)


def test_what_each_customer_adds_is_in_the_company_s_days():
    """M1, year 0: sales 600 and 400 over 100 days, own DSO 40 and 70: 24 and 28 of 52 days."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-05-10 | 2024-06-09 |  600   |
        A        | payment | 2024-06-10 |            | -360   | 1
        B        | invoice | 2024-05-10 | 2024-06-09 |  400   |
        B        | payment | 2024-06-10 |            | -120   | 3
        """,
        covers=COVERS,
    )
    parts = dso_contributions(ledger, days=100)
    assert parts[["customer_id", "days", "own_dso"]].to_numpy().tolist() == [["B", 28.0, 70.0], ["A", 24.0, 40.0]]
    assert parts["days"].sum() == dso(ledger, days=100) == 52.0


def test_the_mean_of_customers_dso_is_not_the_company_s():
    """Trap 39: the contributions add up; the mean of the customers' own DSOs is another number."""
    ledger = sample_ledger("negoce")
    parts = dso_contributions(ledger)
    assert parts["days"].sum() == pytest.approx(float(dso(ledger)))
    assert abs(parts["own_dso"].mean() - dso(ledger)) > 1


def test_contributions_by_several_columns_and_without_a_figure():
    ledger = sample_ledger("negoce")
    parts = dso_contributions(ledger, "2025-06-30", by=["segment", "country"])
    assert list(parts)[:2] == ["segment", "country"]
    assert parts["days"].sum() == pytest.approx(float(dso(ledger, "2025-06-30")))
    early = dso_contributions(ledger, "2023-02-10")
    assert early[["days", "own_dso"]].isna().all().all()


@settings(max_examples=20)
@given(ledgers(), st.sampled_from(["2023-09-30", "2024-01-15", "2024-05-31"]), st.integers(0, 9))
def test_parts_add_up(ledger, day, seed):
    figure = float(dso(ledger, day))
    split, customers = dso_split(ledger, day), dso_contributions(ledger, day)
    assert split["amount"].sum() == pytest.approx(dso(ledger, day).inputs["receivable"], abs=0.01)
    if math.isnan(figure):
        assert split["days"].isna().all()
    else:
        assert split["days"].sum() == pytest.approx(figure, rel=1e-6, abs=1e-3)
        assert customers["days"].sum() == pytest.approx(figure, rel=1e-6, abs=1e-3)
    again = dso_split(shuffled(ledger, seed), day)
    assert np.allclose(again["amount"], split["amount"], atol=0.01)


@pytest.mark.parametrize("measure", [true_dso, sales_weighted_dso])
@pytest.mark.parametrize(("opened", "given_"), [(1_600, True), (1_700, False)])
def test_where_a_tenth_of_what_is_owed_has_no_month_there_is_no_figure(measure, opened, given_):
    """15,000 in months: beside 1,600 of openings they are over nine tenths of 16,600, beside 1,700 not of 16,700."""
    ledger = ledger_of(JUNE + f"A | opening | 2024-01-01 | | {opened} |", covers=COVERS)
    figure = measure(ledger)
    assert math.isnan(figure) is not given_
    assert f"{opened:,}.00 owed cannot be set against" in str(figure.note)
