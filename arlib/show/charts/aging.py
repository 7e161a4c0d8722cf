"""What is owed by how late it is: on a day, and at each date of a list."""

import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import (
    MONEY_AXIS,
    bar_axis,
    date_axis,
    figures_beside,
    money_unit,
    nothing_drawn,
    row_axis,
    rows_high,
    tip,
)
from arlib.show.charts.figures import share_text
from arlib.show.charts.rows import thinned, year_apart
from arlib.show.look import (
    DATE_FORMAT,
    GREY,
    Drawing,
    age_columns,
    bucket_colours,
    bucket_columns,
    bucket_label,
    dressed,
    used_buckets,
)
from arlib.show.vega import alt
from arlib.words import Language, day, number, word

_NOT_DEBTS = ("unapplied", "tax")  # what shares of debts are not taken of
_FIGURE_ROOM = 120  # pixels for `1,234,567 (27%)` beside the longest bar
_CREDIT_ROOM = 72  # and for a credit, which bears no share
_EDGE = 0.6  # pixels of grey, so that a pale bucket has an edge on white paper


def aged_balance_chart(aged: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What is owed, a bar an age bucket; the title says how much of it is past due.

    Args:
        aged: an aged balance with any number of groups, as `arlib.aged_balance` returns it; groups are summed.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    about = word("show.aged_balance", language)
    shown = used_buckets(aged)
    if aged.empty or not shown:
        return nothing_drawn(word("charts.nothing", language), about, language)
    amounts = aged[shown].sum().round(2) + 0.0
    labels = [bucket_label(bucket, language) for bucket in shown]
    rows = pd.DataFrame({"bucket": labels, "amount": amounts.to_numpy(), "figure": _figures(amounts, language)})
    unit = money_unit(language, currency)
    base = alt.Chart(rows).encode(
        x=bar_axis("amount", left=_CREDIT_ROOM if amounts.lt(0).any() else 0, right=_FIGURE_ROOM),
        y=row_axis("bucket", labels),
        tooltip=[tip("bucket:N", word("show.age", language)), tip("amount:Q", unit, ",.2f")],
    )
    colour = alt.Color("bucket:N", scale=alt.Scale(domain=labels, range=bucket_colours(shown)), legend=None)
    bars = base.mark_bar(cornerRadiusEnd=3, size=20, stroke=GREY, strokeWidth=_EDGE).encode(color=colour)
    finding = _aged_finding(aged, language)
    return dressed(
        bars + figures_beside(base, "amount"), language, finding=finding, about=about, unit=unit, height=rows_high(34)
    )


def aged_history_chart(history: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What was owed at each date, stacked by age; credits not applied hang below zero. The title compares the ends.

    Args:
        history: one row a date, or a date and a group, as `arlib.aged_balance_history` returns it.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    about = word("show.aged_history", language)
    used = used_buckets(history)
    if history.empty or not used:
        return nothing_drawn(word("charts.nothing", language), about, language)
    totals = history.groupby("as_of", as_index=False)[bucket_columns(history)].sum()
    labels = {bucket: bucket_label(bucket, language) for bucket in used}
    rows = thinned(totals, len(used)).melt("as_of", used, "bucket", "amount")
    rows["age"] = rows["bucket"].map({bucket: place for place, bucket in enumerate(used)})
    rows["bucket"] = rows["bucket"].map(labels)
    unit = money_unit(language, currency)
    scale = alt.Scale(domain=list(labels.values()), range=bucket_colours(used))
    chart = (
        alt.Chart(rows)
        .mark_bar(stroke=GREY, strokeWidth=_EDGE)
        .encode(
            x=date_axis(rows["as_of"]),
            y=alt.Y("amount:Q", axis=MONEY_AXIS),
            color=alt.Color("bucket:N", scale=scale),
            order=alt.Order("age:Q"),
            tooltip=[
                tip("as_of:T", word("show.day", language), DATE_FORMAT[language]),
                tip("bucket:N", word("show.age", language)),
                tip("amount:Q", unit, ",.2f"),
            ],
        )
    )
    return dressed(chart, language, finding=_history_finding(totals, language), about=about, unit=unit)


def _debts(aged: pd.DataFrame) -> "pd.Series[float]":
    """What is owed in each row, credits not applied and tax left out."""
    parts = [name for name in bucket_columns(aged) if name not in _NOT_DEBTS]
    return aged[parts].clip(lower=0).sum(axis=1)


def _figures(amounts: "pd.Series[float]", language: Language) -> list[str]:
    """Each amount, and what share of the debts it is."""
    debts = float(amounts.drop([*_NOT_DEBTS], errors="ignore").clip(lower=0).sum())
    figures = []
    for bucket, amount in amounts.items():
        shared = bucket not in _NOT_DEBTS and amount > 0
        share = f" ({share_text(amount / debts, language)})" if shared else ""
        figures.append(number(amount, language, 0) + share)
    return figures


def _aged_finding(aged: pd.DataFrame, language: Language) -> str:
    sums, ages = aged[bucket_columns(aged)].sum().to_frame().T, age_columns(aged)
    debts = float(_debts(sums).iloc[0])
    if debts < HALF_CENT:
        return word("charts.aged.none", language)
    late, old = float(sums[ages].sum(axis=1).iloc[0]) / debts, float(sums[ages[-1]].iloc[0]) / debts
    values = {"late": share_text(late, language), "old": share_text(old, language), "days": _days_of(ages[-1])}
    if "not_due" not in aged:
        return word("charts.aged.issued" if old * debts >= HALF_CENT else "charts.aged.issued_none", language, **values)
    if "no_due_date" in sums and float(sums["no_due_date"].iloc[0]) > debts - HALF_CENT:
        return word("charts.aged.undated", language)
    if late * debts < HALF_CENT:
        return word("charts.aged.on_time", language)
    return word("charts.aged.late" if old * debts >= HALF_CENT else "charts.aged.young", language, **values)


def _history_finding(totals: pd.DataFrame, language: Language) -> str:
    debts = _debts(totals)
    known = totals[debts >= HALF_CENT]
    if len(known) < 2:  # noqa: PLR2004 - a change has two ends
        return _aged_finding(totals.tail(1), language)
    ages = age_columns(totals)
    told = ages if "not_due" in totals else ages[-1:]
    what = "charts.aged.what_late" if "not_due" in totals else "charts.aged.what_old"
    first, last = year_apart(known.assign(share=known[told].sum(axis=1) / debts))
    before, after = float(first["share"]), float(last["share"])
    change = round(after, 2) - round(before, 2)
    key = "rose" if change > 0 else "fell" if change < 0 else "stayed"
    return word(
        f"charts.aged_history.{key}",
        language,
        what=word(what, language, days=_days_of(ages[-1])),
        before=share_text(before, language),
        after=share_text(after, language),
        first=day(first["as_of"], language),
        last=day(last["as_of"], language),
    )


def _days_of(bucket: str) -> int:
    """Days beyond which a debt of the last bucket is late: 90 of `91+`."""
    return int(bucket.rstrip("+")) - 1
