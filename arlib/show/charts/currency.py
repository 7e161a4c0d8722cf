"""What exchange rates did to the receivable between two days, beside what was really owed more or less."""

import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import bar_axis, figures_beside, money_unit, nothing_drawn, row_axis, rows_high, tip
from arlib.show.charts.figures import short_amount, whole_money
from arlib.show.look import BLUE, GREEN, GREY, ORANGE, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, word

_EFFECTS = ("quantity_effect", "rate_effect", "exchange_differences", "unquantified")
_COLOURS = (BLUE, ORANGE, GREEN, GREY)
_FIGURE_ROOM = 60


def currency_effect_chart(effects: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """The change of the receivable by currency: what is owed more or less, and what rates did. The title says the sum.

    Args:
        effects: as `arlib.measures.currency.currency_effect` returns it.
        language: of the labels and figures.
        currency: of the ledger, named beside the figures when given.
    """
    about = word("charts.about.currency", language)
    long = effects.melt("currency", _EFFECTS, "effect", "amount")
    moved = long[long["amount"].abs() >= HALF_CENT]
    if moved.empty:
        return nothing_drawn(word("charts.currency.none", language), about, language)
    names = {
        effect: word(f"charts.currency.{effect}", language) for effect in _EFFECTS if effect in set(moved["effect"])
    }
    rows = moved.assign(effect=moved["effect"].map(names))
    rows["row"] = rows["currency"].astype("str").replace("", "–") + " · " + rows["effect"]
    rows["figure"] = [("+" if amount > 0 else "") + short_amount(amount, language) for amount in rows["amount"]]
    rows = rows.sort_values(["currency"], kind="stable")
    unit = money_unit(language, currency)
    base = alt.Chart(rows).encode(
        x=bar_axis("amount", left=_FIGURE_ROOM if rows["amount"].lt(0).any() else 0, right=_FIGURE_ROOM),
        y=row_axis("row", rows["row"].tolist(), limit=210),
        tooltip=[
            tip("currency:N", word("charts.currency", language)),
            tip("effect:N", word("charts.effect", language)),
            tip("amount:Q", unit, ",.2f"),
        ],
    )
    colours = alt.Scale(domain=list(names.values()), range=[_COLOURS[_EFFECTS.index(effect)] for effect in names])
    bars = base.mark_bar(size=16, cornerRadiusEnd=3).encode(color=alt.Color("effect:N", scale=colours, legend=None))
    finding = _finding(effects, language, currency)
    return dressed(
        bars + figures_beside(base, "amount"), language, finding=finding, about=about, unit=unit, height=rows_high(26)
    )


def _finding(effects: pd.DataFrame, language: Language, currency: str) -> str:
    rates = float(effects[["rate_effect", "exchange_differences"]].sum().sum())
    change = float(effects["change"].sum())
    if abs(rates) < HALF_CENT:
        return word("charts.currency.still", language, change=_signed(change, language, currency))
    key = "charts.currency.added" if rates > 0 else "charts.currency.took"
    amount = whole_money(abs(rates), language, currency)
    return word(key, language, amount=amount, change=_signed(change, language, currency))


def _signed(amount: float, language: Language, currency: str) -> str:
    return ("+" if amount > 0 else "−" if amount < 0 else "") + whole_money(abs(amount), language, currency)
