"""What pages have in common escapes all it is given, and says nothing where there is nothing to say."""

import pytest

from arlib.apps.parts import panels
from arlib.errors import ArlibError
from arlib.show.tables import Html
from arlib.words import say

HOSTILE = "<img src=x onerror=\"alert('1')\">"


@pytest.mark.parametrize(
    "html",
    [
        panels.note(HOSTILE, name=HOSTILE),
        panels.warning(HOSTILE, name=HOSTILE),
        panels.folded(HOSTILE, [HOSTILE]),
        panels.figure_card(HOSTILE, HOSTILE, HOSTILE, [panels.figure_line(HOSTILE)], unit=HOSTILE),
        panels.figure_change((HOSTILE, HOSTILE), HOSTILE),
        panels.figure_cards([], name=HOSTILE),
        panels.scrolled(Html(), name=HOSTILE, look=HOSTILE),
    ],
)
def test_texts_are_escaped(html):
    assert "<img" not in html
    assert "&lt;img" in html


def test_nothing_is_folded_away_where_there_is_nothing():
    assert panels.folded("summary", []) == ""
    assert panels.basis([], "en") == ""


def test_an_error_stands_where_the_part_would():
    def failing() -> str:
        raise ArlibError(say("app.customers.nobody"))

    assert panels.or_sentence(failing, "en") == panels.empty(say("app.customers.nobody"), "en")
    assert panels.or_sentence(lambda: "fine", "en") == "fine"


def test_a_wide_card_takes_the_whole_width():
    title = panels.title_place()
    assert "is-wide" in panels.card(title, wide=True)._dom_classes
    assert "is-wide" not in panels.card(title)._dom_classes
