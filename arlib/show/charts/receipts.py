"""What became of bank receipts: matched by themselves, to be looked at, without a proposal, in the books already."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from arlib.collection.receipts import ReceiptMatching
from arlib.show.charts.axes import (
    bar_axis,
    figures_beside,
    in_lines,
    nothing_drawn,
    row_axis,
    row_legend,
    rows_high,
    tip,
)
from arlib.show.charts.figures import share_text, short_amount, whole_money
from arlib.show.look import BLUE, GREEN, GREY, ORANGE, VERMILLION, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, number, word

BOOKED, RETURNED = "booked", "returned"
# The classes of receipts, in the order in which a person cares for them.
CLASS_COLOURS = {"automatic": BLUE, "review": ORANGE, "unmatched": VERMILLION, RETURNED: GREEN, BOOKED: GREY}
_PLACES = {name: place for place, name in enumerate(CLASS_COLOURS)}
# What the reasons of proposals have in common; each of the others is a bar of its own.
_GROUPS = (("reference_", "reference"), ("amount_alone", "alone"), ("amount_", "amount"), ("returned", RETURNED))
_ROOM = 104  # pixels, for the figures beyond the end of a bar


def receipts_chart(matching: ReceiptMatching, *, language: Language = "en", currency: str = "") -> Drawing:
    """How many receipts of each class there are and why, with their amounts.

    Amounts are those in the ledger's currency; receipts in others are counted in the bars and named under the title.

    Args:
        matching: as `arlib.match_receipts` returns it.
        language: of the labels and figures.
        currency: of the amounts; the ledger's by default.
    """
    about = word("charts.about.receipts", language)
    classes = receipt_classes(matching)
    if classes.empty:
        return nothing_drawn(word("charts.receipts.none", language), about, language)
    home = currency or matching.ledger.currency
    rows = _rows(classes, home, language)
    used = [name for name in CLASS_COLOURS if rows["class"].eq(name).any()]
    names = {name: class_label(name, language) for name in used}
    scale = alt.Scale(domain=list(names.values()), range=[CLASS_COLOURS[name] for name in used])
    labels = rows["label"].tolist()
    base = alt.Chart(rows.assign(**{"class": rows["class"].map(names)})).encode(
        x=bar_axis("receipts", right=_ROOM),
        y=row_axis("label", labels, lines=True),
        tooltip=[
            tip("class:N", word("table.receipts.class", language)),
            tip("why:N", word("table.column.reason", language)),
            tip("receipts:Q", word("table.receipts.receipts", language), ",d"),
            tip("amount:Q", word("show.amount", language), ",.2f"),
        ],
    )
    colour = alt.Color("class:N", scale=scale, legend=row_legend())
    drawn = base.mark_bar(size=16, cornerRadiusEnd=3).encode(color=colour) + figures_beside(base, "receipts")
    finding, unit = _finding(classes, home, language), _unit(classes, home, language)
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=rows_high(labels=labels))


def receipt_classes(matching: ReceiptMatching) -> pd.DataFrame:
    """`ReceiptMatching.summary` by what a person has to do: class, reason, currency, receipts, amount."""
    summary = matching.summary
    booked = summary["reason"].eq("already_booked")
    returned = summary["reason"].str.startswith("returned") & summary["state"].eq("unmatched")
    classes = summary["state"].mask(booked, BOOKED).mask(returned, RETURNED)
    found = summary.drop(columns="state").assign(**{"class": classes})
    place = found["class"].map(_PLACES)
    order = found.assign(_place=place).sort_values(["_place", "receipts", "reason"], ascending=[True, False, True])
    return order.drop(columns="_place").reset_index(drop=True)[["class", "reason", "currency", "receipts", "amount"]]


def class_label(name: str, language: Language) -> str:
    """What a class of receipts is called."""
    return word(f"table.receipts.{name}", language)


def _rows(classes: pd.DataFrame, home: str, language: Language) -> pd.DataFrame:
    """A row a class and kind of reason, every currency in it: how many, and the amount in the ledger's currency."""
    own = classes["currency"] == home
    kinds = classes.assign(
        kind=classes["reason"].map(_kind),
        amount=classes["amount"].where(own, 0.0),
        of_others=classes["receipts"].mask(own, 0),
    )
    grouped = kinds.groupby(["class", "kind"], as_index=False, sort=False)
    rows = (
        grouped[["receipts", "amount", "of_others"]]
        .sum()
        .sort_values(
            ["class", "receipts"],
            ascending=[True, False],
            key=lambda column: column.map(_PLACES) if column.name == "class" else column,
            kind="stable",
            ignore_index=True,
        )
    )
    why = [_why(*names, language) for names in zip(rows["class"], rows["kind"], strict=True)]
    figures = [_figure(row, language) for row in rows.to_dict("records")]
    return rows.assign(why=why, label=[in_lines(each) for each in why], figure=figures)


def _kind(reason: str) -> str:
    return next((kind for start, kind in _GROUPS if reason.startswith(start)), reason)


def _why(name: str, kind: str, language: Language) -> str:
    """A kind of reason in a few words, said to be looked at where it is: some kinds stand in two classes."""
    why = word(f"charts.receipts.{kind}", language)
    return word("charts.receipts.to_look_at", language, why=why) if name == "review" else why


def _figure(row: Mapping[Hashable, Any], language: Language) -> str:
    """How many, and the amount where it is in the ledger's currency."""
    count = number(row["receipts"], language, 0)
    return count if row["of_others"] == row["receipts"] else f"{count} · {short_amount(row['amount'], language)}"


def _finding(classes: pd.DataFrame, home: str, language: Language) -> str:
    """Of the receipts that are not in the books yet, how many nobody need look at; what is left to a person."""
    counts = classes.groupby("class")["receipts"].sum().reindex(list(CLASS_COLOURS), fill_value=0)
    asked = int(counts[["automatic", "review", "unmatched"]].sum())
    if not asked:
        return word("charts.receipts.booked", language, receipts=int(counts.sum()))
    own = classes[(classes["class"] == "automatic") & (classes["currency"] == home)]
    told = {
        "share": share_text(counts["automatic"] / asked, language),
        "amount": whole_money(float(own["amount"].sum()), language, home),
        "review": int(counts["review"]),
        "unmatched": int(counts["unmatched"]),
    }
    key = "found" if counts["automatic"] else "by_hand"
    return word(f"charts.receipts.{key}", language, asked=asked, **told)


def _unit(classes: pd.DataFrame, home: str, language: Language) -> str:
    """What the figures are; how many receipts are in other currencies, whose amounts are not added."""
    others = int(classes.loc[classes["currency"] != home, "receipts"].sum())
    told = {"currency": f" ({home})" if home else "", "others": others}
    return word("charts.receipts.unit_others" if others else "charts.receipts.unit", language, **told)
