"""Days and numbers somebody asks for: several, or one by itself."""

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import pandas as pd

from arlib.ledger import Day, as_day


def days_asked(dates: Sequence[Day] | Day) -> list[pd.Timestamp]:
    """The days of a list, or the one given by itself, each once and in order.

    Raises:
        ArlibError: one of them is no day.
    """
    return sorted({as_day(each) for each in several(dates)})


def several(values: Any) -> list[Any]:  # noqa: ANN401 - whatever was written in the place of a list
    """The values of a list; what is no list is its only value, a text too."""
    return [values] if isinstance(values, str) or not isinstance(values, Iterable) else list(values)


def are_whole(values: Sequence[Any]) -> bool:
    """Whether all are whole numbers."""
    return all(isinstance(each, Real) and float(each).is_integer() for each in values)
