"""The expert scorecard: an opinion on customers who have no history yet, from what is known of them elsewhere."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from arlib.ledger import Ledger
from arlib.ledger.books import Day, as_day
from arlib.risk.facts.caps import external_caps, latest_ratings
from arlib.risk.facts.card import CRITERIA, OpinionCard, read_opinion_card
from arlib.risk.facts.facts import Facts, column_of, latest
from arlib.risk.facts.financial import latest_accounts
from arlib.risk.facts.reading import facts_about
from arlib.words import Sentence, say

_DAYS_IN_A_YEAR = 365.25


def expert_opinion(
    facts: Facts, day: Day, *, exposure: "pd.Series[float] | None" = None, card: OpinionCard | None = None
) -> pd.DataFrame:
    """An expert's opinion of customers, 0 to 100 points, from what was known by the end of a day; never validated.

    Six criteria share 100 points (`opinion.toml`): rating (the worst of those held), accounts (the mean of their
    scores' zones), seniority, failure rate of the sector, size (exposure / the customer's sales), guarantee or payment
    method (the better of the two). Points are those of the criteria that can be judged, brought to 100. There is no
    opinion on a customer whose score is overridden (`external_caps`), nor where too little can be judged.

    One row a customer with at least one criterion or an override, by customer_id:

    - points, nan where there is no opinion; known_share, the share of the 100 points that could be judged;
    - p_late_30, the probability of paying more than 30 days late that the points stand for, nan where points is:
      meant as a prior that invoices overrule (`payment_laws(…, opinions=…)`);
    - rating, accounts, seniority, sector, size, guarantee: the share of each criterion's points, nan where unknown;
    - sentence, a `Sentence` that says it is an opinion, and why there is none.

    Args:
        facts: the facts.
        day: the day whose knowledge is used.
        exposure: what each customer would owe, by customer_id; without it size is not judged, nor is a guarantee of
            an amount.
        card: other points.
    """
    card = card or read_opinion_card()
    known = facts.on(day)
    shares = _shares(known, as_day(day), exposure, card)
    overridden = external_caps(known, day, card=card)
    overridden = overridden[overridden["override"]].set_index("customer_id")
    shares = shares[shares.notna().any(axis=1) | shares.index.isin(overridden.index)]
    weights = pd.Series(card.criteria)[list(CRITERIA)]
    judged = shares.notna().mul(weights).sum(axis=1)
    points = 100 * shares.mul(weights).sum(axis=1) / judged.where(judged > 0)
    enough = (judged >= card.known["enough"]) & ~shares.index.isin(overridden.index)
    points = points.where(enough)
    p_late = card.probability(points.to_numpy())
    opinion = pd.DataFrame({"points": points, "known_share": judged / weights.sum(), "p_late_30": p_late}).join(shares)
    gates = overridden["sentence"].reindex(opinion.index)
    opinion = opinion.assign(sentence=column_of(_sentences(opinion, gates, card), opinion))
    return opinion.rename_axis("customer_id").reset_index()


def opinions_held(ledger: Ledger, day: pd.Timestamp, facts: Facts | None) -> "pd.Series[float] | None":
    """By customer_id, what an expert would expect of the ledger's customers (p_late_30), for `payment_laws`.

    None without facts: what the ledger's own customers carry caps their grades and never moves a law.
    """
    if facts is None:
        return None
    told = expert_opinion(facts_about(ledger, facts), day).set_index("customer_id")["p_late_30"]
    return told[told.index.isin(ledger.customers["customer_id"])].dropna()


def _shares(known: Facts, day: pd.Timestamp, exposure: "pd.Series[float] | None", card: OpinionCard) -> pd.DataFrame:
    """The share of each criterion's points, by customer."""
    customers = pd.Index(sorted(known.rows["customer_id"].unique()), name="customer_id", dtype="str")
    owed = pd.Series(np.nan, customers) if exposure is None else exposure.reindex(customers).astype("float64")
    accounts = latest_accounts(known, day, card=card).set_index("customer_id").reindex(customers)
    accounts = accounts.where(accounts["too_old"].eq(other=False))
    sales = accounts["sales"].astype("float64")
    found = {
        "rating": _ratings(known, card),
        "accounts": _zones(accounts, card),
        "seniority": _line(_years(known, day), "seniority", card),
        "sector": _line(_last(known, "sector_failure_rate")["amount"], "sector", card),
        "size": _line(owed.clip(lower=0) / sales.where(sales > 0), "size", card),
        "guarantee": _secured(known, day, owed, card),
    }
    return pd.DataFrame({name: share.reindex(customers) for name, share in found.items()}, index=customers)


def _last(known: Facts, fact: str) -> pd.DataFrame:
    rows = known.rows[known.rows["fact"] == fact]
    return latest(rows, ["customer_id"]).set_index("customer_id")


def _ratings(known: Facts, card: OpinionCard) -> "pd.Series[float]":
    """The worst of the ratings a customer holds."""
    rated = latest_ratings(known)
    pairs = list(zip(rated["scale"], rated["value"], strict=True))
    share = {(scale, code): card.scales[scale].share(code) for scale, code in set(pairs)}
    values = np.array([share[pair] for pair in pairs], dtype=np.float64)
    return pd.Series(values, index=rated["customer_id"].to_numpy()).groupby(level=0).min()


def _zones(accounts: pd.DataFrame, card: OpinionCard) -> "pd.Series[float]":
    """The mean over the scores that can be computed."""
    zones = [accounts[name].map(card.shares["accounts"]) for name in ("conan_holder_zone", "altman_zone")]
    return pd.concat(zones, axis=1).astype("float64").mean(axis=1)


def _years(known: Facts, day: pd.Timestamp) -> "pd.Series[float]":
    """Years since the company was founded; a day yet to come says nothing."""
    founded = _last(known, "founded_on")["day"]
    years: pd.Series[float] = ((day - founded).dt.days / _DAYS_IN_A_YEAR).where(founded <= day)
    return years


def _line(values: "pd.Series[float]", criterion: str, card: OpinionCard) -> "pd.Series[float]":
    return pd.Series(card.on_line(criterion, np.asarray(values, dtype=np.float64)), index=values.index)


def _secured(known: Facts, day: pd.Timestamp, owed: "pd.Series[float]", card: OpinionCard) -> "pd.Series[float]":
    """The better of the guarantee, if it has not ended, and the means of payment."""
    held = _last(known, "guarantee")
    held = held[held["ends_on"].isna() | (held["ends_on"] >= day)]
    exposed = owed.reindex(held.index)
    covered = (held["amount"] / exposed.where(exposed > 0)).clip(upper=1.0).mask(exposed <= 0, 1.0)
    guarantee = held["value"].map(card.shares["guarantee"]).fillna(covered).astype("float64")
    means = _last(known, "payment_method")["value"].map(card.shares["payment_method"]).astype("float64")
    return pd.concat([guarantee, means]).groupby(level=0).max()


def _sentences(opinion: pd.DataFrame, gates: "pd.Series[Any]", card: OpinionCard) -> Iterator[Sentence]:
    """Each opinion in words, or why there is none."""
    enough = card.known["enough"] / sum(card.criteria.values())
    best = [card.criteria[name] for name in CRITERIA]
    shares = opinion[list(CRITERIA)].to_numpy(dtype="float64")
    columns = [opinion[name] for name in ("points", "known_share", "p_late_30")]
    for points, known, p_late, gate, row in zip(*columns, gates, shares, strict=True):
        if isinstance(gate, Sentence):
            yield say("risk.facts.no_opinion_override", why=gate)
        elif np.isnan(points):
            yield say("risk.facts.no_opinion", known=known, enough=enough)
        else:
            parts = [_criterion(*each) for each in zip(CRITERIA, row, best, strict=True) if not np.isnan(each[1])]
            yield say("risk.facts.opinion", points=points, known=known, share=p_late, parts=parts)


def _criterion(name: str, share: float, best: float) -> Sentence:
    return say("risk.facts.criterion", name=say(f"risk.facts.criteria.{name}"), points=share * best, best=best)
