"""What a policy would change: expected DSO and cash, day by day, with their band."""

import pandas as pd

from arlib.show.charts.axes import MONEY_AXIS, date_axis, money_unit, nothing_drawn, tip
from arlib.show.charts.figures import days_text, whole_money
from arlib.show.charts.rows import thinned
from arlib.show.look import ACCENT, DATE_FORMAT, GREEN, GREY, ORANGE, VERMILLION, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, day, word

_POLICY_COLOURS = [GREY, ACCENT, ORANGE, VERMILLION, GREEN]


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
    return _simulation_chart(daily, "cash_cumulated", money_unit(language, currency), language, currency)


def _simulation_chart(daily: pd.DataFrame, measure: str, unit: str, language: Language, currency: str = "") -> Drawing:
    about = word(f"show.{measure}_simulation", language)
    low, high = f"{measure}_low", f"{measure}_high"
    if not daily[measure].notna().any():
        return nothing_drawn(word("charts.nothing", language), about, language)
    rows = thinned(daily[["policy", "day", measure, low, high]], 1, on="day")
    policies = [str(policy) for policy in daily["policy"].unique()]
    names = dict(zip(policies, [word("show.policy.today", language), *map(shortened, policies[1:])], strict=True))
    rows = rows.assign(policy=rows["policy"].map(names))
    in_days = measure == "dso"
    figures = ",.1f" if in_days else ",.0f"
    colours = alt.Scale(domain=list(names.values()), range=_POLICY_COLOURS[: len(names)])
    base = alt.Chart(rows).encode(x=date_axis(rows["day"]), color=alt.Color("policy:N", scale=colours))
    band = base.mark_area(opacity=0.16, line=False).encode(y=alt.Y(f"{low}:Q"), y2=alt.Y2(f"{high}:Q"))
    line = base.mark_line(strokeWidth=2.5).encode(
        y=alt.Y(f"{measure}:Q", axis=alt.Undefined if in_days else MONEY_AXIS),
        tooltip=[
            tip("day:T", word("show.day", language), DATE_FORMAT[language]),
            tip("policy:N", word("show.policy", language)),
            tip(f"{measure}:Q", unit, figures),
            tip(f"{low}:Q", word("show.low", language), figures),
            tip(f"{high}:Q", word("show.high", language), figures),
        ],
    )
    finding = _finding(daily, measure, language, currency)
    return dressed(band + line, language, finding=finding, about=about, unit=unit)


def _finding(daily: pd.DataFrame, measure: str, language: Language, currency: str) -> str:
    """What the last policy changes by the last day, beside today's terms."""
    last = daily.loc[daily[measure].notna(), "day"].max()
    ends = daily[daily["day"] == last].drop_duplicates("policy").set_index("policy")[measure]
    today, tried = float(ends.iloc[0]), float(ends.iloc[-1])
    values = {"day": day(last, language), "figure": _figure(tried, measure, language, currency)}
    if len(ends) == 1:
        return word(f"charts.{measure}_simulation.today", language, **values)
    key = "more" if tried > today else "less" if tried < today else "same"
    change = _figure(abs(tried - today), measure, language, currency)
    policy = shortened(str(ends.index[-1]))
    return word(f"charts.{measure}_simulation.{key}", language, policy=policy, change=change, **values)


def _figure(value: float, measure: str, language: Language, currency: str) -> str:
    return days_text(value, language) if measure == "dso" else whole_money(value, language, currency)
