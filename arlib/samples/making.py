"""Makes every sample file from its seed, and the truth beside it."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from arlib.samples.addresses import draw_addresses
from arlib.samples.bank import draw_statement
from arlib.samples.bank_files import BANK_SEED, write_statement, write_statement_truth, write_unknown
from arlib.samples.bank_payments import negoce_payments, unknown_matches
from arlib.samples.business_days import end_of_month
from arlib.samples.credit_files import draw_facts
from arlib.samples.expected import Days, Fact, facts, write_expected
from arlib.samples.fec import file_name, write_fec
from arlib.samples.groupe import make_groupe, write_groupe, write_rates
from arlib.samples.negoce import SEED, make_negoce
from arlib.samples.orders import draw_orders
from arlib.samples.workbook import write_workbook
from arlib.samples.writers import write_customers, write_facts, write_ledger_csv, write_orders, write_truth

FEC_YEAR = 2025
_ODD_DAYS = (date(2023, 2, 14), date(2023, 8, 15), date(2024, 2, 29), date(2024, 10, 13), date(2025, 5, 2),
             date(2025, 11, 23))  # fmt: skip
_CHOSEN = (date(2024, 10, 13), date(2025, 6, 30), date(2025, 12, 31))
_PERIODS = ((date(2023, 12, 31), date(2024, 12, 31)), (date(2024, 10, 13), date(2025, 6, 30)),
            (date(2025, 9, 30), date(2025, 12, 31)))  # fmt: skip


def make_samples(folder: Path) -> Sequence[Path]:
    """Make every sample file in a folder, the same bytes on each run; their paths. Takes seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    negoce, groupe = make_negoce(), make_groupe()
    write_workbook(folder / "negoce.xlsx", negoce)
    write_ledger_csv(folder / "negoce.csv", negoce)
    write_fec(folder / file_name(FEC_YEAR), negoce, FEC_YEAR)
    write_customers(folder / "negoce_clients.csv", negoce.customers, draw_addresses(negoce.customers, SEED))
    write_truth(folder / "negoce_truth.csv", negoce)
    write_facts(folder / "negoce_facts.csv", draw_facts(negoce.customers, SEED))
    write_orders(folder / "negoce_orders.csv", draw_orders(negoce.customers, SEED))
    lines = draw_statement(negoce_payments(negoce), BANK_SEED)
    write_statement(folder / "negoce_bank.csv", lines)
    write_statement_truth(folder / "negoce_bank_truth.csv", lines)
    write_unknown(folder / "negoce_bank_unknown.csv", unknown_matches(negoce))
    write_groupe(folder / "groupe.parquet", groupe)
    write_rates(folder / "groupe_rates.csv", groupe.rates)
    true_figures: list[Fact] = [
        *facts("negoce", negoce, days_of(2023)),
        *facts("groupe", groupe.history, days_of(2024)),
    ]
    write_expected(folder / "expected.csv", true_figures)
    return sorted(path for path in folder.iterdir() if path.suffix != ".md")


def expected_days(first_year: int) -> Iterator[date]:
    """The days of `expected.csv`: every quarter end from a year to 2025, and some odd days, a Sunday among them."""
    yield from sorted([*_quarters(first_year), *(day for day in _ODD_DAYS if day.year >= first_year)])


def days_of(first_year: int) -> Days:
    """What `expected.csv` tells on which days, for a sample that begins with a year."""
    periods = [(start, end) for start, end in _PERIODS if start >= date(first_year, 3, 31)]
    chosen = [day for day in _CHOSEN if day.year >= first_year]
    return Days(list(expected_days(first_year)), list(_quarters(first_year)), chosen, periods, _CHOSEN[-1])


def _quarters(first_year: int) -> Iterator[date]:
    return (end_of_month(date(year, month, 1)) for year in range(first_year, 2026) for month in (3, 6, 9, 12))
