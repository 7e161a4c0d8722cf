"""One reporting currency: amounts in several are converted by a dated table of rates, or not added up at all."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import HALF_CENT, OTHER, Codes, Floats, sum_by_code
from arlib.words import Sentence, say

_BASE = "EUR"
_EXCHANGE = "écart de change / exchange difference"  # the wording of an entry is in no one's language
_STALE = 45  # days after which a rate is carried further than a monthly table does


@dataclass(frozen=True, eq=False)
class Converted:
    """Items, matches and controls in one currency, its code (`""`: the files name none), and how they became so."""

    items: pd.DataFrame
    matches: pd.DataFrame
    controls: pd.DataFrame
    currency: str
    reading: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()


def in_currency(
    items: pd.DataFrame,
    matches: pd.DataFrame,
    controls: pd.DataFrame,
    *,
    rates: pd.DataFrame | None,
    currency: str | None,
) -> Converted:
    """Items, matches and controls in one currency.

    An item is converted at the last rate on or before the date of its document. What settles it at another rate
    leaves an exchange difference, which becomes an item of its own on the day of the match, as it does in the
    accounts: the receivable keeps its historical value, and what is settled in its currency is settled.

    Args:
        items: movements; `currency`, that of their amounts, and `_rate_on`, the day whose rate applies, where known.
        matches: what settles what, in the currency of the items.
        controls: totals a day, with `currency` and `_rate_on` as well.
        rates: `date, currency, rate`: one unit of the currency in the reporting currency from that day on.
        currency: the reporting currency; the file's own when it has one, else EUR.

    Raises:
        ArlibError: several currencies without rates, no rate for one of them on a day, or rows without any.
    """
    found = sorted(items["currency"].dropna().unique()) if "currency" in items else []
    blank = int(items["currency"].isna().sum()) if found else 0
    if blank:
        raise ArlibError(say("rates.blank", files=_blank(items), currencies=", ".join(found)))
    if len(found) <= 1 and (not found or currency in (None, found[0])):
        return Converted(items, matches, controls, found[0] if found else (currency or ""))
    reporting = currency or _BASE
    if rates is None:
        raise ArlibError(say("rates.needed", currencies=", ".join(found), currency=reporting))
    known = rates.sort_values("date")[["date", "currency", "rate"]]
    item_rates = _rates(items, known, reporting)
    control_rates = _rates(controls, known, reporting)["rate"].to_numpy()
    rate = item_rates["rate"].to_numpy()
    matches, exchange = _exchanged(items, matches, rate)
    settled = pd.DataFrame({"account": "exchange", "booked_on": exchange["booked_on"], "amount": exchange["amount"]})
    written = items["currency_amount"].fillna(items["amount"]) if "currency_amount" in items else items["amount"]
    converted = int((items["currency"] != reporting).sum())
    used = item_rates[item_rates["currency"] != reporting].drop_duplicates("currency")
    examples = [
        say("rates.example", currency=foreign, amount=100 * one, reporting=reporting)
        for foreign, one in zip(used["currency"].tolist(), used["rate"].tolist(), strict=True)
    ]
    said = say("rates.converted", rows=converted, currency=reporting, differences=len(exchange), examples=examples)
    return Converted(
        pd.concat([_converted(items, rate).assign(currency_amount=written), exchange], ignore_index=True),
        matches,
        pd.concat([_converted(controls, control_rates), settled], ignore_index=True),
        reporting,
        (said,),
        _stale(item_rates),
    )


def _blank(items: pd.DataFrame) -> list[Sentence]:
    """Each file with rows that name no currency, and how many."""
    files = items.loc[items["currency"].isna(), "file"].value_counts(sort=False)
    return [say("rates.blank_file", file=file, rows=rows) for file, rows in files.to_dict().items()]


def _rates(table: pd.DataFrame, known: pd.DataFrame, reporting: str) -> pd.DataFrame:
    """For each row the `rate` of its `currency` on its day, `_rate_on`, and the `date` that rate is of."""
    wanted = table[["currency", "_rate_on"]].assign(place=np.arange(len(table))).sort_values("_rate_on")
    found = pd.merge_asof(wanted, known, left_on="_rate_on", right_on="date", by="currency").sort_values("place")
    own = found["currency"] == reporting
    found = found.assign(rate=found["rate"].mask(own, 1.0), date=found["date"].mask(own, found["_rate_on"]))
    missing = found[found["rate"].isna()]
    if len(missing):
        first = missing.iloc[0]
        raise ArlibError(say("rates.missing", currency=first["currency"], day=first["_rate_on"], rows=len(missing)))
    return found


def _stale(used: pd.DataFrame) -> tuple[Sentence, ...]:
    """A word for each currency whose table ends too long before its last rows (a rate of January in June)."""
    old = used[(used["_rate_on"] - used["date"]).dt.days > _STALE]
    return tuple(
        say("rates.stale", currency=currency, rows=len(rows), day=rows["date"].max(), last=rows["_rate_on"].max())
        for currency, rows in old.groupby("currency")
    )


def _converted(table: pd.DataFrame, rate: Floats) -> pd.DataFrame:
    money = [name for name in ("amount", "net_amount", "tax_amount") if name in table]
    return table.assign(**{name: (table[name].to_numpy() * rate).round(2) for name in money})


def _exchanged(items: pd.DataFrame, matches: pd.DataFrame, rate: Floats) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Matches in the reporting currency, and an item for what each one gains or loses by the rate.

    Each side of a match is worth its own rate; the smaller of the two is settled by the other side, the rest by the
    exchange difference.
    """
    ids = pd.Index(items["item_id"])
    debit, credit = ids.get_indexer(pd.Index(matches["debit_id"])), ids.get_indexer(pd.Index(matches["credit_id"]))
    amounts = matches["amount"].to_numpy()
    owed, paid = _worth(debit, amounts, rate, len(items)), _worth(credit, amounts, rate, len(items))
    gained = (paid - owed).round(2)
    differ = np.flatnonzero(np.abs(gained) >= HALF_CENT)
    other = np.where(gained > 0, credit, debit)[differ]
    exchange = _exchange_items(items.iloc[other], gained[differ], matches["matched_on"].iloc[differ], len(items))
    own, side = exchange["item_id"].to_numpy(), items["item_id"].to_numpy()[other]
    settled = matches.iloc[differ].assign(
        debit_id=np.where(gained[differ] > 0, own, side),
        credit_id=np.where(gained[differ] > 0, side, own),
        amount=np.abs(gained[differ]),
    )
    both = pd.concat([matches.assign(amount=np.minimum(owed, paid)), settled], ignore_index=True)
    return both[both["amount"] >= HALF_CENT], exchange


def _exchange_items(sides: pd.DataFrame, gained: Floats, days: "pd.Series[Any]", known: int) -> pd.DataFrame:
    """Exchange differences as items of the customer, document and row they come from, dated by the match."""
    day = days.set_axis(sides.index)
    return sides.assign(
        item_id=known + 1 + np.arange(len(sides)),
        kind=OTHER,
        label=_EXCHANGE,
        amount=gained,
        issued_on=day,
        booked_on=day,
        due_on=day.where(gained > 0),
        due_source="none",
        currency_amount=0.0,  # it exists in the reporting currency alone
        **{name: np.nan for name in ("net_amount", "tax_amount") if name in sides},
    )


def _worth(item: Codes, amounts: Floats, rate: Floats, size: int) -> Floats:
    """Each match at the rate of one of its sides, rounded so that the pieces of an item add up to it."""
    order = np.argsort(item, kind="stable")
    of_item, cents = item[order], np.rint(amounts[order] * 100)  # whole cents add up exactly
    before = np.concatenate([[0.0], np.cumsum(sum_by_code(of_item, cents, size))])[of_item]
    running = np.cumsum(cents) - before
    ends, starts = (np.round(reached / 100 * rate[of_item], 2) for reached in (running, running - cents))
    worth = np.empty_like(amounts)
    worth[order] = (ends - starts).round(2)
    return worth
