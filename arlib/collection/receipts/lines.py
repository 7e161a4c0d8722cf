"""Receipts as columns to compare: day, whole cents, currency, who paid and what was written."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.receipts.dates import dates_in, undated
from arlib.collection.receipts.keys import capitals, plain, spaced
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.readers import Receipts
from arlib.schema import NO_DAY, RECEIPTS, Codes, Days, conform, day_numbers
from arlib.words import say

_NEEDED = ("received_on", "amount")
_LARGEST = 1e13  # an amount so large is not told to the cent any more
_FREE = ("remittance", "reference")  # one of them says what is paid


@dataclass(frozen=True, eq=False)
class Lines:
    """Receipts counted by the day asked, by day and number; texts are plain.

    Attributes:
        rows: the receipts with the columns of `arlib.schema.RECEIPTS`, in this order.
        later: those after the day asked, which count for nothing.
        day: day number; `cents`: signed whole cents; `currency`: code into `currencies`.
        payer, account: code of who paid, by name and by account, -1 where the bank says nothing.
        names, accounts: what these codes stand for.
        text: all that was written, for references; `undated`: the same without the dates in it; `dates`: the
            dates alone, each one word.
        home: the currency of the ledger; where it does not say it, that of most receipts.
        assumed_currency: receipts without a currency, taken for the ledger's.
    """

    rows: pd.DataFrame
    later: pd.DataFrame
    day: Days
    cents: Codes
    currency: Codes
    currencies: "pd.Index[str]"
    payer: Codes
    names: Any
    account: Codes
    accounts: "pd.Index[str]"
    text: Any
    undated: Any
    dates: Any
    home: str
    assumed_currency: int


def rows_of(receipts: Receipts | pd.DataFrame) -> pd.DataFrame:
    """The receipts with the columns of `arlib.schema.RECEIPTS`, by day and number.

    Raises:
        ArlibError: columns are missing, numbers stand twice, or a row has no day or no amount.
    """
    frame = receipts.rows if isinstance(receipts, Receipts) else receipts
    return _checked(frame).sort_values(["received_on", "receipt_id"], kind="stable", ignore_index=True)


def lines_of(ledger: Ledger, rows: pd.DataFrame, as_of: pd.Timestamp) -> Lines:
    """The receipts counted by a day, as columns to compare."""
    counted = (rows["received_on"] <= as_of).to_numpy()
    later, rows = rows[~counted].reset_index(drop=True), rows[counted].reset_index(drop=True)
    unknown = rows["currency"].isna().to_numpy()
    home, currency = _home(ledger, rows["currency"].str.upper())
    known = pd.Index(sorted({home, *currency, *ledger.items["currency"].dropna().unique()}))
    payer = pd.Series(plain(rows["payer"]).to_pandas(), dtype="str")
    payers, names = pd.factorize(payer.where(payer != "").to_numpy(object), sort=True)
    accounts, of_accounts = pd.factorize(rows["payer_account"].to_numpy(object), sort=True)
    written = capitals(rows["remittance"].fillna("") + " " + rows["reference"].fillna(""))
    return Lines(
        rows=rows,
        later=later,
        day=day_numbers(rows["received_on"]),
        cents=cents_of(rows["amount"]),
        currency=np.asarray(known.get_indexer(pd.Index(currency))),
        currencies=known,
        payer=payers,
        names=plain(pd.Series(names, dtype="str")),
        account=accounts,
        accounts=pd.Index(of_accounts),
        text=spaced(written),
        undated=spaced(undated(written)),
        dates=dates_in(written),
        home=home,
        assumed_currency=int(unknown.sum()),
    )


def _home(ledger: Ledger, currency: "pd.Series[Any]") -> tuple[str, "pd.Series[Any]"]:
    """The currency of the ledger, or that of most receipts where it says none, and the one of each receipt."""
    usual = currency.dropna().mode()
    home = ledger.currency or (str(usual.iloc[0]) if len(usual) else "")
    return home, currency.fillna(home)


def cents_of(amounts: "pd.Series[Any]") -> Codes:
    """Amounts as whole cents."""
    return np.asarray(np.rint(amounts.to_numpy(dtype=np.float64) * 100), dtype=np.int64)


def _checked(frame: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in _NEEDED if name not in frame]
    if not set(_FREE) & set(frame.columns):
        missing.append(_FREE[0])
    if missing:
        columns = ", ".join(map(str, frame.columns))
        raise ArlibError(say("receipts.columns", missing=", ".join(missing), columns=columns))
    try:
        rows = conform(frame, RECEIPTS)
    except (ValueError, TypeError) as unreadable:
        raise ArlibError(say("receipts.cells", value=str(unreadable))) from unreadable
    wrong = ~np.isfinite(rows["amount"].to_numpy()) | (day_numbers(rows["received_on"]) == NO_DAY)
    if wrong.any():
        raise ArlibError(say("receipts.empty_cells", rows=int(wrong.sum()), row=int(np.flatnonzero(wrong)[0]) + 1))
    large = rows["amount"].abs().to_numpy() >= _LARGEST
    if large.any():
        raise ArlibError(say("receipts.too_large", rows=int(large.sum()), row=int(np.flatnonzero(large)[0]) + 1))
    twice = rows["receipt_id"].duplicated()
    if twice.any():
        raise ArlibError(say("receipts.number_twice", number=int(rows.loc[twice, "receipt_id"].iloc[0])))
    return rows
