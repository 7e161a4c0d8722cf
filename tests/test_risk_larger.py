"""The larger model: what its lessons hold, that it is the law where it learnt the law, and that it is only used
where the ledger's own past shows a gain."""

import subprocess
import sys
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by, shuffled

from arlib.behaviour import payment_evidence, payment_laws
from arlib.behaviour.survival import LAST_DAY
from arlib.errors import ArlibError
from arlib.risk.backtest.forecasts import LawForecast
from arlib.risk.larger import Learning, choose_forecast, larger_model
from arlib.risk.larger.choice import best_gain
from arlib.risk.larger.features import STEPS, WIDTHS, Known, step_of
from arlib.risk.larger.lessons import Window
from arlib.risk.larger.model import LargerForecast
from arlib.risk.late import late_risk
from arlib.schema import day_numbers

DAY = "2025-09-30"
TINY = Learning(
    least_customers=4, least_invoices=100, least_months=3, closings=4, invoices=400, trees=8, tested=2
)  # enough to see the machinery move


def positions_by(ledger, day):
    """Dated invoices in the accounts of a day, in the order of their identifiers."""
    items = ledger.items
    known = (items["booked_on"] <= day) & (items["kind"] == "invoice") & items["due_on"].notna()
    found = np.flatnonzero(known)
    return found[np.argsort(items["item_id"].to_numpy()[found])]


def asked(forecast, ledger, day, days=(0, 10, 40)):
    items = positions_by(ledger, day)
    due = day_numbers(ledger.items["due_on"].take(items))
    return forecast.unpaid_on(items, due[:, None] + np.array(days))


def by_amount(seed, *, visible=True, invoices=2400):
    """Invoices of 40 customers alike over 16 months: those above 1,000 are paid some 25 days late, the others at once.

    The customer does not tell which, so that no law of customers sees it; the amount does. Not `visible`: either, by
    lot.
    """
    rng = np.random.default_rng(seed)
    issued = pd.Timestamp("2024-09-01") + pd.to_timedelta(np.sort(rng.integers(0, 480, invoices)), unit="D")
    amount = np.where(rng.random(invoices) < 0.4, 5000.0, 200.0)
    late = amount > 1000 if visible else rng.random(invoices) < 0.4
    due = issued + pd.Timedelta(days=30)
    frame = pd.DataFrame({"customer_id": [f"C{code:02}" for code in rng.integers(40, size=invoices)]})
    frame = frame.assign(issued_on=issued, due_on=due, amount=amount)
    paid = due + pd.to_timedelta(np.where(late, rng.integers(18, 32, invoices), rng.integers(-4, 1, invoices)), "D")
    return from_frame(frame.assign(paid_on=pd.Series(paid).where(paid <= "2025-12-31")))


MIDDLING = Learning(least_customers=20, least_invoices=500, trees=20, invoices=1500, tested=2)


def test_a_lesson_by_hand():
    """Closing 31 January 2025, a Friday; today Monday 3 March. Due on Monday 17 February, paid on Thursday the 20th.

    The 17th is open day 0: paid on open day 3. Steps before it: -60, -30, -20, -15 and -10 to 2: 17, then its own: 18
    rows, the last a payment. The open one, due on Friday 28 February: today is open day 1, wholly past: 4 + 12 rows,
    none a payment. Open day 1 is the last of its step. The January invoice was booked before the closing.
    """
    table = """customer_id issued_on due_on amount paid_on
    A 2025-01-02 2025-01-20 100 2025-01-24
    A 2025-02-03 2025-02-17 100 2025-02-20
    A 2025-02-04 2025-02-28 100 -
    """
    ledger = from_text(table.replace("    A", "A"), until="2025-03-03")
    closing, today = pd.Timestamp("2025-01-31"), pd.Timestamp("2025-03-03")
    window = Window.of(ledger, closing, today, today)
    ((rows, paid, weight),) = window.lessons(ledger)
    assert window.item.tolist() == [1, 2]
    assert np.flatnonzero(paid).tolist() == [17]
    assert len(rows) == 18 + 16
    assert rows[:, 2].tolist() == [*STEPS[:18], *STEPS[:16]]
    assert rows[17, 3:6].tolist() == [3, 19, 9]  # Thursday, 19 days after the 1st, 9 before the next 1st
    assert rows[0, 9] == 14  # days of its term
    assert weight.tolist() == [1] * 34


def test_part_payments_are_lessons_of_their_share_and_what_is_paid_after_the_grid_is_no_payment():
    table = """customer_id issued_on due_on amount paid_on
A 2023-01-02 2023-01-20 100 2023-01-24
A 2023-02-03 2023-02-17 100 2025-06-20
"""
    ledger, today = from_text(table, until="2025-12-31"), pd.Timestamp("2025-12-31")
    matches = pd.concat([ledger.matches.assign(amount=[100.0, 30.0])])
    items = ledger.items.assign(amount=ledger.items["amount"].where(ledger.items["item_id"] != 4, -30.0))
    parts = type(ledger)(items, matches, ledger.customers, ledger.controls, "EUR", ledger.covers)
    ((_, paid, weight),) = Window.of(parts, pd.Timestamp("2023-01-31"), today, today).lessons(parts)
    assert not paid.any()  # 28 months late, and the rest never
    assert sorted(set(weight)) == pytest.approx([0.3, 0.7])
    assert len(paid) == 2 * len(STEPS)


def test_steps_hold_the_grid_once():
    assert WIDTHS.sum() == LAST_DAY - STEPS[0] + 1
    assert (WIDTHS > 0).all()
    for step in (0, 4, len(STEPS) - 1):
        first, last = STEPS[step], STEPS[step] + WIDTHS[step] - 1
        assert step_of(np.array([first, last])).tolist() == [step, step]


@dataclass
class WhatTheLawSays:
    """Hazards read back from the first feature, the law's log-odds: a learner that learnt the law itself."""

    def of(self, rows):
        return 1 / (1 + np.exp(-rows[:, 0].astype(np.float64)))


def test_what_learnt_the_law_is_the_law():
    """At the end of each step the product of 1 - hazard must be what the law leaves unpaid, item by item."""
    ledger = from_frame(random_invoices(5))
    laws = payment_laws(ledger, DAY)
    law = LawForecast(ledger, laws)
    forecast = LargerForecast(law, Known.of(ledger, laws), WhatTheLawSays())
    items = positions_by(ledger, DAY)[::7]
    due = day_numbers(ledger.items["due_on"].take(items))
    ends = laws.calendar.day(laws.calendar.rank(due)[:, None] + STEPS + WIDTHS - 1)
    expected = law.unpaid_on(items, ends)
    assert forecast.unpaid_on(items, ends) == pytest.approx(expected, abs=2e-4)
    assert (expected.min(), expected.max()) == (pytest.approx(0, abs=0.1), pytest.approx(1, abs=0.1))


def test_a_forecast_is_a_share_that_never_rises():
    ledger = from_frame(random_invoices(6))
    shares = asked(larger_model(ledger, pd.Timestamp(DAY), TINY), ledger, DAY, np.arange(-200, 700, 3))
    assert (np.diff(shares, axis=1) <= 1e-12).all()
    assert (shares[:, 0] == 1).all()
    assert (shares > 0).all()


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000))
def test_nothing_later_changes_a_bit_of_it(seed):
    ledger, day = from_frame(random_invoices(seed)), pd.Timestamp(DAY)
    known = asked(larger_model(ledger, day, TINY), ledger, day)
    for other in (ledger, future_changed(ledger, DAY), known_by(ledger, DAY)):
        assert np.array_equal(asked(larger_model(other, day, TINY), other, day), known)
    other = shuffled(ledger, seed % 999)
    assert asked(larger_model(other, day, TINY), other, day) == pytest.approx(known, abs=1e-6)


def test_nor_of_the_choice():
    ledger = by_amount(1, invoices=1200)
    day = pd.Timestamp("2025-11-15")
    few = Learning(least_customers=20, least_invoices=300, trees=8, invoices=900, closings=4, tested=2)
    expected = choose_forecast(ledger, day, learning=few)
    assert len(expected.gains) == 4
    for other in (future_changed(ledger, "2025-11-15"), known_by(ledger, day)):
        found = choose_forecast(other, day, learning=few)
        pd.testing.assert_frame_equal(found.gains, expected.gains, check_exact=True)
        assert found.sentence == expected.sentence
        assert np.array_equal(asked(found.forecast, other, day), asked(expected.forecast, ledger, day))


def test_a_lesson_sees_its_invoice_as_the_closing_did():
    """Payments after the closing, taken away, change what ended the lessons of July's invoices, and no feature."""
    invoices = random_invoices(8)
    closing, last, today = (pd.Timestamp(day) for day in ("2025-06-30", "2025-07-31", "2025-12-31"))
    later = invoices["paid_on"] > closing
    seen, ends = [], []
    for frame in (invoices, invoices.assign(paid_on=invoices["paid_on"].mask(later))):
        ledger = from_frame(frame)
        window = Window.of(ledger, closing, last, today)
        ((rows, paid, _),) = window.lessons(ledger)
        seen.append(rows[rows[:, 2] == STEPS[0]])  # the first step of each: all were due long ago
        assert len(seen[-1]) == len(window.item) > 10
        ends.append(paid.sum())
    assert np.array_equal(*seen)
    assert ends[0] > ends[1] == 0


def test_it_is_used_where_the_past_shows_a_gain():
    """The amount tells who is late, the customer does not: the laws say 0.4 of all, the larger model learns which."""
    ledger = by_amount(2)
    choice = choose_forecast(ledger, learning=MIDDLING)
    assert choice.name == "larger"
    won = choice.gains.set_index(["days_late", "measure"]).loc[(0, "log_loss")]
    assert won["low"] > 0
    assert won["gain"] == pytest.approx(won["law"] - won["larger"])
    assert "closer to what happened" in choice.sentence.text()
    assert "Le grand modèle est employé." in choice.sentence.text("fr")
    law = LawForecast(ledger, payment_laws(ledger))
    of_sizes = [sizes_apart(late_risk(ledger, forecast=forecast)) for forecast in (choice.forecast, law)]
    assert of_sizes[0] > 0.3
    assert abs(of_sizes[1]) < 0.1


def sizes_apart(late):
    """How much likelier large items than small ones are to be late, of those due in more than five days."""
    of_size = late[late["days_overdue"] < -5].groupby("open_amount")["p_late_0"].mean()
    return of_size[5000.0] - of_size[200.0]


def test_it_is_not_used_where_there_is_nothing_to_learn():
    choice = choose_forecast(by_amount(3, visible=False), learning=MIDDLING)
    assert choice.name == "law"
    assert isinstance(choice.forecast, LawForecast)
    assert not (choice.gains["low"] > 0).any()
    assert "the simple model is as good on this ledger" in choice.sentence.text()
    assert "le modèle simple est aussi bon" in choice.sentence.text("fr")


@pytest.mark.parametrize(
    ("first", "second", "late_share", "won"),
    [
        ((0.01, 0.003, 0.02), (0.02, -0.01, 0.05), 0.3, 0.01),
        ((0.01, 0.002, 0.02), (0.02, -0.01, 0.05), 0.3, None),  # beyond chance, but by 0.5 % of 0.4 only
        ((0.01, 0.003, 0.02), (0.02, 0.002, 0.05), 0.3, 0.02),  # 0.02 of 0.2 is more than 0.01 of 0.4
        ((0.01, -0.002, 0.02), (0.02, -0.01, 0.05), 0.3, None),  # neither beyond chance
        ((0.01, 0.003, 0.02), (-0.02, -0.05, -0.01), 0.3, None),  # one won, the other lost
        ((0.01, 0.003, 0.02), (np.nan, np.nan, np.nan), 0.3, 0.01),
        ((0.01, 0.003, 0.02), (0.02, 0.002, 0.05), 0.019, None),  # 19 late of 1,000 prove nothing
        ((0.01, 0.003, 0.02), (0.02, 0.002, 0.05), 0.981, None),  # nor 19 punctual
    ],
)
def test_what_counts_as_a_gain(first, second, late_share, won):
    gains = pd.DataFrame([first, second], columns=["gain", "low", "high"])
    gains = gains.assign(law=[0.4, 0.2], invoices=1000, late_share=late_share)
    best = best_gain(gains)
    assert (best if best is None else best["gain"]) == won


def test_a_small_ledger_is_told_what_is_missing():
    """Two customers paid two invoices, due in two months."""
    table = """customer_id issued_on due_on amount paid_on
A 2025-01-02 2025-01-20 100 2025-01-24
B 2025-02-03 2025-02-17 100 2025-02-20
"""
    choice = choose_forecast(from_text(table))
    assert (choice.name, choice.backtest, len(choice.gains)) == ("law", None, 0)
    assert choice.sentence.text().endswith(
        "300 paying customers, 10,000 paid invoices and 6 months of due dates; on 2025-12-31 the ledger has "
        "2, 2 and 2. The simple model is used."
    )
    with pytest.raises(ArlibError, match="No payment of an invoice"):
        choose_forecast(from_text(table), "2025-01-10")


def test_a_ledger_that_has_stopped_teaches_nothing():
    stopped = random_invoices(9).query("issued_on < '2024-12-01'")
    choice = choose_forecast(from_frame(stopped), learning=TINY)
    assert choice.name == "law"
    assert "learns from the invoices of the last months" in choice.sentence.text()


def test_enough_today_but_never_before():
    """It asks for as many invoices as are paid today: no past closing had them."""
    ledger = from_frame(random_invoices(9))
    evidence = payment_evidence(ledger)
    enough = replace(TINY, least_invoices=round(evidence.weight[evidence.paid].sum()))
    choice = choose_forecast(ledger, learning=enough)
    assert choice.name == "law"
    assert choice.sentence.text().startswith("On 2025-12-31 there is no past month end by which")


def test_all_paid_in_advance_is_learnt_as_such():
    """Every step seen ends in a payment: the trees know one class only, and it is that one."""
    invoices = random_invoices(4)
    due = invoices["issued_on"] + pd.Timedelta(days=120)
    ledger = from_frame(invoices.assign(due_on=due, paid_on=invoices["issued_on"]))
    forecast = larger_model(ledger, pd.Timestamp(DAY), TINY)
    assert asked(forecast, ledger, DAY, [-40]).max() < 0.1


def test_without_scikit_learn_it_is_said_and_the_law_is_used(monkeypatch):
    for name in ("sklearn", "sklearn.ensemble"):
        monkeypatch.setitem(sys.modules, name, None)
    ledger = from_frame(random_invoices(1))
    choice = choose_forecast(ledger, learning=TINY)
    assert choice.name == "law"
    assert choice.sentence.text().startswith("The larger model needs scikit-learn, which is not installed")
    assert choice.sentence.text("fr").endswith("Le modèle simple est employé.")
    assert len(late_risk(ledger, forecast=choice.forecast))
    with pytest.raises(ArlibError, match="scikit-learn"):
        larger_model(ledger, pd.Timestamp(DAY), TINY)


def test_importing_arlib_does_not_import_scikit_learn():
    code = "import sys, arlib, arlib.risk.larger; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
