"""Late-payment penalties of a whole ledger, with every period, against the interest alone in pandas.

    python -m pytest benchmarks/bench_penalties.py

The pandas way adds up the rates of all days once and looks up two of these sums for each piece: no period to show, no
reason for what is left out, no indemnity. A test below compares the two.
"""

import pandas as pd
import pytest

from arlib.law.penalties import late_penalties
from arlib.law.rates import central_bank_rates
from arlib.measures.delays import settlements


def by_pandas(pieces, last):
    """The interest of each late invoice, from its pieces."""
    days = pd.Series(pd.date_range("2022-12-31", last))
    reached = pd.Series(central_bank_rates().on(days).rate + 0.10, index=days).cumsum()
    late = pieces.assign(end=pieces["settled_on"].fillna(last))
    late = late[late["end"] > late["due_on"]]
    earned = reached[late["end"]].to_numpy() - reached[late["due_on"]].to_numpy()
    return (late["amount"] * earned / 365).groupby(late["item_id"]).sum()


def test_late_penalties(benchmark, ledger):
    assert len(benchmark.pedantic(late_penalties, (ledger,), rounds=3).periods)


def test_interest_by_pandas(benchmark, ledger):
    pieces, last = settlements(ledger), ledger.covers[1]
    interest = benchmark.pedantic(by_pandas, (pieces, last), rounds=3)
    told = late_penalties(ledger).invoices.set_index("item_id")["interest"]
    assert told.to_numpy() == pytest.approx(interest[told.index].to_numpy(), abs=0.0051)


def test_pieces_alone(benchmark, ledger):
    assert len(benchmark.pedantic(settlements, (ledger,), rounds=3))
