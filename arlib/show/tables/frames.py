"""Any frame a measure returns, as a table: each column written as its name and its type say."""

import re
from typing import Any

import pandas as pd

from arlib.show.tables.html import Field, Html, Kind, table
from arlib.words import Language, word

# What the name of a column says of its figures: the endings all measures share.
_ENDINGS: tuple[tuple[str, Kind], ...] = (
    (r"(^|_)days(_|$)|(^|_)dso(_|$)|_terms$|^change$", "days"),
    (r"(^|_)share$|_share_|(roll|loss)_rate$", "percent"),
)


def frame_table(
    frame: pd.DataFrame, *, caption: str = "", language: Language = "en", rows: int = 20, **kinds: Kind
) -> Html:
    """Any frame of a measure, without its index: amounts to the cent, days to a tenth, shares as percentages.

    Columns are headed by their own names, which are what code calls them. What a column holds is told by its type and
    by its name (`…_days`, `…_share`), as all measures name theirs.

    Args:
        frame: as any measure returns it.
        caption: what the table is.
        language: of figures, dates and sentences.
        rows: how many to show; the caption says how many there are when there are more.
        kinds: how to write a column whose name does not tell, such as `rate_end="days"`.
    """
    fields = [Field(str(name), str(name), kinds.get(str(name)) or _kind(frame[name])) for name in frame.columns]
    shown = frame.head(rows)
    if len(frame) > rows:
        told = word("table.first_rows", language, shown=rows, rows=len(frame))
        caption = f"{caption} ({told})" if caption else told
    return table(shown, fields, caption=caption, language=language)


def _kind(column: "pd.Series[Any]") -> Kind:
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return "text"
    if pd.api.types.is_integer_dtype(column):
        return "count"
    return next((kind for ending, kind in _ENDINGS if re.search(ending, str(column.name))), "money")
