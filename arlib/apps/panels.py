"""The parts of the page as HTML: frames in, text out; everything that comes from a file is escaped."""

import math
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.choices import Tried
from arlib.checks.proof import ROLLED_FORWARD
from arlib.errors import ArlibError
from arlib.measures.figure import Figure
from arlib.show.look import bucket_colours, bucket_label, used_buckets
from arlib.show.tables import Html, figure, measure_label, policies_table, proof_label, proof_table
from arlib.words import Language, Sentence, money, number, percent, word

_CARDS = ("balance", "overdue", "dso", "countback_dso", "open_items", "customers_owing")


def heading(key: str, language: Language, level: int = 2) -> Html:
    """The title of a section."""
    return Html(f"<h{level}>{escape(word(key, language))}</h{level}>")


def title(language: Language) -> Html:
    """The name of the page and what it answers."""
    return Html(f"<h1>{escape(word('app.title', language))}</h1><p>{escape(word('app.subtitle', language))}</p>")


def about(answers: Answers, name: str, language: Language) -> Html:
    """Which ledger, on which day, in which currency, over which time."""
    ledger = answers.ledger
    first, last = ledger.covers
    currency = ledger.currency or word("app.about.no_currency", language)
    text = word("app.about", language, name=name, day=answers.as_of, currency=currency, first=first, last=last)
    return Html(f'<p class="arlib-about" data-testid="about">{escape(text)}</p>')


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
    warnings = "".join(
        f'<p class="arlib-warning">{escape(note.text(language))}</p>' for source in sources for note in source.warnings
    )
    notes = "".join(f"<li>{escape(note.text(language))}</li>" for source in sources for note in source.reading)
    if not notes:
        return Html(warnings)
    summary = escape(word("app.reading", language))
    return Html(f'{warnings}<details class="arlib-basis"><summary>{summary}</summary><ul>{notes}</ul></details>')


def cards(answers: Answers, language: Language) -> Html:
    """A card a key figure: its value, and its change since the end of last month and in a year."""
    figures = {row.measure: row for row in answers.key_figures.itertuples()}
    notes = {"dso": answers.dso}
    made = [_card(figures[key], answers, notes.get(key), language) for key in _CARDS]
    return Html(f'<div class="arlib-cards">{"".join(made)}</div>')


def _card(row: Any, answers: Answers, reason: Figure | None, language: Language) -> str:  # noqa: ANN401 - a named row
    value = escape(figure(row.value, row.unit, language, answers.ledger.currency))
    missing = math.isnan(row.value)
    if row.unit == "days" and not missing:
        value += f" <small>{escape(word('show.days', language))}</small>"
    if missing and reason is not None and reason.note is not None:
        below = f"<p>{escape(reason.note.text(language))}</p>"
    else:
        changes = {"previous_month": row.previous_month, "previous_year": row.previous_year}
        below = "".join(_change(row.value, before, row.unit, key, language) for key, before in changes.items())
    explained = f' title="{escape(reason.formula.text(language))}"' if reason is not None else ""
    name = escape(measure_label(row.measure, language))
    return (
        f'<section class="arlib-card arlib-figure" data-testid="{row.measure}"{explained}>'
        f'<h3>{name}</h3><p class="arlib-value">{value}</p>{below}</section>'
    )


def _change(value: float, before: float, unit: str, moment: str, language: Language) -> str:
    if math.isnan(value) or math.isnan(before):
        return f'<p class="is-missing">{escape(word(f"app.change.no_{moment}", language))}</p>'
    written, direction = _difference(value, before, unit, language)
    since = escape(word(f"app.change.{moment}", language))
    return f'<p><span class="arlib-change is-{direction}">{escape(written)}</span> {since}</p>'


def _difference(value: float, before: float, unit: str, language: Language) -> tuple[str, str]:
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
    return Html(f'<p class="arlib-warning" data-testid="assumed-due">{escape(text)}</p>')


def aged_buckets(aged: pd.DataFrame, language: Language, currency: str) -> Html:
    """What is owed by age: a line a bucket with its share, as a bar and in figures, and the total."""
    shown = used_buckets(aged)
    amounts = aged[shown].sum().round(2)
    owed = float(amounts[amounts > 0].sum())
    colours = dict(zip(shown, bucket_colours(shown), strict=True))
    lines = "".join(_bucket_line(name, float(amounts[name]), owed, colours[name], language) for name in shown)
    amount_heading = word("table.amount", language) + (f" ({currency})" if currency else "")
    head = (
        f'<th scope="col" colspan="2">{escape(word("table.age", language))}</th>'
        f'<th scope="col" class="figure">{escape(amount_heading)}</th>'
        f'<th scope="col" class="figure">{escape(word("app.share", language))}</th>'
    )
    caption = word("table.aged_balance", language)
    total = number(float(amounts.sum()), language)
    return Html(
        f'<table class="arlib-table arlib-buckets" data-testid="aged"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody>"
        f'<tfoot><tr><th scope="row">{escape(word("table.total", language))}</th><td></td>'
        f'<td class="figure" data-testid="aged-total">{total}</td><td></td></tr></tfoot></table>'
    )


def _bucket_line(bucket: str, amount: float, owed: float, colour: str, language: Language) -> str:
    share = amount / owed if owed > 0 else math.nan
    bar = f'<span style="width:{share:.2%};background:{colour}"></span>' if amount > 0 else ""
    return (
        f'<tr><th scope="row">{escape(bucket_label(bucket, language))}</th>'
        f'<td class="arlib-bar">{bar}</td>'
        f'<td class="figure" data-testid="aged-{escape(bucket)}">{number(amount, language)}</td>'
        f'<td class="figure">{percent(share, language)}</td></tr>'
    )


def law(tried: Tried, language: Language) -> Html:
    """Whether the terms tried are within the law's limit; nothing where terms stay as they are."""
    if tried.reading == "today":
        return Html()
    key = "app.law.beyond" if tried.beyond_law else "app.law.within"
    text = word(key, language, limit=tried.legal_days, days=tried.days)
    state = "beyond" if tried.beyond_law else "within"
    return Html(f'<p class="arlib-law is-{state}" data-testid="law">{escape(text)}</p>')


def results(summary: pd.DataFrame, horizon: int, language: Language, currency: str) -> Html:
    """What the policy tried would bring by the last day, beside today's terms: DSO, receivable, cash."""
    today, tried = summary.iloc[0], summary.iloc[1]

    def whole(amount: float) -> str:
        return money(amount, language, currency, decimals=0)

    def against(value: str) -> str:
        return word("app.result.today", language, value=value)

    gained = float(tried["cash_gained"])
    compared = "same" if not round(gained) else "more" if gained > 0 else "less"
    figures = {
        "dso": (number(tried["dso_month"], language, 1), against(number(today["dso_month"], language, 1))),
        "receivable": (whole(tried["receivable_end"]), against(whole(today["receivable_end"]))),
        "cash": (("+" if compared == "more" else "") + whole(gained), word(f"app.result.{compared}", language)),
    }
    made = "".join(_result(key, value, below, language) for key, (value, below) in figures.items())
    caption = escape(word("app.results", language, days=horizon))
    return Html(f'<p class="arlib-note">{caption}</p><div class="arlib-cards">{made}</div>')


def _result(key: str, value: str, below: str, language: Language) -> str:
    return (
        f'<section class="arlib-card arlib-figure" data-testid="result-{key}">'
        f"<h3>{escape(word(f'app.result.{key}', language))}</h3>"
        f'<p class="arlib-value">{escape(value)}</p><p>{escape(below)}</p></section>'
    )


def basis(assumptions: Iterable[Sentence], language: Language) -> Html:
    """What a simulation rests on, for whoever asks."""
    lines = "".join(f"<li>{escape(sentence.text(language))}</li>" for sentence in assumptions)
    summary = escape(word("app.basis", language))
    return Html(f'<details class="arlib-basis"><summary>{summary}</summary><ul>{lines}</ul></details>')


def elsewhere(troubles: Mapping[str, ArlibError], language: Language) -> Html:
    """Which kept policies cannot be tried on this ledger, and why: one line each."""
    told = [
        word("app.kept.elsewhere", language, policy=name, why=error.text(language)) for name, error in troubles.items()
    ]
    return Html("".join(f'<p class="arlib-warning">{escape(each)}</p>' for each in told))


def compared(summary: pd.DataFrame, language: Language, currency: str) -> Html:
    """Policies side by side, with the sentence of each."""
    lines = policies_table(summary, language=language, currency=currency)
    return Html(f'<div class="arlib-scroll arlib-policies" data-testid="policies">{lines}</div>')


def empty(error: ArlibError | Sentence, language: Language) -> Html:
    """The sentence that stands where a part of the page has no answer."""
    return Html(f'<p class="arlib-empty">{escape(error.text(language))}</p>')
