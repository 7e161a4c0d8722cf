"""What became of each invoice, as far as the ledger tells, and which outcomes can be judged."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.ledger import Ledger, open_amounts
from arlib.measures.delays.settlements import LOST, OPEN, PAID, last_known, pieces_of
from arlib.schema import INVOICE, NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code

NEVER = int(np.iinfo(np.int64).max)  # the day a piece is settled that was not, or was written off
_CUT_SHARE = 0.99  # of invoices, paid by then: how far before a cut the slower ones are missing
_EXPECTED_AT_A_CUT = 20  # invoices unpaid at a month's end, usually: none at all is then no accident


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The pieces of every dated debit item, each settled on a day or not by the last day known.

    Attributes:
        last: day number of the last day whose payments are known.
        due, booked: (items,) day numbers, `NO_DAY` where missing; aligned with `ledger.items`.
        invoice: (items,) whether it is an invoice with a due date.
        item: (pieces,) position of the piece's item in `ledger.items`.
        amount: (pieces,) above 0.
        settled: (pieces,) day number, `NEVER` for what is open or written off.
        counts: (pieces,) whether it says how its customer pays: paid, open or written off.
        cuts: day numbers at which the file is cut: whatever was unpaid then is missing from it.
        cut_days: how many days before a cut the slower invoices are missing.
    """

    last: int
    due: Days
    booked: Days
    invoice: Flags
    item: Codes
    amount: Floats
    settled: Days
    counts: Flags
    cuts: Days
    cut_days: int

    def late_share(self, days_late: int) -> Floats:
        """(items,) share of each invoice not paid by the end of so many days after its due date; nan if unpaid-able.

        Nan for what is no invoice, has no due date or was wholly credited. Whether the outcome is known yet, and not
        cut away, is `judged`.
        """
        size = len(self.due)
        late = self.settled - days_late > self.due[self.item]
        part = np.where(self.counts, self.amount, 0.0)
        whole = sum_by_code(self.item, part, size)
        share = np.divide(sum_by_code(self.item, part * late, size), whole, out=np.full(size, np.nan), where=whole > 0)
        return np.where(self.invoice, share, np.nan)

    def judged(self, days: int) -> Flags:
        """(items,) due so early that what happened by so many days later is known, and not near a cut."""
        return np.asarray((self.due != NO_DAY) & (self.due + days < self.last) & ~self.near_cut)

    @property
    def near_cut(self) -> Flags:
        """(items,) due so little before a cut of the file that only the quickly paid are in it."""
        if not len(self.cuts):
            return np.zeros(len(self.due), dtype=bool)
        following = np.searchsorted(self.cuts, self.due)
        cut = self.cuts[np.minimum(following, len(self.cuts) - 1)]
        return (following < len(self.cuts)) & (self.due > cut - self.cut_days)


def outcomes_of(ledger: Ledger) -> Outcomes:
    """The outcomes of a ledger, known to its last day; to its last payment for a list drawn from payments."""
    items = ledger.items
    due, booked = day_numbers(items["due_on"]), day_numbers(items["booked_on"])
    last = max(last_known(ledger, None), last_known(ledger, _last_match(ledger)))
    dated = (due != NO_DAY) & (items["amount"] > 0).to_numpy() & (booked <= day_number(last))
    pieces = pieces_of(ledger, last, dated)
    gone = np.isin(pieces.state, (OPEN, LOST))
    settled = np.where(gone, NEVER, pieces.day)
    invoice = dated & (items["kind"] == INVOICE).to_numpy()
    counts = (gone | (pieces.state == PAID)) & invoice[pieces.item]
    all_settled = not open_amounts(ledger, last).any()
    cuts, cut_days = _cuts(due[pieces.item][counts], settled[counts], day_number(last), all_settled=all_settled)
    return Outcomes(
        last=day_number(last),
        due=due,
        booked=booked,
        invoice=invoice,
        item=pieces.item,
        amount=pieces.amount,
        settled=settled,
        counts=counts,
        cuts=cuts,
        cut_days=cut_days,
    )


def _last_match(ledger: Ledger) -> pd.Timestamp:
    matched = ledger.matches["matched_on"]
    return ledger.covers[1] if matched.empty else max(matched.max(), ledger.covers[1])


def _cuts(due: Days, settled: Days, last: int, *, all_settled: bool) -> tuple[Days, int]:
    """The days at which a file is cut, and how many days before them it lacks the slower invoices.

    A list drawn from payments lacks what was unpaid at its end: nothing in it is open, whereas accounts, even if all
    that is due is paid, hold something not due yet or not matched. Some lack it at the end of a year too, being two
    lists joined: of the invoices due in that month not one was paid after it, where many usually are.
    """
    known = due <= last
    due, settled = due[known], settled[known]
    if not len(due):
        return np.array([], dtype=np.int64), 0
    month = due.astype("datetime64[D]").astype("datetime64[M]")
    end = (month + 1).astype("datetime64[D]").astype(np.int64) - 1
    ends, codes = np.unique(end, return_inverse=True)
    invoices = np.bincount(codes, minlength=len(ends))
    unpaid = np.bincount(codes[settled > end], minlength=len(ends))
    expected = invoices * unpaid.sum() / invoices.sum()
    cut = (unpaid == 0) & (expected >= _EXPECTED_AT_A_CUT) & (ends <= last)
    cuts = ends[cut]
    if all_settled and (settled <= last).all():
        cuts = np.append(cuts[cuts < last], last)
    paid = settled < NEVER
    reach = np.quantile(settled[paid] - due[paid], _CUT_SHARE) if len(cuts) and paid.any() else 0
    return cuts, max(int(np.ceil(reach)), 0)
