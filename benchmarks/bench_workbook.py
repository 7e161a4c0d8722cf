"""The workbook of a large ledger, all sections, and its open items alone, against openpyxl writing the same cells.

    python -m pytest benchmarks/bench_workbook.py

The openpyxl way writes the open items without a format, a formula or a name. Small: 2,400 open items and the aged
balance take half the time openpyxl takes for the items alone, 0.2 s for 0.4 s, all sections 4.8 s, nearly all of it
what they compute. Large: all sections over 107,000 open items of 359,000, 6.8 million cells, take 19 s of processor
time; cell by cell through XlsxWriter they took 41 s.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import generated
from openpyxl import Workbook

from arlib.export import write_workbook
from arlib.ledger import Ledger, open_items

INVOICES = {"small": 5_000, "large": 220_000}
UNPAID = 0.45  # of all invoices, so that the large ledger has a hundred thousand open items
COLUMNS = ("customer_id", "reference", "kind", "issued_on", "due_on", "days_overdue", "amount", "open_amount")


def owing(invoices: int) -> Ledger:
    """A ledger nearly half of whose invoices nobody has paid."""
    ledger = generated(invoices)
    unpaid = np.random.default_rng(2).random(invoices + 1) < UNPAID
    matches = ledger.matches
    dropped = matches[unpaid[matches["debit_id"].to_numpy()]]["credit_id"]
    items = ledger.items[~ledger.items["item_id"].isin(dropped)]
    return replace(ledger, items=items, matches=matches[~matches["credit_id"].isin(dropped)])


@pytest.fixture(scope="module", params=INVOICES)
def book_ledger(request) -> Ledger:
    return owing(INVOICES[request.param])


def test_the_whole_workbook(benchmark, book_ledger, tmp_path):
    benchmark.pedantic(write_workbook, (book_ledger, None, tmp_path / "a.xlsx"), rounds=1)


def test_open_items_and_aged_balance(benchmark, book_ledger, tmp_path):
    arguments = (book_ledger, None, tmp_path / "a.xlsx")
    benchmark.pedantic(write_workbook, arguments, {"sections": ("aged", "open_items")}, rounds=1)


def test_open_items_by_openpyxl(benchmark, book_ledger, tmp_path):
    def write():
        book = Workbook(write_only=True)
        sheet = book.create_sheet("items")
        for row in (
            open_items(book_ledger)[list(COLUMNS)]
            .astype("object")
            .replace({np.nan: None, pd.NaT: None})
            .itertuples(index=False)
        ):
            sheet.append(list(row))
        book.save(tmp_path / "b.xlsx")

    benchmark.pedantic(write, rounds=1)
