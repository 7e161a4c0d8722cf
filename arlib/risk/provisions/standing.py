"""Who is insolvent on a day, and by what: provided for one by one, never by a matrix."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger, as_day
from arlib.risk.facts import Facts, every_cap, facts_about, insurance_cover, read_opinion_card
from arlib.schema import DTYPES
from arlib.words import Language, say

_TOLD = {"customer_id": "str", "known_on": DTYPES["date"], "source": "str", "reason": "str"}

_SAID = dict.fromkeys(("true", "1", "1.0", "yes", "y", "oui", "o", "vrai", "x"), True) | dict.fromkeys(
    ("false", "0", "0.0", "no", "n", "non", "faux"), False
)

Insolvent = Iterable[str] | pd.DataFrame | None


def insolvent_customers(
    ledger: Ledger, day: pd.Timestamp, facts: Facts | None, insolvent: Insolvent, language: Language
) -> pd.DataFrame:
    """One row an insolvent customer: `customer_id`, `known_on` (missing where undated), `source`, `reason`.

    Args:
        ledger: the ledger.
        day: what was not known by its end is left out.
        facts: external facts; by default those of the customers file, which has no dates. Proceedings and companies
            that ceased count, an insurer's refusal does not.
        insolvent: other customers: identifiers, or a frame with `customer_id`, and `known_on`, `source`, `reason`
            where they are known.
        language: of the reasons.

    Raises:
        ArlibError: an identifier of `insolvent` that is no customer's, or facts of which none is.
    """
    known = facts_about(ledger, facts)
    rows = pd.concat([_given(ledger, day, insolvent, language), _told(known, day, language)], ignore_index=True)
    return rows.drop_duplicates("customer_id").sort_values("customer_id", ignore_index=True)


def cover_of_customers(ledger: Ledger, day: pd.Timestamp, facts: Facts | None) -> pd.DataFrame | None:
    """The insured amount and the quota of each customer that has one, index `customer_id`; none where nobody has.

    Where nobody said the quota, the usual one of `opinion.toml`.
    """
    known = facts_about(ledger, facts)
    if not len(known.rows):
        return None
    cover = insurance_cover(known, day).set_index("customer_id")
    return cover.assign(quota=cover["quota"].fillna(read_opinion_card().cover["usual_quota"]))


def _told(facts: Facts, day: pd.Timestamp, language: Language) -> pd.DataFrame:
    """Whom facts say to be insolvent."""
    if not len(facts.rows):
        return pd.DataFrame(columns=[*_TOLD]).astype(_TOLD)
    caps = every_cap(facts, day)
    caps = caps[caps["override"].astype(bool) & (caps["fact"] != "cover")]
    reasons = [what.text(language) for what in caps["what"]]
    told = caps[["customer_id", "known_on", "source"]].assign(reason=pd.Series(reasons, caps.index, dtype="str"))
    return told.astype(_TOLD)


def _given(ledger: Ledger, day: pd.Timestamp, insolvent: Insolvent, language: Language) -> pd.DataFrame:
    if insolvent is None:
        insolvent = ()
    if not isinstance(insolvent, pd.DataFrame):
        ids = [insolvent] if isinstance(insolvent, str) else list(insolvent)
        insolvent = pd.DataFrame({"customer_id": pd.Series(ids, dtype="str")})
    if "customer_id" not in insolvent:
        raise ArlibError(say("risk.provision.no_column", column="customer_id", columns=", ".join(map(str, insolvent))))
    check_customers(ledger, insolvent["customer_id"])
    given = insolvent.reindex(columns=[*_TOLD])
    given["known_on"] = days_written(given["known_on"])
    given["reason"] = given["reason"].astype("str").fillna(say("risk.provision.insolvent_given").text(language))
    return given[~(given["known_on"] > day)].astype(_TOLD)


def days_written(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The days of a short list, missing where a cell is empty.

    Raises:
        ArlibError: a cell is no day, or a text that is not year first.
    """
    days = [pd.NaT if pd.isna(cell) else as_day(cell) for cell in cells]
    return pd.Series(days, cells.index, dtype=DTYPES["date"])


def numbers_written(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Columns of a short list as numbers, nan where a cell is empty.

    Raises:
        ArlibError: cells of a column are no numbers, all of them named.
    """
    read = {}
    for name in columns:
        read[name] = pd.to_numeric(table[name], errors="coerce").astype("float64")
        _refuse(name, table[name], read[name].isna() & table[name].notna(), "risk.provision.not_numbers")
    return pd.DataFrame(read, index=table.index)


def flags_written(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Columns of a short list that say yes or no, as flags; an empty cell is no.

    Raises:
        ArlibError: cells of a column are neither, all of them named.
    """
    read = {}
    for name in columns:
        said = table[name].map(lambda cell: _SAID.get(str(cell).strip().casefold()), na_action="ignore")
        _refuse(name, table[name], said.isna() & table[name].notna(), "risk.provision.not_flags")
        read[name] = said.eq(True)  # noqa: FBT003 - an empty cell is no
    return pd.DataFrame(read, index=table.index)


def _refuse(column: str, cells: "pd.Series[Any]", wrong: "pd.Series[bool]", key: str) -> None:
    if wrong.any():
        raise ArlibError(say(key, column=column, cells=", ".join(map(str, cells[wrong].unique()[:20]))))


def check_customers(ledger: Ledger, ids: "pd.Series[str]") -> None:
    """That all of these are customers of the ledger.

    Raises:
        ArlibError: some are not, all of them named.
    """
    unknown = sorted(set(ids[~ids.isin(ledger.customers["customer_id"])].fillna("–").astype("str")))
    if unknown:
        raise ArlibError(say("risk.provision.customers", ids=", ".join(unknown[:20]), rows=len(unknown)))
