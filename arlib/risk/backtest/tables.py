"""The tables of a backtest, from what was said at its closings."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from arlib.ledger import Ledger
from arlib.risk.backtest.capture import CALLED
from arlib.risk.backtest.closing import CUSTOMER, LAW, PORTFOLIO, Closing
from arlib.risk.backtest.outcomes import Outcomes
from arlib.risk.backtest.ranking import Judged
from arlib.risk.backtest.resampling import CustomerDraws
from arlib.risk.backtest.windows import Windows
from arlib.schema import INVOICE, NO_DAY, Codes, to_dates

_OF_ITEMS = ["item_id", "customer_id", "reference", "booked_on", "due_on", "amount", "disputed"]
_DATES = ("error", "coverage", "crps")
_CAPTURE = ["rule", "share", "low", "high", "snapshots", "items"]
_LEFT_OUT = ["reason", "days_late", "invoices"]


def predictions_table(
    ledger: Ledger, outcomes: Outcomes, windows: Windows, thresholds: tuple[int, ...], closings: Sequence[Closing]
) -> pd.DataFrame:
    """One row an invoice: what each model said, and what it became; see `RiskBacktest.predictions`."""
    table = ledger.items[_OF_ITEMS].take(windows.items).reset_index(drop=True)
    table.insert(0, "closing", to_dates(windows.closings[windows.closing]))
    for model in closings[0].probabilities if closings else (LAW, PORTFOLIO, CUSTOMER):
        said = [np.empty((0, len(thresholds))), *(closing.probabilities[model] for closing in closings)]
        names = [f"{'p_late' if model == LAW else model}_{days}" for days in thresholds]
        table[names] = np.concatenate(said)
    for days in thresholds:
        late = np.where(outcomes.judged(days), outcomes.late_share(days), np.nan)
        table[f"late_{days}"] = late[windows.items]
    return table.assign(days_overdue=np.concatenate([np.empty(0), *(closing.days_overdue for closing in closings)]))


def judged_at(predictions: pd.DataFrame, customer: Codes, days: int, models: Sequence[str]) -> Judged:
    """The invoices judged at a threshold, with every model's probability and the two figures that only rank."""
    known = predictions[f"late_{days}"].notna().to_numpy()
    rows = predictions[known]
    names = {model: f"{'p_late' if model == LAW else model}_{days}" for model in models}
    return Judged(
        days_late=days,
        customer=customer[known],
        late=rows[f"late_{days}"].to_numpy(),
        probabilities={model: rows[name].to_numpy() for model, name in names.items()},
        ranks={rule: rows[rule].to_numpy() for rule in ("days_overdue", "amount")},
    )


def dates_table(closings: Sequence[Closing], customer: Codes, draws: CustomerDraws) -> pd.DataFrame:
    """One row a model: how wrong its dates were; `customer` is of each item."""
    columns = ["model", "payments", *(f"{name}{end}" for name in _DATES for end in ("", "_low", "_high"))]
    used = [closing for closing in closings if len(closing.payments.row)]
    if not used:
        return pd.DataFrame(columns=columns)
    owner = np.concatenate([customer[closing.items[closing.payments.row]] for closing in used])
    share = np.concatenate([closing.payments.share for closing in used])
    rows: list[dict[str, object]] = []
    for model in used[0].errors:
        errors = np.concatenate([closing.errors[model] for closing in used])
        row: dict[str, object] = {"model": model, "payments": len(share)}
        for name, values in zip(_DATES, errors.T, strict=True):
            low, high = draws.interval(draws.means(owner, values, share))
            row |= {name: float(values @ share / share.sum()), f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    return pd.DataFrame(rows, columns=columns)


def capture_table(closings: Sequence[Closing], customer: Codes, draws: CustomerDraws) -> pd.DataFrame:
    """One row a rule: the share of all late euro-days to come that its first tenths held, all snapshots together."""
    used = [closing for closing in closings if closing.snapshot is not None and len(closing.snapshot.items)]
    snapshots = [closing.snapshot for closing in used if closing.snapshot is not None]
    if not snapshots:
        return pd.DataFrame(columns=_CAPTURE)
    owner = np.concatenate([customer[snapshot.items] for snapshot in snapshots])
    came = np.concatenate([snapshot.late_euro_days for snapshot in snapshots])
    starts = np.cumsum([0, *(len(snapshot.items) for snapshot in snapshots)])
    rows: list[dict[str, object]] = []
    for rule in used[0].first:
        chosen = np.zeros(len(came))
        chosen[np.concatenate([start + each.first[rule] for start, each in zip(starts, used, strict=False)])] = 1
        low, high = draws.interval(draws.means(owner, chosen, came))
        share = float(chosen @ came / came.sum()) if came.sum() > 0 else np.nan
        ends: Mapping[str, object] = {"low": low, "high": high}
        rows.append({"rule": rule, "share": share, **ends, "snapshots": len(used), "items": len(came)})
    return pd.DataFrame(rows, columns=_CAPTURE)


def capture_curve_table(closings: Sequence[Closing]) -> pd.DataFrame:
    """One row a rule and a share of the worklist: the share of all late euro-days to come it held, all snapshots."""
    used = [closing for closing in closings if closing.caught]
    rules = list(used[0].caught) if used else []
    held = [closing.caught[rule] for rule in rules for closing in used]
    late = np.array(held).reshape(len(rules), len(used), len(CALLED)).sum(axis=1)
    shares = np.divide(late, late[:, -1:], out=np.full(late.shape, np.nan), where=late[:, -1:] > 0)
    return pd.DataFrame(
        {
            "rule": pd.Series(np.repeat(rules, len(CALLED)), dtype="str"),
            "called_share": np.tile(CALLED, len(rules)),
            "caught_share": shares.reshape(-1),
        }
    )


def left_out_table(ledger: Ledger, outcomes: Outcomes, windows: Windows, thresholds: tuple[int, ...]) -> pd.DataFrame:
    """Invoices after the first closing that were not judged, each for its first reason, and how many.

    Reasons: `undated`, without a due date; `credited`, wholly, so that nobody ever had to pay; `near_cut`, due
    shortly before a cut of the file; `pending`, whose outcome past a threshold is not known yet.
    """
    items = ledger.items
    first = windows.closings[0] if len(windows.closings) else np.iinfo(np.int64).max
    undated = (items["kind"] == INVOICE).to_numpy() & (outcomes.due == NO_DAY) & (outcomes.booked > first)
    chosen = windows.items
    credited = np.isnan(outcomes.late_share(0))[chosen]
    near_cut = outcomes.near_cut[chosen] & ~credited
    rest = ~credited & ~near_cut
    rows: list[tuple[str, float, int]] = [
        ("undated", np.nan, int(undated.sum())),
        ("credited", np.nan, int(credited.sum())),
        ("near_cut", np.nan, int(near_cut.sum())),
        *(("pending", days, int((rest & ~outcomes.judged(days)[chosen]).sum())) for days in thresholds),
    ]
    return pd.DataFrame(rows, columns=_LEFT_OUT)
