"""A workbook being written: its sheets, its looks, the names its formulas use; a file once it is whole."""

import math
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.format import Format

from arlib.errors import ArlibError
from arlib.export.sheets.page import Page
from arlib.export.sheets.styles import properties
from arlib.export.sheets.texts import sheet_name
from arlib.export.sheets.values import Live
from arlib.words import Language, say, word


class Book:
    """One workbook, written row by row to files of its own so that memory stays small, put in its place when whole.

    Used in a `with`: an error inside leaves nothing behind. The same input gives the same bytes: the only date in it
    is the day its figures are of, and it names no author.

    Attributes:
        language: of what is written.
        day: the day the figures are of.
        about: what stands under every title.
        pages: the sheets by key, in the order in which they were asked for.
        names: what each name stands for (`'Open items'!$J$5:$J$860`) that formulas may use.
    """

    def __init__(self, path: str | Path, language: Language, day: pd.Timestamp, about: str) -> None:
        self.path = Path(path)
        self.language, self.day, self.about = language, day, about
        self.pages: dict[str, Page] = {}
        self.names: dict[str, str] = {}
        self._looks: dict[tuple[str, tuple[str, ...]], Format] = {}

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="arlib-", ignore_cleanup_errors=True)
        _ = self.workbook
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._save()
        finally:
            self._folder.cleanup()

    @cached_property
    def workbook(self) -> Workbook:
        """What writes."""
        options = {"constant_memory": True, "tmpdir": self._folder.name}
        workbook = Workbook(str(self._written), options)
        workbook.set_properties({"author": "", "company": "", "comments": "arlib", "created": self.day.to_pydatetime()})
        workbook.set_calc_mode("auto")
        return workbook

    def page(self, key: str, name: str | None = None) -> Page:
        """A new sheet, called by its key or by a name."""
        wanted = word(f"export.sheet.{key}", self.language) if name is None else name
        called = sheet_name(wanted, {page.name.lower() for page in self.pages.values()})
        self.pages[key] = Page(self, key, called)
        return self.pages[key]

    def look(self, kind: str, *roles: str) -> Format:
        """The look of a cell of a kind with the roles it has; made once."""
        if (kind, roles) not in self._looks:
            self._looks[kind, roles] = self.workbook.add_format(properties(kind, roles, self.language))
        return self._looks[kind, roles]

    def name(self, name: str, cells: str) -> None:
        """A name formulas may use for cells, such as `receivable`."""
        self.names[name] = cells
        self.workbook.define_name(name, f"={cells}")

    def live(self, formula: str, value: float, *names: str) -> Live | float | None:
        """A formula with its figure; the figure alone where a name it uses is not in the book; None where it is nan."""
        if math.isnan(value):
            return None
        return Live(formula, float(value)) if set(names) <= self.names.keys() else float(value)

    def chart(self, options: Mapping[str, Any]) -> Any:  # noqa: ANN401 - XlsxWriter tells no types of charts
        """A native chart, not yet on any sheet."""
        return self.workbook.add_chart(dict(options))

    @property
    def _written(self) -> Path:
        """Where it is written: beside its place, so that what is there is replaced at once or not at all."""
        return self.path.with_name(f".{self.path.name}.part")

    def _save(self) -> None:
        try:
            self.workbook.close()
            self._written.replace(self.path)
        except (OSError, XlsxFileError) as error:
            self._written.unlink(missing_ok=True)
            cause = error.__cause__ or error
            reason = getattr(cause, "strerror", None) or str(cause)
            raise ArlibError(say("export.not_written", file=str(self.path), reason=reason)) from error
