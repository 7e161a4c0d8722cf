"""VAT on debts that will not be paid: what can be recovered, on what evidence, until when (CGI, art. 272-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.law.dated import Kind, in_force, shipped_entries
from arlib.law.deadlines.countdown import days_left
from arlib.law.vat.known import (
    CASE,
    CASES,
    DOCUMENTS,
    ELIGIBLE,
    NO_DOCUMENT,
    ON_CERTIFICATE,
    PASSED,
    STATUSES,
    Known,
)
from arlib.law.vat.sentences import VatOnReceipts, missing, notes, reasons, wordings
from arlib.ledger import Day, Ledger
from arlib.measures.aging.ages import BOUNDS, Ages
from arlib.risk.facts import Facts
from arlib.risk.provisions.exposure import exposures
from arlib.risk.provisions.standing import check_customers
from arlib.schema import (
    HALF_CENT,
    NO_DAY,
    Codes,
    Flags,
    Floats,
    day_number,
    places_of,
    sum_by_code,
    texts_by_code,
    to_dates,
)
from arlib.words import Language, Sentence

_DEADLINE: Mapping[str, Kind] = {"rule": "text", "years": "number", "article": "text", "en": "text", "fr": "text"}


@dataclass(frozen=True, eq=False)
class BadDebtVat:
    """What VAT on unpaid invoices can be recovered.

    Attributes:
        as_of: the day.
        items: one row a debt, see `vat_on_bad_debts`.
        by_status: status; debts, amount, net and vat of each, those known; they add up to the items.
        statements: the summary statement of each customer, a row an invoice that is eligible, now or on certificate:
            customer_id, name, item_id, number, wording, issued_on, net_invoiced, vat_invoiced, net and vat unpaid.
        notes: what was assumed, and what is to be confirmed.
    """

    as_of: pd.Timestamp
    items: pd.DataFrame
    by_status: pd.DataFrame
    statements: pd.DataFrame
    notes: tuple[Sentence, ...]


def vat_on_bad_debts(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    facts: Facts | None = None,
    evidence: pd.DataFrame | None = None,
    vat_rate: float | None = None,
    vat_on_receipts: VatOnReceipts = None,
    language: Language = "en",
) -> BadDebtVat:
    """For each debt overdue, or of a customer whose failure is known: whether its VAT can be recovered now.

    - eligible: the customer is in judicial liquidation (from the judgment that opens it), its procedure was closed for
      want of assets, or both a certificate and a failed enforcement show that the debt is lost;
    - on_certificate: it ceased trading, or only part of the evidence is there: a certificate alone is not enough;
    - not_eligible: safeguard, reorganisation, plan, or simply not paid, however long ago;
    - not_applicable: no VAT was invoiced, or it is due on receipts, so that nothing was paid to the State;
    - passed: it was eligible, and the last day to recover its VAT is over: nothing is proposed;
    - unknown: it would be eligible, but the VAT of the invoice is not known and no rate is assumed; net and vat are nan
      wherever it is not known, and count for nothing in sums.

    Columns of `items`: customer_id, name, item_id, reference, issued_on, due_on; amount unpaid (the customer's
    unmatched credits taken off, oldest debts first), net and vat of it: what was paid on account reduces both in
    proportion, and net + vat = amount to the cent; vat_rate, VAT / net of the whole invoice; status, case (why);
    event_on; deadline_on, days_left; missing, the documents still to be had; wording, of the rectified invoice, always
    French; reason.

    Source: CGI, art. 272-1; BOI-TVA-DED-40-10-20; CE, 28 March 2012, no. 320470; handbook, law and accounting 4.6.

    Args:
        ledger: the ledger.
        as_of: the day; what became known later is not known.
        facts: external facts (`read_facts`); those of the customers file by default.
        evidence: what is at hand: `customer_id` or `item_id`, document (judgment, of a liquidation; certificate, that
            the debt is lost; enforcement, that failed; rectified_invoice), and dated_on where it is known.
        vat_rate: assumed where the VAT of an invoice is not known (0.2 for 20 %).
        vat_on_receipts: whether VAT is due when customers pay (services without the option for debits): for all,
            or the customers it is so for. Not said: taken to be due on invoices, and noted.
        language: of texts but the wording.

    Raises:
        ArlibError: a table of evidence without its columns, with unknown documents, customers or debts; a rate that is
            no share; a customer that is not in the ledger.
    """
    day = ledger.day(as_of)
    owed = exposures(ledger, day, Ages.of("due", BOUNDS), vat_rate=vat_rate)
    known = Known.of(ledger, day, facts, evidence)
    amount = (owed.gross - owed.credits).round(2)
    overdue = (ledger.items["due_on"] < day).to_numpy()[owed.item]
    kept = np.flatnonzero((amount >= HALF_CENT) & (overdue | known.failing[owed.item]))
    rows = owed.item[kept]
    vat = np.round(owed.tax[kept], 2) + 0.0
    unknown = owed.tax_unknown[kept] >= HALF_CENT
    case = _cases(rows, (vat, unknown), known, _on_receipts(ledger, vat_on_receipts))
    items = _items(ledger, rows, amount[kept], (vat, unknown), case)
    items = items.assign(**_deadlines(case, known, rows, day))
    items["status"] = items["status"].mask((items["days_left"] < 0).fillna(value=False), PASSED)
    items["missing"] = missing(items["status"], known, rows, language)
    items["wording"] = wordings(items, ledger.currency)
    items["reason"] = reasons(items, case, day, language)
    items = items.sort_values(["customer_id", "item_id"], ignore_index=True)
    told = notes(items, vat_on_receipts, vat_rate)
    return BadDebtVat(day, items, _by_status(items), _statements(ledger, items), told)


def _on_receipts(ledger: Ledger, given: VatOnReceipts) -> Flags:
    """Whether the VAT of each item of the ledger is due on receipts."""
    if given is None or isinstance(given, bool):
        return np.full(len(ledger.items), bool(given))
    ids = pd.Series([given] if isinstance(given, str) else list(given), dtype="str")
    check_customers(ledger, ids)
    owner = ledger._owners  # noqa: SLF001 - kept by the ledger for whoever needs it
    return np.asarray(ledger.customers["customer_id"].isin(ids).to_numpy()[owner])


def _cases(rows: Codes, taxes: tuple[Floats, Flags], known: Known, on_receipts: Flags) -> Codes:
    """The case of each debt, as a place in `CASES`."""
    vat, unknown = taxes
    has = known.documents[:, rows] != NO_DOCUMENT
    certificate, enforcement = (has[DOCUMENTS.index(name)] for name in ("certificate", "enforcement"))
    state = known.state[rows]
    foreseen = (state >= 0) & (state != CASE["ceased"])
    case = np.select(
        [on_receipts[rows], (vat < HALF_CENT) & ~unknown, foreseen, certificate & enforcement,
         state == CASE["ceased"], certificate | enforcement],
        [CASE["on_receipts"], CASE["no_vat"], state, CASE["irrecoverable"], CASE["ceased"], CASE["evidence"]],
        CASE["unpaid"],
    )  # fmt: skip
    recoverable = np.isin(case, [CASE[name] for name, status in CASES.items() if status in (ELIGIBLE, ON_CERTIFICATE)])
    return np.where(unknown & recoverable, CASE["vat_unknown"], case)


def _items(ledger: Ledger, rows: Codes, amount: Floats, taxes: tuple[Floats, Flags], case: Codes) -> pd.DataFrame:
    items = ledger.items.take(rows).reset_index(drop=True)
    names = items["customer_id"].map(ledger.customers.set_index("customer_id")["name"])
    vat, unknown = taxes
    net = (amount - vat).round(2)
    invoiced = items["net_amount"].to_numpy()
    rate = np.where(unknown | (net < HALF_CENT), np.nan, np.divide(vat, net, out=np.zeros(len(net)), where=net > 0))
    exact = np.isfinite(invoiced) & (invoiced > 0) & ~unknown
    rate[exact] = items["amount"].to_numpy()[exact] / invoiced[exact] - 1
    made = items[["customer_id"]].assign(name=names)
    made = pd.concat([made, items[["item_id", "reference", "issued_on", "due_on"]]], axis=1)
    return made.assign(
        amount=amount,
        net=np.where(unknown, np.nan, net),
        vat=np.where(unknown, np.nan, vat),
        vat_rate=np.round(rate, 4),
        status=texts_by_code([CASES[name] for name in CASES], case, items.index),
        case=texts_by_code(list(CASES), case, items.index),
    )


def _deadlines(case: Codes, known: Known, rows: Codes, day: pd.Timestamp) -> dict[str, Any]:
    """The event of what is eligible, the last day to recover its VAT, and how many days are left."""
    proofs = known.documents[[DOCUMENTS.index(name) for name in ("certificate", "enforcement")]][:, rows]
    proven = np.where((proofs == NO_DOCUMENT) | (proofs == NO_DAY), NO_DAY, proofs).max(axis=0, initial=NO_DAY)
    eligible = np.isin(case, [CASE["liquidation"], CASE["closed_without_assets"]])
    event = np.where(eligible, known.event[rows], np.where(case == CASE["irrecoverable"], proven, NO_DAY))
    ends = np.full(len(event), NO_DAY)
    dated = event != NO_DAY
    years = event[dated].astype("datetime64[D]").astype("datetime64[Y]") + int(_deadline(day)["years"].iloc[0]) + 1
    ends[dated] = years.astype("datetime64[D]").astype(np.int64) - 1
    return {"event_on": to_dates(event), "deadline_on": to_dates(ends), "days_left": days_left(ends, day_number(day))}


def _deadline(day: pd.Timestamp) -> pd.DataFrame:
    return in_force(shipped_entries("vat_bad_debts", _DEADLINE, key=("rule",)), day, key=("rule",))


def _by_status(items: pd.DataFrame) -> pd.DataFrame:
    place = {name: code for code, name in enumerate(STATUSES)}
    codes = np.asarray(items["status"].map(place), dtype=np.intp)
    made = pd.DataFrame(
        {"status": pd.Series(STATUSES, dtype="str"), "debts": np.bincount(codes, minlength=len(STATUSES))}
    )
    for name in ("amount", "net", "vat"):
        made[name] = sum_by_code(codes, items[name].fillna(0.0).to_numpy(), len(STATUSES)).round(2) + 0.0
    return made


def _statements(ledger: Ledger, items: pd.DataFrame) -> pd.DataFrame:
    """The summary statement of each customer: what the administration accepts instead of a duplicate an invoice."""
    listed = items[items["status"].isin((ELIGIBLE, ON_CERTIFICATE))].reset_index(drop=True)
    sold = ledger.items.take(places_of(ledger.items["item_id"], listed["item_id"])).reset_index(drop=True)
    net = sold["net_amount"].fillna((sold["amount"] / (1 + listed["vat_rate"])).round(2))
    return pd.DataFrame(
        {
            "customer_id": listed["customer_id"],
            "name": listed["name"],
            "item_id": listed["item_id"],
            "number": sold["reference"],
            "wording": sold["label"],
            "issued_on": sold["issued_on"],
            "net_invoiced": net,
            "vat_invoiced": (sold["amount"] - net).round(2),
            "net": listed["net"],
            "vat": listed["vat"],
            "status": listed["status"],
        }
    )
