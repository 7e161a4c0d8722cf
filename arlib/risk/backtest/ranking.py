"""How well each model told late invoices from punctual ones, and how right its probabilities were."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.risk.backtest.metrics import area_under_curve, squared_errors, surprises
from arlib.risk.backtest.resampling import CustomerDraws
from arlib.schema import Codes, Flags, Floats

MEASURES = ("auc", "brier", "log_loss")
BINS = 10


@dataclass(frozen=True, eq=False)
class Judged:
    """The invoices judged at one threshold, with what each model said of them.

    Attributes:
        days_late: the threshold.
        customer: (invoices,) position among the customers drawn.
        late: (invoices,) share of the invoice paid later than that.
        probabilities: by model, (invoices,) probability of being late.
        ranks: by rule, (invoices,) figures that only rank.
    """

    days_late: int
    customer: Codes
    late: Floats
    probabilities: Mapping[str, Floats]
    ranks: Mapping[str, Floats]

    def only(self, kept: Flags) -> "Judged":
        """Some of these invoices."""
        return Judged(
            self.days_late,
            self.customer[kept],
            self.late[kept],
            {model: values[kept] for model, values in self.probabilities.items()},
            {rule: values[kept] for rule, values in self.ranks.items()},
        )


@dataclass(frozen=True, eq=False)
class Measured:
    """A measure of one model and its value in every draw of customers."""

    value: float
    drawn: Floats


def measured(judged: Judged, draws: CustomerDraws) -> Mapping[tuple[str, str], Measured]:
    """Every measure of every model, by (model, measure), all on the same draws so that differences are paired."""
    late, on_time, whole = judged.late, 1 - judged.late, np.ones(len(judged.late))
    found = {
        (model, "auc"): Measured(
            area_under_curve(score, late, on_time), draws.areas(judged.customer, score, late, on_time)
        )
        for model, score in {**judged.probabilities, **judged.ranks}.items()
    }
    for model, probability in judged.probabilities.items():
        for name, losses in (("brier", squared_errors(probability, late)), ("log_loss", surprises(probability, late))):
            mean = float(losses.mean()) if len(losses) else np.nan
            found[model, name] = Measured(mean, draws.means(judged.customer, losses, whole))
    return found


def discrimination(
    judged: Judged, found: Mapping[tuple[str, str], Measured], draws: CustomerDraws
) -> list[dict[str, object]]:
    """One row a model: threshold, invoices, late share, and each measure with the ends of its interval."""
    rows: list[dict[str, object]] = []
    for model in (*judged.probabilities, *judged.ranks):
        row: dict[str, object] = {"days_late": judged.days_late, "model": model, "invoices": len(judged.late)}
        row["late_share"] = float(judged.late.mean()) if len(judged.late) else np.nan
        for name in MEASURES:
            one = found.get((model, name), Measured(np.nan, np.array([])))
            low, high = draws.interval(one.drawn)
            row |= {name: one.value, f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    return rows


def gains(
    judged: Judged, found: Mapping[tuple[str, str], Measured], draws: CustomerDraws, model: str
) -> list[dict[str, object]]:
    """One row another model: what `model` gains on it, above 0 where it is better, with the ends of the interval.

    Every draw gives both models the same customers, so that what is common to both cancels out.
    """
    rows: list[dict[str, object]] = []
    for other in (*judged.probabilities, *judged.ranks):
        if other == model:
            continue
        row: dict[str, object] = {"days_late": judged.days_late, "model": model, "against": other}
        for name in MEASURES:
            better = 1 if name == "auc" else -1
            mine, its = found[model, name], found.get((other, name), Measured(np.nan, np.array([np.nan])))
            low, high = draws.interval(better * (mine.drawn - its.drawn))
            row |= {name: better * (mine.value - its.value), f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    return rows


def calibration(judged: Judged, draws: CustomerDraws, model: str) -> pd.DataFrame:
    """Ten groups of as many invoices, from the least to the most likely to be late: said, and what happened.

    Equal forecasts are never parted: groups are then fewer. Columns: days_late, bin (from 1), predicted, observed
    (means), low, high (interval of observed), count (invoices).
    """
    probability = judged.probabilities[model]
    edges = np.unique(np.quantile(probability, np.arange(1, BINS) / BINS)) if len(probability) else np.array([])
    place = np.searchsorted(edges, probability, side="right")
    filled, codes = np.unique(place, return_inverse=True)
    rows: list[dict[str, object]] = []
    for group in range(len(filled)):
        member = codes == group
        late = judged.late[member]
        low, high = draws.interval(draws.means(judged.customer[member], late, np.ones(len(late))))
        rows.append(
            {
                "days_late": judged.days_late,
                "bin": group + 1,
                "predicted": float(probability[member].mean()),
                "observed": float(late.mean()),
                "low": low,
                "high": high,
                "count": int(member.sum()),
            }
        )
    return pd.DataFrame(rows, columns=["days_late", "bin", "predicted", "observed", "low", "high", "count"])
