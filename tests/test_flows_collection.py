"""Collection effectiveness, the collection rates and turnover: examples E1 to E4, A5, B1 and B3, and trap 7."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, scaled, shuffled

from arlib.errors import ArlibError
from arlib.measures.flows import (
    billing_collection_rate,
    collection_effectiveness,
    due_collection_rate,
    monthly_collection_effectiveness,
    opening_collection_rate,
    overdue_collection_rate,
    receivables_turnover,
)

COVERS = ("2023-01-01", "2024-12-31")
MEASURES = (
    *(collection_effectiveness, monthly_collection_effectiveness, due_collection_rate, opening_collection_rate),
    *(overdue_collection_rate, billing_collection_rate, receivables_turnover),
)


def unmatched(opening, sales, closing, not_due):
    """As `settled`, its payment matched with nothing."""
    paid = opening + sales - closing
    return ledger_of(
        f"""
        customer | kind    | issued     | due        | amount
        A        | invoice | 2023-11-30 | 2023-12-30 | {opening}
        A        | invoice | 2024-01-15 | 2024-02-15 | {sales - not_due}
        A        | invoice | 2024-01-31 | 2025-01-31 | {not_due}
        A        | payment | 2024-03-31 |            | {-paid}
        """,
        covers=COVERS,
    )


def settled(opening, sales, closing, not_due):
    """A ledger of these balances: owed on 2023-12-31, sold since, owed on 2024-03-31 and not due then."""
    paid = opening + sales - closing
    return ledger_of(
        f"""
        customer | kind    | issued     | due        | amount                           | pays
        A        | invoice | 2023-11-30 | 2023-12-30 | {opening}                        |
        A        | invoice | 2024-01-15 | 2024-02-15 | {sales - not_due}                |
        A        | invoice | 2024-03-01 | 2024-05-31 | {not_due}                        |
        A        | payment | 2024-03-15 |            | {-paid}                          | 1,2
        """,
        covers=COVERS,
    )


def test_collection_effectiveness_of_gaviti():
    """E1: opening 100,000, sales 1,000,000, closing 120,000 of which 100,000 not due: 98 %."""
    figure = collection_effectiveness(settled(100_000, 1_000_000, 120_000, 100_000), "2023-12-31", "2024-03-31")
    assert figure == pytest.approx(0.98)
    assert [figure.inputs[name] for name in ("opening", "sales", "closing", "not_due")] == [1e5, 1e6, 1.2e5, 1e5]


def test_two_variants_on_the_same_data_and_their_names():
    """E2 and E2b: 55.93 % with an average month's sales, 79.6 % with the quarter's; each says which it is (trap 7)."""
    ledger = settled(6_200, 10_890, 6_340, 3_590)
    monthly = monthly_collection_effectiveness(ledger, "2023-12-31", "2024-03-31")
    plain = collection_effectiveness(ledger, "2023-12-31", "2024-03-31")
    assert monthly == pytest.approx(0.5593, abs=5e-5)
    assert plain == pytest.approx(0.796, abs=5e-4)
    assert (monthly.inputs["variant"], plain.inputs["variant"]) == ("monthly_average", "whole_period")
    assert (monthly.inputs["months"], monthly.inputs["sales"]) == (3, 10_890)
    assert "average month" in str(monthly.formula)
    assert "mois moyen" in monthly.formula.text("fr")
    assert "whole period" in str(plain.formula)


def test_past_due_is_not_what_is_current():
    """E3: 50,000 + 200,000 - 40,000 over 50,000 + 200,000 - 10,000 is 87.5 %, where the page prints 96 %."""
    figure = collection_effectiveness(settled(50_000, 200_000, 40_000, 10_000), "2023-12-31", "2024-03-31")
    assert figure == pytest.approx(0.875)
    assert figure != pytest.approx(0.96, abs=0.05)


def test_the_formula_of_a_glossary_is_not_ours():
    """E4: (100,000 - 80,000) / (100,000 - 50,000) is 40 %; with 50,000 not due, ours is 70,000 / 100,000."""
    figure = collection_effectiveness(settled(100_000, 50_000, 80_000, 50_000), "2023-12-31", "2024-03-31")
    assert figure == pytest.approx(70_000 / 100_000)
    assert figure != pytest.approx(0.4, abs=0.1)


def test_not_due_is_not_under_thirty_days_old():
    """An invoice ten days old and overdue could be collected; one a hundred days old and not due could not (trap 8)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2023-12-22 | 2024-06-30 | 300.00
        A        | invoice | 2024-03-21 | 2024-03-25 | 100.00
        """,
        covers=COVERS,
    )
    figure = collection_effectiveness(ledger, "2023-12-31", "2024-03-31")
    assert figure.inputs["not_due"] == 300.0
    assert figure == 0.0  # of the 100 that could be collected, nothing was


def test_more_than_all_is_said_to_come_from_unapplied_credits():
    figure = collection_effectiveness(unmatched(1_000, 1_000, 500, 900), "2023-12-31", "2024-03-31")
    assert figure == pytest.approx(1_500 / 1_100)
    assert "1,500.00" in str(figure.note)  # the payment nobody matched


def test_a_receivable_that_grows_beyond_sales_is_said():
    """A cheque of 300 came back: 1,000 owed, nothing sold, 1,300 owed."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2023-11-30 | 2023-12-30 | 1000.00
        A        | payment | 2024-01-15 |            |  300.00
        """,
        covers=COVERS,
    )
    figure = collection_effectiveness(ledger, "2023-12-31", "2024-01-31")
    assert figure == pytest.approx(-0.3)
    assert "300.00" in str(figure.note)


RATES = """
    customer | kind        | issued     | due        | amount  | pays
    A        | invoice     | 2023-11-01 | 2023-12-01 | 1000.00 |
    A        | invoice     | 2023-12-20 | 2024-01-20 |  600.00 |
    A        | invoice     | 2024-01-05 | 2024-01-25 |  400.00 |
    A        | invoice     | 2024-01-10 | 2024-03-10 |  500.00 |
    A        | payment     | 2023-12-28 |            | -200.00 | 1
    A        | payment     | 2024-01-15 |            | -300.00 | 1
    A        | payment     | 2024-01-21 |            | -450.00 | 2
    A        | credit_note | 2024-01-22 |            | -100.00 | 2
    A        | payment     | 2024-01-30 |            | -100.00 | 4
    A        | payment     | 2024-02-03 |            | -400.00 | 3
    """


@pytest.mark.parametrize(
    ("measure", "cash", "base"),
    [
        # Due by 31 January: 800 carried over, 600 less 100 credited, 400 billed since; paid on them: 300 and 450.
        (due_collection_rate, 750.0, 1700.0),
        # Open on 31 December: 800 and 600, less 100 credited.
        (opening_collection_rate, 750.0, 1300.0),
        # Overdue on 31 December: 800.
        (overdue_collection_rate, 300.0, 800.0),
        # Every payment of January, 850, over the sales of January, 900 less 100.
        (billing_collection_rate, 850.0, 800.0),
    ],
)
def test_each_collection_rate_on_one_ledger(measure, cash, base):
    figure = measure(ledger_of(RATES, covers=COVERS), "2023-12-31", "2024-01-31")
    assert figure == pytest.approx(cash / base)
    assert figure.inputs["cash"] == cash


def test_the_variants_of_the_collection_rate_name_themselves():
    ledger = ledger_of(RATES, covers=COVERS)
    figures = [measure(ledger, "2023-12-31", "2024-01-31") for measure in MEASURES[:-1]]
    assert len({figure.inputs["variant"] for figure in figures}) == len(figures)
    assert len({figure.formula.key for figure in figures}) == len(figures)


@pytest.mark.parametrize(
    ("opening", "closing", "sales", "turnover"),
    [
        (328_800, 328_800, 4_192_200, 12.75),  # A5
        (335_000, 335_000, 6_205_000, 18.52),  # B1
        (3_495, 4_415, 35_657, 9.02),  # B3
    ],
)
def test_turnover(opening, closing, sales, turnover):
    """A5, B1 and B3; the days are 28.63, 19.71 and, with the turnover in full, 40.485."""
    ledger = ledger_of(
        f"""
        customer | kind    | issued     | due        | amount                         | pays
        A        | invoice | 2022-12-31 | 2023-01-30 | {opening}                      |
        A        | invoice | 2023-06-30 | 2023-07-30 | {sales}                        |
        A        | payment | 2023-12-31 |            | {closing - opening - sales}    | 1,2
        """,
        covers=("2022-12-31", "2023-12-31"),
    )
    figure = receivables_turnover(ledger, "2022-12-31", "2023-12-31")
    assert figure == pytest.approx(turnover, abs=0.005)
    assert 365 / figure == pytest.approx((opening + closing) / 2 / sales * 365)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("start", "end"), [("2022-12-31", "2023-12-31"), ("2024-09-30", "2025-03-31")])
def test_a_period_the_ledger_does_not_cover_has_no_figure(measure, start, end):
    figure = measure(ledger_of(RATES, covers=COVERS), start, end)
    assert np.isnan(figure)
    assert figure.note is not None


@pytest.mark.parametrize("measure", MEASURES)
def test_a_period_that_ends_before_it_begins_is_refused(measure):
    with pytest.raises(ArlibError, match="ends before it begins"):
        measure(ledger_of(RATES, covers=COVERS), "2024-01-31", "2023-12-31")


@pytest.mark.parametrize(("start", "end"), [("2024-01-01", "2024-01-31"), ("2024-01-10", "2024-03-11")])
def test_a_monthly_average_needs_whole_months(start, end):
    with pytest.raises(ArlibError, match="whole number of months"):
        monthly_collection_effectiveness(ledger_of(RATES, covers=COVERS), start, end)


@pytest.mark.parametrize(("start", "end", "months"), [("2024-01-31", "2024-02-29", 1), ("2024-01-10", "2024-03-10", 2)])
def test_months_from_end_to_end_or_from_day_to_day(start, end, months):
    figure = monthly_collection_effectiveness(ledger_of(RATES, covers=COVERS), start, end)
    assert figure.inputs["months"] == months


def test_what_was_sold_is_what_entered_the_accounts():
    """An invoice of December booked in January was not owed on 31 December: it explains the balance of January."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | booked     | due        | amount | pays
        A        | invoice | 2023-12-30 | 2024-01-02 | 2024-01-10 | 100.00 |
        A        | payment | 2024-01-12 | 2024-01-12 |            | -40.00 | 1
        """,
        covers=COVERS,
    )
    assert collection_effectiveness(ledger, "2023-12-31", "2024-01-31") == pytest.approx(0.4)


@settings(max_examples=15)
@given(ledgers(), st.integers(0, 9))
def test_order_future_and_scale(ledger, seed):
    """Every measure of a period (property tests of DESIGN 6)."""
    start, end = pd.Timestamp("2023-03-31"), pd.Timestamp("2023-09-30")
    for measure in MEASURES:
        figure = measure(ledger, start, end)
        for other in (shuffled(ledger, seed), known_by(ledger, end), scaled(ledger, 4)):
            assert measure(other, start, end) == pytest.approx(figure, nan_ok=True, rel=1e-6), measure


@given(ledgers())
def test_collected_is_what_explains_the_balance(ledger):
    """Without write-offs, opening + sales - closing is the cash, whatever was matched with what."""
    start, end = pd.Timestamp("2023-03-31"), pd.Timestamp("2023-12-31")
    inputs = collection_effectiveness(ledger, start, end).inputs
    items = ledger.items
    entered = items["booked_on"].between(start, end, inclusive="right") & (items["kind"] == "payment")
    cash = -items.loc[entered, "amount"].sum()
    assert inputs["opening"] + inputs["sales"] - inputs["closing"] == pytest.approx(cash, abs=0.02)


@given(ledgers())
def test_shares_of_debts_are_shares(ledger):
    for measure in (due_collection_rate, opening_collection_rate, overdue_collection_rate):
        figure = measure(ledger, "2023-03-31", "2023-12-31")
        assert np.isnan(figure) or -1e-9 <= figure <= 1 + 1e-9


def test_what_is_not_known_prints_no_numbers():
    """Before the ledger nothing is known to be 0.00: the formula stands alone."""
    small = ledger_of("customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-02-01|10\nA|payment|2024-06-01||-10")
    for measure in (
        *(collection_effectiveness, monthly_collection_effectiveness, due_collection_rate, opening_collection_rate),
        *(overdue_collection_rate, billing_collection_rate, receivables_turnover),
    ):
        figure = measure(small, "2023-01-31", "2023-03-31")
        assert np.isnan(figure)
        assert not any(character.isdigit() for language in ("en", "fr") for character in figure.formula.text(language))


def test_two_signs_never_meet_in_a_formula():
    """A credit note of 50 is all that was sold: it is added in brackets."""
    small = ledger_of(
        "customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-01-11|100\nA|credit_note|2024-02-15||-50\n"
        "A|invoice|2024-04-10|2024-05-01|1"
    )
    text = collection_effectiveness(small, "2024-01-31", "2024-02-29").formula.text("fr")
    assert "+ (−50,00) vendus" in text
    assert "+ −" not in text
    assert "− −" not in text
