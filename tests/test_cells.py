"""Cells into amounts and dates."""

import datetime as dt
import random
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib.readers.cells import (
    amounts,
    currency_marks,
    dates,
    day_first,
    decimal_mark,
    is_empty,
    read_amounts,
    read_dates,
    swapped_dates,
    texts,
)


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
        (("1 234,56 €", "(1.234,56)", "- 1 234,56"), (1234.56, -1234.56, -1234.56)),
        (("1,234.56-", "1\u2019234.50", "\u20135.00"), (-1234.56, 1234.5, -5.0)),
        (("1\u2009234,56", "€ 1.234,56", "1.234,56 EUR", "EUR -3,50"), (1234.56, 1234.56, 1234.56, -3.5)),
        (("1 200,00 D", "1 200,00 C", "12,00 CR", "7,00 Dr", "1.200,00 H"), (1200.0, -1200.0, -12.0, 7.0, -1200.0)),
        (("12,34,567.89", "1,23,456.00", "0.5"), (1234567.89, 123456.0, 0.5)),
        (("Fr. 1'234.50", "1234.50 Fr."), (1234.5, 1234.5)),
        (("- €", " -   ", "5,00", "-"), (0.0, 0.0, 5.0, 0.0)),
        (("0,123", "0,456", "9,999"), (0.123, 0.456, 9.999)),
        (("1.5e-05", "1e+05", "1.23456789E+06"), (0.000015, 100000.0, 1234567.89)),
        (("0,00E+00", "1,5"), (0.0, 1.5)),
    ],
)
def test_amounts_in_every_usual_writing(cells, expected):
    parsed = amounts(column(*cells), mark=decimal_mark([column(*cells)]) or ".")
    assert not parsed.wrong.any()
    assert [None if pd.isna(value) else value for value in parsed.values] == list(expected)


def test_what_is_no_amount_is_named_not_dropped():
    parsed = amounts(column("12,50", "douze", "#REF!", "12 %", "12 k€", "1,23E+05", "1 2", "--1", "(-1)", ""), mark=",")
    assert parsed.wrong.tolist() == [False, *[True] * 8, False]


@pytest.mark.parametrize("written", ["NULL", "(null)", "NaN", "n/a", "#N/A", "None", "\\N"])
def test_what_software_writes_for_nothing_is_nothing_and_known(written):
    for parsed in (amounts(column(written, "5"), mark="."), dates(column(written, "2024-01-05"), day_comes_first=True)):
        assert (parsed.wrong.tolist(), parsed.stand_in.tolist()) == ([False, False], [True, False])
        assert parsed.values.isna().tolist() == [True, False]


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


@pytest.mark.parametrize(
    "written",
    [
        *(
            "31 déc. 2024",
            "31 Décembre 2024",
            "mardi 31 décembre 2024",
            "31-Dec-24",
            "31 December 2024",
            "Dec 31, 2024",
        ),
        *("31st of December 2024", "31. Dezember 2024", "31 dic 2024", "31 de diciembre de 2024", "31 dicembre 2024"),
        *(
            "2024/12/31",
            "2024.12.31",
            "20241231",
            "31122024",
            "31.12.2024",
            "31/12/24",
            "2024-12-31T23:59:59.000+02:00",
        ),
        *(
            "2024-12-31 00:00:00",
            "31/12/2024 14:05",
            "45657",
            "45657.0",
            "31/12/2024 12:00:00 AM",
            "Tuesday, December 31, 2024",
        ),
    ],
)
def test_one_day_in_every_writing(written):
    assert dates(column(written), day_comes_first=True).values.tolist() == [pd.Timestamp("2024-12-31")]


def test_every_month_in_five_languages():
    months = {
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "en": "January February March April May June July August September October November December",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    }
    for names in months.values():
        parsed = dates(column(*(f"3 {name} 2024" for name in names.split())), day_comes_first=True)
        assert parsed.values.dt.month.tolist() == list(range(1, 13))


@pytest.mark.parametrize(
    "written", ["00/00/0000", "1900-01-00", "01/01/1900", "31/12/9999", "99991231", "0", "-", "0000-00-00"]
)
def test_dates_that_stand_for_none_are_missing_and_not_wrong(written):
    parsed = dates(column(written, "31/12/2024"), day_comes_first=True)
    assert (parsed.wrong.tolist(), parsed.stand_in.tolist()) == ([False, False], [True, False])
    assert parsed.values.isna().tolist() == [True, False]


@pytest.mark.parametrize(
    "written", ["15/01/1024", "15/01/2924", "32/01/2024", "1/2", "99999", "12,50", "mai 2024", "31 foo 2024"]
)
def test_what_is_no_day_of_these_times_is_wrong(written):
    assert dates(column(written), day_comes_first=True).wrong.all()


def test_dates_out_of_range_in_a_column_of_dates_do_not_overflow():
    stamps = pd.Series(pd.to_datetime(["1900-01-01", "2024-01-05"]).as_unit("s"))
    far = dates(pd.concat([stamps, pd.Series(pd.to_datetime(["9999-12-31"]).as_unit("s"))]), day_comes_first=True)
    assert far.values.isna().tolist() == [True, False, True]


def test_empty_is_white_space_alone():
    cells = pd.Series(["", " ", "\u00a0", "-", "NULL", None], dtype="str")
    assert is_empty(cells).tolist() == [True, True, True, False, False, True]


DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=day) for day in range(0, 366, 3)]


def opened_month_first(days: list[dt.date], *, as_text: bool) -> "pd.Series[object]":
    """What is left of dd/mm/yyyy after a spreadsheet that puts the month first: the 13th on stays text."""
    swapped = [dt.date(day.year, day.day, day.month) if day.day <= 12 else day.strftime("%d/%m/%Y") for day in days]
    return column(*(str(cell) if as_text else cell for cell in swapped))


@pytest.mark.parametrize("as_text", [False, True])
def test_dates_a_spreadsheet_swapped_are_found_and_read_back(as_text):
    other = opened_month_first(DAYS[:2], as_text=as_text)
    read = read_dates({"issued": opened_month_first(DAYS, as_text=as_text), "paid": other})
    assert read.columns["issued"].values.dt.date.tolist() == DAYS
    assert read.columns["paid"].values.dt.date.tolist() == DAYS[:2]
    assert read.swapped.cells == sum(day.day <= 12 for day in DAYS) + 2
    assert "read exchanged back" in str(read.swapped.sentence())


def test_a_few_dates_that_look_swapped_are_said_and_left():
    few = DAYS[1:9]
    read = read_dates({"issued": opened_month_first(few, as_text=False)})
    assert (read.swapped.columns, read.swapped.suspect) == ((False,), True)
    assert "too few to be sure" in str(read.swapped.sentence())


def test_swapped_dates_with_others_typed_in_since_are_refused():
    cells = pd.concat([opened_month_first(DAYS, as_text=False), column(dt.date(2024, 5, 17), dt.date(2024, 6, 20))])
    found = swapped_dates([cells.reset_index(drop=True)])
    assert found.mixed
    assert "cannot be told" in str(found.sentence())


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_sound_dates_of_two_writings_are_left_alone(share):
    chance = random.Random(1)  # noqa: S311 - nothing secret
    cells = column(*(day if chance.random() < share else day.strftime("%d/%m/%Y") for day in DAYS))
    assert swapped_dates([cells]).sentence() is None


def test_bills_of_the_first_of_the_month_are_not_taken_for_damage():
    firsts = [dt.date(2020 + number // 12, number % 12 + 1, 1) for number in range(48)]
    cells = column(*firsts, *(f"15/{month:02d}/2024" for month in range(1, 13)))
    assert not any(swapped_dates([cells]).columns)


CENTS = st.integers(-(10**12), 10**12)
STYLES = {  # thousands, decimal mark
    "french": ("\u202f", ","),
    "german": (".", ","),
    "english": (",", "."),
    "swiss": ("'", "."),
    "plain": ("", "."),
}


@given(cents=st.lists(CENTS, min_size=1, max_size=30), style=st.sampled_from(sorted(STYLES)), after=st.booleans())
def test_an_amount_is_the_cents_it_was_written_from(cents, style, after):
    thousands, mark = STYLES[style]

    def written(cent: int) -> str:
        whole = f"{abs(cent) // 100:,}".replace(",", thousands) + mark + f"{abs(cent) % 100:02d}"
        return whole if cent >= 0 else whole + "-" if after else "-" + whole

    read = read_amounts({"amount": pd.Series([written(cent) for cent in cents], dtype="str")})
    assert (read.columns["amount"].values * 100).round().tolist() == cents
    assert read.decimal.mark == mark


@pytest.mark.parametrize(
    ("cells", "first", "certain"),
    [
        (["250224", "030324", "", "311224"], "2024-02-25", True),
        (["240225", "240303", "241231"], "2024-02-25", True),
        (["022524", "030324", "123124"], "2024-02-25", True),
        ([50224.0, 250224.0, 311224.0], "2024-02-05", True),  # a number, its leading zero gone
        (["030424", "050624"], "2024-04-03", False),
    ],
)
def test_dates_of_six_figures_are_decided_on_all_of_them(cells, first, certain):
    read = read_dates({"Date": pd.Series(cells)})
    assert read.columns["Date"].values[0] == pd.Timestamp(first)
    assert not read.columns["Date"].wrong.any()
    assert read.short.certain is certain


def test_six_figures_among_other_cells_are_no_date():
    assert read_dates({"Date": pd.Series(["250224", "25/02/2024"])}).columns["Date"].wrong.tolist() == [True, False]
    assert read_dates({"Date": pd.Series([45000.0, 45001.0])}).short.order is None


def test_a_cell_no_order_reads_is_named():
    assert read_dates({"Date": pd.Series(["250224", "999999", "311224"])}).columns["Date"].wrong.tolist() == [
        *(False, True, False)
    ]


def decimal_of(*cells, **known):
    found = read_amounts({"amount": pd.Series(list(cells))}, **known)
    return found.columns["amount"].values.tolist(), found.decimal.by


@pytest.mark.parametrize(
    ("cells", "likely", "read", "by"),
    [
        (["10.125", "20,25"], None, [10125.0, 20.25], "cells"),
        (["10,125", "20,250", "250"], ";", [10125.0, 20250.0, 250.0], "figures"),  # 250 is no 250,000
        (["10,125", "20,250", "2500"], ".", [10.125, 20.25, 2500.0], "figures"),  # 2500 has no mark of thousands
        (["10,125", 100.5, 2000.25], None, [10125.0, 100.5, 2000.25], "numbers"),
        (["10,125", 100.125, 2000.375], None, [10.125, 100.125, 2000.375], "numbers"),
        (["10,125", "20,250"], ",", [10.125, 20.25], "separator"),
        (["10.125", "20.250"], ",", [10125.0, 20250.0], "separator"),
        (["10.125", "20.250"], None, [10125.0, 20250.0], "assumed"),
        (["12", "100"], None, [12.0, 100.0], "nothing"),
    ],
)
def test_what_decides_the_decimal_mark(cells, likely, read, by):
    assert decimal_of(*cells, likely=likely) == (read, by)


def test_a_mark_that_is_not_proved_is_told_with_a_cell():
    found = read_amounts({"amount": pd.Series(["10.125", "20.250"])}).decimal
    assert not found.certain
    assert "10.125 could be 10,125.00 or 10.12," in str(found.sentence())


def test_sums_that_come_out_prove_the_mark():
    """1.000 + 200 = 1.200 as thousands alone."""
    columns = {"net": pd.Series(["1.000"]), "tax": pd.Series(["200"]), "whole": pd.Series(["1.200"])}

    def ties(read):
        return int((read["net"].values + read["tax"].values == read["whole"].values).sum())

    found = read_amounts(columns, likely=".", ties=ties)
    assert (found.decimal.mark, found.decimal.by) == (",", "sums")
    assert found.columns["whole"].values.tolist() == [1200.0]
