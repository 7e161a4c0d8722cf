"""Whose invoices they are: the country and the trade of each customer, on which the law depends."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.calendar import country_code, country_of_currency
from arlib.errors import ArlibError
from arlib.law.buyers import buyer_sectors
from arlib.ledger import Ledger
from arlib.readers.cells import dates
from arlib.readers.headings import plain
from arlib.schema import NO_DAY, Codes, Days, day_numbers
from arlib.words import say

FRANCE = "FR"
OVERSEAS = ("GF", "GP", "MQ", "RE", "YT")  # departments of France that files name as countries
_FRENCH = (FRANCE, *OVERSEAS)
Sectors = str | Mapping[str, str] | None

_DELIVERED = (
    *("delivered on", "delivery date", "date of delivery", "delivery", "service date", "performed on", "livre le"),
    *("date de livraison", "date livraison", "livraison", "date bl", "date du bl", "date de prestation"),
    *("date prestation", "date d execution", "date de realisation", "date de fin de prestation"),
)
_RECEIVED = (
    *("received on", "reception date", "date of reception", "date of receipt", "date de reception", "date reception"),
    *("recu le", "recue le", "date de depot", "deposited on"),
)


def codes_of_home(country: str) -> tuple[str, ...]:
    """The two letters by which files name places in a country: overseas departments are in France."""
    return _FRENCH if country in _FRENCH else (country,)


def countries_of(ledger: Ledger, assumed: str | None) -> tuple[list[str], "pd.Series[bool]"]:
    """The country of each customer, two letters, empty where it is not known, and whether it was assumed.

    The one its file names; else France where it has a French company number, or the file is a French export; else the
    one assumed, by default that of most customers, else of the currency (the euro's is France).

    Raises:
        ArlibError: the country assumed is not known.
    """
    customers = ledger.customers
    named = customers["country"].where(customers["country"].str.strip() != "")
    codes = {name: country_code(name) for name in named.dropna().unique()}
    known = named.map(codes).astype("str")
    french = named.isna() & (customers["siren"].notna() | any(source.format == "fec" for source in ledger.sources))
    found = known.mask(french, FRANCE)
    if assumed is None:
        usual = found[found.notna() & (found != "")].value_counts().sort_index()
        given = str(usual.idxmax()) if len(usual) else country_of_currency(ledger.currency)
    else:
        given = country_code(assumed)
        if not given:
            raise ArlibError(say("calendar.unknown_country", country=assumed))
    taken = found.isna()
    return [str(each) for each in found.fillna(given)], taken & bool(given)


def sectors_of(
    ledger: Ledger, rows: Codes, sectors: Sectors, buyers: "Mapping[str, str] | pd.Series[Any] | None", known: list[str]
) -> Codes:
    """The place of the sector of each of these items in `known`, -1 where it has none.

    As `sectors` say; else that of the customer's kind: consumers and public buyers (`buyer_sectors`).

    Raises:
        ArlibError: a sector that is not known, or a customer or segment, or a column, that is not in the ledger; or as
            `buyers_of`.
    """
    place = {name: code for code, name in enumerate(known)}
    by_kind = np.asarray(buyer_sectors(ledger, buyers).map(place).fillna(-1), dtype=np.intp)
    usual = by_kind[ledger._owners[rows]]  # noqa: SLF001 - kept by the ledger for whoever needs it
    if sectors is None:
        return usual
    told = _told(ledger, rows, sectors, place)
    return np.where(told < 0, usual, told)


def _told(ledger: Ledger, rows: Codes, sectors: str | Mapping[str, str], place: Mapping[str, int]) -> Codes:
    if isinstance(sectors, str):
        return _by_column(ledger, rows, sectors, place)
    customers = ledger.customers
    whose = set(customers["customer_id"]) | set(customers["segment"].dropna())
    _refuse("law.latest.not_customer", [key for key in sectors if key not in whose], sorted(whose)[:20])
    _refuse("law.latest.not_sector", [str(each) for each in sectors.values() if each not in place], [*place])
    found = customers["customer_id"].map(sectors).fillna(customers["segment"].map(sectors)).map(place)
    places = np.asarray(found.fillna(-1), dtype=np.intp)
    return places[ledger._owners[rows]]  # noqa: SLF001 - kept by the ledger


def _by_column(ledger: Ledger, rows: Codes, column: str, place: Mapping[str, int]) -> Codes:
    items, customers = ledger.items, ledger.customers
    if column in items:
        values = items[column].iloc[rows]
    elif column in customers:
        values = customers[column].take(ledger._owners[rows])  # noqa: SLF001 - kept by the ledger
    else:
        raise ArlibError(say("ledger.no_column", column=column, columns=", ".join([*items, *customers])))
    codes, distinct = pd.factorize(values)
    written = ["_".join(plain(str(each)).split()) for each in distinct]
    wrong = [str(each) for each, name in zip(distinct, written, strict=True) if name and name not in place]
    _refuse("law.latest.not_sector", wrong, list(place))
    return np.array([*(place.get(name, -1) for name in written), -1], dtype=np.intp)[codes]


def _refuse(key: str, wrong: list[str], known: list[str]) -> None:
    if wrong:
        raise ArlibError(say(key, names=", ".join(dict.fromkeys(wrong[:20])), known=", ".join(known)))


def event_days(ledger: Ledger, rows: Codes) -> dict[str, Days]:
    """When these items were delivered and received, as day numbers, `NO_DAY` where the file does not say.

    By the headings of the file's other columns. A cell that is no date says nothing.
    """
    return {"delivery": _days(ledger, rows, _DELIVERED), "reception": _days(ledger, rows, _RECEIVED)}


def _days(ledger: Ledger, rows: Codes, headings: tuple[str, ...]) -> Days:
    found = {plain(str(name)): name for name in reversed(ledger.items.columns)}
    name = next((found[heading] for heading in headings if heading in found), None)
    if name is None:
        return np.full(len(rows), NO_DAY)
    cells: pd.Series[Any] = ledger.items[name].iloc[rows]
    return day_numbers(dates(cells, day_comes_first=True).values)
