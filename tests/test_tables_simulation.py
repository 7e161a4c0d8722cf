"""The tables of what would change: what is in their cells, in both languages, on frames checked by hand."""

import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from paid_invoices import from_frame, random_invoices
from test_charts_policies import HOSTILE, lost, readings, summary

from arlib.show import tables
from arlib.simulation import (
    Costs,
    Policy,
    default_of_largest,
    draw_simulation,
    effort_ranking,
    end_of_month_readings,
    forecast_cash,
    lever_shares,
    policy_bridge,
    prepare,
    simulate,
    simulate_by_customer,
    simulate_by_segment,
    target_dso,
    tornado,
)
from arlib.simulation.financing import CashDiscount, Factoring, Overdraft, financing_compared
from arlib.simulation.levers.ranking import Effort
from arlib.terms import NET_30
from arlib.words import LANGUAGES, say, word


def cells(table):
    """The rows of a table, heading first, notes left out, spaces all alike."""
    rows = re.findall(r"<tr(?! class=\"is-note)[^>]*>(.*?)</tr>", table)
    texts = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    texts = [[re.sub("<[^>]+>", "", text.replace("<br>", " | ")) for text in row] for row in texts]
    return [[re.sub(r"[\u00a0\u202f]", " ", unescape(text)) for text in row] for row in texts]


def caption(table):
    return unescape(re.search("<caption>(.*?)</caption>", table)[1])


def target():
    """Terms 7 days shorter reach the DSO for all; of the segment, no reminder does."""
    return pd.DataFrame(
        {
            "lever": ["terms_days", "lateness_factor", "deposit_share"],
            "scope": ["all", "segment", "largest"],
            "segment": [None, "Retail", None],
            "customers": [20, 5, 10],
            "needed": [-7.0, np.nan, 0.132],
            "dso_today": 61.6,
            "dso_month": [53.5, 59.9, 53.6],
            "cash_gained": [254.5, 53.0, 252.0],
            "reachable": [True, False, True],
        }
    )


def ranking(customers=2):
    return pd.DataFrame(
        {
            "customer_id": [f"C{number}" for number in range(customers)],
            "cash_freed": 700.0,
            "invoices": 40,
            "effort_days": 0.5,
            "cash_freed_per_day": 1400.0,
            "cash_freed_cumulated": 700.0 * np.arange(1, customers + 1),
        }
    )


def compared(name=""):
    return financing_compared(1000, 30, [Factoring(0.01, 0.05, name=name), Overdraft(0.05), CashDiscount(0.02, 30)])


def told(name="Short"):
    sentence = say("simulation.policy.together", name=name)
    return summary(name, "Late").assign(dso_gained=[0.0, 10.0, -10.0], sentence=sentence)


TABLES = {
    "policies": (tables.policies_table, told),
    "target": (tables.target_table, target),
    "effort": (tables.effort_table, ranking),
    "financing": (tables.financing_table, compared),
    "default": (tables.default_table, lost),
    "end_of_month": (tables.end_of_month_table, readings),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_name_the_currency_and_frames_are_not_written(name, language):
    written, frame = TABLES[name]
    whole = frame()
    table = written(whole, language=language, currency="EUR")
    assert caption(table) == word(f"table.simulation.{name}", language) + " (EUR)."
    assert len(set(map(len, cells(table)))) == 1
    pd.testing.assert_frame_equal(whole, frame())


@pytest.mark.parametrize("name", TABLES)
def test_no_heading_in_french_is_english(name):
    written, frame = TABLES[name]
    english, french = (cells(written(frame(), language=language))[0] for language in LANGUAGES)
    same = {here for here, there in zip(english, french, strict=True) if here == there}
    assert same <= {"DSO", "Commission"}


def test_a_policy_a_line_its_figures_one_below_the_other():
    """20 of financing and 3 of bad debt gained, 5 of discounts and 3 of the action spent: 15."""
    table = tables.policies_table(told())
    head, today, short, _ = cells(table)
    assert head == [
        *("Policy", "DSO of the last 30 days", "Receivable at the end", "Cash freed, mean of the last 30 days"),
        *("Net gain", "Invoices beyond the legal limit"),
    ]
    assert (today[0], today[3:5]) == ("today's terms", ["–", "–"])
    net = "15 | financing +20 | discounts −5 | action −3 | bad debt +3"
    assert short == ["Short", "50.0 | −10.0", "5,000 | 4,600 to 5,400", "400", net, "0"]
    assert "is-note" in table
    assert ".00" not in table


def test_a_net_gain_that_is_not_known_is_a_dash_above_what_is_known_of_it():
    nothing = dict.fromkeys(("net_gained", "bad_debt"), np.nan)
    short = cells(tables.policies_table(told().assign(**nothing, discounts=0.0)))[2]
    assert short[4] == "– | financing +20 | action −3"


def test_sentences_are_numbered():
    said = [say("simulation.cost.lawful"), say("simulation.policy.together", name=HOSTILE)]
    table = tables.sentences_table(iter(said), caption="Rests on", language="fr")
    assert cells(table)[0] == ["N°", "Ce qui est dit"]
    assert [row[0] for row in cells(table)[1:]] == ["1", "2"]
    assert cells(table)[1][1].startswith("Aucune facture n'échoit")
    assert "<script" not in table
    assert cells(tables.sentences_table([])) == [["No.", "What is said"]]


def test_what_reaches_a_target_and_what_cannot():
    _, terms, reminders, deposit = cells(tables.target_table(target()))
    assert terms == ["All customers", "length of terms", "yes", "7 days off the terms", "53.5", "254"]
    assert reminders == ["Segment Retail (5 customers)", "days late", "no", "–", "59.9", "53"]
    assert deposit[:4] == ["The 10 largest customers", "deposit", "yes", "a deposit of 13.2%"]
    assert "un délai raccourci de 7 jours" in tables.target_table(target(), language="fr")


def test_whom_to_call_with_the_assumption_of_work():
    table = tables.effort_table(ranking(12), effort=Effort(60, 3, 7), names={"C0": "Durand"}, rows=3)
    assert len(cells(table)) == 4
    assert cells(table)[1] == ["Durand", "700", "40", "0.5", "1,400", "700"]
    assert cells(table)[2][0] == "C1"
    assert "(first 3 of 12 rows)." in caption(table)
    assert "60.0 minutes a customer" in caption(table)


def test_offers_with_the_terms_they_have():
    """1,000 for 30 days at 5 %: 4.17 of 360; factoring draws 900: 3.75, and 10 of commission."""
    head, overdraft, factoring, discount = cells(tables.financing_table(compared()))
    assert head == [
        *("Offer", "Rate a year", "Cost", "Discount", "Interest", "Commission", "Retained", "Cash received"),
        *("Real days gained", "Failure stays the seller's loss"),
    ]
    assert overdraft[:5] == ["overdraft", "5.1%", "4.17", "0.00", "4.17"]
    assert factoring[4:8] == ["3.75", "10.00", "100.00", "886.25"]
    assert discount[1] == "–"
    assert discount[-2:] == ["0", "no"]


def test_failures_and_readings():
    assert cells(tables.default_table(lost()))[1] == [
        *("1", "100", "10", "30", "60", "90", "2026-03-01", "45.0"),
    ]
    first = cells(tables.end_of_month_table(readings(), language="fr"))[1]
    assert first == ["comme aujourd'hui", "fin de mois, puis 45 jours", "59,0", "−1,0", "60,0", "1 000", "−10"]


@pytest.fixture(scope="module")
def frames():
    """A frame of each kind, of a small ledger."""
    base = prepare(from_frame(random_invoices(1, invoices=150)), "2025-12-31", horizon=60)
    policies = [Policy("30", NET_30), Policy("early", deposit_share=0.2)]
    simulation = simulate(base, policies, costs=Costs(0.05, 0.5, 0.2))
    forecast = forecast_cash(base.ledger, base.as_of, weeks=4, months=2)
    return {
        "daily": simulation.daily,
        "summary": simulation.summary,
        "methods": simulation.methods,
        "customers": simulate_by_customer(base, policies),
        "segments": simulate_by_segment(base, policies),
        "bridge": policy_bridge(base, policies[0]),
        "shares": lever_shares(base, policies[0]),
        "tornado": tornado(base),
        "target": target_dso(base, 20, largest=2),
        "ranking": effort_ranking(base),
        "readings": end_of_month_readings(base),
        "financing": compared(),
        "defaults": default_of_largest(base),
        "weekly": forecast.weekly,
        "monthly": forecast.monthly,
        "expected": forecast.by_customer,
        "draws": draw_simulation(base, policies, draws=3).summary,
    }


def test_any_frame_has_words_for_its_columns_and_its_codes(frames):
    for name, frame in frames.items():
        table = tables.frame_table(frame, language="fr")
        head, *lines = cells(table)
        assert [heading for heading in head if "_" in heading or heading.islower()] == [], name
        written = {cell for line in lines for cell in line}
        assert not written & {"today", "terms_days", "receivable_peak", "all", "overdraft", "as_now", "dso_month"}, name


def test_how_far_levers_are_moved_is_in_days_or_in_points(frames):
    rows = {row[0]: row[1:3] for row in cells(tables.frame_table(frames["tornado"], language="fr"))[1:]}
    assert rows["délai de paiement"] == ["−5", "5"]
    assert rows["jours de retard"] == ["−10,0 %", "10,0 %"]


def test_names_are_escaped():
    written = (
        tables.policies_table(told(HOSTILE)),
        tables.target_table(target().assign(segment=HOSTILE)),
        tables.effort_table(ranking(), names={"C0": HOSTILE}),
        tables.financing_table(compared(HOSTILE)),
    )
    for table in written:
        assert "<script" not in table
        assert "</script>" not in table
        assert "alert" in table
