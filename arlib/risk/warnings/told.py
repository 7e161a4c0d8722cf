"""Warnings of the day as rows, each with the sentence that a person reads."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from arlib.risk.warnings.history import History
from arlib.risk.warnings.record import Record
from arlib.risk.warnings.rules import Signal
from arlib.words import Language, say


def warnings_of(
    history: History, signals: Mapping[str, Signal], records: Mapping[str, Record], language: Language
) -> pd.DataFrame:
    """One row a customer and rule that warns on the day, what most often came true on most money first."""
    tables = [_rows(history, rule, signal, records[rule]) for rule, signal in signals.items()]
    found = pd.concat(tables, ignore_index=True)
    names = history.ledger.customers.set_index("customer_id")["name"]
    found.insert(1, "name", found["customer_id"].map(names).fillna(found["customer_id"]).astype("str"))
    rate = found["hit_rate"].fillna(found["base_rate"]).fillna(1.0)
    found = found.assign(_expected=rate * found["amount"])
    found = found.sort_values(["_expected", "customer_id", "rule"], ascending=[False, True, True])
    found = found.drop(columns="_expected").reset_index(drop=True)
    told = zip(found["rule"], found["value"], found["usual"], found["amount"], strict=True)
    found["sentence"] = pd.array(
        [
            say(f"risk.warning.{rule}", value=value, usual=usual, amount=amount).text(language)
            for rule, value, usual, amount in told
        ],
        dtype="str",
    )
    return found


def _rows(history: History, rule: str, signal: Signal, record: Record) -> pd.DataFrame:
    chosen = np.flatnonzero(signal.raised[:, -1])
    judged = record.verdict in {"better", "no_better"}
    return pd.DataFrame(
        {
            "customer_id": history.customers.array[chosen],
            "rule": pd.array([rule] * len(chosen), dtype="str"),
            "value": signal.value[chosen, -1],
            "usual": signal.usual[chosen, -1],
            "amount": signal.amount[chosen, -1],
            "hit_rate": record.hit_rate if judged else np.nan,
            "base_rate": record.base_rate,
        }
    )
