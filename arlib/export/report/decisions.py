"""What is proposed to whoever decides: each with the money at stake, as a function of the house gives it."""

from collections.abc import Callable, Iterator

from arlib.errors import ArlibError
from arlib.export.report.billing import beyond_law, lever, levers, policy, tried
from arlib.export.report.collect import chased, to_contact
from arlib.export.report.draft import Draft
from arlib.export.report.follow import penalty
from arlib.export.report.measured import measured
from arlib.export.report.values import Decision
from arlib.schema import HALF_CENT
from arlib.show.charts.levers import lever_name

MOST = 3
_OF_CREDITS = ("match",)  # what is received is below zero in a ledger
_STEPS = ("terms_days", "faster_invoicing_days")  # levers moved by days; the others by a share


def decisions(draft: Draft) -> tuple[Decision, ...]:
    """The three to take: the largest of each act first, then the largest of those left, in the order of the acts.

    Their amounts are of different kinds (to be asked for, freed on average, not yet claimed), which each says.
    """
    found = [decision for candidates in _CANDIDATES for decision in _found(candidates, draft)]
    ordered = sorted(found, key=lambda decision: -decision.amount)
    acts = tuple(dict.fromkeys(decision.act for decision in ordered))
    first = [next(each for each in ordered if each.act == act) for act in acts]
    chosen = [*first, *(each for each in ordered if each not in first)][:MOST]
    order = ("collect", "bill", "follow")
    return tuple(sorted(chosen, key=lambda decision: (order.index(decision.act), -decision.amount)))


def _found(candidates: Callable[[Draft], Iterator[Decision]], draft: Draft) -> list[Decision]:
    """Those worth anything; none where the ledger does not tell what they rest on."""
    try:
        return [decision for decision in candidates(draft) if decision.amount > HALF_CENT]
    except ArlibError:
        return []


def _decision(draft: Draft, act: str, name: str, key: str, **values: object) -> Decision:
    """A decision about a figure of the report; the money at stake is that figure."""
    amount = next(traced.value for traced in draft.figures.values() if traced.key == key)
    amount = abs(amount) if name in _OF_CREDITS else amount
    told = {"amount": draft.money(amount)} | values
    title, text = draft.word(f"report.decide.{name}", **values), draft.word(f"report.decide.{name}.why", **told)
    return Decision(act, title, amount, draft.money(amount), text, key)


def _calls(draft: Draft) -> Iterator[Decision]:
    """Whom one person reaches in the day, and no more: a decision that can be carried out."""
    if len(draft.asked.worklist.contacts):
        yield _decision(draft, "collect", "call", chased(draft), **to_contact(draft))


def _matching(draft: Draft) -> Iterator[Decision]:
    waiting = int((draft.asked.opened["open_amount"] < 0).sum())
    if waiting:
        yield _decision(draft, "collect", "match", measured(draft, "unapplied"), rows=waiting)


def _disputes(draft: Draft) -> Iterator[Decision]:
    opened = draft.asked.opened
    disputed = int((opened["disputed"] & (opened["open_amount"] > 0)).sum())
    if disputed:
        yield _decision(draft, "collect", "settle", measured(draft, "disputed"), rows=disputed)


def _lawful(draft: Draft) -> Iterator[Decision]:
    if draft.asked.terms_against_law.cash_beyond_law > HALF_CENT:
        yield _decision(draft, "bill", "lawful", beyond_law(draft))


def _policies(draft: Draft) -> Iterator[Decision]:
    """The policies tried that the law allows."""
    if draft.asked.policies:
        for found in tried(draft):
            if found.illegal < 1:
                values = {"policy": found.name, "days": found.days}
                yield _decision(draft, "bill", "policy", policy(draft, found), **values)


def _levers(draft: Draft) -> Iterator[Decision]:
    """The lever that frees most, where no policy was tried."""
    if not draft.asked.policies:
        for moved in levers(draft)[:1]:
            days = draft.word("report.days", days=int(abs(moved.step)))
            step = days if moved.name in _STEPS else draft.written(abs(moved.step), "percent")
            name = lever_name(moved.name, draft.language)
            yield _decision(draft, "bill", "lever", lever(draft, moved), lever=name, step=step)


def _penalties(draft: Draft) -> Iterator[Decision]:
    """What was earned, unless payments without a date are in it: what is due by law is then not known."""
    invoices, notes = draft.asked.penalties.invoices, draft.asked.penalties.notes
    if len(invoices) and not any(note.key == "law.penalty.undated" for note in notes):
        yield _decision(draft, "follow", "claim", penalty(draft), rows=int((invoices["remaining"] > HALF_CENT).sum()))


_CANDIDATES = (_calls, _matching, _disputes, _lawful, _policies, _levers, _penalties)
