"""Days that must not be missed: when a debt can no longer be claimed, and what a procedure leaves time for."""

from arlib.law.deadlines.countdown import Deadlines
from arlib.law.deadlines.limitation import limitation_dates
from arlib.law.deadlines.procedures import procedure_deadlines

__all__ = ["Deadlines", "limitation_dates", "procedure_deadlines"]
