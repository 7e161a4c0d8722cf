"""Bank statements in, receipts out: CAMT, MT940, CFONB 120 and tables of any bank, told apart by their content."""

from collections.abc import Iterable, Mapping

from arlib.errors import ArlibError
from arlib.readers.bank.camt import is_camt, read_camt
from arlib.readers.bank.cfonb import is_cfonb, read_cfonb
from arlib.readers.bank.extract import Extract
from arlib.readers.bank.grids import head_of_text, is_bank_headings
from arlib.readers.bank.mt940 import is_mt940, read_mt940
from arlib.readers.bank.receipts import Receipts, to_receipts
from arlib.readers.bank.tabular import read_bank_tabular
from arlib.readers.sources import RawSource, Readable, gather, refuse
from arlib.readers.tables.delimited import decode

__all__ = ["Receipts", "is_bank_headings", "is_bank_statement", "not_a_ledger", "read_receipts"]

_HEAD = 65_536  # bytes that tell what a file is
_TABLES = ("workbook", "parquet", "frame")


def read_receipts(
    source: Readable | Iterable[Readable], *, columns: Mapping[str, str] | None = None, sheet: str | None = None
) -> Receipts:
    """The money received on bank accounts, from the statements in a file, several, a folder or `(name, bytes)`.

    CAMT.052, .053 and .054 of any version, MT940, CFONB 120, and tables (CSV, workbooks, Parquet, frames) are told
    apart by their content. Amounts are in the currency of their account; currencies are never added up.

    Args:
        source: what to read.
        columns: for tables, which heading stands for a field, where the reader's own choice is wrong:
            `{"payer": "Tiers"}`.
        sheet: the sheet of a workbook.

    Raises:
        ArlibError: a file is no bank statement, or cannot be read; all its problems by row. The same file twice, or
            one statement twice with different entries.
    """
    return to_receipts([_read(raw, columns, sheet) for raw in gather(source)])


def is_bank_statement(raw: RawSource) -> bool:
    """Whether a file is a bank statement, by its beginning; a text with columns only where they are clearly a bank's.

    A workbook is not opened for it: `is_bank_headings` tells it by its headings once they are known.
    """
    if not isinstance(raw.content, bytes) or raw.format not in ("text", "xml"):
        return False
    head = decode(raw.content[:_HEAD])[0]
    return is_camt(head) or is_mt940(head) or is_cfonb(head) or is_bank_headings(head_of_text(head))


def not_a_ledger(name: str) -> ArlibError:
    """The error that a file given as a ledger is a bank statement."""
    return refuse(name, "bank.not_a_ledger")


def _read(raw: RawSource, columns: Mapping[str, str] | None, sheet: str | None) -> Extract:
    if not isinstance(raw.content, bytes) or raw.format in _TABLES:
        return read_bank_tabular(raw, None, columns, sheet)
    if raw.format not in ("text", "xml"):
        raise refuse(raw.name, "bank.not_a_statement")
    head = decode(raw.content[:_HEAD])[0]
    if is_camt(head):
        return read_camt(raw, raw.content)
    text = decode(raw.content)[0]
    if is_cfonb(head):
        return read_cfonb(raw, text)
    if is_mt940(head):
        return read_mt940(raw, text)
    return read_bank_tabular(raw, text, columns, sheet)
