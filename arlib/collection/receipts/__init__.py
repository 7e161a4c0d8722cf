"""Bank receipts against open items: what each pays, how sure that is, and the ledger with what is accepted."""

from arlib.collection.receipts.matching import match_receipts
from arlib.collection.receipts.results import ReceiptMatching

__all__ = ["ReceiptMatching", "match_receipts"]
