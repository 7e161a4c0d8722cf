"""The tables of measures: what a person reads of a DSO, of its change, of figures and of any frame."""

import inspect
import re

import numpy as np
import pandas as pd
import pytest
from small import ledger_of, sample_ledger
from test_tables import HOSTILE, Reader

import arlib as ar
from arlib import measures
from arlib.measures import Bridge, Concentration, Figure
from arlib.show.tables import aged_balance_table, dso_bridge_table, dso_methods_table, figures_table, frame_table
from arlib.words import LANGUAGES, say

# 55 days at the end of March: 5,500 owed, 9,000 sold over 90 days; 40 not due, 20 overdue, -5 of credits.
SMALL = f"""
    customer | kind    | issued     | due        | amount | pays
    A        | invoice | 2023-12-01 | 2023-12-31 |  1000  |
    A        | invoice | 2024-01-15 | 2024-02-14 |  3000  |
    A        | payment | 2024-01-20 |            | -1000  | 1
    {HOSTILE}| invoice | 2024-02-10 | 2024-03-11 |  2000  |
    A        | payment | 2024-02-14 |            | -3000  | 2
    C        | invoice | 2024-03-20 | 2024-04-19 |  4000  |
    {HOSTILE}| payment | 2024-03-31 |            |  -500  |
    """


@pytest.fixture(scope="module")
def ledger():
    return ledger_of(SMALL, covers=("2023-09-01", "2024-03-31"))


def figures_of(rows):
    return {row[0]: row[1:] for row in rows}


def test_every_dso_has_its_days_its_formula_and_its_difference(ledger):
    methods = ar.dso_methods(ledger)
    seen = Reader(dso_methods_table(methods, language="fr"))
    assert len(seen.rows) == 1 + 2 * len(methods)
    assert seen.rows[1][:2] == ["DSO simple", "55,0"]
    assert "÷ 9\u202f000,00 vendus sur 90 jours × 90" in seen.rows[1][2]
    countback = next(place for place, row in enumerate(seen.rows) if row[0] == "DSO par épuisement")
    assert seen.rows[countback][1] == "52,8"  # 31 + 1,500 ÷ 2,000 × 29 = 52.75
    assert seen.rows[countback + 1][0].startswith("Hypothèse. Ce qui est dû provient des dernières ventes")
    assert "jours par rapport au DSO simple" in seen.rows[countback + 1][0]


def test_a_dso_without_a_figure_says_why(ledger):
    seen = Reader(dso_methods_table(ar.dso_methods(ledger, "2023-09-15")))
    assert seen.rows[1][1] == "–"
    assert "begins on 2023-09-01" in seen.rows[2][0]


def test_a_bridge_leads_from_one_dso_to_the_other(ledger):
    """From 24 days on 29 February to 55 on 31 March, over 60 days, in lines that add up."""
    bridge = ar.dso_bridge(ledger, "2024-02-29", "2024-03-31", days=60)
    rows = Reader(dso_bridge_table(bridge, currency="EUR")).rows
    assert rows[0] == ["Effect", "Days", "Amount (EUR)"]
    # 2,000 ÷ 5,000 × 60 and 5,500 ÷ 6,000 × 60
    assert (rows[1], rows[-1]) == (
        ["DSO on 2024-02-29", "24.0", "2,000.00"],
        ["DSO on 2024-03-31", "55.0", "5,500.00"],
    )
    amounts = [float(row[2].replace(",", "").replace("−", "-")) for row in rows[1:-1]]
    assert sum(amounts) == pytest.approx(5_500, abs=0.05)


def test_the_groups_of_a_bridge_add_up_and_their_names_stay_text(ledger):
    bridge = ar.dso_bridge(ledger, "2024-02-29", "2024-03-31", days=60)
    seen = Reader(dso_bridge_table(bridge, language="fr", rows=1))
    assert "img" not in seen.tags
    assert [row[0] for row in seen.rows] == ["Client", bridge.groups["name"][0], "2 autres", "Total"]
    assert (seen.rows[-1][1], seen.rows[-1][-1]) == ("24,0", "55,0")


@pytest.mark.parametrize("by", [None, "kind", ["customer_id", "kind"]])
def test_a_bridge_by_anything(ledger, by):
    bridge = ar.dso_bridge(ledger, "2024-02-29", "2024-03-31", by=by, days=60)
    rows = Reader(dso_bridge_table(bridge, rows=20)).rows
    assert (rows[-1][1], rows[-1][-1]) == ("24.0", "55.0")


def test_a_bridge_that_cannot_be_says_why(ledger):
    bridge = ar.dso_bridge(ledger, "2023-09-15", "2024-03-31")
    for rows in (0, 5):
        assert "begins on 2023-09-01" in Reader(dso_bridge_table(bridge, rows=rows)).text


def test_figures_are_in_their_units_with_the_numbers_put_in(ledger):
    figures = {
        "dso": ar.dso(ledger),
        "overdue_rate": ar.overdue_rate(ledger),
        "financing_cost": ar.financing_cost(ledger, rate=0.05),
        "receivables_turnover": ar.receivables_turnover(ledger, "2023-12-31", "2024-03-31"),
        "dispute_days": ar.dispute_days(ledger),
        "effective_debtors": ar.concentration(ledger).effective_debtors,
    }
    rows = figures_of(Reader(figures_table(figures, language="fr", currency="EUR")).rows)
    assert rows["DSO simple"][0] == "55,0"
    assert rows["Taux d'échu, avant crédits"][0] == "33,3\u00a0%"
    assert rows["Coût annuel de financement de l'encours"][0] == "275,00\u00a0€"
    assert rows["Rotation du crédit clients (fois)"][0] == "2,77"  # 9,000 ÷ 3,250
    assert rows["Nombre équivalent de débiteurs"][0] == "1,66"  # 5,500² ÷ (4,000² + 1,500²)
    value, formula, remark = rows["Durée des litiges"]
    assert (value, bool(formula), "« Date litige »" in remark.replace("\u00a0", " ")) == ("–", True, True)


def test_every_measure_that_is_one_figure_has_a_name(ledger):
    """And none but those of DSO, of money, of times and of disputes is written otherwise than as a share."""
    options = {"financing_cost": {"rate": 0.05}, "weight_in_assets": {"total_assets": 1e6}}
    found = {}
    for name in measures.__all__:
        asked = inspect.signature(getattr(measures, name))
        if asked.return_annotation is Figure and "ledger" in asked.parameters:
            days = ("2023-12-31", "2024-03-31") if "start" in asked.parameters else ("2024-03-31",)
            found[name] = getattr(measures, name)(ledger, *days, **options.get(name, {}))
    assert len(found) > 25
    english = Reader(figures_table(found)).rows[1:]
    assert [row[0] for row in english if row[0] in found] == []
    given = {name: row[1] for name, row in zip(found, english, strict=True) if not np.isnan(found[name])}
    others = {"value_of_a_day", "financing_cost", "receivables_turnover"}
    assert {name for name, value in given.items() if "%" not in value} == {
        name for name in given if name.endswith("dso") or name in others
    }


def test_a_name_of_ones_own_stays_as_it_is():
    figure = Figure(0.5, say("flows.overdue", overdue=1.0, owed=2.0), {})
    assert Reader(figures_table({HOSTILE: figure})).rows[1][:2] == [HOSTILE, "50.0%"]


def test_any_frame_is_written_by_what_its_columns_are():
    frame = pd.DataFrame(
        {
            "segment": [HOSTILE, None],
            "month": pd.to_datetime(["2024-03-01", None]),
            "paid": [1234, 0],
            "mean_days": [20.26, np.nan],
            "late_share": [0.12345, 1.0],
            "roll_rate": [0.5, 0.25],
            "balance": [1234.567, 0.0],
            "best_possible_dso": [47.87, 1.0],
            "note": [say("table.total"), None],
            "mature": [True, False],
            "Agence": ["Lyon", "Nantes"],
        }
    )
    rows = Reader(frame_table(frame, language="fr")).rows
    measured = [
        "Mois",
        "Factures payées",
        "Jours, moyenne",
        "Part payée en retard, en nombre",
        "Taux de passage",
        "Solde",
    ]
    assert rows[0] == ["Segment", *measured, "DSO contractuel", "Remarque", "Assez ancien", "Agence"]
    expected = [
        "01/03/2024",
        "1\u202f234",
        "20,3",
        "12,3\u00a0%",
        "50,0\u00a0%",
        "1\u202f234,57",
        "47,9",
        "Total",
        "oui",
    ]
    assert rows[1] == [HOSTILE, *expected, "Lyon"]
    assert rows[2][:4] == ["–", "–", "0", "–"]


QUARTER = ("2025-09-30", "2025-12-31")
FRAMES = {
    "aged_balance": lambda n, _: ar.aged_balance(n, disputed_apart=True, net_of_tax=True),
    "aged_balance_history": lambda n, _: ar.aged_balance_history(n, QUARTER, by="segment"),
    "at_risk_history": lambda n, _: ar.at_risk_history(n),
    "billing_lag": lambda n, _: ar.billing_lag(n, ordered="issued_on", delivered="booked_on"),
    "cohorts": lambda n, _: ar.cohorts(n),
    "concentration": lambda n, _: ar.concentration(n).groups,
    "concentration, top": lambda n, _: ar.concentration(n).top,
    "countback_split": lambda n, _: measures.countback_split(n),
    "currency_effect": lambda _, g: ar.currency_effect(g, *QUARTER),
    "days_late": lambda n, _: ar.days_late(n, by="customer_id"),
    "days_to_pay": lambda n, _: ar.days_to_pay(n, by="kind"),
    "delay_history": lambda n, _: ar.delay_history(n),
    "delay_history_by_payment_month": lambda n, _: ar.delay_history_by_payment_month(n),
    "delay_profile": lambda n, _: ar.delay_profile(n),
    "dispute_causes": lambda n, _: ar.dispute_causes(n),
    "dso_bridge": lambda n, _: ar.dso_bridge(n, *QUARTER).effects,
    "dso_bridge, groups": lambda n, _: ar.dso_bridge(n, *QUARTER).groups,
    "dso_contributions": lambda n, _: ar.dso_contributions(n),
    "dso_history": lambda n, _: ar.dso_history(n, QUARTER, by="customer_id"),
    "dso_methods": lambda n, _: ar.dso_methods(n),
    "dso_split": lambda n, _: measures.dso_split(n),
    "key_figures": lambda n, _: ar.key_figures(n),
    "loss_of_largest": lambda n, _: ar.loss_of_largest(n),
    "migration_matrix": lambda n, _: ar.migration_matrix(n, *QUARTER),
    "payment_profile": lambda n, _: measures.payment_profile(n),
    "payment_survival": lambda n, _: ar.payment_survival(n),
    "roll_rates": lambda n, _: ar.roll_rates(n, QUARTER),
    "settlements": lambda n, _: measures.settlements(n),
    "weighted_terms": lambda n, _: ar.weighted_terms(n),
}


@pytest.fixture(scope="module")
def samples():
    return sample_ledger("negoce"), sample_ledger("groupe")


def test_no_measure_that_gives_a_frame_is_forgotten():
    given = {
        name
        for name in measures.__all__
        if "ledger" in inspect.signature(getattr(measures, name)).parameters
        and inspect.signature(getattr(measures, name)).return_annotation in (pd.DataFrame, Bridge, Concentration)
    }
    assert {name.partition(",")[0] for name in FRAMES} == given


@pytest.mark.parametrize("name", FRAMES)
def test_every_column_of_a_measure_is_headed_in_words(samples, name):
    """In both languages, no name and no code of the program: words without underscores, flags or lower-case keys."""
    frame = FRAMES[name](*samples)
    codes = {"not_due", "due_to_cash", "no_due_date", "True", "False"} | set(frame.columns)
    for language in LANGUAGES:
        head, *rows = Reader(frame_table(frame, language=language)).rows
        shown = [str(column) for column in frame.columns if column != "inputs"]
        assert len(head) == len(shown)
        assert [column for column, heading in zip(shown, head, strict=True) if heading == column] == []
        assert [
            heading for heading in head if "_" in heading or not heading[:1].isupper() ^ heading[:1].isdigit()
        ] == []
        cells = {cell for row in rows for cell in row}
        assert {cell for cell in cells if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", cell)} == set()
        if language == "fr":
            assert cells & codes - {"total"} == set()


def test_codes_are_written_in_words():
    """A Tuesday, March, an open band of amounts; a state that is no code stays."""
    frame = pd.DataFrame(
        {
            "trait": ["due_weekday", "payment_month", "amount"],
            "from_value": [2.0, 3.0, 1000.5],
            "to_value": [2.0, 3.0, np.nan],
            "bucket": ["not_due", "91+", "<b>"],
            "step": ["invoice_to_due", "due_to_cash", "a_to_b"],
            "cause": ["", "Prix", None],
            "disputed": pd.array([True, False, None], dtype="boolean"),
        }
    )
    rows = Reader(frame_table(frame, language="fr")).rows
    tuesday = ["jour d'échéance", "mardi", "mardi", "non échu", "facture → échéance", "non précisé", "oui"]
    march = ["mois de paiement", "mars", "mars", "plus de 90 jours", "échéance → encaissement", "Prix", "non"]
    amounts = ["montant", "1\u202f000,50", "–", "<b>", "a_to_b", "–", "–"]
    assert rows[1:] == [tuesday, march, amounts]


def test_facts_are_written_in_words():
    """A rating stays as its agency writes it."""
    facts = pd.DataFrame(
        [("cover", "withdrawn"), ("proceeding", "liquidation"), ("rating", "6+"), ("altman", "distress"), ("<b>", "x")],
        columns=["fact", "value"],
    )
    assert Reader(frame_table(facts, language="fr")).rows[1:] == [
        ["Assurance-crédit", "Assurance-crédit retirée"],
        ["Procédure collective", "Liquidation judiciaire"],
        ["Cotation", "6+"],
        ["Score Z'' d'Altman", "En détresse"],
        ["<b>", "x"],
    ]
    assert Reader(frame_table(facts)).rows[1] == ["Credit insurance", "Credit insurance withdrawn"]


def test_every_fact_that_caps_has_its_words():
    """What `opinion.toml` caps, as a table shows it in both languages."""
    caps = ar.risk.facts.read_opinion_card().caps
    rows = [(fact, value) for fact, values in caps.items() for value in values] + [("rating", "P")]
    for language in LANGUAGES:
        shown = Reader(frame_table(pd.DataFrame(rows, columns=["fact", "value"]), language=language)).rows[1:]
        assert all(cell[:1].isupper() for cells in shown for cell in cells)


def test_figures_of_a_frame_are_in_their_units():
    """Bounds of a share are shares; rates of exchange have four decimals, their effect is money; ids are names."""
    frame = pd.DataFrame(
        {"item_id": [12345], "low": [0.25], "high": [0.5], "rate_start": [1.04721], "rate_effect": [1234.5]}
    )
    expected = ["12345", "25.0%", "50.0%", "1.0472", "1,234.50"]
    assert Reader(frame_table(frame)).rows[1] == expected
    change = pd.DataFrame({"change": [1234.5]})
    assert Reader(frame_table(change)).rows[1] == ["1,234.50"]
    assert Reader(frame_table(change.assign(dso_start=1.0))).rows[1] == ["1,234.5", "1.0"]


def test_an_index_is_no_percentage(ledger):
    """(4,000² + 1,500²) ÷ 5,500² = 0.6033"""
    hhi = ar.concentration(ledger).hhi
    assert Reader(figures_table({"hhi": hhi})).rows[1][1] == "0.6033"


def test_a_long_frame_says_how_long_it_is():
    seen = Reader(frame_table(pd.DataFrame({"paid": range(100)}), caption="Paid", rows=3))
    assert len(seen.rows) == 4
    assert seen.text.startswith("Paid (first 3 of 100 rows)")


def test_how_a_column_is_written_can_be_said():
    frame = pd.DataFrame({"rate_end": [0.9512]})
    assert Reader(frame_table(frame, rate_end="percent")).rows[1] == ["95.1%"]


@pytest.mark.parametrize(
    ("by", "first"),
    [(None, ["Total"]), ("kind", ["invoice", "payment"]), (["customer_id", "kind"], ["Client C / invoice"])],
)
def test_an_aged_balance_by_anything_ties(ledger, by, first):
    rows = Reader(aged_balance_table(ar.aged_balance(ledger, by=by))).rows
    assert [row[0] for row in rows[1:]][: len(first)] == first
    assert rows[0][0] == "Group"
    assert rows[-1][-1] == "5,500.00"


def test_an_aged_balance_by_invoice_date_has_its_buckets(ledger):
    rows = Reader(aged_balance_table(ar.aged_balance(ledger, basis="issued"))).rows
    assert rows[0] == ["Customer", "0–30 days", "31–60 days", "61–90 days", "over 90 days", "unapplied", "Total"]


def test_a_missing_key_figure_says_why_under_its_line():
    ledger = sample_ledger("negoce")
    early = ar.tables.key_figures_table(ar.key_figures(ledger, "2023-02-15"), language="fr")
    assert "Le grand livre commence le 02/01/2023" in early
    assert 'class="is-note"' not in ar.tables.key_figures_table(ar.key_figures(ledger))
