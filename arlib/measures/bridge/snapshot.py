"""What groups of a ledger bought and owe on a day: the two ends of a bridge."""

import numpy as np
import pandas as pd

from arlib.ledger import Ledger, open_amounts
from arlib.measures.bridge.effects import PARTS, Snapshot
from arlib.measures.sales import Sales
from arlib.schema import HALF_CENT, INVOICE, NO_DAY, Codes, Flags, Floats, day_number, day_numbers, sum_by_code


def snapshot_on(ledger: Ledger, day: pd.Timestamp, grouped: Sales, codes: Codes, days: int) -> Snapshot:
    """What groups bought in the days up to one and how they stand at the end of it; `codes` of every item."""
    until, size = day_number(day), len(grouped.groups)
    sales = grouped.to(np.array([until]), np.array(days))[:, 0]
    return Snapshot(sales, _parts(ledger, day, codes, size), _terms(ledger, until, grouped, days))


def _parts(ledger: Ledger, day: pd.Timestamp, codes: Codes, size: int) -> Floats:
    """What is open on a day, a row a group and a column a part."""
    items, owed = ledger.items, open_amounts(ledger, day)
    due = day_numbers(items["due_on"])
    part = np.where(due >= day_number(day), PARTS.index("not_due"), PARTS.index("overdue"))
    part = np.where(due == NO_DAY, PARTS.index("no_due_date"), part)
    part = np.where(items["disputed"].to_numpy(), PARTS.index("disputed"), part)
    part = np.where(owed < 0, PARTS.index("unapplied"), part)
    return sum_by_code(codes * len(PARTS) + part, owed, size * len(PARTS)).reshape(size, len(PARTS))


def _terms(ledger: Ledger, until: int, grouped: Sales, days: int) -> Floats:
    """Amount-weighted days from invoice to due date of the invoices of a window; nan where none has a due date."""
    due = day_numbers(ledger.items["due_on"])[grouped.item]
    invoice = (ledger.items["kind"] == INVOICE).to_numpy()[grouped.item]
    chosen: Flags = invoice & (due != NO_DAY) & (grouped.known <= until) & (grouped.issued > until - days)
    group, amount, size = grouped.group[chosen], grouped.amount[chosen], len(grouped.groups)
    billed = sum_by_code(group, amount, size)
    weighted = sum_by_code(group, amount * (due - grouped.issued)[chosen], size)
    return weighted / np.where(billed > HALF_CENT, billed, np.nan)
