"""Credit limits in words: what binds, from what numbers, what would change it, what a person should look at."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.risk.limits.caps import CAPS
from arlib.risk.limits.policy import LimitPolicy
from arlib.words import Language, Sentence, say

_COLUMNS = (
    *("suggested_limit", "binding", "fact", "grade", "p_late", "insufficient_history", "in_ledger"),
    *("need", "peak_month", "peak_billing", "terms_days", "delay_days"),
    *("equity", "capacity", "agreed_cover", "budget", "unpaid_share"),
    *("quota", "quota_told", "cover_state", "cover_ends_on"),
    *("exposure", "credit_limit", "over_limit", "wrong_limit", "group", "group_exposure", "group_limit", "group_over"),
)


class _Case(NamedTuple):
    """What of one customer its sentences tell; the fields are the columns of `_COLUMNS`."""

    limit: float
    binding: str
    fact: Sentence | None
    grade: str
    p_late: float
    little: bool
    in_ledger: bool
    need: float
    month: pd.Timestamp
    peak: float
    terms: float
    delay: float
    equity: float
    capacity: float
    cover: float
    budget: float
    unpaid: float
    quota: float
    quota_told: bool
    cover_state: str
    ends_on: pd.Timestamp
    exposure: float
    in_force: float
    over: float
    wrong_limit: float
    group: str
    group_exposure: float
    group_limit: float
    group_over: float


def limit_reasons(
    limits: pd.DataFrame, loss_budget: float | None, policy: LimitPolicy, language: Language, beyond: Sentence | None
) -> "pd.Series[str]":
    """The sentences of each customer, in one text, ended by `beyond`; aligned with `limits`."""
    cases = (_Case(*row) for row in zip(*(limits[name].tolist() for name in _COLUMNS), strict=True))
    last = [] if beyond is None else [beyond]
    told = ([*_sentences(case, loss_budget, policy), *last] for case in cases)
    written = [" ".join(each.text(language) for each in sentences) for sentences in told]
    return pd.Series(written, index=limits.index, dtype="str")


def _sentences(case: _Case, loss_budget: float | None, policy: LimitPolicy) -> Iterator[Sentence]:
    yield from _bound(case, loss_budget, policy)
    if not case.in_ledger:
        yield say("risk.limit.stranger")
    elif case.little and case.limit > 0:
        yield say("risk.limit.little_history")
    if case.over > 0:
        yield say("risk.limit.over", exposure=case.exposure, over=case.over, limit=case.in_force)
    if case.group_over > 0:
        told = {"exposure": case.group_exposure, "limit": case.group_limit, "over": case.group_over}
        yield say("risk.limit.of_group_over", group=case.group, **told)
    if case.wrong_limit < 0:
        yield say("risk.limit.below_zero", limit=case.wrong_limit)
    yield from news_of_cover(case.cover_state, case.ends_on, case.fact)


def news_of_cover(state: str, ends_on: pd.Timestamp, fact: Sentence | None) -> Iterator[Sentence]:
    """What to mind of the insurer's word: that it ends, has ended, or is a refusal that forbids nothing any more."""
    if state in ("ending", "expired"):
        yield say(f"risk.limit.cover_{state}", day=ends_on)
    elif state in ("refused", "withdrawn") and fact is None:
        yield say(f"risk.limit.cover_{state}")


def _bound(case: _Case, loss_budget: float | None, policy: LimitPolicy) -> Iterator[Sentence]:
    """What binds and from what numbers, then what would change it."""
    if case.binding in ("override", "grade"):
        yield from no_credit(case.grade, case.p_late, case.fact, policy)
    elif not case.binding:
        yield say("risk.limit.binds.undated" if np.isnan(case.peak) else "risk.limit.binds.nothing")
    elif case.binding == "need" and not case.peak > 0:
        yield say("risk.limit.binds.no_sales")
    else:
        yield _numbers(case, loss_budget, policy)
        yield _change(case)


def no_credit(grade: str, p_late: float, fact: Sentence | None, policy: LimitPolicy) -> Iterator[Sentence]:
    """Why a customer has no credit at all: the fact that forbids it, or its grade."""
    if fact is not None:
        yield fact
        yield say("risk.limit.binds.fact")
    else:
        yield say("risk.limit.binds.grade", grade=grade, share=p_late, days=policy.days_late)


def _numbers(case: _Case, loss_budget: float | None, policy: LimitPolicy) -> Sentence:
    paid = {"share": policy.paid_share, "days": policy.longest_delay}
    values: dict[str, dict[str, object]] = {
        "need": {
            "peak": case.peak,
            "month": case.month,
            "terms": case.terms,
            "delay": case.delay,
            "why": say(f"risk.limit.delay.{'longest' if case.delay >= policy.longest_delay else 'paid'}", **paid),
        },
        "capacity": {
            "share": policy.equity_share,
            "equity": case.equity,
            "worth": policy.grades.get(case.grade, np.nan),
            "grade": case.grade,
        },
        "cover": {"borne": say(f"risk.limit.quota.{'told' if case.quota_told else 'usual'}", share=case.quota)},
        "budget": {"loss": loss_budget, "unpaid": case.unpaid, "lost": policy.loss_share, "borne": 1 - case.quota},
    }
    told = {"limit": case.limit, "cap": _caps(case)[case.binding]}
    return say(f"risk.limit.binds.{case.binding}", **told, **values[case.binding])


def _change(case: _Case) -> Sentence:
    """What would raise the limit, and the bound that would then be the next."""
    what = say(f"risk.limit.raised_by.{case.binding}")
    others = {name: amount for name, amount in _caps(case).items() if name != case.binding and not np.isnan(amount)}
    if not others:
        return say("risk.limit.nothing_else", what=what)
    nearest = min(others, key=others.__getitem__)
    return say("risk.limit.next", what=what, cap=say(f"risk.limit.cap.{nearest}"), amount=others[nearest])


def _caps(case: _Case) -> dict[str, float]:
    return dict(zip(CAPS, (case.need, case.capacity, case.cover, case.budget), strict=True))
