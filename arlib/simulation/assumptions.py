"""What a simulation rests on, in sentences."""

import numpy as np

from arlib.behaviour.survival import LAST_DAY
from arlib.simulation.base import SimulationBase
from arlib.simulation.curves import selected_customers
from arlib.simulation.plan import LEGAL_DAYS, YEAR
from arlib.simulation.policy import Policy
from arlib.words import Sentence, say


def assumptions(base: SimulationBase, policies: tuple[Policy, ...], growth: float) -> tuple[Sentence, ...]:
    """Which sales, terms, laws and opening items; what each policy changes; what the band holds and what not."""
    return (
        *_sales(base, growth),
        *_behaviour(base),
        *(_policy(base, policy) for policy in policies),
        say("simulation.band", common=base.shocks.common, own=base.shocks.own, months=base.shocks.months),
        say("simulation.band_without"),
    )


def _sales(base: SimulationBase, growth: float) -> list[Sentence]:
    plan = base.plan
    key = "simulation.sales" if plan.period == YEAR else "simulation.sales_short"
    told = [
        say(key, weeks=plan.period // 7, sales=plan.sold, growth=growth, credited=plan.credited_share),
        say("simulation.terms_today", by_terms=plan.by_terms),
    ]
    if plan.without_due:
        told.append(say("simulation.without_due", share=plan.without_due, days=LEGAL_DAYS))
    return told


def _behaviour(base: SimulationBase) -> list[Sentence]:
    opening = base.opening
    history = base.laws.effective_history[base.concerned]
    told = [
        say(
            "simulation.laws",
            invoices=float(history.sum()),
            without=int((history == 0).sum()),
            day=base.as_of,
            days=LAST_DAY,
        ),
        base.laws.calendar.sentence(),
        say("simulation.opening", items=opening.items, owed=opening.owed, unapplied=opening.unapplied),
    ]
    if opening.without_due:
        told.append(say("simulation.opening_undated", items=opening.without_due, days=LEGAL_DAYS))
    if opening.out_of_reach:
        told.append(say("simulation.out_of_reach", amount=opening.out_of_reach, days=base.laws.known_days))
    if opening.disputed:
        told.append(say("simulation.disputed", amount=opening.disputed))
    return told


def _policy(base: SimulationBase, policy: Policy) -> Sentence:
    plan = base.plan
    theirs = selected_customers(base, policy)[plan.customer]
    total = plan.amount.sum()
    return say(
        "simulation.policy",
        name=policy.name,
        customers=np.count_nonzero(np.bincount(plan.customer[theirs])),
        share=float(plan.amount[theirs].sum() / total) if total else 0.0,
        terms=policy.terms.sentence() if policy.terms else say("simulation.terms_unchanged"),
        follow=policy.follow_share,
        faster=policy.faster_invoicing_days,
    )
