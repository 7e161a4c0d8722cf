"""What a check is: a small function whose docstring is the sentence shown, and the books it looks at."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from arlib.ledger import Ledger, settled_amounts
from arlib.schema import HALF_CENT, ITEMS, Codes, Flags
from arlib.words import Language

Severity = Literal["error", "warning", "info"]
Scope = Literal["booked", "all"]
_FROM_BOOKS = ("letter", "journal")  # what readers add to the schema where the books have it


@dataclass(frozen=True, eq=False)
class Books:
    """The rows a check looks at, as the accounts of a day had them.

    Attributes:
        ledger: where they come from.
        day: the end of the day asked.
        items: the items in the order of `item_id`: the columns of the schema, `letter` and `journal` where known;
            and `left`, what is open of each on the day, `cents`, its amount in whole cents without sign, and `year`
            of its date. The file's own columns are left out: their names could be any of these.
    """

    ledger: Ledger
    day: pd.Timestamp
    items: pd.DataFrame
    _groups: dict[tuple[str, ...], Codes] = field(default_factory=dict, repr=False)

    @cached_property
    def opened(self) -> pd.DataFrame:
        """The items of which something is open, with that as the amount at stake."""
        return self._open_of(self.items["left"].abs() >= HALF_CENT)

    @cached_property
    def owed(self) -> pd.DataFrame:
        """The open debits."""
        return self._open_of(self.items["left"] >= HALF_CENT)

    @cached_property
    def unapplied(self) -> pd.DataFrame:
        """The open credits."""
        return self._open_of(self.items["left"] <= -HALF_CENT)

    def _open_of(self, chosen: "pd.Series[bool]") -> pd.DataFrame:
        kept = self.items[chosen]
        return kept.assign(at_stake=kept["left"])

    @cached_property
    def matches(self) -> pd.DataFrame:
        """The matches of the day, with the places of both sides in `items`: `debit`, `credit`."""
        known = self.ledger.matches[self.ledger.matches["matched_on"] <= self.day]
        index = pd.Index(self.items["item_id"])
        places = {side: index.get_indexer(pd.Index(known[f"{side}_id"])) for side in ("debit", "credit")}
        return known.assign(**places)

    @cached_property
    def balances(self) -> "pd.Series[Any]":
        """What each customer owes on the day, net of credits."""
        sums: pd.Series[Any] = self.items["amount"].groupby(self.items["customer_id"]).sum().round(2)
        return sums

    def of_kind(self, *kinds: str) -> Flags:
        """Which items are of one of these kinds."""
        return np.asarray(self.items["kind"].isin(kinds), dtype=np.bool_)

    def group(self, *columns: str) -> Codes:
        """A number for each item, the same for items that agree on these columns; a missing value is one too.

        What a first few columns give is kept for the next question that begins with them.
        """
        if columns not in self._groups:
            last, found = pd.factorize(self.items[columns[-1]])
            if len(columns) > 1:
                last, _ = pd.factorize(self.group(*columns[:-1]) * (len(found) + 1) + last + 1)
            self._groups[columns] = last
        return self._groups[columns]


@dataclass(frozen=True, eq=False)
class Check:
    """One way a ledger can look wrong.

    Attributes:
        key: its name in the findings.
        severity: error, a figure is wrong; warning, one may be; info, worth knowing.
        column: the column of the items or customers to look at.
        scope: whether it looks at what was booked by the day, or at all rows.
        find: the rows found. `at_stake` is the amount where it is not the item's own, `value` what is shown where it
            is not the column's, `count` how many movements stand behind the row where it is not one.
    """

    key: str
    severity: Severity
    column: str
    scope: Scope
    find: Callable[[Books], pd.DataFrame]

    def sentence(self, language: Language = "en") -> str:
        """What was found: the first paragraph of the docstring in English, the last one in French."""
        paragraphs = (inspect.getdoc(self.find) or self.key).split("\n\n")
        return " ".join(paragraphs[-1 if language == "fr" else 0].split("\n"))


def rule(
    severity: Severity, column: str, *, scope: Scope = "booked"
) -> Callable[[Callable[[Books], pd.DataFrame]], Check]:
    """Makes a check of a function, whose name is its key."""

    def made(find: Callable[[Books], pd.DataFrame]) -> Check:
        return Check(find.__name__, severity, column, scope, find)

    return made


def books_of(ledger: Ledger, day: pd.Timestamp) -> dict[Scope, Books]:
    """The books of a day, for each scope a check can have."""
    known = [column.name for column in ITEMS] + [name for name in _FROM_BOOKS if name in ledger.items]
    items = ledger.items[known]
    items = items.assign(
        left=(items["amount"] - settled_amounts(ledger, day)).round(2),
        cents=(items["amount"].abs() * 100).round().astype("int64"),
        year=items["issued_on"].dt.year,
    )
    if not items["item_id"].is_monotonic_increasing:  # findings never depend on the order of rows
        items = items.sort_values("item_id", ignore_index=True)
    booked = items["booked_on"] <= day
    before = items if booked.all() else items[booked].reset_index(drop=True)
    return {"booked": Books(ledger, day, before), "all": Books(ledger, day, items)}


def together(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """The rows of each customer, journal… as one: their amounts added up, shown by the one of most at stake."""
    if "at_stake" not in rows:
        rows = rows.assign(at_stake=rows["amount"])
    order = np.lexsort((rows["item_id"], -rows["at_stake"].abs()))
    rows = rows.iloc[order]
    groups = rows.groupby(by, dropna=False, sort=False)
    sums, sizes = groups["at_stake"].transform("sum"), groups["at_stake"].transform("size")
    return rows.assign(at_stake=sums.round(2), count=sizes)[~rows[by].duplicated()]


def of_customers(amounts: "pd.Series[Any]", values: "pd.Series[Any] | None" = None) -> pd.DataFrame:
    """Findings about customers: the amount of each at stake, and what is shown of them."""
    shown = amounts if values is None else values
    return pd.DataFrame(
        {"customer_id": amounts.index, "at_stake": amounts.to_numpy(), "value": shown.astype("str").to_numpy()}
    )
