"""What is handed over, as bytes: written where nobody else reads, and deleted at once."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from arlib.apps.answers import Answers
from arlib.apps.pages.audit.asked import AuditAsked
from arlib.apps.pages.audit.dossier import Dossier
from arlib.export import write_delay_table, write_workbook
from arlib.law import PaymentDelayTable, payment_delay_table
from arlib.law.delay_table.result import Basis
from arlib.progress import Progress
from arlib.words import Language, word

File = tuple[str, bytes]


def workbook(answers: Answers, dossier: Dossier, asked: AuditAsked, language: Language, progress: Progress) -> File:
    """The workbook with the sections asked."""

    def write(path: Path) -> None:
        write_workbook(
            answers.ledger,
            answers.as_of,
            path,
            language=language,
            sections=asked.sections,
            facts=dossier.facts,
            company=asked.client,
            progress=progress,
        )

    return _name("workbook", answers, language, asked.client, "xlsx"), _written(write, "xlsx")


def report(
    answers: Answers, dossier: Dossier, asked: AuditAsked, language: Language, progress: Progress, *, suffix: str
) -> File:
    """The report as one page (`html`) or on paper (`pdf`)."""
    from arlib.export.report import write_report  # noqa: PLC0415 - brings a typesetter, needed at a click only

    def write(path: Path) -> None:
        write_report(
            answers.ledger,
            answers.as_of,
            path,
            language=language,
            facts=dossier.facts,
            client=asked.client,
            author=asked.author,
            progress=progress,
        )

    return _name("report", answers, language, asked.client, suffix), _written(write, suffix)


def delay_table(answers: Answers, basis: Basis) -> PaymentDelayTable:
    """The statutory table of the year that ends on the day.

    Raises:
        ArlibError: net amounts that the file does not tell.
    """
    compute = partial(payment_delay_table, answers.ledger, answers.as_of, basis=basis)
    return answers.once(("audit", "delays", basis), compute)


def delays(answers: Answers, basis: Basis, language: Language) -> File:
    """The statutory table as the order lays it out.

    Raises:
        ArlibError: net amounts that the file does not tell.
    """
    found = delay_table(answers, basis)
    name = word("app.audit.file_name.delays", language, day=f"{found.closing:%Y-%m-%d}")
    return f"{name}.xlsx", _written(lambda path: write_delay_table(found, path, language), "xlsx")


def _name(what: str, answers: Answers, language: Language, client: str, suffix: str) -> str:
    """What the file is of, whose, and on which day."""
    name = word(f"app.audit.file_name.{what}", language, day=f"{answers.as_of:%Y-%m-%d}")
    return f"{client} {name}.{suffix}" if client else f"{name}.{suffix}"


def _written(write: Callable[[Path], object], suffix: str) -> bytes:
    with TemporaryDirectory(prefix="arlib-") as folder:
        path = Path(folder) / f"audit.{suffix}"
        write(path)
        return path.read_bytes()
