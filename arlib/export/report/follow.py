"""The fourth act: the statutory table, penalties, risk, the indicators to follow and their targets, the calendar."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.export.report.draft import Draft
from arlib.export.report.measured import measured
from arlib.export.report.targets import targets
from arlib.export.report.values import Block, Drawn, Listed, Part, Points
from arlib.schema import HALF_CENT
from arlib.show import charts, tables
from arlib.show.tables import Field
from arlib.words import Sentence

_NOTES, _WARNINGS, _DEADLINES, _PENALTIES = 4, 8, 8, 8
_SOON = 365  # days of deadlines that a year's calendar holds


def follow(draft: Draft) -> Part:
    """What to keep an eye on."""
    sections = (
        draft.section("statutory", _statutory),
        draft.section("penalties", _penalties),
        draft.section("risk", _risk),
        draft.section("targets", _targets),
        draft.section("calendar", _calendar),
    )
    return Part("follow", draft.word("report.act.follow"), draft.word("report.about.follow"), sections)


def _statutory(draft: Draft) -> tuple[Block, ...]:
    table = draft.asked.delay_table
    total = table.unpaid.iloc[-1]
    counted = table.invoices[(table.invoices["part"] == "A") & (table.invoices["band"] != "0")]
    key = draft.figure(
        "statutory",
        float(total["amount"]),
        "money",
        call=draft.call("payment_delay_table"),
        rule=draft.word("report.rule.statutory", opening=table.opening, closing=table.closing),
        items=counted,
        amount="counted",
        sheet="delay_invoices",
    )
    told = {"amount": draft.money(float(total["amount"])), "rows": int(total["number"])}
    share = float(total["turnover_share"])
    line = (
        draft.say("report.statutory", key, **told)
        if np.isnan(share)
        else draft.say("report.statutory_share", key, **told, share=share)
    )
    return line, Listed(tables.unpaid_delays_table(table, language=draft.language), draft.call("payment_delay_table"))


def penalty(draft: Draft) -> str:
    """The figure of what late payment has earned and nobody has claimed."""
    invoices = draft.asked.penalties.invoices
    return draft.figure(
        "penalty",
        float(invoices["remaining"].sum()),
        "money",
        call=draft.call("late_penalties") + '.invoices["remaining"].sum()',
        rule=draft.word("report.rule.penalty"),
        items=invoices[invoices["remaining"] > HALF_CENT],
        amount="remaining",
        sheet="penalty_invoices",
    )


def _penalties(draft: Draft) -> tuple[Block, ...]:
    penalties = draft.asked.penalties
    if penalties.invoices.empty:
        return (draft.say("report.no_penalty"), *_notes(draft, penalties.notes))
    return (
        draft.say(
            "report.penalty",
            penalty(draft),
            amount=draft.money(float(penalties.invoices["remaining"].sum())),
            rows=len(penalties.invoices),
        ),
        Listed(tables.penalties_table(penalties, **draft.shown, rows=_PENALTIES), draft.call("late_penalties")),
        *_notes(draft, penalties.notes),
    )


def _notes(draft: Draft, notes: Sequence[Sentence]) -> tuple[Block, ...]:
    lines = tuple(draft.told(note, kind="note") for note in notes[:_NOTES])
    return (Points(lines),) if lines else ()


def _risk(draft: Draft) -> tuple[Block, ...]:
    scores = draft.asked.scores
    weak = scores[scores["grade"].isin(["D", "E"]) & (scores["exposure"] > 0)]
    opened = draft.asked.opened
    key = draft.figure(
        "weak",
        float(weak["exposure"].sum()),
        "money",
        call=draft.call("score_customers"),
        rule=draft.word("report.rule.weak"),
        items=opened[opened["customer_id"].isin(weak["customer_id"])],
        sheet="open_items",
    )
    owed = float(scores["exposure"].clip(lower=0).sum())
    told = {
        "amount": draft.money(float(weak["exposure"].sum())),
        "rows": len(weak),
        "share": weak["exposure"].sum() / owed if owed else 0.0,
    }
    moved = scores["trend"].value_counts()
    lines = [draft.say("report.weak", key, **told)]
    if scores["trend"].ne("").any():
        worse, better = (int(moved.get(way, 0)) for way in ("worse", "better"))
        lines.append(draft.say("report.trend", worse=worse, better=better))
    blocks: list[Block] = [*lines, Listed(_graded(draft, scores), draft.call("score_customers"))]
    return *blocks, *draft.attempt(lambda: _warned(draft))


def _graded(draft: Draft, scores: pd.DataFrame) -> tables.Html:
    """Customers and what they owe by grade."""
    graded = scores.groupby("grade", as_index=False).agg(
        customers=("customer_id", "size"), exposure=("exposure", "sum"), overdue=("overdue", "sum")
    )
    fields = [
        Field("grade", draft.word("table.column.grade")),
        Field("customers", draft.word("table.column.customers"), "count"),
        Field("exposure", draft.word("table.column.exposure"), "money"),
        Field("overdue", draft.word("table.column.overdue"), "money"),
    ]
    footer = {"grade": draft.word("table.total")} | dict(graded[["customers", "exposure", "overdue"]].sum())
    caption = draft.word("report.grades", currency=draft.unit)
    return tables.table(graded, fields, caption=caption, language=draft.language, footer=footer)


def _warned(draft: Draft) -> tuple[Block, ...]:
    warnings = draft.asked.warnings.warnings
    if warnings.empty:
        return (draft.say("report.no_warning"),)
    table = tables.warnings_table(warnings, **draft.shown, rows=_WARNINGS)
    return (Listed(table, draft.call("early_warnings")),)


def _targets(draft: Draft) -> tuple[Block, ...]:
    rows = targets(draft)
    fields = [
        Field("measure", draft.word("table.measure")),
        *(
            Field(name, draft.word(f"report.column.{name}"), "count")
            for name in ("now", "month", "target", "reached", "gap")
        ),
    ]
    table = tables.table(rows, fields, caption=draft.word("report.targets"), language=draft.language)
    return draft.say("report.target_rule"), Listed(table, "dso_history(…), aged_balance_history(…)")


def _calendar(draft: Draft) -> tuple[Block, ...]:
    opened = draft.asked.opened
    deadlines = draft.asked.limitation_dates
    near = deadlines.rows[deadlines.rows["days_left"].notna() & (deadlines.rows["days_left"] <= _SOON)]
    key = draft.figure(
        "limitation",
        float(near["open_amount"].sum()),
        "money",
        call=draft.call("limitation_dates"),
        rule=draft.word("report.rule.limitation", days=_SOON),
        items=near,
        sheet="open_items",
    )
    line = "report.limitation" if len(near) else "report.no_limitation"
    told = {"rows": len(near), "amount": draft.money(float(near["open_amount"].sum()))} if len(near) else {}
    blocks: list[Block] = [draft.say("report.rhythm", measured(draft, "balance")), draft.say(line, key, **told)]
    if len(near):
        blocks.append(
            Listed(tables.deadlines_table(deadlines, **draft.shown, rows=_DEADLINES), draft.call("limitation_dates"))
        )
    if (opened["open_amount"] > 0).any():
        blocks.append(Drawn(charts.payment_calendar_chart(opened, **draft.shown), draft.call("open_items")))
    return tuple(blocks)
