"""What is known of customers from outside their account: one row a fact, with the day it became known."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from arlib.errors import Problem
from arlib.ledger.books import Day, as_day
from arlib.words import Sentence, say

LINES = (
    *("sales", "value_added", "staff_costs", "ebitda", "ebit", "financial_charges", "total_assets", "total_debt"),
    *("equity", "permanent_capital", "receivables_and_cash", "working_capital", "retained_earnings"),
)
COLUMNS = {
    "customer_id": "str",
    "fact": "str",
    "value": "str",
    "amount": "float64",
    "day": "datetime64[s]",
    "scale": "str",
    "quota": "float64",
    "ends_on": "datetime64[s]",
    "closed_on": "datetime64[s]",
    "known_on": "datetime64[s]",
    "source": "str",
    "file": "str",
    "row": "int64",
}


@dataclass(frozen=True, eq=False)
class Facts:
    """External facts on customers, as `read_facts` reads them.

    `rows`, one a fact and customer, in the order of the file:

    - customer_id; fact: registry, proceeding, rating, cover, guarantee, payment_method, founded_on,
      sector_failure_rate, or a line of accounts (`LINES`);
    - value, what it says, in words of this room where they are words (`liquidation`, `refused`), the grade of a rating;
    - amount, where it is money or a share; day, where it is a date; scale, of a rating (`opinion.toml`);
    - quota, the share of a cover, 0 to 1; ends_on, its last day; closed_on, the last day of the year of accounts;
    - known_on, NaT where nobody said; source, as the file names it, missing for the customers' own table; file; row.

    Attributes:
        problems: rows that could not be used, each with its place and what to do.
        notes: what was decided while reading, and what is undated.
    """

    rows: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    notes: tuple[Sentence, ...] = ()

    def on(self, day: Day) -> "Facts":
        """The facts known by the end of a day; those without a date are kept, and counted in the notes."""
        known_on = self.rows["known_on"]
        undated = int(known_on.isna().sum())
        kept = self.rows[known_on.isna() | (known_on <= as_day(day))]
        said = say("risk.facts.undated", facts=undated)
        notes = (*self.notes, said) if undated and said not in self.notes else self.notes
        return replace(self, rows=kept, notes=notes)

    def accounts(self) -> pd.DataFrame:
        """The accounts, one row a customer and year, with the latest known figure of each line.

        customer_id, closed_on, known_on (of the line known last), source, and a column a line of `LINES`, nan where
        it is not given.
        """
        lines = self.rows[self.rows["fact"].isin(LINES)]
        lines = latest(lines, ["customer_id", "closed_on", "fact"])
        year = lines.groupby(["customer_id", "closed_on"], sort=True)
        wide = lines.pivot(index=["customer_id", "closed_on"], columns="fact", values="amount")
        told = year[["known_on", "source"]].last()
        return told.join(wide.reindex(columns=list(LINES)).astype("float64")).reset_index()


def no_facts() -> Facts:
    """Facts of nobody, with every column."""
    return Facts(pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()}))


def latest(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The last known row of each key: an undated one before any dated one, of one day the last in the file."""
    ordered = rows.sort_values("known_on", kind="stable", na_position="first")
    return ordered.drop_duplicates(keys, keep="last")


def column_of(values: Iterable[Any], rows: pd.DataFrame) -> "pd.Series[Any]":
    """Any values, such as sentences, as a column beside rows."""
    return pd.Series(list(values), index=rows.index, dtype="object")
