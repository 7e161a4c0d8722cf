"""How what the pages tell did on the past, as HTML: the verdict in sight, the rest behind."""

from html import escape

from petit import HOSTILE

from arlib.apps.answers import Answers
from arlib.apps.parts import past_panels
from arlib.errors import ArlibError
from arlib.samples import load_sample
from arlib.words import say


def test_a_test_of_the_sample_has_its_verdict_in_sight_and_the_rest_behind():
    ledger = load_sample("negoce")
    sentences = Answers(ledger, ledger.day()).backtest("en").sentences
    told = [sentence.text("en") for sentence in sentences]
    sight, behind = past_panels.tested("tested", sentences, "en").split("<details>")
    assert all(escape(text) in sight for text in told[:2])
    assert all(escape(text) in behind for text in told[2:])
    assert "30 days late" in told[0]  # what the scores shown are about


def test_a_test_that_is_not_made_says_why():
    told = past_panels.untested("tested", ArlibError(say("error.not_a_day", value=HOSTILE)), "en")
    assert "The test could not be made" in told
    assert "is not a date" in told
    assert "<img" not in told
    assert "Being computed" in past_panels.being_tested("tested", "en")
