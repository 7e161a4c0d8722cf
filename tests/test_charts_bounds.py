"""What charts bear: ledgers of any size, every kind of colour vision, a copy in black and white, narrow pages."""

import itertools

import numpy as np
import pandas as pd
import pytest
from test_charts_measures import bridge, finding_of, rows_of

from arlib.measures.bridge import Bridge
from arlib.measures.bridge.effects import EFFECTS, drill_column
from arlib.show import charts
from arlib.show.charts.axes import SERIES, series_channels
from arlib.show.charts.grid import DARK, DEEP, PALE, WHITE, WHITE_FROM
from arlib.show.charts.waterfall import UP_DOWN
from arlib.show.look import bucket_colours, shortened, wrapped

CUSTOMERS = 20_000
MOST = 5_000
MONTHS = pd.date_range("2022-01-31", periods=36, freq="ME").astype("datetime64[s]")


def of_customers(own):
    """A frame of 20,000 customers and whatever each has, from its columns."""
    ids = pd.DataFrame({"customer_id": [f"C{number:05}" for number in range(CUSTOMERS)]})
    return ids.merge(own, how="cross")


def large_bridge():
    whole = bridge()
    groups = of_customers(pd.DataFrame({"name": ["Client"], "dso_start": [1.0], "dso_end": [1.0], "change": [0.01]}))
    return Bridge(
        whole.start,
        whole.end,
        whole.effects,
        groups.assign(**dict.fromkeys(map(drill_column, EFFECTS), 0.0)),
        whole.sentence,
        None,
    )


def shares():
    amounts = np.arange(CUSTOMERS, 0, -1.0)
    share = amounts / amounts.sum()
    own = of_customers(pd.DataFrame({"name": ["Client"]}))
    return own.assign(rank=range(1, CUSTOMERS + 1), receivable=amounts, share=share, cumulated_share=np.cumsum(share))


def large_aged():
    return of_customers(pd.DataFrame({"not_due": [3.0], "1-30": [1.0], "31+": [1.0], "total": [5.0]}))


def large_items():
    number = np.arange(100_000)
    due = pd.Timestamp("2024-01-01") - pd.to_timedelta(number % 900, unit="D")
    return pd.DataFrame({"due_on": due, "days_overdue": number % 900 - 450, "open_amount": 1.0})


def large_matrix():
    """Buckets of a day each."""
    names = ["not_due", *(f"{day}-{day}" for day in range(1, 99)), "99+"]
    cells = pd.DataFrame(np.ones((100, 100)), columns=names)
    cells.insert(0, "paid", 1.0)
    cells.insert(0, "at_start", names)
    return cells.assign(total=101.0)


LARGE = {
    "aged_balance": (charts.aged_balance_chart, large_aged),
    "aged_history": (
        charts.aged_history_chart,
        lambda: of_customers(pd.DataFrame({"as_of": MONTHS[:12], "not_due": 3.0, "1+": 1.0, "total": 4.0})),
    ),
    "dso_groups": (
        charts.dso_history_chart,
        lambda: of_customers(pd.DataFrame({"as_of": MONTHS, "receivable": 1.0, "dso": 40.0})),
    ),
    "dso_days": (
        charts.dso_history_chart,
        lambda: pd.DataFrame({"as_of": pd.date_range("2000-01-01", periods=9000), "dso": 40.0, "countback_dso": 41.0}),
    ),
    "bridge_groups": (charts.bridge_groups_chart, large_bridge),
    "survival": (
        charts.payment_survival_chart,
        lambda: of_customers(
            pd.DataFrame({"day": [0, 30], "unpaid_share": [0.5, 0.1], "low": 0.1, "high": 0.5, "at_risk": 9, "paid": 1})
        ),
    ),
    "long_survival": (
        charts.payment_survival_chart,
        lambda: pd.DataFrame(
            {"day": range(9000), "unpaid_share": np.linspace(1, 0.03, 9000), "low": 0.1, "high": 0.5, "at_risk": 9}
        ),
    ),
    "delays": (
        charts.delay_history_chart,
        lambda: of_customers(
            pd.DataFrame(
                {
                    "month": MONTHS,
                    "paid": 1,
                    "open": 0,
                    "median_days": 9.0,
                    "with_open_median_days": 9.0,
                    "matured": True,
                }
            )
        ),
    ),
    "terms": (
        charts.weighted_terms_chart,
        lambda: of_customers(
            pd.DataFrame({"issued": [1], "closed_amount": 1.0, "closed_terms": 30.0, "closed_days_to_pay": 40.0})
        ),
    ),
    "cohorts": (
        charts.cohorts_chart,
        lambda: of_customers(
            pd.DataFrame(
                {"month": MONTHS[:4], "days": [30, 60] * 2, "billed": 1.0, "paid_share": 0.5, "mature": True}
            ).assign(low=0.5, high=0.5)
        ),
    ),
    "ages": (
        charts.cohorts_chart,
        lambda: (
            pd.DataFrame({"month": MONTHS})
            .merge(pd.DataFrame({"days": range(366)}), how="cross")
            .assign(billed=1.0, paid_share=0.5, low=0.5, high=0.5, mature=True)
        ),
    ),
    "migration": (charts.migration_chart, large_matrix),
    "pareto": (charts.pareto_chart, shares),
    "calendar": (charts.payment_calendar_chart, large_items),
}


@pytest.mark.parametrize("name", LARGE)
def test_no_chart_draws_more_than_five_thousand_rows(name):
    chart, frame = LARGE[name]
    whole = frame()
    before = whole.copy() if isinstance(whole, pd.DataFrame) else None
    spec = chart(whole).to_dict()
    assert 1 < len(rows_of(spec)) <= MOST
    assert len(finding_of(spec)) < 250
    if before is not None:
        pd.testing.assert_frame_equal(whole, before)  # read, not written


def test_the_others_are_counted_and_nothing_is_lost():
    """Twelve by name; the bars of all add up to what is owed, and the line ends at all of it."""
    rows = [row for row in rows_of(charts.pareto_chart(shares()).to_dict()) if "label" in row]
    assert len(rows) == 13
    assert rows[-1]["label"] == "19,988 others"
    assert sum(row["receivable"] for row in rows) == pytest.approx(CUSTOMERS * (CUSTOMERS + 1) / 2)
    assert rows[-1]["cumulated"] == pytest.approx(1.0)


# Machado, Oliveira and Fernandes (2009), complete deficiencies, on linear light.
VISIONS = {
    "all colours": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
TOLD_APART = 15  # distance in CIE Lab; 2.3 is what an eye just sees side by side


def light(colour):
    """Linear light of a colour such as `#0072B2`."""
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(linear):
    white = TO_XYZ @ np.ones(3)
    x, y, z = np.cbrt((TO_XYZ @ np.clip(linear, 0, 1)) / white)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def luminance(colour):
    return float(TO_XYZ[1] @ light(colour))


def contrast(one, other):
    light_one, dark_one = sorted([luminance(one), luminance(other)], reverse=True)
    return (light_one + 0.05) / (dark_one + 0.05)


BUCKETS = ["not_due", "1-30", "31-60", "61-90", "91+"]
SETS = {"buckets": bucket_colours(BUCKETS), "up and down": list(UP_DOWN), "lines": list(SERIES)}


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", SETS)
def test_colours_are_told_apart_by_every_vision(name, vision):
    seen = [lab(np.array(VISIONS[vision]) @ light(colour)) for colour in SETS[name]]
    nearest = min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(seen, 2))
    assert nearest >= TOLD_APART


def test_buckets_darken_with_age_in_black_and_white():
    ages = [lab(np.full(3, luminance(colour)))[0] for colour in bucket_colours(BUCKETS)]
    assert all(older <= younger - TOLD_APART for younger, older in itertools.pairwise(ages[1:]))
    assert ages[1] - ages[0] >= TOLD_APART  # what is not due beside what is a little late


def test_lines_differ_by_their_dash_too():
    channels = series_channels("series", ["a", "b", "c", "d", "e"])
    dashes = channels["strokeDash"].to_dict()["scale"]["range"]
    assert len(set(map(tuple, dashes))) == len(SERIES)


def test_figures_are_read_on_every_shade_of_a_cell():
    for share in np.linspace(0, 1, 101):
        mixed = [
            round(int(PALE[place : place + 2], 16) * (1 - share) + int(DEEP[place : place + 2], 16) * share)
            for place in (1, 3, 5)
        ]
        cell = "#" + "".join(f"{part:02X}" for part in mixed)
        assert contrast(WHITE if share > WHITE_FROM else DARK, cell) >= 4, share


def test_a_text_is_cut_into_lines_of_about_one_length():
    assert wrapped("one two", 1000) == ["one two"]
    assert wrapped("", 300) == [""]
    lines = wrapped("What is past due rose from 25% to 30% of what is owed between 2023-12-31 and 2024-12-31", 420)
    assert len(lines) == 2
    assert max(map(len, lines)) - min(map(len, lines)) < 12
    assert wrapped("26\u00a0% de\u00a0tout", 10) == ["26\u00a0%", "de\u00a0tout"]  # never at a no-break space
    wide, narrow = wrapped("W" * 4 + " " + "W" * 4, 130), wrapped("i" * 4 + " " + "i" * 4, 130)
    assert (len(wide), len(narrow)) == (1, 1)
    assert len(wrapped("W" * 8 + " " + "W" * 8, 130)) == 2
    assert len(wrapped("i" * 8 + " " + "i" * 8, 130)) == 1


def test_long_names_are_cut():
    assert shortened("Durand") == "Durand"
    assert shortened("x" * 40) == "x" * 27 + "…"
