"""The invoices behind the cells of a table, a row each, and the cells added up from them."""

import numpy as np
import pandas as pd

from arlib.law.delay_table.claims import BANDS, PARTS, REASONS, Claims, bands_of
from arlib.ledger import Ledger
from arlib.schema import Codes, Days, Floats, sum_by_code, texts_by_code, to_dates

TERMS = ("contractual", "legal")
_KEPT = ("document_id", "customer_id", "reference", "kind", "issued_on")


def listed(ledger: Ledger, claims: Claims, item: Codes, days: Days, reason: Codes) -> pd.DataFrame:
    """A row an item: what it is, its due date, days late, band, part and reason; amounts are for who asks."""
    items = ledger.items.take(item)
    rows = items[["item_id", *_KEPT]].reset_index(drop=True).astype({"item_id": "Int64"})
    known = ledger.customers.set_index("customer_id")
    for place, name in ((3, "name"), (4, "country")):
        rows.insert(place, name, rows["customer_id"].map(known[name]).astype("str"))
    band = np.where(reason < PARTS.index(""), bands_of(np.maximum(days, 0)), -1)
    return rows.assign(
        due_on=to_dates(claims.due[item]),
        terms=texts_by_code(TERMS, np.where(claims.claim[item], claims.legal[item], -1).astype(np.intp), rows.index),
        days_late=pd.array(days, "Int64"),
        band=texts_by_code(BANDS, band, rows.index),
        part=texts_by_code(PARTS, reason, rows.index),
        why=texts_by_code(REASONS, reason, rows.index),
        foreign=False if claims.foreign is None else claims.foreign[item],
    )


def counted_once(rows: pd.DataFrame, document: Codes) -> pd.DataFrame:
    """Rows with `number`: 1 where an invoice counts, once a part, with what of it is latest; 0 elsewhere."""
    part = pd.factorize(rows["part"])[0]
    days, ids = rows["days_late"].to_numpy(dtype=np.int64), rows["item_id"].to_numpy(dtype=np.int64)
    order = np.lexsort((np.arange(len(rows)), ids, -days, document, part))
    same = np.zeros(len(rows), dtype=bool)
    same[1:] = (np.diff(document[order]) == 0) & (np.diff(part[order]) == 0)
    number = np.ones(len(rows), dtype=np.int64)
    number[order[same]] = 0
    return rows.assign(number=number)


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by part, the latest first."""
    by = {"part": True, "days_late": False, "customer_id": True, "item_id": True, "amount": False}
    return rows.sort_values(list(by), ascending=list(by.values()), na_position="last", ignore_index=True)


def by_band(rows: pd.DataFrame, *, foreign: bool) -> pd.DataFrame:
    """Invoices of part A, number and amount by band, with the total of 1 day and more as the last row."""
    counted = rows[rows["part"] == "A"]
    table = pd.DataFrame({"band": [*BANDS, "total"]})
    measures = {"number": counted["number"], "amount": counted["counted"]}
    if foreign:
        abroad = counted["foreign"].to_numpy()
        measures |= {f"foreign_{name}": values.where(abroad, 0) for name, values in measures.items()}
    place = pd.Index(BANDS).get_indexer(pd.Index(counted["band"]))
    for name, values in measures.items():
        sums = _sums(place, values.to_numpy(dtype=np.float64))
        table[name] = sums.astype(np.int64) if name.endswith("number") else sums.round(2) + 0.0
    return table


def _sums(place: Codes, values: Floats) -> Floats:
    sums = sum_by_code(place, values, len(BANDS)).round(2)
    return np.append(sums, sums[1:].sum())


def set_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """Invoices of part B by reason, number and amount, with their total as the last row."""
    reasons = [reason for reason, part in zip(REASONS, PARTS, strict=True) if part == "B"]
    apart = rows[rows["part"] == "B"].groupby("why")[["number", "counted"]].sum().reindex(reasons, fill_value=0)
    table = pd.concat([apart, apart.sum().to_frame("total").T]).rename_axis("why").reset_index()
    table = table.rename(columns={"counted": "amount"}).astype({"why": "str", "number": "int64"})
    return table.assign(amount=table["amount"].round(2) + 0.0)
