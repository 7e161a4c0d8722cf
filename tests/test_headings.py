"""The table of headings: one meaning each, five languages, the usual software; and where a header stands."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from arlib import words
from arlib.errors import ArlibError
from arlib.readers import headings, read_ledger
from arlib.readers.headings import header_rows, in_thousands, is_value, joined, plain, recognise
from arlib.readers.headings.ages import age_bands

TABLE = Path(headings.__file__).with_name("headings.csv")


def lines() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_no_heading_means_two_things():
    meanings: dict[str, set[str]] = {}
    for line in lines():
        meanings.setdefault(plain(line["heading"]), set()).add(line["field"])
    assert {heading: fields for heading, fields in meanings.items() if len(fields) > 1 or not heading} == {}


def test_no_heading_stands_twice_whatever_its_accents_and_marks():
    written = [plain(line["heading"]) for line in lines()]
    assert sorted(heading for heading in set(written) if written.count(heading) > 1) == []


def test_every_field_has_a_name_in_both_languages():
    assert [field for field in headings.fields() if not words.has_word(f"field.{field}")] == []


# One list a language and one a software, written from their documentation and exports.
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            (
                "Kundennummer;Kundenname;Rechnungsnummer;Rechnungsdatum;Buchungsdatum;Fälligkeitsdatum;Bruttobetrag;"
                "Nettobetrag;MwSt;Offener Betrag;Bezahlt am;Zahlungsbedingung;Währung"
            ),
            (
                "customer_id customer_name reference issued_on booked_on due_on amount net_amount tax_amount "
                "open_amount paid_on terms currency"
            ),
        ),
        (
            "Debitor;Belegnummer;Belegdatum;Nettofälligkeit;Soll;Haben",
            "customer_name reference issued_on due_on debit credit",
        ),
        ("Kunden-Nr.;Rechnungs-Nr.;Faelligkeit;Betrag", "customer_id reference due_on amount"),
        (
            (
                "Código cliente;Cliente;N.º factura;Fecha factura;Fecha vencimiento;Base imponible;IVA;Importe total;"
                "Saldo pendiente;Fecha cobro;Forma de pago;Moneda"
            ),
            (
                "customer_id customer_name reference issued_on due_on net_amount tax_amount amount open_amount paid_on "
                "terms currency"
            ),
        ),
        (
            "Cliente;Factura;Fecha emisión;Vencimiento;Importe;Pendiente",
            "customer_name reference issued_on due_on amount open_amount",
        ),
        ("Fecha;Cuenta;Concepto;Debe;Haber;Saldo", "issued_on customer_id label debit credit -"),
        (
            (
                "Codice cliente;Ragione sociale;Numero fattura;Data documento;Data scadenza;Imponibile;Imposta;Importo;"
                "Residuo;Data pagamento;Condizioni di pagamento;Valuta"
            ),
            (
                "customer_id customer_name reference issued_on due_on net_amount tax_amount amount open_amount paid_on "
                "terms currency"
            ),
        ),
        (
            "Cliente;N. fattura;Data fattura;Scadenza;Dare;Avere",
            "customer_name reference issued_on due_on debit credit",
        ),
        # SAP FBL5N, in English, French and German
        (
            (
                "Account;Assignment;Document Number;Document Type;Document Date;Posting Date;Net due date;"
                "Amount in doc. curr.;Document currency;Amount in local currency;Local Currency;Clearing date;"
                "Clearing Document;Text"
            ),
            (
                "customer_id - reference kind issued_on booked_on due_on "
                "currency_amount - amount currency paid_on letter label"
            ),
        ),
        (
            (
                "Client;N° pièce;Type de pièce;Date de la pièce;Date comptable;Échéance nette;"
                "Montant en devise interne;Devise interne;Texte"
            ),
            "customer_name reference kind issued_on booked_on due_on amount currency label",
        ),
        (
            "Konto;Belegnummer;Belegart;Belegdatum;Nettofälligkeit;Betrag in Hauswährung;Hauswährung;Ausgleichsdatum",
            "customer_id reference kind issued_on due_on amount currency paid_on",
        ),
        # Odoo, Dolibarr, ERPNext, Dynamics, QuickBooks, Xero, Sage
        (
            (
                "Number;Invoice Partner Display Name;Invoice/Bill Date;"
                "Due Date;Untaxed Amount;Total;Amount Due;Payment Status"
            ),
            "reference customer_name issued_on due_on net_amount amount open_amount paid_status",
        ),
        (
            (
                "Réf. facture;Date facturation;Date limite de règlement;Tiers;Montant HT;Montant TVA;Montant TTC;"
                "Reste à encaisser;État"
            ),
            "reference issued_on due_on customer_name net_amount tax_amount amount open_amount paid_status",
        ),
        (
            (
                "Posting Date;Party;Customer Name;Voucher Type;Voucher No;"
                "Due Date;Invoiced Amount;Paid Amount;Outstanding Amount"
            ),
            "booked_on customer_id customer_name kind reference due_on amount paid_amount open_amount",
        ),
        (
            (
                "Customer account;Voucher;Invoice;Transaction date;"
                "Due date;Amount in transaction currency;Amount;Balance;Currency"
            ),
            "customer_id - reference issued_on due_on currency_amount amount open_amount -",
        ),
        ("Date;Num;Name;Due Date;Aging;Open Balance", "issued_on reference customer_name due_on - open_amount"),
        ("*ContactName;*InvoiceNumber;*InvoiceDate;*DueDate;Total", "customer_name reference issued_on due_on amount"),
        (
            (
                "Compte;Intitulé;Date;C.j;N° pièce;"
                "Libellé écriture;Lettr.;Mouvement débit;Mouvement crédit;Solde progressif"
            ),
            "customer_id customer_name issued_on journal reference label letter debit credit -",
        ),
        (
            "CODE CLIENT;NOM DU CLIENT;N° FACTURE;MONTANT TTC (€);Solde au 31/12/2024",
            "customer_id customer_name reference amount open_amount",
        ),
    ],
    ids=lambda value: value.split(";")[0] if ";" in value else "",
)
def test_the_headings_of_a_language_and_of_a_software(written, expected):
    columns = written.split(";")
    found = {heading: field for field, heading in recognise(columns).items()}
    assert [found.get(heading, "-") for heading in columns] == expected.split()


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("Date �ch�ance", "due_on"),
        ("Montant Pay�", "paid_amount"),
        ("Libell? ?criture", "label"),
        ("Date dâ€™Ã©chÃ©ance".replace("â€™", "'"), "due_on"),
        ("Libell‚", "label"),  # cp850 read as Windows-1252
        ("Montant (€)", "amount"),
        ("Date\nd'échéance", "due_on"),
        ("DATE FACTURE", "issued_on"),
        ("Invoice #", "reference"),
    ],
)
def test_a_heading_is_found_whatever_was_done_to_it(written, field):
    assert recognise([written]) == {field: written}


def test_a_balance_beside_debits_is_a_running_one_and_amounts_in_local_currency_win():
    assert "open_amount" not in recognise(["Date", "Débit", "Crédit", "Solde"])
    assert recognise(["Date", "Montant", "Solde"])["open_amount"] == "Solde"
    assert recognise(["Client", "Date", "Saldo"])["open_amount"] == "Saldo"
    both = recognise(["Amount in doc. curr.", "Document currency", "Amount in local currency", "Local Currency"])
    assert both == {
        "amount": "Amount in local currency",
        "currency_amount": "Amount in doc. curr.",
        "currency": "Local Currency",
    }
    assert recognise(["Amount in doc. curr.", "Document currency"])["amount"] == "Amount in doc. curr."


def test_a_chosen_heading_wins_and_one_that_does_not_exist_is_refused():
    assert recognise(["Compte", "Client"], {"customer_id": "Compte"})["customer_id"] == "Compte"
    for wrong in ({"amount": "Solde"}, {"balance": "Client"}):
        with pytest.raises(ArlibError, match="does not exist"):
            recognise(["Client"], wrong)


def test_thousands_are_seen():
    assert all(
        map(in_thousands, ["Solde (k€)", "Montant K€", "Betrag in Tsd. EUR", "Amount (thousands)", "Solde en milliers"])
    )
    assert not any(map(in_thousands, ["Montant (€)", "Mkt", "Client K", "Total EUR"]))


@pytest.mark.parametrize("cell", ["1 234,56 €", "-12.50", "(1,234.56)", "31/12/2024", "2024-12-31", "12", 5, 5.0])
def test_figures_are_no_headings(cell):
    assert is_value(cell)
    assert not any(map(is_value, ["Client", "", None, "Total 2024", True, "N° 1"]))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Client", "Date", "Montant"]], (0, 0)),
        ([["Client", "X", "Date", "31/12/2024"], ["Facture", "Date", "Montant"], ["F1", "01/01/2024", "5"]], (1, 1)),
        ([["Client: DUPONT  Date: 31/12/2024"], ["Client :", "Date :"], [], ["Client", "Date", "Montant"]], (3, 3)),
        ([["Facture", "Client"], ["Facture", "Client", "Date", "Montant TTC"], ["F1", "A", "01/01/2024", "5"]], (1, 1)),
        ([["N°", "Client", "Date", "Montant", ""], ["", "", "", "HT", "TTC"], ["F1", "A", "1/1/24", "1", "2"]], (0, 1)),
        ([["Client", "Date", "Montant"], ["", "(jj/mm/aaaa)", "(€)"], ["A", "01/01/2024", "5"]], (0, 1)),
        ([["Date", "Customer", "Amount"], ["", "ACME Ltd", ""], ["01/01/2024", "", "5"]], (0, 0)),
        ([["Ville", "Code postal"], ["Lyon", "69000"]], None),
        ([["x"]] * 58 + [["Client", "Date", "Montant"]], (58, 58)),
        ([["Client", "Non échu", "0-30", "31-60", "+ de 60"], ["A", "1", "2", "3", "4"]], (0, 0)),
    ],
)  # fmt: skip
def test_where_the_headings_stand(rows, expected):
    assert header_rows(rows) == expected


def test_headings_over_two_rows_are_read_together():
    upper = ["Facture", "", "Client", "", "Montant", "", "Échéance"]
    lower = ["N°", "Date", "Code", "Nom", "HT", "TTC", ""]
    assert joined(upper, lower) == [
        "Facture N°", "Date Facture", "Client Code", "Nom Client", "Montant HT", "Montant TTC", "Échéance",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("Non échu;0-30 j;31-60;61-90;+ de 90", [(0, 0), (1, 30), (31, 60), (61, 90), (91, None)]),
        ("Current;1-30;31-60;61-90;Over 90", [(0, 0), (1, 30), (31, 60), (61, 90), (91, None)]),
        ("< 30;30 à 60 jours;60 à 90 jours;> 90 days past due", [(1, 30), (31, 60), (61, 90), (91, None)]),
        ("nicht fällig;0 - 30;31 - 60;91+", [(0, 0), (1, 30), (31, 60), (91, None)]),
        ("Corriente;1-30 días;Más de 30 días", [(0, 0), (1, 30), (31, None)]),
        ("A scadere;0-30 gg;oltre 30 gg", [(0, 0), (1, 30), (31, None)]),
        ("Current;< 1 Month;1 Month;2 Months;Older", [(0, 0), (1, 30), (31, 60), (61, 90), (91, None)]),
        ("At Date;1-30;31-60;Older", [(0, 0), (1, 30), (31, 60), (61, None)]),
        ("0-30;31-60;61-90;91-120;121-Above", [(1, 30), (31, 60), (61, 90), (91, 120), (121, None)]),
        ("Non échu;Échu", [(0, 0), (1, None)]),
        ("30 jours;60 jours;90 jours;+90 jours", [(1, 30), (31, 60), (61, 90), (91, None)]),
        ("bis 30 Tage;31 bis 60 Tage;über 60 Tage", [(1, 30), (31, 60), (61, None)]),
        ("À échoir;De 1 à 30 jours;Au-delà de 30 jours", [(0, 0), (1, 30), (31, None)]),
        ("Client;Date;Amount Due;30 days", []),
    ],
)
def test_columns_of_ages(written, days):
    assert [(band.first, band.last) for band in age_bands(written.split(";")).values()] == days


def test_one_column_of_all_that_is_late_gives_way_to_finer_ones():
    assert list(age_bands(["Non échu", "Échu 1-30", "Échu > 30", "Total échu"])) == [
        "Non échu",
        "Échu 1-30",
        "Échu > 30",
    ]


@pytest.mark.parametrize(
    ("headings", "code", "name"),
    [
        (("Client", "Nom du client"), "Client", "Nom du client"),
        (("customer", "customer name"), "customer", "customer name"),
        (("Kunde", "Kundenname"), "Kunde", "Kundenname"),
        (("Tiers", "Raison sociale"), "Tiers", "Raison sociale"),
        (("Code client", "Client", "Nom du client"), "Code client", "Nom du client"),
        (("Code client", "Client"), "Code client", "Client"),
        (("Client", "Contact"), None, "Client"),  # the contact is a person, not the customer
        (("Client", "Client facturé"), None, "Client facturé"),  # who is delivered is not who pays
        (("Client",), None, "Client"),
    ],
)
def test_a_bare_client_beside_a_name_holds_the_codes(headings, code, name):
    """Two customers of one name are two: their codes keep them apart."""
    found = recognise([*headings, "Facture", "Montant"])
    assert (found.get("customer_id"), found.get("customer_name")) == (code, name)


def test_two_customers_of_one_name_stay_two():
    table = pd.DataFrame(
        {
            "Client": ["X1", "X2"],
            "Nom du client": ["Alpha", "Alpha"],
            "Facture": ["F1", "F2"],
            "Date facture": ["2024-01-01"] * 2,
            "Montant": [100.0, 200.0],
        }
    )
    ledger = read_ledger(table)
    assert sorted(ledger.items["customer_id"]) == ["X1", "X2"]
    assert list(ledger.customers["name"]) == ["Alpha", "Alpha"]
