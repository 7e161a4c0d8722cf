"""Late-payment penalties: published examples, an independent count day by day, and what every measure owes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, of_items, sample_ledger, scaled, shuffled

from arlib.errors import ArlibError
from arlib.law.dated import half_years
from arlib.law.delay_table import payment_delay_table
from arlib.law.penalties import late_penalties
from arlib.law.penalties.accrual import Periods, interest_of
from arlib.law.rates import central_bank_rates, read_rate_tables
from arlib.measures.delays import settlements
from arlib.readers import read_ledger

FRAMES = ("invoices", "periods", "excluded", "by_customer")
LAST = "2024-06-30"


def one(amount, due, paid, **asked):
    """The penalties of one invoice, paid on a day."""
    ledger = ledger_of(f"""
        customer|kind|issued|due|amount|pays
        A|invoice|{due}|{due}|{amount}|
        A|payment|{paid}||-{amount}|1
        """)
    return late_penalties(ledger, **asked)


def test_j1_thirty_days_at_fifteen_percent():
    """J1 (agenceipro): 15 000 x 15 % x 30 / 365 = 184.93."""
    told = one(15000, "2023-03-01", "2023-03-31", contract_rate=0.15)
    assert told.invoices["interest"].tolist() == [184.93]
    assert told.periods["days"].tolist() == [30]


def test_j2_one_and_a_half_times_the_legal_rate_of_2010():
    """J2: 1 000 x 1.5 x 0.65 % x 45 / 365 = 1.2021; below the floor of 1.95 %, which is said and changes nothing."""
    told = one(1000, "2010-03-01", "2010-04-15", contract_rate=0.00975)
    assert told.invoices["interest"].tolist() == [1.20]
    assert told.invoices["below_floor"].tolist() == [True]
    assert any("0.97%, is below the least the law allows, 1.95%" in note.text() for note in told.notes)


def test_j9_a_delay_over_two_half_years():
    """J9, trap 30: 31 days at 14.25 % and 46 at 13.15 % on 12 000: 344.10; with the fixed 40, 384.10."""
    told = one(12000, "2024-11-30", "2025-02-15")
    assert told.periods[["days", "rate"]].to_numpy().tolist() == [[31, 0.1425], [46, 0.1315]]
    row = told.invoices.iloc[0]
    assert (row["interest"], row["indemnity"], row["due"]) == (344.10, 40.0, 384.10)
    assert (row["days_late"], row["basis"], row["status"]) == (77, "default", "confirmed")
    assert told.periods["interest"].sum() == pytest.approx(344.10)


@pytest.mark.parametrize(
    ("due", "right", "published"),
    [("2024-01-01", 0.1450, 0.1507), ("2023-07-01", 0.1400, 0.1422), ("2024-10-01", 0.1425, 0.1365)],
)
def test_j7_and_j8_the_published_mistakes_are_not_ours(due, right, published):
    """FLAWED: the legal rate taken for the ECB's, and the ECB's of another day."""
    paid = pd.Timestamp(due) + pd.Timedelta(days=30)
    interest = one(100000, due, paid.date(), contract_rate=None).invoices["interest"].iloc[0]
    assert interest == pytest.approx(round(100000 * right * 30 / 365, 2))
    assert interest != pytest.approx(round(100000 * published * 30 / 365, 2), abs=1)


def test_30_the_balance_falls_with_each_part_payment_and_credit_note():
    """10 000 due on 1 March 2024: 10 days on 10 000, 10 on 6 000, 10 on 5 000, at 14.5 %.

    10 000 x 10 + 6 000 x 10 + 5 000 x 10 = 210 000; x 0.145 / 365 = 83.4247.
    """
    ledger = ledger_of(
        """
        customer|kind|issued|due|amount|pays
        A|invoice|2024-02-01|2024-03-01|10000|
        A|payment|2024-03-11||-4000|1
        A|credit_note|2024-03-21||-1000|1
        """,
        covers=("2024-02-01", "2024-03-31"),
    )
    told = late_penalties(ledger)
    assert told.periods["principal"].tolist() == [10000.0, 6000.0, 5000.0]
    assert told.periods["first_on"].dt.strftime("%m-%d").tolist() == ["03-02", "03-12", "03-22"]
    row = told.invoices.iloc[0]
    assert (row["interest"], row["indemnity"], row["open_amount"]) == (83.42, 40.0, 5000.0)
    assert pd.isna(row["settled_on"])
    assert row["days_late"] == 30


def test_paid_on_its_due_date_an_invoice_earns_nothing_and_one_day_later_it_does():
    assert len(one(1000, "2024-03-01", "2024-03-01").invoices) == 0
    late = one(1000, "2024-03-01", "2024-03-02")
    assert late.invoices["interest"].tolist() == [0.40]  # 1 000 x 0.145 / 365 = 0.397
    assert late.invoices["indemnity"].tolist() == [40.0]


def test_the_indemnity_is_once_an_invoice_and_once_an_instalment_elsewhere():
    ledger = ledger_of("""
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-03-01|500|
        A|invoice|2024-01-01|2024-02-01|500|
        A|invoice|2024-01-01|2024-02-01|500|
        A|payment|2024-03-31||-1500|1,2,3
        """)
    items = ledger.items.assign(document_id=pd.Series(["D", "D", None, None], dtype="str"))
    ledger = of_items(items, ledger.matches)
    assert late_penalties(ledger).invoices[["item_id", "indemnity"]].to_numpy().tolist() == [[2, 40], [3, 40], [1, 0]]
    assert late_penalties(ledger, country="ES").invoices["indemnity"].tolist() == [40, 40, 40]


def test_numbers_of_documents_are_a_customers_own():
    ledger = ledger_of(
        """
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-02-01|500|
        B|invoice|2024-01-01|2024-02-01|500|
        """,
        covers=("2024-01-01", "2024-03-01"),
    )
    ledger = of_items(ledger.items.assign(document_id="D"), ledger.matches, covers=("2024-01-01", "2024-03-01"))
    assert late_penalties(ledger).invoices["indemnity"].tolist() == [40, 40]


def test_an_invoice_late_only_by_what_was_credited_earns_no_indemnity():
    ledger = ledger_of("""
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-02-01|500|
        A|payment|2024-02-01||-400|1
        A|credit_note|2024-03-01||-100|1
        """)
    assert late_penalties(ledger).invoices["indemnity"].tolist() == [0]


def test_before_2013_there_was_no_indemnity():
    assert one(1000, "2012-11-01", "2012-12-01").invoices["indemnity"].tolist() == [0.0]
    assert one(1000, "2013-01-01", "2013-02-01").invoices["indemnity"].tolist() == [40.0]


def test_40_past_the_last_rate_it_is_carried_forward_and_said():
    """Trap 40. 46 days from 17 May to 1 July 2026: 45 in H1 and 1 in H2, which has no rate."""
    told = one(10000, "2026-05-16", "2026-07-01")
    assert told.periods["carried"].tolist() == [False, True]
    assert told.periods["rate"].tolist() == [0.1215, 0.1215]
    assert told.invoices["status"].tolist() == ["to_confirm"]
    said = [note.text("fr") for note in told.notes if note.key == "law.dated.carried"]
    assert len(said) == 1
    assert said[0].startswith(
        "Taux de refinancement de la BCE\u00a0: taux de S2 2026 manquant, celui de S1 2026 est utilisé."
    )


def test_rates_by_customer_and_a_flag_below_the_floor():
    ledger = ledger_of(
        """
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-02-01|36500|
        B|invoice|2024-01-01|2024-02-01|36500|
        C|invoice|2024-01-01|2024-02-01|36500|
        """,
        covers=("2024-01-01", "2024-02-11"),
    )
    told = late_penalties(ledger, contract_rate={"A": 0.18, "B": 0.10}).invoices
    assert told["interest"].tolist() == [180.0, 100.0, 145.0]  # 10 days of a rate, on 36 500 / 365
    assert told["basis"].tolist() == ["contract", "contract", "default"]
    assert told["below_floor"].tolist() == [False, True, False]
    with pytest.raises(ArlibError, match="of no customer of this ledger: Z"):
        late_penalties(ledger, contract_rate={"Z": 0.1})
    with pytest.raises(ArlibError, match=r"written 0\.12"):
        late_penalties(ledger, contract_rate=12)


def test_a_leap_year_counts_366_days_only_where_asked():
    """36 600 for 30 days of 2024 at 14.5 %: / 365 436.19, / 366 435.00."""
    assert one(36600, "2024-03-01", "2024-03-31").invoices["interest"].tolist() == [436.19]
    assert one(36600, "2024-03-01", "2024-03-31", leap_years=True).invoices["interest"].tolist() == [435.00]
    assert one(36500, "2023-03-01", "2023-03-31", leap_years=True).invoices["interest"].tolist() == [375.00]  # 12.5 %


EXCLUDED = """
    customer|kind|issued|due|amount|pays|disputed
    A|invoice|2024-01-01|2024-02-01|100||
    B|invoice|2024-01-01||200||
    C|invoice|2024-01-01|2024-02-01|300||
    D|invoice|2024-01-01|2024-02-01|400||x
    E|invoice|2024-01-01|2024-02-01|500||
    F|invoice|2024-01-01|2024-02-01|600||
    F|payment|2024-02-20||-700||
    G|opening|2024-01-01|2024-02-01|800||
    H|invoice|2011-01-01|2011-02-01|900||
    """


def excluded_ledger():
    ledger = ledger_of(EXCLUDED, covers=("2011-01-01", "2024-03-01"))
    segments = ledger.customers["customer_id"].map({"C": "Particuliers", "A": "Secteur public"})
    object.__setattr__(ledger, "customers", ledger.customers.assign(segment=segments))
    return ledger


def test_what_earns_none_is_listed_with_its_reason():
    insolvent = pd.DataFrame({"customer_id": ["E"], "known_on": ["2024-02-10"], "reason": ["Judgment of 10 February."]})
    told = late_penalties(excluded_ledger(), insolvent=insolvent)
    assert dict(zip(told.excluded["customer_id"], told.excluded["reason"], strict=True)) == {
        "B": "no_due_date",
        "C": "consumer",
        "D": "disputed",
        "E": "insolvent",
        "F": "credit_balance",
        "G": "not_invoice",
        "H": "no_rate",
    }
    assert told.excluded["late_amount"].tolist() == [200.0, 300.0, 400.0, 500.0, 600.0, 800.0, 900.0]
    assert told.invoices[["customer_id", "buyer", "status"]].to_numpy().tolist() == [["A", "public", "to_confirm"]]
    text = told.excluded.set_index("customer_id")["text"]
    assert text["E"].startswith("Judgment of 10 February. ")
    assert "to be confirmed" in text["E"]
    assert "to be confirmed" in text["C"]
    assert told.by_customer["excluded"].sum() == 7
    assert (
        "à confirmer" in late_penalties(excluded_ledger(), language="fr").excluded.set_index("customer_id")["text"]["C"]
    )


@pytest.mark.parametrize(
    ("opened", "closed", "flagged", "due"),
    [("2024-09-01", None, True, 759.84), ("2024-03-01", "2024-04-01", True, 759.84), ("2024-03-01", None, False, 0.0)],
    ids=["opened later", "closed", "dated without a flag"],
)
def test_a_dispute_counts_on_the_days_it_is_open(opened, closed, flagged, due):
    """12,000 due on 31 January, on 30 June 2024: 151 days at 14.5 % / 365 and 40: 719.84 + 40. As table (B) counts."""
    ledger = ledger_of("""
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-01-31|12000|
        """, covers=("2024-01-01", "2025-12-31"))  # fmt: skip
    items = ledger.items.assign(disputed=flagged, **{"Date litige": [opened], "Litige clos le": [closed]})
    told = late_penalties(replace(ledger, items=items), LAST)
    assert told.invoices["due"].sum() == due
    assert told.excluded["reason"].tolist() == ([] if due else ["disputed"])
    before = replace(ledger, items=items.assign(disputed=False, **{"Date litige": [None], "Litige clos le": [None]}))
    if opened > LAST:
        assert late_penalties(before, LAST).invoices["due"].sum() == due


def test_customers_abroad_are_told_by_country():
    table = """
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-01-31|1000|
        B|invoice|2024-01-01|2024-01-31|1000|
        B|invoice|2024-01-01|2024-01-31|2000|
        C|invoice|2024-01-01|2024-01-31|1000|
        D|invoice|2024-01-01|2024-01-31|1000|
        """
    ledger = ledger_of(table, covers=("2024-01-01", LAST))
    ledger = replace(ledger, customers=ledger.customers.assign(country=["FR", "BE", "Réunion", None]))
    told = late_penalties(ledger)
    (note,) = [note for note in told.notes if note.key == "law.penalty.foreign"]
    expected = round(float(told.invoices.loc[told.invoices["customer_id"] == "B", "due"].sum()), 2)
    assert (note.values["invoices"], note.values["due"]) == (2, expected)
    assert f"BE (2 invoices, {expected:,.2f})" in str(note)
    belgian = [note for note in late_penalties(ledger, country="BE").notes if note.key == "law.penalty.foreign"]
    assert "FR (1 invoice" in str(belgian[0])
    assert "RE (1 invoice" in str(belgian[0])


def test_forty_are_euros_where_the_file_names_no_currency():
    table = "customer|kind|issued|due|amount|pays\nA|invoice|2024-01-01|2024-01-31|1000|"
    told = late_penalties(replace(ledger_of(table, covers=("2024-01-01", LAST)), currency=""))
    (note,) = [note for note in told.notes if note.key == "law.penalty.no_currency"]
    assert "EUR" in str(note)
    assert told.invoices["indemnity"].tolist() == [40.0]


@pytest.mark.parametrize("rate", ["0.1", {"A": "10 %"}, {"A": 12.0}, [0.1], True])
def test_a_contract_rate_that_is_no_share_is_refused_in_a_sentence(rate):
    table = "customer|kind|issued|due|amount|pays\nA|invoice|2024-01-01|2024-01-31|1000|"
    with pytest.raises(ArlibError, match=r"0\.12 for 12%"):
        late_penalties(ledger_of(table), contract_rate=rate)


def test_an_invoice_paid_before_the_proceedings_opened_keeps_its_penalties():
    table = """
        customer|kind|issued|due|amount|pays
        E|invoice|2024-01-01|2024-02-01|500|
        E|payment|2024-02-09||-500|1
        """
    ledger = ledger_of(table, covers=("2024-01-01", "2024-03-01"))
    for known_on, excluded in [("2024-02-10", 0), ("2024-02-09", 1), (None, 0)]:
        insolvent = pd.DataFrame({"customer_id": ["E"], "known_on": [known_on]})
        assert len(late_penalties(ledger, insolvent=insolvent).excluded) == excluded


def test_public_buyers_of_a_country_without_a_rule_are_set_apart():
    told = late_penalties(excluded_ledger(), country="IT")
    assert told.excluded.set_index("customer_id")["reason"]["A"] == "no_rule"


def test_given_kinds_of_buyers_go_before_the_segment():
    told = late_penalties(excluded_ledger(), buyers={"C": "company", "A": "consumer"})
    assert told.invoices.set_index("customer_id")["buyer"]["C"] == "company"
    assert told.excluded.set_index("customer_id")["reason"]["A"] == "consumer"
    with pytest.raises(ArlibError, match="it cannot be robot"):
        late_penalties(excluded_ledger(), buyers={"A": "robot"})


def test_what_moved_to_a_doubtful_account_counts_to_that_day_and_is_said():
    """Trap 19: a transfer is no payment."""
    ledger = ledger_of(
        """
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-02-01|36500|
        A|transfer|2024-02-11||-36500|1
        A|transfer|2024-02-11||36500|
        """,
        covers=("2024-01-01", "2024-03-01"),
    )
    told = late_penalties(ledger)
    assert told.invoices["interest"].tolist() == [145.0]
    assert told.invoices["indemnity"].tolist() == [40.0]
    assert told.excluded["reason"].tolist() == ["not_invoice"]
    assert "law.penalty.moved" in [note.key for note in told.notes]


def test_credits_nobody_matched_are_told():
    ledger = ledger_of(
        """
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-02-01|36500|
        A|payment|2024-02-05||-500|
        """,
        covers=("2024-01-01", "2024-03-01"),
    )
    (note,) = [note for note in late_penalties(ledger).notes if note.key == "law.penalty.unmatched"]
    assert note.values == {"customers": 1, "amount": 500.0}


def test_claimed_and_waived_are_set_against_what_is_due():
    ledger = ledger_of(
        """
        customer|kind|issued|due|amount|pays
        A|invoice|2024-01-01|2024-02-01|36500|
        A|invoice|2024-01-01|2024-02-06|36500|
        B|invoice|2024-01-01|2024-02-01|36500|
        """,
        covers=("2024-01-01", "2024-02-11"),
    )
    # Due: 145 + 40 = 185; 72.50 + 40 = 112.50; 185.
    told = late_penalties(
        ledger,
        claimed=pd.DataFrame({"customer_id": ["A", "A"], "amount": [200.0, 50.0], "on": ["2024-02-11", "2024-02-12"]}),
        waived={3: 300.0},
    )
    assert told.invoices["due"].tolist() == [185.0, 112.5, 185.0]
    assert told.invoices["claimed"].tolist() == [185.0, 15.0, 0.0]
    assert told.invoices["waived"].tolist() == [0.0, 0.0, 185.0]
    assert told.invoices["remaining"].tolist() == [0.0, 97.5, 0.0]
    assert told.by_customer["remaining"].tolist() == [97.5, 0.0]
    assert [note.values["amount"] for note in told.notes if note.key == "law.penalty.waived_beyond"] == [115.0]
    every = late_penalties(ledger, waived=pd.DataFrame({"customer_id": ["A"], "item_id": [None], "amount": [None]}))
    assert every.invoices["waived"].tolist() == [185.0, 112.5, 0.0]
    first = late_penalties(ledger, waived=pd.DataFrame({"item_id": [1], "amount": [None]}))
    assert first.invoices["waived"].tolist() == [185.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({99: 10.0}, "of no item of this ledger: 99"),
        ({1: -5.0}, "0 or more"),
        (pd.DataFrame({"item_id": [1]}), "need a column amount"),
        (pd.DataFrame({"customer_id": ["Z"], "amount": [1.0]}), "of no customer of this ledger: Z"),
        (pd.DataFrame({"customer_id": ["A"], "amount": ["much"]}), "much"),
    ],
)
def test_wrong_amounts_are_refused(wrong, told):
    ledger = ledger_of("customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-02-01|100")
    with pytest.raises(ArlibError, match=told):
        late_penalties(ledger, claimed=wrong)


def test_an_indemnity_in_another_currency_is_missing_until_it_is_given():
    ledger = ledger_of(
        "customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-02-01|36500",
        covers=("2024-01-01", "2024-02-11"),
        currency="USD",
    )
    told = late_penalties(ledger)
    assert told.invoices["indemnity"].isna().all()
    assert told.invoices["due"].tolist() == [145.0]
    assert any("40.00 EUR is not counted on 1 invoice" in note.text() for note in told.notes)
    assert late_penalties(ledger, indemnity=43.0).invoices["due"].tolist() == [188.0]
    with pytest.raises(ArlibError, match="it cannot be -1"):
        late_penalties(ledger, indemnity=-1)


def test_a_day_after_the_accounts_end_is_the_last_one_and_is_said():
    ledger = ledger_of(
        "customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-02-01|100", covers=("2024-01-01", "2024-02-11")
    )
    told = late_penalties(ledger, "2024-12-31")
    assert told.as_of == pd.Timestamp("2024-02-11")
    assert "law.penalty.ends" in [note.key for note in told.notes]


def test_a_ledger_without_anything_late_gives_empty_tables():
    told = late_penalties(ledger_of("customer|kind|issued|due|amount\nA|invoice|2024-01-01|2024-02-01|100"))
    assert [len(getattr(told, name)) for name in FRAMES] == [0, 0, 0, 0]


def test_notes_speak_both_languages():
    for note in late_penalties(excluded_ledger(), "2024-12-31", contract_rate={"A": 0.01}).notes:
        assert note.text("fr") != note.text("en")


def balance_days(ledger, item, day):
    """Amount x days of lateness of one invoice, counted day by day from the matches themselves."""
    paid = ledger.matches[ledger.matches["debit_id"] == item["item_id"]]
    total = 0.0
    for late in pd.date_range(item["due_on"] + pd.Timedelta(days=1), day):
        rest = item["amount"] - paid.loc[paid["matched_on"] < late, "amount"].sum()  # money of a day ends with it
        total += round(rest, 2)
    return round(total, 2)


@settings(max_examples=20, deadline=None)
@given(ledgers(), st.integers(0, 545))
def test_principal_times_days_is_an_independent_count(ledger, offset):
    """Every late invoice is counted or listed, and its balance x days is that of a loop over days."""
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=offset)
    told = late_penalties(ledger, day)
    counted = (told.periods["principal"] * told.periods["days"]).groupby(told.periods["item_id"]).sum()
    items = ledger.items[(ledger.items["kind"] == "invoice") & (ledger.items["booked_on"] <= day)]
    for _, item in items.iterrows():
        if item["item_id"] in set(told.excluded["item_id"]):
            continue
        expected = 0.0 if pd.isna(item["due_on"]) else balance_days(ledger, item, day)
        assert counted.get(item["item_id"], 0.0) == pytest.approx(expected, abs=0.01)
    undated = items[items["due_on"].isna()]["item_id"]
    assert set(undated) <= set(told.excluded["item_id"])


@settings(max_examples=20, deadline=None)
@given(ledgers())
def test_late_amounts_are_those_of_settlements(ledger):
    """Tie: what was late is what `settlements` settled late, or has open past its due date."""
    told, pieces = late_penalties(ledger), settlements(ledger)
    late = pieces["settled_on"].fillna(pd.Timestamp(LAST)) > pieces["due_on"]
    expected = pieces[late].groupby("item_id")["amount"].sum().round(2)
    first = told.periods.groupby("item_id")["principal"].first()
    listed = told.excluded[told.excluded["due_on"].notna()].set_index("item_id")["late_amount"]
    both = pd.concat([first, listed]).sort_index()
    assert both.round(2).to_dict() == pytest.approx(expected.to_dict())


@settings(max_examples=20, deadline=None)
@given(ledgers())
def test_parts_add_up_to_the_cent(ledger):
    told = late_penalties(ledger, contract_rate={ledger.customers["customer_id"].iloc[0]: 0.17})
    sums = told.periods.groupby("item_id")["interest"].sum().round(2)
    assert sums.to_dict() == told.invoices.set_index("item_id")["interest"].to_dict()
    for name in ("interest", "indemnity", "due", "remaining"):
        assert round(told.by_customer[name].sum(), 2) == round(told.invoices[name].sum(), 2)
    assert (told.invoices["interest"] + told.invoices["indemnity"]).round(2).equals(told.invoices["due"])


@settings(max_examples=20, deadline=None)
@given(ledgers(), st.integers(0, 10))
def test_the_order_of_rows_does_not_matter_and_inputs_are_not_written(ledger, seed):
    before = {name: getattr(ledger, name).copy() for name in ("items", "matches", "customers")}
    told, mixed = late_penalties(ledger), late_penalties(shuffled(ledger, seed))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(told, name), getattr(mixed, name), check_exact=True)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(ledger, name), frame)


@settings(max_examples=15, deadline=None)
@given(ledgers(), st.integers(0, 540))
def test_the_future_never_changes_the_past(ledger, offset):
    """All that comes after the day is gone, or is another: the result is the same to the bit."""
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=offset)
    told = late_penalties(ledger, day)
    later = ledger.items["booked_on"] > day
    items = ledger.items.assign(
        amount=ledger.items["amount"].where(~later, ledger.items["amount"] * 3),
        due_on=ledger.items["due_on"].where(~later, pd.Timestamp("2023-01-01")),
    )
    others = of_items(items, ledger.matches[ledger.matches["matched_on"] <= day], covers=("2023-01-01", LAST))
    for changed in (known_by(ledger, day), others):
        again = late_penalties(changed, day)
        for name in FRAMES:
            pd.testing.assert_frame_equal(getattr(told, name), getattr(again, name), check_exact=True)
        assert [note.text() for note in told.notes] == [note.text() for note in again.notes]


@settings(max_examples=12, deadline=None)
@given(ledgers())
def test_amounts_a_thousand_times_larger_earn_a_thousand_times_more(ledger):
    small_one, large = late_penalties(ledger).invoices, late_penalties(scaled(ledger, 1000)).invoices
    assert large["interest"].to_numpy() == pytest.approx(small_one["interest"].to_numpy() * 1000, abs=5.01)
    assert large["indemnity"].tolist() == small_one["indemnity"].tolist()


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**9), st.integers(0, 180), st.data())
def test_cutting_a_period_at_any_day_changes_nothing(cents, length, data):
    """One period of a half-year, whole and cut in up to four: the same interest, to the cent."""
    start = int(np.datetime64("2024-01-01", "D").astype(int))
    cuts = sorted(data.draw(st.sets(st.integers(1, length), max_size=3))) if length else []
    firsts = np.array([0, *cuts]) + start
    lasts = np.array([*(cut - 1 for cut in cuts), length]) + start

    def earned(first, last):
        size = len(first)
        periods = Periods(np.zeros(size, dtype=np.intp), first, last, np.full(size, cents / 100), half_years(first))
        return round(float(interest_of(periods, np.full(size, 0.145), leap_years=False).sum()), 2)

    assert earned(firsts, lasts) == earned(firsts[:1], lasts[-1:])


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 999_999), st.integers(1, 200))
def test_a_part_payment_lowers_from_its_day(cents, after):
    """To the day it arrives the claim is the same with and without it; from the next one it is never higher."""
    paid_on = pd.Timestamp("2024-02-01") + pd.Timedelta(days=after)
    table = "customer|kind|issued|due|amount|pays\nA|invoice|2024-01-01|2024-02-01|10000|\n"
    covers = ("2024-01-01", "2024-12-31")
    without = ledger_of(table, covers=covers)
    paid = ledger_of(f"{table}A|payment|{paid_on.date()}||-{cents / 100}|1", covers=covers)
    for ahead in (-1, 0, 1, 30):
        day = min(paid_on + pd.Timedelta(days=ahead), pd.Timestamp("2024-12-31"))
        if day <= pd.Timestamp("2024-02-01"):
            continue
        one_way, other = (late_penalties(ledger, day).invoices["interest"].iloc[0] for ledger in (without, paid))
        assert other == one_way if ahead <= 0 else other <= one_way


def test_negoce_ties_to_a_count_of_its_own():
    """The sample: interest from a plain merge of pieces with the rate of each day, on invoices of companies."""
    ledger = sample_ledger("negoce")
    told = late_penalties(ledger)
    pieces = settlements(ledger)
    end = pieces["settled_on"].fillna(told.as_of)
    late = pieces[(end > pieces["due_on"])].assign(end=end)
    late = late[late["item_id"].isin(told.invoices.loc[told.invoices["buyer"] == "company", "item_id"]).to_numpy()]
    late = late.iloc[::25]
    of_item = {}
    rates = central_bank_rates()
    days = pd.Series(pd.date_range("2022-01-01", told.as_of))
    by_day = pd.Series(rates.on(days).rate + 0.10, index=days)
    wanted = set(late["item_id"])
    for piece in pieces.assign(end=end)[pieces["item_id"].isin(wanted)].itertuples():
        if piece.end > piece.due_on:
            earned = by_day[piece.due_on + pd.Timedelta(days=1) : piece.end].sum() * piece.amount / 365
            of_item[piece.item_id] = of_item.get(piece.item_id, 0.0) + earned
    interest = told.invoices.set_index("item_id")["interest"]
    assert len(of_item) > 100
    assert {item: interest[item] for item in of_item} == pytest.approx(of_item, abs=0.0051)


def test_the_public_list_of_ibm_counts_every_late_invoice(shared_data):
    """Its own column DaysLate says which are late, and by how many days; some are paid after its last invoice."""
    path = shared_data / "ibm_late_payment/WA_Fn-UseC_-Accounts-Receivable.csv"
    told, raw = late_penalties(read_ledger(path), "2014-12-31"), pd.read_csv(path)
    late = raw[(raw["DaysLate"] > 0) & (raw["Disputed"] == "No")]
    assert len(told.invoices) == len(late)
    assert told.invoices["days_late"].sum() == late["DaysLate"].sum()
    expected = (late["DaysLate"] * late["InvoiceAmount"]).sum()
    assert (told.periods["principal"] * told.periods["days"]).sum() == pytest.approx(expected)


def test_a_users_own_rates_are_used():
    text = (
        "series,percent,valid_from,valid_to,source,checked_on,status\n"
        "ecb_refi,5,2024-01-01,2024-06-30,mine,2026-11-22,confirmed\n"
    )
    tables = read_rate_tables(central_bank=("mine.csv", text.encode()))
    assert one(36500, "2024-03-01", "2024-03-11", tables=tables).invoices["interest"].tolist() == [150.0]


def list_of(tmp_path, paid):
    """Two paid invoices and an open one, in a list that says when `paid` of them were."""
    rows = ["Customer;Invoice;Date;Due date;Amount;Status;Paid on"]
    rows += [f"A;F1;2024-01-02;2024-02-01;1000.00;paid;{paid}", "A;F2;2024-01-02;2024-02-01;1000.00;paid;2024-02-11"]
    rows += ["B;F3;2024-06-30;2024-07-10;500.00;open;"]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return read_ledger(path)


def test_a_payment_without_a_date_makes_its_penalties_to_be_confirmed(tmp_path):
    """F1 counts as paid on the last day of the list, which nobody said: its penalties are to be confirmed."""
    told = late_penalties(list_of(tmp_path, ""))
    status = told.invoices.set_index("reference")["status"].to_dict()
    assert (status["F1"], status["F2"]) == ("to_confirm", "confirmed")
    assert told.by_customer.set_index("customer_id").loc["A", "status"] == "to_confirm"
    due = told.invoices.set_index("reference").loc["F1", "due"]
    (note,) = [note for note in told.notes if note.key == "law.penalty.undated"]
    assert note.values == {"invoices": 1, "due": due}


def test_dated_payments_need_no_such_word(tmp_path):
    told = late_penalties(list_of(tmp_path, "2024-02-21"))
    assert set(told.invoices["status"]) == {"confirmed"}
    assert not any(note.key == "law.penalty.undated" for note in told.notes)


def test_the_statutory_table_says_what_of_it_rests_on_payments_without_a_date(tmp_path):
    """Of the 2 000 paid late in the list, 1 000 have no date."""
    undated = payment_delay_table(list_of(tmp_path, ""), "2024-12-31")
    (note,) = [note for note in undated.notes if note.key == "law.delay.undated"]
    assert (note.values["payments"], note.values["amount"]) == (1, 1000.0)
    dated = payment_delay_table(list_of(tmp_path, "2024-02-21"), "2024-12-31")
    assert not any(note.key == "law.delay.undated" for note in dated.notes)
