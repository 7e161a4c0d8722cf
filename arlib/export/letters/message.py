"""The draft of an e-mail, which mail programs open as a new message: plain text and HTML, from the same letter."""

import hashlib
from collections.abc import Iterable
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from arlib.collection.letters import Letter, LetterTable, letter_table
from arlib.collection.letters.letter import clean_email, clean_line
from arlib.words import Language, word

_LONGEST_LINE, _FOLD = 76, "\r\n "  # characters of a header, RFC 2047; what goes on with it on the next line
_WIDEST = 78  # characters of a line of a plain table
_FACE = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.45;color:#1f2933"
_CELL = "padding:5px 10px;border-bottom:1px solid #d9dee5;vertical-align:top"
_HEAD = "padding:6px 10px;border-bottom:2px solid #1f3a5f;font-weight:bold;color:#1f3a5f"


def message_bytes(letter: Letter) -> bytes:
    """A letter as the bytes of an .eml file, unsent.

    Headers hold one line each whatever names hold; an address that is none is left out, to be filled in.
    """
    message = EmailMessage(policy=SMTP)
    heads = [b"X-Unsent: 1\r\n", _head("Subject", letter.subject)]
    parties = {"From": (letter.sender.name, letter.sender.email), "To": (letter.customer_name, letter.email)}
    for field, (name, written) in parties.items():
        address = clean_email(written)
        heads += [_head(field, name, f"<{address}>")] if address else []
    table = letter_table(letter)
    plain, html = _plain(letter, table), _html(letter, table)
    message.set_content(plain, charset="utf-8", cte="base64")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="base64")
    # The boundary between the parts follows from them: the same letter is the same file.
    message.set_boundary(f"=_arlib_{hashlib.sha256((plain + html).encode()).hexdigest()[:32]}")
    return b"".join(heads) + message.as_bytes()


def _head(field: str, text: str, rest: str = "") -> bytes:
    """A header whose text is all encoded words (RFC 2047), which mail programs read back to the letter.

    The standard library's policies lose spaces between the encoded words of a long line of mixed texts.
    """
    written = Header(clean_line(text), "utf-8", maxlinelen=_LONGEST_LINE, header_name=field).encode(linesep="\r\n")
    return f"{field}: {written}{f'{_FOLD}{rest}' if rest else ''}\r\n".encode("ascii")


def _plain(letter: Letter, table: LetterTable) -> str:
    parts = [*letter.before, *([_plain_table(table, letter.language)] if letter.has_table else []), *letter.after]
    return "\n\n".join(parts) + "\n"


def _plain_table(table: LetterTable, language: Language) -> str:
    """The table in columns where they fit a line, else an item a paragraph."""
    lines = [table.headings, *table.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    totals = _labelled(table.totals, language)
    if sum(widths) + 2 * (len(widths) - 1) > _WIDEST:
        items = [_labelled(zip(table.headings, row, strict=True), language) for row in table.rows]
        return "\n\n".join([*items, totals])
    rows = ["  ".join(_padded(cells, widths, table.is_figure)).rstrip() for cells in lines]
    return "\n".join([*rows, "", totals])


def _labelled(lines: Iterable[tuple[str, str]], language: Language) -> str:
    return "\n".join(word("letters.export.line", language, label=label, cell=cell) for label, cell in lines)


def _padded(cells: tuple[str, ...], widths: list[int], is_figure: tuple[bool, ...]) -> list[str]:
    each = zip(cells, widths, is_figure, strict=True)
    return [cell.rjust(width) if figure else cell.ljust(width) for cell, width, figure in each]


def _html(letter: Letter, table: LetterTable) -> str:
    parts = [_paragraph(text) for text in letter.before]
    parts += [_html_table(table)] if letter.has_table else []
    parts += [_paragraph(text) for text in letter.after]
    foot = f'<p style="color:#6b7785;font-size:12px">{escape(letter.sender.legal)}</p>' if letter.sender.legal else ""
    return (
        f'<!DOCTYPE html><html lang="{letter.language}"><head><meta charset="utf-8">'
        f"<title>{escape(clean_line(letter.subject))}</title></head>"
        f'<body><div style="{_FACE};max-width:720px">{"".join(parts)}{foot}</div></body></html>'
    )


def _paragraph(text: str) -> str:
    lines = "<br>".join(escape(clean_line(line)) for line in text.splitlines())
    return f'<p dir="auto" style="margin:0 0 14px">{lines}</p>'


def _html_table(table: LetterTable) -> str:
    sides = [f"text-align:{'right;white-space:nowrap' if figure else 'left'}" for figure in table.is_figure]
    head = _row("th", table.headings, [f"{_HEAD};{side}" for side in sides])
    rows = "".join(_row("td", row, [f"{_CELL};{side}" for side in sides]) for row in table.rows)
    lines = [_total(total, len(table.headings) - 1) for total in table.totals[:-1]]
    lines.append(_total(table.totals[-1], len(table.headings) - 1, ";font-weight:bold"))
    return (
        '<table cellspacing="0" cellpadding="0" style="border-collapse:collapse;font-size:13px;margin:0 0 16px">'
        f"<thead>{head}</thead><tbody>{rows}{''.join(lines)}</tbody></table>"
    )


def _row(tag: str, texts: Iterable[str], styles: Iterable[str]) -> str:
    cells = [
        f'<{tag} dir="auto" style="{style}">{escape(text)}</{tag}>' for text, style in zip(texts, styles, strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _total(total: tuple[str, str], span: int, style: str = "") -> str:
    label, amount = (escape(text) for text in total)
    side = f"{_CELL};text-align:right;white-space:nowrap{style}"
    return f'<tr><td colspan="{span}" style="{side}">{label}</td><td style="{side}">{amount}</td></tr>'
