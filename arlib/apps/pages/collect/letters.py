"""What the page shows of letters: one row a letter, and who it goes to; what a log would hold of them."""

from collections.abc import Sequence

import pandas as pd

from arlib.collection import DunningPlan, Letter
from arlib.collection.dunning import level_label
from arlib.collection.letters.letter import WRITTEN
from arlib.show.charts.dunning import channel_label
from arlib.show.tables import Field
from arlib.words import Language, word

_COLUMNS = ("customer_id", "name", "recipient", "subject", "channel", "level", "language", "total", "notes")


def rows(letters: Sequence[Letter]) -> pd.DataFrame:
    """One row a letter: to whom, by e-mail or by post; what about; how much is asked for; how much to complete."""
    return pd.DataFrame(
        [
            (
                letter.customer_id,
                letter.customer_name,
                letter.email if letter.channel == "email" else ", ".join(letter.recipient[1:]),
                letter.subject,
                letter.channel,
                letter.level,
                letter.language,
                letter.total,
                len(letter.notes),
            )
            for letter in letters
        ],
        columns=list(_COLUMNS),
    )


def log_rows(plan: DunningPlan) -> pd.DataFrame:
    """The written reminders of today as rows of a log of contacts, an item each, as if they had been sent."""
    actions = plan.actions[(plan.actions["status"] != "planned") & plan.actions["channel"].isin(WRITTEN)]
    items = plan.items[plan.items["reminded"]]
    rows = items.merge(actions[["day", "customer_id", "channel", "scenario"]], on=["day", "customer_id"])
    numbers = {(each.name, level.name): level.level for each in plan.scenarios for level in each.levels}
    names = zip(rows["scenario"], rows["level"], strict=True)
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "item_id": rows["item_id"],
            "contacted_on": rows["day"],
            "channel": rows["channel"],
            "level": [numbers[name] for name in names],
            "outcome": "none",
        }
    )


def fields(language: Language) -> list[Field]:
    """The columns of the list."""
    return [
        Field("name", word("table.customer", language)),
        Field("recipient", word("app.collect.drafts.recipient", language)),
        Field("subject", word("app.collect.drafts.subject", language)),
        Field("level", word("table.column.level", language)),
        Field("language", word("app.collect.drafts.language", language)),
        Field("total", word("table.column.asked", language), "money"),
        Field("notes", word("app.collect.drafts.to_complete", language), "count"),
    ]


def filters(listed: pd.DataFrame, language: Language) -> dict[str, dict[str, str]]:
    """By which channels, levels and languages the list can be filtered: those that it has."""
    return {
        "channel": {name: channel_label(name, language) for name in sorted(listed["channel"].unique())},
        "level": {name: level_label(name, language) for name in listed["level"].unique()},
        "language": {
            name: word(f"app.collect.language.{name}", language) for name in sorted(listed["language"].unique())
        },
    }
