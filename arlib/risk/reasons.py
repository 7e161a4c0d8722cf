"""The points of a score in words, with the facts an auditor can count again."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.ledger import Ledger
from arlib.risk.chain import PARTS, STEPS, Chain, later_in_words, later_than
from arlib.risk.scorecard import Scorecard
from arlib.schema import Codes, Flags, Floats, day_number, sum_by_code, to_dates
from arlib.words import Language, Sentence, say

_A_YEAR = 365
_STRONGEST = 3  # steps told where all of them would not be read


class _Step(NamedTuple):
    """A step of the chain for one customer: the probability before and after it, and its points."""

    before: float
    after: float
    points: int

    def told(self, key: str, **facts: object) -> Sentence:
        return say(key, before=self.before, after=self.after, points=self.points, **facts)


class _Case(NamedTuple):
    """One customer: its steps, its points outside of them, and the facts behind."""

    segment: _Step
    record: _Step
    recency: _Step
    open_now: _Step
    disputes: _Step
    opinion: _Step
    limit: int
    facts: int
    little: bool
    alone: bool
    settled: float
    late: float
    settled_lately: float
    late_lately: float
    open: int
    overdue: int
    oldest: int
    disputed: float
    segment_name: str
    expert: Sentence | float
    cap: Sentence | float


def reasons_in_words(
    scored: pd.DataFrame, chain: Chain, ledger: Ledger, card: Scorecard, language: Language
) -> pd.DataFrame:
    """The reasons of each score, a sentence a part that moves it, in the order of the laws.

    `scored` has the points of `PARTS` and insufficient_history. A sentence tells the probability before and after its
    step, which the points follow from exactly, and beside them plain counts of invoices, parts of them added up,
    which anybody can count again: the law of payments reads more in the days than those counts do.

    Returns:
        main_reasons, what moves the score most, in short and the strongest first, "late" being later than
        `chain.days_late` or never paid; starting_point, where all customers start from; own_reasons, all that moves the
        score from there; reasons, the last two together.
    """
    later = later_in_words(chain.days_late)
    cases = list(_cases(scored, chain, ledger, card))
    main = [_text(_main(case), language) for case in cases]
    own = [_text(_sentences(case, later), language) for case in cases]
    start = _text(_start(int(scored[PARTS[0]].iloc[0]), chain, card, later), language)
    whole = [f"{start} {text}" for text in own]
    return pd.DataFrame({"main_reasons": main, "starting_point": start, "own_reasons": own, "reasons": whole})


def _text(sentences: Iterable[Sentence], language: Language) -> str:
    return " ".join(sentence.text(language) for sentence in sentences)


def _start(points: int, chain: Chain, card: Scorecard, later: Sentence) -> Iterator[Sentence]:
    """Where all customers start from, and what to mind: a shorter lateness, payments of one day, one customer."""
    values = {"share": _held(chain, card)[0, 0], "later": later, "points": points}
    if chain.days_late == card.thresholds[0] or not chain.usual:
        yield say("risk.portfolio", **values)
    else:
        yield say("risk.portfolio.shorter", usual=card.thresholds[0], **values)
    evidence = chain.laws.evidence
    paid_on = (evidence.due + evidence.days_late)[evidence.paid]
    if (paid_on == paid_on[0]).all():  # a day of catching up, or of moving to other software: no habit to judge by
        yield say("risk.one_day", day=to_dates(paid_on[:1])[0])
    if chain.alone.any():
        yield say("risk.alone")


def _held(chain: Chain, card: Scorecard) -> Floats:
    """The stages as points are counted from them: never surely late nor surely not."""
    return np.clip(chain.stages, card.lowest_probability, card.highest_probability)


def _cases(scored: pd.DataFrame, chain: Chain, ledger: Ledger, card: Scorecard) -> Iterator[_Case]:
    counts = _counts(chain)
    named = ledger.customers.set_index("customer_id")["segment"].reindex(chain.laws.customers)
    ends = (scored["points_limit"], scored["points_facts"], scored["insufficient_history"], chain.alone)
    said = (named, chain.opinions["sentence"], chain.caps["sentence"])
    steps = _steps(scored, _held(chain, card))
    return (_Case(*row) for row in zip(*steps, *ends, *counts.values(), *said, strict=True))


def _steps(scored: pd.DataFrame, held: Floats) -> Iterator[Iterable[_Step]]:
    """The steps after the first; without points only the record is told, and the next begins where that told ended."""
    before = held[0]
    for step, after in zip(STEPS[1:], held[1:], strict=True):
        points = scored[f"points_{step}"].to_numpy()
        yield map(_Step, before, after, points)
        before = np.where((points != 0) | (step == "record"), after, before)


def _counts(chain: Chain) -> dict[str, Floats | Codes]:
    """Of each customer: invoices settled, late of them, the same of the last year; open, overdue, oldest; disputed."""
    evidence, size = chain.laws.evidence, len(chain.laws.customers)

    def invoices(chosen: Flags) -> Floats:
        return sum_by_code(evidence.customer[chosen], evidence.weight[chosen], size)

    closed, late = ~evidence.open, later_than(evidence, chain.days_late)
    lately = closed & (evidence.due > day_number(evidence.as_of) - _A_YEAR)
    overdue = evidence.open & (evidence.days_late > 0)
    oldest: Codes = np.zeros(size, dtype=np.intp)
    np.maximum.at(oldest, evidence.customer[overdue], evidence.days_late[overdue])
    return {
        "settled": invoices(closed),
        "late": invoices(closed & late),
        "settled_lately": invoices(lately),
        "late_lately": invoices(lately & late),
        "open": np.bincount(evidence.customer[evidence.open], minlength=size),
        "overdue": np.bincount(evidence.customer[overdue], minlength=size),
        "oldest": oldest,
        "disputed": invoices(evidence.in_dispute),
    }


def _sentences(case: _Case, later: Sentence) -> Iterator[Sentence]:
    if case.segment.points:
        yield case.segment.told("risk.segment", segment=case.segment_name)
    yield _record(case, later)
    if case.recency.points:
        yield _recency(case)
    if case.overdue or case.open_now.points:
        yield _open_now(case)
    if case.disputes.points:
        yield case.disputes.told("risk.disputes", invoices=_whole(case.disputed))
    if case.opinion.points:
        yield case.opinion.told("risk.opinion", what=case.expert)
    yield from _ends(case)


def _ends(case: _Case) -> Iterator[Sentence]:
    if case.limit:
        yield say("risk.limit", points=case.limit)
    if isinstance(case.cap, Sentence):
        yield say("risk.facts", what=case.cap, points=case.facts)
    if case.little:
        yield say("risk.little_history")


def _record(case: _Case, later: Sentence) -> Sentence:
    """The customer's own settled invoices: how many were late, and what the days they were all paid on make of it."""
    if not case.settled:
        return say("risk.no_record")
    counts = {"late": round(case.late), "settled": _whole(case.settled), "later": later}
    if case.alone:
        return case.record.told("risk.own_record.alone", **counts)
    agrees = _agrees(case.record, case.late, case.settled)
    return case.record.told("risk.own_record" if agrees else "risk.own_record.days", **counts)


def _recency(case: _Case) -> Sentence:
    """Older invoices counting less: the recent ones tell more, or all of them together less against the others'."""
    step, late, settled = case.recency, case.late_lately, case.settled_lately
    if settled and _agrees(step, late, settled):
        return step.told("risk.recency", late=round(late), settled=_whole(settled))
    return step.told("risk.recency.faded")


def _open_now(case: _Case) -> Sentence:
    if not case.overdue:
        return case.open_now.told("risk.not_due_yet", open=case.open)
    counts = {"open": case.open, "unpaid": case.overdue, "oldest": case.oldest}
    return case.open_now.told("risk.overdue_now" if case.open_now.points else "risk.overdue_now.none", **counts)


def _main(case: _Case) -> Iterator[Sentence]:
    """What decides: a fact that takes points, the strongest steps; that nobody else or little is known, where so."""
    if case.facts:
        yield say("risk.facts", what=case.cap, points=case.facts)
    if case.alone:  # its record is where it starts from, and gives hardly a point
        yield say("risk.main.alone", late=round(case.late), settled=_whole(case.settled))
    told = sorted(_briefly(case), key=lambda each: -abs(each[0]))
    yield from (sentence for points, sentence in told[:_STRONGEST] if points)
    if case.little:
        yield say("risk.little_history")


def _briefly(case: _Case) -> Iterator[tuple[int, Sentence]]:
    """Each step with its points: what was counted, without what the probability was before and is after it."""

    def told(name: str, step: _Step, **facts: object) -> tuple[int, Sentence]:
        return step.points, step.told(f"risk.main.{name}", **facts)

    ever = {"late": round(case.late), "settled": _whole(case.settled)}
    lately = {"late": round(case.late_lately), "settled": _whole(case.settled_lately)}
    yield told("segment", case.segment, segment=case.segment_name)
    yield told("record" if _agrees(case.record, case.late, case.settled) else "days", case.record, **ever)
    recent = case.settled_lately and _agrees(case.recency, case.late_lately, case.settled_lately)
    yield told("recency" if recent else "faded", case.recency, **lately)
    overdue = {"open": case.open, "unpaid": case.overdue, "oldest": case.oldest}
    yield told("overdue" if case.overdue else "not_due", case.open_now, **overdue)
    yield told("disputes", case.disputes, invoices=_whole(case.disputed))
    yield told("opinion", case.opinion)


def _agrees(step: _Step, late: float, settled: float) -> bool:
    """Whether the counts told go the way of the points; where not, the sentence says what else counts."""
    return (round(late) / _whole(settled) - step.before) * (step.after - step.before) >= 0


def _whole(invoices: float) -> int:
    """Invoices whose parts were added up: whole ones, but for the last."""
    return max(round(invoices), 1)
