"""DSO over time by method or by group, and all the methods of a day side by side."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.show.charts.axes import (
    MOST_SERIES,
    bar_axis,
    date_axis,
    figures_beside,
    nothing_drawn,
    row_axis,
    rows_high,
    series_channels,
    tip,
)
from arlib.show.charts.figures import days_text
from arlib.show.charts.rows import Names, columns_before, group_names, named, of_largest, thinned, year_apart
from arlib.show.look import BLUE, DATE_FORMAT, GREY, ORANGE, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, day, word

_METHODS = ("dso", "countback_dso", "best_possible_dso", "delinquent_dso")
_PARTS = ("best_possible_dso", "delinquent_dso", "disputed_dso", "extended_dso")  # of a DSO, not all of it
_KINDS = ("charts.dso.whole", "charts.dso.part")
_FIGURE_ROOM = 64


@dataclass(frozen=True, eq=False)
class _Lines:
    """Lines to draw: `rows` of `as_of`, `series`, `days`; the names of the series, the unit and the finding."""

    rows: pd.DataFrame
    names: list[str]
    unit: str
    finding: str


def dso_history_chart(history: pd.DataFrame, *, names: Names | None = None, language: Language = "en") -> Drawing:
    """DSO at each date: a line a method, or a line a group where there are several.

    The title compares the last figure with that of a year before, or with the first one in a shorter history, and
    names both days; a missing figure is a gap, counted under the title.

    Args:
        history: `as_of` and any of `dso`, `countback_dso`, `best_possible_dso`, `delinquent_dso` in days, as
            `arlib.dso_history` returns it. With columns before `as_of`, the `dso` of each group, the
            five that owe most.
        names: names of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`, where
            the frame has customers and not their names.
        language: of the labels, figures and dates.
    """
    history = named(history, names)
    by = columns_before(history, "as_of")
    about = word("charts.about.dso_groups" if by else "charts.about.dso_history", language)
    methods = [name for name in (("dso",) if by else _METHODS) if name in history and history[name].notna().any()]
    if not methods:
        return nothing_drawn(word("charts.dso.none", language), about, language)
    lines = _of_groups(history, by, language) if by else _of_methods(history, methods, language)
    drawn = (
        alt.Chart(lines.rows[["as_of", "series", "days"]])
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=24))
        .encode(
            x=date_axis(lines.rows["as_of"]),
            y=alt.Y("days:Q", scale=alt.Scale(zero=True)),
            tooltip=[
                tip("as_of:T", word("show.day", language), DATE_FORMAT[language]),
                tip("series:N", word("charts.group" if by else "show.method", language)),
                tip("days:Q", word("show.days", language), ",.1f"),
            ],
            **series_channels("series", lines.names),
        )
    )
    return dressed(drawn, language, finding=lines.finding, about=about, unit=_unit(lines, language))


def dso_methods_chart(methods: pd.DataFrame, *, language: Language = "en") -> Drawing:
    """All the DSOs of one day, a bar each with its figure; the title says how far apart they are.

    Args:
        methods: as `arlib.dso_methods` returns it: `method`, `name`, `days`, `formula`, `note`. A method without a
            figure has its row and no bar: its tooltip says why.
        language: of the labels and figures.
    """
    about = word("charts.about.dso_methods", language)
    if not methods["days"].notna().any():
        return nothing_drawn(word("charts.dso.none", language), about, language)
    rows = _method_rows(methods, language)
    base = alt.Chart(rows).encode(
        x=bar_axis("length", left=_FIGURE_ROOM if rows["length"].lt(0).any() else 0, right=_FIGURE_ROOM),
        y=row_axis("name", rows["name"].tolist(), limit=200),
        tooltip=[
            tip("name:N", word("show.method", language)),
            tip("days:Q", word("show.days", language), ",.1f"),
            tip("told:N", word("charts.formula", language)),
        ],
    )
    kinds = alt.Scale(domain=[word(key, language) for key in _KINDS], range=[BLUE, ORANGE])
    bars = base.mark_bar(cornerRadiusEnd=3, size=16).encode(color=alt.Color("kind:N", scale=kinds))
    drawn = bars + figures_beside(base, "length")
    simple = methods.loc[methods["method"] == "dso", ["days"]].dropna()
    if len(simple):
        rule = alt.Chart(simple.rename(columns={"days": "length"})).mark_rule(color=GREY, strokeDash=[4, 3])
        drawn += rule.encode(x="length:Q")
    finding, unit = _methods_finding(methods, language), word("show.days", language)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=rows_high(26))


def _unit(lines: _Lines, language: Language) -> str:
    """The unit, and how many figures are missing."""
    gaps = int(lines.rows["days"].isna().sum())
    return word("charts.dso.gaps", language, unit=lines.unit, gaps=gaps) if gaps else lines.unit


def _method_rows(methods: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a method; a method without a figure has no length, and says why."""
    kinds = {is_part: word(key, language) for is_part, key in zip((False, True), _KINDS, strict=True)}
    notes = zip(methods["formula"], methods["note"], strict=True)
    return pd.DataFrame(
        {
            "name": [name.text(language) for name in methods["name"]],
            "days": methods["days"].to_numpy(),
            "length": methods["days"].fillna(0.0).to_numpy(),
            "figure": [days_text(days, language) for days in methods["days"]],
            "kind": methods["method"].isin(_PARTS).map(kinds).to_numpy(),
            "told": [(note or formula).text(language) for formula, note in notes],
        }
    )


def _of_methods(history: pd.DataFrame, methods: list[str], language: Language) -> _Lines:
    names = {method: word(f"show.{method}", language) for method in methods}
    rows = thinned(history, len(methods)).melt("as_of", methods, "series", "days")
    finding, unit = _history_finding(history, methods[0], language), word("show.days", language)
    return _Lines(rows.assign(series=rows["series"].map(names)), list(names.values()), unit, finding)


def _of_groups(history: pd.DataFrame, by: list[str], language: Language) -> _Lines:
    """The groups with a DSO that owe most at the last date."""
    names = group_names(history, by)
    known = history["dso"].notna().groupby(names).transform("any")
    owed = history["receivable"].where(history["as_of"] == history["as_of"].max(), -np.inf)
    largest = of_largest(history[known], names[known], owed[known], MOST_SERIES)
    shown, groups = list(largest["group"].unique()), names.nunique()
    unit = word("show.days", language)
    if groups > len(shown):
        unit = word("charts.dso.groups_unit", language, groups=len(shown), of=groups)
    rows = thinned(largest, 1)[["as_of", "group", "dso"]].set_axis(["as_of", "series", "days"], axis=1)
    return _Lines(rows, shown, unit, _groups_finding(rows, language))


def _history_finding(history: pd.DataFrame, method: str, language: Language) -> str:
    known = history.dropna(subset=[method])
    first, last = year_apart(known)
    before, after = float(first[method]), float(last[method])
    change = round(after, 1) - round(before, 1)
    key = "rose" if change > 0 else "fell" if change < 0 else "stayed"
    return word(
        f"charts.dso.{key if len(known) > 1 else 'is'}",
        language,
        name=word(f"charts.of.{method}", language),
        before=before,
        after=after,
        first=day(first["as_of"], language),
        last=day(last["as_of"], language),
    )


def _groups_finding(rows: pd.DataFrame, language: Language) -> str:
    known = rows.dropna(subset=["days"])
    last = known[known["as_of"] == known["as_of"].max()].sort_values("days", kind="stable")
    slow, fast = last.iloc[-1], last.iloc[0]
    return word(
        "charts.dso.groups" if len(last) > 1 else "charts.dso.group",
        language,
        slow=slow["series"],
        slow_days=float(slow["days"]),
        fast=fast["series"],
        fast_days=float(fast["days"]),
        day=day(slow["as_of"], language),
    )


def _methods_finding(methods: pd.DataFrame, language: Language) -> str:
    whole = methods[~methods["method"].isin(_PARTS)].dropna(subset=["days"])
    if len(whole) < 2:  # noqa: PLR2004 - one figure is not apart from itself
        return word("charts.dso.methods_one", language)
    ordered = whole.sort_values("days", kind="stable")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return word(
        "charts.dso.methods",
        language,
        low=low["days"],
        high=high["days"],
        least=low["name"].text(language),
        most=high["name"].text(language),
    )
