"""What is handed over: the workbook a reader can follow without arlib."""

from arlib.export.customer_card import write_customer_card
from arlib.export.delay_table import write_delay_table
from arlib.export.letters import WrittenLetters, write_letters
from arlib.export.workbook import write_workbook

__all__ = ["WrittenLetters", "write_customer_card", "write_delay_table", "write_letters", "write_workbook"]
