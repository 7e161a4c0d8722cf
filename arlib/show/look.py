"""How charts and tables look: one palette, one typeface, the conventions of each language, the names of buckets."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from arlib.show.vega import alt
from arlib.words import Language, has_word, word

# Okabe and Ito (2008): told apart with every kind of colour vision, on white and on black.
BLUE, SKY, ORANGE, VERMILLION = "#0072B2", "#56B4E9", "#E69F00", "#D55E00"
GREEN, GREY = "#009E73", "#8A9099"
_DARK_RED = "#8C2D04"

ACCENT = BLUE
FONT = "Inter, 'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', Arial, sans-serif"

Drawing = alt.Chart | alt.LayerChart
Step = alt.Step

_AGES = (SKY, ORANGE, VERMILLION, _DARK_RED)
_NAMED = MappingProxyType({"not_due": BLUE, "no_due_date": GREY, "unapplied": GREEN})
_NOT_BUCKETS = frozenset({"as_of", "total"})

_NUMBERS: Mapping[Language, Mapping[str, Any]] = MappingProxyType(
    {
        "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "minus": "\u2212"},
        "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", ""], "minus": "\u2212"},
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
        "months": [
            *("janvier", "février", "mars", "avril", "mai", "juin"),
            *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        ],
        "shortMonths": [
            *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
            *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
        ],
    }
)
DATE_FORMAT: Mapping[Language, str] = MappingProxyType({"en": "%Y-%m-%d", "fr": "%d/%m/%Y"})


def bucket_columns(aged: pd.DataFrame, by: str | None = None) -> list[str]:
    """The age buckets of an aged balance, in its order: its numeric columns that are neither day, group nor total."""
    numeric = aged.select_dtypes("number").columns
    return [str(name) for name in numeric if name not in _NOT_BUCKETS and name != by]


def used_buckets(aged: pd.DataFrame, by: str | None = None) -> list[str]:
    """The buckets to show: every age, and what has no due date or is not applied only where there is any."""
    optional = ("no_due_date", "unapplied")
    return [name for name in bucket_columns(aged, by) if name not in optional or aged[name].round(2).any()]


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


def dressed(chart: Drawing, language: Language, *, title: str = "", height: int | Step = 240) -> Drawing:
    """A chart in the house's look and the language's figures and dates; as wide as the place it is put in.

    `title` says the unit, above the drawing. No ink is coloured here: text and grid take the page's colours by its
    stylesheet, in the light and in the dark.
    """
    locale = alt.Locale(
        number=alt.NumberLocale(**_NUMBERS[language]),
        time=alt.TimeLocale(**_FRENCH_DATES) if language == "fr" else alt.Undefined,
    )
    dressed_chart: Drawing = chart.properties(
        width="container", height=height, background="transparent", title=title
    ).configure(
        locale=locale,
        font=FONT,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        view=alt.ViewConfig(stroke=None),
        title=alt.TitleConfig(anchor="start", frame="group", fontSize=12, fontWeight="normal", offset=10),
        axis=alt.AxisConfig(domain=False, ticks=False, labelFontSize=12, labelPadding=8, title=None),
        axisX=alt.AxisConfig(grid=False),
        axisY=alt.AxisConfig(gridDash=[2, 3], tickCount=4),
        legend=alt.LegendConfig(
            orient="top",
            title=None,
            labelFontSize=12,
            labelLimit=260,
            symbolType="circle",
            symbolSize=80,
            symbolOpacity=1,
            columns=alt.ExprRef("width < 420 ? 2 : width < 560 ? 3 : 7"),  # Vega does not wrap a legend by itself
            columnPadding=16,
            rowPadding=6,
            offset=8,
        ),
    )
    return dressed_chart
