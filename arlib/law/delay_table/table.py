"""From a ledger to the table of payment delays of a year."""

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.delay_table.claims import NOT_ACCOUNTED, NOT_DUE, PARTS, REASONS, Claims
from arlib.law.delay_table.during import Delays
from arlib.law.delay_table.result import Basis, PaymentDelayTable
from arlib.law.delay_table.rows import TERMS, by_band, counted_once, in_order, listed, set_apart
from arlib.law.delay_table.worth import Worth
from arlib.law.delay_table.year import Year
from arlib.law.moved_out import moved_out_said
from arlib.law.undated import UndatedPayments
from arlib.ledger import Day, Ledger, balance, open_amounts
from arlib.risk.provisions.standing import days_written, numbers_written
from arlib.schema import DTYPES, HALF_CENT, OPENING, Codes, Floats, to_dates
from arlib.words import Sentence, say

_UNACCOUNTED = ("reference", "amount")
_TEXTS = ("document_id", "customer_id", "name", "country", "reference", "kind")


def payment_delay_table(  # noqa: PLR0913 - what accounts, a person and other files say of a year
    ledger: Ledger,
    closing: Day,
    *,
    basis: Basis = "gross",
    opening: Day | None = None,
    turnover: float | None = None,
    vat_rate: float | None = None,
    home_country: str | None = None,
    unaccounted: pd.DataFrame | None = None,
) -> PaymentDelayTable:
    """The table of payment delays that annual accounts publish (art. D441-6, I and II), customers' side.

    Table I: invoices issued, unpaid on the closing day and past due, by days late: number, amount still owed, share of
    the year's turnover. Table II, its alternative: invoices that were late during the year, by the delay reached,
    against all invoices issued in the year. Both are as the accounts stood on the closing day, though payments came
    later; `arlib.export.write_delay_table` lays them out as the order's model.

    - (A) Invoices, openings that stand for those of earlier years, and the bills and transfers between accounts that
      they became. The residual amount: payments and credit notes are taken off the invoice they are matched with; the
      others stay apart, in the proof. Band 0, indicative, is due on the closing day itself.
    - (B) What is disputed on the closing day and would be in (A); invoices not accounted for, as given.
    - (C) Delays count from the due date agreed; from 30 days after the invoice (art. L441-10 I) where none is.
    - The instalments of one invoice count as one, in the band of the latest one; amounts are in the band of each.
    - Table II: what was paid late in the year or stayed unpaid late at its end; band 0 is what was paid on its due
      date. What moved to a bill or another account counts with it, not twice; what left for accounts that were not
      read (416, 413) counts in neither table, and a note tells its amount.

    Not in it: the suppliers' side. Source: Code de commerce, art. L441-14, D441-6, A441-2 and annex 4-1; the layout is
    rebuilt from secondary sources (handbook, law and accounting 4.4), and a note says so.

    Args:
        ledger: the ledger.
        closing: last day of the fiscal year.
        basis: `gross`, tax included, or `net`: of amounts and turnover alike.
        opening: first day of the fiscal year; twelve months by default.
        turnover: of the year on the same basis, where it is not what the ledger holds.
        vat_rate: assumed of items whose amount without tax is not known (0.2 for 20 %).
        home_country: a code or a name; where given, customers known to be in another one also count on a line of
            their own.
        unaccounted: invoices issued and not accounted for: `reference` and `amount`, on the basis of the table, and
            perhaps `customer_id`, `issued_on`, `due_on`.

    Raises:
        ArlibError: a year that ends before it begins; a turnover that is not above 0; an unknown basis or country; net
            amounts that are not known, without a rate; a list of invoices without the columns or with wrong cells.
    """
    year = Year.of(ledger, closing, opening)
    if turnover is not None and not turnover > 0:
        raise ArlibError(say("law.delay.turnover", turnover=turnover))
    claims = Claims.of(ledger, year.closing, home_country)
    reasons, opened = claims.reasons(ledger), open_amounts(ledger, year.closing)
    delays = Delays.of(year, claims)
    used = year.sold() | ((opened != 0) & (reasons < NOT_DUE))
    used[delays.item] = True
    worth = Worth.of(ledger, basis, used, vat_rate)
    rows = _opened(year, claims, reasons, (opened, worth.shares))
    invoices = _with_unaccounted(rows[rows["part"] != ""], unaccounted)
    late = delays.rows(year, claims, worth.shares)
    untold = year.untold()
    sold = turnover if turnover is not None else np.nan if untold else year.turnover(worth.shares)
    issued = int(pd.Series(claims.document[year.issued()]).nunique())
    issued_amount = np.nan if untold else year.issued_amount(worth.shares)
    foreign = claims.foreign is not None
    return PaymentDelayTable(
        opening=year.opening,
        closing=year.closing,
        basis=basis,
        currency=ledger.currency,
        turnover=float(sold),
        turnover_given=turnover is not None,
        unpaid=_shared(by_band(invoices, foreign=foreign), turnover_share=("amount", sold)),
        unpaid_excluded=set_apart(invoices),
        late=_shared(
            by_band(late, foreign=foreign),
            number_share=("number", np.nan if untold else issued),
            amount_share=("amount", issued_amount),
        ),
        late_excluded=set_apart(late),
        issued_number=issued,
        issued_amount=issued_amount,
        unpaid_reference=_reference(invoices),
        late_reference=_reference(late),
        invoices=invoices,
        late_invoices=late,
        apart=in_order(rows[rows["part"] == ""]),
        proof=_proof(year, rows),
        notes=(
            *_undated_said(ledger, delays),
            *_notes(rows, delays, worth.note, untold if turnover is None else None),
            *year.ends_early(),
            *moved_out_said(ledger, year.closing),
        ),
    )


def _opened(year: Year, claims: Claims, reasons: Codes, worth: tuple[Floats, Floats]) -> pd.DataFrame:
    """A row each item open on the closing day."""
    opened, shares = worth
    item = np.flatnonzero(opened)
    rows = listed(year.ledger, claims, item, claims.days[item], reasons[item])
    counted = np.round(opened[item] * shares[item], 2) + 0.0
    rows = rows.assign(
        amount=year.ledger.items["amount"].to_numpy()[item],
        open_amount=opened[item],
        counted=np.where(rows["part"] != "", counted, np.nan),
    )
    dated = rows["due_on"].notna() & (rows["open_amount"] > 0)
    return counted_once(rows, claims.document[item]).assign(days_late=rows["days_late"].where(dated))


def _with_unaccounted(rows: pd.DataFrame, unaccounted: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of (A) and (B), invoices that are not in the accounts among them."""
    if unaccounted is None or unaccounted.empty:
        return in_order(rows)
    absent = [name for name in _UNACCOUNTED if name not in unaccounted]
    if absent:
        found = ", ".join(map(str, unaccounted))
        raise ArlibError(say("risk.provision.no_column", column=absent[0], columns=found))
    given = unaccounted.reset_index(drop=True)
    amount = numbers_written(given, ["amount"])["amount"]
    if not (amount >= HALF_CENT).all():
        raise ArlibError(say("law.delay.unaccounted", rows=int((~(amount >= HALF_CENT)).sum())))
    made = given.reindex(columns=rows.columns).astype(dict.fromkeys(_TEXTS, "str"))
    dates = {
        name: days_written(given[name]) if name in given else pd.Series(pd.NaT, given.index, dtype=DTYPES["date"])
        for name in ("issued_on", "due_on")
    }
    made = made.assign(
        **dates,
        amount=amount,
        counted=amount.round(2),
        open_amount=0.0,
        number=1,
        part=PARTS[NOT_ACCOUNTED],
        why=REASONS[NOT_ACCOUNTED],
        foreign=False,
    )
    return in_order(pd.concat([rows, made.astype(rows.dtypes.to_dict())], ignore_index=True))


def _shared(table: pd.DataFrame, **shares: tuple[str, float]) -> pd.DataFrame:
    """A table of bands with shares of a whole, missing where that is none."""
    made = {name: table[column] / (whole if whole > 0 else np.nan) for name, (column, whole) in shares.items()}
    first = ["band", "number", "amount"]
    return pd.concat([table[first], pd.DataFrame(made), table.drop(columns=first)], axis=1)


def _reference(rows: pd.DataFrame) -> pd.DataFrame:
    """What delays are counted from, for the invoices behind a table."""
    of = rows.groupby("terms")
    due_dates = of["item_id"].nunique().reindex([*TERMS], fill_value=0).to_numpy()
    amount = of["open_amount"].sum().reindex([*TERMS], fill_value=0.0).round(2).to_numpy() + 0.0
    return pd.DataFrame({"terms": pd.Series([*TERMS], dtype="str"), "due_dates": due_dates, "amount": amount})


def _proof(year: Year, rows: pd.DataFrame) -> pd.DataFrame:
    """What is open on the day, part by part, against the balance and the source's own accounts."""
    reasons = [reason for reason in REASONS if reason != REASONS[NOT_ACCOUNTED]]
    parts = rows.groupby("why")["open_amount"].sum().reindex(reasons, fill_value=0.0)
    controls = year.ledger.controls
    totals = {
        "open_items": float(parts.sum()),
        "items": balance(year.ledger, year.closing),
        "accounts": float(controls.loc[controls["booked_on"] <= year.closing, "amount"].sum()),
    }
    amounts = pd.concat([parts, pd.Series(totals)]).round(2) + 0.0
    total = np.isin(amounts.index, list(totals))
    difference = np.where(total, (amounts - amounts["accounts"]).round(2) + 0.0, np.nan)
    return (
        pd.DataFrame(
            {
                "line": amounts.index.astype("str"),
                "role": np.where(total, "total", "part"),
                "amount": amounts.to_numpy(),
                "difference": difference,
                "ties": pd.array(np.abs(difference) < HALF_CENT, "boolean"),
            }
        )
        .astype({"role": "str"})
        .assign(ties=lambda proof: proof["ties"].where(total))
    )


def _notes(
    rows: pd.DataFrame, delays: Delays, assumed: Sentence | None, untold: Sentence | None
) -> tuple[Sentence, ...]:
    notes = [say("law.delay.layout"), say("law.delay.suppliers"), say("law.delay.choices")]
    counted = rows[rows["part"] != ""]
    openings = counted[counted["kind"] == OPENING]
    if len(openings):
        notes.append(say("law.delay.openings", rows=len(openings), amount=_cents(openings["open_amount"])))
    legal = counted[counted["terms"] == TERMS[1]]
    if len(legal):
        notes.append(say("law.delay.legal", rows=len(legal), amount=_cents(legal["open_amount"])))
    for reason in ("credit_note", "payment", "other_credit", "no_due_date", "not_an_invoice"):
        amounts = rows.loc[rows["why"] == reason, "open_amount"]
        if len(amounts):
            notes.append(say(f"law.delay.apart.{reason}", rows=len(amounts), amount=_cents(abs(amounts))))
    if delays.moved:
        notes.append(say("law.delay.moved", amount=delays.moved))
    if untold:
        notes.append(say("law.delay.no_turnover", why=untold))
    return (*notes, *([assumed] if assumed else []))


def _undated_said(ledger: Ledger, delays: Delays) -> tuple[Sentence, ...]:
    """A word on payments without a date: until the day they count on, their invoices are unpaid in both tables."""
    undated = UndatedPayments.of(ledger)
    if not undated.payments:
        return ()
    day = to_dates(undated.days).max()
    return (say("law.delay.undated", payments=undated.payments, day=day, amount=delays.undated),)


def _cents(amounts: "pd.Series[float]") -> float:
    """A sum to the cent: in whatever order its rows come, the same to the bit."""
    return round(float(amounts.sum()), 2)
