"""What arlib must find in the samples, computed without any of it: whole cents, one movement after the other.

Nothing here reads a file through arlib, imports a measure, or works on columns: a figure that a measure and these
loops give alike was arrived at in two ways. Figures are exact until they are written (cents, or quotients of whole
numbers), so that none hangs on the order of a sum.
"""

from arlib.samples.expected.books import Open, open_on, part_of, sales_between
from arlib.samples.expected.dso import countback_days
from arlib.samples.expected.fact import Fact, Line, write_expected
from arlib.samples.expected.facts import Days, facts
from arlib.samples.expected.stock import aged

__all__ = [
    "Days",
    "Fact",
    "Line",
    "Open",
    "aged",
    "countback_days",
    "facts",
    "open_on",
    "part_of",
    "sales_between",
    "write_expected",
]
