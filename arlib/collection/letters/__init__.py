"""Reminders, formal notices and statements of account as letters a person opens, completes and sends."""

from arlib.collection.letters.compose import compose_letters, compose_statements
from arlib.collection.letters.letter import Letter, Sender
from arlib.collection.letters.table import LetterTable, letter_table
from arlib.collection.letters.templates import FIELDS, Template, copy_templates, read_template

__all__ = [
    "FIELDS",
    "Letter",
    "LetterTable",
    "Sender",
    "Template",
    "compose_letters",
    "compose_statements",
    "copy_templates",
    "letter_table",
    "read_template",
]
