"""The open items of a closing day: which are unpaid invoices, how late by which due date, and what the others are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.calendar import country_code
from arlib.errors import ArlibError
from arlib.law.latest.whose import codes_of_home
from arlib.ledger import Ledger, group_codes, origins
from arlib.measures.flows.disputes import disputed_on
from arlib.schema import (
    BILL,
    CREDIT_NOTE,
    INVOICE,
    NO_DAY,
    OPENING,
    PAYMENT,
    TRANSFER,
    Codes,
    Days,
    Flags,
    day_number,
    day_numbers,
)
from arlib.terms import NET_30
from arlib.words import say

# Debits that stand for invoices: their own, those of earlier years, and what they became in the accounts.
_CLAIMS = (INVOICE, OPENING, BILL, TRANSFER)
_NO_DUE_DATE = "none"  # the reader knows that the item falls due on no day, as a retention guarantee

# Why an item counts where it does. The first four are of tables and the others of the proof alone.
REASONS = (
    *("late", "zero_day", "disputed", "not_accounted"),
    *("not_due", "credit_note", "payment", "other_credit", "no_due_date", "not_an_invoice"),
)
LATE, ZERO_DAY, DISPUTED, NOT_ACCOUNTED, NOT_DUE, CREDIT, RECEIVED, OTHER_CREDIT, UNDATED, NO_INVOICE = range(
    len(REASONS)
)
PARTS = ("A", "A", "B", "B", "", "", "", "", "", "")  # of each reason

BANDS = ("0", "1-30", "31-60", "61-90", "91+")
FIRSTS = (0, 1, 31, 61, 91)  # days late each begins with


@dataclass(frozen=True, eq=False)
class Claims:
    """What each item of a ledger is on a closing day; columns are aligned with `ledger.items`.

    Attributes:
        claim: whether it is a debit of that day that stands for an invoice and falls due.
        due: day number of the due date delays are counted from; `NO_DAY` where there is none.
        legal: whether that is the legal one, nothing having been agreed.
        days: days late on the closing day, below 0 before the due date and where there is none.
        disputed: whether it is disputed on the closing day.
        document: code of its invoice: the instalments of one share it.
        foreign: whether its customer is in another country; none where no country of one's own was given.
    """

    claim: Flags
    due: Days
    legal: Flags
    days: Days
    disputed: Flags
    document: Codes
    foreign: Flags | None

    @classmethod
    def of(cls, ledger: Ledger, closing: pd.Timestamp, home_country: str | None) -> "Claims":
        """The claims of a ledger on a closing day.

        Raises:
            ArlibError: the country is not known.
        """
        items = ledger.items
        due, legal = _reference_dues(ledger)
        owed = items["kind"].isin(_CLAIMS) & (items["amount"] > 0) & (items["booked_on"] <= closing)
        dated = due != NO_DAY
        return cls(
            claim=owed.to_numpy() & dated,
            due=due,
            legal=legal,
            days=np.where(dated, day_number(closing) - np.where(dated, due, 0), -1),
            disputed=disputed_on(ledger, closing),
            document=_documents(ledger),
            foreign=None if home_country is None else _foreign(ledger, home_country),
        )

    def reasons(self, ledger: Ledger) -> Codes:
        """Why each item, were it open, counts where it does: a place in `REASONS`."""
        items = ledger.items
        debit, kind = (items["amount"] > 0).to_numpy(), items["kind"]
        undated = kind.isin(_CLAIMS).to_numpy() & debit & ~self.claim
        cases = (
            (~debit & (kind == CREDIT_NOTE).to_numpy(), CREDIT),
            (~debit & (kind == PAYMENT).to_numpy(), RECEIVED),
            (~debit, OTHER_CREDIT),
            (undated, UNDATED),
            (~self.claim, NO_INVOICE),
            (self.days < 0, NOT_DUE),
            (self.disputed, DISPUTED),
            (self.days == 0, ZERO_DAY),
        )
        return np.select([case for case, _ in cases], [code for _, code in cases], LATE).astype(np.intp)


def bands_of(days: Days) -> Codes:
    """The band of each delay, of 0 days or more, as a place in `BANDS`."""
    return np.searchsorted(FIRSTS, days, side="right") - 1


def _reference_dues(ledger: Ledger) -> tuple[Days, Flags]:
    """The due date of each item: what was agreed, else 30 days after the invoice; and where it is that one."""
    items = ledger.items
    due, issued = day_numbers(items["due_on"]), day_numbers(items["issued_on"])
    source = items["due_source"].fillna("").to_numpy()
    thirty = NET_30.due_days(issued)
    missing = (due == NO_DAY) & (source != _NO_DUE_DATE) & (issued != NO_DAY)
    assumed = (source == "default") & (due == thirty) & (due != NO_DAY)
    return np.where(missing, thirty, due), missing | assumed


def _documents(ledger: Ledger) -> Codes:
    """The invoice of each item, as a code: what it began as, and one for the instalments of a customer's document."""
    several, alone = ledger.items["document_id"].notna().to_numpy(), origins(ledger)
    if not several.any():
        return alone
    codes, groups = group_codes(ledger, ("customer_id", "document_id"))
    return np.where(several, codes, len(groups) + alone)[alone]


def _foreign(ledger: Ledger, home_country: str) -> Flags:
    home = country_code(home_country)
    if not home:
        raise ArlibError(say("law.delay.country", country=home_country))
    customers = ledger.customers.set_index("customer_id")["country"]
    codes = {name: country_code(str(name)) for name in customers.dropna().unique()}
    abroad = ~customers.map(codes).fillna("").isin(("", *codes_of_home(home)))
    return ledger.items["customer_id"].map(abroad).fillna(value=False).to_numpy(dtype=bool)
