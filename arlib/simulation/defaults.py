"""If the largest debtors failed: what would be lost, what comes back, and how deep the hole in the cash would be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.behaviour import customers_of_items
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day, open_amounts
from arlib.measures.aging.ages import BOUNDS, Ages
from arlib.measures.concentration import debtor_codes, loss_of_largest, ranking
from arlib.risk.facts import Facts, facts_about
from arlib.risk.limits.exposure import limits_in_force
from arlib.risk.provisions.exposure import exposures
from arlib.risk.provisions.standing import cover_of_customers
from arlib.schema import DTYPES, HALF_CENT, Codes, Flags, Floats, sum_by_code
from arlib.simulation.base import LONGEST_HORIZON, SimulationBase, prepare
from arlib.simulation.figures.costs import Costs
from arlib.simulation.outlook.curves import policy_curves
from arlib.simulation.policies.policy import Policy
from arlib.words import Sentence, say

COUNTS = (1, 5, 10)
_TOGETHER = ("customer_id", "group", "siren")
_PARTS = ("hole_open", "hole_sales", "hole_recovered")
_HALF = 0.5  # of a unit of money: sentences have no cents


@dataclass(frozen=True)
class Recoveries:
    """What comes back after a failure, and when; the days are assumptions, to be set by who knows the contracts.

    Attributes:
        vat: whether VAT comes back: with a judicial liquidation, where it was due before the cash (goods, or services
            that opted for it), and never for want of payment alone.
        vat_rate: assumed of debts whose VAT is not known (0.2 for 20 %); none: nothing comes back of them.
        vat_after: days after the failure when VAT has come back.
        indemnity_after: days after it when the insurer has paid.

    Raises:
        ArlibError: days out of range.
    """

    vat: bool = True
    vat_rate: float | None = None
    vat_after: int = 90
    indemnity_after: int = 180

    def __post_init__(self) -> None:
        for days in (self.vat_after, self.indemnity_after):
            if not 0 <= days <= LONGEST_HORIZON:
                raise ArlibError(say("simulation.default.days", days=days, longest=LONGEST_HORIZON))


RECOVERIES = Recoveries()


def default_of_largest(
    source: Ledger | SimulationBase,
    as_of: Day | None = None,
    *,
    counts: Sequence[int] = COUNTS,
    by: str = "customer_id",
    facts: Facts | None = None,
    recoveries: Recoveries = RECOVERIES,
    margin_share: float | None = None,
) -> pd.DataFrame:
    """What it would cost if the largest debtors neither paid nor bought any more from tomorrow on.

    One row a count of the largest debtors of `concentration`:

    - count, as asked, and debtors, how many of them there are;
    - receivable, share, overdue, insured, sales, sales_share, dso, dso_after: those of `loss_of_largest`, `insured` by
      the cover of `facts` where they are given;
    - at_risk, what they owe less the credits that can be set against it: above the receivable only where a customer
      holds credits in another company or currency; vat, that comes back; vat_unknown, of at_risk, whose VAT is not
      known: none comes back; indemnity, what the insurer bears: the quota (the usual one where nobody said) of what
      is within its cover, without tax; loss = at_risk − vat − indemnity;
    - credit_limit, theirs together, nan without any; limit_used, what those who have one owe over it; over_limit,
      what is owed above each one's own;
    - cash_hole, the most that cash lacks over the horizon against what is expected under today's terms, and
      cash_hole_on, the first such day (missing: no cash was expected); the sum of hole_open, expected of what is
      open, hole_sales, expected of invoices to come less their own costs, 0 without `margin_share`, and
      hole_recovered, VAT and indemnity already received, negative;
    - sentence.

    VAT comes back and the insurer pays on the days of `recoveries`. Sales that are not made are no cash lost before it
    is known what they would have cost: without `margin_share` they are left out of the hole. Limits and insured limits
    of the customers' file carry no date.

    Args:
        source: a ledger, or what `prepare` made of it, whose horizon is then looked over; a year by default.
        as_of: the day; the ledger's last one by default; left out when `source` is prepared.
        counts: how many of the largest debtors each row takes; above their number, all of them.
        by: who fails together: `customer_id`, `group` or `siren`; a customer without one stands alone.
        facts: from outside (`read_facts`), for what is insured; the limits of the customers' file by default.
        recoveries: what comes back, and when.
        margin_share: what is left of sales, as they are billed, once their own costs are paid, 0 to 1; costs fall on
            the day of the invoice.

    Raises:
        ArlibError: a count below 1, another `by`, a VAT rate or a margin that cannot be, a day that was not prepared,
            or no payment known by then.
    """
    if by not in _TOGETHER:
        raise ArlibError(say("simulation.default.by", by=by))
    margin_share = Costs(margin_share=margin_share).margin_share
    base = source if isinstance(source, SimulationBase) else prepare(source, as_of, facts=facts)
    if as_of is not None and as_day(as_of) != base.as_of:
        raise ArlibError(say("simulation.prepared", day=base.as_of, days=base.horizon))
    lost = loss_of_largest(_insured_as_told(base, facts), base.as_of, counts=counts, by=by)
    debtors = _Debtors.of(base, by)
    at_stake = _at_stake(base, debtors, facts, recoveries)
    lost = lost.assign(**{name: _of_largest(amounts, lost["count"]) for name, amounts in at_stake.items()})
    lost["loss"] = (lost["at_risk"] - lost["vat"] - lost["indemnity"]).round(2)
    lost = lost.assign(**_limits(base, debtors, lost["count"]))
    holes = [
        _hole(base, debtors.among(count), _recovered(base, recoveries, vat, indemnity), margin_share)
        for count, vat, indemnity in zip(lost["count"], lost["vat"], lost["indemnity"], strict=True)
    ]
    lost = lost.join(pd.DataFrame(holes).astype({"cash_hole_on": DTYPES["date"]}))
    lost.insert(1, "debtors", lost["count"].clip(upper=debtors.number))
    told = [_sentence(row) for _, row in lost.iterrows()]
    return lost.assign(sentence=pd.Series(told, lost.index, dtype="object"))


@dataclass(frozen=True, eq=False)
class _Debtors:
    """The debtors of a day, and how each customer of the laws ranks among them.

    Attributes:
        rank: (customers,) place of its debtor, 0 for the largest; the number of debtors for those who owe nothing.
        owed: (customers,) what each owes, credits taken off.
        number: of debtors.
    """

    rank: Codes
    owed: Floats
    number: int

    @classmethod
    def of(cls, base: SimulationBase, by: str) -> "_Debtors":
        codes, groups = debtor_codes(base.ledger, by)
        opened, customers = open_amounts(base.ledger, base.as_of), base.laws.customers
        order = ranking(sum_by_code(codes, opened, len(groups)).round(2))
        places = np.full(len(groups), len(order))
        places[order] = np.arange(len(order))
        customer = customers_of_items(base.ledger, customers)
        rank = np.full(len(customers), len(order))
        rank[customer] = places[codes]  # a customer is of one debtor, whatever its item
        return cls(rank, sum_by_code(customer, opened, len(customers)).round(2), len(order))

    def among(self, count: int) -> Flags:
        """(customers,) whether each is one of the so many largest debtors."""
        return np.asarray(self.rank < min(count, self.number))

    def summed(self, customer: Codes, amounts: Floats) -> Floats:
        """(debtors,) sums of amounts, each of a customer, the largest debtor first."""
        return sum_by_code(self.rank[customer], amounts, self.number + 1)[:-1]


def _of_largest(by_rank: Floats, counts: "pd.Series[int]") -> Floats:
    """The sum over so many of the first debtors, for each count."""
    summed = np.append(0.0, np.cumsum(by_rank))
    return np.asarray(summed[np.minimum(counts, len(by_rank))].round(2) + 0.0)


def _insured_as_told(base: SimulationBase, facts: Facts | None) -> Ledger:
    """The ledger, its insured limits those of the facts where some are given."""
    if facts is None:
        return base.ledger
    cover = cover_of_customers(base.ledger, base.as_of, facts)
    customers = base.ledger.customers
    limits = np.nan if cover is None else customers["customer_id"].map(cover["insured_amount"])
    return replace(base.ledger, customers=customers.assign(insured_limit=limits))


def _at_stake(
    base: SimulationBase, debtors: _Debtors, facts: Facts | None, recoveries: Recoveries
) -> dict[str, Floats]:
    """What can be lost of each debtor and what comes back, the largest first."""
    cover = cover_of_customers(base.ledger, base.as_of, facts_about(base.ledger, facts))
    held = exposures(base.ledger, base.as_of, Ages.of("due", BOUNDS), vat_rate=recoveries.vat_rate, cover=cover)
    customer = base.laws.customers.get_indexer(held.customers)[held.customer]
    nothing = np.zeros(len(customer))
    amounts = {
        "at_risk": held.gross - held.credits,
        "vat": held.tax if recoveries.vat else nothing,
        "vat_unknown": held.tax_unknown if recoveries.vat else nothing,
        "indemnity": held.covered,
    }
    return {name: debtors.summed(customer, values) for name, values in amounts.items()}


def _limits(base: SimulationBase, debtors: _Debtors, counts: "pd.Series[int]") -> dict[str, Floats]:
    """The credit limits of the largest debtors, how much of them is used, and what is owed above them."""
    limit = limits_in_force(base.ledger).reindex(base.laws.customers).to_numpy()
    limited, everyone = ~np.isnan(limit), np.arange(len(limit))
    known = np.where(limited, limit, 0.0)
    columns = {
        "customers": limited.astype(np.float64),
        "limit": known,
        "used": np.where(limited, debtors.owed, 0.0),
        "over": np.where(limited, np.maximum(debtors.owed - known, 0.0), 0.0),
    }
    found = {name: _of_largest(debtors.summed(everyone, each), counts) for name, each in columns.items()}
    any_limit = found["customers"] > 0
    total = np.where(any_limit, found["limit"], np.nan)
    return {
        "credit_limit": total,
        "limit_used": np.divide(found["used"], total, out=np.full(len(total), np.nan), where=total > 0),
        "over_limit": np.where(any_limit, found["over"], np.nan),
    }


def _recovered(base: SimulationBase, recoveries: Recoveries, vat: float, indemnity: float) -> Floats:
    """(horizon + 1,) what has come back by each day."""
    day = np.arange(base.horizon + 1)
    return vat * (day >= recoveries.vat_after) + indemnity * (day >= recoveries.indemnity_after)


def _hole(base: SimulationBase, chosen: Flags, back: Floats, margin_share: float | None) -> dict[str, Any]:
    """The most that cash lacks over the horizon, the day, and its parts."""
    opened = base.opening.of(chosen).paid[: base.horizon + 1]
    sales = np.zeros(len(opened)) if margin_share is None else _margins(base, chosen, margin_share)
    lacking = opened + sales - back
    day = int(np.argmax(lacking))
    if lacking[day] < HALF_CENT:
        return {"cash_hole": 0.0, "cash_hole_on": pd.NaT} | dict.fromkeys(_PARTS, 0.0)
    parts = dict(zip(_PARTS, (opened, sales, -back), strict=True))
    found = {name: float(part[day]) + 0.0 for name, part in parts.items()}
    return {"cash_hole": float(lacking[day]), "cash_hole_on": base.as_of + pd.Timedelta(days=day)} | found


def _margins(base: SimulationBase, chosen: Flags, margin_share: float) -> Floats:
    """(horizon + 1,) expected payments of invoices to come less what these cost, by the end of each day."""
    gone = Policy("gone", customers=tuple(base.laws.customers[chosen]), lost_sales_share=1.0)
    today, without = policy_curves(base, (gone,), None, base.horizon)
    return np.asarray(today.paid - without.paid - (1 - margin_share) * np.cumsum(today.billed - without.billed))


def _sentence(row: "pd.Series[Any]") -> Sentence:
    """What a row says, and how deep the hole is."""
    if row["at_risk"] < HALF_CENT:
        return say("simulation.default.none")
    hole = say("simulation.default.no_hole")
    if row["cash_hole"] >= HALF_CENT:
        parts = _parts(opened=row["hole_open"], sales=row["hole_sales"], back=-row["hole_recovered"])
        hole = say("simulation.default.hole", amount=row["cash_hole"], day=row["cash_hole_on"], parts=parts)
    if row["vat_unknown"] >= HALF_CENT:
        hole = say("simulation.default.vat_unknown", amount=row["vat_unknown"], hole=hole)
    values = {"receivable": row["at_risk"], "share": row["share"], "hole": hole}
    values |= {"parts": _parts(vat=row["vat"], indemnity=row["indemnity"], loss=row["loss"])}
    key = "simulation.default.one" if row["debtors"] == 1 else "simulation.default.many"
    return Sentence(key, {"count": row["debtors"], **values})


def _parts(**amounts: float) -> list[Sentence]:
    """What an amount is made of, in words: each part that is not nothing; margin not made may be a cost spared."""
    amounts |= {"sales_spared": -amounts["sales"]} if "sales" in amounts else {}
    return [say(f"simulation.default.{part}", amount=amount) for part, amount in amounts.items() if amount >= _HALF]
