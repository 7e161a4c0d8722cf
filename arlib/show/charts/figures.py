"""Figures as the title or a cell of a chart says them: whole shares, short amounts, days with their sign."""

import numpy as np

from arlib.words import Language, money, number, percent, word

_WHOLE, _ALMOST = 0.01, 0.99  # between these a share is said in whole per cents
_STEPS = ((1e9, "charts.billions"), (1e6, "charts.millions"), (1e3, "charts.thousands"))
_ROUNDED_UP = 0.9995  # of a step: 999,960 is 1.0M and not 1,000k
_HALF = 0.5  # of a unit of money: less is written 0, without a sign
_LARGE = 100  # from which a short amount needs no decimal


def share_text(share: float, language: Language) -> str:
    """`27 %`; near nothing and near all with one decimal, so that a little is never said to be nothing."""
    exact = share in (0, 1) or _WHOLE <= share <= _ALMOST
    return percent(share, language, 0 if exact else 1)


def whole_money(amount: float, language: Language, currency: str) -> str:
    """An amount in a title: large ones short, without cents."""
    return (
        money(amount, language, currency, 0) if abs(amount) < _STEPS[1][0] else _short_with(amount, language, currency)
    )


def short_amount(amount: float, language: Language) -> str:
    """`1.2M`, `340k`: an amount in a cell of a chart."""
    if np.isnan(amount):
        return "–"
    for step, key in _STEPS:
        if abs(amount) >= step * _ROUNDED_UP:
            scaled = amount / step
            return word(key, language, amount=number(scaled, language, 0 if abs(scaled) >= _LARGE else 1))
    return number(amount, language, 0)


def days_text(days: float, language: Language) -> str:
    """Days to one decimal."""
    return number(days, language, 1)


def signed_days(days: float, language: Language) -> str:
    """Days added or taken off, with their sign."""
    return ("+" if round(days, 1) > 0 else "") + number(days, language, 1)


def signed_amount(amount: float, language: Language) -> str:
    """`+340k`: a short amount with its sign."""
    return ("+" if amount >= _HALF else "") + short_amount(amount, language)


def _short_with(amount: float, language: Language, currency: str) -> str:
    short, whole = short_amount(amount, language), money(0, language, currency, 0)
    return whole.replace("0", short, 1)
