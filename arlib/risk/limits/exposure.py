"""What each customer may come to owe: open invoices and open orders, insured or not, against the limit in force."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, open_items
from arlib.risk.facts import Facts, facts_about, insurance_cover, read_opinion_card
from arlib.risk.limits.orders import Orders
from arlib.risk.limits.policy import LimitPolicy, read_limit_policy
from arlib.schema import Codes, Floats, sum_by_code
from arlib.words import say

_COVERED, _EXPIRED = "covered", "expired"


@dataclass(frozen=True, eq=False)
class _Placed:
    """The customers a question is about, those of the ledger first, and the place of each open order among them."""

    customers: "pd.Index[str]"
    in_ledger: int
    orders: pd.DataFrame
    place: Codes


def credit_exposure(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    facts: Facts | None = None,
    orders: Orders | None = None,
    policy: LimitPolicy | None = None,
) -> pd.DataFrame:
    """What each customer owes and has ordered on a day, the part of it that is insured, and the limit in force.

    One row a customer of the ledger, by customer_id, then one a customer of `orders` that the ledger does not know,
    so that the orders add up to those of the file:

    - customer_id, name, in_ledger;
    - receivable, open on the day, tax included, credits and advances taken off (below 0 where they are larger);
      overdue, open past its due date, credits apart; days_overdue of the oldest of these, 0 without any;
    - orders, still to be invoiced, and order_count; exposure, receivable + orders: an advance pays for an order;
    - cover, what may be owed within the insurer's word; quota, the share of a loss it pays, and
      quota_told, whether anybody said so: else it is the usual one of `opinion.toml`; cover_ends_on, its last
      day (missing: no end, or no cover); cover_state: "covered", "ending" within the days of the policy, "expired",
      "refused", "withdrawn", or "" where no insurer has spoken; insured = quota × what of the exposure is within
      the cover, 0 once it has ended; uninsured, the rest of the exposure; agreed_cover, that of the last agreement
      even where it has ended, nan without any;
    - credit_limit in force, nan without any (0 is no credit, but where all are 0 the file holds no limits);
      over_limit, what of the exposure is above it, nan without a limit; wrong_limit, a limit below 0 in the file,
      which is none.

    Limits of the customers' file carry no date: they are taken as they are on any day.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        facts: what is known from outside; the customers' own columns by default.
        orders: open orders; none by default.
        policy: other constants.

    Raises:
        ArlibError: orders are in several currencies, or in another one than the ledger.
    """
    day, policy = ledger.day(as_of), policy or read_limit_policy()
    placed = _placed(ledger, orders, day)
    size = len(placed.customers)
    owed = _receivables(ledger, day, placed)
    ordered = sum_by_code(placed.place, placed.orders["amount"].to_numpy(), size).round(2)
    count = np.bincount(placed.place, minlength=size)
    exposure = pd.Series((owed["receivable"] + ordered).round(2) + 0.0)
    covered = _covers(insurance_cover(facts_about(ledger, facts), day), placed, day, policy)
    insured = (covered["quota"] * np.minimum(exposure.clip(lower=0), covered["cover"])).round(2)
    limit = limits_in_force(ledger).reindex(placed.customers).to_numpy()
    stated = ledger.customers.set_index("customer_id")["credit_limit"].reindex(placed.customers).to_numpy()
    return _named(ledger, placed).assign(
        **owed,
        orders=ordered,
        order_count=count,
        exposure=exposure,
        **covered,
        insured=insured,
        uninsured=(exposure.clip(lower=0) - insured).round(2),
        credit_limit=limit,
        over_limit=(exposure - limit).clip(lower=0).round(2),
        wrong_limit=np.where(stated < 0, stated, np.nan),
    )


def _placed(ledger: Ledger, orders: Orders | None, day: pd.Timestamp) -> _Placed:
    """Customers of the ledger, sorted, then those that only orders name; orders by the customer they mean."""
    known = pd.Index(ledger.customers["customer_id"].sort_values(), name=None)
    if orders is None:
        return _Placed(known, len(known), pd.DataFrame({"amount": np.zeros(0)}), np.zeros(0, dtype=np.intp))
    opened = orders.on(day)
    currencies = sorted(opened["currency"].dropna().unique())
    if ledger.currency and set(currencies) - {ledger.currency}:
        raise ArlibError(say("risk.limit.order_currency", currencies=", ".join(currencies), currency=ledger.currency))
    if len(currencies) > 1:
        raise ArlibError(say("risk.limit.order_currencies", currencies=", ".join(currencies)))
    names = ledger.customers.set_index("customer_id")["name"].reindex(known)
    place = _places(opened["customer_id"], known, names)
    strange, strangers = pd.factorize(opened["customer_id"].where(place < 0), sort=True)
    customers = known.append(pd.Index(strangers))
    return _Placed(customers, len(known), opened, np.where(place < 0, len(known) + strange, place))


def _places(written: "pd.Series[Any]", known: "pd.Index[str]", names: "pd.Series[Any]") -> Codes:
    """Where customers stand among those known, -1 where they do not: by number, number written otherwise, or name.

    What two customers share (a name, 7 and 007) tells neither.
    """
    place: Codes = known.get_indexer(pd.Index(written))
    plain = [_plain(text) for text in written]
    for keys in ([_plain(text) for text in known], [_plain(text) for text in names.fillna("").to_numpy()]):
        alone = pd.Series(np.arange(len(keys)), index=keys)
        alone = alone[~alone.index.duplicated(keep=False) & (alone.index != "")]
        found = alone.reindex(plain).fillna(-1).to_numpy(dtype=np.intp)
        place = np.where(place < 0, found, place)
    return place


def _plain(text: str) -> str:
    """A number or a name without capitals, spaces or leading zeros."""
    return "".join(str(text).casefold().split()).lstrip("0")


def _named(ledger: Ledger, placed: _Placed) -> pd.DataFrame:
    names = ledger.customers.set_index("customer_id")["name"].reindex(placed.customers)
    customers = pd.Series(placed.customers.to_numpy(), dtype="str")
    known = np.arange(len(placed.customers)) < placed.in_ledger
    return pd.DataFrame(
        {
            "customer_id": customers,
            "name": names.reset_index(drop=True).fillna(customers),
            "in_ledger": known,
        }
    )


def limits_in_force(ledger: Ledger) -> "pd.Series[float]":
    """The credit limit of each customer of the ledger, by customer_id; nan without one.

    A limit below 0 is a slip, not a limit; where a file holds nothing else but zeros, it holds no limits at all.
    """
    limits = ledger.customers.set_index("customer_id")["credit_limit"].astype("float64")
    limits = limits.where(limits >= 0)
    return limits if (limits > 0).any() else limits.where(limits > 0)


def _receivables(ledger: Ledger, day: pd.Timestamp, placed: _Placed) -> dict[str, Floats]:
    """What each customer owes, what of it is past its due date, and for how many days."""
    opened = open_items(ledger, day)
    customer = placed.customers.get_indexer(pd.Index(opened["customer_id"]))
    amount, size = opened["open_amount"].to_numpy(), len(placed.customers)
    late = (amount > 0) & (opened["days_overdue"] > 0).to_numpy()
    oldest = np.zeros(size)
    np.maximum.at(oldest, customer[late], opened["days_overdue"].to_numpy()[late])
    return {
        "receivable": sum_by_code(customer, amount, size).round(2) + 0.0,
        "overdue": sum_by_code(customer[late], amount[late], size).round(2),
        "days_overdue": oldest.astype(np.int64),
    }


def _covers(cover: pd.DataFrame, placed: _Placed, day: pd.Timestamp, policy: LimitPolicy) -> dict[str, Any]:
    """The insurer's word on each customer: what may be owed within it now, and what the last agreement said."""
    known = cover.set_index("customer_id").reindex(placed.customers).reset_index(drop=True)
    state = known["decision"].astype("str").fillna("")
    ends_on = known["ends_on"].astype("datetime64[s]")
    told = known["quota"].astype("float64")
    quota = told.fillna(read_opinion_card().cover["usual_quota"]).where(state != "")
    share = quota if policy.insured_amount_is_indemnity else 1.0
    agreed = (known["agreed_amount"].astype("float64") / share).where(state.isin([_COVERED, _EXPIRED]))
    now = state == _COVERED
    ending = now & (ends_on <= day + pd.Timedelta(days=policy.cover_notice_days))
    return {
        "cover": agreed.where(now, 0.0).round(2),
        "quota": quota.where(now, 0.0),
        "quota_told": told.notna(),
        "cover_ends_on": ends_on,
        "cover_state": state.mask(ending, "ending"),
        "agreed_cover": agreed.round(2),
    }
