"""The plan of reminders, day by day on a ledger a person can check by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import ledger_of, ledgers, sample_ledger

from arlib.calendar import EVERY_DAY
from arlib.collection.dunning import AssumedEffect, CustomerClass, Level, Scenario, StopRules, dunning_plan
from arlib.collection.log import ContactLog
from arlib.collection.worklist import worklist
from arlib.errors import ArlibError
from arlib.ledger import open_items
from arlib.simulation.forecast.promises import Promises

# 2024-06-10 is a Monday. The standard scenario: -5, +5, +15, +30, +45 days; cool-down of 7 days.
MONDAY = "2024-06-10"


def on(day: str) -> pd.Timestamp:
    return pd.Timestamp(day)


def plain(table: str, **kept: str):
    return ledger_of(table, covers=("2023-01-01", MONDAY), **kept)


def sent(plan) -> list[tuple[str, str, str, float]]:
    rows = plan.actions.sort_values(["day", "customer_id"])
    days = rows["day"].dt.strftime("%m-%d")
    return list(zip(days, rows["customer_id"], rows["level"], rows["amount"], strict=True))


ONE = """
customer | kind | issued | due | amount
A | invoice | 2024-05-01 | 2024-06-05 | 1000
"""


def test_the_levels_of_one_invoice_follow_its_due_date():
    """Due on Wednesday 5 June: +5 is Monday 10, +15 Thursday 20, +30 Friday 5 July, +45 (20 July) after 30 days."""
    plan = dunning_plan(plain(ONE))
    assert sent(plan) == [
        ("06-10", "A", "reminder_1", 1000.0),
        ("06-20", "A", "reminder_2", 1000.0),
        ("07-05", "A", "reminder_3", 1000.0),
    ]
    assert list(plan.actions["status"]) == ["due_today", "planned", "planned"]
    assert list(plan.actions["days_overdue"]) == [5, 15, 30]
    assert list(plan.actions["channel"]) == ["email", "email", "letter"]
    assert plan.stopped.empty


def test_a_closed_day_becomes_the_next_open_one():
    """+45 days is Saturday 20 July 2024: Monday 22. 15 August is a public holiday of France: Friday 16."""
    plan = dunning_plan(plain(ONE), horizon=50)
    assert sent(plan)[-1][:3] == ("07-22", "A", "formal_notice")
    august = "customer|kind|issued|due|amount\nA|invoice|2024-06-01|2024-08-10|500"
    plan = dunning_plan(plain(august), horizon=70)
    assert [row[:3] for row in sent(plan)] == [("08-05", "A", "pre_due"), ("08-16", "A", "reminder_1")]
    everyday = dunning_plan(plain(august), horizon=70, calendar=EVERY_DAY)
    assert [row[0] for row in sent(everyday)] == ["08-05", "08-15"]


def test_a_day_asked_on_a_sunday_begins_on_monday():
    plan = dunning_plan(ledger_of(ONE, covers=("2023-01-01", "2024-06-09")))
    assert plan.as_of == on("2024-06-09")
    assert plan.days[0] == on(MONDAY)
    assert plan.actions["status"].iloc[0] == "due_today"


def test_one_letter_a_customer_and_day_lists_all_that_is_overdue():
    """F1 (100 days late) and F2 (8) reach level 1; F3, 2 days late, is listed with them and climbs no level."""
    ledger = plain(
        """
        customer | kind | issued | due | amount
        A | invoice | 2024-01-01 | 2024-03-02 | 100
        A | invoice | 2024-05-01 | 2024-06-02 | 200
        A | invoice | 2024-05-01 | 2024-06-08 | 400
        """
    )
    plan = dunning_plan(ledger, horizon=0)
    assert sent(plan) == [("06-10", "A", "reminder_1", 700.0)]
    assert plan.actions[["items", "reminded", "status"]].iloc[0].tolist() == [3, 2, "late"]
    assert list(plan.items["reminded"]) == [True, True, False]
    later = dunning_plan(ledger, horizon=30)
    # After 7 days of rest, on the 17th: level 2 for F1 and for F2 (2 June + 15), level 1 for F3.
    assert sent(later)[1] == ("06-17", "A", "reminder_2", 700.0)


def test_a_notice_before_the_due_date_is_not_made_up_for():
    """Due on the 10th itself: no notice any more, nothing before +5 (Saturday 15: Monday 17)."""
    plan = dunning_plan(plain("customer|kind|issued|due|amount\nA|invoice|2024-05-01|2024-06-10|50"))
    assert sent(plan)[0][:3] == ("06-17", "A", "reminder_1")
    tomorrow = dunning_plan(plain("customer|kind|issued|due|amount\nA|invoice|2024-05-01|2024-06-12|50"), horizon=0)
    assert sent(tomorrow) == [("06-10", "A", "pre_due", 50.0)]
    assert tomorrow.actions["status"].iloc[0] == "late"


LATE = """
customer | kind | issued | due | amount
A | invoice | 2024-03-01 | 2024-04-20 | 1000
A | invoice | 2024-03-01 | 2024-06-01 | 300
"""


def test_the_log_is_gone_on_from():
    """F1 had level 3 on 27 May: the formal notice follows, and lists F1 alone, since F2 was never reminded."""
    log = ContactLog(pd.DataFrame({"item_id": [1], "contacted_on": ["2024-05-27"], "level": [3]}))
    plan = dunning_plan(plain(LATE), log=log)
    assert sent(plan)[:2] == [("06-10", "A", "formal_notice", 1000.0), ("06-17", "A", "reminder_1", 300.0)]
    assert plan.actions["previous_on"].iloc[0] == on("2024-05-27")
    assert "2024-05-27" in plan.actions["reason"].iloc[0]


def test_a_contact_about_all_speaks_of_each_item_as_far_as_it_was_late():
    """On 27 May F1 was 37 days late, F2 not due: the letter of level 3 was a level 3 for F1 and none for F2."""
    log = ContactLog(pd.DataFrame({"customer_id": ["A"], "contacted_on": ["2024-05-27"], "level": [3]}))
    plan = dunning_plan(plain(LATE), log=log)
    assert [row[2] for row in sent(plan)[:2]] == ["formal_notice", "reminder_1"]


def test_no_level_goes_out_twice_and_the_last_one_ends_it():
    log = ContactLog(pd.DataFrame({"item_id": [1], "contacted_on": ["2024-05-27"], "channel": ["formal_notice"]}))
    plan = dunning_plan(plain(LATE), log=log)
    assert 1 not in set(plan.items["item_id"])
    assert plan.stopped[["item_id", "why"]].to_numpy().tolist() == [[1, "all_sent"]]
    assert "Formal notice" in plan.stopped["reason"].iloc[0]


@pytest.mark.parametrize(("contacted", "first"), [("2024-06-03", "06-10"), ("2024-06-05", "06-12")])
def test_a_customer_has_its_rest_after_any_contact(contacted, first):
    """Seven days after the contact, also one by telephone without a level."""
    log = ContactLog(pd.DataFrame({"customer_id": ["A"], "contacted_on": [contacted], "channel": ["phone"]}))
    assert sent(dunning_plan(plain(ONE), log=log))[0][:3] == (first, "A", "reminder_1")


def test_what_the_log_says_of_later_days_is_not_known_yet():
    log = ContactLog(pd.DataFrame({"customer_id": ["A", "A"], "contacted_on": ["2024-06-11", "2023-01-01"]}))
    assert sent(dunning_plan(plain(ONE), log=log))[0][0] == "06-10"


STOPS = """
customer | kind | issued | due | amount | disputed
A | invoice | 2024-03-01 | 2024-05-20 | 1000 | x
B | invoice | 2024-03-01 | 2024-05-20 | 500 |
B | payment | 2024-06-01 | | -500 |
C | invoice | 2024-03-01 | | 70 |
D | invoice | 2024-03-01 | 2024-05-20 | 12 |
E | invoice | 2024-03-01 | 2024-05-20 | 900 |
F | invoice | 2024-03-01 | 2024-05-20 | 800 |
F | payment | 2024-06-01 | | -300 |
"""


def test_every_stop_says_why_and_nothing_is_lost():
    ledger = plain(STOPS)
    ledger = replace(ledger, customers=ledger.customers.assign(status=["", "", "", "", "Liquidation judiciaire", ""]))
    plan = dunning_plan(ledger)
    why = plan.stopped.set_index("customer_id")["why"].to_dict()
    assert why == {
        "A": "disputed",
        "B": "unmatched_credit",
        "C": "no_due_date",
        "D": "amount_below",
        "E": "insolvent",
    }
    assert set(plan.actions["customer_id"]) == {"F"}
    assert plan.actions["amount"].iloc[0] == 500.0  # 800 less the payment nobody matched
    assert plan.items["credits"].iloc[0] == 300.0
    assert plan.stopped["reason"].str.len().min() > 10
    tie_out(ledger, plan)


def tie_out(ledger, plan):
    opened = open_items(ledger, plan.as_of)
    debits = opened[opened["open_amount"] > 0]
    inside, outside = set(plan.items["item_id"]), set(plan.stopped["item_id"])
    assert inside | outside == set(debits["item_id"])
    assert not inside & outside
    assert not plan.stopped["item_id"].duplicated().any()
    once = plan.items.drop_duplicates("item_id")["open_amount"].sum() + plan.stopped["open_amount"].sum()
    assert once == pytest.approx(debits["open_amount"].sum(), abs=0.005)
    sums = plan.items.groupby(["day", "customer_id"])["asked"].sum().round(2)
    amounts = plan.actions.set_index(["day", "customer_id"])["amount"]
    assert amounts.sort_index().to_numpy() == pytest.approx(sums.sort_index().to_numpy(), abs=0.005)


def test_rules_can_be_left_out():
    rules = StopRules(disputed=False, promise_pending=False, insolvent=False, unmatched_credit=False)
    scenario = Scenario("all", (Level("one", 1, 5, "email", "reminder_1"),), stop=rules)
    plan = dunning_plan(plain(STOPS), scenarios=[scenario])
    assert dict(zip(plan.stopped["customer_id"], plan.stopped["why"], strict=True)) == {"C": "no_due_date"}
    assert plan.actions.set_index("customer_id").loc["F", "amount"] == 800.0


def test_a_promise_is_waited_for():
    """Promised for 12 June and broken 5 days later: 17 June. Beyond the horizon the item is stopped, and says so."""
    promise = pd.DataFrame({"customer_id": ["A"], "amount": [1000.0], "promised_on": ["2024-06-12"]})
    assert sent(dunning_plan(plain(ONE), promises=Promises(promise)))[0][0] == "06-17"
    far = dunning_plan(plain(ONE), promises=promise.assign(promised_on="2024-08-01"))
    assert far.actions.empty
    assert far.stopped["why"].tolist() == ["promise"]
    assert "2024-08-06" in far.stopped["reason"].iloc[0]


def test_a_promise_already_broken_holds_nothing_back():
    promise = pd.DataFrame({"item_id": [1], "amount": [1000.0], "promised_on": ["2024-06-01"]})
    assert sent(dunning_plan(plain(ONE), promises=Promises(promise)))[0][0] == "06-10"


def test_a_customer_has_the_first_scenario_it_meets():
    ledger = plain(
        """
        customer | kind | issued | due | amount
        A | invoice | 2024-03-01 | 2024-06-05 | 60000
        B | invoice | 2024-03-01 | 2024-06-05 | 100
        C | invoice | 2024-03-01 | 2024-06-05 | 100
        """
    )
    ledger = replace(ledger, customers=ledger.customers.assign(country=["FR", "Germany", "FR"]))
    level = Level("call", 1, 5, "phone", "reminder_1")
    large = Scenario("large", (level,), customers=CustomerClass(owed_from=50000))
    abroad = Scenario("abroad", (level,), customers=CustomerClass(countries=("DE",), languages=("en",)))
    plan = dunning_plan(ledger, scenarios=[large, abroad])
    assert plan.actions.set_index("customer_id")["scenario"].to_dict() == {"A": "large", "B": "abroad"}
    assert plan.stopped[["customer_id", "why"]].to_numpy().tolist() == [["C", "no_scenario"]]


def test_names_the_ledger_does_not_have_are_said():
    odd = Scenario("odd", (Level("one", 1, 5, "email", "x"),), customers=CustomerClass(customers=("ZZZ",)))
    notes = [note for note in dunning_plan(plain(ONE), scenarios=[odd]).notes if note.key == "dunning.unknown_names"]
    assert notes[0].values["names"] == "ZZZ"


PAID = """
customer | kind | issued | due | amount | pays
A | invoice | 2024-01-01 | 2024-02-01 | 100 |
A | payment | 2024-02-11 | | -100 | 1
A | invoice | 2024-01-05 | 2024-02-05 | 100 |
A | payment | 2024-02-25 | | -100 | 3
A | invoice | 2024-05-01 | 2024-06-05 | 1000 |
"""


def test_the_load_is_certain_today_and_likely_later():
    plan = dunning_plan(plain(PAID))
    load = plan.load.set_index("day")
    assert load["maximum"].tolist() == [1, 1, 1]
    assert load["expected"].iloc[0] == 1.0
    assert 0 < load["expected"].iloc[2] < load["expected"].iloc[1] < 1
    assert plan.actions["expected_amount"].to_numpy() == pytest.approx((1000 * plan.actions["p_sent"]).round(2))


def test_nobody_having_paid_is_said_and_not_guessed():
    plan = dunning_plan(plain(ONE))
    assert (plan.actions["p_sent"] == 1).all()
    assert "dunning.no_laws" in [note.key for note in plan.notes]


def test_what_reminders_bring_is_the_share_assumed():
    """Nobody pays by any law: 1000 unpaid 14 days after the first letter without it; a fifth of it is 200, once."""
    plan = dunning_plan(plain(ONE), effect=AssumedEffect(0.2, 14))
    assert plan.expected["brought_in"].tolist() == [200.0, 0.0, 0.0]
    assert "dunning.effect" in [note.key for note in plan.notes]
    assert dunning_plan(plain(ONE)).effect == AssumedEffect(0.1, 14)


@pytest.mark.parametrize("wrong", [{"horizon": -1}, {"horizon": 366}, {"horizon": 1.5}, {"scenarios": []}])
def test_questions_that_cannot_be_answered(wrong):
    with pytest.raises(ArlibError):
        dunning_plan(plain(ONE), **wrong)


def test_an_empty_ledger_has_an_empty_plan():
    ledger = plain(ONE)
    ledger = replace(ledger, items=ledger.items.head(0), controls=ledger.controls.head(0))
    plan = dunning_plan(ledger)
    assert [len(frame) for frame in (plan.actions, plan.items, plan.stopped, plan.load, plan.expected)] == [0] * 5


FRAMES = ("actions", "items", "stopped", "load", "expected")


@settings(max_examples=20)
@given(ledgers(), st.integers(0, 400))
def test_nothing_is_lost_and_no_level_goes_out_twice(ledger, days):
    day = on("2023-01-01") + pd.Timedelta(days=days)
    plan = dunning_plan(ledger, day, horizon=40)
    tie_out(ledger, plan)
    reminded = plan.items[plan.items["reminded"]]
    assert not reminded.duplicated(["item_id", "level"]).any()
    assert not plan.actions.duplicated(["day", "customer_id"]).any()
    assert plan.actions["day"].isin(plan.days).all()
    gaps = plan.actions.sort_values("day").groupby("customer_id")["day"].diff().dropna()
    assert (gaps >= pd.Timedelta(days=7)).all()


@settings(max_examples=15)
@given(ledgers(), st.integers(0, 400), st.randoms(use_true_random=False))
def test_what_comes_later_and_the_order_of_rows_change_nothing(ledger, days, random):
    day = on("2023-01-01") + pd.Timedelta(days=days)
    plan = dunning_plan(ledger, day)
    order = list(range(len(ledger.items)))
    random.shuffle(order)
    later = ledger.items["booked_on"] > day
    changed = replace(
        ledger,
        items=ledger.items.assign(amount=np.where(later, 1.7, 1.0) * ledger.items["amount"]).iloc[order],
        matches=ledger.matches[ledger.matches["matched_on"] <= day],
        customers=ledger.customers.iloc[::-1],
    )
    again = dunning_plan(changed, day)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(plan, name), getattr(again, name))


def test_rows_of_the_sample_in_another_order_are_the_same_plan():
    ledger = sample_ledger("negoce")
    turned = replace(ledger, items=ledger.items.iloc[::-1], customers=ledger.customers.iloc[::-1])
    plan, again = (dunning_plan(each, "2025-12-31") for each in (ledger, turned))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(plan, name), getattr(again, name))


def test_amounts_times_a_hundred_are_the_same_plan():
    ledger = plain(LATE)
    larger = replace(ledger, items=ledger.items.assign(amount=100 * ledger.items["amount"]))
    plan, scaled = dunning_plan(ledger), dunning_plan(larger)
    assert (scaled.actions["amount"] == 100 * plan.actions["amount"]).all()
    assert scaled.actions["level"].equals(plan.actions["level"])


def test_the_sample_ties_and_its_reasons_are_in_both_languages():
    ledger = sample_ledger("negoce")
    plan = dunning_plan(ledger, "2025-12-31", language="fr")
    tie_out(ledger, plan)
    assert plan.actions["reason"].str.startswith("Relance 1\u00a0: ").any()
    assert (plan.load["expected"] <= plan.load["maximum"] + 1e-9).all()
    assert not plan.actions["day"].isin([on("2026-01-01"), on("2026-01-03")]).any()


def logged(**columns) -> ContactLog:
    return ContactLog(pd.DataFrame(columns))


def test_a_formal_notice_waits_for_the_days_that_reminder_3_granted():
    """Reminder 3 on Monday 10 June grants eight days, and the post takes three: 21 June, though +45 days has passed."""
    table = """
    customer | kind | issued | due | amount
    A | invoice | 2024-03-01 | 2024-04-05 | 1000
    """
    log = logged(customer_id=["A"], contacted_on=[MONDAY], channel=["letter"], level=[3])
    plan = dunning_plan(plain(table), log=log)
    assert sent(plan) == [("06-21", "A", "formal_notice", 1000.0)]
    none = dunning_plan(plain(table), log=log, horizon=5).stopped
    assert none[["why", "until"]].to_numpy().tolist() == [["later", on("2024-06-21")]]


def test_a_formal_notice_lists_nothing_that_a_letter_still_grants_days():
    """Both have gone beyond 45 days; reminder 3 of F1 is of 1 May, that of F2 of 3 June."""
    table = """
    customer | kind | issued | due | amount
    A | invoice | 2024-03-01 | 2024-04-05 | 1000
    A | invoice | 2024-03-01 | 2024-04-06 | 500
    """
    log = logged(item_id=[1, 2], contacted_on=["2024-05-01", "2024-06-03"], channel=["letter"] * 2, level=[3, 3])
    plan = dunning_plan(plain(table), log=log)
    assert sent(plan) == [("06-10", "A", "formal_notice", 1000.0), ("06-17", "A", "formal_notice", 500.0)]


@pytest.mark.parametrize(("outcome", "why"), [("disputed", "disputed"), ("paid", "said_paid")])
def test_what_the_last_contact_was_told_holds_reminders_back_as_in_the_worklist(outcome, why):
    log = logged(customer_id=["A"], contacted_on=["2024-06-03"], outcome=[outcome])
    plan = dunning_plan(plain(ONE), log=log, horizon=5)
    assert plan.actions.empty
    assert plan.stopped["why"].tolist() == [why]
    queue = {"disputed": "dispute", "paid": "match_first"}[outcome]
    assert worklist(plain(ONE), log=log).totals["queue"].tolist() == [queue]


def test_what_was_said_to_be_paid_is_asked_for_again_after_fourteen_days():
    """Said on 3 June: looked for until the 17th, asked for on Tuesday 18. A dispute settled since holds nothing."""
    log = logged(item_id=[1], contacted_on=["2024-06-03"], outcome=["paid"])
    assert sent(dunning_plan(plain(ONE), log=log))[0] == ("06-18", "A", "reminder_1", 1000.0)
    settled = logged(item_id=[1, 1], contacted_on=["2024-06-01", "2024-06-03"], outcome=["disputed", "none"])
    assert sent(dunning_plan(plain(ONE), log=settled))[0] == ("06-10", "A", "reminder_1", 1000.0)


@pytest.mark.parametrize(("amount", "held"), [(1, False), (500, False), (500.01, True), (1000, True)])
def test_a_promise_holds_back_what_it_covers_for_more_than_half(amount, held):
    promise = Promises(pd.DataFrame({"customer_id": ["A"], "amount": [amount], "promised_on": ["2024-06-12"]}))
    plan = dunning_plan(plain(ONE), promises=promise, horizon=0)
    assert plan.stopped["why"].tolist() == (["promise"] if held else [])


def test_a_promise_is_of_what_is_not_disputed():
    """The disputed 2,000 are due first; the promise of 1,000 is of what can be asked for."""
    table = """
    customer | kind | issued | due | amount | disputed
    A | invoice | 2024-03-01 | 2024-04-05 | 2000 | x
    A | invoice | 2024-05-01 | 2024-06-05 | 1000 |
    """
    promise = Promises(pd.DataFrame({"customer_id": ["A"], "amount": [1000.0], "promised_on": ["2024-06-20"]}))
    plan = dunning_plan(plain(table), promises=promise, horizon=5)
    assert plan.stopped["why"].tolist() == ["disputed", "promise"]
