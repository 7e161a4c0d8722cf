"""What is known on a day about how invoices were paid: pieces of invoices, paid or not paid yet."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from arlib.behaviour.open_days import calendar_of
from arlib.calendar import BusinessCalendar
from arlib.ledger import Day, Ledger
from arlib.measures.delays.settlements import LOST, OPEN, PAID, invoices_known, pieces_of
from arlib.measures.flows.disputes import disputed_on
from arlib.schema import Codes, Days, Flags, Floats, day_number, day_numbers

_BY_PIECE = ("customer", "due", "days_late", "open_days_late", "paid", "open", "in_dispute", "weight", "amount")


@dataclass(frozen=True, eq=False)
class Evidence:
    """Pieces of invoices, each paid on a day or not paid by the end of `as_of`; an invoice weighs one in all.

    Attributes:
        as_of: the day whose knowledge this is.
        calendar: which days are open.
        customers: every customer of the ledger, sorted.
        customer: (pieces,) position in `customers`.
        due: (pieces,) day number of the due date.
        days_late: (pieces,) calendar days from the due date to the payment, or to `as_of` while unpaid.
        open_days_late: (pieces,) the same in open days, from the first one on or after the due date. A payment on a
            closed day counts on the next open one, but never after `as_of`.
        paid: (pieces,) whether the piece was paid.
        open: (pieces,) whether it is still owed; what is neither paid nor open was written off.
        in_dispute: (pieces,) whether its invoice is disputed on the day.
        weight: (pieces,) share of its invoice.
        amount: (pieces,) amount of the piece, positive.
        disputed: invoices disputed on the day, left out where asked.
        undated: invoices left out because they have no due date.
    """

    as_of: pd.Timestamp
    calendar: BusinessCalendar
    customers: "pd.Index[str]"
    customer: Codes
    due: Days
    days_late: Days
    open_days_late: Days
    paid: Flags
    open: Flags
    in_dispute: Flags
    weight: Floats
    amount: Floats
    disputed: int
    undated: int

    def taken(self, pieces: Codes | slice) -> "Evidence":
        """Some of the pieces alone, by their positions, in that order."""
        return replace(self, **{name: getattr(self, name)[pieces] for name in _BY_PIECE})


def payment_evidence(
    ledger: Ledger, as_of: Day | None = None, *, with_disputes: bool = True, country: str | None = None
) -> Evidence:
    """How invoices were paid, from the facts known at the end of a day and no others.

    An invoice booked by `as_of` counts one, cut into the parts paid by each payment matched by `as_of` and the
    rest, which is not paid yet. What a credit note or a transfer settled is left out: nobody paid it, nobody
    will. What was written off stays, as unpaid: leaving it out would make the worst payers look punctual.
    Invoices without a due date are left out and counted; openings, which are not invoices, are left out.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        with_disputes: whether invoices disputed on the day count. They do where the question is when the cash
            comes; a judgement on the customer may leave them out, since a dispute is not a way of paying. See
            `disputed_on` for what a file knows of the days of a dispute.
        country: whose public holidays are closed, a code or a name; found in the ledger by default (`calendar_of`).

    Raises:
        ArlibError: the country is not known.
    """
    day = ledger.day(as_of)
    items = ledger.items
    invoices = invoices_known(ledger, day)
    dated, disputed = items["due_on"].notna().to_numpy(), disputed_on(ledger, day)
    used = invoices & dated & (with_disputes | ~disputed)
    pieces = pieces_of(ledger, day, used)
    counted = np.isin(pieces.state, (PAID, OPEN, LOST))
    item, state = pieces.item[counted], pieces.state[counted]
    paid, until = state == PAID, day_number(day)
    ended = np.where(paid, pieces.day[counted], until)
    weight = pieces.amount[counted] / items["amount"].to_numpy()[item]
    calendar = calendar_of(ledger, country, until, ended[paid], weight[paid])
    due = day_numbers(items["due_on"])[item]
    last = calendar.last_rank(np.array([until]))
    customers = pd.Index(np.sort(ledger.customers["customer_id"].to_numpy(dtype=object)), dtype="str")
    return Evidence(
        as_of=day,
        calendar=calendar,
        customers=customers,
        customer=customers_of_items(ledger, customers, item),
        due=due,
        days_late=ended - due,
        open_days_late=np.where(paid, np.minimum(calendar.rank(ended), last), last) - calendar.rank(due),
        paid=paid,
        open=state == OPEN,
        in_dispute=disputed[item],
        weight=weight,
        amount=pieces.amount[counted],
        disputed=int((invoices & dated & disputed).sum()),
        undated=int((invoices & ~dated).sum()),
    )


def customers_of_items(ledger: Ledger, customers: "pd.Index[str]", item: Codes | None = None) -> Codes:
    """Where the customer of each item of a ledger stands among some; -1 where it does not.

    Args:
        ledger: the ledger.
        customers: those a customer is looked for among.
        item: the positions of the items asked about, all by default.
    """
    place = customers.get_indexer(pd.Index(ledger.customers["customer_id"]))
    owners = ledger._owners  # noqa: SLF001 - kept by the ledger for such functions
    return np.asarray(place[owners if item is None else owners[item]])
