"""Where a file's edge leaves a figure without meaning: the ledger has ended, or its sales have stopped coming in.

A file that stops keeps the receivable a while and loses the sales (or the reverse, where invoices are only listed once
paid): a DSO read there is a fact about the file, not about the customers.
"""

from dataclasses import dataclass

import numpy as np

from arlib.ledger import Ledger
from arlib.schema import Days, Flags, day_number, to_dates
from arlib.words import Sentence, say

LONG_WEEKEND = 4  # days a ledger may have ended before the day asked, where its sales pause as long themselves
LONGEST_MONTH = 31  # days without a sale that any company may have: one closed for August
STRETCH = 30  # days of a stretch of sales that is compared with those before it
STRETCHES = (4, 12)  # at least and at most so many stretches before it
THINNING = 2  # the latest of them apart: a list of paid invoices thins out over a month or two
DOCUMENTS = 10  # in the poorest of them, at least, or chance explains a poor one; days of sale before a silence too
THIN = 10  # a stretch is thin below the poorest one divided by this


@dataclass(frozen=True, eq=False)
class Edge:
    """What the sales known on each day asked say of the file's edge; every column has one entry a day.

    A day is beyond the edge when one of three things is true, of the whole ledger and as known on that day:

    - it comes before the ledger's first day, or more than a long weekend after its last one (four days; fewer where
      sales never pause so long);
    - the silence since the last sale is longer than any month and than twice the longest silence before it, in a
      ledger that had sales on ten days at least;
    - the 30 days up to it hold less than a tenth of the invoices and credit notes of the poorest of twelve stretches
      of 30 days before, the two latest apart, which may be thinning out already; the ledger has four of these at
      least, of ten documents or more each.

    So a quiet August, one closed as the year before, a season, a weekend, the middle of a month and a ledger of few
    invoices are within the edge. A file cut at the end of a month is beyond it a month later, whether payments follow
    or not; so is a company that shuts for a whole month for the first time, which nothing known on the day tells apart.
    """

    days: Days
    covers: tuple[int, int]
    last_sale: Days
    longest: Days
    sale_days: Days
    documents: Days
    poorest: Days

    @classmethod
    def of(cls, ledger: Ledger, known: Days, days: Days) -> "Edge":
        """The edge of a ledger whose sales are known from these days on."""
        covers = day_number(ledger.covers[0]), day_number(ledger.covers[1])
        start = int(known.min(initial=covers[0]))
        a_day = np.bincount(known - start)
        sale_days = start + np.flatnonzero(a_day)
        running = np.append(0, np.cumsum(a_day[a_day > 0]))
        longest = np.concatenate([[0, 0], np.maximum.accumulate(np.diff(sale_days))])[: len(sale_days) + 1]
        seen = np.searchsorted(sale_days, days, side="right")
        back = days[:, None] - STRETCH * np.arange(1 + THINNING + STRETCHES[1] + 1)
        documents = -np.diff(running[np.searchsorted(sale_days, back, side="right")], axis=1)
        whole = back[:, 2 + THINNING :] >= covers[0] - 1
        poorest = np.where(whole, documents[:, 1 + THINNING :], np.iinfo(np.int64).max).min(axis=1)
        return cls(
            days=days,
            covers=covers,
            last_sale=np.where(seen > 0, np.append(sale_days, 0)[seen - 1], days),
            longest=longest[seen],
            sale_days=seen,
            documents=documents[:, 0],
            poorest=np.where(whole.sum(axis=1) >= STRETCHES[0], poorest, 0),
        )

    @property
    def before(self) -> Flags:
        """Days before the ledger begins."""
        return self.days < self.covers[0]

    @property
    def ended(self) -> Flags:
        """Days after the ledger has ended."""
        return self.days - self.covers[1] > np.minimum(self.longest, LONG_WEEKEND)

    @property
    def silent(self) -> Flags:
        """Days on which sales have been silent for longer than they ever are."""
        usual = np.maximum(LONGEST_MONTH, 2 * self.longest)
        return (self.sale_days >= DOCUMENTS) & (self.days - self.last_sale > usual)

    @property
    def thin(self) -> Flags:
        """Days up to which hardly anything was sold any more."""
        return (self.poorest >= DOCUMENTS) & (self.documents * THIN < self.poorest)

    @property
    def beyond(self) -> Flags:
        """Days on which no figure has a meaning."""
        return self.before | self.ended | self.silent | self.thin

    def note(self) -> Sentence | None:
        """Why the first of the days asked is beyond the edge; none where it is not."""
        if self.before[0]:
            first, day = to_dates(np.array([self.covers[0], self.days[0]]))
            return say("dso.too_short", first=first, needed=day)
        if self.ended[0]:
            last, day = to_dates(np.array([self.covers[1], self.days[0]]))
            return say("dso.edge.ended", last=last, day=day)
        last_sale = to_dates(self.last_sale)[0]
        if self.silent[0]:
            days = int(self.days[0] - self.last_sale[0])
            return say("dso.edge.silent", last=last_sale, days=days, longest=int(self.longest[0]))
        if self.thin[0]:
            documents, poorest = int(self.documents[0]), int(self.poorest[0])
            return say("dso.edge.thin", documents=documents, poorest=poorest, last=last_sale)
        return None
