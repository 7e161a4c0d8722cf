"""The French accounting export (FEC, art. A47 A-1 LPF): entries of every account into movements of customers.

A FEC has no terms and no invoice list: what a line on a customer account is follows from the other accounts of its
entry. Letters say what settles what, inside one account, customer and fiscal year, and never when.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.ledger import Source
from arlib.readers.fec.accounts import RECEIVABLE, families
from arlib.readers.fec.entries import Entries, find_entries
from arlib.readers.fec.fields import is_header
from arlib.readers.fec.items import beyond_the_norm, currency_of, customers_of, items_of
from arlib.readers.fec.kinds import is_opening, kinds
from arlib.readers.fec.lines import Lines, first_rows, read_lines
from arlib.readers.fec.markup import is_fec_xml, read_markup
from arlib.readers.fec.years import chain_years
from arlib.readers.reading import Reading
from arlib.readers.sources import RawSource
from arlib.readers.tables import read_table
from arlib.readers.tables.delimited import decode, read_delimited
from arlib.readers.tables.table import Table
from arlib.schema import NO_DAY, Flags, to_dates
from arlib.words import Sentence, say

__all__ = ["chain_years", "is_fec", "read_fec"]

_HEAD = 1 << 16  # bytes in which the field names of a text are looked for
_TITLES = 20  # rows that may stand above them


def is_fec(source: RawSource | Table) -> bool:
    """Whether a text, an XML document or a table already read has the field names of a FEC.

    A workbook or a frame has to be read for that: give its `Table`.
    """
    if isinstance(source, Table):
        return is_header(map(str, source.cells.columns))
    if not isinstance(source.content, bytes):
        return False
    return is_fec_xml(source.content) or (source.format == "text" and _header(source.content) is not None)


def read_fec(
    raw: RawSource,
    *,
    accounts: Sequence[str] = RECEIVABLE,
    table: Table | None = None,
    currency: str | None = None,
) -> Reading:
    """The movements on the customer accounts of a FEC.

    Args:
        raw: the file.
        accounts: prefixes of customer accounts: 411, and 413 (bills), 416 (doubtful), 4117 (retention guarantees),
            4191 (advances), 418 (to be issued), 467 (factor) where they are wanted.
        table: the file as a table, where it has been read already.
        currency: the currency of the accounts where the file names none; the euro.

    Raises:
        ArlibError: a column of the norm is missing, a cell of a customer's line is no date or no amount, or no line
            is on a customer account.
    """
    lines = read_lines(_table(raw) if table is None else table, accounts)
    entries = find_entries(lines)
    bare = _without_amounts(lines, entries)
    opening = is_opening(lines, entries)
    customer, customers = customers_of(lines)
    items, doubts = items_of(lines, kinds(lines, entries, opening), customer, opening)
    home, about_currency = currency_of(lines, currency)
    items["currency"] = home
    notes = [
        *_kept(lines),
        *_unopened(lines, opening),
        *about_currency,
        entries.said,
        _counted(lines, items),
        families(lines.chosen, lines.signed),
    ]
    warnings = (*lines.warnings, *bare, *doubts, *_doubts(lines, items))
    source = Source(raw.name, raw.sha256, "fec", (*lines.table.reading, *notes), warnings)
    official = bool(items["_matching"].notna().any())
    return Reading(source, items, customers, _controls(lines, opening), official, period=_period(lines, opening))


def _table(raw: RawSource) -> Table:
    if not isinstance(raw.content, bytes):
        return read_table(raw)
    if is_fec_xml(raw.content):
        return read_markup(raw.name, raw.content)
    if raw.format == "text":
        return read_delimited(raw.name, raw.content, header=_header(raw.content) or 0, coded=True)
    return read_table(raw)


def _header(content: bytes) -> int | None:
    """The place of the field names among the first rows of a text that hold something."""
    head = content[:_HEAD]
    rows = [row for row in decode(head[: head.rfind(b"\n") + 1] or head)[0].splitlines() if row.strip()]
    titles = enumerate(rows[:_TITLES])
    return next((place for place, row in titles if is_header(re.split(r"[\t|;,]", row))), None)


def _without_amounts(lines: Lines, entries: Entries) -> list[Sentence]:
    """A warning on customers' lines that state no amount; an error where one was lost.

    A line cut short leaves its entry unbalanced, or, where it stands alone, the file.
    """
    bare = lines.bare & lines.chosen.lines()
    if not bare.any():
        return []
    stated = np.bincount(entries.codes, ~lines.bare, entries.size)[entries.codes] > 0
    lost = lines.table.cells.index[bare & np.where(stated, ~entries.balanced, lines.signed.sum() != 0)]
    if len(lost):
        what = say("read.missing_amount")
        raise ArlibError(problems=[Problem(lines.table.place(int(row)), what) for row in lost])
    rows = lines.table.cells.index[bare]
    return [say("fec.bare", rows=len(rows), row=first_rows(rows))]


def _controls(lines: Lines, opening: Flags) -> pd.DataFrame:
    """The amounts of the customer lines by account and day, openings apart, added up without their items."""
    places = lines.places
    sums = (
        pd.DataFrame(
            {
                "account": lines.chosen.account.codes[places],
                "booked_on": lines.booked[places],
                "_opening": opening[places],
                "amount": lines.signed[places],
            }
        )
        .groupby(["account", "booked_on", "_opening"], as_index=False)
        .sum()
    )
    day = to_dates(sums["booked_on"].to_numpy())
    account = lines.chosen.account.values[sums["account"].to_numpy()].astype(str)
    return sums.assign(
        account=pd.Series(account, dtype="str"), booked_on=day, amount=sums["amount"] / 100, _rate_on=day
    )


def _period(lines: Lines, opening: Flags) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The fiscal year as its entries show it: from its opening, whose detail may bear older dates, to its last day."""
    dated = lines.booked != NO_DAY
    moving = lines.booked[dated & ~opening]
    opened = lines.booked[dated & opening]
    first = moving.min() if len(moving) else opened.min()
    first = min(first, opened.max()) if len(opened) else first
    start, end = to_dates(np.array([first, max(moving.max(initial=first), opened.max(initial=first))]))
    return start, end


def _kept(lines: Lines) -> list[Sentence]:
    kept = beyond_the_norm(lines.table.cells)
    return [say("fec.kept", columns=", ".join(kept))] if kept else []


def _unopened(lines: Lines, opening: Flags) -> list[Sentence]:
    """A note on a file without opening entries: what was owed before its first day is not in it."""
    return [] if opening.any() else [say("fec.unopened", day=_period(lines, opening)[0])]


def _counted(lines: Lines, items: pd.DataFrame) -> Sentence:
    lettered = int(items["_matching"].notna().sum())
    asked = ", ".join(lines.chosen.asked)
    return say("fec.read", lines=len(lines.booked), rows=len(items), lettered=lettered, accounts=asked)


def _doubts(lines: Lines, items: pd.DataFrame) -> list[Sentence]:
    """What to look at first: a file that does not balance, exchanged debits and credits, letters that do not close."""
    difference = float(lines.signed.sum() / 100)
    doubts = [say("fec.unbalanced", difference=difference)] if difference else []
    account = lines.chosen.account
    sales = float(lines.signed[account.starts(("70",))[account.codes]].sum() / 100)
    doubts += [say("fec.sales_in_debit", amount=sales)] if sales > 0 else []
    nowhere = (account.values == "")[account.codes] & (lines.signed != 0)
    if nowhere.any():
        rows = lines.table.cells.index[nowhere]
        doubts.append(
            say("fec.no_account", rows=len(rows), row=first_rows(rows), amount=lines.signed[nowhere].sum() / 100)
        )
    partly = items.loc[items["partly_lettered"], ["_matching", "amount"]]
    if len(partly):
        amount = float(partly["amount"].sum())
        doubts.append(say("fec.partial", groups=partly["_matching"].nunique(), rows=len(partly), amount=amount))
    return doubts
