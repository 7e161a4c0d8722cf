"""Columns of codes and days that every measure rests on."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arlib.schema import numbered


@given(st.lists(st.integers(0, 40) | st.integers(0, 10**6), max_size=30))
def test_numbered_codes_are_the_places_of_the_different_ones_in_order(codes):
    place, found = numbered(np.array(codes, dtype=np.intp))
    assert found.tolist() == sorted(set(codes))
    assert [found[each] for each in place] == codes
