"""The encoding of a text, decided on all its bytes: UTF-8, UTF-16, Windows-1252, ISO-8859-15, or two of them mixed."""

import codecs
import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from arlib.words import Sentence, say

_MARKS = (  # that of UTF-32 first: it begins as that of UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEEN = 4096  # bytes in which the zeros of UTF-16 are looked for
_BLOCK = 1 << 18  # bytes counted at a time, so that they stay in the processor's cache
_PADDING = b"\0\x1a \t\r\n"  # what some software fills the end of a text up with
_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]"
)
# Bytes that ISO-8859-15 reads other than Latin-1 does.
_IS_OWN = np.isin(np.arange(256), (0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE))
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # no character of Windows-1252


@dataclass(frozen=True)
class Text:
    """The bytes of a text without mark or padding, Python's codec for them, and the encoding as it is shown.

    Separators, quotation marks, digits and line ends are those of ASCII in every codec.
    """

    content: bytes
    codec: str
    encoding: str
    warnings: tuple[Sentence, ...] = ()


def recognise_encoding(content: bytes) -> Text:
    """The encoding of all bytes of a text; what is neither UTF-8 nor UTF-16 is Windows-1252 or ISO-8859-15."""
    wide = wide_codec(content)
    if wide:
        text = content.decode(wide, errors="replace").lstrip("\ufeff")
        shown = "UTF-32" if wide == "utf-32" else "UTF-16"
        return Text(_unpadded(text.encode("utf-8", errors="replace")), "utf-8", shown)
    content = _unpadded(content.removeprefix(codecs.BOM_UTF8))
    if is_utf8(content):
        return Text(content, "utf-8", "UTF-8")
    census = _Census.of(content)
    if census.is_mixed:
        return _mixed(content)
    # The two differ by the euro sign and by 0x80-0x9f, which are letters only in the Windows page.
    if not census.controls:
        # Without the eight characters that set it apart from Latin-1, which Python decodes several times faster.
        return Text(content, "iso8859-15" if census.own else "latin-1", "ISO-8859-15")
    if _UNDEFINED.search(content):
        content = content.decode("cp1252", errors="replace").encode()
        return Text(content, "utf-8", "Windows-1252")
    return Text(content, "cp1252", "Windows-1252")


def wide_codec(content: bytes) -> str | None:
    """The codec of a text of two or four bytes a character, by its mark or by where its zeros stand."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return codec
    head = np.frombuffer(content[:_SEEN], dtype=np.uint8)
    if len(head) < 4:  # noqa: PLR2004 - two characters
        return None
    even, odd = float((head[::2] == 0).mean()), float((head[1::2] == 0).mean())
    # Half of the bytes of a western text in UTF-16 are zeros, all on the same side.
    if max(even, odd) > 0.5 and min(even, odd) < 0.05:  # noqa: PLR2004 - shares
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def is_utf8(content: bytes) -> bool:
    """Whether all bytes are UTF-8, without making a text of them."""
    ends = pa.py_buffer(np.array([0, len(content)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(content)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _unpadded(content: bytes) -> bytes:
    """A text without what fills up its end; the last line end stays, where nothing else does."""
    last = content[-1:]
    return content.rstrip(_PADDING) if last in (b"\0", b"\x1a") else content


@dataclass(frozen=True)
class _Census:
    """How many bytes of a text may begin a character of UTF-8, do so, do so as accented letters, are 0x80-0x9f.

    `own` counts those that ISO-8859-15 alone reads as it does.
    """

    letters: int
    formed: int
    accented: int
    controls: int
    own: int

    @classmethod
    def of(cls, content: bytes) -> "_Census":
        bytes_ = np.frombuffer(content, dtype=np.uint8)
        counts = np.zeros(5, dtype=np.int64)
        for start in range(0, len(bytes_), _BLOCK):
            block = bytes_[start : start + _BLOCK + 1]
            beyond = np.flatnonzero(block[:_BLOCK] >= 0x80)  # noqa: PLR2004 - of ASCII; few in most texts
            lead = block[beyond]
            follows = (block.take(beyond + 1, mode="clip") & 0xC0) == 0x80  # noqa: PLR2004 - bits of UTF-8
            formed = (lead >= 0xC2) & follows  # noqa: PLR2004
            found = (lead >= 0xC2, formed, formed & (lead <= 0xC3), lead < 0xA0, _IS_OWN[lead])  # noqa: PLR2004
            counts += [*map(np.count_nonzero, found)]
        return cls(*counts.tolist())

    @property
    def is_mixed(self) -> bool:
        """Whether part of a text that is not all UTF-8 is: most of its letters, or one no Windows text writes so.

        `Ã` or `Â` before a sign is how an accented letter of UTF-8 looks in Windows-1252, and next to never a word.
        """
        return self.accented > 0 or (self.formed > 0 and self.formed * 2 >= self.letters)


def _mixed(content: bytes) -> Text:
    """Characters of UTF-8 as they are, any other byte by the Windows page; which rows hold the minority is said."""
    strays: list[int] = []

    def one_encoding(found: "re.Match[bytes]") -> bytes:
        if len(found[0]) > 1:
            return found[0]
        strays.append(found.start())
        return found[0].decode("cp1252", errors="replace").encode()

    text = _CHARACTER.sub(one_encoding, content)
    rows = [content.count(b"\n", 0, place) + 1 for place in strays[:3]]
    warning = say("read.mixed_encodings", strays=len(strays), rows=", ".join(map(str, dict.fromkeys(rows))))
    return Text(text, "utf-8", "UTF-8 + Windows-1252", (warning,))
