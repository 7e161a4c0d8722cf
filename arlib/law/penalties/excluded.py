"""Late invoices that earn no penalties here, each with the reason; none is dropped."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.law.penalties.lateness import Lateness, in_order
from arlib.law.rates import CONSUMER
from arlib.ledger import Ledger, open_amounts, origins_as_due
from arlib.measures.flows.disputes import disputed_on
from arlib.schema import HALF_CENT, INVOICE, NO_DAY, Codes, Days, Flags, day_number, day_numbers, sum_by_code
from arlib.words import Language, word

# Why an item earns none, the first that is true: codes of the column `reason`, words of `law.penalty.excluded.…`.
NOT_INVOICE, NO_DUE_DATE, FOR_CONSUMER, NO_RULE = "not_invoice", "no_due_date", "consumer", "no_rule"
INSOLVENT, DISPUTED, CREDIT_BALANCE, NO_RATE = "insolvent", "disputed", "credit_balance", "no_rate"
REASONS = (NOT_INVOICE, NO_DUE_DATE, FOR_CONSUMER, NO_RULE, INSOLVENT, DISPUTED, CREDIT_BALANCE, NO_RATE)
COUNTED = -1
_COLUMNS = ["item_id", "customer_id", "kind", "reference", "issued_on", "due_on", "amount"]


@dataclass(frozen=True, eq=False)
class Standing:
    """What is known of each customer on the day, aligned with `ledger.customers`.

    Attributes:
        buyer: company, public or consumer.
        insolvent_since: day number from which a procedure forbids payment, `NO_DAY` where there is none.
        in_credit: whether its account comes to nothing or to a credit.
    """

    buyer: "pd.Series[str]"
    insolvent_since: Days
    in_credit: Flags


def insolvent_since(ledger: Ledger, procedures: pd.DataFrame, day: pd.Timestamp) -> Days:
    """(customers,) since when each is insolvent; where nobody said, the day itself: what is open is set apart."""
    since = np.full(len(ledger.customers), NO_DAY)
    place = pd.Index(ledger.customers["customer_id"]).get_indexer(pd.Index(procedures["customer_id"]))
    known = day_numbers(procedures["known_on"])
    since[place] = np.where(known == NO_DAY, day_number(day), known)
    return since


def in_credit(ledger: Ledger, day: pd.Timestamp) -> Flags:
    """(customers,) whose account comes to nothing or to a credit at the end of a day."""
    booked = (ledger.items["booked_on"] <= day).to_numpy()
    owner = ledger._owners[booked]  # noqa: SLF001 - kept by the ledger for such functions
    balance = sum_by_code(owner, ledger.items["amount"].to_numpy()[booked], len(ledger.customers))
    return np.asarray(balance < HALF_CENT)


def reasons_of(lateness: Lateness, standing: Standing, ruled: Collection[str]) -> Codes:
    """(items,) place in `REASONS` of what keeps an item from earning penalties, `COUNTED` where nothing does.

    `ruled` are the kinds of buyers for which the country has a rule.
    """
    ledger, due = lateness.ledger, lateness.due
    owner = ledger._owners  # noqa: SLF001
    since, buyer = standing.insolvent_since[owner], standing.buyer.take(owner)
    late, known = lateness.last != NO_DAY, np.zeros(len(due), dtype=bool)
    known[lateness.pieces.item] = True
    rest = open_amounts(ledger, lateness.day)
    overdue = (rest >= HALF_CENT) & (due < day_number(lateness.day))  # or undated
    tests = {
        CREDIT_BALANCE: late & (lateness.open_amounts > 0) & standing.in_credit[owner],
        DISPUTED: late & disputed_on(ledger, lateness.day),
        INSOLVENT: late & (since != NO_DAY) & (lateness.last >= since),
        NO_RULE: late & ~buyer.isin([*ruled, CONSUMER]).to_numpy(),
        FOR_CONSUMER: late & (buyer == CONSUMER).to_numpy(),
        NO_DUE_DATE: known & (due == NO_DAY),
        NOT_INVOICE: overdue & (ledger.items["kind"].to_numpy()[origins_as_due(ledger)] != INVOICE),
    }
    reason = np.full(len(due), COUNTED, dtype=np.intp)
    for name, where in tests.items():  # the first of `REASONS` is written last
        reason[where] = REASONS.index(name)
    return reason


def excluded_frame(lateness: Lateness, reason: Codes, procedures: pd.DataFrame, language: Language) -> pd.DataFrame:
    """`LatePenalties.excluded`: the items that a reason keeps from earning penalties."""
    ledger = lateness.ledger
    places = in_order(ledger, np.flatnonzero(reason != COUNTED))
    frame = ledger.items[_COLUMNS].take(places).reset_index(drop=True)
    late, last, due = lateness.amounts[places], lateness.last[places], lateness.due[places]
    day = day_number(lateness.day)
    until = np.where(last != NO_DAY, last, day)
    texts = np.array([word(f"law.penalty.excluded.{code}", language) for code in REASONS], dtype=object)[reason[places]]
    told = frame["customer_id"].map(procedures.set_index("customer_id")["reason"]).astype("str") + " "
    told = told.where(reason[places] == REASONS.index(INSOLVENT)).fillna("")
    return frame.assign(
        late_amount=np.where(late > 0, late, open_amounts(ledger, lateness.day)[places]),
        days_late=np.where(due != NO_DAY, until - np.where(due != NO_DAY, due, 0), np.nan),
        reason=pd.Series(np.array(REASONS, dtype=object)[reason[places]], dtype="str"),
        text=told + pd.Series(texts, dtype="str"),
    )
