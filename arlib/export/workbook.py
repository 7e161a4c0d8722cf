"""The workbook to hand over: every figure with what it is made of, totals as formulas the reader can follow."""

from pathlib import Path

import pandas as pd
from openpyxl import Workbook

from arlib.checks import check, proof
from arlib.checks.proof import ROLLED_FORWARD
from arlib.export.sheets import FIRST_ROW, Field, Sheets
from arlib.ledger import Day, Ledger, open_items
from arlib.measures import aged_balance, key_figures
from arlib.show.tables import measure_label
from arlib.words import Language, word


def write_workbook(
    ledger: Ledger, as_of: Day | None = None, path: str | Path = "receivables.xlsx", *, language: Language = "en"
) -> Path:
    """Writes what the ledger says on a day as an Excel workbook, and returns where.

    Sheets: the proof, the key figures, the aged balance by customer, the open items, the findings. Totals are
    formulas over the rows above them. Text is written as text whatever it begins with: a customer named `=1+1` is
    a name, never a formula.
    """
    on = ledger.day(as_of)
    book = Workbook(write_only=True)
    writer = _Answers(book, language, word("export.about", language, day=on, currency=ledger.currency or "–"))
    lines = proof(ledger, on)
    parts = FIRST_ROW + int((lines["role"] == "part").sum()) - 1
    writer.proof("proof", lines, {ROLLED_FORWARD: f"=ROUND(SUM(B{FIRST_ROW}:B{parts}),2)"})
    writer.figures(key_figures(ledger, on))
    aged = aged_balance(ledger, on)
    buckets = [str(name) for name in aged if name not in ("customer_id", "name")]
    names = tuple((name, "money", True) for name in buckets)
    writer.sheet("aged", aged, (("customer_id", "text", False), ("name", "text", False), *names))
    opened = open_items(ledger, on).merge(ledger.customers[["customer_id", "name"]], on="customer_id", how="left")
    opened["days_overdue"] = opened["days_overdue"].where(opened["open_amount"] > 0)  # a credit is never overdue
    writer.sheet("open_items", opened.sort_values("days_overdue", ascending=False, na_position="last"), _OPEN_ITEMS)
    files = [column for column in _FINDINGS if column[0] != "file" or len(ledger.sources) > 1]
    writer.sheet("findings", check(ledger, on, language=language), tuple(files))
    target = Path(path)
    book.save(target)
    return target


_OPEN_ITEMS = (
    *((name, "text", False) for name in ("customer_id", "name", "reference", "kind")),
    *((name, "date", False) for name in ("issued_on", "due_on")),
    ("due_source", "text", False),
    ("days_overdue", "count", False),
    ("amount", "money", True),
    ("open_amount", "money", True),
)
_FINDINGS = (
    ("severity", "text", False),
    ("meaning", "prose", False),
    ("customer_id", "text", False),
    ("value", "prose", False),
    ("amount", "money", False),
    ("count", "count", False),
    ("file", "text", False),
    ("row", "count", False),
)


class _Answers(Sheets):
    """The sheets of this workbook."""

    def figures(self, figures: pd.DataFrame) -> None:
        """The key figures: one row a measure, each in its own unit."""
        moments = ("value", "previous_month", "previous_year")
        fields = [Field("measure", self.heading("measure"), "text")]
        fields += [Field(name, self.heading(name), "money") for name in moments]
        named = figures.assign(measure=[measure_label(measure, self.language) for measure in figures["measure"]])
        page = self.page("figures", fields, named)
        for row in named.itertuples(index=False):
            values = [getattr(row, moment) for moment in moments]
            page.append([self.cell(page, row.measure, "text"), *(self.cell(page, v, str(row.unit)) for v in values)])
