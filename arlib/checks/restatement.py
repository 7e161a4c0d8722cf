"""What changed between two imports of the same books, item by item, and what it does to the balance and the DSO."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.checks.same_items import paired
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, balance, settled_amounts
from arlib.measures.dso import DAYS, dso
from arlib.schema import HALF_CENT, SALES
from arlib.words import Language, Sentence, say

NEW, REMOVED, CHANGED = "new", "removed", "changed"
PAID, PARTLY_PAID, APPLIED, REOPENED = "paid", "partly_paid", "applied", "reopened"
CHANGES = (NEW, PAID, PARTLY_PAID, APPLIED, CHANGED, REOPENED, REMOVED)
BEFORE, RESIDUAL, AFTER = "before", "residual", "after"
# What is compared of an item, the columns that move its balance or its sales first.
_COMPARED = (
    *("amount", "booked_on", "issued_on", "due_on", "customer_id", "entity", "reference", "currency", "disputed"),
)
_SHOWN = ("entity", "customer_id", "reference", "kind", "issued_on")
_LINES = (*("change", *_SHOWN, "column", "before", "after", "effect", "since"), *("row_before", "row_after"))


@dataclass(frozen=True, eq=False)
class Restatement:
    """What changed from one import to the next.

    Attributes:
        day: the day both are compared on.
        until: the last day of the later import.
        items: one row a change of an item: `change` (new, paid, partly_paid, applied, changed, reopened, removed),
            `entity, customer_id, reference, kind, issued_on` as the later import has them, `column`, `before` and
            `after` as text, `effect` on the balance of `day`, `since`: what it adds to the balance from `day` to
            `until`, `row_before`, `row_after`.
        effect: one row a change, between a row `before` and the rows `residual` (zero) and `after`: `change`, `items`
            concerned, `effect` on the balance of the day, `dso_effect` in days (nan where one of the two has no
            DSO), `since`. The rows above `after` add up to it.
    """

    day: pd.Timestamp
    until: pd.Timestamp
    items: pd.DataFrame
    effect: pd.DataFrame

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """A sentence a kind of change that is there, after one that gives both balances."""
        lines = self.effect.set_index("change")
        amounts = {name: float(lines["effect"][name]) for name in (BEFORE, AFTER)}
        told = [say("restatement.balances", day=self.day, **amounts)]
        found = [change for change in CHANGES if lines["items"][change]]
        for change in found:
            line: Any = lines.loc[change]
            values = {"items": int(line["items"]), "effect": float(line["effect"]), "since": float(line["since"])}
            told.append(say(f"restatement.{change}", **values))
        return tuple(told) if found else (*told, say("restatement.nothing"))

    def sentence(self, language: Language = "en") -> str:
        """The sentences in a language, a line each."""
        return "\n".join(sentence.text(language) for sentence in self.sentences)


def compare_ledgers(before: Ledger, after: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> Restatement:
    """Which items are new, paid, changed, reopened or gone between two imports of the same books.

    The earlier import is taken as of a day, and every effect is split in two: what the later one changes of that
    day's balance, which a closed period should not show, and what it adds after it. An item is the same in both by
    its company, customer, number, kind and dates; numbers that differ in case, spaces or leading zeros are one, and
    an item under another customer is a changed customer. The effect of a payment is shown on what it pays: a payment
    fully applied is new without effect. The DSO effect is that of the receivable at the earlier sales, then that of
    the sales, shared as they changed.

    Args:
        before: the earlier import.
        after: the later, or the corrected one.
        as_of: the day both are compared on; the earlier ledger's last day where none is given.
        days: the window of the DSO.

    Raises:
        ArlibError: the two are in different currencies.
    """
    if before.currency != after.currency:
        raise ArlibError(say("restatement.currencies", before=before.currency or "–", after=after.currency or "–"))
    day = before.day(as_of)
    until = max(after.covers[1], day)
    old, new = _known(before, day, days, day), _known(after, day, days, until)
    old = old[old["booked_on"] <= day].reset_index(drop=True)
    places = paired(old, new)
    same = [side.iloc[found].reset_index(drop=True) for side, found in zip((old, new), places, strict=True)]
    changed = [_alone(new, places[1], NEW), _settlements(*same), _changes(*same), _alone(old, places[0], REMOVED)]
    lines = pd.concat(changed, ignore_index=True)
    return Restatement(day, until, lines[list(_LINES)], _effect(before, after, (day, until), days, lines))


def _known(ledger: Ledger, day: pd.Timestamp, days: int, until: pd.Timestamp) -> pd.DataFrame:
    """The items with their amount and what is settled of it, on the day and at the end, and what they sell."""
    items = ledger.items
    booked, issued = items["booked_on"], items["issued_on"].fillna(items["booked_on"])
    sold = items["kind"].isin(SALES) & (booked <= day) & (issued <= day) & (issued > day - pd.Timedelta(days=days))
    return items.assign(
        _owed=items["amount"].where(booked <= day, 0.0),
        _owed_later=items["amount"].where(booked <= until, 0.0),
        _settled=settled_amounts(ledger, day),
        _settled_later=settled_amounts(ledger, until),
        _sold=items["amount"].where(sold, 0.0),
    )


def _alone(items: pd.DataFrame, known: "pd.Index[Any]", change: str) -> pd.DataFrame:
    """The items of one import that the other has not, with all that they change."""
    only: pd.DataFrame = items.drop(index=known)
    sign = 1.0 if change == NEW else -1.0
    opened, later = only["_owed"] - only["_settled"], only["_owed_later"] - only["_settled_later"]
    column, row = ("after", "row_after") if change == NEW else ("before", "row_before")
    shown: pd.DataFrame = only[list(_SHOWN)]
    return shown.assign(
        **{column: _text(only["amount"]), row: only["row"].astype("Int64")},
        change=change,
        column="amount",
        effect=(sign * opened).round(2),
        since=(later - opened).round(2) if change == NEW else 0.0,
        _sold=sign * only["_sold"],
        _item=np.arange(len(only)),
    )


def _settlements(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The items of both imports, row by row the same, of which more, or less, is settled than the earlier one had."""
    effect = (old["_settled"] - new["_settled"]).round(2)
    since = (new["_settled"] - new["_settled_later"]).round(2)
    opened = (old["_owed"] - old["_settled"]).round(2)
    left = (new["_owed_later"] - new["_settled_later"]).round(2)
    debit = new["amount"] > 0
    change = np.select(
        [np.sign(new["amount"]) * effect >= HALF_CENT, ~debit, left.abs() < HALF_CENT],
        [REOPENED, APPLIED, PAID],
        default=PARTLY_PAID,
    )
    lines = _lines(old, new).assign(
        change=change, column="open_amount", before=_text(opened), after=_text(left), effect=effect, since=since
    )
    return lines[(effect.abs() >= HALF_CENT) | (since.abs() >= HALF_CENT)]


def _changes(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The items of both imports, row by row the same, a line for each column that differs.

    A change of amount counts at the new booking day, a change of that day at the old amount: together they are the
    whole difference. What an item sells more or less is told with the first of its lines.
    """
    in_time = (new["_owed"] != 0).astype("float64")
    effects = {
        "amount": ((new["amount"] - old["amount"]) * in_time, pd.Series(0.0, index=new.index)),
        "booked_on": (old["amount"] * (in_time - 1), new["_owed_later"] - new["_owed"]),
    }
    lines = [_lines(old.iloc[:0], new.iloc[:0])]
    for column in (name for name in _COMPARED if name in old and name in new):
        was, now = old[column], new[column]
        differs = ((was != now) & (was.notna() | now.notna())).fillna(value=True).astype("bool")
        if differs.any():
            effect, since = effects.get(column, (0.0, 0.0))
            told = {"column": column, "before": _text(was), "after": _text(now), "effect": effect, "since": since}
            lines.append(_lines(old, new).assign(**told, _sold=new["_sold"] - old["_sold"])[differs])
    found = pd.concat(lines, ignore_index=True).assign(change=CHANGED)
    return found.assign(_sold=found["_sold"].where(~found["_item"].duplicated(), 0.0))


def _lines(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """What every line about an item of both imports says."""
    rows = {"row_before": old["row"].astype("Int64"), "row_after": new["row"].astype("Int64")}
    return new[list(_SHOWN)].assign(**rows, _item=np.arange(len(new)), _sold=0.0)


def _text(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Values as they are compared: amounts in cents, dates year first."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    elif pd.api.types.is_float_dtype(values):
        values = (values.round(2) + 0.0).map("{:.2f}".format)
    written: pd.Series[Any] = values.astype("str")
    return written


def _effect(
    before: Ledger, after: Ledger, days: tuple[pd.Timestamp, pd.Timestamp], window: int, lines: pd.DataFrame
) -> pd.DataFrame:
    """What each kind of change does to the balance and to the DSO, between what both imports give."""
    day, until = days
    by_change = lines.groupby("change")
    table = by_change[["effect", "since", "_sold"]].sum().reindex(CHANGES, fill_value=0.0)
    table["items"] = by_change["_item"].nunique().reindex(CHANGES, fill_value=0)
    first, last = dso(before, day, days=window), dso(after, day, days=window)
    known = not np.isnan([first, last]).any()
    table["dso_effect"] = _dso_effects(table, first.inputs, last.inputs) if known else np.nan
    ends = pd.DataFrame(
        {
            "effect": [balance(before, day), balance(after, day)],
            "since": [0.0, balance(after, until) - balance(after, day)],
            "dso_effect": [float(first), float(last)],
            "items": [len(before.items), len(after.items)],
        },
        index=[BEFORE, AFTER],
    )
    figures = ["effect", "since", "dso_effect"]
    residual = (
        ends.loc[[AFTER], figures].set_axis([RESIDUAL]) - ends.loc[BEFORE, figures] - table[figures].sum(skipna=False)
    )
    made = pd.concat([ends.loc[[BEFORE]], table, residual.assign(items=0), ends.loc[[AFTER]]])
    made[["effect", "since"]] = made[["effect", "since"]].round(2) + 0.0
    return made.rename_axis("change").reset_index()[["change", "items", *figures]]


def _dso_effects(table: pd.DataFrame, was: Mapping[str, Any], now: Mapping[str, Any]) -> "pd.Series[Any]":
    """The change of the DSO in days: of the receivable at the earlier sales, then of the sales, as each moved them."""
    days, sold = was["days"], now["sales"] - was["sales"]
    of_receivable: pd.Series[Any] = table["effect"] / was["sales"] * days
    of_sales = now["receivable"] * days * (1 / now["sales"] - 1 / was["sales"])
    return of_receivable.add(table["_sold"] / sold * of_sales if abs(sold) >= HALF_CENT else 0.0)
