"""An aged balance without invoices: the same columns come back on its day, and its own totals are compared."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layouts import said, text, warned, workbook

from arlib import aged_balance, balance, proof, read_ledger
from arlib.errors import ArlibError
from arlib.readers.headings import recognise
from arlib.readers.reading import Reading, to_ledger
from arlib.readers.rows import movement_rows
from arlib.readers.rows.buckets import is_aged_balance, read_aged_balance
from arlib.readers.sources import Readable, gather
from arlib.readers.tables import read_table


def read(source: Readable, currency: str | None = None) -> Reading:
    raw = gather(source)[0]
    table = movement_rows(read_table(raw), recognise(read_table(raw).cells.columns))
    found = recognise(table.cells.columns)
    assert is_aged_balance(table, found)
    return read_aged_balance(raw, table, found, currency=currency)


def ledger_of(reading: Reading):
    return to_ledger([reading], terms=None, customers=None, rates=None, currency=None)


def doubts(reading: Reading) -> str:
    return " ".join(map(str, reading.source.warnings))


HEAD = ["Code client", "Client", "Non échu", "0-30 j", "31-60 j", "61-90 j", "+ de 90 j", "Total"]
TITLE = [["SARL EXEMPLE"], ["Balance âgée clients"], ["Arrêtée au 31/12/2024"]]
FRENCH = [
    *TITLE,
    HEAD,
    ["C1", "DUPONT", "1 000,00", "200,00", "", "", "50,00", "1 250,00"],
    ["C2", "TOTAL ENERGIES", "", "", "300,00", "5,00", "", "305,00"],
    ["", "Total général", "1 000,00", "200,00", "300,00", "5,00", "50,00", "1 555,00"],
]


def test_the_same_columns_come_back_on_the_day_of_the_list():
    reading = read(("balance.csv", text(FRENCH)))
    ledger = ledger_of(reading)
    assert ledger.covers[1] == pd.Timestamp("2024-12-31")
    aged = aged_balance(ledger).set_index("customer_id")
    columns = ["not_due", "1-30", "31-60", "61-90", "91+", "total"]
    assert aged.loc["C1", columns].tolist() == [1000, 200, 0, 0, 50, 1250]
    assert aged.loc["C2", columns].tolist() == [0, 0, 300, 5, 0, 305]
    assert balance(ledger) == 1555.00  # the report's own total
    assert proof(ledger)["ties"].all()
    assert set(ledger.items["kind"]) == {"opening"}
    assert set(ledger.items["due_source"]) == {"bucket"}
    assert ledger.items["reference"].tolist()[:3] == ["Non échu", "0-30 j", "+ de 90 j"]
    assert "no invoice is known. 5 amounts" in doubts(reading)
    assert "disagree" not in doubts(reading)


# Reports of several programs: the headings, and how many days late the items of each column come to be.
@pytest.mark.parametrize(
    ("headings", "days_late"),
    [
        (["Customer", "Current", "1-30", "31-60", "61-90", "Over 90"], [-1, 1, 31, 61, 91]),
        (["Kunde", "nicht fällig", "1 - 30 Tage", "31 - 60 Tage", "über 60 Tage"], [-1, 1, 31, 61]),
        (["Cliente", "Corriente", "1-30", "31-60", "Más de 60"], [-1, 1, 31, 61]),
        (["Ragione sociale", "A scadere", "0-30", "Oltre 30 gg"], [-1, 1, 31]),
        (["Contact", "Current", "< 1 Month", "1 Month", "Older"], [-1, 1, 31, 61]),
        (["Tiers", "À échoir", "Échu"], [-1, 1]),
    ],
    ids=lambda value: str(value[0]),
)
def test_reports_of_several_languages(headings, days_late):
    amounts = [2.0**power for power in range(len(headings) - 1)]
    content = workbook({"Aged": [["Situation au 31/12/2024"], headings, ["A", *amounts]]})
    items = read(("aged.xlsx", content)).items
    assert (pd.Timestamp("2024-12-31") - items["due_on"]).dt.days.tolist() == days_late
    assert items["amount"].tolist() == amounts


def test_the_day_comes_from_the_file_name_or_is_asked_for():
    rows = FRENCH[3:]
    assert read(("balance_agee_2024-12-31.csv", text(rows))).items["booked_on"].eq("2024-12-31").all()
    with pytest.raises(ArlibError, match="nothing says of which day") as caught:
        read(("balance.csv", text(rows)))
    assert "balance_2024-12-31.xlsx" in caught.value.text("fr")


def test_rows_that_do_not_add_up_are_listed_and_the_ages_are_read():
    wrong = [*FRENCH[:-2], ["C2", "B", "", "", "300,00", "", "", "310,00"]]
    reading = read(("b.csv", text(wrong)))
    assert "ages do not add up to their total: 1. row 6 (B): 310.00 written, 300.00 by ages" in doubts(reading)
    assert balance(ledger_of(reading)) == 1550.00


def test_credits_stay_in_their_column_and_are_not_settled_with_debts():
    rows = [*TITLE, ["Client", "Non échu", "1-30", "> 30"], ["A", "-40,00", "-", "100,00"]]
    ledger = ledger_of(read(("b.csv", text(rows))))
    assert ledger.matches.empty
    aged = aged_balance(ledger).iloc[0]
    assert (aged["31-60"], aged["unapplied"], aged["total"]) == (100, -40, 60)


def test_without_a_column_of_what_is_not_due_the_doubt_is_said():
    rows = [*TITLE, ["Client", "0-30", "31-60", "+ de 60"], ["A", "1,00", "2,00", "4,00"]]
    assert "may count from the invoice" in doubts(read(("b.csv", text(rows))))


def test_what_else_a_row_says_is_kept():
    rows = [*TITLE, ["Client", "Devise", "Région", "Non échu", "> 30"], ["A", "eur", "Nord", "1,00", "2,00"]]
    reading = read(("b.csv", text(rows)))
    assert (set(reading.items["Région"]), set(reading.items["currency"])) == ({"Nord"}, {"EUR"})
    marked = [*TITLE, ["Client", "Non échu (€)", "> 30 (€)"], ["A", "1,00", "2,00"]]
    assert set(read(("b.csv", text(marked))).items["currency"]) == {"EUR"}
    assert read(("b.csv", text(FRENCH)), currency="CHF").items["currency"].eq("CHF").all()


def test_cells_that_are_no_amounts_and_rows_without_a_customer_are_named():
    rows = [*TITLE, ["Client", "Non échu", "> 30"], ["A", "douze", "2,00"], ["B", "1,00", "x"]]
    with pytest.raises(ArlibError) as caught:
        read(("b.csv", text(rows)))
    assert [problem.place.row for problem in caught.value.problems] == [5, 6]


def test_a_balance_of_nothing_is_refused():
    with pytest.raises(ArlibError, match="no row below"):
        read(("b_2024-12-31.csv", text([["Client", "Non échu", "> 30"], ["A", "0,00", "-"]])))


def test_invoices_with_ages_beside_their_amount_are_compared():
    rows = [["Customer", "Invoice Date", "Outstanding Amount", "0-30", "31-60"],
            ["A", "2024-01-31", "10.00", "10.00", ""], ["B", "2024-01-31", "10.00", "", "9.00"]]  # fmt: skip
    table = read_table(gather(("d.csv", text(rows, ",")))[0])
    table = movement_rows(table, recognise(table.cells.columns))
    assert not is_aged_balance(table, recognise(table.cells.columns))
    assert "Rows whose ages do not add up to their amount: 1. row 3 (B): 10.00 written, 9.00 by ages" in warned(table)
    assert "added up" not in said(table)


CENTS = st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)


@given(
    rows=st.lists(st.tuples(CENTS, CENTS, CENTS, CENTS), min_size=1, max_size=8).filter(
        lambda rows: any(map(any, rows))
    )
)
def test_the_items_add_up_to_the_columns_whatever_the_amounts(rows):
    head = ["Client", "Non échu", "1-30", "31-60", "> 60"]
    written = [[f"Client {place}", *(f"{amount:.2f}" for amount in row)] for place, row in enumerate(rows)]
    reading = read(("balance_2024-12-31.csv", text([head, *written])))
    cents = sum(round(amount * 100) for row in rows for amount in row)
    assert round(reading.items["amount"].sum() * 100) == cents
    assert round(reading.controls["amount"].sum() * 100) == cents


UNHEADED = [["Ageing, 30 June 2024"], ["", "Current", "1 - 30", "31 and over", "Sum"], ["Ferme du Lac", 5, "", 7, 12]]


def test_a_first_column_without_heading_holds_the_customers():
    rows = [*UNHEADED, ["Zinc & Co", "", 3, -4, -1], ["TOTAL", 5, 3, 3, 11]]
    ledger = read_ledger(("a.xlsx", workbook({"S": rows})))
    assert balance(ledger) == 11.00
    assert set(ledger.customers["customer_id"]) == {"Ferme du Lac", "Zinc & Co"}
    notes = [["Client", "Date"], *[["Ferme du Lac", "2024-06-01"]] * 9]
    assert balance(read_ledger(("a.xlsx", workbook({"Relances": notes, "Report": rows})))) == 11.00


@pytest.mark.parametrize(
    "shares",
    [
        ["Percentage of total", 0.4545, 0.2727, 0.2727, 1],
        ["% du total", "45,45 %", "27,27 %", "27,27 %", "100 %"],
        ["Prozent vom Gesamtbetrag", 45.45, 27.27, 27.27, 100],
        ["In %", 0.4545, 0.2727, 0.2727, 1],
    ],
)
def test_percentages_of_the_total_are_no_customer(shares):
    rows = [*UNHEADED, ["Percent & Sons", "", 3, -4, -1], ["TOTAL", 5, 3, 3, 11], shares]
    ledger = read_ledger(("a.xlsx", workbook({"S": rows})))
    assert balance(ledger) == 11.00
    assert set(ledger.customers["customer_id"]) == {"Ferme du Lac", "Percent & Sons"}
    assert "disagree" not in " ".join(map(str, ledger.sources[0].warnings))


def test_percentages_beside_each_age_are_no_age():
    rows = [["Client", "Non échu", "Non échu %", "1-60", "1-60 (%)", "> 60", "Poids"], ["A", 10, 50, 4, 20, 6, 0.3]]
    ledger = read_ledger(("balance_2024-06-30.xlsx", workbook({"S": rows})))
    assert balance(ledger) == 20.00


def test_the_total_is_known_by_its_figures_whatever_its_heading():
    head = ["Client", "Non échu", "1-60", "> 60", "Encours"]
    rows = [head, ["A", 1, 2, 3, 6], ["B", 4, 5, 6, 15], ["C", 7, 8, 9, 34]]
    reading = read(("balance_2024-06-30.xlsx", workbook({"S": rows})))
    assert "row 4 (C): 34.00 written, 24.00 by ages" in doubts(reading)


def test_the_day_may_be_the_name_of_the_sheet_or_said_by_a_profile(tmp_path):
    rows = [["Client", "Non échu", "1-60"], ["A", 1, 2]]
    sheet = read_ledger(("balance_2023.xlsx", workbook({"Âgée 30.06.2024": rows})))
    assert sheet.covers[1] == pd.Timestamp("2024-06-30")
    profile = tmp_path / "mine.yaml"
    profile.write_text("stated_on: 2024-05-31\n", encoding="utf-8")
    told = read_ledger(("balance.xlsx", workbook({"S": rows})), profile=profile)
    assert told.covers[1] == pd.Timestamp("2024-05-31")
    with pytest.raises(ArlibError, match="Rename the file with the day in its name"):
        read_ledger(("balance.xlsx", workbook({"S": rows})))
    profile.write_text("stated_on: fin mai\n", encoding="utf-8")
    with pytest.raises(ArlibError, match="a day such as 2024-12-31"):
        read_ledger(("balance.xlsx", workbook({"S": rows})), profile=profile)


def test_what_stands_below_the_total_of_a_balance_is_no_customer():
    rows = [*UNHEADED, ["Zinc & Co", "", 3, -4, -1], ["TOTAL", 5, 3, 3, 11], ["Provision", "", "", 2, 2]]
    ledger = read_ledger(("a.xlsx", workbook({"S": rows})))
    assert balance(ledger) == 11.00
    assert "row 6: Provision | 2 | 2." in " ".join(map(str, ledger.sources[0].warnings))


AGES = ["Client", "Non échu", "0-30", "31-60", "Total"]


@pytest.mark.parametrize("last", ["Total", "Total général"])
def test_a_customer_called_total_is_no_total_where_it_adds_up_nothing(last):
    """10 + 5 of Durand, 3 + 4 of Total, 1 + 1 + 1 of Zeta: 25, as the last row says."""
    rows = [AGES, ["Durand", 10, 0, 5, 15], ["Total", 3, 4, 0, 7], ["Zeta", 1, 1, 1, 3], [last, 14, 5, 6, 25]]
    ledger = read_ledger(("balance 2024-12-31.csv", text(rows)))
    assert balance(ledger) == 25.0
    assert ledger.customers["customer_id"].tolist() == ["Durand", "Total", "Zeta"]
    assert "layout.not_totals" in [each.key for each in ledger.sources[0].warnings]


def test_a_total_that_differs_is_one_where_it_stands_last_without_a_number():
    rows = [AGES, ["Durand", 10, 0, 5, 15], ["Zeta", 1, 1, 1, 3], ["Total", 20, 1, 6, 27]]
    ledger = read_ledger(("balance 2024-12-31.csv", text(rows)))
    assert balance(ledger) == 18.0
    assert "layout.totals_differ" in [each.key for each in ledger.sources[0].warnings]
    coded = [["Code client", *AGES], ["C1", "Durand", 10, 0, 5, 15], ["C2", "Total", 20, 1, 6, 27]]
    assert balance(read_ledger(("balance 2024-12-31.csv", text(coded)))) == 42.0


def test_ages_in_whole_thousands_are_no_decimals():
    """1.250 beside 100: only as thousands do the ages make the total; alone, by the separator, with a warning."""
    rows = [AGES, ["Durand", "1.250", "250", "0", "1.500"], ["Zeta", "100", "1.100", "100", "1.300"]]
    ledger = read_ledger(("balance 2024-12-31.csv", text(rows)))
    assert balance(ledger) == 2800.0
    assert "read.mark" in [each.key for each in ledger.sources[0].reading]
    bare = [AGES[:-1], ["Durand", "1.250", "2.500", "0"], ["Zeta", "1.000", "1.100", "1.000"]]
    ledger = read_ledger(("balance 2024-12-31.csv", text(bare)))
    assert balance(ledger) == 6850.0
    assert "read.mark_perhaps" in [each.key for each in ledger.sources[0].warnings]
