"""What the pages share of one ledger on one day: the functions' own figures, each computed once."""

import pandas as pd
import pytest

from arlib.apps import answers as answers_module
from arlib.apps.answers import Answers
from arlib.samples import load_sample
from arlib.simulation import Costs, Policy, simulate
from arlib.terms import NET_30


@pytest.fixture(scope="module")
def negoce():
    return load_sample("negoce")


def test_what_is_kept_is_computed_once(negoce):
    answers, computed = Answers(negoce, negoce.day()), []
    for key in ("a", "a", ("a", "fr")):
        assert answers.once(key, lambda key=key: computed.append(key) or key) == key
    assert computed == ["a", ("a", "fr")]


def test_a_past_day_is_tested_on_what_was_known_then(negoce):
    backtest = Answers(negoce, pd.Timestamp("2024-12-31")).backtest("en")
    assert backtest.known_until == pd.Timestamp("2024-12-31")


def test_a_very_large_ledger_is_tested_on_three_closings_and_says_so(negoce, monkeypatch):
    monkeypatch.setattr(answers_module, "_MANY_ITEMS", 1000)
    backtest = Answers(negoce, pd.Timestamp("2025-12-31")).backtest("en")
    assert [str(day.date()) for day in backtest.closings] == ["2025-06-30", "2025-07-31", "2025-08-31"]
    assert "Over 3 past closings" in backtest.verdict()
    assert backtest.predictions["closing"].max() == pd.Timestamp("2025-08-31")


def test_what_is_simulated_on_the_page_is_what_the_functions_say(negoce):
    """Its sales are at the level the forecast of the same page has learnt, like those of `simulate`."""
    answers, policy = Answers(negoce, pd.Timestamp("2025-12-31")), Policy("30", NET_30)
    assert answers.base.plan.level != 1
    shown = answers.simulation([policy], 0.05)
    told = simulate(answers.base, policy, costs=Costs(0.05))
    pd.testing.assert_frame_equal(shown.summary, told.summary)
    pd.testing.assert_frame_equal(shown.daily, told.daily)
    bridge = answers.bridge(policy).set_index("measure")["after"]
    assert bridge["dso_month"] == pytest.approx(shown.summary["dso_month"].iloc[1])
