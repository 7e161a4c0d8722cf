"""The first act: does it tie, what is owed and since when, how fast are we paid, what looks wrong, on whom it rests."""

import numpy as np

from arlib.export.report.draft import Draft
from arlib.export.report.measured import measured, missing_figure, moments, moved
from arlib.export.report.values import Block, Drawn, Listed, Part, Text
from arlib.schema import HALF_CENT
from arlib.show import charts, tables
from arlib.show.look import age_columns, bucket_label
from arlib.show.tables import Field

_MOVED = ("balance", "overdue", "overdue_share", "dso", "days_late", "collection_effectiveness")
_DEBTORS, _GROUPS = 12, 8


def diagnose(draft: Draft) -> Part:
    """Where the receivable stands."""
    sections = (
        draft.section("proof", _proof),
        draft.section("figures", _figures),
        draft.section("aged", _aged),
        draft.section("dso", _dso),
        draft.section("moved", _bridge),
        draft.section("findings", _findings),
        draft.section("concentration", _concentration),
        draft.section("delays", _delays),
    )
    return Part("diagnose", draft.word("report.act.diagnose"), draft.word("report.about.diagnose"), sections)


def proof_text(draft: Draft) -> Text:
    """Whether the totals tie, in a sentence."""
    totals = draft.asked.proof[draft.asked.proof["role"] == "total"]
    if totals["ties"].all():
        return draft.say(
            "report.ties",
            measured(draft, "balance"),
            amount=draft.money(moments(draft, "balance").value),
            ways=len(totals),
        )
    largest = totals["difference"].abs().max()
    return draft.missing("report.differs", amount=draft.money(float(largest)))


def _proof(draft: Draft) -> tuple[Block, ...]:
    table = tables.proof_table(draft.asked.proof, **draft.shown)
    return proof_text(draft), Listed(table, draft.call("proof"))


def _figures(draft: Draft) -> tuple[Block, ...]:
    figures = draft.asked.key_figures.reset_index()
    table = tables.key_figures_table(figures, language=draft.language)
    return *(moved(draft, measure) for measure in _MOVED), Listed(table, draft.call("key_figures"))


def _aged(draft: Draft) -> tuple[Block, ...]:
    aged, history = draft.asked.aged, draft.asked.aged_history
    if aged.empty:
        return (draft.missing("report.nothing_owed"),)
    return (
        *_old(draft),
        Drawn(charts.aged_history_chart(history, **draft.shown), "aged_balance_history(ledger, month_ends(ledger))"),
        Listed(tables.aged_balance_table(aged, **draft.shown, rows=_DEBTORS), draft.call("aged_balance")),
    )


def oldest(draft: Draft) -> tuple[str, float]:
    """The oldest bucket of the aged balance and what is in it."""
    bucket = age_columns(draft.asked.aged)[-1]
    return bucket, float(draft.asked.aged[bucket].sum())


def _old(draft: Draft) -> tuple[Text, ...]:
    """What is due for longest, and what it was a month before."""
    bucket, amount = oldest(draft)
    opened = draft.asked.opened
    days = int(bucket.rstrip("+")) - 1
    behind = opened[(opened["open_amount"] > 0) & (opened["days_overdue"] > days)]
    key = draft.figure(
        "oldest",
        amount,
        "money",
        call=draft.call("aged_balance") + f'["{bucket}"].sum()',
        rule=draft.word("report.rule.oldest", days=days),
        items=behind,
        sheet="open_items",
    )
    owed = opened["open_amount"].clip(lower=0).sum()
    history = draft.asked.aged_history.set_index("as_of")[bucket]
    before = history.get(draft.asked.month_before, np.nan)
    change = draft.change(amount, before, "money", "month")
    told = {
        "amount": draft.money(amount),
        "share": amount / owed if owed else 0.0,
        "bucket": bucket_label(bucket, draft.language),
    }
    return (
        draft.say("report.oldest.moved", key, **told, change=change)
        if change
        else draft.say("report.oldest", key, **told),
    )


def _dso(draft: Draft) -> tuple[Block, ...]:
    methods, history = draft.asked.dso_methods, draft.asked.dso_history
    missing = missing_figure(draft, "dso")
    blocks: list[Block] = (
        [missing] if missing else [moved(draft, each) for each in ("best_possible_dso", "delinquent_dso")]
    )
    if history["dso"].notna().any():
        blocks.append(
            Drawn(charts.dso_history_chart(history, language=draft.language), "dso_history(ledger, month_ends(ledger))")
        )
    table = tables.dso_methods_table(methods, language=draft.language)
    return *blocks, Listed(table, draft.call("dso_methods"))


def _bridge(draft: Draft) -> tuple[Block, ...]:
    bridge = draft.asked.bridge
    call = f"dso_bridge(ledger, '{draft.asked.month_before:%Y-%m-%d}', '{draft.asked.as_of:%Y-%m-%d}')"
    if np.isnan(bridge.start) or np.isnan(bridge.end):
        return (bridge_text(draft),)
    return (
        bridge_text(draft),
        Drawn(charts.dso_bridge_chart(bridge, language=draft.language), call),
        Listed(tables.dso_bridge_table(bridge, **draft.shown, rows=_GROUPS), call),
    )


def bridge_text(draft: Draft) -> Text:
    """Why DSO moved in a month, in the words of the bridge; or why that cannot be told."""
    bridge = draft.asked.bridge
    missing = np.isnan(bridge.start) or np.isnan(bridge.end)
    if missing:
        return draft.told(bridge.note or bridge.sentence, kind="missing")
    return draft.told(bridge.sentence, measured(draft, "dso"))


def _findings(draft: Draft) -> tuple[Block, ...]:
    found = draft.asked.findings
    if found.empty:
        return (draft.say("report.no_finding"),)
    grouped = found.assign(amount=found["amount"].abs()).groupby(
        ["severity", "check", "meaning"], as_index=False, sort=False
    )
    by_check = grouped.agg(found=("check", "size"), amount=("amount", "sum"))
    largest = by_check.iloc[int(by_check["amount"].fillna(0).argmax())]
    key = draft.figure(
        "finding",
        largest["amount"],
        "money",
        call=draft.call("check"),
        rule=str(largest["meaning"]),
        items=found[(found["check"] == largest["check"]) & found["item_id"].notna()].astype({"amount": "float64"}),
        amount="amount",
        sheet="finding_rows",
    )
    written = by_check.assign(severity=[draft.word(f"export.severity.{each}") for each in by_check["severity"]])
    fields = [
        Field("meaning", draft.word("export.column.meaning")),
        Field("severity", draft.word("export.column.severity")),
        Field("found", draft.word("report.column.found"), "count"),
        Field("amount", draft.word("report.column.at_stake"), "money"),
    ]
    caption = draft.word("report.findings", currency=draft.unit)
    errors = int((found["severity"] == "error").sum())
    told = {"amount": draft.money(largest["amount"]), "meaning": largest["meaning"]}
    return (
        draft.say("report.found", rows=len(found), errors=errors),
        draft.say("report.found_largest", key, **told),
        Listed(tables.table(written, fields, caption=caption, language=draft.language), draft.call("check")),
        draft.say("report.found_note", kind="note"),
    )


def concentration_text(draft: Draft) -> Text:
    """On how few debtors the receivable rests."""
    rests = draft.asked.concentration
    ten = rests.top.iloc[-1]
    opened = draft.asked.opened
    names = rests.groups["customer_id"].head(int(ten["count"]))
    key = draft.figure(
        "top_debtors",
        ten["receivable"],
        "money",
        call=draft.call("concentration") + ".top",
        rule=draft.word("report.rule.top_debtors", rows=int(ten["count"])),
        items=opened[opened["customer_id"].isin(names)],
        sheet="open_items",
    )
    return draft.told(rests.sentence, key)


def _concentration(draft: Draft) -> tuple[Block, ...]:
    rests = draft.asked.concentration
    if rests.groups.empty:
        return (draft.missing("report.nothing_owed"),)
    return (
        concentration_text(draft),
        Drawn(charts.pareto_chart(rests.groups, **draft.shown), draft.call("concentration")),
    )


def _delays(draft: Draft) -> tuple[Block, ...]:
    late = draft.asked.days_late.iloc[0]
    blocks: list[Block] = [moved(draft, "days_late"), moved(draft, "late_amount_rate")]
    if late["late_amount"] > HALF_CENT:
        told = {"share": late["late_share"], "days": float(late["mean_days_when_late"]), "paid": int(late["paid"])}
        blocks.append(draft.say("report.late", measured(draft, "days_late"), **told))
    terms = draft.asked.weighted_terms.iloc[0]
    if not np.isnan(terms["closed_terms"]):
        told = {"terms": float(terms["closed_terms"]), "taken": float(terms["closed_days_to_pay"])}
        blocks.append(draft.say("report.agreed_and_taken", measured(draft, "days_late"), **told))
    history = draft.asked.delay_history
    if len(history):
        blocks.append(Drawn(charts.delay_history_chart(history, language=draft.language), draft.call("delay_history")))
    return tuple(blocks)
