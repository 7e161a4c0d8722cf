"""The change of a DSO as effects that add up to it exactly, from what groups bought and owe at two days.

DSO is the sum over groups of sales share × own DSO, so that its change is the sum of (change of share × mean own
DSO) and (mean share × change of own DSO): midpoint weights leave no residual (handbook, worked examples M1 and M2).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.schema import HALF_CENT, Flags, Floats

PARTS = ("not_due", "overdue", "disputed", "no_due_date", "unapplied")
EFFECTS = ("volume", "mix", "terms", "phasing", "delay", "disputes", "undated", "unapplied", "new", "lost")
_OF_PARTS = ("phasing", "delay", "disputes", "undated", "unapplied")  # the effect each part's change stands under
_YEAR = 365  # days of its own sales beyond which a balance says nothing of how fast a group pays


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What each group bought in a window and how it stands at the end of it.

    Attributes:
        sales: sales of the window, tax included, a group.
        parts: what it owes, a row a group and a column each of `PARTS`; `unapplied` is negative.
        terms: amount-weighted days from invoice to due date of the window's invoices; nan where unknown.
    """

    sales: Floats
    parts: Floats
    terms: Floats

    def buying(self, days: int) -> Flags:
        """Which groups buy: they have sales, and all they owe or hold is less than a year of them.

        A balance of ten years of a group's sales is an old balance beside a small sale: as a DSO it would swamp the
        bridge with effects of opposite sign.
        """
        gross = np.abs(self.parts).sum(axis=1)
        flags: Flags = (self.sales > HALF_CENT) & (gross * days <= self.sales * _YEAR)
        return flags

    @property
    def seen(self) -> Flags:
        """Which groups bought, owe or hold anything."""
        flags: Flags = (self.sales != 0) | (self.parts != 0).any(axis=1)
        return flags

    def contributions(self, days: int) -> Floats:
        """What each group adds to the DSO of the company."""
        owed: Floats = self.parts.sum(axis=1) / self.sales.sum() * days
        return owed

    def own_days(self, days: int) -> Floats:
        """What each group owes in days of its own sales, by part; 0 where it has none."""
        sold = np.where(self.sales > HALF_CENT, self.sales, np.inf)
        return self.parts * days / sold[:, np.newaxis]


def bridge_effects(start: Snapshot, end: Snapshot, days: int) -> pd.DataFrame:
    """What each group adds to the change of DSO, by effect, in days: one row a group, one column each of `EFFECTS`.

    The sum of all cells is the DSO of `end` less that of `start`, both with sales above zero; exchanging the two
    changes every sign, and makes new groups lost ones. For groups that buy in both windows, with w the share of sales,
    d the own DSO and a mean that of the two windows:

    - mix: Δw × (mean d − mean DSO of the company), so that more sales to an average customer move nothing;
    - terms: mean w × Δ weighted terms; 0 where those of either window are unknown;
    - phasing: mean w × Δ (not due, in days of sales) − terms: when in the window was invoiced;
    - delay, disputes, undated, unapplied: mean w × Δ of that part of d.

    Groups that buy in one window only are `new` or `lost`: Δ contribution − Δw × mean DSO. The balances of those that
    buy in neither change by amounts at the mean pace of sales (under the effect of each part) and by the pace itself
    (volume).
    """
    before, after = start.buying(days), end.buying(days)
    lasting, idle = before & after, ~(before | after)
    pace = days / start.sales.sum(), days / end.sales.sum()  # days one unit of money stands for
    shares = start.sales / start.sales.sum(), end.sales / end.sales.sum()
    weight = (shares[0] + shares[1]) / 2
    own = start.own_days(days), end.own_days(days)
    owed = start.parts.sum(axis=1), end.parts.sum(axis=1)
    average = (owed[0].sum() * pace[0] + owed[1].sum() * pace[1]) / 2
    as_average = (shares[1] - shares[0]) * average  # what the change of share would bring at the company's DSO
    change = owed[1] * pace[1] - owed[0] * pace[0] - as_average
    mean_own = (own[0] + own[1]).sum(axis=1) / 2
    paid = np.where(idle[:, np.newaxis], (end.parts - start.parts) * (pace[0] + pace[1]) / 2, 0.0)
    paid = np.where(lasting[:, np.newaxis], (own[1] - own[0]) * weight[:, np.newaxis], paid)
    terms = np.where(lasting, np.nan_to_num(weight * (end.terms - start.terms)), 0.0)
    effects = pd.DataFrame(paid, columns=list(_OF_PARTS)).assign(
        phasing=paid[:, 0] - terms,
        terms=terms,
        volume=np.where(idle, (owed[0] + owed[1]) / 2 * (pace[1] - pace[0]), 0.0),
        mix=np.where(lasting, (shares[1] - shares[0]) * mean_own, 0.0) - np.where(lasting | idle, as_average, 0.0),
        new=np.where(after & ~before, change, 0.0),
        lost=np.where(before & ~after, change, 0.0),
    )
    return effects[list(EFFECTS)] + 0.0  # no −0.0


def drill_column(effect: str) -> str:
    """The column of an effect where groups stand beside it: `terms` and others are names groups have too."""
    return f"days_{effect}"


def volume_amount(sales: tuple[float, float], dso: tuple[float, float], days: int) -> float:
    """What the receivable gains because more is sold at an unchanged DSO: Δ sales / days × mean DSO (M2)."""
    return (sales[1] - sales[0]) / days * (dso[0] + dso[1]) / 2
