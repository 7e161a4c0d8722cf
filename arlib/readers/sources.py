"""What was given to read, as named bytes or frames; and what the bytes are, by their content and never their name."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from arlib.errors import ArlibError, Place, Problem
from arlib.words import say

Readable = str | Path | pd.DataFrame | tuple[str, bytes]

_SIGNATURES = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"%PDF", "pdf"),
)


@dataclass(frozen=True)
class RawSource:
    """A file as it came: its name, its bytes or its frame, its fingerprint and what its content is."""

    name: str
    content: bytes | pd.DataFrame
    sha256: str
    format: str


def gather(source: Readable | Iterable[Readable]) -> list[RawSource]:
    """Every file of a source: a path, a folder (its files, by name), `(name, bytes)`, a frame, or several of these.

    Raises:
        ArlibError: a path does not exist, a file is empty or is no table, or there is nothing to read.
    """
    if isinstance(source, str | Path):
        return _from_path(Path(source))
    if isinstance(source, pd.DataFrame):
        digest = hashlib.sha256(source.to_csv(index=False).encode()).hexdigest()
        return [RawSource("DataFrame", source, digest, "frame")]
    if isinstance(source, tuple) and len(source) == 2 and isinstance(source[1], bytes):  # noqa: PLR2004 - name, bytes
        return [_from_bytes(str(source[0]), source[1])]
    found = [raw for part in source for raw in gather(part)]
    if not found:
        raise ArlibError(say("read.nothing"))
    return found


def refuse(name: str, key: str, /, **values: object) -> ArlibError:
    """The error that a file as a whole cannot be read."""
    return ArlibError(problems=[Problem(Place(name), say(key, **values))])


def _from_path(path: Path) -> list[RawSource]:
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "~$")))
        if not files:
            raise refuse(str(path), "read.empty_folder")
        return [_from_bytes(p.name, p.read_bytes()) for p in files]
    if not path.is_file():
        raise refuse(str(path), "read.no_file")
    return [_from_bytes(path.name, path.read_bytes())]


def _from_bytes(name: str, content: bytes) -> RawSource:
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        raise refuse(name, "read.empty")
    kind = next((kind for start, kind in _SIGNATURES if content.startswith(start)), "text")
    if content.startswith(b"BM") and content[6:10] == bytes(4):  # a bitmap; a text may begin with BM as well
        kind = "picture"
    if kind in ("picture", "pdf"):
        raise refuse(name, f"read.{kind}")
    if kind == "text" and b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse(name, "read.binary")
    return RawSource(name, content, hashlib.sha256(content).hexdigest(), kind)
