"""A letter as a value: who writes to whom, what about, in which words; and the texts people put into one."""

import re
import unicodedata
from dataclasses import dataclass, field

import pandas as pd

from arlib.errors import ArlibError
from arlib.words import MONTHS, Language, Sentence, say

STATEMENT = "statement"  # the level, and the template, of a statement of account
WRITTEN = ("email", "letter", "formal_notice")  # the channels that are written
_LONGEST_NAME = 90  # characters of a name in an address
_MARKS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # characters nobody sees: controls, changes of direction, breaks
_JOINERS = "\u200c\u200d"  # which Persian, Hindi and others are written with
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_BEFORE_MARKS = re.compile(r" (?=[;:?!»%€])")


@dataclass(frozen=True)
class Sender:
    """The company that writes.

    What is left empty is a visible gap in the letters, to be completed.

    Attributes:
        name: its name.
        address: its postal address, as lines or one text of several.
        contact: the person who signs, and may be called.
        role: of that person.
        phone, email: of that person.
        iban, bic: where to pay.
        legal: the line at the foot of the letters: legal form, capital, register, VAT number.
        language: of letters to customers whose language and country are not known.

    Raises:
        ArlibError: it has no name.
    """

    name: str
    address: tuple[str, ...] | str = ()
    contact: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    iban: str = ""
    bic: str = ""
    legal: str = ""
    language: Language = "fr"

    def __post_init__(self) -> None:
        if not clean_line(self.name):
            raise ArlibError(say("letters.sender"))
        for name in ("name", "contact", "role", "phone", "email", "iban", "bic", "legal"):
            object.__setattr__(self, name, clean_line(getattr(self, name)))

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the postal address."""
        lines = self.address.splitlines() if isinstance(self.address, str) else self.address
        return tuple(line for line in map(clean_line, lines) if line)


@dataclass(frozen=True, eq=False)
class Letter:
    """A letter that a person opens, completes and sends.

    Attributes:
        customer_id, customer_name: to whom.
        language: in which it is written.
        level, level_label: of the scenario; `statement` for a statement of account.
        channel: email, letter or formal_notice (registered letter).
        written_on: its day.
        counted_on: the day to which days overdue, and penalties where they are claimed, are counted.
        sender: who writes.
        recipient: lines of the postal address, the name first, then the contact where one is known.
        email: the customer's; empty where none is known.
        subject: one line.
        before, after: paragraphs before and after the table; a line break within one is kept.
        has_table: whether the text has a place for the table.
        rows: the table, one row an item: reference, issued_on, due_on, days_overdue, amount, open_amount, interest,
            indemnity (nan unless the letter claims penalties).
        credits: unmatched payments and credit notes taken off, 0 or more.
        total: asked for: open amounts less credits.
        interest, indemnity: claimed beside it; nan where the letter claims none.
        currency: of all amounts.
        notes: what to complete and to look at before sending; never part of the letter.
    """

    customer_id: str
    customer_name: str
    language: Language
    level: str
    level_label: str
    channel: str
    written_on: pd.Timestamp
    counted_on: pd.Timestamp
    sender: Sender
    recipient: tuple[str, ...]
    email: str
    subject: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    has_table: bool
    rows: pd.DataFrame
    credits: float
    total: float
    interest: float
    indemnity: float
    currency: str
    notes: tuple[Sentence, ...] = field(default=())

    @property
    def claims_penalties(self) -> bool:
        """Whether interest and indemnities are claimed."""
        return self.interest == self.interest


def clean_line(text: object) -> str:
    """A text as one line that can stand in a letter: no controls, breaks or changes of direction."""
    seen = (letter if letter in _JOINERS or unicodedata.category(letter) not in _MARKS else " " for letter in str(text))
    return re.sub(r" +", " ", "".join(seen)).strip(" ")


def shortened(name: str) -> str:
    """A name as an address window holds it: cut, visibly, beyond two lines."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def clean_email(text: object) -> str:
    """An e-mail address, empty where a text is none."""
    written = str(text).strip()
    return written if _ADDRESS.fullmatch(written) else ""


def long_day(day: pd.Timestamp, language: Language) -> str:
    """A day as a letter writes it: 31 December 2025, 1er janvier 2026."""
    first = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{first}\u00a0{MONTHS[language][day.month - 1]}\u00a0{day.year}"


def typeset(text: str, language: Language) -> str:
    """A text with the no-break spaces that French asks for, wherever a plain space stands in their place."""
    if language != "fr":
        return text
    return _BEFORE_MARKS.sub("\u00a0", text).replace("« ", "«\u00a0")
