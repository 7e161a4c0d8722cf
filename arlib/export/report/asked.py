"""What a report asks of a ledger: each answer computed when a section first needs it, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from arlib.checks import check, proof
from arlib.collection import Capacity, Worklist, worklist
from arlib.collection.worklist.rules import WORKDAY
from arlib.export.workbook.material import Material
from arlib.law import (
    Deadlines,
    DoubtfulDebts,
    LatePenalties,
    LegalDueDates,
    PaymentDelayTable,
    TermsAgainstLaw,
    doubtful_debts,
    late_penalties,
    legal_due_dates,
    limitation_dates,
    payment_delay_table,
    terms_against_law,
)
from arlib.ledger import Ledger, open_items
from arlib.measures import (
    Bridge,
    Concentration,
    aged_balance,
    aged_balance_history,
    billing_lag,
    concentration,
    days_late,
    delay_history,
    dispute_causes,
    dso_bridge,
    dso_history,
    dso_methods,
    key_figures,
    month_ends,
    weighted_terms,
)
from arlib.risk import EarlyWarnings, Facts, early_warnings, provision_matrix, score_customers
from arlib.simulation import (
    CashForecast,
    Costs,
    Policy,
    Simulation,
    SimulationBase,
    forecast_cash,
    prepare,
    simulate,
    tornado,
)
from arlib.words import Language

MONTHS = 13  # the month ends of a year and the one before it
_YEAR = 365


@dataclass(frozen=True, eq=False)
class Asked:
    """A ledger on a day, in a language, with what else is known; every property is the function of its name."""

    ledger: Ledger
    as_of: pd.Timestamp
    language: Language
    policies: tuple[Policy, ...]
    costs: Costs
    facts: Facts | None

    @classmethod
    def of(
        cls,
        ledger: Ledger,
        as_of: pd.Timestamp,
        language: Language,
        *,
        policies: Policy | Iterable[Policy],
        costs: Costs,
        facts: Facts | None,
    ) -> "Asked":
        """With one policy or several."""
        several = (policies,) if isinstance(policies, Policy) else tuple(policies)
        return cls(ledger, as_of, language, several, costs, facts)

    @property
    def month_before(self) -> pd.Timestamp:
        """The last day of the month before that of the day."""
        return self.as_of.replace(day=1) - pd.Timedelta(days=1)

    @cached_property
    def dates(self) -> list[pd.Timestamp]:
        """The month ends of the last year, and the day."""
        return month_ends(self.ledger, self.as_of, months=MONTHS)

    @cached_property
    def proof(self) -> pd.DataFrame:
        """`proof` on the day."""
        return proof(self.ledger, self.as_of)

    @cached_property
    def key_figures(self) -> pd.DataFrame:
        """`key_figures` on the day, by measure."""
        return key_figures(self.ledger, self.as_of).set_index("measure")

    @cached_property
    def opened(self) -> pd.DataFrame:
        """`open_items` on the day."""
        return open_items(self.ledger, self.as_of)

    @cached_property
    def aged(self) -> pd.DataFrame:
        """`aged_balance` by customer."""
        return aged_balance(self.ledger, self.as_of)

    @cached_property
    def aged_history(self) -> pd.DataFrame:
        """`aged_balance_history` at these dates."""
        return aged_balance_history(self.ledger, self.dates)

    @cached_property
    def dso_history(self) -> pd.DataFrame:
        """`dso_history` at these dates."""
        return dso_history(self.ledger, self.dates)

    @cached_property
    def dso_methods(self) -> pd.DataFrame:
        """`dso_methods` on the day."""
        return dso_methods(self.ledger, self.as_of)

    @cached_property
    def bridge(self) -> Bridge:
        """`dso_bridge` from the end of last month."""
        return dso_bridge(self.ledger, self.month_before, self.as_of)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """`check` on the day, in the language."""
        return check(self.ledger, self.as_of, language=self.language)

    @cached_property
    def concentration(self) -> Concentration:
        """`concentration` on the day."""
        return concentration(self.ledger, self.as_of)

    @cached_property
    def days_late(self) -> pd.DataFrame:
        """`days_late` of the invoices of the last year."""
        return days_late(self.ledger, self.as_of, issued_since=self.as_of - pd.DateOffset(years=1))

    @cached_property
    def delay_history(self) -> pd.DataFrame:
        """`delay_history` on the day."""
        return delay_history(self.ledger, self.as_of)

    @cached_property
    def weighted_terms(self) -> pd.DataFrame:
        """`weighted_terms` on the day."""
        return weighted_terms(self.ledger, self.as_of)

    @cached_property
    def worklist(self) -> Worklist:
        """`worklist` on the day, within what one person does in it."""
        capacity = Capacity(minutes=WORKDAY)
        return worklist(self.ledger, self.as_of, capacity=capacity, facts=self.facts, language=self.language)

    @cached_property
    def provision_matrix(self) -> pd.DataFrame:
        """`provision_matrix` on the day."""
        return provision_matrix(self.ledger, self.as_of, facts=self.facts, language=self.language)

    @cached_property
    def doubtful_debts(self) -> DoubtfulDebts:
        """`doubtful_debts` on the day."""
        return doubtful_debts(self.ledger, self.as_of, facts=self.facts, language=self.language)

    @cached_property
    def dispute_causes(self) -> pd.DataFrame:
        """`dispute_causes` on the day."""
        return dispute_causes(self.ledger, self.as_of)

    @cached_property
    def forecast(self) -> CashForecast:
        """`forecast_cash` of the next weeks."""
        return forecast_cash(self.base)

    @cached_property
    def billing_lag(self) -> pd.DataFrame:
        """`billing_lag` on the day."""
        return billing_lag(self.ledger, self.as_of)

    @cached_property
    def legal_due_dates(self) -> LegalDueDates:
        """`legal_due_dates` on the day."""
        return legal_due_dates(self.ledger, self.as_of, language=self.language)

    @cached_property
    def terms_against_law(self) -> TermsAgainstLaw:
        """`terms_against_law` on the day."""
        return terms_against_law(self.ledger, self.as_of, legal=self.legal_due_dates, language=self.language)

    @cached_property
    def base(self) -> SimulationBase:
        """`prepare` for a year ahead: what simulation and forecast share."""
        return prepare(self.ledger, self.as_of, horizon=_YEAR, facts=self.facts)

    @cached_property
    def simulation(self) -> Simulation:
        """`simulate` of the policies, today's terms first; of the workbook's usual ones where none is given."""
        tried = Material(self.ledger, self.as_of, self.language, self.policies).tried
        return simulate(self.base, tried, costs=self.costs)

    @cached_property
    def tornado(self) -> pd.DataFrame:
        """`tornado` on the day."""
        return tornado(self.base)

    @cached_property
    def delay_table(self) -> PaymentDelayTable:
        """`payment_delay_table` of the year that ends on the day."""
        return payment_delay_table(self.ledger, self.as_of)

    @cached_property
    def penalties(self) -> LatePenalties:
        """`late_penalties` on the day."""
        return late_penalties(self.ledger, self.as_of, facts=self.facts, language=self.language)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """`score_customers` on the day."""
        return score_customers(self.ledger, self.as_of, facts=self.facts, language=self.language)

    @cached_property
    def warnings(self) -> EarlyWarnings:
        """`early_warnings` on the day."""
        return early_warnings(self.ledger, self.as_of, language=self.language)

    @cached_property
    def limitation_dates(self) -> Deadlines:
        """`limitation_dates` on the day."""
        return limitation_dates(self.ledger, self.as_of, language=self.language)
