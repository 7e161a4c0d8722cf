"""VAT on bad debts: the cases of art. 272-1 (handbook 4.6), cents, evidence, deadlines and the wording."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib import read_facts, samples_folder
from arlib.errors import ArlibError
from arlib.law.vat import vat_on_bad_debts

DAY = "2024-06-30"
_BOOKS = ledger_of("""
customer | kind    | issued     | due        | amount | pays
A        | invoice | 2023-01-01 | 2023-01-31 | 1200   |
A        | payment | 2023-02-10 |            | -300   | 1
B        | invoice | 2023-03-01 | 2023-03-31 | 1055   |
C        | invoice | 2023-03-01 | 2023-03-31 | 1000   |
D        | invoice | 2023-03-01 | 2023-03-31 | 600    |
E        | invoice | 2023-03-01 | 2023-03-31 | 120    |
F        | invoice | 2024-06-01 | 2024-07-31 | 240    |
G        | invoice | 2024-06-01 | 2024-07-31 | 240    |
""", covers=("2023-01-01", DAY))  # fmt: skip
NET = {"F1": 1000.0, "F3": 1000.0, "F4": 1000.0, "F5": np.nan, "F6": 100.0, "F7": 200.0, "F8": 200.0}
BOOKS = replace(_BOOKS, items=_BOOKS.items.assign(net_amount=_BOOKS.items["reference"].map(NET)))


def facts_of(**statuses: tuple[str, str]):
    rows = [
        {"customer_id": who, "fact": "statut", "value": what, "known_on": day} for who, (what, day) in statuses.items()
    ]
    return read_facts(pd.DataFrame(rows), customers=BOOKS.customers)


def by_reference(**asked: object) -> pd.DataFrame:
    return vat_on_bad_debts(BOOKS, DAY, **asked).items.set_index("reference")  # type: ignore[arg-type]


def evidence(*documents: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame([{"customer_id": "B", "document": name, "dated_on": day} for name, day in documents])


def test_what_is_simply_unpaid_is_not_eligible():
    """C was invoiced without VAT; that of D is not known; F and G are not due and nothing is known of them."""
    found = by_reference()
    cases = {"F1": "unpaid", "F3": "unpaid", "F4": "no_vat", "F5": "unpaid", "F6": "unpaid"}
    assert found["case"].to_dict() == cases
    assert found["status"].to_dict() == {
        "F1": "not_eligible", "F3": "not_eligible", "F4": "not_applicable", "F5": "not_eligible", "F6": "not_eligible",
    }  # fmt: skip
    assert found["wording"].isna().all()
    lost = by_reference(facts=facts_of(D=("Liquidation judiciaire", "2024-02-01"))).loc["F5"]
    assert (lost["status"], lost["case"], pd.isna(lost["vat"])) == ("unknown", "vat_unknown", True)


@pytest.mark.parametrize(
    ("told", "case", "status"),
    [
        ("Liquidation judiciaire", "liquidation", "eligible"),
        ("Clôture pour insuffisance d'actif", "closed_without_assets", "eligible"),
        ("Redressement judiciaire", "reorganisation", "not_eligible"),
        ("Sauvegarde", "safeguard", "not_eligible"),
        ("Plan de redressement", "plan", "not_eligible"),
        ("Plan de cession", "sale_plan", "not_eligible"),  # also in a reorganisation: C. com. L631-22
        ("Radiée", "ceased", "on_certificate"),
        ("Active", "unpaid", "not_eligible"),
    ],
)
def test_each_procedure_has_its_status(told, case, status):
    row = by_reference(facts=facts_of(B=(told, "2024-02-01"))).loc["F3"]
    assert (row["case"], row["status"]) == (case, status)
    assert row["reason"]


def test_a_liquidation_is_eligible_from_the_day_it_is_known():
    """From 1 February 2024: until 31 December 2026, 914 days after 30 June 2024; the invoice not yet due as well."""
    facts = facts_of(A=("Liquidation judiciaire", "2024-02-01"), G=("Liquidation judiciaire", "2024-02-01"))
    found = by_reference(facts=facts)
    assert (found.loc["F1", "status"], found.loc["F8", "status"]) == ("eligible", "eligible")
    assert str(found.loc["F1", "deadline_on"].date()) == "2026-12-31"
    assert found.loc["F1", "days_left"] == 914
    assert "to be confirmed" in found.loc["F1", "reason"]
    before = vat_on_bad_debts(BOOKS, "2024-01-31", facts=facts).items.set_index("reference")
    assert before.loc["F1", "status"] == "not_eligible"


def test_part_payments_reduce_net_and_vat_alike_and_the_wording_says_so():
    """1,200 with 200 of VAT, 300 paid: 900 left, of which 150 of VAT and 750 net."""
    row = by_reference(facts=facts_of(A=("Liquidation judiciaire", "2024-02-01"))).loc["F1"]
    assert (row["amount"], row["net"], row["vat"], row["vat_rate"]) == (900, 750, 150, 0.2)
    assert row["wording"] == (
        "Facture demeurée impayée pour la somme de 750,00\u00a0€ (prix net) et pour la somme de 150,00\u00a0€ "
        "(TVA correspondante) qui ne peut faire l'objet d'une déduction (art. 272 du CGI)."
    )


def test_once_its_last_day_is_over_nothing_is_proposed():
    """Liquidation of 1 February 2024: until 31 December 2026, no longer on 2 January 2027."""
    facts = facts_of(A=("Liquidation judiciaire", "2024-02-01"))
    for asked, status in (("2026-12-31", "eligible"), ("2027-01-02", "passed")):
        found = vat_on_bad_debts(BOOKS, asked, facts=facts)
        row = found.items.set_index("reference").loc["F1"]
        assert (row["status"], pd.isna(row["wording"]), pd.isna(row["missing"])) == (
            status, status == "passed", status == "passed")  # fmt: skip
        assert found.by_status.set_index("status").loc[status, ["debts", "vat"]].tolist() == [1, 150.0]
        assert len(found.statements) == (status == "eligible")
    assert found.by_status.set_index("status").loc["eligible", "debts"] == 0
    assert "nothing is proposed" in row["reason"]


def test_the_statement_lists_every_invoice_of_a_customer():
    result = vat_on_bad_debts(BOOKS, DAY, facts=facts_of(A=("Liquidation judiciaire", "2024-02-01")))
    row = result.statements.iloc[0]
    assert (row["number"], row["net_invoiced"], row["vat_invoiced"], row["net"], row["vat"]) == (
        "F1",
        1000,
        200,
        750,
        150,
    )
    assert len(result.statements) == 1


def test_a_certificate_alone_is_not_enough():
    alone = by_reference(evidence=evidence(("certificate", "2024-03-01"))).loc["F3"]
    assert (alone["status"], alone["case"]) == ("on_certificate", "evidence")
    assert "enforcement failed" in alone["missing"]
    assert "certificate" not in alone["missing"]
    both = by_reference(evidence=evidence(("certificate", "2023-12-31"), ("enforcement", "2024-01-15"))).loc["F3"]
    assert (both["status"], str(both["deadline_on"].date())) == ("eligible", "2026-12-31")
    assert both["missing"] == "rectified invoice or summary statement sent to the customer"
    tomorrow = by_reference(evidence=evidence(("certificate", "2024-07-01"))).loc["F3"]
    assert tomorrow["status"] == "not_eligible"


def test_a_judgment_at_hand_is_a_liquidation_of_its_day():
    rows = evidence(("judgment", "2023-12-20"), ("rectified_invoice", None))
    row = by_reference(evidence=rows, facts=facts_of(B=("Liquidation judiciaire", "2024-01-05"))).loc["F3"]
    assert (row["status"], str(row["deadline_on"].date())) == ("eligible", "2025-12-31")
    assert pd.isna(row["missing"])
    assert by_reference(evidence=rows).loc["F3", "status"] == "eligible"


def test_vat_due_on_receipts_has_nothing_to_recover():
    facts = facts_of(A=("Liquidation judiciaire", "2024-02-01"))
    assert set(by_reference(facts=facts, vat_on_receipts=True)["status"]) == {"not_applicable"}
    some = by_reference(facts=facts, vat_on_receipts=["A"])
    assert (some.loc["F1", "case"], some.loc["F3", "case"]) == ("on_receipts", "unpaid")
    notes = [note.key for note in vat_on_bad_debts(BOOKS, DAY, facts=facts).notes]
    assert "law.vat.note.debits" in notes


def test_a_rate_may_be_assumed():
    """600 at 20 %: 500 and 100."""
    row = by_reference(vat_rate=0.2).loc["F5"]
    assert (row["net"], row["vat"], row["status"]) == (500, 100, "not_eligible")
    with pytest.raises(ArlibError):
        by_reference(vat_rate=20)


def test_a_liquidation_without_a_date_has_no_deadline():
    customers = BOOKS.customers.assign(status=["Liquidation judiciaire", *[None] * 6])
    row = vat_on_bad_debts(replace(BOOKS, customers=customers), DAY).items.set_index("reference").loc["F1"]
    assert (row["status"], pd.isna(row["deadline_on"])) == ("eligible", True)
    assert "not known" in row["reason"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"evidence": pd.DataFrame({"item_id": ["F3"], "document": ["judgment"]})}, "F3"),
        ({"evidence": pd.DataFrame({"customer_id": ["A"]})}, "document"),
        ({"evidence": pd.DataFrame({"customer_id": ["A"], "document": ["photo"]})}, "photo"),
        ({"evidence": pd.DataFrame({"customer_id": ["Z"], "document": ["judgment"]})}, "Z"),
        ({"evidence": pd.DataFrame({"item_id": [99], "document": ["judgment"]})}, "99"),
        ({"vat_on_receipts": ["Z"]}, "Z"),
    ],
)
def test_what_is_not_known_is_named(asked, words):
    with pytest.raises(ArlibError, match=words):
        by_reference(**asked)


@settings(max_examples=12, deadline=None)
@given(ledgers(), st.integers(0, 9), st.sampled_from([0.2, 0.055, 0.1]))
def test_cents_add_up_and_neither_order_nor_the_future_matters(ledger, seed, rate):
    day = "2023-07-31"
    told = pd.DataFrame({"customer_id": ["A"], "document": ["judgment"], "dated_on": ["2023-05-01"]})
    told = told[told["customer_id"].isin(ledger.customers["customer_id"])]
    found = vat_on_bad_debts(ledger, day, vat_rate=rate, evidence=told)
    items = found.items
    assert ((items["net"] + items["vat"]).round(2) == items["amount"]).all()
    assert (abs(items["vat"] - items["amount"] * rate / (1 + rate)) <= 0.00501).all()
    assert round(found.by_status["amount"].sum(), 2) == round(items["amount"].sum(), 2)
    assert found.by_status["debts"].sum() == len(items)
    for other in (known_by(ledger, day), shuffled(ledger, seed)):
        pd.testing.assert_frame_equal(items, vat_on_bad_debts(other, day, vat_rate=rate, evidence=told).items)
    twice = vat_on_bad_debts(scaled(ledger, 2), day, vat_rate=rate, evidence=told).items
    pd.testing.assert_series_equal(twice["amount"], items["amount"] * 2, atol=0.005)


def test_the_liquidations_of_the_sample():
    """negoce_facts.csv: five customers in liquidation by the end of 2025; what they owe is what is eligible."""
    ledger = sample_ledger("negoce")
    facts = read_facts(samples_folder() / "negoce_facts.csv", customers=ledger.customers)
    result = vat_on_bad_debts(ledger, "2025-12-31", facts=facts)
    eligible = result.items[result.items["status"] == "eligible"]
    assert set(eligible["customer_id"]) | {"C0288"} == {"C0120", "C0226", "C0252", "C0286", "C0288"}
    items = ledger.items
    owed = (
        items[items["customer_id"].isin(["C0120", "C0226", "C0252", "C0286", "C0288"])]
        .groupby("customer_id")["amount"]
        .sum()
    )
    both = result.items[result.items["customer_id"].isin(owed.index)].groupby("customer_id")["amount"].sum()
    pd.testing.assert_series_equal(both.round(2), owed.round(2), check_names=False)
    assert len(result.statements) == len(eligible)
