"""The ledger, what is open on a day, and the movements behind every measure.

The identity every screen shows, true on any day T: the sum of the items booked up to T, the sum of what is open
at T, the sum of the age buckets at T and the balance of the customer accounts at T are one number.
"""

from arlib.ledger.books import Day, Ledger, Source, as_day
from arlib.ledger.grouped import By, group_codes, names_of
from arlib.ledger.known import known_by
from arlib.ledger.moved import Movements, Portions, movements
from arlib.ledger.opened import balance, open_amounts, open_items, settled_amounts
from arlib.ledger.origins import moved_away, moved_out, moved_within, origins, origins_as_due

__all__ = [
    "By",
    "Day",
    "Ledger",
    "Movements",
    "Portions",
    "Source",
    "as_day",
    "balance",
    "group_codes",
    "known_by",
    "moved_away",
    "moved_out",
    "moved_within",
    "movements",
    "names_of",
    "open_amounts",
    "open_items",
    "origins",
    "origins_as_due",
    "settled_amounts",
]
