"""A grid of filled cells with their figures written in them."""

import numpy as np
import pandas as pd

from arlib.show.look import GREY, INK, Drawing
from arlib.show.vega import alt

PALE, DEEP = "#DCEAF5", "#004B7C"  # one hue, so that a copy in black and white keeps the order
WHITE, DARK = "#FFFFFF", "#10161C"
WHITE_FROM = 0.68  # share from which white is read better on its cell than dark ink
_NARROW = 44  # pixels of a column under which its figures are written smaller


def grid(cells: pd.DataFrame, columns: list[str], tips: "list[alt.Tooltip]") -> Drawing:
    """Cells filled by their share, or framed where it is not final, with their figure.

    Args:
        cells: `row`, `column`, `share`, `final`, `figure`, optionally `under` (a second, smaller figure), and what
            the tooltips show.
        columns: in their order.
        tips: what a tooltip shows.
    """
    two = "under" in cells
    shade = cells["share"].clip(0, 1)
    ink = np.where(~cells["final"], INK, np.where(shade > WHITE_FROM, WHITE, DARK))
    rows = alt.Scale(domain=list(dict.fromkeys(cells["row"])), paddingInner=0.08)
    base = alt.Chart(cells.assign(shade=shade, ink=ink)).encode(
        x=alt.X("column:N", scale=alt.Scale(domain=columns, paddingInner=0.04), sort=None, axis=_heads(columns)),
        y=alt.Y("row:N", scale=rows, sort=None, axis=alt.Axis(labelLimit=150, grid=False)),
        tooltip=tips,
    )
    colour = alt.Color("shade:Q", scale=alt.Scale(domain=[0, 1], range=[PALE, DEEP]), legend=None)
    filled = base.transform_filter("datum.final").mark_rect(cornerRadius=2).encode(color=colour)
    framed = base.transform_filter("!datum.final").mark_rect(
        cornerRadius=2, fillOpacity=0, fill=GREY, stroke=GREY, strokeDash=[3, 2], strokeWidth=1
    )
    drawn: alt.LayerChart = filled + framed + _written(base, "figure", len(columns), size=12, below=-7 if two else 0)
    if two:
        drawn += _written(base, "under", len(columns), size=10, below=8)
    return drawn


def _heads(columns: list[str]) -> "alt.Axis":
    """Heads above; our own words, on as many lines as they have where columns are many."""
    many = len(columns) > 4  # noqa: PLR2004 - as many as have room for two words on the narrowest page
    lines = max(len(column.split(" ")) for column in columns) if many else 1
    return alt.Axis(
        orient="top",
        labelAngle=0,
        labelExpr="split(datum.label, ' ')" if many else alt.Undefined,
        labelLineHeight=13,
        labelPadding=8 + 13 * (lines - 1),
        labelOverlap=False,
        labelFontSize=alt.ExprRef(f"width < {(_NARROW + 18) * len(columns)} ? 9 : 12"),
        labelLimit=0,
    )


def _written(base: "alt.Chart", field: str, columns: int, *, size: int, below: int) -> "alt.Chart":
    smaller = alt.ExprRef(f"width < {_NARROW * columns} ? {size - 2} : {size}")
    written: alt.Chart = base.mark_text(color=alt.ExprRef("datum.ink"), fontSize=smaller, dy=below).encode(
        text=f"{field}:N"
    )
    return written
