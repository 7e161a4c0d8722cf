"""What is not yet paid, day after day."""

import numpy as np
import pandas as pd

from arlib.show.charts.axes import MOST_SERIES, nothing_drawn, series_channels, tip
from arlib.show.charts.figures import share_text
from arlib.show.charts.rows import MOST_ROWS, Names, columns_before, group_names, named, of_largest
from arlib.show.look import GREY, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_LOOKED_AT = {"due": (0, 30), "issued": (30, 60)}  # days a title speaks of
_TAIL = 0.02  # share below which a curve is not followed further


def payment_survival_chart(
    survival: pd.DataFrame, *, basis: str = "due", names: Names | None = None, language: Language = "en"
) -> Drawing:
    """The share of invoices not yet paid, day after day, as steps with their band; a line a group.

    Args:
        survival: as `arlib.payment_survival` returns it, of the whole or of groups: the five with most invoices.
        basis: the one `survival` was asked with: days from the `due` date or from the date `issued`.
        names: names of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`, where
            the frame has customers and not their names.
        language: of the labels and figures.
    """
    about = word("charts.about.survival", language)
    if survival.empty:
        return nothing_drawn(word("charts.delays.none", language), about, language)
    survival = named(survival, names)
    by = columns_before(survival, "day")
    groups = group_names(survival, by) if by else pd.Series(word("charts.all", language), survival.index)
    curves = of_largest(survival, groups, survival["at_risk"], MOST_SERIES)
    shown, (first, last) = list(curves["group"].unique()), _days_drawn(curves)
    rows = _steps(curves[curves["day"] <= last])
    share = word("charts.unpaid_share", language)
    x = alt.X("day:Q", title=None, scale=alt.Scale(domain=[first, last], nice=False))
    base = alt.Chart(rows).encode(x=x)
    channels = series_channels("group", shown)
    y = alt.Y("unpaid_share:Q", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1]))
    band = base.mark_area(clip=True, opacity=0.16, interpolate="step-after").encode(
        y=alt.Y("low:Q"), y2="high:Q", color=channels["color"]
    )
    line = base.mark_line(clip=True, strokeWidth=2.5, interpolate="step-after").encode(
        y=y,
        tooltip=[
            tip("group:N", word("charts.group", language)),
            tip("day:Q", word("show.days", language), ",d"),
            tip("unpaid_share:Q", share, ".1%"),
            tip("low:Q", word("charts.low_95", language), ".1%"),
            tip("high:Q", word("charts.high_95", language), ".1%"),
            tip("at_risk:Q", word("charts.at_risk", language), ",d"),
        ],
        **channels,
    )
    zero = alt.Chart(pd.DataFrame({"day": [0]})).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x="day:Q")
    unit = word(f"charts.survival.unit_{basis}", language)
    finding = _finding(curves, shown, basis, language)
    return dressed(band + zero + line, language, finding=finding, about=about, unit=unit)


def _days_drawn(curves: pd.DataFrame) -> tuple[int, int]:
    """From where curves leave the top to where all are near their end: a debt of years would squeeze all the rest."""
    near = curves["day"].where(curves["unpaid_share"] <= _TAIL)
    ends = near.groupby(curves["group"]).min().fillna(curves.groupby("group")["day"].max())
    left = curves.loc[curves["unpaid_share"] <= 1 - _TAIL / 2, "day"].min()  # nan where nothing is paid
    return int(np.fmin(left, 0)), max(int(ends.max()), 1)


def _steps(curves: pd.DataFrame) -> pd.DataFrame:
    """The rows of the curves, from all unpaid on, thinned where there are too many; the band closes at its ends."""
    most = MOST_ROWS // curves["group"].nunique() - 2
    place = curves.groupby("group").cumcount()
    size = curves.groupby("group")["day"].transform("size")
    kept = curves[(place % np.maximum(np.ceil(size / most), 1) == 0) | (place == size - 1)]
    first = kept.drop_duplicates("group")
    start = first.assign(day=np.minimum(first["day"] - 1, 0), unpaid_share=1.0, low=1.0, high=1.0)
    rows: pd.DataFrame = pd.concat([start, kept]).sort_values(["group", "day"], kind="stable")
    closed = {name: rows[name].fillna(rows["unpaid_share"]) for name in ("low", "high")}
    return rows[["group", "day", "unpaid_share", "at_risk"]].assign(**closed)


def _unpaid_after(curve: pd.DataFrame, days: int) -> float:
    """The share not yet paid so many days after the start; nan where nothing is followed that far."""
    before = curve[curve["day"] <= days]
    if before.empty:
        return 1.0
    last = before.iloc[-1]
    followed = len(before) < len(curve) or last["day"] == days or last["unpaid_share"] == 0
    return float(last["unpaid_share"]) if followed else np.nan


def _finding(curves: pd.DataFrame, names: list[str], basis: str, language: Language) -> str:
    first, then = _LOOKED_AT[basis]
    unpaid = {name: _unpaid_after(curves[curves["group"] == name], then) for name in names}
    known = {name: share for name, share in unpaid.items() if not np.isnan(share)}
    if len(names) == 1 and known:
        early = share_text(_unpaid_after(curves, first), language)
        return word(f"charts.survival.{basis}", language, early=early, later=share_text(known[names[0]], language))
    if len(known) < 2:  # noqa: PLR2004 - a comparison has two sides
        return word("charts.survival.short", language, days=then)
    slow, fast = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    shares = {"slow_share": share_text(known[slow], language), "fast_share": share_text(known[fast], language)}
    return word(f"charts.survival.groups_{basis}", language, slow=slow, fast=fast, **shares)
