"""What is known of the lists a software exports, as a value; written as YAML, and made from a reading."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from arlib.errors import ArlibError, Place, Problem
from arlib.ledger import Ledger, Source
from arlib.readers.headings import plain
from arlib.words import say

OneOf = tuple[str, ...]  # headings of which one is meant


@dataclass(frozen=True)
class Profile:
    """What is known of a list before it is read; whatever is not said is recognised.

    Attributes:
        name: what it is called.
        software: the software it is of, as a person says it.
        signature: the headings that make the list known by itself.
        columns: the headings that stand for a field, the first found being taken.
        optional: fields whose column may be missing.
        sheet: the sheet of a workbook.
        header: the row of the headings.
        stated_on: the day the list is of, where neither its title nor its name says it.
        decimal: the decimal mark, "," or ".".
        dates: "day first" or "month first".
        kinds: what each code of the type column is.
        positive: kinds that reduce what is owed and are written positive.
        signed: kinds that reduce what is owed and are written with their sign.
        ignore: rows left out, by heading and values.
        terms: what each code of payment terms means.
        currency: that of amounts that name none.
        accounts: beginnings of the accounts of customers.
        tax: whether a column of tax holds "rates" or "amounts".
        sense: whether amounts beside a column of debit and credit are "signed" already or "unsigned".
        expenses: whether negative rows of parties never invoiced are expenses, "left out", or "none".
    """

    name: str = ""
    software: str = ""
    signature: tuple[OneOf, ...] = ()
    columns: Mapping[str, OneOf] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    sheet: str | None = None
    header: int | None = None
    stated_on: date | None = None
    decimal: str | None = None
    dates: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    positive: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    ignore: Mapping[str, OneOf] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    accounts: tuple[str, ...] = ()
    tax: str | None = None
    sense: str | None = None
    expenses: str | None = None

    def matches(self, there: AbstractSet[str]) -> bool:
        """Whether a list is of this software: every heading of the signature is among its plain headings."""
        return bool(self.signature) and all({plain(each) for each in one} & there for one in self.signature)

    def save(self, path: str | Path) -> None:
        """Writes the profile as a YAML file that `read_profile` reads back as the same value."""
        said = {each.name: _written(getattr(self, each.name)) for each in fields(self) if getattr(self, each.name)}
        text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100)
        Path(path).write_text(text, encoding="utf-8")


UNKNOWN = Profile()  # of a software nobody named: everything is recognised


def known_columns(profile: Profile, headings: Iterable[str]) -> dict[str, str]:
    """The heading that stands for each field a profile names, `{field: heading}`, of those that are there."""
    there: dict[str, str] = {}
    for heading in headings:
        there.setdefault(plain(heading), heading)
    found = {}
    for meant, names in profile.columns.items():
        known = [there[plain(name)] for name in names if plain(name) in there]
        if known:
            found[meant] = known[0]
    return found


def refuse_missing(profile: Profile, headings: Iterable[str], file: str, *, but: Iterable[str] = ()) -> None:
    """Raises where none of the headings of a field that is not optional, nor one of `but`, is there; names them all."""
    headings = list(headings)
    missing = set(profile.columns) - {*profile.optional, *but, *known_columns(profile, headings)}
    if missing:
        wanted = [" / ".join(profile.columns[meant]) for meant in profile.columns if meant in missing]
        shown = ", ".join(headings)
        said = say(
            "profile.no_heading", profile=profile.name or profile.software, wanted="; ".join(wanted), headings=shown
        )
        raise ArlibError(problems=[Problem(Place(file), said)])


def profile_of(read: Ledger | Source) -> Profile:
    """The profile that repeats the reading of a ledger exactly, on the same file and on the next of its kind.

    It holds what was decided on the whole file: columns, sheet, row of the headings, decimal mark, order of day and
    month, which kinds are written positive; so that next month's file, which may decide nothing, is read alike.

    Raises:
        ArlibError: the ledger is of several files (give one of `ledger.sources`), or of none whose columns were
            recognised.
    """
    if isinstance(read, Ledger):
        if len(read.sources) != 1:
            raise ArlibError(say("profile.several", files=", ".join(source.name for source in read.sources)))
        return profile_of(read.sources[0])
    if not read.decided:
        raise ArlibError(say("profile.nothing", file=read.name))
    return Profile(**read.decided)


def _written(value: Any) -> Any:  # noqa: ANN401 - any value of a profile
    """A value of a profile as YAML has it: lists for tuples, and the one heading of a list of one."""
    if isinstance(value, Mapping):
        return {key: _one_or_all(each) for key, each in value.items()}
    return [_one_or_all(each) for each in value] if isinstance(value, tuple) else value


def _one_or_all(value: Any) -> Any:  # noqa: ANN401 - a text, or several
    if not isinstance(value, tuple):
        return value
    return value[0] if len(value) == 1 else list(value)
