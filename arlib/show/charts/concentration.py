"""On how few debtors the receivable rests: the largest as bars, what they make together as a line."""

import pandas as pd

from arlib.show.charts.axes import nothing_drawn, row_axis, rows_high, tip
from arlib.show.charts.figures import share_text, short_amount
from arlib.show.charts.rows import columns_before, group_names
from arlib.show.look import BLUE, GREY, ORANGE, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_MOST_DEBTORS = 12
_RULE = 0.8  # Pareto's
_FIGURE_ROOM = 64
_ROUNDING = 1e-9


def pareto_chart(groups: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """The largest debtors by their share of what is owed, the line of what they owe together, and the 80 % rule.

    Bars and line are shares of one total, on one axis. The title counts the debtors who owe 80 % of it.

    Args:
        groups: `Concentration.groups`, the largest first; beyond twelve the others are one bar.
        language: of the labels and figures.
        currency: of the amounts beside, named under the title when given.
    """
    about = word("charts.about.pareto", language)
    if groups.empty:
        return nothing_drawn(word("concentration.none", language), about, language)
    rows = _rows(groups, language)
    labels = rows["label"].tolist()
    scale = alt.Scale(domain=[0, 1], range=[0, alt.ExprRef(f"width - {_FIGURE_ROOM}")], nice=False)
    axis = alt.Axis(
        format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], orient="bottom", labelOverlap="greedy", labelSeparation=4
    )
    base = alt.Chart(rows).encode(
        y=row_axis("label", labels),
        tooltip=[
            tip("label:N", word("charts.debtor", language)),
            tip("receivable:Q", word("show.amount", language), ",.2f"),
            tip("share:Q", word("charts.share", language), ".1%"),
            tip("cumulated:Q", word("charts.cumulated_share", language), ".1%"),
        ],
    )
    colour = alt.condition("datum.others", alt.value(GREY), alt.value(BLUE))
    bars = base.mark_bar(size=16, cornerRadiusEnd=3).encode(x=alt.X("share:Q", scale=scale, axis=axis), color=colour)
    together = base.mark_line(
        color=ORANGE, strokeWidth=2, point=alt.OverlayMarkDef(filled=True, size=30, color=ORANGE)
    ).encode(x=alt.X("cumulated:Q", scale=scale), order="place:Q")
    rule = alt.Chart(pd.DataFrame({"share": [_RULE]})).mark_rule(strokeDash=[4, 3], color=GREY).encode(x="share:Q")
    figures = base.mark_text(align="right").encode(x=alt.value(alt.ExprRef("width")), text="figure:N")
    unit = word("charts.pareto.unit", language, currency=f" ({currency})" if currency else "")
    drawn = bars + rule + together + figures
    return dressed(drawn, language, finding=_finding(groups, language), about=about, unit=unit, height=rows_high(26))


def _rows(groups: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a bar; the debtors after the largest are the last one."""
    top, rest = groups.head(_MOST_DEBTORS), groups.iloc[_MOST_DEBTORS:]
    names = group_names(top, columns_before(groups, "rank"))
    rows = pd.DataFrame({"label": names, "receivable": top["receivable"], "share": top["share"], "others": False})
    if len(rest):
        others = rest[["receivable", "share"]].sum().to_frame().T
        others = others.assign(label=word("table.others", language, rows=len(rest)), others=True)
        rows = pd.concat([rows, others], ignore_index=True)
    rows["cumulated"] = rows["share"].cumsum().clip(upper=1)
    rows["place"] = range(len(rows))
    rows["figure"] = [short_amount(amount, language) for amount in rows["receivable"]]
    return rows


def _finding(groups: pd.DataFrame, language: Language) -> str:
    reached = groups["cumulated_share"].to_numpy() >= _RULE - _ROUNDING
    few = int(reached.argmax()) + 1 if reached.any() else len(groups)
    first = group_names(groups.head(1), columns_before(groups, "rank")).iloc[0]
    largest = share_text(float(groups["share"].iloc[0]), language)
    if len(groups) == 1:
        return word("charts.pareto.one", language, name=first)
    share = share_text(_RULE, language)
    return word("charts.pareto.few", language, few=few, debtors=len(groups), share=share, name=first, largest=largest)
