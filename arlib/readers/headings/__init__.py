"""Which heading means what, in five languages: one table of headings (`headings.csv`), compared plainly.

French, English, German, Spanish and Italian, and the headings of the usual accounting software. A heading is found
whatever its case, its accents, its units or its punctuation; of two headings for one field, the one higher in the
table stands for it.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from arlib.errors import ArlibError
from arlib.readers.headings.ages import age_bands
from arlib.words import bare, say

LEDGERS = "headings.csv"  # what headings mean in a ledger or a list; `of_customers.py` has those of customers' files
# What a heading says of the unit or the writing of its cells, not of their meaning.
_UNITS = {
    "eur",
    "euro",
    "euros",
    "usd",
    "gbp",
    "chf",
    "cad",
    "jj",
    "mm",
    "aaaa",
    "dd",
    "yyyy",
    "keur",
    "teur",
    "meur",
    "utc",
    "gmt",
}
_THOUSANDS = (
    r"(?i)\b[kmt] ?(?:€|eur\b|usd\b|gbp\b|chf\b|\$|£)|\btsd\b|\btausend\b|\bmilliers?\b|\bthousands?\b|\b000s\b"
)
_AS_OF = re.compile(r" (?:au|as of|as at|at|per|zum|al|a)(?: \d{1,4}){3}$")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LOST = re.compile(r"\ufffd|(?<=\w)\?|\?(?=\w)")  # what is left of an accent read in a wrong encoding
_MISREAD = (
    ("cp1252", "utf-8"),
    ("cp1252", "cp850"),
    ("cp1252", "mac_roman"),
)  # read as the first, written in the other
_WRITTEN_VALUE = re.compile(r"[\d\s.,'()+\-/:€$£%]*\d[\d\s.,'()+\-/:€$£%]*")
_NEARLY = 0.6  # of the best row: a richer header further down belongs to another table
_LOOKED_AT = 400  # cells in which a row shows whether it holds headings, however wide the table
_LONGEST = 80  # letters of a heading
_ENOUGH = 2  # headings recognised in one row before it is taken for the header
# Headings that stand for a field only where nothing better does: see `_resolved`.
_ON_CONDITION = ("balance", "local_currency", "party", "party_account", "party_title", "supplier")
_OTHER_ROLE = re.compile(r"bill|sell|sold|factur|empf|contact")  # in the name of whom: not of the bare "Client" beside


@cache
def _meanings(table: str) -> Mapping[str, tuple[int, str]]:
    """Each plain heading with its rank in the table and the field it means; a lower rank wins a field."""
    with Path(__file__).with_name(table).open(encoding="utf-8", newline="") as written_in:
        rows = list(csv.DictReader(written_in))
    known: dict[str, tuple[int, str]] = {}
    for rank, row in enumerate(rows):
        for written in (row["heading"], row["heading"].translate(_UMLAUTS)):
            known.setdefault(plain(written), (rank, row["field"]))
    return MappingProxyType(known)


@cache
def _without_accents(table: str) -> Mapping[str, str]:
    """Plain headings by what is left of them where every accented letter was lost."""
    with Path(__file__).with_name(table).open(encoding="utf-8", newline="") as written_in:
        headings = [row["heading"] for row in csv.DictReader(written_in)]
    return MappingProxyType({_lossy(heading): plain(heading) for heading in headings if not heading.isascii()})


@cache
def fields() -> tuple[str, ...]:
    """Every field a heading can mean."""
    return tuple(dict.fromkeys(field for _, field in _meanings(LEDGERS).values() if field not in _ON_CONDITION))


@lru_cache(maxsize=1 << 16)
def plain(heading: str) -> str:
    """A heading for comparison: lower case, no accents, words apart (`InvoiceDate` too), no marks, units or day."""
    written = re.sub(r"(?i)\b([kmt]) ?€", r"\1eur", heading).replace("#", " no ")
    written = written.replace("°", "o ").replace("º", "o ").replace("%", " pct ").replace("€", " eur ")
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", bare(written))
    words = re.sub(r"[^a-z0-9]+", " ", apart.lower()).split()
    kept = " ".join("no" if word == "nr" else word for word in words if word not in _UNITS)
    return _AS_OF.sub("", re.sub(r"\bn o\b", "no", kept))


def meaning(heading: str, table: str = LEDGERS) -> tuple[int, str] | None:
    """The rank and the field of one heading, its accents mended where they were lost; None where it is not known."""
    if len(heading) > _LONGEST:
        return None
    known = _meanings(table)
    found = known.get(plain(heading)) or known.get(plain(heading.lower()))  # MwSt is one word
    if found is None and (not heading.isascii() or "?" in heading):
        found = next((known[mended] for mended in _mended(heading, table) if mended in known), None)
    return found


def _mended(heading: str, table: str) -> Iterable[str]:
    """What a heading may have been before it was read in a wrong encoding."""
    for read_as, written_in in _MISREAD:
        try:
            yield plain(heading.encode(read_as).decode(written_in))
        except UnicodeError:
            continue
    if _LOST.search(heading):
        yield _without_accents(table).get(_lossy(heading), "")


def _lossy(heading: str) -> str:
    lost = _LOST.sub("?", heading.lower())
    marked = "".join(letter if letter.isascii() else "?" for letter in lost)
    return " ".join(re.sub(r"[^a-z0-9?]+", " ", marked).split())


def in_thousands(heading: str) -> bool:
    """Whether a heading says that its amounts are in thousands or millions: `Solde (k€)`, `Betrag in Tsd. EUR`."""
    return re.search(_THOUSANDS, heading) is not None


def names_suppliers(heading: str) -> bool:
    """Whether a heading names those who are paid, not those who pay."""
    found = meaning(heading)
    return found is not None and found[1] == "supplier"


def is_running(heading: str) -> bool:
    """Whether a heading says a balance and not of what ("Solde", "Balance"): it may be a running one."""
    found = meaning(heading)
    return found is not None and found[1] == "balance"


def recognise(headings: Iterable[str], chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """The heading that stands for each field, `{field: heading}`; `chosen` says it for some of them.

    Raises:
        ArlibError: `chosen` names a field or a heading that does not exist.
    """
    headings, chosen = list(headings), dict(chosen or {})
    for field, heading in chosen.items():
        if field not in fields() or heading not in headings:
            raise ArlibError(
                say(
                    "read.columns",
                    field=field,
                    heading=heading,
                    fields=", ".join(fields()),
                    headings=", ".join(headings),
                )
            )
    best: dict[str, tuple[int, str]] = {}
    for heading in headings:
        found = None if heading in chosen.values() else meaning(heading)
        if found and (found[1] not in best or found[0] < best[found[1]][0]):
            best[found[1]] = (found[0], heading)
    return _resolved({field: heading for field, (_, heading) in best.items()} | chosen)


def _resolved(found: dict[str, str]) -> dict[str, str]:
    """The fields of headings whose meaning depends on what else is there.

    A bare "Solde" beside debits and credits is a running balance, beside an amount what is left of it. "Compte" is the
    customer's where nothing else names customers. A bare "Client" names customers, but beside "Nom du client" it holds
    their codes: two of one name are two. A document's currency is not that of amounts in local currency.
    """
    spare = {field: found.pop(field) for field in _ON_CONDITION if field in found}
    if "party" in spare:
        found |= _party(spare["party"], found)
    if "open_amount" not in found and not {"debit", "credit"} <= set(found) and "balance" in spare:
        found["open_amount"] = spare["balance"]
    if not {"customer_id", "customer_name"} & set(found):
        named = {
            "customer_id": spare.get("party_account"),
            "customer_name": spare.get("party_title") or spare.get("supplier"),
        }
        found |= {field: heading for field, heading in named.items() if heading}
    if "currency_amount" in found:
        if not {"amount", "debit", "open_amount", "net_amount"} & set(found):
            found["amount"] = found.pop("currency_amount")
        else:
            found.pop("currency", None)
    if "currency" not in found and "local_currency" in spare:
        found["currency"] = spare["local_currency"]
    return found


def _party(heading: str, found: Mapping[str, str]) -> dict[str, str]:
    """The field of a heading that only says "Client": the name, or the code where a better heading holds the name."""
    name = found.get("customer_name")
    if name is None or _rank(name) > _rank(heading):
        return {"customer_name": heading}
    return {} if "customer_id" in found or _OTHER_ROLE.search(plain(name)) else {"customer_id": heading}


def _rank(heading: str) -> int:
    known = meaning(heading)
    return known[0] if known else 0  # a heading somebody chose stands before all


def header_rows(rows: Sequence[Sequence[Any]]) -> tuple[int, int] | None:
    """The first and last row of the headings among the rows at the top of a table; None where none looks like it.

    The first row that recognises nearly as many headings as the best one does: a better one right below it, with no
    figures between, is taken instead (a title such as "Client", "Date" is not a header). Two rows are one header
    where, read together, they say more than either, or where the second only gives units.
    """
    rows = [row[:_LOOKED_AT] for row in rows]
    scores = [_score(row) for row in rows]
    pairs = [_pair_score(rows, scores, place) for place in range(len(rows))]
    reached = [max(single, pair) for single, pair in zip(scores, pairs, strict=True)]
    enough = max(_ENOUGH, _NEARLY * max(reached, default=0))
    first = next((place for place, score in enumerate(reached) if score >= enough), None)
    if first is None:
        return None
    for place in range(first + 1, len(rows)):
        if any(map(is_value, rows[place])):
            break
        first = place if scores[place] > reached[first] else first
    return first, first + 1 if pairs[first] > 0 else first


def _score(row: Sequence[Any]) -> int:
    """How much a row looks like headings: the fields and age columns it names, less the figures it holds."""
    written = [str(cell) for cell in row if isinstance(cell, str) and cell.strip() and not cell.rstrip().endswith(":")]
    named = {found[1] for found in map(meaning, written) if found}
    ages = age_bands(written)
    figures = sum(is_value(cell) for cell in row if str(cell) not in ages)
    return max(0, len(named) + len(ages) - figures)


def _pair_score(rows: Sequence[Sequence[Any]], scores: Sequence[int], place: int) -> int:
    """The score of a row and the one below as one header; 0 where they are not one."""
    if place + 1 >= len(rows) or not max(scores[place : place + 2]) or not any(map(_filled, rows[place])):
        return 0
    below = [cell for cell in rows[place + 1] if _filled(cell)]
    if not below or not all(isinstance(cell, str) for cell in below):
        return 0
    if all(not plain(cell) for cell in below):
        return scores[place]
    if any(is_value(cell) for cell in below if not age_bands([cell])):
        return 0
    together = _score(joined(rows[place], rows[place + 1]))
    return together if together > max(scores[place], scores[place + 1]) else 0


def joined(upper: Sequence[Any], lower: Sequence[Any]) -> list[str]:
    """Headings written over two rows: a heading of the upper row holds for the empty cells that follow it.

    Of "Montant" over "HT" and "TTC" come "Montant HT" and "Montant TTC"; where the words together mean nothing known,
    the lower alone or the other order ("Facture" over "Date") may.
    """
    headings, group = [], ""
    width = max(len(upper), len(lower))
    for over, under in zip(_padded(upper, width), _padded(lower, width), strict=True):
        group = over or (group if under else "")
        options = [f"{group} {under}", f"{under} {group}", under] if over == "" or under else [group]
        written = [" ".join(option.split()) for option in (options if group else [under])]
        headings.append(next((option for option in written if meaning(option) or age_bands([option])), written[0]))
    return headings


def _padded(row: Sequence[Any], width: int) -> list[str]:
    return [str(cell).strip() if _filled(cell) else "" for cell in [*row, *[""] * (width - len(row))]]


def _filled(cell: Any) -> bool:  # noqa: ANN401 - any cell
    return cell is not None and str(cell).strip() != ""


def is_value(cell: Any) -> bool:  # noqa: ANN401 - any cell
    """Whether a cell holds a figure or a date, and so no heading."""
    if isinstance(cell, str):
        return _WRITTEN_VALUE.fullmatch(cell.strip()) is not None
    return isinstance(cell, int | float | date | time | timedelta) and not isinstance(cell, bool)
