"""Early warnings: each rule on a history that can be counted, its record against a plain recount, no look ahead."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by, ledger_of, sample_ledger

from arlib.ledger import Ledger, open_items
from arlib.risk.warnings import early_warnings
from arlib.risk.warnings.history import History
from arlib.risk.warnings.record import record_of
from arlib.risk.warnings.rules import RULES

DAY = "2025-12-31"


def monthly(customer="A", months=24, late=0, *, until="2025-11"):
    """An invoice of 100 on the first of each month, due 14 days later, paid so many days after that."""
    issued = pd.date_range(end=pd.Timestamp(until) + pd.offsets.MonthEnd(0), periods=months, freq="MS")
    due = issued + pd.Timedelta(days=14)
    frame = pd.DataFrame({"customer_id": customer, "issued_on": issued, "due_on": due, "amount": 100.0})
    return frame.assign(paid_on=due + pd.to_timedelta(np.broadcast_to(late, months), unit="D"))


def unpaid(customer, issued, due, amount=100.0):
    dates = {"issued_on": pd.Timestamp(issued), "due_on": pd.Timestamp(due), "paid_on": pd.NaT}
    return pd.DataFrame([{"customer_id": customer, "amount": amount} | dates])


def warned(ledger, rule, day=DAY, language="en"):
    warnings = early_warnings(ledger, day, language=language).warnings
    return warnings[warnings["rule"] == rule].set_index("customer_id")


def test_slower_payments_by_hand():
    """A: 20 payments 2 days late, the last ones 32; B: always 32 late. Both owe 100, not overdue yet.

    The 90 days begin on 3 October. Due on 15 August, 32 days late: 16 September, before them; of September 17 October,
    of October 16 November: two payments, so that it takes a third, of November on 17 December. The year before them,
    from 3 October 2024, has ten payments 2 days late and one 32: mean 52/11 = 4.7, variance 81.8, so that two errors
    are 2 x sqrt(81.8 x (1/3 + 1/11)) = 11.8, below 32 - 4.7.
    """
    late = np.repeat([2, 32], [20, 3])
    parts = [monthly("A", 23, late, until="2025-10"), monthly("B", 23, 32, until="2025-10")]
    parts += [unpaid(customer, "2025-12-20", "2026-01-10") for customer in "AB"]
    assert warned(from_frame(pd.concat(parts)), "slower").empty
    found = warned(from_frame(pd.concat([*parts, monthly("A", 1, 32), monthly("B", 1, 32)])), "slower")
    assert list(found.index) == ["A"]
    assert found.loc["A", ["value", "usual", "amount"]].tolist() == [32.0, pytest.approx(52 / 11), 100.0]


def test_a_first_overdue_after_punctual_payments():
    """A and B always paid on time, 12 times, C 12 times with one 9 days late, D only 9 times; all are 10 days late."""
    late = np.where(np.arange(12) == 5, 9, 0)
    parts = [monthly("A", 12), monthly("C", 12, late), monthly("D", 9)]
    parts += [unpaid(customer, "2025-12-01", "2025-12-21", 250) for customer in "ACD"]
    parts += [monthly("B", 12), unpaid("B", "2025-12-01", "2025-12-26")]  # 5 days: the post, a weekend
    found = warned(from_frame(pd.concat(parts)), "first_overdue")
    assert list(found.index) == ["A"]
    assert found.loc["A", ["value", "usual", "amount"]].tolist() == [10, 12, 250]
    assert found.loc["A", "sentence"] == (
        "Overdue by 10 days for the first time: 12 payments before came within 5 days of the due date."
    )


def test_overdue_beyond_what_nine_payments_in_ten_took():
    """20 payments 0, 1, … 19 days late: eighteen (nine in ten) came within 17 days. 23 days is more by 6; 22 is not."""
    parts = [monthly("A", 20, np.arange(20)), unpaid("A", "2025-12-01", "2025-12-08", 70)]
    parts += [monthly("B", 20, np.arange(20)), unpaid("B", "2025-12-01", "2025-12-09", 70)]
    found = warned(from_frame(pd.concat(parts)), "oldest_overdue")
    assert list(found.index) == ["A"]
    assert found.loc["A", ["value", "usual", "amount"]].tolist() == [23, 17, 70]


PARTS = "customer | kind | issued | due | amount | pays\n" + "\n".join(
    [f"A | invoice | 2025-{month:02}-01 | 2025-{month:02}-20 | 100 |" for month in range(1, 13)]
    + [f"A | payment | 2025-{month:02}-20 | | -100 | {month}" for month in range(1, 11)]
    + ["A | payment | 2025-11-20 | | -40 | 11", "A | payment | 2025-12-20 | | -50 | 12"]
)


def test_part_payments_appear():
    """Ten invoices paid in full (eight of them before the 90 days), then two in part: 60 + 50 are left."""
    ten_before = PARTS.replace("2025-01-", "2024-06-").replace("2025-02-", "2024-07-")
    assert warned(ledger_of(ten_before, covers=("2024-06-01", DAY)), "part_payments").empty  # 9 before 3 October
    earlier = "\n".join(f"A | invoice | 2024-12-{day} | 2024-12-{day} | 10 |" for day in (10, 11))
    paid = "\n".join(f"A | payment | 2024-12-{day} | | -10 | {line}" for day, line in ((10, 25), (11, 26)))
    ledger = ledger_of(f"{PARTS}\n{earlier}\n{paid}", covers=("2024-06-01", DAY))
    found = warned(ledger, "part_payments", language="fr")
    assert found.loc["A", ["value", "usual", "amount"]].tolist() == [2, 0, 110]
    assert "2 en 90 jours, contre 0,0 d'habitude" in found.loc["A", "sentence"]


def test_exposure_rises_faster_than_sales():
    """An invoice of 100 a month; until September paid 30 days after its issue, since then not: three are open.

    90, 180, 270 and 360 days before the day, one is open and three were sold in 90 days: 90 x 400 / 1200 = 30 days.
    On the day three are open and two were sold, since 1 October was 91 days ago: 90 x 300 / 200 = 135 days.
    """
    owed = monthly("A", 3, until="2025-12").assign(paid_on=pd.NaT, due_on=pd.Timestamp("2026-03-31"))
    ledger = from_frame(pd.concat([monthly("A", 24, 16, until="2025-09"), owed]))
    found = warned(ledger, "exposure")
    assert found.loc["A", ["value", "usual", "amount"]].tolist() == [135, 30, 300]


def test_over_the_limit_and_customers_without_one():
    customers = pd.DataFrame({"customer_id": ["A", "B", "C"], "credit_limit": [250.0, 300.0, np.nan]})
    parts = [unpaid(customer, "2025-12-01", "2026-01-31", 300.0) for customer in "ABC"]
    ledger = from_frame(pd.concat([monthly("A", 3), *parts]), customers=customers)
    found = warned(ledger, "over_limit")
    assert list(found.index) == ["A"]
    assert found.loc["A", ["value", "usual", "amount"]].tolist() == [300, 250, 50]
    nobody = customers.assign(credit_limit=[0.0, -300.0, np.nan])  # as software leaves it where nobody typed any
    for ledger in (from_frame(monthly("A", 3)), from_frame(pd.concat([monthly("A", 3), *parts]), customers=nobody)):
        warnings = early_warnings(ledger, DAY)
        record = warnings.record.set_index("rule")
        assert record.loc["over_limit", "verdict"] == "not_asked"
        assert "No customer has a credit limit" in record.loc["over_limit", "sentence"]
        assert "over_limit" not in set(warnings.warnings["rule"])


def test_disputes_count_only_from_the_day_they_began():
    """Two began in December; a third, of an invoice already there, begins after the day. A flag alone is no date."""
    invoices = pd.concat([monthly("A", 12), *[unpaid("A", "2025-12-01", "2026-01-31") for _ in range(3)]])
    invoices["disputed"] = [False] * 12 + [True] * 3
    assert early_warnings(from_frame(invoices), DAY).record.set_index("rule").loc["disputes", "verdict"] == "not_asked"
    invoices["Date litige"] = pd.to_datetime([None] * 12 + ["2025-12-10", "2025-12-11", "2026-01-05"])
    found = warned(from_frame(invoices), "disputes")
    assert found.loc["A", ["value", "usual", "amount"]].tolist() == [2, 0, 300]
    assert warned(from_frame(invoices), "disputes", "2025-12-10").empty


def test_orders_stop_while_something_is_overdue():
    """Eleven invoices in the year up to 90 days ago: one every 33.2 days, three times that is 99.5 days of silence."""
    before = monthly("A", 17, until="2025-08")
    found = warned(from_frame(pd.concat([before, unpaid("A", "2025-09-22", "2025-10-30")])), "orders_stop")
    assert found.loc["A", ["value", "usual", "amount"]].tolist() == [100, pytest.approx(365 / 11), 100]
    assert warned(from_frame(pd.concat([before, unpaid("A", "2025-09-23", "2025-10-30")])), "orders_stop").empty
    assert warned(from_frame(pd.concat([before, unpaid("A", "2025-09-22", "2025-12-26")])), "orders_stop").empty


def late_money(ledger: Ledger, closing: pd.Timestamp) -> set[str]:
    """Customers with a piece of an invoice that becomes more than 30 days late in the 90 days after: plain loops."""
    found = set()
    for invoice in ledger.items[ledger.items["kind"] == "invoice"].itertuples():
        late_on = max(invoice.due_on + pd.Timedelta(days=31), invoice.booked_on)
        settling = ledger.matches[ledger.matches["debit_id"] == invoice.item_id]
        in_time = settling.loc[settling["matched_on"] < late_on, "amount"].sum()
        if closing < late_on <= closing + pd.Timedelta(days=90) and invoice.amount - in_time > 0.004:
            found.add(invoice.customer_id)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_what_came_true_against_a_plain_recount(seed):
    ledger = from_frame(random_invoices(seed))
    history = History.of(ledger, DAY)
    ends = pd.date_range("2024-10-31", "2025-09-30", freq="ME")
    assert list(early_warnings(ledger, DAY).closings) == list(ends)
    for place, closing in enumerate(ends):
        found = set(history.customers[history.came_true[:, place]])
        assert found == late_money(ledger, closing)
        opened = open_items(ledger, closing)
        owing = set(opened.loc[opened["open_amount"] > 0, "customer_id"])
        assert set(history.customers[history.owed[:, place] > 0]) == owing


@pytest.mark.parametrize("seed", [3, 4])
def test_a_past_closing_is_asked_as_if_it_were_today(seed):
    """Every rule at a past closing gives what it gives on a ledger whose file ends there."""
    ledger = from_frame(random_invoices(seed))
    now = History.of(ledger, DAY)
    for place, closing in ((0, "2024-10-31"), (8, "2025-06-30")):
        then = History.of(known_by(ledger, closing), closing)
        chosen = np.isin(now.customers, then.customers)
        for name, rule in RULES.items():
            found, expected = rule(now), rule(then)
            assert np.array_equal(found.raised[chosen, place], expected.raised[:, -1]), name
            raised = expected.raised[:, -1]
            assert found.value[chosen, place][raised] == pytest.approx(expected.value[raised, -1]), name
            assert found.amount[chosen, place][raised] == pytest.approx(expected.amount[raised, -1]), name


def test_the_record_by_hand():
    """One closing asked of 40 customers, 20 come true. Rule X warns of 12, 11 come true; Y of 12, 6; Z of 4.

    X: 11/12 against 1/2, lift 1.83. Error of X less the base, a customer a term: each of its 11 hits adds
    (1/12)/12 - (1/2)/40 to the difference, its miss -(11/12)/12 + (1/2)/40, the 9 other hits -(1/2)/40 and 19 misses
    (1/2)/40: squares add up to 11 x 0.00003086 + 0.0040748 + 28 x 0.00015625 = 0.0087892, error 0.0938: 4.4 of them.
    """
    came_true = np.repeat([True, False], [20, 20])
    history = _Asked(np.ones((40, 2)), np.column_stack([came_true, came_true]))
    rules = {"X": [*range(11), 20], "Y": [*range(6), *range(20, 26)], "Z": range(4)}
    found = {}
    for rule, places in rules.items():
        raised = np.zeros((40, 2), dtype=bool)
        raised[list(places), 0] = True
        found[rule] = record_of(history, raised)
    x, y, z = found.values()
    assert (x.raised, x.came_true, x.customers, x.closings) == (12, 11, 12, 1)
    assert (x.hit_rate, x.base_rate, x.lift) == pytest.approx((11 / 12, 0.5, 11 / 6))
    assert [each.verdict for each in (x, y, z)] == ["better", "no_better", "few"]
    assert "no better than picking any of them" in str(y.sentence())


class _Asked:
    """What a record reads of a history."""

    def __init__(self, owed, came_true):
        self.owed, self.came_true, self.closings = owed, came_true, np.arange(owed.shape[1])


def test_a_rule_that_warns_at_random_is_rarely_taken_for_better():
    """One in twenty by construction; customers keep their luck from closing to closing, which the error must see."""
    rng = np.random.default_rng(0)
    better = 0
    for _ in range(200):
        own = rng.beta(0.3, 0.9, size=(150, 1))
        history = _Asked(np.ones((150, 13)), rng.random((150, 13)) < own)
        raised = np.broadcast_to(rng.random((150, 1)) < 0.2, (150, 13))
        better += record_of(history, raised).verdict == "better"
    assert better / 200 < 0.11


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_future_changes_nothing_to_the_bit_and_order_does_not_matter(seed):
    invoices = random_invoices(seed, invoices=200)
    invoices["Date litige"] = invoices["issued_on"].where(np.arange(len(invoices)) % 9 == 0) + pd.Timedelta(days=20)
    customers = pd.DataFrame({"customer_id": [f"C{code}" for code in range(8)], "credit_limit": 4000.0})
    day = "2025-09-30"
    ledger = from_frame(invoices, customers=customers)
    items, matches = ledger.items.copy(), ledger.matches.copy()
    known = early_warnings(ledger, day)
    for other in (future_changed(ledger, day), known_by(ledger, day)):
        again = early_warnings(other, day)
        pd.testing.assert_frame_equal(again.warnings, known.warnings, check_exact=True)
        pd.testing.assert_frame_equal(again.record, known.record, check_exact=True)
    shuffled = early_warnings(from_frame(invoices.sample(frac=1, random_state=seed % 99), customers=customers), day)
    pd.testing.assert_frame_equal(shuffled.warnings, known.warnings)
    pd.testing.assert_frame_equal(ledger.items, items)
    pd.testing.assert_frame_equal(ledger.matches, matches)


@pytest.mark.parametrize("name", ["negoce", "groupe"])
def test_samples_in_both_languages(name):
    ledger = sample_ledger(name)
    english, french = (early_warnings(ledger, language=language) for language in ("en", "fr"))
    figures = ["rule", "customer_id", "value", "usual", "amount", "hit_rate", "base_rate"]
    pd.testing.assert_frame_equal(english.warnings[figures], french.warnings[figures])
    assert (english.warnings["sentence"] != french.warnings["sentence"]).all()
    assert set(english.record["verdict"]) <= {"better", "no_better", "few", "none", "not_asked"}
    assert english.record.loc[english.record["rule"] == "oldest_overdue", "verdict"].item() == "better"
    assert (english.warnings["amount"] > 0).all()


HEADING = "customer_id issued_on due_on amount paid_on\n"


@pytest.mark.parametrize(
    "table",
    [
        "A 2025-10-01 2025-10-31 100 -",
        "A 1901-10-01 1901-10-31 100 1901-11-20\nA 2025-10-01 1901-10-31 100 -",
        "A 1998-10-01 1998-10-31 100 1998-11-20\nB 1998-10-01 - 100 -",
        "\n".join(f"A 2025-0{month}-01 2025-0{month}-20 100 2025-12-01" for month in range(1, 10)),
        "\n".join(f"{name} 2023-0{month}-01 2023-0{month}-20 100 -" for month in range(1, 10) for name in "AB"),
    ],
)
def test_ledgers_that_say_little(table):
    found = early_warnings(from_text(HEADING + table), DAY)
    assert set(found.record["rule"]) == set(RULES)
    assert not found.warnings["sentence"].str.contains("nan|–").any()
    assert not (found.record["verdict"] == "better").any()


def test_an_empty_ledger_a_short_one_and_a_day_before_it():
    ledger = from_text(HEADING + "A 2025-10-01 2025-10-31 100 -")
    assert early_warnings(ledger, "2024-01-01").warnings.empty
    short = early_warnings(ledger, DAY)
    assert short.closings == ()
    assert "nothing says what this rule is worth" in short.record["sentence"].iloc[0]
    empty = Ledger(
        ledger.items.iloc[:0], ledger.matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers
    )
    assert early_warnings(empty).warnings.empty


def test_after_the_last_day_of_the_file_nobody_has_seen_silence():
    ledger = sample_ledger("negoce")
    assert early_warnings(ledger, "2027-01-01").as_of == ledger.covers[1]
