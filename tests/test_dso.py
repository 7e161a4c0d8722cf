"""DSOs of what is owed in all and the count-back, against published examples (worked_examples.md, A, B and C)."""

import math
import pickle

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib import ArlibError
from arlib.measures.dso import (
    average_balance_dso,
    best_possible_dso,
    count_back,
    countback_dso,
    countback_split,
    daily_countback_dso,
    delinquent_dso,
    disputed_dso,
    dso,
    dso_contributions,
    dso_history,
    dso_methods,
    dso_split,
    extended_dso,
    life_to_date_dso,
    monthly_average_dso,
    sales_weighted_dso,
    simple_days,
    true_dso,
)
from arlib.measures.sales import sales_to


@pytest.mark.parametrize(
    ("receivable", "sales", "days", "expected", "tolerance"),
    [
        (472, 2400 + 470.4, 365, 60.02, 0.005),  # A1, finance-technique.com
        (30_000, 60_000, 90, 45.0, 1e-9),  # A2, divalto
        (20_000, 45_000, 90, 40.0, 1e-9),  # A3, financefactory.fr
        (328_800, 4_192_200, 365, 28.627, 0.001),  # A5, studyzin
        (25_000, 300_000, 90, 7.5, 1e-9),  # A7 corrected: three months of 100,000, not one
        (100_000, 140_000, 91, 65.0, 1e-9),  # A8 with the sales of its text: the page prints 52, on others
        (335_000, 6_205_000, 365, 19.706, 0.001),  # B1, gaodun
        ((3_495 + 4_415) / 2, 35_657, 365, 40.485, 0.001),  # B3: the page divides by a rounded turnover, 40.47
        (15_000, 10_000, 30, 45.0, 1e-9),  # D1, creditguru
    ],
)
def test_the_simple_formula_gives_published_results(receivable, sales, days, expected, tolerance):
    assert simple_days(receivable, sales, days) == pytest.approx(expected, abs=tolerance)


def test_tax_on_one_side_only_gives_the_known_wrong_figure():
    """472 with tax over 2,400 without it is 71.8 days (A6): what a ledger of gross amounts never yields."""
    assert simple_days(472, 2400, 365) == pytest.approx(71.8, abs=0.05)
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2023-01-02 | 2023-02-01 | 2398.4 |
        A        | payment | 2023-06-01 |            | -2398.4| 1
        A        | invoice | 2023-12-01 | 2023-12-31 |  472.0 |
        """,
        covers=("2023-01-01", "2023-12-31"),
    )
    assert dso(ledger, "2023-12-31", days=365) == pytest.approx(60.02, abs=0.005)


@pytest.mark.parametrize(
    ("receivable", "months", "expected", "tolerance"),
    [
        (2_500, [(1_200, 30), (800, 31), (700, 30)], 82.4286, 0.0001),  # C1, divalto
        (212_000, [(100_000, 30), (80_000, 30), (70_000, 30)], 73.714, 0.001),  # C3, benjipays
        (2_100_000, [(900_000, 31), (800_000, 28), (700_000, 31)], 76.714, 0.001),  # C4
        (13_000, [(2500, 30), (1750, 31), (2250, 31), (2500, 30), (2000, 31), (2250, 30)], 179.667, 0.001),  # C5
        (12_000, [(2500, 30), (1750, 31), (2250, 31), (2500, 30), (2000, 31), (2250, 30)], 166.333, 0.001),  # C5
        (20_000, [(12_500, 30), (10_000, 31), (6_000, 31)], 53.25, 1e-9),  # C7 corrected: the page prints 74
    ],
)
def test_counting_back_gives_published_results(receivable, months, expected, tolerance):
    sales, days = zip(*months, strict=True)
    assert count_back(receivable, sales, days).days == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("stop", [0.0, -50.0])
def test_counting_back_stops_at_a_month_without_sales_and_says_what_is_left(stop):
    """C6 and trap 3: never a loop, a division by zero or a silent number."""
    result = count_back(1_000, [400, stop, 900], [30, 31, 30])
    assert math.isnan(result.days)
    assert (result.remainder, result.months) == (600, 1)


def test_counting_back_stops_at_the_start_of_the_ledger():
    result = count_back(1_000, [400, 300], [30, 31])
    assert math.isnan(result.days)
    assert (result.remainder, result.months) == (300, 2)
    assert math.isnan(count_back(10, [], []).days)


def test_nothing_owed_is_zero_days_and_a_credit_balance_is_none():
    assert count_back(0, [400], [30]).days == 0.0
    assert math.isnan(count_back(-5, [400], [30]).days)


NOVEMBER = """
    customer | kind    | issued     | due        | amount | pays
    A        | invoice | 2024-08-20 | 2024-09-19 | 900.00 |
    A        | payment | 2024-09-30 |            | -700.00| 1
    A        | invoice | 2024-09-10 | 2024-10-10 | 700.00 |
    A        | invoice | 2024-10-10 | 2024-11-09 | 800.00 |
    A        | payment | 2024-11-05 |            | -400.00| 1,3
    A        | invoice | 2024-11-12 | 2024-12-12 | 1200.00|
    """


def test_a_ledger_gives_the_published_count_back():
    """2,500 owed at 30 November; 1,200, 800 and 700 sold: 82.43 days (C1), 30 + 31 + 500/700 of 30."""
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    figure = countback_dso(ledger, "2024-11-30")
    assert figure.inputs["receivable"] == 2_500.0
    assert figure == pytest.approx(82.4286, abs=0.0001)
    assert figure.note is None


def test_the_month_in_progress_counts_to_the_day_only():
    """On 15 November, 1,200 sold in 15 days, then October: 15 + 31 + 500/700 × 30 = 67.43 (trap 4)."""
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    assert countback_dso(ledger, "2024-11-15") == pytest.approx(15 + 31 + 500 / 700 * 30)


def test_the_window_is_the_days_up_to_the_day_and_no_more():
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    figure = dso(ledger, "2024-11-30", days=30)  # from 1 November
    assert figure.inputs["sales"] == 1_200.0
    assert figure == pytest.approx(2_500 / 1_200 * 30)
    assert dso(ledger, "2024-11-30", days=19).inputs["sales"] == 1_200.0  # 12 November is in
    assert math.isnan(dso(ledger, "2024-11-30", days=18))


def test_a_figure_says_why_it_is_missing_in_both_languages():
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    short = dso(ledger, "2024-09-15")
    assert math.isnan(short)
    assert "begins on 2024-08-01" in str(short.note)
    assert "commence le 01/08/2024" in short.note.text("fr")
    assert "No sales" in str(dso(ledger, "2024-12-31", days=5).note)
    with pytest.raises(ArlibError, match="window of 0 days"):
        dso(ledger, days=0)


def test_a_figure_is_a_number_that_shows_its_working():
    figure = dso(ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31")), "2024-11-30", days=60)
    assert round(figure * 2, 4) == round(2 * 2_500 / 2_000 * 60, 4)
    assert str(figure.formula) == "2,500.00 owed ÷ 2,000.00 sold over 60 days × 60"
    again = pickle.loads(pickle.dumps(figure))  # noqa: S301 - what was just written
    assert (again, again.inputs["sales"], str(again.formula)) == (figure, 2_000.0, str(figure.formula))


def test_credit_notes_reduce_sales_and_late_bookings_count_once_known():
    """A sale of 10 March booked on 5 April is not in the accounts of 31 March, and in the window of 30 April."""
    ledger = ledger_of(
        """
        customer | kind        | issued     | booked     | due        | amount
        A        | invoice     | 2024-03-01 |            | 2024-03-31 | 1000.00
        A        | credit_note | 2024-03-20 |            |            | -200.00
        A        | invoice     | 2024-03-10 | 2024-04-05 | 2024-04-09 |  500.00
        """,
        covers=("2024-01-01", "2024-04-30"),
    )
    assert dso(ledger, "2024-03-31").inputs["sales"] == 800.0
    assert dso(ledger, "2024-04-30").inputs["sales"] == 1_300.0


@pytest.mark.parametrize(
    ("figure", "printed"),
    [
        (simple_days(25_000, 300_000, 90), 22.5),  # A7: a month's sales over ninety days
        (simple_days(100_000, 140_000, 91), 52.0),  # A8: other sales than those of the text
        (count_back(12_000, [2500, 1750, 2250, 2500, 2000, 2250], [30, 31, 31, 30, 31, 30]).days, 179.7),  # C5
        (count_back(20_000, [12_500, 10_000, 6_000], [30, 31, 31]).days, 74.0),  # C7: goes on past the remainder
    ],
)
def test_what_flawed_pages_print_is_not_what_we_give(figure, printed):
    assert abs(figure - printed) > 1


@pytest.mark.parametrize("days", [1, 30, 61, 90])
def test_the_sales_are_always_those_of_the_days(days):
    """A7 and trap 2: no window of sales can be set against another number of days."""
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    figure = dso(ledger, "2024-11-30", days=days)
    assert figure.inputs["sales"] == sales_to(ledger, ["2024-11-30"], days=days)[0][0, 0]
    assert figure.inputs["days"] == days


def test_three_months_of_sales_not_one():
    """A7: 100,000 a month and 25,000 owed are 7.5 days over 90, where the page finds 22.5."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2023-10-05 | 2023-11-04 | 100000 |
        A        | invoice | 2023-11-05 | 2023-12-05 | 100000 |
        A        | payment | 2023-12-10 |            | -200000| 1,2
        A        | invoice | 2023-12-05 | 2024-01-04 | 100000 |
        A        | payment | 2023-12-29 |            | -75000 | 4
        """,
        covers=("2023-01-01", "2023-12-31"),
    )
    assert dso(ledger, "2023-12-31") == 7.5


OPENED = """
    customer | kind    | issued     | due        | amount   | pays
    A        | opening | 2023-01-01 |            |  3495.00 |
    A        | invoice | 2023-06-10 | 2023-07-10 | 35657.00 |
    A        | payment | 2023-11-10 |            | -34737.00| 1,2
    """


def test_the_mean_of_two_balances_counts_what_the_ledger_opens_with():
    """B3: 3,495 brought forward, 4,415 at the close, 35,657 sold: 40.485 days (the page: 40.47)."""
    ledger = ledger_of(OPENED, covers=("2023-01-01", "2023-12-31"))
    figure = average_balance_dso(ledger, "2023-12-31", days=365)
    assert figure.inputs["balances"] == [3_495.0, 4_415.0]
    assert figure == pytest.approx(40.485, abs=0.001)
    assert "(3,495.00 + 4,415.00) ÷ 2" in str(figure.formula)


def test_a_list_without_openings_does_not_say_what_was_owed_the_day_before():
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    figure = average_balance_dso(ledger, "2024-11-30", days=122)  # from 1 August
    assert math.isnan(figure)
    assert "without opening balances" in str(figure.note)
    assert average_balance_dso(ledger, "2024-11-30", days=90) == pytest.approx((900 + 2_500) / 2 / 2_700 * 90)


def test_the_mean_of_thirteen_month_ends():
    """130 brought forward, 100 invoiced a month, 650 paid on 31 December: month ends of 130, 230 … 1,230 and 680.

    Their mean is 680 (8,160 and 680 over 13), where the two ends alone give 405 (trap of the year end).
    """
    lines = [f"A | invoice | 2023-{month:02}-10 | 2023-{month:02}-28 | 100 |" for month in range(1, 13)]
    table = ["customer | kind | issued | due | amount | pays", "A | opening | 2023-01-01 | | 130 |", *lines]
    ledger = ledger_of(
        "\n".join([*table, "A | payment | 2023-12-31 | | -650 | 1,2,3,4,5,6,7"]), covers=("2023-01-01", "2023-12-31")
    )
    figure = monthly_average_dso(ledger, "2023-12-31")
    assert len(figure.inputs["balances"]) == 13
    assert figure == pytest.approx(680 / 1_200 * 365)
    assert average_balance_dso(ledger, "2023-12-31", days=365) == pytest.approx(405 / 1_200 * 365)


def test_thirteen_month_ends_in_mid_month_and_in_a_leap_year():
    """From 15 November 2024, the 15ths back to November 2023: 366 days of sales, 29 February within."""
    figure = monthly_average_dso(sample_ledger("negoce"), "2024-11-15")
    assert figure.inputs["days"] == 366
    assert len(figure.inputs["balances"]) == 13


def test_life_to_date_is_over_all_sales_since_the_first_invoice():
    """2,500 owed, 3,600 sold since 20 August, 102 days before 30 November: 70.83 (Odoo)."""
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    figure = life_to_date_dso(ledger, "2024-11-30")
    assert (figure.inputs["sales"], figure.inputs["days"]) == (3_600.0, 102)
    assert figure == pytest.approx(2_500 / 3_600 * 102)
    assert math.isnan(life_to_date_dso(ledger, "2024-08-10"))
    assert math.isnan(life_to_date_dso(ledger, "2024-08-20"))


def test_counting_back_by_day_is_whole_days():
    """1,200 on 12 November, 800 on 10 October, 700 on 10 September: 2,500 is reached that day, 82 days back (C1)."""
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    figure = daily_countback_dso(ledger, "2024-11-30")
    assert (figure, figure.inputs["sales"]) == (82.0, 2_700.0)
    assert daily_countback_dso(ledger, "2024-11-12").inputs["days"] == 64  # 12 November counts as the first


def test_counting_back_by_day_stops_at_the_start_of_the_ledger():
    ledger = ledger_of("""
        customer | kind    | issued     | due | amount
        A        | opening | 2024-01-01 |     | 500
        A        | invoice | 2024-01-10 |     | 100
        """)
    figure = daily_countback_dso(ledger)
    assert math.isnan(figure)
    assert "500.00 remain after the 10 days" in str(figure.note)


@pytest.mark.parametrize("measure", [countback_dso, daily_countback_dso])
def test_a_credit_balance_and_an_empty_one(measure):
    ledger = ledger_of("""
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-01-10 | 2024-02-09 |  100   |
        A        | payment | 2024-01-20 |            | -100   | 1
        A        | payment | 2024-01-25 |            | -50    |
        """)
    assert measure(ledger, "2024-01-20") == 0.0
    assert measure(ledger, "2024-01-25").note.key == "dso.credit"


def test_the_month_by_month_count_as_a_formula():
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    written = "2,500.00 owed: 61 days of whole months + 500.00 ÷ 700.00 × 30 days of the last one"
    assert str(countback_dso(ledger, "2024-11-30").formula) == written


def test_the_count_back_is_split_by_what_is_open_of_each_month():
    """1,200 of November not due, 800 of October and 500 of September overdue: 30 days, then 31 and 21.43 (C1)."""
    split = countback_split(ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31")), "2024-11-30")
    assert split["month"].dt.month.tolist() == [11, 10, 9]
    assert split["counted"].tolist() == [1_200.0, 800.0, 500.0]
    assert split["not_due_days"].tolist() == [30.0, 0.0, 0.0]
    assert split["overdue_days"].tolist() == pytest.approx([0.0, 31.0, 500 / 700 * 30])


def test_a_month_with_nothing_open_is_said_to_be_paid():
    """900 of August unpaid and November paid: the count-back takes November's days, owed for August."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-08-20 | 2024-09-19 | 900.00 |
        A        | invoice | 2024-11-12 | 2024-12-12 | 1200.00|
        A        | payment | 2024-11-20 |            |-1200.00| 2
        """,
        covers=("2024-08-01", "2024-12-31"),
    )
    split = countback_split(ledger, "2024-11-30")
    assert split[["days", "paid_days", "overdue_days"]].iloc[0].tolist() == pytest.approx([22.5, 22.5, 0.0])
    assert countback_split(ledger, "2024-12-31").empty  # no sales in December: no count-back


FIGURES = (
    *(dso, average_balance_dso, monthly_average_dso, countback_dso, daily_countback_dso, best_possible_dso),
    *(delinquent_dso, disputed_dso, extended_dso, sales_weighted_dso, true_dso, life_to_date_dso),
)


@settings(max_examples=20)
@given(ledgers(), st.integers(0, 9), st.sampled_from(["2023-09-30", "2024-01-15", "2024-05-31"]))
def test_order_future_scale_and_inputs(ledger, seed, day):
    before, methods = ledger.items.copy(), dso_methods(ledger, day)
    pd.testing.assert_frame_equal(ledger.items, before)
    assert methods.loc[methods["days"].isna(), "note"].notna().all()
    for same in (shuffled(ledger, seed), known_by(ledger, day), scaled(ledger, 10)):
        days = dso_methods(same, day)["days"].tolist()
        assert days == pytest.approx(methods["days"].tolist(), rel=1e-6, abs=1e-6, nan_ok=True)


@settings(max_examples=50)
@given(ledgers(), st.sampled_from(["2023-09-30", "2024-01-15"]))
def test_the_split_of_the_count_back_adds_up(ledger, day):
    figure, split = countback_dso(ledger, day), countback_split(ledger, day)
    if math.isnan(figure):
        assert split.empty
    else:
        parts = split[["not_due_days", "overdue_days", "no_due_date_days", "paid_days"]]
        assert parts.sum(axis=1).tolist() == pytest.approx(split["days"].tolist())
        assert split["days"].sum() == pytest.approx(float(figure), abs=1e-6)


def test_all_methods_side_by_side():
    ledger = sample_ledger("negoce")
    methods = dso_methods(ledger)
    assert methods["method"].tolist() == [measure.__name__ for measure in FIGURES]
    for row, measure in zip(methods.itertuples(), FIGURES, strict=True):
        figure = measure(ledger)
        assert (row.days, row.formula, row.note) == (float(figure), figure.formula, figure.note)
        for sentence in (row.name, row.assumes, row.differs):
            assert sentence.text("fr") != sentence.text("en")
    gap = methods.set_index("method")["days"].loc["countback_dso"] - methods["days"][0]
    assert f"{gap:.1f} days against the simple DSO" in str(methods.set_index("method")["differs"]["countback_dso"])


def test_a_receivable_of_all_sales_to_the_cent_is_exhausted():
    """0.51 less 0.49 is a hair more than 0.02 in floating point; in cents it is 0.02."""
    assert count_back(0.51, [0.49, 0.02], [28, 31]).days == pytest.approx(59.0)


IN_CREDIT = """
    customer | kind    | issued     | due        | amount
    A        | invoice | 2024-04-10 | 2024-05-10 |  1000
    A        | payment | 2024-06-20 |            | -2600
    """


def test_a_company_that_owes_its_customers_has_no_days():
    """1,000 sold and 2,600 received: −1,600 owed is no DSO of −144 days (the first of 80 days: −128)."""
    ledger = ledger_of(IN_CREDIT, covers=("2024-01-01", "2024-06-30"))
    methods = dso_methods(ledger).set_index("method").drop(index="monthly_average_dso")  # no year of sales
    assert methods["days"].isna().all()
    notes = methods["note"].drop(index="average_balance_dso")
    assert {note.key for note in notes} == {"dso.credit"}
    assert "−1,600.00" in str(notes["dso"])
    assert dso_split(ledger)["days"].isna().all()
    assert dso_contributions(ledger)[["days", "own_dso"]].isna().all().all()
    history = dso_history(ledger, ["2024-06-19", "2024-06-30"])
    assert history["dso"].tolist() == pytest.approx([90.0, math.nan], nan_ok=True)
    assert history[["countback_dso", "best_possible_dso", "delinquent_dso"]].iloc[1].isna().all()


def test_a_formula_has_no_number_for_what_is_not_known_and_no_two_signs():
    """The window of 182 days begins with the ledger, which opens with nothing: no "0.00 owed" on its eve."""
    ledger = ledger_of(IN_CREDIT, covers=("2024-01-01", "2024-06-30"))
    unknown = average_balance_dso(ledger, days=182)
    assert str(unknown.formula).startswith("(owed on the eve of the window + owed on the day) ÷ 2")
    assert monthly_average_dso(ledger).formula.text("fr").startswith("dû en moyenne de 13 fins de mois")
    more = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-10 | 2024-02-09 |  4000
        A        | invoice | 2024-04-10 | 2024-04-01 |  1000
        A        | payment | 2024-06-20 |            | -5100
        """,
        covers=("2024-01-01", "2024-06-30"),
    )
    assert str(average_balance_dso(more).formula).startswith("(4,000.00 − 100.00) ÷ 2 owed")
    early = extended_dso(more, "2024-04-30", days=30)  # 1,000 due nine days before its date
    assert str(early.formula).startswith("0.0 days not due + 9.0 days")
    assert early == 9.0


def test_a_month_in_progress_without_a_sale_yet_counts_its_days():
    """1,000 of 10 April and 2,000 of 10 May open on 1 June: 1 day of June, 31 of May, 15 of April (500 of 1,000)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-04-10 | 2024-05-10 |  1000  |
        A        | invoice | 2024-05-10 | 2024-06-09 |  2000  |
        A        | payment | 2024-05-20 |            |  -500  | 1
        """,
        covers=("2024-03-01", "2024-07-31"),
    )
    assert countback_dso(ledger, "2024-05-31") == 31 + 15
    assert countback_dso(ledger, "2024-06-01") == 1 + 31 + 15
    assert countback_dso(ledger, "2024-06-29") == 29 + 31 + 15
    assert math.isnan(countback_dso(ledger, "2024-06-30"))  # the whole of June without a sale: C6
    assert math.isnan(countback_dso(ledger, "2024-07-01"))  # June is no month in progress
    days = ["2024-06-01", "2024-06-29", "2024-06-30", "2024-07-01"]
    history = dso_history(ledger, days)["countback_dso"].tolist()
    assert history == pytest.approx([47.0, 75.0, math.nan, math.nan], nan_ok=True)
    split = countback_split(ledger, "2024-06-01")
    assert split[["days", "paid_days"]].iloc[0].tolist() == [1.0, 1.0]
    assert split["days"].sum() == 47.0
    assert count_back(1_000, [0, 1_000], [5, 30], in_progress=True).days == 35.0
    assert math.isnan(count_back(1_000, [0, 1_000], [5, 30]).days)


@pytest.mark.parametrize(("opened", "given_"), [(900, True), (1_200, False)])
def test_life_to_date_does_not_divide_openings_by_sales_without_them(opened, given_):
    """9,000 sold and open; 900 brought forward are told (a tenth of 9,900 is 990), 1,200 leave no figure (1,020)."""
    ledger = ledger_of(
        f"""
        customer | kind    | issued     | due        | amount | pays
        A        | opening | 2024-01-01 |            | {opened} |
        A        | invoice | 2024-03-22 | 2024-04-21 |  9100  |
        A        | payment | 2024-06-01 |            |  -100  | 2
        """,
        covers=("2024-01-01", "2024-06-30"),
    )
    figure = life_to_date_dso(ledger)
    assert figure.note.key == "dso.life.opened"
    assert math.isnan(figure) is not given_
    if given_:
        assert figure == pytest.approx(9_900 / 9_100 * 100)  # 22 March to 30 June


@pytest.mark.parametrize("days", ["90", 90.5, 90.0, [30, 2.5]])
def test_a_window_is_a_whole_number_of_days(days):
    with pytest.raises(ArlibError, match="whole number of days"):
        dso(sample_ledger("negoce"), days=days)


@pytest.mark.parametrize("day", [20240101, 45292.0, True])
def test_a_number_is_no_day(day):
    """20240101 is read by pandas as nanoseconds of 1970."""
    with pytest.raises(ArlibError, match="is not a date"):
        dso(sample_ledger("negoce"), day)
