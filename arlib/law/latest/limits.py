"""The last day the law allows for each invoice: which rule gives it, and between which days it lies if facts lack."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from arlib.law.dated import TO_CONFIRM
from arlib.law.latest import agreed
from arlib.law.latest.agreed import Agreements
from arlib.law.latest.terms_in_law import (
    ANY,
    AT_END_OF_MONTH,
    GENERAL,
    NOTHING_AGREED,
    PERIODIC,
    due_rule,
    readings,
)
from arlib.law.latest.whose import FRANCE, OVERSEAS
from arlib.law.rates import CONSUMER
from arlib.schema import NO_DAY, Codes, Days, Flags, day_numbers
from arlib.terms.periods import months_of

_YEAR = 12  # months
_PUBLIC = "public_"  # what the sectors of public buyers begin with
NEVER = int(np.iinfo(np.int64).max)  # a day after all others: no limit is known above

# What makes the limit of an invoice, in the order in which the sentences of `law.latest.why.…` tell it.
CASES = (
    *("undated", "early", "nowhere", "abroad", "overseas", "union", "consumer", "sector", "sector_between"),
    *("undelivered", "periodic", "agreed", "readings", "unread", "unsaid", "unsaid_undelivered", "nothing"),
    "nothing_undelivered",
)
CASE = {name: code for code, name in enumerate(CASES)}


@dataclass(frozen=True, eq=False)
class Asked:
    """The invoices asked about; aligned arrays.

    Attributes:
        issued: day numbers, `NO_DAY` where missing.
        delivery: when the goods were received or the service performed; reception: when the invoice was.
        sector: place of the sector in `sectors`, -1 for none.
        terms: what was agreed.
        country: (invoices,) place of the customer's country in `countries`, two letters, empty where not known.
    """

    issued: Days
    delivery: Days
    reception: Days
    sector: Codes
    sectors: list[str]
    terms: Agreements
    country: Codes
    countries: list[str]


@dataclass(frozen=True, eq=False)
class Limits:
    """The limits of invoices; aligned arrays.

    Attributes:
        case: place in `CASES`.
        rule: place in the table of rules, -1 where none applies.
        low: a due date up to it is lawful whatever is not known; `NO_DAY`: none is.
        high: one beyond it is unlawful whatever is not known; `NEVER`: none is.
        early: where it counts from an event without a date, what it would be from the invoice; else `low`.
        reading: 0 none, 1 days first, 2 month first, 3 either.
    """

    case: Codes
    rule: Codes
    low: Days
    high: Days
    early: Days
    reading: Codes
    to_confirm: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))


def limits(asked: Asked, law: pd.DataFrame, union: pd.DataFrame) -> Limits:
    """The limit of each invoice.

    Args:
        asked: the invoices.
        law: the table of `law_of_terms`.
        union: countries of the European Union: country, default_days, cap_days, valid_from, valid_to, status.
    """
    size = len(asked.issued)
    found = Limits(
        case=np.full(size, CASE["early"]),
        rule=np.full(size, -1),
        low=np.full(size, NO_DAY),
        high=np.full(size, NEVER),
        early=np.full(size, NO_DAY),
        reading=np.zeros(size, dtype=np.intp),
        to_confirm=np.zeros(size, dtype=bool),
    )
    french = np.array([each == FRANCE for each in [*asked.countries, ""]])[asked.country]
    consumer = asked.sector == asked.sectors.index(CONSUMER)
    public = np.array([each.startswith(_PUBLIC) for each in [*asked.sectors, ""]])[asked.sector]
    undone = (asked.issued != NO_DAY) & french & ~consumer
    _sectors(found, asked, law, undone)
    _general(found, asked, law, undone & ~public)
    _abroad(found, asked, union, (~french, public))
    _set(found, consumer, "consumer", NO_DAY, NEVER)
    found.to_confirm[consumer] = True
    _set(found, asked.issued == NO_DAY, "undated", NO_DAY, NEVER)
    found.rule[asked.issued == NO_DAY], found.to_confirm[asked.issued == NO_DAY] = -1, False
    return found


def _set(found: Limits, chosen: Flags, case: str, low: Any, high: Any, *, rule: Any = -1) -> None:  # noqa: ANN401
    """Writes the limits of some rows, whose values are arrays of all rows or one value."""
    found.case[chosen] = CASE[case]
    for name, value in (("low", low), ("high", high), ("early", low), ("rule", rule)):
        getattr(found, name)[chosen] = value[chosen] if isinstance(value, np.ndarray) else value


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table of law, each with its columns as attributes and its place as `Index`."""
    return iter(table.itertuples())


def _in_force(entry: Any, issued: Days) -> Flags:  # noqa: ANN401 - a row of a table of law
    first, last = day_numbers(pd.Series([entry.valid_from, entry.valid_to], dtype="datetime64[s]"))
    ended = issued > last if last != NO_DAY else np.zeros(len(issued), dtype=bool)
    return np.asarray((issued >= first) & ~ended)


def _sectors(found: Limits, asked: Asked, law: pd.DataFrame, undone: Flags) -> None:
    """Trades that have terms of their own; those of periodic invoices before those of any."""
    apart = law[law["sector"] != GENERAL]
    ordered = pd.concat([apart[apart["invoices"] == PERIODIC], apart[apart["invoices"] != PERIODIC]])
    for entry in _rows(ordered):
        if entry.sector not in asked.sectors:
            continue
        chosen = undone & (asked.sector == asked.sectors.index(entry.sector)) & _in_force(entry, asked.issued)
        if entry.invoices == PERIODIC:
            chosen &= asked.terms.periodic
        _dated(found, asked, entry, chosen)
        undone[chosen] = False


def _dated(found: Limits, asked: Asked, entry: Any, chosen: Flags) -> None:  # noqa: ANN401 - a row of the table
    """The limit of a rule with one length, counted from the invoice or from an event whose date may not be known."""
    rule = due_rule(entry)
    rows = np.flatnonzero(chosen)
    start = asked.issued if entry.counted_from == "invoice" else getattr(asked, entry.counted_from)
    known = start[rows] != NO_DAY
    event = {} if entry.counted_from == "invoice" else {rule.counted_from: start[rows]}
    days = np.stack([each.due_days(asked.issued[rows], event) for each in readings(rule)])
    reading = np.full(len(rows), 3 if len(days) > 1 else 0)
    for place, state in enumerate((agreed.DAYS_FIRST, agreed.MONTH_FIRST) if len(days) > 1 else ()):
        said = asked.terms.state[rows] == state
        days[:, said], reading[said] = days[place, said], place + 1
    low, high = days.min(axis=0), days.max(axis=0)
    if pd.notna(entry.season_days):
        low = np.where(_in_season(entry, asked.issued[rows]), start[rows] + int(entry.season_days), low)
    case = np.where(low < high, CASE["sector_between"], CASE["periodic" if entry.sector == GENERAL else "sector"])
    found.case[rows] = np.where(known, case, CASE["undelivered"])
    found.rule[rows] = entry.Index
    found.low[rows] = np.where(known, low, NO_DAY)
    found.high[rows] = np.where(known, high, NEVER)
    found.early[rows], found.reading[rows] = low, reading
    found.to_confirm[rows] = entry.status == TO_CONFIRM


def _in_season(entry: Any, issued: Days) -> Flags:  # noqa: ANN401 - a row of the table
    """Which invoices are of the months in which a rule may be shorter."""
    month = months_of(issued) % _YEAR + 1
    return np.asarray((month >= entry.season_from) & (month <= entry.season_to))


def _general(found: Limits, asked: Asked, law: pd.DataFrame, undone: Flags) -> None:
    """All others, by what was agreed; of each kind of invoice the rule in force."""
    entries = {kind: law[(law["sector"] == GENERAL) & (law["invoices"] == kind)] for kind in
               (ANY, AT_END_OF_MONTH, PERIODIC, NOTHING_AGREED)}  # fmt: skip
    for entry in _rows(entries[PERIODIC]):
        chosen = undone & asked.terms.periodic & _in_force(entry, asked.issued)
        _dated(found, asked, entry, chosen)
        undone[chosen] = False
    net = _Terms.of(asked, entries[ANY], undone)
    ends = _Terms.of(asked, entries[AT_END_OF_MONTH], undone)
    default = _Terms.of(asked, entries[NOTHING_AGREED], undone)
    state, done = asked.terms.state, undone & net.known & default.known
    highest = np.where(ends.known, np.maximum(net.last, ends.last), net.last)
    _set(found, done & (state == agreed.IN_DAYS), "agreed", net.last, net.last, rule=net.rule)
    _set(found, done & (state == agreed.UNREAD), "unread", net.last, highest, rule=net.rule)
    counted = asked.delivery != NO_DAY
    unsaid, nothing = done & (state == agreed.UNSAID), done & (state == agreed.NOTHING)
    _set(found, unsaid & counted, "unsaid", np.minimum(default.last, net.last), np.maximum(highest, default.last),
         rule=default.rule)  # fmt: skip
    _set(found, nothing & counted, "nothing", default.last, default.last, rule=default.rule)
    # Goods are invoiced on delivery at the latest (L441-9): what is due after the longest of all terms is beyond.
    for chosen, case in ((unsaid & ~counted, "unsaid_undelivered"), (nothing & ~counted, "nothing_undelivered")):
        _set(found, chosen, case, NO_DAY, highest, rule=default.rule)
        found.early[chosen] = default.last[chosen]
    firsts = {agreed.DAYS_FIRST: ends.days_first, agreed.MONTH_FIRST: ends.month_first,
              agreed.EITHER: np.minimum(ends.days_first, ends.month_first)}  # fmt: skip
    for each, first in firsts.items():
        last = ends.last if each == agreed.EITHER else first
        low, high = (np.where(ends.known, np.maximum(net.last, end), net.last) for end in (first, last))
        chosen = done & (state == each)
        _set(found, chosen, "agreed", low, high, rule=np.where(high > net.last, ends.rule, net.rule))
        found.case[chosen & (low < high)] = CASE["readings"]
        found.reading[chosen] = {agreed.DAYS_FIRST: 1, agreed.MONTH_FIRST: 2, agreed.EITHER: 3}[each]
    doubtful = np.append(law["status"].eq(TO_CONFIRM).to_numpy(), False)
    found.to_confirm[done] = doubtful[found.rule[done]]


@dataclass(frozen=True, eq=False)
class _Terms:
    """The limit of a rule of the general kind for each invoice, by the row of the table in force on its day."""

    known: Flags
    rule: Codes
    last: Days
    days_first: Days
    month_first: Days

    @classmethod
    def of(cls, asked: Asked, entries: pd.DataFrame, undone: Flags) -> "_Terms":
        size = len(asked.issued)
        made = cls(np.zeros(size, dtype=bool), np.full(size, -1), *(np.full(size, NO_DAY) for _ in range(3)))
        for entry in _rows(entries):
            chosen = undone & _in_force(entry, asked.issued)
            rule, issued = due_rule(entry), asked.issued[chosen]
            dates = {} if entry.counted_from == "invoice" else {rule.counted_from: asked.delivery[chosen]}
            days = [each.due_days(issued, dates) for each in readings(rule)]
            made.known[chosen], made.rule[chosen] = True, entry.Index
            made.last[chosen] = np.max(days, axis=0)
            made.days_first[chosen], made.month_first[chosen] = days[0], days[-1]
        return made


def _abroad(found: Limits, asked: Asked, union: pd.DataFrame, whose: tuple[Flags, Flags]) -> None:
    """Customers abroad: what the directive allows companies in any case in the Union; elsewhere nothing is known."""
    abroad, public = whose
    _set(found, abroad, "abroad", NO_DAY, NEVER)
    names = np.array([*asked.countries, ""])
    overseas = abroad & np.isin(names, OVERSEAS)[asked.country]
    _set(found, overseas, "overseas", NO_DAY, NEVER)
    found.to_confirm[overseas] = True
    _set(found, abroad & (names == "")[asked.country], "nowhere", NO_DAY, NEVER)
    said = np.isin(asked.terms.state, agreed.AGREED)
    for entry in _rows(union):
        if entry.country not in asked.countries:
            continue
        own = abroad & ~public & (asked.country == asked.countries.index(entry.country))
        own &= _in_force(entry, asked.issued)
        days = np.where(said, entry.cap_days, entry.default_days).astype(np.int64)
        _set(found, own, "union", np.where(asked.issued == NO_DAY, NO_DAY, asked.issued + days), NEVER)
        found.to_confirm[own] = entry.status == TO_CONFIRM
