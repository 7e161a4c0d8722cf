"""What only draws tell, policy beside policy: the peak of the receivable, a DSO, the share of the ten largest."""

from typing import Literal

import numpy as np
import pandas as pd

from arlib.show.charts.axes import in_lines, nothing_drawn, row_axis, rows_high, tip
from arlib.show.charts.figures import days_text, share_text
from arlib.show.charts.policies import policy_names
from arlib.show.look import BLUE, GREY, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, money, number, word

Quantity = Literal["receivable_peak", "receivable_end", "dso_end", "largest_share"]
_MOST_POLICIES = 20
_TELLING = 0.5  # of the time until then: days of the peak that are farther apart tell nothing
_ROOM = 34  # pixels on both sides, for figures above the points at the edges


def draws_chart(
    summary: pd.DataFrame, quantity: Quantity = "receivable_peak", *, language: Language = "en", currency: str = ""
) -> Drawing:
    """The mean of a drawn quantity under each policy, and the band eight draws of ten fall in.

    Args:
        summary: `Draws.summary`; beyond twenty policies beside today's terms the first ones are drawn.
        quantity: receivable_peak, receivable_end, dso_end, or largest_share, what the ten largest customers owe of all
            that is owed on the last day.
        language: of the labels and figures.
        currency: of amounts, named when given.
    """
    about = word("charts.draws.about", language)
    known = summary[(summary["quantity"] == quantity)].head(1 + _MOST_POLICIES)
    if not known["mean"].notna().any():
        return nothing_drawn(word("charts.nothing", language), about, language)
    names = policy_names(known["policy"].tolist(), language)
    rows = known[["mean", "low", "high"]].reset_index(drop=True)
    rows = rows.assign(
        policy=names,
        label=[in_lines(name) for name in names],
        figure=[_short(mean, quantity, language) for mean in rows["mean"]],
    )
    told = word(f"charts.draws.{quantity}", language)
    unit = word("charts.draws.unit", language, quantity=told, unit=_unit(quantity, language, currency))
    drawn, high = _bands(rows, quantity, language), rows_high(42, rows["label"].tolist())
    finding = _finding(summary, rows, quantity, language, currency)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=high)


def _bands(rows: pd.DataFrame, quantity: Quantity, language: Language) -> Drawing:
    figures = {"dso_end": ",.1f", "largest_share": ".1%"}.get(quantity, ",.0f")
    scale = alt.Scale(range=[_ROOM, alt.ExprRef(f"width - {_ROOM}")], nice=False, zero=False)
    base = alt.Chart(rows).encode(
        y=row_axis("label", rows["label"].tolist(), lines=True),
        tooltip=[
            tip("policy:N", word("show.policy", language)),
            tip("mean:Q", word("charts.draws.mean", language), figures),
            tip("low:Q", word("show.low", language), figures),
            tip("high:Q", word("show.high", language), figures),
        ],
    )
    x = alt.X("mean:Q", axis=None, scale=scale)
    today = alt.Chart(rows.head(1)).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=x)
    band = base.mark_rule(strokeWidth=6, opacity=0.35, color=BLUE)
    points = base.mark_point(filled=True, size=110, opacity=1, color=BLUE).encode(x=x)
    written = base.mark_text(dy=-14, fontSize=11).encode(x=x, text="figure:N")
    drawn: Drawing = today + band.encode(x=alt.X("low:Q", axis=None, scale=scale), x2="high:Q") + points + written
    return drawn


def _unit(quantity: Quantity, language: Language, currency: str) -> str:
    if quantity == "largest_share":
        return word("charts.draws.of_owed", language)
    return word("show.days", language) if quantity == "dso_end" else currency or word("show.amount", language)


def _short(value: float, quantity: Quantity, language: Language) -> str:
    if np.isnan(value):
        return "–"
    if quantity == "largest_share":
        return share_text(value, language)
    return days_text(value, language) if quantity == "dso_end" else number(_rounded(value), language, 0)


def _rounded(amount: float) -> float:
    """To four figures: draws tell no more, and fewer would make one of two amounts that differ."""
    return float(f"{amount:.3e}")


def _long(value: float, quantity: Quantity, language: Language, currency: str) -> str:
    if quantity in ("receivable_peak", "receivable_end"):
        return money(_rounded(value), language, currency, 0)
    written = _short(value, quantity, language)
    return word("charts.simulation_backtest.in_days", language, days=written) if quantity == "dso_end" else written


def _finding(summary: pd.DataFrame, rows: pd.DataFrame, quantity: Quantity, language: Language, currency: str) -> str:
    """Today's figure with its band, and that of the policy whose figure is lowest."""
    today, tried = rows.iloc[0], rows.iloc[1:].dropna(subset=["mean"])
    values = {name: _long(float(today[name]), quantity, language, currency) for name in ("mean", "low", "high")}
    found = word(f"charts.draws.{quantity}_today", language, **values)
    if quantity == "receivable_peak":
        peak = summary[summary["quantity"] == "peak_day"].iloc[0]
        first, last = float(peak["low"]), float(peak["high"])
        if last - first < _TELLING * last:
            found += word("charts.draws.peak_between", language, first=first, last=last)
    if tried.empty:
        return found
    least = tried.iloc[int(tried["mean"].to_numpy().argmin())]
    value = _long(float(least["mean"]), quantity, language, currency)
    return found + word("charts.draws.with", language, policy=least["policy"], value=value, policies=len(tried))
