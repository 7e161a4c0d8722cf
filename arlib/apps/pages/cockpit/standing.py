"""The proof, the reading and the key figures as HTML: frames in, text out; what comes from a file is escaped."""

import math
from html import escape
from typing import Any

import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.parts.panels import (
    Change,
    figure_card,
    figure_cards,
    figure_change,
    figure_line,
    folded,
    note,
    scrolled,
    warning,
)
from arlib.checks.proof import ROLLED_FORWARD
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.show.tables import Html, figure, key_figures_table, measure_label, proof_label, proof_table
from arlib.words import Language, Sentence, money, number, percent, word

_CARDS = ("balance", "overdue", "dso", "countback_dso", "open_items", "customers_owing")

# What a reader warns of when days before the last one would show what never was, from the gravest on.
_NO_PAST = ("read.no_issue_date", "read.only_open", "read.nothing_paid", "read.undated_payments")
_BY_THE_DAY = "read.undated_payments"  # on the day itself everything is known
_OF_THE_PAST = ("dso", "countback_dso", "best_possible_dso", "delinquent_dso", "collection_effectiveness")


def past_unknown(ledger: Ledger) -> Sentence | None:
    """The gravest warning of a file from which what was owed earlier cannot be known; none where it can."""
    warned = [each for source in ledger.sources for each in source.warnings if each.key in _NO_PAST]
    return min(warned, key=lambda each: _NO_PAST.index(each.key), default=None)


def demand_past(ledger: Ledger) -> None:
    """Refuses to look back where the file does not tell.

    Raises:
        ArlibError: what was owed earlier is not known, and why.
    """
    if (unknown := past_unknown(ledger)) is not None:
        raise ArlibError(unknown)


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
    unknown = past_unknown(answers.ledger)
    shown = answers.key_figures if unknown is None else _without_past(answers.key_figures, unknown)
    figures = {row.measure: row for row in shown.itertuples()}
    cards = figure_cards([_card(figures[key], answers.ledger.currency, language) for key in _CARDS])
    every = scrolled(key_figures_table(shown, language=language), name="key-figures")
    why = "" if unknown is None else note(unknown.text(language), name="past-unknown")
    return Html(f"{cards}{why}{behind(word('app.key_figures.every', language), every)}")


def _without_past(figures: pd.DataFrame, unknown: Sentence) -> pd.DataFrame:
    """Key figures without those of earlier days, nor those of the day that are made of them."""
    kept = figures.assign(previous_month=math.nan, previous_year=math.nan)
    if unknown.key == _BY_THE_DAY:
        return kept
    made = kept["measure"].isin(_OF_THE_PAST)
    notes = [unknown if own else said for own, said in zip(made, kept["note"], strict=True)]
    return kept.assign(value=kept["value"].mask(made), note=pd.Series(notes, kept.index, dtype=object))


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
