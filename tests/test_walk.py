"""The walk on whole ledgers: the samples against their truth, and a real list against figures found elsewhere."""

from pathlib import Path

import pandas as pd
import pytest
from small import sample_ledger

from arlib import (
    aged_balance_history,
    balance,
    countback_dso,
    dso,
    dso_history,
    key_figures,
    open_items,
    proof,
    read_ledger,
)
from arlib.ledger import Ledger
from arlib.samples import samples_folder

BUCKETS = ["not_due", "1-30", "31-60", "61-90", "91+", "unapplied"]


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    """What the generator knows, computed by its own code and none of the measures."""
    return pd.read_csv(samples_folder() / "expected.csv", keep_default_na=False)


@pytest.fixture(scope="module", params=["negoce.xlsx", "negoce.csv", "999999999FEC20251231.txt", "groupe"])
def sample(request) -> tuple[str, Ledger]:
    name = request.param
    if name == "groupe":
        return name, sample_ledger("groupe")
    customers = samples_folder() / "negoce_clients.csv" if name.endswith(".txt") else None
    return name, read_ledger(samples_folder() / name, customers=customers)


def days_of(name: str, ledger: Ledger, truth: pd.DataFrame) -> list[str]:
    own = truth[truth["sample"] == ("groupe" if name == "groupe" else "negoce")]
    return [day for day in own["as_of"].unique() if day and ledger.covers[0] <= pd.Timestamp(day) <= ledger.covers[1]]


def expected(truth: pd.DataFrame, name: str, day: str, measure: str) -> dict[str, float]:
    own = truth[(truth["sample"] == ("groupe" if name == "groupe" else "negoce")) & (truth["as_of"] == day)]
    return own[own["measure"] == measure].set_index("key")["value"].astype("float64").to_dict()


def test_every_figure_of_a_sample_is_the_truth_to_the_cent(sample, truth):
    name, ledger = sample
    days = days_of(name, ledger, truth)
    assert len(days) >= 4
    aged = aged_balance_history(ledger, days).set_index("as_of")
    for day in days:
        assert balance(ledger, day) == expected(truth, name, day, "balance")[""], day
        assert len(open_items(ledger, day)) == expected(truth, name, day, "open_items")[""], day
        assert aged.loc[day, BUCKETS].to_dict() == expected(truth, name, day, "aged_balance"), day
        assert proof(ledger, day)["ties"].all(), day


def test_dso_of_a_sample_is_the_truth(sample, truth):
    name, ledger = sample
    compared = 0
    for day in days_of(name, ledger, truth):
        for measure, figure in (("dso_90", dso(ledger, day)), ("countback_dso", countback_dso(ledger, day))):
            value = expected(truth, name, day, measure).get("")
            if value is not None and figure.note is None:
                assert figure == pytest.approx(value, abs=1e-5), (day, measure)
                compared += 1
    assert compared >= 6


def test_groups_of_a_sample_are_the_truth(truth):
    for name, by, measure in (("negoce", "segment", "balance_by_segment"), ("groupe", "entity", "balance_by_entity")):
        ledger = sample_ledger(name)
        for day in days_of(name, ledger, truth)[::3]:
            aged = aged_balance_history(ledger, [day], by=by).set_index(by)["total"]
            known = expected(truth, name, day, measure)
            assert aged[list(known)].to_dict() == pytest.approx(known, abs=0.005)


def test_the_three_files_of_negoce_are_one_ledger():
    folder = samples_folder()
    by_workbook, by_text = read_ledger(folder / "negoce.xlsx"), read_ledger(folder / "negoce.csv")
    days = pd.date_range("2023-03-31", "2025-12-31", freq="ME")
    pd.testing.assert_frame_equal(dso_history(by_workbook, days), dso_history(by_text, days))
    by_fec = read_ledger(folder / "999999999FEC20251231.txt", customers=folder / "negoce_clients.csv")
    for day in ("2025-03-31", "2025-08-15", "2025-12-31"):
        one = open_items(by_workbook, day).groupby("customer_id")["open_amount"].sum().round(2)
        other = open_items(by_fec, day).groupby("customer_id")["open_amount"].sum().round(2)
        pd.testing.assert_series_equal(one[one != 0], other[other != 0])


@pytest.fixture(scope="module")
def ibm(shared_data: Path) -> Ledger:
    return read_ledger(shared_data / "ibm_late_payment" / "WA_Fn-UseC_-Accounts-Receivable.csv")


@pytest.mark.parametrize(
    ("day", "published"),
    [("2012-12-31", (99, 5725.06, 4936.32, 788.74, 26.84)), ("2013-06-30", (84, 5119.85, 4284.29, 835.56, 23.15))],
)
def test_a_real_list_of_paid_invoices_cut_at_a_past_day(ibm, day, published):
    """Figures published with the data: open items, balance, not due, 1-30 days late, DSO over 90 days."""
    items, owed, not_due, late, days = published
    assert len(open_items(ibm, day)) == items
    assert balance(ibm, day) == owed
    aged = aged_balance_history(ibm, [day]).iloc[0]
    assert (aged["not_due"], aged["1-30"], aged["total"]) == (not_due, late, owed)
    assert round(dso(ibm, day), 2) == days
    assert key_figures(ibm, day).set_index("measure")["value"]["open_items"] == items
    assert proof(ibm, day)["ties"].all()
