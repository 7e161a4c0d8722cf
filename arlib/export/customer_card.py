"""A customer as a workbook: its card, its account with the running balance as formulas, its open items, its cash."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.card import CustomerCard
from arlib.collection.statement import Statement
from arlib.errors import ArlibError
from arlib.export.sheets import Book, Field, Live, Page, Placed, write_table
from arlib.show.look import shortened
from arlib.show.tables.card import action_label, card_lines
from arlib.words import Language, say, word

_SHOWN = 40  # letters of an identifier told
_WIDTHS = (46.0, 90.0)  # of the card: labels, and what is said
_SECTIONS = ("owed", "exposure", "law", "score", "expected", "identity")
_ACCOUNT = ("booked_on", "due_on", "what", "reference", "label", "debit", "credit", "balance")
_DEBIT, _CREDIT, _BALANCE = "FGH"  # their columns
_OPEN = ("reference", "what", "issued_on", "due_on", "days_overdue", "amount", "open_amount")
_WEEKS = ("week", "starts_on", "ends_on", "from_open", "from_future", "expected")
_KINDS = {
    **dict.fromkeys(("booked_on", "due_on", "issued_on", "starts_on", "ends_on"), "date"),
    **dict.fromkeys(("debit", "credit", "balance", "amount", "open_amount"), "money"),
    **dict.fromkeys(("from_open", "from_future", "expected"), "money"),
    **dict.fromkeys(("days_overdue", "week"), "count"),
}
_ADDED = frozenset({"amount", "open_amount", "from_open", "from_future", "expected"})


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
        language: of headings and titles; the card's own by default, in which its lines are.

    Raises:
        ArlibError: the statement is of another customer or day than the card, or is none; the file cannot be written.
    """
    chosen, account = language or card.language, card.account if statement is None else statement
    if not isinstance(account, Statement):
        raise ArlibError(say("export.card.no_statement", given=str(account)[:_SHOWN]))
    with Book(path, chosen, card.as_of, _about(card, chosen)) as book:
        for key in ("card", "account", "open_items", *(["expected"] if len(card.expected) else [])):
            book.page(key)
        placed = _table(book, "open_items", _opened(account), _OPEN)
        card_sheets(book, card, account, opened=placed.cells("open_amount"))
        if len(card.expected):
            _table(book, "expected", card.expected, _WEEKS)
        for page in book.pages.values():
            page.finish()
    return book.path


def card_sheets(
    book: Book, card: CustomerCard, account: Statement, keys: tuple[str, str] = ("card", "account"), opened: str = ""
) -> None:
    """The card and the account on two sheets of a book.

    Args:
        book: with these two sheets, empty.
        card: of a customer.
        account: its statement.
        keys: of the sheets.
        opened: the cells of what is open, as formulas name them; its sum is written where there are none.

    Raises:
        ArlibError: the statement is of another customer or day than the card.
    """
    if (account.customer_id, account.as_of) != (card.customer_id, card.as_of):
        of = {"customer": card.customer_id[:_SHOWN], "other": account.customer_id[:_SHOWN]}
        raise ArlibError(say("card.other_statement", **of, day=card.as_of, on=account.as_of))
    _card(book.pages[keys[0]], card)
    _account(book.pages[keys[1]], card, account, opened)


def _card(page: Page, card: CustomerCard) -> None:
    """What to do, then the sections of the card line by line."""
    language = page.book.language
    page.one_page(upright=True)
    page.widths(_WIDTHS)
    page.title(_named(card), word("card.title", language))
    page.section(word("card.section.next", language))
    for _, action in card.actions.iterrows():
        _line(page, action_label(action, language, card.currency), str(action["reason"]), "text")
    lines = card_lines(card)
    for section in _SECTIONS:
        page.section(word(f"card.section.{section}", language))
        for line in (line for line in lines if line.section == section):
            if line.told:
                _line(page, line.label, line.value.text(language), "text")
            else:
                _line(page, line.label, _plain(line.value), line.kind)
    page.section(word("card.section.notes", language))
    for note in card.notes:
        page.across(note.text(language))


def _line(page: Page, label: str, value: Any, kind: str) -> None:  # noqa: ANN401 - any value of a card
    """A line of the card: what it is, and what it says, flush left."""
    longest = len(value) / _WIDTHS[1] if isinstance(value, str) else 0
    height = int(max(longest, len(label) / _WIDTHS[0])) + 1
    page.sheet.set_row(page.row, 15 * height)
    page.put(0, label, "prose")
    page.put(1, value, "prose" if kind == "text" else kind, *(() if kind == "text" else ("left",)))
    page.row += 1


def _account(page: Page, card: CustomerCard, account: Statement, opened: str) -> None:
    """Brought forward, each movement with the formula of its balance, the totals, the difference."""
    moved, language = account.movements, page.book.language
    first = {"booked_on": account.since, "what": word("statement.brought_forward", language)}
    begun = pd.DataFrame([first]).reindex(columns=list(_ACCOUNT))
    rows = pd.concat([begun.astype(moved[list(_ACCOUNT)].dtypes.to_dict()), moved[list(_ACCOUNT)]], ignore_index=True)
    rows.loc[0, "balance"] = account.brought_forward
    rows["moves"] = rows.index > 0
    balance = {"formula": f"=ROUND({_BALANCE}{{above}}+{_DEBIT}{{row}}-{_CREDIT}{{row}},2)", "where": "moves"}
    fields = [Field(name, _heading(name, language), _KINDS.get(name, "text")) for name in _ACCOUNT[:-1]]
    fields.append(Field("balance", _heading("balance", language), "money", **balance))  # type: ignore[arg-type]
    placed = write_table(page, fields, rows, finding=_named(card), filtered=False)
    _closing(placed, account, opened)


def _closing(placed: Placed, account: Statement, opened: str) -> None:
    """What is owed, then the open items, and the difference, which is nothing."""
    page, language = placed.page, placed.page.book.language
    first, last, row = placed.first + 1, placed.last + 1, placed.page.row + 1
    debit, credit = (
        Live(f"=SUM({letter}{first}:{letter}{last})", float(account.movements[name].sum()))
        for letter, name in ((_DEBIT, "debit"), (_CREDIT, "credit"))
    )
    total = round(float(_opened(account)["open_amount"].sum()), 2)
    owed = float(account.total)
    lines = (
        (word("statement.owed", language), debit, credit, Live(f"={_BALANCE}{last}", owed)),
        (word("export.sheet.open_items", language), None, None, Live(f"=SUM({opened})", total) if opened else total),
        (
            *(word("export.column.difference", language), None, None),
            Live(f"=ROUND({_BALANCE}{row}-{_BALANCE}{row + 1},2)", round(owed - total, 2) + 0.0),
        ),
    )
    for place, (label, *figures) in enumerate(lines):
        kinds = ["text"] * 5 + ["money"] * 3
        page.line([None, None, label, None, None, *figures], kinds, ("total",) if place == 0 else ("strong",))


def _opened(account: Statement) -> pd.DataFrame:
    """What is open, oldest due first, then the credits matched with nothing, which are never overdue."""
    lines = pd.concat([account.open_items, account.unapplied], ignore_index=True)
    return lines.assign(days_overdue=lines["days_overdue"].where(lines["days_overdue"] > 0))


def _table(book: Book, key: str, frame: pd.DataFrame, names: tuple[str, ...]) -> Placed:
    fields = [
        Field(name, _heading(name, book.language), _KINDS.get(name, "text"), total=name in _ADDED) for name in names
    ]
    return write_table(book.pages[key], fields, frame)


def _heading(name: str, language: Language) -> str:
    """What a column is called, those of accounts too."""
    if name in ("booked_on", "debit", "credit", "balance"):
        return word(f"statement.{name}", language)
    if name in ("from_open", "from_future"):
        return word(f"card.line.{name}", language)
    if name == "expected":
        return word("card.section.expected", language)
    return word(f"export.column.{'kind' if name == 'what' else name}", language)


def _about(card: CustomerCard, language: Language) -> str:
    return word("export.about", language, day=card.as_of, currency=card.currency or "–")


def _named(card: CustomerCard) -> str:
    return f"{shortened(card.customer_id)} · {shortened(card.name, 60)}"


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a card
    """A value as a cell takes it."""
    return value.item() if isinstance(value, np.generic) else value
