"""What was said at one past closing: of the invoices to come, and of the worklist of that day."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import customers_of_items, payment_laws
from arlib.ledger import Ledger
from arlib.risk.backtest.capture import Snapshot, caught, first_tenth, snapshot_of, worklists
from arlib.risk.backtest.dates import GRID, LAST_DAY, Payments, date_errors, payments_of
from arlib.risk.backtest.forecasts import (
    DueDateForecast,
    Forecast,
    LawForecast,
    Predictor,
    days_overdue,
    rate_forecasts,
)
from arlib.risk.backtest.outcomes import Outcomes
from arlib.schema import Codes, Floats

LAW, PORTFOLIO, CUSTOMER, DUE_DATE = "law", "portfolio", "customer", "due_date"
_BATCH = 16_384  # invoices asked of at once, to bound memory; the laws of customers they share are worked out once


@dataclass(frozen=True, eq=False)
class Closing:
    """What each model said at a closing, and what it was wrong by.

    Attributes:
        items: (invoices,) those to come, positions in `ledger.items`.
        probabilities: by model, (invoices, thresholds) probability of being late.
        days_overdue: (invoices,) how long the customer's oldest open invoice was overdue.
        payments: those whose dates are judged.
        errors: by model, (payments, 3), as `date_errors` gives them.
        snapshot: the open items, where worklists are compared.
        first: by rule, the positions in `snapshot.items` of the first tenth of its worklist.
        caught: by rule, the late euro-days that the first shares of its worklist held, those of `CALLED`.
    """

    items: Codes
    probabilities: Mapping[str, Floats]
    days_overdue: Floats
    payments: Payments
    errors: Mapping[str, Floats]
    snapshot: Snapshot | None
    first: Mapping[str, Codes]
    caught: Mapping[str, Floats]


def said_at(
    outcomes: Outcomes,
    items: Codes,
    thresholds: tuple[int, ...],
    forecasts: Mapping[str, Forecast],
    overdue: Floats,
    *,
    compared: int | None,
) -> Closing:
    """What forecasts say of invoices, and of the worklist of the day `compared` where there is one."""
    payments = payments_of(outcomes, items)
    asked = {name: _asked(forecast, items, outcomes, thresholds, payments) for name, forecast in forecasts.items()}
    snapshot = None if compared is None else snapshot_of(outcomes, compared)
    sorting = {name: each for name, each in forecasts.items() if name not in (PORTFOLIO, CUSTOMER, DUE_DATE)}
    rules = worklists(snapshot, sorting) if snapshot else {}
    return Closing(
        items=items,
        probabilities={name: late for name, (late, _) in asked.items() if name != DUE_DATE},
        days_overdue=overdue,
        payments=payments,
        errors={name: errors for name, (_, errors) in asked.items()},
        snapshot=snapshot,
        first={rule: first_tenth(order_by) for rule, order_by in rules.items()},
        caught={rule: caught(order_by, snapshot.late_euro_days) for rule, order_by in rules.items() if snapshot},
    )


def forecasts_at(
    ledger: Ledger, day: pd.Timestamp, items: Codes, longest: int, predictors: Mapping[str, Predictor]
) -> tuple[Mapping[str, Forecast], Floats]:
    """Every model as of the end of a day, and how long the customers of some invoices had been overdue then."""
    laws = payment_laws(ledger, day)
    plain, own = rate_forecasts(ledger, laws.evidence, max(LAST_DAY, longest))
    customer = customers_of_items(ledger, laws.customers)[items]
    forecasts: dict[str, Forecast] = {LAW: LawForecast(ledger, laws), PORTFOLIO: plain, CUSTOMER: own}
    forecasts |= {name: predictor(ledger, day) for name, predictor in predictors.items()}
    return {**forecasts, DUE_DATE: DueDateForecast(ledger)}, days_overdue(laws.evidence)[customer]


def _asked(
    forecast: Forecast, items: Codes, outcomes: Outcomes, thresholds: tuple[int, ...], payments: Payments
) -> tuple[Floats, Floats]:
    """The probabilities of being late, and the errors of the dates, from one question a batch of invoices."""
    days = np.concatenate([np.array(thresholds), GRID])
    late, errors = np.empty((len(items), len(thresholds))), np.empty((len(payments.row), 3))
    for first in range(0, len(items), _BATCH):
        rows = slice(first, first + _BATCH)
        unpaid = forecast.unpaid_on(items[rows], outcomes.due[items[rows]][:, None] + days)
        late[rows] = unpaid[:, : len(thresholds)]
        part = slice(*np.searchsorted(payments.row, [first, first + _BATCH]))
        errors[part] = date_errors(unpaid[:, len(thresholds) :], payments.part(part, first))
    return late, errors
