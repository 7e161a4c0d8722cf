"""What is said of debts that left the accounts that were read, as 416 and 413 where these were not asked for."""

import pandas as pd

from arlib.ledger import Ledger, moved_out
from arlib.words import Sentence, say

_FAMILY = 3  # digits of an account that say what it is of


def moved_out_said(ledger: Ledger, day: pd.Timestamp) -> tuple[Sentence, ...]:
    """What was moved, by a day, to accounts that were not read, and how to read them; nothing where nothing was."""
    gone = moved_out(ledger, day)
    if gone.empty:
        return ()
    read = ledger.items["account"].dropna().str[:_FAMILY].unique()
    asked = ", ".join(sorted({*read, *map(str, gone.index)}))
    parts = [say("law.moved_out.account", account=str(name), amount=float(amount)) for name, amount in gone.items()]
    return (say("law.moved_out", amount=round(float(gone.sum()), 2), day=day, parts=parts, accounts=asked),)
