"""The workbook to hand over: every figure with what it is made of, in formulas the reader can follow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from arlib.errors import ArlibError
from arlib.export.delay_table import DELAY_SHEETS
from arlib.export.sheets import Book
from arlib.export.workbook.ahead import write_forecast, write_simulation
from arlib.export.workbook.cover import write_cover
from arlib.export.workbook.customers import write_customer
from arlib.export.workbook.findings import write_findings
from arlib.export.workbook.legal import write_delays, write_penalties, write_terms
from arlib.export.workbook.material import Material, chosen_policies
from arlib.export.workbook.risks import write_doubtful, write_provisions, write_scores
from arlib.export.workbook.speed import write_bridge, write_dso
from arlib.export.workbook.standing import write_aged, write_figures, write_items, write_proof
from arlib.ledger import Day, Ledger
from arlib.progress import Progress, followed, unseen
from arlib.risk import Facts
from arlib.simulation import Policy
from arlib.words import Language, say, word

__all__ = ["SECTIONS", "write_workbook"]


@dataclass(frozen=True)
class _Section:
    """A part of the workbook: the sheets it fills, and what fills them."""

    key: str
    sheets: tuple[str, ...]
    write: Callable[[Book, Material], None]


_SECTIONS = (  # in the order of the sheets
    _Section("cover", ("cover",), write_cover),
    _Section("figures", ("figures",), write_figures),
    _Section("proof", ("proof",), write_proof),
    _Section("aged", ("aged",), write_aged),
    _Section("open_items", ("open_items",), write_items),
    _Section("dso", ("dso", "dso_parts", "dso_history"), write_dso),
    _Section("bridge", ("bridge", "bridge_customers"), write_bridge),
    _Section("scores", ("scores",), write_scores),
    _Section("provisions", ("provisions",), write_provisions),
    _Section("doubtful", ("doubtful",), write_doubtful),
    _Section("simulation", ("simulation",), write_simulation),
    _Section("forecast", ("forecast",), write_forecast),
    _Section("delay_table", DELAY_SHEETS, write_delays),
    _Section("penalties", ("penalties", "penalty_invoices"), write_penalties),
    _Section("terms", ("terms", "due_dates"), write_terms),
    _Section("findings", ("findings", "finding_rows"), write_findings),
)
SECTIONS = tuple(section.key for section in _SECTIONS)
_FIRST, _LAST = ("open_items", "aged", "dso", "proof"), ("figures", "cover")  # what others' formulas use; what uses all


def write_workbook(  # noqa: PLR0913 - what to write, of what, and most are left as they are
    ledger: Ledger,
    as_of: Day | None = None,
    path: str | Path = "receivables.xlsx",
    *,
    language: Language = "en",
    sections: Sequence[str] | None = None,
    policies: Policy | Sequence[Policy] = (),
    customers: Sequence[str] = (),
    facts: Facts | None = None,
    company: str = "",
    progress: Progress = unseen,
) -> Path:
    """Writes what the ledger says on a day as an Excel workbook, and returns where.

    Sections and their sheets, in this order: `cover` (whose, when, from which files with their hashes, what is
    assumed, what stands where), `figures` (key figures and charts), `proof`, `aged` (by customer), `open_items`, `dso`
    (every method, its parts, its history), `bridge` (since the end of the month before), `scores`, `provisions`,
    `doubtful`, `simulation`, `forecast`, `delay_table` (the two statutory tables, their invoices, their proof),
    `penalties`, `terms` (against the law), `findings`. A section that cannot be given, such as a score where nobody
    has paid yet, is a sheet that says why.

    Figures that follow from others in the book are formulas, saved with the figures arlib gives: sums over the open
    items by customer and bucket (`items_open`, `items_no`, `items_bucket`…), DSO from its parts (`receivable`,
    `sales_90`…), provisions from exposures and rates. Beyond 50 million customers × items only the totals of the aged
    balance are, so that a program calculates in seconds. Text is written as text whatever it begins with: a customer
    named `=1+1` is a name. The same ledger, day and options give the same bytes; no author and no clock is in them.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        path: of the workbook; what is there is replaced once the new one is whole.
        language: of headings, sentences, dates.
        sections: those to write, in any order; all by default. A formula over a section left out is its figure.
        policies: to simulate; by default 30 and 60 days net for all and better reminders, said to be examples.
        customers: identifiers of those whose card and statement are added, two sheets each.
        facts: from outside, on customers; by default what the customers' file says.
        company: whose receivables these are, for the cover.
        progress: told the share done, section by section.

    Raises:
        ArlibError: no such section or customer, or a file that cannot be written.
    """
    day = ledger.day(as_of)
    chosen = _chosen(sections) + _cards(ledger, customers)
    material = Material(ledger, day, language, chosen_policies(policies), facts, company)
    about = word("export.about", language, day=day, currency=ledger.currency or "–")
    with Book(path, language, day, f"{company} · {about}" if company else about) as book:
        for section in chosen:
            for key in section.sheets:
                book.page(key, _name(key, language))
        for section in followed(sorted(chosen, key=_turn), progress):
            _write(section, book, material)
        for page in book.pages.values():
            page.finish()
    return book.path


def _write(section: _Section, book: Book, material: Material) -> None:
    """A section; where it cannot be given, the sentence why on each of its sheets."""
    pages = [book.pages[key] for key in section.sheets]
    try:
        section.write(book, material)
    except ArlibError as error:
        if any(page.row for page in pages):
            raise
        for page in pages:
            page.say(error.text(book.language))


def _chosen(sections: Sequence[str] | None) -> tuple[_Section, ...]:
    """The sections asked for, in the order of the book."""
    asked = SECTIONS if sections is None else tuple(sections)
    unknown = [key for key in asked if key not in SECTIONS]
    if unknown or not asked or isinstance(sections, str):
        raise ArlibError(say("export.sections", given=", ".join(unknown) or str(sections), known=", ".join(SECTIONS)))
    return tuple(section for section in _SECTIONS if section.key in asked)


def _cards(ledger: Ledger, customers: Sequence[str]) -> tuple[_Section, ...]:
    """A section a customer: its card and its statement."""
    asked = [customers] if isinstance(customers, str) else list(dict.fromkeys(customers))
    unknown = sorted(set(asked) - set(ledger.customers["customer_id"]))
    if unknown:
        raise ArlibError(say("export.customers", given=", ".join(unknown)[:200]))
    sections = []
    for customer_id in asked:
        keys = (f"card:{customer_id}", f"account:{customer_id}")
        sections.append(_Section(customer_id, keys, partial(write_customer, customer_id=customer_id, keys=keys)))
    return tuple(sections)


def _name(key: str, language: Language) -> str | None:
    """What the sheets of a customer are called; others by their key."""
    kind, colon, customer_id = key.partition(":")
    return f"{word(f'export.sheet.{kind}', language)} {customer_id}" if colon else None


def _turn(section: _Section) -> int:
    """When a section is written: what formulas of others use first, what tells of the others last."""
    if section.key in _FIRST:
        return _FIRST.index(section.key) - len(_FIRST)
    return 1 + _LAST.index(section.key) if section.key in _LAST else 0
