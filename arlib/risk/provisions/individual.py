"""The French list of doubtful debts, one by one: what stands in 416 and 491, what changes, what tax allows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.aging.ages import BOUNDS, Ages
from arlib.risk.facts import Facts
from arlib.risk.provisions.carried import carried_forward, shared_out
from arlib.risk.provisions.exposure import Exposures, exposures
from arlib.risk.provisions.moved import kept_in_491, to_transfer
from arlib.risk.provisions.standing import (
    Insolvent,
    check_customers,
    days_written,
    flags_written,
    insolvent_customers,
    numbers_written,
)
from arlib.schema import DTYPES, HALF_CENT, Floats, no_texts
from arlib.words import Language, say

_OPTIONAL = {"rate": "float64", "previous": "float64", "reason": "str", "known_on": DTYPES["date"], "source": "str"}
_FLAGS = ("deductible", "lost")
_FOR_NOTES = ("tax_unknown", "still_owed", "kept")


def impairments(net: Floats, rate: Floats, previous: Floats) -> tuple[Floats, Floats, Floats]:
    """What stands in 491 for debts, and what it takes to get there from what stood there: a charge or a reversal.

    Impairment = net × rate, rounded to cents (the base is without VAT); charge (6817) and reversal (7817) are what it
    is above and below `previous`. nan where the rate is.

    Source: PCG, art. 214-25 and accounts 491, 6817, 7817; handbook, law and accounting 4.5 (H8), F1.
    """
    stock = np.round(net * rate, 2)
    change = np.round(stock - previous, 2)
    return stock, np.maximum(change, 0.0) + 0.0, np.maximum(-change, 0.0) + 0.0


def individual_provisions(  # noqa: PLR0913 - what a person, other files and the last closing say of debts
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    doubtful: pd.DataFrame | None = None,
    facts: Facts | None = None,
    insolvent: Insolvent = None,
    vat_rate: float | None = None,
    last: pd.DataFrame | None = None,
    language: Language = "en",
) -> pd.DataFrame:
    """The debts that are doubtful, one a row, and what French accounts provide for each.

    Doubtful are the debts of insolvent customers (by facts known on the day, or given) and those of the list
    `doubtful`. Lateness alone makes none doubtful. Columns:

    - customer_id, name, item_id, reference, due_on, account (the last four missing in a row that only releases what is
      no longer owed);
    - amount: open, tax included, less the customer's unmatched credits, oldest debts first; tax; net = amount - tax,
      the base;
    - rate (0 to 1), impairment = net × rate (491), previous (491 before), charge (6817), reversal (7817);
    - lost, and loss: the net amount written off (654), whose VAT (44571) is then regularised;
    - deductible: what of the impairment tax allows: that of insolvent customers and of lines the list says so of;
    - transfer: what of the amount goes from 411 to 416 now: nothing of what stands there, or was moved by `last`;
    - reason, known_on, source: the event that makes the loss probable; note: why a figure is missing, or what to mind.

    rate and what follows from it are nan for an insolvent customer nobody gave a rate of: how much a procedure will
    pay is not in a ledger. Where VAT is not known nothing is taken off and the note says so.

    Source: CGI, art. 39-1-5°; PCG, accounts 416, 491, 654; handbook, risk scoring 6.4, law and accounting 4.5.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        doubtful: a row a customer (`customer_id`) or a debt (`item_id`, which goes before its customer's row): `rate`,
            `reason`, and perhaps `known_on` (later than the day: left out), `source`, `previous` (shared out by net
            amount), `deductible`, `lost`.
        facts: external facts; those of the customers file by default.
        insolvent: other insolvent customers: identifiers, or a frame with `customer_id`.
        vat_rate: assumed of debts whose VAT is not known (0.2 for 20 %).
        last: the list of the last closing, as this function returned it: what stood in 491 then is `previous` of the
            debts of the same customer and reference now; a debt listed then and not now is released, on a row of its
            own, unless it was moved to an account that was not read (416): 491 then keeps it as it was, its rate
            nan. In place of `previous` in `doubtful`.
        language: of reasons and notes.

    Raises:
        ArlibError: a line of `doubtful` without a reason, or with a rate that is not between 0 and 1; `previous`
            beside `last`; cells that are no numbers, or neither yes nor no; a customer or a debt that is not in the
            ledger, or twice in the list.
    """
    day = ledger.day(as_of)
    owed = exposures(ledger, day, Ages.of("due", BOUNDS), vat_rate=vat_rate)
    lines = _lines(ledger, day, doubtful)
    apart = insolvent_customers(ledger, day, facts, insolvent, language).set_index("customer_id")
    table, line = _listed(ledger, owed, lines, apart)
    if last is not None:
        if (lines["previous"] >= HALF_CENT).any():
            raise ArlibError(say("risk.provision.previous_twice"))
        table["previous"], gone = carried_forward(table, last)
        gone["still_owed"] = _owed_still(ledger, owed, gone)
    else:
        gone = lines[~lines.index.isin(line) & (lines["previous"] >= HALF_CENT)]
    table["transfer"], table["kept"] = to_transfer(table, last), False
    table["previous"], gone, kept = kept_in_491(ledger, day, table, gone)
    kept = _released(kept).assign(kept=True, deductible=kept["customer_id"].isin(apart.index))
    table = pd.concat([table, _released(gone), kept], ignore_index=True)
    names = ledger.customers.set_index("customer_id")["name"]
    table.insert(1, "name", table["customer_id"].map(names))
    table = _impaired(table)
    told = zip(*(table[name] for name in ("rate", "item_id", *_FOR_NOTES)), strict=True)
    notes = [_note(row, language) for row in told]
    return table.drop(columns=[*_FOR_NOTES]).assign(note=pd.Series(notes, dtype="str"))


def _lines(ledger: Ledger, day: pd.Timestamp, doubtful: pd.DataFrame | None) -> pd.DataFrame:
    """The list of doubtful debts as known on the day, complete and checked."""
    given = (
        pd.DataFrame({"customer_id": pd.Series(dtype="str")}) if doubtful is None else doubtful.reset_index(drop=True)
    )
    if "customer_id" not in given and "item_id" not in given:
        raise ArlibError(say("risk.provision.no_column", column="customer_id", columns=", ".join(map(str, given))))
    given = given.assign(**{name: np.nan for name in (*_OPTIONAL, "item_id", *_FLAGS) if name not in given})
    given["known_on"] = days_written(given["known_on"])
    numbers = numbers_written(given, ("rate", "previous", "item_id")).fillna({"previous": 0.0})
    lines = given.assign(**numbers, **flags_written(given, _FLAGS)).astype(_OPTIONAL)
    _check_items(ledger, lines["item_id"])
    lines = lines.astype({"item_id": "Int64"})
    owners = lines["item_id"].map(ledger.items.set_index("item_id")["customer_id"])
    named = lines.get("customer_id", owners)
    lines["customer_id"] = named.where(lines["item_id"].isna(), owners).astype("str")
    lines = lines[~(lines["known_on"] > day)].reset_index(drop=True)
    _check_lines(ledger, lines)
    return lines


def _check_items(ledger: Ledger, ids: "pd.Series[float]") -> None:
    unknown = ids[ids.notna() & ~ids.isin(ledger.items["item_id"])]
    if len(unknown):
        named = ", ".join(f"{each:.0f}" for each in unknown.unique()[:20])
        raise ArlibError(say("risk.provision.items", ids=named, rows=len(unknown)))


def _check_lines(ledger: Ledger, lines: pd.DataFrame) -> None:
    check_customers(ledger, lines["customer_id"])
    unexplained = lines["reason"].isna() | (lines["reason"].astype("str").str.strip() == "")
    wrong = (
        (lines["rate"] < 0) | (lines["rate"] > 1) | (lines["previous"] < 0) | (lines["rate"].isna() & ~lines["lost"])
    )
    twice = lines.duplicated(["customer_id", "item_id"])
    for case, found in (("unexplained", unexplained), ("line_rate", wrong), ("line_twice", twice)):
        if found.any():
            ids = ", ".join(sorted(set(lines.loc[found, "customer_id"]))[:20])
            raise ArlibError(say(f"risk.provision.{case}", ids=ids, rows=int(found.sum())))


def _listed(
    ledger: Ledger, owed: Exposures, lines: pd.DataFrame, apart: pd.DataFrame
) -> tuple[pd.DataFrame, "pd.Series[int]"]:
    """The doubtful debts, a row each, and the line of the list each is of, -1 where none."""
    items = ledger.items.take(owed.item).reset_index(drop=True)
    by_item = lines[lines["item_id"].notna()]
    by_customer = lines[lines["item_id"].isna()]
    line = items["item_id"].map(pd.Series(by_item.index, by_item["item_id"].astype("int64")))
    line = line.fillna(items["customer_id"].map(pd.Series(by_customer.index, by_customer["customer_id"])))
    line = line.fillna(-1).astype("int64")
    amount = (owed.gross - owed.credits).round(2)
    kept = np.flatnonzero(((line >= 0) | items["customer_id"].isin(apart.index)) & (amount >= HALF_CENT))
    kept = items.loc[kept].sort_values(["customer_id", "item_id"]).index.to_numpy()
    table = items.loc[kept, ["customer_id", "item_id", "reference", "due_on", "account"]].astype({"item_id": "Int64"})
    table["amount"], table["tax"] = amount[kept], owed.tax[kept].round(2)
    table["tax_unknown"], table["still_owed"] = owed.tax_unknown[kept], True
    line = line[kept]
    for name in (*_OPTIONAL, *_FLAGS):
        told = lines[name].reindex(line).set_axis(table.index)
        table[name] = told.fillna(False).astype(bool) if name in _FLAGS else told  # noqa: FBT003 - a flag nobody set
    for name in ("reason", "known_on", "source"):
        table[name] = table[name].fillna(apart[name].reindex(table["customer_id"]).set_axis(table.index))
    table["deductible"] |= table["customer_id"].isin(apart.index)
    table["previous"] = shared_out(table, line)
    return table.reset_index(drop=True), line.reset_index(drop=True)


def _owed_still(ledger: Ledger, owed: Exposures, gone: pd.DataFrame) -> "pd.Series[bool]":
    """Whether debts that are listed no more are owed all the same: nobody calls them doubtful any longer."""
    held = owed.item[(owed.gross - owed.credits) >= HALF_CENT]
    names = ["customer_id", "reference"]
    found = pd.MultiIndex.from_frame(ledger.items[names].take(held).fillna(""))
    return pd.Series(pd.MultiIndex.from_frame(gone[names].fillna("")).isin(found), gone.index)


def _released(gone: pd.DataFrame) -> pd.DataFrame:
    """Rows of debts listed no more, or no longer owed, for which something stands in 491: nothing is owed of them."""
    rows = gone.reindex(columns=["customer_id", "reference", "due_on", *_OPTIONAL, "still_owed"])
    return rows.assign(
        rate=0.0,
        deductible=False,
        lost=False,
        amount=0.0,
        tax=0.0,
        tax_unknown=0.0,
        transfer=0.0,
        kept=False,
        item_id=pd.array([pd.NA] * len(gone), "Int64"),
        account=no_texts(gone.index),
    ).astype({"reference": "str", "reason": "str", "source": "str", "due_on": DTYPES["date"]})


def _impaired(table: pd.DataFrame) -> pd.DataFrame:
    net = (table["amount"] - table["tax"]).round(2)
    rate = table["rate"].mask(table["lost"], 0.0).to_numpy(dtype=np.float64)
    previous, kept = table["previous"].to_numpy(dtype=np.float64), table["kept"].to_numpy(dtype=bool)
    stock, charge, reversal = impairments(net.to_numpy(), rate, previous)
    stock, reversal = np.where(kept, previous, stock), np.where(kept, 0.0, reversal)
    done = table.assign(
        net=net,
        rate=np.where(kept, np.nan, rate),
        impairment=stock,
        charge=charge,
        reversal=reversal,
        loss=np.where(table["lost"], net, 0.0),
        deductible=np.where(table["deductible"], stock, 0.0),
    )
    columns = ["customer_id", "name", "item_id", "reference", "due_on", "account", "amount", "tax", "net", "rate"]
    columns += [
        "impairment",
        "previous",
        "charge",
        "reversal",
        "lost",
        "loss",
        "deductible",
        "reason",
        "known_on",
        "source",
        "transfer",
    ]
    return done[[*columns, *_FOR_NOTES]]


def _note(row: tuple[Any, ...], language: Language) -> str | None:
    rate, item_id, tax_unknown, still_owed, kept = row
    if kept:
        return say("risk.provision.moved_away").text(language)
    if item_id is pd.NA:
        return say("risk.provision.listed_no_more" if still_owed is True else "risk.provision.released").text(language)
    said = [say("risk.provision.no_rate")] if np.isnan(rate) else []
    if tax_unknown >= HALF_CENT:
        said.append(say("risk.provision.tax_unknown", amount=tax_unknown))
    return " ".join(each.text(language) for each in said) or None


@dataclass(frozen=True)
class _Entry:
    """One line of a proposal: what to book, on which account, on which side."""

    column: str
    debit: str
    credit: str


_ENTRIES = (
    _Entry("transfer", "416", "411"),
    _Entry("charge", "68174", "491"),
    _Entry("reversal", "491", "78174"),
    _Entry("loss", "654", "416"),
    _Entry("lost_tax", "44571", "416"),
)


def doubtful_journal(provisions: pd.DataFrame) -> pd.DataFrame:
    """What the accounts of a list of doubtful debts would book: a proposal, which nothing posts.

    One row a debt and a side: `customer_id`, `reference`, `account`, `debit`, `credit`; the rows of a debt balance. The
    transfer from 411 to 416 with tax, the charge (68174) or the reversal (78174) against 491, and of what is lost the
    net amount (654) and its VAT (44571, where the conditions of CGI art. 272-1 are met) against 416. What stands in an
    account 416 already, or was moved there by the last list, is not transferred again.
    """
    held = provisions.assign(lost_tax=provisions["tax"].where(provisions["lost"], 0.0))
    sides = []
    for entry in _ENTRIES:
        amount = held[entry.column].fillna(0.0)
        booked, amount = held[amount >= HALF_CENT], amount[amount >= HALF_CENT]
        sides.append(booked.assign(account=entry.debit, debit=amount.to_numpy(), credit=0.0))
        sides.append(booked.assign(account=entry.credit, debit=0.0, credit=amount.to_numpy()))
    journal = pd.concat(sides).sort_index(kind="stable").reset_index(drop=True)
    return journal[["customer_id", "reference", "account", "debit", "credit"]]
