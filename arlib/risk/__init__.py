"""Who will pay late: a transparent score from what was known on the day, with its reasons."""

from arlib.risk.score import score_customers
from arlib.risk.scorecard import Scorecard, read_scorecard

__all__ = ["Scorecard", "read_scorecard", "score_customers"]
