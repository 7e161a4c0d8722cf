"""The audit page without a browser: what was understood, findings, law, what is brought beside, what is handed over."""

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from petit import HOSTILE, LEDGER
from visiting import FakeVisit, clicked

from arlib.apps.answers import Answers
from arlib.apps.pages.audit import AuditPage, files, findings, handover
from arlib.apps.pages.audit.asked import LONGEST_NAME, PARTS, AuditAsked, left_out
from arlib.checks import check, compare_ledgers
from arlib.export.workbook import SECTIONS
from arlib.law import doubtful_debts, late_penalties, limitation_dates, payment_delay_table, vat_on_bad_debts
from arlib.ledger import balance
from arlib.readers import read_ledger
from arlib.risk import read_facts
from arlib.samples import load_sample
from arlib.words import LANGUAGES, money, number, word

# One more invoice, one more payment than in LEDGER: F3 paid after its day, F7 new (counted by hand).
LATER = LEDGER.replace(b"1250,50;\n", b"1250,50;15/04/2024\n") + b"Abeille;F7;12/04/2024;12/05/2024;50,00;\n"
FACTS = b"Client;Fait;Valeur;Date;Source\nAbeille;statut;liquidation judiciaire;01/03/2024;BODACC\n"


@pytest.fixture(scope="module")
def negoce():
    ledger = load_sample("negoce")
    return Answers(ledger, ledger.day())


@pytest.fixture(scope="module")
def found(negoce):
    return check(negoce.ledger)


@pytest.fixture(scope="module")
def answers():
    ledger = read_ledger(("petit.csv", LEDGER), currency="EUR")
    return Answers(ledger, pd.Timestamp("2024-03-31"))


@pytest.fixture
def visit():
    return FakeVisit()


def opened(visit, answers, **asked):
    page = AuditPage(visit)
    visit.open(page, answers, **asked)
    visit.do_waiting()
    assert visit.told == []
    return page


def part(page, name):
    return page._made[name]


def sent(upload, name, content):
    """A file on its way in, as the browser sends it."""
    upload._receive(name, content)


# ---- what is asked


@given(
    st.dictionaries(st.sampled_from(["part", "check", "basis", "client", "without", "r.page"]), st.text(max_size=200))
)
def test_garbage_in_an_address_is_as_usual(asked):
    found = AuditAsked.of(asked)
    assert found.part in PARTS
    assert found.basis in ("gross", "net")
    assert found.sections
    assert len(found.client) <= LONGEST_NAME


def test_an_alert_that_names_a_check_is_about_findings():
    assert AuditAsked.of({"check": "old_debt"}).part == "findings"
    assert AuditAsked.of({"check": "old_debt", "part": "law"}).part == "law"
    assert AuditAsked.of({}).part == "books"


def test_sections_left_out_come_back_from_the_address():
    assert left_out([]) is None
    written = left_out(["simulation", "aged"])
    assert AuditAsked.of({"without": written}).without == {"simulation", "aged"}
    assert AuditAsked.of({"without": ",".join(SECTIONS)}).sections == SECTIONS


# ---- what was understood


def test_what_was_understood_is_there_at_once(visit, negoce, found):
    page = AuditPage(visit)
    visit.open(page, negoce)
    books, ledger = part(page, "books"), negoce.ledger
    for text in (number(len(ledger.items), decimals=0), "300", money(balance(ledger), "en", "EUR")):
        assert text in books._figures.value
    assert books._proof.value.count(number(balance(ledger))) >= 5  # each way of counting
    assert 'data-testid="audit-ties"' in books._proof.value
    source = ledger.sources[0]
    assert source.sha256 in books._files.value
    for sentence in source.reading:
        assert sentence.text().split(",")[0][:30] in books._files.value
    assert list(visit.waiting) == ["checking"]
    visit.do_waiting()
    for severity in ("error", "warning", "info"):
        assert f'data-testid="audit-{severity}"' in books._found.value
        assert f">{found.loc[found['severity'] == severity, 'count'].sum()}<" in books._found.value


def test_accounts_that_do_not_tie_are_told(visit, answers):
    controls = answers.ledger.controls
    wrong = replace(answers.ledger, controls=controls.assign(amount=controls["amount"] * 2))
    page = opened(visit, Answers(wrong, answers.as_of))
    assert 'data-testid="audit-differs"' in part(page, "books")._proof.value


# ---- findings


def test_findings_are_those_of_the_function(visit, negoce, found):
    page = opened(visit, negoce, part="findings")
    table = part(page, "findings")._checks
    rows = {row["key"]: [text for text, _ in row["cells"]] for row in table.shown["rows"]}
    assert list(rows) == list(dict.fromkeys(found["check"]))
    for key, of_check in found.groupby("check"):
        assert rows[key][2:] == [number(of_check["count"].sum(), decimals=0), number(of_check["amount"].sum())]
    clicked(table, {"kind": "open", "key": "disputed"})
    assert visit.asked[-1]["check"] == "disputed"
    one = part(page, "findings")._rows
    disputed = found[found["check"] == "disputed"]
    assert f"of {len(disputed)}" in one.shown["pager"]
    assert number(disputed["amount"].sum()) in one.shown["totals"]
    assert part(page, "findings")._list.layout.display == "none"
    clicked(one, {"kind": "open", "key": str(disputed.index[0])})
    assert visit.gone == [("customers", {"customer": disputed["customer_id"].iloc[0]})]


def test_a_check_that_found_nothing_here_shows_the_list(visit, answers):
    page = opened(visit, answers, check="no_such_check")
    assert part(page, "findings")._one.layout.display == "none"
    assert page._tabs.here == "findings"


def test_a_finding_about_no_customer_opens_none(visit, answers, found, monkeypatch):
    """A series of numbers or a month is nobody's; the same finding of a customer opens its card."""
    two = found.head(2).assign(check="gap", customer_id=[pd.NA, "Abeille"])
    monkeypatch.setattr(Answers, "findings", lambda *_: two)
    page = opened(visit, Answers(answers.ledger, answers.as_of), check="gap")
    for key in two.index:
        clicked(part(page, "findings")._rows, {"kind": "open", "key": str(key)})
    assert visit.gone == [("customers", {"customer": "Abeille"})]


def test_what_is_at_stake_and_unknown_is_a_dash():
    rows = pd.DataFrame({"check": ["gap"], "severity": "info", "meaning": "?", "count": 3, "amount": float("nan")})
    assert findings.by_check(rows)["amount"].isna().all()


# ---- the law


def test_law_figures_are_those_of_the_functions(visit, negoce):
    page = opened(visit, negoce, part="law")
    law, ledger, day = part(page, "law"), negoce.ledger, negoce.as_of
    table = payment_delay_table(ledger, day)
    for amount in table.unpaid["amount"]:
        assert number(amount) in law._tables.value
    penalties = late_penalties(ledger)
    assert money(penalties.invoices["due"].sum(), "en", "EUR") in law._earned.value
    assert number(penalties.invoices["interest"].sum()) in law._halves.value  # halves add up to the whole
    assert number(penalties.by_customer["due"].sum()) in law._penalties.shown["totals"]
    until = limitation_dates(ledger)
    assert number(until.rows["open_amount"].sum()) in law._limitation.shown["totals"]
    first = until.rows.iloc[0]
    clicked(law._limitation, {"kind": "open", "key": str(first["item_id"])})
    assert visit.gone == [("customers", {"customer": first["customer_id"]})]


def test_the_statutory_table_without_tax_is_asked_for_and_refused_where_it_is_not_known(visit, answers, negoce):
    page = opened(visit, negoce, part="law")
    part(page, "law")._basis.value = "net"
    assert visit.asked[-1] == {"basis": "net"}
    net = payment_delay_table(negoce.ledger, negoce.as_of, basis="net")
    assert number(net.unpaid["amount"].iloc[-1]) in part(page, "law")._tables.value
    other = opened(visit, answers, part="law", basis="net")
    assert 'class="arlib-empty"' in part(other, "law")._tables.value
    assert part(other, "law")._basis.value == "net"


# ---- what is brought


def test_facts_of_a_file_make_doubtful_debts_and_vat_and_are_left_out_again(visit, answers):
    """Abeille, in liquidation since 1 March, owes F2, 500.00."""
    page = opened(visit, answers, part="doubtful")
    doubtful, ledger = part(page, "doubtful"), answers.ledger
    assert 'class="arlib-empty"' in doubtful._doubtful.value
    sent(doubtful._upload, "faits.csv", FACTS)
    assert visit.told == []
    facts = read_facts(("faits.csv", FACTS), customers=ledger.customers)
    debts = doubtful_debts(ledger, answers.as_of, facts=facts).debts
    assert debts["amount"].tolist() == [500.0]
    assert "Abeille" in doubtful._doubtful.value
    assert "loss rate" in doubtful._doubtful.value  # nobody has said how much of it is lost: the list says so first
    assert "faits.csv" in doubtful._told.value
    vat = vat_on_bad_debts(ledger, answers.as_of, facts=facts)
    assert "500.00" in doubtful._vat.value
    assert vat.items["status"].isin(["unknown", "eligible"]).any()
    doubtful._forget.click()
    assert 'class="arlib-empty"' in doubtful._doubtful.value


def test_facts_of_other_customers_are_refused(visit, answers):
    page = opened(visit, answers, part="doubtful")
    sent(part(page, "doubtful")._upload, "faits.csv", FACTS.replace(b"Abeille", b"Nobody"))
    assert len(visit.told) == 1
    assert part(page, "doubtful").dossier.facts is None


def test_an_earlier_export_is_compared_item_by_item(visit):
    later = Answers(read_ledger(("later.csv", LATER), currency="EUR"), pd.Timestamp("2024-04-30"))
    page = opened(visit, later, part="compared")
    compared = part(page, "compared")
    assert compared._answer.layout.display == "none"
    sent(compared._upload, "petit.csv", LEDGER.replace(b"\n", b"\r\n"))
    assert visit.told == []
    found = compare_ledgers(read_ledger(("petit.csv", LEDGER), currency="EUR"), later.ledger)
    rows = compared._items.shown["rows"]
    assert len(rows) == len(found.items)
    assert any("F7" in cell for row in rows for cell, _ in row["cells"])
    assert f"of {len(found.items)}" in compared._items.shown["pager"]
    compared._forget.click()
    assert compared._answer.layout.display == "none"


def test_what_is_brought_belongs_to_its_ledger(visit, answers, negoce):
    page = opened(visit, answers, part="doubtful")
    sent(part(page, "doubtful")._upload, "faits.csv", FACTS)
    visit.open(page, negoce, part="doubtful")
    assert part(page, "doubtful").dossier.facts is None


# ---- what is handed over


def test_the_names_and_the_sections_are_asked(visit, answers):
    page = opened(visit, answers, part="handover")
    over = part(page, "handover")
    over._names["client"].value = "  Abeille & Cie  "
    assert visit.asked[-1] == {"client": "Abeille & Cie"}
    over._sections["simulation"].value = False
    assert visit.asked[-1] == {"without": "simulation"}
    assert "simulation" not in over.asked.sections
    over._sections["simulation"].value = True
    assert visit.asked[-1] == {"without": None}


def test_a_workbook_keeps_at_least_one_section(visit, answers):
    others = ",".join(key for key in SECTIONS if key != "proof")
    page = opened(visit, answers, part="handover", without=others)
    over = part(page, "handover")
    over._sections["proof"].value = False
    assert over._sections["proof"].value is True
    assert visit.told == []


def test_the_workbook_holds_the_sections_asked_and_shows_how_far_it_is(visit, answers):
    others = ",".join(key for key in SECTIONS if key not in ("cover", "proof", "open_items"))
    page = opened(visit, answers, part="handover", client=HOSTILE, without=others)
    name, made = part(page, "handover")._workbook()
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == [word(f"export.sheet.{key}") for key in ("cover", "proof", "open_items")]
    assert name.endswith("audit-2024-03-31.xlsx")
    assert visit.worked == ["writing_workbook"]
    assert visit.shares[-1] == pytest.approx(1.0)


def test_the_report_and_the_table_are_handed_to_their_writers(visit, answers, monkeypatch):
    """What they write is tested with them; here, that they are given what was asked, and nothing stays."""
    given = {}

    def write(ledger, as_of, path, **told):
        given.update(told, ledger=ledger, as_of=as_of, path=path)
        path.write_bytes(b"made")

    monkeypatch.setattr("arlib.export.report.write_report", write)
    page = opened(visit, answers, part="handover", client="Abeille", author="Nous")
    assert part(page, "handover")._report("pdf") == ("Abeille report-2024-03-31.pdf", b"made")
    assert (given["client"], given["author"], given["ledger"]) == ("Abeille", "Nous", answers.ledger)
    assert not given["path"].parent.exists()
    name, made = files.delays(answers, "gross", "fr")
    assert name == "delais-de-paiement-2024-03-31.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(made)).sheetnames[0] == "Tableau I"


# ---- everywhere


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_texts_are_texts_on_every_part(answers, language):
    visit = FakeVisit(language=language)
    page = AuditPage(visit)
    named = replace(answers.ledger.sources[0], name=HOSTILE)
    hostile = Answers(replace(answers.ledger, sources=(named,)), answers.as_of)
    for name in PARTS:
        visit.open(page, hostile, part=name)
        visit.do_waiting()
        html = "".join(str(value) for value in vars(part(page, name)).values() if isinstance(value, str))
        html += "".join(each.value for each in vars(part(page, name)).values() if hasattr(each, "value"))
        assert HOSTILE not in html
        assert page._tabs.here == name
    assert visit.told == []


def test_a_ledger_where_nothing_is_owed_says_so(visit):
    ledger = read_ledger(("paid.csv", b"\n".join(LEDGER.split(b"\n")[:3])), currency="EUR")
    page, paid = AuditPage(visit), Answers(ledger, pd.Timestamp("2024-12-31"))
    for name in PARTS:
        visit.open(page, paid, part=name)
        visit.do_waiting()
    assert visit.told == []
    assert part(page, "law")._limitation.shown["empty"]
    assert 'class="arlib-empty"' in part(page, "doubtful")._vat.value


def test_every_section_of_the_workbook_has_a_name():
    for language in LANGUAGES:
        labels = [handover.section_label(key, language) for key in SECTIONS]
        assert len(set(labels)) == len(SECTIONS)


def test_turning_to_another_part_leaves_the_check(visit, answers):
    page = opened(visit, answers, check="old_debt")
    page._turn("law")
    assert visit.asked[-1] == {"part": "law", "check": None}
    page._turn("books")
    assert visit.asked[-1] == {"part": None, "check": None}
