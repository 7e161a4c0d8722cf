"""What became of the customers each rule would have warned of, on the past closings of the same ledger."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.risk.warnings.history import LATE_DAYS, WITHIN, History
from arlib.schema import Flags, Floats
from arlib.words import Language, Sentence, say

FEW_WARNINGS, FEW_CUSTOMERS = 10, 5  # below these, a rate says nothing
CONFIDENCE = 1.645  # standard errors above the base rate: one chance in twenty of a rule that is no better


@dataclass(frozen=True)
class Record:
    """A rule's record.

    Attributes:
        closings: past closings it was asked on.
        raised: warnings, one a customer and closing.
        customers: of these, different customers.
        came_true: warnings followed by what they foretell.
        hit_rate: came_true over raised; nan without any.
        base_rate: the same of all customers who owed something at these closings; nan where none did.
        verdict: better, no_better or few; none without closings.
    """

    closings: int
    raised: int
    customers: int
    came_true: int
    hit_rate: float
    base_rate: float
    verdict: str

    @property
    def lift(self) -> float:
        """hit_rate over base_rate; nan where the latter is 0."""
        return self.hit_rate / self.base_rate if self.base_rate > 0 else np.nan

    def sentence(self) -> Sentence:
        """The record as a manager reads it."""
        values = {"raised": self.raised, "customers": self.customers, "closings": self.closings}
        rates = {"hit": self.hit_rate, "base": self.base_rate, "late": LATE_DAYS, "within": WITHIN}
        match self.verdict:
            case "none":
                return say("risk.warning.record.none", within=WITHIN)
            case "few":
                return say("risk.warning.record.few", **values)
            case _ as verdict:
                return say(f"risk.warning.record.{verdict}", **values, **rates)


def record_of(history: History, raised: Flags) -> Record:
    """The record of a rule from where it warned: (customers, closings), of customers who owed something.

    A rule is better than the base rate where its rate is above it by 1.645 standard errors, all closings of a
    customer being one observation: what one customer does from month to month is no new evidence.
    """
    past = slice(0, len(history.closings) - 1)
    asked, warned = history.owed[:, past] > 0, raised[:, past]
    came_true = history.came_true[:, past]
    hits, warnings = int((warned & came_true).sum()), int(warned.sum())
    customers = int(warned.any(axis=1).sum())
    hit_rate = hits / warnings if warnings else np.nan
    base_rate = float((asked & came_true).sum() / asked.sum()) if asked.any() else np.nan
    verdict = "none"
    if asked.any():
        verdict = "few"
        if warnings >= FEW_WARNINGS and customers >= FEW_CUSTOMERS:
            better = hit_rate - base_rate > CONFIDENCE * _error(asked, warned, came_true)
            verdict = "better" if better else "no_better"
    return Record(asked.shape[1], warnings, customers, hits, hit_rate, base_rate, verdict)


def _error(asked: Flags, warned: Flags, came_true: Flags) -> float:
    """Standard error of the hit rate less the base rate, by what each customer adds to both."""
    known = asked.any(axis=1)
    surplus = _surplus(warned[known], came_true[known]) - _surplus(asked[known], came_true[known])
    return float(np.sqrt((surplus**2).sum()))


def _surplus(chosen: Flags, came_true: Flags) -> Floats:
    """What each customer adds to the rate of the chosen, beyond that rate: (customers,), adding up to 0."""
    count, hits = chosen.sum(axis=1), (chosen & came_true).sum(axis=1)
    return np.asarray((hits - count * (hits.sum() / count.sum())) / count.sum())


def table_of(records: dict[str, Record], reasons: dict[str, Sentence], language: Language) -> pd.DataFrame:
    """The records, a row a rule in the order of the rules; the reason in its place where a rule cannot be asked."""
    rows = [
        {
            "rule": rule,
            "name": say(f"risk.warning.{rule}.name").text(language),
            "closings": each.closings,
            "raised": each.raised,
            "customers": each.customers,
            "came_true": each.came_true,
            "hit_rate": each.hit_rate,
            "base_rate": each.base_rate,
            "lift": each.lift,
            "verdict": "not_asked" if rule in reasons else each.verdict,
            "sentence": reasons.get(rule, each.sentence()).text(language),
        }
        for rule, each in records.items()
    ]
    return pd.DataFrame(rows)
