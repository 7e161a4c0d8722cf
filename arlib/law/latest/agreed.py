"""What was agreed for each invoice, as far as the file and the contract clauses given say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.readers.headings import plain
from arlib.risk.provisions.standing import check_customers, flags_written
from arlib.schema import Codes, Flags
from arlib.terms import EndOfMonth, PaymentTerms
from arlib.words import say

# What the terms of an invoice are, as far as they are known.
UNSAID, NOTHING, UNREAD, IN_DAYS, EITHER, DAYS_FIRST, MONTH_FIRST = range(7)
AGREED = (UNREAD, IN_DAYS, EITHER, DAYS_FIRST, MONTH_FIRST)
AT_MONTH_END = (EITHER, DAYS_FIRST, MONTH_FIRST)
_READ_AS: Mapping[EndOfMonth, int] = {"after_days": DAYS_FIRST, "before_days": MONTH_FIRST}

_NOTHING = ("none", "nothing", "nothing agreed", "aucun", "aucune", "neant", "rien", "rien de convenu", "sans")
_PERIODIC = ("periodic", "periodic invoice", "summary invoice", "periodique", "facture periodique", "recapitulative",
             "facture recapitulative", "releve periodique")  # fmt: skip
_CLAUSES = ("terms", "reading", "periodic")


@dataclass(frozen=True, eq=False)
class Agreements:
    """The terms of some invoices; aligned arrays.

    Attributes:
        state: (invoices,) one of the states above.
        code: (invoices,) of the text of the terms in `texts`, -1 where there is none.
        texts: the terms as written.
        periodic: (invoices,) whether they sum up the deliveries of a period.
    """

    state: Codes
    code: Codes
    texts: list[str]
    periodic: Flags


def agreements(ledger: Ledger, rows: Codes, clauses: pd.DataFrame | None) -> Agreements:
    """The terms of the items in these places: those of the clauses, else those written, else the customer's.

    Raises:
        ArlibError: the clauses name no customer, one twice or an unknown one, have none of their columns, or cells
            that cannot be read.
    """
    owner = ledger._owners[rows]  # noqa: SLF001 - kept by the ledger for whoever needs it
    known = _clauses(ledger, clauses)
    written = ledger.items["terms"].iloc[rows].reset_index(drop=True)
    for_customer = ledger.customers["terms"].where(ledger.customers["terms"].str.strip() != "")
    written = written.where(written.str.strip() != "").fillna(_of(for_customer, owner))
    text = _of(known["terms"], owner).fillna(written).astype("str")
    code, texts = pd.factorize(text)
    states = np.array([*(state_of(str(each)) for each in texts), UNSAID])
    state = states[code]
    reading = _of(known["reading"], owner).map(_READ_AS)
    said = reading.notna().to_numpy() & np.isin(state, AT_MONTH_END)
    state[said] = reading[said].astype(int)
    periodic = known["periodic"].to_numpy(dtype=bool)[owner] | _periodic_rows(ledger, rows)
    return Agreements(state, code, [str(each) for each in texts], periodic)


def state_of(text: str) -> int:
    """What a text says was agreed."""
    if plain(text) in _NOTHING:
        return NOTHING
    try:
        readings = [PaymentTerms.parse(text, end_of_month=reading) for reading in _READ_AS]
    except ArlibError:
        return UNREAD
    terms = readings[0]
    rules = [terms, *([terms.beyond] if terms.beyond else [])]
    if not any(rule.end_of_month != "none" and rule.period == "month" for rule in rules):
        return IN_DAYS
    if readings[0] != readings[1] or {rule.end_of_month for rule in rules} >= set(_READ_AS):
        return EITHER
    return _READ_AS[terms.end_of_month] if terms.days else EITHER  # "end of month" alone: no days to put before it


def _of(values: "pd.Series[Any]", owner: Codes) -> "pd.Series[Any]":
    """What customers have, an invoice each."""
    return values.take(owner).reset_index(drop=True)


def _clauses(ledger: Ledger, clauses: pd.DataFrame | None) -> pd.DataFrame:
    """What the clauses say of each customer, in the order of the customers: terms, reading, periodic."""
    ids = ledger.customers["customer_id"]
    if clauses is None:
        clauses = pd.DataFrame({"customer_id": pd.Series(dtype="str")})
    elif "customer_id" not in clauses or not set(_CLAUSES) & set(clauses.columns):
        raise ArlibError(say("law.latest.clauses", columns=", ".join(map(str, clauses.columns))))
    given = clauses.reindex(columns=["customer_id", *_CLAUSES]).astype({"customer_id": "str"})
    check_customers(ledger, given["customer_id"])
    twice = given.loc[given["customer_id"].duplicated(), "customer_id"]
    if len(twice):
        raise ArlibError(say("law.latest.clauses_twice", ids=", ".join(sorted(set(twice))[:20])))
    wrong = given.loc[given["reading"].notna() & ~given["reading"].isin(list(_READ_AS)), "reading"]
    if len(wrong):
        raise ArlibError(say("law.latest.reading", cells=", ".join(sorted(set(map(str, wrong)))[:20])))
    given = given.assign(periodic=flags_written(given, ["periodic"])["periodic"])
    known = given.set_index("customer_id").reindex(ids)
    return known.assign(periodic=known["periodic"].eq(True)).astype({"terms": "str", "reading": "str"})  # noqa: FBT003


def _periodic_rows(ledger: Ledger, rows: Codes) -> Flags:
    """Which items a column of the file says to be periodic invoices: by its heading, or by its words."""
    found = np.zeros(len(rows), dtype=bool)
    for name in ledger.items:
        if plain(str(name)) in _PERIODIC:
            cells = pd.DataFrame({"periodic": ledger.items[name].iloc[rows]})
            found |= flags_written(cells, ["periodic"])["periodic"].to_numpy()
    return found
