"""What a visitor brings to a ledger besides choices: contacts noted, a bank file, and what is decided of its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from weakref import WeakKeyDictionary

import pandas as pd

from arlib.collection import ContactLog, ReceiptMatching, Scenario, Sender
from arlib.collection.log import COLUMNS
from arlib.ledger import Ledger
from arlib.readers import Receipts

REFUSED, PROPOSED = -1, 0  # what is decided of a receipt; from 1 on, an alternative is taken


@dataclass(frozen=True)
class Contact:
    """One contact noted in the page, as a row of a log."""

    customer_id: str
    contacted_on: pd.Timestamp
    channel: str
    outcome: str
    note: str


@dataclass(frozen=True)
class Booked:
    """What is booked of a bank file: receipts, their sum by currency, and the balance of a day before and after."""

    receipts: int
    sums: tuple[tuple[str, float], ...]
    day: pd.Timestamp
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Desk:
    """What lies on the table beside one ledger; each change makes another one.

    Attributes:
        log_name, past: the file of past contacts, if any was given.
        noted: contacts of this visit.
        sent: the letters of the day noted as sent, as rows of a log, an item each; none where they are not.
        receipts: the bank file, if any was given.
        decided: by receipt, `REFUSED`, `PROPOSED`, or the number of the alternative taken.
        booked: what was booked last of the same bank file.
    """

    log_name: str = ""
    past: ContactLog | None = None
    noted: tuple[Contact, ...] = ()
    sent: pd.DataFrame | None = None
    receipts: Receipts | None = None
    decided: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    booked: Booked | None = None

    @cached_property
    def log(self) -> ContactLog | None:
        """Past contacts and those of this visit, as one log; none where nobody told of any."""
        own = [pd.DataFrame([vars(contact) for contact in self.noted])] if self.noted else []
        own += [] if self.sent is None else [self.sent]
        if not own:
            return self.past
        past, notes = ([], ()) if self.past is None else ([self.past.table], self.past.notes)
        rows = pd.concat([*past, *own], ignore_index=True)
        return ContactLog(rows[[name for name in COLUMNS if name in rows]], notes)

    def deciding(self, receipts: Mapping[int, int | None]) -> "Desk":
        """The same desk, some receipts decided otherwise; none stands for undecided."""
        merged = {**self.decided, **receipts}
        kept = {receipt: option for receipt, option in merged.items() if option is not None}
        return replace(self, decided=MappingProxyType(kept))

    def after(self, booked: Booked) -> "Desk":
        """The desk beside the ledger in which what was accepted is booked: what was refused stays so."""
        refused = {receipt: option for receipt, option in self.decided.items() if option == REFUSED}
        return replace(self, decided=MappingProxyType(refused), booked=booked)


class Desks:
    """The desk beside each ledger of the visit, kept as long as the visit can go back to the ledger.

    Attributes:
        sender: who writes the letters, whatever the ledger.
        scenarios: of the visitor's own file, if any was given.
    """

    def __init__(self) -> None:
        self.sender: Sender | None = None
        self.scenarios: tuple[Scenario, ...] = ()
        self._desks: WeakKeyDictionary[Ledger, Desk] = WeakKeyDictionary()

    def beside(self, ledger: Ledger) -> Desk:
        """The desk beside a ledger; an empty one where nothing was brought."""
        return self._desks.setdefault(ledger, Desk())

    def put(self, ledger: Ledger, desk: Desk) -> None:
        """Have this desk beside a ledger."""
        self._desks[ledger] = desk


def accepted_rows(matching: ReceiptMatching, decided: Mapping[int, int]) -> pd.DataFrame:
    """The rows of proposals and alternatives that decisions accept, for `ReceiptMatching.accepted`."""
    columns = list(matching.proposals)
    taken = pd.Series(decided, dtype="int64").rename("taken").rename_axis("receipt_id").reset_index()
    every = pd.concat([matching.proposals.assign(option=PROPOSED), matching.alternatives], ignore_index=True)
    asked = every.merge(taken, on="receipt_id")
    rows: pd.DataFrame = asked.loc[asked["option"] == asked["taken"], columns]
    return rows.reset_index(drop=True)
