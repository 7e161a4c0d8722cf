"""What is known of debts that may be lost: the failure of the customer by facts, and the documents at hand."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.named import known_item_places
from arlib.ledger import Ledger
from arlib.risk.facts import Facts, facts_about
from arlib.risk.provisions.standing import check_customers, days_written
from arlib.schema import DTYPES, NO_DAY, Codes, Days, Flags, day_number, day_numbers
from arlib.words import say

NO_DOCUMENT = NO_DAY + 1  # a day no document can bear

ELIGIBLE, ON_CERTIFICATE, NOT_ELIGIBLE = "eligible", "on_certificate", "not_eligible"
NOT_APPLICABLE, UNKNOWN, PASSED = "not_applicable", "unknown", "passed"
STATUSES = (ELIGIBLE, ON_CERTIFICATE, NOT_ELIGIBLE, NOT_APPLICABLE, UNKNOWN, PASSED)
DOCUMENTS = ("judgment", "certificate", "enforcement", "rectified_invoice")

# What is known of a debt, and what follows; the first that applies counts.
CASES: Mapping[str, str] = {
    "on_receipts": NOT_APPLICABLE,
    "no_vat": NOT_APPLICABLE,
    "vat_unknown": UNKNOWN,
    "liquidation": ELIGIBLE,
    "closed_without_assets": ELIGIBLE,
    "reorganisation": NOT_ELIGIBLE,
    "safeguard": NOT_ELIGIBLE,
    "plan": NOT_ELIGIBLE,
    "plan_broken": NOT_ELIGIBLE,
    "sale_plan": NOT_ELIGIBLE,
    "conciliation": NOT_ELIGIBLE,
    "insolvency": NOT_ELIGIBLE,
    "irrecoverable": ELIGIBLE,
    "ceased": ON_CERTIFICATE,
    "evidence": ON_CERTIFICATE,
    "unpaid": NOT_ELIGIBLE,
}
CASE = {name: code for code, name in enumerate(CASES)}


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of the failure of whoever owes each item of a ledger; aligned with its items.

    Attributes:
        state: place of the case its customer's facts make of it, -1 where they make none.
        event: day number of the liquidation or of the end of its procedure, `NO_DAY` where not known.
        documents: (documents, items) the day each document is dated, `NO_DAY` undated; `NO_DOCUMENT` where there is
            none.
        failing: whether any of this is known.
    """

    state: Codes
    event: Days
    documents: Days
    failing: Flags

    @classmethod
    def of(cls, ledger: Ledger, day: pd.Timestamp, facts: Facts | None, evidence: pd.DataFrame | None) -> "Known":
        """What facts and evidence say by the end of a day; a judgment at hand is one of liquidation."""
        state, event = _states(ledger, facts, day)
        documents = _documents(ledger, evidence, day)
        has = documents != NO_DOCUMENT
        failing = (state >= 0) | has.any(axis=0)
        judged = has[DOCUMENTS.index("judgment")]
        dated = documents[DOCUMENTS.index("judgment")]
        state = np.where(judged & (state != CASE["closed_without_assets"]), CASE["liquidation"], state)
        event = np.where(judged & (dated != NO_DAY), dated, event)
        return cls(state, event, documents, failing)


def _states(ledger: Ledger, facts: Facts | None, day: pd.Timestamp) -> tuple[Codes, Days]:
    """By item, what the facts known on the day make of its customer, and when it went into liquidation or ended."""
    rows = facts_about(ledger, facts).on(day).rows.sort_values("known_on", kind="stable", na_position="first")
    told = rows[rows["fact"].isin(("proceeding", "registry"))]
    proceeding = told[told["fact"] == "proceeding"]
    last = proceeding.drop_duplicates("customer_id", keep="last").set_index("customer_id")["value"]
    registry = told[told["fact"] == "registry"].drop_duplicates("customer_id", keep="last")
    ceased = registry.loc[registry["value"] == "ceased"].set_index("customer_id")["value"]
    first = proceeding[proceeding["value"].isin(("liquidation", "closed_without_assets"))]
    since = first.drop_duplicates("customer_id").set_index("customer_id")["known_on"]
    ids = ledger.customers["customer_id"]
    known = last[last.isin(list(CASE))].reindex(ids).astype("str")
    state = known.fillna(ceased.reindex(ids).astype("str")).map(CASE).fillna(-1)
    owner = ledger._owners  # noqa: SLF001 - kept by the ledger for whoever needs it
    event = day_numbers(since.reindex(ids).astype(DTYPES["date"]))
    places = np.asarray(state, dtype=np.intp)
    return places[owner], event[owner]


def _documents(ledger: Ledger, evidence: pd.DataFrame | None, day: pd.Timestamp) -> Days:
    """By document and item, the day it is dated: of several, the first."""
    by_customer = np.full((len(DOCUMENTS), len(ledger.customers)), NO_DOCUMENT)
    owner = ledger._owners  # noqa: SLF001 - kept by the ledger for whoever needs it
    if evidence is None or not len(evidence):
        return by_customer[:, owner]
    given = _given(ledger, evidence)
    dated = day_numbers(given["dated_on"])
    usable = (dated == NO_DAY) | (dated <= day_number(day))
    whose, item, code = (given[name].to_numpy(dtype=np.intp) for name in ("whose", "place", "code"))
    whole, named = usable & (item < 0), usable & (item >= 0)
    _first(by_customer, code[whole], whose[whole], dated[whole])
    found = by_customer[:, owner]
    _first(found, code[named], item[named], dated[named])
    return found


def _given(ledger: Ledger, evidence: pd.DataFrame) -> pd.DataFrame:
    """The evidence, with the places of its documents (`code`), its customers (`whose`) and its debts (`place`, or -1).

    Raises:
        ArlibError: a column is missing; documents, customers or debts that are not known; a cell that is no date.
    """
    if not {"customer_id", "item_id"} & set(evidence.columns) or "document" not in evidence:
        raise ArlibError(say("law.vat.evidence", columns=", ".join(map(str, evidence.columns))))
    wrong = sorted(set(map(str, evidence.loc[~evidence["document"].isin(DOCUMENTS), "document"])))
    if wrong:
        raise ArlibError(say("law.vat.documents", names=", ".join(wrong[:20]), known=", ".join(DOCUMENTS)))
    columns = ["customer_id", "item_id", "document", "dated_on"]
    given = evidence.reset_index(drop=True).reindex(columns=columns)
    of_item = given["item_id"].notna()
    check_customers(ledger, given.loc[~of_item, "customer_id"].astype("str"))
    place = pd.Series(-1, given.index)
    place[of_item] = known_item_places(ledger, given.loc[of_item, "item_id"])
    whose = pd.Index(ledger.customers["customer_id"]).get_indexer(pd.Index(given["customer_id"].astype("str")))
    code = given["document"].map({name: code for code, name in enumerate(DOCUMENTS)})
    return given.assign(dated_on=days_written(given["dated_on"]), place=place, whose=whose, code=code)


def _first(table: Days, row: Codes, column: Codes, dated: Days) -> None:
    """Writes the earliest day of each cell, a day before none at all."""
    order = np.argsort(np.where(dated == NO_DAY, np.iinfo(np.int64).max, dated), kind="stable")[::-1]
    table[row[order], column[order]] = dated[order]
