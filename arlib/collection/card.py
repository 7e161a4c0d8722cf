"""One customer on one page: who it is, what it owes and may owe, how it pays, what is expected, what to do next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, payment_laws
from arlib.collection.dunning import DunningPlan, dunning_plan
from arlib.collection.log import ContactLog, Contacts
from arlib.collection.named import known_customer
from arlib.collection.statement import Statement, statement
from arlib.collection.worklist import Worklist, worklist
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures import aged_balance_history, delay_history, month_ends
from arlib.progress import Progress, followed, unseen
from arlib.risk import Facts, Orders, credit_exposure, score_customers
from arlib.simulation.forecast import CashForecast, forecast_cash
from arlib.simulation.forecast.promises import Promises
from arlib.words import Language, Sentence, say

MONTHS = 12  # of history
_CONTACTS = 5  # told, the last ones
_LATE = 30  # days late that the law speaks of
_IDENTITY = ("siren", "country", "group", "segment", "terms", "rating", "status", "email")
_ACTION = ("source", "code", "on", "channel", "amount", "asked", "reason")
_WEEKLY = ("week", "starts_on", "ends_on", "from_open", "from_future", "expected")


@dataclass(frozen=True, eq=False)
class CustomerCard:
    """What is known of one customer on a day; each figure is that of the function named beside it.

    Attributes:
        customer_id: whose card.
        name: the customer's, its identifier where it has none.
        as_of: the day, whose end is known.
        currency: of the amounts.
        language: of the texts in it.
        identity: what the customers' table says: siren, country, group, segment, terms, rating, status, email; missing
            where it says nothing.
        exposure: the row of `credit_exposure`: receivable, overdue, orders, cover, insured, credit_limit, over_limit…
        account: the `statement` of the last twelve months: open items, unapplied credits, ageing, total.
        balances: one row a month end of the last twelve and the day: the columns of `aged_balance_history`.
        delays: one row a month of invoices of the last twelve: the columns of `delay_history` from the due date.
        laws: the `payment_laws` of the day; none where nobody has paid yet.
        law: the row of `PaymentLaws.summary`, and p_late_30; none without laws.
        score: the row of `score_customers`: score, grade, points, reasons, trend…; none where nobody has paid yet.
        expected: one row a week of the next thirteen, of `forecast_cash`: week, starts_on, ends_on, from_open,
            from_future, expected; empty where nothing is to be expected.
        contacts: one row a contact, the last five, the latest first: contacted_on, channel, level, outcome, note.
        actions: what to do: one row a queue of the `worklist` it stands in, then the next letter of the
            `dunning_plan` or why there is none: source ("worklist", "dunning"), code (the queue, the level or why),
            on (missing: today), channel, amount (of a queue: what is owed; these add up to the balance), asked
            (what to ask for; nan where nothing is to be), reason (a text).
        missing: why a part is not there, by its name: identity, limit, insurance, orders, history, contacts, log, law,
            own_law (the law is that of others), score, expected.
        notes: of the statement.
    """

    customer_id: str
    name: str
    as_of: pd.Timestamp
    currency: str
    language: Language
    identity: "pd.Series[Any]"
    exposure: "pd.Series[Any]"
    account: Statement
    balances: pd.DataFrame
    delays: pd.DataFrame
    laws: PaymentLaws | None
    law: "pd.Series[Any] | None"
    score: "pd.Series[Any] | None"
    expected: pd.DataFrame
    contacts: pd.DataFrame
    actions: pd.DataFrame
    missing: Mapping[str, Sentence]
    notes: tuple[Sentence, ...]


def customer_card(  # noqa: PLR0913 - what is known of customers stands in several files
    ledger: Ledger,
    customer_id: str,
    as_of: Day | None = None,
    *,
    facts: Facts | None = None,
    laws: PaymentLaws | None = None,
    log: ContactLog | None = None,
    promises: Promises | pd.DataFrame | None = None,
    orders: Orders | None = None,
    language: Language = "en",
) -> CustomerCard:
    """All that is known of one customer on a day, on one page; what is not known is said.

    Args:
        ledger: the ledger.
        customer_id: whose card.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        facts: from outside (`read_facts`); the customers' own columns by default.
        laws: `payment_laws(ledger, as_of)`, where they are at hand.
        log: past contacts.
        promises: what customers promised.
        orders: open orders.
        language: of the texts.

    Raises:
        ArlibError: no customer has this identifier (those that are near are named), laws are of another day, or what
            is given belongs to another ledger.
    """
    given: dict[str, Any] = {"facts": facts, "laws": laws, "log": log, "promises": promises, "orders": orders}
    return customer_cards(ledger, (customer_id,), as_of, language=language, **given)[0]


def customer_cards(  # noqa: PLR0913 - as for one card
    ledger: Ledger,
    customer_ids: Sequence[str],
    as_of: Day | None = None,
    *,
    facts: Facts | None = None,
    laws: PaymentLaws | None = None,
    log: ContactLog | None = None,
    promises: Promises | pd.DataFrame | None = None,
    orders: Orders | None = None,
    language: Language = "en",
) -> tuple[CustomerCard, ...]:
    """The cards of several customers, in their order: what is asked of all customers is asked once.

    Arguments and errors: as for `customer_card`.
    """
    for customer_id in customer_ids:
        known_customer(ledger, customer_id)
    given: dict[str, Any] = {"facts": facts, "laws": laws, "log": log, "promises": promises, "orders": orders}
    cards = card_file(ledger, as_of, language=language, **given)
    return tuple(cards.card(customer_id) for customer_id in customer_ids)


def card_file(  # noqa: PLR0913 - as for one card, and what is at hand of all customers
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    facts: Facts | None = None,
    laws: PaymentLaws | None = None,
    log: ContactLog | None = None,
    promises: Promises | pd.DataFrame | None = None,
    orders: Orders | None = None,
    scores: pd.DataFrame | None = None,
    forecast: CashForecast | None = None,
    language: Language = "en",
    progress: Progress = unseen,
) -> "CardFile":
    """What the cards of all customers are made from, asked once: a card of it takes a moment.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        facts: as for `customer_card`, as are the next four.
        laws: of the day.
        log: past contacts.
        promises: what customers promised.
        orders: open orders.
        scores: `score_customers(ledger, as_of, facts=facts, language=language)`, where they are at hand.
        forecast: `forecast_cash(ledger, as_of, promises=promises)`, where it is at hand.
        language: of the texts.
        progress: told of each of the functions asked.

    Raises:
        ArlibError: laws are of another day, or what is given belongs to another ledger.
    """
    day = ledger.day(as_of)
    known = laws or _laws(ledger, day)
    beside: dict[str, Any] = {"log": log, "promises": promises, "facts": facts, "laws": known, "language": language}
    asked: dict[str, Callable[[], Any]] = {
        "exposure": lambda: credit_exposure(ledger, day, facts=facts, orders=orders),
        "balances": lambda: aged_balance_history(ledger, month_ends(ledger, day, months=MONTHS + 1), by="customer_id"),
        "delays": lambda: delay_history(ledger, day, by="customer_id", basis="due"),
        "worklist": lambda: worklist(ledger, day, **beside),
        "plan": lambda: dunning_plan(ledger, day, **beside),
        "contacts": lambda: None if log is None else log.contacts(ledger, day),
        "habits": lambda: None,
        "scores": lambda: None,
        "forecast": lambda: say("card.missing.expected"),
    }
    if known is not None:
        asked |= {
            "habits": lambda: known.summary().assign(**{f"p_late_{_LATE}": known.p_late(_LATE)}),
            "scores": lambda: (
                score_customers(ledger, day, facts=facts, language=language) if scores is None else scores
            ),
            "forecast": lambda: forecast or _forecast(ledger, promises, known),
        }
    found = {name: asked[name]() for name in followed(tuple(asked), progress)}
    return CardFile(ledger=ledger, as_of=day, language=language, laws=known, ordered=orders is not None, **found)


def _laws(ledger: Ledger, day: pd.Timestamp) -> PaymentLaws | None:
    """The laws of the day, or none where nobody has paid yet."""
    try:
        return payment_laws(ledger, day)
    except ArlibError as error:
        if error.sentence is None or error.sentence.key != "behaviour.no_payment":
            raise
        return None


def _forecast(ledger: Ledger, promises: Promises | pd.DataFrame | None, laws: PaymentLaws) -> CashForecast | Sentence:
    """The cash of the next weeks, or why none is expected."""
    try:
        return forecast_cash(ledger, laws.as_of, promises=promises, laws=laws)
    except ArlibError as error:
        if error.sentence is None or error.sentence.key != "forecast.nothing":
            raise
        return error.sentence


@dataclass(frozen=True, eq=False)
class CardFile:
    """What is known of all customers on a day, by the functions a card names: ready for the card of any of them."""

    ledger: Ledger
    as_of: pd.Timestamp
    language: Language
    exposure: pd.DataFrame
    balances: pd.DataFrame
    delays: pd.DataFrame
    laws: PaymentLaws | None
    habits: pd.DataFrame | None
    scores: pd.DataFrame | None
    forecast: CashForecast | Sentence
    contacts: Contacts | None
    worklist: Worklist
    plan: DunningPlan
    ordered: bool

    def card(self, customer_id: str) -> CustomerCard:
        """The card of one customer.

        Raises:
            ArlibError: no customer has this identifier (those that are near are named).
        """
        identity = known_customer(self.ledger, customer_id)[[*_IDENTITY]]
        account = statement(self.ledger, customer_id, self.as_of, language=self.language)
        exposure = _row(self.exposure, customer_id)
        law, score = (None if each is None else _row(each, customer_id) for each in (self.habits, self.scores))
        delays, contacts = self._delays(customer_id), self._contacts(customer_id)
        return CustomerCard(
            customer_id=customer_id,
            name=account.name,
            as_of=self.as_of,
            currency=self.ledger.currency,
            language=self.language,
            identity=identity,
            exposure=exposure,
            account=account,
            balances=_of(self.balances, customer_id),
            delays=delays,
            laws=self.laws,
            law=law,
            score=score,
            expected=self._expected(customer_id),
            contacts=contacts,
            actions=self._actions(customer_id),
            missing=self._missing(identity, exposure, law, delays, contacts),
            notes=account.notes,
        )

    def _delays(self, customer_id: str) -> pd.DataFrame:
        """The months of invoices of the last twelve."""
        first = self.as_of - pd.DateOffset(months=MONTHS)
        own = _of(self.delays, customer_id)
        return own[own["month"] > first].reset_index(drop=True)

    def _expected(self, customer_id: str) -> pd.DataFrame:
        """The weeks of a forecast, a customer who owes and buys nothing at nothing."""
        if isinstance(self.forecast, Sentence):
            return pd.DataFrame(columns=[*_WEEKLY])
        weeks = self.forecast.weekly[["week", "starts_on", "ends_on"]]
        own = _of(self.forecast.by_customer, customer_id)[["week", "from_open", "from_future", "expected"]]
        return weeks.merge(own, on="week", how="left").fillna(dict.fromkeys(_WEEKLY[3:], 0.0))

    def _contacts(self, customer_id: str) -> pd.DataFrame:
        """The last contacts, one that was about several items once."""
        rows = (Contacts.none() if self.contacts is None else self.contacts).rows
        told = ["contacted_on", "channel", "level", "outcome", "note"]
        own = rows.loc[rows["customer_id"] == customer_id, told].drop_duplicates()
        return own.iloc[::-1].head(_CONTACTS).reset_index(drop=True)

    def _actions(self, customer_id: str) -> pd.DataFrame:
        queued = _of(self.worklist.queues, customer_id)
        contact = self.worklist.contacts.set_index("customer_id")["channel"]
        chased = float(self.worklist.items_of(customer_id)["chased"].sum())
        called = queued["queue"].eq("contact")
        today = pd.DataFrame(
            {
                "source": "worklist",
                "code": queued["queue"],
                "on": pd.Series(pd.NaT, queued.index, dtype="datetime64[s]"),
                "channel": pd.Series(contact.get(customer_id, ""), queued.index, dtype="str").where(called, ""),
                "amount": queued["owed"],
                "asked": np.where(called, round(chased, 2), np.nan),
                "reason": queued["reason"],
            }
        )
        return pd.concat([today, self._letter(customer_id)], ignore_index=True)

    def _letter(self, customer_id: str) -> pd.DataFrame:
        """The next letter of the plan; without any, why the first of its debts is in none."""
        planned = _of(self.plan.actions, customer_id).head(1)
        stopped = _of(self.plan.stopped, customer_id).head(1)
        if len(planned):
            rows = planned.rename(columns={"level_label": "code", "day": "on"})
        else:
            rows = stopped.rename(columns={"why": "code", "until": "on", "open_amount": "amount"}).assign(channel="")
        asked = rows["amount"] if len(planned) else np.nan
        return rows.assign(source="dunning", asked=asked)[[*_ACTION]]

    def _missing(
        self,
        identity: "pd.Series[Any]",
        exposure: "pd.Series[Any]",
        law: "pd.Series[Any] | None",
        delays: pd.DataFrame,
        contacts: pd.DataFrame,
    ) -> Mapping[str, Sentence]:
        """Why parts of a card are not there."""
        nobody_paid = self.laws is None
        absent = {
            "identity": identity.isna().all(),
            "limit": pd.isna(exposure["credit_limit"]),
            "insurance": exposure["cover_state"] == "",
            "orders": not self.ordered,
            "history": delays.empty,
            "contacts": self.contacts is not None and contacts.empty,
            "log": self.contacts is None,
            "law": nobody_paid,
            "own_law": law is not None and not law["invoices"] > 0,
            "score": nobody_paid,
        }
        told = {name: say(f"card.missing.{name}") for name, missing in absent.items() if missing}
        return {**told, "expected": self.forecast} if isinstance(self.forecast, Sentence) else told


def _of(rows: pd.DataFrame, customer_id: str) -> pd.DataFrame:
    """The rows of one customer, without its identifier and name."""
    own = rows[rows["customer_id"] == customer_id]
    return own.drop(columns=["customer_id", "name"], errors="ignore").reset_index(drop=True)


def _row(rows: pd.DataFrame, customer_id: str) -> "pd.Series[Any]":
    row: pd.Series[Any] = rows[rows["customer_id"] == customer_id].iloc[0]
    return row
