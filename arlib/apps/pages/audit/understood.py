"""What was understood of the files, as HTML: each file with its seal, what was read of it, and how."""

from collections.abc import Iterable, Iterator
from html import escape

import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.parts.panels import figure_card, figure_cards, figure_line, scrolled, warning
from arlib.ledger import Ledger
from arlib.ledger.books import Source
from arlib.show.tables import Field, Html, proof_table, table
from arlib.words import Language, has_word, money, number, word

_OPEN = 3  # files beyond which each is behind its name
_NAMED = 8  # companies that are named


def figures(answers: Answers, language: Language) -> Html:
    """What was read, as cards: movements of which kinds and days, customers and companies, what is owed."""
    ledger = answers.ledger
    owed = float(answers.proof.set_index("line")["amount"]["open_items"])
    cards: dict[str, tuple[str, Iterable[str]]] = {
        "movements": (number(len(ledger.items), language, 0), _movements(ledger, language)),
        "customers": (number(len(ledger.customers), language, 0), _customers(ledger, language)),
        "owed": (money(owed, language, ledger.currency), [word("app.audit.on_day", language, day=answers.as_of)]),
    }
    made = (
        figure_card(f"audit-{key}", word(f"app.audit.figure.{key}", language), value, map(figure_line, below))
        for key, (value, below) in cards.items()
    )
    return figure_cards(made, name="audit-figures")


def _movements(ledger: Ledger, language: Language) -> Iterator[str]:
    counted = ledger.items["kind"].value_counts()
    yield " · ".join(f"{_kind(str(kind), language)} {number(rows, language, 0)}" for kind, rows in counted.items())
    first, last = ledger.covers
    yield word("export.cover.from_to", language, first=first, last=last)


def _kind(kind: str, language: Language) -> str:
    key = f"export.kind.{kind}"
    return word(key, language) if has_word(key) else kind


def _customers(ledger: Ledger, language: Language) -> Iterator[str]:
    """How much is matched, and which companies the files tell apart."""
    yield word("app.audit.matches", language, rows=len(ledger.matches))
    named = sorted(str(each) for each in ledger.items["entity"].dropna().unique() if str(each))
    listed = ", ".join(named[:_NAMED]) + ("…" if len(named) > _NAMED else "")
    if named:
        yield word("app.audit.companies", language, companies=len(named), names=listed)


def proof(answers: Answers, language: Language) -> Html:
    """Whether the totals tie, in a sentence, and every line: how the balance came about, and each way of counting."""
    lines, currency = answers.proof, answers.ledger.currency
    totals = lines[lines["role"] == "total"]
    if bool(totals["ties"].all()):
        amount = money(float(totals["amount"].iloc[-1]), language, currency)
        text = word("app.audit.ties", language, ways=len(totals), amount=amount)
        told = Html(f'<p class="arlib-audit-ties" data-testid="audit-ties">✓ {escape(text)}</p>')
    else:
        told = warning(word("app.proof.differs", language), name="audit-differs")
    shown = scrolled(proof_table(lines, language=language, currency=currency), name="audit-proof")
    return Html(told + shown)


def files(ledger: Ledger, language: Language) -> Html:
    """Each file read, in the order they were given."""
    if not ledger.sources:
        return Html(f'<p class="arlib-empty">{escape(word("export.cover.no_source", language))}</p>')
    read = ledger.items["file"].value_counts() if "file" in ledger.items else pd.Series(dtype="int64")
    few = len(ledger.sources) <= _OPEN
    start = f'<details class="arlib-audit-file" data-testid="audit-file"{" open" if few else ""}>'
    return Html("".join(f"{start}{_file(source, read, language)}</details>" for source in ledger.sources))


def _file(source: Source, read: "pd.Series[int]", language: Language) -> Html:
    kind = f"app.audit.format.{source.format}"
    facts = {
        "format": word(kind, language) if has_word(kind) else source.format,
        "movements": number(int(read.get(source.name, 0)), language, 0),
        "seal": source.sha256,
    }
    terms = "".join(
        f"<dt>{escape(word(f'app.audit.file.{key}', language))}</dt><dd>{escape(text)}</dd>"
        for key, text in facts.items()
    )
    name = f"<summary><bdi>{escape(source.name)}</bdi></summary>"
    return Html(f"{name}<dl>{terms}</dl>{''.join(_notes(source, language))}")


def _notes(source: Source, language: Language) -> Iterator[Html]:
    """What a person should look at, every decision taken, and the columns."""
    yield from (warning(each.text(language)) for each in source.warnings)
    lines = "".join(f"<li>{escape(each.text(language))}</li>" for each in source.reading)
    if lines:
        title = escape(word("app.reading", language))
        yield Html(f'<h3>{title}</h3><ul class="arlib-audit-notes" data-testid="audit-notes">{lines}</ul>')
    if source.columns:
        yield _columns(source, language)


def _columns(source: Source, language: Language) -> Html:
    """Which heading was taken for what."""
    rows = pd.DataFrame({"field": list(source.columns), "heading": [str(each) for each in source.columns.values()]})
    rows["field"] = [word(f"field.{name}", language) if has_word(f"field.{name}") else name for name in rows["field"]]
    named = [Field(name, word(f"app.audit.column.{name}", language)) for name in ("heading", "field")]
    caption = word("app.audit.columns", language, columns=len(rows))
    shown = scrolled(table(rows, named, caption=caption, language=language), name="audit-columns")
    return Html(f'<details class="arlib-basis"><summary>{escape(caption)}</summary>{shown}</details>')
