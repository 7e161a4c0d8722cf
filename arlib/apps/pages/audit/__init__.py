"""The audit of a client's books: what was understood of them, whether they tie, what looks wrong, and what law says."""

from arlib.apps.pages.audit.page import AuditPage

__all__ = ["AuditPage"]
