"""Past contacts with customers about what they owe: whom, when, by which channel, and what came of it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.ledger import Day, Ledger
from arlib.readers.cells import read_dates, texts
from arlib.readers.headings import plain, recognise
from arlib.readers.sources import Readable, gather, refuse
from arlib.readers.tables import read_table
from arlib.readers.tables.table import Table
from arlib.risk.facts.identifiers import owners_of
from arlib.schema import DTYPES, places_of
from arlib.words import Sentence, bare, say

CHANNELS = ("email", "letter", "phone", "visit", "formal_notice", "other")
OUTCOMES = ("none", "promised", "disputed", "paid", "unreachable", "refused", "other")
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "customer_id": "str",
        "item_id": "Int64",
        "reference": "str",
        "contacted_on": DTYPES["date"],
        "channel": "str",
        "level": "Int64",
        "outcome": "str",
        "note": "str",
    }
)
_WHOSE = ("customer_id", "item_id", "reference")
_TITLES = 6  # rows a title may take above the headings
_SHOWN = 10
_MOST_LEVEL = 99


@dataclass(frozen=True, eq=False)
class ContactLog:
    """Past contacts and reminders, by whoever made them; `read_contact_log` reads one from a file.

    Attributes:
        table: one row a contact. Given with `contacted_on` and one at least of `customer_id`, `item_id` (of
            `ledger.items`) and `reference` (of an invoice); held with all of `COLUMNS`, the latest contact last:

            - channel: of `CHANNELS`; `other` is any other, or one not stated;
            - level: of the reminder, 1 the first; missing where it is not stated;
            - outcome: of `OUTCOMES`; `none` where nothing is written, `paid` where the customer said that it had paid;
            - note: free text.
        notes: what was understood otherwise than it stands.

    Raises:
        ArlibError: a column is missing, or cells cannot be used: all of them, each with its place.
    """

    table: pd.DataFrame
    notes: tuple[Sentence, ...] = ()

    def __post_init__(self) -> None:
        named = [str(name) for name in self.table.columns]
        rows = self.table.set_axis(named, axis=1).set_axis(range(1, len(self.table) + 1), axis=0)
        found = {name: name for name in COLUMNS if name in named}
        if "contacted_on" not in found or not {*_WHOSE} & set(found):
            raise ArlibError(say("collection.log.columns", columns=", ".join(named)))
        checked, notes = _checked(Table("ContactLog", None, rows), found)
        object.__setattr__(self, "table", checked)
        object.__setattr__(self, "notes", (*self.notes, *notes))

    def contacts(self, ledger: Ledger, as_of: Day | None = None) -> "Contacts":
        """The contacts made by the end of a day, with customers and items as the ledger has them.

        A customer is found by its code, else by its name. A reference stands for every invoice or other debit that
        bears it, of that customer where one is named: one row each. Contacts with whom or about what the ledger does
        not know are left out, counted and named.

        Raises:
            ArlibError: no contact at all is about this ledger.
        """
        day = ledger.day(as_of)
        table = self.table.rename_axis("row").reset_index()
        known, unknown = _found(ledger, table)
        if len(table) and known.empty:
            raise ArlibError(say("collection.log.other_ledger", rows=len(table), names=_named(unknown)))
        by_then = known[known["contacted_on"] <= day]
        booked = places_of(ledger.items["item_id"], by_then["item_id"].fillna(-1).astype("int64"))
        later = (booked >= 0) & (ledger.items["booked_on"].take(booked).to_numpy() > np.datetime64(day))
        late = int((table["contacted_on"] > day).sum())
        notes = [say("collection.log.later", rows=late, day=day)] if late else []
        if len(unknown):
            notes.append(say("collection.log.unknown", rows=len(unknown), names=_named(unknown)))
        return Contacts(by_then[~later].drop(columns="row").reset_index(drop=True), tuple(notes))


@dataclass(frozen=True, eq=False)
class Contacts:
    """What a log says of a ledger on a day.

    Attributes:
        rows: one row a contact and, where it was about items, an item, the earliest first: customer_id (as in the
            ledger), item_id (missing where it was about all that the customer owed), contacted_on, channel, level,
            outcome, note.
        notes: what was left out.
    """

    rows: pd.DataFrame
    notes: tuple[Sentence, ...] = ()

    @classmethod
    def none(cls) -> "Contacts":
        """Nobody was contacted."""
        kept = {name: kind for name, kind in COLUMNS.items() if name != "reference"}
        return cls(pd.DataFrame(columns=list(kept)).astype(kept))


def read_contact_log(source: Readable, *, sheet: str | None = None) -> ContactLog:
    """A log of reminders from a file: one row a contact, headings in French or English.

    Headings: the customer (code or name) or the invoice (its number); the day; and where there are: channel (e-mail,
    courrier, appel, visite, mise en demeure…), level ("2", "Relance 2"), outcome (promesse, litige, injoignable…),
    note. An outcome in other words is `other`, and its words are kept in the note.

    Args:
        source: a file (text, workbook, Parquet), a `(name, bytes)` or a frame.
        sheet: of a workbook.

    Raises:
        ArlibError: there is no such column or row, or cells cannot be used: all of them.
    """
    table, found = _table(source, sheet)
    rows, notes = _checked(table, found)
    return ContactLog(rows, notes)


@cache
def _words(kind: str) -> Mapping[str, str]:
    """What is meant by what is written, by kind: heading, channel, outcome."""
    with Path(__file__).with_name("log_words.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["kind"] == kind]
    simplified = plain if kind == "heading" else _simple
    return MappingProxyType({simplified(each): row["meaning"] for row in rows for each in row["written"].split("|")})


def _simple(text: str) -> str:
    """A cell without accents, capitals and marks."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare(text).lower()).split())


def _table(source: Readable, sheet: str | None) -> tuple[Table, dict[str, str]]:
    """The table of a file and the heading of each field, its headings in one of the first rows."""
    raw = gather(source)[0]
    for row in (None,) if raw.format == "frame" else (None, *range(1, _TITLES + 1)):
        try:
            table = read_table(raw, sheet, header=row)
        except ArlibError:
            continue
        found = _headings([str(heading) for heading in table.cells])
        if "contacted_on" in found and {*_WHOSE} & set(found):
            return table, found
    raise refuse(raw.name, "collection.log.no_columns")


def _headings(headings: list[str]) -> dict[str, str]:
    """The heading of each field: those of logs first, in the order of the words; customers as in any list."""
    written: dict[str, str] = {}
    for heading in headings:
        written.setdefault(plain(heading), heading)
    found: dict[str, str] = {}
    for word, field in _words("heading").items():
        if word in written and written[word] not in found.values():
            found.setdefault(field, written[word])
    others = recognise([heading for heading in headings if heading not in found.values()])
    if "customer_name" in others:  # "Client" is a heading of codes as well
        others.setdefault("customer_id", others["customer_name"])
    return {**{name: others[name] for name in ("customer_id", "reference") if name in others}, **found}


def _checked(table: Table, found: Mapping[str, str]) -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
    """The rows of a table with every column of a log, in their kinds, the earliest first; what was understood."""
    cells = {name: table.cells[heading] for name, heading in found.items()}
    nothing = pd.Series(pd.NA, index=table.cells.index, dtype="str")
    written = pd.DataFrame({name: texts(cells[name]) if name in cells else nothing for name in COLUMNS})
    written = written.loc[written.notna().any(axis=1)]
    dates = read_dates({"contacted_on": cells["contacted_on"].loc[written.index]})
    if dates.swapped.mixed:
        raise ArlibError(problems=[Problem(table.place(), dates.swapped.sentence() or say("read.either_order"))])
    when = dates.columns["contacted_on"]
    channel, outcome = _meant("channel", written["channel"]), _meant("outcome", written["outcome"])
    of_level = _meant("channel", written["level"]).where(written["level"].notna())
    level = _levels(written["level"])
    item = pd.to_numeric(written["item_id"], errors="coerce")
    wrong = {
        ("contacted_on", "read.not_date"): when.wrong,
        ("contacted_on", "collection.log.no_day"): when.values.isna() & ~when.wrong,
        ("channel", "collection.log.channel"): channel.isna() & written["channel"].notna(),
        ("level", "collection.log.level"): written["level"].notna() & of_level.isna() & ~level.between(0, _MOST_LEVEL),
        ("item_id", "collection.log.item"): written["item_id"].notna() & ~item.mod(1).eq(0),
        ("whose", "collection.log.nobody"): written[list(_WHOSE)].isna().all(axis=1),
    }
    _refuse(table, found, written, wrong)
    strange = outcome.isna() & written["outcome"].notna()
    note = written["note"].where(~strange, written["outcome"].str.cat(written["note"], sep=" – ", na_rep=""))
    rows = written.assign(
        item_id=item,
        contacted_on=when.values,
        channel=channel.fillna(of_level).fillna("other"),
        level=level,
        outcome=outcome.mask(strange, "other").fillna("none"),
        note=note.str.removesuffix(" – "),
    ).astype(COLUMNS)
    order = [] if dates.day_first is None else [say("read.day_first" if dates.day_first else "read.month_first")]
    swapped = dates.swapped.sentence()
    notes = [*order, *([swapped] if swapped else []), *_strange(written["outcome"][strange])]
    return rows.sort_values(["contacted_on", *_WHOSE, "channel", "level", "outcome", "note"], ignore_index=True), (
        *notes,
    )


def _levels(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The number of each level: a whole one ("2", "2.0"), or that in a few words ("Relance 2"); missing elsewhere."""
    alone = pd.to_numeric(cells.str.replace(",", ".").str.replace("\u2212", "-"), errors="coerce")
    within = pd.to_numeric(cells.str.extract(r"(\d+)", expand=False), errors="coerce")
    return alone.where(alone.mod(1).eq(0)).where(alone.notna(), within)


def _meant(kind: str, cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """What words of a kind mean, missing where nobody knows them."""
    known = _words(kind)
    return cells.map({text: known.get(_simple(text)) for text in cells.dropna().unique()}).astype("str")


def _strange(outcomes: "pd.Series[Any]") -> list[Sentence]:
    if outcomes.empty:
        return []
    examples = ", ".join(str(text)[:40] for text in sorted(outcomes.unique())[:_SHOWN])
    return [say("collection.log.outcomes", rows=len(outcomes), examples=examples)]


def _refuse(
    table: Table,
    found: Mapping[str, str],
    written: pd.DataFrame,
    wrong: Mapping[tuple[str, str], "pd.Series[bool]"],
) -> None:
    """Raises one error that names every cell that cannot be used, row by row; nothing where there is none."""
    problems = []
    for (name, key), where in wrong.items():
        for row in where.index[where.to_numpy()]:
            value = "" if name == "whose" or pd.isna(written.loc[row, name]) else str(written.loc[row, name])[:80]
            problems.append((int(row), Problem(table.place(int(row), found.get(name)), say(key, value=value))))
    if problems:
        raise ArlibError(problems=[problem for _, problem in sorted(problems, key=lambda pair: pair[0])])


def _found(ledger: Ledger, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contacts a customer and item each, as the ledger has them; and those it does not know."""
    items = ledger.items[["item_id", "customer_id", "reference", "amount"]]
    place = places_of(items["item_id"], table["item_id"].fillna(-1).astype("int64"))
    of_item = items["customer_id"].take(place).set_axis(table.index).where(place >= 0)
    owners = owners_of(table["customer_id"], pd.Series(pd.NA, table.index, dtype="str"), ledger.customers)
    pairs = owners.pairs.rename(columns={"row": "place", "customer_id": "named"})
    rows = table.join(pairs.set_index("place")["named"])
    rows["owner"] = of_item.reindex(rows.index)
    astray = rows["customer_id"].notna() & rows["named"].isna() | rows["item_id"].notna() & rows["owner"].isna()
    astray |= rows["owner"].notna() & rows["named"].notna() & (rows["owner"] != rows["named"])
    rows["customer_id"] = rows["owner"].fillna(rows["named"])
    referred = rows["reference"].notna() & rows["item_id"].isna() & ~astray
    debits = items[(items["amount"] > 0) & items["reference"].isin(rows.loc[referred, "reference"])]
    debits = debits.drop(columns="amount").rename(columns={"item_id": "its_item", "customer_id": "its_owner"})
    several = rows[referred].merge(debits, on="reference", how="left")
    mine = several["its_owner"].notna() & (
        several["customer_id"].isna() | several["customer_id"].eq(several["its_owner"])
    )
    several = several[mine].assign(item_id=several["its_item"].astype("Int64"), customer_id=several["its_owner"])
    kept = pd.concat([rows[~astray & ~referred], several], ignore_index=True)
    kept = kept[["row", *(name for name in COLUMNS if name != "reference")]].astype({"customer_id": "str"})
    kept = kept.sort_values([name for name in COLUMNS if name != "reference"], ignore_index=True)
    kept = kept.sort_values("contacted_on", kind="stable", ignore_index=True)
    return kept, table[~table["row"].isin(kept["row"])]


def _named(unknown: pd.DataFrame) -> str:
    """The first customers, invoices or items of contacts that the ledger does not know."""
    told = unknown["customer_id"].fillna(unknown["reference"]).fillna(unknown["item_id"].astype("str"))
    distinct = sorted(set(told.astype("str")))
    return ", ".join(name[:40] for name in distinct[:_SHOWN]) + (" …" if len(distinct) > _SHOWN else "")
