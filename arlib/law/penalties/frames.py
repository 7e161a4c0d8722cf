"""Penalties as tables: a row a period, a row an invoice, a row a customer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.law.dated import CONFIRMED, TO_CONFIRM
from arlib.law.penalties.accrual import Periods, interest_of
from arlib.law.penalties.lateness import Lateness, in_order
from arlib.law.penalties.rated import Rated
from arlib.law.rates import CONTRACT, DEFAULT
from arlib.law.undated import UndatedPayments
from arlib.ledger import Ledger
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, sum_by_code, texts_by_code, to_dates

_OF_ITEM = ["item_id", "customer_id", "reference", "document_id", "issued_on", "due_on", "amount"]
_SUMMED = ["open_amount", "interest", "indemnity", "due", "claimed", "waived", "remaining"]
_COUNTED = ["invoices", "days_late", "excluded"]


@dataclass(frozen=True, eq=False)
class Accrued:
    """The late invoices that earn penalties, in the order of the tables, and their periods in the same.

    Attributes:
        lateness: of the ledger.
        places: (invoices,) their positions in `ledger.items`.
        periods: the late days; rates: theirs; interest: (periods,) in cents.
        rank: (periods,) the place of its invoice in `places`.
    """

    lateness: Lateness
    places: Codes
    periods: Periods
    rates: Rated
    interest: Floats
    rank: Codes

    @classmethod
    def of(cls, lateness: Lateness, periods: Periods, rates: Rated, *, leap_years: bool) -> "Accrued":
        """What periods earn at their rates."""
        rank = np.full(len(lateness.due), -1)
        rank[periods.item] = 0
        places = in_order(lateness.ledger, np.flatnonzero(rank == 0))
        rank[places] = np.arange(len(places))
        order = np.argsort(rank[periods.item], kind="stable")  # those of an invoice stay in the order of their days
        periods, rates = periods.taken(order), rates.taken(order)
        interest = interest_of(periods, rates.rate, leap_years=leap_years)
        return cls(lateness, places, periods, rates, interest, rank[periods.item])

    @property
    def due(self) -> Days:
        """(invoices,) the due dates."""
        return self.lateness.due[self.places]

    def sums(self, values: Floats) -> Floats:
        """(invoices,) the sum of what their periods have."""
        return sum_by_code(self.rank, values, len(self.places))

    @property
    def undated(self) -> Flags:
        """(invoices,) whether something of them counts as settled late on a day that stands for one not known."""
        lateness, unsure = self.lateness, np.zeros(len(self.lateness.due), dtype=bool)
        of_unknown_day = UndatedPayments.of(lateness.ledger).among(lateness.pieces)
        unsure[lateness.pieces.item[of_unknown_day & (lateness.ends != NO_DAY)]] = True
        return unsure[self.places]

    def any(self, flags: Flags) -> Flags:
        """(invoices,) whether one of their periods has a flag."""
        return np.asarray(self.sums(flags.astype(np.float64)) > 0)


def periods_frame(accrued: Accrued) -> pd.DataFrame:
    """`LatePenalties.periods`."""
    periods, rates = accrued.periods, accrued.rates
    frame = accrued.lateness.ledger.items[["item_id", "customer_id"]].take(periods.item).reset_index(drop=True)
    return frame.assign(
        first_on=to_dates(periods.first),
        last_on=to_dates(periods.last),
        days=periods.days,
        principal=periods.principal,
        rate=rates.rate,
        basis=_either(rates.by_contract, CONTRACT, DEFAULT),
        below_floor=rates.below_floor,
        status=_either(rates.to_confirm, TO_CONFIRM, CONFIRMED),
        carried=rates.carried,
        interest=accrued.interest,
    )


def invoices_frame(accrued: Accrued, buyer: "pd.Series[str]", indemnity: Floats, to_confirm: Flags) -> pd.DataFrame:
    """`LatePenalties.invoices` but for what was claimed and waived.

    Args:
        accrued: the late invoices.
        buyer: (items,) what kind of customer owes each item.
        indemnity: (invoices,) the fixed sums.
        to_confirm: (invoices,) whether these are to be confirmed.
    """
    lateness, places = accrued.lateness, accrued.places
    open_amount, last = lateness.open_amounts[places], lateness.last[places]
    interest = accrued.sums(accrued.interest).round(2)
    return (
        lateness.ledger.items[_OF_ITEM]
        .take(places)
        .reset_index(drop=True)
        .assign(
            settled_on=to_dates(np.where(open_amount > 0, NO_DAY, last)),
            days_late=last - accrued.due,
            open_amount=open_amount,
            buyer=buyer.take(places).array,
            interest=interest,
            indemnity=indemnity,
            due=(interest + np.nan_to_num(indemnity)).round(2),
            basis=_either(accrued.any(accrued.rates.by_contract), CONTRACT, DEFAULT),
            below_floor=accrued.any(accrued.rates.below_floor),
            status=_either(accrued.any(accrued.rates.to_confirm) | to_confirm, TO_CONFIRM, CONFIRMED),
        )
    )


def with_given(invoices: pd.DataFrame, claimed: Floats, waived: Floats) -> pd.DataFrame:
    """Invoices with what was claimed and waived of them, and what remains, after what is due."""
    remaining = np.maximum(invoices["due"].to_numpy() - claimed - waived, 0.0).round(2)
    after_due = list(invoices.columns).index("due") + 1
    given = {"claimed": claimed, "waived": waived, "remaining": remaining}
    return invoices.assign(**given)[[*invoices.columns[:after_due], *given, *invoices.columns[after_due:]]]


def customers_frame(ledger: Ledger, invoices: pd.DataFrame, excluded: pd.DataFrame) -> pd.DataFrame:
    """`LatePenalties.by_customer`."""
    doubtful = invoices["status"] == TO_CONFIRM
    groups = invoices.assign(doubtful=doubtful).groupby("customer_id")
    counts = pd.DataFrame({"invoices": groups.size(), "days_late": groups["days_late"].max()})
    frame = counts.join(groups[[*_SUMMED, "doubtful"]].sum().round(2))
    frame = frame.join(excluded.groupby("customer_id").size().rename("excluded"), how="outer").fillna(0)
    frame = frame.sort_index().rename_axis("customer_id").reset_index().astype(dict.fromkeys(_COUNTED, "int64"))
    frame.insert(1, "name", frame["customer_id"].map(ledger.customers.set_index("customer_id")["name"]))
    status = _either((frame["doubtful"] > 0).to_numpy(), TO_CONFIRM, CONFIRMED)
    return frame.drop(columns="doubtful").assign(status=status)


def _either(which: Flags, yes: str, no: str) -> "pd.Series[Any]":
    """A column that says one of two words."""
    return texts_by_code((no, yes), which.astype(np.intp), pd.RangeIndex(len(which)))
