"""How charts and tables look: one palette, one typeface, the conventions of each language, the names of buckets."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from arlib.show.vega import alt
from arlib.words import MONTHS, Language, has_word, word

# Okabe and Ito (2008): told apart with every kind of colour vision, on white and on black.
BLUE, SKY, ORANGE, VERMILLION = "#0072B2", "#56B4E9", "#E69F00", "#D55E00"
GREEN, PURPLE, YELLOW, GREY = "#009E73", "#CC79A7", "#F0E442", "#8A9099"
DARK_RED = "#8C2D04"
_GRID = f"{GREY}55"  # seen on white and on black
INK = "currentColor"  # that of the place a chart is put in, in the light and in the dark

ACCENT = BLUE
FONT = "Inter, 'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', Arial, sans-serif"

Drawing = alt.Chart | alt.LayerChart
Step = alt.Step

_AGES = (YELLOW, ORANGE, VERMILLION, DARK_RED)  # ever darker: in order on a page printed in black and white too
_NAMED = MappingProxyType({"not_due": BLUE, "no_due_date": GREY, "disputed": PURPLE, "unapplied": GREEN, "tax": SKY})
_OPTIONAL = ("no_due_date", "disputed", "unapplied", "tax")
_NOT_BUCKETS = frozenset({"as_of", "total", "tax_unknown"})

TITLE_SIZE, UNIT_SIZE = 14, 12
_TITLE_WIDTHS = (290, 360, 450, 560, 700, 900)  # pixels from which a title is laid out in longer lines
_FITTING_LINES = "finding[{}]".format(
    " : ".join(f"drawn < {wider} ? {place}" for place, wider in enumerate(_TITLE_WIDTHS[1:]))
    + f" : {len(_TITLE_WIDTHS) - 1}"
)
_BALANCING = (0.9, 0.8, 0.7, 0.6)
_THIN = frozenset(" .,;:'’|!()[]iIjlftr·\u00a0\u202f")
_WIDE = frozenset("mwMW%@œŒ—…")

_NUMBERS: Mapping[Language, Mapping[str, Any]] = MappingProxyType(
    {
        "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "minus": "\u2212"},
        "fr": {
            "decimal": ",",
            "thousands": "\u202f",
            "grouping": [3],
            "currency": ["", ""],
            "minus": "\u2212",
            "percent": "\u00a0%",
        },
    }
)
_FRENCH_DATES: Mapping[str, Any] = MappingProxyType(
    {
        "dateTime": "%A %e %B %Y à %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["", ""],
        "days": ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
        "shortDays": ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
        "months": list(MONTHS["fr"]),
        "shortMonths": [
            *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
            *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
        ],
    }
)
_MONTHS: Mapping[Language, Sequence[str]] = MappingProxyType(
    {
        "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        "fr": _FRENCH_DATES["shortMonths"],
    }
)
DATE_FORMAT: Mapping[Language, str] = MappingProxyType({"en": "%Y-%m-%d", "fr": "%d/%m/%Y"})


def bucket_columns(aged: pd.DataFrame, by: str | None = None) -> list[str]:
    """The age buckets of an aged balance, in its order: its numeric columns that are neither day, group nor total."""
    numeric = aged.select_dtypes("number").columns
    return [str(name) for name in numeric if name not in _NOT_BUCKETS and name != by]


def used_buckets(aged: pd.DataFrame, by: str | None = None) -> list[str]:
    """The buckets to show: every age; what has no due date, is disputed, not applied or tax only where there is any."""
    return [name for name in bucket_columns(aged, by) if name not in _OPTIONAL or aged[name].round(2).any()]


def age_columns(aged: pd.DataFrame) -> list[str]:
    """The buckets that say how late or how old a debt is, the youngest first; what is not due is none of them."""
    return [name for name in bucket_columns(aged) if name not in _NAMED]


def bucket_label(bucket: str, language: Language) -> str:
    """`1-30` as `1–30 days`, `91+` as `over 90 days`, `not_due` as `not due`."""
    if has_word(f"show.bucket.{bucket}"):
        return word(f"show.bucket.{bucket}", language)
    first, dash, last = bucket.partition("-")
    if dash:
        return word("show.bucket.between", language, first=first, last=last)
    return word("show.bucket.over", language, days=int(bucket.rstrip("+")) - 1)


def bucket_colours(buckets: list[str]) -> list[str]:
    """A colour a bucket, darker with age; more ages than colours share the darkest."""
    ages = [bucket for bucket in buckets if bucket not in _NAMED]
    shades = {bucket: _AGES[min(place, len(_AGES) - 1)] for place, bucket in enumerate(ages)}
    return [_NAMED.get(bucket, shades.get(bucket, GREY)) for bucket in buckets]


def month_name(month: date, language: Language) -> str:
    """A month as a title says it: `Sep 2024`, `sept. 2024`."""
    return f"{_MONTHS[language][month.month - 1]} {month.year}"


def shortened(name: str, longest: int = 28) -> str:
    """A name from a file, cut where it would fill a chart."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def wrapped(text: str, pixels: float, size: int = TITLE_SIZE) -> list[str]:
    """A text in lines no wider than that and about equally long; letters are taken a little wider than they are."""
    lines = _lines(text, pixels, size)
    for narrower in _BALANCING:
        balanced = _lines(text, pixels * narrower, size)
        if len(balanced) > len(lines):
            break
        lines = balanced
    return lines


def _lines(text: str, pixels: float, size: int) -> list[str]:
    lines = [""]
    for part in text.split(" "):  # not at no-break spaces
        longer = f"{lines[-1]} {part}".lstrip(" ")
        if lines[-1] and sum(map(_width, longer)) * size > pixels:
            lines.append(part)
        else:
            lines[-1] = longer
    return lines


def _width(letter: str) -> float:
    """The width of a letter of a wide bold sans-serif (DejaVu, where there is no other), in parts of its height."""
    if letter in _THIN:
        return 0.38
    return 1.0 if letter in _WIDE else 0.77 if letter.isupper() else 0.68


def dressed(
    chart: Drawing,
    language: Language,
    *,
    finding: str,
    about: str,
    unit: str = "",
    height: int | Step = 240,
) -> Drawing:
    """A chart in the house's look and the language's figures and dates; as wide as the place it is put in.

    No ink is coloured here: text takes the colour of the page or of the notebook around, in the light and in the dark.

    Args:
        chart: what is drawn.
        language: of figures and dates.
        finding: what the chart shows, in a sentence: its title, in lines that fit the width it is drawn at.
        about: what kind of drawing it is: before the finding, what those hear who do not see it.
        unit: of the figures, and what to mind: under the title.
        height: of the plot in pixels, or of each of its rows.
    """
    # Texts may hold names from files: they are data of the chart, and no expression of it.
    lines = [wrapped(finding, pixels) for pixels in _TITLE_WIDTHS]
    under = wrapped(unit, _TITLE_WIDTHS[1], UNIT_SIZE) if unit else alt.Undefined
    title = alt.TitleParams(text=alt.ExprRef(_FITTING_LINES), subtitle=under)
    held: Any = chart.params
    given = {
        "params": [
            *([] if held is alt.Undefined else held),
            alt.param(name="finding", value=lines).param,
            # The width of all of it, before axes take their part: lines chosen later would not fit the room left above.
            alt.param(name="drawn", expr="width", react=False).param,
        ],
        "width": "container",
        "height": height,
        "background": "transparent",
        "title": title,
        "description": f"{about} {finding.rstrip('.')}.",
        "usermeta": {"embedOptions": {"renderer": "svg"}},  # a canvas knows no ink but its own, black
        "config": alt.Config(**_style(language)),
    }
    dressed_chart: Drawing = chart.copy(deep=False)
    for name, value in given.items():  # altair's own ways copy and check all of it each time: a slider would wait
        dressed_chart[name] = value
    return dressed_chart


@cache
def _style(language: Language) -> Mapping[str, Any]:
    """What every chart shares; made once, for a page draws dozens."""
    locale = alt.Locale(
        number=alt.NumberLocale(**_NUMBERS[language]),
        time=alt.TimeLocale(**_FRENCH_DATES) if language == "fr" else alt.Undefined,
    )
    return {
        "locale": locale,
        "font": FONT,
        "autosize": alt.AutoSizeParams(type="fit-x", contains="padding"),
        "view": alt.ViewConfig(stroke=None),
        "title": alt.TitleConfig(
            anchor="start",
            frame="bounds",
            color=INK,
            fontSize=TITLE_SIZE,
            fontWeight=600,
            lineHeight=TITLE_SIZE + 5,
            subtitleColor=INK,
            subtitleFontSize=UNIT_SIZE,
            subtitlePadding=5,
            offset=12,
        ),
        "axis": alt.AxisConfig(
            domain=False, ticks=False, labelFontSize=12, labelPadding=8, labelColor=INK, titleColor=INK, title=None
        ),
        "axisX": alt.AxisConfig(grid=False),
        "axisY": alt.AxisConfig(gridDash=[2, 3], gridColor=_GRID, tickCount=4),
        "text": alt.MarkConfig(color=INK, fontSize=12),
        "legend": alt.LegendConfig(
            orient="top",
            title=None,
            labelFontSize=12,
            labelColor=INK,
            labelLimit=260,
            symbolType="circle",
            symbolSize=80,
            symbolOpacity=1,
            columns=alt.ExprRef("drawn < 470 ? 2 : drawn < 620 ? 3 : 7"),  # Vega does not wrap a legend by itself
            columnPadding=16,
            rowPadding=6,
            offset=8,
        ),
    }
