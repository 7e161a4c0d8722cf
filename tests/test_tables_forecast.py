"""The tables of the cash to come and of past forecasts and simulations, on frames small enough to add up by hand."""

import re

import numpy as np
import pandas as pd
import pytest
from small import sample_ledger
from test_charts_forecast import backtest, simulated, weekly
from test_tables import HOSTILE, Reader

from arlib.behaviour.terms_change import estimate_follow_share
from arlib.show.charts import cash_forecast_chart, follow_share_chart, picture
from arlib.show.tables import (
    forecast_backtest_table,
    forecast_by_customer_table,
    forecast_table,
    simulation_backtest_table,
)
from arlib.simulation.forecast import forecast_cash
from arlib.words import LANGUAGES


def rows_of(html):
    return [[re.sub(r"[\u00a0\u202f]", " ", cell) for cell in row] for row in Reader(html).rows]


def test_weeks_and_their_total():
    """100 + 80 + 60 expected; the band of the sum is the cumulated one, not 70 + 50 + 30 to 130 + 110 + 90."""
    head, first, *_, total = rows_of(forecast_table(weekly(), language="fr", currency="EUR"))
    assert head == [
        "Période",
        "Aux échéances",
        "Attendu",
        "Une chance sur dix en dessous",
        "Une chance sur dix au-dessus",
        "Dont pièces ouvertes",
        "Dont promis",
        "Dont ventes à venir",
    ]
    assert first == ["1 : du 01/01/2026 au 07/01/2026", "500", "100", "70", "130", "90", "10", "10"]
    assert total == ["Total", "620", "240", "190", "290", "150", "10", "90"]


def test_what_there_is_nothing_of_has_no_column():
    plain = weekly().assign(promised=0.0, from_future=0.0)
    assert rows_of(forecast_table(plain))[0] == [
        "Period",
        "On the due dates",
        "Expected",
        "One chance in ten below",
        "One chance in ten above",
        "Of it, open items",
    ]


def test_the_verdict_on_the_past_stands_above_the_forecast():
    tested = backtest()
    for language in LANGUAGES:
        assert tested.verdict(language) in Reader(forecast_table(weekly(), backtest=tested, language=language)).text


def by_customer():
    rows = [("C1", 900.0, [10, 20, 30, 40, 50, 60]), ("C2", 50.0, [1, 2, 3, 4, 5, 6]), ("C3", 5.0, [1] * 6)]
    frame = pd.DataFrame(
        {
            "customer_id": np.repeat([row[0] for row in rows], 6),
            "week": list(range(1, 7)) * 3,
            "open_amount": np.repeat([row[1] for row in rows], 6),
            "expected": np.ravel([row[2] for row in rows]).astype(float),
        }
    )
    next_on = pd.to_datetime(["2026-01-09", None, "2026-01-12"])
    return frame.assign(from_open=frame["expected"], from_future=0.0, next_expected_on=np.repeat(next_on, 6))


def test_customers_by_name_the_others_together():
    names = pd.Series({"C1": HOSTILE, "C2": "Martin", "C3": "Petit"})
    html = forecast_by_customer_table(by_customer(), names=names, rows=2)
    head, *lines = rows_of(html)
    assert "img" not in Reader(html).tags
    assert head[1:] == [
        "Owed",
        "Next payment expected",
        "Week 1",
        "Week 2",
        "Week 3",
        "Week 4",
        "Weeks 5 to 6",
        "Expected",
    ]
    assert lines == [
        [HOSTILE, "900.00", "2026-01-09", "10", "20", "30", "40", "110", "210"],
        ["Martin", "50.00", "–", "1", "2", "3", "4", "11", "21"],
        ["1 other", "5.00", "–", "1", "1", "1", "1", "2", "6"],
        ["Total", "955.00", "–", "12", "23", "34", "45", "123", "237"],
    ]


def test_few_weeks_and_nobody():
    few = by_customer()[lambda each: each["week"] <= 2]
    assert rows_of(forecast_by_customer_table(few))[1] == ["C1", "900.00", "2026-01-09", "10", "20", "30"]
    assert len(rows_of(forecast_by_customer_table(by_customer().iloc[:0]))) == 2


def test_errors_of_forecasts_beside_calendars():
    """One closing: 100 and 300 came, 120 and 240 were expected: off by 20 + 60 of 400, in total by 40 of 400."""
    rows = rows_of(forecast_backtest_table(backtest()))
    assert rows[4][:2] == ["2 weeks", "forecast"]
    assert rows[4][2:] == ["20.0%", "10.0%", "−10.0%", "–", "50.0%", "100.0%"]
    assert rows[5][:4] == ["2 weeks", "on the due dates", "75.0%", "25.0%"]


def test_errors_of_simulations_in_their_units():
    """DSO 40 simulated, 44 and 38 came: off by 3 days, one too low on average; 110 simulated for 100 and 100."""
    rows = {tuple(row[:2]): row[2:] for row in rows_of(simulation_backtest_table(simulated()))}
    assert rows["DSO", "all weeks"][:3] == ["3.0 days", "−1.0 days", "50.0%"]
    assert rows["receivable", "7 days"][:3] == ["10.0%", "10.0%", "100.0%"]
    assert rows["sales", "7 days"][3:] == ["–"] * 3


@pytest.mark.parametrize("sample", ["negoce", "groupe"])
def test_samples_are_drawn_and_tabled(sample):
    ledger = sample_ledger(sample)
    forecast = forecast_cash(ledger)
    rows = rows_of(forecast_by_customer_table(forecast.by_customer, language="fr", rows=5))
    total = rows_of(forecast_table(forecast.weekly, language="fr"))[-1]
    assert rows[-1][-1] == total[2]
    for chart in (
        cash_forecast_chart(forecast.monthly, language="fr"),
        follow_share_chart(estimate_follow_share(ledger)),
    ):
        assert picture(chart, width=420).startswith(b"\x89PNG")
