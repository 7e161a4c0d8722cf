"""Why an invoice is within the law, beyond it or neither, in a sentence a row; and what is to be minded of them all."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.law.dated import quoted
from arlib.law.latest.limits import CASE, CASES, NEVER, Asked, Limits
from arlib.law.reasons import column_of, said, texts_of, written_days, written_lengths
from arlib.schema import NO_DAY, Codes, Days, Flags
from arlib.words import Language, Sentence, say

_WITHIN, _BEYOND, _UNKNOWN = range(3)
_UNJUDGED = ("abroad", "overseas", "nowhere", "consumer", "undated", "early")  # said without a verdict


def reasons(
    asked: Asked, found: Limits, rules: pd.DataFrame, dues: tuple[Days, Codes, Flags], language: Language
) -> "pd.Series[str]":
    """The reason of each invoice: what its limit is and by what rule, then how its due date stands to it.

    Args:
        asked: the invoices.
        found: their limits.
        rules: the table of rules.
        dues: day number of the due date; 0 within, 1 beyond, 2 unknown; whether there is none anybody agreed on.
        language: of the sentences.
    """
    due, status, unsure = dues
    case = found.case
    columns = _columns(asked, found, rules, due, language)
    parts = [(case == CASE[name], _why(name, case == CASE[name], columns, language)) for name in CASES]
    parts += [(chosen, said(f"law.latest.then.{name}", language, chosen, columns)) for name, chosen in
              _verdicts(case, due, status, unsure).items()]  # fmt: skip
    parts.append((found.to_confirm, said("law.latest.then.to_confirm", language, found.to_confirm, columns)))
    return column_of(parts, pd.RangeIndex(len(due)))


def _why(name: str, chosen: Flags, columns: dict[str, Any], language: Language) -> Any:  # noqa: ANN401 - pyarrow
    return said(f"law.latest.why.{name}", language, chosen, columns)


def _verdicts(case: Codes, due: Days, status: Codes, unsure: Flags) -> dict[str, Flags]:
    """Which invoices each way of ending the sentence is for."""
    judged = ~np.isin(case, [CASE[name] for name in _UNJUDGED])
    none = judged & (due == NO_DAY)
    assumed = judged & unsure & ~none
    sure = judged & ~unsure
    return {
        "within": sure & (status == _WITHIN),
        "beyond": sure & (status == _BEYOND),
        "unknown": sure & (status == _UNKNOWN),
        "undue": none,
        "assumed": assumed,
    }


def _columns(asked: Asked, found: Limits, rules: pd.DataFrame, due: Days, language: Language) -> dict[str, Any]:
    """The values of the sentences, as texts."""
    high = np.where(found.high == NEVER, NO_DAY, found.high)
    above = np.where((due == NO_DAY) | (high == NO_DAY), 0, due - np.where(high == NO_DAY, 0, high))
    delivery = np.where(asked.delivery == NO_DAY, asked.issued, asked.delivery)
    return {
        "issued": written_days(asked.issued, language),
        "due": written_days(due, language),
        "latest": written_days(high, language),
        "early": written_days(found.early, language),
        "counted": written_days(delivery, language),
        "above": written_lengths(above, language),
        "terms": texts_of(asked.terms.texts, asked.terms.code),
        "what": texts_of([str(each) for each in rules[language]], found.rule),
        "article": texts_of([str(each) for each in rules["article"]], found.rule),
        "country": texts_of(asked.countries, asked.country),
    }


def noted(
    table: pd.DataFrame, asked: Asked, found: Limits, assumed: Flags, texts: "Mapping[Language, pd.Series[str]]"
) -> tuple[Sentence, ...]:
    """What holds of many invoices: countries assumed, facts missing, rules to be confirmed.

    Args:
        table: the invoices.
        asked: what is asked of them.
        found: their limits.
        assumed: whose customer's country is assumed.
        texts: each rule in words, by its code, in each language.
    """
    notes = []
    if assumed.any():
        taken = sorted({asked.countries[code] for code in np.unique(asked.country[assumed])})
        notes.append(say("law.latest.note.country", invoices=int(assumed.sum()), country=", ".join(taken)))
    unknown = (table["status"] == "unknown").to_numpy()
    for name, cases in _MISSING.items():
        rows = unknown & np.isin(found.case, [CASE[case] for case in cases])
        if rows.any():
            notes.append(say(f"law.latest.note.{name}", invoices=int(rows.sum()),
                             amount=float(table["amount"].to_numpy()[rows].sum())))  # fmt: skip
    doubtful = sorted(set(table.loc[table["law_status"] == "to_confirm", "rule"]))
    if doubtful:
        rows = (table["law_status"] == "to_confirm").to_numpy()
        rules = [quoted({each: told[rule] for each, told in texts.items()}) for rule in doubtful]
        notes.append(say("law.latest.note.to_confirm", invoices=int(rows.sum()), rules=rules))
    return tuple(notes)


_MISSING = {
    "terms": ("unsaid", "unsaid_undelivered", "unread"),
    "readings": ("readings", "sector_between"),
    "delivery": ("undelivered", "nothing_undelivered"),
    "abroad": ("abroad", "union"),
    "overseas": ("overseas",),
    "nowhere": ("nowhere",),
    "other": ("undated", "early", "consumer", "agreed", "sector", "periodic", "nothing"),
}
