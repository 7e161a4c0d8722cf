"""What is known of customers from outside: read, dated, and never lost.

The table of most tests, as a credit manager keeps it; A is a company with two accounts (A1, A2), B and C have one.

| Code client | Information        | Valeur                  | Connu le   | Source           |
|-------------|--------------------|-------------------------|------------|------------------|
| B           | Procédure collective | Redressement judiciaire | 12/03/2024 | BODACC         |
| C           | Cotation           | G5+                     | 01/02/2024 | Banque de France |
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import sample_ledger

from arlib.errors import ArlibError
from arlib.readers.headings import plain
from arlib.risk.facts import (
    LINES,
    Facts,
    every_cap,
    expert_opinion,
    external_caps,
    facts_of_customers,
    financial_scores,
    insurance_cover,
    latest_accounts,
    no_facts,
    read_facts,
    read_opinion_card,
)
from arlib.risk.facts.vocabulary import meanings, status_of
from arlib.samples import samples_folder
from arlib.words import word

CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["A1", "A2", "B", "C", "000123"],
        "siren": ["111 222 333", "111222333", "444555666", "777888999", None],
        "status": pd.Series([None] * 5, dtype="str"),
        "rating": pd.Series([None] * 5, dtype="str"),
        "insured_limit": [np.nan] * 5,
    }
)
HEADINGS = ("Code client", "SIREN", "Information", "Valeur", "Connu le", "Source", "Valable jusqu'au", "Quotité",
            "Exercice")  # fmt: skip


def table(*lines: str) -> tuple[str, bytes]:
    """A file of facts, its cells separated by `|`, those left out at the end of a line empty."""
    rows = [";".join((line.split("|") + [""] * len(HEADINGS))[: len(HEADINGS)]) for line in lines]
    return "faits.csv", "\r\n".join([";".join(HEADINGS), *rows]).encode("cp1252")


def facts(*lines: str, customers: pd.DataFrame | None = CUSTOMERS) -> Facts:
    return read_facts(table(*lines), customers=customers)


def row(read: Facts, place: int = 0) -> Any:
    return read.rows.iloc[place]


def problems(read: Facts) -> list[tuple[int | None, str | None, str]]:
    return [(each.place.row, each.place.column, each.what.key) for each in read.problems]


# --- statuses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "fact", "value"),
    [
        ("Redressement judiciaire", "proceeding", "reorganisation"),
        ("RJ", "proceeding", "reorganisation"),
        ("Jugement d'ouverture d'une procédure de sauvegarde", "proceeding", "safeguard"),
        ("Jugement d'ouverture de liquidation judiciaire simplifiée", "proceeding", "liquidation"),
        ("Conversion du redressement en liquidation judiciaire", "proceeding", "liquidation"),
        ("Jugement de clôture pour insuffisance d'actif", "proceeding", "closed_without_assets"),
        ("Clôture pour extinction du passif", "proceeding", "ended"),
        ("Jugement arrêtant le plan de redressement", "proceeding", "plan"),
        ("Plan de sauvegarde", "proceeding", "plan"),
        ("Résolution du plan de redressement", "proceeding", "plan_broken"),
        ("Résolution du plan et liquidation judiciaire", "proceeding", "liquidation"),
        ("Plan de cession", "proceeding", "sale_plan"),
        ("Jugement arrêtant le plan de cession dans le redressement judiciaire", "proceeding", "sale_plan"),
        ("Plan de cession et liquidation judiciaire", "proceeding", "liquidation"),
        ("Jugement arrêtant le plan de redressement, commissaire à l'exécution du plan : Me X", "proceeding", "plan"),
        ("Mandat ad hoc", "proceeding", "conciliation"),
        ("Procédure collective", "proceeding", "insolvency"),
        ("Aucune procédure collective", "proceeding", "ended"),
        ("Procédure collective : néant", "proceeding", "ended"),
        ("in bonis", "proceeding", "ended"),
        ("Chapter 11", "proceeding", "reorganisation"),
        ("winding-up order", "proceeding", "liquidation"),
        ("CVA", "proceeding", "plan"),
        ("No insolvency proceedings", "proceeding", "ended"),
        ("Liquidation amiable", "registry", "ceased"),
        ("Radiée du RCS", "registry", "ceased"),
        ("Cessation d'activité", "registry", "ceased"),
        ("Struck off", "registry", "ceased"),
        ("ACTIVE", "registry", "active"),
        ("Immatriculée", "registry", "active"),
    ],
)
def test_statuses_as_registries_and_courts_write_them(written, fact, value):
    assert status_of(written) == (fact, value)


@pytest.mark.parametrize(
    "written",
    ["Redressement fiscal", "Arrêt infirmant la liquidation judiciaire", "Liquidation de stocks", "plan d'apurement",
     "Plan de sauvegarde de l'emploi", "not in liquidation", "inactif", "VIP", "", "=1+1", "C", "sans activité",
     "Requête en liquidation judiciaire", "x" * 5000],
)  # fmt: skip
def test_what_may_mean_something_else_is_not_read(written):
    assert status_of(written) is None


def test_letters_are_those_of_insee_only_where_they_are_asked_for():
    """In a customers' file C may be a class of customers."""
    assert status_of("C", letters=True) == ("registry", "ceased")
    assert row(facts("B||État administratif|C|01/02/2024|Sirene"))["value"] == "ceased"
    assert facts_of_customers(CUSTOMERS.assign(status=["C", None, "A", None, None])).rows.empty


# --- reading -----------------------------------------------------------------------------------------------------


def test_a_table_is_read_with_its_dates_amounts_and_sources():
    read = facts(
        "B||Procédure collective|Redressement judiciaire|12/03/2024|BODACC",
        "C||Assurance-crédit|15 000,50|01/02/2024|Assureur|30/06/2025|90 %",
        "C||Taux de défaillance|2,5 %|01/02/2024|BdF",
        "C||Capitaux propres|-1 200|15/07/2024|Greffe|||2023",
    )
    assert read.problems == ()
    assert read.rows["customer_id"].tolist() == ["B", "C", "C", "C"]
    assert read.rows["fact"].tolist() == ["proceeding", "cover", "sector_failure_rate", "equity"]
    assert row(read)["known_on"] == pd.Timestamp("2024-03-12")
    assert row(read)["source"] == "BODACC"
    assert (row(read, 1)["amount"], row(read, 1)["quota"]) == (15000.5, 0.9)
    assert row(read, 1)["ends_on"] == pd.Timestamp("2025-06-30")
    assert row(read, 2)["amount"] == 0.025
    assert (row(read, 3)["amount"], row(read, 3)["closed_on"]) == (-1200.0, pd.Timestamp("2023-12-31"))


def test_english_headings_and_a_frame_with_real_dates_read_alike():
    frame = pd.DataFrame(
        {
            "customer id": ["B", "C", "C"],
            "fact": ["insolvency procedure", "credit insurance", "founded on"],
            "value": ["receivership", 15000, pd.Timestamp("2009-03-15")],
            "known on": pd.to_datetime(["2024-03-12", "2024-02-01", "2024-02-01"]),
        }
    )
    read = read_facts(frame, customers=CUSTOMERS)
    assert read.problems == ()
    assert read.rows["value"].tolist()[:2] == ["reorganisation", "amount"]
    assert row(read, 2)["day"] == pd.Timestamp("2009-03-15")
    assert row(read, 2)["source"] == "DataFrame"


def test_a_siren_is_of_every_account_of_the_company():
    """A SIRET and a VAT number hold the SIREN; spaces do not matter; one in the column of codes is read too."""
    read = facts("|111 222 333 00012|Statut|radiée|01/02/2024|x", "444555666||Statut|Active|01/02/2024|x",
                 "|FR40777888999|Statut|Active|01/02/2024|x")  # fmt: skip
    assert read.rows["customer_id"].tolist() == ["A1", "A2", "B", "C"]
    assert read.problems == ()


def test_unknown_customers_and_contradictions_are_named_and_the_rest_is_read():
    read = facts(
        "Z9||Statut|Active|01/02/2024|x",
        "|999999999|Statut|Active|01/02/2024|x",
        "||Statut|Active|01/02/2024|x",
        "B|777888999|Statut|Active|01/02/2024|x",
        "C||Statut|Active|01/02/2024|x",
    )
    assert read.rows["customer_id"].tolist() == ["C"]
    assert problems(read) == [
        (2, "Code client", "risk.facts.unknown_customer"),
        (3, "Code client", "risk.facts.unknown_customer"),
        (4, "Code client", "risk.facts.no_customer"),
        (5, "Code client", "risk.facts.other_siren"),
    ]
    assert "« Z9 »" in read.problems[0].text("fr").replace("\u00a0", " ")


def test_codes_without_their_zeros_or_capitals_are_recognised_and_said():
    read = facts("123||Statut|Active|01/02/2024|x", "b||Statut|Active|01/02/2024|x")
    assert read.rows["customer_id"].tolist() == ["000123", "B"]
    assert [note.key for note in read.notes] == ["risk.facts.folded"]


@pytest.mark.parametrize(
    "heading", ["Client", "Customer", "Code client", "N° client", "Nom du client", "Kunde", "Tiers"]
)
def test_customers_are_headed_as_in_every_other_file(heading):
    """By code or by name, under one heading; a name that two customers share tells neither."""
    customers = CUSTOMERS.assign(name=["Même nom", "Même nom", "Boulangerie Bô", "C", None])
    lines = [heading + ";Information;Valeur", *(f"{who};Statut;radiée" for who in ("A1", "boulangerie bô", "C"))]
    content = "\n".join([*lines, "Même nom;Statut;radiée"]).encode()
    read = read_facts(("faits.csv", content), customers=customers)
    assert read.rows["customer_id"].tolist() == ["A1", "B", "C"]
    assert problems(read) == [(5, heading, "risk.facts.unknown_customer")]


def test_a_supplier_of_facts_is_no_customer():
    """A code stands before a name; and who supplies the facts is their source."""
    read = read_facts(("faits.csv", "SIREN;Fait;Valeur;Fournisseur\n777888999;Statut;radiée;BODACC".encode()),
                      customers=CUSTOMERS)  # fmt: skip
    assert (row(read)["customer_id"], row(read)["source"]) == ("C", "BODACC")
    both = "Client;Code client;Fait;Valeur\nB;C;Statut;radiée".encode()
    assert row(read_facts(("faits.csv", both), customers=CUSTOMERS))["customer_id"] == "C"


def test_without_the_customers_a_code_is_taken_and_a_siren_alone_is_nobodys():
    read = facts("Z9||Statut|Active|01/02/2024|x", "|111222333|Statut|Active|01/02/2024|x", customers=None)
    assert read.rows["customer_id"].tolist() == ["Z9"]
    assert problems(read) == [(3, "Code client", "risk.facts.no_customers_file")]


@pytest.mark.parametrize(
    ("line", "column", "key"),
    [
        ("B||Couleur|bleu|01/02/2024|x", "Information", "risk.facts.unknown_fact"),
        ("B||Statut|Redressement fiscal|01/02/2024|x", "Valeur", "risk.facts.not_status"),
        ("B||Statut||01/02/2024|x", "Valeur", "risk.facts.not_status"),
        ("B||Statut|Active|31/02/2024|x", "Connu le", "read.not_date"),
        ("B||Assurance-crédit|1000|01/02/2024|x|31/02/2024", "Valable jusqu'au", "read.not_date"),
        ("B||Assurance-crédit|0|01/02/2024|x", "Valeur", "risk.facts.not_cover"),
        ("B||Assurance-crédit|-5|01/02/2024|x", "Valeur", "risk.facts.not_cover"),
        ("B||Assurance-crédit|à voir|01/02/2024|x", "Valeur", "risk.facts.not_cover"),
        ("B||Assurance-crédit|1000|01/02/2024|x||190 %", "Quotité", "risk.facts.not_quota"),
        ("B||Cotation|8|01/02/2024|", "Valeur", "risk.facts.not_rating"),
        ("B||Cotation|5+|01/02/2024|Coface", "Valeur", "risk.facts.not_rating"),
        ("B||Cotation|AAA|01/02/2024|Agence", "Valeur", "risk.facts.not_rating"),
        ("B||Cotation Banque de France|12|01/02/2024|x", "Valeur", "risk.facts.not_rating"),
        ("B||Taux de défaillance|0,8|01/02/2024|x", "Valeur", "risk.facts.not_rate"),
        ("B||Mode de règlement|troc|01/02/2024|x", "Valeur", "risk.facts.not_payment_method"),
        ("B||Date de création|jadis|01/02/2024|x", "Valeur", "risk.facts.not_founded"),
        ("B||Chiffre d'affaires|1000|01/02/2024|x", "Information", "risk.facts.no_year"),
        ("B||Chiffre d'affaires|1000|01/02/2024|x|||2024", "Information", "risk.facts.too_early"),
        ("B||Chiffre d'affaires|-1000|01/02/2024|x|||2023", "Valeur", "risk.facts.negative"),
        ("B||Chiffre d'affaires|#REF!|01/02/2024|x|||2023", "Valeur", "read.not_amount"),
    ],
)
def test_each_unreadable_row_is_named_with_its_column_and_what_to_do(line, column, key):
    read = facts(line, "C||Statut|Active|01/02/2024|x")
    assert problems(read) == [(2, column, key)]
    assert read.rows["customer_id"].tolist() == ["C"]
    assert len(read.problems[0].text("fr")) > 40


def test_where_no_row_can_be_used_all_problems_are_raised():
    with pytest.raises(ArlibError, match=r"row 2, column .Valeur.*\n.*row 3") as raised:
        facts("B||Statut|peut-être|01/02/2024|x", "C||Statut|qui sait|01/02/2024|x")
    assert len(raised.value.problems) == 2


@pytest.mark.parametrize(
    "content", [b"Code client;Nom\r\nB;Brasserie\r\n", b"Fait;Valeur\r\nStatut;Active\r\n", b"rien\r\n", b"\x00\x01"]
)
def test_a_table_of_something_else_is_refused_with_the_headings_wanted(content):
    with pytest.raises(ArlibError):
        read_facts(("autre.csv", content), customers=CUSTOMERS)


def test_a_title_above_the_headings_is_passed_over():
    name, content = table("B||Statut|Active|01/02/2024|x")
    read = read_facts((name, b"Fiches de renseignements\r\n\r\n" + content), customers=CUSTOMERS)
    assert row(read)["row"] == 4
    only_siren = b"Suivi\r\nSIREN;Fait;Valeur\r\n444555666;Statut;Active\r\n"
    assert row(read_facts(("s.csv", only_siren), customers=CUSTOMERS))["customer_id"] == "B"


def test_two_values_of_one_day_are_said_and_the_last_row_stands():
    read = facts("B||Statut|Liquidation judiciaire|01/02/2024|x", "B||Statut|Plan de redressement|01/02/2024|y")
    assert [note.key for note in read.notes] == ["risk.facts.twice"]
    assert external_caps(read, "2024-12-31")["value"].tolist() == ["plan"]


def test_a_company_older_than_the_dates_of_accounts_has_its_year():
    read = facts("B||Date de création|1923|01/02/2024|x", "C||Date de création|15/03/1898|01/02/2024|x",
                 "A1||Date de création|2009|01/02/2024|x")  # fmt: skip
    assert read.rows["day"].dt.strftime("%Y-%m-%d").tolist() == ["1923-12-31", "1898-12-31", "2009-12-31"]


def test_a_row_of_totals_names_no_fact():
    read = facts("B|||Active|", "Total|||12|", "B||Statut|Active|12/03/2024|Greffe")
    assert len(read.rows) == 1
    assert [key for row, column, key in problems(read) if column == "Information"] == ["risk.facts.no_fact"] * 2


def test_amounts_in_a_currency_are_said_and_not_converted():
    read = facts("B||Capitaux propres|5 000 USD|01/05/2024|x|||2023", "C||Assurance-crédit|9 000 €|01/05/2024|x")
    assert read.rows["amount"].tolist() == [5000.0, 9000.0]
    (note,) = [note for note in read.notes if note.key == "risk.facts.currencies"]
    assert (note.values["currencies"], note.values["facts"], note.values["examples"]) == ("EUR, USD", 1, "2")
    euros = facts("C||Assurance-crédit|9 000 €|01/05/2024|x")
    assert "risk.facts.currencies" not in [note.key for note in euros.notes]


def test_hostile_texts_are_texts():
    evil = "<script>alert(1)</script>{0}{x!r}%s"
    read = facts(f"B||Statut|Liquidation judiciaire|01/02/2024|{evil}", f"C||{evil}|{evil}|01/02/2024|x")
    assert evil in external_caps(read, "2024-12-31")["sentence"][0].text("fr")
    assert evil in read.problems[0].text("en")


def test_the_words_offered_for_an_unknown_fact_are_all_understood():
    for language, start in (("en", "Write "), ("fr", "Écrivez ")):
        offered = word("risk.facts.unknown_fact", language).split(start)[1].rstrip(".").replace("\u00a0:", ":")
        offered = offered.replace("or a line of accounts: ", "").replace("ou une ligne de comptes: ", "")
        assert [each for each in offered.split(", ") if plain(each) not in meanings("fact")] == []


# --- the customers' own table ------------------------------------------------------------------------------------


def test_the_customers_table_is_a_source_without_dates():
    own = CUSTOMERS.assign(
        status=["Liquidation judiciaire", "VIP", None, None, None],
        rating=["4+", "7", None, None, None],
        insured_limit=[0.0, 5000.0, np.nan, np.nan, np.nan],
    )
    read = facts_of_customers(own)
    assert read.rows[["customer_id", "fact", "value"]].to_numpy().tolist() == [
        ["A1", "proceeding", "liquidation"], ["A1", "rating", "4+"], ["A2", "cover", "amount"],
    ]  # fmt: skip
    assert [note.key for note in read.notes] == ["risk.facts.unread_column"] * 2
    assert "VIP" in read.notes[0].text("fr")
    caps = external_caps(read, "1999-12-31")
    assert caps["customer_id"].tolist() == ["A1"]
    assert "undated; source: the customers' file" in caps["sentence"][0].text()


def test_a_dated_fact_stands_before_the_undated_one_of_the_customers_table():
    own = CUSTOMERS.assign(insured_limit=[5000.0, 1, 1, 1, 1])
    read = facts("A1||Assurance-crédit|9 000|01/02/2024|x", customers=own)
    amounts = {day: insurance_cover(read, day).set_index("customer_id")["insured_amount"]["A1"]
               for day in ("2024-01-31", "2024-02-01")}  # fmt: skip
    assert amounts == {"2024-01-31": 5000.0, "2024-02-01": 9000.0}


def test_a_customers_table_with_nothing_but_codes_says_nothing():
    assert facts_of_customers(pd.DataFrame({"customer_id": ["A"]})).rows.empty
    assert list(facts_of_customers(CUSTOMERS).rows.columns) == list(no_facts().rows.columns)


# --- days --------------------------------------------------------------------------------------------------------


def test_facts_count_from_the_end_of_the_day_they_are_known_and_undated_ones_are_said():
    read = facts("B||Statut|radiée|12/03/2024|x", "C||Statut|radiée||x")
    assert external_caps(read, "2024-03-11")["customer_id"].tolist() == ["C"]
    assert external_caps(read, "2024-03-12")["customer_id"].tolist() == ["B", "C"]
    assert [note.key for note in read.on("2024-03-11").notes] == ["risk.facts.undated"]
    assert read.on("2024-03-11").on("2024-03-11").notes == read.on("2024-03-11").notes


DAYS = st.integers(0, 700).map(lambda days: (pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)).strftime("%d/%m/%Y"))
KINDS = st.sampled_from([
    ("Statut", "radiée", ""), ("Statut", "Active", ""), ("Statut", "Liquidation judiciaire", ""),
    ("Statut", "Plan de redressement", ""), ("Assurance-crédit", "Refusé", ""), ("Assurance-crédit", "8000", ""),
    ("Cotation Banque de France", "6", ""), ("Cotation Banque de France", "2+", ""), ("Date de création", "2015", ""),
    ("Taux de défaillance", "2 %", ""), ("Garantie", "caution bancaire", ""), ("Chiffre d'affaires", "1000", "2022"),
    *((name, "100", "2022") for name in ("Total actif", "Total des dettes", "Capitaux propres", "EBIT",
                                         "Fonds de roulement", "Réserves")),
])  # fmt: skip
ROWS = st.lists(st.tuples(st.sampled_from("BC"), KINDS, DAYS), min_size=1, max_size=12)


def answers(read: Facts, day: str) -> list[pd.DataFrame]:
    exposure = pd.Series({"B": 10.0, "C": 2000.0})
    frames = [every_cap(read, day), insurance_cover(read, day), latest_accounts(read, day),
              expert_opinion(read, day, exposure=exposure)]  # fmt: skip
    return [frame.assign(**{name: frame[name].map(str) for name in frame if frame[name].dtype == object})
            for frame in frames]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(ROWS, ROWS)
def test_what_becomes_known_later_never_changes_an_answer(known, later):
    """Of all facts those after the day dropped, or others put in their place: the same answers, to the bit."""
    day = pd.Timestamp("2023-12-31")
    rows = facts(*(f"{who}||{what}|{value}|{on}|x|||{year}" for who, (what, value, year), on in known + later)).rows
    known_then = rows["known_on"] <= day
    answered = answers(Facts(rows[known_then]), str(day.date()))
    moved = rows.assign(amount=rows["amount"] * 3, customer_id="A1").where(~known_then, rows).astype(rows.dtypes)
    for changed in (rows, moved):
        for one, other in zip(answered, answers(Facts(changed), str(day.date())), strict=True):
            pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_nothing_is_written_into_what_is_given():
    own, before = CUSTOMERS.copy(deep=True), CUSTOMERS.copy(deep=True)
    read = facts("B||Statut|radiée|12/03/2024|x", "C||Cotation|4+|12/03/2024|", customers=own)
    rows = read.rows.copy(deep=True)
    answers(read, "2024-12-31")
    pd.testing.assert_frame_equal(own, before)
    pd.testing.assert_frame_equal(read.rows, rows)


@pytest.mark.parametrize("function", [every_cap, external_caps, insurance_cover, latest_accounts, expert_opinion])
def test_no_facts_give_no_rows_and_every_column(function):
    read = facts("B||Statut|radiée|12/03/2024|x", "C||Assurance-crédit|Refusé|12/03/2024|x",
                 "C||EBIT|1|12/03/2024|x|||2022")  # fmt: skip
    assert list(function(no_facts(), "2024-12-31").columns) == list(function(read, "2024-12-31").columns)
    assert function(no_facts(), "2024-12-31").empty


# --- the sample --------------------------------------------------------------------------------------------------


def test_the_facts_of_the_sample_are_read_without_a_problem_and_agree_with_the_truth():
    """Five customers fail: each is overridden at the end, none by a judgment before its last payment."""
    ledger = sample_ledger("negoce")
    read = read_facts(samples_folder() / "negoce_facts.csv", customers=ledger.customers)
    truth = pd.read_csv(samples_folder() / "negoce_truth.csv").set_index("customer_id")
    failed = truth[truth["story"] == "insolvent"]
    judged = read.rows[read.rows["fact"] == "proceeding"].groupby("customer_id")["known_on"].min()
    assert read.problems == ()
    assert set(judged.index) == set(failed.index)
    waited = (judged - pd.to_datetime(failed["insolvent_on"])).dt.days
    assert waited.between(21, 60).all()
    caps = external_caps(read, "2025-12-31").set_index("customer_id")
    assert caps.loc[failed.index, "override"].all()
    assert set(read.rows["fact"]) >= {*LINES, "rating", "cover", "registry", "founded_on", "sector_failure_rate"}


def test_the_card_that_comes_with_arlib_has_a_hundred_points():
    assert sum(read_opinion_card().criteria.values()) == 100
    assert financial_scores(pd.DataFrame({"customer_id": []})).empty
