"""The score of every customer: the probability of paying late, as points that add up, with reasons."""

import pandas as pd

from arlib.ledger import Day, Ledger
from arlib.risk.chain import chain_of, scored, uncertainty
from arlib.risk.changes import changes_in_words, changes_since, closing_before
from arlib.risk.facts import Facts
from arlib.risk.owed import customer_names, exposures
from arlib.risk.reasons import reasons_in_words
from arlib.risk.scorecard import Scorecard, read_scorecard
from arlib.risk.trend import payment_trends
from arlib.words import Language


def score_customers(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    days_late: int | None = None,
    facts: Facts | None = None,
    before: Day | None = None,
    language: Language = "en",
    scorecard: Scorecard | None = None,
) -> pd.DataFrame:
    """How likely each customer is to pay late, from 0 (surely late) to 100, from what was known on the day.

    The probability is that a new invoice is paid more than `days_late` calendar days after its due date, or never:
    that of `payment_laws(ledger, as_of)` without the invoices disputed on the day, which say nothing of a customer's
    means. It is a probability by invoice, whatever the amounts: one large invoice overdue among many paid on time
    moves it little, and stands in overdue and days_overdue. What happened outside the ledger never enters it: it caps
    the grade. An expert's opinion does, as two invoices would, so that payments overrule it.

    What the customers' file says (segment, status, rating, limits) is taken as it is today, as are disputes the file
    does not date: alone of all that is used, these may have become known after `as_of`.

    One row a customer of the ledger, the largest expected_late first:

    - customer_id, name; exposure, open in all, credits taken off; overdue, open past its due date, credits apart;
      days_overdue, of the oldest of these, 0 without any; expected_late, exposure × p_late, or where a fact caps the
      score × what that stands for, 0 where credits are above what is owed;
    - score, whole, 0 to 100; grade, A to E; grade_low and grade_high, the grades of p_high and p_low;
    - p_late; p_low and p_high, between which the true rate lies with probability 0.8: the shortest such interval of
      a beta posterior, from the invoices known to be late or not, the portfolio counting as two (as none where this
      customer is all of it), and Jeffreys' prior;
      old invoices counting less, a rate that never changed lies in it more often than that;
    - days_late, the days from which a payment is late;
    - history, effective invoices, older ones counting less; insufficient_history, below 3 of them;
    - points, whole, differences of log-odds that add up to score exactly: points_portfolio (all customers),
      points_segment (those of its segment), points_record (the customer's own settled invoices, all ages alike),
      points_recency (older ones counting less), points_open_now (open items counted as not yet paid, those overdue as
      facts of the day; here the probability is that of the payment laws), points_disputes (disputed invoices set
      aside), points_opinion (what an expert would expect, as two invoices), points_limit (the ends of the scale),
      points_facts (the grade that facts allow at best);
    - reasons, the same in words, in `language`: starting_point, one sentence, of points_portfolio, the same for every
      customer, then own_reasons; main_reasons, of these the strongest three, in short, and what must not be missed;
    - trend_probability, trend ("worse", "better" or empty) and trend_reason: see `payment_trends`;
    - score_before, grade_before, change (points) and change_reason: what became of the score since `before`, with the
      same `days_late`; missing where nothing was booked for the customer, or nobody's payment known, by then.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        days_late: how many days late is late, from 0 to 365; by default 30, or the longest of 15, 7 and 0 that one
            invoice in fifty passed, since everybody has 100 where nobody is ever that late; starting_point says which.
        facts: from outside (`read_facts`), caps and opinions; by default what the ledger's customers carry (status,
            rating, limit) caps, and there is no opinion.
        before: the day to compare with; the last end of a month before `as_of` by default.
        language: of the reasons.
        scorecard: other weights and thresholds.

    Raises:
        ArlibError: no payment is known by then, `days_late` is out of range, `before` is not before `as_of`, or the
            facts are of other customers than the ledger's.
    """
    day, card = ledger.day(as_of), scorecard or read_scorecard()
    earlier = closing_before(ledger, day, before)
    chain = chain_of(ledger, day, days_late=days_late, card=card, facts=facts)
    customers = chain.laws.customers
    found = customer_names(ledger, customers).reset_index().join(exposures(ledger, day, customers))
    found = found.join(scored(chain, card)).join(uncertainty(chain, card))
    found = found.join(reasons_in_words(found, chain, ledger, card, language))
    found = found.join(payment_trends(chain.judged, chain.days_late, card, language))
    found = found.join(_changes(found, ledger, earlier, card=card, facts=facts, language=language))
    p_late = found["p_late"].mask(found["points_facts"] < 0, card.probability(found["score"].to_numpy()))
    found = found.assign(expected_late=p_late * found["exposure"].clip(lower=0))
    return found.sort_values("expected_late", ascending=False, kind="stable", ignore_index=True)


def _changes(
    found: pd.DataFrame,
    ledger: Ledger,
    before: pd.Timestamp,
    *,
    card: Scorecard,
    facts: Facts | None,
    language: Language,
) -> pd.DataFrame:
    """score_before, grade_before, change and change_reason."""
    changes = changes_since(before, found, ledger, card=card, facts=facts)
    told = changes_in_words(found, changes, before, language)
    return changes.drop(columns=["part", "moved"]).assign(change_reason=told)
