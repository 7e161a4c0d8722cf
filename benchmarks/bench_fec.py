"""Reading a FEC of many lines into the movements of its customers, against the bytes and against plain pandas.

    python -m pytest benchmarks/bench_fec.py -s

`-s` prints how many times its bytes a FEC of ASCII and one of ISO-8859-15 take to read, and how much memory, in one
run.
"""

import io
from pathlib import Path

import pandas as pd
import pytest
from yardsticks import ratios

from arlib import read_ledger, samples_folder
from arlib.readers.fec import read_fec
from arlib.readers.sources import RawSource

__all__ = ["read", "read_ledger"]  # what is measured in a process of its own

TIMES = 12  # the entries of the sample, this many times over: about two million lines


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    """The sample's FEC with its entries repeated under other numbers, so that every one of them balances."""
    content = (samples_folder() / "999999999FEC20251231.txt").read_bytes()
    header, *lines = content.splitlines(keepends=True)
    path = tmp_path_factory.mktemp("fec") / "999999999FEC20251231.txt"
    copies = max(TIMES * 170_000 // len(lines), 1)
    with path.open("wb") as written:
        written.write(header)
        for copy in range(copies):
            for line in lines:
                journal, name, number, rest = line.split(b"\t", 3)
                written.write(b"\t".join((journal, name, b"%s%03d" % (number, copy), rest)))
    return path


@pytest.fixture(scope="module")
def ascii_only(large) -> Path:
    """The same lines without accents."""
    path = large.parent / "ascii" / large.name
    path.parent.mkdir()
    path.write_bytes(large.read_bytes().decode("iso8859-15").encode("ascii", "replace"))
    return path


def read(path: Path):
    return read_fec(RawSource(path.name, path.read_bytes(), "", "text"))


def test_in_times_the_bytes(large, ascii_only):
    size = large.stat().st_size / 1e6
    for encoding, path in (("ISO-8859-15", large), ("ASCII", ascii_only)):
        for what in ("read", "read_ledger"):
            print(f"\n{what:12s} {encoding:12s} {size:.0f} MB: {ratios('bench_fec', what, path)}", end="")  # noqa: T201


def test_read_the_bytes(benchmark, large):
    assert len(benchmark.pedantic(large.read_bytes, rounds=3, warmup_rounds=1)) > 10_000_000


def test_read_a_fec(benchmark, large):
    assert len(benchmark.pedantic(read, (large,), rounds=2, warmup_rounds=1).items) > 100_000


def test_parse_a_fec_by_pandas(benchmark, large):
    def parse():
        lines = pd.read_csv(io.BytesIO(large.read_bytes()), sep="\t", encoding="iso-8859-15", dtype="str")
        for name in ("Debit", "Credit"):
            lines[name] = pd.to_numeric(lines[name].str.replace(",", "."))
        lines["EcritureDate"] = pd.to_datetime(lines["EcritureDate"], format="%Y%m%d")
        return lines[lines["CompteNum"].str.startswith("411")]

    assert len(benchmark.pedantic(parse, rounds=1)) > 100_000
