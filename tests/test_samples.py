"""The samples are what their data card says: the same on each run, exact, and true to the laws they were drawn from.

Nothing here reads a sample through arlib: files are read with `csv`, `zipfile` and `pyarrow`, and the figures they
must give are those of `expected.csv`, itself made from the events and not from the files.
"""

import csv
import hashlib
import os
import re
import subprocess
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from xml.etree.ElementTree import canonicalize
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest

from arlib.errors import ArlibError
from arlib.samples import load_sample, samples_folder
from arlib.samples.business_days import business_day_after, easter, end_of_month, french_holidays, is_business_day
from arlib.samples.customers import END_OF_MONTH_45, NET_60, ON_RECEIPT
from arlib.samples.events import Allocation, Customer, History, Movement
from arlib.samples.expected import aged, countback_days, open_on, sales_between
from arlib.samples.groupe import make_groupe, write_groupe
from arlib.samples.making import expected_days
from arlib.samples.negoce import make_negoce
from arlib.samples.sales import due_day

LAST_DAY = date(2025, 12, 31)
FEC = "999999999FEC20251231.txt"
OF_NEGOCE = (  # as French software writes
    *("negoce.csv", "negoce_clients.csv", "negoce_facts.csv", "negoce_orders.csv", "negoce_bank.csv"),
)
OF_BANK = ("negoce_bank_truth.csv", "negoce_bank_unknown.csv")
TEXTS = (FEC, "expected.csv", "groupe_rates.csv", *OF_NEGOCE, "negoce_truth.csv", *OF_BANK)
COMMITTED = samples_folder()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The samples made once more, by a process with another hash seed in another time zone than any before."""
    folder = tmp_path_factory.mktemp("samples")
    told = subprocess.run(
        [sys.executable, "-m", "arlib.samples", str(folder)],
        env=os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Pacific/Auckland"},
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    assert len(told.splitlines()) == len(list(folder.iterdir()))
    return folder


@pytest.fixture(scope="module")
def negoce():
    return make_negoce()


@pytest.fixture(scope="module")
def customers(negoce):
    return {customer.code: customer for customer in negoce.customers}


@pytest.fixture(scope="module")
def ledger_rows():
    with (COMMITTED / "negoce.csv").open(encoding="cp1252", newline="") as table:
        return list(csv.DictReader(table, delimiter=";"))


@pytest.fixture(scope="module")
def fec_rows():
    lines = (COMMITTED / FEC).read_bytes().decode("iso-8859-15").split("\r\n")
    assert lines.pop() == ""
    headings, *rows = (line.split("\t") for line in lines)
    return [dict(zip(headings, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def expected():
    with (COMMITTED / "expected.csv").open(encoding="utf-8", newline="") as table:
        return {
            (row["sample"], row["as_of"], row["measure"], row["key"]): Decimal(row["value"])
            for row in csv.DictReader(table)
        }


def french_amount(text):
    return Decimal(text.replace("\u00a0", "").replace(",", ".") or 0)


def french_day(text):
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no time zone


# --- the same bytes on each run, and those committed -------------------------------------------------------------


def test_another_process_with_another_hash_seed_makes_every_file(fresh):
    made = {path.name for path in fresh.iterdir()}
    assert made == {path.name for path in COMMITTED.iterdir() if path.suffix != ".md"}
    assert made == {*TEXTS, "negoce.xlsx", "groupe.parquet"}


@pytest.mark.parametrize("name", TEXTS)
def test_committed_text_is_what_the_generator_makes(fresh, name):
    assert (COMMITTED / name).read_bytes() == (fresh / name).read_bytes()


def test_committed_workbook_has_the_content_the_generator_makes(fresh):
    """Its parts once decompressed: another zlib packs otherwise; as canonical XML where another serialiser wrote it."""
    with ZipFile(COMMITTED / "negoce.xlsx") as committed, ZipFile(fresh / "negoce.xlsx") as made:
        assert [(part.filename, part.date_time) for part in committed.infolist()] == [
            (part.filename, part.date_time) for part in made.infolist()
        ]
        for part in made.namelist():
            if part != "docProps/app.xml":  # holds the version of openpyxl
                before, now = committed.read(part), made.read(part)
                assert before == now or canonicalize(before) == canonicalize(now), part


def test_committed_parquet_has_the_rows_the_generator_makes(fresh):
    assert pq.read_table(COMMITTED / "groupe.parquet").equals(pq.read_table(fresh / "groupe.parquet"))


def test_the_parquet_file_has_the_same_bytes_made_here(fresh, tmp_path):
    write_groupe(tmp_path / "groupe.parquet", make_groupe())
    assert (tmp_path / "groupe.parquet").read_bytes() == (fresh / "groupe.parquet").read_bytes()


def test_samples_stay_small_enough_to_clone():
    assert sum(path.stat().st_size for path in COMMITTED.iterdir()) < 8.5e6


# --- the calendar and the terms ----------------------------------------------------------------------------------


def test_easter_of_known_years():
    """Dates of Easter Sunday as published in almanacs."""
    assert [easter(year) for year in (2000, 2023, 2024, 2025, 2038)] == [
        date(2000, 4, 23), date(2023, 4, 9), date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25),
    ]  # fmt: skip


def test_public_holidays_and_bridges():
    """2024: Ascension on 9 May, the day after Victory Day; 10 May is a working Friday."""
    assert len(french_holidays(2024)) == 11
    assert business_day_after(date(2024, 5, 7)) == date(2024, 5, 10)
    assert end_of_month(date(2024, 2, 1)) == date(2024, 2, 29)
    assert end_of_month(date(2024, 12, 31)) == date(2024, 12, 31)


def test_due_days():
    """Example K2 of the handbook: 15 January + 45 days is 1 March, then the end of March."""
    assert due_day(END_OF_MONTH_45, date(2023, 1, 15)) == date(2023, 3, 31)
    assert due_day(NET_60, date(2023, 1, 15)) == date(2023, 3, 16)
    assert due_day(ON_RECEIPT, date(2023, 1, 15)) == date(2023, 1, 15)


# --- the truth is counted right ----------------------------------------------------------------------------------


def movement(number, kind, day, cents, due=None):
    return Movement(number, kind, f"P{number}", "C1", "S", day, due, cents)


@pytest.fixture
def small():
    """One customer.

    | number | kind        | day   | due        | euros |
    |--------|-------------|-------|------------|-------|
    | 1      | invoice     | 01-10 | 2024-01-31 | 100   |
    | 2      | invoice     | 02-10 | 2024-03-01 | 50    |
    | 3      | payment     | 03-05 |            | -60   | pays 60 of the first
    | 4      | credit note | 03-20 | 2024-03-20 | -10   | pays nothing
    """
    movements = (
        movement(1, "invoice", date(2024, 1, 10), 10000, date(2024, 1, 31)),
        movement(2, "invoice", date(2024, 2, 10), 5000, date(2024, 3, 1)),
        movement(3, "payment", date(2024, 3, 5), -6000),
        movement(4, "credit_note", date(2024, 3, 20), -1000, date(2024, 3, 20)),
    )
    return History(movements, (Allocation(1, 3, 6000, date(2024, 3, 5)),))


def test_open_items_and_buckets_by_hand(small):
    """On 31 March the first is 60 days late with 40 left, the second 30 days late, the credit note apart."""
    march = open_on(small, date(2024, 3, 31))
    assert [(line.movement.number, line.cents) for line in march] == [(1, 4000), (2, 5000), (4, -1000)]
    assert list(aged(march, date(2024, 3, 31)).values()) == [0, 5000, 4000, 0, 0, -1000]
    assert list(aged(open_on(small, date(2024, 4, 1)), date(2024, 4, 1)).values()) == [0, 0, 5000, 4000, 0, -1000]
    assert [line.cents for line in open_on(small, date(2024, 3, 4))] == [10000, 5000]


def test_countback_by_hand(small):
    """31 March: 80 owed; March sold -10, so no answer. End of February: 150 is all of 50 (29 days) and all of 100.

    The books begin on 10 January: what was sold in January was sold in 22 days.
    """
    assert countback_days(small, date(2024, 3, 31)) is None
    assert countback_days(small, date(2024, 2, 29)) == 29 + 22
    assert sales_between(small, date(2024, 1, 10), date(2024, 3, 20)) == 4000


def test_countback_of_the_handbook():
    """Example C1: 2,500 owed at 30 November; 1,200, 800 and 700 sold in November, October, September: 82.4286."""
    sold = (
        (date(2024, 7, 1), 10000),
        (date(2024, 9, 5), 70000),
        (date(2024, 10, 5), 80000),
        (date(2024, 11, 5), 120000),
    )
    invoices = [movement(number, "invoice", day, cents, day) for number, (day, cents) in enumerate(sold, start=1)]
    paid = movement(5, "payment", date(2024, 11, 6), -30000)
    history = History((*invoices, paid), (Allocation(1, 5, 10000, paid.day), Allocation(2, 5, 20000, paid.day)))
    assert float(countback_days(history, date(2024, 11, 30))) == pytest.approx(82.4286, abs=1e-4)


# --- négoce: what the files say ----------------------------------------------------------------------------------


def test_csv_sums_to_the_expected_balance_on_every_day(ledger_rows, expected):
    signed = [
        (french_day(row["Date"]), french_amount(row["Débit"]) - french_amount(row["Crédit"])) for row in ledger_rows
    ]
    for day in expected_days(2023):
        assert sum(amount for booked, amount in signed if booked <= day) == expected["negoce", str(day), "balance", ""]


def test_buckets_sum_to_the_balance(expected):
    for sample, as_of, measure, _ in [key for key in expected if key[2] == "balance"]:
        buckets = [value for key, value in expected.items() if key[:3] == (sample, as_of, "aged_balance")]
        assert len(buckets) == 6
        assert sum(buckets) == expected[sample, as_of, measure, ""]


def test_fifo_inside_the_lettering_gives_the_true_open_amounts_on_any_day(ledger_rows, negoce):
    """The file alone, lettered group by lettered group, first in first out by (due date, date, row), day by day.

    For each of these days only what was booked by then is allocated, as somebody would have done on that day.
    """
    groups = defaultdict(list)
    for number, row in enumerate(ledger_rows, start=1):
        key = (row["Code client"], row["Lettrage"]) if row["Lettrage"] else number
        due = french_day(row["Échéance"]) if row["Échéance"] else date.max
        cents = int((french_amount(row["Débit"]) - french_amount(row["Crédit"])) * 100)
        groups[key].append((due, french_day(row["Date"]), number, cents))
    for as_of in (*expected_days(2023), date(2023, 6, 1), date(2024, 7, 19), date(2025, 9, 9)):
        left = {}
        for lines in groups.values():
            booked = sorted(line for line in lines if line[1] <= as_of)
            credit = -sum(cents for *_, cents in booked if cents < 0)
            for *_, number, cents in [line for line in booked if line[3] > 0]:
                left[number] = cents - min(cents, credit)
                credit -= min(cents, credit)
            if credit:
                assert all(cents < 0 for *_, cents in booked)  # a credit waits only where there is no debit yet
        opened = {line.movement.number: line.cents for line in open_on(negoce, as_of) if line.cents > 0}
        assert {number: cents for number, cents in left.items() if cents} == opened


def test_no_lettered_group_is_overpaid(ledger_rows):
    sums, sizes = defaultdict(Decimal), defaultdict(int)
    for row in ledger_rows:
        if row["Lettrage"]:
            key = row["Code client"], row["Lettrage"]
            sums[key] += french_amount(row["Débit"]) - french_amount(row["Crédit"])
            sizes[key] += 1
    assert min(sums.values()) == 0
    assert min(sizes.values()) >= 2
    partial = sum(1 for residual in sums.values() if residual > 0)
    assert 10 <= partial <= 100


def test_csv_is_french(ledger_rows):
    raw = (COMMITTED / "negoce.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == len(ledger_rows) + 1
    assert "N° pièce" in raw.decode("cp1252").split("\r\n")[0]
    assert any("\u00a0" in row["Débit"] for row in ledger_rows)


def test_awkward_names_survive_the_csv_and_stay_text_in_the_workbook(ledger_rows, customers):
    names = {row["Nom du client"] for row in ledger_rows}
    awkward = {name for name in names if name.startswith("=") or "<b>" in name or ";" in name or "œ" in name}
    assert len(awkward) == 4
    assert names <= {customer.name for customer in customers.values()}
    with ZipFile(COMMITTED / "negoce.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert "=Équinoxe= Réceptions".encode() in sheet


# --- négoce: the FEC ---------------------------------------------------------------------------------------------


def test_fec_entries_balance(fec_rows):
    entries = defaultdict(Decimal)
    for row in fec_rows:
        entries[row["EcritureNum"]] += french_amount(row["Debit"]) - french_amount(row["Credit"])
    assert set(entries.values()) == {Decimal(0)}
    assert [int(number) for number in entries] == list(range(1, len(entries) + 1))


def test_fec_customer_account_ties_with_the_ledger_on_every_day_of_the_year(fec_rows, expected):
    lines = [
        (row["EcritureDate"], french_amount(row["Debit"]) - french_amount(row["Credit"]))
        for row in fec_rows
        if row["CompteNum"] == "411000"
    ]
    for day in (day for day in expected_days(2025) if day.year == 2025):
        total = sum(amount for booked, amount in lines if booked <= f"{day:%Y%m%d}")
        assert total == expected["negoce", str(day), "balance", ""]


def test_fec_customers_each_tie_with_the_ledger(fec_rows, negoce):
    fec, truth = defaultdict(Decimal), defaultdict(Decimal)
    for row in fec_rows:
        if row["CompteNum"] == "411000":
            assert row["CompAuxLib"]
            fec[row["CompAuxNum"]] += french_amount(row["Debit"]) - french_amount(row["Credit"])
    for line in open_on(negoce, LAST_DAY):
        truth[line.movement.customer] += Decimal(line.cents) / 100
    assert {code: amount for code, amount in fec.items() if amount} == {c: a for c, a in truth.items() if a}


def test_fec_opening_is_what_was_open_item_by_item(fec_rows, negoce):
    opening = {
        row["PieceRef"]: (row["PieceDate"], french_amount(row["Debit"]) - french_amount(row["Credit"]))
        for row in fec_rows
        if row["JournalCode"] == "AN" and row["CompteNum"] == "411000"
    }
    truth = {
        line.movement.reference: (f"{line.movement.day:%Y%m%d}", Decimal(line.cents) / 100)
        for line in open_on(negoce, date(2024, 12, 31))
    }
    assert opening == truth


def test_fec_lettering_is_of_groups_inside_the_year(fec_rows):
    sizes, letters = defaultdict(int), {}
    for row in fec_rows:
        assert bool(row["EcritureLet"]) == bool(row["DateLet"])
        if row["EcritureLet"]:
            key = row["CompAuxNum"], row["EcritureLet"]
            sizes[key] += 1
            letters.setdefault(key, row["DateLet"])
            assert letters[key] == row["DateLet"] >= row["EcritureDate"]
    assert min(sizes.values()) >= 2


# --- négoce: is it a plausible company ---------------------------------------------------------------------------


def test_size_and_mixture(negoce):
    kinds = defaultdict(int)
    for line in negoce.movements:
        kinds[line.kind] += 1
    assert len(negoce.customers) == 300
    assert 11_500 <= kinds["invoice"] <= 12_500
    assert 0.02 <= kinds["credit_note"] / kinds["invoice"] <= 0.04
    assert len({customer.name for customer in negoce.customers}) == 300


def test_the_data_card_gives_the_figures_of_the_files(negoce, expected):
    card = (COMMITTED / "DATA_CARD.md").read_text(encoding="utf-8")
    for kind, plural in (("invoice", "invoices"), ("credit_note", "credit notes"), ("payment", "payments")):
        assert f"{sum(line.kind == kind for line in negoce.movements):,} {plural}" in card
    assert f"{expected['negoce', '2025-12-31', 'balance', '']:,} owed" in card
    assert f"{pq.read_metadata(COMMITTED / 'groupe.parquet').num_rows:,} invoices" in card
    assert all(f"`{path.name}`" in card for path in COMMITTED.iterdir() if path.name != "DATA_CARD.md")


def columns_of(name):
    """The columns a file of the samples has, as it names them."""
    if name.endswith(".parquet"):
        return pq.read_schema(COMMITTED / name).names
    french = dict.fromkeys(OF_NEGOCE, ("cp1252", ";"))
    encoding, separator = ({FEC: ("iso-8859-15", "\t")} | french).get(name, ("utf-8", ","))
    return (COMMITTED / name).read_text(encoding=encoding).splitlines()[0].split(separator)


@pytest.mark.parametrize("name", [*TEXTS, "groupe.parquet"])
def test_the_data_card_says_what_each_column_means(name):
    """The table under the heading that names the file lists its columns, all of them and in their order."""
    card = (COMMITTED / "DATA_CARD.md").read_text(encoding="utf-8")
    section = next(
        part for part in re.split(r"^#+ ", card, flags=re.MULTILINE) if f"`{name}`" in part.partition("\n")[0]
    )
    table = section.split("| column | meaning |\n|---|---|\n")[1].split("\n\n")[0]
    cells = [line.strip("| ").split(" | ", 1) for line in table.splitlines()]
    assert [column for named, _ in cells for column in re.findall(r"`([^`]+)`", named)] == columns_of(name)
    assert all(len(meaning) > 3 for _, meaning in cells)


def test_the_data_card_counts_the_columns_of_the_norm_and_the_customers(customers):
    card = (COMMITTED / "DATA_CARD.md").read_text(encoding="utf-8")
    assert f"the {len(columns_of(FEC))} columns of the norm" in card
    groupe = pq.read_table(COMMITTED / "groupe.parquet")
    assert f"{len(groupe['customer_id'].unique())} customers" in card
    assert f"of the {len(customers)} never bought" in card


def test_only_business_days(negoce):
    assert all(is_business_day(line.day) for line in negoce.movements)


def test_august_is_quiet_and_december_is_not(negoce):
    def sold(month):
        return sum(line.cents for line in negoce.movements if line.kind != "payment" and line.day.month == month)

    months = {month: sold(month) for month in range(1, 13)}
    assert min(months, key=months.get) == 8
    assert max(months, key=months.get) == 12


def test_dso_is_that_of_a_french_wholesaler(expected):
    found = [value for (sample, as_of, measure, _), value in expected.items()
             if sample == "negoce" and measure == "dso_90" and as_of >= "2023-06-30"]  # fmt: skip
    assert all(45 < value < 65 for value in found)


def test_customers_pay_by_their_law(customers):
    """Steady customers: the median over them of realised mean less true mean is the wait for a business day."""
    with (COMMITTED / "negoce_truth.csv").open(encoding="utf-8", newline="") as table:
        truth = {row["customer_id"]: row for row in csv.DictReader(table)}
    assert set(truth) == set(customers)
    gaps = [
        float(row["realised_mean_days_late"]) - float(row["mean_days_late_start"])
        for row in truth.values()
        if row["story"] == "steady" and int(row["settled_invoices"]) >= 40
    ]
    assert len(gaps) > 30
    assert 0 < median(gaps) < 4


def test_worsening_customers_worsen_and_insolvent_ones_stop(negoce, customers):
    by_story = defaultdict(list)
    for customer in customers.values():
        by_story[customer.law.story].append(customer)
    assert {story: len(found) for story, found in by_story.items() if story != "steady"} == {
        "worsening": 9, "improving": 4, "insolvent": 5,
    }  # fmt: skip
    for customer in by_story["insolvent"]:
        lines = [line for line in negoce.movements if line.customer == customer.code]
        payments = [line.day for line in lines if line.kind == "payment"]
        assert all(day < customer.law.insolvent_on for day in payments)
        assert sum(line.cents for line in lines) > 0
    assert all(rises(customer) for customer in by_story["worsening"])


def rises(customer: Customer) -> bool:
    change = customer.law.changes_on
    middle = change + (LAST_DAY - change) / 2
    means = [customer.law.mean(day, LAST_DAY) for day in (change - timedelta(days=1), middle, LAST_DAY)]
    return means == sorted(means) and means[0] < means[1] < means[2] == customer.law.mean_end


def test_company_numbers_are_nobodys(customers):
    """The check digit of a SIREN makes its Luhn sum a multiple of ten; ours never do."""
    for siren in (customer.siren for customer in customers.values() if customer.siren):
        doubled = "".join(str(int(digit) * (1 + place % 2)) for place, digit in enumerate(reversed(siren)))
        assert len(siren) == 9
        assert sum(map(int, doubled)) % 10 != 0


# --- what is known elsewhere, and orders -------------------------------------------------------------------------


def french_rows(name):
    with (COMMITTED / name).open(encoding="cp1252", newline="") as table:
        return list(csv.DictReader(table, delimiter=";"))


def test_the_older_files_are_those_they_were():
    """Facts and orders draw from chances of their own: what was there before them has not moved by a byte."""
    were = {
        "negoce.csv": "a2cf97e528ced58e",
        "negoce_clients.csv": "7b4432c6cc9e16aa",
        "negoce_truth.csv": "883597806e885a32",
        FEC: "aa30d7b7e04e78ce",
        "groupe_rates.csv": "66864d531aff6db6",
    }
    found = {name: hashlib.sha256((COMMITTED / name).read_bytes()).hexdigest()[:16] for name in were}
    assert found == were


def test_facts_are_known_in_their_order_and_follow_the_truth(customers):
    """A judgment three to eight weeks after the last payment, by the SIREN; nobody else is judged."""
    rows, sirens = french_rows("negoce_facts.csv"), {each.siren: each for each in customers.values() if each.siren}
    days = [french_day(row["Connu le"]) for row in rows]
    assert days == sorted(days)
    assert days[-1] <= LAST_DAY
    assert all(row["SIREN"] in sirens for row in rows if not row["Code client"])
    opened = {}
    for row, day in zip(rows, days, strict=True):
        if row["Information"] == "Procédure collective":
            owner = customers[row["Code client"]] if row["Code client"] else sirens[row["SIREN"]]
            opened.setdefault(owner.code, (day - owner.law.insolvent_on).days)
    assert set(opened) == {each.code for each in customers.values() if each.law.insolvent_on}
    assert all(21 <= waited <= 8 * 7 + 4 for waited in opened.values())


def test_accounts_balance_and_failing_companies_have_the_worst(customers):
    """Assets are equity and debt, to a rounding of 100 euros; the failing have the least equity for their assets."""
    books = defaultdict(dict)
    for row in french_rows("negoce_facts.csv"):
        if row["Exercice"]:
            books[row["Code client"], row["Exercice"]][row["Information"]] = french_amount(row["Valeur"])
    assert len(books) > 20
    ratios = defaultdict(list)
    for (code, _), lines in books.items():
        assert len(lines) == 13
        assert abs(lines["Total actif"] - lines["Total des dettes"] - lines["Capitaux propres"]) <= 100
        ratios[customers[code].law.story].append(lines["Capitaux propres"] / lines["Total actif"])
    assert max(ratios["insolvent"]) < min(ratios["steady"])


def test_orders_are_open_on_the_last_day(customers, negoce):
    rows = french_rows("negoce_orders.csv")
    assert len({row["N° commande"] for row in rows}) == len(rows) == 90
    ordering = {row["Code client"] for row in rows}
    assert [code for code in ordering if customers[code].law.insolvent_on] == ["C0286"]
    assert ordering <= {line.customer for line in negoce.movements}
    for row in rows:
        assert is_business_day(french_day(row["Date"]))
        assert french_day(row["Date"]) <= LAST_DAY <= french_day(row["Livraison prévue"])
        assert (row["Statut"] == "Livrée non facturée") == (french_day(row["Livraison prévue"]) == LAST_DAY)
        assert 0 < french_amount(row["Montant HT"]) <= french_amount(row["Montant TTC"])
        assert row["Conditions de règlement"] == customers[row["Code client"]].terms.text


# --- groupe ------------------------------------------------------------------------------------------------------


def test_groupe_converts_at_the_rate_of_the_issue_day(expected):
    """The Parquet and the rates alone give the balance: last rate on or before the day, each invoice to the cent."""
    with (COMMITTED / "groupe_rates.csv").open(encoding="utf-8", newline="") as table:
        rates = [(row["currency"], row["date"], Decimal(row["rate"])) for row in csv.DictReader(table)]
    balance = Decimal(0)
    for row in pq.read_table(COMMITTED / "groupe.parquet").to_pylist():
        if row["paid_date"] is None:
            issued = f"{row['issue_date']:%Y-%m-%d}"
            dated = [rate for currency, day, rate in rates if currency == row["currency"] and day <= issued]
            balance += round(Decimal(str(row["amount"])) * (dated[-1] if dated else 1), 2)
    assert balance == expected["groupe", "2025-12-31", "balance", ""]


def test_groupe_has_four_entities_and_four_currencies():
    table = pq.read_table(COMMITTED / "groupe.parquet")
    assert 3_500 <= table.num_rows <= 4_500
    assert set(table["entity"].to_pylist()) == {"FR", "DE", "GB", "US"}
    assert set(table["currency"].to_pylist()) == {"EUR", "GBP", "USD", "CHF"}
    assert len(set(table["invoice_number"].to_pylist())) == table.num_rows
    assert table["paid_date"].null_count > 0


def test_groupe_amounts_never_stand_on_half_a_cent():
    """Where they would, two programs that round halves apart would both be right."""
    groupe = make_groupe()
    rates = {(rate.currency, rate.day): rate.euros for rate in groupe.rates}
    for invoice in groupe.invoices:
        known = [value for (currency, day), value in rates.items()
                 if currency == invoice.client.currency and day <= invoice.issued]  # fmt: skip
        if known:
            assert abs(invoice.cents * known[-1] % 1 - Decimal("0.5")) >= Decimal("0.01")


# --- loading -----------------------------------------------------------------------------------------------------


def test_unknown_sample_is_refused_with_the_known_ones():
    with pytest.raises(ArlibError, match="negoce, groupe"):
        load_sample("nope")


def test_negoce_differs_with_its_seed_and_only_with_it(negoce):
    assert make_negoce() == negoce
    assert make_negoce(1) != negoce
