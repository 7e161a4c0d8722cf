"""Receipts out of bank statements: what is one and what is not, and the proof that every statement ties."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Source
from arlib.readers.bank.extract import Extract
from arlib.schema import HALF_CENT, RECEIPTS, STATEMENTS, conform
from arlib.words import Sentence, bare, say

_SHOWN = 10  # warnings of one kind in a file before the others are only counted
_RETURNED = (
    r"\b(?:impayee?s?|rejet(?:ee?)?s?|unpaid|returned|chargebacks?|rucklastschrift(?:en)?|ruecklastschrift(?:en)?"
    r"|retoure|devuelt[oa]s?|insolut[oi])\b"
)
_COSTS = (
    r"\b(?:frais|commissions?|com|fees?|charges?|gebuhr(?:en)?|gebuehr(?:en)?|entgelt|comision(?:es)?|commissioni)\b"
)
_SAME = ["bank_account", "currency", "opened_on", "closed_on"]  # what two copies of one statement have in common
_CONTENT = ["opening", "closing", "money_in", "money_out", "entries"]


@dataclass(frozen=True, eq=False)
class Receipts:
    """Money received on bank accounts, and the statements it stands on.

    Attributes:
        rows: one row a receipt, with the columns of `arlib.schema.RECEIPTS`; a payment that the bank took back is
            negative. Debits, entries not yet booked and own payments that came back are not in it: their number and
            amount are in the notes of their source.
        statements: one row a statement, with the columns of `arlib.schema.STATEMENTS` and `ties`, whether its
            opening balance and all its movements make its closing balance; missing where a balance is.
        sources: the files, what was understood of each, and what a person should look at.
    """

    rows: pd.DataFrame
    statements: pd.DataFrame
    sources: tuple[Source, ...]


@dataclass
class _Doubts:
    """Warnings of the files, in the order in which they arise."""

    files: Sequence[str]
    found: dict[int, list[Sentence]] = field(default_factory=dict)

    def add(self, file: int, key: str, /, **values: object) -> None:
        self.found.setdefault(file, []).append(say(key, **values))

    def of(self, file: int) -> list[Sentence]:
        """The warnings of a file, the first ones of each kind and the number of the others."""
        shown, counts = [], dict[str, int]()
        for doubt in self.found.get(file, []):
            counts[doubt.key] = counts.get(doubt.key, 0) + 1
            shown += [doubt] if counts[doubt.key] <= _SHOWN else []
        more = sum(max(0, count - _SHOWN) for count in counts.values())
        return [*shown, say("bank.more_warnings", rows=more)] if more else shown


def to_receipts(extracts: Sequence[Extract]) -> Receipts:
    """The receipts of all files together; a statement given twice counts once, and is said.

    Raises:
        ArlibError: two files hold the same bytes, or one statement stands twice with different entries.
    """
    _refuse_same_file(extracts)
    doubts = _Doubts([extract.source.name for extract in extracts])
    statements, movements = _together(extracts)
    movements["kind"] = _kinds(movements, doubts)
    statements = _proved(statements, movements)
    repeated = _repeated(statements, doubts)
    statements, movements = statements[~repeated], movements[~movements["statement"].isin(statements.index[repeated])]
    _doubt_ties(statements, doubts)
    _doubt_gaps(statements, doubts)
    _doubt_overlaps(statements, movements, extracts, doubts)
    sources = tuple(
        replace(
            extract.source,
            reading=(*_story(extract, statements, movements, place), *extract.source.reading),
            warnings=(*extract.source.warnings, *doubts.of(place)),
        )
        for place, extract in enumerate(extracts)
    )
    received = movements[movements["kind"].isin(["receipt", "returned"])]
    ties = (statements["difference"].abs() < HALF_CENT).astype("boolean").mask(statements["difference"].isna())
    table = conform(statements[[column.name for column in STATEMENTS]], STATEMENTS)
    columns = [column.name for column in RECEIPTS if column.name in received]
    return Receipts(conform(received[columns], RECEIPTS), table.assign(ties=ties.array), sources)


def _refuse_same_file(extracts: Sequence[Extract]) -> None:
    seen: dict[str, str] = {}
    for source in (extract.source for extract in extracts):
        if source.sha256 in seen:
            raise ArlibError(say("read.same_file", file=source.name, other=seen[source.sha256]))
        seen[source.sha256] = source.name


def _together(extracts: Sequence[Extract]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All statements and all movements, each with the place and name of its file."""
    statements, movements, before = [], [], 0
    for place, extract in enumerate(extracts):
        name, numbers = extract.source.name, extract.movements["statement"] + before
        statements.append(extract.statements.assign(source=place, file=name))
        movements.append(extract.movements.assign(source=place, file=name, statement=numbers))
        before += len(extract.statements)
    table = pd.concat(statements, ignore_index=True)
    moved = pd.concat(movements, ignore_index=True)
    for name in ("bank_account", "currency"):
        moved[name] = table[name].reindex(moved["statement"]).array
    return table, moved


def _kinds(movements: pd.DataFrame, doubts: _Doubts) -> Any:  # noqa: ANN401 - an array of texts
    """What each movement is: a debit that takes back a receipt is told by the bank's mark, else by its wording."""
    amount, reversal = movements["amount"].to_numpy(), movements["reversal"].to_numpy()
    words = movements["remittance"].fillna("").str.cat(movements["transaction_code"].fillna(""), sep=" ").map(bare)
    plain = words.str.lower()
    worded = plain.str.contains(_RETURNED, regex=True) & ~plain.str.contains(_COSTS, regex=True)
    taken_back = worded.to_numpy() & (amount < 0) & ~reversal & movements["booked"].to_numpy()
    for place, found in movements[taken_back].groupby("source"):
        rows, sums = ", ".join(map(str, found["row"].head(5))), _sums(found)
        doubts.add(int(str(place)), "bank.returned_by_wording", rows=len(found), row=rows, sums=sums)
    cases = {
        "pending": ~movements["booked"].to_numpy(),
        "returned": (amount < 0) & (reversal | taken_back),
        "came_back": (amount > 0) & reversal,
        "receipt": amount > 0,
    }
    return np.select(list(cases.values()), list(cases), "debit")


def _proved(statements: pd.DataFrame, movements: pd.DataFrame) -> pd.DataFrame:
    """Statements with what came in, what went out, and what their balances leave unexplained."""
    booked = movements[movements["booked"]]
    place, amount, size = booked["statement"].to_numpy(), booked["amount"].to_numpy(), len(statements)
    come_in = np.bincount(place, np.maximum(amount, 0.0), size)
    gone_out = np.bincount(place, np.maximum(-amount, 0.0), size)
    difference = (statements["opening"] + come_in - gone_out - statements["closing"]).round(2) + 0.0  # no -0.0
    entries = np.bincount(place, minlength=size)
    return statements.assign(money_in=come_in, money_out=gone_out, difference=difference, entries=entries)


def _repeated(statements: pd.DataFrame, doubts: _Doubts) -> "pd.Series[bool]":
    """Which statements are a copy of an earlier one.

    Some banks number all statements of a day alike: two of them differ in what they open with.

    Raises:
        ArlibError: two statements of one account, number and days open alike and hold different entries.
    """
    content = statements[[*_SAME, "number"]].join(statements[_CONTENT].round(2))
    says_something = statements["bank_account"].notna() | (statements["entries"] > 0)
    copies = content.duplicated() & says_something
    alike = content.groupby(list(content.columns), dropna=False).ngroup()
    first = alike.index.to_series().groupby(alike).transform("first")
    for place in copies.index[copies]:
        values = {"statement": _name(statements.loc[place]), "other": statements.loc[int(first[place]), "file"]}
        doubts.add(int(statements.loc[place, "source"]), "bank.statement_twice", **values)
    key = [*_SAME, "number", "opening"]
    rest = statements[~copies & statements[key].notna().all(axis=1)]
    clash = rest[rest.duplicated(key)]
    if len(clash):
        later = clash.iloc[0]
        same = (rest[key] == later[key]).all(axis=1)
        values = {"statement": _name(later), "file": later["file"], "other": rest.loc[same, "file"].iloc[0]}
        raise ArlibError(say("bank.statement_differs", **values))
    return copies


def _name(statement: "pd.Series[Any]") -> str:
    """What a person calls a statement: account, number and last day, as far as they are known."""
    day = statement["closed_on"]
    parts = (statement["bank_account"], statement["number"], "" if pd.isna(day) else f"{day:%Y-%m-%d}")
    return " ".join(str(part) for part in parts if not pd.isna(part) and part) or "–"


def _doubt_ties(statements: pd.DataFrame, doubts: _Doubts) -> None:
    for _, each in statements[statements["difference"].abs() >= HALF_CENT].iterrows():
        values = {name: float(each[name]) for name in ("opening", "money_in", "money_out", "closing", "difference")}
        doubts.add(int(each["source"]), "bank.not_tied", statement=_name(each), **values)


def _doubt_gaps(statements: pd.DataFrame, doubts: _Doubts) -> None:
    """Statements that do not open with what the one before them closed with."""
    for _, group in statements.sort_values("closed_on", kind="stable").groupby(["bank_account", "currency"]):
        step = group["opening"] - group["closing"].shift()
        places = list(group.index)
        for before, after in pairwise(places):
            if abs(step[after]) >= HALF_CENT:
                earlier, later = group.loc[before], group.loc[after]
                values = {"closing": float(earlier["closing"]), "opening": float(later["opening"])}
                doubts.add(int(later["source"]), "bank.gap", before=_name(earlier), after=_name(later), **values)


def _doubt_overlaps(
    statements: pd.DataFrame, movements: pd.DataFrame, extracts: Sequence[Extract], doubts: _Doubts
) -> None:
    """Receipts that stand in an earlier file too, and accounts given both as statements and as notifications."""
    received = movements[movements["kind"].isin(["receipt", "returned"])]
    key = received[["bank_account", "currency", "received_on", "amount", "remittance"]].copy()
    key["amount"] = key["amount"].round(2)
    first = received.groupby([key[name] for name in key], dropna=False)["source"].transform("min")
    for place, found in received[received["source"] > first].groupby("source"):
        other = doubts.files[int(first[found.index[0]])]
        doubts.add(int(str(place)), "bank.overlap", rows=len(found), sums=_sums(found), other=other)
    formats = statements["source"].map(lambda place: extracts[place].source.format)
    for account, group in formats.groupby(statements["bank_account"]):
        kinds = sorted(set(group))
        if len(kinds) > 1 and any("camt.05" in kind for kind in kinds):
            last = int(statements.loc[group.index, "source"].max())
            doubts.add(last, "bank.mixed_kinds", account=str(account), kinds=", ".join(kinds))


def _story(extract: Extract, statements: pd.DataFrame, movements: pd.DataFrame, place: int) -> list[Sentence]:
    """What was read of a file, and what was left out of the receipts."""
    own = movements[movements["source"] == place]
    count = int((statements["source"] == place).sum())
    received = own[own["kind"] == "receipt"]
    family = "camt" if extract.source.format.startswith("camt") else extract.source.format
    values = {"format": say(f"bank.format.{family}"), "statements": count, "movements": len(own), "rows": len(received)}
    story = [say("bank.read", **values, sums=_sums(received))]
    for kind in ("returned", "debit", "came_back", "pending"):
        part = own[own["kind"] == kind]
        if len(part):
            story.append(say(f"bank.left.{kind}", rows=len(part), sums=_sums(part)))
    return story


def _sums(movements: pd.DataFrame) -> list[Sentence] | str:
    """The sum of movements in each currency; currencies are never added up."""
    totals = movements["amount"].groupby(movements["currency"].astype("str").fillna("")).sum()
    keys = {True: "bank.sum", False: "bank.sum_alone"}
    return [say(keys[bool(name)], amount=float(total), currency=name) for name, total in totals.items()] or "–"
