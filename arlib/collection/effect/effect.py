"""What reminders are followed by, against items as late that were not reminded: curves, a ratio, an interval."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.collection.effect.counts import Counts, Estimates, compared
from arlib.collection.effect.trials import LATEST, NEVER, Trials, trials_of
from arlib.collection.log import ContactLog, Contacts
from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger
from arlib.schema import Flags, Floats
from arlib.words import Sentence, say

ALL = "all"  # the group of every reminder
_BY = ("channel", "level")
_FEWEST, _FEWEST_CUSTOMERS = 30, 10  # reminders and customers of a group, below which nothing is said of it
_MOST_DAYS, _MOST_DRAWS = 180, 10_000
_INTERVAL = (0.025, 0.975)
_CELLS = 4_000_000  # figures held at once


@dataclass(frozen=True, eq=False)
class ReminderEffect:
    """What reminders were followed by.

    Attributes:
        as_of: the day whose knowledge is used.
        by: what the groups are: channel or level.
        days: followed after a reminder.
        effects: one row a group, `all` first: group; reminded (reminders compared), customers (of these), left_out
            (reminders without others to compare with), others (mean number of items as late, alike and not reminded
            that each is compared with); paid_share within `days` of the reminder, paid_share_without, difference,
            difference_low, difference_high; hazard_ratio (how many times as often one pays on a day), hazard_low,
            hazard_high, 95 in 100; conclusive (the interval of the difference leaves 0 out); note, why there is no
            figure. nan where there are too few.
        curves: one row a group that has figures and a day since the reminder, from 0: group, day, paid_share, low,
            high, paid_share_without, low_without, high_without.
        notes: how it is compared, and what that cannot say.
    """

    as_of: pd.Timestamp
    by: str
    days: int
    effects: pd.DataFrame
    curves: pd.DataFrame
    notes: tuple[Sentence, ...]


def reminder_effect(  # noqa: PLR0913 - each is a choice of its own
    ledger: Ledger,
    log: ContactLog,
    as_of: Day | None = None,
    *,
    by: str = "channel",
    days: int = 30,
    alike: By = "segment",
    draws: int = 300,
    seed: int = 0,
) -> ReminderEffect:
    """Whether items were paid sooner after a reminder than items as late that were not reminded.

    Each item's first reminder after its due date is compared, on the day late on which it came, with the items of the
    same class and size (thirds of the amounts) that were as late, unpaid and not reminded by then. Both are followed
    from that day: until they are paid, until their (next) reminder, which ends what can be compared, or until the day
    asked. So nobody counts as reminded for days on which the reminder had yet to come: counting them would make
    payments before it look like those of items that need no reminder, and reminders look useless or worse.

        paid with a reminder = Kaplan-Meier from the reminder on
        paid without = mean over the reminded, at d days late, of 1 − ∏ (1 − paid ÷ at risk on days d + 1 … d + t)
        hazard ratio = Σ paid × others ÷ all at risk / Σ others paid × reminded ÷ all at risk, over days late and strata

    The interval draws customers with all their items, with replacement. A payment on the day of a reminder was under
    way; contacts that reached nobody are none. Items that credit notes settled are left out, those written off are
    never paid.

    Args:
        ledger: the ledger.
        log: past contacts; one about all that a customer owed is about each of its overdue items.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        by: "channel" or "level", of the reminder.
        days: to follow after a reminder, 1 to 180.
        alike: columns of items or customers whose values are only compared with the same; None for none.
        draws: of customers for the interval, 50 to 10,000.
        seed: of the draws.

    Raises:
        ArlibError: `by`, days or draws are out of range, `alike` is no column, or the log is of another ledger.

    Source: risk-set matching (Li, Propert and Rosenbaum, 2001); Kaplan and Meier (1958); Mantel and Haenszel (1959);
    bootstrap of blocks (Efron, 1979).
    """
    if by not in _BY or not 1 <= days <= _MOST_DAYS or not 50 <= draws <= _MOST_DRAWS:  # noqa: PLR2004 - as is told
        raise ArlibError(say("collection.effect.range", by=str(by), days=str(days), draws=str(draws)))
    day, contacts = ledger.day(as_of), log.contacts(ledger, as_of)
    reached = contacts.rows[contacts.rows["outcome"] != "unreachable"].reset_index(drop=True)
    matched = _Matched.of(trials_of(ledger, day, Contacts(reached), alike), days)
    names, groups = _groups(matched.trials, reached[by].astype("str").fillna(""))
    effects = _counted(matched, names, groups)
    told = effects["note"].isna().to_numpy()
    estimated = _estimated(matched.compared, groups[told], days, draws, seed) if told.any() else None
    unreached = len(contacts.rows) - len(reached)
    return ReminderEffect(
        as_of=day,
        by=by,
        days=days,
        effects=_with_estimates(effects, told, estimated),
        curves=_curves(effects.loc[told, "group"], estimated),
        notes=(*_notes(matched, unreached, days), *contacts.notes),
    )


@dataclass(frozen=True, eq=False)
class _Matched:
    """Overdue invoices, and which of their reminders can be compared.

    Attributes:
        trials: the invoices.
        enough: (invoices,) whether enough others are as late and alike, and not reminded, on each day that follows.
        others: (invoices,) how many there are on the first of these days.
    """

    trials: Trials
    enough: Flags
    others: Floats

    @classmethod
    def of(cls, trials: Trials, days: int) -> "_Matched":
        late = (trials.reminded > LATEST) & (trials.reminded < NEVER)
        enough, others = compared(trials.without(late), days)
        return cls(trials, enough, others)

    @property
    def compared(self) -> Trials:
        """The same, only such reminders looked at."""
        return self.trials.without(~self.enough)


def _groups(trials: Trials, values: "pd.Series[str]") -> tuple[list[str], Flags]:
    """The groups of reminders, the whole first, and (groups, invoices) which are of each, by a value of contacts."""
    some = trials.contact >= 0
    value = np.full(len(some), "", dtype=object)
    value[some] = values.to_numpy()[trials.contact[some]]
    names = sorted(set(value[some]))
    return [ALL, *names], np.stack([some, *(some & (value == name) for name in names)])


def _counted(matched: _Matched, names: list[str], groups: Flags) -> pd.DataFrame:
    """How many reminders of each group are compared, and why some have no figure."""
    rows = []
    for name, group in zip(names, groups, strict=True):
        chosen = group & matched.enough
        reminded, customers = int(chosen.sum()), len(np.unique(matched.trials.customer[chosen]))
        counts = {"items": reminded, "customers": customers}
        few = say("collection.effect.few", **counts, fewest=_FEWEST, fewest_customers=_FEWEST_CUSTOMERS)
        rows.append(
            {
                "group": name,
                "reminded": reminded,
                "customers": customers,
                "left_out": int((group & ~matched.enough).sum()),
                "others": float(matched.others[chosen].mean()) if reminded else np.nan,
                "note": few if reminded < _FEWEST or customers < _FEWEST_CUSTOMERS else None,
            }
        )
    return pd.DataFrame(rows).astype({"group": "str", "note": "object"})


def _estimated(trials: Trials, groups: Flags, days: int, draws: int, seed: int) -> list[Estimates]:
    """The estimates of what was seen, then those of the draws."""
    counts, rng = Counts(trials, groups, days), np.random.default_rng(seed)
    width = counts.by_customer.shape[1] + len(counts.cells[0]) * (days + 1) + trials.customers
    at_once = int(np.clip(_CELLS // width, 1, draws))
    drawn = []
    for first in range(0, draws, at_once):
        size = min(at_once, draws - first)
        equal = np.full(trials.customers, 1 / trials.customers)
        drawn.append(counts.estimates(rng.multinomial(trials.customers, equal, size).astype(np.float64)))
    together = Estimates(*(np.concatenate(each) for each in zip(*drawn, strict=True)))
    return [counts.estimates(np.ones((1, trials.customers))), together]


def _with_estimates(effects: pd.DataFrame, told: Flags, estimated: list[Estimates] | None) -> pd.DataFrame:
    """The figures beside the counts, nan where there are too few."""
    figures = pd.DataFrame(np.nan, index=effects.index, columns=list(_FIGURES))
    if estimated is not None:
        seen, drawn = estimated
        gaps = [each.reminded[:, :, -1] - each.others[:, :, -1] for each in estimated]
        columns = [
            seen.reminded[0, :, -1],
            seen.others[0, :, -1],
            gaps[0][0],
            *_bounds(gaps[1]),
            seen.ratio[0],
            *_bounds(drawn.ratio),
        ]
        figures.loc[told] = np.stack(columns, axis=1)
    conclusive = (figures["difference_low"] > 0) | (figures["difference_high"] < 0)
    table = effects.drop(columns="note").join(figures)
    return table.assign(conclusive=conclusive, note=effects["note"])


_FIGURES = (
    *("paid_share", "paid_share_without", "difference", "difference_low", "difference_high"),
    *("hazard_ratio", "hazard_low", "hazard_high"),
)


def _curves(groups: "pd.Series[str]", estimated: list[Estimates] | None) -> pd.DataFrame:
    """One row a group and day since the reminder."""
    names = ("paid_share", "low", "high", "paid_share_without", "low_without", "high_without")
    if estimated is None:
        return pd.DataFrame(columns=["group", "day", *names])
    seen, drawn = estimated
    days = seen.reminded.shape[2]
    columns = (seen.reminded[0], *_bounds(drawn.reminded), seen.others[0], *_bounds(drawn.others))
    table = pd.DataFrame({"group": np.repeat(groups.to_numpy(), days), "day": np.tile(np.arange(days), len(groups))})
    return table.assign(**{name: values.ravel() for name, values in zip(names, columns, strict=True)})


def _bounds(drawn: Floats) -> list[Floats]:
    """The bounds of 95 draws in 100; nan where most draws say nothing."""
    known = np.isfinite(drawn).mean(axis=0) >= 0.5  # noqa: PLR2004 - half
    return [np.where(known, np.nanquantile(np.where(known, drawn, 0.0), each, axis=0), np.nan) for each in _INTERVAL]


def _notes(matched: _Matched, unreached: int, days: int) -> tuple[Sentence, ...]:
    """How it is compared, what was left out, and what that cannot say."""
    some = matched.trials.contact >= 0
    alone = int((some & ~matched.enough).sum())
    told = [say("collection.effect.compared", days=days), say("collection.effect.chosen")]
    if alone:
        told.append(say("collection.effect.alone", items=alone, reminded=int(some.sum())))
    if unreached:
        told.append(say("collection.effect.unreached", contacts=unreached))
    if not some.any():
        told.append(say("collection.effect.nobody", items=len(some)))
    return (*told, say("collection.effect.drawn"))
