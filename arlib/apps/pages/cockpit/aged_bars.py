"""The aged balance as a table with bars, of which a visitor picks an age."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from arlib.show.look import bucket_colours, bucket_label, used_buckets
from arlib.words import Language, number, percent, word


class AgedBars(anywidget.AnyWidget):
    """What is owed by age: a line a bucket with its share, as a bar and in figures, and the total.

    The name of each age is a button that picks it, or gives it up.

    Attributes:
        lines: what each line says, as texts; `bar` is how much of the width it takes, 0 to 1.
        total: of all of them, as a text.
        words: the caption and the headings.
        chosen: the bucket picked; empty for none.
    """

    _esm = Path(__file__).with_name("aged_bars.js")

    lines: "traitlets.List[dict[str, Any]]" = traitlets.List().tag(sync=True)
    total = traitlets.Unicode().tag(sync=True)
    words: "traitlets.Dict[str, str]" = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)

    def __init__(self, choose: Callable[[str], None]) -> None:
        """`choose` is called with the bucket a visitor picks, or with none where it is given up."""
        super().__init__()

        def on_message(_: object, content: Mapping[str, Any], __: object) -> None:
            if content.get("kind") == "chosen":
                choose(str(content.get("bucket", "")))

        self.on_msg(on_message)

    def show(self, aged: pd.DataFrame, language: Language, currency: str) -> None:
        """Show the ages of an aged balance, its groups summed."""
        buckets = used_buckets(aged)
        amounts = aged[buckets].sum().round(2)
        owed = float(amounts[amounts > 0].sum())
        colours = bucket_colours(buckets)
        with self.hold_sync():
            self.words = _words(language, currency)
            self.total = number(float(amounts.sum()), language)
            self.lines = [
                _line(bucket, (float(amounts[bucket]), owed), colour, language)
                for bucket, colour in zip(buckets, colours, strict=True)
            ]


def _words(language: Language, currency: str) -> dict[str, str]:
    amount = word("table.amount", language) + (f" ({currency})" if currency else "")
    return {
        "caption": word("table.aged_balance", language),
        "hint": word("app.aged.hint", language),
        "age": word("table.age", language),
        "amount": amount,
        "share": word("app.share", language),
        "total": word("table.total", language),
    }


def _line(bucket: str, amounts: tuple[float, float], colour: str, language: Language) -> dict[str, Any]:
    """One age, of its amount and what is owed in all."""
    amount, owed = amounts
    share = amount / owed if owed > 0 else math.nan
    return {
        "bucket": bucket,
        "label": bucket_label(bucket, language),
        "amount": number(amount, language),
        "share": percent(share, language),
        "bar": share if share > 0 else 0.0,
        "colour": colour,
    }
