"""Acting on what is owed: whom to contact, what to write, which receipt pays which invoice."""

from arlib.collection.dunning import (
    AssumedEffect,
    CustomerClass,
    DunningPlan,
    Level,
    Scenario,
    StopRules,
    dunning_plan,
    read_scenarios,
    scenarios_text,
    write_scenarios,
)
from arlib.collection.letters import (
    Letter,
    Sender,
    compose_letters,
    compose_statements,
    copy_templates,
    letter_table,
)
from arlib.collection.log import ContactLog, read_contact_log
from arlib.collection.receipts import ReceiptMatching, match_receipts
from arlib.collection.worklist import Capacity, ContactRules, Means, Worklist, worklist, worklist_capture

__all__ = [
    "AssumedEffect",
    "Capacity",
    "ContactLog",
    "ContactRules",
    "CustomerClass",
    "DunningPlan",
    "Letter",
    "Level",
    "Means",
    "ReceiptMatching",
    "Scenario",
    "Sender",
    "StopRules",
    "Worklist",
    "compose_letters",
    "compose_statements",
    "copy_templates",
    "dunning_plan",
    "letter_table",
    "match_receipts",
    "read_contact_log",
    "read_scenarios",
    "scenarios_text",
    "worklist",
    "worklist_capture",
    "write_scenarios",
]
