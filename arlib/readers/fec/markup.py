"""A FEC written as XML, which art. A47 A-1 allows, into the table its text would be."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pandas as pd

from arlib.readers.fec.fields import NORM, squeezed
from arlib.readers.sources import refuse
from arlib.readers.sources.xml import local, parse_xml
from arlib.readers.tables.table import Table
from arlib.words import say

_ROOT = b"<comptabilite"
_LOOKED_AT = 4096  # bytes in which the root element stands
_LINE, _HOLDERS = "ligne", ("exercice", "journal", "ecriture")
_FIELDS = {squeezed(name): name for name in NORM}


def is_fec_xml(content: bytes) -> bool:
    """Whether a file begins as the XML of a FEC."""
    return _ROOT in content[:_LOOKED_AT].replace(b"\0", b"").lower()


def read_markup(name: str, content: bytes) -> Table:
    """The lines of the entries of a document, each numbered by its place, with what its entry and journal say.

    Raises:
        ArlibError: the document is damaged, declares entities, or holds no line.
    """
    rows = list(_rows(parse_xml(name, content), {}))
    if not rows:
        raise refuse(name, "read.no_rows")
    cells = pd.DataFrame(rows, index=range(1, len(rows) + 1), dtype="str").fillna("")
    return Table(name, None, cells, (say("fec.markup", rows=len(rows)),))


def _rows(element: ET.Element, above: dict[str, str]) -> Iterator[dict[str, str]]:
    """The lines below an element, with the fields of every element they stand in; what is nearer wins."""
    known = above | {
        _FIELDS.get(squeezed(local(child)), local(child)): (child.text or "").strip()
        for child in element
        if not len(child)
    }
    if local(element).lower() == _LINE:
        yield known
        return
    for child in element:
        if len(child) and local(child).lower() in (*_HOLDERS, _LINE):
            yield from _rows(child, known)
