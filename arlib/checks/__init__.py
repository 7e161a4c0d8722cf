"""What looks wrong, as rows; and the proof that totals tie."""

from arlib.checks.findings import check
from arlib.checks.proof import proof

__all__ = ["check", "proof"]
