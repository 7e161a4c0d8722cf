"""MT940 (SWIFT), with or without its envelope: statements, balances and statement lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from arlib.errors import ArlibError, Place, Problem
from arlib.ledger import Source
from arlib.readers.bank.extract import (
    Extract,
    Movement,
    Statement,
    account_of,
    day_of,
    is_iban,
    movements_frame,
    plain_amount,
    reference_of,
    short_date,
    statements_frame,
)
from arlib.readers.bank.wordings import wording_of
from arlib.readers.sources import RawSource, refuse
from arlib.words import say

_TAG = re.compile(r":([0-9]{2}[A-Z]?):")
_END = re.compile(r"-(?:\}.*|X*)?\s*")  # what closes a message: "-", "-}", "-XXX"
_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?(?P<mark>[RE]?[CD])[A-Z]? ?(?P<amount>[0-9]+(?:[.,][0-9]*)?)"
    r"(?P<type>[A-Z][A-Z0-9]{3})?(?P<reference>.*)"
)
_BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>[0-9]{6})(?P<currency>[A-Z]{3})(?P<amount>[0-9]+(?:[.,][0-9]*)?)")
_RETURNED_ITEM = "NRTI"
_HALF_YEAR = 183  # days: an entry further than that from its value date belongs to the year before or after


class _Field(NamedTuple):
    tag: str
    lines: list[str]
    row: int


def is_mt940(head: str) -> bool:
    """Whether the beginning of a text holds the account and a balance or a line of a SWIFT statement."""
    return all(re.search(pattern, head, re.MULTILINE) for pattern in (r"^:25[A-Z]?:", r"^:(?:60[FM]|61|34F):"))


def read_mt940(raw: RawSource, text: str) -> Extract:
    """Every statement of a file.

    Raises:
        ArlibError: lines or balances that are not what the norm says: all of them, by row.
    """
    reading = _SwiftReading(raw.name)
    for each in _fields(text):
        reading.add(each)
    reading.close_line()
    if reading.problems:
        raise ArlibError(problems=reading.problems)
    if not reading.statements:
        raise refuse(raw.name, "bank.not_a_statement")
    source = Source(raw.name, raw.sha256, "mt940")
    return Extract(source, statements_frame(reading.statements), movements_frame(reading.movements))


def _fields(text: str) -> Iterator[_Field]:
    """The fields of every message, each with its continuation lines; headers and trailers left out."""
    current: _Field | None = None
    for row, written in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = written.rpartition("{4:")[2] if written.startswith(("{", "-}")) else written
        found = _TAG.match(line)
        if found is not None:
            if current is not None:
                yield current
            current = _Field(found[1], [line[found.end() :].rstrip()], row)
        elif _END.fullmatch(line) or written.startswith(("{", "-}")):
            if current is not None:
                yield current
            current = None
        elif current is not None and line.strip():
            current.lines.append(line.rstrip())
    if current is not None:
        yield current


@dataclass
class _SwiftReading:
    """What has been read of a file so far; a statement line waits for the field that words it."""

    name: str
    statements: list[Statement] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _line: Movement | None = None
    _details: str = ""

    def add(self, each: _Field) -> None:
        """One field; a statement begins at `:20:`, or at whatever cannot stand twice in one."""
        if each.tag != "86":
            self.close_line()
        begins = {"20": "20", "25": "25", "25P": "25", "60F": "60", "60M": "60"}.get(each.tag)
        if begins is not None and (begins == "20" or begins in self._seen or not self._seen):
            self.statements.append(Statement(None, None, None))
            self._seen = set()
        self._seen |= {begins or each.tag}
        if each.tag == "61":
            self._open_line(each)
        elif each.tag == "86" and self._line is not None:
            self._word(each.lines)
        elif self.statements:
            self._describe(each)

    def _describe(self, each: _Field) -> None:
        """What a field says of the statement as a whole."""
        statement = self.statements[-1]
        text = each.lines[0].strip()
        if each.tag in ("25", "25P"):
            self.statements[-1] = statement._replace(bank_account=account_of(text))
        elif each.tag in ("28", "28C"):
            self.statements[-1] = statement._replace(number=text or None)
        elif each.tag == "34F" and statement.currency is None:  # an interim report gives no balance, but its currency
            self.statements[-1] = statement._replace(currency=text[:3] or None)
        elif each.tag in ("60F", "60M", "62F", "62M"):
            self._balance(statement, each.tag, text, each.row)

    def _balance(self, statement: Statement, tag: str, text: str, row: int) -> None:
        found = _BALANCE.fullmatch(text)
        amount, day = (plain_amount(found["amount"]), short_date(found["day"])) if found else (None, None)
        if found is None or amount is None or day is None:
            self._refuse(row, "bank.balance", text)
            return
        # Some banks write the currency of an account behind its number.
        account = account_of((statement.bank_account or "").removesuffix(found["currency"]))
        known = statement._replace(currency=found["currency"], bank_account=account)
        signed = amount if found["mark"] == "C" else -amount
        opens = tag.startswith("60")
        self.statements[-1] = (
            known._replace(opening=signed, opened_on=day) if opens else known._replace(closing=signed, closed_on=day)
        )

    def _open_line(self, each: _Field) -> None:
        """A statement line, which the next field may word."""
        if not self.statements:
            self.statements.append(Statement(None, None, None))
        found = _LINE.fullmatch(each.lines[0].strip())
        value_on = short_date(found["value"]) if found else None
        amount = plain_amount(found["amount"]) if found else None
        booked_on = None if found is None or value_on is None else _entry_day(found["entry"], value_on)
        if found is None or amount is None or booked_on is None:
            self._refuse(each.row, "bank.line", each.lines[0].strip())
            return
        mark, code, reference = found["mark"], found["type"], found["reference"].partition("//")[0]
        credit = mark in ("C", "EC", "RD")  # a reversed debit gives the money back
        self._details = " ".join(each.lines[1:])
        self._line = Movement(
            statement=len(self.statements) - 1,
            row=each.row,
            received_on=booked_on,
            value_on=value_on,
            amount=amount if credit else -amount,
            reversal=mark.startswith("R") or code == _RETURNED_ITEM,
            booked=not mark.startswith("E"),
            remittance=" ".join(self._details.split()) or None,
            reference=None if is_iban(reference) else reference_of(reference),
            transaction_code=code,
        )

    def _word(self, lines: list[str]) -> None:
        """The wording of the waiting line; a second one adds to the first."""
        line, wording = self._line, wording_of(lines)
        if line is not None:
            self._line = line._replace(
                payer=wording.payer or line.payer,
                payer_account=wording.payer_account or line.payer_account,
                remittance=wording.text or line.remittance,
                reference=wording.reference or line.reference,
                transaction_code=wording.code or line.transaction_code,
                reversal=wording.returned or line.reversal,
            )

    def close_line(self) -> None:
        """The waiting line is complete."""
        if self._line is not None:
            self.movements.append(self._line)
        self._line = None

    def _refuse(self, row: int, key: str, value: str) -> None:
        self.problems.append(Problem(Place(self.name, row=row), say(key, value=value)))


def _entry_day(written: str | None, value_on: date) -> date | None:
    """The day of an entry `MMDD` in the year that brings it nearest to its value date; that date where not given."""
    if written is None:
        return value_on
    years = (value_on.year, value_on.year - 1, value_on.year + 1)
    found = [day_of(year, int(written[:2]), int(written[2:])) for year in years]
    near = [day for day in found if day is not None and abs((day - value_on).days) <= _HALF_YEAR]
    return near[0] if near else None
