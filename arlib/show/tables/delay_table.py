"""The statutory table of payment delays, laid out as the order's model."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

from arlib.law.delay_table import PaymentDelayTable
from arlib.show.tables.html import Html
from arlib.words import Language, Sentence, money, number, percent, say, word

_GREYED = '<td class="figure" style="background: #80808055"></td>'  # seen on white and on black


def unpaid_delays_table(table: PaymentDelayTable, *, language: Language = "en") -> Html:
    """Table I: invoices issued, unpaid on the closing day and past due, as the order's model has it.

    Args:
        table: as `arlib.law.payment_delay_table` returns it.
        language: of the labels, figures and notes.
    """
    sold = "law.delay.of_year_given" if table.turnover_given else "law.delay.of_year"
    page = _Page(table, language)
    whole = page.whole(sold, money(table.turnover, language, table.currency))
    shares = [("law.delay.turnover_share", "turnover_share")]
    return page.laid_out(
        "unpaid", (table.unpaid, table.unpaid_excluded, table.unpaid_reference), shares, (*table.notes, whole)
    )


def late_delays_table(table: PaymentDelayTable, *, language: Language = "en") -> Html:
    """Table II: invoices issued that were late during the year, against all those issued in it.

    Args:
        table: as `arlib.law.payment_delay_table` returns it.
        language: of the labels, figures and notes.
    """
    page = _Page(table, language)
    notes: tuple[Sentence | str, ...] = (
        say("law.delay.choices_late"),
        *table.notes[:2],
        page.whole("law.delay.issued_number", number(table.issued_number, language, 0)),
        page.whole("law.delay.issued_amount", money(table.issued_amount, language, table.currency)),
    )
    shares = [("law.delay.number_share", "number_share"), ("law.delay.amount_share", "amount_share")]
    return page.laid_out("late", (table.late, table.late_excluded, table.late_reference), shares, notes)


class _Page:
    """One table of a result in one language."""

    def __init__(self, table: PaymentDelayTable, language: Language) -> None:
        self._table, self._language = table, language

    def laid_out(
        self,
        which: str,
        parts: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
        shares: Sequence[tuple[str, str]],
        notes: Iterable[Sentence | str],
    ) -> Html:
        """A table: bands, parts (A), (B) and (C), notes."""
        bands, excluded, reference = parts
        heads = "".join(
            f'<th scope="col" class="figure">{self._say(f"law.delay.band.{each}")}</th>' for each in bands["band"]
        )
        title = f"{self._say('law.delay.title', closing=self._table.closing)} ({escape(self._table.currency or '–')})"
        lines = [
            self._section("law.delay.part_a"),
            *self._lines(bands, shares),
            self._section("law.delay.part_b"),
            *self._excluded(excluded),
            self._section("law.delay.part_c"),
            *self._terms(reference),
            *(self._note(note) for note in notes),
        ]
        return Html(
            f'<table class="arlib-table"><caption>{title}. {self._say(f"law.delay.{which}")}</caption>'
            f"<thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
        )

    def whole(self, label: str, value: str) -> str:
        """What percentages are of, in a line of text."""
        text = self._plain(label, opening=self._table.opening, closing=self._table.closing)
        return self._plain("law.delay.whole", label=text, value=value)

    def _lines(self, bands: pd.DataFrame, shares: Sequence[tuple[str, str]]) -> list[str]:
        counts = self._written(bands, "number")
        lines = [self._line("law.delay.number", [counts[0], *[None] * (len(bands) - 2), counts[-1]])]
        lines.append(self._line("law.delay.amount", self._written(bands, "amount")))
        lines += [self._line(label, self._written(bands, column)) for label, column in shares]
        lines.append(self._line("law.delay.number_by_band", counts))
        abroad = [name for name in ("foreign_number", "foreign_amount") if name in bands]
        return lines + [self._line(f"law.delay.{name}", self._written(bands, name)) for name in abroad]

    def _excluded(self, excluded: pd.DataFrame) -> list[str]:
        total = excluded.tail(1)
        named = (("law.delay.excluded_number", "number"), ("law.delay.excluded_amount", "amount"))
        return [self._line(label, self._written(total, column)) for label, column in named]

    def _terms(self, reference: pd.DataFrame) -> list[str]:
        boxes = zip(reference["terms"], reference["due_dates"], strict=True)
        return [
            f'<tr><td colspan="7">{"☒" if due_dates else "☐"} '
            f"{self._say(f'law.delay.terms.{terms}', due_dates=due_dates)}</td></tr>"
            for terms, due_dates in boxes
        ]

    def _written(self, bands: pd.DataFrame, column: str) -> list[str]:
        """The figures of a line: numbers, amounts, or percentages to two decimals, small ones being many."""
        values = bands[column]
        if column.endswith("number"):
            return [number(value, self._language, 0) for value in values]
        if column.endswith("amount"):
            return [number(value, self._language) for value in values]
        return [percent(value, self._language, 2) for value in values]

    def _line(self, label: str, figures: Sequence[str | None]) -> str:
        cells = "".join(_GREYED if each is None else f'<td class="figure">{escape(each)}</td>' for each in figures)
        return f'<tr><th scope="row">{self._say(label)}</th>{cells}</tr>'

    def _section(self, key: str) -> str:
        return f'<tr class="is-total"><th scope="rowgroup" colspan="7">{self._say(key)}</th></tr>'

    def _note(self, note: Sentence | str) -> str:
        text = note.text(self._language) if isinstance(note, Sentence) else note
        return f'<tr class="is-note"><td colspan="7"><div>{escape(text)}</div></td></tr>'

    def _say(self, key: str, **values: Any) -> str:  # noqa: ANN401 - values of a sentence
        return escape(self._plain(key, **values))

    def _plain(self, key: str, **values: Any) -> str:  # noqa: ANN401 - values of a sentence
        basis = word(f"law.delay.basis.{self._table.basis}", self._language)
        return word(key, self._language, **{"basis": basis} | values)
