"""Sentences and figures as French and English readers write them."""

import ast
import re
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest

import arlib
from arlib import words
from arlib.errors import ArlibError, Place, Problem
from arlib.words import LANGUAGES, day, label_keys, money, number, percent, say, word


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (1234567.891, "1,234,567.89", "1\u202f234\u202f567,89"),
        (-0.5, "\u22120.50", "\u22120,50"),
        (-0.001, "0.00", "0,00"),
        (float("nan"), "–", "–"),
    ],
)
def test_numbers(value, english, french):
    assert (number(value), number(value, "fr")) == (english, french)


def test_money_percent_and_days():
    assert money(1234.5, "fr", "EUR") == "1\u202f234,50\u00a0€"
    assert money(1234.5, "en", "EUR") == "EUR\u00a01,234.50"
    assert money(float("nan"), "fr", "EUR") == "–"
    assert percent(0.1234, "fr") == "12,3\u00a0%"
    assert percent(0.1234) == "12.3%"
    assert day(date(2024, 3, 1), "fr") == "01/03/2024"
    assert day(pd.Timestamp("2024-03-01")) == "2024-03-01"
    assert day(pd.NaT) == "–"


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [(0, "0 others", "0 autre"), (1, "1 other", "1 autre"), (2, "2 others", "2 autres")],
)
def test_a_word_goes_with_its_count(count, english, french):
    """French counts from two on in the plural, English all but one."""
    assert (word("table.others", rows=count), word("table.others", "fr", rows=count)) == (english, french)


def test_every_label_has_both_languages():
    for key in label_keys():
        for language in LANGUAGES:
            assert word(key, language), (key, language)


def test_a_sentence_within_a_sentence_speaks_the_same_language():
    outer = say("read.text", encoding="UTF-8", separator=say("read.tab"), row=1)
    assert "tabulation" in outer.text("fr")
    assert "tab" in str(outer)


def test_an_error_names_file_sheet_row_and_column_and_gives_all_problems():
    place = Place("clients.xlsx", "Feuil1", 12, "Date échéance")
    problem = Problem(place, say("read.not_date", value="31/02/2024"))
    error = ArlibError(problems=[problem] * 23)
    first, *rest = str(error).splitlines()
    assert first == (
        'clients.xlsx, sheet Feuil1, row 12, column "Date échéance": "31/02/2024" is not a date. '
        "Correct the cell or leave it empty."
    )
    assert error.text("fr").startswith(
        "clients.xlsx, feuille Feuil1, ligne 12, colonne «\u00a0Date échéance\u00a0»\u00a0:"
    )
    assert len(rest) == 20
    assert rest[-1] == "… and 3 more."


def literal_text(template: str) -> str:
    """A label with a word in the place of each of its values, so that the colons of format specs are not text."""
    parts = Formatter().parse(template)
    return "".join(literal + ("" if field is None else "x") for literal, field, _, _ in parts)


UNBROKEN = (  # what French typography asks of a text, as what breaks it
    r"(?<!\u00a0)[;»]",
    r"(?<![\u00a0?!])[?!]",
    r"(?<![\u00a0(])%",
    r"[ \w»)…]:(?=\s|$)",  # not the colon of a time, an address or a piece of code
    r"«(?!\u00a0)",
)


def test_french_marks_never_begin_a_line():
    texts = {key: literal_text(word(key, "fr")) for key in label_keys()}
    broken = {key: [found.group() for rule in UNBROKEN for found in re.finditer(rule, texts[key])] for key in texts}
    assert {key: found for key, found in broken.items() if found} == {}


@pytest.mark.parametrize(
    "text", ["oui ; non", "ici;", "quoi ?", "dit : « oui\u00a0»", "dit: oui", "5 %", "« oui\u00a0»"]
)
def test_the_rules_of_typography_find_what_breaks_them(text):
    assert any(re.search(rule, text) for rule in UNBROKEN)


@pytest.mark.parametrize(
    "text", ["dit\u00a0: «\u00a0oui\u00a0»", "à 10:30", "http://127.0.0.1", "50\u00a0%", "quoi\u00a0?!"]
)
def test_the_rules_of_typography_leave_what_is_right(text):
    assert not any(re.search(rule, text) for rule in UNBROKEN)


def test_a_manager_is_not_asked_to_write_code():
    """The sentences about a file are read on the page, in the console and in a notebook alike."""
    rooms = ("app.", "behaviour.", "check.", "cli.", "fec.", "rates.", "read.", "risk.", "server.")
    programmers = {"read.columns"}  # only who has written columns= is told of it
    keys = {key for key in label_keys() if key.startswith(rooms)} - programmers
    texts = {(key, language): literal_text(word(key, language)) for key in keys for language in LANGUAGES}
    assert {where: text for where, text in texts.items() if re.search(r"\w=|[{}]|\w\(\)", text)} == {}


@cache
def code() -> tuple[ast.AST, ...]:
    """Everything written in the package's Python."""
    files = Path(arlib.__file__).parent.rglob("*.py")
    return tuple(node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def test_every_label_is_used():
    """By its whole name, or by a pattern such as `f"show.proof.{line}"` whose gaps the code holds too.

    As texts, or as the names of columns in `assign(settled_on=…)`.
    """
    texts = {node.value for node in code() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    texts |= {node.arg for node in code() if isinstance(node, ast.keyword) and node.arg is not None}
    patterns = [
        "".join(re.escape(part.value) if isinstance(part, ast.Constant) else "(.+)" for part in node.values)
        for node in code()
        if isinstance(node, ast.JoinedStr)
    ]
    composed = [re.compile(pattern) for pattern in patterns if r"\." in pattern]

    def used(key: str) -> bool:
        found = (pattern.fullmatch(key) for pattern in composed)
        return key in texts or any(match is not None and texts.issuperset(match.groups()) for match in found)

    assert [key for key in label_keys() if not used(key)] == []


def test_every_label_asked_for_exists():
    calls = (node for node in code() if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    asked = {
        call.args[0].value
        for call in calls
        if call.func.id in {"word", "say"} and call.args and isinstance(call.args[0], ast.Constant)
    }
    assert len(asked) > 100
    assert asked - set(label_keys()) == set()


def test_a_difference_has_its_sign_and_a_month_its_name(monkeypatch):
    labels = {"en": "{gap:+days} in {day:month}", "fr": "{gap:+days} en {day:month}"}
    monkeypatch.setattr(words, "_labels", lambda: {"gap": labels})
    assert word("gap", gap=0.25, day=date(2025, 7, 31)) == "+0.2 in July 2025"
    assert word("gap", "fr", gap=-1, day=date(2025, 8, 1)) == "−1,0 en août 2025"
    assert word("gap", gap=0.0, day=date(2025, 12, 1)) == "0.0 in December 2025"
