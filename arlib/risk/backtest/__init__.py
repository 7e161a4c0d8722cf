"""Whether the score was right: past closings, with what was known then, against what happened."""

from arlib.risk.backtest.backtest import backtest_risk
from arlib.risk.backtest.forecasts import Forecast, Predictor
from arlib.risk.backtest.result import RiskBacktest

__all__ = ["Forecast", "Predictor", "RiskBacktest", "backtest_risk"]
