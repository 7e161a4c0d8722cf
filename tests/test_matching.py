"""Settling debits with credits inside groups."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from arlib.readers import read_ledger
from arlib.readers.matching import match_groups, match_in_order


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


SAME_DAY = [
    ("A", "2024-01-05", "2024-02-04", 900.0, "invoice", "F1"),
    ("A", "2024-01-05", "2024-02-04", 600.0, "invoice", "F2"),
    ("A", "2024-03-01", None, -1000.0, "payment", "V7"),
    ("A", "2024-03-01", None, -500.0, "credit_note", "AV3"),
]


@given(st.permutations(range(len(SAME_DAY))))
def test_of_one_day_credit_notes_settle_first_then_references_whatever_the_order_of_the_rows(order):
    """The credit note of 500 takes F1 to 400; the payment of 1,000 closes it, then the 600 of F2."""
    rows = [SAME_DAY[place] for place in order]
    items = items_of([row[:4] for row in rows]).assign(
        kind=[row[4] for row in rows], reference=[row[5] for row in rows]
    )
    names = items.set_index("item_id")["reference"]
    matched = match_groups(items, items["group"], "official")
    found = zip(names[matched["debit_id"]], names[matched["credit_id"]], matched["amount"], strict=True)
    assert sorted(found) == [("F1", "AV3", 500.0), ("F1", "V7", 400.0), ("F2", "V7", 600.0)]


@given(st.permutations(range(len(SAME_DAY))))
def test_rows_of_one_day_that_name_several_settle_in_the_same_order_whatever_that_of_the_rows(order):
    """Both credits name F2 then F1: 500 of F2 by the credit note; its last 100 and the 900 of F1 by the payment."""
    rows = [SAME_DAY[place] for place in order]
    items = items_of([row[:4] for row in rows]).assign(
        kind=[row[4] for row in rows], reference=[row[5] for row in rows]
    )
    names = items.set_index("item_id")["reference"]
    owned = items["reference"].map({"F1": 1, "F2": 2}).fillna(-1).to_numpy(dtype=np.intp)
    places = np.repeat(np.flatnonzero(owned < 0), 2)
    links = pd.DataFrame({"place": places, "turn": [0, 1] * 2, "key": [2, 1] * 2})
    matched = match_in_order(items, links, owned, "official")
    found = zip(names[matched["debit_id"]], names[matched["credit_id"]], matched["amount"], strict=True)
    assert sorted(found) == [("F1", "V7", 900.0), ("F2", "AV3", 500.0), ("F2", "V7", 100.0)]


def test_a_file_gives_the_same_matches_in_either_order_of_its_rows(tmp_path):
    heading = "Client;Type;Numéro;Date;Échéance;Montant;Lettrage"
    rows = [
        "C1;Facture;F1;05/01/2024;04/02/2024;900,00;A",
        "C1;Facture;F2;05/01/2024;04/02/2024;600,00;A",
        "C1;Règlement;V7;01/03/2024;;-1000,00;A",
        "C1;Avoir;AV3;01/03/2024;01/03/2024;-500,00;A",
    ]
    found = []
    for name, lines in (("one.csv", rows), ("other.csv", rows[::-1])):
        (tmp_path / name).write_text("\n".join([heading, *lines]), encoding="utf-8")
        ledger = read_ledger(tmp_path / name)
        names = ledger.items.set_index("item_id")["reference"]
        matches = ledger.matches
        pairs = zip(names[matches["debit_id"]], names[matches["credit_id"]], matches["amount"], strict=True)
        found.append(sorted(pairs))
    assert found[0] == found[1] == [("F1", "AV3", 500.0), ("F1", "V7", 400.0), ("F2", "V7", 600.0)]


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


def test_a_row_that_names_several_settles_them_in_turn_and_earlier_rows_go_first():
    """150 of January over F2 (80) and F1 (100): 80 and 70; 50 of February for F1 finds 30, and 20 stay unapplied."""
    items = items_of(
        [
            ("F1", "2024-01-01", None, 100.0),
            ("F2", "2024-01-02", None, 80.0),
            ("", "2024-02-20", None, -50.0),
            ("", "2024-01-20", None, -150.0),
        ]
    )
    links = pd.DataFrame({"place": [2, 3, 3], "turn": [0, 0, 1], "key": [1, 2, 1]})
    matched = match_in_order(items, links, np.array([1, 2, -1, -1]), "official")
    assert matched[["debit_id", "credit_id", "amount"]].values.tolist() == [[2, 4, 80.0], [1, 4, 70.0], [1, 3, 30.0]]


@given(MOVES, st.data())
def test_what_is_named_is_settled_up_to_both_sides_and_no_further(moves, data):
    """Each row names documents at random: nothing is settled beyond its amount, nor left where both sides have some."""
    days = pd.date_range("2023-01-01", periods=301).strftime("%Y-%m-%d")
    items = items_of([(group, days[day], None, cents / 100) for group, day, cents in moves])
    owned = np.array(data.draw(st.lists(st.integers(-1, 3), min_size=len(items), max_size=len(items))), dtype=np.intp)
    named = data.draw(st.lists(st.tuples(st.integers(0, len(items) - 1), st.integers(0, 3)), unique=True, max_size=12))
    links = pd.DataFrame(named, columns=["place", "key"], dtype=np.intp).assign(turn=range(len(named)))
    matched = match_in_order(items, links, owned, "official")
    left = items["amount"].to_numpy().copy()
    for debit, credit, amount in matched[["debit_id", "credit_id", "amount"]].values.tolist():
        assert items["amount"][debit - 1] > 0 > items["amount"][credit - 1]
        left[int(debit) - 1] -= amount
        left[int(credit) - 1] += amount
    assert (np.abs(left) <= items["amount"].abs().to_numpy() + 0.001).all()
    assert (np.sign(left.round(2)) * np.sign(items["amount"]) >= 0).all()
    for place, key in named:
        others = (owned == key) & (np.sign(items["amount"]) == -np.sign(items["amount"][place]))
        assert abs(left[place]) < 0.005 or (np.abs(left[others]) < 0.005).all()
