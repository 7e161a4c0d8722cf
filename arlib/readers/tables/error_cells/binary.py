"""Failed cells of workbooks whose sheets are records: xls (BIFF8 in a compound file) and xlsb.

Sources: [MS-XLS] 2.4 (BoundSheet8, Formula, BoolErr), [MS-XLSB] 2.4 (BrtBundleSh, BrtRowHdr, BrtCellError,
BrtFmlaError), [MS-CFB] 2.
"""

import struct
import zipfile
from collections.abc import Iterator

from arlib.readers.tables.error_cells.markup import part_of

Errors = dict[tuple[int, int], str]

_NAMES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_ROW, _ERROR, _FORMULA_ERROR, _BUNDLE = 0, 3, 11, 156  # records of xlsb
_BOUND_SHEET, _FORMULA, _BOOL_ERR, _END = 0x85, 0x06, 0x205, 0x0A  # records of xls
_LAST_SECTOR = 0xFFFFFFFA  # from here on, no sector
_MINI = 64  # bytes of a sector of the small streams


def errors_of_xlsb(book: zipfile.ZipFile, sheet: str) -> Errors:
    """The failed cells of a sheet of an xlsb."""
    bundles = [body for kind, body in _records(book.read("xl/workbook.bin")) if kind == _BUNDLE]
    keys = {name: key for key, name in map(_key_and_name, bundles)}
    failed, row = Errors(), 0
    for kind, body in _records(book.read(part_of(book, "xl/_rels/workbook.bin.rels", keys[sheet]))):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", body)
        elif kind in (_ERROR, _FORMULA_ERROR):
            column, _, code = struct.unpack_from("<IIB", body)
            failed[row, column] = _NAMES.get(code, "#")
    return failed


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(stream):
        kind, place = _varying(stream, place, 2)
        size, place = _varying(stream, place, 4)
        yield kind, stream[place : place + size]
        place += size


def _varying(stream: bytes, place: int, longest: int) -> tuple[int, int]:
    """A number of seven bits a byte, the last of them below 128; and the place after it."""
    number = 0
    for count in range(longest):
        number |= (stream[place + count] & 0x7F) << 7 * count
        if stream[place + count] < 0x80:  # noqa: PLR2004 - no byte follows
            return number, place + count + 1
    return number, place + longest


def _key_and_name(body: bytes) -> tuple[str, str]:
    texts, place = [], 8
    for _ in range(2):
        (length,) = struct.unpack_from("<I", body, place)
        texts.append(body[place + 4 : place + 4 + 2 * length].decode("utf-16-le"))
        place += 4 + 2 * length
    return texts[0], texts[1]


def errors_of_xls(content: bytes, sheet: str) -> Errors:
    """The failed cells of a sheet of an xls."""
    stream = _workbook(content)
    starts = [body for kind, body in _biff(stream, 0) if kind == _BOUND_SHEET]
    start = next(struct.unpack_from("<I", body)[0] for body in starts if _sheet_name(body) == sheet)
    failed = Errors()
    for kind, body in _biff(stream, start):
        if kind not in (_FORMULA, _BOOL_ERR):
            continue
        row, column = struct.unpack_from("<HH", body)
        if kind == _BOOL_ERR and body[7]:
            failed[row, column] = _NAMES.get(body[6], "#")
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:  # noqa: PLR2004 - an error
            failed[row, column] = _NAMES.get(body[8], "#")
    return failed


def _biff(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, down to its end."""
    kind = -1
    while kind != _END:
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _sheet_name(body: bytes) -> str:
    return body[8 : 8 + body[6] * (1 + (body[7] & 1))].decode("utf-16-le" if body[7] & 1 else "latin-1")


def _workbook(content: bytes) -> bytes:
    """The stream of the workbook in a compound file."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    directory, cutoff, mini_fat = struct.unpack_from("<I", content, 48) + struct.unpack_from("<II", content, 56)
    fat = _fat(content, size)
    entries = _chained(content, fat, directory, size, size)
    streams = {}
    for place in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, place + 64)[0]
        name = entries[place : place + max(0, length - 2)].decode("utf-16-le", "replace")
        streams[name] = struct.unpack_from("<II", entries, place + 116)
    start, length = streams["Workbook"]
    if length >= cutoff:
        return _chained(content, fat, start, size, size)[:length]
    small = _chained(content, fat, streams["Root Entry"][0], size, size)
    links = _numbers(_chained(content, fat, mini_fat, size, size))
    return _chained(small, links, start, _MINI, 0)[:length]


def _fat(content: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows each."""
    listed = [sector for sector in struct.unpack_from("<109I", content, 76) if sector < _LAST_SECTOR]
    more, count = struct.unpack_from("<II", content, 68)
    for _ in range(min(count, len(content) // size)):
        numbers = _numbers(content[(more + 1) * size : (more + 2) * size])
        listed += [sector for sector in numbers[:-1] if sector < _LAST_SECTOR]
        more = numbers[-1]
    return _numbers(b"".join(content[(sector + 1) * size : (sector + 2) * size] for sector in listed))


def _numbers(sectors: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sectors) // 4}I", sectors[: len(sectors) // 4 * 4])


def _chained(content: bytes, links: tuple[int, ...], sector: int, size: int, head: int) -> bytes:
    """The bytes of a chain of sectors, which begin after `head` bytes; of one that turns back, each sector once."""
    parts: list[bytes] = []
    while sector < _LAST_SECTOR and len(parts) <= len(links):
        parts.append(content[head + sector * size : head + (sector + 1) * size])
        sector = links[sector]
    return b"".join(parts)
