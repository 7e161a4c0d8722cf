"""Legal interest, ECB rates and penalty rates, against the published figures of handbook section J."""

import pandas as pd
import pytest

from arlib.errors import ArlibError
from arlib.law.dated import CONFIRMED, TO_CONFIRM
from arlib.law.rates import (
    RateTables,
    central_bank_rates,
    legal_interest_rates,
    penalty_rates,
    read_rate_tables,
)

OWN = "series,percent,valid_from,valid_to,source,checked_on,status\n"


def row_of(day, **given):
    return penalty_rates(day, **given).table.iloc[0]


def test_j3_second_half_of_2024():
    """J3 (bpifrance): refi 4.25, legal rate 4.92: default 14.25 %, floor 14.76 %, above the default."""
    row = row_of("2024-10-15")
    assert row["default_rate"] == pytest.approx(0.1425)
    assert row["floor_rate"] == pytest.approx(0.1476)
    assert (row["status"], row["carried"]) == (CONFIRMED, False)


@pytest.mark.parametrize(("day", "floor"), [("2025-09-01", 0.0828), ("2026-03-01", 0.0786), ("2019-03-01", 0.0258)])
def test_j5_and_j6_floors(day, floor):
    """J5 (legifiscal): 2.76 and 2.62 give 8.28 % and 7.86 %; J6 (etrepaye): 0.86 gives 2.58 %."""
    assert row_of(day)["floor_rate"] == pytest.approx(floor)


@pytest.mark.parametrize(
    ("day", "right", "published"),
    [("2024-03-01", 0.1450, 0.1507), ("2023-09-01", 0.1400, 0.1422), ("2024-10-01", 0.1425, 0.1365)],
)
def test_j7_and_j8_the_published_mistakes_are_not_ours(day, right, published):
    """FLAWED, trap 29: J7 takes the legal rate (5.07, 4.22) for the ECB's; J8 the refi of September for July's."""
    rate = row_of(day)["default_rate"]
    assert rate == pytest.approx(right)
    assert rate != pytest.approx(published)


def test_31_the_floor_is_never_taken_instead_of_the_default_rate():
    """Trap 31: in 2024 the floor was above the default rate (15.21 and 14.50 in the first half)."""
    row = row_of("2024-03-01")
    assert row["floor_rate"] == pytest.approx(0.1521)
    assert (row["rate"], row["basis"], row["below_floor"]) == (row["default_rate"], "default", False)


def test_a_contract_below_its_floor_counts_as_written_and_is_flagged():
    told = penalty_rates(["2024-03-01", "2019-03-01"], contract_rate=0.12)
    assert told.table["rate"].tolist() == [0.12, 0.12]
    assert told.table["basis"].tolist() == ["contract", "contract"]
    assert told.table["below_floor"].tolist() == [False, True]  # 2.58 % in 2019, 15.21 % in 2024
    assert "12.00%, is below the least the law allows, 15.21%" in told.notes[-1].text()


def test_a_contract_at_its_floor_is_not_below_it():
    assert not row_of("2024-03-01", contract_rate=3 * 0.0507)["below_floor"]
    assert row_of("2024-03-01", contract_rate=3 * 0.0507 - 1e-6)["below_floor"]


@pytest.mark.parametrize("rate", [12.0, 1.0, -0.01, float("nan")])
def test_a_contract_rate_is_a_share(rate):
    with pytest.raises(ArlibError, match=r"written 0\.12 for 12%"):
        penalty_rates("2024-03-01", contract_rate=rate)


def test_40_past_the_last_rate_the_last_one_counts_with_a_note():
    """Trap 40: no rate of the second half of 2026 was found."""
    told = penalty_rates("2026-11-22")
    assert told.table["default_rate"].iloc[0] == pytest.approx(0.1215)
    assert told.table["carried"].tolist() == [True]
    assert told.table["status"].tolist() == [TO_CONFIRM]
    carried = [note.text() for note in told.notes if note.key == "law.dated.carried"]
    assert len(carried) == 2  # the ECB's and the legal rate
    assert all("rate of 2026 H2 missing, using 2026 H1" in text for text in carried)


def test_a_rate_found_later_ends_the_note():
    text = OWN + "ecb_refi,2.40,2026-07-01,2026-12-31,mine,2026-11-22,confirmed\n"
    told = penalty_rates("2026-11-22", tables=read_rate_tables(central_bank=("mine.csv", text.encode())))
    assert told.table["default_rate"].iloc[0] == pytest.approx(0.1240)
    assert told.table["status"].tolist() == [CONFIRMED]
    assert [note.key for note in told.notes] == ["law.dated.carried"]  # the legal rate, of the floor


def test_a_rate_until_further_notice_counts_whatever_is_shipped_after_it():
    """3.00 from 2020 on, then 3.50 from July 2025: the shipped rows of 2021 to 2026 no longer count."""
    own = OWN + "ecb_refi,3.00,2020-01-01,,me,2026-11-22,confirmed\necb_refi,3.50,2025-07-01,,me,2026-11-22,confirmed"
    tables = read_rate_tables(central_bank=("own.csv", own.encode()))
    found = penalty_rates(["2019-12-01", "2024-03-01", "2026-03-15", "2026-10-01"], tables=tables).table
    assert found["reference_rate"].tolist() == [0.0, 0.03, 0.035, 0.035]
    assert found["carried"].tolist() == [False] * 4


def test_a_rate_with_a_last_day_leaves_the_others():
    own = OWN + "ecb_refi,3.00,2024-01-01,2024-06-30,me,2026-11-22,confirmed"
    tables = read_rate_tables(central_bank=("own.csv", own.encode()))
    found = penalty_rates(["2024-03-01", "2024-10-01"], tables=tables).table
    assert found["reference_rate"].tolist() == [0.03, 0.0425]


@pytest.mark.parametrize("percent", ["0.0215", "200", "-50"])
def test_percents_nobody_means_are_refused(percent):
    own = OWN + f"ecb_refi,{percent},2026-07-01,2026-12-31,me,2026-11-22,confirmed"
    with pytest.raises(ArlibError, match=percent):
        read_rate_tables(central_bank=("own.csv", own.encode()))


@pytest.mark.parametrize("percent", ["0.05", "-0.88", "0", "4.25"])
def test_percents_rates_have_been_are_taken(percent):
    own = OWN + f"ecb_refi,{percent},2026-07-01,2026-12-31,me,2026-11-22,confirmed"
    tables = read_rate_tables(central_bank=("own.csv", own.encode()))
    assert row_of("2026-10-01", tables=tables)["reference_rate"] == pytest.approx(float(percent) / 100)


def test_points_are_no_shares():
    columns = RateTables().countries.columns
    row = dict(zip(columns, RateTables().countries.query("country == 'FR' and buyer == 'public'").iloc[0], strict=True))
    with pytest.raises(ArlibError, match=r"0\.08"):
        read_rate_tables(countries=pd.DataFrame([row | {"points": 0.08}]))


def test_rates_to_be_confirmed_say_so():
    told = penalty_rates(["2019-03-01", "2024-03-01"])
    assert told.table["status"].tolist() == [TO_CONFIRM, CONFIRMED]
    assert "ECB main refinancing rate: to be confirmed (2019 H1)." in [note.text() for note in told.notes]


def test_half_years_are_given_once_in_their_order():
    days = pd.Series(pd.to_datetime(["2025-03-01", None, "2024-12-31", "2025-06-30"]))
    told = penalty_rates(days).table
    assert told["first_on"].tolist() == [pd.Timestamp("2024-07-01"), pd.Timestamp("2025-01-01")]
    assert told["last_on"].tolist() == [pd.Timestamp("2024-12-31"), pd.Timestamp("2025-06-30")]
    assert len(penalty_rates([]).table) == 0


def test_legal_interest_of_professionals_and_consumers():
    """Handbook 4.3; before 2015 one rate a year for all."""
    professionals, consumers = legal_interest_rates(), legal_interest_rates("consumers")
    for day, rate, private in [
        ("2026-06-30", 0.0262, 0.0667),
        ("2023-07-01", 0.0422, 0.0682),
        ("2019-01-01", 0.0086, 0.0340),  # aeccompta.com prints 0.76
        ("2018-06-30", 0.0089, 0.0373),  # and 0.88
        ("2015-01-01", 0.0093, 0.0406),
        ("2014-12-31", 0.0004, 0.0004),
        ("2009-01-01", 0.0379, 0.0379),
    ]:
        assert professionals.on(day).rate[0] == pytest.approx(rate)
        assert consumers.on(day).rate[0] == pytest.approx(private)
    assert pd.isna(professionals.on("2008-12-31").rate[0])


def test_every_half_year_since_2009_and_2012_is_there():
    days = pd.Series(pd.date_range("2009-01-01", "2026-06-30", freq="D"))
    for rates, first in [(legal_interest_rates(), "2009"), (legal_interest_rates("consumers"), "2009")]:
        assert not rates.on(days[days >= first]).carried.any()
    later = days[days >= "2012"]
    known = central_bank_rates().on(later)
    assert not known.carried.any()
    assert pd.notna(known.rate).all()


def test_the_central_banks_rate_is_that_of_the_first_day_of_the_half_year():
    rates = central_bank_rates()
    assert rates.on("2024-06-30").rate[0] == pytest.approx(0.0450)  # cut to 4.25 on 12 June 2024
    assert rates.on("2024-12-31").rate[0] == pytest.approx(0.0425)  # 3.65 since 18 September


def test_public_buyers_and_other_countries_are_to_be_confirmed():
    public = penalty_rates("2024-03-01", buyer="public")
    assert public.table["default_rate"].iloc[0] == pytest.approx(0.1250)  # ECB + 8 points
    assert public.table["status"].tolist() == [TO_CONFIRM]
    assert public.table["floor_rate"].isna().all()
    for country in ("BE", "ES", "IT", "NL", "PT", "IE", "LU"):
        row = row_of("2024-03-01", country=country)
        assert (row["default_rate"], row["status"]) == (pytest.approx(0.1250), TO_CONFIRM)


def test_germany_has_no_rate_until_its_base_rate_is_given():
    told = penalty_rates("2024-03-01", "DE")
    assert told.table["rate"].isna().all()
    assert any("Base rate of the Bundesbank: no rate for 2024 H1" in note.text() for note in told.notes)
    text = OWN + "de_base_rate,3.62,2024-01-01,2024-06-30,mine,2026-11-22,confirmed\n"
    given = read_rate_tables(central_bank=("mine.csv", text.encode()))
    assert row_of("2024-03-01", country="de", tables=given)["rate"] == pytest.approx(0.1262)


def test_unknown_countries_and_series_are_refused_with_those_known():
    with pytest.raises(ArlibError, match=r"XX, companies; countries known: BE, DE, ES, FR"):
        penalty_rates("2024-03-01", "XX")
    with pytest.raises(ArlibError, match="there are: consumers, professionals"):
        legal_interest_rates("pros")


def test_every_shipped_row_has_its_evidence():
    tables = RateTables()
    for entries in (tables.legal_interest, tables.central_bank, tables.countries):
        assert entries[["valid_from", "source", "checked_on", "status"]].notna().all(axis=None)
        assert set(entries["status"]) <= {CONFIRMED, TO_CONFIRM}
        assert not (entries["source"].str.contains("general knowledge") & (entries["status"] == CONFIRMED)).any()


def test_a_country_of_ones_own_completes_the_table_and_its_words_are_checked():
    headings = (
        "country,buyer,default_days,cap_days,points,reference,floor_multiple,fixed_amount,fixed_per,currency,"
        "valid_from,valid_to,source,checked_on,status\n"
    )
    row = "AT,company,30,60,9.2,ecb_refi,,40,instalment,EUR,2013-03-16,,mine,2026-11-22,confirmed\n"
    tables = read_rate_tables(countries=("own.csv", (headings + row).encode()))
    assert row_of("2024-03-01", country="AT", tables=tables)["rate"] == pytest.approx(0.1370)
    assert row_of("2024-03-01", tables=tables)["rate"] == pytest.approx(0.1450)
    with pytest.raises(ArlibError, match="Column fixed_per says month, and knows only invoice, instalment"):
        read_rate_tables(countries=("own.csv", (headings + row.replace("instalment", "month")).encode()))
