"""How long disputes last and what they are about, where the file says it."""

from typing import Any

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger, group_codes, settled_amounts
from arlib.measures.figure import Figure
from arlib.measures.flows.dated import column_for, dated_columns
from arlib.schema import NO_DAY, Days, Flags, day_number, sum_by_code
from arlib.words import say


def dispute_days(
    ledger: Ledger, as_of: Day | None = None, *, opened: str | None = None, closed: str | None = None
) -> Figure:
    """Mean calendar days from the opening of a dispute to its end, those still open counted as not ended yet.

    The mean is the area under the Kaplan-Meier curve: that of (closed - opened) where none is open, more where some
    are. The plain mean of the ended ones is in `inputs` (`mean_of_closed`), with how many ended and how many are open.
    Each debit with an opening date up to the day, booked by then, is a dispute; an end after the day, or before the
    opening, is none. Where the longest dispute is open still, the mean stops at its age and `note` says so. nan, with
    the reason, where the file does not say when disputes open or end, or none has ended.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        opened: the column with the day a dispute opens; found by its heading by default (« Date litige »,
            "Dispute date", …).
        closed: the column with the day it ends; found by its heading by default (« Litige clos le », "Dispute
            closed on", …).

    Raises:
        ArlibError: a named column does not exist.
    """
    day = ledger.day(as_of)
    names = column_for(ledger, "opened", opened), column_for(ledger, "closed", closed)
    inputs: dict[str, Any] = {"opened": names[0], "closed": names[1], "as_of": day}
    if names[0] is None or names[1] is None:
        return Figure.missing(say("flows.dispute.formula"), inputs, say("flows.dispute.no_dates"))
    lasted, ended, unreadable = _durations(ledger, day, names[0], names[1])
    inputs |= {"ended": int(ended.sum()), "open": int((~ended).sum()), "unreadable": unreadable}
    inputs["mean_of_closed"] = float(lasted[ended].mean()) if ended.any() else np.nan
    formula = say("flows.dispute", **{name: inputs[name] for name in ("ended", "open", "mean_of_closed")})
    if not ended.any():
        return Figure.missing(
            say("flows.dispute.formula"), inputs, say("flows.dispute.none_ended", rows=inputs["open"])
        )
    longest = int(lasted.max())
    truncated = bool((~ended & (lasted == longest)).any()) and not (ended & (lasted == longest)).any()
    note = say("flows.dispute.truncated", longest=longest) if truncated else None
    return Figure(_mean_by_kaplan_meier(lasted, ended), formula, inputs, note)


def dispute_causes(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    cause: str | None = None,
    opened: str | None = None,
    closed: str | None = None,
) -> pd.DataFrame:
    """What is disputed on a day, by cause.

    One row a cause, the largest open amount first: `cause` (the empty text where the file does not say it: all such
    disputes are one row, and without a column of causes the only one), `items` disputed, `amount` billed,
    `open_amount`, `share` of the disputed amount still open (nan where none is). Disputed are debits the file gives a
    date of dispute up to the day, or flags without one: a flag has no date and counts from the booking of its item. A
    dispute whose end, at or after its opening, is up to the day is none any more, so that where all have dates `items`
    add up to the disputes that `dispute_days` says are open. An invoice paid while its dispute goes on keeps its row
    in `items` and `amount`.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        cause: the column that names the cause; found by its heading by default (« Motif du litige », "Dispute
            reason", …), and without one all disputes are of one unknown cause.
        opened: the column with the day a dispute opens, as for `dispute_days`.
        closed: the column with the day it ends, likewise.

    Raises:
        ArlibError: a named column does not exist.
    """
    day = ledger.day(as_of)
    chosen = np.flatnonzero(disputed_on(ledger, day, opened=opened, closed=closed))
    amounts = ledger.items["amount"].to_numpy()
    remaining = (amounts - settled_amounts(ledger, day))[chosen]
    name = column_for(ledger, "cause", cause)
    codes, groups = group_codes(ledger, name)
    code, size = codes[chosen], len(groups)
    counts = np.bincount(code, minlength=size)
    open_amount = sum_by_code(code, remaining, size).round(2) + 0.0
    causes = groups[name] if name is not None else pd.Series([""], dtype="str")
    total = open_amount.sum()
    table = pd.DataFrame(
        {
            "cause": causes,
            "items": counts,
            "amount": sum_by_code(code, amounts[chosen], size).round(2) + 0.0,
            "open_amount": open_amount,
            "share": open_amount / total if total > 0 else np.nan,
        }
    )
    ordered = table[counts > 0].sort_values(["open_amount", "amount", "cause"], ascending=[False, False, True])
    return ordered.reset_index(drop=True)


def _durations(ledger: Ledger, day: pd.Timestamp, opened: str, closed: str) -> tuple[Days, Flags, int]:
    """Days each dispute lasted or has lasted, whether it ended, and how many cells are no date."""
    rows = np.flatnonzero(_debits(ledger, day))
    columns = dated_columns(ledger, rows, [opened, closed])
    began, end = columns[opened].days, columns[closed].days
    last = max(day_number(ledger.covers[1]), int(began.max(initial=NO_DAY)), int(end.max(initial=NO_DAY)))
    until = min(day_number(day), last)  # nothing is known after the last day of which the file speaks
    started = (began != NO_DAY) & (began <= until)
    ended = started & (end != NO_DAY) & (end <= until) & (end >= began)
    lasted = np.where(ended, end, until) - np.where(started, began, until)
    unreadable = columns[opened].unreadable + columns[closed].unreadable
    return lasted[started], ended[started], unreadable


def disputed_on(
    ledger: Ledger, as_of: Day | None = None, *, opened: str | None = None, closed: str | None = None
) -> Flags:
    """Which items are disputed on a day, aligned with `ledger.items`: debits booked by then, nothing else.

    From the dates of the dispute where the file has them, else by the flag, which has no date: it counts from the
    booking of its item. A dispute whose end, at or after its opening, is up to the day is none any more.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        opened: the column with the day a dispute opens, as for `dispute_days`.
        closed: the column with the day it ends, likewise.

    Raises:
        ArlibError: a named column does not exist.
    """
    day = ledger.day(as_of)
    names = column_for(ledger, "opened", opened), column_for(ledger, "closed", closed)
    rows, until = np.arange(len(ledger.items)), day_number(day)
    columns = dated_columns(ledger, rows, [name for name in names if name is not None])
    began, end = (np.array(NO_DAY) if name is None else columns[name].days for name in names)
    disputed = np.where(began != NO_DAY, began <= until, ledger.items["disputed"].to_numpy())
    ended = (end != NO_DAY) & (end <= until) & (end >= began)
    return np.asarray(_debits(ledger, day) & disputed & ~ended)


def _debits(ledger: Ledger, day: pd.Timestamp) -> Flags:
    return ((ledger.items["booked_on"] <= day) & (ledger.items["amount"] > 0)).to_numpy()


def _mean_by_kaplan_meier(lasted: Days, ended: Flags) -> float:
    """The area under the curve of the disputes not yet ended after so many days, up to the longest seen."""
    length = int(lasted.max()) + 1
    ends = np.bincount(lasted[ended], minlength=length)
    at_risk = np.cumsum(np.bincount(lasted, minlength=length)[::-1])[::-1]
    going_on = np.cumprod(1 - ends / at_risk)
    return float(going_on[:-1].sum())
