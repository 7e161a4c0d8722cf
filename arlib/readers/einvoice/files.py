"""Which files are electronic invoices, and the invoices in each."""

import re
from xml.etree import ElementTree as ET

from arlib.errors import Place, Problem
from arlib.readers.einvoice.document import Document
from arlib.readers.einvoice.invoice import Invoice
from arlib.readers.einvoice.parse import invoice_of
from arlib.readers.einvoice.pdf import embedded_xml
from arlib.readers.einvoice.syntax import RENAMED, SYNTAXES
from arlib.readers.sources import RawSource, refuse
from arlib.readers.sources.xml import local, parse_xml

_HEAD = 65_536  # bytes in which the first element must begin
_PDF_HEAD = 1_024
_BOM = b"\xef\xbb\xbf"
_LARGEST = 100_000_000  # bytes, what a Peppol access point lets through
# Atomic groups: a prolog of any length is read once, never in every way it could be cut.
_PROLOG = re.compile(r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?>\[.*?\]\s*)?>)*+", re.DOTALL)
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_NAMESPACES = re.compile(
    r"urn:(?:oasis:names:specification:ubl:schema:xsd:(?:Invoice|CreditNote)-"
    r"|un:unece:uncefact:data:standard:CrossIndustryInvoice:|ferd:CrossIndustryDocument:)"
)


def is_einvoice(raw: RawSource) -> bool:
    """Whether a file is a PDF, or XML whose first element, or one it wraps, is that of an electronic invoice."""
    if not isinstance(raw.content, bytes):
        return False
    if b"%PDF-" in raw.content[:_PDF_HEAD]:
        return True
    head = _head(raw.content)
    prolog = _PROLOG.match(head)
    first = _ELEMENT.match(head, prolog.end() if prolog else 0)
    return first is not None and (first[1] in SYNTAXES or _NAMESPACES.search(head) is not None)


def invoices_in(raw: RawSource) -> tuple[list[Invoice], list[Problem]]:
    """The invoices of a file, its own or those of the envelope it is, and what is wrong with those left out.

    Raises:
        ArlibError: the file is no XML, no PDF with an invoice in it, or holds none.
    """
    content = raw.content if isinstance(raw.content, bytes) else b""
    if b"%PDF-" in content[:_PDF_HEAD]:
        content = embedded_xml(raw.name, content)
    if len(content) > _LARGEST:
        raise refuse(raw.name, "einvoice.too_large", limit=_LARGEST // 1_000_000)
    roots = _roots(parse_xml(raw.name, content.removeprefix(_BOM).lstrip()))
    if not roots:
        raise refuse(raw.name, "einvoice.none")
    invoices, problems = [], []
    for number, (name, root) in enumerate(roots, 1):
        document = Document(root, Place(raw.name, row=number if len(roots) > 1 else None))
        invoice = invoice_of(document, SYNTAXES[name])
        problems += document.problems
        if invoice is not None:
            invoices.append(invoice)
    return invoices, problems


def _head(content: bytes) -> str:
    """The beginning of a text in the encoding its first bytes tell; enough of it for names and namespaces."""
    start = content[:_HEAD]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", errors="ignore")
    if b"\0" in start[:2]:
        return start.decode("utf-16-be" if start[:1] == b"\0" else "utf-16-le", errors="ignore")
    return start.removeprefix(_BOM).decode("latin-1")


def _roots(root: ET.Element) -> list[tuple[str, ET.Element]]:
    """The invoices under a root, itself or at any depth of an envelope, named without namespaces."""
    for element in root.iter():
        name = local(element)
        element.tag = RENAMED.get(name, name)
    if root.tag in SYNTAXES:
        return [(root.tag, root)]
    return [(element.tag, element) for element in root.iter() if element.tag in SYNTAXES and len(element)]
