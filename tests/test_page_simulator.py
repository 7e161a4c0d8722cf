"""The simulator without a browser: levers and policies as texts of an address, and the page driven by its widgets."""

import json
from dataclasses import fields

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from petit import HOSTILE, LEDGER
from visiting import FakeVisit, clicked

from arlib.apps import answers as answers_module
from arlib.apps.answers import Answers
from arlib.apps.pages.simulator import SimulatorPage
from arlib.apps.pages.simulator.kept import MOST_KEPT, Kept, Trial
from arlib.apps.pages.simulator.tried import (
    EVERYONE,
    MOST_DAYS,
    MOST_DAYS_SOONER,
    MOST_DISCOUNT_DAYS,
    READINGS,
    Levers,
    Tried,
    Who,
)
from arlib.apps.visit.choices import Choices
from arlib.errors import ArlibError
from arlib.readers import read_ledger
from arlib.samples import load_sample
from arlib.simulation import Costs, Policy, fates, read_policies, simulate
from arlib.terms import NET_30, PaymentTerms
from arlib.words import number, say

SEGMENTS = Who(("GMS", "PME"))


# ---- what is tried


@pytest.mark.parametrize(
    ("days", "reading", "beyond"),
    [
        (60, "none", False),  # L441-10 I: 60 days from the date of the invoice
        (61, "none", True),
        (45, "after_days", False),  # or 45 days end of month, in either reading
        (46, "after_days", True),
        (45, "before_days", False),
        (46, "before_days", True),
        (90, "today", False),
    ],
)
def test_the_law_sets_the_limit_of_each_reading(days, reading, beyond):
    assert Levers(days, reading).beyond_law is beyond


def test_levers_become_a_policy():
    levers = Levers(45, "after_days", follow_share=0.5)
    assert (str(levers.policy("try").terms), levers.policy("try").follow_share) == ("45 days, then end of month", 0.5)
    assert levers.label("fr") == "45 jours, puis fin de mois, suivi à 50\u00a0%"
    everything = Levers(30, late_less=0.2, days_sooner=5, deposit_share=0.3, discount_share=0.025, discount_taken=0.6)
    policy = everything.policy("all")
    assert policy.levers == (
        *("terms", "faster_invoicing_days", "discount_adoption", "deposit_share", "lateness_factor"),
    )
    assert (policy.discount_adoption, policy.lateness_factor) == (0.6, 0.8)
    assert everything.label("en") == (
        "30 days, 2.5% off within 8 days (taken on 60%), lateness −20%, invoiced 5 days sooner, deposit 30%"
    )


def test_terms_can_stay_as_they_are():
    """Then no discount can be granted either: only terms that are known grant one."""
    levers = Levers(90, "today", discount_share=0.02, late_less=0.1)
    assert levers.policy("try").levers == ("lateness_factor",)
    assert levers.label("en") == "lateness −10%"
    assert Levers(reading="today").label("fr") == "rien de changé"


def test_a_discount_never_outlasts_the_due_date():
    assert Levers(10, discount_share=0.02, discount_days=30).policy("try").terms.discounts[0].until.days == 10


def test_each_segment_meets_its_own_levers_and_the_others_those_of_all():
    """What a segment does not move follows those of all, later moves included."""
    tried = Tried.of({"days": "45", "late": "0.2", "days@GMS": "60", "sooner@PME": "5", "days@Absent": "10"})
    policy = tried.policy("mine", Who(("Autres", "GMS", "PME"), others=("C9",)))
    assert [(part.segments, part.customers, part.terms.days) for part in policy.parts] == [
        (("Autres",), ("C9",), 45),
        (("GMS",), None, 60),
        (("PME",), None, 45),
    ]
    assert [part.lateness_factor for part in policy.parts] == [0.8, 0.8, 0.8]
    assert [part.faster_invoicing_days for part in policy.parts] == [0, 0, 5]
    label = tried.label("en", SEGMENTS)
    assert label.startswith("45 days, lateness −20% · GMS: 60 days")
    assert "Absent" not in label


def test_a_segment_alone_can_be_tried():
    policy = Tried.of({"reading": "today", "reading@PME": "none"}).policy("mine", SEGMENTS)
    assert (policy.name, policy.segments, policy.terms, policy.parts) == ("mine", ("PME",), NET_30, ())


def test_a_segment_can_stay_as_it_is_where_the_others_change():
    policy = Tried.of({"reading@PME": "today"}).policy("mine", SEGMENTS)
    assert (policy.segments, policy.parts) == (("GMS",), ())


def test_where_all_segments_are_alike_there_is_one_policy_for_all():
    for asked in ({}, {"days@GMS": "30"}, {"days@Absent": "60"}):
        policy = Tried.of(asked).policy("mine", SEGMENTS)
        assert (policy.segments, policy.customers, policy.parts) == (None, None, ())


shares = st.integers(0, 100).map(lambda percent: percent / 100)
levers = st.builds(
    Levers,
    days=st.integers(0, MOST_DAYS),
    reading=st.sampled_from(READINGS),
    late_less=shares,
    follow_share=shares,
    days_sooner=st.integers(0, MOST_DAYS_SOONER),
    deposit_share=shares,
    discount_share=st.integers(0, 200).map(lambda thousandths: thousandths / 1000),
    discount_days=st.integers(0, MOST_DISCOUNT_DAYS),
    discount_taken=shares,
)
own = levers.flatmap(
    lambda each: st.sets(st.sampled_from([one.name for one in fields(Levers)]), min_size=1).map(
        lambda names: {name: getattr(each, name) for name in names}
    )
)
tries = st.builds(Tried, levers, st.dictionaries(st.text(min_size=1, max_size=20), own, max_size=3))


@given(tries)
def test_a_link_reopens_every_lever_of_every_segment(tried):
    address = Choices(page="simulator", asked={"simulator": tried.asked()}).address()
    assert Tried.of(Choices.of_address(f"#{address}", Choices()).here) == tried


@given(tries)
def test_whatever_the_levers_they_make_a_policy(tried):
    policy = tried.policy("mine", SEGMENTS)
    assert read_policies(Kept((policy,)).text) == (policy,)


names = st.sampled_from(["days", "reading", "late", "follow", "sooner", "deposit", "discount", "within", "taken"])
others = st.sampled_from(["kept", "rate", "segment", "more"])
odd = st.sampled_from(["-1", "1e9", "nan", "inf", "91", "٣", "1.5", "[]", "[{}]", '[{"name":1}]'])


@given(st.dictionaries(st.one_of(names, names.map("{}@GMS".format), others, st.text()), st.one_of(st.text(), odd)))
def test_garbage_in_an_address_is_as_usual(asked):
    trial = Trial.of(asked, SEGMENTS)
    assert 0 <= trial.financing_rate <= 0.3
    assert trial.segment in ("", *SEGMENTS.segments)
    assert trial.policy("fr").name


def test_what_an_address_says_badly_is_as_usual():
    bad = {"days": "91", "reading": "never", "late": "-0.1", "follow": "nan", "sooner": "1.5", "discount": "0.9"}
    assert Trial.of(bad | {"kept": "[{", "rate": "7"}, SEGMENTS) == Trial(who=SEGMENTS)


def test_a_share_that_no_slider_gives_is_rounded_to_one():
    assert Tried.of({"late": "0.123456"}).everyone.late_less == 0.12


# ---- what is kept


def test_what_is_tried_can_be_kept_renamed_and_given_up():
    kept = Kept().keeping(Policy("30 days", NET_30)).keeping(Policy("30 days", NET_30), " Plan A ")
    assert [policy.name for policy in kept.policies] == ["30 days", "Plan A"]
    assert [policy.name for policy in kept.renamed("Plan A", "Plan B").policies] == ["30 days", "Plan B"]
    assert kept.renamed("Plan A", "  ") == kept
    assert [policy.name for policy in kept.without("30 days").policies] == ["Plan A"]
    longer = kept.keeping(Policy("x", PaymentTerms(60)), "Plan A")
    assert longer.policies[1].terms.days == 60  # in place of what had the name
    with pytest.raises(ArlibError, match="same name"):
        kept.renamed("Plan A", "30 days")


def test_a_kept_policy_is_not_drawn_twice_and_no_two_have_one_name():
    kept = Kept().keeping(Tried().policy("Plan A", SEGMENTS))
    trial = Trial(kept=kept, who=SEGMENTS)
    assert (trial.policy("en").name, trial.others("en")) == ("Plan A", ())
    taken = Trial(kept=Kept((Levers(60).policy("30 days"),)))
    assert taken.policy("en").name == "30 days (2)"
    apart = Tried.of({"days@GMS": "60"})
    kept = Kept().keeping(apart.policy("x", SEGMENTS), "By segment")
    assert Trial(tried=apart, kept=kept, who=SEGMENTS).others("en") == ()


def test_no_more_are_kept_than_can_be_told_apart():
    kept = Kept(tuple(Levers(days).policy(f"{days} days") for days in range(MOST_KEPT)))
    with pytest.raises(ArlibError, match="At most 4 policies"):
        kept.keeping(Policy("more", NET_30))
    assert len(kept.keeping(Policy("more", NET_30), "1 days").policies) == MOST_KEPT
    with pytest.raises(ArlibError):
        Kept().keeping(Policy("30", NET_30), "today")


def test_what_is_kept_is_in_the_link():
    kept = Kept().keeping(Levers(45, "after_days", late_less=0.2).policy("Été à 45 €"))
    assert kept.text == '[{"name":"Été à 45 €","terms":"45 days, then end of month","lateness_factor":0.8}]'
    assert Kept.of(kept.text) == kept
    assert kept.fits_a_link
    many = Policy("many", NET_30, customers=tuple(f"C{number:06}" for number in range(1000)))
    assert not Kept((many,)).fits_a_link
    for garbage in (None, "", "[", "/etc/passwd", '[{"name": "today", "deposit_share": 0.1}]', '[{"name": "a"}]' * 2):
        assert Kept.of(garbage) == Kept()


# ---- the page


@pytest.fixture(scope="module")
def small():
    return read_ledger(("petit.csv", LEDGER), currency="EUR")


@pytest.fixture
def visit():
    return FakeVisit()


@pytest.fixture(scope="module")
def answers(small):
    """What is unpaid at the last age that so few invoices tell of is no reason here to tell no DSO."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fates, "MOST_UNKNOWN", 1.0)
        known = Answers(small, small.day())
        assert known.base.past.young is None
    return known


@pytest.fixture
def page(visit, answers):
    opened = SimulatorPage(visit)
    visit.open(opened, answers)
    return opened


@pytest.fixture(scope="module")
def negoce():
    return Answers(load_sample("negoce"), pd.Timestamp("2025-12-31"))


def move(page, name, value):
    page._levers.every[name].value = value


def rows_of(view):
    return max(view.spec["datasets"].values(), key=len)


def shown(page):
    """All the HTML that the page shows."""
    parts = (page._law, page._apart, page._elsewhere, page._trouble, page._results, page._tested, page._compared)
    return "".join(part.value for part in (*parts, page._basis, page._causes._why_not, page._shelf._note))


def test_figures_are_those_of_the_functions(visit, negoce):
    """Its sales are at the level the forecast has learnt, like those of `simulate`; the curves are not thinned."""
    page = SimulatorPage(visit)
    visit.open(page, negoce, rate="0.05", **{"days@GMS": "60"})
    policy = page._trial.policy("en")
    told = simulate(negoce.base, policy, costs=Costs(0.05))
    pd.testing.assert_frame_equal(page._simulation.summary, told.summary)
    row = told.summary.iloc[1]
    for figure in (number(row["dso_month"], decimals=1), number(row["illegal_invoices"], decimals=0)):
        assert f">{figure}<" in page._results.value
    for name in ("receivable_end", "receivable_end_low", "cash_gained", "financing_gained", "net_gained"):
        assert number(row[name], decimals=0) in page._results.value
    assert f"DSO would be {number(row['dso_month'], decimals=1)}" in page._dso.spec["description"]
    assert "GMS" in page._apart.value
    bridge = negoce.bridge(policy)
    assert bridge.loc[bridge["measure"] == "dso_month", "after"].iloc[-1] == pytest.approx(row["dso_month"])


def test_what_breaks_the_law_is_counted(visit, negoce):
    page = SimulatorPage(visit)
    visit.open(page, negoce, days="75")
    broken = simulate(negoce.base, Policy("75", PaymentTerms(75))).summary.iloc[1]
    assert broken["illegal_invoices"] > 0
    assert f">{number(broken['illegal_invoices'], decimals=0)}<" in page._results.value
    assert "75 days would be beyond it" in page._law.value


def test_longer_terms_cost_cash_and_shorter_ones_bring_some(page):
    move(page, "days", 90)
    assert "less has come in than under" in page._results.value
    move(page, "days", 0)
    assert "more has come in than under" in page._results.value


def test_a_slider_redraws_the_curves_and_what_explains_them_waits(page, visit):
    visit.do_waiting()
    before, causes, tested = page._dso.spec, page._causes._bridge.spec, page._tested.value
    move(page, "days", 75)
    assert visit.asked == [{"days": "75"}]
    assert page._dso.spec != before
    assert page._causes._bridge.spec is causes
    assert visit.do_waiting() == ["detailing"]
    assert page._causes._bridge.spec is not causes
    assert page._tested.value == tested


@pytest.mark.parametrize(
    ("control", "value", "asked"),
    [
        ("late_less", 50, {"late": "0.5"}),
        ("days_sooner", 10, {"sooner": "10"}),
        ("deposit_share", 30, {"deposit": "0.3"}),
        ("discount_share", 0.02, {"discount": "0.02"}),
        ("reading", "after_days", {"reading": "after_days"}),
        ("days", 45, {"days": "45"}),
    ],
)
def test_each_lever_moves_the_curves(page, visit, control, value, asked):
    before = [page._dso.spec, page._cash.spec]
    move(page, control, value)
    assert visit.asked == [asked]
    assert page._dso.spec != before[0]
    assert page._cash.spec != before[1]
    assert visit.told == []


def test_a_lever_back_where_it_usually_is_leaves_the_address(page, visit):
    move(page, "days", 45)
    move(page, "days", 30)
    assert visit.asked[-1] == {"days": None}


def test_following_nothing_changes_nothing(page):
    move(page, "days", 90)
    move(page, "follow_share", 0)
    rows = rows_of(page._cash)
    today, tried = (
        [row["cash_cumulated"] for row in rows if row["policy"] == policy]
        for policy in dict.fromkeys(row["policy"] for row in rows)
    )
    assert tried == pytest.approx(today, abs=0.01)


def test_levers_that_do_not_count_are_closed_and_folded_ones_are_counted(page):
    controls = page._levers
    assert controls._folded.layout.display == "none"
    assert "Other levers: invoicing" in controls._title.description
    assert controls.every["discount_days"].disabled
    move(page, "discount_share", 0.02)
    move(page, "deposit_share", 20)
    assert not controls.every["discount_days"].disabled
    assert "2 act here" in controls._title.description
    move(page, "reading", "today")
    assert controls.every["days"].disabled
    assert controls.every["discount_share"].disabled
    assert "1 acts here" in controls._title.description
    assert page._law.value == ""
    controls._title.value = True
    assert controls._folded.layout.display == ""


def test_a_segment_has_levers_of_its_own_and_gives_them_up(visit, negoce):
    page = SimulatorPage(visit)
    visit.open(page, negoce)
    move(page, "segment", "GMS")
    move(page, "days", 60)
    move(page, "late_less", 20)
    assert visit.asked == [{"segment": "GMS"}, {"days@GMS": "60"}, {"late@GMS": "0.2"}]
    assert "<strong>GMS</strong> – 60 days, lateness −20%" in page._apart.value
    assert ("GMS ●", "GMS") in page._levers.every["segment"].options
    move(page, "segment", EVERYONE)
    assert page._levers.every["days"].value == 30  # those of all are as they were
    move(page, "segment", "GMS")
    page._levers._alike.click()
    assert visit.asked[-1] == {"days@GMS": None, "late@GMS": None}
    assert page._apart.value == ""
    assert page._levers._alike.layout.display == "none"


def test_segments_are_offered_where_there_are(page, visit, small):
    assert page._levers._whose.layout.display == "none"
    visit.open(page, Answers(small, small.day()), **{"days@GMS": "60", "segment": "GMS"})
    assert page._levers.every["segment"].value == EVERYONE
    assert "This ledger has no customers of GMS" in page._apart.value


def test_the_cost_of_money_is_counted_once_it_is_given(page):
    assert "choose what money costs a year" in page._results.value
    move(page, "rate", 0.05)
    assert "choose what money costs a year" not in page._results.value
    assert "at 5.0% a year" in page._compared.value


def test_a_policy_that_changes_nothing_has_no_causes(page, visit):
    move(page, "reading", "today")
    visit.do_waiting()
    assert page._causes._first.layout.display == "none"
    assert "no difference" in page._results.value
    move(page, "late_less", 50)
    assert page._causes._first.layout.display == ""


def test_which_lever_moves_most_is_weighed_when_it_is_asked_for(page, visit):
    assert page._causes.more.layout.display == "none"
    page._more.click()
    assert visit.asked == [{"more": "1"}]
    assert visit.do_waiting() == ["detailing", "weighing", "testing_simulation"]
    assert page._causes.more.layout.display == ""
    assert page._causes._tornado.spec
    assert page._causes._peak.spec
    page._more.click()
    assert visit.asked[-1] == {"more": None}


def test_a_ledger_too_young_for_a_dso_says_so_and_shows_none(page, visit, small, monkeypatch):
    monkeypatch.setattr(fates, "MOST_UNKNOWN", 0.05)
    visit.open(page, Answers(small, small.day()))
    assert "No DSO can be told over the 30 days" in page._compared.value
    assert "– under today" in page._results.value
    assert "There is nothing to draw" in str(page._dso.spec)


def test_a_ledger_without_a_payment_says_why_nothing_can_be_simulated(visit):
    ledger = read_ledger(("mars.csv", b"Client;Facture;Date facture;Montant\nA;1;01/03/2024;10,00\n"))
    with pytest.raises(ArlibError):
        visit.open(SimulatorPage(visit), Answers(ledger, ledger.day()))


def keep(page, name=""):
    page._shelf._name.value = name
    page._shelf._keep.click()


def kept_names(page):
    return [row.name.value for row in page._shelf._rows if row.box.layout.display != "none"]


def test_a_kept_policy_stays_beside_what_is_tried_next_and_its_name_is_a_name(page, visit):
    keep(page, HOSTILE)
    move(page, "days", 60)
    visit.do_waiting()
    assert kept_names(page) == [HOSTILE]
    assert "&lt;img" in page._compared.value
    assert "<img" not in shown(page)
    assert len({row["policy"] for row in rows_of(page._dso)}) == 3
    page._shelf._rows[0].remove.click()
    assert kept_names(page) == []
    assert "&lt;img" not in page._compared.value


def test_a_kept_policy_is_renamed_in_its_place(page, visit):
    keep(page, "Plan A")
    page._shelf._rows[0].name.value = "Plan B"
    assert kept_names(page) == ["Plan B"]
    assert json.loads(visit.asked[-1]["kept"])[0]["name"] == "Plan B"
    page._shelf._rows[0].name.value = "today"
    assert kept_names(page) == ["Plan B"]
    assert len(visit.told) == 1


def test_what_cannot_be_kept_is_said(page, visit):
    keep(page, "today")
    assert "today" in visit.told[-1].text("en")
    for days in range(MOST_KEPT + 1):
        move(page, "days", days)
        keep(page)
    assert "At most 4 policies" in visit.told[-1].text("en")
    assert len(kept_names(page)) == MOST_KEPT


def saved(page):
    """What is in the file that the page makes."""
    sent = []
    page._shelf.save.send = lambda content, buffers=(): sent.append((content, [bytes(part) for part in buffers]))
    clicked(page._shelf.save, {"kind": "make", "turn": f"t{len(sent)}"})
    clicked(page._shelf.save, {"kind": "more", "turn": "t0", "at": 0})
    assert sent[0][0]["name"] == "policies.json"
    return b"".join(sent[1][1])


def test_policies_are_saved_and_taken_up_again(page):
    move(page, "late_less", 20)
    move(page, "discount_share", 0.025)
    keep(page, "Été à 45 €")
    kept, file = page._trial.kept, saved(page)
    page._shelf._rows[0].remove.click()
    move(page, "days", 70)
    page._shelf.upload._receive("politiques.json", file)
    assert page._trial.kept == kept
    assert kept_names(page) == ["Été à 45 €"]
    assert "Été à 45 €" in page._compared.value


def test_while_none_is_kept_the_one_tried_is_saved(page):
    assert json.loads(saved(page)) == [{"name": "30 days", "terms": "30 days"}]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'[{"name": "a", "deposit": 0.3}]', "deposit"),
        (b'{"name": "a", "deposit_share": 30}', "30"),
        (b"\xff\xfe\x00", "politiques.json"),
        (b"remember the milk", "is not a policy"),
        (b"/etc/passwd", "is not a policy"),  # a name is no way to a file of the server
        (b'[{"name": "a"}, {"name": "a", "deposit_share": 0.1}]', "same name"),
        (json.dumps([{"name": str(each)} for each in range(5)]).encode(), "At most 4"),
    ],
)
def test_a_file_that_holds_no_policies_is_explained_and_nothing_changes(page, visit, content, told):
    keep(page, "Plan A")
    before = shown(page)
    page._shelf.upload._receive("politiques.json", content)
    assert told in visit.told[-1].text("en")
    assert kept_names(page) == ["Plan A"]
    assert shown(page) == before


def test_a_policy_of_another_ledger_is_set_aside_with_a_sentence(page, visit):
    page._shelf.upload._receive("p.json", b'[{"name": "<b>GMS</b>", "segments": ["GMS"], "deposit_share": 0.1}]')
    assert "cannot be tried on this ledger" in page._elsewhere.value
    assert "&lt;b&gt;GMS" in page._elsewhere.value
    assert page._dso.spec
    assert visit.told == []


def test_what_is_too_long_for_a_link_is_said(page, visit):
    many = Policy("many", NET_30, customers=tuple(f"Customer {number:06}" for number in range(1000)))
    visit.ask(kept=Kept((many,)).text)
    assert "too long for a link" in page._shelf._note.value


def test_the_test_on_the_past_comes_last_once_with_its_bar(visit, small):
    page = SimulatorPage(visit)
    visit.open(page, Answers(small, small.day()))
    assert "Being computed" in page._tested.value
    assert visit.do_waiting() == ["detailing", "testing_simulation"]
    assert "Being computed" not in page._tested.value
    assert visit.shares[-1] == 1
    move(page, "days", 50)
    assert "testing_simulation" not in visit.waiting


@pytest.mark.parametrize("name", ["backtest_simulation", "simulate_by_customer"])
def test_a_later_part_that_cannot_be_says_so_in_its_place(page, visit, small, monkeypatch, name):
    def broken(*_, **__):
        raise ArlibError(say("error.not_a_day", value=HOSTILE))

    monkeypatch.setattr(answers_module, name, broken)
    visit.open(page, Answers(small, small.day()), days="45")
    visit.do_waiting()
    assert "is not a date" in shown(page)
    assert "<img" not in shown(page)
    assert page._dso.spec


def test_it_speaks_both_languages(visit, answers):
    visit.language = "fr"
    page = SimulatorPage(visit)
    visit.open(page, answers)
    visit.do_waiting()
    assert page._levers.every["days"].description == "Délai accordé (jours)"
    assert page._shelf._name.placeholder == "30 jours nets"
    for french in ("Encours client", "Testé sur le passé"):
        assert french in shown(page)
    assert "under today" not in shown(page)


def test_names_of_policies_are_short_enough(page):
    keep(page, "x" * 500)
    assert kept_names(page) == ["x" * 60]
