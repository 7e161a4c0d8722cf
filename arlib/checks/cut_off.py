"""Sales near the end of a month: billed in a rush, or taken back in the next one."""

import numpy as np
import pandas as pd

from arlib.checks.rule import Books, rule
from arlib.schema import CREDIT_NOTE, INVOICE, Days, day_numbers, sum_by_code

_LAST_DAYS = 10  # of a month, in which an invoice may be brought forward
_FIRST_DAYS = 15  # of the next one, in which its credit note follows
_WHOLE = 0.9  # of an invoice, for a credit note to cancel it
_ENOUGH_INVOICES, _ENOUGH_MONTHS = 20, 6
_RUSH, _USUAL = 0.25, 2.0  # of a month's billing in its last two working days: the share, and how often the usual one


def _month_ends(days: Days) -> Days:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    ends: Days = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    return ends


@rule("info", "issued_on")
def month_end(books: Books) -> pd.DataFrame:
    """Far more than usual is billed in the last two working days of the month: do these sales belong to it?

    Les deux derniers jours ouvrés du mois portent bien plus de factures que d'habitude : est-ce la vente du mois ?
    """
    chosen = books.of_kind(INVOICE) & books.items["issued_on"].notna().to_numpy()
    invoices = books.items.loc[chosen, ["issued_on", "amount"]]
    issued, amounts = day_numbers(invoices["issued_on"]), invoices["amount"].to_numpy()
    ends, month = np.unique(_month_ends(issued), return_inverse=True)
    last = np.busday_offset(ends.astype("datetime64[D]"), 0, roll="backward")
    since = np.busday_offset(last, -1).astype(np.int64)
    rush = issued >= since[month]
    billed, rushed = sum_by_code(month, amounts, len(ends)), sum_by_code(month[rush], amounts[rush], len(ends))
    counts = np.bincount(month, minlength=len(ends))
    whole = (counts >= _ENOUGH_INVOICES) & (ends <= day_numbers(pd.Series([books.day]))[0])
    if whole.sum() < _ENOUGH_MONTHS:
        return invoices.iloc[:0]
    share = rushed / np.where(whole, billed, 1.0)
    found = whole & (share > max(_RUSH, _USUAL * float(np.median(share[whole]))))
    return pd.DataFrame(
        {
            "value": ends[found].astype("datetime64[D]").astype("datetime64[M]").astype("str"),
            "at_stake": rushed[found].round(2),
            "count": np.bincount(month[rush], minlength=len(ends))[found],
        }
    )


@rule("warning", "issued_on")
def taken_back(books: Books) -> pd.DataFrame:
    """A credit note of the first fortnight cancels an invoice of the end of the month before: was it a sale?

    Un avoir de la première quinzaine annule une facture de la fin du mois précédent : était-ce une vente ?
    """
    items = books.items
    day = day_numbers(items["issued_on"])
    end = _month_ends(day)
    late = books.of_kind(INVOICE) & (day > end - _LAST_DAYS)
    month_before = _month_ends(day) - pd.Series(items["issued_on"]).dt.days_in_month.to_numpy()
    early = books.of_kind(CREDIT_NOTE) & (day - month_before <= _FIRST_DAYS)
    matched = books.matches
    debit, credit = matched["debit"].to_numpy(), matched["credit"].to_numpy()
    whole = matched["amount"].to_numpy() >= _WHOLE * items["amount"].to_numpy()[debit]
    by_match = credit[late[debit] & early[credit] & whole & (end[debit] == month_before[credit])]
    keys = ["entity", "customer_id", "cents", "end"]
    sold = items[late].assign(end=end[late])[keys].drop_duplicates()
    taken = items[early].assign(end=month_before[early], place=np.flatnonzero(early))
    by_amount = taken.merge(sold, on=keys)["place"].to_numpy()
    return items.iloc[np.union1d(by_match, by_amount)]
