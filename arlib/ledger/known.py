"""A ledger as it stood on a past day."""

from dataclasses import replace

from arlib.ledger.books import Day, Ledger


def known_by(ledger: Ledger, as_of: Day | None = None) -> Ledger:
    """What of a ledger was in the accounts at the end of a day, as if the file ended there.

    Items booked and matches made by then, and the controls of those days; `covers` ends on the day, or where the
    ledger's does if that is earlier. Customers and marks without a date (`disputed`) are taken as they are today.
    Positions in its `items` are its own, not those of the whole ledger.
    """
    day = ledger.day(as_of)
    booked = (ledger.items["booked_on"] <= day).to_numpy()
    debit, credit = ledger._sides  # noqa: SLF001 - kept by the ledger for such functions
    matched = (ledger.matches["matched_on"] <= day).to_numpy() & booked[debit] & booked[credit]
    first, last = ledger.covers
    return replace(
        ledger,
        items=ledger.items[booked].reset_index(drop=True),
        matches=ledger.matches[matched].reset_index(drop=True),
        controls=ledger.controls[ledger.controls["booked_on"] <= day].reset_index(drop=True),
        covers=(min(first, day), min(last, day)),
    )
