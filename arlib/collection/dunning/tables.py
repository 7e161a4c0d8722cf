"""The schedule of a plan as tables that say, in words, why each letter goes out and why each item does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.dunning.claims import LATER, NO_LEVEL, PROMISED, SAID_PAID, SMALL, Reminded, Whys
from arlib.collection.dunning.scenario import Scenario
from arlib.collection.dunning.schedule import Schedule, amounts_asked
from arlib.ledger import Ledger
from arlib.risk.owed import customer_names
from arlib.schema import NO_DAY, Codes, Floats, to_dates
from arlib.words import Language, Sentence, money, say, word

LATE, DUE_TODAY, PLANNED = "late", "due_today", "planned"
_SHIPPED = ("pre_due", "reminder_1", "reminder_2", "reminder_3", "formal_notice", "statement")  # named in labels.csv
_NO_LEVEL = {"name": "", "level": -1, "channel": "", "tone": "", "template": ""}


def level_label(name: str, language: Language = "en") -> str:
    """What a level is called: the label of one that ships, else its own name."""
    return word(f"dunning.level.{name}", language) if name in _SHIPPED else name


@dataclass(frozen=True, eq=False)
class Told:
    """A schedule of claims, to be told in a language."""

    ledger: Ledger
    claims: Reminded
    scenarios: Sequence[Scenario]
    made: Schedule
    language: Language

    def items(self, unpaid: Floats) -> pd.DataFrame:
        """One row an item listed in a letter: see `DunningPlan.items`."""
        made, claims, claim = self.made, self.claims, self.made.claim
        rows = self.ledger.items[["customer_id", "item_id", "reference"]].take(claims.item[claim])
        rows = rows.reset_index(drop=True)
        rows.insert(0, "day", to_dates(made.day))
        return rows.assign(
            due_on=to_dates(claims.due[claim]),
            days_overdue=made.day - claims.due[claim],
            level=self._levels(claim, made.level)["name"],
            reminded=made.reminded,
            open_amount=claims.gross[claim],
            credits=claims.credits[claim],
            asked=amounts_asked(claims)[claim],
            p_unpaid=unpaid,
        )

    def actions(self, items: pd.DataFrame, first: int) -> pd.DataFrame:
        """One row a letter: see `DunningPlan.actions`; `first` is the first open day."""
        made, keys = self.made, ["day", "customer_id"]
        letters = items.assign(
            expected=items["asked"] * items["p_unpaid"],
            of_reminded=items["p_unpaid"].where(items["reminded"]),
            late=made.reminded & (made.nominal < first) & (made.day == first),
        ).groupby(keys, sort=True)
        sums = letters[["asked", "expected"]].sum().round(2)
        lead: Codes = np.asarray(self._leads(items).reindex(sums.index), dtype=np.intp)
        levels = self._levels(made.claim[lead], made.of_letter[lead])
        late = np.where(letters["late"].any(), LATE, DUE_TODAY)
        actions = sums.reset_index()[keys]
        actions.insert(1, "status", pd.Series(np.where(made.day[lead] > first, PLANNED, late), dtype="str"))
        names = customer_names(self.ledger, pd.Index(actions["customer_id"]))
        actions = actions.assign(
            name=names.to_numpy(),
            scenario=self._scenario_names(made.claim[lead]),
            level=levels["name"],
            level_label=levels["name"].map(lambda name: level_label(name, self.language)).astype("str"),
            level_number=levels["level"],
            **{name: levels[name] for name in ("channel", "tone", "template")},
            items=letters.size().to_numpy(),
            reminded=letters["reminded"].sum().to_numpy(),
            amount=sums["asked"].to_numpy(),
            expected_amount=sums["expected"].to_numpy(),
            p_sent=letters["of_reminded"].max().to_numpy(),
            days_overdue=letters["days_overdue"].max().to_numpy(),
            previous_on=to_dates(made.followed_on[lead]),
        )
        actions["reason"] = self._reasons(lead, items, actions)
        return actions.sort_values(["day", "amount", "customer_id"], ascending=[True, False, True], ignore_index=True)

    def stopped(self, why: Whys, day: pd.Timestamp) -> pd.DataFrame:
        """One row an open debit in no letter: see `DunningPlan.stopped`."""
        claims, kept = self.claims, np.flatnonzero(why != "")
        rows = self.ledger.items[["customer_id", "item_id", "reference", "due_on"]].take(claims.item[kept])
        rows = rows.reset_index(drop=True)
        rows.insert(1, "name", customer_names(self.ledger, pd.Index(rows["customer_id"])).to_numpy())
        waits = np.isin(why[kept], (LATER, SAID_PAID, PROMISED, SMALL))
        rows = rows.assign(
            days_overdue=(day - rows["due_on"]).dt.days,
            open_amount=claims.gross[kept],
            why=pd.Series(why[kept], dtype="str"),
            until=to_dates(np.where(waits, self.made.next_on[kept], NO_DAY)),
        )
        rows["reason"] = self._stops(rows, kept)
        return rows.sort_values(["customer_id", "due_on", "item_id"], ignore_index=True)

    def _leads(self, items: pd.DataFrame) -> "pd.Series[int]":
        """The place of the item each letter goes out for: of those at its level, the one that is due longest."""
        made = self.made
        at_level = items.assign(place=np.arange(len(items)))[made.reminded & (made.level == made.of_letter)]
        ordered = at_level.sort_values(["due_on", "item_id"], kind="stable").drop_duplicates(["day", "customer_id"])
        places: pd.Series[int] = ordered.set_index(["day", "customer_id"])["place"]
        return places

    def _reasons(self, lead: Codes, items: pd.DataFrame, actions: pd.DataFrame) -> "pd.Series[str]":
        """Why each letter goes out, in words."""
        made = self.made
        told = pd.DataFrame(
            {
                "reference": items["reference"].fillna("–").array[lead],
                "days": items["days_overdue"].array[lead],
                "follows": made.follows[lead],
                "sent_on": to_dates(made.followed_on[lead]),
                "before": self._levels(made.claim[lead], made.follows[lead])["name"],
                "nominal": to_dates(made.nominal[lead]),
                "others": actions["items"] - 1,
                "label": actions["level_label"],
                "status": actions["status"],
            }
        )
        texts = [_reason(row, self.language).text(self.language) for row in told.to_dict("records")]
        return pd.Series(texts, index=actions.index, dtype="str")

    def _stops(self, rows: pd.DataFrame, kept: Codes) -> "pd.Series[str]":
        """Why each item is in no letter, in words: few distinct sentences, many items."""
        claims = self.claims
        below = [each.stop.amount_below for each in self.scenarios] + [0.0]
        least = np.array([money(value, self.language, self.ledger.currency) for value in below])
        told = rows[["why", "until"]].assign(
            last=self._levels(kept, claims.sent[kept])["name"],
            least=least[claims.scenario[kept]],
            broken=to_dates(claims.held_until[kept]),
        )
        kinds = told.drop_duplicates().reset_index(drop=True)
        texts = [_stop(row, self.language).text(self.language) for row in kinds.to_dict("records")]
        codes = told.groupby([*told], dropna=False, sort=False).ngroup()
        return codes.map(pd.Series(texts, dtype="str")).astype("str")

    def _levels(self, claim: Codes, place: Codes) -> pd.DataFrame:
        """The level at a place of each claim's scenario, its fields as columns; empty where there is none."""
        levels = [level for each in self.scenarios for level in each.used]
        counts = np.array([len(each.used) for each in self.scenarios] + [0])
        scenario = self.claims.scenario[claim]
        at = (np.cumsum(counts) - counts)[scenario] + place
        at = np.where((place >= 0) & (place < counts[scenario]), at, len(levels))
        fields = [{name: getattr(level, name) for name in _NO_LEVEL} for level in levels]
        return pd.DataFrame([*fields, _NO_LEVEL]).take(at).reset_index(drop=True)

    def _scenario_names(self, claim: Codes) -> "pd.Series[str]":
        names = pd.Series([scenario.name for scenario in self.scenarios], dtype="str")
        return names.take(self.claims.scenario[claim]).reset_index(drop=True)


def _reason(row: Mapping[Any, Any], language: Language) -> Sentence:
    reference, days = row["reference"], row["days"]
    if days < 0:
        what = say("dunning.reason.before", reference=reference, days=-days)
    else:
        what = say("dunning.reason.overdue", reference=reference, days=days, others=row["others"])
    since = say("dunning.reason.first")
    if row["follows"] >= 0:
        since = say("dunning.reason.after", level=level_label(row["before"], language), day=row["sent_on"])
    late = say("dunning.reason.late", day=row["nominal"]) if row["status"] == LATE else ""
    return say("dunning.reason", level=row["label"], what=what, since=since, late=late)


def _stop(row: Mapping[Any, Any], language: Language) -> Sentence:
    why, last, until = row["why"], row["last"], row["until"]
    if why == NO_LEVEL and not last:
        return say("dunning.stop.no_level")
    values = {"last": level_label(last, language), "day": until, "least": row["least"], "broken": row["broken"]}
    return say(f"dunning.stop.{why}", **values)


def load_table(actions: pd.DataFrame) -> pd.DataFrame:
    """One row a day and channel: see `DunningPlan.load`."""
    grouped = actions.groupby(["day", "channel"], sort=True)["p_sent"]
    return grouped.agg(expected="sum", maximum="size").reset_index()
