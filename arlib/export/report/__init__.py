"""The report to hand over: a board page and an audit in four acts, as one HTML file or one PDF."""

from arlib.export.report.compose import compose_report
from arlib.export.report.page import report_page
from arlib.export.report.pdf import report_pdf
from arlib.export.report.values import Report
from arlib.export.report.write import write_report

__all__ = ["Report", "compose_report", "report_page", "report_pdf", "write_report"]
