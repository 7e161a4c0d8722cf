"""One figure of each page, in a few words: what a card of the start page says of the ledger that is open."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from arlib.apps.answers import Answers
from arlib.words import Language, money, percent, word

Live = Callable[[Answers, Language], str]


def _owed(answers: Answers, language: Language) -> str:
    amount = money(_key_figure(answers, "balance"), language, answers.ledger.currency, 0)
    return word("app.start.live.cockpit", language, amount=amount)


def _overdue(answers: Answers, language: Language) -> str:
    share = _key_figure(answers, "overdue_share")
    if math.isnan(share):  # nothing is owed
        return word("app.start.live.nothing", language)
    return word("app.start.live.customers", language, share=percent(share, language))


def _dso(answers: Answers, language: Language) -> str:
    """The DSO that other terms would change; why there is none where it is not known."""
    figure = answers.dso
    if figure.note is not None and math.isnan(figure):
        return figure.note.text(language)
    return word("app.start.live.simulator", language, days=figure)


def _cash(answers: Answers, language: Language) -> str:
    weekly = answers.forecast().weekly
    amount = money(float(weekly["expected"].sum()), language, answers.ledger.currency, 0)
    return word("app.start.live.forecast", language, amount=amount, weeks=len(weekly))


def _contacts(answers: Answers, language: Language) -> str:
    found = answers.worklist(language)
    return word("app.start.live.collect", language, customers=len(found.contacts), others=len(found.left))


def _points(answers: Answers, language: Language) -> str:
    """What looks wrong, but for what is only worth knowing."""
    severity = answers.findings(language)["severity"]
    return word("app.start.live.audit", language, findings=int(severity.ne("info").sum()))


def _key_figure(answers: Answers, measure: str) -> float:
    figures = answers.key_figures
    return float(figures.loc[figures["measure"] == measure, "value"].iloc[0])


AT_ONCE: Mapping[str, Live] = MappingProxyType({"cockpit": _owed, "customers": _overdue, "simulator": _dso})
LATER: Mapping[str, tuple[str, Live]] = MappingProxyType(
    {"forecast": ("forecasting", _cash), "collect": ("listing", _contacts), "audit": ("checking", _points)}
)
"""By page, what is said while it is computed (`app.busy.<name>`), and the figure."""
