"""Cohorts: the share of each month's billing that was paid after so many days."""

import math

import pandas as pd

from arlib.show.charts.axes import nothing_drawn, rows_high, tip
from arlib.show.charts.figures import share_text
from arlib.show.charts.grid import grid
from arlib.show.charts.rows import Names, columns_before, group_names, named, of_largest
from arlib.show.look import Drawing, dressed, month_name
from arlib.show.vega import alt
from arlib.words import Language, word

_MOST_MONTHS = 24
_MOST_GROUPS = 24
_MOST_AGES = 12


def cohorts_chart(cohorts: pd.DataFrame, *, names: Names | None = None, language: Language = "en") -> Drawing:
    """A heat map: the share of each month's billing paid after so many days, written in its cell.

    A share that is not final yet is written `≈`, in a cell that is framed and not filled; its tooltip holds its band.
    With groups, the final shares of each, weighted by billing, the groups that were billed most.

    Args:
        cohorts: as `arlib.cohorts` returns it; the last 24 months are drawn, twelve ages at most.
        names: names of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`, where
            the frame has customers and not their names.
        language: of the labels, figures and dates.
    """
    about = word("charts.about.cohorts", language)
    cohorts = named(cohorts, names)
    by = columns_before(cohorts, "month")
    known = cohorts.dropna(subset=["paid_share"])
    if known.empty or (by and not known["mature"].any()):
        return nothing_drawn(word("charts.cohorts.none", language), about, language)
    cells = _of_groups(known, by) if by else _of_months(known, language)
    cells = _written(cells[cells["days"].isin(_spread(sorted(cells["days"].unique())))], language)
    ages = list(dict.fromkeys(cells.sort_values("days")["column"]))
    drawn = grid(
        cells.drop(columns="days"), ages, _tips(word("charts.group" if by else "charts.month", language), language)
    )
    unit = word("charts.cohorts.unit" if cells["final"].all() else "charts.cohorts.unit_young", language)
    finding = _finding(known, language)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=rows_high(24))


def _tips(row: str, language: Language) -> "list[alt.Tooltip]":
    return [
        tip("row:N", row),
        tip("column:N", word("show.age", language)),
        tip("share:Q", word("charts.paid_share", language), ".1%"),
        tip("low:Q", word("charts.low_80", language), ".1%"),
        tip("high:Q", word("charts.high_80", language), ".1%"),
        tip("billed:Q", word("charts.billed", language), ",.0f"),
        tip("state:N", word("charts.state", language)),
    ]


def _written(cells: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Cells with what is written in and about them."""
    shares = [share_text(share, language) for share in cells["share"]]
    states = {True: word("charts.final", language), False: word("charts.not_final", language)}
    return cells.assign(
        column=[word("charts.cohorts.after", language, days=days) for days in cells["days"]],
        figure=[share if final else f"≈ {share}" for share, final in zip(shares, cells["final"], strict=True)],
        state=cells["final"].map(states),
    )


def _spread(ages: list[int]) -> list[int]:
    """As many ages as there is room for, evenly spread, the last kept."""
    return ages[:: -max(1, math.ceil(len(ages) / _MOST_AGES))]


def _of_months(known: pd.DataFrame, language: Language) -> pd.DataFrame:
    months = sorted(known["month"].unique())[-_MOST_MONTHS:]
    cells = known[known["month"].isin(months)].sort_values(["month", "days"])
    cells = cells.rename(columns={"paid_share": "share", "mature": "final"})
    cells["row"] = [month_name(month, language) for month in cells["month"]]
    return cells[["row", "days", "share", "low", "high", "billed", "final"]]


def _of_groups(known: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The final shares of each group, weighted by billing."""
    final = known[known["mature"]]
    names = group_names(final, by)
    chosen = of_largest(final, names, final["billed"].groupby(names).transform("sum"), _MOST_GROUPS)
    paid = chosen.assign(paid=chosen["paid_share"] * chosen["billed"])
    sums = paid.groupby(["group", "days"], sort=False)[["paid", "billed"]].sum().reset_index()
    share = sums["paid"] / sums["billed"]
    cells = sums.assign(row=sums["group"], share=share, low=share, high=share, final=True)
    return cells[["row", "days", "share", "low", "high", "billed", "final"]]


def _finding(known: pd.DataFrame, language: Language) -> str:
    """What share of the billing that is old enough was paid by the second and by the last age."""
    final = known[known["mature"]]
    if final.empty:
        return word("charts.cohorts.young", language)
    paid = (final["paid_share"] * final["billed"]).groupby(final["days"]).sum()
    shares = paid / final.groupby("days")["billed"].sum()
    early, late = int(shares.index[min(1, len(shares) - 1)]), int(shares.index[-1])
    values = {"early": share_text(float(shares[early]), language), "early_days": early}
    if early == late:
        return word("charts.cohorts.one", language, **values)
    return word(
        "charts.cohorts.paid", language, late=share_text(float(shares[late]), language), late_days=late, **values
    )
