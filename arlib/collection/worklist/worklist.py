"""Who to contact today, by which channel and why, in the order of the cash that it is expected to gain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, payment_laws
from arlib.collection.log import ContactLog, Contacts
from arlib.collection.worklist.choice import OVER, TAKEN, Escalation, channels_of, emails_known, within
from arlib.collection.worklist.contacted import contacted_by
from arlib.collection.worklist.gains import gains_of
from arlib.collection.worklist.opened import expected, opened_on
from arlib.collection.worklist.promised import promised_on
from arlib.collection.worklist.queues import CONTACT, chased_of, queues_of, quiet_until
from arlib.collection.worklist.rules import RULES, USED, Capacity, ContactRules
from arlib.collection.worklist.table import Figures, customers_table, items_table, queues_table
from arlib.collection.worklist.wording import Wording
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.risk.facts import Facts
from arlib.risk.late import learnt_loss_share
from arlib.risk.provisions.standing import Insolvent, cover_of_customers, insolvent_customers
from arlib.schema import Floats
from arlib.simulation.forecast.promises import Promises
from arlib.words import Language, Sentence, say


@dataclass(frozen=True, eq=False)
class Worklist:
    """The contacts of a day; amounts in the ledger's currency.

    Attributes:
        as_of: the day, whose end is known.
        contacts: one row a customer to contact today, in order: rank; customer_id, name; channel; phone; owed (all that
            is open in this queue, credits off); chased (what is asked for: overdue or due soon, credits and promises
            off); overdue, overdue_items, days_overdue (of the oldest); due_soon, soon_items; undated (of these, without
            a due date); credits_unapplied; promised, promised_on; broken_promise, broken_on; said_paid; disputed;
            last_contact_on, last_channel, last_outcome, days_since_contact, contacts_since_due; usual_days_late
            (median, nan where over half stays unpaid); late_euro_days (to come in 90 days, of all that is undisputed);
            late_euro_days_chased, euro_days_gained, cash_gained, expected_loss, loss_avoided, cost, expected_gain
            (cash_gained + loss_avoided − cost); priority (the gain, more after a broken promise: the order); minutes,
            gain_per_minute; reason, formula (texts).
        left: the same columns, customers worth contacting beyond the capacity, in the same order, and `why`.
        queues: one row a customer and queue: customer_id, name, queue (`QUEUES`), owed, items, overdue, late_euro_days,
            reason. The sum of `owed` is the balance of the day.
        items: one row an open item, debits and credits: those of `open_items` with queue, chased, late_days (to come
            in 90 days), p_late.
        notes: assumptions, and what was left out.
    """

    as_of: pd.Timestamp
    contacts: pd.DataFrame
    left: pd.DataFrame
    queues: pd.DataFrame
    items: pd.DataFrame
    notes: tuple[Sentence, ...]

    @property
    def totals(self) -> pd.DataFrame:
        """One row a queue: queue, customers, items, owed; the last column adds up to the balance."""
        grouped = self.queues.groupby("queue", sort=False)
        found = grouped.agg(customers=("customer_id", "size"), items=("items", "sum"), owed=("owed", "sum"))
        return found.reset_index().assign(owed=lambda each: each["owed"].round(2))

    def items_of(self, customer_id: str) -> pd.DataFrame:
        """The open items of one customer, oldest due first."""
        return self.items[self.items["customer_id"] == customer_id].reset_index(drop=True)


def worklist(  # noqa: PLR0913 - what is known of customers stands in several files
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    capacity: Capacity | int | Mapping[str, float] | None = None,
    promises: Promises | pd.DataFrame | None = None,
    log: ContactLog | None = None,
    facts: Facts | None = None,
    insolvent: Insolvent = None,
    laws: PaymentLaws | None = None,
    rules: ContactRules = RULES,
    language: Language = "en",
) -> Worklist:
    """Who to contact today: the customers whose contact is expected to gain most, and where all others stand.

    For each customer, of what is overdue, or due soon where it is usually late, unmatched credits, disputes and what
    it promised taken off:

        expected gain = Σ amount × days gained × rate ÷ 365 + expected loss × share avoided − cost

    where the days gained are assumed of a channel (`ContactRules`): a share of the late days to come, which are the
    sum over the next 90 days of P(unpaid at the end of the day | unpaid now) by the customer's payment law, or a
    number of days. Customers stand in one queue each, disputed items apart, the first that fits:

    - legal: insolvent;
    - match_first: unmatched credits cover what is due, or the customer said lately that it had paid;
    - dispute: disputed items, by the accounts or by the last contact;
    - promise: what is due is promised, until its days of grace are over;
    - cooled_down: contacted lately, no promise broken since;
    - nothing_to_gain: nothing to ask for, or the contact costs more than it brings;
    - contact: all others; beyond the capacity, they are in `left`.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        capacity: of the day: a number of contacts; by channel and `minutes`, {"phone": 25, "minutes": 420}; or a
            `Capacity`. Unlimited by default.
        promises: what customers promised, as for `forecast_cash`.
        log: past contacts.
        facts: from outside (`read_facts`): who is insolvent, what is insured; by default what the customers' file says.
        insolvent: other insolvent customers, as for `individual_provisions`.
        laws: `payment_laws(ledger, as_of)`, where they are at hand.
        rules: assumptions and thresholds.
        language: of reasons and formulas.

    Raises:
        ArlibError: laws are of another day, a capacity or rule is out of range, or customers are not known.

    Source: expected late euro-days as in `backtest_risk`; the gain as cost of capital and expected loss less cost.
    """
    day, limits = ledger.day(as_of), Capacity.of(capacity)
    known, notes = _laws(ledger, day, laws)
    contacts = Contacts.none() if log is None else log.contacts(ledger, day)
    loss_share = float(learnt_loss_share(ledger, day)) if rules.loss_share is None else rules.loss_share
    opened = opened_on(ledger, day, cover_of_customers(ledger, day, facts))
    ahead = expected(opened, known)
    court = insolvent_customers(ledger, day, facts, insolvent, language).set_index("customer_id")["reason"]
    contacted = contacted_by(ledger, opened, contacts)
    promised = promised_on(ledger, day, opened, promises, opened.disputed | contacted.disputed)
    in_court = opened.customers.isin(court.index)
    chased = chased_of(opened, ahead, in_court, promised=promised, contacted=contacted, rules=rules)
    gains = gains_of(opened, chased.amount, ahead, rules, loss_share)
    figures = Figures(ledger, day, opened, ahead, known, promised, contacted, chased, gains, rules)
    channel = channels_of(_escalation(ledger, figures), rules, gains.gain)
    quiet = quiet_until(contacted, promised, rules)
    queue = queues_of(opened, chased, promised, quiet, gains.at("gain", channel))
    wording = Wording(language, ledger.currency, rules, logged=log is not None)
    customers = customers_table(figures, channel, quiet)
    items = items_table(figures, queue)
    chosen = customers.iloc[np.flatnonzero(queue == CONTACT)]
    owed = items[items["queue"] == "contact"].groupby("customer_id")["open_amount"].sum().round(2)
    chosen = chosen.assign(owed=owed.reindex(chosen["customer_id"]).to_numpy())
    ordered = _ordered(chosen, wording)
    taken, left = _cut(ordered, limits, wording)
    notes += _notes(figures, rules, loss_share, contacts, limits, log=log)
    return Worklist(
        as_of=day,
        contacts=taken,
        left=left,
        queues=queues_table(items, customers, ordered, court, wording),
        items=items,
        notes=(say("collection.worklist.found", contacts=len(taken), left=len(left)), *notes),
    )


def _laws(ledger: Ledger, day: pd.Timestamp, laws: PaymentLaws | None) -> tuple[PaymentLaws | None, list[Sentence]]:
    """The payment laws of the day; none, and a note, where nobody has paid yet."""
    if laws is not None:
        if laws.as_of != day:
            raise ArlibError(say("collection.worklist.other_day", day=laws.as_of, asked=day))
        return laws, []
    try:
        return payment_laws(ledger, day), []
    except ArlibError as error:
        if error.sentence is None or error.sentence.key != "behaviour.no_payment":
            raise
        return None, [say("collection.worklist.no_laws", day=day)]


def _escalation(ledger: Ledger, figures: Figures) -> Escalation:
    """What the channel of each customer rests on."""
    opened, chased = figures.opened, figures.chased
    asked = chased.amount > 0
    contacts, notified = figures.contacted.since(opened.oldest(asked & chased.overdue))
    return Escalation(
        chased=opened.amounts(chased.amount),
        days_overdue=figures.days_overdue(asked & chased.overdue),
        contacts=contacts,
        notified=notified,
        broken=figures.promised.broken > 0,
        by_email=emails_known(ledger.customers, opened.customers),
    )


def _ordered(chosen: pd.DataFrame, wording: Wording) -> pd.DataFrame:
    """Customers to contact in the order of their priority, with the reason and the formula of each."""
    ordered = chosen.sort_values(
        ["priority", "chased", "customer_id"], ascending=[False, False, True], ignore_index=True
    )
    rows = ordered.to_dict("records")
    return ordered.assign(
        reason=pd.Series([wording.reason(row) for row in rows], dtype="str"),
        formula=pd.Series([wording.formula(row) for row in rows], dtype="str"),
    )


def _cut(ordered: pd.DataFrame, limits: Capacity, wording: Wording) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those within the capacity, ranked, and those beyond it with why."""
    channel = np.array([USED.index(each) for each in ordered["channel"]], dtype=np.intp)
    figures: list[Floats] = [ordered[name].to_numpy() for name in ("priority", "minutes")]
    found = within(limits, channel, *figures)
    taken, left = ordered[found == TAKEN].reset_index(drop=True), ordered[found != TAKEN].reset_index(drop=True)
    taken.insert(0, "rank", np.arange(1, len(taken) + 1))
    kinds = [OVER[code] for code in found[found != TAKEN]]
    rows = left.to_dict("records")
    why = [wording.left(kind, row, _limit(limits, kind, row)) for kind, row in zip(kinds, rows, strict=True)]
    return taken, left.assign(why=pd.Series(why, dtype="str"))


def _limit(limits: Capacity, kind: str, row: Mapping[Any, Any]) -> float:
    """The limit of some kind that a row is beyond."""
    if kind == "channel":
        return limits.by_channel[row["channel"]]
    return (limits.contacts if kind == "contacts" else limits.minutes) or 0


def _notes(
    figures: Figures,
    rules: ContactRules,
    loss_share: float,
    contacts: Contacts,
    limits: Capacity,
    *,
    log: ContactLog | None,
) -> list[Sentence]:
    """The assumptions, and what was left out or counted otherwise than it stands."""
    undated = ~figures.opened.dated
    told = list(rules.sentences())
    unknown = np.isnan(loss_share)
    told.append(
        say("collection.worklist.loss_unknown") if unknown else say("collection.worklist.loss_used", share=loss_share)
    )
    if undated.any():
        amount = float(figures.opened.gross[undated].sum())
        told.append(say("collection.worklist.undated", items=int(undated.sum()), amount=amount))
    if limits.minutes is not None:
        told.append(say("collection.worklist.greedy"))
    told += [say("collection.worklist.no_log")] if log is None else [*log.notes, *contacts.notes]
    return told
