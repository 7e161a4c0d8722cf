"""What reminders are followed by, a line a channel or level, with its limits in sentences."""

import numpy as np

from arlib.collection.effect import ReminderEffect
from arlib.show.charts.reminder_effect import reminder_group
from arlib.show.tables.html import Field, Html, table
from arlib.words import Language, number, word


def reminder_effect_table(effect: ReminderEffect, *, language: Language = "en") -> Html:
    """The share paid after reminders and without, and how much oftener one pays; why some have no figure below.

    Args:
        effect: as `arlib.reminder_effect` returns it.
        language: of the headings and figures.
    """
    rows = effect.effects
    bounds = zip(rows["difference"], rows["difference_low"], rows["difference_high"], strict=True)
    ratios = zip(rows["hazard_ratio"], rows["hazard_low"], rows["hazard_high"], strict=True)
    told = rows.assign(
        group=[reminder_group(group, effect.by, language) for group in rows["group"]],
        difference=[_range(each, language, 100, 0) for each in bounds],
        hazard_ratio=[_range(each, language, 1, 2) for each in ratios],
        note=rows["note"].where(rows["note"].notna(), np.nan),
    )
    fields = [
        Field("group", word("charts.reminder.reminders", language)),
        Field("reminded", word("charts.reminder.compared", language), "count"),
        Field("customers", word("charts.reminder.customers", language), "count"),
        Field("left_out", word("charts.reminder.left_out", language), "count"),
        Field("paid_share", word("charts.reminder.paid_share", language), "percent"),
        Field("paid_share_without", word("charts.reminder.without", language), "percent"),
        Field("difference", word("charts.reminder.gap", language), "count"),
        Field("hazard_ratio", word("charts.reminder.ratio", language), "count"),
    ]
    caption = word("charts.reminder.caption", language, days=effect.days)
    return table(told, fields, caption=caption, language=language, note="note")


def _range(values: tuple[float, float, float], language: Language, times: int, decimals: int) -> str:
    """A figure with its bounds, in units of one part of so many; a dash where there is none."""
    if np.isnan(values[0]):
        return "–"
    middle, low, high = (number(times * each, language, decimals) for each in values)
    return word("charts.reminder.range", language, middle=middle, low=low, high=high)
