"""Days to pay and days late, a row a group: of what was paid, and with what is open counted as not yet paid."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger
from arlib.measures.delays.groups import Column, beside, groups_of, holding, mean_of
from arlib.measures.delays.invoices import Invoices, invoices_of
from arlib.measures.delays.kaplan_meier import Curves, kaplan_meier
from arlib.measures.delays.settlements import CREDITED, LOST, OPEN
from arlib.schema import NO_DAY, Codes, Flags, Floats, sum_by_code, to_dates
from arlib.words import Sentence, say

HORIZON = 180  # days the restricted mean looks ahead: six months, beyond which a debt is no longer late but doubtful
_REASONS = ("delays.no_invoice", "delays.no_median", "delays.no_p90", "delays.not_followed", "delays.beyond")


def days_to_pay(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: By = None,
    issued_since: Day | None = None,
    horizon: int = HORIZON,
) -> pd.DataFrame:
    """Days from the date of an invoice to its payment, as known on a day, a row a group.

    Columns, after those of `by`:

    - of invoices fully paid: `paid` (count), `paid_amount`; days to the payment that completed them: `mean_days`,
      `weighted_days` (by amount paid), `median_days`, `p90_days` (the first day by which half, nine tenths, of them
      were paid); days to the mean date of their payments, which differs where several pay one invoice:
      `mean_payment_days`, `weighted_payment_days`;
    - `open`, `open_amount`: invoices not yet fully paid, and what they still owe; `written_off`; left out of every
      figure and counted: `credited` (by credit notes or moved elsewhere, no money received), `undated` (without the
      date to count from, whatever became of them);
    - the same with what is open or written off as not yet paid (Kaplan-Meier): `with_open_median_days`,
      `with_open_p90_days`, `with_open_mean_days` (no invoice counted for more than `horizon_days`), an invoice
      counting one until fully paid; and `with_open_weighted_median_days`, `with_open_weighted_p90_days`,
      `with_open_weighted_mean_days`, each euro until it came in; before them `mean_days_to_horizon`, of the paid
      ones counted likewise;
    - `note`: why figures of the row are nan, and that they are those of the ledger's last day where the day asked is
      later, since nobody has seen what was unpaid then (a `Sentence`); None where there is nothing to say.

    The first figures know nothing of whoever has not paid: `selection_bias` says by how much. Without open invoices
    the two agree. Openings are not invoices; an invoice payable in instalments counts one a due date; what is paid
    before it is booked is paid on that day.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is asked; the ledger's last one by default.
        by: as for `group_codes`; groups without an invoice are left out, the whole never is.
        issued_since: leaves out invoices issued before it.
        horizon: days the restricted mean looks ahead.

    Raises:
        ArlibError: the horizon is not above 0, or `by` names no column.

    Source: averages as Oracle's weighted average days paid; Kaplan and Meier (1958).
    """
    invoices = invoices_of(ledger, as_of, issued_since=issued_since)
    codes, groups = groups_of(ledger, invoices, by)
    return grouped(invoices, "issued", codes, groups, horizon=horizon)


def days_late(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: By = None,
    issued_since: Day | None = None,
    horizon: int = HORIZON,
) -> pd.DataFrame:
    """Days from the due date of an invoice to its payment, as known on a day, a row a group; early is negative.

    The columns of `days_to_pay`, counted from due dates, and after `weighted_payment_days`, of the invoices paid:
    `late`, `late_amount`, `late_share`, `late_amount_share` (completed after the due date);
    `mean_days_beyond_terms`, `weighted_days_beyond_terms` (early counts as 0: what is called DBT);
    `mean_days_when_late`, `weighted_days_when_late` (late invoices only).

    Arguments, errors and source: as `days_to_pay`.
    """
    invoices = invoices_of(ledger, as_of, issued_since=issued_since)
    codes, groups = groups_of(ledger, invoices, by)
    return grouped(invoices, "due", codes, groups, horizon=horizon)


def selection_bias(row: "pd.Series[Any]") -> Sentence:
    """What is not paid yet changes in a row of `days_to_pay` or `days_late`, in a sentence with both means.

    Both count no invoice for more than the horizon (`mean_days_to_horizon`, `with_open_mean_days`), so that what
    differs is who is in them and nothing else. Where nothing is paid, it is the row's `note`.
    """
    if not row["paid"]:
        return cast("Sentence", row["note"])
    unpaid = int(row["open"] + row["written_off"])
    mean = float(row["with_open_mean_days"])
    key = "delays.all_paid" if not unpaid else "delays.bias_unknown" if np.isnan(mean) else "delays.selection_bias"
    return Sentence(
        key,
        {
            "paid": int(row["paid"]),
            "unpaid": unpaid,
            "closed_mean": float(row["mean_days_to_horizon"]),
            "mean": mean,
            "horizon": int(row["horizon_days"]),
        },
    )


def grouped(
    invoices: Invoices, basis: str, codes: Codes, groups: pd.DataFrame, *, horizon: int = HORIZON
) -> pd.DataFrame:
    """The columns of `days_to_pay`, or of `days_late`, of any grouping of the invoices; groups without one left out.

    Args:
        invoices: the invoices.
        basis: `issued` or `due`.
        codes: (invoices,) group of each, as a row of `groups`.
        groups: the columns that come first.
        horizon: days the restricted mean looks ahead.
    """
    if horizon <= 0:
        raise ArlibError(say("delays.horizon", days=horizon))
    size = len(groups)
    columns = paid_columns(invoices, basis, codes, size) | _not_paid(invoices, basis, codes, size)
    columns["mean_days_to_horizon"] = _mean_to_horizon(invoices, basis, codes, size, horizon=horizon)
    for name, durations in (
        ("with_open", invoices.durations(basis, codes, size)),
        ("with_open_weighted", invoices.amount_durations(basis, codes, size)),
    ):
        columns |= _restricted(name, kaplan_meier(durations), horizon)
    columns |= {"horizon_days": np.full(size, horizon), "note": _notes(columns, invoices, horizon)}
    return holding(beside(groups, columns), groups, codes)


def paid_columns(invoices: Invoices, basis: str, codes: Codes, size: int) -> dict[str, Column]:
    """The columns that rest on fully paid invoices alone."""
    last = invoices.days_to_last_payment(basis)
    paid = ~np.isnan(last)
    group, days, amounts = codes[paid], last[paid], invoices.paid[paid]
    payments = invoices.days_to_average_payment(basis)[paid]
    curves = kaplan_meier(invoices.durations(basis, codes, size).only_paid())
    columns: dict[str, Column] = {
        "paid": np.bincount(group, minlength=size),
        "paid_amount": sum_by_code(group, amounts, size).round(2),
        "mean_days": mean_of(group, days, np.ones(len(days)), size),
        "weighted_days": mean_of(group, days, amounts, size),
        "median_days": curves.first_day(0.5),
        "p90_days": curves.first_day(0.9),
        "mean_payment_days": mean_of(group, payments, np.ones(len(days)), size),
        "weighted_payment_days": mean_of(group, payments, amounts, size),
    }
    return columns | (_late(group, days, amounts, size) if basis == "due" else {})


def _mean_to_horizon(invoices: Invoices, basis: str, codes: Codes, size: int, *, horizon: int) -> Floats:
    last = invoices.days_to_last_payment(basis)
    paid = ~np.isnan(last)
    return mean_of(codes[paid], np.minimum(last[paid], horizon), np.ones(paid.sum()), size)


def _late(group: Codes, days: Floats, amounts: Floats, size: int) -> dict[str, Column]:
    late, ones = days > 0, np.ones(len(days))
    return {
        "late": np.bincount(group[late], minlength=size),
        "late_amount": sum_by_code(group[late], amounts[late], size).round(2),
        "late_share": mean_of(group, late.astype(np.float64), ones, size),
        "late_amount_share": mean_of(group, late.astype(np.float64), amounts, size),
        "mean_days_beyond_terms": mean_of(group, np.maximum(days, 0), ones, size),
        "weighted_days_beyond_terms": mean_of(group, np.maximum(days, 0), amounts, size),
        "mean_days_when_late": mean_of(group[late], days[late], ones[late], size),
        "weighted_days_when_late": mean_of(group[late], days[late], amounts[late], size),
    }


def _not_paid(invoices: Invoices, basis: str, codes: Codes, size: int) -> dict[str, Column]:
    undated = invoices.start(basis) == NO_DAY

    def count(chosen: Flags) -> Codes:
        return np.bincount(codes[chosen], minlength=size)

    still_open = (invoices.state == OPEN) & ~undated
    return {
        "open": count(still_open),
        "open_amount": sum_by_code(codes[still_open], invoices.open[still_open], size).round(2),
        "written_off": count((invoices.state == LOST) & ~undated),
        "credited": count((invoices.state == CREDITED) & ~undated),
        "undated": count(undated),
    }


def _restricted(name: str, curves: Curves, horizon: int) -> dict[str, Column]:
    return {
        f"{name}_median_days": curves.first_day(0.5),
        f"{name}_p90_days": curves.first_day(0.9),
        f"{name}_mean_days": curves.restricted_mean(horizon),
    }


def _notes(columns: Mapping[str, Column], invoices: Invoices, horizon: int) -> Column:
    """What to say of a row: one sentence for each set of reasons, shared by the rows that have it."""

    def missing(name: str) -> Flags:
        return np.isnan(columns[f"with_open_{name}"]) | np.isnan(columns[f"with_open_weighted_{name}"])

    nobody = columns["paid"] + columns["open"] + columns["written_off"] == 0
    median = missing("median_days")
    reasons = [nobody, median & ~nobody, missing("p90_days") & ~median, missing("mean_days") & ~nobody]
    reasons.append(np.full(len(nobody), invoices.asked > invoices.as_of))
    values = {"horizon": horizon, "last": to_dates(np.array([invoices.as_of]))[0]}
    sets = sum(flag.astype(np.intp) << place for place, flag in enumerate(reasons))
    sentences = np.empty(1 << len(reasons), dtype=object)
    sentences[1:] = [_sentence(which, values) for which in range(1, len(sentences))]
    return np.asarray(sentences[sets])


def _sentence(which: int, values: Mapping[str, object]) -> Sentence:
    chosen = [key for place, key in enumerate(_REASONS) if which >> place & 1]
    return say("delays.note", reasons=[say(key, **values) for key in chosen])
