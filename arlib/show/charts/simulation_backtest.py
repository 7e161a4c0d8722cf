"""How simulations did at past closings: what came beside the band announced, and the error beside naive ways."""

from typing import Literal

import pandas as pd

from arlib.errors import ArlibError
from arlib.show.charts.axes import MONEY_AXIS, nothing_drawn, series_channels, tip
from arlib.show.charts.figures import days_text, share_text, whole_money
from arlib.show.charts.forecast import time_axis
from arlib.show.charts.forecast_backtest import what_came
from arlib.show.charts.rows import thinned
from arlib.show.look import BLUE, DATE_FORMAT, Drawing, dressed
from arlib.show.vega import alt
from arlib.simulation.backtest import SimulationBacktest
from arlib.simulation.backtest.naive import NAIVE
from arlib.words import Language, say, word

Measure = Literal["receivable", "dso", "cash", "sales"]
_WEEK, _NAMED = 7, 7
_SOME = 4  # horizons whose coverage is told


def simulation_past_chart(
    backtest: SimulationBacktest,
    measure: Measure = "dso",
    *,
    days: int | None = None,
    language: Language = "en",
    currency: str = "",
) -> Drawing:
    """What came so many days after each past closing, beside what was simulated, with its band.

    Args:
        backtest: as `arlib.backtest_simulation` returns it.
        measure: receivable, dso, cash (since the closing) or sales (since the closing).
        days: after each closing: one of those tested, the last one by default.
        language: of the labels, figures and dates.
        currency: of amounts, named when given.

    Raises:
        ArlibError: that many days were not tested.
    """
    about = word("charts.simulation_backtest.about_past", language)
    known = _known(backtest, measure)
    if known.empty:
        return nothing_drawn(_why(backtest, language), about, language)
    tested = sorted(int(each) for each in known["days"].unique())
    asked = tested[-1] if days is None else days
    if asked not in tested:
        raise ArlibError(say("charts.simulation_backtest.days", days=asked, tested=", ".join(map(str, tested))))
    rows = known[known["days"] == asked]
    rows = rows.assign(within=(rows["low"] <= rows["actual"]) & (rows["actual"] <= rows["high"]))
    finding = _held(rows, measure, language, currency)
    told = word(
        "charts.simulation_backtest.unit_past",
        language,
        measure=_with_unit(measure, language, currency),
        days=asked,
    )
    drawn = _closings(thinned(rows, 2, on="day"), measure, language)
    return dressed(drawn, language, finding=finding, about=about, unit=told)


def simulation_error_chart(
    backtest: SimulationBacktest, measure: Measure = "dso", *, language: Language = "en", currency: str = ""
) -> Drawing:
    """How far simulations were off on average by days after the closing, beside naive ways given the same sales.

    Args:
        backtest: as `arlib.backtest_simulation` returns it.
        measure: receivable, dso, cash (since the closing) or sales (since the closing), which has no naive way.
        language: of the labels and figures.
        currency: of amounts, named when given.
    """
    about = word("charts.simulation_backtest.about_error", language)
    known = _known(backtest, measure)
    if known.empty:
        return nothing_drawn(_why(backtest, language), about, language)
    ways = ("expected", *(NAIVE if measure != "sales" else ()))
    names = {way: word(f"charts.simulation_backtest.{way}", language) for way in ways}
    off = known[list(ways)].sub(known["actual"], axis=0).abs().groupby(known["days"]).mean()
    rows = off.rename(columns=names).reset_index().melt("days", var_name="series", value_name="error")
    axis = alt.Undefined if measure == "dso" else MONEY_AXIS
    drawn = (
        alt.Chart(thinned(rows, 1, on="days"))
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=24))
        .encode(
            x=_days_axis(int(known["days"].max())),
            y=alt.Y("error:Q", axis=axis, scale=alt.Scale(zero=True)),
            tooltip=[
                tip("series:N", word("charts.forecast.model", language)),
                tip("days:Q", word("charts.simulation_backtest.after", language), ",d"),
                tip("error:Q", word("charts.forecast.error", language), ",.1f" if measure == "dso" else ",.0f"),
            ],
            **series_channels("series", list(names.values())),
        )
    )
    unit = word(
        "charts.simulation_backtest.unit_error",
        language,
        measure=_with_unit(measure, language, currency),
        closings=known["closing"].nunique(),
        held=_coverage(known, language),
    )
    finding = _off(off, measure, language, currency)
    return dressed(drawn, language, finding=finding, about=about, unit=unit)


def _days_axis(last: int) -> "alt.X":
    """Days after the closing, named in whole weeks."""
    step = _WEEK * max(1, -(-last // (_WEEK * _NAMED)))
    axis = alt.Axis(format="d", values=list(range(0, last + 1, step)), labelOverlap="greedy", labelSeparation=6)
    return alt.X("days:Q", axis=axis, scale=alt.Scale(domain=[0, last], nice=False))


def _known(backtest: SimulationBacktest, measure: Measure) -> pd.DataFrame:
    predictions = backtest.predictions
    return predictions[predictions["measure"] == measure].dropna(subset=["expected", "actual"])


def _why(backtest: SimulationBacktest, language: Language) -> str:
    """That no closing could be tested; or that this measure has no figure."""
    if backtest.closings:
        return word("charts.nothing", language)
    return backtest.sentences[0].text(language)


def _called(measure: Measure, language: Language) -> str:
    return word(f"charts.simulation_backtest.{measure}", language)


def _with_unit(measure: Measure, language: Language, currency: str) -> str:
    unit = word("show.days", language) if measure == "dso" else currency
    return f"{_called(measure, language)} ({unit})" if unit else _called(measure, language)


def _written(value: float, measure: Measure, language: Language, currency: str) -> str:
    if measure == "dso":
        return word("charts.simulation_backtest.in_days", language, days=days_text(value, language))
    return whole_money(value, language, currency)


def _closings(rows: pd.DataFrame, measure: Measure, language: Language) -> Drawing:
    """A band a closing, what was expected in it, and what came."""
    figures, axis = (",.1f", alt.Axis()) if measure == "dso" else (",.0f", MONEY_AXIS)
    shown = rows[["closing", "day", "expected", "low", "high", "actual", "within"]]
    x, y = time_axis(shown["day"], padding=10), alt.Scale(zero=False)
    base = alt.Chart(shown).encode(x=x)
    band = base.mark_rule(strokeWidth=7, opacity=0.3, color=BLUE).encode(
        y=alt.Y("low:Q", axis=axis, scale=y), y2="high:Q"
    )
    expected = base.mark_tick(orient="horizontal", size=13, thickness=3, color=BLUE, opacity=1)
    tooltip = [
        tip("closing:T", word("charts.forecast.closing", language), DATE_FORMAT[language]),
        tip("day:T", word("show.day", language), DATE_FORMAT[language]),
        tip("actual:Q", word("charts.simulation_backtest.actual", language), figures),
        tip("expected:Q", word("charts.simulation_backtest.expected", language), figures),
        tip("low:Q", word("show.low", language), figures),
        tip("high:Q", word("show.high", language), figures),
    ]
    drawn: Drawing = band + expected.encode(y=alt.Y("expected:Q")) + what_came(shown, x, tooltip, language)
    return drawn


def _held(rows: pd.DataFrame, measure: Measure, language: Language, currency: str) -> str:
    held = int(rows["within"].sum())
    off = float((rows["expected"] - rows["actual"]).abs().mean())
    return word(
        "charts.simulation_backtest.held",
        language,
        days=int(rows["days"].iloc[0]),
        measure=_called(measure, language),
        held=held,
        closings=len(rows),
        share=share_text(held / len(rows), language),
        off=_written(off, measure, language, currency),
    )


def _coverage(known: pd.DataFrame, language: Language) -> str:
    """What the band held after some of the times tested, evenly chosen, the last among them."""
    within = ((known["low"] <= known["actual"]) & (known["actual"] <= known["high"])).groupby(known["days"]).mean()
    step = -(-len(within) // _SOME)
    shares = within.iloc[::-1].iloc[::step].iloc[::-1]
    return ", ".join(
        word("charts.simulation_backtest.share_at", language, share=share_text(float(share), language), days=int(days))
        for days, share in zip(shares.index, shares, strict=True)
    )


def _off(off: pd.DataFrame, measure: Measure, language: Language, currency: str) -> str:
    """The error after the longest time, beside that of the naive way which was closest."""
    last = off.iloc[-1].astype("float64")
    values = {
        "days": int(off.index[-1]),
        "measure": _called(measure, language),
        "off": _written(last["expected"], measure, language, currency),
    }
    naive = last.drop("expected").dropna()
    if naive.empty:
        return word("charts.simulation_backtest.alone", language, **values)
    best = str(naive.idxmin())
    key = "closer" if last["expected"] < naive[best] else "not_closer"
    told = {
        "naive": word(f"charts.simulation_backtest.{best}", language),
        "other": _written(float(naive[best]), measure, language, currency),
    }
    return word(f"charts.simulation_backtest.{key}", language, **values, **told)
