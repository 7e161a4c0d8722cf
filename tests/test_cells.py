"""Cells into amounts and dates."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from arlib.readers.cells import amounts, currency_marks, dates, day_first, decimal_mark, texts


def column(*cells: object) -> "pd.Series[object]":
    return pd.Series(cells, dtype="object")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1 234,56", "0,5", "-12"), (1234.56, 0.5, -12.0)),
        (("1\u202f234,56 €", "1\u00a0000 €", "(12,50 €)"), (1234.56, 1000.0, -12.5)),
        (("1,234.56", "1,000", "12.5-"), (1234.56, 1000.0, -12.5)),
        (("1.234.567,89", "(1.234,56)", "1.234"), (1234567.89, -1234.56, 1234.0)),
        (("0000000069,60", "0000000000,00"), (69.6, 0.0)),
        (("10248", "32.9", ""), (10248.0, 32.9, None)),
        (("EUR 1,234.00", "$5.10"), (1234.0, 5.1)),
        ((1234.5, "1 234,5", None), (1234.5, 1234.5, None)),
        (("\u22121 234,00", "1'234,00"), (-1234.0, 1234.0)),
        (("1234.500", "250.000"), (1234.5, 250.0)),
        (("1234,500", "250,000"), (1234.5, 250.0)),
        ((Decimal("1234.500"), Decimal(2)), (1234.5, 2.0)),
    ],
)
def test_amounts_in_every_usual_writing(cells, expected):
    parsed = amounts(column(*cells), mark=decimal_mark([column(*cells)]) or ".")
    assert not parsed.wrong.any()
    assert [None if pd.isna(value) else value for value in parsed.values] == list(expected)


def test_what_is_no_amount_is_named_not_dropped():
    parsed = amounts(column("12,50", "douze", "n/a", ""), mark=",")
    assert parsed.wrong.tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (("1234,50", "250,00", "99.95"), [False, False, True]),
        (("1,234.50", "250.00", "99,95"), [False, False, True]),
        (("12,50", "1 2 3", "1 234"), [False, True, False]),
        (("1e400", "inf", "99999999999999", "1"), [True, True, True, False]),
        ((float("inf"), 12.5), [True, False]),
    ],
)
def test_a_cell_the_decimal_mark_does_not_allow_is_named_not_read_as_something_else(cells, wrong):
    assert amounts(column(*cells), mark=decimal_mark([column(*cells)]) or ".").wrong.tolist() == wrong


def test_nothing_decides_between_a_thousand_and_a_little_more_than_one():
    assert decimal_mark([column("1.234", "5")]) is None
    assert decimal_mark([column("1.234"), column("9,50")]) == ","  # the file's other columns of amounts decide


def test_the_currency_beside_an_amount_is_seen():
    assert currency_marks(column("12 €", "$5", "3,00 CHF", "4")).fillna("").tolist() == ["EUR", "USD", "CHF", ""]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("31/01/2024", "01/02/2024"), True),
        (("1/26/2012", "2/3/2012"), False),
        (("2024-01-31", "20240131"), None),
        (("01/02/2024", "03/04/2024"), None),
    ],
)
def test_the_order_of_day_and_month_is_decided_on_whole_columns(cells, expected):
    assert day_first([column(*cells)]) is expected


def test_dates_in_every_usual_writing():
    cells = column("31/12/2023", "2023-12-31", "20231231", "31.12.23", dt.date(2023, 12, 31), 45291, None)
    parsed = dates(cells, day_comes_first=True)
    assert parsed.values.tolist()[:-1] == [pd.Timestamp("2023-12-31")] * 6
    assert pd.isna(parsed.values.iloc[-1])
    assert not parsed.wrong.any()


def test_impossible_days_are_named():
    parsed = dates(column("31/02/2024", "29/02/2024", "32/01/2024", "hier"), day_comes_first=True)
    assert parsed.wrong.tolist() == [True, False, True, True]


def test_customer_numbers_read_as_numbers_keep_no_decimals():
    assert texts(column(1042.0, "0042", None)).tolist()[:2] == ["1042", "0042"]
    assert texts(pd.Series([1.0, 2.0])).tolist() == ["1", "2"]
    assert texts(pd.Series([None, None], dtype="object")).isna().all()
    assert texts(column("A", float("nan"), float("inf"))).tolist()[::2] == ["A", "inf"]
