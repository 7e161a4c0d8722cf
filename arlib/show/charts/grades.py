"""Who changed grade: from each grade on one day to each on a later one."""

import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import nothing_drawn, rows_high, tip
from arlib.show.charts.figures import short_amount, whole_money
from arlib.show.charts.grid import grid
from arlib.show.look import Drawing, dressed
from arlib.words import Language, word


def grade_migration_chart(migration: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """A heat map: customers by their grade on one day and on a later one, with what they owe on the later.

    A cell is the darker, the more of those who had its row's grade are in it. The title counts who fell and who rose.

    Args:
        migration: as `arlib.grade_migration` returns it.
        language: of the labels and figures.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.grades", language)
    held = migration[migration["customers"] > 0]
    if held.empty:
        return nothing_drawn(word("charts.grades.none", language), about, language)
    order = list(dict.fromkeys(migration["grade_start"]))
    shown = [grade for grade in order if grade in {*held["grade_start"], *held["grade_end"]}]
    labels = {grade: grade or word("charts.grades.new", language) for grade in order}
    whole = held.groupby("grade_start")["customers"].transform("sum")
    cells = pd.DataFrame(
        {
            "row": held["grade_start"].map(labels),
            "column": held["grade_end"].map(labels),
            "customers": held["customers"],
            "exposure_start": held["exposure_start"],
            "exposure_end": held["exposure_end"],
            "share": held["customers"] / whole,
            "figure": [word("charts.grades.cell", language, customers=count) for count in held["customers"]],
            "under": [short_amount(amount, language) for amount in held["exposure_end"]],
            "final": True,
        }
    )
    tips = [
        tip("row:N", word("charts.migration.start", language)),
        tip("column:N", word("charts.migration.end", language)),
        tip("customers:Q", word("charts.customers", language), ",d"),
        tip("share:Q", word("charts.row_share", language), ".1%"),
        tip("exposure_start:Q", word("charts.grades.owed_start", language), ",.2f"),
        tip("exposure_end:Q", word("charts.grades.owed_end", language), ",.2f"),
    ]
    drawn = grid(cells, [labels[grade] for grade in shown if grade], tips)
    unit = word("charts.grades.unit", language, currency=f" ({currency})" if currency else "")
    finding = _finding(held, order, language, currency)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=rows_high(44))


def _finding(held: pd.DataFrame, order: list[str], language: Language, currency: str) -> str:
    both = held[held["grade_start"] != ""]
    customers = int(both["customers"].sum())
    if not customers:
        return word("charts.grades.all_new", language, customers=int(held["customers"].sum()))
    moved = both["grade_end"].map(order.index) - both["grade_start"].map(order.index)
    fell, rose = both[moved > 0], both[moved < 0]
    told: dict[str, object] = {"fell": int(fell["customers"].sum()), "rose": int(rose["customers"].sum())}
    if not (told["fell"] or told["rose"]):
        return word("charts.grades.same", language, customers=customers)
    amount = float(fell["exposure_end"].sum())
    if not told["fell"] or amount < HALF_CENT:
        key = "moved" if told["fell"] else "rose"
        return word(f"charts.grades.{key}", language, customers=customers, **told)
    owed = whole_money(amount, language, currency)
    return word("charts.grades.fell", language, customers=customers, amount=owed, **told)
