"""What a backtest of the forecast found, as frames and as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.simulation.forecast.verdict import verdict_of
from arlib.words import Language, Sentence, say

FORECAST = "expected"
MODELS = (FORECAST, "contractual", "mean_delay")
_SAID = ("actual", "expected", "p10", "p50", "p90", "contractual", "mean_delay")
COLUMNS = ("closing", "week", "ends_on", *_SAID, *(f"{name}_cumulated" for name in _SAID))
_TOTALS = ("weeks", "model", "wape", "total_error", "bias", "skill", "coverage", "total_coverage")
HORIZONS = (1, 2, 4, 8, 13)  # weeks


@dataclass(frozen=True, eq=False)
class ForecastBacktest:
    """What was forecast at past closings, held against the cash that came in.

    Models: `expected`, the forecast; `contractual`, everybody on the due date; `mean_delay`, everybody as late as its
    mean. Errors of different closings and weeks are added up before they are divided.

    Attributes:
        closings: the days forecast from.
        weekly: one row a closing and week: closing, week, ends_on, actual, expected, p10, p50, p90, contractual,
            mean_delay; each also cumulated since the closing (`_cumulated`).
        totals: one row a number of weeks (1, 2, 4, 8, 13, and all) and model: weeks, model; wape, Σ |actual - said| of
            the single weeks up to it ÷ Σ actual; total_error, the same of their total at each closing; bias,
            Σ (said - actual) ÷ Σ actual, above 0 where too much was said; skill, 1 - the forecast's wape ÷ the
            model's, above 0 where the forecast is better; of the forecast only: coverage, the share of single weeks
            up to it within P10 to P90, and total_coverage, the share of the totals after one week, two, … up to it. nan
            where nothing came in.
        left_out: closings asked for that cannot be judged.
        future_sales: whether invoices to come counted.
        undated: whether the file has no invoice dates: what was not due yet at a closing then counts as to come.
    """

    closings: tuple[pd.Timestamp, ...]
    weekly: pd.DataFrame
    totals: pd.DataFrame
    left_out: tuple[pd.Timestamp, ...]
    future_sales: bool
    undated: bool = False

    @property
    def sentences(self) -> Sequence[Sentence]:
        """The verdict, a sentence a finding."""
        told = verdict_of(self.closings, self.totals, self.left_out)
        return [say("forecast.backtest.undated"), *told] if self.undated and self.closings else told

    def verdict(self, language: Language = "en") -> str:
        """The verdict in a language: errors beside those of the calendars, the band, and what was not better."""
        return " ".join(sentence.text(language) for sentence in self.sentences)


def totals_of(weekly: pd.DataFrame, weeks: int) -> pd.DataFrame:
    """The `totals` of a `weekly`."""
    horizons = sorted({*(each for each in HORIZONS if each < weeks), weeks}) if len(weekly) else []
    return pd.DataFrame([row for horizon in horizons for row in _rows(weekly, horizon)], columns=list(_TOTALS))


def _rows(weekly: pd.DataFrame, horizon: int) -> list[dict[str, float | str]]:
    """The models up to a number of weeks."""
    single, last = weekly[weekly["week"] <= horizon], weekly[weekly["week"] == horizon]
    came, total = single["actual"].sum(), last["actual_cumulated"]
    errors = {name: _ratio((single["actual"] - single[name]).abs().sum(), came) for name in MODELS}
    gaps = {name: last[f"{name}_cumulated"] - total for name in MODELS}
    covered = {"coverage": _covered(single, ""), "total_coverage": _covered(single, "_cumulated")}
    unsaid = dict.fromkeys(covered, np.nan)
    return [
        {
            "weeks": horizon,
            "model": name,
            "wape": errors[name],
            "total_error": _ratio(gaps[name].abs().sum(), total.sum()),
            "bias": _ratio(gaps[name].sum(), total.sum()),
            "skill": 1 - _ratio(errors[FORECAST], errors[name]),
            **(covered if name == FORECAST else unsaid),
        }
        for name in MODELS
    ]


def _covered(rows: pd.DataFrame, suffix: str) -> float:
    """The share of rows whose actual cash is within the band, its ends included to the cent."""
    actual = rows[f"actual{suffix}"].round(2)
    return float(actual.between(rows[f"p10{suffix}"].round(2), rows[f"p90{suffix}"].round(2)).mean())


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else float("nan")
