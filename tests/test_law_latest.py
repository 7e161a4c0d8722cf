"""Legal due dates: the handbook's examples (K), what is missing is never held against an invoice, favours and cash."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, of_items, sample_ledger, scaled, shuffled

from arlib.errors import ArlibError
from arlib.law.latest import latest_due, legal_due_dates, terms_against_law
from arlib.ledger import Ledger
from arlib.schema import day_numbers, to_dates
from arlib.terms import END_OF_MONTH_45, END_OF_MONTH_THEN_45


def invoice(issued: str, due: str | None, terms: str | None = None, **columns: object) -> dict[str, object]:
    return {"issued_on": issued, "due_on": due, "terms": terms, **columns}


def ledger_with(*invoices: dict[str, object], home: str | None = "FR") -> Ledger:
    """One customer, C, of a country, and its invoices of 1,200 each, with any other columns a file may have."""
    items = pd.DataFrame(invoices)
    items = items.assign(
        item_id=range(1, len(items) + 1),
        customer_id="C",
        kind="invoice",
        amount=1200.0,
        booked_on=pd.to_datetime(items["issued_on"]),
        issued_on=pd.to_datetime(items["issued_on"]),
        due_on=pd.to_datetime(items["due_on"]),
        due_source=items.get("due_source", "file"),
    )
    made = of_items(items, pd.DataFrame(columns=["debit_id", "credit_id", "amount", "matched_on", "method"]))
    customers = made.customers.assign(country=pd.array([home], dtype="str"), segment="GMS")
    return replace(made, customers=customers, covers=(pd.Timestamp("2000-01-01"), pd.Timestamp("2030-12-31")))


def judged(*invoices: dict[str, object], home: str | None = "FR", **asked: object) -> pd.DataFrame:
    return legal_due_dates(ledger_with(*invoices, home=home), **asked).invoices  # type: ignore[arg-type]


def clause(**said: object) -> pd.DataFrame:
    return pd.DataFrame([{"customer_id": "C", **said}])


def day(value: object) -> str:
    return "" if pd.isna(value) else pd.Timestamp(value).strftime("%Y-%m-%d")  # type: ignore[arg-type]


# The two readings of "45 days end of month" -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "latest"),
    [("before_days", "2023-03-17"), ("after_days", "2023-03-31")],
    ids=["K1", "K2"],
)
def test_each_reading_of_45_days_end_of_month(reading, latest):
    """solon.law: an invoice of 15 January 2023."""
    row = judged(invoice("2023-01-15", latest, "45 jours fin de mois"), clauses=clause(reading=reading)).iloc[0]
    assert (day(row["latest_on"]), row["status"], row["days_above"], row["reading"]) == (latest, "within", 0, reading)
    later = str((pd.Timestamp(latest) + pd.Timedelta(days=1)).date())
    row = judged(invoice("2023-01-15", later, "45 jours fin de mois"), clauses=clause(reading=reading)).iloc[0]
    assert (row["status"], row["days_above"], row["rule"]) == ("beyond", 1, "end_of_month_45")


def test_between_two_readings_nobody_told_nothing_is_judged():
    """K1 and K2 together: 17 and 31 March 2023. The readings agree up to the first and after the second."""
    dues = ("2023-03-17", "2023-03-18", "2023-03-31", "2023-04-01")
    rows = [invoice("2023-01-15", due, "45 jours fin de mois") for due in dues]
    found = judged(*rows)
    assert found["status"].tolist() == ["within", "unknown", "unknown", "beyond"]
    assert {(day(row.earliest_on), day(row.latest_on), row.reading) for row in found.itertuples()} == {
        ("2023-03-17", "2023-03-31", "either")
    }
    assert "2023-03-17 in any case" in found["reason"][1]
    notes = {note.key: note for note in legal_due_dates(ledger_with(*rows)).notes}
    assert notes["law.latest.note.readings"].values["invoices"] == 2


def test_sixty_days_are_within_in_either_reading():
    """10 March 2026: 30 April or 15 May by the readings, but 9 May is 60 days."""
    rows = [invoice("2026-03-10", due, "45 jours fin de mois") for due in ("2026-05-09", "2026-05-10", "2026-05-16")]
    assert judged(*rows)["status"].tolist() == ["within", "unknown", "beyond"]


@pytest.mark.parametrize(
    ("terms", "latest"),
    [("fin de mois 45 jours", "2023-03-17"), ("45 jours puis fin de mois", "2023-03-31")],
)
def test_terms_that_say_the_reading_are_held_to_it(terms, latest):
    row = judged(invoice("2023-01-15", latest, terms)).iloc[0]
    assert (day(row["earliest_on"]), day(row["latest_on"])) == (latest, latest)


def test_45_days_are_not_a_month_and_a_half():
    """K4, FLAWED: finyear prints 15 March 2009 for 12 January 2009; 31 January and 45 days are 17 March."""
    row = judged(
        invoice("2009-01-12", "2009-03-17", "45 jours fin de mois"), clauses=clause(reading="before_days")
    ).iloc[0]
    assert day(row["latest_on"]) == "2009-03-17"
    assert row["status"] == "within"


def test_both_readings_over_a_year():
    """K5: of the days of 2023, 45 to 75 days in each reading, 59.72 and 59.76 on average."""
    issued = day_numbers(pd.Series(pd.date_range("2023-01-01", "2023-12-31")))
    then, first = END_OF_MONTH_THEN_45.due_days(issued) - issued, END_OF_MONTH_45.due_days(issued) - issued
    assert [(each.min(), each.max()) for each in (then, first)] == [(45, 75), (45, 75)]
    assert (round(then.mean(), 2), round(first.mean(), 2)) == (59.72, 59.76)
    invoices = [invoice(str(each.date()), str(each.date()), "45 jours fin de mois") for each in to_dates(issued)]
    found = judged(*invoices)
    longest = np.maximum(np.maximum(then, first), 60)  # 60 days from the invoice need no clause
    assert (day_numbers(found["latest_on"]) - issued).tolist() == longest.tolist()
    assert (day_numbers(found["latest_on"]) == latest_due(issued)).all()


def test_sixty_days_are_lawful_whatever_the_end_of_the_month():
    """Of 31 January, end of month then 45 days is 17 March, 60 days is 1 April: a due date between is no breach."""
    row = judged(invoice("2023-01-31", "2023-04-01", "fin de mois 45 jours")).iloc[0]
    assert (row["rule"], day(row["latest_on"]), row["status"]) == ("net_60", "2023-04-01", "within")


# What was agreed --------------------------------------------------------------------------------------------


def test_sixty_days_net():
    """15 January and 60 days: 16 March 2023. An end of month that is not written is not allowed."""
    found = judged(
        invoice("2023-01-15", "2023-03-16", "60 jours nets"), invoice("2023-01-15", "2023-03-31", "60 jours nets")
    )
    assert found["status"].tolist() == ["within", "beyond"]
    assert found["days_above"].tolist() == [0, 15]
    assert set(found["law_status"]) == {"confirmed"}
    assert "15 days beyond" in found["reason"][1]


def test_no_terms_and_no_delivery_date_is_unknown_up_to_the_longest():
    """14 February is 30 days, if delivered with the invoice; 31 March the longest of all readings."""
    found = judged(
        invoice("2023-01-15", "2023-02-14"),
        invoice("2023-01-15", "2023-02-15"),
        invoice("2023-01-15", "2023-03-31"),
        invoice("2023-01-15", "2023-04-01"),
    )
    assert found["status"].tolist() == ["unknown", "unknown", "unknown", "beyond"]
    assert set(found["rule"]) == {"default_30"}
    assert found["days_above"].isna().tolist() == [True, True, True, False]
    assert found["earliest_on"].isna().all()


def test_no_terms_but_a_delivery_date_is_within_where_all_agree():
    """5 March 2026 and 60 days: 4 May. Delivered on 1 May, 30 days are 31 May; on 1 February, 3 March."""
    for delivered, expected in (("2026-05-01", ["within", "within", "unknown", "beyond"]),
                                ("2026-02-01", ["unknown", "unknown", "beyond", "beyond"])):  # fmt: skip
        dues = ("2026-03-05", "2026-05-04", "2026-05-29", "2026-06-13")
        found = judged(*(invoice("2026-03-05", due, delivered_on=delivered) for due in dues))
        assert found["status"].tolist() == expected


def test_nothing_agreed_and_no_delivery_date_is_never_within():
    """The auditor's: 5 March 2026 and 0, 28, 31 and 100 days."""
    rows = [invoice("2026-03-05", due, "aucun") for due in ("2026-03-05", "2026-04-02", "2026-04-05", "2026-06-13")]
    assert judged(*rows)["status"].tolist() == ["unknown", "unknown", "unknown", "beyond"]


def test_nothing_agreed_is_thirty_days_from_delivery():
    """Delivered on 20 January 2023: until 19 February; without the date of delivery nothing between can be said."""
    none = clause(terms="none")
    cells = [("2023-01-20", "2023-02-19"), ("2023-01-20", "2023-02-20"), (None, "2023-02-20")]
    rows = [invoice("2023-01-15", due, **{"Date de livraison": delivered}) for delivered, due in cells]
    found = judged(*rows, clauses=none)
    assert found["status"].tolist() == ["within", "beyond", "unknown"]
    assert list(map(day, found["latest_on"])) == ["2023-02-19", "2023-02-19", "2023-03-31"]


def test_terms_that_are_not_understood_are_never_a_false_breach():
    found = judged(
        *(invoice("2023-01-15", due, "voir contrat cadre") for due in ("2023-03-16", "2023-03-20", "2023-04-01"))
    )
    assert found["status"].tolist() == ["within", "unknown", "beyond"]


def test_a_due_date_nobody_stated_is_not_judged():
    found = judged(
        invoice("2023-01-15", "2023-02-14", due_source="default"),
        invoice("2023-01-15", None, "60 jours nets", due_source="none"),
        invoice("2023-01-15", "2024-01-15", "60 jours nets", due_source="file"),
    )
    assert found["status"].tolist() == ["unknown", "unknown", "beyond"]


def test_periodic_invoices_have_45_days():
    """15 January 2023 and 45 days: 1 March; told by the contract or by a column."""
    rows = [invoice("2023-01-15", "2023-03-01", "60 jours"), invoice("2023-01-15", "2023-03-02", "60 jours")]
    found = judged(*rows, clauses=clause(periodic="oui"))
    assert (found["rule"].tolist(), found["status"].tolist()) == (["periodic_45"] * 2, ["within", "beyond"])
    marked = [row | {"Facture périodique": mark} for row, mark in zip(rows, ("x", None), strict=True)]
    assert judged(*marked)["rule"].tolist() == ["periodic_45", "net_60"]


# Trades -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delivered", "latest"),
    [("2026-03-04", "2026-04-09"), ("2026-03-21", "2026-04-30"), ("2026-03-31", "2026-04-30")],
)
def test_perishable_food_on_a_periodic_invoice(delivered, latest):
    """K13: 30 days after the end of the ten-day period of delivery, the last one ending with the month."""
    row = invoice("2026-03-31", latest, "30 jours", delivered_on=delivered)
    found = judged(row, sectors={"C": "perishable_food"}, clauses=clause(periodic=True)).iloc[0]
    assert (day(found["latest_on"]), found["status"]) == (latest, "within")
    assert found["rule"] == "perishable_decade_30"


@pytest.mark.parametrize(
    ("sector", "latest", "status"),
    [
        ("perishable_food", "2026-04-03", "confirmed"),  # 4 March and 30 days
        ("live_cattle_and_meat", "2026-03-24", "confirmed"),  # and 20
        ("alcohol", "2026-04-30", "confirmed"),  # 31 March and 30
        ("grapes_and_must", "2026-04-09", "to_confirm"),  # 10 March and 30
        ("road_freight", "2026-04-05", "to_confirm"),  # 6 March, the invoice, and 30
    ],
)
def test_trades_have_terms_of_their_own(sector, latest, status):
    later = str((pd.Timestamp(latest) + pd.Timedelta(days=1)).date())
    rows = [invoice("2026-03-06", due, "60 jours", delivered_on="2026-03-04") for due in (latest, later)]
    found = judged(*rows, sectors={"GMS": sector})
    assert list(map(day, found["latest_on"])) == [latest, latest]
    assert found["status"].tolist() == ["within", "beyond"]
    assert set(found["law_status"]) == {status}
    assert found["reason"].str.contains("to be confirmed").all() == (status == "to_confirm")


def test_the_end_of_month_of_a_trade_is_read_as_its_terms_say():
    """6 March and 54 days, then the end of the month: 30 April; 31 March and 54 days: 24 May."""
    dues = ("2026-05-05", "2026-05-24", "2026-05-25")
    for terms, expected in (("60 jours", ["unknown", "unknown", "beyond"]),
                            ("54 jours fin de mois", ["unknown", "unknown", "beyond"]),
                            ("fin de mois 54 jours", ["within", "within", "beyond"]),
                            ("54 jours puis fin de mois", ["beyond", "beyond", "beyond"])):  # fmt: skip
        found = judged(*(invoice("2026-03-06", due, terms) for due in dues), sectors={"C": "leather"})
        assert found["status"].tolist() == expected


def test_toys_from_october_to_december_are_unknown_between_75_and_95_days():
    def statuses(issued: str) -> list[str]:
        dues = [str((pd.Timestamp(issued) + pd.Timedelta(days=days)).date()) for days in (75, 76, 95, 96)]
        return judged(*(invoice(issued, due, "90 jours") for due in dues), sectors={"C": "toys"})["status"].tolist()

    assert statuses("2025-11-05") == statuses("2025-10-01") == statuses("2025-12-31")
    assert statuses("2025-11-05") == ["within", "unknown", "unknown", "beyond"]
    assert statuses("2025-09-30") == statuses("2026-01-01") == ["within", "within", "within", "beyond"]


def test_a_limit_from_a_delivery_without_a_date_is_unknown():
    found = judged(invoice("2026-03-06", "2027-03-06", "60 jours"), sectors={"C": "perishable_food"}).iloc[0]
    assert (found["status"], day(found["latest_on"])) == ("unknown", "")
    assert "2026-04-05" in found["reason"]  # 6 March and 30 days, if delivered that day


def test_sectors_from_a_column_and_rules_of_ones_own():
    rows = [
        invoice("2026-03-06", "2026-04-06", "60 jours", trade=trade) for trade in ("Road freight", None, "consumer")
    ]
    assert judged(*rows, sectors="trade")["status"].tolist() == ["beyond", "within", "unknown"]
    own = pd.DataFrame([{
        "rule": "books_75", "sector": "books", "invoices": "any", "days": 75, "end_of_month": "none", "period": "month",
        "counted_from": "invoice", "article": "contract", "en": "75 days", "fr": "75 jours", "valid_from": "2020-01-01",
        "valid_to": None, "source": "ours", "checked_on": "2026-01-01", "status": "to_confirm"}])  # fmt: skip
    found = judged(invoice("2026-03-06", "2026-05-20", "90 jours"), sectors={"C": "books"}, law=own).iloc[0]
    assert (found["rule"], found["status"]) == ("books_75", "within")


def test_rules_to_be_confirmed_are_named_in_words():
    """In the language of the reader, those of the table as it says them, those of no table by their labels."""
    rows = [invoice("2026-03-06", "2026-04-06", "60 jours", trade=trade) for trade in ("public state", "consumer")]
    notes = {note.key: note for note in legal_due_dates(ledger_with(*rows), sectors="trade").notes}
    told = notes["law.latest.note.to_confirm"]
    assert "“30 days after reception of the invoice by a public buyer”" in told.text("en")
    assert "«\u00a030 jours après la réception de la facture par un acheteur public\u00a0»" in told.text("fr")
    assert not re.search("[a-z]_[a-z]", told.text("en") + told.text("fr"))


def test_rules_follow_the_day_of_the_invoice():
    """Before 2 July 2021 all perishable food had the end of the ten-day period; before 2009 no rule is known."""
    rows = [
        invoice(day, "2030-01-01", "60 jours", delivered_on=day) for day in ("2021-06-11", "2021-07-11", "2008-06-01")
    ]
    found = judged(*rows, sectors={"C": "perishable_food"})
    assert found["rule"].tolist() == ["perishable_decade_30_old", "perishable_30", "before_the_law"]
    assert list(map(day, found["latest_on"])) == ["2021-07-20", "2021-08-10", ""]
    assert found["status"].tolist() == ["beyond", "beyond", "unknown"]


# Countries --------------------------------------------------------------------------------------------------


def test_customers_abroad_are_never_called_a_breach():
    rows = [invoice("2023-01-15", due, "90 jours") for due in ("2023-03-16", "2023-04-15")]
    assert judged(*rows, home="Belgium")["status"].tolist() == ["within", "unknown"]
    assert set(judged(*rows, home="BE")["law_status"]) == {"to_confirm"}
    assert judged(*rows, home="US")["status"].tolist() == ["unknown", "unknown"]


def test_a_country_that_is_not_known_is_assumed_and_told():
    rows = [invoice("2023-01-15", "2023-04-15", "90 jours")]
    result = legal_due_dates(ledger_with(*rows, home=None))
    assert result.invoices["status"].tolist() == ["beyond"]
    assert "law.latest.note.country" in [note.key for note in result.notes]
    assert judged(*rows, home=None)["status"].tolist() == ["beyond"]
    elsewhere = legal_due_dates(ledger_with(*rows, home=None), country="US")
    assert elsewhere.invoices["status"].tolist() == ["unknown"]


@pytest.mark.parametrize("home", ["RE", "Réunion", "Guadeloupe", "GF", "MQ", "YT"])
def test_overseas_is_france_and_to_be_confirmed(home):
    result = legal_due_dates(ledger_with(invoice("2024-01-10", "2024-04-09", "90 jours"), home=home))
    row = result.invoices.iloc[0]
    assert (row["status"], row["rule"], row["law_status"]) == ("unknown", "overseas", "to_confirm")
    assert "abroad" not in row["reason"]
    assert "law.latest.note.overseas" in [note.key for note in result.notes]


# Kinds of buyers --------------------------------------------------------------------------------------------


def of_segment(segment: str, *invoices: dict[str, object], home: str = "FR") -> Ledger:
    made = ledger_with(*invoices, home=home)
    return replace(made, customers=made.customers.assign(segment=segment))


@pytest.mark.parametrize("home", ["FR", "BE", "US"])
def test_consumers_are_under_no_such_law(home):
    """90 days to a consumer were called 30 days beyond the law, confirmed."""
    rows = [invoice("2024-01-10", due, "90 jours") for due in ("2024-02-01", "2024-04-09")]
    found = legal_due_dates(of_segment("Particuliers", *rows, home=home)).invoices
    assert set(zip(found["status"], found["rule"], found["law_status"], strict=True)) == {
        ("unknown", "consumer", "to_confirm")
    }
    told = legal_due_dates(of_segment("Particuliers", *rows), buyers={"C": "company"}).invoices
    assert told["status"].tolist() == ["within", "beyond"]


@pytest.mark.parametrize(("segment", "days"), [("Secteur public", 30), ("Mairie", 30), ("Hôpital public", 50)])
def test_public_buyers_count_from_reception(segment, days):
    """Received on 15 January 2024; without its day nothing is judged."""
    last = pd.Timestamp("2024-01-15") + pd.Timedelta(days=days)
    dues = [str((last + pd.Timedelta(days=more)).date()) for more in (0, 1)]
    rows = [invoice("2024-01-10", due, "90 jours") for due in dues]
    assert legal_due_dates(of_segment(segment, *rows)).invoices["status"].tolist() == ["unknown", "unknown"]
    found = legal_due_dates(of_segment(segment, *(row | {"Reçue le": "2024-01-15"} for row in rows))).invoices
    assert found["status"].tolist() == ["within", "beyond"]
    assert set(found["law_status"]) == {"to_confirm"}
    early = legal_due_dates(of_segment(segment, invoice("2012-01-10", "2013-01-10", "90 jours"))).invoices
    assert early["rule"].tolist() == ["before_the_law"]
    company = legal_due_dates(of_segment(segment, *rows), sectors={"C": "public_company"}).invoices
    assert set(company["rule"]) == {"public_company_60"}


# What is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"sectors": {"C": "poultry"}}, "perishable_food"),
        ({"sectors": {"Nobody": "alcohol"}}, "Nobody"),
        ({"sectors": "colour"}, "colour"),
        ({"clauses": pd.DataFrame({"customer_id": ["C"]})}, "reading"),
        ({"clauses": pd.DataFrame({"customer_id": ["C", "C"], "terms": ["30 jours", "60 jours"]})}, "twice"),
        ({"clauses": pd.DataFrame({"customer_id": ["Z"], "terms": ["30 jours"]})}, "Z"),
        ({"clauses": pd.DataFrame({"customer_id": ["C"], "reading": ["A"]})}, "before_days"),
        ({"country": "Erewhon"}, "Erewhon"),
        ({"buyers": {"C": "robot"}}, "robot"),
        ({"buyers": "public"}, "public"),
    ],
)
def test_what_is_not_known_is_named(asked, words):
    with pytest.raises(ArlibError, match=words):
        judged(invoice("2023-01-15", "2023-03-31"), **asked)


# What every measure passes ----------------------------------------------------------------------------------

DAY = "2023-07-31"


@settings(max_examples=15, deadline=None)
@given(ledgers())
def test_the_future_never_changes_the_past(ledger):
    before, after = (legal_due_dates(each, DAY) for each in (ledger, known_by(ledger, DAY)))
    pd.testing.assert_frame_equal(before.invoices, after.invoices)
    pd.testing.assert_frame_equal(before.by_rule, after.by_rule)


@settings(max_examples=10, deadline=None)
@given(ledgers(), st.integers(0, 9))
def test_the_order_of_rows_never_matters_and_amounts_scale(ledger, seed):
    found = legal_due_dates(ledger, DAY)
    other = legal_due_dates(shuffled(ledger, seed), DAY).invoices.sort_values("item_id", ignore_index=True)
    pd.testing.assert_frame_equal(found.invoices.sort_values("item_id", ignore_index=True), other)
    twice = legal_due_dates(scaled(ledger, 2), DAY)
    assert (twice.invoices["status"] == found.invoices["status"]).all()
    pd.testing.assert_series_equal(twice.by_rule["amount"], found.by_rule["amount"] * 2, atol=0.005)
    for frame in (found.by_rule, found.by_customer):
        assert frame["invoices"].sum() == len(found.invoices)
        assert round(frame["amount"].sum(), 2) == round(found.invoices["amount"].sum(), 2)
    before = ledger.items.copy()
    terms_against_law(ledger, DAY)
    pd.testing.assert_frame_equal(ledger.items, before)


def test_every_invoice_of_a_sample_is_explained():
    """The terms of negoce are all within the law; every sentence is told in both languages, with no gap in it."""
    ledger = sample_ledger("negoce")
    for language in ("en", "fr"):
        result = legal_due_dates(ledger, language=language)
        assert len(result.invoices) == (ledger.items["kind"] == "invoice").sum()
        assert (result.invoices["status"] != "beyond").all()
        assert not result.invoices["reason"].str.contains(r"[{}\x00]|nan|NaT").any()
        assert result.invoices["reason"].notna().all()
    known = result.invoices[result.invoices["status"] == "within"]
    assert (known["due_on"] <= known["latest_on"].fillna(known["earliest_on"])).all()


def test_means_are_the_same_to_the_bit_in_any_order():
    rows = [invoice("2023-01-15", f"2023-0{4 + place % 5}-1{place}", "60 jours nets") for place in range(10)]
    made = ledger_with(*rows)
    made = replace(made, items=made.items.assign(amount=[0.1 + 0.7 * place for place in range(10)]))
    for seed in range(5):
        other = shuffled(made, seed)
        first, second = (legal_due_dates(each).by_customer for each in (made, other))
        pd.testing.assert_frame_equal(first, second, check_exact=True)
        first, second = (terms_against_law(each).customers for each in (made, other))
        pd.testing.assert_frame_equal(first, second, check_exact=True)


# Terms granted against terms agreed and the law -------------------------------------------------------------


def test_favours_are_days_beyond_terms_and_their_cash():
    """Agreed 30 days. Of 365 days: 36,500 due 60 days on ties up 36,500 × 30 / 365 = 3,000 beyond what was agreed;

    73,000 due 90 days on, 73,000 × 60 / 365 = 12,000, and 73,000 × 30 / 365 = 6,000 beyond 60 days. At 5 % a year
    15,000 cost 750, and 6,000 cost 300.
    """
    ledger = ledger_with(
        invoice("2023-02-01", "2023-03-03", "30 jours"),
        invoice("2023-02-01", "2023-04-02", "30 jours"),
        invoice("2023-02-01", "2023-05-02", "30 jours"),
    )
    items = ledger.items.assign(amount=[1000.0, 36500, 73000])
    customers = ledger.customers.assign(terms="30 jours nets")
    ledger = replace(ledger, items=items, customers=customers)
    result = terms_against_law(ledger, "2023-12-31", rate=0.05)
    row = result.customers.iloc[0]
    assert (row["invoices"], row["invoices_beyond_agreed"], row["invoices_beyond_law"]) == (3, 2, 1)
    assert (row["amount_beyond_agreed"], row["amount_beyond_law"]) == (109500, 73000)
    assert (row["cash_beyond_agreed"], row["cash_beyond_law"]) == (15000, 6000)
    assert (round(row["cost_beyond_agreed"], 2), round(row["cost_beyond_law"], 2)) == (750, 300)
    assert (row["days_beyond_agreed"], row["days_beyond_law"]) == (50, 30)  # (36.5 × 30 + 73 × 60) / 109.5
    assert (result.cash_beyond_agreed, result.cash_beyond_law) == (15000, 6000)
    assert (row["terms_invoiced"], row["terms_agreed"], row["other_terms"]) == ("30 jours", "30 jours nets", 0)


def test_a_weekend_is_no_favour_and_the_later_reading_is_taken():
    ledger = ledger_with(
        invoice("2023-01-15", "2023-03-31", "45 jours fin de mois"), invoice("2023-01-01", "2023-03-20", None)
    )
    ledger = replace(ledger, customers=ledger.customers.assign(terms="45 jours fin de mois"))
    assert terms_against_law(ledger, "2023-12-31").cash_beyond_agreed == 0  # 17 March and three days


def test_costs_without_a_rate_are_missing_and_a_short_ledger_is_told():
    ledger = ledger_of("""
    customer | kind    | issued     | due        | amount
    C        | invoice | 2023-01-01 | 2023-06-01 | 1000
    """, covers=("2023-01-01", "2023-01-31"))  # fmt: skip
    result = terms_against_law(ledger)
    assert (result.days, result.customers["cost_beyond_law"].isna().all()) == (31, True)
    assert "law.against.window" in [note.key for note in result.notes]
    with pytest.raises(ArlibError):
        terms_against_law(ledger, rate=5)
    with pytest.raises(ArlibError):
        terms_against_law(ledger, "2023-01-30", legal=legal_due_dates(ledger))


def test_terms_that_changed_are_told():
    """Without a customer file the terms of the first invoice stand for those agreed."""
    ledger = ledger_with(
        invoice("2023-01-15", "2023-02-14", "30 jours nets"), invoice("2023-06-15", "2023-08-14", "60 jours nets")
    )
    ledger = replace(ledger, customers=ledger.customers.assign(terms="30 jours nets"))
    assert "law.against.changed" in [note.key for note in terms_against_law(ledger, "2023-12-31").notes]
    agreed = terms_against_law(ledger, "2023-12-31", clauses=clause(terms="60 jours nets"))
    assert agreed.cash_beyond_agreed == 0
