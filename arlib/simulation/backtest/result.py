"""What the backtest of the simulation found, as frames, and as sentences a manager understands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from arlib.simulation.backtest.naive import NAIVE
from arlib.simulation.backtest.verdict import verdict_of
from arlib.words import Language, Sentence

MEASURES = ("sales", "receivable", "dso", "cash")


@dataclass(frozen=True, eq=False)
class SimulationBacktest:
    """What would have been simulated at past closings, held against what then came.

    Measures: `receivable` and `dso` on a day; `sales` and `cash`, since the closing. Naive ways, given the same sales:
    `unchanged`, the receivable stays what it is; `last_dso`, the DSO does; `contractual`, all is paid when due.

    Attributes:
        closings: the days simulated from.
        horizon: days looked ahead.
        predictions: one row a closing, measure and week: closing, measure, days (after it), day, expected, low and
            high (the band of eight outcomes of ten), actual, and what each naive way gives.
        left_out: of the closings asked by name, how many could not be tested, by reason: `early`, too little was known
            by then; `unknown`, the ledger does not tell all that followed.
        undated: whether the file has no invoice dates, so that no closing can be tested.
    """

    closings: tuple[pd.Timestamp, ...]
    horizon: int
    predictions: pd.DataFrame
    left_out: Mapping[str, int]
    undated: bool = False

    @cached_property
    def totals(self) -> pd.DataFrame:
        """One row a measure and week: the columns of `errors_of` after measure and days (after the closing)."""
        return errors_of(self.predictions, ["measure", "days"])

    @cached_property
    def overall(self) -> pd.DataFrame:
        """One row a measure, all weeks together: the columns of `errors_of` after measure."""
        return errors_of(self.predictions, ["measure"])

    @property
    def sentences(self) -> Sequence[Sentence]:
        """The verdict, a sentence a finding, the most important first."""
        return verdict_of(self)

    def verdict(self, language: Language = "en") -> str:
        """The verdict in a language: how far it was off, whether the band held, and whether the naive did as well."""
        return " ".join(sentence.text(language) for sentence in self.sentences)


def errors_of(predictions: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """How far predictions were off, by `measure` and maybe others of their columns; what is not known is left out.

    Columns: those of `by`; count, predictions; error, the mean distance to what came; bias, the mean of expected less
    actual; error_share and bias_share, of the mean that came; coverage, share within the band; skill_<naive>, share of
    the naive way's error that is avoided: 0 is no better, nan for sales and where the naive way is never off.
    """
    known = predictions.dropna(subset=["expected", "actual"])
    off = known["expected"] - known["actual"]
    each = pd.DataFrame({name: known[name] for name in by})
    each = each.assign(error=off.abs(), bias=off, actual=known["actual"].abs())
    each["coverage"] = ((known["low"] <= known["actual"]) & (known["actual"] <= known["high"])).astype("float64")
    each = each.assign(**{name: (known[name] - known["actual"]).abs() for name in NAIVE})
    groups = each.groupby(by, sort=False)
    means = groups.mean()
    skills = {f"skill_{name}": 1 - means["error"] / means[name].where(means[name] > 0) for name in NAIVE}
    came = means["actual"].where(means["actual"] > 0)
    shares = {f"{name}_share": means[name] / came for name in ("error", "bias")}
    found = means[["error", "bias"]].assign(count=groups.size(), **shares, coverage=means["coverage"], **skills)
    found.loc[found.index.get_level_values("measure") == "sales", list(skills)] = float("nan")
    return found[["count", "error", "bias", *shares, "coverage", *skills]].reset_index()
