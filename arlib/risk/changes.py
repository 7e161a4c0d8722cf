"""What became of the scores from one day to another: of each customer, and of grades and what is owed in them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.risk.chain import PARTS, chain_of, scored
from arlib.risk.facts import Facts
from arlib.risk.owed import exposures
from arlib.risk.scorecard import Scorecard, read_scorecard
from arlib.words import Language, Sentence, say

_OTHERS = 3  # parts up to the record, which depart from all customers and arrive at the customer's own
_NEW = ""  # the grade of whom nothing was known


class _Change(NamedTuple):
    """One customer's score on both days, and the part that moved it most."""

    before: int
    grade_before: str
    score: int
    grade: str
    change: int
    part: str
    moved: int

    def sentence(self, day: pd.Timestamp) -> Sentence:
        part = say(f"risk.change.{self.part}")
        return say("risk.change.since", day=day, **self._asdict() | {"part": part})


def closing_before(ledger: Ledger, day: pd.Timestamp, before: Day | None) -> pd.Timestamp:
    """The day scores are compared with: the one given, or the last end of a month before `day`.

    Raises:
        ArlibError: the day given is not before `day`.
    """
    if before is None:
        return day - pd.offsets.MonthEnd(1)
    earlier = ledger.day(before)
    if earlier >= day:
        raise ArlibError(say("risk.change.order", before=earlier, day=day))
    return earlier


def changes_since(
    before: pd.Timestamp, found: pd.DataFrame, ledger: Ledger, *, card: Scorecard, facts: Facts | None
) -> pd.DataFrame:
    """What became of each score since an earlier day, by the knowledge of that day and the same days of lateness.

    `found` has customer_id, days_late, score, grade, `PARTS` and insufficient_history of all customers. Its rows, with:

    - score_before, grade_before, change (points), missing where nothing was booked for the customer by then or nobody's
      payment was known;
    - part, which moved the score most in the direction it went, and moved, its points. What all customers and segments
      do, a customer's own record undoes: these are one part, the record's where there is a history to speak of.
    """
    start = _known_scores(ledger, before, days_late=int(found["days_late"].iloc[0]), card=card, facts=facts)
    start = start.reindex(found["customer_id"]).reset_index(drop=True)
    change = found["score"].astype("Int64") - start["score"].astype("Int64")
    moved = (found[list(PARTS)] - start[list(PARTS)]).fillna(0).to_numpy().astype(np.int64)
    moved = np.hstack([moved[:, :_OTHERS].sum(axis=1, keepdims=True), moved[:, _OTHERS:]])
    fell = (change < 0).fillna(value=False).to_numpy(dtype=bool)
    most = np.where(fell, moved.argmin(axis=1), moved.argmax(axis=1))
    first = np.where(found["insufficient_history"], "portfolio", "record")
    parts = np.array(["", *(part.removeprefix("points_") for part in PARTS[_OTHERS:])])
    return pd.DataFrame(
        {
            "score_before": start["score"].astype("Int64"),
            "grade_before": start["grade"],
            "change": change,
            "part": np.where(most == 0, first, parts[most]),
            "moved": moved[np.arange(len(most)), most],
        }
    )


def changes_in_words(
    found: pd.DataFrame, changes: pd.DataFrame, before: pd.Timestamp, language: Language
) -> "pd.Series[str]":
    """A sentence a customer: its score on both days and what moved it most; that it is new; or that nothing moved."""
    new, same = (say(f"risk.change.{word}", day=before).text(language) for word in ("new", "none"))
    told = pd.Series(np.where(changes["change"].isna(), new, same), index=found.index, dtype="str")
    both = changes.rename(columns={"score_before": "before"}).assign(score=found["score"], grade=found["grade"])
    rows = np.flatnonzero((changes["change"] != 0).fillna(value=False))
    moved = map(_Change._make, both.iloc[rows][list(_Change._fields)].itertuples(index=False))
    told.iloc[rows] = [each.sentence(before).text(language) for each in moved]
    return told


def grade_migration(
    ledger: Ledger,
    start: Day,
    end: Day | None = None,
    *,
    days_late: int | None = None,
    facts: Facts | None = None,
    scorecard: Scorecard | None = None,
) -> pd.DataFrame:
    """How many customers, and what they owe, went from each grade to each other from one day to another.

    Each day's grades are those of its own knowledge (`score_customers`), with the same days of lateness, by default
    those usual on `end`. Customers of whom nothing was booked by `end` are in no row; those of whom nothing was by
    `start`, or all where nobody's payment was known then, have the empty grade there.

    One row a pair of grades, best first, the empty one last, pairs without customers included: grade_start,
    grade_end, customers, exposure_start and exposure_end (open in all on each day, credits taken off).

    Raises:
        ArlibError: `start` is not before `end`, or no payment is known by `end`.
    """
    card, last = scorecard or read_scorecard(), ledger.day(end)
    first = closing_before(ledger, last, start)
    chain = chain_of(ledger, last, days_late=days_late, card=card, facts=facts)
    customers = chain.laws.customers
    before = _known_scores(ledger, first, days_late=chain.days_late, card=card, facts=facts).reindex(customers)
    grades = list(card.grades)
    each = pd.DataFrame(
        {
            "grade_start": pd.Categorical(before["grade"].fillna(_NEW), [*grades, _NEW]),
            "grade_end": pd.Categorical(scored(chain, card)["grade"], grades),
            "customers": 1,
            "exposure_start": exposures(ledger, first, customers)["exposure"],
            "exposure_end": exposures(ledger, last, customers)["exposure"],
        }
    )
    known = customers.isin(_booked(ledger, last))
    table = each[known].groupby(["grade_start", "grade_end"], observed=False).sum().reset_index()
    names = {name: table[name].astype("str") for name in ("grade_start", "grade_end")}
    return table.assign(**names).round({"exposure_start": 2, "exposure_end": 2})


def _known_scores(
    ledger: Ledger, day: pd.Timestamp, *, days_late: int, card: Scorecard, facts: Facts | None
) -> pd.DataFrame:
    """score, grade and `PARTS` of those with anything booked by a day, by customer_id; none without any payment."""
    try:
        chain = chain_of(ledger, day, days_late=days_late, card=card, facts=facts)
    except ArlibError as error:
        if error.sentence is None or error.sentence.key != "behaviour.no_payment":
            raise
        return pd.DataFrame(columns=["score", "grade", *PARTS], index=pd.Index([], dtype="str"))
    found = scored(chain, card).set_index(chain.laws.customers)[["score", "grade", *PARTS]]
    return found[found.index.isin(_booked(ledger, day))]


def _booked(ledger: Ledger, day: pd.Timestamp) -> "pd.Series[str]":
    """The customers of whom anything was booked by a day."""
    known = (ledger.items["booked_on"] <= day).to_numpy()
    booked = np.bincount(ledger._owners[known], minlength=len(ledger.customers)) > 0  # noqa: SLF001 - kept for this
    customers: pd.Series[str] = ledger.customers["customer_id"][booked]
    return customers
