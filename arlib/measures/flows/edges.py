"""How far back a flow may begin, and where the file's edges leave it without meaning: the note that says so."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.measures.dso.edge import Edge
from arlib.measures.figure import Figure
from arlib.measures.opening import from_the_eve, known_from
from arlib.measures.sales import Sales
from arlib.schema import day_number
from arlib.words import Sentence, say


def period(ledger: Ledger, start: Day, end: Day) -> tuple[Ledger, pd.Timestamp, pd.Timestamp]:
    """The two days of a period, which begins after the first and ends with the second, and the ledger to tell it by.

    Raises:
        ArlibError: the period ends before it begins.
    """
    first, last = as_day(start), as_day(end)
    if last <= first:
        raise ArlibError(say("flows.period", start=first, end=last))
    return from_the_eve(ledger, first), first, last


def told_from(ledger: Ledger, start: pd.Timestamp) -> Ledger:
    """The ledger with its openings where they are owed, on its eve, for tables that begin with the evening of a day.

    Raises:
        ArlibError: what was owed then is not known.
    """
    known = known_from(ledger)
    if start < known:
        raise ArlibError(say("flows.before", first=ledger.covers[0], start=start))
    return from_the_eve(ledger, known)


def out_of_cover(ledger: Ledger, start: pd.Timestamp, end: pd.Timestamp, *, sold: bool) -> Sentence | None:
    """Why a period cannot be told: it starts before the ledger does, or ends past its edge, as a DSO's does.

    Args:
        ledger: the ledger.
        start: the day of the opening balance.
        end: the last day.
        sold: whether the sales of the period are part of the figure, so that the end of these is an edge too.
    """
    if start < ledger.covers[0]:
        return say("flows.before", first=ledger.covers[0], start=start)
    edge = Edge.of(ledger, Sales.of(ledger).known, np.array([day_number(end)]))
    return edge.note() if sold or edge.undated or edge.ended[0] else None


def untold(formula: Sentence, inputs: Mapping[str, Any], note: Sentence) -> Figure:
    """A figure that cannot be given: its formula without the numbers, which would pass for known, and the reason."""
    return Figure.missing(say(f"{formula.key}.formula"), inputs, note)


def signed(amount: float) -> Sentence:
    """An amount as a formula adds or takes it away: in brackets below zero, where two signs would meet."""
    return say("flows.below_zero" if amount < 0 else "flows.amount", amount=amount)
