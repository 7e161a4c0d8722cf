"""The tables of collection: whom to contact and why, what goes out and what is held back."""

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from arlib.collection import DunningPlan, Worklist
from arlib.collection.dunning import level_label
from arlib.collection.worklist import QUEUES
from arlib.show.charts.capture import rule_label
from arlib.show.charts.dunning import channel_label
from arlib.show.tables.html import Field, Html, table
from arlib.words import Language, word


def worklist_table(found: Worklist, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """Whom to contact today, in order: by which channel, what to ask for, what it is expected to gain, and why.

    The telephone is a column where it is known of somebody listed.

    The reason stands under each line; the formula with its numbers opens below it. Customers that are not listed are
    added up in a line of their own.

    Args:
        found: as `arlib.worklist` returns it; its reasons and formulas are in the language it was asked in.
        language: of the headings and figures.
        currency: of the amounts, named when given.
        rows: how many customers to list.
    """
    contacts = found.contacts
    amounts = ["chased", "overdue", "expected_gain"]
    shown = contacts.head(rows)
    channels = [channel_label(channel, language) for channel in shown["channel"]]
    notes = [_reasoned(*texts, language) for texts in zip(shown["reason"], shown["formula"], strict=True)]
    written = shown.assign(channel=channels, told=pd.Series(notes, shown.index, dtype="object"), name=_names(shown))
    written = _with_others(written.astype({"rank": "object"}), contacts.iloc[rows:], amounts, language)
    fields = [
        Field("rank", word("table.column.rank", language), "count"),
        Field("name", word("table.customer", language)),
        Field("channel", word("table.column.channel", language)),
        *([Field("phone", word("table.column.phone", language))] if shown["phone"].notna().any() else []),
        *(Field(name, word(f"table.column.{name}", language), "money") for name in amounts),
    ]
    texts = dict.fromkeys(("rank", "channel", "phone"), "")
    total = texts | {"name": word("table.total", language)} | dict(contacts[amounts].sum())
    caption = caption_of("worklist", len(contacts), language, currency)
    caption += f" {found.notes[0].text(language)}" if len(contacts) and found.notes else ""
    return table(written, fields, caption=caption, language=language, note="told", footer=total)


def worklist_capture_table(capture: pd.DataFrame, *, language: Language = "en") -> Html:
    """Of the lateness that came after past closings, the share that the first tenth of customers of each order owed.

    Args:
        capture: as `arlib.worklist_capture` returns it.
        language: of the headings and figures.
    """
    written = capture.assign(rule=[rule_label(rule, language) for rule in capture["rule"]])
    fields = [
        Field("rule", word("charts.worklist.order", language)),
        Field("share", word("table.worklist_capture.share", language), "percent"),
    ]
    first = capture.head(1)
    told = {name: int(first[name].sum()) for name in ("snapshots", "customers")}
    return table(written, fields, caption=word("table.worklist_capture", language, **told), language=language)


def queues_table(found: Worklist, *, language: Language = "en", currency: str = "") -> Html:
    """Where every customer and all that is owed stands today; the total is the balance of the day.

    Args:
        found: as `arlib.worklist` returns it.
        language: of the headings and figures.
        currency: of the amounts, named when given.
    """
    totals = found.totals
    order = {queue: place for place, queue in enumerate(QUEUES)}
    totals = totals.sort_values("queue", key=lambda queues: queues.map(order), ignore_index=True)
    written = totals.assign(queue=[_queue(queue, language) for queue in totals["queue"]])
    fields = [
        Field("queue", word("table.column.queue", language)),
        Field("customers", word("table.column.customers", language), "count"),
        Field("items", word("table.column.items", language), "count"),
        Field("owed", word("table.column.owed", language), "money"),
    ]
    total = {
        "queue": word("table.total", language),
        "customers": "",
        "items": totals["items"].sum(),
        "owed": totals["owed"].sum(),
    }
    caption = caption_of("queues", len(totals), language, currency)
    return table(written, fields, caption=caption, language=language, footer=total)


def dunning_table(plan: DunningPlan, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """What goes out, day by day, the largest amount first: to whom, at which level, and why.

    Args:
        plan: as `arlib.dunning_plan` returns it; its levels and reasons are in the language it was asked in.
        language: of the headings and figures.
        currency: of the amounts, named when given.
        rows: how many letters, calls and visits to list.
    """
    shown = plan.actions.head(rows)
    written = shown.assign(
        name=_names(shown), channel=[channel_label(channel, language) for channel in shown["channel"]]
    )
    fields = [
        Field("day", word("table.column.day", language), "date"),
        Field("name", word("table.customer", language)),
        Field("level_label", word("table.column.level", language)),
        Field("channel", word("table.column.channel", language)),
        Field("items", word("table.column.items", language), "count"),
        Field("amount", word("table.column.asked", language), "money"),
        Field("p_sent", word("table.column.p_sent", language), "percent"),
    ]
    caption = caption_of("dunning", len(plan.actions), language, currency, rows=rows)
    return table(written, fields, caption=caption, language=language, note="reason")


def dunning_levels_table(plan: DunningPlan, *, language: Language = "en", currency: str = "") -> Html:
    """What goes out at each level: how much if nobody pays, how much is expected, what it would bring in.

    Args:
        plan: as `arlib.dunning_plan` returns it; the assumed effect of a reminder is the caption.
        language: of the headings and figures.
        currency: of the amounts, named when given.
    """
    added = ["letters", "letters_expected", "asked_expected", "brought_in"]
    levels = plan.expected
    written = levels.assign(level=[level_label(level, language) for level in levels["level"]])
    fields = [
        Field("level", word("table.column.level", language)),
        Field("letters", word("table.column.letters", language), "count"),
        Field("letters_expected", word("table.column.letters_expected", language), "count"),
        *(Field(name, word(f"table.column.{name}", language), "money") for name in added[2:]),
    ]
    total = {"level": word("table.total", language)} | dict(levels[added].sum())
    caption = caption_of("dunning_levels", len(levels), language, currency)
    told = f"{caption} {plan.effect.sentence().text(language)}"
    return table(written, fields, caption=told, language=language, footer=total)


def dunning_stopped_table(plan: DunningPlan, *, language: Language = "en", currency: str = "") -> Html:
    """What no reminder goes out for, by why: how many customers and items, and how much of it is open.

    Args:
        plan: as `arlib.dunning_plan` returns it.
        language: of the headings and figures.
        currency: of the amounts, named when given.
    """
    grouped = plan.stopped.groupby("why", as_index=False)
    found = grouped.agg(
        customers=("customer_id", "nunique"), items=("item_id", "size"), open_amount=("open_amount", "sum")
    ).sort_values(["open_amount", "why"], ascending=[False, True], ignore_index=True)
    written = found.assign(why=[word(f"table.stopped.{why}", language) for why in found["why"]])
    fields = [
        Field("why", word("table.column.held_back", language)),
        Field("customers", word("table.column.customers", language), "count"),
        Field("items", word("table.column.items", language), "count"),
        Field("open_amount", word("export.column.open_amount", language), "money"),
    ]
    total = {
        "why": word("table.total", language),
        "customers": plan.stopped["customer_id"].nunique(),
        "items": len(plan.stopped),
        "open_amount": plan.stopped["open_amount"].sum(),
    }
    caption = caption_of("stopped", len(found), language, currency)
    return table(written, fields, caption=caption, language=language, footer=total)


def caption_of(name: str, lines: int, language: Language, currency: str = "", *, rows: int | None = None) -> str:
    """What a table is, its currency, of how many lines it shows the first; what to do where there is none."""
    if not lines:
        return word(f"table.{name}.none", language)
    parts = [currency] if currency else []
    parts += [word("table.first_rows", language, shown=rows, rows=lines)] if rows is not None and lines > rows else []
    return word(f"table.{name}", language) + (f" ({', '.join(parts)})." if parts else ".")


def _queue(queue: str, language: Language) -> str:
    """A queue in words; those to contact, whether or not the capacity reaches so far."""
    return word("table.queues.contact" if queue == "contact" else f"card.queue.{queue}", language)


def _reasoned(reason: str, formula: str, language: Language) -> Html:
    """Why a customer is contacted, and the formula for whoever opens it."""
    summary = escape(word("table.worklist.formula", language))
    return Html(f"{escape(reason)}<details><summary>{summary}</summary>{escape(formula)}</details>")


def _names(rows: pd.DataFrame) -> "pd.Series[Any]":
    return rows["name"].fillna(rows["customer_id"])


def _with_others(shown: pd.DataFrame, others: pd.DataFrame, added: Sequence[str], language: Language) -> pd.DataFrame:
    """The lines shown, and one that adds up the others where there are some."""
    if others.empty:
        return shown
    line = (
        others[list(added)]
        .sum()
        .to_frame()
        .T.assign(name=word("table.others", language, rows=len(others)), channel="", phone="", told=None, rank="")
    )
    return pd.concat([shown, line.astype({"told": "object"})], ignore_index=True)
