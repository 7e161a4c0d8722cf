"""The cash to come: what it is made of week by week or month by month, and cumulated, with its band."""

import numpy as np
import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import MONEY_AXIS, date_axis, money_unit, nothing_drawn, series_channels, tip
from arlib.show.charts.figures import short_amount, whole_money
from arlib.show.look import BLUE, DATE_FORMAT, GREEN, INK, ORANGE, SKY, VERMILLION, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, day, word

PART_COLOURS = {"open": BLUE, "promised": GREEN, "future": SKY, "contractual": VERMILLION}
_CUT = 1.25  # of the rest of the chart: a first period full of overdue invoices is cut there, and its figure written
_HEADROOM = 1.12  # of the highest mark, for a figure above it
_DAYS_NAMED = 120  # a shorter time is told by its days: its months would be named several times


def cash_forecast_chart(periods: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """The cash expected in each week or month, from open items, promises and sales to come, with its band.

    A mark says what would come in if every invoice were paid on its due date; what is overdue counts in the first
    period. Where that mark would squeeze the bars, it stands at the edge with its figure.

    Args:
        periods: `CashForecast.weekly` or `CashForecast.monthly`.
        language: of the labels, figures and dates.
        currency: of the amounts, named when given.
    """
    about = word("charts.forecast.about", language)
    if not periods["expected"].sum() >= HALF_CENT:
        return nothing_drawn(word("charts.forecast.none", language), about, language)
    rows = _periods(periods, language)
    top = float(rows[["expected", "p90", "due_drawn"]].max().max()) * _HEADROOM
    x, y = _period_axis(periods), alt.Y("amount:Q", axis=MONEY_AXIS, scale=alt.Scale(domain=[0, top], nice=False))
    parts = _parts(rows)
    kinds = [kind for kind in PART_COLOURS if kind == "contractual" or kind in set(parts["kind"])]
    names = {kind: word(f"charts.forecast.{kind}", language) for kind in kinds}
    scale = alt.Scale(domain=list(names.values()), range=[PART_COLOURS[kind] for kind in kinds])
    tips = _tips(rows, language)
    bars = (
        alt.Chart(parts.assign(part=parts["kind"].map(names)).drop(columns="kind"))
        .mark_bar()
        .encode(x=x, y=y, color=alt.Color("part:N", scale=scale), order="place:Q", tooltip=tips)
    )
    base = alt.Chart(rows.assign(part=names["contractual"])).encode(x=x, tooltip=tips)
    band = base.mark_rule(strokeWidth=2, color=INK).encode(y=alt.Y("p10:Q"), y2="p90:Q")
    due = base.mark_tick(orient="horizontal", thickness=4, opacity=1).encode(
        y=alt.Y("due_drawn:Q"), color=alt.Color("part:N", scale=scale)
    )
    cut = base.transform_filter("datum.cut != ''").mark_text(dy=-9, dx=-6, align="left").encode(text="cut:N")
    unit = word("charts.forecast.unit", language, unit=money_unit(language, currency))
    drawn = bars + band + due + cut.encode(y=alt.Y("due_drawn:Q"))
    return dressed(drawn, language, finding=_finding(periods, language, currency), about=about, unit=unit, height=260)


def cumulated_forecast_chart(periods: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """The cash expected to have come in by the end of each week or month, with its band, and by the due dates.

    Args:
        periods: `CashForecast.weekly` or `CashForecast.monthly`.
        language: of the labels, figures and dates.
        currency: of the amounts, named when given.
    """
    about = word("charts.forecast.about_cumulated", language)
    if not periods["expected"].sum() >= HALF_CENT:
        return nothing_drawn(word("charts.forecast.none", language), about, language)
    names = {kind: word(f"charts.forecast.{kind}", language) for kind in ("expected", "contractual")}
    rows = _cumulated(periods, names)
    x, unit = time_axis(rows["ends_on"]), money_unit(language, currency)
    base, channels = alt.Chart(rows), series_channels("series", list(names.values()), (BLUE, ORANGE))
    banded = alt.Chart(rows.dropna(subset=["p10"])).mark_area(opacity=0.2, color=BLUE, line=False)
    band = banded.encode(x=x, y=alt.Y("p10:Q", axis=MONEY_AXIS), y2="p90:Q")
    line = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=24)).encode(
        x=x,
        y=alt.Y("amount:Q", axis=MONEY_AXIS),
        tooltip=[
            tip("ends_on:T", word("show.day", language), DATE_FORMAT[language]),
            tip("series:N", word("charts.forecast.what", language)),
            tip("amount:Q", unit, ",.0f"),
            tip("p10:Q", word("show.low", language), ",.0f"),
            tip("p90:Q", word("show.high", language), ",.0f"),
        ],
        **channels,
    )
    last = periods.iloc[-1]
    values = {
        name: whole_money(float(last[f"{name}_cumulated"]), language, currency)
        for name in ("expected", "p10", "p90", "contractual")
    }
    finding = word("charts.forecast.cumulated", language, day=last["ends_on"], **values)
    told = word("charts.forecast.unit_cumulated", language, unit=unit)
    return dressed(band + line, language, finding=finding, about=about, unit=told)


def time_axis(dates: "pd.Series[pd.Timestamp]", *, padding: int = 0) -> "alt.X":
    """Days as they run, named by day where they are few, else by month; with room for marks at both ends, in pixels."""
    if (dates.max() - dates.min()).days > _DAYS_NAMED:
        axis = date_axis(dates)
    else:
        axis = alt.X(f"{dates.name}:T", axis=_named_by_day())
    has_bands = str(axis.shorthand).endswith(":O")
    return axis if has_bands else axis.scale(padding=padding, nice=False)


def _named_by_day() -> "alt.Axis":
    return alt.Axis(format="%-d %b", tickCount=6, labelAngle=0, labelOverlap="parity", labelSeparation=10)


def _period_axis(periods: pd.DataFrame) -> "alt.X":
    """A band a week, called by its first day, or a month."""
    if "month" in periods:
        axis = alt.Axis(format="%b %Y", labelAngle=0, labelOverlap="parity", labelSeparation=12)
        return alt.X("yearmonth(starts_on):O", axis=axis)
    return alt.X("yearmonthdate(starts_on):O", axis=_named_by_day())


def _periods(periods: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a period, and where the mark of its due dates stands."""
    kept = ["starts_on", "ends_on", "contractual", "expected", "p10", "p90", "promised", "disputed"]
    rows = periods[kept].assign(future=periods["from_future"], open=periods["from_open"] - periods["promised"])
    others = max(float(rows["p90"].max()), float(rows["contractual"].iloc[1:].max()) if len(rows) > 1 else 0.0)
    beyond = rows["contractual"] > _CUT * others
    figures = [f"{short_amount(amount, language)}\u00a0↑" for amount in rows["contractual"]]
    return rows.assign(
        due_drawn=rows["contractual"].mask(beyond, _CUT * others), cut=pd.Series(figures, rows.index).where(beyond, "")
    )


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a period and part of what is expected in it; parts of which there is nothing at all are left out."""
    kept = [column for column in rows.columns if column not in ("open", "future")]
    parts = [
        rows[kept].assign(kind=kind, place=place, amount=rows[kind].clip(lower=0.0))
        for place, kind in enumerate(("open", "promised", "future"))
        if kind == "open" or rows[kind].abs().ge(HALF_CENT).any()
    ]
    return pd.concat(parts, ignore_index=True)


def _tips(rows: pd.DataFrame, language: Language) -> "list[alt.Tooltip]":
    some = [name for name in ("promised", "disputed") if rows[name].abs().ge(HALF_CENT).any()]
    amounts = ("expected", "p10", "p90", "contractual", *some)
    heads = {"p10": "show.low", "p90": "show.high"}
    return [
        tip("starts_on:T", word("charts.forecast.from", language), DATE_FORMAT[language]),
        tip("ends_on:T", word("charts.forecast.to", language), DATE_FORMAT[language]),
        *(tip(f"{name}:Q", word(heads.get(name, f"charts.forecast.{name}"), language), ",.0f") for name in amounts),
    ]


def _finding(periods: pd.DataFrame, language: Language, currency: str) -> str:
    """The cash of all periods and of the first, and the leanest of those that are whole."""
    every = "month" if "month" in periods else "week"
    total, first = float(periods["expected"].sum()), float(periods["expected"].iloc[0])
    values = {
        "total": whole_money(total, language, currency),
        "first": whole_money(first, language, currency),
        "periods": len(periods),
    }
    if len(periods) == 1:
        return word(f"charts.forecast.one_{every}", language, **values)
    part_month = every == "month" and periods["starts_on"].iloc[0].day != 1
    whole = periods.iloc[1:] if part_month else periods
    least = whole.iloc[int(np.argmin(whole["expected"]))]
    if least["starts_on"] == periods["starts_on"].iloc[0]:
        return word(f"charts.forecast.first_{every}", language, **values)
    lean = whole_money(float(least["expected"]), language, currency)
    when = least["starts_on"] if every == "month" else day(least["starts_on"], language)
    return word(f"charts.forecast.{every}s", language, **values, lean=lean, when=when)


def _cumulated(periods: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """A row a day and series, from nothing on the day asked; the band is that of what is expected."""
    columns = ["expected", "contractual", "p10", "p90"]
    ends = periods["ends_on"].tolist()
    start = periods["starts_on"].iloc[0] - pd.Timedelta(days=1)
    amounts = np.vstack([np.zeros(4), periods[[f"{name}_cumulated" for name in columns]].to_numpy()])
    wide = pd.DataFrame(amounts, columns=columns).assign(ends_on=pd.Series([start, *ends]))
    expected = wide[["ends_on", "p10", "p90"]].assign(series=names["expected"], amount=wide["expected"])
    due = wide[["ends_on"]].assign(series=names["contractual"], amount=wide["contractual"])
    return pd.concat([expected, due], ignore_index=True)
