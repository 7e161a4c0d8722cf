"""Sentences told of many rows at once are those told of each row alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib.risk.told import joined, text_column, told
from arlib.words import LANGUAGES, say

SHARES = st.one_of(
    st.floats(0, 1),
    st.integers(0, 2000).map(lambda halves: halves / 2000),  # 0.05 %: in the middle between two tenths of a percent
    st.integers(0, 2000).map(lambda halves: float(np.nextafter(halves / 2000, 1))),
)
ROWS = st.lists(st.tuples(SHARES, SHARES, st.integers(-200, 200), st.integers(0, 5000), st.booleans()), max_size=30)


def columns_of(rows):
    before, after, points, open_now, chosen = (
        np.array([row[place] for row in rows], dtype=kind) for place, kind in enumerate((float, float, int, int, bool))
    )
    return {"before": before, "after": after, "points": points, "open": open_now}, chosen


@given(ROWS, st.sampled_from(LANGUAGES))
def test_each_row_is_told_as_it_would_be_alone(rows, language):
    values, chosen = columns_of(rows)
    texts = told("risk.not_due_yet", language, chosen, **values).to_pylist()
    names = ("before", "after", "points", "open")
    alone = [say("risk.not_due_yet", **dict(zip(names, row, strict=False))).text(language) for row in rows]
    assert texts == [text if row[-1] else None for text, row in zip(alone, rows, strict=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sentence_for_all_rows_may_hold_another_one_and_texts(language):
    later, names = say("risk.score.later", days=30), ["Bois & fils", "{x}", "Bois & fils"]
    values = {"late": [1, 2, 1], "settled": [1, 3, 1], "before": [0.5] * 3, "after": [0.25] * 3, "points": [-1, 7, -1]}
    every, each = np.ones(3, dtype=bool), [{name: values[name][row] for name in values} for row in range(3)]
    texts = told("risk.own_record", language, every, later=later, **values).to_pylist()
    assert texts == [say("risk.own_record", later=later, **row).text(language) for row in each]
    named = told("risk.main.segment", language, every, segment=names, **values).to_pylist()
    assert named == [
        say("risk.main.segment", segment=name, **row).text(language) for name, row in zip(names, each, strict=True)
    ]


def test_rows_join_what_is_told_of_them():
    chosen = ([True, False, True], [True, False, False])
    first, second = (told("risk.little_history", "en", np.array(each)) for each in chosen)
    one = say("risk.little_history").text("en")
    assert text_column(joined([first, second])).tolist() == [f"{one} {one}", "", one]
