"""Tables of facts into `Facts`: one row a fact, whose customer, what, since when known, by whom."""

from collections.abc import Iterable
from functools import reduce
from typing import Any

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.ledger import Ledger
from arlib.readers.cells import texts
from arlib.readers.sources import RawSource, Readable, gather, refuse
from arlib.readers.tables import read_table
from arlib.readers.tables.table import Table
from arlib.risk.facts.card import OpinionCard, read_opinion_card
from arlib.risk.facts.facts import COLUMNS, Facts, no_facts
from arlib.risk.facts.identifiers import owners_of
from arlib.risk.facts.stated import stated_in
from arlib.risk.facts.values import read_values
from arlib.risk.facts.vocabulary import fact_headings, status_of
from arlib.words import Sentence, say

_TITLES = 6  # rows a title may take above the headings
_NEEDED, _PARTIES = ("fact", "value"), ("customer_id", "siren")
_SHOWN = 5


def read_facts(
    source: Readable | Iterable[Readable],
    *,
    customers: pd.DataFrame | None = None,
    sheet: str | None = None,
    card: OpinionCard | None = None,
) -> Facts:
    """The external facts in tables with one row a fact: CSV, workbooks, Parquet, frames.

    Columns, in French or English: the customer's code or its SIREN; the fact; its value; and where there are: the day
    it was known, its source, the end of a cover, its quota, the year of accounts. Facts: status (registry, insolvency
    proceeding), rating (of the Banque de France; of an insurer named as source), cover (an amount, refused, withdrawn),
    guarantee, payment method, founded on, sector failure rate, and lines of accounts (`LINES`).

    What cannot be used (unknown customers, unreadable values or dates) is in `problems`, each with its place; the
    rest is read. A fact whose day is missing counts on any day, and is said to.

    Args:
        source: what to read.
        customers: `ledger.customers`: checks the codes, finds the customers of a SIREN, and adds what the customers'
            file says itself (status, rating, insured limit), undated.
        sheet: of a workbook.
        card: the scales of ratings; those of `opinion.toml` by default.

    Raises:
        ArlibError: a file has no such columns, or not one row of it could be used.
    """
    card = card or read_opinion_card()
    read = [_facts_of(_table(raw, sheet), customers, card) for raw in gather(source)]
    own = [] if customers is None else [facts_of_customers(customers, card=card)]
    return reduce(_joined, [*own, *read], no_facts())


def facts_about(ledger: Ledger, facts: Facts | None) -> Facts:
    """The facts given, or where None, those the ledger's own customers carry.

    Raises:
        ArlibError: no fact given is of a customer of this ledger.
    """
    if facts is None:
        return facts_of_customers(ledger.customers)
    named = facts.rows["customer_id"]
    if len(named) and not named.isin(ledger.customers["customer_id"]).any():
        raise ArlibError(say("risk.score.other_customers", facts=len(named), example=named.iloc[0]))
    return facts


def facts_of_customers(customers: pd.DataFrame, *, card: OpinionCard | None = None) -> Facts:
    """What the customers' own table says: status, rating and insured limit, all undated; `ledger.customers`.

    What is not read (a status that is none of a registry or a court, a rating nobody knows whose) is in the notes.
    An insured limit of 0 or less is none.
    """
    card = card or read_opinion_card()
    known = customers.reindex(columns=["customer_id", "status", "rating", "insured_limit"])
    status, rating = texts(known["status"]), texts(known["rating"])
    statuses = {text: status_of(text) for text in status.dropna().unique()}
    ratings = {text: card.rating(text, "") for text in rating.dropna().unique()}
    limit = pd.to_numeric(known["insured_limit"], errors="coerce")
    parts = [
        _told(known, status, {text: (*each, pd.NA) for text, each in statuses.items() if each}),
        _told(known, rating, {text: ("rating", each[1], each[0]) for text, each in ratings.items() if each}),
        known.loc[limit > 0, ["customer_id"]].assign(fact="cover", value="amount", amount=limit[limit > 0].to_numpy()),
    ]
    rows = pd.concat([_complete(part) for part in parts], ignore_index=True)
    unread = [
        say("risk.facts.unread_column", column=say(f"field.{name}"), customers=int(missed.sum()), examples=examples)
        for name, cells, read in (("status", status, statuses), ("rating", rating, ratings))
        if (missed := cells.notna() & ~cells.isin([text for text, each in read.items() if each])).any()
        and (examples := ", ".join(text[:40] for text in cells[missed].unique()[:_SHOWN]))
    ]
    return Facts(rows, (), tuple(unread))


def _told(known: pd.DataFrame, cells: "pd.Series[Any]", read: dict[str, tuple[Any, ...]]) -> pd.DataFrame:
    """Rows of the customers whose cell was read as (fact, value, scale)."""
    good = cells.isin(list(read))
    told = pd.DataFrame([read[text] for text in cells[good]], columns=["fact", "value", "scale"])
    return told.assign(customer_id=known.loc[good, "customer_id"].to_numpy())


def _complete(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with every column of facts, in their kinds."""
    rows = rows.reindex(columns=list(COLUMNS))
    return rows.assign(row=rows["row"].fillna(0)).astype(COLUMNS)


def _joined(one: Facts, other: Facts) -> Facts:
    rows = pd.concat([one.rows, other.rows], ignore_index=True)
    return Facts(rows, (*one.problems, *other.problems), (*one.notes, *other.notes))


def _table(raw: RawSource, sheet: str | None) -> Table:
    """The table of a file whose headings are those of facts: as any table is read, else from one of the first rows.

    A heading row is told by two headings of ledgers; a table of facts may have one only.
    """
    try:
        found = [read_table(raw, sheet)]
    except ArlibError:
        if raw.format not in ("text", "workbook"):
            raise
        found = [table for row in range(1, _TITLES + 1) if (table := _from_row(raw, sheet, row))]
    headings = [(table, fact_headings(table.cells.columns)) for table in found]
    fitting = [table for table, known in headings if set(_NEEDED) <= set(known) and {*_PARTIES} & set(known)]
    if not fitting:
        raise refuse(raw.name, "risk.facts.no_columns")
    return fitting[0]


def _from_row(raw: RawSource, sheet: str | None, row: int) -> Table | None:
    try:
        return read_table(raw, sheet, header=row)
    except ArlibError:
        return None


def _facts_of(table: Table, customers: pd.DataFrame | None, card: OpinionCard) -> Facts:
    found = fact_headings(table.cells.columns)
    stated = stated_in(table, found)
    values = read_values(stated.rows, card, table.likely_mark)
    owners = owners_of(stated.rows["customer_id"], stated.rows["siren"], customers)
    party = found.get("customer_id", found.get("siren", ""))
    wrong = {(row, party): why for row, why in owners.wrong.items()} | dict(stated.wrong)
    wrong |= {(row, found["value"]): why for row, why in values.wrong.items()}
    problems = [Problem(table.place(row, column), wrong[row, column]) for row, column in sorted(wrong)]
    problems += [Problem(table.place(row), say("risk.facts.long_row", cells=len(line))) for row, line in table.ragged]
    rows = _rows(table, stated.rows, values.read, owners.pairs)
    rows = rows[~rows["row"].isin([row for row, _ in wrong])].reset_index(drop=True)
    if rows.empty and problems:
        raise ArlibError(problems=problems)
    folded = [say("risk.facts.folded", rows=owners.folded)] if owners.folded else []
    return Facts(rows, tuple(problems), (*stated.notes, *values.notes, *folded, *_twice(rows)))


def _rows(table: Table, stated: pd.DataFrame, values: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """One row a fact and customer, in the order of the file."""
    kept = stated[["quota", "ends_on", "closed_on", "known_on", "source"]].join(values)
    rows = pairs.merge(kept, left_on="row", right_index=True).sort_values("row", kind="stable")
    return _complete(rows.assign(file=table.name, source=rows["source"].fillna(table.name)))


def _twice(rows: pd.DataFrame) -> list[Sentence]:
    """That one fact has two values on one day, of which the last row stands."""
    keys = ["customer_id", "fact", "scale", "closed_on", "known_on"]
    distinct = rows.drop_duplicates([*keys, "value", "amount", "day"])
    twice = distinct[distinct.duplicated(keys, keep=False)]
    if twice.empty:
        return []
    return [say("risk.facts.twice", facts=len(twice), examples=", ".join(map(str, twice["row"].head(_SHOWN))))]
