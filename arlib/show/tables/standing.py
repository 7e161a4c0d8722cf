"""The tables of a board page: the aged balance, the key figures, the proof."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from arlib.show.look import bucket_label, used_buckets
from arlib.show.tables.html import Field, Html, table
from arlib.words import Language, money, number, percent, word

_FIRST_BUCKET = re.compile(r"not_due|0-\d+")


def aged_balance_table(aged: pd.DataFrame, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """The groups that owe most, by age of the debt, with the total of all groups below.

    Args:
        aged: an aged balance, as `arlib.aged_balance` returns it, the largest total first.
        language: of the headings and figures.
        currency: named in the caption when given.
        rows: how many groups to list; the others are added up in a line of their own, so that the total ties.
    """
    by = list(aged.columns[: next(place for place, name in enumerate(aged) if _FIRST_BUCKET.fullmatch(str(name)))])
    buckets = [*used_buckets(aged.drop(columns=by)), "total"]
    shown = aged[buckets].assign(group=group_names(aged, by, language))
    if len(aged) > rows:
        others = aged.iloc[rows:][buckets].sum().to_frame().T
        others["group"] = word("table.others", language, rows=len(aged) - rows)
        shown = pd.concat([shown.head(rows), others], ignore_index=True)
    fields = [
        Field("group", group_heading(by, language)),
        *(Field(bucket, bucket_label(bucket, language), "money") for bucket in buckets[:-1]),
        Field("total", word("table.total", language), "money"),
    ]
    total = {"group": word("table.total", language)} | {bucket: aged[bucket].sum() for bucket in buckets}
    caption = word("table.aged_balance", language) + (f" ({currency})" if currency else "")
    return table(shown, fields, caption=caption, language=language, footer=total)


def group_names(frame: pd.DataFrame, by: Sequence[str], language: Language) -> "pd.Series[Any]":
    """What each row is of: a customer by its name where it has one, other groups by their values."""
    if not by:
        return pd.Series(word("table.total", language), frame.index)
    named = frame.assign(customer_id=frame["name"].fillna(frame["customer_id"])) if "name" in by else frame
    values = named[_keys(by)].astype("object").fillna("–").replace("", "–").astype("str")
    return values.apply(" / ".join, axis=1) if len(values) else pd.Series(dtype="str")


def group_heading(by: Sequence[str], language: Language) -> str:
    """What the groups of a table are."""
    return word("table.customer" if _keys(by) == ["customer_id"] else "table.group", language)


def _keys(by: Sequence[str]) -> list[str]:
    return [name for name in by if name != "name"]


def key_figures_table(figures: pd.DataFrame, *, language: Language = "en") -> Html:
    """Key figures beside those of the month and the year before, each in its own unit; under a missing one, why."""
    written = figures.assign(measure=[measure_label(measure, language) for measure in figures["measure"]])
    moments = ("value", "previous_month", "previous_year")
    for moment in moments:
        written[moment] = [
            figure(value, unit, language) for value, unit in zip(figures[moment], figures["unit"], strict=True)
        ]
    fields = [
        Field("measure", word("table.measure", language)),
        *(Field(moment, word(f"table.{moment}", language), "count") for moment in moments),
    ]
    return table(written, fields, caption=word("table.key_figures", language), language=language, note="note")


def proof_table(proof: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Html:
    """The tie-out: how the balance came about, then each way of counting it, its difference and whether it ties."""
    total = proof["role"] == "total"
    results = [word("table.ties" if ties else "table.differs", language) for ties in proof["ties"].fillna(value=False)]
    differences = [number(difference, language) for difference in proof["difference"]]
    written = proof.assign(
        line=[proof_label(line, language) for line in proof["line"]],
        difference=pd.Series(differences, proof.index).where(total, ""),
        ties=pd.Series(results, proof.index).where(total, ""),
        total=total,
    )
    fields = [
        Field("line", word("table.line", language)),
        Field("amount", word("table.amount", language), "money"),
        Field("difference", word("table.difference", language), "count"),
        Field("ties", word("table.result", language)),
    ]
    caption = word("table.proof", language) + (f" ({currency})" if currency else "")
    return table(written, fields, caption=caption, language=language, total="total")


def proof_label(line: str, language: Language) -> str:
    """The name of one line of the proof."""
    return word(f"show.proof.{line}", language)


def figure(value: float, unit: str, language: Language = "en", currency: str = "") -> str:
    """A key figure in its unit: money without cents from a thousand on, days and percentages to one decimal."""
    if unit == "percent":
        return percent(value, language)
    if unit == "days":
        return number(value, language, 1)
    if unit == "count":
        return number(value, language, 0)
    return money(value, language, currency)


def measure_label(measure: str, language: Language) -> str:
    """The name of a key figure."""
    return word(f"show.measure.{measure}", language)
