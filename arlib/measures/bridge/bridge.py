"""The bridge between the DSO of two days, from a ledger."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd

from arlib.ledger import By, Day, Ledger
from arlib.measures.bridge.causes import SHOWN
from arlib.measures.bridge.effects import EFFECTS, Snapshot, bridge_effects, drill_column, volume_amount
from arlib.measures.bridge.snapshot import snapshot_on
from arlib.measures.bridge.story import Story
from arlib.measures.dso import DAYS, dso
from arlib.measures.dso.standing import groups_of
from arlib.measures.figure import Figure
from arlib.measures.named import with_names
from arlib.measures.sales import Sales
from arlib.words import Sentence, say

_FIGURES = ("dso_start", "dso_end", "change", *map(drill_column, EFFECTS))


@dataclass(frozen=True, eq=False)
class Bridge:
    """Why DSO moved between two days.

    Attributes:
        start: DSO of the first day, as `dso` gives it.
        end: DSO of the second.
        effects: one row an effect, always all ten in this order: `effect` (volume, mix, terms, phasing, delay,
            disputes, undated, unapplied, new, lost), `days` (they add up to `end` − `start`), `amount` (they add up to
            the change of the receivable).
        groups: one row a group that buys or owes in one of the windows, the largest change first: the columns of `by`
            (and `name` where groups are customers), `dso_start` and `dso_end` (what it contributes to the DSO of the
            company: they add up to both), `change`, and the effects it is the sum of: `days_volume` … `days_lost`.
            It is `dso_end` − `dso_start` but for the change of its share of sales at the company's own DSO, which
            moves nothing.
        sentence: the change and its largest effects, each with the group that makes most of it; then the change of
            sales, beyond a tenth. Days are as they are written: change and causes add up at one decimal.
        note: what to mind: terms that are not known, disputes whose beginning is not known, sales that moved.
    """

    start: Figure
    end: Figure
    effects: pd.DataFrame
    groups: pd.DataFrame
    sentence: Sentence
    note: Sentence | None


def dso_bridge(ledger: Ledger, start: Day, end: Day, *, by: By = "customer_id", days: int = DAYS) -> Bridge:
    """The change of DSO between two days as effects that add up to it, with no residual, down to the customer.

    Both DSOs are the simple one over `days` days; the count-back DSO is not additive and has no such bridge. The
    effects, in days of the company's DSO:

    - `mix`: sales moved towards groups above or below the company's average;
    - `terms`: the weighted terms of the invoices of the window; `phasing`: the rest of the change of what is not due,
      which is when in the window was invoiced, and what was paid before its due date;
    - `delay`: what is overdue and not disputed; `disputes`: what is marked disputed, due or not; `undated`: what has
      no due date; `unapplied`: credits not matched with an invoice; each against sales, so that customers who pay as
      late as ever and buy half as much have a `delay` above zero;
    - `new`, `lost`: groups that buy in the second window only, or in the first only, beside the average;
    - `volume`: balances of groups that buy in neither weigh more or less beside the company's sales.

    A group buys in a window when it has sales there and all it owes or holds is less than a year of them. In the
    column `amount`, `volume` is first of all the change of sales at an unchanged DSO (worked example M2).

    Args:
        ledger: the ledger.
        start: the first day; it may also be the later one: every effect then changes its sign.
        end: the second day.
        by: groups, as for `group_codes`; a dispute is known as the ledger marks it, not since when.
        days: length of both windows of sales.

    Returns:
        The bridge. Where either DSO is not a figure, its effects are nan, it has no groups and its sentence says why.

    Raises:
        ArlibError: a window of no days, or in `by` an unknown column or one of `groups`' own.
    """
    figures = dso(ledger, start, days=days), dso(ledger, end, days=days)
    codes, groups = groups_of(ledger, by, _FIGURES)
    reason = next((figure.note for figure in figures if np.isnan(figure)), None)
    if reason is not None:
        return _missing(figures, with_names(ledger, groups), reason)
    grouped = Sales.among(ledger, codes, groups)
    first, second = (snapshot_on(ledger, ledger.day(day), grouped, codes, days) for day in (start, end))
    cells = bridge_effects(first, second, days)
    effects = _effects(cells, first, second, days)
    drill = with_names(ledger, groups).assign(
        dso_start=first.contributions(days), dso_end=second.contributions(days), change=cells.sum(axis=1)
    )
    drill = pd.concat([drill, cells.rename(columns=drill_column)], axis=1)[first.seen | second.seen].reset_index(
        drop=True
    )
    story = Story(*figures, effects, drill, _unit(groups))
    note = _note(_unknown_terms(first, second, days), story)
    return Bridge(*figures, effects, _largest_first(drill, groups), story.sentence(), note)


def _effects(cells: pd.DataFrame, first: Snapshot, second: Snapshot, days: int) -> pd.DataFrame:
    """The effects of all groups together, in days and in money."""
    sales = float(first.sales.sum()), float(second.sales.sum())
    dso = float(first.contributions(days).sum()), float(second.contributions(days).sum())
    moved = cells.sum().to_numpy(np.float64)
    amounts = moved * (sales[0] + sales[1]) / 2 / days
    amounts[EFFECTS.index("volume")] += volume_amount(sales, dso, days)
    return pd.DataFrame({"effect": EFFECTS, "days": moved, "amount": amounts})


def _unit(groups: pd.DataFrame) -> Sentence:
    """What groups are called in a sentence."""
    return say("bridge.customers") if list(groups) in ([], ["customer_id"]) else say("bridge.groups")


def _largest_first(drill: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    size = drill["change"].abs().round(6)  # so that the order of rows never decides between equal ones
    order = drill.assign(_size=-size).sort_values(["_size", *groups], kind="stable").index
    return drill.loc[order].reset_index(drop=True)


def _unknown_terms(first: Snapshot, second: Snapshot, days: int) -> int:
    """How many groups buy in both windows and have no terms in one."""
    lasting = first.buying(days) & second.buying(days)
    return int((lasting & np.isnan(second.terms - first.terms)).sum())


def _note(unknown: int, story: Story) -> Sentence | None:
    """All there is to mind."""
    disputed = story.effects["days"].abs()[story.effects["effect"] == "disputes"].iloc[0] >= SHOWN
    notes = [say("bridge.terms_unknown", groups=unknown)] if unknown else []
    notes += [say("bridge.disputed_today")] if disputed else []
    notes += [say("bridge.sales_moved")] if story.sales_moved else []
    return reduce(lambda one, other: say("bridge.notes", one=one, other=other), notes) if notes else None


def _missing(figures: tuple[Figure, Figure], groups: pd.DataFrame, reason: Sentence) -> Bridge:
    effects = pd.DataFrame({"effect": EFFECTS, "days": np.nan, "amount": np.nan})
    none = groups.iloc[:0].assign(**dict.fromkeys(_FIGURES, np.array([], dtype=np.float64)))
    return Bridge(*figures, effects, none, say("bridge.missing", reason=reason), reason)
