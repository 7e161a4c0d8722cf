"""The charts of what the law says: what their titles find, on frames small enough to check by hand."""

import dataclasses
import html
import json

import numpy as np
import pandas as pd
import pytest
import vl_convert
from test_charts_measures import EXPRESSIONS, HOSTILE, every_string, finding_of, lines_of, rows_of
from test_charts_policies import plain

from arlib.law.deadlines import Deadlines
from arlib.law.latest import LegalDueDates
from arlib.law.penalties import LatePenalties
from arlib.show import charts
from arlib.show.look import GREY, VERMILLION
from arlib.words import LANGUAGES, label_keys, word

CLOSING = pd.Timestamp("2025-12-31")
NAME = "Durand"


def dates(*days):
    return pd.to_datetime(list(days)).astype("datetime64[s]")


def legal(rule="60 days", *, beyond=True):
    """Of 60 days: 700 within, 300 beyond by 10 days and 100 by 30 (15 on average); abroad: 50 nobody can judge."""
    status = ["within", *(["beyond"] * 2 if beyond else ["within"] * 2), "unknown"]
    days = [0.0, *([10.0, 30.0] if beyond else [0.0, 0.0]), np.nan]
    invoices = pd.DataFrame(
        {
            "rule": ["net_60"] * 3 + ["abroad"],
            "law_status": ["to_confirm"] * 3 + [None],
            "amount": [700.0, 300.0, 100.0, 50.0],
            "status": status,
            "days_above": days,
        }
    )
    count, amount = (2, 400.0) if beyond else (0, 0.0)
    rules = pd.DataFrame(
        {
            "rule": ["net_60", "abroad"],
            "rule_text": [rule, "abroad"],
            "law_status": ["to_confirm", ""],
            "invoices": [3, 1],
            "amount": [1100.0, 50.0],
            "invoices_beyond": [count, 0],
            "amount_beyond": [amount, 0.0],
            "invoices_unknown": [0, 1],
            "amount_unknown": [0.0, 50.0],
        }
    )
    return LegalDueDates(CLOSING, invoices, rules, pd.DataFrame(), ())


def penalties(name=NAME, customers=12, **given):
    """Each of twelve owes 60 of interest and 40; the first 260 and 40: 300 of 1,400, ten of them 1,200 (86 %)."""
    ids = [f"C{number:02}" for number in range(1, customers + 1)]
    frame = pd.DataFrame({"customer_id": ids, "name": [name, *ids[1:]], "invoices": 1, "indemnity": 40.0})
    frame["interest"] = [260.0] + [60.0] * (customers - 1)
    frame["due"] = frame["interest"] + frame["indemnity"]
    frame = frame.assign(claimed=0.0, waived=0.0)
    for kind, amount in given.items():
        frame.loc[0, kind] = amount
    frame["remaining"] = frame["due"] - frame["claimed"] - frame["waived"]
    frame = frame.assign(days_late=10, excluded=0, status=["to_confirm"] + ["confirmed"] * (customers - 1))
    return LatePenalties(frame, pd.DataFrame(), pd.DataFrame(), frame, CLOSING, "FR")


def procedures(name=NAME):
    """16 days left, urgent; 108 days; passed 3 days ago; of an unknown day."""
    rows = pd.DataFrame(
        {
            "customer_id": ["C1", "C1", "C2", "C3"],
            "name": [name, name, "Martin", None],
            "deadline": ["retention_of_title", "relief", "declaration", "declaration"],
            "published_on": dates("2025-10-16", "2025-10-16", "2025-10-28", None),
            "deadline_on": dates("2026-01-16", "2026-04-18", "2025-12-28", None),
            "days_left": pd.array([16, 108, -3, None], dtype="Int64"),
            "still_owed": [1500.0, 1500.0, 20.0, 30.0],
            "status": ["urgent", "open", "passed", "unknown"],
            "law_status": "to_confirm",
            "reason": "Why.",
        }
    )
    return Deadlines(CLOSING, rows, ())


def limitation():
    """One debt, until 2028-05-31: 882 days after 31 December 2025."""
    rows = pd.DataFrame(
        {
            "customer_id": ["C1"],
            "name": [NAME],
            "item_id": [7],
            "reference": ["F7"],
            "due_on": dates("2023-05-31"),
            "open_amount": [100.0],
            "limitation_on": dates("2028-05-31"),
            "days_left": pd.array([882], dtype="Int64"),
            "status": ["open"],
            "law_status": ["confirmed"],
            "reason": ["Why."],
        }
    )
    return Deadlines(CLOSING, rows, ())


DRAWN = {
    "legal": (charts.legal_due_dates_chart, legal),
    "penalties": (charts.penalties_chart, penalties),
    "given": (charts.penalties_chart, lambda: penalties(claimed=100.0, waived=50.0)),
    "procedures": (charts.deadlines_chart, procedures),
    "limitation": (charts.deadlines_chart, limitation),
}
FINDINGS = {
    "legal": (
        "2 invoices fall due later than the law allows (400), by 15.0 days on average; 1 (50) cannot be judged",
        "2 factures dépassent le délai légal (400), de 15,0 jours en moyenne ; 1 (50) ne peut être jugée",
    ),
    "penalties": (
        "Late payment has earned 1,400: 920 of interest, 480 of fixed indemnities; 10 customers owe 86% of it",
        (
            "Les retards ont fait naître 1 400 : 920 d'intérêts, 480 d'indemnités forfaitaires ; 10 clients en doivent "
            "86 %"
        ),
    ),
    "given": (
        "Of 1,400 that late payment has earned, 100 was claimed, 50 waived and 1,250 neither",
        "Sur 1 400 de pénalités acquises, 100 ont été réclamés, 50 abandonnés, 1 250 ni l'un ni l'autre",
    ),
    "procedures": (
        "1 deadline is close; the first: Durand, retention of title, 2026-01-16, 16 days left",
        (
            "1 échéance légale proche ; la première : Durand, revendication (réserve de propriété), 16/01/2026, 16 "
            "jours restants"
        ),
    ),
    "limitation": (
        "No deadline is close; the first: Durand, F7, 2028-05-31, 882 days left",
        "Aucune échéance légale proche ; la première : Durand, F7, 31/05/2028, 882 jours restants",
    ),
}


def spec_of(name, language="en", **told):
    draw, made = DRAWN[name]
    return draw(made(), language=language, **told).to_dict()


def under(spec):
    return " ".join(spec["title"].get("subtitle", []))


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_is_what_the_frame_says(name, language):
    spec = spec_of(name, language)
    assert plain(spec) == FINDINGS[name][LANGUAGES.index(language)]
    assert spec["description"].endswith(f" {finding_of(spec)}.")


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_drawn_at_every_width(name, language):
    spec = spec_of(name, language, currency="EUR")
    assert max(len(lines) for lines in lines_of(spec)) <= 7
    for width in (290, 420, 1000):
        assert "<svg" in vl_convert.vegalite_to_svg({**spec, "width": width})


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_in_french_is_english(name):
    keys = [key for key in label_keys() if key.startswith(("charts.", "show.", "table."))]
    pairs = {word(key, "en"): word(key, "fr") for key in keys if "{" not in word(key, "en")}
    english = {here for here, there in pairs.items() if here != there} - set(pairs.values())
    shown = {"title", "subtitle", "label", "status", "part", "what", "domain", "figure"}
    texts = {text for under, text in every_string(spec_of(name, "fr")) if under[-1] in shown}
    codes = {"urgent", "open"}  # what colours deadlines, shown nowhere
    assert (english & texts) - codes == set()


def test_what_cannot_be_judged_is_grey_and_only_what_is_beyond_red():
    spec = spec_of("legal")
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    colours = dict(zip(scale["domain"], scale["range"], strict=True))
    assert (colours["not known"], colours["beyond the law"]) == (GREY, VERMILLION)
    parts = {(row["rule"], row["status"]): row["amount"] for row in rows_of(spec) if "status" in row}
    assert parts == {
        ("60 days", "within the law"): 700,
        ("60 days", "beyond the law"): 400,
        ("abroad", "not known"): 50,
    }
    figures = {row["label"]: row["figure"] for row in rows_of(spec) if "figure" in row}
    assert figures == {"60 days\nto be confirmed": "400 · +15.0", "abroad": "50 not known"}


def test_with_nothing_beyond_there_is_no_red():
    spec = charts.legal_due_dates_chart(legal(beyond=False)).to_dict()
    assert VERMILLION not in json.dumps(spec)
    assert plain(spec) == "No invoice is found to fall due later than the law allows; 1 (50) cannot be judged"


def test_where_nothing_can_be_judged_the_title_says_no_more():
    made = legal()
    abroad = dataclasses.replace(made, invoices=made.invoices[3:], by_rule=made.by_rule[1:])
    spec = charts.legal_due_dates_chart(abroad).to_dict()
    assert plain(spec) == "Of 1 invoice (50), none can be judged: facts are missing"


def test_deadlines_that_have_all_passed():
    made = procedures()
    spec = charts.deadlines_chart(dataclasses.replace(made, rows=made.rows[2:])).to_dict()
    assert plain(spec) == "No deadline is running. 1 passed. 1 without a date. To be confirmed: 2."


def test_parts_add_up_to_what_was_earned():
    earned = [row for row in rows_of(spec_of("penalties")) if row.get("customer") == NAME]
    assert {row["part"]: row["amount"] for row in earned} == {"interest": 260, "fixed indemnity": 40}
    became = [row for row in rows_of(spec_of("given")) if row.get("customer") == NAME]
    assert {row["part"]: row["amount"] for row in became} == {"claimed": 100, "waived": 50, "neither": 150}
    assert len({row["label"] for row in rows_of(spec_of("penalties"))}) == 10


def test_few_customers_are_not_called_the_largest():
    spec = charts.penalties_chart(penalties(customers=2)).to_dict()
    assert plain(spec) == ("Late payment of 2 customers has earned 400: 320 of interest, 80 of fixed indemnities")


def test_what_is_to_be_confirmed_says_so():
    """300 of the first customer; both rules of procedures and all four rows of them."""
    assert "300 in all rests on rates or rules to be confirmed" in under(spec_of("penalties"))
    assert "300 au total reposent sur des taux ou des règles à confirmer" in under(spec_of("penalties", "fr"))
    assert "To be confirmed: 4." in under(spec_of("procedures"))
    sure = penalties()
    sure = dataclasses.replace(sure, invoices=sure.invoices.assign(status="confirmed"))
    assert "confirmed" not in under(charts.penalties_chart(sure).to_dict())
    assert "confirmed" not in under(spec_of("limitation"))


def test_deadlines_that_have_passed_are_counted_and_not_drawn():
    spec = spec_of("procedures", currency="EUR")
    assert under(spec) == "Days left, and what is owed (EUR). 1 passed. 1 without a date. To be confirmed: 4."
    assert [(row["days_left"], row["figure"]) for row in rows_of(spec)] == [
        (16, "16 d · 1.5k"),
        (108, "108 d · 1.5k"),
    ]


def test_only_the_first_deadlines_are_drawn():
    many = limitation()
    many = dataclasses.replace(many, rows=pd.concat([many.rows] * 6_000, ignore_index=True))
    spec = charts.deadlines_chart(many).to_dict()
    assert len(rows_of(spec)) == len({row["label"] for row in rows_of(spec)}) == 12
    assert "5,988 later ones not drawn." in under(spec)


EMPTY = {
    "legal": lambda made: dataclasses.replace(made, invoices=made.invoices[:0], by_rule=made.by_rule[:0]),
    "penalties": lambda made: dataclasses.replace(made, invoices=made.invoices[:0], by_customer=made.by_customer[:0]),
    "procedures": lambda made: dataclasses.replace(made, rows=made.rows[:0]),
    "limitation": lambda made: dataclasses.replace(made, rows=made.rows[:0]),
}


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_in_a_sentence(name, language):
    draw, made = DRAWN[name]
    spec = draw(EMPTY[name](made()), language=language).to_dict()
    assert finding_of(spec)
    assert "<svg" in vl_convert.vegalite_to_svg({**spec, "width": 420})


@pytest.mark.parametrize("name", ["legal", "penalties", "procedures"])
def test_names_are_data_and_no_expression(name):
    draw, made = DRAWN[name]
    spec = draw(made(HOSTILE)).to_dict()
    expressions = [text for under, text in every_string(spec) if under[-1] in EXPRESSIONS]
    assert [text for text in expressions if "alert" in text] == []
    svg = vl_convert.vegalite_to_svg({**spec, "width": 600})
    assert "</script>" not in svg
    assert "alert" in html.unescape(svg)


@pytest.mark.parametrize("name", DRAWN)
def test_results_are_read_and_not_written(name):
    draw, made = DRAWN[name]
    result, before = made(), made()
    draw(result)
    for field, frame in vars(before).items():
        if isinstance(frame, pd.DataFrame):
            pd.testing.assert_frame_equal(getattr(result, field), frame)
