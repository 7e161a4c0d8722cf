"""What a DSO is made of: not due, overdue, undated and unapplied; disputes; customers. The parts add up to it."""

import numpy as np
import pandas as pd

from arlib.ledger import By, Day, Ledger
from arlib.measures.dso.balance import simple
from arlib.measures.dso.standing import DAYS, Standing, groups_of, simple_days
from arlib.measures.figure import Figure
from arlib.measures.named import with_names
from arlib.measures.sales import Sales, receivables_on, window_days, without_invoice_dates
from arlib.schema import HALF_CENT, INVOICE, NO_DAY, day_numbers
from arlib.words import say

PARTS = ("not_due", "overdue", "no_due_date", "unapplied")


def best_possible_dso(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> Figure:
    """What is not due yet / sales of the window × `days`: the DSO if nobody paid late (BPDSO, JD Edwards, creditguru).

    Invoices due on the day or after, never those "0 to 30 days old" (trap 8); disputed ones with the others: a dispute
    does not move a due date. With `delinquent_dso` and the days of what has no due date and of credits not applied
    (`dso_split`) it adds up to `dso`. nan as `dso`.
    """
    return best_possible(Standing.of(ledger, as_of, days))


def delinquent_dso(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> Figure:
    """What is overdue / sales of the window × `days`: the days late payers add (average days delinquent). nan as `dso`.

    Invoices due before the day, disputed ones included; credits not applied are not taken off it.
    """
    return delinquent(Standing.of(ledger, as_of, days))


def disputed_dso(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> Figure:
    """What is open and disputed / sales of the window × `days`: days of which part is not due, part overdue.

    It lies within `best_possible_dso` and `delinquent_dso` and is not added to them. nan as `dso`.
    """
    return disputed(Standing.of(ledger, as_of, days))


def extended_dso(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> Figure:
    """`best_possible_dso` less the amount-weighted terms of the invoices of the window: days granted beyond the terms.

    Negative where invoices came early in the window. Invoices without a due date have no term and are left out, for the
    amount in `inputs["undated"]`. nan as `dso`, and where no invoice of the window has a due date. Source: JD Edwards.
    """
    return extended(Standing.of(ledger, as_of, days))


def dso_split(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> pd.DataFrame:
    """The parts of `dso`: one row each of not_due, overdue, no_due_date and unapplied (credits: negative).

    Columns: `part`, `amount`, `days`, which add up to the receivable and to `dso` exactly; `disputed`, `disputed_days`,
    of which disputed. Days are nan where `dso` is, which says why.
    """
    standing = Standing.of(ledger, as_of, days)
    open_, contested = _open_parts(standing, standing.opened["open_amount"]), _disputed_parts(standing)
    ratio = _days_of_one(standing)
    parts = pd.DataFrame({"part": PARTS, "amount": open_.values(), "disputed": contested.values()})
    parts["days"], parts["disputed_days"] = parts["amount"] * ratio, parts["disputed"] * ratio
    return parts[["part", "amount", "days", "disputed", "disputed_days"]]


def dso_contributions(
    ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS, by: By = "customer_id"
) -> pd.DataFrame:
    """What each customer, or other group, adds to the company's DSO: its receivable / the company's sales × `days`.

    One row a group that owes, holds a credit or bought in the window, the largest first: the columns of `by` (and the
    customer's `name` where they are customers); `receivable`, `sales` of the window, `days`, whose sum is `dso` exactly
    (nan where that is, which says why), and `own_dso`, on the group's own sales (nan without any, and in credit), whose
    mean over groups is no DSO of the company (trap 39).

    Raises:
        ArlibError: a window of no days, an unknown column in `by`, or one the result has itself.
    """
    standing = Standing.of(ledger, as_of, days)
    codes, groups = groups_of(ledger, by, ("name", "receivable", "sales", "days", "own_dso"))
    day = np.array([standing.until])
    owed = receivables_on(ledger, day, codes, len(groups))[:, 0]
    sold = Sales.among(ledger, codes, groups).to(day, window_days(days))[:, 0]
    ratio = _days_of_one(standing)
    paced = (sold > HALF_CENT) & (owed >= -HALF_CENT)
    own = np.divide(owed, sold, out=np.full(len(owed), np.nan), where=paced) * days
    shown = (np.abs(owed) >= HALF_CENT) | (np.abs(sold) >= HALF_CENT)
    bought = np.full(len(sold), np.nan) if without_invoice_dates(ledger) else sold
    rows = with_names(ledger, groups).assign(receivable=owed, sales=bought, days=owed * ratio)
    rows["own_dso"] = own if np.isfinite(ratio) else np.nan
    order = np.argsort(-owed[shown], kind="stable")
    return rows[shown].iloc[order].reset_index(drop=True)


def best_possible(standing: Standing) -> Figure:
    """`best_possible_dso` of a standing."""
    parts = _open_parts(standing, standing.opened["open_amount"])
    formula = say("dso.best.formula", not_due=parts["not_due"], sales=standing.sold, window=standing.days)
    return standing.ratio(parts["not_due"], formula, parts)


def delinquent(standing: Standing) -> Figure:
    """`delinquent_dso` of a standing."""
    parts = _open_parts(standing, standing.opened["open_amount"])
    formula = say("dso.delinquent.formula", overdue=parts["overdue"], sales=standing.sold, window=standing.days)
    return standing.ratio(parts["overdue"], formula, parts)


def disputed(standing: Standing) -> Figure:
    """`disputed_dso` of a standing."""
    parts = _disputed_parts(standing)
    amount = round(sum(parts.values()), 2)
    formula = say("dso.disputed.formula", disputed=amount, sales=standing.sold, window=standing.days)
    return standing.ratio(amount, formula, parts | {"disputed": amount})


def extended(standing: Standing) -> Figure:
    """`extended_dso` of a standing."""
    best = best_possible(standing)
    terms, undated = _terms(standing)
    inputs = {**best.inputs, "best_possible": float(best), "terms": terms, "undated": undated}
    key = "dso.extended.early" if terms < 0 else "dso.extended.formula"  # no minus beside a minus
    formula = say(key, best=float(best), terms=abs(terms), window=standing.days)
    if np.isnan(best) and best.note:
        return Figure.missing(formula, inputs, best.note)
    if np.isnan(terms):
        return Figure.missing(formula, inputs, say("dso.extended.no_terms", window=standing.days))
    return Figure(best - terms, formula, inputs, best.note)


def _open_parts(standing: Standing, amounts: "pd.Series[float]") -> dict[str, float]:
    """Amounts of the open items by part: all of them are in one."""
    opened = standing.opened
    late = opened["days_overdue"]
    credit = opened["amount"] < 0
    part = np.select([credit, late.isna(), late > 0], ["unapplied", "no_due_date", "overdue"], "not_due")
    sums = amounts.groupby(part).sum().reindex(PARTS, fill_value=0.0).round(2) + 0.0
    return {part: float(sums[part]) for part in PARTS}


def _disputed_parts(standing: Standing) -> dict[str, float]:
    """Of the open items, those disputed; a credit is none."""
    opened = standing.opened
    return _open_parts(standing, opened["open_amount"].where(opened["disputed"] & (opened["amount"] > 0), 0.0))


def _terms(standing: Standing) -> tuple[float, float]:
    """Amount-weighted days from invoice to due date of the window's invoices, and the amount without a due date."""
    sales, items = standing.sales, standing.ledger.items
    invoice = (items["kind"] == INVOICE).to_numpy()[sales.item]
    chosen = standing.known & invoice & (sales.issued > standing.until - standing.days)
    due, issued, amount = day_numbers(items["due_on"])[sales.item][chosen], sales.issued[chosen], sales.amount[chosen]
    dated = due != NO_DAY
    weight = amount[dated].sum()
    terms = float(np.dot(amount[dated], due[dated] - issued[dated]) / weight) if weight > HALF_CENT else np.nan
    return terms, float(amount[~dated].sum().round(2))


def _days_of_one(standing: Standing) -> float:
    """Days a unit of what is owed stands for; nan where there is no DSO."""
    return np.nan if np.isnan(simple(standing)) else simple_days(1.0, standing.sold, standing.days)
