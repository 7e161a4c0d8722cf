"""What each lever does: from today to a policy a step a lever, and which of them moves most."""

import math
from typing import Literal

import pandas as pd

from arlib.show.charts.axes import bar_axis, in_lines, money_unit, nothing_drawn, row_axis, row_legend, rows_high, tip
from arlib.show.charts.figures import days_text, short_amount, signed_amount, signed_days, whole_money
from arlib.show.charts.waterfall import waterfall, waterfall_rows
from arlib.show.look import BLUE, GREY, ORANGE, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, number, word

_SHOWN = {"days": 0.05, "money": 0.5}  # less is written as nothing
_WELCOME = {"cash", "cash_month", "sales", "financing_gained", "net_gained"}  # measures that are better when they rise
_DAYS = "dso"  # a measure whose name begins so is in days, others are money
WHOLE = {"terms_days", "faster_invoicing_days"}  # levers in days; the others are shares
_BAR, _HALF = 10, 6  # pixels: a bar, and how far above and below the middle of a row its two bars are
_ROOM = 52


def lever_bridge_chart(
    bridge: pd.DataFrame, *, measure: str = "dso_month", policy: str = "", language: Language = "en", currency: str = ""
) -> Drawing:
    """A waterfall from today's terms to a policy: what each lever adds once those before it are moved.

    Args:
        bridge: as `policy_bridge` returns it.
        measure: which of its measures; the mean DSO of the last 30 days by default.
        policy: its name, for the title.
        language: of the labels and figures.
        currency: of amounts, named when given.
    """
    about = word("charts.about.lever_bridge", language)
    steps = bridge[bridge["measure"] == measure]
    if steps.empty or steps["effect"].isna().any():
        return nothing_drawn(word("charts.nothing", language), about, language)
    days = measure.startswith(_DAYS)
    unit = word("show.days", language) if days else money_unit(language, currency)
    tooltip = [
        tip("name:N", word("charts.lever.heading", language)),
        tip("value:Q", unit, ",.1f" if days else ",.0f"),
    ]
    rows = _steps(steps, language, days=days)
    drawn = waterfall(rows, tooltip, rise_is_better=measure in _WELCOME, lines=True)
    told = word(f"simulation.lever.measure.{measure}", language)
    finding = _finding(steps, policy, told, language, currency)
    high = rows_high(labels=rows["label"].tolist())
    named = word("show.days", language) if days else currency
    unit = word("charts.lever.unit", language, measure=told, unit=named) if named else told
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=high)


def _steps(steps: pd.DataFrame, language: Language, *, days: bool) -> pd.DataFrame:
    """A row a bar: today, the levers that move anything, the policy."""
    shown = steps[steps["effect"].abs() >= _SHOWN["days" if days else "money"]]
    left = float(steps["effect"].drop(shown.index).sum())
    names, effects = [lever_name(lever, language) for lever in shown["lever"]], shown["effect"].tolist()
    if abs(left) >= _SHOWN["days" if days else "money"]:
        names, effects = [*names, word("charts.effect.others", language)], [*effects, left]
    names = [word("show.policy.today", language), *names, word("charts.lever.policy", language)]
    start, end = float(steps["before"].iloc[0]), float(steps["after"].iloc[-1])
    rows = waterfall_rows([in_lines(name) for name in names], start, effects, end)
    level, change = (days_text, signed_days) if days else (short_amount, signed_amount)
    written = [level(start, language), *(change(effect, language) for effect in effects), level(end, language)]
    return rows.assign(name=names, figure=written)


def _finding(steps: pd.DataFrame, policy: str, measure: str, language: Language, currency: str) -> str:
    days = str(steps["measure"].iloc[0]).startswith(_DAYS)
    start, end = float(steps["before"].iloc[0]), float(steps["after"].iloc[-1])
    values = {
        "policy": shortened(policy) if policy else word("charts.lever.any_policy", language),
        "measure": measure,
        "start": _level(start, days, language, currency),
        "end": _level(end, days, language, currency),
    }
    if values["start"] == values["end"]:
        return word("charts.lever.stayed", language, **values)
    first = steps.iloc[int((steps["effect"] * (end - start)).argmax())]
    change = signed_days if days else signed_amount
    led = {"lever": lever_name(first["lever"], language), "effect": change(float(first["effect"]), language)}
    return word("charts.lever.led", language, **values, **led)


def _level(value: float, days: bool, language: Language, currency: str) -> str:  # noqa: FBT001 - of a measure
    return word("charts.lever.days", language, days=value) if days else whole_money(value, language, currency)


def tornado_chart(
    bars: pd.DataFrame,
    *,
    measure: Literal["dso", "cash"] = "dso",
    language: Language = "en",
    currency: str = "",
) -> Drawing:
    """What DSO or cash becomes when each lever alone is moved a step down and a step up, the widest first.

    Args:
        bars: as `tornado` returns it.
        measure: the mean DSO of the last 30 days, or the mean cash received by each of them.
        language: of the labels and figures.
        currency: of amounts, named when given.
    """
    about = word("charts.about.tornado", language)
    ends = _ends(bars, measure, language)
    if ends.empty:
        return nothing_drawn(word("charts.nothing", language), about, language)
    days = measure == "dso"
    unit = word("show.days", language) if days else money_unit(language, currency)
    figures = ",.1f" if days else ",.0f"
    base = alt.Chart(ends).encode(
        x=bar_axis("change", left=_ROOM, right=_ROOM),
        y=row_axis("label", ends["label"].drop_duplicates().tolist(), lines=True),
        tooltip=[
            tip("lever:N", word("charts.lever.heading", language)),
            tip("moved:N", word("charts.lever.moved", language)),
            tip("change:Q", word("charts.lever.change", language), f"+{figures}"),
            tip("value:Q", unit, figures),
        ],
    )
    zero = alt.Chart(pd.DataFrame({"change": [0]})).mark_rule(color=GREY).encode(x="change:Q")
    drawn = _bars(base, language, up=False) + _bars(base, language, up=True) + zero
    still = _level(float(bars[measure].iloc[0]), days, language, currency)
    key = "charts.lever.unit_dso" if days else "charts.lever.unit_cash"
    told = word(key, language, still=still)
    finding = _widest(bars, measure, language, currency)
    high = rows_high(36, ends["label"].tolist())
    return dressed(drawn, language, finding=finding, about=about, unit=told, height=high)


def _bars(base: "alt.Chart", language: Language, *, up: bool) -> Drawing:
    """The bars of one end of each step, under those of the other: both may lie on the same side."""
    sides = [word("charts.lever.less", language), word("charts.lever.more", language)]
    colour = alt.Color("side:N", scale=alt.Scale(domain=sides, range=[ORANGE, BLUE]), legend=row_legend())
    end, offset = base.transform_filter("datum.up" if up else "!datum.up"), _HALF if up else -_HALF
    below = "datum.change < 0"
    text = end.mark_text(
        yOffset=offset,
        fontSize=11,
        dx=alt.ExprRef(f"{below} ? -5 : 5"),
        align=alt.ExprRef(f"{below} ? 'right' : 'left'"),
    )
    bar = end.mark_bar(size=_BAR, yOffset=offset).encode(color=colour)
    drawn: Drawing = bar + text.encode(text="figure:N")
    return drawn


def _ends(bars: pd.DataFrame, measure: str, language: Language) -> pd.DataFrame:
    """A row an end of a lever that was moved and moves something, those of the widest lever first."""
    days = measure == "dso"
    bars = bars.loc[_widths(bars, measure).sort_values(ascending=False, kind="stable").index]
    labels = [
        in_lines(lever_name(lever, language), _step(lever, low, high, language))
        for lever, low, high in zip(bars["lever"], bars["low"], bars["high"], strict=True)
    ]
    write = signed_days if days else signed_amount
    parts = []
    for side, up in (("low", False), ("high", True)):
        moved = [_moved(lever, value, language) for lever, value in zip(bars["lever"], bars[side], strict=True)]
        change = bars[f"{measure}_{side}"] - bars[measure]
        part = pd.DataFrame({"label": labels, "moved": moved, "value": bars[f"{measure}_{side}"], "change": change})
        part["lever"] = [lever_name(lever, language) for lever in bars["lever"]]
        part["side"] = word("charts.lever.more" if up else "charts.lever.less", language)
        part["figure"] = [write(each, language) for each in change]
        parts.append(part.assign(up=up)[bars[side] != 0])
    ends = pd.concat(parts).sort_index(kind="stable")
    known = ends.dropna(subset=["change"])
    order = {label: place for place, label in enumerate(labels)}
    return known.sort_values("label", key=lambda column: column.map(order), kind="stable", ignore_index=True)


def _widths(bars: pd.DataFrame, measure: str) -> "pd.Series[float]":
    """How far apart the ends of each lever are, where it stands today among them: what orders bars and title."""
    reached = bars[[f"{measure}_low", measure, f"{measure}_high"]]
    widths: pd.Series[float] = reached.max(axis=1) - reached.min(axis=1)
    return widths


def _step(lever: str, low: float, high: float, language: Language) -> str:
    """`−5 / +5 days`: what is added to a lever at its two ends, where it can be moved."""
    moves = [value for value in (low, high) if value]
    scale = 1 if lever in WHOLE else 100
    signed = " / ".join(("+" if value > 0 else "") + number(value * scale, language, 0) for value in moves)
    return word("charts.lever.step_days" if lever in WHOLE else "charts.lever.step_share", language, step=signed)


def _moved(lever: str, value: float, language: Language) -> str:
    return _step(lever, value, 0, language) if value else ""


def _widest(bars: pd.DataFrame, measure: str, language: Language, currency: str) -> str:
    """The lever of the widest bar, and what the measure becomes at its farther end."""
    days = measure == "dso"
    row = bars.iloc[int(_widths(bars, measure).argmax())]
    side = max(("low", "high"), key=lambda end: abs(row[f"{measure}_{end}"] - row[measure]))
    value = float(row[f"{measure}_{side}"])
    key = "same" if math.isclose(value, float(row[measure]), abs_tol=_SHOWN["days" if days else "money"]) else measure
    return word(
        f"charts.lever.most_{key}",
        language,
        lever=lever_name(row["lever"], language),
        step=_moved(str(row["lever"]), float(row[side]), language),
        value=_level(value, days, language, currency),
        still=_level(float(row[measure]), days, language, currency),
    )


def lever_name(lever: str, language: Language) -> str:
    """A lever, in the few words a row of a chart has room for."""
    return word(f"simulation.lever.name.{lever}", language)
