"""What can be lost of each open debt on a day: its customer's credits, its tax and what is insured taken off."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger, group_codes, open_amounts
from arlib.measures.aging.ages import Ages
from arlib.measures.aging.netting import PURSES
from arlib.measures.aging.worth import tax_shares
from arlib.schema import NO_DAY, Codes, Days, Floats, day_number, day_numbers, sum_by_code
from arlib.words import say

_CENTS = 100


@dataclass(frozen=True, eq=False)
class Exposures:
    """The open debts of a day, one place each, and the credits that no debt of their customer takes up.

    Attributes:
        item: (debts,) position in `ledger.items`.
        customer: (debts,) code of the customer, in the order of `customers`.
        bucket: (debts,) place among the names of the ages; after the last one without a due date.
        gross: (debts,) open amount, tax included.
        credits: (debts,) what of it the customer's unapplied credits pay, the oldest debts first.
        tax: (debts,) tax in what is left.
        tax_unknown: (debts,) what is left of debts whose tax is not known and none was assumed.
        covered: (debts,) insured part of what is left without tax.
        in_credit: (items,) credits left over, negative, in the order of `ledger.items`.
        customers: identifiers, sorted.
    """

    item: Codes
    customer: Codes
    bucket: Codes
    gross: Floats
    credits: Floats
    tax: Floats
    tax_unknown: Floats
    covered: Floats
    in_credit: Floats
    customers: "pd.Index[str]"

    @property
    def uncovered(self) -> Floats:
        """(debts,) what can be lost if nothing is insured: credits and tax taken off."""
        return self.gross - self.credits - self.tax

    @property
    def amount(self) -> Floats:
        """(debts,) what can be lost: credits, tax and cover taken off."""
        return self.uncovered - self.covered


def exposures(
    ledger: Ledger, day: pd.Timestamp, ages: Ages, *, vat_rate: float | None = None, cover: pd.DataFrame | None = None
) -> Exposures:
    """The open debts of a day and what can be lost of each.

    Args:
        ledger: the ledger.
        day: the day.
        ages: the buckets.
        vat_rate: assumed of debts whose tax is not known (0.2 for 20 %); none: nothing is taken off them.
        cover: a row a customer (index `customer_id`), `insured_amount` and `quota` (0 to 1).

    Raises:
        ArlibError: a rate below 0, or of 100 % and more, as 20 written for 0.2.
    """
    if vat_rate is not None and not 0 <= vat_rate < 1:
        raise ArlibError(say("risk.provision.vat_rate", rate=vat_rate))
    opened = open_amounts(ledger, day)
    item = np.flatnonzero(opened > 0)
    owner, owners = group_codes(ledger, "customer_id")
    customers = pd.Index(owners["customer_id"])
    paid, in_credit = _set_off(ledger, opened)
    gross, credits_ = opened[item], paid[item]
    share, unknown = tax_shares(ledger)
    assumed = 0.0 if vat_rate is None else vat_rate / (1 + vat_rate)
    tax = (gross - credits_) * np.where(unknown > 0, assumed, share)[item]
    untold = unknown[item] if vat_rate is None else np.zeros(len(item))
    insured = _covered_shares(owner[item], gross - credits_, customers, cover)
    return Exposures(
        item=item,
        customer=owner[item],
        bucket=_buckets(day_numbers(ledger.items["due_on"])[item], ages, day_number(day)),
        gross=gross,
        credits=credits_,
        tax=tax,
        tax_unknown=(gross - credits_) * untold,
        covered=(gross - credits_ - tax) * insured,
        in_credit=in_credit,
        customers=customers,
    )


def _buckets(due: Days, ages: Ages, day: int) -> Codes:
    dated = due != NO_DAY
    place = np.searchsorted(ages.firsts, day - np.where(dated, due, day), side="right")
    return np.where(dated, place, len(ages.names))


def _set_off(ledger: Ledger, opened: Floats) -> tuple[Floats, Floats]:
    """What credits of the same purse pay of each debt, oldest due date first, undated last; and what is left of them.

    In whole cents, whose running sums are exact: what other customers hold never moves a bit of this one's.
    """
    codes, purses = group_codes(ledger, PURSES)
    item = np.flatnonzero(opened)
    purse, ids, due = codes[item], *(ledger.items[name].to_numpy()[item] for name in ("item_id", "due_on"))
    cents = np.rint(opened[item] * _CENTS).astype(np.int64)
    order = np.lexsort((ids, due, purse))  # missing dates sort last
    debts, credits_ = np.maximum(cents, 0), np.maximum(-cents, 0)
    owed, held = (_exact_sums(purse, amounts, len(purses)) for amounts in (debts, credits_))
    paid, in_credit = np.zeros((2, len(opened)))
    paid[item] = _taken(debts, held, purse, order) / _CENTS
    in_credit[item] = (_taken(credits_, owed, purse, order) - credits_) / _CENTS + 0.0
    return paid, in_credit


def _taken(cents: Days, limits: Days, purse: Codes, order: Codes) -> Days:
    """What is taken of each amount when those of a purse are taken one after the other, up to the purse's limit."""
    ranked, limit = cents[order], limits[purse[order]]
    before = np.append(0, _exact_sums(purse, cents, len(limits)).cumsum())[purse[order]]
    until = np.cumsum(ranked) - before
    taken = np.empty_like(cents)
    taken[order] = np.minimum(until, limit) - np.minimum(until - ranked, limit)
    return taken


def _exact_sums(codes: Codes, cents: Days, size: int) -> Days:
    """Sums of whole cents, exact below 90,000 billion."""
    return np.rint(sum_by_code(codes, cents.astype(np.float64), size)).astype(np.int64)


def _covered_shares(customer: Codes, owed: Floats, customers: "pd.Index[str]", cover: pd.DataFrame | None) -> Floats:
    """The share of each debt that is insured: what its customer owes within the insured amount, times the quota."""
    if cover is None:
        return np.zeros(len(owed))
    known = cover.reindex(customers)
    total = sum_by_code(customer, owed, len(customers))
    insured = np.minimum(total, known["insured_amount"].fillna(0.0).clip(lower=0).to_numpy())
    share = np.divide(insured, total, out=np.zeros(len(total)), where=total > 0)
    return np.asarray((share * known["quota"].fillna(0.0).clip(0, 1).to_numpy())[customer])
