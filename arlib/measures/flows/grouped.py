"""Groups beside the columns of a flow."""

from collections.abc import Sequence

import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Ledger, group_codes, names_of
from arlib.schema import Codes
from arlib.words import say


def grouped(ledger: Ledger, by: By, columns: Sequence[str]) -> tuple[Codes, pd.DataFrame]:
    """The groups of `group_codes`, to stand before these columns.

    Raises:
        ArlibError: no such column to group by, or the table has one of that name itself.
    """
    taken = [name for name in names_of(by) if name in columns]
    if taken:
        raise ArlibError(say("flows.by", by=", ".join(taken)))
    return group_codes(ledger, by)
