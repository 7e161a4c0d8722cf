"""Letters from a plan of reminders, and statements of account: every word a person can check before sending."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.dunning import DunningPlan, customer_languages, level_label
from arlib.collection.letters.letter import STATEMENT, WRITTEN, Letter, Sender, clean_line, shortened, typeset
from arlib.collection.letters.recipients import Recipients
from arlib.collection.letters.templates import TABLE, Template, filled, read_template
from arlib.collection.letters.values import GAPS, Asked, Penalties, field_values, gap
from arlib.errors import ArlibError
from arlib.law.penalties import LatePenalties, late_penalties
from arlib.ledger import Day, Ledger, open_items
from arlib.words import Language, Sentence, say

_ROWS = ["item_id", "reference", "issued_on", "due_on", "days_overdue", "amount", "open_amount", "currency"]
_KEYS = ["day", "customer_id"]
_SHOWN = 10


def compose_letters(  # noqa: PLR0913 - who writes, to whom, in which words: all but who as it stands
    ledger: Ledger,
    plan: DunningPlan,
    *,
    company: Sender,
    actions: pd.DataFrame | None = None,
    language: Language | None = None,
    templates: str | Path | None = None,
    addresses: pd.DataFrame | None = None,
    penalties: LatePenalties | None = None,
) -> list[Letter]:
    """The letters of a plan: one for each written action, in the plan's order; calls and visits have none.

    A template that speaks of penalties has them computed on each invoice listed (`late_penalties`), up to the plan's
    day, to which its days overdue are counted too; unmatched payments and credit notes, which are taken off what is
    asked for, count as paying the oldest debts from their own day on.

    What is not known stands in the letter as a visible gap, and in its notes. Nothing is sent.

    Args:
        ledger: the ledger the plan is of.
        plan: of `dunning_plan`.
        company: who writes.
        actions: rows of `plan.actions`; by default those of its first day (due today and late): what goes out later
            depends on what is paid by then.
        language: of all letters; by default each customer's, as the customers' file tells it, else by its country.
        templates: a folder of templates (`copy_templates`); those it lacks are the ones that ship.
        addresses: postal addresses, contacts and e-mails by customer_id, which go before those of the customers' file:
            see `Recipients`.
        penalties: by default those of the law, up to the plan's day, with `apply_credits`.

    Raises:
        ArlibError: actions that are not of the plan, a template that cannot be read.
    """
    chosen = plan.actions[plan.actions["status"] != "planned"] if actions is None else actions
    _check_actions(chosen, plan)
    chosen = chosen[chosen["channel"].isin(WRITTEN)]
    listed = plan.items.merge(chosen[_KEYS], on=_KEYS)
    listed = listed.merge(ledger.items[["item_id", "issued_on", "amount", "currency"]], on="item_id", how="left")
    listed = listed.sort_values(["due_on", "reference", "item_id"])
    recipients = Recipients(ledger, addresses)
    desk = _Desk(ledger, plan.as_of, company, language, templates, recipients, listed["item_id"], penalties)
    of_letter = {key: rows for key, rows in listed.groupby(_KEYS)}  # noqa: C416 - a grouping is no mapping
    made = []
    for action in chosen.to_dict("records"):
        rows = of_letter[action["day"], action["customer_id"]]
        made.append(desk.letter(action, rows[_ROWS], round(float(rows["credits"].sum()), 2)))
    return made


def compose_statements(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    company: Sender,
    customers: Iterable[str] | None = None,
    language: Language | None = None,
    templates: str | Path | None = None,
    addresses: pd.DataFrame | None = None,
) -> list[Letter]:
    """A statement of account for each customer: every item open on a day, credits too; its total is the balance.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        company: who writes.
        customers: identifiers; all that have an open item by default.
        language: as for `compose_letters`, as are the next two.
        templates: a folder.
        addresses: postal ones, and e-mails.

    Raises:
        ArlibError: a customer is not of the ledger, or a template cannot be read.
    """
    day = ledger.day(as_of)
    opened = open_items(ledger, day).sort_values(["customer_id", "due_on", "item_id"])
    desk = _Desk(ledger, day, company, language, templates, Recipients(ledger, addresses), opened["item_id"], None)
    wanted = sorted(opened["customer_id"].unique()) if customers is None else list(customers)
    unknown = sorted(set(wanted) - set(ledger.customers["customer_id"]))
    if unknown:
        raise ArlibError(
            say("letters.customers", rows=len(unknown), names=", ".join(map(clean_line, unknown[:_SHOWN])))
        )
    of_customer = {customer: rows for customer, rows in opened.groupby("customer_id")}  # noqa: C416
    action = {"level": STATEMENT, "template": STATEMENT, "channel": "email", "day": day, "previous_on": pd.NaT}
    none = opened.head(0)
    return [
        desk.letter(action | {"customer_id": customer}, of_customer.get(customer, none)[_ROWS], 0.0)
        for customer in wanted
    ]


def _check_actions(chosen: pd.DataFrame, plan: DunningPlan) -> None:
    wanted = [*_KEYS, "level", "channel", "template", "previous_on"]
    missing = [name for name in wanted if name not in chosen]
    if missing or not pd.MultiIndex.from_frame(chosen[_KEYS]).isin(pd.MultiIndex.from_frame(plan.actions[_KEYS])).all():
        raise ArlibError(say("letters.actions"))


@dataclass(frozen=True, eq=False)
class _Desk:
    """What all letters of one call share."""

    ledger: Ledger
    day: pd.Timestamp
    company: Sender
    language: Language | None
    folder: str | Path | None
    recipients: Recipients
    items: "pd.Series[int]"
    penalties: LatePenalties | None

    @cached_property
    def _languages(self) -> dict[str, Language]:
        return dict(customer_languages(self.ledger, self.company.language))  # type: ignore[arg-type]

    @cached_property
    def _names(self) -> dict[str, str]:
        codes = self.ledger.customers["customer_id"]
        names = self.ledger.customers["name"].fillna(codes)
        return {code: clean_line(name) or clean_line(code) for code, name in zip(codes, names, strict=True)}

    @cached_property
    def _templates(self) -> dict[tuple[str, Language], Template]:
        return {}

    @cached_property
    def _penalties(self) -> Penalties:
        return Penalties(self.penalties or late_penalties(self.ledger, self.day, apply_credits=True), self.items)

    def letter(self, action: dict[Any, Any], rows: pd.DataFrame, credits_: float) -> Letter:
        """One letter: its template filled."""
        customer = str(action["customer_id"])
        language = self.language or self._languages[customer]
        template = self._template(str(action["template"]), language)
        claimed = self._penalties.of(rows["item_id"], credits_) if template.claims_penalties else None
        interest, indemnity = (np.nan, np.nan) if claimed is None else (claimed.interest, claimed.indemnity)
        if claimed is not None:  # the days late beside the interest are those it counts
            rows = rows.assign(days_overdue=(claimed.on - rows["due_on"]).dt.days)
        name, address, email = self._names[customer], self.recipients.lines(customer), self.recipients.email(customer)
        currency = self.ledger.currency
        asked = Asked(customer, name, self.company, currency, action["day"], self.day, action["previous_on"])
        subject, before, after = _words(template, field_values(asked, rows, credits_, claimed, language))
        return Letter(
            customer_id=customer,
            customer_name=name,
            language=language,
            level=str(action["level"]),
            level_label=level_label(str(action["level"]), language),
            channel=str(action["channel"]),
            written_on=action["day"],
            counted_on=action["day"] if claimed is None else claimed.on,
            sender=self.company,
            recipient=(
                shortened(name),
                *self.recipients.attention(customer, language),
                *(address or (gap("address", language),)),
            ),
            email=email,
            subject=subject,
            before=before,
            after=after,
            has_table="{" + TABLE + "}" in template.paragraphs,
            rows=rows[_ROWS[1:-1]].assign(interest=interest, indemnity=indemnity).reset_index(drop=True),
            credits=credits_,
            total=round(float(rows["open_amount"].sum()) - credits_, 2),
            interest=round(float(np.sum(interest)), 2),
            indemnity=round(float(np.sum(indemnity)), 2),
            currency=currency,
            notes=(
                *_missing((subject, *before, *after), address, email, name, language),
                *_foreign(rows["currency"], currency),
                *(claimed.notes if claimed else ()),
            ),
        )

    def _template(self, name: str, language: Language) -> Template:
        known = self._templates
        if (name, language) not in known:
            known[name, language] = read_template(name, language, self.folder)
        return known[name, language]


def _words(template: Template, values: dict[str, str]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The subject, and the paragraphs before and after the table."""
    table = "{" + TABLE + "}"
    texts = [typeset(text, template.language) if text != table else text for text in template.paragraphs]
    place = texts.index(table) if table in texts else len(texts)
    before, after = (tuple(filled(text, values) for text in part) for part in (texts[:place], texts[place + 1 :]))
    return clean_line(filled(typeset(template.subject, template.language), values)), before, after


def _missing(
    texts: Iterable[str], address: tuple[str, ...], email: str, name: str, language: Language
) -> list[Sentence]:
    """What a person has to complete."""
    notes = [] if address else [say("letters.note.address", name=name)]
    notes += [] if email else [say("letters.note.email", name=name)]
    written = "\n".join(texts)
    gaps = [gap(each, language) for each in GAPS if gap(each, language) in written]
    return [*notes, *([say("letters.note.gaps", name=name, gaps=", ".join(gaps))] if gaps else [])]


def _foreign(currencies: "pd.Series[str]", currency: str) -> list[Sentence]:
    """That items were invoiced in another currency than that of the accounts, or that nobody named any."""
    if not currency:
        return [say("letters.note.no_currency")]
    foreign = int((currencies.notna() & (currencies != currency)).sum())
    return [say("letters.note.currency", rows=foreign, currency=currency)] if foreign else []
