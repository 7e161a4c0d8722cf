"""The statutory table of payment delays (Code de commerce, art. D441-6 I and II), customers' side."""

from arlib.law.delay_table.result import PaymentDelayTable
from arlib.law.delay_table.table import payment_delay_table

__all__ = ["PaymentDelayTable", "payment_delay_table"]
