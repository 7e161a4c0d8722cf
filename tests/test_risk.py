"""The score: its scale against the handbook's table, its parts to the point, its facts from before the day."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices

from arlib.behaviour import payment_laws
from arlib.errors import ArlibError
from arlib.risk import read_scorecard, score_customers
from arlib.risk.interval import beta_quantiles, credible_interval
from arlib.risk.reasons import PARTS
from arlib.samples import load_sample

DAY = "2025-12-31"


def test_the_scale_is_the_published_one():
    """Handbook, risk scoring 4.3: p 1% = 100, 2% = 89 (88.9), 5% = 73 (72.9), 10% = 60, 20% = 46, 30% = 37, 50% = 22.

    1% gives 101.5 before the scale ends at 100.
    """
    points = read_scorecard().points(np.array([0.01, 0.02, 0.05, 0.10, 0.20, 0.30, 0.50]))
    assert list(points) == [102, 89, 73, 60, 46, 37, 22]


def test_grades_begin_at_their_lowest_score():
    grades = read_scorecard().grade(np.array([100, 80, 79, 65, 64, 45, 44, 25, 24, 0]))
    assert "".join(grades) == "AABBCCDDEE"


def test_beta_quantiles_against_closed_forms():
    """Beta(1, 1) is uniform; Beta(a, 1) has quantile q^(1/a); Beta(1, b) has 1 - (1 - q)^(1/b)."""
    found = beta_quantiles(np.array([1.0, 4.0, 1.0, 1.0]), np.array([1.0, 1.0, 9.0, 200.0]), np.array([0.1, 0.9]))
    expected = [
        [0.1, 0.9],
        [0.1**0.25, 0.9**0.25],
        [1 - 0.9 ** (1 / 9), 1 - 0.1 ** (1 / 9)],
        [1 - 0.9 ** (1 / 200), 1 - 0.1 ** (1 / 200)],
    ]
    assert found == pytest.approx(np.array(expected), abs=0.002)


def test_the_interval_against_closed_forms():
    """Beta(1, b), whose density falls: the shortest interval of 0.8 is [0, 1 - 0.2^(1/b)]; Beta(a, 1) mirrors it."""
    found = credible_interval(np.array([0.5, 0.5, 8.5]), np.array([8.5, 199.5, 0.5]), 0.8)
    expected = [[0, 1 - 0.2 ** (1 / 9)], [0, 1 - 0.2 ** (1 / 200)], [0.2 ** (1 / 9), 1]]
    assert found == pytest.approx(np.array(expected), abs=0.002)


@pytest.mark.parametrize("credibility", [0.5, 0.8, 0.95])
@pytest.mark.parametrize(("late", "on_time"), [(0.002, 2.0), (1.0, 11.0), (6.5, 3.5), (40.0, 160.0)])
def test_the_interval_holds_what_it_says(late, on_time, credibility):
    """Against 200,000 draws of the posterior by numpy."""
    low, high = credible_interval(np.array([late]), np.array([on_time]), credibility)[0]
    drawn = np.random.default_rng(0).beta(late + 0.5, on_time + 0.5, 200_000)
    assert ((drawn >= low) & (drawn <= high)).mean() == pytest.approx(credibility, abs=0.01)


@given(st.floats(0.001, 0.999), st.floats(2, 2000))
def test_the_interval_contains_its_rate_and_narrows_with_history(rate, invoices):
    counts = np.array([invoices, 4 * invoices])
    low, high = credible_interval(rate * counts, (1 - rate) * counts, 0.8).T
    assert (low <= rate).all()
    assert (rate <= high).all()
    assert high[1] - low[1] < high[0] - low[0]


@pytest.mark.parametrize("days_late", [0, 30, 60, 365])
def test_every_interval_contains_its_probability(days_late):
    """Négoce; and a hundred customers who are seldom late and never for long, so that nobody ever was 60 days late."""
    rng = np.random.default_rng(1)
    prompt = random_invoices(1, customers=100, invoices=1500)
    prompt["paid_on"] = prompt["due_on"] + pd.to_timedelta(np.rint(rng.gamma(1, 6, 1500)), unit="D")
    customers = pd.DataFrame({"customer_id": [*(f"C{code}" for code in range(100)), "new"]})
    for ledger in (load_sample("negoce"), from_frame(prompt, customers=customers)):
        scores = score_customers(ledger, days_late=days_late)
        assert scores["p_late"].between(scores["p_low"], scores["p_high"]).all()
        width = scores["p_high"] - scores["p_low"]
        few = scores["history"] < 1
        assert few.any()
        assert width[few].min() > 0.2
        assert width[scores["history"] > 8].max() < 0.5


def test_the_interval_covers_planted_rates():
    """400 customers, each late at a rate of its own, drawn from Beta(1, 4), with 3, 10 or 40 invoices of the year.

    Eight rates of ten should lie in their interval. Old invoices counting less makes it wider than a constant rate
    needs, so that more do; without history to speak of the prior, fixed at two invoices, is not the truth's five.
    """
    rng = np.random.default_rng(5)
    count = np.repeat([3, 10, 40], [133, 133, 134])
    rate = rng.beta(1, 4, len(count))
    customer = np.repeat(np.arange(len(count)), count)
    due = pd.Timestamp("2025-06-30") - pd.to_timedelta(rng.integers(0, 90, len(customer)), unit="D")
    late = rng.random(len(customer)) < rate[customer]
    invoices = pd.DataFrame(
        {
            "customer_id": [f"{code:03}" for code in customer],
            "issued_on": due - pd.Timedelta(days=30),
            "due_on": due,
            "amount": 100.0,
            "paid_on": due + pd.to_timedelta(np.where(late, 60, 0), unit="D"),
        }
    )
    scores = score_customers(from_frame(invoices), DAY).sort_values("customer_id")
    covered = pd.Series(rate).between(scores["p_low"].to_numpy(), scores["p_high"].to_numpy())
    by_count = covered.groupby(count).mean()
    assert 0.78 < covered.mean() < 0.95
    assert by_count.min() > 0.75
    width = (scores["p_high"] - scores["p_low"]).set_axis(count).groupby(level=0).mean()
    assert width.is_monotonic_decreasing


def test_points_of_a_small_ledger_by_hand():
    """A pays four invoices 40 days late, B four on time; all due 2025-11-11 (weight w = 0.5^(50/365) = 0.9094).

    Portfolio at 30 days: 4 of 8 late: 22 points. A, all ages alike: the day-0 hazard is (0 + 2 x .5)/(4 + 2) = 1/6,
    late 5/6: 60 + 17.312 x (ln(.2) - ln 9) = -5.9; with recency (0 + 1)/(4w + 2) = 0.17739, late 0.82261: -4.6.
    """
    rows = "\n".join(
        f"{customer} 2025-10-01 2025-11-11 100 {paid}"
        for customer, paid in (("A", "2025-12-21"), ("B", "2025-11-11"))
        for _ in range(4)
    )
    scores = score_customers(from_text("customer_id issued_on due_on amount paid_on\n" + rows), DAY)
    a = scores.set_index("customer_id").loc["A"]
    assert list(a[list(PARTS)]) == [22, -28, 1, 0, 5]
    assert a["p_late"] == pytest.approx(0.82261, abs=1e-4)
    assert (a["score"], a["grade"]) == (0, "E")
    assert a["p_low"] < a["p_late"] < a["p_high"]
    assert (
        "Paid 100.0% of its invoices more than 30 days late or never, against 50.0% for all customers" in a["reasons"]
    )


def test_an_overdue_open_invoice_costs_points():
    rows = "\n".join(
        f"{customer} 2025-0{month}-01 2025-0{month}-25 100 2025-0{month}-26"
        for customer in "AB"
        for month in range(1, 9)
    )
    table = (
        "customer_id issued_on due_on amount paid_on\n"
        + rows
        + "\nA 2025-09-01 2025-10-01 100 -\nC 2025-09-01 2025-10-01 50 2025-12-31"
    )
    scores = score_customers(from_text(table), DAY).set_index("customer_id")
    assert scores.loc["A", "points_open_now"] < 0 == scores.loc["B", "points_open_now"]
    assert scores.loc["A", "score"] < scores.loc["B", "score"]
    assert list(scores.loc["A", ["exposure", "overdue"]]) == [100, 100]
    assert scores.index[0] == "A"


def punctual(customer, count=12):
    return "\n".join(
        f"{customer} 2025-{month:02}-01 2025-{month:02}-20 100 2025-{month:02}-20" for month in range(1, count + 1)
    )


def test_what_is_open_for_years_is_not_forgotten():
    """Twelve invoices of 100 on time within the year, and one of 90,000 due on 2020-02-15 still open: no grade A.

    About one of 8.7 + 1 effective invoices, and two of the portfolio's: 9 % late, near 60 points (C).
    """
    heading = "customer_id issued_on due_on amount paid_on\n"
    old = "\nA 2020-01-15 2020-02-15 90000 -\n"
    scores = score_customers(from_text(heading + punctual("A") + old + punctual("B")), DAY).set_index("customer_id")
    assert scores.loc["B", "grade"] == "A"
    assert scores.loc["A", "p_late"] == pytest.approx(1 / 11.7, abs=0.01)
    assert scores.loc["A", "grade"] == "C"
    assert list(scores.loc["A", ["overdue", "days_overdue"]]) == [90_000, 2146]
    assert "past their due date: 1, the oldest by 2,146 days" in scores.loc["A", "own_reasons"]
    assert list(scores.loc["B", ["overdue", "days_overdue"]]) == [0, 0]


def test_the_portfolio_does_not_pay_for_what_nobody_ever_pays():
    """Ten years, two invoices in a hundred never paid, the others 15 days late on average (exponential).

    Truth at 30 days: 0.02 + 0.98 x exp(-31/15) = 0.144. Were each open item to weigh one, it would read 0.23.
    """
    rng = np.random.default_rng(0)
    count = 10_000
    issued = pd.Timestamp(DAY) - pd.to_timedelta(rng.integers(0, 3650, size=count), unit="D")
    due = issued + pd.Timedelta(days=30)
    paid = due + pd.to_timedelta(np.floor(rng.exponential(15, size=count)), unit="D")
    invoices = pd.DataFrame(
        {
            "customer_id": rng.integers(50, size=count).astype(str),
            "issued_on": issued,
            "due_on": due,
            "amount": 100.0,
            "paid_on": paid.where((paid <= DAY) & (rng.random(count) > 0.02)),
        }
    )
    ledger = from_frame(invoices)
    assert payment_laws(ledger, DAY).p_late(30).mean() == pytest.approx(0.144, abs=0.01)
    assert score_customers(ledger, DAY)["p_late"].mean() == pytest.approx(0.144, abs=0.02)


def test_what_was_written_off_is_a_record_not_an_open_invoice():
    table = "customer_id issued_on due_on amount paid_on settled_by\n" + "\n".join(
        f"A 2025-0{month}-01 2025-0{month}-20 100 2025-0{month}-20 {'write_off' if month < 3 else 'payment'}"
        for month in range(1, 9)
    )
    scores = score_customers(from_text(table), DAY).iloc[0]
    assert "Paid 25.0% of its invoices more than 30 days late or never" in scores["own_reasons"]
    assert "invoices settled: 8" in scores["own_reasons"]
    assert "Open invoices" not in scores["own_reasons"]
    assert scores["points_open_now"] == 0


def test_an_invoice_just_written_off_was_never_paid():
    """One of four was written off nine days past its due date: a quarter was late or never paid."""
    table = punctual("A", 3) + "\nA 2025-12-01 2025-12-20 100 2025-12-29"
    rows = "customer_id issued_on due_on amount paid_on settled_by\n" + "\n".join(
        f"{line} {'write_off' if place == 3 else 'payment'}" for place, line in enumerate(table.splitlines())
    )
    assert "Paid 25.0% of its invoices" in score_customers(from_text(rows), DAY)["own_reasons"].iloc[0]


def test_an_invoice_overdue_for_longer_is_known_to_be_late_and_one_not_due_is_not():
    """Beside the same three paid on time: A, ten open 100 days late; B, ten open and not yet due; C, no other."""
    heading = "customer_id issued_on due_on amount paid_on\n"
    late, not_due = (
        "\n".join([row] * 10) for row in ("A 2025-08-01 2025-09-22 100 -", "B 2025-12-01 2026-01-22 100 -")
    )
    table = "\n".join([heading, *(punctual(name, 3) for name in "ABC"), late, not_due])
    scores = score_customers(from_text(table), DAY).set_index("customer_id")
    trials = {"A": 2 + 3 * 0.5 + 10 * 0.8, "B": 2 + 3 * 0.5, "C": 2 + 3 * 0.5}  # by hand, within a tenth of each
    for name, count in trials.items():
        p = scores.loc[name, "p_late"]
        widths = [
            np.diff(credible_interval(np.array([p * n]), np.array([(1 - p) * n]), 0.8))[0, 0]
            for n in (count * 1.1, count / 1.1)
        ]
        assert widths[0] < scores.loc[name, "p_high"] - scores.loc[name, "p_low"] < widths[1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_reasons_begin_where_all_customers_start_from(language):
    scores = score_customers(from_frame(random_invoices(2)), DAY, language=language)
    assert scores["starting_point"].nunique() == 1
    assert (scores["reasons"] == scores["starting_point"] + " " + scores["own_reasons"]).all()
    assert not scores["own_reasons"].str.contains(scores["starting_point"].iloc[0], regex=False).any()


def test_a_dispute_has_no_date_in_a_file_and_is_taken_as_it_stands():
    """What is promised is everything but this flag: it counts on every day, also before anybody raised it."""
    invoices = random_invoices(4)
    ledger = from_frame(invoices)
    disputed = from_frame(invoices.assign(disputed=invoices["amount"] > 500))
    before = "2025-03-31"
    changed = score_customers(disputed, before)["p_late"] != score_customers(ledger, before)["p_late"]
    assert changed.any()


def test_customers_without_items_stand_with_the_portfolio_and_say_so():
    customers = pd.DataFrame({"customer_id": ["C0", "C1", "new"], "name": ["=HYPERLINK(1)", None, "<b>Né</b>"]})
    ledger = from_frame(random_invoices(1, customers=2, invoices=80), customers=customers)
    scores = score_customers(ledger, DAY, language="fr").set_index("customer_id")
    new = scores.loc["new"]
    assert list(new[list(PARTS)])[1:4] == [0, 0, 0]
    assert new["insufficient_history"]
    assert "Aucune facture réglée à ce jour" in new["reasons"]
    assert "Historique insuffisant" in new["reasons"]
    assert list(scores.loc[["C0", "C1", "new"], "name"]) == ["=HYPERLINK(1)", "C1", "<b>Né</b>"]


def test_a_number_of_days_out_of_range_is_said():
    ledger = from_frame(random_invoices(1))
    with pytest.raises(ArlibError, match="from 0 to 365; it cannot be 400"):
        score_customers(ledger, DAY, days_late=400)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0, 30, 90]))
def test_parts_add_up_probability_is_the_law_and_the_future_is_unknown(seed, days_late):
    """The future: items and matches of later days. The dispute flag, which has no date, is not part of the promise."""
    invoices = random_invoices(seed, invoices=60)
    ledger = from_frame(invoices)
    scores = score_customers(ledger, "2025-09-30", days_late=days_late)
    assert (scores[list(PARTS)].sum(axis=1) == scores["score"]).all()
    assert scores["score"].between(0, 100).all()
    laws = payment_laws(ledger, "2025-09-30")
    p_late = scores.set_index("customer_id")["p_late"].reindex(laws.customers)
    overdue = scores.set_index("customer_id")["days_overdue"].reindex(laws.customers) > 0
    law = np.clip(laws.p_late(days_late), 0.001, 0.999)
    assert p_late[~overdue].to_numpy() == pytest.approx(law[~overdue], rel=1e-9)
    assert (p_late >= law - 1e-12).all()
    assert (scores["points_open_now"] <= 0).all()
    assert scores["p_late"].between(scores["p_low"], scores["p_high"]).all()
    changed = score_customers(future_changed(ledger, "2025-09-30"), "2025-09-30", days_late=days_late)
    pd.testing.assert_frame_equal(scores, changed, check_exact=True)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(2, 50))
def test_neither_order_nor_unit_matters_and_inputs_are_not_written(seed, scale):
    invoices = random_invoices(seed, invoices=60)
    ledger = from_frame(invoices)
    kept = [ledger.items.copy(), ledger.matches.copy(), ledger.customers.copy()]
    scores = score_customers(ledger, DAY)
    for frame, copy in zip((ledger.items, ledger.matches, ledger.customers), kept, strict=True):
        pd.testing.assert_frame_equal(frame, copy, check_exact=True)
    shuffled = score_customers(from_frame(invoices.sample(frac=1, random_state=1)), DAY)
    by_name = [frame.sort_values("customer_id", ignore_index=True) for frame in (shuffled, scores)]
    pd.testing.assert_frame_equal(*by_name, rtol=1e-9)
    larger = score_customers(from_frame(invoices.assign(amount=(invoices["amount"] * scale).round(2))), DAY)
    money = ["exposure", "overdue"]
    pd.testing.assert_frame_equal(larger.drop(columns=money), scores.drop(columns=money), rtol=1e-9)
    assert larger[money].to_numpy() == pytest.approx(scores[money].to_numpy() * scale, abs=0.005)
