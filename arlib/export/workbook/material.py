"""What the workbook says of one ledger on one day: each figure computed when first asked, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from arlib.checks import check, proof
from arlib.law import (
    DoubtfulDebts,
    LatePenalties,
    LegalDueDates,
    PaymentDelayTable,
    TermsAgainstLaw,
    doubtful_debts,
    late_penalties,
    legal_due_dates,
    payment_delay_table,
    terms_against_law,
)
from arlib.ledger import Ledger, open_items
from arlib.measures import (
    Bridge,
    aged_balance,
    dso_bridge,
    dso_history,
    dso_methods,
    key_figures,
    month_ends,
    value_of_a_day,
)
from arlib.measures.figure import Figure
from arlib.risk import Facts, provision_matrix, score_customers
from arlib.simulation import CashForecast, Policy, Simulation, SimulationBase, forecast_cash, prepare, simulate
from arlib.terms import PaymentTerms
from arlib.words import Language, word

_MONTHS = 24
_HORIZON = 365  # days simulated
_NET = (30, 60)  # days of the policies tried where none is given; 60 is the usual limit of the law
_REMINDED = 0.75  # of today's lateness, with better reminders, as one of them assumes


@dataclass(frozen=True, eq=False)
class Material:
    """The figures of the workbook; the frames are those of the functions of the same names.

    Attributes:
        ledger: of which all is.
        as_of: the day.
        language: of the sentences.
        policies: to simulate; some usual ones where none are given.
        facts: from outside, on customers.
        company: whose receivables these are.
    """

    ledger: Ledger
    as_of: pd.Timestamp
    language: Language
    policies: tuple[Policy, ...] = ()
    facts: Facts | None = None
    company: str = ""

    @cached_property
    def items(self) -> pd.DataFrame:
        """The open items, the latest first, with `no` (the place of the customer in the aged balance) and `bucket`."""
        return bucketed(self.ledger, self.as_of, self.aged)

    @cached_property
    def aged(self) -> pd.DataFrame:
        """The aged balance by customer, with its place `no`, 1 for who owes most."""
        aged = aged_balance(self.ledger, self.as_of)
        return aged.assign(no=range(1, len(aged) + 1))

    @cached_property
    def assumed_due(self) -> pd.DataFrame:
        """What is owed whose due date is that of the default terms."""
        opened = self.items
        assumed: pd.DataFrame = opened[(opened["due_source"] == "default") & (opened["open_amount"] > 0)]
        return assumed

    @cached_property
    def proof(self) -> pd.DataFrame:
        """The tie-out, line by line."""
        return proof(self.ledger, self.as_of)

    @cached_property
    def key_figures(self) -> pd.DataFrame:
        """The key figures."""
        return key_figures(self.ledger, self.as_of)

    @cached_property
    def methods(self) -> pd.DataFrame:
        """Every DSO of the day, by method."""
        return dso_methods(self.ledger, self.as_of).set_index("method", drop=False)

    @cached_property
    def value_of_a_day(self) -> Figure:
        """What a day of DSO is worth."""
        return value_of_a_day(self.ledger, self.as_of)

    @cached_property
    def dso_history(self) -> pd.DataFrame:
        """Every DSO that month ends have, the latest last."""
        return dso_history(self.ledger, month_ends(self.ledger, self.as_of, months=_MONTHS))

    @cached_property
    def bridge(self) -> Bridge:
        """Why DSO moved since the end of the month before."""
        return dso_bridge(self.ledger, self.as_of.replace(day=1) - pd.Timedelta(days=1), self.as_of)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The customers' scores."""
        return score_customers(self.ledger, self.as_of, facts=self.facts, language=self.language)

    @cached_property
    def provisions(self) -> pd.DataFrame:
        """The provision matrix."""
        return provision_matrix(self.ledger, self.as_of, facts=self.facts, language=self.language)

    @cached_property
    def doubtful(self) -> DoubtfulDebts:
        """The doubtful debts, one by one."""
        return doubtful_debts(self.ledger, self.as_of, facts=self.facts, language=self.language)

    @cached_property
    def base(self) -> SimulationBase:
        """What the simulation and the forecast share."""
        return prepare(self.ledger, self.as_of, horizon=_HORIZON)

    @cached_property
    def tried(self) -> tuple[Policy, ...]:
        """The policies simulated: those given, or three usual ones."""
        if self.policies:
            return self.policies
        usual = (Policy(word("export.policy.net", self.language, days=days), PaymentTerms(days)) for days in _NET)
        reminders = Policy(word("export.policy.reminders", self.language), lateness_factor=_REMINDED)
        return (*usual, reminders)

    @cached_property
    def simulation(self) -> Simulation:
        """The policies beside today's terms over a year."""
        return simulate(self.base, self.tried, horizon=_HORIZON)

    @cached_property
    def forecast(self) -> CashForecast:
        """The cash of the next 13 weeks."""
        return forecast_cash(self.ledger, self.as_of)

    @cached_property
    def delay_table(self) -> PaymentDelayTable:
        """The statutory table of payment delays."""
        return payment_delay_table(self.ledger, self.as_of)

    @cached_property
    def penalties(self) -> LatePenalties:
        """What lateness has earned."""
        return late_penalties(self.ledger, self.as_of, facts=self.facts, language=self.language)

    @cached_property
    def legal_due_dates(self) -> LegalDueDates:
        """The last day the law allows each invoice."""
        return legal_due_dates(self.ledger, self.as_of, language=self.language)

    @cached_property
    def terms_against_law(self) -> TermsAgainstLaw:
        """What customers are granted beyond what was agreed, or beyond the law."""
        return terms_against_law(self.ledger, self.as_of, legal=self.legal_due_dates, language=self.language)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What looks wrong, with its check's place `no` among those that found something."""
        found = check(self.ledger, self.as_of, language=self.language)
        return found.assign(no=pd.factorize(found["check"])[0] + 1)


def bucketed(ledger: Ledger, day: pd.Timestamp, aged: pd.DataFrame) -> pd.DataFrame:
    """The open items with the bucket each stands in and the place of its customer, the latest first.

    A bucket is where the aged balance itself puts the item, asked by item: what is summed by customer and by item
    cannot differ.
    """
    opened = open_items(ledger, day)
    by_item = aged_balance(ledger, day, by="item_id").set_index("item_id").drop(columns="total")
    by_item.index = by_item.index.astype("int64")  # groups are texts
    bucket = by_item.abs().idxmax(axis=1) if len(by_item) else pd.Series(dtype="str")
    late = opened["days_overdue"].where(opened["open_amount"] > 0)  # a credit is never overdue
    numbered = opened.assign(
        days_overdue=late,
        bucket=opened["item_id"].map(bucket),
        no=opened["customer_id"].map(aged.set_index("customer_id")["no"]),
        name=opened["customer_id"].map(ledger.customers.set_index("customer_id")["name"]),
        disputed=opened["disputed"].fillna(value=False).astype("int64"),
    )
    return numbered.sort_values("days_overdue", ascending=False, na_position="last", kind="stable", ignore_index=True)


def chosen_policies(policies: Policy | Sequence[Policy]) -> tuple[Policy, ...]:
    """The policies given, as several."""
    return (policies,) if isinstance(policies, Policy) else tuple(policies)
