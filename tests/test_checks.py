"""Findings: each check on a small ledger where it fires and on its neighbour where it does not."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import ledger_of, ledgers, of_items, sample_ledger, shuffled
from test_words import UNBROKEN

from arlib import Ledger, check
from arlib.checks.findings import COLUMNS, _findings, checks
from arlib.checks.rule import books_of
from arlib.ledger import Source
from arlib.words import say

SOUND = """
    customer | kind    | issued     | due        | amount  | pays
    A        | invoice | 2024-01-10 | 2024-02-09 |  100.00 |
    A        | payment | 2024-02-20 |            | -100.00 | 1
    B        | invoice | 2024-02-10 | 2024-03-11 |   50.00 |
    """
OWN = ("reference", "net_amount", "terms", "due_source", "letter", "account", "journal", "entity", "order date")
MONEY = ("net_amount", "credit_limit", "insured_limit")


def columns_of(table):
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    frame = pd.DataFrame(rows[1:], columns=rows[0]).replace("", None)
    return frame.astype({name: "float64" for name in MONEY if name in frame})


def books(table, *, customers=None, sources=(), covers=None):
    """A ledger from a table as `ledger_of` reads it, with further columns of the items, and a table of customers."""
    ledger, written = ledger_of(table, covers=covers), columns_of(table)
    items = ledger.items.assign(**{name: written[name].to_numpy() for name in OWN if name in written})
    known = ledger.customers
    if customers is not None:
        known = pd.concat([columns_of(customers), known]).drop_duplicates("customer_id")
    return Ledger(items, ledger.matches, known, ledger.controls, "EUR", ledger.covers, sources)


def found(ledger, key, as_of=None):
    """The findings of one check alone."""
    one = next(one for one in checks() if one.key == key)
    rows = one.find(books_of(ledger, ledger.day(as_of))[one.scope])
    return _findings(one, rows, "en").reset_index(drop=True)


HEAD = "customer | kind | issued | due | amount | pays"
NAMED = "customer | kind | issued | due | amount | pays | reference"


# check: (the heading of the table, the rows that make it fire, the rows that do not, items found, amount at stake)
CASES = {
    "missing_due_date": (HEAD, "A|invoice|2024-01-10||70|", "A|invoice|2024-01-10|2024-02-09|70|", [1], 70),
    "assumed_due_date": (
        HEAD + "|due_source",
        # 70 and 30 of one customer are one finding, shown by the larger
        "A|invoice|2024-01-10|2024-02-09|30||default\nA|invoice|2024-01-10|2024-02-09|70||default",
        "A|invoice|2024-01-10|2024-02-09|70||file",
        [2],
        100,
    ),
    "due_before_issue": (HEAD, "A|invoice|2024-01-10|2024-01-09|70|", "A|invoice|2024-01-10|2024-01-10|70|", [1], 70),
    # 2024-01-10 + 180 days = 2024-07-08
    "due_far_after_issue": (
        HEAD,
        "A|invoice|2024-01-10|2024-07-09|70|",
        "A|invoice|2024-01-10|2024-07-08|70|",
        [1],
        70,
    ),
    "booked_before_issue": (
        HEAD + "|booked",
        "A|invoice|2024-01-10|2024-02-09|70||2024-01-09",
        "A|invoice|2024-01-10|2024-02-09|70||2024-01-10",
        [1],
        70,
    ),
    "terms_disagree": (
        HEAD + "|terms|due_source",
        # 45 days end of month from 10 January: 29 February, or 31 January + 45 = 16 March
        "A|invoice|2024-01-10|2024-03-04|70||45 jours fin de mois|file",
        (
            "A|invoice|2024-01-10|2024-03-18|70||45 jours fin de mois|file"
            "\nA|invoice|2024-01-10|2025-03-01|70||Z045|file"
            "\nA|invoice|2024-01-10|2024-03-01|70||à la livraison|file"  # of which no date is known
            "\nA|invoice|2024-01-10|2024-02-09|70||50 % à 30 jours, 50 % à 60 jours|file"
        ),  # the first of two
        [1],
        70,
    ),
    "duplicate": (
        NAMED,
        "A|invoice|2024-01-10|2024-02-09|70||F1\nA|invoice|2024-01-10|2024-02-09|70||F1",
        "A|invoice|2024-01-10|2024-02-09|70||F1\nA|invoice|2024-01-10|2024-02-09|70.01||F1",
        [2],
        70,
    ),
    "number_of_two_customers": (
        NAMED,
        "\n".join(f"A|invoice|2024-01-{day}|2024-02-09|{day}||F{day}" for day in range(10, 25))
        + "\nB|invoice|2024-02-10|2024-02-19|70||F10",
        "A|invoice|2024-01-10|2024-02-09|70||F1\nB|payment|2024-01-11|2024-02-10|-80||F1",
        [16],
        70,
    ),
    "number_used_again": (
        NAMED,
        "\n".join(f"A|invoice|2024-01-{day}|2024-02-09|{day}||F{day}" for day in range(10, 25))
        + "\nA|invoice|2024-02-10|2024-02-19|70||F10",
        # another date alone is an instalment or a correction; another year is another numbering
        (
            "A|invoice|2024-01-10|2024-02-09|70||F1\nA|invoice|2024-02-10|2024-02-19|70||F1\n"
            "A|invoice|2025-01-10|2025-02-09|80||F1"
        ),
        [16],
        70,
    ),
    "billed_twice": (
        NAMED,
        "A|invoice|2024-01-10|2024-02-09|70||F1\nA|invoice|2024-01-10|2024-02-09|70||F2",
        # a usual amount: the same is billed on another day too
        (
            "A|invoice|2024-01-10|2024-02-09|70||F1\nA|invoice|2024-01-10|2024-02-09|70||F2\n"
            "A|invoice|2024-02-10|2024-02-19|70||F3"
        ),
        [2],
        70,
    ),
    "before_order": (
        HEAD + "|order date",
        "A|invoice|2024-01-10|2024-02-09|70||31/01/2024",
        "A|invoice|2024-01-10|2024-02-09|70||09/01/2024\nA|invoice|2024-01-10|2024-02-09|80||",
        [1],
        70,
    ),
    "zero_amount": (HEAD, "A|invoice|2024-01-10|2024-02-09|0|", "A|invoice|2024-01-10|2024-02-09|0.01|", [1], 0),
    "credit_without_invoice": (
        HEAD,
        "A|invoice|2024-01-10|2024-02-09|70|\nA|credit_note|2024-01-11||-71|",
        "A|invoice|2024-01-10|2024-02-09|70|\nA|credit_note|2024-01-11||-70|",
        [2],
        -71,
    ),
    "written_off": (HEAD, "A|write_off|2024-01-10||-70|", "A|credit_note|2024-01-10||-70|", [1], -70),
    "unclassified": (
        HEAD + "|journal",
        "A|other|2024-01-10||-70||OD\nA|other|2024-01-10|2024-02-09|71||OD",
        "A|bill|2024-01-10||-70||OD",
        [2],
        141,
    ),
    "old_debt": (HEAD, "A|invoice|2023-01-10|2023-02-09|70|", "A|invoice|2023-12-10|2024-01-09|70|", [1], 70),
    "limitation": (HEAD, "A|invoice|2018-01-10|2018-02-09|70|", "A|invoice|2021-01-10|2021-02-09|70|", [1], 70),
    "disputed": (
        HEAD + "|disputed",
        "A|invoice|2024-01-10|2024-02-09|70||x",
        "A|invoice|2024-01-10|2024-02-09|70||x\nA|payment|2024-01-11||-70|1|",
        [1],
        70,
    ),
    "tiny_balance": (
        HEAD,
        "A|invoice|2024-01-10|2024-02-09|70.99|\nA|payment|2024-01-11||-70|1",
        "A|invoice|2024-01-10|2024-02-09|71|\nA|payment|2024-01-11||-70|1",
        [1],
        0.99,
    ),
    "partial_matching": (
        HEAD + "|letter",
        "A|invoice|2024-01-10|2024-02-09|70||AA\nA|payment|2024-01-11||-30|1|AA",
        "A|invoice|2024-01-10|2024-02-09|70||AA\nA|payment|2024-01-11||-70|1|AA",
        [1],
        40,
    ),
    "old_credit": (
        HEAD,
        "A|payment|2023-11-10||-70|",
        "A|payment|2024-11-10||-70|\nA|opening|2023-11-10||-70|",
        [1],
        -70,
    ),
    "unapplied_cash": (HEAD, "A|payment|2024-12-10||-70|", "A|payment|2024-01-10||-70|", [1], -70),
    "credit_of_same_amount": (
        HEAD,
        "A|invoice|2024-01-10|2024-02-09|70|\nA|invoice|2024-01-10|2024-02-09|70|\nA|payment|2024-01-11||-70|",
        "A|invoice|2024-01-10|2024-02-09|70|\nB|payment|2024-01-11||-70|\nA|payment|2024-01-11||-70.01|",
        [1],
        70,
    ),
    "payment_before_invoice": (
        HEAD,
        "A|invoice|2024-01-10|2024-02-09|70|\nA|payment|2024-01-09||-80|1",
        "A|invoice|2024-01-10|2024-02-09|70|\nA|payment|2024-01-10||-80|1",
        [2],
        70,
    ),
    "matched_across_customers": (
        HEAD,
        "A|invoice|2024-01-10|2024-02-09|70|\nB|payment|2024-01-11||-80|1",
        "A|invoice|2024-01-10|2024-02-09|70|\nA|payment|2024-01-11||-80|1",
        [2],
        70,
    ),
    "paid_twice": (
        HEAD,
        # 10 January + 60 days = 10 March
        "A|invoice|2024-01-10|2024-02-09|70|\nA|payment|2024-01-10||-70|1\nA|payment|2024-03-10||-70|",
        "A|invoice|2024-01-10|2024-02-09|70|\nA|payment|2024-01-10||-70|1\nA|payment|2024-03-11||-70|",
        [3],
        -70,
    ),
    "overpayment": (
        HEAD,
        "A|invoice|2024-01-10|2024-02-09|49|\nA|payment|2024-01-11||-100|1",
        "A|invoice|2024-01-10|2024-02-09|50|\nA|payment|2024-01-11||-100|1",
        [2],
        -51,
    ),
    "taken_back": (
        HEAD,
        # invoice in the last ten days of January (22 to 31), credit note in the first fortnight of February
        "A|invoice|2024-01-22|2024-02-09|70|\nA|credit_note|2024-02-15||-70|",
        (
            "A|invoice|2024-01-21|2024-02-09|70|\nA|credit_note|2024-02-15||-70|\n"
            "B|invoice|2024-01-22|2024-02-09|80|\nB|credit_note|2024-02-16||-80|"
        ),
        [2],
        -70,
    ),
    "net_above_gross": (
        HEAD + "|net_amount",
        "A|invoice|2024-01-10|2024-02-09|70||70.01",
        "A|credit_note|2024-01-10||-70||-70",
        [1],
        0.01,
    ),
}


@pytest.mark.parametrize("key", CASES)
def test_a_check_finds_what_is_wrong_and_leaves_what_is_right(key):
    heading, wrong, right, items, amount = CASES[key]
    rows = found(books(f"{heading}\n{wrong}"), key, "2024-12-31")
    assert rows["item_id"].tolist() == items
    assert rows["amount"].sum() == pytest.approx(amount)
    assert found(books(f"{heading}\n{right}"), key, "2024-12-31").empty


@pytest.mark.parametrize("lines", ["C|invoice|2004-01-10|2004-02-09|70|", "C|invoice|2024-01-10|2042-02-09|70|"])
def test_a_date_far_from_all_others_is_an_error(lines):
    rows = check(ledger_of(SOUND + lines))
    row = rows[rows["check"] == "far_date"].iloc[0]
    assert (row["severity"], row["item_id"], row["customer_id"], row["amount"]) == ("error", 4, "C", 70.0)


@pytest.mark.parametrize(
    "cells",
    [[pd.Timestamp("2024-02-01"), pd.NaT], [45323, None], ["01/02/2024", "?"], [20240201, 20240101]],
    ids=["dates", "Excel days", "French text", "compact"],
)
def test_an_order_date_is_read_however_the_file_writes_it(cells):
    """1 February 2024 in each of them, which Excel counts as day 45,323."""
    sound = ledger_of(f"{HEAD}\nA|invoice|2024-01-10|2024-02-09|70|\nA|invoice|2024-01-10|2024-02-09|80|")
    items = sound.items.assign(**{"Date de commande": cells})
    rows = found(Ledger(items, sound.matches, sound.customers, sound.controls, "EUR", sound.covers), "before_order")
    assert rows[["item_id", "column", "value"]].values.tolist() == [[1, "Date de commande", "2024-02-01"]]


def test_nothing_is_found_in_a_sound_ledger():
    findings = check(ledger_of(SOUND))
    assert findings.empty
    assert tuple(findings.columns) == tuple(COLUMNS)


def test_findings_of_a_past_day_hold_nothing_booked_later_but_dates_that_are_wrong():
    ledger = ledger_of(SOUND + "C | invoice | 2024-03-10 | 2024-03-09 | 70.00 |\nC|invoice|2104-01-01|2104-01-31|5|")
    assert check(ledger, "2024-03-09")["check"].tolist() == ["far_date"]
    assert check(ledger, "2024-03-10")["check"].tolist() == ["far_date", "due_before_issue"]


def daily(count, *, start="2024-01-01", **columns):
    """An invoice a weekday for a customer, of 100, 101, 102… so that no two are alike, due in 30 days."""
    days = pd.Series(pd.bdate_range(start, periods=count))
    items = {
        "item_id": np.arange(1, count + 1),
        "customer_id": "A",
        "kind": "invoice",
        "reference": [f"FA24-{number:04d}" for number in range(1, count + 1)],
        "issued_on": days,
        "booked_on": days,
        "due_on": days + pd.Timedelta(days=30),
        "amount": 100.0 + np.arange(count),
    }
    return pd.DataFrame(items | columns)


def without_matches(items, **settings_):
    return of_items(items, ledger_of(SOUND).matches.iloc[:0], **settings_)


def test_a_few_bookings_long_after_all_others_are_found():
    """200 weekdays from 1 January 2024 end on 4 October; a cheque of 4 November comes 31 days later, 3 November 30."""
    for last, expected in (("2024-11-04", [200]), ("2024-11-03", [])):
        items = daily(200)
        items.loc[199, ["issued_on", "booked_on"]] = pd.Timestamp(last)
        items.loc[198, ["issued_on", "booked_on"]] = pd.Timestamp("2024-10-04")
        assert found(without_matches(items), "post_dated", "2024-06-30")["item_id"].tolist() == expected


def test_what_follows_the_last_day_of_the_ledger_is_counted_by_month():
    """Weekdays after 28 June 2024, of 140 from 1 January (last: 12 July): 1 to 5 and 8 to 12 July."""
    rows = found(without_matches(daily(140), covers=("2024-01-01", "2024-06-28")), "after_the_end")
    assert (rows["value"].tolist(), rows["count"].tolist()) == (["2024-07"], [10])
    assert found(without_matches(daily(140)), "after_the_end").empty


def test_terms_beyond_french_law_are_found_for_customers_in_france():
    """From 10 January 2024: 60 days is 10 March, 45 days end of month 29 February or 16 March: 17 March is beyond."""
    table = f"""{HEAD}|due_source
        A|invoice|2024-01-10|2024-03-17|70||file
        A|invoice|2024-01-10|2024-04-17|30||file
        A|invoice|2024-01-10|2024-03-16|99||file
        B|invoice|2024-01-10|2024-05-17|70||file
        C|invoice|2024-01-10|2024-05-17|70||default"""
    countries = "customer_id|name|country\nA|Durand|FR\nB|Schmidt|DE\nC|Martin|FR"
    rows = found(books(table, customers=countries), "terms_beyond_law")
    assert rows[["customer_id", "amount", "count"]].values.tolist() == [["A", 100.0, 2]]
    assert found(books(table), "terms_beyond_law").empty  # nothing says where customers are
    fec = (Source("1FEC.txt", "0", "fec"),)
    assert found(books(table, sources=fec), "terms_beyond_law")["customer_id"].tolist() == ["A", "B"]


def test_limits_and_balances_are_those_of_the_day():
    table = f"{HEAD}\nA|invoice|2024-01-10|2024-02-09|70|\nA|payment|2024-06-10||-40|1\nB|payment|2024-06-10||-5|"
    limits = "customer_id|name|credit_limit|insured_limit\nA|Durand|50|30\nB|Martin|0|"
    ledger = books(table, customers=limits)
    over = {key: found(ledger, f"over_{key}_limit", "2024-05-31")["amount"].tolist() for key in ("credit", "insured")}
    assert over == {"credit": [20.0], "insured": [40.0]}
    assert found(ledger, "over_credit_limit", "2024-06-10").empty  # 30 of 50
    assert found(ledger, "over_insured_limit", "2024-06-10").empty  # 30 of 30
    rows = found(ledger, "negative_balance", "2024-06-10")
    assert rows[["customer_id", "amount"]].values.tolist() == [["B", -5.0]]
    assert rows["row"].isna().all()
    assert found(ledger, "negative_balance", "2024-06-09").empty


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("Établissements Dupont & Fils", "DUPONT ET FILS SARL", True),
        ("Boulangerie Mérindaux", "Boulangerie Merindeaux", True),  # one letter more
        ("Boulangerie Mérindaux", "Boulangerie Merindoux", True),  # one letter for another
        ("Transports Martin Jean", "Jean Martin Transports", True),
        ("Boulangerie Mérindaux", "Boulangerie Lormois", False),
        ("Magasin Nantes 1", "Magasin Nantes 2", False),
        ("Client Eta", "Client Zeta", False),
    ],
)
def test_names_nearly_alike_under_two_numbers_are_found(first, second, alike):
    table = f"{HEAD}\nA|invoice|2024-01-10|2024-02-09|70|\nB|invoice|2024-01-10|2024-02-09|30|"
    rows = found(books(table, customers=f"customer_id|name\nA|{first}\nB|{second}"), "names_alike")
    assert rows["amount"].tolist() == ([100.0] if alike else [])
    abroad = books(table, customers=f"customer_id|name|country\nA|{first}|FR\nB|{second}|BE")
    assert found(abroad, "names_alike").empty


def test_one_company_number_under_two_customer_numbers_is_found():
    table = f"{HEAD}\nA|invoice|2024-01-10|2024-02-09|70|\nB|invoice|2024-01-10|2024-02-09|30|"
    rows = found(books(table, customers="customer_id|name|siren\nA|X|732 829 320\nB|Y|73282932000074"), "same_siren")
    assert rows[["customer_id", "amount"]].values.tolist() == [["B", 100.0]]
    assert found(books(table, customers="customer_id|name|siren\nA|X|732829320\nB|Y|732829321"), "same_siren").empty


def test_a_customer_that_is_not_in_the_customers_file_is_found():
    table = (
        f"{HEAD}\nA|invoice|2024-01-10|2024-02-09|70|\nB|invoice|2024-01-10|2024-02-09|30|\nC|payment|2024-01-10||-5|"
    )
    rows = found(books(table, customers="customer_id|name|country\nA|X|FR\nB|Y|FR"), "customer_unknown")
    assert rows[["customer_id", "amount"]].values.tolist() == [["C", -5.0]]
    assert found(books(table), "customer_unknown").empty  # no customers' file was given


def test_missing_numbers_are_listed_as_ranges_unless_another_series_used_them():
    items = daily(60)
    gone = items.drop(index=[9, 20, 21, 22])  # numbers 10, 21, 22, 23
    rows = found(without_matches(gone), "numbers_missing")
    assert sorted(rows["value"]) == ["FA24-0010", "FA24-0021 … FA24-0023"]
    assert sorted(rows["count"]) == [1, 3]
    assert rows["amount"].isna().all()
    assert found(without_matches(items), "numbers_missing").empty
    credited = items.assign(
        kind=items["kind"].where(items.index != 9, "credit_note"),
        reference=items["reference"].where(items.index != 9, "AV24-0010"),
        amount=items["amount"].where(items.index != 9, -5.0),
    )
    assert found(without_matches(credited), "numbers_missing").empty
    sparse = items[items.index % 2 == 0]  # half of the numbers: somebody else's numbering
    assert found(without_matches(sparse), "numbers_missing").empty


def test_a_numbering_that_starts_again_each_year_has_no_gap_between_years():
    first, second = daily(30), daily(30, start="2025-01-01", item_id=np.arange(31, 61))
    both = pd.concat([first, second]).assign(
        reference=[f"{n}" for n in [*range(2024001, 2024031), *range(2025001, 2025031)]]
    )
    assert found(without_matches(both), "numbers_missing").empty
    rows = found(without_matches(both[both["reference"] != "2025007"]), "numbers_missing")
    assert rows["value"].tolist() == ["2025007"]


def test_numbers_that_do_not_follow_the_days_are_found():
    for days, expected in ((8, [31]), (7, [])):
        items = daily(60)
        items.loc[30, "issued_on"] = items.loc[29, "issued_on"] - pd.Timedelta(days=days)
        assert found(without_matches(items), "numbered_out_of_order")["item_id"].tolist() == expected


def test_a_month_billed_at_its_end_is_found():
    """A weekday's invoice of some 100 to 360; 60 more of 500 on 30 and 31 May 2024, a Thursday and a Friday."""
    items = daily(262)
    rush = daily(60, item_id=np.arange(1001, 1061), amount=500.0)
    rush["issued_on"] = rush["booked_on"] = pd.to_datetime(["2024-05-30", "2024-05-31"] * 30)
    rush["reference"] = None
    rows = found(without_matches(pd.concat([items, rush])), "month_end")
    usual = items[items["issued_on"].isin(pd.to_datetime(["2024-05-30", "2024-05-31"]))]["amount"].sum()
    assert rows[["value", "count"]].values.tolist() == [["2024-05", 62]]
    assert rows["amount"].tolist() == [60 * 500 + usual]
    assert found(without_matches(items), "month_end").empty


def test_a_tax_at_no_rate_is_odd_where_invoices_bear_one_rate_each():
    net = 1000.0 + np.arange(100)
    items = daily(100, net_amount=net, amount=(net * 1.2).round(2))
    items.loc[4, "amount"] = 1171.0  # 1004 and 16.6 %
    rows = found(without_matches(items), "tax_odd")
    assert (rows["item_id"].tolist(), rows["amount"].tolist()) == ([5], [167.0])
    mixed = items.assign(amount=(net * np.linspace(1.06, 1.19, 100)).round(2))
    assert found(without_matches(mixed), "tax_odd").empty
    mixed.loc[4, "amount"] = 1305.2  # 30 %: above any rate
    assert found(without_matches(mixed), "tax_odd")["item_id"].tolist() == [5]


def test_an_amount_without_tax_that_is_missing_is_found_where_most_have_one():
    items = daily(10, net_amount=90.0)
    items.loc[3, "net_amount"] = np.nan
    assert found(without_matches(items), "net_missing")["item_id"].tolist() == [4]
    assert found(without_matches(items.drop(columns="net_amount")), "net_missing").empty


def test_large_round_invoices_are_found_where_they_are_not_the_companys_prices():
    items = daily(10)
    items.loc[2, "amount"], items.loc[3, "amount"], items.loc[4, "amount"] = 20_000.0, 20_500.0, 9_000.0
    assert found(without_matches(items), "round_amount")["item_id"].tolist() == [3]
    assert found(without_matches(daily(30, amount=10_000.0)), "round_amount").empty


def test_a_ledger_that_does_not_tie_is_an_error():
    sound = ledger_of(SOUND)
    controls = sound.controls.assign(amount=sound.controls["amount"] + 0.01)
    rows = check(Ledger(sound.items, sound.matches, sound.customers, controls, "EUR", sound.covers))
    assert rows[["check", "severity", "amount"]].values.tolist() == [["does_not_tie", "error", -0.03]]
    by_account = sound.items.assign(account=["411000", "411000", "413000"])
    controls = sound.controls.assign(account=["411000", "411000", "413000"], amount=[100.0, -100.0, 49.0])
    rows = found(Ledger(by_account, sound.matches, sound.customers, controls, "EUR", sound.covers), "does_not_tie")
    assert rows[["value", "amount"]].values.tolist() == [["413000", 1.0]]


def test_entries_that_do_not_balance_are_named_with_their_file():
    warned = Source("1FEC.txt", "0", "fec", warnings=(say("fec.unbalanced", difference=-12.5),))
    rows = found(books(SOUND, sources=(Source("2FEC.txt", "1", "fec"), warned)), "entries_unbalanced")
    assert rows[["file", "amount"]].values.tolist() == [["1FEC.txt", 12.5]]
    assert found(books(SOUND), "entries_unbalanced").empty


def test_every_check_has_a_case():
    """Each key stands in a case above, or in the text of this file beside the ledger it is tried on."""
    here = Path(__file__).read_text(encoding="utf-8")
    assert [one.key for one in checks() if one.key not in CASES and f'"{one.key}"' not in here] == []
    assert len(checks()) >= 25


@pytest.mark.parametrize("one", checks(), ids=lambda one: one.key)
def test_a_check_speaks_two_languages(one):
    english, french = one.sentence("en"), one.sentence("fr")
    assert english != french
    assert english[-1] in ".?)"
    assert french[-1] in ".?"
    assert not [rule for rule in UNBROKEN if re.search(rule, french)]
    assert "\n" not in english + french


def test_findings_are_sorted_by_severity_then_money():
    findings = check(sample_ledger("negoce"))
    keys = [
        ({"error": 0, "warning": 1, "info": 2}[severity], -abs(amount))
        for severity, amount in zip(findings["severity"], findings["amount"], strict=True)
    ]
    assert all(before <= after for before, after in pairwise(keys))
    assert findings.dtypes.astype("str").to_dict() == COLUMNS | {"count": "int64"}


def test_findings_name_the_file_and_row_they_come_from():
    findings = check(sample_ledger("negoce"))
    rows = findings[findings["item_id"].notna()]
    assert set(rows["file"]) == {"negoce.csv"}
    assert rows["row"].notna().all()


def test_what_the_samples_hold_is_found():
    """Truth of the card: invoices paid twice, credit notes, disputes, insolvent customers; numbers are unbroken."""
    ledger = sample_ledger("negoce")
    keys = set(check(ledger)["check"])
    assert {"paid_twice", "disputed", "old_debt", "old_credit", "partial_matching", "over_credit_limit"} <= keys
    assert not {"numbers_missing", "numbered_out_of_order", "duplicate", "tax_odd", "terms_disagree"} & keys


@settings(max_examples=8, deadline=None)
@given(ledgers(), st.integers(0, 9))
def test_findings_do_not_depend_on_the_order_of_rows_and_write_nothing(ledger, seed):
    before = ledger.items.copy()
    pd.testing.assert_frame_equal(check(shuffled(ledger, seed)), check(ledger))
    pd.testing.assert_frame_equal(ledger.items, before)


def test_the_files_own_columns_never_stand_in_for_arlibs():
    """Exports have columns named value, count, file_name… which the findings must not show as theirs."""
    sound = ledger_of(SOUND + "C | invoice | 2024-03-10 | 2024-03-09 | 70.00 |")
    own = dict.fromkeys(("value", "count", "at_stake", "column", "left", "cents", "year", "journal name"), "x")
    named = Ledger(sound.items.assign(**own), sound.matches, sound.customers, sound.controls, "EUR", sound.covers)
    pd.testing.assert_frame_equal(check(named), check(sound))
