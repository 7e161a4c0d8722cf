"""The curve of what is not yet paid, day by day, ready to draw."""

import numpy as np
import pandas as pd

from arlib.ledger import By, Day, Ledger
from arlib.measures.delays.groups import beside, groups_of
from arlib.measures.delays.invoices import check_basis, invoices_of
from arlib.measures.delays.kaplan_meier import kaplan_meier


def payment_survival(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: By = None,
    basis: str = "due",
    issued_since: Day | None = None,
) -> pd.DataFrame:
    """The share of invoices not yet fully paid, day after day, as known on a day, with its band: Kaplan-Meier.

    One row a group and day on which an invoice was paid or ceases to be followed, sorted: the columns of `by`;
    `day` (from the due date, negative before it, or from the date of the invoice); `unpaid_share` (0 to 1, at the
    end of the day, flat until the next row); `low`, `high` (95 in 100, by Greenwood's variance of log(-log), nan
    where the share is 0 or 1); `at_risk` (invoices not paid before the day and followed on it); `paid` on the day.
    Before the first row of a group all of it is unpaid.

    Invoices open or written off are unpaid as long as they are followed: until the day asked, or the ledger's last
    one where that is earlier, since nobody has seen them unpaid after it. The band takes invoices as independent:
    customers who pay all theirs together make it too narrow. What is left out is what `days_to_pay` and `days_late`
    count as credited and undated.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is asked; the ledger's last one by default.
        by: as for `group_codes`.
        basis: `due` counts from the due date, `issued` from the date of the invoice.
        issued_since: leaves out invoices issued before it.

    Raises:
        ArlibError: the basis is neither `due` nor `issued`.

    Source: Kaplan and Meier (1958); Kalbfleisch and Prentice (1980) for the band.
    """
    invoices = invoices_of(ledger, as_of, issued_since=issued_since)
    codes, groups = groups_of(ledger, invoices, by)
    curves = kaplan_meier(invoices.durations(check_basis(basis), codes, len(groups)))
    low, high = curves.band()
    steps = {"day": curves.day, "unpaid_share": curves.unpaid, "low": low, "high": high}
    counts = {"at_risk": curves.at_risk, "paid": curves.paid}
    named = groups.take(np.asarray(curves.group)).reset_index(drop=True)
    return beside(named, steps | counts)
