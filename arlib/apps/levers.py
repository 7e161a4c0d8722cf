"""The controls of what is tried: the three most used in sight, the others folded."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

import ipywidgets as widgets

from arlib.apps.choices import EVERYONE, Reading, Tried, written
from arlib.terms import EndOfMonth
from arlib.words import Language, word

_LONGEST = 90  # days granted; more is beyond any law and any use
_SOONEST = 30  # days by which invoices go out earlier
_EARLIEST = 30  # days within which a discount is granted
_DISCOUNTS = (0.0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05)
_RATES = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15)
_READINGS: tuple[Reading, ...] = ("today", *get_args(EndOfMonth))
_PERCENT = 100

Options = Sequence[tuple[str, Any]]


class LeverControls:
    """What is tried, as sliders and lists.

    Attributes:
        box: all of it.
        every: each control, by name.
    """

    def __init__(self) -> None:
        self._days = _slider(_LONGEST, 1)
        self._reading = widgets.Dropdown()
        self._late_less = _slider(_PERCENT, 5)
        self._segment = widgets.Dropdown()
        self._days_sooner = _slider(_SOONEST, 1)
        self._deposit = _slider(_PERCENT, 5)
        self._discount = widgets.Dropdown()
        self._discount_days = _slider(_EARLIEST, 1)
        self._discount_taken = _slider(_PERCENT, 5)
        self._followed = _slider(_PERCENT, 5)
        self._rate = widgets.Dropdown()
        sight = {"days": self._days, "end_of_month": self._reading, "late_less": self._late_less}
        folded = {
            "segment": self._segment,
            "days_sooner": self._days_sooner,
            "deposit": self._deposit,
            "followed": self._followed,
            "discount": self._discount,
            "discount_days": self._discount_days,
            "discount_taken": self._discount_taken,
            "rate": self._rate,
        }
        self.every: dict[str, Any] = {**sight, **folded}
        self._segments: tuple[str, ...] = ()
        self._title = widgets.ToggleButton(value=False).add_class("arlib-fold")
        self._title.observe(lambda _: self._fold(), "value")
        self._folded = widgets.Box(list(folded.values())).add_class("arlib-controls")
        seen = widgets.Box(list(sight.values())).add_class("arlib-controls")
        self.box = widgets.Box([seen, self._title, self._folded]).add_class("arlib-section")
        self._language: Language = "en"
        self._fold()

    def observe(self, changed: Callable[[Any], None]) -> None:
        """Have every move of a control told."""
        for control in self.every.values():
            control.observe(changed, "value")

    @property
    def tried(self) -> Tried:
        """What the controls stand at."""
        return Tried(
            days=self._days.value,
            reading=self._reading.value,
            late_less=self._late_less.value / _PERCENT,
            follow_share=self._followed.value / _PERCENT,
            segment=self._segment.value,
            days_sooner=self._days_sooner.value,
            deposit_share=self._deposit.value / _PERCENT,
            discount_share=self._discount.value,
            discount_days=min(self._discount_days.value, _longest_discount(self._days.value)),
            discount_taken=self._discount_taken.value / _PERCENT,
        )

    @property
    def rate(self) -> float:
        """What money costs a year; 0 where it is not counted."""
        return float(self._rate.value)

    def show(self, tried: Tried, rate: float, segments: tuple[str, ...], language: Language) -> None:
        """Stand at these, described in a language; whoever observes has to be deaf meanwhile."""
        self._language, self._segments = language, segments
        everyone = (word("app.control.everyone", language), EVERYONE)
        readings = [(word(f"app.control.end_of_month.{reading}", language), reading) for reading in _READINGS]
        fill(self._reading, readings, tried.reading)
        fill(self._segment, [everyone, *((name, name) for name in segments)], tried.segment)
        fill(self._discount, _shares(_DISCOUNTS, "app.control.discount.none", language), tried.discount_share)
        fill(self._rate, _shares(_RATES, "app.control.rate.none", language), rate)
        self._days.value, self._days_sooner.value = tried.days, tried.days_sooner
        self._discount_days.max = _longest_discount(tried.days)
        self._discount_days.value = tried.discount_days
        self._late_less.value = round(tried.late_less * _PERCENT)
        self._deposit.value = round(tried.deposit_share * _PERCENT)
        self._discount_taken.value = round(tried.discount_taken * _PERCENT)
        self._followed.value = round(tried.follow_share * _PERCENT)
        for name, control in self.every.items():
            control.description = word(f"app.control.{name}", language)
        self.settle()

    def settle(self) -> None:
        """Close what does not count now, and say how many of the folded levers act."""
        terms = self._reading.value != "today"
        self._days.disabled = self._discount.disabled = not terms
        without = not terms or not self._discount.value
        self._discount_days.max = _longest_discount(self._days.value)
        self._discount_days.disabled = self._discount_taken.disabled = without
        self._segment.layout.display = "" if self._segments else "none"
        self._fold()

    def _fold(self) -> None:
        opened = self._title.value
        self._folded.layout.display = "" if opened else "none"
        key = "app.levers.acting" if self._acting else "app.levers"
        told = word(key, self._language, levers=self._acting)
        self._title.description = f"{'▾' if opened else '▸'}\u2002{told}"

    @property
    def _acting(self) -> int:
        """How many of the folded levers are moved."""
        moved = (
            self._segment.value not in (EVERYONE, None),
            self._days_sooner.value != 0,
            self._deposit.value != 0,
            self._followed.value != _PERCENT,
            bool(self._discount.value) and not self._discount.disabled,
            bool(self._rate.value),
        )
        return sum(moved)


def _longest_discount(days: int) -> int:
    """Days within which a discount can be granted: it is for who pays before the due date."""
    return min(_EARLIEST, days)


def fill(dropdown: Any, options: Options, value: Any) -> None:  # noqa: ANN401 - ipywidgets has no types
    """Put these to choose from in a list, one of them chosen."""
    dropdown.options = options
    dropdown.value = value


def _slider(most: int, step: int) -> Any:  # noqa: ANN401 - ipywidgets has no types
    return widgets.IntSlider(min=0, max=most, step=step, continuous_update=True)


def _shares(shares: Sequence[float], none: str, language: Language) -> Options:
    """Shares to choose from, nothing first and in words."""
    return [(written(share, language) if share else word(none, language), share) for share in shares]
