"""Exports that overlap: what stands in two files, left out of the later one where both say the same of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.readers.reading import Reading
from arlib.schema import HALF_CENT, SALES, Flags
from arlib.words import Sentence, say

_DOCUMENT = ["reference", "customer_id", "issued_on", "amount"]  # the first tells most apart
_TABLE = "table"
_SHOWN = 10

CellsOf = Callable[[Reading], pd.DataFrame]  # the cells of a file as they stand in it, by row


@dataclass(frozen=True, eq=False)
class Apart:
    """The readings without what a file before them holds as well, and a word on files of which nothing is left."""

    readings: list[Reading]
    beside: list[Sentence]


def apart(readings: Sequence[Reading], cells_of: CellsOf) -> Apart:
    """The readings of several files, each document of two lists that overlap counted once.

    Of two lists, what the later given repeats is left out only where both agree on all the days they both cover: every
    row that either has of these days stands in the other, the same in every column. Else a document of one customer,
    number, date and amount that two files hold is counted in each, with a warning. Rows alike inside one file are not
    touched.

    Args:
        readings: what was read of each file.
        cells_of: the cells of a list, asked for only where it may repeat another.

    Raises:
        ArlibError: two lists hold the same rows and nothing else.
    """
    kept: dict[int, Reading] = dict(enumerate(readings))
    beside: list[Sentence] = []
    for (home, place), documents in _in_two_files(readings):
        first, second = kept.get(home), kept.get(place)
        if first is None or second is None:
            continue
        repeated = _repeated(first, second, cells_of)
        if repeated is None:
            kept[place] = _warned(second, _counted("read.twice", documents, first, second))
            continue
        if len(repeated) == _rows(first) == _rows(second):
            raise ArlibError(say("read.same_file", file=second.source.name, other=first.source.name))
        left_out = second.items[second.items["row"].isin(repeated)].drop_duplicates("row")
        said = _counted("read.overlap", left_out, first, second)
        rest = _without(second, repeated)
        if rest is None:
            del kept[place]
            beside.append(said)
        else:
            kept[place] = _warned(rest, said)
    return Apart(list(kept.values()), beside)


def _in_two_files(readings: Sequence[Reading]) -> list[tuple[tuple[int, int], pd.DataFrame]]:
    """The documents of each pair of files that both hold: the first file that does, and each after it."""
    sold = [reading.items[reading.items["kind"].isin(SALES)] for reading in readings]
    sold = [rows if "reference" in rows else rows.iloc[:0] for rows in sold]
    ends = [(rows["issued_on"].min(), rows["issued_on"].max()) for rows in sold]
    days = pd.DataFrame(ends, columns=["first", "last"]).dropna().sort_values("first")
    if not (days["first"] <= days["last"].cummax().shift()).any():
        return []
    named = [
        rows.loc[rows["reference"].notna(), [*_DOCUMENT, "row"]].assign(_place=place) for place, rows in enumerate(sold)
    ]
    rows = pd.concat(named, ignore_index=True)
    rows = rows[rows.duplicated("reference", keep=False)]
    by_document = rows.groupby(_DOCUMENT, sort=False, dropna=False)["_place"]
    rows = rows.assign(_home=by_document.transform("min"))
    again = rows[rows["_place"] > rows["_home"]]
    pair = (again["_home"] * len(readings) + again["_place"]).to_numpy()
    return [(divmod(int(each), len(readings)), again[pair == each]) for each in np.unique(pair)]


def _repeated(first: Reading, second: Reading, cells_of: CellsOf) -> "pd.Index[Any] | None":
    """The rows of the second list that stand in the first, where both say the same of all the days both cover."""
    if any(each.source.format != _TABLE or each.situation or not _row_by_row(each) for each in (first, second)):
        return None
    one, other = _by_row(first), _by_row(second)
    start, end = max(one.min(), other.min()), min(one.max(), other.max())
    shared = [days.index[(days >= start) & (days <= end)] for days in (one, other)]
    if not len(shared[0]) or len(shared[0]) != len(shared[1]):
        return None
    left, right = (_written(each, cells_of(each), rows) for each, rows in zip((first, second), shared, strict=True))
    return shared[1] if left.equals(right) else None


def _by_row(reading: Reading) -> "pd.Series[Any]":
    """The date of what stands on each row."""
    rows = reading.items.drop_duplicates("row")
    return rows["issued_on"].set_axis(pd.Index(rows["row"]))


def _rows(reading: Reading) -> int:
    return int(reading.items["row"].nunique())


def _row_by_row(reading: Reading) -> bool:
    """Whether every row counts in the items as it does in the file: no lines added up into a document."""
    items, controls = reading.items["amount"].to_numpy(), reading.controls["amount"].to_numpy()
    return len(items) == len(controls) and bool((np.abs(items - controls) < HALF_CENT).all())


def _written(reading: Reading, cells: pd.DataFrame, rows: "pd.Index[Any]") -> pd.DataFrame:
    """Rows as texts, each with its customer, who may stand on another row, in an order of their own."""
    customers = reading.items.drop_duplicates("row").set_index("row")["customer_id"]
    written = cells.loc[rows].astype("str").fillna("").assign(_customer=customers.loc[rows])
    return written.sort_values(list(map(str, written)), ignore_index=True)


def _without(reading: Reading, rows: "pd.Index[Any]") -> Reading | None:
    """A reading without some rows and what was made of them; None where nothing is left."""
    kept: Flags = ~reading.items["row"].isin(rows).to_numpy()
    if not kept.any():
        return None
    items = reading.items[kept].reset_index(drop=True)
    customers = reading.customers[reading.customers["customer_id"].isin(items["customer_id"])]
    controls = reading.controls[kept].reset_index(drop=True)
    return replace(reading, items=items, controls=controls, customers=customers.reset_index(drop=True))


def _warned(reading: Reading, said: Sentence) -> Reading:
    return replace(reading, source=replace(reading.source, warnings=(*reading.source.warnings, said)))


def _counted(key: str, rows: pd.DataFrame, first: Reading, second: Reading) -> Sentence:
    """How many documents two files hold, for how much, from which day to which, and the first of their numbers."""
    numbers = rows["reference"].dropna()
    return say(
        key,
        file=second.source.name,
        other=first.source.name,
        rows=len(rows),
        amount=float(rows["amount"].sum()),
        first=rows["issued_on"].min(),
        last=rows["issued_on"].max(),
        values=", ".join(numbers.head(_SHOWN)) + ("…" if len(numbers) > _SHOWN else ""),
    )
