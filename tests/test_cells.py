"""Cells into amounts and dates."""

import datetime as dt

import pandas as pd
import pytest

from arlib.readers.cells import amounts, dates, day_first, texts


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
    ],
)
def test_amounts_in_every_usual_writing(cells, expected):
    parsed = amounts(column(*cells))
    assert not parsed.wrong.any()
    assert [None if pd.isna(value) else value for value in parsed.values] == list(expected)


def test_what_is_no_amount_is_named_not_dropped():
    parsed = amounts(column("12,50", "douze", "n/a", ""))
    assert parsed.wrong.tolist() == [False, True, True, False]


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
