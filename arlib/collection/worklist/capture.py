"""How much of the lateness that came the first customers of past worklists owed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.behaviour import customers_of_items, payment_laws
from arlib.collection.worklist.rules import RULES, ContactRules
from arlib.collection.worklist.worklist import worklist
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.risk.backtest.capture import HORIZON, Snapshot, first_tenth, snapshot_of, worklists
from arlib.risk.backtest.forecasts import LawForecast
from arlib.risk.backtest.outcomes import Outcomes, outcomes_of
from arlib.schema import Floats, day_number, sum_by_code
from arlib.words import say


def worklist_capture(ledger: Ledger, closings: Sequence[Day], *, rules: ContactRules = RULES) -> pd.DataFrame:
    """The share of the late euro-days of the 90 days after past closings that the first tenth of the customers owed.

    By item, `backtest_risk(ledger).capture` tells the same. Here a customer counts once, for all it owes.

    Args:
        ledger: the ledger.
        closings: the days, as known at their end; those whose 90 days are not known, or are cut off, are left out.
        rules: of the worklist.

    Returns:
        One row a rule that orders the customers, the best share first: rule, share, snapshots, customers (of all
        snapshots). Rules: `worklist`, by `priority`, nothing for whom it does not contact; `law`, by expected late
        euro-days; `days_overdue`, of the oldest item; `amount`; `overdue_amount`, overdue first, then by amount;
        `best`, by what came.

    Raises:
        ArlibError: no closing can be judged.
    """
    outcomes = outcomes_of(ledger)
    days = [day for day in map(ledger.day, closings) if _known(outcomes, day_number(day))]
    if not days:
        raise ArlibError(say("collection.worklist.no_capture", days=HORIZON))
    found = [_held(ledger, day, outcomes, rules) for day in days]
    came = sum(total for _, total, _ in found)
    shares = {rule: sum(held[rule] for held, _, _ in found) / came for rule in found[0][0]} if came else {}
    rows = [{"rule": rule, "share": share} for rule, share in shares.items()]
    table = pd.DataFrame(rows, columns=["rule", "share"]).sort_values(
        ["share", "rule"], ascending=[False, True], ignore_index=True
    )
    return table.assign(snapshots=len(days), customers=sum(customers for _, _, customers in found))


def _known(outcomes: Outcomes, day: int) -> bool:
    """Whether what came in the 90 days after is known, and no cut of the file lies in them."""
    return day + HORIZON < outcomes.last and not ((outcomes.cuts > day) & (outcomes.cuts <= day + HORIZON)).any()


def _held(
    ledger: Ledger, day: pd.Timestamp, outcomes: Outcomes, rules: ContactRules
) -> tuple[dict[str, float], float, int]:
    """The late euro-days that the first tenth of customers by each rule owed; all of them; how many customers."""
    snapshot = snapshot_of(outcomes, day_number(day))
    laws = payment_laws(ledger, day)
    owner = customers_of_items(ledger, laws.customers)[snapshot.items]
    owing, codes = np.unique(owner, return_inverse=True)
    ids = laws.customers[owing]
    by_customer = {
        rule: sum_by_code(codes, figures, len(ids))
        for rule, figures in worklists(snapshot, {"law": LawForecast(ledger, laws)}).items()
        if rule in ("law", "amount", "best")
    }
    found = worklist(ledger, day, laws=laws, rules=rules).contacts.set_index("customer_id")["priority"]
    by_customer["worklist"] = found.reindex(ids).fillna(0.0).to_numpy()
    by_customer |= _usual(snapshot, codes, by_customer["amount"])
    came = by_customer["best"]
    held = {rule: float(came[first_tenth(order)].sum()) for rule, order in by_customer.items()}
    return held, float(came.sum()), len(ids)


def _usual(snapshot: Snapshot, codes: "np.typing.NDArray[np.intp]", amount: Floats) -> dict[str, Floats]:
    """Customers as most worklists have them: by their oldest item; overdue first, then by what is overdue."""
    oldest = np.full(len(amount), -np.inf)
    np.maximum.at(oldest, codes, (snapshot.day - snapshot.due).astype(np.float64))
    overdue = sum_by_code(codes, np.where(snapshot.due < snapshot.day, snapshot.amount, 0.0), len(amount))
    return {"days_overdue": oldest, "overdue_amount": np.where(overdue > 0, overdue + amount.max(initial=0), amount)}
