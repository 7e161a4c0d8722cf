"""Sales to come as a person expects them: tables read, invoices that add up to them, seasons."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices

from arlib.errors import ArlibError
from arlib.simulation.assumptions import assumptions
from arlib.simulation.base import prepare
from arlib.simulation.policies.policy import LONGEST_ADVANCE
from arlib.simulation.sales.given import read_sales_plan
from arlib.words import LANGUAGES

DAY = "2025-12-31"
CUSTOMERS = pd.DataFrame({"customer_id": [f"C{code}" for code in range(8)], "segment": list("aabbccdd")})


@pytest.fixture(scope="module")
def ledger():
    return from_frame(random_invoices(5), customers=CUSTOMERS)


@pytest.fixture(scope="module")
def base(ledger):
    return prepare(ledger, DAY)


def billed(base, *, by=None):
    """Amount a month of issue, or another text of the day, and what else is asked of the customer."""
    days = base.as_of + pd.to_timedelta(base.plan.issue, unit="D")
    groups = [days.strftime("%Y-%m")]
    if by is not None:
        groups.append(by[base.plan.customer])
    return pd.Series(base.plan.amount).groupby(groups).sum()


def months(amounts, start="2026-01", **others):
    return pd.DataFrame({"month": pd.period_range(start, periods=len(amounts), freq="M").astype(str), **others}).assign(
        amount=amounts
    )


@pytest.mark.parametrize(
    "written",
    [
        "month,amount\n2026-01,1000\n2026-02,2000.5\n",
        "mois;ventes TTC\n01/2026;1 000,00\n02/2026;2 000,50\n",
        "Mois;CA\njanvier 2026;1000\nfévr. 2026;2000,5\n",
        "period,budget\nJan-26,1000\nFeb-26,2000.5\n",
        "période;prévisions\n202601;1000\n202602;2000,50\n",
        "date,amount\n2026-01,1000\n2026-02,2000.50\n",
        "month,amount\n2026-01-31,1000\n2026-02-28,2000.50\n",
        "month,amount\n2026-01,400\n2026-01,600\n2026-02,2000.50\n",
    ],
)
def test_months_are_read_however_they_are_written(written):
    read = read_sales_plan(("plan.csv", written.encode()))
    expected = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01"]), "amount": [1000.0, 2000.5]})
    pd.testing.assert_frame_equal(read, expected, check_dtype=False)


def test_days_segments_and_workbooks_are_read(tmp_path):
    days = pd.DataFrame({"jour": ["2026-01-05", "2026-01-06"], "segment": ["a", "b"], "montant": [10.0, 20.0]})
    days.to_excel(tmp_path / "plan.xlsx", index=False)
    read = read_sales_plan(tmp_path / "plan.xlsx")
    assert list(read) == ["day", "segment", "amount"]
    pd.testing.assert_frame_equal(read, read_sales_plan(days), check_dtype=False)
    customers = io.StringIO("month,customer,amount\n2026-01,C1,5\n")
    assert list(read_sales_plan(pd.read_csv(customers))) == ["month", "customer_id", "amount"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("month,who\n2026-01,me\n", "column month"),
        ("amount\n5\n", "column month"),
        ("month,amount\n", "plan of sales"),
        ("month,amount,segment,customer\n2026-01,5,a,C1\n", "one of customers"),
        ("month,amount\n2026-01,-5\n2026-02,3\n", "below 0"),
        ("month,amount\n2026-01,5\n2026-02,\n", "row 3.*empty"),
        ("month,amount\n2026-01,5\n,7\n", "row 3.*empty"),
        ("month,segment,amount\n2026-01,a,5\n2026-01,,7\n", "row 3.*empty"),
        ("month,amount\n2026-13,5\n2026-02,3\n", "2026-13"),
        ("month,amount\n2026-01,five\n2026-02,3\n", "five"),
    ],
)
def test_a_table_that_is_no_plan_says_why(written, said):
    with pytest.raises(ArlibError, match=said):
        read_sales_plan(("plan.csv", written.encode()))


def test_each_month_adds_up_to_its_amount_and_the_others_come_back(ledger, base):
    """January to March given: the mix within each month stays, April on is that of last year."""
    planned = prepare(ledger, DAY, sales=months([50_000.0, 0.0, 70_000.0]))
    after, before = billed(planned), billed(base) / base.plan.level
    assert after["2026-01"] == pytest.approx(50_000)
    assert "2026-02" not in after
    assert after["2026-03"] == pytest.approx(70_000)
    pd.testing.assert_series_equal(after["2026-04":], before["2026-04":])
    kept = (base.plan.issue <= 31) | (base.plan.issue > 59)
    np.testing.assert_array_equal(planned.plan.due, base.plan.due[kept])
    january = planned.plan.issue <= 31
    np.testing.assert_allclose(
        planned.plan.amount[january] / 50_000, base.plan.amount[base.plan.issue <= 31] / billed(base)["2026-01"]
    )


@pytest.mark.parametrize(("column", "names"), [("segment", ["b", "d"]), ("customer_id", ["C2", "C7"])])
def test_a_plan_by_segment_or_customer_leaves_the_others_alone(ledger, base, column, names):
    planned = prepare(ledger, DAY, sales=months([9_000.0, 4_000.0], **{column: names}))
    of = CUSTOMERS.set_index("customer_id")[column] if column == "segment" else pd.Series(base.laws.customers)
    after, before = (billed(each, by=of.to_numpy()) for each in (planned, base))
    given_ = [("2026-01", names[0]), ("2026-02", names[1])]
    assert [after[key] for key in given_] == pytest.approx([9_000, 4_000])
    pd.testing.assert_series_equal(after.drop(given_), before.drop(given_) / base.plan.level, rtol=1e-12)


def test_of_a_month_begun_or_cut_the_open_days_left_count():
    """Asked on Friday 15 August 2025, no day being closed: 16 of 31 days of August are left."""
    ledger = from_frame(random_invoices(5), until=DAY)
    plan = months([31_000.0], start="2025-08")
    base = prepare(ledger, "2025-08-15", sales=plan)
    assert not base.laws.calendar.weekends_closed
    assert billed(base)["2025-08"] == pytest.approx(16_000)
    horizon = 40  # with the days invoicing may be brought forward, to 23 December: 23 of 31 days
    cut = prepare(ledger, "2025-08-15", horizon=horizon, sales=months([31_000.0], start="2025-12"))
    assert cut.as_of + pd.Timedelta(days=horizon + LONGEST_ADVANCE) == pd.Timestamp("2025-12-23")
    assert billed(cut)["2025-12"] == pytest.approx(23_000)


MONTH_ENDS = """
    customer_id issued_on  due_on     amount paid_on
    A           2025-01-10 2025-02-28 100    2025-03-02
    A           2025-03-10 2025-04-30 300    2025-05-02
    B           2025-03-12 2025-04-11 200    2025-04-20
    B           2025-06-12 2025-07-12 200    2025-07-20
"""


def test_where_no_invoice_comes_back_open_days_share_the_amount():
    """February has none of 2025: 280 over its days, on the terms of other invoices."""
    older = "    B           2024-06-12 2024-07-12 200    2024-07-20\n"  # so that a year is known
    base = prepare(from_text(MONTH_ENDS + older, until=DAY), DAY, sales=months([280.0], start="2026-02"))
    february = (base.plan.issue > 31) & (base.plan.issue <= 59)
    assert base.plan.amount[february].sum() == pytest.approx(280)
    assert (base.plan.due[february] > base.plan.issue[february]).all()
    said = [sentence.text("en") for sentence in base.plan.notes]
    assert any("280 of it falls where no invoice comes back" in text for text in said)


def test_a_customer_without_invoices_takes_the_terms_of_all():
    """C has paid once, long ago: what is planned for it is invoiced to it alone."""
    table = MONTH_ENDS + "    C           2023-01-12 2023-02-12 200    2023-02-20\n"
    ledger = from_text(table, until=DAY)
    base = prepare(ledger, DAY, sales=months([900.0], start="2026-03", customer_id=["C"]))
    assert billed(base, by=base.laws.customers.to_numpy())["2026-03", "C"] == pytest.approx(900)


def test_a_day_that_is_closed_is_invoiced_all_the_same(base, ledger):
    """A plan by day says the day."""
    new_year = pd.DataFrame({"day": ["2026-01-01", "2026-01-02"], "amount": [123.0, 77.0]})
    planned = prepare(ledger, DAY, sales=new_year)
    by_day = pd.Series(planned.plan.amount).groupby(planned.plan.issue).sum()
    assert [by_day[1], by_day[2]] == pytest.approx([123, 77])
    later = pd.Series(base.plan.amount / base.plan.level).groupby(base.plan.issue).sum()
    pd.testing.assert_series_equal(by_day[by_day.index > 2], later[later.index > 2])


def test_a_season_multiplies_months(ledger, base):
    planned = prepare(ledger, DAY, season={1: 2.0, 8: 0.5})
    after, before = billed(planned), billed(base)
    factor = pd.Series(1.0, after.index)
    factor[after.index.str.endswith("-01")], factor[after.index.str.endswith("-08")] = 2.0, 0.5
    pd.testing.assert_series_equal(after, before * factor)
    both = prepare(ledger, DAY, season={1: 2.0}, sales=months([500.0]))
    assert billed(both)["2026-01"] == pytest.approx(500)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"season": {13: 1.0}}, "months from 1 to 12"),
        ({"season": {1: -1.0}}, "months from 1 to 12"),
        ({"season": {1: float("nan")}}, "months from 1 to 12"),
        ({"sales": months([5.0], start="2024-01")}, "over by 2025-12-31"),
        ({"sales": months([5.0], start="2036-01")}, "over by 2025-12-31"),
        ({"sales": months([5.0], customer_id=["who"])}, "does not have: who"),
        ({"sales": months([5.0], segment=["z"])}, "no customer has: z"),
    ],
)
def test_what_cannot_be_expected_is_said(ledger, asked, said):
    with pytest.raises(ArlibError, match=said):
        prepare(ledger, DAY, **asked)


def test_a_ledger_asleep_has_nothing_to_go_by():
    ledger = from_frame(random_invoices(5), until="2027-12-31")
    with pytest.raises(ArlibError, match="no invoice in the year before"):
        prepare(ledger, "2027-12-31", sales=months([5.0], start="2028-01"))


def test_what_was_done_is_told_in_both_languages(ledger):
    plan = months([100.0, 200.0], start="2025-12")
    planned = prepare(ledger, DAY, sales=plan, season={3: 1.5})
    for language in LANGUAGES:
        texts = [sentence.text(language) for sentence in assumptions(planned, (), 0.0, 365)]
        assert sum("200" in text and "2025" not in text for text in texts) == 1
    said = " ".join(sentence.text("en") for sentence in planned.plan.notes)
    assert "1 row of the plan of sales, before the day or beyond the horizon, is not used" in said
    assert "month 3: 150.0%" in said


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(1, 1e6), min_size=1, max_size=14), st.sampled_from("xs"))
def test_any_plan_is_met_and_the_future_changes_nothing_to_the_bit(seed, amounts, kind):
    ledger = from_frame(random_invoices(seed, invoices=60), customers=CUSTOMERS)
    day = "2025-08-31"
    plan = months(amounts, start="2025-09", **({"segment": ["b"] * len(amounts)} if kind == "s" else {}))
    one, other = prepare(ledger, day, sales=plan), prepare(future_changed(ledger, day), day, sales=plan)
    for name in ("customer", "issue", "due", "amount"):
        np.testing.assert_array_equal(getattr(one.plan, name), getattr(other.plan, name))
    of = CUSTOMERS.set_index("customer_id")["segment"].reindex(one.laws.customers).to_numpy()
    after = billed(one, by=of if kind == "s" else None)
    met = after.xs("b", level=1) if kind == "s" else after
    np.testing.assert_allclose(met[: len(amounts)], amounts, rtol=1e-9)
    assert (one.plan.issue >= 1).all()
