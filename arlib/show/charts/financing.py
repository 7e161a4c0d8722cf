"""What it costs to have cash earlier: offers side by side, in percent a year and in money, each term of it apart."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from arlib.measures.working_capital import YEAR
from arlib.show.charts.axes import SERIES, in_lines, money_unit, nothing_drawn, row_axis, rows_high, stacked_bars, tip
from arlib.show.charts.figures import short_amount, whole_money
from arlib.show.look import GREY, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.simulation.financing import FinancingCost
from arlib.words import Language, percent, word

Row = Mapping[Hashable, Any]

_ROOM = 100
_LEFT = 4


def financing_chart(compared: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What each offer costs a year, its terms one after the other, with its cost in money and its real days beside.

    Bars are shares of the cash received, brought to a year, so that a discount of ten days and an overdraft of sixty
    stand on one scale; costs no longer borne go to the left of nothing.

    Args:
        compared: as `financing_compared` returns it.
        language: of the labels and figures.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.financing", language)
    known = compared.dropna(subset=["yearly_rate"])
    if known.empty:
        return nothing_drawn(word("charts.financing.none", language), about, language)
    labels = [_label(row, language) for row in compared.to_dict("records")]
    y = row_axis("label", labels, lines=True)
    scale = alt.Scale(range=[_LEFT, alt.ExprRef(f"width - {_ROOM}")], nice=False)
    parts = _parts(compared.assign(label=labels), language)
    names = {word(f"charts.financing.{term}", language): SERIES[n] for n, term in enumerate(FinancingCost.TERMS)}
    bars = stacked_bars(parts, "term", x=alt.X("rate:Q", axis=None, scale=scale), y=y, colours=names).encode(
        tooltip=[
            tip("offer:N", word("charts.financing.offer", language)),
            tip("term:N", word("charts.financing.part", language)),
            tip("amount:Q", money_unit(language, currency), ",.0f"),
            tip("rate:Q", word("charts.financing.rate", language), ".2%"),
        ]
    )
    zero = alt.Chart(pd.DataFrame({"rate": [0]})).mark_rule(color=GREY).encode(x=alt.X("rate:Q", scale=scale))
    figures = [_figure(row, language) for row in compared.to_dict("records")]
    beside = alt.Chart(pd.DataFrame({"label": labels, "figure": figures})).mark_text(align="right")
    beside = beside.encode(x=alt.value(alt.ExprRef("width")), y=y, text="figure:N")
    unit = word("charts.financing.unit", language, currency=f" ({currency})" if currency else "")
    finding = _finding(known, language, currency)
    drawn, high = bars + zero + beside, rows_high(36, labels)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=high)


def _called(row: Row, language: Language) -> str:
    """The offer's own name, or that of its kind."""
    own = row["offer"] != row["kind"]
    return shortened(str(row["offer"])) if own else word(f"simulation.financing.kind.{row['kind']}", language)


def _label(row: Row, language: Language) -> str:
    """An offer and the days by which it brings cash earlier."""
    gained = max(row["days_gained"], 0)
    return in_lines(_called(row, language), word("charts.financing.days", language, days=gained))


def _figure(row: Row, language: Language) -> str:
    return f"{percent(row['yearly_rate'], language)} · {short_amount(row['cost'], language)}"


def _parts(compared: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row an offer and a term of its cost, in money and as its part of the yearly rate."""
    known = compared.dropna(subset=["yearly_rate"])
    known = known.assign(offer=[_called(row, language) for row in known.to_dict("records")])
    yearly = YEAR / known["days_gained"] / known["cash"]
    each = [
        known[["label", "offer"]].assign(
            term=word(f"charts.financing.{term}", language),
            place=place,
            amount=known[term],
            rate=known[term] * yearly,
        )
        for place, term in enumerate(FinancingCost.TERMS)
    ]
    parts = pd.concat(each, ignore_index=True)
    return parts[parts["amount"] != 0]


def _finding(known: pd.DataFrame, language: Language, currency: str) -> str:
    """The cheapest offer a year and the dearest, each with its money and its days."""
    ranked = known.sort_values("yearly_rate", kind="stable").to_dict("records")
    told = {}
    for name, row in (("cheapest", ranked[0]), ("dearest", ranked[-1])):
        values = {"rate": row["yearly_rate"], "days": row["days_gained"]}
        cost = whole_money(row["cost"], language, currency)
        told[name] = word("charts.financing.costs", language, offer=_called(row, language), cost=cost, **values)
    return word("charts.financing.one" if len(ranked) == 1 else "charts.financing.cheapest", language, **told)
