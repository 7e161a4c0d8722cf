"""Letters: words, figures and gaps, from a plan a person can check by hand."""

from dataclasses import replace

import pandas as pd
import pytest
from small import ledger_of, sample_ledger

from arlib.collection.dunning import customer_languages, dunning_plan
from arlib.collection.letters import (
    FIELDS,
    Sender,
    compose_letters,
    compose_statements,
    copy_templates,
    letter_table,
    read_template,
)
from arlib.collection.letters.templates import FOLDER
from arlib.collection.log import ContactLog
from arlib.errors import ArlibError
from arlib.law.penalties import late_penalties
from arlib.ledger import balance

COMPANY = Sender(
    "Aval SAS",
    address=("12 rue des Halles", "44000 Nantes"),
    contact="Claire Le Bihan",
    role="Responsable du recouvrement",
    phone="02 40 00 00 00",
    email="claire@example.com",
    iban="FR76 3000 4000 0100 0001 2345 678",
    bic="BNPAFRPP",
)
FIGURE = "\u202f"  # between thousands, in French
SPACE = "\u00a0"


def ledger(table: str, day: str, **customers):
    made = ledger_of(table, covers=("2023-01-01", day))
    return replace(made, customers=made.customers.assign(**customers))


J9 = """
customer | kind | issued | due | amount
A | invoice | 2024-10-01 | 2024-11-30 | 12000
"""


def j9():
    """Worked example J9: 77 days late on 2025-02-15, in two half-years; the reminders before are in the log."""
    log = ContactLog(pd.DataFrame({"customer_id": ["A"], "contacted_on": ["2025-01-20"], "level": [3]}))
    of = ledger(J9, "2025-02-15", name="Dupont & Fils", country="FR", email="compta@dupont.example")
    return of, dunning_plan(of, log=log)


def test_a_formal_notice_computes_interest_and_indemnity():
    """J9: 12,000 due 2024-11-30, at 14.25 % to the end of the year, then 13.15 %: 344.10, and 40: 384.10."""
    of, plan = j9()
    assert plan.actions["level"].iloc[0] == "formal_notice"
    (letter,) = compose_letters(of, plan, company=COMPANY)
    assert (letter.total, letter.interest, letter.indemnity) == (12000.0, 344.10, 40.0)
    text = "\n".join(letter.after)
    for amount in ("344,10", "40,00", f"12{FIGURE}384,10"):
        assert f"{amount}{SPACE}€" in text
    assert f"14,25{SPACE}% puis 13,15{SPACE}%" in text
    assert "L. 441-10" in text
    assert "D. 441-5" in text
    assert "huit jours" in text
    assert letter.before[0] == "Lettre recommandée avec accusé de réception"
    assert f"20{SPACE}janvier{SPACE}2025" in letter.before[2]
    table = letter_table(letter)
    assert table.headings[-2:] == ("Pénalités", "Indemnité")
    assert [amount for _, amount in table.totals] == [
        f"12{FIGURE}000,00{SPACE}€",
        f"344,10{SPACE}€",
        f"40,00{SPACE}€",
        f"12{FIGURE}384,10{SPACE}€",
    ]
    assert {"letters.note.legal", "letters.note.address"} <= {note.key for note in letter.notes}


def test_the_same_letter_in_english():
    of, plan = j9()
    (letter,) = compose_letters(of, plan, company=COMPANY, language="en")
    text = "\n".join((*letter.before, *letter.after))
    assert "EUR\u00a0344.10" in text
    assert "within eight days of receipt" in text
    assert "20\u00a0January\u00a02025" in text
    assert "[" not in text


LETTERS = """
customer | kind | issued | due | amount | pays
A | invoice | 2024-05-01 | 2024-06-05 | 1234.56 |
A | payment | 2024-05-20 | | -200 | 1
A | payment | 2024-05-25 | | -34.56 |
B | invoice | 2024-05-01 | 2024-06-05 | 50 |
C | invoice | 2024-05-01 | 2024-06-05 | 60 |
"""


def small():
    return ledger(LETTERS, "2024-06-10", country=["FR", "Allemagne", None], email=["a@a.example", "no address", None])


def test_the_language_is_that_of_the_country():
    of = small()
    made = compose_letters(of, dunning_plan(of), company=COMPANY)
    assert {letter.customer_id: letter.language for letter in made} == {"A": "fr", "B": "en", "C": "fr"}
    english = compose_letters(of, dunning_plan(of), company=replace(COMPANY, language="en"))
    assert {letter.customer_id: letter.language for letter in english} == {"A": "fr", "B": "en", "C": "en"}


def test_amounts_add_up_and_credits_come_off():
    """1,234.56 less 200 matched is 1,034.56 due; 34.56 nobody matched comes off: 1,000 asked for."""
    of = small()
    letter = compose_letters(of, dunning_plan(of), company=COMPANY)[0]
    table = letter_table(letter)
    assert table.rows == (
        ("F1", "01/05/2024", "05/06/2024", "5", f"1{FIGURE}234,56{SPACE}€", f"1{FIGURE}034,56{SPACE}€"),
    )
    assert [amount for _, amount in table.totals] == [
        f"1{FIGURE}034,56{SPACE}€",
        f"−34,56{SPACE}€",
        f"1{FIGURE}000,00{SPACE}€",
    ]
    assert f"1{FIGURE}000,00{SPACE}€" in letter.subject
    assert not letter.claims_penalties


def test_what_is_missing_is_a_gap_and_a_note():
    of = small()
    letters = {letter.customer_id: letter for letter in compose_letters(of, dunning_plan(of), company=Sender("Aval"))}
    assert letters["A"].recipient == ("Client A", "[adresse à compléter]")
    assert letters["B"].recipient[1] == "[address to be completed]"
    assert letters["B"].email == ""
    assert [note.key for note in letters["B"].notes] == [
        "letters.note.address",
        "letters.note.email",
        "letters.note.gaps",
    ]
    assert "[coordonnées bancaires à compléter]" in letters["A"].after[0]
    assert letters["A"].after[-1] == "[nom du signataire à compléter]\nAval"


def test_addresses_are_found_under_french_headings_too():
    addresses = pd.DataFrame(
        {
            "Code client": ["A", "B"],
            "Adresse": ["Service comptabilité\n3 rue Haute", "Hauptstr. 5"],
            "Code postal": ["01000", "10115"],
            "Ville": ["BOURG", "Berlin"],
            "Pays": ["France", "Allemagne"],
        }
    )
    of = small()
    letters = {
        letter.customer_id: letter
        for letter in compose_letters(of, dunning_plan(of), company=COMPANY, addresses=addresses)
    }
    assert letters["A"].recipient == ("Client A", "Service comptabilité", "3 rue Haute", "01000 BOURG")
    assert letters["B"].recipient[-2:] == ("10115 Berlin", "ALLEMAGNE")
    with pytest.raises(ArlibError, match="customer_id"):
        compose_letters(of, dunning_plan(of), company=COMPANY, addresses=addresses[["Ville"]])


def test_addresses_contacts_and_languages_come_from_the_customers_file():
    of = small()
    of = replace(
        of,
        customers=of.customers.assign(
            address=["3 rue Haute\nBât. B", "Hauptstr. 5, 10115 Berlin", None],
            postcode=["01000", "10115", None],
            city=["BOURG", "Berlin", None],
            contact=["Mme Roy", "compta@b.example", "M. Petit"],
            language=["EN", "Allemand", "?"],
        ),
    )
    letters = {letter.customer_id: letter for letter in compose_letters(of, dunning_plan(of), company=COMPANY)}
    assert letters["A"].recipient == (
        "Client A",
        "For the attention of Mme Roy",
        "3 rue Haute",
        "Bât. B",
        "01000 BOURG",
    )
    assert letters["B"].recipient == ("Client B", "Hauptstr. 5, 10115 Berlin", "ALLEMAGNE")
    assert letters["C"].recipient == ("Client C", f"À l'attention de{SPACE}: M. Petit", "[adresse à compléter]")
    assert {customer: letter.language for customer, letter in letters.items()} == {"A": "en", "B": "en", "C": "fr"}


def test_addresses_given_go_before_those_of_the_customers_file():
    of = small()
    of = replace(of, customers=of.customers.assign(address="1 rue Basse", city="ICI", contact="Mme Roy"))
    given = pd.DataFrame({"customer_id": ["A"], "address": ["2 rue Haute"], "postal_code": ["01000"], "city": ["LÀ"]})
    letters = {
        letter.customer_id: letter for letter in compose_letters(of, dunning_plan(of), company=COMPANY, addresses=given)
    }
    assert letters["A"].recipient[2:] == ("2 rue Haute", "01000 LÀ")
    assert letters["C"].recipient[2:] == ("1 rue Basse", "ICI")
    assert "Mme Roy" in letters["A"].recipient[1]


@pytest.mark.parametrize(
    ("told", "language"),
    [
        *((told, "fr") for told in ("FR", "fr-BE", "Français", "Französisch", "F", "1", "FIN")),
        *((told, "en") for told in ("EN", "en_GB", "Anglais", "E", "DE", "Italien", "Néerlandais")),
    ],
)
def test_a_language_as_software_writes_it(told, language):
    """Without one that is known, that of the country, here France."""
    of = small()
    of = replace(of, customers=of.customers.assign(country="FR", language=told))
    assert set(customer_languages(of, "en")) == {language}


def test_calls_have_no_letter_and_chosen_actions_do():
    of = small()
    plan = dunning_plan(of)
    assert compose_letters(of, plan, company=COMPANY, actions=plan.actions.assign(channel="phone")) == []
    later = plan.actions[plan.actions["level"] == "reminder_2"].head(1)
    (letter,) = compose_letters(of, plan, company=COMPANY, actions=later)
    assert letter.level_label in ("Relance 2", "Second reminder")
    with pytest.raises(ArlibError, match="not of this plan"):
        compose_letters(of, plan, company=COMPANY, actions=plan.actions.assign(customer_id="ZZZ"))


def test_a_statement_ties_with_the_balance():
    of = sample_ledger("negoce")
    letters = compose_statements(of, "2025-12-31", company=COMPANY)
    assert sum(letter.total for letter in letters) == pytest.approx(balance(of, "2025-12-31"), abs=0.005)
    first = letters[0]
    assert first.rows["open_amount"].sum() == pytest.approx(first.total, abs=0.005)
    with pytest.raises(ArlibError, match="ZZZ"):
        compose_statements(of, company=COMPANY, customers=["ZZZ"])


def test_letters_of_the_sample_tie_with_their_plan():
    of = sample_ledger("negoce")
    plan = dunning_plan(of, "2025-12-31")
    today = plan.actions[plan.actions["status"] != "planned"]
    letters = compose_letters(of, plan, company=COMPANY)
    assert [letter.total for letter in letters] == today["amount"].tolist()
    assert all("{" not in text for letter in letters for text in (letter.subject, *letter.before, *letter.after))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.txt")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_templates_that_ship_are_sound_and_stand_in_both_languages(path):
    template = read_template(path.stem, path.parent.name)
    assert template.fields <= set(FIELDS)
    assert "{invoices}" in template.paragraphs
    other = FOLDER / {"fr": "en", "en": "fr"}[path.parent.name] / path.name
    assert read_template(other.stem, other.parent.name).fields == template.fields


def test_the_tone_rises():
    texts = {name: " ".join(read_template(name, "fr").paragraphs) for name in ("reminder_1", "reminder_3")}
    assert "oubli" in texts["reminder_1"]
    assert "mise en demeure" not in texts["reminder_1"]
    assert "mise en demeure" in texts["reminder_3"]


def test_templates_are_copied_edited_and_never_overwritten(tmp_path):
    written = copy_templates(tmp_path)
    assert len(written) == len(list(FOLDER.glob("*/*.txt")))
    mine = tmp_path / "fr" / "reminder_1.txt"
    mine.write_text("# à nous\nObjet : Bonjour {customer_name}\n\nCher client,\n{invoices}\nÀ vous : {total} !\n")
    assert copy_templates(tmp_path) == []
    of = small()
    letter = compose_letters(of, dunning_plan(of), company=COMPANY, templates=tmp_path)[0]
    assert letter.subject == "Bonjour Client A"
    assert letter.before == ("Cher client,",)
    assert letter.after == (f"À vous{SPACE}: 1{FIGURE}000,00{SPACE}€{SPACE}!",)


@pytest.mark.parametrize(
    ("text", "row", "key"),
    [
        ("Objet : a\n\nBonjour {prenom}", 3, "letters.template.field"),
        ("Objet : a\n\n{total.__class__}", 3, "letters.template.field"),
        ("Objet : a\n\n{0}", 3, "letters.template.field"),
        ("Objet : a\n\n{total!r:>99}", 3, "letters.template.field"),
        ("Objet : a\n\n{total", 3, "letters.template.brace"),
        ("Objet : a\n\nvoici {invoices}", 3, "letters.template.table"),
        ("Objet : a\n\n{invoices}\n\n{invoices}", 5, "letters.template.table"),
        ("Bonjour\n\n{total}", 1, "letters.template.subject"),
        ("", None, "letters.template.subject"),
    ],
)
def test_a_wrong_template_is_told_with_its_line_and_the_fields(tmp_path, text, row, key):
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "mine.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ArlibError) as wrong:
        read_template("mine", "fr", tmp_path)
    problem = wrong.value.problems[0]
    assert (problem.place.file, problem.place.row, problem.what.key) == ("fr/mine.txt", row, key)
    if key == "letters.template.field":
        assert "customer_name" in str(wrong.value)


@pytest.mark.parametrize("name", ["nowhere", "../fr/reminder_1", "/etc/passwd", ""])
def test_a_template_is_a_name_and_never_a_path(name):
    with pytest.raises(ArlibError, match="reminder_1"):
        read_template(name, "fr")


def test_what_a_name_holds_is_never_a_field():
    of = ledger(LETTERS, "2024-06-10", name="{total} {0.__class__}", country="FR")
    letter = compose_letters(of, dunning_plan(of), company=COMPANY)[0]
    assert letter.recipient[0] == "{total} {0.__class__}"


def test_an_invoice_in_another_currency_is_said():
    of = small()
    of = replace(of, items=of.items.assign(currency=["USD", None, None, "EUR", None]))
    notes = [[note.key for note in letter.notes] for letter in compose_letters(of, dunning_plan(of), company=COMPANY)]
    assert ["letters.note.currency" in keys for keys in notes] == [True, False, False]


def test_amounts_of_no_currency_are_said():
    of = replace(small(), currency="")
    assert all("letters.note.no_currency" in [note.key for note in letter.notes]
               for letter in compose_letters(of, dunning_plan(of), company=COMPANY))  # fmt: skip


def test_a_company_has_a_name():
    with pytest.raises(ArlibError):
        Sender(" \n")
    assert Sender("A", address="1 rue\n\n75001 Paris").lines == ("1 rue", "75001 Paris")


def test_interest_is_not_asked_on_money_received_that_nobody_matched():
    """J9 with 11,000 on 1 December: 12,000 for a day, then 1,000: 32.97, which the note says; without it, 344.10."""
    of = ledger(J9 + "A | payment | 2024-12-01 | | -11000\n", "2025-02-15", country="FR")
    log = ContactLog(pd.DataFrame({"customer_id": ["A"], "contacted_on": ["2025-01-20"], "level": [3]}))
    plan = dunning_plan(of, log=log)
    (letter,) = compose_letters(of, plan, company=COMPANY)
    assert (letter.total, letter.credits, letter.interest) == (1000.0, 11000.0, 32.97)
    assert "letters.note.credits_counted" in {note.key for note in letter.notes}
    (given,) = compose_letters(of, plan, company=COMPANY, penalties=late_penalties(of))
    assert given.interest == 344.10
    assert "letters.note.credits_left" in {note.key for note in given.notes}


def test_days_late_are_those_of_the_interest():
    """J9: the letter of Monday 17 February counts interest to Saturday 15: 77 days beside it, and not 79."""
    of, plan = j9()
    (letter,) = compose_letters(of, plan, company=COMPANY)
    assert letter.written_on == pd.Timestamp("2025-02-17")
    table = letter_table(letter)
    assert table.headings[3] == "Jours de retard au 15/02/2025"
    assert table.rows[0][3] == "77"
    assert f"Arrêtées au 15{SPACE}février{SPACE}2025" in "\n".join(letter.after)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_last_reminder_asserts_nothing_about_disputes(language):
    """Another invoice of the customer is in dispute: the letter may not say that nothing was contested."""
    table = """
    customer | kind | issued | due | amount | disputed
    A | invoice | 2024-10-01 | 2024-11-30 | 12000 |
    A | invoice | 2024-10-01 | 2024-11-30 | 500 | x
    """
    of = ledger(table, "2025-02-14")
    log = ContactLog(pd.DataFrame({"customer_id": ["A"], "contacted_on": ["2025-01-20"], "level": [2]}))
    (letter,) = compose_letters(of, dunning_plan(of, log=log), company=COMPANY, language=language)
    assert (letter.level, letter.total) == ("reminder_3", 12000.0)
    text = "\n".join(letter.after)
    assert "aucune contestation" not in text
    assert "not told us" not in text
    assert {"fr": "Si vous contestez", "en": "If you dispute"}[language] in text
