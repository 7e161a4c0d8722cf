"""The app without a browser: its choices, its upload, its messages, and the page driven through its widgets."""

import logging
import tempfile
from dataclasses import replace
from datetime import date
from html import escape

import nbformat
import pandas as pd
import pytest

from arlib import words
from arlib.apps import answers as answers_module
from arlib.apps import past_panels, risk_panels
from arlib.apps import poste_client as page_module
from arlib.apps.answers import Answers
from arlib.apps.chart_view import ChartEngine
from arlib.apps.choices import EVERYONE, MOST_KEPT, UPLOADED, Choices, Tried
from arlib.apps.controls import Offer
from arlib.apps.notice import Notice, guarded
from arlib.apps.page import PageLink
from arlib.apps.poste_client import PosteClient, poste_client
from arlib.apps.server import notebooks
from arlib.apps.upload import MEGABYTE, Upload
from arlib.errors import ArlibError
from arlib.measures.figure import Figure
from arlib.readers import read_ledger
from arlib.risk import late_risk
from arlib.samples import load_sample
from arlib.simulation import Costs, Policy, fates, simulate
from arlib.terms import NET_30
from arlib.words import number, say

HOSTILE = "<img src=x onerror=alert(1)>"
# Figures at 2024-03-31, counted by hand: F2 500.00 is 15 days late, F3 1,250.50 falls due on the day, F5 200.00 is
# 41 days late: 1,950.50 owed in 3 items. Sales from 2 January to 31 March: 1,000 + 500 + 1,250.50 + 300.25 + 200 =
# 3,250.75. DSO = 1,950.50 / 3,250.75 x 90 = 54.0.
LEDGER = f"""Client;N° facture;Date facture;Date échéance;Montant TTC;Date règlement
Abeille;F0;01/12/2023;31/12/2023;100,00;28/12/2023
Abeille;F1;10/01/2024;09/02/2024;1000,00;09/02/2024
Abeille;F2;15/02/2024;16/03/2024;500,00;
Bourdon;F3;01/03/2024;31/03/2024;1250,50;
Bourdon;F4;05/01/2024;04/02/2024;300,25;20/02/2024
{HOSTILE};F5;20/01/2024;19/02/2024;200,00;
Abeille;F6;10/04/2024;10/05/2024;700,00;
""".encode()


# ---- choices ----


@pytest.mark.parametrize(
    ("days", "end_of_month", "beyond"),
    [
        (60, "none", False),  # L441-10 I: 60 days from the date of the invoice
        (61, "none", True),
        (45, "after_days", False),  # or 45 days end of month, in either reading
        (46, "after_days", True),
        (45, "before_days", False),
        (46, "before_days", True),
    ],
)
def test_the_law_sets_the_limit_of_each_reading(days, end_of_month, beyond):
    assert Tried(days, end_of_month).beyond_law is beyond


def test_what_is_tried_becomes_a_policy():
    tried = Tried(45, "after_days", follow_share=0.5, segment="PME")
    policy = tried.policy("try")
    assert (str(policy.terms), policy.follow_share, policy.segments) == ("45 days, then end of month", 0.5, ("PME",))
    assert Tried().policy("try").segments is None
    assert tried.label("fr") == "45 jours, puis fin de mois, suivi à 50\u00a0% (PME)"
    everything = Tried(30, late_less=0.2, days_sooner=5, deposit_share=0.3, discount_share=0.025, discount_taken=0.6)
    policy = everything.policy("all")
    levers = ("terms", "faster_invoicing_days", "discount_adoption", "deposit_share", "lateness_factor")
    assert policy.levers == levers
    assert (policy.discount_adoption, policy.lateness_factor) == (0.6, 0.8)
    assert everything.label("en") == (
        "30 days, 2.5% off within 8 days (taken on 60%), lateness −20%, invoiced 5 days sooner, deposit 30%"
    )


def test_terms_can_stay_as_they_are():
    """Then no discount can be granted either: only terms that are known grant one."""
    tried = Tried(90, "today", discount_share=0.02, late_less=0.1)
    assert tried.policy("try").levers == ("lateness_factor",)
    assert not tried.beyond_law
    assert tried.label("en") == "lateness −10%"
    assert Tried(reading="today").label("fr") == "rien de changé"


def test_choices_are_values():
    choices = Choices(language="fr")
    assert choices.with_source(UPLOADED).language == "fr"
    assert choices.source == "negoce"
    with pytest.raises(AttributeError):
        choices.source = "groupe"


def test_what_is_tried_can_be_kept_under_a_name_and_given_up():
    choices = Choices().keeping("").keeping(" Plan A ")
    assert [policy.name for policy in choices.kept] == ["30 days", "Plan A"]
    assert [policy.name for policy in choices.without("30 days").kept] == ["Plan A"]
    longer = replace(choices, tried=Tried(60))
    assert longer.keeping("Plan A").kept[1].terms.days == 60  # in place of what had the name


def test_a_kept_policy_is_not_drawn_twice_and_no_two_have_one_name():
    choices = Choices().keeping("Plan A")
    assert (choices.policy.name, choices.others) == ("Plan A", ())
    other = replace(choices, tried=Tried(60)).keeping("30 days")
    back = replace(other, tried=Tried(30, late_less=0.5))
    assert {policy.name for policy in back.others} == {"Plan A", "30 days"}
    again = replace(other, kept=(Tried(60).policy("45 days"),), tried=Tried(45))
    assert again.policy.name == "45 days (2)"


def test_no_more_are_kept_than_can_be_told_apart():
    choices = Choices()
    for days in range(MOST_KEPT):
        choices = replace(choices, tried=Tried(days)).keeping("")
    with pytest.raises(ArlibError, match="At most 4 policies"):
        replace(choices, tried=Tried(50)).keeping("")
    assert len(replace(choices, tried=Tried(50)).keeping("1 day").kept) == MOST_KEPT
    with pytest.raises(ArlibError):
        Choices().keeping("today")


# ---- upload ----


class Browser:
    """The other end of an upload: what the kernel answers, and sending as the page does."""

    def __init__(self, upload):
        self.upload, self.answers = upload, []
        upload.send = lambda content, **_: self.answers.append(content)

    def say(self, kind, turn=1, part=None, **content):
        self.upload._on_message(self.upload, {"kind": kind, "turn": turn, **content}, [] if part is None else [part])
        return self.answers[-1]["kind"]

    def send(self, name, content, turn=1, slice_size=4):
        self.say("begin", turn, name=name, size=len(content))
        for at in range(0, len(content), slice_size):
            self.say("slice", turn, memoryview(content[at : at + slice_size]), at=at)
        return self.say("end", turn)


@pytest.fixture
def received():
    return []


@pytest.fixture
def browser_end(received):
    upload = Upload(lambda name, content: received.append((name, content)), limit=100)
    yield Browser(upload)
    upload.close()


def test_a_file_arrives_as_it_was_sent(browser_end, received):
    assert browser_end.send("clients.csv", b"0123456789") == "taken"
    assert received == [("clients.csv", b"0123456789")]
    assert browser_end.send("empty.csv", b"", turn=2) == "taken"
    assert received[-1] == ("empty.csv", b"")


def test_a_path_is_not_part_of_a_name(browser_end, received):
    browser_end.send("../../etc/passwd", b"x")
    browser_end.send("C:\\Users\\me\\clients.csv", b"x", turn=2)
    assert [name for name, _ in received] == ["passwd", "clients.csv"]


def test_the_kernel_checks_the_limit_whatever_the_browser_says(browser_end, received):
    assert browser_end.say("begin", name="big.csv", size=101) == "refused"
    assert browser_end.say("begin", name="sly.csv", size=4) == "taken"
    assert browser_end.say("slice", at=0, part=b"01234") == "refused"
    assert received == []


@pytest.mark.parametrize(
    "messages",
    [
        [("end", {})],
        [("slice", {"at": 0, "part": b"a"})],
        [("begin", {"name": "a", "size": 2}), ("slice", {"at": 1, "part": b"a"})],
        [("begin", {"name": "a", "size": 2}), ("slice", {"at": 0, "part": b"a"}), ("end", {})],
        [("begin", {"name": "a", "size": 2}), ("slice", {"at": 0, "part": b"ab", "turn": 2})],
        [("begin", {"name": "a"})],
        [("begin", {"name": "a", "size": -1})],
    ],
)
def test_what_does_not_follow_is_refused_with_a_sentence(browser_end, received, messages):
    for kind, content in messages:
        last = browser_end.say(kind, **content)
    assert last == "refused"
    assert "Choose it once more" in browser_end.answers[-1]["text"]
    assert received == []
    assert browser_end.send("a.csv", b"abc", turn=3) == "taken"  # and the next file is welcome


def test_a_new_file_takes_the_place_of_one_on_its_way(browser_end, received):
    browser_end.say("begin", name="first.csv", size=4)
    browser_end.say("slice", at=0, part=b"ab")
    browser_end.send("second.csv", b"xyz", turn=2)
    assert received == [("second.csv", b"xyz")]


def test_nothing_of_a_file_stays_on_the_disk(monkeypatch, tmp_path, received):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    files = []
    made = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *a, **k: files.append(made(*a, **k)) or files[-1])
    upload = Upload(lambda name, _: received.append(name), limit=100)
    end = Browser(upload)
    end.send("whole.csv", b"abcdef")
    end.say("begin", 2, name="half.csv", size=10)
    end.say("slice", 2, b"abc", at=0)
    upload.close()
    assert received == ["whole.csv"]
    assert [file.closed for file in files] == [True, True]
    assert list(tmp_path.iterdir()) == []


def test_the_upload_speaks_the_language_of_the_page(browser_end):
    browser_end.upload.speak("fr")
    assert browser_end.upload.words["choose"] == "Ouvrir un fichier"
    assert "{name}" in browser_end.upload.words["too_big"]
    assert Upload(lambda *_: None, limit=3 * MEGABYTE).words["hint"].endswith("(3 MB)")


# ---- messages ----


def test_a_sentence_of_arlib_is_shown_as_it_is():
    notice = Notice("fr")
    assert notice.box.layout.display == "none"

    def work():
        raise ArlibError(say("error.not_a_day", value=HOSTILE))

    guarded(work, notice)()
    assert notice.box.layout.display == ""
    assert "n&#x27;est pas une date" in notice._text.value
    assert "<img" not in notice._text.value
    assert 'role="alert"' in notice._text.value
    notice.speak("en")
    assert "is not a date" in notice._text.value
    notice._close.click()
    assert notice.box.layout.display == "none"


def test_an_unexpected_error_is_logged_under_the_code_that_is_shown(caplog):
    notice = Notice("en")

    def work():
        {}["the secret of the machine"]

    with caplog.at_level(logging.ERROR):
        guarded(work, notice)()
    code = caplog.records[-1].args[0]
    assert code in notice._text.value
    assert "secret" not in notice._text.value
    assert caplog.records[-1].exc_info[0] is KeyError


def test_the_busy_sign_goes_out_after_an_error_too():
    link = PageLink()
    seen = []

    def work():
        with link.working("Reading…"):
            seen.append(link.busy)
            {}["nothing"]

    guarded(work, Notice("en"))()
    assert seen == ["Reading…"]
    assert link.busy == ""


# ---- the page ----


@pytest.fixture
def page(monkeypatch):
    """The page on the small ledger above in place of the sample, shown in the browser.

    As much of it is unpaid at the last age it knows of, a DSO is told whatever that share is.
    """
    ledger = read_ledger(("petit.csv", LEDGER), currency="EUR")
    monkeypatch.setattr(page_module, "load_sample", lambda _: ledger)
    monkeypatch.setattr(fates, "MOST_UNKNOWN", 1.0)
    client = PosteClient("en")
    on_screen(client)
    return client


def on_screen(page):
    """The browser says that it shows the page."""
    page._link._handle_custom_msg({"kind": "shown"}, [])


def drawn(page):
    """The browser says that it has drawn what was sent, until there is nothing more to come."""
    for _ in range(10):
        page._link._handle_custom_msg({"kind": "drawn"}, [])
        if page._link.settled:
            return
    pytest.fail("the page never settles")


def shown(page):
    """All the HTML the page shows."""
    figures, trial, forecast = page._figures, page._trial, page._forecast
    parts = (
        figures._about,
        figures._proof,
        figures._reading,
        figures._cards,
        figures._assumed,
        figures._aged,
        figures._customers,
        figures._tested,
        figures._risk,
    )
    below = (trial._law, trial._elsewhere, trial._results, trial._tested, trial._compared, trial._basis)
    last = (forecast._title, forecast._waiting, forecast._tested, forecast._totals, forecast._details)
    return "".join(part.value for part in (*parts, *below, *last, page._title))


def spec_of(page, name):
    trial, figures = page._trial, page._figures
    views = {"dso": trial._dso, "cash": trial._cash, "bridge": trial._bridge, "gains": trial._gains}
    return {**views, "history": figures._dso_history, "forecast": page._forecast._chart}[name].spec


def test_the_figures_are_those_counted_by_hand(page):
    page._controls._as_of.value = date(2024, 3, 31)
    cards = page._figures._cards.value
    assert "EUR\u00a01,950.50" in cards
    assert 'data-testid="open_items"><h3>Open items</h3><p class="arlib-value">3<' in cards
    assert '<p class="arlib-value">54.0 <small>' in cards
    aged = page._figures._aged.value
    for bucket, amount in {"not_due": "1,250.50", "1-30": "500.00", "31-60": "200.00", "61-90": "0.00"}.items():
        assert f'data-testid="aged-{bucket}">{amount}<' in aged
    assert "1,950.50" in page._figures._proof.value
    assert "is-ties" in page._figures._proof.value


def test_where_all_scores_start_from_is_said_once(page):
    risk = page._figures._risk.value
    assert risk.count("All customers together pay") == 1
    assert risk.index("All customers together pay") < risk.index("<table")
    assert risk.count("Own record: ") + risk.count("No invoice settled yet") > 1


def test_a_grade_is_shown_with_how_far_it_may_be_off(page):
    """Two or three invoices do not make a grade."""
    scores = page._answers.scores("en")
    shown = scores[scores["exposure"] > 0].iloc[0]
    assert shown["grade_low"] != shown["grade_high"]
    written = f"{shown['grade']}\u00a0({shown['grade_high']}\u2060–\u2060{shown['grade_low']})"
    assert f"<td>{written}</td>" in page._figures._risk.value


def test_what_late_means_is_said_beside_the_scores(page):
    """F5 is 51 days late on the last day, of the four invoices due 30 days before it: one in four is enough."""
    assert "Late: more than 30 days late." in page._figures._risk.value
    sooner = b"Client;Facture;Date facture;Date echeance;Montant;Date reglement\n" + b"".join(
        b"A;%d;01/%02d/2024;10/%02d/2024;100,00;1%d/%02d/2024\n" % (place, month, month, place % 8, month)
        for place, month in enumerate(range(1, 13))
    )
    page._controls.upload._receive("sooner.csv", sooner + b"A;99;15/12/2024;10/01/2025;100,00;\n")
    assert "Late: after the due date." in page._figures._risk.value
    assert "30 days" in page._figures._risk.value  # and why it is not that


def test_the_strongest_reasons_are_in_sight_and_the_calculation_behind(page):
    risk = page._figures._risk.value
    first = risk[risk.index('class="is-note"') :]
    assert first.index("<details>") < first.index("Own record: ")
    assert "instead of" not in first[: first.index("<details>")]
    assert "Since 2024\N{NON-BREAKING HYPHEN}03\N{NON-BREAKING HYPHEN}31" in risk
    assert "Trend" not in risk  # there is none, so no column of it
    assert "Expected loss" not in risk  # nothing was ever written off: nothing tells what is lost


def test_what_may_be_lost_is_shown_where_the_ledger_tells_it(page, monkeypatch):
    """Where a fifth of what is a year late is lost, the losses are those of `late_risk`."""
    answers = page._answers
    share = Figure(0.2, say("late.loss_share"), {})
    monkeypatch.setattr(answers_module, "learnt_loss_share", lambda *_: share)
    expected = late_risk(answers.ledger, answers.as_of, loss_share=0.2).groupby("customer_id")["expected_loss"].sum()
    page._move(date(2024, 4, 10))
    assert "Expected loss" in page._figures._risk.value
    for loss in expected:
        assert number(loss) in page._figures._risk.value


def test_scores_are_tested_on_the_past_once_the_rest_is_drawn(monkeypatch):
    """Never before: the first figures wait for nothing."""
    monkeypatch.setattr(page_module, "load_sample", lambda _: read_ledger(("petit.csv", LEDGER)))
    asked = []
    monkeypatch.setattr(PageLink, "ask_drawn", lambda _, quiet=0: asked.append(quiet))
    page = PosteClient("en")
    assert asked == []
    assert page._lower.children == ()  # nor for a hundred widgets they do not need
    on_screen(page)
    assert asked == [300]
    for waiting in (page._figures._tested, page._trial._tested, page._forecast._waiting):
        assert "Being computed" in waiting.value
    assert spec_of(page, "cash")
    assert spec_of(page, "gains") == {}
    drawn(page)
    assert spec_of(page, "gains")
    # Seven invoices: nothing can be said of how well they were ranked, and that is what is said.
    assert "Too little to judge" in page._figures._tested.value
    assert page._link.busy == ""
    page._controls._language.value = "fr"
    drawn(page)
    assert "Trop peu pour juger" in page._figures._tested.value


def test_a_test_of_the_sample_has_its_verdict_in_sight_and_the_rest_behind():
    answers = Answers(load_sample("negoce"), pd.Timestamp("2025-12-31"))
    told = [sentence.text("en") for sentence in answers.backtest("en").sentences]
    shown = past_panels.tested("tested", answers.backtest("en").sentences, "en")
    sight, behind = shown.split("<details>")
    assert all(escape(text) in sight for text in told[:2])
    assert all(escape(text) in behind for text in told[2:])
    assert "30 days late" in told[0]  # what the scores shown are about


def test_a_past_day_is_tested_on_what_was_known_then():
    ledger = load_sample("negoce")
    backtest = Answers(ledger, pd.Timestamp("2024-12-31")).backtest("en")
    assert backtest.known_until == pd.Timestamp("2024-12-31")


def test_a_very_large_ledger_is_tested_on_three_closings_and_says_so(monkeypatch):
    monkeypatch.setattr(answers_module, "_MANY_ITEMS", 1000)
    backtest = Answers(load_sample("negoce"), pd.Timestamp("2025-12-31")).backtest("en")
    assert [str(day.date()) for day in backtest.closings] == ["2025-06-30", "2025-07-31", "2025-08-31"]
    assert "Over 3 past closings" in backtest.verdict()
    assert backtest.predictions["closing"].max() == pd.Timestamp("2025-08-31")


@pytest.mark.parametrize(
    ("error", "told"),
    [(ArlibError(say("error.not_a_day", value=HOSTILE)), "is not a date"), (KeyError("secret"), "code ")],
)
def test_a_test_that_fails_says_so_in_its_place(page, monkeypatch, error, told):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(answers_module, "backtest_risk", broken)
    page._controls._as_of.value = date(2024, 3, 31)
    drawn(page)
    assert "The test could not be made" in page._figures._tested.value
    assert told in page._figures._tested.value
    assert "secret" not in page._figures._tested.value
    assert "<img" not in page._figures._tested.value
    assert page._notice.box.layout.display == "none"
    assert "EUR\u00a01,950.50" in page._figures._cards.value


def test_names_of_a_file_are_never_html(page):
    page._controls._as_of.value = date(2024, 3, 31)
    assert "<img" not in shown(page)
    assert "&lt;img src=x onerror=alert(1)&gt;" in page._figures._customers.value


def test_what_the_reader_did_can_be_read(page):
    assert "How the file was read" in page._figures._reading.value
    page._controls.upload._receive("soldé.csv", LEDGER.replace(b";\n", b";30/04/2024\n"))
    assert "arlib-warning" in page._figures._reading.value


def test_what_rests_on_assumed_due_dates_is_said(page):
    """Without due dates, at 2024-04-10, 30 days net: F2 (16 March, 500.00), F3 (31 March, 1,250.50) and F5 (19
    February, 200.00) would be overdue, F6 (700.00) not: 1,950.50 of 2,650.50."""
    assert page._figures._assumed.value == ""
    without = b"\n".join(
        b";".join(cell for place, cell in enumerate(line.split(b";")) if place != 3) for line in LEDGER.splitlines()
    )
    page._controls.upload._receive("sans_échéance.csv", without)
    said = page._figures._assumed.value
    assert "Open items of 2,650.50 have no due date in the file" in said
    assert "due 30 days after their date. 1,950.50 of what is overdue rests on this." in said
    page._controls._language.value = "fr"
    said = page._figures._assumed.value
    assert "Des pièces ouvertes pour 2\u202f650,50 n&#x27;ont pas d&#x27;échéance dans le fichier" in said
    assert "échoir à 30 jours de leur date. 1\u202f950,50 de l&#x27;échu en dépendent." in said


def test_longer_terms_cost_cash_and_shorter_ones_bring_some(page):
    page._controls.levers._days.value = 90
    assert "less has come in than under" in page._trial._results.value
    page._controls.levers._days.value = 0
    assert "more has come in than under" in page._trial._results.value


def test_a_ledger_too_young_for_a_dso_says_so_and_shows_none(page, monkeypatch):
    monkeypatch.setattr(fates, "MOST_UNKNOWN", 0.05)
    page._controls.upload._receive("jeune.csv", LEDGER)
    assert "No DSO can be told over the 30 days" in page._trial._compared.value
    assert "What is known of payments stops" in page._trial._compared.value
    assert "– under today" in page._trial._results.value
    assert "There is nothing to draw" in str(spec_of(page, "dso"))


def test_a_slider_redraws_the_curves_and_nothing_else(page):
    before, history = spec_of(page, "dso"), spec_of(page, "history")
    figures = page._figures._cards.value
    drawn(page)
    causes = spec_of(page, "bridge")
    page._controls.levers._days.value = 75
    assert spec_of(page, "dso") != before
    assert spec_of(page, "bridge") is causes  # what explains the curves waits until the slider rests
    drawn(page)
    assert spec_of(page, "bridge") is not causes
    assert spec_of(page, "history") is history
    assert page._figures._cards.value is figures
    assert "75 days would be beyond it" in page._trial._law.value


def test_following_nothing_changes_nothing(page):
    page._controls.levers._days.value = 90
    page._controls.levers._followed.value = 0
    rows = [row for rows in spec_of(page, "cash")["datasets"].values() for row in rows]
    by_policy = {
        policy: [r["cash_cumulated"] for r in rows if r["policy"] == policy] for policy in {r["policy"] for r in rows}
    }
    assert len(by_policy) == 2
    today, tried = by_policy.values()
    assert tried == pytest.approx(today, abs=0.01)


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("_late_less", 50),
        ("_days_sooner", 10),
        ("_deposit", 30),
        ("_discount", 0.02),
        ("_reading", "after_days"),
        ("_days", 45),
    ],
)
def test_each_lever_moves_the_curves(page, control, value):
    before = {name: spec_of(page, name) for name in ("dso", "cash")}
    getattr(page._controls.levers, control).value = value
    assert all(spec_of(page, name) != curve for name, curve in before.items())
    assert page._notice.box.layout.display == "none"


def test_a_discount_is_never_granted_beyond_the_due_date(page):
    levers = page._controls.levers
    levers._discount.value = 0.05
    levers._discount_days.value = 30
    levers._days.value = 10
    assert levers.tried.discount_days == levers._discount_days.value == levers._discount_days.max == 10
    assert page._controls.choices.policy.terms.discounts[0].until.days == 10
    assert page._notice.box.layout.display == "none"
    levers._days.value = 60
    levers._discount_days.value = 30
    assert levers.tried.discount_days == 30


def test_levers_that_do_not_count_are_closed_and_folded_ones_are_counted(page):
    levers = page._controls.levers
    assert levers._folded.layout.display == "none"
    assert "Other levers: deposit" in levers._title.description
    assert levers._discount_days.disabled
    levers._discount.value = 0.02
    levers._deposit.value = 20
    assert not levers._discount_days.disabled
    assert "2 act here" in levers._title.description
    levers._reading.value = "today"
    assert levers._days.disabled
    assert levers._discount.disabled
    assert "1 acts here" in levers._title.description
    assert page._trial._law.value == ""
    levers._title.value = True
    assert levers._folded.layout.display == ""


def test_the_cost_of_money_is_counted_once_it_is_given(page):
    assert "at 5.0% a year" not in page._trial._compared.value
    page._controls.levers._rate.value = 0.05
    assert "at 5.0% a year" in page._trial._compared.value


def test_a_policy_that_changes_nothing_has_no_causes(page):
    page._controls.levers._reading.value = "today"
    drawn(page)
    assert page._trial._causes.layout.display == "none"
    assert "no difference" in page._trial._results.value
    page._controls.levers._late_less.value = 50
    drawn(page)
    assert page._trial._causes.layout.display == ""


def keep(page, name=""):
    page._controls.shelf._name.value = name
    page._controls.shelf._keep.click()


def chips(page):
    return [button.description for button in page._controls.shelf._list.children]


def test_a_kept_policy_stays_beside_what_is_tried_next(page):
    keep(page, HOSTILE)
    page._controls.levers._days.value = 60
    assert chips(page) == [HOSTILE]
    assert "&lt;img" in page._trial._compared.value
    assert "<img" not in shown(page)
    rows = next(iter(spec_of(page, "dso")["datasets"].values()))
    assert len({row["policy"] for row in rows}) == 3
    page._controls.shelf._list.children[0].click()
    assert chips(page) == []
    assert "&lt;img" not in page._trial._compared.value


def test_what_cannot_be_kept_is_said(page):
    keep(page, "today")
    assert "today" in page._notice._text.value
    assert chips(page) == []
    for days in range(MOST_KEPT + 1):
        page._controls.levers._days.value = days
        keep(page)
    assert "At most 4 policies" in page._notice._text.value
    assert len(chips(page)) == MOST_KEPT


def test_policies_are_saved_and_taken_up_again(page):
    page._controls.levers._late_less.value = 20
    page._controls.levers._discount.value = 0.025
    only = page._controls.shelf.save.content
    assert "30 days; discount of 2.5%" in only  # what is tried, while none is kept
    keep(page, "Été à 45 €")
    saved, kept = page._controls.shelf.save.content, page._controls.choices.kept
    page._controls.shelf._list.children[0].click()
    page._controls.levers._days.value = 70
    page._controls.shelf.upload._receive("politiques.json", saved.encode())
    assert page._controls.choices.kept == kept
    assert chips(page) == ["Été à 45 €"]
    assert "Été à 45 €" in page._trial._compared.value


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'[{"name": "a", "deposit": 0.3}]', "deposit"),
        (b'{"name": "a", "deposit_share": 30}', "30"),
        (b"\xff\xfe\x00", "politiques.json"),
        (b"remember the milk", "is not a policy"),
        (b"/etc/passwd", "is not a policy"),  # a name is no way to a file of the server
        (b'[{"name": "a"}, {"name": "a", "deposit_share": 0.1}]', "same name"),
        (str([{"name": str(each)} for each in range(5)]).replace("'", '"').encode(), "At most 4"),
    ],
)
def test_a_file_that_holds_no_policies_is_explained_and_nothing_changes(page, content, told):
    keep(page, "Plan A")
    figures = shown(page)
    page._controls.shelf.upload._receive("politiques.json", content)
    assert told in page._notice._text.value
    assert "unexpected" not in page._notice._text.value
    assert chips(page) == ["Plan A"]
    assert shown(page) == figures


def test_a_policy_of_another_ledger_is_set_aside_with_a_sentence(page):
    page._controls.shelf.upload._receive(
        "p.json", b'[{"name": "<b>GMS</b>", "segments": ["GMS"], "deposit_share": 0.1}]'
    )
    assert "cannot be tried on this ledger" in page._trial._elsewhere.value
    assert "&lt;b&gt;GMS" in page._trial._elsewhere.value
    assert spec_of(page, "dso")
    assert page._notice.box.layout.display == "none"


def test_the_forecast_comes_last_with_its_test(page):
    """As `forecast_cash` gives it: the page adds nothing of its own."""
    drawn(page)
    forecast = page._answers.forecast
    total = forecast.weekly["expected"].sum()
    assert number(total, decimals=0) in page._forecast._totals.value
    assert "eight times out of ten" in page._forecast._totals.value
    assert page._forecast._waiting.value == ""
    assert spec_of(page, "forecast")
    assert 'data-testid="tested-forecast"' in page._forecast._tested.value
    assert "<img" not in page._forecast._details.value
    assert "Being computed" not in shown(page)


def test_what_is_simulated_on_the_page_is_what_the_functions_say():
    """Its sales are at the level the forecast of the same page has learnt, like those of `simulate`."""
    answers, policy = Answers(load_sample("negoce"), pd.Timestamp("2025-12-31")), Policy("30", NET_30)
    assert answers.base.plan.level != 1
    shown = answers.simulation([policy], 0.05)
    told = simulate(answers.base, policy, costs=Costs(0.05))
    pd.testing.assert_frame_equal(shown.summary, told.summary)
    pd.testing.assert_frame_equal(shown.daily, told.daily)
    bridge = answers.bridge(policy).set_index("measure")["after"]
    assert bridge["dso_month"] == pytest.approx(shown.summary["dso_month"].iloc[1])


@pytest.mark.parametrize("name", ["forecast_cash", "backtest_forecast", "backtest_simulation", "simulate_by_customer"])
def test_a_later_part_that_fails_says_so_in_its_place_and_the_others_come(page, monkeypatch, name):
    def broken(*_, **__):
        {}["secret"]

    monkeypatch.setattr(answers_module, name, broken)
    page._controls._as_of.value = date(2024, 3, 31)
    drawn(page)
    assert "code " in shown(page) + page._trial._unexplained.value
    assert "secret" not in shown(page)
    assert page._notice.box.layout.display == "none"
    assert "Too little to judge" in page._figures._tested.value


def test_the_language_changes_everywhere_at_once(page):
    page._controls._language.value = "fr"
    drawn(page)
    controls = (*page._controls.levers.every.values(), page._controls.shelf._keep, page._controls.shelf._name)
    said = [each.description for each in controls] + [page._controls.shelf.save.label]
    text = shown(page) + str(page._trial._title.value) + "".join(f">{each}<" for each in said)
    assert "Poste client" in text
    assert "Encours client" in text
    assert "1\u202f" in text
    assert "Délai accordé" in text
    assert page._controls.upload.words["choose"] == "Ouvrir un fichier"
    assert page._link.language == "fr"
    for english in english_words():
        assert f">{english}<" not in text, english


def english_words():
    """Labels of the page that read otherwise in French."""
    rooms = ("app.", "show.", "table.")
    keys = [key for key in words.label_keys() if key.startswith(rooms)]
    pairs = [(words.word(key, "en"), words.word(key, "fr")) for key in keys]
    french = {there for _, there in pairs}
    return {here for here, there in pairs if here != there and "{" not in here and here not in french}


def test_a_file_that_cannot_be_read_leaves_the_figures(page):
    figures = shown(page)
    page._controls.upload._receive("février.csv", LEDGER.replace(b"15/02/2024", b"31/02/2024"))
    message = page._notice._text.value
    for part in ("février.csv", "row 4", "31/02/2024", "The page still shows the figures it had."):
        assert part in message
    assert shown(page) == figures
    assert page._controls._source.value == "negoce"
    assert page._link.busy == ""

    page._controls.upload._receive("mars.csv", LEDGER)
    assert page._notice.box.layout.display == "none"
    assert page._controls._source.value == UPLOADED
    assert "mars.csv" in page._figures._about.value


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vide.csv", b""),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("sans_date.csv", b"Client;Montant\nA;10,00\n"),
        ("notes.csv", b"remember the milk\n"),
    ],
)
def test_a_useless_file_is_named_and_the_page_stays(page, name, content):
    figures = shown(page)
    page._controls.upload._receive(name, content)
    assert name in page._notice._text.value
    assert "unexpected" not in page._notice._text.value
    assert shown(page) == figures
    page._controls.levers._days.value = 60  # and still works
    assert page._notice.box.layout.display == "none"


def test_a_sample_that_is_missing_leaves_the_choice_where_it_was(page, monkeypatch):
    def missing(name):
        raise ArlibError(say("samples.unknown", name=name, known="negoce"))

    monkeypatch.setattr(page_module, "load_sample", missing)
    figures = shown(page)
    page._controls._source.value = "groupe"
    assert "groupe" in page._notice._text.value
    assert page._controls._source.value == "negoce"
    assert shown(page) == figures


def test_a_page_never_holds_figures_of_two_ledgers(page, monkeypatch):
    """Whatever breaks, and however late."""
    figures, curves = shown(page), spec_of(page, "dso")
    with monkeypatch.context() as broken:
        scored = risk_panels.riskiest

        def riskiest(answers, *rest):
            if answers.aged["total"].max() > 5_000:
                {}["of the second ledger"]
            return scored(answers, *rest)

        broken.setattr(risk_panels, "riskiest", riskiest)
        page._controls.upload._receive("mars.csv", LEDGER.replace(b"500,00", b"9500,00"))
    assert "code" in page._notice._text.value
    assert shown(page) == figures
    assert spec_of(page, "dso") == curves
    assert page._controls._source.value == "negoce"
    assert UPLOADED not in [value for _, value in page._controls._source.options]


def test_one_can_go_back_to_the_file_one_opened(page):
    page._controls.upload._receive("mars.csv", LEDGER.replace(b"500,00", b"501,00"))
    uploaded = shown(page)
    page._controls._source.value = "groupe"
    assert shown(page) != uploaded
    page._controls._source.value = UPLOADED
    assert shown(page) == uploaded


def test_a_day_outside_the_ledger_is_said_and_the_figures_stay(page):
    figures = shown(page)
    page._controls._as_of.value = date(1999, 1, 1)
    assert "The ledger speaks from 2023-12-01 to 2024-04-10" in page._notice._text.value
    assert shown(page) == figures
    page._controls._as_of.value = date(24, 3, 31)  # a year being typed
    assert page._notice.box.layout.display == "none"
    page._controls._as_of.value = None  # cleared: the last day
    assert "2024-04-10" in page._figures._about.value


def test_a_ledger_without_a_payment_says_so_in_place_of_the_curves(page):
    page._controls.upload._receive("mars.csv", b"Client;Facture;Date facture;Montant\nA;1;01/03/2024;10,00\n")
    assert page._notice.box.layout.display == "none"
    assert "arlib-empty" in page._figures._risk.value
    drawn(page)
    assert page._figures._tested.value == ""  # nothing to test
    assert "arlib-empty" in page._forecast._waiting.value
    assert page._forecast._details.layout.display == "none"
    assert "arlib-empty" in page._trial._trouble.value
    assert page._trial._curves.layout.display == "none"
    assert "10.00" in page._figures._aged.value


def test_segments_are_offered_where_there_are(page):
    assert page._controls.levers._segment.layout.display == "none"
    choices = replace(page._controls.choices, tried=Tried(segment="PME"))
    page._controls.offer(Offer(choices, segments=("GMS", "PME")))
    assert page._controls.levers._segment.value == "PME"
    assert page._controls.levers._segment.layout.display == ""
    assert [value for _, value in page._controls.levers._segment.options] == [EVERYONE, "GMS", "PME"]
    page._controls.offer(Offer(choices, segments=("GMS",)))  # another ledger, without that segment
    assert page._controls.choices.tried.segment == EVERYONE


def test_without_any_ledger_the_page_says_how_to_open_one(monkeypatch):
    def missing(name):
        raise ArlibError(say("samples.unknown", name=name, known=""))

    monkeypatch.setattr(page_module, "load_sample", missing)
    page = PosteClient("en")
    assert page._empty.layout.display == ""
    assert "samples" not in page._empty.value
    assert page._figures.first.layout.display == "none"
    on_screen(page)
    page._controls.levers._days.value = 40
    page._controls.upload._receive("petit.csv", LEDGER)
    assert page._empty.layout.display == "none"
    assert page._figures.first.layout.display == ""


def test_the_page_begins_in_the_language_of_its_server(monkeypatch):
    monkeypatch.setattr(page_module, "load_sample", lambda _: read_ledger(("petit.csv", LEDGER)))
    for served, title in {"fr": "Poste client", "en": "Receivables", "xx": "Receivables"}.items():
        monkeypatch.setenv("ARLIB_LANGUAGE", served)
        assert any(title in getattr(part, "value", "") for part in poste_client().children[0].children)


def test_vega_is_sent_once_a_page(page):
    parts = [*page.page.children, *page._lower.children]
    engines = [part for part in parts if isinstance(part, ChartEngine)]
    assert len(engines) == 1
    assert len(engines[0]._esm) > 500_000
    assert len(page._trial._dso._esm) < 10_000


def test_the_notebook_is_one_thin_cell_without_output():
    notebook = nbformat.read(notebooks() / "apps" / "poste_client.ipynb", as_version=4)
    assert notebook.metadata["title"]
    assert [cell.outputs for cell in notebook.cells] == [[]]
    assert "def " not in notebook.cells[0].source
    assert len(notebook.cells[0].source.splitlines()) <= 4
