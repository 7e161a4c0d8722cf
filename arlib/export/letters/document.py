"""A letter as a Word document: letterhead, address in the window of a French envelope, table, pages numbered."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length, Pt, RGBColor

from arlib.collection.letters import Letter, LetterTable, letter_table
from arlib.collection.letters.letter import clean_line, long_day
from arlib.export.letters.columns import PADDING, laid_out
from arlib.words import word

_FACE, _SIZE, _SMALL = "Arial", Pt(10), Pt(8)
_INK, _GREY = RGBColor(0x1F, 0x3A, 0x5F), RGBColor(0x59, 0x59, 0x59)
_SIDE, _TOP, _BOTTOM = Cm(2.3), Cm(2.0), Cm(2.0)
_TABLE = Cm(21.0 - 2 * 2.3)
# Where the window of a French DL or C5 envelope shows the address of an A4 sheet folded in three.
_WINDOW = {"x": Cm(11.0), "y": Cm(5.0), "w": Cm(8.5), "h": Cm(3.6)}
_HEAD = {"x": _SIDE, "y": Cm(1.5), "w": Cm(8.2), "h": Cm(6.0)}
_DOWN = Cm(7.4)  # from the top margin to the text, below the window
_TWIPS = 635  # English metric units in a twentieth of a point
_RULE, _STRONG_RULE = ("4", "C9D0D9"), ("12", "1F3A5F")  # eighths of a point, colour


def document_bytes(letter: Letter) -> bytes:
    """A letter as the bytes of a .docx file."""
    document = Document()
    _prepare(document, letter)
    _framed(document, _HEAD, _letterhead(letter))
    _framed(document, _WINDOW, [(clean_line(line), place == 0, _SIZE) for place, line in enumerate(letter.recipient)])
    _spacer(document)
    _text(document, word("letters.export.place", letter.language, day=long_day(letter.written_on, letter.language)))
    _text(
        document, word("letters.export.reference", letter.language, customer=clean_line(letter.customer_id)), after=10
    )
    subject = word("letters.export.subject", letter.language, subject=clean_line(letter.subject))
    _text(document, subject, bold=True, after=12)
    for paragraph in letter.before:
        _text(document, paragraph)
    if letter.has_table:
        _table(document, letter_table(letter))
    for place, paragraph in enumerate(letter.after, 1):
        _text(document, paragraph, together=place >= len(letter.after) - 1)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _prepare(document: Any, letter: Letter) -> None:  # noqa: ANN401 - the library has few types
    """Page, typeface, language of the spelling, foot and properties."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = _SIDE
    section.top_margin, section.bottom_margin, section.footer_distance = _TOP, _BOTTOM, Cm(0.9)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FACE, _SIZE
    style.paragraph_format.space_after = Pt(8)
    style.paragraph_format.line_spacing = 1.08
    style.paragraph_format.widow_control = True
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), {"fr": "fr-FR", "en": "en-GB"}[letter.language])
    style.element.get_or_add_rPr().append(language)
    _foot(section, letter)
    properties = document.core_properties
    properties.author, properties.title = letter.sender.name[:200], clean_line(letter.subject)[:200]
    properties.comments, properties.last_modified_by = "", ""
    properties.created = properties.modified = letter.written_on.to_pydatetime()


def _letterhead(letter: Letter) -> list[tuple[str, bool, Any]]:
    sender = letter.sender
    lines = [*sender.lines, sender.phone, sender.email]
    return [(sender.name, True, Pt(13)), *((clean_line(line), False, Pt(9)) for line in lines if line)]


def _framed(document: Any, frame: dict[str, Any], lines: list[tuple[str, bool, Any]]) -> None:  # noqa: ANN401
    """Lines at a place of the sheet, whatever stands around them."""
    for text, bold, size in lines:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, size
        if frame is _HEAD:
            run.font.color.rgb = _INK if bold else _GREY
        placed = OxmlElement("w:framePr")
        for name, value in frame.items():
            placed.set(qn(f"w:{name}"), str(int(value / _TWIPS)))
        for name, text_value in {"hRule": "exact", "hSpace": "0", "wrap": "around"}.items():
            placed.set(qn(f"w:{name}"), text_value)
        placed.set(qn("w:vAnchor"), "page")
        placed.set(qn("w:hAnchor"), "page")
        paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - frames have no other door
            placed, "w:widowControl", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )


def _spacer(document: Any) -> None:  # noqa: ANN401
    """What brings the text below the window."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = _DOWN


def _text(document: Any, text: str, *, bold: bool = False, after: float = 8, together: bool = False) -> None:  # noqa: ANN401
    """A paragraph, its line breaks kept."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.keep_together = True
    paragraph.paragraph_format.keep_with_next = together
    for place, line in enumerate(text.splitlines()):
        run = paragraph.add_run()
        if place:
            run.add_break()
        run.add_text(clean_line(line))
        run.bold = bold


def _table(document: Any, table: LetterTable) -> None:  # noqa: ANN401
    size, widths = laid_out(table, _TABLE)
    laid = document.add_table(rows=0, cols=len(table.headings))
    laid.alignment, laid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(laid.columns, widths, strict=True):
        column.width = width
    _padded(laid)
    head = laid.add_row()
    _repeated(head)
    for cell, width, text, figure in zip(head.cells, widths, table.headings, table.is_figure, strict=True):
        cell.width = width
        _fill(cell, text, figure, size, bold=True)
        _rule(cell, "bottom", _STRONG_RULE)
    for row in table.rows:
        made = laid.add_row()
        _whole(made)
        for cell, width, text, figure in zip(made.cells, widths, row, table.is_figure, strict=True):
            cell.width = width
            _fill(cell, text, figure, size)
            _rule(cell, "bottom", _RULE)
    for place, (label, amount) in enumerate(table.totals):
        _total(laid, (label, amount), size, widths, last=place == len(table.totals) - 1)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _total(laid: Any, texts: tuple[str, str], size: Any, widths: list[Length], *, last: bool) -> None:  # noqa: ANN401
    row = laid.add_row()
    _whole(row)
    wide = row.cells[0].merge(row.cells[-2])
    wide.width, row.cells[-1].width = Emu(sum(widths[:-1])), widths[-1]
    for cell, text in zip((wide, row.cells[-1]), texts, strict=True):
        _fill(cell, text, True, size, bold=last)  # noqa: FBT003 - a figure, as those above it
        if last:
            _rule(cell, "top", _STRONG_RULE)


def _fill(cell: Any, text: str, is_figure: bool, size: Any, *, bold: bool = False) -> None:  # noqa: ANN401, FBT001
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(2)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_figure else WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(clean_line(text) if not is_figure else text)
    run.font.size, run.bold = size, bold
    if bold:
        run.font.color.rgb = _INK


def _padded(laid: Any) -> None:  # noqa: ANN401
    """Cells padded as their widths count."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(int(PADDING / _TWIPS)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    laid._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - margins have no other door


def _rule(cell: Any, side: str, rule: tuple[str, str]) -> None:  # noqa: ANN401
    """A line on one side of a cell."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - borders have no other door
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        properties.append(borders)
    line = OxmlElement(f"w:{side}")
    for name, value in {"val": "single", "sz": rule[0], "space": "0", "color": rule[1]}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


def _repeated(row: Any) -> None:  # noqa: ANN401
    """The row stands at the top of every page."""
    _whole(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def _whole(row: Any) -> None:  # noqa: ANN401
    """The row is never cut between two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def _foot(section: Any, letter: Letter) -> None:  # noqa: ANN401
    """The legal line, and the page among how many."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if letter.sender.legal:
        _small(paragraph, letter.sender.legal)
        paragraph.add_run().add_break()
    before, _, rest = word("letters.export.page", letter.language, page="\0", pages="\1").partition("\0")
    between, _, behind = rest.partition("\1")
    _small(paragraph, before)
    _counted(paragraph, "PAGE")
    _small(paragraph, between)
    _counted(paragraph, "NUMPAGES")
    _small(paragraph, behind)


def _small(paragraph: Any, text: str) -> Any:  # noqa: ANN401
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = _SMALL, _GREY
    return run


def _counted(paragraph: Any, field: str) -> None:  # noqa: ANN401
    """A number that Word works out."""
    for kind, text in (("begin", ""), ("", field), ("separate", ""), ("shown", "1"), ("end", "")):
        run = _small(paragraph, text if kind == "shown" else "")
        if kind == "shown":
            continue
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001 - fields have no other door
