"""What is said of each customer of a worklist: why it is contacted or not, and the formula with its numbers."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from arlib.collection.worklist.rules import ContactRules, channel_name
from arlib.schema import HALF_CENT
from arlib.simulation.forecast.promises import GRACE
from arlib.words import Language, Sentence, money, say, word

Row = Mapping[Any, Any]
_KNOWN = 1.0  # invoice behind a customer's law before its habit is spoken of


class Wording:
    """Sentences of rows, in one language and currency."""

    def __init__(self, language: Language, currency: str, rules: ContactRules, *, logged: bool) -> None:
        self._language, self._currency, self._rules, self._logged = language, currency, rules, logged

    def reason(self, row: Row) -> str:
        """Why a customer is contacted, as a clerk can read it out."""
        return self._joined([*self._owed(row), self._habit(row), *self._past(row), *self._apart(row)])

    def formula(self, row: Row) -> str:
        """The expected gain with its numbers, and what it counts for in the order."""
        means = self._rules.of(row["channel"])
        told = say(
            "collection.worklist.formula",
            late=row["late_euro_days_chased"],
            effect=say("collection.worklist.effect", share=means.less_late)
            if means.days_gained is None
            else say("collection.worklist.effect_days", days=means.days_gained),
            brought=row["euro_days_gained"],
            rate=self._rules.rate,
            cash=self._money(row["cash_gained"]),
            lost=self._money(row["expected_loss"]),
            avoided_share=means.loss_avoided,
            avoided=self._money(row["loss_avoided"]),
            cost=self._money(row["cost"]),
            gain=self._money(row["expected_gain"]),
        )
        value = self._money(row["priority"])
        weighed = say("collection.worklist.weighed", weight=f"{self._rules.broken_weight:g}", value=value)
        return self._joined([told, *([weighed] if row["broken_promise"] else [])])

    def queued(self, row: Row) -> str:
        """Why a customer's items stand in a queue."""
        match row["queue"]:
            case "contact":
                return str(row["reason"])
            case "legal":
                told = self._say("legal", reason=row["legal"].rstrip(". "))
            case "dispute":
                told = self._say("dispute", items=row["items"], amount=row["owed"])
            case "match_first" if row["said_paid"] > 0:
                told = self._say("said_paid", amount=row["said_paid"], day=row["last_contact_on"])
            case "match_first":
                told = self._say("match_first", credits=row["credits_unapplied"], amount=row["due_now"])
            case "promise":
                until = row["promised_on"] + pd.Timedelta(days=GRACE)
                told = self._say("promise", amount=row["promised"], day=row["promised_on"], until=until)
            case "cooled_down":
                told = self._say(
                    "cooled_down",
                    days=row["days_since_contact"],
                    channel=channel_name(row["last_channel"]),
                    until=row["quiet_until"],
                )
            case _:
                told = self._nothing(row)
        return told.text(self._language)

    def left(self, why: str, row: Row, limit: float) -> str:
        """Why a customer worth contacting is left for another day."""
        return say(f"collection.worklist.over.{why}", limit=limit, channel=channel_name(row["channel"])).text(
            self._language
        )

    def _nothing(self, row: Row) -> Sentence:
        if row["chased"] > 0:
            return self._say("costs_more", gain=row["expected_gain"], channel=channel_name(row["channel"]))
        if row["owed"] <= 0:
            return self._say("in_credit", amount=-row["owed"])
        return self._say("nothing_due", days=self._rules.due_soon_days)

    def _owed(self, row: Row) -> list[Sentence]:
        told = []
        if row["overdue_items"]:
            told.append(
                self._say("overdue", items=row["overdue_items"], amount=row["overdue"], days=row["days_overdue"])
            )
        if row["soon_items"]:
            told.append(
                self._say("soon", items=row["soon_items"], amount=row["due_soon"], days=self._rules.due_soon_days)
            )
        if row["undated"] > 0:
            told.append(self._say("undated", amount=row["undated"]))
        return told

    def _habit(self, row: Row) -> Sentence:
        days = row["usual_days_late"]
        if not row["history"] >= _KNOWN:
            return self._say("no_habit")
        if math.isnan(days):
            return self._say("rarely_paid")
        return self._say("pays_late", days=int(days)) if days >= 1 else self._say("pays_on_time")

    def _past(self, row: Row) -> list[Sentence]:
        told = []
        if row["broken_promise"] > 0:
            told.append(self._say("broken", amount=row["broken_promise"], day=row["broken_on"]))
        if not math.isnan(row["days_since_contact"]):
            key = "unreachable" if row["last_outcome"] == "unreachable" else "contacted"
            told.append(self._say(key, days=int(row["days_since_contact"]), channel=channel_name(row["last_channel"])))
        elif self._logged:
            told.append(self._say("never_contacted"))
        return told

    def _apart(self, row: Row) -> list[Sentence]:
        figures = {
            "credits": row["credits_unapplied"],
            "said_paid_part": row["said_paid"],
            "promised": row["promised"],
            "disputed": row["disputed"],
        }
        told = [self._say(key, amount=amount) for key, amount in figures.items() if amount > 0]
        due = row["overdue"] + row["due_soon"]
        return [*told, self._say("asked", amount=row["chased"])] if due - row["chased"] >= HALF_CENT else told

    def _say(self, key: str, **values: Any) -> Sentence:  # noqa: ANN401 - any value of a sentence
        """A sentence whose amounts are in the ledger's currency."""
        amounts = {name: self._money(value) for name, value in values.items() if name in ("amount", "credits", "gain")}
        return say(f"collection.worklist.why.{key}", **{**values, **amounts})

    def _money(self, value: float) -> str:
        return money(value, self._language, self._currency)

    def _joined(self, parts: list[Sentence]) -> str:
        return word("collection.worklist.then", self._language).join(part.text(self._language) for part in parts)
