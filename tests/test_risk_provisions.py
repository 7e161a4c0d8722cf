"""The provision matrix and its rates: T1 to T3b of the handbook, and ledgers a person can check by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib.errors import ArlibError
from arlib.ledger import Ledger, balance
from arlib.risk.facts import read_facts
from arlib.risk.provisions import (
    cohort_loss_rates,
    expected_losses,
    loss_rates,
    provision_matrix,
    provision_total,
)
from arlib.risk.provisions.rates import _Links

BUCKETS = ["not_due", "1-30", "31-60", "61-90", "91+"]
RATES = dict(zip(BUCKETS, [0.02, 0.04, 2 / 23, 0.25, 1.0], strict=True))
YEARS = ("2024-01-01", "2024-12-31")


def with_customers(ledger: Ledger, **columns) -> Ledger:
    """The ledger with more said of its customers, in the order of their identifiers."""
    customers = ledger.customers.assign(**columns)
    return Ledger(ledger.items, ledger.matches, customers, ledger.controls, ledger.currency, ledger.covers)


def with_net(ledger: Ledger, share: float) -> Ledger:
    """The ledger with the amount without tax of every item."""
    items = ledger.items.assign(net_amount=(ledger.items["amount"] * share).round(2))
    return Ledger(items, ledger.matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)


def test_t1_the_example_of_the_standard():
    """T1 (H6), IFRS 9 illustrative example 12: 580,000 in all."""
    exposure = np.array([15.0, 7.5, 4.0, 2.5, 1.0]) * 1e6
    losses = expected_losses(exposure, [0.003, 0.016, 0.036, 0.066, 0.106])
    assert losses == pytest.approx([45_000, 120_000, 144_000, 165_000, 106_000])
    assert losses.sum() == pytest.approx(580_000)


def test_t2_given_rates():
    """T2 (H5), faqifrs.com: the page prints 112 for the last bucket; 2,500 x 4.5 % is 112.50: it rounds down."""
    losses = expected_losses([15_000, 7_500, 4_000, 2_500], [0.005, 0.022, 0.027, 0.045])
    assert losses == pytest.approx([75, 165, 108, 112.5])
    assert losses[-1] == pytest.approx(112, abs=0.5)


def test_h7_a_matrix_of_unequal_bands():
    """H7, IFRS 9 B5.5.35: 1 % not past due, 2 % below 30 days, 3 % from 30 to 90, 20 % to 180, of 1,000 each."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-12-01 | 2025-01-15 | 1000
        A        | invoice | 2024-11-01 | 2024-12-11 | 1000
        A        | invoice | 2024-09-01 | 2024-11-01 | 1000
        A        | invoice | 2024-07-01 | 2024-08-23 | 1000
        """,
        covers=("2024-01-01", "2024-12-31"),
    )
    rates = {"not_due": 0.01, "1-30": 0.02, "31-90": 0.03, "91-180": 0.20}
    matrix = provision_matrix(ledger, bounds=(30, 90, 180), rates=rates, vat_rate=0.0).set_index("bucket")
    assert matrix.loc[list(rates), "provision"].tolist() == [10, 20, 30, 200]


def test_t3_rates_of_one_cohort():
    """T3 (H1), ifrscommunity.com: 2.0, 4.0, 8.7 (8.6957), 25.0 and 100 %."""
    rates = cohort_loss_rates([100_000, 50_000, 23_000, 8_000, 2_000])
    assert rates == pytest.approx([0.02, 0.04, 0.086957, 0.25, 1.0], abs=5e-7)
    assert cohort_loss_rates([100_000, 50_000], lost=2_000) == pytest.approx([0.02, 0.04])
    assert np.isnan(cohort_loss_rates([100.0, 0.0], lost=0.0)).tolist() == [False, True]


def test_t3b_the_matrix_of_that_cohort():
    """T3b (H2): 27,567.39 with the rates as they are; the source adds up amounts rounded to euros, 27,567."""
    rates = cohort_loss_rates([100_000, 50_000, 23_000, 8_000, 2_000])
    losses = expected_losses([300_000, 140_000, 60_000, 23_000, 5_000], rates)
    assert losses.round(0).tolist() == [6_000, 5_600, 5_217, 5_750, 5_000]
    assert losses.sum() == pytest.approx(27_567.39, abs=0.005)


@pytest.mark.parametrize("wrong", [[], [100.0, 120.0], [100.0, -1.0], [100.0, float("nan")]])
def test_a_cohort_that_grows_is_refused(wrong):
    with pytest.raises(ArlibError):
        cohort_loss_rates(wrong)


def test_the_factor_never_takes_a_rate_above_one():
    """1,000 at 60 % x 2: 1,000, not 1,200. Handbook 6.1: min(1, rate x factor)."""
    assert expected_losses([1000.0, 1000.0], [0.6, 0.1], 2.0) == pytest.approx([1000.0, 200.0])
    for rates, factor in (([1.2], 1.0), ([-0.1], 1.0), ([0.5], -1.0), ([0.5], float("nan"))):
        with pytest.raises(ArlibError):
            expected_losses([1.0], rates, factor)
    with pytest.raises(ArlibError):
        expected_losses([1.0, 2.0], [0.5])


def t3_ledger() -> Ledger:
    """The cohort of T3 as invoices of 1,000: 50 paid on time, 27, 15 and 6 after 10, 40 and 70 days, 2 never."""
    late = np.repeat([0.0, 10.0, 40.0, 70.0, np.nan], [50, 27, 15, 6, 2])
    due = pd.Timestamp("2024-02-04")
    return from_frame(
        pd.DataFrame(
            {
                "customer_id": [f"C{line:03}" for line in range(100)],
                "issued_on": "2024-01-05",
                "due_on": due,
                "amount": 1000.0,
                "paid_on": due + pd.to_timedelta(late, unit="D"),
            }
        ),
        until="2025-02-28",
    )


def test_t3_again_from_the_roll_rates_of_a_ledger():
    """H3: 0.50, 0.46, 0.3478, 0.25; the product is the 2.0 % of the cohort. Both invoices stayed unpaid for a year."""
    rates = loss_rates(t3_ledger(), months=14, least_debts=1)
    assert list(rates["debts"]) == [100, 50, 23, 8, 2]
    assert list(rates["roll_rate"]) == pytest.approx([0.5, 0.46, 8 / 23, 0.25, 1.0])
    assert list(rates["loss_rate"]) == pytest.approx([0.02, 0.04, 2 / 23, 0.25, 1.0])
    assert rates["note"].isna().all()


def test_too_few_debts_tell_no_rate_and_later_losses_count_in_full():
    """8 debts reached 61-90: no rate of its own. Before, what came that far is lost: 8 of 23, 50, 100."""
    rates = loss_rates(t3_ledger(), months=14)
    assert list(rates["loss_rate"]) == pytest.approx([0.08, 0.16, 8 / 23, np.nan, 1.0], nan_ok=True)
    assert all("Too few debts went further" in note for note in rates["note"][:3])
    assert "(8)" in rates["note"][3]
    assert "counts in full" in rates["note"][4]
    french = loss_rates(t3_ledger(), months=14, language="fr")["note"]
    assert "Donnez-en un" in french[3]


def test_what_is_known_of_the_last_bucket_is_used():
    """Half of what reaches the last bucket is recovered: every rate is half of T3's."""
    rates = loss_rates(t3_ledger(), months=14, least_debts=1, last_loss=0.5)
    assert list(rates["loss_rate"]) == pytest.approx([0.01, 0.02, 1 / 23, 0.125, 0.5])


def test_a_short_history_tells_nothing():
    rates = loss_rates(t3_ledger(), "2024-05-31", months=14)
    assert rates["loss_rate"].isna().all()
    assert "147 days of history" in rates["note"][0]
    assert loss_rates(t3_ledger(), "1901-01-01")["loss_rate"].isna().all()


def test_nothing_lost_is_no_proof():
    """The rule of three: none of 98 lost, at most 3 / 98 = 3.1 % with 95 % confidence."""
    ledger = t3_ledger()
    paid = ledger.items["due_on"].isna() | (ledger.items.index < 98)
    kept = Ledger(ledger.items[paid], ledger.matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)
    rates = loss_rates(kept, months=14, least_debts=1)
    assert list(rates["loss_rate"][:4]) == [0.0] * 4
    assert "Up to 3.1%" in rates["note"][0]
    many = _Links._note("none_lost", 7_794, 0.0)  # 3 / 7,794 = 0.04 %: "up to 0.0%" would say that none can be
    assert "Up to 0.1%" in many.text()


def test_a_file_without_payments_tells_nothing():
    """All stays unpaid because no payment is in it: 100 % of everything would be a confident number."""
    ledger = t3_ledger()
    debts = ledger.items[ledger.items["amount"] > 0]
    alone = Ledger(debts, ledger.matches.iloc[:0], ledger.customers, ledger.controls, "EUR", ledger.covers)
    rates = loss_rates(alone, months=14)
    assert rates["loss_rate"].isna().all()
    assert "No payment" in rates["note"][0]
    total = provision_total(provision_matrix(alone))
    assert np.isnan(total)
    assert total.inputs["missing"] == 100_000


def test_a_rate_of_zero_is_said_in_the_total():
    matrix = provision_matrix(ledger_of(OWED, covers=YEARS), rates=dict.fromkeys([*BUCKETS, "no_due_date"], 0.0))
    total = provision_total(matrix)
    assert total == 0
    assert "no proof" in str(total.note)


def test_a_group_with_too_little_rolls_as_the_whole_ledger():
    """Two customers in a group of their own, one of whom never paid: it rolls on as the hundred do, and it is said.

    Only two debts of all were ever a year late: that last step counts in full.
    """
    ledger = t3_ledger()
    small = ledger.customers["customer_id"].isin(["C000", "C099"])
    rates = loss_rates(
        with_customers(ledger, segment=np.where(small, "S", "L")), months=14, by="segment", least_debts=8
    )
    told = rates.set_index(["segment", "bucket"])
    assert list(told.loc["S", "loss_rate"]) == pytest.approx([0.02, 0.04, 2 / 23, 0.25, 1.0])
    assert "as in the whole ledger" in told.loc[("S", "not_due"), "note"]


@pytest.mark.parametrize(
    "wrong", [{"months": 0}, {"least_debts": 0}, {"lost_after": 90}, {"last_loss": 1.5}, {"bounds": (60, 30)}]
)
def test_rates_that_cannot_be_asked_are_refused(wrong):
    with pytest.raises(ArlibError):
        loss_rates(t3_ledger(), **wrong)


OWED = """
    customer | kind        | issued     | due        | amount   | pays
    A        | invoice     | 2024-11-01 | 2025-01-31 |  1200.00 |
    A        | invoice     | 2024-10-01 | 2024-12-15 |   600.00 |
    A        | payment     | 2024-12-20 |            |  -240.00 |
    B        | invoice     | 2024-08-01 | 2024-09-30 |   360.00 |
    B        | invoice     | 2024-08-01 |            |   120.00 |
    C        | invoice     | 2024-09-01 | 2024-11-15 |   480.00 |
    D        | invoice     | 2024-12-01 | 2024-12-31 |    60.00 |
    D        | credit_note | 2024-12-05 |            |  -100.00 |
    """


def test_a_matrix_by_hand():
    """VAT 20 % of everything. A's payment pays its overdue 600 first; D's credit note is above its debt.

    not_due: 1,200 and D's 60 less 60: 1,000 without tax; 1-30: 600 - 240 = 360, 300 without; 31-60: 400; 91+: 300.
    """
    ledger = with_net(ledger_of(OWED, covers=YEARS), 1 / 1.2)
    matrix = provision_matrix(ledger, rates=RATES).set_index("bucket")
    assert list(matrix.index) == [*BUCKETS, "no_due_date", "unapplied"]
    assert list(matrix["gross"]) == [1260, 600, 480, 0, 360, 120, -40]
    assert list(matrix["credits"]) == [-60, -240, 0, 0, 0, 0, 0]
    assert list(matrix["exposure"]) == pytest.approx([1000, 300, 400, 0, 300, 100, 0])
    assert list(matrix["provision"]) == pytest.approx([20, 12, 34.78, 0, 300, np.nan, 0], nan_ok=True)
    assert matrix[["gross", "credits"]].sum().sum() == balance(ledger)
    total = provision_total(matrix.reset_index())
    assert total == pytest.approx(366.78)
    assert total.inputs["missing"] == 100.0
    assert "100.00 have no loss rate" in str(total.note)
    assert "no due date" in matrix["note"]["no_due_date"]


def test_a_rate_for_what_has_no_due_date():
    matrix = provision_matrix(ledger_of(OWED, covers=YEARS), rates=RATES | {"no_due_date": 0.5}, vat_rate=0.2)
    assert matrix.set_index("bucket")["provision"]["no_due_date"] == 50.0
    assert provision_total(matrix).note is None


def test_vat_that_is_not_known_is_not_taken_off_and_said():
    """With 20 % assumed, 1,200 become 1,000; without, they stay, and the note says how much that is."""
    ledger = ledger_of(OWED, covers=YEARS)
    unknown = provision_matrix(ledger, rates=RATES).set_index("bucket")
    assert (unknown["exposure"]["not_due"], unknown["tax_unknown"]["not_due"]) == (1200.0, 1200.0)
    assert "The VAT in 1,200.00 is not known" in unknown["note"]["not_due"]
    assumed = provision_matrix(ledger, rates=RATES, vat_rate=0.2).set_index("bucket")
    assert (assumed["exposure"]["not_due"], assumed["tax_unknown"]["not_due"]) == (pytest.approx(1000.0), 0.0)


def test_cover_is_taken_off_up_to_the_limit():
    """A owes 1,560, 780 are insured, 90 % of that are paid: 45 % of its 1,000 and 300 without tax are covered."""
    ledger = with_net(ledger_of(OWED, covers=YEARS), 1 / 1.2)
    matrix = provision_matrix(with_customers(ledger, insured_limit=[780.0, np.nan, 0.0, 1.0]), rates=RATES)
    told = matrix.set_index("bucket")
    assert list(told["covered"][:2]) == pytest.approx([-450, -135])
    assert list(told["provision_uncovered"][:2]) == pytest.approx([20, 12])
    assert list(told["provision"][:2]) == pytest.approx([11, 6.6])
    assert list(told["covered"][2:]) == [0] * 5


@pytest.mark.parametrize("how", ["ids", "frame", "status"])
def test_insolvent_customers_are_apart(how):
    """B is: its 360 and 120 leave the buckets, whatever says so."""
    ledger = ledger_of(OWED, covers=YEARS)
    given = {"ids": ["B"], "frame": pd.DataFrame({"customer_id": ["B"], "known_on": ["2024-12-31"]})}.get(how)
    if how == "status":
        ledger = with_customers(ledger, status=[None, "Liquidation judiciaire", None, None])
    matrix = provision_matrix(ledger, rates=RATES, insolvent=given).set_index("bucket")
    assert matrix["gross"]["91+"] == 0
    assert matrix["gross"]["insolvent"] == 480
    assert np.isnan(matrix["provision"]["insolvent"])
    assert "one by one" in matrix["note"]["insolvent"]


def test_an_insolvency_known_later_is_not_known_yet():
    later = pd.DataFrame({"customer_id": ["B"], "known_on": ["2025-01-01"]})
    matrix = provision_matrix(ledger_of(OWED, covers=YEARS), rates=RATES, insolvent=later)
    assert "insolvent" not in list(matrix["bucket"])


def test_a_procedure_counts_from_the_day_it_is_known():
    """B is in liquidation since 1 December; A insured for 780 at 50 % until the end of November."""
    ledger = with_net(ledger_of(OWED, covers=YEARS), 1 / 1.2)
    table = pd.DataFrame(
        {
            "customer_id": ["B", "A"],
            "fact": ["procédure collective", "montant garanti"],
            "value": ["liquidation judiciaire", "780"],
            "known_on": ["2024-12-01", "2024-01-01"],
            "ends_on": [None, "2024-11-30"],
            "quota": [None, "50 %"],
        }
    )
    facts = read_facts(table, customers=ledger.customers)
    assert not facts.problems
    before = provision_matrix(ledger, "2024-11-30", rates=RATES, facts=facts).set_index("bucket")
    after = provision_matrix(ledger, "2024-12-31", rates=RATES, facts=facts).set_index("bucket")
    assert "insolvent" not in before.index
    assert after["gross"]["insolvent"] == 480
    assert before["covered"].sum() == pytest.approx(-0.5 * 780 / 1.2)  # A owes 1,800, of which 780 are covered
    assert after["covered"].sum() == 0


def test_segments_have_their_own_rates_and_add_up():
    """The frame of `loss_rates`, edited, is what is given; rows of groups add up to the whole."""
    ledger = with_customers(ledger_of(OWED, covers=YEARS), segment=["X", "X", "Y", "Y"])
    rates = pd.DataFrame({"segment": ["X"] * 5 + ["Y"] * 5, "bucket": BUCKETS * 2, "loss_rate": [0.1] * 5 + [0.2] * 5})
    matrix = provision_matrix(ledger, by="segment", rates=rates)
    assert set(
        matrix.loc[matrix["bucket"].isin(BUCKETS), ["segment", "loss_rate"]].itertuples(index=False, name=None)
    ) == {
        ("X", 0.1),
        ("Y", 0.2),
    }
    whole = provision_matrix(ledger, rates=RATES)
    for name in ("gross", "credits", "exposure"):
        assert matrix[name].sum() == pytest.approx(whole[name].sum())


@pytest.mark.parametrize(
    "wrong",
    [
        {"rates": {"91-120": 0.5}},
        {"rates": {"91+": 1.5}},
        {"rates": {"91+": "50 %"}},
        {"factor": float("nan")},
        {"facts": read_facts(pd.DataFrame({"customer code": ["Q"], "fact": ["status"], "value": ["liquidation"]}))},
        {"rates": pd.DataFrame({"bucket": ["91+"]})},
        {"rates": pd.DataFrame({"bucket": ["91+", "91+"], "loss_rate": [0.1, 0.2]})},
        {"factor": -1.0},
        {"vat_rate": -0.2},
        {"vat_rate": 20},
        {"insolvent": ["nobody"]},
        {"insolvent": pd.DataFrame({"who": ["A"]})},
        {"by": "provision"},
        {"by": "nothing"},
    ],
)
def test_a_matrix_that_cannot_be_is_refused(wrong):
    with pytest.raises(ArlibError):
        provision_matrix(ledger_of(OWED, covers=YEARS), **wrong)


def test_a_wrong_factor_and_wrong_rates_are_told_apart():
    for asked, told in (({"factor": -1.0}, "no change; it cannot be -1"), ({"rates": {"91+": 5.0}}, "; 5 cannot be")):
        with pytest.raises(ArlibError, match=told):
            provision_matrix(ledger_of(OWED, covers=YEARS), **asked)


def test_a_day_after_the_ledgers_last_is_said_on_every_row_that_counts():
    matrix = provision_matrix(ledger_of(OWED, covers=YEARS), "2030-01-01", rates=RATES, language="fr")
    owed = matrix[matrix["exposure"] > 0]
    assert owed["note"].str.contains("s'arrête le 31/12/2024").all()
    assert not provision_matrix(ledger_of(OWED, covers=YEARS), rates=RATES)["note"].str.contains("ends on").any()


def test_nothing_owed_provides_nothing():
    ledger = ledger_of("customer|kind|issued|due|amount\nA|payment|2024-01-01||-10", covers=YEARS)
    matrix = provision_matrix(ledger)
    assert matrix["exposure"].sum() == 0
    assert provision_total(matrix) == 0
    nobody = ledger.customers.iloc[:0]
    empty = Ledger(ledger.items.iloc[:0], ledger.matches, nobody, ledger.controls, "EUR", ledger.covers)
    assert provision_total(provision_matrix(empty)) == 0
    assert list(provision_matrix(empty)["bucket"]) == BUCKETS


def test_a_ledger_from_1901():
    table = "customer|kind|issued|due|amount\nA|invoice|1901-01-05|1901-02-04|1000\nA|payment|1901-11-01||-10"
    matrix = provision_matrix(ledger_of(table, covers=("1901-01-01", "1901-12-31")), rates=RATES).set_index("bucket")
    assert (matrix["gross"]["91+"], matrix["credits"]["91+"], matrix["provision"]["91+"]) == (1000.0, -10.0, 990.0)


@pytest.mark.parametrize("name", ["negoce", "groupe"])
def test_the_samples_tie_and_are_of_a_sensible_size(name):
    ledger = sample_ledger(name)
    matrix = provision_matrix(ledger, by="segment")
    assert matrix[["gross", "credits"]].sum().sum() == pytest.approx(balance(ledger), abs=0.05)
    own = matrix[matrix["bucket"].isin(BUCKETS)]
    rates = own.pivot(index="segment", columns="bucket", values="loss_rate")
    assert (rates["not_due"] < 0.02).all()
    assert (rates["not_due"] <= rates["1-30"]).all()
    assert (rates["1-30"] <= rates["31-60"]).all()


def everything(ledger: Ledger, day: str) -> list[pd.DataFrame]:
    return [
        loss_rates(ledger, day, by="customer_id", least_debts=1),
        provision_matrix(ledger, day, by="customer_id", insolvent=ledger.customers["customer_id"][:1]),
        provision_matrix(ledger, day, rates=RATES, vat_rate=0.2),
    ]


@settings(max_examples=10, deadline=None)
@given(ledgers(), st.sampled_from(["2023-03-31", "2023-10-15", "2024-06-30"]))
def test_the_future_never_changes_the_past(ledger, day):
    for now, then in zip(everything(ledger, day), everything(known_by(ledger, day), day), strict=True):
        pd.testing.assert_frame_equal(now, then, check_exact=True)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("otherwise", [known_by, future_changed])
def test_the_future_never_changes_a_longer_past_to_the_bit(otherwise, seed):
    ledger, day = from_frame(random_invoices(seed)), "2025-06-30"
    for now, then in zip(everything(ledger, day), everything(otherwise(ledger, day), day), strict=True):
        pd.testing.assert_frame_equal(now, then, check_exact=True)


@settings(max_examples=10, deadline=None)
@given(ledgers(), st.integers(0, 5))
def test_the_order_of_rows_and_the_unit_do_not_matter(ledger, seed):
    day = "2024-06-30"
    matrix = provision_matrix(ledger, day, rates=RATES)
    pd.testing.assert_frame_equal(provision_matrix(shuffled(ledger, seed), day, rates=RATES), matrix)
    thrice = provision_matrix(scaled(ledger, 3.0), day, rates=RATES)
    for name in ("gross", "exposure", "provision"):
        assert thrice[name].to_numpy() == pytest.approx(3 * matrix[name].to_numpy(), abs=0.06, nan_ok=True)


@settings(max_examples=10, deadline=None)
@given(ledgers(), st.sampled_from(["2023-06-30", "2024-06-30"]))
def test_parts_add_up(ledger, day):
    """Gross and credits are the accounts; the exposure is what its row says; customers add up to the whole."""
    whole = provision_matrix(ledger, day, rates=RATES)
    assert whole[["gross", "credits"]].sum().sum() == pytest.approx(balance(ledger, day), abs=0.01)
    parts = whole[["gross", "credits", "tax", "covered"]].sum(axis=1).where(whole["bucket"] != "unapplied", 0.0)
    assert whole["exposure"].to_numpy() == pytest.approx(parts.to_numpy(), abs=0.005)
    each = provision_matrix(ledger, day, by="customer_id", rates=RATES)
    assert each["provision"].sum() == pytest.approx(whole["provision"].sum(), abs=0.05)
    assert (each["provision"].dropna() >= 0).all()
