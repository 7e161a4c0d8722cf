"""The visit with its own pages: samples and files, good and bad; and what a server makes of it."""

import nbformat
import pytest
from hostile_files import every_kind, zipped
from petit import LEDGER
from visiting import clicked

from arlib.apps.parts.chart_view import ChartEngine, ChartView
from arlib.apps.poste_client import poste_client
from arlib.apps.server import notebooks
from arlib.apps.visit import OpenVisit
from arlib.apps.visit import moment as moment_module
from arlib.apps.visit.choices import UPLOADED
from arlib.checks import proof
from arlib.errors import ArlibError
from arlib.readers import read_ledger
from arlib.words import say


@pytest.fixture
def visit(monkeypatch):
    """A visit on the small ledger in place of the samples, at its cockpit."""
    small = read_ledger(("petit.csv", LEDGER), currency="EUR")
    monkeypatch.setattr(moment_module, "load_sample", lambda _: small)
    opened = OpenVisit("en")
    opened._link._handle_custom_msg({"kind": "shown", "address": "#/cockpit"}, [])
    return opened


def choose(visit, source):
    """The visitor picks a ledger in the list."""
    visit._ledger._source.value = source


def send(visit, name, content):
    """A file of the visitor's has arrived."""
    visit._ledger._upload._receive(name, content)


def figures(visit):
    """The key figures on the screen."""
    return visit._pages["cockpit"]._cards.value


def told(visit):
    """The message on the screen; empty without one."""
    return "" if visit._notice.box.layout.display == "none" else visit._notice._text.value


def test_a_file_that_cannot_be_read_leaves_the_figures(visit):
    before = figures(visit)
    send(visit, "février.csv", LEDGER.replace(b"15/02/2024", b"31/02/2024"))
    for part in ("février.csv", "row 4", "31/02/2024", "The page still shows the figures it had."):
        assert part in told(visit)
    assert figures(visit) == before
    assert visit._ledger._source.value == "negoce"
    assert visit._link.busy == ""
    send(visit, "mars.csv", LEDGER.replace(b"500,00", b"501,00"))
    assert told(visit) == ""
    assert visit._ledger._source.value.startswith(UPLOADED)
    assert "mars.csv" in visit._about.value
    assert figures(visit) != before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vide.csv", b""),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("sans_date.csv", b"Client;Montant\nA;10,00\n"),
        ("notes.csv", b"remember the milk\n"),
    ],
)
def test_a_useless_file_is_named_and_the_page_stays(visit, name, content):
    before = figures(visit)
    send(visit, name, content)
    assert name in told(visit)
    assert "unexpected" not in told(visit)
    assert figures(visit) == before
    clicked(visit._pages["cockpit"]._aged, {"kind": "chosen", "bucket": "1-30"})  # and still works
    assert told(visit) == ""


def test_a_sample_that_is_missing_leaves_the_choice_where_it_was(visit, monkeypatch):
    def missing(name):
        raise ArlibError(say("samples.unknown", name=name, known="negoce"))

    monkeypatch.setattr(moment_module, "load_sample", missing)
    before = figures(visit)
    choose(visit, "groupe")
    assert "groupe" in told(visit)
    assert visit._ledger._source.value == "negoce"
    assert figures(visit) == before


def test_one_can_go_back_to_the_file_one_opened(visit):
    send(visit, "mars.csv", LEDGER.replace(b"500,00", b"501,00"))
    uploaded = figures(visit)
    choose(visit, "groupe")
    assert figures(visit) != uploaded
    choose(visit, next(iter(visit._moment.files)))
    assert figures(visit) == uploaded


def test_without_any_ledger_the_page_says_how_to_open_one(monkeypatch):
    def missing(name):
        raise ArlibError(say("samples.unknown", name=name, known=""))

    monkeypatch.setattr(moment_module, "load_sample", missing)
    visit = OpenVisit("en")
    visit._link._handle_custom_msg({"kind": "shown", "address": "#/cockpit"}, [])
    assert "Choose a sample or open a file" in visit._empty.value
    assert list(visit._pages) == ["start"]  # which says how to begin, without a figure
    assert all(card._figure.value == "" for card in visit._pages["start"]._cards.values())
    send(visit, "petit.csv", LEDGER)
    assert (told(visit), visit._empty.value) == ("", "")
    assert "2,650" in visit._pages["start"]._cards["cockpit"]._figure.value


def test_the_visit_begins_in_the_language_of_its_server(visit, monkeypatch):
    assert visit.language == "en"
    for served, title in {"fr": "Poste client", "en": "Receivables", "xx": "Receivables"}.items():
        monkeypatch.setenv("ARLIB_LANGUAGE", served)
        assert any(title in getattr(part, "value", "") for part in poste_client().children[0].children)


def test_vega_is_sent_once_a_visit(visit):
    engines = [part for part in visit.box.children if isinstance(part, ChartEngine)]
    assert len(engines) == 1
    assert len(engines[0]._esm) > 500_000
    assert len(ChartView(name="any")._esm) < 10_000


def test_the_notebook_is_one_thin_cell_without_output():
    notebook = nbformat.read(notebooks() / "apps" / "poste_client.ipynb", as_version=4)
    assert notebook.metadata["title"]
    assert [cell.outputs for cell in notebook.cells] == [[]]
    assert "def " not in notebook.cells[0].source
    assert len(notebook.cells[0].source.splitlines()) <= 4


SPOILT = {
    **every_kind(),
    **{f"half_{name}": content[: len(content) // 2] for name, content in every_kind().items()},
    "empty.csv": b"",
    "zeros.xlsx": bytes(5_000),
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(1_000),
    "program.csv": b"\x7fELF" + bytes(range(256)) * 20,
    "archive_of_archives.zip": zipped({"a.zip": zipped({"b.zip": b"PK"})}),
    "only_headings.csv": LEDGER.splitlines()[0] + b"\n",
    "no_amounts.csv": b"Client;Facture;Date facture;Montant\nA;F1;01/02/2024;\n",
    "impossible_day.csv": LEDGER.replace(b"15/02/2024", b"31/02/2024"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_whatever_file_comes_it_is_read_or_refused_in_a_sentence(visit, name):
    """Never an unexpected error, never a figure of half a file: the page shows the file, whole, or what it had."""
    before = figures(visit)
    send(visit, name, SPOILT[name])
    assert visit._link.busy == ""
    if told(visit):
        assert "Something unexpected" not in told(visit)
        assert name in told(visit)
        assert figures(visit) == before
        assert visit._ledger._source.value == "negoce"
    else:
        assert name in visit._about.value
        assert proof(visit._moment.answers.ledger)["ties"].all()
