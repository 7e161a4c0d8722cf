"""Which invoices to come a policy is for, and what each of them meets when several policies apply together."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import Codes, Flags, Floats, day_number
from arlib.simulation.base import SimulationBase
from arlib.simulation.flows.opening import Reminders
from arlib.simulation.outlook.lines import first_day, issue_days
from arlib.simulation.policies.policy import Policy
from arlib.words import say

_WHO = ("customers", "segments")  # any of them; of these, countries and amounts leave some
_GROUPED = {"segments": "segment", "countries": "country"}  # columns of the customers
_OF_TERMS = ("terms_days", "follow_share", "discount_adoption")  # what is said of terms, and goes with them
_COSTS = {"cost_per_invoice", "yearly_cost"}  # which no invoice meets
_SHOWN = 20  # unknown names told at most


class Treatment(NamedTuple):
    """What some invoices to come meet.

    Attributes:
        chosen: (invoices,) which they are; or, where a share of an invoice is meant, that share.
        policy: the levers, without scope, parts or a discount by customer; a credit stop is a deposit of 1.
        reminded_after: the day, counted from the one asked, by whose end the reminders have not begun.
    """

    chosen: Flags | Floats
    policy: Policy
    reminded_after: int = 0

    @property
    def paid_by(self) -> "PaidBy":
        """How what is billed is paid."""
        policy = self.policy
        taken = policy.discount_adoption
        discount = 0.0 if isinstance(taken, Mapping) else (1 - policy.deposit_share) * taken
        debited = (1 - policy.deposit_share - discount) * policy.direct_debit_share * (1 - policy.returned_share)
        return PaidBy(policy.deposit_share, discount, debited, 1 - policy.deposit_share - discount - debited)


class PaidBy(NamedTuple):
    """Shares of what is billed, which add up to 1: by deposit, with the discount, by direct debit, by one's own law."""

    deposit: float
    discount: float
    direct_debit: float
    own_law: float


def customers_in_scope(base: SimulationBase, policy: Policy) -> Flags:
    """(customers,) whether a policy is for each customer of the laws, amounts left aside; of one part at least.

    Raises:
        ArlibError: the policy names a customer, a segment or a country the ledger does not have.
    """
    if policy.parts:
        return np.asarray(np.logical_or.reduce([customers_in_scope(base, part) for part in policy.parts]))
    if isinstance(policy.discount_adoption, Mapping):
        _positions(policy, "customers", policy.discount_adoption, base.laws.customers)
    wanted = [_members(base, policy, kind) for kind in _WHO if getattr(policy, kind) is not None]
    chosen = np.logical_or.reduce(wanted) if wanted else np.ones(len(base.laws.customers), dtype=bool)
    return np.asarray(chosen if policy.countries is None else chosen & _members(base, policy, "countries"))


def invoices_in_scope(base: SimulationBase, policy: Policy) -> Flags:
    """(invoices,) whether a policy is for each invoice of the plan: its customer, amount made out, day of issue.

    Raises:
        ArlibError: as `customers_in_scope`.
    """
    if policy.parts:
        return np.asarray(np.logical_or.reduce([invoices_in_scope(base, part) for part in policy.parts]))
    plan = base.plan
    chosen = customers_in_scope(base, policy)[plan.customer]
    if policy.amount_from is not None:
        chosen &= plan.invoiced >= policy.amount_from
    if policy.amount_below is not None:
        chosen &= plan.invoiced < policy.amount_below
    if policy.invoices_from is not None:
        chosen &= plan.issue >= first_day(policy, day_number(base.as_of))
    return np.asarray(chosen)


def treatments(base: SimulationBase, policy: Policy) -> list[Treatment]:
    """What the invoices a policy changes meet: no two for one invoice, unless their shares of it add up to 1.

    Where parts overlap, each combination of them is one treatment. Where a discount is taken by customer, the share
    of billing that takes it is one treatment and the rest another.

    Raises:
        ArlibError: as `customers_in_scope`.
    """
    scopes = [each for part in policy.parts or (policy,) for each in _scopes(base, part)]
    met = [(part, scope) for part, scope in scopes if set(part.levers) - _COSTS]
    if not met:
        return []
    found, combination = _combinations([scope for _, scope in met])
    made = []
    for code, applied in enumerate(found):
        parts = [part for (part, _), one in zip(met, applied, strict=True) if one]
        merged = _merged(policy.name, parts)
        if merged.changes:
            made += _by_adoption(base, Treatment(combination == code, merged, _reminded_after(base, parts)))
    return made


def _scopes(base: SimulationBase, part: Policy) -> list[tuple[Policy, Flags]]:
    """The invoices of the plan a policy not made of parts is for; those issued before that its reminders reach."""
    begins = first_day(part, day_number(base.as_of))
    if part.lateness_factor == 1 or begins == 1 or new_invoices_only(part):
        return [(part, invoices_in_scope(base, part))]
    theirs = customers_in_scope(base, part)[base.plan.customer]
    if not set(part.levers) - _COSTS - {"lateness_factor"}:
        return [(part, theirs)]
    before = (part.with_levers({"lateness_factor"}), theirs & (base.plan.issue < begins))
    return [(part, invoices_in_scope(base, part)), before]


def _reminded_after(base: SimulationBase, parts: Iterable[Policy]) -> int:
    """The eve of the first day of the last of some policies, not made of parts, that reminds what is open."""
    days = [_eve(base, part) for part in parts if part.lateness_factor != 1]
    return days[-1] if days else 0


def _eve(base: SimulationBase, part: Policy) -> int:
    """The last day on which a policy not made of parts reminds nobody; 0 where what is open then is left out."""
    return 0 if new_invoices_only(part) else first_day(part, day_number(base.as_of)) - 1


def reached(base: SimulationBase, policy: Policy, horizon: int) -> Flags:
    """(invoices,) which invoices a policy, not made of parts, is for that it sees issued by a last day.

    Raises:
        ArlibError: as `customers_in_scope`.
    """
    issued = issue_days(policy, day_number(base.as_of), base.plan.issue)
    return invoices_in_scope(base, policy) & (issued <= horizon)


def reaches_any(base: SimulationBase, policy: Policy, horizon: int) -> bool:
    """Whether a policy is for any invoice issued by a last day, or its reminders for anything open."""
    parts = policy.parts or (policy,)
    opened = reminders_of_opening(base, policy).lateness[base.opening.customers] != 1
    return bool(opened.any()) or any(reached(base, part, horizon).any() for part in parts)


def new_invoices_only(policy: Policy) -> bool:
    """Whether reminders do not reach what is issued before they begin: not to, or for amounts, the rest by customer."""
    return policy.new_invoices_only or policy.amount_from is not None or policy.amount_below is not None


def share_by_customer(base: SimulationBase, shares: Mapping[str, float]) -> Floats:
    """(customers,) shares given by customer_id, 0 for the others."""
    known = np.zeros(len(base.laws.customers))
    known[base.laws.customers.get_indexer(pd.Index(list(shares)))] = list(shares.values())
    return known


def reminders_of_opening(base: SimulationBase, policy: Policy) -> Reminders:
    """By how much reminders make what is open later or sooner, and from when; the last part that does counts."""
    size = len(base.laws.customers)
    reminders = Reminders(np.ones(size), np.zeros(size, dtype=np.int64))
    for part in policy.parts or (policy,):
        if part.lateness_factor != 1 and not new_invoices_only(part):
            theirs = customers_in_scope(base, part)
            reminders.lateness[theirs], reminders.after[theirs] = part.lateness_factor, _eve(base, part)
    return reminders


def _members(base: SimulationBase, policy: Policy, kind: str) -> Flags:
    """(customers,) whether each is one of the customers, segments or countries a policy names."""
    code, known = _groups(base, kind)
    named = np.zeros(len(known) + 1, dtype=bool)  # the last one for customers of no group, whose code is -1
    named[_positions(policy, kind, getattr(policy, kind), known)] = True
    return np.asarray(named[code])


def _groups(base: SimulationBase, kind: str) -> tuple[Codes, "pd.Index[str]"]:
    """(customers,) the group of each, -1 for none, and the names of the groups; each customer is one of its own."""
    if kind not in _GROUPED:
        return np.arange(len(base.laws.customers)), base.laws.customers
    code, known = pd.factorize(base.customers[_GROUPED[kind]])
    return code, pd.Index(known)


def _positions(policy: Policy, kind: str, names: Iterable[str], known: "pd.Index[str]") -> Codes:
    """Where names stand among those known, all of which are."""
    asked = pd.Index(list(names))
    found = known.get_indexer(asked)
    if (found < 0).any():
        told = ", ".join(map(str, asked[found < 0][:_SHOWN]))
        raise ArlibError(say(f"simulation.unknown_{kind}", policy=policy.name, names=told))
    return np.asarray(found)


def _combinations(scopes: list[Flags]) -> tuple[Flags, Codes]:
    """The distinct combinations of scopes that invoices are in, (combinations, scopes), and that of each invoice."""
    found, code = np.zeros((1, 0), dtype=bool), np.zeros(len(scopes[0]), dtype=np.intp)
    for scope in scopes:
        if len(scope) and scope.all():  # it tells no invoices apart
            found = np.column_stack([found, np.ones(len(found), dtype=bool)])
            continue
        code = 2 * code + scope
        used = np.bincount(code, minlength=2 * len(found)) > 0
        both = np.column_stack([np.repeat(found, 2, axis=0), np.tile([False, True], len(found))])
        found, code = both[used], code if used.all() else (np.cumsum(used) - 1)[code]
    return found, code


def _merged(name: str, parts: list[Policy]) -> Policy:
    """The levers of parts in one policy without scope, costs left aside: the last part to set one counts.

    What goes with terms is that of the part whose terms count. What is brought forward is issued on the first day of
    the part that does so, at the earliest.
    """
    levers: dict[str, Any] = {}
    for part in parts:
        set_by_it = {lever: getattr(part, lever) for lever in part.levers}
        if part.terms is not None:
            set_by_it |= {lever: getattr(part, lever) for lever in _OF_TERMS}
        if part.faster_invoicing_days:
            set_by_it["invoices_from"] = part.invoices_from
        levers |= set_by_it
    levers |= dict.fromkeys(_COSTS, 0.0)
    if levers.get("credit_stop"):
        levers |= {"deposit_share": 1.0, "discount_adoption": 0.0, "direct_debit_share": 0.0}
    return Policy(name, **levers)


def _by_adoption(base: SimulationBase, treatment: Treatment) -> list[Treatment]:
    """The invoices as they are; where the discount is taken by customer, the share that takes it and the rest."""
    chosen, policy, after = treatment
    if not isinstance(policy.discount_adoption, Mapping):
        return [treatment]
    share = np.where(chosen, share_by_customer(base, policy.discount_adoption)[base.plan.customer], 0.0)
    shares = ((share, 1.0), (chosen - share, 0.0))
    return [
        Treatment(left, replace(policy, discount_adoption=adopted), after) for left, adopted in shares if left.any()
    ]
