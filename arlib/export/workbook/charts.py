"""Native charts beside the figures they are of, in the colours of the house."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from arlib.export.sheets import Book, Page, Placed
from arlib.export.sheets.page import EPOCH
from arlib.export.sheets.styles import INK, LINE, MUTED, number_format
from arlib.export.workbook.material import Material
from arlib.schema import Floats
from arlib.show.look import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, bucket_colours, bucket_columns
from arlib.words import word

_ROWS = 19  # a chart is high
_SIZE = {"width": 780, "height": 340}
_COLOURS = (GREY, BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION)
_TOP = 10
_FACE = {"name": "Calibri", "size": 9, "color": INK}
_WHOLE = "#,##0"
_WEEK = {"en": "d mmm", "fr": "dd/mm"}


def dashboard(book: Book, material: Material) -> None:
    """Below the key figures: what is owed by age, the largest debtors, DSO by month."""
    page = book.pages["figures"]
    aged = book.pages.get("aged")
    row = page.row + 1
    if aged is not None and "aged_totals" in book.names:
        _ages(book, page, row, material)
        _debtors(book, page, row, material)
        row += _ROWS
    if "dso_history" in book.pages and book.pages["dso_history"].row:
        _dso(book, page, row, material)
        row += _ROWS
    page.row = row


def lines(book: Book, placed: Placed, along: str, columns: Sequence[str], *, heading: bool = False) -> None:
    """Columns of a table as lines along its dates, below it."""
    chart = book.chart({"type": "line"})
    kind = next(field.kind for field in placed.fields if field.name == columns[0])
    for place, column in enumerate(columns):
        colour = _COLOURS[place % len(_COLOURS)] if heading else _COLOURS[(place + 1) % len(_COLOURS)]
        dash = "dash" if heading and place == 0 else "solid"
        line = {"color": colour, "width": 2.0, "dash_type": dash}
        chart.add_series(_series(placed, column, along) | {"line": line})
    _dress(chart, book, "", kind, dates=True)
    _place(placed.page, chart)


def band(book: Book, placed: Placed) -> None:
    """Expected cash by week between what it has one chance in ten to be below and above."""
    under, over = book.chart({"type": "area", "subtype": "stacked"}), book.chart({"type": "line"})
    for column, fill in (("p10", {"none": True}), ("band", {"color": SKY, "transparency": 55})):
        under.add_series(_series(placed, column, "starts_on") | {"fill": fill})
    over.add_series(_series(placed, "expected", "starts_on") | {"line": {"color": BLUE, "width": 2.25}})
    under.combine(over)
    _dress(under, book, word("export.chart.forecast", book.language), "money")
    under.set_x_axis({"num_format": _WEEK[book.language], "num_font": _FACE, "line": {"color": LINE}})
    under.set_legend({"position": "bottom", "font": _FACE, "delete_series": [0]})
    _place(placed.page, under)


def waterfall(book: Book, page: Page, first: int, last: int, reached: Floats) -> None:
    """From one DSO to the other, an effect a bar on what the one before it reached; none where it crosses nothing."""
    if (reached <= 0).any():
        return
    chart = book.chart({"type": "column", "subtype": "stacked"})
    names = f"={page.cells(0, first + 1, last - 1)}"
    for column, fill in ((3, {"none": True}), (4, {"color": VERMILLION}), (5, {"color": BLUE})):
        chart.add_series(
            {
                "name": f"={page.cells(column, first - 1)}",
                "categories": names,
                "values": f"={page.cells(column, first + 1, last - 1)}",
                "fill": fill,
                "gap": 40,
            }
        )
    low, high = float(reached.min()), float(reached.max())
    _dress(chart, book, word("export.chart.bridge", book.language), "days")
    chart.set_y_axis(_axis("days", book) | {"min": max(0, int(np.floor(low - 0.25 * (high - low)) - 1))})
    chart.set_legend({"position": "bottom", "font": _FACE, "delete_series": [0]})
    _place(page, chart)


def _ages(book: Book, page: Page, row: int, material: Material) -> None:
    """What is owed by age, all customers."""
    chart = book.chart({"type": "column"})
    buckets = [name for name in bucket_columns(material.aged.drop(columns="no")) if name != "unapplied"]
    total = book.names["receivable"]
    line = int(total.rsplit("$", 1)[1]) - 1
    sheet, last = book.pages["aged"], 2 + len(buckets)
    chart.add_series(
        {
            "name": word("export.chart.aged", book.language),
            "categories": [sheet.name, 4, 3, 4, last],
            "values": [sheet.name, line, 3, line, last],
            "points": [{"fill": {"color": colour}} for colour in bucket_colours(buckets)],
            "gap": 60,
        }
    )
    _dress(chart, book, word("export.chart.aged", book.language), "money")
    chart.set_legend({"none": True})
    page.sheet.insert_chart(row, 0, chart, {"x_offset": 6, "object_position": 2} | _scale(560))


def _debtors(book: Book, page: Page, row: int, material: Material) -> None:
    """Who owes most."""
    chart = book.chart({"type": "bar"})
    sheet, last = book.pages["aged"], 4 + min(_TOP, len(material.aged))
    total = 3 + len(bucket_columns(material.aged.drop(columns="no")))
    chart.add_series(
        {
            "name": word("export.chart.debtors", book.language),
            "categories": [sheet.name, 5, 2, last, 2],
            "values": [sheet.name, 5, total, last, total],
            "fill": {"color": BLUE},
            "gap": 40,
            "data_labels": {"value": True, "num_format": _WHOLE, "font": _FACE},
        }
    )
    _dress(chart, book, word("export.chart.debtors", book.language), "money")
    chart.set_y_axis({"reverse": True, "num_font": _FACE, "line": {"none": True}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"none": True})
    page.sheet.insert_chart(row, 2, chart, {"x_offset": 130, "object_position": 2} | _scale(620))


def _dso(book: Book, page: Page, row: int, material: Material) -> None:
    """DSO by month, as on its own sheet."""
    chart, sheet, last = book.chart({"type": "line"}), book.pages["dso_history"], 4 + len(material.dso_history)
    columns = list(material.dso_history.columns)
    for place, name in enumerate(("dso", "countback_dso", "best_possible_dso"), 1):
        column = columns.index(name)
        chart.add_series(
            {
                "name": [sheet.name, 4, column],
                "categories": [sheet.name, 5, 0, last, 0],
                "values": [sheet.name, 5, column, last, column],
                "line": {"color": _COLOURS[place], "width": 2.0},
            }
        )
    _dress(chart, book, word("export.chart.dso", book.language), "days", dates=True)
    page.sheet.insert_chart(row, 0, chart, {"x_offset": 6, "object_position": 2} | _scale(1190))


def _dress(chart: Any, book: Book, title: str, kind: str, *, dates: bool = False) -> None:  # noqa: ANN401
    """A chart in the look of the house."""
    chart.set_title({"name": title, "name_font": _FACE | {"size": 12, "bold": True}} if title else {"none": True})
    chart.set_legend({"position": "bottom", "font": _FACE})
    chart.set_chartarea({"border": {"none": True}})
    axis: dict[str, Any] = {
        "num_font": _FACE,
        "line": {"color": LINE},
        "major_tick_mark": "none",
        "label_position": "low",
    }
    if dates:
        axis |= {"date_axis": True, "num_format": "mmm yy", "num_font": _FACE | {"rotation": -45}}
    chart.set_x_axis(axis)
    chart.set_y_axis(_axis(kind, book))
    chart.show_na_as_empty_cell()


def _axis(kind: str, book: Book) -> dict[str, Any]:
    form = _WHOLE if kind == "money" else number_format(kind, book.language)
    grid: Mapping[str, Any] = {"visible": True, "line": {"color": LINE, "width": 0.5, "dash_type": "dash"}}
    return {"num_format": form, "num_font": _FACE | {"color": MUTED}, "line": {"none": True}, "major_gridlines": grid}


def _place(page: Page, chart: Any) -> None:  # noqa: ANN401
    """A chart below what is on a page."""
    page.sheet.insert_chart(page.row + 1, 0, chart, {"x_offset": 6, "object_position": 2} | _scale(_SIZE["width"]))
    page.row += _ROWS + 1


def _scale(width: float) -> dict[str, float]:
    """How much wider than 480 and higher than 288 pixels, the usual size of a chart."""
    return {"x_scale": width / 480, "y_scale": _SIZE["height"] / 288}


def _series(placed: Placed, column: str, along: str) -> dict[str, Any]:
    """A column along another, with the figures it shows before anything is calculated."""
    name = placed.fields[placed.column(column)].heading
    values, points = placed.frame[column], placed.frame[along]
    shown = (points - EPOCH).dt.days if points.dtype.kind == "M" else points
    return {
        "name": name,
        "categories": f"={placed.cells(along)}",
        "values": f"={placed.cells(column)}",
        "categories_data": shown.tolist(),
        "values_data": [None if missing else value for value, missing in zip(values, values.isna(), strict=True)],
    }
