"""Markov chains M1 to M4 of the handbook, Taylor and Ashe's triangle, and both from ledgers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib.errors import ArlibError
from arlib.risk.provisions import (
    ChainLadder,
    MarkovChain,
    account_markov_chain,
    collection_triangle,
    loss_rates,
    markov_chain,
    vintages,
)


def test_m1_heidman():
    """M1, Anderson, Sweeney and Williams, chapter 16: the book prints 2,370 and 630."""
    chain = MarkovChain.of([[0.3, 0.3], [0.3, 0.1]], [[0.4, 0.0], [0.4, 0.2]], {"0-30": 1000, "31-90": 2000})
    assert chain.months_in == pytest.approx(np.array([[1.67, 0.56], [0.56, 1.30]]), abs=0.005)
    assert chain.outcomes == pytest.approx(np.array([[0.89, 0.11], [0.74, 0.26]]), abs=0.005)
    assert chain.expected["paid"].sum() == pytest.approx(2370.4, abs=0.05)
    assert chain.expected["lost"].sum() == pytest.approx(629.6, abs=0.05)


def test_m2_render_and_stair():
    """M2, chapter 14.6: 6,241 and 759; the book rounds shares to two places, hence its 6,240 and 760."""
    chain = MarkovChain.of([[0.2, 0.2], [0.3, 0.2]], [[0.6, 0.0], [0.4, 0.1]], {"one": 2000, "two": 5000})
    assert chain.outcomes == pytest.approx(np.array([[0.966, 0.034], [0.862, 0.138]]), abs=0.0005)
    assert chain.expected["paid"].sum() == pytest.approx(6241, abs=0.5)
    assert chain.expected["lost"].sum() == pytest.approx(759, abs=0.5)
    rounded = chain.balances @ chain.outcomes.round(2)
    assert rounded == pytest.approx([6240, 760])


def test_m3_uc_limited():
    """M3: 92,564 expected paid; 92,600 with the shares as the page prints them, .95 and .87."""
    chain = MarkovChain.of([[0.5, 0.2], [0.3, 0.1]], [[0.3, 0.0], [0.5, 0.1]], {"current": 70_000, "overdue": 30_000})
    assert chain.outcomes == pytest.approx(np.array([[0.9487, 0.0513], [0.8718, 0.1282]]), abs=0.00005)
    assert chain.expected["paid"].sum() == pytest.approx(92_564, abs=0.5)
    assert (chain.balances @ chain.outcomes.round(2))[0] == pytest.approx(92_600)


def test_m4_a_and_w():
    """M4: 80 % paid at once, 90 % of the rest, 85 % of what is left: 0.2 x 0.1 x 0.15 of 150,000 is bad."""
    chain = MarkovChain.of(
        [[0, 0.2, 0], [0, 0, 0.1], [0, 0, 0]], [[0.8, 0], [0.9, 0], [0.85, 0.15]], {"now": 150_000, "1": 0, "2": 0}
    )
    assert chain.expected["paid"].sum() == pytest.approx(149_550)
    assert chain.expected["lost"].sum() == pytest.approx(450)
    assert chain.months_to_end[0] == pytest.approx(1 + 0.2 + 0.02)


def test_one_step_is_not_the_answer():
    """Trap of the handbook (justaaa.com 1088467): R alone, without N, would say that nothing current is ever lost."""
    chain = MarkovChain.of([[0.3, 0.3], [0.3, 0.1]], [[0.4, 0.0], [0.4, 0.2]], {"a": 1, "b": 1})
    assert chain.outcomes[0, 1] > 0 == chain.ends[0, 1]


@pytest.mark.parametrize(
    ("steps", "ends"),
    [
        ([[0.5]], [[0.4, 0.0]]),
        ([[-0.5]], [[1.5, 0.0]]),
        ([[1.0]], [[0.0, 0.0]]),
        ([[0.5, 0.5]], [[0.0, 0.0]]),
        ([[0.5], [0.1, 0.2]], [[0.5, 0.0]]),
        ([[float("nan")]], [[1.0, 0.0]]),
    ],
)
def test_a_chain_that_cannot_be_is_refused(steps, ends):
    with pytest.raises(ArlibError):
        MarkovChain.of(steps, ends, {"a": 1.0})


FOLLOWED = """
    customer | kind      | issued     | due        | amount  | pays
    A        | invoice   | 2024-01-05 | 2024-02-20 |  100.00 |
    A        | invoice   | 2024-01-05 | 2024-01-15 |  300.00 |
    B        | invoice   | 2024-01-05 | 2024-01-20 |  200.00 |
    A        | payment   | 2024-02-10 |            |  -60.00 | 2
    B        | write_off | 2024-02-15 |            |  -50.00 | 3
    A        | invoice   | 2024-02-20 | 2024-02-25 | 1000.00 |
    """


def test_a_month_by_hand_each_debt_by_its_own_age():
    """31 January to 29 February: not_due 100 to 1-30; 1-30: 300 + 200, of which 60 paid, 50 lost, 390 to 31-60.

    What was billed in February was not there to move. From 31-60 nothing is known.
    """
    chain = markov_chain(ledger_of(FOLLOWED, covers=("2024-01-01", "2024-02-29")), months=1)
    told = chain.expected.set_index("state")
    assert list(told.index) == ["not_due", "1-30", "31-60", "61-90", "91-365", "366+"]
    assert chain.steps[0, 1] == 1.0
    assert chain.steps[1, 2] == pytest.approx(390 / 500)
    assert chain.ends[1] == pytest.approx([60 / 500, 50 / 500, 0])
    assert list(told["balance"]) == [0, 1100, 390, 0, 0, 0]
    assert told.loc["1-30", ["paid", "lost", "unknown"]].tolist() == pytest.approx([132, 110, 858])
    assert told.loc["31-60", "unknown"] == 390


def test_the_same_month_by_the_oldest_debt_of_each_account():
    """All of A's 400 stand in 1-30 with its oldest: 60 paid, 340 to 31-60 with it; of B's 200, 50 lost, 150 there."""
    chain = account_markov_chain(ledger_of(FOLLOWED, covers=("2024-01-01", "2024-02-29")), months=1)
    assert chain.ends[0].tolist() == [0, 0, 1]
    assert chain.steps[1, 2] == pytest.approx(490 / 600)
    assert chain.ends[1] == pytest.approx([60 / 600, 50 / 600, 0])
    assert chain.balances.tolist() == [0, 0, 1490, 0, 0, 0]


def test_the_chain_of_a_ledger_agrees_with_its_roll_rates():
    """Two estimates of one loss, on négoce: neither is exact, both speak of half a percent of what is not due."""
    ledger = sample_ledger("negoce")
    chain, rates = markov_chain(ledger).expected.set_index("state"), loss_rates(ledger).set_index("bucket")["loss_rate"]
    for bucket in ("not_due", "31-60", "61-90"):
        assert chain.loc[bucket, "lost_share"] == pytest.approx(rates[bucket], rel=0.5)


@pytest.mark.parametrize("rule", [markov_chain, account_markov_chain])
def test_a_chain_needs_a_month(rule):
    ledger = ledger_of(FOLLOWED, covers=("2024-01-01", "2024-02-29"))
    for wrong in ({"as_of": "2024-01-20"}, {"as_of": "1901-01-01"}, {"months": 0}, {"bounds": (30, 400)}):
        with pytest.raises(ArlibError):
            rule(ledger, **wrong)


def taylor_ashe() -> np.ndarray:
    """Cumulative claims of Taylor and Ashe (1983), known as GenIns."""
    rows = """
        357848 1124788 1735330 2218270 2745596 3319994 3466336 3606286 3833515 3901463
        352118 1236139 2170033 3353322 3799067 4120063 4647867 4914039 5339085
        290507 1292306 2218525 3235179 3985995 4132918 4628910 4909315
        310608 1418858 2195047 3757447 4029929 4381982 4588268
        443160 1136350 2128333 2897821 3402672 3873311
        396132 1333217 2180715 2985752 3691712
        440832 1288463 2419861 3483130
        359480 1421128 2864498
        376686 1363294
        344014
        """
    known = [[float(cell) for cell in row.split()] for row in rows.strip().splitlines()]
    return np.array([row + [np.nan] * (10 - len(row)) for row in known])


def test_taylor_and_ashe():
    """Handbook 6.2: factors, 18,680,856 outstanding, standard error 2,441,364 (chainladder 0.10.1)."""
    ladder = ChainLadder(taylor_ashe())
    published = [3.4906, 1.7473, 1.4574, 1.1739, 1.1038, 1.0863, 1.0539, 1.0766, 1.0177]
    assert ladder.factors == pytest.approx(published, abs=0.00005)
    assert ladder.total == pytest.approx(18_680_856, abs=0.5)
    assert ladder.total_standard_error == pytest.approx(2_441_364, abs=0.5)


def test_the_reserves_of_each_origin_are_macks():
    """Mack (1993), table 1, in thousands: 0, 95, 470, 710, 985, 1419, 2178, 3920, 4279, 4626."""
    reserves = ChainLadder(taylor_ashe()).outstanding / 1000
    assert reserves.round(0).tolist() == [0, 95, 470, 710, 985, 1419, 2178, 3920, 4279, 4626]


@pytest.mark.parametrize(
    "wrong", [[], [1.0, 2.0], [[np.nan, 1.0]], [[1.0, np.nan], [1.0, 2.0]], [[1.0, np.nan, 3.0]], [[]]]
)
def test_what_is_no_triangle_is_refused(wrong):
    with pytest.raises(ArlibError):
        ChainLadder(np.array(wrong, dtype=np.float64))


def test_a_triangle_of_one_origin_has_nothing_to_come():
    ladder = ChainLadder(np.array([[10.0, 20.0]]))
    assert (ladder.total, ladder.outstanding.tolist()) == (0.0, [0.0])


BILLED = """
    customer | kind        | issued     | due        | amount   | pays
    A        | invoice     | 2024-01-10 | 2024-02-10 |  1000.00 |
    A        | invoice     | 2024-02-10 | 2024-03-10 |  1000.00 |
    A        | invoice     | 2024-03-10 | 2024-04-10 |  1000.00 |
    A        | payment     | 2024-01-31 |            |  -500.00 | 1
    A        | payment     | 2024-02-20 |            |  -400.00 | 1
    A        | payment     | 2024-02-25 |            |  -600.00 | 2
    A        | payment     | 2024-03-05 |            |  -350.00 | 2
    A        | payment     | 2024-03-15 |            |  -700.00 | 3
    """


def test_a_triangle_of_collections_by_hand():
    ledger = ledger_of(BILLED, covers=("2024-01-01", "2024-03-31"))
    triangle = collection_triangle(ledger)
    assert triangle.index.strftime("%Y-%m").tolist() == ["2024-01", "2024-02", "2024-03"]
    expected = np.array([[500, 900, 900], [600, 950, np.nan], [700, np.nan, np.nan]])
    np.testing.assert_array_equal(triangle.to_numpy(), expected)
    assert ChainLadder(triangle).factors.tolist() == pytest.approx([1850 / 1100, 1.0])  # (900 + 950) / (500 + 600)


def test_vintages_by_hand():
    """Unpaid 500, 100, 100 / 400, 50 / 300: factors 150 / 900 and 100 / 100, so 50 of the 300 are never paid."""
    told = vintages(ledger_of(BILLED, covers=("2024-01-01", "2024-03-31")))
    assert told["billed"].tolist() == [1000, 1000, 1000]
    assert told["never"].tolist() == pytest.approx([100, 50, 50])
    assert told["expected"].tolist() == pytest.approx([0, 0, 250])
    with pytest.raises(ArlibError):
        vintages(ledger_of(BILLED, covers=("2024-01-01", "2024-03-31")), "2024-01-20")


def test_vintages_without_payments_tell_nothing():
    invoices = "\n".join(line for line in BILLED.splitlines() if "payment" not in line)
    told = vintages(ledger_of(invoices, covers=("2024-01-01", "2024-03-31")))
    assert told["never"].isna().all()


@pytest.mark.parametrize("name", ["negoce", "groupe"])
def test_vintages_of_the_samples_are_complete_and_sensible(name):
    told = vintages(sample_ledger(name))
    assert not told.drop(columns="standard_error").isna().any().any()
    assert (told["never"] <= 0.05 * told["billed"]).all()
    assert (told["billed"] - told["collected"] - told["never"] - told["expected"]).abs().max() < 0.01


def asked(rule, ledger, day):
    """What a rule says of a ledger on a day, or nothing where it is refused."""
    try:
        told = rule(ledger, day)
    except ArlibError:
        return pd.DataFrame()
    return told.expected if isinstance(told, MarkovChain) else told


@pytest.mark.parametrize("rule", [markov_chain, account_markov_chain, collection_triangle, vintages])
@settings(max_examples=10, deadline=None)
@given(ledger=ledgers(), day=st.sampled_from(["2023-05-31", "2023-10-15", "2024-06-30"]))
def test_the_future_never_changes_the_past(rule, ledger, day):
    now, then = asked(rule, ledger, day), asked(rule, known_by(ledger, day), day)
    pd.testing.assert_frame_equal(now, then, check_exact=True)


@pytest.mark.parametrize("rule", [markov_chain, account_markov_chain, collection_triangle, vintages])
def test_the_future_the_order_and_the_unit_of_a_longer_past(rule):
    ledger, day = from_frame(random_invoices(5)), "2025-06-30"
    told = asked(rule, ledger, day)
    assert len(told) > 0
    for otherwise in (known_by, future_changed):
        pd.testing.assert_frame_equal(told, asked(rule, otherwise(ledger, day), day), check_exact=True)
    pd.testing.assert_frame_equal(told, asked(rule, shuffled(ledger, 3), day))
    twice = asked(rule, scaled(ledger, 2.0), day)
    name = "balance" if "balance" in told else told.columns[-1]
    assert twice[name].to_numpy() == pytest.approx(2 * told[name].to_numpy(), nan_ok=True, rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(ledgers())
def test_what_is_expected_adds_up(ledger):
    """Paid, lost and unknown are the balance; nothing is below 0."""
    for rule in (markov_chain, account_markov_chain):
        told = rule(ledger, "2024-06-30").expected
        parts = told[["paid", "lost", "unknown"]]
        assert parts.sum(axis=1).to_numpy() == pytest.approx(told["balance"].to_numpy(), abs=0.01)
        assert (parts >= -1e-9).all().all()
