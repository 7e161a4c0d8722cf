"""The second act: whom to call, what may be lost, what waits to be matched or settled, what cash comes in."""

from collections.abc import Sequence

import numpy as np

from arlib.collection.worklist.rules import MINUTES, WORKDAY
from arlib.export.report.draft import Draft
from arlib.export.report.measured import measured
from arlib.export.report.values import Block, Drawn, Listed, Part, Points, Text
from arlib.risk import provision_total
from arlib.schema import HALF_CENT
from arlib.show import charts, tables
from arlib.show.tables import Field
from arlib.words import Sentence

_CONTACTS, _CREDITS, _NOTES = 10, 8, 4


def collect(draft: Draft) -> Part:
    """What to go and get."""
    sections = (
        draft.section("worklist", _worklist),
        draft.section("provisions", _provisions),
        draft.section("unapplied", _unapplied),
        draft.section("disputes", _disputes),
        draft.section("forecast", _forecast),
    )
    return Part("collect", draft.word("report.act.collect"), draft.word("report.about.collect"), sections)


def _worklist(draft: Draft) -> tuple[Block, ...]:
    found, call = draft.asked.worklist, _worklist_call(draft)
    queues = Listed(tables.queues_table(found, **draft.shown), call)
    if found.contacts.empty:
        return draft.say("report.nobody_to_call"), queues
    contacts = found.contacts.assign(
        channel=[draft.word(f"collection.channel.{each}") for each in found.contacts["channel"]]
    )
    fields = [
        Field("rank", draft.word("table.column.rank"), "count"),
        Field("name", draft.word("table.customer")),
        Field("channel", draft.word("table.column.channel")),
        *(Field(name, draft.word(f"table.column.{name}"), "money") for name in ("chased", "overdue", "expected_gain")),
    ]
    listed = contacts.head(_CONTACTS).assign(name=contacts["name"].fillna(contacts["customer_id"]))
    caption = draft.word("report.contacts", shown=len(listed), rows=len(contacts), currency=draft.unit)
    table = tables.table(listed, fields, caption=caption, language=draft.language, note="reason")
    return (
        draft.say("report.to_call", chased(draft), amount=draft.money(contacts["chased"].sum()), **to_contact(draft)),
        Listed(table, call),
        queues,
        _noted(draft, found.notes[1:]),
    )


def to_contact(draft: Draft) -> dict[str, int]:
    """How many customers are to be contacted today, of how many worth it, and the hours that takes one person."""
    found = draft.asked.worklist
    return {
        "rows": len(found.contacts),
        "worth": len(found.contacts) + len(found.left),
        "hours": WORKDAY // _HOUR,
    }


def chased(draft: Draft) -> str:
    """The figure of what is to be asked for today."""
    contacts, items = draft.asked.worklist.contacts, draft.asked.worklist.items
    asked = items["customer_id"].isin(contacts["customer_id"]) & (items["queue"] == "contact")
    return draft.figure(
        "chased",
        contacts["chased"].sum(),
        "money",
        call=_worklist_call(draft),
        rule=draft.word("report.rule.chased"),
        items=items[asked & (items["chased"].abs() > HALF_CENT)],
        amount="chased",
        sheet="open_items",
    )


def _worklist_call(draft: Draft) -> str:
    return draft.call("worklist", capacity={MINUTES: WORKDAY})


def _noted(draft: Draft, notes: Sequence[Sentence]) -> Points:
    """What an answer rests on, in small letters."""
    return Points(tuple(draft.told(note, kind="note") for note in notes[:_NOTES]))


def _provisions(draft: Draft) -> tuple[Block, ...]:
    doubtful = draft.asked.doubtful_debts
    if doubtful.debts.empty:
        french: tuple[Block, ...] = (draft.say("report.no_doubtful"),)
    else:
        french = (Listed(tables.doubtful_table(doubtful, **draft.shown), draft.call("doubtful_debts")),)
    return *draft.attempt(lambda: _matrix(draft)), *french, _noted(draft, doubtful.notes)


def _matrix(draft: Draft) -> tuple[Block, ...]:
    """The provision by rates learnt from the ledger, where it holds losses to learn from."""
    matrix = draft.asked.provision_matrix
    total = provision_total(matrix)
    opened = draft.asked.opened
    key = draft.figure(
        "provision",
        float(total),
        "money",
        call=f"provision_total({draft.call('provision_matrix')})",
        rule=total.formula,
        items=opened[opened["open_amount"] > 0],
        sheet="open_items",
    )
    if np.isnan(total) and total.note:
        told = draft.told(total.note, kind="missing")
    else:
        exposed = {"amount": draft.money(float(total)), "exposure": draft.money(total.inputs["exposure"])}
        told = draft.say("report.provision", key, **exposed)
    table = tables.provisions_table(matrix, **draft.shown)
    return told, Listed(table, draft.call("provision_matrix"))


def _unapplied(draft: Draft) -> tuple[Block, ...]:
    opened = draft.asked.opened
    waiting = opened[opened["open_amount"] < 0]
    if waiting.empty:
        return (draft.say("report.no_credit"),)
    names = draft.asked.ledger.customers.set_index("customer_id")["name"]
    largest = waiting.nsmallest(_CREDITS, "open_amount")
    written = largest.assign(
        name=largest["customer_id"].map(names).fillna(largest["customer_id"]),
        kind=[draft.word(f"export.kind.{each}") for each in largest["kind"]],
    )
    fields = [
        Field("name", draft.word("table.customer")),
        Field("reference", draft.word("export.column.reference")),
        Field("kind", draft.word("export.column.kind")),
        Field("booked_on", draft.word("export.column.issued_on"), "date"),
        Field("open_amount", draft.word("export.column.open_amount"), "money"),
    ]
    caption = draft.word("report.credits", shown=len(largest), rows=len(waiting), currency=draft.unit)
    table = tables.table(written, fields, caption=caption, language=draft.language)
    told = {"amount": draft.money(-waiting["open_amount"].sum()), "rows": len(waiting)}
    old = float(-waiting.loc[waiting["days_open"] > _HALF_YEAR, "open_amount"].sum())
    lines: list[Text] = [draft.say("report.unapplied", measured(draft, "unapplied"), **told)]
    if old > HALF_CENT:
        lines.append(draft.say("report.unapplied_old", measured(draft, "unapplied"), amount=draft.money(old)))
    return *lines, Listed(table, draft.call("open_items"))


def _disputes(draft: Draft) -> tuple[Block, ...]:
    causes = draft.asked.dispute_causes
    opened = draft.asked.opened
    disputed = opened[(opened["open_amount"] > 0) & opened["disputed"]]
    if disputed.empty:
        return (draft.say("report.no_dispute"),)
    told = {"amount": draft.money(disputed["open_amount"].sum()), "rows": len(disputed)}
    table = tables.frame_table(
        causes, language=draft.language, caption=draft.word("report.causes", currency=draft.unit)
    )
    return draft.say("report.disputed", measured(draft, "disputed"), **told), Listed(
        table, draft.call("dispute_causes")
    )


def forecast_text(draft: Draft) -> Text:
    """The cash of the next thirteen weeks, with the range eight outcomes of ten fall in."""
    weeks = draft.asked.forecast.weekly
    last = weeks.iloc[-1]
    opened = draft.asked.opened
    key = draft.figure(
        "cash",
        last["expected_cumulated"],
        "money",
        call=draft.call("forecast_cash") + ".weekly",
        rule=draft.word(
            "report.rule.cash",
            amount=draft.money(weeks["from_open"].sum()),
            future=draft.money(weeks["from_future"].sum()),
        ),
        items=opened[opened["open_amount"] > 0],
        sheet="open_items",
    )
    low, high = draft.money(last["p10_cumulated"]), draft.money(last["p90_cumulated"])
    told = {"amount": draft.money(last["expected_cumulated"]), "low": low, "high": high}
    return draft.say("report.cash", key, **told, weeks=len(weeks), day=last["ends_on"])


def _forecast(draft: Draft) -> tuple[Block, ...]:
    forecast = draft.asked.forecast
    return (
        forecast_text(draft),
        Drawn(charts.cash_forecast_chart(forecast.weekly, **draft.shown), draft.call("forecast_cash") + ".weekly"),
        Listed(tables.forecast_table(forecast.weekly, **draft.shown), draft.call("forecast_cash") + ".weekly"),
        _noted(draft, forecast.notes),
    )


_HALF_YEAR = 182  # days
_HOUR = 60  # minutes
