"""What the larger model looks at: invoices followed over open days, with what was known when they were issued."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.behaviour import Evidence, PaymentLaws, customers_of_items
from arlib.behaviour.survival import FIRST_DAY, LAST_DAY
from arlib.calendar import weekday
from arlib.ledger import Ledger
from arlib.measures.delays.settlements import days_between
from arlib.measures.sales import issue_days
from arlib.schema import INVOICE, Codes, Days, Floats, day_numbers, sum_by_code

# Open days after the due date at which each step begins: one by one where payments are many, coarser elsewhere.
STEPS = np.array([FIRST_DAY, -30, -20, -15, *range(-10, 26), *range(30, 66, 5), *range(85, 146, 20), 205, 265])
WIDTHS = np.diff(np.append(STEPS, LAST_DAY + 1))
_SURE = 1e-6  # hazards are held within this of 0 and 1 before their log-odds are taken
_LEAST = 0.01  # amounts are held above this before their logarithm is taken

Table = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Followed:
    """Invoices as the larger model sees them: what their customers' laws say of each step, and what else is known.

    Attributes:
        law: (invoices, steps) share of what was unpaid before a step that the law pays in it.
        left: (invoices, steps) share the law leaves unpaid before it.
        begins: (invoices, steps) day number of its first open day.
        own: (invoices, traits) what does not change from step to step.
    """

    law: Floats
    left: Floats
    begins: Days
    own: Floats

    def rows(self, invoice: Codes, step: Codes) -> Table:
        """(rows, features) what is known of an invoice at a step, for each pair."""
        law, begins = self.law[invoice, step], self.begins[invoice, step]
        month = begins.astype("datetime64[D]").astype("datetime64[M]")
        at_step = [
            np.log(law / (1 - law)),
            np.log(self.left[invoice, step]),
            STEPS[step],
            weekday(begins),
            begins - _day_numbers(month),
            _day_numbers(month + 1) - begins,
        ]
        return np.column_stack([*at_step, self.own[invoice]]).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Known:
    """What the accounts of a day tell of customers, to look at invoices issued later, or open still.

    Attributes:
        laws: of that day.
        term: (items of the ledger,) days from issue to due date; nan where either is not known.
        usual_amount: (customers,) mean amount of a customer's invoices; of all where it has none.
        overdue: (customers,) invoices open past their due date.
    """

    ledger: Ledger
    laws: PaymentLaws
    term: Floats
    usual_amount: Floats
    overdue: Floats

    @classmethod
    def of(cls, ledger: Ledger, laws: PaymentLaws) -> "Known":
        """What was known on the day of the laws."""
        term = days_between(issue_days(ledger), day_numbers(ledger.items["due_on"]))
        return cls(ledger, laws, term, _usual_amount(ledger, laws), _overdue(laws.evidence))

    def followed(self, items: Codes) -> Followed:
        """Invoices, by their positions in `ledger.items`, as the laws see them."""
        laws = self.laws
        chosen = self.ledger.items[["customer_id", "amount", "due_on"]].take(items)
        customer = laws.customers.get_indexer(pd.Index(chosen["customer_id"]))
        due = day_numbers(chosen["due_on"])
        in_step = np.add.reduceat(laws.payments(customer, due), STEPS - FIRST_DAY, axis=1)
        left = np.maximum(1 - np.cumsum(in_step, axis=1) + in_step, _SURE)
        amount = np.maximum(chosen["amount"].to_numpy(), _LEAST)
        own = [
            weekday(due),
            np.log(amount),
            np.log(amount / self.usual_amount[customer]),
            self.term[items],
            laws.effective_history[customer],
            self.overdue[customer],
        ]
        return Followed(
            law=np.clip(in_step / left, _SURE, 1 - _SURE),
            left=left,
            begins=laws.calendar.day(laws.calendar.rank(due)[:, None] + STEPS),
            own=np.column_stack(own).astype(np.float64),
        )


def step_of(open_days: Days) -> Codes:
    """The step that open days after the due date, from the first to the last of the grid, are in."""
    return np.searchsorted(STEPS, open_days, side="right") - 1


def _usual_amount(ledger: Ledger, laws: PaymentLaws) -> Floats:
    items = ledger.items
    known = ((items["booked_on"] <= laws.as_of) & (items["kind"] == INVOICE) & (items["amount"] > 0)).to_numpy()
    customer = customers_of_items(ledger, laws.customers)[known]
    amount, size = items["amount"].to_numpy()[known], len(laws.customers)
    total, count = sum_by_code(customer, amount, size), np.bincount(customer, minlength=size)
    usual = np.divide(total, count, out=np.full(size, amount.mean()), where=count > 0)
    return np.asarray(np.maximum(usual, _LEAST))


def _overdue(evidence: Evidence) -> Floats:
    late = evidence.open & (evidence.open_days_late > 0)
    return sum_by_code(evidence.customer[late], evidence.weight[late], len(evidence.customers))


def _day_numbers(months: npt.NDArray[np.datetime64]) -> Days:
    """The first day of each month."""
    return months.astype("datetime64[D]").astype(np.int64)
