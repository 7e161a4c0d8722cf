"""The ledger against the accounts it was read from."""

import pandas as pd

from arlib.checks.rule import Books, rule
from arlib.schema import HALF_CENT


@rule("error", "account")
def does_not_tie(books: Books) -> pd.DataFrame:
    """The movements do not add up to the balance of the accounts: figures of this day cannot be relied on.

    Les mouvements ne donnent pas le solde des comptes : les chiffres de ce jour ne sont pas fiables.
    """
    controls = books.ledger.controls
    controls = controls[controls["booked_on"] <= books.day]
    accounts, items = (rows.groupby("account", dropna=False)["amount"].sum() for rows in (controls, books.items))
    if set(accounts.index) != set(items.index):  # the source adds up more than one account at once
        accounts, items = (pd.Series({"": rows["amount"].sum()}) for rows in (controls, books.items))
    difference = (items - accounts).round(2)
    if abs(difference.sum()) < HALF_CENT:  # an account of another name from one year to the next
        difference = difference.iloc[:0]
    off = difference[difference.abs() >= HALF_CENT]
    return pd.DataFrame({"value": off.index.astype("str"), "at_stake": off.to_numpy()})


@rule("warning", "amount")
def entries_unbalanced(books: Books) -> pd.DataFrame:
    """The debits and credits of the file differ: entries are incomplete, or were changed by hand.

    Les débits et les crédits du fichier diffèrent : des écritures sont incomplètes, ou ont été modifiées à la main.
    """
    # A ledger holds customers' accounts alone: only the reader has seen whole entries.
    said = [
        {"file": source.name, "value": source.name, "at_stake": abs(float(warning.values["difference"]))}
        for source in books.ledger.sources
        for warning in source.warnings
        if warning.key == "fec.unbalanced"
    ]
    return pd.DataFrame(said, columns=["file", "value", "at_stake"])
