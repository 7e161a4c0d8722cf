"""A waterfall: from one figure to another, an effect a step, in days or in money."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.show.charts.axes import row_axis
from arlib.show.look import BLUE, GREY, VERMILLION, Drawing
from arlib.show.vega import alt

UP_DOWN = (VERMILLION, BLUE)
FIGURE_ROOM = 56
_CUT = 0.5  # the axis begins at nothing unless that leaves less than half of it to the effects


def waterfall_rows(labels: Sequence[str], start: float, effects: Sequence[float], end: float) -> pd.DataFrame:
    """A row a bar: the first figure, the effects, the second figure, and where each bar begins and ends.

    Columns: label, step ("end", "up" or "down"), value, from, to, low (where the bars of both ends begin), right
    (beyond which its figure stands), last.

    Args:
        labels: of all the bars, no two alike.
        start: the first figure.
        effects: added to it one after the other.
        end: the second figure.
    """
    reached = start + np.cumsum(effects)
    before = np.concatenate([[start], reached])
    rows = pd.DataFrame(
        {
            "label": list(labels),
            "step": ["end", *np.where(np.array(effects) > 0, "up", "down"), "end"],
            "value": [start, *effects, end],
            "from": [0.0, *before[:-1], 0.0],
            "to": [start, *reached, end],
        }
    )
    rows["right"] = rows[["from", "to"]].max(axis=1)
    rows["last"] = rows.index == len(rows) - 1
    return rows.assign(low=_low(rows))


def waterfall(
    rows: pd.DataFrame, tooltip: "Sequence[alt.Tooltip]", *, rise_is_better: bool = False, lines: bool = False
) -> Drawing:
    """Both ends in grey, effects between them, thin links from each to the next, figures at their right.

    Args:
        rows: as `waterfall_rows` makes them, with the `figure` of each.
        tooltip: of each bar.
        rise_is_better: whether what goes up is coloured as good news.
        lines: whether labels hold line breaks.
    """
    scale = alt.Scale(range=[0, alt.ExprRef(f"width - {FIGURE_ROOM}")], nice=False, zero=False)
    axis = row_axis("label", rows["label"].tolist(), limit=200, lines=lines)
    base = alt.Chart(rows).encode(y=axis, tooltip=list(tooltip))
    cut = bool(rows["low"].gt(0).any())
    ends = base.transform_filter("datum.step === 'end'").mark_bar(size=18, color=_faded(cut=cut))
    effects = base.transform_filter("datum.step !== 'end'").mark_bar(size=18)
    links = base.transform_filter("!datum.last").mark_rule(color=GREY, strokeWidth=1, yOffset=9, y2Offset=21)
    figures = base.mark_text(align="left", dx=6)
    drawn: Drawing = (
        ends.encode(x=alt.X("low:Q", axis=None, scale=scale), x2="to:Q")
        + effects.encode(x=alt.X("from:Q", axis=None, scale=scale), x2="to:Q", color=up_down(reverse=rise_is_better))
        + links.encode(x="to:Q", y2="label:N")
        + figures.encode(x="right:Q", text="figure:N")
    )
    return drawn


def up_down(*, reverse: bool = False) -> "alt.Color":
    """The colour of a `step` that goes up, bad news unless `reverse`, or down."""
    colours = list(UP_DOWN[::-1] if reverse else UP_DOWN)
    return alt.Color("step:N", scale=alt.Scale(domain=["up", "down"], range=colours), legend=None)


def _low(rows: pd.DataFrame) -> float:
    """Where the axis begins."""
    steps = rows[["from", "to"]][rows["step"] != "end"]
    lowest = min(float(rows["to"].min()), float(steps.min().min()) if len(steps) else np.inf)
    highest = float(rows["to"].max())
    room = max(highest - lowest, 1.0)
    cut = lowest - room
    return 0.0 if cut <= 0 or lowest < _CUT * highest else cut


def _faded(*, cut: bool) -> "str | alt.Gradient":
    """Grey, out of nothing where the axis is cut: such a bar does not begin at nothing."""
    if not cut:
        return GREY
    stops = [alt.GradientStop(color=f"{GREY}00", offset=0), alt.GradientStop(color=GREY, offset=0.6)]
    return alt.LinearGradient(gradient="linear", x1=0, x2=1, y1=0, y2=0, stops=stops)
