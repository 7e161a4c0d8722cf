"""The score of every customer: the probability of paying late, as points that add up, with reasons."""

import numpy as np
import pandas as pd

from arlib.behaviour import PRIOR_INVOICES, PaymentLaws, payment_laws, recency
from arlib.behaviour.evidence import Floats
from arlib.behaviour.survival import (
    FIRST_DAY,
    LAST_DAY,
    paid_and_at_risk,
    portfolio_hazard,
    unpaid_share,
    weighted_counts,
)
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, open_items
from arlib.risk.interval import beta_quantiles
from arlib.risk.reasons import PARTS, reason_texts
from arlib.risk.scorecard import Scorecard, read_scorecard
from arlib.words import Language, say


def score_customers(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    days_late: int = 30,
    language: Language = "en",
    scorecard: Scorecard | None = None,
) -> pd.DataFrame:
    """How likely each customer is to pay late, from 0 (surely late) to 100, from what was known on the day.

    The probability is that of `payment_laws(ledger, as_of)`: that a new invoice is paid more than `days_late`
    calendar days after its due date, or never. Disputed invoices do not count. Weights and grades are those of
    `risk/scorecard.toml`.

    One row a customer of the ledger, the largest expected late amount (p_late × exposure) first:

    - customer_id, name; exposure, open in all, credits taken off; overdue, open past its due date, credits apart;
    - score, whole, 0 to 100; grade, A to E;
    - p_late; p_low and p_high, between which the true rate lies with probability 0.8 (beta);
    - history, effective invoices, older ones counting less; insufficient_history, below 3 of them;
    - points_portfolio (all customers), points_record (the customer's own settled invoices, all ages alike),
      points_recency (older ones counting less), points_open_now (open items counted as not yet paid),
      points_limit (the ends of the scale): whole, and adding up to score exactly;
    - reasons, the same in words, in `language`.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        days_late: how many days late is late, from 0 to 365.
        language: of the reasons.
        scorecard: other weights and thresholds.

    Raises:
        ArlibError: no payment is known by then, or `days_late` is out of range.
    """
    if not 0 <= days_late <= LAST_DAY:
        raise ArlibError(say("risk.days_late", days=days_late, longest=LAST_DAY))
    card = scorecard or read_scorecard()
    laws = payment_laws(ledger, as_of)
    scored = _scored(laws, card, days_late)
    scored = _named(ledger, laws.customers).join(_exposures(ledger, laws)).join(scored)
    scored["reasons"] = reason_texts(scored, laws, days_late, language)
    expected = scored["p_late"] * scored["exposure"].clip(lower=0)
    order = expected.sort_values(ascending=False, kind="stable").index
    return scored.loc[order].reset_index(drop=True)


def _scored(laws: PaymentLaws, card: Scorecard, days_late: int) -> pd.DataFrame:
    """Score, grade, probability with its interval, history and points; one row a customer, in the laws' order."""
    p_late = np.clip(laws.p_late(days_late), card.lowest_probability, card.highest_probability)
    raw = np.stack([card.points(stage) for stage in _chain(laws, days_late)])
    score = np.clip(raw[-1], 0, 100)
    points = np.vstack([raw[:1], np.diff(raw, axis=0), (score - raw[-1])[None, :]])
    trials = laws.effective_history + PRIOR_INVOICES
    tail = (1 - card.credibility) / 2
    low, high = beta_quantiles(p_late * trials, (1 - p_late) * trials, (tail, 1 - tail)).T
    columns = {
        "score": score,
        "grade": card.grade(score),
        "p_late": p_late,
        "p_low": low,
        "p_high": high,
        "history": laws.effective_history,
        "insufficient_history": laws.effective_history < card.sufficient_history,
    }
    return pd.DataFrame(columns | dict(zip(PARTS, points, strict=True)))


def _chain(laws: PaymentLaws, days_late: int) -> list[Floats]:
    """The probability at each step of the chain: portfolio, own settled record, recent first, open items."""
    evidence = laws.evidence
    hazard = portfolio_hazard(*paid_and_at_risk(evidence, evidence.weight * recency(evidence), days_late))
    settled = np.where(evidence.paid, evidence.weight, 0.0)
    record, recent = (
        unpaid_share(*paid_and_at_risk(evidence, weight, days_late), hazard)[:, -1]
        for weight in (settled, settled * recency(evidence))
    )
    return [np.full_like(record, _portfolio_rate(laws, days_late)), record, recent, laws.p_late(days_late)]


def _portfolio_rate(laws: PaymentLaws, days_late: int) -> float:
    return float(laws.portfolio[days_late - FIRST_DAY])


def _named(ledger: Ledger, customers: "pd.Index[str]") -> pd.DataFrame:
    """customer_id and name, the identifier where there is no name; in the laws' order."""
    names = ledger.customers.set_index("customer_id")["name"].reindex(customers)
    return pd.DataFrame({"customer_id": customers, "name": names.fillna(pd.Series(customers, customers)).to_numpy()})


def _exposures(ledger: Ledger, laws: PaymentLaws) -> pd.DataFrame:
    """What each customer owes, and what of it is past its due date; in the laws' order."""
    opened = open_items(ledger, laws.as_of)
    customer = laws.customers.get_indexer(pd.Index(opened["customer_id"]))
    amount = opened["open_amount"].to_numpy()
    overdue = np.where((amount > 0) & (opened["days_overdue"] > 0), amount, 0.0)
    size = len(laws.customers)
    return pd.DataFrame(
        {
            "exposure": weighted_counts(customer, amount, size).round(2) + 0.0,
            "overdue": weighted_counts(customer, overdue, size).round(2),
        }
    )
