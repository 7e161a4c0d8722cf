"""What was given to read, as named bytes or frames; and what the bytes are, by their content and never their name."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Place, Problem
from arlib.readers.sources.archives import Archive, open_gzip, open_zip
from arlib.readers.sources.compound import OLE
from arlib.readers.sources.encodings import recognise_encoding, wide_codec
from arlib.words import say

Readable = str | Path | pd.DataFrame | tuple[str, bytes]

_SIGNATURES = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (OLE, "workbook"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"Rar!\x1a\x07", "packed"),
    (b"\xfd7zXZ\0", "packed"),
    (b"BZh9", "packed"),
    (b"(\xb5/\xfd", "packed"),
    (b"{\\rtf", "document"),
    (b"\x7fELF", "binary"),
)
_PROTECTED = "EncryptedPackage".encode("utf-16-le")  # the one stream of a workbook that has a password
_HEAD = 4096  # bytes by which the kind of a text is told
_MARKUP = re.compile(r"\s*<(?:\?xml|!--|!doctype|[a-z_][\w.:-]*[\s/>])", re.IGNORECASE)
_GRID = re.compile(
    r"<(?:html|table|body|head|!doctype html)[\s>]|urn:schemas-microsoft-com:office:spreadsheet", re.IGNORECASE
)
_HOLDS = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?+[\0\s\x1a]*+[^\0\s\x1a]")
_OPENED = ("text", "workbook", "parquet", "xml", "pdf")
# What a zip is that is not opened, and the end of the sentence that says so.
_REFUSED = {"other": "document", "damaged": "damaged_archive", "password": "password"}
_REFUSED |= {kind: kind for kind in ("too_large", "too_wide")}


@dataclass(frozen=True)
class RawSource:
    """A file as it came: its name, its bytes or its frame, its fingerprint and what its content is.

    `format` is text, workbook (packed, or written as HTML or XML), parquet, frame, xml or pdf.
    """

    name: str
    content: bytes | pd.DataFrame
    sha256: str
    format: str

    @property
    def size(self) -> int:
        """Its bytes, or the cells of its frame: what reading it may take beside others."""
        return self.content.size if isinstance(self.content, pd.DataFrame) else len(self.content)

    def let_go(self) -> None:
        """Forgets the content, once a table has been made of it: a large file need not be held twice."""
        object.__setattr__(self, "content", b"")


def gather(source: Readable | Iterable[Readable]) -> list[RawSource]:
    """Every file of a source: a path, a folder (its files, by name), `(name, bytes)`, a frame, or several of these.

    A zip of files is read as the folder it was, a gzip as the file in it.

    Raises:
        ArlibError: a path does not exist or is no file, a file is empty, protected, or of a kind that holds no table;
            an archive unpacks to more than it may, or holds archives. Of a folder, all its files that cannot be read.
    """
    if isinstance(source, str | Path):
        return _from_path(Path(source))
    if isinstance(source, pd.DataFrame):
        return [_from_frame(source)]
    if isinstance(source, tuple) and len(source) == 2 and isinstance(source[1], bytes):  # noqa: PLR2004 - name, bytes
        return _from_bytes(str(source[0]), source[1])
    found = [raw for part in source for raw in gather(part)]
    if not found:
        raise ArlibError(say("read.nothing"))
    return found


def refuse(name: str, key: str, /, **values: object) -> ArlibError:
    """The error that a file as a whole cannot be read."""
    return ArlibError(problems=[Problem(Place(name), say(key, **values))])


def _from_frame(frame: pd.DataFrame) -> RawSource:
    try:
        rows = pd.util.hash_pandas_object(frame.astype("str"), index=False).to_numpy()
        content = np.ascontiguousarray(rows).tobytes() + repr(list(map(str, frame.columns))).encode()
    except (TypeError, ValueError, OverflowError):  # cells that have no text of their own
        content = repr(frame.shape).encode()
    return RawSource("DataFrame", frame, hashlib.sha256(content).hexdigest(), "frame")


def _from_path(path: Path) -> list[RawSource]:
    try:
        if path.is_dir():
            return _from_folder(path)
        if path.is_file():
            return _from_bytes(path.name, path.read_bytes())
        key = "read.broken_link" if path.is_symlink() else "read.no_regular_file" if path.exists() else "read.no_file"
    except (OSError, ValueError):  # ValueError: a path that holds a zero
        key = "read.unreadable"
    raise refuse(str(path), key)


def _from_folder(folder: Path) -> list[RawSource]:
    files = sorted(path for path in folder.iterdir() if not path.is_dir() and not path.name.startswith((".", "~$")))
    if not files:
        raise refuse(str(folder), "read.empty_folder")
    return _all_of((path.name, path) for path in files)


def _all_of(files: Iterable[tuple[str, Path | bytes]]) -> list[RawSource]:
    """Every file, or every problem of those that cannot be read."""
    found: list[RawSource] = []
    problems: list[Problem] = []
    for name, file in files:
        try:
            found += _from_path(file) if isinstance(file, Path) else _from_bytes(name, file, packed=True)
        except ArlibError as unreadable:
            problems += unreadable.problems
    if problems:
        raise ArlibError(problems=problems)
    return found


def _from_bytes(name: str, content: bytes, *, packed: bool = False) -> list[RawSource]:
    """The file, or the files in it; `packed` says that it came out of an archive itself."""
    if _HOLDS.search(content) is None:
        raise refuse(name, "read.empty")
    kind = _kind(content)
    if kind == "gzip" and not packed:
        return _from_gzip(name, content)
    if kind == "zip":
        archive = open_zip(content)
        if archive.kind == "files" and not packed:
            return _from_files(name, archive)
        kind = "workbook" if archive.kind == "workbook" else _REFUSED.get(archive.kind, "packed")
    if kind == "workbook" and content.startswith(OLE) and _PROTECTED in content:
        kind = "password"
    if kind not in _OPENED:
        raise refuse(name, f"read.{kind}")
    return [RawSource(name, content, hashlib.sha256(content).hexdigest(), kind)]


def _from_gzip(name: str, content: bytes) -> list[RawSource]:
    unpacked = open_gzip(content)
    if unpacked is None:
        raise refuse(name, "read.damaged_archive")
    return _from_bytes(name.removesuffix(".gz"), unpacked, packed=True)


def _from_files(name: str, archive: Archive) -> list[RawSource]:
    if not archive.files:
        raise refuse(name, "read.empty_folder")
    return _all_of((f"{name}/{inner}", unpacked) for inner, unpacked in archive.files)


def _kind(content: bytes) -> str:
    """What bytes are: by their first ones, else a text of one kind or another, or none."""
    kind = next((kind for start, kind in _SIGNATURES if content.startswith(start)), "text")
    if content.startswith(b"BM") and content[6:10] == bytes(4):  # a bitmap; a text may begin with BM as well
        return "picture"
    if kind != "text":
        return kind
    if b"\0" in content[:_HEAD].rstrip(b"\0") and wide_codec(content) is None:
        return "binary"
    text = recognise_encoding(content[:_HEAD])
    head = text.content.decode(text.codec, errors="replace")
    if _MARKUP.match(head) is None:
        return "text"
    return "workbook" if _GRID.search(head) else "xml"
