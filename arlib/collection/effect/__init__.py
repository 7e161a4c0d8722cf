"""What past reminders changed: shares paid after one, against items as late that were not reminded, and its limits."""

from arlib.collection.effect.effect import ReminderEffect, reminder_effect

__all__ = ["ReminderEffect", "reminder_effect"]
