"""On how few debtors the receivable rests, and what losing the largest would cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger, group_codes, open_amounts
from arlib.measures.dso import DAYS, dso
from arlib.measures.figure import Figure
from arlib.measures.named import with_names
from arlib.measures.sales import Sales
from arlib.schema import HALF_CENT, NO_DAY, Codes, Flags, Floats, day_number, day_numbers, sum_by_code
from arlib.words import Sentence, say

COUNTS = (1, 3, 5, 10)
_TOLD = 10  # largest debtors a sentence speaks of
_COLUMNS = ("rank", "receivable", "share", "cumulated_share")
_ALONE = ("group", "siren")  # columns without whose value a customer stands alone


@dataclass(frozen=True, eq=False)
class Concentration:
    """On how few debtors the receivable of a day rests.

    Attributes:
        groups: one row a debtor, the largest first: the columns of `by` (and `name` where they are customers), `rank`
            from 1, `receivable`, `share` of what debtors owe, `cumulated_share`. Groups in credit are not in it.
        top: one row a count: `count`, `receivable` of that many of the largest debtors, `share`.
        hhi: Herfindahl-Hirschman index, the sum of squared shares: 1 / number where all owe alike, 1 for one debtor.
        effective_debtors: 1 / `hhi`: how many debtors owing alike would be as concentrated.
        owed: what debtors owe in all; `credits`: what groups in credit hold (negative). Together the receivable.
    """

    groups: pd.DataFrame
    top: pd.DataFrame
    hhi: Figure
    effective_debtors: Figure
    owed: float
    credits: float

    @property
    def sentence(self) -> Sentence:
        """The finding: the share of the largest, and how many debtors that amounts to."""
        if self.groups.empty:
            return say("concentration.none")
        if len(self.groups) == 1:
            return say("concentration.one")
        told = _TOLD if len(self.groups) > _TOLD else 1
        share = float(self.groups["cumulated_share"].iloc[told - 1])
        alike = round(float(self.effective_debtors), 1)  # as it is written, for the word beside it to agree
        values = {"count": told, "share": share, "debtors": len(self.groups), "effective": alike}
        return say("concentration.few" if told == 1 else "concentration.many", **values)


def concentration(
    ledger: Ledger, as_of: Day | None = None, *, by: By = "customer_id", counts: Sequence[int] = COUNTS
) -> Concentration:
    """Debtors by what they owe on a day, with their shares, the top ones, HHI and the effective number of debtors.

    A debtor is a group whose balance, its unapplied credits taken off, is above zero. Shares are of what debtors owe:
    groups in credit owe nothing, and their credits would make shares add up to more than one.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last where none is given.
        by: who counts as one debtor, as for `group_codes`: `group` or `siren` put the accounts of one company
            together, a customer without one standing alone under its `customer_id`.
        counts: how many of the largest each row of `top` takes.

    Raises:
        ArlibError: a count below 1, or in `by` an unknown column or one of `groups`' own.
    """
    day = ledger.day(as_of)
    codes, groups = debtor_codes(ledger, by)
    own = [name for name in groups if name in _COLUMNS]
    if own:
        raise ArlibError(say("concentration.by", by=", ".join(own)))
    owed = sum_by_code(codes, open_amounts(ledger, day), len(groups)).round(2)
    order = ranking(owed)
    amounts = owed[order]
    debts = round(float(amounts.sum()), 2)
    shares = amounts / debts if debts else amounts
    ranked = with_names(ledger, groups).iloc[order].reset_index(drop=True)
    ranked = ranked.assign(rank=np.arange(1, len(order) + 1), receivable=amounts, share=shares)
    top = pd.DataFrame({"count": _counts(counts), "receivable": _largest(amounts, counts)})
    return Concentration(
        groups=ranked.assign(cumulated_share=np.cumsum(amounts).round(2) / (debts or 1.0)),
        top=top.assign(share=top["receivable"] / (debts or np.nan)),
        hhi=herfindahl(amounts),
        effective_debtors=effective_debtors(amounts),
        owed=debts,
        credits=round(float(owed[owed < 0].sum()), 2) + 0.0,
    )


def loss_of_largest(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    counts: Sequence[int] = COUNTS,
    by: By = "customer_id",
    days: int = DAYS,
) -> pd.DataFrame:
    """What it would cost to lose the largest debtors: what they owe, what they buy, and the DSO without them.

    One row a count of the largest debtors of `concentration`: `count`; `receivable` at risk and `share` of what
    debtors owe; `overdue`, their invoices past due, credits not taken off; `insured`, the part of the receivable
    within the insured limits of the customers, nan where none of them has a limit that is known; `sales` of the last
    `days` days and `sales_share`, `dso` of all and `dso_after` of the rest, all nan where `dso` gives none, the last
    where nothing is sold to the rest. A count above the number of debtors takes all of them.

    Raises:
        ArlibError: a count below 1, a window of no days, or an unknown column in `by`.
    """
    day, asked = ledger.day(as_of), _counts(counts)
    codes, groups = debtor_codes(ledger, by)
    opened, size = open_amounts(ledger, day), len(groups)
    owed = sum_by_code(codes, opened, size).round(2)
    whole = dso(ledger, day, days=days)
    sold = Sales.among(ledger, codes, groups).to(np.array([day_number(day)]), np.array(days))[:, 0]
    sold = np.full(size, np.nan) if np.isnan(whole) else sold
    columns = {
        "receivable": owed,
        "overdue": sum_by_code(codes, np.where(_late(ledger, day), opened.clip(min=0), 0.0), size),
        "insured": _insured(ledger, opened, codes, size),
        "sales": sold,
    }
    order = ranking(owed)
    lost = pd.DataFrame({"count": asked} | {name: _largest(amounts[order], asked) for name, amounts in columns.items()})
    lost.insert(2, "share", lost["receivable"] / (owed[owed > 0].sum() or np.nan))
    bought, receivable = sold.sum().round(2), owed.sum().round(2)  # to the cent, whoever else a file names
    left = bought - lost["sales"]
    return lost.assign(
        sales_share=lost["sales"] / bought,
        dso=float(whole),
        dso_after=(receivable - lost["receivable"]) / left.where(left > HALF_CENT) * days,
    )


def herfindahl(amounts: Floats) -> Figure:
    """The Herfindahl-Hirschman index of amounts above zero: the sum of their squared shares; nan without any."""
    total = float(amounts.sum())
    inputs = {"owed": total, "debtors": len(amounts)}
    formula = say("concentration.hhi", debtors=len(amounts), owed=total)
    if total < HALF_CENT:
        return Figure.missing(formula, inputs, say("concentration.none"))
    return Figure(float(((amounts / total) ** 2).sum()), formula, inputs)


def effective_debtors(amounts: Floats) -> Figure:
    """How many debtors owing alike would be as concentrated as these amounts above zero: 1 / HHI; nan without any."""
    hhi = herfindahl(amounts)
    inputs, formula = {**hhi.inputs, "hhi": float(hhi)}, say("concentration.effective", hhi=float(hhi))
    return Figure.missing(formula, inputs, hhi.note) if hhi.note else Figure(1 / hhi, formula, inputs)


def debtor_codes(ledger: Ledger, by: By) -> tuple[Codes, pd.DataFrame]:
    """As `group_codes`, but customers without a `group` or `siren` stand alone instead of forming one debtor."""
    codes, groups = group_codes(ledger, by)
    names = list(groups)
    if len(names) != 1 or names[0] not in _ALONE or "" not in groups[names[0]].to_numpy():
        return codes, groups
    own, customers = group_codes(ledger, "customer_id")
    alone = codes == groups.index[groups[names[0]] == ""][0]
    codes, kept = pd.factorize(np.where(alone, len(groups) + own, codes), sort=True)
    texts = pd.concat([groups[names[0]], customers["customer_id"]], ignore_index=True)
    return codes, texts.take(kept).reset_index(drop=True).to_frame(names[0])


def ranking(owed: Floats) -> Codes:
    """The groups that owe, the largest first, equal ones in the order of groups."""
    order = np.argsort(-owed, kind="stable")
    return order[owed[order] >= HALF_CENT]


def _counts(counts: Sequence[int]) -> list[int]:
    if any(count < 1 for count in counts):
        raise ArlibError(say("concentration.counts", counts=", ".join(map(str, counts))))
    return [int(count) for count in counts]


def _largest(amounts: Floats, counts: Sequence[int]) -> Floats:
    """The sum of the first amounts of a ranked column, for each count; nan where none of them is known."""
    summed = np.cumsum(np.concatenate([[0.0], np.nan_to_num(amounts)]))
    known = np.cumsum(np.concatenate([[0], ~np.isnan(amounts)]))
    last = np.minimum(counts, len(amounts))
    unknown = (known[last] == 0) & (last > 0)
    return np.where(unknown, np.nan, summed[last].round(2) + 0.0)


def _late(ledger: Ledger, day: pd.Timestamp) -> Flags:
    """Which items are past their due date on a day."""
    due = day_numbers(ledger.items["due_on"])
    return np.asarray((due != NO_DAY) & (due < day_number(day)))


def _insured(ledger: Ledger, opened: Floats, codes: Codes, size: int) -> Floats:
    """What each group owes within its customers' insured limits; nan where none has one."""
    customer, customers = group_codes(ledger, "customer_id")
    owed = sum_by_code(customer, opened, len(customers))
    limits = customers["customer_id"].map(ledger.customers.set_index("customer_id")["insured_limit"]).to_numpy()
    known = ~np.isnan(limits)
    covered = np.divide(np.minimum(owed, limits), owed, out=np.zeros(len(owed)), where=known & (owed >= HALF_CENT))
    insured = sum_by_code(codes, opened * covered[customer], size)
    return np.where(sum_by_code(codes, known[customer].astype(np.float64), size) > 0, insured, np.nan)
