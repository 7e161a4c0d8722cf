"""How much is owed, against what was allowed; and debts that have grown old."""

import pandas as pd

from arlib.checks.rule import Books, of_customers, rule
from arlib.schema import HALF_CENT

_YEAR, _LIMITATION = 365, 5  # L110-4 of the French commercial code: five years between traders


def _over(books: Books, column: str) -> pd.DataFrame:
    """Customers who owe more than a limit of theirs: the excess, and the limit."""
    limits = books.ledger.customers.set_index("customer_id")[column]
    limits = limits.reindex(books.balances.index)
    excess = (books.balances - limits).round(2)
    over = excess >= HALF_CENT
    return of_customers(excess[over], limits[over].map("{:.2f}".format))


@rule("warning", "credit_limit")
def over_credit_limit(books: Books) -> pd.DataFrame:
    """The customer owes more than its credit limit.

    Le client doit plus que son plafond de crédit.
    """
    return _over(books, "credit_limit")


@rule("warning", "insured_limit")
def over_insured_limit(books: Books) -> pd.DataFrame:
    """The customer owes more than the insurer covers.

    Le client doit plus que l'assureur ne garantit.
    """
    return _over(books, "insured_limit")


@rule("info", "amount")
def negative_balance(books: Books) -> pd.DataFrame:
    """The customer's account is in credit: a payment too many, or an invoice that is missing.

    Le compte du client est créditeur : un règlement de trop, ou une facture qui manque.
    """
    return of_customers(books.balances[books.balances <= -HALF_CENT])


def _years_due(books: Books) -> "pd.Series[float]":
    """For each open debit, the years since its due date, or since its date where it has none."""
    since = books.owed["due_on"].fillna(books.owed["issued_on"])
    years: pd.Series[float] = (books.day - since).dt.days / _YEAR
    return years


@rule("info", "due_on")
def old_debt(books: Books) -> pd.DataFrame:
    """A debt has been due for more than a year: is it still expected, or doubtful?

    Une créance est échue depuis plus d'un an : est-elle encore attendue, ou douteuse ?
    """
    return books.owed[_years_due(books).between(1, _LIMITATION, inclusive="right")]


@rule("warning", "due_on")
def limitation(books: Books) -> pd.DataFrame:
    """A debt has been due for more than five years: between traders it is time-barred in France (C. com. L110-4).

    Une créance est échue depuis plus de cinq ans : entre commerçants elle est prescrite (C. com. L110-4), sauf
    interruption.
    """
    return books.owed[_years_due(books) > _LIMITATION]


@rule("info", "issued_on")
def disputed(books: Books) -> pd.DataFrame:
    """A disputed invoice is still open: who has the answer the customer waits for?

    Une facture en litige est encore ouverte : qui a la réponse que le client attend ?
    """
    return books.owed[books.owed["disputed"]]


@rule("info", "amount")
def tiny_balance(books: Books) -> pd.DataFrame:
    """Less than one unit of currency is left of a settled document: to be written off.

    Il reste moins d'une unité monétaire d'une pièce réglée : à solder.
    """
    tiny = (books.opened["left"].abs() < 1) & (books.opened["amount"].abs() >= 1)
    return books.opened[tiny]
