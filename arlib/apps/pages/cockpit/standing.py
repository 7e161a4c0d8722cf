"""The proof, the reading and the key figures as HTML: frames in, text out; what comes from a file is escaped."""

import math
from html import escape
from typing import Any

from arlib.apps.answers import Answers
from arlib.apps.parts.panels import (
    Change,
    figure_card,
    figure_cards,
    figure_change,
    figure_line,
    folded,
    scrolled,
    warning,
)
from arlib.checks.proof import ROLLED_FORWARD
from arlib.show.tables import Html, figure, key_figures_table, measure_label, proof_label, proof_table
from arlib.words import Language, money, number, percent, word

_CARDS = ("balance", "overdue", "dso", "countback_dso", "open_items", "customers_owing")


def proof_line(answers: Answers, language: Language) -> Html:
    """One sentence saying whether the totals tie, and every line behind it."""
    proof, currency = answers.proof, answers.ledger.currency
    ties = bool(proof["ties"].all())
    if ties:
        totals = proof[(proof["role"] == "total") & (proof["line"] != ROLLED_FORWARD)]
        ways = " = ".join(proof_label(line, language) for line in totals["line"])
        amount = money(totals["amount"].iloc[0], language, currency)
        sentence = word("app.proof.ties", language, ways=ways, amount=amount)
    else:
        sentence = word("app.proof.differs", language)
    state = "ties" if ties else "differs"
    lines = proof_table(proof, language=language, currency=currency)
    return Html(
        f'<details class="arlib-proof is-{state}" data-testid="proof"{"" if ties else " open"}>'
        f"<summary>{escape(sentence)} <small>{escape(word('app.proof.details', language))}</small></summary>"
        f'<div class="arlib-scroll">{lines}</div></details>'
    )


def reading(answers: Answers, language: Language) -> Html:
    """What the reader warns of, in sight; and every decision it took, for whoever asks."""
    sources = answers.ledger.sources
    warnings = "".join(warning(each.text(language)) for source in sources for each in source.warnings)
    decisions = (each.text(language) for source in sources for each in source.reading)
    return Html(warnings + folded(word("app.reading", language), decisions))


def key_figure_cards(answers: Answers, language: Language) -> Html:
    """A card a key figure: its value, and its change since the end of last month and in a year; then all of them."""
    figures = {row.measure: row for row in answers.key_figures.itertuples()}
    cards = figure_cards([_card(figures[key], answers.ledger.currency, language) for key in _CARDS])
    every = scrolled(key_figures_table(answers.key_figures, language=language), name="key-figures")
    return Html(f"{cards}{behind(word('app.key_figures.every', language), every)}")


def behind(summary: str, shown: Html) -> Html:
    """What is shown to whoever asks for it."""
    return Html(f'<details class="arlib-basis"><summary>{escape(summary)}</summary>{shown}</details>')


def _card(row: Any, currency: str, language: Language) -> Html:  # noqa: ANN401 - a named row
    missing = math.isnan(row.value)
    unit = word("show.days", language) if row.unit == "days" and not missing else ""
    if missing and row.note is not None:
        below = [figure_line(row.note.text(language))]
    else:
        changes = {"previous_month": row.previous_month, "previous_year": row.previous_year}
        below = [_change(row.value, before, row.unit, key, language) for key, before in changes.items()]
    value = figure(row.value, row.unit, language, currency)
    return figure_card(row.measure, measure_label(row.measure, language), value, below, unit=unit)


def _change(value: float, before: float, unit: str, moment: str, language: Language) -> Html:
    if math.isnan(value) or math.isnan(before):
        return figure_line(word(f"app.change.no_{moment}", language))
    return figure_change(_difference(value, before, unit, language), word(f"app.change.{moment}", language))


def _difference(value: float, before: float, unit: str, language: Language) -> Change:
    """A change with its sign, and its direction: money in percent of what it was, shares in points."""
    change, decimals = value - before, {"money": 2, "count": 0}.get(unit, 1)
    if unit == "percent":
        change *= 100
    if round(change, decimals) == 0:
        return word("app.change.same", language), "same"
    sign, direction = ("+", "up") if change > 0 else ("", "down")
    if unit == "money" and before > 0:
        return sign + percent(change / before, language), direction
    written = sign + number(change, language, decimals)
    key = {"days": "app.change.days", "percent": "app.change.points"}.get(unit)
    return (word(key, language, change=written) if key else written), direction


def assumed_due(answers: Answers, language: Language) -> Html:
    """How much of what is owed rests on due dates that are not in the file; nothing where none does."""
    opened, currency = answers.assumed_due, answers.ledger.currency
    if opened.empty:
        return Html()
    granted = (opened["due_on"] - opened["issued_on"]).dt.days
    amounts = {"open": opened["open_amount"], "overdue": opened.loc[opened["days_overdue"] > 0, "open_amount"]}
    written = {name: money(float(amount.sum()), language, currency) for name, amount in amounts.items()}
    text = word("app.assumed_due", language, days="–".join(map(str, sorted({granted.min(), granted.max()}))), **written)
    return warning(text, name="assumed-due")
