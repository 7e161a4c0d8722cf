"""The page of customers: its figures are those of the functions, and what it is asked is all that it shows."""

import csv
import dataclasses
import io
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from paid_invoices import from_frame, random_invoices
from small import ledger_of
from visiting import FakeVisit, clicked

from arlib.apps.answers import Answers
from arlib.apps.pages.customers import CustomersPage
from arlib.apps.pages.customers.customer_list import csv_file, excel_file
from arlib.apps.pages.customers.rows import balances, scored
from arlib.collection import customer_card
from arlib.ledger import Ledger
from arlib.measures import days_late
from arlib.risk import backtest_risk, credit_exposure, late_risk, score_customers
from arlib.samples import load_sample
from arlib.words import Language, number

HOSTILE = '=cmd|"/c calc"!A1 <img src=x onerror=alert(1)> \u202e\u05e9\u05dc ' + "x" * 300
MISSING = r"\bnan\b|>None<|\bNaT\b"  # what a figure that is not there must never be written as
DAY = pd.Timestamp("2025-12-31")


@cache
def ledger() -> Ledger:
    """Eight customers of two segments; C1 is hostile and over its limit, C2 within it."""
    invoices = random_invoices(10)
    names = sorted(invoices["customer_id"].unique())
    customers = pd.DataFrame({"customer_id": names, "name": [HOSTILE if name == "C1" else name for name in names]})
    customers["segment"] = np.where(customers.index % 2 == 0, "PME", "<b>GC</b>")
    customers["credit_limit"] = customers["customer_id"].map({"C1": 1_000.0, "C2": 1_000_000.0})
    return from_frame(invoices, customers=customers)


@cache
def answers() -> Answers:
    return Answers(ledger(), DAY)


def shown(
    of: Answers | None = None, language: Language = "en", *, settled: bool = True, **asked: str
) -> tuple[FakeVisit, CustomersPage]:
    """The page as a visitor sees it, once all that comes later has come."""
    visit = FakeVisit(language)
    page = CustomersPage(visit)
    visit.open(page, of or answers(), **asked)
    if settled:
        visit.do_waiting()
    return visit, page


def column(page: CustomersPage, name: str) -> list[str]:
    table = page._table.shown
    place = [each["name"] for each in table["columns"]].index(name)
    return [row["cells"][place][0] for row in table["rows"]]


def keys(page: CustomersPage) -> list[str]:
    return [row["key"] for row in page._table.shown["rows"]]


def html_of(page: CustomersPage) -> str:
    card = page._card
    parts = [card._title, card._why, *card._html.values(), *card._missing.values(), page._start, page._tested]
    return "\n".join(part.value for part in parts)


# ---- the list


def test_balances_are_there_at_once_and_scores_later():
    visit, page = shown(settled=False)
    owed = credit_exposure(ledger(), DAY).set_index("customer_id")
    assert column(page, "receivable") == [number(owed.loc[key, "receivable"]) for key in keys(page)]
    assert column(page, "overdue") == [number(owed.loc[key, "overdue"]) for key in keys(page)]
    assert "score" not in [each["name"] for each in page._table.shown["columns"]]
    assert visit.do_waiting() == ["scoring", "testing"]
    assert "score" in [each["name"] for each in page._table.shown["columns"]]


def test_every_figure_is_that_of_its_function():
    rows = scored(answers(), "en").set_index("customer_id")
    owed = credit_exposure(ledger(), DAY).set_index("customer_id").loc[rows.index]
    scores = score_customers(ledger(), DAY).set_index("customer_id").loc[rows.index]
    for name in ("receivable", "overdue", "days_overdue", "credit_limit", "over_limit"):
        pd.testing.assert_series_equal(rows[name], owed[name], check_names=False)
    for name in ("score", "grade", "change", "trend", "expected_late"):
        pd.testing.assert_series_equal(rows[name], scores[name], check_names=False)
    lost = late_risk(ledger(), DAY).groupby("customer_id")["expected_loss"].sum(min_count=1).reindex(rows.index)
    pd.testing.assert_series_equal(rows["expected_loss"], lost, check_names=False)
    paid = days_late(ledger(), DAY, by="customer_id").set_index("customer_id")["weighted_days"].reindex(rows.index)
    pd.testing.assert_series_equal(rows["days_late"], paid, check_names=False)
    assert rows["receivable"].is_monotonic_decreasing


def test_totals_are_the_sums_of_all_rows():
    _, page = shown()
    names = [each["name"] for each in page._table.shown["columns"]]
    totals = dict(zip(names, page._table.shown["totals"], strict=True))
    owed = credit_exposure(ledger(), DAY)
    assert totals["receivable"] == number(owed["receivable"].sum())
    assert totals["overdue"] == number(owed["overdue"].sum())


def test_who_is_over_the_limit_is_told_by_a_mark_and_can_be_asked_for():
    """C1 owes more than its 1,000; C2 less than its million; of the others no limit is known."""
    rows = balances(answers()).set_index("customer_id")
    assert rows.loc["C1", "limit_used"] == pytest.approx(rows.loc["C1", "receivable"] / 1_000)
    states = rows["limit_state"].to_dict()
    assert (states.pop("C1"), states.pop("C2"), set(states.values())) == ("over", "within", {"none"})
    visit, page = shown()
    clicked(page._table, {"kind": "filter", "column": "limit_state", "value": "over"})
    assert keys(page) == ["C1"]
    assert column(page, "limit_state") == ["▲ exceeded"]
    assert visit.asked == [{"q": None, "sort": None, "page": None, "f.limit_state": "over"}]


def test_filters_are_in_the_address_before_the_scores_are_known():
    grade = scored(answers(), "en")["grade"].iloc[0]
    of_grade = scored(answers(), "en").query("grade == @grade")["customer_id"].tolist()
    _, page = shown(Answers(ledger(), DAY), **{"f.grade": grade, "sort": "-score"})
    assert sorted(keys(page)) == sorted(of_grade)
    scores = [int(score) for score in column(page, "score")]
    assert scores == sorted(scores, reverse=True)


def test_an_address_written_by_hand_is_understood_as_far_as_it_goes():
    _, page = shown(sort="-nothing", page="x", **{"f.grade": "Z", "f.": "<img>", "items.sort": "-"})
    assert len(keys(page)) == len(ledger().customers)


def test_how_such_scores_did_on_the_past_stands_above():
    _, page = shown(language="fr")
    days = int(score_customers(ledger(), DAY)["days_late"].iloc[0])
    first = backtest_risk(ledger(), days_late=(days,)).sentences[0].text("fr")
    assert first.split()[0] in page._tested.value
    assert page._start.value


def test_where_nobody_has_paid_the_balances_stand_and_the_reason_is_said():
    table = """
    customer | kind    | issued     | due        | amount
    A        | invoice | 2025-11-01 | 2025-12-01 | 100.00
    B        | credit_note | 2025-11-05 |         | -50.00
    """
    of = Answers(ledger_of(table, covers=("2025-10-01", "2025-12-31")), DAY)
    visit, page = shown(of)
    assert keys(page) == ["A", "B"]
    assert column(page, "receivable") == ["100.00", "\u221250.00"]
    assert "arlib-empty" in page._start.value
    for customer in ("A", "B"):
        visit.ask(customer=customer)
        visit.do_waiting()
        card = customer_card(of.ledger, customer, DAY)
        assert card.missing["score"].text() in html_of(page)
        assert not re.search(MISSING, html_of(page))
    assert visit.told == []


# ---- the list as a file


def test_the_file_holds_the_customers_found_in_their_order_and_no_formula():
    visit, page = shown(sort="name")
    name, content = page._list_file(csv_file)
    assert name == "customers-2025-12-31.csv"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == keys(page)
    names = {row[0]: row[1] for row in rows[1:]}
    assert names["C1"] == f"'{HOSTILE}"
    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+@]", cell)]
    assert "\u2060" not in content.decode()
    receivable = dict(zip([row[0] for row in rows], [row[rows[0].index("Owed")] for row in rows], strict=True))
    assert float(receivable["C1"]) == credit_exposure(ledger(), DAY).set_index("customer_id").loc["C1", "receivable"]
    visit.ask(**{"f.limit_state": "over"})
    assert len(page._list_file(csv_file)[1].decode().splitlines()) == 2


def test_the_workbook_holds_the_same_as_figures_and_no_formula():
    _, page = shown(language="fr", sort="-overdue")
    name, content = page._list_file(excel_file)
    assert name == "clients-2025-12-31.xlsx"
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    rows = list(sheet.iter_rows())
    assert not [cell.value for row in rows for cell in row if cell.data_type == "f"]
    cells = {row[0].value: row for row in rows}
    assert {*keys(page)} <= cells.keys()
    assert cells["C1"][1].value == HOSTILE
    owed = credit_exposure(ledger(), DAY).set_index("customer_id").loc["C1"]
    assert [cells["C1"][2].value, cells["C1"][3].value] == [owed["receivable"], owed["overdue"]]


# ---- a card


def test_a_row_opens_a_card_and_the_way_back_leads_to_the_list_as_it_was():
    visit, page = shown(sort="-overdue")
    row = keys(page)[0]
    clicked(page._table, {"kind": "open", "key": row})
    assert visit.asked == [{"customer": row}]
    assert (page._list.layout.display, page._card.box.layout.display) == ("none", "")
    assert visit.do_waiting() == ["card"]
    clicked(page._card._items, {"kind": "sort", "column": "open_amount"})
    assert visit.asked[-1]["items.sort"] == "-open_amount"
    page._card._back.click()
    assert visit.asked[-1] == {"customer": None, "items.q": None, "items.sort": None, "items.page": None} or (
        visit.asked[-1] == {"customer": None, "items.sort": None}
    )
    assert (page._list.layout.display, page._card.box.layout.display) == ("", "none")
    assert keys(page)[0] == row


def test_a_card_says_what_the_card_of_the_notebook_says():
    _, page = shown(customer="C3", language="fr")
    card, html = customer_card(ledger(), "C3", DAY, language="fr"), html_of(page)
    assert card.score is not None
    assert number(card.score["score"], "fr", 0) in page._card._html["tiles"].value
    for _, action in card.actions.iterrows():
        assert action["reason"] in html or str(action["reason"]).replace("'", "&#x27;") in html
    items = page._card._items.shown
    assert len(items["rows"]) == len(card.account.open_items) + len(card.account.unapplied)
    names = [each["name"] for each in items["columns"]]
    assert items["totals"][names.index("open_amount")] == number(card.account.total, "fr")
    for chart in page._card._charts.values():
        assert chart.spec


def test_the_open_items_tell_when_they_should_be_paid():
    _, page = shown(customer="C3")
    risk = late_risk(ledger(), DAY)
    of = risk[risk["customer_id"] == "C3"].set_index("item_id")
    items = page._card._items.shown
    place = [each["name"] for each in items["columns"]].index("median_on")
    for row in items["rows"]:
        day = of["median_on"].get(int(row["key"]), pd.NaT)
        assert row["cells"][place][0] == ("–" if pd.isna(day) else f"{day:%Y-%m-%d}")


def test_the_account_is_there_before_the_rest_of_a_card():
    visit, page = shown(Answers(ledger(), DAY), settled=False, customer="C3")
    assert list(visit.waiting) == ["card"]
    assert page._card._items.shown["rows"]
    assert "C3" in page._card._title.value
    assert page._card._files["workbook"].disabled
    visit.do_waiting()
    assert not page._card._files["workbook"].disabled
    assert visit.shares[-1] == 1.0
    visit.ask(customer="C4")
    assert not visit.waiting  # what is asked of all customers is known


@pytest.mark.parametrize("asked", ["c1 ", "<img src=x onerror=alert(1)>", "=1+1", "\u202eC1", "x" * 5000])
def test_a_customer_nobody_knows_is_a_sentence(asked):
    visit, page = shown(customer=asked)
    assert visit.told == []
    assert "arlib-empty" in page._card._why.value
    assert "<img" not in html_of(page)
    page._card._back.click()
    assert len(keys(page)) == len(ledger().customers)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_hostile_name_is_text_everywhere(language: Language):
    visit, page = shown(customer="C1", language=language)
    assert "<img" not in html_of(page)
    assert "<b>GC" not in html_of(page)
    assert "&lt;img src=x onerror=alert(1)&gt;" in page._card._title.value
    for make in (page._card._workbook, page._card._page):
        name, content = make()
        assert content
        assert name.startswith("card-C1" if language == "en" else "fiche-C1")
    assert visit.told == []


def test_a_customer_of_one_invoice_and_one_of_credits_alone():
    table = """
    customer | kind        | issued     | due        | amount  | pays
    A        | invoice     | 2025-10-01 | 2025-10-31 | 100.00  |
    A        | payment     | 2025-11-15 |            | -100.00 | 1
    B        | invoice     | 2025-11-01 | 2025-12-01 | 70.00   |
    C        | credit_note | 2025-11-05 |            | -50.00  |
    C        | payment     | 2025-11-06 |            | -20.00  |
    """
    of = Answers(ledger_of(table, covers=("2025-10-01", "2025-12-31")), DAY)
    visit, page = shown(of)
    assert dict(zip(keys(page), column(page, "receivable"), strict=True)) == {
        "A": "0.00",
        "B": "70.00",
        "C": "\u221270.00",
    }
    for customer in "ABC":
        visit.ask(customer=customer)
        visit.do_waiting()
        assert f"Client {customer}" in page._card._title.value
        assert not re.search(MISSING, html_of(page))
    assert visit.told == []


def test_another_ledger_and_another_day_have_nothing_of_the_one_before():
    visit, page = shown()
    visit.open(page, Answers(load_sample("negoce"), pd.Timestamp("2025-06-30")))
    assert list(visit.waiting) == ["scoring"]
    assert len(page._table.shown["rows"]) == 50
    visit.open(page, Answers(ledger(), DAY), customer="C1")
    assert list(visit.waiting) == ["card"]


def test_a_ledger_of_nobody_says_what_to_do():
    empty = dataclasses.replace(
        ledger(), items=ledger().items.head(0), matches=ledger().matches.head(0), customers=ledger().customers.head(0)
    )
    _, page = shown(Answers(empty, DAY))
    assert page._table.shown["rows"] == []
    assert page._table.shown["empty"].startswith("No customer is in this ledger")
