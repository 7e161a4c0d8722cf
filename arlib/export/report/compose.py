"""A report from a ledger: every answer computed once, every figure traced."""

from collections.abc import Iterable

from arlib.export.report.appendices import appendices
from arlib.export.report.asked import Asked
from arlib.export.report.billing import bill_better
from arlib.export.report.board import board
from arlib.export.report.collect import collect
from arlib.export.report.diagnose import diagnose
from arlib.export.report.draft import Draft
from arlib.export.report.follow import follow
from arlib.export.report.values import Part, Report
from arlib.ledger import Day, Ledger
from arlib.progress import Progress, followed, unseen
from arlib.risk import Facts
from arlib.simulation import Costs, Policy
from arlib.words import Language, day

_ACTS = (diagnose, collect, bill_better, follow)


def compose_report(  # noqa: PLR0913 - what is known beside the ledger, and who hands it to whom
    ledger: Ledger,
    as_of: Day | None = None,
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
) -> Report:
    """A board page and an audit in four acts (diagnose, collect, bill better, follow), as a value.

    Each figure is that of the function of the house it names, with its number in the appendix: the call, the rule,
    how many items are behind it, their sum, the largest of them and the sheet of the workbook that holds all. Where
    something cannot be computed, the sentence that says why stands in its place.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last where none is given.
        language: of all of it.
        policies: what to simulate beside today's terms; without any, usual ones, as examples, never proposed.
        costs: what money and losses cost, for policies and discounts; nothing is counted that is not given.
        facts: what is known from outside, such as procedures: doubtful debts follow from it.
        title: of the report; what it is by default.
        client: whose receivables they are.
        author: who hands it over; printed on the first page, never in the file's properties.
        confidential: say so on every page.
        progress: told the share done.
    """
    as_of = ledger.day(as_of)
    draft = Draft(Asked.of(ledger, as_of, language, policies=policies, costs=costs, facts=facts))
    first = board(draft)
    acts: tuple[Part, ...] = tuple(act(draft) for act in followed(_ACTS, progress))
    facts_told = {"client": client, "author": author, "day": day(as_of, language), "currency": ledger.currency}
    return Report(
        title=title or draft.word("report.title"),
        facts=tuple((draft.word(f"report.fact.{name}"), text) for name, text in facts_told.items() if text),
        board=first,
        acts=acts,
        appendices=appendices(draft),
        figures=tuple(draft.figures.values()),
        language=language,
        as_of=as_of,
        client=client,
        confidential=confidential,
    )
