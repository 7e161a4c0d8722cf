"""The cash expected of one customer, week by week."""

import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import MONEY_AXIS, money_unit, nothing_drawn, tip
from arlib.show.charts.figures import whole_money
from arlib.show.charts.forecast import PART_COLOURS
from arlib.show.look import DATE_FORMAT, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_PARTS = {"open": "from_open", "future": "from_future"}


def customer_cash_chart(expected: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """The cash expected of a customer in each week to come: from what is open, and from invoices to come.

    Args:
        expected: `CustomerCard.expected`.
        language: of the labels, figures and dates.
        currency: of the amounts, named when given.
    """
    about = word("charts.expected.about", language)
    if expected.empty or not expected["expected"].sum() >= HALF_CENT:
        return nothing_drawn(word("charts.expected.none", language), about, language)
    names = {kind: word(f"charts.forecast.{kind}", language) for kind in _PARTS}
    parts = [
        expected[["week", "ends_on"]].assign(part=names[kind], amount=expected[column], place=place)
        for place, (kind, column) in enumerate(_PARTS.items())
    ]
    scale = alt.Scale(domain=list(names.values()), range=[PART_COLOURS[kind] for kind in names])
    axis = alt.Axis(format=DATE_FORMAT[language], labelAngle=0, labelOverlap="parity", labelSeparation=10)
    bars = (
        alt.Chart(pd.concat(parts, ignore_index=True))
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdate(ends_on):O", axis=axis),
            y=alt.Y("amount:Q", axis=MONEY_AXIS),
            color=alt.Color("part:N", scale=scale),
            order="place:Q",
            tooltip=[
                tip("ends_on:T", word("charts.expected.week", language), DATE_FORMAT[language]),
                tip("part:N", word("charts.group", language)),
                tip("amount:Q", money_unit(language, currency), ",.2f"),
            ],
        )
    )
    total, opened = (float(expected[name].sum()) for name in ("expected", "from_open"))
    finding = word(
        "charts.expected.finding",
        language,
        amount=whole_money(total, language, currency),
        opened=whole_money(opened, language, currency),
        weeks=len(expected),
    )
    unit = word("charts.expected.unit", language, unit=money_unit(language, currency))
    return dressed(bars, language, finding=finding, about=about, unit=unit, height=170)
