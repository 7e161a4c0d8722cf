"""What the law says: the statutory table, what lateness has earned, what is granted beyond the law."""

from typing import Any

import pandas as pd

from arlib.export.delay_table import delay_sheets
from arlib.export.sheets import Book, fields_of, write_table
from arlib.export.workbook.material import Material
from arlib.words import say, word

_CUSTOMERS = ("no", "customer_id", "name", "invoices", "days_late", "open_amount", "interest", "indemnity", "due")
_CLAIMS = ("claimed", "waived", "remaining")
_INVOICES = (
    *("no", "customer_id", "reference", "issued_on", "due_on", "settled_on", "days_late", "amount", "interest"),
    *("indemnity", "due", "status"),
)
_TERMS = (
    *("customer_id", "name", "terms_invoiced", "terms_agreed", "invoices", "amount", "days_granted", "days_agreed"),
    *("days_allowed", "cash_beyond_agreed", "invoices_beyond_law", "amount_beyond_law", "cash_beyond_law"),
    *("invoices_unknown", "law_status", "reason"),
)
_RULES = (
    *("rule_text", "invoices", "amount", "invoices_beyond", "amount_beyond", "invoices_unknown", "amount_unknown"),
    "law_status",
)
_BEYOND = (
    *("customer_id", "reference", "issued_on", "due_on", "terms", "latest_on", "days_above", "amount"),
    *("open_amount", "law_status", "reason"),
)


def write_delays(book: Book, material: Material) -> None:
    """The two statutory tables, the invoices behind their cells, their proof."""
    delay_sheets(book, material.delay_table)


def write_penalties(book: Book, material: Material) -> None:
    """What each customer's lateness has earned, as sums over the invoices on the second sheet."""
    penalties, language = material.penalties, book.language
    customers = penalties.by_customer.sort_values(["due", "customer_id"], ascending=[False, True], ignore_index=True)
    customers = customers[customers["invoices"] > 0].assign(no=lambda rows: range(1, len(rows) + 1))
    numbers = customers.set_index("customer_id")["no"]
    invoices = penalties.invoices.assign(no=penalties.invoices["customer_id"].map(numbers))
    said: dict[str, Any] = {
        "no": {"heading": word("export.column.no", language), "kind": "count"},
        "indemnity": {"total": True, "heading": word("table.law.fixed_indemnity", language)},
        "interest": {"total": True},
        "due": {"total": True},
    }
    listed = write_table(book.pages["penalty_invoices"], fields_of(invoices, _INVOICES, language, **said), invoices)
    for name in ("no", "interest", "indemnity"):
        book.name(f"penalties_{name}", listed.cells(name))
    said |= {
        name: {**said[name], "formula": f"=SUMIFS(penalties_{name},penalties_no,$A{{row}})"}
        for name in ("interest", "indemnity")
    }
    said |= {
        "due": {"total": True, "formula": "=G{row}+H{row}"},
        "invoices": {"total": True, "formula": "=COUNTIF(penalties_no,$A{row})"},
        "open_amount": {"total": True},
        **{name: {"total": True} for name in _CLAIMS},
    }
    given = _CLAIMS if customers[["claimed", "waived"]].to_numpy().any() else ()
    fields = fields_of(customers, [*_CUSTOMERS, *given, "status"], language, **said)
    placed = write_table(
        book.pages["penalties"], fields, customers, finding=penalties.notes[0] if penalties.notes else ""
    )
    book.name("penalties_due", placed.sum("due"))
    placed.page.notes(penalties.notes[1:])


def write_terms(book: Book, material: Material) -> None:
    """The customers' terms against what was agreed and what the law allows; the invoices under each rule of law."""
    against, legal, language = material.terms_against_law, material.legal_due_dates, book.language
    customers = against.customers.sort_values(
        ["cash_beyond_law", "amount"], ascending=[False, False], kind="stable", ignore_index=True
    )
    said: dict[str, Any] = {
        name: {"total": True}
        for name in ("invoices", "amount", "cash_beyond_agreed", "invoices_beyond_law", "amount_beyond_law",
                     "cash_beyond_law", "invoices_unknown")
    }  # fmt: skip
    said["reason"] = {"kind": "prose", "width": 70}
    placed = write_table(
        book.pages["terms"], fields_of(customers, _TERMS, language, **said), customers,
        finding=say("export.terms.finding", cash=against.cash_beyond_law, days=against.days),
    )  # fmt: skip
    placed.page.notes(against.notes)
    _due_dates(book, legal.by_rule, legal.invoices, legal.notes)


def _due_dates(book: Book, by_rule: pd.DataFrame, invoices: pd.DataFrame, notes: Any) -> None:  # noqa: ANN401
    """The invoices under each rule, then those due later than it allows, one by one."""
    page, language = book.pages["due_dates"], book.language
    rules = by_rule.sort_values(["amount", "rule"], ascending=[False, True], kind="stable", ignore_index=True)
    rules = rules.assign(law_status=rules["law_status"].replace("", None))
    added: dict[str, Any] = {name: {"total": True} for name in _RULES[1:-1]}
    added["rule_text"] = {"kind": "prose"}
    write_table(page, fields_of(rules, _RULES, language, **added), rules, filtered=False)
    beyond = invoices[invoices["status"] == "beyond"].sort_values("days_above", ascending=False, ignore_index=True)
    page.section(word("export.terms.beyond", language))
    if beyond.empty:
        page.notes([say("export.terms.none_beyond")])
    else:
        said: dict[str, Any] = {"amount": {"total": True}, "open_amount": {"total": True}, "reason": {"kind": "prose"}}
        write_table(page, fields_of(beyond, _BEYOND, language, **said), beyond, filtered=False)
    page.notes(notes)
