"""The cockpit without a browser: figures counted by hand or given by the functions, and what each click asks for."""

import html
from dataclasses import replace

import pandas as pd
import pytest
from petit import HOSTILE, LEDGER
from visiting import FakeVisit, clicked

from arlib.apps.answers import Answers
from arlib.apps.pages.cockpit import CockpitPage, alerts, standing
from arlib.apps.pages.cockpit.alerts import alerts_of
from arlib.apps.pages.cockpit.asked import CockpitAsked
from arlib.apps.parts.table_view import TableState
from arlib.checks import check
from arlib.collection import worklist
from arlib.errors import ArlibError
from arlib.law import legal_due_dates
from arlib.measures import aged_balance, concentration, dso_bridge, dso_methods
from arlib.readers import read_ledger
from arlib.risk import early_warnings
from arlib.samples import load_sample
from arlib.words import number, say

LATE = ["aged_history", "dso", "moved", "concentration", "alerts"]


@pytest.fixture(scope="module")
def ledger():
    return read_ledger(("petit.csv", LEDGER), currency="EUR")


@pytest.fixture(scope="module")
def negoce():
    return load_sample("negoce")


@pytest.fixture(scope="module")
def answers(ledger):
    """The small ledger at 2024-03-31; each figure is computed once for all tests."""
    return Answers(ledger, pd.Timestamp("2024-03-31"))


@pytest.fixture(scope="module")
def of_negoce(negoce):
    return Answers(negoce, negoce.day())


@pytest.fixture
def visit():
    return FakeVisit()


@pytest.fixture
def page(visit, answers):
    """The cockpit on the small ledger at 2024-03-31, with all that comes later."""
    cockpit = CockpitPage(visit)
    visit.open(cockpit, answers)
    assert visit.do_waiting() == LATE
    return cockpit


def shown(page):
    """All the HTML the page shows."""
    moved, few = page._moved, page._few
    places = (page._proof, page._cards, page._methods, moved._sentence, moved._tables, few._sentence)
    cards = (page._history, page._speed, moved._card, few._card, page._alerts._card)
    places += (page._aged_title, page._debtors._title, page._alerts._unknown)
    return "".join(place.value for place in places) + "".join(c._title.value + c._why.value for c in cards)


def lines(table):
    """The texts of the cells of each row of a table."""
    return [[text for text, _ in row["cells"]] for row in table.shown["rows"]]


# ---- what is owed


def test_the_figures_are_those_counted_by_hand(page):
    cards = page._cards.value
    assert "EUR\u00a01,950.50" in cards
    assert 'data-testid="open_items"><h3>Open items</h3><p class="arlib-value">3<' in cards
    assert '<p class="arlib-value">54.0 <small>' in cards
    assert "1,950.50" in page._proof.value
    assert "is-ties" in page._proof.value
    ages = {line["bucket"]: line["amount"] for line in page._aged.lines}
    assert ages == {"not_due": "1,250.50", "1-30": "500.00", "31-60": "200.00", "61-90": "0.00", "91+": "0.00"}
    assert page._aged.total == "1,950.50"
    assert [line["share"] for line in page._aged.lines[:2]] == ["64.1%", "25.6%"]  # 1,250.50 and 500 of 1,950.50
    assert lines(page._debtors._table)[0] == ["Bourdon", "1,250.50", "1,250.50", "0.00", "0.00", "0.00", "0.00"]


def test_the_first_figures_wait_for_nothing(visit, answers):
    cockpit = CockpitPage(visit)
    visit.open(cockpit, answers)
    assert "1,950.50" in cockpit._proof.value
    assert lines(cockpit._debtors._table)
    assert cockpit._dso_history.spec == {}
    assert list(visit.waiting) == LATE


def test_names_of_a_file_are_never_html(page):
    assert "<img" not in shown(page)
    assert [row[0] for row in lines(page._debtors._table)] == ["Bourdon", "Abeille", HOSTILE]  # text, as it is


def test_what_the_reader_did_can_be_read(visit):
    """A list of which every invoice is paid speaks until its last one only: a warning."""
    paid = read_ledger(("soldé.csv", LEDGER.replace(b";\n", b";30/04/2024\n")))
    cockpit = CockpitPage(visit)
    visit.open(cockpit, Answers(paid, paid.day()))
    assert "How the file was read" in cockpit._proof.value
    assert "arlib-warning" in cockpit._proof.value


def test_what_rests_on_assumed_due_dates_is_said(visit, page):
    """Without due dates, at 2024-04-10, 30 days net: F2 (16 March, 500.00), F3 (31 March, 1,250.50) and F5 (19
    February, 200.00) would be overdue, F6 (700.00) not: 1,950.50 of 2,650.50."""
    assert "assumed-due" not in page._cards.value
    without = b"\n".join(
        b";".join(cell for place, cell in enumerate(line.split(b";")) if place != 3) for line in LEDGER.splitlines()
    )
    assumed = read_ledger(("sans_échéance.csv", without))
    visit.open(page, Answers(assumed, assumed.day()))
    assert "Open items of 2,650.50 have no due date in the file" in page._cards.value
    assert "due 30 days after their date. 1,950.50 of what is overdue rests on this." in page._cards.value
    french = FakeVisit("fr")
    cockpit = CockpitPage(french)
    french.open(cockpit, Answers(assumed, assumed.day()))
    assert (
        "Des pièces ouvertes pour 2\u202f650,50 n&#x27;ont pas d&#x27;échéance dans le fichier" in cockpit._cards.value
    )
    assert "échoir à 30 jours de leur date. 1\u202f950,50 de l&#x27;échu en dépendent." in cockpit._cards.value


def test_totals_that_do_not_tie_are_in_sight_and_an_alert(visit, negoce):
    wrong = replace(negoce, controls=negoce.controls.assign(amount=negoce.controls["amount"] * 1.01))
    cockpit, answers = CockpitPage(visit), Answers(wrong, wrong.day())
    visit.open(cockpit, answers)
    visit.do_waiting()
    assert 'class="arlib-proof is-differs" data-testid="proof" open' in cockpit._proof.value
    first = alerts_of(answers, "en").found[0]
    assert (first.severity, first.page) == ("error", "audit")
    assert first.amount == answers.proof["difference"].abs().max() > 0
    assert "no figure of this ledger is proven" in lines(cockpit._alerts._table)[0][0]


# ---- files that do not tell the past


SILENT = {  # two invoices, 100.00 and 50.00 of A; by what the reader warns of, and whether DSO of the day is known
    "read.undated_payments": (
        "Client;Facture;Date facture;Montant;Payé;Date règlement\n"
        "A;F1;01/01/2024;100,00;100,00;\nA;F2;01/02/2024;50,00;0,00;\n"
    ),
    "read.nothing_paid": "Client;Facture;Date facture;Montant\nA;F1;01/01/2024;100,00\nA;F2;01/02/2024;50,00\n",
    "read.only_open": (
        "Client;Facture;Date facture;Montant;Reste dû\nA;F1;01/01/2024;100,00;100,00\nA;F2;01/02/2024;50,00;50,00\n"
    ),
    "read.no_issue_date": (
        "Client;Facture;Échéance;Montant;Date règlement\nA;F1;01/01/2024;100,00;05/01/2024\nA;F2;01/02/2024;50,00;\n"
    ),
}


@pytest.mark.parametrize("warned", SILENT)
def test_where_the_past_is_not_known_no_change_is_shown_and_the_reader_says_why(visit, warned):
    ledger = read_ledger(("muet.csv", SILENT[warned].encode()), currency="EUR")
    unknown = standing.past_unknown(ledger)
    assert unknown is not None
    assert unknown.key == warned
    cockpit = CockpitPage(visit)
    visit.open(cockpit, Answers(ledger, ledger.day()))
    visit.do_waiting()
    said = html.escape(str(unknown))
    cards = cockpit._cards.value
    assert "arlib-change" not in cards
    assert f'data-testid="past-unknown">{said}<' in cards
    for late in (cockpit._history, cockpit._speed, cockpit._moved._card):
        assert said in late._why.value
        assert late._body.layout.display == "none"
    assert visit.told == []


@pytest.mark.parametrize("warned", ["read.nothing_paid", "read.only_open"])
def test_a_dso_made_of_the_past_is_not_shown_either(warned):
    ledger = read_ledger(("muet.csv", SILENT[warned].encode()))
    cards = standing.key_figure_cards(Answers(ledger, ledger.day()), "en")
    for name in ("dso", "countback_dso"):
        card = cards.split(f'data-testid="{name}"')[1].split("</section>")[0]
        assert '<p class="arlib-value">–</p>' in card
        assert html.escape(str(standing.past_unknown(ledger))) in card
    assert '<p class="arlib-value">150.00</p>' in cards


def test_the_gravest_warning_of_several_files_counts(answers):
    source = answers.ledger.sources[0]
    undated, opened = say("read.undated_payments", rows=1, day=answers.as_of), say("read.only_open")
    ledger = replace(answers.ledger, sources=(replace(source, warnings=(undated, opened)),))
    assert standing.past_unknown(ledger) == opened
    assert standing.past_unknown(answers.ledger) is None


# ---- a click on an age, and the table follows


def test_an_age_that_is_picked_lists_its_debtors(page, visit):
    """F5 is 41 days late: its customer alone owes something of 31 to 60 days."""
    clicked(page._aged, {"kind": "chosen", "bucket": "31-60"})
    assert visit.asked[-1]["bucket"] == "31-60"
    assert page._aged.chosen == "31-60"
    assert lines(page._debtors._table) == [[HOSTILE, "200.00", "200.00"]]
    assert "Largest balances: 31–60 days" in page._debtors._title.value
    assert page._debtors._every.layout.display == ""
    assert visit.waiting == {}  # nothing else is drawn again
    clicked(page._aged, {"kind": "chosen", "bucket": ""})
    assert len(lines(page._debtors._table)) == 3
    assert page._debtors._every.layout.display == "none"


def test_a_picked_age_is_given_up_with_its_button_and_the_search_with_it(page, visit):
    visit.ask(bucket="1-30", q="abeille")
    assert lines(page._debtors._table) == [["Abeille", "500.00", "500.00"]]
    page._debtors._every.click()
    assert len(lines(page._debtors._table)) == 3
    assert page._debtors._table.shown["search"] == ""


def test_a_bar_of_the_history_picks_its_age(page):
    page._pick_in_history({"bucket": "1–30 days", "amount": 1.0})
    assert page._aged.chosen == "1-30"
    page._pick_in_history({"bucket": "of another chart"})
    assert page._aged.chosen == "1-30"
    caption = page._debtors._table.shown["caption"]  # a bar of an earlier month: the figures are those of the day
    assert "on 2024-03-31" in caption


def test_debtors_of_an_age_are_those_of_the_aged_balance(visit, negoce, of_negoce):
    cockpit = CockpitPage(visit)
    visit.open(cockpit, of_negoce, bucket="91+")
    aged = aged_balance(negoce, negoce.day())
    late = aged[aged["91+"].abs() >= 0.005]
    table = cockpit._debtors._table.shown
    assert table["totals"] == ["Total", number(late["91+"].sum()), number(late["total"].sum())]
    assert f"of {number(len(late), decimals=0)}" in table["pager"]


def test_a_debtor_opens_its_card(page, visit):
    clicked(page._debtors._table, {"kind": "open", "key": page._debtors._table.shown["rows"][0]["key"]})
    assert visit.gone == [("customers", {"customer": "Bourdon"})]


@pytest.mark.parametrize(
    "asked", [{"bucket": "<b>", "since": "never", "sort": "x", "a.sort": "no"}, {"bucket": "total"}]
)
def test_an_address_written_by_hand_is_as_usual(visit, answers, asked):
    cockpit = CockpitPage(visit)
    visit.open(cockpit, answers, **asked)
    visit.do_waiting()
    assert (cockpit._aged.chosen, cockpit._moved._since.value) == ("", "month")
    assert len(lines(cockpit._debtors._table)) == 3
    assert visit.told == []


def test_what_is_asked_is_read_from_texts():
    asked = CockpitAsked.of({"bucket": "1-30", "since": "year", "q": "a", "a.q": "b"}, ["1-30"])
    assert asked == CockpitAsked("1-30", "year", TableState("a"), TableState("b"))


# ---- why it moved, and on whom it rests


def test_dso_is_explained_since_last_month_or_in_a_year(visit, negoce, of_negoce):
    day = negoce.day()
    cockpit = CockpitPage(visit)
    visit.open(cockpit, of_negoce)
    visit.do_waiting()
    month = dso_bridge(negoce, "2025-11-30", day)
    assert str(month.sentence) in cockpit._moved._sentence.value.replace("&#x27;", "'")
    before = cockpit._moved._chart.spec
    cockpit._moved._since.value = "year"
    assert visit.asked[-1] == {"since": "year"}
    assert str(dso_bridge(negoce, "2024-12-31", day).sentence) in cockpit._moved._sentence.value.replace("&#x27;", "'")
    assert cockpit._moved._chart.spec != before
    cockpit._moved._since.value = "month"
    assert visit.asked[-1] == {"since": None}


def test_every_way_to_measure_dso_is_that_of_the_functions(page, ledger):
    methods = dso_methods(ledger, "2024-03-31")
    for name, days in zip(methods["name"], methods["days"], strict=True):
        assert str(name) in page._methods.value
        assert number(days, decimals=1) in page._methods.value


def test_a_bar_of_the_concentration_opens_its_customer(visit, negoce, of_negoce):
    cockpit = CockpitPage(visit)
    visit.open(cockpit, of_negoce)
    visit.do_waiting()
    found = concentration(negoce, negoce.day())
    assert str(found.sentence) in cockpit._few._sentence.value
    clicked(cockpit._few._chart, {"kind": "click", "datum": {"place": 1, "others": False, "label": "x"}})
    clicked(cockpit._few._chart, {"kind": "click", "datum": {"place": 12, "others": True}})
    assert visit.gone == [("customers", {"customer": found.groups["customer_id"].iloc[1]})]


# ---- alerts


def test_alerts_are_what_the_functions_found(negoce, of_negoce):
    found = alerts_of(of_negoce, "en").found
    by_page = {page: [alert for alert in found if alert.page == page] for page in ("audit", "customers", "collect")}
    findings = check(negoce, negoce.day()).query("severity != 'info'")
    amounts = findings.groupby("check")["amount"].sum().abs()
    assert {alert.asked["check"]: alert.amount for alert in by_page["audit"]} == pytest.approx(dict(amounts))
    warnings = early_warnings(negoce, negoce.day())
    useless = set(warnings.record.query("verdict == 'no_better'")["rule"])
    useful = warnings.warnings[~warnings.warnings["rule"].isin(useless)]
    assert [alert.asked["customer"] for alert in by_page["customers"]] == list(useful["customer_id"].unique()[:5])
    contacts = worklist(negoce, negoce.day()).contacts
    overdue = contacts[(contacts["overdue"] > 0) & (contacts["promised"] == 0)]
    (silent,) = by_page["collect"]
    assert silent.amount == pytest.approx(overdue["overdue"].sum())
    assert silent.text.startswith(f"{len(overdue)} customers to contact are overdue")
    assert [alert.amount for alert in found] == sorted((alert.amount for alert in found), reverse=True)


def test_open_invoices_on_terms_beyond_the_law_are_an_alert():
    """F1, of 1 January due on 30 June, is 181 days: 60 are allowed. F2 is within; F3 is beyond and paid."""
    text = (
        "Client;Facture;Date facture;Échéance;Montant;Conditions;Pays;Date règlement\n"
        "A;F1;01/01/2024;30/06/2024;100,00;180 jours;FR;\n"
        "A;F2;01/02/2024;01/04/2024;50,00;60 jours;FR;\n"
        "A;F3;01/01/2023;30/06/2023;70,00;180 jours;FR;30/06/2023\n"
    )
    ledger = read_ledger(("lois.csv", text.encode()))
    law = legal_due_dates(ledger, ledger.day()).invoices
    assert dict(law["status"].value_counts())["beyond"] == 2
    found = [alert for alert in alerts_of(Answers(ledger, ledger.day()), "en").found if "law" in alert.text]
    assert [(alert.amount, alert.page) for alert in found] == [(100.0, "audit")]
    assert found[0].text == "1 open invoice is due later than the law allows."


def test_an_alert_opens_the_page_that_acts(page, visit, answers):
    found = alerts_of(answers, "en").found
    assert found, "the small ledger has customers to contact"
    clicked(page._alerts._table, {"kind": "open", "key": "0"})
    assert visit.gone == [(found[0].page, found[0].asked)]


def test_alerts_that_cannot_be_looked_for_say_why_and_the_others_stay(visit, answers, monkeypatch):
    def broken(*_, **__):
        raise ArlibError(say("error.not_a_day", value=HOSTILE))

    monkeypatch.setattr(alerts, "early_warnings", broken)
    cockpit = CockpitPage(visit)
    visit.open(cockpit, Answers(answers.ledger, answers.as_of))
    visit.do_waiting()
    assert "is not a date" in cockpit._alerts._unknown.value
    assert "<img" not in cockpit._alerts._unknown.value
    assert lines(cockpit._alerts._table)


def test_the_table_of_alerts_is_sorted_beside_that_of_debtors(page, visit):
    clicked(page._alerts._table, {"kind": "sort", "column": "page"})
    assert visit.asked[-1]["a.sort"] == "page"
    assert page._alerts._table.shown["columns"][3]["sort"] == "ascending"
    assert all(column["sort"] == "none" for column in page._debtors._table.shown["columns"])


# ---- one ledger, one day, one language at a time


def test_nothing_of_another_day_is_in_sight_while_the_rest_is_computed(page, visit, ledger):
    visit.open(page, Answers(ledger, pd.Timestamp("2024-04-10")))
    cards = (page._history, page._speed, page._moved._card, page._few._card, page._alerts._card)
    assert all("is-waiting" in card._body._dom_classes for card in cards)
    assert list(visit.waiting) == LATE
    visit.do_waiting()
    assert not any("is-waiting" in card._body._dom_classes for card in cards)


def test_a_page_come_back_to_draws_only_what_it_had_not(page, visit, answers):
    visit.open(page, answers)
    assert visit.waiting == {}
    unfinished = CockpitPage(visit)
    visit.open(unfinished, answers)
    visit.open(unfinished, answers)  # what waited was forgotten in between
    assert list(visit.waiting) == LATE


def test_a_part_that_fails_says_so_in_its_place_and_is_not_asked_again(visit, answers, monkeypatch):
    def broken(*_, **__):
        raise ArlibError(say("error.not_a_day", value=HOSTILE))

    monkeypatch.setattr("arlib.apps.pages.cockpit.moved.dso_bridge", broken)
    cockpit, answers = CockpitPage(visit), Answers(answers.ledger, answers.as_of)
    visit.open(cockpit, answers)
    visit.do_waiting()
    moved = cockpit._moved._card
    assert "is not a date" in moved._why.value
    assert "<img" not in moved._why.value
    assert moved._body.layout.display == "none"
    visit.open(cockpit, answers)
    assert visit.waiting == {}
    monkeypatch.undo()
    visit.open(cockpit, Answers(answers.ledger, answers.as_of))
    visit.do_waiting()
    assert (moved._why.value, moved._body.layout.display) == ("", "")


def test_a_ledger_where_nobody_owes_says_so(visit):
    paid = read_ledger(
        (
            "soldé.csv",
            b"Client;Facture;Date facture;Montant;Regle le\nA;1;01/03/2024;10,00;05/03/2024\nA;2;10/04/2024;5,00;\n",
        )
    )
    cockpit = CockpitPage(visit)
    visit.open(cockpit, Answers(paid, pd.Timestamp("2024-03-31")))
    visit.do_waiting()
    assert "is-ties" in cockpit._proof.value
    assert "no figure" in cockpit._cards.value
    assert visit.told == []


def test_french_is_spoken_everywhere(answers):
    visit = FakeVisit("fr")
    cockpit = CockpitPage(visit)
    visit.open(cockpit, answers)
    visit.do_waiting()
    text = shown(cockpit)
    for french in ("Balance âgée", "Encours client", "Pourquoi le DSO a varié", "Ce qui demande attention"):
        assert french in text
    assert cockpit._moved._since.description == "Par rapport à"
    assert cockpit._aged.words["age"] == "Ancienneté"
    assert cockpit._debtors._table.shown["caption"].startswith("Ce que doivent les clients")
