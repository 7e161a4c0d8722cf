"""What the charts of the house share: axes of days and money, tooltips, series told apart, a word of regret."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from arlib.show.look import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

MONEY_AXIS = alt.Axis(format="~s", labelExpr="datum.value == 0 ? '0' : datum.label")
SERIES = (BLUE, ORANGE, GREEN, VERMILLION, PURPLE)
MOST_SERIES = len(SERIES)
_DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [14, 4])  # so that a copy in black and white tells them apart too
_ROW = 30  # pixels of a bar with its label


def date_axis(dates: "pd.Series[pd.Timestamp]") -> "alt.X":
    """Days as they run; a date a month as that month, or the 31st would be drawn above the next month's name."""
    distinct = dates.drop_duplicates()
    monthly = not distinct.dt.to_period("M").duplicated().any()
    # Every other month is named, or every fourth: never months at an uneven step.
    overlap: Literal["parity", "greedy"] = "parity" if monthly else "greedy"
    axis = alt.Axis(format="%b %Y", tickCount=6, labelAngle=0, labelOverlap=overlap, labelSeparation=16)
    return alt.X(f"yearmonth({dates.name}):O" if monthly else f"{dates.name}:T", axis=axis)


def bar_axis(field: str, *, left: int = 0, right: int) -> "alt.X":
    """Lengths of lying bars, without an axis: their figures stand in the room left beside them, in pixels."""
    scale = alt.Scale(range=[left, alt.ExprRef(f"width - {right}")], nice=False, zero=True)
    return alt.X(f"{field}:Q", axis=None, scale=scale)


def row_axis(field: str, labels: Sequence[str], *, limit: int = 170) -> "alt.Y":
    """A row a label, in their order; labels are data, and stand in no expression."""
    return alt.Y(f"{field}:N", scale=alt.Scale(domain=list(labels)), sort=None, axis=alt.Axis(labelLimit=limit))


def figures_beside(bars: "alt.Chart", length: str) -> "alt.Chart":
    """The `figure` of each lying bar, beyond its end: to the left of what is below zero."""
    below = f"datum['{length}'] < 0"
    text = bars.mark_text(dx=alt.ExprRef(f"{below} ? -6 : 6"), align=alt.ExprRef(f"{below} ? 'right' : 'left'"))
    beside: alt.Chart = text.encode(text="figure:N")
    return beside


def rows_high(step: int = _ROW) -> "alt.Step":
    """As high as there are rows."""
    return alt.Step(step)


def diagonal(across: str, upright: str, limit: float) -> "alt.Chart":
    """A dashed line from 0 to the limit, on which two shares are equal."""
    ends = pd.DataFrame({across: [0, limit], upright: [0, limit]})
    line: alt.Chart = (
        alt.Chart(ends)
        .mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.3)
        .encode(x=f"{across}:Q", y=f"{upright}:Q")
    )
    return line


def tip(shorthand: str, title: str, figures: str | None = None) -> "alt.Tooltip":
    """A line of a tooltip."""
    return alt.Tooltip(shorthand, title=title, format=figures or alt.Undefined)


def series_channels(field: str, names: Sequence[str], colours: Sequence[str] = SERIES) -> Mapping[str, Any]:
    """Colour and dash of a few lines, with one legend for both."""
    shown, legend = list(names), None
    if len(shown) > 1:
        columns = alt.ExprRef("drawn < 420 ? 1 : drawn < 620 ? 2 : 5")  # long symbols: fewer beside one another
        legend = alt.Legend(symbolType="stroke", symbolSize=420, symbolStrokeWidth=2.5, labelLimit=180, columns=columns)
    dashes = [_DASHES[place % len(_DASHES)] for place in range(len(shown))]
    colour = alt.Color(f"{field}:N", scale=alt.Scale(domain=shown, range=list(colours[: len(shown)])), legend=legend)
    dash = alt.StrokeDash(f"{field}:N", scale=alt.Scale(domain=shown, range=dashes), legend=legend)
    return MappingProxyType({"color": colour, "strokeDash": dash})


def money_unit(language: Language, currency: str) -> str:
    """The unit of amounts, with their currency where it is known."""
    amount = word("show.amount", language)
    return f"{amount} ({currency})" if currency else amount


def nothing_drawn(sentence: str, about: str, language: Language) -> Drawing:
    """A chart that says why there is nothing in it."""
    empty = alt.Chart(pd.DataFrame({"nothing": [0]})).mark_point(opacity=0, tooltip=None)
    return dressed(empty, language, finding=sentence, about=about, height=1)
