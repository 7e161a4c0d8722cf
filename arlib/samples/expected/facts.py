"""Every true figure of a sample: the cheap ones on every day, the others on chosen days and periods."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from arlib.samples.events import History
from arlib.samples.expected import bridge, delays, dso, flows, rates, stock
from arlib.samples.expected.fact import Fact, Line


@dataclass(frozen=True)
class Days:
    """The days a sample is looked at.

    Attributes:
        every: the days of what is cheap, in order.
        quarters: quarter ends in order, each the start of the next period.
        chosen: the days of what is long.
        periods: two days each, of what is long.
        last: the sample's last day, of what is by month.
    """

    every: Sequence[date]
    quarters: Sequence[date]
    chosen: Sequence[date]
    periods: Sequence[tuple[date, date]]
    last: date


def facts(sample: str, history: History, asked: Days) -> Iterator[Fact]:
    """Every true figure of a sample, day after day."""
    for as_of in asked.every:
        for line in _of_a_day(history, asked, as_of):
            yield Fact(sample, as_of, *line)


def _of_a_day(history: History, asked: Days, as_of: date) -> Iterator[Line]:
    yield from stock.of_a_day(history, as_of)
    yield from dso.of_a_day(history, as_of)
    yield from rates.of_a_day(history, as_of)
    for start in (start for start, end in pairwise(asked.quarters) if end == as_of):
        yield from rates.of_a_quarter(history, start, as_of)
    for start in (start for start, end in asked.periods if end == as_of):
        yield from flows.of_a_chosen_period(history, start, as_of)
        yield from bridge.of_a_chosen_period(history, start, as_of)
    if as_of in asked.chosen:
        yield from _of_a_chosen_day(history, as_of)
    if as_of == asked.last:
        yield from delays.of_the_last_day(history, as_of)
        yield from flows.of_the_last_day(history, as_of)


def _of_a_chosen_day(history: History, as_of: date) -> Iterator[Line]:
    yield from stock.of_a_chosen_day(history, as_of)
    yield from dso.of_a_chosen_day(history, as_of)
    yield from delays.of_a_chosen_day(history, as_of)
    yield from flows.of_a_chosen_day(history, as_of)
