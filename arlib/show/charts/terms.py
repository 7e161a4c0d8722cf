"""The terms of what was paid beside the days it took."""

import pandas as pd

from arlib.show.charts.axes import nothing_drawn, row_axis, rows_high, tip
from arlib.show.charts.rows import Names, columns_before, group_names, named, of_largest
from arlib.show.look import BLUE, GREY, VERMILLION, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_MOST_GROUPS = 15


def weighted_terms_chart(terms: pd.DataFrame, *, names: Names | None = None, language: Language = "en") -> Drawing:
    """The terms of what was paid beside the days it took, a row a group: the gap between both is days late.

    Args:
        terms: as `arlib.measures.delays.weighted_terms` returns it; the fifteen groups that paid most are drawn.
        names: names of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`, where
            the frame has customers and not their names.
        language: of the labels and figures.
    """
    about = word("charts.about.terms", language)
    terms = named(terms, names)
    known = terms.dropna(subset=["closed_terms", "closed_days_to_pay"]).reset_index(drop=True)
    if known.empty:
        return nothing_drawn(word("charts.delays.none", language), about, language)
    by = columns_before(terms, "issued")
    groups = group_names(known, by) if by else pd.Series(word("charts.all", language), known.index)
    shown = of_largest(known, groups, known["closed_amount"], _MOST_GROUPS)
    agreed, taken = word("charts.terms.agreed", language), word("charts.terms.taken", language)
    measures = {"closed_terms": agreed, "closed_days_to_pay": taken}
    rows = shown.rename(columns=measures)[["group", agreed, taken]].melt("group", [agreed, taken], "what", "days")
    labels = list(shown["group"])
    base = alt.Chart(rows).encode(
        x=alt.X("days:Q", axis=alt.Axis(tickCount=5, grid=True), scale=alt.Scale(zero=True)),
        y=row_axis("group", labels),
    )
    scale = alt.Scale(domain=[agreed, taken], range=[BLUE, VERMILLION])
    shape = alt.Shape("what:N", scale=alt.Scale(domain=[agreed, taken], range=["circle", "diamond"]))
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(
        color=alt.Color("what:N", scale=scale),
        shape=shape,
        tooltip=[
            tip("group:N", word("charts.group", language)),
            tip("what:N", word("show.method", language)),
            tip("days:Q", word("show.days", language), ",.1f"),
        ],
    )
    links = base.mark_line(color=GREY, strokeWidth=2).encode(detail="group:N")
    unit = word("charts.terms.unit", language)
    finding = _finding(known, language)
    return dressed(links + dots, language, finding=finding, about=about, unit=unit, height=rows_high(28))


def _finding(known: pd.DataFrame, language: Language) -> str:
    weight = known["closed_amount"] / known["closed_amount"].sum()
    agreed, taken = (float((known[name] * weight).sum()) for name in ("closed_terms", "closed_days_to_pay"))
    late = taken - agreed
    key = "late" if round(late, 1) > 0 else "early" if round(late, 1) < 0 else "on_time"
    return word(f"charts.terms.{key}", language, agreed=agreed, taken=taken, late=abs(late))
