"""Every customer once, with its address, whom to call there, and all that its file says of it."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from small import sample_ledger

from arlib import open_items, read_ledger
from arlib.readers import headings
from arlib.readers.customers import one_row_each
from arlib.readers.headings import plain
from arlib.readers.headings.of_customers import recognise_customers

LIST = """Code client;Nom client;Date;N° facture;Montant TTC
0200706844;WINC co;2024-01-10;F1;10,00
0200706844;WINC llc;2024-01-11;F2;20,00
0200706844;WINC llc;2024-01-12;F3;30,00
7;Durand;2024-01-13;F4;40,00
"""


def test_spellings_under_one_number_are_one_customer_and_are_listed():
    spelled = pd.DataFrame(
        {"customer_id": ["1", "1", "2"], "name": ["WINC co", "WINC llc", "Durand"], "_rows": [1, 5, 1]}
    )
    known, doubts = one_row_each([spelled], [])
    assert known[["customer_id", "name"]].values.tolist() == [["1", "WINC llc"], ["2", "Durand"]]
    assert known["spellings"].fillna("").tolist() == ["WINC llc | WINC co", ""]
    assert "1: WINC llc | WINC co" in str(doubts[0])


def test_the_same_customer_in_two_files_is_one():
    one = pd.DataFrame({"customer_id": ["1"], "name": ["ACME"]})
    other = pd.DataFrame({"customer_id": ["1"], "name": ["Acme SA"]})
    known, doubts = one_row_each([one, other], [])
    assert len(known) == 1
    assert len(doubts) == 1


def test_the_customers_file_speaks_first():
    given = pd.DataFrame({"customer_id": ["1"], "name": ["ACME SAS"], "terms": ["45 jours"]})
    known, doubts = one_row_each([pd.DataFrame({"customer_id": ["1"], "name": ["acme"]})], [given])
    assert known[["name", "terms"]].values.tolist() == [["ACME SAS", "45 jours"]]
    assert doubts == []


def test_a_list_with_several_spellings_counts_one_customer():
    ledger = read_ledger(("liste.csv", LIST.encode()))
    assert ledger.customers["customer_id"].tolist() == ["0200706844", "7"]
    assert ledger.items.groupby("customer_id")["amount"].sum().tolist() == [60.0, 40.0]


HEADINGS = "Code client;Nom;Date;N° facture;Montant TTC\n"


def files(*rows: str):
    return read_ledger([(f"{place}.csv", (HEADINGS + row).encode()) for place, row in enumerate(rows)])


def keys(ledger) -> list[str]:
    return [each.key for source in ledger.sources for each in source.warnings]


def test_zeros_lost_in_one_of_two_files_make_no_second_customer():
    ledger = files("00123;Durand;13/01/2024;F1;10\n", "123;DURAND SA;14/01/2024;F2;20\n")
    assert ledger.customers["customer_id"].tolist() == ["00123"]
    assert set(ledger.items["customer_id"]) == {"00123"}
    told = [each for source in ledger.sources for each in source.warnings if each.key == "read.same_number"]
    assert ["00123 = 123" in str(each) for each in told] == [True]


def test_names_that_differ_keep_two_customers_apart():
    ledger = files("00123;Durand;13/01/2024;F1;10\n", "123;Martin & Fils;14/01/2024;F2;20\n")
    assert ledger.customers["customer_id"].tolist() == ["00123", "123"]
    assert "read.numbers_apart" in keys(ledger)
    assert "read.same_number" not in keys(ledger)


def test_capitals_and_spaces_make_no_second_customer():
    rows = "C001;Zed;13/01/2024;F1;10\nc001;Zed;14/01/2024;F2;20\nC001 ;Zed;15/01/2024;F3;30\nC002;Al;15/01/2024;F4;1\n"
    ledger = files(rows, "c 001;Zed;16/01/2024;F5;40\n")
    assert ledger.items.groupby("customer_id")["amount"].sum().to_dict() == {"C001": 100.0, "C002": 1.0}


def test_letters_hold_over_writings_of_one_number():
    lettered = "Code client;Date;N° facture;Montant;Lettrage\nc001;13/01/2024;F1;10;A\nC001;14/01/2024;R1;-10;A\n"
    ledger = read_ledger(("liste.csv", (lettered + "C001;15/01/2024;F2;7;\n").encode()))
    assert ledger.matches["amount"].tolist() == [10.0]
    assert ledger.customers["customer_id"].tolist() == ["C001"]


def test_the_terms_of_a_customers_file_find_a_number_with_zeros():
    listed = pd.DataFrame({"Code client": ["123"], "Nom": ["Durand"], "Délai de paiement": ["60 jours"]})
    rows = (HEADINGS + "00123;Durand;13/01/2024;F1;10\n").encode()
    ledger = read_ledger(("a.csv", rows), customers=listed)
    assert ledger.items["due_on"].tolist() == [pd.Timestamp("2024-03-13")]  # 13 January + 60 days


def test_two_writings_in_a_list_of_paid_invoices_are_one_customer():
    """Its groups of movements are numbered by row, and name no customer to write otherwise."""
    rows = "Client,Invoice,Date,Due,Amount,Paid on\nC001,F1,2024-01-10,2024-02-10,100,2024-02-12\n"
    ledger = read_ledger(("list.csv", (rows + "c001,F2,2024-01-11,2024-02-11,50,\n").encode()))
    assert ledger.customers["customer_id"].tolist() == ["C001"]
    assert open_items(ledger, "2024-03-01")["open_amount"].tolist() == [50.0]


# --- addresses, telephones, contacts, languages; all other columns ------------------------------------------------

MOVES = "Code client;Nom client;Date;N° facture;Montant TTC\n001;Durand;10/01/2024;F1;10\n002;Martin;11/01/2024;F2;20\n"
REACHED = ["address", "postcode", "city", "phone", "contact", "language"]


def customers(*files: str | pd.DataFrame) -> pd.DataFrame:
    """The customers of a ledger of two, by code: of the first file as `customers=`, of the others beside it."""
    first, *others = files
    given = ("clients.csv", first.encode()) if isinstance(first, str) else first
    beside = [(f"{place}.csv", text.encode()) for place, text in enumerate(others) if isinstance(text, str)]
    return read_ledger([("list.csv", MOVES.encode()), *beside], customers=given).customers.set_index("customer_id")


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "Code client;Raison sociale;Adresse 1;Adresse 2;CP;Ville;Tél.;Contact;Langue",
            "001;Durand SA;3 rue Haute;Bât. B;01000;Bourg;0199001234;Mme Roy;FR",
            ["3 rue Haute\nBât. B", "01000", "Bourg", "0199001234", "Mme Roy", "FR"],
        ),
        (
            "N° client;Nom;N° voie;Type de voie;Nom de voie;Complément;Code postal;Localité;Téléphone;Interlocuteur",
            "001;Durand;3;rue;Haute;ZA Sud;01000;Bourg;01 99 00 12 34;M. Roy",
            ["3 rue Haute\nZA Sud", "01000", "Bourg", "01 99 00 12 34", "M. Roy", ""],
        ),
        (
            "Customer ID;Company Name;Contact Name;Street Address;City;ZIP;Phone;Language",
            "001;Durand Inc;Ann Lee;1 High St;Boston;02110;(617) 555-0100;en",
            ["1 High St", "02110", "Boston", "(617) 555-0100", "Ann Lee", "en"],
        ),
        (
            "Kundennummer;Firma;Straße;Hausnr.;PLZ;Ort;Telefon;Ansprechpartner;Sprache",
            "001;Durand GmbH;Hauptstr.;5;01067;Dresden;0351 123456;Frau Lang;DE",
            ["Hauptstr. 5", "01067", "Dresden", "0351 123456", "Frau Lang", "DE"],
        ),
        (
            "Código cliente;Razón social;Dirección;Código postal;Población;Teléfono;Persona de contacto;Idioma",
            "001;Durand SL;Calle Mayor 1;08001;Barcelona;930000000;Sra. Gil;ES",
            ["Calle Mayor 1", "08001", "Barcelona", "930000000", "Sra. Gil", "ES"],
        ),
        (
            "Codice cliente;Ragione sociale;Indirizzo;CAP;Città;Telefono;Referente;Lingua",
            "001;Durand Srl;Via Roma 1;00184;Roma;06 0000000;Dott. Rossi;IT",
            ["Via Roma 1", "00184", "Roma", "06 0000000", "Dott. Rossi", "IT"],
        ),
        (
            "Code client;Nom;Adresse 1 (facturation);CP (facturation);Ville (facturation);Téléphone (facturation)",
            "001;Durand;3 rue Haute;01000;Bourg;0199001234",
            ["3 rue Haute", "01000", "Bourg", "0199001234", "", ""],
        ),
        (
            "Kundennr.;Kundenname;Rechnungsadresse;Rechnungs-PLZ;Rechnungsort;Lieferort",
            "001;Durand;Hauptstr. 5;01067;Dresden;Pirna",
            ["Hauptstr. 5", "01067", "Dresden", "", "", ""],
        ),
    ],
)
def test_addresses_in_five_languages(header, row, expected):
    assert customers(f"{header}\n{row}\n").loc["001"].reindex(REACHED).fillna("").tolist() == expected


def test_codes_and_numbers_of_a_spreadsheet_stay_texts():
    """Excel hands postcodes over as 75001.0; the text of a cell keeps its zeros."""
    listed = pd.DataFrame(
        {"Code client": ["001", "002"], "Nom": ["Durand", "Martin"], "CP": [75001.0, None], "Tél": ["0199001234", ""]}
    )
    found = customers(listed)
    assert found["postcode"].fillna("").tolist() == ["75001", ""]
    assert found["phone"].fillna("").tolist() == ["0199001234", ""]


def test_the_address_of_invoices_counts_where_a_customer_has_one_and_the_other_is_kept():
    found = customers(
        "Code client;Nom;Adresse;CP;Ville;Adresse de facturation;CP facturation;Ville facturation\n"
        "001;Durand;1 quai Bas;11111;Lieu;9 rue Haute;22222;Siège\n002;Martin;2 quai Bas;33333;Port;;;\n"
    )
    assert found[REACHED[:3]].to_numpy().tolist() == [
        ["9 rue Haute", "22222", "Siège"],
        ["2 quai Bas", "33333", "Port"],
    ]
    assert found["Adresse"].tolist() == ["1 quai Bas", "2 quai Bas"]


def test_one_address_whose_street_alone_is_of_invoices_is_whole():
    found = customers("Code client;Nom;Adresse de facturation;CP;Ville\n001;Durand;9 rue Haute;22222;Siège\n")
    assert found.loc["001", REACHED[:3]].tolist() == ["9 rue Haute", "22222", "Siège"]


def test_addresses_of_deliveries_are_no_addresses_of_letters():
    found = customers("Code client;Nom;Adresse de livraison;Ville livraison\n001;Durand;1 quai Bas;Port\n")
    assert found[REACHED].isna().all(axis=None)
    assert found.loc["001", ["Adresse de livraison", "Ville livraison"]].tolist() == ["1 quai Bas", "Port"]


def test_a_contact_that_comes_again_and_again_is_a_salesperson():
    rows = "".join(f"{code:03d};Nom {code};{'Zoé' if code % 2 else 'Max'}\n" for code in range(1, 9))
    found = customers("Code client;Raison sociale;Contact\n" + rows)
    assert found["contact"].isna().all()
    assert found.loc["001", "Contact"] == "Zoé"


def test_a_contact_names_the_customer_where_nothing_else_does():
    found = customers("Code client;Contact;Ville\n001;Durand SA;Bourg\n")
    assert found.loc["001", ["name", "city"]].tolist() == ["Durand SA", "Bourg"]
    assert found["contact"].isna().all()


def test_a_heading_whose_cells_say_otherwise_is_kept_as_it_came():
    """CP is a postcode, or conditions de paiement; an Adresse may be a website."""
    found = customers("Code client;Nom;CP;Adresse\n001;Durand;30 j;www.durand.example\n002;Martin;60 j;www.m.example\n")
    assert found[["postcode", "address"]].isna().all(axis=None)
    assert found[["CP", "Adresse"]].to_numpy().tolist() == [["30 j", "www.durand.example"], ["60 j", "www.m.example"]]


def test_of_two_telephones_the_first_counts_and_the_other_stands_in_for_it():
    found = customers("Code client;Nom;Portable;Téléphone\n001;Durand;0699001234;0199001234\n002;Martin;0699004321;\n")
    assert found["phone"].tolist() == ["0199001234", "0699004321"]
    assert found["Portable"].tolist() == ["0699001234", "0699004321"]


def test_the_columns_of_a_ledger_are_never_taken_for_addresses():
    rows = (
        "Code client;Nom client;Date;N° facture;Montant TTC;Ville;CP;Téléphone;Adresse;Langue\n"
        "001;Durand;10/01/2024;F1;10;Bourg;01000;0199001234;3 rue Haute;FR\n"
    )
    ledger = read_ledger(("list.csv", rows.encode()))
    assert ledger.customers[REACHED].isna().all(axis=None)
    assert ledger.items.loc[0, ["Ville", "CP", "Téléphone"]].tolist() == ["Bourg", "01000", "0199001234"]


def test_other_columns_are_kept_after_the_schema_and_under_names_of_their_own():
    found = customers("Code client;Nom;Région;spellings;Remise;Vide\n001;Durand;Nord;x;5;\n002;Martin;;y;;\n")
    assert list(found)[-4:] == ["Région", "spellings (file)", "Remise", "Vide"]
    assert found["Région"].fillna("").tolist() == ["Nord", ""]
    assert found["Vide"].isna().all()


def test_several_customers_files_are_merged_column_by_column_and_addresses_whole():
    """The street of one file never stands in the town of another."""
    found = customers(
        "Code client;Nom;Adresse;Plafond;Région\n001;Durand;3 rue Haute;1000;Nord\n002;Martin;;2000;\n",
        "Code client;Nom;Adresse;CP;Ville;Région;Canal\n001;Durand;9 quai Bas;99999;Port;Sud;Web\n"
        "002;Martin;8 quai Bas;88888;Rade;Sud;Web\n",
    )
    assert found[REACHED[:3]].fillna("").to_numpy().tolist() == [
        ["3 rue Haute", "", ""],
        ["8 quai Bas", "88888", "Rade"],
    ]
    assert found["Région"].tolist() == ["Nord", "Sud"]
    assert found["Canal"].tolist() == ["Web", "Web"]
    assert found["credit_limit"].tolist() == [1000.0, 2000.0]


def test_a_file_of_addresses_beside_a_ledger_is_a_customers_file():
    found = customers(
        "Code client;Nom\n002;Martin\n", "Code client;Nom;Rue;CP;Ville\n001;Durand;3 rue Haute;01000;Bourg\n"
    )
    assert found.loc["001", "city"] == "Bourg"


def test_an_aged_balance_with_telephones_is_no_customers_file():
    aged = "Client;Téléphone;0-30;31-60;>60\nDurand;0199001234;10;20;30\n"
    ledger = read_ledger([("list.csv", MOVES.encode()), ("aged at 2024-12-31.csv", aged.encode())])
    assert ledger.items["amount"].sum() == 90.0  # 30 of the list, 60 of the balance


def test_headings_that_no_ledger_has_are_found_on_the_first_row():
    found = customers("Nom;Adresse;CP;Ville\nDurand;3 rue Haute;01000;Bourg\n")
    assert found.loc["001", "address"] != found.loc["001", "address"]  # the file knows names alone, the ledger codes
    ledger = read_ledger(
        ("list.csv", b"Client;Date;Facture;Montant\nDurand;10/01/2024;F1;10\n"),
        customers=("clients.csv", b"Nom;Adresse;CP;Ville\nDurand;3 rue Haute;01000;Bourg\n"),
    )
    assert ledger.customers["address"].tolist() == ["3 rue Haute"]


def test_the_sheet_of_customers_of_a_workbook_is_found():
    book = io.BytesIO()
    with pd.ExcelWriter(book) as writer:
        pd.read_csv(io.StringIO(MOVES), sep=";", dtype=str).to_excel(writer, sheet_name="Ecritures", index=False)
        listed = pd.DataFrame({"Code client": ["001"], "Nom": ["Durand"], "CP": ["01000"], "Ville": ["Bourg"]})
        listed.to_excel(writer, sheet_name="Clients", index=False)
    given = ("book.xlsx", book.getvalue())
    assert read_ledger(given, customers=given).customers["city"].fillna("").tolist() == ["Bourg", ""]


def test_headings_of_customers_mean_one_thing_and_none_of_a_ledgers_but_the_contact():
    folder = Path(headings.__file__).parent

    def fields(name: str) -> list[tuple[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as table:
            return [(plain(row["heading"]), row["field"]) for row in csv.DictReader(table)]

    own, ledgers = fields("of_customers.csv"), dict(fields("headings.csv"))
    assert len(own) == len(dict(own))
    assert {ledgers[heading] for heading, _ in own if heading in ledgers} == {"customer_name"}
    assert {field for heading, field in own if heading in ledgers} == {"contact"}


@pytest.mark.parametrize(
    "heading", ["Contact commercial", "Commune de livraison", "Ville d'expédition", "Ship to city"]
)
def test_headings_of_others_are_left_alone(heading):
    assert recognise_customers(["Code client", "Raison sociale", heading]).own == ()


def test_the_sample_has_addresses_and_a_few_gaps():
    found = sample_ledger("negoce").customers
    assert found["phone"].dropna().str.match(r"0[25] (?:61 91|36 49) \d\d \d\d$").all()
    missing = found[["address", "phone", "contact"]].isna().mean()
    assert missing.between(0.01, 0.5).all()
    assert found["language"].value_counts().index.tolist() == ["FR", "EN"]
    assert found["Région"].notna().any()
