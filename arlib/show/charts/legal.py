"""Due dates against the law, rule by rule: what is within it, what is beyond, and what cannot be told."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.law.latest import LegalDueDates
from arlib.schema import HALF_CENT
from arlib.show.charts.axes import bar_axis, in_lines, money_unit, nothing_drawn, row_axis, rows_high, stacked_bars, tip
from arlib.show.charts.figures import short_amount, signed_days, whole_money
from arlib.show.look import BLUE, GREY, VERMILLION, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, number, word

_ROOM = 110  # pixels, for the figures at the right of a row
_LONGEST = 62  # letters of a rule: three lines, and one that says it is to be confirmed
_COLOURS = {"within": BLUE, "beyond": VERMILLION, "unknown": GREY}  # what cannot be told is never red
_TO_CONFIRM = "to_confirm"
Row = Mapping[Hashable, Any]


def legal_due_dates_chart(legal: LegalDueDates, *, language: Language = "en", currency: str = "") -> Drawing:
    """The amounts invoiced under each rule of law: within it, beyond it, and grey where a fact is missing.

    Beside each rule stand what is beyond it and by how many days on average, weighted by amount. Rules that are to be
    confirmed say so.

    Args:
        legal: as `arlib.legal_due_dates` returns it; rules are called in the language it was asked in.
        language: of the labels and figures.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.legal", language)
    rules = _rules(legal, language)
    if rules.empty:
        return nothing_drawn(word("charts.legal.none", language), about, language)
    labels = rules["label"].tolist()
    y = row_axis("label", labels, lines=True)
    names = {word(f"table.law_status.{status}", language): colour for status, colour in _COLOURS.items()}
    bars = stacked_bars(_parts(rules, language), "status", x=bar_axis("amount", right=_ROOM), y=y, colours=names)
    bars = bars.encode(
        tooltip=[
            tip("rule:N", word("table.column.rule_text", language)),
            tip("status:N", word("table.column.status", language)),
            tip("amount:Q", money_unit(language, currency), ",.0f"),
            tip("invoices:Q", word("table.column.invoices", language), ",d"),
        ]
    )
    figures = alt.Chart(rules[["label", "figure"]]).mark_text(align="right")
    figures = figures.encode(x=alt.value(alt.ExprRef("width")), y=y, text="figure:N")
    unit = word("charts.legal.unit", language, unit=money_unit(language, currency))
    finding = _finding(legal, language, currency)
    high = rows_high(labels=labels)
    return dressed(bars + figures, language, finding=finding, about=about, unit=unit, height=high)


def _rules(legal: LegalDueDates, language: Language) -> pd.DataFrame:
    """A row a rule, the largest first: its label, its figure, and what it holds."""
    rules = legal.by_rule[legal.by_rule["invoices"] > 0]
    rules = rules.sort_values(["amount", "rule"], ascending=[False, True], kind="stable", ignore_index=True)
    for what in ("invoices", "amount"):
        rules[f"{what}_within"] = (rules[what] - rules[f"{what}_beyond"] - rules[f"{what}_unknown"]).round(2)
    days = _mean_days(legal.invoices)
    above = [days.get(key, np.nan) for key in zip(rules["rule"], rules["law_status"].fillna(""), strict=True)]
    rows = rules.assign(days_above=above).to_dict("records")
    labels = pd.Series([_label(row, language) for row in rows], dtype="str")
    repeated = labels.groupby(labels).cumcount()
    labels = labels.where(repeated == 0, labels + " (" + (repeated + 1).astype("str") + ")")
    return rules.assign(label=labels, figure=[_figure(row, language) for row in rows])


def _mean_days(invoices: pd.DataFrame) -> "dict[Any, float]":
    """Days beyond the law by rule and its status, weighted by amount."""
    beyond = invoices[invoices["status"] == "beyond"]
    beyond = beyond.assign(weighted=beyond["amount"] * beyond["days_above"], told=beyond["law_status"].fillna(""))
    sums = beyond.groupby(["rule", "told"])[["weighted", "amount"]].sum()
    return (sums["weighted"] / sums["amount"]).to_dict()


def _label(row: Row, language: Language) -> str:
    told = [word("table.law_status.to_confirm", language)] if row["law_status"] == _TO_CONFIRM else []
    return in_lines(shortened(str(row["rule_text"]), _LONGEST), *told)


def _figure(row: Row, language: Language) -> str:
    """What is beyond the rule, and by how many days; else what cannot be judged."""
    if row["invoices_beyond"] == 0 and row["invoices_unknown"] == 0:
        return word("charts.legal.nothing_beyond", language)
    if row["invoices_beyond"] == 0:
        return word("charts.legal.not_judged", language, amount=short_amount(row["amount_unknown"], language))
    return f"{short_amount(row['amount_beyond'], language)} · {signed_days(row['days_above'], language)}"


def _parts(rules: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a rule and status."""
    each = [
        rules[["label"]].assign(
            rule=rules["rule_text"],
            status=word(f"table.law_status.{status}", language),
            place=place,
            amount=rules[f"amount_{status}"],
            invoices=rules[f"invoices_{status}"],
        )
        for place, status in enumerate(_COLOURS)
    ]
    parts = pd.concat(each, ignore_index=True)
    return parts[parts["amount"] >= HALF_CENT]


def _finding(legal: LegalDueDates, language: Language, currency: str) -> str:
    sums = legal.by_rule[["invoices", "invoices_beyond", "amount_beyond", "invoices_unknown", "amount_unknown"]].sum()
    unknown = ""
    if sums["invoices_unknown"] == sums["invoices"]:
        amount = whole_money(sums["amount_unknown"], language, currency)
        return word("charts.legal.unjudged", language, invoices=int(sums["invoices"]), amount=amount)
    if sums["invoices_unknown"]:
        amount = whole_money(sums["amount_unknown"], language, currency)
        unknown = word("charts.legal.unknown", language, invoices=int(sums["invoices_unknown"]), amount=amount)
    if not sums["invoices_beyond"]:
        return word("charts.legal.within", language) + unknown
    beyond = legal.invoices[legal.invoices["status"] == "beyond"]
    days = float(np.average(beyond["days_above"], weights=beyond["amount"]))
    told = {
        "invoices": int(sums["invoices_beyond"]),
        "amount": whole_money(sums["amount_beyond"], language, currency),
        "days": number(days, language, 1),
    }
    return word("charts.legal.beyond", language, **told) + unknown
