"""The backtest: what it may know, whom it judges, and what it says when there is nothing to say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, random_invoices
from small import known_by, ledger_of, ledgers, scaled, shuffled

from arlib.behaviour import payment_laws
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.risk.backtest import backtest_risk
from arlib.risk.backtest.capture import expected_late_euro_days, first_tenth, snapshot_of, worklists
from arlib.risk.backtest.closing import forecasts_at
from arlib.risk.backtest.forecasts import LawForecast
from arlib.risk.backtest.outcomes import outcomes_of
from arlib.schema import day_number

CLOSING = pd.Timestamp("2025-06-30")


def many_invoices(seed: int = 5, customers: int = 60, invoices: int = 6000) -> pd.DataFrame:
    return random_invoices(seed, customers=customers, invoices=invoices)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return from_frame(many_invoices())


@pytest.fixture(scope="module")
def found(ledger):
    return backtest_risk(ledger)


def auc(backtest, model: str, days: int = 0) -> float:
    rows = backtest.discrimination.set_index(["days_late", "model"])
    return float(rows.loc[(days, model), "auc"])


# What is predicted, from when


def test_each_invoice_is_predicted_once_from_the_closing_before_it(ledger, found):
    said = found.predictions
    assert said["item_id"].is_unique
    assert (said["closing"] < said["booked_on"]).all()
    assert (said["booked_on"] <= said["closing"] + pd.offsets.MonthEnd(1))[said["closing"] < found.closings[-1]].all()
    after = (ledger.items["kind"] == "invoice") & (ledger.items["booked_on"] > found.closings[0])
    assert len(said) == after.sum()


def test_closings_are_the_last_twelve_month_ends_whose_invoices_can_be_judged(found):
    """Terms are 60 days at most: an invoice of November, due 30 days later, is not judged past 30 days in December."""
    assert len(found.closings) == 12
    assert all(day.is_month_end for day in found.closings)
    judged = found.predictions.groupby("closing")["late_30"].count()
    assert (judged > 0).all()


def test_outcomes_by_hand():
    """Due 2025-03-31. F1 paid on the day; F2 60 of 100 ten days later and 40 still open; F3 credited; F4 half of it.

    F4: 50 credited, the other 50 paid 40 days late: wholly late at 30 days, the credited part being nobody's payment.
    """
    made = ledger_of(
        """
        customer | kind        | issued     | due        | amount | pays
        A        | invoice     | 2025-01-05 | 2025-01-20 | 10     |
        A        | payment     | 2025-01-25 |            | -10    | 1
        A        | invoice     | 2025-03-01 | 2025-03-31 | 100    |
        A        | payment     | 2025-03-31 |            | -100   | 3
        A        | invoice     | 2025-03-01 | 2025-03-31 | 100    |
        A        | payment     | 2025-04-10 |            | -60    | 5
        A        | invoice     | 2025-03-02 | 2025-03-31 | 100    |
        A        | credit_note | 2025-04-01 |            | -100   | 7
        A        | invoice     | 2025-03-02 | 2025-03-31 | 100    |
        A        | credit_note | 2025-04-01 |            | -50    | 9
        A        | payment     | 2025-05-10 |            | -50    | 9
        """,
        covers=("2025-01-01", "2025-12-31"),
    )
    found = backtest_risk(made, ["2025-02-28"], days_late=(0, 9, 10, 30))
    said = found.predictions.set_index("item_id")
    assert said.index.tolist() == [3, 5, 7, 9]
    assert said["late_0"].tolist() == pytest.approx([0, 1, np.nan, 1], nan_ok=True)
    assert said["late_9"].tolist() == pytest.approx([0, 1, np.nan, 1], nan_ok=True)
    assert said["late_10"].tolist() == pytest.approx([0, 0.4, np.nan, 1], nan_ok=True)
    assert said["late_30"].tolist() == pytest.approx([0, 0.4, np.nan, 1], nan_ok=True)
    assert found.left_out.set_index("reason").loc["credited", "invoices"] == 1


def test_an_outcome_not_yet_known_is_not_judged(found):
    """Due + k must be before the last day covered, 2025-12-31."""
    said = found.predictions
    for days in (0, 30):
        known = said["due_on"] + pd.Timedelta(days=days) < pd.Timestamp("2025-12-31")
        assert (said[f"late_{days}"].notna() == known).all()
        pending = found.left_out.set_index(["reason", "days_late"]).loc[("pending", days), "invoices"]
        assert pending == (~known).sum()


def test_undated_invoices_are_counted():
    frame = many_invoices(2, invoices=500)
    frame.loc[frame.index[:40], "due_on"] = pd.NaT
    late = frame.loc[frame.index[:40], "issued_on"] > "2025-06-30"
    found = backtest_risk(from_frame(frame), [CLOSING])
    assert found.left_out.set_index("reason").loc["undated", "invoices"] == late.sum()


# What a closing may know


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(-200, 0))
def test_nothing_after_a_closing_changes_a_forecast_of_that_closing(seed, back):
    """Every row after the day changed, dropped or added: what each model says of any invoice is the same to the bit."""
    whole = from_frame(random_invoices(seed))
    day = pd.Timestamp("2025-12-31") + pd.Timedelta(days=back)
    before = whole.items.index[(whole.items["kind"] == "invoice") & (whole.items["booked_on"] <= day)]
    changed, cut = changed_after(whole, day), known_by(whole, day)
    said = said_of(whole, day, before.to_numpy())
    for other in (changed, cut):
        place = pd.Index(other.items["item_id"]).get_indexer(whole.items.loc[before, "item_id"])
        for name, values in said_of(other, day, place).items():
            np.testing.assert_array_equal(values, said[name], err_msg=name)


def said_of(ledger: Ledger, day: pd.Timestamp, items) -> dict:
    forecasts, overdue = forecasts_at(ledger, day, items, 30, {})
    due = ledger.items["due_on"].to_numpy("datetime64[D]").astype(np.int64)[items]
    on = due[:, None] + np.array([-20, 0, 7, 30, 120])
    return {name: forecast.unpaid_on(items, on) for name, forecast in forecasts.items()} | {"overdue": overdue}


def changed_after(ledger: Ledger, day: pd.Timestamp) -> Ledger:
    """The same ledger to a day; after it other amounts, dates, customers and disputes, and no match."""
    items = ledger.items.copy()
    after = (items["booked_on"] > day).to_numpy()
    items.loc[after, "amount"] *= 3
    items.loc[after, "booked_on"] += pd.Timedelta(days=11)
    items.loc[after, "due_on"] = pd.Timestamp("2031-05-05")
    items.loc[after, "customer_id"] = items["customer_id"].iloc[0]
    items.loc[after, "disputed"] = True
    matches = ledger.matches[ledger.matches["matched_on"] <= day]
    return Ledger(items, matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)


def test_payments_after_a_closing_change_outcomes_and_no_prediction(ledger):
    """Half of the payments after June are lost: the invoices of July are predicted alike, and found late."""
    lost = ledger.matches["matched_on"] > CLOSING
    lost &= np.arange(len(ledger.matches)) % 2 == 0
    other = Ledger(
        ledger.items, ledger.matches[~lost], ledger.customers, ledger.controls, ledger.currency, ledger.covers
    )
    closings = [CLOSING, CLOSING + pd.offsets.MonthEnd(1)]
    first, second = (backtest_risk(each, closings, until=closings[1], draws=20).predictions for each in (ledger, other))
    outcomes = ["late_0", "late_30"]
    pd.testing.assert_frame_equal(first.drop(columns=outcomes), second.drop(columns=outcomes), check_exact=True)
    assert second["late_0"].sum() > first["late_0"].sum()


def test_a_payment_on_the_day_an_invoice_is_issued_is_not_known_to_its_forecast():
    """History is strictly before: closing on the eve, a payment of the same day moves nothing."""
    table = """
        customer_id issued_on  due_on     amount paid_on
        A           2025-01-05 2025-02-05 100    2025-02-05
        A           2025-02-05 2025-03-05 100    {paid}
        A           2025-04-10 2025-05-10 100    2025-05-10
        """
    eve = ["2025-04-09"]
    said = {
        paid: backtest_risk(from_text(table.format(paid=paid)), eve, days_late=[60]).predictions["p_late_60"].tolist()
        for paid in ("2025-04-09", "2025-04-10", "2025-04-20")
    }
    assert said["2025-04-10"] == said["2025-04-20"]
    assert said["2025-04-09"] != said["2025-04-10"]


def test_training_on_settled_invoices_alone_is_caught():
    """The worst mistake measured (handbook 9.1): a law that never saw what is open announces too little lateness."""

    def settled_only(whole: Ledger, day: pd.Timestamp) -> LawForecast:
        known = known_by(whole, day)
        paid = known.items["item_id"].isin([*known.matches["debit_id"], *known.matches["credit_id"]])
        settled = Ledger(
            known.items[paid], known.matches, whole.customers, whole.controls, whole.currency, whole.covers
        )
        return LawForecast(whole, payment_laws(settled, day))

    frame = many_invoices(8)
    frame["paid_on"] = pd.to_datetime(frame["paid_on"]) + pd.Timedelta(days=45)
    frame["paid_on"] = frame["paid_on"].where(frame["paid_on"] <= "2025-12-31")
    found = backtest_risk(from_frame(frame), days_late=(45,), predictors={"settled": settled_only}, draws=50)
    gain = found.gains.set_index("against").loc["settled"]
    assert gain["brier_low"] > 0
    said, late = found.predictions["settled_45"], found.predictions["late_45"]
    assert said[late.notna()].mean() < found.predictions.loc[late.notna(), "p_late_45"].mean() < late.mean() + 0.05


# Where a file is cut


def test_a_year_end_at_which_what_was_unpaid_is_missing_is_found(ledger):
    """Two yearly lists joined: what was due by 2024-12-31 and unpaid then is in neither."""
    frame = many_invoices()
    missing = (frame["due_on"] <= "2024-12-31") & ~(frame["paid_on"] <= "2024-12-31")
    cut = from_frame(frame[~missing])
    whole, joined = outcomes_of(ledger), outcomes_of(cut)
    assert len(whole.cuts) == 0
    assert joined.cuts.tolist() == [day_number(pd.Timestamp("2024-12-31"))]
    due = cut.items["due_on"]
    near = (due > pd.Timestamp("2024-12-31") - pd.Timedelta(days=joined.cut_days)) & (due <= "2024-12-31")
    assert (joined.near_cut == near.to_numpy()).all()
    found = backtest_risk(cut, ["2024-09-30", "2024-12-31"], draws=20)
    assert found.left_out.set_index("reason").loc["near_cut", "invoices"] > 0
    assert "2024-12-31" in found.verdict()


def test_a_list_of_paid_invoices_ends_in_a_cut():
    frame = many_invoices()
    found = backtest_risk(from_frame(frame[frame["paid_on"].notna()], until="2025-12-31"), draws=20)
    assert found.cuts == (pd.Timestamp("2025-12-31"),)
    assert found.known_until == pd.Timestamp("2025-12-31")
    assert "ne contient que des factures payées" in found.verdict("fr")


def test_accounts_of_which_all_that_is_due_is_paid_are_no_list_of_paid_invoices():
    """What is not due yet, or a payment on account, is open still: the accounts end there, nothing is missing."""
    heading = "customer_id issued_on due_on amount paid_on\n"
    paid = "A 2025-01-05 2025-02-05 100 2025-02-20\nB 2025-03-05 2025-04-05 100 2025-04-25\n"
    assert outcomes_of(from_text(heading + paid)).cuts.tolist() == [day_number(pd.Timestamp("2025-12-31"))]
    assert len(outcomes_of(from_text(heading + paid + "B 2025-12-20 2026-01-20 70 -")).cuts) == 0
    on_account = "B|payment|2025-12-01||-70|"
    settled = "A|invoice|2025-01-05|2025-02-05|100|\nA|payment|2025-02-20||-100|1"
    table = f"customer|kind|issued|due|amount|pays\n{settled}\n{on_account}"
    assert len(outcomes_of(ledger_of(table, covers=("2025-01-05", "2025-12-31"))).cuts) == 0


def test_disputed_invoices_count_in_the_test_and_are_said(ledger, found):
    """The score sets them aside: it is not quite what was tested."""
    assert "isputed" not in found.verdict()
    rows = found.predictions[found.predictions["late_0"].notna()]
    chosen = ledger.items["item_id"].isin(rows["item_id"].head(7))
    flagged = replace(ledger, items=ledger.items.assign(disputed=chosen))
    disputed = backtest_risk(flagged, draws=2)
    assert "Disputed invoices count in this test (7 invoices)" in disputed.verdict()
    assert "litige comptent dans ce test (7 factures)" in disputed.verdict("fr").replace("\u00a0", " ")
    said, alike = (each.predictions.drop(columns="disputed") for each in (disputed, found))
    pd.testing.assert_frame_equal(said, alike, check_exact=True)


def test_what_is_said_of_one_threshold_is_part_of_the_verdict(found):
    told = [sentence.text() for sentence in found.sentences_at(30)]
    assert "more than 30 days late" in told[0]
    assert " ".join(told) in found.verdict()
    assert found.sentences_at(45) == []


# What is measured


def test_the_law_ranks_and_a_portfolio_rate_does_not(found):
    """Customers are late by their own gamma laws: their past tells them apart, the whole's rate tells nothing."""
    assert auc(found, "law") > 0.7
    assert auc(found, "portfolio") == pytest.approx(0.5, abs=0.05)
    assert auc(found, "amount") == pytest.approx(0.5, abs=0.05)
    low, high = found.discrimination.query("model == 'law' and days_late == 0")[["auc_low", "auc_high"]].iloc[0]
    assert low < auc(found, "law") < high


def test_shuffled_customers_give_an_even_chance():
    """The negative control: whose invoice it is being drawn by lot, nothing is left to learn."""
    frame = many_invoices(3, customers=40, invoices=12_000)
    rng = np.random.default_rng(9)
    frame["customer_id"] = rng.permutation(frame["customer_id"].to_numpy())
    found = backtest_risk(from_frame(frame), draws=50)
    assert auc(found, "law") == pytest.approx(0.5, abs=0.02)
    assert auc(found, "customer") == pytest.approx(0.5, abs=0.02)
    rows = found.discrimination.query("days_late == 0").set_index("model")["brier"]
    assert rows["law"] <= rows["portfolio"] + 0.002
    assert "drawing lots" in found.verdict()


def test_a_model_that_knows_the_answer_is_right_every_time(ledger):
    """Any model of the same shape can be tested: one that reads the payments themselves cannot be beaten."""

    class Oracle:
        def unpaid_on(self, items, on):
            paid = ledger.matches.set_index("debit_id")["matched_on"].reindex(ledger.items["item_id"].take(items))
            day = paid.to_numpy("datetime64[D]").astype(np.int64)
            return ((on < day[:, None]) | (day == np.iinfo(np.int64).min)[:, None]).astype(float)

    found = backtest_risk(ledger, predictors={"oracle": lambda *_: Oracle()}, draws=20)
    assert auc(found, "oracle") == auc(found, "oracle", 30) == 1
    dates = found.dates.set_index("model").loc["oracle"]
    assert dates[["crps", "coverage"]].tolist() == pytest.approx([0, 1], abs=0.2)
    capture = found.capture.set_index("rule")["share"]
    assert capture["oracle"] == pytest.approx(capture["best"])
    assert capture["amount"] < capture["law"] < capture["best"]


def test_a_model_needs_a_name_of_its_own(ledger):
    with pytest.raises(ArlibError, match="customer"):
        backtest_risk(ledger, predictors={"customer": lambda *_: None})


def test_the_interval_of_dates_holds_what_it_says(found):
    """P10 to P90 on whole days holds a little more than 80 %."""
    law = found.dates.set_index("model").loc["law"]
    assert 0.75 < law["coverage"] < 0.9
    assert law["crps"] < law["error"] < found.dates.set_index("model").loc["due_date", "error"]


def test_the_simple_rate_by_hand():
    """A: of three invoices due more than 10 days before, one paid 5 days late, one 20, one open for 40.

    Late: 3 of 3; more than 10 days: 2 of 3. B has one invoice, not due: the rate of all, which is the same.
    """
    made = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           2025-01-01 2025-02-01 100    2025-02-06
        A           2025-01-01 2025-02-01 900    2025-02-21
        A           2025-01-01 2025-02-01 10     -
        B           2025-03-01 2025-06-01 10     -
        B           2025-04-01 2025-05-01 10     -
        A           2025-04-01 2025-05-01 10     -
        """
    )
    said = backtest_risk(made, ["2025-03-13"], days_late=(0, 10, 19, 20)).predictions
    assert said[["customer_0", "customer_10", "customer_19", "customer_20"]].to_numpy() == pytest.approx(
        np.array([[1, 2 / 3, 2 / 3, 1 / 3]] * 2)
    )
    assert said["days_overdue"].tolist() == [0, 40]


def test_capture_by_hand():
    """At the end of March. F1: 100 due 03-11, paid 04-10: 9 more late days (1 to 9 April): 900. F2: 50 due 04-20, paid
    04-30: 10 days: 500. F3: 1,000 due 04-30, paid on the day: 0. F4: 20 due 03-01, never paid: 90 days: 1,800.
    """
    made = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           2025-02-10 2025-03-11 100    2025-04-10
        A           2025-02-10 2025-04-20 50     2025-04-30
        A           2025-02-10 2025-04-30 1000   2025-04-30
        A           2025-01-10 2025-03-01 20     -
        A           2025-01-10 2025-02-01 30     2025-03-01
        """
    )
    day = day_number(pd.Timestamp("2025-03-31"))
    snapshot = snapshot_of(outcomes_of(made), day)
    assert snapshot.amount.tolist() == [100, 50, 1000, 20]
    assert snapshot.late_euro_days.tolist() == [900, 500, 0, 1800]
    laws = payment_laws(made, "2025-03-31")
    rules = worklists(snapshot, {"law": LawForecast(made, laws)})
    assert [int(first_tenth(rules[rule])[0]) for rule in ("best", "amount", "days_overdue")] == [3, 2, 3]
    assert int(first_tenth(rules["overdue_amount"])[0]) == 0
    assert (rules["law"] >= 0).all()


def test_expected_late_euro_days_count_each_day_past_the_due_date():
    """Nobody pays any more: 100 euros already overdue stay 90 days, those due on the 60th day 31, the day included."""
    made = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           2025-02-10 2025-03-11 100    -
        A           2025-02-10 2025-05-30 100    -
        """
    )

    class Never:
        def unpaid_on(self, _items, on):
            return np.ones(on.shape)

    snapshot = snapshot_of(outcomes_of(made), day_number(pd.Timestamp("2025-03-31")))
    assert expected_late_euro_days(Never(), snapshot).tolist() == [9000, 3100]
    assert snapshot.late_euro_days.tolist() == [9000, 3100]


def test_tables_agree_with_each_other(found):
    counts = found.calibration.groupby("days_late")["count"].sum()
    judged = found.discrimination.query("model == 'law'").set_index("days_late")["invoices"]
    assert counts.tolist() == judged.tolist()
    gains = found.gains.set_index(["days_late", "against"])["auc"]
    assert gains[(0, "customer")] == pytest.approx(auc(found, "law") - auc(found, "customer"))


def test_order_of_rows_and_unit_change_nothing(ledger):
    first = backtest_risk(ledger, draws=20)
    for other in (scaled(ledger, 3.0), shuffled(ledger, 4)):
        second = backtest_risk(other, draws=20)
        columns = ["auc", "brier", "log_loss", "invoices"]
        pd.testing.assert_frame_equal(first.discrimination[columns], second.discrimination[columns], rtol=1e-6)
        pd.testing.assert_frame_equal(first.dates, second.dates, rtol=1e-6)


def test_the_same_seed_gives_the_same_intervals_and_nothing_is_written(ledger, found):
    items, matches = ledger.items.copy(), ledger.matches.copy()
    again = backtest_risk(ledger)
    pd.testing.assert_frame_equal(again.discrimination, found.discrimination, check_exact=True)
    pd.testing.assert_frame_equal(ledger.items, items)
    pd.testing.assert_frame_equal(ledger.matches, matches)


# What is said


def test_the_verdict_is_a_sentence_in_both_languages(found):
    law = found.discrimination.query("model == 'law' and days_late == 0").iloc[0]
    right = round(100 * law["auc"])
    french, english = found.verdict("fr"), found.verdict()
    assert french.startswith("Sur 12 clôtures passées et ")
    assert f"le score a classé correctement {right} fois sur 100 une facture payée en retard" in french
    assert english.startswith("Over 12 past closings and ")
    assert f"{right} times out of 100" in english
    assert len(found.sentences) >= 6


def test_it_says_when_the_score_is_no_better_than_the_simple_rate():
    """Two kinds of customers of a hundred invoices each, always on time or always late: a spreadsheet knows it all."""
    frame = many_invoices(1, customers=30, invoices=3000)
    late = np.where(frame["customer_id"].str[1:].astype(int) % 2, 20, -3)
    weekday = frame["due_on"].dt.day_of_week
    frame["due_on"] -= pd.to_timedelta(weekday, unit="D")  # due on Mondays: no weekend tells them apart
    frame["paid_on"] = frame["due_on"] + pd.to_timedelta(late, unit="D")
    frame["issued_on"] = frame["due_on"] - pd.Timedelta(days=30)
    frame["paid_on"] = frame["paid_on"].where(frame["paid_on"] <= "2025-12-31")
    found = backtest_risk(from_frame(frame), days_late=(0,))
    assert "ranks no better than that simple rate" in found.verdict()
    assert "ne classe pas mieux que ce simple taux" in found.verdict("fr")


def test_it_says_when_late_invoices_are_too_few():
    frame = many_invoices(1, customers=30, invoices=800)
    frame["paid_on"] = frame["due_on"].where(frame["due_on"] <= "2025-12-31")
    found = backtest_risk(from_frame(frame), days_late=(0,))
    assert found.verdict().startswith("Too little to judge")
    assert found.verdict("fr").startswith("Trop peu pour juger")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param("A 2025-01-05 2025-02-05 100 -", id="never paid"),
        pytest.param("A 2025-12-05 2025-12-25 100 2025-12-28", id="one invoice"),
        pytest.param("A 2025-12-01 - 100 2025-12-20", id="no due date"),
        pytest.param("A 1901-02-05 1901-03-05 100 1901-03-25", id="before 2000"),
        pytest.param("A 2025-01-05 2025-02-05 100 2025-12-31\nB 2025-01-05 2025-03-05 9 2025-12-31", id="paid one day"),
    ],
)
def test_it_says_when_nothing_can_be_tested(rows):
    found = backtest_risk(from_text(f"customer_id issued_on due_on amount paid_on\n{rows}"))
    assert found.verdict().startswith("The score could not be tested")
    assert found.verdict("fr").startswith("Le score n'a pu être testé")


def test_an_empty_ledger_cannot_be_tested():
    nothing = pd.DataFrame()
    empty = Ledger(nothing, nothing, nothing, nothing, "EUR", (pd.Timestamp("2025-01-01"), CLOSING))
    assert backtest_risk(empty).verdict().startswith("The score could not be tested")


def test_one_customer_has_no_interval():
    found = backtest_risk(from_frame(random_invoices(4, customers=1)), days_late=(0,))
    law = found.discrimination.set_index("model").loc["law"]
    assert np.isnan(law["auc_low"])
    assert found.verdict().startswith("Too little to judge")


def test_old_centuries_are_tested_like_others():
    frame = many_invoices(2, customers=20, invoices=1500)
    for name in ("issued_on", "due_on", "paid_on"):
        frame[name] = frame[name] - pd.Timedelta(days=365 * 124 + 30)
    until = (pd.Timestamp("2025-12-31") - pd.Timedelta(days=365 * 124 + 30)).strftime("%Y-%m-%d")
    found = backtest_risk(from_frame(frame, until=until), draws=20)
    assert found.closings[0].year == 1900 or found.closings[0].year == 1901
    assert auc(found, "law") > 0.6


@settings(max_examples=30, deadline=None)
@given(ledgers())
def test_any_small_ledger_gives_a_verdict(ledger):
    found = backtest_risk(ledger, draws=5)
    assert found.verdict()
    assert found.verdict("fr")


@pytest.mark.parametrize("days", [(), (-1,), (0, 366)])
def test_thresholds_out_of_range_are_refused(ledger, days):
    with pytest.raises(ArlibError, match="365"):
        backtest_risk(ledger, days_late=days)


def test_it_says_how_far_it_is_closing_by_closing(ledger):
    shares = []
    backtest_risk(ledger, ["2025-04-30", "2025-05-31", CLOSING], progress=shares.append)
    assert shares == pytest.approx([0, 1 / 3, 2 / 3, 1])
