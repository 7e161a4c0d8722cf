"""Customers who may be one and the same, or of whom nothing is known."""

import re
from typing import Any

import pandas as pd

from arlib.checks.rule import Books, of_customers, rule
from arlib.words import bare

_LEGAL_FORMS = (
    *("sa", "sas", "sasu", "sarl", "eurl", "sci", "scop", "snc", "ste", "societe", "ets", "etablissements", "cie"),
    *("gmbh", "ag", "kg", "ohg", "ltd", "limited", "llc", "inc", "corp", "co", "company", "plc", "bv", "nv", "srl"),
    *("spa", "sl", "the", "et", "and", "und", "client", "customer"),
)
_LETTERS = 6  # of a name; in shorter ones one letter makes another name
_LONGEST = 40  # letters compared
_MASTER = ("country", "siren", "segment", "terms", "credit_limit", "email")
_MOSTLY = 0.5  # share of customers with master data above which one without is odd


def _active(books: Books) -> pd.DataFrame:
    """The customers with movements by the day, and what each owes."""
    known = books.ledger.customers.drop(columns="owes", errors="ignore")  # a customers' file may have one as well
    customers = known.merge(books.balances.rename("owes"), left_on="customer_id", right_index=True)
    return customers.sort_values("customer_id", ignore_index=True)


@rule("warning", "name")
def names_alike(books: Books) -> pd.DataFrame:
    """Two customer numbers bear nearly the same name: one customer, whose debts stand apart?

    Deux numéros de client portent presque le même nom : un seul client, dont les dettes sont éparses ?
    """
    customers = _active(books)
    customers = customers[customers["name"].notna() & (customers["name"] != customers["customer_id"])]
    keys = customers["name"].map(_key)
    enough = keys.str.replace("[0-9]", "", regex=True).str.len() >= _LETTERS
    customers, keys = customers[enough].reset_index(drop=True), keys[enough].reset_index(drop=True)
    pairs = _one_letter_apart(keys)
    first, second = (customers.iloc[pairs[side].to_numpy()].reset_index(drop=True) for side in ("first", "second"))
    other = pd.Series(data=False, index=first.index)
    for column in ("country", "siren"):  # in two countries, or under two company numbers, they are two companies
        other |= first[column].notna() & second[column].notna() & (first[column] != second[column])
    first, second = first[~other], second[~other]
    owed = pd.Series((first["owes"].to_numpy() + second["owes"].to_numpy()).round(2), index=second["customer_id"])
    return of_customers(owed, _named(first).reset_index(drop=True) + " / " + _named(second).reset_index(drop=True))


def _named(customers: pd.DataFrame) -> "pd.Series[Any]":
    written: pd.Series[Any] = customers["customer_id"] + " " + customers["name"]
    return written


def _key(name: str) -> str:
    """The words of a name that tell it from others, sorted: without accents, marks and legal forms."""
    words = re.findall("[a-z0-9]+", bare(name.replace(".", "")).lower())
    return "".join(sorted(word for word in words if word not in _LEGAL_FORMS))


def _one_letter_apart(keys: "pd.Series[Any]") -> pd.DataFrame:
    """Pairs of keys that are equal or differ by one letter, `first` before `second`; never by a digit.

    Two such keys share what is left of them when one letter is taken out, at the same place or from one of them only:
    shared remains are found by sorting, not by comparing each with each. A key is paired with the one before it.
    """
    longest = int(min(keys.str.len().max(), _LONGEST)) if len(keys) else 0
    digits = keys.str.replace("[^0-9]", "", regex=True)
    remains = [keys, *(keys.str.slice(stop=place) + keys.str.slice(start=place + 1) for place in range(longest))]
    table = pd.concat(
        [pd.DataFrame({"second": keys.index, "remains": remain, "digits": digits}) for remain in remains],
        ignore_index=True,
    ).drop_duplicates()
    table = table.sort_values(["remains", "digits", "second"], ignore_index=True)
    before = table.shift()
    same = (table["remains"] == before["remains"]) & (table["digits"] == before["digits"])
    pairs = pd.DataFrame({"first": before.loc[same, "second"].astype("int64"), "second": table.loc[same, "second"]})
    return pairs.drop_duplicates().sort_values(["second", "first"]).drop_duplicates("second")


@rule("info", "siren")
def same_siren(books: Books) -> pd.DataFrame:
    """Two customer numbers bear the same company number: their limits and their debts belong together.

    Deux numéros de client portent le même SIREN : leurs plafonds et leurs dettes vont ensemble.
    """
    customers = _active(books)
    siren = customers["siren"].str.replace("[^0-9]", "", regex=True).str.slice(stop=9)
    shared = customers.assign(siren=siren)[(siren.str.len() == len("123456789")) & siren.duplicated(keep=False)]
    groups = shared.groupby("siren")
    others = groups["customer_id"].transform("first")
    again = shared["siren"].duplicated()
    owed = groups["owes"].transform("sum").round(2)[again]
    return of_customers(
        owed.set_axis(shared.loc[again, "customer_id"]),
        (shared["siren"] + " / " + others)[again].reset_index(drop=True),
    )


@rule("info", "customer_id")
def customer_unknown(books: Books) -> pd.DataFrame:
    """The customer is not in the customers' file: no terms, country or limit are known of it.

    Le client ne figure pas au fichier des clients : ni conditions, ni pays, ni plafond ne sont connus de lui.
    """
    customers = _active(books)
    unknown = customers[list(_MASTER)].isna().all(axis=1)
    found = customers[unknown & (unknown.mean() < 1 - _MOSTLY)]
    return of_customers(found.set_index("customer_id")["owes"], found["name"].fillna("–"))
