"""Every shape of list into movements: what each row is, which way it counts, what settles what."""

import pandas as pd
import pytest

from arlib import ArlibError, Profile, aged_balance, balance, open_items, profile_of, proof, read_ledger
from arlib.readers.lists import movements_of
from arlib.readers.lists.settled import state_of


def csv(text: str, name: str = "list.csv") -> tuple[str, bytes]:
    return name, text.encode()


def ledger_of(text: str, **options):
    ledger = read_ledger(csv(text), **options)
    assert proof(ledger, "2099-12-31")["ties"].all()
    return ledger


def said(ledger) -> str:
    return " ".join(map(str, (*ledger.sources[0].reading, *ledger.sources[0].warnings)))


def opened(ledger, day=None) -> dict[str, float]:
    items = open_items(ledger, day)
    return dict(zip(items["reference"], items["open_amount"], strict=True))


# Which way a row counts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "debit", "credit"),
    [
        ("Sens", "D", "C"),
        ("Sens", "Débit", "Crédit"),
        ("D/C", "Dr", "Cr"),
        ("Debit/Credit", "DR.", "CR."),
        ("S/H", "S", "H"),
        ("Soll/Haben", "Soll", "Haben"),
        ("Debe/Haber", "Debe", "Haber"),
        ("Sens", "+1", "-1"),
        ("Type", "D", "C"),
    ],
)
def test_an_amount_with_its_sense(heading, debit, credit):
    text = f"Client;Date;Pièce;Montant;{heading}\nA;01/01/2024;F1;100,00;{debit}\nA;20/01/2024;R1;60,00;{credit}\n"
    ledger = ledger_of(text)
    assert ledger.items["amount"].tolist() == [100.0, -60.0]
    assert ledger.items["kind"].tolist() == ["invoice", "payment"]


def test_a_debit_written_negative_reduces_what_is_owed():
    text = "Client;Date;Montant;Sens\nA;01/01/2024;100;D\nA;02/01/2024;-30;D\nA;03/01/2024;20;C\n"
    assert ledger_of(text).items["amount"].tolist() == [100.0, -30.0, -20.0]


def test_amounts_that_have_their_sign_beside_a_sense_are_not_turned_twice():
    text = "Client;Date;Montant;Sens\nA;01/01/2024;100;D\nA;03/01/2024;-20;C\n"
    assert ledger_of(text).items["amount"].tolist() == [100.0, -20.0]


def test_a_sense_that_is_none_is_named():
    text = "Client;Date;Montant;Sens\nA;01/01/2024;100;D\nA;03/01/2024;20;C\n"
    columns = {"sense": "Sens"}
    with pytest.raises(ArlibError, match='row 3, column "Sens": "X" says neither debit nor credit'):
        read_ledger(csv(text.replace("20;C", "20;X")), columns=columns)
    kept = ledger_of(text.replace("20;C", "20;X"))  # a column of something else is kept as it is
    assert kept.items["Sens"].tolist() == ["D", "X"]


def test_debit_and_credit_written_in_the_cell():
    text = 'Client,Date,Amount\nA,2024-01-01,"1,200.00 Dr"\nA,2024-01-20,200.00 CR\n'
    ledger = ledger_of(text)
    assert ledger.items["amount"].tolist() == [1200.0, -200.0]
    assert ledger.items["kind"].tolist() == ["invoice", "payment"]


def test_dates_swapped_by_a_spreadsheet_are_put_right_and_said():
    """Real dates with days up to 12 and texts above 12: 5 January 2024 opened month first became 1 May."""
    frame = pd.DataFrame({"Client": "A", "Montant": 1.0, "Date": pd.date_range("2024-01-01", "2024-03-31")})
    damaged = [
        pd.Timestamp(day.year, day.day, day.month) if day.day <= 12 else day.strftime("%d/%m/%Y")
        for day in frame["Date"]
    ]
    ledger = read_ledger(frame.assign(Date=pd.Series(damaged, dtype="object")))
    assert ledger.items["booked_on"].tolist() == frame["Date"].tolist()
    assert "exchanged" in said(ledger)


# What is settled ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("Payée", "paid"),
        ("PAYÉ", "paid"),
        ("Received", "paid"),
        ("closed", "paid"),
        ("Réglée", "paid"),
        ("In Payment", "paid"),
        ("Bezahlt", "paid"),
        ("Partiellement payée", "part"),
        ("Payée partiellement", "part"),
        ("Partial", "part"),
        ("Non payée", "open"),
        ("Unpaid", "open"),
        ("Not paid", "open"),
        ("Impayée", "open"),
        ("open", "open"),
        ("En attente de paiement", "open"),
        ("Overdue", "open"),
        ("", "open"),
    ],
)
def test_statuses(written, state):
    assert state_of(written) == state


def test_a_status_of_partly_paid_without_an_amount_is_said_and_stays_open():
    ledger = ledger_of(
        "Invoice,Customer,Date,Amount,Status\nF1,A,2024-01-01,100,Partial\nF2,A,2024-01-02,50,Received\n"
    )
    assert opened(ledger) == {"F1": 100.0}
    assert "paid in part without saying how much: 1 for 100.00" in said(ledger)
    assert "Status read as paid: Received; as paid in part: Partial" in said(ledger)


def test_open_or_not_by_a_flag():
    ledger = ledger_of("Invoice,Customer,Date,Amount,isOpen\nF1,A,2024-01-01,100,1\nF2,A,2024-01-02,50,0\n")
    assert opened(ledger) == {"F1": 100.0}
    still = ledger_of("Invoice,Customer,Date,Amount,isOpen\nF1,A,2024-01-01,100,1\nF2,A,2024-01-02,50,1\n")
    assert "Every item of the list is open" in said(still)


def test_cancelled_documents_and_drafts_are_left_out_counted_and_named():
    rows = (
        "F1;A;01/01/2024;100;Payée\n"
        "F2;A;02/01/2024;50;Annulée\n"
        "F3;A;03/01/2024;70;Brouillon\n"
        "F4;A;04/01/2024;10;Envoyée\n"
    )
    ledger = ledger_of("Facture;Client;Date;Montant;Statut\n" + rows)
    assert opened(ledger) == {"F4": 10.0}
    assert "Cancelled documents and drafts left out: 2 rows for 120.00 (first at row 3" in said(ledger)


PAYMENTS = "Pièce;Type;Client;Date;Montant;Facture réglée\n"


def test_a_payment_row_settles_the_invoice_it_names_and_no_other():
    """F1 is older, but the payment says F2: first in, first out must not decide."""
    rows = "F1;Facture;A;01/01/2024;100;\nF2;Facture;A;02/01/2024;80;\nR1;Règlement;A;20/01/2024;50;F2\n"
    ledger = ledger_of(PAYMENTS + rows)
    assert opened(ledger) == {"F1": 100.0, "F2": 30.0}
    assert set(ledger.matches["method"]) == {"official"}


def test_a_payment_that_names_an_unknown_invoice_or_that_of_another_customer_stays_unapplied():
    rows = "F1;Facture;A;01/01/2024;100;\nF2;Facture;B;02/01/2024;80;\nR1;Règlement;A;20/01/2024;50;F2\n"
    ledger = ledger_of(PAYMENTS + rows)
    assert opened(ledger) == {"F1": 100.0, "F2": 80.0, "R1": -50.0}
    assert "their customer does not have in any file read: 1 (first at row 4: F2)" in said(ledger)


@pytest.mark.parametrize("between", [", ", ";", " / ", "/", " et ", " + ", " & ", ",\u00a0"])
def test_a_payment_that_names_several_invoices_settles_each_in_the_order_named(between):
    """150 for F2 (80), then F1 (100): 70 of it, and 30 are left."""
    rows = f'F1;Facture;A;01/01/2024;100;\nF2;Facture;A;02/01/2024;80;\nR1;Règlement;A;20/01/2024;150;"F2{between}F1"\n'
    ledger = ledger_of(PAYMENTS + rows)
    assert opened(ledger) == {"F1": 30.0}
    assert ledger.matches["amount"].tolist() == [80.0, 70.0]
    assert "name several invoices: 1 (first at row 4" in said(ledger)


def test_what_a_payment_is_worth_beyond_the_invoices_it_names_stays_unapplied_and_is_said():
    rows = "F1;Facture;A;01/01/2024;100;\nF2;Facture;A;02/01/2024;80;\nR1;Règlement;A;20/01/2024;200;F1, F2\n"
    ledger = ledger_of(PAYMENTS + rows)
    assert opened(ledger) == {"R1": -20.0}
    assert "by 20.00 (first at row 4: F1, F2)" in said(ledger)


def test_a_number_that_holds_the_separator_goes_before_its_parts_and_every_part_must_be_one():
    rows = (
        "F/1;Facture;A;01/01/2024;100;\nF/2;Facture;A;02/01/2024;80;\n1;Facture;A;03/01/2024;8;\n"
        "R1;Règlement;A;20/01/2024;10;F/1\nR2;Règlement;A;21/01/2024;90;F/2, F/1\nR3;Règlement;A;22/01/2024;5;F/1, 77\n"
    )
    assert opened(ledger_of(PAYMENTS + rows)) == {"F/1": 80.0, "1": 8.0, "R3": -5.0}


def test_an_invoice_ref_beside_the_documents_own_number_is_what_it_settles():
    rows = "F1,Invoice,A,2024-01-01,100,\nF2,Invoice,A,2024-01-02,80,\nR1,Payment,A,2024-01-20,80,F2\n"
    ledger = ledger_of("Document number,Type,Customer,Date,Amount,Invoice ref\n" + rows)
    assert opened(ledger) == {"F1": 100.0}


CLEARED = "Account,Document Number,Type,Date,Amount,Clearing date,Clearing Document\n"


def test_items_cleared_together_are_one_group_even_where_what_cleared_them_is_elsewhere():
    """F1 and R1 clear each other; F2 (50) and F3 (30) were cleared by 9002, whose payment the list does not hold."""
    rows = (
        "A,F1,Invoice,2024-01-01,100,2024-02-01,9001\nA,R1,Payment,2024-02-01,-100,2024-02-01,9001\n"
        "A,F2,Invoice,2024-01-05,50,2024-02-10,9002\nA,F3,Invoice,2024-01-06,30,2024-02-10,9002\n"
        "A,F4,Invoice,2024-01-07,20,,\n"
    )
    ledger = ledger_of(CLEARED + rows)
    assert balance(ledger, "2024-01-31") == 200.0
    assert balance(ledger, "2024-02-09") == 100.0
    assert opened(ledger) == {"F4": 20.0}
    assert "1 counterpart for 80.00" in said(ledger)


def test_what_is_left_of_each_row_is_exact_where_payments_have_rows_of_their_own():
    """Two invoices partly open and one payment partly used: 100 - 40 + 80 - 50 - (90 - 0) = 0 is not the truth of
    each; the list's own column is."""
    rows = "F1,Invoice,A,2024-01-01,100,60\nF2,Invoice,A,2024-01-02,80,30\nR1,Payment,A,2024-01-20,-100,-10\n"
    ledger = ledger_of("Document number,Type,Customer,Date,Amount,Open amount\n" + rows)
    assert opened(ledger) == {"F1": 60.0, "F2": 30.0, "R1": -10.0}
    assert balance(ledger) == 80.0
    assert (ledger.items["kind"] == "payment").sum() == 1  # no second payment was made up


def test_a_list_of_open_items_only_says_what_it_cannot_tell():
    ledger = ledger_of("Invoice,Customer,Date,Amount,Open balance\nF1,A,2024-01-01,100,40\nF2,A,2024-01-02,80,80\n")
    assert opened(ledger) == {"F1": 40.0, "F2": 80.0}
    assert "invoices already paid are not in it" in said(ledger)


def test_an_unapplied_receipt_of_a_report_of_open_items_has_only_what_is_left_of_it():
    rows = "F1,Invoice,A,2024-01-01,100,100\nR1,Payment,A,2024-01-20,0,-30\n"
    ledger = ledger_of("Document number,Type,Customer,Date,Invoiced amount,Outstanding amount\n" + rows)
    assert opened(ledger) == {"F1": 100.0, "R1": -30.0}


# Documents ------------------------------------------------------------------------------------------------------------

LINES = "Invoice,Customer,Date,Due date,Item,Quantity,Unit price,Discount\n"


def test_lines_of_one_invoice_are_added_up_and_said():
    """2 × 10 + 1 × 5 less 10 % = 24.50; F2 is 3 × 4 = 12."""
    rows = (
        "F1,A,2024-01-01,2024-01-31,pen,2,10,\n"
        "F1,A,2024-01-01,2024-01-31,ink,1,5,10\n"
        "F2,A,2024-01-01,2024-01-31,pen,3,4,\n"
    )
    ledger = ledger_of(LINES + rows)
    assert dict(zip(ledger.items["reference"], ledger.items["amount"], strict=True)) == {"F1": 24.5, "F2": 12.0}
    assert "3 rows were added up into 2 documents" in said(ledger)
    assert "quantity × unit price is used" in said(ledger)
    assert ledger.items["row"].tolist() == [2, 4]


def test_lines_need_not_stand_together():
    rows = "F1,A,2024-01-01,,pen,1,10,\nF2,A,2024-01-01,,pen,1,4,\nF1,A,2024-01-01,,ink,1,5,\n"
    ledger = ledger_of(LINES + rows)
    assert dict(zip(ledger.items["reference"], ledger.items["amount"], strict=True)) == {"F1": 15.0, "F2": 4.0}


def test_a_total_repeated_on_each_line_counts_once_and_a_lines_own_amount_each_time():
    head = "Invoice,Customer,Date,Total,Quantity,Unit price\n"
    repeated = "F1,A,2024-01-01,30,2,10\nF1,A,2024-01-01,30,1,5\n"  # 25 without tax, 30 with it
    assert balance(ledger_of(head + repeated)) == 30.0
    own = "F1,A,2024-01-01,24,2,10\nF1,A,2024-01-01,24,2,10\n"  # two lines alike, 20 each, 24 with tax
    assert balance(ledger_of(head + own)) == 48.0


def test_rows_alike_without_columns_of_a_line_are_left_alone():
    text = "Invoice,Customer,Date,Amount\nF1,A,2024-01-01,30\nF1,A,2024-01-01,30\n"
    assert len(ledger_of(text).items) == 2


def test_instalments_are_one_item_a_due_date_with_a_common_document():
    rows = (
        "F1,A,2024-01-01,2024-01-31,pen,1,50,\n"
        "F1,A,2024-01-01,2024-02-29,pen,1,50,\n"
        "F2,A,2024-01-01,2024-01-31,pen,1,7,\n"
    )
    items = ledger_of(LINES + rows).items
    assert items["document_id"].fillna("").tolist() == ["F1", "F1", ""]


def test_lines_with_opposite_signs_tie():
    rows = "F1,A,2024-01-01,2024-01-31,pen,2,10,\nF1,A,2024-01-01,2024-01-31,rebate,1,-5,\nN1,A,2024-01-02,,pen,-1,4,\n"
    ledger = ledger_of(LINES + rows)
    assert ledger.items["amount"].tolist() == [15.0, -4.0]


# What is no receivable ------------------------------------------------------------------------------------------------


def test_rows_typed_expense_are_left_out_counted_and_named():
    rows = "01/11/2024,18000,income,Alpha\n03/11/2024,-5000,expense,Talents\n"
    ledger = ledger_of("Date,Montant,Type,Contrepartie\n" + rows)
    assert balance(ledger) == 18000.0
    assert ledger.customers["customer_id"].tolist() == ["Alpha"]
    assert "1 row left out for −5,000.00 (first at row 3; paid to: Talents (1))" in said(ledger)


def test_a_column_of_nothing_but_income_and_expense_is_the_type():
    rows = "01/11/2024,18000,Recette,Alpha\n03/11/2024,500,Dépense,Talents\n"
    assert balance(ledger_of("Date,Montant,Catégorie,Client\n" + rows)) == 18000.0


EXPENSES = (
    "Date,Description,Montant,Client\n01/08/2024,Licence,1000,Alpha\n02/08/2024,Conseil,500,Beta\n"
    "03/08/2024,Avoir sur licence,-100,Alpha\n04/08/2024,Loyer août,-3500,SCI Immo\n05/08/2024,Salaires,-9000,Paie\n"
    "06/08/2024,Taxi,-40,G7\n"
)


def test_negative_rows_of_parties_never_invoiced_are_expenses_where_they_speak_of_spending():
    ledger = ledger_of(EXPENSES)
    assert balance(ledger) == 1400.0  # 1000 + 500 - 100: the credit note of a customer stays
    assert "3 rows left out for −12,540.00" in said(ledger)


def test_credit_notes_of_customers_never_invoiced_stay_where_nothing_speaks_of_spending():
    text = "Date,Description,Montant,Client\n01/08/2024,Licence,1000,Alpha\n02/08/2024,Retour,-40,Beta\n"
    ledger = ledger_of(text)
    assert balance(ledger) == 960.0
    assert "It is read as a credit note" in said(ledger)


def test_expected_receipts_are_no_ledger():
    with pytest.raises(ArlibError, match='column "Probabilité" makes this a list of expected receipts'):
        read_ledger(csv("Facture;Client;Date;Montant;Probabilité\nF1;A;01/01/2024;10;0,9\n"))


def test_lines_of_other_accounts_are_left_out_of_a_list_of_all_accounts():
    rows = "01/01/2024;411000;C1;F1;120;\n01/01/2024;707000;;F1;;100\n01/01/2024;445710;;F1;;20\n"
    ledger = ledger_of("Date;Compte général;Compte tiers;Pièce;Débit;Crédit\n" + rows)
    assert balance(ledger) == 120.0
    assert "Lines of other accounts left out: 2 (445, 707…)" in said(ledger)


# Dates, customers, columns --------------------------------------------------------------------------------------------


def test_without_a_document_date_an_invoice_counts_from_its_due_date_or_its_payment_if_earlier():
    rows = "A,2024-01-31,2024-02-10,100\nA,2024-02-29,2024-02-20,50\n"
    ledger = ledger_of("Customer,Due date,Clear date,Amount\n" + rows)
    invoices = ledger.items[ledger.items["kind"] == "invoice"]
    assert invoices["issued_on"].dt.strftime("%m-%d").tolist() == ["01-31", "02-20"]
    assert invoices["due_on"].dt.strftime("%m-%d").tolist() == ["01-31", "02-29"]
    assert (balance(ledger, "2024-02-09"), balance(ledger, "2024-02-25")) == (100.0, 0.0)
    assert "DSO and days to pay cannot be known" in said(ledger)


def test_columns_not_recognised_are_segments_and_blank_ones_without_a_heading_are_dropped():
    text = (
        "Client;Date;Montant;Secteur client;;\n"
        "A;01/01/2024;100;Bois;;\n"
        "B;02/01/2024;50;Métal;;\n"
        "C;02/01/2024;7;Bois;;\n"
    )
    ledger = ledger_of(text)
    aged = aged_balance(ledger, "2024-01-31", by="Secteur client")
    assert aged.set_index("Secteur client")["total"].to_dict()["Bois"] == 107.0
    assert not [name for name in ledger.items if str(name).startswith("(")]


def test_a_company_column_is_the_entity_unless_nothing_else_names_the_customer():
    both = ledger_of("Société;Client;Date;Montant\nX;A;01/01/2024;5\n")
    assert (both.items["entity"].tolist(), both.items["customer_id"].tolist()) == (["X"], ["A"])
    alone = ledger_of("Société;Date;Montant\nX;01/01/2024;5\n")
    assert alone.items["customer_id"].tolist() == ["X"]


def test_the_name_that_stands_most_often_is_the_customers():
    text = (
        "Code client;Client;Date;Montant\n"
        "C1;Dupond;01/01/2024;5\n"
        "C1;Dupont;02/01/2024;5\n"
        "C1;Dupont;03/01/2024;5\n"
        "C1;;03/01/2024;5\n"
    )
    ledger = ledger_of(text)
    assert ledger.customers["name"].tolist() == ["Dupont"]
    assert "C1: Dupont | Dupond" in said(ledger)


def test_an_empty_column_gives_way_to_one_that_holds_something():
    text = "Customer,Reference,Invoice number,Date,Amount\nA,,F1,2024-01-01,5\n"
    assert ledger_of(text).items["reference"].tolist() == ["F1"]


def test_a_running_balance_is_not_what_is_left_of_a_row():
    text = "Client;Date;Montant;Sens;Solde\nA;01/01/2024;100;D;100\nA;20/01/2024;60;C;40\n"
    ledger = ledger_of(text)
    assert balance(ledger) == 40.0
    assert len(ledger.items) == 2


def test_what_is_given_is_not_written_to():
    read = pd.DataFrame(
        {
            "customer_id": ["A", "A"],
            "reference": ["F1", "F2"],
            "issued_on": pd.to_datetime(["2024-01-01", "2024-01-02"]),
            "booked_on": pd.to_datetime(["2024-01-01", "2024-01-02"]),
            "amount": [10.0, 20.0],
            "paid_amount": [10.0, 5.0],
        },
        index=[2, 3],
    )
    before = read.copy(deep=True)
    made = movements_of(read)
    pd.testing.assert_frame_equal(read, before)
    assert made.items["amount"].sum() == 15.0
    assert made.controls["amount"].sum() == 15.0


# Files nobody here wrote ----------------------------------------------------------------------------------------------


def plain_sum(path, column: str, **options) -> float:
    """The column added up by pandas alone."""
    return round(float(pd.read_csv(path, **options)[column].sum()), 2)


def test_closed_items_of_the_highradius_layout(shared_data):
    path = shared_data / "highradius" / "closed_customers_half1.csv"
    ledger = read_ledger(path)
    invoices = ledger.items[ledger.items["kind"] == "invoice"]
    assert round(invoices["amount"].sum(), 2) == plain_sum(path, "total_open_amount")
    assert balance(ledger, "2099-12-31") == 0.0
    # The file's own column of days late, against due and payment dates as read.
    paid = ledger.items[ledger.items["kind"] == "payment"].reset_index(drop=True)
    late = (paid["booked_on"] - invoices["due_on"].reset_index(drop=True)).dt.days
    assert (late == pd.read_csv(path)["days_late"]).all()


def test_open_items_of_the_highradius_layout_in_two_currencies(shared_data):
    path = shared_data / "highradius" / "open_items_sampleA.csv"
    with pytest.raises(ArlibError, match=r"several currencies \(CAD, USD\)"):
        read_ledger(path)
    rates = pd.DataFrame({"date": "2020-01-01", "currency": ["USD", "CAD"], "rate": [1.0, 1.0]})
    ledger = read_ledger(path, rates=rates)
    assert balance(ledger) == plain_sum(path, "total_open_amount")
    assert set(ledger.items["kind"]) == {"invoice"}
    assert "invoices already paid are not in it" in said(ledger)


def test_the_xero_template(shared_data):
    path = shared_data / "xero_invoices" / "SalesInvoiceTemplate.csv"
    frame = pd.read_csv(path)
    ledger = read_ledger(path)
    assert balance(ledger, "2099-12-31") == round(float((frame["*Quantity"] * frame["*UnitAmount"]).sum()), 2)
    assert ledger.customers["customer_id"].nunique() == frame["*ContactName"].nunique()
    assert set(ledger.items["reference"]) == set(frame["*InvoiceNumber"].astype(str))


@pytest.mark.parametrize(
    ("name", "column", "keep"),
    [
        ("customer_invoices.csv", "amount", None),
        ("export_comptable_finsight.csv", "Montant", None),
        ("demo-data.csv", "Montant", 0),
        ("demo-pme-saisonnalite.csv", "Montant", 0),
        ("template-cegid.csv", "Montant", 0),
        ("test-facture.csv", "Montant TTC", None),
    ],
)
def test_invoices_and_journals_of_income_and_expenses(shared_data, name, column, keep):
    """What was invoiced is the sum of the rows that are no expenses: in these files, of the positive ones."""
    path = shared_data / "finsights_fr" / name
    frame = pd.read_csv(path)
    ledger = read_ledger(path)
    assert proof(ledger)["ties"].all()
    sold = ledger.items.loc[ledger.items["kind"].isin(["invoice", "credit_note"]), "amount"].sum()
    expected = frame[column] if keep is None else frame.loc[frame[column] > keep, column]
    assert round(sold, 2) == round(float(expected.sum()), 2)


def test_a_schedule_of_expected_receipts_is_refused(shared_data):
    with pytest.raises(ArlibError, match="list of expected receipts"):
        read_ledger(shared_data / "finsights_fr" / "payment_schedule.csv")


def test_what_is_left_in_the_exports_of_small_software(shared_data):
    """3,000.00 of Entreprise Martin is left to pay; the open balances of the other file add up to 4,917.25."""
    for name in ("faktu_export_simple.csv", "faktu_export_simple_cp1252.csv"):
        assert balance(read_ledger(shared_data / "layout_snippets" / name)) == 3000.0
    assert balance(read_ledger(shared_data / "layout_snippets" / "quickbooks_ar_aging_detail.csv")) == 4917.25


def test_a_list_of_suppliers_with_amounts_missing_is_refused_by_row(shared_data):
    """Rows 43 and 48 of its sheet hold no amount."""
    with pytest.raises(ArlibError) as caught:
        read_ledger(shared_data / "muruli_ap_ageing" / "Ageing Report.xlsx")
    assert [(problem.place.row, problem.place.column) for problem in caught.value.problems] == [
        (43, "Amount"),
        (48, "Amount"),
    ]


def test_pending_bills_with_their_party_on_a_row_of_its_own(shared_data):
    ledger = read_ledger(shared_data / "layout_snippets" / "tally_pending_bills.xlsx")
    assert (balance(ledger), ledger.customers["customer_id"].tolist()) == (5000.0, ["AlphaClient Ltd"])
    assert ledger.covers[1] == pd.Timestamp("2026-04-16")


def test_a_workbook_not_filled_in_says_that_it_holds_no_row(shared_data):
    with pytest.raises(ArlibError, match="no row below them"):
        read_ledger(shared_data / "finsights_fr" / "tracker-dso.xlsx")


def test_five_currencies_in_one_workbook(shared_data):
    path = shared_data / "saket_ar_workbook" / "Accounts-Receivable.xlsx"
    with pytest.raises(ArlibError, match=r"several currencies \(AUD, CAD, EUR, GBP, USD\)"):
        read_ledger(path)
    currencies = ["AUD", "CAD", "GBP", "USD"]
    ledger = read_ledger(path, rates=pd.DataFrame({"date": "2020-01-01", "currency": currencies, "rate": 1.0}))
    assert balance(ledger, "2099-12-31") == 2385725.73  # its own pivot: Grand Total, Sum of Outstanding Amount


def test_two_thousand_settled_invoices(shared_data):
    """The figures of the data's own card: 99 open for 5,725.06 at the end of 2012, 84 for 5,119.85 six months later."""
    ledger = read_ledger(shared_data / "ibm_late_payment" / "WA_Fn-UseC_-Accounts-Receivable.csv")
    for day, rows, owed in (("2012-12-31", 99, 5725.06), ("2013-06-30", 84, 5119.85)):
        assert (len(open_items(ledger, day)), balance(ledger, day)) == (rows, owed)


# Rows that lack what most of the list has -----------------------------------------------------------------------------


def test_a_row_without_its_total_takes_what_else_it_says_of_its_amount():
    text = "Client;Date;Montant TTC;Montant HT;TVA\nA;01/01/2024;124;100;24\nB;02/01/2024;;50;12\n"
    assert ledger_of(text).items["amount"].tolist() == [124.0, 62.0]
    with pytest.raises(ArlibError, match=r"row 3.*the amount is missing"):
        read_ledger(csv("Client;Date;Montant;Prix unitaire;Quantité\nA;01/01/2024;9;;\nB;02/01/2024;;5;\n"))


def test_no_more_of_a_row_is_settled_than_there_is_of_it():
    rows = "F1,Invoice,A,2024-01-01,100,150\nR1,Payment,A,2024-01-20,-100,0\n"
    ledger = ledger_of("Document number,Type,Customer,Date,Amount,Open amount\n" + rows)
    assert ledger.items.loc[ledger.items["reference"] == "F1", "amount"].tolist() == [100.0]


def test_an_invoice_named_in_a_list_without_numbers_settles_nothing_by_name():
    text = "Client;Date;Montant;Type;Facture réglée\nA;01/01/2024;100;Facture;\nA;20/01/2024;40;Règlement;F1\n"
    assert balance(ledger_of(text)) == 60.0


# One invoice on several rows, and columns that mean another thing than their heading ---------------------------------

PAID_IN_PARTS = (
    "N° facture;Client;Date facture;Échéance;Total TTC;Montant réglé;Date règlement;Mode\n"
    "F7;Roux;03/02/2024;04/03/2024;900,00;300,00;10/03/2024;VIR\n"
    "F7;Roux;03/02/2024;04/03/2024;900,00;450,00;25/03/2024;CHQ\n"
    "F8;Roux;05/02/2024;06/03/2024;200,00;;;\n"
    "F9;Blanc;06/02/2024;07/03/2024;80,00;80,00;07/03/2024;VIR\n"
)


def test_an_invoice_repeated_for_each_of_its_payments_counts_once_and_each_payment_on_its_day():
    """1,180 invoiced; 300 paid on 10 March, 80 on the 7th, 450 on the 25th: 150 of F7 and 200 of F8 are left."""
    ledger = ledger_of(PAID_IN_PARTS)
    assert (ledger.items["kind"] == "invoice").sum() == 3
    assert [balance(ledger, f"2024-03-{day:02}") for day in (6, 8, 10, 25)] == [1180.0, 1100.0, 800.0, 350.0]
    assert opened(ledger) == {"F7": 150.0, "F8": 200.0}
    assert "repeat an invoice for each of its payments" in said(ledger)
    assert "2, first at row 2. Their invoices are counted once each: 1." in said(ledger)
    payments = ledger.items[ledger.items["kind"] == "payment"]
    assert dict(zip(payments["row"], payments["Mode"], strict=True)) == {2: "VIR", 3: "CHQ", 5: "VIR"}


def test_two_equal_payments_of_one_day_are_two_and_a_row_written_twice_is_left_to_a_person():
    halves = "Invoice,Customer,Date,Amount,Amount paid,Paid on\nI1,A,2024-01-01,100,50,2024-02-01\n"
    twice = halves + "I1,A,2024-01-01,100,50,2024-02-01\n"
    assert opened(ledger_of(twice), "2024-02-01") == {}
    assert (ledger_of(twice).items["kind"] == "invoice").sum() == 1
    whole = twice.replace("100,50", "100,100")
    assert (ledger_of(whole).items["kind"] == "invoice").sum() == 2


def test_money_paid_back_on_a_row_of_its_own_is_owed_again():
    text = (
        "Invoice,Customer,Date,Amount,Amount paid,Paid on\n"
        "I1,A,2024-01-01,100,100,2024-02-01\nI1,A,2024-01-01,100,-40,2024-02-09\n"
    )
    ledger = ledger_of(text)
    assert [balance(ledger, day) for day in ("2024-02-01", "2024-02-09")] == [0.0, 40.0]


def test_the_account_of_all_customers_is_not_the_customer():
    text = (
        "Customer activity\n\n,Date,Type,No.,Account,Amount\n"
        "Birch & Co,,,,,\n,03/14/2024,Invoice,71,1200 - Trade debtors,310.00\n"
        ",04/20/2024,Payment,72,1200 - Trade debtors,-310.00\n"
        "Cedar Inc.,,,,,\n,05/02/2024,Invoice,73,1200 - Trade debtors,95.50\n"
    )
    ledger = ledger_of(text)
    assert sorted(ledger.customers["customer_id"]) == ["Birch & Co", "Cedar Inc."]
    assert balance(ledger) == 95.5


def test_a_balance_of_each_row_is_what_is_left_of_it():
    """420 of which 120 is paid, 60 open, and an advance of 35 that settles nothing yet: three open items."""
    text = (
        "Konto;Name;Beleg;Datum;Fälligkeit;Soll;Haben;Saldo\n"
        "10001;Ast;R1;03.01.2024;02.02.2024;420,00;120,00;300,00\n"
        "10002;Bau;R2;15.01.2024;14.02.2024;60,00;;60,00\n"
        "10001;Ast;Z9;20.01.2024;;;35,00;-35,00\n"
    )
    ledger = ledger_of(text)
    assert opened(ledger) == {"R1": 300.0, "R2": 60.0, "Z9": -35.0}
    assert ledger.items.loc[ledger.items["kind"] == "invoice", "amount"].tolist() == [420.0, 60.0]


def test_an_amount_due_that_is_the_amount_of_the_invoice_is_not_what_is_left():
    text = (
        "Number,Customer,Date (UTC),Due Date (UTC),Total,Amount Due,Status,Paid At (UTC)\n"
        "A-1,Kim,2024-01-05 08:00,2024-02-04 08:00,70.00,70.00,paid,2024-02-01 17:30\n"
        "A-2,Kim,2024-01-06 08:00,2024-02-05 08:00,30.00,30.00,open,\n"
    )
    ledger = ledger_of(text)
    assert opened(ledger) == {"A-2": 30.0}
    assert balance(ledger, "2024-01-31") == 100.0
    assert "due at issue" in said(ledger)
    still = ledger_of(text.replace("paid,2024-02-01 17:30", "open,"))
    assert opened(still) == {"A-1": 70.0, "A-2": 30.0}


@pytest.mark.parametrize(("yes", "no"), [("Oui", "Non"), ("TRUE", "FALSE"), ("1", "0"), ("x", "")])
@pytest.mark.parametrize("heading", ["Payé", "Facture payée", "Réglée"])
def test_a_column_that_says_yes_or_no_says_whether_it_is_paid(heading, yes, no):
    text = f"N° pièce;Client;Date;Montant;{heading}\nF1;A;01/01/2024;1,00;{yes}\nF2;A;02/01/2024;1,00;{no}\n"
    assert opened(ledger_of(text)) == {"F2": 1.0}


def test_the_amount_of_a_due_date_goes_before_the_total_of_its_invoice():
    text = (
        "Facture;Client;Date facture;Date échéance;Montant TTC;Montant de l'échéance\n"
        "F1;A;01/01/2024;31/01/2024;90,00;30,00\nF1;A;01/01/2024;29/02/2024;90,00;60,00\n"
    )
    items = ledger_of(text).items
    assert items["amount"].tolist() == [30.0, 60.0]
    assert items["document_id"].tolist() == ["F1", "F1"]


def test_gender_and_wording_of_dates():
    text = "Facture;Client;Date de facturation;Montant;Réglée le\nF1;A;01/01/2024;5;03/02/2024\n"
    ledger = ledger_of(text)
    assert ledger.items["booked_on"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-03")]


HEAD_PAID = "Client;Facture;Date;Échéance;Montant TTC;"


@pytest.mark.parametrize("heading", ["Règlement", "Montant du règlement", "Versement", "Paiement", "Reçu", "Payment"])
def test_the_one_column_that_can_only_be_what_was_paid_is_that(heading):
    """1,000.00 of which 700.00 is paid on 15 February, and 500.00 unpaid: 800.00 open."""
    text = f"{HEAD_PAID}{heading};Date de paiement\nA;F1;10/01/2024;10/02/2024;1000,00;700,00;15/02/2024\n"
    ledger = read_ledger(("liste.csv", (text + "B;F2;20/01/2024;20/02/2024;500,00;;\n").encode()))
    assert balance(ledger) == 800.0
    assert balance(ledger, "2024-02-14") == 1500.0


def test_payments_in_columns_nobody_can_tell_apart_are_a_warning():
    text = f"{HEAD_PAID}Acompte;Escompte\nA;F1;10/01/2024;10/02/2024;1000,00;700,00;20,00\n"
    ledger = read_ledger(("liste.csv", text.encode()))
    assert any("not used: Acompte, Escompte" in str(each) for each in ledger.sources[0].warnings)


TWO = "300,00;15/02/2024;450,00;20/03/2024"


@pytest.mark.parametrize(
    "columns",
    [
        "Règlement 1;Date règlement 1;Règlement 2;Date règlement 2",
        "Payment 1;Date 1;Payment 2;Date 2",
        "Règlement;Date règlement;Règlement;Date règlement",
        "Montant acompte;Date acompte;Montant réglé;Date de règlement",
        "1er règlement;Réglé le 1;2e règlement;Réglé le 2",
    ],
)
def test_payments_in_columns_of_their_own_count_each_on_its_day(columns):
    """1,000.00 less 300.00 on 15 February and 450.00 on 20 March; the second invoice is not paid."""
    ledger = ledger_of(f"{HEAD_PAID}{columns}\nA;F1;10/01/2024;10/02/2024;1000,00;{TWO}\nA;F2;10/01/2024;;5,00;;;;\n")
    days = ("2024-02-14", "2024-02-15", "2024-03-19", "2024-03-20")
    assert [balance(ledger, day) for day in days] == [1005.0, 705.0, 705.0, 255.0]
    assert opened(ledger) == {"F1": 250.0, "F2": 5.0}
    assert "2 payments for 750.00" in said(ledger)
    assert "without a date" not in said(ledger)
    assert "not used" not in said(ledger)
    again = ledger_of(f"{HEAD_PAID}{columns}\nA;F1;10/01/2024;10/02/2024;1000,00;{TWO}\n", profile=profile_of(ledger))
    assert balance(again) == 250.0


def test_days_that_stand_apart_are_paired_by_number():
    columns = "Règlement 2;Règlement 1;Date règlement 1;Date règlement 2"
    ledger = ledger_of(
        f"{HEAD_PAID}{columns}\nA;F1;10/01/2024;10/02/2024;1000,00;450,00;300,00;15/02/2024;20/03/2024\n"
    )
    assert [balance(ledger, day) for day in ("2024-02-15", "2024-03-20")] == [700.0, 250.0]


def test_dated_payments_tie_to_what_the_list_says_is_left():
    """200 left of 1,000: 300 and 450 on their days, 50 without one; 900 left where payments make 750: 100 in all."""
    columns = "Règlement 1;Date règlement 1;Règlement 2;Date règlement 2;Reste dû"
    rows = "".join(
        f"A;F{place};10/01/2024;10/02/2024;1000,00;{TWO};{left}\n" for place, left in enumerate((250, 200, 900))
    )
    ledger = ledger_of(f"{HEAD_PAID}{columns}\n{rows}")
    assert opened(ledger) == {"F0": 250.0, "F1": 200.0, "F2": 900.0}
    assert "do not add up to what the list says is paid of them: 2 (first at row 3)" in said(ledger)
    paid = ledger.items[ledger.items["kind"] == "payment"]
    assert paid.loc[paid["reference"] == "F1", "amount"].tolist() == [-300.0, -450.0, -50.0]


def test_days_nobody_can_pair_are_a_warning():
    columns = "Règlement 1;Règlement 2;Date règlement 1;Date règlement 3"
    ledger = ledger_of(
        f"{HEAD_PAID}{columns}\nA;F1;10/01/2024;10/02/2024;1000,00;300,00;450,00;15/02/2024;20/03/2024\n"
    )
    assert "not used, since which goes with which payment is not clear: Date règlement 1, Date règlement 3" in said(
        ledger
    )
    assert "not used: Règlement 1, Règlement 2" in said(ledger)


def test_a_day_that_is_none_is_named():
    columns = "Règlement 1;Date règlement 1;Règlement 2;Date règlement 2"
    rows = f"A;F1;10/01/2024;10/02/2024;1000,00;{TWO}\nA;F2;10/01/2024;;5,00;1,00;31/02/2024;;\n"
    with pytest.raises(ArlibError, match='row 3, column "Date règlement 1": "31/02/2024" is not a date'):
        read_ledger(csv(f"{HEAD_PAID}{columns}\n{rows}"))


@pytest.mark.parametrize("column", ["Mode de règlement", "Délai de paiement", "Nb règlements", "Date du versement"])
def test_what_is_no_money_is_no_payment(column):
    text = f"{HEAD_PAID}{column}\nA;F1;10/01/2024;10/02/2024;1000,00;30\n"
    ledger = read_ledger(("liste.csv", text.replace("30\n", "\n").encode()))
    assert balance(ledger) == 1000.0


def test_a_second_column_of_one_name_is_a_warning_where_it_differs():
    text = "Client;Facture;Date;Montant;Montant\nA;F1;10/01/2024;100,00;120,00\n"
    assert any("differ" in str(each) for each in read_ledger(("a.csv", text.encode())).sources[0].warnings)


def test_amounts_of_more_than_cents_are_rounded_and_said():
    text = "Client;Facture;Date;Montant\nA;F1;10/01/2024;10,335\nA;F2;10/01/2024;7,12\n"
    assert any(
        "more than two decimals" in str(each) for each in read_ledger(("a.csv", text.encode())).sources[0].warnings
    )


def test_two_situations_of_the_same_customers_would_count_twice():
    head = "Client;Facture;Date facture;Échéance;Montant;Reste dû\n"
    january = f"Factures ouvertes au 31/01/2024;;;;;\n{head}A;F1;10/01/2024;10/02/2024;100,00;100,00\n"
    february = f"Factures ouvertes au 29/02/2024;;;;;\n{head}A;F1;10/01/2024;10/02/2024;100,00;100,00\n"
    with pytest.raises(ArlibError, match="together they would count twice"):
        read_ledger([("janvier.csv", january.encode()), ("fevrier.csv", february.encode())])


@pytest.mark.parametrize(("order", "word"), [("day first", "day"), ("month first", "month")])
def test_the_order_of_a_profile_is_said_to_be_the_profiles(order, word):
    text = "Client;Facture;Date;Montant\nA;F1;01/02/2024;10,00\n"
    ledger = ledger_of(text, profile=Profile(dates=order))
    assert f"Dates are read {word} first, as the profile says." in said(ledger)
    assert "no other order" not in said(ledger)
