"""The tables of who pays late: what a person reads of scores, warnings, limits, provisions and the backtest."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from small import sample_ledger
from test_tables import HOSTILE, Reader

from arlib.risk.backtest import backtest_risk
from arlib.risk.changes import grade_migration
from arlib.risk.late import late_risk
from arlib.risk.limits import credit_exposure, credit_limits, group_exposure
from arlib.risk.provisions import (
    doubtful_journal,
    individual_provisions,
    loss_rates,
    provision_matrix,
    provisions_compared,
)
from arlib.risk.score import score_customers
from arlib.risk.warnings import early_warnings
from arlib.show.tables import (
    backtest_table,
    frame_table,
    late_risk_table,
    limits_table,
    provisions_table,
    scores_table,
    warning_rules_table,
    warnings_table,
)
from arlib.words import LANGUAGES


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("\u2060", "")


def scores():
    return pd.DataFrame(
        {
            "name": [HOSTILE, "Martin", "Petit"],
            "exposure": [1000.0, 200.0, 0.0],
            "overdue": [400.0, 0.0, 0.0],
            "expected_late": [580.0, 20.0, 0.0],
            "score": [16, 60, 70],
            "grade": ["E", "C", "B"],
            "grade_low": ["E", "D", "B"],
            "grade_high": ["D", "B", "B"],
            "insufficient_history": [True, False, True],
            "p_late": [0.58, 0.1, 0.05],
            "p_low": [0.496, 0.05, 0.01],
            "p_high": [0.667, 0.2, 0.1],
            "starting_point": "Start.",
            "main_reasons": ["Reason of one.", "Reason of two.", "Reason of three."],
            "trend": ["worse", "", ""],
            "trend_reason": ["Pays later.", "No trend.", "No trend."],
            "change": pd.array([-4, 0, None], dtype="Int64"),
            "change_reason": ["It fell.", "Nothing moved.", "It is new."],
        }
    )


def test_scores_with_their_ranges_and_reasons():
    seen = Reader(scores_table(scores(), language="fr", currency="EUR", rows=2))
    assert "img" not in seen.tags
    first, reasons, second, others = (list(map(plain, row)) for row in seen.rows[1:5])
    assert first == [HOSTILE, "16", "E (D–E)", "58 % (50 %–67 %)", "−4", "1 000,00", "400,00", "580,00"]
    assert reasons == ["Reason of one. Pays later. It fell."]
    assert second == ["Martin", "60", "C (B–D)", "10 % (5 %–20 %)", "0", "200,00", "0,00", "20,00"]
    assert others == ["Reason of two."]
    caption = "Scores, le plus gros retard attendu en montant d'abord (EUR, 2 premières lignes sur 3). Start."
    assert plain(seen.text).startswith(caption)


def test_a_grade_of_little_history_is_never_told_alone():
    """The range shows it where there is one; where all of it is of one grade, words do, in both languages."""
    told = {"en": ["E (D–E)", "C (B–D)", "B (little history)"], "fr": ["E (D–E)", "C (B–D)", "B (peu d'historique)"]}
    for language, grades in told.items():
        rows = Reader(scores_table(scores(), language=language)).rows
        assert [plain(row[2]) for row in rows[1:] if len(row) > 2] == grades
    sure = scores().assign(insufficient_history=False)
    assert plain(Reader(scores_table(sure)).rows[5][2]) == "B"


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_scores_did_on_the_past_stands_above_them(language, tested):
    days = tested.thresholds[-1]
    above = Reader(scores_table(scores().assign(days_late=days), backtest=tested, language=language)).text
    headline = " ".join(sentence.text(language) for sentence in tested.sentences_at(days)[:2])
    assert f"Start. {headline}" in above
    other = Reader(scores_table(scores().assign(days_late=77), backtest=tested, language=language)).text
    assert re.search("has not been tested|n'a pas été testé", other)


def test_a_customer_without_a_score_before_has_a_dash():
    rows = Reader(scores_table(scores())).rows
    assert rows[5][:5] == ["Petit", "70", "B\u00a0(little history)", "5% (1%–10%)", "–"]
    assert rows[6] == ["Reason of three."]


def late(**changes):
    frame = pd.DataFrame(
        {
            "item_id": [1, 2, 3],
            "name": [HOSTILE, "Martin", "Martin"],
            "reference": ["F1", HOSTILE, "F3"],
            "due_on": pd.to_datetime(["2025-11-14", "2025-12-31", None]),
            "open_amount": [1000.0, 200.0, 30.5],
            "days_overdue": [47.0, -10.0, np.nan],
            "p_late_30": [1.0, 0.2, np.nan],
            "p_late_90": [0.4, 0.01, np.nan],
            "median_on": pd.to_datetime(["2026-01-29", "2026-01-02", None]),
            "p90_on": pd.to_datetime([None, "2026-01-20", None]),
            "expected_late_euro_days": [50000.0, 700.0, np.nan],
            "expected_loss": [12.0, 1.0, np.nan],
            "note": ["", "", "No due date."],
        }
    )
    return frame.assign(**changes)


def test_open_items_and_the_total_of_all():
    seen = Reader(late_risk_table(late(), language="fr", rows=2))
    assert "img" not in seen.tags
    rows = [list(map(plain, row)) for row in seen.rows]
    assert rows[1] == [
        HOSTILE,
        "F1",
        "14/11/2025",
        "47",
        "100,0 %",
        "40,0 %",
        "29/01/2026",
        "–",
        *("1 000,00", "50 000", "12,00"),
    ]
    assert rows[2][:4] == ["Martin", HOSTILE, "31/12/2025", "−10"]
    assert rows[3] == ["1 autre", *["–"] * 7, "30,50", "–", "–"]
    assert rows[4] == ["Total", *["–"] * 7, "1 230,50", "50 700", "13,00"]


def test_a_loss_that_nobody_knows_has_no_column_and_notes_stand_under_their_line():
    rows = Reader(late_risk_table(late(expected_loss=np.nan))).rows
    assert rows[0][-1] == "Lateness to come (amount × days)"
    assert rows[4] == ["No due date."]


def warnings():
    return pd.DataFrame(
        {
            "customer_id": ["C1", "C2"],
            "name": [HOSTILE, "Martin"],
            "rule": ["slower", "over_limit"],
            "value": [14.0, 5.0],
            "usual": [5.0, 2.0],
            "amount": [1500.0, 20.0],
            "hit_rate": [0.4, np.nan],
            "base_rate": [0.25, 0.25],
            "sentence": ["It slows.", "It is over."],
        }
    )


def test_warnings_beside_their_record():
    seen = Reader(warnings_table(warnings(), language="fr", currency="EUR"))
    assert "img" not in seen.tags
    assert [list(map(plain, row)) for row in seen.rows[1:]] == [
        [HOSTILE, "Règlements plus lents", "1 500,00", "40,0 %", "25,0 %"],
        ["It slows."],
        ["Martin", "Au-delà de son plafond actuel", "20,00", "–", "25,0 %"],
        ["It is over."],
    ]


def test_rules_say_what_they_were_worth():
    record = pd.DataFrame(
        {
            "rule": ["slower", "disputes"],
            "name": ["x", "x"],
            "closings": 12,
            "raised": [176, 0],
            "customers": [70, 0],
            "came_true": [71, 0],
            "hit_rate": [0.403, np.nan],
            "base_rate": 0.276,
            "lift": [1.46, np.nan],
            "verdict": ["better", "not_asked"],
            "sentence": ["Good.", "Not asked."],
        }
    )
    rows = Reader(warning_rules_table(record)).rows
    assert rows[1] == ["Slower payments", "12", "176", "70", "71", "40.3%", "27.6%", "1.46", "better than chance"]
    assert rows[3][-2:] == ["–", "cannot be applied"]
    assert rows[4] == ["Not asked."]


def limits(**changes):
    frame = pd.DataFrame(
        {
            "name": ["Small", HOSTILE, "Free"],
            "grade": ["B", "E", "A"],
            "exposure": [100.0, 500.0, 900.0],
            "insured": [0.0, 50.0, 0.0],
            "credit_limit": [90.0, 300.0, np.nan],
            "over_limit": [10.0, 200.0, np.nan],
            "suggested_limit": [120.0, 0.0, np.nan],
            "binding": ["need", "override", ""],
            "reason": ["One.", "Two.", "Three."],
        }
    )
    return frame.assign(**changes)


def test_limits_by_what_is_over_them():
    seen = Reader(limits_table(limits(), currency="EUR", rows=2))
    assert "img" not in seen.tags
    assert [row[0] for row in seen.rows[1:]] == [HOSTILE, "Two.", "Small", "One."]
    assert seen.rows[1] == [HOSTILE, "E", "500.00", "50.00", "300.00", "200.00", "0.00", "an outside fact"]
    assert "(EUR, first 2 of 3 rows). Over their limit: 2 customers, by 210.00." in seen.text
    assert Reader(limits_table(limits())).rows[5] == ["Free", "A", "900.00", "0.00", "–", "–", "–", "not known"]


def test_nobody_over_a_limit_and_no_limits_are_two_things():
    assert "Nobody is over the limit in force." in limits_table(limits(over_limit=0.0))
    none = limits(over_limit=np.nan, credit_limit=np.nan)
    assert "Aucun client n&#x27;a de plafond en vigueur" in limits_table(none, language="fr")


def matrix(**changes):
    frame = pd.DataFrame(
        {
            "bucket": ["not_due", "1-30", "91+", "insolvent"],
            "gross": [1000.0, 100.0, 50.0, 20.0],
            "credits": [-10.0, 0.0, 0.0, 0.0],
            "tax": 0.0,
            "covered": 0.0,
            "exposure": [990.0, 100.0, 50.0, 20.0],
            "loss_rate": [0.01, 0.1, 0.4, np.nan],
            "factor": 1.0,
            "applied_rate": [0.01, 0.1, 0.4, np.nan],
            "provision_uncovered": [9.9, 10.0, 20.0, np.nan],
            "provision": [9.9, 10.0, 20.0, np.nan],
            "tax_unknown": 0.0,
            "note": [None, None, None, "One by one."],
        }
    )
    return frame.assign(**changes)


def test_provisions_add_up_and_what_is_missing_is_said():
    """9.9 + 10 + 20; 20 have no rate. Columns of zeros are left out."""
    seen = Reader(provisions_table(matrix(), language="fr", currency="EUR"))
    rows = [list(map(plain, row)) for row in seen.rows]
    assert rows[0] == ["Ancienneté", "Dû TTC", "Crédits", "Encours exposé", "Taux appliqué", "Dépréciation"]
    assert rows[1] == ["non échu", "1 000,00", "−10,00", "990,00", "1,0 %", "9,90"]
    assert rows[3][0] == "plus de 90 jours"
    assert rows[4] == ["clients insolvables", "20,00", "0,00", "20,00", "–", "–"]
    assert rows[5] == ["One by one."]
    assert rows[6] == ["Total", "1 170,00", "−10,00", "1 160,00", "–", "39,90"]
    assert plain(seen.text).startswith("Matrice de dépréciation (EUR). 20,00 n'ont pas de taux de perte")


def test_provisions_by_group():
    by = matrix()
    by.insert(0, "segment", [HOSTILE, "A", "A", "A"])
    seen = Reader(provisions_table(by))
    assert "img" not in seen.tags
    assert seen.rows[0][:3] == ["Group", "Age", "Owed, tax included"]
    assert seen.rows[1][:2] == [HOSTILE, "not due"]
    assert seen.rows[-1][:3] == ["Total", "–", "1,170.00"]


@pytest.fixture(scope="module")
def tested():
    return backtest_risk(sample_ledger("groupe"), draws=20)


def test_a_backtest_is_its_verdict_and_its_models(tested):
    rows = {
        "days_late": [0, 30],
        "model": ["law", HOSTILE],
        "invoices": [1958, 1832],
        **{f"auc{end}": [value, np.nan] for end, value in (("", 0.8686), ("_low", 0.828), ("_high", 0.89))},
        **{f"{name}{end}": [0.1234, np.nan] for name in ("brier", "log_loss") for end in ("", "_low", "_high")},
    }
    found = dataclasses.replace(tested, discrimination=pd.DataFrame(rows))
    seen = Reader(backtest_table(found))
    assert "img" not in seen.tags
    measure = "0.123 (0.123–0.123)"
    assert seen.rows[1] == ["paid late", "the score", "1,958", "87 (83–89)", measure, measure]
    assert seen.rows[2] == ["paid more than 30 days late", HOSTILE, "1,832", "–", "–", "–"]
    assert seen.text.startswith(found.verdict("en"))
    french = Reader(backtest_table(tested, language="fr"))
    assert french.rows[1][:2] == ["payée en retard", "le score"]
    assert french.text.startswith(tested.verdict("fr"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_nothing_the_table_says_what_to_do(language, tested):
    nothing = dataclasses.replace(
        tested, discrimination=tested.discrimination.iloc[:0], predictions=tested.predictions.iloc[:0]
    )
    empty = [
        scores_table(scores().iloc[:0], language=language),
        late_risk_table(late().iloc[:0], language=language),
        warnings_table(warnings().iloc[:0], language=language),
        limits_table(limits().iloc[:0], language=language),
        provisions_table(matrix().iloc[:0], language=language),
        backtest_table(nothing, language=language),
    ]
    for html in empty:
        assert re.search(r"read|choose|No warning|no past invoice|lisez|choisissez|Aucune alerte|aucune facture", html)
        assert re.search(r"\bnan\b", html) is None


@pytest.fixture(scope="module")
def frames(tested):
    """Every frame that the room of risk returns, on a sample."""
    ledger = sample_ledger("negoce")
    limited, warned = credit_limits(ledger), early_warnings(ledger)
    doubtful = pd.DataFrame({"customer_id": ["C0286"], "rate": [0.5], "reason": ["Reminders unanswered."]})
    listed = individual_provisions(ledger, doubtful=doubtful)
    return {
        "scores": score_customers(ledger),
        "migration": grade_migration(ledger, "2025-09-30"),
        "late": late_risk(ledger),
        "warnings": warned.warnings,
        "record": warned.record,
        "exposure": credit_exposure(ledger),
        "limits": limited,
        "groups": group_exposure(limited),
        "matrix": provision_matrix(ledger),
        "rates": loss_rates(ledger),
        "compared": provisions_compared(ledger),
        "listed": listed,
        "journal": doubtful_journal(listed),
        **{
            name: getattr(tested, name)
            for name in ("predictions", "discrimination", "gains", "calibration", "dates", "left_out")
        },
        "capture": tested.capture,
        "capture_curve": tested.capture_curve,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_risk_is_headed_in_words(frames, language):
    """No name and no code of the program, but grades, in the table that takes any frame."""
    for name, frame in frames.items():
        head, *rows = Reader(frame_table(frame, language=language)).rows
        assert len(head) == frame.shape[1], name
        same = [column for column, heading in zip(frame.columns, head, strict=True) if heading == column]
        assert same == [], name
        assert [heading for heading in head if "_" in heading] == [], name
        codes = {cell for row in rows for cell in row if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", cell)}
        assert codes == set(), name


def test_probabilities_and_scores_of_a_backtest_are_in_their_units():
    frame = pd.DataFrame(
        {
            "p_late": [0.125],
            "hit_rate": [0.4],
            "quota": [0.9],
            "p_late_15": [0.5],
            "auc": [0.87349],
            "crps": [6.28],
            "trend": ["worse"],
            "model": ["law"],
            "rule": ["slower"],
            "cover_state": ["ending"],
        }
    )
    rows = Reader(frame_table(frame)).rows
    assert rows[0][3] == "Over 15 days late"
    texts = ["pays later", "the score", "Slower payments", "about to end"]
    assert rows[1] == ["12.5%", "40.0%", "90.0%", "50.0%", "0.8735", "6.3", *texts]
