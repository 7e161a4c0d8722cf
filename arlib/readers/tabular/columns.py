"""Which column stands for what in the table at hand, where the headings alone do not decide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import is_empty, read_amounts, texts
from arlib.readers.headings import is_running, meaning, plain, recognise
from arlib.readers.lists.settled import SETTLING
from arlib.readers.profiles import Profile, find_profile, known_columns, refuse_missing
from arlib.readers.tables.table import Table
from arlib.readers.tabular.parsed import is_flag, is_sense
from arlib.schema import HALF_CENT
from arlib.words import Sentence, say

_AMOUNTS = ("amount", "net_amount", "tax_amount", "line_amount", "currency_amount")
_MADE = ("customer_id", "customer_name", "amount", "open_amount")  # columns that `movement_rows` can make
_FLOWS = {"income", "revenu", "revenus", "revenue", "recette", "recettes", "produit", "inflow", "vente", "ventes"}
_SPENT = {"expense", "expenses", "depense", "depenses", "charge", "charges", "outflow", "achat", "achats"}
_PAYMENT = (
    r"\b(?:regl\w*|rgl?ts?|pmts?|paye{1,2}s?|paiements?|payments?|paid|verse{1,2}s?|versements?|encaiss\w*|acomptes?|recus?|percus?"
    r"|received|deposits?|escomptes?|zahlung\w*|bezahlt\w*|pagos?|pagad\w*|cobr\w*|pagat\w*|incass\w*)\b"
)
_NOT_MONEY = (
    r"\b(?:date|jour|jours|days?|mode|moyen|means|method|conditions?|terms|delai|type|statut|status|retard|late|nb|nombre"
    r"|count|no|num|numero|number|ref|reference|id|banque|bank|compte|account|reste|restant|due|facture|invoice)\b"
)
_OF_ALL = re.compile(
    r"(?:\d+ )*(?:(?:trade )?(?:accounts? receivables?|receivables?|debtors?)(?: control)?(?: (?:account|a r|ar))?"
    r"|a r|ar|clients?(?: divers| collectif)?|compte clients|creances(?: clients)?|debitoren|forderungen.*|clientes"
    r"|deudores|crediti(?: verso clienti)?)(?: (?:[a-z]{3}|\d+))*"
)
_INVOICE_REFERENCES = {"invoice ref", "invoice reference", "ref facture", "reference facture"}


@dataclass(frozen=True, eq=False)
class Columns:
    """The heading of each field, the profile that says so if any, and what there is to say of it."""

    found: dict[str, str]
    profile: Profile
    reading: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()


def columns_of(table: Table, profile: Profile, chosen: Mapping[str, str] | None) -> Columns:
    """The columns of a table of movements, by its profile where it has one, else by its headings.

    A table nobody gave a profile for is looked at for the signatures of those that ship. `require` says what is
    missing, once the rows have been sorted out: a customer on a row of its own makes a column.

    Raises:
        ArlibError: `chosen` names a column that does not exist, or the profile one that is not there.
    """
    headings, given = list(map(str, table.cells)), bool(profile.columns)
    profile = profile if given else (None if chosen else find_profile(headings)) or profile
    if not profile.columns:
        return Columns(_adjusted(table, _recognised(table, chosen), set((chosen or {}).values())), profile)
    refuse_missing(profile, headings, table.name, but=_MADE)
    found = known_columns(profile, headings)
    if chosen:
        asked = recognise(list(chosen.values()), chosen)
        found = {name: heading for name, heading in found.items() if heading not in asked.values()} | asked
    said = say("read.profile" if given else "read.profile_found", profile=profile.name, software=profile.software)
    return Columns(_without_empty_amounts(table, found), profile, (said,))


def require(table: Table, columns: Columns) -> None:
    """Raises where a profile's column is missing, none holds a date, an amount or a customer, or it is a forecast."""
    refuse_missing(columns.profile, map(str, table.cells), table.name)
    found = columns.found
    headings = ", ".join(map(str, table.cells.columns))
    owed = {"amount", "net_amount", "open_amount", "line_amount"} & set(found)
    by_lines = {"quantity", "unit_price"} <= set(found) or {"debit", "credit"} <= set(found)
    for fine, key in (
        ("probability" not in found, "read.forecast"),
        ({"issued_on", "booked_on", "due_on"} & set(found), "read.no_date"),
        (owed or by_lines, "read.no_amount"),
        ({"customer_id", "customer_name"} & set(found), "read.no_customer"),
    ):
        if not fine:
            heading = found.get("probability", "")
            raise ArlibError(problems=[Problem(table.place(), say(key, headings=headings, heading=heading))])


def without_blank_columns(cells: pd.DataFrame, headings: list[Any]) -> list[Any]:
    """The headings without columns that have neither a heading nor a cell."""
    unnamed = [name for name in headings if str(name).startswith("(") and str(name).endswith(")")]
    blank = {name for name in unnamed if _blank(cells[name])}
    return [name for name in headings if name not in blank]


def _recognised(table: Table, chosen: Mapping[str, str] | None) -> dict[str, str]:
    """The heading of each field; of two for one field, an empty column gives way to one that holds something."""
    headings = list(map(str, table.cells))
    found = recognise(headings, chosen)
    asked = set((chosen or {}).values())
    empty = {heading for heading in found.values() if heading not in asked and _blank(table.cells[heading])}
    if not empty:
        return found
    filled = recognise([name for name in headings if name not in empty], chosen)
    return {name: filled.get(name, heading) if heading in empty else heading for name, heading in found.items()}


def _blank(cells: "pd.Series[Any]") -> bool:
    """Whether a column holds nothing; most show on their first rows that they do."""
    return bool(is_empty(cells.iloc[:100]).all() and is_empty(cells).all())


def _adjusted(table: Table, found: dict[str, str], asked: set[str]) -> dict[str, str]:
    """The fields found, where what the columns hold or what other columns there are changes their meaning."""
    found = _without_empty_amounts(table, found)
    if not {"customer_id", "customer_name"} & set(found) and "entity" in found:
        found["customer_name"] = found.pop("entity")  # "Société" in a list that names nobody else
    if "sense" in found and found["sense"] not in asked and not is_sense(table.cells[found["sense"]]):
        del found["sense"]
    if "kind" in found and "sense" not in found and is_sense(table.cells[found["kind"]]):
        found["sense"] = found.pop("kind")
    for name in [name for name in ("paid_amount", "applied_to") if found.get(name, "") not in {"", *asked}]:
        if is_flag(table.cells[found[name]]):  # "Paid", "Facture payée" that say yes or no
            found |= {"is_paid": found.pop(name)}
    if {"debit", "credit"} <= set(found) or "sense" in found:
        found = _without_unsettling(table, found)
    found = _of_its_ledger(table, _with_balance_of_rows(table, found), asked)
    found |= _paid(table, found)
    if "kind" not in found:
        rest = [name for name in map(str, table.cells) if name not in found.values()]
        spent = next((name for name in rest if _is_flow(table.cells[name])), None)
        found |= {"kind": spent} if spent is not None else {}
    return _naming_another(table, found)


def _with_balance_of_rows(table: Table, found: dict[str, str]) -> dict[str, str]:
    """The fields with a bare "Balance" as what is left of each row, where it is the row's own debit less credit.

    Rows with both show that it is: the one side is what was invoiced, the other what was paid of it.
    """
    rest = [name for name in map(str, table.cells) if name not in found.values() and is_running(name)]
    if not rest or not {"debit", "credit"} <= set(found) or "open_amount" in found:
        return found
    for rows in (table.cells.iloc[:100], table.cells):  # a running one shows on the first rows
        columns = {"debit": rows[found["debit"]], "credit": rows[found["credit"]], "balance": rows[rest[0]]}
        read = {name: column.values for name, column in read_amounts(columns).columns.items()}
        moved = read["debit"].fillna(0) - read["credit"].fillna(0)
        if not ((read["balance"] - moved).abs() < HALF_CENT)[moved != 0].all():
            return found
    partly = (read["debit"].fillna(0) != 0) & (read["credit"].fillna(0) != 0)
    return found | {"open_amount": rest[0]} if partly.any() else found


def _of_its_ledger(table: Table, found: dict[str, str], asked: set[str]) -> dict[str, str]:
    """The fields without a customer's account that names the account of all of them ("Accounts receivable").

    The customers then stand on rows of their own, where that account is empty.
    """
    heading = found.get("customer_id", "")
    if heading in asked or (meaning(heading) or (0, ""))[1] != "party_account" or "customer_name" in found:
        return found
    codes, accounts = pd.factorize(texts(table.cells[heading]))
    if (codes >= 0).all() or not all(_OF_ALL.fullmatch(plain(str(account))) for account in accounts):
        return found
    return {name: each for name, each in found.items() if name != "customer_id"} | {"account": heading}


def _naming_another(table: Table, found: dict[str, str]) -> dict[str, str]:
    """The invoice a payment settles: "Invoice ref" beside another number of the document, in a list with types."""
    if "kind" not in found or "applied_to" in found or plain(found.get("reference", "")) not in _INVOICE_REFERENCES:
        return found
    rest = [name for name in map(str, table.cells) if name not in found.values()]
    own = next((name for name in rest if (meaning(name) or (0, ""))[1] == "reference"), None)
    return found if own is None else found | {"applied_to": found["reference"], "reference": own}


def _without_unsettling(table: Table, found: Mapping[str, str]) -> dict[str, str]:
    """The fields of a list of movements without a running balance, and without columns of payments never filled in."""
    running = {name for name in ("open_amount",) if is_running(found.get(name, ""))}
    unused = {name for name in SETTLING if name in found and _blank(table.cells[found[name]])}
    return {name: heading for name, heading in found.items() if name not in running | unused}


def _without_empty_amounts(table: Table, found: Mapping[str, str]) -> dict[str, str]:
    """The fields without columns of amounts that hold nothing: a template often has more than it is filled with."""
    empty = {name for name in _AMOUNTS if name in found and _blank(table.cells[found[name]])}
    return {name: heading for name, heading in found.items() if name not in empty}


def speaks_of_payment(heading: str) -> bool:
    """Whether a heading names money that was paid ("Règlement", "Acompte versé"), not its day, means or number."""
    words = plain(heading)
    return re.search(_PAYMENT, words) is not None and re.search(_NOT_MONEY, words) is None


def _paid(table: Table, found: Mapping[str, str]) -> dict[str, str]:
    """The one column that can only be what was paid of each invoice: it speaks of payment, and never exceeds it."""
    owed = next((found[name] for name in ("amount", "net_amount") if name in found), None)
    if owed is None or {"paid_amount", "open_amount", "debit", "letter", "applied_to", "is_paid"} & set(found):
        return {}
    headings = [str(name) for name in table.cells if name not in found.values() and speaks_of_payment(str(name))]
    if len(headings) != 1:
        return {}
    read = read_amounts({"owed": table.cells[owed], "paid": table.cells[headings[0]]}).columns
    paid, limit = read["paid"].values.fillna(0.0).abs(), read["owed"].values.fillna(0.0).abs()
    fits = not read["paid"].wrong.any() and bool((paid > 0).any()) and bool((paid <= limit + HALF_CENT).all())
    return {"paid_amount": headings[0]} if fits else {}


def _is_flow(cells: "pd.Series[Any]") -> bool:
    """Whether a column says income or expense, and nothing else, of every row."""
    if pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells):
        return False
    first = "" if cells.empty else plain(str(cells.iloc[0]))
    if first not in _FLOWS | _SPENT | {"", "nan", "none"}:  # most columns show at once that they say something else
        return False
    for looked_at in (cells.iloc[:100], cells):  # most columns show on their first rows that they say something else
        values = {plain(value) for value in texts(looked_at).dropna().unique()} - {""}
        if not values or not values <= _FLOWS | _SPENT:
            return False
    return bool(values & _SPENT)
