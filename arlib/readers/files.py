"""Each file to the reader of its kind, and what files given together say of one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arlib.errors import ArlibError, Place, Problem
from arlib.readers.bank import is_bank_headings, is_bank_statement, not_a_ledger
from arlib.readers.einvoice import is_einvoice, is_status_table, read_einvoices, with_statuses
from arlib.readers.fec import chain_years, is_fec, read_fec
from arlib.readers.profiles import UNKNOWN, Profile
from arlib.readers.reading import Reading
from arlib.readers.sources import RawSource
from arlib.readers.table import Table
from arlib.readers.tables import read_table
from arlib.readers.tabular import read_tabular


@dataclass(frozen=True)
class Asked:
    """What the person with the files said of them."""

    profile: Profile = UNKNOWN
    columns: Mapping[str, str] | None = None
    sheet: str | None = None
    currency: str | None = None
    accounts: tuple[str, ...] = ("411",)


def read_files(raws: Sequence[RawSource], asked: Asked) -> list[Reading]:
    """The readings of every file: fiscal years chained, the statuses of electronic invoices put on them.

    Raises:
        ArlibError: files cannot be read; all of them, with all their problems.
    """
    readings: list[Reading] = []
    statuses: list[Table] = []
    problems: list[Problem] = []
    bills = [raw for raw in raws if is_einvoice(raw)]
    others = [raw for raw in raws if not any(raw is bill for bill in bills)]
    for files in ([bills] if bills else []) + [[raw] for raw in others]:
        try:
            read = read_einvoices(files) if files is bills else _read(files[0], asked, alone=len(raws) == 1)
        except ArlibError as unread:
            if len(raws) == 1:
                raise
            problems += unread.problems
            problems += [Problem(Place(files[0].name), unread.sentence)] if unread.sentence else []
            continue
        if isinstance(read, Table):
            statuses.append(read)
        else:
            readings += read
    if problems:
        raise ArlibError(problems=problems)
    return with_statuses(chain_years(readings), statuses)


def _read(raw: RawSource, asked: Asked, *, alone: bool) -> list[Reading] | Table:
    """The reading of one file, or the table it is when it holds statuses of invoices that other files hold."""
    if is_fec(raw):
        return [read_fec(raw, accounts=asked.accounts, currency=asked.currency)]
    if is_bank_statement(raw):
        raise not_a_ledger(raw.name)
    table = read_table(raw, asked.sheet or asked.profile.sheet, header=asked.profile.header)
    headings = list(map(str, table.cells.columns))
    if is_fec(table):
        return [read_fec(raw, accounts=asked.accounts, table=table, currency=asked.currency)]
    if is_bank_headings(headings):
        raise not_a_ledger(raw.name)
    if not alone and is_status_table(headings):
        return table
    return [
        read_tabular(
            raw,
            table,
            profile=asked.profile,
            columns=asked.columns,
            currency=asked.currency,
            accounts=asked.accounts,
        )
    ]
