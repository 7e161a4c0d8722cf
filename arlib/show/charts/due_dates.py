"""When what is open falls due: what is past due apart, then week by week."""

import numpy as np
import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import bar_axis, figures_beside, money_unit, nothing_drawn, row_axis, rows_high, tip
from arlib.show.charts.figures import share_text, whole_money
from arlib.show.look import BLUE, GREY, SKY, VERMILLION, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, day, number, word

_WEEK = 7
_FIGURE_ROOM = 76
_SOON = 30  # days a title looks ahead
_STATES = ("overdue", "coming", "later", "undated")
_COLOURS = (VERMILLION, BLUE, SKY, GREY)


def payment_calendar_chart(
    opened: pd.DataFrame, *, days: int = _WEEK, periods: int = 13, language: Language = "en", currency: str = ""
) -> Drawing:
    """What is open by when it falls due: past due, then a bar a week, what comes later, what has no due date.

    These are due dates and no forecast: nothing says that customers keep them. Credits that are open too are left
    out of the bars and named under the title.

    Args:
        opened: as `arlib.open_items` returns it; used are `due_on`, `days_overdue`, `open_amount`.
        days: length of a period: 7 for weeks from the day asked on, 1 for days.
        periods: how many of them are drawn; what falls due after them is one bar.
        language: of the labels, figures and dates.
        currency: named beside the figures when given.
    """
    about = word("charts.about.calendar", language)
    debts = opened[opened["open_amount"] > 0]
    if debts.empty:
        return nothing_drawn(word("charts.aged.none", language), about, language)
    rows = _rows(debts, days, periods, language)
    labels = rows["label"].tolist()
    unit = money_unit(language, currency)
    base = alt.Chart(rows).encode(
        x=bar_axis("amount", right=_FIGURE_ROOM),
        y=row_axis("label", labels),
        tooltip=[
            tip("label:N", word("charts.due", language)),
            tip("amount:Q", unit, ",.2f"),
            tip("items:Q", word("charts.items", language), ",d"),
        ],
    )
    colour = alt.Scale(domain=list(_STATES), range=list(_COLOURS))
    bars = base.mark_bar(size=16, cornerRadiusEnd=3).encode(color=alt.Color("state:N", scale=colour, legend=None))
    credits_ = float(opened["open_amount"].clip(upper=0).sum())
    if credits_ <= -HALF_CENT:
        unit = word("charts.calendar.unit", language, unit=unit, credits=whole_money(-credits_, language, currency))
    finding = _finding(debts, language, currency)
    return dressed(
        bars + figures_beside(base, "amount"), language, finding=finding, about=about, unit=unit, height=rows_high(24)
    )


def _rows(debts: pd.DataFrame, days: int, periods: int, language: Language) -> pd.DataFrame:
    """A row a bar, empty weeks too; what is late, later or undated only where there is any."""
    until_due = -debts["days_overdue"].to_numpy(np.float64, na_value=np.nan)
    place = np.clip(until_due // days, -1, periods)
    place = np.where(np.isnan(place), periods + 1, place).astype(np.intp) + 1
    sums = np.bincount(place, debts["open_amount"], minlength=periods + 3).round(2)
    counts = np.bincount(place, minlength=periods + 3)
    states = np.array(["overdue", *["coming"] * periods, "later", "undated"])
    rows = pd.DataFrame({"amount": sums, "items": counts, "state": states})
    rows["label"] = _labels(debts, days, periods, language)
    rows["figure"] = [number(amount, language, 0) for amount in sums]
    last = rows.index[(rows["items"] > 0) & (rows["state"] != "undated")].max()  # nan where nothing has a due date
    coming = (rows["state"] == "coming") & (rows.index < last)
    shown: pd.DataFrame = rows[(rows["items"] > 0) | coming].reset_index(drop=True)
    return shown


def _labels(debts: pd.DataFrame, days: int, periods: int, language: Language) -> list[str]:
    dated = debts.dropna(subset=["due_on"])
    if dated.empty:
        starts = [str(period + 1) for period in range(periods)]
        later = ""
    else:
        asked = dated["due_on"].iloc[0] + pd.Timedelta(days=int(dated["days_overdue"].iloc[0]))
        dates = [asked + pd.Timedelta(days=days * period) for period in range(periods + 1)]
        starts, later = [day(date, language) for date in dates[:-1]], day(dates[-1], language)
    key = "charts.calendar.day" if days == 1 else "charts.calendar.period"
    return [
        word("charts.calendar.overdue", language),
        *(word(key, language, start=start) for start in starts),
        word("charts.calendar.later", language, start=later),
        word("show.bucket.no_due_date", language),
    ]


def _finding(debts: pd.DataFrame, language: Language, currency: str) -> str:
    overdue, amounts = debts["days_overdue"], debts["open_amount"]
    soon = float(amounts[(overdue <= 0) & (overdue > -_SOON)].sum())
    late = float(amounts[overdue > 0].sum())
    values = {"soon": whole_money(soon, language, currency), "days": _SOON}
    if not overdue.notna().any():
        return word("charts.aged.undated", language)
    if late < HALF_CENT:
        return word("charts.calendar.on_time", language, **values)
    late_share = share_text(late / float(amounts.sum()), language)
    return word(
        "charts.calendar.late", language, late=whole_money(late, language, currency), share=late_share, **values
    )
