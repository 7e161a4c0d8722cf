"""Dates that stand in texts: days and months are no numbers of invoices."""

from typing import Any

import pyarrow.compute as pc

_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_TWO = "(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])"  # a day and a month of two digits each, run together
_NAMES = (
    "JANV?(?:IER|UARY)?|FEVR?(?:IER)?|FEB(?:RUARY)?|MARS?|MARCH|AVR(?:IL)?|APR(?:IL)?|MAI|MAY|JUIN|JUNE?|JUIL(?:LET)?|"
    "JULY?|AOUT|AUG(?:UST)?|SEPT?(?:EMBRE|EMBER)?|OCT(?:OBRE|OBER)?|NOV(?:EMBRE|EMBER)?|DEC(?:EMBRE|EMBER)?"
)
_DATES = (
    f"{_DAY}[/.-]{_MONTH}[/.-](?:{_YEAR}|[0-9]{{2}})",
    f"{_DAY} {_MONTH} {_YEAR}",
    f"{_YEAR}[/.-]{_MONTH}(?:[/.-]{_DAY})?",
    f"{_MONTH}[/.-]{_YEAR}",
    f"(?:DU|LE|AU) {_DAY}[/.]{_MONTH}",
    f"(?:DU|LE|AU) {_TWO}(?:{_YEAR}|[0-9]{{2}})",
    f"(?:{_DAY} )?(?:{_NAMES})\\.? ?(?:{_YEAR}|[0-9]{{2}})?",
)
_BEFORE, _AFTER = "(^|[^0-9A-Z/.-])", "($|[^0-9A-Z/.-]|[/.-](?:$|[^0-9]))"
_TWICE = 2  # the sign between two dates is of both: what follows it is found the second time


def undated(capital: Any) -> Any:  # noqa: ANN401 - arrow arrays
    """Texts in capitals without the dates in them: 12/03/2025, 2025-03-12, 03/2025, MARS 2025, DU 12/03."""
    pattern = f"{_BEFORE}(?:{'|'.join(_DATES)}){_AFTER}"
    for _ in range(_TWICE):
        capital = pc.replace_substring_regex(capital, pattern, r"\1 \2")
    return capital
