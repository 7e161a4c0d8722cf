"""The sentences a backtest ends with: what a manager may rely on, and where the score is no better than the naive."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from arlib.words import Sentence, say

if TYPE_CHECKING:
    from arlib.risk.backtest.result import RiskBacktest

FEWEST_OF_EACH = 20  # late invoices, and punctual ones, without which nothing is said of the ranking
FEWEST_CUSTOMERS = 5  # with judged invoices: fewer bets than that are no sample
_CHANCE = 0.5
NAIVE = "customer"

_Row = Mapping[Hashable, Any]


def verdict_of(backtest: "RiskBacktest") -> list[Sentence]:
    """Ranking and probabilities at each threshold, dates, worklist, then what was left out."""
    found = [sentence for days in backtest.thresholds for sentence in at_threshold(backtest, days)]
    if not found:
        return [say("risk.backtest.nothing", invoices=len(backtest.predictions)), *_left_out(backtest)]
    return [*found, *_dates(backtest), *_capture(backtest), *_disputed(backtest), *_left_out(backtest)]


def at_threshold(backtest: "RiskBacktest", days: int) -> list[Sentence]:
    """Ranking, beside chance and the naive rate, then probabilities; none where nothing was judged there."""
    models = _rows(backtest.discrimination, "model", days)
    law, naive = models.get("law"), models.get(NAIVE)
    if law is None or naive is None or not law["invoices"]:
        return []
    late = _late(days)
    judged = backtest.predictions[f"late_{days}"].notna()
    customers = backtest.predictions.loc[judged, "customer_id"].nunique()
    count = law["late_share"] * law["invoices"]
    if min(count, law["invoices"] - count) < FEWEST_OF_EACH or customers < FEWEST_CUSTOMERS:
        few = {"invoices": law["invoices"], "late_count": round(count), "customers": customers}
        return [say("risk.backtest.too_few", late=_late(days, many=True), **few)]
    closings = backtest.predictions.loc[judged, "closing"].nunique()
    ranks = say(
        "risk.backtest.ranks",
        closings=closings,
        invoices=law["invoices"],
        late=late,
        right=100 * law["auc"],
        low=100 * law["auc_low"],
        high=100 * law["auc_high"],
        naive=100 * naive["auc"],
    )
    gain = _rows(backtest.gains, "against", days)[NAIVE]
    return [ranks, _against_naive(law, gain), _probabilities(backtest, days, gain)]


def _against_naive(law: _Row, gain: _Row) -> Sentence:
    """Whether the ranking beats chance, then the naive rate, beyond what drawing other customers would change."""
    if not law["auc_low"] > _CHANCE:
        return say("risk.backtest.chance")
    points = {"gain": 100 * gain["auc"], "low": 100 * gain["auc_low"], "high": 100 * gain["auc_high"]}
    if gain["auc_low"] > 0:
        return say("risk.backtest.better", **points)
    if gain["auc_high"] < 0:
        return say("risk.backtest.worse", **points)
    return say("risk.backtest.no_better", **points)


def _probabilities(backtest: "RiskBacktest", days: int, gain: _Row) -> Sentence:
    """What was announced and what happened, and whether that was closer than the naive rate."""
    predictions = backtest.predictions
    judged = predictions[f"late_{days}"].notna()
    means = {
        "announced": predictions.loc[judged, f"p_late_{days}"].mean(),
        "observed": predictions.loc[judged, f"late_{days}"].mean(),
    }
    if gain["brier_low"] > 0:
        return say("risk.backtest.closer", late=_late(days, many=True), **means)
    if gain["brier_high"] < 0:
        return say("risk.backtest.farther", late=_late(days, many=True), **means)
    return say("risk.backtest.as_close", late=_late(days, many=True), **means)


def _dates(backtest: "RiskBacktest") -> list[Sentence]:
    models = _rows(backtest.dates, "model")
    if "law" not in models or not models["law"]["payments"]:
        return []
    law, due_date = models["law"], models["due_date"]
    return [say("risk.backtest.dates", error=law["error"], due=due_date["error"], held=law["coverage"])]


def _capture(backtest: "RiskBacktest") -> list[Sentence]:
    rules = _rows(backtest.capture, "rule")
    if "law" not in rules or np.isnan(rules["law"]["share"]):
        return []
    return [say("risk.backtest.capture", share=rules["law"]["share"], usual=rules["overdue_amount"]["share"])]


def _disputed(backtest: "RiskBacktest") -> list[Sentence]:
    """Where the test asks more than the score does: cash comes late for a dispute too."""
    predictions = backtest.predictions
    judged = predictions[[f"late_{days}" for days in backtest.thresholds]].notna().any(axis=1)
    invoices = int((predictions["disputed"] & judged).sum())
    return [say("risk.backtest.disputed", invoices=invoices)] if invoices else []


def _left_out(backtest: "RiskBacktest") -> list[Sentence]:
    """What was not judged, in the words of its reason; and the days at which the file is cut."""
    rows = backtest.left_out[backtest.left_out["invoices"] > 0]
    found: list[Sentence] = []
    for reason, days, invoices in zip(rows["reason"], rows["days_late"], rows["invoices"], strict=True):
        late = {} if np.isnan(days) else {"late": _late(int(days), many=True)}
        found.append(say(f"risk.backtest.left.{reason}", invoices=int(invoices), **late))
    return [*found, *(_cut(day, backtest.known_until) for day in backtest.cuts)]


def _cut(day: pd.Timestamp, last: pd.Timestamp) -> Sentence:
    return say("risk.backtest.paid_only", day=day) if day == last else say("risk.backtest.cut", day=day)


def _late(days: int, *, many: bool = False) -> Sentence:
    """How an invoice, or many, was paid: adjectives agree in French."""
    if days == 0:
        return say("risk.backtest.all_late") if many else say("risk.backtest.late")
    return say("risk.backtest.all_later", days=days) if many else say("risk.backtest.later", days=days)


def _rows(frame: pd.DataFrame, name: str, days: int | None = None) -> dict[Any, _Row]:
    """The rows of a table by one of its columns, of one threshold."""
    kept = frame if days is None else frame[frame["days_late"] == days]
    return {row[name]: row for row in kept.to_dict("records")}
