"""Payment terms against the law, and against the due dates they should give."""

import numpy as np
import pandas as pd

from arlib.checks.rule import Books, rule, together
from arlib.errors import ArlibError
from arlib.schema import INVOICE, NO_DAY, Days, Flags, day_numbers
from arlib.terms import END_OF_MONTH_45, END_OF_MONTH_THEN_45, NET_60, PaymentTerms

_FRANCE = ("FR", "FRA", "FRANCE")
_AGREED = ("file", "terms", "customer")  # where a due date comes from that somebody agreed on
_NEAR = 3  # days: a due date moved off a weekend, and 30 days written for a month of 31


@rule("warning", "due_on")
def terms_beyond_law(books: Books) -> pd.DataFrame:
    """Terms beyond French law: 60 days from the invoice, or 45 days end of month if agreed (C. com. L441-10).

    Délais au-delà de la loi : 60 jours de la facture, ou 45 jours fin de mois s'ils sont convenus (C. com. L441-10).
    """
    items = books.items
    issued, due = day_numbers(items["issued_on"]), day_numbers(items["due_on"])
    longest = [terms.due_days(issued) for terms in (NET_60, END_OF_MONTH_45, END_OF_MONTH_THEN_45)]
    beyond = (due > np.max(longest, axis=0)) & (issued != NO_DAY)
    chosen = beyond & books.of_kind(INVOICE) & items["due_source"].isin(_AGREED).to_numpy()
    return together(items[chosen & _under_french_law(books)], "customer_id")


def _under_french_law(books: Books) -> Flags:
    """Items of customers in France: by their country, else by a French company number or a French export (FEC)."""
    customers = books.ledger.customers
    country = customers["country"].str.strip().str.upper()
    french_file = any(source.format == "fec" for source in books.ledger.sources)
    domestic = country.isin(_FRANCE) | (country.isna() & (customers["siren"].notna() | french_file))
    found: Flags = books.items["customer_id"].isin(customers.loc[domestic, "customer_id"]).to_numpy()
    return found


@rule("warning", "due_on")
def terms_disagree(books: Books) -> pd.DataFrame:
    """The due date is more than three days away from the one the payment terms give.

    L'échéance s'écarte de plus de trois jours de celle que donnent les conditions de paiement.
    """
    items = books.items
    chosen = books.of_kind(INVOICE) & (items["due_source"] == "file") & items["terms"].notna()
    rows = items.loc[chosen, ["terms", "issued_on", "due_on"]]
    issued, due = day_numbers(rows["issued_on"]), day_numbers(rows["due_on"])
    away = np.zeros(len(rows), dtype=np.bool_)
    for text, places in rows.groupby("terms", sort=False).indices.items():
        away[places] = _away(str(text), issued[places], due[places])
    return items.loc[rows.index[away]]


def _away(text: str, issued: Days, due: Days) -> Flags:
    """Whether due dates are far from what the terms give in either reading.

    Never where they are not understood, or give several dates, or count from a date the ledger does not hold.
    """
    try:
        readings = [PaymentTerms.parse(text, end_of_month=reading) for reading in ("after_days", "before_days")]
    except ArlibError:
        return np.zeros(len(issued), dtype=np.bool_)
    if not readings[0].one_date:
        return np.zeros(len(issued), dtype=np.bool_)
    nearest = np.min([np.abs(due - terms.due_days(issued)) for terms in readings], axis=0)
    away: Flags = (nearest > _NEAR) & (issued != NO_DAY)
    return away
