"""The score of every customer: the probability of paying late, as points that add up, with reasons."""

import numpy as np
import pandas as pd

from arlib.behaviour import PRIOR_INVOICES, PaymentLaws, payment_laws, recency, standing
from arlib.behaviour.survival import FIRST_DAY, LAST_DAY, paid_and_at_risk, unpaid_share
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, open_items
from arlib.risk.interval import credible_interval
from arlib.risk.reasons import PARTS, reasons_in_words
from arlib.risk.scorecard import Scorecard, read_scorecard
from arlib.schema import Floats, sum_by_code
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

    The probability is that a new invoice is paid more than `days_late` calendar days after its due date, or never:
    that of `payment_laws(ledger, as_of)`, but that what a customer leaves overdue does not fade with the years
    (`standing`); the two are the same where nothing is. It is a probability by invoice, whatever the amounts: one
    large invoice overdue among many paid on time moves it little, and stands in overdue and days_overdue.

    Disputed invoices do not count. A file says that an invoice is disputed, not since when: of all that is used,
    this flag alone may have become known after `as_of`. Weights and grades are those of `risk/scorecard.toml`.

    One row a customer of the ledger, the largest expected late amount (p_late × exposure) first:

    - customer_id, name; exposure, open in all, credits taken off; overdue, open past its due date, credits apart;
      days_overdue, of the oldest of these, 0 without any;
    - score, whole, 0 to 100; grade, A to E;
    - p_late; p_low and p_high, between which the true rate lies with probability 0.8: the shortest such interval of
      a beta posterior, from the invoices known to be late or not, the portfolio counting as two, and Jeffreys' prior;
      old invoices counting less, a rate that never changed lies in it more often than that;
    - history, effective invoices, older ones counting less; insufficient_history, below 3 of them;
    - points_portfolio (all customers), points_record (the customer's own settled invoices, all ages alike),
      points_recency (older ones counting less), points_open_now (open items counted as not yet paid, those overdue
      as facts of the day), points_limit (the ends of the scale): whole, and adding up to score exactly;
    - reasons, the same in words, in `language`: starting_point, one sentence, of points_portfolio, the same for
      every customer, then own_reasons.

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
    scored = scored.join(reasons_in_words(scored, laws, days_late, language))
    expected = scored["p_late"] * scored["exposure"].clip(lower=0)
    order = expected.sort_values(ascending=False, kind="stable").index
    return scored.loc[order].reset_index(drop=True)


def _scored(laws: PaymentLaws, card: Scorecard, days_late: int) -> pd.DataFrame:
    """Score, grade, probability with its interval, history and points; one row a customer, in the laws' order."""
    chain = _chain(laws, days_late)
    p_late = np.clip(chain[-1], card.lowest_probability, card.highest_probability)
    raw = np.stack([card.points(stage) for stage in chain])
    score = np.clip(raw[-1], 0, 100)
    points = np.vstack([raw[:1], np.diff(raw, axis=0), (score - raw[-1])[None, :]])
    trials = _trials(laws, days_late)
    low, high = credible_interval(p_late * trials, (1 - p_late) * trials, card.credibility).T
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
    prior = laws.hazard[: days_late - FIRST_DAY + 1]
    settled = np.where(evidence.open, 0.0, evidence.weight)
    own = [
        unpaid_share(*paid_and_at_risk(evidence, weight, days_late), prior)[:, -1]
        for weight in (settled, settled * recency(evidence), standing(evidence))
    ]
    return [np.full(len(laws.customers), laws.portfolio_p_late(days_late)), *own]


def _trials(laws: PaymentLaws, days_late: int) -> Floats:
    """Invoices known to be late or not, and those the portfolio stands for: an open one may still turn out either."""
    evidence = laws.evidence
    known = evidence.paid | (evidence.days_late > days_late)
    weight = standing(evidence)[known]
    return sum_by_code(evidence.customer[known], weight, len(evidence.customers)) + PRIOR_INVOICES


def _named(ledger: Ledger, customers: "pd.Index[str]") -> pd.DataFrame:
    """customer_id and name, the identifier where there is no name; in the laws' order."""
    names = ledger.customers.set_index("customer_id")["name"].reindex(customers)
    return pd.DataFrame({"customer_id": customers, "name": names.fillna(pd.Series(customers, customers)).to_numpy()})


def _exposures(ledger: Ledger, laws: PaymentLaws) -> pd.DataFrame:
    """What each customer owes, what of it is past its due date, and for how long; in the laws' order."""
    opened = open_items(ledger, laws.as_of)
    customer = laws.customers.get_indexer(pd.Index(opened["customer_id"]))
    amount = opened["open_amount"].to_numpy()
    overdue = (amount > 0) & (opened["days_overdue"] > 0).to_numpy()
    size = len(laws.customers)
    oldest = opened["days_overdue"].where(overdue).groupby(customer).max().reindex(range(size)).fillna(0)
    return pd.DataFrame(
        {
            "exposure": sum_by_code(customer, amount, size).round(2) + 0.0,
            "overdue": sum_by_code(customer, np.where(overdue, amount, 0.0), size).round(2),
            "days_overdue": oldest.to_numpy().astype(np.int64),
        }
    )
