"""Electronic invoices (Factur-X, ZUGFeRD and other CII, UBL) and the table of their statuses, as readings."""

from collections.abc import Sequence

from arlib.errors import ArlibError, Problem
from arlib.readers.einvoice.files import invoices_in, is_einvoice
from arlib.readers.einvoice.movements import Found, readings_of
from arlib.readers.einvoice.status_table import is_status_table
from arlib.readers.einvoice.statuses import apply_statuses, with_statuses
from arlib.readers.reading import Reading
from arlib.readers.sources import RawSource

__all__ = ["apply_statuses", "is_einvoice", "is_status_table", "read_einvoice", "read_einvoices", "with_statuses"]


def read_einvoice(raw: RawSource) -> Reading:
    """The movements of one electronic invoice, or of an envelope of several.

    Raises:
        ArlibError: as `read_einvoices` does.
    """
    return read_einvoices([raw])[0]


def read_einvoices(files: Sequence[RawSource]) -> list[Reading]:
    """The movements of electronic invoices, one reading a file, in the order of the files.

    An invoice adds its total with VAT (BT-112, and the rounding BT-114) on its date, a credit note takes it off; an
    amount already paid (BT-113) becomes a payment of that day. `customer_id` and `entity` are the SIREN of buyer and
    seller, else their VAT number, another number, or their name. Columns kept beside the schema's: `tax_amount`,
    `tax_currency`, `tax_in_currency`, `type_code`, `seller_name`, `buyer_reference`, `order_reference`,
    `contract_reference`, `delivered_on`, `preceding`.

    Raises:
        ArlibError: files hold no invoice, or invoices lack what none can do without; all of it, by file and element.
    """
    found, problems = [], list[Problem]()
    for file, raw in enumerate(files):
        try:
            invoices, wrong = invoices_in(raw)
        except ArlibError as unread:
            problems += unread.problems
            continue
        problems += wrong
        found += [Found(file, row, invoice) for row, invoice in enumerate(invoices, 1)]
    if problems:
        raise ArlibError(problems=problems)
    return readings_of(files, found)
