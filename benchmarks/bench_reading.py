"""Reading a file, against what reading it costs at least, and against pandas alone.

    python -m pytest benchmarks/bench_reading.py -s

The time to read the bytes of a file from the page cache is the yardstick of text: `-s` prints how many times that
each reading takes, all in one run. Memory is the peak of a process that does nothing else.
"""

import io
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from yardsticks import ratios

from arlib import read_ledger, samples_folder
from arlib.readers.cells import read_amounts, read_dates
from arlib.readers.sources import gather
from arlib.readers.tables import read_table
from arlib.readers.tables.delimited import read_delimited

SAMPLES = ("negoce.csv", "negoce.xlsx", "999999999FEC20251231.txt")
AMOUNTS, DATES = ("Montant HT", "TVA", "Montant TTC"), ("Date facture", "Échéance", "Date de règlement")
ROWS, ROUNDS = 1_000_000, 5


@pytest.mark.parametrize("name", SAMPLES)
def test_read_ledger(benchmark, name):
    source = (name, (samples_folder() / name).read_bytes())
    assert len(benchmark.pedantic(read_ledger, (source,), rounds=3, warmup_rounds=1).items) > 8_000


def french_days(days: "np.ndarray[tuple[int], np.dtype[np.datetime64]]") -> list[str]:
    return [f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in np.datetime_as_string(days, unit="D").tolist()]


def french_amounts(cents: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> list[str]:
    return [f"{cent / 100:,.2f}".replace(",", "\xa0").replace(".", ",") for cent in cents.tolist()]


@pytest.fixture(scope="module")
def french(tmp_path_factory) -> Path:
    """A list of invoices as French software exports it: Windows-1252, `;`, `1 234,56`, dd/mm/yyyy, ten columns."""
    rng = np.random.default_rng(3)
    customer = rng.integers(0, ROWS // 50, ROWS)
    issued = np.datetime64("2023-01-01") + np.sort(rng.integers(0, 1096, ROWS))
    due = issued + rng.choice([0, 30, 45, 60], ROWS)
    net = rng.integers(100, 2_000_000, ROWS)
    paid = [day if place % 7 else "" for place, day in enumerate(french_days(due + rng.integers(-5, 40, ROWS)))]
    columns = {
        "N° facture": [f"F{number}" for number in range(ROWS)],
        "Code client": [f"C{code:05d}" for code in customer.tolist()],
        "Nom du client": [f"Société {code}" for code in customer.tolist()],
        "Date facture": french_days(issued),
        "Échéance": french_days(due),
        "Montant HT": french_amounts(net),
        "TVA": french_amounts(net // 5),
        "Montant TTC": french_amounts(net + net // 5),
        "Date de règlement": paid,
        "Région": rng.choice(["Nord", "Sud", "Été"], ROWS).tolist(),
    }
    return written(tmp_path_factory.mktemp("french") / "french.csv", columns)


def written(path: Path, columns: dict[str, list[str]]) -> Path:
    lines = [";".join(columns), *map(";".join, zip(*columns.values(), strict=True))]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    return path


def typed_columns(path: Path) -> float:
    """Every cell of the file, its amounts as numbers and its dates as days: what a reader of meaning starts from."""
    cells = read_delimited(path.name, path.read_bytes()).cells
    amounts = read_amounts({heading: cells[heading] for heading in AMOUNTS})
    dates = read_dates({heading: cells[heading] for heading in DATES})
    assert not any(column.wrong.any() for column in (*amounts.columns.values(), *dates.columns.values()))
    return float(amounts.columns["Montant TTC"].values.sum())


def typed_by_pandas(path: Path) -> float:
    lines = pd.read_csv(path, sep=";", encoding="cp1252", dtype="str")
    for heading in AMOUNTS:
        lines[heading] = pd.to_numeric(lines[heading].str.replace("\xa0", "").str.replace(",", "."))
    for heading in DATES:
        lines[heading] = pd.to_datetime(lines[heading], format="%d/%m/%Y")
    return float(lines["Montant TTC"].sum())


def fastest(read: Callable[[Path], object], path: Path, rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        read(path)
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.fixture(scope="module")
def movements(tmp_path_factory) -> Path:
    """An accounting list as French software exports it: a debit or a credit a row, Windows-1252, ten columns."""
    rng = np.random.default_rng(1)
    customer = rng.integers(0, ROWS // 50, ROWS).tolist()
    booked = np.datetime64("2023-01-01") + np.sort(rng.integers(0, 1096, ROWS))
    amount, blank = french_amounts(rng.integers(100, 2_000_000, ROWS)), [""] * (ROWS // 2)
    debit, credit = [""] * ROWS, [""] * ROWS
    debit[::2], credit[1::2] = amount[::2], amount[1::2]
    columns = {
        "Code client": [f"411{code:05d}" for code in customer],
        "Nom client": [f"Client numéro {code}" for code in customer],
        "Date": french_days(booked),
        "Échéance": french_days(booked + 30),
        "N° pièce": [f"F{number:07d}" for number in range(ROWS)],
        "Libellé": [f"{'Règlement' if number % 2 else 'Facture'} {number}" for number in range(ROWS)],
        "Débit": debit,
        "Crédit": credit,
        "Lettrage": [*blank, *blank],
        "Journal": ["BQ" if number % 2 else "VE" for number in range(ROWS)],
    }
    return written(tmp_path_factory.mktemp("movements") / "movements.csv", columns)


def test_a_large_french_text_in_times_its_bytes(french, movements):
    assert typed_columns(french) == pytest.approx(typed_by_pandas(french))
    cases = (
        ("typed columns", "typed_columns", french),
        ("the same by pandas", "typed_by_pandas", french),
        ("read_ledger, a movement a row", "read_ledger", movements),
        ("read_ledger, an invoice and its payment a row", "read_ledger", french),
    )
    for name, what, path in cases:
        rounds = ROUNDS if what == "typed_columns" else 2
        size = path.stat().st_size / 1e6
        print(f"\n{name:46s} {size:.0f} MB: {ratios('bench_reading', what, path, rounds=rounds)}", end="")  # noqa: T201


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """100,000 rows of 15 columns in a workbook."""
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    rng = np.random.default_rng(4)
    written = openpyxl.Workbook(write_only=True)
    sheet = written.create_sheet("Factures")
    headings = ["Client", "N° facture", "Date facture", "Échéance", "Montant TTC", *(f"Axe {n}" for n in range(10))]
    sheet.append(headings)
    days = pd.date_range("2023-01-01", periods=1096).to_pydatetime()
    for number in range(100_000):
        day = rng.integers(0, 1000)
        axes = rng.integers(0, 9, 10).tolist()
        sheet.append(
            [f"C{number % 997}", f"F{number}", days[day], days[day + 45], float(rng.integers(100, 10**6)) / 100, *axes]
        )
    written.save(path)
    return path


def test_a_workbook_against_pandas_and_openpyxl(book):
    ours = fastest(lambda path: read_table(gather(path)[0]), book, 3)
    pandas = fastest(lambda path: pd.read_excel(path, engine="openpyxl"), book, 1)
    print(f"\n100,000 x 15: read_table {ours:.2f} s, pandas with openpyxl {pandas:.2f} s, {pandas / ours:.1f} x faster")  # noqa: T201
    assert len(pd.read_excel(io.BytesIO(book.read_bytes()), engine="calamine")) == len(
        read_table(gather(book)[0]).cells
    )
