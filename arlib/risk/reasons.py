"""The points of a score in words, with the facts an auditor can count again."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import FIRST_DAY, weighted_counts
from arlib.words import Language, Sentence, number, say

PARTS = ("points_portfolio", "points_record", "points_recency", "points_open_now", "points_limit")


class _Case(NamedTuple):
    """One customer's points, and the facts behind them."""

    portfolio: int
    record: int
    recency: int
    open_now: int
    limit: int
    little: bool
    invoices: float
    late_share: float
    open: int
    unpaid: int


def reason_texts(scored: pd.DataFrame, laws: PaymentLaws, days_late: int, language: Language) -> list[str]:
    """The reasons of each score, a sentence a part that moves it; in the order of the laws.

    `scored` has the points of `PARTS` and insufficient_history. The late share told is the plain one of
    the settled invoices, parts of invoices added up, which anybody can count; the points follow from the laws,
    which draw it towards the portfolio.
    """
    columns = [scored[name] for name in (*PARTS, "insufficient_history")] + _facts(laws, days_late)
    rate = float(laws.portfolio[days_late - FIRST_DAY])
    cases = (_Case(*row) for row in zip(*columns, strict=True))
    return [" ".join(part.text(language) for part in _sentences(case, rate, days_late, language)) for case in cases]


def _facts(laws: PaymentLaws, days_late: int) -> list["pd.Series[float]"]:
    """Settled invoices, the share of them paid late, open invoices, and those of them past due, by customer."""
    evidence, size = laws.evidence, len(laws.customers)
    customer, paid, late = evidence.customer, evidence.paid, evidence.days_late
    settled = weighted_counts(customer[paid], evidence.weight[paid], size)
    slow = paid & (late > days_late)
    late_invoices = weighted_counts(customer[slow], evidence.weight[slow], size)
    share = np.divide(late_invoices, settled, out=np.full(size, np.nan), where=settled > 0)
    counts = [np.bincount(customer[kept], minlength=size) for kept in (~paid, ~paid & (late > 0))]
    return [pd.Series(column) for column in (settled, share, *counts)]


def _sentences(case: _Case, rate: float, days_late: int, language: Language) -> Iterator[Sentence]:
    yield say("risk.portfolio", share=rate, days=days_late, points=_signed(case.portfolio, language))
    if case.invoices > 0:
        points = _signed(case.record, language)
        shares = {"share": case.late_share, "portfolio": rate, "invoices": case.invoices}
        yield say("risk.record", days=days_late, points=points, **shares)
    else:
        yield say("risk.no_record")
    if case.recency:
        yield say("risk.recency", points=_signed(case.recency, language))
    if case.open_now:
        points = _signed(case.open_now, language)
        yield say("risk.open_now", open=case.open, unpaid=case.unpaid, points=points)
    if case.limit:
        yield say("risk.limit", points=_signed(case.limit, language))
    if case.little:
        yield say("risk.little_history")


def _signed(points: int, language: Language) -> str:
    return ("+" if points > 0 else "") + number(points, language, 0)
