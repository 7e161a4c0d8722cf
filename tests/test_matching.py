"""Settling debits with credits inside groups."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from arlib.readers.matching import match_groups


def items_of(rows: list[tuple[str, str, str | None, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["group", "booked_on", "due_on", "amount"])
    frame["booked_on"] = frame["issued_on"] = pd.to_datetime(frame["booked_on"]).astype("datetime64[s]")
    frame["due_on"] = pd.to_datetime(frame["due_on"]).astype("datetime64[s]")
    return frame.assign(item_id=np.arange(1, len(frame) + 1))


def test_the_earliest_due_is_settled_first_and_the_rest_stays_open():
    """100 in terms of 30, 50 and 20, and a payment of 40: term 1 closed, 10 of term 2 (handbook G5)."""
    items = items_of(
        [
            ("A", "2024-01-01", "2024-03-01", 20.0),
            ("A", "2024-01-01", "2024-01-31", 30.0),
            ("A", "2024-01-01", "2024-02-15", 50.0),
            ("A", "2024-02-01", None, -40.0),
        ]
    )
    matched = match_groups(items, items["group"], "official")
    assert matched[["debit_id", "amount"]].values.tolist() == [[2, 30.0], [3, 10.0]]


def test_a_match_counts_from_the_later_booking():
    items = items_of(
        [("A", "2020-12-15", None, 100.0), ("A", "2021-01-15", None, 50.0), ("A", "2021-02-10", None, -150.0)]
    )
    assert set(match_groups(items, items["group"], "official")["matched_on"]) == {pd.Timestamp("2021-02-10")}


def test_groups_never_touch_each_other_and_no_group_means_no_match():
    items = items_of(
        [("A", "2024-01-01", None, 10.0), ("B", "2024-01-02", None, -10.0), (None, "2024-01-03", None, -10.0)]
    )
    assert match_groups(items, items["group"], "official").empty


MOVES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 300), st.integers(-(10**6), 10**6).filter(bool)),
    min_size=1,
    max_size=25,
)


@given(MOVES)
def test_every_group_is_settled_to_the_smaller_of_its_sides_and_no_item_beyond_its_amount(moves):
    days = pd.date_range("2023-01-01", periods=301).strftime("%Y-%m-%d")
    items = items_of([(group, days[day], None, cents / 100) for group, day, cents in moves])
    matched = match_groups(items, items["group"], "official")
    amounts = items.set_index("item_id")["amount"]
    groups = items.set_index("item_id")["group"]
    for key in ("debit_id", "credit_id"):
        used = matched.groupby(key)["amount"].sum()
        assert (used <= amounts.abs()[used.index] + 0.001).all()
    assert (groups[matched["debit_id"]].to_numpy() == groups[matched["credit_id"]].to_numpy()).all()
    settled = matched.groupby(groups[matched["debit_id"]].to_numpy())["amount"].sum()
    for group, members in items.groupby("group"):
        sides = members["amount"].clip(lower=0).sum(), -members["amount"].clip(upper=0).sum()
        assert abs(settled.get(group, 0.0) - min(sides)) < 0.005
