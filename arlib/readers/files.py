"""Each file to the reader of its kind, and what files given together say of one another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from arlib.errors import ArlibError, Place, Problem
from arlib.progress import Progress, part, unseen
from arlib.readers.bank import is_bank_headings, is_bank_statement, not_a_ledger
from arlib.readers.einvoice import is_einvoice, is_status_table, read_einvoices, with_statuses
from arlib.readers.fec import chain_years, is_fec, read_fec
from arlib.readers.headings import recognise
from arlib.readers.headings.ages import age_bands
from arlib.readers.headings.of_customers import recognise_customers
from arlib.readers.overlaps import apart
from arlib.readers.profiles import Profile, known_columns
from arlib.readers.reading import Reading
from arlib.readers.sources import RawSource
from arlib.readers.sources.xml import refuse_doctype
from arlib.readers.tables import read_table
from arlib.readers.tables.table import Table
from arlib.readers.tables.workbooks import sheet_headings
from arlib.readers.tabular import customers_in, rates_in, read_tabular
from arlib.words import Sentence, say

_OF_MOVEMENTS = {
    "issued_on",
    "booked_on",
    "due_on",
    "paid_on",
    "amount",
    "net_amount",
    "open_amount",
    "debit",
    "credit",
}
_OF_CUSTOMERS = {"terms", "credit_limit", "insured_limit", "segment", "group", "siren", "rating", "status", "email"}
_ADDRESSED = ("address", "postcode", "city", "phone")
_OF_RATES = {"issued_on", "currency", "rate"}
_CELLS = 0.6  # of the time of a file goes by before its cells are read
_NO_HEADER = ("read.no_header", "read.no_header_sheet")
_XML_HEAD = 65_536  # bytes in which a document says what it is


@dataclass(frozen=True)
class Asked:
    """What the person with the files said of them."""

    profile: Profile
    columns: Mapping[str, str] | None
    sheet: str | None
    currency: str | None
    accounts: tuple[str, ...]


@dataclass(frozen=True)
class Files:
    """What was in the files: movements, and the customers, rates and statuses that stood beside them.

    `beside` tells of each file that holds no movements.
    """

    readings: list[Reading] = field(default_factory=list)
    customers: list[pd.DataFrame] = field(default_factory=list)
    rates: list[pd.DataFrame] = field(default_factory=list)
    statuses: list[Table] = field(default_factory=list)
    beside: list[Sentence] = field(default_factory=list)

    def add_customers(self, table: Table, *, first: bool = False) -> None:
        """Puts a customers' file to the files; the `first` is believed before the others."""
        listed = customers_in(table)
        self.customers.insert(0 if first else len(self.customers), listed)
        self.beside.append(say("read.beside_customers", file=table.name, rows=len(listed)))

    def read_customers(self, raw: RawSource) -> None:
        """Puts a file given as the customers' to the files, to be believed first; of a workbook, their sheet.

        Raises:
            ArlibError: no column holds a customer, or cells of limits are no amounts.
        """
        try:
            table = read_table(raw, _customers_sheet(raw))
        except ArlibError as unread:
            if not any(problem.what.key in _NO_HEADER for problem in unread.problems):
                raise
            table = read_table(raw, header=1)  # "Nom, Adresse, CP, Ville" is no header of a ledger
        self.add_customers(table, first=True)

    def read_rates(self, raw: RawSource) -> None:
        """Puts a file given as a table of rates to the files.

        Raises:
            ArlibError: it has not the columns of one, or a cell is no date or no rate above zero.
        """
        try:
            table = read_table(raw)
        except ArlibError as unread:
            if any(problem.what.key in _NO_HEADER for problem in unread.problems):
                raise ArlibError(say("rates.columns", file=raw.name)) from unread
            raise
        self.add_rates(table)

    def add_rates(self, table: Table) -> None:
        """Puts a table of rates to the files."""
        self.rates.append(rates_in(table))
        self.beside.append(say("read.beside_rates", file=table.name, rows=len(self.rates[-1])))


def read_files(raws: Sequence[RawSource], asked: Asked, progress: Progress = unseen) -> Files:
    """The contents of every file: fiscal years chained, the statuses of electronic invoices put on them.

    Beside a ledger, a customers' file, a table of rates and one of statuses are told by their headings. Progress counts
    bytes.

    Raises:
        ArlibError: files cannot be read; all of them, with all their problems.
    """
    found = Files()
    bills = [raw for raw in raws if is_einvoice(raw)]
    others = [raw for raw in raws if not any(raw is bill for bill in bills)]
    problems: list[Problem] = []
    size, read = max(sum(raw.size for raw in raws), 1), 0
    for files in ([bills] if bills else []) + [[raw] for raw in others]:
        before, read = read, read + sum(raw.size for raw in files)
        told = part(progress, before / size, read / size)
        told(0)
        try:
            if files is bills:
                found.readings.extend(read_einvoices(bills))
            else:
                _add(found, files[0], asked, told, alone=len(raws) == 1)
        except ArlibError as unread:
            if len(raws) == 1:
                raise
            problems += _problems(unread, files[0].name)
    if problems:
        raise ArlibError(problems=problems)
    given = {raw.sha256: raw for raw in raws}
    once = apart(found.readings, lambda reading: _table(given[reading.source.sha256], asked).cells)
    readings = with_statuses(chain_years(once.readings), found.statuses)
    return replace(found, readings=readings, beside=[*found.beside, *once.beside])


def _problems(unread: ArlibError, name: str) -> Iterable[Problem]:
    """The problems of a file, its name on each."""
    return (*unread.problems, *([Problem(Place(name), unread.sentence)] if unread.sentence else []))


def _table(raw: RawSource, asked: Asked) -> Table:
    """The table of a file; its headings where the profile says, or where they are found if none of its are there."""
    sheet, header = asked.sheet or asked.profile.sheet, asked.profile.header
    if header is not None and asked.profile.columns:
        try:
            table = read_table(raw, sheet, header=header)
        except ArlibError:  # the file is shorter than that
            return read_table(raw, sheet)
        return table if known_columns(asked.profile, map(str, table.cells)) else read_table(raw, sheet)
    return read_table(raw, sheet, header=header)


def _customers_sheet(raw: RawSource) -> str | None:
    """The sheet of a workbook that says most of customers and holds no movements; None where there is none."""
    if raw.format != "workbook" or not isinstance(raw.content, bytes):
        return None
    said = {}
    for title, headings in sheet_headings(raw.name, raw.content).items():
        known = recognise_customers(headings)
        if {"customer_id", "customer_name"} & set(known.found) and not set(known.found) & _OF_MOVEMENTS:
            said[title] = len(known.found) + len(known.own)
    return max(said, key=lambda title: said[title]) if said else None


def _lists_customers(headings: Sequence[str], fields: set[str]) -> bool:
    """Whether headings are a customers' file's: terms, limits, addresses or telephones, and no movements or ages."""
    if fields & _OF_MOVEMENTS or age_bands(headings):
        return False
    known = recognise_customers(headings)
    named = {"customer_id", "customer_name"} & set(known.found)
    return bool(fields & _OF_CUSTOMERS) or (bool(named) and any(each.field in _ADDRESSED for each in known.own))


def _refuse_statement(raw: RawSource) -> None:
    """Raises where a file is a bank statement; that an XML document may be dangerous is said before what it is."""
    if raw.format == "xml" and isinstance(raw.content, bytes):
        refuse_doctype(raw.name, raw.content[:_XML_HEAD])
    if is_bank_statement(raw):
        raise not_a_ledger(raw.name)


def _add(found: Files, raw: RawSource, asked: Asked, progress: Progress, *, alone: bool) -> None:
    """Puts a file to what is found, as what its content says it is."""
    if is_fec(raw):
        found.readings.append(read_fec(raw, accounts=asked.accounts, currency=asked.currency))
        return
    _refuse_statement(raw)
    table = _table(raw, asked)
    progress(_CELLS)
    if alone:  # files given together may overlap, and are then looked at once more
        raw.let_go()
    headings = list(map(str, table.cells.columns))
    fields = set(recognise(headings))
    if is_fec(table):
        found.readings.append(read_fec(raw, accounts=asked.accounts, table=table, currency=asked.currency))
    elif is_bank_headings(headings):
        raise not_a_ledger(raw.name)
    elif not alone and is_status_table(headings):
        found.statuses.append(table)
    elif not alone and fields >= _OF_RATES and not fields & (_OF_MOVEMENTS - _OF_RATES):
        found.add_rates(table)
    elif not alone and _lists_customers(headings, fields):
        found.add_customers(table)
    else:
        found.readings.append(
            read_tabular(
                raw,
                table,
                profile=asked.profile,
                columns=asked.columns,
                currency=asked.currency,
                accounts=asked.accounts,
            )
        )
