"""The days of the count-back, month by month, by what is found open of each month: not due, overdue, undated."""

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger
from arlib.measures.dso.countback import by_month
from arlib.measures.dso.standing import Standing
from arlib.schema import Floats, day_numbers, sum_by_code

_FOUND = ("not_due", "overdue", "no_due_date")


def countback_split(ledger: Ledger, as_of: Day | None = None) -> pd.DataFrame:
    """The months a count-back goes through, each with its days split by what is open of it on the day.

    One row a month consumed, the newest first: `month` (its first day), `sales`, `counted` (what of the receivable it
    takes), `days`; `not_due`, `overdue`, `no_due_date` (open invoices of that month, before credits not applied);
    and the days in proportion of these: `not_due_days`, `overdue_days`, `no_due_date_days`, and `paid_days` where
    nothing of the month is open: the days are then owed for older invoices. The four add up to `days`, and `days` to
    `countback_dso`, exactly. No row where that gives no figure: its `note` says why.
    """
    standing = Standing.of(ledger, as_of)
    figure = by_month(standing)
    sales, lengths = standing.sold_by_month()
    months = 0 if np.isnan(figure) else int(figure.inputs["months"])
    sales, lengths = sales[:months], lengths[:months]
    counted = np.minimum(sales, standing.receivable - np.cumsum(sales) + sales)
    found = _found(standing, months)
    newest = np.datetime64(standing.day, "M")
    rows = pd.DataFrame({"month": pd.to_datetime((newest - np.arange(months)).astype("datetime64[s]"))})
    shares = np.divide(counted, sales, out=np.ones(months), where=sales > 0)  # nothing sold yet: all of its days
    rows["sales"], rows["counted"], rows["days"] = sales, counted.round(2), lengths * shares
    total = found.sum(axis=1)
    for place, part in enumerate(_FOUND):
        rows[part] = found[:, place]
    shares = np.divide(found, total[:, None], out=np.zeros_like(found), where=total[:, None] > 0)
    for place, part in enumerate(_FOUND):
        rows[f"{part}_days"] = rows["days"] * shares[:, place]
    rows["paid_days"] = rows["days"].where(total <= 0, 0.0)
    return rows


def _found(standing: Standing, months: int) -> Floats:
    """Open debits by month of issue back from the day, and by part."""
    opened = standing.opened[standing.opened["amount"] > 0]
    issued = opened["issued_on"].fillna(opened["booked_on"])
    back = (np.datetime64(standing.day, "M") - issued.to_numpy("datetime64[M]")).astype(np.int64)
    late = opened["days_overdue"].to_numpy()
    part = np.select([np.isnan(late), late > 0], [2, 1], 0)
    kept = (back >= 0) & (back < months) & (day_numbers(issued) >= standing.first)
    code = (back * len(_FOUND) + part)[kept]
    found = sum_by_code(code, opened["open_amount"].to_numpy()[kept], months * len(_FOUND))
    return found.reshape(months, len(_FOUND)).round(2) + 0.0
