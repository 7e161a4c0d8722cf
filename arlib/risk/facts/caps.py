"""What external facts forbid: the best grade they allow, and whether they override any score."""

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from arlib.ledger.books import Day, as_day
from arlib.risk.facts.card import OVERRIDE, OpinionCard, read_opinion_card
from arlib.risk.facts.facts import Facts, column_of, latest
from arlib.risk.facts.financial import latest_accounts
from arlib.schema import DTYPES
from arlib.words import Sentence, say

COVERED, EXPIRED, REFUSED, WITHDRAWN = "covered", "expired", "refused", "withdrawn"
_WORST = "E"
_COLUMNS = ["customer_id", "cap", "override", "fact", "value", "known_on", "stands_until", "source", "what", "sentence"]
_KNOWN = ["customer_id", "fact", "value", "known_on", "source"]
_TOLD = ("what", "cap", "override", "source")
_SCORES = (("conan_holder", "conan_holder", "conan_holder_zone"), ("altman", "altman_z", "altman_zone"))


def external_caps(facts: Facts, day: Day, *, card: OpinionCard | None = None) -> pd.DataFrame:
    """The strictest cap of each customer from what was known by the end of a day: `every_cap`, its first row each."""
    return every_cap(facts, day, card=card).drop_duplicates("customer_id").reset_index(drop=True)


def every_cap(facts: Facts, day: Day, *, card: OpinionCard | None = None) -> pd.DataFrame:
    """Every fact that caps a grade, from what was known by the end of a day; never averaged into a probability.

    Of the facts of one kind only the last known counts: a plan ends a reorganisation, a new decision of the insurer
    the one before. A cover that ended is none, and caps nothing; nor does a refusal or a withdrawal of cover older than
    `decision_months`. Which fact caps at what, and for how long, is `opinion.toml`.

    One row a cap, by customer, overrides first, then the lowest grade, then the last known:

    - customer_id; cap, the best grade allowed, A to E; override, whether it stands above any score: grade E and a
      credit limit of 0;
    - fact (registry, proceeding, cover, rating, conan_holder, altman), value, known_on (NaT: undated), stands_until,
      its last day (NaT: until a newer fact), source (missing: the customers' own table), what, a `Sentence` that names
      the fact, sentence, one with all of it.
    """
    card = card or read_opinion_card()
    known = facts.on(day)
    parts = [_stated(known, card), _covers(known, day, card), _rated(known, card), _scored(known, day, card)]
    found = pd.concat(parts, ignore_index=True)
    found = found[found["cap"] != ""].astype({"stands_until": DTYPES["date"]})
    override = found["cap"] == OVERRIDE
    found = found.assign(override=override, cap=found["cap"].mask(override, _WORST))
    when = [_when(*days) for days in zip(found["known_on"], found["stands_until"], strict=True)]
    told = zip(*(found[name] for name in _TOLD), when, strict=True)
    found = found.assign(sentence=column_of((_sentence(*each) for each in told), found))
    order = ["customer_id", "override", "cap", "known_on"]
    found = found.sort_values(order, ascending=[True, False, False, False], kind="stable", na_position="last")
    return found[_COLUMNS].reset_index(drop=True)


def insurance_cover(facts: Facts, day: Day) -> pd.DataFrame:
    """The insurer's last decision on each customer known by the end of a day; one row a customer that has one.

    customer_id; decision: covered, refused, withdrawn, or expired where its last day is over; insured_amount, what is
    covered, 0 unless covered; agreed_amount, the same also where it expired; quota, the share of a loss the insurer
    bears, 0 to 1, nan where nobody said (`usual_quota` of `opinion.toml` then stands for it); ends_on, the last day
    covered, NaT where none is known; known_on (NaT: undated); source (missing: the customers' own table).
    """
    rows = facts.on(day).rows
    last = latest(rows[rows["fact"] == "cover"], ["customer_id"])
    ended = (last["value"] == "amount") & (last["ends_on"] < as_day(day))
    decision = last["value"].mask(last["value"] == "amount", COVERED).mask(ended, EXPIRED)
    amount = last["amount"].where(decision == COVERED, 0.0)
    kept = last[["customer_id", "quota", "ends_on", "known_on", "source"]]
    kept.insert(1, "decision", decision)
    kept.insert(2, "insured_amount", amount)
    kept.insert(3, "agreed_amount", last["amount"].where(decision.isin([COVERED, EXPIRED]), 0.0))
    return kept.sort_values("customer_id").reset_index(drop=True)


def _stated(known: Facts, card: OpinionCard) -> pd.DataFrame:
    """Statuses at the registry and insolvency proceedings."""
    rows = known.rows[known.rows["fact"].isin(("registry", "proceeding"))]
    last = latest(rows, ["customer_id", "fact"])[_KNOWN]
    caps = [card.caps.get(fact, {}).get(value, "") for fact, value in zip(last["fact"], last["value"], strict=True)]
    last = last.assign(cap=np.array(caps, dtype=object))
    last = last[last["cap"] != ""]
    what = [say(f"risk.facts.{fact}.{value}") for fact, value in zip(last["fact"], last["value"], strict=True)]
    return last.assign(what=column_of(what, last))


def _covers(known: Facts, day: Day, card: OpinionCard) -> pd.DataFrame:
    """The insurer's last decision, for as long as it stands."""
    cover = insurance_cover(known, day).assign(fact="cover").rename(columns={"decision": "value"})[_KNOWN]
    cover = cover.assign(cap=cover["value"].map(card.caps.get("cover", {})).fillna("").astype(object))
    until = cover["known_on"] + pd.DateOffset(months=int(card.cover["decision_months"]))
    cover = cover.assign(stands_until=until)[(cover["cap"] != "") & ~(until < as_day(day))]
    return cover.assign(what=column_of((say(f"risk.facts.cover.{value}") for value in cover["value"]), cover))


def latest_ratings(known: Facts) -> pd.DataFrame:
    """The last rating of each customer by each agency; the two scales of the Banque de France are one agency's."""
    rows = known.rows[known.rows["fact"] == "rating"]
    agency = rows["scale"].str.replace("_2004", "", regex=False)
    return latest(rows.assign(agency=agency), ["customer_id", "agency"])


def _rated(known: Facts, card: OpinionCard) -> pd.DataFrame:
    last = latest_ratings(known)
    pairs = list(zip(last["scale"], last["value"], strict=True))
    rated = {(scale, code): card.scales[scale].cap(code) for scale, code in set(pairs)}
    what = [say("risk.facts.rated", scale=card.scales[scale].names[0], code=code) for scale, code in pairs]
    return last[_KNOWN].assign(cap=np.array([rated[pair] for pair in pairs], dtype=object), what=column_of(what, last))


def _scored(known: Facts, day: Day, card: OpinionCard) -> pd.DataFrame:
    """Scores of accounts that are not too old."""
    accounts = latest_accounts(known, day, card=card)
    accounts = accounts[~accounts["too_old"]]
    return pd.concat([_of_score(accounts, *each, card) for each in _SCORES])


def _of_score(accounts: pd.DataFrame, fact: str, score: str, zone: str, card: OpinionCard) -> pd.DataFrame:
    caps = accounts[zone].map(card.caps.get(fact, {})).fillna("")
    capped, cap = accounts[caps != ""], caps[caps != ""]
    values = zip(capped[score], capped["closed_on"], strict=True)
    what = column_of((say(f"risk.facts.{fact}", score=value, day=closed) for value, closed in values), capped)
    kept = capped[["customer_id", "known_on", "source"]]
    return kept.assign(fact=fact, value=capped[zone], cap=cap, what=what)


def _when(known_on: "pd.Timestamp | NaTType", stands_until: "pd.Timestamp | NaTType") -> Sentence:
    """Since when a fact is known, and until when it stands where it does not stand for ever."""
    if pd.isna(known_on):
        return say("risk.facts.without_date")
    if pd.isna(stands_until):
        return say("risk.facts.dated", day=known_on)
    return say("risk.facts.dated_until", day=known_on, until=stands_until)


def _sentence(what: Sentence, cap: str, override: bool, source: object, when: Sentence) -> Sentence:  # noqa: FBT001
    """What a fact allows, since when it is known, and who says so."""
    origin = source if isinstance(source, str) else say("risk.facts.customers_file")
    if override:
        return say("risk.facts.overridden", what=what, when=when, source=origin)
    return say("risk.facts.capped", what=what, when=when, source=origin, grade=cap)
