"""Day by day, what goes out as long as nothing is paid: each item's next level, one letter a customer and day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arlib.calendar import BusinessCalendar
from arlib.collection.dunning.claims import Reminded, level_offsets, level_waits
from arlib.collection.dunning.scenario import Scenario
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, sum_by_code

_LONG_AGO = -(10**9)  # a day number before any other, from which days can be counted
_FAR = 10**9  # a day number after any other


@dataclass(frozen=True, eq=False)
class Schedule:
    """What is listed in letters, by day and claim; and where each claim stands at the end.

    Attributes:
        day: (rows,) day number of the letter.
        claim: (rows,) the claim listed.
        level: (rows,) place of the claim's own level, the last one sent where it is only listed.
        of_letter: (rows,) place of the letter's level, the highest of those of its claims.
        reminded: (rows,) whether the claim reached a level; else it is listed because it is overdue too.
        nominal: (rows,) the open day its level falls on.
        follows: (rows,) place of the level sent before; -1 where none was.
        followed_on: (rows,) day number of that; `NO_DAY` where none.
        next_on: (claims,) open day of the next level, which the horizon does not reach; `NO_DAY` where there is none.
        small: (claims,) whether it was kept back by what its letter would ask for.
    """

    day: Days
    claim: Codes
    level: Codes
    of_letter: Codes
    reminded: Flags
    nominal: Days
    follows: Codes
    followed_on: Days
    next_on: Days
    small: Flags


def schedule(
    reminded: Reminded, scenarios: Sequence[Scenario], days: Days, calendar: BusinessCalendar, today: int
) -> Schedule:
    """The letters of some open days, in their order, given that nothing is paid meanwhile.

    A loop over days: what goes out on one depends on the letters before it. Within a day, columns.
    """
    state = _State(reminded, scenarios, calendar, today)
    made = [state.sent_on(int(day)) for day in days]
    rows = {name: np.concatenate([each[name] for each in made]) for name in _ROWS} if made else _nothing()
    return Schedule(**rows, next_on=state.next_on(int(days[-1]) if len(days) else today), small=state.small)


_ROWS = ("day", "claim", "level", "of_letter", "reminded", "nominal", "follows", "followed_on")


def _nothing() -> dict[str, Days]:
    return {name: np.zeros(0, dtype=np.bool_ if name == "reminded" else np.int64) for name in _ROWS}


class _State:
    """Where every claim and customer stands on the morning of a day."""

    def __init__(
        self, reminded: Reminded, scenarios: Sequence[Scenario], calendar: BusinessCalendar, today: int
    ) -> None:
        offsets = level_offsets(scenarios)
        self._offsets = np.where(np.isfinite(offsets), offsets, _FAR).astype(np.int64)
        self._waits = level_waits(scenarios, self._offsets.shape[1])
        self._formal = _formal(scenarios, self._offsets.shape[1])
        self._first_after = (self._offsets < 0).sum(axis=1)[reminded.scenario]
        self._claims, self._calendar, self._today = reminded, calendar, today
        self._may = reminded.stopped == ""
        self._due = np.where(reminded.due == NO_DAY, _FAR, reminded.due)
        self._asked = reminded.gross - reminded.credits
        self._sent, self._sent_on = reminded.sent.copy(), reminded.sent_on.copy()
        contacted = reminded.contacted_on
        self._contacted = np.where(contacted == NO_DAY, _LONG_AGO, contacted)
        self._pause = np.array([each.cool_down for each in scenarios] + [0])[reminded.scenario]
        self._least = np.array([each.stop.amount_below for each in scenarios] + [0.0])[reminded.scenario]
        self.small = np.zeros(len(reminded.item), dtype=np.bool_)

    def _next(self, day: int) -> Codes:
        """(claims,) the place of the next level: after the last one sent, and after the notices once it is due."""
        after = self._sent + 1
        return np.where(self._due <= day, np.maximum(after, self._first_after), after)

    def _nominal(self, place: Codes) -> Days:
        """(claims,) the open day a level falls on; far away where there is no such level."""
        most = self._offsets.shape[1]
        offset = np.where(place < most, self._offsets[self._claims.scenario, np.minimum(place, most - 1)], _FAR)
        there = (offset < _FAR) & (self._due < _FAR)
        on = np.where(there, self._due + offset, self._today)
        return np.where(there, self._calendar.day(self._calendar.rank(on)), _FAR)

    def _granted(self, place: Codes) -> Days:
        """(claims,) the day by which what the last letter granted has passed, before which a level does not go out."""
        wait = self._waits[self._claims.scenario, np.minimum(place, self._waits.shape[1] - 1)]
        return np.where(self._sent_on == NO_DAY, _LONG_AGO, self._sent_on + wait)

    def sent_on(self, day: int) -> dict[str, Days]:
        """What goes out on a day; claims and customers stand after it as if it had."""
        customer = self._claims.customer
        place = self._next(day)
        nominal = self._nominal(place)
        chosen, listed = self._letters(day, place, nominal)
        rows = np.flatnonzero(listed)
        letter = np.full(len(self._contacted), -1)
        np.maximum.at(letter, customer[chosen], place[chosen])
        made = {
            "day": np.full(len(rows), day),
            "claim": rows,
            "level": np.where(chosen, place, self._sent)[rows],
            "of_letter": letter[customer[rows]],
            "reminded": chosen[rows],
            "nominal": nominal[rows],
            "follows": self._sent[rows],
            "followed_on": self._sent_on[rows],
        }
        self._sent = np.where(chosen, place, self._sent)
        self._sent_on = np.where(chosen, day, self._sent_on)
        self._contacted[customer[rows]] = day
        return made

    def _letters(self, day: int, place: Codes, nominal: Days) -> tuple[Flags, Flags]:
        """(claims,) which reach their next level on a day, and which are listed in a letter then."""
        customer, size = self._claims.customer, len(self._contacted)
        free = self._may & (self._claims.held_until <= day)
        granted = self._granted(place) <= day
        ready = free & granted & (nominal <= day) & (self._contacted[customer] + self._pause <= day)
        overdue = free & (self._due < day) & (nominal < _FAR)  # what had its last level is handed over
        reminder = ready & (place >= self._first_after)
        has_reminder = _any(customer, reminder, size)
        notice = ready & ~reminder & ~has_reminder[customer]  # whoever is reminded today gets no notice beside it
        formal = reminder & self._formal[self._claims.scenario, np.minimum(place, self._formal.shape[1] - 1)]
        # A formal notice names what was reminded before, nothing that never was or that a letter still grants days.
        fit = formal | (granted & (self._sent >= self._first_after)) | ~_any(customer, formal, size)[customer]
        reminder &= fit
        listed = notice | (overdue & fit & has_reminder[customer])
        worth = sum_by_code(customer[listed], self._asked[listed], size).round(2)
        enough = worth[customer] >= self._least
        self.small |= (reminder | notice) & ~enough
        return (reminder | notice) & enough, listed & enough

    def next_on(self, last: int) -> Days:
        """(claims,) the first open day after the last one on which a claim could be reminded; `NO_DAY` for none."""
        place = self._next(last + 1)
        nominal, granted = self._nominal(place), self._granted(place)
        paused = self._contacted[self._claims.customer] + self._pause
        soonest = np.maximum.reduce(
            [nominal, paused, granted, self._claims.held_until, np.full(len(nominal), last + 1)]
        )
        on = self._calendar.day(self._calendar.rank(np.minimum(soonest, last + _FAR // 10**4)))
        return np.where(nominal < _FAR, on, NO_DAY)


def _any(customer: Codes, chosen: Flags, size: int) -> Flags:
    """(customers,) whether one of a customer's claims is chosen."""
    found = np.zeros(size, dtype=np.bool_)
    found[customer[chosen]] = True
    return found


def _formal(scenarios: Sequence[Scenario], most: int) -> Flags:
    """(scenarios and none, levels) whether a level is a formal notice."""
    formal = np.zeros((len(scenarios) + 1, most), dtype=np.bool_)
    for place, each in enumerate(scenarios):
        formal[place, : len(each.used)] = [level.channel == "formal_notice" for level in each.used]
    return formal


def amounts_asked(reminded: Reminded) -> Floats:
    """(claims,) what a letter asks for: the open amount less the credits that cover part of it."""
    return np.asarray((reminded.gross - reminded.credits).round(2))
