"""The bridge of DSO against the derived examples M1 and M2, ledgers counted by hand, and its own identities.

A window of sales has 90 days in ledgers; the published examples have 365, which their shares do not depend on.
"""

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib import ArlibError, balance, dso
from arlib.measures.bridge import EFFECTS, Snapshot, bridge_effects, cause_of, drill_column, dso_bridge, volume_amount
from arlib.words import say

NAN = float("nan")
DRILL = [drill_column(effect) for effect in EFFECTS]


def snapshot(sales, not_due, overdue, *, terms=None):
    """A window of groups with a not-due and an overdue part only, both in money."""
    parts = np.zeros((len(sales), 5))
    parts[:, 0], parts[:, 1] = not_due, overdue
    known = np.full(len(sales), NAN) if terms is None else np.array(terms, dtype=float)
    return Snapshot(np.array(sales, dtype=float), parts, known)


def of_days(sales, not_due, overdue, days):
    """The same from days of each group's own sales, as M1 gives them."""
    sold = np.array(sales)
    return snapshot(sales, np.array(not_due) * sold / days, np.array(overdue) * sold / days, terms=not_due)


def test_m1_mix_terms_and_delay_add_up_to_the_change():
    """52.00 → 61.25: mix +5.775, terms 0, delay +3.475 (M1)."""
    first, second = of_days([600, 400], [30, 60], [10, 10], 365), of_days([500, 700], [30, 60], [12, 15], 365)
    assert first.parts.sum() / 1000 * 365 == pytest.approx(52.0)
    assert second.parts.sum() / 1200 * 365 == pytest.approx(61.25)
    effects = bridge_effects(first, second, 365)
    assert effects["mix"].sum() == pytest.approx(5.775)
    assert effects["terms"].sum() == pytest.approx(0.0)
    assert effects["phasing"].sum() == pytest.approx(0.0)
    # A: (0.6 + 500/1200)/2 × 2 = 1.01667; B: (0.4 + 700/1200)/2 × 5 = 2.45833
    assert effects["delay"].tolist() == pytest.approx([1.016667, 2.458333], abs=1e-6)
    assert effects.to_numpy().sum() == pytest.approx(9.25)


def test_m2_volume_and_days_add_up_to_the_change_of_the_receivable():
    """Volume 31.03, days 27.88, total 58.90 (M2)."""
    volume = volume_amount((1_000, 1_200), (52.0, 61.25), 365)
    paced = (1_000 + 1_200) / 2 / 365 * 9.25
    assert volume == pytest.approx(31.03, abs=0.005)
    assert paced == pytest.approx(27.88, abs=0.005)
    assert volume + paced == pytest.approx(1_200 * 61.25 / 365 - 1_000 * 52 / 365, abs=1e-9)


M_LEDGER = """
    customer | kind    | issued     | due        | amount | pays
    A        | invoice | 2024-04-02 | 2024-05-02 | 333.33 |
    A        | payment | 2024-05-02 |            | -333.33| 1
    A        | invoice | 2024-05-10 | 2024-06-09 |  66.67 |
    A        | invoice | 2024-06-20 | 2024-07-20 | 200.00 |
    B        | invoice | 2024-04-10 | 2024-06-09 |  44.44 |
    B        | invoice | 2024-06-01 | 2024-07-31 | 266.67 |
    B        | invoice | 2024-04-15 | 2024-06-14 |  88.89 |
    B        | payment | 2024-06-14 |            | -88.89 | 7
    A        | payment | 2024-07-20 |            | -266.67| 3,4
    B        | payment | 2024-07-31 |            | -311.11| 5,6
    A        | invoice | 2024-10-05 | 2024-11-04 | 266.66 |
    A        | payment | 2024-11-04 |            | -266.66| 11
    A        | invoice | 2024-11-10 | 2024-12-10 |  66.67 |
    A        | invoice | 2024-12-20 | 2025-01-19 | 166.67 |
    B        | invoice | 2024-10-10 | 2024-12-09 | 116.67 |
    B        | invoice | 2024-12-01 | 2025-01-30 | 466.67 |
    B        | invoice | 2024-10-15 | 2024-12-14 | 116.66 |
    B        | payment | 2024-12-14 |            | -116.66| 17
    """


def test_a_ledger_of_m1_gives_its_bridge():
    """M1 as invoices of two windows of 90 days: sales 600 and 400, then 500 and 700; terms 30 and 60 throughout.

    Owed at 30 June: A 200.00 not due (30 days of its sales) and 66.67 overdue (10), B 266.67 (60) and 44.44 (10).
    At 31 December: A 166.67 (30) and 66.67 (12), B 466.67 (60) and 116.67 (15).
    """
    ledger = ledger_of(M_LEDGER, covers=("2024-04-01", "2024-12-31"))
    bridge = dso_bridge(ledger, "2024-06-30", "2024-12-31")
    assert (bridge.start.inputs["sales"], bridge.end.inputs["sales"]) == (1_000.0, 1_200.0)
    assert (bridge.start, bridge.end) == (pytest.approx(52.0, abs=0.001), pytest.approx(61.25, abs=0.001))
    days = bridge.effects.set_index("effect")["days"]
    assert days["mix"] == pytest.approx(5.775, abs=0.001)
    assert days["delay"] == pytest.approx(3.475, abs=0.001)
    assert days.drop(["mix", "delay"]).to_numpy() == pytest.approx(np.zeros(8), abs=0.001)
    assert days.sum() == pytest.approx(bridge.end - bridge.start, abs=1e-9)
    amount = bridge.effects.set_index("effect")["amount"]
    assert amount["volume"] == pytest.approx(200 / 90 * 56.625, abs=0.01)
    assert amount.sum() == pytest.approx(816.68 - 577.78, abs=1e-6)
    # own days of A: 40 and 42, beside a mean of 56.625: −0.18333 × (41 − 56.625) = +2.865; of B +2.910
    assert str(bridge.sentence) == (
        "DSO rose 9.3 days, from 52.0 to 61.3 days: "
        "+5.8 because sales moved towards customers with a higher DSO (of which Client B: +2.9), "
        "+3.5 mostly because overdue invoices of Client B weigh more against sales (+2.5). "
        "From one period of 90 days to the other, sales rose 20.0%."
    )
    assert bridge.sentence.text("fr") == (
        "Le DSO a augmenté de 9,3 jours, passant de 52,0 à 61,3 jours\u00a0: "
        "+5,8 car les ventes se sont déplacées vers des clients au DSO plus élevé (dont Client B\u00a0: +2,9), "
        "+3,5 surtout car pour Client B, les factures échues pèsent plus face aux ventes (+2,5). "
        "D'une période de 90 jours à l'autre, les ventes ont augmenté de 20,0\u00a0%."
    )
    assert "where sales move by more than 10%" in str(bridge.note)


def test_longer_terms_are_told_from_the_phasing_of_invoices():
    """All of 900 sold on the last day: not due 90 days of sales; terms from 30 to 45 are 15 of Δ 0, phasing −15."""
    first = snapshot([900], [900], [0], terms=[30])
    second = snapshot([900], [900], [0], terms=[45])
    effects = bridge_effects(first, second, 90)
    assert (effects["terms"].sum(), effects["phasing"].sum()) == (15.0, -15.0)
    unknown = bridge_effects(snapshot([900], [300], [0]), snapshot([900], [450], [0], terms=[45]), 90)
    assert (unknown["terms"].sum(), unknown["phasing"].sum()) == (0.0, 15.0)


def test_a_new_average_customer_moves_nothing():
    """C comes with 500 sold and 250 owed, 45 days as the company's own."""
    effects = bridge_effects(snapshot([1000, 0], [500, 0], [0, 0]), snapshot([1000, 500], [500, 250], [0, 0]), 90)
    assert effects.to_numpy() == pytest.approx(np.zeros((2, len(EFFECTS))), abs=1e-12)


def test_new_and_lost_customers_stand_apart_from_the_mix():
    """A sells 1,000 and owes 500 twice; B owed 100 on 500 sold and left. DSO 36 → 45, mean 40.5.

    lost: −100/1500 × 90 + 1/3 × 40.5 = −6 + 13.5 = +7.5; mix of A: 1/3 × (45 − 40.5) = +1.5.
    """
    before, after = snapshot([1000, 500], [500, 100], [0, 0]), snapshot([1000, 0], [500, 0], [0, 0])
    effects = bridge_effects(before, after, 90).sum()
    assert (effects["lost"], effects["mix"], effects["new"]) == pytest.approx((7.5, 1.5, 0.0))
    mirrored = bridge_effects(after, before, 90).sum()
    assert (mirrored["new"], mirrored["mix"], mirrored["lost"]) == pytest.approx((-7.5, -1.5, 0.0))


def test_the_balance_of_a_customer_who_does_not_buy_is_diluted_by_sales():
    """B owes 400 overdue and buys nothing while A's sales go from 1,000 to 2,000: 36 days become 18.

    The receivable of B has not changed: its amount is 0 over all effects but the volume of A's own sales.
    """
    before, after = snapshot([1000, 0], [0, 0], [0, 400]), snapshot([2000, 0], [0, 0], [0, 400])
    effects = bridge_effects(before, after, 90)
    assert effects.loc[1, "volume"] == pytest.approx(-18.0)
    assert effects.to_numpy().sum() == pytest.approx(-18.0)
    amount = volume_amount((1000, 2000), (36.0, 18.0), 90) + effects.to_numpy().sum() * 1500 / 90
    assert amount == pytest.approx(0.0)


def test_an_old_balance_beside_a_tiny_sale_does_not_swamp_the_bridge():
    """B owes 10,000 for years and buys for 1: as an own DSO of 900,000 days its mix would be thousands of days."""
    before = snapshot([10_000, 1], [0, 0], [0, 10_000])
    after = snapshot([10_000, 5_000], [0, 1_000], [0, 10_000])
    effects = bridge_effects(before, after, 90)
    assert effects.abs().to_numpy().max() < 90
    assert effects.to_numpy().sum() == pytest.approx(11_000 / 15_000 * 90 - 10_000 / 10_001 * 90)


PARTS_LEDGER = """
    customer | kind    | issued     | due        | amount  | disputed | pays
    A        | invoice | 2024-03-01 | 2024-03-31 | 1000.00 |          |
    A        | payment | 2024-03-31 |            | -1000.00|          | 1
    A        | invoice | 2024-06-01 | 2024-07-01 | 1000.00 |          |
    A        | invoice | 2024-06-10 |            |  200.00 |          |
    A        | invoice | 2024-05-10 | 2024-06-09 |  300.00 | x        |
    A        | invoice | 2024-05-10 | 2024-06-09 |  500.00 |          |
    A        | payment | 2024-06-29 |            |  -80.00 |          |
    """


def test_each_part_of_what_is_owed_has_its_effect():
    """At 31 March nothing is owed. At 30 June 2,000 were sold in 90 days and owed: per 2,000, 45 days a thousand."""
    ledger = ledger_of(PARTS_LEDGER, covers=("2023-12-01", "2024-06-30"))
    bridge = dso_bridge(ledger, "2024-03-31", "2024-06-30", by=None)
    days = bridge.effects.set_index("effect")["days"]
    assert days["disputes"] == pytest.approx(300 / 2000 * 90)
    assert days["undated"] == pytest.approx(200 / 2000 * 90)
    assert days["delay"] == pytest.approx(500 / 2000 * 90)
    assert days["unapplied"] == pytest.approx(-80 / 2000 * 90)
    assert days["terms"] + days["phasing"] == pytest.approx(1000 / 2000 * 90)
    assert days[["volume", "mix", "new", "lost"]].tolist() == [0.0] * 4
    assert "led by" not in str(bridge.sentence)
    assert list(bridge.groups) == ["dso_start", "dso_end", "change", *DRILL]


def test_unknown_terms_are_said():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-03-01 |            | 1000.00
        A        | invoice | 2024-06-20 | 2024-07-20 | 1000.00
        """,
        covers=("2023-12-01", "2024-06-30"),
    )
    bridge = dso_bridge(ledger, "2024-03-31", "2024-06-30")
    assert bridge.effects.set_index("effect").loc["terms", "days"] == 0.0
    assert str(bridge.note).startswith("For 1 group, no invoice of one of the windows has a due date")


def test_a_bridge_without_both_figures_says_why():
    ledger = ledger_of(M_LEDGER, covers=("2024-04-01", "2024-12-31"))
    bridge = dso_bridge(ledger, "2024-05-31", "2024-12-31")  # a window from 3 March, before the ledger
    assert math.isnan(bridge.start)
    assert bridge.effects["days"].isna().all()
    assert list(bridge.effects["effect"]) == list(EFFECTS)
    assert bridge.groups.empty
    assert "begins on 2024-04-01" in str(bridge.sentence)
    assert "ne peut pas être comparé" in bridge.sentence.text("fr")
    with pytest.raises(ArlibError):
        dso_bridge(ledger, "2024-06-30", "2024-12-31", by="nowhere")


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("days", [1.0, -1.0])
@pytest.mark.parametrize("name", [None, "Durand"])
def test_every_effect_has_words_for_both_signs(effect, days, name):
    groups = pd.DataFrame({"dso_start": [0.0], "dso_end": [0.0], drill_column(effect): [days]})
    cause = cause_of(effect, days, groups, say("bridge.customers"), name)
    assert cause.text("fr") != str(cause)
    assert "Durand" in str(cause) or name is None


@pytest.mark.parametrize(
    ("effect", "start", "end", "days", "told"),
    [
        ("lost", 6.0, 5.0, 1.0, "customers who no longer buy still owe"),  # 5 left, −6 + 2 of sales: 1
        ("lost", 1.0, 0.0, 2.0, "customers who no longer buy were below the average DSO"),
        ("lost", 6.0, 0.5, -2.0, "customers who no longer buy were above the average DSO"),
        ("lost", 3.0, -2.0, -2.0, "customers who no longer buy are in credit"),
        ("new", 0.0, 5.0, 3.0, "new or returning customers are above the average DSO"),
        ("new", 5.0, 5.0, -2.0, "returning customers already owed before they bought again"),
        ("new", -2.0, 3.0, 2.0, "returning customers were in credit before they bought again"),
    ],
)
def test_of_two_stories_the_larger_is_told(effect, start, end, days, told):
    """What a lost customer still owes, or its DSO beside the average's; a new one with time reversed."""
    groups = pd.DataFrame({"dso_start": [start], "dso_end": [end], drill_column(effect): [days]})
    assert str(cause_of(effect, days, groups, say("bridge.customers"))) == told


def of_half(sold):
    """10 days late as ever beside an unpaid old invoice of 1,000: 1,800 sold to June, so many to December."""
    return ledger_of(
        f"""
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2024-01-10 | 2024-02-09 | 1000.00 |
        A        | invoice | 2024-04-15 | 2024-05-15 | 1800.00 |
        A        | payment | 2024-05-25 |            | -1800.00| 2
        A        | invoice | 2024-10-15 | 2024-11-14 | {sold}.00 |
        A        | payment | 2024-11-24 |            | -{sold}.00| 4
        """,
        covers=("2024-01-01", "2024-12-31"),
    )


def test_a_fall_of_sales_is_not_told_as_late_payment():
    """1,000 overdue on 1,800 then 900 sold: 50 days become 100, and nobody pays later; on 1,700, sales say nothing."""
    bridge = dso_bridge(of_half(900), "2024-06-30", "2024-12-31")
    assert bridge.effects.set_index("effect").loc["delay", "days"] == pytest.approx(50.0)
    assert str(bridge.sentence) == (
        "DSO rose 50.0 days, from 50.0 to 100.0 days: +50.0 because overdue invoices weigh more against sales. "
        "From one period of 90 days to the other, sales fell 50.0%."
    )
    assert "même si personne ne paie plus tôt ni plus tard" in bridge.note.text("fr")
    steady = dso_bridge(of_half(1700), "2024-06-30", "2024-12-31")
    assert (steady.sentence.key, steady.note) == ("bridge.rose", None)


def test_disputes_shown_come_with_what_the_file_does_not_say():
    ledger = ledger_of(PARTS_LEDGER, covers=("2023-12-01", "2024-06-30"))
    assert "not since when" in str(dso_bridge(ledger, "2024-03-31", "2024-06-30").note)


@pytest.mark.parametrize("by", ["terms", ["segment", "terms"], "mix", "delay", "volume", ["customer_id", "days"]])
def test_groups_may_bear_the_names_of_effects(by):
    ledger = sample_ledger("groupe")
    kept = ledger.customers.assign(mix="m", delay="d", volume="v", days="x")
    ledger = replace(ledger, customers=kept)
    bridge = dso_bridge(ledger, "2025-03-31", "2025-12-31", by=by)
    named = [by] if isinstance(by, str) else by
    assert list(bridge.groups) == [*named, "dso_start", "dso_end", "change", *DRILL]
    assert bridge.groups[DRILL].sum().to_numpy() == pytest.approx(bridge.effects["days"].to_numpy(), abs=1e-9)


@pytest.mark.parametrize("by", ["change", "dso_start", "days_terms"])
def test_a_column_of_the_result_is_no_group(by):
    ledger = sample_ledger("negoce")
    ledger = replace(ledger, customers=ledger.customers.assign(**{by: "x"}))
    with pytest.raises(ArlibError, match=f"cannot be grouped by {by}"):
        dso_bridge(ledger, "2024-12-31", "2025-12-31", by=by)


def written(text):
    """The figures of a sentence with one decimal, as they are read."""
    return [float(found.replace("−", "-")) for found in re.findall(r"[+−]?\d+\.\d", text)]


@pytest.mark.parametrize("sample", ["negoce", "groupe"])
@pytest.mark.parametrize("start", ["2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30"])
def test_what_is_written_adds_up(sample, start):
    """Start + change = end, and the causes add up to the change, at the one decimal they are read with."""
    told = dso_bridge(sample_ledger(sample), start, "2025-12-31").sentence
    told = told.values.get("told", told)
    sign = 1 if told.key == "bridge.rose" else -1
    change, first, last = written(str(told).split(" days: ")[0])
    assert first + sign * change == pytest.approx(last)
    causes = [written(str(cause))[0] for cause in told.values["causes"]]
    assert sum(causes) == pytest.approx(sign * change)


def test_the_sentence_is_true_on_the_sample():
    """What the sentence says of effects and leaders is found again in the frames."""
    bridge = dso_bridge(sample_ledger("negoce"), "2025-06-30", "2025-12-31")
    days = bridge.effects.set_index("effect")["days"]
    causes = bridge.sentence.values["told"].values["causes"]
    largest = days.abs().sort_values(ascending=False).index[:4]
    assert [cause.values["cause"].key.split(".")[1] for cause in causes[:4]] == list(largest)
    assert {cause.key for cause in causes[:4]} == {"bridge.led", "bridge.mostly"}
    for cause, effect in zip(causes, largest, strict=False):
        name = cause.values.get("name") or cause.values["cause"].values["name"]
        leader = bridge.groups.set_index("name")[drill_column(effect)][name]
        assert leader == cause.values["led"]
        assert abs(leader) == pytest.approx((bridge.groups[drill_column(effect)] * np.sign(days[effect])).max())
        assert (round(abs(leader), 1) * 2 > round(abs(days[effect]), 1)) == (cause.key == "bridge.mostly")


@pytest.mark.parametrize("by", ["customer_id", "segment", ["segment", "country"], None])
def test_groups_add_up_to_effects_and_effects_to_the_change(by):
    ledger = sample_ledger("groupe")
    bridge = dso_bridge(ledger, "2025-03-31", "2025-12-31", by=by)
    change = float(bridge.end) - float(bridge.start)
    assert bridge.effects["days"].sum() == pytest.approx(change, abs=1e-9)
    assert bridge.groups[DRILL].sum().to_numpy() == pytest.approx(bridge.effects["days"].to_numpy(), abs=1e-9)
    assert bridge.groups[DRILL].sum(axis=1).to_numpy() == pytest.approx(bridge.groups["change"].to_numpy())
    assert bridge.groups["dso_start"].sum() == pytest.approx(float(bridge.start))
    assert bridge.groups["dso_end"].sum() == pytest.approx(float(dso(ledger, "2025-12-31")))
    assert bridge.groups["change"].sum() == pytest.approx(change, abs=1e-9)
    back = dso_bridge(ledger, "2025-12-31", "2025-03-31", by=by).effects.set_index("effect")
    back = back.rename(index={"new": "lost", "lost": "new"}).loc[list(EFFECTS)]
    assert back["days"].tolist() == pytest.approx((-bridge.effects["days"]).tolist(), abs=1e-9)
    moved = balance(ledger, "2025-12-31") - balance(ledger, "2025-03-31")
    assert bridge.effects["amount"].sum() == pytest.approx(moved, abs=1e-4)


def of_drawn(drawn):
    table = np.array(drawn).reshape(-1, 7)
    terms = np.where(table[:, 6] > 2_000, table[:, 6] / 100, np.nan)
    return Snapshot(table[:, 0], table[:, 1:6] * [1, 1, 1, 1, -1], terms)


amounts = st.integers(0, 10**6).map(lambda cents: cents / 100)
windows = st.integers(1, 4).flatmap(
    lambda groups: st.tuples(*[st.lists(amounts, min_size=groups * 7, max_size=groups * 7).map(of_drawn)] * 2)
)


@given(windows)
def test_effects_are_exact_and_turn_their_signs_with_time(window):
    first, second = window
    assume(min(first.sales.sum(), second.sales.sum()) > 1)
    effects = bridge_effects(first, second, 90)
    change = second.parts.sum() / second.sales.sum() - first.parts.sum() / first.sales.sum()
    size = max(np.abs(w.parts).sum() / w.sales.sum() for w in window) * 90
    assert effects.to_numpy().sum() == pytest.approx(change * 90, abs=1e-9 * max(size, 1))
    back = bridge_effects(second, first, 90).rename(columns={"new": "lost", "lost": "new"})
    np.testing.assert_allclose(effects.to_numpy(), -back[list(EFFECTS)].to_numpy(), atol=1e-9 * max(size, 1))
    widest = max(np.abs(w.parts).sum() for w in window) / min(w.sales.sum() for w in window) * 90  # where sales jump
    assert np.abs(effects.to_numpy()).max() < 3 * (widest + 365)  # nothing explodes, whatever the shares


@given(ledgers(), st.integers(0, 9))
def test_order_future_scale_and_inputs(ledger, seed):
    start, end, before = "2023-06-30", "2023-12-31", ledger.items.copy()
    bridge = dso_bridge(ledger, start, end)
    pd.testing.assert_frame_equal(ledger.items, before)
    for same in (shuffled(ledger, seed), known_by(ledger, end), scaled(ledger, 10)):
        other = dso_bridge(same, start, end)
        assert other.effects["days"].tolist() == pytest.approx(bridge.effects["days"].tolist(), abs=1e-6, nan_ok=True)
        assert sorted(other.groups["change"]) == pytest.approx(sorted(bridge.groups["change"]), abs=1e-6)
    if not bridge.groups.empty:
        assert bridge.effects["days"].sum() == pytest.approx(bridge.end - bridge.start, rel=1e-9, abs=1e-6)
        assert bridge.sentence.text("fr").startswith("Le DSO ")
