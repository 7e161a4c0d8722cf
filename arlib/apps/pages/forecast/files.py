"""The cash to come as a file: weeks, months, customers and items, each on a sheet of a workbook, or weeks as CSV."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from arlib.export.lists import list_as_csv
from arlib.export.sheets import Book, fields_of, write_table
from arlib.show.tables import Field
from arlib.show.tables.columns import column_heading, column_kind
from arlib.simulation import CashForecast
from arlib.words import Language, word

_PERIODS = ("starts_on", "ends_on", "contractual", "expected", "p10", "p50", "p90", "from_open", "from_future")
_PARTS = ("promised", "disputed")
_PAYERS = ("customer_id", "name", "expected", "from_open", "from_future", "open_amount", "next_expected_on")
_ITEMS = ("customer_id", "name", "reference", "due_on", "open_amount", "p10_on", "median_on", "p90_on")
_ADDED = ("contractual", "expected", "from_open", "from_future", "promised", "disputed")


def workbook(forecast: CashForecast, payers: pd.DataFrame, items: pd.DataFrame, language: Language) -> bytes:
    """A workbook of the weeks, the months, who is expected to pay, and the items whose likely day is in these weeks."""
    sheets = {
        "forecast_weeks": (forecast.weekly, ("week", *_PERIODS, *_PARTS)),
        "forecast_months": (forecast.monthly, ("month", *_PERIODS, *_PARTS)),
        "forecast_payers": (payers, _PAYERS),
        "forecast_items": (items, _ITEMS),
    }
    about = word("export.about", language, day=forecast.as_of, currency=forecast.currency or "–")
    with TemporaryDirectory(prefix="arlib-") as folder:
        path = Path(folder) / "forecast.xlsx"
        with Book(path, language, forecast.as_of, about) as book:
            for key, (frame, names) in sheets.items():
                page = book.page(key)
                totals = {name: {"total": True} for name in _ADDED if name in names}
                write_table(page, fields_of(frame, names, language, **totals), frame)
        return path.read_bytes()


def weeks_csv(forecast: CashForecast, language: Language) -> bytes:
    """The weeks as CSV."""
    weekly = forecast.weekly
    names = ("week", *_PERIODS, *_PARTS)
    fields = [Field(name, column_heading(weekly, name, language), column_kind(weekly, name)) for name in names]
    return list_as_csv(weekly, fields, language=language)
