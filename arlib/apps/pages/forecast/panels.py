"""The cash to come as HTML: its totals as cards, its weeks as a table, what it rests on; all text escaped."""

from html import escape

import pandas as pd

from arlib.apps.parts.panels import figure_card, figure_cards, figure_line, folded, note, scrolled
from arlib.show.tables import Html, forecast_table
from arlib.simulation import CashForecast
from arlib.words import Language, day, money, percent, word

_FIRST = 4  # weeks a treasurer looks at first


def being_computed(weeks: int, language: Language) -> Html:
    """What stands in place of the forecast until it is known."""
    return note(word("app.forecast.computing", language, weeks=weeks))


def totals(weekly: pd.DataFrame, language: Language, currency: str) -> Html:
    """Cash of all weeks and of the first ones, each with its band; what of it is promised or not invoiced yet."""
    total = float(weekly["expected"].sum())
    parts = {name: float(weekly[f"{name}"].sum()) for name in ("from_open", "from_future", "promised")}
    made = [
        _until(len(weekly), "total", weekly, language, currency),
        _until(_FIRST, "first", weekly, language, currency),
        _part("open", parts["from_open"], total, language, currency),
        _part("future", parts["from_future"], total, language, currency),
    ]
    if round(parts["promised"], 2):
        made.append(_part("promised", parts["promised"], total, language, currency))
    return figure_cards(made, name="forecast-totals")


def _until(weeks: int, key: str, weekly: pd.DataFrame, language: Language, currency: str) -> Html:
    """The cash up to the end of a week, and its band in words."""
    row = weekly.iloc[weeks - 1]
    figures = {
        name: money(float(row[f"{name}_cumulated"]), language, currency, 0) for name in ("expected", "p10", "p90")
    }
    below = word("app.forecast.band", language, low=figures["p10"], high=figures["p90"])
    title = word(f"app.forecast.{key}", language, weeks=weeks)
    return figure_card(f"forecast-{key}", title, figures["expected"], [figure_line(below)])


def _part(key: str, amount: float, total: float, language: Language, currency: str) -> Html:
    """A part of what is expected, and its share."""
    share = percent(amount / total if total else 0.0, language, 0)
    below = figure_line(word(f"app.forecast.{key}.share", language, share=share))
    title = word(f"app.forecast.{key}", language)
    return figure_card(f"forecast-{key}", title, money(amount, language, currency, 0), [below])


def weeks(forecast: CashForecast, language: Language) -> Html:
    """Week by week, and what it is made of, behind its title."""
    table = forecast_table(forecast.weekly, language=language, currency=forecast.currency)
    summary = escape(word("app.forecast.weeks", language))
    shown = scrolled(table, name="forecast-weeks")
    return Html(f'<details class="arlib-basis"><summary>{summary}</summary>{shown}</details>')


def notes(forecast: CashForecast, language: Language) -> Html:
    """What it rests on, behind its title."""
    return folded(word("app.basis", language), (each.text(language) for each in forecast.notes))


def promised(file: str, promises: int, language: Language) -> Html:
    """Which file of promises counts."""
    return note(word("app.forecast.promises_read", language, file=file, promises=promises), name="promises")


def week_name(weekly: pd.DataFrame, week: int, language: Language) -> str:
    """A week by its number and its days."""
    row = weekly.iloc[week - 1]
    start, end = day(row["starts_on"], language), day(row["ends_on"], language)
    return word("app.forecast.week", language, week=week, start=start, end=end)
