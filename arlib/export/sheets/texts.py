"""What a cell and a sheet may hold of a text from a file: visible, inert, and no longer than Excel reads."""

import re
from collections.abc import Container

LONGEST = 32_767  # units of UTF-16 of a cell
_UNITS, _BYTES = 2, 2  # that a character takes at most; of a unit
_SHEET = 31  # characters of the name of a sheet
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_PICTURES = 0x2400  # where Unicode keeps the pictures of control characters
_DELETED, _UNKNOWN = "\u2421", "\ufffd"
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """A text as a cell shows it: control characters as their pictures, and no more of it than a cell holds.

    Nothing is dropped unseen: XML has no place for most of these characters, and two names that differ by one of them
    must not look alike. What the library that writes would take for formatted text is kept from it by a space.
    """
    shown = _HIDDEN.sub(_picture, text.replace("\r\n", "\n"))
    if len(shown) > LONGEST // _UNITS and len(units := shown.encode("utf-16-le")) > LONGEST * _BYTES:
        shown = units[: (LONGEST - 1) * _BYTES].decode("utf-16-le", "ignore") + "…"
    return shown + " " if shown.startswith("<r>") and shown.endswith("</r>") else shown


def begins_formula(text: str) -> bool:
    """Whether a person who edits the cell, or copies it into another program, would make a formula of it."""
    return text.startswith(_BEGINS_FORMULA)


def sheet_name(wanted: str, taken: Container[str]) -> str:
    """A name Excel accepts for a sheet: no more than 31 characters, none of the seven it refuses, unlike those taken.

    Args:
        wanted: what it would be called.
        taken: names of the other sheets in small letters, between which Excel makes no difference.
    """
    allowed = _NOT_IN_NAMES.sub("_", visible(wanted)).strip("' ") or "_"
    name, count = allowed[:_SHEET].strip("' "), 1
    while name.lower() in taken or name.lower() == "history":  # a name Excel keeps for itself
        count += 1
        mark = f" ({count})"
        name = allowed[: _SHEET - len(mark)].strip("' ") + mark
    return name


def _picture(found: "re.Match[str]") -> str:
    code = ord(found.group())
    if code < ord(" "):
        return chr(_PICTURES + code)
    return _DELETED if found.group() == "\x7f" else _UNKNOWN
