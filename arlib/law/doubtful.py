"""The doubtful debts of a closing (416, 491), chained to those of the closing before, and the entries they ask."""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from arlib.errors import ArlibError
from arlib.law.moved_out import moved_out_said
from arlib.ledger import Day, Ledger, as_day
from arlib.risk.facts import Facts
from arlib.risk.provisions import doubtful_journal, individual_provisions
from arlib.risk.provisions.standing import Insolvent, days_written
from arlib.schema import HALF_CENT
from arlib.words import Language, Sentence, say

_WHOSE = ("customer_id", "item_id")


@dataclass(frozen=True, eq=False)
class DoubtfulDebts:
    """The doubtful debts of a closing.

    Attributes:
        as_of: the day of the closing.
        debts: as `individual_provisions` returns them: a debt a row with its net amount, loss rate, reason, evidence
            (`source`, `known_on`), what stood in 491 (`previous`), and the charge or the reversal; and a row a debt
            that is released.
        entries: what the accounts would book, as `doubtful_journal` proposes it; nothing is posted.
        notes: how 491 moved, and what is missing.
    """

    as_of: pd.Timestamp
    debts: pd.DataFrame
    entries: pd.DataFrame
    notes: tuple[Sentence, ...]


def doubtful_debts(  # noqa: PLR0913 - what a person, other files and the last closing say of debts
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    doubtful: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    previous_closing: Day | None = None,
    facts: Facts | None = None,
    insolvent: Insolvent = None,
    vat_rate: float | None = None,
    language: Language = "en",
) -> DoubtfulDebts:
    """The doubtful debts of a closing, adjusted from what stood in 491 at the closing before.

    The list is that of `individual_provisions`. Of several lines of `doubtful` for one customer or debt the one known
    last on the day counts (`known_on`), so that one table tells the years: 40 % since November, 75 % since the next
    October. A debt of the last list that is paid, or doubtful no more, comes on a row of its own with its reversal; one
    that was moved to an account that was not read (416), with its impairment as it was. The entries of the last list
    are taken as posted, all of them: what it moved to 416 is not moved again.

    Source: PCG, art. 214-25 and accounts 416, 491, 654, 6817, 7817; handbook, law and accounting 4.5 (H8, F1).

    Args:
        ledger: the ledger.
        as_of: the day of the closing; the ledger's last one by default.
        doubtful: a row a customer or a debt, as for `individual_provisions`.
        previous: the list of the last closing: the `debts` of its result, or any frame with `customer_id`,
            `reference` and `impairment`.
        previous_closing: its day instead, at which the list is made again, from the lines known then; those without a
            date count for this closing only.
        facts: external facts; those of the customers file by default.
        insolvent: other insolvent customers: identifiers, or a frame with `customer_id`.
        vat_rate: assumed of debts whose VAT is not known (0.2 for 20 %).
        language: of reasons and notes.

    Raises:
        ArlibError: both `previous` and `previous_closing`; a last closing that is not before this one; what
            `individual_provisions` refuses.
    """
    day = ledger.day(as_of)
    if previous is not None and previous_closing is not None:
        raise ArlibError(say("law.doubtful.two_pasts"))
    listed = partial(
        individual_provisions, ledger, facts=facts, insolvent=insolvent, vat_rate=vat_rate, language=language
    )
    notes: list[Sentence] = []
    if previous_closing is not None:
        before = as_day(previous_closing)
        if before >= day:
            raise ArlibError(say("law.doubtful.closings", previous=before, day=day))
        known, undated = _known(doubtful, before, undated=False)
        notes += [say("law.doubtful.undated", rows=undated)] if undated else []
        previous = listed(before, doubtful=known)
    lines, _ = _known(doubtful, day, undated=True)
    debts = listed(day, doubtful=lines, last=previous)
    told = (*notes, *_notes(debts, chained=previous is not None), *moved_out_said(ledger, day))
    return DoubtfulDebts(day, debts, doubtful_journal(debts), told)


def _known(doubtful: pd.DataFrame | None, day: pd.Timestamp, *, undated: bool) -> tuple[pd.DataFrame | None, int]:
    """Of each customer or debt, the lines known last on a day, with or without those of no date; how many have none."""
    if doubtful is None:
        return None, 0
    known = (
        days_written(doubtful["known_on"])
        if "known_on" in doubtful
        else pd.Series(pd.NaT, doubtful.index, dtype="M8[s]")
    )
    lines = doubtful.assign(known_on=known)[(known <= day) | (known.isna() & undated)]
    whose = [name for name in _WHOSE if name in lines]
    if whose and len(lines):
        last = lines.groupby(whose, dropna=False)["known_on"].transform("max")
        lines = lines[lines["known_on"].isna() | (lines["known_on"] == last)]
    return lines.reset_index(drop=True), int(known.isna().sum())


def _notes(debts: pd.DataFrame, *, chained: bool) -> list[Sentence]:
    untold, listed = debts[debts["impairment"].isna()], debts["item_id"].notna()
    sums = debts.drop(untold.index)[["previous", "charge", "reversal", "impairment"]].sum().round(2) + 0.0
    notes = [say("law.doubtful.stock", **{str(name): float(amount) for name, amount in sums.items()})]
    if len(untold):
        notes.append(say("law.doubtful.no_rate", rows=len(untold), amount=_cents(untold["net"])))
    away = debts[~listed & debts["rate"].isna()]
    if len(away):
        notes.append(say("law.doubtful.moved_away", rows=len(away), amount=_cents(away["impairment"])))
    bare = int((debts["source"].isna() & listed).sum())
    if bare:
        notes.append(say("law.doubtful.no_evidence", rows=bare))
    standing = debts["amount"] - debts["transfer"]
    posted = listed & (standing >= HALF_CENT) & ~debts["account"].fillna("").str.startswith("416")
    if chained and posted.any():
        notes.append(say("law.doubtful.not_moved", rows=int(posted.sum()), amount=_cents(standing[posted])))
    return [*notes, say("law.doubtful.proposal")]


def _cents(amounts: "pd.Series[float]") -> float:
    """A sum to the cent."""
    return round(float(amounts.sum()), 2)
