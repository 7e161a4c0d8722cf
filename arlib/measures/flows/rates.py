"""What share of what is owed is overdue, at risk or covered by credits nobody matched; how often customers pay late."""

from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger, open_items
from arlib.measures.aging import NO_DUE_DATE, NOT_DUE, TOTAL, UNAPPLIED, aged_balance_history
from arlib.measures.figure import Figure
from arlib.measures.flows.billed import Billed, debits_known
from arlib.measures.flows.edges import untold
from arlib.measures.flows.grouped import grouped
from arlib.schema import (
    HALF_CENT,
    NO_DAY,
    OPENING,
    PAYMENT,
    Days,
    Flags,
    Floats,
    day_number,
    day_numbers,
    sum_by_code,
    to_dates,
)
from arlib.words import Sentence, say

YEAR = 365
AT_RISK = 90  # days after the due date
_AT_RISK = ("month", "matures_on", "billed", "undated", "at_risk", "at_risk_share", "mature")


def overdue_rate(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """What is past its due date / what is owed before credits, as a share: the gross rate.

    Credits not matched are in neither; what has no due date is owed and not overdue. nan where nothing is owed.
    """
    day = ledger.day(as_of)
    aged = aged_balance_history(ledger, [day]).iloc[0]
    owed = round(float(aged[TOTAL] - aged[UNAPPLIED]), 2) + 0.0
    overdue = round(float(owed - aged[NOT_DUE] - aged[NO_DUE_DATE]), 2) + 0.0
    inputs = {"overdue": overdue, "owed": owed, "no_due_date": float(aged[NO_DUE_DATE]), "as_of": day}
    return _rate(ledger, say("flows.overdue", **inputs), inputs, (overdue, owed))


def net_overdue_rate(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """The overdue rate once each customer's unapplied credits are taken off what that customer owes, overdue first.

    A credit nobody matched most often paid the oldest debt; one customer's never pays another's. What of it exceeds
    what its customer owes is left out of both. nan where nothing is owed.
    """
    day = ledger.day(as_of)
    aged = aged_balance_history(ledger, [day], by="customer_id")
    owed, credit = (aged[TOTAL] - aged[UNAPPLIED]).to_numpy(), -aged[UNAPPLIED].to_numpy()
    overdue = owed - (aged[NOT_DUE] + aged[NO_DUE_DATE]).to_numpy()
    net_overdue, net_owed = (round(float(np.maximum(gross - credit, 0.0).sum()), 2) + 0.0 for gross in (overdue, owed))
    inputs = {"overdue": net_overdue, "owed": net_owed, "credits": round(float(credit.sum()), 2) + 0.0, "as_of": day}
    return _rate(ledger, say("flows.net_overdue", **inputs), inputs, (net_overdue, net_owed))


def unapplied_share(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """Credits matched with no invoice / the receivable, which is net of them: how clean the matching is.

    Above 1 where credits outweigh half of what is owed; nan where the receivable is nothing or less. `inputs` gives
    the payments among them apart from credit notes and other credits.
    """
    day = ledger.day(as_of)
    opened = open_items(ledger, day)
    credit = opened[opened["open_amount"] < 0]
    payments = -credit.loc[credit["kind"] == PAYMENT, "open_amount"].sum()
    unapplied = round(-float(credit["open_amount"].sum()), 2) + 0.0
    inputs: dict[str, Any] = {
        "unapplied": unapplied,
        "receivable": round(float(opened["open_amount"].sum()), 2) + 0.0,
        "payments": round(float(payments), 2) + 0.0,
        "as_of": day,
    }
    return _rate(ledger, say("flows.unapplied", **inputs), inputs, (unapplied, inputs["receivable"]))


def late_payment_rate(ledger: Ledger, as_of: Day | None = None, *, days: int = YEAR, grace_days: int = 0) -> Figure:
    """Invoices paid late or still open past their due date / invoices that fell due, by number, as a share.

    The invoices whose first day late, after the due date and the days of grace, is in the `days` days up to the day,
    paid or not: what is due on the day itself is not late yet, as in the ageing. One is late when any of it was unpaid
    on the eve of its first day late. What a credit note, a bill or a transfer settled does not count, nor invoices it
    settled whole; what was written off is late. Disputed invoices count; those without a due date are left out and
    counted in `inputs`.

    Openings are left out too, and counted: what of them was paid before the ledger began is not known. nan, with the
    reason, where the window begins before the ledger, where more openings than invoices fell due (the invoices are
    then those with short terms alone), and where none did.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        days: length of the window.
        grace_days: days after the due date in which a payment is not called late.

    Raises:
        ArlibError: a window of no days, or days of grace below 0.
    """
    inputs, late, _ = _late(ledger, ledger.day(as_of), days, grace_days)
    counted = inputs | {"late": int((late >= HALF_CENT).sum())}
    return _late_rate(ledger, say("flows.late", **counted), counted, (counted["late"], counted["invoices"]))


def late_amount_rate(ledger: Ledger, as_of: Day | None = None, *, days: int = YEAR, grace_days: int = 0) -> Figure:
    """Amount paid late or still open past its due date / amount that fell due, as a share.

    As `late_payment_rate`, and nan where it is, each invoice weighing what was not paid in time: a part paid in time is
    in time.

    Raises:
        ArlibError: a window of no days, or days of grace below 0.
    """
    inputs, late, amount = _late(ledger, ledger.day(as_of), days, grace_days)
    summed = inputs | {"late": round(float(late.sum()), 2) + 0.0, "billed": round(float(amount.sum()), 2) + 0.0}
    return _late_rate(ledger, say("flows.late_amount", **summed), summed, (summed["late"], summed["billed"]))


def at_risk_rate(ledger: Ledger, as_of: Day | None = None, *, days: int = AT_RISK) -> Figure:
    """The share of a month's billing still unpaid so many days after due, for the last month that can be judged.

    `inputs["month"]` says which month: the rate matures `days` days after the last due date of the month's invoices,
    so that it tells of billing three months old and more. `at_risk_history` gives every month. nan where no month is
    mature: openings are no billing, so that the first to be so is the ledger's first.

    Source: Upflow's at-risk rate.

    Raises:
        ArlibError: `days` is below 0.
    """
    history = at_risk_history(ledger, as_of, days=days)
    judged = history[history["mature"] & (history["billed"] >= HALF_CENT)].tail(1)
    if judged.empty:
        inputs: dict[str, Any] = {"days": days, "as_of": ledger.day(as_of)}
        return Figure.missing(say("flows.at_risk.formula", days=days), inputs, say("flows.at_risk.none", days=days))
    month = judged.to_dict("records")[0]
    inputs = {name: month[name] for name in ("month", "billed", "at_risk", "matures_on")}
    inputs |= {"days": days, "as_of": ledger.day(as_of)}
    note = say("flows.at_risk.matures", month=month["month"], matured=month["matures_on"], days=days)
    return Figure(month["at_risk_share"], say("flows.at_risk", **inputs), inputs, note)


def at_risk_history(ledger: Ledger, as_of: Day | None = None, *, days: int = AT_RISK, by: By = None) -> pd.DataFrame:
    """The share of each month's billing still unpaid so many days after its due date.

    One row a group and month of invoices (of due dates, where the file gave no other), sorted: `by`, `month` (its
    first day), `matures_on` (the day on which all its invoices are that late, and judged), `billed` (with a due date,
    less what credit notes, bills and transfers settled), `undated` (billed without a due date: in neither), `at_risk`
    (unpaid at the end of that day of each invoice, written off included), `at_risk_share` (0 to 1, nan until the
    month is mature), `mature`; never so before the ledger's first month, since what was booked late is not its billing.

    Raises:
        ArlibError: `days` is below 0, or a column to group by does not exist or is one of these.
    """
    if days < 0:
        raise ArlibError(say("flows.days", days=days))
    billed = Billed.by(ledger, ledger.day(as_of))
    codes, groups = grouped(ledger, by, _AT_RISK)
    month = billed.issued.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months, rank = np.unique(month, return_inverse=True)
    cell, place = np.unique(codes[billed.item] * len(months) + rank, return_inverse=True)
    dated = billed.due != NO_DAY
    judged_on = np.where(dated, billed.due + days, NO_DAY)
    unpaid = np.where(dated, billed.amount - billed.paid_by(judged_on), 0.0)
    matures = np.full(len(cell), NO_DAY)
    np.maximum.at(matures, place, judged_on)
    began = np.datetime64(billed.since, "D").astype("datetime64[M]").astype(np.int64)
    told = months[cell % max(len(months), 1)] >= began
    mature = told & (matures <= billed.until) & (matures != NO_DAY)
    sums = [sum_by_code(place, amounts, len(cell)) for amounts in _dated(billed.amount, dated)]
    at_risk = np.where(mature, sum_by_code(place, unpaid, len(cell)).round(2) + 0.0, np.nan)
    share = np.divide(at_risk, sums[0], out=np.full(len(cell), np.nan), where=sums[0] >= HALF_CENT)
    return (
        groups.take(cell // max(len(months), 1))
        .reset_index(drop=True)
        .assign(
            month=months[cell % max(len(months), 1)].astype("datetime64[M]").astype("datetime64[s]"),
            matures_on=to_dates(matures).to_numpy(),
            billed=sums[0].round(2),
            undated=sums[1].round(2),
            at_risk=at_risk,
            at_risk_share=share,
            mature=mature,
        )
    )


def _dated(amounts: Floats, dated: Flags) -> tuple[Floats, Floats]:
    """Amounts with a due date, and those without."""
    return np.where(dated, amounts, 0.0), np.where(dated, 0.0, amounts)


def _late(ledger: Ledger, day: pd.Timestamp, days: int, grace_days: int) -> tuple[dict[str, Any], Floats, Floats]:
    """Of each invoice that fell due in a window: what was not paid in time, and what was billed."""
    if days <= 0 or grace_days < 0:
        raise ArlibError(say("flows.window", days=days, grace=grace_days))
    billed = Billed.by(ledger, day)
    standing, window = billed.amount >= HALF_CENT, (day_number(day) - days, billed.until)
    judged = standing & _ends_in(window, billed.due, grace_days)
    late = (billed.amount - billed.paid_by(billed.due + grace_days))[judged]
    items = ledger.items
    opening = debits_known(ledger, day) & (items["kind"] == OPENING).to_numpy()
    inputs = {
        "days": days,
        "grace_days": grace_days,
        "invoices": len(late),
        "openings": int((opening & _ends_in(window, day_numbers(items["due_on"]), grace_days)).sum()),
        "undated": int((standing & (billed.due == NO_DAY)).sum()),
        "as_of": day,
    }
    return inputs, late, billed.amount[judged]


def _ends_in(window: tuple[int, int], due: Days, grace_days: int) -> Flags:
    """Which terms end, grace included, from the first day of a window to the eve of its last.

    What ends on the last day is late tomorrow: no ageing of that day calls it overdue.
    """
    ends = due + grace_days
    return np.asarray((due != NO_DAY) & (ends >= window[0]) & (ends < window[1]))


def _late_rate(ledger: Ledger, formula: Sentence, inputs: dict[str, Any], parts: tuple[float, float]) -> Figure:
    """A late rate, or why what the ledger opens with leaves none."""
    first, openings = ledger.covers[0], inputs["openings"]
    needed = inputs["as_of"] - pd.Timedelta(days=inputs["days"] - 1)
    if needed < first:
        short = say("flows.too_short", first=first, days=inputs["days"], needed=needed)
        return untold(formula, inputs, short)
    if openings > inputs["invoices"]:
        brought = say("flows.brought_forward", openings=openings, invoices=inputs["invoices"])
        return untold(formula, inputs, brought)
    note = say("flows.openings_out", openings=openings) if openings else None
    return _rate(ledger, formula, inputs, parts, note)


def _rate(
    ledger: Ledger,
    formula: Sentence,
    inputs: dict[str, Any],
    parts: tuple[float, float],
    note: Sentence | None = None,
) -> Figure:
    """A share on a day, or why there is none."""
    day, last = inputs["as_of"], ledger.covers[1]
    if day < ledger.covers[0]:
        return untold(formula, inputs, say("flows.before", first=ledger.covers[0], start=day))
    if parts[1] < HALF_CENT:
        return untold(formula, inputs, say("flows.nothing", amount=parts[1]))
    if day > last + pd.offsets.MonthEnd(0):
        note = say("flows.stops", last=last, day=day)
    return Figure(parts[0] / parts[1], formula, inputs, note)
