"""Dates that cannot be, or that nobody stated."""

import numpy as np
import pandas as pd

from arlib.checks.rule import Books, rule, together
from arlib.schema import INVOICE, OPENING, day_numbers

_FAR = 3650  # days between a document and the middle of the ledger beyond which its date is doubtful
_LONG_TERMS = 180  # days; no usual terms grant as much
_ALONE = 30  # days without any booking before the last few
_FEW = 0.01  # share of all rows that the last few are


@rule("warning", "due_on")
def missing_due_date(books: Books) -> pd.DataFrame:
    """A debt has no due date: whatever its age, it is never counted as overdue.

    Une créance n'a pas d'échéance : quel que soit son âge, elle n'est jamais comptée comme échue.
    """
    return books.owed[books.owed["due_on"].isna()]


@rule("info", "due_on")
def assumed_due_date(books: Books) -> pd.DataFrame:
    """No due date and no terms: the customer's due dates are assumed from the default terms.

    Ni échéance ni conditions : les échéances du client sont supposées d'après les conditions par défaut.
    """
    return together(books.owed[books.owed["due_source"] == "default"], "customer_id")


@rule("warning", "due_on")
def due_before_issue(books: Books) -> pd.DataFrame:
    """The due date comes before the date of the invoice: it makes the invoice overdue from its first day.

    L'échéance précède la date de la facture : celle-ci est en retard dès son premier jour.
    """
    items = books.items
    return items[(items["due_on"] < items["issued_on"]) & (items["amount"] > 0)]


@rule("warning", "due_on")
def due_far_after_issue(books: Books) -> pd.DataFrame:
    """The due date is more than 180 days after the invoice: beyond usual terms, it may be mistyped.

    L'échéance est à plus de 180 jours de la facture : au-delà des conditions usuelles, elle est peut-être mal saisie.
    """
    items = books.items
    granted = day_numbers(items["due_on"]) - day_numbers(items["issued_on"])
    known = items["due_on"].notna() & items["issued_on"].notna() & books.of_kind(INVOICE)
    return items[known & (granted > _LONG_TERMS) & (granted <= _FAR)]


@rule("error", "issued_on", scope="all")
def far_date(books: Books) -> pd.DataFrame:
    """A date lies more than ten years from the middle of the ledger: a year may be mistyped.

    Une date est à plus de dix ans du milieu du grand livre : une année est peut-être mal saisie.
    """
    items = books.items
    middle = pd.Timestamp(str(items["issued_on"].quantile(0.5)))
    dates = pd.concat([(items[name] - middle).abs().dt.days > _FAR for name in ("issued_on", "due_on")], axis=1)
    return items[dates.any(axis=1)]


@rule("warning", "booked_on", scope="all")
def post_dated(books: Books) -> pd.DataFrame:
    """Booked long after all other movements: post-dated or mistyped, it moves the last day of the ledger.

    Écriture bien postérieure à toutes les autres : postdatée ou mal saisie, elle déplace le dernier jour du grand
    livre.
    """
    booked = day_numbers(books.items["booked_on"])
    days, rows = np.unique(booked, return_counts=True)
    after = len(books.items) - np.cumsum(rows)[:-1]  # rows booked after each day but the last
    cuts = np.flatnonzero((np.diff(days) > _ALONE) & (after <= _FEW * len(books.items)))
    last = int(days[cuts[0]]) if len(cuts) else int(booked.max(initial=0))
    return books.items[booked > last]


@rule("info", "booked_on", scope="all")
def after_the_end(books: Books) -> pd.DataFrame:
    """Movements of this month come after the last day the ledger speaks for: figures of that day leave them out.

    Des mouvements de ce mois suivent le dernier jour que couvre le grand livre : les chiffres de ce jour les ignorent.
    """
    later = books.items[books.items["booked_on"] > books.ledger.covers[1]]
    return together(later.assign(value=later["booked_on"].dt.strftime("%Y-%m")), "value")


@rule("info", "issued_on")
def booked_before_issue(books: Books) -> pd.DataFrame:
    """The document is dated after its entry in the accounts.

    La pièce est datée d'après son écriture comptable.
    """
    items = books.items
    return items[(items["booked_on"] < items["issued_on"]) & (items["kind"] != OPENING)]
