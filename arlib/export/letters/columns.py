"""How wide the columns of a letter's table are: no amount and no date is ever broken over two lines."""

from collections.abc import Iterable, Sequence

from docx.shared import Emu, Length, Pt

from arlib.collection.letters import LetterTable

PADDING = Pt(3)  # on both sides of a cell
_SIZES = (9, 8.5, 8, 7.5, 7, 6.5, 6)  # points, the largest that fits
# Widths of Arial in thousandths of its size; what is not named is as wide as the widest usual capital.
_NARROW, _FIGURE, _WIDE = 278, 556, 780
_WIDTHS = {
    **dict.fromkeys(" ,.:;/!'()|ijltfrI\u00a0\u202f\u2009-", _NARROW + 55),
    **dict.fromkeys("0123456789abcdeghknopqsuvxyzéèêàçôû–", _FIGURE),
}
_BOLD = 1.08
_LONGEST_WORD = 0.15  # of the table, for a word of the first column: a longer one is cut over two lines


def laid_out(table: LetterTable, width: Length) -> tuple[Length, list[Length]]:
    """The size of the letters, and the width of each column, which add up to that of the table.

    The first column, whose texts are anybody's, may run over several lines, and gets what is left over first; the
    others hold the longest of their cells on one line, and the longest word of their heading.
    """
    for size in _SIZES:
        least = _least(table, size, width)
        if sum(least) <= width:
            break
    wanted = max([0, *(_wide(row[0], size) for row in table.rows)])
    left = max(width - sum(least), 0)
    grown = min(max(wanted - least[0], 0), left)
    share = (left - grown) // len(least)
    widths = [least[0] + grown, *least[1:]]
    return Pt(size), [Emu(each + share) for each in widths]


def _least(table: LetterTable, size: float, width: Length) -> list[int]:
    """The least width of each column at a size."""
    (first, *texts), *others = zip(table.headings, *table.rows, strict=True)
    words = (word for text in texts for word in text.split(" "))
    longest = max([0, *(_wide(word, size) for word in words)])
    totals = max([0, *(_wide(amount, size, _BOLD) for _, amount in table.totals)])
    least = [max(_widest([first], size), min(longest, int(_LONGEST_WORD * width)))]
    least += [_widest(column, size) for column in others]
    return [*least[:-1], max(least[-1], totals)]


def _widest(texts: Sequence[str], size: float) -> int:
    """The width of the longest word of a heading, or of the longest of the cells under it."""
    heading, *cells = texts
    return max([*(_wide(word, size, _BOLD) for word in heading.split(" ")), *(_wide(cell, size) for cell in cells)])


def _wide(text: Iterable[str], size: float, weight: float = 1.0) -> int:
    """The width of a text with the padding of its cell."""
    thousandths = sum(_WIDTHS.get(letter, _WIDE) for letter in text)
    return int(Pt(size) * weight * thousandths / 1000) + 2 * PADDING
