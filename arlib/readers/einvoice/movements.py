"""Electronic invoices as readings: a row a due date, and a payment for what an invoice says was paid already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.ledger import Source
from arlib.readers.einvoice.doubts import doubts_of
from arlib.readers.einvoice.instalments import Parts, falling_due
from arlib.readers.einvoice.invoice import Invoice, cents
from arlib.readers.einvoice.parties import number_of, siren_of, vat_of
from arlib.readers.einvoice.together import cut
from arlib.readers.reading import Reading
from arlib.readers.sources import RawSource
from arlib.schema import CREDIT_NOTE, HALF_CENT, INVOICE, PAYMENT
from arlib.words import Sentence, say

FORMAT = "einvoice"
_SAME = ["entity", "customer_id", "reference", "kind", "issued_on", "amount", "currency"]
_SELLERS = 10  # sellers that are named


@dataclass(frozen=True)
class Found:
    """An invoice and where it stands: in which of the files, and as which invoice of that file, from 1."""

    file: int
    row: int
    invoice: Invoice


def readings_of(files: Sequence[RawSource], found: Sequence[Found]) -> list[Reading]:
    """A reading a file, all made together; an invoice that stands in two files is counted once, and said."""
    heads = _heads([each.invoice for each in found])
    heads = heads.assign(_file=[each.file for each in found], row=[each.row for each in found])
    kept = heads[~heads.duplicated(_SAME)]
    due = {place: falling_due(found[place].invoice) for place in kept.index}
    customers = _customers([each.invoice for each in found], heads["customer_id"]).assign(_file=heads["_file"])
    tables = (_items(kept, [parts for parts, _ in due.values()]), customers.loc[kept.index], _controls(kept))
    notes, warnings = _notes(found, kept), _warnings(files, found, heads, kept)
    for place, (_, doubt) in due.items():
        warnings[found[place].file] += [doubt] if doubt else []
    sources = [
        Source(raw.name, raw.sha256, FORMAT, tuple(notes[file]), tuple(warnings[file]))
        for file, raw in enumerate(files)
    ]
    parts = zip(sources, *(cut(table, len(files)) for table in tables), strict=True)
    return [Reading(source, items, buyers, controls, official=True) for source, items, buyers, controls in parts]


def _heads(invoices: Sequence[Invoice]) -> pd.DataFrame:
    """One row an invoice, amounts signed by what it does to what is owed, whatever sign its issuer wrote."""
    owed = np.array([float(cents(each.totals.owed)) for each in invoices])
    credit = np.array([each.credit or each.negative for each in invoices], dtype=bool)
    sign = np.where(credit & (owed >= 0), -1.0, 1.0)
    customers = [number_of(each.buyer) for each in invoices]
    sellers = [number_of(each.seller) for each in invoices]
    preceding = _texts([", ".join(each.preceding) or None for each in invoices])
    heads = pd.DataFrame(
        {
            "entity": _texts(sellers),
            "customer_id": _texts(customers),
            "kind": np.where(credit, CREDIT_NOTE, INVOICE),
            "reference": _texts([each.number for each in invoices]),
            "issued_on": _days([each.issued_on for each in invoices]),
            "booked_on": _days([each.issued_on for each in invoices]),
            "amount": (sign * owed).round(2) + 0.0,
            "net_amount": sign * _money([each.totals.net for each in invoices]),
            "currency": _texts([each.currency for each in invoices]),
            "terms": _texts([each.terms for each in invoices]),
            "tax_amount": sign * _money([each.totals.tax for each in invoices]),
            "tax_currency": _texts([each.tax_currency for each in invoices]),
            "tax_in_currency": sign * _money([each.accounted_tax for each in invoices]),
            "type_code": _texts([each.type_code or None for each in invoices]),
            "seller_name": _texts([each.seller.name for each in invoices]),
            "buyer_reference": _texts([each.buyer_reference for each in invoices]),
            "order_reference": _texts([each.order for each in invoices]),
            "contract_reference": _texts([each.contract for each in invoices]),
            "delivered_on": _days([each.delivered_on for each in invoices]),
            "preceding": preceding,
            "_sign": sign,
            "_paid": sign * _money([each.totals.paid for each in invoices]),
            "_rate_on": _days([each.issued_on for each in invoices]),
        }
    )
    # A credit note settles the one invoice it corrects; where it corrects several, nothing says how much of each.
    corrects = credit & np.array([len(each.preceding) == 1 for each in invoices], dtype=bool)
    number = heads["reference"].where(~corrects, preceding)
    return heads.assign(_matching=heads["entity"].fillna("") + "\x1f" + heads["customer_id"] + "\x1f" + number)


def _items(heads: pd.DataFrame, due: Sequence[Parts]) -> pd.DataFrame:
    """A row a due date; and a payment, on the day of the invoice, of what it states as paid."""
    counts = np.array([len(parts) for parts in due], dtype=np.int64)
    items = heads.loc[heads.index.repeat(counts)].drop(columns="_paid")
    falling = [part for parts in due for part in parts]
    whole = items["amount"].to_numpy()
    items["amount"] = (items["_sign"] * [float(amount) for _, amount in falling]).round(2) + 0.0
    items["due_on"] = _days([day for day, _ in falling]).to_numpy()
    several = np.repeat(counts > 1, counts)
    items["document_id"] = items["reference"].where(several).astype("str")
    for name in ("net_amount", "tax_amount", "tax_in_currency"):
        items[name] = items[name].where(~several, _shared(items[name], items["amount"], whole))
    paid = heads[heads["_paid"].abs() >= HALF_CENT].drop(columns="terms")
    payments = paid.assign(kind=PAYMENT, amount=-paid["_paid"], net_amount=np.nan, tax_amount=np.nan)
    payments = payments.assign(tax_in_currency=np.nan).drop(columns="_paid")
    together = pd.concat([items, payments]) if len(payments) else items
    return together.drop(columns="_sign").reset_index(drop=True)


def _shared(
    value: "pd.Series[float]", amount: "pd.Series[float]", whole: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """A document's value shared out over its due dates as its amount is, to the cent: cut off a running total."""
    running = amount.groupby(level=0).cumsum().to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        until = np.round(value.to_numpy() * running / whole, 2)
    before = pd.Series(until, index=value.index).groupby(level=0).shift(fill_value=0.0).to_numpy()
    return np.round(until - before, 2)


def _controls(heads: pd.DataFrame) -> pd.DataFrame:
    """What each document leaves to pay, by its own totals: with VAT, less what was paid, rounding added."""
    left = (heads["amount"] - heads["_paid"]).round(2)
    return heads[["booked_on", "currency", "_rate_on", "_file"]].assign(account="file", amount=left)


def _customers(invoices: Sequence[Invoice], customer_id: "pd.Series[Any]") -> pd.DataFrame:
    buyers = [each.buyer for each in invoices]
    return pd.DataFrame(
        {
            "customer_id": customer_id,
            "name": _texts([each.name for each in buyers]),
            "siren": _texts([siren_of(each) for each in buyers]),
            "country": _texts([each.country for each in buyers]),
            "email": _texts([each.email for each in buyers]),
            "vat_number": _texts([vat_of(each) for each in buyers]),
            "einvoice_address": _texts(
                [":".join(each.address).strip(":") if each.address else None for each in buyers]
            ),
            "_rows": 1,
        }
    )


def _notes(found: Sequence[Found], kept: pd.DataFrame) -> dict[int, list[Sentence]]:
    """What was understood of each file."""
    notes: dict[int, list[Sentence]] = defaultdict(list)
    for file, norms in kept.assign(norm=[found[place].invoice.norm for place in kept.index]).groupby("_file")["norm"]:
        notes[int(str(file))].append(say("einvoice.read", norm=norms.iloc[0], rows=len(norms)))
    for of_file, paid in kept.loc[kept["_paid"].abs() >= HALF_CENT].groupby("_file")["_paid"].sum().items():
        notes[int(str(of_file))].append(say("einvoice.paid", amount=abs(float(paid))))
    for place in kept.index:
        rounding = found[place].invoice.totals.rounding
        if rounding:
            told = say("einvoice.rounded", number=found[place].invoice.number, amount=float(rounding))
            notes[found[place].file].append(told)
    return notes


def _warnings(
    files: Sequence[RawSource], found: Sequence[Found], heads: pd.DataFrame, kept: pd.DataFrame
) -> dict[int, list[Sentence]]:
    """What a person should look at in each file before using its figures."""
    warnings: dict[int, list[Sentence]] = defaultdict(list)
    for place in kept.index:
        warnings[found[place].file] += doubts_of(found[place].invoice)
    first = heads.groupby(_SAME, dropna=False)["_file"].transform("first")
    for place in heads.index.difference(kept.index):
        other = files[int(first[place])].name
        warnings[found[place].file].append(say("einvoice.twice", number=found[place].invoice.number, other=other))
    sellers = kept["seller_name"].fillna(kept["entity"]).groupby(kept["entity"]).first()
    if len(sellers) > 1:
        told = ", ".join(sellers.head(_SELLERS).astype("str"))
        warnings[int(kept["_file"].iloc[0])].append(say("einvoice.sellers", count=len(sellers), sellers=told))
    return warnings


def _texts(values: Sequence[str | None]) -> "pd.Series[Any]":
    return pd.Series(values, dtype="str")


def _money(values: Sequence[Decimal | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else float(cents(value)) for value in values], dtype=np.float64)


def _days(values: Sequence[date | None]) -> "pd.Series[Any]":
    return pd.Series(np.array(values, dtype="datetime64[D]").astype("datetime64[s]"))
