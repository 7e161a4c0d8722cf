"""Whether the simulation was right: past closings, told only what was known then, against what came."""

from arlib.simulation.backtest.backtest import backtest_simulation
from arlib.simulation.backtest.result import SimulationBacktest

__all__ = ["SimulationBacktest", "backtest_simulation"]
