"""Acting on what is owed: whom to contact, what to write, which receipt pays which invoice."""

from arlib.collection.card import CardFile, CustomerCard, card_file, customer_card, customer_cards
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
from arlib.collection.effect import ReminderEffect, reminder_effect
from arlib.collection.letters import (
    Letter,
    Sender,
    compose_letters,
    compose_statements,
    copy_templates,
)
from arlib.collection.log import ContactLog, read_contact_log
from arlib.collection.receipts import ReceiptMatching, match_receipts
from arlib.collection.statement import Statement, statement
from arlib.collection.worklist import Capacity, ContactRules, Means, Worklist, worklist, worklist_capture

__all__ = [
    "AssumedEffect",
    "Capacity",
    "CardFile",
    "ContactLog",
    "ContactRules",
    "CustomerCard",
    "CustomerClass",
    "DunningPlan",
    "Letter",
    "Level",
    "Means",
    "ReceiptMatching",
    "ReminderEffect",
    "Scenario",
    "Sender",
    "Statement",
    "StopRules",
    "Worklist",
    "card_file",
    "compose_letters",
    "compose_statements",
    "copy_templates",
    "customer_card",
    "customer_cards",
    "dunning_plan",
    "match_receipts",
    "read_contact_log",
    "read_scenarios",
    "reminder_effect",
    "scenarios_text",
    "statement",
    "worklist",
    "worklist_capture",
    "write_scenarios",
]
