"""The plan of reminders: what goes out each day, what of it is likely, what is kept back and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, customers_of_items, payment_laws
from arlib.calendar import BusinessCalendar, business_calendar, country_of_currency
from arlib.collection.dunning.claims import LATER, NO_LEVEL, SMALL, Beside, Reminded, Whys, claims_of
from arlib.collection.dunning.classes import scenario_of_customers
from arlib.collection.dunning.effect import AssumedEffect, expected_gain
from arlib.collection.dunning.files import read_scenarios
from arlib.collection.dunning.scenario import MOST_DAYS, Scenario
from arlib.collection.dunning.schedule import Schedule, schedule
from arlib.collection.dunning.tables import Told, load_table
from arlib.collection.log import ContactLog, Contacts
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.risk import Facts
from arlib.schema import NO_DAY, Codes, Days, Floats, day_number
from arlib.simulation.forecast.promises import GRACE, Promises
from arlib.words import Language, Sentence, say

_YEARS_AHEAD = 2 * 366  # public holidays are known so long after the horizon, for what comes after it


@dataclass(frozen=True, eq=False)
class DunningPlan:
    """What goes out each day of a horizon if nothing is paid, and what of it is expected.

    Attributes:
        as_of: the day whose knowledge is used.
        days: the open days of the horizon.
        actions: one row a letter, call or visit, by day, then the largest amount: day, status (due_today; late: its
            day has passed; planned), customer_id, name, scenario, level, level_label, level_number, channel, tone,
            template, items (listed), reminded (of these, those that reached a level), amount (asked for if nothing is
            paid, credits taken off), expected_amount, p_sent (probability that one of the reminded items is still
            unpaid), days_overdue (of the oldest, on the day; negative: before it is due), reason.
        items: one row an item listed in an action: day, customer_id, item_id, reference, due_on, days_overdue on the
            day, level (its own), reminded, open_amount, credits (unmatched ones that cover part of it), asked,
            p_unpaid.
        stopped: one row an open debit in no action: customer_id, name, item_id, reference, due_on, days_overdue,
            open_amount, why (no_due_date, no_scenario, insolvent, disputed, unmatched_credit, said_paid, promise,
            all_sent, amount_below, later), until (the day it may be reminded, NaT where nothing says), reason.
        load: one row a day and channel: day, channel, expected (letters, by p_sent), maximum.
        expected: one row a level, what its letters would bring under `effect`: see `expected_gain`.
        effect: the assumed effect of a reminder.
        scenarios: those used.
        notes: what was assumed and left out.
    """

    as_of: pd.Timestamp
    days: "pd.DatetimeIndex"
    actions: pd.DataFrame
    items: pd.DataFrame
    stopped: pd.DataFrame
    load: pd.DataFrame
    expected: pd.DataFrame
    effect: AssumedEffect
    scenarios: tuple[Scenario, ...]
    notes: tuple[Sentence, ...] = ()


def dunning_plan(  # noqa: PLR0913 - each is a source of its own
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    scenarios: Sequence[Scenario] | None = None,
    log: ContactLog | None = None,
    promises: Promises | pd.DataFrame | None = None,
    facts: Facts | None = None,
    laws: PaymentLaws | None = None,
    horizon: int = 30,
    effect: AssumedEffect | None = None,
    calendar: BusinessCalendar | None = None,
    language: Language = "en",
) -> DunningPlan:
    """What goes out to customers each open day of the next days, from what was known at the end of the day.

    Each open debit climbs the levels of its customer's scenario one by one: the level after the last one in the log,
    the first reminder where none is known, once its day has come (due date + offset, the next open day where that is
    closed) and the customer's cool-down is over. A notice before the due date is not made up for once that has come.
    A customer gets one letter a day, at the highest level its items reach, which lists whatever else of it is overdue;
    a formal notice lists only what was reminded before. Notices before the due date go out on days without a reminder.
    Nothing is sent: this is a plan.

    What is still unpaid on a day is uncertain: `p_sent` and `expected` are read from the payment laws, given that the
    items are unpaid today. The invoices of a customer count as one bet: p_sent is the highest of its items'.

    Every open debit stands in `items` or in `stopped`, once or more in the one and never in both.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default. What goes out on it, if it is open, is in the plan.
        scenarios: of `read_scenarios`; those of `standard.yaml` by default.
        log: of past contacts (`read_contact_log`); without one nothing is known to have been sent. What the last
            contact found disputed, or was told to be paid, is held back as in the worklist.
        promises: of payments, as for `forecast_cash`; items they cover for more than half wait until they are kept or
            broken.
        facts: from outside: whoever they say to be insolvent is not reminded. The customers' own by default.
        laws: of the same ledger and day, where they are known already.
        horizon: calendar days after the day, 0 to 365.
        effect: what a reminder is assumed to change; 10 % of what is unpaid, within 14 days, by default.
        calendar: which days are open; weekends and the public holidays of the ledger's country are not by default.
        language: of the reasons.

    Raises:
        ArlibError: the horizon is out of range; there is no scenario; laws of another day; a log or promises that do
            not belong to the ledger.
    """
    day = ledger.day(as_of)
    _check(day, horizon, laws)
    chosen = tuple(read_scenarios() if scenarios is None else scenarios)
    if not chosen:
        raise ArlibError(say("dunning.no_scenario"))
    contacts = Contacts.none() if log is None else log.contacts(ledger, day)
    of_customer, class_notes = scenario_of_customers(ledger, day, chosen, facts, language)
    claims = claims_of(ledger, day, chosen, of_customer, Beside(contacts, promises, facts))
    laws, law_notes = (laws, ()) if laws is not None else _laws(ledger, day)
    today = day_number(day)
    opened = calendar or _calendar(ledger, laws, today, horizon)
    days = _open_days(opened, today, horizon)
    made = schedule(claims, chosen, days, opened, today)
    chances, assumed = _Chances(ledger, laws, claims, today), effect or AssumedEffect()
    told = Told(ledger, claims, chosen, made, language)
    items = told.items(chances.unpaid(made.claim, made.day - 1))
    actions = told.actions(items, int(days[0]) if len(days) else today)
    return DunningPlan(
        as_of=day,
        days=pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]")),
        actions=actions,
        items=items,
        stopped=told.stopped(_why(claims, made, today), day),
        load=load_table(actions),
        expected=expected_gain(actions, items, assumed, chances.unpaid(made.claim, made.day + assumed.days)),
        effect=assumed,
        scenarios=chosen,
        notes=(*contacts.notes, *class_notes, *law_notes, *_said(log, promises, assumed, opened)),
    )


def _check(day: pd.Timestamp, horizon: int, laws: PaymentLaws | None) -> None:
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or not 0 <= horizon <= 365:  # noqa: PLR2004 - a year
        raise ArlibError(say("dunning.horizon", days=str(horizon)))
    if laws is not None and laws.as_of != day:
        raise ArlibError(say("dunning.other_day", day=day, laws=laws.as_of))


def _laws(ledger: Ledger, day: pd.Timestamp) -> tuple[PaymentLaws | None, tuple[Sentence, ...]]:
    """The payment laws; none, and why, where nobody has paid anything yet."""
    try:
        return payment_laws(ledger, day), ()
    except ArlibError as unknown:
        return None, (say("dunning.no_laws", why=unknown.sentence or str(unknown)),)


def _calendar(ledger: Ledger, laws: PaymentLaws | None, today: int, horizon: int) -> BusinessCalendar:
    """Weekends and holidays of the country the ledger is paid in; letters wait for them even where payments do not."""
    country = (laws.calendar.country if laws else "") or country_of_currency(ledger.currency)
    return business_calendar(country, today - MOST_DAYS // 2, today + horizon + _YEARS_AHEAD)


def _open_days(calendar: BusinessCalendar, today: int, horizon: int) -> Days:
    first, last = (
        int(each) for each in (calendar.rank(np.array([today]))[0], calendar.last_rank(np.array([today + horizon]))[0])
    )
    return calendar.day(np.arange(first, last + 1))


@dataclass(frozen=True, eq=False)
class _Chances:
    """How likely items are to be unpaid, given that they are unpaid today; certain where there are no laws."""

    ledger: Ledger
    laws: PaymentLaws | None
    claims: Reminded
    today: int

    def unpaid(self, claim: Codes, on: Days) -> Floats:
        """(rows,) probability that a claim is unpaid at the end of a day."""
        if self.laws is None or not len(claim):
            return np.ones(len(claim))
        customer = customers_of_items(self.ledger, self.laws.customers)[self.claims.item[claim]]
        days = np.stack([np.full(len(claim), self.today), np.maximum(on, self.today)], axis=1)
        shares = self.laws.unpaid_on(customer, self.claims.due[claim], days)
        now, later = shares[:, 0], shares[:, 1]
        return np.divide(later, now, out=np.ones_like(later), where=now > 0)


def _why(claims: Reminded, made: Schedule, today: int) -> Whys:
    """(claims,) why a claim is in no action; empty where it is in one."""
    inside = np.zeros(len(claims.item), dtype=np.bool_)
    inside[made.claim] = True
    pending = np.where(claims.held_until > today, claims.held_by, np.where(made.small, SMALL, LATER))
    pending = np.where((pending == LATER) & (made.next_on == NO_DAY), NO_LEVEL, pending)
    return np.where(inside, "", np.where(claims.stopped != "", claims.stopped, pending))


def _said(
    log: ContactLog | None, promises: Promises | pd.DataFrame | None, effect: AssumedEffect, calendar: BusinessCalendar
) -> list[Sentence]:
    """What the plan rests on."""
    said = [say("dunning.no_log")] if log is None else []
    if promises is not None:
        said.append(say("dunning.promises", days=GRACE))
    closed = say("dunning.closed", country=calendar.country or "–") if calendar.weekends_closed else calendar.sentence()
    return [*said, closed, say("dunning.uncertain"), effect.sentence()]
