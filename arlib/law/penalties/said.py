"""What a person must know beside penalties: sentences on what they rest on, and on what they leave out."""

import numpy as np
import pandas as pd

from arlib.law.latest.whose import codes_of_home, countries_of
from arlib.law.penalties.frames import Accrued
from arlib.ledger import Day, Ledger, as_day, open_amounts
from arlib.schema import HALF_CENT
from arlib.words import Sentence, say

_OWN_DUE_DATES = ("file", "terms")  # due dates that the invoice itself tells


def total_said(invoices: pd.DataFrame, country: str, day: pd.Timestamp) -> Sentence:
    """What is due in all, under whose law."""
    return say(
        "law.penalty.total",
        invoices=len(invoices),
        due=float(invoices["due"].sum()),
        interest=float(invoices["interest"].sum()),
        indemnity=float(invoices["indemnity"].sum()),
        country=country,
        day=day,
    )


def notes_on(accrued: Accrued, excluded: pd.DataFrame, as_of: Day | None) -> list[Sentence]:
    """What the figures leave out or take as given."""
    lateness, places = accrued.lateness, accrued.places
    ledger, notes = lateness.ledger, []
    if as_of is not None and as_day(as_of) > lateness.day:
        notes.append(say("law.penalty.ends", day=lateness.day, asked=as_day(as_of)))
    for reason, rows in excluded.groupby("reason", sort=True):
        amount, why = float(rows["late_amount"].sum()), say(f"law.penalty.excluded.{reason}")
        notes.append(say("law.penalty.left_out", rows=len(rows), amount=amount, why=why))
    moved = lateness.moved_amounts[places]
    if (moved > 0).any():
        notes.append(say("law.penalty.moved", rows=int((moved > 0).sum()), amount=float(moved.sum())))
    assumed = ~ledger.items["due_source"].take(places).isin([*_OWN_DUE_DATES]).to_numpy()
    assumed &= ledger.items["due_source"].take(places).notna().to_numpy()
    if assumed.any():
        notes.append(say("law.penalty.due_assumed", rows=int(assumed.sum())))
    return [*notes, *_unmatched(ledger, accrued)]


def foreign_said(ledger: Ledger, invoices: pd.DataFrame, country: str) -> list[Sentence]:
    """A word on customers known to be in other countries than the one whose law is used: invoices and penalties each.

    Overseas departments are in France.
    """
    countries, assumed = countries_of(ledger, None)
    names = pd.Series(countries, ledger.customers["customer_id"], dtype="str").mask(assumed.to_numpy())
    where = invoices["customer_id"].map(names[(names != "") & ~names.isin(codes_of_home(country))])
    by_country = invoices.groupby(where)["due"]
    counts, sums = by_country.size(), by_country.sum()
    if counts.empty:
        return []
    each = [
        say("law.penalty.foreign_country", country=name, invoices=int(counts[name]), due=round(float(sums[name]), 2))
        for name in counts.index
    ]
    total = round(float(sums.sum()), 2)
    return [say("law.penalty.foreign", invoices=int(counts.sum()), due=total, law=country, countries=each)]


def undated_said(accrued: Accrued, invoices: pd.DataFrame) -> list[Sentence]:
    """A word on the penalties of invoices whose payment has no date: to that extent nobody knows what is due."""
    undated = accrued.undated
    if not undated.any():
        return []
    due = round(float(invoices.loc[undated, "due"].sum()), 2)
    return [say("law.penalty.undated", invoices=int(undated.sum()), due=due)]


def given_said(key: str, beyond: float) -> list[Sentence]:
    """A word on what was claimed or waived beyond what is due."""
    return [say(key, amount=beyond)] if beyond >= HALF_CENT else []


def _unmatched(ledger: Ledger, accrued: Accrued) -> list[Sentence]:
    """A word on credits nobody matched, of customers whose open invoices count as unpaid."""
    day, places = accrued.lateness.day, accrued.places
    owner = ledger._owners  # noqa: SLF001 - kept by the ledger for such functions
    owing = np.zeros(len(ledger.customers), dtype=bool)
    owing[owner[places[accrued.lateness.open_amounts[places] > 0]]] = True
    rest = open_amounts(ledger, day)
    credit = (rest <= -HALF_CENT) & owing[owner]
    if not credit.any():
        return []
    customers = len(np.unique(owner[credit]))
    return [say("law.penalty.unmatched", customers=customers, amount=float(-rest[credit].sum()))]
