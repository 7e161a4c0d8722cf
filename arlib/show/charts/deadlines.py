"""The next deadlines of the law, and how many days are left of each."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from arlib.law.deadlines import Deadlines
from arlib.show.charts.axes import bar_axis, figures_beside, in_lines, nothing_drawn, row_axis, rows_high, tip
from arlib.show.charts.figures import short_amount
from arlib.show.look import BLUE, VERMILLION, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, day, number, word

_MOST = 12  # deadlines drawn
_ROOM = 118  # pixels, for the figures beyond the end of a bar
_RUNNING = ("urgent", "open")
_DEADLINES = ("declaration", "retention_of_title", "relief")  # those that have a name in both languages
Row = Mapping[Hashable, Any]


def deadlines_chart(deadlines: Deadlines, *, language: Language = "en", currency: str = "") -> Drawing:
    """The deadlines that come first, each with the days left and the amount at stake; those that are close stand out.

    Deadlines that have passed, and debts of which no date is known, are counted under the title and not drawn.

    Args:
        deadlines: as `arlib.limitation_dates` or `arlib.procedure_deadlines` returns them.
        language: of the labels, figures and dates.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.deadlines", language)
    rows = deadlines.rows
    running = rows[rows["status"].isin(_RUNNING)]
    counts = _counts(rows, language)
    if running.empty:
        return nothing_drawn(" ".join([word("charts.deadlines.none", language), *counts]), about, language)
    drawn = _rows(running.head(_MOST), language)
    labels = drawn["label"].tolist()
    base = alt.Chart(drawn).encode(
        x=bar_axis("days_left", right=_ROOM),
        y=row_axis("label", labels, lines=True),
        tooltip=[
            tip("what:N", word("table.column.deadline", language)),
            tip("until:N", word("table.column.deadline_on", language)),
            tip("days_left:Q", word("table.column.days_left", language), ",d"),
            tip("amount:Q", word("show.amount", language), ",.2f"),
        ],
    )
    scale = alt.Scale(domain=list(_RUNNING), range=[VERMILLION, BLUE])
    bars = base.mark_bar(size=16, cornerRadiusEnd=3).encode(color=alt.Color("status:N", scale=scale, legend=None))
    finding = _finding(running, drawn, language)
    unit = word("charts.deadlines.unit", language, currency=f" ({currency})" if currency else "")
    unit = " ".join([unit, *counts])
    high = rows_high(labels=labels)
    whole = bars + figures_beside(base, "days_left")
    return dressed(whole, language, finding=finding, about=about, unit=unit, height=high)


def _rows(running: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a deadline: what it is for, the days left, and the amount."""
    barred = "limitation_on" in running
    rows = running.to_dict("records")
    amounts = running["open_amount" if barred else "still_owed"].to_numpy()
    what = [_what(row, language) for row in rows]
    until = [day(on, language) for on in running["limitation_on" if barred else "deadline_on"]]
    left = running["days_left"].astype("int64").tolist()
    labels = pd.Series([in_lines(_who(row), each) for row, each in zip(rows, what, strict=True)], dtype="str")
    repeated = labels.groupby(labels).cumcount()
    figures = [
        word("charts.deadlines.figure", language, days=number(days, language, 0), amount=short_amount(amount, language))
        for days, amount in zip(left, amounts, strict=True)
    ]
    return pd.DataFrame(
        {
            "label": labels.where(repeated == 0, labels + " (" + (repeated + 1).astype("str") + ")"),
            "who": [_who(row) for row in rows],
            "what": what,
            "until": until,
            "days_left": left,
            "amount": amounts,
            "status": running["status"].to_numpy(),
            "figure": figures,
        }
    )


def _who(row: Row) -> str:
    return shortened(str(row["name"] if isinstance(row["name"], str) and row["name"] else row["customer_id"]))


def _what(row: Row, language: Language) -> str:
    """What a deadline is for; the invoice a limitation is of."""
    if "deadline" not in row:
        return shortened(str(row["item_id"] if pd.isna(row["reference"]) else row["reference"]))
    deadline = str(row["deadline"])
    return word(f"table.deadline.{deadline}", language) if deadline in _DEADLINES else shortened(deadline)


def _finding(running: pd.DataFrame, drawn: pd.DataFrame, language: Language) -> str:
    first = drawn.iloc[0]
    told = {"name": first["who"], "what": first["what"], "day": first["until"], "days": int(first["days_left"])}
    urgent = int((running["status"] == "urgent").sum())
    if urgent:
        return word("charts.deadlines.urgent", language, urgent=urgent, **told)
    return word("charts.deadlines.open", language, **told)


def _counts(rows: pd.DataFrame, language: Language) -> list[str]:
    """How many deadlines are not drawn, and how many are to be confirmed."""
    counts = {
        "later": rows["status"].isin(_RUNNING).sum() - _MOST,
        "passed": (rows["status"] == "passed").sum(),
        "undated": (rows["status"] == "unknown").sum(),
        "to_confirm": (rows["law_status"] == "to_confirm").sum(),
    }
    return [word(f"charts.deadlines.{name}", language, rows=int(count)) for name, count in counts.items() if count > 0]
