"""Of which days a ledger tells enough for what follows them to be simulated or forecast."""

from dataclasses import replace

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.dso.edge import Edge
from arlib.measures.sales import Sales
from arlib.schema import Days, day_number
from arlib.words import say


def covered_day(ledger: Ledger, as_of: Day | None) -> pd.Timestamp:
    """The day asked, the ledger's last one by default.

    Raises:
        ArlibError: it comes before the ledger's first day, or after its last one by more than a figure may (`Edge`):
            what was paid and sold in between would count as unpaid and unsold.
    """
    day, (first, last) = ledger.day(as_of), ledger.covers
    if day < first or (day > last and bool(dated_edge(ledger, np.array([day_number(day)])).after[0])):
        raise ArlibError(say("simulation.outside", first=first, last=last, day=day))
    return day


def dated_edge(ledger: Ledger, days: Days) -> Edge:
    """The edge of a ledger on some days, whether its file dates its invoices or not: it dates payments."""
    return replace(Edge.of(ledger, Sales.of(ledger).known, days), undated=None)
