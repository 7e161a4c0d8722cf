"""The ledger: checked frames, the days it speaks for, and the files it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.errors import ArlibError
from arlib.ledger.consistency import check_items, check_matches
from arlib.ledger.moved import Movements, movements_by_customer
from arlib.schema import CONTROLS, CUSTOMERS, ITEMS, MATCHES, Codes, conform, places_of
from arlib.words import Sentence, say

Day = str | date | pd.Timestamp


@dataclass(frozen=True)
class Source:
    """A file a ledger was read from, and what the reader understood of it.

    `reading` holds one sentence a decision (separator, date order, columns recognised, dates filled in…);
    `warnings` those a person should look at before using the figures. `decided` is how a list was read, as a profile
    says it (`profile_of`).
    """

    name: str
    sha256: str
    format: str
    reading: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    decided: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Ledger:
    """Checked frames of a company's receivables; it holds, functions ask.

    `items`, `matches`, `customers` and `controls` have the columns of `arlib.schema`; `items` keeps every other
    column of the file after them, and where entries moved debts `origin_id`, what a moved debt replaces, and
    `moved_to`, the account not read that one left for. `currency` is the one currency of every `amount`. `covers` is
    the first and last day the data speak for.

    Raises:
        ArlibError: the frames contradict each other (an unknown item in a match, more settled than owed…).
    """

    items: pd.DataFrame
    matches: pd.DataFrame
    customers: pd.DataFrame
    controls: pd.DataFrame
    currency: str
    covers: tuple[pd.Timestamp, pd.Timestamp]
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        for name, columns in _TABLES.items():
            object.__setattr__(self, name, conform(getattr(self, name), columns))
        check_items(self.items, self.customers, self._owners)
        check_matches(self.items, self.matches, self._sides)

    def day(self, as_of: Day | None = None) -> pd.Timestamp:
        """The day a question is about: the one asked, or the ledger's last day where none is."""
        return self.covers[1] if as_of is None else as_day(as_of)

    # What follows is looked up once and kept, for every measure of the same ledger. It is never stale: nothing writes
    # to the frames of a ledger, and another ledger (`dataclasses.replace`) looks up its own.

    @cached_property
    def _owners(self) -> Codes:
        """Where the customer of each item stands in `customers`, -1 where it does not."""
        known, named = pa.array(self.customers["customer_id"]), pa.array(self.items["customer_id"])
        found = pc.index_in(named, value_set=known, skip_nulls=True)
        return np.asarray(found.fill_null(-1), dtype=np.intp)

    @cached_property
    def _sides(self) -> tuple[Codes, Codes]:
        """Where the debit and the credit of each match stand in `items`, -1 where they do not."""
        ids, matches = self.items["item_id"], self.matches
        return places_of(ids, matches["debit_id"]), places_of(ids, matches["credit_id"])

    @cached_property
    def _by_customer(self) -> Movements:
        """The movements sorted by customer, which most questions are asked by."""
        return movements_by_customer(self)


_TABLES = {"items": ITEMS, "matches": MATCHES, "customers": CUSTOMERS, "controls": CONTROLS}


def as_day(value: Day) -> pd.Timestamp:
    """A date without time from `"2024-12-31"`, a `date` or a `Timestamp`.

    Raises:
        ArlibError: the text is not a date, or not year first; or it is a number.
    """
    if pd.api.types.is_number(value):  # pandas would count it in nanoseconds from 1970
        raise ArlibError(say("error.not_a_day", value=str(value)))
    try:
        # "05/04/2013" is two days, by who reads it: a text is a date only year first.
        day = pd.Timestamp(date.fromisoformat(value) if isinstance(value, str) else value)
    except (ValueError, TypeError) as unreadable:
        raise ArlibError(say("error.not_a_day", value=str(value))) from unreadable
    if pd.isna(day):
        raise ArlibError(say("error.not_a_day", value=str(value)))
    return day.tz_localize(None).normalize()
