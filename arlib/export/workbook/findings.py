"""What looks wrong, with the money at stake: check by check, then one by one."""

from typing import Any

import pandas as pd

from arlib.errors import ArlibError
from arlib.export.sheets import Book, fields_of, write_table
from arlib.export.workbook.material import Material
from arlib.words import say, word

_CHECKS = ("no", "severity", "meaning", "count", "amount")
_ROWS = ("no", "severity", "meaning", "customer_id", "name", "value", "amount", "count", "file", "row")


def write_findings(book: Book, material: Material) -> None:
    """A check a row, its findings added up from the second sheet, which lists them."""
    findings, language = material.findings, book.language
    if findings.empty:
        raise ArlibError(say("export.findings.none"))
    names = material.ledger.customers.set_index("customer_id")["name"]
    rows = findings.assign(name=findings["customer_id"].map(names), value=findings["value"].astype("object"))
    columns = [name for name in _ROWS if name != "file" or len(material.ledger.sources) > 1]
    number = {"heading": word("export.findings.no", language), "kind": "count"}
    said: dict[str, Any] = {"no": number, "meaning": {"kind": "prose"}, "value": {"kind": "prose", "width": 30}}
    said["row"] = {"kind": "count", "heading": word("export.column.row", language)}
    listed = write_table(book.pages["finding_rows"], fields_of(rows, columns, language, **said), rows)
    for name in ("no", "amount", "count"):
        book.name(f"findings_{name}", listed.cells(name))
    checks = _by_check(findings)
    said = {
        "no": number,
        "meaning": {"kind": "prose", "width": 100},
        "count": {"formula": "=SUMIFS(findings_count,findings_no,$A{row})", "total": True},
        "amount": {
            "formula": "=SUMIFS(findings_amount,findings_no,$A{row})",
            "heading": word("export.findings.at_stake", language),
            "where": "known",
        },
    }
    placed = write_table(book.pages["findings"], fields_of(checks, _CHECKS, language, **said), checks)
    placed.page.notes([say("export.findings.overlap")])


def _by_check(findings: pd.DataFrame) -> pd.DataFrame:
    """One row a check that found something, in the order of the findings."""
    grouped = findings.groupby("no", sort=True)
    checks = grouped.agg(severity=("severity", "first"), meaning=("meaning", "first"), count=("count", "sum"))
    amounts = grouped["amount"].sum(min_count=1)
    return checks.assign(amount=amounts, known=amounts.notna()).reset_index()
