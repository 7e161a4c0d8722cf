"""The forecast page without a browser: weeks, who pays in each, promises of a file, and what is handed out."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from petit import HOSTILE, LEDGER
from visiting import FakeVisit, clicked

from arlib.apps import answers as answers_module
from arlib.apps.answers import Answers
from arlib.apps.pages.forecast import ForecastPage
from arlib.apps.pages.forecast.asked import ALL_WEEKS, MOST_WEEKS, ForecastAsked
from arlib.apps.pages.forecast.drivers import items, payers
from arlib.errors import ArlibError
from arlib.ledger import open_items
from arlib.readers import read_ledger
from arlib.risk import late_risk
from arlib.samples import load_sample
from arlib.simulation import forecast_cash
from arlib.simulation.forecast.promised_file import read_promises
from arlib.words import number, say

DAY = pd.Timestamp("2025-12-31")


@pytest.fixture(scope="module")
def negoce():
    return Answers(load_sample("negoce"), DAY)


@pytest.fixture(scope="module")
def small():
    return read_ledger(("petit.csv", LEDGER), currency="EUR")


@pytest.fixture
def visit():
    return FakeVisit()


@pytest.fixture(scope="module")
def answers(small):
    return Answers(small, small.day())


@pytest.fixture
def page(visit, answers):
    return opened(visit, answers)


def opened(visit, answers, **asked):
    page = ForecastPage(visit)
    visit.open(page, answers, **asked)
    visit.do_waiting()
    return page


def cells(table):
    """The texts of a table, by the key of its rows."""
    return {row["key"]: [text for text, _ in row["cells"]] for row in table.shown["rows"]}


# ---- what is asked


@given(st.dictionaries(st.sampled_from(["weeks", "week", "sales", "page", "sort", "i.page", "q"]), st.text(max_size=8)))
def test_garbage_in_an_address_is_as_usual(asked):
    found = ForecastAsked.of(asked)
    assert 4 <= found.weeks <= MOST_WEEKS
    assert 0 <= found.week <= found.weeks


@pytest.mark.parametrize(("weeks", "week", "read"), [("8", "8", (8, 8)), ("8", "9", (8, 0)), ("27", "13", (13, 13))])
def test_a_week_is_one_of_those_asked(weeks, week, read):
    found = ForecastAsked.of({"weeks": weeks, "week": week})
    assert (found.weeks, found.week) == read


# ---- what drives a week


def test_who_pays_adds_up_to_the_week_and_items_fall_in_it(negoce):
    forecast = negoce.forecast()
    names = negoce.ledger.customers.set_index("customer_id")["name"]
    for week in (1, 7, 13):
        row = forecast.weekly.iloc[week - 1]
        who = payers(forecast, names, week)
        for name in ("expected", "from_open", "from_future"):
            assert who[name].sum() == pytest.approx(row[name], abs=2)  # who pays less than half a cent is left out
        assert who["expected"].is_monotonic_decreasing
    assert payers(forecast, names, ALL_WEEKS)["expected"].sum() == pytest.approx(
        forecast.weekly["expected"].sum(), abs=2
    )
    late = late_risk(negoce.ledger, DAY)
    by_week = [items(late, forecast, week) for week in range(1, 14)]
    every = items(late, forecast, ALL_WEEKS)
    assert sorted(np.concatenate([each["item_id"] for each in by_week])) == sorted(every["item_id"])
    assert set(every["item_id"]) <= set(open_items(negoce.ledger, DAY)["item_id"])


# ---- the page


def test_figures_are_those_of_the_functions(visit, negoce):
    page = opened(visit, negoce)
    told = forecast_cash(negoce.ledger, DAY)
    last = told.weekly.iloc[-1]
    for name in ("expected_cumulated", "p10_cumulated", "p90_cumulated"):
        assert number(last[name], decimals=0) in page._totals.value
    assert number(told.weekly["from_future"].sum(), decimals=0) in page._totals.value
    assert "eight times out of ten" in page._totals.value
    assert page._week._payers.shown["totals"][1] == number(told.by_customer["expected"].sum(), decimals=0)
    assert page._chart.spec
    assert page._cumulated.spec
    assert 'data-testid="tested-forecast"' in page._tested.value
    assert page._waiting.value == ""


def test_it_comes_later_and_its_test_after_it(visit, small):
    page = ForecastPage(visit)
    visit.open(page, Answers(small, small.day()))
    assert "Being computed: the cash of the next 13 weeks." in page._waiting.value
    assert page._totals.layout.display == "none"
    assert visit.do_waiting() == ["forecasting", "testing_forecast"]
    assert page._totals.layout.display == ""
    assert visit.shares[-1] == 1


def test_a_click_on_a_week_shows_who_pays_in_it_and_again_all(visit, negoce):
    page = opened(visit, negoce)
    forecast = negoce.forecast()
    clicked(page._chart, {"kind": "click", "datum": {"starts_on": "2026-01-15", "amount": 1.0}})
    assert visit.asked[-1]["week"] == "3"
    assert visit.waiting == {}  # nothing is forecast again
    assert "week 3, 2026-01-15 to 2026-01-21" in page._week._payers.shown["caption"]
    assert page._week._payers.shown["totals"][1] == number(forecast.weekly["expected"].iloc[2], decimals=0)
    assert page._week._choice.value == 3
    clicked(page._chart, {"kind": "click", "datum": {"starts_on": "2026-01-15"}})
    assert page._week._choice.value == ALL_WEEKS
    clicked(page._chart, {"kind": "click", "datum": {"starts_on": "1999-01-01", "x": 3}})
    assert page._week._choice.value == ALL_WEEKS


def test_the_week_can_be_chosen_without_the_chart_and_rows_open_the_customer(visit, negoce):
    page = opened(visit, negoce)
    page._week._choice.value = 2
    assert visit.asked[-1]["week"] == "2"
    customer_id = page._week._payers.shown["rows"][0]["key"]
    clicked(page._week._payers, {"kind": "open", "key": customer_id})
    assert visit.gone == [("customers", {"customer": customer_id})]
    item = page._week._items.shown["rows"][0]["key"]
    clicked(page._week._items, {"kind": "open", "key": item})
    owner = negoce.ledger.items.set_index(negoce.ledger.items["item_id"].astype("str")).loc[item, "customer_id"]
    assert visit.gone[-1] == ("customers", {"customer": owner})


def test_the_two_tables_are_looked_at_apart(visit, negoce):
    page = opened(visit, negoce)
    clicked(page._week._items, {"kind": "sort", "column": "open_amount"})
    clicked(page._week._payers, {"kind": "page", "page": 1})
    assert page._asked.items.sort == "open_amount"
    assert (page._asked.payers.page, page._asked.items.page) == (1, 0)
    clicked(page._chart, {"kind": "click", "datum": {"starts_on": "2026-01-15"}})
    assert page._asked.payers.page == 0


def test_other_weeks_are_forecast_and_tested_anew(page, visit):
    page._weeks.value = 8
    assert visit.asked[-1] == {"weeks": "8", "sales": None, "week": None}
    assert visit.do_waiting() == ["forecasting", "testing_forecast"]
    assert len(page._forecast.weekly) == 8
    assert "Over 8 weeks" in page._totals.value


def test_sales_to_come_can_be_left_out(page, visit, small):
    page._sales.value = False
    assert visit.asked[-1]["sales"] == "0"
    visit.do_waiting()
    told = forecast_cash(small, future_sales=False).weekly
    pd.testing.assert_frame_equal(page._forecast.weekly, told)


def test_names_of_a_file_are_never_html(visit):
    ledger = read_ledger(("petit.csv", LEDGER.replace(b"Bourdon", HOSTILE.encode())))
    page = opened(visit, Answers(ledger, ledger.day()))
    names = [row[0] for row in cells(page._week._payers).values()]
    assert HOSTILE in names
    for part in (page._totals, page._table, page._notes, page._tested):
        assert "<img" not in part.value
    book = openpyxl.load_workbook(io.BytesIO(page._workbook()[1]))
    named = [cell for row in book["Customers"].iter_rows() for cell in row if cell.value == HOSTILE]
    assert {cell.data_type for cell in named} == {"s"}


def test_a_ledger_without_a_payment_says_why_there_is_no_forecast(visit):
    ledger = read_ledger(("mars.csv", b"Client;Facture;Date facture;Montant\nA;1;01/03/2024;10,00\n"))
    page = opened(visit, Answers(ledger, ledger.day()))
    assert "arlib-empty" in page._waiting.value
    assert page._totals.layout.display == page._excel.layout.display == "none"
    with pytest.raises(ArlibError, match="no forecast to save"):
        page._workbook()


@pytest.mark.parametrize("name", ["forecast_cash", "backtest_forecast"])
def test_what_cannot_be_made_says_so_in_its_place(visit, small, monkeypatch, name):
    def broken(*_, **__):
        raise ArlibError(say("error.not_a_day", value=HOSTILE))

    monkeypatch.setattr(answers_module, name, broken)
    page = opened(visit, Answers(small, small.day()))
    told = page._waiting.value + page._tested.value
    assert "is not a date" in told
    assert "<img" not in told


# ---- promises


def promised(*lines, head="Client;Montant promis;Promis pour le;Faite le"):
    return "\n".join((head, *lines)).encode()


def test_promises_are_read_by_code_name_or_invoice(negoce):
    owed = open_items(negoce.ledger, DAY)
    first = owed[owed["open_amount"] > 0].iloc[0]
    name = negoce.ledger.customers.set_index("customer_id").loc[first["customer_id"], "name"]
    found = read_promises(
        (
            "promesses.csv",
            promised(
                f"{first['customer_id']};;1 000,50;15/01/2026;20/12/2025",
                f"{name};;200;16/01/2026;",
                f";{first['reference']};300;17/01/2026;",
                ";;;;",
                head="Client;N° facture;Montant promis;Promis pour le;Faite le",
            ),
        ),
        negoce.ledger,
    ).table
    assert found["customer_id"].tolist() == [first["customer_id"]] * 3
    assert found["amount"].tolist() == [1000.5, 200.0, 300.0]
    assert found["item_id"].tolist() == [pd.NA, pd.NA, first["item_id"]]
    assert found["promised_on"].dt.day.tolist() == [15, 16, 17]
    assert found["made_on"].notna().tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"remember the milk", "no list of promises"),
        (promised("Abeille;10;30/02/2024;"), "row 2"),
        (promised("Abeille;;15/04/2024;"), "empty"),
        (promised("Abeille;-5;15/04/2024;"), "above zero"),
        (promised(f"{HOSTILE} two;10;15/04/2024;"), "knows no customer"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), ""),
        (b"", ""),
    ],
)
def test_a_file_that_holds_no_promises_is_explained_and_the_figures_stay(page, visit, content, told):
    before = page._totals.value
    page._upload._receive("promesses.csv", content)
    assert told in visit.told[-1].text("en")
    visit.do_waiting()
    assert page._totals.value == before
    assert page._promises.value == ""


def test_promises_of_a_file_count_until_they_are_left_out(page, visit, small):
    """500 promised of 1,200 owed: with no promise come due, 70 % of it is expected on its day."""
    page._upload._receive("<b>promesses.csv", promised("Abeille;500;15/04/2024;"))
    visit.do_waiting()
    assert visit.told == []
    assert page._forecast.weekly["promised"].iloc[0] == pytest.approx(350)
    assert 'data-testid="forecast-promised"' in page._totals.value
    assert "&lt;b&gt;promesses.csv" in page._promises.value
    with_promises = page._totals.value
    page._weeks.value = 8
    visit.do_waiting()
    page._weeks.value = 13
    visit.do_waiting()
    assert page._totals.value == with_promises
    page._forget.click()
    visit.do_waiting()
    pd.testing.assert_frame_equal(page._forecast.weekly, forecast_cash(small).weekly)
    assert page._promises.value == ""


def test_promises_belong_to_one_ledger(page, visit):
    page._upload._receive("promesses.csv", promised("Abeille;500;15/04/2024;"))
    visit.do_waiting()
    other = read_ledger(("autre.csv", LEDGER.replace(b"Abeille", b"Cigale")))
    visit.open(page, Answers(other, other.day()))
    visit.do_waiting()
    assert page._promises.value == ""
    assert not page._forecast.weekly["promised"].any()


# ---- what is handed out


def test_the_workbook_holds_what_is_shown(page, visit):
    name, content = page._workbook()
    assert name == "cash forecast 2024-04-10.xlsx"
    assert visit.worked[-1] == "writing_forecast"
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Weeks", "Months", "Customers", "Items"]
    shown = [[cell.value for cell in row] for row in book["Weeks"].iter_rows(min_row=6, max_row=18)]
    assert [row[4] for row in shown] == pytest.approx(page._forecast.weekly["expected"].tolist())


def test_weeks_are_handed_out_as_a_spreadsheet_of_the_language_reads_them(visit, answers):
    visit.language = "fr"
    page = opened(visit, answers)
    name, content = page._weeks_csv()
    assert name == "prévision 2024-04-10.csv"
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Semaine;Du;Au;")
    assert len(lines) == 14
    expected = page._forecast.weekly["expected"].iloc[0]
    assert f";{expected:.2f};".replace(".", ",") in lines[1]


def test_it_speaks_both_languages(visit, answers):
    visit.language = "fr"
    page = opened(visit, answers)
    assert page._weeks.description == "Semaines à venir"
    assert [name for name, _ in page._sales.options] == ["comptées", "laissées de côté"]
    assert page._week._choice.options[1][0] == "semaine 1, du 11/04/2024 au 17/04/2024"
    assert "huit fois sur dix" in page._totals.value
    assert page._week._payers.shown["caption"].endswith("les 13 semaines (EUR)")
