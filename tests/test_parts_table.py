"""A table that is searched, filtered, sorted and paged in the kernel; the expected rows are found by plain Python."""

import unicodedata
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from visiting import clicked

from arlib.apps.parts.table_rows import TableRows
from arlib.apps.parts.table_view import Action, TableState, TableView
from arlib.apps.visit.choices import Choices
from arlib.show.tables import Field
from arlib.words import LANGUAGES, say

HOSTILE = "<img src=x onerror=alert(1)>"
FIELDS = [
    Field("name", "Customer"),
    Field("grade", "Grade"),
    Field("owed", "Owed", "money"),
    Field("due_on", "Due", "date"),
]
GRADES = {"grade": {"A": "pays on time", "B": "pays late"}}


def customers() -> pd.DataFrame:
    """Six customers.

    id | name           | grade | owed    | due_on
    C1 | Électro Râpé   | B     | 1200.50 | 2024-03-01
    C2 | Dupont         | A     | -20     | 2024-01-15
    C3 | dubois & fils  | B     | nan     | none
    C4 | <img …>        | A     | 0       | 2024-02-01
    C5 | شركة الخليج     | B     | 900000  | 2024-01-15
    C6 | (none)         | A     | 5       | 2023-12-31
    """
    return pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3", "C4", "C5", "C6"],
            "name": ["Électro Râpé", "Dupont", "dubois & fils", HOSTILE, "شركة الخليج", None],
            "grade": ["B", "A", "B", "A", "B", "A"],
            "owed": [1200.5, -20.0, np.nan, 0.0, 900_000.0, 5.0],
            "due_on": pd.to_datetime(["2024-03-01", "2024-01-15", None, "2024-02-01", "2024-01-15", "2023-12-31"]),
            "why": ["late", None, "", say("app.table.none"), "x", "y"],
            "open": [True, False, True, False, True, False],
        }
    )


def ids(state: TableState, frame: pd.DataFrame | None = None) -> str:
    """The customers a state asks for, in order."""
    frame = customers() if frame is None else frame
    found = TableRows(frame, FIELDS, "customer_id", GRADES).found(state)
    return " ".join(frame["customer_id"].iloc[found])


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (TableState(), "C1 C2 C3 C4 C5 C6"),
        (TableState(sort="owed"), "C2 C4 C6 C1 C5 C3"),
        (TableState(sort="owed", descending=True), "C5 C1 C6 C4 C2 C3"),  # what is missing is last both ways
        (TableState(sort="name"), "C4 C3 C2 C1 C5 C6"),  # É beside E, d beside D
        (TableState(sort="due_on"), "C6 C2 C5 C4 C1 C3"),
        (TableState(sort="due_on", descending=True), "C1 C4 C2 C5 C6 C3"),  # equal days keep the frame's order
        (TableState(sort="grade"), "C2 C4 C6 C1 C3 C5"),  # in the order of the choices
        (TableState(sort="nothing"), "C1 C2 C3 C4 C5 C6"),
        (TableState(search="ELECTRO rape"), "C1"),
        (TableState(search="du"), "C2 C3"),
        (TableState(search="c4"), "C4"),  # the key is searched
        (TableState(search="الخليج"), "C5"),
        (TableState(search="pays late"), "C1 C3 C5"),  # what a code is called is searched
        (TableState(search="<img"), "C4"),
        (TableState(search=".*"), ""),
        (TableState(search="   "), "C1 C2 C3 C4 C5 C6"),
        (TableState(filters={"grade": "A"}), "C2 C4 C6"),
        (TableState(filters={"grade": "Z"}), "C1 C2 C3 C4 C5 C6"),
        (TableState(filters={"owed": "5"}), "C1 C2 C3 C4 C5 C6"),
        (TableState(search="d", filters={"grade": "A"}, sort="name"), "C2"),
    ],
)
def test_rows_are_those_asked_for(state, expected):
    assert ids(state) == expected


def folded(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text).lower() if unicodedata.category(each) != "Mn")


@given(
    st.lists(st.tuples(st.text("aébÈ ñ\n", max_size=4), st.integers(-3, 3), st.sampled_from("AB")), max_size=12),
    st.text("aeb n", max_size=3),
    st.sampled_from(["", "A"]),
    st.booleans(),
)
def test_rows_are_those_of_plain_python(rows, search, grade, descending):
    frame = pd.DataFrame(rows, columns=["name", "owed", "grade"]).astype({"name": "str", "owed": "float64"})
    frame["customer_id"] = [f"#{place}" for place in range(len(rows))]
    state = TableState(search=search, sort="owed", descending=descending, filters={"grade": grade})
    fields = [Field("name", "Name"), Field("owed", "Owed", "money")]
    found = TableRows(frame, fields, "customer_id", GRADES).found(state)
    wanted = [
        place
        for place, (name, _, held) in enumerate(rows)
        if all(part in f"#{place}\n{folded(name)}" for part in folded(search).split()) and grade in ("", held)
    ]
    assert found.tolist() == sorted(wanted, key=lambda place: -rows[place][1] if descending else rows[place][1])


class Told:
    """A table, and what it has told its page."""

    def __init__(self) -> None:
        self.states: list[TableState] = []
        self.opened: list[str] = []
        self.acted: list[tuple[str, str]] = []
        self.table = TableView(
            "customers",
            on_state=self.states.append,
            on_open=self.opened.append,
            on_action=lambda key, action: self.acted.append((key, action)),
        )

    def show(self, state: TableState | None = None, frame: pd.DataFrame | None = None, **others: Any) -> dict[str, Any]:
        """What the browser draws."""
        self.table.show(
            customers() if frame is None else frame,
            FIELDS,
            key="customer_id",
            state=state or TableState(),
            **{"caption": "Customers", "empty": say("app.start.none"), "filters": GRADES, **others},
        )
        return self.table.shown


def test_a_page_holds_fifty_rows_of_texts():
    frame = pd.concat([customers().assign(customer_id=f"N{place}") for place in range(20)], ignore_index=True)
    told = Told()
    first, last = told.show(frame=frame), told.show(TableState(page=99), frame)
    assert (len(first["rows"]), first["pager"]) == (50, "1–50 of 120")
    assert (len(last["rows"]), last["pager"], last["page"], last["last_page"]) == (20, "101–120 of 120", 2, 2)
    assert all(isinstance(text, str) for row in first["rows"] for cell in row["cells"] for text in cell)


def test_cells_are_written_as_in_every_table():
    shown = Told().show(TableState(sort="owed", descending=True), language="fr")
    assert [row["cells"][2] for row in shown["rows"]] == [
        ["900\u202f000,00", ""],
        ["1\u202f200,50", ""],
        ["5,00", ""],
        ["0,00", "is-zero"],
        ["−20,00", ""],
        ["–", ""],
    ]
    assert shown["rows"][0]["cells"][3] == ["15/01/2024", ""]
    assert shown["rows"][0]["cells"][1] == ["pays late", ""]
    assert [column["sort"] for column in shown["columns"]] == ["none", "none", "descending", "none"]


def test_a_text_of_a_file_stays_a_text():
    shown = Told().show(TableState(search="img"))
    assert shown["rows"][0]["cells"][0] == [HOSTILE, ""]


def test_totals_are_of_all_rows_found():
    told = Told()
    assert told.show(totals=["owed"])["totals"] == ["Total", "", "901,185.50", ""]
    assert told.show(TableState(filters={"grade": "A"}), totals=["owed"])["totals"] == ["Total", "", "−15.00", ""]
    assert told.show(TableState(search="nobody"), totals=["owed"])["totals"] is None
    assert told.show()["totals"] is None


def test_notes_actions_and_the_open_row():
    shown = Told().show(
        note="why",
        actions=[("call", "Call"), Action("close", "Close", where="open")],
        opened="C2",
        narrow=["owed"],
    )
    assert [row["note"] for row in shown["rows"]] == [
        "late", None, None, "Nothing here matches what is searched.", "x", "y",
    ]  # fmt: skip
    assert [row["actions"] for row in shown["rows"][:2]] == [["call", "close"], ["call"]]
    assert [row["key"] for row in shown["rows"] if row["opened"]] == ["C2"]
    assert [column["name"] for column in shown["columns"] if column["secondary"]] == ["grade", "due_on"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_frame_without_rows_says_what_to_do(language):
    shown = Told().show(frame=customers().head(0), language=language)
    assert shown["empty"] == say("app.start.none").text(language)
    assert (shown["rows"], shown["pager"]) == ([], "")
    assert Told().show(TableState(search="nobody"))["empty"] == ""


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ({"kind": "search", "text": " dup "}, TableState("dup", "owed", descending=True)),
        ({"kind": "sort", "column": "owed"}, TableState("x", "owed")),
        ({"kind": "sort", "column": "name"}, TableState("x", "name")),
        ({"kind": "sort", "column": "due_on"}, TableState("x", "due_on")),
        ({"kind": "page", "page": 4}, TableState("x", "owed", descending=True, page=4)),
        (
            {"kind": "filter", "column": "grade", "value": "A"},
            TableState("x", "owed", descending=True, filters={"grade": "A"}),
        ),
        ({"kind": "clear"}, TableState("", "owed", descending=True, filters={"grade": ""})),
    ],
)
def test_what_the_visitor_wants_is_told_to_the_page(message, state):
    told = Told()
    told.show(TableState("x", "owed", descending=True, page=2))
    shown = told.table.shown
    clicked(told.table, message)
    assert told.states == [state]
    assert told.table.shown == shown, "a table changes nothing by itself"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"kind": "sort", "column": "nothing"},
        {"kind": "sort"},
        {"kind": "page", "page": "2"},
        {"kind": "filter", "column": "owed", "value": "1"},
        {"kind": "search", "text": 3},
        {"kind": "open", "key": "C9"},
        {"kind": "act", "key": None, "action": "call"},
    ],
)
def test_a_message_without_sense_does_nothing(message):
    told = Told()
    clicked(told.table, message)  # before anything is shown
    told.show()
    clicked(told.table, message)
    assert (told.states, told.opened, told.acted) == ([], [], [])


def test_rows_open_and_are_acted_upon():
    told = Told()
    told.show()
    clicked(told.table, {"kind": "open", "key": "C3"})
    clicked(told.table, {"kind": "act", "key": "C2", "action": "call"})
    assert (told.opened, told.acted) == (["C3"], [("C2", "call")])


@pytest.mark.parametrize("prefix", ["", "late."])
def test_a_state_goes_through_the_address(prefix):
    state = TableState("é & =?#", "owed", descending=True, page=3, filters={"grade": "A"})
    here = Choices(page="customers").asking("customers", state.asked(prefix))
    again = Choices.of_address(here.address(), Choices())
    assert TableState.of(again.here, prefix) == state


def test_what_is_as_usual_is_not_in_the_address():
    assert set(TableState(filters={"grade": ""}).asked().values()) == {None}
    told = {"sort": "-", "page": "0", "q": "x" * 900}
    assert TableState.of(told) == TableState(search="x" * 100, descending=True)
    assert [TableState.of({"page": text}).page for text in ("-4", "two", "²", "9" * 40, "2")] == [0, 0, 0, 0, 1]


def test_what_was_sorted_is_kept_for_the_same_frame():
    told, frame = Told(), customers()
    told.show(TableState(sort="owed"), frame)
    rows = told.table._now.rows
    told.show(TableState(sort="owed", page=1), frame)
    assert told.table._now.rows is rows
    told.show(TableState(sort="owed"), frame.copy())
    assert told.table._now.rows is not rows


def test_a_frame_is_not_written():
    frame = customers()
    Told().show(TableState("d", "name", filters={"grade": "A"}), frame, totals=["owed"], note="why")
    pd.testing.assert_frame_equal(frame, customers())


def test_few_rows_need_no_search_unless_some_are_hidden():
    told = Told()
    assert not told.show()["searched"]
    assert told.show(TableState(search="C1"))["searched"]
    assert told.show(frame=pd.concat([customers()] * 3, ignore_index=True))["searched"]
    assert not told.show(frame=customers().head(0))["searched"]
