"""Charts: what is drawn, in which language, and that nothing needs the internet."""

import json
import re
import subprocess
import sys
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from arlib.show import charts, vega
from arlib.show.look import bucket_colours, bucket_label, used_buckets
from arlib.words import LANGUAGES

MONTHS = pd.to_datetime(["2024-10-31", "2024-11-30", "2024-12-31"]).astype("datetime64[s]")


@pytest.fixture
def history():
    """
    as_of       not_due  1-30  31-60  61-90  91+  no_due_date  unapplied  total
    2024-10-31     1000   200      0      0   50            0        -30   1220
    2024-11-30     1100   300     40      0   50            0        -30   1460
    2024-12-31      900   100     40     20   60            0          0   1120
    """
    columns = ["not_due", "1-30", "31-60", "61-90", "91+", "no_due_date", "unapplied", "total"]
    amounts = [
        [1000, 200, 0, 0, 50, 0, -30, 1220],
        [1100, 300, 40, 0, 50, 0, -30, 1460],
        [900, 100, 40, 20, 60, 0, 0, 1120],
    ]
    aged = pd.DataFrame(np.array(amounts, dtype="float64"), columns=columns)
    aged.insert(0, "as_of", MONTHS)
    return aged


@pytest.fixture
def dsos():
    return pd.DataFrame({"as_of": MONTHS, "dso": [np.nan, 52.0, 50.5], "countback_dso": [49.0, 48.5, 47.0]})


@pytest.fixture
def daily():
    """Two policies over 400 days; the policy pays sooner."""
    days = pd.date_range("2025-01-01", periods=400).astype("datetime64[s]")
    parts = []
    for policy, dso, rate in (("today", 55.0, 100.0), ("30 days", 45.0, 110.0)):
        cash = np.arange(400) * rate
        part = pd.DataFrame({"policy": policy, "day": days, "dso": dso, "cash_cumulated": cash})
        for measure in ("dso", "cash_cumulated"):
            part[f"{measure}_low"], part[f"{measure}_high"] = part[measure] * 0.9, part[measure] * 1.1
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def drawn(history, dsos, daily):
    """Every chart of the house in a language."""

    def draw(language):
        return {
            "aged_balance": charts.aged_balance_chart(history.tail(1), language=language, currency="EUR"),
            "aged_history": charts.aged_history_chart(history, language=language, currency="EUR"),
            "dso_history": charts.dso_history_chart(dsos, language=language),
            "dso_simulation": charts.dso_simulation_chart(daily, language=language),
            "cash_simulation": charts.cash_simulation_chart(daily, language=language, currency="EUR"),
        }

    return draw


def rows_of(chart):
    spec = chart.to_dict()
    return [row for rows in spec["datasets"].values() for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_drawn_and_says_what_it_is(drawn, language):
    for name, chart in drawn(language).items():
        spec = chart.to_dict()
        assert spec["description"].endswith("."), name
        assert spec["width"] == "container", name
        svg = vl_convert.vegalite_to_svg({**spec, "width": 600})
        assert svg.count("<path") > 2, name


def test_figures_and_months_are_written_in_the_language(drawn):
    french = vl_convert.vegalite_to_svg({**drawn("fr")["aged_history"].to_dict(), "width": 600})
    english = vl_convert.vegalite_to_svg({**drawn("en")["aged_history"].to_dict(), "width": 600})
    assert "déc. 2024" in french
    assert "Dec 2024" in english
    bars = vl_convert.vegalite_to_svg({**drawn("fr")["aged_balance"].to_dict(), "width": 600})
    assert "non échu" in bars
    assert "not due" not in bars


def test_thousands_are_written_in_the_language(history):
    large = history.assign(not_due=1234567.0)
    french = charts.aged_balance_chart(large.tail(1), language="fr").to_dict()
    assert "1\u202f234\u202f567" in vl_convert.vegalite_to_svg({**french, "width": 600})


def test_no_chart_names_another_machine(drawn):
    for chart in drawn("en").values():
        spec = chart.to_dict()
        spec.pop("$schema")  # an identifier of the format, never fetched
        assert "http" not in json.dumps(spec)


def test_bars_are_the_amounts_of_the_frame(drawn):
    amounts = {row["bucket"]: row["amount"] for row in rows_of(drawn("en")["aged_balance"])}
    assert amounts == {"not due": 900, "1–30 days": 100, "31–60 days": 40, "61–90 days": 20, "over 90 days": 60}


def test_groups_of_a_date_are_added_up(history):
    doubled = pd.concat([history.assign(segment="a"), history.assign(segment="b")])
    single = {(r["as_of"], r["bucket"]): r["amount"] for r in rows_of(charts.aged_history_chart(history))}
    double = {(r["as_of"], r["bucket"]): r["amount"] for r in rows_of(charts.aged_history_chart(doubled))}
    assert double == {key: 2 * amount for key, amount in single.items()}


def test_month_ends_are_drawn_above_their_own_month(drawn):
    encoding = drawn("en")["dso_history"].to_dict()["encoding"]
    assert encoding["x"]["timeUnit"] == "yearmonth"
    assert encoding["x"]["type"] == "ordinal"


def test_dates_are_local_days(drawn):
    """A date alone would be read as UTC, a day earlier west of Greenwich."""
    assert {row["as_of"] for row in rows_of(drawn("en")["dso_history"])} == {
        "2024-10-31T00:00:00",
        "2024-11-30T00:00:00",
        "2024-12-31T00:00:00",
    }


def test_the_first_policy_is_todays_terms(drawn):
    french = {row["policy"] for row in rows_of(drawn("fr")["dso_simulation"])}
    assert french == {"conditions actuelles", "30 days"}


def test_frames_are_not_written(history, dsos, daily):
    before = [frame.copy() for frame in (history, dsos, daily)]
    charts.aged_balance_chart(history)
    charts.aged_history_chart(history)
    charts.dso_history_chart(dsos)
    charts.dso_simulation_chart(daily)
    charts.cash_simulation_chart(daily)
    for frame, same in zip((history, dsos, daily), before, strict=True):
        pd.testing.assert_frame_equal(frame, same)


def test_no_chart_draws_more_than_five_thousand_rows():
    days = pd.date_range("2000-01-01", "2024-12-31").astype("datetime64[s]")
    aged = pd.DataFrame({"as_of": days, "not_due": 1.0, "1-30": 2.0, "91+": 3.0, "total": 6.0})
    rows = rows_of(charts.aged_history_chart(aged))
    assert 1_000 < len(rows) <= 5_000
    assert max(row["as_of"] for row in rows) == "2024-12-31T00:00:00"


@pytest.mark.parametrize(
    ("bucket", "english", "french"),
    [
        ("not_due", "not due", "non échu"),
        ("1-30", "1–30 days", "1–30 jours"),
        ("91+", "over 90 days", "plus de 90 jours"),
        ("46+", "over 45 days", "plus de 45 jours"),
    ],
)
def test_buckets_of_any_bounds_have_a_label(bucket, english, french):
    assert (bucket_label(bucket, "en"), bucket_label(bucket, "fr")) == (english, french)


def test_a_bucket_keeps_its_colour_and_ages_differ():
    buckets = ["not_due", "1-30", "31-60", "61-90", "91+", "no_due_date", "unapplied"]
    assert len(set(bucket_colours(buckets))) == len(buckets)
    assert bucket_colours(["not_due", "1-45", "46+"])[0] == bucket_colours(buckets)[0]


def test_what_never_occurs_is_not_shown(history):
    assert "no_due_date" not in used_buckets(history)
    assert "unapplied" in used_buckets(history)
    assert "61-90" in used_buckets(history)


def test_a_ledger_without_debt_is_drawn_too(history):
    nothing = history.assign(**{name: 0.0 for name in history.columns if name != "as_of"})
    for chart in (charts.aged_balance_chart(nothing.tail(1)), charts.aged_history_chart(nothing)):
        assert "<svg" in vl_convert.vegalite_to_svg({**chart.to_dict(), "width": 300})


@pytest.fixture
def own_cache(monkeypatch, tmp_path):
    """A cache folder of the test's own, and Altair's renderer and chart class as they were afterwards."""
    monkeypatch.setattr(vega.platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    monkeypatch.setattr(alt.JupyterChart, "_esm", alt.JupyterChart._esm)
    monkeypatch.setattr(alt.JupyterChart, "_is_offline", False)
    with alt.renderers.enable("default"):
        yield tmp_path / "cache"


def test_offline_charts_bring_vega_along(own_cache, monkeypatch, drawn):
    """Guards the two private names of Altair that `offline` relies on."""
    charts.offline()
    assert alt.JupyterChart._is_offline is True
    bundle = alt.JupyterChart._esm
    assert len(bundle) > 500_000
    assert len(re.findall(r"export\s*\{\s*\w+ as default", bundle)) == 1
    assert "{ placedChart as default }" in bundle  # drawn once it has a place, not before
    assert "esm.sh" not in bundle
    assert [path.read_text(encoding="utf-8") for path in own_cache.iterdir()] == [bundle]

    monkeypatch.setattr(alt.JupyterChart, "_is_offline", False)
    monkeypatch.setattr(alt.JupyterChart, "_esm", "import 'https://esm.sh/vega'")
    monkeypatch.setattr(alt.JupyterChart, "enable_offline", lambda *_, **__: None)
    charts.offline()  # the second time nothing is bundled: the file is read
    assert alt.JupyterChart._esm == bundle
    assert alt.JupyterChart(drawn("en")["dso_history"]).spec["width"] == "container"


def test_offline_falls_back_on_altairs_own_way(own_cache, monkeypatch):
    taken = []
    monkeypatch.delattr(alt.JupyterChart, "_is_offline")
    monkeypatch.setattr(alt.JupyterChart, "enable_offline", lambda *_, offline=True: taken.append(offline))
    charts.offline()
    alt.renderers.get()(alt.Chart(pd.DataFrame({"a": [1]})).mark_point().to_dict())
    assert taken == [True]
    assert not own_cache.exists()


@pytest.mark.usefixtures("own_cache")
def test_a_notebook_keeps_a_picture_beside_the_chart(monkeypatch):
    """For wherever no kernel runs: in ink of its own, since no page gives it any, and with its description."""
    monkeypatch.setattr(alt.JupyterChart, "enable_offline", lambda *_, **__: None)
    charts.offline()
    chart = alt.Chart(pd.DataFrame({"a": [1]}), description="One dot.").mark_point(color="currentColor")
    shown, _ = chart._repr_mimebundle_()
    assert set(shown) == {"application/vnd.jupyter.widget-view+json", "image/svg+xml", "text/plain"}
    assert shown["text/plain"] == "One dot."
    root = re.match(r'<svg style="([^"]+)"[^>]* width="8\d\d"', shown["image/svg+xml"])
    assert {"background:white", "color:#24292f"} < set(root[1].split(";"))


def test_the_bundle_is_made_once_and_kept(own_cache, monkeypatch):
    made = []
    monkeypatch.setattr(
        vl_convert, "javascript_bundle", lambda script, **_: made.append(script) or f"bundle of {script}"
    )
    assert vega.vega_bundle("one") == "bundle of one"
    assert vega.vega_bundle("one") == "bundle of one"
    assert vega.vega_bundle("two") == "bundle of two"
    assert made == ["one", "two"]
    assert {path.suffix for path in own_cache.iterdir()} == {".js"}


def test_a_cache_that_cannot_be_written_costs_only_time(monkeypatch, tmp_path):
    taken = tmp_path / "file"
    taken.write_text("in the way")
    monkeypatch.setattr(vega.platformdirs, "user_cache_dir", lambda *_, **__: str(taken / "cache"))
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda script, **_: f"bundle of {script}")
    assert vega.vega_bundle("one") == "bundle of one"


def test_importing_compiles_no_grammar_and_leaves_it_to_others():
    """It is declared absent only while Altair is imported; whoever wants it afterwards finds it."""
    check = "import sys, arlib.show.charts; sys.exit('rfc3987_syntax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=Path(__file__).parents[1], check=False).returncode == 0


def test_a_notebook_chart_is_as_wide_as_its_cell():
    """JupyterLab lays a chart out inline: without a width of its own it is drawn 0 pixels wide."""
    charts.offline()
    charts.offline()
    assert alt.JupyterChart._css.count("width: 100%; display: flex") == 1
