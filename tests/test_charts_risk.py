"""The charts of who pays late: what their titles find, on frames small enough to check by hand."""

import dataclasses
import itertools
import json
import re

import numpy as np
import pandas as pd
import pytest
import vl_convert
from small import ledger_of, sample_ledger
from test_charts_bounds import TOLD_APART, VISIONS, lab, light
from test_charts_measures import every_string, finding_of, lines_of, rows_of

from arlib.risk.backtest import backtest_risk
from arlib.risk.scorecard import read_scorecard
from arlib.show import charts
from arlib.show.charts.scores import GRADE_COLOURS
from arlib.words import LANGUAGES, label_keys, word

HOSTILE = "\"];alert('x')//</script>{datum.x}"


def scores(**changes):
    """1,000 owed: 150 by Durand (E) and 50 by Martin (D), 800 by Petit (A); Blanc owes nothing, Noir is in credit.

    Of ten late, the score is 60; twelve points more each time the odds of paying double: an even chance is 60 less
    12 × log2(9) = 22; one in a thousand 60 + 12 × log2(999 / 9) = 142, and the scale ends at 100.
    """
    frame = pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3", "C4", "C5"],
            "name": ["Durand", "Petit", "Martin", "Blanc", "Noir"],
            "exposure": [150.0, 800.0, 50.0, 0.0, -20.0],
            "overdue": [100.0, 0.0, 0.0, 0.0, 0.0],
            "score": [22, 100, 30, 60, 60],
            "grade": ["E", "A", "D", "C", "C"],
            "points_facts": [0, 0, 0, 0, 0],
            "p_late": [0.5, 0.001, 0.3, 0.1, 0.1],
            "p_low": [0.1, 0.001, 0.2, 0.1, 0.1],
            "p_high": [0.5, 0.1, 0.4, 0.1, 0.1],
            "days_late": 30,
            "insufficient_history": [False, True, False, False, False],
        }
    )
    return frame.assign(**changes)


def calibration(late=(10, 40, 30, 60)):
    """Two thresholds, two groups of 100 invoices each: all within their range but the last, 30 % announced, 60 seen."""
    rows = [
        (0, 1, 0.12, 0.05, 0.20),
        (0, 2, 0.35, 0.30, 0.50),
        (30, 1, 0.30, 0.20, 0.40),
        (30, 2, 0.30, 0.50, 0.70),
    ]
    frame = pd.DataFrame(rows, columns=["days_late", "bin", "predicted", "low", "high"])
    return frame.assign(observed=np.array(late) / 100, count=[100, 100, 100, 120])


def migration():
    """Of 17 with a grade on both days, 3 fell (A to B, A to E), owing 40 + 60, and 2 rose; 4 were new."""
    grades = ["A", "B", "C", "D", "E"]
    pairs = itertools.product([*grades, ""], grades)
    counts = {("A", "A"): 8, ("A", "B"): 2, ("A", "E"): 1, ("B", "A"): 2, ("B", "B"): 4, ("", "B"): 4}
    owed = {("A", "B"): 40.0, ("A", "E"): 60.0, ("A", "A"): 12345.0}
    rows = [(start, end, counts.get((start, end), 0), 5.0, owed.get((start, end), 7.0)) for start, end in pairs]
    columns = ["grade_start", "grade_end", "customers", "exposure_start", "exposure_end"]
    return pd.DataFrame(rows, columns=columns)


def past(months=16):
    """A pays on time, B 20 days late, C 45; an invoice each a month, B's ten times as large."""
    rows = []
    for month in pd.date_range("2023-01-05", periods=months, freq="MS"):
        for customer, late, amount in (("A", 0, 100), ("B", 20, 1000), ("C", 45, 100)):
            due = month + pd.Timedelta(days=30)
            paid = due + pd.Timedelta(days=late)
            rows.append(f"{customer} | invoice | {month:%Y-%m-%d} | {due:%Y-%m-%d} | {amount} |")
            rows.append(f"{customer} | payment | {paid:%Y-%m-%d} | | -{amount} | {len(rows)}")
    lines = "\n".join(["customer | kind | issued | due | amount | pays", *rows])
    return ledger_of(lines, covers=("2023-01-01", "2024-09-30"))


@pytest.fixture(scope="module")
def tested():
    """A backtest whose capture is put in by hand."""
    found = backtest_risk(past(), draws=20)
    rules = {"law": 0.4, "overdue_amount": 0.25, "days_overdue": 0.2, "amount": 0.3, "best": 0.5}
    capture = pd.DataFrame({"rule": list(rules), "share": list(rules.values()), "low": 0.3, "high": 0.45})
    curve = pd.DataFrame({"rule": np.repeat(list(rules), 3), "called_share": [0.0, 0.1, 1.0] * len(rules)})
    curve["caught_share"] = np.ravel([[0.0, share, 1.0] for share in rules.values()])
    return dataclasses.replace(found, capture=capture.assign(snapshots=11, items=7098), capture_curve=curve)


def spec_of(name, tested, language="en"):
    drawn = {
        "scores": lambda: charts.score_exposure_chart(scores(), language=language),
        "intervals": lambda: charts.score_exposure_chart(scores(), intervals=True, language=language),
        "reliability": lambda: charts.reliability_chart(calibration(), language=language),
        "capture": lambda: charts.capture_chart(tested, language=language),
        "grades": lambda: charts.grade_migration_chart(migration(), language=language),
    }
    return drawn[name]().to_dict()


FINDINGS = {
    "scores": (
        "2 customers of grade D or E owe 200, 20% of what is owed; of these, Durand owes most",
        "2 clients de classe D ou E doivent 200, soit 20 % de l'encours ; parmi eux, « Durand » doit le plus",
    ),
    "reliability": (
        (
            "What was announced agrees with what happened in 3 of 4 groups of invoices; furthest apart: 30% announced "
            "to be paid more than 30 days late, 60% were"
        ),
        (
            "Ce qui était annoncé s'accorde avec ce qui s'est produit dans 3 des 4 groupes de factures ; le plus grand "
            "écart : 30 % annoncées payées avec plus de 30 jours de retard, 60 % l'ont été"
        ),
    ),
    "capture": (
        (
            "Calling first the tenth of open items the score points to would have caught 40% of the lateness to come, "
            "the usual worklist 25%; 50% was the most possible"
        ),
        (
            "Relancer d'abord le dixième des pièces ouvertes que le score désigne aurait couvert 40 % des retards "
            "à venir, la liste habituelle 25 % ; le maximum possible était de 50 %"
        ),
    ),
    "grades": (
        "Of 17 customers, 3 fell to a lower grade and now owe 100; 2 rose to a higher one",
        "Sur 17 clients, 3 sont descendus de classe (100 dus à la seconde date), 2 sont montés",
    ),
}


@pytest.mark.parametrize("name", FINDINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_is_what_the_frame_says(name, language, tested):
    spec = spec_of(name, tested, language)
    found = re.sub(r"[\u00a0\u202f]", " ", finding_of(spec))
    assert found == FINDINGS[name][LANGUAGES.index(language)]
    assert spec["description"].endswith(f" {finding_of(spec)}.")


ALL = [*FINDINGS, "intervals"]


@pytest.mark.parametrize("name", ALL)
def test_every_chart_is_drawn_at_every_width_with_the_ink_around_it(name, tested):
    spec = spec_of(name, tested, "fr")
    layouts = lines_of(spec)
    assert len({" ".join(lines) for lines in layouts}) == 1
    assert max(len(lines) for lines in layouts) <= 7
    assert len(spec["title"]["subtitle"]) <= 4
    for width in (300, 930):
        svg = vl_convert.vegalite_to_svg({**spec, "width": width})
        inks = set(re.findall(r'<text[^>]* fill="([^"]+)"', svg))
        assert "currentColor" in inks
        assert name == "grades" or inks == {"currentColor"}


@pytest.mark.parametrize("name", ALL)
def test_nothing_in_french_is_english(name, tested):
    keys = [key for key in label_keys() if key.startswith(("charts.", "show.", "risk.backtest."))]
    pairs = {word(key, "en"): word(key, "fr") for key in keys if "{" not in word(key, "en")}
    english = {here for here, there in pairs.items() if here != there} - set(pairs.values())
    shown = {"title", "series", "row", "column", "label"}
    texts = [
        {text for under, text in every_string(spec_of(name, tested, language)) if under[-1] in shown}
        for language in LANGUAGES
    ]
    assert english & texts[0]
    assert english & texts[1] == set()


def points_of(spec):
    """The rows of the customers drawn, by name."""
    return {row["name"]: row for row in rows_of(spec) if "insufficient_history" in row}


def test_a_point_a_customer_who_owes():
    spec = charts.score_exposure_chart(scores(), currency="EUR").to_dict()
    assert set(points_of(spec)) == {"Durand", "Petit", "Martin"}
    under = " ".join(spec["title"]["subtitle"])
    assert under == (
        "owed (EUR, square-root scale) by score; at 0, invoices are surely paid more than 30 days late; hollow: little "
        "history; 2 customers who owe nothing not drawn"
    )
    assert "hollow" not in " ".join(
        charts.score_exposure_chart(scores(insufficient_history=False)).to_dict()["title"]["subtitle"]
    )


def test_the_range_of_a_score_is_that_of_its_probability():
    """An even chance is 22 points, one in ten 60, one in a thousand the end of the scale; a fact caps both ends."""
    found = points_of(charts.score_exposure_chart(scores(), intervals=True).to_dict())
    assert (found["Durand"]["low"], found["Durand"]["high"]) == (22, 60)
    assert (found["Petit"]["low"], found["Petit"]["high"]) == (60, 100)
    capped = points_of(charts.score_exposure_chart(scores(points_facts=[-5, 0, 0, 0, 0])).to_dict())
    assert (capped["Durand"]["low"], capped["Durand"]["high"]) == (22, 22)


def test_ranges_are_drawn_when_asked():
    kinds = [
        [layer["mark"]["type"] for layer in spec["layer"] if "y2" in layer["encoding"] or "x2" in layer["encoding"]]
        for spec in (charts.score_exposure_chart(scores(), intervals=asked).to_dict() for asked in (False, True))
    ]
    assert kinds == [[], ["rule"]]


def test_grades_begin_where_the_scorecard_says():
    card = read_scorecard()
    spec = charts.score_exposure_chart(scores()).to_dict()
    zones = {row["grade"]: row["low"] for row in rows_of(spec) if "middle" in row}
    assert zones == {"A": 80, "B": 65, "C": 45, "D": 25, "E": 0}
    two = dataclasses.replace(card, grades={"fine": 50, "poor": 0})
    found = charts.score_exposure_chart(scores(grade=["poor", "fine", "poor", "fine", "fine"]), scorecard=two).to_dict()
    assert finding_of(found).startswith("2 customers of grade poor owe 200")


@pytest.mark.parametrize(
    ("grades", "title"),
    [
        (["E", "A", "B", "C", "C"], "One customer only is of grade D or E, Durand: it owes 150, 15% of what is owed"),
        (
            ["C", "A", "B", "C", "C"],
            "No customer that owes anything is of grade D or E; the lowest score is 22, that of Durand",
        ),
    ],
)
def test_titles_of_few_weak_customers(grades, title):
    assert finding_of(charts.score_exposure_chart(scores(grade=grades)).to_dict()) == title


def many(count):
    """Customers whose names would cover one another, owing 1, 2, 3 …"""
    rng = np.random.default_rng(3)
    whole = scores().iloc[np.zeros(count, dtype=int)].reset_index(drop=True)
    score = rng.integers(50, 101, count)
    names = [f"Customer number {number}" for number in range(count)]
    return whole.assign(
        customer_id=[f"C{number}" for number in range(count)],
        name=names,
        exposure=np.arange(1.0, count + 1),
        score=score,
        grade=read_scorecard().grade(score),
    )


@pytest.mark.parametrize(("intervals", "drawn"), [(False, 2000), (True, 1000)])
def test_twenty_thousand_customers_are_still_a_chart(intervals, drawn):
    """The largest; of 1 + … + 20,000, the first 18,000 hold 18,000 × 18,001 ÷ (20,000 × 20,001) = 81 %."""
    whole = many(20_000)
    before = whole.copy()
    spec = charts.score_exposure_chart(whole, intervals=intervals).to_dict()
    assert len(points_of(spec)) == drawn
    smallest, second = sorted(row["exposure"] for row in points_of(spec).values())[:2]
    assert second == 20_002 - drawn
    assert smallest < second - 1  # whom the title names, of the lowest score
    share = {2000: "81%", 1000: "90%"}[drawn]
    under = " ".join(spec["title"]["subtitle"])
    assert f"the {20_000 - drawn:,} smallest not drawn, {share} of the total" in under
    assert len(json.dumps(spec)) < 1_500_000
    pd.testing.assert_frame_equal(whole, before)


def test_labels_do_not_cover_one_another():
    """On the plot they are laid out for, 560 × 320, letters 7.2 wide; the one the title names comes first."""
    whole = many(300)
    whole["exposure"] = 1.03 ** whole["exposure"]
    spec = charts.score_exposure_chart(whole).to_dict()
    labels = sorted((row for row in rows_of(spec) if "left" in row), key=lambda row: row["place"])
    assert 3 <= len(labels) <= 8
    assert labels[0]["label"] in finding_of(spec)
    boxes = []
    for row in labels:
        x, y = row["score"] / 100 * 560, 320 * (1 - np.sqrt(row["exposure"] / whole["exposure"].max()))
        width = 7.2 * len(row["label"])
        start = x - 9 - width if row["left"] else x + 9
        assert start >= 0
        assert start + width <= 560
        boxes.append((start, start + width, y))
    for one, other in itertools.combinations(boxes, 2):
        assert abs(one[2] - other[2]) >= 17 or one[1] <= other[0] or other[1] <= one[0]


def test_grades_are_told_apart_by_every_vision():
    for vision in VISIONS.values():
        seen = [lab(np.array(vision) @ light(colour)) for colour in GRADE_COLOURS]
        assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) >= TOLD_APART


def test_texts_of_files_are_data():
    """A name is no expression of the chart."""
    spec = charts.score_exposure_chart(scores(name=[HOSTILE, "b", "c", "d", "e"])).to_dict()
    expressions = [text for under, text in every_string(spec) if under[-1] in {"expr", "test", "filter", "calculate"}]
    assert [text for text in expressions if "alert" in text] == []
    assert "<svg" in vl_convert.vegalite_to_svg({**spec, "width": 600})


def test_all_groups_that_agree():
    spec = charts.reliability_chart(calibration().head(3)).to_dict()
    assert finding_of(spec) == "What was announced agrees with what happened in all 3 groups of invoices"
    under = " ".join(spec["title"]["subtitle"])
    assert under.endswith("dashed: both agree; 100 to 100 invoices a point")
    rows = [row for row in rows_of(spec) if "count" in row]
    assert [row["series"] for row in rows] == ["paid late", "paid late", "paid more than 30 days late"]


def test_what_never_came_in_a_hundred_invoices_may_yet_come():
    """Every draw of a group without a late invoice has none: its range is no wider than 0, where 3 in 100 is likely."""
    none = calibration(late=(0, 40, 30, 60)).assign(low=lambda each: each["low"].mask(each["observed"] == 0, 0.0))
    none["high"] = none["high"].mask(none["observed"] == 0, 0.0)
    close = none.assign(predicted=[0.03, 0.35, 0.30, 0.30])
    far = none.assign(predicted=[0.031, 0.35, 0.30, 0.30])
    for frame, agree in ((close, 3), (far, 2)):
        assert f"in {agree} of 4 groups" in finding_of(charts.reliability_chart(frame).to_dict())
    always = close.assign(predicted=1 - close["predicted"], observed=1 - close["observed"])
    always = always.assign(low=1 - close["high"], high=1 - close["low"])
    assert "in 3 of 4 groups" in finding_of(charts.reliability_chart(always).to_dict())


def test_a_threshold_that_hardly_anybody_passes_is_left_out_and_said():
    """19 of 220 invoices."""
    rare = calibration(late=(10, 40, 10, 0)).assign(observed=[0.10, 0.40, 0.19, 0.0])
    spec = charts.reliability_chart(rare).to_dict()
    assert "in all 2 groups" in finding_of(spec)
    assert " ".join(spec["title"]["subtitle"]).endswith("too few to judge: paid more than 30 days late")
    nothing = charts.reliability_chart(rare.tail(2), language="fr").to_dict()
    assert finding_of(nothing).startswith("Trop peu de factures passées")


def test_one_customer_tells_no_range():
    """100 × 12 + 100 × 35 of 200 announced, 10 + 40 seen."""
    alone = calibration().head(2).assign(low=np.nan, high=np.nan)
    found = finding_of(charts.reliability_chart(alone).to_dict())
    assert found.startswith("24% of invoices were announced to be late, and 25% were")


def test_a_backtest_is_drawn_as_its_calibration(tested):
    whole, part = (charts.reliability_chart(each).to_dict() for each in (tested, tested.calibration))
    assert rows_of(whole) == rows_of(part)
    assert finding_of(whole) == finding_of(part)


@pytest.mark.parametrize(
    ("law", "told"), [(0.2, "less than the usual worklist: 25%"), (0.252, "no more than the usual worklist; 50%")]
)
def test_a_score_that_catches_no_more_than_the_usual_list_says_so(tested, law, told):
    shares = tested.capture.assign(share=tested.capture["share"].mask(tested.capture["rule"] == "law", law))
    assert told in finding_of(charts.capture_chart(dataclasses.replace(tested, capture=shares)).to_dict())


def test_a_model_of_ones_own_has_its_line(tested):
    own = tested.capture_curve[tested.capture_curve["rule"] == "law"].assign(rule="larger")
    curve = pd.concat([tested.capture_curve, own, own.assign(rule="other")], ignore_index=True)
    spec = charts.capture_chart(dataclasses.replace(tested, capture_curve=curve)).to_dict()
    series = {row["series"] for row in rows_of(spec) if "caught_share" in row and "series" in row}
    assert "larger" in series
    assert len(series) == 6
    domain = spec["layer"][1]["encoding"]["color"]["scale"]
    assert domain["domain"][:2] == ["score", "larger"]
    assert len(set(domain["range"])) == 6


def test_cells_hold_customers_and_what_they_owe():
    spec = charts.grade_migration_chart(migration(), language="fr").to_dict()
    cells = {(row["row"], row["column"]): (row["figure"], row["under"], row["share"]) for row in rows_of(spec)}
    assert cells["A", "B"] == ("2", "40", pytest.approx(2 / 11))
    assert cells["A", "A"][:2] == ("8", "12,3\u00a0k")
    assert cells["pas encore connu", "B"] == ("4", "7", 1.0)
    assert len(cells) == 6
    columns = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert columns == ["A", "B", "E"]


@pytest.mark.parametrize(
    ("kept", "title"),
    [
        ([("A", "A"), ("B", "B")], "Nobody changed grade, of 12 customers"),
        ([("A", "A"), ("B", "A")], "Of 10 customers, none fell to a lower grade, 2 rose to a higher one"),
        ([("", "B")], "None of the 4 customers was known on the first day: choose a later one"),
        ([], "Nothing was booked for anybody by then: choose a later day."),
    ],
)
def test_titles_of_few_moves(kept, title):
    pairs = pd.MultiIndex.from_frame(migration()[["grade_start", "grade_end"]])
    frame = migration().assign(customers=migration()["customers"].where(pairs.isin(kept), 0))
    assert finding_of(charts.grade_migration_chart(frame).to_dict()) == title


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_nothing_the_chart_says_what_to_do(language, tested):
    nothing = dataclasses.replace(
        tested, capture_curve=tested.capture_curve.iloc[:0], calibration=tested.calibration.iloc[:0]
    )
    drawn = [
        charts.score_exposure_chart(scores(exposure=0.0), language=language),
        charts.score_exposure_chart(scores().iloc[:0], language=language),
        charts.reliability_chart(nothing, language=language),
        charts.capture_chart(nothing, language=language),
        charts.grade_migration_chart(migration().iloc[:0], language=language),
    ]
    for chart in drawn:
        spec = chart.to_dict()
        assert re.search(r"choose|read|choisissez|lisez", finding_of(spec))
        assert "<svg" in vl_convert.vegalite_to_svg({**spec, "width": 390})


def test_real_frames_of_the_samples_are_drawn():
    ledger = sample_ledger("groupe")
    found = backtest_risk(ledger, draws=20)
    for chart in (charts.reliability_chart(found, language="fr"), charts.capture_chart(found, language="fr")):
        assert charts.picture(chart, width=600).startswith(b"\x89PNG")
