"""The files that the page hands out, made in memory: sheets whose texts are never formulas."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from arlib.collection import ContactLog, ReceiptMatching
from arlib.ledger import Ledger
from arlib.schema import places_of
from arlib.show.tables import Field
from arlib.words import Language, word

_FORMATS = {"money": "#,##0.00", "percent": "0.0%"}
_DATES = {"en": "yyyy-mm-dd", "fr": "dd/mm/yyyy"}
_WIDTH = {"text": 26, "money": 14, "percent": 10, "date": 12}
_LOG = ("customer_id", "reference", "contacted_on", "channel", "level", "outcome", "note")


def log_file(log: ContactLog, ledger: Ledger, day: pd.Timestamp, language: Language) -> tuple[str, bytes]:
    """A log of contacts as a workbook that `read_contact_log` reads back, in words of the language.

    A workbook and no CSV: codes such as 00123 keep their zeros, and a name that begins with = stays a name.
    """
    table = log.table
    place = places_of(ledger.items["item_id"], table["item_id"].fillna(-1).astype("int64"))
    named = ledger.items["reference"].take(place).set_axis(table.index).where(place >= 0)
    written = table.assign(
        reference=table["reference"].fillna(named),
        channel=table["channel"].map(lambda name: channel_word(name, language)),
        outcome=table["outcome"].map(lambda name: outcome_word(name, language)),
        level=table["level"].astype("str"),
    )
    fields = [
        Field(name, word(f"app.collect.log.column.{name}", language), "date" if name == "contacted_on" else "text")
        for name in _LOG
    ]
    file = word("app.collect.log.file", language, day=f"{day:%Y-%m-%d}")
    return f"{file}.xlsx", _book(written, fields, file, language)


def channel_word(channel: str, language: Language) -> str:
    """A channel as a log of contacts is written, and read."""
    return word("app.collect.log.other" if channel == "other" else f"collection.channel.{channel}", language)


def outcome_word(outcome: str, language: Language) -> str:
    """What came of a contact as a log of contacts is written, and read."""
    return word(f"app.collect.log.outcome.{outcome}", language)


def matches_file(matching: ReceiptMatching, accepted: pd.DataFrame, language: Language) -> tuple[str, bytes]:
    """What is accepted of a bank file, an item a line: what came, from whom, what it pays and why."""
    told = matching.receipts.set_index("receipt_id")[["payer", "remittance"]].reindex(accepted["receipt_id"])
    names = matching.ledger.customers.set_index("customer_id")["name"]
    reasons = {code: word(f"receipts.reason.{code}", language) for code in accepted["reason"].unique()}
    written = accepted.assign(
        payer=told["payer"].to_numpy(),
        remittance=told["remittance"].to_numpy(),
        name=accepted["customer_id"].map(names),
        reason=accepted["reason"].map(reasons),
        receipt_id=accepted["receipt_id"].astype("str"),
    )
    fields = [
        Field("received_on", word("table.column.received_on", language), "date"),
        Field("receipt_id", word("table.receipts.receipt", language)),
        Field("payer", word("table.receipts.payer", language)),
        Field("remittance", word("app.collect.receipts.text", language)),
        Field("customer_id", word("app.collect.log.column.customer_id", language)),
        Field("name", word("table.customer", language)),
        Field("reference", word("export.column.reference", language)),
        Field("open_amount", word("export.column.open_amount", language), "money"),
        Field("amount", word("table.receipts.pays", language), "money"),
        Field("currency", word("table.column.currency", language)),
        Field("confidence", word("table.receipts.confidence", language), "percent"),
        Field("reason", word("table.column.reason", language)),
    ]
    file = word("app.collect.receipts.accepted_file", language, day=f"{matching.as_of:%Y-%m-%d}")
    return f"{file}.xlsx", _book(written, fields, file, language)


def _book(rows: pd.DataFrame, fields: Sequence[Field], title: str, language: Language) -> bytes:
    """A frame as the only sheet of a workbook, headings in its first row."""
    book, made = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, field in enumerate(fields, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH[field.kind]
    sheet.append([_cell(sheet, field.heading, "text", language, bold=True) for field in fields])
    for values in zip(*(rows[field.column].array for field in fields), strict=True):
        pairs = zip(values, fields, strict=True)
        sheet.append([_cell(sheet, value, field.kind, language) for value, field in pairs])
    book.save(made)
    return made.getvalue()


def _cell(
    sheet: WriteOnlyWorksheet,
    value: Any,  # noqa: ANN401 - whatever a frame holds
    kind: str,
    language: Language,
    *,
    bold: bool = False,
) -> Cell | None:
    """A value of its kind; nothing where it is missing. A text is never a formula."""
    if pd.isna(value):
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)) if kind == "text" else value)
    if kind == "text":
        cell.data_type, cell.font = "s", Font(bold=bold)
    else:
        cell.number_format = _DATES[language] if kind == "date" else _FORMATS[kind]
    return cell
