"""The compound file that a binary workbook (.xls) is: whether its chains of sectors end, before anything follows them.

What opens it follows a chain of sectors until its end, and takes the memory its header claims: a damaged file would
have it do so without end.
"""

import struct
from collections.abc import Sequence

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # its first bytes
_HEADER = 512  # bytes
_IN_HEADER = 109  # sectors of the table of sectors that the header names itself
_RESERVED = 0xFFFFFFFA  # from here on a number is no sector, but an end or a gap
_ENTRY = 128  # bytes of an entry of the directory
_SMALL = 4096  # bytes under which a stream stands in the small sectors


def is_sound(content: bytes) -> bool:
    """Whether every chain of a compound file ends and no length in it is more than the file has."""
    try:
        return _is_sound(content)
    except (IndexError, struct.error, _EndlessError):
        return False


class _EndlessError(Exception):
    """A chain that comes back to itself."""


def _is_sound(content: bytes) -> bool:
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in (9, 12):
        return False
    size = 1 << shift
    entries, fat, root, _, _, small, smalls, more, mores = struct.unpack_from("<9I", content, 40)
    if max(entries, fat, smalls, mores) * size > len(content):
        return False
    tables = list(struct.unpack_from(f"<{_IN_HEADER}I", content, 76))
    for _ in range(len(content) // size + 1):
        if more >= _RESERVED:
            break
        tables += _numbers(content, more, size)
        more = tables.pop()
    else:
        return False
    following = [number for table in tables if table < _RESERVED for number in _numbers(content, table, size)]
    directory = b"".join(_sector(content, place, size) for place in _chain(root, following))
    small_following = [number for place in _chain(small, following) for number in _numbers(content, place, size)]
    for place in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        kind, start, length = directory[place + 66], *struct.unpack_from("<II", directory, place + 116)
        if kind and length:
            if length > len(content):
                return False
            _chain(start, small_following if length < _SMALL and place else following)
    return True


def _chain(start: int, following: Sequence[int]) -> list[int]:
    """The sectors of a chain, in order."""
    places: list[int] = []
    while start < _RESERVED:
        if len(places) > len(following):
            raise _EndlessError
        places.append(start)
        start = following[start]
    return places


def _sector(content: bytes, place: int, size: int) -> bytes:
    start = max(_HEADER, size) + place * size
    if start >= len(content):
        raise IndexError(place)
    return content[start : start + size].ljust(size, b"\0")


def _numbers(content: bytes, place: int, size: int) -> tuple[int, ...]:
    return struct.unpack(f"<{size // 4}I", _sector(content, place, size))
