"""XML with entities off: a document that declares a type, and with it entities, is refused before any is read."""

from typing import NoReturn
from xml.etree import ElementTree as ET

from arlib.readers.sources import refuse


class _NoDoctype(ET.TreeBuilder):
    """The elements of a document; entities need a document type, which nobody who exchanges invoices declares."""

    def doctype(self, name: str, _public: str | None, _system: str | None) -> NoReturn:
        raise _DoctypeError(name)


class _DoctypeError(Exception):
    pass


def parse_xml(name: str, content: bytes) -> ET.Element:
    """The root element of a document.

    Raises:
        ArlibError: the document is damaged, or declares a document type (entities, external files).
    """
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - a document type, and so any entity, is refused
    try:
        parser.feed(content)
        root: ET.Element = parser.close()
    except _DoctypeError as declared:
        raise refuse(name, "read.xml_doctype") from declared
    except (
        ET.ParseError,
        ValueError,
        LookupError,
    ) as damaged:  # ValueError, LookupError: an encoding unknown to Python
        raise refuse(name, "read.damaged_xml") from damaged
    return root


def refuse_doctype(name: str, head: bytes) -> None:
    """Raises where the beginning of a document declares a type, whatever the document is; nothing else is looked at."""
    try:
        ET.XMLParser(target=_NoDoctype()).feed(head)  # noqa: S314 - a document type, and so any entity, is refused
    except _DoctypeError as declared:
        raise refuse(name, "read.xml_doctype") from declared
    except (ET.ParseError, ValueError, LookupError):  # its own reader says what is wrong with it
        return


def local(element: ET.Element) -> str:
    """The name of an element without its namespace, which changes from one version of a norm to the next."""
    return element.tag.rpartition("}")[2]
