"""How long a million invoices take to fall due, against the same written with pandas offsets.

    python -m pytest benchmarks/bench_terms.py

`test_by_pandas` is what a user would write for 45 days end of month: compare `test_due_dates` with it.
"""

import numpy as np
import pandas as pd
import pytest

from arlib.terms import END_OF_MONTH_45, NET_30, PaymentTerms

INVOICES = 1_000_000
FORMS = {
    "net": NET_30,
    "end of month": END_OF_MONTH_45,
    "on the 10th": PaymentTerms(30, "after_days", 10),
    "decade": PaymentTerms(30, "before_days", period="decade"),
    "cut-off": PaymentTerms.parse("20th of the next month, cut-off 12"),
    "open days": PaymentTerms(30, payment_days=(10, 25), open_days="following", country="FR"),
    "three parts": PaymentTerms.parse("30 % on order, 30 % at 30 days, balance 60 days end of month"),
}


@pytest.fixture(scope="module")
def issued() -> pd.Series:
    days = np.datetime64("2023-01-01") + np.random.default_rng(1).integers(0, 1096, INVOICES)
    return pd.Series(days.astype("datetime64[s]"))


@pytest.fixture(scope="module")
def amounts() -> pd.Series:
    return pd.Series(np.random.default_rng(2).gamma(1, 1000, INVOICES).round(2))


@pytest.mark.parametrize("form", FORMS)
def test_due_dates(benchmark, issued, form):
    assert benchmark.pedantic(FORMS[form].due_dates, (issued,), rounds=5, warmup_rounds=1).notna().all()


def test_by_pandas(benchmark, issued):
    def due():
        return issued + pd.Timedelta(days=45) + pd.offsets.MonthEnd(0)

    assert (benchmark.pedantic(due, rounds=5, warmup_rounds=1) == END_OF_MONTH_45.due_dates(issued)).all()


def test_schedule(benchmark, issued, amounts):
    schedule = benchmark.pedantic(FORMS["three parts"].schedule, (issued, amounts), rounds=3, warmup_rounds=1)
    assert len(schedule) == 3 * INVOICES


def test_parse(benchmark):
    """A file states a few hundred distinct terms, each read once."""
    text = "30 % à la commande, 30 % à 30 jours fin de mois le 10, solde à 60 jours fin de décade"
    assert benchmark(PaymentTerms.parse, text).instalments
