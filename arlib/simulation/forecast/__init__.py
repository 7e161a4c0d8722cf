"""The cash to come, by week and month, with a band; and how such forecasts did at past closings."""

from arlib.simulation.forecast.backtest import backtest_forecast
from arlib.simulation.forecast.forecast import CashForecast, forecast_cash
from arlib.simulation.forecast.promised_file import read_promises
from arlib.simulation.forecast.promises import Promises
from arlib.simulation.forecast.result import ForecastBacktest

__all__ = ["CashForecast", "ForecastBacktest", "Promises", "backtest_forecast", "forecast_cash", "read_promises"]
