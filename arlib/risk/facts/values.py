"""The values of facts: statuses, ratings, decisions, money, shares and dates, each kind on its whole column."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.cells import currency_marks, read_amounts, texts
from arlib.readers.headings import plain
from arlib.risk.facts.card import BANQUE_DE_FRANCE, OpinionCard
from arlib.risk.facts.facts import LINES
from arlib.risk.facts.vocabulary import meanings, status_of
from arlib.words import Sentence, say

_SIGNED = ("ebitda", "ebit", "equity", "permanent_capital", "working_capital", "retained_earnings", "value_added")
_EUROS = "EUR"
_SHOWN = 5
_LONGEST = 80  # letters of a cell that an error shows
_LARGEST_RATE = 0.15  # of a sector's companies that fail in a year; a larger figure without % is in percents
_READ = {"fact": "str", "value": "str", "amount": "float64", "day": "datetime64[s]", "scale": "str"}


@dataclass(frozen=True, eq=False)
class Values:
    """What was read of rows of facts, by row: `fact, value, amount, day, scale`; and why a row could not be read.

    A status becomes a fact of the registry or of a proceeding, a rating one whoever gives it.
    """

    read: pd.DataFrame
    wrong: Mapping[int, Sentence]
    notes: tuple[Sentence, ...] = ()


def read_values(stated: pd.DataFrame, card: OpinionCard, likely: str | None) -> Values:
    """The values of rows with `fact, value, source, known_on`, and `founded_on`, the value as a date.

    `likely` is the decimal mark that goes with the separator of the file.
    """

    def of(*facts: str) -> pd.DataFrame:
        return stated[stated["fact"].isin(facts)]

    parts = [
        _statuses(of("status")),
        _ratings(of("rating", "banque_de_france"), card),
        _founded(of("founded_on")),
        _rates(of("sector_failure_rate")),
        _worded(of("payment_method")),
        _money(of("cover", "guarantee", *LINES), likely),
    ]
    read = pd.concat([part.read.reindex(columns=list(_READ)).astype(_READ) for part in parts]).reindex(stated.index)
    wrong = {row: why for part in parts for row, why in part.wrong.items()}
    return Values(read, wrong, tuple(note for part in parts for note in part.notes))


def shares(cells: "pd.Series[Any]", *, largest: float) -> "tuple[pd.Series[Any], pd.Series[bool]]":
    """Shares from 0 to 1 of cells such as `90 %`, `0,9` and, above 1, `90`; and which cells are none.

    A figure without a percent sign is a share where it is at most `largest`, a percentage where it is above 1, and
    none between the two, where it could be either.
    """
    written = texts(cells)
    signed = written.str.endswith("%").fillna(value=False).astype(bool)
    figures = read_amounts({"share": written.str.removesuffix("%").str.strip()}, likely=",").columns["share"]
    percents = signed | (figures.values > 1)
    read = figures.values.where(~percents, figures.values / 100)
    wrong = figures.wrong | (read < 0) | (read > 1) | (~percents & (read > largest))
    return read.where(~wrong), wrong


def _statuses(stated: pd.DataFrame) -> Values:
    written = texts(stated["value"])
    known = {text: status_of(text, letters=True) for text in written.dropna().unique()}
    read = {text: status for text, status in known.items() if status is not None}
    columns = {name: written.map({text: getattr(status, name) for text, status in read.items()})
               for name in ("fact", "value")}  # fmt: skip
    wrong = _refused(stated, ~written.isin(list(read)), "risk.facts.not_status")
    return Values(pd.DataFrame(columns, index=stated.index), wrong)


def _ratings(stated: pd.DataFrame, card: OpinionCard) -> Values:
    written, source = texts(stated["value"]).fillna(""), stated["source"].fillna("")
    agency = source.where(stated["fact"] == "rating", BANQUE_DE_FRANCE)
    found = [card.rating(*each) for each in zip(written, agency, stated["known_on"], strict=True)]
    pairs = [each or (pd.NA, pd.NA) for each in found]
    read = pd.DataFrame(pairs, index=stated.index, columns=["scale", "value"]).assign(fact="rating")
    return Values(read, _refused(stated, read["scale"].isna(), "risk.facts.not_rating"))


def _founded(stated: pd.DataFrame) -> Values:
    read = stated[["fact"]].assign(day=stated["founded_on"])
    return Values(read, _refused(stated, read["day"].isna(), "risk.facts.not_founded"))


def _rates(stated: pd.DataFrame) -> Values:
    read, wrong = shares(stated["value"], largest=_LARGEST_RATE)
    return Values(stated[["fact"]].assign(amount=read), _refused(stated, wrong | read.isna(), "risk.facts.not_rate"))


def _worded(stated: pd.DataFrame) -> Values:
    read = stated[["fact"]].assign(value=_words("payment_method", stated["value"]))
    return Values(read, _refused(stated, read["value"].isna(), "risk.facts.not_payment_method"))


def _money(stated: pd.DataFrame, likely: str | None) -> Values:
    """Amounts, and the words that stand for one: a cover refused, a guarantee by its kind."""
    fact = stated["fact"]
    words = pd.concat([_words(kind, stated.loc[fact == kind, "value"]) for kind in ("cover", "guarantee")])
    words = words.reindex(stated.index)
    parsed = read_amounts({"value": stated["value"].where(words.isna(), "")}, likely=likely)
    amount, note = parsed.columns["value"].values, parsed.decimal.sentence()
    decided = fact.isin(("cover", "guarantee"))
    read = stated[["fact"]].assign(value=words.mask(decided & words.isna(), "amount"), amount=amount)
    wrong = (
        _refused(stated, decided & words.isna() & ~(amount > 0), "risk.facts.not_cover")
        | _refused(stated, ~decided & amount.isna(), "read.not_amount")
        | _refused(stated, ~decided & ~fact.isin(_SIGNED) & (amount < 0), "risk.facts.negative")
    )
    notes = [] if note is None else [note]
    return Values(read, wrong, (*notes, *_in_currencies(stated["value"][amount.notna()])))


def _in_currencies(cells: "pd.Series[Any]") -> list[Sentence]:
    """That amounts name currencies, which nothing converts: none is said where all are in euros, or say nothing."""
    marks = currency_marks(cells).dropna()
    if set(marks) <= {_EUROS}:
        return []
    rows = marks.index[marks != _EUROS]
    said = ", ".join(sorted(set(marks)))
    return [say("risk.facts.currencies", currencies=said, facts=len(rows), examples=", ".join(map(str, rows[:_SHOWN])))]


def _refused(stated: pd.DataFrame, wrong: "pd.Series[bool]", key: str) -> dict[int, Sentence]:
    """Rows whose value cannot be read, with the sentence that says so."""
    cells = stated["value"]
    return {int(row): say(key, value=shown(cells[row])) for row in stated.index[wrong]}


def _words(kind: str, cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The meaning of cells that are words of a kind; missing in the others."""
    return texts(cells).map(plain, na_action="ignore").map(meanings(kind)).astype("str")


def shown(cell: Any) -> str:  # noqa: ANN401 - any cell
    """A cell as an error shows it, not too long."""
    missing = cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell))
    text = "" if missing else " ".join(str(cell).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
