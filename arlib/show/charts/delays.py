"""Days to pay and days late, month by month, with what is unpaid and without."""

import pandas as pd

from arlib.show.charts.axes import MOST_SERIES, SERIES, date_axis, nothing_drawn, series_channels, tip
from arlib.show.charts.rows import Names, columns_before, group_names, named, of_largest
from arlib.show.look import Drawing, dressed, month_name
from arlib.show.vega import alt
from arlib.words import Language, word

_YEAR = 12
_WITH_OPEN, _PAID = "with_open_median_days", "median_days"  # the second alone where months are of payments


def delay_history_chart(
    history: pd.DataFrame, *, basis: str = "issued", names: Names | None = None, language: Language = "en"
) -> Drawing:
    """Median days of each month's invoices: of those paid, and with open ones counted as not yet paid.

    Months whose figure may still change have hollow points and a dotted line. With groups, a line each of the five
    with most invoices, open ones counted. By month of payment there is one line, of those paid: the title and the
    unit say so.

    Args:
        history: as `arlib.delay_history` or `arlib.delay_history_by_payment_month` returns it.
        basis: the one `history` was asked with: days from the date `issued` or from the `due` date.
        names: names of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`, where
            the frame has customers and not their names.
        language: of the labels, figures and dates.
    """
    history = named(history, names)
    by_payment = _WITH_OPEN not in history
    about = word("charts.about.delays_completed" if by_payment else "charts.about.delays", language)
    rows = _lines(history, language)
    known = rows.dropna(subset=["days"])
    if known.empty:
        return nothing_drawn(word("charts.delays.none", language), about, language)
    shown = list(known["series"].unique())
    channels = series_channels("series", shown)
    base = alt.Chart(rows).encode(x=date_axis(rows["month"]), y=alt.Y("days:Q", scale=alt.Scale(zero=True)))
    settled, young = base.transform_filter("datum.matured"), base.transform_filter("datum.bridging || !datum.matured")
    colour = channels["color"]
    line = settled.mark_line(strokeWidth=2.5).encode(**channels)
    dotted = young.mark_line(strokeWidth=1.5, strokeDash=[1, 3], strokeCap="round").encode(color=colour)
    points = base.mark_point(size=34, strokeWidth=1.5).encode(
        color=colour,
        fill=alt.Fill("series:N", scale=alt.Scale(domain=shown, range=list(SERIES[: len(shown)])), legend=None),
        fillOpacity=alt.condition("datum.matured", alt.value(1), alt.value(0)),
        tooltip=[
            tip("month:T", word("charts.month", language), "%B %Y"),
            tip("series:N", word("show.method", language)),
            tip("days:Q", word("show.days", language), ",.0f"),
            tip("invoices:Q", word("charts.invoices", language), ",d"),
            tip("state:N", word("charts.state", language)),
        ],
    )
    unit = word(f"charts.delays.completed_unit_{basis}" if by_payment else f"charts.delays.unit_{basis}", language)
    finding = _finding(history, basis, language)
    return dressed(dotted + line + points, language, finding=finding, about=about, unit=unit)


def _lines(history: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a line and month: `days`, whether it may still change, and whether the next month may."""
    by = columns_before(history, "month")
    invoices = history["paid"] + history["open"] if "open" in history else history["paid"]
    if by:
        names = group_names(history, by)
        chosen = of_largest(
            history.assign(invoices=invoices), names, invoices.groupby(names).transform("sum"), MOST_SERIES
        )
        rows = chosen.assign(series=chosen["group"], days=chosen[_median(history)])
    else:
        measures = {_PAID: "charts.delays.paid", _WITH_OPEN: "charts.delays.with_open"}
        parts = [
            history.assign(series=word(key, language), days=history[name], invoices=invoices)
            for name, key in measures.items()
            if name in history
        ]
        rows = pd.concat(parts[::-1], ignore_index=True)
    rows = rows.sort_values(["month"], kind="stable")
    following = rows.groupby("series")["matured"].shift(-1)
    rows["bridging"] = following.eq(other=False)
    states = {True: word("charts.matured", language), False: word("charts.young", language)}
    return rows.assign(state=rows["matured"].map(states))[
        ["month", "series", "days", "invoices", "matured", "bridging", "state"]
    ]


def _median(history: pd.DataFrame) -> str:
    """The column a title speaks of: what is unpaid counts too, where it is known."""
    return _WITH_OPEN if _WITH_OPEN in history else _PAID


def _finding(history: pd.DataFrame, basis: str, language: Language) -> str:
    """What the last month that can be compared took, beside the same month of the year before."""
    known = history[history["matured"]].dropna(subset=[_median(history)])
    if known.empty:
        return word("charts.delays.too_young", language)
    last = known[known["month"] == known["month"].max()]
    if columns_before(history, "month"):
        return _slowest(last, basis, language)
    median, key = _median(history), _key(history, basis)
    month, now = last["month"].iloc[0], float(last[median].iloc[0])
    before = known[known["month"] == month - pd.DateOffset(months=_YEAR)]
    values = {"month": month_name(month, language), "days": now, "when": _when(now, basis, language)}
    if before.empty:
        return word(f"charts.delays.{key}", language, **values)
    change = now - float(before[median].iloc[0])
    moved = "more" if change > 0 else "less" if change < 0 else "same"
    return word(f"charts.delays.{key}_{moved}", language, change=abs(change), **values)


def _key(history: pd.DataFrame, basis: str) -> str:
    """What months are of: of invoices, by the basis of their days, or of payments."""
    return basis if _WITH_OPEN in history else "completed"


def _slowest(last: pd.DataFrame, basis: str, language: Language) -> str:
    """The slowest and the fastest group of a month."""
    names = group_names(last, columns_before(last, "month"))
    days = last[_median(last)].set_axis(names).sort_values(kind="stable")
    fast, slow = float(days.iloc[0]), float(days.iloc[-1])
    month = month_name(last["month"].iloc[0], language)
    key = _key(last, basis)
    if len(days) == 1:
        when = _when(slow, basis, language)
        return word(f"charts.delays.{key}", language, month=month, days=slow, when=when)
    values = {
        "slow_days": slow,
        "fast_days": fast,
        "slow_when": _when(slow, basis, language),
        "fast_when": _when(fast, basis, language),
    }
    return word(
        f"charts.delays.slowest_{key}", language, month=month, slow=days.index[-1], fast=days.index[0], **values
    )


def _when(days: float, basis: str, language: Language) -> str:
    """So many days after or before the due date, or within so many from the invoice."""
    if basis == "issued":
        return word("charts.delays.within", language, days=days)
    if days == 0:
        return word("charts.delays.on_time", language)
    return word("charts.delays.after" if days > 0 else "charts.delays.before", language, days=abs(days))
