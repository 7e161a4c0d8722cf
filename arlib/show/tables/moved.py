"""The tables of what is measured: every DSO of a day, why it moved, and figures with the numbers put into them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from arlib.measures import Bridge, Figure
from arlib.measures.bridge import drill_column
from arlib.schema import HALF_CENT
from arlib.show.tables.html import Field, Html, table
from arlib.show.tables.standing import group_heading, group_names
from arlib.words import Language, Sentence, day, has_word, money, number, percent, say, word

# What a figure is in, by its formula: those of DSO are days, all others shares.
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "capital.cost.formula": "money",
        "capital.day.formula": "money",
        "concentration.effective": "times",
        "concentration.hhi": "index",
        "flows.dispute": "days",
        "flows.dispute.formula": "days",
        "flows.turnover": "times",
    }
)
_MOVED = 0.05  # days, below which an effect is written 0.0


def dso_methods_table(methods: pd.DataFrame, *, language: Language = "en") -> Html:
    """Every DSO of a day with its formula, the numbers put in; under each what it assumes and why it differs.

    Args:
        methods: as `arlib.dso_methods` returns it; where a method gives no figure, the reason stands under it.
        language: of the sentences and figures.
    """
    parts = zip(methods["assumes"], methods["differs"], methods["note"], strict=True)
    assumption = say("table.assumption")
    written = methods.assign(told=[_told([assumption, *sentences], language) for sentences in parts])
    fields = [
        Field("name", word("table.method", language)),
        Field("days", word("table.days", language), "days"),
        Field("formula", word("table.formula", language)),
    ]
    return table(written, fields, caption=word("table.dso_methods", language), language=language, note="told")


def dso_bridge_table(bridge: Bridge, *, language: Language = "en", currency: str = "", rows: int = 0) -> Html:
    """Why DSO moved, an effect a line from one day to the other, in days and in money; with `rows`, the groups' own.

    Args:
        bridge: as `arlib.dso_bridge` returns it; its sentence is the caption, with what there is to mind. Effects
            that are written 0.0 are left out where they move no money either.
        language: of the labels, figures and dates.
        currency: named in the heading of amounts when given.
        rows: list so many groups instead, those that moved DSO most, with their effects and the total of all.
    """
    return _groups(bridge, language, rows) if rows else _effects(bridge, language, currency)


def figures_table(figures: Mapping[str, Figure], *, language: Language = "en", currency: str = "") -> Html:
    """Figures in their units, with the numbers put into them and what to mind, or why one is missing.

    Args:
        figures: by the name of the function that gave each, such as `{"overdue_rate": arlib.overdue_rate(ledger)}`;
            any other name is written as it is.
        language: of the names, sentences and figures.
        currency: of amounts of money.
    """
    rows = pd.DataFrame(
        {
            "measure": [_name(name, language) for name in figures],
            "value": [_value(each, language, currency) for each in figures.values()],
            "formula": [each.formula for each in figures.values()],
            "remark": [_told([each.note], language) for each in figures.values()],
        }
    )
    fields = [
        Field("measure", word("table.measure", language)),
        Field("value", word("table.value", language), "count"),
        Field("formula", word("table.formula", language)),
    ]
    if rows["remark"].ne("").any():
        fields.append(Field("remark", word("table.remark", language)))
    return table(rows, fields, caption=word("table.figures", language), language=language)


def _effects(bridge: Bridge, language: Language, currency: str) -> Html:
    moved = bridge.effects["days"].abs().ge(_MOVED) | bridge.effects["amount"].abs().ge(HALF_CENT)
    effects = bridge.effects[moved]
    ends = [
        (_on(end, language), number(end, language, 1), end.inputs["receivable"]) for end in (bridge.start, bridge.end)
    ]
    names = [word(f"charts.effect.{effect}", language) for effect in effects["effect"]]
    steps = list(zip(names, [_signed(each, language) for each in effects["days"]], effects["amount"], strict=True))
    rows = pd.DataFrame([ends[0], *steps, ends[1]], columns=["line", "days", "amount"])
    rows["total"] = [True, *[False] * len(steps), True]
    amount = word("table.amount", language) + (f" ({currency})" if currency else "")
    fields = [
        Field("line", word("table.effect", language)),
        Field("days", word("table.days", language), "days"),
        Field("amount", amount, "money"),
    ]
    missing = np.isnan(bridge.end - bridge.start)  # the sentence has said why
    caption = _told([bridge.sentence, None if missing else bridge.note], language)
    return table(rows, fields, caption=caption, language=language, total="total")


def _groups(bridge: Bridge, language: Language, rows: int) -> Html:
    groups, effects = bridge.groups, bridge.effects.set_index("effect")["days"]
    by = list(groups.columns[: list(groups.columns).index("dso_start")])
    shown = [str(effect) for effect in effects.index if abs(effects[effect]) >= _MOVED]
    fields = [
        Field("group", group_heading(by, language)),
        Field("dso_start", day(bridge.start.inputs["as_of"], language), "days"),
        *(Field(drill_column(effect), word(f"charts.effect.{effect}", language), "days") for effect in shown),
        Field("dso_end", day(bridge.end.inputs["as_of"], language), "days"),
    ]
    columns = ["dso_start", *map(drill_column, shown), "dso_end"]
    written = groups[columns].assign(group=group_names(groups, by, language))
    if len(groups) > rows:
        others = written.iloc[rows:][columns].sum().to_frame().T
        others["group"] = word("table.others", language, rows=len(groups) - rows)
        written = pd.concat([written.head(rows), others], ignore_index=True)
    total = {"group": word("table.total", language)} | {name: groups[name].sum() for name in columns}
    caption = bridge.note if np.isnan(bridge.end - bridge.start) else say("table.bridge_groups")
    return table(written, fields, caption=_told([caption], language), language=language, footer=total)


def _on(end: Figure, language: Language) -> str:
    return word("table.dso_on", language, day=end.inputs["as_of"])


def _signed(days: float, language: Language) -> str:
    return ("+" if round(days, 1) > 0 else "") + number(days, language, 1)


def _told(sentences: Iterable[Sentence | None], language: Language) -> str:
    """What there is to say, one sentence after the other."""
    return " ".join(sentence.text(language) for sentence in sentences if sentence is not None)


def _name(name: str, language: Language) -> str:
    keys = (f"dso.name.{name}", f"table.figure.{name}")
    return next((word(key, language) for key in keys if has_word(key)), name)


def _value(each: Figure, language: Language, currency: str) -> str:
    key = each.formula.key
    match _UNITS.get(key, "days" if key.startswith(("dso.", "countback.")) else "share"):
        case "days":
            return number(each, language, 1)
        case "money":
            return money(each, language, currency)
        case "times":
            return number(each, language)
        case "index":
            return number(each, language, 4)
        case _:
            return percent(each, language)
