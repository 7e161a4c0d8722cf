"""The French accounting export."""

import codecs
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arlib import ArlibError, balance, dso, open_items, proof, read_ledger
from arlib.readers.fec import chain_years, is_fec, read_fec
from arlib.readers.reading import to_ledger
from arlib.readers.sources import RawSource, gather
from arlib.readers.tables.table import Table

HEAD = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate"),
    *("Montantdevise", "Idevise"),
)


def fec(*lines: str, separator: str = "\t", encoding: str = "utf-8") -> tuple[str, bytes]:
    """A FEC from lines of `journal|number|date|account|customer|piece|piece date|debit|credit|letter`."""
    rows = [separator.join(HEAD)]
    for line in lines:
        journal, number, day, account, customer, piece, issued, debit, credit, letter = line.split("|")
        name = {"AN": "A nouveaux", "VE": "Ventes", "BQ": "Banque", "OD": "Divers"}[journal]
        third = [customer, f"Client {customer}" if customer else "", piece, issued or day, "libellé"]
        matched = [letter, "20241231" if letter else "", day, "", ""]
        cells = [journal, name, number, day, account, "Compte", *third, debit or "0,00", credit or "0,00", *matched]
        rows.append(separator.join(cells))
    return "123456789FEC20241231.txt", ("\r\n".join(rows) + "\r\n").encode(encoding)


def ledger_of(source, **options):
    """The ledger of one FEC, read with options of `read_fec`."""
    readings = chain_years([read_fec(raw, **options) for raw in gather(source)])
    return to_ledger(readings, terms=None, customers=None, rates=None, currency=None)


def said(ledger):
    return " ".join(str(each) for source in ledger.sources for each in (*source.reading, *source.warnings))


YEAR = (
    "AN|1|20240101|411000|DUR|F90|20231115|300,00||",
    "AN|1|20240101|44571|||20240101||50,00|",
    "AN|1|20240101|120000|||20240101||250,00|",
    "VE|2|20240110|411000|DUR|F1|20240109|1200,00||A",
    "VE|2|20240110|707000|||20240109||1000,00|",
    "VE|2|20240110|445710|||20240109||200,00|",
    "BQ|3|20240215|411000|DUR|V1|||1200,00|A",
    "BQ|3|20240215|512000|||| 1200,00||",
    "VE|4|20240301|411000|MAR|A7|||60,00|",
    "VE|4|20240301|707000||||50,00||",
    "VE|4|20240301|445710||||10,00||",
    "VE|5|20240401|411000|MAR|F2||600,00||B",
    "VE|5|20240401|707000|||||500,00|",
    "VE|5|20240401|445710|||||100,00|",
    "BQ|6|20240501|411000|MAR|V2|||250,00|B",
    "BQ|6|20240501|512000||||250,00||",
    "OD|7|20240601|411000|MAR|OD1|||30,00|",
    "OD|7|20240601|416000|MAR|OD1||30,00||",
)


@pytest.mark.parametrize("separator", ["\t", "|", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso8859-15"])
def test_a_year_in_any_usual_writing(separator, encoding):
    ledger = read_ledger(fec(*YEAR, separator=separator, encoding=encoding))
    kinds = ledger.items["kind"].tolist()
    assert kinds == ["opening", "invoice", "payment", "credit_note", "invoice", "payment", "transfer"]
    assert balance(ledger) == 560.0  # 300 + 1200 - 1200 - 60 + 600 - 250 - 30
    assert proof(ledger)["ties"].all()
    assert proof(ledger, "2024-03-15")["ties"].all()
    assert balance(ledger, "2024-03-15") == 240.0


def test_letters_settle_by_accounting_dates_and_a_partial_group_stays_open():
    opened = open_items(read_ledger(fec(*YEAR)))
    assert opened.set_index("reference")["open_amount"].to_dict() == {
        "F90": 300.0,
        "A7": -60.0,
        "F2": 350.0,
        "OD1": -30.0,
    }
    ledger = read_ledger(fec(*YEAR))
    assert set(ledger.matches["matched_on"].dt.strftime("%Y-%m-%d")) == {"2024-02-15", "2024-05-01"}  # never DateLet


def test_invoices_have_their_own_date_and_net_amount():
    items = read_ledger(fec(*YEAR)).items.set_index("reference")
    assert items.loc["F1", "issued_on"].strftime("%Y-%m-%d") == "2024-01-09"
    assert items.loc["F1", "booked_on"].strftime("%Y-%m-%d") == "2024-01-10"
    assert items.loc[["F1", "A7", "F2"], "net_amount"].tolist() == [1000.0, -50.0, 500.0]
    assert items.loc["V1", "net_amount"] != items.loc["V1", "net_amount"]  # a payment has none
    assert items.loc["F90", "issued_on"].strftime("%Y-%m-%d") == "2023-11-15"


def test_receipts_lettered_with_an_earlier_year_settle_the_opening_balance():
    """The opening is one line a customer without a letter; the receipt bears the letter of last year's invoices."""
    ledger = read_ledger(
        fec(
            "AN|1|20240101|411000|DUR|RAN||500,00||",
            "AN|1|20240101|120000|||||500,00|",
            "BQ|2|20240210|411000|DUR|V1|||500,00|ZZ",
            "BQ|2|20240210|512000||||500,00||",
        )
    )
    assert open_items(ledger).empty
    assert len(open_items(ledger, "2024-02-09")) == 1
    assert ledger.matches["method"].tolist() == ["derived"]
    assert "500.00 of receipts are lettered with more" in " ".join(map(str, ledger.sources[0].warnings))


def test_one_number_for_every_draft_entry_does_not_mix_entries_up():
    """Drafts carry no entry number: entries are told apart by the key under which they balance."""
    lines = [line.split("|") for line in YEAR[3:]]
    drafts = ["|".join([fields[0], "0", *fields[2:]]) for fields in lines]
    kinds = read_ledger(fec(*drafts)).items["kind"].tolist()
    assert kinds == ["invoice", "payment", "credit_note", "invoice", "payment", "transfer"]


def test_merged_letters_of_a_closed_year_are_no_group():
    """`***` marks history merged at closing (trap 25): it must not settle open items with one another."""
    ledger = read_ledger(
        fec(
            "VE|2|20240110|411000|DUR|F1||100,00||***",
            "VE|2|20240110|707000|||||100,00|",
            "BQ|3|20240215|411000|DUR|V1|||100,00|B",
            "BQ|3|20240215|512000||||100,00||",
        )
    )
    assert len(open_items(ledger)) == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            ("VE|2|20240231|411000|DUR|F1||1,00||", "VE|2|20240231|707000|||||1,00|"),
            'column "EcritureDate": "20240231"',
        ),
        (("VE|2|20240210|411000|DUR|F1||abc||", "VE|2|20240210|707000|||||1,00|"), 'column "Debit": "abc"'),
        (
            ("OD|2|20240210|607000||||1,00||", "OD|2|20240210|401000|||||1,00|"),
            "No line of this FEC is on a customer account",
        ),
    ],
)
def test_what_is_wrong_is_named(wrong, says):
    with pytest.raises(ArlibError) as caught:
        read_ledger(fec(*wrong))
    assert says in str(caught.value)


def test_missing_columns_are_named():
    content = b"JournalCode\tEcritureDate\tCompteNum\tDebit\nVE\t20240101\t411\t1,00\n"
    with pytest.raises(ArlibError, match="lacks the columns Credit"):
        read_ledger(("a.txt", content))


def test_a_file_that_does_not_balance_is_said():
    ledger = read_ledger(fec("VE|2|20240210|411000|DUR|F1||100,00||", "VE|2|20240210|707000|||||90,00|"))
    assert "differ by 10.00" in " ".join(map(str, ledger.sources[0].warnings))


def test_the_period_is_that_of_every_account_from_the_opening_on():
    lines = ("OD|8|20241231|607000||||10,00||", "OD|8|20241231|401000|||||10,00|")
    ledger = read_ledger(fec(*YEAR, *lines))
    assert [day.strftime("%Y-%m-%d") for day in ledger.covers] == ["2024-01-01", "2024-12-31"]


def test_a_write_off_with_its_tax_is_no_credit_note():
    ledger = read_ledger(
        fec(
            "VE|2|20240110|411000|DUR|F1||120,00||A",
            "VE|2|20240110|707000|||||120,00|",
            "OD|3|20240601|411000|DUR|P1|||120,00|A",
            "OD|3|20240601|654000||||100,00||",
            "OD|3|20240601|445710||||20,00||",
        )
    )
    assert ledger.items["kind"].tolist() == ["invoice", "write_off"]


def test_a_bill_accepted_is_neither_a_payment_nor_a_credit_note():
    ledger = read_ledger(fec("OD|3|20240601|411000|DUR|LCR1|||120,00|", "OD|3|20240601|413000||||120,00||"))
    assert ledger.items["kind"].tolist() == ["bill"]


def test_exchanged_debits_and_credits_are_said():
    ledger = read_ledger(fec("VE|2|20240210|411000|DUR|F1|||100,00|", "VE|2|20240210|707000||||100,00||"))
    assert "look exchanged" in " ".join(map(str, ledger.sources[0].warnings))


@pytest.mark.parametrize(
    ("name", "closing"),
    [
        ("fec_neolegal/0000000001FEC20220831.txt", 52517.24),
        ("fec_neolegal/000000000FEC20231231.txt", 27771.70),
        ("fec_neolegal/111111111FEC20221231.TXT", 14416.52),
        ("fec_latin_variants/100000009FEC20220831_iso8859-15_crlf.txt", 52517.24),
        ("fec_synthetic_pipe/FEC_DEMO_2024.csv", 94587.15),
    ],
)
def test_real_exports_tie_to_their_customer_accounts_on_every_day(shared_data, name, closing):
    """Balances of account 411 added up by hand from the files."""
    ledger = read_ledger(shared_data / name)
    assert balance(ledger) == closing
    assert open_items(ledger)["open_amount"].sum() == pytest.approx(closing, abs=0.004)
    for day in sorted(set(ledger.items["booked_on"]))[::20]:
        assert proof(ledger, day)["ties"].all()


def kinds_of(*lines, **options):
    return ledger_of(fec(*lines), **options).items["kind"].tolist()


INVOICE = (
    "VE|1|20240110|411000|DUR|F1||120,00||",
    "VE|1|20240110|707000|||||100,00|",
    "VE|1|20240110|445710|||||20,00|",
)


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (("BQ|2|20240201|411000|DUR|V1||120,00||", "BQ|2|20240201|512000|||||120,00|"), "payment"),  # a rejected one
        (("BQ|2|20240201|411000|DUR|V1|||120,00|", "BQ|2|20240201|511200||||120,00||"), "payment"),
        (("OD|2|20240201|411000|DUR|V1|||120,00|", "OD|2|20240201|413000||||120,00||"), "bill"),
        (("OD|2|20240201|411000|DUR|V1|||120,00|", "OD|2|20240201|416000||||120,00||"), "transfer"),
        (("OD|2|20240201|411000|DUR|V1|||120,00|", "OD|2|20240201|467000||||120,00||"), "transfer"),  # to a factor
        (("OD|2|20240201|411000|DUR|V1|||120,00|", "OD|2|20240201|671400||||120,00||"), "write_off"),
        (("OD|2|20240201|411000|DUR|V1|||0,02|", "OD|2|20240201|658000||||0,02||"), "write_off"),
        (("OD|2|20240201|411000|DUR|V1||0,02||", "OD|2|20240201|758000|||||0,02|"), "write_off"),
        (("OD|2|20240201|411000|DUR|V1|||3,00|", "OD|2|20240201|666000||||3,00||"), "other"),  # lost on exchange
        (("OD|2|20240201|411000|DUR|V1||800,00||", "OD|2|20240201|752000|||||800,00|"), "invoice"),  # a rent
        (("OD|2|20240201|411000|DUR|V1|||12,00|", "OD|2|20240201|709000||||12,00||"), "credit_note"),
        (("OD|2|20240201|411000|DUR|V1|||9,00|", "OD|2|20240201|401000||||9,00||"), "other"),  # set off
    ],
)  # fmt: skip
def test_a_line_is_what_the_rest_of_its_entry_says(lines, kinds):
    """Handbook 4.8, step 2."""
    assert kinds_of(*INVOICE, *lines) == ["invoice", kinds]


def test_vat_that_falls_due_with_the_payment_makes_no_invoice_of_a_rejected_one():
    lines = (
        "BQ|2|20240201|411000|DUR|V1||120,00||",
        "BQ|2|20240201|512000|||||120,00|",
        "BQ|2|20240201|445710||||20,00||",
        "BQ|2|20240201|445740|||||20,00|",
    )
    assert kinds_of(*INVOICE, *lines) == ["invoice", "payment"]


def test_net_and_tax_of_several_rates_and_of_an_entry_shared_by_two_customers():
    """1,000.00 at 20 % and 200.00 at 5.5 %: 1,411.00, two thirds to DUR and one, 470.33, to MAR."""
    ledger = ledger_of(
        fec(
            "VE|1|20240110|411000|DUR|F1||940,67||",
            "VE|1|20240110|411000|MAR|F1||470,33||",
            "VE|1|20240110|707000|||||1000,00|",
            "VE|1|20240110|707100|||||200,00|",
            "VE|1|20240110|445712|||||200,00|",
            "VE|1|20240110|445711|||||11,00|",
        )
    )
    assert ledger.items["net_amount"].tolist() == [800.0, 400.0]  # 1,200 x 940.67 / 1,411 = 800.0028
    assert ledger.items["tax_amount"].tolist() == [140.67, 70.33]


def test_letters_that_do_not_come_to_zero_are_counted_and_found_again():
    ledger = ledger_of(fec(*YEAR))
    assert "Letters that do not come to zero in this file: 1, on 2 lines, 350.00 in all" in said(ledger)
    assert ledger.items.loc[ledger.items["partly_lettered"], "reference"].tolist() == ["F2", "V2"]


def test_a_letter_is_of_one_account_and_one_customer():
    """Trap 22: A of DUR, A of MAR and A of DUR on a bill account are three groups."""
    ledger = ledger_of(
        fec(
            *(line + "A" * (number == 0) for number, line in enumerate(INVOICE)),
            "BQ|2|20240201|411000|MAR|V1|||120,00|A",
            "BQ|2|20240201|512000||||120,00||",
            "BQ|3|20240201|413000|DUR|V2|||120,00|A",
            "BQ|3|20240201|512000||||120,00||",
        ),
        accounts=("411", "413"),
    )
    assert len(open_items(ledger)) == 3


def test_stars_that_come_to_nothing_on_an_opening_are_closed_history():
    """Trap 25: Sage repeats last year's lettered lines under `***`."""
    ledger = ledger_of(
        fec(
            "AN|1|20240101|411000|DUR|F1|20231101|100,00||***",
            "AN|1|20240101|411000|DUR|V1|20231201||100,00|***",
            "AN|1|20240101|411000|MAR|F2|20231201|70,00||***",
            "AN|1|20240101|120000|||||70,00|",
        )
    )
    assert open_items(ledger)["reference"].tolist() == ["F2"]


def test_a_bill_stays_exposure_until_it_is_cashed():
    """Trap 18: with 413, the invoice settled by a bill is still owed; on 15 March the bill is cashed."""
    lines = (
        *(line + "A" * (number == 0) for number, line in enumerate(INVOICE)),
        "OD|2|20240201|411000|DUR|LCR|||120,00|A",
        "OD|2|20240201|413000|DUR|LCR||120,00||B",
        "BQ|3|20240315|413000|DUR|V1|||120,00|B",
        "BQ|3|20240315|512000||||120,00||",
    )
    ledger = ledger_of(fec(*lines), accounts=("411", "413"))
    assert [balance(ledger, day) for day in ("2024-01-31", "2024-02-29", "2024-03-15")] == [120.0, 120.0, 0.0]
    assert ledger.items["kind"].tolist() == ["invoice", "bill", "bill", "payment"]
    assert balance(ledger_of(fec(*lines)), "2024-02-29") == 0.0


def test_a_transfer_to_doubtful_customers_is_neither_a_payment_nor_an_invoice():
    """Trap 19."""
    lines = ("OD|2|20240601|411000|DUR|OD|||120,00|", "OD|2|20240601|416000|DUR|OD||120,00||")
    ledger = ledger_of(fec(*INVOICE, *lines), accounts=("411", "416"))
    assert ledger.items["kind"].tolist() == ["invoice", "transfer", "transfer"]
    assert balance(ledger) == 120.0


def retention(label):
    name, content = fec(
        "VE|1|20240110|411000|DUR|F1||1140,00||",
        "VE|1|20240110|411700|DUR|F1||60,00||",
        "VE|1|20240110|704000|||||1200,00|",
    )
    old, new = (f"411700\t{each}".encode() for each in ("Compte", label))
    return name, content.replace(old, new)


def test_retention_guarantees_are_out_unless_asked_for_and_never_overdue():
    """Trap 21; where 4117 is followed by a customer's name, it is one of the accounts 411."""
    out = ledger_of(retention("Clients - retenues de garantie"))
    assert balance(out) == 1140.0
    assert "411: 1,140.00 (in), 4117: 60.00 (left out)" in said(out)
    held = ledger_of(retention("Retenues de garantie"), accounts=("411", "4117"))
    assert balance(held) == 1200.0
    assert held.items["due_source"].tolist() == ["default", "none"]
    assert pd.isna(open_items(held)["days_overdue"].iloc[1])
    assert balance(ledger_of(retention("Martin SARL"))) == 1200.0


def test_every_family_of_customer_accounts_is_shown_in_or_out():
    lines = (
        "OD|2|20240601|411000|DUR|OD|||30,00|",
        "OD|2|20240601|416000|DUR|OD||30,00||",
        "BQ|3|20240602|419100|DUR|AC|||50,00|",
        "BQ|3|20240602|512000||||50,00||",
    )
    assert "411: 90.00 (in), 416: 30.00 (left out), 4191: −50.00 (left out)" in said(ledger_of(fec(*INVOICE, *lines)))
    ledger = ledger_of(fec(*INVOICE, *lines), accounts=("411", "416", "4191"))
    assert "411: 90.00 (in), 416: 30.00 (in), 4191: −50.00 (in)" in said(ledger)
    assert balance(ledger) == 70.0


def test_a_dso_is_of_the_customer_accounts_without_doubtful_ones_and_accruals():
    """C8, divalto: 90 owed ÷ 120 sold × 90 days; doubtful customers (416) and invoices to issue (418) by choice."""
    lines = (
        "OD|2|20240331|411000|DUR|OD|||30,00|",
        "OD|2|20240331|416000|DUR|OD||30,00||",
        "OD|3|20240331|418100|DUR|FAE||60,00||",
        "OD|3|20240331|707000|||||60,00|",
        "VE|4|20240105|411000|MAR|F0||0,01||",
        "VE|4|20240105|707000|||||0,01|",
    )
    ledger = ledger_of(fec(*INVOICE, *lines))
    assert dso(ledger, "2024-03-31", days=87) == pytest.approx(90.01 / 120.01 * 87)
    wider = ledger_of(fec(*INVOICE, *lines), accounts=("411", "416"))
    assert dso(wider, "2024-03-31", days=87) == pytest.approx(120.01 / 120.01 * 87)


def test_auxiliary_numbers_count_on_third_party_lines_only():
    """Trap 26: Odoo fills them on sales and tax too; elsewhere they are empty everywhere."""
    lines = [line.replace("|707000||", "|707000|DUR|").replace("|445710||", "|445710|DUR|") for line in INVOICE]
    assert ledger_of(fec(*lines)).items["customer_id"].tolist() == ["DUR"]
    alone = [line.replace("|DUR|", "||").replace("411000", "411DUR") for line in INVOICE]
    assert ledger_of(fec(*alone)).customers["customer_id"].tolist() == ["411DUR"]


def written(cells, name="a.txt", ragged=()):
    """A reading of a table as a file would give it."""
    frame = pd.DataFrame(cells)
    table = Table(name, None, frame.set_axis(range(2, 2 + len(frame))), ragged=ragged)
    return read_fec(RawSource(name, b"", "", "text"), table=table)


def simple(**changed):
    columns = {
        "JournalCode": ["VE", "VE"],
        "EcritureDate": ["20240110"] * 2,
        "CompteNum": ["411000", "707000"],
        "Debit": ["100,00", ""],
        "Credit": ["", "100,00"],
    }
    return columns | changed


@pytest.mark.parametrize(
    ("debit", "credit", "cents"),
    [
        ("1\u00a0234,56", "0", 123_456),
        ("1\u202f234,56 ", "", 123_456),
        ("0000000069,60", "0000000000,00", 6_960),
        (" 000000000001437,12", "0,00", 143_712),
        ("1234.5", "0", 123_450),
        ("10248", "", 1_024_800),
        ("-50,00", "", -5_000),
        ("", "-50,00", 5_000),
        ("0.1", "", 10),
        ("9999999999.99", "", 999_999_999_999),
    ],
)
def test_amounts_in_any_writing_are_exact(debit, credit, cents):
    """Trap 27."""
    reading = written(simple(Debit=[debit, credit], Credit=[credit, debit]))
    assert np.rint(reading.items["amount"] * 100).astype(int).tolist() == [cents]
    assert reading.controls["amount"].tolist() == [cents / 100]


@pytest.mark.parametrize(
    "sides", [("D", "C"), ("d", "c"), ("Débit", "Crédit"), ("+1", "-1"), ("1", "-1"), ("DEBIT", "CREDIT")]
)
def test_amount_and_side(sides):
    columns = simple(Montant=["100,00", "100,00"], Sens=list(sides))
    assert written({name: columns[name] for name in columns if name not in ("Debit", "Credit")}).items[
        "amount"
    ].tolist() == [100.0]


@pytest.mark.parametrize(
    "day", ["20240131", "2024-01-31", "31/01/2024", "31.01.2024", "31012024", " 20240131 ", "2024-01-31T00:00:00"]
)
def test_dates_with_or_without_separators(day):
    items = written(simple(EcritureDate=[day] * 2, PieceDate=[day, "00000000"])).items
    assert items[["issued_on", "booked_on"]].astype("str").values.tolist() == [["2024-01-31"] * 2]


@pytest.mark.parametrize(
    "heading", ["DateEcheance", "EcheanceDate", "DateEch", "Echéance", "Date d'échéance", "due date"]
)
def test_a_column_of_due_dates_that_the_norm_does_not_know(heading):
    reading = written(simple() | {heading: ["20240310", "comptant"]})
    assert str(reading.items["due_on"].iloc[0].date()) == "2024-03-10"
    unread = written(simple() | {heading: ["comptant", ""]})
    assert unread.items["due_on"].isna().all()
    assert "Due dates that are no dates, left empty: 1 (row 2)" in " ".join(map(str, unread.source.warnings))


def test_headings_in_another_writing_and_columns_beyond_the_norm():
    renamed = {
        "JournalCode": "JOURNAL CODE",
        "EcritureDate": "Écriture_Date",
        "CompteNum": " comptenum ",
        "Debit": "Débit",
        "Credit": "crédit",
    }
    columns = {renamed[name]: cells for name, cells in simple().items()} | {
        "IdClient": ["17", ""],
        "ModeRglt": ["CH", ""],
    }
    reading = written(columns)
    assert reading.items[["IdClient", "ModeRglt", "amount"]].values.tolist() == [["17", "CH", 100.0]]


def test_a_draft_without_numbers_is_cut_where_its_lines_come_to_zero():
    """A sale, its payment, a credit note and its refund on one day, in one journal: each is what it is."""
    columns = {
        "EcritureDate": ["20240110"] * 8,
        "CompteNum": ["411A", "707", "512", "411A", "411B", "709", "411B", "512"],
        "CompteLib": [""] * 8,
        "Debit": ["120", "", "120", "", "", "50", "50", ""],
        "Credit": ["", "120", "", "120", "50", "", "", "50"],
    }
    assert written(columns).items["kind"].tolist() == ["invoice", "payment", "credit_note", "payment"]


def test_numbers_that_differ_on_each_line_are_not_trusted():
    columns = simple(EcritureNum=["1", "2"])
    assert written(columns).items["kind"].tolist() == ["invoice"]


def test_opening_entries_outside_an_opening_journal_are_told_by_their_labels():
    columns = {
        "JournalCode": ["OD"] * 3,
        "EcritureNum": ["1"] * 3,
        "EcritureDate": ["20240101"] * 3,
        "CompteNum": ["411000", "512000", "101000"],
        "EcritureLib": ["A nouveau"] * 3,
        "Debit": ["100", "50", ""],
        "Credit": ["", "", "150"],
    }
    assert written(columns).items["kind"].tolist() == ["opening"]


def test_lines_that_are_none_are_left_out_and_listed():
    """A total at the end, and the headings once more where two files were put together."""
    columns = simple()
    total = {"JournalCode": "Total", "Debit": "100,00", "Credit": "100,00"}
    reading = written({name: [*cells, name, total.get(name, "")] for name, cells in columns.items()})
    assert reading.items["amount"].tolist() == [100.0]
    assert "no accounting line left out: 2 (row 4, 5)" in " ".join(map(str, reading.source.warnings))


def test_a_cell_that_cannot_be_read_stops_the_reading_only_on_a_customers_line():
    reading = written(simple(Credit=["", "abc"]))
    warnings = " ".join(map(str, reading.source.warnings))
    assert "neither a date nor an amount, taken as empty: 1 (row and column: 3: Credit)" in warnings
    assert "differ by 100.00" in warnings
    with pytest.raises(ArlibError, match='row 2, column "Debit": "abc" is not an amount'):
        written(simple(Debit=["abc", ""]))
    with pytest.raises(ArlibError, match='row 2, column "EcritureDate": the date is missing'):
        written(simple(EcritureDate=["", "20240110"]))
    with pytest.raises(ArlibError, match='row 2, column "PieceDate": "soon" is not a date'):
        written(simple(PieceDate=["soon", ""]))


def test_a_customers_line_cut_short_is_named():
    with pytest.raises(ArlibError, match="row 2: the amount is missing"):
        written(simple(Debit=["", ""]))
    columns = {name: [cells[0], *cells] for name, cells in simple().items()} | {"Debit": ["", "100,00", ""]}
    reading = written(columns | {"EcritureNum": ["1", "2", "2"]})
    assert "counted for zero since their entries balance: 1 (row 2)" in " ".join(map(str, reading.source.warnings))


RAGGED = {"JournalCode": ["VE"], "EcritureNum": ["1"], "EcritureDate": ["20240110"], "CompteNum": ["411000"],
          "CompAuxNum": ["DUR"], "EcritureLib": ["facture"], "Debit": ["100,00"], "Credit": ["0,00"]}  # fmt: skip


def test_a_line_with_a_cell_too_many_is_put_back_the_only_way_it_fits():
    line = (3, ("VE", "1", "20240110", "707000", "", "une", "facture", "0,00", "100,00"))
    reading = written(RAGGED, ragged=(line,))
    warnings = " ".join(map(str, reading.source.warnings))
    assert "with a cell too many put back in place" in warnings
    assert "(row 3)" in warnings
    assert "differ by" not in warnings


def test_a_ragged_line_of_a_customer_that_fits_one_way_is_read():
    line = (3, ("BQ", "2", "20240210", "411000", "DUR", "virement", "0,00", "60,00", "perdu"))
    assert written(RAGGED, ragged=(line,)).items["amount"].tolist() == [100.0, -60.0]


def test_a_ragged_line_that_balances_its_entry_one_way_is_read_so():
    """Debit and credit among 100,00, 0,00 and 5,00: only a credit of 100.00 balances the entry."""
    line = (3, ("VE", "1", "20240110", "707000", "", "facture", "5,00", "0,00", "100,00"))
    reading = written(RAGGED, ragged=(line,))
    assert "differ by" not in " ".join(map(str, reading.source.warnings))


def test_a_ragged_line_that_may_be_a_customers_is_refused():
    line = (3, ("BQ", "2", "20240210", "411000", "DUR", "MAR", "60,00", "0,00", "70,00"))
    with pytest.raises(ArlibError, match="row 3: the line has 9 cells where the header has 8, and may be a customer's"):
        written(RAGGED, ragged=(line,))


def test_a_ragged_line_that_fits_no_way_and_is_no_customers_is_left_out():
    line = (3, ("OD", "2", "20240210", "607000", "", "", "abc", "def", "ghi"))
    reading = written(RAGGED, ragged=(line,))
    assert "none of which can be a customer's, left out: 1 (row 3)" in " ".join(map(str, reading.source.warnings))


def test_accounts_of_another_chart_are_named_and_can_be_asked_for():
    columns = simple(CompteNum=["121000", "400000"], CompteLib=["Account Receivable", "Product Sales"])
    with pytest.raises(ArlibError, match=r"named like customers': 121000 \(Account Receivable\)"):
        written(columns)


XML = """<?xml version="1.0" encoding="UTF-8"?>
<comptabilite><exercice><DateCloture>2024-12-31</DateCloture>
<journal><JournalCode>VE</JournalCode><JournalLib>Ventes</JournalLib>
<ecriture><EcritureNum>1</EcritureNum><EcritureDate>2024-01-10</EcritureDate><EcritureLib>Facture</EcritureLib>
<PieceRef>F1</PieceRef><PieceDate>2024-01-09</PieceDate><ValidDate>2024-01-31</ValidDate>
<ligne><CompteNum>411000</CompteNum><CompteLib>Clients</CompteLib><CompAuxNum>DUR</CompAuxNum>
<CompAuxLib>Durand</CompAuxLib><Debit>120.00</Debit><Credit>0.00</Credit></ligne>
<ligne><CompteNum>707000</CompteNum><CompteLib>Ventes</CompteLib><Debit>0.00</Debit><Credit>100.00</Credit></ligne>
<ligne><CompteNum>445710</CompteNum><CompteLib>TVA</CompteLib><Montant>20.00</Montant><Debit/><Credit>20.00</Credit></ligne>
</ecriture></journal></exercice></comptabilite>"""


def test_a_fec_in_xml():
    raw = RawSource("123456789FEC20241231.xml", XML.encode(), "0", "xml")
    assert is_fec(raw)
    items = read_fec(raw).items
    assert items[["customer_id", "reference", "kind", "amount", "net_amount"]].values.tolist() == [
        ["DUR", "F1", "invoice", 120.0, 100.0]
    ]


def workbook(rows):
    """A workbook as a consultant keeps one: a title above, dates and amounts as such."""
    import io  # noqa: PLC0415 - openpyxl only where a workbook is written

    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return "fec.xlsx", held.getvalue()


def test_a_fec_in_a_workbook_under_a_title():
    day = date(2024, 1, 10)
    rows = [
        ["FEC 2024 de la société"],
        list(HEAD[:16]),
        ["VE", "Ventes", 1, day, 411000, "Clients", 1042, "Durand", "F1", day, "Facture", 1200.5, 0, None, None, day],
        ["VE", "Ventes", 1, day, 707000, "Ventes", None, None, "F1", day, "Facture", 0, 1200.5, None, None, day],
    ]
    from arlib.readers.tables import read_table  # noqa: PLC0415

    (raw,) = gather(workbook(rows))
    table = read_table(raw)
    assert is_fec(table)
    items = read_fec(raw, table=table).items
    assert items[["customer_id", "amount", "account", "row"]].values.tolist() == [["1042", 1200.5, "411000", 3]]
    assert str(items["issued_on"].iloc[0].date()) == "2024-01-10"


DIALECT = st.fixed_dictionaries(
    {
        "separator": st.sampled_from("\t|;,"),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "iso8859-15", "utf-16"]),
        "ends": st.sampled_from(["\n", "\r\n", "\r\r\n", "\r"]),
        "mark": st.sampled_from(",."),
        "day": st.sampled_from(["%Y%m%d", "%Y-%m-%d", "%d/%m/%Y"]),
        "sides": st.sampled_from([None, ("D", "C"), ("+1", "-1"), ("Débit", "Crédit")]),
        "negative": st.booleans(),
        "padded": st.booleans(),
        "quoted": st.booleans(),
        "upper": st.booleans(),
    }
)
CONTRA = {"707000": "VE", "512000": "BQ", "413000": "OD", "416000": "OD", "654000": "OD", "467000": "OD"}
ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 364),
        st.sampled_from(["DUR", "MAR", "ÉTÉ"]),
        st.integers(-9_999_999, 9_999_999).filter(bool),
        st.sampled_from(sorted(CONTRA)),
        st.sampled_from(["", "", "A", "B", "a"]),
    ),
    min_size=1,
    max_size=12,
)


def in_dialect(entries, dialect):
    """A FEC of two lines an entry, in any of the writings that are met."""
    mark, negative = dialect["mark"], dialect["negative"]

    def amount(cents):
        return f"{'-' * (cents < 0)}{abs(cents) // 100}{mark}{abs(cents) % 100:02d}"

    def money(cents):
        if dialect["sides"]:
            return [amount(abs(cents)), dialect["sides"][cents < 0]]
        return [amount(cents), amount(0)] if cents > 0 or negative else [amount(0), amount(-cents)]

    head = [*HEAD[:11], *(("Montant", "Sens") if dialect["sides"] else ("Debit", "Credit")), *HEAD[13:]]
    rows = [[heading.upper() for heading in head] if dialect["upper"] else head]
    for number, (day, customer, cents, contra, letter) in enumerate(entries, 1):
        on = (date(2024, 1, 1) + timedelta(days=day)).strftime(dialect["day"])
        journal = CONTRA[contra]
        start = [journal, "Journal", str(number), on]
        for account, third, signed, code in (("411000", customer, cents, letter), (contra, "", -cents, "")):
            middle = [account, "Libellé", third, third and f"Société {third}", f"P{number}", on, "pièce"]
            rows.append([*start, *middle, *money(signed), code, "", on, "", ""])
    if dialect["padded"]:
        rows = [[f" {cell}  " for cell in row] for row in rows]
    if dialect["quoted"] or (mark == "," and dialect["separator"] == ","):
        rows = [[f'"{cell}"' for cell in row] for row in rows]
    text = dialect["ends"].join(dialect["separator"].join(row) for row in rows)
    return "a.txt", text.encode(dialect["encoding"])


@settings(max_examples=15)
@given(ENTRIES, DIALECT)
def test_every_writing_of_a_fec_is_one_ledger_that_ties_on_every_day(entries, dialect):
    plain = {"separator": "\t", "encoding": "utf-8", "ends": "\r\n", "mark": ",", "day": "%Y%m%d", "sides": None,
             "negative": False, "padded": False, "quoted": False, "upper": False}  # fmt: skip
    ledger, usual = ledger_of(in_dialect(entries, dialect)), ledger_of(in_dialect(entries, plain))
    pd.testing.assert_frame_equal(ledger.items, usual.items)
    pd.testing.assert_frame_equal(ledger.matches, usual.matches)
    booked = {day: date(2024, 1, 1) + timedelta(days=day) for day, *_ in entries}
    for day in sorted(booked)[::3]:
        owed = Counter()
        for each, customer, cents, *_ in entries:
            owed[customer] += cents * (each <= day)
        opened = open_items(ledger, booked[day]).groupby("customer_id")["open_amount"].sum()
        assert {name: round(sum_ * 100) for name, sum_ in opened.items() if round(sum_ * 100)} == {
            name: cents for name, cents in owed.items() if cents
        }
    assert proof(ledger)["ties"].all()


REAL = ("fec_neolegal", "fec_latin_variants", "fec_synthetic_pipe", "fec_snippets", "fec_handmade_nonconforming")


def plainly_read(path, prefix):
    """The lines of one account as plain pandas sees them: customer, day, signed cents."""
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    text = content.decode("utf-8", errors="replace").replace("\r", "")
    rows = [line.split("\t" if "\t" in text else "|") for line in text.split("\n") if line.strip()]
    head = [cell.lower() for cell in rows[0]]
    lines = pd.DataFrame(
        [(row + [""] * len(head))[: len(head)] for row in rows[1:] if len(row) <= len(head)], columns=head
    )
    lines = lines[lines["comptenum"].str.startswith(prefix)].apply(lambda column: column.str.strip())

    def cents(name):
        return (pd.to_numeric(lines[name].str.replace(",", ".").replace("", "0")) * 100).round().astype(int)

    signed = (
        cents("debit") - cents("credit")
        if "debit" in lines
        else cents("montant") * lines["sens"].map({"D": 1, "C": -1})
    )
    third = lines["compauxnum"] if "compauxnum" in lines else pd.Series("", lines.index)
    booked = pd.to_datetime(lines["ecrituredate"])
    return pd.DataFrame(
        {"customer": third.where(third != "", lines["comptenum"]), "booked_on": booked, "cents": signed}
    )


@pytest.mark.parametrize("folder", REAL)
def test_the_balance_of_each_customer_is_the_sum_of_its_lines_in_every_real_file(shared_data, folder):
    """As an auditor adds them up: plain pandas on the bytes of the file, on days all over the year."""
    for path in sorted(each for each in (shared_data / folder).iterdir() if each.name != "LICENSE"):
        prefix = "121" if "odoo" in path.name else "411"
        lines = plainly_read(path, prefix)
        ledger = ledger_of(path, accounts=(prefix,))
        for day in [*sorted(set(lines["booked_on"]))[::15], lines["booked_on"].max()]:
            owed = lines[lines["booked_on"] <= day].groupby("customer")["cents"].sum()
            opened = (open_items(ledger, day).groupby("customer_id")["open_amount"].sum() * 100).round().astype(int)
            assert opened[opened != 0].to_dict() == owed[owed != 0].to_dict(), (path.name, day)
        assert proof(ledger)["ties"].all()


def test_odoo_files_say_which_accounts_look_like_receivables(shared_data):
    with pytest.raises(ArlibError, match=r"121000 \(Account Receivable\)"):
        read_ledger(shared_data / "fec_snippets" / "odoo_core_expected.txt")


def test_the_ragged_line_of_a_handmade_file_is_put_back(shared_data):
    ledger = read_ledger(shared_data / "fec_handmade_nonconforming" / "sample_fec_bijouterie.txt")
    assert "put back in place" in said(ledger)
    assert "(row 44)" in said(ledger)


GOOD = fec(*YEAR)[1].decode()
DAMAGE = st.lists(
    st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.text(alphabet="\t\n\r|;,\"'0aé-+.*\u00a0", max_size=4)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=20)
@given(DAMAGE)
def test_a_damaged_fec_is_read_as_its_lines_are_or_refused_with_a_sentence(damage):
    """Cut, overwritten, with separators and quotes put in: what is read adds up to the file's own totals."""
    text = GOOD
    for place, length, put in damage:
        text = text[:place] + put + text[place + length :]
    refused = None
    try:
        ledger = ledger_of(("a.txt", text.encode()))
    except ArlibError as error:
        refused = error
    if refused is not None:
        assert refused.text("fr")
        return
    assert round(ledger.items["amount"].sum() * 100) == round(ledger.controls["amount"].sum() * 100)
    assert proof(ledger)["ties"].all()


def test_amounts_and_sides_in_a_workbook():
    from arlib.readers.tables import read_table  # noqa: PLC0415

    head = ["JournalCode", "EcritureNum", "EcritureDate", "CompteNum", "CompAuxNum", "PieceRef", "Montant", "Sens"]
    rows = [
        head,
        ["VE", 1, 20240110, 411000, "DUR", "F1", 120.1, "D"],
        ["VE", 1, 20240110, 707000, "", "F1", 120.1, "C"],
    ]
    (raw,) = gather(workbook(rows))
    table = read_table(raw)
    assert is_fec(table)
    items = read_fec(raw, table=table).items
    assert items[["customer_id", "amount"]].values.tolist() == [["DUR", 120.1]]
    assert str(items["booked_on"].iloc[0].date()) == "2024-01-10"
