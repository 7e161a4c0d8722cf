"""Who to contact today: the customers in the order of the cash a contact is expected to gain, and why."""

from arlib.collection.worklist.capture import worklist_capture
from arlib.collection.worklist.queues import QUEUES
from arlib.collection.worklist.rules import MEANS, RULES, Capacity, ContactRules, Means
from arlib.collection.worklist.worklist import Worklist, worklist

__all__ = [
    "MEANS",
    "QUEUES",
    "RULES",
    "Capacity",
    "ContactRules",
    "Means",
    "Worklist",
    "worklist",
    "worklist_capture",
]
