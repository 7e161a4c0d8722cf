"""An order to accept, to accept against a deposit, or to refuse: with the reasons, and the least deposit that fits."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.risk.limits.policy import LimitPolicy, read_limit_policy
from arlib.risk.limits.wording import news_of_cover, no_credit
from arlib.words import Language, Sentence, say

_REFUSED = ("override", "grade")  # what binds a limit of customers that have no credit at all


@dataclass(frozen=True)
class OrderDecision:
    """What to do with an order, and why.

    Attributes:
        customer_id: the customer.
        name: its name.
        amount: of the order, tax included.
        decision: "accept", "deposit" or "refuse".
        deposit: what must be paid before delivery: 0 where accepted, nan where refused. The least multiple of the
            policy's step that brings the exposure of the customer, and of its group, back to the limit. Where they
            are over their limit already it is more than the order: the rest pays what is owed.
        limit: what exposure is held against: the one asked, else the limit in force, else the suggested one, else 0.
        exposure: before the order; exposure_after: with it, the deposit not taken off.
        uninsured_after: what of the exposure with the order, the deposit taken off, no insurer pays.
        group: the customer's group, "" without one, with group_exposure_after and group_limit, nan without one.
        reasons: one sentence each.
    """

    customer_id: str
    name: str
    amount: float
    decision: Literal["accept", "deposit", "refuse"]
    deposit: float
    limit: float
    exposure: float
    exposure_after: float
    uninsured_after: float
    group: str
    group_exposure_after: float
    group_limit: float
    reasons: tuple[Sentence, ...]

    def text(self, language: Language = "en") -> str:
        """The decision and its reasons, in a language."""
        return " ".join(reason.text(language) for reason in self.reasons)


@dataclass(frozen=True)
class _Asked:
    """An order, and what it is held against; `source` says where the limit comes from."""

    customer: "pd.Series[Any]"
    amount: float
    limit: float
    source: str
    after: float
    group_after: float
    excess: float
    deposit: float


def decide_order(
    limits: pd.DataFrame,
    customer_id: str,
    amount: float,
    *,
    limit: float | None = None,
    policy: LimitPolicy | None = None,
) -> OrderDecision:
    """Accept an order, ask for a deposit, or refuse it.

    Refused where the customer has no credit at all: a fact forbids it, or its grade is worth none. Accepted where
    exposure with the order stays within the limit, that of its group too. Else a deposit, the least that fits.

    Args:
        limits: as `credit_limits` gives them; orders that are in their exposure already are not decided again.
        customer_id: one of its customers.
        amount: of the order, tax included, above 0.
        limit: another limit than the one in force; where none is in force, the suggested one, and 0 where nothing is
            known of the customer: then the whole order is paid before delivery.
        policy: other constants.

    Raises:
        ArlibError: no such customer in `limits`; an amount that is not above 0, a limit below 0.
    """
    found = np.flatnonzero((limits["customer_id"] == customer_id).to_numpy())
    if not len(found):
        raise ArlibError(say("risk.limit.unknown_customer", customer=customer_id))
    ordered = _is_number(amount) and math.isfinite(amount) and round(amount, 2) > 0
    if not ordered or not (limit is None or (_is_number(limit) and limit >= 0)):
        raise ArlibError(say("risk.limit.order_amount"))
    customer, policy = limits.iloc[int(found[0])], policy or read_limit_policy()
    asked = _asked(customer, round(float(amount), 2), limit, policy)
    refused = customer["binding"] in _REFUSED
    decision: Literal["accept", "deposit", "refuse"]
    decision = "refuse" if refused else "deposit" if asked.deposit > 0 else "accept"
    left = max(asked.after - asked.deposit, 0.0)
    return OrderDecision(
        customer_id=customer["customer_id"],
        name=customer["name"],
        amount=asked.amount,
        decision=decision,
        deposit=math.nan if refused else asked.deposit,
        limit=asked.limit,
        exposure=float(customer["exposure"]),
        exposure_after=asked.after,
        uninsured_after=round(left - customer["quota"] * min(left, customer["cover"]), 2),
        group=customer["group"],
        group_exposure_after=asked.group_after,
        group_limit=float(customer["group_limit"]),
        reasons=tuple(_refusal(customer, policy) if refused else _reasons(asked)),
    )


def _is_number(value: object) -> bool:
    """Whether it is one, of any library; a text that looks like one is not."""
    return isinstance(value, Real)


def _asked(customer: "pd.Series[Any]", amount: float, limit: float | None, policy: LimitPolicy) -> _Asked:
    """The exposure an order leads to, and what of it is above the limits."""
    sources = {"asked": limit, "in_force": customer["credit_limit"], "suggested": customer["suggested_limit"]}
    known = {name: float(each) for name, each in sources.items() if each is not None and not math.isnan(each)}
    source, held = next(iter(known.items()), ("unknown", 0.0))
    held = round(held, 2)
    before = float(customer["exposure"])
    after = round(before + amount, 2)
    group_after = round(customer["group_exposure"] - max(before, 0.0) + max(after, 0.0), 2)
    excesses = (after - held, group_after - customer["group_limit"])
    excess = round(max([0.0, *(each for each in excesses if not math.isnan(each))]), 2)
    return _Asked(customer, amount, held, source, after, group_after, excess, _rounded_up(excess, policy.deposit_step))


def _rounded_up(amount: float, step: float) -> float:
    """The least multiple of a step that is not below an amount; in whole cents, which add up exactly."""
    cents, unit = round(amount * 100), round(step * 100)
    return -(-cents // unit) * unit / 100


def _refusal(customer: "pd.Series[Any]", policy: LimitPolicy) -> Iterator[Sentence]:
    yield say("risk.limit.refused")
    yield from no_credit(customer["grade"], customer["p_late"], customer["fact"], policy)


def _reasons(asked: _Asked) -> Iterator[Sentence]:
    customer = asked.customer
    against = say(f"risk.limit.against.{asked.source}", limit=asked.limit)
    if asked.deposit > 0:
        yield say("risk.limit.deposit", deposit=asked.deposit)
        if asked.after > asked.limit:
            yield say("risk.limit.above", after=asked.after, above=asked.after - asked.limit, against=against)
    else:
        yield say("risk.limit.accepted", after=asked.after, against=against)
    if asked.group_after > customer["group_limit"]:
        told = {"group": customer["group"], "after": asked.group_after, "limit": customer["group_limit"]}
        yield say("risk.limit.group_above", above=asked.group_after - customer["group_limit"], **told)
    if asked.deposit > asked.amount:
        yield say("risk.limit.beyond_order", part=asked.deposit - asked.amount)
    if customer["overdue"] > 0:
        yield say("risk.limit.overdue", overdue=customer["overdue"], days=customer["days_overdue"])
    if asked.source == "in_force" and customer["suggested_limit"] < asked.limit:
        yield say("risk.limit.below_in_force", suggested=customer["suggested_limit"], limit=asked.limit)
    yield from news_of_cover(customer["cover_state"], customer["cover_ends_on"], customer["fact"])
