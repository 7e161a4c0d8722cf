"""The first sheet: whose receivables, when, from which files, what is assumed, and what stands on which sheet."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from arlib.export.sheets import Book, Link, Live
from arlib.export.workbook.material import Material
from arlib.ledger.books import Source
from arlib.words import Sentence, say, word

_WIDTHS = (34.0, 70.0, 44.0)
_LISTED = ("receivable", "not_due", "unapplied", "sales_90", "sales_365", "provision", "penalties_due")
_COLUMNS = (  # names of columns, as they are said in a list
    *("items_no", "items_bucket", "items_disputed", "items_days_overdue", "items_open"),
    *("aged_customers", "aged_totals", "forecast_expected"),
)


def write_cover(book: Book, material: Material) -> None:
    """All of it, last of all sheets: it tells what stands on the others."""
    page = book.pages["cover"]
    page.widths(_WIDTHS)
    page.sheet.set_portrait()
    page.sheet.fit_to_pages(1, 0)
    page.title(title=word("export.cover.title", book.language))
    _facts(book, material)
    _contents(book)
    _assumptions(book, material)
    _sources(book, material.ledger.sources)
    _names(book)


def _facts(book: Book, material: Material) -> None:
    ledger, language = material.ledger, book.language
    first, last = ledger.covers
    items = ledger.items
    facts: list[tuple[str, Any, str]] = [
        ("company", material.company or "–", "text"),
        ("as_of", material.as_of, "date"),
        ("currency", ledger.currency or "–", "text"),
        ("period", say("export.cover.from_to", first=first, last=last).text(language), "text"),
        ("customers", len(ledger.customers), "count"),
        ("movements", int((items["booked_on"] <= material.as_of).sum()), "count"),
        ("open_items", len(material.items), "count"),
    ]
    if "receivable" in book.names:
        owed = float(material.aged["total"].sum())
        facts.append(("receivable", Live("=receivable", owed), "money"))
    facts.append(("written_by", f"arlib {version('arlib')}", "text"))
    for key, value, kind in facts:
        page = book.pages["cover"]
        page.put(0, word(f"export.cover.{key}", language), "text", "strong")
        book_look = () if kind == "text" else ("left",)
        page.put(1, value, kind, *book_look)
        page.row += 1
    if "proof_differences" in book.names:
        _tie(book, material)


def _tie(book: Book, material: Material) -> None:
    """Whether all ways of counting give one balance, asked of the proof itself."""
    page, language = book.pages["cover"], book.language
    ties, differs = (word(f"export.cover.{key}", language) for key in ("ties", "differs"))
    totals = material.proof.loc[material.proof["role"] == "total", "ties"]
    told = ties if totals.fillna(value=False).all() else differs
    formula = f'=IF(SUMPRODUCT(ABS(proof_differences))<0.005,"{ties}","{differs}")'
    page.put(0, word("export.cover.proof", language), "text", "strong")
    page.put(1, Live(formula, told), "text", "strong")
    page.row += 1


def _contents(book: Book) -> None:
    page, language = book.pages["cover"], book.language
    page.section(word("export.cover.contents", language))
    for key, other in book.pages.items():
        if key == "cover":
            continue
        about = f"export.contents.{key.partition(':')[0]}"
        said = other.missing or word(about, language)
        page.put(0, Link(other.name, other.name), "text")
        page.across(said, *(("missing",) if other.missing else ()), first=1)


def _assumptions(book: Book, material: Material) -> None:
    book.pages["cover"].section(word("export.cover.assumptions", book.language))
    for sentence in _assumed(book, material):
        book.pages["cover"].across(sentence.text(book.language))


def _assumed(book: Book, material: Material) -> Iterable[Sentence]:
    """What the figures rest on that no sheet says by itself."""
    assumed = material.assumed_due
    if len(assumed):
        amount = float(assumed["open_amount"].sum())
        yield say("export.cover.assumed_due", rows=len(assumed), amount=amount)
    yield say("export.cover.aged")
    yield say("export.cover.sales")
    if "simulation" in book.pages and not material.policies:
        yield say("export.simulation.usual")
    yield say("export.cover.formulas")
    yield say("export.cover.own_notes")


def _sources(book: Book, sources: Iterable[Source]) -> None:
    page, language = book.pages["cover"], book.language
    page.section(word("export.cover.sources", language))
    listed = list(sources)
    if not listed:
        page.across(word("export.cover.no_source", language))
    for source in listed:
        page.put(0, source.name, "text", "strong")
        page.across(f"{source.format} · SHA-256 {source.sha256}", first=1)
        for warning in source.warnings:
            page.across(f"⚠ {warning.text(language)}", "missing")
        for sentence in source.reading:
            page.across(sentence.text(language))


def _names(book: Book) -> None:
    page, language = book.pages["cover"], book.language
    known = [name for name in (*_LISTED, *_COLUMNS) if name in book.names]
    if not known:
        return
    page.section(word("export.cover.names", language))
    for name in known:
        page.put(0, name, "text")
        page.put(1, word(f"export.name.{name}", language), "text")
        page.put(2, book.names[name].replace("$", ""), "text")
        page.row += 1
