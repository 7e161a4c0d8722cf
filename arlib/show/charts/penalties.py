"""What late payment has earned, by customer: interest and indemnities, or what became of them once something was."""

from typing import Any

import pandas as pd

from arlib.law.penalties import LatePenalties
from arlib.schema import HALF_CENT
from arlib.show.charts.axes import bar_axis, in_lines, money_unit, nothing_drawn, row_axis, rows_high, stacked_bars, tip
from arlib.show.charts.figures import share_text, short_amount, whole_money
from arlib.show.charts.rows import group_names
from arlib.show.look import BLUE, GREEN, GREY, ORANGE, SKY, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_MOST = 10  # customers
_ROOM = 64  # pixels, for the figure at the right of a row
_EARNED = {"interest": BLUE, "indemnity": SKY}
_BECAME = {"claimed": GREEN, "waived": GREY, "remaining": ORANGE}


def penalties_chart(penalties: LatePenalties, *, language: Language = "en", currency: str = "") -> Drawing:
    """The customers whose lateness has earned most: interest and fixed indemnities, one after the other.

    Where something was claimed or waived, the bars are what became of it instead: claimed, waived, neither of both.
    Under the title stands how much rests on rates or rules that are to be confirmed.

    Args:
        penalties: as `arlib.late_penalties` returns it; the ten customers that owe most are drawn.
        language: of the labels and figures.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.penalties", language)
    customers = penalties.by_customer[penalties.by_customer["due"] >= HALF_CENT]
    if customers.empty:
        return nothing_drawn(word("charts.penalties.none", language), about, language)
    given = bool(customers[["claimed", "waived"]].to_numpy().any())
    rows = _rows(customers, language)
    labels, kinds = rows["label"].tolist(), _BECAME if given else _EARNED
    y, names = row_axis("label", labels, lines=True), {_name(kind, language): colour for kind, colour in kinds.items()}
    parts = _parts(rows, list(kinds), language)
    bars = stacked_bars(parts, "part", x=bar_axis("amount", right=_ROOM), y=y, colours=names).encode(
        tooltip=[
            tip("customer:N", word("table.customer", language)),
            tip("part:N", word("charts.penalties.part", language)),
            tip("amount:Q", money_unit(language, currency), ",.2f"),
            tip("due:Q", _name("due", language), ",.2f"),
            tip("invoices:Q", word("table.column.invoices", language), ",d"),
        ]
    )
    figures = alt.Chart(rows[["label", "figure"]]).mark_text(align="right")
    figures = figures.encode(x=alt.value(alt.ExprRef("width")), y=y, text="figure:N")
    return dressed(
        bars + figures,
        language,
        finding=_finding(customers, language, currency),
        about=about,
        unit=_unit(penalties, language, currency),
        height=rows_high(26, labels),
    )


def _name(kind: str, language: Language) -> str:
    return word(f"table.law.{kind}", language)


def _rows(customers: pd.DataFrame, language: Language) -> pd.DataFrame:
    """The largest customers, each with its label and what it owes in all."""
    largest = customers.sort_values(["due", "customer_id"], ascending=[False, True]).head(_MOST)
    names = group_names(largest, ["customer_id", "name"]).tolist()
    figures = [short_amount(due, language) for due in largest["due"]]
    return largest.assign(customer=names, label=[in_lines(name) for name in names], figure=figures)


def _parts(rows: pd.DataFrame, kinds: list[str], language: Language) -> pd.DataFrame:
    """A row a customer and kind of part."""
    shown = rows[["label", "customer", "due", "invoices"]]
    each: list[Any] = [
        shown.assign(part=_name(kind, language), place=place, amount=rows[kind]) for place, kind in enumerate(kinds)
    ]
    parts: pd.DataFrame = pd.concat(each, ignore_index=True)
    drawn: pd.DataFrame = parts[parts["amount"] >= HALF_CENT]
    return drawn


def _finding(customers: pd.DataFrame, language: Language, currency: str) -> str:
    sums = customers[["due", "interest", "indemnity", "claimed", "waived", "remaining"]].sum()
    told = {str(name): whole_money(amount, language, currency) for name, amount in sums.items()}
    if sums["claimed"] or sums["waived"]:
        return word("charts.penalties.given", language, **told)
    if len(customers) <= _MOST:
        return word("charts.penalties.all", language, customers=len(customers), **told)
    share = customers["due"].nlargest(_MOST).sum() / sums["due"]
    return word("charts.penalties.largest", language, share=share_text(share, language), most=_MOST, **told)


def _unit(penalties: LatePenalties, language: Language, currency: str) -> str:
    """The unit, and how much of it is to be confirmed."""
    unit = word("charts.penalties.unit", language, unit=money_unit(language, currency))
    invoices = penalties.invoices
    doubtful = float(invoices.loc[invoices["status"] == "to_confirm", "due"].sum())
    if doubtful < HALF_CENT:
        return unit
    return unit + word("charts.penalties.to_confirm", language, amount=whole_money(doubtful, language, currency))
