"""What policies would change: expected DSO, cash and overdue, day by day, with their band."""

import pandas as pd

from arlib.show.charts.axes import MONEY_AXIS, MOST_SERIES, date_axis, money_unit, nothing_drawn, series_channels, tip
from arlib.show.charts.figures import days_text, whole_money
from arlib.show.charts.policies import policy_names
from arlib.show.charts.rows import thinned
from arlib.show.look import BLUE, DATE_FORMAT, GREEN, GREY, ORANGE, VERMILLION, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.simulation.figures.methods import LAST_DAYS
from arlib.words import Language, day, word

_POLICY_COLOURS = (GREY, BLUE, ORANGE, VERMILLION, GREEN)
_ON_AVERAGE = {"dso", "cash_cumulated", "cash_gained"}  # what is compared over the last 30 days: one day swings
_WELCOME = {"cash_cumulated", "cash_gained"}  # what is better when it is more
_NAMED = 3  # of the policies that are not drawn
_BAND, _BANDS = 0.16, 0.08  # how dense a band is beside another, and beside several


def dso_simulation_chart(daily: pd.DataFrame, *, language: Language = "en") -> Drawing:
    """Expected DSO by day under each policy, with the band eight outcomes of ten fall in.

    Args:
        daily: `Simulation.daily`; used are `policy` (the first is today's terms), `day`, `dso`, `dso_low`, `dso_high`.
            Of more than four policies beside today's terms, the first four.
        language: of the labels, figures and dates.
    """
    return _simulation_chart(daily, "dso", word("show.days", language), language)


def cash_simulation_chart(daily: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """Cash expected since the day asked under each policy, cumulated, with the band of eight outcomes of ten.

    Args:
        daily: `Simulation.daily`; used are `policy` (the first is today's terms), `day`, `cash_cumulated` with its
            `_low` and `_high`. Of more than four policies beside today's terms, the first four.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    return _simulation_chart(daily, "cash_cumulated", money_unit(language, currency), language, currency)


def cash_gained_simulation_chart(daily: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What more has come in by each day under each policy than under today's terms, which are the line at nothing.

    Args:
        daily: `Simulation.daily`; used are `policy` (the first is today's terms), `day` and `cash_cumulated`. Of more
            than four policies beside today's terms, the first four.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    today = daily[daily["policy"] == daily["policy"].iloc[0]].set_index("day")["cash_cumulated"]
    gained = daily["cash_cumulated"] - daily["day"].map(today)
    rows = daily[["policy", "day"]].assign(cash_gained=gained)
    return _simulation_chart(rows, "cash_gained", money_unit(language, currency), language, currency)


def overdue_simulation_chart(daily: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What is expected to be past due by day under each policy; it has no band.

    Args:
        daily: `Simulation.daily`; used are `policy` (the first is today's terms), `day` and `overdue`. Of more than
            four policies beside today's terms, the first four.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    return _simulation_chart(daily, "overdue", money_unit(language, currency), language, currency)


def _simulation_chart(daily: pd.DataFrame, measure: str, unit: str, language: Language, currency: str = "") -> Drawing:
    about = word(f"show.{measure}_simulation", language)
    band = [name for name in (f"{measure}_low", f"{measure}_high") if name in daily]
    if _last_days(daily, measure).empty:
        return nothing_drawn(word("charts.nothing", language), about, language)
    policies = daily["policy"].unique().tolist()
    names = dict(zip(policies, policy_names(policies, language), strict=True))
    rows = daily.loc[daily["policy"].isin(policies[:MOST_SERIES]), ["policy", "day", measure, *band]]
    finding = _finding(rows, measure, language, currency)
    rows = thinned(rows, 1, on="day").assign(policy=lambda each: each["policy"].map(names))
    called = list(names.values())
    drawn = _lines(rows, called[:MOST_SERIES], measure, unit, language)
    told = unit + _not_drawn(called[MOST_SERIES:], language)
    return dressed(drawn, language, finding=finding, about=about, unit=told)


def _ends(daily: pd.DataFrame, measure: str) -> "pd.Series[float]":
    """What each policy comes to on the last days on which it is known, today's terms first."""
    ends: pd.Series[float] = _last_days(daily, measure).groupby("policy", sort=False)[measure].mean()
    return ends


def _last_days(daily: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The last day simulated on which a measure is known; of what a month end moves, the last 30."""
    known = daily.loc[daily[measure].notna() & (daily["day"] > daily["day"].iloc[0]), "day"]
    return daily[daily["day"].isin(known.drop_duplicates().nlargest(LAST_DAYS if measure in _ON_AVERAGE else 1))]


def _not_drawn(left: list[str], language: Language) -> str:
    if not left:
        return ""
    names = ", ".join(left[:_NAMED])
    more = len(left) - _NAMED
    others = "" if more <= 0 else f", {word('table.others', language, rows=more)}"
    return word("charts.policies.not_drawn", language, names=names + others)


def _lines(rows: pd.DataFrame, names: list[str], measure: str, unit: str, language: Language) -> Drawing:
    """A line a policy, and its band where the measure has one."""
    days = measure == "dso"
    figures = ",.1f" if days else ",.0f"
    low, high = f"{measure}_low", f"{measure}_high"
    base = alt.Chart(rows).encode(x=date_axis(rows["day"]))
    channels = series_channels("policy", names, _POLICY_COLOURS)
    tooltip = [
        tip("day:T", word("show.day", language), DATE_FORMAT[language]),
        tip("policy:N", word("show.policy", language)),
        tip(f"{measure}:Q", unit, figures),
    ]
    if low in rows:
        tooltip += [
            tip(f"{low}:Q", word("show.low", language), figures),
            tip(f"{high}:Q", word("show.high", language), figures),
        ]
    y = alt.Y(f"{measure}:Q", axis=alt.Undefined if days else MONEY_AXIS)
    line: Drawing = base.mark_line(strokeWidth=2.5).encode(y=y, tooltip=tooltip, **channels)
    if low not in rows:
        return line
    dense = _BAND if len(names) <= 2 else _BANDS  # noqa: PLR2004 - one policy beside today's terms
    area = base.mark_area(opacity=dense, line=False)
    band: Drawing = area.encode(y=f"{low}:Q", y2=f"{high}:Q", color=channels["color"]) + line
    return band


def _finding(daily: pd.DataFrame, measure: str, language: Language, currency: str) -> str:
    """What the best policy changes by the last day, beside today's terms."""
    ends = _ends(daily, measure)
    tried = ends.iloc[1:].dropna()
    days = _last_days(daily, measure)["day"]
    place = 0 if tried.empty else int(tried.argmax() if measure in _WELCOME else tried.argmin())
    best = str(ends.index[0] if tried.empty else tried.index[place])
    today, reached = float(ends.iloc[0]), float(ends.loc[best])
    values = {
        "days": days.nunique(),
        "day": day(days.max(), language),
        "figure": _figure(_at_the_end(daily, measure, best, reached), measure, language, currency),
    }
    if tried.empty:
        return word(f"charts.{measure}_simulation.today", language, **values)
    key = "more" if reached > today else "less" if reached < today else "same"
    change = _figure(abs(reached - today), measure, language, currency)
    told = {"policy": shortened(best), "change": change} | values
    found = word(f"charts.{measure}_simulation.{key}", language, **told)
    return found + (word("charts.policies.best", language, policies=len(tried)) if len(tried) > 1 else "")


def _at_the_end(daily: pd.DataFrame, measure: str, policy: str, mean: float) -> float:
    """What a policy comes to: the mean of the last days, but of cash cumulated, which grows, what it is on the last."""
    if measure != "cash_cumulated":
        return mean
    last = daily[daily["day"] == daily["day"].max()]
    return float(last.loc[last["policy"] == policy, measure].iloc[0])


def _figure(value: float, measure: str, language: Language, currency: str) -> str:
    return days_text(value, language) if measure == "dso" else whole_money(value, language, currency)
