"""The controls of what is tried: the most used in sight, the others folded, each for one segment at a time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from arlib.apps.pages.simulator.kept import Trial
from arlib.apps.pages.simulator.tried import (
    EVERYONE,
    MOST_DAYS,
    MOST_DAYS_SOONER,
    MOST_DISCOUNT_DAYS,
    READINGS,
    Levers,
    asked_name,
    asked_text,
    written,
)
from arlib.words import Language, word

_DISCOUNTS = (0.0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05)
_RATES = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15)
_PERCENT = 100
_IN_SIGHT = ("days", "reading", "late_less")
_FOLDED = ("days_sooner", "deposit_share", "follow_share", "discount_share", "discount_days", "discount_taken")
_AS_PERCENT = frozenset({"late_less", "deposit_share", "follow_share", "discount_taken"})

Options = Sequence[tuple[str, Any]]
OnMove = Callable[[Mapping[str, str | None]], None]


class LeverControls:
    """What is tried, as sliders and lists; each move is told as texts of an address, none where it is as usual.

    Attributes:
        box: all of it.
        every: each control, by name.
    """

    def __init__(self, on_move: OnMove) -> None:
        self._on_move = on_move
        self._quiet = False
        self._trial = Trial()
        self._language: Language = "en"
        levers = {
            "days": _slider(MOST_DAYS),
            "reading": widgets.Dropdown(),
            "late_less": _slider(_PERCENT),
            "days_sooner": _slider(MOST_DAYS_SOONER),
            "deposit_share": _slider(_PERCENT),
            "follow_share": _slider(_PERCENT),
            "discount_share": widgets.Dropdown(),
            "discount_days": _slider(MOST_DISCOUNT_DAYS),
            "discount_taken": _slider(_PERCENT),
        }
        self.every: dict[str, Any] = {"segment": widgets.Dropdown(), **levers, "rate": widgets.Dropdown()}
        for name, control in self.every.items():
            control.add_class(f"arlib-control-{name.replace('_', '-')}")
            control.style.description_width = "initial"
            control.observe(self._moved(name), "value")
        self._alike = widgets.Button().add_class("arlib-button")
        self._alike.add_class("arlib-alike")
        self._alike.on_click(lambda _: self._on_move(self._nothing_own()))
        self._title = widgets.ToggleButton(value=False).add_class("arlib-fold")
        self._title.observe(lambda _: self._fold(), "value")
        self._folded = widgets.Box([self.every[name] for name in _FOLDED]).add_class("arlib-controls")
        self._whose = widgets.Box([self.every["segment"], self._alike]).add_class("arlib-whose")
        sight = [self.every[name] for name in (*_IN_SIGHT, "rate")]
        seen = widgets.Box(sight).add_class("arlib-controls")
        self.box = widgets.Box([self._whose, seen, self._title, self._folded]).add_class("arlib-section")

    def show(self, trial: Trial, language: Language) -> None:
        """Stand at these, described in a language, without telling anybody."""
        self._trial, self._language = trial, language
        self._quiet = True
        try:
            self._stand(trial, language)
        finally:
            self._quiet = False
        for name, control in self.every.items():
            control.description = word(f"app.control.{name}", language)
        self._close_idle(trial)
        self._fold()

    def _stand(self, trial: Trial, language: Language) -> None:
        levers = trial.tried.levers(trial.segment)
        everyone = (word("app.control.everyone", language), EVERYONE)
        apart = trial.tried.apart(trial.who)
        segments = [(f"{name} ●" if name in apart else name, name) for name in trial.who.segments]
        readings = [(word(f"app.control.end_of_month.{reading}", language), reading) for reading in READINGS]
        _fill(self.every["segment"], [everyone, *segments], trial.segment)
        _fill(self.every["reading"], readings, levers.reading)
        discounts = _shares({*_DISCOUNTS, levers.discount_share}, "app.control.discount.none", language)
        _fill(self.every["discount_share"], discounts, levers.discount_share)
        rates = _shares({*_RATES, trial.financing_rate}, "app.control.rate.none", language)
        _fill(self.every["rate"], rates, trial.financing_rate)
        self.every["days"].value, self.every["days_sooner"].value = levers.days, levers.days_sooner
        self.every["discount_days"].max = max(1, min(MOST_DISCOUNT_DAYS, levers.days))
        self.every["discount_days"].value = min(levers.discount_days, levers.days)
        for name in _AS_PERCENT:
            self.every[name].value = round(getattr(levers, name) * _PERCENT)

    def _close_idle(self, trial: Trial) -> None:
        """Close what does not count now, and show whose levers stand there only where there are segments."""
        levers = trial.tried.levers(trial.segment)
        terms = levers.reading != "today"
        self.every["days"].disabled = self.every["discount_share"].disabled = not terms
        without = not terms or not levers.discount_share
        self.every["discount_days"].disabled = self.every["discount_taken"].disabled = without
        self._whose.layout.display = "" if trial.who.segments else "none"
        self._alike.description = word("app.control.alike", self._language)
        self._alike.layout.display = "" if trial.segment in trial.tried.own else "none"

    def _moved(self, name: str) -> Callable[[Any], None]:
        """What is done when a control moves."""

        def moved(_: Any) -> None:  # noqa: ANN401 - a change of ipywidgets
            if not self._quiet:
                self._on_move(self._change(name, self.every[name].value))

        return moved

    def _change(self, name: str, value: Any) -> dict[str, str | None]:  # noqa: ANN401 - any value of a lever
        """A move as texts of an address; what is as usual, or as for all, is none."""
        trial = self._trial
        if name == "segment":
            return {"segment": value or None}
        if name == "rate":
            return {"rate": f"{value:g}" if value else None}
        value = value / _PERCENT if name in _AS_PERCENT else value
        usual = Levers() if trial.segment == EVERYONE else trial.tried.everyone
        text = None if value == getattr(usual, name) else asked_text(value)
        return {asked_name(name, trial.segment): text}

    def _nothing_own(self) -> dict[str, str | None]:
        """The segment in sight follows all customers again."""
        segment = self._trial.segment
        return {asked_name(name, segment): None for name in self._trial.tried.own.get(segment, {})}

    def _fold(self) -> None:
        opened = self._title.value
        self._folded.layout.display = "" if opened else "none"
        acting = self._acting
        key = "app.levers.acting" if acting else "app.levers"
        told = word(key, self._language, levers=acting)
        self._title.description = f"{'▾' if opened else '▸'}\u2002{told}"

    @property
    def _acting(self) -> int:
        """How many of the folded levers are moved, of those in sight."""
        levers, usual = self._trial.tried.levers(self._trial.segment), Levers()
        moved = [bool(getattr(levers, name) != getattr(usual, name)) for name in _FOLDED[:3]]
        return sum(moved) + bool(levers.discount_share and levers.terms)


def _fill(dropdown: Any, options: Options, value: Any) -> None:  # noqa: ANN401 - ipywidgets has no types
    """Put these to choose from in a list, one of them chosen; a list that is the same already stays as it is."""
    if list(dropdown.options) != list(options):
        dropdown.options = options
    dropdown.value = value


def _slider(most: int) -> Any:  # noqa: ANN401 - ipywidgets has no types
    return widgets.IntSlider(min=0, max=most, step=1, continuous_update=True)


def _shares(shares: set[float], none: str, language: Language) -> Options:
    """Shares to choose from, nothing first and in words."""
    return [(written(share, language) if share else word(none, language), share) for share in sorted(shares)]
