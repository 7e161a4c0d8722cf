"""The goals on statements whose truth is known: 99.5 % of what is automatic is right, 90 % of what can be is automatic.

Precision: of the receipts matched automatically, those whose set of (item, amount) is exactly the truth. Recall: the
same, of all receipts that truly settle items. Statements are drawn by clerks and banks (`arlib.samples.bank`) who know
nothing of the matching, from histories of several seeds.
"""

import pandas as pd
import pytest
from small import sample_ledger

from arlib.collection.receipts import match_receipts
from arlib.ledger import balance, open_items
from arlib.readers import read_ledger, read_receipts
from arlib.samples import samples_folder
from arlib.samples.addresses import draw_addresses
from arlib.samples.bank import draw_statement
from arlib.samples.bank_files import (
    before_payments,
    load_sample_receipts,
    write_statement,
    write_statement_truth,
)
from arlib.samples.bank_payments import FIRST_DAY, groupe_payments, negoce_payments, unknown_matches
from arlib.samples.groupe import make_groupe
from arlib.samples.negoce import make_negoce
from arlib.samples.writers import write_customers, write_ledger_csv

PRECISION, RECALL = 0.995, 0.90


def scored(ledger, receipts, truth):
    """One row a receipt: whether it truly settles items, is matched automatically, and exactly so."""
    found = match_receipts(ledger, receipts)
    proposals = found.proposals[found.proposals["automatic"]]
    rows = receipts.rows.set_index("receipt_id")["row"]
    ours = sets(proposals.assign(row=proposals["receipt_id"].map(rows)))
    true = sets(truth[truth["reference"].notna()])
    table = truth.drop_duplicates("row").set_index("row")[["kind", "written"]]
    table = table.assign(truth=true, ours=ours)
    assert set(proposals["receipt_id"].map(rows)) <= set(table.index)
    table["right"] = table["ours"].notna() & (table["ours"] == table["truth"])
    return table, found


def sets(rows):
    """(row,) references and cents, as one text."""
    each = rows["reference"] + "=" + (rows["amount"] * 100).round().astype("int64").astype("str")
    return each.groupby(rows["row"]).agg(lambda parts: " ".join(sorted(parts)))


def reach_the_goals(table):
    right, automatic, settling = table["right"].sum(), table["ours"].notna().sum(), table["truth"].notna().sum()
    assert right / automatic >= PRECISION, table[table["ours"].notna() & ~table["right"]]
    assert right / settling >= RECALL


def drawn(folder, payments, seed, *, in_euros=True):
    lines = draw_statement(payments, seed, in_euros=in_euros)
    write_statement(folder / "bank.csv", lines)
    write_statement_truth(folder / "truth.csv", lines)
    return read_receipts(folder / "bank.csv"), pd.read_csv(folder / "truth.csv")


@pytest.fixture(scope="module")
def sample():
    ledger, receipts = load_sample_receipts()
    return ledger, receipts, pd.read_csv(samples_folder() / "negoce_bank_truth.csv")


def test_the_sample(sample):
    table, found = scored(*sample)
    reach_the_goals(table)
    ledger, receipts, _ = sample
    accepted = found.accepted()
    automatic = found.proposals[found.proposals["automatic"]]["receipt_id"].unique()
    fell = receipts.rows.set_index("receipt_id")["amount"].loc[automatic].sum()
    assert balance(ledger) - balance(accepted) == pytest.approx(fell, abs=0.005)
    assert open_items(accepted)["open_amount"].sum() == pytest.approx(balance(accepted), abs=0.005)


def test_the_sample_before_its_payments_still_proves(sample):
    """What the payments of the quarter took off is owed again, in the items and in the accounts alike."""
    ledger, whole = sample[0], sample_ledger("negoce")
    gone = whole.items[(whole.items["kind"] == "payment") & (whole.items["booked_on"] >= pd.Timestamp(FIRST_DAY))]
    assert balance(ledger) - balance(whole) == pytest.approx(-gone["amount"].sum(), abs=0.005)
    assert ledger.controls["amount"].sum() == pytest.approx(balance(ledger), abs=0.005)


def test_payments_that_are_booked_are_not_booked_again(sample):
    """Against the ledger with its payments, nothing of the statement that is in it becomes a payment once more."""
    _, receipts, truth = sample
    found = match_receipts(sample_ledger("negoce"), receipts)
    settling = truth[truth["reference"].notna() & truth["kind"].isin(["single", "grouped"])]["row"].unique()
    ids = receipts.rows[receipts.rows["row"].isin(settling)]["receipt_id"]
    new = found.proposals[found.proposals["automatic"] & found.proposals["credit_id"].isna()]["receipt_id"]
    assert new.isin(ids).mean() < 0.02 or not len(new)
    assert (found.unmatched.set_index("receipt_id")["why"].reindex(ids) == "already_booked").mean() > 0.75


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_other_statements_of_the_same_history(tmp_path, sample, seed):
    table, _ = scored(sample[0], *drawn(tmp_path, negoce_payments(make_negoce()), seed))
    reach_the_goals(table)


@pytest.mark.parametrize("seed", [7, 8])
def test_other_histories(tmp_path, seed):
    history = make_negoce(seed)
    write_ledger_csv(tmp_path / "ledger.csv", history)
    write_customers(tmp_path / "customers.csv", history.customers, draw_addresses(history.customers, seed))
    ledger = read_ledger(tmp_path / "ledger.csv", customers=tmp_path / "customers.csv")
    before = before_payments(ledger, FIRST_DAY, unknown_matches(history))
    table, _ = scored(before, *drawn(tmp_path, negoce_payments(history), seed))
    reach_the_goals(table)


@pytest.mark.parametrize("seed", [21, 22])
def test_several_companies_and_currencies(tmp_path, seed):
    before = before_payments(sample_ledger("groupe"), FIRST_DAY)
    table, found = scored(before, *drawn(tmp_path, groupe_payments(make_groupe()), seed, in_euros=False))
    reach_the_goals(table)
    assert set(found.proposals["currency"]) == {"EUR", "GBP", "USD", "CHF"}
    accepted = found.accepted()
    assert open_items(accepted)["open_amount"].sum() == pytest.approx(balance(accepted), abs=0.005)
