"""Credit limits and the order simulator, against numbers computed by hand."""

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, of_items

from arlib.errors import ArlibError
from arlib.readers import read_ledger
from arlib.risk.facts import read_facts, read_opinion_card
from arlib.risk.limits import (
    credit_exposure,
    credit_limits,
    decide_order,
    group_exposure,
    read_limit_policy,
    read_orders,
)
from arlib.risk.limits.caps import budgets, capacities, needs, rounded_down
from arlib.risk.provisions.standing import cover_of_customers
from arlib.words import LANGUAGES, say

POLICY = read_limit_policy()
DAY = "2025-03-31"

# Everybody pays on the due date, a working day of no holiday: no delay. On 31 March A owes 5,000, B 3,000 past due
# since 3 March (28 days), C holds an advance of 400, D owes nothing.
BOOKS = """
customer | kind        | issued     | due        | amount | pays
A        | invoice     | 2024-03-04 | 2024-04-03 |  50000 |
A        | payment     | 2024-04-03 |            | -50000 | 1
A        | invoice     | 2024-11-04 | 2024-12-04 |   6000 |
A        | payment     | 2024-12-04 |            |  -6000 | 3
A        | invoice     | 2025-01-06 | 2025-02-05 |   9000 |
A        | credit_note | 2025-01-20 |            |  -1000 | 5
A        | payment     | 2025-02-05 |            |  -8000 | 5
A        | invoice     | 2025-03-10 | 2025-04-09 |   5000 |
B        | invoice     | 2024-12-02 | 2025-01-02 |   3000 |
B        | payment     | 2025-01-02 |            |  -3000 | 9
B        | invoice     | 2025-01-31 | 2025-03-03 |   3000 |
C        | invoice     | 2024-12-02 | 2025-01-02 |    700 |
C        | payment     | 2025-01-02 |            |   -700 | 12
C        | payment     | 2025-03-20 |            |   -400 |
D        | invoice     | 2024-12-02 | 2025-01-02 |    100 |
D        | payment     | 2025-01-02 |            |   -100 | 15
"""


def books(**columns):
    ledger = ledger_of(BOOKS, covers=("2024-01-01", DAY))
    customers = ledger.customers.assign(**columns)
    return dataclasses.replace(ledger, customers=customers)


def facts_of(*rows):
    names = ["Code client", "Fait", "Valeur", "Connu le", "Source", "Fin", "Quotité", "Exercice clos le"]
    return read_facts(pd.DataFrame([(*row, *[None] * (len(names) - len(row))) for row in rows], columns=names))


def orders_of(*rows):
    return read_orders(pd.DataFrame(rows, columns=["Commande", "Client", "Date commande", "Montant TTC"]))


def of(frame, customer):
    return frame.set_index("customer_id").loc[customer]


# Exposure


def test_exposure_is_what_is_owed_and_what_is_ordered():
    """A 5,000 + 1,200 + 300; B 3,000, overdue for 28 days; C −400 + 1,000: its advance pays for a part of the order."""
    orders = orders_of(
        ("1", "A", "2025-03-01", 1200),
        ("2", "A", "2025-03-31", 300),
        ("3", "C", "2025-03-05", 1000),
        ("4", "B", "2025-04-01", 999),  # after the day
    )
    exposure = credit_exposure(books(credit_limit=[6000.0, 2500.0, None, 0.0]), orders=orders).set_index("customer_id")
    assert exposure["receivable"].to_dict() == {"A": 5000, "B": 3000, "C": -400, "D": 0}
    assert exposure["orders"].to_dict() == {"A": 1500, "B": 0, "C": 1000, "D": 0}
    assert exposure["order_count"].to_dict() == {"A": 2, "B": 0, "C": 1, "D": 0}
    assert exposure["exposure"].to_dict() == {"A": 6500, "B": 3000, "C": 600, "D": 0}
    assert exposure["overdue"].to_dict() == {"A": 0, "B": 3000, "C": 0, "D": 0}
    assert exposure["days_overdue"].to_dict() == {"A": 0, "B": 28, "C": 0, "D": 0}
    assert exposure["over_limit"].drop("C").to_dict() == {"A": 500, "B": 500, "D": 0}
    assert math.isnan(exposure["over_limit"]["C"])


def test_a_column_of_zeros_holds_no_limits():
    """Zero is no credit beside other limits; alone, it is what software writes where nobody typed any."""
    assert credit_exposure(books(credit_limit=[0.0, 0.0, None, 0.0]))["credit_limit"].isna().all()
    assert credit_exposure(books(credit_limit=[0.0, 1.0, None, 0.0]))["over_limit"].tolist()[0] == 5000


def test_a_limit_below_zero_is_a_slip_that_is_said():
    limits = credit_limits(books(credit_limit=[-5000.0, 4000.0, None, None]), language="fr")
    assert math.isnan(of(limits, "A")["credit_limit"])
    assert of(limits, "A")["wrong_limit"] == -5000
    assert "est négatif" in of(limits, "A")["reason"]
    assert decide_order(limits, "A", 100).limit == of(limits, "A")["suggested_limit"]
    assert credit_exposure(books(credit_limit=[-5000.0, 0.0, None, None]))["credit_limit"].isna().all()


def test_orders_of_unknown_customers_are_named_not_lost():
    """0A is A; Client B is the name of B; Z is nobody's number, and stands in a row of its own."""
    orders = orders_of(("1", "00a", "2025-03-01", 10), ("2", "client b", "2025-03-01", 20), ("3", "Z", None, 40))
    exposure = credit_exposure(books(), orders=orders)
    assert exposure["orders"].sum() == 70
    assert of(exposure, "A")["orders"] == 10
    assert of(exposure, "B")["orders"] == 20
    assert of(exposure, "Z")[["in_ledger", "exposure", "receivable"]].to_list() == [False, 40, 0]
    limits = credit_limits(books(), orders=orders)
    assert "The ledger does not know this customer" in of(limits, "Z")["reason"]


def test_a_number_that_two_customers_may_mean_tells_neither():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        7        | invoice | 2025-01-02 | 2025-02-03 | 100
        07       | invoice | 2025-01-02 | 2025-02-03 | 100
        """
    )
    exposure = credit_exposure(ledger, orders=orders_of(("1", "007", "2025-01-01", 5), ("2", "07", "2025-01-01", 7)))
    assert of(exposure, "07")["orders"] == 7
    assert of(exposure, "7")["orders"] == 0
    assert of(exposure, "007")["orders"] == 5


def test_orders_in_several_currencies_are_not_added_up_even_where_the_ledger_names_none():
    ledger = dataclasses.replace(books(), currency="")
    orders = read_orders(pd.DataFrame({"Client": ["A", "B"], "Montant TTC": ["10 €", "10 $"]}))
    with pytest.raises(ArlibError, match="EUR, USD"):
        credit_exposure(ledger, orders=orders)
    euros = read_orders(pd.DataFrame({"Client": ["A", "B"], "Montant TTC": ["10 €", "10 EUR"]}))
    assert credit_exposure(books(), orders=euros)["orders"].sum() == 20


def test_orders_in_another_currency_are_not_added_up():
    orders = read_orders(pd.DataFrame({"Client": ["A"], "Montant TTC": [10.0], "Devise": ["USD"]}))
    with pytest.raises(ArlibError, match="USD"):
        credit_exposure(books(), orders=orders)


def test_cover_is_what_the_insurer_pays_of_what_is_owed():
    """Agreement of 4,000 at 90 %: of 5,000 owed, 0.9 × 4,000 = 3,600 is insured, 1,400 is not."""
    facts = facts_of(("A", "agrément", "4000", "2025-01-15", "Assureur", "2025-05-30", "90%"))
    covered = of(credit_exposure(books(), facts=facts), "A")
    assert covered[["cover", "quota", "insured", "uninsured"]].to_list() == [4000, 0.9, 3600, 1400]
    assert covered["cover_state"] == "ending"  # 60 days after 31 March is 30 May
    assert of(credit_exposure(books(), "2025-03-30", facts=facts), "A")["cover_state"] == "covered"
    assert of(credit_exposure(books(), "2025-01-14", facts=facts), "A")["cover_state"] == ""


def test_an_insured_amount_that_is_what_the_insurer_pays_at_most():
    """Handbook 6.5, cover = insured amount / quota: 3,600 at 90 % covers an exposure of 4,000."""
    policy = dataclasses.replace(POLICY, insured_amount_is_indemnity=True)
    facts = facts_of(("A", "agrément", "3600", "2025-01-15", "Assureur", None, "90%"))
    covered = of(credit_exposure(books(), facts=facts, policy=policy), "A")
    assert covered[["cover", "insured"]].to_list() == [4000, 3600]


def test_a_quota_that_nobody_says_is_the_usual_one_of_the_one_table():
    """90 % of 4,000 (opinion.toml), in limits as in provisions; the reason says that it is assumed."""
    facts = facts_of(("A", "agrément", "4000", "2025-01-15", "Assureur"))
    limits = of(credit_limits(books(), facts=facts), "A")
    assert limits[["quota", "quota_told", "insured"]].to_list() == [0.9, False, 3600]
    assert "since nobody says the quota" in limits["reason"]
    assert cover_of_customers(books(), pd.Timestamp(DAY), facts).loc["A", "quota"] == 0.9
    assert read_opinion_card().cover["usual_quota"] == 0.9
    told = facts_of(("A", "agrément", "4000", "2025-01-15", "Assureur", None, "100 %"))
    assert of(credit_exposure(books(), facts=told), "A")[["quota", "quota_told", "insured"]].to_list() == [
        1,
        True,
        4000,
    ]


@pytest.mark.parametrize(("decision", "told"), [("refusé", "refusal"), ("retiré", "withdrawal")])
def test_a_refusal_forbids_credit_for_a_year_and_is_then_told(decision, told):
    facts = facts_of(("A", "agrément", decision, "2024-03-31", "Assureur"))
    before = of(credit_limits(books(), "2025-03-31", facts=facts), "A")
    assert before[["binding", "suggested_limit", "insured"]].to_list() == ["override", 0, 0]
    assert "standing until 2025-03-31" in before["reason"]
    ledger = ledger_of(BOOKS, covers=("2024-01-01", "2025-04-01"))
    after = of(credit_limits(ledger, "2025-04-01", facts=facts), "A")
    assert after[["binding", "insured"]].to_list() == ["need", 0]
    assert after["suggested_limit"] > 0
    assert f"{told} is too old" in after["reason"]
    decided = decide_order(credit_limits(ledger, "2025-04-01", facts=facts), "A", 100)
    assert decided.decision == "accept"
    assert f"{told} is too old" in decided.text()


def test_a_cover_that_has_ended_insures_nothing_and_frees_nobody():
    facts = facts_of(("A", "agrément", "4000", "2025-01-15", "Assureur", "2025-03-30", "90%"))
    ended = of(credit_limits(books(), facts=facts), "A")
    assert ended[["cover_state", "cover", "insured", "uninsured"]].to_list() == ["expired", 0, 0, 5000]
    assert ended[["binding", "suggested_limit"]].to_list() == ["cover", 4000]
    assert "ended on 2025-03-30" in ended["reason"]


# Caps


def test_need_by_hand():
    """Months to March 2025 from April 2024: A billed 6,000 in November, 9,000 − 1,000 in January, 5,000 in March.

    50,000 in March 2024 is too old. Best month 8,000; terms of its invoices all 30 days; 6 days late:
    8,000 ÷ 30 × 36 = 9,600. B: 3,000 twice, the later month counts; terms 31 days both; paid 4 days early: 3,000 ÷ 30
    × 27 = 2,700. C's law never gets to 80 %: 60 days at most, 700 ÷ 30 × (31 + 60) = 2,123.33.
    """
    laws = SimpleNamespace(
        customers=pd.Index(["A", "B", "C", "D"]), quantile=lambda _: np.array([6.0, -4.0, np.nan, -90.0])
    )
    ledger = books()
    need = needs(ledger, ledger.day(), pd.Index(["A", "B", "C", "D", "Z"]), laws, POLICY)
    assert need["peak_billing"].to_list() == [8000, 3000, 700, 100, 0]
    assert need["peak_month"].to_list()[:2] == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-01")]
    assert need["terms_days"].to_list()[:4] == [30, 31, 31, 31]
    assert need["delay_days"].to_list()[:3] == [6, -4, 60]
    assert need["need"].to_list() == [9600, 2700, 2123.33, 0, 0]


def test_capacity_and_budget_by_hand():
    """10 % × 200,000 × 0.75 = 15,000; no credit on equity below zero. 500 ÷ (2 % × 100 %) = 25,000, and ten times that
    where an insurer pays 90 %.
    """
    assert capacities(np.array([200000.0, -5.0, np.nan]), np.array([0.75, 1.0, 1.0]), POLICY)[:2].tolist() == [15000, 0]
    allowed = budgets(500.0, np.array([0.02, 0.02, 0.02]), np.array([0.0, 0.9, 1.0]), POLICY)
    assert allowed[:2] == pytest.approx([25000, 250000])
    assert math.isnan(allowed[2])
    assert np.isnan(budgets(None, np.array([0.02]), np.array([0.0]), POLICY)).all()


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [(12345, 12000), (999.99, 990), (1000, 1000), (0, 0), (7.5, 7.5), (0.07, 0.07), (9_999_999_999.99, 9_900_000_000)],
)
def test_a_limit_is_rounded_down_to_two_figures(amount, rounded):
    assert rounded_down(np.array([amount], dtype=float), 2)[0] == pytest.approx(rounded, abs=1e-9)


@given(st.integers(0, 10**13), st.integers(1, 4))
def test_rounding_down_never_rises_and_loses_less_than_one_of_the_last_figure(cents, figures):
    rounded = round(float(rounded_down(np.array([cents / 100]), figures)[0]) * 100)
    step = 10 ** max(len(str(cents)) - figures, 0)
    assert rounded <= cents < rounded + step
    assert rounded % step == 0


def test_the_smallest_cap_binds_and_the_reason_says_what_would_change_it():
    """A's need: best month 8,000 ÷ 30 × (30 + its delay); B's is capped by the insurer at 1,500."""
    facts = facts_of(("B", "agrément", "1500", "2025-01-15", "Assureur"))
    limits = credit_limits(books(), facts=facts, loss_budget=10**9)
    first, second = of(limits, "A"), of(limits, "B")
    assert first["need"] == pytest.approx(8000 / 30 * (30 + first["delay_days"]), abs=0.005)
    assert first["binding"] == "need"
    assert "8,000.00 invoiced in the best month (January 2025)" in first["reason"]
    assert second[["binding", "suggested_limit"]].to_list() == ["cover", 1500]
    assert "the next bound is the need" in second["reason"]


def test_capacity_binds_with_the_grade():
    """Equity of 30,000: a tenth, times what the grade is worth."""
    accounts = [("A", "capitaux propres", "30000", "2025-03-01", "Infogreffe", None, None, "2024-12-31")]
    limits = of(credit_limits(books(), facts=facts_of(*accounts)), "A")
    worth = POLICY.grades[limits["grade"]]
    assert worth > 0
    assert limits["capacity"] == pytest.approx(3000 * worth)
    assert limits["binding"] == "capacity"


def test_insolvency_leaves_no_limit_and_its_reason_has_date_and_source():
    facts = facts_of(("A", "procédure collective", "liquidation judiciaire", "2025-02-10", "BODACC"))
    limits = of(credit_limits(books(), facts=facts), "A")
    assert limits[["suggested_limit", "binding", "override"]].to_list() == [0, "override", True]
    assert "2025-02-10" in limits["reason"]
    assert "BODACC" in limits["reason"]
    assert of(credit_limits(books(), "2025-02-09", facts=facts), "A")["binding"] == "need"


def test_without_a_payment_exposure_is_told_and_no_limit_is_suggested():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2025-01-02 | 2025-02-03 | 100
        """
    )
    limits = of(credit_limits(ledger), "A")
    assert limits["exposure"] == 100
    assert math.isnan(limits["suggested_limit"])
    assert limits["binding"] == ""
    assert "nothing is known" in limits["reason"]


def test_what_a_customer_buys_is_unknown_without_invoice_dates():
    """A list with due and payment dates only: the dates that stand in for those of invoices make no month of sales."""
    frame = pd.DataFrame(
        {
            "Client": ["A", "A", "B"],
            "N° facture": ["1", "2", "3"],
            "Date échéance": ["2025-01-10", "2025-02-10", "2025-01-15"],
            "Date de paiement": ["2025-01-12", "2025-02-10", "2025-01-20"],
            "Montant TTC": [100.0, 200.0, 300.0],
        }
    )
    limits = of(credit_limits(read_ledger(frame), loss_budget=1000.0), "A")
    assert math.isnan(limits["suggested_limit"])
    assert "for want of the dates of its invoices" in limits["reason"]


def test_an_empty_ledger_has_no_limits():
    ledger = known_by(ledger_of(BOOKS), "2001-01-01")
    empty = dataclasses.replace(ledger, customers=ledger.customers.iloc[:0])
    assert credit_limits(empty, "2025-01-01").empty
    assert group_exposure(credit_limits(empty, "2025-01-01")).empty


@pytest.mark.parametrize("day", ["1999-12-31", "2030-01-01"])
def test_a_year_the_ledger_does_not_speak_of_suggests_nothing(day):
    """Nothing was invoiced in that year as far as anybody knows: that is no reason for a limit of 0."""
    limits = credit_limits(books(), day, language="fr")
    assert limits["suggested_limit"].isna().all()
    assert "un grand livre qui couvre ces mois" in of(limits, "A")["reason"]
    assert ("s'arrête le 31/03/2025" in of(limits, "A")["reason"]) == (day == "2030-01-01")


def test_years_before_2000():
    table = BOOKS.replace("2024-", "1900-").replace("2025-", "1901-")
    limits = credit_limits(ledger_of(table, covers=("1900-01-01", "1901-03-31")))
    assert of(limits, "A")["peak_billing"] == 8000


# Groups


def test_a_group_against_its_limit():
    """Group G of A and B: 5,000 + 3,000 against 6,000 + 1,000; C, in credit by 400, pays for nobody in its group H."""
    ledger = books(group=["G", "G", "H", "H"], credit_limit=[6000.0, 1000.0, None, None])
    limits = credit_limits(ledger)
    assert of(limits, "A")[["group_exposure", "group_limit", "group_over"]].to_list() == [8000, 7000, 1000]
    assert "Its group G is over its limit" in of(limits, "A")["reason"]  # A itself is within its own
    assert of(limits, "C")["group_exposure"] == 0
    groups = group_exposure(limits).set_index("group")[["customers", "without_limit", "exposure", "limit", "over"]]
    assert groups.loc["G"].to_list() == [2, 0, 8000, 7000, 1000]
    assert groups.loc["H"].to_list()[:3] == [2, 2, 0]
    assert math.isnan(groups.loc["H", "limit"])
    given_limit = credit_limits(ledger, group_limits={"G": 9000.0})
    assert of(given_limit, "B")["group_over"] == 0


def test_accounts_of_one_company_are_one_debtor():
    limits = credit_limits(books(siren=["123456782", None, "123456782", None]))
    assert limits["group"].to_list() == ["123456782", "", "123456782", ""]


def test_a_limit_of_a_group_is_not_below_zero():
    with pytest.raises(ArlibError, match="0 or more: G"):
        credit_limits(books(group=["G", "G", None, None]), group_limits={"G": -1.0})


def test_a_limit_for_a_group_nobody_belongs_to():
    with pytest.raises(ArlibError, match="Hq"):
        credit_limits(books(), group_limits={"Hq": 1.0})


# Orders


def customer(**values):
    """`credit_limits` of one customer, as far as an order is decided by it."""
    row = {"customer_id": "A", "name": "Alpha", "exposure": 5000.0, "overdue": 0.0, "days_overdue": 0}
    row |= {
        "credit_limit": 8000.0,
        "suggested_limit": 9000.0,
        "binding": "need",
        "grade": "B",
        "fact": None,
        "p_late": 0.9,
    }
    row |= {"quota": 0.0, "cover": 0.0, "cover_state": "", "cover_ends_on": pd.NaT}
    row |= {"group": "", "group_exposure": math.nan, "group_limit": math.nan}
    return pd.DataFrame([row | values])


@pytest.mark.parametrize(
    ("values", "amount", "decision", "deposit"),
    [
        ({}, 3000, "accept", 0),  # 5,000 + 3,000 is 8,000
        ({}, 3000.01, "deposit", 1),  # a cent above, rounded up to one
        ({}, 4250.5, "deposit", 1251),  # 9,250.50 − 8,000
        ({"exposure": -2000.0}, 10000, "accept", 0),  # an advance pays
        ({"exposure": 9500.0}, 1000, "deposit", 2500),  # the whole order, and the 1,500 above already
        ({"credit_limit": math.nan}, 4000, "accept", 0),  # none in force: the suggested 9,000
        ({"credit_limit": math.nan, "suggested_limit": math.nan, "exposure": 0.0}, 700, "deposit", 700),
        ({"credit_limit": 0.0, "exposure": 0.0}, 700, "deposit", 700),  # cash only
        ({"group": "G", "group_exposure": 12000.0, "group_limit": 13000.0}, 2500, "deposit", 1500),
        ({"binding": "override", "fact": say("risk.limit.order_amount")}, 1, "refuse", math.nan),
        ({"binding": "grade", "grade": "E"}, 1, "refuse", math.nan),
    ],
)
def test_orders_by_hand(values, amount, decision, deposit):
    decided = decide_order(customer(**values), "A", amount)
    assert decided.decision == decision
    assert decided.deposit == pytest.approx(deposit, nan_ok=True)
    for language in LANGUAGES:
        assert decided.text(language)


cents = st.integers(-(10**8), 10**8).map(lambda value: value / 100)
above = st.integers(1, 10**8).map(lambda value: value / 100)
limit = st.one_of(st.just(math.nan), st.integers(0, 10**8).map(lambda value: value / 100))


@settings(max_examples=300, deadline=None)
@given(st.tuples(cents, above, limit, limit, limit), cents, st.sampled_from([0.01, 1.0, 50.0]))
def test_accepted_where_it_fits_and_the_deposit_is_the_least_that_does(values, others, step):
    """`others` is what the rest of the group owes; in whole cents, apart from the code under test."""
    exposure, amount, in_force, suggested, group_limit = values
    owed = max(exposure, 0) + max(others, 0)
    limits = customer(
        exposure=exposure,
        credit_limit=in_force,
        suggested_limit=suggested,
        group="G",
        group_exposure=round(owed, 2),
        group_limit=group_limit,
    )
    decided = decide_order(limits, "A", amount, policy=dataclasses.replace(POLICY, deposit_step=step))
    held = next((each for each in (in_force, suggested) if not math.isnan(each)), 0.0)

    def fits(paid):
        own = round((exposure + amount - paid - held) * 100) <= 0
        whole = max(exposure + amount, 0) + max(others, 0) - paid
        return own and (math.isnan(group_limit) or round((whole - group_limit) * 100) <= 0)

    assert (decided.decision == "accept") == fits(0)
    assert decided.decision != "refuse"
    assert fits(decided.deposit)
    assert decided.deposit == 0 or not fits(round(decided.deposit - step, 2))
    assert round(decided.deposit * 100) % round(step * 100) == 0


@pytest.mark.parametrize("amount", [0, -5, 0.001, math.nan, math.inf, "100", "1 200,00 €"])
def test_an_order_has_an_amount(amount):
    with pytest.raises(ArlibError):
        decide_order(customer(), "A", amount)


def test_an_order_of_whole_euros_from_a_frame():
    assert decide_order(customer(), "A", np.int64(3000), limit=np.int64(8000)).decision == "accept"


def test_an_order_of_nobody():
    with pytest.raises(ArlibError, match="No customer X"):
        decide_order(customer(), "X", 1)


def test_what_is_not_insured_after_the_deposit():
    """5,000 + 4,000 − 1,000 = 8,000, of which 90 % of 6,000 is insured: 2,600 is not."""
    decided = decide_order(customer(quota=0.9, cover=6000.0), "A", 4000)
    assert decided.uninsured_after == 2600


# What every measure passes


def later(ledger, day):
    """The ledger as the future may change it: later rows with other amounts and dates, and new ones."""
    items, matches = ledger.items, ledger.matches
    future = items["booked_on"] > pd.Timestamp(day)
    changed = items.copy()
    changed.loc[future, "amount"] *= 3
    changed.loc[future, "due_on"] += pd.Timedelta(days=11)
    changed.loc[future, "disputed"] = True
    new = items.head(1).assign(
        item_id=items["item_id"].max() + 1, amount=777.0, issued_on=pd.Timestamp("2030-01-01"),
        booked_on=pd.Timestamp("2030-01-01"), due_on=pd.Timestamp("2030-02-01"), kind="invoice",
    )  # fmt: skip
    unknown = matches["debit_id"].isin(items["item_id"][future]) | matches["credit_id"].isin(items["item_id"][future])
    known = matches[~unknown & (matches["matched_on"] <= pd.Timestamp(day))]
    return of_items(pd.concat([changed, new], ignore_index=True), known, covers=("2023-01-01", "2031-01-01"))


@settings(max_examples=15, deadline=None)
@given(ledgers(), st.integers(0, 500))
def test_the_future_never_changes_the_past(ledger, days):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)
    orders = orders_of(("1", "A", "2023-03-01", 10), ("2", "B", "2023-09-01", 20))
    told = credit_limits(known_by(ledger, day), day, orders=orders, loss_budget=100.0)
    for future in (ledger, later(ledger, day)):
        pd.testing.assert_frame_equal(
            told, credit_limits(future, day, orders=orders, loss_budget=100.0), check_exact=True
        )


@settings(max_examples=15, deadline=None)
@given(ledgers())
def test_exposure_adds_up_to_the_ledger(ledger):
    exposure = credit_exposure(ledger)
    booked = ledger.items.loc[ledger.items["booked_on"] <= ledger.day(), "amount"].sum()
    assert exposure["exposure"].sum() == pytest.approx(booked, abs=0.01)
    owed = exposure["exposure"].clip(lower=0)
    assert (exposure["insured"] + exposure["uninsured"]).sum() == pytest.approx(owed.sum())


@settings(max_examples=15, deadline=None)
@given(ledgers())
def test_a_suggested_limit_is_never_above_a_cap(ledger):
    limits = credit_limits(ledger, loss_budget=50.0)
    for cap in ("need", "capacity", "agreed_cover", "budget"):
        assert not (limits["suggested_limit"] > limits[cap] + 0.005).any()
    assert (limits["reason"] != "").all()


def test_inputs_are_not_written():
    ledger = books(credit_limit=[6000.0, 2500.0, None, 0.0])
    before = (ledger.items.copy(), ledger.customers.copy())
    limits = credit_limits(ledger)
    kept = limits.copy()
    decide_order(limits, "A", 10.0)
    group_exposure(limits)
    pd.testing.assert_frame_equal(before[0], ledger.items)
    pd.testing.assert_frame_equal(before[1], ledger.customers)
    pd.testing.assert_frame_equal(kept, limits)


def test_a_policy_that_makes_no_sense():
    with pytest.raises(ArlibError, match="paid_share"):
        dataclasses.replace(POLICY, paid_share=1.2)
