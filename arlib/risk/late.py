"""How late each open item will be paid, given that it is unpaid today, and what may be lost of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, payment_laws
from arlib.behaviour.survival import FIRST_DAY
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.aging.ages import Ages
from arlib.measures.delays.settlements import LOST, OPEN, PAID, invoices_known, pieces_of
from arlib.measures.figure import Figure
from arlib.risk.backtest.forecasts import Forecast, LawForecast
from arlib.risk.facts import Facts, opinions_held
from arlib.risk.owed import customer_names
from arlib.risk.provisions.exposure import Exposures, exposures
from arlib.risk.provisions.standing import cover_of_customers
from arlib.schema import NO_DAY, Codes, Days, Floats, day_number, day_numbers, to_dates
from arlib.words import Language, say, word

LATE_DAYS = (0, 30, 60, 90)
A_YEAR = 365  # days late after which nobody is expected to pay

_SHARES = {"p10_on": 0.1, "median_on": 0.5, "p90_on": 0.9}
_BEFORE = 2 * FIRST_DAY  # calendar days before the due date, where laws begin whatever the weekends and holidays
_CHUNK = 4096  # items whose days are held in memory at once
_ROUNDING = 1e-12
_SMALL = 0.01  # a share below which it does not matter that nothing is known of later days


@dataclass(frozen=True, eq=False)
class _Ahead:
    """When items are paid, given that they are unpaid today.

    Attributes:
        p_late: (items, `LATE_DAYS` and a year) probability of being paid later than so many days after the due date.
        paid_on: (items, `_SHARES`) day number by whose end that share is paid; `NO_DAY` when over a year late.
        late_days: (items,) expected days late still to come, up to a year after the due date.
    """

    p_late: Floats
    paid_on: Days
    late_days: Floats


def late_risk(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    loss_share: float | None = None,
    facts: Facts | None = None,
    forecast: Forecast | None = None,
    language: Language = "en",
) -> pd.DataFrame:
    """When each open item will be paid, and what it may cost, from what was known on the day.

    Everything is read from one forecast, by default the law of the item's customer (`payment_laws`), given that the
    item is unpaid at the end of the day: an item 40 days late is more than 30 days late, and an old one is no longer
    judged as a new one. Days late are calendar days after the due date.

    One row a debit still open, the largest expected late amount first, those without it last:

    - item_id, customer_id, name, reference, due_on, open_amount, days_overdue (negative: not due yet);
    - p_late_0, p_late_30, p_late_60, p_late_90: probability of being paid later than that, or never; 1 where the
      item is so late already;
    - p10_on, median_on, p90_on: days by which it is paid with that probability; missing when over a year late;
    - expected_late_euro_days: open_amount × days late still to come, the sum over days from the later of today and
      the due date, to a year after the latter, of the probability of being unpaid at their end; missing for what is
      a year late already, of which no payment is expected;
    - p_unpaid_after_a_year: probability of being unpaid 365 days after the due date;
    - at_risk: open_amount less the customer's unapplied credits (oldest items first), tax and what is insured, as in
      the provisions; tax stays where the amount without it is not known;
    - expected_loss: at_risk × p_unpaid_after_a_year × loss share; nan where no loss share is known;
    - note: why figures are missing, or what to mind: no due date, over a year late, or nobody followed so long.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is used; the ledger's last one by default.
        loss_share: what is lost, 0 to 1, of what is a year late; `learnt_loss_share(ledger, as_of)` by default,
            whose note says why where it is nan.
        facts: from outside (`read_facts`): what an insurer covers of a customer comes off `at_risk`, and what an expert
            would expect of one is two invoices of its law, as in `score_customers`. By default the limits of the
            customers' file, which have no date, cover, and there is no opinion.
        forecast: what is expected of items, by their positions in `ledger.items`, instead of the laws; that of the
            same ledger and day (`choose_forecast`). The notes still tell how far the laws have followed anybody.
        language: of the notes.

    Raises:
        ArlibError: no payment is known by then, or `loss_share` is no share.

    Source: expected late days as the integral of the survival function; expected loss as EAD × PD × LGD.
    """
    if loss_share is not None and not 0 <= loss_share <= 1:
        raise ArlibError(say("risk.late.loss_share", share=loss_share))
    laws = payment_laws(ledger, as_of, opinions=opinions_held(ledger, ledger.day(as_of), facts))
    lost = float(learnt_loss_share(ledger, laws.as_of)) if loss_share is None else loss_share
    cover = cover_of_customers(ledger, laws.as_of, facts)
    held = exposures(ledger, laws.as_of, Ages.of("due", (A_YEAR,)), cover=cover)
    items = ledger.items[["item_id", "customer_id", "reference", "due_on"]].take(held.item).reset_index(drop=True)
    items.insert(2, "name", customer_names(ledger, pd.Index(items["customer_id"])).to_numpy())
    due, today = day_numbers(items["due_on"]), day_number(laws.as_of)
    ahead = _ahead(forecast or LawForecast(ledger, laws), held, due, today)
    a_year = ahead.p_late[:, -1]
    columns: dict[str, Any] = {
        "open_amount": held.gross,
        "days_overdue": np.where(due == NO_DAY, np.nan, today - np.where(due == NO_DAY, 0, due)),
        **{f"p_late_{days}": ahead.p_late[:, place] for place, days in enumerate(LATE_DAYS)},
        **{name: to_dates(ahead.paid_on[:, place]) for place, name in enumerate(_SHARES)},
        "expected_late_euro_days": held.gross * ahead.late_days,
        "p_unpaid_after_a_year": a_year,
        "at_risk": held.amount,
        "expected_loss": held.amount * a_year * lost,
        "note": _notes(laws, due, a_year, language),
    }
    ordered = items.assign(**columns).sort_values(
        ["expected_late_euro_days", "open_amount", "item_id"], ascending=[False, False, True]
    )
    return ordered.reset_index(drop=True)


def learnt_loss_share(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """What was written off of the invoices that were not paid a year after their due date, as known on a day.

    Of invoices due a year ago or more: written off ÷ (written off + paid later than a year + open still). What is
    open may yet be lost: the share is a floor while some is (`inputs`). What credit notes or other accounts settled
    does not count. nan where nothing was written off: a ledger without write-offs does not tell that nothing is lost.
    """
    day = ledger.day(as_of)
    old = invoices_known(ledger, day) & (ledger.items["due_on"] <= day - pd.Timedelta(days=A_YEAR)).to_numpy()
    pieces = pieces_of(ledger, day, old)
    due = day_numbers(ledger.items["due_on"])[pieces.item]
    chosen = {
        "written_off": pieces.state == LOST,
        "open": pieces.state == OPEN,
        "paid_later": (pieces.state == PAID) & (pieces.day > due + A_YEAR),
    }
    amounts = {name: round(float(pieces.amount[flags].sum()), 2) for name, flags in chosen.items()}
    inputs = {**amounts, "as_of": day}
    if not amounts["written_off"]:
        return Figure.missing(say("risk.late.loss.formula"), inputs, say("risk.late.loss.unknown"))
    note = say("risk.late.loss.floor", open=amounts["open"]) if amounts["open"] else None
    return Figure(amounts["written_off"] / sum(amounts.values()), say("risk.late.loss", **amounts), inputs, note)


def _ahead(forecast: Forecast, held: Exposures, due: Days, today: int) -> _Ahead:
    """What is expected of items, nan and `NO_DAY` for those without a due date; some customers' at a time."""
    size = len(due)
    ahead = _Ahead(
        p_late=np.full((size, len(LATE_DAYS) + 1), np.nan),
        paid_on=np.full((size, len(_SHARES)), NO_DAY),
        late_days=np.full(size, np.nan),
    )
    dated = np.flatnonzero(due != NO_DAY)
    dated = dated[np.argsort(held.customer[dated], kind="stable")]
    for first in range(0, len(dated), _CHUNK):
        part = dated[first : first + _CHUNK]
        found = _ahead_of(forecast, held.item[part], due[part], today)
        ahead.p_late[part], ahead.paid_on[part], ahead.late_days[part] = found.p_late, found.paid_on, found.late_days
    return ahead


def _ahead_of(forecast: Forecast, item: Codes, due: Days, today: int) -> _Ahead:
    """The days of each item from tomorrow, or from where its law begins, to a year after its due date.

    An item that the forecast was sure would be paid by now is not expected to be paid at all.
    """
    begin = np.maximum(today + 1, due + _BEFORE)
    on = begin[:, None] + np.arange(A_YEAR - _BEFORE + 1)
    shares = forecast.unpaid_on(item, np.concatenate([np.full((len(due), 1), today), on], axis=1))
    now, later = shares[:, :1], shares[:, 1:]
    unpaid = np.divide(later, now, out=np.ones_like(later), where=now > 0)
    last = due + A_YEAR
    late = (on >= due[:, None]) & (on <= last[:, None])
    late_days = np.where(late, unpaid, 0.0).sum(axis=1) + (due <= today)
    return _Ahead(
        p_late=np.stack([_at(unpaid, due + days - begin) for days in (*LATE_DAYS, A_YEAR)], axis=1),
        paid_on=np.stack([_paid_by(unpaid, share, begin, last) for share in _SHARES.values()], axis=1),
        late_days=np.where(last <= today, np.nan, late_days),
    )


def _at(unpaid: Floats, place: Days) -> Floats:
    """(items,) what is unpaid at the end of a day by its place; 1 before the first."""
    found = np.take_along_axis(unpaid, np.clip(place, 0, unpaid.shape[1] - 1)[:, None], axis=1)[:, 0]
    return np.where(place < 0, 1.0, found)


def _paid_by(unpaid: Floats, share: float, begin: Days, last: Days) -> Days:
    """(items,) the first day by whose end a share is paid; `NO_DAY` where that is after the last."""
    waiting = (unpaid > 1 - share + _ROUNDING).sum(axis=1)  # shares never rise
    return np.where((waiting < unpaid.shape[1]) & (begin + waiting <= last), begin + waiting, NO_DAY)


def _notes(laws: PaymentLaws, due: Days, a_year: Floats, language: Language) -> "pd.Series[str]":
    """Why figures of an item are missing, or what bounds them; empty where there is nothing to say."""
    dated = due != NO_DAY
    year_on = np.where(dated, due, 0) + A_YEAR
    calendar = laws.calendar
    unseen = calendar.last_rank(year_on) - calendar.rank(year_on - A_YEAR) > laws.known_days
    reasons = {
        "risk.late.undated": ~dated,
        "risk.late.over_a_year": dated & (year_on <= day_number(laws.as_of)),
        "risk.late.unseen": dated & unseen & (a_year > _SMALL),
    }
    return pd.Series(np.select(list(reasons.values()), [word(key, language) for key in reasons], ""), dtype="str")
