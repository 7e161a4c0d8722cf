"""Profiles: what is known of the lists a software exports; a reading repeated exactly; those that ship."""

import io

import openpyxl
import pandas as pd
import pytest
import yaml

from arlib import ArlibError, balance, open_items, proof, read_ledger
from arlib.readers.profiles import UNKNOWN, Profile, find_profile, profile_of, read_profile, shipped


def csv(text: str, name: str = "list.csv") -> tuple[str, bytes]:
    return name, text.encode()


def said(ledger) -> str:
    return " ".join(map(str, (*ledger.sources[0].reading, *ledger.sources[0].warnings)))


def kinds(ledger) -> list[str]:
    return ledger.items["kind"].tolist()


def opened(ledger, day=None) -> dict[str, float]:
    items = open_items(ledger, day)
    return dict(zip(items["reference"].fillna(""), items["open_amount"], strict=True))


def found_by_itself(text: str, name: str, **options):
    """The ledger of an export that its headings alone make known, and that ties."""
    ledger = read_ledger(csv(text), **options)
    assert f'by the profile "{name}"' in said(ledger)
    assert proof(ledger, "2099-12-31")["ties"].all()
    return ledger


# Exports, each with the oddities of its software ----------------------------------------------------------------------

SAGE = (
    "Code journal;Date;N° pièce;N° facture;Référence;N° compte général;N° compte tiers;Libellé écriture;"
    "Date échéance;Lettrage montant;Débit;Crédit\n"
    "VE;05/01/2024;1;FA001;;41100000;DURAND;Facture FA001;04/02/2024;AA;1 200,00;\n"
    "VE;05/01/2024;1;FA001;;70700000;;Facture FA001;;;;1 000,00\n"
    "VE;05/01/2024;1;FA001;;44571000;;Facture FA001;;;;200,00\n"
    "VE;12/01/2024;2;FA002;;41100000;MARTIN;Facture FA002;11/02/2024;;600,00;\n"
    "VE;12/01/2024;2;FA002;;70700000;;Facture FA002;;;;600,00\n"
    "VE;20/01/2024;3;AV001;;41100000;MARTIN;Retour sur FA002;;;;60,00\n"
    "VE;20/01/2024;3;AV001;;70700000;;Retour sur FA002;;;60,00;\n"
    "BQ;03/02/2024;4;;;41100000;DURAND;VIR DURAND;;AA;;1 200,00\n"
    "BQ;03/02/2024;4;;;51200000;;VIR DURAND;;;1 200,00;\n"
)


def test_sage_journal_lines_with_lettrage():
    """Customer accounts: 1200 + 600 - 60 - 1200 = 540, of which FA002 600 and a credit note of 60 in journal VE."""
    ledger = found_by_itself(SAGE, "sage")
    assert balance(ledger) == 540.0
    assert kinds(ledger) == ["invoice", "invoice", "credit_note", "payment"]
    assert opened(ledger) == {"FA002": 600.0, "AV001": -60.0}
    assert "Lines of other accounts left out: 5" in said(ledger)


EBP = (
    "Code client;Nom du client;N° document;Type de document;Date du document;Date d'échéance;Montant de l'échéance;"
    "Montant réglé;Solde dû\n"
    "C001;Durand;FA1;Facture;05/01/2024;31/01/2024;500,00 €;500,00 €;0,00 €\n"
    "C001;Durand;FA1;Facture;05/01/2024;29/02/2024;500,00 €;0,00 €;500,00 €\n"
    "C002;Martin;AV1;Avoir;06/01/2024;06/01/2024;-100,00 €;0,00 €;-100,00 €\n"
)


def test_ebp_schedule_of_due_dates():
    """One row a due date of FA1: 500 paid, 500 left, and a credit note of 100: 400 owed."""
    ledger = read_ledger(csv(EBP), profile="ebp")
    assert proof(ledger, "2099-12-31")["ties"].all()
    assert balance(ledger) == 400.0
    assert ledger.items["document_id"].fillna("").tolist()[:3] == ["FA1", "FA1", ""]
    assert ledger.currency == "EUR"


CEGID = (
    "Compte;Intitulé;Date;Journal;Pièce;Libellé;Échéance;Débit;Crédit;Lettrage\n"
    "9DURAND;Durand SA;01/01/2024;AN;1;A nouveau;;300,00;;\n"
    "9DURAND;Durand SA;15/01/2024;VE;2;Facture 12;14/02/2024;1200,00;;A\n"
    "9DURAND;Durand SA;14/02/2024;BQ;3;Virement;;;1200,00;A\n"
    "9MARTIN;Martin;16/01/2024;VE;4;Avoir 3;;;50,00;\n"
)


def test_cegid_auxiliary_ledger():
    """300 brought forward, one invoice settled, a credit note of 50: 250."""
    ledger = read_ledger(csv(CEGID), profile="cegid")
    assert proof(ledger, "2099-12-31")["ties"].all()
    assert balance(ledger) == 250.0
    assert kinds(ledger) == ["opening", "invoice", "payment", "credit_note"]


ODOO = (
    '"Number","Invoice Partner Display Name","Invoice/Bill Date","Due Date","Untaxed Amount Signed","Total Signed",'
    '"Amount Due Signed","Payment Status","Status"\n'
    '"INV/2024/00001","Azure Interior","2024-01-05","2024-02-04","1000.0","1200.0","0.0","Paid","Posted"\n'
    '"INV/2024/00002","Azure Interior","2024-01-09","2024-02-08","500.0","600.0","250.0","Partially Paid","Posted"\n'
    '"RINV/2024/00001","Deco Addict","2024-01-20","2024-01-20","-50.0","-60.0","-60.0","Not Paid","Posted"\n'
    '"/","Deco Addict","2024-01-21","2024-02-20","10.0","12.0","12.0","Not Paid","Draft"\n'
)


def test_odoo_list_of_invoices():
    """250 left of the second, a credit note of 60, the draft left out: 190."""
    ledger = found_by_itself(ODOO, "odoo")
    assert balance(ledger) == 190.0
    assert opened(ledger) == {"INV/2024/00002": 250.0, "RINV/2024/00001": -60.0}
    assert 'column "Status" says Draft, Cancelled, Canceled: 1' in said(ledger)


ERPNEXT = (
    "Posting Date,Party Type,Party,Receivable Account,Voucher Type,Voucher No,Due Date,Invoiced Amount,Paid Amount,"
    "Credit Note,Outstanding Amount,Age (Days),0-30,31-60,61-90,91-120,121-Above,Currency,Territory\n"
    "2024-01-05,Customer,Acme,Debtors - C,Sales Invoice,SINV-1,2024-02-04,1000,400,100,500,25,0,500,0,0,0,EUR,France\n"
    "2024-02-01,Customer,Acme,Debtors - C,Payment Entry,PE-1,2024-02-01,0,300,0,-300,8,-300,0,0,0,0,EUR,France\n"
    "2024-02-05,Customer,Beta,Debtors - C,Sales Invoice,SINV-2,2024-03-06,250,0,0,250,0,250,0,0,0,0,EUR,Spain\n"
    "Total,,,,,,,1250,700,100,450,,-50,500,0,0,0,,\n"
)


def test_erpnext_accounts_receivable_with_its_total_row():
    """500 - 300 + 250 = 450, which is the report's own total; an advance has no invoiced amount."""
    ledger = found_by_itself(ERPNEXT, "erpnext")
    assert balance(ledger) == 450.0
    assert opened(ledger) == {"SINV-1": 500.0, "PE-1": -300.0, "SINV-2": 250.0}
    assert ledger.items["Territory"].tolist()[:3] == ["France", "France", "Spain"]


DOLIBARR = (
    '"Code client","Raison sociale","Réf. facture","Type","Date facturation","Date échéance","Montant HT",'
    '"Montant TTC","Reste à payer","Facture payée","Statut facture","Description de la ligne",'
    '"Quantité pour la ligne","Montant HT de la ligne"\n'
    '"CU1","Durand","FA2401-0001","0","2024-01-05","2024-02-04","100.00","120.00","0","1","2","Pose","1","60.00"\n'
    '"CU1","Durand","FA2401-0001","0","2024-01-05","2024-02-04","100.00","120.00","0","1","2","Vis","4","40.00"\n'
    '"CU2","Martin","FA2401-0002","0","2024-01-08","2024-02-07","50.00","60.00","60.00","0","1","Clous","5","50.00"\n'
    '"CU2","Martin","AV2401-0001","2","2024-01-09","2024-01-09","-10.00","-12.00","-12.00","0","1","Retour","1","-10.00"\n'
    '"CU2","Martin","(PROV3)","0","2024-01-10","2024-02-09","5.00","6.00","6.00","0","0","Essai","1","5.00"\n'
)


def test_dolibarr_invoices_with_their_lines():
    """FA1 has two lines that repeat its 120; 60 left of FA2, a credit note of 12, a draft left out: 48 owed."""
    ledger = found_by_itself(DOLIBARR, "dolibarr")
    assert balance(ledger) == 48.0
    billed = ledger.items[ledger.items["kind"].isin(["invoice", "credit_note"])]
    assert billed["amount"].tolist() == [120.0, 60.0, -12.0]


FBL5N = (
    "Account;Document Number;Assignment;Document Type;Document Date;Posting Date;Net due date;"
    "Amount in local currency;Local Currency;Clearing Document;Clearing date;Text\n"
    "198609;1800000001;A1;RV;05.01.2024;06.01.2024;04.02.2024;1.200,00;EUR;1400000009;03.02.2024;\n"
    "198609;1400000009;A1;DZ;03.02.2024;03.02.2024;03.02.2024;1.200,00-;EUR;1400000009;03.02.2024;Payment\n"
    "198609;1800000002;A2;RV;10.01.2024;10.01.2024;09.02.2024;3.000,50;EUR;;;\n"
    "198609;1600000003;A2;DG;15.01.2024;15.01.2024;15.01.2024;500,50-;EUR;;;Return\n"
    "198609;;;;;;;2.500,00;EUR;;;\n"
    "198610;1800000004;B1;RV;16.01.2024;16.01.2024;15.02.2024;80,00;EUR;;;\n"
    "198610;;;;;;;80,00;EUR;;;\n"
    ";;;;;;;2.580,00;EUR;;;\n"
)


def test_fbl5n_with_its_subtotals_and_signs_behind():
    """3000.50 - 500.50 + 80 = 2580, the list's own grand total; the cleared invoice is open until 3 February."""
    ledger = found_by_itself(FBL5N, "sap")
    assert balance(ledger) == 2580.0
    assert balance(ledger, "2024-02-02") == 3780.0
    assert kinds(ledger) == ["invoice", "payment", "invoice", "credit_note", "invoice"]
    assert opened(ledger) == {"1800000002": 3000.5, "1600000003": -500.5, "1800000004": 80.0}


HIGHRADIUS = (
    "business_code,cust_number,name_customer,clear_date,business_year,doc_id,posting_date,document_create_date,"
    "due_in_date,invoice_currency,document type,total_open_amount,cust_payment_terms,invoice_id,isOpen\n"
    "U001,0200706844,WINC co,2020-03-12 00:00:00,2020,1930571429,2020-02-27,20200226,20200313.0,USD,RV,8734.71,NAA8,1930571429,0\n"  # noqa: E501 - a line of the export
    "U001,0200706844,WINC,,2020,1930571430,2020-02-28,20200227,20200314.0,USD,RV,100.00,NAA8,1930571430,1\n"
)


def test_sap_in_the_highradius_layout():
    ledger = found_by_itself(HIGHRADIUS, "sap_highradius")
    assert (balance(ledger), balance(ledger, "2020-03-11")) == (100.0, 8834.71)
    assert ledger.items["terms"].tolist()[0] == "15 days"
    assert ledger.items["entity"].tolist()[0] == "U001"


DYNAMICS = (
    "Voucher,Customer account,Name,Date,Invoice,Description,Amount in transaction currency debit,"
    "Amount in transaction currency credit,Balance,Currency,Due date\n"
    'FTV-1,US-001,Contoso,1/5/2024,CIV-1,Sales invoice,"1,000.00",,300.00,USD,2/4/2024\n'
    "FTV-2,US-001,Contoso,1/9/2024,CIV-2,Sales invoice,200.00,,200.00,USD,2/8/2024\n"
    "ARP-1,US-001,Contoso,1/25/2024,,Customer payment,,700.00,0.00,USD,\n"
)


def test_dynamics_customer_transactions_whose_balance_is_what_is_left():
    ledger = found_by_itself(DYNAMICS, "dynamics")
    assert balance(ledger) == 500.0
    assert opened(ledger) == {"CIV-1": 300.0, "CIV-2": 200.0}
    assert kinds(ledger) == ["invoice", "invoice", "payment"]


BUSINESS_CENTRAL = (
    "Posting Date,Document Date,Document Type,Document No.,Customer No.,Customer Name,Description,Currency Code,"
    "Original Amount,Amount,Remaining Amount,Due Date,Open\n"
    "1/5/2024,1/4/2024,Invoice,103001,10000,Adatum,Order 101,,1000.00,1000.00,400.00,2/4/2024,Yes\n"
    "1/30/2024,1/30/2024,Payment,BANK1,10000,Adatum,Payment,,-600.00,-600.00,0.00,1/30/2024,No\n"
    "2/1/2024,2/1/2024,Credit Memo,104001,20000,Trey,Return,,-50.00,-50.00,-50.00,2/1/2024,Yes\n"
)


def test_business_central_customer_ledger_entries():
    ledger = found_by_itself(BUSINESS_CENTRAL, "business_central")
    assert balance(ledger) == 350.0
    assert opened(ledger) == {"103001": 400.0, "104001": -50.0}
    assert kinds(ledger) == ["invoice", "payment", "credit_note"]


QUICKBOOKS = (
    'Apex Handyman Services,,,,,,\nA/R Aging Detail,,,,,,\n"As of December 31, 2025",,,,,,\n\n'
    "Date,Transaction type,Num,Customer,Due date,Amount,Open balance\n"
    "91 or more days past due,,,,,,\n"
    '08/18/2025,Invoice,1041,"Alvarez, Dana",09/17/2025,"1,284.50","1,284.50"\n'
    'Total for 91 or more days past due,,,,,"$1,284.50","$1,284.50"\n'
    "Current,,,,,,\n"
    '12/14/2025,Invoice,1063,Saguaro Ridge,01/13/2026,"4,180.75","2,180.75"\n'
    "12/20/2025,Credit Memo,1070,Saguaro Ridge,12/20/2025,-310.00,-310.00\n"
    'Total for Current,,,,,"$3,870.75","$1,870.75"\n'
    'TOTAL,,,,,"$5,155.25","$3,155.25"\n'
)


def test_quickbooks_ageing_detail():
    """1284.50 + 2180.75 - 310 = 3155.25, the report's own total."""
    ledger = found_by_itself(QUICKBOOKS, "quickbooks")
    assert balance(ledger) == 3155.25
    assert ledger.customers["customer_id"].tolist() == ["Alvarez, Dana", "Saguaro Ridge"]
    assert "Every item of the list is open" in said(ledger)


QUICKBOOKS_LIST = (
    'Apex Handyman Services,,,,,,,\nTransaction List by Customer,,,,,,,\n"January - February, 2026",,,,,,,\n\n'
    ",Date,Transaction type,Num,Posting (Y/N),Memo/Description,Account,Amount\n"
    '"Alvarez, Dana",,,,,,,\n'
    ',01/18/2026,Invoice,2041,Y,,Accounts Receivable,"1,284.50"\n'
    ",02/10/2026,Payment,778,Y,,Undeposited Funds,-284.50\n"
    'Total for Alvarez, Dana,,,,,,"$1,000.00"\n'
    "Saguaro Ridge,,,,,,,\n"
    ",01/20/2026,Sales Receipt,901,Y,,Checking,99.00\n"
    ",01/22/2026,Invoice,2042,Y,,Accounts Receivable,500.00\n"
    'Total for Saguaro Ridge,,,,,,,"$599.00"\n'
).replace("Total for Alvarez, Dana,", '"Total for Alvarez, Dana",')


def test_quickbooks_transaction_list_with_customers_on_rows_of_their_own():
    """1284.50 - 284.50 + 500 = 1500; what was paid on the spot was never owed."""
    ledger = found_by_itself(QUICKBOOKS_LIST, "quickbooks_transactions")
    assert balance(ledger) == 1500.0
    assert kinds(ledger) == ["invoice", "payment", "invoice"]
    assert ledger.customers["customer_id"].tolist() == ["Alvarez, Dana", "Saguaro Ridge"]


XERO = (
    "ContactName,EmailAddress,InvoiceNumber,Reference,InvoiceDate,DueDate,PlannedDate,Total,TaxTotal,"
    "InvoiceAmountPaid,InvoiceAmountDue,InventoryItemCode,Description,Quantity,UnitAmount,Discount,LineAmount,"
    "AccountCode,TaxType,TaxAmount,Currency,Type,Sent,Status\n"
    "Rimu Cafe,,INV-1,,31/01/2025,20/02/2025,,115.00,15.00,0.00,115.00,A,Beans,1,60,,60,200,15%,9,NZD,Sales invoice,Sent,Awaiting Payment\n"  # noqa: E501 - a line of the export
    "Rimu Cafe,,INV-1,,31/01/2025,20/02/2025,,115.00,15.00,0.00,115.00,B,Milk,4,10,,40,200,15%,6,NZD,Sales invoice,Sent,Awaiting Payment\n"  # noqa: E501 - a line of the export
    "Kowhai,,INV-2,,03/02/2025,23/02/2025,,230.00,30.00,230.00,0.00,A,Beans,2,100,,200,200,15%,30,NZD,Sales invoice,Sent,Paid\n"  # noqa: E501 - a line of the export
    "Kowhai,,CN-1,,04/02/2025,,,-23.00,-3.00,0.00,-23.00,A,Beans,1,-20,,-20,200,15%,-3,NZD,Sales credit note,Sent,Awaiting Payment\n"  # noqa: E501 - a line of the export
    "Kowhai,,INV-3,,05/02/2025,25/02/2025,,9.00,0.00,0.00,9.00,A,Beans,1,9,,9,200,0%,0,NZD,Sales invoice,,Draft\n"
)


def test_xero_invoices_with_their_lines():
    """INV-1 has two lines that repeat its 115; INV-2 is paid; a credit note of 23; a draft left out: 92."""
    ledger = found_by_itself(XERO, "xero")
    assert balance(ledger) == 92.0
    assert opened(ledger) == {"INV-1": 115.0, "CN-1": -23.0}
    assert ledger.currency == "NZD"


XERO_RECEIVABLES = (
    "Aged Receivables Detail,,,,,,,,\nKowhai Trading Limited,,,,,,,,\nAs at 31 March 2025,,,,,,,,\n"
    "Ageing by due date,,,,,,,,\n"
    "Invoice Date,Due Date,Invoice Number,Invoice Reference,Current,< 1 Month,1 Month,Older,Total\n"
    "Rimu Cafe,,,,,,,,\n"
    "2025-02-04,2025-04-22,INV-0012,,300.00,0,0,0,300.00\n"
    "2025-01-04,2025-02-22,INV-0007,,0,0,80.50,0,80.50\n"
    "Total Rimu Cafe,,,,300.00,0,80.50,0,380.50\n"
    "Tui Ltd,,,,,,,,\n"
    "2025-03-01,2025-03-20,INV-0014,,0,19.50,0,0,19.50\n"
    "Total Tui Ltd,,,,0,19.50,0,0,19.50\n"
    "Total,,,,300.00,19.50,80.50,0,400.00\n"
)


def test_xero_aged_receivables_with_customers_on_rows_of_their_own():
    ledger = found_by_itself(XERO_RECEIVABLES, "xero_receivables")
    assert balance(ledger) == 400.0
    assert ledger.customers["customer_id"].tolist() == ["Rimu Cafe", "Tui Ltd"]
    assert ledger.covers[1] == pd.Timestamp("2025-03-31")


PENNYLANE = (
    "Numéro de facture;Client;Date d'émission;Date d'échéance;Montant HT;TVA;Montant TTC;Montant restant à payer;Statut\n"  # noqa: E501 - a line of the export
    "F-2024-1;Durand;05/01/2024;04/02/2024;100,00;20,00;120,00;0,00;Payée\n"
    "F-2024-2;Martin;06/01/2024;05/02/2024;200,00;40,00;240,00;140,00;Partiellement payée\n"
    "F-2024-3;Martin;08/01/2024;07/02/2024;10,00;2,00;12,00;12,00;Annulée\n"
)


def test_pennylane_invoices():
    ledger = read_ledger(csv(PENNYLANE), profile="pennylane")
    assert proof(ledger, "2099-12-31")["ties"].all()
    assert opened(ledger) == {"F-2024-2": 140.0}


TIIME = (
    "Numéro;Client;Date d'émission;Échéance;Total HT;Total TVA;Total TTC;Statut;Payée le\n"
    "1;Durand;05/01/2024;04/02/2024;100;20;120;Payée;10/02/2024\n"
    "2;Martin;06/01/2024;05/02/2024;200;40;240;Envoyée;\n"
    "3;Martin;07/01/2024;06/02/2024;5;1;6;Brouillon;\n"
)


def test_tiime_invoices():
    ledger = read_ledger(csv(TIIME), profile="tiime")
    assert proof(ledger, "2099-12-31")["ties"].all()
    assert (balance(ledger, "2024-02-09"), balance(ledger)) == (360.0, 240.0)


# A reading repeated ---------------------------------------------------------------------------------------------------

FIRST = (
    "Client;Facture;Date;Échéance;Montant;Type\n"
    "A;F1;13/01/2024;28/02/2024;1.234,50;Facture\nA;R1;31/01/2024;;234,50;Règlement\n"
)
# The next month decides nothing by itself: every day is a month too, 1.234 is either, and the one payment is positive
# among two that are negative.
NEXT = (
    "Client;Facture;Date;Échéance;Montant;Type\n"
    "A;F2;03/02/2024;05/03/2024;1.234;Facture\nA;R2;04/02/2024;;1.000;Règlement\n"
)


def same(one, other) -> None:
    for table in ("items", "matches", "customers", "controls"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    assert (one.currency, one.covers) == (other.currency, other.covers)


def test_a_saved_profile_repeats_a_reading_exactly_and_reads_the_next_month_alike(tmp_path):
    first = read_ledger(csv(FIRST))
    profile_of(first).save(tmp_path / "export.yaml")
    same(first, read_ledger(csv(FIRST), profile=tmp_path / "export.yaml"))
    after = read_ledger(csv(NEXT), profile=str(tmp_path / "export.yaml"))
    assert after.items["amount"].tolist() == [1234.0, -1000.0]
    assert after.items["booked_on"].dt.strftime("%Y-%m-%d").tolist() == ["2024-02-03", "2024-02-04"]
    assert not any("can be read" in str(doubt) or "assumed" in str(doubt) for doubt in after.sources[0].warnings)


def test_month_first_and_points_are_repeated_too():
    first = read_ledger(csv("Customer,Date,Amount,Paid date\nA,1/13/2024,1234.50,1/20/2024\n"))
    after = read_ledger(csv("Customer,Date,Amount,Paid date\nA,2/3/2024,1.234,\n"), profile=profile_of(first))
    assert after.items["booked_on"].tolist() == [pd.Timestamp("2024-02-03")]
    assert after.items["amount"].tolist() == [1.23]


@pytest.mark.parametrize(
    "text", [SAGE, ODOO, ERPNEXT, DOLIBARR, FBL5N, HIGHRADIUS, DYNAMICS, QUICKBOOKS, XERO, XERO_RECEIVABLES]
)
def test_what_a_shipped_profile_read_its_saved_copy_reads_alike(text, tmp_path):
    ledger = read_ledger(csv(text))
    profile_of(ledger.sources[0]).save(tmp_path / "saved.yaml")
    same(ledger, read_ledger(csv(text), profile=tmp_path / "saved.yaml"))


def test_a_sheet_and_its_header_row_are_repeated(tmp_path):
    book = openpyxl.Workbook()
    for title, rows in (("2023", 3), ("2024", 1)):
        sheet = book.create_sheet(title)
        for row in (["Export"], [], ["Client", "Date", "Montant"], *[["A", "2024-01-15", 5]] * rows):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    chosen = read_ledger(("a.xlsx", out.getvalue()), sheet="2024")
    profile_of(chosen).save(tmp_path / "sheet.yaml")
    assert balance(read_ledger(("a.xlsx", out.getvalue()), profile=tmp_path / "sheet.yaml")) == 5.0


def test_a_chosen_column_is_repeated(tmp_path):
    text = "Client,Date,Amount,Solde facture\nA,2024-01-01,5,7\n"
    ledger = read_ledger(csv(text), columns={"amount": "Solde facture"})
    profile_of(ledger).save(tmp_path / "own.yaml")
    assert balance(read_ledger(csv(text), profile=tmp_path / "own.yaml")) == 7.0


def repeated(first: str, after: str, **expected):
    """The ledger of the next file, by the profile of the first, which holds what was decided."""
    profile = profile_of(read_ledger(csv(first)))
    assert {name: getattr(profile, name) for name in expected} == expected
    return read_ledger(csv(after), profile=profile)


def test_a_column_of_tax_rates_stays_one():
    """Next month's taxes are 7.00 and 3.50: were they rates, the first is 7 percent of 100."""
    heading = "Client;Facture;Date;Montant HT;TVA\n"
    after = repeated(
        heading + "A;F1;13/01/2024;200;20\nA;F2;14/01/2024;100;5,5\n",
        heading + "A;F3;13/02/2024;100;7\nA;F4;14/02/2024;100;3,5\n",
        tax="rates",
    )
    assert after.items["amount"].tolist() == [107.0, 103.5]


def test_amounts_that_had_their_sign_beside_a_sense_keep_it():
    heading = "Client;Date;Montant;Sens\n"
    after = repeated(
        heading + "A;13/01/2024;100;D\nA;14/01/2024;-20;C\n",
        heading + "A;13/02/2024;50;D\nA;14/02/2024;10;C\n",
        sense="signed",
    )
    assert after.items["amount"].tolist() == [50.0, 10.0]


def test_expenses_left_out_once_are_left_out_again():
    heading = "Client;Date;Montant;Libellé\n"
    after = repeated(
        heading + "A;13/01/2024;100;Vente\nBailleur;14/01/2024;-20;Loyer janvier\n",
        heading + "A;13/02/2024;50;Vente\nBailleur;14/02/2024;-20;février\n",
        expenses="left out",
    )
    assert after.items["amount"].tolist() == [50.0]


def test_the_row_of_the_headings_is_repeated_and_looked_for_where_it_has_moved():
    body = "Client;Date;Montant\nA;13/01/2024;5\n"
    profile = profile_of(read_ledger(csv("Export\n\nMars 2024\n" + body)))
    assert profile.header == 4
    for title in ("Export\n\nMars 2024\n", "Export\nMars 2024\n", "", "a\nb\nc\nd\ne\n"):
        assert balance(read_ledger(csv(title + body), profile=profile)) == 5.0


# What a profile may say -----------------------------------------------------------------------------------------------


def test_every_part_of_a_profile_is_used():
    profile = Profile(
        name="own",
        header=2,
        columns={
            "customer_name": ("Qui",),
            "issued_on": ("Quand",),
            "amount": ("Combien",),
            "kind": ("Quoi",),
            "terms": ("Comment",),
        },
        decimal=",",
        dates="month first",
        kinds={"X": "invoice", "Y": "payment"},
        positive=("payment",),
        ignore={"État": ("essai",)},
        terms={"T1": "60 jours nets"},
        currency="CHF",
    )
    rows = ["A;01/02/2024;1.000;X;T1;", "A;02/03/2024;5,50;Y;;", "A;02/03/2024;9;X;;Essai"]
    text = "\n".join(["Export du mois", "Qui;Quand;Combien;Quoi;Comment;État", *rows])
    ledger = read_ledger(csv(text), profile=profile)
    assert ledger.items["amount"].tolist() == [1000.0, -5.5]
    assert ledger.items["due_on"].tolist()[0] == pd.Timestamp("2024-03-02")  # 60 days after 2 January 2024
    assert ledger.currency == "CHF"


def test_a_profile_whose_column_is_missing_says_which():
    with pytest.raises(ArlibError, match=r'The profile "sage" needs the columns: .*Code journal') as caught:
        read_ledger(csv("Client,Date,Montant\nA,2024-01-01,5\n"), profile="sage")
    assert "Titres trouvés" in caught.value.text("fr")


@pytest.mark.parametrize("name", sorted(shipped()))
def test_profiles_that_ship_are_saved_and_read_back_as_the_same_value(name, tmp_path):
    profile = read_profile(name)
    assert profile.name == name
    profile.save(tmp_path / "copy.yaml")
    assert read_profile(tmp_path / "copy.yaml") == profile


def test_no_plain_list_is_taken_for_a_softwares():
    assert find_profile(["Client", "Date", "Échéance", "Montant", "N° facture"]) is None
    assert find_profile(["Customer", "Invoice Date", "Due Date", "Amount", "Num"]) is None
    assert not UNKNOWN.matches({"client"})


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("colums: {amount: Montant}", 'own.yaml: a profile has no key "colums"'),
        ("columns: {amout: Montant}", 'own.yaml, key "columns": "amout"'),
        ("columns: Montant", 'own.yaml, key "columns"'),
        ("columns: {amount: [1, 2]}", 'own.yaml, key "columns"'),
        ("columns: {amount: []}", 'own.yaml, key "columns"'),
        ('decimal: ";"', 'own.yaml, key "decimal": ";"'),
        ("dates: european", 'own.yaml, key "dates": "european"'),
        ("header: zero", 'own.yaml, key "header": "zero"'),
        ("header: true", 'own.yaml, key "header"'),
        ("kinds: {RV: facture}", 'own.yaml, key "kinds": "facture"'),
        ("kinds: {1: invoice}", 'own.yaml, key "kinds"'),
        ("positive: payment", 'own.yaml, key "positive"'),
        ("terms: {N1: whenever}", 'own.yaml, key "terms"'),
        ("accounts: 411", 'own.yaml, key "accounts"'),
        ("- a list", "own.yaml is not a profile"),
        ("a: [", "own.yaml is not a profile"),
        ("", "own.yaml is not a profile"),
        ("!!python/object/apply:os.getcwd []", "own.yaml is not a profile"),
        ("\x00", "own.yaml is not a profile"),
    ],
)
def test_what_a_profile_cannot_say_is_named(written, says, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ArlibError) as caught:
        read_profile(path)
    assert says in str(caught.value)
    assert caught.value.text("fr") != str(caught.value)


def test_an_unknown_profile_lists_those_that_ship():
    with pytest.raises(ArlibError, match=r'no profile and no file "sagé".*cegid.*xero'):
        read_profile("sagé")


def test_a_ledger_of_several_files_has_no_single_profile():
    with pytest.raises(ArlibError, match="of several files"):
        profile_of(read_ledger([csv(FIRST, "1.csv"), csv(NEXT, "2.csv")]))


def test_a_saved_profile_is_yaml_a_person_can_read(tmp_path):
    profile_of(read_ledger(csv(FIRST))).save(tmp_path / "export.yaml")
    written = yaml.safe_load((tmp_path / "export.yaml").read_text(encoding="utf-8"))
    assert written["columns"]["due_on"] == "Échéance"
    assert (written["decimal"], written["dates"], written["positive"]) == (",", "day first", ["payment"])
