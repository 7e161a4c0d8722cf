"""Late-payment penalties, invoice by invoice: what the law lets a company claim from customers that paid late."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.buyers import buyers_of
from arlib.law.penalties.accrual import late_periods
from arlib.law.penalties.contracts import contract_rates
from arlib.law.penalties.credits import credits_applied
from arlib.law.penalties.excluded import (
    COUNTED,
    NO_RATE,
    REASONS,
    Standing,
    excluded_frame,
    in_credit,
    insolvent_since,
    reasons_of,
)
from arlib.law.penalties.frames import Accrued, customers_frame, invoices_frame, periods_frame, with_given
from arlib.law.penalties.given import Given, spread
from arlib.law.penalties.lateness import Lateness
from arlib.law.penalties.rated import Late, fixed_sums, rated
from arlib.law.penalties.said import foreign_said, given_said, notes_on, total_said, undated_said
from arlib.law.rates import COMPANY, PUBLIC, RateTables, has_rule, rules_of
from arlib.ledger import Day, Ledger
from arlib.measures.delays.settlements import last_known
from arlib.risk.facts import Facts
from arlib.risk.provisions.standing import Insolvent, insolvent_customers
from arlib.schema import NO_DAY, Codes, Flags, Floats
from arlib.words import Language, Sentence, say


@dataclass(frozen=True, eq=False)
class LatePenalties:
    """What late invoices have earned by the end of a day.

    Attributes:
        invoices: one row a late invoice (an instalment is one), by customer, oldest due date first: item_id,
            customer_id, reference, document_id, issued_on, due_on, amount; settled_on, NaT while something is open;
            days_late, to that day or to `as_of`; open_amount; buyer (company, public); interest, indemnity (the fixed
            sum; nan where it is in another currency), due, their sum; claimed, waived, remaining = due less both,
            never below 0; basis (default: the rate of the law; contract), below_floor, status (confirmed, to_confirm).
        periods: one row an invoice, half-year and balance, in the same order: item_id, customer_id, first_on,
            last_on, days, principal, rate, basis, below_floor, status, carried (a rate of an earlier half-year),
            interest. Those of an invoice add up to it.
        excluded: one row a late or undatable item that earns none: item_id, customer_id, kind, reference, issued_on,
            due_on, amount, late_amount, days_late (nan without a due date), reason, text.
        by_customer: one row a customer: customer_id, name, invoices, days_late (of the latest), open_amount, interest,
            indemnity, due, claimed, waived, remaining, excluded (items), status.
        as_of: the day used.
        country: whose law.
        notes: what was decided, carried forward, left out, or is to be confirmed.
    """

    invoices: pd.DataFrame
    periods: pd.DataFrame
    excluded: pd.DataFrame
    by_customer: pd.DataFrame
    as_of: pd.Timestamp
    country: str
    notes: tuple[Sentence, ...] = ()


def late_penalties(  # noqa: PLR0913 - what a contract, a person and the law say of lateness, most of it left as it is
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    contract_rate: "float | Mapping[str, float] | pd.Series[Any] | None" = None,
    country: str = "FR",
    buyers: "Mapping[str, str] | pd.Series[Any] | None" = None,
    facts: Facts | None = None,
    insolvent: Insolvent = None,
    claimed: Given = None,
    waived: Given = None,
    indemnity: float | None = None,
    apply_credits: bool = False,
    leap_years: bool = False,
    tables: RateTables | None = None,
    language: Language = "en",
) -> LatePenalties:
    """The penalties and fixed indemnities of every invoice that was paid late, or is late on a day.

    interest = amount due, tax included x yearly rate x days / 365, from the day after the due date to the day the
    money arrives (`as_of` while it has not), day by day on what is then due: it falls with each part payment, credit
    note or write-off, the day after it. The rate of a half-year is that of `penalty_rates`, or the contract's. An
    indemnity is added once an invoice, however many its instalments (in other countries than France for each
    instalment), unless all that was late of it is credit notes. Neither bears VAT. To the cent, an invoice at a time.

    In `excluded`, with the reason: invoices without a due date, of consumers, disputed on the day, of customers in
    insolvency proceedings (those still unpaid when the proceedings opened: to be confirmed), open ones of customers
    whose account owes nothing in all, those of days without a known rate, and open items that are no invoices
    (openings, bills, transfers). A move to another account of the ledger (416) is no payment: the invoice counts until
    the moved debt is paid. What left for an account that was not read, or for a bill with a maturity of its own, counts
    to the day of the move.

    What a list calls paid without saying when counts as paid on its last day: such invoices are to be confirmed, and a
    note tells what they earn.

    Penalties run from the due date of the invoice, even where it is beyond what the law allows. Payments nobody has
    matched with an invoice do not stop them, unless `apply_credits` asks for it.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last by default, and never a later one.
        contract_rate: the yearly rate contracts fix, a share (0.12): one for all, or by customer_id; the law's
            elsewhere.
        country: whose law holds, by its two letters: the seller's, unless the contracts say otherwise. For customers
            under several laws, ask once for each.
        buyers: kind of customers, by customer_id: company, public (other points: to be confirmed) or consumer. By
            default as segment or status say so in a usual word, else a company.
        facts: external facts, which say who is insolvent since when; by default the customers file.
        insolvent: other insolvent customers, as in `individual_provisions`.
        claimed: amounts claimed: by item_id; or a frame with item_id or customer_id, amount (empty: all that is due)
            and `on`, the day it was done, after which it counts.
        waived: amounts waived, in the same form.
        indemnity: the fixed sum of an invoice, in the ledger's currency, instead of the law's.
        apply_credits: whether open payments and credit notes pay their customer's oldest debts from their day on, as a
            letter that takes them off what it asks for must count.
        leap_years: whether days of a leap year count as 366ths.
        tables: the rates; those arlib comes with by default.
        language: of the texts of `excluded`.

    Raises:
        ArlibError: no rule is known for the country, or customers, items or amounts given are not what they should be.

    Source: Code de commerce L441-10 II, D441-5; Directive 2011/7/EU.
    """
    tables, country = tables or RateTables(), country.strip().upper()
    currency = str(rules_of(country, COMPANY, tables)["currency"].iloc[-1])
    day = last_known(ledger, as_of)
    ledger, applied = credits_applied(ledger, day) if apply_credits else (ledger, ())
    lateness = Lateness.on(ledger, day)
    procedures = insolvent_customers(ledger, lateness.day, facts, insolvent, language)
    kinds, since = buyers_of(ledger, buyers), insolvent_since(ledger, procedures, lateness.day)
    ruled = [COMPANY, PUBLIC] if has_rule(country, PUBLIC, tables) else [COMPANY]
    reason = reasons_of(lateness, Standing(kinds, since, in_credit(ledger, lateness.day)), ruled)
    owner = ledger._owners  # noqa: SLF001 - kept by the ledger for such functions
    buyer = kinds.take(owner).reset_index(drop=True)
    law = _Law(country, tables, (buyer == PUBLIC).to_numpy(), contract_rates(ledger, contract_rate)[owner])
    accrued = _accrued(lateness, reason, law, leap_years=leap_years)
    fixed, doubtful, said = _fixed(accrued, law, currency, indemnity)
    invoices = invoices_frame(accrued, buyer, fixed, doubtful | accrued.undated)
    excluded = excluded_frame(lateness, reason, procedures, language)
    asked, beyond = spread(ledger, lateness.day, claimed, invoices)
    forgone, past = spread(ledger, lateness.day, waived, invoices)
    invoices = with_given(invoices, asked, forgone)
    notes = [total_said(invoices, country, lateness.day), *undated_said(accrued, invoices)]
    notes += [*applied, *accrued.rates.notes, *said]
    notes += [*foreign_said(ledger, invoices, country), *notes_on(accrued, excluded, as_of)]
    notes += [*given_said("law.penalty.claimed_beyond", beyond), *given_said("law.penalty.waived_beyond", past)]
    return LatePenalties(
        invoices=invoices,
        periods=periods_frame(accrued),
        excluded=excluded,
        by_customer=customers_frame(ledger, invoices, excluded),
        as_of=lateness.day,
        country=country,
        notes=tuple({str(note): note for note in notes}.values()),
    )


@dataclass(frozen=True, eq=False)
class _Law:
    """What rules each item: whether a public buyer owes it, and the rate its contract fixes (nan: none)."""

    country: str
    tables: RateTables
    public: Flags
    contracted: Floats


def _accrued(lateness: Lateness, reason: Codes, law: _Law, *, leap_years: bool) -> Accrued:
    """What invoices earn that no reason excludes; those with a day whose rate nobody knows get theirs here."""
    counted = reason[lateness.pieces.item] == COUNTED
    periods = late_periods(lateness.pieces, np.where(counted, lateness.ends, NO_DAY), lateness.due)
    rates = rated(periods, law.public[periods.item], law.contracted[periods.item], law.country, law.tables)
    reason[periods.item[np.isnan(rates.rate)]] = REASONS.index(NO_RATE)
    kept = reason[periods.item] == COUNTED
    return Accrued.of(lateness, periods.taken(kept), rates.taken(kept), leap_years=leap_years)


def _fixed(
    accrued: Accrued, law: _Law, currency: str, indemnity: float | None
) -> tuple[Floats, Flags, tuple[Sentence, ...]]:
    """(late invoices,) the fixed sums, whether they are to be confirmed, and notes.

    In the ledger's currency: nan where the law's are in another, and none is given.
    """
    ledger, places = accrued.lateness.ledger, accrued.places
    late = Late(accrued.due, _documents(ledger, places), accrued.lateness.in_money[places], law.public[places])
    fixed, doubtful, notes = fixed_sums(late, law.country, law.tables)
    if indemnity is not None:
        if not 0 <= indemnity < np.inf:
            raise ArlibError(say("law.penalty.indemnity", amount=str(indemnity)))
        return np.where(fixed > 0, indemnity, 0.0), np.zeros(len(fixed), dtype=bool), ()
    own = ledger.currency
    amount = float(fixed.max(initial=0.0))
    if own == "" and amount > 0:
        return fixed, doubtful, (*notes, say("law.penalty.no_currency", amount=amount, currency=currency))
    if own != currency and amount > 0:
        foreign = say("law.penalty.currency", rows=int((fixed > 0).sum()), amount=amount, currency=currency, own=own)
        return np.where(fixed > 0, np.nan, 0.0), doubtful & False, (foreign,)
    return fixed, doubtful, notes


def _documents(ledger: Ledger, places: Codes) -> Codes:
    """A code for the document of each item; one that names none is a document of its own."""
    named = pd.factorize(ledger.items["document_id"].take(places))[0]
    owner = ledger._owners[places]  # noqa: SLF001 - numbers of documents are a customer's own
    pairs = named * len(ledger.customers) + owner
    return np.asarray(pd.factorize(np.where(named >= 0, pairs, -1 - np.arange(len(places))))[0], dtype=np.intp)
