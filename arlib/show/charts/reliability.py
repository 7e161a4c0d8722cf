"""Whether probabilities were true: what was announced against what happened."""

import numpy as np
import pandas as pd

from arlib.risk.backtest import RiskBacktest
from arlib.risk.backtest.verdict import FEWEST_OF_EACH
from arlib.show.charts.axes import SERIES, diagonal, nothing_drawn, tip
from arlib.show.charts.figures import share_text
from arlib.show.look import Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
_UNSEEN = 3  # of so many invoices, one not seen among n: the 95 % end is that share of n (Hanley, Lippman-Hand, 1983)
_STEP = 0.1  # ends of the axes
_HEIGHT = 320


def reliability_chart(backtest: RiskBacktest | pd.DataFrame, *, language: Language = "en") -> Drawing:
    """The share of invoices paid late by the share that was announced, a point a group of invoices, with its range.

    On the diagonal both agree. A threshold of lateness is a series of its own; one that fewer than 20 invoices passed,
    or all but 20, says nothing and is left out, which is said. The title counts the groups whose range holds what was
    announced: where one group in twenty lies apart, that is chance.

    Args:
        backtest: as `arlib.backtest_risk` returns it, or its `calibration`.
        language: of the labels and figures.
    """
    about = word("charts.about.reliability", language)
    known = backtest.calibration if isinstance(backtest, RiskBacktest) else backtest
    if known.empty:
        return nothing_drawn(word("charts.backtest.none", language), about, language)
    judged = known[known["days_late"].isin(_told(known))]
    if judged.empty:
        return nothing_drawn(word("charts.reliability.few", language, fewest=FEWEST_OF_EACH), about, language)
    rows = _rows(judged, language)
    reach = float(rows[["predicted", "observed", "high"]].max().max())
    limit = min(1.0, np.ceil(reach / _STEP) * _STEP)
    layers = [diagonal("predicted", "observed", limit), _ranges(rows, limit, language), _points(rows, limit, language)]
    drawn = alt.LayerChart(layer=layers)
    unit = _unit(known, rows, language)
    return dressed(drawn, language, finding=_finding(rows, language), about=about, unit=unit, height=_HEIGHT)


def _told(known: pd.DataFrame) -> list[int]:
    """The thresholds that enough invoices passed, and enough did not."""
    late = (known["observed"] * known["count"]).groupby(known["days_late"]).sum()
    whole = known.groupby("days_late")["count"].sum()
    return [int(days) for days in whole.index[np.minimum(late, whole - late) >= FEWEST_OF_EACH]]


def _series_label(days: int, language: Language) -> str:
    return word("risk.backtest.all_later" if days else "risk.backtest.all_late", language, days=days)


def _rows(judged: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a group with its range; what was never seen among n invoices is no proof that it never comes."""
    unseen = _UNSEEN / judged["count"]
    low = judged["low"].mask(judged["observed"] == 1, np.minimum(judged["low"], 1 - unseen))
    high = judged["high"].mask(judged["observed"] == 0, np.maximum(judged["high"], unseen))
    labels = {days: _series_label(int(days), language) for days in judged["days_late"].unique()}
    rows = judged[["days_late", "predicted", "observed", "count"]].reset_index(drop=True)
    rows["series"] = rows["days_late"].map(labels)
    rows["low"], rows["high"] = low.clip(0, 1).to_numpy(), high.clip(0, 1).to_numpy()
    # Written so that a rounding does not part what is equal.
    rows["agrees"] = rows["predicted"].round(6).between(rows["low"].round(6), rows["high"].round(6))
    return rows


def _axes(limit: float) -> tuple["alt.X", "alt.Scale"]:
    scale = alt.Scale(domain=[0, limit], nice=False)
    axis = alt.Axis(format=".0%", tickCount=5, labelFlush=True)
    return alt.X("predicted:Q", axis=axis, scale=scale), scale


def _colour(rows: pd.DataFrame) -> "alt.Color":
    series = list(rows["series"].unique())
    colours = list(SERIES[: len(series)])
    return alt.Color("series:N", scale=alt.Scale(domain=series, range=colours), legend=_legend(series))


def _legend(series: list[str]) -> "alt.Legend | None":
    """One for colour and shape; none for a single series, which stands under the title."""
    return alt.Legend(columns=alt.ExprRef("drawn < 470 ? 1 : 3")) if len(series) > 1 else None


def _ranges(rows: pd.DataFrame, limit: float, language: Language) -> "alt.Chart":
    x, scale = _axes(limit)
    drawn: alt.Chart = (
        alt.Chart(rows.dropna(subset=["low", "high"]))
        .mark_rule(strokeWidth=1.5, opacity=0.7)
        .encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q", color=_colour(rows), tooltip=_tips(language))
    )
    return drawn


def _points(rows: pd.DataFrame, limit: float, language: Language) -> "alt.Chart":
    x, scale = _axes(limit)
    series = list(rows["series"].unique())
    shapes = list(_SHAPES[: len(series)])
    shape = alt.Shape("series:N", scale=alt.Scale(domain=series, range=shapes), legend=_legend(series))
    y = alt.Y("observed:Q", axis=alt.Axis(format=".0%", tickCount=5), scale=scale)
    drawn: alt.Chart = (
        alt.Chart(rows)
        .mark_point(filled=True, size=80, opacity=1)
        .encode(x=x, y=y, color=_colour(rows), shape=shape, tooltip=_tips(language))
    )
    return drawn


def _tips(language: Language) -> "list[alt.Tooltip]":
    return [
        tip("series:N", word("charts.group", language)),
        tip("predicted:Q", word("charts.announced", language), ".1%"),
        tip("observed:Q", word("charts.observed", language), ".1%"),
        tip("low:Q", word("charts.low_95", language), ".1%"),
        tip("high:Q", word("charts.high_95", language), ".1%"),
        tip("count:Q", word("charts.invoices", language), ",d"),
    ]


def _finding(rows: pd.DataFrame, language: Language) -> str:
    if rows["low"].isna().any():
        means = np.average(rows[["predicted", "observed"]], axis=0, weights=rows["count"])
        return word("charts.reliability.mean", language, **_shares(float(means[0]), float(means[1]), language))
    agree = int(rows["agrees"].sum())
    if agree == len(rows):
        return word("charts.reliability.all", language, groups=len(rows))
    gap = (rows["predicted"] - rows["observed"]).abs().mask(rows["agrees"], -1)
    worst = rows.iloc[int(gap.to_numpy().argmax())]
    told = {"agree": agree, "groups": len(rows), "late": worst["series"]}
    shares = _shares(worst["predicted"], worst["observed"], language)
    return word("charts.reliability.some", language, **told, **shares)


def _shares(announced: float, seen: float, language: Language) -> dict[str, str]:
    return {"announced": share_text(announced, language), "seen": share_text(seen, language)}


def _unit(known: pd.DataFrame, rows: pd.DataFrame, language: Language) -> str:
    """What a point is, how many invoices it stands for, and which thresholds are left out."""
    few, many = int(rows["count"].min()), int(rows["count"].max())
    series = list(rows["series"].unique())
    late = series[0] if len(series) == 1 else word("charts.reliability.late", language)
    unit = word("charts.reliability.unit", language, late=late, few=few, many=many)
    absent = [int(days) for days in known["days_late"].unique() if days not in set(rows["days_late"])]
    if absent:
        left_out = ", ".join(_series_label(days, language) for days in absent)
        unit += word("charts.reliability.left_out", language, late=left_out)
    return unit
