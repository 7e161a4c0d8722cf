"""What the fields of a letter stand for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.collection.letters.letter import Sender, clean_line, long_day
from arlib.law.penalties import LatePenalties
from arlib.schema import HALF_CENT, Floats
from arlib.words import Language, Sentence, money, percent, say, word

GAPS = ("bank", "contact", "phone", "email", "day", "rate")  # what a letter may lack, beside the address


@dataclass(frozen=True)
class Asked:
    """Of whom something is asked, by whom, and when.

    Attributes:
        customer_id, name: of the customer.
        company: who writes.
        currency: of the amounts.
        written_on: the day of the letter.
        as_of: the day whose knowledge it holds.
        previous_on: the day of the reminder before; NaT where none is known.
    """

    customer_id: str
    name: str
    company: Sender
    currency: str
    written_on: pd.Timestamp
    as_of: pd.Timestamp
    previous_on: "pd.Timestamp | pd.api.typing.NaTType"


@dataclass(frozen=True, eq=False)
class Claimed:
    """The penalties of the items of one letter.

    Attributes:
        interest, indemnity: (items,) amounts, 0 where the law gives none.
        rates: the yearly rates of the half-years, in their order.
        on: the last day counted.
        notes: what they rest on, and what is to be confirmed.
    """

    interest: Floats
    indemnity: Floats
    rates: tuple[float, ...]
    on: pd.Timestamp
    notes: tuple[Sentence, ...]


class Penalties:
    """The penalties of some items of a ledger, to be looked up letter by letter."""

    def __init__(self, penalties: LatePenalties, items: "pd.Series[int]") -> None:
        self.on = penalties.as_of
        self._credited = any(note.key == "law.penalty.applied" for note in penalties.notes)
        invoices = penalties.invoices[penalties.invoices["item_id"].isin(items)]
        periods = penalties.periods[penalties.periods["item_id"].isin(items)].sort_values("first_on", kind="stable")
        names = ("item_id", "interest", "indemnity", "buyer")
        self._invoices = {row[0]: row[1:] for row in zip(*(invoices[name] for name in names), strict=True)}
        self._periods: dict[int, list[_Rate]] = {}
        columns = (periods[name] for name in ("item_id", "first_on", "rate", "status", "carried"))
        for item, first_on, rate, status, carried in zip(*columns, strict=True):
            self._periods.setdefault(item, []).append(
                _Rate(first_on, float(rate), status == "to_confirm", bool(carried))
            )

    def of(self, items: "pd.Series[int]", credits_: float) -> Claimed:
        """The penalties of the items of a letter, in their order.

        Those that earn none are counted in the notes, which say too how the credits taken off were counted.
        """
        found = [self._invoices.get(item, (0.0, 0.0, "")) for item in items]
        none = sum(not buyer for *_, buyer in found)
        notes = [say("letters.note.legal")]
        if none:
            notes.append(say("letters.note.no_penalties", rows=none))
        if any(buyer == "public" for *_, buyer in found):
            notes.append(say("letters.note.public"))
        if credits_ >= HALF_CENT:
            notes.append(say("letters.note.credits_counted" if self._credited else "letters.note.credits_left"))
        rates = sorted((each for item in items for each in self._periods.get(item, ())), key=lambda each: each.first_on)
        return Claimed(
            interest=np.nan_to_num(np.array([interest for interest, *_ in found], dtype=np.float64)),
            indemnity=np.nan_to_num(np.array([indemnity for _, indemnity, _ in found], dtype=np.float64)),
            rates=tuple(dict.fromkeys(each.rate for each in rates)),
            on=self.on,
            notes=(*notes, *_doubts(rates)),
        )


@dataclass(frozen=True)
class _Rate:
    """The rate of one half-year of an item: from when, and how sure it is."""

    first_on: pd.Timestamp
    rate: float
    to_confirm: bool
    carried: bool


def _doubts(rates: Sequence[_Rate]) -> Iterator[Sentence]:
    """The rates that are to be confirmed, and those carried forward from an earlier half-year."""
    for key in ("to_confirm", "carried"):
        doubted = sorted({each.rate for each in rates if getattr(each, key)})
        if doubted:
            yield say(f"letters.note.{key}", rates=[say("letters.rate", rate=100 * rate) for rate in doubted])


def gap(name: str, language: Language) -> str:
    """What stands in a letter where something is to be completed: [adresse à compléter]."""
    return word(f"letters.gap.{name}", language)


def field_values(
    asked: Asked, rows: pd.DataFrame, credits_: float, claimed: Claimed | None, language: Language
) -> dict[str, str]:
    """The text of every field of `templates.FIELDS` but the table."""
    opened, late = (rows[name].to_numpy(dtype=np.float64) for name in ("open_amount", "days_overdue"))
    overdue = float(opened[(late > 0) & (opened > 0)].sum())
    total = float(opened.sum()) - credits_
    aged = np.where((opened > 0) & ~np.isnan(late), late, -np.inf)
    oldest = rows.iloc[int(aged.argmax())] if len(rows) and aged.max() > -np.inf else None
    reference = "–" if oldest is None or pd.isna(oldest["reference"]) else clean_line(oldest["reference"])

    def amount(value: float) -> str:
        return money(round(value, 2), language, asked.currency)

    return {
        "customer_name": asked.name,
        "customer_id": clean_line(asked.customer_id),
        "company_name": asked.company.name,
        "date": long_day(asked.written_on, language),
        "invoice_count": str(len(rows)),
        "total": amount(total),
        "total_overdue": amount(overdue),
        "credits": amount(credits_),
        "oldest_reference": reference,
        "oldest_due_on": "–" if oldest is None else long_day(oldest["due_on"], language),
        "oldest_days": "0" if oldest is None else str(max(int(oldest["days_overdue"]), 0)),
        "previous_on": _day(asked.previous_on, language),
        "statement_on": long_day(asked.as_of, language),
        **_penalty_values(asked, claimed, total, language),
        **_sender_values(asked.company, language),
    }


def _day(day: "pd.Timestamp | pd.api.typing.NaTType", language: Language) -> str:
    return long_day(day, language) if isinstance(day, pd.Timestamp) else gap("day", language)


def _penalty_values(asked: Asked, claimed: Claimed | None, total: float, language: Language) -> dict[str, str]:
    interest = 0.0 if claimed is None else float(np.sum(claimed.interest))
    indemnity = 0.0 if claimed is None else float(np.sum(claimed.indemnity))
    rates = () if claimed is None else claimed.rates
    written = word("letters.rates_then", language).join(percent(rate, language, 2) for rate in rates)
    amounts = {"penalties": interest, "indemnity": indemnity, "total_with_penalties": total + interest + indemnity}
    return {
        **{name: money(round(value, 2), language, asked.currency) for name, value in amounts.items()},
        "penalty_rate": written or gap("rate", language),
        "penalties_on": long_day(asked.as_of if claimed is None else claimed.on, language),
    }


def _sender_values(company: Sender, language: Language) -> dict[str, str]:
    bank = " – ".join(f"{name}\u00a0{code}" for name, code in (("IBAN", company.iban), ("BIC", company.bic)) if code)
    contact = company.contact or gap("contact", language)
    reach = " – ".join(text for text in (company.phone, company.email) if text)
    signature = "\n".join(line for line in (contact, company.role, company.name, reach) if line)
    return {
        "bank_details": bank or gap("bank", language),
        "contact_name": contact,
        "contact_role": company.role,
        "contact_phone": company.phone or gap("phone", language),
        "contact_email": company.email or gap("email", language),
        "signature": signature,
    }
