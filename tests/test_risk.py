"""The score: its scale against the handbook's table, its parts to the point, its facts from before the day."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by, sample_ledger

from arlib.behaviour import payment_laws
from arlib.behaviour.survival import survival
from arlib.errors import ArlibError
from arlib.risk.chain import PARTS
from arlib.risk.facts import read_facts
from arlib.risk.interval import beta_quantiles, credible_interval, probability_higher
from arlib.risk.late import late_risk
from arlib.risk.score import score_customers
from arlib.schema import day_number, day_numbers
from arlib.simulation import prepare

DAY = "2025-12-31"


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


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((1, 1), (1, 1), 1 / 2),
        ((2, 1), (1, 1), 2 / 3),  # the mean of Beta(2, 1)
        ((1, 9), (1, 1), 1 / 10),
        ((0.5, 200.0), (0.5, 200.0), 1 / 2),
        ((3, 1), (2, 14), 1 - 4 / 816),  # Fisher: 3 of 3 against 1 of 15, C(4, 3) / C(18, 3)
        ((1, 3), (1, 100), 1 - 3 / 103),  # Beta(1, a) is above Beta(1, b) with probability b / (a + b)
    ],
)
def test_which_of_two_rates_is_higher_against_closed_forms(first, second, expected):
    pair = [tuple(np.array([float(count)]) for count in side) for side in (first, second)]
    assert probability_higher(*pair) == pytest.approx([expected], abs=0.002)
    assert probability_higher(*pair[::-1]) == pytest.approx([1 - expected], abs=0.002)


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
    for ledger in (sample_ledger("negoce"), from_frame(prompt, customers=customers)):
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
    """A pays four invoices 40 days late, B four on time; all due 2025-11-12 (weight w = 0.5^(49/365) = 0.9111).

    Portfolio at 30 days: 4 of 8 late: 22 points. It expects 1/2 on day 0 and 1 on the last of each of A's invoices.
    A, all ages alike: its pace is (4 + 20)/(4 x 1.5 + 20) = 0.92308, its prior on day 0 1 - .5^0.92308 = 0.47262, the
    day-0 hazard (0 + 2 x 0.47262)/(4 + 2) = 0.15754, late 0.84246: 60 + 17.312 x (ln(0.15754/0.84246) - ln 9) = -7.1.
    With recency: pace (4w + 20)/(6w + 20) = 0.92844, prior 0.47458, hazard 2 x 0.47458/(4w + 2) = 0.16815, late
    0.83185: -5.7.
    """
    rows = "\n".join(
        f"{customer} 2025-10-01 2025-11-12 100 {paid}"
        for customer, paid in (("A", "2025-12-22"), ("B", "2025-11-12"))
        for _ in range(4)
    )
    scores = score_customers(from_text("customer_id issued_on due_on amount paid_on\n" + rows), DAY)
    a = scores.set_index("customer_id").loc["A"]
    points = {"portfolio": 22, "record": -29, "recency": 1, "limit": 6}
    assert {part: a[part] for part in PARTS if a[part]} == {f"points_{part}": each for part, each in points.items()}
    assert a["p_late"] == pytest.approx(0.83185, abs=1e-5)
    assert (a["score"], a["grade"], a["days_late"]) == (0, "E", 30)
    assert a["p_low"] < a["p_late"] < a["p_high"]
    assert a["own_reasons"].startswith("Own record: 4 of 4 settled invoices paid more than 30 days late or never;")
    assert "84.2% instead of 50.0% (−29 points)" in a["own_reasons"]
    assert "83.2% instead of 84.2% (+1 point)" in a["own_reasons"]


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
    assert "2 of 8 settled invoices paid more than 30 days late or never" in scores["own_reasons"]
    assert "Open invoices" not in scores["own_reasons"]
    assert scores["points_open_now"] == 0


def test_an_invoice_just_written_off_was_never_paid():
    """One of four was written off nine days past its due date: a quarter was late or never paid."""
    table = punctual("A", 3) + "\nA 2025-12-01 2025-12-20 100 2025-12-29"
    rows = "customer_id issued_on due_on amount paid_on settled_by\n" + "\n".join(
        f"{line} {'write_off' if place == 3 else 'payment'}" for place, line in enumerate(table.splitlines())
    )
    assert "1 of 4 settled invoices paid" in score_customers(from_text(rows), DAY)["own_reasons"].iloc[0]


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
    assert list(new[list(PARTS)])[1:-2] == [0] * 6
    assert new["insufficient_history"]
    assert "Aucune facture réglée à ce jour" in new["reasons"]
    assert "Historique insuffisant" in new["reasons"]
    assert list(scores.loc[["C0", "C1", "new"], "name"]) == ["=HYPERLINK(1)", "C1", "<b>Né</b>"]


def test_a_number_of_days_out_of_range_is_said():
    ledger = from_frame(random_invoices(1))
    with pytest.raises(ArlibError, match="from 0 to 365; it cannot be 400"):
        score_customers(ledger, DAY, days_late=400)


@settings(max_examples=7)
@given(st.integers(0, 10_000), st.sampled_from([0, 30, 90, None]))
def test_parts_add_up_probability_is_the_law_and_the_future_is_unknown(seed, days_late):
    """The future: items, matches and facts of later days. The dispute flag has no date: the promise leaves it out."""
    ledger, day = from_frame(random_invoices(seed, invoices=60)), "2025-09-30"
    told = pd.DataFrame({"customer_id": ["C0", "C1"], "fact": "procédure", "value": ["sauvegarde", "liquidation"]})
    told = told.assign(known_on=["2025-09-30", "2025-10-01"], source="BODACC")
    facts = read_facts(told, customers=ledger.customers)
    scores = score_customers(ledger, day, days_late=days_late, facts=facts)
    assert (scores[list(PARTS)].sum(axis=1) == scores["score"]).all()
    assert scores["score"].between(0, 100).all()
    laws = payment_laws(ledger, day)
    by_name = scores.set_index("customer_id").reindex(laws.customers)
    law = np.clip(laws.p_late(int(scores["days_late"].iloc[0])), 0.001, 0.999)
    assert by_name["p_late"].to_numpy() == pytest.approx(law, rel=1e-9)
    assert (scores["points_open_now"] <= 0).all()
    assert scores["p_late"].between(scores["p_low"], scores["p_high"]).all()
    assert ((scores["grade_high"] <= scores["grade"]) & (scores["grade"] <= scores["grade_low"])).all()
    earlier = read_facts(told.iloc[:1], customers=ledger.customers)
    for changed in (future_changed(ledger, day), known_by(ledger, day)):
        again = score_customers(changed, day, days_late=days_late, facts=earlier)
        pd.testing.assert_frame_equal(scores, again, check_exact=True)


@settings(max_examples=5)
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
    money = ["exposure", "overdue", "expected_late"]
    pd.testing.assert_frame_equal(larger.drop(columns=money), scores.drop(columns=money), rtol=1e-9)
    assert larger[money].to_numpy() == pytest.approx(scores[money].to_numpy() * scale, abs=0.005)


def lateness(days, count=50):
    """Two customers with `count` invoices each, due on working days, `days` of them so late, the others on time."""
    due = pd.bdate_range("2025-01-06", periods=count)
    late = np.array([*days, *[0] * (count - len(days))])
    invoices = pd.DataFrame({"issued_on": due - pd.Timedelta(days=30), "due_on": due, "amount": 100.0})
    invoices = invoices.assign(paid_on=due + pd.to_timedelta(late, unit="D"))
    return from_frame(pd.concat([invoices.assign(customer_id=name) for name in "AB"]))


@pytest.mark.parametrize(
    ("days", "chosen"),
    [([31], 30), ([30, 16], 15), ([15, 15], 7), ([8], 7), ([7, 3], 0), ([], 0)],
)
def test_what_is_late_is_chosen_where_nobody_is_ever_thirty_days_late(days, chosen):
    """One invoice of fifty is one in fifty, which is enough."""
    scores = score_customers(lateness(days), DAY)
    assert scores["days_late"].tolist() == [chosen, chosen]
    told = scores["starting_point"].iloc[0]
    assert ("Too few invoices are paid more than 30 days late" in told) == (chosen != 30)
    assert (f"more than {chosen} days late or never" if chosen else "after the due date or never") in told
    assert "Too few" not in score_customers(lateness(days), DAY, days_late=chosen)["starting_point"].iloc[0]


def test_the_chain_passes_through_the_payment_law_before_disputes_are_set_aside():
    invoices = random_invoices(4)
    ledger = from_frame(invoices.assign(disputed=(invoices["customer_id"] < "C4") & (invoices["amount"] > 500)))
    scores = score_customers(ledger, DAY, days_late=30).set_index("customer_id")
    laws = payment_laws(ledger, DAY)
    law = 60 + 12 / np.log(2) * (np.log(1 / np.clip(laws.p_late(30), 0.001, 0.999) - 1) - np.log(9))
    reached = scores.loc[laws.customers, list(PARTS[: PARTS.index("points_disputes")])].sum(axis=1)
    assert reached.tolist() == np.rint(law).tolist()
    apart = scores.loc[laws.customers, "points_disputes"]
    assert apart[:4].any()
    assert not apart[4:].any()
    assert (
        scores["own_reasons"]
        .str.contains("set aside, a dispute being no inability")
        .equals(scores["points_disputes"] != 0)
    )


def test_a_customer_without_history_has_the_law_of_its_segment():
    """C0 to C3, of one segment, pay 60 days later than the others."""
    invoices = random_invoices(3)
    slow = invoices["customer_id"] < "C4"
    invoices["paid_on"] += pd.to_timedelta(np.where(slow, 60, 0), unit="D")
    invoices["paid_on"] = invoices["paid_on"].where(invoices["paid_on"] <= DAY)
    names = [*(f"C{code}" for code in range(8)), "new"]
    customers = pd.DataFrame({"customer_id": names, "segment": ["Slow"] * 4 + ["Fast"] * 4 + ["Slow"]})
    ledger = from_frame(invoices, customers=customers)
    new = score_customers(ledger, DAY).set_index("customer_id").loc["new"]
    laws = payment_laws(ledger, DAY)
    expected = laws.late_in(survival(laws.priors), 30)[laws.prior_of[laws.customers.get_loc("new")]]
    assert new["p_late"] == pytest.approx(expected)
    assert new["points_segment"] < 0
    assert "Segment Slow: " in new["own_reasons"]


def test_facts_from_outside_cap_a_grade_and_leave_the_probability():
    """A liquidation known on the day: grade E, at most 24 (below the 25 of a D); the day before, nothing."""
    ledger = from_text("customer_id issued_on due_on amount paid_on\n" + punctual("A") + "\n" + punctual("B"))
    told = {"customer_id": ["A"], "fact": ["procédure"], "value": ["liquidation judiciaire"]}
    told = pd.DataFrame(told | {"known_on": ["2025-12-31"], "source": ["BODACC"]})
    facts = read_facts(told, customers=ledger.customers)
    capped = score_customers(ledger, DAY, facts=facts).set_index("customer_id")
    plain = score_customers(ledger, DAY).set_index("customer_id")
    assert (capped.loc["A", "score"], capped.loc["A", "grade"]) == (24, "E")
    assert capped.loc["A", ["grade_low", "grade_high"]].tolist() == ["E", "E"]
    assert capped.loc["A", "points_facts"] == 24 - plain.loc["A", "score"]
    assert capped.loc["A", "p_late"] == plain.loc["A", "p_late"]
    assert "BODACC" in capped.loc["A", "own_reasons"]
    assert capped.loc["B", "score"] == plain.loc["B", "score"]
    assert not score_customers(ledger, "2025-12-30", facts=facts)["points_facts"].any()


def test_score_items_and_simulation_share_one_law_with_and_without_opinions():
    """By default no opinion enters any of them; with facts the same one enters each."""
    ledger = from_frame(random_invoices(4))
    told = {"customer_id": "C1", "fact": "Cotation Banque de France", "value": "1+", "known_on": "2025-10-01"}
    facts = read_facts(pd.DataFrame([told | {"source": "Banque de France"}]), customers=ledger.customers)
    plain, today = payment_laws(ledger, DAY), day_number(pd.Timestamp(DAY))
    for known in (None, facts):
        laws = prepare(ledger, DAY, horizon=30, facts=known).laws
        scores = score_customers(ledger, DAY, facts=known, days_late=30).set_index("customer_id").loc[laws.customers]
        assert scores["p_late"].to_numpy() == pytest.approx(np.maximum(laws.p_late(30), 0.001), abs=1e-12)
        late = late_risk(ledger, DAY, facts=known).dropna(subset="due_on")
        due, held = day_numbers(late["due_on"]), laws.customers.get_indexer(pd.Index(late["customer_id"]))
        now, then = laws.unpaid_on(held, due, np.stack([np.full(len(due), today), due + 30], axis=1)).T
        assert late["p_late_30"].to_numpy() == pytest.approx(np.where(due + 30 <= today, 1.0, then / now), abs=1e-9)
        moved = laws.customers[(laws.unpaid != plain.unpaid).any(axis=1)].to_list()
        assert moved == ([] if known is None else ["C1"])
        assert (scores["points_opinion"] != 0).to_dict() == {each: each in moved for each in laws.customers}


def test_a_rating_in_the_customers_file_caps_and_moves_no_probability():
    invoices = random_invoices(4)
    bare = pd.DataFrame({"customer_id": sorted(invoices["customer_id"].unique())})
    rated = bare.assign(rating=["6-", *[None] * (len(bare) - 1)])
    without, with_ = (from_frame(invoices, customers=customers) for customers in (bare, rated))
    scores = [score_customers(ledger, DAY).set_index("customer_id").sort_index() for ledger in (without, with_)]
    assert (scores[0]["p_late"] == scores[1]["p_late"]).all()
    assert (scores[1]["points_opinion"] == 0).all()
    assert scores[1].loc["C0", "grade"] in "DE"  # 6- is a D at best
    chances = [f"p_late_{days}" for days in (0, 30, 60, 90)]
    risks = [late_risk(ledger, DAY).sort_values("item_id")[chances].to_numpy() for ledger in (without, with_)]
    np.testing.assert_array_equal(*risks)
    laws = [prepare(ledger, DAY, horizon=30).laws.unpaid for ledger in (without, with_)]
    np.testing.assert_array_equal(*laws)


def test_facts_of_other_customers_are_a_mistake():
    ledger = from_text("customer_id issued_on due_on amount paid_on\n" + punctual("A"))
    told = {"customer_id": ["000A"], "fact": ["procédure"], "value": ["liquidation"], "known_on": ["2025-01-01"]}
    with pytest.raises(ArlibError, match=r"No external fact \(1 read\) is about a customer of this ledger"):
        score_customers(ledger, DAY, facts=read_facts(pd.DataFrame(told)))


def small_ledgers():
    heading = "customer_id issued_on due_on amount paid_on\n"
    one_day = "\n".join(f"{name} 2025-03-0{day} 2025-04-0{day} 100 2025-06-02" for name in "ABC" for day in (1, 2, 3))
    old = "\n".join(f"A 19{year}-03-01 19{year}-04-01 100 19{year}-05-02" for year in range(10, 30))
    nobody = pd.DataFrame({"customer_id": ["A", "B", "nobody"]})
    credit = "A 2025-03-01 2025-03-20 100 2025-03-20\nB 2025-03-01 2025-03-20 -500 -"
    return {
        "one customer": from_text(heading + punctual("A")),
        "one invoice": from_text(heading + "A 2025-03-01 2025-03-20 100 2025-03-20"),
        "all paid on one day": from_text(heading + one_day),
        "before 2000": from_text(heading + old, until="1930-12-31"),
        "in 1901": from_text(heading + "A 1901-03-01 1901-04-01 100 1901-06-01", until="1901-12-31"),
        "customers without items": from_text(heading + punctual("A"), customers=nobody),
        "a credit balance": from_text(heading + credit, customers=nobody),
    }


@pytest.mark.parametrize("others", [None, pd.DataFrame({"customer_id": ["A", "nobody"]})])
def test_the_record_of_the_only_customer_counts_once(others):
    """Twelve invoices: the interval is that of their weight alone; beside another customer the portfolio adds two."""
    heading, record = "customer_id issued_on due_on amount paid_on\n", punctual("A")
    alone = from_text(heading + record, customers=others)
    beside = from_text(f"{heading}{record}\n{punctual('B')}")
    for ledger, more in ((alone, 0), (beside, 2)):
        found = score_customers(ledger, DAY).set_index("customer_id").loc["A"]
        late = np.array([found["p_late"] * (found["history"] + more)])
        expected = credible_interval(late, found["history"] + more - late, 0.8)[0]
        assert found[["p_low", "p_high"]].to_list() == pytest.approx(expected)


@pytest.mark.parametrize(("paid_on", "grade"), [("2025-05-10", "E"), ("2025-03-20", "A")])
def test_one_invoice_is_no_confident_grade(paid_on, grade):
    """One late or one on time: the range is wide, and little history is said."""
    found = score_customers(
        from_text(f"customer_id issued_on due_on amount paid_on\nA 2025-03-01 2025-03-20 100 {paid_on}"), DAY
    ).iloc[0]
    assert found["grade"] == grade
    assert found["insufficient_history"]
    assert found["p_high"] - found["p_low"] > 0.4
    assert "first indication" in found["main_reasons"]


@pytest.mark.parametrize("name", list(small_ledgers()))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_small_ledgers_have_scores_that_add_up(name, language):
    ledger = small_ledgers()[name]
    scores = score_customers(ledger, language=language)
    assert len(scores) == len(ledger.customers)
    assert (scores[list(PARTS)].sum(axis=1) == scores["score"]).all()
    numbers = scores[["p_late", "p_low", "p_high", "exposure", "overdue", "history"]].to_numpy()
    assert np.isfinite(numbers).all()
    few = scores["history"] < 3
    assert scores.loc[few, "insufficient_history"].all()
    assert (scores["own_reasons"].str.len() > 0).all()


@pytest.mark.parametrize(
    ("language", "told"), [("en", "one day, 2025-06-02: they"), ("fr", "du même jour, le 02/06/2025")]
)
def test_payments_all_of_one_day_are_no_habit(language, told):
    found = {name: score_customers(ledger, language=language) for name, ledger in small_ledgers().items()}
    assert found["all paid on one day"]["starting_point"].str.contains(told).all()
    assert not found["before 2000"]["starting_point"].str.contains("one day|même jour").any()


def test_nobody_who_ever_paid_is_said():
    never = "customer_id issued_on due_on amount paid_on\nA 2025-03-01 2025-03-20 100 -\nB 2025-03-01 2025-03-20 50 -"
    unpaid = from_text(never)
    for ledger in (unpaid, replace(unpaid, items=unpaid.items.iloc[:0])):
        with pytest.raises(ArlibError, match="No payment of an invoice with a due date is known"):
            score_customers(ledger, DAY)


def test_a_customer_who_comes_later_changes_nothing_for_the_others():
    """Not even the last bit: sums by customer are not grouped by how many customers there are."""
    invoices = random_invoices(6, customers=40, invoices=700)
    late = invoices[invoices["issued_on"] > "2025-10-01"].assign(customer_id="A later one")
    names = pd.DataFrame({"customer_id": [f"C{code}" for code in range(40)], "segment": ["x", "y"] * 20})
    more = pd.concat([names, pd.DataFrame({"customer_id": ["A later one"], "segment": ["y"]})])
    alone = score_customers(from_frame(invoices, customers=names), "2025-09-30")
    beside = score_customers(from_frame(pd.concat([invoices, late]), customers=more), "2025-09-30")
    known = beside[beside["customer_id"] != "A later one"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, known, check_exact=True)
