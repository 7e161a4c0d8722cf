"""What is to come: policies side by side over a year, and the cash of the next weeks."""

from typing import Any

import pandas as pd

from arlib.export.sheets import Book, Field, Live, fields_of, write_table
from arlib.export.workbook import charts
from arlib.export.workbook.material import Material
from arlib.show.tables.columns import column_heading, column_kind
from arlib.words import say, word

_MEASURES = (
    *("dso_month", "dso_month_low", "dso_month_high", "dso_gained", "receivable_end", "receivable_end_low"),
    *("receivable_end_high", "receivable_average", "overdue_end", "sales", "cash", "cash_month", "cash_gained"),
    *("discounts", "action_cost", "never_paid", "financing_cost", "bad_debt", "net_gained"),
    *("illegal_invoices", "illegal_amount"),
)
# What follows from another line: against today's terms, which stand in the first column of figures.
_AGAINST = {"dso_gained": ("dso_month", "=$B{of}-{letter}{of}"), "cash_gained": ("cash_month", "={letter}{of}-$B{of}")}
_CURVES = ("receivable", "dso", "cash_cumulated")
_WEEKS = (
    *("week", "starts_on", "ends_on", "contractual", "from_open", "from_future", "expected", "p10", "p50", "p90"),
    *("disputed", "expected_cumulated", "p10_cumulated", "p90_cumulated"),
)


def write_simulation(book: Book, material: Material) -> None:
    """A measure a line and a policy a column, today's terms first; then the curves by month end."""
    simulation, page, language = material.simulation, book.pages["simulation"], book.language
    summary = simulation.summary
    names = [word("show.policy.today", language), *summary["policy"].iloc[1:]]
    fields = [Field("measure", word("export.column.measure", language), width=50)]
    fields += [Field(str(place), name, "money", width=24) for place, name in enumerate(names)]
    write_table(page, fields, pd.DataFrame(columns=[field.name for field in fields]), finding="", filtered=False)
    rows: dict[str, int] = {}
    for measure in (name for name in _MEASURES if summary[name].notna().any()):
        kind = column_kind(summary, measure)
        rows[measure] = page.row + 1
        values = [_compared(measure, place, float(value), rows) for place, value in enumerate(summary[measure])]
        page.line([column_heading(summary, measure, language), *values], ["text", *[kind] * len(values)])
    page.notes(list(summary["sentence"]))
    if not material.policies:
        page.notes([say("export.simulation.usual")])
    _curves(book, material, names)
    page.notes(simulation.assumptions)


def write_forecast(book: Book, material: Material) -> None:
    """The cash of each week with its band, and what it comes from; what it rests on."""
    forecast, language = material.forecast, book.language
    weekly = forecast.weekly
    said: dict[str, Any] = {
        name: {"total": True} for name in ("contractual", "from_open", "from_future", "disputed", "expected")
    }
    said["expected"]["formula"] = "=E{row}+F{row}"
    said["expected_cumulated"] = {"formula": "=SUM(G$6:G{row})"}
    said["week"] = {"width": 10}
    written = weekly.assign(band=weekly["p90"] - weekly["p10"])
    fields = [
        *fields_of(weekly, _WEEKS, language, **said),
        Field("band", word("export.forecast.band", language), "money", formula="=J{row}-H{row}"),
    ]
    total = float(weekly["expected"].sum())
    low, high = (float(weekly[f"{end}_cumulated"].iloc[-1]) for end in ("p10", "p90"))
    finding = say("export.forecast.finding", expected=total, weeks=len(weekly), low=low, high=high)
    placed = write_table(book.pages["forecast"], fields, written, finding=finding, filtered=False)
    book.name("forecast_expected", placed.cells("expected"))
    charts.band(book, placed)
    placed.page.notes(forecast.notes)
    placed.page.one_page()


def _compared(measure: str, place: int, value: float, rows: "dict[str, int]") -> Any:  # noqa: ANN401 - a cell
    if measure not in _AGAINST or _AGAINST[measure][0] not in rows or pd.isna(value):
        return value
    of, formula = _AGAINST[measure]
    return Live(formula.format(letter=chr(ord("B") + place), of=rows[of]), value)


def _curves(book: Book, material: Material, names: "list[str]") -> None:
    """What each policy makes of receivable, DSO and cash at the ends of months."""
    page, daily = book.pages["simulation"], material.simulation.daily
    ends = daily["day"].dt.is_month_end | (daily["day"] == daily["day"].min())
    for curve in _CURVES:
        table = daily[ends].pivot_table(index="day", columns="policy", values=curve, sort=False, dropna=False)
        table = table[list(material.simulation.summary["policy"])].sort_index()
        page.section(column_heading(daily, curve, book.language))
        kind = column_kind(daily, curve)
        written = table.set_axis([str(place) for place in range(len(names))], axis=1).reset_index()
        fields = [Field("day", word("export.column.issued_on", book.language), "day", width=50)]
        fields += [Field(str(place), name, kind, width=24) for place, name in enumerate(names)]
        placed = write_table(page, fields, written, filtered=False)
        if curve != "cash_cumulated":
            charts.lines(book, placed, "day", [str(place) for place in range(len(names))], heading=True)
