"""From the order to the cash: the days between each date of an invoice and the next."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger
from arlib.measures.delays.groups import mean_of
from arlib.measures.delays.kaplan_meier import Durations, kaplan_meier
from arlib.measures.flows.billed import Billed
from arlib.measures.flows.dated import column_for, dated_columns
from arlib.measures.flows.grouped import grouped
from arlib.schema import HALF_CENT, NO_DAY, Codes, Days, Floats, day_number
from arlib.words import say

YEAR = 365
_COLUMNS = ("step", "invoices", "missing", "mean_days", "weighted_days", "median_days", "p90_days")


def billing_lag(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    days: int = YEAR,
    by: By = None,
    ordered: str | None = None,
    delivered: str | None = None,
) -> pd.DataFrame:
    """Calendar days from order to delivery, to invoice, to due date and to cash, where the dates exist.

    One row a group and a step, in order: `by`, `step` (`order_to_delivery`, `delivery_to_invoice`, `invoice_to_due`,
    `due_to_cash`; a date the file does not have is passed over, as in `order_to_invoice`), `invoices` with both dates,
    `missing` those without, `mean_days`, `weighted_days` (by amount), `median_days`, `p90_days` (the first day by which
    half, nine tenths, of them had taken the step, as in `days_to_pay`); nan where no invoice has both. Each step is
    over the invoices that have its two dates; steps add up where these are the same. Negative where a date comes before
    the one it should follow (invoiced before delivery, paid before due).

    Invoices dated in the `days` days up to the day, less those cancelled whole; openings are no invoices, and a window
    that begins before the ledger holds those since its first day. Cash is the day an invoice was settled in full by
    payments; what is unpaid is `missing` in the last step, which flatters it: `payment_survival` counts it.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        days: length of the window.
        by: the columns to group by; none for the whole ledger.
        ordered: the column with the day of the order; found by its heading by default (« Date de commande », "Order
            date", …).
        delivered: the column with the day of the delivery; found by its heading by default (« Date de livraison »,
            "Delivery date", …).

    Raises:
        ArlibError: a window of no days, or a named column does not exist.
    """
    if days <= 0:
        raise ArlibError(say("flows.window", days=days, grace=0))
    day = ledger.day(as_of)
    billed = Billed.by(ledger, day)
    used = (billed.issued > day_number(day) - days) & (billed.amount >= HALF_CENT)
    codes, groups = grouped(ledger, by, _COLUMNS)
    group, amount = codes[billed.item[used]], billed.amount[used]
    chain = _before_invoicing(ledger, billed.item[used], {"order": ordered, "delivery": delivered})
    chain |= {
        "invoice": np.where(billed.stood_in, NO_DAY, billed.issued)[used],
        "due": billed.due[used],
        "cash": _cashed(billed)[used],
    }
    steps = [
        _step(f"{one}_to_{other}", (chain[one], chain[other]), group, amount, len(groups))
        for one, other in pairwise(chain)
    ]
    table = pd.concat([pd.concat([groups, step], axis=1) for step in steps])
    return table.sort_index(kind="stable").reset_index(drop=True)


def _before_invoicing(ledger: Ledger, rows: Codes, chosen: Mapping[str, str | None]) -> dict[str, Days]:
    """The days of order and of delivery; a column nobody chose and that holds no date is none."""
    found = {stage: column_for(ledger, stage, name) for stage, name in chosen.items()}
    names = {stage: name for stage, name in found.items() if name is not None}
    columns = dated_columns(ledger, rows, list(names.values()))
    days = {stage: columns[name].days for stage, name in names.items()}
    return {stage: each for stage, each in days.items() if chosen[stage] or (each != NO_DAY).any()}


def _cashed(billed: Billed) -> Days:
    """The day each invoice was paid in full, `NO_DAY` where it was not."""
    last = np.full(len(billed.item), NO_DAY)
    np.maximum.at(last, billed.invoice, billed.paid_on)
    return np.where(billed.unpaid < HALF_CENT, last, NO_DAY)


def _step(name: str, dates: tuple[Days, Days], group: Codes, amount: Floats, groups: int) -> pd.DataFrame:
    """The lag of one step in every group."""
    both = (dates[0] != NO_DAY) & (dates[1] != NO_DAY)
    own, days = group[both], (dates[1] - dates[0])[both]
    ones = np.ones(len(days), dtype=np.int64)
    curves = kaplan_meier(Durations(own, days, ones > 0, ones, groups))
    counts = np.bincount(own, minlength=groups)
    return pd.DataFrame(
        {
            "step": pd.Series([name] * groups, dtype="str"),
            "invoices": counts,
            "missing": np.bincount(group, minlength=groups) - counts,
            "mean_days": mean_of(own, days.astype(np.float64), ones.astype(np.float64), groups),
            "weighted_days": mean_of(own, days.astype(np.float64), amount[both], groups),
            "median_days": curves.first_day(0.5),
            "p90_days": curves.first_day(0.9),
        }
    )
