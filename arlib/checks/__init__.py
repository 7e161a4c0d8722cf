"""What looks wrong, as rows; the proof that totals tie; what changed between two imports of the same books."""

from arlib.checks.findings import check
from arlib.checks.proof import proof
from arlib.checks.restatement import Restatement, compare_ledgers

__all__ = ["Restatement", "check", "compare_ledgers", "proof"]
