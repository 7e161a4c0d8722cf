"""Another export of the same books beside this one: what is new, paid, changed or gone, and what it does."""

from dataclasses import replace
from html import escape

import ipywidgets as widgets
import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.audit.asked import CHANGES
from arlib.apps.pages.audit.dossier import Dossiers
from arlib.apps.pages.audit.part import Part
from arlib.apps.parts.panels import card, heading, note, scrolled, section, title_place
from arlib.apps.parts.upload import Upload
from arlib.apps.visit.page import Visit
from arlib.checks import Restatement, compare_ledgers
from arlib.checks.restatement import AFTER, BEFORE
from arlib.checks.restatement import CHANGES as KINDS
from arlib.readers import read_ledger
from arlib.show.tables import Field, Html, table
from arlib.show.tables.columns import column_cells, column_heading, column_kind
from arlib.words import Language, say, word

_SHOWN = ("reference", "change", "kind", "issued_on", "column", "before", "after", "effect", "since")


class ComparedPart(Part):
    """A place for the earlier export, and what changed since."""

    def __init__(self, visit: Visit, dossiers: Dossiers) -> None:
        super().__init__(visit, dossiers)
        self._title, self._about, self._told = title_place(), widgets.HTML(), widgets.HTML()
        self._upload = Upload(visit.doing(self._receive), language=visit.language, name="earlier-export")
        self._forget = self.button().add_class("arlib-control-forget-export")
        self._forget.on_click(visit.doing(lambda _: self._drop()))
        self._items = self.table("changes", CHANGES, self._open_changed)
        shelf = widgets.Box([self._upload, self._forget]).add_class("arlib-shelf")
        self._answer = section(self._told, self._items)
        self.box.children = (card(self._title, self._about, shelf, self._answer),)

    def speak(self, language: Language) -> None:
        """See `Part.speak`."""
        self._title.value = heading("app.section.audit_compared", language)
        self._about.value = note(word("app.audit.compared.about", language))
        self._forget.description = word("app.audit.forget_export", language)
        self._upload.speak(language)

    def draw(self) -> None:
        """See `Part.draw`."""
        known = self.dossier.before is not None
        self._forget.layout.display = self._answer.layout.display = "" if known else "none"
        if known:
            self._draw(self._restatement())

    def _receive(self, name: str, content: bytes) -> None:
        """The earlier export; one that cannot be read or compared is refused, and why is told."""
        with self.visit.working("comparing"):
            ledger = self.answers.ledger
            before = read_ledger((name, content), currency=ledger.currency or None)
            compare_ledgers(before, ledger)
            self.put(replace(self.dossier, before_file=name, before=before))

    def _drop(self) -> None:
        self.put(replace(self.dossier, before_file="", before=None))

    def _restatement(self) -> Restatement:
        answers, before = self.answers, self.dossier.before
        if before is None:
            raise RuntimeError
        return answers.once(("audit", "compared", before), lambda: compare_ledgers(before, answers.ledger))

    def _draw(self, found: Restatement) -> None:
        answers, language = self.answers, self.language
        self._told.value = said(found, self.dossier.before_file, language)
        rows = answers.once(("audit", "changes", found, language), lambda: changes(found, answers, language))
        kinds = {kind: word(f"app.audit.change.{kind}", language) for kind in KINDS if kind in set(rows["change"])}
        self._items.show(
            rows,
            [Field("name", word("table.customer", language)), *(_field(rows, name, language) for name in _SHOWN)],
            key="place",
            state=self.asked.tables[CHANGES],
            caption=word("app.audit.compared.items", language),
            empty=say("restatement.nothing"),
            language=language,
            filters={"change": kinds},
            totals=("effect", "since"),
            narrow=("change", "effect"),
        )

    def _open_changed(self, place: str) -> None:
        owner = self._restatement().items["customer_id"].iloc[int(place)]
        if owner in set(self.answers.ledger.customers["customer_id"]):
            self.open_customer(str(owner))


def said(found: Restatement, file: str, language: Language) -> Html:
    """What changed in sentences, then each kind of change with what it does to the balance and the DSO."""
    first, *others = (each.text(language) for each in found.sentences)
    lines = "".join(f"<li>{escape(line)}</li>" for line in others)
    title = escape(word("app.audit.compared.with", language, file=file))
    words = Html(f'<h3>{title}</h3><p data-testid="compared-balances">{escape(first)}</p><ul>{lines}</ul>')
    effect = found.effect[(found.effect["items"] > 0) | found.effect["change"].isin([BEFORE, AFTER])]
    named = effect.assign(
        change=[word(f"app.audit.change.{change}", language) for change in effect["change"]],
        total=effect["change"].isin([BEFORE, AFTER]),
    )
    fields = [
        Field("change", column_heading(effect, "change", language)),
        Field("items", column_heading(effect, "items", language), "count"),
        Field("effect", word("app.audit.compared.effect", language, day=found.day), "money"),
        Field("since", word("app.audit.compared.since", language, day=found.until), "money"),
        Field("dso_effect", word("app.audit.compared.dso", language), "days"),
    ]
    caption = word("app.audit.compared.caption", language)
    return Html(
        words + scrolled(table(named, fields, caption=caption, language=language, total="total"), name="compared")
    )


def changes(found: Restatement, answers: Answers, language: Language) -> pd.DataFrame:
    """One row a change, the largest first, with the customer's name and the column's."""
    names = answers.ledger.customers.set_index("customer_id")["name"]
    items = found.items
    weight = items["effect"].abs() + items["since"].abs()
    named = items.assign(
        place=range(len(items)),
        name=items["customer_id"].map(names).fillna(items["customer_id"]),
        kind=column_cells(items, "kind", language),
        column=column_cells(items, "column", language),
    )
    return named.loc[weight.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _field(rows: pd.DataFrame, name: str, language: Language) -> Field:
    own = {"column": "app.audit.compared.column", "effect": "table.column.effect", "since": "app.audit.compared.after"}
    return Field(
        name,
        word(own[name], language) if name in own else column_heading(rows, name, language),
        column_kind(rows, name),
    )
