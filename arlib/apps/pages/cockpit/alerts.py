"""What asks for attention today: what other pages know, a line each, with the money at stake and the page that acts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from arlib.apps.answers import Answers
from arlib.errors import ArlibError
from arlib.law import legal_due_dates
from arlib.risk import early_warnings
from arlib.schema import HALF_CENT
from arlib.words import Language, word

Severity = Literal["error", "warning"]
_RANK = {"error": 0, "warning": 1}
_TOLD_APART = "terms_beyond_law"  # a check of all invoices ever; those still open are an alert of their own
_CUSTOMERS = 5  # with a warning: more would bury the rest, and the customers' page has them all


@dataclass(frozen=True)
class Alert:
    """One thing to look at.

    Attributes:
        severity: error where figures cannot be trusted, else warning.
        text: what it is, in words.
        amount: the money at stake.
        page: the page that acts.
        asked: what to ask of that page.
        told: the sentence behind it, where there is more to say.
    """

    severity: Severity
    text: str
    amount: float
    page: str
    asked: dict[str, str] = field(default_factory=dict)
    told: str = ""


@dataclass(frozen=True)
class Alerts:
    """The alerts of a day, the gravest first, then the largest; and why some could not be looked for."""

    found: tuple[Alert, ...]
    unknown: tuple[ArlibError, ...]

    def frame(self, language: Language) -> pd.DataFrame:
        """One row an alert: `place` in `found` as a text, `severity`, `text`, `told`, `amount`, `page`, in words."""
        rows = [
            (
                str(place),
                word(f"export.severity.{alert.severity}", language),
                alert.text,
                alert.told,
                alert.amount,
                word(f"app.page.{alert.page}", language),
            )
            for place, alert in enumerate(self.found)
        ]
        return pd.DataFrame(rows, columns=["place", "severity", "text", "told", "amount", "page"])


def alerts_of(answers: Answers, language: Language) -> Alerts:
    """What asks for attention, in a language; each kind that cannot be looked for says why."""
    found: list[Alert] = []
    unknown: list[ArlibError] = []
    for look in _KINDS:
        try:
            found.extend(look(answers, language))
        except ArlibError as error:
            unknown.append(error)
    ordered = sorted(found, key=lambda alert: (_RANK[alert.severity], -abs(alert.amount)))
    return Alerts(tuple(ordered), tuple(unknown))


def _untied(answers: Answers, language: Language) -> Iterator[Alert]:
    """Totals that differ from the accounts."""
    differing = answers.proof[answers.proof["ties"].eq(other=False)]
    if len(differing):
        yield Alert("error", word("app.alert.proof", language), float(differing["difference"].abs().max()), "audit")


def _findings(answers: Answers, language: Language) -> Iterator[Alert]:
    """What looks wrong, a line a check, but for what is only worth knowing."""
    findings = answers.findings(language)
    told = findings["severity"].isin(list(_RANK)) & findings["check"].ne(_TOLD_APART)
    counted = findings[told].groupby("check", sort=False)
    checks = counted.agg(
        severity=("severity", "first"), meaning=("meaning", "first"), found=("count", "sum"), amount=("amount", "sum")
    )
    each: Any  # a named row
    for each in checks.itertuples():
        text = word("app.alert.finding", language, meaning=each.meaning, found=each.found)
        yield Alert(each.severity, text, abs(each.amount), "audit", {"check": each.Index})


def _customers(answers: Answers, language: Language) -> Iterator[Alert]:
    """Customers whose ways changed for the worse, by rules that are not known to be no better than chance."""
    warnings = answers.once(
        ("early_warnings", language), lambda: early_warnings(answers.ledger, answers.as_of, language=language)
    )
    record = warnings.record
    useless = record.loc[record["verdict"] == "no_better", "rule"]
    told = warnings.warnings[~warnings.warnings["rule"].isin(useless)].drop_duplicates("customer_id")
    each: Any  # a named row
    for each in told.head(_CUSTOMERS).itertuples():
        rule = word(f"risk.warning.{each.rule}.name", language)
        text = word("app.alert.customer", language, name=each.name, rule=rule)
        yield Alert("warning", text, each.amount, "customers", {"customer": each.customer_id}, each.sentence)


def _beyond_law(answers: Answers, language: Language) -> Iterator[Alert]:
    """Open invoices on terms that the law does not allow."""
    legal = answers.once(
        ("legal_due_dates", language), lambda: legal_due_dates(answers.ledger, answers.as_of, language=language)
    )
    invoices = legal.invoices
    beyond = invoices[(invoices["status"] == "beyond") & (invoices["open_amount"] >= HALF_CENT)]
    if len(beyond):
        text = word("app.alert.law", language, invoices=len(beyond))
        yield Alert("warning", text, round(float(beyond["open_amount"].sum()), 2), "audit", {"part": "law"})


def _without_promise(answers: Answers, language: Language) -> Iterator[Alert]:
    """Customers to contact, today or another day, who are overdue and have promised nothing."""
    found = answers.worklist(language)
    told = ["overdue", "promised"]
    contacts = pd.concat([found.contacts[told], found.left[told]])
    silent = contacts[(contacts["overdue"] >= HALF_CENT) & (contacts["promised"] < HALF_CENT)]
    if len(silent):
        text = word("app.alert.promise", language, customers=len(silent))
        yield Alert("warning", text, round(float(silent["overdue"].sum()), 2), "collect")


_KINDS: tuple[Callable[[Answers, Language], Iterator[Alert]], ...] = (
    _untied,
    _findings,
    _customers,
    _beyond_law,
    _without_promise,
)
