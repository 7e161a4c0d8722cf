"""Late risk of open items: laws computed on paper, what is past, what is missing and why, no look ahead."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by, sample_ledger

from arlib.behaviour import payment_laws
from arlib.errors import ArlibError
from arlib.ledger import Ledger, open_items
from arlib.risk.backtest.forecasts import LawForecast
from arlib.risk.facts import expert_opinion, read_facts
from arlib.risk.late import A_YEAR, LATE_DAYS, late_risk, learnt_loss_share
from arlib.schema import day_number, day_numbers

DAY = "2025-12-31"
WEDNESDAY = "2025-11-19"

# All due on Monday 1 September, paid that day, the Wednesday, the next Monday, and on Friday 31 October: in open days
# 0, 2, 5 and 44 after it. One customer, one due date: every invoice weighs the same, nothing to be drawn to.
FOUR = """customer_id issued_on due_on amount paid_on
A 2025-08-01 2025-09-01 100 2025-09-01
A 2025-08-01 2025-09-01 100 2025-09-03
A 2025-08-01 2025-09-01 100 2025-09-08
A 2025-08-01 2025-09-01 100 2025-10-31
"""


def dates(row):
    return [f"{row[name]:%Y-%m-%d}" for name in ("p10_on", "median_on", "p90_on")]


def test_an_item_not_yet_due_by_hand():
    """Of 1,000 due on Monday 24 November 3/4 is unpaid at its end, 1/2 from the 26th, 1/4 from 1 December.

    The last quarter is paid 44 open days after the 24th: 64 calendar days, 25 December and 1 January being closed:
    27 January. Unpaid at the end of 24 and 25 November 3/4, of the 26th to the 30th 1/2, of 1 December to 26 January
    (57 days) 1/4: 1.5 + 2.5 + 14.25 = 18.25 days. 30 days after the due date is 24 December, 60 23 January.
    """
    row = late_risk(from_text(FOUR + "A 2025-11-03 2025-11-24 1000 -"), WEDNESDAY).iloc[0]
    found = row[["days_overdue", "p_late_0", "p_late_30", "p_late_60", "p_late_90", "expected_late_euro_days"]]
    assert found.tolist() == pytest.approx([-5, 0.75, 0.25, 0.25, 0, 18_250], abs=1e-3)
    assert dates(row) == ["2025-11-24", "2025-11-26", "2026-01-27"]
    assert row["p_unpaid_after_a_year"] < 1e-6


def test_an_overdue_item_by_hand():
    """1,000 due on Monday 3 November, unpaid 16 days later: past the first three days, so that only the last is left.

    44 open days after 3 November, without 11 November, 25 December and 1 January: 7 January. Unpaid at the end of
    19 November to 6 January: 12 + 31 + 6 = 49 days. What is 16 days late is late by more than 0; more than 60, on
    2 January, it will be; more than 90 never.
    """
    row = late_risk(from_text(FOUR + "A 2025-10-03 2025-11-03 1000 -"), WEDNESDAY).iloc[0]
    found = row[["days_overdue", "p_late_0", "p_late_30", "p_late_60", "p_late_90", "expected_late_euro_days"]]
    assert found.tolist() == pytest.approx([16, 1, 1, 1, 0, 49_000], abs=1e-3)
    assert dates(row) == ["2026-01-07"] * 3


def test_what_is_late_already_and_what_is_over_a_year_late():
    """Due on 2025-11-19: 42 days late, more than 0 and 30 for sure. On 2024-12-31: a year late. 2024-02-01: more."""
    others = "A 2025-01-01 2025-11-19 100 -\nA 2024-01-01 2024-12-31 200 -\nA 2024-01-01 2024-02-01 300 -"
    found = late_risk(from_text(FOUR + others), DAY, loss_share=0.5).set_index("open_amount")
    shares = [f"p_late_{days}" for days in LATE_DAYS]
    assert found.loc[100, shares[:2]].tolist() == [1, 1]
    assert found.loc[100, "p_late_90"] < 1
    for amount in (200, 300):
        assert found.loc[amount, [*shares, "p_unpaid_after_a_year"]].tolist() == [1] * 5
        assert np.isnan(found.loc[amount, "expected_late_euro_days"])
        assert found.loc[amount, ["p10_on", "median_on", "p90_on"]].isna().all()
        assert found.loc[amount, "note"].startswith("Due a year ago or more")
        assert found.loc[amount, "expected_loss"] == amount / 2
    assert list(found.index) == [100, 300, 200]


def test_what_has_no_due_date_is_named_and_last():
    found = late_risk(from_text(FOUR + "A 2025-11-03 - 9000 -\nA 2025-11-03 2025-12-03 10 -"), WEDNESDAY, language="fr")
    assert found["open_amount"].tolist() == [10, 9000]
    last = found.iloc[1]
    assert last[["days_overdue", "p_late_0", "expected_late_euro_days", "expected_loss"]].isna().all()
    assert last["note"] == "Sans échéance\u00a0: rien ne dit quand cette créance est en retard."


def test_long_delays_that_nobody_has_been_seen_to_reach_are_said_to_be_bounds():
    """Half of the invoices unpaid after two months, and a file of three: half stay unpaid as far as anybody knows."""
    rows = "\n".join(f"A 2025-10-01 2025-10-15 100 {'2025-10-20' if each % 2 else '-'}" for each in range(10))
    found = late_risk(from_text("customer_id issued_on due_on amount paid_on\n" + rows), DAY)
    assert found["note"].str.startswith("Nobody has been followed here").all()
    assert (late_risk(from_text(FOUR + "A 2025-11-03 2025-11-24 1000 -"), WEDNESDAY)["note"] == "").all()


def test_the_law_given_unpaid_is_read_item_by_item():
    """Against `given_unpaid`, which has its own test on paper, day by day over a year and a half."""
    ledger = sample_ledger("negoce")
    laws = payment_laws(ledger)
    found = late_risk(ledger)
    found = found[found["days_overdue"] < A_YEAR].iloc[::7]
    due, today = day_numbers(found["due_on"]), int(np.datetime64(DAY, "D").astype(int))
    unpaid = laws.given_unpaid(laws.customers.get_indexer(found["customer_id"]), due, np.arange(550))
    on = today + np.arange(550)
    for days in LATE_DAYS:
        expected = np.where(due + days <= today, 1.0, unpaid[np.arange(len(due)), np.maximum(due + days - today, 0)])
        assert found[f"p_late_{days}"].to_numpy() == pytest.approx(expected)
    counted = (on >= due[:, None]) & (on <= due[:, None] + A_YEAR)
    expected = (found["open_amount"].to_numpy()[:, None] * unpaid * counted).sum(axis=1)
    assert found["expected_late_euro_days"].to_numpy() == pytest.approx(expected)
    median = day_numbers(found["median_on"])
    known = found["median_on"].notna().to_numpy()
    rows, place = np.flatnonzero(known), (median - today)[known]
    assert (unpaid[rows, place] <= 0.5 + 1e-9).all()
    assert (unpaid[rows, place - 1] > 0.5).all()


LOST = """customer_id issued_on due_on amount paid_on settled_by
A 2023-01-01 2023-02-01 600 2023-02-10 payment
A 2023-01-01 2023-02-01 100 2024-06-01 payment
A 2023-01-01 2023-02-01 40 2024-03-01 write_off
A 2023-01-01 2023-02-01 500 2024-03-01 credit_note
A 2023-01-01 2023-02-01 60 - payment
A 2025-09-01 2025-10-01 70 2025-10-30 write_off
A 2025-11-01 2026-01-05 1000 - payment
"""


def test_the_share_lost_is_learnt_from_what_got_a_year_late():
    """Of 40 written off, 100 paid 486 days late and 60 open still: 40 / 200. Credited, in time or recent: no part."""
    share = learnt_loss_share(from_text(LOST), DAY)
    assert float(share) == pytest.approx(0.2)
    assert "60.00 due a year ago or more is still open" in str(share.note)
    assert "40,00 passés en pertes" in share.formula.text("fr")
    before = learnt_loss_share(from_text(LOST), "2024-02-20")  # not written off yet, 200 open
    assert np.isnan(before)
    assert "does not tell what is lost" in str(before.note)


def test_expected_loss_is_never_nothing_by_construction():
    """Without write-offs it is missing; with them at risk × unpaid after a year × share lost, a given one first."""
    assert late_risk(from_text(FOUR + "A 2025-11-03 2025-11-24 1000 -"), WEDNESDAY)["expected_loss"].isna().all()
    for given_share, share in ((None, 0.2), (0.5, 0.5)):
        found = late_risk(from_text(LOST), DAY, loss_share=given_share).set_index("open_amount")
        expected = found["at_risk"] * found["p_unpaid_after_a_year"] * share
        assert found["expected_loss"].tolist() == pytest.approx(expected.tolist())
        assert found.loc[60, "expected_loss"] == pytest.approx(60 * share)
        assert found.loc[1000, "expected_loss"] > 0


def test_tax_credits_and_cover_are_no_loss():
    """1,200 with 200 of tax, 240 of it paid by a credit on account: 800 left without tax; 480 insured at 90 %: 432.

    The insured amount covers 480 of the 960 owed: half of the 800, at 0.9: 360. Left: 440.
    """
    table = FOUR.replace("paid_on\n", "paid_on net_amount\n").replace("-01\n", "-01 -\n").replace("-03\n", "-03 -\n")
    table = table.replace("-08\n", "-08 -\n").replace("-31\n", "-31 -\n")
    ledger = from_text(table + "A 2025-11-03 2025-11-24 1200 - 1000")
    items = pd.concat([ledger.items, ledger.items.tail(1).assign(item_id=99, kind="payment", amount=-240.0)])
    items.iloc[-1, items.columns.get_loc("booked_on")] = pd.Timestamp("2025-11-10")
    customers = ledger.customers.assign(insured_limit=480.0)
    held = Ledger(items, ledger.matches, customers, ledger.controls, ledger.currency, ledger.covers)
    row = late_risk(held, WEDNESDAY).iloc[0]
    assert row["open_amount"] == 1200
    assert row["at_risk"] == pytest.approx(800 - 360)
    told = {"customer_id": "A", "fact": "Assurance-crédit", "known_on": "2025-11-12", "source": "Assureur"}
    agreed = read_facts(pd.DataFrame([told | {"value": "960", "quota": "50 %"}]), customers=customers)
    assert late_risk(held, WEDNESDAY, facts=agreed)["at_risk"].item() == pytest.approx(400)
    refused = read_facts(pd.DataFrame([told | {"value": "Refus"}]), customers=customers)
    assert late_risk(held, WEDNESDAY, facts=refused)["at_risk"].item() == pytest.approx(800)


def test_an_opinion_weighs_in_the_law_as_in_the_score():
    """The score's probability after the opinion is that of the law the items are judged by."""
    ledger = from_text(FOUR + "B 2025-10-01 2025-11-24 100 -")
    told = {"customer_id": "B", "fact": "Cotation Banque de France", "value": "1+", "known_on": "2025-10-01"}
    facts = read_facts(pd.DataFrame([told | {"source": "Banque de France"}]), customers=ledger.customers)
    opinions = expert_opinion(facts, WEDNESDAY).set_index("customer_id")["p_late_30"]
    laws = payment_laws(ledger, WEDNESDAY, opinions=opinions)
    with_, without = (late_risk(ledger, WEDNESDAY, facts=known).set_index("customer_id") for known in (facts, None))
    due = day_numbers(with_.loc[["B"], "due_on"])
    later = due + 30 - day_number(laws.as_of)
    told_law = laws.given_unpaid(laws.customers.get_indexer(["B"]), due, later)
    assert with_.loc["B", "p_late_30"] == pytest.approx(told_law.item())
    assert with_.loc["B", "p_late_30"] != pytest.approx(without.loc["B", "p_late_30"], abs=1e-3)


def test_every_open_debit_is_one_row_and_amounts_add_up():
    for name in ("negoce", "groupe"):
        ledger = sample_ledger(name)
        found, opened = late_risk(ledger), open_items(ledger)
        owed = opened[opened["open_amount"] > 0]
        assert sorted(found["item_id"]) == sorted(owed["item_id"])
        assert found["open_amount"].sum() == pytest.approx(owed["open_amount"].sum())
        shares = found[[f"p_late_{days}" for days in LATE_DAYS] + ["p_unpaid_after_a_year"]].to_numpy()
        assert (np.diff(shares, axis=1) <= 1e-12).all()
        assert ((shares >= 0) & (shares <= 1)).all()
        known = found.dropna(subset=["p90_on"])
        assert (known["p10_on"] <= known["median_on"]).all()
        assert (known["median_on"] <= known["p90_on"]).all()
        assert (known["p10_on"] > ledger.covers[1]).all()
        ranked = found["expected_late_euro_days"].dropna()
        assert ranked.is_monotonic_decreasing


def test_a_promise_of_thirty_days_is_kept_on_average():
    """Delays exponential of mean 60 days: of what is unpaid 20 days late, exp(-11/60) is still 31 days late: 0.83.

    A law without memory, so that the age must not change the days still to come; in open days of a calendar where
    weekends count, since payments come on them.
    """
    rng = np.random.default_rng(3)
    count = 6000
    due = pd.Timestamp("2025-06-30") - pd.to_timedelta(rng.integers(0, 60, size=count), unit="D")
    invoices = pd.DataFrame({"customer_id": "A", "issued_on": due - pd.Timedelta(days=30), "due_on": due})
    paid = due + pd.to_timedelta(np.floor(rng.exponential(60, size=count)), unit="D")
    invoices = invoices.assign(amount=100.0, paid_on=paid.where(paid <= DAY))
    later = pd.DataFrame({"customer_id": "A", "issued_on": "2025-11-01", "due_on": "2025-12-11", "amount": [777.0]})
    ledger = from_frame(pd.concat([invoices, later.assign(paid_on=pd.NaT)]))
    found = late_risk(ledger, DAY).set_index("open_amount").loc[777.0]
    assert found["p_late_30"] == pytest.approx(np.exp(-11 / 60), abs=0.02)
    assert found["expected_late_euro_days"] / 777 == pytest.approx(60, rel=0.1)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 1000))
def test_neither_future_nor_order_nor_unit_matters(seed, scale):
    invoices, day = random_invoices(seed, invoices=120), "2025-09-30"
    ledger = from_frame(invoices)
    items, matches = ledger.items.copy(), ledger.matches.copy()
    known = late_risk(ledger, day, loss_share=0.4)
    for other in (future_changed(ledger, day), known_by(ledger, day)):
        pd.testing.assert_frame_equal(late_risk(other, day, loss_share=0.4), known, check_exact=True)
    shuffled = late_risk(from_frame(invoices.sample(frac=1, random_state=seed % 999)), day, loss_share=0.4)
    figures = ["open_amount", "p_late_30", "expected_late_euro_days", "expected_loss"]
    pd.testing.assert_frame_equal(shuffled[figures], known[figures])
    scaled = late_risk(from_frame(invoices.assign(amount=(invoices["amount"] * scale).round(2) + 1)), day)
    assert scaled.set_index("item_id")["p_late_30"].sort_index().tolist() == pytest.approx(
        known.set_index("item_id")["p_late_30"].sort_index().tolist()
    )
    pd.testing.assert_frame_equal(ledger.items, items)
    pd.testing.assert_frame_equal(ledger.matches, matches)


def test_what_was_written_off_is_known_only_from_its_day():
    ledger = from_text(LOST)
    for day in ("2024-02-20", "2025-12-31"):
        assert str(learnt_loss_share(ledger, day)) == str(learnt_loss_share(known_by(ledger, day), day))


HEADING = "customer_id issued_on due_on amount paid_on\n"


@pytest.mark.parametrize(
    "table",
    ["A 2025-10-01 2025-10-31 100 -", "A 2025-10-01 - 100 2025-11-01", "A 2025-10-01 2025-10-31 100 2026-03-01"],
)
def test_without_any_payment_known_it_is_said(table):
    with pytest.raises(ArlibError, match="No payment of an invoice"):
        late_risk(from_text(HEADING + table), DAY)


@pytest.mark.parametrize("share", [-0.1, 40.0])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ArlibError, match="between 0 and 1"):
        late_risk(from_text(FOUR), WEDNESDAY, loss_share=share)


@pytest.mark.parametrize(
    "table",
    [
        "A 1901-10-01 1901-10-31 100 1901-11-20\nA 2025-10-01 1901-10-31 100 -\nA 2025-10-01 2999-10-31 100 -",
        "A 1998-10-01 1998-10-31 100 1998-11-20\nB 1998-10-01 1998-11-30 100 -",
        "\n".join(f"A 2025-0{month}-01 2025-0{month}-20 100 2025-12-01" for month in range(1, 10))
        + "\nB 2025-12-01 2025-12-20 5 -",
    ],
)
def test_ledgers_that_say_little(table):
    found = late_risk(from_text(HEADING + table), DAY)
    dated = found[found["expected_late_euro_days"].notna()]
    assert len(found)
    assert ((dated["expected_late_euro_days"] >= 0) & (dated["expected_late_euro_days"] <= 367 * 100)).all()
    assert found["p_late_0"].between(0, 1).all()


def test_another_forecast_is_read_the_same_way():
    """The laws given as a forecast change nothing; one that is sure everything was paid yesterday expects no payment.

    An item due on Monday 24 November, unpaid on the 19th: by a forecast of halves, half is unpaid from then on.
    """
    ledger = from_text(FOUR + "A 2025-11-03 2025-11-24 1000 -\nA 2025-10-03 2025-11-03 1000 -\nA 2025-11-03 - 1 -")
    laws = LawForecast(ledger, payment_laws(ledger, WEDNESDAY))
    pd.testing.assert_frame_equal(late_risk(ledger, WEDNESDAY, forecast=laws), late_risk(ledger, WEDNESDAY))
    halves = late_risk(ledger, WEDNESDAY, forecast=Halves()).set_index("due_on").loc["2025-11-24"]
    assert halves[["p_late_0", "p_late_90", "p_unpaid_after_a_year"]].tolist() == [0.5] * 3
    assert halves[["p10_on", "median_on"]].tolist() == [pd.Timestamp("2025-11-24")] * 2
    assert pd.isna(halves["p90_on"])
    assert halves["expected_late_euro_days"] == 1000 * 0.5 * 366
    sure = late_risk(ledger, WEDNESDAY, forecast=Sure()).dropna(subset=["due_on"])
    assert (sure["p_late_90"] == 1).all()
    assert sure["p90_on"].isna().all()


class Halves:
    """Half of every item is paid on its due date, the rest never."""

    def __init__(self):
        self.due = np.array(
            [np.datetime64("2025-11-24", "D").astype(int), np.datetime64("2025-11-03", "D").astype(int)]
        )

    def unpaid_on(self, items, on):
        assert items.tolist() == [4, 5]
        return np.where(on < self.due[:, None], 1.0, 0.5)


class Sure:
    """Everything was paid long ago."""

    def unpaid_on(self, items, on):
        assert len(items) == len(on)
        return np.zeros(on.shape)


def test_nothing_open_is_an_empty_answer_with_the_same_columns():
    full = late_risk(from_text(FOUR + "A 2025-11-03 2025-11-24 1000 -"), WEDNESDAY)
    assert list(late_risk(from_text(FOUR), WEDNESDAY)) == list(full)
    assert late_risk(from_text(FOUR), WEDNESDAY).empty
