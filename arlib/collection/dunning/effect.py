"""What reminders would bring: an assumption typed by whoever plans, since no ledger tells what a letter changes."""

from dataclasses import dataclass

import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import Floats
from arlib.words import Sentence, say


@dataclass(frozen=True)
class AssumedEffect:
    """What a reminder is assumed to change.

    Attributes:
        share: of what would still be unpaid `days` after a reminder without it, the share it brings in by then, 0 to 1.
        days: calendar days, 1 to 365.

    Raises:
        ArlibError: the share or the days are out of range.
    """

    share: float = 0.10
    days: int = 14

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1 or not 1 <= self.days <= 365:  # noqa: PLR2004 - a year
            raise ArlibError(say("dunning.effect.range", share=str(self.share), days=str(self.days)))

    def sentence(self) -> Sentence:
        """The assumption, to be shown beside what it gives."""
        return say("dunning.effect", share=self.share, days=self.days)


def expected_gain(
    actions: pd.DataFrame, items: pd.DataFrame, effect: AssumedEffect, unpaid_later: Floats
) -> pd.DataFrame:
    """What the letters of each level would bring in earlier, under an assumed effect; one row a level, in order.

    level_number, level, letters (if nothing is paid), letters_expected, asked_expected (amount × probability that the
    item is unpaid when the letter goes out), unpaid_without (amount × probability that it would be unpaid some days
    later without the letter), brought_in = share × unpaid_without. An item counts in its first letter of the plan only,
    so that nothing is brought in twice.

    Args:
        actions: of the plan.
        items: of the plan, in the order of `unpaid_later`.
        effect: the assumption.
        unpaid_later: (items,) that probability.
    """
    keys = ["day", "customer_id"]
    listed = items.assign(without=items["asked"] * unpaid_later, sent=items["asked"] * items["p_unpaid"])
    first = listed[listed["reminded"]].drop_duplicates("item_id")
    of_letter = actions[[*keys, "level_number"]].rename(columns={"level_number": "of_letter"})
    sums = first.merge(of_letter, on=keys).groupby("of_letter")[["sent", "without"]].sum().round(2)
    letters = actions.groupby(["level_number", "level"], sort=True)["p_sent"].agg(["size", "sum"]).reset_index()
    found = sums.reindex(letters["level_number"]).fillna(0.0).reset_index(drop=True)
    return pd.DataFrame(
        {
            "level_number": letters["level_number"],
            "level": letters["level"],
            "letters": letters["size"],
            "letters_expected": letters["sum"],
            "asked_expected": found["sent"],
            "unpaid_without": found["without"],
            "brought_in": (effect.share * found["without"]).round(2),
        }
    )
