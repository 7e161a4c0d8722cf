"""The XML invoice that a Factur-X or ZUGFeRD PDF carries."""

import io
from typing import TYPE_CHECKING

from arlib.errors import ArlibError
from arlib.readers.sources import refuse

if TYPE_CHECKING:
    from pypdf import PdfReader

_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")  # in any case of letters
_LARGEST = 75_000_000  # bytes, of the PDF; pypdf holds what it unpacks to the same


def embedded_xml(name: str, content: bytes) -> bytes:
    """The invoice attached to a PDF: by the name the norm gives it, else the only XML file attached.

    Raises:
        ArlibError: the PDF is damaged, protected by a password, too large, or carries no invoice.
    """
    if len(content) > _LARGEST:
        raise refuse(name, "einvoice.pdf_too_large", limit=_LARGEST // 1_000_000)
    try:
        attached = _attached(name, content)
    except ArlibError:
        raise
    except Exception as damaged:  # a PDF is a program to its reader: each damage fails in its own way
        raise refuse(name, "einvoice.damaged_pdf") from damaged
    if attached is None:
        raise refuse(name, "einvoice.no_xml_in_pdf")
    return attached


def _attached(name: str, content: bytes) -> bytes | None:
    from pypdf import PdfReader  # noqa: PLC0415 - a fifth of a second that only a PDF should cost

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not _opened(reader):
        raise refuse(name, "einvoice.protected_pdf")
    files = {(file.alternative_name or file.name).lower(): file for file in reader.attachment_list}
    known = [files[each] for each in _NAMES if each in files]
    others = [file for called, file in files.items() if called.endswith(".xml")]
    chosen = known[0] if known else others[0] if len(others) == 1 else None
    return None if chosen is None else chosen.content


def _opened(reader: "PdfReader") -> bool:
    """Whether the PDF opens without a password; one of the ciphers pypdf alone does not know counts as closed."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # noqa: BLE001 - the cipher needs another library, or its settings are damaged
        return False
