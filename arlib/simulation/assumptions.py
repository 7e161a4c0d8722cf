"""What a simulation rests on, in sentences."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import LAST_DAY
from arlib.schema import HALF_CENT, Flags, day_number
from arlib.simulation.base import SimulationBase
from arlib.simulation.fates import fates_told, without_history
from arlib.simulation.outlook.lines import first_day
from arlib.simulation.policies.policy import LEVERS, Policy
from arlib.simulation.policies.scope import new_invoices_only, reached, share_by_customer
from arlib.simulation.sales.dated import LEGAL_DAYS
from arlib.simulation.sales.past import NEVER
from arlib.simulation.sales.plan import YEAR
from arlib.simulation.sales.risk import level_told
from arlib.words import Sentence, say

_TOLD = 0.0005  # a share below is written 0.0%
_FEWEST_DAYS = 0.5  # by which money comes later or sooner, for it to be worth a sentence


def assumptions(
    base: SimulationBase, policies: tuple[Policy, ...], growth: float | None, horizon: int
) -> tuple[Sentence, ...]:
    """Which sales, terms, laws and opening items; what each policy changes by a last day; what the band holds."""
    risk = base.sales_risk
    return (
        *_sales(base, growth),
        *_behaviour(base),
        *(sentence for policy in policies for sentence in _policies(base, policy, horizon)),
        say("simulation.band", common=base.shocks.common, own=base.shocks.own, months=base.shocks.months),
        *_missed(base),
        say("simulation.band_sales", level=risk.level, noise=risk.noise, weeks=risk.weeks),
        say("simulation.band_without"),
    )


def money_told(laws: PaymentLaws) -> list[Sentence]:
    """By how many days money comes later, or sooner, than the laws say, where that is more than chance."""
    delay = laws.money_delay
    if not delay.beyond_chance or abs(delay.days) < _FEWEST_DAYS:
        return []
    later = delay.days > 0
    ends = (delay.low, delay.high) if later else (-delay.high, -delay.low)
    key = f"simulation.money_{'later' if later else 'sooner'}"
    return [say(key, days=abs(delay.days), low=ends[0], high=ends[1], customers=delay.customers)]


def _missed(base: SimulationBase) -> list[Sentence]:
    """How far the laws of earlier closings missed the quarter that followed."""
    shocks = base.shocks
    return [say("simulation.band_laws", missed=shocks.missed, quarters=shocks.quarters)] if shocks.quarters else []


def _sales(base: SimulationBase, growth: float | None) -> list[Sentence]:
    plan = base.plan
    key = "simulation.sales" if plan.period == YEAR else "simulation.sales_short"
    told = [
        say(key, weeks=plan.period // 7, sales=plan.sold, credited=plan.credited_share),
        *_level(base, growth),
        _terms_today(plan.by_terms),
    ]
    if plan.without_due:
        told.append(say("simulation.without_due", share=plan.without_due, days=LEGAL_DAYS))
    return [*told, *plan.on_days, *plan.notes, *_edge(base)]


def _level(base: SimulationBase, growth: float | None) -> list[Sentence]:
    """What raises or lowers the sales that come back, and how to have it otherwise."""
    if growth is not None:
        return [say("simulation.sales_growth", growth=growth)]
    told = level_told(base.plan, base.sales_risk)
    return [*told, say("simulation.sales_otherwise")] if told else []


def _terms_today(by_terms: float) -> Sentence:
    """What dates invoices under today's terms; a share that would be written as none or all is."""
    if _TOLD <= by_terms <= 1 - _TOLD:
        return say("simulation.terms_today", by_terms=by_terms)
    return say(f"simulation.terms_{'written' if by_terms > _TOLD else 'days'}")


def _edge(base: SimulationBase) -> list[Sentence]:
    """Why the file's edge leaves no DSO: on the day asked, and where the sales that come back are beyond it."""
    past = base.past
    if past.edge is None:
        return []
    if past.last >= base.horizon or past.first == NEVER:
        return [past.edge]
    return [past.edge, say("simulation.plan.edge", day=base.as_of + pd.Timedelta(days=max(past.last, 0)))]


def _behaviour(base: SimulationBase) -> list[Sentence]:
    opening = base.opening
    history = base.laws.effective_history[base.concerned]
    unknown = fates_told(base.laws, base.cells, base.horizon)
    told = [
        say("simulation.laws", invoices=float(history.sum()), day=base.as_of, days=LAST_DAY),
        *without_history(base),
        *([unknown] if unknown else []),
        *money_told(base.laws),
        base.laws.calendar.sentence(),
        say("simulation.opening", items=opening.items, owed=opening.owed),
    ]
    if abs(opening.unapplied) >= HALF_CENT:
        told.append(say("simulation.unapplied", unapplied=opening.unapplied))
    if opening.without_due:
        told.append(say("simulation.opening_undated", items=opening.without_due, days=LEGAL_DAYS))
    if opening.out_of_reach:
        told.append(say("simulation.out_of_reach", amount=opening.out_of_reach, days=base.laws.known_days))
    if opening.disputed:
        told.append(say("simulation.disputed", amount=opening.disputed))
    return told


def _policies(base: SimulationBase, policy: Policy, horizon: int) -> list[Sentence]:
    """A sentence a part of a policy, and which counts where they meet; a policy without parts is its own."""
    if not policy.parts:
        return [_policy(base, policy, policy.name, horizon)]
    told = [_policy(base, part, f"{policy.name} / {part.name}", horizon) for part in policy.parts]
    return [*told, say("simulation.policy.together", name=policy.name)]


def _policy(base: SimulationBase, policy: Policy, name: str, horizon: int) -> Sentence:
    plan = base.plan
    theirs = reached(base, policy, horizon)
    if not theirs.any():
        return say("simulation.policy.nobody", name=name, day=base.as_of + pd.Timedelta(days=horizon))
    everybody = theirs | (plan.issue <= horizon)
    return say(
        "simulation.policy",
        name=name,
        customers=np.count_nonzero(np.bincount(plan.customer[theirs])),
        share=_ratio(float(plan.amount[theirs].sum()), float(plan.amount[everybody].sum())),
        levers=_levers(base, policy, _adoption(base, policy, theirs)) or [say("simulation.terms_unchanged")],
    )


def _levers(base: SimulationBase, policy: Policy, adoption: float) -> list[Sentence]:
    """What a policy sets, lever by lever."""
    values = {name: getattr(policy, name) for name in policy.levers}
    values |= {"terms": policy.terms.sentence()} if policy.terms else {}
    values |= {"discount_adoption": adoption} if "discount_adoption" in values else {}
    told = [say(f"simulation.policy.sets.{name}", value=values[name]) for name in LEVERS if name in values]
    if "lateness_factor" in values:
        later = first_day(policy, day_number(base.as_of)) > 1
        reached = "new_invoices" if new_invoices_only(policy) else "open_then" if later else "open_invoices"
        told.append(say(f"simulation.policy.reaches.{reached}"))
    if policy.invoices_from is not None:
        told.append(say("simulation.policy.sets.invoices_from", value=policy.invoices_from))
    return told


def _adoption(base: SimulationBase, policy: Policy, theirs: Flags) -> float:
    """The share of billing of some invoices that takes the discount."""
    taken = policy.discount_adoption
    if not isinstance(taken, Mapping):
        return taken
    amount, customer = base.plan.amount[theirs], base.plan.customer[theirs]
    return _ratio(float(amount @ share_by_customer(base, taken)[customer]), float(amount.sum()))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
