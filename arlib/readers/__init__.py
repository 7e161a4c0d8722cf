"""Files in, one ledger out: what was understood is written in `ledger.sources`, what could not be is an error."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from arlib.ledger import Ledger
from arlib.progress import Progress, part, unseen
from arlib.readers.bank import Receipts, read_receipts
from arlib.readers.fec.accounts import RECEIVABLE
from arlib.readers.files import Asked, read_files
from arlib.readers.profiles import UNKNOWN, Profile, profile_of, read_profile
from arlib.readers.reading import to_ledger
from arlib.readers.sources import Readable, gather
from arlib.terms import PaymentTerms

__all__ = ["Profile", "Receipts", "profile_of", "read_ledger", "read_profile", "read_receipts"]

_FILES = 0.7  # of the time of reading goes by before the files are put together


def read_ledger(  # noqa: PLR0913 - all that a person can know of a file and the file does not say
    source: Readable | Iterable[Readable],
    *,
    profile: str | Path | Profile | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    terms: PaymentTerms | str | None = None,
    customers: Readable | None = None,
    rates: Readable | None = None,
    currency: str | None = None,
    accounts: Sequence[str] = RECEIVABLE,
    progress: Progress = unseen,
) -> Ledger:
    """The ledger in a file, several files, a folder, a zip, `(name, bytes)` or a DataFrame.

    FEC, CSV and other text, workbooks, Parquet and electronic invoices are told apart by their content. Fiscal years
    of one company are chained. A customers' file, a table of rates or one of electronic statuses may stand among
    several files. Invoices without a due date get one from the terms on their row, their customer's terms, or
    `terms`; `due_source` says which. `ledger.sources` tells what was understood, converted, left out and assumed.

    Args:
        source: what to read.
        profile: what is known of a list: the name of one that ships ("sage"), a YAML file, or a `Profile`; a list whose
            headings are those of a software that is known needs none.
        columns: which heading stands for a field, where the reader's own choice is wrong: `{"amount": "Solde"}`.
        sheet: the sheet of a workbook; else the one that looks most like a ledger.
        terms: terms of invoices that have none of their own; 30 days, the legal default in France, where not given.
        customers: a file or frame with one row a customer (terms, limit, segment, address, telephone…), of a workbook
            their sheet; its columns that no field stands for are kept as they came.
        rates: a file or frame of `date, currency, rate`, needed when amounts are in several currencies: what one unit
            of the currency is worth in the reporting one (1 USD = 0.90 EUR: 0.90).
        currency: the reporting currency; where the file names no currency, that of its amounts.
        accounts: beginnings of the customer accounts of a FEC: 411, and where they are wanted 413 (bills), 416
            (doubtful), 4117 (retention guarantees), 4191 (advances), 418 (to be issued), 467 (factor).
        progress: told how far the reading is, file by file and step by step.

    Raises:
        ArlibError: a file cannot be read; all problems of all files, by file, row and column.
    """
    default = terms if terms is None or isinstance(terms, PaymentTerms) else PaymentTerms.parse(str(terms))
    known = UNKNOWN if profile is None else profile if isinstance(profile, Profile) else read_profile(profile)
    asked = Asked(known, columns, sheet, currency, tuple(accounts))
    found = read_files(gather(source), asked, part(progress, 0, _FILES))
    if customers is not None:
        found.read_customers(gather(customers)[0])
    if rates is not None:
        found.read_rates(gather(rates)[0])
    progress(_FILES)
    ledger = to_ledger(
        found.readings,
        terms=default,
        customers=found.customers,
        rates=found.rates,
        currency=currency,
        beside=found.beside,
    )
    progress(1.0)
    return ledger
