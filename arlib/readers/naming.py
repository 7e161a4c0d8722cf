"""Payments that name the invoices they settle, in whichever of the files these stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.matching import match_groups, match_in_order, unmatched
from arlib.schema import HALF_CENT, PAYMENT, Codes, Flags
from arlib.words import Sentence, say

Notes = Mapping[int, Sequence[Sentence]]

# What may stand between numbers: each alone first, since a number may hold one of the others ("F/1, F/2").
_AND = r"\s+(?:et|and|und|y|e)\s+|\s*&\s*"
_BUT_SLASH = rf"\s*[;,+|\n]\s*|{_AND}"
_BETWEEN = (r"\s*[;\n]\s*", r"\s*,\s*", r"\s*\+\s*", _AND, r"\s*/\s*", _BUT_SLASH, rf"\s*/\s*|{_BUT_SLASH}")
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Named:
    """What was settled by name: the matches, the places of the files that name what they settle, and what to say."""

    matches: pd.DataFrame
    files: frozenset[int]
    reading: Notes
    warnings: Notes


@dataclass(frozen=True, eq=False)
class _Documents:
    """The documents that rows may name: one a number and account, a customer's in one currency.

    Attributes:
        account: that of each item.
        owned: the document of each item, counted from 0; -1 for none.
        numbers: every number.
        keys: every document, as its account and the place of its number among them.
    """

    account: Codes
    owned: Codes
    numbers: "pd.Index[Any]"
    keys: "pd.Index[Any]"

    @classmethod
    def of(cls, items: pd.DataFrame, naming: Flags) -> "_Documents":
        """Those of all items but the rows that name a document by the number they bear themselves."""
        own, numbers = pd.factorize(items["reference"])
        own = np.where(naming & (items["reference"] == items["_applied_to"]).to_numpy(), -1, own)
        account, has = _account(items), own >= 0
        owned = np.full(len(items), -1, dtype=np.intp)
        owned[has], keys = pd.factorize(account[has] * len(numbers) + own[has])
        return cls(account, owned, pd.Index(numbers), pd.Index(keys))

    def named(self, places: Codes, numbers: Any) -> Codes:  # noqa: ANN401 - a column or its values
        """The document that the rows at these places mean by a number; -1 where their account has none of it."""
        number = self.numbers.get_indexer(pd.Index(numbers))
        found = self.keys.get_indexer(pd.Index(self.account[places] * len(self.numbers) + number))
        return np.where(number >= 0, found, -1)

    def any_of(self, documents: "pd.Series[Any]") -> Flags:
        """Which documents are among some; one more at the end, false, for what is none."""
        chosen = np.zeros(len(self.keys) + 1, dtype=bool)
        chosen[documents] = True
        return chosen


def match_named(items: pd.DataFrame) -> Named:
    """Matches of the rows that name the documents they settle with these, of the same customer and currency.

    A row that names several settles them in the order named, each up to what is open of it; of documents under one
    number, the oldest first. Every part of such a text must be the number of a document of the customer; a number
    that holds the separator itself goes before its parts. What a row is worth beyond stays unapplied.

    Args:
        items: the movements of all files, `amount` being what is open of them; `_applied_to`, what a row names.
    """
    if not {"_applied_to", "reference"} <= set(items) or items["_applied_to"].isna().all():
        return Named(match_groups(items.iloc[:0], items["_file"].iloc[:0], "official"), frozenset(), {}, {})
    naming = _naming(items)
    known = _Documents.of(items, naming)
    links = _links(items["_applied_to"], np.flatnonzero(naming), known)
    matches = _matches(items, links, known)
    # Of a list without numbers in which nothing was found, nothing is settled by name: its receipts are like any other.
    file = items["_file"].to_numpy()
    found, numbered = (
        np.bincount(file[rows], minlength=file.max() + 1) > 0 for rows in (links["place"], known.owned >= 0)
    )
    reading = _told(items, links, known)
    warnings = _doubts(items, naming & (found | numbered)[file], links, matches)
    return Named(matches, frozenset(np.flatnonzero(found).tolist()), reading, warnings)


def _naming(items: pd.DataFrame) -> Flags:
    """Rows that name another document; only a payment may bear the number of what it settles as its own."""
    same = (items["reference"] == items["_applied_to"]) & (items["kind"] != PAYMENT)
    return np.asarray(items["_applied_to"].notna() & ~same.fillna(value=False), dtype=np.bool_)


def _account(items: pd.DataFrame) -> Codes:
    """A customer in one currency, and of one company where every row names its own."""
    names = ["customer_id", *(["currency"] if "currency" in items else [])]
    if "entity" in items and items["entity"].notna().all():
        names.append("entity")
    account = np.zeros(len(items), dtype=np.intp)
    for name in names:
        codes, values = pd.factorize(items[name])
        account = account * (len(values) + 1) + codes + 1
    return np.asarray(pd.factorize(account)[0], dtype=np.intp)


def _links(texts: "pd.Series[Any]", places: Codes, known: _Documents) -> pd.DataFrame:
    """What each row names: its `place`, the `key` of a document, and the `turn` in which the row settles it."""
    wanted = texts.iloc[places]
    key = known.named(places, wanted)
    whole = key >= 0
    links = [pd.DataFrame({"place": places[whole], "turn": 0, "key": key[whole]})]
    left = pd.Series(wanted.to_numpy(), index=places)[~whole]
    for between in _BETWEEN:
        several = left[left.str.contains(between, regex=True)]
        if several.empty:
            continue
        parts = several.str.split(between, regex=True).explode().str.strip()
        parts = parts[parts != ""]
        found = pd.DataFrame({"place": np.asarray(parts.index, dtype=np.intp)})
        found["key"] = known.named(found["place"].to_numpy(), parts)
        found = found[found.groupby("place")["key"].transform("min") >= 0].drop_duplicates()
        links.append(found.assign(turn=found.groupby("place").cumcount()))
        left = left.drop(found["place"].unique())
    return pd.concat(links, ignore_index=True)


def _matches(items: pd.DataFrame, links: pd.DataFrame, known: _Documents) -> pd.DataFrame:
    """The matches: groups of one document and of those that name it alone at once, the others one after another."""
    naming = np.zeros(len(items), dtype=bool)
    naming[links["place"]] = True
    owned = known.owned
    named = known.any_of(links["key"])[owned]
    several = links["place"].duplicated(keep=False).to_numpy() | named[links["place"]]
    tied = known.any_of(links.loc[several, "key"])
    tied[owned[named & naming]] = True
    alone = links[~tied[links["key"]]]
    group = np.where(known.any_of(alone["key"])[owned], owned, -1)
    group[alone["place"]] = alone["key"]
    members = np.flatnonzero(group >= 0)
    settled = match_groups(items.iloc[members], pd.Series(pd.factorize(group[members])[0]), "official")
    if not tied.any():
        return settled
    in_order = match_in_order(items, links[tied[links["key"]]], np.where(tied[owned], owned, -1), "official")
    return pd.concat([settled, in_order], ignore_index=True) if len(settled) else in_order


def _told(items: pd.DataFrame, links: pd.DataFrame, known: _Documents) -> dict[int, list[Sentence]]:
    """For each file, how many of its rows name what they settle, several documents, or one of another file."""
    file, owned, has = items["_file"].to_numpy(), known.owned, known.owned >= 0
    files = int(file.max()) + 1
    at_home = pd.Index(owned[has] * files + file[has])
    here = pd.Series(links["key"].to_numpy() * files + file[links["place"]]).isin(at_home).to_numpy()
    away = links[~here].drop_duplicates("place")
    several = links[links["place"].duplicated()].drop_duplicates("place")
    notes: dict[int, list[Sentence]] = defaultdict(list)
    for place, rows in _by_file(links.drop_duplicates("place"), file):
        notes[place].append(say("read.applied", rows=len(rows)))
    for place, rows in _by_file(several, file):
        notes[place].append(say("read.applied_several", rows=len(rows), **_first(items, rows)))
    for place, rows in _by_file(away, file):
        homes = items.loc[known.any_of(links.loc[~here & links["place"].isin(rows), "key"])[owned], "file"].unique()
        notes[place].append(say("read.applied_elsewhere", rows=len(rows), files=", ".join(map(str, homes[:_SHOWN]))))
    return notes


def _doubts(
    items: pd.DataFrame, naming: Flags, links: pd.DataFrame, matches: pd.DataFrame
) -> dict[int, list[Sentence]]:
    """For each file, rows that name what no file holds, and what rows are worth beyond what they name."""
    file = items["_file"].to_numpy()
    linked = np.zeros(len(items), dtype=bool)
    linked[links["place"]] = True
    lost = pd.DataFrame({"place": np.flatnonzero(naming & ~linked)})
    doubts: dict[int, list[Sentence]] = defaultdict(list)
    for place, rows in _by_file(lost, file):
        values = ", ".join(items["_applied_to"].iloc[rows[:_SHOWN]])
        doubts[place].append(
            say("read.applied_to_nothing", rows=len(rows), values=values, row=int(items["row"].iloc[rows[0]]))
        )
    left = unmatched(items, matches)["amount"].abs().to_numpy()
    beyond = links[left[links["place"]] >= HALF_CENT].drop_duplicates("place")
    for place, rows in _by_file(beyond, file):
        amount = float(left[rows].sum())
        doubts[place].append(say("read.applied_beyond", rows=len(rows), amount=amount, **_first(items, rows)))
    return doubts


def _by_file(rows: pd.DataFrame, file: Codes) -> Iterable[tuple[int, Codes]]:
    """The places of rows, file by file."""
    places = np.sort(rows["place"].to_numpy())
    for each in np.unique(file[places]):
        yield int(each), places[file[places] == each]


def _first(items: pd.DataFrame, places: Codes) -> dict[str, Any]:
    """The first of some rows, and what it names."""
    return {"row": int(items["row"].iloc[places[0]]), "value": items["_applied_to"].iloc[places[0]]}
