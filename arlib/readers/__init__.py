"""Files in, one ledger out: what was understood is written in `ledger.sources`, what could not be is an error."""

from collections.abc import Iterable, Mapping

from arlib.ledger import Ledger
from arlib.readers.fec import is_fec, read_fec
from arlib.readers.reading import Reading, to_ledger
from arlib.readers.sources import RawSource, Readable, gather
from arlib.readers.tabular import read_customers, read_rates, read_tabular
from arlib.terms import PaymentTerms

__all__ = ["read_ledger"]


def read_ledger(
    source: Readable | Iterable[Readable],
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    terms: PaymentTerms | str | None = None,
    customers: Readable | None = None,
    rates: Readable | None = None,
    currency: str | None = None,
) -> Ledger:
    """The ledger in a file, several files, a folder, `(name, bytes)` or a DataFrame.

    A FEC, a CSV or other text, a workbook and Parquet are told apart by their content. Invoices without a due date
    get one from the terms on their row, their customer's terms, or `terms`; `due_source` says which.

    Args:
        source: what to read.
        columns: which heading stands for a field, where the reader's own choice is wrong: `{"amount": "Solde"}`.
        sheet: the sheet of a workbook; else the one that looks most like a ledger.
        terms: terms of invoices that have none of their own; 30 days, the legal default in France, where not given.
        customers: a file or frame with one row a customer (terms, limit, segment…).
        rates: a file or frame of `date, currency, rate`, needed when amounts are in several currencies.
        currency: the reporting currency; where the file names no currency, that of its amounts.

    Raises:
        ArlibError: a file cannot be read; all its problems by file, row and column.
    """
    default = terms if terms is None or isinstance(terms, PaymentTerms) else PaymentTerms.parse(str(terms))
    readings = [_read(raw, columns, sheet, currency) for raw in gather(source)]
    return to_ledger(
        readings,
        terms=default,
        customers=None if customers is None else read_customers(gather(customers)[0]),
        rates=None if rates is None else read_rates(gather(rates)[0]),
        currency=currency,
    )


def _read(raw: RawSource, columns: Mapping[str, str] | None, sheet: str | None, currency: str | None) -> Reading:
    if is_fec(raw):
        return read_fec(raw)
    return read_tabular(raw, columns=columns, sheet=sheet, currency=currency)
