"""The worklist: gains computed on paper, one queue each, totals that tie, capacity, promises, no look ahead."""

import dataclasses
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import ledger_of, ledgers, scaled, shuffled

from arlib.behaviour import payment_laws
from arlib.collection.log import ContactLog
from arlib.collection.worklist import QUEUES, Capacity, ContactRules, Means, worklist
from arlib.collection.worklist.choice import TAKEN, within
from arlib.collection.worklist.rules import USED
from arlib.errors import ArlibError
from arlib.ledger import Ledger, balance, open_items
from arlib.simulation.forecast.promises import Promises

DAY = "2025-06-30"
NEXT_90 = 90

# Nobody has paid: everything is expected to stay unpaid for the 90 days that count.
MANY = """
customer | kind    | issued     | due        | amount | disputed
A        | invoice | 2025-05-01 | 2025-05-31 | 1000   |
B        | invoice | 2025-06-05 | 2025-07-05 | 2000   |
C        | invoice | 2025-06-05 | 2025-12-31 | 3000   |
D        | invoice | 2025-05-01 | 2025-05-31 | 500    |
D        | payment | 2025-06-20 |            | -500   |
E        | invoice | 2025-05-01 | 2025-05-31 | 700    | x
F        | invoice | 2025-05-01 | 2025-05-31 | 800    |
G        | invoice | 2025-05-01 | 2025-05-31 | 900    |
H        | invoice | 2025-05-01 | 2025-05-31 | 1100   |
I        | invoice | 2025-05-01 | 2025-05-31 | 1200   |
J        | payment | 2025-06-20 |            | -50    |
"""
PROMISED = Promises(
    pd.DataFrame(
        {
            "customer_id": ["F", "I"],
            "amount": [800, 1200],
            "promised_on": ["2025-07-10", "2025-06-20"],
            "made_on": ["2025-06-25", "2025-06-10"],
        }
    )
)
# The laws of the late risk tests: one customer that paid 0, 2, 5 and 44 open days after one due date.
FOUR = """customer_id issued_on due_on amount paid_on
A 2025-08-01 2025-09-01 100 2025-09-01
A 2025-08-01 2025-09-01 100 2025-09-03
A 2025-08-01 2025-09-01 100 2025-09-08
A 2025-08-01 2025-09-01 100 2025-10-31
"""


def log(**columns):
    return ContactLog(pd.DataFrame(columns))


def called(customer="G", day="2025-06-27", **others):
    return log(customer_id=[customer], contacted_on=[day], channel=["phone"], **others)


def many(**options):
    return worklist(ledger_of(MANY, covers=("2025-01-01", DAY)), DAY, **options)


def queue_of(found, customer):
    return found.queues.set_index("customer_id").loc[[customer], "queue"].tolist()


def test_the_gain_by_hand_to_the_cent():
    """10,000 due on Monday 3 November, unpaid on the 19th: nothing is left of the law but its last payment.

    That is on 7 January (44 open days after 3 November): unpaid at the end of 20 November to 6 January,
    11 + 31 + 6 = 48 days. From 5,000 on one telephones: 480,000 euro-days × 25 % = 120,000 × 5 % ÷ 365 = 16.44, less
    1 of cost.
    """
    found = worklist(from_text(FOUR + "A 2025-10-03 2025-11-03 10000 -"), "2025-11-19")
    row = found.contacts.iloc[0]
    assert row["channel"] == "phone"
    figures = ["late_euro_days_chased", "euro_days_gained", "cash_gained", "loss_avoided", "cost", "expected_gain"]
    expected = [480_000, 120_000, 120_000 * 0.05 / 365, 0, 1, 120_000 * 0.05 / 365 - 1]
    assert row[figures].tolist() == pytest.approx(expected, abs=1e-3)
    assert row["formula"] == (
        "480,000.00 euro-days late expected in 90 days, × 25.0%: 120,000.00 gained × 5.0% ÷ 365 = EUR\u00a016.44, "
        "+ expected loss EUR\u00a00.00 × 3.0% = EUR\u00a00.00, \u2212 cost EUR\u00a01.00 = EUR\u00a015.44"
    )


def test_the_telephone_of_each_customer_stands_beside_it():
    ledger = ledger_of(MANY, covers=("2025-01-01", DAY))
    phones = {"A": "0199001234", "G": "01 99 00 43 21"}
    known = ledger.customers.assign(phone=ledger.customers["customer_id"].map(phones))
    for customers in (known, known.iloc[::-1]):
        listed = worklist(dataclasses.replace(ledger, customers=customers), DAY).contacts.set_index("customer_id")
        assert listed["phone"].dropna().to_dict() == {each: phones[each] for each in phones if each in listed.index}
        assert {"A", "B"} <= set(listed.index)


def test_before_the_due_date_lateness_counts_from_it():
    """1,000 due on Monday 24 November, asked on the 19th: 18.25 days late are expected (see the late risk tests).

    It is late with 3/4 and due within 10 days: an e-mail, 18,250 × 10 % = 1,825 euro-days, 0.25.
    """
    row = worklist(from_text(FOUR + "A 2025-11-03 2025-11-24 1000 -"), "2025-11-19").contacts.iloc[0]
    assert (row["channel"], row["overdue_items"], row["soon_items"]) == ("email", 0, 1)
    assert [row["late_euro_days_chased"], row["expected_gain"]] == pytest.approx([18_250, 1825 * 0.05 / 365], abs=1e-3)


def test_days_gained_and_losses_by_hand():
    """Of 1,000 nobody pays, 90 days late are to come: 10 days are gained, of a loss of 50 % a tenth is avoided.

    1,000 × 10 × 7.3 % ÷ 365 = 2; 1,000 × 50 % × 10 % = 50; 30 minutes at 60 an hour and 5 cost 35: 17.
    """
    means = {"phone": Means(minutes=30, cost=5, days_gained=10, loss_avoided=0.1)}
    rules = ContactRules(means, rate=0.073, loss_share=0.5, hourly_cost=60)
    row = many(rules=rules).contacts.set_index("customer_id").loc["A"]
    found = row[["euro_days_gained", "cash_gained", "expected_loss", "loss_avoided", "cost", "expected_gain"]].tolist()
    assert found == pytest.approx([10_000, 2, 500, 50, 35, 17])
    short = ContactRules({"phone": Means(minutes=1, days_gained=200)})
    assert many(rules=short).contacts.set_index("customer_id").loc["A", "euro_days_gained"] == 1000 * NEXT_90


def test_each_customer_stands_in_one_queue():
    """A, B and I are contacted: I broke its promise. B's 86 days late begin on its due date, 5 July.

    A: 90,000 × 25 % × 5 % ÷ 365 − 1 = 2.08; I: 108,000 likewise: 2.70, × 1.5 for the order; B: 172,000 × 10 %: 2.36.
    """
    found = many(promises=PROMISED, log=called(), insolvent=["H"])
    assert found.contacts["customer_id"].tolist() == ["I", "B", "A"]
    gains = [108_000 * 0.25 * 0.05 / 365 - 1, 172_000 * 0.1 * 0.05 / 365, 90_000 * 0.25 * 0.05 / 365 - 1]
    assert found.contacts["expected_gain"].tolist() == pytest.approx(gains)
    assert found.contacts["priority"].tolist() == pytest.approx([gains[0] * 1.5, *gains[1:]])
    assert found.contacts["channel"].tolist() == ["phone", "email", "phone"]
    queues = found.queues.set_index("customer_id")["queue"].to_dict()
    apart = {"C": "nothing_to_gain", "D": "match_first", "E": "dispute", "F": "promise", "G": "cooled_down"}
    assert queues == {**dict.fromkeys("ABI", "contact"), **apart, "H": "legal", "J": "nothing_to_gain"}
    assert found.totals.set_index("queue")["owed"].to_dict() == {
        "contact": 4200, "match_first": 0, "dispute": 700, "legal": 1100, "promise": 800,
        "cooled_down": 900, "nothing_to_gain": 2950,
    }  # fmt: skip
    assert found.totals["owed"].sum() == balance(ledger_of(MANY), DAY) == 10_650


def test_reasons_are_read_out_in_both_languages():
    found = many(promises=PROMISED, log=called("A", "2025-05-31"), language="fr")
    reasons = found.contacts.set_index("customer_id")["reason"]
    assert reasons["A"].replace("\u202f", " ").replace("\u00a0", " ") == (
        "1 facture échue pour 1 000,00 €, depuis 30 jours ; sa façon de payer n'est pas encore "
        "connue ; non relancé depuis 30 jours (téléphone)"
    )
    assert "n'a pas réglé 1\u202f200,00\u00a0€ promis pour le 20/06/2025" in reasons["I"]
    told = found.queues.set_index("customer_id")["reason"]
    assert "attendre jusqu'au 15/07/2025" in told["F"]
    assert "lettrer d'abord, ne pas appeler" in told["D"]
    english = many().contacts.set_index("customer_id")["reason"]
    assert english["A"].startswith("1 invoice overdue for EUR\u00a01,000.00, late by 30 days; ")


def test_a_habit_is_told_in_calendar_days():
    """Five invoices, one of them unpaid 16 days late: 4/5, 3/5, 2/5 are unpaid from 1, 3, 8 September on, the last

    seven days after the due date.
    """
    found = worklist(from_text(FOUR + "A 2025-10-03 2025-11-03 10000 -"), "2025-11-19")
    assert "usually pays 7 days after the due date" in found.contacts["reason"].iloc[0]


def test_a_dispute_takes_its_items_and_leaves_the_rest():
    """Trap 32: the dispute is no lateness of the customer's; by the accounts or as the last contact told."""
    table = """
    customer | kind    | issued     | due        | amount | disputed
    A        | invoice | 2025-05-01 | 2025-05-31 | 1000   |
    A        | invoice | 2025-05-01 | 2025-05-31 | 400    | x
    A        | invoice | 2025-05-01 | 2025-05-31 | 300    |
    """
    found = worklist(ledger_of(table), DAY, log=log(item_id=[3], contacted_on=["2025-06-01"], outcome=["litige"]))
    assert found.items["queue"].tolist() == ["contact", "dispute", "dispute"]
    row = found.contacts.iloc[0]
    assert (row["owed"], row["chased"], row["disputed"], row["overdue_items"]) == (1000, 1000, 700, 1)
    assert "EUR\u00a0700.00 disputed, not to be claimed" in row["reason"]
    settled = log(item_id=[3, 3], contacted_on=["2025-06-01", "2025-06-05"], outcome=["disputed", "none"])
    assert worklist(ledger_of(table), DAY, log=settled).contacts["chased"].tolist() == [1300]


def test_credits_come_off_what_is_asked_and_whoever_has_paid_is_not_called():
    table = """
    customer | kind    | issued     | due        | amount | disputed
    A        | invoice | 2025-05-01 | 2025-05-31 | 1000   |
    A        | payment | 2025-06-10 |            | {paid} |
    """
    part = worklist(ledger_of(table.format(paid=-400)), DAY).contacts.iloc[0]
    assert (part["chased"], part["overdue"], part["owed"], part["credits_unapplied"]) == (600, 1000, 600, 400)
    assert part["reason"].endswith("EUR\u00a0600.00 to ask for in all")
    for paid in (-1000, -1200):
        assert worklist(ledger_of(table.format(paid=paid)), DAY).totals["queue"].tolist() == ["match_first"]


def test_who_said_that_it_had_paid_is_looked_up_first_for_a_while():
    assert queue_of(many(log=called("A", "2025-06-16", outcome=["déjà payé"])), "A") == ["match_first"]
    assert queue_of(many(log=called("A", "2025-06-15", outcome=["déjà payé"])), "A") == ["contact"]


@pytest.mark.parametrize(
    ("day", "outcome", "queue"),
    [
        ("2025-06-24", "none", "cooled_down"),
        ("2025-06-23", "none", "contact"),
        ("2025-06-30", "unreachable", "cooled_down"),
        ("2025-06-29", "unreachable", "contact"),
    ],
)
def test_whoever_was_contacted_is_left_in_peace(day, outcome, queue):
    """Seven days after a call, the next day where nobody answered."""
    assert queue_of(many(log=called("A", day, outcome=[outcome])), "A") == [queue]


def promise(amount, on, made, customer="A"):
    table = {"customer_id": [customer], "amount": [amount], "promised_on": [on], "made_on": [made]}
    return Promises(pd.DataFrame(table))


PAID = """
customer | kind    | issued     | due        | amount | pays
A        | invoice | 2025-05-01 | 2025-05-31 | 1000   |
A        | invoice | 2025-05-01 | 2025-05-31 | 500    |
A        | payment | 2025-06-18 |            | -1000  | 1
"""


def test_promises_kept_broken_and_to_come():
    """Of A's 1,500, 1,000 came on 18 June: a promise of so much is kept, one of 1,500 is broken for 500 from the 26th.

    Whatever is promised after the day is unknown on it.
    """
    ledger = ledger_of(PAID, covers=("2025-01-01", DAY))

    def row(made, day=DAY):
        return worklist(ledger, day, promises=made)

    kept = row(promise(1000, "2025-06-20", "2025-06-05")).contacts.iloc[0]
    assert (kept["broken_promise"], kept["promised"], kept["chased"]) == (0, 0, 500)
    broken = promise(1500, "2025-06-20", "2025-06-05")
    assert row(broken).contacts["broken_promise"].tolist() == [500]
    pd.testing.assert_frame_equal(row(broken.table).contacts, row(broken).contacts)
    assert row(broken, "2025-06-25").contacts["broken_promise"].tolist() == [500]
    assert queue_of(row(broken, "2025-06-24"), "A") == ["promise"]
    coming = row(promise(500, "2025-07-05", "2025-06-28"))
    assert queue_of(coming, "A") == ["promise"]
    part = row(promise(200, "2025-07-05", "2025-06-28")).contacts.iloc[0]
    assert (part["chased"], part["promised"]) == (300, 200)
    unknown = row(promise(500, "2025-07-05", "2025-07-01")).contacts.iloc[0]
    assert (unknown["chased"], unknown["promised"]) == (500, 0)


def test_instalments_of_one_agreement_are_paid_one_after_the_other():
    """1,000 on 15 June and 500 on 20 June were promised together; 1,000 came: the second is broken, not the first."""
    table = pd.DataFrame({"customer_id": "A", "amount": [1000, 500], "promised_on": ["2025-06-15", "2025-06-20"]})
    made = Promises(table.assign(made_on="2025-06-05"))
    found = worklist(ledger_of(PAID), DAY, promises=made).contacts.iloc[0]
    assert (found["broken_promise"], f"{found['broken_on']:%Y-%m-%d}") == (500, "2025-06-20")


def test_a_broken_promise_ends_the_wait_after_a_call():
    """Called on 25 June, the promise of the 20th broke on the 25th: not since. On the 24th: since."""
    assert queue_of(many(promises=PROMISED, log=called("I", "2025-06-26")), "I") == ["cooled_down"]
    assert queue_of(many(promises=PROMISED, log=called("I", "2025-06-24")), "I") == ["contact"]


@pytest.mark.parametrize(
    ("contacts", "amount", "channel"),
    [
        ([], 900, "phone"),
        ([("2025-05-05", "email")], 900, "phone"),
        ([("2025-05-05", "email"), ("2025-05-20", "phone")], 900, "formal_notice"),
        ([("2025-05-05", "email"), ("2025-05-20", "formal_notice")], 900, "phone"),
        ([("2025-05-05", "email"), ("2025-05-20", "formal_notice")], 90_000, "visit"),
        ([("2025-04-05", "email"), ("2025-04-20", "phone")], 900, "phone"),
    ],
)
def test_the_channel_escalates(contacts, amount, channel):
    """Due on 1 May, 60 days ago: contacts before that are none about it."""
    table = f"customer|kind|issued|due|amount\nA|invoice|2025-04-01|2025-05-01|{amount}"
    days, channels = zip(*contacts, strict=True) if contacts else ((), ())
    given = log(customer_id=["A"] * len(days), contacted_on=list(days), channel=list(channels)) if days else None
    rules = ContactRules(rate=1.0)  # so dear a money that every channel pays
    assert worklist(ledger_of(table), DAY, log=given, rules=rules).contacts["channel"].tolist() == [channel]


def test_where_a_call_costs_more_than_it_brings_one_writes():
    table = "customer|kind|issued|due|amount\nA|invoice|2025-04-01|2025-05-01|20"
    ledger = ledger_of(table)
    assert worklist(ledger, DAY).contacts["channel"].tolist() == ["email"]
    addresses = pd.DataFrame({"customer_id": ["A", "B"], "email": [None, "b@example.org"]})
    without = dataclasses.replace(ledger, customers=addresses)
    found = worklist(without, DAY)
    assert found.totals["queue"].tolist() == ["nothing_to_gain"]  # a stamp costs 2
    assert "its cost taken off" in found.queues["reason"].iloc[0]


def test_nothing_overdue_is_nothing_to_gain():
    found = worklist(ledger_of("customer|kind|issued|due|amount\nA|invoice|2025-06-01|2025-12-01|20"), DAY)
    assert found.contacts.empty
    assert found.left.empty
    assert found.queues["reason"].str.startswith("nothing is overdue").all()


def test_an_empty_ledger_has_an_empty_list():
    paid = ledger_of(PAID, covers=("2025-01-01", DAY))
    found = worklist(paid, "2025-04-01")
    assert [len(each) for each in (found.contacts, found.left, found.queues, found.items)] == [0] * 4
    assert found.totals["owed"].sum() == 0


def test_items_without_a_due_date_are_counted_at_thirty_days_and_said():
    found = worklist(ledger_of("customer|kind|issued|due|amount\nA|invoice|2025-05-01||200"), DAY)
    assert found.contacts["undated"].tolist() == [200]
    assert found.contacts["days_overdue"].tolist() == [30]
    assert "without a due date" in found.contacts["reason"].iloc[0]
    assert any(note.key == "collection.worklist.undated" for note in found.notes)
    assert found.queues["overdue"].tolist() == [0]  # what has no due date is not said to be past it


def five():
    """Five customers who owe 60,000, 50,000 … 20,000 for 30 days: all are called, the largest first."""
    lines = "\n".join(f"{name}|invoice|2025-05-01|2025-05-31|{70 - 10 * n}000" for n, name in enumerate("PQRST", 1))
    return ledger_of("customer|kind|issued|due|amount\n" + lines)


@pytest.mark.parametrize(
    ("capacity", "taken"),
    [
        (None, "PQRST"),
        (0, ""),
        (1, "P"),
        (3, "PQR"),
        (100, "PQRST"),
        ({"phone": 2}, "PQ"),
        ({"email": 0}, "PQRST"),
        ({"minutes": 36}, "PQR"),
        ({"minutes": 35}, "PQ"),
        ({"minutes": 0}, ""),
        ({"phone": 4, "minutes": 36}, "PQR"),
        (Capacity(contacts=1, minutes=100), "P"),
    ],
)
def test_capacity(capacity, taken):
    """A call takes 12 minutes."""
    found = worklist(five(), DAY, capacity=capacity)
    assert "".join(found.contacts["customer_id"]) == taken
    assert found.contacts["rank"].tolist() == list(range(1, len(taken) + 1))
    assert sorted([*found.contacts["customer_id"], *found.left["customer_id"]]) == list("PQRST")
    assert found.left["why"].str.startswith("beyond today").all()
    assert found.totals["owed"].tolist() == [200_000]


def test_minutes_go_to_what_gains_most_a_minute():
    """A visit is worth more than a call, but not a minute: with 30 minutes a call is made and no visit."""
    table = """
    customer | kind    | issued     | due        | amount
    V        | invoice | 2025-04-01 | 2025-05-01 | 300000
    W        | invoice | 2025-04-01 | 2025-05-31 | 100000
    """
    notice = log(customer_id=["V"], contacted_on=["2025-05-20"], channel=["formal_notice"])
    every = worklist(ledger_of(table), DAY, log=notice)
    assert every.contacts[["customer_id", "channel"]].to_numpy().tolist() == [["V", "visit"], ["W", "phone"]]
    short = worklist(ledger_of(table), DAY, log=notice, capacity={"minutes": 30})
    assert short.contacts["customer_id"].tolist() == ["W"]
    assert short.left["why"].tolist() == ["beyond today's 30 minutes"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Capacity(contacts=-1),
        lambda: Capacity.of({"pigeon": 3}),
        lambda: ContactRules({"other": Means(1)}),
        lambda: ContactRules(rate=-0.1),
        lambda: ContactRules(late_from=2),
        lambda: Means(minutes=math.nan),
        lambda: Means(minutes=1, less_late=1.5),
        lambda: worklist(five(), DAY, insolvent=["nobody"]),
        lambda: worklist(five(), DAY, promises=promise(1, DAY, DAY, "nobody")),
        lambda: worklist(from_text(FOUR), "2025-12-01", laws=payment_laws(from_text(FOUR), "2025-11-01")),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ArlibError):
        wrong()


def test_laws_at_hand_give_the_same():
    ledger = from_frame(random_invoices(3))
    one, other = worklist(ledger), worklist(ledger, laws=payment_laws(ledger))
    pd.testing.assert_frame_equal(one.contacts, other.contacts)


def everything(seed):
    """A ledger and what else is known of it, before and after the day asked."""
    ledger = from_frame(random_invoices(seed))
    rng = np.random.default_rng(seed)
    customers = rng.choice(ledger.customers["customer_id"], 12)
    days = pd.to_datetime("2025-06-01") + pd.to_timedelta(rng.integers(0, 60, 12), "D")
    given = log(customer_id=customers, contacted_on=days, channel=rng.choice(["email", "phone", "formal_notice"], 12))
    table = pd.DataFrame({"customer_id": customers, "amount": rng.integers(1, 10**5, 12) / 10})
    made = Promises(table.assign(made_on=days, promised_on=days + pd.Timedelta(days=10)))
    return ledger, {"log": given, "promises": made}


def same(one, other, *, exactly=True):
    for name in ("contacts", "left", "queues", "items"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=exactly)


@given(seed=st.integers(0, 30))
@settings(max_examples=4, deadline=None)
def test_the_future_changes_nothing(seed):
    """Trap 33: accounts, contacts and promises of later days leave the list as it is, to the bit."""
    ledger, known = everything(seed)
    day = pd.Timestamp(DAY)
    told = known["log"].table
    changed = {
        "log": ContactLog(told[told["contacted_on"] <= day]),
        "promises": Promises(known["promises"].table[lambda each: each["made_on"] <= day]),
    }
    same(worklist(ledger, DAY, capacity=3, **known), worklist(future_changed(ledger, DAY), DAY, capacity=3, **changed))


@given(seed=st.integers(0, 30))
@settings(max_examples=4, deadline=None)
def test_the_order_of_rows_changes_nothing_and_nothing_is_written(seed):
    ledger, known = everything(seed)
    before = [frame.copy() for frame in (ledger.items, ledger.matches, known["promises"].table)]
    turned = Promises(known["promises"].table.iloc[::-1])
    one = worklist(ledger, DAY, **known)
    other = worklist(shuffled(ledger, seed), DAY, log=ContactLog(known["log"].table.iloc[::-1]), promises=turned)
    same(one, other, exactly=False)  # laws add up floats in the order of the file
    for frame, as_it_was in zip((ledger.items, ledger.matches, known["promises"].table), before, strict=True):
        pd.testing.assert_frame_equal(frame, as_it_was)


@given(ledger=ledgers(), day=st.dates(pd.Timestamp("2023-01-01").date(), pd.Timestamp("2024-06-30").date()))
@settings(max_examples=20, deadline=None)
def test_queues_add_up_to_the_balance(ledger: Ledger, day):
    found = worklist(ledger, str(day))
    assert found.totals["owed"].sum() == pytest.approx(balance(ledger, str(day)), abs=0.005)
    assert found.items["open_amount"].sum() == pytest.approx(balance(ledger, str(day)), abs=0.005)
    assert sorted(found.items["item_id"]) == sorted(open_items(ledger, str(day))["item_id"])
    assert set(found.queues["queue"]) <= set(QUEUES)
    assert found.contacts["customer_id"].is_unique
    assert (found.contacts["chased"] <= found.contacts["overdue"] + found.contacts["due_soon"] + 0.005).all()
    assert (found.contacts["expected_gain"] > 0).all()


def test_amounts_scale():
    """Ten times the amounts, ten times the lateness and what it is worth, whatever a contact costs."""
    ledger = from_frame(random_invoices(5))
    free = {name: Means(minutes=5, less_late=0.2) for name in ("email", "letter", "phone", "visit", "formal_notice")}
    one, ten = (worklist(each, DAY, rules=ContactRules(free)).contacts for each in (ledger, scaled(ledger, 10)))
    assert one["customer_id"].tolist() == ten["customer_id"].tolist()
    for name in ("owed", "chased", "late_euro_days_chased", "expected_gain"):
        assert ten[name].to_numpy() == pytest.approx(10 * one[name].to_numpy(), rel=1e-6)


def test_hostile_names_are_told_as_they_are():
    names = ['=HYPERLINK("http://x")', "<script>alert(1)</script>", "../../x", "x" * 300, "\u202eevil", "{amount}"]
    ledger = five()
    customers = pd.DataFrame({"customer_id": list("PQRST"), "name": names[:5]})
    found = worklist(dataclasses.replace(ledger, customers=customers), DAY)
    assert set(found.contacts["name"]) == set(names[:5])
    assert not found.contacts["reason"].str.contains("script|HYPERLINK").any()
    strange = dataclasses.replace(ledger, customers=customers.assign(name=names[5]))
    assert worklist(strange, DAY, insolvent=pd.DataFrame({"customer_id": ["P"], "reason": ["{x}"]})).totals.size


def test_items_stand_behind_each_row():
    found = many()
    rows = found.items_of("D")
    assert rows["open_amount"].tolist() == [500, -500]
    assert set(rows["queue"]) == {"match_first"}


def test_a_promise_of_all_that_is_asked_is_of_what_is_not_disputed():
    """The disputed 2,000 are due first: A promised the 1,000 it is asked for, and is not called again."""
    table = """
    customer | kind    | issued     | due        | amount | disputed
    A        | invoice | 2025-03-01 | 2025-04-30 | 2000   | x
    A        | invoice | 2025-05-01 | 2025-05-31 | 1000   |
    """
    found = worklist(ledger_of(table), DAY, promises=promise(1000, "2025-07-05", "2025-06-28"))
    assert found.items["queue"].tolist() == ["dispute", "promise"]
    more = worklist(ledger_of(table), DAY, promises=promise(1500, "2025-07-05", "2025-06-28"))
    assert queue_of(more, "A") == ["dispute", "promise"]


def test_a_contact_that_does_not_fit_takes_no_place():
    """One contact in 10 minutes: the visit and the calls are too long, the best e-mail is made."""
    channel = np.array([USED.index(name) for name in ("visit", "phone", "email", "email")])
    priority, minutes = np.array([90.0, 50, 8, 5]), np.array([180.0, 12, 3, 3])
    found = within(Capacity(contacts=1, minutes=10), channel, priority, minutes)
    assert (found == TAKEN).tolist() == [False, False, True, False]


def test_one_contact_is_never_worth_more_than_those_chosen():
    """An e-mail gains 2 in 3 minutes, a visit 100 in 180: with 180 minutes the visit is made."""
    channel = np.array([USED.index(name) for name in ("visit", "email")])
    found = within(Capacity(minutes=180), channel, np.array([100.0, 2]), np.array([180.0, 3]))
    assert (found == TAKEN).tolist() == [True, False]


@pytest.mark.parametrize("seed", range(40))
def test_the_filling_is_near_the_best_of_all(seed):
    """Against every subset of nine contacts, under several limits at once."""
    random = np.random.default_rng(seed)
    channel = random.choice(5, 9, p=[0.4, 0.1, 0.35, 0.05, 0.1])
    minutes, priority = np.array([3, 6, 12, 180, 20.0])[channel], np.sort(random.lognormal(2, 1.2, 9))[::-1]
    contacts, most, calls = int(random.integers(1, 7)), float(random.choice([10, 20, 60, 200])), int(random.integers(4))
    found = within(Capacity(contacts, {"phone": calls}, most), channel, priority, minutes) == TAKEN
    sets = np.array(list(itertools.product([False, True], repeat=9)))
    fits = (sets.sum(axis=1) <= contacts) & (sets @ minutes <= most)
    fits &= (sets & (channel == USED.index("phone"))).sum(axis=1) <= calls
    assert any((sets[fits] == found).all(axis=1))
    assert priority[found].sum() >= 0.9 * (sets[fits] @ priority).max()


@pytest.mark.parametrize("wrong", [2.5, True, -1, math.nan, {"phone": 1.9}, {"phone": True}, {"minutes": "60"}, "40"])
def test_a_capacity_is_a_whole_number_of_contacts(wrong):
    with pytest.raises(ArlibError):
        Capacity.of(wrong)


def test_a_capacity_in_whole_figures_of_any_kind():
    assert Capacity.of({"phone": 2.0, "minutes": 90.5}) == Capacity(by_channel={"phone": 2}, minutes=90.5)
    assert Capacity.of(np.int64(3)).contacts == 3
    assert len(worklist(five(), DAY, capacity={"phone": 2.0}).contacts) == 2
