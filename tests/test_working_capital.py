"""Cash tied up and its yearly cost, against published examples (handbook/worked_examples.md, section I)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, scaled, shuffled

from arlib import ArlibError, balance
from arlib.measures.working_capital import (
    cash_of_days,
    financing_cost,
    receivables_growth,
    value_of_a_day,
    weight_in_assets,
    yearly_cost,
)

YEAR = """
    customer | kind        | issued     | due        | amount   | pays
    A        | invoice     | 2023-02-01 | 2023-03-03 | 20000.00 |
    A        | payment     | 2023-03-03 |            | -20000.00| 1
    A        | invoice     | 2023-06-10 | 2023-07-10 | 10000.00 |
    A        | payment     | 2023-09-10 |            | -10000.00| 3
    B        | invoice     | 2023-08-05 | 2023-09-04 |  8000.00 |
    B        | credit_note | 2023-11-20 |            | -1500.00 |
    """


def year():
    return ledger_of(YEAR, covers=("2023-01-01", "2023-12-31"))


def test_i6_the_cash_of_twenty_days_and_what_it_costs_a_year():
    """100 million a year, DSO 40 → 20: 10,958,904 → 5,479,452 owed; 219 k to 329 k a year at 4 % to 6 % (I6)."""
    assert cash_of_days(100e6, 40) == pytest.approx(10_958_904, abs=0.5)
    cash = cash_of_days(100e6, 20)
    assert cash == pytest.approx(5_479_452, abs=0.5)
    assert yearly_cost(cash, 0.04) == pytest.approx(219_178, abs=0.5)
    assert yearly_cost(cash, 0.06) == pytest.approx(328_767, abs=0.5)


def test_i7_cash_is_never_the_yearly_cost():
    """3.4 bn, 6 %, one day: cash 9,315,068; the published "0.56 million tied up" is its cost (I7, trap 6)."""
    cash = cash_of_days(3.4e9, 1)
    assert cash == pytest.approx(9_315_068, abs=1)
    assert cash != pytest.approx(0.56e6, rel=0.5)
    assert yearly_cost(cash, 0.06) == pytest.approx(558_904, abs=0.5)


def test_i8_thirty_eight_days_of_ten_million():
    """1,041,096; the page prints "more than 630,000" (I8)."""
    assert cash_of_days(10e6, 38) == pytest.approx(1_041_096, abs=0.5)
    assert cash_of_days(10e6, 38) != pytest.approx(630_000, rel=0.1)


def test_the_value_of_a_day_is_the_sales_of_a_year_over_365():
    """20,000 + 10,000 + 8,000 − 1,500 = 36,500 sold in 2023: 100 a day."""
    figure = value_of_a_day(year())
    assert figure == pytest.approx(100.0)
    assert str(figure.formula) == "36,500.00 sold over 365 days ÷ 365: the cash one day of DSO ties up"
    assert math.isnan(value_of_a_day(year(), days=40))  # nothing was sold from 22 November
    short = value_of_a_day(year(), "2023-06-30")
    assert math.isnan(short)
    assert "begins on 2023-01-01" in str(short.note)


def test_financing_costs_the_receivable_times_the_rate_a_year():
    """6,500 owed at the end of 2023, 5 %: 325 a year."""
    figure = financing_cost(year(), "2023-11-30", rate=0.05)
    assert figure == pytest.approx(325.0)
    assert str(figure.formula) == "6,500.00 owed × 5.0% a year: the yearly cost of financing it"
    assert figure.formula.text("fr").endswith("le coût annuel de leur financement")


@pytest.mark.parametrize("rate", [5, -0.01, float("nan")])
def test_a_rate_in_percent_is_refused(rate):
    with pytest.raises(ArlibError, match=r"5% is 0\.05"):
        financing_cost(year(), rate=rate)


GROWTH = """
    customer | kind    | issued     | due        | amount  | pays
    A        | invoice | 2023-03-05 | 2023-05-04 | 1000.00 |
    A        | invoice | 2023-03-20 | 2023-05-19 | 1000.00 |
    A        | payment | 2023-03-25 |            | -1000.00| 1
    A        | payment | 2023-05-19 |            | -1000.00| 2
    A        | invoice | 2023-05-10 | 2023-07-09 | 1200.00 |
    A        | invoice | 2023-06-15 | 2023-08-14 | 1200.00 |
    A        | payment | 2023-06-29 |            |  -900.00| 5
    """


def test_receivables_are_compared_with_sales():
    """1,000 → 1,500 owed is +50 %; 2,000 → 2,400 sold is +20 %, which explains 1,200 and leaves 300."""
    ledger = ledger_of(GROWTH, covers=("2023-01-01", "2023-06-30"))
    figure = receivables_growth(ledger, "2023-03-31", "2023-06-30")
    assert figure == pytest.approx(0.5)
    assert figure.inputs["sales_growth"] == pytest.approx(0.2)
    assert figure.inputs["excess"] == pytest.approx(300.0)
    assert "300.00 more is owed than they explain" in str(figure.note)
    back = receivables_growth(ledger, "2023-06-30", "2023-03-31")
    assert "250.00 less is owed" in str(back.note)  # 1,000 − 1,500 × 2,000 / 2,400


def test_growth_without_a_start_or_comparable_sales_is_said():
    ledger = ledger_of(GROWTH, covers=("2023-01-01", "2023-06-30"))
    nothing = receivables_growth(ledger, "2023-02-28", "2023-06-30")
    assert math.isnan(nothing)
    assert "Nothing was owed on 2023-02-28" in str(nothing.note)
    unlike = receivables_growth(ledger, "2023-03-31", "2023-06-30", days=120)
    assert unlike == pytest.approx(0.5)
    assert math.isnan(unlike.inputs["sales_growth"])
    assert "Sales cannot be compared." in str(unlike.note)


def test_the_weight_in_assets_is_a_share_of_them():
    assert weight_in_assets(year(), total_assets=26_000) == pytest.approx(0.25)
    for assets in (6_000, 0, -1, float("nan")):
        with pytest.raises(ArlibError, match="cannot hold"):
            weight_in_assets(year(), total_assets=assets)


@given(ledgers(), st.integers(0, 9))
def test_order_future_and_scale(ledger, seed):
    day = "2024-02-29"

    def figures(given):
        return {
            "day": float(value_of_a_day(given, day)),
            "cost": float(financing_cost(given, day, rate=0.05)),
            "growth": float(receivables_growth(given, "2023-09-30", day)),
        }

    found = figures(ledger)
    for same in (shuffled(ledger, seed), known_by(ledger, day)):
        assert figures(same) == pytest.approx(found, nan_ok=True)
    tenfold = figures(scaled(ledger, 10))
    for name, factor in {"day": 10, "cost": 10, "growth": 1}.items():
        assert tenfold[name] == pytest.approx(found[name] * factor, rel=1e-5, abs=0.01, nan_ok=True)
    assert math.isnan(found["cost"]) or found["cost"] == pytest.approx(balance(ledger, day) * 0.05)
