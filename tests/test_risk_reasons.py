"""The sentences of a score: their points add up to it, their rates follow on, and they never contradict themselves."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, random_invoices
from small import sample_ledger

from arlib.risk import read_facts
from arlib.risk.score import score_customers
from arlib.words import LANGUAGES

DAY = "2025-12-31"
POINTS = re.compile(r"([+−]?\d+)\spoints?")
RATES = re.compile(r"([\d.,]+)\s?% (?:instead of|au lieu de) ([\d.,]+)\s?%(?: \(|: )([+−]?\d+)")
RECORD = re.compile(r"Own record: (\d+) of (\d+) settled")


def signed(text):
    return int(text.replace("−", "-"))


def rate(text):
    return float(text.replace(",", "."))


def disputed(seed):
    invoices = random_invoices(seed, customers=6, invoices=80)
    return from_frame(invoices.assign(disputed=invoices["amount"] > 1500))


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from(LANGUAGES), st.sampled_from([0, 30, None]))
def test_the_points_told_add_up_to_the_score_and_the_rates_follow_on(seed, language, days_late):
    scores = score_customers(disputed(seed), DAY, language=language, days_late=days_late)
    for case in scores.itertuples():
        assert sum(map(signed, POINTS.findall(case.reasons))) == case.score
        start = [*re.findall(r"([\d.,]+)\s?%", case.starting_point)][-1:]
        told = RATES.findall(case.own_reasons)
        reached = [*start, *(after for after, _, _ in told)]
        assert [before for _, before, _ in told] == reached[:-1]
        assert all((rate(after) - rate(before)) * signed(points) <= 0 for after, before, points in told)


def test_the_last_rate_told_is_the_probability_of_the_customer():
    """Within half a point, what steps that moved no point may have left out."""
    for case in score_customers(sample_ledger("negoce")).itertuples():
        after = rate(RATES.findall(case.own_reasons)[-1][0]) / 100
        assert after == pytest.approx(max(case.p_late, 0.001), rel=0.2, abs=0.001)


def test_counts_never_contradict_the_points_unsaid():
    """Fewer invoices late than in the rate before, and points lost, or the other way round: the sentence says why."""
    cases = score_customers(sample_ledger("negoce"), "2024-06-15")["own_reasons"]
    told = cases[cases.str.contains("Own record: ")]
    record = told.str.extract(r"(Own record: .*?points?\))")[0]
    counts = record.str.extract(RECORD).astype(int)
    rates = record.str.extract(RATES)
    counted = counts[0] / counts[1] - rates[1].map(rate) / 100
    against = (counted * rates[2].map(signed) > 0) & (counted.abs() > 0.001)
    assert against.any()
    assert record[against].str.contains("counting the days on which all of them were paid").all()
    assert not record[~against].str.contains("counting the days").all()


def auditors_ledger():
    paid = ["2024-03-04", "2024-04-02", "2025-02-03", "2025-03-03", "2025-04-01", "2025-06-10", "2025-07-11"]
    due = ["2024-03-04", "2024-04-02", "2025-02-03", "2025-03-03", "2025-04-01", "2025-05-02", "2025-06-02"]
    rows = [f"A {day[:8]}01 {day} 100 {when}" for day, when in zip(due, paid, strict=True)]
    rows += ["A 2025-09-01 2025-11-01 100 -", "A 2025-12-01 2026-01-15 100 -"]
    others = [f"B 2025-{month:02}-01 2025-{month:02}-20 100 2025-{month:02}-20" for month in range(1, 13)]
    return from_text("\n".join(["customer_id issued_on due_on amount paid_on", *rows, *others]))


def test_an_auditor_counts_again():
    """A: 2 of 7 settled more than 30 days late, of those due in the last year 2 of 5; two open, one 60 days overdue."""
    ledger = auditors_ledger()
    told = score_customers(ledger, DAY).set_index("customer_id").loc["A", "own_reasons"]
    assert "Own record: 2 of 7 settled invoices paid more than 30 days late or never" in told
    assert "(2 of the 5 settled that were due in the last year were so late, or never paid)" in told
    assert "(open: 2; past their due date: 1, the oldest by 60 days)" in told


@pytest.mark.parametrize(("language", "others"), [("en", "other customers|starting point"), ("fr", "autres clients")])
def test_who_is_compared_with_nobody_is_told_so(language, others):
    """The prior of the only customer with a record is that record: no sentence speaks of the others."""
    ledger = auditors_ledger()
    mine = ledger.items["customer_id"] == "A"
    alone = replace(ledger, items=ledger.items[mine], matches=ledger.matches[ledger.matches["debit_id"] < 10])
    told = score_customers(alone, DAY, language=language).set_index("customer_id").loc["A"]
    assert re.search(others, told["own_reasons"]) is None
    key = {"en": "no other", "fr": "pas d'autre"}[language]
    assert key in told["starting_point"]
    assert key in told["main_reasons"].lower()
    beside = score_customers(ledger, DAY, language=language).set_index("customer_id").loc["A"]
    assert key not in beside["starting_point"] + beside["main_reasons"].lower()


STEPS = ("segment", "record", "recency", "open_now", "disputes", "opinion")


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from(LANGUAGES))
def test_in_short_the_three_strongest_steps_are_told_strongest_first(seed, language):
    for case in score_customers(disputed(seed), DAY, language=language).to_dict("records"):
        told = [signed(points) for points in POINTS.findall(case["main_reasons"])]
        strongest = sorted((abs(case[f"points_{step}"]) for step in STEPS), reverse=True)
        assert [abs(points) for points in told] == [points for points in strongest[:3] if points]


def test_an_auditor_counts_again_in_short():
    """The same customer: the record, then the recent invoices, then what is open, each as counted there."""
    ledger = auditors_ledger()
    case = score_customers(ledger, DAY).set_index("customer_id").loc["A"]
    told = {
        f"2 of 7 settled invoices late ({case['points_record']:+d}": "points_record",
        f"Of those due in the last year, 2 of 5 settled late ({case['points_recency']:+d}": "points_recency",
        f"1 past the due date, the oldest by 60 days ({case['points_open_now']:+d}": "points_open_now",
    }
    for sentence, points in told.items():
        assert (sentence.replace("-", "−") in case["main_reasons"]) == (case[points] != 0)
    assert "instead of" not in case["main_reasons"]


def test_what_must_not_be_missed_is_told_however_few_its_points():
    """A fact that takes points comes first; that the history is short, last."""
    facts = read_facts(pd.DataFrame({"customer_code": ["A"], "fact": ["status"], "value": ["liquidation"]}))
    text = "customer_id issued_on due_on amount paid_on\nA 2025-01-01 2025-02-01 100 2025-02-01\n"
    text += "\n".join(f"B 2025-{month:02}-01 2025-{month:02}-20 100 2025-{month:02}-20" for month in range(1, 13))
    case = score_customers(from_text(text), DAY, facts=facts).set_index("customer_id").loc["A"]
    assert case["points_facts"] < 0
    assert case["main_reasons"].startswith("Court-ordered liquidation")
    assert case["main_reasons"].endswith("take this score as a first indication.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", ["negoce", "groupe"])
def test_sentences_are_whole(sample, language):
    scores = score_customers(sample_ledger(sample), language=language)
    texts = pd.concat([scores[name] for name in ("reasons", "trend_reason", "change_reason")])
    texts = texts[texts != ""]
    assert texts.str.endswith(".").all()
    assert not texts.str.contains(r"\bnan\b|None|\{|\}|  |\.\.|–").any()
