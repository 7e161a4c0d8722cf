"""Series of invoice numbers: what is missing in them, and whether dates follow numbers."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.checks.rule import Books, rule
from arlib.schema import NO_DAY, SALES, Codes, Days, Flags, day_numbers

_DENSE = 0.9  # share of a series' numbers in use, for the others to be missing
_ENOUGH = 10  # documents of a series
_MANY = 20  # gaps of a series listed one by one
_BACK = 7  # days a date may go back while the number goes up
_YEARS = 10_000  # more than any year
_NUMBER = r"^(?P<prefix>.*?)(?P<number>[0-9]{1,15})$"


def _numbers(books: Books) -> pd.DataFrame:
    """Documents sold whose reference ends with a number: `place` in the items, `entity`, `prefix`, `number`, `digits`.

    And the two series each could belong to: `whole`, a company and what stands before the number; `yearly`, a year of
    that.
    """
    sold = np.flatnonzero(books.of_kind(*SALES) & books.items["reference"].notna().to_numpy())
    parts = pc.extract_regex(pa.array(books.items["reference"].iloc[sold], type=pa.string()), _NUMBER)
    sold, parts = sold[np.asarray(parts.is_valid())], parts.drop_null()
    prefix, digits = pc.struct_field(parts, "prefix").to_pandas(), pc.struct_field(parts, "number")
    prefixes, found = pd.factorize(prefix)
    entity = books.group("entity")[sold]
    whole = pd.factorize(entity * (len(found) + 1) + prefixes)[0]
    years = books.items["year"].iloc[sold].fillna(0).to_numpy(np.int64)
    return pd.DataFrame(
        {
            "place": sold,
            "entity": entity,
            "prefix": prefix,
            "digits": np.asarray(pc.utf8_length(digits)),
            "number": np.asarray(pc.cast(digits, pa.int64())),
            "whole": whole,
            "yearly": pd.factorize(whole * _YEARS + years)[0],
        }
    )


def _in_series(numbers: pd.DataFrame) -> pd.DataFrame:
    """The documents of series that leave few holes, with their `series`, in the order of series and numbers.

    The whole of a numbering where it is dense; else those of its years that are: it starts again each January.
    """
    whole, yearly, number = (numbers[name].to_numpy() for name in ("whole", "yearly", "number"))
    series = np.where(_dense(whole, number), whole, yearly + whole.max(initial=0) + 1)
    kept = _dense(series, number)
    return numbers.assign(series=series)[kept].sort_values(["series", "number", "place"], ignore_index=True)


def _dense(series: Codes, numbers: Codes) -> Flags:
    """Which documents stand in a series that uses nearly all its numbers."""
    used = pd.DataFrame({"series": series, "number": numbers}).drop_duplicates()
    by_series = used.groupby("series")["number"].agg(["min", "max", "size"])
    share = by_series["size"] / (by_series["max"] - by_series["min"] + 1)
    dense = by_series.index[(share >= _DENSE) & (by_series["size"] >= _ENOUGH)]
    return np.asarray(np.isin(series, dense), dtype=np.bool_)


@rule("info", "reference")
def numbers_missing(books: Books) -> pd.DataFrame:
    """Numbers are missing in a series of invoices that uses nearly all of them: documents left out of the file?

    Des numéros manquent dans une série de factures presque continue : des pièces absentes du fichier ?
    """
    missing = _missing(_numbers(books), books)
    by_gap = missing.groupby(["series", "place"], as_index=False, sort=False)
    gaps = by_gap.agg(first=("number", "min"), last=("number", "max"), count=("number", "size"))
    many = gaps.groupby("series")["count"].transform("size") > _MANY
    # A series with many gaps is listed as one.
    gaps = pd.concat([gaps[~many], _as_one(gaps[many])], ignore_index=True)
    names = missing.drop_duplicates("place").set_index("place").loc[gaps["place"]]
    first, last = (_written(names, gaps[side]) for side in ("first", "last"))
    rows = books.items.iloc[gaps["place"].to_numpy()]
    value = first.where(first == last, first + " … " + last)
    return rows.assign(value=value.to_numpy(), at_stake=np.nan, count=gaps["count"].to_numpy())


def _as_one(gaps: pd.DataFrame) -> pd.DataFrame:
    ends = {"place": ("place", "first"), "first": ("first", "min"), "last": ("last", "max"), "count": ("count", "sum")}
    return gaps.groupby("series", as_index=False).agg(**ends)


def _missing(numbers: pd.DataFrame, books: Books) -> pd.DataFrame:
    """The numbers missing in dense series, one a row, with the document before each.

    A number that another series of the company used in those days is not missing: invoices and credit notes often
    share one numbering.
    """
    series = _in_series(numbers)
    day = day_numbers(books.items["issued_on"])
    series["day"], numbers["day"] = day[series["place"]], day[numbers["place"]]
    after = series.shift(-1)
    holes = series.assign(until=after["day"], size=after["number"] - series["number"] - 1)
    holes = holes[(series["series"] == after["series"]) & (holes["size"] > 0)].reset_index(drop=True)
    missing = holes.loc[np.repeat(holes.index, holes["size"].astype("int64"))]
    missing["number"] += missing.groupby(level=0).cumcount() + 1
    missing["line"] = np.arange(len(missing))
    used = missing.merge(numbers, on=["entity", "number"], suffixes=("", "_used"))
    near = used["day_used"].between(used["day"] - _BACK, used["until"] + _BACK)
    return missing[~missing["line"].isin(used.loc[near, "line"])]


def _written(names: pd.DataFrame, numbers: "pd.Series[int]") -> "pd.Series[Any]":
    """Numbers as their series writes them, with its prefix and zeros."""
    parts = zip(names["prefix"], numbers, names["digits"], strict=True)
    return pd.Series([f"{prefix}{number:0{digits}d}" for prefix, number, digits in parts], dtype="str")


@rule("info", "issued_on")
def numbered_out_of_order(books: Books) -> pd.DataFrame:
    """The number follows that of an invoice dated more than a week later: numbers must follow the days.

    Le numéro suit celui d'une facture datée de plus d'une semaine après : la numérotation doit être chronologique.
    """
    numbers = _in_series(_numbers(books))
    day: Days = day_numbers(books.items["issued_on"])[numbers["place"].to_numpy()]
    series = numbers["series"].to_numpy()
    back = np.zeros(len(numbers), dtype=np.bool_)
    back[1:] = (series[1:] == series[:-1]) & (np.diff(day) < -_BACK) & (day[1:] != NO_DAY)
    return books.items.iloc[np.sort(numbers.loc[back, "place"].to_numpy())]
