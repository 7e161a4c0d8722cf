"""The credit limit suggested for each customer, what bounds it, and exposure against the limit in force."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.risk.chain import Chain, chain_of, scored
from arlib.risk.facts import Facts, external_caps, facts_about, latest_accounts
from arlib.risk.limits.caps import CAPS, budgets, capacities, needs, rounded_down, unpaid_shares
from arlib.risk.limits.exposure import credit_exposure
from arlib.risk.limits.groups import group_columns
from arlib.risk.limits.orders import Orders
from arlib.risk.limits.policy import LimitPolicy, read_limit_policy
from arlib.risk.limits.wording import limit_reasons
from arlib.risk.scorecard import Scorecard, read_scorecard
from arlib.schema import Flags, Floats
from arlib.words import Language, say

_NO_PAYMENT = "behaviour.no_payment"


def credit_limits(  # noqa: PLR0913 - what is known of customers stands in several files
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    facts: Facts | None = None,
    orders: Orders | None = None,
    loss_budget: float | None = None,
    group_limits: Mapping[str, float] | None = None,
    policy: LimitPolicy | None = None,
    scorecard: Scorecard | None = None,
    language: Language = "en",
) -> pd.DataFrame:
    """A credit limit for each customer, a suggestion, with what bounds it, beside exposure and the limit in force.

    suggested_limit is the smallest of need and of what else is known: capacity (accounts), cover (insurer), budget
    (losses accepted), rounded down to two figures. 0 where a fact forbids credit (insolvency, cover refused) or where
    the grade is worth none; a grade read from little history forbids nothing. nan where neither need, accounts nor
    cover is known: a budget for losses is by itself no reason to lend. Constants are those of `limits.toml`; no public
    data could validate them.

    One row a customer, in the order of `credit_exposure` and with its columns, then:

    - grade, p_late and insufficient_history, those of `score_customers` for the days late of the policy, whatever the
      days its own default chooses: credit is not refused for being a few days late (grade "", nan and true where no
      payment is known by the day);
    - need and what makes it: peak_month, peak_billing, terms_days, delay_days (see `caps.needs`); capacity, nan
      without accounts recent enough, and equity; agreed_cover, the cap of the insurer's last agreement: one that has
      ended still bounds the limit, since losing the cover makes nobody safer; budget, nan without `loss_budget`, and
      unpaid_share, of its invoices never paid within a year of their due date;
    - fact, the sentence of the outside fact that forbids credit, None without one; override, whether it does so by
      itself and not through the grade; suggested_limit; binding: "need", "capacity", "cover", "budget",
      "override", "grade", or "" where nothing is known;
    - group, "" for a customer alone, group_exposure, group_limit and group_over (see `group_exposure`);
    - reason, sentences in `language`: which cap binds and from what numbers, what would change it, then what a person
      should look at: over its limit, its group over its own, cover that ended or is about to, a day after the last of
      the ledger.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        facts: what is known from outside, read with the ledger's customers for their own columns to count too; those
            columns alone by default.
        orders: open orders, which count in exposure; none by default.
        loss_budget: what may be lost on one customer; no such cap by default.
        group_limits: limits of groups, by their name; the sum of their customers' limits in force by default.
        policy: other constants.
        scorecard: other weights and thresholds of the grades.
        language: of the reasons.

    Raises:
        ArlibError: `loss_budget` is below 0, orders are in another currency, facts are of other customers than the
            ledger's, or `group_limits` names a group that no customer has.

    Source: published rules of credit managers: a tenth of net worth; exposure as invoices and orders, tax included.
    """
    if loss_budget is not None and not loss_budget >= 0:
        raise ArlibError(say("risk.limit.loss_budget"))
    day, policy = ledger.day(as_of), policy or read_limit_policy()
    facts = facts_about(ledger, facts)
    limits = credit_exposure(ledger, day, facts=facts, orders=orders, policy=policy)
    customers = pd.Index(limits["customer_id"])
    card = scorecard or read_scorecard()
    chain = _chain(ledger, day, facts, card=card, policy=policy)
    laws = None if chain is None else chain.laws
    limits = limits.join(_grades(chain, card, customers))
    limits = limits.join(needs(ledger, day, customers, laws, policy))
    worth = np.asarray(limits["grade"].map(dict(policy.grades)), dtype=np.float64)
    limits["equity"] = _equity(facts, day, customers)
    limits["capacity"] = capacities(limits["equity"].to_numpy(), worth, policy)
    limits["unpaid_share"] = unpaid_shares(laws, customers, policy)
    limits["budget"] = budgets(loss_budget, limits["unpaid_share"].to_numpy(), limits["quota"].to_numpy(), policy)
    capped = external_caps(facts, day).set_index("customer_id").reindex(customers)
    limits["override"] = capped["override"].fillna(value=False).to_numpy(dtype=np.bool_)
    forbidden = (capped["cap"].map(dict(policy.grades)) == 0).to_numpy()
    worthless = (worth == 0) & ~limits["insufficient_history"].to_numpy() | forbidden
    forbidding = zip(capped["sentence"], limits["override"].to_numpy() | forbidden, strict=True)
    limits["fact"] = pd.Series([told if forbids else None for told, forbids in forbidding], dtype="object")
    limits = limits.join(_suggested(limits, worthless, policy))
    limits = limits.join(group_columns(ledger, limits, group_limits))
    last = ledger.covers[1]
    beyond = None if day <= last else say("flows.stops", last=last, day=day)
    return limits.assign(reason=limit_reasons(limits, loss_budget, policy, language, beyond))


def _chain(ledger: Ledger, day: pd.Timestamp, facts: Facts, *, card: Scorecard, policy: LimitPolicy) -> Chain | None:
    """What the score rests on; none where no payment is known by the day, which leaves exposure to be told."""
    try:
        return chain_of(ledger, day, days_late=policy.days_late, card=card, facts=facts)
    except ArlibError as unknown:
        if unknown.sentence is None or unknown.sentence.key != _NO_PAYMENT:
            raise
        return None


def _grades(chain: Chain | None, card: Scorecard, customers: "pd.Index[str]") -> pd.DataFrame:
    """grade, p_late and insufficient_history of each customer; "", nan and true for those that nobody can score."""
    known = pd.DataFrame(columns=["grade", "p_late", "little"])
    if chain is not None:
        columns = {"p_late": chain.stages[-1], "little": chain.history < card.sufficient_history}
        known = scored(chain, card)[["grade"]].assign(**columns).set_axis(chain.laws.customers)
    known = known.reindex(customers).reset_index(drop=True)
    grade, p_late = known["grade"].astype("str").fillna(""), known["p_late"].astype("float64")
    return pd.DataFrame({"grade": grade, "p_late": p_late, "insufficient_history": ~known["little"].isin([False])})


def _equity(facts: Facts, day: pd.Timestamp, customers: "pd.Index[str]") -> Floats:
    """Equity of the last accounts known and recent enough; nan without any."""
    accounts = latest_accounts(facts, day).set_index("customer_id").reindex(customers)
    recent = accounts["too_old"].isin([False])
    return np.asarray(accounts["equity"].where(recent), dtype=np.float64)


def _suggested(limits: pd.DataFrame, worthless: Flags, policy: LimitPolicy) -> pd.DataFrame:
    """The smallest cap of each customer, rounded down, and which one it is."""
    caps = np.stack([limits[_column(cap)].to_numpy(dtype=np.float64) for cap in CAPS], axis=1)
    unknown = np.isnan(caps[:, :-1]).all(axis=1)  # what may be lost is by itself no reason to lend
    least = np.where(np.isnan(caps), np.inf, caps).min(axis=1)
    first = np.where(np.isnan(caps), np.inf, caps).argmin(axis=1)
    override = limits["override"].to_numpy()
    binding = np.select([override, worthless, unknown], ["override", "grade", ""], np.array(CAPS)[first])
    amount = np.where(override | worthless, 0.0, np.where(unknown, np.nan, least))
    return pd.DataFrame({"suggested_limit": rounded_down(amount, policy.figures), "binding": binding})


def _column(cap: str) -> str:
    """The column of a cap: that of cover is the agreement, ended or not."""
    return "agreed_cover" if cap == "cover" else cap
