"""The terms invoices bear, by amount: three numbers that are often taken for one another."""

import numpy as np
import pandas as pd

from arlib.ledger import By, Day, Ledger
from arlib.measures.delays.groups import beside, groups_of, holding, mean_of
from arlib.measures.delays.invoices import invoices_of
from arlib.measures.delays.settlements import PAID, days_between
from arlib.schema import Floats, sum_by_code


def weighted_terms(
    ledger: Ledger, as_of: Day | None = None, *, by: By = None, issued_since: Day | None = None
) -> pd.DataFrame:
    """Days from invoice to due date, by amount: of the invoices issued, of those still open, and of those paid.

    One row a group: the columns of `by`; `issued`, `open`, `closed` (counts of invoices), `issued_amount`,
    `open_amount` (still owed), `closed_amount` (paid); `issued_terms`, `open_terms`, `closed_terms` (days, each by
    the amount of its set: all invoices issued, what is open, what was fully paid); and of the closed ones, by the
    same amounts, `closed_days_to_pay` and `closed_days_late`, whose identity is
    days to pay = terms + days late. `undated` counts invoices without an invoice date or without a due date, left
    out of all three. nan where a set is empty.

    Open invoices bear longer terms than those issued, since long terms stay open longer: what is granted is
    `issued_terms`. Invoices credited or written off in full were issued; they are neither open nor closed.

    Arguments and errors: as `days_to_pay`.

    Source: weighted average terms, days paid and days late of Oracle Receivables.
    """
    invoices = invoices_of(ledger, as_of, issued_since=issued_since)
    codes, groups = groups_of(ledger, invoices, by)
    size = len(groups)
    terms = days_between(invoices.issued, invoices.due)
    dated = ~np.isnan(terms)
    sets = {
        "issued": (dated, invoices.amount),
        "open": (dated & (invoices.open > 0), invoices.open),
        "closed": (dated & (invoices.state == PAID), invoices.paid),
    }

    def mean(days: Floats, name: str) -> Floats:
        chosen, amounts = sets[name]
        return mean_of(codes[chosen], days[chosen], amounts[chosen], size)

    counts = {name: np.bincount(codes[chosen], minlength=size) for name, (chosen, _) in sets.items()}
    sums = {f"{name}_amount": sum_by_code(codes[c], a[c], size).round(2) for name, (c, a) in sets.items()}
    days = {f"{name}_terms": mean(terms, name) for name in sets}
    days["closed_days_to_pay"] = mean(invoices.days_to_last_payment("issued"), "closed")
    days["closed_days_late"] = mean(invoices.days_to_last_payment("due"), "closed")
    undated = {"undated": np.bincount(codes[~dated], minlength=size)}
    return holding(beside(groups, counts | sums | days | undated), groups, codes)
