"""A small file whose figures are counted by hand, with a customer's name that would be HTML, for the tests of pages."""

from arlib import words
from arlib.words import Language

HOSTILE = "<img src=x onerror=alert(1)>"
# Figures at 2024-03-31, counted by hand: F2 500.00 is 15 days late, F3 1,250.50 falls due on the day, F5 200.00 is
# 41 days late: 1,950.50 owed in 3 items. Sales from 2 January to 31 March: 1,000 + 500 + 1,250.50 + 300.25 + 200 =
# 3,250.75. DSO = 1,950.50 / 3,250.75 x 90 = 54.0.
LEDGER = f"""Client;N° facture;Date facture;Date échéance;Montant TTC;Date règlement
Abeille;F0;01/12/2023;31/12/2023;100,00;28/12/2023
Abeille;F1;10/01/2024;09/02/2024;1000,00;09/02/2024
Abeille;F2;15/02/2024;16/03/2024;500,00;
Bourdon;F3;01/03/2024;31/03/2024;1250,50;
Bourdon;F4;05/01/2024;04/02/2024;300,25;20/02/2024
{HOSTILE};F5;20/01/2024;19/02/2024;200,00;
Abeille;F6;10/04/2024;10/05/2024;700,00;
""".encode()


def foreign_words(language: Language) -> set[str]:
    """Labels of the pages in the other language that read otherwise in this one."""
    other: Language = "fr" if language == "en" else "en"
    rooms = ("app.", "show.", "table.")
    here = {words.word(key, language) for key in words.label_keys()}
    there = {words.word(key, other) for key in words.label_keys() if key.startswith(rooms)}
    return {text for text in there - here if "{" not in text}


def english_words() -> set[str]:
    """Labels of the pages that read otherwise in French."""
    return foreign_words("fr")
