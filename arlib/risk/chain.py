"""The probability of paying late, from all customers together to one customer, a step at a time."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.behaviour import PRIOR_INVOICES, Evidence, PaymentLaws, payment_laws, recency, standing
from arlib.behaviour.prior import unpaid_shares, with_opinions
from arlib.behaviour.survival import FIRST_DAY, LAST_DAY, survival
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.risk.facts import Facts, expert_opinion, external_caps, facts_about, no_facts
from arlib.risk.interval import credible_interval
from arlib.risk.scorecard import Scorecard
from arlib.schema import Codes, Flags, Floats, day_number, sum_by_code
from arlib.words import Sentence, say

STEPS = ("portfolio", "segment", "record", "recency", "open_now", "disputes", "opinion")
PARTS = tuple(f"points_{part}" for part in (*STEPS, "limit", "facts"))


@dataclass(frozen=True, eq=False)
class Chain:
    """How the probability of each customer comes about, as known on a day.

    Attributes:
        laws: those of the ledger, without any opinion; disputed invoices count in them.
        days_late: calendar days after the due date from which a payment is late.
        usual: whether these days were chosen from the ledger, since nobody named any.
        judged: the evidence with disputed invoices weighing nothing: a dispute is not a way of paying.
        stages: (steps, customers) the probability after each of `STEPS`; after "open_now" it is that of the laws.
        opinions: p_late_30 and sentence of `expert_opinion`, a row a customer, missing where there is none.
        caps: cap and sentence of `external_caps`, likewise.
    """

    laws: PaymentLaws
    days_late: int
    usual: bool
    judged: Evidence
    stages: Floats
    opinions: pd.DataFrame
    caps: pd.DataFrame

    @cached_property
    def weight(self) -> Floats:
        """(pieces,) what each piece weighs in the last stage."""
        return standing(self.judged)

    @cached_property
    def history(self) -> Floats:
        """(customers,) effective invoices that say something: paid, or unpaid past their due date."""
        judged = self.judged
        return self._invoices(judged.paid | (judged.open_days_late > 0))

    @cached_property
    def trials(self) -> Floats:
        """(customers,) invoices known to be late or not, and those the prior stands for; an open one may be either.

        At least one; the prior of a customer `alone` is its own record, which counts once.
        """
        own = self._invoices(self.judged.paid | (self.judged.days_late > self.days_late))
        return np.maximum(own + np.where(self.alone, 0.0, PRIOR_INVOICES), 1.0)

    @cached_property
    def alone(self) -> Flags:
        """(customers,) whether nobody else has a record, so that all customers together are this one."""
        known = self.laws.effective_history
        return np.asarray(known == known.sum())

    def _invoices(self, chosen: Flags) -> Floats:
        return sum_by_code(self.judged.customer[chosen], self.weight[chosen], len(self.judged.customers))


def chain_of(
    ledger: Ledger, day: pd.Timestamp, *, days_late: int | None, card: Scorecard, facts: Facts | None
) -> Chain:
    """The chain of every customer on a day; `days_late` of `usual_days_late` where None, as are the facts.

    Raises:
        ArlibError: no payment is known by then, `days_late` is out of range, or no fact is of a customer here.
    """
    if days_late is not None and not 0 <= days_late <= LAST_DAY:
        raise ArlibError(say("risk.days_late", days=days_late, longest=LAST_DAY))
    known = facts_about(ledger, facts)
    laws = payment_laws(ledger, day)
    late = usual_days_late(laws.evidence, card) if days_late is None else days_late
    judged = replace(laws.evidence, weight=laws.evidence.weight * ~laws.evidence.in_dispute)
    caps = _of_customers(external_caps(known, day), ["cap", "sentence"], laws.customers)
    told = expert_opinion(known if facts is not None else no_facts(), day)
    opinions = _of_customers(told, ["p_late_30", "sentence"], laws.customers)
    stages = _stages(laws, late, judged, opinions["p_late_30"])
    return Chain(laws, late, days_late is None, judged, stages, opinions, caps)


def _of_customers(told: pd.DataFrame, columns: list[str], customers: "pd.Index[str]") -> pd.DataFrame:
    """Columns of what is told of some customers, a row for each of these customers."""
    return told.set_index("customer_id")[columns].reindex(customers)


def usual_days_late(evidence: Evidence, card: Scorecard) -> int:
    """The first of `card.thresholds` that enough of the invoices passed, of those old enough to tell."""
    for days in card.thresholds:
        told = evidence.due + days <= day_number(evidence.as_of)
        late = evidence.weight[told & later_than(evidence, days)].sum()
        if late > 0 and late >= card.enough_late * evidence.weight[told].sum():
            return days
    return card.thresholds[-1]


def later_than(evidence: Evidence, days_late: int) -> Flags:
    """(pieces,) whether each was not paid within so many calendar days after its due date; open ones are not yet."""
    return np.asarray(~(evidence.paid & (evidence.days_late <= days_late)))


def later_in_words(days_late: int) -> Sentence:
    """What being late is, after "paid": more than so many days late, or after the due date."""
    return say("risk.score.later", days=days_late) if days_late else say("risk.score.past_due")


def _stages(laws: PaymentLaws, days_late: int, judged: Evidence, opinions: "pd.Series[float]") -> Floats:
    """(steps, customers) the probability after each of `STEPS`."""
    last_day = int(laws.late_columns(days_late)[0].max(initial=0)) + FIRST_DAY

    def late(evidence: Evidence, weight: Floats, priors: Floats, prior_of: Codes) -> Floats:
        drawn = unpaid_shares(evidence, weight, priors, prior_of, last_day=last_day)
        return np.concatenate([laws.late_in(unpaid, days_late) for _, unpaid in drawn])

    known = laws.evidence
    settled, prior = np.where(known.open, 0.0, known.weight), (laws.priors, laws.prior_of)
    now, apart = standing(known), standing(judged)
    told, told_of = with_opinions(laws.priors, laws.prior_of, opinions, known, laws.calendar_days)
    return np.stack(
        [
            np.full(len(laws.customers), laws.portfolio_p_late(days_late)),
            laws.late_in(survival(laws.priors), days_late)[laws.prior_of],
            late(known, settled, *prior),
            late(known, settled * recency(known), *prior),
            late(known, now, *prior),
            late(judged, apart, *prior),
            late(judged, apart, told, told_of),
        ]
    )


def scored(chain: Chain, card: Scorecard) -> pd.DataFrame:
    """score, grade and `PARTS`, one row a customer, in the laws' order."""
    raw = card.points(chain.stages)
    inside = np.clip(raw[-1], 0, 100)
    score = np.minimum(inside, card.best_score(chain.caps["cap"]))
    points = np.vstack([raw[:1], np.diff(raw, axis=0), (inside - raw[-1])[None, :], (score - inside)[None, :]])
    columns = {"score": score, "grade": card.grade(score)}
    return pd.DataFrame(columns | dict(zip(PARTS, points, strict=True)))


def uncertainty(chain: Chain, card: Scorecard) -> pd.DataFrame:
    """p_late with the ends of its interval and their grades, days_late, and history; one row a customer likewise."""
    p_late = np.clip(chain.stages[-1], card.lowest_probability, card.highest_probability)
    low, high = credible_interval(p_late * chain.trials, (1 - p_late) * chain.trials, card.credibility).T
    best = card.best_score(chain.caps["cap"])
    columns = {
        "grade_low": card.grade(np.minimum(np.clip(card.points(high), 0, 100), best)),
        "grade_high": card.grade(np.minimum(np.clip(card.points(low), 0, 100), best)),
        "p_late": p_late,
        "p_low": low,
        "p_high": high,
        "days_late": chain.days_late,
        "history": chain.history,
        "insufficient_history": chain.history < card.sufficient_history,
    }
    return pd.DataFrame(columns)
