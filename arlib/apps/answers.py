"""What the page shows of one ledger on one day: each figure computed when first asked, once."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

import pandas as pd

from arlib.checks import check, proof
from arlib.collection import Capacity, Worklist, worklist
from arlib.collection.worklist.rules import WORKDAY
from arlib.ledger import Ledger, known_by, open_items
from arlib.measures import aged_balance, aged_balance_history, dso, dso_history, key_figures
from arlib.measures.dso import month_ends
from arlib.measures.figure import Figure
from arlib.progress import Progress, unseen
from arlib.risk import RiskBacktest, backtest_risk, score_customers
from arlib.risk.changes import closing_before
from arlib.simulation import (
    CashForecast,
    Costs,
    ForecastBacktest,
    Simulation,
    SimulationBacktest,
    SimulationBase,
    backtest_forecast,
    backtest_simulation,
    forecast_cash,
    policy_bridge,
    prepare,
    simulate_by_customer,
)
from arlib.simulation.asked import Asked
from arlib.simulation.forecast.forecast import WEEKS
from arlib.simulation.outlook.curves import Curve, policy_curves
from arlib.simulation.outlook.kept import Kept
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.words import Language

T = TypeVar("T")

_MONTHS = 24
_HORIZON = 365  # days looked ahead
_MANY_ITEMS = 300_000  # beyond which a test on twelve closings takes longer than a visitor waits
_FEW_CLOSINGS, _TO_KNOW = 3, 4  # months tested then, and months after them by which outcomes are known
_OTHERS = 64  # what else is kept: enough for everything on the pages, without each position of a slider
_CURVES = 16  # policies whose curves are kept: those side by side, and some of those tried before


@dataclass(frozen=True, eq=False)
class Answers:
    """One ledger on one day, as the pages show it; the frames are those of the functions of the same names.

    Attributes:
        ledger: what is asked.
        as_of: the day.
        origin: the ledger as it was opened, where something was booked in it since.
    """

    ledger: Ledger
    as_of: pd.Timestamp
    origin: Ledger | None = None
    _scores: dict[Language, pd.DataFrame] = field(default_factory=dict, repr=False)
    _tests: dict[int, RiskBacktest] = field(default_factory=dict, repr=False)
    _others: Kept[Hashable, object] = field(default_factory=lambda: Kept(_OTHERS), repr=False)
    _curves: Kept[Policy, Curve] = field(default_factory=lambda: Kept(_CURVES), repr=False)

    @property
    def opened(self) -> Ledger:
        """The ledger as it was opened: what a visitor adds to it (a log, facts, promises) belongs to it."""
        return self.ledger if self.origin is None else self.origin

    def anew(self) -> "Answers":
        """The same ledger on the same day, with nothing computed yet."""
        return Answers(self.ledger, self.as_of, self.origin)

    @cached_property
    def proof(self) -> pd.DataFrame:
        """The tie-out, line by line."""
        return proof(self.ledger, self.as_of)

    @cached_property
    def key_figures(self) -> pd.DataFrame:
        """The figures of the cards."""
        return key_figures(self.ledger, self.as_of)

    @cached_property
    def assumed_due(self) -> pd.DataFrame:
        """What is owed whose due date the file does not give: the open items that the default terms make due."""
        opened = open_items(self.ledger, self.as_of)
        assumed: pd.DataFrame = opened[(opened["due_source"] == "default") & (opened["open_amount"] > 0)]
        return assumed

    @cached_property
    def dso(self) -> Figure:
        """The DSO with its formula, and why it is missing where it is."""
        return dso(self.ledger, self.as_of)

    @cached_property
    def aged(self) -> pd.DataFrame:
        """The aged balance by customer."""
        return aged_balance(self.ledger, self.as_of)

    @cached_property
    def aged_history(self) -> pd.DataFrame:
        """The aged balance at the day and the month ends before it."""
        return aged_balance_history(self.ledger, self._dates)

    @cached_property
    def dso_history(self) -> pd.DataFrame:
        """Both DSOs at the same dates."""
        return dso_history(self.ledger, self._dates)

    @cached_property
    def base(self) -> SimulationBase:
        """What every simulation on this day shares.

        Raises:
            ArlibError: no payment is known by the day.
        """
        return prepare(self.ledger, self.as_of, horizon=_HORIZON)

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` gives, computed the first time this key is asked for; the last ones asked for are kept."""
        return cast("T", self._others.get(key, compute))

    def findings(self, language: Language) -> pd.DataFrame:
        """What looks wrong, as `check` gives it."""
        return self.once(("findings", language), lambda: check(self.ledger, self.as_of, language=language))

    def worklist(self, language: Language) -> Worklist:
        """Whom to contact, in one person's day and beyond it.

        Raises:
            ArlibError: no payment is known by the day.
        """
        one_day = Capacity(minutes=WORKDAY)
        return self.once(
            ("worklist", language), lambda: worklist(self.ledger, self.as_of, capacity=one_day, language=language)
        )

    def prepare(self) -> None:
        """Compute what is shown first, so that a ledger that cannot be shown is known before it replaces another."""
        _ = self.proof, self.key_figures, self.dso, self.assumed_due, self.aged

    def scores(self, language: Language) -> pd.DataFrame:
        """The customers' scores, with reasons in a language.

        Raises:
            ArlibError: no payment is known by the day.
        """
        if language not in self._scores:
            self._scores[language] = score_customers(self.ledger, self.as_of, language=language)
        return self._scores[language]

    @property
    def compared_with(self) -> pd.Timestamp:
        """The day with which the scores are compared."""
        return closing_before(self.ledger, self.as_of, None)

    @property
    def scored(self) -> bool:
        """Whether the customers have scores."""
        return bool(self._scores)

    @property
    def tested(self) -> bool:
        """Whether the scores have been tested on the past."""
        return bool(self._tests)

    def backtest(self, language: Language, progress: Progress = unseen) -> RiskBacktest:
        """The test on the past of the scores shown, with their days of lateness, from what is known on the day.

        On a very large ledger only three closings are tested, which the verdict says.

        Raises:
            ArlibError: no payment is known by the day.
        """
        days = int(self.scores(language)["days_late"].iloc[0])
        if days not in self._tests:
            few = self._few_closings
            closings, until = (few[:_FEW_CLOSINGS], few[_FEW_CLOSINGS]) if few else (None, None)
            self._tests[days] = backtest_risk(self._known, closings, until=until, days_late=(days,), progress=progress)
        return self._tests[days]

    def simulation(self, policies: Sequence[Policy], financing_rate: float) -> Simulation:
        """Policies beside today's terms over a year; the curve of each is computed once.

        Args:
            policies: what is tried.
            financing_rate: what money costs a year; 0 where it is not counted.

        Raises:
            ArlibError: no payment is known by the day, or a policy cannot be tried on this ledger.
        """
        asked = Asked.of(self.base, policies, None, None)
        curves = [self._curve(policy) for policy in asked.policies]
        return Simulation(self.base, asked.policies, tuple(curves), None, Costs(financing_rate or None))

    def _curve(self, policy: Policy) -> Curve:
        own = (policy,) if policy != TODAY else ()
        return self._curves.get(policy, lambda: policy_curves(self.base, own, None, _HORIZON)[-1])

    def bridge(self, policy: Policy) -> pd.DataFrame:
        """What each lever of a policy brings, in order.

        Raises:
            ArlibError: it has no lever.
        """
        return policy_bridge(self.base, policy, measures=("dso_month", "receivable_end"))

    def by_customer(self, policy: Policy) -> pd.DataFrame:
        """What a policy brings at each customer."""
        return simulate_by_customer(self.base, [policy])

    def simulation_backtest(self, progress: Progress = unseen) -> SimulationBacktest:
        """The test on the past of what is simulated, from what is known on the day."""
        closings = self._few_closings[:_FEW_CLOSINGS] or None
        return self.once("simulation_backtest", lambda: backtest_simulation(self._known, closings, progress=progress))

    def forecast(self, weeks: int = WEEKS, *, future_sales: bool = True) -> CashForecast:
        """The cash of the next weeks.

        Raises:
            ArlibError: no payment is known by the day.
        """
        return self.once(
            ("forecast", weeks, future_sales),
            lambda: forecast_cash(self.ledger, self.as_of, weeks=weeks, future_sales=future_sales),
        )

    def forecast_backtest(
        self, weeks: int = WEEKS, *, future_sales: bool = True, progress: Progress = unseen
    ) -> ForecastBacktest:
        """The test on the past of the forecast, from what is known on the day; of one closing if the ledger is large.

        Each closing is forecast with the experience of those before it, which takes as long as the rest together.
        """
        closings = self._few_closings[:1] or None
        return self.once(
            ("forecast_backtest", weeks, future_sales),
            lambda: backtest_forecast(self._known, closings, weeks=weeks, future_sales=future_sales, progress=progress),
        )

    @cached_property
    def _known(self) -> Ledger:
        """The ledger as it was known on the day."""
        return known_by(self.ledger, self.as_of)

    @cached_property
    def _few_closings(self) -> list[pd.Timestamp]:
        """The closings to test on and those after them, of a very large ledger; empty for the usual ones."""
        ends = self._dates[-_FEW_CLOSINGS - _TO_KNOW :]
        few = len(self._known.items) > _MANY_ITEMS and len(ends) == _FEW_CLOSINGS + _TO_KNOW
        return ends if few else []

    @cached_property
    def _dates(self) -> list[pd.Timestamp]:
        return month_ends(self.ledger, self.as_of, months=_MONTHS)
