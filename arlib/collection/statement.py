"""The statement of a customer's account: what was owed, what moved, what is open, since when."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.named import known_customer
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day, open_items
from arlib.measures.aging import aged_balance
from arlib.measures.flows.disputes import disputed_on
from arlib.measures.opening import from_the_eve, known_from
from arlib.schema import HALF_CENT
from arlib.words import Language, Sentence, say, word

OTHER_ACCOUNT = "other_account"  # the kind of what another customer's account settled
_ONE_DAY = pd.Timedelta(days=1)
_OF_ITEMS = ("item_id", "kind", "reference", "issued_on", "due_on", "amount", "open_amount", "days_overdue")
_TOLD = ("booked_on", "issued_on", "due_on", "kind", "what", "reference", "label", "item_id", "amount")
_MOVED = tuple(name for name in _TOLD if name != "what")


@dataclass(frozen=True, eq=False)
class Statement:
    """A customer's account over a period; amounts tax included, in the ledger's currency, what is owed above 0.

    Attributes:
        customer_id: whose account.
        name: the customer's, its identifier where it has none.
        as_of: the day, whose end is known.
        since: the first day of the period.
        currency: of all amounts.
        brought_forward: owed at the end of the day before `since`.
        movements: one row a movement booked in the period, in order: booked_on, issued_on, due_on, kind, what (the
            kind in words), reference, label, item_id, amount (signed), debit, credit (both above 0, nan where the
            other is), balance after it.
        open_items: one row an open debit, oldest due first: item_id, kind, what, reference, issued_on, due_on, amount,
            open_amount, days_overdue (negative: not due yet; missing without a due date), disputed.
        unapplied: one row an open credit, matched with nothing yet, the same columns; open_amount below 0.
        aging: one row a bucket of `aged_balance`, unapplied credits last: bucket, amount; they add up to `total`.
        total: owed on the day, to the cent: brought_forward and the movements, the open items less the unapplied
            credits, the buckets.
        language: of the words in it.
        notes: what to know before reading it.
    """

    customer_id: str
    name: str
    as_of: pd.Timestamp
    since: pd.Timestamp
    currency: str
    brought_forward: float
    movements: pd.DataFrame
    open_items: pd.DataFrame
    unapplied: pd.DataFrame
    aging: pd.DataFrame
    total: float
    language: Language
    notes: tuple[Sentence, ...]

    @property
    def overdue(self) -> float:
        """What of the open debits is past its due date, credits apart."""
        return _added(self.open_items["open_amount"][self.open_items["days_overdue"] > 0])

    @property
    def disputed(self) -> float:
        """What of the open debits is disputed."""
        return _added(self.open_items["open_amount"][self.open_items["disputed"]])

    @property
    def credits(self) -> float:
        """The credits matched with nothing, above 0."""
        return _added(-self.unapplied["open_amount"])


def statement(
    ledger: Ledger,
    customer_id: str,
    as_of: Day | None = None,
    *,
    since: Day | None = None,
    language: Language = "en",
) -> Statement:
    """The account of one customer: brought forward, movements with the balance after each, what is open, by age.

    By the dates of booking, so that brought forward + debits − credits = open items − unapplied credits = the balance
    of the customer's account on the day. What a match settles across two customers' accounts (a group that pays for
    its branches) is a movement of its own, of kind `other_account`. Openings booked on the ledger's first day are
    brought forward, not moved. What was booked or matched after the day is not known.

    Args:
        ledger: the ledger.
        customer_id: whose account.
        as_of: the day; the ledger's last one by default.
        since: the first day of the period; by default the day after that of a year before `as_of`. A period that
            would begin before the ledger begins with it.
        language: of the words for kinds.

    Raises:
        ArlibError: no customer has this identifier (those that are near are named), or the period ends before it
            begins.
    """
    day, customer = ledger.day(as_of), known_customer(ledger, customer_id)
    asked = day - pd.DateOffset(years=1) + _ONE_DAY if since is None else as_day(since)
    if asked > day:
        raise ArlibError(say("statement.period", since=asked, day=day))
    start = min(max(asked, ledger.covers[0]), day)
    brought, moved = _moved(from_the_eve(ledger, start - _ONE_DAY), customer_id, start, day)
    opened = _opened(ledger, customer_id, day, language)
    debits = opened[opened["open_amount"] > 0].reset_index(drop=True)
    credits_ = opened[opened["open_amount"] < 0].assign(days_overdue=np.nan).reset_index(drop=True)
    return Statement(
        customer_id=customer_id,
        name=customer_id if pd.isna(customer["name"]) else str(customer["name"]),
        as_of=day,
        since=start,
        currency=ledger.currency,
        brought_forward=brought,
        movements=_with_balance(moved, brought, language),
        open_items=debits,
        unapplied=credits_,
        aging=aging_of(ledger, customer_id, day),
        total=_added(opened["open_amount"]),
        language=language,
        notes=tuple(_notes(ledger, (asked, start, day), moved, opened)),
    )


def aging_of(ledger: Ledger, customer_id: str, day: pd.Timestamp) -> pd.DataFrame:
    """One row a bucket of `aged_balance` of one customer, `unapplied` last: bucket, amount."""
    aged = aged_balance(ledger, day).drop(columns=["name", "total"]).set_index("customer_id")
    amounts = aged.reindex([customer_id]).iloc[0].fillna(0.0).round(2) + 0.0
    return amounts.rename("amount").rename_axis("bucket").reset_index()


def _moved(ledger: Ledger, customer_id: str, start: pd.Timestamp, day: pd.Timestamp) -> tuple[float, pd.DataFrame]:
    """What was owed before a period, and its movements in order."""
    items = ledger.items[(ledger.items["customer_id"] == customer_id) & (ledger.items["booked_on"] <= day)]
    rows = pd.concat([items[[*_MOVED]], _elsewhere(ledger, customer_id, day)], ignore_index=True)
    before = rows["booked_on"] < start
    order = rows.assign(place=np.where(rows["kind"] == OTHER_ACCOUNT, 2, rows["amount"] < 0))[~before]
    order = order.sort_values(["booked_on", "place", "issued_on", "reference", "item_id", "label"], kind="stable")
    return _added(rows.loc[before, "amount"]), order.drop(columns="place").reset_index(drop=True)


def _elsewhere(ledger: Ledger, customer_id: str, day: pd.Timestamp) -> pd.DataFrame:
    """What matches with other customers' accounts settled of this one's items: one row a match, signed."""
    owner = ledger.items["customer_id"].to_numpy(dtype=object)
    debit, credit = ledger._sides  # noqa: SLF001 - kept by the ledger for such functions
    of_debit, of_credit = owner[debit] == customer_id, owner[credit] == customer_id
    chosen = (of_debit != of_credit) & (ledger.matches["matched_on"] <= day).to_numpy()
    found = ledger.matches[chosen]
    own, other = (np.where(of_debit, *pair)[chosen] for pair in ((debit, credit), (credit, debit)))
    rows = ledger.items[["item_id", "issued_on", "due_on"]].take(own).reset_index(drop=True)
    return rows.assign(
        booked_on=found["matched_on"].to_numpy(),
        kind=OTHER_ACCOUNT,
        reference=ledger.items["reference"].take(own).to_numpy(),
        label=owner[other],
        amount=np.where(of_debit[chosen], -found["amount"], found["amount"]),
    )[[*_MOVED]]


def _with_balance(moved: pd.DataFrame, brought: float, language: Language) -> pd.DataFrame:
    """Movements with words for their kinds, in two columns, and the balance after each."""
    amount = moved["amount"]
    table = moved.assign(
        what=_words(moved["kind"], language),
        debit=amount.where(amount >= 0),
        credit=-amount.where(amount < 0),
        balance=(brought + amount.cumsum()).round(2) + 0.0,
    )
    return table[[*_TOLD, "debit", "credit", "balance"]]


def _words(kinds: "pd.Series[Any]", language: Language) -> "pd.Series[Any]":
    """Kinds of movements as a person calls them."""
    return kinds.map({kind: word(f"export.kind.{kind}", language) for kind in kinds.unique()}).astype("str")


def _opened(ledger: Ledger, customer_id: str, day: pd.Timestamp, language: Language) -> pd.DataFrame:
    """The open items of a customer, oldest due first, those without a due date last."""
    opened = open_items(ledger, day)
    own = opened.loc[opened["customer_id"] == customer_id, [*_OF_ITEMS]]
    disputed = ledger.items["item_id"][disputed_on(ledger, day)]
    own = own.assign(disputed=own["item_id"].isin(disputed))
    own.insert(2, "what", _words(own["kind"], language))
    return own.sort_values(["due_on", "issued_on", "item_id"], kind="stable", ignore_index=True)


def _notes(
    ledger: Ledger,
    days: tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp],
    moved: pd.DataFrame,
    opened: pd.DataFrame,
) -> Iterator[Sentence]:
    """What to know before reading a statement; of the day asked for, of that it begins on, and of its last."""
    asked, start, day = days
    if start > asked:
        yield say("statement.begins", day=start)
    if known_from(ledger) >= start:
        yield say("statement.nothing_before", day=start)
    if day > ledger.covers[1]:
        yield say("statement.later", day=day, last=ledger.covers[1])
    owed, elsewhere = opened["open_amount"], moved[moved["kind"] == OTHER_ACCOUNT]
    apart = {
        "unapplied": owed[owed < 0],
        "undated": owed[(owed > 0) & opened["due_on"].isna()],
        "disputed": owed[opened["disputed"]],
        "elsewhere": elsewhere["amount"],
    }
    for key, amounts in apart.items():
        if len(amounts):
            yield say(f"statement.{key}", items=len(amounts), amount=abs(_added(amounts)))
    currency = ledger.items["currency"]
    foreign = ledger.items.loc[currency.notna() & (currency != ledger.currency), "item_id"]
    abroad = int(moved["item_id"].isin(foreign).sum()) if ledger.currency else 0
    if abroad:
        yield say("statement.foreign", items=abroad, currency=ledger.currency)


def _added(amounts: "pd.Series[Any]") -> float:
    total = round(float(amounts.sum()), 2) + 0.0
    return 0.0 if abs(total) < HALF_CENT else total
