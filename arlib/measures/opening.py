"""The eve of a ledger: what it opens with is what was owed at the end of the day before, and the one place to say so.

A year of accounts opens with balances booked on its first day. They were owed on the eve, so that a period which
begins with the ledger can be told though nothing is booked before it.
"""

from dataclasses import replace

import pandas as pd

from arlib.ledger import Ledger
from arlib.schema import OPENING

_ONE_DAY = pd.Timedelta(days=1)


def known_from(ledger: Ledger) -> pd.Timestamp:
    """The first day at whose end it is known what was owed.

    That is the eve of the openings booked up to the ledger's first day; without any, that first day itself.
    """
    first, items = ledger.covers[0], ledger.items
    early = items.loc[items["booked_on"] <= first, ["kind", "booked_on"]]
    opened_on = early.loc[early["kind"] == OPENING, "booked_on"].max()
    return first if pd.isna(opened_on) else opened_on - _ONE_DAY


def from_the_eve(ledger: Ledger, start: pd.Timestamp) -> Ledger:
    """The ledger to tell a period by that begins with the evening of `start`.

    Where `start` is before the first day and openings say what was owed then, these are booked on their eve and the
    ledger begins there; it is as it stands for any other day, and never starts earlier than what is known.
    """
    eve, first = known_from(ledger), ledger.covers[0]
    if not eve <= start < first:
        return ledger
    opening = (ledger.items["kind"] == OPENING) & (ledger.items["booked_on"] <= first)
    booked_on = ledger.items["booked_on"].mask(opening & (ledger.items["booked_on"] > eve), eve)
    return replace(ledger, items=ledger.items.assign(booked_on=booked_on), covers=(eve, ledger.covers[1]))
