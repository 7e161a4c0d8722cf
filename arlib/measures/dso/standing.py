"""What a ledger says of one day: what was owed and open, what was sold; read once for all the methods of a DSO."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger, group_codes, open_items
from arlib.measures.dso.edge import Edge
from arlib.measures.figure import Figure
from arlib.measures.opening import from_the_eve
from arlib.measures.sales import Sales, receivables_on, window_days
from arlib.schema import HALF_CENT, Codes, Days, Flags, Floats, day_number, sum_by_code, to_dates
from arlib.words import Sentence, say

DAYS = 90
UNPLACED = 0.1  # of what is owed; more of it from no known sales, and a ratio to these is no figure


@dataclass(frozen=True, eq=False)
class Standing:
    """A ledger on a day, and the window of sales a ratio is taken over."""

    ledger: Ledger
    day: pd.Timestamp
    days: int

    @classmethod
    def of(cls, ledger: Ledger, as_of: Day | None, days: int = DAYS) -> "Standing":
        """The ledger on a day, its last one where none is asked.

        Raises:
            ArlibError: the window has no days.
        """
        return cls(ledger, ledger.day(as_of), int(window_days(days)))

    @cached_property
    def until(self) -> int:
        """The day as a number."""
        return day_number(self.day)

    @cached_property
    def first(self) -> int:
        """The first day the ledger speaks for, as a number."""
        return day_number(self.ledger.covers[0])

    @cached_property
    def sales(self) -> Sales:
        """All sales, those known later too."""
        return Sales.of(self.ledger)

    @cached_property
    def known(self) -> Flags:
        """Which sales are in the accounts on the day."""
        return np.asarray(self.sales.known <= self.until)

    @cached_property
    def receivable(self) -> float:
        """What is owed on the day, net of credits."""
        return float(self.owed_on(np.array([self.until]))[0])

    @cached_property
    def sold(self) -> float:
        """Sales of the window."""
        return self.sold_over(self.days)

    @cached_property
    def opened(self) -> pd.DataFrame:
        """The items open on the day."""
        return open_items(self.ledger, self.day)

    @cached_property
    def edge(self) -> Sentence | None:
        """Why the file's edge leaves no figure on this day."""
        return self._edge.note()

    @cached_property
    def caution(self) -> Sentence | None:
        """What to mind of any figure: a file of what is open only, and sales that have not come in for long."""
        items = self.ledger.items
        paid = (items["amount"] < 0) & (items["booked_on"] <= self.day)
        return together(None if paid.any() else say("dso.no_payment", first=self.ledger.covers[0]), self._edge.late())

    @cached_property
    def _edge(self) -> Edge:
        return Edge.of(self.ledger, self.sales.known, np.array([self.until]))

    def owed_on(self, days: Days) -> Floats:
        """What is owed at the end of each day, by its openings on the eve of the ledger too."""
        ledger = from_the_eve(self.ledger, to_dates(np.array([days.min()]))[0])
        return np.asarray(receivables_on(ledger, days, np.zeros(len(ledger.items), dtype=np.intp), 1)[0])

    def sold_over(self, days: int) -> float:
        """Sales of so many days up to the day."""
        return float(self.sales.to(np.array([self.until]), window_days(days))[0, 0])

    def sold_by_month(self) -> tuple[Floats, Days]:
        """Sales and days of the calendar months back from the day to the first covered one, newest first."""
        until, first = np.array([self.until, min(self.first, self.until)]).astype("datetime64[D]")
        newest = until.astype("datetime64[M]")
        months = newest - np.arange(int((newest - first.astype("datetime64[M]")).astype(int)) + 1)
        edges = np.append(self.until + 1, np.maximum(months.astype("datetime64[D]"), first).astype(np.int64))
        sales = self.sales
        counted = self.known & (sales.issued >= edges[-1])
        back = (newest - sales.issued[counted].astype("datetime64[D]").astype("datetime64[M]")).astype(np.intp)
        return sum_by_code(back, sales.amount[counted], len(months)).round(2) + 0.0, -np.diff(edges)

    def missing(self, days: int, sold: float) -> Sentence | None:
        """Why a ratio to the sales of so many days has no meaning; none where it has one."""
        if self.edge:
            return self.edge
        needed = self.until - days + 1
        if needed < self.first:
            return say("dso.too_short", first=self.ledger.covers[0], needed=to_dates(np.array([needed]))[0])
        return say("dso.no_sales", window=days) if sold <= HALF_CENT else None

    def in_credit(self, owed: float) -> Sentence | None:
        """Why what is owed stands for no days: customers hold more in credits; none where they do not."""
        return say("dso.credit", receivable=owed) if owed < -HALF_CENT else None

    def ratio(self, amount: float, formula: Sentence, inputs: dict[str, Any]) -> Figure:
        """An amount in days of the window's sales, or the reason why it has no meaning."""
        inputs = {"receivable": self.receivable, "sales": self.sold, "days": self.days, "as_of": self.day} | inputs
        note = self.missing(self.days, self.sold) or self.in_credit(self.receivable)
        if note:
            return Figure.missing(formula, inputs, note)
        older = say("dso.older", window=self.days) if amount > self.sold + HALF_CENT else None
        return Figure(simple_days(amount, self.sold, self.days), formula, inputs, together(self.caution, older))


def together(*notes: Sentence | None) -> Sentence | None:
    """Several notes as one; none where there is none."""
    told = [note for note in notes if note is not None]
    return reduce(lambda first, then: say("dso.notes", first=first, then=then), told) if told else None


def groups_of(ledger: Ledger, by: By, columns: Sequence[str]) -> tuple[Codes, pd.DataFrame]:
    """`group_codes`, for a result that has these columns of its own.

    Raises:
        ArlibError: groups are asked by one of them.
    """
    codes, groups = group_codes(ledger, by)
    own = [str(name) for name in groups if name in columns]
    if own:
        raise ArlibError(say("dso.by", by=", ".join(own)))
    return codes, groups


def simple_days(receivable: float, sales: float, days: int) -> float:
    """Receivable / sales × days; nan without sales."""
    return receivable / sales * days if sales > HALF_CENT else np.nan
