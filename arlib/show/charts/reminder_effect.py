"""What reminders are followed by, beside items as late that were not reminded."""

import pandas as pd

from arlib.collection.effect import ReminderEffect
from arlib.collection.log import CHANNELS
from arlib.show.charts.axes import nothing_drawn, series_channels, tip
from arlib.show.charts.figures import share_text
from arlib.show.look import BLUE, GREY, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, number, word


def reminder_effect_chart(effect: ReminderEffect, *, group: str = "all", language: Language = "en") -> Drawing:
    """The share paid by days since the reminder, with its band, beside that of items as late not reminded.

    Args:
        effect: as `arlib.reminder_effect` returns it.
        group: of reminders: `all`, a channel or a level, as `effect.effects` names it.
        language: of the labels and figures.
    """
    about = word("charts.reminder.about", language)
    curve = effect.curves[effect.curves["group"] == group]
    if curve.empty:
        return nothing_drawn(word("charts.reminder.none", language), about, language)
    names = [word("charts.reminder.reminded", language), word("charts.reminder.others", language)]
    rows = _rows(curve, names)
    channels = series_channels("series", names, (BLUE, GREY))
    base = alt.Chart(rows).encode(x=alt.X("day:Q", title=None, scale=alt.Scale(nice=False)))
    band = base.mark_area(opacity=0.18, interpolate="step-after").encode(
        y="low:Q", y2="high:Q", color=channels["color"]
    )
    line = base.mark_line(strokeWidth=2.5, interpolate="step-after").encode(
        y=alt.Y("paid_share:Q", axis=alt.Axis(format=".0%")),
        tooltip=[
            tip("series:N", word("charts.group", language)),
            tip("day:Q", word("show.days", language), ",d"),
            tip("paid_share:Q", word("charts.reminder.paid_share", language), ".1%"),
            tip("low:Q", word("charts.low_95", language), ".1%"),
            tip("high:Q", word("charts.high_95", language), ".1%"),
        ],
        **channels,
    )
    finding = _finding(effect, group, language)
    unit = word("charts.reminder.unit", language)
    return dressed(band + line, language, finding=finding, about=about, unit=unit)


def reminder_group(group: str, by: str, language: Language) -> str:
    """What a group of reminders is called: a channel, a level, or all of them."""
    if group == "all":
        return word("charts.reminder.all", language)
    if by == "channel" and group in CHANNELS:
        return word(f"collection.channel.{group}", language)
    return word("charts.reminder.level", language, level=group) if group else word("charts.reminder.no_level", language)


def _rows(curve: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The curves one below the other."""
    columns = (("paid_share", "low", "high"), ("paid_share_without", "low_without", "high_without"))
    parts = [
        curve[["day", *own]].set_axis(["day", *columns[0]], axis=1).assign(series=name)
        for name, own in zip(names, columns, strict=True)
    ]
    rows: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return rows.dropna(subset="paid_share")


def _finding(effect: ReminderEffect, group: str, language: Language) -> str:
    row = effect.effects[effect.effects["group"] == group].iloc[0]
    return word(
        "charts.reminder.finding" if row["conclusive"] else "charts.reminder.unsure",
        language,
        group=reminder_group(group, effect.by, language),
        days=effect.days,
        paid=share_text(row["paid_share"], language),
        others=share_text(row["paid_share_without"], language),
        ratio=number(row["hazard_ratio"], language, 2),
        low=number(row["hazard_low"], language, 2),
        high=number(row["hazard_high"], language, 2),
    )
