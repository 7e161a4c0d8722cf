"""A report written to a file, as its suffix says."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from arlib.errors import ArlibError
from arlib.export.report.compose import compose_report
from arlib.export.report.page import report_page
from arlib.export.report.pdf import report_pdf
from arlib.ledger import Day, Ledger
from arlib.progress import Progress, unseen
from arlib.risk import Facts
from arlib.simulation import Costs, Policy
from arlib.words import Language, say

_COMPOSED = 0.6  # of the time; the rest is drawing


def write_report(  # noqa: PLR0913 - what is known beside the ledger, and who hands it to whom
    ledger: Ledger,
    as_of: Day | None = None,
    path: str | Path = "report.html",
    *,
    language: Language = "en",
    policies: Policy | Iterable[Policy] = (),
    costs: Costs = Costs(),  # noqa: B008 - a frozen value
    facts: Facts | None = None,
    title: str = "",
    client: str = "",
    author: str = "",
    confidential: bool = True,
    progress: Progress = unseen,
) -> Path:
    """Write the report of a ledger on a day as one file that stands alone; its suffix says which: .html or .pdf.

    Both hold the same: a board page, the audit in four acts, and appendices that trace each figure to its items. The
    HTML runs no script and fetches nothing; the PDF is tagged, with bookmarks and page numbers.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last where none is given.
        path: where to write it; a file there is replaced.
        language: of all of it.
        policies: what to simulate beside today's terms; without any, usual ones, as examples, never proposed.
        costs: what money and losses cost; nothing is counted that is not given.
        facts: what is known from outside, such as procedures.
        title: of the report.
        client: whose receivables they are, on every page.
        author: who hands it over.
        confidential: say so on every page.
        progress: told the share done.

    Returns:
        the path written.

    Raises:
        ArlibError: another suffix, or a file that cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in {".html", ".htm", ".pdf"}:
        raise ArlibError(say("report.suffix", name=path.name))
    if not path.absolute().parent.is_dir():  # told before the work, not after it
        raise ArlibError(say("export.not_written", file=str(path), reason=os.strerror(errno.ENOENT)))
    report = compose_report(
        ledger,
        as_of,
        language=language,
        policies=policies,
        costs=costs,
        facts=facts,
        title=title,
        client=client,
        author=author,
        confidential=confidential,
        progress=lambda share: progress(_COMPOSED * share),
    )

    def rest(share: float) -> None:
        progress(_COMPOSED + (1 - _COMPOSED) * share)

    content = report_pdf(report, progress=rest) if suffix == ".pdf" else report_page(report, progress=rest).encode()
    try:
        path.write_bytes(content)
    except OSError as refused:
        raise ArlibError(say("export.not_written", file=str(path), reason=refused.strerror)) from refused
    return path
