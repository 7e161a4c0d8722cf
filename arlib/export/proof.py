"""A proof on a sheet: how a balance came about, each way of counting it, the differences as formulas."""

from collections.abc import Mapping

import pandas as pd

from arlib.checks.proof import ACCOUNTS
from arlib.export.sheets import Book, Field, Live, write_table
from arlib.show.tables import proof_label
from arlib.words import Sentence, word


def write_proof_lines(
    book: Book,
    key: str,
    lines: pd.DataFrame,
    counted: Mapping[str, str],
    *,
    summed: str,
    finding: str | Sentence = "",
) -> None:
    """A proof line by line, with the difference of each total from the accounts as a formula.

    The name `{key}_differences` stands for these differences.

    Args:
        book: with the sheet.
        key: of the sheet.
        lines: as `arlib.proof` returns them, parts first.
        counted: formulas of amounts that other sheets hold, by line.
        summed: the line that is the sum of the parts.
        finding: what there is to see, under the title.
    """
    page, language = book.pages[key], book.language
    fields = [Field("line", word("export.column.line", language), width=62)]
    fields += [Field(name, word(f"export.column.{name}", language), "money", width=22) for name in _AMOUNTS]
    write_table(page, fields, lines.iloc[:0], finding=finding, filtered=False)
    first, parts = page.row + 1, int((lines["role"] == "part").sum())
    accounts = first + lines["line"].tolist().index(ACCOUNTS)
    formulas = {summed: f"=ROUND(SUM(B{first}:B{first + parts - 1}),2)"} | dict(counted)
    for row, line in enumerate(lines.to_dict("records"), first):
        total, formula, amount = line["role"] == "total", formulas.get(line["line"]), line["amount"] + 0.0
        values = [proof_label(line["line"], language), Live(formula, amount) if formula else amount]
        if total:
            values.append(Live(f"=ROUND(B{row}-B{accounts},2)", line["difference"] + 0.0))
        page.line(values, ["text", "money", "money"], ("total",) if total else ())
    book.name(f"{key}_differences", page.cells(2, first - 1 + parts, page.row - 1))


_AMOUNTS = ("amount", "difference")
