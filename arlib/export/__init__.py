"""What is handed over: the workbook a reader can follow without arlib."""

from arlib.export.workbook import write_workbook

__all__ = ["write_workbook"]
