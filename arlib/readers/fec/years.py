"""Several fiscal years of one company into one history: openings once, each item under its own date and letters."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from arlib.errors import ArlibError
from arlib.readers.fec.carried import History, added, period
from arlib.readers.reading import Reading
from arlib.words import say

_YEAR = pd.Timedelta(days=366)
_COMPANY = re.compile(r"(\d{9,14})FEC\d{8}", re.IGNORECASE)


def chain_years(readings: Sequence[Reading]) -> list[Reading]:
    """The readings with the FEC of each company chained: openings dropped where the year before explains them.

    Items keep their original dates and references. Letters belong to their own fiscal year; an item paid in a later
    one is settled by the letter of the opening line that repeats it. Where an opening is not the close of the year
    before, the difference is listed and becomes an item of the first day, so that what is open is the balance of
    the accounts of the later file on every day. A file without an opening goes on from the one before. A company is
    told by the number that the names of its files begin with.

    Returns:
        As many readings; the FEC stand by date in the places of the FEC. Their items have, in place of `_matching`, a
        column `_pass_…` for each turn of matching (`arlib.readers.matching.in_turn`).

    Raises:
        ArlibError: two files of one company cover the same days.
    """
    places = [place for place, reading in enumerate(readings) if reading.source.format == "fec"]
    result = list(readings)
    if len(places) > 1:
        files = [reading for company in _companies([readings[place] for place in places]) for reading in company]
        for place, reading in zip(places, files, strict=True):
            result[place] = reading
    return result


def _companies(files: Sequence[Reading]) -> list[list[Reading]]:
    """The files of each company, chained; several companies are several entities of the ledger."""
    names = [found[1] if (found := _COMPANY.match(reading.source.name)) else "" for reading in files]
    if len(set(names) - {""}) <= 1:  # a file whose name tells nothing is of the one company that is told
        return [_chained("", files)]
    chained = []
    for company in sorted(set(names)):
        own = [reading for reading, name in zip(files, names, strict=True) if name == company]
        chained.append([replace(each, items=each.items.assign(entity=company)) for each in _chained(company, own)])
    return chained


def _chained(company: str, files: Sequence[Reading]) -> list[Reading]:
    """The files of one company, by date, each with what is its own in the history of all."""
    ordered = sorted(files, key=lambda reading: (*period(reading), reading.source.name))
    _refuse_overlaps(ordered)
    history, told = History(company), []
    for reading, year in zip(ordered, _fiscal_years(ordered), strict=True):
        history, notes, warnings = added(history, reading, year)
        source = reading.source
        source = replace(source, reading=(*source.reading, *notes), warnings=(*source.warnings, *warnings))
        told.append(replace(reading, source=source, official=True))
    items, controls = history.items.drop(columns=["_left"]), history.controls
    return [
        replace(reading, items=_part(items, number), controls=_part(controls, number))
        for number, reading in enumerate(told)
    ]


def _part(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    return frame[frame["_part"] == number].drop(columns=["_part"]).reset_index(drop=True)


def _refuse_overlaps(ordered: Sequence[Reading]) -> None:
    for before, after in pairwise(ordered):
        (first, end), last = period(after), period(before)[1]
        if first <= last:
            names = {"file": after.source.name, "other": before.source.name}
            raise ArlibError(say("fec.overlap", first=first, last=min(end, last), **names))


def _fiscal_years(ordered: Sequence[Reading]) -> list[int]:
    """The fiscal year of each file: a file without an opening belongs to the year before it, while that lasts."""
    years, started = [0], period(ordered[0])[0]
    for reading in ordered[1:]:
        first, last = period(reading)
        new = bool(reading.items["_opening"].any()) or last - started >= _YEAR
        started = first if new else started
        years.append(years[-1] + new)
    return years
