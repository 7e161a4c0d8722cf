"""What the page shows of a bank file against the open items: frames in, rows, tables and sentences out."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from arlib.apps.pages.collect.desk import PROPOSED, REFUSED
from arlib.apps.parts.panels import folded, note, scrolled, warning
from arlib.collection import ReceiptMatching
from arlib.readers import Receipts
from arlib.show.tables import Field, Html, proposals_table
from arlib.words import Language, money, word

OPEN, ACCEPTED, REFUSED_STATE = "open", "accepted", "refused"
STATES = (OPEN, ACCEPTED, REFUSED_STATE)
_TEXT = 120  # letters of what the bank wrote
_APART = ("already_booked", "returned", "returned_later", "returned_booked", "returned_unknown")


def proposal_rows(matching: ReceiptMatching, decided: Mapping[int, int]) -> pd.DataFrame:
    """One row a receipt with a proposal: what came, whom it is of, what it pays, how sure that is, what is decided.

    Those to look at come first, the surest first; then those that fit in one way only.
    """
    parts = matching.proposals.groupby("receipt_id", sort=False)
    first = parts.first()
    came = matching.receipts.set_index("receipt_id").reindex(first.index)
    items = parts.size()
    option = pd.Series(decided, dtype="int64").reindex(first.index)
    names = matching.ledger.customers.set_index("customer_id")["name"]
    more = items.sub(1).astype("str")
    state = pd.Series(OPEN, first.index, dtype="str").mask(option >= PROPOSED, ACCEPTED)
    rows = pd.DataFrame(
        {
            "receipt_id": first.index,
            "received_on": first["received_on"].array,
            "name": first["customer_id"].map(names).fillna(first["customer_id"]).array,
            "reference": first["reference"].fillna("–").mask(items > 1, first["reference"] + " + " + more).array,
            "received": came["amount"].array,
            "difference": first["difference"].array,
            "currency": first["currency"].array,
            "confidence": first["confidence"].array,
            "sure": first["automatic"].map({True: "automatic", False: "review"}).array,
            "reason": first["reason"].array,
            "bank": _bank_text(came).array,
            "state": state.mask(option == REFUSED, REFUSED_STATE).array,
        }
    )
    rows = rows.assign(can_accept=rows["state"] != ACCEPTED, can_refuse=rows["state"] != REFUSED_STATE)
    return rows.sort_values(
        ["sure", "confidence", "received_on", "receipt_id"], ascending=[False, False, True, True], ignore_index=True
    )


def proposal_notes(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """The rows with a sentence each: why, what stays owed or came too much, and what the bank wrote."""
    reasons = {code: word(f"receipts.reason.{code}", language) for code in rows["reason"].unique()}
    before, _, after = word("table.receipts.wrote", language, text="\0").partition("\0")
    wrote = (before + rows["bank"] + after).where(rows["bank"] != "", "")
    gaps = rows["difference"].round(2)
    named = {gap: _gap(gap, language) for gap in gaps.unique()}
    parts = [rows["reason"].map(reasons).astype("str"), gaps.map(named).astype("str"), wrote]
    return rows.assign(told=(parts[0] + " " + parts[1] + " " + parts[2]).str.replace("  ", " ").str.strip())


def _gap(gap: float, language: Language) -> str:
    """What stays owed of the items a receipt pays, or came too much; nothing where it is just enough."""
    if not gap:
        return ""
    return word(f"app.collect.receipts.{'short' if gap > 0 else 'beyond'}", language, amount=abs(gap))


def proposal_fields(rows: pd.DataFrame, language: Language) -> list[Field]:
    """The columns of proposals; the currency where there are several."""
    several = rows["currency"].nunique() > 1
    return [
        Field("name", word("table.customer", language)),
        Field("received_on", word("table.column.received_on", language), "date"),
        Field("reference", word("export.column.reference", language)),
        Field("received", word("app.collect.receipts.received", language), "money"),
        *([Field("currency", word("table.column.currency", language))] if several else []),
        Field("confidence", word("table.receipts.confidence", language), "percent"),
        Field("state", word("app.collect.receipts.state", language)),
    ]


def proposal_filters(language: Language) -> dict[str, dict[str, str]]:
    """By what is decided, and by whether somebody has to look."""
    return {
        "state": {name: word(f"app.collect.state.{name}", language) for name in STATES},
        "sure": {name: word(f"app.collect.sure.{name}", language) for name in ("review", "automatic")},
    }


def undecided_sure(matching: ReceiptMatching, decided: Mapping[int, int]) -> list[int]:
    """The receipts that fit in one way only, and of which nothing is decided yet."""
    sure = matching.proposals.loc[matching.proposals["automatic"], "receipt_id"].unique()
    return [int(receipt) for receipt in sure if receipt not in decided]


def unmatched_rows(matching: ReceiptMatching, language: Language) -> pd.DataFrame:
    """One row a receipt without a proposal, the largest first, and why."""
    rows = matching.unmatched
    names = matching.ledger.customers.set_index("customer_id")["name"]
    reasons = {code: word(f"receipts.why.{code}", language) for code in rows["why"].unique()}
    written = rows.assign(
        payer=rows["payer"].fillna("–"),
        name=rows["customer_id"].map(names).fillna(rows["customer_id"]),
        told=rows["why"].map(reasons).astype("str"),
        text=rows["remittance"].fillna("").str.slice(0, _TEXT),
        todo=rows["why"].isin(_APART).map({True: "apart", False: "look"}),
        size=rows["amount"].abs(),
    )
    ordered = written.sort_values(["todo", "size", "receipt_id"], ascending=[False, False, True], ignore_index=True)
    return ordered.drop(columns="size")


def unmatched_fields(rows: pd.DataFrame, language: Language) -> list[Field]:
    """The columns of receipts without a proposal."""
    currency = [Field("currency", word("table.column.currency", language))] if rows["currency"].nunique() > 1 else []
    return [
        Field("payer", word("table.receipts.payer", language)),
        Field("received_on", word("table.column.received_on", language), "date"),
        Field("text", word("app.collect.receipts.text", language)),
        Field("name", word("table.customer", language)),
        Field("amount", word("table.amount", language), "money"),
        *currency,
    ]


def unmatched_filters(language: Language) -> dict[str, dict[str, str]]:
    """Whether somebody has to look."""
    return {"todo": {name: word(f"app.collect.todo.{name}", language) for name in ("look", "apart")}}


def choices_of(matching: ReceiptMatching, receipt: int) -> pd.DataFrame:
    """What a receipt may pay: the proposal, option 0, and the alternatives."""
    proposed = matching.proposals[matching.proposals["receipt_id"] == receipt].assign(option=PROPOSED)
    others = matching.alternatives[matching.alternatives["receipt_id"] == receipt]
    return pd.concat([proposed, others], ignore_index=True)


def one_receipt(matching: ReceiptMatching, receipt: int, language: Language) -> Html:
    """One receipt as the bank wrote it, and all that it may pay, each way in a table of its own."""
    came = matching.receipts[matching.receipts["receipt_id"] == receipt]
    line = came.iloc[0]
    currency = "" if pd.isna(line["currency"]) else str(line["currency"])
    told = {"day": line["received_on"], "amount": money(line["amount"], language, currency)}
    written = word("table.receipts.wrote", language, text=_bank_text(came).iloc[0] or "–")
    parts = [
        note(word("app.collect.receipts.came", language, **told), name="receipt-came"),
        f'<p dir="auto" data-testid="bank-text">{escape(written)}</p>',
    ]
    choices = choices_of(matching, receipt)
    for option, rows in choices.groupby("option"):
        title = option_label(int(str(option)), language)
        listed = proposals_table(matching, rows, rows=len(rows), language=language)
        parts.append(f"<h3>{escape(title)}</h3>{scrolled(listed, name=f'option-{option}')}")
    return Html("".join(parts))


def option_label(option: int, language: Language) -> str:
    """What a way to explain a receipt is called."""
    key = "proposed" if option == PROPOSED else "alternative"
    return word(f"app.collect.receipts.{key}", language, number=option)


def reading(receipts: Receipts, language: Language) -> Html:
    """What was read of the bank's files: what to look at first, every decision of the reader for whoever asks."""
    names = ", ".join(source.name for source in receipts.sources)
    about = note(word("app.collect.receipts.read", language, name=names, rows=len(receipts.rows)))
    warnings = "".join(warning(doubt.text(language)) for source in receipts.sources for doubt in source.warnings)
    notes = (each.text(language) for source in receipts.sources for each in source.reading)
    return Html(
        f'<div data-testid="bank-reading">{about}{warnings}{folded(word("app.reading", language), notes)}</div>'
    )


def _bank_text(came: pd.DataFrame) -> "pd.Series[Any]":
    """Who paid, as the bank writes it, and the text."""
    payer, text = came["payer"].fillna(""), came["remittance"].fillna("")
    both = payer.str.cat(text, sep=" · ").str.strip(" ·")
    return both.where(both.str.len() <= _TEXT, both.str.slice(0, _TEXT) + "…").astype("str")
