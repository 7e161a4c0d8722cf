"""The cash of the weeks and months to come: by contract and as customers pay, with the band eight of ten fall in."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, payment_laws
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.measures.flows.disputes import disputed_on
from arlib.schema import HALF_CENT, Days, day_number
from arlib.simulation.base import SimulationBase
from arlib.simulation.covered import covered_day
from arlib.simulation.forecast.basis import Basis
from arlib.simulation.forecast.cash import Periods
from arlib.simulation.forecast.claims import open_claims
from arlib.simulation.forecast.experience import PastClosings
from arlib.simulation.forecast.notes import notes_of, nothing_told
from arlib.simulation.forecast.outlook import NEVER_HELD, week_ends
from arlib.simulation.forecast.promises import Agreed, Promises, agreed
from arlib.simulation.forecast.sales_ahead import SalesAhead, planned_sales, sales_ahead
from arlib.simulation.forecast.tables import by_customer, by_period
from arlib.simulation.policies.policy import LONGEST_ADVANCE
from arlib.words import Sentence, say

WEEKS, MOST_WEEKS = 13, 52
MONTHS, MOST_MONTHS = 12, 36


@dataclass(frozen=True, eq=False)
class CashForecast:
    """The cash expected, and what it rests on.

    Attributes:
        weekly: one row a week: week (1 is the seven days after the day asked), starts_on, ends_on; contractual, what
            would come in if every invoice were paid on its due date, what is overdue in the first week; expected, what
            customers are expected to pay, from_open and from_future adding up to it; p10, p50, p90, its percentiles;
            promised and disputed, parts of from_open. contractual, expected, p10, p50 and p90 also cumulated since
            the day asked (`_cumulated`): percentiles of a sum, not sums of percentiles.
        monthly: one row a calendar month with the same columns, month instead of week; the first one begins the day
            after the day asked.
        by_customer: one row a customer who owes or is expected to buy, and a week, those who bring most first:
            customer_id, week, open_amount (owed on the day), expected, from_open, from_future, next_expected_on (the
            first day by which one of its open items is paid more likely than not; missing beyond a year). They add
            up to `weekly`.
        notes: what the forecast rests on, how earlier ones did, and what the band does not hold.
        as_of: the day asked.
        currency: of the amounts.
    """

    weekly: pd.DataFrame
    monthly: pd.DataFrame
    by_customer: pd.DataFrame
    notes: tuple[Sentence, ...]
    as_of: pd.Timestamp
    currency: str


def forecast_cash(  # noqa: PLR0913 - what a forecast is told, and what is at hand
    source: Ledger | SimulationBase,
    as_of: Day | None = None,
    *,
    weeks: int = WEEKS,
    months: int = MONTHS,
    promises: Promises | pd.DataFrame | None = None,
    disputes_held_until: Day | None = None,
    future_sales: bool = True,
    laws: PaymentLaws | None = None,
) -> CashForecast:
    """The cash of the next weeks and months, from what was known on the day and nothing later.

    What is open is paid by each customer's payment law given that it is unpaid on the day; the invoices to come are
    those of a year ago at today's level of sales (`sales_ahead`), paid by the same laws from their due dates on, and
    none where the sales of the file stop before the day. Week
    by week, the laws are set right by what they got wrong at earlier closings of the same ledger (`Experience`).
    Credits not applied to any invoice bring nothing and are not taken off.

    The band takes payments of one customer as neither independent nor one bet (`Cash.spread`), is as much wider or
    narrower as errors of earlier closings were, wider where few closings told, and adds the doubts about the level of
    sales and about what is never paid. Its law may bring nothing at all and never a negative amount (`cash_quantile`).
    In closed form: no draws.

    Args:
        source: a ledger, or what `prepare` made of it with a plan of sales, a season or facts: then its laws and its
            plan of sales are used as they are.
        as_of: the day asked; the ledger's last one by default; left out when `source` is prepared.
        weeks: how many weeks, 1 to 52.
        months: how many calendar months, 1 to 36.
        promises: promises to pay, a row each: customer_id or item_id, amount, promised_on, and made_on where it is
            known; or a `Promises`, which can say which share is kept.
        disputes_held_until: the day before which nothing comes in of what is disputed; by default it is paid like the
            rest, since the laws count invoices that were disputed too.
        future_sales: whether invoices to come count.
        laws: `payment_laws(ledger, as_of)`, where they are at hand; a prepared source brings its own.

    Raises:
        ArlibError: the ledger does not speak for the day, no payment is known by it, nothing at all is expected after
            it, weeks or months are out of range, promises cannot be used, or a prepared source is asked for another
            day or a longer time than it was prepared for.
    """
    if not (1 <= weeks <= MOST_WEEKS and 1 <= months <= MOST_MONTHS):
        raise ArlibError(say("forecast.range", weeks=weeks, months=months))
    ledger, laws = _known(source, as_of, laws)
    today = day_number(laws.as_of)
    ends = week_ends(today, weeks), month_ends_after(today, months)
    days, opened = int(max(each[-1] for each in ends)) - today, open_claims(ledger, laws)
    basis = Basis(
        ledger=ledger,
        laws=laws,
        periods=Periods.ending(today, *ends),
        opened=opened,
        agreed=Agreed.none(opened) if promises is None else agreed(ledger, laws, opened, Promises.of(promises)),
        ahead=_ahead(source, laws, days) if future_sales else None,
        experience=PastClosings(ledger, today, weeks).before(today),
        disputed=disputed_on(ledger, laws.as_of),
        held_until=NEVER_HELD if disputes_held_until is None else day_number(as_day(disputes_held_until)),
    )
    if not (basis.outlook.expected > HALF_CENT).any():
        raise ArlibError(nothing_told(basis))
    return CashForecast(
        weekly=by_period(basis, "week", 0, ends[0]),
        monthly=by_period(basis, "month", 2 * weeks, ends[1]),
        by_customer=by_customer(basis, weeks),
        notes=notes_of(basis),
        as_of=laws.as_of,
        currency=ledger.currency,
    )


def month_ends_after(day: int, months: int) -> Days:
    """The last days of the months that follow a day, the first one being the month of the next day."""
    first = np.array(day + 1).astype("datetime64[D]").astype("datetime64[M]")
    return np.asarray((first + 1 + np.arange(months)).astype("datetime64[D]").astype(np.int64) - 1)


def _known(source: Ledger | SimulationBase, as_of: Day | None, laws: PaymentLaws | None) -> tuple[Ledger, PaymentLaws]:
    """The ledger and the laws of the day."""
    if isinstance(source, Ledger):
        day = covered_day(source, as_of)
        if laws is not None and laws.as_of != day:
            raise ArlibError(say("collection.worklist.other_day", day=laws.as_of, asked=day))
        return source, laws or payment_laws(source, day)
    if as_of is not None and as_day(as_of) != source.as_of:
        raise ArlibError(say("simulation.prepared", day=source.as_of, days=source.horizon))
    return source.ledger, source.laws


def _ahead(source: Ledger | SimulationBase, laws: PaymentLaws, days: int) -> SalesAhead:
    """The invoices to come within some days."""
    if isinstance(source, Ledger):
        return sales_ahead(source, laws, days)
    if days > source.horizon + LONGEST_ADVANCE:
        raise ArlibError(say("simulation.prepared", day=source.as_of, days=source.horizon))
    return planned_sales(source.plan, laws, days, source.sales_risk)
