"""Two imports of the same books: what is new, paid, changed, reopened or gone, to the cent."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import ledger_of, ledgers, scaled, shuffled

from arlib.checks.restatement import CHANGES, compare_ledgers
from arlib.checks.same_items import paired, plain_number
from arlib.errors import ArlibError
from arlib.ledger import Ledger, balance
from arlib.measures import dso

JANUARY = """
customer | kind        | issued     | due        | amount | pays
A        | invoice     | 2024-01-05 | 2024-02-04 |    100 |
B        | invoice     | 2024-01-10 | 2024-02-09 |    200 |
C        | invoice     | 2024-01-15 | 2024-02-14 |    300 |
A        | payment     | 2024-01-31 |            |    -40 | 1
"""
FEBRUARY = (
    JANUARY
    + """
B        | payment     | 2024-02-09 |            |   -200 | 2
C        | payment     | 2024-02-14 |            |   -100 | 3
A        | invoice     | 2024-02-20 | 2024-03-21 |     70 |
C        | payment     | 2024-02-25 |            |    -10 |
"""
)


def lines_of(before: Ledger, after: Ledger, **options) -> list[tuple[str, str, str, float, float]]:
    """Change, number, column, effect and since of each line."""
    items = compare_ledgers(before, after, **options).items
    return list(items[["change", "reference", "column", "effect", "since"]].itertuples(index=False, name=None))


def effects(before: Ledger, after: Ledger, **options) -> dict[str, tuple[int, float, float]]:
    """Items, effect and since of each row that is not nothing."""
    table = compare_ledgers(before, after, **options).effect.set_index("change")
    kept = table[(table["items"] != 0) | (table["effect"] != 0)]
    return {name: (int(row["items"]), row["effect"], row["since"]) for name, row in kept.iterrows()}


def edited(ledger: Ledger, place: int, **values: object) -> Ledger:
    """The ledger with cells of one item changed."""
    items = ledger.items.copy()
    for name, value in values.items():
        items.loc[place, name] = pd.Timestamp(value) if name.endswith("_on") else value
    customers = pd.DataFrame({"customer_id": sorted(items["customer_id"].unique())})
    return Ledger(items, ledger.matches, customers, ledger.controls, ledger.currency, ledger.covers)


def test_a_month_later():
    """The closed month is as it was; B paid, C paid in part, A was invoiced, and 10.00 are not applied yet."""
    before, after = ledger_of(JANUARY), ledger_of(FEBRUARY)
    assert effects(before, after) == {
        "before": (4, 560.0, 0.0),
        "new": (4, 0.0, 60.0),  # 70 invoiced, 10 not applied; the two other payments settle what they pay
        "paid": (1, 0.0, -200.0),
        "partly_paid": (1, 0.0, -100.0),
        "after": (8, 560.0, -240.0),
    }
    assert lines_of(before, after)[-2:] == [
        ("paid", "F2", "open_amount", 0.0, -200.0),
        ("partly_paid", "F3", "open_amount", 0.0, -100.0),
    ]
    assert balance(after) == 560 - 240


def test_a_corrected_file():
    """F2 is 250 instead of 200, F3 was paid on the 31st after all, F1's payment was not applied."""
    before = ledger_of(JANUARY)
    after = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-01-05 | 2024-02-04 |    100 |
        B        | invoice | 2024-01-10 | 2024-02-09 |    250 |
        C        | invoice | 2024-01-15 | 2024-02-14 |    300 |
        A        | payment | 2024-01-31 |            |    -40 |
        C        | payment | 2024-01-31 |            |   -300 | 3
        """
    )
    assert sorted(lines_of(before, after)) == [
        ("changed", "F2", "amount", 50.0, 0.0),
        ("new", "F5", "amount", 0.0, 0.0),
        ("paid", "F3", "open_amount", -300.0, 0.0),
        ("reopened", "F1", "open_amount", 40.0, 0.0),
        ("reopened", "F4", "open_amount", -40.0, 0.0),
    ]
    assert effects(before, after)["after"][1] == 560 + 50 - 300


def test_credits_applied_later():
    after = ledger_of(JANUARY)
    before = Ledger(after.items, after.matches.iloc[:0], after.customers, after.controls, "EUR", after.covers)
    assert sorted(lines_of(before, after)) == [
        ("applied", "F4", "open_amount", 40.0, 0.0),
        ("partly_paid", "F1", "open_amount", -40.0, 0.0),
    ]


def test_removed_items():
    after = ledger_of(JANUARY)
    known = after.items["reference"] != "F3"
    less = Ledger(after.items[known], after.matches, after.customers, after.controls, "EUR", after.covers)
    assert lines_of(after, less) == [("removed", "F3", "amount", -300.0, 0.0)]
    assert lines_of(less, after) == [("new", "F3", "amount", 300.0, 0.0)]


@pytest.mark.parametrize(
    ("column", "value", "before", "after"),
    [
        ("due_on", "2024-03-15", "2024-02-14", "2024-03-15"),
        ("issued_on", "2024-01-14", "2024-01-15", "2024-01-14"),
        ("customer_id", "C-RENAMED", "C", "C-RENAMED"),
        ("reference", "f 003", "F3", "f 003"),
        ("amount", 310.0, "300.00", "310.00"),
        ("disputed", True, "False", "True"),
    ],
)
def test_what_changed_is_named_with_both_values(column, value, before, after):
    """Trap 35: a customer renamed between two files is the same item, changed."""
    ledger = ledger_of(JANUARY)
    items = compare_ledgers(ledger, edited(ledger, 2, **{column: value})).items
    assert items[["change", "column", "before", "after", "effect"]].to_numpy().tolist() == [
        ["changed", column, before, after, 10.0 if column == "amount" else 0.0]
    ]


def test_an_item_booked_later_than_it_was_moves_out_of_the_day():
    before = ledger_of(JANUARY)
    after = edited(before, 2, booked_on="2024-02-03")
    after = Ledger(
        after.items,
        after.matches,
        after.customers,
        after.controls,
        "EUR",
        (after.covers[0], pd.Timestamp("2024-02-29")),
    )
    assert lines_of(before, after) == [("changed", "F3", "booked_on", -300.0, 300.0)]


def test_the_earlier_import_is_taken_as_of_the_day():
    before, after = ledger_of(FEBRUARY), ledger_of(FEBRUARY)
    assert effects(before, after, as_of="2024-01-31") == {
        "before": (8, 560.0, 0.0),
        "new": (4, 0.0, 60.0),
        "paid": (1, 0.0, -200.0),
        "partly_paid": (1, 0.0, -100.0),
        "after": (8, 560.0, -240.0),
    }


def test_the_dso_effect_adds_up():
    """Over 30 days: 560 / 600 × 30 = 28 days, then 610 / 650 × 30 = 28.1538."""
    before = ledger_of(JANUARY, covers=("2024-01-01", "2024-01-31"))
    after = edited(before, 1, amount=250.0)
    table = compare_ledgers(before, after, days=30).effect.set_index("change")["dso_effect"]
    assert table["before"] == pytest.approx(28.0)
    assert table["after"] == pytest.approx(28.153846)
    assert table["changed"] == pytest.approx(610 / 650 * 30 - 28)
    assert table["residual"] == pytest.approx(0.0, abs=1e-9)


def test_without_a_dso_the_effect_on_it_is_missing_and_the_balance_is_not():
    table = compare_ledgers(ledger_of(JANUARY), ledger_of(FEBRUARY)).effect.set_index("change")
    assert table.loc[[*CHANGES, "before", "after"], "dso_effect"].isna().all()
    assert table.loc["residual", ["effect", "since"]].tolist() == [0.0, 0.0]


def test_two_currencies_are_not_compared():
    with pytest.raises(ArlibError) as refused:
        compare_ledgers(ledger_of(JANUARY), ledger_of(JANUARY, currency="USD"))
    assert "USD" in refused.value.text("fr")


def test_the_story_in_both_languages():
    told = compare_ledgers(ledger_of(JANUARY), ledger_of(FEBRUARY))
    assert told.sentence().splitlines() == [
        "On 2024-01-31 the earlier import had 560.00 owed, the later one has 560.00.",
        "New: 4 items. On that day 0.00, after it 60.00.",
        "Paid: 1 items. On that day 0.00, after it \u2212200.00.",
        "Paid in part: 1 items. On that day 0.00, after it \u2212100.00.",
    ]
    assert "Pièces soldées\u00a0: 1" in told.sentence("fr")
    same = compare_ledgers(ledger_of(JANUARY), ledger_of(JANUARY))
    assert [sentence.key for sentence in same.sentences] == ["restatement.balances", "restatement.nothing"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("FA-0012", "fa 12", True),
        ("0001234", "1234", True),
        ("F2024-001", "F2024001", True),
        ("F100", "F1", False),
        ("F10", "F01", False),
    ],
)
def test_numbers_spelled_differently(one, other, same):
    written = plain_number(pd.Series([one, other]))
    assert (written[0] == written[1]) is same


def test_true_duplicates_and_instalments_are_paired_in_turn():
    items = ledger_of(JANUARY).items
    twice = pd.concat(
        [items, items.iloc[[2]], items.iloc[[2]].assign(due_on=pd.Timestamp("2024-05-01"))], ignore_index=True
    )
    pairs = paired(twice, twice.sample(frac=1, random_state=1).reset_index(drop=True))
    assert [len(side.unique()) for side in pairs] == [6, 6]
    items_left = paired(twice, items)
    assert len(items_left[0]) == 4


def test_items_without_number_are_paired_by_date_and_amount():
    ledger = ledger_of(JANUARY)
    bare = [edited(ledger, place, reference=pd.NA) for place in (1, 1)]
    assert compare_ledgers(*bare).items.empty
    assert {line[0] for line in lines_of(bare[0], edited(bare[1], 1, amount=201.0))} == {"new", "removed"}


@settings(max_examples=8)
@given(ledgers(), st.integers(0, 9))
def test_a_ledger_and_itself_differ_in_nothing(ledger, seed):
    told = compare_ledgers(ledger, shuffled(ledger, seed))
    assert told.items.empty
    assert told.effect["items"].iloc[1:-1].sum() == 0


@settings(max_examples=12)
@given(ledgers(), ledgers(), st.sampled_from(["2023-03-01", "2023-12-31", None]))
def test_before_and_what_changed_make_after(before, after, as_of):
    told = compare_ledgers(before, after, as_of)
    day = before.day(as_of)
    table = told.effect.set_index("change")
    assert table.loc["residual", ["effect", "since"]].abs().max() < 0.005
    assert abs(table["effect"].iloc[:-1].sum() - balance(after, day)) < 0.005
    assert abs(table["since"].iloc[:-1].sum() - (balance(after) - balance(after, day))) < 0.005
    days = [float(dso(ledger, day)) for ledger in (before, after)]
    if not np.isnan(days).any():
        assert table["dso_effect"].iloc[:-1].sum() == pytest.approx(days[1], abs=1e-6)
    by_change = told.items.groupby("change")[["effect", "since"]].sum().reindex(CHANGES, fill_value=0.0)
    assert np.allclose(by_change, table.loc[list(CHANGES), ["effect", "since"]].to_numpy(), atol=0.005)


@settings(max_examples=4)
@given(ledgers(), ledgers())
def test_there_and_back_again(before, after):
    """On one day, what one way adds the other takes off."""
    there, back = compare_ledgers(before, after), compare_ledgers(after, before)
    ends = [told.effect.set_index("change")["effect"] for told in (there, back)]
    assert ends[0]["before"] == ends[1]["after"]
    assert ends[0][list(CHANGES)].sum() == pytest.approx(-ends[1][list(CHANGES)].sum(), abs=0.005)


@settings(max_examples=4)
@given(ledgers(), ledgers())
def test_units_scale(before, after):
    one, two = compare_ledgers(before, after).effect, compare_ledgers(scaled(before, 2), scaled(after, 2)).effect
    assert np.allclose(one[["effect", "since"]] * 2, two[["effect", "since"]], atol=0.01)


@settings(max_examples=4)
@given(ledgers(), ledgers())
def test_inputs_are_not_written(before, after):
    frames = [frame.copy() for ledger in (before, after) for frame in (ledger.items, ledger.matches)]
    compare_ledgers(before, after)
    for kept, frame in zip(
        frames, [f for ledger in (before, after) for f in (ledger.items, ledger.matches)], strict=True
    ):
        pd.testing.assert_frame_equal(kept, frame)
