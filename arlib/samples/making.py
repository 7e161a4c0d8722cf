"""Makes every sample file from its seed, and the truth beside it."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from arlib.samples.business_days import end_of_month
from arlib.samples.expected import Fact, facts, write_expected
from arlib.samples.fec import file_name, write_fec
from arlib.samples.groupe import make_groupe, write_groupe, write_rates
from arlib.samples.negoce import make_negoce
from arlib.samples.workbook import write_workbook
from arlib.samples.writers import write_customers, write_ledger_csv, write_truth

FEC_YEAR = 2025
_ODD_DAYS = (date(2023, 2, 14), date(2023, 8, 15), date(2024, 2, 29), date(2024, 10, 13), date(2025, 5, 2),
             date(2025, 11, 23))  # fmt: skip


def make_samples(folder: Path) -> Sequence[Path]:
    """Make every sample file in a folder, the same bytes on each run; their paths. Takes seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    negoce, groupe = make_negoce(), make_groupe()
    write_workbook(folder / "negoce.xlsx", negoce)
    write_ledger_csv(folder / "negoce.csv", negoce)
    write_fec(folder / file_name(FEC_YEAR), negoce, FEC_YEAR)
    write_customers(folder / "negoce_clients.csv", negoce.customers)
    write_truth(folder / "negoce_truth.csv", negoce)
    write_groupe(folder / "groupe.parquet", groupe)
    write_rates(folder / "groupe_rates.csv", groupe.rates)
    true_figures: list[Fact] = [
        *facts("negoce", negoce, list(expected_days(2023))),
        *facts("groupe", groupe.history, list(expected_days(2024))),
    ]
    write_expected(folder / "expected.csv", true_figures)
    return sorted(path for path in folder.iterdir() if path.suffix != ".md")


def expected_days(first_year: int) -> Iterator[date]:
    """The days of `expected.csv`: every quarter end from a year to 2025, and some odd days, a Sunday among them."""
    quarters = (end_of_month(date(year, month, 1)) for year in range(first_year, 2026) for month in (3, 6, 9, 12))
    yield from sorted([*quarters, *(day for day in _ODD_DAYS if day.year >= first_year)])
