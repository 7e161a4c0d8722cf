"""Cells of a workbook whose formula failed (#REF!, #N/A), which would otherwise read as empty."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from arlib.errors import ArlibError
from arlib.readers.tables.error_cells.binary import errors_of_xls, errors_of_xlsb
from arlib.readers.tables.error_cells.markup import errors_of_ods, errors_of_xlsx

Errors = Mapping[tuple[int, int], str]

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the first bytes of an xls
_DAMAGED = (
    *(zipfile.BadZipFile, KeyError, IndexError, OSError, ValueError, EOFError, NotImplementedError, RuntimeError),
    *(struct.error, zlib.error, StopIteration, ArlibError),
)


def error_cells(content: bytes, sheet: str) -> Errors:
    """What stands in each failed cell of a sheet of an xlsx, xlsm, xlsb, xls or ods, by row and column from 0.

    Nothing for damaged files and other formats.
    """
    try:
        if content.startswith(_COMPOUND):
            return errors_of_xls(content, sheet)
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = set(book.namelist())
            if "xl/workbook.bin" in parts:
                return errors_of_xlsb(book, sheet)
            return errors_of_ods(book, sheet) if "content.xml" in parts else errors_of_xlsx(book, sheet)
    except _DAMAGED:
        return {}  # whoever reads the cells says what is wrong with it
