"""45 days end of month, read both ways: what each grants, by when in the month invoices go out."""

import pandas as pd

from arlib.show.charts.axes import in_lines, money_unit, nothing_drawn, row_axis, row_legend, rows_high, tip
from arlib.show.charts.figures import days_text
from arlib.show.look import BLUE, GREY, ORANGE, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_ROOM = 44


def end_of_month_chart(readings: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """The days that end-of-month terms grant on average in either reading, a row a day of invoicing, and their gap.

    Args:
        readings: as `end_of_month_readings` returns it.
        language: of the labels and figures.
        currency: of amounts, named when given.
    """
    about = word("charts.about.end_of_month", language)
    known = readings.dropna(subset=["days_granted"])
    if known.empty:
        return nothing_drawn(word("charts.nothing", language), about, language)
    names = {invoicing: word(f"charts.invoicing.{invoicing}", language) for invoicing in known["invoicing"].unique()}
    terms = known.drop_duplicates("reading").set_index("reading")["terms"]
    called = {
        str(reading): word(f"charts.end_of_month.{reading}", language, days=each.days)
        for reading, each in terms.items()
    }
    rows = pd.DataFrame(
        {
            "label": [in_lines(names[invoicing]) for invoicing in known["invoicing"]],
            "reading": known["reading"].map(called),
            **{name: known[name] for name in ("days_granted", "dso", "receivable", "cash_gained")},
        }
    )
    gaps = known.groupby("invoicing", sort=False)["days_apart"].max()
    beside = pd.DataFrame(
        {
            "label": [in_lines(names[invoicing]) for invoicing in gaps.index],
            "figure": [days_text(gap, language) for gap in gaps],
        }
    )
    drawn = _dots(rows, list(called.values()), language, currency)
    y = row_axis("label", beside["label"].tolist(), lines=True)
    figures = alt.Chart(beside).mark_text(align="right").encode(x=alt.value(alt.ExprRef("width")), y=y, text="figure:N")
    unit, finding = word("charts.end_of_month.unit", language), _finding(known, called, names, language)
    high = rows_high(36, beside["label"].tolist())
    return dressed(drawn + figures, language, finding=finding, about=about, unit=unit, height=high)


def _dots(rows: pd.DataFrame, readings: list[str], language: Language, currency: str) -> Drawing:
    """A dot a reading, and the line between both."""
    scale = alt.Scale(range=[8, alt.ExprRef(f"width - {_ROOM}")], nice=False, zero=False)
    base = alt.Chart(rows).encode(
        x=alt.X(
            "days_granted:Q",
            scale=scale,
            axis=alt.Axis(tickCount=5, grid=True, labelOverlap="greedy", labelSeparation=6),
        ),
        y=row_axis("label", rows["label"].drop_duplicates().tolist(), lines=True),
    )
    money = money_unit(language, currency)
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(
        color=alt.Color("reading:N", scale=alt.Scale(domain=readings, range=[BLUE, ORANGE]), legend=row_legend()),
        shape=alt.Shape(
            "reading:N", scale=alt.Scale(domain=readings, range=["circle", "diamond"]), legend=row_legend()
        ),
        tooltip=[
            tip("reading:N", word("show.policy", language)),
            tip("days_granted:Q", word("charts.end_of_month.granted", language), ",.1f"),
            tip("dso:Q", word("charts.end_of_month.dso", language), ",.1f"),
            tip("receivable:Q", money, ",.0f"),
            tip("cash_gained:Q", word("charts.policies.cash_gained", language), "+,.0f"),
        ],
    )
    drawn: Drawing = base.mark_line(color=GREY, strokeWidth=2).encode(detail="label:N") + dots
    return drawn


def _finding(known: pd.DataFrame, called: dict[str, str], names: dict[str, str], language: Language) -> str:
    """The way of invoicing at which both readings are furthest apart, and the one of today."""
    far = known.iloc[int(known["days_apart"].argmax())]
    now = known[known["invoicing"] == "as_now"]["days_apart"].max()
    values = {"invoicing": names[str(far["invoicing"])], "reading": called[str(far["reading"])]}
    key = "charts.end_of_month.apart" if far["invoicing"] != "as_now" else "charts.end_of_month.now"
    return word(key, language, days=far["days_apart"], now=now, **values)
