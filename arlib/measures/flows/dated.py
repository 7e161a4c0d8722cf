"""Columns of the file that no field of a ledger holds, and that a flow can rest on: found by their headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.readers.cells.days import dates, day_first
from arlib.readers.headings import plain
from arlib.schema import ITEMS, Codes, Days, day_numbers
from arlib.words import say

_HEADINGS: Mapping[str, Sequence[str]] = {
    "order": (
        *("date commande", "date de commande", "date de la commande", "commande le", "commandé le"),
        *("date cde", "date bon de commande", "order date", "ordered on", "order created on"),
        *("sales order date", "so date", "po date", "purchase order date", "date ordered"),
    ),
    "delivery": (
        *("date livraison", "date de livraison", "date de la livraison", "livraison le", "livré le", "date bl"),
        *("date bon de livraison", "date expédition", "date d'expédition", "expédié le", "date de prestation"),
        *("date de réalisation", "date de service", "delivery date", "delivered on", "date delivered"),
        *("ship date", "shipping date", "shipped on", "shipment date", "dispatch date", "service date"),
        *("actual goods issue date", "goods issue date"),
    ),
    "opened": (
        *("date litige", "date de litige", "date du litige", "litige le", "litige ouvert le", "litige depuis"),
        *("ouverture litige", "date ouverture litige", "date d'ouverture du litige", "début litige"),
        *("date début litige", "date de début du litige", "contesté le", "date de contestation", "date réclamation"),
        *("date de réclamation", "dispute date", "disputed on", "dispute opened", "dispute opened on"),
        *("dispute open date", "dispute opened date", "dispute start", "dispute start date", "dispute created on"),
        *("date of dispute", "claim date", "dispute raised on"),
    ),
    "closed": (
        *("litige clos le", "litige résolu le", "litige levé le", "clôture litige", "date clôture litige"),
        *("date de clôture du litige", "date résolution litige", "date de résolution du litige", "fin litige"),
        *("date fin litige", "date de fin de litige", "date de fin du litige", "date levée litige"),
        *("résolution litige", "dispute closed", "dispute closed on", "dispute close date", "dispute closed date"),
        *("dispute end", "dispute end date", "dispute resolved", "dispute resolved on", "dispute resolution date"),
        *("claim closed date", "resolved on"),
    ),
    "cause": (
        *("motif litige", "motif du litige", "motif de litige", "cause litige", "cause du litige"),
        *("cause de litige", "raison litige", "raison du litige", "type litige", "type de litige", "nature du litige"),
        *("nature litige", "catégorie litige", "motif de contestation", "motif réclamation", "motif de réclamation"),
        *("code litige", "dispute reason", "dispute cause", "dispute type", "dispute category", "dispute code"),
        *("reason for dispute", "cause of dispute", "dispute reason code", "claim reason", "claim type"),
    ),
}
_OWN = frozenset(column.name for column in ITEMS)


@dataclass(frozen=True, eq=False)
class DatedColumn:
    """A column of the items read as days.

    Attributes:
        name: its heading.
        days: day number of each cell asked, `NO_DAY` where it holds none.
        unreadable: cells that hold something else than a date.
    """

    name: str
    days: Days
    unreadable: int


def column_for(ledger: Ledger, role: str, chosen: str | None) -> str | None:
    """The column of the items that plays a role: the one chosen, else the first whose heading is known for it.

    Raises:
        ArlibError: the chosen column does not exist.
    """
    if chosen is not None:
        if chosen not in ledger.items:
            raise ArlibError(say("flows.no_column", column=chosen, columns=", ".join(map(str, ledger.items))))
        return chosen
    wanted = {plain(heading): rank for rank, heading in enumerate(_HEADINGS[role])}
    known = [
        (wanted[plain(name)], name) for name in map(str, ledger.items) if name not in _OWN and plain(name) in wanted
    ]
    return min(known)[1] if known else None


def dated_columns(ledger: Ledger, rows: Codes, names: Sequence[str]) -> dict[str, DatedColumn]:
    """Columns of the items read as days, those of the file by the order of day and month that their cells show.

    Where they show none, the order is that in which the file was read, and the day comes first where nobody knows.

    Args:
        ledger: the ledger.
        rows: positions in `ledger.items` of the cells asked.
        names: the columns, which exist.
    """
    order = day_first([ledger.items[name] for name in names if name not in _OWN])  # whatever the rows asked
    if order is None:
        order = not any(source.decided.get("dates") == "month first" for source in ledger.sources)
    return {name: _read(name, ledger.items[name].take(rows), day_comes_first=order) for name in names}


def _read(name: str, cells: "pd.Series[Any]", *, day_comes_first: bool) -> DatedColumn:
    if pd.api.types.is_datetime64_any_dtype(cells):
        return DatedColumn(name, day_numbers(cells), 0)
    read = dates(cells, day_comes_first=day_comes_first)
    return DatedColumn(name, day_numbers(read.values), int(np.count_nonzero(read.wrong)))
