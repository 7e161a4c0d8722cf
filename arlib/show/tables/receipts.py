"""The tables of receipts: what became of them, what each is proposed to pay, which stay without a proposal."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from arlib.collection.receipts import ReceiptMatching
from arlib.show.charts.receipts import class_label, receipt_classes
from arlib.show.look import shortened
from arlib.show.tables.collection import caption_of
from arlib.show.tables.html import Field, Html, in_lines, table
from arlib.words import Language, word

_WRITTEN = 90  # letters of what a payer wrote
_EXPLAINED = ("automatic", "review")


def matching_table(matching: ReceiptMatching, *, language: Language = "en") -> Html:
    """How many receipts are matched, to be looked at, without a proposal or booked already, and why; by currency.

    Args:
        matching: as `arlib.match_receipts` returns it.
        language: of the headings, reasons and figures.
    """
    classes = receipt_classes(matching)
    named = pd.Series([class_label(name, language) for name in classes["class"]], classes.index, dtype="str")
    written = classes.assign(
        **{"class": named.mask(classes["class"].duplicated(), "")},
        reason=[_explained(*codes, language) for codes in zip(classes["class"], classes["reason"], strict=True)],
    )
    fields = [
        Field("class", word("table.receipts.class", language)),
        Field("reason", word("table.column.reason", language)),
        *_currencies(classes, language),
        Field("receipts", word("table.receipts.receipts", language), "count"),
        Field("amount", word("table.amount", language), "money"),
    ]
    total: dict[str, Any] = {"class": word("table.total", language), "reason": "", "currency": "", "amount": ""}
    total["receipts"] = classes["receipts"].sum()
    if _only(classes):  # amounts of several currencies have no sum
        total["amount"] = classes["amount"].sum()
    caption = caption_of("matching", len(classes), language, _only(classes))
    return table(written, fields, caption=caption, language=language, footer=total)


def proposals_table(
    matching: ReceiptMatching, proposals: pd.DataFrame | None = None, *, language: Language = "en", rows: int = 10
) -> Html:
    """What receipts are proposed to pay, an item a line: how sure that is and why, with what the payer wrote.

    Args:
        matching: as `arlib.match_receipts` returns it.
        proposals: rows of its `proposals` or `alternatives`; by default those that a person has to look at, the
            surest first.
        language: of the headings, reasons, figures and dates.
        rows: how many lines to show.
    """
    asked = _to_look_at(matching) if proposals is None else proposals
    shown = asked.head(rows)
    told = matching.receipts.set_index("receipt_id")[["payer", "remittance"]].reindex(shown["receipt_id"])
    last = ~shown["receipt_id"].duplicated(keep="last").to_numpy()  # several items of a receipt have one reason
    reasons = [word(f"receipts.reason.{reason}", language) for reason in shown["reason"]]
    notes = [
        f"{reason} {_wrote(row, language)}" if is_last else None
        for reason, row, is_last in zip(reasons, told.to_dict("records"), last, strict=True)
    ]
    written = shown.assign(told=pd.Series(notes, shown.index, dtype="object"), name=_called(matching, shown))
    fields = [
        Field("received_on", word("table.column.received_on", language), "date"),
        Field("receipt_id", word("table.receipts.receipt", language)),
        Field("name", word("table.customer", language)),
        Field("reference", word("export.column.reference", language)),
        Field("open_amount", word("export.column.open_amount", language), "money"),
        Field("amount", word("table.receipts.pays", language), "money"),
        *_currencies(asked, language),
        Field("confidence", word("table.receipts.confidence", language), "percent"),
    ]
    caption = caption_of("proposals", len(asked), language, _only(asked), rows=rows)
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
    payer = pd.Series(payers, shown.index, dtype="object")
    written = shown.assign(payer=payer, told=reasons, name=_called(matching, shown))
    fields = [
        Field("received_on", word("table.column.received_on", language), "date"),
        Field("payer", word("table.receipts.payer", language)),
        Field("name", word("table.customer", language)),
        Field("amount", word("table.amount", language), "money"),
        *_currencies(asked, language),
    ]
    caption = caption_of("unmatched", len(asked), language, _only(asked), rows=rows)
    return table(written, fields, caption=caption, language=language, note="told")


def _only(rows: pd.DataFrame) -> str:
    """The currency of all rows; empty where there are several."""
    found = rows["currency"].dropna().unique()
    return str(found[0]) if len(found) == 1 else ""


def _currencies(rows: pd.DataFrame, language: Language) -> list[Field]:
    """The column of currencies where there are several, that of the caption else."""
    return [] if _only(rows) else [Field("currency", word("table.column.currency", language))]


def _to_look_at(matching: ReceiptMatching) -> pd.DataFrame:
    """The proposals for a person, the surest first, the items of a receipt together."""
    asked = matching.proposals[~matching.proposals["automatic"]]
    return asked.sort_values(
        ["confidence", "received_on", "receipt_id", "item_id"], ascending=[False, True, True, True]
    )


def _called(matching: ReceiptMatching, rows: pd.DataFrame) -> "pd.Series[Any]":
    """What the customer of each row is called, its identifier where it has no name."""
    customers = matching.ledger.customers.set_index("customer_id")["name"]
    return rows["customer_id"].map(customers).fillna(rows["customer_id"])


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
