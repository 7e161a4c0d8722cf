"""What today's list shows of a worklist: frames in, tables and sentences out."""

from html import escape

import pandas as pd

from arlib.apps.parts.panels import note, scrolled
from arlib.collection import Worklist
from arlib.show.charts.dunning import channel_label
from arlib.show.tables import Field, Html, frame_table
from arlib.words import Language, money, word

_COLUMNS = ("rank", "customer_id", "name", "phone", "channel", "chased", "overdue", "days_overdue", "promised")
_MOST_LEFT = 20  # customers beyond the capacity that are named


def rows(found: Worklist, customers: pd.DataFrame, language: Language) -> pd.DataFrame:
    """One row a contact, in its order, with whom to ask for and why: `told`."""
    taken = found.contacts
    person = taken["customer_id"].map(customers.set_index("customer_id")["contact"]).fillna("").str.strip()
    before, _, after = word("app.collect.today.ask_for", language, contact="\0").partition("\0")
    asked = (before + person + after + " ").where(person != "", "")
    return taken[[*_COLUMNS, "expected_gain"]].assign(
        name=taken["name"].fillna(taken["customer_id"]),
        phone=taken["phone"].str.replace(" ", "\u00a0"),  # a number is never broken over two lines
        told=asked + taken["reason"],
    )


def fields(listed: pd.DataFrame, language: Language) -> list[Field]:
    """The columns of the list; promises only where there are some."""
    kinds = {"chased": "money", "overdue": "money", "days_overdue": "count", "promised": "money"}
    money = [name for name in kinds if name != "promised" or (listed["promised"] > 0).any()]
    return [
        Field("name", word("table.customer", language)),
        Field("rank", word("table.column.rank", language), "count"),
        Field("phone", word("table.column.phone", language)),
        Field("channel", word("table.column.channel", language)),
        *(Field(name, _heading(name, language), "count" if kinds[name] == "count" else "money") for name in money),
        Field("expected_gain", word("table.column.expected_gain", language), "money"),
    ]


def _heading(name: str, language: Language) -> str:
    key = "table.column.overdue.days" if name == "days_overdue" else f"table.column.{name}"
    return word(key, language)


def channels(listed: pd.DataFrame, language: Language) -> dict[str, str]:
    """The channels of a list, with what they are called."""
    return {name: channel_label(name, language) for name in sorted(listed["channel"].unique())}


def about(found: Worklist, currency: str, language: Language) -> Html:
    """How many are on the list, for how much work, and what is asked for."""
    taken = found.contacts
    told = {
        "contacts": len(taken),
        "left": len(found.left),
        "minutes": float(taken["minutes"].sum()),
        "amount": money(float(taken["chased"].sum()), language, currency),
    }
    return note(word("app.collect.today.about", language, **told), name="today-about")


def left(found: Worklist, language: Language) -> Html:
    """The first of those beyond the capacity, and why; nothing where there is none."""
    if found.left.empty:
        return Html()
    shown = found.left[["name", "channel", "chased", "expected_gain", "why"]]
    summary = escape(word("app.collect.today.left", language, rows=len(shown)))
    table = scrolled(frame_table(shown, rows=_MOST_LEFT, language=language), name="worklist-left")
    return Html(f'<details class="arlib-basis"><summary>{summary}</summary>{table}</details>')
