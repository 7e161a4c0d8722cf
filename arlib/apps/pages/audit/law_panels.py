"""What the law says, as HTML and as columns of tables: values of `arlib.law` in, text out; all of it escaped."""

from collections.abc import Iterable
from html import escape

import pandas as pd

from arlib.apps.parts.panels import figure_card, figure_cards, figure_line, folded, note, scrolled
from arlib.law import Deadlines, LatePenalties, LegalDueDates, PaymentDelayTable, TermsAgainstLaw
from arlib.show.tables import (
    Field,
    Html,
    late_delays_table,
    legal_due_dates_table,
    proof_table,
    table,
    terms_against_law_table,
    unpaid_delays_table,
)
from arlib.show.tables.columns import column_heading, column_kind
from arlib.words import Language, Sentence, money, word

_STATUSES = ("urgent", "open", "unknown", "passed")
_HALF = 6  # months
_PENALTIES = ("name", "invoices", "days_late", "open_amount", "interest", "indemnity", "due")
_LIMITATION = ("name", "reference", "due_on", "open_amount", "limitation_on", "days_left", "status")


def notes(told: Iterable[Sentence], language: Language) -> Html:
    """What a result rests on, what it leaves out, what is to be confirmed; each once."""
    return folded(word("app.basis", language), dict.fromkeys(each.text(language) for each in told))


def delays(found: PaymentDelayTable, language: Language) -> Html:
    """Both statutory tables as the order lays them out, and behind their summary the proof."""
    both = (
        scrolled(unpaid_delays_table(found, language=language), name="delay-unpaid", look="arlib-audit-delays"),
        scrolled(late_delays_table(found, language=language), name="delay-late", look="arlib-audit-delays"),
    )
    proof = scrolled(proof_table(found.proof, language=language, currency=found.currency), name="delay-proof")
    return Html("".join(both) + behind(word("app.audit.delay_proof", language), proof))


def behind(summary: str, shown: Html) -> Html:
    """What is shown to whoever asks for it."""
    return Html(f'<details class="arlib-basis"><summary>{escape(summary)}</summary>{shown}</details>')


def terms(legal: LegalDueDates, against: TermsAgainstLaw, language: Language, currency: str) -> Html:
    """The invoices under each rule of law; the customers granted more than agreed or allowed."""
    rules = scrolled(legal_due_dates_table(legal, language=language, currency=currency), name="legal-due-dates")
    return Html(rules + _against(against, language, currency) + notes((*legal.notes, *against.notes), language))


def _against(against: TermsAgainstLaw, language: Language, currency: str) -> Html:
    """The customers favoured; one sentence where there is none."""
    customers = against.customers
    if not customers[["invoices_beyond_agreed", "invoices_beyond_law"]].to_numpy().any():
        told = word("table.law.caption.against_none", language, customers=len(customers), days=against.days)
        return note(told, name="terms-against-law")
    shown = terms_against_law_table(against, language=language, currency=currency)
    return scrolled(shown, name="terms-against-law")


def earned(penalties: LatePenalties, language: Language, currency: str) -> Html:
    """What lateness has earned in all, and of what."""
    invoices = penalties.invoices
    sums = invoices[["due", "interest", "indemnity"]].sum()
    count = word("app.audit.late_invoices", language, invoices=len(invoices))
    cards = [
        figure_card(
            f"penalties-{name}",
            word(f"app.audit.penalties.{name}", language),
            money(float(sums[name]), language, currency),
            [figure_line(count)] if name == "due" else (),
        )
        for name in ("due", "interest", "indemnity")
    ]
    return Html(figure_cards(cards, name="penalties-earned") + notes(penalties.notes, language))


def by_half_year(penalties: LatePenalties, language: Language, currency: str) -> Html:
    """The interest of each half-year, in which one rate holds; nothing where nothing was late."""
    periods = penalties.periods
    if periods.empty:
        return Html()
    first = periods["first_on"].dt
    halves = periods.assign(year=first.year, half=1 + (first.month > _HALF))
    grouped = halves.groupby(["year", "half"])
    sums = grouped.agg(invoices=("item_id", "nunique"), interest=("interest", "sum")).reset_index()
    named = [
        word("law.dated.half_year", language, year=str(year), half=str(half))
        for year, half in zip(sums["year"], sums["half"], strict=True)
    ]
    fields = [
        Field("named", word("table.law.half_year", language)),
        Field("invoices", column_heading(sums, "invoices", language), "count"),
        Field("interest", column_heading(sums, "interest", language), "money"),
    ]
    caption = word("app.audit.by_half_year", language) + (f" ({currency})" if currency else "")
    total = {"named": word("table.total", language), "interest": sums["interest"].sum()}
    shown = table(sums.assign(named=named), fields, caption=caption, language=language, footer=total)
    return behind(word("app.audit.by_half_year", language), scrolled(shown, name="penalties-halves"))


def customers_earning(penalties: LatePenalties) -> pd.DataFrame:
    """The customers whose lateness has earned something, the most first, each with its name."""
    customers = penalties.by_customer[penalties.by_customer["invoices"] > 0]
    customers = customers.assign(name=customers["name"].fillna(customers["customer_id"]))
    return customers.sort_values(["due", "customer_id"], ascending=[False, True], ignore_index=True)


def penalty_fields(rows: pd.DataFrame, language: Language) -> list[Field]:
    """The columns of the table of penalties by customer."""
    own = {"name": "table.customer", "indemnity": "table.law.fixed_indemnity"}
    return [_field(rows, name, own, language) for name in _PENALTIES]


def barred(until: Deadlines, language: Language, currency: str) -> Html:
    """What is still owed by how near its limitation is, and what that rests on."""
    owed = until.rows.groupby("status")["open_amount"]
    sums, counts = owed.sum().to_dict(), owed.size().to_dict()
    cards = [
        figure_card(
            f"limitation-{status}",
            word(f"app.audit.limitation.{status}", language),
            money(sums.get(status, 0.0), language, currency),
            [figure_line(word("app.audit.debts", language, rows=counts.get(status, 0)))],
        )
        for status in _STATUSES
        if status in ("urgent", "passed") or status in counts
    ]
    return Html(figure_cards(cards, name="limitation-sums") + notes(until.notes, language))


def limitation_fields(rows: pd.DataFrame, language: Language) -> list[Field]:
    """The columns of the table of limitation dates."""
    own = {"name": "table.customer", "days_left": "table.column.days_left"}
    return [_field(rows, name, own, language) for name in _LIMITATION]


def statuses(rows: pd.DataFrame, language: Language) -> dict[str, str]:
    """The statuses of deadlines that there are, the nearest first, in words."""
    there = set(rows["status"])
    return {status: word(f"table.law_status.{status}", language) for status in _STATUSES if status in there}


def _field(rows: pd.DataFrame, name: str, own: dict[str, str], language: Language) -> Field:
    heading = word(own[name], language) if name in own else column_heading(rows, name, language)
    return Field(name, heading, column_kind(rows, name))
