"""Charts of the house: a frame in, an Altair chart out, in French or in English.

Drawing nothing by themselves, charts can be shown, saved as SVG or PNG, or compared in a test. In a notebook, call
`charts.offline()` once so that they are drawn without asking anything of the internet.
"""

import math
from typing import Literal

import pandas as pd

from arlib.show.look import (
    ACCENT,
    DATE_FORMAT,
    GREEN,
    GREY,
    ORANGE,
    VERMILLION,
    Drawing,
    bucket_colours,
    bucket_label,
    dressed,
    used_buckets,
)
from arlib.show.vega import alt, offline
from arlib.words import Language, word

__all__ = [
    "Drawing",
    "aged_balance_chart",
    "aged_history_chart",
    "cash_simulation_chart",
    "dso_history_chart",
    "dso_simulation_chart",
    "offline",
]

MOST_ROWS = 5_000  # what a browser draws at once without a thought; Altair's own limit too
_ROOM_FOR_FIGURES = 76  # pixels beside the longest bar
_POLICY_COLOURS = [GREY, ACCENT, ORANGE, VERMILLION, GREEN]
_MONEY_AXIS = alt.Axis(format="~s", labelExpr="datum.value == 0 ? '0' : datum.label")


def aged_balance_chart(aged: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What is owed, a bar an age bucket.

    Args:
        aged: an aged balance with any number of groups, as `arlib.aged_balance` returns it; groups are summed.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    shown = used_buckets(aged)
    amounts = aged[shown].sum().round(2)
    labels = [bucket_label(bucket, language) for bucket in shown]
    rows = pd.DataFrame({"bucket": labels, "amount": amounts[shown].to_numpy()})
    title = _money_title(language, currency)
    base = alt.Chart(rows).encode(
        x=alt.X("amount:Q", axis=None, scale=alt.Scale(padding=_ROOM_FOR_FIGURES)),
        y=alt.Y("bucket:N", sort=labels, axis=alt.Axis(labelLimit=170)),
        tooltip=[_tip("bucket:N", word("show.age", language)), _tip("amount:Q", title, ",.2f")],
    )
    bars = base.mark_bar(cornerRadiusEnd=3, size=20).encode(
        color=alt.Color("bucket:N", scale=alt.Scale(domain=labels, range=bucket_colours(shown)), legend=None)
    )
    figures = base.mark_text(
        fontSize=12,
        dx=alt.ExprRef("datum.amount < 0 ? -6 : 6"),
        align=alt.ExprRef("datum.amount < 0 ? 'right' : 'left'"),
    ).encode(text=alt.Text("amount:Q", format=",.0f"))
    described = _described(bars + figures, "show.aged_balance", language)
    return dressed(described, language, title=title, height=alt.Step(38))


def aged_history_chart(history: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What was owed at each date, stacked by age bucket; credits not applied hang below zero.

    Args:
        history: one row a date, or a date and a group, as `arlib.aged_balance_history` returns it.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    used = used_buckets(history)
    totals = history.groupby("as_of", as_index=False)[used].sum()
    labels = {bucket: bucket_label(bucket, language) for bucket in used}
    rows = thinned(totals, len(used)).melt("as_of", used, "bucket", "amount")
    rows["age"] = rows["bucket"].map({bucket: place for place, bucket in enumerate(used)})
    rows["bucket"] = rows["bucket"].map(labels)
    title = _money_title(language, currency)
    ages = list(labels.values())
    chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=_date_axis(rows["as_of"]),
            y=alt.Y("amount:Q", axis=_MONEY_AXIS),
            color=alt.Color("bucket:N", scale=alt.Scale(domain=ages, range=bucket_colours(used))),
            order=alt.Order("age:Q"),
            tooltip=[
                _tip("as_of:T", word("show.day", language), DATE_FORMAT[language]),
                _tip("bucket:N", word("show.age", language)),
                _tip("amount:Q", title, ",.2f"),
            ],
        )
    )
    return dressed(_described(chart, "show.aged_history", language), language, title=title)


def dso_history_chart(history: pd.DataFrame, *, language: Language = "en") -> Drawing:
    """DSO at each date, by the balance method and by count-back.

    Args:
        history: columns `as_of`, `dso`, `countback_dso` in days, as `arlib.dso_history` returns it; nan is a gap.
        language: of the labels, figures and dates.
    """
    names = {method: word(f"show.{method}", language) for method in ("dso", "countback_dso")}
    rows = thinned(history, len(names)).rename(columns=names).melt("as_of", list(names.values()), "method", "days")
    title = word("show.days", language)
    chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=28))
        .encode(
            x=_date_axis(rows["as_of"]),
            y=alt.Y("days:Q", scale=alt.Scale(zero=True)),
            color=alt.Color("method:N", scale=alt.Scale(domain=list(names.values()), range=[ACCENT, ORANGE])),
            tooltip=[
                _tip("as_of:T", word("show.day", language), DATE_FORMAT[language]),
                _tip("method:N", word("show.method", language)),
                _tip("days:Q", title, ",.1f"),
            ],
        )
    )
    return dressed(_described(chart, "show.dso_history", language), language, title=title)


def dso_simulation_chart(daily: pd.DataFrame, *, language: Language = "en") -> Drawing:
    """Expected DSO by day under each policy, with the band eight outcomes of ten fall in.

    Args:
        daily: `Simulation.daily`; used are `policy` (the first is today's terms), `day`, `dso`, `dso_low`, `dso_high`.
        language: of the labels, figures and dates.
    """
    return _simulation_chart(daily, "dso", word("show.days", language), language)


def cash_simulation_chart(daily: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """Cash expected since the day asked under each policy, cumulated, with the band of eight outcomes of ten.

    Args:
        daily: `Simulation.daily`; used are `policy` (the first is today's terms), `day`, `cash_cumulated` with its
            `_low` and `_high`.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    return _simulation_chart(daily, "cash_cumulated", _money_title(language, currency), language)


def _simulation_chart(daily: pd.DataFrame, measure: str, title: str, language: Language) -> Drawing:
    low, high = f"{measure}_low", f"{measure}_high"
    rows = thinned(daily[["policy", "day", measure, low, high]], 1, on="day")
    policies = [str(policy) for policy in daily["policy"].unique()]
    names = dict(zip(policies, [word("show.policy.today", language), *policies[1:]], strict=True))
    rows = rows.assign(policy=rows["policy"].map(names))
    in_days = measure == "dso"
    figures = ",.1f" if in_days else ",.0f"
    colours = alt.Scale(domain=list(names.values()), range=_POLICY_COLOURS[: len(names)])
    base = alt.Chart(rows).encode(x=_date_axis(rows["day"]), color=alt.Color("policy:N", scale=colours))
    band = base.mark_area(opacity=0.16, line=False).encode(y=alt.Y(f"{low}:Q"), y2=alt.Y2(f"{high}:Q"))
    line = base.mark_line(strokeWidth=2.5).encode(
        y=alt.Y(f"{measure}:Q", axis=alt.Undefined if in_days else _MONEY_AXIS),
        tooltip=[
            _tip("day:T", word("show.day", language), DATE_FORMAT[language]),
            _tip("policy:N", word("show.policy", language)),
            _tip(f"{measure}:Q", title, figures),
            _tip(f"{low}:Q", word("show.low", language), figures),
            _tip(f"{high}:Q", word("show.high", language), figures),
        ],
    )
    return dressed(_described(band + line, f"show.{measure}_simulation", language), language, title=title)


def thinned(rows: pd.DataFrame, width: int, on: str = "as_of") -> pd.DataFrame:
    """Rows of evenly spread dates, the last kept, so that a chart of `width` marks a row stays within 5,000 rows."""
    dates = rows[on].drop_duplicates().sort_values(ascending=False)
    step = max(1, math.ceil(len(rows) * width / MOST_ROWS))
    return rows if step == 1 else rows[rows[on].isin(dates.iloc[::step])]


def _date_axis(dates: "pd.Series[pd.Timestamp]") -> "alt.X":
    """Days as they run; a date a month as that month, or the 31st would be drawn above the next month's name."""
    distinct = dates.drop_duplicates()
    monthly = not distinct.dt.to_period("M").duplicated().any()
    # Every other month is named, or every fourth: never months at an uneven step.
    overlap: Literal["parity", "greedy"] = "parity" if monthly else "greedy"
    axis = alt.Axis(format="%b %Y", tickCount=6, labelAngle=0, labelOverlap=overlap, labelSeparation=16)
    return alt.X(f"yearmonth({dates.name}):O" if monthly else f"{dates.name}:T", axis=axis)


def _tip(shorthand: str, title: str, figures: str | None = None) -> "alt.Tooltip":
    return alt.Tooltip(shorthand, title=title, format=figures or alt.Undefined)


def _money_title(language: Language, currency: str) -> str:
    amount = word("show.amount", language)
    return f"{amount} ({currency})" if currency else amount


def _described(chart: Drawing, key: str, language: Language) -> Drawing:
    """With its sentence for those who do not see it: the label of the drawing in the page."""
    return chart.properties(description=word(key, language))
