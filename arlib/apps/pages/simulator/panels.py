"""What the simulator says in words and figures, as HTML: frames in, text out; all that comes from a file escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TypeAlias

import numpy as np
import pandas as pd

from arlib.apps.pages.simulator.kept import Trial
from arlib.apps.pages.simulator.tried import Levers
from arlib.apps.parts.panels import figure_card, figure_cards, figure_line, note, scrolled, warning
from arlib.errors import ArlibError
from arlib.show.tables import Html, policies_table
from arlib.words import Language, money, number, word

_CASH = ("app.result.same", "app.result.more", "app.result.less")
_GAINED = ("app.result.gained_same", "app.result.gained_more", "app.result.gained_less")
_HALF = 0.5  # of a unit of money: less is written as nothing


def law(trial: Trial, language: Language) -> Html:
    """Whether the terms tried are within the law's limit, for all and for each segment with its own; else nothing."""
    told = [("", trial.tried.everyone), *trial.tried.apart(trial.who).items()]
    lines = [_limit(segment, levers, language) for segment, levers in told if levers.reading != "today"]
    return Html(f'<div data-testid="law">{"".join(lines)}</div>' if lines else "")


def _limit(segment: str, levers: Levers, language: Language) -> str:
    state = "beyond" if levers.beyond_law else "within"
    text = word(f"app.law.{state}", language, limit=levers.legal_days, days=levers.days)
    named = f"<strong>{escape(segment)}</strong> " if segment else ""
    return f'<p class="arlib-law is-{state}">{named}{escape(text)}</p>'


def apart(trial: Trial, language: Language) -> Html:
    """Which segments have levers of their own, and which; and those the ledger does not have."""
    own = trial.tried.apart(trial.who).items()
    lines = [f"<li><strong>{escape(name)}</strong> – {escape(levers.label(language))}</li>" for name, levers in own]
    listed = f'<ul class="arlib-apart" data-testid="apart">{"".join(lines)}</ul>' if lines else ""
    absent = trial.absent
    told = note(word("app.tried.absent", language, segments=", ".join(absent))) if absent else ""
    return Html(listed + told)


def elsewhere(troubles: Mapping[str, ArlibError], language: Language) -> Html:
    """Which kept policies cannot be tried on this ledger, and why: one line each."""
    told = [
        word("app.kept.elsewhere", language, policy=name, why=error.text(language)) for name, error in troubles.items()
    ]
    return Html("".join(map(warning, told)))


def results(summary: pd.DataFrame, horizon: int, language: Language, currency: str) -> Html:
    """What the policy tried would bring by the last day, beside today's terms: days, cash, euros, and the law."""
    today, tried = summary.iloc[0], summary.iloc[1]
    made = (
        _days(today, tried, language),
        _receivable(today, tried, language, currency),
        _cash(tried, language, currency),
        _gained(tried, language, currency),
        _breaches(today, tried, language, currency),
    )
    return Html(note(word("app.results", language, days=horizon)) + figure_cards(made))


Row: TypeAlias = "pd.Series[float]"


def _days(today: Row, tried: Row, language: Language) -> Html:
    low, high = (number(tried[f"dso_month_{end}"], language, 1) for end in ("low", "high"))
    band = () if np.isnan(tried["dso_month"]) else (word("app.result.band", language, low=low, high=high),)
    below = word("app.result.today", language, value=number(today["dso_month"], language, 1))
    return _card("dso", number(tried["dso_month"], language, 1), (below, *band), language)


def _receivable(today: Row, tried: Row, language: Language, currency: str) -> Html:
    whole = [money(tried[f"receivable_end{end}"], language, currency, 0) for end in ("", "_low", "_high")]
    below = word("app.result.today", language, value=money(today["receivable_end"], language, currency, 0))
    band = word("app.result.band", language, low=whole[1], high=whole[2])
    return _card("receivable", whole[0], (below, band), language)


def _cash(tried: Row, language: Language, currency: str) -> Html:
    return _card("cash", *_signed(float(tried["cash_gained"]), _CASH, language, currency), language)


def _gained(tried: Row, language: Language, currency: str) -> Html:
    """What financing costs less in a year, and what is left once the policy's own costs are paid."""
    gained, net = float(tried["financing_gained"]), float(tried["net_gained"])
    if np.isnan(gained):
        return _card("gained", "–", (word("app.result.no_rate", language),), language)
    value, below = _signed(gained, _GAINED, language, currency)
    key = "app.result.net" if not np.isnan(net) else "app.result.net_unknown"
    left = word(key, language, net=money(net, language, currency, 0))
    return _card("gained", value, (*below, left), language)


def _breaches(today: Row, tried: Row, language: Language, currency: str) -> Html:
    """How many invoices would fall due later than the law allows."""
    invoices = float(tried["illegal_invoices"])
    if np.isnan(invoices):
        return _card("breaches", "–", (word("app.result.law_unknown", language),), language)
    amount = word("app.result.illegal", language, amount=money(tried["illegal_amount"], language, currency, 0))
    below = word("app.result.today", language, value=number(today["illegal_invoices"], language, 0))
    return _card("breaches", number(invoices, language, 0), (amount, below), language)


def _signed(amount: float, told: Sequence[str], language: Language, currency: str) -> tuple[str, tuple[str, ...]]:
    """An amount with its sign, and what it means beside today's terms: the label of the same, of more, of less."""
    compared = 0 if abs(amount) < _HALF else 1 if amount > 0 else 2
    sign = "+" if compared == 1 else ""
    return sign + money(amount, language, currency, 0), (word(told[compared], language),)


def _card(key: str, value: str, below: Iterable[str], language: Language) -> Html:
    return figure_card(f"result-{key}", word(f"app.result.{key}", language), value, map(figure_line, below))


def compared(summary: pd.DataFrame, language: Language, currency: str) -> Html:
    """Policies side by side, with the sentence of each."""
    lines = policies_table(summary, language=language, currency=currency)
    return scrolled(lines, name="policies", look="arlib-policies")
