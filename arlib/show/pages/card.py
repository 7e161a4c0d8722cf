"""A customer on one page: what it owes, how it pays, what to do next."""

from collections.abc import Iterator
from html import escape

from arlib.collection.card import CustomerCard
from arlib.schema import HALF_CENT
from arlib.show.charts.aging import aged_history_chart
from arlib.show.charts.delays import delay_history_chart
from arlib.show.charts.expected import customer_cash_chart
from arlib.show.pages.document import block, document, notes, paragraph, scrolled
from arlib.show.tables import Html
from arlib.show.tables.card import CardLine, action_label, card_lines, contacts_table, disputes_table
from arlib.show.tables.html import written
from arlib.show.vega import drawing
from arlib.words import Language, money, number, percent, word

_FIGURES = ("owed", "exposure", "law")  # sections of figures, the others of texts
_WIDTH = 470  # pixels of a chart before the page scales it
_NO_CENTS = 1_000  # from which an amount in a tile has none


def card_page(card: CustomerCard, language: Language | None = None) -> Html:
    """A customer card as a page that stands alone: one A4 page when printed, light or dark on a screen, no script.

    What a file says (names, notes) is text whatever it holds.

    Args:
        card: as `arlib.customer_card` returns it.
        language: of labels and figures; the card's own by default. Its reasons stay in the language it was asked in.
    """
    chosen = language or card.language
    about = word("export.about", chosen, day=card.as_of, currency=card.currency or "–")
    under = f"{word('card.title', chosen)} · {card.customer_id} · {about}"
    return document(card.name, under, _blocks(card, chosen), chosen)


def _blocks(card: CustomerCard, language: Language) -> Iterator[str]:
    lines = card_lines(card, language=language)
    yield _tiles(card, language)
    yield _next(card, language)
    yield _drawn("balances", _balances(card, language), language)
    yield _drawn("delays", _delays(card, language), language)
    for section in _FIGURES:
        yield block(word(f"card.section.{section}", language), _listed(lines, section, language), kind="third")
    yield block(word("card.section.score", language), _listed(lines, "score", language), kind="half")
    yield _drawn("expected", _cash(card, language), language)
    yield _disputes(card, language)
    yield _contacts(card, language)
    yield block(word("card.section.identity", language), _listed(lines, "identity", language), kind="half")
    yield notes(card.notes, language, kind="half")


def _tiles(card: CustomerCard, language: Language) -> str:
    """The figures to see first."""
    account, row = card.account, card.exposure
    days = word("card.oldest", language, days=int(row["days_overdue"])) if account.overdue else ""
    limit = row["credit_limit"]
    used = percent(row["exposure"] / limit, language, 0) if limit > 0 else "–"
    of_limit = card.missing["limit"].text(language) if "limit" in card.missing else _short(limit, card, language)
    grade = "–" if card.score is None else f"{card.score['grade']} · {number(card.score['score'], language, 0)}"
    rated = card.missing["score"].text(language) if card.score is None else word("card.of_100", language)
    tiles = [
        ("total", _short(account.total, card, language), "", False),
        ("overdue", _short(account.overdue, card, language), days, account.overdue > 0),
        ("disputed", _short(account.disputed, card, language), "", False),
        ("credits", _short(account.credits, card, language), "", False),
        ("limit_used", used, of_limit, bool(row["over_limit"] > 0)),
        ("grade", grade, rated, False),
    ]
    cells = "".join(
        f"<div><span>{escape(word(f'card.line.{name}', language))}</span>"
        f'<b class="{"warn" if warned else ""}">{escape(figure)}</b><small>{escape(under)}</small></div>'
        for name, figure, under, warned in tiles
    )
    return f'<div class="tiles">{cells}</div>'


def _short(amount: float, card: CustomerCard, language: Language) -> str:
    return money(amount, language, card.currency, 0 if abs(amount) >= _NO_CENTS else 2)


def _next(card: CustomerCard, language: Language) -> str:
    lines = [
        f"<li><b>{escape(action_label(row, language, money(row['amount'], language, card.currency)))}</b><br>"
        f"<span>{escape(str(row['reason']))}</span></li>"
        for _, row in card.actions.iterrows()
    ]
    body = f"<ul>{''.join(lines)}</ul>" if lines else paragraph(word("card.nothing_open", language), "muted")
    return block(word("card.section.next", language), body, kind="next")


def _drawn(name: str, content: str, language: Language) -> str:
    return block(word(f"card.section.{name}", language), content, kind="half")


def _balances(card: CustomerCard, language: Language) -> str:
    if card.balances["total"].abs().max() < HALF_CENT:
        return paragraph(word("card.nothing_owed", language), "muted")
    return drawing(aged_history_chart(card.balances, language=language, currency=card.currency), width=_WIDTH)


def _delays(card: CustomerCard, language: Language) -> str:
    if "history" in card.missing:
        return paragraph(card.missing["history"].text(language), "muted")
    return drawing(delay_history_chart(card.delays, basis="due", language=language), width=_WIDTH)


def _cash(card: CustomerCard, language: Language) -> str:
    if "expected" in card.missing:
        return paragraph(card.missing["expected"].text(language), "muted")
    chart = customer_cash_chart(card.expected, language=language, currency=card.currency)
    return drawing(chart, width=_WIDTH)


def _disputes(card: CustomerCard, language: Language) -> str:
    heading = word("card.section.disputes", language)
    if not card.account.open_items["disputed"].any():
        return block(heading, paragraph(word("card.no_dispute", language), "muted"), kind="half")
    return block(heading, scrolled(disputes_table(card, language=language)), kind="half")


def _contacts(card: CustomerCard, language: Language) -> str:
    heading, missing = word("card.section.contacts", language), card.missing.get("log", card.missing.get("contacts"))
    if missing is not None:
        return block(heading, paragraph(missing.text(language), "muted"), kind="half")
    return block(heading, scrolled(contacts_table(card, language=language)), kind="half")


def _listed(lines: tuple[CardLine, ...], section: str, language: Language) -> str:
    """The lines of a section: labels and figures, sentences where there is none."""
    rows = [
        f'<dt>{escape(line.label)}</dt><dd class="{_kind(line)}" dir="auto">{_value(line, language)}</dd>'
        for line in lines
        if line.section == section
    ]
    kind = "figures" if section in _FIGURES else ""
    return f'<dl class="{kind}">{"".join(rows)}</dl>'


def _kind(line: CardLine) -> str:
    return "told" if line.told else "text" if line.kind == "text" else ""


def _value(line: CardLine, language: Language) -> str:
    if line.told:
        return escape(line.value.text(language))
    return written(line.value, line.kind, language)
