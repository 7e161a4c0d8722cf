"""The tables of what the law says, on results small enough to add up by hand; those of négoce tie to its results."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from small import sample_ledger
from test_charts_law_rooms import CLOSING, dates, legal, limitation, penalties, procedures
from test_tables import HOSTILE, Reader

import arlib as ar
from arlib.law.doubtful import DoubtfulDebts
from arlib.law.latest import TermsAgainstLaw
from arlib.law.vat import BadDebtVat
from arlib.show.tables import (
    deadlines_table,
    doubtful_table,
    frame_table,
    legal_due_dates_table,
    penalties_table,
    penalty_rates_table,
    terms_against_law_table,
    vat_statement_table,
    vat_table,
)
from arlib.words import LANGUAGES, number


def rows_of(made):
    return [[re.sub(r"[\u00a0\u202f]", " ", cell) for cell in row] for row in Reader(made).rows]


def test_rates_have_two_decimals_and_say_what_is_carried():
    """Published: 14.25 % and a floor of 14.76 % in the second half of 2024 (J3); none of 2026 H2 is known."""
    head, sure, carried = rows_of(penalty_rates_table(ar.penalty_rates(["2024-10-15", "2026-11-22"])))
    assert sure == ["2024 H2", "4.25%", "10.00%", "14.25%", "14.76%", "14.25%", "confirmed"]
    assert carried[0] == "2026 H2"
    assert carried[-1] == "to be confirmed, rate of an earlier half-year"
    assert "Rate of the contract" not in head
    french = rows_of(penalty_rates_table(ar.penalty_rates("2024-10-15", contract_rate=0.12), language="fr"))
    assert "Taux du contrat" in french[0]
    assert french[1][-2:] == ["12,00 %", "confirmé, contrat inférieur au minimum légal"]


def test_rules_and_their_total():
    rows = rows_of(legal_due_dates_table(legal(), currency="EUR"))
    assert rows[1:] == [
        ["60 days", "3", "1,100.00", "2", "400.00", "0", "0.00", "to be confirmed"],
        ["abroad", "1", "50.00", "0", "0.00", "1", "50.00", "–"],
        ["Total", "4", "1,150.00", "2", "400.00", "1", "50.00", "–"],
    ]


def against(rate=0.05):
    """Three invoiced: 100 and 40 tied up beyond what was agreed, 10 beyond the law; the third has no favour."""
    customers = pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3"],
            "name": [HOSTILE, None, "Petit"],
            "terms_invoiced": "60 jours nets",
            "terms_agreed": "30 jours nets",
            "days_granted": 60.0,
            "days_agreed": 30.0,
            "days_allowed": 60.0,
            "invoices_beyond_agreed": [2, 1, 0],
            "invoices_beyond_law": [1, 0, 0],
            "cash_beyond_agreed": [100.0, 40.0, 0.0],
            "cash_beyond_law": [10.0, 0.0, 0.0],
            "law_status": "confirmed",
            "reason": "Favour.",
        }
    )
    for side in ("agreed", "law"):
        customers[f"cost_beyond_{side}"] = customers[f"cash_beyond_{side}"] * (np.nan if rate is None else rate)
    return TermsAgainstLaw(CLOSING, 365, customers, 140.0, 10.0, ())


def test_favours_and_what_they_cost():
    seen = Reader(terms_against_law_table(against(), rows=1))
    assert "img" not in seen.tags
    assert seen.rows[1] == [HOSTILE, *["60 jours nets", "30 jours nets", "60.0", "30.0", "60.0"],
                            "100.00", "10.00", "5.00", "0.50", "confirmed"]  # fmt: skip
    assert seen.rows[2] == ["Favour."]
    assert seen.rows[3] == ["1 other", *["–"] * 5, "40.00", "0.00", "2.00", "0.00", "–"]
    assert seen.rows[4][6:] == ["140.00", "10.00", "7.00", "0.50", "–"]
    assert len(rows_of(terms_against_law_table(against(rate=None)))[0]) == 9


def test_terms_on_invoices_are_those_written_whatever_the_contract_says():
    """Négoce bills C0186 at 45 days end of month; a contract of 30 days makes each of its invoices a favour."""
    contract = pd.DataFrame({"customer_id": ["C0186"], "terms": ["30 jours nets"]})
    found = ar.terms_against_law(sample_ledger("negoce"), clauses=contract)
    rows = rows_of(terms_against_law_table(found))
    assert rows[1][1:3] == ["45 jours fin de mois", "30 jours nets"]


def test_no_favour_is_said():
    plain = against()
    none = dataclasses.replace(plain, customers=plain.customers[2:])
    assert "Of 1 customer invoiced in 365 days, none" in Reader(terms_against_law_table(none)).text
    assert "Sur 1 client facturé en 365 jours, aucun" in re.sub(
        r"\s", " ", Reader(terms_against_law_table(none, language="fr")).text
    )


def test_penalties_add_up():
    """300 and eleven of 100; claimed and waived only where something was."""
    rows = rows_of(penalties_table(penalties(), rows=2))
    assert rows[1:] == [
        ["Durand", "1", "10", "260.00", "40.00", "300.00", "to be confirmed"],
        ["C02", "1", "10", "60.00", "40.00", "100.00", "confirmed"],
        ["10 others", "10", "–", "600.00", "400.00", "1,000.00", "–"],
        ["Total", "12", "–", "920.00", "480.00", "1,400.00", "–"],
    ]
    given = rows_of(penalties_table(penalties(claimed=100.0, waived=50.0), rows=1, language="fr"))
    assert given[0][5:8] == ["Acquis", "Réclamé", "Abandonné"]
    assert given[-1][5:9] == ["1 400,00", "100,00", "50,00", "1 250,00"]


def test_deadlines_and_why():
    rows = rows_of(deadlines_table(procedures(), rows=3))
    assert rows[1] == ["Durand", "retention of title", "2025-10-16", "1,500.00", "2026-01-16", "16", "close",
                       "to be confirmed"]  # fmt: skip
    assert rows[2] == ["Why."]
    assert rows[5][4:7] == ["2025-12-28", "−3", "passed"]
    assert rows_of(deadlines_table(limitation(), language="fr"))[1] == [
        *["Durand", "F7", "31/05/2023", "100,00", "31/05/2028", "882", "en cours", "confirmé"]
    ]


def vat():
    """Two debts of a liquidated customer, one of an unknown VAT, two simply unpaid: 120 + 60 + 50 + 240 + 12."""
    items = pd.DataFrame(
        {
            "customer_id": ["C1", "C1", "C2", "C3", "C3"],
            "name": [HOSTILE, HOSTILE, "Martin", "Petit", "Petit"],
            "item_id": range(1, 6),
            "amount": [120.0, 60.0, 50.0, 240.0, 12.0],
            "net": [100.0, 50.0, np.nan, 200.0, 10.0],
            "vat": [20.0, 10.0, np.nan, 40.0, 2.0],
            "status": ["eligible", "eligible", "unknown", "not_eligible", "not_eligible"],
            "deadline_on": dates("2027-12-31", "2027-12-31", None, None, None),
            "days_left": pd.array([730, 730, None, None, None], dtype="Int64"),
            "missing": ["judgment", "judgment", None, None, None],
            "reason": ["Liquidation.", "Liquidation.", "Not known.", "Unpaid.", "Unpaid."],
        }
    )
    lines = items[:2].assign(number=["F1", "F2"], wording="Sale", issued_on=dates("2025-01-02", "2025-01-03"))
    lines = lines.assign(net_invoiced=[200.0, 50.0], vat_invoiced=[40.0, 10.0])
    return BadDebtVat(CLOSING, items, pd.DataFrame(), lines, ())


def test_vat_by_customer_then_by_status():
    made = vat_table(vat(), currency="EUR")
    assert "img" not in Reader(made).tags
    rows = rows_of(made)
    assert rows[1] == [HOSTILE, "2", "180.00", "150.00", "30.00", "2027-12-31", "730", "recoverable"]
    assert rows[2] == ["Liquidation. Still missing: judgment."]
    assert rows[3] == ["Martin", "1", "50.00", "–", "–", "–", "–", "not known"]
    assert rows[5] == ["Others", "2", "252.00", "210.00", "42.00", "–", "–", "not recoverable"]
    assert rows[6] == ["Total", "5", "482.00", "360.00", "72.00", "–", "–", "–"]
    assert rows_of(vat_table(vat(), rows=0))[-1] == rows[6]


def test_the_statement_of_a_customer():
    rows = rows_of(vat_statement_table(vat(), "C1"))
    assert rows[1:] == [
        ["F1", "Sale", "2025-01-02", "200.00", "40.00", "100.00", "20.00"],
        ["F2", "Sale", "2025-01-03", "50.00", "10.00", "50.00", "10.00"],
        ["Total", "–", "–", "250.00", "50.00", "150.00", "30.00"],
    ]
    assert len(rows_of(vat_statement_table(vat(), "C3"))) == 1


def test_doubtful_debts_and_their_total():
    """4,000 before and 7,500 now: a charge of 3,500 (H8's pattern); one without a rate counts for its net only."""
    debts = pd.DataFrame(
        {
            "customer_id": ["C1", "C2"],
            "name": [HOSTILE, "Martin"],
            "reference": ["F1", "F2"],
            "net": [10_000.0, 50.0],
            "rate": [0.75, np.nan],
            "previous": [4_000.0, 0.0],
            "charge": [3_500.0, np.nan],
            "reversal": [0.0, np.nan],
            "impairment": [7_500.0, np.nan],
            "reason": ["plan refused", None],
            "source": ["BODACC", None],
            "known_on": dates("2025-10-02", None),
        }
    )
    rows = rows_of(doubtful_table(DoubtfulDebts(CLOSING, debts, pd.DataFrame(), ())))
    assert rows[1] == [HOSTILE, "F1", "10,000.00", "75.0%", "4,000.00", "3,500.00", "0.00", "7,500.00"]
    assert rows[2] == ["plan refused · BODACC 2025-10-02"]
    assert rows[3] == ["Martin", "F2", "50.00", "–", "0.00", "–", "–", "–"]
    assert rows[-1] == ["Total", "–", "10,050.00", "–", "4,000.00", "3,500.00", "0.00", "7,500.00"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_of_negoce_tie(language):
    ledger = sample_ledger("negoce")
    late = ar.late_penalties(ledger, language=language)
    rows = rows_of(penalties_table(late, language=language, rows=3))
    assert rows[-1][5] == re.sub(r"[\u00a0\u202f]", " ", number(late.invoices["due"].sum(), language))
    dated = ar.legal_due_dates(ledger, language=language)
    rows = rows_of(legal_due_dates_table(dated, language=language))
    assert rows[-1][2] == re.sub(r"[\u00a0\u202f]", " ", number(dated.invoices["amount"].sum(), language))
    headings = rows_of(frame_table(late.periods, language=language))[0]
    assert not [heading for heading in headings if re.fullmatch(r"[a-z]+(_[a-z]+)+", heading)]


@pytest.mark.parametrize(
    "made",
    [
        lambda: legal_due_dates_table(dataclasses.replace(legal(), by_rule=legal().by_rule[:0])),
        lambda: penalties_table(dataclasses.replace(penalties(), by_customer=penalties().by_customer[:0])),
        lambda: deadlines_table(dataclasses.replace(procedures(), rows=procedures().rows[:0])),
        lambda: vat_table(dataclasses.replace(vat(), items=vat().items[:0])),
    ],
)
def test_nothing_is_a_table_without_lines(made):
    assert len(rows_of(made())) == 1
