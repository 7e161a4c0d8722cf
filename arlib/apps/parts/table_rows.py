"""A frame as a visitor goes through it: searched, filtered, sorted; what was sorted or made searchable once is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from arlib.apps.visit.choices import Asked
from arlib.show.tables.html import Field, plain
from arlib.words import Language

PAGE = 50  # rows
_LONGEST = 100  # characters of what is searched
_FILTER = "f."  # before the name of a column, in an address

Choices = Mapping[str, Mapping[str, str]]
"""By column, the values that it may be filtered by, as texts, each with what it is called."""

NO_CHOICES: Choices = MappingProxyType({})


@dataclass(frozen=True)
class TableState:
    """How a visitor looks at a table.

    Attributes:
        search: words, each of which a row must hold.
        sort: the column sorted by; empty for the frame's own order.
        descending: from the largest down.
        page: from 0.
        filters: by column, the value that rows must have; empty for any.
    """

    search: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 0
    filters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def asked(self, prefix: str = "") -> dict[str, str | None]:
        """What goes in the address, none where it is as usual; `prefix` tells tables of one page apart."""
        return {
            f"{prefix}q": self.search or None,
            f"{prefix}sort": ("-" if self.descending else "") + self.sort if self.sort else None,
            f"{prefix}page": str(self.page + 1) if self.page else None,
            **{f"{prefix}{_FILTER}{column}": value or None for column, value in self.filters.items()},
        }

    @classmethod
    def of(cls, asked: Asked, prefix: str = "") -> "TableState":
        """The state an address stands for; what it does not say, or says badly, is as usual."""
        sort, page = asked.get(f"{prefix}sort", ""), asked.get(f"{prefix}page", "")
        start = f"{prefix}{_FILTER}"
        filters = {name.removeprefix(start): value for name, value in asked.items() if name.startswith(start)}
        return cls(
            search=asked.get(f"{prefix}q", "")[:_LONGEST],
            sort=sort.removeprefix("-"),
            descending=sort.startswith("-"),
            page=max(0, int(page) - 1) if page.isascii() and page.isdigit() and len(page) < len("1000000000") else 0,
            filters=MappingProxyType(filters),
        )


@dataclass(frozen=True, eq=False)
class TableRows:
    """The rows of a table, as places in its frame.

    Attributes:
        frame: one row a line, holding every field's column and those of the choices.
        fields: the columns shown.
        key: the column that names a row.
        choices: by column, its values as texts with what they are called.
        language: of what is searched in.
    """

    frame: pd.DataFrame
    fields: Sequence[Field]
    key: str
    choices: Choices = field(default_factory=lambda: NO_CHOICES)
    language: Language = "en"
    _orders: dict[tuple[str, bool], NDArray[np.intp]] = field(default_factory=dict, repr=False)
    _texts: dict[str, Any] = field(default_factory=dict, repr=False)

    def found(self, state: TableState) -> NDArray[np.intp]:
        """The places of the rows that a state asks for, in its order; a column it does not have counts for nothing."""
        matching = self._filtered(state.filters) & self._holding(state.search)
        order = self._order(state.sort, descending=state.descending)
        kept: NDArray[np.intp] = order[matching[order]]
        return kept

    def called(self, column: str) -> "pd.Series[Any]":
        """The values of a column, those that have a choice by what it is called."""
        values = self.frame[column]
        names = self.choices.get(column)
        if names is None:
            return values
        codes, distinct = pd.factorize(values.astype("str"))
        words = np.array([*(names.get(value, value) for value in distinct), None], dtype=object)
        return pd.Series(words[codes], values.index, dtype="str")  # a code of -1, a missing value, takes the last

    def _filtered(self, filters: Mapping[str, str]) -> NDArray[np.bool_]:
        matching = np.ones(len(self.frame), dtype=bool)
        for column, value in filters.items():
            if value in self.choices.get(column, {}):
                matching &= (self.frame[column].astype("str") == value).to_numpy(bool)
        return matching

    def _holding(self, search: str) -> NDArray[np.bool_]:
        matching = np.ones(len(self.frame), dtype=bool)
        for part in _folded(pa.array([search], pa.large_string()))[0].as_py().split():
            matching &= pc.match_substring(self._searchable, part).to_numpy(zero_copy_only=False)
        return matching

    @cached_property
    def _searchable(self) -> Any:  # noqa: ANN401 - an array of Arrow, which has no types
        """All texts of each row, without accents and capitals."""
        columns = dict.fromkeys([self.key, *(field.column for field in self.fields if field.kind == "text")])
        texts = [self._text(column) for column in columns]
        between = pa.scalar("\n", pa.large_string())
        return pc.binary_join_element_wise(*texts, between, null_handling="replace", null_replacement="")

    def _text(self, column: str) -> Any:  # noqa: ANN401 - an array of Arrow, which has no types
        """The texts of a column, without accents and capitals."""
        if column not in self._texts:
            values = self.called(column)
            if values.dtype == object:  # sentences, and whatever else a frame may hold
                values = pd.Series([plain(value, "text", self.language) for value in values], dtype="str")
            texts = pa.array(values.astype("str"), pa.large_string(), from_pandas=True)
            if isinstance(texts, pa.ChunkedArray):  # of a frame put together from several
                texts = texts.combine_chunks()
            texts = texts.dictionary_encode()
            self._texts[column] = _folded(texts.dictionary).take(texts.indices)  # each text once: many are alike
        return self._texts[column]

    def _order(self, column: str, *, descending: bool) -> NDArray[np.intp]:
        if column not in {field.column for field in self.fields}:
            return np.arange(len(self.frame))
        if (column, descending) not in self._orders:
            ranks = self._ranks(column)
            # Stable, so that equal rows keep the frame's order; what is missing, nan, comes last both ways.
            self._orders[column, descending] = np.argsort(-ranks if descending else ranks, kind="stable")
        return self._orders[column, descending]

    def _ranks(self, column: str) -> NDArray[np.float64]:
        """Where the values of a column stand among one another; nan where there is none."""
        values = self.frame[column]
        if column in self.choices:
            places = {value: place for place, value in enumerate(self.choices[column])}
            return np.asarray(values.astype("str").map(places).astype("float64"))
        if isinstance(values.dtype, pd.CategoricalDtype) and values.cat.ordered:
            return np.asarray(values.cat.codes.astype("float64").where(values.notna()))
        if pd.api.types.is_datetime64_any_dtype(values):
            return np.where(values.isna(), np.nan, values.astype("int64"))
        if pd.api.types.is_numeric_dtype(values):
            return values.to_numpy(dtype="float64", na_value=np.nan)
        texts = pc.fill_null(self._text(column), "")
        ranks = pc.rank(texts, tiebreaker="dense").to_numpy().astype("float64")
        return np.where(pc.equal(texts, "").to_numpy(zero_copy_only=False), np.nan, ranks)


def _folded(texts: Any) -> Any:  # noqa: ANN401 - arrays of Arrow, which has no types
    """Texts without accents and capitals, to compare by; letters of every script stay."""
    if pc.all(pc.string_is_ascii(texts)).as_py() is False:
        texts = pc.replace_substring_regex(pc.utf8_normalize(texts, form="NFKD"), pattern=r"\p{Mn}+", replacement="")
    return pc.utf8_lower(texts)
