"""A figure that can be questioned: a number with its formula, what was put into it, and why it may be missing."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from arlib.words import Sentence


class Figure(float):
    """A number that calculates as any other and says where it comes from.

    Attributes:
        formula: the formula in words, with the numbers put into it.
        inputs: those numbers, by name.
        note: why the figure is nan, or what to mind when reading it.
    """

    __slots__ = ("formula", "inputs", "note")

    formula: Sentence
    inputs: Mapping[str, Any]
    note: Sentence | None

    def __new__(cls, value: float, formula: Sentence, inputs: Mapping[str, Any], note: Sentence | None = None) -> Self:
        """A figure of this value."""
        figure = super().__new__(cls, value)
        figure.formula = formula
        figure.inputs = dict(inputs)
        figure.note = note
        return figure

    def __getnewargs__(self) -> tuple[Any, ...]:
        return float(self), self.formula, self.inputs, self.note

    @classmethod
    def missing(cls, formula: Sentence, inputs: Mapping[str, Any], note: Sentence) -> Self:
        """A figure that cannot be given, and the reason."""
        return cls(np.nan, formula, inputs, note)
