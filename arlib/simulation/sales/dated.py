"""How past invoices fell due, so that those to come fall due likewise: by written terms, or after as many days."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.schema import NO_DAY, Codes, Days, Flags, day_numbers
from arlib.simulation.outlook.written import WrittenTerms, days_vary
from arlib.terms import NET_30, PaymentTerms

LEGAL_DAYS = NET_30.days  # the term French law gives where none was agreed (Code de commerce, L441-10)


@dataclass(frozen=True, eq=False)
class Dated:
    """How past invoices are dated.

    Attributes:
        written: (invoices,) their terms, where these explain their due date and grant days that vary.
        granted: (invoices,) the days each was given otherwise.
        by_terms: (invoices,) whether its terms explain its due date.
        undated: (invoices,) whether it has none.
    """

    written: WrittenTerms
    granted: Days
    by_terms: Flags
    undated: Flags

    def due_days(self, source: Codes, issued: Days) -> Days:
        """Due dates of repeated invoices, each of a past one and issued on some day."""
        return self.written[source].due_days(issued, self.granted[source])


def as_dated(ledger: Ledger, sold: pd.DataFrame) -> Dated:
    """How invoices sold are dated: by their terms or their customer's, else by the days each was given.

    Args:
        ledger: the ledger.
        sold: a row an invoice: item, its place in the ledger; issued, a day number.
    """
    issued = sold["issued"].to_numpy()
    due = day_numbers(ledger.items["due_on"])[sold["item"]]
    undated = due == NO_DAY
    granted = np.where(undated, LEGAL_DAYS, due - issued)
    codes, texts = _written_terms(ledger, sold)
    explained, place = np.zeros(len(sold), dtype=bool), np.full(len(sold), -1)
    kept: dict[PaymentTerms, int] = {}
    for code, text in enumerate(texts):
        terms = _understood(text)
        if terms is None:
            continue
        by_terms = terms.due_days(issued)
        theirs = (codes == code) & (undated | (by_terms == due))
        explained |= theirs
        granted = np.where(theirs, by_terms - issued, granted)
        if theirs.any() and days_vary(terms):
            place[theirs] = kept.setdefault(terms, len(kept))
    return Dated(WrittenTerms(tuple(kept), place), granted, explained, undated)


def _written_terms(ledger: Ledger, sold: pd.DataFrame) -> tuple[Codes, "pd.Index[str]"]:
    """The terms of each invoice, its customer's where it has none, as codes of distinct texts."""
    written, texts = pd.factorize(ledger.items["terms"].iloc[sold["item"]])
    agreed, others = pd.factorize(ledger.customers["terms"])
    of_customer = agreed[ledger._owners[sold["item"]]]  # noqa: SLF001 - kept by the ledger for such functions
    all_texts = pd.Index(texts, dtype="str").append(pd.Index(others, dtype="str"))
    codes, found = pd.factorize(all_texts)
    place = np.where(written >= 0, written, np.where(of_customer >= 0, of_customer + len(texts), -1))
    return np.append(codes, -1)[place], pd.Index(found, dtype="str")


def _understood(text: str) -> PaymentTerms | None:
    try:
        return PaymentTerms.parse(text)
    except ArlibError:
        return None
