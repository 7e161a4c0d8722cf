"""Every customer in one table, and each of them on a card: what it owes, how it pays, what to do next."""

from arlib.apps.pages.customers.page import CustomersPage

__all__ = ["CustomersPage"]
