"""Expected payments by day of many invoices at once: laws added up by cell, moved by a policy, laid on open days."""

from arlib.simulation.flows.cells import Cells, gather
from arlib.simulation.flows.moved import Moved
from arlib.simulation.flows.sales import Sales

__all__ = ["Cells", "Moved", "Sales", "gather"]
