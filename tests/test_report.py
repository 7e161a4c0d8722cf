"""The report: its figures are the functions', each traced to its items; nothing a file holds is more than text."""

import io
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pypdf
import pytest
from reports import DAY, LEDGER, Tags, plain, printed, told
from small import ledger_of

import arlib
from arlib import ArlibError, Costs, Ledger, Policy
from arlib.apps.pages.collect import today
from arlib.export.report import Report, compose_report, report_page, report_pdf, write, write_report
from arlib.export.report.decisions import _penalties
from arlib.words import MONTHS, label_keys, word


@pytest.fixture(scope="module")
def negoce() -> Ledger:
    return arlib.load_sample("negoce")


@pytest.fixture(scope="module")
def report(negoce: Ledger) -> Report:
    policies = [Policy("Trente jours", terms=arlib.NET_30), Policy("Très tard", terms=arlib.PaymentTerms(120))]
    costs = Costs(financing_rate=0.05)
    return compose_report(negoce, language="fr", policies=policies, costs=costs, client="Négoce & Cie", author="Léa")


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return report_page(report)


@pytest.fixture(scope="module")
def pdf(report: Report) -> bytes:
    return report_pdf(report)


@pytest.fixture(scope="module")
def hand() -> Report:
    return compose_report(ledger_of(LEDGER), DAY)


def figure(report: Report, label: str) -> float:
    return next(traced.value for traced in report.figures if traced.label == label)


# --- figures ----------------------------------------------------------------------------------------------------------


def test_figures_counted_by_hand(hand):
    """On 2024-03-31: 500.00 is 15 days late, 1,250.50 falls due on the day, 200.00 is 41 days late.

    Owed 1,950.50 in 3 items, overdue 700.00, of 1,950.50: 35.9 %. Sales from 2 January to 31 March: 1,000 + 500 +
    1,250.50 + 300.25 + 200 = 3,250.75; DSO = 1,950.50 / 3,250.75 x 90 = 54.0.
    """
    shown = told(report_page(hand))
    assert "5 ways of counting give EUR 1,950" in shown
    assert "Overdue F2 EUR 700.00" in shown
    assert "Overdue share F3 35.9%" in shown
    assert figure(hand, "DSO over 90 days") == pytest.approx(54.0, abs=0.05)
    assert "DSO over 90 days F4 54.0 days" in shown


def test_figures_are_those_of_the_functions(negoce, report):
    day = negoce.day()
    figures = arlib.key_figures(negoce).set_index("measure")["value"]
    for measure in ("balance", "overdue", "overdue_share", "dso", "days_late", "collection_effectiveness", "unapplied"):
        assert figure(report, word(f"show.measure.{measure}", "fr")) == figures[measure]
    contacts = arlib.worklist(negoce, day, capacity={"minutes": 420}).contacts
    assert figure(report, "À demander aujourd'hui") == contacts["chased"].sum()
    weeks = arlib.forecast_cash(negoce, day).weekly
    assert figure(report, "Encaissements attendus") == weeks["expected_cumulated"].iloc[-1]
    summary = arlib.simulate(negoce, [Policy("Trente jours", terms=arlib.NET_30)], day).summary
    assert figure(report, "Libéré par\u00a0: Trente jours") == summary["cash_gained"].iloc[1]
    table = arlib.payment_delay_table(negoce, day)
    assert figure(report, "Échu impayé (tableau légal)") == table.unpaid["amount"].iloc[-1]
    provision = arlib.provision_total(arlib.provision_matrix(negoce, day))
    assert figure(report, "Perte attendue") == float(provision)


def test_a_sum_of_items_is_its_figure(report):
    """Balance, overdue, disputed, unapplied, the oldest, what is chased, the statutory table, penalties."""
    of_items = [traced for traced in report.figures if traced.items is not None and traced.written.endswith("€")]
    made_from = {"Perte attendue", "Encaissements attendus", "Plus gros constat", "Cash immobilisé au-delà de la loi"}
    sums = [traced for traced in of_items if traced.label not in made_from]
    assert len(sums) >= 9
    for traced in sums:
        assert traced.total == pytest.approx(traced.value, abs=0.006 * max(traced.count, 1)), traced.label


def test_every_reference_leads_to_a_figure_and_every_figure_to_its_call(page, report):
    keys = {traced.key for traced in report.figures}
    linked = {value for name, value in Tags(page).attributes if name == "href"}
    places = {value for name, value in Tags(page).attributes if name == "id"}
    assert linked <= {f"#{place}" for place in places}
    assert {f"#{key}" for key in keys} <= linked
    assert all(traced.call and traced.rule for traced in report.figures)
    assert len(keys) == len(report.figures)


def test_the_same_is_shown_and_printed(page, pdf, report):
    shown, on_paper = told(page), printed(pdf)
    for traced in report.figures:
        assert plain(traced.written) in shown
        assert plain(traced.written) in on_paper
    assert [plain(text) for text in report.sentences if plain(text) not in shown] == []


# --- decisions --------------------------------------------------------------------------------------------------------


def test_three_decisions_each_with_the_figure_it_rests_on(report):
    values = {traced.key: traced for traced in report.figures}
    assert len(report.decisions) == 3
    assert {decision.act for decision in report.decisions} == {"collect", "bill", "follow"}
    for decision in report.decisions:
        assert decision.amount == abs(values[decision.figure].value)
        assert decision.amount > 0


def test_the_calls_decided_are_what_one_person_does_in_a_day(negoce, report):
    """As the page proposes it: the customers within its minutes, of all those worth a contact."""
    minutes = float(today.USUAL_LIMITS["minutes"])
    found = arlib.worklist(negoce, negoce.day(), capacity={"minutes": minutes})
    worth = len(arlib.worklist(negoce, negoce.day()).contacts)
    assert found.contacts["minutes"].sum() <= minutes
    assert len(found.contacts) < worth
    (decided,) = [decision for decision in report.decisions if decision.act == "collect"]
    assert decided.title == f"Relancer {len(found.contacts)} clients aujourd'hui (sur {worth})"
    assert decided.amount == found.contacts["chased"].sum()
    traced = next(traced for traced in report.figures if traced.key == decided.figure)
    assert traced.call.endswith("capacity={'minutes': 420})")


def test_an_unlawful_policy_is_simulated_and_not_proposed(report):
    assert figure(report, "Libéré par\u00a0: Très tard") < 0
    assert [decision.title for decision in report.decisions if decision.act == "bill"] == [
        "Adopter\u00a0: Trente jours"
    ]


def test_usual_policies_are_examples_and_never_proposed(hand):
    assert any("They are examples" in text for text in hand.sentences)
    assert not any(decision.title.startswith("Adopt") for decision in hand.decisions)


# --- safety -----------------------------------------------------------------------------------------------------------


def test_nothing_is_fetched(page, pdf):
    seen = Tags(page)
    outside = [value for name, value in seen.attributes if re.match(r"(https?:)?//", value)]
    assert [each for each in outside if not each.startswith("http://www.w3.org/")] == []  # names of SVG, not addresses
    assert not re.search(r"url\((?!#)", page)
    assert "@import" not in page
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    annotations = [each.get_object() for sheet in reader.pages for each in sheet.get("/Annots", [])]
    assert annotations
    assert [each for each in annotations if "/URI" in each.get("/A", {})] == []


# --- language ---------------------------------------------------------------------------------------------------------


def english() -> re.Pattern[str]:
    return re.compile(r"\b(the|of|and|with|days|from|owed|invoices?|are|not|by|overdue|customers?|month|year)\b")


def test_no_english_is_left_in_french(page):
    shown = told(page)
    assert [shown[found.start() - 40 : found.end() + 20] for found in english().finditer(shown)] == []
    assert '<html lang="fr">' in page


def test_no_french_is_left_in_english(hand):
    shown = told(report_page(hand))
    assert re.findall(r"\b(les|des|une|jours|factures?|clients?|sont|échu|dont)\b", shown) == []
    assert english().findall(shown)


def test_labels_of_the_report_differ_between_languages():
    alike = {"report.page", "report.fact.client", "report.column.format", "report.term.dso", "report.points"}
    own = [key for key in label_keys() if key.startswith("report.")]
    assert {key for key in own if word(key, "en") == word(key, "fr")} <= alike


def test_figures_are_written_as_french_readers_do(page):
    assert re.search(r"\d\u202f\d{3}\u00a0€", page)
    assert not re.search(r"\d %", page.replace("\u00a0", "~"))
    assert any(month in told(page) for month in MONTHS["fr"])


# --- the files --------------------------------------------------------------------------------------------------------


def test_the_pdf_can_be_read_aloud_and_found_in(pdf, report):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == report.title
    assert reader.metadata.author is None
    titles = {entry.title for entry in reader.outline if not isinstance(entry, list)}
    assert titles >= {part.title for part in report.parts}
    assert 10 <= len(reader.pages) <= 30


def test_the_board_page_is_one_page(pdf, report):
    first, second, *_ = pypdf.PdfReader(io.BytesIO(pdf)).pages
    on_first = plain(first.extract_text())
    assert all(plain(decision.written) in on_first for decision in report.decisions)
    assert plain(second.extract_text()).startswith(
        plain("Négoce & Cie · Situation au 31/12/2025 Confidentiel Sommaire")
    )


def test_every_page_has_its_header_and_number(pdf):
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    for number, sheet in enumerate(pages, start=1):
        text = plain(sheet.extract_text())
        assert "Négoce & Cie" in text
        assert "Confidentiel" in text
        assert f"Page {number} / {len(pages)}" in text


def test_the_suffix_says_which_file(tmp_path: Path, hand: Report, monkeypatch: pytest.MonkeyPatch):
    ledger, shares = ledger_of(LEDGER), []
    page = write_report(ledger, DAY, tmp_path / "r.html", progress=shares.append)
    assert page.read_text(encoding="utf-8") == report_page(hand)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    monkeypatch.setattr(write, "compose_report", lambda *_, **__: hand)
    assert write_report(ledger, DAY, tmp_path / "r.PDF").read_bytes() == report_pdf(hand)
    with pytest.raises(ArlibError, match=r"r\.docx"):
        write_report(ledger, DAY, tmp_path / "r.docx")
    with pytest.raises(ArlibError, match="cannot be written"):
        write_report(ledger, DAY, tmp_path / "nowhere" / "r.html")


def test_a_discount_that_pays_for_itself(report):
    """x / (1 - x) = rate x days / 365 (handbook, metrics 3.5)."""
    sentence = next(text for text in report.sentences if "escompte se paie" in text)
    days, within, rate, share = (float(each.replace(",", ".")) for each in re.findall(r"\d+(?:,\d+)?", sentence))
    off = share / 100
    assert (within, rate) == (10, 5)
    assert off / (1 - off) == pytest.approx(0.05 * (days - 10) / 365, abs=6e-4)
    assert not np.isnan(days)


def test_penalties_are_not_proposed_where_payments_have_no_date():
    """F1 is paid, on a day the list does not tell: what the law makes of its delay is nobody's knowledge."""
    table = "Customer;Invoice;Date;Due date;Amount;Status;Paid on\n"
    table += "A;F1;2024-01-02;2024-02-01;1000.00;paid;\nA;F2;2024-01-02;2024-02-01;1000.00;paid;2024-02-11\n"
    table += "B;F3;2024-06-30;2024-07-10;500.00;open;\n"
    found = arlib.late_penalties(arlib.read_ledger(("list.csv", table.encode()), currency="EUR"))
    assert found.invoices["remaining"].sum() > 0
    assert list(_penalties(SimpleNamespace(asked=SimpleNamespace(penalties=found)))) == []
