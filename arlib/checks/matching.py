"""Receipts and credits against what they settle."""

import numpy as np
import pandas as pd

from arlib.checks.rule import Books, rule, together
from arlib.schema import HALF_CENT, INVOICE, OPENING, PAYMENT, Flags, day_numbers

_OLD = 180  # days after which a credit nobody applied deserves a look
_TWICE = 60  # days between two payments of one invoice
_MOST = 0.5  # of a payment, left over when what it settles is settled


@rule("info", "letter")
def partial_matching(books: Books) -> pd.DataFrame:
    """The matching code is not closed: what its movements do not settle stays open.

    Le code de lettrage n'est pas soldé : ce que ses mouvements ne règlent pas reste ouvert.
    """
    opened = books.opened
    return opened[opened["letter"].notna()] if "letter" in opened else opened.iloc[:0]


def _waiting(books: Books) -> "tuple[pd.DataFrame, pd.Series[int]]":
    """The open credits that are not brought forward from another year, and how many days each has waited."""
    credits_ = books.unapplied[books.unapplied["kind"] != OPENING]
    return credits_, (books.day - credits_["booked_on"]).dt.days


@rule("info", "booked_on")
def old_credit(books: Books) -> pd.DataFrame:
    """A payment or credit note has waited more than six months for the invoice it settles.

    Un règlement ou un avoir attend depuis plus de six mois la facture qu'il solde.
    """
    credits_, waited = _waiting(books)
    return credits_[waited > _OLD]


@rule("info", "booked_on")
def unapplied_cash(books: Books) -> pd.DataFrame:
    """What is left of a payment is applied to no invoice: the customer is asked for what it has paid.

    Ce qui reste d'un règlement n'est imputé sur aucune facture : le client est relancé pour ce qu'il a payé.
    """
    credits_, waited = _waiting(books)
    return credits_[(waited <= _OLD) & (credits_["kind"] == PAYMENT)]


@rule("warning", "amount")
def credit_of_same_amount(books: Books) -> pd.DataFrame:
    """An open credit of the customer is exactly what is open of this document: match them.

    Un crédit ouvert du client est exactement ce qui reste de cette pièce : à lettrer ensemble.
    """
    sides = []
    for rows in (books.owed, books.unapplied):
        cents = (rows["left"].abs() * 100).round().astype("int64")
        keyed = pd.DataFrame({"customer_id": rows["customer_id"], "cents": cents, "reference": rows["reference"]})
        keyed["rank"] = keyed.groupby(["customer_id", "cents"]).cumcount()
        sides.append(keyed)
    keys = ["customer_id", "cents", "rank"]
    both = sides[0].reset_index().merge(sides[1], on=keys, suffixes=("", "_credit"))
    rows = books.owed.loc[both["index"]]
    return rows.assign(value=both["reference_credit"].fillna("–").to_numpy())


def _settling(books: Books, chosen: Flags) -> pd.DataFrame:
    """The credits of some official matches, with what they settle in these at stake."""
    matches = books.matches[chosen & (books.matches["method"] == "official").to_numpy()]
    amounts = matches.groupby("credit")["amount"].sum().round(2)
    return books.items.iloc[amounts.index.to_numpy()].assign(at_stake=amounts.to_numpy())


@rule("info", "booked_on")
def payment_before_invoice(books: Books) -> pd.DataFrame:
    """A payment is booked before the invoice it settles: a prepayment, or an invoice booked late.

    Un règlement est comptabilisé avant la facture qu'il solde : un acompte, ou une facture comptabilisée tard.
    """
    debit, credit = (books.matches[side].to_numpy() for side in ("debit", "credit"))
    booked = day_numbers(books.items["booked_on"])
    paid = books.of_kind(INVOICE)[debit] & books.of_kind(PAYMENT)[credit]
    return _settling(books, paid & (booked[credit] < booked[debit]))


@rule("info", "customer_id")
def matched_across_customers(books: Books) -> pd.DataFrame:
    """Payments or credits of this customer settle the invoices of another one.

    Des règlements ou des avoirs de ce client soldent les factures d'un autre.
    """
    customer = books.group("customer_id")
    across = _settling(books, customer[books.matches["credit"]] != customer[books.matches["debit"]])
    return together(across, "customer_id")


@rule("warning", "amount")
def paid_twice(books: Books) -> pd.DataFrame:
    """The customer paid the same amount twice within 60 days, and one of the payments settles nothing: paid twice?

    Le client a payé deux fois le même montant en 60 jours, et l'un des règlements ne solde rien : payé deux fois ?
    """
    payments = books.items[books.of_kind(PAYMENT) & (books.items["amount"] < 0)]
    keys = ["entity", "customer_id", "cents"]
    repeated = payments[payments.duplicated(keys, keep=False)].sort_values([*keys, "booked_on", "item_id"])
    waiting = (repeated["left"] - repeated["amount"]).abs() < HALF_CENT
    settling = repeated["left"].abs() < HALF_CENT
    day = pd.Series(day_numbers(repeated["booked_on"]), index=repeated.index)
    by_amount = repeated.groupby(keys, dropna=False, sort=False).ngroup()
    twin = np.zeros(len(repeated), dtype=np.bool_)
    for step in (1, -1):
        near = (by_amount == by_amount.shift(step)) & ((day - day.shift(step)).abs() <= _TWICE)
        twin |= (near & settling.shift(step, fill_value=False)).to_numpy()
    found = repeated[waiting & twin]
    return found.assign(at_stake=found["left"])


@rule("info", "amount")
def overpayment(books: Books) -> pd.DataFrame:
    """Most of a payment is left over once what it settles is settled.

    L'essentiel d'un règlement reste disponible, une fois réglé ce qu'il solde.
    """
    credits_ = books.unapplied[books.unapplied["kind"] == PAYMENT]
    share = credits_["left"] / credits_["amount"]
    return credits_[(share > _MOST) & ((credits_["left"] - credits_["amount"]).abs() >= HALF_CENT)]
