"""Tables: figures in the language's form, flush right, and nothing from a file that a browser would execute."""

from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from arlib.show.tables import Field, Html, aged_balance_table, figure, key_figures_table, proof_table, table

HOSTILE = '<img src=x onerror="alert(1)">'
FORMULA = '=cmd|"/c calc"!A1'


class Reader(HTMLParser):
    """The tags of a piece of HTML and the text of each row's cells, as a browser sees them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.rows, self.text = set(), [], ""
        self.feed(html)

    def handle_starttag(self, tag, _attrs):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, text):
        self.text += text
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += text


@pytest.fixture
def aged():
    """
    customer_id  name      not_due     1-30  91+  no_due_date  unapplied  total
    C1           hostile   1234567.89  0     5    0            0          1234572.89
    C2           formula   100         20    0    0            -10        110
    C3           (none)    30          0     0    0            0          30
    """
    return pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3"],
            "name": [HOSTILE, FORMULA, None],
            "not_due": [1234567.89, 100, 30],
            "1-30": [0.0, 20, 0],
            "91+": [5.0, 0, 0],
            "no_due_date": [0.0, 0, 0],
            "unapplied": [0.0, -10, 0],
            "total": [1234572.89, 110, 30],
        }
    )


def test_text_of_a_file_stays_text(aged):
    html = aged_balance_table(aged)
    seen = Reader(html)
    assert "img" not in seen.tags
    assert seen.tags <= {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "span"}
    assert [row[0] for row in seen.rows[1:]] == [HOSTILE, FORMULA, "C3", "Total"]


def test_headings_and_captions_are_escaped_too():
    html = table(pd.DataFrame({"a": [HOSTILE]}), [Field("a", HOSTILE)], caption=HOSTILE, note="a")
    assert "img" not in Reader(html).tags
    assert Reader(html).text.count(HOSTILE) == 4


def test_figures_follow_the_language(aged):
    assert Reader(aged_balance_table(aged, language="en")).rows[1][1] == "1,234,567.89"
    assert Reader(aged_balance_table(aged, language="fr")).rows[1][1] == "1\u202f234\u202f567,89"


def test_the_total_is_that_of_all_groups_even_when_few_are_listed(aged):
    rows = Reader(aged_balance_table(aged, rows=1)).rows
    assert [row[0] for row in rows] == ["Customer", HOSTILE, "2 others", "Total"]
    # 1,234,572.89 + 110 + 30 and 110 + 30, added by hand
    assert rows[-1][-1] == "1,234,712.89"
    assert rows[2][-1] == "140.00"


def test_columns_without_anything_are_left_out(aged):
    head = Reader(aged_balance_table(aged, language="fr")).rows[0]
    assert "sans échéance" not in head
    assert "non imputé" in head


def test_other_groups_than_customers_have_their_heading(aged):
    by_segment = aged.drop(columns="name").rename(columns={"customer_id": "segment"})
    assert Reader(aged_balance_table(by_segment)).rows[0][0] == "Group"


def test_tables_are_readable_without_sight(aged):
    html = aged_balance_table(aged, currency="EUR")
    assert "<caption>Aged balance (EUR)</caption>" in html
    assert html.count('scope="col"') == 6
    assert html.count('scope="row"') == 4
    assert html.count('class="figure"') == 5 * 5  # five columns of figures in five lines


def test_missing_values_are_dashes_and_kinds_are_written():
    frame = pd.DataFrame(
        {
            "name": ["A", None],
            "share": [0.125, np.nan],
            "days": [12.34, np.nan],
            "count": [1200, 3],
            "on": pd.to_datetime(["2024-12-31", None]),
        }
    )
    fields = [
        Field("name", "Name"),
        Field("share", "Share", "percent"),
        Field("days", "Days", "days"),
        Field("count", "Count", "count"),
        Field("on", "On", "date"),
    ]
    rows = Reader(table(frame, fields, caption="all", language="fr")).rows
    assert rows[1] == ["A", "12,5\u00a0%", "12,3", "1\u202f200", "31/12/2024"]
    assert rows[2] == ["–", "–", "–", "3", "–"]


def test_a_note_stands_under_its_line():
    frame = pd.DataFrame({"name": ["A", "B"], "why": ["because", "<b>"]})
    rows = Reader(table(frame, [Field("name", "Name")], caption="c", note="why")).rows
    assert rows == [["Name"], ["A"], ["because"], ["B"], ["<b>"]]


def test_key_figures_are_each_in_their_unit():
    """
    measure        value    unit     previous_month  previous_year
    balance        5725.06  money    5000.00         nan
    overdue_share  0.138    percent  0.1             nan
    dso            26.84    days     25.5            nan
    open_items     99       count    98              nan
    """
    figures = pd.DataFrame(
        {
            "measure": ["balance", "overdue_share", "dso", "open_items"],
            "value": [5725.06, 0.138, 26.84, 99],
            "unit": ["money", "percent", "days", "count"],
            "previous_month": [5000.0, 0.1, 25.5, 98],
            "previous_year": [np.nan] * 4,
            "note": pd.Series([None] * 4, dtype="object"),
        }
    )
    rows = Reader(key_figures_table(figures)).rows
    assert [row[1] for row in rows[1:]] == ["5,725.06", "13.8%", "26.8", "99"]
    assert [row[3] for row in rows[1:]] == ["–"] * 4


def test_the_proof_says_what_ties():
    """
    line      role   amount  difference  ties
    billed    part   9.00
    items     total  9.00    -1.00       no
    accounts  total  10.00   0.00        yes
    """
    lines = pd.DataFrame(
        {
            "line": ["billed", "items", "accounts"],
            "role": ["part", "total", "total"],
            "amount": [9.0, 9.0, 10.0],
            "difference": [np.nan, -1.0, 0.0],
            "ties": pd.array([pd.NA, False, True], dtype="boolean"),
        }
    )
    html = proof_table(lines, language="fr")
    rows = Reader(html).rows
    assert rows[1] == ["factures", "9,00", "", ""]
    assert rows[2] == ["mouvements", "9,00", "\u22121,00", "diffère"]
    assert rows[3] == ["comptes", "10,00", "0,00", "concorde"]
    assert html.count('<tr class="is-total">') == 2


def test_one_other_group_is_said_in_the_singular(aged):
    for rows, language, expected in ((2, "en", "1 other"), (1, "en", "2 others"), (2, "fr", "1 autre")):
        assert Reader(aged_balance_table(aged, rows=rows, language=language)).rows[rows + 1][0] == expected


def test_a_figure_has_its_currency():
    assert figure(1234.5, "money", "fr", "EUR") == "1\u202f234,50\u00a0€"
    assert figure(float("nan"), "days") == "–"


def test_frames_are_not_written(aged):
    before = aged.copy()
    aged_balance_table(aged, rows=1)
    pd.testing.assert_frame_equal(aged, before)


def test_a_notebook_shows_the_table_as_such(aged):
    shown = aged_balance_table(aged)
    assert isinstance(shown, Html)
    assert shown in shown._repr_html_()
    assert "text-align: right" in shown._repr_html_()


def test_no_line_ends_within_a_day():
    rows = pd.DataFrame({"period": ["Week 2, 2026-01-07 to 2026-01-13", "<F-2026-01-07-1>"]})
    shown = table(rows, [Field("period", "Period")], caption="")
    assert shown.count('<span style="white-space: nowrap">2026-01-') == 3
    assert "&lt;F-" in shown
