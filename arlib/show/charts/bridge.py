"""Why DSO moved: from one day's figure to another's, an effect a step, and the groups that made most of it."""

import numpy as np
import pandas as pd

from arlib.measures.bridge import Bridge, cause_of, drill_column, leading, part_made, written_change
from arlib.measures.figure import Figure
from arlib.show.charts.axes import bar_axis, figures_beside, nothing_drawn, row_axis, rows_high, tip
from arlib.show.charts.figures import days_text, signed_days
from arlib.show.charts.rows import columns_before, group_names
from arlib.show.charts.waterfall import FIGURE_ROOM, up_down, waterfall, waterfall_rows
from arlib.show.look import Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, say, word

_SHOWN = 0.05  # days; less is written 0.0
_MOST_GROUPS = 12


def dso_bridge_chart(bridge: Bridge, *, language: Language = "en") -> Drawing:
    """A waterfall: the DSO of the first day, what raised and lowered it, the DSO of the second.

    The bars of both days fade where the axis is cut; effects are drawn at one scale, with their signed days beside.

    Args:
        bridge: as `arlib.dso_bridge` returns it. Effects that are written 0.0 are put together.
        language: of the labels and figures.
    """
    about = word("charts.about.bridge", language)
    if np.isnan(bridge.start) or np.isnan(bridge.end):
        return nothing_drawn(bridge.sentence.text(language), about, language)
    tooltip = [
        tip("label:N", word("charts.effect", language)),
        tip("value:Q", word("show.days", language), ",.1f"),
        tip("amount:Q", word("show.amount", language), ",.0f"),
    ]
    drawn = waterfall(_steps(bridge, language), tooltip)
    finding, unit = _finding(bridge, language), word("show.days", language)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=rows_high())


def bridge_groups_chart(bridge: Bridge, *, language: Language = "en") -> Drawing:
    """The groups that moved DSO most, a bar each, raising it to the right and lowering it to the left.

    Args:
        bridge: as `arlib.dso_bridge` returns it; beyond twelve groups the others are put together.
        language: of the labels and figures.
    """
    about = word("charts.about.bridge_groups", language)
    if bridge.groups.empty:
        return nothing_drawn(bridge.sentence.text(language), about, language)
    rows = _largest(bridge.groups, language)
    base = alt.Chart(rows).encode(
        x=bar_axis("days", left=FIGURE_ROOM if rows["days"].lt(0).any() else 0, right=FIGURE_ROOM),
        y=row_axis("label", rows["label"].tolist()),
        tooltip=[tip("label:N", word("charts.group", language)), tip("days:Q", word("show.days", language), ",.1f")],
    )
    drawn = base.mark_bar(size=16, cornerRadiusEnd=3).encode(color=up_down()) + figures_beside(base, "days")
    total = signed_days(written_change(bridge.start, bridge.end), language)
    first = {"name": rows["label"].iloc[0], "days": rows["figure"].iloc[0]}
    finding = word("charts.bridge.groups", language, total=total, **first)
    unit = word("show.days", language)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=rows_high(26))


def _largest(groups: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a bar: the groups with the largest changes, the others together."""
    top, rest = groups.head(_MOST_GROUPS), groups["change"].iloc[_MOST_GROUPS:]
    rows = pd.DataFrame({"label": group_names(top, columns_before(groups, "dso_start")), "days": top["change"]})
    if len(rest):
        others = pd.DataFrame({"label": [word("table.others", language, rows=len(rest))], "days": [rest.sum()]})
        rows = pd.concat([rows, others], ignore_index=True)
    figures = [signed_days(days, language) for days in rows["days"]]
    return rows.assign(figure=figures, step=np.where(rows["days"] > 0, "up", "down"))


def _day_of(figure: Figure, language: Language) -> str:
    """The day a DSO is of, as its bar is called."""
    return word("charts.bridge.day", language, day=figure.inputs["as_of"])


def _steps(bridge: Bridge, language: Language) -> pd.DataFrame:
    """A row a bar: both DSOs and the effects between them."""
    effects = bridge.effects[bridge.effects["days"].abs() >= _SHOWN]
    left = bridge.effects.drop(effects.index)[["days", "amount"]].sum()
    names = [word(f"charts.effect.{effect}", language) for effect in effects["effect"]]
    moved, amounts = effects["days"].tolist(), effects["amount"].tolist()
    if abs(left["days"]) >= _SHOWN:
        names, moved, amounts = (
            [*names, word("charts.effect.others", language)],
            [*moved, left["days"]],
            [*amounts, left["amount"]],
        )
    labels = [_day_of(bridge.start, language), *names, _day_of(bridge.end, language)]
    rows = waterfall_rows(labels, float(bridge.start), moved, float(bridge.end))
    written = [days_text(bridge.start, language), *(signed_days(days, language) for days in moved)]
    return rows.assign(amount=[np.nan, *amounts, np.nan], figure=[*written, days_text(bridge.end, language)])


def _finding(bridge: Bridge, language: Language) -> str:
    """The change and its largest cause in the same direction, with the group that makes most of it."""
    change = written_change(bridge.start, bridge.end)
    if change == 0:
        return word("charts.bridge.stayed", language, start=bridge.start, end=bridge.end)
    days = bridge.effects.set_index("effect")["days"]
    effect = str((days * change).idxmax())
    cause = _cause(bridge, effect, float(days[effect]), language)
    return word("charts.bridge.rose" if change > 0 else "charts.bridge.fell", language, change=abs(change), cause=cause)


def _cause(bridge: Bridge, effect: str, days: float, language: Language) -> str:
    """Why an effect has its sign: that of the group that makes most of it, or of all with the largest named."""
    groups, place = bridge.groups, leading(effect, days, bridge.groups)
    who = say("bridge.customers" if "customer_id" in groups else "bridge.groups")
    cause = cause_of(effect, days, groups, who).text(language)
    if place is None:
        return cause
    name = str(group_names(groups, columns_before(groups, "dso_start")).iloc[place])
    if part_made(float(groups[drill_column(effect)].iloc[place]), days) == "most":
        return cause_of(effect, days, groups.iloc[[place]], who, name).text(language)
    return word("charts.bridge.led", language, cause=cause, name=name)
