"""Sales a person expects, read from a table: an amount a month or a day, of all or by segment or customer."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import read_amounts, read_dates, texts
from arlib.readers.headings import plain, recognise
from arlib.readers.sources import Readable, gather, refuse
from arlib.readers.tables import read_table
from arlib.readers.tables.table import Table
from arlib.readers.tabular.parsed import refuse_cells
from arlib.words import MONTHS, bare, say

GRAINS = ("month", "day")
GROUPS = ("segment", "customer_id")
_TITLES = 6  # rows a title may take above the headings
_WORDS = {
    "month": ("month", "mois", "period", "période"),
    "day": ("day", "jour", "date"),
    "amount": (
        *("amount", "montant", "montant ttc", "sales", "ventes", "ventes ttc", "billing", "facturation", "forecast"),
        *("ca", "ca ttc", "chiffre d'affaires", "chiffre d'affaires ttc", "budget", "prévision", "prévisions"),
    ),
}
_MONTH_ALONE = (  # 2026-01 or 202601; 01/2026; janv. 2026 or Jan-26
    r"^(?:(?P<year>(?:19|20)\d\d)[-/. ]?(?P<number>\d\d?)|(?P<number2>\d\d?)[-/. ](?P<year2>(?:19|20)\d\d)"
    r"|(?P<name>[^\W\d]{3,}?)\.?[-/ ]+(?P<year3>(?:(?:19|20)\d\d|\d\d)))$"
)
_LAST_MONTH = 12


def read_sales_plan(source: Readable) -> pd.DataFrame:
    """A plan of sales: one row a month or a day, and where the table has them, a segment or a customer.

    Headings are in French or English: month or day; amount, tax included and net of credit notes; segment or customer.
    Months are written "2026-01", "01/2026", "janvier 2026" or as any day of theirs. Rows for the same are added up.

    Args:
        source: a file (text, workbook, Parquet), a `(name, bytes)` or a frame.

    Returns:
        Columns: month (its first day) or day; segment or customer_id where the table has one; amount.

    Raises:
        ArlibError: there is no such column or row, segments and customers stand side by side, or a cell is missing or
            is no month, day or amount of 0 or more: all of them.
    """
    table, found = _table(source)
    groups = [name for name in GROUPS if name in found]
    if len(groups) > 1:
        raise refuse(table.name, "simulation.plan.two_groups")
    grain = next(name for name in GRAINS if name in found)
    cells, alone = _first_days(table.cells[found[grain]])
    dates = read_dates({"when_on": cells})
    if dates.swapped.mixed:
        raise ArlibError(problems=[Problem(table.place(), dates.swapped.sentence() or say("read.either_order"))])
    amounts = read_amounts({"amount": table.cells[found["amount"]]}, mark=table.decimal, likely=table.likely_mark)
    when, amount = dates.columns["when_on"], amounts.columns["amount"]
    refuse_cells(table, found | {"when_on": found[grain]}, {"when_on": when.wrong, "amount": amount.wrong})
    rows = pd.DataFrame({"when": when.values, "amount": amount.values})
    rows = rows.assign(**{name: texts(table.cells[found[name]]) for name in groups}).dropna(how="all")
    _refuse_gaps(table, rows, {"when": found[grain], **{name: found[name] for name in ("amount", *groups)}})
    if alone or grain == "month":
        grain, rows["when"] = "month", rows["when"].to_numpy("datetime64[M]").astype("datetime64[s]")
    return rows.rename(columns={"when": grain}).groupby([grain, *groups], as_index=False)[["amount"]].sum()


def _table(source: Readable) -> tuple[Table, dict[str, str]]:
    """The table of a file and the heading of each of its columns, its headings in one of the first rows."""
    raw = gather(source)[0]
    rows = (None,) if raw.format == "frame" else (None, *range(1, _TITLES + 1))
    for row in rows:
        try:
            table = read_table(raw, header=row)
        except ArlibError:
            continue
        found = _columns([str(heading) for heading in table.cells])
        if "amount" in found and {*GRAINS} & set(found) and len(table.cells):
            return table, found
    raise refuse(raw.name, "simulation.plan.no_columns")


def _columns(headings: list[str]) -> dict[str, str]:
    """The heading of each field: those of plans first, customers and segments as in any list."""
    meant = {plain(each): field for field, written in _WORDS.items() for each in written}
    found: dict[str, str] = {}
    for heading in headings:
        if plain(heading) in meant:
            found.setdefault(meant[plain(heading)], heading)
    others = recognise([heading for heading in headings if heading not in found.values()])
    if "customer_name" in others:  # "Client" is a heading of codes as well
        others.setdefault("customer_id", others["customer_name"])
    return found | {name: others[name] for name in GROUPS if name in others}


def _refuse_gaps(table: Table, rows: pd.DataFrame, found: Mapping[str, str]) -> None:
    """Refuses rows that lack a cell, and amounts below 0."""
    problems = [
        Problem(table.place(int(row), heading), say("simulation.plan.empty"))
        for name, heading in found.items()
        for row in rows.index[rows[name].isna()]
    ]
    problems += [
        Problem(table.place(int(row), found["amount"]), say("simulation.plan.negative", amount=rows["amount"][row]))
        for row in rows.index[rows["amount"] < 0]
    ]
    if problems or rows.empty:
        raise ArlibError(say("simulation.plan.no_rows") if rows.empty else None, problems)


def _first_days(cells: "pd.Series[Any]") -> tuple["pd.Series[Any]", bool]:
    """Cells, months alone as their first day; and whether all are months alone."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells, False
    written = texts(cells)
    starts = {text: start for text in written.dropna().unique() if (start := _first_day(text))}
    first = written.map(starts)
    return cells.astype("object").where(first.isna(), first), bool(first[written.notna()].notna().all())


def _first_day(text: str) -> str | None:
    """The first day of a month that stands alone, year first; none where it is something else."""
    found = re.match(_MONTH_ALONE, bare(text).lower().strip())
    if found is None:
        return None
    part = found.groupdict()
    month = _names().get(part["name"], 0) if part["name"] else int(part["number"] or part["number2"])
    year = int(part["year"] or part["year2"] or part["year3"])
    year += 2000 if year < 100 else 0  # noqa: PLR2004 - "Jan-26"
    return f"{year}-{month:02}-01" if 1 <= month <= _LAST_MONTH else None


@cache
def _names() -> Mapping[str, int]:
    """The months by their names in both languages, and by beginnings of these that name one month only."""
    meant: defaultdict[str, set[int]] = defaultdict(set)
    for names in MONTHS.values():
        for month, name in enumerate(names, 1):
            for length in range(3, len(name) + 1):
                meant[bare(name).lower()[:length]].add(month)
    return MappingProxyType({name: months.pop() for name, months in meant.items() if len(months) == 1})
