"""The backtest of the cash forecast: past closings, told only what was known, against what came in."""

import numpy as np
import pandas as pd
import pytest
from paid_invoices import from_frame, future_changed, random_invoices, undated

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.simulation.forecast import backtest_forecast, forecast_cash
from arlib.simulation.forecast.result import COLUMNS, totals_of
from arlib.simulation.forecast.verdict import verdict_of

CLOSINGS = ("2024-12-31", "2025-03-31", "2025-06-30")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return from_frame(random_invoices(1))


@pytest.mark.parametrize("future_sales", [True, False])
def test_it_says_what_the_forecast_of_the_day_said(ledger, future_sales):
    found = backtest_forecast(ledger, CLOSINGS, future_sales=future_sales)
    for closing, said in found.weekly.groupby("closing"):
        forecast = forecast_cash(ledger, closing, future_sales=future_sales).weekly
        for name in ("expected", "p10", "p50", "p90", "contractual", "expected_cumulated", "p90_cumulated"):
            assert said[name].to_numpy() == pytest.approx(forecast[name].to_numpy(), rel=1e-9), name


def test_the_future_changes_what_came_and_not_what_was_said(ledger):
    until = "2025-06-30"
    closing = ["2025-03-31"]
    told, untold = (backtest_forecast(each, closing).weekly for each in (ledger, future_changed(ledger, until)))
    pd.testing.assert_frame_equal(told, untold)  # all thirteen weeks ended before


def test_what_came_is_the_payments_of_the_weeks(ledger):
    weekly = backtest_forecast(ledger, ["2025-03-31"]).weekly
    paid = ledger.items[ledger.items["kind"] == "payment"]
    since = paid[(paid["booked_on"] > "2025-03-31") & (paid["booked_on"] <= "2025-06-30")]
    assert weekly["actual"].sum() == pytest.approx(-since["amount"].sum())
    first = paid[(paid["booked_on"] > "2025-03-31") & (paid["booked_on"] <= "2025-04-07")]
    assert weekly["actual"][0] == pytest.approx(-first["amount"].sum())


def test_without_sales_to_come_only_what_was_open_counts(ledger):
    weekly = backtest_forecast(ledger, ["2025-03-31"], future_sales=False).weekly
    known = ledger.items["booked_on"] <= "2025-03-31"
    debits = ledger.items.loc[known & (ledger.items["amount"] > 0), "item_id"]
    matches = ledger.matches[ledger.matches["debit_id"].isin(debits)]
    since = matches[(matches["matched_on"] > "2025-03-31") & (matches["matched_on"] <= "2025-06-30")]
    assert weekly["actual"].sum() == pytest.approx(since["amount"].sum())


def steady() -> Ledger:
    """Five customers invoiced 100 each every week for two years, at 30 days, always paid 10 days late."""
    weeks = pd.date_range("2024-01-01", "2025-12-29", freq="7D")
    issued = pd.Series(np.tile(weeks, 5))
    due = issued + pd.Timedelta(days=30)
    paid = due + pd.Timedelta(days=10)
    return from_frame(
        pd.DataFrame(
            {
                "customer_id": np.repeat(list("ABCDE"), len(weeks)),
                "issued_on": issued,
                "due_on": due,
                "amount": 100.0,
                "paid_on": paid.where(paid <= "2025-12-31"),
            }
        )
    )


def test_customers_who_are_always_ten_days_late_are_forecast_by_their_mean_delay():
    """500 come in each week. By mean delay every week is right; by due date the first holds ten days of arrears."""
    found = backtest_forecast(steady(), ["2025-06-30"])
    by_model = found.totals[found.totals["weeks"] == 4].set_index("model")
    assert found.weekly["actual"].tolist() == [500] * 13
    assert by_model.loc["mean_delay", "wape"] == pytest.approx(0, abs=1e-9)
    assert found.weekly["contractual"][0] == 1000  # the week's own, and what fell due in the ten days before
    assert by_model.loc["expected", "wape"] < 0.05
    assert by_model.loc["contractual", "skill"] > 0.8
    assert "did as well or better" in found.verdict()
    assert "fait aussi bien ou mieux" in found.verdict("fr")


def weekly_of(rows: list[tuple[int, float, float, float, float]]) -> pd.DataFrame:
    """week, actual, expected, low, high of one closing; the calendars say nothing comes."""
    frame = pd.DataFrame(rows, columns=["week", "actual", "expected", "p10", "p90"])
    frame = frame.assign(closing=pd.Timestamp("2025-01-31"), ends_on=pd.NaT, p50=0.0, contractual=0.0, mean_delay=0.0)
    for name in ("actual", "expected", "p10", "p50", "p90", "contractual", "mean_delay"):
        frame[f"{name}_cumulated"] = frame[name].cumsum()
    return frame[list(COLUMNS)]


def test_errors_are_added_up_before_they_are_divided():
    """Actual 100 and 100, said 90 and 130: (10 + 30) / 200 by week, |220 - 200| / 200 in total; one week of two held.

    After the first week 100 is in [80, 120] too; after two weeks 200 is not in [201, 240].
    """
    totals = totals_of(weekly_of([(1, 100, 90, 80, 120), (2, 100, 130, 121, 120)]), 2)
    found = totals[(totals["weeks"] == 2) & (totals["model"] == "expected")].iloc[0]
    assert (found["wape"], found["total_error"], found["bias"]) == (0.2, 0.1, 0.1)
    assert (found["coverage"], found["total_coverage"]) == (0.5, 0.5)
    nothing = totals[(totals["weeks"] == 2) & (totals["model"] == "contractual")].iloc[0]
    assert (nothing["wape"], nothing["bias"], nothing["skill"]) == (1.0, -1.0, 0.8)
    assert np.isnan(nothing["coverage"])


@pytest.mark.parametrize(
    ("bands", "wanted"),
    [
        ([(0, 200)] * 5, "wider than it needs"),
        ([(0, 1)] * 5, "too narrow"),
        ([(0, 200)] * 4 + [(0, 1)], "about right for single weeks: it held 80.0% up to 5 weeks,"),
        (
            [(0, 200)] * 4 + [(0, 1)],
            "wider than it needs for single weeks: it held 100.0% up to 1 week, 100.0% up to 2 weeks, 100.0% up to 4",
        ),
        (
            [(0, 1)] * 2 + [(0, 200)] * 8,
            "too narrow for single weeks: it held 0.0% up to 1 week, 0.0% up to 2 weeks, 50.0% up to 4 weeks, for",
        ),
        (
            [(0, 1)] * 2 + [(0, 200)] * 8,
            "about right for single weeks: it held 75.0% up to 8 weeks, 80.0% up to 10 weeks,",
        ),
    ],
)
def test_the_verdict_says_how_the_band_did_in_early_weeks_too(bands, wanted):
    rows = [(week, 100.0, 100.0, low, high) for week, (low, high) in enumerate(bands, 1)]
    told = verdict_of([pd.Timestamp("2025-01-31")], totals_of(weekly_of(rows), len(bands)), [])
    assert any(wanted in str(sentence) for sentence in told)


def test_what_cannot_be_judged_is_left_out_and_counted(ledger):
    found = backtest_forecast(ledger, ["2025-06-30", "2025-12-01", "2023-01-01"])
    assert found.closings == (pd.Timestamp("2025-06-30"),)
    assert len(found.left_out) == 2
    assert "2 closings asked for could not be judged" in found.verdict()


def test_where_nothing_can_be_judged_it_says_so(ledger):
    found = backtest_forecast(ledger, ["2025-12-31"])
    assert (len(found.weekly), len(found.totals)) == (0, 0)
    assert "No past closing can be judged" in found.verdict()
    young = from_frame(random_invoices(1, days=60))
    assert "No past closing" in backtest_forecast(young).verdict()


def test_by_default_the_last_thirteen_closings_four_weeks_apart(ledger):
    closings = pd.Series(backtest_forecast(ledger).closings)
    assert len(closings) == 13
    assert (closings.diff().dropna() == pd.Timedelta(days=28)).all()
    assert closings.iloc[-1] == pd.Timestamp("2025-12-31") - pd.Timedelta(days=91)


def test_cash_is_judged_where_the_file_does_not_date_its_invoices():
    """As HighRadius publishes its list: what came is the payments, and what was not due counts as to come."""
    invoices = random_invoices(3, customers=20, invoices=3000, days=1000)
    found, dated = (
        backtest_forecast(each, ["2025-03-31"], weeks=4) for each in (undated(invoices), from_frame(invoices))
    )
    assert found.weekly["actual"].to_numpy() == pytest.approx(dated.weekly["actual"].to_numpy())
    assert found.verdict().startswith("The file does not date its invoices: at each closing")
    assert "does not date" not in dated.verdict()
    assert not backtest_forecast(undated(invoices)).weekly.empty


def test_weeks_out_of_range_are_refused(ledger):
    with pytest.raises(ArlibError, match="1 to 52 weeks"):
        backtest_forecast(ledger, weeks=53)


def test_closings_close_together_are_told_apart(ledger):
    """Many closings look back on the same quarters in turn: each says what it says alone."""
    closings = pd.date_range("2024-09-30", "2025-09-26", freq="40D")
    together = backtest_forecast(ledger, list(closings)).weekly
    for closing in closings[[0, 4, -1]]:
        alone = backtest_forecast(ledger, [closing]).weekly
        chosen = together[together["closing"] == closing].reset_index(drop=True)
        pd.testing.assert_frame_equal(chosen, alone)


def test_it_says_how_far_it_is_closing_by_closing(ledger):
    shares = []
    backtest_forecast(ledger, CLOSINGS, progress=shares.append)
    assert shares == pytest.approx([0, 1 / 3, 2 / 3, 1])
