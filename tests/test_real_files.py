"""Every real file, which nobody here wrote: read and tied, or refused with the sentence that helps.

The balances were added up apart from arlib: the customer lines of each FEC by splitting its text and adding decimals,
the others with a spreadsheet's sum over the rows that are not paid. Bank statements are in test_bank.py.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from arlib import ArlibError, balance, open_items, proof, read_ledger

RATES = pd.DataFrame({"date": ["2000-01-01"] * 3, "currency": ["USD", "GBP", "AUD"], "rate": 1.0})
CAD = pd.DataFrame({"date": ["2000-01-01"], "currency": ["CAD"], "rate": [1.0]})

READ: list[tuple[str, dict[str, Any], float]] = [
    ("einvoices/factur-x-en16931.xml", {}, 104.90),
    ("einvoices/ubl-21-en16931.xml", {}, 208.03),  # 308.03 less 100.00 paid in advance
    ("einvoices/zugferd-comfort.xml", {}, 529.87),
    ("fec_handmade_nonconforming/fec-complete-test-2024.txt", {}, 500.00),
    ("fec_handmade_nonconforming/fec-corrected-2024.txt", {}, 0.00),
    ("fec_handmade_nonconforming/fec-simple-realistic-2024.txt", {}, 2_500.00),
    ("fec_handmade_nonconforming/sample_fec_bijouterie.txt", {}, -25_600.00),
    ("fec_handmade_nonconforming/test-import-2024.txt", {}, 0.00),
    ("fec_latin_variants/100000009FEC20220831_iso8859-15_crlf.txt", {}, 52_517.24),
    ("fec_neolegal/0000000001FEC20220831.txt", {}, 52_517.24),
    ("fec_neolegal/0000000001FEC20220831.txt", {"accounts": ("411", "467")}, 258_619.49),  # 467: 206,102.25
    ("fec_neolegal/000000000FEC20231231.txt", {}, 27_771.70),
    ("fec_neolegal/111111111FEC20221231.TXT", {}, 14_416.52),
    ("fec_snippets/montant_sens_test.txt", {}, 1_200.00),
    ("fec_snippets/odoo_core_expected.txt", {"accounts": ("121000",)}, 7_437.10),
    ("fec_snippets/odoo_oca_expected.txt", {"accounts": ("121000",)}, 6_000.00),
    ("fec_snippets/ohada_no_let_dot.tsv", {}, 50.00),
    ("fec_synthetic_pipe/FEC_DEMO_2024.csv", {}, 94_587.15),
    ("fec_synthetic_pipe/FEC_DEMO_2024.csv", {"accounts": ("413",)}, -38_559.74),
    ("fec_synthetic_pipe/FEC_DEMO_2024.csv", {"accounts": ("416",)}, -33_167.63),
    ("fec_synthetic_pipe/FEC_DEMO_2024.csv", {"accounts": ("418",)}, -32_619.68),
    ("fec_synthetic_pipe/FEC_DEMO_2024.csv", {"accounts": ("4191",)}, -17_261.06),
    ("finsights_fr/customer_invoices.csv", {}, 9_100_000.00),
    ("finsights_fr/export_comptable_finsight.csv", {}, 55_100.00),
    ("finsights_fr/template-cegid.csv", {}, 55_500.00),  # the rows of type income
    ("finsights_fr/test-facture.csv", {}, 399_000.00),  # 420,000 less 21,000 paid
    ("layout_snippets/faktu_export_simple.csv", {}, 3_000.00),
    ("layout_snippets/faktu_export_simple_cp1252.csv", {}, 3_000.00),
    ("layout_snippets/quickbooks_ar_aging_detail.csv", {}, 4_917.25),
    ("layout_snippets/tally_pending_bills.xlsx", {}, 5_000.00),
    ("xero_invoices/SalesInvoiceTemplate.csv", {}, 232_278.00),  # quantity × unit amount
    # At a rate of 1, what the workbook's own pivot adds up to.
    ("saket_ar_workbook/Accounts-Receivable.xlsx", {"rates": pd.concat([RATES, CAD])}, 2_385_725.73),
    ("highradius/open_items_sampleA.csv", {"rates": CAD, "currency": "USD"}, 319_584_725.91),
]

REFUSED = [
    ("bank_statements/camt/camt053.v2.multi.statement.xml", "bank statement, not a ledger"),
    ("bank_statements/camt/camt053.v2.with-party-ids.xml", "bank statement, not a ledger"),
    ("bank_statements/mt940/ASNB_mt940.txt", "bank statement, not a ledger"),
    ("bank_statements/mt940/cmxl_mt940.sta", "bank statement, not a ledger"),
    ("bank_statements/mt940/jejik_abnamro.sta", "bank statement, not a ledger"),
    ("bank_statements/mt940/jejik_ing.sta", "bank statement, not a ledger"),
    ("fec_neolegal/LICENSE", "No row looks like a header"),
    ("fec_snippets/odoo_core_expected.txt", r"121000 \(Account Receivable\)"),
    ("fec_snippets/odoo_oca_expected.txt", r"121000 \(Account Receivable\)"),
    ("finsights_fr/payment_schedule.csv", "expected receipts"),
    ("finsights_fr/tracker-dso.xlsx", "sheet Factures Clients: There are headings but no row below"),
    ("highradius/open_items_sampleA.csv", "several currencies"),
    ("muruli_ap_ageing/Ageing Report.xlsx", 'row 43, column "Amount": the amount is missing'),
    ("payment_terms_strings.csv", "No column holds the date"),
    ("saket_ar_workbook/Accounts-Receivable.xlsx", "several currencies"),
]

# Read and tied, with a balance that says nothing by itself: every invoice of these lists is paid or has a status only.
ALSO_READ = (
    "finsights_fr/demo-data.csv",
    "finsights_fr/demo-pme-saisonnalite.csv",
    "highradius/closed_customers_half1.csv",
    "ibm_late_payment/WA_Fn-UseC_-Accounts-Receivable.csv",
)


@pytest.mark.parametrize(
    ("name", "asked", "expected"), READ, ids=[f"{name}{asked or ''}"[:70] for name, asked, _ in READ]
)
def test_a_real_file_is_read_and_ties_on_every_day(shared_data, name, asked, expected):
    ledger = read_ledger(shared_data / name, **asked)
    assert balance(ledger) == pytest.approx(expected, abs=0.005)
    for day in pd.date_range(*ledger.covers, periods=7).normalize():
        assert proof(ledger, day)["ties"].dropna().all(), day
        assert open_items(ledger, day)["open_amount"].sum() == pytest.approx(balance(ledger, day), abs=0.005)


@pytest.mark.parametrize(("name", "says"), REFUSED, ids=[name for name, _ in REFUSED])
def test_a_real_file_that_is_no_ledger_is_refused_with_the_right_sentence(shared_data, name, says):
    with pytest.raises(ArlibError, match=says):
        read_ledger(shared_data / name)


@pytest.mark.parametrize("name", ALSO_READ)
def test_a_list_of_paid_invoices_ties_on_every_day(shared_data, name):
    ledger = read_ledger(shared_data / name)
    for day in pd.date_range(*ledger.covers, periods=7).normalize():
        assert proof(ledger, day)["ties"].dropna().all(), day


def test_every_real_file_has_its_test(shared_data):
    files = {str(path.relative_to(shared_data)) for path in shared_data.rglob("*") if path.is_file()}
    tested = {name for name, *_ in READ} | {name for name, _ in REFUSED} | set(ALSO_READ)
    assert files - tested <= {"README.md"}


def fec_text(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    text = content.decode("utf-8-sig") if content.startswith(b"\xef\xbb\xbf") else content.decode("iso8859-15")
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    mark = "\t" if "\t" in lines[0] else "|"
    return [[cell.strip() for cell in line.split(mark)] for line in lines]


@pytest.mark.parametrize("name", ["0000000001FEC20220831.txt", "000000000FEC20231231.txt", "111111111FEC20221231.TXT"])
def test_each_customer_of_a_real_fec_owes_what_its_account_says_at_each_month_end(shared_data, name):
    """The lines of accounts 411 added up by customer, without arlib."""
    path = shared_data / "fec_neolegal" / name
    head, *rows = fec_text(path)
    place = {heading.lower(): where for where, heading in enumerate(head)}
    lines = [
        (row[place["compauxnum"]] or row[place["comptenum"]], row[place["ecrituredate"]], row)
        for row in rows
        if row[place["comptenum"]].startswith("411")
    ]
    signed = [
        (who, day.replace("-", ""), sum(sign * float(row[place[side]].replace(",", ".") or 0) for side, sign in SIDES))
        for who, day, row in lines
    ]
    books = pd.DataFrame(signed, columns=["customer_id", "day", "amount"])
    ledger = read_ledger(path)
    for day in pd.date_range(*ledger.covers, freq="ME"):
        expected = books[books["day"] <= day.strftime("%Y%m%d")].groupby("customer_id")["amount"].sum().round(2)
        found = open_items(ledger, day).groupby("customer_id")["open_amount"].sum().round(2)
        differs = expected.sub(found, fill_value=0).abs()
        assert (differs < 0.005).all(), (day, differs[differs >= 0.005])


SIDES = (("debit", 1), ("credit", -1))
