"""How much of the lateness to come a day's worklist reaches as it is worked through, beside the usual list."""

import numpy as np
import pandas as pd

from arlib.collection import Worklist
from arlib.show.charts.axes import money_unit, nothing_drawn, series_channels, tip
from arlib.show.charts.figures import share_text
from arlib.show.look import BLUE, GREY, ORANGE, VERMILLION, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, word

_TENTH = 10  # without a limit of contacts, the title speaks of the first tenth
_WHOLE, _MOST = 300, 600  # first contacts each drawn, and points of a line
_HEIGHT = 300


def worklist_chart(found: Worklist, *, language: Language = "en", currency: str = "") -> Drawing:
    """The share of the late euro-days to come that is reached, contact by contact: in this order, in the usual one.

    Of all customers worth contacting, those beyond the capacity too. The usual list takes what is overdue first, then
    the largest amounts. The title speaks of the contacts within the capacity where they are the first of the list;
    of its first tenth where there is no limit, or one by channel or minutes: a dot then says what today's reach.

    Args:
        found: as `arlib.worklist` returns it.
        language: of the labels and figures.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.worklist", language)
    listed = pd.concat([found.contacts, found.left], ignore_index=True)
    if not listed["late_euro_days_chased"].sum() > 0:
        return nothing_drawn(word("charts.worklist.none", language), about, language)
    names = {each: word(f"charts.worklist.{each}", language) for each in ("list", "usual")}
    lines = {each: _worked(rows) for each, rows in (("list", _by_gain(listed)), ("usual", _usual(listed)))}
    today = _today(found, listed)
    marked = len(found.contacts) if _is_first(found) else -(-len(listed) // _TENTH)
    rows = [_fewer(line, marked).assign(series=names[each]) for each, line in lines.items()]
    layers = [_mark(marked), _lines(pd.concat(rows), list(names.values()), language, currency)]
    told = {"customers": len(listed), "contacts": len(found.contacts)}
    unit = word("charts.worklist.unit", language, **told)
    if len(found.left):
        layers.append(_dot(today))
        unit += word("charts.worklist.today", language, share=share_text(today["share"].iloc[0], language), **told)
    reached = [float(line["share"].iloc[marked]) for line in lines.values()]
    finding = _finding(marked, len(listed), reached, language)
    drawn = alt.LayerChart(layer=layers)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=_HEIGHT)


def _by_gain(listed: pd.DataFrame) -> pd.DataFrame:
    """The customers in the order of the list, whatever the capacity."""
    return listed.sort_values(["priority", "chased", "customer_id"], ascending=[False, False, True])


def _is_first(found: Worklist) -> bool:
    """Whether there is a limit, and the contacts within it are the first of the list."""
    if found.contacts.empty or found.left.empty:
        return False
    return bool(found.contacts["priority"].min() >= found.left["priority"].max())


def _today(found: Worklist, listed: pd.DataFrame) -> pd.DataFrame:
    """What the contacts of today reach."""
    late = "late_euro_days_chased"
    share = found.contacts[late].sum() / listed[late].sum()
    return pd.DataFrame({"contacts": [len(found.contacts)], "share": [share]})


def _usual(listed: pd.DataFrame) -> pd.DataFrame:
    """The same customers as most lists have them: those with something overdue first, the largest amounts first."""
    overdue = listed.assign(_overdue=listed["overdue"] > 0)
    return overdue.sort_values(["_overdue", "owed", "customer_id"], ascending=[False, False, True])


def _worked(listed: pd.DataFrame) -> pd.DataFrame:
    """A row a number of contacts, from none: the share reached, the gain so far, and the customer added."""
    late = np.cumsum(np.concatenate([[0.0], listed["late_euro_days_chased"]]))
    names = listed["name"].fillna(listed["customer_id"]).astype("str").map(shortened)
    return pd.DataFrame(
        {
            "contacts": np.arange(len(late)),
            "share": late / late[-1],
            "gain": np.cumsum(np.concatenate([[0.0], listed["expected_gain"]])).round(2),
            "added": ["–", *names],
        }
    )


def _fewer(line: pd.DataFrame, marked: int) -> pd.DataFrame:
    """The first contacts each, the others at even steps, and the one that the title speaks of."""
    steps = np.linspace(0, len(line) - 1, _MOST - _WHOLE).astype(np.intp)
    return line.iloc[np.unique([*range(min(_WHOLE, len(line))), *steps, marked])]


def _lines(rows: pd.DataFrame, series: list[str], language: Language, currency: str) -> "alt.Chart":
    scale, gain = alt.Scale(domain=[0, 1]), word("table.column.expected_gain", language)
    lines: alt.Chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("contacts:Q", axis=alt.Axis(format=",d", tickMinStep=1), scale=alt.Scale(nice=False)),
            y=alt.Y("share:Q", axis=alt.Axis(format=".0%"), scale=scale),
            tooltip=[
                tip("series:N", word("charts.worklist.order", language)),
                tip("contacts:Q", word("charts.worklist.contacts", language), ",d"),
                tip("added:N", word("charts.worklist.added", language)),
                tip("share:Q", word("charts.worklist.reached", language), ".1%"),
                tip("gain:Q", f"{gain}, {money_unit(language, currency)}", ",.2f"),
            ],
            **series_channels("series", series, (BLUE, ORANGE)),
        )
    )
    return lines


def _mark(contacts: int) -> "alt.Chart":
    """The last contact that the title speaks of."""
    rule: alt.Chart = (
        alt.Chart(pd.DataFrame({"contacts": [contacts]}))
        .mark_rule(color=GREY, strokeDash=[5, 4])
        .encode(x="contacts:Q")
    )
    return rule


def _dot(today: pd.DataFrame) -> "alt.Chart":
    """What the contacts of today reach."""
    dot = alt.Chart(today).mark_point(filled=True, size=80, opacity=1, color=VERMILLION)
    drawn: alt.Chart = dot.encode(x="contacts:Q", y="share:Q")
    return drawn


def _finding(marked: int, customers: int, reached: list[float], language: Language) -> str:
    told = {name: share_text(share, language) for name, share in zip(("share", "usual"), reached, strict=True)}
    key = "same" if told["share"] == told["usual"] else "more" if reached[0] > reached[1] else "less"
    return word(f"charts.worklist.{key}", language, contacts=marked, customers=customers, **told)
