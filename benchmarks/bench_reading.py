"""Reading a file into a proved ledger, against parsing the same file with pandas alone.

python -m pytest benchmarks/bench_reading.py
"""

import io

import pandas as pd
import pytest

from arlib import read_ledger, samples_folder

FILES = ("negoce.csv", "negoce.xlsx", "999999999FEC20251231.txt")
TIMES = 10  # the text sample, this many times over


@pytest.mark.parametrize("name", FILES)
def test_read_ledger(benchmark, name):
    source = (name, (samples_folder() / name).read_bytes())
    assert len(benchmark.pedantic(read_ledger, (source,), rounds=3, warmup_rounds=1).items) > 8_000


@pytest.fixture(scope="module")
def large() -> tuple[str, bytes]:
    header, _, body = (samples_folder() / "negoce.csv").read_bytes().partition(b"\r\n")
    return "large.csv", header + b"\r\n" + body * TIMES


def test_read_a_large_text(benchmark, large):
    assert len(benchmark.pedantic(read_ledger, (large,), rounds=2).items) > 200_000


def test_parse_a_large_text_by_pandas(benchmark, large):
    def parse():
        lines = pd.read_csv(io.BytesIO(large[1]), sep=";", encoding="cp1252", dtype="str")
        for name in ("Débit", "Crédit", "Montant HT"):
            lines[name] = pd.to_numeric(lines[name].str.replace("\xa0", "").str.replace(",", "."))
        for name in ("Date", "Échéance"):
            lines[name] = pd.to_datetime(lines[name], format="%d/%m/%Y")
        return lines

    assert len(benchmark.pedantic(parse, rounds=2)) > 200_000
