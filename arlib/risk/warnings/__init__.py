"""Early warnings: rules on customers, each with its record on the past closings of the same ledger."""

from dataclasses import dataclass, replace

import pandas as pd

from arlib.ledger import Day, Ledger
from arlib.risk.warnings.history import History
from arlib.risk.warnings.record import record_of, table_of
from arlib.risk.warnings.rules import RULES, unanswerable
from arlib.risk.warnings.told import warnings_of
from arlib.schema import to_dates
from arlib.words import Language

__all__ = ["EarlyWarnings", "early_warnings"]


@dataclass(frozen=True, eq=False)
class EarlyWarnings:
    """The warnings of a day, and what the same rules would have been worth before.

    Attributes:
        as_of: the day whose knowledge is used.
        closings: the past closings the rules were judged on, month ends; none where the ledger is too short.
        warnings: one row a customer and rule: customer_id, name, rule, value, usual, amount (money at stake),
            hit_rate (nan where the record is too small), base_rate, sentence; the largest hit_rate × amount first.
        record: one row a rule: rule, name, closings, raised, customers (different ones), came_true, hit_rate,
            base_rate, lift, verdict (better, no_better, few, none, not_asked), sentence.
    """

    as_of: pd.Timestamp
    closings: tuple[pd.Timestamp, ...]
    warnings: pd.DataFrame
    record: pd.DataFrame


def early_warnings(ledger: Ledger, as_of: Day | None = None, *, language: Language = "en") -> EarlyWarnings:
    """Customers whose ways changed for the worse, by rules that are judged on this ledger's own past.

    A warning foretells that money of the customer becomes more than 30 days late within 90 days, that is not so
    yet; what a credit note settles is not counted as late. Only customers who owe something are asked. Each rule
    is asked again at the last 12 month ends that have 90 days after them and 180 before, with what was in the
    accounts at their end, and its rate set against that of all customers who owed something then: a rule that is
    no better says so. Rules, `value` against `usual`:

    - slower: mean days late of the payments of 90 days, of those of the year before;
    - first_overdue: days overdue of a customer always punctual so far, the number of its payments;
    - oldest_overdue: days overdue of the oldest item, days late of the slowest tenth of payments in two years;
    - part_payments: payments in 90 days that left a part of their invoice open, usual number in 90 days;
    - exposure: owed in days of its sales, the same over the four quarters before;
    - over_limit: owed, the credit limit of the customers' file, which has no date and is taken as it is;
    - disputes: disputes begun in 90 days, usual number; only where the file says when they began;
    - orders_stop: days since the last invoice while something is overdue, usual days between invoices.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default, or where that is earlier.
        language: of the names and sentences.
    """
    history = History.of(ledger, as_of)
    owing = history.owed > 0
    found = {rule: ask(history) for rule, ask in RULES.items()}
    signals = {rule: replace(signal, raised=signal.raised & owing) for rule, signal in found.items()}
    records = {rule: record_of(history, signal.raised) for rule, signal in signals.items()}
    return EarlyWarnings(
        as_of=history.day,
        closings=tuple(to_dates(history.closings[:-1])),
        warnings=warnings_of(history, signals, records, language),
        record=table_of(records, unanswerable(history), language),
    )
