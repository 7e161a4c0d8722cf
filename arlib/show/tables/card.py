"""What a customer card says, a line a figure: one list for pages and for the workbook; all in the card's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.card import CustomerCard
from arlib.schema import HALF_CENT
from arlib.show.look import bucket_label
from arlib.show.tables.html import Field, Html, Kind, table, written
from arlib.show.tables.risk import grades_with_range
from arlib.words import Language, Sentence, money, number, percent, say, word

FIGURES = ("owed", "exposure", "law")  # sections of figures, the others of texts
_NO_CENTS = 1_000  # from which an amount in a tile has none
_OWED = ("overdue", "disputed", "credits")


@dataclass(frozen=True)
class CardLine:
    """One line of a card: a figure or a text with its label; where there is none, the sentence that says why."""

    section: str
    label: str
    value: Any
    kind: Kind

    @property
    def told(self) -> bool:
        """Whether it is a sentence, and no figure."""
        return isinstance(self.value, Sentence)


def card_lines(card: CustomerCard) -> tuple[CardLine, ...]:
    """The lines of a card, section by section: owed, exposure, law, score, expected, identity; in its language."""
    language = card.language
    parts = (_owed(card, language), _exposure(card, language), _law(card), _score(card, language), _expected(card))
    lines = [line for part in (*parts, _identity(card)) for line in part]
    return tuple(
        CardLine(section, label if told else word(f"card.line.{label}", language), value, kind)
        for section, label, value, kind, told in lines
    )


_Line = tuple[str, str, Any, Kind, bool]  # the last: whether the label is in words already


def _line(section: str, name: str, value: Any, kind: Kind, missing: Sentence | None = None) -> _Line:  # noqa: ANN401
    """A line, and why there is no figure where it is missing."""
    none = missing is not None and (value is None or bool(pd.isna(value)))
    return section, name, missing if none else value, kind, False


def _owed(card: CustomerCard, language: Language) -> Iterator[_Line]:
    account = card.account
    yield _line("owed", "total", account.total, "money")
    yield from (_line("owed", name, getattr(account, name), "money") for name in _OWED)
    yield _line("owed", "days_overdue", card.exposure["days_overdue"], "count")
    for bucket, amount in account.aging.itertuples(index=False):
        if abs(amount) >= HALF_CENT:
            yield "owed", bucket_label(bucket, language), amount, "money", True


def _exposure(card: CustomerCard, language: Language) -> Iterator[_Line]:
    row, missing = card.exposure, card.missing
    orders = np.nan if "orders" in missing else row["orders"]
    yield _line("exposure", "receivable", row["receivable"], "money")
    yield _line("exposure", "orders", orders, "money", missing.get("orders"))
    yield _line("exposure", "exposure", row["exposure"], "money")
    yield _line("exposure", "credit_limit", row["credit_limit"], "money", missing.get("limit"))
    if "limit" not in missing:
        used = row["exposure"] / row["credit_limit"] if row["credit_limit"] > 0 else np.nan
        yield _line("exposure", "limit_used", used, "percent", say("card.missing.no_credit"))
        yield _line("exposure", "over_limit", row["over_limit"], "money")
    if "insurance" in missing:
        yield _line("exposure", "insured", None, "money", missing["insurance"])
        return
    yield _line("exposure", "insured", row["insured"], "money")
    yield _line("exposure", "uninsured", row["uninsured"], "money")
    yield _line("exposure", "cover_state", word(f"table.cover_state.{row['cover_state']}", language), "text")
    yield _line("exposure", "cover_ends_on", row["cover_ends_on"], "date", say("card.missing.cover_end"))


def _law(card: CustomerCard) -> Iterator[_Line]:
    if card.law is None:
        yield _line("law", "median_days_late", None, "days", card.missing["law"])
        return
    never = say("card.missing.beyond")
    yield _line("law", "median_days_late", card.law["median_days_late"], "count", never)
    yield _line("law", "p90_days_late", card.law["p90_days_late"], "count", never)
    yield _line("law", "p_late_30", card.law["p_late_30"], "percent")
    yield _line("law", "unpaid_share", card.law["unpaid_share"], "percent")
    yield _line("law", "history", card.law["invoices"], "days")
    if "own_law" in card.missing:
        yield _line("law", "note", card.missing["own_law"], "text")


def _score(card: CustomerCard, language: Language) -> Iterator[_Line]:
    row = card.score
    if row is None:
        yield _line("score", "score", None, "count", card.missing["score"])
        return
    yield _line("score", "score", row["score"], "count")
    yield _line("score", "grade", grades_with_range(row.to_frame().T, language)[0], "text")
    between = say(
        "card.between",
        share=percent(row["p_late"], language),
        low=percent(row["p_low"], language),
        high=percent(row["p_high"], language),
        days=row["days_late"],
    )
    yield _line("score", "p_late", between.text(language), "text")
    yield _line("score", "start", row["starting_point"], "text")  # from where the points of the reasons add up
    yield _line("score", "reasons", row["own_reasons"] or None, "text", say("card.missing.reasons"))
    trend = row["trend_reason"] if row["trend"] else None
    yield _line("score", "trend", trend, "text", say("card.missing.trend"))
    yield _line("score", "change", row["change_reason"] or None, "text", say("card.missing.change"))


def _expected(card: CustomerCard) -> Iterator[_Line]:
    missing = card.missing.get("expected")
    for name in ("from_open", "from_future", "expected"):
        value = None if missing is not None else round(float(card.expected[name].sum()), 2)
        yield _line("expected", name, value, "money", missing)
        if missing is not None:
            return


def _identity(card: CustomerCard) -> Iterator[_Line]:
    yield _line("identity", "customer_id", card.customer_id, "text")
    yield _line("identity", "name", card.name, "text")
    if "identity" in card.missing:
        yield _line("identity", "note", card.missing["identity"], "text")
        return
    known = card.identity.dropna()
    yield from (_line("identity", str(name), str(value), "text") for name, value in known.items())


def action_label(action: "pd.Series[Any]", language: Language, currency: str) -> str:
    """What an action is: where the customer stands, or the letter to come; its channel, its day, what to ask for."""
    if action["source"] == "worklist":
        what = word(f"card.queue.{action['code']}", language)
    else:
        what = action["code"] if action["channel"] else word("card.no_letter", language)
    parts = [what, word(f"collection.channel.{action['channel']}", language) if action["channel"] else ""]
    if not pd.isna(action["on"]):
        parts.append(word("card.on", language, day=action["on"]))
    amount = action["amount"] if pd.isna(action["asked"]) else action["asked"]
    return " · ".join([*filter(None, parts), money(amount, language, currency)])


def card_tiles(card: CustomerCard) -> Html:
    """The figures of a card to see first."""
    account, row, language = card.account, card.exposure, card.language
    days = word("card.oldest", language, days=int(row["days_overdue"])) if account.overdue else ""
    limit = row["credit_limit"]
    used = percent(row["exposure"] / limit, language, 0) if limit > 0 else "–"
    of_limit = card.missing["limit"].text(language) if "limit" in card.missing else _short(limit, card)
    grade = "–" if card.score is None else f"{card.score['grade']} · {number(card.score['score'], language, 0)}"
    rated = card.missing["score"].text(language) if card.score is None else word("card.of_100", language)
    tiles = [
        ("total", _short(account.total, card), "", False),
        ("overdue", _short(account.overdue, card), days, account.overdue > 0),
        ("disputed", _short(account.disputed, card), "", False),
        ("credits", _short(account.credits, card), "", False),
        ("limit_used", used, of_limit, bool(row["over_limit"] > 0)),
        ("grade", grade, rated, False),
    ]
    cells = "".join(
        f"<div><span>{escape(word(f'card.line.{name}', language))}</span>"
        f'<b class="{"warn" if warned else ""}">{escape(figure)}</b><small>{escape(under)}</small></div>'
        for name, figure, under, warned in tiles
    )
    return Html(f'<div class="tiles">{cells}</div>')


def _short(amount: float, card: CustomerCard) -> str:
    return money(amount, card.language, card.currency, 0 if abs(amount) >= _NO_CENTS else 2)


def card_actions(card: CustomerCard) -> Html | Sentence:
    """What to do next, each with its reason; that there is nothing to do."""
    if card.actions.empty:
        return say("card.nothing_open")
    lines = [
        f"<li><b>{escape(action_label(row, card.language, card.currency))}</b><br>"
        f"<span>{escape(str(row['reason']))}</span></li>"
        for _, row in card.actions.iterrows()
    ]
    return Html(f"<ul>{''.join(lines)}</ul>")


def card_section(card: CustomerCard, section: str) -> Html:
    """The lines of a section of a card: labels and figures, sentences where there is none."""
    rows = [
        f'<dt>{escape(line.label)}</dt><dd class="{_kind(line)}" dir="auto">{_value(line, card.language)}</dd>'
        for line in card_lines(card)
        if line.section == section
    ]
    kind = "figures" if section in FIGURES else ""
    return Html(f'<dl class="{kind}">{"".join(rows)}</dl>')


def _kind(line: CardLine) -> str:
    return "told" if line.told else "text" if line.kind == "text" else ""


def _value(line: CardLine, language: Language) -> str:
    if line.told:
        return escape(line.value.text(language))
    return written(line.value, line.kind, language)


def card_disputes(card: CustomerCard, *, rows: int = 5) -> Html | Sentence:
    """The disputed open items of a card, oldest due first; that nothing is disputed."""
    items, language = card.account.open_items, card.language
    disputed = items[items["disputed"]]
    if disputed.empty:
        return say("card.no_dispute")
    shown = disputed.assign(days_overdue=disputed["days_overdue"].where(disputed["days_overdue"] > 0)).head(rows)
    fields = [
        Field("reference", word("export.column.reference", language)),
        Field("due_on", word("export.column.due_on", language), "date"),
        Field("days_overdue", word("export.column.days_overdue", language), "count"),
        Field("open_amount", word("export.column.open_amount", language), "money"),
    ]
    caption = _of(word("card.section.disputes", language), len(shown), len(disputed), language)
    return table(shown, fields, caption=caption, language=language)


def card_contacts(card: CustomerCard) -> Html | Sentence:
    """The last contacts of a card, the latest first; why none is known."""
    missing = card.missing.get("log", card.missing.get("contacts"))
    if missing is not None:
        return missing
    rows, language = card.contacts, card.language
    level = [word("card.level", language, level=each) if pd.notna(each) else "" for each in rows["level"]]
    channel = [word(f"collection.channel.{each}", language) for each in rows["channel"]]
    outcome = [word(f"card.outcome.{each}", language) for each in rows["outcome"]]
    told = rows.assign(
        channel=_joined(channel, level), outcome=_joined(outcome, rows["note"].fillna("").str.slice(0, 120).tolist())
    )
    fields = [
        Field("contacted_on", word("export.column.issued_on", language), "date"),
        Field("channel", word("card.line.channel", language)),
        Field("outcome", word("card.line.outcome", language)),
    ]
    return table(told, fields, caption=word("card.section.contacts", language), language=language)


def _joined(first: Sequence[str], then: Sequence[str]) -> "pd.Series[Any]":
    pairs = zip(first, then, strict=True)
    return pd.Series([" · ".join(filter(None, pair)) for pair in pairs], dtype="str")


def _of(caption: str, shown: int, rows: int, language: Language) -> str:
    return f"{caption} ({word('table.first_rows', language, shown=shown, rows=rows)})" if shown < rows else caption
