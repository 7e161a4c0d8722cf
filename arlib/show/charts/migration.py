"""Where what stood in each bucket on one day is on a later one."""

import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import nothing_drawn, rows_high, tip
from arlib.show.charts.figures import share_text, short_amount
from arlib.show.charts.grid import grid
from arlib.show.charts.rows import MOST_ROWS
from arlib.show.look import Drawing, bucket_label, dressed
from arlib.words import Language, word

_SETTLED_OTHERWISE = ("credited", "written_off", "moved", "applied")
_NOT_AGES = ("paid", "disputed", "no_due_date", "unapplied", "not_due", "new", "otherwise", "total")


def migration_chart(matrix: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """A heat map: where what stood in each bucket on one day is on a later one, as a share of its row and an amount.

    Args:
        matrix: as `arlib.migration_matrix` returns it. What was credited, written off, moved or applied is one
            column; rows and columns without an amount are left out.
        language: of the labels and figures.
        currency: named under the title when given.
    """
    about = word("charts.about.migration", language)
    cells = _cells(matrix)
    if cells.empty:
        return nothing_drawn(word("charts.migration.none", language), about, language)
    ends = [name for name in _in_order(matrix) if name in set(cells["at_end"])]
    labels = {name: _state_label(name, language) for name in [*cells["at_start"].unique(), *ends]}
    cells = pd.DataFrame(
        {
            "row": cells["at_start"].map(labels),
            "column": cells["at_end"].map(labels),
            "amount": cells["amount"],
            "share": cells["share"],
            "figure": [share_text(share, language) for share in cells["share"]],
            "under": [short_amount(amount, language) for amount in cells["amount"]],
            "final": True,
        }
    )
    tips = [
        tip("row:N", word("charts.migration.start", language)),
        tip("column:N", word("charts.migration.end", language)),
        tip("amount:Q", word("show.amount", language), ",.2f"),
        tip("share:Q", word("charts.row_share", language), ".1%"),
    ]
    drawn = grid(cells, [labels[name] for name in ends], tips)
    unit = word("charts.migration.unit", language, currency=f" ({currency})" if currency else "")
    finding = _finding(matrix, language)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=rows_high(40))


def _in_order(matrix: pd.DataFrame) -> list[str]:
    """The columns of the matrix as they are drawn, what was settled otherwise in one."""
    columns = [str(name) for name in matrix.columns if name not in ("at_start", "total", *_SETTLED_OTHERWISE)]
    return [columns[0], "otherwise", *columns[1:]]


def _cells(matrix: pd.DataFrame) -> pd.DataFrame:
    """A row a cell that holds an amount, with its share of what its row holds in all."""
    others = [name for name in _SETTLED_OTHERWISE if name in matrix]
    merged = matrix.assign(otherwise=matrix[others].sum(axis=1))
    cells = merged.melt("at_start", _in_order(matrix), "at_end", "amount")
    whole = cells["amount"].abs().groupby(cells["at_start"]).transform("sum")
    place = cells["at_start"].map({name: place for place, name in enumerate(matrix["at_start"])})
    cells = cells.assign(share=cells["amount"].abs() / whole.where(whole >= HALF_CENT), place=place)
    kept = cells[cells["amount"].abs() >= HALF_CENT]
    if len(kept) > MOST_ROWS:  # buckets of a day each
        kept = kept.loc[kept["amount"].abs().nlargest(MOST_ROWS).index]
    return kept.sort_values("place", kind="stable").drop(columns="place").reset_index(drop=True)


def _state_label(state: str, language: Language) -> str:
    if state in ("paid", "otherwise", "new"):
        return word(f"charts.state.{state}", language)
    return bucket_label(state, language)


def _finding(matrix: pd.DataFrame, language: Language) -> str:
    """What became of what was past due at the start; of what was not due where nothing was."""
    late = matrix[~matrix["at_start"].isin(_NOT_AGES)]
    key, rows = (
        ("late", late) if late["total"].sum() >= HALF_CENT else ("not_due", matrix[matrix["at_start"] == "not_due"])
    )
    whole = float(rows["total"].sum())
    if whole < HALF_CENT:
        return word("charts.migration.nothing_owed", language)
    still = [
        name for name in matrix.columns if name not in ("at_start", "total", "paid", "unapplied", *_SETTLED_OTHERWISE)
    ]
    paid, owed = float(rows["paid"].sum()) / whole, float(rows[still].sum().sum()) / whole
    return word(f"charts.migration.{key}", language, paid=share_text(paid, language), owed=share_text(owed, language))
