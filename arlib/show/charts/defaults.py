"""If the largest debtors failed: what comes back, what is lost, and how deep the hole in the cash would be."""

from typing import Any

import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import money_unit, nothing_drawn, row_axis, row_legend, rows_high, tip
from arlib.show.charts.figures import share_text, short_amount, whole_money
from arlib.show.look import BLUE, DATE_FORMAT, INK, SKY, VERMILLION, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, day, word

_ROOM = 60
_PARTS = {"loss": VERMILLION, "indemnity": BLUE, "vat": SKY}


def default_chart(lost: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What the largest debtors owe, as what would be lost, borne by the insurer and come back of VAT; the cash hole.

    The diamond is the most that cash would lack on any day of the horizon against what is expected.

    Args:
        lost: as `default_of_largest` returns it.
        language: of the labels, figures and dates.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.default", language)
    if lost.empty or not lost["at_risk"].ge(HALF_CENT).any():
        return nothing_drawn(word("simulation.default.none", language), about, language)
    lost = lost.drop_duplicates("debtors")
    rows = lost[["cash_hole", "cash_hole_on", *_PARTS]].assign(
        label=[_who(count, "first", "largest", language) for count in lost["debtors"]],
        figure=[short_amount(loss, language) for loss in lost["loss"]],
        part=word("charts.default.hole", language),
    )
    y = row_axis("label", rows["label"].tolist())
    scale = alt.Scale(range=[0, alt.ExprRef(f"width - {_ROOM}")], nice=False, zero=True)
    bars = _bars(rows, scale, y, language, money_unit(language, currency))
    hole = (
        alt.Chart(rows)
        .mark_point(filled=True, size=110, opacity=1)
        .encode(
            x=alt.X("cash_hole:Q", axis=None, scale=scale),
            y=y,
            color="part:N",
            shape=_shape(rows, language),
            tooltip=[
                tip("cash_hole:Q", word("charts.default.hole", language), ",.0f"),
                tip("cash_hole_on:T", word("show.day", language), DATE_FORMAT[language]),
            ],
        )
    )
    figures = alt.Chart(rows).mark_text(align="right").encode(x=alt.value(alt.ExprRef("width")), y=y, text="figure:N")
    unit = word("charts.default.unit", language, currency=f" ({currency})" if currency else "")
    finding = _finding(lost.iloc[-1], language, currency)
    return dressed(bars + hole + figures, language, finding=finding, about=about, unit=unit, height=rows_high())


def _bars(rows: pd.DataFrame, scale: "alt.Scale", y: "alt.Y", language: Language, money: str) -> Drawing:
    """What is at stake, part after part."""
    each = [
        rows[["label"]].assign(part=word(f"charts.default.{part}", language), place=place, amount=rows[part])
        for place, part in enumerate(_PARTS)
    ]
    parts = pd.concat(each, ignore_index=True)
    used = _used(rows, language)
    colours = alt.Scale(domain=list(used), range=list(used.values()))
    drawn: Drawing = (
        alt.Chart(parts[parts["amount"].abs() >= HALF_CENT])
        .mark_bar(size=16)
        .encode(
            x=alt.X("amount:Q", axis=None, scale=scale, stack="zero"),
            y=y,
            color=alt.Color("part:N", scale=colours, legend=row_legend()),
            order="place:Q",
            tooltip=[tip("part:N", word("charts.policies.what", language)), tip("amount:Q", money, ",.0f")],
        )
    )
    return drawn


def _used(rows: pd.DataFrame, language: Language) -> dict[str, str]:
    """The parts there are, and the hole, with their colours."""
    shown = {part: colour for part, colour in _PARTS.items() if rows[part].abs().ge(HALF_CENT).any()}
    return {word(f"charts.default.{part}", language): colour for part, colour in (shown | {"hole": INK}).items()}


def _shape(rows: pd.DataFrame, language: Language) -> "alt.Shape":
    """A diamond for the hole; of one legend with the colours, whose domain it shares."""
    used = list(_used(rows, language))
    scale = alt.Scale(domain=used, range=["square"] * (len(used) - 1) + ["diamond"])
    return alt.Shape("part:N", scale=scale, legend=row_legend())


def _finding(row: "pd.Series[Any]", language: Language, currency: str) -> str:
    """What the most of the largest debtors taken together would cost, and the hole."""
    values = {
        "who": _who(row["debtors"], "of_first", "of_largest", language),
        "share": share_text(float(row["share"]), language),
        "loss": whole_money(float(row["loss"]), language, currency),
        "hole": whole_money(float(row["cash_hole"]), language, currency),
        "day": day(row["cash_hole_on"], language),
    }
    key = "charts.default.lost" if float(row["cash_hole"]) >= HALF_CENT else "charts.default.no_hole"
    return word(key, language, **values)


def _who(count: int, first: str, largest: str, language: Language) -> str:
    """The largest debtor, or so many of them."""
    return word(f"charts.default.{first if count == 1 else largest}", language, count=count)
