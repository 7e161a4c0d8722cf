"""The start page without a browser: its cards, one figure of each page, and how to begin."""

import pandas as pd
import pytest
from petit import LEDGER
from visiting import FakeVisit

from arlib.apps.answers import Answers
from arlib.apps.pages.start import StartPage
from arlib.apps.visit.choices import Choices
from arlib.apps.visit.header import PAGES
from arlib.checks import check
from arlib.collection import Capacity, worklist
from arlib.measures import key_figures
from arlib.readers import read_ledger
from arlib.samples import load_sample
from arlib.simulation import forecast_cash
from arlib.words import LANGUAGES, money, number, percent, word

LATER = ["forecasting", "listing", "checking"]


@pytest.fixture(scope="module")
def negoce():
    return load_sample("negoce")


@pytest.fixture(scope="module")
def answers(negoce):
    return Answers(negoce, negoce.day())


@pytest.fixture
def visit():
    return FakeVisit()


def figures(page):
    """What each card says of the ledger."""
    return {name: card._figure.value for name, card in page._cards.items()}


def test_a_card_a_page_opens_it_and_says_what_it_answers(visit):
    page = StartPage(visit)
    for language in LANGUAGES:
        page.speak(language)
        for name, card in page._cards.items():
            assert card._open.description == word(f"app.page.{name}", language)
            assert "?" in card._question.value
    for card in page._cards.values():
        card._open.click()
    assert [name for name, _ in visit.gone] == list(PAGES)


def test_figures_are_those_of_the_functions_the_quick_ones_at_once(visit, negoce, answers):
    page, day = StartPage(visit), negoce.day()
    visit.open(page, answers)
    known = key_figures(negoce, day).set_index("measure")["value"]
    at_once = figures(page)
    assert money(known["balance"], "en", "EUR", 0) in at_once["cockpit"]
    assert percent(known["overdue_share"]) in at_once["customers"]
    assert number(known["dso"], decimals=1) in at_once["simulator"]
    assert list(visit.waiting) == LATER
    assert all("…" in at_once[name] for name in ("forecast", "collect", "audit"))
    visit.do_waiting()
    all_of_them = figures(page)
    expected = forecast_cash(negoce, day).weekly["expected"].sum()
    assert f"{money(expected, 'en', 'EUR', 0)} expected in 13 weeks" in all_of_them["forecast"]
    day_of_one = worklist(negoce, day, capacity=Capacity(minutes=420))
    called = f"{len(day_of_one.contacts)} customers to contact today, {len(day_of_one.left)} later"
    assert called in all_of_them["collect"]
    assert len(day_of_one.contacts) + len(day_of_one.left) == len(worklist(negoce, day).contacts)
    assert f"{check(negoce, day)['severity'].ne('info').sum()} points to look at" in all_of_them["audit"]
    visit.open(page, answers)
    assert visit.waiting == {}  # come back to, it has them


def test_a_ledger_that_tells_less_says_so_on_the_card(visit):
    """One invoice without a payment: no DSO over 90 days, nothing to forecast from."""
    lone = read_ledger(("mars.csv", b"Client;Facture;Date facture;Montant\nA;1;01/03/2024;10,00\n"))
    page = StartPage(visit)
    visit.open(page, Answers(lone, lone.day()))
    visit.do_waiting()
    told = figures(page)
    assert "10" in told["cockpit"]
    assert "arlib-empty" in told["forecast"]
    assert "nan" not in "".join(told.values())
    paid = read_ledger(
        (
            "soldé.csv",
            b"Client;Facture;Date facture;Montant;Regle le\nA;1;01/03/2024;10,00;05/03/2024\nA;2;10/04/2024;5,00;\n",
        )
    )
    visit.open(page, Answers(paid, pd.Timestamp("2024-03-31")))
    assert "nothing is owed" in figures(page)["customers"]


def test_how_to_begin_says_samples_files_and_where_they_stay():
    visit = FakeVisit("fr")
    page = StartPage(visit)
    small = read_ledger(("petit.csv", LEDGER))
    visit.open(page, Answers(small, small.day()))
    how = page._how.value
    address = Choices("fr", page="cockpit", source="groupe").address().replace("&", "&amp;")
    assert f'href="#{address}"' in how
    assert "FEC" in how
    assert "aucun n&#x27;est conservé" in how
