"""Documents that stand twice, or that nothing explains."""

import re

import numpy as np
import pandas as pd

from arlib.checks.rule import Books, rule, together
from arlib.readers.cells import dates, day_first
from arlib.readers.headings import plain
from arlib.schema import CREDIT_NOTE, HALF_CENT, INVOICE, OTHER, SALES, WRITE_OFF, Flags

_MOSTLY = 0.1  # share of numbers in use twice above which the column does not hold document numbers
_EARLIER = r"\b(?:commande|cde|order|ordered|livraison|bl|delivery|delivered|shipped|shipping|shipment|expedition)\b"
_DATE = r"\b(?:date|on|le)\b"


def _numbered(books: Books, *kinds: str) -> Flags:
    """Documents of these kinds with a number that holds a digit: `AN`, `OD` and the like name a batch."""
    digit = books.items["reference"].str.contains("[0-9]", regex=True).fillna(value=False)
    return np.asarray(books.of_kind(*kinds) & digit, dtype=np.bool_)


def _shared(books: Books, chosen: Flags, first: str, *others: str) -> pd.DataFrame:
    """The chosen items that agree with another one on all these columns, the first of which tells most apart."""
    keys = books.items.loc[chosen, [first, *others]]
    keys = keys[keys.duplicated(first, keep=False)]
    return books.items.loc[keys.index[keys.duplicated(keep=False)]]


def _twice(rows: pd.DataFrame, document: list[str], chosen: Flags, *differing: str) -> pd.DataFrame:
    """Of items that share a document's number, all but the first of those that differ in other columns.

    None where much of what was chosen shares its number: then it is a batch's, or a journal's and a month's.
    """
    groups = rows.groupby(document, dropna=False)
    for column in differing:
        rows = rows[groups[column].transform("nunique").loc[rows.index] > 1]
    again = rows[rows.duplicated(document)]
    return again if len(again) <= _MOSTLY * chosen.sum() else again.iloc[:0]


@rule("warning", "reference")
def duplicate(books: Books) -> pd.DataFrame:
    """The same document appears twice: same customer, number, date and amount. One may be counted in error.

    Le même document figure deux fois : même client, numéro, date et montant. L'un des deux est peut-être compté à tort.
    """
    document = ["reference", "entity", "customer_id", "kind", "cents", "issued_on", "due_on"]
    rows = _shared(books, books.of_kind(*SALES) & books.items["reference"].notna().to_numpy(), *document)
    return rows[rows.duplicated(document)]


@rule("warning", "reference")
def number_used_again(books: Books) -> pd.DataFrame:
    """The customer has this number twice in one year, with another date and another amount.

    Le client a deux fois ce numéro dans l'année, avec une autre date et un autre montant.
    """
    chosen, document = _numbered(books, INVOICE), ["reference", "entity", "customer_id", "year"]
    return _twice(_shared(books, chosen, *document), document, chosen, "issued_on", "cents")


@rule("warning", "reference")
def number_of_two_customers(books: Books) -> pd.DataFrame:
    """The same invoice number stands on two customers' accounts.

    Le même numéro de facture figure sur les comptes de deux clients.
    """
    # Many numberings start again each January.
    chosen, document = _numbered(books, INVOICE), ["reference", "entity", "year"]
    return _twice(_shared(books, chosen, *document), document, chosen, "customer_id")


@rule("warning", "amount")
def billed_twice(books: Books) -> pd.DataFrame:
    """Two invoices of one day to one customer for the same amount, which occurs on no other day: billed twice?

    Deux factures du même jour au même client pour le même montant, qu'aucun autre jour ne porte : double facturation ?
    """
    charge = ["cents", "entity", "customer_id"]
    rows = _shared(books, books.of_kind(INVOICE) & (books.items["cents"] > 0).to_numpy(), *charge)
    groups = rows.groupby(charge, dropna=False)
    one_day = groups["issued_on"].transform("nunique") == 1
    # One number is one document: `duplicate`, or the lines of an invoice. Without numbers it is two.
    numbers = groups["reference"].transform("nunique") + rows["reference"].isna()
    found = rows[one_day & (numbers > 1)]
    return found[found.duplicated(charge)]


@rule("warning", "issued_on")
def before_order(books: Books) -> pd.DataFrame:
    """The invoice is dated before its order or its delivery.

    La facture est datée d'avant sa commande ou sa livraison.
    """
    others = books.ledger.items.set_index("item_id")
    headings = [
        str(name)
        for name in others.columns.difference(books.items.columns)
        if re.search(_EARLIER, plain(str(name))) and re.search(_DATE, plain(str(name)))
    ]
    rows = books.items[books.of_kind(INVOICE)]
    found = []
    for heading in headings:
        cells = others.loc[rows["item_id"], heading].set_axis(rows.index)
        written = [cells] if cells.dtype.kind != "M" else []
        earlier = dates(cells, day_comes_first=day_first(written) is not False).values
        late = rows["issued_on"] < earlier
        found.append(rows[late].assign(column=heading, value=earlier[late].dt.strftime("%Y-%m-%d")))
    return pd.concat(found) if found else rows.iloc[:0]


@rule("info", "amount")
def zero_amount(books: Books) -> pd.DataFrame:
    """The document amounts to nothing: a cancelled or a missing amount.

    La pièce est d'un montant nul : montant annulé ou manquant.
    """
    return books.items[books.items["cents"] == 0]


@rule("warning", "reference")
def credit_without_invoice(books: Books) -> pd.DataFrame:
    """A credit note reduces nothing: it is not matched, and the customer has no invoice of as much.

    Un avoir ne réduit rien : il n'est pas lettré, et le client n'a aucune facture d'un tel montant.
    """
    items = books.items
    largest = items["amount"].where(books.of_kind(INVOICE)).groupby(items["customer_id"]).max()
    credits_ = books.unapplied[books.unapplied["kind"] == CREDIT_NOTE]
    whole = (credits_["left"] - credits_["amount"]).abs() < HALF_CENT
    return credits_[
        whole & ~(credits_["customer_id"].map(largest).astype("float64") + HALF_CENT >= -credits_["amount"])
    ]


@rule("info", "amount")
def written_off(books: Books) -> pd.DataFrame:
    """A debt was written off: its loss, its tax and who agreed to it can be asked for.

    Une créance a été passée en perte : sa charge, sa TVA et l'accord donné sont à justifier.
    """
    return books.items[books.of_kind(WRITE_OFF)]


@rule("info", "kind")
def unclassified(books: Books) -> pd.DataFrame:
    """Movements of this journal are neither sales nor payments nor anything known: see what they are.

    Des mouvements de ce journal ne sont ni ventes, ni règlements, ni rien de connu : voyez ce qu'ils sont.
    """
    rows = books.items[books.of_kind(OTHER)]
    journal = rows["journal"] if "journal" in rows else rows["account"]
    return together(rows.assign(value=journal.fillna("–"), at_stake=rows["amount"].abs()), "value")
