"""What the page shows of one ledger on one day: each figure computed when first asked, once."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from arlib.checks import proof
from arlib.ledger import Ledger, open_items
from arlib.measures import aged_balance, aged_balance_history, dso, dso_history, key_figures
from arlib.measures.dso import month_ends
from arlib.measures.figure import Figure
from arlib.risk import score_customers
from arlib.simulation import SimulationBase, prepare
from arlib.words import Language

_MONTHS = 24
_HORIZON = 365  # days looked ahead


@dataclass(frozen=True, eq=False)
class Answers:
    """The figures of the page; the frames are those of the functions of the same names."""

    ledger: Ledger
    as_of: pd.Timestamp
    _scores: dict[Language, pd.DataFrame] = field(default_factory=dict, repr=False)

    @cached_property
    def proof(self) -> pd.DataFrame:
        """The tie-out, line by line."""
        return proof(self.ledger, self.as_of)

    @cached_property
    def key_figures(self) -> pd.DataFrame:
        """The figures of the cards."""
        return key_figures(self.ledger, self.as_of)

    @cached_property
    def assumed_due(self) -> pd.DataFrame:
        """What is owed whose due date the file does not give: the open items that the default terms make due."""
        opened = open_items(self.ledger, self.as_of)
        assumed: pd.DataFrame = opened[(opened["due_source"] == "default") & (opened["open_amount"] > 0)]
        return assumed

    @cached_property
    def dso(self) -> Figure:
        """The DSO with its formula, and why it is missing where it is."""
        return dso(self.ledger, self.as_of)

    @cached_property
    def aged(self) -> pd.DataFrame:
        """The aged balance by customer."""
        return aged_balance(self.ledger, self.as_of)

    @cached_property
    def aged_history(self) -> pd.DataFrame:
        """The aged balance at the day and the month ends before it."""
        return aged_balance_history(self.ledger, self._dates)

    @cached_property
    def dso_history(self) -> pd.DataFrame:
        """Both DSOs at the same dates."""
        return dso_history(self.ledger, self._dates)

    @cached_property
    def base(self) -> SimulationBase:
        """What every simulation on this day shares.

        Raises:
            ArlibError: no payment is known by the day.
        """
        return prepare(self.ledger, self.as_of, horizon=_HORIZON)

    def prepare(self) -> None:
        """Compute what is shown first, so that a ledger that cannot be shown is known before it replaces another."""
        _ = self.proof, self.key_figures, self.dso, self.assumed_due, self.aged

    def scores(self, language: Language) -> pd.DataFrame:
        """The customers' scores, with reasons in a language.

        Raises:
            ArlibError: no payment is known by the day.
        """
        if language not in self._scores:
            self._scores[language] = score_customers(self.ledger, self.as_of, language=language)
        return self._scores[language]

    @cached_property
    def _dates(self) -> list[pd.Timestamp]:
        return month_ends(self.ledger, self.as_of, months=_MONTHS)
