"""The day a list says it is of: in its title block ("Arrêté au 31/12/2024"), else in the name of its sheet or file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from arlib.readers.cells import day_first
from arlib.words import bare

_MONTH_NAMES = (
    ("jan", "ene", "gen"),
    ("feb", "fev"),
    ("mar", "mrz"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott"),
    ("nov",),
    ("dec", "dez", "dic"),
)
_MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, 1) for name in names}
_NAME = r"[a-z]{3,10}\.?"
_DATE = re.compile(
    r"(?<![\d.,/-])(?:"
    r"(?P<year>\d{4})[-/._](?P<month>\d{1,2})[-/._](?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})[-/._ ](?P<second>\d{1,2})[-/._ ](?P<third>\d{4}|\d{2})"
    rf"|(?P<named_day>\d{{1,2}})(?:er|st|nd|rd|th|\.)?[- ]*(?:de )?(?P<name>{_NAME})[- ,]*(?:del? )?"
    r"(?P<named_year>\d{4}|\d{2})"
    rf"|(?P<us_name>{_NAME}) (?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<us_year>\d{{4}})"
    r"|(?P<compact>20\d{6})|(?P<compact_day_first>\d{4}20\d{2})"
    r")(?!\d|[-/.]\d)"
)
# The day of a list, in the order in which a statement of it is believed.
_OF_THE_DAY = re.compile(
    r"\b(?:as (?:of|at|on)|situation au|arrete[es]*(?: (?:au|le|en date du|a la date du))?|a la date du"
    r"|balance (?:agee )?au|stichtag|per stichtag|stand(?: vom| per)?|a fecha(?: de| del)?|al dia"
    r"|situazione al|alla data(?: del)?|report date|aged as of|aging date|aging as of|date d arrete|date de situation"
    r"|date de reference)\b[ :]*$"
)
_TO_THE_DAY = re.compile(
    r"\b(?:au|to|until|through|thru|bis|al|hasta|jusqu au|per|zum|ending|ended|clos le|a)\b[ :]*$|-\s*$"
)
_PRINTED = re.compile(
    r"\b(?:imprime|edite|edition|tirage|tire|genere|export|exporte|cree|extrait|printed|generated|created|exported|run"
    r"|gedruckt|druckdatum|erstellt|erzeugt|impreso|impresion|generado|stampa|stampato|generato)\b[a-z :]*$"
)
_STARTS = re.compile(r"\b(?:du|from|since|debut|depuis|vom|von|desde|dal|starting|ab)\b[ :]*$")
_ALONE, _FROM_ON, _PRINTED_ON = 2, 3, 4  # a date without a word; the first day of a period; the day of printing
_CENTURY = 2000
_PLAUSIBLE = (1990, 2100)  # years of a list


def as_of_stated(
    title_rows: Iterable[Sequence[Any]], name: str, dated: Sequence["pd.Series[Any]"] = (), sheet: str = ""
) -> pd.Timestamp | None:
    """The day a list is of: what its title block says ("As of 31 December 2025"), else the day in a name.

    Of a period, its last day; the day of printing is not the day of the list. None where nothing says it.

    Args:
        title_rows: the rows above the headings.
        name: the name of the file.
        dated: columns of dates, whose order decides where `03/04/2025` in the title could be read two ways.
        sheet: the name of the sheet, believed before that of the file.
    """
    said = [each for row in title_rows for each in _statements(row, dated)]
    printed = max((day for rank, day in said if rank == _PRINTED_ON), default=date.max)
    believed = [each for each in said if each[0] != _PRINTED_ON]
    if believed:  # a period may end after the day its list was printed
        return pd.Timestamp(min(min(believed, key=lambda each: each[0])[1], printed))
    named = _days_in(sheet, dated) or _days_in(name.rpartition(".")[0] or name, dated)
    return pd.Timestamp(named[-1]) if named else None


def _days_in(name: str, dated: Sequence["pd.Series[Any]"]) -> list[date]:
    """The days in a name, none of whose figures are short of a whole year: `v1.2.24` is a version."""
    text = re.sub(r"(?<=[a-z])(?=\d)|_", " ", bare(name).lower())
    dates = [found for found in _DATE.finditer(text) if len(found["third"] or found["named_year"] or "year") > 2]  # noqa: PLR2004
    return [day for found in dates if (day := _day(found, dated))]


def _statements(row: Sequence[Any], dated: Sequence["pd.Series[Any]"]) -> Iterator[tuple[int, date]]:
    """Every day a row of the title names, with how much it looks like the day of the list: 0 says so."""
    before = ""
    for cell in row:
        if isinstance(cell, datetime | date):
            day = date(cell.year, cell.month, cell.day)
            yield _rank(before), day
            continue
        text = " ".join(re.sub(r"[’']", " ", bare(str(cell)).lower()).split())
        for found in _DATE.finditer(text):
            if stated := _day(found, dated):
                yield _rank(f"{before} {text[: found.start()]}"), stated
        before = text or before


def _rank(before: str) -> int:
    """How much the words before a date make it the day of the list, 0 the most, down to the day of printing."""
    for rank, words in enumerate((_OF_THE_DAY, _TO_THE_DAY)):
        if words.search(before):
            return rank
    return _FROM_ON if _STARTS.search(before) else _PRINTED_ON if _PRINTED.search(before) else _ALONE


def _day(found: "re.Match[str]", dated: Sequence["pd.Series[Any]"]) -> date | None:
    part = {name: value for name, value in found.groupdict().items() if value}
    if "first" in part:
        return _either(int(part["first"]), int(part["second"]), _year(part["third"]), dated)
    if "name" in part or "us_name" in part:
        month = _MONTHS.get((part.get("name") or part["us_name"]).rstrip(".")[:4], 0) or _MONTHS.get(
            (part.get("name") or part["us_name"])[:3], 0
        )
        return _valid(
            _year(part.get("named_year") or part["us_year"]), month, int(part.get("named_day") or part["us_day"])
        )
    if compact := part.get("compact"):
        return _valid(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
    if compact := part.get("compact_day_first"):
        return _valid(int(compact[4:]), int(compact[2:4]), int(compact[:2]))
    return _valid(int(part["year"]), int(part["month"]), int(part["day"]))


def _either(first: int, second: int, year: int, dated: Sequence["pd.Series[Any]"]) -> date | None:
    """A date in figures: the only order that makes one, else that of the columns, else day first."""
    by_day, by_month = _valid(year, second, first), _valid(year, first, second)
    if by_day is None or by_month is None or by_day == by_month:
        return by_day or by_month
    order = day_first(dated) if dated else None
    return by_month if order is False else by_day


def _year(written: str) -> int:
    return int(written) + (_CENTURY if len(written) == 2 else 0)  # noqa: PLR2004 - two digits


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _PLAUSIBLE[0] <= year <= _PLAUSIBLE[1] else None
    except ValueError:
        return None
