"""A ledger whose every name means harm, and what must hold of each file made of it."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from itertools import cycle
from pathlib import PurePath
from xml.etree import ElementTree as ET  # files of our own making, whose marks are to be seen

import openpyxl
from hostile_files import zipped
from pypdf import PdfReader

NAMES = (
    "<img src=x onerror=window.hacked=1>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3+cmd|' /C calc'!A0",
    "\u202eerètsym\u202d SARL",  # read from right to left
    "A" * 300,
    '"><script>window.hacked=2</script>',
    "javascript:window.hacked=3",
    "Deux\nlignes\tet tab",
    "../../etc/passwd",
    "{{7*7}} ${7*7} %s",
    "Zoé & <b onclick=window.hacked=4>fils</b>",
)
LAST = NAMES[-1]
_ITEMS = "Code client;Nom;N° facture;Date facture;Date échéance;Montant TTC;Date règlement;Litige;Libellé"
_CUSTOMERS = "Code client;Nom;Segment;Contact;Courriel;Téléphone;Adresse;Ville;Conditions"
_RUN = re.compile(r"^\s*[=@+\-\uff1d\uff20\uff0b\uff0d]")  # what a spreadsheet takes for the beginning of a formula
_NUMBER = re.compile(r"^[+\-\u2212]?[\d\s\u202f.,%]+$")
_NO_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f\u202a-\u202e\u2066-\u2069]')  # what no file may be called


def ledger_of_names() -> bytes:
    """Fourteen invoices a customer, the last two of them open, and the list of customers, in one zip."""
    items, customers = [_ITEMS.split(";")], [_CUSTOMERS.split(";")]
    for place, (name, other) in enumerate(zip(NAMES, cycle(NAMES[1:] + NAMES[:1]), strict=False)):
        number = f"{name[:30]} {place}"
        customers.append([number, name, NAMES[place % 3], other, other, other, other, other, "30 jours"])
        for month in range(14):
            issued = date(2024 + month // 12, month % 12 + 1, 5 + place)
            due = issued + timedelta(30)
            paid = due + timedelta((7 * place + 3 * month) % 50 - 5)
            dates = [f"{issued:%d/%m/%Y}", f"{due:%d/%m/%Y}", f"{100 + 37 * place + month},50"]
            settled = f"{paid:%d/%m/%Y}" if month < 12 else ""
            items.append([number, name, f"{name[:12]} {place} {month}", *dates, settled, "", name])
    return zipped({"ventes.csv": _written(items), "clients.csv": _written(customers)})


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


def is_inert(name: str, content: bytes) -> None:
    """Fails where a file would run something, or has a name that no folder takes."""
    assert _NO_NAME.search(name) is None, name
    assert ".." not in name
    assert 4 < len(name) < 120, name
    _KINDS[PurePath(name).suffix](content)


def _workbook(content: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if cell.data_type == "f":
            assert not re.search(r"cmd|1\+1|hacked", str(cell.value)), cell
        assert cell.hyperlink is None or str(cell.hyperlink.location or cell.hyperlink.target).startswith(("#", "'")), (
            cell
        )
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [part for part in parts.namelist() if "externalLink" in part or "vba" in part]


def _list(content: bytes) -> None:
    text = content.decode("utf-8-sig")
    mark = ";" if text.partition("\n")[0].count(";") else ","
    for field in (field for row in csv.reader(io.StringIO(text), delimiter=mark) for field in row):
        assert not _RUN.match(field) or _NUMBER.match(field), field
        assert "\n" not in field


class _Marks(HTMLParser):
    """The marks of a page that would run something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        links = [value or "" for name, value in attrs if name in ("href", "src", "xlink:href", "action")]
        runs = [name for name, _ in attrs if name.startswith("on")]
        if tag in ("img", "script", "iframe", "object", "embed") or runs or not all(map(_is_here, links)):
            self.found.append(f"{tag} {attrs}")


def _is_here(link: str) -> bool:
    return link.startswith(("#", "data:image/"))


def _page(content: bytes) -> None:
    marks = _Marks()
    marks.feed(content.decode("utf-8"))
    assert marks.found == []


def _message(content: bytes) -> None:
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert not message.defects
    assert {"bcc", "cc"}.isdisjoint(key.lower() for key in message)
    for header in message.values():
        assert "\n" not in str(header)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            _page(part.get_content().encode())


def _document(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.namelist():
            if part.endswith((".xml", ".rels")):
                written = ET.fromstring(parts.read(part))  # noqa: S314 - made here, a moment ago
                assert not [each for each in written.iter() if "External" in each.attrib.values()], part


def _archive(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert len({part.lower() for part in parts.namelist()}) == len(parts.namelist())
        for part in parts.namelist():
            is_inert(part.rpartition("/")[2], parts.read(part))
            assert not part.startswith("/"), part
            assert ".." not in part, part


def _pdf(content: bytes) -> None:
    read = PdfReader(io.BytesIO(content))
    assert "/OpenAction" not in read.trailer["/Root"]
    assert not list(_actions(read))


def _actions(read: PdfReader) -> Iterator[object]:
    for page in read.pages:
        for note in page.get("/Annots") or ():
            action = note.get_object().get("/A")
            if action is not None and action.get_object().get("/S") != "/GoTo":
                yield action


_KINDS = {
    ".xlsx": _workbook,
    ".csv": _list,
    ".html": _page,
    ".eml": _message,
    ".docx": _document,
    ".zip": _archive,
    ".pdf": _pdf,
    ".json": json.loads,
    ".yaml": lambda content: content.decode("utf-8"),
    ".yml": lambda content: content.decode("utf-8"),
}
