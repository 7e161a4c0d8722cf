"""Where a file's edge leaves a figure without meaning: the ledger has ended, or its sales have stopped coming in.

A file that stops keeps the receivable a while and loses the sales (or the reverse, where invoices are only listed once
paid): a DSO read there is a fact about the file, not about the customers.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from arlib.ledger import Ledger
from arlib.measures.sales import without_invoice_dates
from arlib.schema import Days, Flags, day_number, day_numbers, to_dates
from arlib.words import Sentence, say

LONG_WEEKEND = 4  # days a ledger may have ended before the day asked, where its sales pause as long themselves
LONGEST_MONTH = 31  # days without a sale that any company may have: one closed for August
FOUR_WEEKS = 28  # days without any movement that it may have: customers go on paying
LATE = 10  # days without a sale that are worth no caution
STRETCH = 30  # days of a stretch of sales that is compared with those before it
STRETCHES = (4, 12)  # at least and at most so many stretches before it
THINNING = 2  # the latest of them apart: a list of paid invoices thins out over a month or two
DOCUMENTS = 10  # in the poorest of them, at least, or chance explains a poor one; days of sale before a silence too
THIN = 10  # a stretch is thin below the poorest one divided by this


@dataclass(frozen=True, eq=False)
class Edge:
    """What the sales known on each day asked say of the file's edge; every column has one entry a day.

    A day is beyond the edge when one of these is true, of the whole ledger and as known on that day:

    - it comes before the ledger's first day, or more than a long weekend after its last one (four days; fewer where
      sales never pause so long);
    - nothing at all, no payment either, was booked for longer than four weeks and than twice the longest time
      without a movement before, in a ledger that had movements on ten days at least;
    - the silence since the last sale is longer than any month and than twice the longest silence before it, in a
      ledger that had sales on ten days at least;
    - the 30 days up to it hold less than a tenth of the invoices and credit notes of the poorest of twelve stretches
      of 30 days before, the two latest apart, which may be thinning out already; the ledger has four of these at
      least, of ten documents or more each.

    So a quiet August, one closed as the year before, a season, a weekend, the middle of a month and a ledger of few
    invoices are within the edge. A file cut at the end of a month is beyond it a month later, whether payments follow
    or not; so is a company that shuts for a whole month for the first time, which nothing known on the day tells apart.
    Of a silence that is unusual and proves nothing yet, `late` is the caution. Where a file does not date its invoices
    no day is within the edge: `undated` says it.
    """

    days: Days
    covers: tuple[int, int]
    sold: "_Silence"
    booked: "_Silence"
    documents: Days
    poorest: Days
    undated: Sentence | None

    @classmethod
    def of(cls, ledger: Ledger, known: Days, days: Days) -> "Edge":
        """The edge of a ledger whose sales are known from these days on."""
        covers = day_number(ledger.covers[0]), day_number(ledger.covers[1])
        sale_days, of_a_day = _counted(known)
        running = np.append(0, np.cumsum(of_a_day))
        back = days[:, None] - STRETCH * np.arange(1 + THINNING + STRETCHES[1] + 1)
        documents = -np.diff(running[np.searchsorted(sale_days, back, side="right")], axis=1)
        whole = back[:, 2 + THINNING :] >= covers[0] - 1
        poorest = np.where(whole, documents[:, 1 + THINNING :], np.iinfo(np.int64).max).min(axis=1)
        return cls(
            days=days,
            covers=covers,
            sold=_Silence.of(sale_days, days),
            booked=_Silence.of(_counted(day_numbers(ledger.items["booked_on"]))[0], days),
            documents=documents[:, 0],
            poorest=np.where(whole.sum(axis=1) >= STRETCHES[0], poorest, 0),
            undated=next(iter(without_invoice_dates(ledger).values()), None),
        )

    @property
    def before(self) -> Flags:
        """Days before the ledger begins."""
        return self.days < self.covers[0]

    @property
    def ended(self) -> Flags:
        """Days after the ledger has ended, by the days it covers or because nothing at all is booked any more."""
        return self.after | self.booked.beyond(FOUR_WEEKS)

    @property
    def silent(self) -> Flags:
        """Days on which sales have been silent for longer than they ever are."""
        return self.sold.beyond(LONGEST_MONTH)

    @property
    def thin(self) -> Flags:
        """Days up to which hardly anything was sold any more."""
        return (self.poorest >= DOCUMENTS) & (self.documents * THIN < self.poorest)

    @property
    def beyond(self) -> Flags:
        """Days on which no figure has a meaning."""
        return self.before | self.ended | self.silent | self.thin | (self.undated is not None)

    def note(self) -> Sentence | None:
        """Why the first of the days asked is beyond the edge; none where it is not."""
        if self.undated or not self.beyond[0]:
            return self.undated
        if self.before[0]:
            first, day = to_dates(np.array([self.covers[0], self.days[0]]))
            return say("dso.too_short", first=first, needed=day)
        if self.after[0]:
            last, day = to_dates(np.array([self.covers[1], self.days[0]]))
            return say("dso.edge.ended", last=last, day=day)
        if self.ended[0]:
            return say("dso.edge.nothing", **self.booked.told())
        if self.silent[0]:
            return say("dso.edge.silent", **self.sold.told())
        documents, poorest = int(self.documents[0]), int(self.poorest[0])
        return say("dso.edge.thin", documents=documents, poorest=poorest, last=self.sold.told()["last"])

    def late(self) -> Sentence | None:
        """A caution where sales have been silent up to the first of the days asked as they never were before."""
        return say("dso.edge.late", **self.sold.told()) if self.sold.beyond(LATE)[0] else None

    @property
    def after(self) -> Flags:
        """Days after those the ledger covers."""
        return self.days - self.covers[1] > np.minimum(self.sold.longest, LONG_WEEKEND)


@dataclass(frozen=True, eq=False)
class _Silence:
    """The silence of something up to each day asked, as known on it; every column has one entry a day.

    Attributes:
        last: when it last was heard of; the day asked where it never was.
        length: days since.
        longest: the longest silence before.
        heard: on how many days it was heard of.
    """

    last: Days
    length: Days
    longest: Days
    heard: Days

    @classmethod
    def of(cls, heard_on: Days, days: Days) -> "_Silence":
        """Silences between days in order, each but once."""
        longest = np.concatenate([[0, 0], np.maximum.accumulate(np.diff(heard_on))])[: len(heard_on) + 1]
        heard = np.searchsorted(heard_on, days, side="right")
        last = np.where(heard > 0, np.append(heard_on, 0)[heard - 1], days)
        return cls(last, days - last, longest[heard], heard)

    def beyond(self, any_has: int) -> Flags:
        """Where it is longer than the silence any company has, and than twice the longest before."""
        return (self.heard >= DOCUMENTS) & (self.length > np.maximum(any_has, 2 * self.longest))

    def told(self) -> dict[str, Any]:
        """The silence up to the first day asked, as a sentence tells it."""
        return {"last": to_dates(self.last)[0], "days": int(self.length[0]), "longest": int(self.longest[0])}


def _counted(days: Days) -> tuple[Days, Days]:
    """The days on which something was, in order, and how many times on each."""
    start = int(days.min(initial=0))
    of_a_day = np.bincount(days - start)
    return start + np.flatnonzero(of_a_day), of_a_day[of_a_day > 0]
