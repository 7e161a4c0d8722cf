"""What lateness costs by law: legal interest, central bank rates, and the penalty rate of each half-year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.dated import (
    CONFIRMED,
    TO_CONFIRM,
    DatedRates,
    Kind,
    completed,
    half_year_starts,
    half_years,
    read_entries,
    shipped_entries,
)
from arlib.law.percents import check_percents
from arlib.ledger import Day, as_day
from arlib.readers.sources import Readable
from arlib.schema import Codes, Flags, Floats, day_numbers, to_dates
from arlib.words import Sentence, say

COMPANY, PUBLIC, CONSUMER = "company", "public", "consumer"
DEFAULT, CONTRACT = "default", "contract"  # what a penalty rate rests on
PER_INVOICE, PER_INSTALMENT = "invoice", "instalment"

_RATES: Mapping[str, Kind] = {"series": "text", "percent": "number"}
_RATES_KEY = ("series",)
_COUNTRIES: Mapping[str, Kind] = {
    "country": "text",
    "buyer": "text",
    "default_days": "number",
    "cap_days": "number",
    "points": "number",
    "reference": "text",
    "floor_multiple": "number",
    "fixed_amount": "number",
    "fixed_per": "text",
    "currency": "text",
}
_COUNTRIES_KEY = ("country", "buyer")
_NAMED = ("professionals", "consumers", "ecb_refi", "de_base_rate")  # series that have a name in both languages
_OPTIONAL = ("floor_multiple",)
_WORDS = {"buyer": (COMPANY, PUBLIC), "fixed_per": (PER_INVOICE, PER_INSTALMENT)}
_TOLD = [
    *("first_on", "last_on", "reference_rate", "points", "default_rate", "legal_rate", "floor_rate", "contract_rate"),
    *("rate", "basis", "below_floor", "status", "carried"),
]
_DIGITS = 8  # of a rate: what floats lose when points are added is far below


@dataclass(frozen=True, eq=False)
class RateTables:
    """The dated tables penalties are computed from, as `read_rate_tables` gives them.

    Attributes:
        legal_interest: series (professionals, consumers), percent, and the columns of evidence (`arlib.law.dated`).
        central_bank: the same by series of reference rates (ecb_refi), percent in force when the half-year begins.
        countries: country, buyer (company, public), default_days, cap_days, points over the reference rate, reference
            (its series), floor_multiple of the legal interest rate (nan: no floor), fixed_amount, fixed_per (invoice,
            instalment), currency, and the columns of evidence.
    """

    legal_interest: pd.DataFrame = field(
        default_factory=lambda: shipped_entries("legal_interest", _RATES, key=_RATES_KEY)
    )
    central_bank: pd.DataFrame = field(default_factory=lambda: shipped_entries("central_bank", _RATES, key=_RATES_KEY))
    countries: pd.DataFrame = field(
        default_factory=lambda: shipped_entries("countries", _COUNTRIES, key=_COUNTRIES_KEY, optional=_OPTIONAL)
    )


def read_rate_tables(
    *,
    legal_interest: Readable | None = None,
    central_bank: Readable | None = None,
    countries: Readable | None = None,
) -> RateTables:
    """The tables arlib comes with and a user's own: of one series and first day, the user's row stands.

    A file has the columns of the table it completes (`RateTables`), in percent and points (4.92, not 0.0492), with
    valid_from, source, checked_on, status, and valid_to: without it a rate holds until further notice, or your next
    row, whatever the shipped table says from then on.

    Raises:
        ArlibError: a file cannot be read, or cells are not what they should be; all of them. So are percents that look
            like shares (0.0215 for 2.15), or that no rate has been (below -5, above 30).
    """
    shipped = RateTables()
    made = RateTables(
        _completed(shipped.legal_interest, legal_interest, _RATES, _RATES_KEY),
        _completed(shipped.central_bank, central_bank, _RATES, _RATES_KEY),
        _completed(shipped.countries, countries, _COUNTRIES, _COUNTRIES_KEY),
    )
    for column, known in _WORDS.items():
        wrong = sorted(set(made.countries[column]) - set(known))
        if wrong:
            raise ArlibError(say("law.rates.word", column=column, wrong=", ".join(wrong), known=", ".join(known)))
    return made


def legal_interest_rates(series: str = "professionals", *, tables: RateTables | None = None) -> DatedRates:
    """The French legal interest rate, a year, by half-year (by year before 2015): of `professionals` or `consumers`.

    Raises:
        ArlibError: there is no such series.

    Source: orders under L313-2 of the Code monétaire et financier, each named in its row.
    """
    return _series((tables or RateTables()).legal_interest, series)


def central_bank_rates(series: str = "ecb_refi", *, tables: RateTables | None = None) -> DatedRates:
    """A central bank's rate in force on 1 January and 1 July, which penalties of the whole half-year count from.

    `ecb_refi`: the ECB's main refinancing operations; others as the user's own table names them.

    Raises:
        ArlibError: there is no such series.

    Source: Code de commerce L441-10 II; Directive 2011/7/EU.
    """
    return _series((tables or RateTables()).central_bank, series)


@dataclass(frozen=True, eq=False)
class PenaltyRates:
    """The penalty rate of half-years.

    Attributes:
        table: one row a half-year, in their order: first_on, last_on; reference_rate and points (both shares),
            default_rate, their sum; legal_rate and floor_rate, the least a contract may fix (nan: no such rule);
            contract_rate (nan: none given); rate, the one that counts, with its basis (default, contract);
            below_floor; status (confirmed, to_confirm, by the rows `rate` rests on; a rate carried forward is to be
            confirmed); carried.
        notes: rates missing, carried forward, to be confirmed, and a contract below its floor.
    """

    table: pd.DataFrame
    notes: tuple[Sentence, ...] = ()


def penalty_rates(
    days: Day | Iterable[Day],
    country: str = "FR",
    *,
    buyer: str = COMPANY,
    contract_rate: float | None = None,
    tables: RateTables | None = None,
) -> PenaltyRates:
    """The yearly rate of late-payment penalties in each half-year that holds one of some days.

    default_rate = the reference rate in force on 1 January or 1 July + points (France: ECB refinancing rate + 10);
    floor_rate = 3 x the legal interest rate of professionals (France). The floor limits what a contract may fix and is
    never taken instead of the default rate: in 2024 it was above it. A contract below its floor counts as written and
    is flagged; what a court would put in its place is not for arlib to say. A rate is nan, and a note says so, where
    no reference rate is known: before the first one, or in a country whose own series is to be given.

    Args:
        days: a day, or several.
        country: whose law holds, by its two letters; the seller's unless the contract says otherwise.
        buyer: company, or public.
        contract_rate: the rate the contract fixes, a share: 0.12 for 12 % a year.
        tables: the rates; those arlib comes with by default.

    Raises:
        ArlibError: no rule is known for this country and buyer, or the contract's rate is no share.

    Source: Code de commerce L441-10 II; Directive 2011/7/EU.
    """
    tables = tables or RateTables()
    given = np.nan if contract_rate is None else check_rate(contract_rate)
    known = half_year_rates(_halves(days), country, buyer, tables)
    table = known.table
    contracted, floor = np.full(len(table), given), table["floor_rate"].to_numpy()
    by_contract, below = ~np.isnan(contracted), is_below(contracted, floor)
    told = table.assign(
        contract_rate=contracted,
        rate=np.where(by_contract, contracted, table["default_rate"]),
        basis=np.where(by_contract, CONTRACT, DEFAULT),
        below_floor=below,
        status=table["status"].where(~by_contract, CONFIRMED),
    )
    said = [below_floor_said(contracted[below], floor[below])] if below.any() else []
    return PenaltyRates(told[_TOLD], (*known.notes, *known.floor_notes, *said))


@dataclass(frozen=True, eq=False)
class HalfYears:
    """What the law says of half-years: the columns of `PenaltyRates` that no contract changes.

    `notes` are on the default rate, `floor_notes` on the least a contract may fix.
    """

    table: pd.DataFrame
    notes: tuple[Sentence, ...]
    floor_notes: tuple[Sentence, ...]


def half_year_rates(halves: Codes, country: str, buyer: str, tables: RateTables) -> HalfYears:
    """What the law says of some half-years, each once, counted as `half_years` does.

    Raises:
        ArlibError: no rule is known for this country and buyer.
    """
    starts = to_dates(half_year_starts(halves))
    rules = rules_of(country, buyer, tables)
    points = rule_on(rules, "points").on(starts)
    reference = _series(tables.central_bank, str(rules["reference"].iloc[-1]), known=False).on(starts)
    multiple = rule_on(rules, "floor_multiple").on(starts).rate
    legal = legal_interest_rates(tables=tables).on(starts)
    has_floor = np.isfinite(multiple)
    doubtful = points.to_confirm | reference.to_confirm | reference.carried
    table = pd.DataFrame(
        {
            "first_on": starts,
            "last_on": to_dates(half_year_starts(halves + 1) - 1),
            "reference_rate": reference.rate,
            "points": points.rate / 100,
            "default_rate": (reference.rate + points.rate / 100).round(_DIGITS),
            "legal_rate": np.where(has_floor, legal.rate, np.nan),
            "floor_rate": (multiple * legal.rate).round(_DIGITS),
            "status": np.where(doubtful, TO_CONFIRM, CONFIRMED),
            "carried": reference.carried,
        }
    )
    return HalfYears(table, (*points.notes, *reference.notes), legal.notes if has_floor.any() else ())


def rules_of(country: str, buyer: str, tables: RateTables) -> pd.DataFrame:
    """The entries of a country for a kind of buyer.

    Raises:
        ArlibError: there is none.
    """
    countries = tables.countries
    rules = _rules(country, buyer, tables)
    if rules.empty:
        known = ", ".join(sorted(set(countries.loc[countries["buyer"] == buyer, "country"])))
        raise ArlibError(say("law.penalty.no_rule", country=country, buyer=say(f"law.buyer.{buyer}"), known=known))
    return rules


def has_rule(country: str, buyer: str, tables: RateTables) -> bool:
    """Whether the law of a country is known for a kind of buyer."""
    return len(_rules(country, buyer, tables)) > 0


def _rules(country: str, buyer: str, tables: RateTables) -> pd.DataFrame:
    countries = tables.countries
    return countries[(countries["country"] == country.strip().upper()) & (countries["buyer"] == buyer)]


def rule_on(rules: pd.DataFrame, column: str) -> DatedRates:
    """One number of the entries of a country, by day: points (in percent), floor_multiple, fixed_amount."""
    country, buyer = rules[["country", "buyer"]].iloc[0]
    name = say("law.penalty.rule", country=country, buyer=say(f"law.buyer.{buyer}"))
    return DatedRates(name, rules.assign(rate=rules[column]).reset_index(drop=True))


def is_below(contracted: Floats, floor: Floats) -> Flags:
    """Which rates of a contract are below what the law allows; none where there is no contract or no floor."""
    return contracted < floor - 0.5 * 10.0**-_DIGITS


def below_floor_said(contracted: Floats, floor: Floats) -> Sentence:
    """The sentence of rates that a contract fixes below what the law allows, in percent as people write them."""
    return say("law.penalty.below_floor", rate=100 * float(contracted.min()), floor=100 * float(floor.max()))


def check_rate(rate: object) -> float:
    """A yearly rate a contract fixes, as a share.

    Raises:
        ArlibError: it is none: a text, 12 for 12 %, or below 0.
    """
    if not isinstance(rate, int | float | np.integer | np.floating) or not 0 <= rate < 1:
        raise ArlibError(say("law.penalty.contract_rate", rate=str(rate)))
    return float(rate)


def _halves(days: Day | Iterable[Day]) -> Codes:
    """The half-years that hold one of some days, each once, in their order."""
    asked = [days] if isinstance(days, str | date) else days
    numbers = day_numbers(pd.Series([as_day(day) for day in asked if not pd.isna(day)], dtype="datetime64[s]"))
    return np.unique(half_years(numbers))


def _series(entries: pd.DataFrame, series: str, *, known: bool = True) -> DatedRates:
    """The rates of a series, as shares; `known`: it must have some."""
    rows = entries[entries["series"] == series]
    if known and rows.empty:
        raise ArlibError(say("law.rates.series", series=series, known=", ".join(sorted(set(entries["series"])))))
    name = say(f"law.series.{series}") if series in _NAMED else say("law.series", name=series)
    return DatedRates(name, rows.assign(rate=(rows["percent"] / 100).round(_DIGITS)).reset_index(drop=True))


def _completed(
    shipped: pd.DataFrame, own: Readable | None, columns: Mapping[str, Kind], key: tuple[str, ...]
) -> pd.DataFrame:
    if own is None:
        return shipped
    entries = read_entries(own, columns, key=key, optional=_OPTIONAL)
    check_percents(entries)
    return completed(shipped, entries, key=key)
