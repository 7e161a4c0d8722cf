"""How forecasts of cash did at past closings: their error beside that of two calendars, and week by week."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.show.charts.axes import MONEY_AXIS, in_lines, money_unit, nothing_drawn, row_axis, row_legend, rows_high, tip
from arlib.show.charts.figures import share_text
from arlib.show.charts.forecast import time_axis
from arlib.show.charts.rows import thinned
from arlib.show.look import BLUE, DATE_FORMAT, GREEN, ORANGE, PURPLE, VERMILLION, Drawing, dressed
from arlib.show.vega import alt
from arlib.simulation.forecast import ForecastBacktest
from arlib.words import Language, word

_MODELS = ("expected", "contractual", "mean_delay")
_ROOM = 48


def forecast_error_chart(backtest: ForecastBacktest, *, language: Language = "en") -> Drawing:
    """How far the cash of single weeks was from what was forecast, up to 1, 2, 4, 8 and 13 weeks, and two calendars'.

    Args:
        backtest: as `arlib.backtest_forecast` returns it; drawn is `wape` of its totals.
        language: of the labels and figures.
    """
    return _error_chart(backtest, "wape", language)


def forecast_total_error_chart(backtest: ForecastBacktest, *, language: Language = "en") -> Drawing:
    """How far the cash since the closing was from what was forecast, after 1, 2, 4, 8 and 13 weeks, and two calendars'.

    Args:
        backtest: as `arlib.backtest_forecast` returns it; drawn is `total_error` of its totals.
        language: of the labels and figures.
    """
    return _error_chart(backtest, "total_error", language)


def forecast_past_chart(backtest: ForecastBacktest, *, language: Language = "en", currency: str = "") -> Drawing:
    """The cash of each past week beside what was forecast of it at the last closing before, with its band.

    Args:
        backtest: as `arlib.backtest_forecast` returns it.
        language: of the labels, figures and dates.
        currency: of the amounts, named when given.
    """
    about = word("charts.forecast.about_past", language)
    if backtest.weekly.empty:
        return nothing_drawn(backtest.sentences[0].text(language), about, language)
    rows = of_last_closing(backtest.weekly)
    within = rows["actual"].round(2).between(rows["p10"].round(2), rows["p90"].round(2))
    rows = rows.assign(within=within, low=rows["p10"], high=rows["p90"])
    unit = money_unit(language, currency)
    drawn = _band(thinned(rows, 2, on="ends_on"), language)
    told = word("charts.forecast.unit_past", language, unit=unit, weeks=int(rows["week"].max()))
    return dressed(drawn, language, finding=_past(rows, language), about=about, unit=told)


def of_last_closing(weekly: pd.DataFrame) -> pd.DataFrame:
    """The weeks each closing told before the next one came, so that none is drawn twice; as many after the last."""
    closings = weekly["closing"].drop_duplicates().sort_values()
    following = weekly["closing"].map(dict(zip(closings, closings.shift(-1), strict=True)))
    told = weekly[weekly["ends_on"] <= following]
    ahead = told["week"].max() if len(told) else weekly["week"].max()
    last = weekly[following.isna() & (weekly["week"] <= ahead)]
    kept: pd.DataFrame = pd.concat([told, last]).sort_values("ends_on", kind="stable").reset_index(drop=True)
    return kept


def what_came(rows: pd.DataFrame, x: "alt.X", tooltip: "Sequence[alt.Tooltip]", language: Language) -> "alt.Chart":
    """A point for what came, of another colour and shape where it was outside the band (`within` says it)."""
    names = [word(f"charts.forecast.{kind}", language) for kind in ("within", "outside")]
    shown = rows.assign(kind=np.where(rows["within"], *names))
    legend = row_legend()
    points: alt.Chart = (
        alt.Chart(shown[["kind", *(name for name in shown if name not in ("kind", "within"))]])
        .mark_point(filled=True, size=60, opacity=1)
        .encode(
            x=x,
            y=alt.Y("actual:Q"),
            color=alt.Color("kind:N", scale=alt.Scale(domain=names, range=[GREEN, VERMILLION]), legend=legend),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=names, range=["circle", "triangle-up"]), legend=legend),
            tooltip=list(tooltip),
        )
    )
    return points


def _band(rows: pd.DataFrame, language: Language) -> Drawing:
    shown = rows[["closing", "ends_on", "expected", "actual", "low", "high", "within"]]
    x = time_axis(shown["ends_on"], padding=6)
    base = alt.Chart(shown).encode(x=x)
    area = base.mark_area(color=BLUE, opacity=0.2, line=False).encode(y=alt.Y("low:Q", axis=MONEY_AXIS), y2="high:Q")
    line = base.mark_line(color=BLUE, strokeWidth=2).encode(y=alt.Y("expected:Q", axis=MONEY_AXIS))
    tooltip = [
        tip("ends_on:T", word("charts.forecast.to", language), DATE_FORMAT[language]),
        tip("closing:T", word("charts.forecast.closing", language), DATE_FORMAT[language]),
        tip("actual:Q", word("charts.forecast.actual", language), ",.0f"),
        tip("expected:Q", word("charts.forecast.expected", language), ",.0f"),
        tip("low:Q", word("show.low", language), ",.0f"),
        tip("high:Q", word("show.high", language), ",.0f"),
    ]
    drawn: Drawing = area + line + what_came(shown, x, tooltip, language)
    return drawn


def _past(rows: pd.DataFrame, language: Language) -> str:
    held, came = int(rows["within"].sum()), float(rows["actual"].sum())
    off = float((rows["actual"] - rows["expected"]).abs().sum())
    values = {"held": held, "weeks": len(rows), "share": share_text(held / len(rows), language)}
    found = word("charts.forecast.held", language, **values)
    return found + (word("charts.forecast.off", language, off=share_text(off / came, language)) if came > 0 else "")


def _error_chart(backtest: ForecastBacktest, measure: str, language: Language) -> Drawing:
    about = word(f"charts.forecast.about_{measure}", language)
    totals = backtest.totals.dropna(subset=[measure])
    if totals.empty:
        return nothing_drawn(backtest.sentences[0].text(language), about, language)
    names = {model: word(f"charts.forecast.{model}", language) for model in _MODELS}
    labels = {weeks: in_lines(word("charts.forecast.ahead", language, weeks=weeks)) for weeks in totals["weeks"]}
    rows = pd.DataFrame(
        {
            "label": totals["weeks"].map(labels),
            "model": totals["model"].map(names),
            "error": totals[measure].astype("float64"),
            "bias": totals["bias"].astype("float64"),
            "figure": [share_text(error, language) for error in totals[measure]],
            "forecast": totals["model"] == "expected",
        }
    )
    unit = word(f"charts.forecast.unit_{measure}", language, closings=len(backtest.closings))
    finding = _error_finding(totals, measure, language)
    drawn, high = _dots(rows, list(names.values()), language), rows_high(34, rows["label"].tolist())
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=high)


def _dots(rows: pd.DataFrame, models: Sequence[str], language: Language) -> Drawing:
    """A dot a model, a row a number of weeks, the figure of the forecast at the right."""
    scale = alt.Scale(type="sqrt", zero=True, nice=False, range=[0, alt.ExprRef(f"width - {_ROOM}")])
    axis = alt.Axis(format=".0%", tickCount=5, grid=True, labelOverlap="greedy", labelSeparation=8)
    base = alt.Chart(rows).encode(y=row_axis("label", rows["label"].drop_duplicates().tolist(), lines=True))
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("error:Q", scale=scale, axis=axis),
        color=alt.Color("model:N", scale=alt.Scale(domain=models, range=[BLUE, ORANGE, PURPLE]), legend=row_legend()),
        shape=alt.Shape(
            "model:N", scale=alt.Scale(domain=models, range=["circle", "square", "triangle-up"]), legend=row_legend()
        ),
        tooltip=[
            tip("model:N", word("charts.forecast.model", language)),
            tip("label:N", word("charts.forecast.horizon", language)),
            tip("error:Q", word("charts.forecast.error", language), ".1%"),
            tip("bias:Q", word("charts.forecast.bias", language), "+.1%"),
        ],
    )
    own = base.transform_filter("datum.forecast").mark_text(align="right", fontWeight=600)
    drawn: Drawing = dots + own.encode(x=alt.value(alt.ExprRef("width")), text="figure:N")
    return drawn


def _error_finding(totals: pd.DataFrame, measure: str, language: Language) -> str:
    """The error of the longest time beside the calendars', and where one of them did as well."""
    wide = totals.pivot(index="weeks", columns="model", values=measure).astype("float64")
    last = wide.iloc[-1]
    shares = {model: share_text(last[model], language) for model in _MODELS}
    found = word(f"charts.forecast.{measure}", language, weeks=int(wide.index[-1]), **shares)
    beaten = wide[wide[list(_MODELS[1:])].min(axis=1) <= wide["expected"]].index
    if not len(beaten):
        return found
    weeks = ", ".join(str(each) for each in beaten)
    return found + word("charts.forecast.beaten", language, times=weeks, weeks=int(beaten[-1]))
