"""The table of statuses an e-invoicing platform gives: which invoice was deposited, refused, cashed…, and when.

Codes and names are those of the French life cycle of an invoice (AFNOR XP Z12-012, messages CDAR).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import amounts, dates, day_first, decimal_mark, texts
from arlib.readers.headings import plain, recognise
from arlib.readers.tables.table import Table
from arlib.words import Sentence, say

CASHED, PAYMENT_SENT = "cashed", "payment_sent"
_CODE = re.compile(r"(?<!\d)(2\d\d|501)(?!\d)", re.ASCII)
_TIME = r"[T ](\d{2}:\d{2}(?::\d{2})?)"
# Code, English key, and the names a table may give instead, in plain words.
_STATUSES = (
    ("200", "deposited", "deposee|depose|deposited"),
    ("201", "issued", "emise|emise par la plateforme|emise par la plateforme emettrice|issued|issued by platform"),
    ("202", "received", "recue|recue par la plateforme|recue de la plateforme|received|received by platform"),
    ("203", "made_available", "mise a disposition|made available"),
    ("204", "in_hand", "prise en charge|in hand|taken in charge|under processing|in process"),
    ("205", "approved", "approuvee|acceptee|approved|accepted"),
    ("206", "partly_approved", "approuvee partiellement|partiellement approuvee|partially approved|partly approved"),
    ("207", "disputed", "en litige|litige|disputed|in dispute"),
    ("208", "suspended", "suspendue|suspended"),
    ("209", "completed", "completee|completed"),
    ("210", "refused", "refusee|refused"),
    ("211", "payment_sent", "paiement transmis|payment sent|payment transmitted"),
    ("212", "cashed", "encaissee|encaisse|encaissement|cashed|collected|payment received"),
    ("213", "rejected", "rejetee|rejete|rejected"),
    ("214", "endorsed", "visee|endorsed|targeted"),
    ("220", "cancelled", "annulee|cancelled|canceled"),
    ("221", "routing_error", "erreur de routage|erreur routage|routing error"),
    ("224", "direct_payment_asked", "demande de paiement direct|direct payment request"),
    ("225", "factored", "affacturee|factored"),
    ("226", "factored_confidentially", "affacturee confidentiel|affacturee confidentielle|factored confidential"),
    ("227", "account_changed", "changement de compte a payer|payment account change"),
    ("228", "not_factored", "non affacturee|not factored"),
    ("501", "inadmissible", "irrecevable|inadmissible"),
)
# Plain headings of each column, the surest first.
_HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "reference": (
            *("no facture", "numero facture", "numero de facture", "no de facture", "num facture", "ref facture"),
            *("reference facture", "id facture", "invoice number", "invoice no", "invoice id", "facture", "invoice"),
            *("reference", "document", "numero", "number"),
        ),
        "status": (
            *("code statut", "code du statut", "status code", "statut", "statut facture", "statut de la facture"),
            *("statut cycle de vie", "statut du cycle de vie", "libelle statut", "status", "invoice status"),
            *("lifecycle status", "life cycle status"),
        ),
        "status_on": (
            *("date statut", "date du statut", "date de statut", "status date", "date of status", "horodatage"),
            *("horodatage statut", "timestamp", "date et heure", "date heure", "date changement statut"),
            *("date de changement de statut", "date maj statut", "status changed on"),
        ),
        "date": ("date",),
        "reason": (
            *("motif", "motif statut", "motif du statut", "motif de refus", "motif de rejet", "raison", "reason"),
            *("status reason", "libelle motif", "code motif", "reason code", "commentaire", "comment"),
        ),
        "cashed": (
            *("montant encaisse", "montant ttc encaisse", "montant paye", "montant regle", "montant encaissement"),
            *("amount paid", "paid amount", "cashed amount", "amount cashed", "amount received"),
        ),
        "amount": ("montant", "montant ttc", "amount"),
    }
)


@dataclass(frozen=True, eq=False)
class StatusTable:
    """The statuses of a file: one row an event, with `reference, status, on, time, reason, cashed, row`.

    `status` is an English key of the life cycle, or the words of the file where they are none known.
    """

    name: str
    events: pd.DataFrame
    warnings: tuple[Sentence, ...]


def is_status_table(headings: Iterable[str]) -> bool:
    """Whether these are the headings of statuses: an invoice's number, a status and the day it took it.

    A list of invoices may have a status as well, paid or not: it is told by its customers and its due dates.
    """
    headings = list(headings)
    found = _found(headings)
    if not {"reference", "status"} <= set(found):
        return False
    is_list = bool({"customer_id", "customer_name", "due_on", "open_amount"} & set(recognise(headings)))
    return "status_on" in found or ("date" in found and not is_list)


def read_statuses(table: Table) -> StatusTable:
    """The statuses of a table.

    Raises:
        ArlibError: a date is no date, or an amount no amount: all of them, by row and column.
    """
    found = _found(table.cells.columns)
    cells = {field: table.cells[heading] for field, heading in found.items()}
    days, money = _days(table, found), _cashed(table, found)
    words = texts(cells["status"])
    known = {word: status_of(word) for word in words.dropna().unique()}
    events = pd.DataFrame(
        {
            "reference": texts(cells["reference"]),
            "status": words.map(known).fillna(words).astype("str"),
            "on": days[0],
            "time": days[1],
            "reason": texts(cells["reason"]) if "reason" in cells else pd.Series(pd.NA, words.index, dtype="str"),
            "cashed": money[0],
            "row": table.cells.index,
        }
    )
    unknown = [word for word, status in known.items() if status is None]
    warnings = [say("einvoice.status_unknown", file=table.name, statuses=", ".join(unknown[:10]))] if unknown else []
    events = events[events["reference"].notna() & events["status"].notna()]
    return StatusTable(table.name, events.drop_duplicates(list(events.columns[:-1])), (*warnings, *money[1]))


def status_of(written: str) -> str | None:
    """The status a code or a name stands for: `212`, `212 - Encaissée`, `ENCAISSEE`; None: unknown."""
    code = _CODE.search(written)
    return _statuses().get(code[1] if code else plain(written))


@cache
def _statuses() -> Mapping[str, str]:
    """The status of each code, key and name."""
    names = {plain(word): status for _, status, words in _STATUSES for word in (status, *words.split("|"))}
    return MappingProxyType({code: status for code, status, _ in _STATUSES} | names)


@cache
def rank_of_status() -> Mapping[str, int]:
    """The place of each status in the life of an invoice: its code."""
    return MappingProxyType({status: int(code) for code, status, _ in _STATUSES})


def _found(headings: Iterable[Any]) -> dict[str, Any]:
    """The heading of each column of statuses."""
    written = {plain(str(heading)): heading for heading in headings}
    chosen = {field: [written[word] for word in words if word in written] for field, words in _HEADINGS.items()}
    return {field: found[0] for field, found in chosen.items() if found}


def _days(table: Table, found: Mapping[str, Any]) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """The day of each status and, where it is written, the time."""
    heading = found.get("status_on", found.get("date"))
    cells = table.cells[heading]
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells.dt.normalize().astype("datetime64[s]"), cells.dt.strftime("%H:%M:%S").astype("str")
    parsed = dates(cells, day_comes_first=day_first([cells]) is not False)
    _refuse(table, heading, parsed.wrong, "read.not_date")
    times = cells.astype("str").str.extract(_TIME, expand=False).fillna("")
    return parsed.values, times.astype("str")


def _cashed(table: Table, found: Mapping[str, Any]) -> tuple["pd.Series[Any]", list[Sentence]]:
    """The amount cashed by each status; a plain amount is one only where no other kind of status states any."""
    nothing = pd.Series(float("nan"), index=table.cells.index)
    heading = found.get("cashed", found.get("amount"))
    if heading is None:
        return nothing, []
    cells = table.cells[heading]
    parsed = amounts(cells, mark=decimal_mark([cells]) or ".")
    _refuse(table, heading, parsed.wrong, "read.not_amount")
    status = texts(table.cells[found["status"]]).map(status_of, na_action="ignore")
    paying = status.isin((CASHED, PAYMENT_SENT))
    if "cashed" not in found and parsed.values[~paying].notna().any():
        return nothing, [say("einvoice.status_amounts", file=table.name, column=str(heading))]
    return parsed.values.where(status == CASHED), []


def _refuse(table: Table, heading: Any, wrong: "pd.Series[Any]", key: str) -> None:  # noqa: ANN401 - any heading
    rows = wrong.index[wrong]
    if len(rows):
        cells = table.cells[heading]
        raise ArlibError(
            problems=[
                Problem(table.place(int(row), str(heading)), say(key, value=str(cells[row]).strip())) for row in rows
            ]
        )
