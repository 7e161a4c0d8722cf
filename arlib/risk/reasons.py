"""The points of a score in words, with the facts an auditor can count again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.ledger import Ledger
from arlib.risk.chain import PARTS, STEPS, Chain, later_in_words, later_than
from arlib.risk.scorecard import Scorecard
from arlib.risk.told import Texts, joined, text_column, told
from arlib.schema import Codes, Flags, Floats, day_number, sum_by_code, to_dates
from arlib.words import Language, Sentence, say

_A_YEAR = 365
_STRONGEST = 3  # steps told where all of them would not be read


@dataclass(frozen=True, eq=False)
class _Step:
    """A step of the chain for all customers: the probability before and after it, and its points."""

    before: Floats
    after: Floats
    points: Codes

    @property
    def counts(self) -> Flags:
        """(customers,) whether it moves the score."""
        return np.asarray(self.points != 0)

    def agrees(self, late: Floats, settled: Floats) -> Flags:
        """(customers,) whether the counts told go the way of the points; where not, the sentence says what else."""
        rate = np.rint(late) / _whole(settled)
        return np.asarray((rate - self.before) * (self.after - self.before) >= 0)


@dataclass(frozen=True, eq=False)
class _Counts:
    """Of each customer: invoices settled, late of them, the same of the last year; open, overdue, oldest; disputed."""

    settled: Floats
    late: Floats
    settled_lately: Floats
    late_lately: Floats
    open: Codes
    overdue: Codes
    oldest: Codes
    disputed: Floats

    @property
    def ever(self) -> dict[str, Floats]:
        """What is told of the invoices of all years."""
        return {"late": np.rint(self.late), "settled": _whole(self.settled)}

    @property
    def lately(self) -> dict[str, Floats]:
        """What is told of those of the last year."""
        return {"late": np.rint(self.late_lately), "settled": _whole(self.settled_lately)}

    @property
    def now(self) -> dict[str, Codes]:
        """What is told of those open."""
        return {"open": self.open, "unpaid": self.overdue, "oldest": self.oldest}


@dataclass(frozen=True, eq=False)
class _Cases:
    """All customers: their steps, their points outside of them, and the facts behind; how they are told."""

    language: Language
    later: Sentence
    steps: Mapping[str, _Step]
    counts: _Counts
    limit: Codes
    facts: Codes
    little: Flags
    alone: Flags
    segment: "pd.Series[str]"
    expert: "np.typing.NDArray[np.object_]"
    cap: "np.typing.NDArray[np.object_]"

    @property
    def capped(self) -> Flags:
        """(customers,) whether a fact caps the score."""
        return np.asarray(pd.notna(self.cap))

    def told(self, key: str, chosen: Flags, **values: Any) -> Texts:  # noqa: ANN401 - any value of a sentence
        """(customers,) a sentence of those chosen."""
        return told(key, self.language, chosen, **values)

    def told_of(self, name: str, key: str, chosen: Flags, **values: Any) -> Texts:  # noqa: ANN401 - likewise
        """(customers,) a sentence of a step."""
        step = self.steps[name]
        return self.told(key, chosen, before=step.before, after=step.after, points=step.points, **values)


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
    cases = _cases(scored, chain, ledger, card, language)
    told_first = _start(int(scored[PARTS[0]].iloc[0]), chain, card, later)
    start = " ".join(sentence.text(language) for sentence in told_first)
    own = joined([*_own(cases)])
    first = pa.repeat(pa.scalar(start, pa.large_string()), len(own))
    columns = {"main_reasons": joined([*_main(cases)]), "starting_point": first, "own_reasons": own}
    whole = joined([first, own])
    return pd.DataFrame({name: text_column(texts) for name, texts in {**columns, "reasons": whole}.items()})


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


def _cases(scored: pd.DataFrame, chain: Chain, ledger: Ledger, card: Scorecard, language: Language) -> _Cases:
    return _Cases(
        language=language,
        later=later_in_words(chain.days_late),
        steps=dict(_steps(scored, _held(chain, card))),
        counts=_counts(chain),
        limit=scored["points_limit"].to_numpy(),
        facts=scored["points_facts"].to_numpy(),
        little=scored["insufficient_history"].to_numpy(),
        alone=chain.alone,
        segment=ledger.customers.set_index("customer_id")["segment"].reindex(chain.laws.customers),
        expert=_texts(chain.opinions["sentence"], language),
        cap=_texts(chain.caps["sentence"], language),
    )


def _texts(sentences: "pd.Series[Any]", language: Language) -> "np.typing.NDArray[np.object_]":
    """(customers,) what is known of few of them, in words; missing of the others."""
    texts = np.full(len(sentences), None, dtype=object)
    known = np.flatnonzero(sentences.notna())
    texts[known] = [sentence.text(language) for sentence in sentences.iloc[known]]
    return texts


def _steps(scored: pd.DataFrame, held: Floats) -> Iterator[tuple[str, _Step]]:
    """The steps after the first; without points only the record is told, and the next begins where that told ended."""
    before = held[0]
    for step, after in zip(STEPS[1:], held[1:], strict=True):
        points = scored[f"points_{step}"].to_numpy()
        yield step, _Step(before, after, points)
        before = np.where((points != 0) | (step == "record"), after, before)


def _counts(chain: Chain) -> _Counts:
    evidence, size = chain.laws.evidence, len(chain.laws.customers)

    def invoices(chosen: Flags) -> Floats:
        return sum_by_code(evidence.customer[chosen], evidence.weight[chosen], size)

    closed, late = ~evidence.open, later_than(evidence, chain.days_late)
    lately = closed & (evidence.due > day_number(evidence.as_of) - _A_YEAR)
    overdue = evidence.open & (evidence.days_late > 0)
    oldest: Codes = np.zeros(size, dtype=np.intp)
    np.maximum.at(oldest, evidence.customer[overdue], evidence.days_late[overdue])
    return _Counts(
        settled=invoices(closed),
        late=invoices(closed & late),
        settled_lately=invoices(lately),
        late_lately=invoices(lately & late),
        open=np.bincount(evidence.customer[evidence.open], minlength=size),
        overdue=np.bincount(evidence.customer[overdue], minlength=size),
        oldest=oldest,
        disputed=invoices(evidence.in_dispute),
    )


def _own(cases: _Cases) -> Iterator[Texts]:
    """All that moves a score from where all start, in the order of the steps."""
    steps = cases.steps
    yield cases.told_of("segment", "risk.segment", steps["segment"].counts, segment=cases.segment)
    yield from _record(cases)
    yield from _recency(cases)
    yield from _open_now(cases)
    disputed = {"invoices": _whole(cases.counts.disputed)}
    yield cases.told_of("disputes", "risk.disputes", steps["disputes"].counts, **disputed)
    yield cases.told_of("opinion", "risk.opinion", steps["opinion"].counts, what=cases.expert)
    yield cases.told("risk.limit", cases.limit != 0, points=cases.limit)
    yield cases.told("risk.facts", cases.capped, what=cases.cap, points=cases.facts)
    yield cases.told("risk.little_history", cases.little)


def _record(cases: _Cases) -> Iterator[Texts]:
    """The customer's own settled invoices: how many were late, and what the days they were all paid on make of it."""
    counts, alone = cases.counts, cases.alone
    known, agrees = counts.settled != 0, cases.steps["record"].agrees(counts.late, counts.settled)
    values = {**counts.ever, "later": cases.later}
    yield cases.told("risk.no_record", ~known)
    yield cases.told_of("record", "risk.own_record.alone", known & alone, **values)
    yield cases.told_of("record", "risk.own_record", known & ~alone & agrees, **values)
    yield cases.told_of("record", "risk.own_record.days", known & ~alone & ~agrees, **values)


def _recency(cases: _Cases) -> Iterator[Texts]:
    """Older invoices counting less: the recent ones tell more, or all of them together less against the others'."""
    told_of, recent = cases.steps["recency"].counts, _recent(cases)
    yield cases.told_of("recency", "risk.recency", told_of & recent, **cases.counts.lately)
    yield cases.told_of("recency", "risk.recency.faded", told_of & ~recent)


def _recent(cases: _Cases) -> Flags:
    """(customers,) whether the invoices of the last year go the way of the step."""
    late, settled = cases.counts.late_lately, cases.counts.settled_lately
    return np.asarray((settled != 0) & cases.steps["recency"].agrees(late, settled))


def _open_now(cases: _Cases) -> Iterator[Texts]:
    """What is open, where it moves the score or is past its due date."""
    moves, overdue, now = cases.steps["open_now"].counts, cases.counts.overdue > 0, cases.counts.now
    yield cases.told_of("open_now", "risk.not_due_yet", moves & ~overdue, **now)
    yield cases.told_of("open_now", "risk.overdue_now", moves & overdue, **now)
    yield cases.told_of("open_now", "risk.overdue_now.none", ~moves & overdue, **now)


def _main(cases: _Cases) -> Iterator[Texts]:
    """What decides: a fact that takes points, the strongest steps; that nobody else or little is known, where so."""
    yield cases.told("risk.facts", cases.facts != 0, what=cases.cap, points=cases.facts)
    # alone, a customer's record is where it starts from, and gives hardly a point
    yield cases.told("risk.main.alone", cases.alone, **cases.counts.ever)
    briefly = dict(_briefly(cases))
    points = np.stack([cases.steps[name].points for name in briefly])
    for strongest in np.argsort(-np.abs(points), axis=0, kind="stable")[:_STRONGEST]:
        yield pc.choose(pa.array(strongest), *briefly.values())
    yield cases.told("risk.little_history", cases.little)


def _briefly(cases: _Cases) -> Iterator[tuple[str, Texts]]:
    """Each step that moves the score: what was counted, without what the probability was before and is after it."""
    counts = cases.counts

    def brief(step: str, named: Mapping[str, Flags | bool], **values: Any) -> tuple[str, Texts]:  # noqa: ANN401
        moves = cases.steps[step].counts
        texts = [cases.told_of(step, f"risk.main.{name}", moves & of, **values) for name, of in named.items()]
        return step, pc.coalesce(*texts)

    agrees, recent = cases.steps["record"].agrees(counts.late, counts.settled), _recent(cases)
    overdue = counts.overdue > 0
    yield brief("segment", {"segment": True}, segment=cases.segment)
    yield brief("record", {"record": agrees, "days": ~agrees}, **counts.ever)
    yield brief("recency", {"recency": recent, "faded": ~recent}, **counts.lately)
    yield brief("open_now", {"overdue": overdue, "not_due": ~overdue}, **counts.now)
    yield brief("disputes", {"disputes": True}, invoices=_whole(counts.disputed))
    yield brief("opinion", {"opinion": True})


def _whole(invoices: Floats) -> Floats:
    """Invoices whose parts were added up: whole ones, but for the last."""
    return np.maximum(np.rint(invoices), 1.0)
