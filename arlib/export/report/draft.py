"""A report being written: what was asked, the sentences, and the figures they refer to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.export.report.asked import Asked
from arlib.export.report.values import Block, Section, Text, TextKind, Traced
from arlib.show.tables import figure as written_figure
from arlib.words import Language, Sentence, money, word

_LEAST = 0.005  # of a share, under which nothing has moved
_NO_CENTS = 1_000  # from which an amount in a sentence has none


class Shown(TypedDict):
    """What charts and tables are told of how to write."""

    language: Language
    currency: str


@dataclass(frozen=True, eq=False)
class Draft:
    """The hand that writes: it knows the language and the currency, and numbers figures as they are first named."""

    asked: Asked
    figures: dict[str, Traced] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """Of all that is written."""
        return self.asked.language

    @property
    def currency(self) -> str:
        """Of the amounts."""
        return self.asked.ledger.currency

    @property
    def shown(self) -> Shown:
        """The language and the currency, for charts and tables."""
        return {"language": self.language, "currency": self.currency}

    @property
    def unit(self) -> str:
        """The currency as a caption names it."""
        return self.currency or "–"

    def word(self, key: str, /, **values: object) -> str:
        """A label in the report's language."""
        return word(key, self.language, **values)

    def say(self, key: str, /, *figures: str, **values: object) -> Text:
        """A sentence that rests on figures."""
        return Text(self.word(key, **values), figures)

    def missing(self, key: str, /, **values: object) -> Text:
        """Why something is not there."""
        return Text(self.word(key, **values), kind="missing")

    def told(self, sentence: Sentence | str, *figures: str, kind: TextKind = "finding") -> Text:
        """A sentence a function of the house returned."""
        text = sentence if isinstance(sentence, str) else sentence.text(self.language)
        return Text(text[:1].upper() + text[1:], figures, kind)

    def money(self, amount: float) -> str:
        """An amount as a sentence writes it: no cents from a thousand on."""
        return money(amount, self.language, self.currency, 0 if abs(amount) >= _NO_CENTS else 2)

    def written(self, value: float, unit: str) -> str:
        """A figure in its unit, days with their word."""
        if unit == "money":
            return "–" if np.isnan(value) else self.money(value)
        text = written_figure(value, unit, self.language)
        return self.word("report.in_days", days=text) if unit == "days" and text != "–" else text

    def call(self, function: str, *arguments: str, **options: object) -> str:
        """How to ask again for what a function gave."""
        named = [f"{name}={value!r}" for name, value in options.items()]
        return f"{function}({', '.join(['ledger', *arguments, repr(f'{self.asked.as_of:%Y-%m-%d}'), *named])})"

    def figure(  # noqa: PLR0913 - all that a figure is traced by
        self,
        name: str,
        value: float,
        unit: str,
        *,
        call: str,
        rule: Sentence | str,
        items: pd.DataFrame | None = None,
        amount: str = "open_amount",
        sheet: str = "",
        label: str | None = None,
    ) -> str:
        """The number of a figure, given when it is first named.

        Args:
            name: of the figure, once in a report.
            value: the number.
            unit: money, days, percent or count.
            call: the function to ask for it again.
            rule: which items it is of, or its formula.
            items: those behind it, with `item_id` and their amounts.
            amount: which of their columns adds up to what the figure is of.
            sheet: of the workbook, that holds them all.
            label: what it is; that of its name by default.
        """
        if name not in self.figures:
            kept = None if items is None else items[["item_id"]].assign(amount=items[amount])
            self.figures[name] = Traced(
                key=f"F{len(self.figures) + 1}",
                label=label or self.word(f"report.figure.{name}"),
                value=float(value),
                written=self.written(float(value), unit),
                call=call,
                rule=rule if isinstance(rule, str) else rule.text(self.language),
                items=kept,
                sheet=self.word(f"export.sheet.{sheet}") if sheet else "",
            )
        return self.figures[name].key

    def section(self, key: str, build: Callable[["Draft"], tuple[Block, ...]]) -> Section:
        """A section, or the sentence that says why it cannot be written."""
        return Section(key, self.word(f"report.section.{key}"), self.attempt(lambda: build(self)))

    def attempt(self, build: Callable[[], tuple[Block, ...]]) -> tuple[Block, ...]:
        """Blocks, or the sentence that says why they cannot be given."""
        try:
            return build()
        except ArlibError as refused:
            return (Text(refused.text(self.language), kind="missing"),)

    def change(self, now: float, before: float, unit: str, when: str) -> str:
        """How a figure moved since a moment (`month` or `year`): up, down or as it was; empty where nobody knows."""
        if np.isnan(now) or np.isnan(before):
            return ""
        moved = now - before
        still = abs(moved) < {"percent": _LEAST / 10, "days": 0.05, "count": 0.5}.get(unit, _LEAST)
        way = "same" if still else "up" if moved > 0 else "down"
        points = self.word("report.points", points=abs(moved) * 100) if unit == "percent" else ""
        return self.word(f"report.change.{way}.{when}", by=points or self.written(abs(moved), unit))
