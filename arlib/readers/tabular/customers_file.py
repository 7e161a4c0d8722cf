"""A customers' file: one row a customer, with its address, whom to call there, and all else the file says of it."""

import re
from typing import Any

import pandas as pd

from arlib.readers.cells import is_empty, texts
from arlib.readers.customers import with_one_address
from arlib.readers.headings.of_customers import LINES, NUMBERS, CustomerHeadings, OwnHeading, recognise_customers
from arlib.readers.sources import refuse
from arlib.readers.tables.table import Table
from arlib.readers.tabular.columns import without_blank_columns
from arlib.readers.tabular.customers import customers_of, named
from arlib.readers.tabular.parsed import parsed, refuse_ragged
from arlib.schema import CUSTOMERS

_FIELDS = ("customer_id", "customer_name", *(column.name for column in CUSTOMERS))
_TOWN = ("postcode", "city")
_RESERVED = {*_FIELDS, "spellings"}  # names the file's other columns must not take
# What most cells of a column must look like: "CP" may be terms, "Contact" a number, "Adresse" one of a website.
_LOOKS = {
    "address": re.compile(r"^(?!\S+@\S+$|https?:|www\.).*[^\W\d_]"),
    "postcode": re.compile(r"^(?=.{2,12}$)(?:.*\d{3}|.*[A-Za-z]\d|.*\d[A-Za-z]{2}$)"),
    "city": re.compile(r"[^\W\d_]"),
    "phone": re.compile(r"^(?!\S+@\S+$)(?:\D*\d){6}"),
    "contact": re.compile(r"[^\W\d_]{2}"),
    "language": re.compile(r"\S"),
}
_MOSTLY = 0.5  # of the cells that hold something
_FEW, _PEOPLE = 4, 0.5  # cells from which on names that come so often are our salespeople, not the customers' own


def customers_in(table: Table) -> pd.DataFrame:
    """A customers' file: one row a customer, with the columns of `arlib.schema.CUSTOMERS` it has, and then its others.

    Lines of an address are joined, one below the other; of two addresses, that of invoices counts where a customer has
    one. Telephones and postcodes are texts. A column that stands for a field only by its heading, and whose cells say
    otherwise, is kept as it came.

    Raises:
        ArlibError: no column holds a customer, or cells of limits are no amounts.
    """
    refuse_ragged(table)
    known = recognise_customers(list(map(str, table.cells)))
    if not {"customer_id", "customer_name"} & set(known.found):
        raise refuse(table.name, "read.no_customer", headings=", ".join(table.cells.columns))
    known = _believed(table.cells, known)
    found = {field: heading for field, heading in known.found.items() if field in _FIELDS}
    rows = named(parsed(table, found).rows)
    kept = _kept(table.cells, {*found.values(), *_used(known)})
    rows = pd.concat([rows, _own_columns(table.cells, known), kept], axis=1)
    listed = customers_of(with_one_address(rows), list(map(str, kept))).drop(columns="_rows")
    return listed.groupby("customer_id").first().reset_index()


def _believed(cells: pd.DataFrame, known: CustomerHeadings) -> CustomerHeadings:
    """The headings without those whose cells hold something else, and numbers of houses without their street."""
    fitting = tuple(each for each in known.own if _fits(cells[each.heading], each.field))
    streets = {each.billing for each in fitting if each.field == "address"}
    own = [each for each in fitting if each.field not in NUMBERS or each.billing in streets]
    return CustomerHeadings(known.found, tuple(own))


def _fits(cells: "pd.Series[Any]", field: str) -> bool:
    """Whether a column holds what its heading says, as far as that can be seen."""
    filled = texts(cells).dropna()
    if filled.empty or field not in _LOOKS:
        return True
    if field == "contact" and len(filled) >= _FEW and filled.nunique() <= _PEOPLE * len(filled):
        return False
    return bool(filled.str.contains(_LOOKS[field], regex=True).mean() >= _MOSTLY)


def _own_columns(cells: pd.DataFrame, known: CustomerHeadings) -> pd.DataFrame:
    """The address, telephone, contact and language of each row, those the file has."""
    made = _towns(cells, known)
    for field in ("phone", "contact", "language"):
        if columns := known.of(field):
            made[field] = _first_of(cells, columns)
    return made


def _towns(cells: pd.DataFrame, known: CustomerHeadings) -> pd.DataFrame:
    """Street, postcode and town: those of invoices where they are written, whole, else the others.

    Where only one of the two has a street, its postcode and town may be in either: "Adresse de facturation, CP, Ville".
    """
    billing, other = (_town(cells, known, billing=billing) for billing in (True, False))
    if not _several(known):
        return billing.combine_first(other)
    written = billing.notna().any(axis=1)
    return pd.concat([billing[written], other[~written]]).reindex(cells.index)


def _several(known: CustomerHeadings) -> bool:
    """Whether the file has an address for invoices beside another."""
    return len({each.billing for each in known.of("address")}) > 1


def _town(cells: pd.DataFrame, known: CustomerHeadings, *, billing: bool) -> pd.DataFrame:
    """The parts of one of the addresses, those it has."""
    lines = known.lines(billing=billing)
    made = pd.DataFrame(index=cells.index)
    if any(each.field == "address" for each in lines):
        made["address"] = _street(cells, lines)
    for field in _TOWN:
        if columns := known.of(field, billing=billing):
            made[field] = _first_of(cells, columns)
    return made


def _street(cells: pd.DataFrame, lines: list[OwnHeading]) -> "pd.Series[str]":
    """The lines of an address, in the file's order; a house number stands in the line of its street."""
    street, before = texts(cells[lines[0].heading]).fillna(""), lines[0].field
    for each in lines[1:]:
        written = texts(cells[each.heading]).fillna("")
        apart = " " if before == "number_before" or each.field == "number_after" else "\n"
        between = pd.Series(apart, index=cells.index, dtype="str").where((street != "") & (written != ""), "")
        street, before = street + between + written, each.field
    return street.where(street != "").astype("str")


def _first_of(cells: pd.DataFrame, columns: list[OwnHeading]) -> "pd.Series[str]":
    """The first text of each row, of the columns in their order."""
    found = texts(cells[columns[0].heading])
    for each in columns[1:]:
        found = found.fillna(texts(cells[each.heading]))
    return found.astype("str")


def _used(known: CustomerHeadings) -> set[str]:
    """The headings of which nothing is lost: all lines of the address, and the first column of every other field."""
    several = _several(known)
    own = [each for each in known.own if each.billing or not several or each.field not in (*LINES, *_TOWN)]
    lines = {each.heading for each in own if each.field in LINES}
    return lines | {known.of(each.field)[0].heading for each in own if each.field not in LINES}


def _kept(cells: pd.DataFrame, used: set[str]) -> pd.DataFrame:
    """The other columns as they came, cells that hold nothing missing, under names that no column of ours has."""
    spare = without_blank_columns(cells, [name for name in cells if name not in used])
    taken = {name: f"{name} (file)" for name in spare if name in _RESERVED or str(name).startswith("_")}
    kept = cells[spare].rename(columns=taken)
    return kept.mask(kept.apply(is_empty)) if len(spare) else kept
