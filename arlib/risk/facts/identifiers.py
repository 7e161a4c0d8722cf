"""Whose fact it is: a customer's code as the ledger writes it, its name, or its SIREN."""

from typing import Any, NamedTuple

import pandas as pd

from arlib.readers.cells import texts
from arlib.words import Sentence, say

_SHOWN = 5


class Owners(NamedTuple):
    """The customers of rows of facts: `pairs` has row and customer_id, one row a customer; `wrong`, why there is none.

    `folded` counts the codes that were written otherwise than in the ledger (c12 for C0012).
    """

    pairs: pd.DataFrame
    wrong: dict[int, Sentence]
    folded: int = 0


def company_number(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The SIREN of cells that hold one, a SIRET or a French VAT number; missing in the others."""
    digits = texts(cells).str.replace(r"[\s.\-\u00a0\u202f]", "", regex=True).str.upper()
    return digits.str.extract(r"^(?:FR\w\w)?(\d{9})(?:\d{5})?$", expand=False)


def owners_of(code: "pd.Series[Any]", siren: "pd.Series[Any]", customers: pd.DataFrame | None) -> Owners:
    """The customer of each row, by its code, else its name, else its SIREN, which several accounts of one may share.

    Args:
        code: codes or names as texts, missing where there is none; a SIREN among them is read as one.
        siren: company numbers, missing where there is none.
        customers: customer_id, name and siren of the ledger; None: codes are taken as they are.
    """
    if customers is None:
        unknown = code.index[code.isna()]
        return Owners(_pairs(code.dropna()), {int(row): say("risk.facts.no_customers_file") for row in unknown})
    known = customers.reindex(columns=["customer_id", "name", "siren"])
    known = known.assign(siren=company_number(known["siren"]))
    found = code.where(code.isin(known["customer_id"]))
    folded, named = (_fold(code).map(_folds(known, name)).astype("str") for name in ("customer_id", "name"))
    folded = folded.where(found.isna())
    found = found.fillna(folded).fillna(named)
    number = siren.fillna(company_number(code).where(found.isna()))
    of_found = found.map(known.set_index("customer_id")["siren"])
    apart = of_found.notna() & number.notna() & (of_found != number)
    by_siren = number[found.isna()].rename("siren").rename_axis("row").reset_index().dropna()
    pairs = pd.concat([_pairs(found[~apart].dropna()), by_siren.merge(known, on="siren")[["row", "customer_id"]]])
    wrong = {int(row): say("risk.facts.other_siren", code=found[row], siren=number[row]) for row in apart.index[apart]}
    for row in code.index[~code.index.isin(pairs["row"]) & ~apart.to_numpy()]:
        told = " / ".join(str(each) for each in (code[row], siren[row]) if isinstance(each, str))
        wrong[int(row)] = say("risk.facts.unknown_customer", code=told) if told else say("risk.facts.no_customer")
    return Owners(pairs, wrong, int(folded.notna().sum()))


def _pairs(found: "pd.Series[Any]") -> pd.DataFrame:
    return found.astype("str").rename("customer_id").rename_axis("row").reset_index()


def _fold(codes: "pd.Series[Any]") -> "pd.Series[Any]":
    """Codes or names without leading zeros, spaces and capitals."""
    return codes.astype("str").str.replace(r"\s", "", regex=True).str.casefold().str.lstrip("0")


def _folds(known: pd.DataFrame, column: str) -> "pd.Series[Any]":
    """The customer of each folded code or name that only one has."""
    told = known.dropna(subset=column)
    folded = pd.Series(told["customer_id"].to_numpy(), index=_fold(told[column]).to_numpy())
    return folded[~folded.index.duplicated(keep=False)]
