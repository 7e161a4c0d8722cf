"""What a backtest found, as frames, and as sentences a manager understands."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from arlib.risk.backtest.verdict import at_threshold, verdict_of
from arlib.words import Language, Sentence


@dataclass(frozen=True, eq=False)
class RiskBacktest:
    """What would have been said at past closings, held against what then happened.

    Models: `law`, the payment laws; `portfolio` and `customer`, the plain share of invoices paid late, of all
    customers and of each; `days_overdue` of the customer's oldest open invoice and `amount` of the invoice, which only
    rank; and any given to `backtest_risk`. Ends of intervals (`_low`, `_high`) hold 95 % of the draws of customers, nan
    with a single one.

    Attributes:
        closings: the days predicted from.
        thresholds: days after the due date past which an invoice counts as late.
        predictions: one row an invoice: closing, item_id, customer_id, reference, booked_on, due_on, amount, disputed
            (as the file has it, never used to predict); for each threshold k p_late_k (law), portfolio_k, customer_k,
            any other model's, and late_k, the share of the invoice that was paid later or not at all, nan where that
            cannot be judged; days_overdue.
        discrimination: one row a threshold and model: days_late, model, invoices, late_share, and auc, brier,
            log_loss with the ends of their intervals; brier and log_loss are nan for what only ranks.
        gains: one row a threshold and other model: what the law gains on it in each measure, above 0 where it is
            better, with the ends of the interval of the paired difference.
        calibration: ten groups of invoices a threshold, by the law's probability: days_late, bin, predicted, observed,
            low, high, count.
        dates: one row a model (`due_date` too): payments, error (mean days between the median and the payment),
            coverage (payments between P10 and P90), crps, in days, with the ends of their intervals.
        capture: one row a rule that sorts the worklist: rule, share of the late euro-days of the next 90 days that
            the first tenth of the open items held, low, high, snapshots, items; `best` is the most possible.
        capture_curve: one row a rule and share of the worklist called: rule, called_share (0 to 1, by fiftieths, each
            worklist rounded up), caught_share of the same late euro-days, nan where none came. At 0.1: `capture`.
        left_out: invoices not judged: reason, days_late (missing where it concerns all thresholds), invoices.
        cuts: days at which the file is cut: what was unpaid then is missing from it.
        known_until: the last day whose payments are known.
    """

    closings: tuple[pd.Timestamp, ...]
    thresholds: tuple[int, ...]
    predictions: pd.DataFrame
    discrimination: pd.DataFrame
    gains: pd.DataFrame
    calibration: pd.DataFrame
    dates: pd.DataFrame
    capture: pd.DataFrame
    capture_curve: pd.DataFrame
    left_out: pd.DataFrame
    cuts: tuple[pd.Timestamp, ...]
    known_until: pd.Timestamp

    @property
    def sentences(self) -> Sequence[Sentence]:
        """The verdict, a sentence a finding, the most important first."""
        return verdict_of(self)

    def sentences_at(self, days_late: int) -> Sequence[Sentence]:
        """The verdict of one threshold: how well the score ranked, beside the naive rate; empty where not tested."""
        return at_threshold(self, days_late)

    def verdict(self, language: Language = "en") -> str:
        """The verdict in a language: how well the score ranked, whether the naive one did as well, what is unknown."""
        return " ".join(sentence.text(language) for sentence in self.sentences)
