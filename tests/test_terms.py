"""Payment terms: due dates against published examples (handbook section K), texts in use, round trips."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib import END_OF_MONTH_45, END_OF_MONTH_THEN_45, NET_30, NET_60, ON_RECEIPT, ArlibError, PaymentTerms
from arlib.terms import EndOfMonth


def due(terms: PaymentTerms, day: str) -> str:
    return terms.due_dates(pd.Series(pd.to_datetime([day])))[0].strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    ("terms", "issued", "expected"),
    [
        (END_OF_MONTH_THEN_45, "2023-01-15", "2023-03-17"),  # K1, solon.law: reading A
        (END_OF_MONTH_45, "2023-01-15", "2023-03-31"),  # K2: reading B
        (END_OF_MONTH_THEN_45, "2009-01-12", "2009-03-17"),  # K4 corrected: the page prints 15 March
        (ON_RECEIPT, "2026-04-10", "2026-04-10"),  # K6, getlago.com
        (NET_30, "2026-04-10", "2026-05-10"),
        (PaymentTerms(0, "after_days"), "2026-04-10", "2026-04-30"),
        (PaymentTerms(30, "before_days"), "2026-04-10", "2026-05-30"),
        (NET_30, "2024-08-01", "2024-08-31"),  # K7, zuora.com
        (PaymentTerms(15), "2024-08-01", "2024-08-16"),
        (PaymentTerms(21), "2026-07-30", "2026-08-20"),  # K9
        (PaymentTerms(14, "before_days"), "2026-07-30", "2026-08-14"),
        (PaymentTerms(30, "after_days", 10), "2024-01-15", "2024-03-10"),  # 14 Feb, 29 Feb, the 10th that follows
        (PaymentTerms(30, "after_days", 31), "2024-01-15", "2024-03-31"),
        (PaymentTerms(0, "after_days", 30), "2024-01-15", "2024-02-29"),  # a month too short pays on its last day
        (PaymentTerms(30, "none", 10), "2024-01-11", "2024-02-10"),  # a day of payment itself is not put off
        (PaymentTerms(30, "none", 10), "2024-01-12", "2024-03-10"),
        (PaymentTerms(30, "before_days", 10), "2024-01-15", "2024-03-10"),  # 31 Jan + 30 = 1 March
        (END_OF_MONTH_45, "2024-01-31", "2024-03-31"),  # 31 January + 45 = 16 March of a leap year
    ],
)
def test_due_dates_are_those_published(terms, issued, expected):
    assert due(terms, issued) == expected


def test_both_readings_of_45_days_end_of_month_over_a_year():
    """Invoices on every day of 2023: 45 to 75 days in both, means 59.72 and 59.76 (K5)."""
    days = pd.Series(pd.date_range("2023-01-01", "2023-12-31"))
    for terms, mean in ((END_OF_MONTH_THEN_45, 59.72), (END_OF_MONTH_45, 59.76)):
        granted = (terms.due_dates(days) - days).dt.days
        assert (granted.min(), granted.max()) == (45, 75)
        assert granted.mean() == pytest.approx(mean, abs=0.005)
    ends = pd.Series(pd.date_range("2023-01-31", "2023-12-31", freq="ME"))
    assert set((END_OF_MONTH_THEN_45.due_dates(ends) - ends).dt.days) == {45}
    assert set((END_OF_MONTH_45.due_dates(ends) - ends).dt.days) <= {59, 60, 61, 62}


@pytest.mark.parametrize(
    ("text", "days", "end_of_month"),
    [
        ("30 jours nets", 30, "none"),
        ("60 jours date de facture", 60, "none"),
        ("30J_NET", 30, "none"),
        ("Net 60", 60, "none"),
        ("À réception", 0, "none"),
        ("paiement à réception de facture", 0, "none"),
        ("Due upon receipt", 0, "none"),
        ("45 jours fin de mois", 45, "after_days"),
        ("45J FDM", 45, "after_days"),
        ("30 days end of month", 30, "after_days"),
        ("fin de mois 45 jours", 45, "before_days"),
        ("FDM 30", 30, "before_days"),
        ("30 jours après la fin de mois", 30, "before_days"),
        ("fin de mois", 0, "after_days"),
    ],
)
def test_texts_in_use_are_read(text, days, end_of_month):
    assert PaymentTerms.parse(text) == PaymentTerms(days, end_of_month)


def test_the_reading_of_end_of_month_can_be_chosen():
    assert PaymentTerms.parse("45 jours fin de mois", end_of_month="before_days") == END_OF_MONTH_THEN_45
    assert PaymentTerms.parse("45 jours, puis fin de mois", end_of_month="before_days") == END_OF_MONTH_45


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("30 jours fin de mois le 15", PaymentTerms(30, "after_days", 15)),
        ("30JRFDM10", PaymentTerms(30, "after_days", 10)),
        ("0fm10", PaymentTerms(0, "after_days", 10)),
        ("45JRNET", PaymentTerms(45)),
        ("15JRFDM", PaymentTerms(15, "after_days")),
        ("fin de mois 45 jours le 10", PaymentTerms(45, "before_days", 10)),
        ("30 days end of month on the 10th", PaymentTerms(30, "after_days", 10)),
    ],
)
def test_a_day_of_the_month_and_the_codes_of_french_software_are_read(text, terms):
    assert PaymentTerms.parse(text) == terms


@pytest.mark.parametrize("text", ["30 jours le 32", "2/10 net 30", "50 and 50", "NAA8", "", "demain"])
def test_a_text_is_never_understood_in_part(text):
    with pytest.raises(ArlibError, match="not understood"):
        PaymentTerms.parse(text)


@given(
    st.integers(0, 366),
    st.sampled_from(["none", "after_days", "before_days"]),
    st.integers(0, 31),
    st.sampled_from(["en", "fr"]),
)
def test_terms_print_and_read_back(days, end_of_month, day, language):
    terms = PaymentTerms(days, end_of_month, day)
    assert PaymentTerms.parse(terms.label(language)) == terms


@pytest.mark.parametrize(("days", "end_of_month"), [(-1, "none"), (367, "none"), (30, "sometimes")])
def test_impossible_terms_cannot_be_built(days, end_of_month: EndOfMonth):
    with pytest.raises(ArlibError, match="cannot be"):
        PaymentTerms(days, end_of_month)


def test_missing_dates_stay_missing_and_the_index_is_kept():
    issued = pd.Series(pd.to_datetime(["2026-04-10", None]), index=[7, 3])
    dues = NET_60.due_dates(issued)
    assert dues.index.tolist() == [7, 3]
    assert dues.tolist() == [pd.Timestamp("2026-06-09"), pd.NaT]
    assert issued.equals(pd.Series(pd.to_datetime(["2026-04-10", None]), index=[7, 3]))


def test_texts_found_in_the_field_are_read_by_their_rule_or_refused(shared_data):
    """Real texts with the rule known: read to that rule, or named as not understood, never to another."""
    read = 0
    for text, days, month_end, day in _known_rules(shared_data / "payment_terms_strings.csv"):
        try:
            terms = PaymentTerms.parse(text)
        except ArlibError:
            continue
        assert (terms.days, terms.end_of_month, terms.day_of_month) == (days, month_end, day), text
        read += 1
    assert read >= 54


def _known_rules(path: Path) -> Iterator[tuple[str, int, str, int]]:
    readings = {"": "none", "y": "after_days", "first": "before_days"}
    with path.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            plain = row["rule_kind"] in ("net", "end of month") and not row["discount"]
            if plain and row["net_days"].isdigit() and row["language"] != "code":
                yield (
                    row["term"],
                    int(row["net_days"]),
                    readings[row["end_of_month"]],
                    int(float(row["day_of_month"] or 0)),
                )
