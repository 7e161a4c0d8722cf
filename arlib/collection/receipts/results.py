"""What a matching gives: proposals, alternatives, the unmatched and why, and the ledger with what is accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.collection.receipts.accepting import accepted_ledger
from arlib.collection.receipts.apart import Apart
from arlib.collection.receipts.evidence import Evidence
from arlib.collection.receipts.lines import Lines
from arlib.collection.receipts.options import REASONS, Options
from arlib.ledger import Ledger
from arlib.schema import Codes, Flags
from arlib.words import Language, Sentence, say, word

PROPOSALS = (
    "receipt_id", "received_on", "item_id", "customer_id", "reference", "amount", "currency", "open_amount",
    "confidence", "automatic", "reason", "difference", "credit_id",
)  # fmt: skip
UNMATCHED = (
    "receipt_id", "received_on", "amount", "currency", "payer", "remittance", "why", "customer_id", "other_receipt_id",
    "other_item_id",
)  # fmt: skip


# Why what fits a receipt needs a person: the text names what is settled; another customer's payment may be this money.
DOUBTS = ("settled_named", "booked_elsewhere")
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Found:
    """What the ways to explain receipts came to; `alike`: the earlier receipt each one repeats, -1 for none.

    `doubts`: code of why what fits a receipt needs a person, "" for none; `settled`: the item it names that is settled.
    """

    automatic: Options
    reviewed: Options
    others: Options
    contested: Flags
    alike: Codes
    payers: pd.DataFrame
    doubts: Texts
    settled: Codes


@dataclass(frozen=True, eq=False)
class ReceiptMatching:
    """Receipts against open items.

    Attributes:
        ledger: the ledger as it stood on `as_of`, which `accepted` adds to.
        as_of: the day whose accounts count.
        receipts: the receipts counted, by day.
        proposals: one row a receipt and item: receipt_id, received_on, item_id, customer_id, reference, amount (in
            `currency`, that of the receipt; negative: a credit note deducted), open_amount of the item in it,
            confidence 0 to 1, automatic, reason (a code; `explained` says it), difference (what is owed more than
            came, of all the receipt pays; negative: what came too much), credit_id (the payment in the books that
            this receipt is, where it settled nothing yet).
        alternatives: what else fits receipts that are for a person to see: the columns of proposals and `option`.
        unmatched: one row a receipt without a proposal: why (a code), its customer where one is known, and the
            receipt or item that it has to do with.
        payers: who pays for whom, as learnt: payer, payer_account, customer_id; to give to the next matching.
        notes: counts and amounts, and what was assumed.
    """

    ledger: Ledger
    as_of: pd.Timestamp
    receipts: pd.DataFrame
    proposals: pd.DataFrame
    alternatives: pd.DataFrame
    unmatched: pd.DataFrame
    payers: pd.DataFrame
    notes: tuple[Sentence, ...]

    @property
    def summary(self) -> pd.DataFrame:
        """One row a class (automatic, review, unmatched) and reason and currency: receipts, amount received."""
        of = self.proposals.drop_duplicates("receipt_id")
        named = of.assign(state=of["automatic"].map({True: "automatic", False: "review"}))
        rest = self.unmatched.rename(columns={"why": "reason"}).assign(state="unmatched")
        both = pd.concat([part[["receipt_id", "state", "reason"]] for part in (named, rest)], ignore_index=True)
        known = self.receipts[["receipt_id", "amount", "currency"]]
        joined = both.merge(known, on="receipt_id")
        grouped = joined.groupby(["state", "reason", "currency"], as_index=False)
        return pd.DataFrame(grouped.agg(receipts=("receipt_id", "size"), amount=("amount", "sum"))).round(2)

    def explained(self, language: Language = "en") -> pd.DataFrame:
        """The proposals, each with a sentence that says why: `explanation`."""
        texts = {code: word(f"receipts.reason.{code}", language) for code in (*REASONS, *DOUBTS)}
        return self.proposals.assign(explanation=self.proposals["reason"].map(texts).astype("str"))

    def unexplained(self, language: Language = "en") -> pd.DataFrame:
        """The receipts without a proposal, each with a sentence that says why: `explanation`."""
        codes = self.unmatched["why"].unique()
        texts = {code: word(f"receipts.why.{code}", language) for code in codes}
        return self.unmatched.assign(explanation=self.unmatched["why"].map(texts).astype("str"))

    def accepted(self, proposals: pd.DataFrame | None = None) -> Ledger:
        """The ledger with the automatic proposals as payments that settle their items, or with chosen rows of them.

        A receipt becomes one payment a customer, on its own day, and its matches are `proposed`. What a chosen receipt
        does not settle stays a credit of its customer. The balance falls by the receipts accepted, those in another
        currency by what their items stand for in the books. The accounts the ledger was read from do not hold these
        payments: `proof` says by how much they differ.

        Raises:
            ArlibError: rows name a receipt or an item that is none, settle more than is open or more than came.
        """
        chosen = self.proposals[self.proposals["automatic"]] if proposals is None else proposals
        return accepted_ledger(self.ledger, self.receipts, chosen)


def matching_of(ledger: Ledger, as_of: pd.Timestamp, evidence: Evidence, apart: Apart, found: Found) -> ReceiptMatching:
    """Options as rows a person reads."""
    lines = evidence.lines
    automatic = _rows(ledger, evidence, found.automatic, apart).assign(automatic=True)
    doubt = found.doubts[found.reviewed.line[found.reviewed.option]]
    reviewed = _rows(ledger, evidence, found.reviewed, apart).assign(automatic=False)
    reviewed["reason"] = reviewed["reason"].where(doubt == "", doubt).astype("str")
    proposals = pd.concat([automatic, reviewed], ignore_index=True)
    proposals = proposals.sort_values(["received_on", "receipt_id", "item_id"], ignore_index=True)
    others = _rows(ledger, evidence, found.others, apart).assign(automatic=False)
    others["option"] = _numbered(found.others)
    unmatched = _unmatched(ledger, evidence, apart, found)
    return ReceiptMatching(
        ledger=ledger,
        as_of=as_of,
        receipts=lines.rows,
        proposals=proposals[list(PROPOSALS)],
        alternatives=others[[*PROPOSALS, "option"]].sort_values(["receipt_id", "option", "item_id"], ignore_index=True),
        unmatched=unmatched,
        payers=_payers(ledger, lines, found.payers),
        notes=_notes(ledger, proposals, unmatched, evidence),
    )


def _rows(ledger: Ledger, evidence: Evidence, options: Options, apart: Apart) -> pd.DataFrame:
    lines, claims = evidence.lines, evidence.claims
    line, item = options.line[options.option], claims.item[options.claim]
    items, credit = ledger.items, apart.credit[line]
    booked = np.full(len(credit), -1)
    booked[credit >= 0] = claims.item[credit[credit >= 0]]
    return pd.DataFrame(
        {
            "receipt_id": lines.rows["receipt_id"].to_numpy()[line],
            "received_on": lines.rows["received_on"].array[line],
            "item_id": items["item_id"].to_numpy()[item],
            "customer_id": items["customer_id"].array[item],
            "reference": items["reference"].array[item],
            "amount": options.cents / 100,
            "currency": lines.currencies.array[lines.currency[line]],
            "open_amount": claims.cents[options.claim] / 100,
            "confidence": options.sure[options.option].round(4),
            "reason": pd.array(np.array(REASONS)[options.reason[options.option]], dtype="str"),
            "difference": options.gap[options.option] / 100,
            "credit_id": _numbers(items["item_id"].to_numpy(), booked),
        }
    )


def _numbered(options: Options) -> Codes:
    """Which alternative of its receipt each part belongs to, from 1."""
    order = options.ranked()
    line = options.line[order]
    first = np.flatnonzero(np.diff(line, prepend=-1))
    rank = np.empty(len(line), dtype=np.intp)
    rank[order] = np.arange(len(line)) - np.repeat(first, np.diff(np.append(first, len(line)))) + 1
    return rank[options.option]


def _unmatched(ledger: Ledger, evidence: Evidence, apart: Apart, found: Found) -> pd.DataFrame:
    """Receipts without a proposal, and why."""
    lines, size = evidence.lines, len(evidence.lines.day)
    explained = np.zeros(size, dtype=bool)
    explained[found.automatic.line] = True
    explained[found.reviewed.line] = True
    count, (customer, _) = evidence.whose.count(size), evidence.whose.best(size)
    whose, owners = evidence.whose, np.unique(evidence.claims.owner)
    owing = np.isin(evidence.claims.owners_of(whose.customer, lines.currency[whose.line]), owners)
    money = np.where(
        count > 0,
        np.bincount(whose.line, owing, size) > 0,
        np.isin(lines.currency, owners % evidence.claims.currencies),
    )
    other_money = ~money & (lines.currencies[lines.currency] != lines.home)
    why = np.select(
        [apart.why != "", lines.cents == 0, found.alike >= 0, found.contested, found.doubts != "", evidence.on_account,
         other_money, count == 0, count > 1],
        [apart.why, "nothing", "paid_twice", "contested", found.doubts, "on_account", "other_currency", "no_customer",
         "several_customers"],
        "fits_nothing",
    )  # fmt: skip
    kept = np.flatnonzero(~explained)
    other = np.where(apart.other_receipt >= 0, apart.other_receipt, found.alike)[kept]
    numbers, items = lines.rows["receipt_id"].to_numpy(), ledger.items["item_id"].to_numpy()
    item = np.where(apart.booked_item >= 0, apart.booked_item, found.settled)[kept]
    rows = lines.rows.iloc[kept].reset_index(drop=True)
    known = ledger.customers["customer_id"].array.take(customer[kept], allow_fill=True)
    frame = rows.assign(
        why=pd.array(why[kept].astype(str), dtype="str"),
        currency=lines.currencies.array[lines.currency[kept]],
        customer_id=known,
        other_receipt_id=_numbers(numbers, other),
        other_item_id=_numbers(items, item),
    )
    return frame[list(UNMATCHED)]


def _numbers(values: Codes, place: Codes) -> Any:  # noqa: ANN401 - a pandas array
    taken = pd.Series(values).astype("Int64").array
    return taken.take(place, allow_fill=True)


def _payers(ledger: Ledger, lines: Lines, learnt: pd.DataFrame) -> pd.DataFrame:
    names, accounts = (
        pd.Series(lines.names.to_pandas(), dtype="str").array,
        pd.Series(lines.accounts, dtype="str").array,
    )
    frame = pd.DataFrame(
        {
            "payer": names.take(learnt["payer"].to_numpy(), allow_fill=True),
            "payer_account": accounts.take(learnt["account"].to_numpy(), allow_fill=True),
            "customer_id": ledger.customers["customer_id"].array.take(learnt["customer"].to_numpy(), allow_fill=True),
        }
    )
    known = frame["payer"].notna() | frame["payer_account"].notna()
    return frame[known].sort_values(list(frame.columns), ignore_index=True)


def _notes(
    ledger: Ledger, proposals: pd.DataFrame, unmatched: pd.DataFrame, evidence: Evidence
) -> tuple[Sentence, ...]:
    """Counts and amounts by class, each currency apart, and what was assumed."""
    lines = evidence.lines
    rows = lines.rows.set_index("receipt_id")
    once = proposals.drop_duplicates("receipt_id")
    parts: Mapping[str, Any] = {
        "automatic": once.loc[once["automatic"], "receipt_id"],
        "review": once.loc[~once["automatic"], "receipt_id"],
        "unmatched": unmatched["receipt_id"],
        "later": lines.later["receipt_id"],
    }
    every = pd.concat([rows, lines.later.set_index("receipt_id")])
    notes = [
        say(f"receipts.note.{name}", rows=len(ids), sums=_sums(every.loc[ids]))
        for name, ids in parts.items()
        if len(ids)
    ]
    if lines.home != ledger.currency:
        notes.append(say("receipts.note.home", currency=lines.home))
    if lines.assumed_currency:
        notes.append(say("receipts.note.currency", rows=lines.assumed_currency))
    return *notes, *(say("receipts.note.fee", amount=fee / 100) for fee in evidence.tolerances.fees)


def _sums(rows: pd.DataFrame) -> list[Sentence] | str:
    totals = rows["amount"].groupby(rows["currency"].fillna("")).sum()
    keys = {True: "bank.sum", False: "bank.sum_alone"}
    return [say(keys[bool(name)], amount=float(total), currency=name) for name, total in totals.items()] or "–"
