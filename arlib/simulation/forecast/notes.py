"""What a forecast rests on, in sentences; what it lacks comes first."""

import numpy as np

from arlib.ledger import open_amounts
from arlib.schema import to_dates
from arlib.simulation.assumptions import money_told
from arlib.simulation.backtest.outcome import Actual
from arlib.simulation.covered import dated_edge
from arlib.simulation.forecast.basis import Basis
from arlib.simulation.forecast.outlook import NEVER_HELD, PRIOR_FREEDOM
from arlib.simulation.forecast.quantiles import student_factor
from arlib.simulation.sales.dated import LEGAL_DAYS
from arlib.simulation.sales.plan import YEAR
from arlib.simulation.sales.risk import level_told
from arlib.words import Sentence, say


def notes_of(basis: Basis) -> tuple[Sentence, ...]:
    """What the file lacks, what is open, promised and to come; how earlier closings did; what the band holds."""
    told = (*_lacking(basis), *_opened(basis), *basis.agreed.notes, *_ahead(basis), *money_told(basis.laws))
    return (*told, _experience(basis), *_lumpy(basis), say("forecast.band"))


def nothing_told(basis: Basis) -> Sentence:
    """That nothing at all is expected, and why."""
    opened, why = basis.opened.amount, _ahead(basis)[0]
    return say("forecast.nothing", day=basis.laws.as_of, items=len(opened), owed=float(opened.sum()), why=why)


def _lacking(basis: Basis) -> list[Sentence]:
    """What the file does not hold on the day: invoice dates, what was unpaid at its end."""
    actual, today = Actual.of(basis.ledger), np.array([basis.today])
    told = [say("forecast.undated_file")] if actual.undated else []
    return [*told, say("forecast.cut", day=basis.laws.as_of)] if actual.cut(today, today)[0] else told


def _lumpy(basis: Basis) -> list[Sentence]:
    """The weeks whose mean is above their band: a large payment may come in them, and most likely does not."""
    outlook, weeks = basis.outlook, len(basis.experience.pace)
    above = outlook.expected[:weeks].round(2) > outlook.band[2][:weeks].round(2)
    which = [str(week) for week in np.flatnonzero(above) + 1]
    return [say("forecast.lumpy", weeks=len(which), which=which)] if which else []


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
        return [_none_ahead(basis)]
    key = "forecast.sales" if plan.period == YEAR else "forecast.sales_young"
    told = [say(key, sales=plan.sold, weeks=plan.period // 7), *level_told(plan, ahead.risk)]
    return [*told, *plan.on_days, *plan.notes]


def _none_ahead(basis: Basis) -> Sentence:
    """Why no sales to come are told: those of the file stop, or there are too few."""
    edge = dated_edge(basis.ledger, np.array([basis.today]))
    if not edge.beyond[0]:
        return say("forecast.no_sales", day=basis.laws.as_of)
    last, documents = edge.sold.told()["last"], int(edge.documents[0])
    return say("forecast.sales_stopped", day=basis.laws.as_of, last=last, documents=documents)


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
