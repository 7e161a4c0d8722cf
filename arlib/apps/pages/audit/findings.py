"""What looks wrong: a check a row with the money at stake, then the findings of one, each with where it was read."""

from html import escape

import ipywidgets as widgets
import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.audit.asked import CHECKS, ROWS
from arlib.apps.pages.audit.books import SEVERITIES
from arlib.apps.pages.audit.dossier import Dossiers
from arlib.apps.pages.audit.part import Part
from arlib.apps.parts.focus import Focus
from arlib.apps.parts.late_card import LateCard
from arlib.apps.parts.panels import note, section
from arlib.apps.parts.table_view import TableState
from arlib.apps.visit.page import Visit
from arlib.show.tables import Field
from arlib.show.tables.columns import column_heading, column_kind
from arlib.words import Language, say, word

_ROWS = ("name", "reference", "value", "amount", "count", "file", "row")


class FindingsPart(Part):
    """The checks that found something, or the findings of one of them."""

    def __init__(self, visit: Visit, dossiers: Dossiers) -> None:
        super().__init__(visit, dossiers)
        self._checks = self.table("checks", CHECKS, self._open)
        self._rows = self.table("finding-rows", ROWS, self._open_owner)
        self._overlap, self._meaning, self._focus = widgets.HTML(), widgets.HTML(), Focus()
        self._back = self.button().add_class("arlib-card-back")
        self._back.on_click(visit.doing(lambda _: visit.ask(check=None, part="findings", **_as_usual())))
        self._list = section(self._checks, self._overlap).add_class("arlib-listed")
        self._one = section(self._back, self._meaning, self._rows).add_class("arlib-audit-one")
        self._card = LateCard(visit, "checking", self._list, self._one, self._focus, wide=True)
        self.box.children = (self._card.box,)
        self.box.add_class("arlib-list-and-one")  # within which Focus keeps the keyboard's place

    def speak(self, language: Language) -> None:
        """See `Part.speak`."""
        self._card.speak(language)
        self._back.description = word("app.audit.all_checks", language)
        self._overlap.value = note(word("export.findings.overlap", language))

    def draw(self) -> None:
        """See `Part.draw`."""
        asked = self.asked
        self._card.show(self._draw, self.answers, asked.check, asked.tables[CHECKS], asked.tables[ROWS])

    def _draw(self, language: Language) -> None:
        answers, asked = self.answers, self.asked
        checks = answers.once(("audit", "checks", language), lambda: by_check(answers.findings(language)))
        check = asked.check if asked.check in set(checks["check"]) else ""
        self._list.layout.display = "none" if check else ""
        self._one.layout.display = "" if check else "none"
        self._focus.opened = check
        if check:
            self._draw_rows(check, checks)
        else:
            self._draw_checks(checks)

    def _draw_checks(self, checks: pd.DataFrame) -> None:
        answers, language = self.answers, self.language
        stake = word("export.findings.at_stake", language) + _in(answers)
        severities = {name: word(f"export.severity.{name}", language) for name in SEVERITIES}
        self._checks.show(
            checks,
            [
                Field("meaning", column_heading(checks, "meaning", language)),
                Field("severity", column_heading(checks, "severity", language)),
                Field("count", column_heading(checks, "count", language), "count"),
                Field("amount", stake, "money"),
            ],
            key="check",
            state=self.asked.tables[CHECKS],
            caption=word("app.audit.checks", language, day=answers.as_of),
            empty=say("export.findings.none"),
            language=language,
            filters={"severity": {name: text for name, text in severities.items() if name in set(checks["severity"])}},
            narrow=("amount",),
        )

    def _draw_rows(self, check: str, checks: pd.DataFrame) -> None:
        answers, language = self.answers, self.language
        rows = answers.once(("audit", "rows", check, language), lambda: rows_of(answers, check, language))
        meaning = checks.loc[checks["check"] == check, "meaning"].iloc[0]
        self._meaning.value = f'<h3 data-testid="audit-check">{escape(meaning)}</h3>'
        self._rows.show(
            rows,
            [_field(rows, name, answers, language) for name in _ROWS if _tells(rows, name, answers)],
            key="place",
            state=self.asked.tables[ROWS],
            caption=word("app.audit.rows", language, rows=len(rows)),
            empty=say("export.findings.none"),
            language=language,
            totals=("amount",),
            narrow=("amount",),
        )

    def _open(self, check: str) -> None:
        self.visit.ask(check=check, **_as_usual())

    def _open_owner(self, place: str) -> None:
        """The customer of a finding; a series of numbers or a month has none."""
        owner = self.answers.findings(self.language)["customer_id"].loc[int(place)]
        if pd.notna(owner):
            self.open_customer(str(owner))


def by_check(findings: pd.DataFrame) -> pd.DataFrame:
    """One row a check that found something, the gravest first: how many movements, and what is at stake."""
    grouped = findings.groupby("check", sort=False)
    checks = grouped.agg(severity=("severity", "first"), meaning=("meaning", "first"), count=("count", "sum"))
    return checks.assign(amount=grouped["amount"].sum(min_count=1)).reset_index()


def rows_of(answers: Answers, check: str, language: Language) -> pd.DataFrame:
    """The findings of a check: whose, of which document, the value that struck, and where it was read."""
    findings, ledger = answers.findings(language), answers.ledger
    rows = findings[findings["check"] == check]
    names = ledger.customers.set_index("customer_id")["name"]
    references = ledger.items.set_index("item_id")["reference"]
    owners = rows["customer_id"]
    return rows.assign(
        place=rows.index,
        name=owners.map(names).fillna(owners),
        reference=rows["item_id"].map(references),
    )


def _field(rows: pd.DataFrame, name: str, answers: Answers, language: Language) -> Field:
    headings = {
        "name": word("table.customer", language),
        "amount": word("export.findings.at_stake", language) + _in(answers),
        "row": word("export.column.row", language),
    }
    return Field(name, headings.get(name) or column_heading(rows, name, language), column_kind(rows, name))


def _tells(rows: pd.DataFrame, name: str, answers: Answers) -> bool:
    """Whether a column says anything: not the one file of a ledger, nor that each finding is of one movement."""
    if name == "file":
        return len(answers.ledger.sources) > 1
    if name == "count":
        return bool((rows["count"] > 1).any())
    return name == "name" or bool(rows[name].notna().any())


def _in(answers: Answers) -> str:
    return f" ({answers.ledger.currency})" if answers.ledger.currency else ""


def _as_usual() -> dict[str, str | None]:
    """The rows of a check from the first on."""
    return TableState().asked(ROWS)
