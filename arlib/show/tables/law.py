"""The tables of what the law says: rates, terms, penalties, deadlines, VAT; each line says what is to be confirmed."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd

from arlib.law.deadlines import Deadlines
from arlib.law.doubtful import DoubtfulDebts
from arlib.law.latest import LegalDueDates, TermsAgainstLaw
from arlib.law.penalties import LatePenalties
from arlib.law.rates import PenaltyRates
from arlib.law.vat import BadDebtVat
from arlib.show.tables.columns import captioned, column_cells, column_heading, column_kind
from arlib.show.tables.html import Field, Html, table
from arlib.show.tables.standing import group_names
from arlib.words import Language, day, word

_SHARES = ("reference_rate", "points", "default_rate", "floor_rate", "contract_rate", "rate")
_RECOVERABLE = ("eligible", "on_certificate", "unknown")
_HALF = 7  # the month in which the second half-year begins
# What columns are called here whose names mean something else in the frames of measures.
_CALLED: Mapping[str, str] = MappingProxyType(
    {
        "name": "table.customer",
        "rate": "table.column.penalty_rate",
        "number": "export.column.reference",
        "indemnity": "table.law.fixed_indemnity",
        "vat": "table.column.tax",
    }
)


def penalty_rates_table(rates: PenaltyRates, *, language: Language = "en") -> Html:
    """The penalty rate of each half-year and what it is made of, to two decimals; whether it is carried or unconfirmed.

    Args:
        rates: as `arlib.penalty_rates` returns it.
        language: of the headings and figures.
    """
    frame = rates.table
    status = column_cells(frame, "status", language)
    for name in ("carried", "below_floor"):
        status = status.where(~frame[name], status + ", " + word(f"table.law.{name}", language))
    halves = [
        word("law.dated.half_year", language, year=str(first.year), half=str(1 + first.month // _HALF))
        for first in frame["first_on"]
    ]
    used = [name for name in _SHARES if frame[name].notna().any()]
    fields = [
        Field("half", word("table.law.half_year", language)),
        *(Field(name, _heading(frame, name, language), column_kind(frame, name)) for name in used),
        Field("status", _heading(frame, "status", language)),
    ]
    written = frame.assign(half=halves, status=status)
    return table(written, fields, caption=_caption("rates", language), language=language)


def legal_due_dates_table(legal: LegalDueDates, *, language: Language = "en", currency: str = "") -> Html:
    """The invoices under each rule of law: how many, what is beyond it, what cannot be judged; their total.

    Args:
        legal: as `arlib.legal_due_dates` returns it; rules are called in the language it was asked in.
        language: of the headings and figures.
        currency: of the amounts, named when given.
    """
    rules = legal.by_rule.sort_values(["amount", "rule"], ascending=[False, True], kind="stable", ignore_index=True)
    rules = rules.assign(law_status=rules["law_status"].replace("", None))
    added = ["invoices", "amount", "invoices_beyond", "amount_beyond", "invoices_unknown", "amount_unknown"]
    caption = _caption("due_dates", language, currency)
    return _table(rules, ["rule_text", *added, "law_status"], added, rules, caption=caption, language=language)


def terms_against_law_table(
    against: TermsAgainstLaw, *, language: Language = "en", currency: str = "", rows: int = 10
) -> Html:
    """Customers granted more than was agreed or than the law allows, and the cash that ties up; the total.

    Args:
        against: as `arlib.terms_against_law` returns it; its reasons, under each line, are in the language it was
            asked in.
        language: of the headings and figures.
        currency: of the amounts, named when given.
        rows: how many customers to list; the others are one line.
    """
    customers = against.customers
    favoured = customers[(customers["invoices_beyond_agreed"] > 0) | (customers["invoices_beyond_law"] > 0)]
    caption = _caption("against", language, currency)
    if favoured.empty:
        caption = word("table.law.caption.against_none", language, customers=len(customers), days=against.days)
    added = ["cash_beyond_agreed", "cash_beyond_law"]
    added += ["cost_beyond_agreed", "cost_beyond_law"] if favoured["cost_beyond_law"].notna().any() else []
    days = ["days_granted", "days_agreed", "days_allowed"]
    shown = ["name", "terms_invoiced", "terms_agreed", *days, *added, "law_status"]
    listed = _listed(favoured, added, rows, language)
    return _table(listed, shown, added, favoured, caption=caption, language=language, note="reason")


def penalties_table(penalties: LatePenalties, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """The customers whose lateness has earned most: interest, indemnities, what was claimed or waived; the total.

    Args:
        penalties: as `arlib.late_penalties` returns it.
        language: of the headings and figures.
        currency: of the amounts, named when given.
        rows: how many customers to list; the others are one line.
    """
    customers = penalties.by_customer[penalties.by_customer["invoices"] > 0]
    customers = customers.sort_values(["due", "customer_id"], ascending=[False, True], ignore_index=True)
    given = ["claimed", "waived", "remaining"] if customers[["claimed", "waived"]].to_numpy().any() else []
    added = ["invoices", "interest", "indemnity", "due", *given]
    listed = _listed(customers, added, rows, language)
    shown = ["name", "invoices", "days_late", *added[1:], "status"]
    caption = _caption("penalties", language, currency)
    return _table(listed, shown, added, customers, caption=caption, language=language)


def deadlines_table(deadlines: Deadlines, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """The deadlines that come first: what each is for, the last day, how many days are left, what is owed, and why.

    Args:
        deadlines: as `arlib.limitation_dates` or `arlib.procedure_deadlines` returns them; their reasons, under each
            line, are in the language they were asked in.
        language: of the headings, figures and dates.
        currency: of the amounts, named when given.
        rows: how many to list; those that have passed come last.
    """
    frame = deadlines.rows
    if "limitation_on" in frame:
        which, shown = "limitation", ["name", "reference", "due_on", "open_amount", "limitation_on"]
    else:
        which, shown = "procedures", ["name", "deadline", "published_on", "still_owed", "deadline_on"]
    caption = _caption(which, language, currency, (min(rows, len(frame)), len(frame)))
    listed, shown = _listed(frame.head(rows), [], rows, language), [*shown, "days_left", "status", "law_status"]
    return _table(listed, shown, [], frame, caption=caption, language=language, note="reason")


def vat_table(vat: BadDebtVat, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """The customers whose VAT can be recovered, or could with more evidence, and until when; all others by status.

    Under each stand why and what is missing. Debts of unknown VAT count for nothing in sums of VAT.

    Args:
        vat: as `arlib.vat_on_bad_debts` returns it; its reasons are in the language it was asked in.
        language: of the headings, figures and dates.
        currency: of the amounts, named when given.
        rows: how many customers to list, those of the nearest deadline first; the others are one line a status.
    """
    added, items = ["debts", "amount", "net", "vat"], vat.items.assign(debts=1)
    wanted = items["status"].isin(_RECOVERABLE)
    lacking = items["missing"].fillna("").map(lambda each: word("table.law.missing", language, documents=each))
    reason = items["reason"].where(items["missing"].isna(), items["reason"] + " " + lacking)
    keys = ["status", "deadline_on", "customer_id", "name", "days_left", "reason"]
    groups = items.assign(reason=reason)[wanted].groupby(keys, dropna=False)[added].sum(min_count=1).reset_index()
    place = groups["status"].map({status: place for place, status in enumerate(_RECOVERABLE)})
    groups = groups.assign(place=place).sort_values(["place", "deadline_on", "customer_id"], kind="stable")
    listed = _listed(groups, [], rows, language)
    rest = pd.concat([groups.iloc[rows:], items[~wanted]]).groupby("status", sort=False)[added].sum(min_count=1)
    others = rest.reset_index().assign(name=word("table.law.others", language))
    listed = pd.concat([listed, others], ignore_index=True)
    listed = listed.astype({name: items[name].dtype for name in ("deadline_on", "days_left")})
    shown = ["name", *added, "deadline_on", "days_left", "status"]
    caption = _caption("vat", language, currency)
    return _table(listed, shown, added, items, caption=caption, language=language, note="reason")


def vat_statement_table(vat: BadDebtVat, customer_id: str, *, language: Language = "en", currency: str = "") -> Html:
    """The summary statement of a customer, which the administration accepts instead of a rectified invoice each.

    Args:
        vat: as `arlib.vat_on_bad_debts` returns it.
        customer_id: one whose VAT can be recovered, now or on certificate; the statement of any other is empty.
        language: of the headings, figures and dates.
        currency: of the amounts, named when given.
    """
    lines = vat.statements[vat.statements["customer_id"] == customer_id].reset_index(drop=True)
    named = group_names(lines.head(1), ["customer_id", "name"], language).tolist() or [customer_id]
    lines = lines.rename(columns={"net": "net_unpaid", "vat": "vat_unpaid"})
    added = ["net_invoiced", "vat_invoiced", "net_unpaid", "vat_unpaid"]
    caption = word("table.law.caption.statement", language, name=named[0])
    caption += f" ({currency})." if currency else "."
    return _table(lines, ["number", "wording", "issued_on", *added], added, lines, caption=caption, language=language)


def doubtful_table(doubtful: DoubtfulDebts, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """The doubtful debts of a closing, adjusted from the closing before: account 491 before and now; the total.

    Under each stand the reason and its evidence. Debts without a rate have no impairment and count for nothing in it.

    Args:
        doubtful: as `arlib.doubtful_debts` returns it; its reasons are in the language it was asked in.
        language: of the headings, figures and dates.
        currency: of the amounts, named when given.
        rows: how many debts to list, the largest impairment first; the others are one line.
    """
    debts = doubtful.debts.sort_values("impairment", ascending=False, kind="stable", ignore_index=True)
    evidence = debts["source"].fillna("").str.cat([day(on, language) for on in debts["known_on"]], sep=" ").str.strip()
    told = debts["reason"].fillna("").str.cat(evidence.where(debts["known_on"].notna(), ""), sep=" · ").str.strip(" ·")
    added = ["net", "previous", "charge", "reversal", "impairment"]
    shown = ["name", "reference", "net", "rate", *added[1:]]
    listed = _listed(debts.assign(reason=told.where(told != "", None)), added, rows, language)
    caption = _caption("doubtful", language, currency)
    return _table(listed, shown, added, debts, caption=caption, language=language, note="reason")


def _listed(frame: pd.DataFrame, added: Sequence[str], rows: int, language: Language) -> pd.DataFrame:
    """The first rows by the name of their customer, the others added up in one line where they are to be."""
    shown = frame.head(rows)
    shown = shown.assign(name=group_names(shown, ["customer_id", "name"], language))
    if len(frame) <= rows or not added:
        return shown.reset_index(drop=True)
    others = frame.iloc[rows:][list(added)].sum(min_count=1).to_frame().T
    others["name"] = word("table.others", language, rows=len(frame) - rows)
    return pd.concat([shown, others], ignore_index=True)


def _table(
    listed: pd.DataFrame,
    shown: Sequence[str],
    added: Sequence[str],
    whole: pd.DataFrame,
    **told: Any,  # noqa: ANN401 - caption, language, note: as `table` takes them
) -> Html:
    """Some columns of a frame, their codes in words; below, what all rows of the whole add up to."""
    language: Language = told["language"]
    fields = [Field(name, _heading(whole, name, language), column_kind(whole, name)) for name in shown]
    written = listed.assign(**{name: column_cells(listed, name, language) for name in shown})
    if not added or listed.empty:
        return table(written, fields, **told)
    sums = {name: whole[name].sum(min_count=1) for name in added}
    return table(written, fields, footer={shown[0]: word("table.total", language)} | sums, **told)


def _heading(frame: pd.DataFrame, name: str, language: Language) -> str:
    if name == "rate" and "impairment" in frame:
        return column_heading(frame, name, language)
    return word(_CALLED[name], language) if name in _CALLED else column_heading(frame, name, language)


def _caption(name: str, language: Language, currency: str = "", shown: Sequence[int] = ()) -> str:
    """What the table is, its currency, and of how many lines it shows the first."""
    return captioned(word(f"table.law.caption.{name}", language), language, currency, shown)
