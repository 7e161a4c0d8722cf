"""The charts of the measures: what their titles find, on frames small enough to check by hand, and what they refuse."""

import html
import json
import re
import struct
import zlib

import numpy as np
import pandas as pd
import pytest
import vl_convert

from arlib.measures.bridge import Bridge
from arlib.measures.bridge.effects import EFFECTS, drill_column
from arlib.measures.figure import Figure
from arlib.show import charts
from arlib.show.charts.figures import share_text, short_amount, whole_money
from arlib.show.charts.grid import DARK, WHITE
from arlib.show.charts.rows import group_names
from arlib.words import LANGUAGES, label_keys, say, word

HOSTILE = "\"];alert('x')//</script>{datum.x}"


def dates(*days):
    return pd.to_datetime(list(days)).astype("datetime64[s]")


def history():
    """Past due: 250 of 1,000 at the end of 2023, 330 of 1,100 at the end of 2024; a month between, and one before."""
    rows = [
        ["2023-11-30", 900.0, 100.0, 0.0, 0.0, -20.0, 980.0],
        ["2023-12-31", 750.0, 200.0, 0.0, 50.0, 0.0, 1000.0],
        ["2024-06-30", 100.0, 900.0, 0.0, 0.0, 0.0, 1000.0],
        ["2024-12-31", 770.0, 200.0, 75.0, 55.0, -10.0, 1090.0],
    ]
    frame = pd.DataFrame(rows, columns=["as_of", "not_due", "1-30", "31-60", "61+", "unapplied", "total"])
    return frame.assign(as_of=dates(*frame["as_of"]))


def dsos():
    days = dates("2023-11-30", "2023-12-31", "2024-06-30", "2024-12-31")
    return pd.DataFrame({"as_of": days, "dso": [40.0, 52.0, 60.0, 50.5], "countback_dso": [np.nan, 45.0, 47.0, 46.0]})


def group_dsos():
    rows = [("A", 300.0, 70.0), ("B", 200.0, 35.0), ("C", 100.0, np.nan)]
    frame = pd.DataFrame(rows, columns=["segment", "receivable", "dso"])
    return pd.concat([frame.assign(as_of=day) for day in dates("2024-11-30", "2024-12-31")])[
        ["segment", "as_of", "receivable", "dso"]
    ]


def methods():
    days = {"dso": 50.0, "countback_dso": 62.5, "true_dso": np.nan, "best_possible_dso": 41.0}
    return pd.DataFrame(
        {
            "method": list(days),
            "name": [say(f"dso.name.{method}") for method in days],
            "days": list(days.values()),
            "formula": say("dso.window", days=90),
            "note": [None, None, say("dso.no_sales", window=90), None],
        }
    )


def bridge(name="Durand"):
    """50 to 54.1 days: +2.6 delay, of which Durand 2.0; +2.0 terms; −0.5 mix."""

    def figure(days, day):
        return Figure(days, say("dso.window", days=90), {"as_of": pd.Timestamp(day)})

    moved = {"delay": 2.6, "terms": 2.0, "mix": -0.5}
    effects = pd.DataFrame({"effect": EFFECTS, "days": [moved.get(effect, 0.0) for effect in EFFECTS], "amount": 100.0})
    groups = pd.DataFrame({"customer_id": ["C1", "C2"], "name": [name, "Martin"], "dso_start": 25.0, "dso_end": 27.05})
    groups["change"] = [2.5, 1.6]
    for effect in EFFECTS:
        groups[drill_column(effect)] = moved.get(effect, 0.0) / 2
    groups["days_delay"] = [2.0, 0.6]
    ends = figure(50.0, "2024-12-31"), figure(54.1, "2025-12-31")
    return Bridge(*ends, effects, groups, say("bridge.still", end=54.1), None)


def survival():
    steps = [(-5, 0.9, 10), (0, 0.8, 9), (10, 0.5, 8), (30, 0.2, 5), (40, 0.0, 2)]
    frame = pd.DataFrame(steps, columns=["day", "unpaid_share", "at_risk"])
    return frame.assign(low=frame["unpaid_share"] - 0.05, high=frame["unpaid_share"] + 0.05, paid=1)


def delays():
    """Twelve months apart 50 then 54 days; the last month is young: those paid, 12 days, say nothing."""
    months = dates("2023-10-01", "2024-10-01", "2024-11-01")
    frame = pd.DataFrame({"month": months, "paid": [10, 10, 2], "open": [0, 0, 8]})
    return frame.assign(
        median_days=[50.0, 54.0, 12.0], with_open_median_days=[50.0, 54.0, 55.0], matured=[True, True, False]
    )


def terms():
    return pd.DataFrame(
        {
            "segment": ["A", "B", "C"],
            "issued": 1,
            "closed_amount": [100.0, 100.0, 0.0],
            "closed_terms": [30.0, 50.0, np.nan],
            "closed_days_to_pay": [40.0, 70.0, np.nan],
        }
    )


def cohorts():
    """60 of 100 and 240 of 300 paid after 60 days: 75 %; 90 and 294 after 90 days: 96 %; the third month is young."""
    rows = [
        ("2024-01-01", 30, 100.0, 0.2, True),
        ("2024-01-01", 60, 100.0, 0.6, True),
        ("2024-01-01", 90, 100.0, 0.9, True),
        ("2024-02-01", 30, 300.0, 0.4, True),
        ("2024-02-01", 60, 300.0, 0.8, True),
        ("2024-02-01", 90, 300.0, 0.98, True),
        ("2024-03-01", 30, 500.0, 0.1, False),
        ("2024-03-01", 60, 500.0, np.nan, False),
    ]
    frame = pd.DataFrame(rows, columns=["month", "days", "billed", "paid_share", "mature"])
    band = {"low": frame["paid_share"] - 0.02, "high": frame["paid_share"] + 0.02}
    return frame.assign(month=dates(*frame["month"]), **band)


def matrix():
    """Past due at the start: 200; 120 of it paid, 20 credited, 60 still owed."""
    rows = [
        ("not_due", 500.0, 0.0, 300.0, 200.0, 0.0, 0.0, 1000.0),
        ("1-30", 100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 100.0),
        ("31+", 20.0, 20.0, 0.0, 0.0, 60.0, 0.0, 100.0),
        ("unapplied", 0.0, 0.0, 0.0, 0.0, 0.0, -40.0, -40.0),
        ("new", 0.0, 0.0, 700.0, 0.0, 0.0, 0.0, 700.0),
    ]
    return pd.DataFrame(rows, columns=["at_start", "paid", "credited", "not_due", "1-30", "31+", "unapplied", "total"])


def debtors(name="Durand"):
    """50 + 30 of 100 owed by the first two of four."""
    shares = np.array([0.5, 0.3, 0.1, 0.1])
    frame = pd.DataFrame({"customer_id": ["C1", "C2", "C3", "C4"], "name": [name, "Martin", None, "Martin"]})
    return frame.assign(
        rank=[1, 2, 3, 4], receivable=shares * 1000, share=shares, cumulated_share=np.cumsum(shares).round(2)
    )


def opened():
    """100 five days late, 150 due today, 50 in 29 days, 100 in 100, and a credit of 50."""
    late = [5, 0, -29, -100, 3]
    due = pd.Timestamp("2024-12-31") - pd.to_timedelta(late, unit="D")
    amounts = [100.0, 150.0, 50.0, 100.0, -50.0]
    return pd.DataFrame({"due_on": due.astype("datetime64[s]"), "days_overdue": late, "open_amount": amounts})


def effects():
    frame = pd.DataFrame({"currency": ["EUR", "USD"], "change": [100.0, -30.0], "quantity_effect": [100.0, -10.0]})
    return frame.assign(rate_effect=[0.0, -25.0], exchange_differences=[0.0, 5.0], unquantified=0.0)


DRAWN = {
    "aged_balance": (charts.aged_balance_chart, lambda: history().tail(1)),
    "aged_history": (charts.aged_history_chart, history),
    "dso_history": (charts.dso_history_chart, dsos),
    "dso_groups": (charts.dso_history_chart, group_dsos),
    "dso_methods": (charts.dso_methods_chart, methods),
    "bridge": (charts.dso_bridge_chart, bridge),
    "bridge_groups": (charts.bridge_groups_chart, bridge),
    "survival": (charts.payment_survival_chart, survival),
    "delays": (charts.delay_history_chart, delays),
    "terms": (charts.weighted_terms_chart, terms),
    "cohorts": (charts.cohorts_chart, cohorts),
    "migration": (charts.migration_chart, matrix),
    "pareto": (charts.pareto_chart, debtors),
    "calendar": (charts.payment_calendar_chart, opened),
    "currency": (charts.currency_effect_chart, effects),
}

FINDINGS = {
    # 330 / 1,100 and 55 / 1,100; credits not applied are no part of what is owed
    "aged_balance": (
        "30% of what is owed is past due; 5% is past due by more than 60 days",
        "30 % de ce qui est dû est échu ; 5 % l'est depuis plus de 60 jours",
    ),
    # a year apart, 250 / 1,000: neither the first month nor the one between is compared
    "aged_history": (
        "What is past due rose from 25% to 30% of what is owed between 2023-12-31 and 2024-12-31",
        "L'échu passe de 25 % à 30 % de ce qui est dû, en hausse, entre le 31/12/2023 et le 31/12/2024",
    ),
    "dso_history": (
        "DSO fell from 52.0 to 50.5 days between 2023-12-31 and 2024-12-31",
        "Le DSO passe de 52,0 à 50,5 jours, en baisse, entre le 31/12/2023 et le 31/12/2024",
    ),
    "dso_groups": (
        "On 2024-12-31, A has the longest DSO of those drawn, 70.0 days; B the shortest, 35.0 days",
        "Au 31/12/2024, A a le plus long DSO des groupes tracés, 70,0 jours ; B le plus court, 35,0 jours",
    ),
    # best possible is a part of the receivable and no definition of how long all of it takes
    "dso_methods": (
        "The same day gives 50.0 days by one definition (Simple DSO) and 62.5 by another (Count-back DSO)",
        "Le même jour donne 50,0 jours selon une définition (DSO simple) et 62,5 selon une autre (DSO par épuisement)",
    ),
    "bridge": (
        "DSO rose 4.1 days, mostly because overdue invoices of Durand weigh more against sales",
        "Le DSO gagne 4,1 jours, surtout car pour Durand, les factures échues pèsent plus face aux ventes",
    ),
    "bridge_groups": (
        "Durand moved DSO most, in days: +2.5 of +4.1 in all",
        "Durand pèse le plus dans la variation du DSO, en jours : +2,5 sur +4,1 en tout",
    ),
    "survival": (
        "80% of invoices are unpaid at the end of their due date, 20% still are 30 days later",
        "80 % des factures sont impayées au soir de l'échéance, 20 % le sont encore 30 jours après",
    ),
    "delays": (
        "Half of the invoices of Oct 2024 were paid within 54 days, 4 more than a year before",
        "La moitié des factures émises en oct. 2024 ont été payées en 54 jours, 4 de plus qu'un an avant",
    ),
    "terms": (
        "What was paid took 55.0 days instead of the 40.0 agreed: 15.0 days late",
        "Ce qui a été payé l'a été en 55,0 jours au lieu des 40,0 convenus : 15,0 jours de retard",
    ),
    "cohorts": (
        "75% of what is billed is paid after 60 days, 96% after 90",
        "75 % de ce qui est facturé est payé après 60 jours, 96 % après 90",
    ),
    "migration": (
        "Of what was past due on the first day, 60% was paid by the second and 30% is still owed",
        "De ce qui était échu le premier jour, 60 % était payé au second et 30 % reste dû",
    ),
    "pareto": (
        "2 of 4 debtors owe 80% of the total; Durand alone owes 50%",
        "2 des 4 débiteurs doivent 80 % du total ; Durand doit à lui seul 50 %",
    ),
    # 150 + 50 due from the day on for 30 days; 100 / 400
    "calendar": (
        "200 falls due within 30 days; 100 is past due, 25% of what is open",
        "200 arrivent à échéance sous 30 jours ; 100 sont échus, soit 25 % de ce qui est ouvert",
    ),
    "currency": (
        "Exchange rates took 20 off the receivable, which changed by +70",
        "Le change a retiré 20 à l'encours, qui a varié de +70",
    ),
}


def spec_of(name, language="en"):
    chart, frame = DRAWN[name]
    return chart(frame(), language=language).to_dict()


def lines_of(spec):
    """The lines of the title, at each width it is laid out for."""
    return spec["params"][0]["value"]


def finding_of(spec):
    return " ".join(lines_of(spec)[0])


def rows_of(spec):
    return [row for rows in spec["datasets"].values() for row in rows]


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_is_what_the_frame_says(name, language):
    spec = spec_of(name, language)
    expected = FINDINGS[name][LANGUAGES.index(language)]
    assert re.sub(r"[\u00a0\u202f]", " ", finding_of(spec)) == expected
    assert spec["description"].endswith(f". {finding_of(spec)}.")


@pytest.mark.parametrize(
    ("basis", "english", "french"),
    [
        ("issued", "within 54 days, 4 days later", "en 54 jours, 4 jours plus tard"),
        ("due", "54 days after the due date, 4 days later", "54 jours après l'échéance, 4 jours plus tard"),
    ],
)
def test_delays_by_month_of_payment_speak_of_payments(basis, english, french):
    """No open invoices are in them: one line, and a title and a unit that say what months are of."""
    paid = delays().drop(columns=["open", "with_open_median_days"])
    spec = charts.delay_history_chart(paid, basis=basis).to_dict()
    assert finding_of(spec) == f"Half of the invoices paid off in Oct 2024 were paid {english} than a year before"
    assert {row["series"] for row in rows_of(spec)} == {"of the paid ones only"}
    assert "by month of payment" in " ".join(spec["title"]["subtitle"])
    translated = finding_of(charts.delay_history_chart(paid, basis=basis, language="fr").to_dict())
    assert translated == f"La moitié des factures soldées en oct. 2024 l'ont été {french} qu'un an avant"


def test_a_group_stands_between_its_quotation_marks():
    """« celles de Détaillants » is no French."""
    parts = [delays().assign(segment=name, with_open_median_days=days) for name, days in (("A", 60.0), ("B", 20.0))]
    history = pd.concat(parts)[["segment", *delays()]]
    finding = finding_of(charts.delay_history_chart(history, language="fr").to_dict()).replace("\u00a0", " ")
    assert finding == (
        "Parmi les factures émises en oct. 2024, la moitié ont été payées en 60 jours pour « A », en 20 pour « B »"
    )


@pytest.mark.parametrize(
    ("chart", "frame"),
    [
        (charts.dso_history_chart, group_dsos),
        (charts.payment_survival_chart, lambda: survival().assign(segment="A")[["segment", *survival()]]),
        (charts.delay_history_chart, lambda: delays().assign(segment="A")[["segment", *delays()]]),
        (charts.weighted_terms_chart, terms),
    ],
)
@pytest.mark.parametrize("made", [dict, pd.Series])
def test_customers_are_called_by_their_names(chart, frame, made):
    """Where names are given; who has none keeps its number."""
    by_customer = frame().rename(columns={"segment": "customer_id"})
    shown = {text for _, text in every_string(chart(by_customer, names=made({"A": "Durand"})).to_dict())}
    assert "Durand" in shown
    assert "A" not in shown
    assert "B" in shown or set(by_customer["customer_id"]) == {"A"}
    assert "name" not in by_customer


def test_figures_that_are_missing_are_counted_under_the_title():
    gaps = dsos().assign(dso=[np.nan, *dsos()["dso"].iloc[1:]])
    under = " ".join(charts.dso_history_chart(gaps[["as_of", "dso"]]).to_dict()["title"]["subtitle"])
    assert under == "days; 1 point missing: no figure can be given there"
    whole = " ".join(charts.dso_history_chart(dsos()[["as_of", "dso"]].dropna()).to_dict()["title"]["subtitle"])
    assert whole == "days"


def test_a_picture_is_a_png_on_white():
    """As wide as asked and twice as fine, on an opaque ground."""
    chart = charts.aged_balance_chart(history().tail(1), language="fr")
    drawn = charts.picture(chart, width=500)
    assert drawn.startswith(b"\x89PNG")
    width, height, depth, colours = struct.unpack(">IIBB", drawn[16:26])
    assert (width, depth) == (1000, 8)
    assert height > 200
    lines, step = zlib.decompress(png_data(drawn)), {2: 3, 6: 4}[colours]
    assert lines[1 : 1 + step] == b"\xff" * step  # the first line, whose first pixel has no neighbour to differ from


def png_data(picture):
    """What the IDAT chunks of a PNG hold together."""
    place, held = 8, b""
    while place < len(picture):
        size, kind = struct.unpack(">I4s", picture[place : place + 8])
        held += picture[place + 8 : place + 8 + size] if kind == b"IDAT" else b""
        place += size + 12
    return held


@pytest.mark.parametrize("name", DRAWN)
def test_the_title_is_drawn_in_lines_that_fit(name):
    """At 390 pixels, those laid out for 360; they stand where they are, one under the other, above the unit."""
    spec = spec_of(name, "fr")
    svg = vl_convert.vegalite_to_svg({**spec, "width": 390})
    texts = [html.unescape(text) for text in re.findall(r">([^<>]+)</t", svg)]
    lines = lines_of(spec)[1]
    assert lines in [texts[place : place + len(lines)] for place in range(len(texts))]


@pytest.mark.parametrize("name", DRAWN)
def test_text_has_the_ink_of_the_place_it_is_drawn_in(name):
    """In notebooks too, whose canvas would write black on black."""
    spec = spec_of(name)
    assert spec["usermeta"] == {"embedOptions": {"renderer": "svg"}}
    svg = vl_convert.vegalite_to_svg({**spec, "width": 620})
    inks = set(re.findall(r'<text[^>]* fill="([^"]+)"', svg))
    assert inks - {DARK, WHITE} == {"currentColor"}
    assert name in ("cohorts", "migration") or inks == {"currentColor"}


@pytest.mark.parametrize("name", DRAWN)
def test_every_width_says_the_same_words(name):
    layouts = lines_of(spec_of(name))
    assert len({" ".join(lines) for lines in layouts}) == 1
    counts = [len(lines) for lines in layouts]
    assert counts == sorted(counts, reverse=True)


SHOWN = {"title", "subtitle", "label", "figure", "column", "row", "name", "kind", "series", "told", "bucket"}


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_in_french_is_english(name):
    """Every label of the chart that reads otherwise in French is in French: in titles, tooltips and data."""
    keys = [key for key in label_keys() if key.startswith(("charts.", "show."))]
    pairs = {word(key, "en"): word(key, "fr") for key in keys if "{" not in word(key, "en")}
    english = {here for here, there in pairs.items() if here != there} - set(pairs.values())
    shown = [
        {text for under, text in every_string(spec_of(name, language)) if under[-1] in SHOWN} for language in LANGUAGES
    ]
    assert english & shown[0]
    assert english & shown[1] == set()


def empty_of(frame):
    return frame.iloc[:0]


def unknown_of(frame):
    """The same rows with no figure in them."""
    numbers = frame.select_dtypes("float").columns
    return frame.assign(**dict.fromkeys(numbers, np.nan))


@pytest.mark.parametrize("name", [name for name in DRAWN if "bridge" not in name])
@pytest.mark.parametrize("made", [empty_of, unknown_of])
def test_where_there_is_nothing_the_chart_says_so(name, made):
    chart, frame = DRAWN[name]
    if (name, made) == ("currency", unknown_of):
        return  # an effect is always a figure
    spec = chart(made(frame()), language="fr").to_dict()
    assert len(finding_of(spec)) > 10
    assert "nan" not in finding_of(spec)
    assert "<svg" in vl_convert.vegalite_to_svg({**spec, "width": 390})


def test_a_bridge_without_figures_says_why():
    missing = Figure.missing(say("dso.window", days=90), {}, say("dso.no_sales", window=90))
    none = pd.DataFrame({"effect": EFFECTS, "days": np.nan, "amount": np.nan})
    reason = say("bridge.missing", reason=missing.note)
    nothing = Bridge(missing, missing, none, bridge().groups.iloc[:0], reason, missing.note)
    for chart in (charts.dso_bridge_chart, charts.bridge_groups_chart):
        assert "No sales in the last 90 days" in finding_of(chart(nothing).to_dict())


def test_the_waterfall_adds_up():
    """50.0, then each effect from where the one before ended, in the order of the frame, to 54.1."""
    rows = rows_of(spec_of("bridge"))
    assert [(row["label"], row["figure"]) for row in rows] == [
        ("on 2024-12-31", "50.0"),
        ("mix of customers", "−0.5"),
        ("payment terms", "+2.0"),
        ("overdue against sales", "+2.6"),
        ("on 2025-12-31", "54.1"),
    ]
    assert [row["from"] for row in rows[1:-1]] == pytest.approx([50.0, 49.5, 51.5])
    assert [row["to"] for row in rows[1:-1]] == pytest.approx([49.5, 51.5, 54.1])
    assert rows[0]["low"] > 0  # the axis is cut, and the bars of both days fade where it is


def test_small_effects_are_put_together():
    """Four of 0.03 days each are written 0.0 one by one, and 0.1 together."""
    whole = bridge()
    few = whole.effects.assign(days=[0.03, 0.0, 0.03, 0.0, 4.0, 0.03, 0.03, 0.0, 0.0, 0.0])
    spec = charts.dso_bridge_chart(Bridge(whole.start, whole.end, few, whole.groups, whole.sentence, None)).to_dict()
    assert [row["figure"] for row in rows_of(spec)] == ["50.0", "+4.0", "+0.1", "54.1"]


def test_young_months_are_hollow_and_dotted():
    spec = spec_of("delays")
    rows = [row for row in rows_of(spec) if row["series"] == "with the unpaid ones"]
    assert [(row["days"], row["matured"], row["bridging"]) for row in rows] == [
        (50.0, True, False),
        (54.0, True, True),
        (55.0, False, False),
    ]
    points = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
    assert points["encoding"]["fillOpacity"]["condition"]["test"] == "datum.matured"


def test_estimated_cells_are_marked_in_words_too():
    cells = {(row["row"], row["column"]): row for row in rows_of(spec_of("cohorts"))}
    assert cells["Feb 2024", "60 days"]["figure"] == "80%"
    assert cells["Mar 2024", "30 days"]["figure"] == "≈ 10%"
    assert ("Mar 2024", "60 days") not in cells


def test_cells_of_the_migration_are_shares_of_their_row():
    cells = {(row["row"], row["column"]): (row["figure"], row["under"]) for row in rows_of(spec_of("migration"))}
    assert cells["over 30 days", "over 30 days"] == ("60%", "60")
    assert cells["over 30 days", "settled otherwise"] == ("20%", "20")
    assert cells["not due", "paid"] == ("50%", "500")
    assert cells["unapplied", "unapplied"] == ("100%", "−40")


def test_weeks_begin_on_the_day_asked_and_empty_ones_stay():
    rows = [(row["label"], row["amount"]) for row in rows_of(spec_of("calendar"))]
    assert rows[:3] == [("past due", 100), ("from 2024-12-31", 150), ("from 2025-01-07", 0)]
    assert rows[5] == ("from 2025-01-28", 50)
    assert rows[-1] == ("later", 100)
    assert sum(amount for _, amount in rows) == 400
    daily = charts.payment_calendar_chart(opened(), days=1, periods=30).to_dict()
    assert ("2025-01-29", 50) in [(row["label"], row["amount"]) for row in rows_of(daily)]
    assert "credits of 50" in " ".join(daily["title"]["subtitle"])


def test_an_unpaid_tail_of_years_does_not_squeeze_the_curve():
    long = pd.concat([survival(), survival().tail(1).assign(day=2000)])
    domain = charts.payment_survival_chart(long).to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain == [-5, 40]


def test_curves_that_stop_early_give_no_finding():
    short = survival().iloc[:3]
    assert finding_of(charts.payment_survival_chart(short).to_dict()).startswith("These invoices were not followed")


def test_invoices_paid_before_their_due_date_are_not_late():
    early = delays().assign(with_open_median_days=[-3.0, -5.0, -2.0])
    finding = finding_of(charts.delay_history_chart(early, basis="due").to_dict())
    assert (
        finding
        == "Half of the invoices of Oct 2024 were paid 5 days before the due date, 2 days sooner than a year before"
    )


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"1-30": 0.0, "31-60": 0.0, "61+": 0.0}, "Nothing of what is owed is past due"),
        ({"61+": 0.0}, "26% of what is owed is past due, nothing by more than 60 days"),
        ({"not_due": 0.0, "1-30": 0.0, "31-60": 0.0, "61+": 0.0}, "Nothing is owed"),
        ({"not_due": 0, "1-30": 0, "31-60": 0, "61+": 0, "no_due_date": 9.0}, "Nothing of what is owed has a due date"),
        # 55 of 1,100 + 1,100: what is disputed is owed, and not called late
        ({"disputed": 1100.0}, "15% of what is owed is past due; 2% is past due by more than 60 days"),
        # tax is no part of what is owed net of it
        ({"tax": 500.0}, "30% of what is owed is past due; 5% is past due by more than 60 days"),
    ],
)
def test_titles_of_an_aged_balance(changes, finding):
    """From 770 not due, 200, 75 and 55 late: 275 / 1,045 without the oldest."""
    aged = history().tail(1).assign(**changes)
    assert finding_of(charts.aged_balance_chart(aged).to_dict()).startswith(finding)


def test_a_balance_by_invoice_date_is_not_called_late():
    aged = pd.DataFrame({"0-30": [90.0], "31+": [10.0], "total": [100.0]})
    assert (
        finding_of(charts.aged_balance_chart(aged).to_dict())
        == "10% of what is owed was invoiced more than 30 days ago"
    )


def every_string(node, under=()):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from every_string(value, (*under, key))
    elif isinstance(node, list):
        for value in node:
            yield from every_string(value, under)
    elif isinstance(node, str):
        yield under, node


EXPRESSIONS = {"expr", "signal", "update", "init", "test", "filter", "calculate", "labelExpr", "on"}


@pytest.mark.parametrize(
    ("chart", "frame"),
    [
        (charts.dso_history_chart, lambda: group_dsos().replace({"segment": {"A": HOSTILE}})),
        (charts.dso_bridge_chart, lambda: bridge(HOSTILE)),
        (charts.bridge_groups_chart, lambda: bridge(HOSTILE)),
        (
            charts.payment_survival_chart,
            lambda: pd.concat([survival().assign(g=HOSTILE), survival().assign(g="b")])[["g", *survival()]],
        ),
        (charts.weighted_terms_chart, lambda: terms().replace({"segment": {"A": HOSTILE}})),
        (charts.pareto_chart, lambda: debtors(HOSTILE)),
        (charts.cohorts_chart, lambda: cohorts().assign(g=HOSTILE)[["g", *cohorts()]]),
        (charts.delay_history_chart, lambda: delays().assign(g=HOSTILE)[["g", *delays()]]),
        (charts.currency_effect_chart, lambda: effects().replace({"currency": {"USD": HOSTILE}})),
    ],
)
def test_a_name_is_never_part_of_an_expression(chart, frame):
    """Neither in Vega-Lite nor in the Vega it becomes, where a sort by names would put them into code."""
    spec = chart(frame()).to_dict()
    marker = "alert("
    assert marker in json.dumps(spec)
    for written in (spec, vl_convert.vegalite_to_vega({**spec, "width": 600})):
        placed = [under for under, text in every_string(written) if marker in text]
        assert placed
        assert [under for under in placed if EXPRESSIONS & set(under)] == []


def test_groups_of_one_name_stay_apart():
    names = group_names(debtors(), ["customer_id", "name"])
    assert names.tolist() == ["Durand", "Martin (C2)", "C3", "Martin (C4)"]
    assert group_names(debtors()[["rank"]], []).nunique() == 1
    long = pd.DataFrame({"customer_id": ["x" * 60 + "1", "x" * 60 + "2"]})
    assert group_names(long, ["customer_id"]).nunique() == 2


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (0.0, "0%", "0\u00a0%"),
        (0.004, "0.4%", "0,4\u00a0%"),
        (0.27, "27%", "27\u00a0%"),
        (0.996, "99.6%", "99,6\u00a0%"),
        (1.0, "100%", "100\u00a0%"),
    ],
)
def test_a_little_is_never_said_to_be_nothing(share, english, french):
    assert (share_text(share, "en"), share_text(share, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("amount", "english", "french"),
    [
        (999.4, "999", "999"),
        (-1234.0, "−1.2k", "−1,2\u00a0k"),
        (340_000.0, "340k", "340\u00a0k"),
        (999_960.0, "1.0M", "1,0\u00a0M"),
        (2.5e9, "2.5bn", "2,5\u00a0Md"),
        (float("nan"), "–", "–"),
    ],
)
def test_short_amounts(amount, english, french):
    assert (short_amount(amount, "en"), short_amount(amount, "fr")) == (english, french)


def test_amounts_of_a_title():
    assert whole_money(412_305.4, "fr", "EUR") == "412\u202f305\u00a0€"
    assert whole_money(-2_400_000, "en", "EUR") == "EUR\u00a0−2.4M"
    assert whole_money(2_400_000, "fr", "") == "2,4\u00a0M"
