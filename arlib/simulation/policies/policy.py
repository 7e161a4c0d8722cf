"""A policy: what would change, for whom, from when, as a value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from math import inf, isfinite
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import as_day
from arlib.schema import Days
from arlib.terms import Discount, PaymentTerms
from arlib.terms.rule import is_whole
from arlib.words import Sentence, say

LONGEST_ADVANCE = 90  # days by which invoicing can be brought forward; more is another way of selling
MOST_LATENESS = 3.0  # times the lateness of today; more is another customer

LEVERS = (  # in the order in which a bridge tells them
    *("terms", "terms_days", "follow_share", "faster_invoicing_days", "discount_adoption", "deposit_share"),
    *("direct_debit_share", "returned_share", "lateness_factor", "credit_stop", "lost_sales_share"),
    *("cost_per_invoice", "yearly_cost"),
)
_NAMES = ("customers", "segments", "countries")
_SEVERAL = (tuple, list, pd.Index, pd.Series, np.ndarray)  # what names are given in
_FLAGS = ("new_invoices_only", "credit_stop")
_MOST: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("follow_share", "deposit_share", "direct_debit_share", "returned_share", "lost_sales_share"), 1.0)
    | dict.fromkeys(("amount_from", "amount_below", "cost_per_invoice", "yearly_cost"), inf)
    | {"lateness_factor": MOST_LATENESS}
)
_ISSUED: Days = np.arange(4 * 365 + 1)  # days of issue, of every kind there is
_MOVES_NOTHING = {"follow_share", "returned_share", "cost_per_invoice", "yearly_cost"}  # without another lever


@dataclass(frozen=True)
class Policy:
    """Terms, ways of invoicing and of collecting to try, for some invoices, from a day on.

    An invoice is for it whose customer is one of `customers` or of `segments` (all customers where neither is given)
    and, where they are given, of `countries`, and whose amount is within bounds. Of each of these invoices the deposit
    comes first; of the rest, the share that takes the discount; of what is left then, the share collected by direct
    debit; all else is paid as its customer always pays, counted from the due date.

    Attributes:
        name: what the result calls it; "today" is the reference.
        terms: the terms of new invoices, with their instalments and discounts; None keeps those of today.
        terms_days: days added to the due dates of these terms, or of today's where there are none; taken off where
            negative; -90 to 90. No invoice is due before its issue for it.
        customers: customers it is for, by customer_id.
        segments: customer segments it is for, beside these customers.
        countries: of all these, only who is in one of these countries, as the customers table writes them.
        amount_from: the smallest amount of an invoice it is for: tax included, as it was made out the year before.
        amount_below: the amount from which on it is no longer for an invoice.
        follow_share: the share of a change of due date that the day of payment follows: 1, customers keep paying
            as many days late as before; 0, they keep paying on the day they always did. Nobody knows it before
            trying; show several.
        invoices_from: the first issue date it is for; None for the day after `as_of`.
        faster_invoicing_days: days by which invoices are issued earlier, 0 to 90.
        discount_adoption: share of billing that takes the first discount of `terms`, and pays on its last day; one
            for all, or by customer_id (0 for others).
        deposit_share: share paid with the order: received on the day of issue at the latest.
        direct_debit_share: share collected on the due date, or on the first open day after it.
        returned_share: share of the direct debits that come back unpaid; paid as the customer always pays.
        lateness_factor: what better reminders do: days after the due date × this, 0 to 3; who pays early still does.
            What was issued before `invoices_from` is reminded from that day on: of what is unpaid on its eve, days
            from the later of the due date and that eve × this.
        new_invoices_only: the reminders do not reach what is issued before `invoices_from`, nor what is open on
            `as_of`. Terms never do, nor does a policy bounded by amounts.
        credit_stop: everything is paid with the order, whatever the shares above.
        lost_sales_share: share of the sales concerned that is lost; an assumption.
        cost_per_invoice: of the action, for each invoice concerned.
        yearly_cost: of the action, a year.
        parts: the policies it is made of, each for its own invoices; built by `together`. Where several set the same
            lever for one invoice the last one counts, terms with all that is said of them; what they cost is added.

    Raises:
        ArlibError: the name is no text, empty or "today", terms are not a `PaymentTerms`, customers, segments or
            countries are not several texts, a number is out of range, a discount is taken that the terms do not grant,
            that is granted on amounts without tax or until after invoices fall due, or parts stand beside a scope or
            levers.
    """

    name: str
    terms: PaymentTerms | None = None
    _: KW_ONLY
    customers: tuple[str, ...] | None = None
    segments: tuple[str, ...] | None = None
    countries: tuple[str, ...] | None = None
    amount_from: float | None = None
    amount_below: float | None = None
    terms_days: int = 0
    follow_share: float = 1.0
    invoices_from: pd.Timestamp | None = None
    faster_invoicing_days: int = 0
    discount_adoption: float | Mapping[str, float] = field(default=0.0, hash=False)
    deposit_share: float = 0.0
    direct_debit_share: float = 0.0
    returned_share: float = 0.0
    lateness_factor: float = 1.0
    new_invoices_only: bool = False
    credit_stop: bool = False
    lost_sales_share: float = 0.0
    cost_per_invoice: float = 0.0
    yearly_cost: float = 0.0
    parts: tuple["Policy", ...] = ()

    def __post_init__(self) -> None:
        _check_kinds(self)
        _check_numbers(self)
        _check_days(self)
        _check_discount(self)
        self._hold()
        if not self.name.strip() or (self.name == "today" and self.levers):
            raise ArlibError(say("simulation.name", name=self.name))
        if self.parts and [name for name in given(self) if name not in {"name", "parts"}]:
            raise ArlibError(say("simulation.policy.parts", policy=self.name))

    def _hold(self) -> None:
        """Lists of names, days as texts and mappings are held as values that cannot change."""
        for name in _NAMES:
            if getattr(self, name) is not None:
                object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.invoices_from is not None:
            object.__setattr__(self, "invoices_from", as_day(self.invoices_from))
        if isinstance(self.discount_adoption, Mapping):
            object.__setattr__(self, "discount_adoption", _Shares(self.discount_adoption))
        object.__setattr__(self, "parts", tuple(self.parts))

    @classmethod
    def together(cls, name: str, *policies: "Policy") -> "Policy":
        """Several policies as one: where two set the same lever for one invoice, the later one counts."""
        return cls(name, parts=tuple(part for policy in policies for part in policy.parts or (policy,)))

    @property
    def changes(self) -> bool:
        """Whether anything is billed or paid otherwise than today; what only costs does not."""
        return bool(set(self.levers) - _MOVES_NOTHING)

    @property
    def levers(self) -> tuple[str, ...]:
        """What it sets beyond its name, scope and start, its parts included, in the order of `LEVERS`."""
        held = self.parts or (self,)
        return tuple(name for name in LEVERS if any(name in given(policy) for policy in held))

    @property
    def yearly_costs(self) -> float:
        """What the action costs a year, that of all parts together."""
        return sum(policy.yearly_cost for policy in self.parts or (self,))

    def with_levers(self, names: Iterable[str]) -> "Policy":
        """The same policy, for the same invoices, with these levers alone; a discount goes with its terms.

        Raises:
            ArlibError: a name is not that of a lever.
        """
        kept = set(names)
        if unknown := kept - set(LEVERS):
            known = ", ".join(LEVERS)
            raise ArlibError(say("simulation.policy.unknown_levers", names=", ".join(sorted(unknown)), known=known))
        if self.parts:
            return replace(self, parts=tuple(part.with_levers(kept) for part in self.parts))
        dropped = set(LEVERS) - kept if "terms" in kept else set(LEVERS) - kept | {"discount_adoption"}
        return replace(self, **{name: _DEFAULTS[name] for name in dropped})


class _Shares(Mapping[str, float]):
    """Shares by name that cannot change and, unlike a `MappingProxyType`, can be copied and pickled."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        self._shares = dict(shares)

    def __getitem__(self, name: str) -> float:
        return self._shares[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shares)

    def __len__(self) -> int:
        return len(self._shares)

    def __repr__(self) -> str:
        return repr(self._shares)


_DEFAULTS: Mapping[str, Any] = MappingProxyType({each.name: each.default for each in fields(Policy)})


def given(policy: Policy) -> dict[str, Any]:
    """The fields of a policy that differ from their defaults, in the order of the class."""
    values = {name: getattr(policy, name) for name in _DEFAULTS}
    return {name: value for name, value in values.items() if value != _DEFAULTS[name]}


def field_name(name: str) -> Sentence:
    """A field of a policy in a person's words."""
    return say(f"simulation.policy.field.{name}")


def is_within(value: object, low: float, most: float) -> bool:
    """Whether a value is a number within bounds; not an infinite one, and not yes or no."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return number and isfinite(value) and bool(low <= value <= most)  # type: ignore[operator, arg-type]  # it is one


def _check_kinds(policy: Policy) -> None:
    if not isinstance(policy.name, str):
        raise ArlibError(say("simulation.name", name=str(policy.name)))
    if not (policy.terms is None or isinstance(policy.terms, PaymentTerms)):
        raise ArlibError(say("simulation.policy_terms", terms=str(policy.terms)))
    for names in (getattr(policy, name) for name in _NAMES):
        if not (names is None or (isinstance(names, _SEVERAL) and all(isinstance(each, str) for each in names))):
            raise ArlibError(say("simulation.policy_names", name=str(names)))
    for name in _FLAGS:
        if not isinstance(getattr(policy, name), bool):
            raise ArlibError(
                say("simulation.policy.flag", policy=policy.name, name=field_name(name), value=getattr(policy, name))
            )
    plain = isinstance(policy.parts, tuple | list)
    if not (plain and all(isinstance(part, Policy) and not part.parts for part in policy.parts)):
        raise ArlibError(say("simulation.policy.parts_of_parts", policy=policy.name))


def _check_numbers(policy: Policy) -> None:
    taken = policy.discount_adoption
    for name, most in _MOST.items():
        if getattr(policy, name) is not None:
            _check_bounds(policy, name, getattr(policy, name), most)
    for share in taken.values() if isinstance(taken, Mapping) else (taken,):
        _check_bounds(policy, "discount_adoption", share, 1.0)
    low, high = policy.amount_from or 0, inf if policy.amount_below is None else policy.amount_below
    if low >= high:
        raise ArlibError(say("simulation.policy.amounts", policy=policy.name, low=low, high=high))


def _check_days(policy: Policy) -> None:
    days, most = policy.faster_invoicing_days, LONGEST_ADVANCE
    if not is_whole(days, 0, most):
        raise ArlibError(say("simulation.faster_invoicing", days=days, longest=most))
    if not is_whole(policy.terms_days, -most, most):
        told = {"policy": policy.name, "days": policy.terms_days, "most": most}
        raise ArlibError(say("simulation.policy.terms_days", **told))


def _check_bounds(policy: Policy, name: str, value: object, most: float) -> None:
    if not is_within(value, 0, most):
        key = "simulation.policy.negative" if most == inf else "simulation.policy.bounds"
        raise ArlibError(say(key, policy=policy.name, name=field_name(name), value=value, most=most))


def _check_discount(policy: Policy) -> None:
    """A discount is taken that the terms grant, off the amount with tax: a plan holds no other."""
    if "discount_adoption" not in given(policy):
        return
    offers = policy.terms.discounts if policy.terms else ()
    if not offers:
        raise ArlibError(say("simulation.policy.no_discount", policy=policy.name))
    if offers[0].base != "gross":
        raise ArlibError(say("simulation.policy.net_discount", policy=policy.name))
    if policy.terms and (later := _days_beyond(policy.terms, offers[0])) > 0:
        raise ArlibError(say("simulation.policy.late_discount", policy=policy.name, days=later))


def _days_beyond(terms: PaymentTerms, offer: Discount) -> int:
    """By how many days a discount outlasts the last due date of its terms, at the most, over four years of invoices."""
    return int((offer.until.due_days(_ISSUED) - terms.due_days(_ISSUED)).max())


TODAY = Policy("today")
