"""Sentences and figures as French and English readers write them."""

from datetime import date

import pandas as pd
import pytest

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
    assert error.text("fr").startswith("clients.xlsx, feuille Feuil1, ligne 12, colonne « Date échéance » :")
    assert len(rest) == 20
    assert rest[-1] == "… and 3 more of the same kind."
