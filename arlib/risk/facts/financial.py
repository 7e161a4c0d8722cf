"""Two published scores of accounts, Conan-Holder and Altman Z'', and why one cannot be computed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.ledger.books import Day, as_day
from arlib.risk.facts.card import OpinionCard, read_opinion_card
from arlib.risk.facts.facts import LINES, Facts, column_of
from arlib.schema import Flags, Floats
from arlib.words import Sentence, say

_Terms = Sequence[tuple[float, str, str]]  # coefficient, line above, line below
_CONAN_HOLDER: _Terms = (
    (0.24, "ebitda", "total_debt"),
    (0.22, "permanent_capital", "total_assets"),
    (0.16, "receivables_and_cash", "total_assets"),
    (-0.87, "financial_charges", "sales"),
    (-0.10, "staff_costs", "value_added"),
)
_ALTMAN: _Terms = (
    (6.56, "working_capital", "total_assets"),
    (3.26, "retained_earnings", "total_assets"),
    (6.72, "ebit", "total_assets"),
    (1.05, "equity", "total_debt"),
)
_DANGER, _WATCH = 0.04, 0.09  # some books print the score × 100: 4 and 9
_DISTRESS, _GREY = 1.10, 2.60
_KEYS = ("customer_id", "closed_on", "known_on", "source")


def financial_scores(accounts: pd.DataFrame) -> pd.DataFrame:
    """The scores of accounts, one row each, in their order: how near to failing published formulas find a company.

    `accounts` has customer_id, closed_on and columns of `LINES` (`Facts.accounts()`); a line that is missing is
    unknown. Returned: the keys, then

    - conan_holder = 0.24 EBITDA / debt + 0.22 permanent capital / assets + 0.16 (receivables + cash) / assets
      − 0.87 financial charges / sales − 0.10 staff costs / value added; conan_holder_zone: healthy above 0.09, watch,
      danger below 0.04, "" where unknown. Fitted on French industrial companies of 1.5 to 75 M EUR of sales;
    - altman_z = 6.56 working capital / assets + 3.26 retained earnings / assets + 6.72 EBIT / assets + 1.05 equity /
      debt (Z'', unlisted, any trade); altman_zone: safe above 2.60, grey, distress below 1.10;
    - conan_holder_note and altman_note, a `Sentence` where the score is nan: lines that are missing, or not above
      zero where the formula divides by them (a negative value added would better the score), else None.

    Source: Conan and Holder (1979), Variables explicatives de performances et contrôle de gestion dans les PMI;
    Altman (1995), Emerging market credit scoring, without its constant 3.25.
    """
    keys = [name for name in _KEYS if name in accounts]
    lines = accounts.reindex(columns=list(LINES)).astype("float64")
    conan, conan_note = _score(lines, _CONAN_HOLDER)
    altman, altman_note = _score(lines, _ALTMAN)
    return accounts[keys].assign(
        conan_holder=conan,
        conan_holder_zone=_zones(conan, (_DANGER, _WATCH), ("danger", "watch", "healthy")),
        conan_holder_note=column_of(conan_note, accounts),
        altman_z=altman,
        altman_zone=_zones(altman, (_DISTRESS, _GREY), ("distress", "grey", "safe")),
        altman_note=column_of(altman_note, accounts),
    )


def latest_accounts(facts: Facts, day: Day, *, card: OpinionCard | None = None) -> pd.DataFrame:
    """The last accounts of each customer known by the end of a day, with their scores.

    One row a customer: customer_id, closed_on, known_on, source, the columns of `LINES`, those of `financial_scores`,
    and too_old: closed longer ago than `oldest_accounts_months` of `opinion.toml`, so that they say nothing of today.
    """
    months = (card or read_opinion_card()).known["oldest_accounts_months"]
    last = facts.on(day).accounts().drop_duplicates("customer_id", keep="last").reset_index(drop=True)
    scores = financial_scores(last).drop(columns=[name for name in _KEYS if name in last])
    old = last["closed_on"] < as_day(day) - pd.DateOffset(months=int(months))
    return last.join(scores).assign(too_old=old)


def _score(lines: pd.DataFrame, terms: _Terms) -> tuple[Floats, list[Sentence | None]]:
    """The sum of the terms, and where it is nan the sentence that says why."""
    below = sorted({under for *_, under in terms})
    needed = list(dict.fromkeys(name for _, over, under in terms for name in (over, under)))
    unknown = lines[needed].isna().to_numpy()
    unusable = (lines[below] <= 0).to_numpy()
    good = np.asarray(~unknown.any(axis=1) & ~unusable.any(axis=1))
    ratios = [weight * lines[over] / lines[under] for weight, over, under in terms]
    total = np.where(good, np.sum(np.array(ratios), axis=0), np.nan)
    notes = [None if sure else _why(needed, gone, below, zero)
             for sure, gone, zero in zip(good, unknown, unusable, strict=True)]  # fmt: skip
    return total, notes


def _why(needed: Sequence[str], gone: Flags, below: Sequence[str], zero: Flags) -> Sentence:
    missing = [say(f"risk.facts.line.{name}") for name, unknown in zip(needed, gone, strict=True) if unknown]
    if missing:
        return say("risk.facts.lines_missing", lines=missing)
    unusable = [say(f"risk.facts.line.{name}") for name, bad in zip(below, zero, strict=True) if bad]
    return say("risk.facts.lines_not_above_zero", lines=unusable)


def _zones(
    scores: Floats, bounds: tuple[float, float], names: tuple[str, str, str]
) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    """The zone of each score, from the worst to the best; a bound itself is of the zone between, "" where unknown."""
    low, high = bounds
    return np.select([scores < low, scores <= high, scores > high], names, default="")
