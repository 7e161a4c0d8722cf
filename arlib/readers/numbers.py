"""One customer under several writings of its number: 00123 and 123, C001 and c001."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from arlib.words import Sentence, bare, say

_APART = "\x1f"  # between the parts of a group of movements
_LISTED = 10  # numbers written out
_ALIKE = 0.8  # of the letters of two names that are the same in both


@dataclass(frozen=True)
class Writings:
    """Each writing of a number that is not its usual one, with that one; and those whose names say otherwise."""

    usual: Mapping[str, str] = field(default_factory=dict)
    apart: Sequence[tuple[str, str]] = ()

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with `customer_id`, each in its usual writing; where it begins their group, `_matching`, there too."""
        other = rows["customer_id"].isin(self.usual) if self.usual else pd.Series(data=False, index=rows.index)
        if not other.any():
            return rows
        written = rows.loc[other, "customer_id"]
        usual = written.map(self.usual).astype("str")
        made = rows.assign(customer_id=rows["customer_id"].where(~other, usual))
        if "_matching" in rows:
            made["_matching"] = rows["_matching"].where(
                ~other, _regrouped(rows.loc[other, "_matching"], written, usual)
            )
        return made

    def sentences(self) -> list[Sentence]:
        """What a person should look at."""
        said = []
        if self.usual:
            each = [f"{one} = {other}" for other, one in list(self.usual.items())[:_LISTED]]
            said.append(say("read.same_number", customers=len(set(self.usual.values())), examples=each))
        if self.apart:
            each = [f"{one} / {other}" for one, other in self.apart[:_LISTED]]
            said.append(say("read.numbers_apart", customers=len(self.apart), examples=each))
        return said


def writings_of(customers: Sequence[pd.DataFrame]) -> Writings:
    """The numbers of customers that are one but for leading zeros, capitals or spaces, where the names agree.

    A spreadsheet makes a number of 00123, and people write c001 for C001. The usual writing is the one with the zeros,
    then the one that stands most often. Names agree where one of the two has none, holds the other's words, or has
    most of its letters; where they differ, both numbers stay and are told.

    Args:
        customers: for each file, `customer_id` and where it has them `name` and `_rows`, how often a row stands.
    """
    written = pd.concat(customers, ignore_index=True).reindex(columns=["customer_id", "name", "_rows"])
    counted = written.dropna(subset="customer_id").groupby("customer_id")["_rows"].sum().reset_index()
    counted = counted.assign(same=_same(counted["customer_id"]))
    several = counted[counted.duplicated("same", keep=False)]
    if several.empty:
        return Writings()
    ids = several["customer_id"]
    order = several.assign(_spaces=ids.str.count(r"\s"), _length=-ids.str.len(), _often=-several["_rows"])
    order = order.sort_values(["same", "_spaces", "_length", "_often", "customer_id"])
    first = order.groupby("same")["customer_id"].transform("first")
    others = order.assign(first=first)[order["customer_id"] != first]
    named = written[written["name"].notna() & (written["name"] != written["customer_id"])]
    named = named.sort_values("_rows", ascending=False, kind="stable")
    names = named.drop_duplicates("customer_id").set_index("customer_id")["name"]
    pairs = zip(others["customer_id"].map(names), others["first"].map(names), strict=True)
    agree = [_agree(one, other) for one, other in pairs]
    kept = others[[not each for each in agree]]
    apart = tuple(zip(kept["first"], kept["customer_id"], strict=True))
    return Writings(dict(others.loc[agree, ["customer_id", "first"]].itertuples(index=False)), apart)


def _regrouped(groups: "pd.Series[Any]", written: "pd.Series[str]", usual: "pd.Series[str]") -> "pd.Series[Any]":
    """Groups of movements with one writing of their customer, a part of the group, in place of the other."""
    known = groups.dropna()
    if known.empty or not pd.api.types.is_string_dtype(known):  # a number a row names no customer
        return groups
    parts = known.str.split(_APART, expand=True)
    written, usual = written[known.index], usual[known.index]
    swapped = parts.apply(lambda part: part.where(part != written, usual))
    whole: pd.Series[Any] = swapped[0]
    for place in swapped.columns[1:]:
        whole = (whole + _APART + swapped[place]).where(swapped[place].notna(), whole)
    return whole.reindex(groups.index)


def _same(ids: "pd.Series[str]") -> "pd.Series[str]":
    """What two writings of one number share: without capitals, spaces, or, where it is all figures, leading zeros."""
    spaced = ids.astype("str").str.lower().str.replace(r"\s+", " ", regex=True).str.strip()
    close = spaced.str.replace(" ", "")
    same = spaced.where(~close.str.contains(r"\d", regex=True), close)
    return same.where(~same.str.isdigit(), same.str.lstrip("0"))


def _agree(one: object, other: object) -> bool:
    """Whether two names may be of one customer."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return True
    words, others = (frozenset[str](re.findall(r"[^\W_]+", bare(name).lower())) for name in (one, other))
    if words <= others or others <= words:
        return True
    first, second = ("".join(sorted(each)) for each in (words, others))
    return SequenceMatcher(a=first, b=second, autojunk=False).ratio() >= _ALIKE
