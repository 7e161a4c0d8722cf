"""Any frame a measure returns, as a table: each column written as its name and its type say."""

from collections.abc import Iterable, Mapping

import pandas as pd

from arlib.show.tables.columns import column_cells, column_heading, column_kind
from arlib.show.tables.html import Field, Html, Kind, table
from arlib.simulation.policies.policy import Policy
from arlib.words import Language, Sentence, word


def frame_table(
    frame: pd.DataFrame, *, caption: str = "", language: Language = "en", rows: int = 20, **kinds: Kind
) -> Html:
    """Any frame of a measure, without its index: amounts to the cent, days to a tenth, shares as percentages.

    Columns and codes are written in words; a column kept from the file is headed by its own name. What a column holds
    is told by its type and by its name (`…_days`, `…_share`), as all measures name theirs.

    Numbers by name, such as the `inputs` of `dso_methods`, and policies are no cells of a table: the formula or the
    sentence beside holds them.

    Args:
        frame: as any measure returns it.
        caption: what the table is.
        language: of headings, words, figures, dates and sentences.
        rows: how many to show; the caption says how many there are when there are more.
        kinds: how to write a column whose name does not tell, such as `rate_end="days"`.
    """
    frame = frame.rename(columns=str)
    frame = frame[[name for name in frame.columns if not any(map(_is_no_cell, frame[name]))]]
    fields = [
        Field(name, column_heading(frame, name, language), kinds.get(name) or column_kind(frame, name))
        for name in frame.columns
    ]
    shown = frame.head(rows)
    shown = shown.assign(**{name: column_cells(shown, name, language) for name in shown.columns})
    if len(frame) > rows:
        told = word("table.first_rows", language, shown=rows, rows=len(frame))
        caption = f"{caption} ({told})" if caption else told
    return table(shown, fields, caption=caption, language=language)


def sentences_table(sentences: Iterable[Sentence], *, caption: str = "", language: Language = "en") -> Html:
    """Sentences one below the other, numbered: what a figure rests on, a verdict, what each lever brings.

    Args:
        sentences: such as `Simulation.assumptions`, `CashForecast.notes` or the `sentences` of a backtest.
        caption: what they are.
        language: of the sentences.
    """
    told = list(sentences)
    rows = pd.DataFrame({"place": range(1, len(told) + 1), "sentence": pd.Series(told, dtype="object")})
    fields = [
        Field("place", word("table.place", language), "count"),
        Field("sentence", word("table.sentence", language)),
    ]
    return table(rows, fields, caption=caption, language=language)


def _is_no_cell(value: object) -> bool:
    return isinstance(value, Mapping | Policy)
