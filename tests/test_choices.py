"""What a visitor has chosen: a link holds all of it, and an address written by hand breaks nothing."""

from datetime import date
from types import MappingProxyType

from hypothesis import example, given
from hypothesis import strategies as st

from arlib.apps.visit.choices import UPLOADED, Choices

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ASKED = st.dictionaries(
    st.text("abcdefgq._", min_size=1, max_size=8).filter(lambda name: name != "day"), TEXTS, max_size=4
)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2999, 12, 31))


@given(
    st.sampled_from(["fr", "en"]),
    st.sampled_from(["start", "customers", "simulator"]),
    st.sampled_from(["negoce", "groupe", UPLOADED]),
    DAYS,
    ASKED,
)
@example("fr", "customers", UPLOADED, date(2024, 2, 29), {"customer": "=A&B?#é\u00a0<img>"})
def test_a_link_holds_everything_that_was_chosen(language, page, source, as_of, asked):
    chosen = Choices(language, page, source, as_of, MappingProxyType({page: MappingProxyType(asked)}))
    reopened = Choices.of_address("#" + chosen.address(), Choices(language="fr" if language == "en" else "en"))
    # An empty text in an address is as good as none: the page takes what is usual.
    assert dict(reopened.here) == {name: text for name, text in asked.items() if text}
    assert (reopened.language, reopened.page, reopened.source, reopened.as_of) == (language, page, source, as_of)


@given(TEXTS)
@example("#/customers?day=2024-02-30&lang=de")
@example("#" + "x" * 100_000)
def test_an_address_written_by_hand_never_breaks(address):
    usual = Choices(language="fr")
    choices = Choices.of_address(address, usual)
    assert choices.language in ("fr", "en")
    assert choices.as_of is None or isinstance(choices.as_of, date)


def test_what_other_pages_were_asked_stays_and_is_not_in_the_address():
    choices = Choices(page="simulator").asking("simulator", {"days": "45"}).turned("customers")
    choices = choices.asking("customers", {"q": "Dupont & fils", "page": None})
    assert choices.address() == "/customers?lang=en&ledger=negoce&q=Dupont%20%26%20fils"
    assert choices.turned("simulator").here == {"days": "45"}


def test_what_changed_is_named():
    before = Choices(page="simulator").asking("simulator", {"days": "45"})
    after = before.asking("simulator", {"days": "46"})
    assert after.changed(before) == {"simulator.days"}
    assert before.changed(before) == set()
    assert before.turned("start").changed(before) == {"page"}
    assert before.asking("simulator", {"days": None}).changed(before) == {"simulator.days"}
