"""The charts of what would change: what their titles find, on frames small enough to check by hand."""

import html
import itertools
import json
import re

import numpy as np
import pandas as pd
import pytest
import vl_convert
from test_charts_bounds import TOLD_APART, VISIONS, lab, light
from test_charts_measures import EXPRESSIONS, every_string, finding_of, lines_of, rows_of

from arlib.show import charts
from arlib.show.charts.policies import policy_names
from arlib.show.look import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION
from arlib.simulation.financing import BillsDiscounting, CashDiscount, Factoring, Overdraft, financing_compared
from arlib.terms import PaymentTerms
from arlib.words import LANGUAGES, label_keys, word

HOSTILE = "\"];alert('x')//</script>{datum.x}"


def summary(*names, **changes):
    """Of 60 days: Short frees 400 and ends at 50, Late costs 300, ends at 70 and breaks the law 8 times."""
    names = names or ("Short", "Late")
    frame = pd.DataFrame(
        {
            "policy": ["today", *names],
            "dso_month": [60.0, 50.0, 70.0],
            "dso_month_low": [55.0, 46.0, 64.0],
            "dso_month_high": [65.0, 54.0, 76.0],
            "receivable_end": [6000.0, 5000.0, 7000.0],
            "receivable_end_low": [5500.0, 4600.0, 6400.0],
            "receivable_end_high": [6500.0, 5400.0, 7600.0],
            "cash_gained": [0.0, 400.0, -300.0],
            "illegal_invoices": [0.0, 0.0, 8.0],
            "financing_gained": [0.0, 20.0, -15.0],
            "discounts": [10.0, 15.0, 10.0],
            "action_cost": [0.0, 3.0, 0.0],
            "bad_debt": [7.0, 4.0, 7.0],
            "margin_lost": [0.0, 0.0, 0.0],
            "net_gained": [0.0, 15.0, -15.0],
        }
    )
    return frame.assign(**changes)


def bridge():
    """From 60 to 50: terms take 12 off, what is not followed adds 3, reminders take 1 off; 0.01 is not shown."""
    effects = [-12.0, 3.0, -1.01, 0.01]
    after = 60 + np.cumsum(effects)
    levers = ["terms", "follow_share", "lateness_factor", "lost_sales_share"]
    days = {"before": [60.0, *after[:-1]], "after": after, "effect": effects}
    days = pd.DataFrame({"measure": "dso_month", "step": range(1, 5), "lever": levers} | days)
    money = {"before": [1000.0, 1300.0, 1200.0, 1210.0], "after": [1300.0, 1200.0, 1210.0, 1210.0]}
    money = pd.DataFrame({"measure": "cash", "step": range(1, 5), "lever": levers} | money)
    money["effect"] = money["after"] - money["before"]
    return pd.concat([days, money], ignore_index=True)


def bars():
    """Terms move DSO from 54 to 65, a deposit can only be added, and earlier invoicing takes off at both ends."""
    return pd.DataFrame(
        {
            "lever": ["terms_days", "deposit_share", "faster_invoicing_days"],
            "low": [-5.0, 0.0, -5.0],
            "high": [5.0, 0.1, 5.0],
            "dso": 60.0,
            "dso_low": [54.0, 60.0, 59.0],
            "dso_high": [65.0, 56.0, 59.8],
            "cash": 1000.0,
            "cash_low": [1100.0, 1000.0, 900.0],
            "cash_high": [950.0, 1200.0, 1050.0],
        }
    )


def by_customer(policy="Short"):
    """Of five customers: 600, 100 and 100 are freed, 50 comes later; the policy before this one is another."""
    gained = {"C1": 600.0, "C2": 100.0, "C3": 100.0, "C4": -50.0, "C5": 0.0}
    own = pd.DataFrame({"customer_id": list(gained), "cash_gained": list(gained.values())})
    own = own.assign(sales=9000.0, discounts=0.0)
    return pd.concat([own.assign(policy=each, cash_gained=own["cash_gained"] * scale)
                      for each, scale in (("today", 0), ("Other", -1), (policy, 1))])  # fmt: skip


def compared():
    """On 36,500 for 50 days, 40 of them gained by the discount: 1 % of 36,500 is 365, 365 / 36,135 × 365 / 40 = 9.2 %.

    Overdraft at 7.2 % of a year of 360: 36,500 × 0.072 × 50 / 360 = 365, of 36,500 and 50 days: 7.3 %.
    """
    return financing_compared(36_500, 50, [CashDiscount(0.01, 10), Overdraft(0.072)])


def readings():
    """At month end 16 days apart, as now 1."""
    rows = [
        ("as_now", "before_days", 59.0, -1.0),
        ("as_now", "after_days", 60.0, 1.0),
        ("month_end", "before_days", 45.0, -16.0),
        ("month_end", "after_days", 61.0, 16.0),
    ]
    frame = pd.DataFrame(rows, columns=["invoicing", "reading", "days_granted", "days_apart"])
    frame["terms"] = [PaymentTerms(45, reading) for reading in frame["reading"]]
    return frame.assign(dso=60.0, receivable=1000.0, cash_gained=-10.0)


def lost():
    """The largest and the two largest: 100 and 160 at stake, of which 60 and 100 are lost."""
    return pd.DataFrame(
        {
            "count": [1, 5],
            "debtors": [1, 2],
            "share": [0.5, 0.8],
            "at_risk": [100.0, 160.0],
            "vat": [10.0, 20.0],
            "indemnity": [30.0, 40.0],
            "loss": [60.0, 100.0],
            "cash_hole": [90.0, 140.0],
            "cash_hole_on": pd.to_datetime(["2026-03-01", "2026-04-01"]).astype("datetime64[s]"),
            "dso_after": [45.0, 40.0],
            "sentence": None,
        }
    )


def daily(*names, days=3):
    """Each policy takes one more day off and brings 100 more by the last day than the one before it."""
    names = ("today", *(names or ("Short",)))
    dates = pd.date_range("2025-12-31", periods=days).astype("datetime64[s]")
    parts = []
    for place, name in enumerate(names):
        part = pd.DataFrame({"policy": name, "day": dates, "dso": 60.0 - place, "overdue": 500.0 - 10 * place})
        part["cash_cumulated"] = np.linspace(0, 1000 + 100 * place, days)
        for measure in ("dso", "cash_cumulated"):
            part[f"{measure}_low"], part[f"{measure}_high"] = part[measure] * 0.9, part[measure] * 1.1
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


DRAWN = {
    "policies": (charts.policies_chart, summary),
    "costs": (charts.policy_costs_chart, summary),
    "bridge": (lambda frame, **told: charts.lever_bridge_chart(frame, policy="Short", **told), bridge),
    "tornado": (charts.tornado_chart, bars),
    "gains": (charts.cash_gains_chart, by_customer),
    "financing": (charts.financing_chart, compared),
    "end_of_month": (charts.end_of_month_chart, readings),
    "default": (charts.default_chart, lost),
    "dso": (charts.dso_simulation_chart, daily),
    "cash": (charts.cash_simulation_chart, daily),
    "gained": (charts.cash_gained_simulation_chart, daily),
    "overdue": (charts.overdue_simulation_chart, daily),
}

FINDINGS = {
    "policies": (
        (
            "Short is what frees most cash, 400, mean of the last 30 days: a DSO of 50.0 days instead of 60.0; with "
            "Late, 8 invoices fall due later than the law allows"
        ),
        (
            "La politique qui libère le plus de trésorerie : Short, 400, moyenne des 30 derniers jours, avec un DSO de "
            "50,0 jours au lieu de 60,0 ; avec Late, 8 factures échoient au-delà de ce que la loi permet"
        ),
    ),
    "costs": (
        "Short is what gains most in all, 15, costs taken off",
        "La politique qui rapporte le plus au total, coûts déduits : Short, 15",
    ),
    "bridge": (
        (
            "Short: DSO of the last 30 days goes from 60.0 days to 50.0 days; the lever that does most: payment terms, "
            "−12.0"
        ),
        (
            "Short : DSO des 30 derniers jours de 60,0 jours à 50,0 jours ; le levier qui fait le plus : conditions de "
            "paiement, −12,0"
        ),
    ),
    "tornado": (
        "The lever that moves DSO most: length of terms. At −5 days, DSO would be 54.0 days instead of 60.0 days",
        (
            "Le levier qui pèse le plus sur le DSO : délai de paiement. À −5 jours, le DSO serait de 54,0 jours au "
            "lieu de 60,0 jours"
        ),
    ),
    "gains": (
        (
            "With Short, 800 is freed, half of it at 1 of 5 customers; at 1 other, 50 comes in later, as it lengthens "
            "the time they take to pay"
        ),
        (
            "Avec Short, 800 sont libérés, dont la moitié chez 1 client sur 5 ; chez 1 autre, 50 rentrent plus tard, "
            "le délai de paiement y étant allongé"
        ),
    ),
    "financing": (
        (
            "The cheapest: overdraft at 7.3% a year (365 for 50 days); the dearest: cash discount at 9.2% a year (365 "
            "for 40 days)"
        ),
        (
            "Le moins cher : découvert bancaire à 7,3 % par an (365 pour 50 jours) ; le plus cher : escompte pour "
            "paiement anticipé à 9,2 % par an (365 pour 40 jours)"
        ),
    ),
    "end_of_month": (
        (
            'Invoices issued at month end get 16.0 days more if read as "45 days + end of month"; as invoiced now, '
            "both readings are 1.0 day apart"
        ),
        (
            "Des factures émises en fin de mois ont 16,0 jours de plus si l'on lit « 45 jours + fin de mois » ; à la "
            "facturation actuelle, les deux lectures diffèrent de 1,0 jour"
        ),
    ),
    "default": (
        (
            "Failure of the 2 largest debtors (80% of what is owed): 100 would be lost, and cash would lack 140 on "
            "2026-04-01"
        ),
        (
            "Défaillance des 2 plus gros débiteurs (80 % de l'encours) : 100 seraient perdus, et il manquerait 140 de "
            "trésorerie le 01/04/2026"
        ),
    ),
    "dso": (
        (
            "With Short, DSO would be 59.0 days, on average over the 2 days to 2026-01-02, 1.0 less than under today's "
            "terms"
        ),
        (
            "Avec Short, le DSO serait de 59,0 jours en moyenne sur 2 jours jusqu'au 02/01/2026, 1,0 de moins qu'aux "
            "conditions actuelles"
        ),
    ),
    "cash": (
        (
            "With Short, 1,100 would come in by 2026-01-02, and 75 more than under today's terms, on average over the "
            "last 2 days"
        ),
        (
            "Avec Short, 1 100 seraient encaissés d'ici le 02/01/2026, et 75 de plus qu'aux conditions actuelles, en "
            "moyenne sur 2 jours"
        ),
    ),
    "gained": (
        "With Short, 75 more would have come in than under today's terms, on average over the 2 days to 2026-01-02",
        (
            "Avec Short, 75 de plus seraient encaissés qu'aux conditions actuelles, en moyenne sur 2 jours jusqu'au "
            "02/01/2026"
        ),
    ),
    "overdue": (
        "With Short, 490 would be past due on 2026-01-02, 10 less than under today's terms",
        "Avec Short, 490 seraient échus le 02/01/2026, 10 de moins qu'aux conditions actuelles",
    ),
}


def spec_of(name, language="en", **told):
    draw, frame = DRAWN[name]
    return draw(frame(), language=language, **told).to_dict()


def plain(spec):
    """The title, its spaces all alike."""
    return re.sub(r"[\u00a0\u202f]", " ", finding_of(spec))


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_is_what_the_frame_says(name, language):
    spec = spec_of(name, language)
    assert plain(spec) == FINDINGS[name][LANGUAGES.index(language)]
    assert spec["description"].endswith(f" {finding_of(spec)}.")


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_drawn_at_every_width_with_the_ink_around_it(name, language):
    spec = spec_of(name, language)
    layouts = lines_of(spec)
    assert len({" ".join(lines) for lines in layouts}) == 1
    assert max(len(lines) for lines in layouts) <= 7
    assert len(spec["title"]["subtitle"]) <= 4
    for width in (290, 420, 1000):
        svg = vl_convert.vegalite_to_svg({**spec, "width": width})
        assert set(re.findall(r'<text[^>]* fill="([^"]+)"', svg)) == {"currentColor"}


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_in_french_is_english(name):
    keys = [key for key in label_keys() if key.startswith(("charts.", "show.", "simulation."))]
    pairs = {word(key, "en"): word(key, "fr") for key in keys if "{" not in word(key, "en")}
    english = {here for here, there in pairs.items() if here != there} - set(pairs.values())
    shown = {"title", "subtitle", "label", "name", "part", "term", "side", "series", "policy", "domain", "reading"}
    texts = [
        {text for under, text in every_string(spec_of(name, language)) if under[-1] in shown} for language in LANGUAGES
    ]
    assert english & texts[0]
    assert english & texts[1] == set()


@pytest.mark.parametrize("name", DRAWN)
def test_frames_are_read_and_not_written(name):
    draw, frame = DRAWN[name]
    whole, before = frame(), frame()
    draw(whole)
    pd.testing.assert_frame_equal(whole, before)


def numbered(count):
    return [f"Policy number {number}" for number in range(count)]


def many_policies(count):
    one = summary().iloc[[1] * count].assign(policy=numbered(count))
    return pd.concat([summary().head(1), one], ignore_index=True)


LARGE = {
    "policies": (charts.policies_chart, lambda: many_policies(3_000)),
    "costs": (charts.policy_costs_chart, lambda: many_policies(3_000)),
    "gains": (
        charts.cash_gains_chart,
        lambda: pd.DataFrame(
            {"policy": "P", "customer_id": [f"C{n}" for n in range(20_000)], "cash_gained": np.arange(20_000) - 9.0}
        ).assign(sales=1.0, discounts=0.0),
    ),
    "dso": (charts.dso_simulation_chart, lambda: daily(*numbered(30), days=1_096)),
    "gained": (charts.cash_gained_simulation_chart, lambda: daily(*numbered(30), days=1_096)),
}


@pytest.mark.parametrize("name", LARGE)
def test_no_chart_draws_more_than_five_thousand_rows(name):
    draw, frame = LARGE[name]
    spec = draw(frame()).to_dict()
    assert 1 < len(rows_of(spec)) <= 5_000
    assert len(finding_of(spec)) < 250


HOSTILES = {
    "policies": lambda: charts.policies_chart(summary(HOSTILE, "Late")),
    "costs": lambda: charts.policy_costs_chart(summary(HOSTILE, "Late")),
    "bridge": lambda: charts.lever_bridge_chart(bridge(), policy=HOSTILE),
    "gains": lambda: charts.cash_gains_chart(by_customer(HOSTILE), names={"C1": HOSTILE}),
    "financing": lambda: charts.financing_chart(
        financing_compared(1000, 50, [Overdraft(0.05, name=HOSTILE), Overdraft(0.06)])
    ),
    "dso": lambda: charts.dso_simulation_chart(daily(HOSTILE)),
    "gained": lambda: charts.cash_gained_simulation_chart(daily(HOSTILE)),
}


@pytest.mark.parametrize("name", HOSTILES)
def test_names_are_data_and_no_expression(name):
    spec = HOSTILES[name]().to_dict()
    expressions = [text for under, text in every_string(spec) if under[-1] in EXPRESSIONS]
    assert [text for text in expressions if "alert" in text] == []
    assert "alert" in json.dumps(spec)
    svg = vl_convert.vegalite_to_svg({**spec, "width": 600})
    assert "</script>" not in svg
    assert "alert" in html.unescape(svg)


def test_policies_are_called_apart():
    """Names cut alike, and one that says today's terms."""
    long = "A policy whose name is much too long for a chart"
    found = policy_names(["today", f"{long} 1", f"{long} 2", "today's terms"], "en")
    assert found[0] == "today's terms"
    assert len(set(found)) == 4
    assert found[3] == "today's terms (2)"


def marked(spec):
    return {row["policy"]: row["lawful"] for row in rows_of(spec) if "lawful" in row}


def test_breaches_are_marked_and_those_of_today_are_not_a_policys_fault():
    assert marked(spec_of("policies")) == {
        "today's terms": "within the legal limit",
        "Short": "within the legal limit",
        "Late": "beyond the legal limit",
    }
    as_today = summary(illegal_invoices=[8.0, 8.0, 8.0])
    spec = charts.policies_chart(as_today).to_dict()
    assert set(marked(spec).values()) == {"beyond the legal limit"}
    assert "law" not in finding_of(spec)
    both = charts.policies_chart(summary(illegal_invoices=[0.0, 2.0, 8.0])).to_dict()
    assert finding_of(both).endswith("; with 2 policies, more invoices fall due later than the law allows")


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (summary().head(1), "Under today's terms, DSO would be 60.0 days over the last 30 days"),
        (
            summary().head(2),
            "With Short, EUR 400 is freed, mean of the last 30 days: a DSO of 50.0 days instead of 60.0",
        ),
        (summary(cash_gained=[0.0, -1.0, -2.0], illegal_invoices=0.0), "No policy tried frees cash"),
        (
            summary(dso_month=[60.0, np.nan, 70.0], illegal_invoices=0.0),
            "Short is what frees most cash, EUR 400, mean of the last 30 days",
        ),
        (summary(dso_month=np.nan).head(1), "Under today's terms, EUR 6,000 would be owed on the last day"),
    ],
)
def test_titles_of_policies(frame, title):
    assert plain(charts.policies_chart(frame, currency="EUR").to_dict()) == title


def test_without_a_dso_the_receivable_is_drawn_with_its_band():
    spec = charts.policies_chart(summary(dso_month=[60.0, np.nan, 70.0])).to_dict()
    rows = {row["policy"]: (row["low"], row["value"], row["high"]) for row in rows_of(spec) if "lawful" in row}
    assert rows["Short"] == (4600, 5000, 5400)
    assert "receivable" in " ".join(spec["title"]["subtitle"])


def test_gains_and_costs_add_up_to_the_net():
    """20 of financing and 3 of bad debt gained, 5 of discounts and 3 of the action spent: 15."""
    rows = [row for row in rows_of(spec_of("costs")) if row.get("policy") == "Short" and row.get("amount")]
    parts = {row["part"]: row["amount"] for row in rows}
    assert parts == {"financing": 20, "discounts": -5, "action": -3, "bad debt": 3}
    assert {row["net"] for row in rows} == {sum(parts.values())} == {15}


@pytest.mark.parametrize(
    ("net", "title"),
    [
        ([0.0, 0.0, -15.0], "No policy gains more than it costs"),
        ([0.0, np.nan, -15.0], "No policy gains more than it costs; the least costly is Late, 15 in all; 1 not known"),
        ([0.0, np.nan, np.nan], ("What the policies gain in all is not known: a rate, a margin or a share of loss is "
                                "missing")),
    ],
)  # fmt: skip
def test_titles_of_costs(net, title):
    spec = charts.policy_costs_chart(summary(net_gained=net)).to_dict()
    assert finding_of(spec) == title
    vl_convert.vegalite_to_svg({**spec, "width": 600})


def test_nothing_known_of_costs_is_said():
    nothing = dict.fromkeys(("financing_gained", "bad_debt", "net_gained"), np.nan)
    free = summary(**nothing, discounts=0.0, action_cost=0.0)
    assert finding_of(charts.policy_costs_chart(free).to_dict()).endswith("give a financing rate")
    assert finding_of(charts.policy_costs_chart(summary().head(1)).to_dict()).endswith("give a financing rate")


def test_the_waterfall_adds_up_and_good_news_is_blue():
    rows = [row for row in rows_of(spec_of("bridge")) if "step" in row]
    ends = np.array([(row["from"], row["to"]) for row in rows])
    np.testing.assert_allclose(ends, [(0, 60), (60, 48), (48, 51), (51, 49.99), (0, 50)], atol=1e-9)
    assert [row["figure"] for row in rows] == ["60.0", "−12.0", "+3.0", "−1.0", "50.0"]

    def colours(measure):
        spec = charts.lever_bridge_chart(bridge(), measure=measure).to_dict()
        scales = [layer["encoding"].get("color", {}).get("scale") for layer in spec["layer"]]
        return dict(zip(*next(scale for scale in scales if scale).values(), strict=True))

    assert colours("dso_month") == {"up": VERMILLION, "down": BLUE}
    assert colours("cash") == {"up": BLUE, "down": VERMILLION}


def test_a_bridge_in_money_and_one_that_cannot_be_known():
    spec = charts.lever_bridge_chart(bridge(), measure="cash", currency="EUR").to_dict()
    assert plain(spec) == (
        "The policy: cash received goes from EUR 1,000 to EUR 1,210; the lever that does most: payment terms, +300"
    )
    assert spec["title"]["subtitle"] == ["cash received (EUR)"]
    for unknown in (bridge().assign(effect=np.nan), bridge().head(0)):
        assert finding_of(charts.lever_bridge_chart(unknown).to_dict()) == "There is nothing to draw here."


def test_the_tornado_is_widest_first_and_draws_what_can_be_moved():
    ends = [row for row in rows_of(spec_of("tornado")) if "side" in row]
    labels = list(dict.fromkeys(row["label"] for row in ends))
    assert labels == ["length of terms\n−5 / +5 days", "deposit\n+10 points", "earlier invoicing\n−5 / +5 days"]
    assert [(row["up"], row["figure"]) for row in ends] == [
        (False, "−6.0"),
        (True, "+5.0"),
        (True, "−4.0"),
        (False, "−1.0"),
        (True, "−0.2"),
    ]
    cash = charts.tornado_chart(bars(), measure="cash", currency="EUR").to_dict()
    first = next(row for row in rows_of(cash) if "side" in row)
    assert first["lever"] == "deposit"
    assert plain(cash).startswith("The lever that moves cash most: deposit. At +10 points, EUR 1,200 would come in")


@pytest.mark.parametrize("name", DRAWN)
def test_no_bar_stands_in_a_frame_that_could_cut_it(name):
    """Round ends of stacked bars make Vega-Lite clip each row to a frame, seen too narrow in JupyterLab."""
    vega = json.dumps(vl_convert.vegalite_to_vega({**spec_of(name), "width": 600}))
    assert "stack_group" not in vega


def test_a_tornado_without_dso_or_in_which_nothing_moves():
    unknown = bars().assign(dso=np.nan, dso_low=np.nan, dso_high=np.nan)
    assert finding_of(charts.tornado_chart(unknown).to_dict()) == "There is nothing to draw here."
    still = charts.tornado_chart(bars().assign(dso_low=60.0, dso_high=60.0)).to_dict()
    assert finding_of(still) == "No lever moves anything: 60.0 days in all cases"


def test_who_gains_and_who_pays():
    names = {"C1": "Durand", "C4": "Martin"}
    rows = [row for row in rows_of(charts.cash_gains_chart(by_customer(), names=names).to_dict()) if "side" in row]
    assert [(row["label"], row["figure"], row["side"]) for row in rows] == [
        ("Durand", "+600", "gains"),
        ("C2", "+100", "gains"),
        ("C3", "+100", "gains"),
        ("Martin", "−50", "costs"),
    ]
    other = charts.cash_gains_chart(by_customer(), policy="Other").to_dict()
    assert finding_of(other) == (
        "With Other, 800 comes in later, as it lengthens the time customers take to pay, half of it at 1 of 5 "
        "customers; 50 is freed at 1 other"
    )
    granted = by_customer().assign(discounts=lambda rows: np.where(rows["policy"] == "Short", 9.0, 0.0))
    bought = by_customer().assign(sales=lambda rows: np.where(rows["policy"] == "Short", 8000.0, 9000.0))
    for less in (granted, bought):
        assert finding_of(charts.cash_gains_chart(less).to_dict()).endswith(
            "; at 1 other, 50 less comes in, paid later, granted as discounts or no longer sold"
        )
    none = charts.cash_gains_chart(by_customer(), policy="today").to_dict()
    assert finding_of(none) == "With today, no cash is freed and none is lost at any customer"


def test_the_others_are_counted_and_nothing_is_lost():
    _, frame = LARGE["gains"]
    rows = [row for row in rows_of(charts.cash_gains_chart(frame()).to_dict()) if "side" in row]
    assert len(rows) == 13
    assert rows[-1]["label"] == "19,987 others"
    assert sum(row["cash_gained"] for row in rows) == frame()["cash_gained"].sum()


def test_the_terms_of_an_offer_are_parts_of_its_rate():
    offers = [Factoring(0.01, 0.05, fees=30, avoided_share=0.001), BillsDiscounting(0.05, fees=20)]
    frame = financing_compared(10_000, 60, [*offers, CashDiscount(0.02, 90)])
    rows = pd.DataFrame(row for row in rows_of(charts.financing_chart(frame).to_dict()) if "term" in row)
    rates = rows.groupby("offer")["rate"].sum()
    known = frame.set_index("kind")["yearly_rate"]
    assert rates["factoring"] == pytest.approx(known["factoring"])
    assert rates["discounting of bills"] == pytest.approx(known["bills"])
    assert "cash discount" not in rates
    assert set(rows.loc[rows["amount"] < 0, "term"]) == {"avoided costs"}
    beside = [row["figure"] for row in rows_of(charts.financing_chart(frame).to_dict()) if "figure" in row]
    assert beside[-1] == "– · 200"


def test_an_offer_alone_and_none_that_brings_cash_earlier():
    one = charts.financing_chart(compared().head(1)).to_dict()
    assert finding_of(one) == "overdraft at 7.3% a year (365 for 50 days)"
    late = financing_compared(1000, 30, [CashDiscount(0.02, 30)])
    assert finding_of(charts.financing_chart(late).to_dict()).startswith("No offer brings cash earlier")


def test_readings_that_are_furthest_apart_as_now():
    near = readings().assign(days_apart=[-16.0, 16.0, -1.0, 1.0])
    title = finding_of(charts.end_of_month_chart(near).to_dict())
    assert title.startswith('As invoiced now, invoices get 16.0 days more if read as "45 days + end of month"')
    nothing = charts.end_of_month_chart(readings().assign(days_granted=np.nan)).to_dict()
    assert finding_of(nothing) == "There is nothing to draw here."


def test_defaults_are_parts_of_what_is_at_stake():
    spec = spec_of("default")
    parts = pd.DataFrame(row for row in rows_of(spec) if "place" in row)
    assert parts.groupby("label")["amount"].sum().to_dict() == {"the largest": 100, "the 2 largest": 160}
    assert set(parts["part"]) == {"lost", "borne by the insurer", "VAT that comes back"}
    first = charts.default_chart(lost().head(1).assign(cash_hole=0.0, cash_hole_on=pd.NaT)).to_dict()
    assert finding_of(first) == (
        "Failure of the largest debtor (50% of what is owed): 60 would be lost; no cash was expected of them"
    )
    nobody = charts.default_chart(lost().assign(at_risk=0.0)).to_dict()
    assert finding_of(nobody).startswith("Nobody owes anything")


def test_several_policies_the_best_named_and_those_not_drawn_too():
    names = ["Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]
    spec = charts.dso_simulation_chart(daily(*names)).to_dict()
    drawn = {row["policy"] for row in rows_of(spec)}
    assert drawn == {"today's terms", *names[:4]}
    assert finding_of(spec) == (
        "With Five, DSO would be 56.0 days, on average over the 2 days to 2026-01-02, 4.0 less than under today's "
        "terms, the best of the 4 "
        "policies drawn"
    )
    assert " ".join(spec["title"]["subtitle"]) == "days; not drawn: Six, Seven, Eight, 1 other"
    cash = charts.cash_simulation_chart(daily("Two", "Three")).to_dict()
    assert "With Three" in finding_of(cash)


def test_cash_gained_is_the_difference_from_today():
    rows = pd.DataFrame(rows_of(charts.cash_gained_simulation_chart(daily("Two", "Three")).to_dict()))
    last = rows[rows["day"] == rows["day"].max()].set_index("policy")["cash_gained"]
    assert last.to_dict() == {"today's terms": 0, "Two": 100, "Three": 200}
    assert finding_of(charts.cash_gained_simulation_chart(daily().query("policy == 'today'")).to_dict()) == (
        "Today's terms alone: there is nothing to compare them with"
    )


def test_one_day_never_heads_a_title():
    """Of 40 days: 1,000 more on the last one than under today's terms, and 10 on all others: 10 + 990 / 30 = 43."""
    drawn = daily(days=40)
    tried = drawn["policy"] == "Short"
    today = drawn.loc[~tried, "cash_cumulated"].to_numpy()
    more = np.where(np.arange(40) == 39, 1000.0, 10.0)
    drawn.loc[tried, "cash_cumulated"] = today + more
    for draw in (charts.cash_gained_simulation_chart, charts.cash_simulation_chart):
        assert " 43 more " in finding_of(draw(drawn).to_dict())


def test_without_a_currency_no_bracket_is_empty():
    for rows in (bridge(), bridge().assign(measure="cash_month")):
        drawn = charts.lever_bridge_chart(rows, measure=rows["measure"].iloc[-1]).to_dict()
        assert "()" not in " ".join(drawn["title"]["subtitle"])


def test_without_a_dso_there_is_nothing_to_draw():
    assert finding_of(charts.dso_simulation_chart(daily().assign(dso=np.nan)).to_dict()) == (
        "There is nothing to draw here."
    )


@pytest.mark.parametrize("colours", [(BLUE, VERMILLION, SKY), (BLUE, ORANGE, GREEN, VERMILLION, PURPLE),
                                     (GREY, BLUE, ORANGE, VERMILLION, GREEN)])  # fmt: skip
def test_colours_are_told_apart_by_every_vision(colours):
    for vision in VISIONS.values():
        seen = [lab(np.array(vision) @ light(colour)) for colour in colours]
        assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) >= TOLD_APART
