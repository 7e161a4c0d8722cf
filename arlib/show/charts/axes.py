"""What the charts of the house share: axes of days and money, tooltips, series told apart, a word of regret."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from arlib.show.look import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, Drawing, dressed, wrapped
from arlib.show.vega import alt
from arlib.words import Language, word

MONEY_AXIS = alt.Axis(format="~s", labelExpr="datum.value == 0 ? '0' : datum.label")
SERIES = (BLUE, ORANGE, GREEN, VERMILLION, PURPLE)
MOST_SERIES = len(SERIES)
_DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [14, 4])  # so that a copy in black and white tells them apart too
_ROW = 30  # pixels of a bar with its label
_LABEL_WIDTH, _LABEL_SIZE = 165, 12  # pixels of a label in lines, its letters taken wide
_LETTER, _SYMBOL = 6.2, 62  # pixels of a letter of a legend, and of the symbol beside it with its margins
_LINE, _GAP, _MOST_LINES = 14, 6, 4  # pixels from line to line and between labels; lines of a label


def date_axis(dates: "pd.Series[pd.Timestamp]") -> "alt.X":
    """Days as they run; a date a month as that month, or the 31st would be drawn above the next month's name."""
    distinct = dates.drop_duplicates()
    monthly = not distinct.dt.to_period("M").duplicated().any()
    # Every other month is named, or every fourth: never months at an uneven step.
    overlap: Literal["parity", "greedy"] = "parity" if monthly else "greedy"
    axis = alt.Axis(format="%b %Y", tickCount=6, labelAngle=0, labelOverlap=overlap, labelSeparation=16)
    return alt.X(f"yearmonth({dates.name}):O" if monthly else f"{dates.name}:T", axis=axis)


def bar_axis(field: str, *, left: int = 0, right: int) -> "alt.X":
    """Lengths of lying bars, without an axis: their figures stand in the room left beside them, in pixels.

    They are not stacked: around coloured bars with round ends that are, Vega-Lite sets a frame a row that cuts off
    what is beyond it, and JupyterLab has shown such frames at a width the chart no longer had.
    """
    scale = alt.Scale(range=[left, alt.ExprRef(f"width - {right}")], nice=False, zero=True)
    return alt.X(f"{field}:Q", axis=None, scale=scale, stack=None)


def row_axis(field: str, labels: Sequence[str], *, limit: int = 170, lines: bool = False) -> "alt.Y":
    """A row a label, in their order, on the lines of `in_lines` if asked; labels are data, never an expression."""
    axis = alt.Axis(labelLimit=limit)
    if lines:  # Vega sets the first of the lines level with the row, not their middle
        raised = [
            {"test": f"length(split(datum.value, '\\n')) === {count}", "value": -(count - 1) * _LINE / 2}
            for count in range(2, _MOST_LINES + 1)
        ]
        offset = {"condition": raised, "value": 0}
        axis = alt.Axis(
            labelLimit=limit, labelExpr=r"split(datum.label, '\n')", labelLineHeight=_LINE, labelOffset=offset
        )
    return alt.Y(f"{field}:N", scale=alt.Scale(domain=list(labels)), sort=None, axis=axis)


def in_lines(*texts: str) -> str:
    """A label of a row, each of its texts on lines of its own, none wider than a narrow page leaves room for."""
    return "\n".join(line for text in texts for line in wrapped(text, _LABEL_WIDTH, _LABEL_SIZE))


def figures_beside(bars: "alt.Chart", length: str) -> "alt.Chart":
    """The `figure` of each lying bar, beyond its end: to the left of what is below zero."""
    below = f"datum['{length}'] < 0"
    text = bars.mark_text(dx=alt.ExprRef(f"{below} ? -6 : 6"), align=alt.ExprRef(f"{below} ? 'right' : 'left'"))
    beside: alt.Chart = text.encode(text="figure:N")
    return beside


def rows_high(step: int = _ROW, labels: Sequence[str] = ()) -> "alt.Step":
    """As high as there are rows, and each as high as the lines of the longest label."""
    lines = max((label.count("\n") + 1 for label in labels), default=0)
    return alt.Step(max(step, lines * _LINE + _GAP))


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
        widest = max(map(len, shown)) * _LETTER + _SYMBOL  # no name is cut: as many beside one another as there is room
        columns = alt.ExprRef(f"max(1, min({len(shown)}, floor(drawn / {widest:.0f})))")
        legend = alt.Legend(symbolType="stroke", symbolSize=420, symbolStrokeWidth=2.5, labelLimit=300, columns=columns)
    dashes = [_DASHES[place % len(_DASHES)] for place in range(len(shown))]
    colour = alt.Color(f"{field}:N", scale=alt.Scale(domain=shown, range=list(colours[: len(shown)])), legend=legend)
    dash = alt.StrokeDash(f"{field}:N", scale=alt.Scale(domain=shown, range=dashes), legend=legend)
    return MappingProxyType({"color": colour, "strokeDash": dash})


def row_legend() -> "alt.Legend":
    """The legend of a chart with labels at its left, which leave it little room on a narrow page."""
    return alt.Legend(columns=alt.ExprRef("drawn < 460 ? 1 : drawn < 600 ? 2 : 5"), labelLimit=190)


def stacked_bars(parts: pd.DataFrame, field: str, *, x: "alt.X", y: "alt.Y", colours: Mapping[str, str]) -> "alt.Chart":
    """Lying bars whose parts follow one another in the order of their `place`, each kind in its colour.

    Args:
        parts: a row a bar and kind of part: `field`, the kind, `place`, and what the axes show.
        field: of the kinds.
        x: lengths.
        y: bars.
        colours: of every kind, in the order of the legend; those that are not drawn are left out of it.
    """
    used = [kind for kind in colours if parts[field].eq(kind).any()]
    scale = alt.Scale(domain=used, range=[colours[kind] for kind in used])
    colour = alt.Color(f"{field}:N", scale=scale, legend=row_legend())
    bars: alt.Chart = alt.Chart(parts).mark_bar(size=16).encode(x=x.stack("zero"), y=y, color=colour, order="place:Q")
    return bars


def money_unit(language: Language, currency: str) -> str:
    """The unit of amounts, with their currency where it is known."""
    amount = word("show.amount", language)
    return f"{amount} ({currency})" if currency else amount


def nothing_drawn(sentence: str, about: str, language: Language) -> Drawing:
    """A chart that says why there is nothing in it."""
    empty = alt.Chart(pd.DataFrame({"nothing": [0]})).mark_point(opacity=0, tooltip=None)
    return dressed(empty, language, finding=sentence, about=about, height=1)
