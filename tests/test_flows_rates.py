"""Overdue, unapplied, late and at-risk rates."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, scaled, shuffled

from arlib import read_ledger
from arlib.errors import ArlibError
from arlib.measures.flows import (
    at_risk_history,
    at_risk_rate,
    cohorts,
    late_amount_rate,
    late_payment_rate,
    net_overdue_rate,
    overdue_rate,
    unapplied_share,
)

YEARS = ("2023-01-01", "2024-12-31")
MEASURES = (overdue_rate, net_overdue_rate, unapplied_share, late_payment_rate, late_amount_rate, at_risk_rate)
OWED = """
    customer | kind    | issued     | due        | amount
    A        | invoice | 2024-01-01 | 2024-01-31 |  300.00
    A        | invoice | 2024-02-01 | 2024-06-30 |  500.00
    A        | payment | 2024-02-20 |            | -400.00
    B        | invoice | 2024-01-01 | 2024-02-15 |  100.00
    B        | invoice | 2024-01-01 |            |  100.00
    C        | payment | 2024-02-25 |            |  -50.00
    """


def test_overdue_gross_and_net_of_unapplied_credits():
    """Gross: 400 of 1,000. Net: A's 400 pay its 300 first, C's 50 pay nobody's: 100 of 600."""
    ledger = ledger_of(OWED, covers=YEARS)
    gross, net = overdue_rate(ledger, "2024-02-29"), net_overdue_rate(ledger, "2024-02-29")
    assert (gross, gross.inputs["overdue"], gross.inputs["owed"]) == (0.4, 400.0, 1000.0)
    assert (net, net.inputs["overdue"], net.inputs["owed"]) == (pytest.approx(100 / 600), 100.0, 600.0)
    assert "400" in gross.formula.text("fr")


def test_unapplied_credits_over_the_receivable():
    """450 of credits on a receivable of 1,000 less 450 (traps 14 and 15: unmatched credits are kept, and seen)."""
    figure = unapplied_share(ledger_of(OWED, covers=YEARS), "2024-02-29")
    assert figure == pytest.approx(450 / 550)
    assert figure.inputs["payments"] == 450.0


def test_nothing_owed_has_no_rate():
    ledger = ledger_of("customer|kind|issued|due|amount\nA|payment|2024-01-01||-10", covers=YEARS)
    for measure in (overdue_rate, net_overdue_rate, unapplied_share, late_payment_rate, at_risk_rate):
        figure = measure(ledger, "2024-02-29")
        assert np.isnan(figure)
        assert figure.note is not None


def test_before_the_ledger_and_after_it():
    ledger = ledger_of(OWED, covers=YEARS)
    assert np.isnan(overdue_rate(ledger, "2022-12-31"))
    assert "2024-12-31" in str(overdue_rate(ledger, "2025-03-31").note)


LATE = """
    customer | kind        | issued     | due        | amount  | pays
    A        | invoice     | 2024-01-01 | 2024-01-31 |  100.00 |
    A        | invoice     | 2024-01-01 | 2024-01-31 |  200.00 |
    A        | invoice     | 2024-01-01 | 2024-02-10 |  300.00 |
    A        | invoice     | 2024-01-01 | 2024-03-31 |  400.00 |
    A        | invoice     | 2024-01-01 | 2024-01-31 |  700.00 |
    A        | invoice     | 2024-01-01 |            |  800.00 |
    A        | invoice     | 2024-01-01 | 2024-02-05 |   60.00 |
    A        | payment     | 2024-01-31 |            | -100.00 | 1
    A        | payment     | 2024-01-31 |            | -150.00 | 2
    A        | payment     | 2024-02-04 |            |  -50.00 | 2
    A        | payment     | 2024-02-20 |            | -400.00 | 4
    A        | credit_note | 2024-02-21 |            | -700.00 | 5
    A        | write_off   | 2024-02-22 |            |  -60.00 | 7
    """


def test_late_are_the_paid_late_and_the_open_and_overdue():
    """On 29 February four invoices fell due: in time, in part late, open and written off; one was cancelled whole.

    What is not due counts nowhere, though it was paid. By amount: 50 + 300 + 60 late of 100 + 200 + 300 + 60.
    """
    ledger = ledger_of(LATE, covers=YEARS)
    figure = late_payment_rate(ledger, "2024-02-29")
    assert (figure, figure.inputs["late"], figure.inputs["invoices"]) == (0.75, 3, 4)
    assert figure.inputs["undated"] == 1
    assert late_amount_rate(ledger, "2024-02-29") == pytest.approx(410 / 660)


def test_what_is_due_on_the_day_itself_is_not_late_yet():
    """Nor overdue in the ageing of that day; on the morrow it is both."""
    ledger = ledger_of("customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-02-29|10", covers=YEARS)
    assert (late_payment_rate(ledger, "2024-02-29").inputs["invoices"], overdue_rate(ledger, "2024-02-29")) == (0, 0.0)
    assert (late_payment_rate(ledger, "2024-03-01"), overdue_rate(ledger, "2024-03-01")) == (1.0, 1.0)


def test_a_window_that_begins_before_the_ledger_has_no_late_rate():
    """The 365 days up to 30 December 2024 begin on 1 January: five invoices, the one due in March paid in time too."""
    ledger = ledger_of(LATE, covers=("2024-01-01", "2024-12-31"))
    assert late_payment_rate(ledger, "2024-12-30", days=365) == pytest.approx(3 / 5)
    for measure in (late_payment_rate, late_amount_rate):
        short = measure(ledger, "2024-12-29", days=365)
        assert np.isnan(short)
        assert "begins on 2024-01-01" in str(short.note)
        assert "2023-12-31" in short.note.text("en")
        assert np.isnan(measure(ledger, "2024-02-29"))


BROUGHT = """
    customer | kind    | issued     | booked     | due        | amount  | pays
    A        | opening | 2023-12-10 | 2024-01-01 | 2024-01-09 |  100.00 |
    A        | opening | 2023-12-20 | 2024-01-01 | 2024-01-31 |  100.00 |
    A        | opening | 2023-11-20 | 2024-01-01 | 2023-12-20 |  100.00 |
    A        | invoice | 2024-01-05 | 2024-01-05 | 2024-01-20 |  300.00 |
    A        | invoice | 2024-01-10 | 2024-01-10 | 2024-02-09 |  300.00 |
    A        | payment | 2024-02-09 | 2024-02-09 |            | -300.00 | 5
    """


def test_openings_are_left_out_of_late_rates_and_told():
    """In January two openings fell due, and one invoice with short terms; by 29 February two invoices did.

    The opening due in December was late before the window began.
    """
    ledger = ledger_of(BROUGHT, covers=("2024-01-01", "2024-12-31"))
    for measure in (late_payment_rate, late_amount_rate):
        january = measure(ledger, "2024-02-01", days=32)
        assert (january.inputs["openings"], january.inputs["invoices"]) == (2, 1)
        assert np.isnan(january)
        assert "2 items were brought forward" in str(january.note)
        february = measure(ledger, "2024-02-29", days=60)
        assert february == 0.5
        assert "2 openings that fell due are left out" in str(february.note)
        assert "2 à-nouveaux échus sont laissés de côté" in february.note.text("fr")


@pytest.mark.parametrize(("grace", "late", "fell_due"), [(3, 3, 4), (4, 2, 4), (18, 2, 4), (19, 1, 3), (30, 0, 0)])
def test_days_of_grace(grace, late, fell_due):
    """Paid on 4 February, four days late. With 19 days an invoice due on 10 February is not judged on the 29th."""
    figure = late_payment_rate(ledger_of(LATE, covers=YEARS), "2024-02-29", grace_days=grace)
    assert (figure.inputs["late"], figure.inputs["invoices"]) == (late, fell_due)


def test_a_window_that_cannot_be_is_refused():
    ledger = ledger_of(LATE, covers=YEARS)
    for wrong in ({"days": 0}, {"grace_days": -1}):
        with pytest.raises(ArlibError):
            late_payment_rate(ledger, **wrong)
    with pytest.raises(ArlibError):
        at_risk_rate(ledger, days=-1)


def test_late_payments_of_a_published_file(shared_data):
    """IBM's file: late as its own column says, of the invoices due before its last day; 35.6 % over the whole file."""
    file = shared_data / "ibm_late_payment" / "WA_Fn-UseC_-Accounts-Receivable.csv"
    published = pd.read_csv(file)
    days = {name: pd.to_datetime(published[name], format="%m/%d/%Y") for name in ("DueDate", "SettledDate")}
    late = days["SettledDate"] > days["DueDate"]
    assert late.mean() == pytest.approx(0.356, abs=5e-4)
    ledger = read_ledger(file)
    due = days["DueDate"] < ledger.covers[1]
    whole = (ledger.covers[1] - ledger.covers[0]).days + 1
    assert late_payment_rate(ledger, days=whole) == pytest.approx(late[due].mean())
    amount = published["InvoiceAmount"]
    by_amount = amount[due & late].sum() / amount[due].sum()
    assert late_amount_rate(ledger, days=whole) == pytest.approx(by_amount)


RISK = """
    customer | kind        | issued     | due        | amount  | pays
    A        | invoice     | 2024-01-05 | 2024-01-31 | 1000.00 |
    A        | invoice     | 2024-01-20 | 2024-02-29 |  600.00 |
    B        | invoice     | 2024-01-25 |            |  300.00 |
    B        | invoice     | 2024-02-05 | 2024-03-10 |  500.00 |
    A        | payment     | 2024-04-30 |            | -400.00 | 1
    A        | payment     | 2024-05-01 |            | -250.00 | 1
    A        | credit_note | 2024-03-15 |            | -100.00 | 2
    """


def test_at_risk_matures_ninety_days_after_the_last_due_date():
    """January: 1,000 + 500 with a due date; 400 paid on the 90th day, 250 a day too late: 1,100 of 1,500 at risk."""
    ledger = ledger_of(RISK, covers=YEARS)
    figure = at_risk_rate(ledger, "2024-05-29")
    assert figure == pytest.approx(1100 / 1500)
    assert figure.inputs["month"] == pd.Timestamp("2024-01-01")
    assert figure.inputs["matures_on"] == pd.Timestamp("2024-05-29")  # 29 February + 90 days
    assert "2024-05-29" in str(figure.note)
    assert np.isnan(at_risk_rate(ledger, "2024-05-28"))
    assert at_risk_rate(ledger, "2024-06-08") == 1.0  # February's only invoice, due on 10 March


def test_at_risk_of_every_month():
    history = at_risk_history(ledger_of(RISK, covers=YEARS), "2024-05-29", by="customer_id")
    assert list(history) == [
        *("customer_id", "month", "matures_on", "billed", "undated", "at_risk", "at_risk_share", "mature")
    ]
    assert history["customer_id"].tolist() == ["A", "B", "B"]
    assert history["billed"].tolist() == [1500.0, 0.0, 500.0]
    assert history["undated"].tolist() == [0.0, 300.0, 0.0]
    assert history["mature"].tolist() == [True, False, False]


def test_a_month_before_the_ledger_is_not_judged_by_what_was_booked_late():
    """An invoice of December booked in January is not December's billing; January is told."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | booked     | due        | amount
        A        | invoice | 2023-12-20 | 2024-01-05 | 2023-12-31 |  100.00
        A        | invoice | 2024-01-10 | 2024-01-10 | 2024-01-31 |  400.00
        """,
        covers=("2024-01-01", "2024-12-31"),
    )
    assert np.isnan(at_risk_rate(ledger, "2024-04-10"))  # 101 days after 31 December, 70 after 31 January
    history = at_risk_history(ledger, "2024-06-30")
    assert history["mature"].tolist() == [False, True]
    assert history["at_risk_share"].isna().tolist() == [True, False]
    share = cohorts(ledger, "2024-06-30", days=(30,)).set_index("month")
    assert share["mature"].tolist() == [False, True]
    assert share["paid_share"].isna().tolist() == [True, False]


@settings(max_examples=50)
@given(ledgers())
def test_at_risk_parts_add_up(ledger):
    whole = at_risk_history(ledger).set_index("month")
    parts = at_risk_history(ledger, by="customer_id").groupby("month")[["billed", "undated", "at_risk"]].sum()
    assert np.allclose(parts[["billed", "undated"]], whole[["billed", "undated"]], atol=0.02)
    assert np.allclose(parts["at_risk"][whole["mature"]], whole["at_risk"][whole["mature"]], atol=0.02)


@settings(max_examples=15)
@given(ledgers(), st.integers(0, 9))
def test_order_future_and_scale(ledger, seed):
    day = pd.Timestamp("2023-10-20")
    for measure in MEASURES:
        figure = measure(ledger, day)
        assert isinstance(figure.formula.text("fr"), str)
        assert measure is unapplied_share or np.isnan(figure) or -1e-9 <= figure <= 1 + 1e-9
        for other in (shuffled(ledger, seed), known_by(ledger, day), scaled(ledger, 4)):
            assert measure(other, day) == pytest.approx(figure, nan_ok=True, rel=1e-6), measure


def test_words_agree_with_one():
    """One invoice due on 10 January and still open on 20 January: one in the singular, in every word."""
    small = ledger_of("customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-01-10|10\nA|invoice|2024-01-20||5")
    figure = late_payment_rate(small, "2024-01-20", days=12, grace_days=1)
    french = figure.formula.text("fr")
    assert french.startswith("1 facture payée en retard ou échue ÷ 1 arrivée à échéance en 12 jours, 1 jour de grâce")
    assert " in 1 day," in late_payment_rate(small, "2024-01-11", days=1).formula.text("en")
    unknown = late_payment_rate(small, "2024-01-20", days=365)
    assert np.isnan(unknown)
    assert not any(character.isdigit() for character in unknown.formula.text("fr"))
