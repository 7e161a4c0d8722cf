"""Tables of law: what is refused, what a day past the last row takes, and that nothing of it is silent."""

import numpy as np
import pandas as pd
import pytest

from arlib.errors import ArlibError
from arlib.law.dated import (
    DatedRates,
    completed,
    half_year_starts,
    half_years,
    in_force,
    period,
    read_entries,
)
from arlib.schema import day_numbers
from arlib.words import say

COLUMNS = {"series": "text", "percent": "number"}
HEADINGS = "series,percent,valid_from,valid_to,source,checked_on,status"
GOOD = "a,4.25,2024-07-01,2024-12-31,somewhere,2026-11-22,confirmed"


def entries_of(*lines, headings=HEADINGS):
    return read_entries(("law.csv", "\n".join([headings, *lines]).encode()), COLUMNS, key=("series",))


def rates_of(*lines):
    entries = entries_of(*lines)
    return DatedRates(say("law.series", name="Rate"), entries.assign(rate=entries["percent"] / 100))


def refused(*lines, headings=HEADINGS):
    with pytest.raises(ArlibError) as error:
        entries_of(*lines, headings=headings)
    assert error.value.text("fr") != str(error.value)
    return str(error.value)


def test_a_table_is_read_by_its_kinds_and_sorted():
    entries = entries_of("b,1,2025-01-01,,s,2026-11-22,to_confirm", GOOD)
    assert entries["series"].tolist() == ["a", "b"]
    assert entries["percent"].tolist() == [4.25, 1.0]
    assert entries["valid_to"].isna().tolist() == [False, True]
    assert entries["valid_from"].tolist() == [pd.Timestamp("2024-07-01"), pd.Timestamp("2025-01-01")]


def test_a_french_spreadsheet_gives_the_same():
    """Semicolons, a decimal comma, a percent sign, the day first."""
    text = HEADINGS.replace(",", ";") + "\na;4,25 %;01/07/2024;31/12/2024;somewhere;22/11/2026;confirmed"
    read = read_entries(("taux.csv", text.encode("cp1252")), COLUMNS, key=("series",))
    pd.testing.assert_frame_equal(read, entries_of(GOOD))


def test_a_frame_gives_the_same():
    row = ["a", 4.25, pd.Timestamp("2024-07-01"), pd.Timestamp("2024-12-31"), "somewhere", "2026-11-22", "confirmed"]
    read = read_entries(pd.DataFrame([row], columns=HEADINGS.split(",")), COLUMNS, key=("series",))
    pd.testing.assert_frame_equal(read, entries_of(GOOD))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a,4.25,2024-07-41,,s,2026-11-22,confirmed", '"2024-07-41" is not a date'),
        ("a,four,2024-07-01,,s,2026-11-22,confirmed", '"four" is not a number'),
        ('a,"1,000.5",2024-07-01,,s,2026-11-22,confirmed', '"1,000.5" is not a number'),
        ("a,inf,2024-07-01,,s,2026-11-22,confirmed", '"inf" is not a number'),
        ("a,4.25,2024-07-01,,s,2026-11-22,sure", '"sure" is no status'),
        ("a,4.25,2024-07-01,2024-06-30,s,2026-11-22,confirmed", "comes before the first"),
        ("a,4.25,2024-07-01,,,2026-11-22,confirmed", 'column "source": This cell is empty'),
        ("a,4.25,2024-07-01,,s,,confirmed", 'column "checked_on": This cell is empty'),
        ("a,,2024-07-01,,s,2026-11-22,confirmed", 'column "percent": This cell is empty'),
        (",4.25,2024-07-01,,s,2026-11-22,confirmed", 'column "series": This cell is empty'),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(line, told):
    message = refused(GOOD, line)
    assert "law.csv, row 3" in message
    assert told in message


def test_all_wrong_cells_are_named_at_once():
    message = refused("a,x,2024-07-01,,s,2026-11-22,confirmed", "a,1,2025-01-01,,s,2026-11-22,maybe")
    assert "row 2" in message
    assert "row 3" in message


def test_a_missing_column_is_named():
    assert "no column status" in refused("a,1,2024-07-01,2024-12-31,s,2026-11-22", headings=HEADINGS[:-7])


def test_two_rows_of_one_day_are_refused_and_of_two_series_are_not():
    assert "holds on 2024-10-01 already" in refused(GOOD, "a,5,2024-10-01,,s,2026-11-22,confirmed")
    assert "holds on 2024-07-01 already" in refused(GOOD.replace("2024-12-31", ""), GOOD)
    assert len(entries_of(GOOD, GOOD.replace("a,", "b,", 1))) == 2


def test_a_rate_past_its_last_day_is_carried_forward_with_both_half_years_named():
    """Trap 40."""
    rates = rates_of("a,2.15,2026-01-01,2026-06-30,s,2026-11-22,confirmed")
    within, past = rates.on("2026-06-30"), rates.on("2026-11-22")
    assert (within.rate[0], within.carried[0], within.notes) == (0.0215, False, ())
    assert (past.rate[0], past.carried[0]) == (0.0215, True)
    (note,) = past.notes
    assert note.text() == "Rate: rate of 2026 H2 missing, using 2026 H1. Give the rate in a file of your own."
    assert "S2 2026" in note.text("fr")


def test_a_hole_between_two_rows_is_told_too():
    rates = rates_of(GOOD, "a,3.15,2025-07-01,2025-12-31,s,2026-11-22,confirmed")
    known = rates.on(pd.Series(pd.to_datetime(["2024-08-01", "2025-03-01", "2025-08-01"])))
    assert known.rate.tolist() == [0.0425, 0.0425, 0.0315]
    assert known.carried.tolist() == [False, True, False]
    assert "2025 H1 missing, using 2024 H2" in known.notes[0].text()


def test_a_day_before_the_first_row_has_no_rate_and_a_note():
    known = rates_of(GOOD).on("2024-06-30")
    assert np.isnan(known.rate[0])
    assert "no rate for 2024 H1. The table begins on 2024-07-01." in known.notes[0].text()


def test_a_series_without_rows_has_no_rate():
    rates = rates_of(GOOD)
    empty = DatedRates(rates.name, rates.entries.iloc[:0]).on("2024-08-01")
    assert np.isnan(empty.rate[0])
    assert "give it in a file" in empty.notes[0].text()


def test_a_missing_day_has_no_rate_and_no_note():
    known = rates_of(GOOD).on(pd.Series(pd.to_datetime([None, "2024-07-01"])))
    assert np.isnan(known.rate[0])
    assert known.rate[1] == 0.0425
    assert known.notes == ()


def test_what_is_to_be_confirmed_is_said_only_where_it_is_used():
    rates = rates_of(GOOD, "a,3.15,2025-01-01,2025-06-30,s,2026-11-22,to_confirm")
    assert rates.on("2024-12-31").notes == ()
    known = rates.on("2025-01-01")
    assert known.to_confirm.tolist() == [True]
    assert "to be confirmed (2025 H1)" in known.notes[0].text()
    assert "à confirmer (S1 2025)" in known.notes[0].text("fr")


def test_a_users_row_stands_for_the_one_of_its_day_and_a_new_one_is_added():
    own = entries_of("a,9,2024-07-01,2024-12-31,mine,2026-11-22,confirmed", "a,8,2025-01-01,,mine,2026-11-22,confirmed")
    both = completed(entries_of(GOOD), own, key=("series",))
    assert both["percent"].tolist() == [9.0, 8.0]


def test_in_force_is_the_last_begun_unless_it_ended():
    entries = entries_of(GOOD, "b,1,2020-01-01,,s,2026-11-22,confirmed", "b,2,2024-09-01,,s,2026-11-22,confirmed")
    assert in_force(entries, "2024-08-01", key=("series",))["percent"].tolist() == [4.25, 1.0]
    assert in_force(entries, "2025-08-01", key=("series",))["percent"].tolist() == [2.0]
    assert len(in_force(entries, "2019-08-01", key=("series",))) == 0


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("2024-01-01", "2024-06-30", "2024 H1"),
        ("2024-07-01", "2024-12-31", "2024 H2"),
        ("2014-01-01", "2014-12-31", "2014"),
        ("2024-07-01", "2025-06-30", "from 2024-07-01 to 2025-06-30"),
        ("2024-02-01", "2024-07-31", "from 2024-02-01 to 2024-07-31"),
        ("2019-01-01", None, "since 2019-01-01"),
    ],
)
def test_periods_are_named_as_people_do(first, last, named):
    assert period(pd.Timestamp(first), pd.NaT if last is None else pd.Timestamp(last)).text() == named


def test_half_years_turn_on_the_first_of_january_and_july():
    days = day_numbers(
        pd.Series(pd.to_datetime(["1969-12-31", "1970-01-01", "2024-06-30", "2024-07-01", "2024-12-31"]))
    )
    assert half_years(days).tolist() == [-1, 0, 108, 109, 109]
    starts = half_year_starts(half_years(days)).astype("datetime64[D]").astype(str).tolist()
    assert starts == ["1969-07-01", "1970-01-01", "2024-01-01", "2024-07-01", "2024-07-01"]
