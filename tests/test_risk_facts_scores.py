"""What external facts are worth: published scores, caps and overrides, insurance, and the opinion without history."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from arlib.errors import ArlibError
from arlib.risk.facts import (
    LINES,
    Facts,
    OpinionCard,
    every_cap,
    expert_opinion,
    external_caps,
    financial_scores,
    insurance_cover,
    latest_accounts,
    read_facts,
    read_opinion_card,
)
from arlib.risk.facts.caps import latest_ratings
from arlib.risk.facts.card import STANDARD
from arlib.words import LANGUAGES, has_word, say

DAY = "2025-12-31"
# Accounts of a made company: ratios 0.20 / 0.55 / 0.45 / 0.03 / 0.70 (Conan-Holder) and 0.10 / 0.20 / 0.08 / 0.90
# (Altman), those of the handbook's tests, section 6.6.
SOUND = {
    "ebitda": 100.0, "total_debt": 500.0, "permanent_capital": 550.0, "total_assets": 1000.0,
    "receivables_and_cash": 450.0, "financial_charges": 60.0, "sales": 2000.0, "staff_costs": 420.0,
    "value_added": 600.0, "working_capital": 100.0, "retained_earnings": 200.0, "ebit": 80.0, "equity": 450.0,
}  # fmt: skip


def accounts(**changes: float) -> pd.DataFrame:
    return pd.DataFrame([{"customer_id": "A", **SOUND, **changes}])


def facts(*rows: tuple[Any, ...]) -> Facts:
    """Facts of rows (customer, fact, value, known on, source, ends on, quota, year), those at the end left out."""
    names = ("customer id", "fact", "value", "known on", "source", "ends on", "quota", "year")
    full = [(*row, *[None] * (len(names) - len(row))) for row in rows]
    return read_facts(pd.DataFrame(full, columns=list(names), dtype=object))


def books(customer: str, year: int, **changes: float) -> list[tuple[Any, ...]]:
    lines = {**SOUND, **changes}
    return [(customer, name.replace("_", " "), value, f"{year + 1}-07-15", "x", None, None, year)
            for name, value in lines.items()]  # fmt: skip


# --- scores of accounts ------------------------------------------------------------------------------------------


def test_conan_holder_of_the_handbook():
    """0.24 × 0.20 + 0.22 × 0.55 + 0.16 × 0.45 − 0.87 × 0.03 − 0.10 × 0.70 = 0.1449 (handbook 6.6), not 14.49."""
    scored = financial_scores(accounts()).iloc[0]
    assert scored["conan_holder"] == pytest.approx(0.1449, abs=1e-12)
    assert scored["conan_holder_zone"] == "healthy"
    assert scored["conan_holder_note"] is None


def test_altman_of_the_handbook():
    """6.56 × 0.10 + 3.26 × 0.20 + 6.72 × 0.08 + 1.05 × 0.90 = 2.7906 (handbook 6.6).

    With the 6.5 that creditguru.com prints it would be 2.7846, with the constant of emerging markets 6.0406.
    """
    scored = financial_scores(accounts()).iloc[0]
    assert scored["altman_z"] == pytest.approx(2.7906, abs=1e-12)
    assert scored["altman_zone"] == "safe"


@pytest.mark.parametrize(
    ("charges", "zone"),
    [(60.0, "healthy"), (190.0, "watch"), (300.0, "watch"), (302.0, "danger")],
)
def test_zones_of_conan_holder(charges, zone):
    """Financial charges / sales of 0.095, 0.15 and 0.151 take 0.1449 to 0.0884, 0.0405 and 0.0396."""
    assert financial_scores(accounts(financial_charges=charges))["conan_holder_zone"].tolist() == [zone]


@pytest.mark.parametrize(("ebit", "zone"), [(80.0, "safe"), (51.0, "grey"), (-171.0, "grey"), (-172.0, "distress")])
def test_zones_of_altman(ebit, zone):
    """EBIT of 51, −171 and −172 take 2.7906 to 2.5957, 1.1038 and 1.0970."""
    assert financial_scores(accounts(ebit=ebit))["altman_zone"].tolist() == [zone]


@pytest.mark.parametrize("below", ["total_debt", "total_assets", "sales", "value_added"])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_what_divides_must_be_above_zero(below, value):
    """A value added below zero would turn staff costs into a merit; a zero into an infinite score."""
    scored = financial_scores(accounts(**{below: value})).iloc[0]
    assert np.isnan(scored["conan_holder"])
    assert scored["conan_holder_zone"] == ""
    assert scored["conan_holder_note"].key == "risk.facts.lines_not_above_zero"
    assert np.isnan(scored["altman_z"]) == (below in ("total_debt", "total_assets"))


@pytest.mark.parametrize("line", LINES)
def test_a_missing_line_is_named_and_never_taken_for_zero(line):
    scored = financial_scores(accounts(**{line: np.nan})).iloc[0]
    notes = [scored[name] for name in ("conan_holder_note", "altman_note") if scored[name] is not None]
    assert np.isnan(scored["conan_holder"]) or np.isnan(scored["altman_z"])
    assert {note.key for note in notes} == {"risk.facts.lines_missing"}
    assert all(say(f"risk.facts.line.{line}").text("fr") in note.text("fr") for note in notes)


def test_scores_do_not_change_with_the_unit_of_the_accounts():
    """In thousands of euros or in euros: ratios."""
    one = financial_scores(accounts())
    thousand = financial_scores(accounts(**{name: 1000 * value for name, value in SOUND.items()}))
    assert thousand["conan_holder"].tolist() == pytest.approx(one["conan_holder"].tolist())
    assert thousand["altman_z"].tolist() == pytest.approx(one["altman_z"].tolist())


def test_the_last_accounts_known_by_the_day_are_taken_and_old_ones_said():
    read = facts(*books("A", 2022), *books("A", 2024, ebitda=200.0))
    assert latest_accounts(read, "2025-07-14")["closed_on"].tolist() == [pd.Timestamp("2022-12-31")]
    assert latest_accounts(read, "2025-07-14")["too_old"].tolist() == [True]
    last = latest_accounts(read, "2025-07-15")
    assert (last["ebitda"][0], bool(last["too_old"][0])) == (200.0, False)
    assert last["conan_holder"][0] == pytest.approx(0.1449 + 0.24 * 0.2)
    assert latest_accounts(read, "2026-12-31")["too_old"].tolist() == [False]
    assert latest_accounts(read, "2027-01-01")["too_old"].tolist() == [True]


def test_a_corrected_line_replaces_that_line_alone():
    read = facts(*books("A", 2024), ("A", "sales", 4000.0, "2025-09-01", "y", None, None, 2024))
    assert latest_accounts(read, "2025-08-31")["sales"].tolist() == [2000.0]
    corrected = latest_accounts(read, "2025-09-01").iloc[0]
    assert (corrected["sales"], corrected["equity"]) == (4000.0, 450.0)
    assert corrected["known_on"] == pd.Timestamp("2025-09-01")


# --- caps and overrides ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "value", "cap", "override"),
    [
        ("status", "Redressement judiciaire", "E", True),
        ("status", "Sauvegarde", "E", True),
        ("status", "Liquidation judiciaire", "E", True),
        ("status", "Clôture pour insuffisance d'actif", "E", True),
        ("status", "Radiée", "E", True),
        ("status", "Plan de redressement", "D", False),
        ("status", "Plan de cession", "E", True),
        ("credit insurance", "refusé", "E", True),
        ("credit insurance", "withdrawn", "E", True),
        ("cotation Banque de France", "P", "E", True),
        ("cotation Banque de France", "6+", "D", False),
        ("cotation Banque de France", "5", "C", False),
    ],
)
def test_caps_by_fact(fact, value, cap, override):
    caps = external_caps(facts(("A", fact, value, "2025-03-12", "BODACC")), DAY).iloc[0]
    assert (caps["cap"], bool(caps["override"])) == (cap, override)
    english, french = caps["sentence"].text("en"), caps["sentence"].text("fr")
    assert "known on 2025-03-12" in english
    assert "source: BODACC" in english
    assert "information du 12/03/2025" in french
    assert "BODACC" in french


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("status", "Active"),
        ("status", "Aucune procédure"),
        ("credit insurance", 9000),
        ("cotation Banque de France", "4+"),
        ("status", "Clôture pour extinction du passif"),
    ],
)
def test_facts_that_cap_nothing(fact, value):
    assert every_cap(facts(("A", fact, value, "2024-03-12", "x")), DAY).empty


def test_the_last_known_status_stands_and_the_registry_does_not_hide_a_proceeding():
    read = facts(
        ("A", "status", "Redressement judiciaire", "2024-01-10", "x"),
        ("A", "status", "Active", "2024-02-01", "x"),
        ("A", "status", "Plan de redressement", "2024-12-10", "x"),
        ("A", "status", "Résolution du plan", "2025-06-10", "x"),
        ("A", "status", "Bonne exécution du plan", "2025-09-10", "x"),
    )
    caps = {day: external_caps(read, day)["value"].tolist()
            for day in ("2024-01-09", "2024-02-15", "2024-12-31", "2025-06-30", "2025-12-31")}  # fmt: skip
    assert list(caps.values()) == [[], ["reorganisation"], ["plan"], ["plan_broken"], []]


def test_the_strictest_cap_binds_and_all_are_listed():
    read = facts(
        ("A", "cotation Banque de France", "5+", "2024-09-10", "x"),
        ("A", "status", "Plan de sauvegarde", "2024-12-10", "x"),
        ("A", "credit insurance", "refused", "2025-01-10", "x"),
    )
    every = every_cap(read, DAY)
    assert list(zip(every["fact"], every["cap"], strict=True)) == [("cover", "E"), ("proceeding", "D"), ("rating", "C")]
    assert external_caps(read, DAY)["fact"].tolist() == ["cover"]


def test_accounts_cap_a_grade_until_they_are_too_old():
    """EBITDA −400: 0.1449 − 0.24 × 1.0 = −0.0951, danger; EBIT −300: 2.7906 − 6.72 × 0.38 = 0.2370, distress."""
    read = facts(*books("A", 2023, ebitda=-400.0, ebit=-300.0))
    caps = every_cap(read, DAY)
    assert list(zip(caps["fact"], caps["value"], caps["cap"], strict=True)) == [
        ("conan_holder", "danger", "C"), ("altman", "distress", "C"),
    ]  # fmt: skip
    assert "−0.0951" in caps["sentence"][0].text()
    assert "0.2370" in caps["sentence"][1].text()
    assert every_cap(read, "2026-01-01").empty


def test_every_cap_of_the_card_has_its_words():
    card = read_opinion_card()
    keys = {f"risk.facts.{fact}.{value}" for fact in ("registry", "proceeding", "cover") for value in card.caps[fact]}
    assert [key for key in keys if not has_word(key)] == []


def test_an_edited_card_is_followed(tmp_path):
    edited = STANDARD.read_text(encoding="utf-8").replace('refused = "override"', 'refused = "B"')
    path = tmp_path / "opinion.toml"
    path.write_text(edited, encoding="utf-8")
    caps = external_caps(facts(("A", "cover", "refused", "2025-01-10", "x")), DAY, card=read_opinion_card(path))
    assert caps[["cap", "override"]].to_numpy().tolist() == [["B", False]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('refused = "override"', 'refused = "F"', "caps.cover"),
        ("rating = 35", "rating = -35", "criteria"),
        ("enough = 30", 'enough = "beaucoup"', "known"),
        ("usual_quota = 0.9", "usual_quota = 90", "cover"),
        ("usual_quota = 0.9", "usual_quota = 0", "cover"),
        ("decision_months = 12", "decision_months = -1", "cover"),
        ("decision_months = 12", "", "cover"),
        ("healthy = 1.0", "healthy = 7", "shares.accounts"),
        ("[3, 0.3]", "[30, 0.3]", "lines.seniority"),
        ("[0, 0.78]", "[0, 1.0]", "p_late_30"),
        ("worst = 10", "worst = 1", "scales.allianz_trade"),
        ('"3++" = 1.0', '"3++" = 2.0', "scales.banque_de_france_2004"),
        ("[criteria]", "[critères]", "opinion.toml"),
        ("[criteria]", "[criterion]", "criterion"),
    ],
)
def test_a_card_with_a_slip_is_refused_with_the_section(tmp_path, old, new, told):
    path = tmp_path / "opinion.toml"
    path.write_text(STANDARD.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ArlibError, match=told):
        read_opinion_card(path)


# --- ratings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "agency", "known_on", "expected"),
    [
        ("4+", "", None, ("banque_de_france", "4+")),
        ("G4+", "", None, ("banque_de_france", "4+")),
        ("5 −", "Banque de France", None, ("banque_de_france", "5-")),
        ("8", "cotation BdF", "2024-01-01", ("banque_de_france", "8")),
        ("3+", "BdF", "2021-06-30", ("banque_de_france_2004", "3+")),
        ("3++", "BdF", "2024-01-01", ("banque_de_france_2004", "3++")),
        ("9", "BdF", None, ("banque_de_france_2004", "9")),
        ("1-", "BdF", "2021-06-30", ("banque_de_france", "1-")),
        ("P", "", None, ("banque_de_france", "P")),
        ("0", "Banque de France", None, ("banque_de_france", "0")),
        ("3", "Allianz Trade", None, ("allianz_trade", "3")),
        ("7", "COFACE (France)", None, ("coface", "7")),
        ("7", "", None, None),
        ("11", "Allianz Trade", None, None),
        ("3+", "Allianz Trade", None, None),
        ("4+", "mon cousin", None, None),
        ("A", "", None, None),
        ("²", "Coface", None, None),
    ],
)
def test_a_rating_is_of_the_scale_of_who_gave_it(written, agency, known_on, expected):
    assert read_opinion_card().rating(written, agency, known_on and pd.Timestamp(known_on)) == expected


def test_scales_run_from_their_best_to_their_worst():
    scales = read_opinion_card().scales
    assert (scales["coface"].share("10"), scales["coface"].share("0")) == (1.0, 0.0)
    assert (scales["allianz_trade"].share("1"), scales["allianz_trade"].share("10")) == (1.0, 0.0)
    assert [scales["coface"].cap(code) for code in ("10", "4", "3", "2", "0")] == ["", "", "C", "D", "D"]
    assert [scales["allianz_trade"].cap(code) for code in ("1", "7", "8", "9", "10")] == ["", "", "C", "D", "D"]
    for name in ("banque_de_france", "banque_de_france_2004"):
        shares = list(scales[name].codes.values())
        assert shares == sorted(shares, reverse=True)
        assert set(scales[name].caps) <= set(scales[name].codes)


def test_a_rating_on_the_new_scale_replaces_one_on_the_old():
    read = facts(("A", "cotation Banque de France", "6", "2021-09-01", "x"),
                 ("A", "cotation Banque de France", "3+", "2022-09-01", "x"))  # fmt: skip
    assert latest_ratings(read.on("2021-12-31"))["scale"].tolist() == ["banque_de_france_2004"]
    assert latest_ratings(read)["value"].tolist() == ["3+"]
    assert external_caps(read, "2021-12-31")["cap"].tolist() == ["D"]
    assert external_caps(read, DAY).empty


# --- insurance ---------------------------------------------------------------------------------------------------


def test_a_cover_lasts_to_the_end_of_its_last_day():
    read = facts(("A", "credit insurance", 9000, "2024-01-10", "x", "2025-06-30", "90 %"))
    last = insurance_cover(read, "2025-06-30").iloc[0]
    assert (last["decision"], last["insured_amount"], last["quota"]) == ("covered", 9000.0, 0.9)
    over = insurance_cover(read, "2025-07-01").iloc[0]
    assert (over["decision"], over["insured_amount"], over["agreed_amount"]) == ("expired", 0.0, 9000.0)
    assert insurance_cover(read, "2024-01-09").empty


def test_a_new_decision_replaces_the_one_before():
    read = facts(("A", "cover", 9000, "2024-01-10", "x"), ("A", "cover", "refusé", "2024-06-10", "x"),
                 ("A", "cover", 4000, "2025-01-10", "x"))  # fmt: skip
    found = {day: insurance_cover(read, day).iloc[0].to_dict() for day in ("2024-05-01", "2024-12-31", DAY)}
    told = [(each["decision"], each["insured_amount"]) for each in found.values()]
    assert told == [("covered", 9000.0), ("refused", 0.0), ("covered", 4000.0)]
    assert external_caps(read, DAY).empty


def test_a_refusal_forbids_for_twelve_months_and_a_new_cover_ends_it():
    """Known on 10 June 2024 it stands until 10 June 2025; the insurer's word stays, and an undated one stands."""
    refused = facts(("A", "cover", "refusé", "2024-06-10", "x"), ("B", "cover", "withdrawn", None, "x"))
    known = {
        day: external_caps(refused, day)["customer_id"].tolist() for day in ("2024-06-09", "2024-06-10", "2025-06-10")
    }
    assert list(known.values()) == [["B"], ["A", "B"], ["A", "B"]]
    assert external_caps(refused, "2025-06-11")["customer_id"].tolist() == ["B"]
    assert insurance_cover(refused, "2025-06-11")["decision"].tolist() == ["refused", "withdrawn"]
    told = external_caps(refused, "2025-01-01").iloc[0]
    assert told["stands_until"] == pd.Timestamp("2025-06-10")
    assert "valable jusqu'au 10/06/2025" in told["sentence"].text("fr")
    covered = facts(("A", "cover", "refusé", "2024-06-10", "x"), ("A", "cover", 4000, "2024-09-10", "x"))
    assert external_caps(covered, "2024-09-09")["cap"].tolist() == ["E"]
    assert external_caps(covered, "2024-09-10").empty


def test_an_insolvency_stands_until_a_newer_fact_however_old():
    read = facts(
        ("A", "status", "Liquidation judiciaire", "2004-06-10", "x"), ("B", "status", "Radiée", "1985-03-03", "x")
    )
    caps = external_caps(read, DAY)
    assert caps["override"].tolist() == [True, True]
    assert caps["stands_until"].isna().all()


@pytest.mark.parametrize(("written", "quota"), [("90 %", 0.9), ("0,9", 0.9), (90, 0.9), (0.9, 0.9), (1, 1.0)])
def test_quotas_as_people_write_them(written, quota):
    read = facts(("A", "cover", 9000, "2024-01-10", "x", None, written))
    assert insurance_cover(read, DAY)["quota"].tolist() == [quota]


# --- the opinion -------------------------------------------------------------------------------------------------


def test_points_by_hand():
    """Rating 4 (half of 35), founded 6.5 years before (0.65 of 10), transfer (0.3 of 15): 60 of 100 points known.

    17.5 + 6.5 + 4.5 = 28.5 of 60, so 47.5 of 100; between 45 (21 %) and 65 (8 %), by log-odds −1.3249 and −2.4423:
    −1.3249 − 1.1174 × 2.5 / 20 = −1.4646, a probability of 18.78 %.
    """
    read = facts(
        ("A", "cotation Banque de France", "4", "2024-09-10", "x"),
        ("A", "founded on", "2019-07-01", "2024-09-10", "x"),
        ("A", "payment method", "transfer", "2024-09-10", "x"),
    )
    opinion = expert_opinion(read, DAY).iloc[0]
    assert opinion["known_share"] == pytest.approx(0.6)
    assert opinion["seniority"] == pytest.approx(0.65, abs=0.001)
    assert opinion["points"] == pytest.approx(47.5, abs=0.02)
    assert opinion["p_late_30"] == pytest.approx(0.1878, abs=0.0002)
    assert opinion[["accounts", "sector", "size"]].isna().all()
    assert "not validated" in opinion["sentence"].text()
    assert "non validé" in opinion["sentence"].text("fr")


def test_points_on_the_scale_of_the_score():
    """An opinion of 45 or 65 points is a score of 45 or 65: 21 % and 8 % late (handbook 4.3)."""
    card = read_opinion_card()
    assert card.probability(np.array([45.0, 65.0, 80.0])).tolist() == pytest.approx([0.21, 0.08, 0.035])
    steps = card.probability(np.linspace(0, 100, 101))
    assert (np.diff(steps) < 0).all()
    assert np.isnan(card.probability(np.array([np.nan]))).all()


def test_more_points_never_mean_a_worse_opinion():
    codes = list(read_opinion_card().scales["banque_de_france"].codes)[:-1]  # P overrides
    read = facts(*((f"C{place:02d}", "cotation Banque de France", code, "2024-09-10", "x")
                   for place, code in enumerate(codes)))  # fmt: skip
    opinion = expert_opinion(read, DAY)
    assert opinion["p_late_30"].is_monotonic_increasing
    assert opinion["points"].iloc[[0, -1]].tolist() == [100.0, 0.0]


def test_too_little_known_is_no_opinion():
    opinion = expert_opinion(facts(("A", "founded on", 1998, "2024-09-10", "x")), DAY).iloc[0]
    assert opinion["known_share"] == pytest.approx(0.1)
    assert opinion[["points", "p_late_30"]].isna().all()
    assert opinion["sentence"].key == "risk.facts.no_opinion"


def test_a_gate_leaves_no_opinion_to_average():
    read = facts(("A", "cotation Banque de France", "1+", "2024-09-10", "x"),
                 ("A", "status", "Redressement judiciaire", "2025-01-10", "x"))  # fmt: skip
    assert expert_opinion(read, "2024-12-31")["points"].tolist() == [100.0]
    gated = expert_opinion(read, DAY).iloc[0]
    assert np.isnan(gated["points"])
    assert np.isnan(gated["p_late_30"])
    assert "reorganisation" in gated["sentence"].text()


def test_size_and_guarantees_of_an_amount_need_the_exposure():
    """Exposure of 100 on sales of 2,000 (5 %): half of the points; a guarantee of 25 covers a quarter of it."""
    read = facts(*books("A", 2024), ("A", "guarantee", 25, "2024-09-10", "x"))
    without = expert_opinion(read, DAY).iloc[0]
    assert without[["size", "guarantee"]].isna().all()
    given = expert_opinion(read, DAY, exposure=pd.Series({"A": 100.0, "Z": 5.0})).iloc[0]
    assert (given["size"], given["guarantee"], given["accounts"]) == (0.5, 0.25, 1.0)
    nothing = expert_opinion(read, DAY, exposure=pd.Series({"A": -40.0})).iloc[0]
    assert (nothing["size"], nothing["guarantee"]) == (1.0, 1.0)


def test_a_guarantee_that_ended_and_a_company_not_yet_founded_say_nothing():
    read = facts(("A", "guarantee", "bank guarantee", "2024-01-10", "x", "2025-06-30"),
                 ("A", "founded on", "2027-01-01", "2024-01-10", "x"),
                 ("A", "cotation Banque de France", "0", "2024-01-10", "x"),
                 ("A", "failure rate", "1 %", "2024-01-10", "x"))  # fmt: skip
    assert expert_opinion(read, "2025-06-30")["guarantee"].tolist() == [1.0]
    opinion = expert_opinion(read, DAY).iloc[0]
    assert opinion[["guarantee", "seniority", "rating"]].isna().all()
    assert opinion["sector"] == 1.0


def test_the_worst_of_several_agencies_counts():
    read = facts(("A", "rating", 9, "2024-01-10", "Coface"), ("A", "rating", 5, "2024-01-10", "Allianz Trade"))
    assert expert_opinion(read, DAY)["rating"].tolist() == [pytest.approx(5 / 9)]


def test_every_opinion_reads_in_both_languages():
    read = facts(*books("A", 2024), ("B", "status", "liquidation", "2024-01-10", "x"),
                 ("C", "rating", "3+", "2024-01-10", None))  # fmt: skip
    card: OpinionCard = read_opinion_card()
    for sentence in expert_opinion(read, DAY, card=card)["sentence"]:
        assert all(len(sentence.text(language)) > 20 for language in LANGUAGES)
