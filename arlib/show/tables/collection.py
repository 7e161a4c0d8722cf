"""The tables of collection: whom to contact and why, what goes out and what is held back, what each receipt pays."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from arlib.collection import DunningPlan, Worklist
from arlib.collection.dunning import level_label
from arlib.collection.receipts import ReceiptMatching
from arlib.collection.worklist import QUEUES
from arlib.show.charts.dunning import channel_label
from arlib.show.charts.receipts import class_label, receipt_classes
from arlib.show.look import shortened
from arlib.show.tables.html import Field, Html, in_lines, table
from arlib.words import Language, word

_WRITTEN = 90  # letters of what a payer wrote
_EXPLAINED = ("automatic", "review")


def worklist_table(found: Worklist, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """Whom to contact today, in order: by which channel, what to ask for, what it is expected to gain, and why.

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
        *(Field(name, word(f"table.column.{name}", language), "money") for name in amounts),
    ]
    total = {"name": word("table.total", language)} | dict(contacts[amounts].sum())
    caption = _caption("worklist", len(contacts), language, currency)
    caption += f" {found.notes[0].text(language)}" if len(contacts) and found.notes else ""
    return table(written, fields, caption=caption, language=language, note="told", footer=total)


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
    written = totals.assign(queue=[word(f"card.queue.{queue}", language) for queue in totals["queue"]])
    fields = [
        Field("queue", word("table.column.queue", language)),
        Field("customers", word("table.column.customers", language), "count"),
        Field("items", word("table.column.items", language), "count"),
        Field("owed", word("table.column.owed", language), "money"),
    ]
    added = {"queue": word("table.total", language), "items": totals["items"].sum(), "owed": totals["owed"].sum()}
    caption = _caption("queues", len(totals), language, currency)
    return table(written, fields, caption=caption, language=language, footer=added)


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
    caption = _caption("dunning", len(plan.actions), language, currency, rows=rows)
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
    caption = _caption("dunning_levels", len(levels), language, currency)
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
    caption = _caption("stopped", len(found), language, currency)
    return table(written, fields, caption=caption, language=language, footer=total)


def matching_table(matching: ReceiptMatching, *, language: Language = "en") -> Html:
    """How many receipts are matched, to be looked at, without a proposal or booked already, and why; by currency.

    Args:
        matching: as `arlib.match_receipts` returns it.
        language: of the headings, reasons and figures.
    """
    classes = receipt_classes(matching)
    written = classes.assign(
        **{"class": [class_label(name, language) for name in classes["class"]]},
        reason=[_explained(*codes, language) for codes in zip(classes["class"], classes["reason"], strict=True)],
    )
    fields = [
        Field("class", word("table.receipts.class", language)),
        Field("reason", word("table.column.reason", language)),
        Field("currency", word("table.column.currency", language)),
        Field("receipts", word("table.receipts.receipts", language), "count"),
        Field("amount", word("table.amount", language), "money"),
    ]
    one = classes["currency"].nunique() == 1
    total = {
        "class": word("table.total", language),
        "receipts": classes["receipts"].sum(),
        "amount": classes["amount"].sum() if one else None,
    }
    caption = _caption("matching", len(classes), language)
    return table(written, fields, caption=caption, language=language, footer=total)


def proposals_table(
    matching: ReceiptMatching, proposals: pd.DataFrame | None = None, *, language: Language = "en", rows: int = 10
) -> Html:
    """What receipts are proposed to pay, an item a line: how sure that is and why, with what the payer wrote.

    Args:
        matching: as `arlib.match_receipts` returns it.
        proposals: rows of its `proposals` or `alternatives`; by default those that a person has to look at.
        language: of the headings, reasons, figures and dates.
        rows: how many lines to show.
    """
    asked = matching.proposals[~matching.proposals["automatic"]] if proposals is None else proposals
    shown = asked.head(rows)
    told = matching.receipts.set_index("receipt_id")[["payer", "remittance"]].reindex(shown["receipt_id"])
    last = ~shown["receipt_id"].duplicated(keep="last").to_numpy()  # several items of a receipt have one reason
    reasons = [word(f"receipts.reason.{reason}", language) for reason in shown["reason"]]
    notes = [
        f"{reason} {_wrote(row, language)}" if is_last else None
        for reason, row, is_last in zip(reasons, told.to_dict("records"), last, strict=True)
    ]
    written = shown.assign(told=pd.Series(notes, shown.index, dtype="object"))
    fields = [
        Field("received_on", word("table.column.received_on", language), "date"),
        Field("receipt_id", word("table.receipts.receipt", language)),
        Field("customer_id", word("table.customer", language)),
        Field("reference", word("export.column.reference", language)),
        Field("open_amount", word("export.column.open_amount", language), "money"),
        Field("amount", word("table.receipts.pays", language), "money"),
        Field("currency", word("table.column.currency", language)),
        Field("confidence", word("table.receipts.confidence", language), "percent"),
    ]
    caption = _caption("proposals", len(asked), language, rows=rows)
    return table(written, fields, caption=caption, language=language, note="told")


def unmatched_table(matching: ReceiptMatching, *, language: Language = "en", rows: int = 10) -> Html:
    """The receipts without a proposal, the largest first, and why; those in the books or taken back are left out.

    Args:
        matching: as `arlib.match_receipts` returns it.
        language: of the headings, reasons, figures and dates.
        rows: how many to list.
    """
    apart = matching.unmatched["why"].str.startswith("returned") | matching.unmatched["why"].eq("already_booked")
    asked = matching.unmatched[~apart]
    asked = asked.sort_values(["amount", "receipt_id"], ascending=[False, True], key=_size, ignore_index=True)
    shown = asked.head(rows)
    payers = [_who(row) for row in shown.to_dict("records")]
    reasons = [word(f"receipts.why.{why}", language) for why in shown["why"]]
    written = shown.assign(payer=pd.Series(payers, shown.index, dtype="object"), told=reasons)
    fields = [
        Field("received_on", word("table.column.received_on", language), "date"),
        Field("payer", word("table.receipts.payer", language)),
        Field("customer_id", word("table.customer", language)),
        Field("amount", word("table.amount", language), "money"),
        Field("currency", word("table.column.currency", language)),
    ]
    caption = _caption("unmatched", len(asked), language, rows=rows)
    return table(written, fields, caption=caption, language=language, note="told")


def _caption(name: str, lines: int, language: Language, currency: str = "", *, rows: int | None = None) -> str:
    """What a table is, its currency, of how many lines it shows the first; what to do where there is none."""
    if not lines:
        return word(f"table.{name}.none", language)
    parts = [currency] if currency else []
    parts += [word("table.first_rows", language, shown=rows, rows=lines)] if rows is not None and lines > rows else []
    return word(f"table.{name}", language) + (f" ({', '.join(parts)})." if parts else ".")


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
    line = others[list(added)].sum().to_frame().T.assign(
        name=word("table.others", language, rows=len(others)), channel="", told=None, rank=""
    )
    return pd.concat([shown, line.astype({"told": "object"})], ignore_index=True)


def _explained(state: str, reason: str, language: Language) -> str:
    """Why a receipt is where it is."""
    room = "reason" if state in _EXPLAINED else "why"
    return word(f"receipts.{room}.{reason}", language)


def _wrote(row: Mapping[Any, Any], language: Language) -> str:
    """Who paid, as the bank writes it, and the text."""
    texts = [shortened(str(row[name]), _WRITTEN) for name in ("payer", "remittance") if not pd.isna(row[name])]
    return word("table.receipts.wrote", language, text=" · ".join(texts)) if texts else ""


def _who(row: Mapping[Any, Any]) -> Html:
    """The payer as the bank writes it, the text below."""
    payer = "–" if pd.isna(row["payer"]) else shortened(str(row["payer"]), _WRITTEN)
    return in_lines(payer, *([] if pd.isna(row["remittance"]) else [shortened(str(row["remittance"]), _WRITTEN)]))


def _size(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Amounts without their sign; numbers as they are."""
    return column.abs()
