"""Late-payment penalties: what lateness has earned, invoice by invoice, and what earns none."""

from arlib.law.penalties.late import LatePenalties, late_penalties

__all__ = ["LatePenalties", "late_penalties"]
