"""Receipts against open items: small cases by hand, what must always hold, hostile input, and the samples' truth."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import ledger_of, shuffled

from arlib.checks import proof
from arlib.collection.receipts import keys, match_receipts
from arlib.errors import ArlibError
from arlib.ledger import balance, open_amounts, open_items

BOOKS = """
    customer | kind        | issued     | due        | amount
    A        | invoice     | 2025-01-10 | 2025-02-10 | 100.10
    A        | invoice     | 2025-01-20 | 2025-02-20 | 250.25
    A        | invoice     | 2025-02-03 | 2025-03-03 | 433.67
    A        | credit_note | 2025-02-05 | 2025-02-05 | -30.30
    B        | invoice     | 2025-01-15 | 2025-02-15 | 871.90
    B        | invoice     | 2025-02-15 | 2025-03-15 | 871.90
    C        | invoice     | 2025-03-20 | 2025-04-20 | 555.55
"""
NAMES = {"A": "Boulangerie Quéméniou & Fils", "B": "Garage Vauquelain SARL", "C": "Crêperie L'Écume d'Argenvert"}


def books(**changes):
    ledger = ledger_of(BOOKS, covers=("2025-01-01", "2025-06-30"))
    items = ledger.items.assign(reference=[f"FA25-{number:05d}" for number in (101, 112, 145, 9, 133, 160, 201)])
    customers = ledger.customers.assign(name=ledger.customers["customer_id"].map(NAMES))
    return replace(ledger, items=items, customers=customers, **changes)


def bank(*rows, day="2025-03-10"):
    """Receipts as (amount, payer, text), or with a day and a currency after them."""
    frame = pd.DataFrame([(*row, day, "EUR")[:5] if len(row) == 3 else (*row, "EUR")[:5] for row in rows],
                         columns=["amount", "payer", "remittance", "received_on", "currency"])  # fmt: skip
    return frame.assign(received_on=pd.to_datetime(frame["received_on"]))


def paid(found, receipt=1, *, automatic=True):
    """(item, amount) proposed for a receipt."""
    rows = found.proposals[(found.proposals["receipt_id"] == receipt) & (found.proposals["automatic"] == automatic)]
    return sorted(zip(rows["item_id"].tolist(), rows["amount"].tolist(), strict=True))


def why(found, receipt=1):
    return found.unmatched.set_index("receipt_id")["why"].get(receipt)


# --- by hand -------------------------------------------------------------------------------------------------------

QUEMENIOU, VAUQUELAIN = "BOULANGERIE QUEMENIOU ET FI", "GARAGE VAUQUELAIN"


@pytest.mark.parametrize(
    "text",
    [
        "FACT FA25-00112", "fa2500112", "FA 25 00 112", "VOTRE FACTURE 25-00112", "2500112", "RGT 00112", "112",
        "FA25-OO1I2", "FA25-0112", "FA25-000112", "FA25-00121", "FA25-00 112", "FC2500112",
    ],
)  # fmt: skip
def test_a_reference_is_read_however_it_is_written(text):
    """Whole, joined, spaced, without its prefix; O for 0, I for 1; a character missing, too many, exchanged."""
    found = match_receipts(books(), bank((250.25, QUEMENIOU, text)))
    assert paid(found) == [(2, 250.25)]
    assert found.proposals["reason"].tolist() == ["reference_amount"]


def test_several_references_with_the_prefix_once():
    found = match_receipts(books(), bank((350.35, "INCONNU", "FA25-00101/112")))
    assert paid(found) == [(1, 100.10), (2, 250.25)]


def test_a_range_is_all_of_the_customer_between_its_ends():
    """101 to 145 of A are 100.10 + 250.25 + 433.67 = 784.02; 133 lies between and is B's."""
    found = match_receipts(books(), bank((784.02, QUEMENIOU, "FA25-00101 A FA25-00145")))
    assert paid(found) == [(1, 100.10), (2, 250.25), (3, 433.67)]
    assert set(found.proposals["reason"]) == {"reference_range"}


def test_an_amount_alone_of_a_known_payer():
    found = match_receipts(books(), bank((433.67, QUEMENIOU, "VIREMENT")))
    assert paid(found) == [(3, 433.67)]
    assert found.proposals["reason"].tolist() == ["amount_one"]


def test_two_items_of_the_same_amount_are_for_a_person():
    found = match_receipts(books(), bank((871.90, VAUQUELAIN, "VIREMENT")))
    assert paid(found) == []
    assert paid(found, automatic=False) == [(5, 871.90)]
    assert found.alternatives["item_id"].tolist() == [6]


def test_items_due_one_after_the_other_add_up():
    found = match_receipts(books(), bank((350.35, QUEMENIOU, "")))
    assert paid(found) == [(1, 100.10), (2, 250.25)]
    assert set(found.proposals["reason"]) == {"amount_run"}


def test_a_set_that_is_no_run():
    """100.10 + 433.67 = 533.77, without the one due between them."""
    assert paid(match_receipts(books(), bank((533.77, QUEMENIOU, "")))) == [(1, 100.10), (3, 433.67)]


def test_a_credit_note_deducted():
    """250.25 - 30.30 = 219.95."""
    found = match_receipts(books(), bank((219.95, QUEMENIOU, "FA25-00112")))
    assert paid(found) == [(2, 250.25), (4, -30.30)]
    accepted = found.accepted()
    assert round(balance(books()) - balance(accepted), 2) == 219.95
    assert open_amounts(accepted, pd.Timestamp("2025-06-30"))[[1, 3]].tolist() == [0.0, 0.0]


def test_a_discount_is_known_and_the_rest_stays_open():
    """433.67 less 2 % (8.67) is 425.00."""
    found = match_receipts(books(), bank((425.00, QUEMENIOU, "FA25-00145 ESCPTE 2%")))
    assert paid(found) == [(3, 425.00)]
    row = found.proposals.iloc[0]
    assert (row["reason"], row["difference"]) == ("reference_discount", 8.67)
    left = open_items(found.accepted()).set_index("item_id")["open_amount"]
    assert left[3] == 8.67


def test_a_fee_that_is_given():
    found = match_receipts(
        books(), bank((540.55, "CREPERIE L ECUME D ARGENVERT", "FA25-00201"), day="2025-04-20"), fees=[15.0]
    )
    assert paid(found) == [(7, 540.55)]
    assert found.proposals["reason"].tolist() == ["reference_fee"]


def test_part_of_an_invoice_that_is_named():
    found = match_receipts(books(), bank((200.00, QUEMENIOU, "ACOMPTE FA25-00145")))
    assert paid(found) == [(3, 200.00)]
    assert found.proposals["reason"].tolist() == ["reference_part"]


def test_the_last_resort_is_never_automatic():
    found = match_receipts(books(), bank((120.00, QUEMENIOU, "VIREMENT")))
    assert paid(found) == []
    assert paid(found, automatic=False) == [(1, 100.10), (2, 19.90)]


def test_nothing_is_paid_before_it_is_booked():
    """C's invoice is of 20 March."""
    receipts = bank((555.55, "CREPERIE L ECUME D ARGENVERT", "FA25-00201"))
    assert why(match_receipts(books(), receipts)) == "fits_nothing"
    later = receipts.assign(received_on=pd.Timestamp("2025-03-20"))
    assert paid(match_receipts(books(), later)) == [(7, 555.55)]


@pytest.mark.parametrize("others", [0, 1, 2, 7])
def test_of_two_equal_items_the_oldest_is_proposed_whoever_else_owes(others):
    """Nothing tells which, so that it is for a person: first due first, and each alternative once."""
    payers = [f"P{number:03d}" for number in range(30 + others)]
    rows = "".join(
        f"\n    {payer} | invoice | 2025-0{month}-10 | 2025-0{month + 1}-10 | {100 + place}.37"
        for place, payer in enumerate(payers)
        for month in (3, 1)
    )
    ledger = ledger_of(f"customer | kind | issued | due | amount{rows}", covers=("2025-01-01", "2025-06-30"))
    lines = [(100.37 + place, f"PAYER {payer}", "VIREMENT") for place, payer in enumerate(payers[:30])]
    known = pd.DataFrame({"customer_id": payers, "payer": [f"PAYER {payer}" for payer in payers]})
    found = match_receipts(ledger, bank(*lines, day="2025-05-10"), payers=known)
    assert len(found.proposals) == 30
    issued = ledger.items.set_index("item_id")["issued_on"].dt.month
    assert set(found.proposals["item_id"].map(issued)) <= {1}
    assert not found.alternatives.duplicated(["receipt_id", "item_id", "amount"]).any()


def test_of_two_receipts_alike_the_earlier_one_pays():
    receipts = bank((433.67, QUEMENIOU, "FA25-00145", "2025-03-12"), (433.67, QUEMENIOU, "FA25-00145", "2025-03-10"))
    found = match_receipts(books(), receipts)
    assert paid(found, 2) == [(3, 433.67)]
    assert (why(found, 1), found.unmatched["other_receipt_id"].tolist()) == ("paid_twice", [2])


def test_two_payers_who_claim_one_item_are_for_a_person():
    receipts = bank((433.67, "HOLDING NOIREPINE", "FA25-00145"), (433.67, "SGC PORT GRIVEL", "FA25-00145"))
    assert match_receipts(books(), receipts).proposals["automatic"].any() == np.False_


def test_what_the_bank_took_back_goes_with_what_it_undoes():
    receipts = bank((433.67, QUEMENIOU, "FA25-00145", "2025-03-10"), (-433.67, QUEMENIOU, "REJET AM04", "2025-03-14"))
    found = match_receipts(books(), receipts)
    assert (why(found, 1), why(found, 2)) == ("returned_later", "returned")
    assert found.unmatched["other_receipt_id"].tolist() == [2, 1]
    again = pd.concat([receipts, bank((433.67, QUEMENIOU, "FA25-00145", "2025-04-02"))], ignore_index=True)
    assert paid(match_receipts(books(), again), 3) == [(3, 433.67)]


PAID = (
    BOOKS
    + """
    A        | payment     | 2025-03-11 |            | -433.67
"""
)


def paid_books(*, matched):
    lines = PAID.replace("amount", "amount | pays").splitlines()
    lines = [line + (" | 3" if matched and "payment" in line else " | ") if "|" in line and "pays" not in line else line
             for line in lines]  # fmt: skip
    ledger = ledger_of("\n".join(lines), covers=("2025-01-01", "2025-06-30"))
    customers = ledger.customers.assign(name=ledger.customers["customer_id"].map(NAMES))
    return replace(ledger, customers=customers)


def test_a_payment_in_the_books_is_not_booked_again():
    found = match_receipts(paid_books(matched=True), bank((433.67, QUEMENIOU, "FA25-00145")))
    assert (why(found), found.unmatched["other_item_id"].tolist()) == ("already_booked", [8])


def test_a_payment_in_the_books_that_settles_nothing_is_matched_and_not_doubled():
    ledger = paid_books(matched=False)
    found = match_receipts(ledger, bank((433.67, QUEMENIOU, "VIREMENT")))
    assert paid(found) == [(3, 433.67)]
    assert found.proposals["credit_id"].tolist() == [8]
    accepted = found.accepted()
    assert balance(accepted) == balance(ledger)
    assert len(accepted.items) == len(ledger.items)
    assert accepted.matches[["debit_id", "credit_id", "amount"]].to_numpy().tolist() == [[3, 8, 433.67]]


def test_a_returned_payment_that_is_in_the_books():
    found = match_receipts(paid_books(matched=True), bank((-433.67, QUEMENIOU, "REJET"), day="2025-03-20"))
    assert (why(found), found.unmatched["other_item_id"].tolist()) == ("returned_booked", [8])


def test_payers_learnt_help_the_next_matching():
    """A holding that named an invoice of A once pays without a word the next time."""
    first = match_receipts(books(), bank((250.25, "HOLDING NOIREPINE", "FA25-00112")))
    assert first.payers["customer_id"].tolist() == ["A"]
    silent = bank((433.67, "HOLDING NOIREPINE", "VIREMENT"))
    assert paid(match_receipts(books(), silent)) == []
    assert paid(match_receipts(books(), silent, payers=first.payers)) == [(3, 433.67)]


# --- other currencies ----------------------------------------------------------------------------------------------


def in_pounds():
    ledger = books()
    items = ledger.items.copy()
    items.loc[items["item_id"] == 3, ["currency", "currency_amount"]] = ["GBP", 371.10]
    return replace(ledger, items=items)


def test_an_item_of_another_currency_is_matched_in_its_own():
    found = match_receipts(in_pounds(), bank((371.10, QUEMENIOU, "VIREMENT", "2025-03-10", "GBP")))
    assert paid(found) == [(3, 371.10)]
    accepted = found.accepted()
    assert round(balance(in_pounds()) - balance(accepted), 2) == 433.67  # what it stands for in the books
    assert accepted.items.iloc[-1][["currency", "currency_amount", "amount"]].tolist() == ["GBP", -371.10, -433.67]


@pytest.mark.parametrize("row", [(433.67, QUEMENIOU, "FA25-00145"), (371.10, QUEMENIOU, "FA25-00145")])
def test_euros_never_pay_pounds(row):
    assert not (match_receipts(in_pounds(), bank(row)).proposals["item_id"] == 3).any()


def test_a_receipt_in_a_currency_nothing_is_owed_in_is_listed():
    found = match_receipts(books(), bank((433.67, QUEMENIOU, "FA25-00145", "2025-03-10", "CHF")))
    assert (len(found.proposals), why(found)) == (0, "other_currency")


# --- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x")', "<script>alert(1)</script>", "../../x", "a" * 300, "شركة النور", "", "%_\\(["]
)
def test_hostile_names_are_only_names(name):
    customers = books().customers.assign(name=lambda frame: frame["name"].where(frame["customer_id"] != "A", name))
    ledger = replace(books(), customers=customers)
    found = match_receipts(ledger, bank((433.67, name, "VIREMENT"), (250.25, name, "FA25-00112")))
    assert paid(found, 2) == [(2, 250.25)]


def test_empty_texts_and_a_ledger_without_open_items():
    receipts = bank((433.67, None, None))
    empty = replace(books(), items=books().items.iloc[:0], matches=books().matches.iloc[:0])
    for ledger in (books(), empty):
        found = match_receipts(ledger, receipts)
        assert not found.proposals["automatic"].any() or paid(found) == [(3, 433.67)]
        assert found.accepted() is not None
    assert why(match_receipts(empty, receipts)) == "no_customer"
    assert len(match_receipts(books(), receipts.iloc[:0]).proposals) == 0


@pytest.mark.parametrize("column", ["amount", "received_on", "remittance"])
def test_missing_columns_are_named(column):
    with pytest.raises(ArlibError, match=column):
        match_receipts(books(), bank((1.0, "A", "x")).drop(columns=column))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"receipt_id": [7, 7]}, "7 stands twice"),
        ({"amount": [np.nan, 1.0]}, "row 1"),
        ({"received_on": [pd.NaT, pd.Timestamp("2025-03-01")]}, "row 1"),
        ({"amount": ["douze", 1.0]}, "douze"),
    ],
)
def test_cells_that_cannot_be_used_are_said(changes, message):
    with pytest.raises(ArlibError, match=message):
        match_receipts(books(), bank((1.0, "A", "x"), (2.0, "A", "y")).assign(**changes))


def test_choices_that_cannot_be_are_refused():
    found = match_receipts(books(), bank((433.67, QUEMENIOU, "FA25-00145")))
    chosen = found.proposals
    for changes, message in (
        ({"amount": 500.0}, "more of item 3"),
        ({"amount": -1.0}, "wrong sign"),
        ({"item_id": 99}, "is none"),
        ({"item_id": 5, "amount": 600.0}, "more than receipt 1"),
    ):
        with pytest.raises(ArlibError, match=message):
            found.accepted(chosen.assign(**changes))
    with pytest.raises(ArlibError, match="item_id"):
        found.accepted(chosen.drop(columns="item_id"))


def test_what_a_chosen_receipt_does_not_settle_stays_a_credit():
    found = match_receipts(books(), bank((433.67, QUEMENIOU, "FA25-00145")))
    accepted = found.accepted(found.proposals.assign(amount=400.0))
    assert round(balance(books()) - balance(accepted), 2) == 433.67
    assert open_items(accepted).set_index("item_id")["open_amount"].loc[[3, 8]].tolist() == [33.67, -33.67]


def test_receipts_after_the_day_count_for_nothing():
    receipts = bank((433.67, QUEMENIOU, "FA25-00145"), (250.25, QUEMENIOU, "FA25-00112", "2025-04-01"))
    found = match_receipts(books(), receipts, "2025-03-31")
    assert found.receipts["receipt_id"].tolist() == [1]
    assert "1 receipt (" in " ".join(str(note) for note in found.notes if note.key == "receipts.note.later")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_proposal_and_every_other_receipt_is_explained(language):
    receipts = bank((433.67, QUEMENIOU, "FA25-00145"), (12.34, "INCONNU", ""), (120.00, QUEMENIOU, "VIREMENT"))
    found = match_receipts(books(), receipts)
    assert found.explained(language)["explanation"].str.len().min() > 20
    assert found.unexplained(language)["explanation"].str.len().min() > 20
    assert all(note.text(language) for note in found.notes)


# --- what must always hold -----------------------------------------------------------------------------------------


@st.composite
def cases(draw):
    """Items of few customers and few amounts, so that much collides, and receipts of sums of them in any writing."""
    count = draw(st.integers(1, 14))
    cents = st.sampled_from([1000, 2000, 3000, 12345, 777, 100_010])
    day = st.integers(0, 90)
    items = pd.DataFrame(
        {
            "item_id": np.arange(1, count + 1),
            "customer_id": [draw(st.sampled_from("AB")) for _ in range(count)],
            "amount": [draw(cents) / 100 * draw(st.sampled_from([1, 1, 1, -1])) for _ in range(count)],
            "issued_on": pd.Timestamp("2025-01-01") + pd.to_timedelta([draw(day) for _ in range(count)], unit="D"),
            "reference": [f"FA25-{draw(st.integers(1, 40)):05d}" for _ in range(count)],
        }
    )
    items["kind"] = np.where(items["amount"] > 0, "invoice", draw(st.sampled_from(["credit_note", "payment"])))
    items["booked_on"] = items["issued_on"]
    items["due_on"] = items["issued_on"] + pd.Timedelta(days=30)
    ledger = books()
    items = items.assign(currency="EUR", disputed=False)
    controls = items[["booked_on", "amount"]].assign(account="411000")
    covers = (pd.Timestamp("2025-01-01"), pd.Timestamp("2025-06-30"))
    ledger = replace(ledger, items=items, matches=ledger.matches.iloc[:0], controls=controls, covers=covers)
    rows = []
    for _ in range(draw(st.integers(1, 10))):
        chosen = draw(st.lists(st.integers(0, count - 1), max_size=3))
        amount = sum(items["amount"].iloc[each] for each in chosen) + draw(st.sampled_from([0, 0, 0, -15, 0.5, 10]))
        text = " ".join(items["reference"].iloc[each] for each in chosen) if draw(st.booleans()) else "VIREMENT"
        payer = draw(st.sampled_from([QUEMENIOU, VAUQUELAIN, "INCONNU", None]))
        received = pd.Timestamp("2025-01-01") + pd.Timedelta(days=draw(st.integers(0, 150)))
        rows.append((round(amount, 2), payer, text, received))
    return ledger, bank(*rows).assign(receipt_id=np.arange(1, len(rows) + 1))


@settings(max_examples=15, deadline=None)
@given(cases(), st.integers(0, 5))
def test_what_must_always_hold(case, seed):
    ledger, receipts = case
    before = receipts.copy(), ledger.items.copy()
    found = match_receipts(ledger, receipts)
    pd.testing.assert_frame_equal(receipts, before[0])
    pd.testing.assert_frame_equal(ledger.items, before[1])
    _never_twice(ledger, receipts, found)
    _accepted_ties(ledger, receipts, found)
    other = match_receipts(shuffled(ledger, seed), receipts.sample(frac=1, random_state=seed))
    for name in ("proposals", "unmatched", "alternatives"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(other, name))


def _never_twice(ledger, receipts, found):
    """Each receipt is proposed or listed; no item beyond what is open, no receipt beyond what came, in whole cents."""
    proposals = found.proposals
    assert sorted({*proposals["receipt_id"], *found.unmatched["receipt_id"]}) == receipts["receipt_id"].tolist()
    assert not set(proposals["receipt_id"]) & set(found.unmatched["receipt_id"])
    assert (proposals.groupby("receipt_id")["automatic"].nunique() == 1).all()
    cents = (proposals["amount"] * 100).round().astype("int64")
    asked = cents.groupby(proposals["item_id"]).sum().abs()
    left = pd.Series(open_amounts(ledger, ledger.covers[1]), ledger.items["item_id"]).mul(100).round().abs()
    assert (asked <= left.reindex(asked.index)).all()
    came = receipts.set_index("receipt_id")["amount"].mul(100).round()
    given_ = cents.groupby(proposals["receipt_id"]).sum()
    assert (given_ <= came.reindex(given_.index)).all()
    booked = ledger.items.set_index("item_id")["booked_on"]
    assert (booked.reindex(proposals["item_id"]).to_numpy() <= proposals["received_on"].to_numpy()).all()


def _accepted_ties(ledger, receipts, found):
    for chosen in (found.proposals[found.proposals["automatic"]], found.proposals):
        accepted = found.accepted(chosen)
        new = chosen[chosen["credit_id"].isna()]["receipt_id"].unique()
        fell = receipts.set_index("receipt_id")["amount"].reindex(new).sum()
        assert abs(balance(ledger) - balance(accepted) - fell) < 0.005
        assert abs(open_items(accepted)["open_amount"].sum() - balance(accepted)) < 0.005
        left = pd.Series(open_amounts(ledger, ledger.covers[1]), ledger.items["item_id"])
        expected = left.sub(chosen.groupby("item_id")["amount"].sum(), fill_value=0.0).round(2)
        now = pd.Series(open_amounts(accepted, ledger.covers[1]), accepted.items["item_id"])
        used = chosen["credit_id"].dropna().astype("int64")
        expected = expected.drop(used.unique(), errors="ignore")
        assert (now.reindex(expected.index) - expected).abs().max() < 0.005
        lines = proof(accepted).set_index("line")
        assert lines.loc[["items", "open_items", "buckets"], "amount"].nunique() == 1


@settings(max_examples=15, deadline=None)
@given(cases())
def test_what_comes_later_changes_nothing(case):
    ledger, receipts = case
    day = pd.Timestamp("2025-03-01")
    whole = match_receipts(ledger, receipts, day)
    past = replace(ledger, items=ledger.items[ledger.items["booked_on"] <= day].reset_index(drop=True))
    cut = match_receipts(past, receipts[receipts["received_on"] <= day], day)
    for name in ("proposals", "unmatched", "alternatives", "payers"):
        pd.testing.assert_frame_equal(getattr(whole, name), getattr(cut, name))


def test_a_statement_may_run_ahead_of_the_books():
    """The books end in June, the receipt is of July: it is counted where no day is asked."""
    receipts = bank((433.67, QUEMENIOU, "FA25-00145", "2025-07-08"))
    found = match_receipts(books(), receipts)
    assert paid(found) == [(3, 433.67)]
    assert found.accepted().covers[1] == pd.Timestamp("2025-07-08")
    assert len(match_receipts(books(), receipts, "2025-06-30").proposals) == 0


# --- what an auditor found -----------------------------------------------------------------------------------------

OWES = "customer | kind | issued | due | amount | pays\n"


def owed(lines, references, **columns):
    """A ledger of a table with `pays`, with its references and the names of `NAMES`."""
    ledger = ledger_of(OWES + lines, covers=("2025-01-01", "2025-06-30"))
    customers = ledger.customers.assign(name=ledger.customers["customer_id"].map(NAMES))
    return replace(ledger, items=ledger.items.assign(reference=references, **columns), customers=customers)


SPLIT = """
    A | invoice | 2025-01-20 | 2025-02-20 | 555.55 |
    B | invoice | 2025-01-20 | 2025-02-20 | 444.44 |
    A | invoice | 2025-02-20 | 2025-03-20 | {third} |
"""


@pytest.mark.parametrize("payer", ["HOLDING NOIREPINE", QUEMENIOU, None])
def test_a_receipt_split_over_customers_is_in_the_books(payer):
    """555.55 + 444.44 = 999.99 is one receipt and two payments of one day and wording."""
    ledger = owed(SPLIT.format(third="999.99"), ["FA1001", "FA2002", "FA7003"])
    receipts = bank((999.99, payer, "FA1001 FA2002"))
    found = match_receipts(ledger, receipts)
    accepted = found.accepted(found.proposals.assign(item_id=[1, 2], amount=[555.55, 444.44]))
    again = match_receipts(accepted, receipts)
    assert (len(again.proposals), why(again)) == (0, "already_booked")


def test_several_payments_of_one_document_are_one_receipt():
    """As an accountant books it: his own wording, two days later, one document for both customers."""
    lines = (
        SPLIT.format(third="999.99")
        + "A | payment | 2025-03-12 | | -555.55 | 1\nB | payment | 2025-03-12 | | -444.44 | 2"
    )
    ledger = owed(lines, ["FA1001", "FA2002", "FA7003", "BQ1", "BQ1"])
    ledger = replace(ledger, items=ledger.items.assign(document_id=[None, None, None, "BQ17", "BQ17"]))
    found = match_receipts(ledger, bank((999.99, QUEMENIOU, "VIREMENT")))
    assert (len(found.proposals), why(found)) == (0, "already_booked")
    apart = ledger.items.assign(document_id=[None, None, None, "BQ17", "BQ18"])
    assert why(match_receipts(replace(ledger, items=apart), bank((999.99, QUEMENIOU, "VIREMENT")))) is None


LATE = """
    A | invoice | 2025-01-20 | 2025-02-20 | 555.55 |
    A | payment | {day} | | -555.55 | 1
    A | invoice | 2025-02-20 | 2025-03-20 | 555.55 |
"""


def test_a_payment_booked_late_that_settles_what_is_named_is_the_receipt():
    """Booked fifteen days after the receipt, beyond `booked_within`."""
    ledger = owed(LATE.format(day="2025-03-25"), ["FA1001", "BQ", "FA1002"])
    found = match_receipts(ledger, bank((555.55, QUEMENIOU, "FA1001")))
    assert (why(found), found.unmatched["other_item_id"].tolist()) == ("already_booked", [2])
    other = match_receipts(ledger, bank((555.55, QUEMENIOU, "FA1002")))
    assert paid(other) == [(3, 555.55)]


def test_two_receipts_booked_as_one_payment_are_in_the_books():
    """300.00 + 255.55 = 555.55; another invoice of 300.00 is open."""
    lines = """
        A | invoice | 2025-01-20 | 2025-02-20 | 300.00 |
        A | invoice | 2025-01-20 | 2025-02-20 | 255.55 |
        A | payment | 2025-03-10 | | -555.55 | 1,2
        A | invoice | 2025-02-20 | 2025-03-20 | 300.00 |
    """
    ledger = owed(lines, ["FA1001", "FA1002", "BQ", "FA1003"])
    for texts in (("FA1001", "FA1002"), ("VIREMENT", "VIREMENT")):
        found = match_receipts(ledger, bank(*zip((300.00, 255.55), (QUEMENIOU,) * 2, texts, strict=True)))
        assert found.unmatched["why"].tolist() == ["already_booked"] * 2


def test_a_payment_booked_to_somebody_else_is_asked_about():
    lines = "A | invoice | 2025-01-20 | 2025-02-20 | 555.55 |\nB | payment | 2025-03-11 | | -555.55 |"
    found = match_receipts(owed(lines, ["FA1001", "BQ"]), bank((555.55, QUEMENIOU, "VIREMENT")))
    assert paid(found) == []
    assert found.proposals["reason"].tolist() == ["booked_elsewhere"]


@pytest.mark.parametrize("other", ["FA1002", "FA7772"])
def test_what_names_a_settled_invoice_is_asked_about(other):
    """FA1001 was paid in February; the open one is of the same amount, a slip away or not."""
    ledger = owed(LATE.format(day="2025-02-01"), ["FA1001", "BQ", other])
    found = match_receipts(ledger, bank((555.55, QUEMENIOU, "FACTURE FA1001")))
    assert paid(found) == []
    assert found.proposals["reason"].tolist() == ["settled_named"]
    nothing = match_receipts(ledger, bank((99.13, QUEMENIOU, "FACTURE FA1001")))
    assert (why(nothing), nothing.unmatched["other_item_id"].tolist()) == ("settled_named", [1])
    assert nothing.unexplained("fr")["explanation"].str.len().min() > 20


def test_what_is_told_twice_is_paid_once_though_another_item_fits():
    lines = "A | invoice | 2025-01-05 | 2025-02-05 | 120 |\nA | invoice | 2025-02-05 | 2025-03-05 | 120 |"
    receipts = bank((120.0, QUEMENIOU, "FACTURE FA1001"), (120.0, QUEMENIOU, "FACTURE FA1001"))
    found = match_receipts(owed(lines, ["FA1001", "FA1002"]), receipts)
    assert (paid(found), why(found, 2)) == ([(1, 120.0)], "paid_twice")


def of_a(*amounts):
    """Invoices of A, due one after the other."""
    lines = [f"A | invoice | 2025-01-{5 + place:02d} | 2025-02-{5 + place:02d} | {amount} |"
             for place, amount in enumerate(amounts)]  # fmt: skip
    return owed("\n".join(lines), [f"FA100{place}" for place in range(1, len(amounts) + 1)])


@pytest.mark.parametrize(
    ("amounts", "amount"),
    [
        ((240, 100.50, 139.50, 240), 240.00),  # one of two, or a run: 100.50 + 139.50
        ((240.30, 100.50, 139.80), 240.30),  # one, or a run
        ((120, 812.41, 333.33, 120), 932.41),  # a run, or with the other 120
        ((120, 812.41, 500.11, 700.22, 120, 333.33), 1144.85),  # 812.41 + 333.33 - 0.89: nothing
    ],
)
def test_what_fits_in_several_ways_is_never_automatic(amounts, amount):
    assert paid(match_receipts(of_a(*amounts), bank((amount, QUEMENIOU, "")))) == []


def test_what_the_text_names_by_half_is_not_given_to_an_amount():
    """The text names part of FA1001, and FA1002 is of exactly the amount: which of the two is asked."""
    ledger = of_a(980.10, 300.00)
    assert paid(match_receipts(ledger, bank((300.00, QUEMENIOU, "FA1001")))) == []
    assert paid(match_receipts(ledger, bank((301.00, QUEMENIOU, "FA1001")))) == [(1, 301.00)]


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("100518", True), ("10058", True), ("1005186", True), ("100578", True), ("105018", True), ("10O5I8", True),
        ("100586", False), ("100581", True), ("1051", False), ("200519", False), ("001518", False),
    ],
)  # fmt: skip
def test_a_slip_is_one_character_and_no_more(written, near):
    """Of two items of 151.37 the one whose number is written but for one character, two exchanged being one slip."""
    words = [keys.words_of(pa.array([text], pa.large_string())) for text in (written, "100518")]
    assert keys.one_slip(*words).tolist() == [near]
    assert keys.one_slip(*words[::-1]).tolist() == [near]


def test_a_number_two_characters_away_names_nothing():
    lines = "A | invoice | 2025-01-05 | 2025-02-05 | 150 |\nA | invoice | 2025-01-06 | 2025-02-06 | 150 |"
    assert paid(match_receipts(owed(lines, ["100518", "100777"]), bank((150.0, QUEMENIOU, "CDE 100586")))) == []


@pytest.mark.parametrize("number", ["100813", "100831"])
def test_a_number_of_somebody_elses_and_an_own_item_disagree(number):
    """A's own invoice is of 240.00, and so is B's, whose number (or a slip of it) stands in the text."""
    lines = "A | invoice | 2025-01-05 | 2025-02-05 | 240 |\nB | invoice | 2025-01-06 | 2025-02-06 | 240 |"
    found = match_receipts(owed(lines, ["100954", number]), bank((240.0, QUEMENIOU, "CDE 100813")))
    assert paid(found) == []
    assert {*found.proposals["item_id"], *found.alternatives["item_id"]} == {1, 2}


@pytest.mark.parametrize(
    "text",
    ["VIREMENT DU 12/03/2025", "REGLEMENT 03/2025", "LOYER MARS 2025", "VIR 12.03.25", "DU 12/03", "2025-03-12",
     "DU 120325", "12/03/2025 13/03/2025", "12 AOÛT 2025"],
)  # fmt: skip
def test_dates_are_no_numbers_of_invoices(text):
    lines = "A | invoice | 2025-01-05 | 2025-02-05 | 980.10 |\nA | invoice | 2025-02-06 | 2025-03-06 | 700.11 |"
    for references in (["2025-01-0012", "FV2025-0003"], ["FV02025", "FV02013"], ["FV120325", "FV312"]):
        assert paid(match_receipts(owed(lines, references), bank((300.0, QUEMENIOU, text)))) == []


def test_a_number_beside_a_date_and_one_written_like_a_date_are_read():
    lines = "A | invoice | 2025-01-05 | 2025-02-05 | 980.10 |\nA | invoice | 2025-02-06 | 2025-03-06 | 980.10 |"
    ledger = owed(lines, ["FV01207", "03/2025"])
    assert paid(match_receipts(ledger, bank((980.10, QUEMENIOU, "FACT 1207 DU 12/03/2025")))) == [(1, 980.10)]
    assert paid(match_receipts(ledger, bank((980.10, QUEMENIOU, "FACTURE 03/2025")))) == [(2, 980.10)]


@pytest.mark.parametrize(
    ("amount", "payer", "text", "automatic"),
    [
        (600.00, None, "REMBOURSEMENT", False),  # whole tens
        (411.17, None, None, False),  # neither a payer nor a text
        (411.17, None, "REMBOURSEMENT", True),
        (713.29, None, "REMBOURSEMENT", False),  # one was of this amount before, and is paid
    ],
)
def test_an_amount_alone_is_evidence_only_where_it_is_rare(amount, payer, text, automatic):
    lines = """
        A | invoice | 2025-01-05 | 2025-02-05 | 600.00 |
        B | invoice | 2025-01-06 | 2025-02-06 | 411.17 |
        B | invoice | 2025-01-06 | 2025-02-06 | 713.29 |
        A | invoice | 2025-01-02 | 2025-02-06 | 713.29 |
        A | payment | 2025-01-20 | | -713.29 | 4
    """
    ledger = owed(lines, ["FA11", "FA22", "FA33", "FA44", "BQ"])
    assert bool(paid(match_receipts(ledger, bank((amount, payer, text))))) == automatic


@pytest.mark.parametrize(
    "option",
    [{"fees": [np.nan]}, {"fees": [-1.0]}, {"rounding": -1}, {"booked_within": -5}, {"automatic_from": 5},
     {"automatic_from": np.nan}, {"discounts": [2]}, {"rounding": np.inf}],
)  # fmt: skip
def test_options_that_mean_nothing_are_refused(option):
    with pytest.raises(ArlibError, match=next(iter(option))):
        match_receipts(books(), bank((1.0, "A", "x")), **option)


def test_an_amount_beyond_all_cents_is_refused():
    with pytest.raises(ArlibError, match="too large"):
        match_receipts(books(), bank((1e17, "A", "x")))


@pytest.mark.parametrize(("changes", "message"), [({"credit_id": 99}, "credit"), ({"amount": np.nan}, "no amount")])
def test_chosen_rows_that_cannot_be_are_refused(changes, message):
    found = match_receipts(books(), bank((433.67, QUEMENIOU, "FA25-00145")))
    with pytest.raises(ArlibError, match=message):
        found.accepted(found.proposals.assign(**changes))


def test_a_receipt_of_another_century_moves_nothing():
    receipts = bank((433.67, QUEMENIOU, "FA25-00145"), (250.25, QUEMENIOU, "FA25-00112", "2099-03-10"))
    found = match_receipts(books(), receipts)
    assert found.as_of == pd.Timestamp("2025-06-30")
    assert found.receipts["receipt_id"].tolist() == [1]
    assert "receipts.note.later" in {note.key for note in found.notes}


def test_what_is_left_in_another_currency_is_left_to_the_cent():
    """Of 108.33 dollars, 100.00 in the books, 50.00 came (46.16): 58.33 are left, though 53.84 x 1.0833 is 58.32."""
    lines = "A | invoice | 2025-01-20 | 2025-02-20 | 100.00 |"
    ledger = owed(lines, ["FA1001"], currency="USD", currency_amount=108.33)
    first = match_receipts(ledger, bank((50.0, QUEMENIOU, "FA1001", "2025-03-10", "USD"))).accepted()
    assert balance(first) == 53.84
    second = match_receipts(first, bank((58.33, QUEMENIOU, "FA1001", "2025-04-10", "USD")))
    assert second.proposals[["amount", "reason"]].to_numpy().tolist() == [[58.33, "reference_amount"]]
    assert balance(second.accepted()) == 0.0
