"""The cash to come as HTML: its totals as cards, and behind them its weeks and customers; all text escaped."""

from html import escape

import pandas as pd

from arlib.show.tables import Html, forecast_by_customer_table, forecast_table
from arlib.simulation import CashForecast
from arlib.words import Language, money, percent, word

_FIRST = 4  # weeks a treasurer looks at first


def being_computed(language: Language) -> Html:
    """What stands in place of the forecast until it is known."""
    return Html(f'<p class="arlib-note">{escape(word("app.forecast.computing", language))}</p>')


def totals(weekly: pd.DataFrame, language: Language, currency: str) -> Html:
    """Cash of all weeks and of the first ones, each with its band; and what of it is not invoiced yet."""
    total, future = float(weekly["expected"].sum()), float(weekly["from_future"].sum())
    share = word("app.forecast.share", language, share=percent(future / total if total else 0.0, language, 0))
    made = [
        _card(
            "forecast-total",
            word("app.forecast.total", language, weeks=len(weekly)),
            *_until(-1, weekly, language, currency),
        ),
        _card(
            "forecast-first",
            word("app.forecast.first", language, weeks=_FIRST),
            *_until(_FIRST - 1, weekly, language, currency),
        ),
        _card("forecast-future", word("app.forecast.future", language), money(future, language, currency, 0), share),
    ]
    return Html(f'<div class="arlib-cards">{"".join(made)}</div>')


def _until(week: int, weekly: pd.DataFrame, language: Language, currency: str) -> tuple[str, str]:
    """The cash up to the end of a week, and its band in words."""
    row = weekly.iloc[week]
    figures = {
        name: money(float(row[f"{name}_cumulated"]), language, currency, 0) for name in ("expected", "p10", "p90")
    }
    return figures["expected"], word("app.forecast.band", language, low=figures["p10"], high=figures["p90"])


def _card(name: str, title: str, value: str, below: str) -> str:
    return (
        f'<section class="arlib-card arlib-figure" data-testid="{name}"><h3>{escape(title)}</h3>'
        f'<p class="arlib-value">{escape(value)}</p><p>{escape(below)}</p></section>'
    )


def details(forecast: CashForecast, names: "pd.Series[str]", language: Language) -> Html:
    """Week by week, customer by customer, and what it rests on, each behind its title."""
    weeks = forecast_table(forecast.weekly, language=language, currency=forecast.currency)
    customers = forecast_by_customer_table(
        forecast.by_customer, names=names, language=language, currency=forecast.currency
    )
    notes = "".join(f"<li>{escape(note.text(language))}</li>" for note in forecast.notes)
    parts = {
        "app.forecast.weeks": f'<div class="arlib-scroll">{weeks}</div>',
        "app.forecast.customers": f'<div class="arlib-scroll">{customers}</div>',
        "app.basis": f"<ul>{notes}</ul>",
    }
    return Html(
        "".join(
            f'<details class="arlib-basis"><summary>{escape(word(key, language))}</summary>{shown}</details>'
            for key, shown in parts.items()
        )
    )
