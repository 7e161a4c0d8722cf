"""What is handed over: the workbook a reader can follow without arlib."""

from arlib.export.customer_card import write_customer_card
from arlib.export.delay_table import write_delay_table
from arlib.export.letters import WrittenLetters, write_letters
from arlib.export.lists import list_as_csv, write_list
from arlib.export.report import Report, compose_report, write_report
from arlib.export.workbook import write_workbook

__all__ = [
    "Report",
    "WrittenLetters",
    "compose_report",
    "list_as_csv",
    "write_customer_card",
    "write_delay_table",
    "write_letters",
    "write_list",
    "write_report",
    "write_workbook",
]
