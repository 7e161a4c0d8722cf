"""Columns of text that grow as a file is parsed, each in one piece: what is not yet written takes no memory."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Places = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_ASCII = 0x80
_UTF8 = "utf-8"


@dataclass(frozen=True)
class Codec:
    """The codec that cells were written in, of one byte a character, or UTF-8."""

    name: str

    @cached_property
    def _added(self) -> Places:
        """How many bytes more each byte takes in UTF-8."""
        written = [bytes([byte]).decode(self.name, errors="replace").encode() for byte in range(_ASCII * 2)]
        return np.array([len(each) - 1 for each in written], dtype=np.int64)

    def in_utf8(self, cells: pa.LargeStringArray) -> tuple[Places, Bytes]:
        """Where cells that hold bytes of the codec begin and end in UTF-8, and the bytes from the first to the last."""
        _, ends, content = cells.buffers()
        places = np.frombuffer(ends, dtype=np.int64)[cells.offset : cells.offset + len(cells) + 1]
        if content is None or not len(places):
            return np.zeros(len(cells) + 1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
        written = np.frombuffer(content, dtype=np.uint8)[places[0] : places[-1]]
        if self.name == _UTF8 or written.max(initial=0) < _ASCII:
            return places, written
        beyond = np.flatnonzero(written >= _ASCII)
        grown = np.concatenate([[0], np.cumsum(self._added[written[beyond]])])
        text = written.tobytes().decode(self.name, errors="replace").encode()
        return places + grown[np.searchsorted(beyond, places - places[0])], np.frombuffer(text, dtype=np.uint8)


class _Growing:
    """An array that is written at its end, into the room made there."""

    def __init__(self, kind: "npt.DTypeLike", room: int) -> None:
        self._array: npt.NDArray[Any] = np.empty(room, dtype=kind)
        self.size = 0

    def room(self, count: int) -> npt.NDArray[Any]:
        end = self.size + count
        if end > len(self._array):
            wider = np.empty(max(end, len(self._array) * 3 // 2), dtype=self._array.dtype)
            wider[: self.size] = self._array[: self.size]
            self._array = wider
        self.size = end
        return self._array[end - count : end]

    def buffer(self) -> pa.Buffer:
        return pa.py_buffer(self._array[: self.size])


class Texts:
    """A column of texts, with room for so many cells and bytes, and more where they come."""

    def __init__(self, cells: int, size: int) -> None:
        self._ends, self._content = _Growing(np.int64, cells + 1), _Growing(np.uint8, size)
        self._ends.room(1)[:] = 0

    def add(self, cells: pa.LargeStringArray, codec: Codec) -> None:
        """Puts cells to the end of the column."""
        places, content = codec.in_utf8(cells)
        np.add(places[1:], self._content.size - places[0], out=self._ends.room(len(cells)))
        self._content.room(len(content))[:] = content

    def made(self) -> pa.Array:
        """The column, over the arrays it was written into."""
        buffers = [None, self._ends.buffer(), self._content.buffer()]
        return pa.Array.from_buffers(pa.large_string(), self._ends.size - 1, buffers)


class Coded:
    """A column of codes into its distinct texts."""

    def __init__(self) -> None:
        self._parts: list[pa.DictionaryArray] = []

    def add(self, cells: pa.LargeStringArray, codec: Codec) -> None:
        """Puts cells to the end of the column."""
        found = cells.dictionary_encode()
        places, content = codec.in_utf8(found.dictionary)
        buffers = [None, pa.py_buffer(places - places[0]), pa.py_buffer(content)]
        distinct = pa.Array.from_buffers(pa.large_string(), len(found.dictionary), buffers)
        self._parts.append(pa.DictionaryArray.from_arrays(found.indices, distinct))

    def made(self) -> pa.Array:
        """The column, with one list of distinct texts."""
        kind = pa.dictionary(pa.int32(), pa.large_string())
        return pa.chunked_array(self._parts, kind).unify_dictionaries().combine_chunks()
