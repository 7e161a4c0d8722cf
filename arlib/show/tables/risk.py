"""The tables of who pays late and what it may cost: scores, open items, warnings, limits, provisions, the backtest."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from arlib.risk.backtest import RiskBacktest
from arlib.risk.provisions import provision_total
from arlib.show.look import bucket_label
from arlib.show.tables.columns import captioned
from arlib.show.tables.html import Field, Html, table
from arlib.show.tables.standing import group_heading, group_names
from arlib.words import Language, has_word, number, percent, word

_AMOUNTS_PROVIDED = ("gross", "credits", "tax", "covered", "exposure", "provision")
_MEASURES = ("auc", "brier", "log_loss")
_HEADLINE = 2  # sentences of a test beside the scores: how well they ranked, and whether better than the simple rate


def scores_table(
    scores: pd.DataFrame,
    *,
    backtest: RiskBacktest | None = None,
    language: Language = "en",
    currency: str = "",
    rows: int = 10,
) -> Html:
    """The customers with the largest expected late amount: score, grade and probability with their range, and why.

    Args:
        scores: as `arlib.score_customers` returns it; its main reasons, trend and change stand under each line, in the
            language it was asked in.
        backtest: how such scores did on the past, of the same days of lateness: stands above them when given.
        language: of the headings and figures.
        currency: of the amounts, named when given.
        rows: how many customers to list.
    """
    shown = scores.head(rows)
    trend = shown["trend_reason"].where(shown["trend"] != "", "")
    moved = shown["change_reason"].where((shown["change"] != 0).fillna(value=False), "")
    written = shown.assign(
        grade=grades_with_range(shown, language),
        p_late=[
            f"{_share(p, language)} ({_share(low, language)}–{_share(high, language)})"
            for p, low, high in zip(shown["p_late"], shown["p_low"], shown["p_high"], strict=True)
        ],
        change=[_signed(change, language) for change in shown["change"]],
        told=_joined(shown["main_reasons"], trend, moved),
    )
    fields = [
        Field("name", word("table.customer", language)),
        Field("score", word("table.column.score", language), "count"),
        Field("grade", word("table.column.grade", language)),
        Field("p_late", word("table.column.p_late", language), "count"),
        Field("change", word("table.since_closing", language), "count"),
        Field("exposure", word("table.column.exposure", language), "money"),
        Field("overdue", word("table.column.overdue", language), "money"),
        Field("expected_late", word("table.column.expected_late", language), "money"),
    ]
    caption = _caption("scores", len(shown), len(scores), language, currency)
    told = [] if scores.empty else [scores["starting_point"].iloc[0]]
    if told and backtest is not None:
        told.append(_tested(backtest, int(scores["days_late"].iloc[0]), language))
    return table(written, fields, caption=" ".join([caption, *told]), language=language, note="told")


def late_risk_table(late: pd.DataFrame, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """The open items that will cost most lateness: how likely they are late, when they are paid, what may be lost.

    Args:
        late: as `arlib.late_risk` returns it.
        language: of the headings, figures and dates.
        currency: of the amounts, named when given.
        rows: how many items to list; the others are added up in a line of their own, so that the total ties.
    """
    added = ["open_amount", "expected_late_euro_days", "expected_loss"]
    if late["expected_loss"].isna().all():
        added.remove("expected_loss")
    shown = late.head(rows)
    if len(late) > rows:
        others = late.iloc[rows:][added].sum(min_count=1).to_frame().T
        others["name"] = word("table.others", language, rows=len(late) - rows)
        shown = pd.concat([shown, others], ignore_index=True)
    fields = [
        Field("name", word("table.customer", language)),
        Field("reference", word("export.column.reference", language)),
        Field("due_on", word("export.column.due_on", language), "date"),
        Field("days_overdue", word("export.column.days_overdue", language), "count"),
        *(Field(f"p_late_{days}", word("table.threshold.p_late", language, days=days), "percent") for days in (30, 90)),
        Field("median_on", word("table.column.median_on", language), "date"),
        Field("p90_on", word("table.column.p90_on", language), "date"),
        Field("open_amount", word("export.column.open_amount", language), "money"),
        Field("expected_late_euro_days", word("table.column.expected_late_euro_days", language), "count"),
        *(Field(name, word(f"table.column.{name}", language), "money") for name in added[2:]),
    ]
    shown = shown.astype({"due_on": late["due_on"].dtype})
    total = {"name": word("table.total", language)} | dict(late[added].sum(min_count=1))
    note = "note" if late.head(rows)["note"].ne("").any() else None
    shown["note"] = shown["note"].replace("", np.nan)
    caption = _caption("late_risk", len(late), len(late), language, currency)
    return table(shown, fields, caption=caption, language=language, note=note, footer=total)


def warnings_table(warnings: pd.DataFrame, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """The early warnings of the day, each with how often its rule came true before, beside any customer's rate.

    Args:
        warnings: `EarlyWarnings.warnings`; its sentences are in the language they were asked in.
        language: of the headings and figures.
        currency: of the amounts, named when given.
        rows: how many warnings to list.
    """
    shown = warnings.head(rows)
    written = shown.assign(rule=[_rule(rule, language) for rule in shown["rule"]])
    fields = [
        Field("name", word("table.customer", language)),
        Field("rule", word("table.column.rule", language)),
        Field("amount", word("table.column.at_stake", language), "money"),
        Field("hit_rate", word("table.column.hit_rate", language), "percent"),
        Field("base_rate", word("table.column.base_rate", language), "percent"),
    ]
    caption = _caption("warnings", len(shown), len(warnings), language, currency)
    return table(written, fields, caption=caption, language=language, note="sentence")


def warning_rules_table(record: pd.DataFrame, *, language: Language = "en") -> Html:
    """What each rule of early warning was worth on the past closings of the ledger.

    Args:
        record: `EarlyWarnings.record`; its sentences are in the language they were asked in.
        language: of the headings and figures.
    """
    written = record.assign(
        rule=[_rule(rule, language) for rule in record["rule"]],
        lift=[number(lift, language) for lift in record["lift"]],
        verdict=[word(f"table.verdict.{verdict}", language) for verdict in record["verdict"]],
    )
    counts = ("closings", "raised", "customers", "came_true")
    fields = [
        Field("rule", word("table.column.rule", language)),
        *(Field(name, word(f"table.column.{name}", language), "count") for name in counts),
        *(Field(name, word(f"table.column.{name}", language), "percent") for name in ("hit_rate", "base_rate")),
        Field("lift", word("table.column.lift", language), "count"),
        Field("verdict", word("table.column.verdict", language)),
    ]
    caption = word("table.warning_rules", language)
    return table(written, fields, caption=caption, language=language, note="sentence")


def limits_table(limits: pd.DataFrame, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """What customers owe against their credit limits: those furthest over theirs first, then the largest exposures.

    Args:
        limits: as `arlib.credit_limits` returns it; its reasons are in the language they were asked in.
        language: of the headings and figures.
        currency: of the amounts, named when given.
        rows: how many customers to list.
    """
    over = limits["over_limit"].fillna(0.0)
    order = limits.assign(_over=over).sort_values(["_over", "exposure"], ascending=False, kind="stable").index
    shown = limits.loc[order].head(rows)
    written = shown.assign(binding=[word(f"table.binding.{each or 'unknown'}", language) for each in shown["binding"]])
    amounts = ("exposure", "insured", "credit_limit", "over_limit", "suggested_limit")
    fields = [
        Field("name", word("table.customer", language)),
        Field("grade", word("table.column.grade", language)),
        *(Field(name, word(f"table.column.{name}", language), "money") for name in amounts),
        Field("binding", word("table.column.binding", language)),
    ]
    caption = _caption("limits", len(shown), len(limits), language, currency)
    caption += f" {_over_limits(limits, language)}" if len(limits) else ""
    return table(written, fields, caption=caption, language=language, note="reason")


def provisions_table(matrix: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Html:
    """The provision of each age: what is owed, what cannot be lost of it, the loss rate, the provision, and the total.

    Args:
        matrix: as `arlib.provision_matrix` returns it; its notes are in the language they were asked in.
        language: of the headings and figures.
        currency: of the amounts, named when given.
    """
    by = list(matrix.columns[: list(matrix.columns).index("bucket")])
    written = matrix.assign(
        age=[_age(bucket, language) for bucket in matrix["bucket"]], group=group_names(matrix, by, language)
    )
    amounts = [name for name in _AMOUNTS_PROVIDED if name in ("gross", "exposure", "provision") or matrix[name].any()]
    fields = [
        *([Field("group", group_heading(by, language))] if by else []),
        Field("age", word("table.age", language)),
        *(Field(name, word(f"table.column.{name}", language), "money") for name in amounts[:-1]),
        Field("applied_rate", word("table.column.applied_rate", language), "percent"),
        Field("provision", word("table.column.provision", language), "money"),
    ]
    found = provision_total(matrix)
    total = {fields[0].column: word("table.total", language)} | dict(matrix[amounts].sum()) | {"provision": found}
    caption = _caption("provisions", len(matrix), len(matrix), language, currency)
    caption += f" {found.note.text(language)}" if found.note and len(matrix) else ""
    return table(written, fields, caption=caption, language=language, note="note", footer=total)


def backtest_table(backtest: RiskBacktest, *, language: Language = "en") -> Html:
    """How well the score ranked and announced past invoices, beside simple rates; the verdict is the caption.

    A line a threshold of lateness and a model: the times out of 100 that it put an invoice paid late before one that
    was not, and two measures of its probabilities, the smaller the better; each with its 95 % range.

    Args:
        backtest: as `arlib.backtest_risk` returns it.
        language: of the sentences and figures.
    """
    found = backtest.discrimination
    written = pd.DataFrame(
        {
            "late": [_late(int(days), language) for days in found["days_late"]],
            "model": [_model(model, language) for model in found["model"]],
            "invoices": found["invoices"],
            **{name: _ranged(found, name, language) for name in _MEASURES},
        }
    )
    fields = [
        Field("late", word("table.column.days_late_past", language)),
        Field("model", word("table.column.model", language)),
        Field("invoices", word("table.column.invoices", language), "count"),
        *(Field(name, word(f"table.column.{name}", language), "count") for name in _MEASURES),
    ]
    return table(written, fields, caption=backtest.verdict(language), language=language)


def _caption(name: str, shown: int, rows: int, language: Language, currency: str) -> str:
    """What the table is, its currency, of how many lines it shows the first; what to do where there is none."""
    if not rows:
        return word(f"table.{name}.none", language)
    return captioned(word(f"table.{name}", language), language, currency, (shown, rows))


def _over_limits(limits: pd.DataFrame, language: Language) -> str:
    """How many customers are over the limit in force, and by how much; that nobody is, or has one."""
    over = limits["over_limit"][limits["over_limit"] > 0]
    if over.empty:
        return word("table.none_over" if limits["credit_limit"].notna().any() else "table.no_limits", language)
    return word("table.over", language, customers=len(over), amount=float(over.sum()))


def _tested(backtest: RiskBacktest, days_late: int, language: Language) -> str:
    """How scores of so many days of lateness ranked on the past, or that this was not tested."""
    found = backtest.sentences_at(days_late)[:_HEADLINE]
    return " ".join(sentence.text(language) for sentence in found) or word("table.scores.untested", language)


def grades_with_range(scores: pd.DataFrame, language: Language) -> list[str]:
    """The grade of each customer of `arlib.score_customers`, and from which to which it may be.

    Where that is one grade, the grade alone, or that it rests on little history where it does.
    """
    ranges = scores["grade_high"] + "\u2060–\u2060" + scores["grade_low"]  # on one line
    told = ranges.mask(scores["grade_high"] == scores["grade_low"], "")
    told = told.mask((told == "") & scores["insufficient_history"], word("table.little_history", language))
    return [f"{grade}\u00a0({each})" if each else grade for grade, each in zip(scores["grade"], told, strict=True)]


def _share(share: float, language: Language) -> str:
    return percent(share, language, 0)


def _signed(points: Any, language: Language) -> str:  # noqa: ANN401 - a whole number, or none
    return "–" if pd.isna(points) else ("+" if points > 0 else "") + number(float(points), language, 0)


def _joined(*columns: "pd.Series[Any]") -> list[str]:
    return [" ".join(text for text in texts if text) for texts in zip(*columns, strict=True)]


def _rule(rule: str, language: Language) -> str:
    return word(f"risk.warning.{rule}.name", language)


def _age(bucket: str, language: Language) -> str:
    key = f"table.state.{bucket}"
    return word(key, language) if has_word(key) else bucket_label(bucket, language)


def _late(days: int, language: Language) -> str:
    return word("risk.backtest.later" if days else "risk.backtest.late", language, days=days)


def _model(model: str, language: Language) -> str:
    """What a model is called; one of the user's own keeps its name."""
    key = f"table.model.{model}"
    return word(key, language) if has_word(key) else model


def _ranged(found: pd.DataFrame, name: str, language: Language) -> Sequence[str]:
    """A measure with its range; out of 100 where it counts right answers."""
    scale, decimals = (100, 0) if name == "auc" else (1, 3)
    figures = zip(found[name], found[f"{name}_low"], found[f"{name}_high"], strict=True)
    return [
        number(value * scale, language, decimals)
        + (
            ""
            if np.isnan(low)
            else f" ({number(low * scale, language, decimals)}–{number(high * scale, language, decimals)})"
        )
        for value, low, high in figures
    ]
