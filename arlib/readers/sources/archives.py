"""Files inside files: what a zip or gzip holds, and how much of it may be unpacked.

A workbook is a zip too. Nothing is trusted that an archive says of itself: every part is unpacked a piece at a time,
and counted, before anything else looks at it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

_MOST = 4 << 30  # bytes unpacked from one file
_SUSPECT = 200 << 20  # bytes from which on the ratio counts; a small file of zeros harms nobody
_RATIO = 150  # times its own size: a workbook of one repeated row comes to 100
_MEMBERS = 2_000
_PIECE = 1 << 20
_ENCRYPTED = 0x1
_CELLS = 60_000_000  # a sheet is held as a rectangle, however few of its cells are filled
_FAR = re.compile(rb'\br="(?:[A-Z]{3}\d|[A-Z]{1,2}\d{6})')  # a cell beyond column ZZ or row 99,999
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_REFERENCE = 16  # bytes a cell reference takes at most; it may stand across two pieces
_FILLED = range(1, 12)  # the records of a binary sheet that hold a cell: its column stands first; 0 begins a row
_WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"

Kind = Literal["workbook", "files", "other", "password", "damaged", "too_large", "too_wide"]


@dataclass(frozen=True)
class Archive:
    """What a zip is: a workbook, a folder of files, or why it is not opened; its files where it is a folder."""

    kind: Kind
    files: tuple[tuple[str, bytes], ...] = ()


def open_zip(content: bytes) -> Archive:
    """What a zip holds, every part of it unpacked once within bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _opened(packed, len(content))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        # A workbook's own reader opens some that Python does not, and names what is wrong with the others.
        return Archive("workbook" if b"xl/" in content or _SPREADSHEET in content else "damaged")


def _opened(packed: zipfile.ZipFile, size: int) -> Archive:
    parts = [part for part in packed.infolist() if not part.is_dir()]
    names = {part.filename for part in parts}
    if len(parts) > _MEMBERS:
        return Archive("too_large")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        return Archive("password")
    if names & set(_WORKBOOK_PARTS) or ("mimetype" in names and _SPREADSHEET in packed.read("mimetype")[:100]):
        return Archive(_bounded_workbook(packed, parts, size))
    if "[Content_Types].xml" in names or "mimetype" in names or "META-INF/MANIFEST.MF" in names:
        return Archive("other")
    room, files = _room(size), list[tuple[str, bytes]]()
    for part in parts:
        if not _is_hidden(part.filename):
            unpacked = b"".join(_pieces(packed, part, room))
            room -= len(unpacked)
            files.append((part.filename, unpacked))
        if room <= 0:
            return Archive("too_large")
    return Archive("files", tuple(files))


def _bounded_workbook(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo], size: int) -> Kind:
    """Whether the parts of a workbook, and the rectangle of each of its sheets, stay within bounds."""
    room = _room(size)
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
        far, before = False, b""
        for piece in _pieces(packed, part, room):
            room -= len(piece)
            far = far or (is_sheet and _FAR.search(before + piece) is not None)
            before = piece[-_REFERENCE:]
        if room <= 0:
            return "too_large"
        if far and _rectangle(packed, part) > _CELLS:
            return "too_wide"
        is_binary = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".bin")
        if is_binary and _binary_rectangle(b"".join(_pieces(packed, part, room))) > _CELLS:
            return "too_wide"
    return "workbook"


def _rectangle(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many cells the smallest rectangle around the cells of a sheet has."""
    columns, last, before = set[bytes](), 1, b""
    for piece in _pieces(packed, part, _MOST):
        cells = _CELL.findall(before + piece)
        columns.update(letters for letters, _ in cells)
        last = max(last, *(int(row) for _, row in cells), 1)
        before = piece[-_REFERENCE:]
    return last * max(map(_column, columns), default=1)


def _binary_rectangle(sheet: bytes) -> int:
    """The same of a sheet of an xlsb: records of a type and a length in seven bits a byte, then their content."""
    place, row, last, width = 0, 0, 0, 0
    while place < len(sheet):
        kind, place = _number(sheet, place)
        size, place = _number(sheet, place)
        if kind == 0:
            row = int.from_bytes(sheet[place : place + 4], "little") + 1
        elif kind in _FILLED:
            last, width = max(last, row), max(width, int.from_bytes(sheet[place : place + 4], "little") + 1)
        place += size
    return last * width


def _number(sheet: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where what follows it stands."""
    number = 0
    for length, byte in enumerate(sheet[place : place + 4]):
        number |= (byte & 0x7F) << (7 * length)
        if not byte & 0x80:
            return number, place + length + 1
    return number, place + 4


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _room(size: int) -> int:
    """How many bytes a packed file of this size may come to."""
    return min(_MOST, max(_SUSPECT, size * _RATIO))


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    """A part of a zip, unpacked a piece at a time, by its bytes and not by the length it claims."""
    part.file_size = max(part.file_size, _MOST)  # or Python would stop where the zip says it ends
    unpacked = 0
    with packed.open(part) as stream:
        while unpacked <= room and (piece := stream.read(_PIECE)):
            unpacked += len(piece)
            yield piece


def _is_hidden(path: str) -> bool:
    """What an operating system leaves in a zip beside the files themselves."""
    return any(name.startswith((".", "~$", "__MACOSX")) for name in PurePosixPath(path).parts)


def open_gzip(content: bytes) -> bytes | None:
    """What a gzip holds; None where it is damaged, or holds more than it may."""
    room, parts = _room(len(content)), list[bytes]()
    unpacking = zlib.decompressobj(wbits=31)
    try:
        while not unpacking.eof:
            parts.append(unpacking.decompress(unpacking.unconsumed_tail or (content if not parts else b""), _PIECE))
            room -= len(parts[-1])
            if room < 0 or not parts[-1]:
                return None
    except zlib.error:
        return None
    return b"".join(parts)
