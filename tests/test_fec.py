"""The French accounting export."""

import pytest

from arlib import ArlibError, balance, open_items, proof, read_ledger

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
    assert proof(ledger, "2024-03-15")["amount"].tolist() == [240.0] * 4


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
    with pytest.raises(ArlibError, match="lacks the columns EcritureNum, Credit"):
        read_ledger(("a.txt", content))


def test_a_file_that_does_not_balance_is_said():
    ledger = read_ledger(fec("VE|2|20240210|411000|DUR|F1||100,00||", "VE|2|20240210|707000|||||90,00|"))
    assert "differ by 10.00" in " ".join(map(str, ledger.sources[0].warnings))


def test_two_years_that_would_count_twice_are_refused():
    other = fec("AN|1|20250101|411000|DUR|F90||300,00||", "AN|1|20250101|120000|||||300,00|", "OD|2|20250301|607||||||")
    with pytest.raises(ArlibError, match="one fiscal year at a time"):
        read_ledger([fec(*YEAR), ("2025.txt", other[1])])


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
