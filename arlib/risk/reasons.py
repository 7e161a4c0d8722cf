"""The points of a score in words, with the facts an auditor can count again."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.schema import sum_by_code
from arlib.words import Language, Sentence, number, say

PARTS = ("points_portfolio", "points_record", "points_recency", "points_open_now", "points_limit")


class _Case(NamedTuple):
    """One customer's own points, and the facts behind them."""

    record: int
    recency: int
    open_now: int
    limit: int
    little: bool
    settled: float
    late_share: float
    open: int
    unpaid: int
    oldest: int


def reasons_in_words(scored: pd.DataFrame, laws: PaymentLaws, days_late: int, language: Language) -> pd.DataFrame:
    """The reasons of each score, a sentence a part that moves it, in the order of the laws.

    `scored` has the points of `PARTS` and insufficient_history. The late share told is the plain one of
    the settled invoices, parts of invoices added up, which anybody can count; the points follow from the laws,
    which draw it towards the portfolio.

    Returns:
        starting_point, where all customers start from; own_reasons, what moves the score from there; reasons, both.
    """
    rate = laws.portfolio_p_late(days_late)
    columns = [scored[name] for name in (*PARTS[1:], "insufficient_history")] + _facts(laws, days_late)
    cases = (_Case(*row) for row in zip(*columns, strict=True))
    own = [" ".join(part.text(language) for part in _sentences(case, rate, days_late, language)) for case in cases]
    points = _signed(scored[PARTS[0]].iloc[0], language)
    start = say("risk.portfolio", share=rate, days=days_late, points=points).text(language)
    return pd.DataFrame({"starting_point": start, "own_reasons": own, "reasons": [f"{start} {text}" for text in own]})


def _facts(laws: PaymentLaws, days_late: int) -> list["pd.Series[float]"]:
    """Settled invoices, the share of them late or lost, open invoices, those past due, and the oldest one's days."""
    evidence, size = laws.evidence, len(laws.customers)
    customer, weight, late = evidence.customer, evidence.weight, evidence.days_late
    closed, overdue = ~evidence.open, evidence.open & (late > 0)
    slow = closed & (~evidence.paid | (late > days_late))
    settled, late_invoices = (sum_by_code(customer[kept], weight[kept], size) for kept in (closed, slow))
    share = np.divide(late_invoices, settled, out=np.full(size, np.nan), where=settled > 0)
    counts = [np.bincount(customer[kept], minlength=size) for kept in (evidence.open, overdue)]
    oldest = np.zeros(size, dtype=np.int64)
    np.maximum.at(oldest, customer[overdue], late[overdue])
    return [pd.Series(column) for column in (settled, share, *counts, oldest)]


def _sentences(case: _Case, rate: float, days_late: int, language: Language) -> Iterator[Sentence]:
    if case.settled > 0:
        invoices = max(round(case.settled), 1)  # parts of invoices add up to whole ones but for the last
        shares = {"share": case.late_share, "portfolio": rate, "invoices": invoices}
        yield say("risk.own_record", days=days_late, points=_signed(case.record, language), **shares)
    else:
        yield say("risk.no_record")
    if case.recency:
        yield say("risk.recency", points=_signed(case.recency, language))
    if case.unpaid:
        counts = {"open": case.open, "unpaid": case.unpaid, "oldest": case.oldest}
        yield say("risk.overdue_now", points=_signed(case.open_now, language), **counts)
    elif case.open_now:
        yield say("risk.not_due_yet", open=case.open, points=_signed(case.open_now, language))
    if case.limit:
        yield say("risk.limit", points=_signed(case.limit, language))
    if case.little:
        yield say("risk.little_history")


def _signed(points: int, language: Language) -> str:
    return ("+" if points > 0 else "") + number(points, language, 0)
