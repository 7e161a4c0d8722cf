"""A customer as a workbook: its card, its account with the running balance as formulas, its open items, its cash."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from arlib.collection.card import CustomerCard
from arlib.collection.statement import Statement
from arlib.errors import ArlibError
from arlib.export.sheets import FIRST_ROW, LINE, LINE_HEIGHT, NOTE, TITLE, TOTAL, Field, Sheets
from arlib.show.look import shortened
from arlib.show.tables.card import action_label, card_lines
from arlib.words import Language, money, say, word

_SHOWN = 40  # letters of an identifier told
_WIDTHS = {"A": 46, "B": 90}  # of the card: labels, and what is said
_SECTIONS = ("owed", "exposure", "law", "score", "expected", "identity")
_ACCOUNT = (
    *((name, "date") for name in ("booked_on", "due_on")),
    *((name, "text") for name in ("what", "reference", "label")),
    *((name, "money") for name in ("debit", "credit", "balance")),
)
_DEBIT, _CREDIT, _BALANCE = "FGH"  # their columns
_OPEN = (
    *((name, "text", False) for name in ("reference", "what")),
    *((name, "date", False) for name in ("issued_on", "due_on")),
    ("days_overdue", "count", False),
    ("amount", "money", True),
    ("open_amount", "money", True),
)
_OPEN_AMOUNT = "G"
_WEEKS = (
    ("week", "count", False),
    *((name, "date", False) for name in ("starts_on", "ends_on")),
    *((name, "money", True) for name in ("from_open", "from_future", "expected")),
)


def write_customer_card(
    card: CustomerCard,
    statement: Statement | None = None,
    path: str | Path = "customer_card.xlsx",
    language: Language | None = None,
) -> Path:
    """Writes a customer card and the statement of its account as an Excel workbook, and returns where.

    Sheets: the card, a line a figure; the account, whose running balance is a formula on each line, its totals and
    its difference from the open items too; the open items and unapplied credits; the cash expected by week. Text is
    written as text whatever it begins with.

    Args:
        card: as `arlib.customer_card` returns it.
        statement: of the same customer; that of the card's last twelve months by default.
        path: of the workbook.
        language: of headings and labels; the card's own by default.

    Raises:
        ArlibError: the statement is of another customer or day than the card.
    """
    chosen, account = language or card.language, statement or card.account
    if (account.customer_id, account.as_of) != (card.customer_id, card.as_of):
        of = {"customer": card.customer_id[:_SHOWN], "other": account.customer_id[:_SHOWN]}
        raise ArlibError(say("card.other_statement", **of, day=card.as_of, on=account.as_of))
    book = Workbook(write_only=True)
    about = word("export.about", chosen, day=card.as_of, currency=card.currency or "–")
    named = ILLEGAL_CHARACTERS_RE.sub("", f"{about} · {shortened(card.customer_id)} · {shortened(card.name, 60)}")
    writer = _Card(book, chosen, named)
    writer.card(card)
    writer.account(account)
    writer.open_items(account)
    if len(card.expected):
        writer.sheet("expected", card.expected, _WEEKS)
    target = Path(path)
    book.save(target)
    return target


class _Card(Sheets):
    """The sheets of this workbook."""

    def card(self, card: CustomerCard) -> None:
        """The card: what to do, then its sections line by line."""
        page = self.blank("card")
        page.page_setup.orientation, page.page_setup.fitToHeight = "portrait", 1
        for letter, width in _WIDTHS.items():
            page.column_dimensions[letter].width = width
        row = self._title(page)
        row = self._section(page, row, "next")
        for _, action in card.actions.iterrows():
            amount = money(action["amount"], self.language, card.currency)
            row = self._line(page, row, action_label(action, self.language, amount), action["reason"], "text")
        lines = card_lines(card, language=self.language)
        for section in _SECTIONS:
            row = self._section(page, row, section)
            for line in (line for line in lines if line.section == section):
                value = line.value.text(self.language) if line.told else line.value
                row = self._line(page, row, line.label, value, "text" if line.told else line.kind)
        row = self._section(page, row, "notes")
        for note in card.notes:
            row = self._line(page, row, "", note.text(self.language), "text")

    def account(self, account: Statement) -> None:
        """Brought forward, each movement with the formula of its balance, the totals, the difference."""
        moved = account.movements
        fields = [Field(name, self.heading(name), kind) for name, kind in _ACCOUNT]
        page = self.page("account", fields, moved)
        first = {"booked_on": account.since, "what": word("statement.brought_forward", self.language)}
        first["balance"] = account.brought_forward
        page.append([self.cell(page, first.get(field.name), field.kind) for field in fields])
        rows = moved[[name for name, _ in _ACCOUNT[:-1]]].itertuples(index=False)
        for row, values in enumerate(rows, FIRST_ROW + 1):
            cells = [self.cell(page, value, field.kind) for value, field in zip(values, fields, strict=False)]
            balance = f"=ROUND({_BALANCE}{row - 1}+{_DEBIT}{row}-{_CREDIT}{row},2)"
            page.append([*cells, self.cell(page, balance, "money")])
        self._closing(page, account, FIRST_ROW + len(moved))

    def open_items(self, account: Statement) -> None:
        """What is open, oldest due first, then the credits matched with nothing."""
        lines = pd.concat([account.open_items, account.unapplied], ignore_index=True)
        late = lines["days_overdue"].where(lines["days_overdue"] > 0)
        self.sheet("open_items", lines.assign(days_overdue=late), _OPEN)

    def heading(self, name: str) -> str:
        """What a column is called, those of accounts too."""
        if name in ("booked_on", "debit", "credit", "balance"):
            return word(f"statement.{name}", self.language)
        if name in ("from_open", "from_future"):
            return word(f"card.line.{name}", self.language)
        if name == "expected":
            return word("card.section.expected", self.language)
        return super().heading({"what": "kind"}.get(name, name))

    def _closing(self, page: Worksheet, account: Statement, last: int) -> None:
        """What is owed, then the open items, and the difference, which is nothing."""
        items = len(account.open_items) + len(account.unapplied)
        sheet = word("export.sheet.open_items", self.language)
        opened = f"=SUM('{sheet}'!{_OPEN_AMOUNT}{FIRST_ROW}:{_OPEN_AMOUNT}{FIRST_ROW + max(items, 1) - 1})"
        sums = [f"=SUM({letter}{FIRST_ROW}:{letter}{last})" for letter in (_DEBIT, _CREDIT)]
        lines = (
            (word("statement.owed", self.language), *sums, f"={_BALANCE}{last}"),
            (sheet, None, None, opened),
            (self.heading("difference"), None, None, f"=ROUND({_BALANCE}{last + 1}-{_BALANCE}{last + 2},2)"),
        )
        for place, (label, *figures) in enumerate(lines):
            cells = [None, None, self.cell(page, label, "text"), None, None]
            cells += [self.cell(page, figure, "money") for figure in figures]
            for cell in (cell for cell in cells if cell is not None):
                cell.font = TOTAL
                if place == 0:
                    cell.border = LINE
            page.append(cells)

    def _title(self, page: Worksheet) -> int:
        page.append([self.styled(page, word("card.title", self.language), TITLE)])
        page.append([self.styled(page, self.about, NOTE)])
        return 3

    def _section(self, page: Worksheet, row: int, section: str) -> int:
        """A heading across the card; the next row."""
        heading = Field(section, word(f"card.section.{section}", self.language), "text")
        page.append([])
        page.append([self.head(page, heading), self.head(page, Field("", "", "text"))])
        return row + 2

    def _line(self, page: Worksheet, row: int, label: str, value: Any, kind: str) -> int:  # noqa: ANN401
        """A line of the card; the next row."""
        cells = [self.cell(page, label, "prose"), self.cell(page, _plain(value), "prose" if kind == "text" else kind)]
        for cell in (cell for cell in cells if cell is not None):
            cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="left", indent=1)
        longest = len(str(value)) / _WIDTHS["B"] if kind == "text" else 0
        page.row_dimensions[row].height = LINE_HEIGHT * (int(max(longest, len(label) / _WIDTHS["A"])) + 1)
        page.append(cells)
        return row + 1


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a card
    """A value as openpyxl takes it."""
    return value.item() if isinstance(value, np.generic) else value
