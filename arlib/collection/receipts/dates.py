"""Dates that stand in texts: days and months are no numbers of invoices."""

import re
from typing import Any

import numpy as np
import pyarrow as pa
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
_PATTERN = f"{_BEFORE}(?:{'|'.join(_DATES)}){_AFTER}"
_FOUND = re.compile(f"(?<![0-9A-Z/.-])(?:{'|'.join(_DATES)})(?=$|[^0-9A-Z/.-]|[/.-](?:$|[^0-9]))")
_SIGNS = re.compile("[^0-9A-Z]+")
_TWICE = 2  # the sign between two dates is of both: what follows it is found the second time


def dates_in(capital: Any) -> Any:  # noqa: ANN401 - arrow arrays
    """The dates in texts in capitals, each one word without its signs, between spaces."""
    dated = np.flatnonzero(pc.match_substring_regex(capital, _PATTERN).to_numpy(zero_copy_only=False))
    texts = capital.take(pa.array(dated)).to_pylist()
    found = [" ".join(_SIGNS.sub("", text) for text in _FOUND.findall(each)) for each in texts]
    whole = np.full(len(capital), "", dtype=object)
    whole[dated] = found
    return pa.array(whole, pa.large_string())


def undated(capital: Any) -> Any:  # noqa: ANN401 - arrow arrays
    """Texts in capitals without the dates in them: 12/03/2025, 2025-03-12, 03/2025, MARS 2025, DU 12/03."""
    for _ in range(_TWICE):
        capital = pc.replace_substring_regex(capital, _PATTERN, r"\1 \2")
    return capital
