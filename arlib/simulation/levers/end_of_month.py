"""The two readings of days "end of month", by the day of the month on which a company invoices."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.dso.standing import together
from arlib.schema import HALF_CENT, Codes, Days, Flags, Floats, day_number, sum_by_code
from arlib.simulation.base import SimulationBase, prepare
from arlib.simulation.figures.methods import month_mean
from arlib.simulation.flows import gather
from arlib.simulation.levers.lever import Row, told
from arlib.simulation.policies.policy import Policy
from arlib.simulation.sales.plan import SalesPlan
from arlib.simulation.simulate import simulate
from arlib.terms import EndOfMonth, PaymentTerms
from arlib.terms.periods import first_days, last_days, months_of, next_day
from arlib.words import Sentence, say

READINGS: tuple[EndOfMonth, ...] = ("before_days", "after_days")
_FIRST, _FIFTEENTH = 1, 15
_WAITS = 0.5  # days on average: less is invoices sooner and later by as much
_EXACT = 9  # decimals of a day: further ones are what adding up leaves


def end_of_month_readings(source: Ledger | SimulationBase, as_of: Day | None = None, *, days: int = 45) -> pd.DataFrame:
    """What "45 days end of month" grants, brings and costs in either reading, by when in the month invoices go out.

    The days are counted from the end of the month of the invoice (`before_days`), or counted first and the month then
    completed (`after_days`); French law accepts both. On average over the days of a month they grant the same; to a
    company that invoices on its last day they do not.

    Invoicing: `as_now`, on the days invoices come back on; `month_end`, all invoices of a month on its last
    day; `first` and `fifteenth`, on the next such day of a month; `spread`, evenly over the days of their month, in the
    same order. None goes out before tomorrow.

    Args:
        source: a ledger, or what `prepare` made of it.
        as_of: the day asked, the ledger's last one by default; left out when `source` is prepared.
        days: the days of the terms.

    Returns:
        One row an invoicing and reading: invoicing, reading, terms (`PaymentTerms`), days_granted (mean of the invoices
        to come, weighted by amount), days_apart (granted beyond the other reading), days_later (that invoices go out
        later than as now, likewise; they are sooner where it is negative), dso (mean of the last half of the
        horizon, when what was open has run off), receivable (likewise), cash (received by the last day), cash_gained
        (`Simulation.summary`: beyond today's terms and invoicing, what invoices that go out later bring later is in
        it), sentence.

    Raises:
        ArlibError: no invoice is expected within the horizon, it was prepared for another day; or as `prepare`.
    """
    base = source if isinstance(source, SimulationBase) else prepare(source, as_of)
    if not (base.plan.issue <= base.horizon).any():
        raise ArlibError(say("simulation.lever.no_sales", days=base.horizon))
    today = _cash_month(base, simulate(base, (), as_of).daily)[0]
    frames = [_read(base, invoicing, issue, days) for invoicing, issue in _issues(base.plan, base.as_of).items()]
    readings = pd.concat(frames, ignore_index=True)
    readings["cash_gained"] -= today
    return told(readings, _sentence)


def _issues(plan: SalesPlan, as_of: pd.Timestamp) -> Mapping[str, Days]:
    """Days of issue of the invoices of a plan, by when in the month they go out."""
    today = day_number(as_of)
    issued = plan.issue + today
    calendar = {
        "as_now": issued,
        "month_end": last_days(months_of(issued)),
        "first": next_day(issued, _FIRST),
        "fifteenth": next_day(issued, _FIFTEENTH),
        "spread": _spread(issued, plan.amount, plan.order),
    }
    return MappingProxyType({invoicing: np.maximum(days - today, 1) for invoicing, days in calendar.items()})


def _spread(issued: Days, amount: Floats, order: Codes) -> Days:
    """Each month's invoices moved within it, in order, so that its days bill the same, as nearly as invoices allow.

    The middle of an invoice, in what its month has billed by then, is where in the month it goes out. `order` has the
    positions of the invoices by day of issue.
    """
    month = months_of(issued)
    _, code = np.unique(month[order], return_inverse=True)
    size = int(code.max(initial=-1)) + 1
    each = amount[order]
    of_month = sum_by_code(code, each, size)
    before = np.cumsum(each) - each - (np.cumsum(of_month) - of_month)[code]
    part = np.divide(before + each / 2, of_month[code], out=np.full(len(each), 0.5), where=of_month[code] > 0)
    first, last = first_days(month[order]), last_days(month[order])
    days = np.empty_like(issued)
    after = np.floor(np.round(np.clip(part, 0, 1) * (last - first + 1), _EXACT)).astype(np.int64)
    days[order] = np.minimum(first + after, last)
    return days


def _invoiced(base: SimulationBase, issue: Days) -> SimulationBase:
    """The same invoices to come, issued on other days; their due dates follow from the terms that are tried."""
    if np.array_equal(issue, base.plan.issue):
        return base
    today, plan = day_number(base.as_of), base.plan
    due = plan.written.due_days(issue + today, plan.due - plan.issue) - today
    plan = replace(plan, issue=issue, due=due)
    return replace(base, plan=plan, cells=gather(plan, base.laws, np.ones(len(issue), dtype=bool)))


def _read(base: SimulationBase, invoicing: str, issue: Days, days: int) -> pd.DataFrame:
    """The rows of one way of invoicing, one a reading."""
    tried = {reading: PaymentTerms(days, reading) for reading in READINGS}
    policies = [Policy(reading, terms) for reading, terms in tried.items()]
    simulated = simulate(_invoiced(base, issue), policies).daily
    daily = simulated.set_index("policy")
    granted = np.array([_granted(base, issue, terms) for terms in tried.values()])
    settled = daily[daily["day"] > base.as_of + pd.Timedelta(days=base.horizon // 2)]
    means = settled.groupby("policy")[["dso", "receivable"]].mean().loc[list(READINGS)]
    return pd.DataFrame(
        {
            "invoicing": invoicing,
            "reading": READINGS,
            "terms": list(tried.values()),
            "days_granted": granted,
            "days_apart": granted - granted[::-1],
            "days_later": _weighted(base.plan.amount, issue - base.plan.issue, base.plan.issue <= base.horizon),
            "dso": means["dso"].to_numpy(),
            "receivable": means["receivable"].to_numpy(),
            "cash": daily.groupby("policy")["cash"].sum().loc[list(READINGS)].to_numpy(),
            "cash_gained": _cash_month(base, simulated)[1:],
        }
    )


def _cash_month(base: SimulationBase, daily: pd.DataFrame) -> Floats:
    """(policies,) what has come in by each of the last 30 days, on average, today's terms first."""
    return month_mean(daily["cash_cumulated"].to_numpy(np.float64).reshape(-1, base.horizon + 1))


def _granted(base: SimulationBase, issue: Days, terms: PaymentTerms) -> float:
    """Mean days from issue to due date of the invoices to come, weighted by amount; nan where they bill nothing."""
    issued = issue + day_number(base.as_of)
    return _weighted(base.plan.amount, terms.due_days(issued) - issued, issue <= base.horizon)


def _weighted(amount: Floats, days: Days, within: Flags) -> float:
    """Mean days of some invoices, weighted by amount; nan where they bill nothing."""
    billed = float(amount[within].sum())
    return float(amount[within] @ days[within]) / billed if billed > HALF_CENT else np.nan


def _sentence(row: Row) -> Sentence:
    read = say(
        "simulation.lever.reading",
        terms=row["terms"].sentence(),
        invoicing=say(f"simulation.lever.invoicing.{row['invoicing']}"),
        granted=row["days_granted"],
        apart=row["days_apart"],
        dso=row["dso"],
        cash=row["cash_gained"],
    )
    waits = say("simulation.lever.reading_waits", later=row["days_later"]) if row["days_later"] >= _WAITS else None
    return together(read, waits) or read
