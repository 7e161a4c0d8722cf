"""The backtest of the simulation: what it compares, what it refuses to compare, and whether the band holds."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices, undated

from arlib.errors import ArlibError
from arlib.ledger import balance
from arlib.measures import dso
from arlib.simulation.backtest import SimulationBacktest, backtest_simulation
from arlib.simulation.backtest.result import MEASURES
from arlib.simulation.backtest.verdict import verdict_of

CLOSING = "2025-06-30"


def rows(backtest, measure, closing=None):
    kept = backtest.predictions[backtest.predictions["measure"] == measure]
    return kept if closing is None else kept[kept["closing"] == closing]


@pytest.fixture(scope="module")
def ledger():
    return from_frame(random_invoices(5, customers=20, invoices=1500, days=1000))


@pytest.fixture(scope="module")
def found(ledger):
    return backtest_simulation(ledger, horizon=60)


def regular(customers=3):
    """100 invoiced every day to each customer for 900 days, each invoice paid exactly 30 days later."""
    issued = np.tile(pd.date_range("2023-07-15", "2025-12-31"), customers)
    due = pd.Series(issued + pd.Timedelta(days=30))
    names = np.repeat([f"C{number}" for number in range(customers)], len(issued) // customers)
    frame = pd.DataFrame({"customer_id": names, "issued_on": issued, "due_on": due, "amount": 100.0})
    return frame.assign(paid_on=due.where(due <= "2025-12-31"))


def test_what_came_is_what_the_measures_say_of_that_day(ledger, found):
    paid = ledger.items[ledger.items["kind"] == "payment"]
    sold = ledger.items[ledger.items["kind"] == "invoice"]
    closing = found.closings[3]
    assert list(rows(found, "dso", closing)["days"]) == [7, 14, 21, 28, 35, 42, 49, 56, 60]
    for measure, truth in {
        "receivable": lambda day: balance(ledger, day),
        "dso": lambda day: float(dso(ledger, day)),
        "cash": lambda day: -paid.loc[paid["booked_on"].between(closing, day, inclusive="right"), "amount"].sum(),
        "sales": lambda day: sold.loc[sold["booked_on"].between(closing, day, inclusive="right"), "amount"].sum(),
    }.items():
        compared = rows(found, measure, closing)
        assert compared["actual"].to_numpy() == pytest.approx([truth(day) for day in compared["day"]], abs=0.006)


def test_by_default_the_last_twelve_month_ends_that_are_followed_by_the_horizon(found):
    assert len(found.closings) == 12
    assert found.closings[-1] == pd.Timestamp("2025-10-31")  # 60 days before the end of the year is 1 November
    assert (found.predictions["closing"].nunique(), found.left_out) == (12, {})


def test_who_pays_to_the_day_is_foreseen_to_the_day():
    """Nothing is off, and no naive way is: the same sales again, paid 30 days later."""
    backtest = backtest_simulation(from_frame(regular()), [CLOSING], horizon=91)
    overall = backtest.overall.set_index("measure")
    assert overall["error_share"].to_numpy() == pytest.approx(0, abs=1e-7)
    assert (overall["coverage"] == 1).all()
    naive = backtest.predictions[["unchanged", "last_dso", "contractual"]].to_numpy()
    assert naive == pytest.approx(np.tile(backtest.predictions[["expected"]], 3), abs=0.001)


def test_naive_ways_by_hand():
    """A owes 700 due since 10 days and 300 due in 20; it was invoiced 900 in the last 90 days, nothing a year ago.

    Nothing is to be sold in the next 28 days, so that the sales of the window stay 900 until what is sold leaves it.
    """
    invoices = pd.DataFrame(
        {
            "customer_id": "A",
            "issued_on": ["2024-03-01", "2024-09-01", "2025-05-21", "2025-06-10", "2025-06-20"],
            "due_on": ["2024-03-31", "2024-10-01", "2025-06-20", "2025-07-20", "2025-07-20"],
            "amount": [500.0, 500.0, 700.0, 100.0, 200.0],
            "paid_on": ["2024-04-02", "2024-10-01", "2025-07-04", "2025-08-19", "2025-08-19"],
        }
    )
    backtest = backtest_simulation(from_frame(invoices), [CLOSING], horizon=28)
    owed = rows(backtest, "receivable").set_index("days")
    assert list(owed["actual"]) == [300, 300, 300, 300]
    assert list(owed["unchanged"]) == [1000] * 4
    assert owed["last_dso"].to_numpy() == pytest.approx(1000)
    assert list(owed["contractual"]) == [300, 300, 0, 0]
    assert rows(backtest, "dso")["unchanged"].to_numpy() == pytest.approx(90)  # 1,000 on 1,000
    assert list(rows(backtest, "cash")["contractual"]) == [700, 700, 1000, 1000]
    expected = (owed["expected"] - owed["actual"]).abs().mean()
    total = backtest.overall.set_index("measure").loc["receivable"]
    assert total["error"] == pytest.approx(expected)
    assert total["skill_unchanged"] == pytest.approx(1 - expected / 700)
    assert total["skill_contractual"] == pytest.approx(1 - expected / 150)


def test_the_band_holds_about_eight_outcomes_of_ten():
    """Six ledgers whose customers pay by laws that do not change, 12 closings each of 13 weeks, drawn apart."""
    held = pd.DataFrame(
        backtest_simulation(
            from_frame(random_invoices(seed, customers=30, invoices=2500, days=1095))
        ).overall.set_index("measure")["coverage"]
        for seed in range(6)
    ).mean()
    assert set(held.index) == set(MEASURES)
    assert held.between(0.75, 0.85).all()


@settings(max_examples=8)
@given(st.integers(0, 1000))
def test_a_closing_is_told_nothing_of_what_came(seed):
    """To the bit: all but what came is the same when all that came is rewritten."""
    ledger = from_frame(random_invoices(seed, invoices=300))
    one, other = (
        backtest_simulation(each, [CLOSING], horizon=30) for each in (ledger, future_changed(ledger, CLOSING))
    )
    pd.testing.assert_frame_equal(
        one.predictions.drop(columns="actual"), other.predictions.drop(columns="actual"), check_exact=True
    )
    assert not one.predictions["actual"].equals(other.predictions["actual"])


def test_a_list_of_paid_invoices_is_not_tested_where_it_lacks_what_was_unpaid():
    """Only what was paid by the end of 2025 is in it: a tenth and more of what was owed a month before is not."""
    invoices = random_invoices(3, customers=20, invoices=3000, days=1000)
    paid = invoices["paid_on"].notna()
    ledgers = [from_frame(invoices[paid | (invoices["issued_on"] > "2025-09-30")]), from_frame(invoices[paid])]
    whole, cut = (backtest_simulation(each, horizon=30).closings[-1] for each in ledgers)
    assert whole == pd.Timestamp("2025-11-30")
    assert cut < pd.Timestamp("2025-10-31")
    whole_owed, cut_owed = ([balance(each, day) for day in (cut, "2025-11-30")] for each in ledgers)
    assert cut_owed[0] > 0.97 * whole_owed[0]
    assert cut_owed[1] < 0.9 * whole_owed[1]


def test_closings_that_cannot_be_tested_are_counted(ledger):
    found = backtest_simulation(ledger, ["2020-01-31", "2023-05-31", CLOSING, CLOSING, "2025-12-15", "2027-01-31"])
    assert found.closings == (pd.Timestamp(CLOSING),)
    assert found.left_out == {"early": 2, "unknown": 2}
    assert "2 closings were left out: the ledger does not tell all that followed." in found.verdict()
    assert "2 clôtures écartées" in found.verdict("fr")


@pytest.mark.parametrize("days", [40, 150])
def test_where_nothing_can_be_tested_it_is_said(days):
    found = backtest_simulation(from_frame(random_invoices(4, days=days, invoices=100)), horizon=91)
    assert len(found.closings) == len(found.predictions) == len(found.totals) == len(found.overall) == 0
    assert "could not be put to the test" in found.verdict()
    assert "n'a pas pu être mise à l'épreuve" in found.verdict("fr")


def test_a_ledger_in_which_nothing_was_paid_is_not_tested():
    invoices = random_invoices(4).assign(paid_on=pd.NaT)
    assert backtest_simulation(from_frame(invoices)).closings == ()


def test_a_file_without_invoice_dates_is_not_tested_and_it_is_said_why():
    found = backtest_simulation(undated(random_invoices(3)))
    assert found.closings == ()
    assert found.verdict().startswith("The simulation cannot be put to the test: the file does not date its invoices")
    assert "ne date pas ses factures" in found.verdict("fr")


@pytest.mark.parametrize("horizon", [0, 2000])
def test_the_horizon_has_bounds(ledger, horizon):
    with pytest.raises(ArlibError, match="ahead"):
        backtest_simulation(ledger, horizon=horizon)


def made_up(receivable, dso_, cash, closings=5):
    """A backtest of ten weeks at each closing: how many of them each band held, all 5 too high on 100."""
    days = pd.date_range("2024-01-31", periods=closings, freq="91D")
    tables = []
    for measure, held in {"sales": 10, "receivable": receivable, "dso": dso_, "cash": cash}.items():
        half = np.where(np.arange(10) < held, 6.0, 4.0)
        table = pd.DataFrame({"days": 7 * np.arange(1, 11), "expected": 105.0, "actual": 100.0})
        table = table.assign(measure=measure, low=105 - half, high=105 + half)
        tables.append(table.assign(unchanged=110.0, last_dso=104.0 if measure == "dso" else 90.0, contractual=105.0))
    once = pd.concat(tables, ignore_index=True)
    every = pd.concat([once.assign(closing=day) for day in days], ignore_index=True)
    return SimulationBacktest(tuple(days), 91, every, {})


@pytest.mark.parametrize(
    ("held", "judgement"),
    [
        ((8, 8, 8), "it did what it announces."),
        ((8, 7, 8), "it is too narrow for the DSO, to be taken as wider than it is drawn."),
        ((8, 9, 9), "it is wider than it need be for the DSO, the cash received."),
        (
            (9, 8, 7),
            (
                "it is too narrow for the cash received, to be taken as wider than it is drawn, it is wider than it "
                "need be for the receivable."
            ),
        ),
    ],
)
def test_the_verdict_says_of_which_measures_the_band_holds_what_it_announces(held, judgement):
    (told,) = (each for each in made_up(*held).sentences if each.key == "simulation.backtest.band_held")
    shares = "{:.1%} of the receivables, {:.1%} of the DSOs and {:.1%} of the cash".format(*(n / 10 for n in held))
    assert shares in told.text("en")
    assert told.text("en").endswith(judgement)


def test_the_verdict_names_what_it_beats_and_what_it_does_not():
    told = made_up(8, 8, 8).verdict()
    assert "The receivable was expected 5.0% too high." in told
    assert "Sales came 5.0% lower than those of the past" in told
    assert "closer to what came than this simple estimate: a receivable that stays what it is." in told
    assert "For the receivable, the cash received it was no closer than this simple estimate: payments on their" in told
    both = "a DSO that stays what it is, payments on their due dates."
    assert f"For the DSO it was no closer than these simple estimates: {both}" in told
    assert told.count("no closer") == 2
    assert "without overlap" not in told
    assert "2 stretches of time without overlap" in made_up(8, 8, 8, closings=2).verdict()


def test_a_simulation_as_far_off_as_a_naive_way_is_not_closer_and_no_bias_is_not_told():
    """On constant sales paid on one day, nobody is ever off: skills are nan or what rounding leaves."""
    made = made_up(8, 8, 8)
    overall = made.overall.assign(skill_unchanged=np.nan, skill_last_dso=1e-12, bias_share=-1e-13)
    found = SimpleNamespace(closings=made.closings, horizon=made.horizon, left_out={}, overall=overall)
    told = " ".join(each.text("en") for each in verdict_of(found))
    assert "closer to what came" not in told
    every = "a receivable that stays what it is, a DSO that stays what it is, payments on their due dates."
    assert (
        f"For the receivable, the DSO, the cash received it was no closer than these simple estimates: {every}" in told
    )
    assert "Sales came" not in told
    assert "was expected" not in told


def test_every_sentence_reads_in_both_languages(found):
    for language in ("en", "fr"):
        assert "{" not in found.verdict(language)
    assert "DSO" in found.verdict("fr")


def test_totals_are_by_measure_and_week(found):
    assert len(found.totals) == 4 * 9
    assert (found.totals["count"] <= 12).all()
    assert found.totals["coverage"].between(0, 1).all()
    assert found.overall.loc[found.overall["measure"] == "sales", "skill_unchanged"].isna().all()
    week = found.totals[(found.totals["measure"] == "cash") & (found.totals["days"] == 28)].iloc[0]
    cash = rows(found, "cash").query("days == 28")
    assert week["bias"] == pytest.approx((cash["expected"] - cash["actual"]).mean())


def test_it_says_how_far_it_is_closing_by_closing(ledger):
    shares = []
    backtest_simulation(ledger, ["2025-03-31", "2025-04-30", CLOSING], horizon=30, progress=shares.append)
    assert shares == pytest.approx([0, 1 / 3, 2 / 3, 1])
