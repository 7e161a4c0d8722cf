"""CFONB 120, the French statement: old balance (01), movements (04), their complements (05), new balance (07)."""

import re
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Place, Problem
from arlib.ledger import Source
from arlib.readers.bank.extract import TEXTS, Extract, account_of, reference_of
from arlib.readers.cells import dates
from arlib.readers.sources import RawSource
from arlib.words import say

_WIDTH = 120
_RECORDS = ("01", "04", "05", "07")
_SIGNS = "{ABCDEFGHI}JKLMNOPQR"  # the last digit of an amount and its sign in one character: plus, then minus
_FRENCH = str.maketrans("éè", "{}")  # the same two characters in the French national set
_AMOUNT = r"[0-9]{13}[{}A-R]"
_FULL = 70  # characters of a complement: a full one goes on in the next
_LABELS = ("LIB", "LCC", "LC2", "LCS")
_RETURN = "RET"
_CENTURY = 80


def is_cfonb(head: str) -> bool:
    """Whether a text begins with the balance record of a French statement."""
    first = head.lstrip("\ufeff\r\n ")[:_WIDTH].translate(_FRENCH)
    return re.match(rf"01[0-9]{{5}}.{{4}}[0-9]{{5}}[A-Z ]{{3}}.{{71}}{_AMOUNT}", first) is not None


def read_cfonb(raw: RawSource, text: str) -> Extract:
    """Every statement of a file, whether its records stand on lines or follow one another.

    Raises:
        ArlibError: records that are too long or of no known kind, amounts or dates that cannot be: all, by row.
    """
    records = _records(text)
    kind = records.str.slice(0, 2)
    moves, balances = kind == "04", kind.isin(["01", "07"])
    amounts = _amounts(records)
    days = dates(_dates(records.str.slice(34, 40)), day_comes_first=True)
    wrong = {
        "bank.record": ~kind.isin(_RECORDS) | (records.str.len() > _WIDTH),
        "bank.record_amount": (moves | balances) & amounts.isna(),
        "bank.record_date": (moves | balances) & days.values.isna(),
        "bank.record_alone": (kind == "05") & (kind.where(kind != "05").ffill() != "04"),
    }
    _refuse(raw.name, records, wrong)
    statement = _numbered(kind, _accounts(records))
    movements = _movements(records[moves], statement[moves], amounts[moves], days.values[moves])
    complements = _complements(records[kind == "05"], moves.cumsum()[kind == "05"])
    movements = _completed(movements, complements)
    source = Source(raw.name, raw.sha256, "cfonb120")
    return Extract(source, _statements(records, kind, statement, amounts, days.values), movements)


def _records(text: str) -> "pd.Series[Any]":
    """The records by line number; where they follow one another without line ends, by their order."""
    flat = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in flat.rstrip("\n"):
        flat = flat.strip("\n")
        lines = [flat[start : start + _WIDTH] for start in range(0, len(flat), _WIDTH)]
    else:
        lines = flat.split("\n")
    records = pd.Series([line.rstrip() for line in lines], index=range(1, len(lines) + 1), dtype="str")
    return records[records.str.len() > 0].str.pad(_WIDTH, side="right")


def _amounts(records: "pd.Series[Any]") -> "pd.Series[Any]":
    written = records.str.slice(90, 104).str.translate(_FRENCH)
    allowed = written.str.fullmatch(_AMOUNT)
    last = written.str.slice(13).map({sign: place for place, sign in enumerate(_SIGNS)})
    digits = pd.to_numeric(written.str.slice(0, 13).where(allowed), errors="coerce") * 10 + last % 10
    decimals = pd.to_numeric(records.str.slice(19, 20).where(lambda digit: digit.str.fullmatch("[0-9]")))
    values: pd.Series[Any] = digits.where(last < 10, -digits) / 10.0 ** decimals.fillna(2)  # noqa: PLR2004 - the plus half
    return values


def _dates(written: "pd.Series[Any]") -> "pd.Series[Any]":
    """`DDMMYY` as `YYYYMMDD`; anything else missing."""
    day = written.where(written.str.fullmatch("[0-9]{6}"))
    years = pd.to_numeric(day.str.slice(4)).where(lambda year: year.notna(), 0).astype(int)
    century = pd.Series(np.where(years >= _CENTURY, "19", "20"), index=written.index, dtype="str")
    return century + day.str.slice(4) + day.str.slice(2, 4) + day.str.slice(0, 2)


def _refuse(name: str, records: "pd.Series[Any]", wrong: "dict[str, pd.Series[bool]]") -> None:
    problems = [
        (row, Problem(Place(name, row=row), say(key, value=records[row].strip()[:_WIDTH])))
        for key, where in wrong.items()
        for row in where.index[where]
    ]
    if problems:
        raise ArlibError(problems=[problem for _, problem in sorted(problems, key=lambda pair: pair[0])])


def _numbered(kind: "pd.Series[Any]", account: "pd.Series[Any]") -> "pd.Series[Any]":
    """The statement of each record: one begins at each 01, after a 07, and wherever the account changes."""
    after = kind.shift().where(kind.shift().notna(), "07") == "07"
    changed = account.ne(account.shift()) & kind.ne("05")
    return ((kind == "01") | after | changed).cumsum() - 1


def _accounts(records: "pd.Series[Any]") -> "pd.Series[Any]":
    """Bank, branch and account number, as a French RIB has them."""
    return records.str.slice(2, 7) + records.str.slice(11, 16) + records.str.slice(21, 32)


def _movements(
    records: "pd.Series[Any]", statement: "pd.Series[Any]", amounts: "pd.Series[Any]", days: "pd.Series[Any]"
) -> pd.DataFrame:
    value_on = dates(_dates(records.str.slice(42, 48)), day_comes_first=True).values
    return pd.DataFrame(
        {
            "statement": statement,
            "row": records.index,
            "received_on": days,
            "value_on": value_on,
            "amount": amounts,
            "reversal": records.str.slice(40, 42).str.strip() != "",  # why a payment was rejected
            "booked": True,
            "remittance": records.str.slice(48, 79).str.strip(),
            "reference": records.str.slice(104, 120).map(reference_of),
            "transaction_code": records.str.slice(32, 34).str.strip(),
        }
    ).reset_index(drop=True)


def _complements(records: "pd.Series[Any]", movement: "pd.Series[Any]") -> pd.DataFrame:
    """The complements, one row a movement and one column a qualifier."""
    text = records.str.slice(48, 118)
    part = text.str.rstrip().where(text.str.rstrip().str.len() < _FULL, text)
    frame = pd.DataFrame({"movement": movement - 1, "qualifier": records.str.slice(45, 48), "text": part})
    spaced = frame["text"].where(frame["text"].str.len() == _FULL, frame["text"] + " ")
    wide = spaced.groupby([frame["movement"], frame["qualifier"]]).sum().unstack()
    return pd.DataFrame(wide)


def _completed(movements: pd.DataFrame, complements: pd.DataFrame) -> pd.DataFrame:
    """Movements with the payer, the wording and the reference of their complements."""

    def of(qualifier: str) -> "pd.Series[Any]":
        empty = pd.Series(pd.NA, index=movements.index, dtype="str")
        text = complements[qualifier].reindex(movements.index).astype("str") if qualifier in complements else empty
        stripped = text.str.replace(r"\s+", " ", regex=True).str.strip()
        return stripped.where(stripped != "")

    def raw(qualifier: str, start: int, stop: int | None) -> "pd.Series[Any]":
        if qualifier not in complements:
            return pd.Series(pd.NA, index=movements.index, dtype="str")
        text: pd.Series[Any] = complements[qualifier].reindex(movements.index).astype("str").str.slice(start, stop)
        return text.where(text.str.strip() != "")

    wording = movements["remittance"] + " "
    for qualifier in _LABELS:
        wording += raw(qualifier, 0, None).fillna("")
    end_to_end = raw("RCN", 0, 35).map(reference_of, na_action="ignore")
    completed = movements.assign(
        remittance=wording.str.replace(r"\s+", " ", regex=True).str.strip(),
        payer=of("NPY").fillna(of("NPO")),
        payer_account=raw("CPY", 0, 35).map(account_of, na_action="ignore"),
        reference=end_to_end.astype("str").fillna(movements["reference"]),
        reversal=movements["reversal"] | of(_RETURN).notna(),
    )
    return completed.astype(dict.fromkeys(TEXTS, "str"))


def _statements(
    records: "pd.Series[Any]",
    kind: "pd.Series[Any]",
    statement: "pd.Series[Any]",
    amounts: "pd.Series[Any]",
    days: "pd.Series[Any]",
) -> pd.DataFrame:
    """One row a statement: account and currency of its records, balances of its first 01 and its last 07."""
    currency = records.str.slice(16, 19).str.strip()
    known = pd.DataFrame({"bank_account": _accounts(records), "currency": currency.where(currency != "")}).groupby(
        statement
    )
    frame = known.first()
    for code, balance, day, pick in (("01", "opening", "opened_on", "first"), ("07", "closing", "closed_on", "last")):
        each = pd.DataFrame({balance: amounts, day: days})[kind == code].groupby(statement[kind == code])
        frame = frame.join(getattr(each, pick)())
    number = pd.Series(pd.NA, index=frame.index, dtype="str")
    return frame.assign(number=number).reset_index(drop=True).astype({"bank_account": "str", "currency": "str"})
