"""How far the day of payment follows a change of terms: the share estimated, with its interval, or what to try."""

import numpy as np
import pandas as pd

from arlib.behaviour.terms_change import FollowShare
from arlib.show.charts.axes import tip
from arlib.show.charts.figures import share_text
from arlib.show.look import BLUE, GREY, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_HEIGHT = 70
_MARGIN = 0.05


def follow_share_chart(found: FollowShare, *, language: Language = "en") -> Drawing:
    """The share of a change of terms that the day of payment followed, with its interval; else the shares to try.

    At 0 customers pay on the day they always did, at 1 they stay as many days late as before.

    Args:
        found: as `arlib.estimate_follow_share` returns it.
        language: of the labels and figures.
    """
    known = not np.isnan(found.share)
    shares = [found.share] if known else list(found.scenarios)
    ends = [found.low, found.high] if known else []
    rows = pd.DataFrame({"share": shares, "figure": [share_text(share, language) for share in shares]})
    reach = [min(0.0, *shares, *ends) - _MARGIN, max(1.0, *shares, *ends) + _MARGIN]
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=reach, nice=False),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], labelOverlap="parity"),
    )
    base = alt.Chart(rows).encode(x=x, y=alt.value(_HEIGHT * 0.55))
    dots = base.mark_point(filled=known, size=130, opacity=1, strokeWidth=2.5, color=BLUE)
    points = dots.encode(tooltip=[tip("share:Q", word("charts.follow.share", language), ".1%")])
    figures = base.mark_text(dy=-18, fontWeight=600).encode(text="figure:N")
    marks = alt.Chart(pd.DataFrame({"share": [0, 1]})).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=x)
    drawn = alt.LayerChart(layer=[marks, *_interval(found, x, language), points, figures])
    return dressed(
        drawn,
        language,
        finding=_finding(found, language),
        about=word("charts.follow.about", language),
        unit=_unit(found, language),
        height=_HEIGHT,
    )


def _interval(found: FollowShare, x: "alt.X", language: Language) -> "list[alt.Chart]":
    if np.isnan(found.share):
        return []
    ends = pd.DataFrame({"share": [found.low], "high": [found.high]})
    tooltip = [
        tip("share:Q", word("charts.low_95", language), ".1%"),
        tip("high:Q", word("charts.high_95", language), ".1%"),
    ]
    rule = alt.Chart(ends).mark_rule(strokeWidth=7, opacity=0.35, color=BLUE)
    return [rule.encode(x=x, x2="high:Q", y=alt.value(_HEIGHT * 0.55), tooltip=tooltip)]


def _finding(found: FollowShare, language: Language) -> str:
    if np.isnan(found.share):
        return found.note.text(language)
    shares = {name: share_text(getattr(found, name), language) for name in ("share", "low", "high")}
    return word("charts.follow.found", language, **shares)


def _unit(found: FollowShare, language: Language) -> str:
    unit = word("charts.follow.unit", language)
    if np.isnan(found.share):
        return unit + word("charts.follow.to_try", language)
    counts = {"invoices": found.invoices, "customers": found.customers, "others": found.others}
    return unit + word("charts.follow.from", language, **counts)
