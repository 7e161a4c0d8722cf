"""The visit: what is chosen reaches the page on the screen, what goes wrong is told, and everything can be undone."""

from datetime import date

import ipywidgets as widgets
import pytest

from arlib.apps.visit import moment
from arlib.apps.visit import visit as shell
from arlib.apps.visit.choices import Choices
from arlib.apps.visit.visit import OpenVisit
from arlib.errors import ArlibError
from arlib.ledger import known_by
from arlib.readers import read_ledger
from arlib.words import say

LEDGER = (
    "Client;Facture;Date facture;Échéance;Montant;Payé le\n"
    "Abeille;F1;05/01/2024;04/02/2024;1000,00;20/02/2024\n"
    "Abeille;F2;10/02/2024;11/03/2024;500,00;\n"
    "Frelon;F3;15/02/2024;16/03/2024;250,50;\n"
).encode()


class Recorded:
    """A page that remembers what it was to show."""

    def __init__(self, visit, name):
        self.visit, self.name = visit, name
        self.box = widgets.Box()
        self.spoken, self.shown = [], []
        self.trouble = None

    def speak(self, language):
        self.spoken.append(language)

    def show(self, answers, asked):
        if self.trouble is not None:
            raise self.trouble
        self.shown.append((answers.as_of.date().isoformat(), dict(asked)))


@pytest.fixture(scope="module")
def sample():
    return read_ledger(("exemple.csv", LEDGER.replace(b"500,00", b"700,00")))


@pytest.fixture
def visit(monkeypatch, sample):
    """A visit of a small sample whose pages remember; `visit.page(name)` is one of them."""
    pages = {}
    monkeypatch.setattr(moment, "load_sample", lambda _: sample)

    def page(self, name):
        if name not in pages:
            pages[name] = self._pages[name] = Recorded(shell.OwnVisit(self, name), name)
        return pages[name]

    monkeypatch.setattr(shell.OpenVisit, "_page", page)
    opened = OpenVisit("fr")
    opened.page = lambda name: page(opened, name)
    come(opened, "")
    opened._receive("petit.csv", LEDGER)
    return opened


def come(visit, address):
    """The browser says where the visitor is."""
    visit._link._handle_custom_msg({"kind": "shown", "address": address}, [])


def turn(visit, address, *, written=False):
    visit._link._handle_custom_msg({"kind": "turned", "address": address, "written": written}, [])


def ask(visit, **changes):
    """The page on the screen asks."""
    visit.page(visit._moment.choices.page).visit.ask(**changes)


def later(visit, name, work, why_not):
    visit.page(visit._moment.choices.page).visit.later(name, work, why_not)


def rest(visit):
    visit._link._handle_custom_msg({"kind": "rest"}, [])


def drawn(visit):
    """The browser has drawn what was sent, until nothing more is to come."""
    for _ in range(20):
        visit._link._handle_custom_msg({"kind": "drawn"}, [])
        if visit._link.settled:
            return


def test_a_page_is_asked_by_its_controls_and_the_address_says_so(visit):
    turn(visit, "#/customers?q=Abeille")
    assert visit.page("customers").shown == [("2024-02-20", {"q": "Abeille"})]
    ask(visit, q="Frelon", sort="balance")
    assert visit.page("customers").shown[-1][1] == {"q": "Frelon", "sort": "balance"}
    assert "q=Frelon&sort=balance" in visit._link.address
    ask(visit, q=None)
    assert visit.page("customers").shown[-1][1] == {"sort": "balance"}


def test_a_page_is_not_drawn_again_where_nothing_of_it_changed(visit):
    turn(visit, "#/customers")
    times = len(visit.page("customers").shown)
    visit.go("cockpit")
    visit.go("customers")
    assert len(visit.page("customers").shown) == times
    visit._speak("en")
    assert visit.page("customers").spoken[-1] == "en"
    assert len(visit.page("customers").shown) == times + 1
    assert visit.page("cockpit").spoken == ["fr"]  # it is spoken to when it comes to the screen


def test_what_was_done_is_undone_step_by_step_and_a_slider_is_one_step(visit):
    visit.go("simulator")
    for days in ("31", "32", "33"):
        ask(visit, days=days)
    ask(visit, late="20")
    visit._undo()
    assert visit.page("simulator").shown[-1][1] == {"days": "33"}
    visit._undo()
    assert visit.page("simulator").shown[-1][1] == {}
    visit._undo()
    assert visit._moment.choices.page == "start"
    visit._undo()  # the file is closed again, back to the sample
    assert visit._moment.choices.source == "negoce"
    assert not visit._header._tools.undoable
    for _ in range(5):
        visit._undo()  # nothing more to undo is no error


def test_a_day_outside_the_ledger_is_refused_and_the_day_stays(visit):
    before = visit._moment
    visit.doing(visit._move)(date(1999, 12, 31))
    assert visit._moment is before
    assert "1999" not in visit._ledger._as_of.value.isoformat()
    assert visit._notice.box.layout.display == ""
    visit.doing(visit._move)(date(2024, 2, 15))
    assert visit._moment.choices.as_of == date(2024, 2, 15)
    assert visit._notice.box.layout.display == "none"


def test_a_page_that_cannot_show_a_ledger_says_why_in_its_place(visit):
    visit.page("forecast").trouble = ArlibError(say("app.start.none"))
    turn(visit, "#/forecast")
    assert "Aucun grand livre" in visit._empty.value
    assert visit.page("forecast").box.layout.display == "none"
    visit.page("forecast").trouble = None
    turn(visit, "#/forecast?weeks=8")
    assert visit._empty.value == ""
    assert visit.page("forecast").box.layout.display == ""


def test_an_error_nobody_expected_has_a_code_and_the_figures_stay(visit, caplog):
    turn(visit, "#/cockpit")
    before = visit._moment
    visit.page("customers").trouble = RuntimeError("broken")
    turn(visit, "#/customers")
    assert visit._moment is before
    assert "code" in visit._notice._text.value
    code = caplog.records[-1].getMessage().split()[-1]
    assert code in visit._notice._text.value
    assert "broken" not in visit._notice._text.value
    assert "RuntimeError" in caplog.text


def test_what_comes_later_is_told_in_its_place_and_forgotten_with_its_page(visit):
    visit.go("forecast")
    done, told = [], []

    def broken(_):
        raise ArlibError(say("app.start.none"))

    later(visit, "computing", lambda progress: done.append(progress(0.5)), told.append)
    later(visit, "reading", broken, told.append)
    drawn(visit)
    assert done == [None]
    assert [why.text("fr")[:6] for why in told] == ["Aucun "]
    later(visit, "computing", lambda _: done.append("late"), told.append)
    visit.go("cockpit")
    drawn(visit)
    assert done == [None]
    shown = len(visit.page("forecast").shown)
    visit.go("forecast")  # what it still had to show, it will
    assert len(visit.page("forecast").shown) == shown + 1


def test_a_link_to_somebodys_file_shows_no_other_ledger_and_waits_for_the_file(visit):
    address = visit._moment.choices.turned("customers").asking("customers", {"customer": "Abeille"}).address()
    other = OpenVisit("fr")
    other._page = visit._page
    come(other, "#" + address)
    assert other._moment.answers is None
    assert "ouvrez-le à nouveau" in other._empty.value
    shown = len(visit.page("customers").shown)
    other._receive("petit.csv", LEDGER)
    assert visit.page("customers").shown[shown:][-1][1] == {"customer": "Abeille"}


def test_another_ledger_forgets_the_customer_and_keeps_what_is_tried(visit):
    visit.go("simulator", days="45")
    visit.go("customers", customer="Abeille")
    visit._open("negoce")
    assert visit._moment.choices.here == {}
    assert visit._moment.choices.turned("simulator").here == {"days": "45"}


def test_a_ledger_put_in_place_of_another_stays_is_undone_and_keeps_what_belongs_to_the_first(visit):
    before = visit._moment.answers.ledger
    booked = known_by(before, "2024-02-20")
    visit.replace(booked)
    visit._open("negoce")
    visit._open(next(iter(visit._moment.files)))
    assert visit._moment.answers.ledger is booked
    assert visit._moment.answers.opened is before
    for _ in range(3):
        visit._undo()
    assert visit._moment.answers.ledger is before


def test_a_sample_come_back_to_is_the_same_ledger(visit):
    visit._open("negoce")
    first = visit._moment.answers.ledger
    visit._open("groupe")
    visit._open("negoce")
    assert visit._moment.answers.ledger is first


def test_two_files_have_each_their_address(visit):
    first = visit._link.address
    visit._receive("autre.csv", LEDGER.replace(b"500,00", b"900,00"))
    assert visit._moment.answers.ledger.items["amount"].max() == 1000
    turn(visit, "#" + first)
    assert visit._moment.files[visit._moment.choices.source] == "petit.csv"
    assert set(visit._moment.files.values()) == {"petit.csv", "autre.csv"}


def test_another_language_changes_nothing_else(visit):
    turn(visit, "#/customers?q=Abeille")
    visit.doing(visit._move)(date(2024, 2, 15))
    before = visit._moment.choices
    visit._speak("en")
    assert visit._moment.choices.changed(before) == {"language"}
    visit._speak("xx")
    assert visit._moment.choices.language == "en"


def test_a_page_that_is_not_on_the_screen_is_asked_none_the_less(visit):
    """A file that arrives once the visitor has turned the page is the page's that asked for it."""
    visit.go("simulator", days="45")
    simulator = visit.page("simulator").visit
    visit.go("cockpit")
    told = []
    simulator.ask(kept="[]")
    simulator.later("computing", lambda _: told.append("done"), told.append)
    drawn(visit)
    assert told == []
    assert visit._moment.choices.here == {}
    visit.go("simulator")
    assert visit.page("simulator").shown[-1][1] == {"days": "45", "kept": "[]"}


def test_going_to_a_customer_forgets_the_filters_of_the_one_before(visit):
    visit.go("customers", customer="Abeille")
    ask(visit, **{"items.q": "F1"})
    visit.go("customers", customer="Frelon")
    assert visit._moment.choices.here == {"customer": "Frelon"}


def test_an_unknown_page_or_ledger_in_the_address_changes_nothing(visit):
    for address in ("#/../../etc/passwd", "#/customers?ledger=/etc/passwd", "#/nowhere"):
        before = visit._moment.choices
        turn(visit, address)
        assert visit._moment.choices == before


def test_the_navigation_says_where_one_is_and_each_link_opens_its_page(visit):
    turn(visit, "#/customers?q=Abeille")
    links = visit._header._pages.value
    assert links.count("aria-current") == 1
    assert 'data-testid="nav-customers" aria-current="page"' in links
    assert Choices.of_address("/cockpit?lang=fr&ledger=file-", Choices()).page == "cockpit"


def test_an_address_written_by_hand_is_completed_in_its_place(visit):
    """Else going back would come to the incomplete one, which leads here again."""
    steps = visit._link.steps
    turn(visit, "#/customers", written=True)
    assert "day=2024-02-20" in visit._link.address
    assert visit._link.steps == steps
    turn(visit, "#/cockpit")
    assert visit._link.steps == steps + 1


def test_two_choices_with_a_rest_between_them_are_two_steps(visit):
    visit.go("cockpit")
    ask(visit, bucket="1-30")
    rest(visit)
    ask(visit, bucket="31-60")
    visit._undo()
    assert visit.page("cockpit").shown[-1][1] == {"bucket": "1-30"}
