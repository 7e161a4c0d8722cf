"""The customers at risk as HTML: their scores with reasons; all text escaped."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import pandas as pd

from arlib.apps.answers import Answers
from arlib.risk.chain import later_in_words
from arlib.show.tables import Field, Html, grades_with_range, table
from arlib.words import Language, word

_RISKIEST = 6  # each with its reasons: more would not be read


def riskiest(answers: Answers, language: Language) -> Html:
    """The customers whose late payment would cost most: score, what moved it, what it may cost, and why.

    Raises:
        ArlibError: no payment is known by the day.
    """
    scores = answers.scores(language)
    owing = scores[scores["exposure"] > 0].head(_RISKIEST)
    if owing.empty:
        return Html(f"<p>{escape(word('app.risk.none', language))}</p>")
    notes = [_note(each, language) for each in owing[list(_TOLD)].to_numpy()]
    rows = owing.assign(
        grade=grades_with_range(owing, language),
        change=[_signed(change, language) for change in owing["change"]],
        trend=[word(f"app.trend.{trend}", language) if trend else "" for trend in owing["trend"]],
        expected_loss=owing["customer_id"].map(answers.expected_losses),
        note=pd.Series(notes, index=owing.index, dtype=object),  # Html, which the type of text would not keep
    )
    later = later_in_words(int(owing["days_late"].iloc[0]))
    caption = word("app.risk.caption", language, later=later.text(language))
    lines = table(rows, list(_fields(rows, answers, language)), caption=caption, language=language, note="note")
    start = escape(owing["starting_point"].iloc[0])
    return Html(
        f'<div class="arlib-scroll arlib-risk" data-testid="risk"><p class="arlib-note">{start}</p>{lines}</div>'
    )


def _fields(rows: pd.DataFrame, answers: Answers, language: Language) -> Iterator[Field]:
    """The columns, without those that nobody has anything in."""
    currency = answers.ledger.currency
    yield Field("name", word("table.customer", language))
    yield Field("score", word("app.score", language), "count")
    yield Field("grade", word("app.grade", language))
    since = word("app.change.since", language, day=answers.compared_with)
    yield Field("change", since.replace("-", "\N{NON-BREAKING HYPHEN}"), "count")
    yield Field("expected_late", word("app.expected_late", language) + (f" ({currency})" if currency else ""), "money")
    yield Field("overdue", word("app.overdue", language), "money")
    yield Field("exposure", word("app.exposure", language), "money")
    if rows["expected_loss"].notna().any():
        yield Field("expected_loss", word("app.expected_loss", language), "money")
    if rows["trend"].any():
        yield Field("trend", word("app.trend", language))


_TOLD = ("main_reasons", "change_reason", "trend_reason", "own_reasons")


def _note(told: Iterable[str], language: Language) -> Html:
    """The strongest reasons, and behind them what changed and the whole calculation."""
    main, *others = told
    lines = "".join(f"<li>{escape(text)}</li>" for text in others if text)
    summary = escape(word("app.risk.details", language))
    return Html(f"{escape(main)}<details><summary>{summary}</summary><ul>{lines}</ul></details>")


def _signed(points: Any, language: Language) -> str:  # noqa: ANN401 - a whole number, or none
    return "–" if pd.isna(points) else word("app.points", language, points=points)
