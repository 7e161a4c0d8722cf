"""The French list of doubtful debts: H8, F1 and F2 of the handbook, its journal, and the three provisions together."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled
from test_risk_provisions import RATES, with_customers, with_net

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.risk.facts import read_facts
from arlib.risk.provisions import (
    doubtful_journal,
    impairments,
    individual_provisions,
    provision_matrix,
    provisions_compared,
)

YEARS = ("2024-01-01", "2024-12-31")


def doubtful(**columns) -> pd.DataFrame:
    """A list of doubtful debts with a reason each."""
    return pd.DataFrame(columns).assign(reason="Redressement judiciaire")


def owing(*amounts: float) -> Ledger:
    """Customers A, B, C…, each with one open invoice of an amount."""
    lines = [f"{chr(65 + each)}|invoice|2024-01-05|2024-02-04|{amount}" for each, amount in enumerate(amounts)]
    return ledger_of("\n".join(["customer|kind|issued|due|amount", *lines]), covers=YEARS)


def test_h8_five_doubtful_customers():
    """H8 (Gualino): VAT 20 %. The source's customer E is flawed (H8b: it prints 7,500 for 20 % of 15,000, 3,000)."""
    lines = doubtful(customer_id=list("ABCDE"), rate=[0.60, 0.30, 0.70, 0.75, 0.85])
    told = individual_provisions(owing(12_000, 9_000, 4_500, 8_400, 30_000), doubtful=lines, vat_rate=0.2)
    assert told["net"].tolist() == [10_000, 7_500, 3_750, 7_000, 25_000]
    assert told["impairment"].tolist() == [6_000, 2_250, 2_625, 5_250, 21_250]
    flawed = doubtful(customer_id=["A"], rate=[0.2])
    assert individual_provisions(owing(18_000), doubtful=flawed, vat_rate=0.2)["impairment"].tolist() == [3_000]


def test_f1_three_years_of_one_debt():
    """F1 ("Les dépréciations"): 11,960 with tax, 10,000 without (19.6 %); 40 %, then 75 %, then bankrupt.

    Charge 4,000; complement 3,500, stock 7,500; loss of 10,000 without tax, reversal of 7,500.
    """
    ledger = with_net(owing(11_960), 1 / 1.196)
    first = individual_provisions(ledger, doubtful=doubtful(customer_id=["A"], rate=[0.40])).iloc[0]
    assert (first["amount"], first["net"], first["charge"]) == (11_960, 10_000, 4_000)
    lines = doubtful(customer_id=["A"], rate=[0.75], previous=[4_000.0])
    second = individual_provisions(ledger, doubtful=lines).iloc[0]
    assert (second["charge"], second["impairment"], second["reversal"]) == (3_500, 7_500, 0)
    lines = doubtful(customer_id=["A"], rate=[1.0], previous=[7_500.0], lost=[True])
    third = individual_provisions(ledger, doubtful=lines)
    assert third.loc[0, ["loss", "reversal", "impairment", "charge"]].tolist() == [10_000, 7_500, 0, 0]
    journal = doubtful_journal(third)
    booked = journal.groupby("account")[["debit", "credit"]].sum()
    assert booked.loc[["654", "44571", "491"], "debit"].tolist() == [10_000, 1_960, 7_500]
    assert booked.loc["78174", "credit"] == 7_500
    assert booked.loc["416"].tolist() == [11_960, 11_960]


def test_f2_half_of_six_thousand():
    """F2 (Mines ParisTech): 6,000 at a risk of 50 %: 3,000."""
    stock, charge, reversal = impairments(np.array([6_000.0]), np.array([0.5]), np.array([0.0]))
    assert (stock[0], charge[0], reversal[0]) == (3_000, 3_000, 0)


def test_the_journal_balances_debt_by_debt():
    lines = doubtful(customer_id=["A", "B"], rate=[0.5, 0.1], previous=[0.0, 900.0])
    journal = doubtful_journal(individual_provisions(owing(1_200, 2_400), doubtful=lines, vat_rate=0.2))
    of_debt = journal.groupby("reference")[["debit", "credit"]].sum()
    assert of_debt["debit"].tolist() == of_debt["credit"].tolist()
    assert journal[["account", "debit", "credit"]].to_numpy().tolist() == [
        ["416", 1200.0, 0.0],
        ["411", 0.0, 1200.0],
        ["68174", 500.0, 0.0],
        ["491", 0.0, 500.0],
        ["416", 2400.0, 0.0],
        ["411", 0.0, 2400.0],
        ["491", 700.0, 0.0],
        ["78174", 0.0, 700.0],
    ]


def test_what_stands_in_416_is_not_transferred_again():
    ledger = owing(1_200)
    ledger = Ledger(
        ledger.items.assign(account="416000"), ledger.matches, ledger.customers, ledger.controls, "EUR", ledger.covers
    )
    journal = doubtful_journal(individual_provisions(ledger, doubtful=doubtful(customer_id=["A"], rate=[0.5])))
    assert journal["account"].tolist() == ["68174", "491"]
    assert doubtful_journal(individual_provisions(ledger)).empty


def test_credits_pay_the_oldest_debt_before_it_is_impaired():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-05 | 2024-02-04 | 1000
        A        | invoice | 2024-02-05 | 2024-03-06 |  500
        A        | payment | 2024-03-01 |            | -1200
        """,
        covers=YEARS,
    )
    told = individual_provisions(ledger, doubtful=doubtful(customer_id=["A"], rate=[0.5]))
    assert told[["reference", "amount", "impairment"]].to_numpy().tolist() == [["F2", 300.0, 150.0]]


def test_what_was_provided_before_is_shared_out_to_the_cent():
    """100 over debts of 100, 100 and 100: 33.33, 33.33 and 33.34."""
    ledger = ledger_of("customer|kind|issued|due|amount" + "\nA|invoice|2024-01-05|2024-02-04|100" * 3, covers=YEARS)
    told = individual_provisions(ledger, doubtful=doubtful(customer_id=["A"], rate=[0.5], previous=[100.0]))
    assert told["previous"].tolist() == [33.33, 33.33, 33.34]


def test_what_is_no_longer_owed_is_released():
    ledger = with_customers(owing(1_200, 600), customer_id=["A", "B"])
    lines = doubtful(customer_id=["A", "B"], rate=[0.5, 0.5], previous=[0.0, 80.0])
    paid = ledger.items[ledger.items["customer_id"] == "A"]
    left = Ledger(paid, ledger.matches, ledger.customers, ledger.controls, "EUR", ledger.covers)
    told = individual_provisions(left, doubtful=lines)
    assert told.loc[1, ["customer_id", "reversal", "impairment"]].tolist() == ["B", 80.0, 0.0]
    assert "released" in told.loc[1, "note"]


def test_a_line_of_one_debt_goes_before_its_customers():
    ledger = ledger_of("customer|kind|issued|due|amount" + "\nA|invoice|2024-01-05|2024-02-04|100" * 2, covers=YEARS)
    lines = doubtful(customer_id=["A", "A"], item_id=[None, 2], rate=[0.2, 0.9])
    assert individual_provisions(ledger, doubtful=lines)["rate"].tolist() == [0.2, 0.9]
    only = doubtful(item_id=[2], rate=[0.9])
    assert individual_provisions(ledger, doubtful=only)["item_id"].tolist() == [2]


def test_an_insolvent_customer_without_a_rate_has_none():
    """How much a procedure pays is not in a ledger; and lateness alone makes nobody doubtful."""
    ledger = with_customers(owing(1_200, 600), status=["Liquidation judiciaire", None])
    told = individual_provisions(ledger)
    assert told["customer_id"].tolist() == ["A"]
    assert np.isnan(told.loc[0, "impairment"])
    assert "Give one" in told.loc[0, "note"]
    assert told.loc[0, "reason"]


def test_tax_allows_what_rests_on_an_event():
    """Of a list, what it says; an insolvency is one."""
    ledger = owing(1_000, 1_000, 1_000)
    lines = doubtful(customer_id=list("ABC"), rate=[0.5] * 3, deductible=[True, False, False])
    told = individual_provisions(ledger, doubtful=lines, insolvent=["C"]).set_index("customer_id")
    assert told["impairment"].tolist() == [500, 500, 500]
    assert told["deductible"].to_dict() == {"A": 500, "B": 0, "C": 500}


@pytest.mark.parametrize(
    "wrong",
    [
        pd.DataFrame({"customer_id": ["A"], "rate": [0.5]}),
        pd.DataFrame({"customer_id": ["A"], "rate": [0.5], "reason": ["  "]}),
        doubtful(customer_id=["A"], rate=[1.5]),
        doubtful(customer_id=["A"]),
        doubtful(customer_id=["A"], rate=[0.5], previous=[-1.0]),
        doubtful(customer_id=["A", "A"], rate=[0.5, 0.6]),
        doubtful(customer_id=["nobody"], rate=[0.5]),
        doubtful(item_id=[99], rate=[0.5]),
        doubtful(who=["A"], rate=[0.5]),
        doubtful(customer_id=["A"], rate=["half"]),
        doubtful(customer_id=["A"], rate=["40 %"]),
        doubtful(customer_id=["A"], rate=[0.5], deductible=["peut-être"]),
        doubtful(item_id=["FA24-1"], rate=[0.5]),
        doubtful(item_id=[1.5], rate=[0.5]),
        doubtful(customer_id=["A"], rate=[0.5], known_on=["05/04/2024"]),
    ],
)
def test_a_list_that_cannot_be_is_refused(wrong):
    with pytest.raises(ArlibError):
        individual_provisions(owing(1_000), doubtful=wrong)


def test_what_is_wrong_in_a_list_is_named_in_words():
    """Not by what a library says of it."""
    for columns, told in (
        ({"customer_id": ["A"], "rate": ["40 %"]}, "ceci n'en est pas\u00a0: 40 %"),
        ({"item_id": [99], "rate": [0.5]}, "1 numéro n'est d'aucune créance de ce grand livre\u00a0: 99"),
        ({"customer_id": [None], "rate": [0.5]}, "d'aucun client de ce grand livre\u00a0: –"),
    ):
        with pytest.raises(ArlibError) as wrong:
            individual_provisions(owing(1_000), doubtful=doubtful(**columns))
        assert told in wrong.value.text("fr")


@pytest.mark.parametrize("yes", [True, 1, "oui", "Vrai", "x"])
def test_yes_and_no_as_people_write_them(yes):
    """A yes that is read as a no would take 600 from what tax allows, without a word."""
    lines = doubtful(customer_id=["A", "B"], rate=[0.6, 0.6], deductible=[yes, "non"], lost=["", yes])
    told = individual_provisions(owing(1_000, 1_000), doubtful=lines.replace("", None)).set_index("customer_id")
    assert told["deductible"].to_dict() == {"A": 600, "B": 0}
    assert told["loss"].to_dict() == {"A": 0, "B": 1_000}


def test_the_reason_of_an_insolvent_customers_provision_is_the_event():
    """What an auditor reads beside the amount: the event, its day and its source, not what a score makes of it."""
    headings = ["Code client", "Information", "Valeur", "Connu le", "Source"]
    row = ("A", "statut", "Liquidation judiciaire", "2024-03-12", "BODACC")
    facts = read_facts(pd.DataFrame([row], columns=headings))
    told = individual_provisions(owing(1_000), facts=facts, language="fr").iloc[0]
    assert (told["reason"], told["known_on"], told["source"]) == (
        "Liquidation judiciaire", pd.Timestamp("2024-03-12"), "BODACC",
    )  # fmt: skip


def test_an_event_known_later_is_left_out():
    lines = doubtful(customer_id=["A"], rate=[0.5], known_on=["2024-06-01"])
    assert individual_provisions(owing(1_000), "2024-05-31", doubtful=lines).empty
    assert len(individual_provisions(owing(1_000), "2024-06-01", doubtful=lines)) == 1


def test_the_three_provisions_side_by_side():
    """A: 1,000 over 91 days, doubtful at 60 %, half of it insured for 90 %; B: the same, merely late, 25 % by matrix.

    IFRS 9 of A: 60 % of 1,000 - 450; of B 250. Accounts and tax: 600 and 0.
    """
    ledger = with_customers(owing(1_200, 1_200), insured_limit=[600.0, np.nan])
    lines = doubtful(customer_id=["A"], rate=[0.6], deductible=[True])
    told = provisions_compared(ledger, doubtful=lines, rates=RATES | {"91+": 0.25}, vat_rate=0.2)
    assert told["customer_id"].tolist() == ["A", "B"]
    assert told["ifrs_9"].tolist() == [330.0, 250.0]
    assert told["statutory"].tolist() == [600.0, 0.0]
    assert told["tax_deductible"].tolist() == [600.0, 0.0]


def test_the_same_rate_of_the_same_debts_is_the_same_amount():
    """Three debts of 100.03 at 50 %, 50.015 each: one by one 3 × 50.02 = 150.06, where their sum would be 150.05."""
    debts = {"customer_id": "A", "issued_on": "2024-01-01", "due_on": "2024-02-01", "amount": 100.03, "paid_on": None}
    ledger = from_frame(pd.DataFrame([debts] * 3))
    told = provisions_compared(ledger, doubtful=doubtful(customer_id=["A"], rate=[0.5]), rates=RATES, vat_rate=0.0)
    assert told.loc[0, ["ifrs_9", "statutory"]].to_list() == [150.06, 150.06]


def test_the_comparison_is_the_matrix_where_nothing_is_doubtful():
    ledger = sample_ledger("negoce")
    told = provisions_compared(ledger, by="segment")
    assert told["ifrs_9"].sum() == pytest.approx(provision_matrix(ledger, by="segment")["provision"].sum(), abs=2)
    assert told["statutory"].sum() == 0


def everything(ledger: Ledger, day: str) -> list[pd.DataFrame]:
    present = ledger.customers["customer_id"].tolist()
    lines = doubtful(customer_id=present[:1], rate=[0.5], previous=[10.0])
    asked = {"doubtful": lines, "insolvent": present[1:2]}
    return [individual_provisions(ledger, day, **asked), provisions_compared(ledger, day, **asked)]


@settings(max_examples=6, deadline=None)
@given(ledgers(), st.sampled_from(["2023-06-30", "2024-06-30"]))
def test_the_future_never_changes_the_past(ledger, day):
    for now, then in zip(everything(ledger, day), everything(known_by(ledger, day), day), strict=True):
        pd.testing.assert_frame_equal(now, then, check_exact=True)


def test_the_future_the_order_and_the_unit_of_a_longer_past():
    ledger, day = from_frame(random_invoices(2)), "2025-06-30"
    listed, compared = everything(ledger, day)
    for then in (known_by(ledger, day), future_changed(ledger, day)):
        for now, before in zip((listed, compared), everything(then, day), strict=True):
            pd.testing.assert_frame_equal(now, before, check_exact=True)
    pd.testing.assert_frame_equal(everything(shuffled(ledger, 3), day)[1], compared)
    twice = everything(scaled(ledger, 2.0), day)[0]
    assert len(listed) > 1
    assert twice["net"].sum() == pytest.approx(2 * listed["net"].sum(), abs=0.05)
