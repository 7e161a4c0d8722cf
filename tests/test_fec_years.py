"""Several fiscal years of FEC given together: openings once, original dates, letters of their own year."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arlib import ArlibError, balance, check, open_items, proof, read_ledger
from arlib.readers.fec import chain_years, read_fec
from arlib.readers.reading import to_ledger
from arlib.readers.sources import gather

HEAD = "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate"
HEAD = [
    *HEAD.split(),
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]
FIRST_YEAR = 2022


@dataclass(frozen=True)
class Movement:
    """One line on a customer account: signed cents, and the group it is settled in, if any."""

    customer: str
    day: date
    reference: str
    cents: int
    group: int | None = None


def fec_line(journal, number, on, account, movement, *, letter=""):
    """A line of an entry: the movement's own day is the date of its document."""
    euros = f"{abs(movement.cents) // 100},{abs(movement.cents) % 100:02d}"
    sides = [euros, "0,00"] if movement.cents > 0 else ["0,00", euros]
    name = {"AN": "A nouveaux", "VE": "Ventes", "BQ": "Banque"}[journal]
    third = [movement.customer, f"Client {movement.customer}" if movement.customer else ""]
    start = [journal, name, str(number), f"{on:%Y%m%d}", account, "Compte", *third]
    return "\t".join([*start, movement.reference, f"{movement.day:%Y%m%d}", "libellé", *sides, letter, "", "", "", ""])


def fec_entry(journal, number, on, movement, *, letter=""):
    """A line on the customer's account, and the other side of it."""
    other = {"AN": "120000", "VE": "707000", "BQ": "512000"}[journal]
    contra = replace(movement, customer="", cents=-movement.cents)
    return [
        fec_line(journal, number, on, "411000", movement, letter=letter),
        fec_line(journal, number, on, other, contra),
    ]


def fec_file(name, *entries):
    return name, ("\r\n".join(["\t".join(HEAD), *(line for entry in entries for line in entry)]) + "\r\n").encode()


def carried_forward(movements, year, opening, ends):
    """What a year opens with: every line not settled (`lines`), one balance a customer (`balance`), or nothing."""
    before = [each for each in movements if each.day.year < year]
    if opening == "lines":
        return [each for each in before if each.group is None or ends[each.group].year >= year]
    sums = Counter()
    for each in before if opening == "balance" else []:
        sums[each.customer] += each.cents
    return [Movement(customer, date(year, 1, 1), "RAN", cents) for customer, cents in sums.items() if cents]


def year_file(movements, year, opening, *, first=None, last=None):
    """The FEC of a calendar year, or of a part of it, of a business whose every movement is known.

    A group is lettered in the year it closes; its lines of earlier years bear the letter on their opening lines.
    """
    first, last = first or date(year, 1, 1), last or date(year, 12, 31)
    ends = {}
    for each in movements:
        ends[each.group] = max(ends.get(each.group, each.day), each.day)

    def letter(each):
        closed = each.group is not None and ends[each.group].year == year and ends[each.group] <= last
        return f"{chr(65 + each.group % 26)}{each.group // 26}" if closed else ""

    entries = [
        fec_entry("AN", 1, first, each, letter=letter(each)) for each in carried_forward(movements, year, opening, ends)
    ]
    for number, each in enumerate(movements, 2):
        if first <= each.day <= last:
            journal = "VE" if each.reference.startswith("F") else "BQ"
            entries.append(fec_entry(journal, number, each.day, each, letter=letter(each)))
    return fec_file(f"123456789FEC{last:%Y%m%d}.txt", *entries)


def read_years(files):
    return to_ledger(
        chain_years([read_fec(raw) for file in files for raw in gather(file)]),
        terms=None, customers=None, rates=None, currency=None,
    )  # fmt: skip


def balances(frame, column="open_amount"):
    sums = frame.groupby("customer_id")[column].sum().round(2)
    return {customer: amount for customer, amount in sums.items() if amount}


def truth_on(movements, day):
    sums = Counter()
    for each in movements:
        sums[each.customer] += each.cents * (each.day <= day)
    return {customer: cents / 100 for customer, cents in sums.items() if cents}


def warned(ledger):
    return " ".join(str(each) for source in ledger.sources for each in source.warnings)


@st.composite
def businesses(draw):
    """Three years of invoices, paid in full (one letter), in part (no letter), or not at all."""
    movements = []
    sales = st.tuples(
        st.integers(0, 2),
        st.integers(0, 1000),
        st.integers(1, 99_999),
        st.one_of(st.none(), st.integers(1, 500)),
        st.booleans(),
    )
    for number, (customer, start, cents, delay, full) in enumerate(draw(st.lists(sales, min_size=1, max_size=14))):
        issued = date(FIRST_YEAR, 1, 1) + timedelta(days=start)
        group = number if delay is not None and full else None
        movements.append(Movement(f"C{customer}", issued, f"F{number}", cents, group))
        if delay is not None and issued + timedelta(days=delay) <= date(FIRST_YEAR + 2, 12, 31):
            paid = cents if full else max(cents // 2, 1)
            movements.append(Movement(f"C{customer}", issued + timedelta(days=delay), f"V{number}", -paid, group))
        elif group is not None:
            movements[-1] = Movement(f"C{customer}", issued, f"F{number}", cents)
    for year in range(FIRST_YEAR, FIRST_YEAR + 3):  # every year has a first and a last day
        movements.append(Movement("Z", date(year, 1, 1), f"F1{year}", 100, 1000 + year))
        movements.append(Movement("Z", date(year, 12, 31), f"V1{year}", -100, 1000 + year))
    return sorted(movements, key=lambda each: (each.day, each.reference))


@settings(max_examples=6)
@given(businesses(), st.sampled_from(["lines", "balance", None]), st.permutations(range(3)))
def test_chained_years_are_the_one_continuous_ledger(movements, opening, order):
    files = [year_file(movements, FIRST_YEAR + number, opening) for number in range(3)]
    ledger = read_years([files[number] for number in order])
    days = sorted({each.day for each in movements} | {date(2022, 12, 31), date(2023, 1, 1), date(2024, 1, 1)})
    for day in days[:: max(len(days) // 8, 1)]:
        assert balances(open_items(ledger, day)) == pytest.approx(truth_on(movements, day))
    assert proof(ledger)["ties"].all()
    assert proof(ledger, days[len(days) // 2])["ties"].all()
    assert sorted(ledger.items["reference"]) == sorted(each.reference for each in movements)
    issued = dict(zip(ledger.items["reference"], ledger.items["issued_on"].dt.date, strict=True))
    assert issued == {each.reference: each.day for each in movements}


@settings(max_examples=4)
@given(businesses())
def test_what_a_detailed_opening_says_is_settled_is_settled(movements):
    """The letter of the opening line settles the invoice of an earlier year: exactly what is not lettered is open."""
    ledger = read_years([year_file(movements, FIRST_YEAR + number, "lines") for number in range(3)])
    opened = dict(zip(*[open_items(ledger)[name] for name in ("reference", "open_amount")], strict=True))
    assert opened == {each.reference: each.cents / 100 for each in movements if each.group is None}


def day(text):
    return date.fromisoformat(text)


DURAND = [
    Movement("DUR", day("2022-03-01"), "F1", 50_000, 1),
    Movement("DUR", day("2022-11-01"), "F2", 30_000, 2),
    Movement("MAR", day("2022-12-01"), "F3", 20_000),
    Movement("DUR", day("2022-04-01"), "V1", -50_000, 1),
    Movement("DUR", day("2023-02-01"), "V2", -30_000, 2),
    Movement("DUR", day("2023-03-01"), "F4", 10_000),
]


def test_an_invoice_of_last_year_paid_this_year_keeps_its_date_and_is_settled_on_the_day_of_the_payment():
    ledger = read_years([year_file(DURAND, 2023, "lines"), year_file(DURAND, 2022, None)])
    second = ledger.items.set_index("reference").loc["F2"]
    assert (str(second["issued_on"].date()), second["kind"]) == ("2022-11-01", "invoice")
    assert balances(open_items(ledger, "2023-01-31")) == {"DUR": 300.0, "MAR": 200.0}
    assert open_items(ledger)["reference"].tolist() == ["F3", "F4"]
    assert "opening" not in set(ledger.items["kind"])
    assert "2 of them repeat an open item one by one" in " ".join(map(str, ledger.sources[1].reading))
    assert [source.name for source in ledger.sources] == ["123456789FEC20221231.txt", "123456789FEC20231231.txt"]


def test_receipts_lettered_beyond_the_file_settle_what_one_balance_a_customer_stands_for():
    ledger = read_years([year_file(DURAND, 2022, None), year_file(DURAND, 2023, "balance")])
    assert open_items(ledger)["reference"].tolist() == ["F3", "F4"]
    assert set(ledger.matches["method"]) == {"official", "derived"}


def test_an_opening_without_customers_is_compared_with_the_whole_account():
    name, content = year_file(DURAND, 2023, None)
    whole = fec_entry("AN", 1, day("2023-01-01"), Movement("", day("2023-01-01"), "RAN", 50_000))
    ledger = read_years([year_file(DURAND, 2022, None), (name, content + "\r\n".join(whole).encode())])
    assert balances(open_items(ledger)) == {"MAR": 200.0, "DUR": 100.0}
    assert open_items(ledger)["reference"].tolist() == ["F3", "F4"]
    assert "is not the close" not in warned(ledger)


@pytest.mark.parametrize("opening", ["lines", "balance"])
def test_a_close_that_is_not_the_next_opening_is_listed_and_what_is_open_follows_the_later_file(opening):
    """15.00 of DUR written off after the first export: 500 - 15 = 485 opens the second year, 285 after the payment."""
    changed = [*DURAND, Movement("DUR", day("2022-12-31"), "OD", -1_500)]
    files = [year_file(DURAND, 2022, None), year_file(changed, 2023, opening)]
    ledger = read_years(files)
    assert "for 1 customer, −15.00 in all: DUR −15.00" in warned(ledger)
    assert (balance(ledger, "2022-12-31"), balance(ledger, "2023-01-01"), balance(ledger)) == (500.0, 485.0, 285.0)
    made = ledger.items[ledger.items["label"].str.contains("opening difference", na=False)]
    assert made[["customer_id", "kind", "amount"]].values.tolist() == [["DUR", "opening", -15.0]]
    for asked in ("2022-12-31", "2023-01-01", "2023-02-01", "2023-12-31"):
        assert proof(ledger, asked)["ties"].all()
        assert open_items(ledger, asked)["open_amount"].sum() == pytest.approx(balance(ledger, asked))


def test_a_letter_is_of_its_own_year():
    """Trap 22: AA of 2022 is not AA of 2023. F5 and V6 bear one code in two years and settle nothing."""
    sold, paid = Movement("DUR", day("2022-05-01"), "F5", 7_000), Movement("DUR", day("2023-05-01"), "V6", -3_000)
    first = fec_file("a.txt", fec_entry("VE", 2, sold.day, sold, letter="AA"))
    second = fec_file(
        "b.txt", fec_entry("AN", 1, day("2023-01-01"), sold), fec_entry("BQ", 2, paid.day, paid, letter="AA")
    )
    ledger = read_years([first, second])
    assert dict(zip(*[open_items(ledger)[name] for name in ("reference", "open_amount")], strict=True)) == {
        "F5": 70.0,
        "V6": -30.0,
    }


def test_halves_of_one_year_are_one_year():
    """A letter that stands in both halves is one group."""
    files = [
        year_file(DURAND, 2022, None),
        year_file(DURAND, 2023, "lines", last=day("2023-02-15")),
        year_file(DURAND, 2023, None, first=day("2023-02-16")),
    ]
    moved = [Movement("DUR", day("2022-02-01"), "F8", 900, 8), Movement("DUR", day("2022-09-01"), "V8", -900, 8)]
    halves = [
        year_file(moved, 2022, None, first=day("2022-07-01")),
        fec_file("123456789FEC20220630.txt", fec_entry("VE", 2, moved[0].day, moved[0], letter="I0")),
    ]
    assert open_items(read_years(files))["reference"].tolist() == ["F3", "F4"]
    together = read_years(halves)
    assert open_items(together).empty
    assert set(together.matches["method"]) == {"official"}


def test_a_missing_year_is_said_and_what_happened_in_it_is_a_difference():
    later = [*DURAND, Movement("MAR", day("2024-02-01"), "F9", 4_000)]
    ledger = read_years([year_file(later, 2022, None), year_file(later, 2024, "lines")])
    assert "a period is missing between them" in warned(ledger)
    assert (balance(ledger, "2022-12-31"), balance(ledger, "2024-01-01"), balance(ledger)) == (500.0, 300.0, 340.0)
    assert proof(ledger)["ties"].all()


def test_two_files_of_one_year_are_refused():
    whole, part = year_file(DURAND, 2022, None), year_file(DURAND, 2022, None, last=day("2022-11-15"))
    with pytest.raises(ArlibError, match="both cover 2022-03-01 to 2022-11-01: together they would count twice"):
        read_years([whole, part])


def test_two_companies_are_two_entities():
    first = year_file(DURAND, 2022, None)
    other = [Movement("XYZ", day("2022-05-05"), "F1", 1_000), Movement("XYZ", day("2022-06-05"), "F2", 2_000)]
    second = ("987654321FEC20221231.txt", year_file(other, 2022, None)[1])
    ledger = read_years([first, second])
    assert balances(open_items(ledger)) == {"DUR": 300.0, "MAR": 200.0, "XYZ": 30.0}
    assert set(ledger.items["entity"]) == {"123456789", "987654321"}


def test_the_order_in_which_files_are_given_never_matters():
    files = [year_file(DURAND, year, "lines" if year > 2022 else None) for year in (2022, 2023, 2024)]
    in_order, *others = (read_years(order) for order in permutations(files))
    assert all(ledger.items.equals(in_order.items) for ledger in others)
    assert all(ledger.matches.equals(in_order.matches) for ledger in others)


def test_an_old_receipt_does_not_settle_the_rest_of_an_invoice_partly_lettered_in_a_later_year():
    """600.00 received and unlettered in 2023; in 2024 an invoice of 480.00 is lettered with 360.00: 120.00 is left."""
    old, new = Movement("C1", date(2023, 12, 21), "V3", -60_000), Movement("C1", date(2024, 1, 10), "F6", 48_000)
    paid, balance_brought = (
        Movement("C1", date(2024, 2, 10), "V6", -36_000),
        Movement("C1", date(2024, 1, 1), "RAN", -60_000),
    )
    years = [
        fec_file("100000009FEC20231231.txt", fec_entry("BQ", 1, old.day, old)),
        fec_file(
            "100000009FEC20241231.txt",
            fec_entry("AN", 1, date(2024, 1, 1), balance_brought),
            fec_entry("VE", 2, new.day, new, letter="AA"),
            fec_entry("BQ", 3, paid.day, paid, letter="AA"),
        ),
    ]
    ledger = read_ledger(years)
    opened = open_items(ledger).set_index("reference")["open_amount"]
    assert opened.to_dict() == {"V3": -600.0, "F6": 120.0}
    assert proof(ledger)["ties"].dropna().all()


def test_a_collective_account_of_another_number_the_next_year_still_ties():
    sold = Movement("C1", date(2023, 12, 1), "F1", 84_000)
    name, content = fec_file("100000009FEC20241231.txt", fec_entry("AN", 1, date(2024, 1, 1), sold))
    renamed = name, content.replace(b"411000", b"411100")
    before = fec_file("100000009FEC20231231.txt", fec_entry("VE", 1, sold.day, sold))
    ledger = read_ledger([before, renamed])
    assert balance(ledger) == 840.0
    assert check(ledger).query("severity == 'error'").empty
