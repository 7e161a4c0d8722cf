"""What is known on a day about how invoices were paid: pieces of invoices, paid or not paid yet."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger
from arlib.measures.delays.settlements import LOST, OPEN, PAID, invoices_known, pieces_of
from arlib.schema import Codes, Days, Flags, Floats, day_number, day_numbers


@dataclass(frozen=True, eq=False)
class Evidence:
    """Pieces of invoices, each paid on a day or not paid by the end of `as_of`; an invoice weighs one in all.

    Attributes:
        as_of: the day whose knowledge this is.
        customers: every customer of the ledger, sorted.
        customer: (pieces,) position in `customers`.
        due: (pieces,) day number of the due date.
        days_late: (pieces,) calendar days from the due date to the payment, or to `as_of` while unpaid.
        paid: (pieces,) whether the piece was paid.
        open: (pieces,) whether it is still owed; what is neither paid nor open was written off.
        weight: (pieces,) share of its invoice.
        disputed: invoices the customer disputes, left out unless asked for.
        undated: invoices left out because they have no due date.
    """

    as_of: pd.Timestamp
    customers: "pd.Index[str]"
    customer: Codes
    due: Days
    days_late: Days
    paid: Flags
    open: Flags
    weight: Floats
    disputed: int
    undated: int


def payment_evidence(ledger: Ledger, as_of: Day | None = None, *, with_disputes: bool = False) -> Evidence:
    """How invoices were paid, from the facts known at the end of a day and no others.

    An invoice booked by `as_of` counts one, cut into the parts paid by each payment matched by `as_of` and the
    rest, which is not paid yet. What a credit note or a transfer settled is left out: nobody paid it, nobody
    will. What was written off stays, as unpaid: leaving it out would make the worst payers look punctual.
    Invoices without a due date are left out and counted; openings, which are not invoices, are left out.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        with_disputes: whether disputed invoices count. They are left out of a judgement on the customer, since a
            dispute is not a way of paying, and counted where the question is when the cash comes. A file says
            that an invoice is disputed, not since when.
    """
    day = ledger.day(as_of)
    items = ledger.items
    invoices = invoices_known(ledger, day)
    dated, disputed = items["due_on"].notna().to_numpy(), items["disputed"].to_numpy()
    used = invoices & dated & (with_disputes | ~disputed)
    pieces = pieces_of(ledger, day, used)
    counted = np.isin(pieces.state, (PAID, OPEN, LOST))
    item, state = pieces.item[counted], pieces.state[counted]
    customers = pd.Index(np.sort(ledger.customers["customer_id"].to_numpy(dtype=object)), dtype="str")
    due = day_numbers(items["due_on"])[item]
    return Evidence(
        as_of=day,
        customers=customers,
        customer=customers.get_indexer(pd.Index(items["customer_id"]))[item],
        due=due,
        days_late=np.where(state == PAID, pieces.day[counted], day_number(day)) - due,
        paid=state == PAID,
        open=state == OPEN,
        weight=pieces.amount[counted] / items["amount"].to_numpy()[item],
        disputed=int((invoices & dated & disputed).sum()),
        undated=int((invoices & ~dated).sum()),
    )
