"""What one forecast rests on: laws, claims, promises, disputes, sales to come, and what earlier closings taught."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.ledger import Ledger
from arlib.schema import Flags, Floats, day_number
from arlib.simulation.forecast.baselines import contractual
from arlib.simulation.forecast.cash import Cash, Periods, cash_of
from arlib.simulation.forecast.claims import Claims, never_paid
from arlib.simulation.forecast.experience import Experience
from arlib.simulation.forecast.outlook import Outlook, by_law, promised_shares
from arlib.simulation.forecast.promises import Agreed
from arlib.simulation.forecast.sales_ahead import SalesAhead


@dataclass(frozen=True, eq=False)
class Basis:
    """Everything known on the day asked.

    Attributes:
        ledger: the ledger.
        laws: the payment laws.
        periods: the periods asked about.
        opened: what is open.
        agreed: promises, and what is open without them.
        ahead: the invoices to come; None where none are counted.
        experience: what earlier closings taught.
        disputed: (items,) whether an item is disputed.
        held_until: the day number before which nothing comes in of these.
    """

    ledger: Ledger
    laws: PaymentLaws
    periods: Periods
    opened: Claims
    agreed: Agreed
    ahead: SalesAhead | None
    experience: Experience
    disputed: Flags
    held_until: int

    @property
    def today(self) -> int:
        """The day number of the day asked."""
        return day_number(self.laws.as_of)

    @cached_property
    def promised(self) -> Cash:
        """What promises bring."""
        shares = promised_shares(self.periods, self.agreed.kept_share)
        return cash_of(self.agreed.promises, len(self.laws.customers), self.periods, shares)

    @cached_property
    def outlook(self) -> Outlook:
        """What is expected in all."""
        size, none = len(self.laws.customers), Claims.none()
        ahead = none if self.ahead is None else self.ahead.claims
        shares = by_law(self.laws, self.periods, self.experience)
        return Outlook(
            periods=self.periods,
            opened=self._of_rest(self.agreed.rest) + self.promised,
            ahead=cash_of(ahead, size, self.periods, shares),
            experience=self.experience,
            doubt=0.0 if self.ahead is None else self.ahead.risk.level,
            never=self._never,
            most=float(self.opened.amount.sum()) if self.ahead is None else np.inf,
        )

    @cached_property
    def from_disputed(self) -> Floats:
        """(periods,) what is expected of disputed items, promises left out."""
        rest = self.agreed.rest
        return self._of_rest(rest.taken(self.disputed[rest.item])).expected

    @cached_property
    def contractual(self) -> Floats:
        """(periods,) what would come in on the due dates."""
        total = contractual(self.opened, self.periods)
        return total if self.ahead is None else total + contractual(self.ahead.claims, self.periods)

    @property
    def _never(self) -> float:
        """What is open and never expected, promises left out, as a share of what is open and expected some day."""
        never = never_paid(self.laws, self.agreed.rest)
        ever = float(self.opened.amount.sum()) - never
        return never / ever if ever > 0 else 0.0

    def _of_rest(self, claims: Claims) -> Cash:
        shares = by_law(self.laws, self.periods, self.experience, self.disputed, self.held_until)
        return cash_of(claims, len(self.laws.customers), self.periods, shares)
