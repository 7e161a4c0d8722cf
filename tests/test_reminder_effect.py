"""The effect of reminders: a planted one is found, none is found where there is none, by hand, and no look ahead."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from paid_invoices import from_frame, future_changed
from small import scaled, shuffled

from arlib.collection.effect import reminder_effect
from arlib.collection.log import ContactLog
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.show.charts import reminder_effect_chart
from arlib.show.tables import reminder_effect_table

DAY = "2025-12-31"
_CUSTOMERS, _INVOICES, _DAYS = 80, 60, 200


@cache
def simulated(effect: float, seed: int = 1) -> tuple[Ledger, pd.DataFrame]:
    """Invoices paid each day late with a chance of their customer's, `effect` times as often once reminded.

    On each day an unpaid invoice is reminded, once, with a chance of 3 in 100, whoever owes it.
    """
    rng = np.random.default_rng(seed)
    size = _CUSTOMERS * _INVOICES
    customer = np.repeat(np.arange(_CUSTOMERS), _INVOICES)
    chance = rng.uniform(0.03, 0.05, _CUSTOMERS)[customer]
    due = np.datetime64("2025-01-01") + rng.integers(0, 300, size)
    paid, reminded = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for day in range(1, _DAYS):
        pays = (paid == 0) & (rng.random(size) < np.where(reminded > 0, effect, 1.0) * chance)
        paid[pays] = day
        reminded[(paid == 0) & (reminded == 0) & (rng.random(size) < 0.03)] = day
    invoices = pd.DataFrame(
        {
            "customer_id": [f"C{code:02}" for code in customer],
            "issued_on": due - 30,
            "due_on": due,
            "amount": rng.gamma(1.0, 1000.0, size).round(2) + 10,
            "paid_on": pd.Series(due + paid).where(paid > 0),
        }
    )
    late = invoices["paid_on"] > DAY
    ledger = from_frame(invoices.assign(paid_on=invoices["paid_on"].mask(late)), until=DAY)
    chosen = np.flatnonzero(reminded > 0)
    contacts = pd.DataFrame(
        {
            "item_id": chosen + 1,
            "contacted_on": (due + reminded)[chosen],
            "channel": np.where(chosen % 2, "email", "phone"),
        }
    )
    return ledger, contacts[contacts["contacted_on"] <= DAY]


def log(rows: pd.DataFrame) -> ContactLog:
    return ContactLog(rows)


def effect_of(planted: float, **options):
    ledger, contacts = simulated(planted)
    return reminder_effect(ledger, log(contacts), DAY, **options)


@pytest.mark.parametrize("planted", [1.0, 1.5])
def test_a_planted_effect_lies_within_its_interval(planted):
    """The chance of paying on a day after a reminder is 1.5 times (or 1 time) what it would be.

    The naive comparison, of items ever reminded with items never reminded from the due date on, says that reminders
    without any effect keep 44 items of 100 from being paid within 30 days, and those that do help 32: to be reminded
    one must first stay unpaid. It is asserted to be below 0, and over 20 points off, in both cases.
    """
    found = effect_of(planted).effects.set_index("group").loc["all"]
    assert found["hazard_low"] <= planted <= found["hazard_high"]
    assert found["hazard_high"] - found["hazard_low"] < 0.5
    assert found["conclusive"] == (planted > 1)
    assert abs(naive(planted) - found["difference"]) > 0.2
    assert naive(planted) < 0


def naive(planted: float) -> float:
    """Share paid within 30 days of the due date, of items ever reminded less that of items never reminded."""
    ledger, contacts = simulated(planted)
    invoices = ledger.items[ledger.items["kind"] == "invoice"].set_index("item_id")
    invoices = invoices[invoices["due_on"] <= "2025-11-30"]
    paid_on = ledger.matches.set_index("debit_id")["matched_on"].reindex(invoices.index)
    within = (paid_on - invoices["due_on"]).dt.days <= 30
    reminded = invoices.index.isin(contacts["item_id"])
    return float(within[reminded].mean() - within[~reminded].mean())


def test_the_interval_holds_the_planted_effect_as_often_as_it_says():
    """Ten ledgers: 95 in 100 intervals hold the truth, so that two that do not are rare (1 in 12)."""
    held = 0
    for seed in range(10):
        ledger, contacts = simulated(1.5, seed)
        found = reminder_effect(ledger, log(contacts), DAY, draws=100).effects.iloc[0]
        held += found["hazard_low"] <= 1.5 <= found["hazard_high"]
    assert held >= 8


def small_case():
    """40 customers with an invoice due on 1 June each; half of them are reminded 10 days late.

    Of the 20 reminded 10 pay on day 15, the others never. Of the 20 not reminded 4 pay on day 5, 8 on day 12.
    """
    paid = {**dict.fromkeys(range(10), "2025-06-16"), **dict.fromkeys(range(20, 24), "2025-06-06")}
    paid |= dict.fromkeys(range(24, 32), "2025-06-13")
    rows = [
        {
            "customer_id": f"C{code:02}",
            "issued_on": "2025-05-02",
            "due_on": "2025-06-01",
            "amount": 100.0,
            "paid_on": paid.get(code),
        }
        for code in range(40)
    ]
    contacts = pd.DataFrame({"customer_id": [f"C{code:02}" for code in range(20)], "contacted_on": "2025-06-11"})
    return from_frame(pd.DataFrame(rows), until="2025-12-31"), contacts.assign(channel="letter")


def test_the_curves_by_hand(monkeypatch):
    """At 10 days late 20 are reminded; 20 − 4 = 16 are unpaid and are not.

    With a reminder 10 of 20 have paid 5 days later: 0.50 at day 5 and ever after. Without, 8 of 16 have paid 2 days
    later: 0.50 from day 2. On day late 12, 20 reminded and 16 others are at risk, 8 others pay; on day 15, 20 and 8,
    10 reminded pay. Mantel-Haenszel: (10 × 8 ÷ 28) ÷ (8 × 20 ÷ 36) = 2.857 ÷ 4.444 = 0.643.
    """
    monkeypatch.setattr("arlib.collection.effect.effect._FEWEST", 10)
    ledger, contacts = small_case()
    found = reminder_effect(ledger, log(contacts), DAY, days=20)
    told = found.effects.set_index("group").loc["letter"]
    assert (told["reminded"], told["customers"], told["left_out"], told["others"]) == (20, 20, 0, 16)
    assert told["hazard_ratio"] == pytest.approx((10 * 8 / 28) / (8 * 20 / 36))
    assert told["difference"] == pytest.approx(0.0)
    curve = found.curves[found.curves["group"] == "letter"].set_index("day")
    assert curve.loc[[0, 4, 5, 20], "paid_share"].tolist() == pytest.approx([0, 0, 0.5, 0.5])
    assert curve.loc[[0, 1, 2, 20], "paid_share_without"].tolist() == pytest.approx([0, 0, 0.5, 0.5])
    assert not told["conclusive"]


def test_later_reminders_end_what_is_compared(monkeypatch):
    """The others are reminded on day 11: they are followed for a day, so that the first reminders stand alone."""
    monkeypatch.setattr("arlib.collection.effect.effect._FEWEST", 10)
    ledger, contacts = small_case()
    others = pd.DataFrame({"customer_id": [f"C{code:02}" for code in range(20, 40)], "contacted_on": "2025-06-12"})
    both = pd.concat([contacts, others.assign(channel="phone")], ignore_index=True)
    told = reminder_effect(ledger, log(both), DAY, days=20).effects.set_index("group")
    assert told.loc["letter", ["reminded", "left_out"]].tolist() == [0, 20]
    one_day = reminder_effect(ledger, log(both), DAY, days=1).effects.set_index("group")
    assert one_day.loc["letter", ["reminded", "left_out"]].tolist() == [20, 0]


def test_a_payment_on_the_day_of_the_reminder_was_under_way():
    ledger, contacts = small_case()
    same_day = contacts.head(10).assign(contacted_on="2025-06-16")
    found = reminder_effect(ledger, log(same_day), DAY)
    assert found.effects.loc[0, "reminded"] + found.effects.loc[0, "left_out"] == 0


def test_too_few_reminders_have_no_figure_but_a_sentence():
    ledger, contacts = small_case()
    found = reminder_effect(ledger, log(contacts), DAY)
    assert found.effects["hazard_ratio"].isna().all()
    assert found.effects["note"].map(lambda note: note.key).eq("collection.effect.few").all()
    assert found.curves.empty
    assert "too few" in found.effects["note"].iloc[0].text("en")


def test_what_reached_nobody_is_no_reminder():
    ledger, contacts = simulated(1.5)
    outcome = np.where(np.arange(len(contacts)) % 2, "unreachable", "none")
    found = reminder_effect(ledger, log(contacts.assign(outcome=outcome)), DAY, draws=50)
    half = reminder_effect(ledger, log(contacts[outcome == "none"]), DAY, draws=50)
    pd.testing.assert_frame_equal(found.effects, half.effects)
    assert "collection.effect.unreached" in [note.key for note in found.notes]


def test_nothing_later_is_known():
    day = "2025-08-31"
    ledger, contacts = simulated(1.5)
    found = reminder_effect(ledger, log(contacts), day, draws=50)
    before = reminder_effect(future_changed(ledger, day), log(contacts[contacts["contacted_on"] <= day]), day, draws=50)
    pd.testing.assert_frame_equal(found.effects, before.effects, check_exact=True)
    pd.testing.assert_frame_equal(found.curves, before.curves, check_exact=True)


def test_neither_the_order_of_rows_nor_the_unit_matters():
    ledger, contacts = simulated(1.5)
    found = reminder_effect(ledger, log(contacts), DAY, draws=50)
    mixed = log(contacts.sample(frac=1, random_state=3))
    for other in (shuffled(ledger, 5), scaled(ledger, 8.0)):
        same = reminder_effect(other, mixed, DAY, draws=50)
        pd.testing.assert_frame_equal(found.effects, same.effects)


@pytest.mark.parametrize("options", [{"by": "name"}, {"days": 0}, {"draws": 3}])
def test_what_cannot_be_asked_is_refused(options):
    ledger, contacts = small_case()
    with pytest.raises(ArlibError, match="channel or level"):
        reminder_effect(ledger, log(contacts), DAY, **options)


def test_nobody_reminded():
    ledger, contacts = small_case()
    found = reminder_effect(ledger, log(contacts.iloc[:0]), DAY)
    assert found.effects["group"].tolist() == ["all"]
    assert "collection.effect.nobody" in [note.key for note in found.notes]


@pytest.mark.parametrize(("language", "said"), [("en", "paid within 30 days"), ("fr", "payées dans les 30 jours")])
def test_the_chart_says_what_was_found(language, said):
    chart = reminder_effect_chart(effect_of(1.5), group="phone", language=language).to_dict()
    assert said in chart["description"]
    assert "1.5" in chart["description"].replace(",", ".")
    unsure = reminder_effect_chart(effect_of(1.0), language=language).to_dict()["description"]
    assert ("beyond chance" if language == "en" else "que le hasard") in unsure


def test_the_chart_of_too_few_says_so():
    ledger, contacts = small_case()
    chart = reminder_effect_chart(reminder_effect(ledger, log(contacts), DAY)).to_dict()
    assert "Too few reminders" in chart["description"]


def test_the_table_says_figures_and_why_there_are_none():
    told = reminder_effect_table(effect_of(1.5), language="fr")
    assert "téléphone" in told
    assert "14 (" in told
    ledger, contacts = small_case()
    few = reminder_effect_table(reminder_effect(ledger, log(contacts), DAY))
    assert "too few to say anything" in few
    assert "nan" not in few
