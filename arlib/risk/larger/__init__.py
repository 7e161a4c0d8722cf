"""A larger model of late payment, used only where a ledger's own past shows that it is worth it."""

from arlib.risk.larger.choice import Choice, choose_forecast
from arlib.risk.larger.learning import Learning
from arlib.risk.larger.model import LargerForecast, larger_model

__all__ = ["Choice", "LargerForecast", "Learning", "choose_forecast", "larger_model"]
