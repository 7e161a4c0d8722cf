"""Which model a ledger is forecast with: the larger one only where its own past shows that it is worth it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd

from arlib.behaviour import payment_evidence, payment_laws
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, known_by
from arlib.risk.backtest import Forecast, RiskBacktest, backtest_risk
from arlib.risk.backtest.forecasts import LawForecast
from arlib.risk.backtest.outcomes import outcomes_of
from arlib.risk.backtest.verdict import FEWEST_OF_EACH
from arlib.risk.backtest.windows import windows_of
from arlib.risk.larger.learning import USUAL, Learning
from arlib.risk.larger.model import larger_model
from arlib.words import Sentence, say

DAYS_LATE = (0, 30)  # thresholds the models are compared at
LEAST_GAIN = 0.005  # of the law's measure: with less, four looks at 95 % find one by chance in ledgers of plain draws
_MEASURES = ("log_loss", "brier")
_COLUMNS = ["days_late", "measure", "invoices", "late_share", "law", "larger", "gain", "low", "high"]

_Row = Mapping[Hashable, Any]


@dataclass(frozen=True, eq=False)
class Choice:
    """The model chosen for a ledger on a day, and why.

    Attributes:
        forecast: what `late_risk` takes; its items are positions in the `items` of the ledger asked about.
        name: `law`, the payment laws; `larger`, their mean with what was learnt from past closings.
        sentence: why.
        gains: one row a threshold and measure: days_late, measure (log_loss, brier), invoices judged, late_share,
            the measure of each model, gain (what the larger model takes off it, above 0 where it is better) and the
            ends (low, high) of the interval of the paired difference over draws of customers; no row where not tried.
        backtest: of both models; None where not tried.
    """

    forecast: Forecast
    name: Literal["law", "larger"]
    sentence: Sentence
    gains: pd.DataFrame
    backtest: RiskBacktest | None = None


def choose_forecast(ledger: Ledger, as_of: Day | None = None, *, learning: Learning = USUAL, seed: int = 1) -> Choice:
    """The larger model where the ledger's own past closings show a gain beyond chance, the payment laws elsewhere.

    Both are tried on the last six month ends whose invoices can be judged, each learning anew at each of them, with
    the accounts as they stood on the day: nothing later is used. The larger model is chosen where, at a threshold (0
    or 30 days late) with 20 late and 20 punctual invoices, its log-loss or Brier score is lower by over 0.5 % of the
    law's even at the low end of the interval of the difference, and neither is higher beyond it at any. Where
    scikit-learn is not installed or the ledger is too small, the sentence says so. The segment of a customer is taken
    as it is today.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        learning: the history asked for, and the effort.
        seed: of the draws of customers.

    Raises:
        ArlibError: no payment is known by then, so that there is no law either.
    """
    day = ledger.day(as_of)
    law = LawForecast(ledger, payment_laws(ledger, day))
    try:
        forecast = larger_model(ledger, day, learning)
        backtest = _tried(known_by(ledger, day), day, learning, seed)
    except ArlibError as refused:
        return Choice(law, "law", say("risk.larger.law", reason=refused.sentence), _gains(None))
    gains = _gains(backtest)
    best = best_gain(gains)
    if best is None:
        return Choice(law, "law", _no_better(gains, backtest), gains, backtest)
    return Choice(forecast, "larger", _better(best, backtest), gains, backtest)


def _tried(known: Ledger, day: pd.Timestamp, learning: Learning, seed: int) -> RiskBacktest:
    """Both models at the last closings whose invoices can be judged, where there was enough to learn from.

    Raises:
        ArlibError: there is no such closing.
    """
    ends = windows_of(known, outcomes_of(known), None, None, DAYS_LATE[-1]).days[-learning.tested :]
    closings = [end for end in ends if learning.lacking(payment_evidence(known, end)) is None]
    if not closings:
        raise ArlibError(say("risk.larger.untried", day=day))
    predictors = {"larger": partial(larger_model, learning=learning)}
    return backtest_risk(known, closings, days_late=DAYS_LATE, seed=seed, predictors=predictors)


def _gains(backtest: RiskBacktest | None) -> pd.DataFrame:
    """What the larger model takes off the law's measures; see `Choice.gains`."""
    if backtest is None:
        return pd.DataFrame(columns=_COLUMNS)
    models = backtest.discrimination.set_index(["model", "days_late"])
    paired = backtest.gains[backtest.gains["against"] == "larger"].set_index("days_late")
    of_models = {model: models.loc[model] for model in ("law", "larger")}
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "days_late": paired.index,
                    "measure": name,
                    **{column: of_models["law"][column].to_numpy() for column in ("invoices", "late_share")},
                    **{model: frame[name].to_numpy() for model, frame in of_models.items()},
                    "gain": -paired[name].to_numpy(),  # the backtest says what the law gains
                    "low": -paired[f"{name}_high"].to_numpy(),
                    "high": -paired[f"{name}_low"].to_numpy(),
                }
            )
            for name in _MEASURES
        ],
        ignore_index=True,
    )


def best_gain(gains: pd.DataFrame) -> _Row | None:
    """The largest gain for its size that matters beyond chance; None without one, or where anything is lost so."""
    late = gains["late_share"] * gains["invoices"]
    enough = (late >= FEWEST_OF_EACH) & (gains["invoices"] - late >= FEWEST_OF_EACH)
    won = gains[enough & (gains["low"] > LEAST_GAIN * gains["law"])].to_dict("records")
    if not won or (gains["high"] < 0).any():
        return None
    return max(won, key=lambda row: row["gain"] / row["law"])


def _better(best: _Row, backtest: RiskBacktest) -> Sentence:
    shares = {end: best[end] / best["law"] for end in ("gain", "low", "high")}
    days = best["days_late"]
    late = say("risk.backtest.all_later", days=days) if days else say("risk.backtest.all_late")
    closings = len(backtest.closings)
    return say("risk.larger.better", closings=closings, invoices=best["invoices"], late=late, **shares)


def _no_better(gains: pd.DataFrame, backtest: RiskBacktest) -> Sentence:
    tried = {"closings": len(backtest.closings), "invoices": gains["invoices"].max()}
    return say("risk.larger.worse" if (gains["high"] < 0).any() else "risk.larger.no_better", **tried)
