"""Letters as files: what Word and mail programs read of them, whatever customers are called."""

import email
import re
from dataclasses import replace
from email import policy
from email.header import decode_header, make_header
from io import BytesIO
from zipfile import ZipFile

import docx
import pandas as pd
import pytest
from docx.shared import Cm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from test_letters import COMPANY, LETTERS, j9, ledger, small

from arlib.collection.dunning import dunning_plan
from arlib.collection.letters import Sender, compose_letters
from arlib.collection.letters.letter import clean_line
from arlib.collection.log import ContactLog
from arlib.export.letters import write_letters
from arlib.export.letters.document import document_bytes
from arlib.export.letters.message import message_bytes

HOSTILE = (
    '=HYPERLINK("http://evil.example";"x")',
    "<script>alert(1)</script>",
    "../../x",
    "A" * 300,
    "شركة الاختبار \u202egnp.exe",
    "Bcc: all@evil.example\r\nX-Evil: 1\nDupont\x00\x07\ud800",
    "&amp; ]]> <!-- CON",
    "{total}\u2028next",
)


def words_of(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def hostile(name: str):
    """A letter in which customer, company and invoice are called so; a ledger holds no half character."""
    written = name.encode("utf-8", "ignore").decode("utf-8")
    of = ledger(LETTERS, "2024-06-10", name=written, country="FR", email="a@a.example")
    of = replace(of, items=of.items.assign(reference=written))
    return compose_letters(of, dunning_plan(of), company=Sender(name, email="me@a.example"))[0]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_text_in_a_document(name):
    letter = hostile(name)
    data = document_bytes(letter)
    text = words_of(data)
    assert letter.customer_name[:60] in text
    with ZipFile(BytesIO(data)) as parts:
        xml = parts.read("word/document.xml").decode("utf-8")
    assert "<script" not in xml
    assert "HYPERLINK" not in "".join(re.findall(r"<w:instrText[^>]*>([^<]*)", xml))
    assert not re.search("[\x00-\x08\u202a-\u202e]", xml)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_text_in_a_draft(name):
    letter = hostile(name)
    data = message_bytes(letter)
    message = email.message_from_bytes(data, policy=policy.default)
    assert not message.defects
    assert message["X-Unsent"] == "1"
    assert set(message.keys()) == {"X-Unsent", "Subject", "From", "To", "MIME-Version", "Content-Type"}
    assert message["To"].addresses[0].addr_spec == "a@a.example"
    assert len(message["To"].addresses) == 1
    html = message.get_body(("html",)).get_content()
    assert "<script" not in html
    assert html.count("<html") == 1
    assert letter.customer_name not in html or "<" not in letter.customer_name
    assert max(map(len, data.split(b"\r\n"))) <= 998  # RFC 5322


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_a_safe_name_of_a_file(tmp_path, name):
    letter = hostile(name)
    written = write_letters([letter, letter], tmp_path / "out")
    names = [path.name for path in written.paths]
    assert len(set(map(str.casefold, names))) == 4
    for path in written.paths:
        assert path.parent == tmp_path / "out"
        assert re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", path.name)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)


@pytest.mark.parametrize(
    "address", ["a@a.example\nBcc: b@b.example", "a@a.example, b@b.example", "a@", "<a@a.example>"]
)
def test_an_address_that_is_none_is_left_out(address):
    of = ledger(LETTERS, "2024-06-10", country="FR", email=address)
    letter = compose_letters(of, dunning_plan(of), company=COMPANY)[0]
    message = email.message_from_bytes(message_bytes(letter), policy=policy.default)
    assert message["To"] is None
    assert "letters.note.email" in [note.key for note in letter.notes]


def test_a_draft_says_the_same_plain_and_formatted():
    of = small()
    letter = compose_letters(of, dunning_plan(of), company=COMPANY)[0]
    message = email.message_from_bytes(message_bytes(letter), policy=policy.default)
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for text in ("F1", "1\u202f034,56\u00a0€", "1\u202f000,00\u00a0€", "Claire Le Bihan"):
        assert text in plain
        assert text in html
    assert message["Subject"] == letter.subject
    assert str(message["From"]) == "Aval SAS <claire@example.com>"
    assert not list(message.iter_attachments())
    assert message_bytes(letter) == message_bytes(letter)


def test_a_document_is_a_letter():
    of, plan = j9()
    addresses = pd.DataFrame(
        {"customer_id": ["A"], "address": ["1 rue Haute"], "postal_code": ["01000"], "city": ["B"]}
    )
    (letter,) = compose_letters(of, plan, company=COMPANY, addresses=addresses)
    document = docx.Document(BytesIO(document_bytes(letter)))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[:3] == ["Aval SAS", "12 rue des Halles", "44000 Nantes"]
    assert "1 rue Haute" in lines
    assert any(line.startswith("Objet\u00a0: Mise en demeure de payer") for line in lines)
    table = document.tables[0]
    assert table.rows[1].cells[-1].paragraphs[0].alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
    assert table.rows[1].cells[-2].text == "344,10\u00a0€"
    foot = document.sections[0].footer._element.xml
    assert "NUMPAGES" in foot
    window = next(paragraph for paragraph in document.paragraphs if paragraph.text == "1 rue Haute")
    frame = window._p.pPr.find(docx.oxml.ns.qn("w:framePr"))
    assert [int(frame.get(docx.oxml.ns.qn(f"w:{side}"))) for side in ("x", "y")] == [6236, 2834]  # 11 cm, 5 cm
    assert document.core_properties.author == "Aval SAS"


def test_paragraphs_are_never_cut():
    of, plan = j9()
    (letter,) = compose_letters(of, plan, company=COMPANY)
    text = words_of(document_bytes(letter))
    assert max(map(len, letter.after)) > 400
    for paragraph in letter.after:
        for line in paragraph.splitlines():
            assert line in text


def test_nothing_that_is_there_is_overwritten(tmp_path):
    of = small()
    letters = compose_letters(of, dunning_plan(of), company=COMPANY)
    first = write_letters(letters, tmp_path)
    assert not [note for note in first.notes if note.key == "letters.export.there"]
    first.paths[0].write_text("completed by somebody")
    again = write_letters(letters, tmp_path)
    assert not set(first.paths) & set(again.paths)
    assert first.paths[0].read_text() == "completed by somebody"
    assert "letters.export.there" in [note.key for note in again.notes]
    assert [path.suffix for path in first.paths[:2]] == [".docx", ".eml"]


def test_letters_by_post_are_documents_alone(tmp_path):
    of, plan = j9()
    written = write_letters(compose_letters(of, plan, company=COMPANY), tmp_path)
    assert [path.name for path in written.paths] == ["2025-02-17_formal_notice_A_Dupont-Fils.docx"]


def test_no_letter_is_said(tmp_path):
    assert [note.key for note in write_letters([], tmp_path / "none").notes] == ["letters.export.nothing"]


def read_back(letter):
    return email.message_from_bytes(message_bytes(letter), policy=policy.default)


@pytest.mark.parametrize(
    "subject",
    [
        "Relevé de compte C0249 – 28\u202f849,15\u00a0€",
        "Dernier rappel avant mise en demeure – compte C0249 – 28\u202f849,15\u00a0€ – Établissements Désiré & Fils",
        "Account C0249 - EUR 12.00",
        "=?utf-8?B?QmNj?=",
    ],
)
def test_subjects_and_names_are_read_back_to_the_letter(subject):
    """The standard library loses the space in "C0249 –" where it folds a line of encoded words."""
    letter = replace(small_letter(), subject=subject, customer_name=subject)
    message = read_back(letter)
    assert str(message["Subject"]) == subject
    assert message["To"].addresses[0].addr_spec == letter.email
    raw = email.message_from_bytes(message_bytes(letter), policy=policy.compat32)["To"]
    assert str(make_header(decode_header(raw))) == f"{subject} <{letter.email}>"


def test_any_subject_is_read_back():
    letter = small_letter()

    @settings(max_examples=80, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=150).map(clean_line))
    def is_read_back(text):
        assert str(read_back(replace(letter, subject=text))["Subject"]) == text

    is_read_back()


def test_amounts_and_dates_stand_on_one_line():
    """Arial, thousandths of its size: E 667, U and R 722, figures 556, comma, stop and space 278.

    EUR 1,234,567.89 = 667 + 2 × 722 + 9 × 556 + 4 × 278 = 8,227; 2024-11-30 = 8 × 556 + 2 × 333 = 5,114. The eight
    columns of a formal notice need that at the size of their letters; together they fill the 16.4 cm of the text.
    """
    table = """
    customer | kind | issued | due | amount | pays
    A | invoice | 2024-10-01 | 2024-11-30 | 1234567.89 |
    A | payment | 2025-01-05 | | -34567.89 | 1
    """
    of = ledger(table, "2025-02-14", country="FR")
    log = ContactLog(pd.DataFrame({"customer_id": ["A"], "contacted_on": ["2025-01-10"], "level": [3]}))
    (letter,) = compose_letters(of, dunning_plan(of, log=log), company=COMPANY, language="en")
    (laid,) = docx.Document(BytesIO(document_bytes(letter))).tables
    head, row, *totals = laid.rows
    assert [cell.text for cell in row.cells][4:6] == ["EUR\u00a01,234,567.89", "EUR\u00a01,200,000.00"]
    size = row.cells[4].paragraphs[0].runs[0].font.size
    need = {1: 5114, 2: 5114, 4: 8227, 5: 8227, 7: 8227}  # the last holds the totals
    for place, thousandths in need.items():
        assert row.cells[place].width - 2 * Pt(3) >= size * thousandths / 1000
    assert (
        Cm(16) < sum(cell.width for cell in head.cells) <= Cm(16.4) + Pt(1)
    )  # widths are written in twentieths of a point
    assert all(total.cells[-1].width == head.cells[-1].width for total in totals)


def small_letter():
    of = ledger(LETTERS, "2024-06-10", country="FR", email="a@a.example")
    return compose_letters(of, dunning_plan(of), company=COMPANY)[0]
