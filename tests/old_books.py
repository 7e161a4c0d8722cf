"""Workbooks of the formats nothing here writes, from rows, made record by record: xls, xlsb, ods."""

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[str | float]]

_ERRORS = {"#DIV/0!": 7, "#REF!": 23, "#N/A": 42}
_SECTOR = 512


def xls(sheets: dict[str, Rows], *, small: bool = False) -> bytes:
    """A compound file that holds a workbook in BIFF8; `small`: in the stream of small streams, under 4096 bytes."""
    bound = sum(4 + 8 + len(title) for title in sheets)
    start = len(_biff(0x809, b"\0" * 16)) + bound + len(_biff(0x0A))
    globals_, parts = _biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), b""
    for title, rows in sheets.items():
        body = struct.pack("<IBBBB", start + len(parts), 0, 0, len(title), 0) + title.encode("latin-1")
        globals_ += _biff(0x85, body)
        parts += _biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
        parts += b"".join(_xls_cell(*cell) for cell in _cells(rows)) + _biff(0x0A)
    stream = globals_ + _biff(0x0A) + parts
    return _compound(stream, small=small)


def _cells(rows: Rows):
    return [(row, place, cell) for row, cells in enumerate(rows) for place, cell in enumerate(cells) if cell != ""]


def _biff(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _xls_cell(row: int, column: int, cell: str | float) -> bytes:
    head = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str) and cell in _ERRORS:
        if column % 2:  # as a formula that failed, or as an error that was typed
            return _biff(0x06, head + bytes([2, 0, _ERRORS[cell], 0, 0, 0, 255, 255]) + b"\0" * 8)
        return _biff(0x205, head + bytes([_ERRORS[cell], 1]))
    if isinstance(cell, str):
        return _biff(0x204, head + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))
    return _biff(0x203, head + struct.pack("<d", cell))


def _compound(stream: bytes, *, small: bool) -> bytes:
    """Sector 0 the chains, 1 the directory, 2 the chains of small sectors, from 3 on the stream."""
    length = len(stream) if small else max(len(stream), 4096)
    held = stream.ljust(-(-length // _SECTOR) * _SECTOR, b"\0")
    count = len(held) // _SECTOR
    end = 0xFFFFFFFE
    chain = [*range(4, 3 + count), end]
    fat = [0xFFFFFFFD, end, end, *chain]
    minis = -(-length // 64)
    mini_fat = [*range(1, minis), end] if small else []
    root = (3, len(held)) if small else (end, 0)
    entries = _entry("Root Entry", 5, 1, *root) + _entry("Workbook", 2, -1, 0 if small else 3, length) + b"\0" * 256
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 2 if small else end, int(small), end, 0, 0)
    header = header.ljust(_SECTOR, b"\xff")
    return (
        header
        + b"".join(struct.pack(f"<{len(n)}I", *n).ljust(_SECTOR, b"\xff") for n in (fat,))
        + entries
        + (struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(_SECTOR, b"\xff") + held)
    )


def _entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBBiii", len(written), kind, 1, -1, -1, child)
    return head + b"\0" * 36 + struct.pack("<II", start, length) + b"\0" * 4


def xlsb(title: str, rows: Rows) -> bytes:
    """A binary workbook of one sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        relation = f'<Relationship Id="rId1" Type="{kind}/worksheet" Target="worksheets/sheet1.bin"/>'
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        book.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{space}">{relation}</Relationships>')
        bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide(title)
        inside = _record(143) + _record(156, bundle) + _record(144)
        book.writestr("xl/workbook.bin", _record(131) + inside + _record(132))
        book.writestr("xl/worksheets/sheet1.bin", _xlsb_sheet(rows))
    return out.getvalue()


def _xlsb_sheet(rows: Rows) -> bytes:
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    body = _record(129) + _record(148, size) + _record(145)
    for number, cells in enumerate(rows):
        body += _record(0, struct.pack("<I", number) + b"\0" * 13)
        for place, cell in enumerate(cells):
            head = struct.pack("<II", place, 0)
            if isinstance(cell, str) and cell in _ERRORS:
                body += _record(3, head + bytes([_ERRORS[cell]]))
            elif isinstance(cell, str):
                body += _record(6, head + _wide(cell)) if cell else b""
            else:
                body += _record(5, head + struct.pack("<d", cell))
    return body + _record(146) + _record(130)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, body: bytes = b"") -> bytes:
    return _varying(kind) + _varying(len(body)) + body


def _varying(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80]) + _varying(number >> 7)


def ods(sheets: dict[str, Rows], *, old: bool = False) -> bytes:
    """An OpenDocument workbook; `old`: errors are only shown, as OpenOffice wrote them, beside a value of 0."""
    names = ("office:1.0", "table:1.0", "text:1.0", "calcext:1.0")
    spaces = " ".join(
        f'xmlns:{name.partition(":")[0]}="urn:org:documentfoundation:names:experimental:{name}"'
        if name.startswith("calcext")
        else f'xmlns:{name.partition(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{name}"'
        for name in names
    )
    tables = "".join(
        f"<table:table table:name={quoteattr(title)}>"
        + "".join(f"<table:table-row>{''.join(_ods_cell(cell, old) for cell in row)}</table:table-row>" for row in rows)
        + "</table:table>"
        for title, rows in sheets.items()
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        book.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
        book.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return out.getvalue()


def _ods_cell(cell: str | float, old: bool) -> str:  # noqa: FBT001 - how it is written
    if isinstance(cell, str) and cell in _ERRORS:
        kind = (
            'office:value-type="float" office:value="0"'
            if old
            else ('office:value-type="string" office:string-value="" calcext:value-type="error"')
        )
        return f'<table:table-cell table:formula="of:=1/0" {kind}><text:p>{cell}</text:p></table:table-cell>'
    if cell == "":
        return '<table:table-cell table:number-columns-repeated="1"/>'
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    )
