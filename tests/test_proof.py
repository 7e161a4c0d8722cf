"""The proof: how the balance came about, and every way of counting it, on any day."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import ledger_of, ledgers, sample_ledger, shuffled

from arlib import ArlibError, Ledger, balance, proof
from arlib.schema import KINDS, OPENING

TOTALS = ["rolled_forward", "items", "open_items", "buckets", "accounts"]
ALWAYS = ["opening", "billed", "credited", "collected", "written_off"]

# 1,000 brought forward; 500 and 300 billed; 50 credited; 1,000 and 200 collected; 300 lost; 120 moved to bills.
YEAR = """
    customer | kind        | issued     | due        | amount   | pays
    A        | opening     | 2024-01-01 | 2024-01-15 |  1000.00 |
    A        | payment     | 2024-01-20 |            | -1000.00 | 1
    B        | invoice     | 2024-02-10 | 2024-03-11 |   500.00 |
    B        | credit_note | 2024-02-20 |            |   -50.00 | 3
    C        | invoice     | 2024-03-10 | 2024-04-09 |   300.00 |
    B        | payment     | 2024-04-05 |            |  -200.00 | 3
    B        | bill        | 2024-05-01 |            |  -120.00 | 3
    C        | write_off   | 2024-06-01 |            |  -300.00 | 5
    """


def amounts(lines):
    return dict(zip(lines["line"], lines["amount"], strict=True))


def test_the_balance_is_explained_line_by_line():
    """1,000 + 500 + 300 - 50 - 1,200 - 300 - 120 = 130, the rest of B's invoice: 500 - 50 - 200 - 120."""
    lines = proof(ledger_of(YEAR))
    parts = {"opening": 1000.0, "billed": 800.0, "credited": -50.0, "collected": -1200.0, "written_off": -300.0}
    assert amounts(lines) == parts | {"bills": -120.0} | dict.fromkeys(TOTALS, 130.0)
    assert lines["role"].tolist() == ["part"] * 6 + ["total"] * 5
    assert lines.loc[lines["role"] == "part", ["difference", "ties"]].isna().all(axis=None)
    assert lines.loc[lines["role"] == "total", "difference"].tolist() == [0.0] * 5
    assert bool(lines["ties"].all())


def test_the_roll_forward_starts_on_any_day():
    """On 29 February B owes 450: what it was on the eve of March is the opening of the months after."""
    ledger = ledger_of(YEAR)
    since_march = amounts(proof(ledger, "2024-04-30", since="2024-03-01"))
    assert [since_march[line] for line in ALWAYS] == [450.0, 300.0, 0.0, -200.0, 0.0]
    assert since_march["opening"] == balance(ledger, "2024-02-29")
    assert since_march["rolled_forward"] == 550.0  # 450 + 300 - 200


def test_lines_of_a_kind_that_did_not_move_are_left_out_but_the_usual_ones():
    lines = proof(ledger_of(YEAR), "2024-01-31")
    assert lines["line"].tolist() == [*ALWAYS, *TOTALS]
    assert amounts(lines)["written_off"] == 0.0


def test_the_proof_fails_when_the_accounts_say_otherwise():
    sound = ledger_of(YEAR)
    controls = sound.controls.assign(amount=sound.controls["amount"] + 0.01)
    lines = proof(Ledger(sound.items, sound.matches, sound.customers, controls, "EUR", sound.covers))
    totals = lines[lines["role"] == "total"]
    assert totals["ties"].tolist() == [False] * 4 + [True]
    assert totals["difference"].tolist() == [-0.08] * 4 + [0.0]  # eight rows of a cent
    assert not lines["ties"].all()


def test_openings_brought_forward_later_are_neither_billed_nor_collected():
    """A second year opens on its first day: 40 more brought forward, which nobody billed."""
    ledger = ledger_of(YEAR + "D | opening | 2024-05-02 | 2024-05-15 | 40.00 |")
    assert amounts(proof(ledger, since="2024-03-01"))["opening"] == 490.0  # 450 and 40


days = st.integers(-10, 560).map(lambda day: pd.Timestamp("2023-01-01") + pd.Timedelta(days=day))


@settings(max_examples=60, deadline=None)
@given(ledgers(), days, st.none() | days, st.data())
def test_the_parts_add_up_on_any_day_since_any_day(ledger, day, since, data):
    kinds = data.draw(st.lists(st.sampled_from(KINDS), min_size=len(ledger.items), max_size=len(ledger.items)))
    ledger = Ledger(ledger.items.assign(kind=kinds), *frames(ledger), "EUR", ledger.covers)
    before = ledger.items.copy()
    if since is not None and since > day:
        with pytest.raises(ArlibError, match="which comes after"):
            proof(ledger, day, since=since)
        since = day
    lines = proof(ledger, day, since=since)
    parts = lines[lines["role"] == "part"]
    assert parts["amount"].sum() == pytest.approx(balance(ledger, day), abs=0.005)
    assert lines["line"].tolist()[-5:] == TOTALS
    assert lines["ties"].all()
    pd.testing.assert_frame_equal(ledger.items, before)


def frames(ledger):
    return ledger.matches, ledger.customers, ledger.controls


@settings(max_examples=30, deadline=None)
@given(ledgers(), days, st.integers(0, 9))
def test_the_proof_does_not_depend_on_the_order_of_rows(ledger, day, seed):
    pd.testing.assert_frame_equal(proof(shuffled(ledger, seed), day), proof(ledger, day))


@settings(max_examples=30, deadline=None)
@given(ledgers(), days, days)
def test_what_comes_after_the_opening_is_what_changed(ledger, first, last):
    """Without openings in between, the parts after the opening are the difference of two balances."""
    first, last = sorted((first, last))
    parts = amounts(proof(ledger, last, since=first))
    eve = balance(ledger, first - pd.Timedelta(days=1))
    assert parts["opening"] == pytest.approx(eve, abs=0.005)
    moved = sum(amount for line, amount in parts.items() if line not in (*TOTALS, "opening"))
    assert moved == pytest.approx(balance(ledger, last) - eve, abs=0.01)


@pytest.mark.parametrize(("name", "year"), [("negoce", 2024), ("groupe", 2025)])
def test_the_samples_roll_forward_as_their_own_columns_add_up(name, year):
    """Billed, credited and collected of a year, summed by kind from the items, which their truth checks elsewhere."""
    ledger = sample_ledger(name)
    items = ledger.items[ledger.items["booked_on"].dt.year == year]
    sums = items.groupby("kind")["amount"].sum().round(2)
    parts = amounts(proof(ledger, f"{year}-12-31", since=f"{year}-01-01"))
    assert parts["opening"] == balance(ledger, f"{year - 1}-12-31")
    assert parts["billed"] == pytest.approx(sums["invoice"])
    assert parts["credited"] == pytest.approx(sums.get("credit_note", 0.0))
    assert parts["collected"] == pytest.approx(sums["payment"])
    assert OPENING not in sums.index
