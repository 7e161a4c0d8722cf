"""Limitation of debts and deadlines of procedures: exact months, recognitions, what is owed at the opening."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, sample_ledger, shuffled

from arlib import open_items, read_facts, samples_folder
from arlib.errors import ArlibError
from arlib.law.deadlines import limitation_dates, procedure_deadlines
from arlib.ledger import Ledger, balance
from arlib.schema import HALF_CENT

BOOKS = ledger_of("""
customer | kind    | issued     | due        | amount | pays
A        | invoice | 2020-01-30 | 2020-02-29 | 1000   |
A        | invoice | 2021-05-01 | 2021-05-31 | 500    |
B        | invoice | 2022-01-01 |            | 300    |
B        | payment | 2022-02-01 |            | -100   | 3
C        | invoice | 2023-01-01 | 2023-01-31 | 800    |
""", covers=("2020-01-01", "2026-12-31"))  # fmt: skip


def ends(rows: pd.DataFrame) -> dict[str, str]:
    return {
        row.reference: "" if pd.isna(row.limitation_on) else str(row.limitation_on.date()) for row in rows.itertuples()
    }


def recognition(**named: object) -> pd.DataFrame:
    return pd.DataFrame([named])


# Limitation -------------------------------------------------------------------------------------------------


def test_five_years_to_the_day_and_the_end_of_february():
    """29 February 2020 and 5 years is 28 February 2025: its last day is not passed, the next one is."""
    for day, status, left in (("2025-02-28", "urgent", 0), ("2025-03-01", "passed", -1), ("2024-08-31", "open", 181)):
        rows = limitation_dates(BOOKS, day).rows.set_index("reference")
        assert (rows.loc["F1", "status"], rows.loc["F1", "days_left"]) == (status, left)
    found = limitation_dates(BOOKS, "2024-12-31").rows
    assert ends(found) == {"F1": "2025-02-28", "F2": "2026-05-31", "F3": "2027-01-01", "F5": "2028-01-31"}
    assert found["reference"].tolist() == ["F1", "F2", "F3", "F5"]  # the most urgent first
    assert set(found["law_status"]) == {"confirmed"}
    without = found.set_index("reference").loc["F3"]
    assert without["open_amount"] == 200
    assert "for want of a due date" in without["reason"]


def test_what_has_passed_comes_last():
    found = limitation_dates(BOOKS, "2026-06-30")
    assert found.rows["status"].tolist() == ["open", "open", "passed", "passed"]
    assert "law.limitation.note.passed" in [note.key for note in found.notes]


def test_a_recognition_made_in_time_starts_again():
    """Recognised on 31 August 2024: until 31 August 2029; one after the day asked, or too late, changes nothing."""
    told = recognition(customer_id="A", recognised_on="2024-08-31")
    found = limitation_dates(BOOKS, "2024-12-31", recognised=told).rows
    assert (ends(found)["F1"], ends(found)["F2"]) == ("2029-08-31", "2029-08-31")
    assert ends(limitation_dates(BOOKS, "2024-08-30", recognised=told).rows)["F1"] == "2025-02-28"
    late = recognition(item_id=1, recognised_on="2025-03-01")
    assert ends(limitation_dates(BOOKS, "2026-12-31", recognised=late).rows)["F1"] == "2025-02-28"
    chain = pd.DataFrame({"item_id": [1, 1], "recognised_on": ["2029-01-31", "2024-12-31"]})
    assert ends(limitation_dates(BOOKS, "2029-12-31", recognised=chain).rows)["F1"] == "2034-01-31"


def test_consumers_and_transport_are_to_be_confirmed():
    """31 May 2021 and 2 years; 31 January 2023 and 1 year."""
    found = limitation_dates(BOOKS, "2021-06-30", regimes={"A": "consumer"})
    assert ends(found.rows)["F2"] == "2023-05-31"
    assert found.rows["law_status"].tolist() == ["to_confirm", "to_confirm"]
    assert "law.limitation.note.to_confirm" in [note.key for note in found.notes]
    assert found.rows["reason"].str.endswith("To be confirmed.").all()
    found = limitation_dates(BOOKS, "2023-06-30", regimes={"C": "transport"}).rows
    assert ends(found)["F5"] == "2024-01-31"


def with_customers(**columns: object) -> Ledger:
    return replace(BOOKS, customers=BOOKS.customers.assign(**columns))


def test_kinds_of_buyers_have_their_limitation():
    """31 January 2023 and 2 years: a consumer, as its segment says; 5 years, to be confirmed, of a public buyer."""
    of = with_customers(segment=["Mairie", None, "Particuliers"], country="FR")
    found = limitation_dates(of, "2023-06-30")
    rows = found.rows.set_index("reference")
    assert ends(found.rows)["F5"] == "2025-01-31"
    assert rows.loc[["F1", "F3", "F5"], "regime"].tolist() == ["professional", "professional", "consumer"]
    assert rows.loc[["F1", "F3", "F5"], "law_status"].tolist() == ["to_confirm", "confirmed", "to_confirm"]
    assert "law.limitation.note.public" in [note.key for note in found.notes]
    told = limitation_dates(of, "2023-06-30", regimes={"Particuliers": "professional"}, buyers={"A": "consumer"}).rows
    assert (ends(told)["F5"], ends(told)["F2"]) == ("2028-01-31", "2023-05-31")


def test_overseas_is_french_law_to_be_confirmed():
    found = limitation_dates(with_customers(country=["RE", "FR", "FR"]), "2023-06-30")
    assert found.rows.set_index("reference")["law_status"].to_dict() == {
        "F1": "to_confirm", "F2": "to_confirm", "F3": "confirmed", "F5": "confirmed"}  # fmt: skip
    keys = [note.key for note in found.notes]
    assert "law.limitation.note.overseas" in keys
    assert "law.limitation.note.foreign" not in keys


def test_a_day_after_the_accounts_end_is_told():
    assert "law.limitation.note.ends" not in [note.key for note in limitation_dates(BOOKS, "2026-12-31").notes]
    assert "2026-12-31" in str(limitation_dates(BOOKS, "2027-01-01").notes[0])


def test_an_empty_ledger_has_no_deadline():
    empty = Ledger(*(pd.DataFrame() for _ in range(4)), currency="EUR", covers=BOOKS.covers)
    assert limitation_dates(empty, "2024-06-30").rows.empty


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"regimes": {"A": "farmer"}}, "farmer"),
        ({"recognised": recognition(item_id="F3", recognised_on="2021-01-01")}, "F3"),
        ({"recognised": recognition(item_id=1.5, recognised_on="2021-01-01")}, "1.5"),
        ({"regimes": {"Nobody": "consumer"}}, "Nobody"),
        ({"recognised": pd.DataFrame({"customer_id": ["A"]})}, "recognised_on"),
        ({"recognised": recognition(customer_id="Z", recognised_on="2021-01-01")}, "Z"),
        ({"recognised": recognition(item_id=99, recognised_on="2021-01-01")}, "99"),
        ({"recognised": recognition(customer_id="A", recognised_on="31/12/2021")}, "31/12/2021"),
        ({"recognised": recognition(customer_id="A", recognised_on=None)}, "rows 1"),
    ],
)
def test_what_is_not_known_is_named(asked, words):
    with pytest.raises(ArlibError, match=words):
        limitation_dates(BOOKS, "2026-12-31", **asked)


@settings(max_examples=20, deadline=None)
@given(ledgers(), st.integers(0, 9))
def test_every_open_debit_is_listed_whatever_comes_later_or_stands_first(ledger, seed):
    day = "2023-07-31"
    found = limitation_dates(ledger, day).rows
    opened = open_items(ledger, day)
    owed = opened[opened["open_amount"] > 0]
    assert sorted(found["item_id"]) == sorted(owed["item_id"])
    assert abs(found["open_amount"].sum() - owed["open_amount"].sum()) < HALF_CENT
    pd.testing.assert_frame_equal(found, limitation_dates(known_by(ledger, day), day).rows)
    pd.testing.assert_frame_equal(found, limitation_dates(shuffled(ledger, seed), day).rows)


# Procedures -------------------------------------------------------------------------------------------------


def opening(published: str, **named: object) -> pd.DataFrame:
    return pd.DataFrame([{"customer_id": "A", "published_on": published, "procedure": "liquidation", **named}])


def test_two_three_and_six_months_from_publication():
    """31 December 2021: 28 February, 31 March and 30 June 2022; abroad, claims until 30 April."""
    found = procedure_deadlines(BOOKS, "2022-02-10", procedures=opening("2021-12-31"))
    days = dict(zip(found.rows["deadline"], found.rows["deadline_on"].dt.strftime("%Y-%m-%d"), strict=True))
    assert days == {"declaration": "2022-02-28", "retention_of_title": "2022-03-31", "relief": "2022-06-30"}
    assert dict(zip(found.rows["deadline"], found.rows["status"], strict=True))["declaration"] == "urgent"
    assert set(found.rows["law_status"]) == {"to_confirm"}
    assert found.notes
    assert found.rows["reason"].str.contains("To be confirmed").all()
    abroad = procedure_deadlines(BOOKS, "2022-02-10", procedures=opening("2021-12-31"), creditor_abroad=True).rows
    assert str(abroad.set_index("deadline").loc["declaration", "deadline_on"].date()) == "2022-04-30"


def test_what_was_owed_at_the_opening_is_declared():
    """A owed 1,000 when opened on 15 March 2021, and 1,500 later; a judgment goes before its publication."""
    told = opening("2021-05-15", opened_on="2021-03-15")
    row = procedure_deadlines(BOOKS, "2021-06-30", procedures=told).rows.iloc[0]
    assert (row["owed_at_opening"], row["still_owed"], row["invoices"]) == (1000, 1500, 1)
    later = opening("2021-05-15")
    assert procedure_deadlines(BOOKS, "2021-06-30", procedures=later).rows.iloc[0]["owed_at_opening"] == 1500


def test_an_opening_of_tomorrow_is_not_known():
    assert not len(procedure_deadlines(BOOKS, "2021-05-14", procedures=opening("2021-05-15")).rows)


def test_an_opening_without_publication_counts_nothing():
    row = procedure_deadlines(BOOKS, "2021-06-30", procedures=opening(None)).rows.iloc[0]  # type: ignore[arg-type]
    assert (row["status"], pd.isna(row["days_left"])) == ("unknown", True)


def test_a_liquidation_after_the_sale_of_the_business_opens_nothing():
    """The reorganisation opened the time for claims: its conversion, the sale of the business between, does not."""
    steps = ("Redressement judiciaire;2021-03-15", "Plan de cession;2021-06-15", "Liquidation judiciaire;2021-07-15")
    told = "Client;Fait;Valeur;Connu le\n" + "\n".join(f"A;Statut;{step}" for step in steps)
    facts = read_facts(("faits.csv", told.encode()))
    found = procedure_deadlines(BOOKS, "2021-12-31", facts=facts).rows
    assert set(found["procedure"]) == {"reorganisation"}


def test_the_openings_of_the_sample_are_those_of_its_facts():
    """negoce_facts.csv: a conversion into liquidation opens nothing; C0286 was opened on 17 October 2025."""
    ledger = sample_ledger("negoce")
    facts = read_facts(samples_folder() / "negoce_facts.csv", customers=ledger.customers)
    found = procedure_deadlines(ledger, "2025-12-10", facts=facts).rows
    assert found["customer_id"].nunique() == 5
    assert set(found.loc[found["customer_id"] == "C0120", "procedure"]) == {"reorganisation"}
    first = found.iloc[0]
    assert (first["customer_id"], first["deadline"], first["days_left"]) == ("C0286", "declaration", 7)
    items = ledger.items
    booked = items[(items["customer_id"] == "C0286") & (items["booked_on"] <= "2025-10-17")]
    assert first["owed_at_opening"] == round(booked["amount"].sum(), 2)
    assert found["still_owed"].le(balance(ledger, "2025-12-10")).all()


@pytest.mark.parametrize(
    ("table", "words"),
    [(pd.DataFrame({"customer_id": ["A"]}), "published_on"), (opening("2021-12-31", customer_id="Z"), "Z")],
)
def test_a_table_of_procedures_that_cannot_be_read_is_refused(table, words):
    with pytest.raises(ArlibError, match=words):
        procedure_deadlines(BOOKS, "2022-12-31", procedures=table)


def test_a_rule_to_be_confirmed_is_quoted_in_words_not_by_its_code():
    ledger = sample_ledger("negoce")
    customer = str(ledger.customers["customer_id"].iloc[0])
    dates = limitation_dates(ledger, regimes={customer: "consumer"})
    (note,) = [note for note in dates.notes if note.key == "law.limitation.note.to_confirm"]
    assert "« 2 ans pour les biens et services fournis à un consommateur »" in note.text("fr").replace("\u00a0", " ")
    assert "2 years for goods" in note.text("en")
