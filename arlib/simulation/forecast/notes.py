"""What a forecast rests on, in sentences."""

import numpy as np

from arlib.ledger import open_amounts
from arlib.schema import to_dates
from arlib.simulation.assumptions import money_told
from arlib.simulation.forecast.basis import Basis
from arlib.simulation.forecast.outlook import NEVER_HELD, PRIOR_FREEDOM
from arlib.simulation.forecast.quantiles import student_factor
from arlib.simulation.sales.dated import LEGAL_DAYS
from arlib.simulation.sales.plan import YEAR
from arlib.simulation.sales.risk import level_told
from arlib.words import Sentence, say


def notes_of(basis: Basis) -> tuple[Sentence, ...]:
    """What is open, disputed, promised and to come; how earlier closings did; what the band holds and what not."""
    told = (*_opened(basis), *basis.agreed.notes, *_ahead(basis), *money_told(basis.laws))
    return (*told, _experience(basis), say("forecast.band"))


def _opened(basis: Basis) -> list[Sentence]:
    laws, amounts = basis.laws, open_amounts(basis.ledger, basis.laws.as_of)
    told = [
        say(
            "forecast.open",
            day=laws.as_of,
            items=len(basis.opened.amount),
            owed=float(basis.opened.amount.sum()),
            unapplied=float(amounts[amounts < 0].sum()),
        )
    ]
    if laws.as_of > basis.ledger.covers[1]:
        told.append(say("forecast.after", last=basis.ledger.covers[1], day=laws.as_of))
    undated = int((basis.ledger.items["due_on"].isna().to_numpy() & (amounts > 0)).sum())
    if undated:
        told.append(say("forecast.undated", items=undated, days=LEGAL_DAYS))
    late = laws.calendar.last_rank(np.array([basis.today])) - laws.calendar.rank(basis.opened.due)
    beyond = float(basis.opened.amount[late >= laws.known_days].sum())
    if beyond:
        told.append(say("simulation.out_of_reach", amount=beyond, days=laws.known_days))
    disputed = float(amounts[basis.disputed & (amounts > 0)].sum())
    if disputed and basis.held_until == NEVER_HELD:
        told.append(say("simulation.disputed", amount=disputed))
    elif disputed:
        until = to_dates(np.array([basis.held_until]))[0]
        told.append(say("forecast.disputed_held", amount=disputed, day=until))
    return told


def _ahead(basis: Basis) -> list[Sentence]:
    if basis.ahead is None:
        return [say("forecast.no_future")]
    ahead, plan = basis.ahead, basis.ahead.plan
    if not len(ahead.claims.amount):
        return [say("forecast.no_sales", day=basis.laws.as_of)]
    key = "forecast.sales" if plan.period == YEAR else "forecast.sales_young"
    told = [say(key, sales=plan.sold, weeks=plan.period // 7), *level_told(plan, ahead.risk)]
    return [*told, *plan.on_days, *plan.notes]


def _experience(basis: Basis) -> Sentence:
    learnt = basis.experience
    if not learnt.closings:
        wider = float(student_factor(np.array([PRIOR_FREEDOM]))[0]) - 1
        return say("forecast.no_experience", wider=wider)
    return say(
        "forecast.experience",
        closings=learnt.closings,
        missed=learnt.missed,
        week=float(learnt.week_spread[0]),
        total=float(learnt.total_spread[-1]),
        pace=float(learnt.pace[0]) - 1,
    )
